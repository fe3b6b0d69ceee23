"""What a check is worth beside the usual point, and why: one table a topic.

A check is a point, so that an exercise with many checks makes each of its mistakes cheap, the grave ones too. What a teacher
would not let pass for a twelfth of an exercise is declared here with the reason, and counts more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograder.declare.table import Exercise


@dataclass(frozen=True)
class Weight:
    """Points of a check, and why it has them."""

    points: int | float
    why: str


def weighed(exercises: tuple[Exercise, ...], weights: Mapping[str, Weight]) -> tuple[Exercise, ...]:
    """These exercises with other points for the checks that are named, each as ``exercise/check``."""
    known = {f"{exercise.name}/{check.name}" for exercise in exercises for check in exercise.checks}
    if unknown := set(weights) - known:
        raise ValueError(f"no such check: {', '.join(sorted(unknown))}")
    found = []
    for exercise in exercises:
        own = {check.name: weights.get(f"{exercise.name}/{check.name}") for check in exercise.checks}
        checks = (
            replace(check, points=weight.points, weight=weight.why) if (weight := own[check.name]) else check
            for check in exercise.checks
        )
        found.append(replace(exercise, checks=tuple(checks)))
    return tuple(found)
