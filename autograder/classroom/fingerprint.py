"""What was observed wrong in a check, as a short text that is the same for two students who answer alike.

A fingerprint tells nothing about the answers; it only tells alike from different. It is made where submissions are graded, as
a report does not hold what was answered.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, Observation, form_of
from autograder.grading.judge import Verdict

# Codes that make the same mistake differ by rounding, some 1e-14; other mistakes differ by far more than a millionth.
RESOLUTION = 1e-6
# Below this a number is a zero that rounding left behind: inputs are of the size of 1, and their rounding is 1e-16.
ZERO = 1e-9
# Up to here a float holds every whole number, and 3 and 3.0 are one answer.
LARGEST_WHOLE = 2**53
# Where the steps of the rounding lie. Numbers of exercises are made of ones, halves and thirds, and so are all natural
# steps: one that lies an irrational part beside them has no honest number on its edge, where rounding noise would decide.
BESIDE = (math.sqrt(5) - 1) / 2
# What is measured may be random. A measure's width is seven standard errors, so that two students' draws of one
# distribution fall into one step of four widths but once in thirty times.
MEASURED_STEP = 4
# Sixteen hexadecimal digits: a thousand students with a thousand checks each share none by chance (3e-8).
DIGITS = 16
# That something fails, warns or changes its input is shared by many mistakes; whoever does only that is in no group.
WEAK = (ERROR, INPUTS, WARNINGS)


def fingerprint(verdict: Verdict) -> str:
    """Of all that was observed wrong, input for input; empty where no value was: the check passed, or nothing came of it."""
    if verdict.status != "failed" or all(name in WEAK for name in verdict.wrong):
        return ""
    digest = hashlib.sha256()
    for index, seen in enumerate(verdict.observations):
        for name, observation in seen.items():
            if not observation.right:
                digest.update(f"{index} {name} ".encode("utf-8", "replace"))
                for token in _tokens(observation):
                    digest.update(token)
    return digest.hexdigest()[:DIGITS]


def _tokens(observation: Observation) -> Iterator[bytes]:
    within = np.asarray(observation.within)
    if not within.any():
        yield from _of(observation.observed)
        return
    try:
        observed = np.asarray(observation.observed, dtype=np.float64)
        with np.errstate(all="ignore"):
            steps = np.floor(observed / (MEASURED_STEP * within) + BESIDE)
        yield np.nan_to_num(steps, nan=np.inf).tobytes()
    except (TypeError, ValueError):
        yield from _of(observation.observed)


def _of(value: Any) -> Iterator[bytes]:
    yield repr(form_of(value)).encode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        yield _of_array(value)
    elif isinstance(value, float | complex) or (type(value) is int and abs(value) < LARGEST_WHOLE):
        yield _of_array(np.asarray(value * 1.0))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield repr(key).encode("utf-8", "replace")
            yield from _of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _of(item)
    elif isinstance(value, bool | int | str):
        yield repr(value).encode("utf-8", "replace")


def _of_array(values: np.ndarray) -> bytes:
    """Numbers to the millionth part of each, however small or large it is; whole numbers and truths as they are."""
    if values.dtype.kind not in "fc":
        return values.tobytes()
    if values.dtype.kind == "c":
        return _of_array(values.real) + _of_array(values.imag)
    with np.errstate(all="ignore"):  # a NaN of half precision may not be a quiet one
        plain = values.astype(np.float64).ravel()
    kinds = np.where(np.isnan(plain), 3, np.where(np.isinf(plain), 2, 1)) * np.sign(np.nan_to_num(plain, nan=1.0))
    with np.errstate(all="ignore"):
        size = np.abs(plain)
        regular = np.isfinite(plain) & (size > ZERO)
        steps = np.floor(np.log(np.where(regular, size, 1.0)) / RESOLUTION + BESIDE).astype(np.int64)
    kinds = np.where(np.isfinite(plain) & ~regular, 0, kinds)
    return kinds.astype(np.int8).tobytes() + steps.tobytes()
