"""Turns what a worker answered into verdicts: for each check a status, and what was observed in each case."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from autograder.declare.compare import ERROR, Observation, observe
from autograder.declare.table import Check
from autograder.recording.answers import Answers
from autograder.statuses import Reason, Status
from autograder.wall.inside.perform import Failure, Outcome
from autograder.wall.inside.wire import is_open

# An answer may be so odd that NumPy warns while a measure looks at it: a mean of no entries. It is judged all the same, and
# whoever grades can do nothing about it. A filter, as threads share what `catch_warnings` puts back.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"autograder\.checks\.")


class Shown(NamedTuple):
    """The case to show in place of a recorded one: what it was given, what was wrong in it, and what it raised."""

    case: dict[str, Any]
    wrong: dict[str, Observation]
    failure: Failure | None


@dataclass
class Verdict:
    """What became of one check; reason: why it has no answers, where it was asked and gave none, or could not be asked."""

    check_id: str
    exercise: str
    check: Check
    status: Status
    observations: list[dict[str, Observation]] = field(default_factory=list)
    failures: list[Failure | None] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    shown: Shown | None = None
    reason: Reason | None = None

    @property
    def points(self) -> int | float:
        """All of the check's points if it passed, else none."""
        return self.check.points if self.status == "passed" else 0

    @cached_property
    def wrong(self) -> dict[str, list[int]]:
        """Names of what was wrong, each with the indices of the cases in which it was."""
        found: dict[str, list[int]] = {}
        for index, seen in enumerate(self.observations):
            for name, observation in seen.items():
                if not observation.right:
                    found.setdefault(name, []).append(index)
        return found

    @cached_property
    def first_wrong(self) -> int | None:
        """Index of the first case that went wrong: the smallest, as cases are ordered."""
        return next((i for i, seen in enumerate(self.observations) if any(not o.right for o in seen.values())), None)


def judge(check_id: str, exercise: str, check: Check, answers: Answers, outcomes: list[Outcome]) -> Verdict:
    """Judge all cases of a check. A count of outcomes other than that of the cases is garbled."""
    recorded = answers[check_id]
    cases, expected, forms = (answers.part(check_id, name) for name in ("cases", "expected", "forms"))
    verdict = Verdict(check_id, exercise, check, "passed", cases=cases)
    if len(outcomes) != len(cases) or not cases:
        verdict.status = "garbled"
        return verdict
    for case, names, outcome, right, form in zip(cases, recorded.names, outcomes, expected, forms, strict=True):
        verdict.observations.append(_observe(check, case, names, outcome, right, form))
        verdict.failures.append(outcome.failure)
    kinds = {failure.kind for failure in verdict.failures if failure is not None}
    if kinds:
        verdict.status = "todo" if kinds == {"NotImplementedError"} else "missing" if kinds == {"Missing"} else "error"
    elif any(is_open(value) for outcome in outcomes for value in outcome.outputs.values()):
        verdict.status = "todo"
    elif verdict.wrong:
        verdict.status = "failed"
    elif check.manual:
        verdict.status = "manual"
    return verdict


def _observe(
    check: Check, case: dict[str, Any], names: list[str], outcome: Outcome, right: dict[str, Any], form: dict[str, Any]
) -> dict[str, Observation]:
    seen = observe(check, case, names, outcome, right, form)
    if not seen:  # a check that looks at nothing must not pass
        return {ERROR: Observation("no observation", None, False)}
    return seen


def not_run(check_id: str, exercise: str, check: Check, why: Status | Reason) -> Verdict:
    """The verdict on a check that gave no outcomes: a worker was lost, its time was used up, nothing could be imported."""
    if isinstance(why, str):
        return Verdict(check_id, exercise, check, why)
    return Verdict(check_id, exercise, check, why.status, reason=why)
