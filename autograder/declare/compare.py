"""Holds what came over the wall against what was expected: an observation for each thing that a check looks at."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from autograder.declare.table import Check, Claim, Tolerance
from autograder.text import Form
from autograder.wall.inside.perform import Outcome
from autograder.wall.inside.wire import Foreign

log = logging.getLogger("autograder")

# Names of what every check looks at beside its answers.
ERROR = "(error)"
INPUTS = "(inputs)"
WARNINGS = "(warnings)"


class Observation(msgspec.Struct, frozen=True):
    """One thing seen in one case: what it was, what it should be, and whether that is right.

    A struct, since a submission makes a thousand of them, and a frozen dataclass takes ten times as long.
    """

    observed: Any
    expected: Any
    right: bool
    within: Any = 0.0
    said: str = ""  # in words, where the check has its own


def form_of(value: Any) -> Form:
    """What a value is made of, without its numbers: type, dtype, shape. A 0-d array and a NumPy scalar are numbers.

    >>> form_of([1.0, np.zeros((2, 3))])
    ['number', 'float64 array of shape (2, 3)']
    """
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return "bool" if value.dtype.kind == "b" else "complex number" if value.dtype.kind == "c" else "number"
        return f"{value.dtype.name} array of shape {value.shape}"
    if isinstance(value, list | tuple):
        return [form_of(item) for item in value]
    if isinstance(value, Mapping):
        return {key: form_of(item) for key, item in value.items()}
    if value is None:
        return "None"
    if isinstance(value, Foreign):
        return f"object of type {value.type_name}"
    return {bool: "bool", str: "text"}.get(type(value), "number")


def agree(observed: Any, expected: Any, tolerance: Tolerance) -> bool:
    """Whether an answer is the expected one: same form, and every number within the tolerance; NaN only where NaN is due."""
    if isinstance(expected, np.ndarray) and expected.ndim:
        if not isinstance(observed, np.ndarray) or observed.shape != expected.shape or observed.dtype != expected.dtype:
            return False
        return close(observed, expected, tolerance)
    if isinstance(expected, list | tuple):
        return (
            isinstance(observed, list | tuple)
            and len(observed) == len(expected)
            and all(agree(o, e, tolerance) for o, e in zip(observed, expected, strict=True))
        )
    if isinstance(expected, Mapping):
        return (
            isinstance(observed, Mapping)
            and observed.keys() == expected.keys()
            and all(agree(observed[key], expected[key], tolerance) for key in expected)
        )
    if form_of(observed) != form_of(expected):
        return False
    if form_of(expected) == "number":
        return close(np.asarray(observed), np.asarray(expected), tolerance)
    if isinstance(expected, np.ndarray) or isinstance(observed, np.ndarray):
        return bool(np.asarray(observed).item() == np.asarray(expected).item())
    return bool(observed == expected)


def close(observed: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> bool:
    """Whether arrays of one shape agree within the tolerance; equal infinities agree, and NaN with NaN."""
    if observed.dtype == expected.dtype and observed.tobytes() == expected.tobytes():
        return True  # as most right answers are, at a tenth of what the rest costs
    if expected.dtype.kind not in "fc":
        return bool(np.array_equal(observed, expected))
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(expected).all():  # the common case, as allclose has it, at a third of what that costs
            gap = np.abs(observed - expected)
            return bool((gap <= tolerance.absolute + tolerance.relative * np.abs(expected)).all())
        return bool(np.allclose(observed, expected, tolerance.relative, tolerance.absolute, equal_nan=True))


def observe(
    check: Check,
    case: Mapping[str, Any],
    names: list[str],
    outcome: Outcome,
    expected: Mapping[str, Any],
    forms: Mapping[str, Form],
) -> dict[str, Observation]:
    """Everything that a check looks at in one case, by name.

    expected: the answers to compare with. forms: the forms of the answers that are measured. names: of the case's arrays.
    An error ends a case, so it is then all that is seen.
    """
    if outcome.failure is not None:
        return {ERROR: Observation(outcome.failure.kind, None, False)}
    seen: dict[str, Observation] = {}
    for name, value in () if check.against else expected.items():
        answer = outcome.outputs.get(name)
        seen[name] = Observation(answer, value, name in outcome.outputs and agree(answer, value, check.tolerance))
    well_formed = True
    for name, form in forms.items():
        answer_form = form_of(outcome.outputs.get(name))
        if answer_form != form:
            well_formed = False
            seen[f"form of {name}"] = Observation(answer_form, form, False)
    if check.measure is not None and well_formed:
        seen.update(_measured(check, case, outcome.outputs, expected))
    if check.untouched:
        changed = sorted(names[i] for i in outcome.changed if i < len(names) and names[i])
        seen[INPUTS] = Observation(changed, [], not changed)
    if check.quiet:
        # Other categories are none of the exercise's business: a DeprecationWarning says nothing about a number.
        numeric = [warning for warning in outcome.warnings if warning == "RuntimeWarning"][:1]
        seen[WARNINGS] = Observation(numeric, [], not numeric, said=_numpy_words(outcome.numpy) if numeric else "")
    return seen


# The names of NumPy's functions of numbers, for a pattern. Not by dir, which names modules that are loaded when looked at.
UFUNCS = "|".join(sorted(name for name, value in vars(np).items() if isinstance(value, np.ufunc)))
_WARNED = re.compile(
    rf"(?P<what>overflow|underflow|divide by zero|invalid value) encountered in (?:scalar )?(?P<where>{UFUNCS}|dot|reduce)"
    r"(?P<at> at (?:cell \d{1,3}, )?line \d{1,5})?"
)


def _numpy_words(said: str) -> str:
    """A sentence of NumPy's own words, as far as they are; what else a worker says may hold anything."""
    told = _WARNED.fullmatch(said)
    return f"NumPy warned{told['at'] or ''}: {told['what']} encountered in {told['where']}." if told else ""


