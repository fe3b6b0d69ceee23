"""Grades a class: gathers its submissions, has them graded, and writes the marks and the page from what was kept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom import marks as table
from autograder.classroom.extensions import Extension, matched, of_course, of_table
from autograder.classroom.gather import Advance, Gathered, gather, topics_of_class
from autograder.classroom.marks import Mark, Marks, bare_mark, known_of, mark_of, with_roster
from autograder.classroom.page import About, class_page
from autograder.classroom.pool import Pool, Watch
from autograder.classroom.records import FAULT, MISSING, Record, read_record, write_whole
from autograder.classroom.summary import Gathering
from autograder.classroom.worker import Task
from autograder.course import Course
from autograder.errors import GraderFault, WrongUsage
from autograder.grading.engine import processors
from autograder.recording.record import Progress, answers_for
from autograder.report import total
from autograder.text import counted, plain

RECORDS, REPORTS, SUBMISSIONS = "records", "reports", "submissions"
PAGE = "index.html"
LOCK = ".lock"


@dataclass
class Graded:
    """What grading a class came to: where it is, the marks, and what a person should know."""

    out: Path
    topics: list[str]
    marks: list[Mark]
    unknown: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many stand how."""
        return Counter(mark.status for mark in self.marks)

    @property
    def exit_code(self) -> int:
        """0 where everybody's submission was graded, 3 where the grader or the machine was at fault for one."""
        return GraderFault.exit_code if self.counts[FAULT] else 0


def grade_class(
    submissions: Path,
    out: Path,
    *,
    course: Path | None = None,
    assignment: str | None = None,
    topics: Sequence[str] = (),
    jobs: int = 0,
    roster: Path | None = None,
    extensions: Path | None = None,
    layout: str | None = None,
    sandbox: str | None = None,
    hints: str | None = None,
    now: datetime | None = None,
    importing: Advance = lambda what, done, total: None,
    recording: Progress | None = None,
    watch: Watch = lambda done, count, of, seconds: None,
) -> Graded:
    """Grade all submissions of a class into the folder out, and write its marks and its page.

    submissions: the folder of an import, or a download. course: its course.toml. roster: an export of who is in the class.
    extensions: a table of who may hand in later, beside those of course.toml.
    jobs 0: as many as there are processors. now: when it is, for what is told before a due date and after. What was graded
    before and has not changed is kept. Raises WrongUsage, and GraderFault where the machine cannot grade.
    """
    task = Task(course, submissions, assignment, sandbox, hints, (), submissions, out, now or datetime.now(UTC))
    settings = task.settings()
    for topic in topics:
        settings.catalogue.topic(topic)
    with _results(out, submissions):
        known = topics or (settings.topics if isinstance(settings.topics, list) else ())
        found = gather(submissions, out / SUBMISSIONS, layout, known, importing, settings.catalogue)
        chosen = topics_of_class(settings, found.rows, topics)
        if roster is not None:
            with_roster([], roster)  # refused at once, before anything is graded
        extended = [*of_course(settings.extensions), *(of_table(extensions) if extensions else [])]
        for topic in chosen:
            answers_for(topic, settings.secret, recording, settings.catalogue)
        task = Task(
            course, submissions, assignment, sandbox, hints, tuple(chosen), found.folder, out, task.now
        )  # fmt: skip
        names = [row.key for row in found.rows]
        Pool(task, jobs or processors()).run(names, watch)
        return _conclude(task, settings, found, roster, extended)


@contextmanager
def _results(out: Path, submissions: Path) -> Iterator[None]:
    """The folder of the results, made where it is not there, and held while it is written into.

    Raises WrongUsage where it holds anything else, where another process writes into it, and where it cannot be written.
    """
    shown = plain(str(out))
    if os.path.lexists(out) and not out.is_dir():
        raise WrongUsage(f"{shown} is not a folder: --out names the folder that the results go to.")
    if out.is_dir() and any(out.iterdir()) and not (out / RECORDS).is_dir():
        raise WrongUsage(f"The folder {shown} is not empty and holds no class's results: choose another, or empty it.")
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise WrongUsage(f"{shown} lies among the submissions: choose a folder outside them.")
    try:
        for folder in (out / RECORDS, out / REPORTS):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsage(f"The results cannot be written to {shown} ({error.strerror}).") from None
    try:
        with _alone(out):
            for folder in (out, out / RECORDS, out / REPORTS):
                for path in folder.glob(".*.*"):  # what a process that was killed had begun to write
                    path.unlink(missing_ok=True)
            yield
    except OSError as error:
        where = plain(str(error.filename or out))
        raise GraderFault(
            f"{where} cannot be written or read ({error.strerror}). What was graded is kept: the same command goes on."
        ) from None


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep a second process from the same results. Without effect where there are no locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (out / LOCK).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongUsage(f"Another process is grading into {plain(str(out))}: wait for it, or end it.") from None
        yield


def _conclude(task: Task, course: Course, found: Gathered, roster: Path | None, extended: Sequence[Extension]) -> Graded:
    """Write marks and page from the records, one after the other in the order of their names."""
    max_score = total(exercise.max_score for topic in task.topics for exercise in course.table(topic).exercises)
    known = [known_of(bare_mark(row, "", max_score)) for row in found.rows]
    later, nobodys = matched(extended, known)
    gathering, rows = Gathering(), []
    for row in found.rows:
        record = read_record(task.record(row.key))
        if record is None:
            raise GraderFault(f"The record of {row.key} is gone: something else writes into {task.out}.")
        gathering.take(row.key, record)
        rows.append(mark_of(row, record, course, max_score, later.get(row.key, ())))
    unknown: list[str] = []
    notices = list(found.notices)
    if nobodys:
        notices.append(f"Extensions that fit no submission: {', '.join(nobodys)}.")
    if roster is not None:
        rows, people = with_roster(rows, roster)
        unknown = people.unknown
        notices += people.notices
    about = About(course.title, task.assignment or "", list(task.topics), max_score, unknown, notices)
    page = class_page(about, rows, gathering.summary(), lambda name: _record(task, name), task.folder, course.catalogue)
    write_whole(task.out / table.CSV_NAME, table.as_csv(rows))
    write_whole(task.out / table.JSON_NAME, table.as_json(Marks(table.VERSION, max_score, rows)))
    write_whole(task.out / PAGE, page.encode())
    return Graded(task.out, list(task.topics), rows, unknown, notices)


def _record(task: Task, name: str) -> Record:
    record = read_record(task.record(name))
    assert record is not None
    return record


def closing_words(graded: Graded) -> list[str]:
    """What became of the class, in a sentence or two each."""
    counts = graded.counts
    handed_in = len(graded.marks) - counts[MISSING]
    lines = [f"{counted(handed_in, 'submissions')} of {', '.join(graded.topics)}."]
    if counts["empty"]:
        lines.append(f"{counts['empty']} with nothing of it in them.")
    if counts[MISSING]:
        lines.append(f"{counts[MISSING]} of the roster handed nothing in.")
    if graded.unknown:
        lines.append(f"Not in the roster: {', '.join(graded.unknown)}.")
    if counts[FAULT]:
        lines.append(f"{counts[FAULT]} could not be graded by the machine's fault; the same command tries them again.")
    return lines
