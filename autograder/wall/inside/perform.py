"""Performs a script on a module: the only way in which a check makes student code, reference or mutant do anything.

A script is a list of small steps (take an attribute, call, fill an array in place, ...) over numbered slots; slot 0 is the
module. :mod:`autograder.declare.script` writes scripts; this module reads them, inside the sandbox for a submission and in the
grader's own process for the reference.
"""

from __future__ import annotations

import itertools
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any, Literal

import msgspec
import numpy as np

from .lent import Recorder, copied, formula_function, from_library, kept, write_over
from .wire import LONGEST_TEXT, MOST_ITEMS, Foreign, crossable, decoder, encode, portable, type_name

MOST_WARNINGS = 20
# Of a case's arrays and lists, of which there are tens.
MOST_CHANGED = 1000

# What an expression of a script is: the result of a step, an array of the case, a plain value, or made of further ones.
Tag = Literal["slot", "constant", "value", "list", "tuple", "dict", "held"]
# What a step does; autograder/declare/script.py, which writes them, says what each is for.
Word = Literal[
    "attribute", "call", "attempt", "item", "entry", "fill", "assign", "snapshot", "kept", "write_over", "random", "function",
    "library", "recorder", "same_memory", "same_object", "length", "sorted_keys",
]  # fmt: skip

# Bound before a submission can put something else in their place; what it then returns is still its own affair.
_shares_memory, _default_rng = np.shares_memory, np.random.default_rng


class Script(msgspec.Struct, array_like=True, frozen=True):
    """Steps to perform and the expressions to answer with. Expressions are tagged lists, see :func:`_value`.

    layout: how the arrays of the case lie in memory: one of :data:`LAYOUTS`, or "" for as they come. named: how many these
    are; the constants behind them are the program's own. due: how many steps must not raise, -1 for all; an exception behind
    them leaves out the answers that it keeps from being given.
    """

    steps: list[list[Any]]
    outputs: dict[str, Any]
    layout: str = ""
    named: int = 0
    due: int = -1


class Case(msgspec.Struct, array_like=True, frozen=True):
    """One set of inputs: which script, and the arrays it refers to as constants."""

    script: int
    constants: list[np.ndarray]


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exception that the module raised, or a step that could not be taken."""

    kind: str
    message: str = ""
    line: int = 0
    builtin: bool = True
    cell: int = 0  # of a notebook, in which the line stands


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one case came to: answers by name, which constants were changed, warnings, and what went wrong if anything.

    numpy: NumPy's own words of the first warning, with the line at which it warned.
    """

    outputs: dict[str, Any] = {}
    changed: list[int] = []
    warnings: list[str] = []
    failure: Failure | None = None
    numpy: str = ""


def honest(outcomes: Sequence[Outcome]) -> bool:
    """Whether :func:`perform_all` could have made the outcomes that arrived: a worker that lies sends what it likes."""
    met = itertools.count()
    return all(_honest(outcome, met) for outcome in outcomes)


def _honest(outcome: Outcome, met: Iterator[int]) -> bool:
    failure = outcome.failure
    if failure is not None and (len(failure.kind) > 80 or len(failure.message) > LONGEST_TEXT):
        return False
    if len(outcome.warnings) > MOST_WARNINGS or any(len(warning) > 80 for warning in (*outcome.warnings, outcome.numpy)):
        return False
    changed = outcome.changed
    if len(changed) > MOST_CHANGED or len(set(changed)) < len(changed) or not all(0 <= index < 2**20 for index in changed):
        return False
    if len(outcome.outputs) > MOST_ITEMS:
        return False
    return all(len(name) <= LONGEST_TEXT and crossable(value, met) for name, value in outcome.outputs.items())


class Missing(Exception):
    """The module, or an object of it, has no such attribute."""


def request(scripts: list[Script], cases: list[Case]) -> bytes:
    """The message that asks a worker to perform these cases."""
    return encode(("perform", encode((scripts, cases))))


# What the body of such a message holds.
to_perform = decoder(tuple[list[Script], list[Case]])
_message = decoder(tuple[Literal["perform"], bytes])


def body_of(message: bytes) -> bytes:
    """The body of a message of :func:`request`. Raises msgspec.ValidationError where it is another."""
    return _message.decode(message)[1]


def requested(message: bytes) -> tuple[list[Script], list[Case]]:
    """The scripts and cases that a message of :func:`request` asks for; raises as :func:`body_of`."""
    return to_perform.decode(body_of(message))


# What Python calls the submission's text, of which a notebook's cells are numbered; or several names, each with a number.
Source = str | Mapping[str, int]


