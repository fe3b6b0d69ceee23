"""Finds the number that stands in a submission where another one belongs, from all answers of an exercise at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.declare.source import Family, Misconception
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers
from autograder.recording.families import CHANGES, FORMS, Case, compared, flat, in_a_row

# One answer that depends on the number says which one it is, and another one confirms it.
FEWEST_ANSWERS = 2
# Whoever writes a number writes so many digits of it at most. What is found has some nine that are right, so that one with
# more digits than that is told from a round one.
DIGITS = 6
_FOUND = 1e-7
# What is found is held against every answer, which may come from another order of computing.
_ALIKE = (1e-9, 1e-12)  # relative, absolute


@dataclass(frozen=True)
class _Line:
    """What a check's answers are in all its cases, and what they are for a family's two numbers."""

    answered: np.ndarray
    first: np.ndarray
    second: np.ndarray


def with_a_number(
    family: Family, answers: Answers, seen: Mapping[str, Verdict], failing: set[tuple[str, str]]
) -> Misconception | None:
    """What is told of a family where all that its exercise answers is what one number in it answers; else None.

    failing: the checks of the exercise, and the names of their answers, that are wrong.
    """
    lines: list[_Line] = []
    given: set[str] = set()
    for check_id in [each.id for each in answers.record.checks if each.id in seen]:
        varied = (answers.part(check_id, "families") or {}).get(family.name)
        names = {name for check, name in failing if check == check_id}
        if varied is None:
            if names:
                return None  # it does not depend on the number, and is wrong
            continue
        expected = compared(seen[check_id].check, answers.part(check_id, "expected"))
        # What is measured is no number of an answer's; that it is wrong, too, is all that is known of it.
        measured = {name for case in varied[1] for name in case}
        if not names <= measured | {name for case in expected for name, due in case.items() if flat(due) is not None}:
            return None
        line = _line(expected, varied, seen[check_id])
        if line is None:
            return None
        lines.append(line)
        given.update(value for case in seen[check_id].cases for value in _given(case, family.option))
    number = _number(family, lines)
    # Where an option is always given in one size, nothing says that it has no say; and the right number is not what is wrong.
    if number is None or (len(given) < 2 if family.option else number == family.first):
        return None
    return Misconception(family.name, family.exercise, family.text.format(f"{number:g}"), family.look)


def _line(expected: Sequence[Case], varied: tuple[Sequence[Case], ...], verdict: Verdict) -> _Line | None:
    answered = list(_answered(expected, verdict))
    if len(answered) < len(expected):
        return None
    rows = [in_a_row(expected, case) for case in (answered, *varied)]
    return None if any(row is None for row in rows) else _Line(*rows)  # type: ignore[arg-type]


def _answered(expected: Sequence[Case], verdict: Verdict) -> Iterator[Case]:
    """What a submission answers in each case, up to one that ended in an error."""
    for due, observations in zip(expected, verdict.observations, strict=False):
        if not due.keys() <= observations.keys():
            return
        yield {name: observations[name].observed for name in due}


def _given(case: Mapping[str, object], option: str) -> Iterator[str]:
    """What is given for an option in a case, by itself or among settings."""
    for name, value in case.items():
        if name == option:
            yield repr(value)
        elif isinstance(value, Mapping):
            yield from _given(value, option)


def _number(family: Family, lines: list[_Line]) -> float | None:
    if not lines:
        return None
    answered, first, second = (
        np.concatenate([getattr(line, name) for line in lines]) for name in ("answered", "first", "second")
    )
    finite = np.isfinite(first) & np.isfinite(second)
    if not np.array_equal(answered[~finite], first[~finite], equal_nan=True):
        return None
    answered, first, second = answered[finite], first[finite], second[finite]
    change = second - first
    changes = np.abs(change) > CHANGES * np.maximum(np.abs(first), np.abs(second))
    if changes.sum() < FEWEST_ANSWERS or not np.isfinite(answered).all():
        return None
    of, number_of = FORMS[family.form]
    low, high = of(family.first), of(family.second)
    size = np.abs(answered) + np.abs(first) + np.abs(change)
    best = int(np.argmax(np.divide(np.abs(change), size, out=np.zeros_like(size), where=changes)))
    try:
        exact = number_of(low + float((answered[best] - first[best]) / change[best]) * (high - low))
        number = float(f"{exact:.{DIGITS}g}") if abs(exact) > _FOUND**2 else 0.0
        share = (of(number) - low) / (high - low)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    if abs(exact - number) > _FOUND * abs(exact) + _FOUND**2:
        return None
    return number if np.allclose(answered, first + share * change, *_ALIKE) else None
