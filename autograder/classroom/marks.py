"""The marks of a class: a row a student, with what lateness costs. Who is missing or unknown has a row too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType

import msgspec

from autograder.classroom.by_hand import Counted
from autograder.classroom.extensions import Extension
from autograder.classroom.records import EMPTY, GRADED, MISSING, Record
from autograder.classroom.roster import Known, Matched, Student, match, read_table
from autograder.course import Course
from autograder.downloads.table import Row, safe_cell
from autograder.report import Report, total
from autograder.text import counted, plain

VERSION = 1
CSV_NAME, JSON_NAME = "marks.csv", "marks.json"

# A notice is a cell of a table: so many characters of a problem, and so many files, are told in it.
LONGEST_PROBLEM, MOST_TOLD = 300, 5

# Stands between the people of a group, in the table of an import.
TOGETHER = "; "

COLUMNS = (
    "submission", "name", "id", "email", "submitted_at", "score", "max_score", "penalty", "final", "status", "notice",
)  # fmt: skip


class Mark(msgspec.Struct, frozen=True):
    """One student's row. submission: its folder, empty where nothing was handed in. ids, emails: all by which one is known.

    score, penalty, final: None where there is no mark, which is no zero: nothing was handed in, or the grader failed.
    """

    submission: str
    name: str
    id: str
    email: str
    submitted_at: str
    max_score: int | float
    status: str
    score: int | float | None = None
    penalty: int | float | None = None
    final: int | float | None = None
    notice: str = ""
    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class Marks(msgspec.Struct):
    """All marks of a class, as marks.json holds them."""

    version: int
    max_score: int | float
    marks: list[Mark]


def as_json(marks: Marks) -> bytes:
    return msgspec.json.format(msgspec.json.encode(marks), indent=1) + b"\n"


def as_csv(marks: Sequence[Mark]) -> bytes:
    """The table with every cell quoted, and none that a spreadsheet would compute."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for mark in marks:
        cells = [getattr(mark, column) for column in COLUMNS]
        writer.writerow(["" if cell is None else safe_cell(cell) if isinstance(cell, str) else f"{cell}" for cell in cells])
    return file.getvalue().encode()