def perform_all(module: ModuleType, scripts: list[Script], cases: list[Case], source_name: Source = "") -> list[Outcome]:
    """Perform every case in order, each on fresh copies of its inputs and from the same global random state."""
    # Once for all of them: what it does to the interpreter's warnings costs as much as a small case.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        met = itertools.count()  # values of the whole reply
        return [_perform(module, scripts[case.script], case.constants, source_name, caught, met) for case in cases]


def perform(module: ModuleType, script: Script, constants: list[np.ndarray], source_name: str = "") -> Outcome:
    """Perform one script. An exception of the module's ends it; what was asked for up to then is not answered."""
    return perform_all(module, [script], [Case(0, constants)], source_name)[0]


def _perform(
    module: ModuleType,
    script: Script,
    constants: list[np.ndarray],
    source_name: Source,
    caught: list[warnings.WarningMessage],
    met: Iterator[int],
) -> Outcome:
    caught.clear()
    random.seed(0)
    np.random.seed(0)
    given = [constant.copy() for constant in constants]
    if script.layout:
        given[: script.named] = [LAYOUTS[script.layout](array) for array in given[: script.named]]
    slots: dict[int, Any] = {0: module}
    value = partial(_value, slots, given)
    failure = None
    outputs: dict[str, Any] = {}
    asked, taken = script.outputs, 0
    try:
        try:
            for word, slot, *operands in script.steps:
                slots[slot] = _STEPS[word](value, *operands)
                taken += 1
        except BaseException:
            if not 0 <= script.due <= taken:
                raise
            asked = {name: expression for name, expression in asked.items() if _is_given(expression, slots)}
        answered = {name: value(expression) for name, expression in asked.items()}
        outputs = {name: portable(value, met) for name, value in answered.items()}
    except BaseException as error:
        failure = describe(error, source_name)
    said = [str(type_name_of(w.category)) for w in caught[:MOST_WARNINGS]]
    changed = [i for i, (now, before) in enumerate(zip(given, constants, strict=True)) if not _same_bytes(now, before)]
    changed += [len(given) - 1 - slot for slot, held in slots.items() if slot < 0 and not _as_it_was(*held)]
    return Outcome(outputs, changed, said, failure, next(filter(None, (_numpy_words(w, source_name) for w in caught)), ""))


def _numpy_words(warning: warnings.WarningMessage, source_name: Source) -> str:
    """What NumPy says of a number that overflows, and such, and the line of the submission where that is."""
    text = str(warning.message) if type(warning.message) is RuntimeWarning else ""
    if " encountered in " not in text:
        return ""
    cell = _cell_of(warning.filename, source_name)
    if cell is None:
        return text[:80]
    return f"{text} at {f'cell {cell}, ' if cell else ''}line {warning.lineno}"[:80]


def _cell_of(file: str, source_name: Source) -> int | None:
    """Of a file of the submission's text the number of the cell, 0 of a module; None of any other file."""
    if not isinstance(source_name, str):
        return source_name.get(file)
    name, _, number = file.partition("#")  # see cell_name in load.py
    if not source_name or name != source_name:
        return None
    return int(number) if number.isdecimal() else 0


def type_name_of(category: type) -> str:
    """Name of a warning's category, as long as it is one of Python's own."""
    return category.__name__ if category.__module__ == "builtins" else "Warning"


def describe(error: BaseException, source_name: Source, cell: int = 0) -> Failure:
    """An exception as plain text, whatever its own methods do, with the last line of the submission that it passed.

    cell: of a notebook, which was running.
    """
    line = 0
    trace = error.__traceback__
    while trace is not None:
        own = _cell_of(trace.tb_frame.f_code.co_filename, source_name)
        if own is not None:
            line, cell = trace.tb_lineno, own
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and type(error.lineno) is int:
        line = error.lineno
    try:
        message = BaseException.__str__(error) if not isinstance(error, (SyntaxError, OSError, ImportError)) else str(error)
        message = message[:LONGEST_TEXT].encode("utf-8", "replace").decode() if type(message) is str else ""
    except BaseException:
        message = ""
    kind = type(error)
    return Failure(type_name(error), message, line, kind.__module__ == "builtins" or kind is Missing, cell)


def _same_bytes(now: np.ndarray, before: np.ndarray) -> bool:
    return now.shape == before.shape and now.dtype == before.dtype and now.tobytes() == before.tobytes()


def _entries(container: Any) -> list[tuple[Any, Any]]:
    """What a list or a dict holds, in order."""
    return list(container.items() if type(container) is dict else enumerate(container))


def _as_it_was(container: Any, entries: list[tuple[Any, Any]]) -> bool:
    """Whether a list or a dict still holds these very objects, in this order."""
    now = _entries(container)
    return len(now) == len(entries) and all(
        key == before and value is held for (key, value), (before, held) in zip(now, entries, strict=True)
    )


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _strided(array: np.ndarray) -> np.ndarray:
    """The same numbers in a view that leaves out every second entry of its memory along each axis."""
    if not array.ndim:
        return array
    wide = np.empty([2 * n for n in array.shape], array.dtype)[tuple(slice(None, None, 2) for _ in array.shape)]
    wide[...] = array
    return wide


