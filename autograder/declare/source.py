"""What a topic is recorded from: misconceptions, the mutants made of them, and sources that are not written in Python."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec


class Misconception(msgspec.Struct, frozen=True):
    """What is told about a misconception: all but its code."""

    name: str
    exercise: str
    text: str
    look: str


class Family(Misconception, frozen=True):
    """A misconception of which a number is to be found: in its text braces stand for it. See ``recording.families``.

    first, second: the numbers for which answers are recorded. option: its name, where it is one and is given.
    """

    first: float
    second: float
    form: str
    option: str


@dataclass(frozen=True)
class Mutant:
    """A misconception with its code."""

    about: Misconception
    replaces: str
    node: ast.FunctionDef | ast.ClassDef | ast.Assign
    helpers: tuple[ast.FunctionDef, ...]  # private functions of the file that several wrong implementations share


class Source(Protocol):
    """What a topic's reference and misconceptions are made from, where they are not Python: one file beside the references.

    A topic's table names its own (``Topic.source``), so that who records it need not know what kinds there are.
    """

    @property
    def suffix(self) -> str:
        """Of the file's name, which begins with the topic's: ``.toml``."""

    def reference(self, text: str) -> str:
        """The reference, as Python, that a file's text comes to."""

    def mutants(self, text: str) -> Sequence[Mutant]:
        """The misconceptions that a file's text holds, in its order."""
