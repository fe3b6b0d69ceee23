"""The checks that are made from others: what shares, what writes, what keeps a list loses them, and right code does not."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from autograder.declare import (
    STEP,
    Check,
    Draw,
    Exercise,
    Inputs,
    Weight,
    direction,
    slope_claims,
    strategies,
    weighed,
    with_contract,
)
from autograder.declare.catalogue import OURS
from autograder.declare.compare import observe
from autograder.declare.script import interleaved, trace
from autograder.grading.engine import Grader
from autograder.recording.record import compared_and_measured, draw_cases
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Outcome, perform
from tests import options
from tests.conftest import submission_of

_outcome = wire.decoder(Outcome)

# One way to take an option otherwise of each topic is asked here, the first by its name's digest, and all of them in
# `make exactness`.
OTHERS = [other for topic in options.topics_asked() for other in options.others_of(topic)]
FEW = {
    min((o for o in OTHERS if o.topic == topic), key=lambda o: crc32(o.name.encode())).name for topic in options.topics_asked()
}


def scaled(draw: Draw) -> Inputs:
    return {"arrays": [strategies.values(draw, *strategies.sizes(draw, 2))], "factor": strategies.one_of(draw, (2.0, 3.0))}


def program(student: Any, arrays: list[np.ndarray], factor: float) -> dict[str, Any]:
    scaler = student.Scaler(factor)
    return {"scaled": scaler.scale(arrays)}


EXERCISE = Exercise("Scaler", "Scales arrays", (Check("value", "Each array times the factor.", scaled, program, cases=3),))
(WITH,) = with_contract((EXERCISE,))


class Right:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        return [self.factor * array for array in arrays]


class OnTheClass(Right):
    def __init__(self, factor: float) -> None:
        OnTheClass.shared: Any = None
        super().__init__(factor)

    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        OnTheClass.shared = OnTheClass.shared or [self.factor * array for array in arrays]
        return OnTheClass.shared


class OneBuffer(Right):
    buffers: dict[tuple[int, ...], np.ndarray] = {}

    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        out = self.buffers.setdefault(arrays[0].shape, np.empty(arrays[0].shape))
        out[...] = self.factor * arrays[0]
        return [out]


class ByIdentity(Right):
    known: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        (array,) = arrays
        if id(array) not in self.known:
            self.known[id(array)] = (array, self.factor * array)
        return [self.known[id(array)][1].copy()]


class ByContent(Right):
    known: dict[tuple[float, bytes], list[np.ndarray]] = {}

    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        (array,) = arrays
        return self.known.setdefault((self.factor, array.tobytes()), [self.factor * array])


class Emptying(Right):
    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        return [self.factor * arrays.pop()]


class OnlyInOrder(Right):
    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        out = np.zeros_like(arrays[0])
        out.reshape(-1)[...] = (self.factor * arrays[0]).reshape(
            -1
        )  # written into a copy, where rows are not one after another
        return [out]


class InPlace(Right):
    def scale(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        arrays[0] *= self.factor
        return [arrays[0].copy()]


def failed_by(kind: type) -> set[str]:
    """The names of the checks that a module with this class fails."""
    modules = {}
    for which, scaler in (("right", Right), ("student", kind)):
        modules[which] = ModuleType(which)
        modules[which].Scaler = scaler  # type: ignore[attr-defined]
    failed = set()
    for check in WITH.checks:
        for number, case in enumerate(draw_cases(check, seed=5)):
            script, constants, names = trace(check.program, case, check.layout(number))
            right, outcome = (
                _outcome.decode(wire.encode(perform(modules[which], script, constants))) for which in ("right", "student")
            )
            seen = observe(check, case, names, outcome, *compared_and_measured(check, right))
            if not all(observation.right for observation in seen.values()):
                failed.add(check.name)
    return failed


def test_an_exercise_gets_two_checks_of_half_a_point() -> None:
    assert [(check.name, check.points) for check in WITH.checks] == [("value", 1), ("apart", 0.5), ("memory", 0.5)]


def test_right_code_passes() -> None:
    assert failed_by(Right) == set()


@pytest.mark.parametrize("kind", [OnTheClass, OneBuffer, ByIdentity, ByContent])
def test_what_is_shared_is_seen_where_uses_take_turns(kind: type) -> None:
    assert "apart" in failed_by(kind)
    assert "memory" not in failed_by(kind) or kind is ByIdentity


def test_an_answer_that_is_handed_out_twice_is_told_so(any_grader: Grader) -> None:
    memo = "SEEN = {}\n\n\ndef tanh(x):\n    return SEEN.setdefault((x.shape, x.tobytes()), np.tanh(x))\n"
    source = OURS.reference_source("activations").replace("def tanh(x):", memo + "\n\ndef before(x):")
    (topic,) = any_grader.grade(submission_of(activations=source)).topics
    (fix,) = topic.fix_first
    assert fix.check == "activations/tanh/apart"
    assert "what the caller has written into an earlier answer" in fix.text


@pytest.mark.parametrize("kind", [Emptying, OnlyInOrder, InPlace])
def test_what_changes_or_needs_an_order_is_seen_by_memory(kind: type) -> None:
    assert "memory" in failed_by(kind)


def test_a_list_that_was_given_is_named() -> None:
    module = ModuleType("student")
    module.Scaler = Emptying  # type: ignore[attr-defined]
    script, constants, names = trace(program, {"arrays": [np.ones(2)], "factor": 2.0})
    (changed,) = perform(module, script, constants).changed
    assert names[changed] == "arrays"


def test_steps_take_turns() -> None:
    def two(student: Any) -> dict[str, Any]:
        one, other = interleaved(lambda: student.first.a, lambda: student.second.b)
        return {"one": one, "other": other}

    script, _, _ = trace(two, {})
    assert [step[3] for step in script.steps] == ["first", "second", "a", "b"]


def test_an_exercise_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no such exercise: Saler"):
        with_contract((EXERCISE,), in_place=("Saler",))


# --- a slope, and what a check is worth -----------------------------------------------------------------------------------


def slope_of(gradient: Any, factor: float = 1.0, **answers: Any) -> dict[str, tuple[bool, str]]:
    """What is claimed of a gradient of x**2 where the student's own forward is ``factor * x**2``, or gives these answers."""
    x, ends = np.array([[1.0, 2.0]]), ("forward at x + h", "forward at x - h")
    step = STEP * direction(x)
    right = {"dx": 2 * x, ends[0]: (x + step) ** 2, ends[1]: (x - step) ** 2}
    own = {"dx": gradient, **{end: factor * right[end] for end in ends}, **answers}
    claims = slope_claims({"x": x}, own, right, np.ones_like(x), {"x": "dx"})
    check = replace(WITH.checks[0], measure=lambda case, answers, right: claims, against=True)
    seen = observe(check, {}, [], Outcome(), {}, {})
    return {name: (observation.right, observation.said) for name, observation in seen.items()}


