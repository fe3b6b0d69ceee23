"""Reads an answer as a student wrote it: every reasonable form of it is one form here, and any other has a sentence."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.errors import BadForm
from autograder.quiz.questions import Choice, Question
from autograder.wall.inside.wire import Foreign, is_open


def read_choice(value: Any, choices: Sequence[Choice]) -> str:
    """The id of one choice; spaces around it and capitals do not matter. Raises BadForm."""
    if type(value) is not str:
        raise BadForm(f"The id of one choice is expected, as text in quotes, and this is {_called(value)}.")
    word = value.strip().casefold()
    known = [choice.id for choice in choices]
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, 1)
    meant = f" Do you mean {near[0]}?" if near else ""
    raise BadForm(f'It is not one of the choices: "{value[:60]}". They are {", ".join(known)}.{meant}')


def read_ticks(value: Any, choices: Sequence[Choice]) -> list[str]:
    """The ids of all that is ticked, sorted; one text alone is one tick. Raises BadForm."""
    if type(value) is str:
        value = [value]
    if not isinstance(value, list | tuple | set | frozenset):
        raise BadForm(f"A list of ids is expected, and this is {_called(value)}.")
    return sorted({read_choice(item, choices) for item in value})


def read_order(value: Any, choices: Sequence[Choice]) -> list[str]:
    """The ids of all choices, each once, in the student's order. Raises BadForm."""
    if not isinstance(value, list | tuple):
        raise BadForm(f"A list of ids in order is expected, and this is {_called(value)}.")
    found = [read_choice(item, choices) for item in value]
    absent = [choice.id for choice in choices if choice.id not in found]
    if absent:
        raise BadForm(f"Every item must be in the list; missing: {', '.join(absent)}.")
    if len(found) > len(choices):
        twice = sorted({item for item in found if found.count(item) > 1})
        raise BadForm(f"Every item must be in the list once; more than once: {', '.join(twice)}.")
    return found


def read_number(value: Any) -> float:
    """A finite number. Raises BadForm."""
    if type(value) is str:
        raise BadForm("A number is expected, without quotes and without a unit.")
    if isinstance(value, np.ndarray | np.generic) and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf":
        value = value.item()
    if type(value) not in (int, float):
        raise BadForm(f"A number is expected, and this is {_called(value)}.")
    if not math.isfinite(value):
        raise BadForm("A finite number is expected.")
    return float(value)


def read_row(value: Any, question: Question) -> list[str]:
    """What is matched with one row: an id for each column; a text alone where there is one column. Raises BadForm."""
    titles = " and ".join(column.title for column in question.columns)
    if type(value) is str:
        value = [value]
    if not isinstance(value, list | tuple) or len(value) != len(question.columns):
        raise BadForm(f"For every row a list is expected: {titles}. This is {_called(value)}.")
    return [read_choice(item, column.choices) for item, column in zip(value, question.columns, strict=True)]


def read_text(value: Any) -> str:
    """Words of the student's own. Raises BadForm."""
    if type(value) is not str or not value.strip():
        raise BadForm("An answer in words is a text in quotes.")
    return value


def read_answer(question: Question, value: Any) -> Any:
    """An answer in its one form. Raises BadForm."""
    if question.kind == "single":
        return read_choice(value, question.choices)
    if question.kind == "multiple":
        return read_ticks(value, question.choices)
    if question.kind == "ordering":
        return read_order(value, question.choices)
    if question.kind == "numeric":
        return read_number(value)
    if question.kind == "text":
        return read_text(value)
    if not isinstance(value, dict):
        raise BadForm(f"A dict with an entry for each row is expected, and this is {_called(value)}.")
    unknown = [str(key) for key in value if key not in [row.id for row in question.rows]]
    if unknown:
        raise BadForm(f'There is no row "{unknown[0][:60]}"; the rows are {", ".join(row.id for row in question.rows)}.')
    return {row.id: read_row(value[row.id], question) for row in question.rows if not is_open(value.get(row.id, ...))}


_TYPES = {"str": "a text", "int": "a number", "float": "a number", "bool": "True or False", "ndarray": "an array"}


def _called(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return "something else"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    kind = type(value).__name__
    return _TYPES.get(kind, f"a {kind}" if kind in ("dict", "set") else "something else")