# Ways in which an array may lie in memory beside the usual one.
LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fortran": np.asfortranarray,
    "strided": _strided,
    "read-only": _read_only,
    "fortran, read-only": lambda array: _read_only(np.asfortranarray(array)),
    "strided, read-only": lambda array: _read_only(_strided(array)),
}


def _value(slots: dict[int, Any], given: list[Any], expression: list[Any]) -> Any:
    tag: Tag
    tag, body = expression
    if tag == "slot":
        return slots[body]
    if tag == "constant":
        return given[body]
    if tag == "value":
        return body
    if tag == "list":
        return [_value(slots, given, item) for item in body]
    if tag == "held":
        # Made once: a program that passes a list twice passes the same list. Slots below 0 are for these, with what they held.
        number, content = body
        slot = -1 - number
        if slot not in slots:
            made = _value(slots, given, content)
            slots[slot] = (made, _entries(made))
        return slots[slot][0]
    if tag == "tuple":
        return tuple(_value(slots, given, item) for item in body)
    if tag == "dict":
        return {key: _value(slots, given, item) for key, item in body.items()}
    raise ValueError(f"no such expression: {tag}")


def _is_given(expression: list[Any], slots: dict[int, Any]) -> bool:
    """Whether an answer that is one slot's was come to."""
    return expression[0] != "slot" or expression[1] in slots


# What an expression is worth in the case that is performed.
Value = Callable[[list[Any]], Any]


def _attribute(value: Value, owner: list[Any], name: str) -> Any:
    holder = value(owner)
    try:
        return getattr(holder, name)
    except AttributeError as error:
        if isinstance(holder, ModuleType):
            raise Missing(name) from None
        if getattr(error, "obj", holder) is holder:
            raise AttributeError(f"{type_name(holder)} has no {name}") from error
        raise


def _call(value: Value, function: list[Any], arguments: list[Any], keywords: dict[str, Any]) -> Any:
    called = value(function)
    return called(*[value(item) for item in arguments], **{key: value(item) for key, item in keywords.items()})


def _attempt(value: Value, function: list[Any], arguments: list[Any], keywords: dict[str, Any]) -> str:
    called = value(function)
    positional, named = [value(item) for item in arguments], {key: value(item) for key, item in keywords.items()}
    try:
        called(*positional, **named)
        return "returned"
    except Exception as error:
        # A student's own kind of ValueError is a ValueError; one of a library's is known by its own name.
        own = value(["slot", 0]).__name__
        return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ != own)


def _fill(value: Value, array: list[Any], content: list[Any]) -> None:
    filled = value(array)
    if type(filled) is not np.ndarray:
        raise TypeError(f"expected an array to be filled in place, found {type_name(filled)}")
    filled[...] = value(content)


def _same_memory(value: Value, first: list[Any], second: list[Any]) -> bool:
    one, other = value(first), value(second)
    return type(one) is type(other) is np.ndarray and _shares_memory(one, other)


def _entry(value: Value, table: list[Any], key: str, sets: bool = True) -> Any:
    held = value(table)
    if held is ...:
        return ...
    if not isinstance(held, dict):
        return Foreign("entry of no dict")
    found = dict.get(held, key, ...)
    if found is ...:
        # A name in other capitals, or with spaces around it, is the same name.
        found = next((entry for name, entry in dict.items(held) if type(name) is str and _plainly(name) == key), ...)
    if type(found) in (set, frozenset):
        return sorted(found, key=repr) if sets else Foreign("set")
    return found


def _plainly(name: str) -> str:
    return name.strip().casefold()


# How each step of a script is taken: a step is such a word, the slot that receives the result, and the operands.
_STEPS: dict[Word, Callable[..., Any]] = {
    "attribute": _attribute,
    "call": _call,
    "attempt": _attempt,
    "item": lambda value, table, key: value(table)[value(key)],
    "entry": _entry,
    "fill": _fill,
    "assign": lambda value, owner, name, content: setattr(value(owner), name, value(content)),
    "snapshot": lambda value, what: copied(value(what)),
    "kept": lambda value, what: kept(value(what)),
    "write_over": lambda value, what: write_over(value(what)),
    "random": lambda value, seed: _default_rng(seed),
    "function": formula_function,
    "library": lambda value, module, name: from_library(module, name),
    "recorder": lambda value: Recorder(),
    "same_memory": _same_memory,
    "same_object": lambda value, first, second: value(first) is value(second),
    "length": lambda value, what: len(value(what)),
    "sorted_keys": lambda value, what: sorted(value(what)),
}
