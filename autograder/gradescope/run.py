"""Grades the one submission that a container of Gradescope was started for, and writes its results.

Whatever ends the grading, there is a results file: until there is a score it says that the grader failed and gives none, so
that a container that is stopped half-way gives nobody a zero. What is printed is shown to instructors alone.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import msgspec

from autograder.course.settings import Course, Moment, TopicSettings
from autograder.errors import GradeError, WrongUsage
from autograder.gradescope.layout import Container
from autograder.grading.engine import grade
from autograder.render import gradescope
from autograder.render.summary import graded_words
from autograder.submission.read import Submission, read_submission

# A container has half a processor and 768 MiB unless an assignment is given more: topics are graded one after the other.
JOBS = 1


def main(root: Path) -> None:
    """Grade, and write results/results.json below the root."""
    container = Container(root)
    write(container.results, gradescope.fault())
    try:
        content = graded(container)
    except GradeError as error:
        print(f"The grader is at fault, and no score is given: {error}")
    except Exception:
        print("The grader is at fault, and no score is given:")
        traceback.print_exc(file=sys.stdout)
    else:
        write(container.results, content)


def graded(container: Container) -> bytes:
    """The results on what was handed in. Raises GradeError where the grader or the zip is at fault."""
    course = dated(container.course(), container)
    try:
        submission = read_submission(container.submission, course.catalogue)
    except WrongUsage as error:
        # Nothing of ours was handed in: the points are none, and the notice says what was expected.
        submission = Submission("submission", notices=[str(error).replace(str(container.submission), "submission")])
    report = grade(submission, course.but(sandbox_of(course), None), container.topics(), JOBS)
    print(f"{report.score} of {report.max_score} points. {graded_words(report)}")
    return gradescope.render(report)


def dated(course: Course, container: Container) -> Course:
    """The course with Gradescope's last date for topics to which it gives none of its own: hints may change then.

    The last date is the one for late submissions where there is one: only after it has everybody handed in.
    """
    try:
        told = msgspec.json.decode(container.metadata.read_bytes(), type=_Metadata).assignment
    except (OSError, msgspec.MsgspecError) as error:
        print(f"submission_metadata.json was not read ({error}); hints change at the dates of course.toml alone.")
        return course
    last = told.late_due_date or told.due_date
    if last is None:
        return course
    settings = {
        topic: msgspec.structs.replace(own, due=own.due or last)
        for topic in course.catalogue.names
        for own in (course.settings.get(topic, TopicSettings()),)
    }
    return msgspec.structs.replace(course, settings=settings)


class _Assignment(msgspec.Struct):
    """When an assignment is due, on Gradescope."""

    due_date: Moment | None = None
    late_due_date: Moment | None = None


class _Metadata(msgspec.Struct):
    """What is read of submission_metadata.json."""

    assignment: _Assignment


def sandbox_of(course: Course) -> str:
    """The first backend that works here; none only where the course itself does without one."""
    return "none" if course.sandbox == "none" else "auto"


def write(path: Path, content: bytes) -> None:
    """Write the results in one step: Gradescope finds the old ones or the new ones whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.chmod(0o644)  # whoever collects the results need not be who grades
    os.replace(new, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