def moment_of(text: str, zone: tzinfo | None = UTC) -> datetime | None:
    """The time that a table tells; one without a zone is of the zone that is given. None where it tells none."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=zone)


def penalty_of(
    report: Report,
    course: Course,
    submitted_at: str,
    extensions: Sequence[Extension] = (),
    by_hand: Mapping[str, float] = MappingProxyType({}),
) -> int | float:
    """The points that lateness costs: of each topic by its own due date, and by the course's policy.

    extensions: the student's; of several, as of a group's members, the longest counts. by_hand: a person's points, by topic.
    """
    late = seconds_late(course, submitted_at, extensions)
    return total(
        course.late.penalty(topic.score + by_hand.get(topic.name, 0), late[topic.name])
        for topic in report.topics
        if topic.name in late
    )


def seconds_late(course: Course, submitted_at: str, extensions: Sequence[Extension] = ()) -> dict[str, float]:
    """How long after each topic was due something was handed in, where both are known; below 0 if before.

    A time without a zone is read on the due date's own clock.
    """
    late = {}
    for topic, moment in course.due.items():
        when = moment_of(submitted_at, moment.tzinfo)
        if when is not None:
            due = max([moment, *(one.due(moment) for one in extensions)])
            late[topic] = (when - due).total_seconds()
    return late


def lateness_counts(course: Course, topics: Iterable[str]) -> bool:
    """Whether any of these topics costs points when it is late."""
    return course.late.costs and any(topic in course.due for topic in topics)


def told_to_student(mark: Mark, report: Report | None, course: Course, extensions: Sequence[Extension] = ()) -> list[str]:
    """What lateness cost, in a sentence for the report; nothing where it cost nothing."""
    if report is None or not mark.penalty or mark.final is None:
        return []
    late = seconds_late(course, mark.submitted_at, extensions)
    days = {course.late.days(late[topic.name]) for topic in report.topics if topic.name in late} - {0}
    points = f"{counted(mark.penalty, 'points')} {'is' if mark.penalty == 1 else 'are'} taken off"
    remain = f"{mark.final:g} {'remains' if mark.final == 1 else 'remain'}"
    most = f"{'up to ' if len(days) > 1 else ''}{counted(max(days), 'days')}"
    return [f"Handed in {most} late (each day begun counts): {points}, {remain}."]


def mark_of(
    row: Row,
    record: Record,
    course: Course,
    max_score: int | float,
    extensions: Sequence[Extension] = (),
    by_hand: Counted | None = None,
    files: Sequence[str] = (),
) -> Mark:
    """The mark of a submission, as its record, the course's policy and a person have it, and its students' extensions.

    files: what was handed in, which is told where nothing of it could be graded.
    """
    mark = bare_mark(row, record.status, max_score)
    if record.report is None or record.status not in (GRADED, EMPTY):
        return msgspec.structs.replace(mark, notice=record.fault)
    points = by_hand.points if by_hand else {}
    score = total([record.report.score, *points.values()])
    penalty = penalty_of(record.report, course, row.submitted_at, extensions, points)
    told = nothing_of_it(record.report, files, row.notices) if record.status == EMPTY else problems_of(record.report)
    names = [topic.name for topic in record.report.topics]
    if moment_of(row.submitted_at) is None and row.late:
        told.append("Handed in late; by how much is not told, so nothing is taken off.")
    elif moment_of(row.submitted_at) is None and row.late is None and lateness_counts(course, names):
        told.append("When it was handed in is not known, so nothing is taken off for lateness.")
    told += [f"Has an extension {_told(extension)}." for extension in extensions]
    if by_hand and by_hand.waiting:
        told.append(f"{counted(by_hand.waiting, 'answers')} still to be read by a person.")
    final = total([score, -penalty])
    return msgspec.structs.replace(mark, score=score, penalty=penalty, final=final, notice=" ".join(told))


def problems_of(report: Report) -> list[str]:
    """Why topics have no points, where their modules are not there, cannot be read or cannot be imported."""
    return [plain(topic.problem, LONGEST_PROBLEM) for topic in report.topics if topic.problem]


def nothing_of_it(report: Report, files: Sequence[str], notices: Sequence[str]) -> list[str]:
    """What was there instead of what is graded. notices: of the import, which know why there is nothing at all."""
    if not files:
        return ["There was no file in it.", *(plain(notice, LONGEST_PROBLEM) for notice in notices[:MOST_TOLD])]
    names = [plain(name, 60) for name in files[:MOST_TOLD]]
    names += [f"{len(files) - MOST_TOLD} more"] if len(files) > MOST_TOLD else []
    due = " or ".join(f"{topic.name}.py" for topic in report.topics[:MOST_TOLD])
    due += " or as another topic" if len(report.topics) > MOST_TOLD else ""
    seems = [plain(notice, LONGEST_PROBLEM) for notice in report.notices[:MOST_TOLD]]
    return [f"No file in it has such a name as {due}: {', '.join(names)}.", *seems]


def _told(extension: Extension) -> str:
    if extension.until is not None:
        return f"until {extension.until.isoformat(' ', 'minutes')}"
    return f"of {extension.days:g} {'day' if extension.days == 1 else 'days'}"


def bare_mark(row: Row, status: str, max_score: int | float) -> Mark:
    """Whose a submission is, without points."""
    return Mark(
        submission=row.key,
        name=row.name,
        id=row.id or row.identity,
        email=row.email,
        submitted_at=row.submitted_at,
        max_score=max_score,
        status=status,
        ids=tuple(dict.fromkeys([*_parts(row.id), row.identity])),
        emails=_parts(row.email),
    )


def with_roster(marks: Sequence[Mark], path: Path) -> tuple[list[Mark], Matched]:
    """A row for each student of a roster and for each submission, and who of them is missing or unknown."""
    students = read_table(path).students()
    found = match(students, (known_of(mark) for mark in marks))
    handed_in: dict[str, list[Student]] = {}
    by_row = {student.row: student for student in students}
    for row, submission in sorted(found.by_student.items()):
        handed_in.setdefault(submission, []).append(by_row[row])
    rows: list[Mark] = []
    for mark in marks:
        people = handed_in.get(mark.submission, [])
        rows += [_of_student(mark, student, alone=len(people) == 1) for student in people]
        if not people:
            rows.append(msgspec.structs.replace(mark, notice=" ".join(filter(None, (mark.notice, "Not in the roster.")))))
    max_score = marks[0].max_score if marks else 0
    rows += [
        _of_student(Mark("", "", "", "", "", max_score, MISSING), student, alone=True)
        for student in sorted(found.missing, key=lambda student: (student.name, student.ids, student.row))
    ]
    return rows, found


def known_of(mark: Mark) -> Known:
    """By what a submission's people are found."""
    group = any(TOGETHER in told for told in (mark.id, mark.name, mark.email))
    return Known(mark.submission, mark.ids, mark.emails, _parts(mark.name), group)


def _parts(told: str) -> tuple[str, ...]:
    """What a table of an import tells of several people in one cell, as of a group's submission."""
    return tuple(part for part in told.split(TOGETHER) if part)


def _of_student(mark: Mark, student: Student, alone: bool) -> Mark:
    """A submission's row for one of its people; alone: there is no other, so that all ids of the submission are theirs."""
    ids, emails = tuple(one for one in student.ids if one), (student.email,) if student.email else ()
    if alone:
        ids, emails = tuple(dict.fromkeys([*ids, *mark.ids])), tuple(dict.fromkeys([*emails, *mark.emails]))
    return msgspec.structs.replace(
        mark,
        name=student.name or mark.name,
        id=next(iter(ids), mark.id),
        email=next(iter(emails), mark.email),
        ids=ids,
        emails=emails,
    )


def marks_read(path: Path) -> Marks | None:
    """What marks.json holds; None where it is not there, or of another version."""
    try:
        marks = msgspec.json.decode(path.read_bytes(), type=Marks)
    except (OSError, msgspec.MsgspecError):
        return None
    return marks if marks.version == VERSION else None
