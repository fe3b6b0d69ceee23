"""The questions of a quiz as everybody may read them: without the key, and without what is said of wrong answers.

``autograder/checks/<topic>.json`` holds them. It is made from ``reference/<topic>.toml`` by ``python -m autograder.quiz``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from autograder.errors import GraderFault

T = TypeVar("T")
Kind = Literal["single", "multiple", "numeric", "ordering", "matching", "text"]

KIND_WORDS: dict[Kind, str] = {
    "single": "one choice",
    "multiple": "every choice that is right",
    "numeric": "a number",
    "ordering": "all in the right order",
    "matching": "match",
    "text": "in your own words",
}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of several things to choose, to put in order, or to match. Its identity is the id; its place means nothing."""

    id: str
    text: str


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be matched with every row of a matching question."""

    id: str
    title: str
    choices: list[Choice]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question. Which of the last fields are filled depends on the kind."""

    id: str
    kind: Kind
    lecture: int
    subject: str
    title: str
    prompt: str
    points: int
    figure: str = ""
    alternative: str = ""  # what the figure shows, in words
    choices: list[Choice] = []
    rows: list[Choice] = []
    columns: list[Column] = []
    unit: str = ""
    tolerance: float = 0.0
    why: str = ""  # why this tolerance


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


def read_quiz(topic: str) -> Quiz:
    """A topic's questions. Raises GraderFault where the file is missing or damaged."""
    try:
        return msgspec.json.decode(quiz_path(topic).read_bytes(), type=Quiz)
    except (OSError, msgspec.MsgspecError) as error:
        raise GraderFault(f"The questions of {topic} cannot be read: {error}. Run `python -m autograder.quiz`.") from None


def shuffled(things: Sequence[T], seed: str, place: str) -> list[T]:
    """The things in the order that a student's seed gives them at this place; the same on every machine.

    >>> shuffled("abcde", "ada", "why_no_steps") == shuffled("abcde", "ada", "why_no_steps")
    True
    """
    found = list(things)
    random.Random(f"{seed}/{place}").shuffle(found)
    return found
