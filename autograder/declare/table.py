"""The vocabulary in which a topic's checks are declared: Topic, Exercise, Check, Tolerance, Claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograder.declare.source import Source
from autograder.report import total
from autograder.wall.limits import NO_NEEDS, Needs

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


class Draw:
    """What a check's ``inputs`` receives: Hypothesis's ``draw``, and seeds that are the course's own.

    Hypothesis's simplest example draws 0 wherever it can. Mixed with the secret and with how many were drawn before, its seeds
    still make other arrays in every course, and two arrays of one shape that are not the same.
    """

    def __init__(self, draw: Callable[[SearchStrategy[Any]], Any], salt: int) -> None:
        self._draw, self._salt, self._count = draw, salt, 0

    def __call__(self, strategy: SearchStrategy[T]) -> T:
        drawn: T = self._draw(strategy)
        return drawn

    def seed(self, drawn: int) -> int:
        """The seed for a NumPy generator that stands for a number drawn by Hypothesis."""
        self._count += 1
        return int(np.random.SeedSequence([self._salt, self._count, drawn]).generate_state(1, np.uint64)[0])


Inputs = Mapping[str, Any]
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Tolerance:
    """``|answer - expected| <= absolute + relative * |expected|``, in float64, and why these numbers."""

    relative: float
    absolute: float
    why: str


# Right implementations of the package's functions differ in the order of at most some hundred additions of numbers of order
# one: some 1e-14. Plain central differences of the forward pass, which are not what is asked for, are off by 1e-11 to 1e-10.
# A complex step is as exact as a formula, and no tolerance tells it: a notice does.
EXACT = Tolerance(1e-11, 1e-12, "rounding of about a hundred operations on numbers of order one")
# Keras computes in float64 here, but its Python constants pass through float32 in places (0.999 becomes 0.999000013).
KERAS = Tolerance(5e-5, 1e-7, "constants that Keras rounds to float32; the optimizers' first steps are off by 6e-6")
KERAS_EXACT = Tolerance(1e-6, 1e-9, "the same formula in float64, with float32 constants inside")


@dataclass(frozen=True)
class Claim:
    """Something measured in an answer: it must lie within ``within`` of ``expected``.

    holds: says whether it is so, where neither nearness nor being equal does.
    said: what a student reads if it is not, in place of what the diagnosis would find; never the right answer.
    """

    observed: Any
    expected: Any
    within: Any
    holds: bool | None = None
    said: str = ""


@dataclass(frozen=True)
class Check:
    """One promise about an exercise, and how it is checked.

    name: unique in its exercise, a word or two joined by ``_``.
    sentence: what must be true, for a student to read; never a hidden value.
    inputs: draws one case as a dict; called with Hypothesis's ``draw`` when answers are recorded, never when grading.
    program: ``program(student, **case)`` does something with the module and returns named answers. Runs over stand-ins.
    keras: ``keras(**case)`` answers (some of) the same names with Keras; imported only to record.
    measure: ``measure(case, answers)`` returns named Claims; for properties, statistics and numerical gradients.
    against: ``measure(case, answers, right)`` gets the reference's answers too, and judges the form of the student's itself.
    manual: a person grades it; here it is only seen that there is an answer, and it has no points.
    compare: the answers compared with the reference's; all of them if there is no measure, none of them if there is.
    cases: how many inputs. Eight unequal shapes leave no axis mix-up hidden; a statistical check has one or two of 10^4 draws.
    untouched: also fails if what was passed in is changed: an array, or what a list or dict holds. quiet: also fails on a
    RuntimeWarning.
    dear: takes a second or so. When answers are recorded it is asked of mistakes in its own exercise alone, as a name needs a
    check of its own exercise; of every mistake of a topic it would take longer than all other checks together.
    layouts: how the arrays of the first case lie in memory, of the second, ..., and so on from the start.
    worked: draws an example's own numbers, asked before what ``inputs`` draws, where ``worked_example`` made the check.
    weight: why it has these points, where ``weighed`` gave them.
    """

    name: str
    sentence: str
    inputs: Callable[[Draw], Inputs]
    program: Callable[..., Any]
    keras: Callable[..., Any] | None = None
    keras_tolerance: Tolerance = KERAS_EXACT
    measure: Callable[..., Mapping[str, Claim]] | None = None
    against: bool = False
    manual: bool = False
    compare: tuple[str, ...] | None = None
    tolerance: Tolerance = EXACT
    cases: int = 8
    points: int | float = 1
    public: bool = False
    untouched: bool = False
    quiet: bool = False
    dear: bool = False
    layouts: tuple[str, ...] = ()
    worked: Callable[[Draw], Inputs] | None = None
    weight: str = ""

    def layout(self, index: int = 0) -> str:
        """How the arrays of a case lie in memory; "" for the usual way."""
        return self.layouts[index % len(self.layouts)] if self.layouts else ""


OTHERS = "Other numbers are asked as well."


def worked_example(check: Check, others: Callable[[Draw], Inputs]) -> Check:
    """A check of a worked example, whose numbers everybody knows, with others beside them that nobody does.

    A lecture's or a handout's example has the same numbers in every course. Alone it would be won by whoever has learned its
    answer by heart; as it is, that takes code which is right for what the course's secret draws.

    check: its ``inputs`` are the example's. others: draws further cases of the same form, ``cases`` of them.
    """
    return replace(check, sentence=f"{check.sentence} {OTHERS}", worked=check.inputs, inputs=others)


@dataclass(frozen=True)
class Exercise:
    """What a student writes (a function, a class, a method), and the checks that it must pass."""

    name: str
    title: str
    checks: tuple[Check, ...]

    @property
    def max_score(self) -> int | float:
        """Sum of the checks' points."""
        return total(check.points for check in self.checks)

    def worth(self, points: int | float) -> Exercise:
        """The same exercise worth so many points, shared among its checks as before."""
        whole = self.max_score
        shares = (replace(check, points=round(points * check.points / whole, 4)) for check in self.checks)
        return replace(self, checks=tuple(shares))


@dataclass(frozen=True)
class Topic:
    """One assignment: a module of the student's, ``<name>.py``.

    needs: libraries and limits of its own. source: what its reference is made from, where that is not written as Python.
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    needs: Needs = NO_NEEDS
    source: Source | None = None

    def __post_init__(self) -> None:
        names = [check_id for check_id, _, _ in self.checks()]
        if len(set(names)) != len(names):
            raise ValueError(f"two checks of {self.name} have the same name")

    def checks(self) -> list[tuple[str, Exercise, Check]]:
        """Every check with its identifier ``topic/exercise/check`` and its exercise, in order."""
        return [
            (f"{self.name}/{exercise.name}/{check.name}", exercise, check)
            for exercise in self.exercises
            for check in exercise.checks
        ]


def arrays_in(value: Any) -> list[np.ndarray]:
    """All arrays of a case, however deep they lie in lists and dicts."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, Mapping):
        return [array for item in value.values() for array in arrays_in(item)]
    if isinstance(value, list | tuple):
        return [array for item in value for array in arrays_in(item)]
    return []
