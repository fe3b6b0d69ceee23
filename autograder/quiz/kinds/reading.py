"""How answers are read that more than one kind of question can have: one choice, and what an answer of no form is called."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from autograder.errors import BadForm
from autograder.quiz.kinds.question import Choice
from autograder.wall.inside.wire import Foreign


def read_choice(value: Any, choices: Sequence[Choice]) -> str:
    """The id of one choice; spaces around it and capitals do not matter. Raises BadForm."""
    if type(value) is not str:
        raise BadForm(f"The id of one choice is expected, as text in quotes, and this is {called(value)}.")
    word = value.strip().casefold()
    known = [choice.id for choice in choices]
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, 1)
    meant = f" Do you mean {near[0]}?" if near else ""
    raise BadForm(f'It is not one of the choices: "{value[:60]}". They are {", ".join(known)}.{meant}')


_TYPES = {"str": "a text", "int": "a number", "float": "a number", "bool": "True or False", "ndarray": "an array"}

# What comes from a student's side as the name of its type alone.
_FOREIGN = {
    "set": "a set, which has no order", "bytes": "bytes", "complex": "a complex number", "function": "a function",
    "int beyond 64 bits": "a whole number of more than 18 digits",
}  # fmt: skip


def called(value: Any) -> str:
    """What a value is, for a sentence that ends in "and this is ..."."""
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return _FOREIGN.get(value.type_name, "something else")
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    kind = type(value).__name__
    return _TYPES.get(kind, f"a {kind}" if kind in ("dict", "set") else "something else")
