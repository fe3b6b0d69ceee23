"""Writes marks into nbgrader's gradebook, as its own autograding would: a score a test cell, and what lateness costs.

A person's marks are never touched: only what nbgrader calls automatic is written.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import WrongUsage
from autograder.nbgrader_course.names import grade_id_of
from autograder.report import ExerciseReport, TopicReport
from autograder.text import plain

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

# How far a number of points may be from another and still be it: both are told to the hundredth.
HUNDREDTH = 0.005


@dataclass(frozen=True)
class Person:
    """A student of a gradebook."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class Handed:
    """What a student of the gradebook handed in, when, what it came to, and what lateness costs."""

    student: str
    submitted_at: datetime | None
    topics: Sequence[TopicReport]
    penalty: float


def people_in(path: Path) -> list[Person]:
    """The students of a gradebook. Raises WrongUsage where the file is none."""
    with _opened(path) as book:
        return [
            Person(one.id, " ".join(filter(None, (one.first_name, one.last_name))), one.email or "") for one in book.students
        ]


def write_marks(path: Path, handed: Sequence[Handed]) -> None:
    """Write what these students handed in into the gradebook in a file; an assignment of it is called like a topic.

    An assignment that it does not have is made. Raises WrongUsage where it has one with other exercises or points.
    """
    with warnings.catch_warnings(), _opened(path) as book:
        warnings.simplefilter("ignore")  # SQLAlchemy's words on how nbgrader adds a submission say nothing to a user
        for topic in {topic.name: topic for one in handed for topic in one.topics}.values():
            _prepare(book, topic)
        for one in handed:
            left = one.penalty
            for topic in one.topics:
                taken = min(left, topic.score)  # of a penalty for several topics, each bears what it can
                left -= taken
                _write(book, one, topic, taken)


def _prepare(book: Gradebook, topic: TopicReport) -> None:
    """Have an assignment with a test cell for each exercise that has points; all of them, before anybody hands in."""
    from nbgrader.api import MissingEntry

    counted = [exercise for exercise in topic.exercises if exercise.max_score]
    try:
        book.find_notebook(topic.name, topic.name)
    except MissingEntry:
        book.update_or_create_assignment(topic.name)
        book.update_or_create_notebook(topic.name, topic.name)
        for exercise in counted:
            book.update_or_create_grade_cell(
                grade_id_of(exercise.name), topic.name, topic.name, max_score=exercise.max_score, cell_type="code"
            )
        return
    for exercise in counted:
        try:
            cell = book.find_grade_cell(grade_id_of(exercise.name), topic.name, topic.name)
        except MissingEntry:
            raise WrongUsage(
                f"The gradebook's assignment {topic.name} has no exercise {exercise.name}: it was released by another course. "
                "Make and release it again with `grade nbgrader` and nbgrader generate_assignment."
            ) from None
        if abs(cell.max_score - exercise.max_score) > HUNDREDTH:
            raise WrongUsage(
                f"{exercise.name} is worth {cell.max_score:g} points in the gradebook and {exercise.max_score:g} here: "
                "grade the class by the course that nbgrader's notebooks were made of."
            )


def _write(book: Gradebook, handed: Handed, topic: TopicReport, penalty: float) -> None:
    when = handed.submitted_at.astimezone(UTC).replace(tzinfo=None) if handed.submitted_at else None
    submission = book.update_or_create_submission(topic.name, handed.student, timestamp=when)
    for notebook in submission.notebooks:
        if notebook.name == topic.name:
            notebook.late_submission_penalty = penalty or None
    for exercise in topic.exercises:
        if exercise.max_score and not _is_manual(exercise):
            grade = book.find_grade(grade_id_of(exercise.name), topic.name, topic.name, handed.student)
            grade.auto_score = float(exercise.score)
            grade.needs_manual_grade = False
    book.db.commit()


def _is_manual(exercise: ExerciseReport) -> bool:
    return any(check.status == "manual" for check in exercise.checks)


def _opened(path: Path) -> Any:
    """A gradebook that is there, as a context. Raises WrongUsage where the file is none."""
    from nbgrader.api import Gradebook

    if not path.is_file() or path.read_bytes()[:15] != b"SQLite format 3":
        raise WrongUsage(f"{plain(str(path))} is no gradebook of nbgrader's: give the course's gradebook.db.")
    return Gradebook(f"sqlite:///{path.absolute()}")
