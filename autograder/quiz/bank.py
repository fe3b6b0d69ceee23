"""The bank of a quiz's questions with their key: ``reference/<topic>.toml``, read, checked, and cut to what may be published.

What a question holds is said once, here: the docstrings are the descriptions of ``docs/concepts.schema.json``.
"""

from __future__ import annotations

import hashlib
import json
import keyword
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Annotated, Any

import msgspec

from autograder.errors import GraderFault
from autograder.quiz.questions import Choice, Column, Kind, Question, Quiz

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$", description="lower-case letters, digits, _; it tells no key")]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Points = Annotated[int, msgspec.Meta(ge=1, le=12)]
Lecture = Annotated[int, msgspec.Meta(ge=1, le=5)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Option(_Part, frozen=True, kw_only=True):
    """A choice. What is not right has an explanation, and says where to look without giving the key away."""

    id: Id
    text: Text
    right: bool = False
    explanation: str = ""
    look: str = ""


class Item(_Part, frozen=True, kw_only=True):
    """Something to put in order or to match."""

    id: Id
    text: Text


class WrongNumber(_Part, frozen=True, kw_only=True):
    """A number that a known mistake comes to."""

    id: Id
    value: float
    explanation: Text
    look: Text


class WrongOrder(_Part, frozen=True, kw_only=True):
    """An order that a known mistake comes to."""

    id: Id
    order: list[Id]
    explanation: Text
    look: Text


class WrongPair(_Part, frozen=True, kw_only=True):
    """A known wrong match: in this row, this choice of this column."""

    row: Id
    column: Id
    choice: Id
    explanation: Text
    look: Text


class MatchColumn(_Part, frozen=True, kw_only=True):
    """What every row is matched with."""

    id: Id
    title: Text
    choice: list[Item]


class _Question(_Part, frozen=True, tag_field="kind", kw_only=True):
    id: Id
    lecture: Lecture
    subject: Text
    title: Text
    prompt: Text
    figure: str = ""
    alternative: str = ""


class Single(_Question, tag="single", frozen=True, kw_only=True):
    """Exactly one choice is right."""

    choice: list[Option]
    points: Points = 1


class Multiple(_Question, tag="multiple", frozen=True, kw_only=True):
    """Any number of choices is right; the points are partial, so that they do not tell how many."""

    choice: list[Option]
    points: Points = 2


class Numeric(_Question, tag="numeric", frozen=True, kw_only=True):
    """A number, right within the tolerance; ``why`` gives the tolerance's reason."""

    value: float
    tolerance: Annotated[float, msgspec.Meta(ge=0)]
    why: Text
    unit: str = ""
    wrong: list[WrongNumber]
    points: Points = 2


class Ordering(_Question, tag="ordering", frozen=True, kw_only=True):
    """Items to put in order; ``order`` is the right one."""

    item: list[Item]
    order: list[Id]
    wrong: list[WrongOrder]
    points: Points = 2


class Matching(_Question, tag="matching", frozen=True, kw_only=True):
    """Rows to match with one choice of each column; ``match`` has for each row a list, a choice a column."""

    row: list[Item]
    column: list[MatchColumn]
    match: dict[str, list[Id]]
    wrong: list[WrongPair]


class InWords(_Question, tag="text", frozen=True, kw_only=True):
    """Free text, read by a person; ``model`` is a model answer, and what it must hold."""

    model: Text


AnyQuestion = Single | Multiple | Numeric | Ordering | Matching | InWords


class Bank(_Part, frozen=True, kw_only=True):
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
    _unique("the bank", "question", (question.id for question in found))
    return msgspec.structs.replace(bank, question=found)


def _convert(raw: Any) -> AnyQuestion:
    name = raw.get("id", "without an id") if isinstance(raw, dict) else "that is no table"
    try:
        question: AnyQuestion = msgspec.convert(raw, AnyQuestion)
    except msgspec.ValidationError as error:
        raise GraderFault(f"Question {name}: {error}.") from None
    _check(question)
    return question


def _refuse(question: _Question, what: str) -> GraderFault:
    return GraderFault(f"Question {question.id}: {what}.")


def _unique(where: str, what: str, ids: Iterable[str]) -> None:
    found = list(ids)
    twice = sorted({one for one in found if found.count(one) > 1})
    if twice:
        raise GraderFault(f"{where[0].upper()}{where[1:]}: there are two of the {what} {twice[0]!r}.")


def _check(question: AnyQuestion) -> None:
    """What types cannot say. Raises GraderFault."""
    if keyword.iskeyword(question.id):
        raise _refuse(question, "its id is a word of Python's")
    if bool(question.figure) != bool(question.alternative):
        raise _refuse(question, "a figure and its alternative text belong together")
    if isinstance(question, Single | Multiple):
        _check_choices(question)
    elif isinstance(question, Numeric):
        _check_number(question)
    elif isinstance(question, Ordering):
        _check_order(question)
    elif isinstance(question, Matching):
        _check_matching(question)


def _check_choices(question: Single | Multiple) -> None:
    _unique(f"question {question.id}", "choice", (choice.id for choice in question.choice))
    right = [choice for choice in question.choice if choice.right]
    wrong = [choice for choice in question.choice if not choice.right]
    if isinstance(question, Single) and len(right) != 1:
        raise _refuse(question, f"{len(right)} choices are right, where one must be")
    if isinstance(question, Multiple) and not right:
        raise _refuse(question, "no choice is right")
    if len(wrong) < 2:
        raise _refuse(question, "there must be two wrong choices or more")
    for choice in wrong:
        if not choice.explanation or not choice.look:
            raise _refuse(question, f"the wrong choice {choice.id!r} needs an explanation and a look")
    for choice in right:
        if choice.explanation or choice.look:
            raise _refuse(question, f"the right choice {choice.id!r} has an explanation, which nobody would read")


def _check_number(question: Numeric) -> None:
    _unique(f"question {question.id}", "wrong number", (wrong.id for wrong in question.wrong))
    if len(question.wrong) < 2:
        raise _refuse(question, "there must be two wrong numbers or more")
    numbers = sorted([question.value, *(wrong.value for wrong in question.wrong)])
    for low, high in pairwise(numbers):
        if high - low <= 4 * question.tolerance:
            raise _refuse(question, f"{low:g} and {high:g} cannot be told apart with a tolerance of {question.tolerance:g}")


def _check_order(question: Ordering) -> None:
    _unique(f"question {question.id}", "item", (item.id for item in question.item))
    _unique(f"question {question.id}", "wrong order", (wrong.id for wrong in question.wrong))
    if len(question.wrong) < 2:
        raise _refuse(question, "there must be two wrong orders or more")
    orders = [question.order, *(wrong.order for wrong in question.wrong)]
    for order in orders:
        if sorted(order) != sorted(item.id for item in question.item):
            raise _refuse(question, f"the order {order} is not one of all items")
    if len(set(map(tuple, orders))) < len(orders):
        raise _refuse(question, "an order stands there twice")


def _check_matching(question: Matching) -> None:
    rows = [row.id for row in question.row]
    _unique(f"question {question.id}", "row", rows)
    _unique(f"question {question.id}", "column", (column.id for column in question.column))
    choices = {column.id: [choice.id for choice in column.choice] for column in question.column}
    for column, ids in choices.items():
        _unique(f"question {question.id}, column {column}", "choice", ids)
    if sorted(question.match) != sorted(rows):
        raise _refuse(question, "`match` must have an entry for every row")
    for row, match in question.match.items():
        if len(match) != len(choices) or any(one not in ids for one, ids in zip(match, choices.values(), strict=False)):
            raise _refuse(question, f"row {row!r} must be matched with one choice of each column")
    if len(question.wrong) < 2:
        raise _refuse(question, "there must be two wrong pairs or more")
    _unique(f"question {question.id}", "wrong pair", (f"{w.row}, {w.column}, {w.choice}" for w in question.wrong))
    for wrong in question.wrong:
        if wrong.row not in rows or wrong.choice not in choices.get(wrong.column, ()):
            raise _refuse(question, f"the wrong pair {wrong.row}, {wrong.column}, {wrong.choice} is not one of its own")
        if wrong.choice == question.match[wrong.row][list(choices).index(wrong.column)]:
            raise _refuse(question, f"the wrong pair {wrong.row}, {wrong.column}, {wrong.choice} is right")


# --- what may be published ------------------------------------------------------------------------------------------------


def published(bank: Bank) -> Quiz:
    """The questions without the key, and in no order that tells it."""
    return Quiz(bank.topic, bank.title, [_published(question) for question in bank.question])


def _published(question: AnyQuestion) -> Question:
    kind: Kind = question.__struct_config__.tag  # type: ignore[assignment]
    shared = Question(
        id=question.id,
        kind=kind,
        lecture=question.lecture,
        subject=question.subject,
        title=question.title,
        prompt=question.prompt.strip(),
        points=getattr(question, "points", 0),
        figure=question.figure,
        alternative=" ".join(question.alternative.split()),
    )
    more: dict[str, Any] = {}
    if isinstance(question, Single | Multiple):
        more = {"choices": _mixed(question.id, question.choice)}
    elif isinstance(question, Ordering):
        more = {"choices": _mixed(question.id, question.item)}
    elif isinstance(question, Numeric):
        more = {"unit": question.unit, "tolerance": question.tolerance, "why": question.why}
    elif isinstance(question, Matching):
        columns = [Column(c.id, c.title, _mixed(f"{question.id}/{c.id}", c.choice)) for c in question.column]
        rows = [Choice(row.id, " ".join(row.text.split())) for row in question.row]
        more = {"points": len(rows), "rows": rows, "columns": columns}
    return msgspec.structs.replace(shared, **more)


def _mixed(place: str, choices: Iterable[Option | Item]) -> list[Choice]:
    """Choices in the order of a digest of their names, so that where one stands tells nothing."""
    made = [Choice(choice.id, " ".join(choice.text.split())) for choice in choices]
    return sorted(made, key=lambda choice: hashlib.sha256(f"{place}/{choice.id}".encode()).digest())


def key_of(question: AnyQuestion) -> Any:
    """The right answer, as a student would write it; None for free text."""
    if isinstance(question, Single):
        return next(choice.id for choice in question.choice if choice.right)
    if isinstance(question, Multiple):
        return sorted(choice.id for choice in question.choice if choice.right)
    if isinstance(question, Numeric):
        return int(question.value) if question.value.is_integer() else question.value
    if isinstance(question, Ordering):
        return list(question.order)
    if isinstance(question, Matching):
        one = len(question.column) == 1
        return {row.id: question.match[row.id][0] if one else list(question.match[row.id]) for row in question.row}
    return " ".join(question.model.split())


def quiz_json(bank: Bank) -> str:
    """The published questions as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(published(bank)), indent=1).decode() + "\n"


def schema_json() -> str:
    """The JSON schema of a bank, for editors and for people."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Bank)}
    made["title"] = "A bank of questions"
    return json.dumps(made, indent=1) + "\n"
