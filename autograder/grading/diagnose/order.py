"""The order in which causes are told: a missing return, then what others call, then the handout's; and what follows from one.

What nothing sees but a check that asks for everything at once comes behind what plainer ones see. Points have no say in it.
The mistake from which five exercises follow may itself cost one point, and whoever mends another of the six first mends
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from autograder.declare.compare import WARNINGS, form_of
from autograder.grading.diagnose.known import Named, is_part, users_of
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers
from autograder.report import Fix
from autograder.statuses import GOOD, OPEN

# An exception and where it was raised: its kind, the line, the cell of a notebook.
Raised = tuple[str, int, int]


def follows_from_name(named: Named, verdicts: Iterable[Verdict]) -> list[str]:
    """Exercises other than its own in which all that is wrong, in every failing check, is what the misconception answers."""
    return [
        exercise
        for exercise, failed in _failing(verdicts).items()
        if exercise != named.misconception.exercise
        and all(verdict.wrong and named.names(verdict) == list(verdict.wrong) for verdict in failed)
    ]


def follows_from_exception(verdicts: Iterable[Verdict], named: Iterable[Named]) -> dict[str, str]:
    """Exercises that fail by an exception which an earlier one raises at the same line, each with the earliest that does.

    Nothing else may be wrong in them, and nothing that has a name.
    """
    explained = {check_id for cause in named for check_id, _ in cause.explained}
    first: dict[Raised, str] = {}
    found = {}
    for exercise, failed in _failing(verdicts).items():
        raised = [failure for v in failed if v.check_id not in explained for failure in v.failures if failure is not None]
        causes = {first.setdefault((f.kind, f.line, f.cell), exercise) for f in raised if f.line}
        only = all(verdict.status == "error" and verdict.check_id not in explained for verdict in failed)
        if only and all(f.line for f in raised) and len(causes) == 1 and causes != {exercise}:
            (found[exercise],) = causes
    return found


def only_follows(verdict: Verdict, named: Iterable[Named]) -> bool:
    """Whether answers are wrong, and all that is wrong with them is what mistakes with a name in other exercises answer.

    A warning alone, or an exception, behind which nobody knows what would have been answered, is no such thing.
    """
    elsewhere = {name for cause in named if cause.misconception.exercise != verdict.exercise for name in cause.names(verdict)}
    wrong = set(verdict.wrong)
    return verdict.status == "failed" and bool(wrong - {WARNINGS}) and wrong <= elsewhere


MAY_FOLLOW = "It may follow from what is wrong in"
_MAY_FOLLOW = re.compile(rf"^{MAY_FOLLOW} \S+\. (?!Or else)")


def without_another_cause(text: str) -> str:
    """What is said of a mistake, where it turns out to stand in its own exercise.

    >>> without_another_cause("It may follow from what is wrong in minibatches. It raises ValueError.")
    'It raises ValueError.'
    """
    return _MAY_FOLLOW.sub("", text)


def may_follow(fixes: Iterable[Fix], named: Iterable[Named], answers: Answers) -> dict[str, str]:
    """Exercises that are wrong without a name, each with one that it uses and that is wrong with one.

    Where each of the two makes the other wrong, nobody knows which comes first.
    """
    causes = list(dict.fromkeys(cause.misconception.exercise for cause in named if not cause.doubt))
    users = users_of(answers) if causes else {}
    found: dict[str, str] = {}
    for exercise in [fix.exercise for fix in fixes if fix.misconception is None and fix.exercise not in causes]:
        for cause in causes:
            both = cause in users.get(exercise, ()) or is_part(cause, exercise)
            if exercise in users.get(cause, ()) and not both:
                found.setdefault(exercise, cause)
    return found


def in_order(
    fixes: Iterable[Fix], verdicts: Sequence[Verdict], answers: Answers, behind: Mapping[str, str] = MappingProxyType({})
) -> list[Fix]:
    """The causes as they are to be mended. behind: of those without a name what they may follow from, by exercise."""
    causes = [
        msgspec.structs.replace(fix, text=f"{MAY_FOLLOW} {behind[fix.exercise]}. {fix.text}")
        if fix.misconception is None and fix.exercise in behind
        else fix
        for fix in fixes
    ]
    failing = _failing(verdicts)
    accounted = {exercise for fix in causes for exercise in fix.follows} | {
        fix.exercise for fix in causes if fix.misconception
    }
    wrong = {exercise for exercise, failed in failing.items() if any(verdict.status not in OPEN for verdict in failed)}
    unaccounted = wrong - accounted
    handout = {exercise: place for place, exercise in enumerate(dict.fromkeys(verdict.exercise for verdict in verdicts))}
    users = users_of(answers) if len(causes) > 1 else {}

    def calls(fix: Fix) -> int:
        """How many exercises follow from it; of a cause without a name, those that use it, fail and have no other cause."""
        return len(fix.follows) if fix.follows or fix.misconception else len(users.get(fix.exercise, set()) & unaccounted)

    return sorted(
        causes,
        key=lambda fix: (
            not any(map(_returns_nothing, failing.get(fix.exercise, ()))),
            fix.misconception is None and fix.exercise in behind,
            fix.misconception is None and _only_dear(failing.get(fix.exercise, ())),
            -calls(fix),
            handout[fix.exercise],
            fix.misconception is None,  # of one exercise what has a name comes before what is left over
            fix.misconception or "",
        ),
    )


def _failing(verdicts: Iterable[Verdict]) -> Mapping[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.status not in GOOD:
            found.setdefault(verdict.exercise, []).append(verdict)
    return found


def _only_dear(failed: Sequence[Verdict]) -> bool:
    """Whether nothing fails but checks that ask for everything at once: a plainer one of another exercise says more."""
    return bool(failed) and all(verdict.check.dear for verdict in failed)


def _returns_nothing(verdict: Verdict) -> bool:
    """Whether an answer is None where another is due."""
    return any(
        not seen.right and _is_nothing(seen.observed) and not _is_nothing(seen.expected)
        for case in verdict.observations
        for seen in case.values()
    )


def _is_nothing(answer: Any) -> bool:
    return answer is None or (isinstance(answer, str) and answer == form_of(None))
