"""The oracles that need no reference: the numerical gradient of the student's own forward, and calibrated statistics.

A slope: for an answer ``y = f(v)``, an upstream gradient ``u`` and a direction ``d``, the derivative of ``sum(u * y)`` along
``d`` is ``sum(u * (f(v + h d) - f(v - h d))) / (2 h)``; the student's backward pass claims that it is ``sum(dv * d)``. Two
evaluations a direction, however large v is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

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

    Returns answers named ``"forward at name + h"`` and ``"forward at name - h"``, for :func:`slope_claims`.
    """
    from autograder.declare.script import snapshot

    answers = {}
    for name, array in variables.items():
        step = STEP * direction(array)
        for sign, moved in (("+", array + step), ("-", array - step)):
            answers[f"forward at {name} {sign} h"] = snapshot(forward(**{**variables, name: moved}))
    return answers


def slope_claims(case: Inputs, answers: Answers, upstream: np.ndarray, gradients: Mapping[str, str]) -> dict[str, Claim]:
    """In a measure: hold the student's gradients against the slopes of the student's own forward.

    gradients: for each variable's name in the case, the name of the answer that claims to be the gradient for it.
    A forward pass that does not depend on the variable fails: a constant with gradient zero is no solution.
    """
    claims = {}
    for variable, claimed in gradients.items():
        along = direction(case[variable])
        rise = upstream * (answers[f"forward at {variable} + h"] - answers[f"forward at {variable} - h"]) / (2 * STEP)
        terms = answers[claimed] * along
        size = float(np.abs(rise).sum() + np.abs(terms).sum())
        claims[f"slope along {variable}"] = Claim(float(terms.sum()), float(rise.sum()), SLOPE_TOLERANCE * max(size, 1e-3))
        claims[f"forward depends on {variable}"] = Claim(bool(np.abs(rise).max(initial=0.0) > 1e-9), True, 0)
    return claims


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
