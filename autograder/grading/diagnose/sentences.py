"""What was seen of one thing that a check looks at, in a sentence: for a report, and for the pages of known mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, Observation, form_of
from autograder.grading.diagnose.signatures import Pair, describe, is_error
from autograder.text import form_words, number, plain
from autograder.wall.inside.perform import Failure

LONGEST_ANSWER = 4000

# What is expected of something measured, where nothing was recorded but what a known mistake makes of it.
UNKNOWN = object()


def observation_words(name: str, seen: Sequence[Observation], cases: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with an observation of this name, from all cases in which it is."""
    first = seen[0]
    if first.said:
        return plain(first.said, LONGEST_ANSWER)
    if name == ERROR:
        return f"{raised_words(first.observed)}."
    if name == INPUTS:
        return f"It changes what it was given: {', '.join(first.observed)}."
    if name == WARNINGS:
        return f"NumPy warned ({plain(str(first.observed[0]))}): a number leaves float64's range on the way."
    if isinstance(first.expected, bool) and form_of(first.observed) == "bool":
        return f"{name}: {_yes(first.observed)}, and it should be {_yes(first.expected)}."
    if first.expected is UNKNOWN:
        return f"{name}: {_yes(first.observed) if form_of(first.observed) == 'bool' else 'it is not as it should be'}."
    if name.startswith("form of "):
        due = form_words(first.expected)
        return f"{name.removeprefix('form of ')}: it is {form_words(first.observed)}, where {due} is due."
    if np.any(np.asarray(first.within)):
        return f"{name}: {_measured(first)}."
    subject = "" if name == "result" else f"{name}: "
    signature = describe([Pair(o.observed, o.expected, case) for o, case in zip(seen, cases, strict=True)])
    return subject + (signature.sentence if signature else "It is not what is due.")


def _measured(seen: Observation) -> str:
    observed, expected = np.asarray(seen.observed), np.asarray(seen.expected)
    if observed.ndim == 0 and np.isfinite(observed) and abs(expected) > 1e-12:
        return f"it is {number(float(observed / expected))} times what it should be"
    if observed.ndim == 0:
        return f"it is {number(float(observed))}, and should be {number(float(expected))}"
    return "it is not within the range that chance allows"


def _yes(value: Any) -> str:
    return "yes" if bool(value) else "no"


def raised_words(kind: str) -> str:
    """That an exception was raised; the sentence may go on."""
    return f"It raises {error_name(kind)}"


def error_name(kind: str) -> str:
    """Name of an exception's type; a class of the student's own is not named, as its name may hold anything."""
    return kind if is_error(kind) else "an exception of your own"


def place_of(failure: Failure) -> str:
    """Where in the submission it was raised: the line, and of a notebook the cell, counted from 1."""
    return f"cell {failure.cell}, line {failure.line}" if failure.cell else f"line {failure.line}"
