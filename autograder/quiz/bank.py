"""The bank of a quiz's questions with their key: ``reference/<topic>.toml``, read, checked, and cut to what may be published.

What a question holds is said in ``kinds/``: the docstrings there are the descriptions of ``docs/concepts.schema.json``.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

import msgspec

from autograder.errors import GraderFault
from autograder.quiz.kinds import AnyQuestion
from autograder.quiz.kinds.question import Id, Part, Text, refuse_twice
from autograder.quiz.questions import Quiz


class Bank(Part, frozen=True, kw_only=True):
    """The whole file."""

    topic: Id
    title: Text
    introduction: Text
    question: list[AnyQuestion]


@cache
def read_bank(text: str) -> Bank:
    """The bank of this TOML text. Raises GraderFault that names the question, where it is not what it should be."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GraderFault(f"The bank of questions is not valid TOML: {error}.") from None
    questions = raw.pop("question", [])
    found = [_convert(question) for question in questions]
    try:
        bank = msgspec.convert({**raw, "question": []}, Bank)
    except msgspec.ValidationError as error:
        raise GraderFault(f"The bank of questions: {error}.") from None
    refuse_twice("The bank", "question", (question.id for question in found))
    return msgspec.structs.replace(bank, question=found)


def _convert(raw: Any) -> AnyQuestion:
    name = raw.get("id", "without an id") if isinstance(raw, dict) else "that is no table"
    try:
        question: AnyQuestion = msgspec.convert(raw, AnyQuestion)
    except msgspec.ValidationError as error:
        raise GraderFault(f"Question {name}: {error}.") from None
    question.refuse_mistakes()
    return question


def published(bank: Bank) -> Quiz:
    """The questions without the key, and in no order that tells it."""
    return Quiz(bank.topic, bank.title, [question.published() for question in bank.question])


def quiz_json(bank: Bank) -> str:
    """The published questions as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(published(bank)), indent=1).decode() + "\n"


def schema_json() -> str:
    """The JSON schema of a bank, for editors and for people."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Bank)}
    made["title"] = "A bank of questions"
    return json.dumps(made, indent=1) + "\n"
