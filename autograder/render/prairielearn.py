"""The report as the results.json of an external grader of PrairieLearn."""

from __future__ import annotations

import msgspec

from autograder.render.html import exercise_text
from autograder.render.summary import OUR_FAULT, summary
from autograder.report import ExerciseReport, Report, TopicReport

# PrairieLearn takes a file of one megabyte. All topics together have 254 exercises, so this is what each may say.
LONGEST_OUTPUT = 3000


def render(report: Report) -> bytes:
    """The file's content.

    Not gradable, which costs a student neither points nor an attempt, is a submission of which no module can be read or
    imported, and one on which the grader itself failed.
    """
    if report.exit_code == 3:
        return fault()
    problems = [topic.problem for topic in report.topics if topic.problem]
    if len(problems) == len(report.topics):
        return not_gradable(problems)
    return _file(
        gradable=True,
        score=report.score / report.max_score if report.max_score else 1.0,
        message=f"{report.score:g} of {report.max_score:g} points.",
        output=summary(report),
        images=[],
        tests=[_test(topic, exercise) for topic in report.topics for exercise in topic.exercises],
    )


def not_gradable(problems: list[str]) -> bytes:
    """The file for a submission that cannot be graded, with why."""
    said = " ".join(problems)
    return _file(gradable=False, message=said, format_errors=problems, output=said, images=[], tests=[])


def fault() -> bytes:
    """The file where the grader is at fault."""
    return not_gradable([OUR_FAULT])


def _file(**content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _test(topic: TopicReport, exercise: ExerciseReport) -> dict[str, object]:
    passed = sum(check.status == "passed" for check in exercise.checks)
    output = exercise_text(topic, exercise.name)
    return {
        "name": f"{topic.name}: {exercise.name}",
        "description": topic.title,
        "points": exercise.score,
        "max_points": exercise.max_score,
        "message": f"{passed} of {len(exercise.checks)} checks passed.",
        "output": output if len(output) <= LONGEST_OUTPUT else output[:LONGEST_OUTPUT] + " ...",
    }
