"""Makes the report from what grading came to: verdicts with their explanations, a topic at a time, and what was in force."""

from __future__ import annotations

import msgspec

from autograder.choices import Consequences
from autograder.declare.catalogue import Catalogue
from autograder.declare.table import Topic
from autograder.grading.budget import Budget
from autograder.grading.diagnose.explain import Explanation, explain
from autograder.grading.faults import log_fault
from autograder.grading.judge import Verdict
from autograder.grading.topic_run import TopicResult
from autograder.recording.answers import Answers
from autograder.report import CheckReport, Diagnosis, ExerciseReport, Fix, SandboxReport, TopicReport, TopicSandbox, total
from autograder.wall.limits import Needs
from autograder.wall.protocol import Sandbox

# Said of a check whose points are given back.
GIVEN_BACK = "Its points are given back: this mistake costs points in its own exercise alone."


def topic_report(
    result: TopicResult, table: Topic, answers: Answers, budget: Budget, consequences: Consequences = "charged"
) -> TopicReport:
    """The report on one topic.

    table: its checks as the course counts them. budget: what explaining may still cost. consequences: what those of a mistake
    cost the student.
    """
    explanations: dict[str, Explanation] = {}
    first: list[Fix] = []
    try:
        explanations, first = explain(answers, result.verdicts, budget.left, consequences == "free")
    except Exception:  # a diagnosis that fails must cost nobody a mark
        log_fault(f"the diagnosis of {result.topic} failed")
    for check_id, words in result.waiting.items():
        explanations[check_id] = Explanation(Diagnosis(None, words, ""), None)
    by_exercise: dict[str, list[CheckReport]] = {}
    for verdict in result.verdicts:
        told = _check_report(verdict, explanations.get(verdict.check_id), consequences == "free")
        by_exercise.setdefault(verdict.exercise, []).append(told)
    exercises = [
        ExerciseReport(name, total(c.points for c in checks), total(c.max_points for c in checks), checks)
        for name, checks in by_exercise.items()
    ]
    return TopicReport(
        name=result.topic,
        title=table.title,
        score=total(e.score for e in exercises),
        max_score=total(e.max_score for e in exercises),
        exercises=exercises,
        problem=result.problem,
        fix_first=first,
    )


def _check_report(verdict: Verdict, found: Explanation | None, free: bool) -> CheckReport:
    given_back = found is not None and found.follows and free
    diagnosis = found.diagnosis if found else None
    if diagnosis is not None and given_back:
        diagnosis = msgspec.structs.replace(diagnosis, text=f"{diagnosis.text} {GIVEN_BACK}")
    return CheckReport(
        id=verdict.check_id,
        status=verdict.status,
        points=verdict.check.points if given_back else verdict.points,
        max_points=verdict.check.points,
        public=verdict.check.public,
        sentence=verdict.check.sentence,
        diagnosis=diagnosis,
        example=found.example if found else None,
        given_back=given_back,
    )


def sandbox_report(sandbox: Sandbox, topics: list[str], catalogue: Catalogue) -> SandboxReport:
    """What the wall demanded of these topics."""
    limits = sandbox.limits
    raised = {}
    for topic in topics:
        needs = catalogue.topic(topic).needs
        if needs != Needs():
            own = limits.raised_to(needs)
            raised[topic] = TopicSandbox(list(needs.libraries), own.call_seconds, own.memory_mebibytes)
    return SandboxReport(
        enforced=sandbox.walled,
        topics=raised,
        call_seconds=limits.call_seconds,
        import_seconds=limits.import_seconds,
        submission_seconds=limits.submission_seconds,
        memory_mebibytes=limits.memory_mebibytes,
        disk_mebibytes=limits.disk_mebibytes,
    )
