"""The commonest messages of Python and NumPy are explained in a sentence, which each slip here truly meets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.grading.diagnose.meanings import MEANINGS, meaning_of
from autograder.grading.diagnose.messages import known_words
from autograder.grading.engine import Grader
from tests.conftest import submission_of


class Layer:
    def build() -> None:  # type: ignore[misc]
        """A method without self."""


def assigned_later() -> float:
    total = rate * 2.0  # type: ignore[has-type]  # noqa: F821
    rate = 1.0  # noqa: F841
    return total


def without_end(n: int) -> int:
    return without_end(n)


def changed_in_place(array: Any, value: Any) -> None:
    array += value


X, Y, LABELS = np.array([[1.0, -2.0], [3.0, 4.0], [5.0, 6.0]]), np.ones(3), np.array([0.0, 1.0])
READ_ONLY = np.broadcast_to(1.0, (2,))
# What a student writes, and a part of what is said of the message that it brings.
SLIPS = {
    "x if x > 0 else 0": "NumPy's `where`",
    "max(0, x)": "`maximum`",
    "x ^ 2": "a power is written `**`",
    "2.0 ^ 2.0": "a power is written `**`",
    "x > 0 & x < 1": "brackets of its own",
    "np.max(0, x)": "np.maximum(a, b)",
    "np.concatenate(x, x)": "np.concatenate([a, b])",
    "np.zeros(3, 2)": "one tuple",
    "math.exp(x)": "`np.exp`",
    "x(0)": "square ones",
    "x.T()": "`.T`",
    "2(3)": "`*`",
    "x.sum / 3": "`x.sum()`",
    "x.sum[0]": "`x.sum()`",
    "[].append(1) + x": "without `return`",
    "np.log(None)": "without `return`",
    "[1.0, 2.0].shape": "`np.asarray`",
    "[1.0] * 2.5": "repeats",
    "[1.0] - [2.0]": "calculated with",
    "x.shape + 1": "one behind the other",
    "changed_in_place(np.zeros(2, int), 0.5)": "no fractions",
    "changed_in_place(READ_ONLY, 1.0)": "x.copy()",
    "x + y": "from the right",
    "x @ y": "equally long",
    "np.dot(x, y)": "equally long",
    "x @ 3": "a single number",
    "x[0, 0, 0]": "one axis more",
    "x[LABELS]": "`.astype(int)`",
    "x[2 / 1]": "`//`",
    "range(6 / 2)": "`//`",
    "[[1.0]][0, 0]": "`x[i, j]`",
    "range(x.shape)": "`x.shape[0]`",
    "np.sum(x, axis=2)": "counted from 0",
    "x[3]": "n - 1",
    "np.mean(x, 1, keepdim=True)": "with an s",
    "np.sum(x, dim=1)": "`axis`",
    "sum(x, axis=1)": "`np.sum`",
    "x.exp()": "`np.exp(x)`",
    "x.append(1)": "does not grow",
    "x.len()": "`len(x)`",
    "x.unsqueeze(0)": "another library's",
    "without_end(1)": "without an end",
    "assigned_later()": "is its own in all of it",
    "Layer().build(1)": "`self`",
    "np.array([[1.0, 2.0], [3.0]])": "equally long",
    "np.zeros(2).__setitem__(0, [1.0, 2.0])": "given several",
    "x.sum()[0]": "has no entries",
    "list(3)": "`range(n)`",
    "x[y > 0, 0][np.array([True])]": "A mask",
    "exp(x)": "`np.exp(x)`",
    "kernel @ x": "`self.name`",
    "eval('np.exp(1)', {})": "`import numpy as np`",
    "eval('math.exp(1)', {})": "`import math`",
    "self.rate": "first argument of a method",
    # Of these NumPy warns, where it is not told to raise.
    "np.exp(710 * y)": "`np.where`",
    "np.square(1e200 * y)": "inf stands in its place",
    "np.log(0 * y)": "is -inf",
    "y / (0 * y)": "becomes inf",
    "np.log(-y)": "negative number",
    "np.sqrt(-y)": "root",
    "(0 * y) / (0 * y)": "0 / 0",
    "np.inf - np.inf * y": "inf - inf",
    "np.inf * (0 * y)": "0 times inf",
    "(-y) ** 0.3": "no whole number",
}
WARNED = "encountered in"


def message_of(slip: str) -> str:
    names = {"np": np, "math": math, "x": X, "y": Y, "LABELS": LABELS, "READ_ONLY": READ_ONLY, **globals()}
    try:
        with np.errstate(all="raise"):
            eval(slip, names)
    except Exception as error:
        return str(error)
    raise AssertionError(f"{slip} raises nothing")


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.filterwarnings("ignore")
def test_what_a_slip_brings_is_explained(slip: str) -> None:
    assert SLIPS[slip] in meaning_of(message_of(slip).strip())


@pytest.mark.filterwarnings("ignore")
def test_every_meaning_is_met_by_a_slip() -> None:
    met = {meaning_of(message_of(slip).strip()) for slip in SLIPS}
    assert {meaning for _, meaning in MEANINGS} <= met


@pytest.mark.filterwarnings("ignore")
def test_what_is_explained_is_told_of_hidden_checks_too_unless_a_name_of_the_students_stands_in_it() -> None:
    untold = {slip for slip in SLIPS if WARNED not in message_of(slip) and not known_words(message_of(slip))}
    assert untold == {
        "assigned_later()",
        "Layer().build(1)",
        "exp(x)",
        "kernel @ x",
        "self.rate",
        "eval('np.exp(1)', {})",
        "eval('math.exp(1)', {})",
    }


def test_a_report_says_what_a_message_means(any_grader: Grader) -> None:
    source = "def mean_squared_error(y_true, y_pred):\n    return ((y_pred - y_true) ^ 2).mean()\n"
    checks = [
        check
        for exercise in any_grader.grade(submission_of(losses=source)).topics[0].exercises
        for check in exercise.checks
        if exercise.name == "mean_squared_error" and check.diagnosis and "line 2" in check.diagnosis.text
    ]
    assert {check.public for check in checks} == {True, False}
    assert all("In Python `^` is the exclusive or of bits" in check.diagnosis.text for check in checks if check.diagnosis)
