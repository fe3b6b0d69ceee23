"""The oracles that need no reference: the numerical gradient of the student's own forward, and calibrated statistics.

A slope: for an answer ``y = f(v)``, an upstream gradient ``u`` and a direction ``d``, the derivative of ``sum(u * y)`` along
``d`` is ``sum(u * (f(v + h d) - f(v - h d))) / (2 h)``; the student's backward pass claims that it is ``sum(dv * d)``. Two
evaluations a direction, however large v is. A gradient that is right passes as well, whatever the forward gives: a mistake in
the forward costs once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.declare.compare import form_of
from autograder.declare.strategies import direction
from autograder.declare.table import Answers, Claim, Inputs

# In float64 the truncation error of central differences is of order h^2 = 1e-10 and rounding of order 1e-16/h = 1e-11.
STEP = 1e-5
# Relative to the size of the terms of the sum; 1e-6 leaves four digits beyond the error above for sums and second
# derivatives larger than one, while a wrong gradient is off by a part in ten or more.
SLOPE_TOLERANCE = 1e-6

# A two-sided normal tail beyond 7 standard errors has probability 2.6e-12; with some thousand statistics in the course the
# chance that any of them fails a right solution is below 1e-8 for a course secret.
Z = 7.0


def slopes(forward: Callable[..., Any], **variables: np.ndarray) -> dict[str, Any]:
    """In a program: evaluate ``forward(name=array)`` at both ends of a short step in every variable, one variable at a time.

    Returns answers named ``"forward at name + h"`` and ``"forward at name - h"``, for :func:`slope_claims`. A forward that
    raises an exception gives none, and what was asked before counts all the same.
    """
    from autograder.declare.script import may_fail, snapshot

    may_fail()
    answers = {}
    for name, array in variables.items():
        step = STEP * direction(array)
        for sign, moved in (("+", array + step), ("-", array - step)):
            answers[f"forward at {name} {sign} h"] = snapshot(forward(**{**variables, name: moved}))
    return answers


def slope_claims(
    case: Inputs, answers: Answers, right: Answers, upstream: np.ndarray, gradients: Mapping[str, str]
) -> dict[str, Claim]:
    """In a measure that is ``against`` the reference's answers: gradients are right, or slopes of the student's own forward.

    gradients: for each variable's name in the case, the name of the answer that claims to be the gradient for it.
    A forward pass that does not depend on the variable has no slope: a constant with gradient zero is no solution.
    """

    def own(variable: str, claimed: str, above: str, below: str) -> dict[str, Claim]:
        along = direction(case[variable])
        rise = upstream * (answers[above] - answers[below]) / (2 * STEP)
        terms = answers[claimed] * along
        size = float(np.abs(rise).sum() + np.abs(terms).sum())
        return {
            f"slope along {variable}": Claim(float(terms.sum()), float(rise.sum()), SLOPE_TOLERANCE * max(size, 1e-3)),
            f"forward depends on {variable}": Claim(bool(np.abs(rise).max(initial=0.0) > 1e-9), True, 0),
        }

    claims: dict[str, Claim] = {}
    for variable, claimed in gradients.items():
        above, below = (f"forward at {variable} {sign} h" for sign in "+-")
        claims |= unless_right(claimed, answers, right, (above, below), partial(own, variable, claimed, above, below))
    return claims


def unless_right(
    claimed: str, answers: Answers, right: Answers, ends: tuple[str, str], own: Callable[[], dict[str, Claim]]
) -> dict[str, Claim]:
    """What is claimed of one gradient: nothing more where it is right; else what ``own`` finds out from the forward's answers.

    Who has the forward wrong pays for it there. A gradient that is right is right; so is one that is consistent with what was
    made of the forward. claimed: the gradient's name among the answers. ends: those of the forward's answers.
    """
    form = form_of(right[claimed])
    if form_of(answers[claimed]) != form:
        return {f"form of {claimed}": Claim(form_of(answers[claimed]), form, 0, holds=False)}
    size = float(np.abs(right[claimed]).max(initial=0.0))
    if np.all(np.abs(answers[claimed] - right[claimed]) <= SLOPE_TOLERANCE * max(size, 1e-3)):
        return {f"{claimed} is right or a slope": Claim(True, True, 0)}
    if any(form_of(answers.get(end)) != form_of(right[end]) or not np.all(np.isfinite(answers[end])) for end in ends):
        return {f"{claimed} is right or a slope": Claim(False, True, 0, said=NO_SLOPE)}
    return own()


NO_SLOPE = "It is not right, and the forward gives nothing of which it could be the slope."


def mean_claim(samples: np.ndarray, mean: float, std: float) -> Claim:
    """The samples' mean against the distribution's, within Z standard errors."""
    return Claim(float(samples.mean()), mean, Z * std / math.sqrt(samples.size))


def variance_claim(samples: np.ndarray, mean: float, variance: float, kurtosis: float = 3.0) -> Claim:
    """The mean square about the known mean against the variance; kurtosis 3 for a normal, 1.8 for a uniform distribution."""
    error = variance * math.sqrt((kurtosis - 1) / samples.size)
    return Claim(float(np.square(samples - mean).mean()), variance, Z * error)


def share_claim(hits: np.ndarray, probability: float) -> Claim:
    """The share of True against a probability, within Z standard errors of a binomial (plus one count for small numbers)."""
    error = math.sqrt(probability * (1 - probability) / hits.size)
    return Claim(float(hits.mean()), probability, Z * error + 1 / hits.size)
