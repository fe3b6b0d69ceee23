"""A number, right within a tolerance: all or nothing."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Any

import msgspec
import numpy as np

from autograder.declare.table import Check, Claim, Tolerance
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import Claims, check_of
from autograder.quiz.kinds.question import Asker, Id, KeyedQuestion, Mistake, Part, Points, Question, Text
from autograder.quiz.kinds.reading import called


class NumericQuestion(Question, frozen=True):
    """A number is to be worked out."""

    unit: str = ""
    tolerance: float = 0.0
    why: str = ""  # why this tolerance

    words = "a number"

    def read(self, value: Any) -> float:
        return read_number(value)

    def checks(self) -> tuple[Check, ...]:
        def measure(given: Any, right: Any) -> Claims:
            number = read_number(given)
            unit = self.unit if number != 1 or self.unit.endswith("ss") else self.unit.removesuffix("s")
            said = f"You answer {_shown(number)} {unit}".rstrip() + "."
            # 1.1 - 1.0 is a little more than 0.1: a number that lies exactly at the tolerance is within it.
            return {"number": Claim(number, read_number(right), self.tolerance * (1 + 1e-9), said=said)}

        tolerance = Tolerance(0.0, self.tolerance, self.why)
        return (
            check_of("number", f"{self.title}: the number is right.", self.points, (self.id,), measure, tolerance=tolerance),
        )

    def told(self) -> list[str]:
        within = f"within {self.tolerance:g}" if self.tolerance else "exact"
        unit = [f"Unit: {self.unit}.", ""] if self.unit else []
        return [*unit, f"Counted as right: {within} ({self.why}).", ""]

    def line_asked(self) -> str:
        return f"Number ({self.unit})" if self.unit else "Number"

    def typed(self, line: str, asker: Asker) -> float | int | str:
        del asker
        text = line.replace("_", "").strip()
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
        return line


class WrongNumber(Part, frozen=True, kw_only=True):
    """A number that a known mistake comes to."""

    id: Id
    value: float
    explanation: Text
    look: Text


class Numeric(KeyedQuestion, tag="numeric", frozen=True, kw_only=True):
    """A number, right within the tolerance; ``why`` gives the tolerance's reason."""

    value: float
    tolerance: Annotated[float, msgspec.Meta(ge=0)]
    why: Text
    unit: str = ""
    wrong: list[WrongNumber]
    points: Points = 2

    published_as = NumericQuestion

    def key(self) -> int | float:
        return int(self.value) if self.value.is_integer() else self.value

    def mistakes(self) -> list[Mistake]:
        return [Mistake(wrong.id, wrong.value, wrong.explanation, wrong.look) for wrong in self.wrong]

    def shown(self) -> dict[str, Any]:
        return {"points": self.points, "unit": self.unit, "tolerance": self.tolerance, "why": self.why}

    def refuse_mistakes(self) -> None:
        super().refuse_mistakes()
        self.refuse_twice("wrong number", (wrong.id for wrong in self.wrong))
        if len(self.wrong) < 2:
            raise self.fault("there must be two wrong numbers or more")
        numbers = sorted([self.value, *(wrong.value for wrong in self.wrong)])
        for low, high in pairwise(numbers):
            if high - low <= 4 * self.tolerance:
                raise self.fault(f"{low:g} and {high:g} cannot be told apart with a tolerance of {self.tolerance:g}")


def read_number(value: Any) -> float:
    """A finite number. Raises BadForm."""
    if type(value) is str:
        raise BadForm("A number is expected, without quotes and without a unit.")
    if isinstance(value, np.ndarray | np.generic) and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf":
        value = value.item()
    if type(value) not in (int, float):
        raise BadForm(f"A number is expected, and this is {called(value)}.")
    if not math.isfinite(value):
        raise BadForm("A finite number is expected.")
    return float(value)


def _shown(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.6g}"
