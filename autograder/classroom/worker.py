"""One process that grades: a wall of its own, answers loaded once, then one submission after the other until none is left."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

import msgspec

from autograder.classroom.fingerprint import fingerprint
from autograder.classroom.records import (
    EMPTY,
    FAULT,
    GRADED,
    VERSION,
    Record,
    key_of,
    read_record,
    without_times,
    write_record,
    write_whole,
)
from autograder.course import Course, read_course
from autograder.downloads.table import folder_of
from autograder.errors import GradeError, NoSandbox
from autograder.grading.engine import Grader, TopicResult, warm_grader
from autograder.render.html import report_html
from autograder.report import to_json
from autograder.submission.read import Submission, read_folder, what_it_seems

log = logging.getLogger("autograder")


@dataclass(frozen=True)
class Task:
    """What every worker of a class is told once: whose course, which topics, where everything lies, and what time it is."""

    course: Path | None
    given: Path
    assignment: str | None
    sandbox: str | None
    hints: str | None
    topics: tuple[str, ...]
    folder: Path
    out: Path
    now: datetime

    def settings(self) -> Course:
        """The course's settings, read where they are needed: a course's own topics are known from then on."""
        return read_course(self.course, self.given).but(self.sandbox, self.hints).for_assignment(self.assignment)

    def record(self, name: str) -> Path:
        """The file of a submission's record."""
        return self.out / "records" / f"{name}.json"

    def report(self, name: str, kind: str) -> Path:
        """The file of a submission's report."""
        return self.out / "reports" / f"{name}.{kind}"


@dataclass(frozen=True)
class Done:
    """What became of one submission: graded now or kept from before, in how many seconds, and how it stands."""

    name: str
    status: str
    kept: bool
    seconds: float


@dataclass(frozen=True)
class Stopped:
    """Why a worker cannot go on, in words for a person: there is no wall, or no room on the disk."""

    why: str


def work(task: Task, connection: Connection) -> None:
    """Grade what comes through the connection, until it is closed: the other side has ended, or was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the one that started us ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _let_others_finish()
    try:
        course = task.settings()
        with warm_grader(course, 1, topics=list(task.topics)) as grader:
            for topic in task.topics:
                grader.sandbox_for(topic)
            gc.collect()
            gc.freeze()  # answers stay: whoever looks for cycles need not go through them for each submission
            connection.send(None)
            while True:
                name = connection.recv()
                try:
                    connection.send(complete(task, course, grader, name))
                except NoSandbox as error:
                    # The wall fell while it was graded, where a machine kills what needs memory. The pool hears that this
                    # process has ended, and has the submission tried once more by a fresh one.
                    log.warning("%s: %s", name, error)
                    return
    except (EOFError, BrokenPipeError):
        return
    except GradeError as error:
        _say(connection, Stopped(str(error)))
    except OSError as error:
        _say(connection, Stopped(f"{error.filename or task.out} cannot be written or read ({error.strerror})."))


def _let_others_finish() -> None:
    """Interrupt nobody, neither a worker at each of its replies, which are then taken together, nor whoever sits here."""
    if hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _end_with_parent() -> None:
    """End at once when the process that started this one does, lest it writes into what somebody else goes on with."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _say(connection: Connection, why: Stopped) -> None:
    try:
        connection.send(why)
    except OSError:
        return


def complete(task: Task, course: Course, grader: Grader, name: str) -> Done:
    """Have a submission's record and reports stand where they belong: graded where no record fits, and only then."""
    begun = time.monotonic()
    submission = read_folder(folder_of(task.folder, name), course.catalogue)
    topics = list(task.topics)
    key = key_of(submission, course, topics, [grader.answers(topic) for topic in topics])
    record = read_record(task.record(name))
    kept = record is not None and record.key == key and record.status != FAULT
    if record is None or not kept:
        record = graded(grader, submission, topics, key)
        write_record(task.record(name), record)
    write_reports(task, course, name, record)
    return Done(name, record.status, kept, time.monotonic() - begun)


def graded(grader: Grader, submission: Submission, topics: list[str], key: str) -> Record:
    """Grade a submission; all that is kept of it."""
    wrong: dict[str, str] = {}

    def note(result: TopicResult) -> None:
        for verdict in result.verdicts:
            if found := fingerprint(verdict):
                wrong[verdict.check_id] = found

    grader.told = note
    there = any(topic in submission.modules for topic in topics)
    if not there:
        submission.notices += what_it_seems(submission)
    report = without_times(grader.grade(submission, topics))
    status = FAULT if report.exit_code == FAULT_CODE else GRADED if there else EMPTY
    fault = "The grader failed on a check; its log says where." if status == FAULT else ""
    return Record(VERSION, key, status, report, dict(sorted(wrong.items())), fault)


FAULT_CODE = GradeError.exit_code


def write_reports(task: Task, course: Course, name: str, record: Record, said: Sequence[str] = ()) -> None:
    """Write what a student may see, where it does not stand there: no more is told than the course tells now.

    said: what a person has to say beside it.
    """
    if record.report is None:
        return
    shown = course.cut(record.report, task.now)
    shown = msgspec.structs.replace(shown, notices=[*shown.notices, *said])
    content, page = to_json(shown), task.report(name, "html")
    if not page.is_file() or _content(task.report(name, "json")) != content:
        write_whole(page, report_html(shown, name).encode())
        write_whole(task.report(name, "json"), content)  # last: where it stands as due, the page does too


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