def passes(found: dict[str, tuple[bool, str]]) -> bool:
    return bool(found) and all(right for right, _ in found.values())


def test_a_gradient_is_right_or_the_slope_of_the_student_s_own_forward() -> None:
    x = np.array([[1.0, 2.0]])
    assert passes(slope_of(2 * x))
    assert passes(slope_of(2 * x, factor=1.5))
    assert passes(slope_of(3 * x, factor=1.5))
    assert not passes(slope_of(3 * x))
    assert not passes(slope_of(0 * x, factor=0.0))  # a constant and its gradient are no solution


@pytest.mark.parametrize("gradient", [None, [2.0, 4.0], np.array([2.0, 4.0]), np.float64(2.0)])
def test_a_gradient_of_another_form_is_told_as_that(gradient: Any) -> None:
    assert list(slope_of(gradient)) == ["form of dx"]
    assert not passes(slope_of(gradient))


def test_where_the_forward_gives_nothing_that_has_a_slope_only_a_right_gradient_passes() -> None:
    x = np.array([[1.0, 2.0]])
    for nothing in (None, x * np.nan, x[0], "text"):
        odd = {"forward at x + h": nothing}
        assert passes(slope_of(2 * x, **odd))
        ((right, said),) = slope_of(3 * x, **odd).values()
        assert not right
        assert "gives nothing of which it could be the slope" in said


def test_a_check_that_counts_more_has_its_reason_and_is_there() -> None:
    (made,) = weighed((WITH,), {f"{WITH.name}/{WITH.checks[0].name}": Weight(3, "It is grave.")})
    assert (made.checks[0].points, made.checks[0].weight) == (3, "It is grave.")
    assert made.checks[1:] == WITH.checks[1:]
    with pytest.raises(ValueError, match="no such check: f/none"):
        weighed((WITH,), {"f/none": Weight(2, "No.")})


@pytest.mark.parametrize(
    "other", [pytest.param(o, id=o.name, marks=[pytest.mark.exactness] * (o.name not in FEW)) for o in OTHERS]
)
def test_an_option_is_taken_as_it_is_given_and_has_the_stub_s_default(other: options.Other) -> None:
    """`h0 or 1.0` takes a 0 for none given; a default may come out of another library: each costs a point or is explained."""
    assert other.loses != (other.name in options.EXPLAINED)


def test_every_option_that_is_explained_is_one() -> None:
    assert set(options.EXPLAINED) <= {other.name for other in OTHERS}
