"""How many seconds a check is given, and when it is given less: after checks that hung.

A module that hangs everywhere must not take minutes from the topics after it, and right code that is slow must not pay for
what hung before it. So the time of a check falls where its own exercise has hung, once the topic has hung a few times. In
other exercises it stays, until the topic has hung so often that nothing speaks for it any more.
"""

from __future__ import annotations

from collections import Counter

from autograder.statuses import Given
from autograder.wall.limits import Limits

# After so many hangs in a topic, the checks of an exercise that has hung are given a fifth.
PATIENCE = 3
# After so many, all checks of the topic are: with the usual five seconds it has then cost most of a minute.
MOST_HANGS = 10
# A right check takes a hundredth of its limit, so it is not touched by this either.
IMPATIENT = 0.2


# Right code in plain Python takes a millisecond or two a call; a check with hundreds of calls has time for as slow ones.
SECONDS_A_CALL = 0.05


def usual_seconds(calls: int, limits: Limits) -> float:
    """How many seconds a check of so many calls is given if nothing has happened before it: only here that is said."""
    return max(limits.call_seconds, SECONDS_A_CALL * calls)


class Patience:
    """The hangs of one topic so far: checks that were stopped when their time was over."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._hangs: Counter[str] = Counter()  # by exercise

    def given(self, exercise: str, calls: int, left: float, of: str = "submission") -> Given:
        """How long a check of so many calls may take. left: how many seconds are left of the submission, or of the topic."""
        usual = usual_seconds(calls, self._limits)
        hung = self._hangs.total()
        shorter = hung >= MOST_HANGS or (hung >= PATIENCE and self._hangs[exercise] > 0)
        given = Given(IMPATIENT * usual, usual, hung) if shorter else Given(usual, usual)
        whole = self._limits.topic_seconds if of == "topic" else self._limits.submission_seconds
        return given if given.seconds < left else Given(left, usual, whole=whole, of=of)

    def hung(self, exercise: str) -> None:
        """A check of this exercise was stopped."""
        self._hangs[exercise] += 1
