"""How many seconds a check is given, and when it is given less: after checks that hung.

A module that hangs everywhere must not take minutes from the topics after it, and right code that is slow must not pay for
what hung before it. So the time of a check falls where its own exercise has hung, once the topic has hung a few times. In
other exercises it stays, until the topic has hung so often that nothing speaks for it any more.
"""

from __future__ import annotations

from collections import Counter

from autograder.declare.table import Check
from autograder.statuses import Given
from autograder.wall.limits import Limits

# After so many hangs in a topic, the checks of an exercise that has hung are given a fifth.
PATIENCE = 3
# After so many, all checks of the topic are: with the usual five seconds it has then cost most of a minute.
MOST_HANGS = 10
# A right check takes a hundredth of its limit, so it is not touched by this either.
IMPATIENT = 0.2


def usual_seconds(check: Check, limits: Limits) -> float:
    """How many seconds a check is given if nothing has happened before it: the one place that says so."""
    return limits.call_seconds


class Patience:
    """The hangs of one topic so far: checks that were stopped when their time was over."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._hangs: Counter[str] = Counter()  # by exercise

    def given(self, exercise: str, check: Check, left: float, of: str = "submission") -> Given:
        """How long this check may take. left: how many seconds are left of the submission's, or of the topic's."""
        usual = usual_seconds(check, self._limits)
        hung = self._hangs.total()
        shorter = hung >= MOST_HANGS or (hung >= PATIENCE and self._hangs[exercise] > 0)
        given = Given(IMPATIENT * usual, usual, hung) if shorter else Given(usual, usual)
        whole = self._limits.topic_seconds if of == "topic" else self._limits.submission_seconds
        return given if given.seconds < left else Given(left, usual, whole=whole, of=of)

    def hung(self, exercise: str) -> None:
        """A check of this exercise was stopped."""
        self._hangs[exercise] += 1
