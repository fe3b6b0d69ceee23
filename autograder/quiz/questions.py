"""The questions of a quiz as everybody may read them: without the key, and without what is said of wrong answers.

``autograder/checks/<topic>.json`` holds them. It is made from ``reference/<topic>.toml`` by ``python -m autograder.quiz``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from autograder.errors import GraderFault
from autograder.quiz.kinds import KINDS, Question

T = TypeVar("T")


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All questions of a topic."""

    topic: str
    title: str
    questions: list[Question]

    def find(self, question_id: str) -> Question | None:
        """The question of this id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)


def quiz_path(topic: str) -> Path:
    """Where a topic's questions are kept, in a clone and in an installed package alike."""
    return Path(__file__).resolve().parent.parent / "checks" / f"{topic}.json"


class _Raw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quiz whose questions are not read yet, as their kind decides how."""

    topic: str
    title: str
    questions: list[dict[str, Any]]


def read_quiz(topic: str) -> Quiz:
    """A topic's questions. Raises GraderFault where the file is missing or damaged."""
    try:
        raw = msgspec.json.decode(quiz_path(topic).read_bytes(), type=_Raw)
        return Quiz(raw.topic, raw.title, [_question(question) for question in raw.questions])
    except (OSError, msgspec.MsgspecError) as error:
        raise GraderFault(f"The questions of {topic} cannot be read: {error}. Run `python -m autograder.quiz`.") from None


def _question(raw: dict[str, Any]) -> Question:
    kind = KINDS.get(raw.get("kind", ""))
    if kind is None:
        raise msgspec.ValidationError(f"there is no kind of question {raw.get('kind')!r}")
    return msgspec.convert(raw, kind.published_as)


def shuffled(things: Sequence[T], seed: str, place: str) -> list[T]:
    """The things in the order that a student's seed gives them at this place; the same on every machine.

    >>> shuffled("abcde", "ada", "why_no_steps") == shuffled("abcde", "ada", "why_no_steps")
    True
    """
    found = list(things)
    random.Random(f"{seed}/{place}").shuffle(found)
    return found
