"""Slips that everybody makes, made by machine for every exercise: what is told where no known mistake explains an answer."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from autograder.declare.catalogue import OURS
from autograder.grading.diagnose.known import Named, name_misconceptions
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module
from autograder.recording.record import answers_for
from autograder.recording.slips import slips_of
from tests.proof import verdicts_in_process

SHOWN = """
import numpy as np
def scale(x, upstream, factor=3.0, flag=False):
    total = np.sum(x, axis=0, keepdims=True)
    return np.where(flag, total - x / (1 + factor), x * upstream * factor)
def scale_derivative(x, factor=3.0):
    return factor + 0.0 * x
class Kept:
    def __init__(self, rate=0.5, most=4):
        self.rate, self.most = rate, most
    def answer(self, x):
        return self.rate * x - self.most
"""


@pytest.fixture
def module() -> ModuleType:
    return make_module("shown", SHOWN)


def told(exercise: str, module: ModuleType) -> dict[str, object]:
    """What each slip of an exercise answers, by its name."""
    x, upstream = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 3.0], [5.0, 7.0]])
    found = {}
    for slip in slips_of(exercise, SHOWN, module, ["scale", "scale_derivative", "Kept"]):
        ask = (lambda: module.Kept(2.0, 7).answer(x)) if exercise == "Kept" else (lambda: module.scale(x, upstream, 2.0))
        try:
            found[slip.about.name.removeprefix(f"{exercise}: ")] = slip.answers(module, ask)  # type: ignore[arg-type]
        except Exception as error:
            found[slip.about.name.removeprefix(f"{exercise}: ")] = error
    return found


def test_a_function_is_asked_for_its_sibling_with_a_default_and_with_arguments_swapped(module: ModuleType) -> None:
    x, upstream = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 3.0], [5.0, 7.0]])
    answers = told("scale", module)
    assert np.array_equal(answers["answers of scale_derivative"], np.full((2, 2), 2.0))  # type: ignore[arg-type]
    assert np.array_equal(answers["factor ignored"], 3 * x * upstream)  # type: ignore[arg-type]
    assert np.array_equal(answers["upstream ignored"], 2 * x)  # type: ignore[arg-type]
    assert np.array_equal(answers["a factor left out"], x * upstream)  # type: ignore[arg-type]


def test_a_class_is_made_with_a_default_and_with_arguments_swapped(module: ModuleType) -> None:
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    answers = told("Kept", module)
    assert np.array_equal(answers["rate ignored"], 0.5 * x - 7)  # type: ignore[arg-type]
    assert np.array_equal(answers["rate and most swapped"], 7 * x - 2)  # type: ignore[arg-type]


def test_what_a_slip_replaces_is_as_it_was_afterwards(module: ModuleType) -> None:
    before = dict(vars(module)), dict(vars(module.Kept))
    for exercise in ("scale", "Kept"):
        told(exercise, module)
    assert (dict(vars(module)), dict(vars(module.Kept))) == before


def named_for(exercise: str, body: str) -> list[Named]:
    """What is named for an exercise of activations whose function has this body."""
    right = OURS.reference_source("activations")
    source = right.replace(f"def {exercise}(x):", f"def {exercise}(x):\n    {body}\n\n\ndef _right(x):")
    assert source != right
    answers = answers_for("activations", DEFAULT_SECRET)
    found = name_misconceptions(answers, verdicts_in_process("activations", make_module("activations", source), answers))
    return [named for named in found if named.misconception.exercise == exercise]


def test_a_slip_is_told_where_its_answers_are_the_students_and_nothing_else_is_wrong() -> None:
    (named,) = named_for("selu", "return softplus(x)")
    assert (named.made, named.misconception.name) == (True, "selu: answers of softplus")
    assert named.misconception.text == "Your answers are those of softplus, and not of selu."


def test_another_wrong_answer_in_the_exercise_contradicts_a_slip() -> None:
    assert named_for("selu", "return softplus(x) if x.size > 1 else softplus(x) + 1") == []


def test_a_slip_that_answers_as_a_known_mistake_does_is_that_mistake() -> None:
    (named,) = named_for("linear_derivative", "return x.copy()")
    assert (named.made, named.misconception.name) == (False, "linear_derivative_returns_x")


def test_a_0_that_is_taken_for_none_given_has_its_default_s_answers_there_alone(module: ModuleType) -> None:
    x, upstream = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 3.0], [5.0, 7.0]])
    (slip,) = [s for s in slips_of("scale", SHOWN, module, ["scale"]) if s.about.name == "scale: factor of 0 ignored"]
    zero, two = slip.answers(module, lambda: [module.scale(x, upstream, factor) for factor in (0.0, 2.0)])
    assert np.array_equal(zero, 3 * x * upstream)
    assert np.array_equal(two, 2 * x * upstream)
    assert "where factor is given as 0" in slip.about.text
    (slip,) = [s for s in slips_of("Kept", SHOWN, module, ["Kept"]) if s.about.name == "Kept: rate of 0 ignored"]
    assert np.array_equal(slip.answers(module, lambda: module.Kept(0.0, 7).answer(x)), 0.5 * x - 7)  # type: ignore[arg-type]
