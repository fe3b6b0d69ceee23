"""The report for GitHub: the result of a Classroom's step, and a summary in Markdown for the page of a run."""

from __future__ import annotations

import base64
import html

import msgspec

from autograder.render import words
from autograder.render.html import exercise_text
from autograder.render.summary import summary
from autograder.report import ExerciseReport, Report, TopicReport
from autograder.text import of_all

# The reporter gets the result in one variable of its environment, and Linux lets none be longer than 128 KiB.
LARGEST_RESULT = 120_000
# A message is a glance; the step's log and its summary have the rest.
LONGEST_MESSAGE = 600


def result(report: Report) -> str:
    """What the step's output ``result`` is: JSON of version 3 in base64, on one line; without messages where too long."""
    long, short = (base64.b64encode(_json(report, said)).decode() for said in (True, False))
    return long if len(long) <= LARGEST_RESULT else short


def _json(report: Report, with_messages: bool) -> bytes:
    exercises = [(topic, exercise) for topic in report.topics for exercise in topic.exercises]
    return msgspec.json.encode(
        {
            "version": 3,
            "status": {0: "pass", 3: "error"}.get(report.exit_code, "fail"),
            "max_score": report.max_score,
            "tests": [_test(place, topic, exercise, with_messages) for place, (topic, exercise) in enumerate(exercises, 1)],
        }
    )


def _test(place: int, topic: TopicReport, exercise: ExerciseReport, with_message: bool) -> dict[str, object]:
    faulty = any(check.status == "grader_error" for check in exercise.checks)
    right = all(check.status in ("passed", "manual") for check in exercise.checks)  # a person's points are not among these
    test: dict[str, object] = {
        "name": f"{topic.name}: {exercise.name}",
        "status": "error" if faulty else "pass" if right else "fail",
        "score": exercise.score,
        "test_code": f"grade . -t {topic.name} -k {exercise.name}",
        "task_id": place,
        "filename": f"{topic.name}.py",
        "line_no": 0,  # of the whole exercise
        "duration": 0,  # a report tells seconds by topics, not by exercises
    }
    if with_message and not right:
        message = exercise_text(topic, exercise.name)
        test["message"] = message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + " ..."
    return test


def step_summary(report: Report) -> str:
    """The summary of a step, in Markdown. What may be a student's stands escaped in one block of preformatted text."""
    rows = [
        f"| {words.sign_of(exercise).mark} | {topic.name} | `{exercise.name}` | {exercise.score:g} / {exercise.max_score:g} |"
        for topic in report.topics
        for exercise in topic.exercises
    ]
    return "\n".join(
        [
            f"## {of_all(report.score, report.max_score, 'points')}",
            "",
            "<pre>",
            html.escape(summary(report)),
            "</pre>",
            "",
            "| | topic | exercise | points |",
            "| --- | --- | --- | ---: |",
            *rows,
            "",
        ]
    )