def _measured(
    check: Check, case: Mapping[str, Any], outputs: Mapping[str, Any], expected: Mapping[str, Any]
) -> dict[str, Observation]:
    """What a measure finds. Whatever crosses the wall is right or wrong: an answer on which a measure fails is no right one.

    The reference's own answers are measured before anybody's, when answers are recorded.
    """
    try:
        with np.errstate(all="ignore"):
            claims = check.measure(case, outputs, *([expected] if check.against else []))  # type: ignore[misc]
            return {name: _weigh(claim) for name, claim in claims.items()}
    except Exception:
        log.debug("%s cannot be measured", check.name, exc_info=True)
        return {"answers": Observation("not to be measured", "measured", False, said=NOT_MEASURED)}


NOT_MEASURED = "What it gives is of another kind than what is asked for, so that nothing can be measured in it."


def _weigh(claim: Claim) -> Observation:
    observed, expected = claim.observed, claim.expected
    if claim.holds is not None:
        return Observation(observed, expected, claim.holds, 0.0, claim.said)
    if isinstance(expected, bool | str):
        return Observation(observed, expected, bool(observed == expected), 0.0, claim.said)
    with np.errstate(invalid="ignore", over="ignore"):
        right = np.shape(observed) == np.shape(expected) and bool(
            np.all((np.abs(np.subtract(observed, expected)) <= claim.within) | (np.asarray(observed) == expected))
        )
    return Observation(observed, expected, right, claim.within, claim.said)


# Of what a statistic may be off, which is seven standard errors: two samples of one distribution are so near in nine of ten
# cases, and a variance of .8 is told from one of .774. Whoever draws as a known mistake does has its very numbers.
NEAR = 0.3


def is_one_number(value: Any) -> bool:
    """Whether a value is a single number, and no array, list or text: what may be one statistic."""
    return isinstance(value, int | float | np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)


def alike(observed: Any, mistaken: Any, right: Observation, tolerance: Tolerance) -> bool:
    """Whether a student's observation is a misconception's: as close to it as a right answer would be to the right one.

    One statistic must be closer, as several mistakes have nearly the same. Exact otherwise; and never where the two could be
    the right answer as well.
    """
    width = np.asarray(right.within) * (NEAR if is_one_number(observed) else 1)
    if width.any():
        try:
            if np.shape(observed) != np.shape(mistaken):
                return False
            near = (np.abs(np.subtract(observed, mistaken)) <= width) | (np.asarray(observed) == mistaken)
            return bool(np.all(near | (np.isnan(observed) & np.isnan(mistaken))))
        except (TypeError, ValueError):  # a text, or lists of unequal length: these are no numbers
            return False
    return agree(observed, mistaken, tolerance)
