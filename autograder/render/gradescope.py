"""The report as the results.json of a Gradescope autograder.

One test an exercise: that is what a student works on, and it holds hidden checks and public ones together, told as far as the
hint level goes. No test is hidden, as Gradescope then hides the total too. Every text is plain text, which Gradescope escapes.
"""

from __future__ import annotations

import msgspec

from autograder.render import words
from autograder.render.html import exercise_text
from autograder.render.summary import OUR_FAULT, summary
from autograder.report import ExerciseReport, Report, TopicReport


def render(report: Report) -> bytes:
    """The file's content. Where the grader failed on any check, it is :func:`fault`: part of a score would be a wrong one."""
    if report.exit_code == 3:
        return fault()
    return _file(
        score=report.score,
        execution_time=round(report.timing.total_seconds, 2),
        output=summary(report),
        visibility="visible",
        tests=[
            _test(f"{place}.{number}", topic, exercise)
            for place, topic in enumerate(report.topics, 1)
            for number, exercise in enumerate(topic.exercises, 1)
        ],
        extra_data={
            "report_version": report.version,
            "max_score": report.max_score,
            "hints": report.hints,
            "sandbox": report.timing.sandbox_backend,
        },
    )


def fault() -> bytes:
    """The file where the grader is at fault: a sentence, and neither score nor tests.

    Gradescope's form demands one of the two, so it says that the autograder failed, and gives no points, not even none.
    """
    return _file(output=OUR_FAULT)


def _file(**content: object) -> bytes:
    formats = {
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
    }
    return msgspec.json.format(msgspec.json.encode({**content, **formats}), indent=1) + b"\n"


def _test(number: str, topic: TopicReport, exercise: ExerciseReport) -> dict[str, object]:
    # Without a status Gradescope goes by the points: of what a person grades, none are due and none are missing.
    statuses = {words.RIGHT: {"status": "passed"}, words.MANUAL: {}}
    return {
        "number": number,
        "name": f"{topic.name}: {exercise.name}",
        "name_format": "text",
        "score": exercise.score,
        "max_score": exercise.max_score,
        **statuses.get(words.sign_of(exercise), {"status": "failed"}),
        "output": exercise_text(topic, exercise.name),
        "output_format": "text",
        "tags": [topic.name],
        "visibility": "visible",
    }
