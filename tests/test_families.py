"""A number that stands where another one belongs is found from the answers, and told; nothing is found where two are wrong."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from autograder.declare.catalogue import OURS
from autograder.grading.diagnose.known import Named, name_misconceptions
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.families import OF_A_NUMBER, form_through, numbers_of
from autograder.recording.misconceptions import make_module
from autograder.recording.record import answers_for
from autograder.recording.slips import answers_with
from tests.proof import verdicts_in_process

ACTIVATIONS = "activations"
# Families whose number is found anew here, with a number of their own each; `make exactness` takes all of these topics.
FEW, SEED = 6, 12
TOPICS = ("activations", "losses", "schedules")
# What every call is given one of, and no option: that it has no say is told by other sentences.
NEVER_FIXED = ("step fixed", "value fixed", "learning_rate fixed")


def named_with(*changes: tuple[str, str]) -> dict[str, Named]:
    """What is named in activations, by the exercise, where the right code is changed so."""
    source = OURS.reference_source(ACTIVATIONS)
    for right, wrong in changes:
        assert right in source
        source = source.replace(right, wrong)
    answers = answers_for(ACTIVATIONS, DEFAULT_SECRET)
    verdicts = verdicts_in_process(ACTIVATIONS, make_module(ACTIVATIONS, source), answers)
    return {named.misconception.exercise: named for named in name_misconceptions(answers, verdicts)}


def test_a_constant_that_was_rounded_is_told_with_its_number() -> None:
    named = named_with(("SELU_ALPHA = 1.6732632423543772", "SELU_ALPHA = 1.6733"))
    assert named.keys() == {"selu", "selu_derivative"}
    assert named["selu"].misconception.text == (
        "Your answers are those of the right formula with 1.6733 where another number belongs."
    )
    assert named["selu"].unexplained == frozenset()


def test_an_option_that_stands_fixed_is_told_with_its_number() -> None:
    named = named_with(("np.where(x > 0, x, negative_slope * x)", "np.where(x > 0, x, 0.37 * x)"))
    assert named["leaky_relu"].misconception.text == "Your answers are those for negative_slope = 0.37, whatever is given."


def test_where_two_numbers_are_wrong_or_one_changes_with_the_input_none_is_told() -> None:
    assert "selu" not in named_with(
        ("SELU_ALPHA = 1.6732632423543772", "SELU_ALPHA = 1.7"), ("SELU_SCALE = 1.05", "SELU_SCALE = 1.06")
    )
    assert "leaky_relu" not in named_with(
        ("np.where(x > 0, x, negative_slope * x)", "np.where(x > 0, x, (0.37 if x.size > 4 else 0.38) * x)")
    )


@pytest.mark.parametrize(
    ("name", "of"), [("number", lambda c: c), ("logarithm", np.log), ("root", np.sqrt), ("inverse", lambda c: 1 / c)]
)
def test_answers_are_in_proportion_to_a_function_of_the_number(name: str, of: object) -> None:
    rows = [np.array([3.0, 2.0 - of(c), 5.0 * of(c) + 1.0]) for c in OF_A_NUMBER]  # type: ignore[operator]
    assert form_through(OF_A_NUMBER, rows, fixed=True) == name


def test_a_mere_factor_is_no_number_of_the_formula_and_a_bend_is_none_either() -> None:
    assert form_through(OF_A_NUMBER, [c * np.array([1.0, 2.0]) for c in OF_A_NUMBER], fixed=True) == ""
    assert form_through(OF_A_NUMBER, [np.array([1.0, np.exp(c)]) for c in OF_A_NUMBER], fixed=True) == ""


@pytest.mark.parametrize(("topic", "least"), [("activations", 15), ("schedules", 25)])
def test_many_exercises_have_numbers_that_can_be_found(topic: str, least: int) -> None:
    assert len(answers_for(topic, DEFAULT_SECRET).record.families) >= least


def families() -> list[object]:
    """A few families of these topics, all of them in `make exactness`."""
    everything = [(topic, exercise.name) for topic in TOPICS for exercise in OURS.topic(topic).exercises]
    few = random.Random(SEED).sample(everything, 2 * FEW)
    return [pytest.param(*one, id="-".join(one), marks=[pytest.mark.exactness] * (one not in few)) for one in everything]


@pytest.mark.parametrize(("topic", "exercise"), families())
def test_whichever_number_stands_there_is_the_one_that_is_told(topic: str, exercise: str) -> None:
    """Where a known mistake or a slip has the same answers, that is told. No other number ever is."""
    answers = answers_for(topic, DEFAULT_SECRET)
    source = OURS.reference_source(topic)
    module = make_module(topic, source)
    own = {check.id for check in answers.record.checks if check.id.split("/")[1] == exercise}
    known = {family.name for family in answers.record.families}
    for number in numbers_of(exercise, source, module):
        if f"{exercise}: {number.name}" not in known or number.name in NEVER_FIXED:
            continue
        value = float(f"{number.values[0] * random.Random(number.name).uniform(1.1, 1.4):.4g}")
        made = number.make(value)
        verdicts = answers_with(number.place, made, module, lambda: verdicts_in_process(topic, module, answers, own))
        told = [named.misconception.text for named in name_misconceptions(answers, verdicts)]
        assert told, number.name
        for found in (re.search(r"formula with (\S+) where|= (\S+), whatever", text) for text in told):
            assert found is None or float(found[1] or found[2]) in (value, *known_numbers(number.name))


def known_numbers(name: str) -> tuple[float, ...]:
    """What a slip that takes an option for its default, 0 or 1 may tell as well."""
    return () if name.startswith("number") else (0.0, 1.0)
