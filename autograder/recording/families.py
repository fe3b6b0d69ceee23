"""Families of slips: a number is another one than the right one, and which one is found from a student's answers.

For each number that stands in an exercise's formula, and each option that may be taken for a fixed number, answers are
recorded for two values of it, and by which function of the number the answers change in proportion: the number itself, its
logarithm, its square, its root or its inverse. That this holds is seen from a third value. Where a student's answers lie on
that line, input for input, they are those for one number, which is then told.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from autograder.declare.compare import form_of
from autograder.declare.source import Family
from autograder.declare.table import Check
from autograder.recording.slips import definition, placed, with_option, with_spot

# By which function of the number answers change, and the number for a value of it.
FORMS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "number": (lambda c: c, lambda f: f),
    "logarithm": (math.log, math.exp),
    "square": (lambda c: c * c, math.sqrt),
    "inverse": (lambda c: 1 / c, lambda f: 1 / f),
    "root": (math.sqrt, lambda f: f * f),
}

# So many numbers of a formula are tried: those that stand first in it. Each costs two answers of each check.
MOST_NUMBERS = 6
# Of an option: most lie between 0 and 1, as rates and momenta do, and these are no default and no pair of one's squares.
OF_AN_OPTION = (0.3, 0.5, 0.7)
# Of a number in the formula, times itself.
OF_A_NUMBER = (1.0, 1.5, 2.0)
# A line through two points has the third on it but for rounding: relative, absolute.
_SAME = (1e-9, 1e-12)

# From an answer that changes by less, in proportion to itself, no number is found.
CHANGES = 1e-6


@dataclass(frozen=True)
class Number:
    """A number that may be another one.

    values: three that are put in its place, of which the first is the right one where it stands in the formula. option: its
    name, where it is one. make: what stands in the exercise's place with a number.
    """

    name: str
    words: str
    look: str
    place: str
    values: tuple[float, float, float]
    option: str
    make: Callable[[float], Callable[[ModuleType], Any]]


def numbers_of(exercise: str, source: str, module: ModuleType) -> list[Number]:
    """The numbers of an exercise: those in its formula, and its options."""
    place = placed(exercise, module)
    node = definition(source, place) if place else None
    return [] if node is None else [*_in_formula(place, node, module), *_options(place, module)]


def _in_formula(place: str, node: ast.FunctionDef | ast.ClassDef, module: ModuleType) -> Iterator[Number]:
    spots = [inner for inner in ast.walk(node) if isinstance(inner, ast.expr)]
    passed = {id(inner) for other in ast.walk(node) for inner in _no_numbers(other)}
    found = [(i, value) for i, spot in enumerate(spots) if id(spot) not in passed and (value := _value(spot, module))]
    for count, (index, value) in enumerate(found[:MOST_NUMBERS], 1):

        def make(other: float, index: int = index) -> Callable[[ModuleType], Any]:
            return with_spot(place, node, spots, index, ast.Constant(other))

        words = "of the right formula with {} where another number belongs"
        values = tuple(factor * value for factor in OF_A_NUMBER)
        yield Number(f"number {count}", words, "Which number does the formula have there?", place, values, "", make)  # type: ignore[arg-type]


def _no_numbers(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in an index, or names an axis: a number there is none of a formula's."""
    if isinstance(node, ast.Subscript):
        yield from ast.walk(node.slice)
    if isinstance(node, ast.keyword) and node.arg in ("axis", "keepdims", "ndmin", "dtype"):
        yield from ast.walk(node.value)


def _value(spot: ast.expr, module: ModuleType) -> float | None:
    """The number of a constant in the code, or of one of the module's that it names. 0 is left out: it has no multiples."""
    value = spot.value if isinstance(spot, ast.Constant) else None
    if isinstance(spot, ast.Name) and isinstance(spot.ctx, ast.Load):
        value = getattr(module, spot.id, None)
        value = value if isinstance(value, float) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value else None


def _options(place: str, module: ModuleType) -> Iterator[Number]:
    for name, fix in with_option(place, module):
        words = f"for {name} = {{}}, whatever is given"
        yield Number(f"{name} fixed", words, "Where does your code use it?", place, OF_AN_OPTION, name, fix)


Case = Mapping[str, Any]


def flat(value: Any) -> np.ndarray | None:
    """All numbers of an answer in a row; None where it holds anything else."""
    if isinstance(value, list | tuple | Mapping):
        parts = [flat(item) for item in (value.values() if isinstance(value, Mapping) else value)]
        return None if not parts or any(part is None for part in parts) else np.concatenate(parts)  # type: ignore[arg-type]
    if isinstance(value, bool) or not isinstance(value, int | float | np.ndarray):
        return None
    array = np.asarray(value)
    return array.ravel().astype(float) if array.dtype.kind in "fi" else None


def compared(check: Check, expected: Sequence[Case]) -> Sequence[Case]:
    """What a check's answers are held against one by one: nothing, where they are measured against the right ones."""
    return [{} for _ in expected] if check.against else expected


def in_a_row(expected: Sequence[Case], wrong: Sequence[Case]) -> np.ndarray | None:
    """All numbers that are answered to a check, where what is wrong is given, and what is due.

    None where something else is answered in the place of numbers. What is due that is no number is left out.
    """
    parts = [np.zeros(0)]
    for due, seen in zip(expected, wrong, strict=True):
        for name, value in due.items():
            if flat(value) is None:
                continue
            answer = seen.get(name, value)
            part = flat(answer) if form_of(answer) == form_of(value) else None
            if part is None:
                return None
            parts.append(part)
    return np.concatenate(parts)


def differ(first: np.ndarray | None, second: np.ndarray | None) -> bool:
    """Whether two rows of numbers differ, or one of them is none."""
    return first is None or second is None or not np.array_equal(first, second, equal_nan=True)


def form_through(values: tuple[float, float, float], answers: Sequence[np.ndarray | None], *, fixed: bool) -> str:
    """By which function of a number answers for three values of it change in proportion; empty where by none.

    fixed: by none as well where all answers are multiples of that function: that is a factor, and told as one.
    """
    if any(answer is None for answer in answers):
        return ""
    first, second, third = (np.asarray(answer) for answer in answers)
    finite = np.isfinite(first) & np.isfinite(second)
    first, second, third = first[finite], second[finite], third[finite]
    if np.allclose(second, first, CHANGES, 0.0):
        return ""
    for name, (of, _) in FORMS.items():
        low, high, at = map(of, values)
        if np.allclose(third, first + (at - low) / (high - low) * (second - first), *_SAME):
            return "" if fixed and np.allclose(second * low, first * high, *_SAME) else name
    return ""


def family_of(number: Number, exercise: str, form: str) -> Family:
    """What is told of a number, and what it takes to find it."""
    first, second, _ = number.values
    name = f"{exercise}: {number.name}"
    return Family(name, exercise, f"Your answers are those {number.words}.", number.look, first, second, form, number.option)
