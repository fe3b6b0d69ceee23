"""Says in words what is wrong with a setting: what was given, and what is expected."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

import msgspec
from msgspec import inspect

from autograder.text import plain

DATE = "a date with its time and time zone: write 2026-12-04T23:59:00+01:00"


def explained(error: msgspec.ValidationError, value: Any, form: Any) -> tuple[list[str], str]:
    """The keys under which a value does not have its form, and a sentence about it.

    >>> class Late(msgspec.Struct, forbid_unknown_fields=True):
    ...     grace_minutes: int = 0
    >>> given = {"grace_minuts": 3}
    >>> try:
    ...     msgspec.convert(given, Late)
    ... except msgspec.ValidationError as error:
    ...     explained(error, given, Late)
    (['grace_minuts'], "there is no setting 'grace_minuts'; did you mean 'grace_minutes'?")
    """
    said, _, place = str(error).partition(" - at `$")
    keys, expected = [], inspect.type_info(form)
    for name, number in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        if name:
            keys.append(name)
        expected = _inside(expected, name)
        value = value[name or int(number)]
    if unknown := re.search(r"unknown field `(.+)`", said):
        names = _fields(expected)
        return [*keys, unknown[1]], f"there is no setting {plain(unknown[1], 60)!r}; {near(unknown[1], names)}"
    if missing := re.search(r"missing required field `(.+)`", said):
        return keys, f"{missing[1]} is missing; it must be {_words(_fields(expected)[missing[1]])}"
    return keys, f"{_shown(value)} is given; it must be {_words(expected)}"


def near(name: str, names: Iterable[str]) -> str:
    """Which of the names somebody may have meant, or all of them."""
    found = difflib.get_close_matches(name, list(names), 1)
    return f"did you mean {found[0]!r}?" if found else f"there are {', '.join(names)}"


def syntax(error: tomllib.TOMLDecodeError, content: str) -> str:
    """What a TOML file is not written as, with the quotes and the bracket that are forgotten most often."""
    place = re.search(r"^Invalid value \(at line (\d+), column (\d+)\)", str(error))
    text = content.splitlines()[int(place[1]) - 1][int(place[2]) - 1 :] if place else ""
    if place and place[2] == "1":  # a value is due where a line begins: inside of a list
        return f"{error}; a list above it is not closed, its ] is missing"
    return f"{error}; quotes are missing around a text" if text[:1].isalpha() else str(error)


def _alternatives(expected: inspect.Type) -> list[inspect.Type]:
    """What a value may be, without None, which TOML cannot write."""
    found = expected.types if isinstance(expected, inspect.UnionType) else (expected,)
    return [one for one in found if not isinstance(one, inspect.NoneType)]


def _inside(expected: inspect.Type, name: str) -> inspect.Type:
    """What is expected of a field, or of an item of a list where there is no name."""
    if name:
        return _fields(expected)[name]
    return next(one.item_type for one in _alternatives(expected) if isinstance(one, inspect.ListType))


def _fields(expected: inspect.Type) -> Mapping[str, inspect.Type]:
    sections = (one for one in _alternatives(expected) if isinstance(one, inspect.StructType))
    return {field.name: field.type for section in sections for field in section.fields}


def _words(expected: inspect.Type) -> str:
    """What is expected, in words."""
    *others, last = (word for one in _alternatives(expected) for word in _word(one))
    return f"{', '.join(others)} or {last}" if others else last


def _word(expected: inspect.Type) -> list[str]:
    match expected:
        case inspect.Metadata(type=inner, extra_json_schema={"title": str(title)}):
            return [word.replace("a number", title, 1) for word in _word(inner)]
        case inspect.LiteralType(values=values):
            return [_shown(value) for value in values]
        case inspect.IntType() | inspect.FloatType():
            return [("a whole number" if isinstance(expected, inspect.IntType) else "a number") + _bounds(expected)]
        case inspect.DateTimeType():
            return [DATE]
        case inspect.ListType():
            return ["a list of texts in quotes"]
        case inspect.StructType() | inspect.DictType():
            return ["a section"]
        case _:
            return ["a text in quotes"]


def _bounds(number: inspect.IntType | inspect.FloatType) -> str:
    lowest = f" above {number.gt:g}" if number.gt is not None else f" from {number.ge:g}" if number.ge is not None else ""
    if number.le is None:
        return lowest
    return f"{lowest} {'to' if number.ge is not None else 'and at most'} {number.le:g}"


def _shown(value: Any) -> str:
    """A value as TOML writes it; of what is long what it is."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a section"
    if isinstance(value, date | time):
        return value.isoformat()
    return plain(json.dumps(value, ensure_ascii=False), 60)
