"""Gives marks back: into the columns that a course system wants, on the rows of its own export.

Nobody's row is dropped and nobody's mark is guessed: who has none keeps what stood there, and whoever is in only one of the
two is told.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.classroom.marks import Mark, Marks, known_of
from autograder.classroom.records import FAULT, MISSING
from autograder.classroom.roster import FIRST, LAST, Student, Table, match, normal, read_table
from autograder.downloads.table import safe_cell
from autograder.errors import WrongUsage
from autograder.text import plain

# How much two numbers of points may differ and still be one: what is told to the hundredth.
HUNDREDTH = 0.005
# What Moodle writes where there is no grade and no time. A spreadsheet computes nothing of a sign without anything behind it.
NO_GRADE = "-"


@dataclass(frozen=True)
class System:
    """What a course system takes back.

    keep: the columns of its export that go back, in small letters; none for all of them. takes: finds in a column's title
    that marks go into it, and how many points it is worth, if the title says so. source: where that is known from.
    """

    title: str
    needs: tuple[str, ...]
    keep: tuple[str, ...]
    takes: re.Pattern[str] | None
    source: str


SYSTEMS = {
    "canvas": System(
        "Canvas",
        ("student", "id"),
        ("student", "id", "sis user id", "sis login id", "integration id", "root account", "section"),
        re.compile(r".+ \(\d+\)"),
        "Canvas's own gradebook export, which is what its import reads; other columns would be written back too",
    ),
    "moodle": System(
        "Moodle",
        ("identifier", "grade"),
        (),
        re.compile(r"grade", re.IGNORECASE),
        "the grading worksheet of an assignment; mod/assign/feedback/offline reads the columns Identifier and Grade",
    ),
    "blackboard": System(
        "Blackboard",
        ("username",),
        ("last name", "first name", "username", "student id"),
        re.compile(r".+ \[Total Pts: (?:up to )?(?P<points>[\d.,]+).*\] ?\|\d+"),
        "Grade Center, Work Offline; the number behind the bar is what says which column it is",
    ),
    "brightspace": System(
        "Brightspace",
        (),
        ("orgdefinedid", "org defined id", "username", "end-of-line indicator"),
        re.compile(r".+ Points Grade(?: <.*?(?:MaxPoints:(?P<points>[\d.]+)).*>)?"),
        "Importing grades: OrgDefinedId or Username, '<item> Points Grade', and # in the End-of-Line Indicator",
    ),
    "gradescope": System(
        "Gradescope", (), ("first name", "last name", "sid", "email", "name"), None, "its export; it takes no scores back"
    ),
    "csv": System("a table", (), (), None, "the roster itself, with the marks behind it"),
}


@dataclass
class Returned:
    """A file for a course system, and who of both sides is not in the other."""

    content: bytes
    given: int
    without: list[str] = field(default_factory=list)  # in the export, and without a mark: they keep what stood there
    unknown: list[str] = field(default_factory=list)  # with a mark, and not in the export
    notices: list[str] = field(default_factory=list)


@dataclass
class _Sheet:
    """An export on its way back: into which column go which points on which rows. place: None where a column is made."""

    table: Table
    about: System
    place: int | None
    title: str
    worth: float | None  # what the system says that full marks are worth, if it says so
    marks: dict[int, Mark]
    full: float = 0.0  # what full marks are worth in the file
    points: dict[int, str] = field(default_factory=dict)
    without: dict[int, str] = field(default_factory=dict)  # how those stand who have no mark


def give_back(marks: Marks, export: Path, system: str, column: str | None = None, points: float | None = None) -> Returned:
    """The file that a system takes. column: which of its columns, or a part of its title. points: what full marks are worth.

    Raises WrongUsage where the export is another system's, where it is not clear which column, or what full marks are worth.
    """
    about, table = SYSTEMS[system], read_table(export)
    if lacking := [name for name in about.needs if table.column(name) is None]:
        has = ", ".join(plain(title, 40) for title in table.header[:8])
        raise WrongUsage(
            f"{plain(str(export))} is no export of {about.title}'s: it has no column {lacking[0]!r}. It has {has}."
        )
    students = table.students()
    by_row, returned = matched(marks, students)
    place = _column(table, about, column)
    title = table.header[place] if place is not None else f"{(column or 'Grade').removesuffix(' Points Grade')} Points Grade"
    sheet = _Sheet(table, about, place, title, _worth(table, about, place), by_row)
    factor = _factor(marks.max_score, sheet, points)
    sheet.full = round(marks.max_score * factor, 2)
    sheet.points = {row: f"{round((mark.final or 0) * factor, 2):.10g}" for row, mark in by_row.items()}
    unmarked = {str(place): mark for place, mark in enumerate(marks.marks) if mark.final is None}
    found = match(students, [replace(known_of(mark), submission=place) for place, mark in unmarked.items()])
    sheet.without = {row: unmarked[place].status for row, place in found.by_student.items()}
    header, rows = _FORMS.get(system, _own_columns)(sheet)
    returned.content = _written(table, [header, *rows], returned.notices)
    return returned


def matched(marks: Marks, students: Sequence[Student]) -> tuple[dict[int, Mark], Returned]:
    """Whose mark belongs into which student's row; who has none, and what is known to belong to nobody."""
    graded = [mark for mark in marks.marks if mark.final is not None]
    numbered = [replace(known_of(mark), submission=str(place)) for place, mark in enumerate(graded)]
    found = match(students, numbered)
    by_row = {row: graded[int(place)] for row, place in found.by_student.items()}
    returned = Returned(b"", len(by_row))
    for place in found.unknown:
        mark = graded[int(place)]
        who = mark.name or mark.id or mark.submission
        returned.unknown.append(f"{who} ({mark.submission}, {mark.final} of {mark.max_score})")
    returned.without = [
        student.name or next(iter(filter(None, student.ids)), student.email)
        for student in students
        if student.row not in by_row
    ]
    for mark in marks.marks:
        if mark.status == FAULT:
            who = mark.name or mark.submission
            returned.notices.append(f"{who} has no mark, by the machine's fault: grade the class again.")
    return by_row, returned


def _column(table: Table, about: System, wanted: str | None) -> int | None:
    """The column that marks go into; None where the system has none of its own, or it is to be made."""
    if about.takes is None:
        return None
    fitting = [i for i, title in enumerate(table.header) if about.takes.fullmatch(title.strip())]
    if wanted is not None:
        exact = [i for i in fitting if normal(table.header[i]) == normal(wanted)]
        fitting = exact or [i for i in fitting if normal(wanted) in normal(table.header[i])]
        if not fitting and about is SYSTEMS["brightspace"]:
            return None
    if len(fitting) == 1:
        return fitting[0]
    shown = ", ".join(repr(plain(table.header[i], 60)) for i in fitting)
    if fitting:
        raise WrongUsage(f"Which column do the marks go into? Say --column with one of {shown}, or a part of it.")
    what = f"a column for marks that holds {wanted!r}" if wanted else "a column for marks"
    has = ", ".join(repr(plain(title, 40)) for title in table.header[:12])
    raise WrongUsage(f"{plain(str(table.path))} has not {what}; it has {has}. Make the assignment in {about.title} first.")


def _worth(table: Table, about: System, place: int | None) -> float | None:
    """What the system says that full marks are worth; None where it does not."""
    if place is None or about.takes is None:
        return None
    told = about.takes.fullmatch(table.header[place].strip())
    text = (told.groupdict().get("points") or "") if told else ""
    if about is SYSTEMS["canvas"]:
        rows = [row for row in range(len(table.rows)) if normal(table.cell(row, table.column("student"))) == "points possible"]
        text = table.cell(rows[0], place) if rows else ""
    if about is SYSTEMS["moodle"]:
        text = next((cell for row in range(len(table.rows)) if (cell := table.cell(row, table.column("maximum grade")))), "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _factor(ours: float, sheet: _Sheet, points: float | None) -> float:
    """By what marks are multiplied. Raises WrongUsage where full marks are worth something else there and nobody says what."""
    if points is not None:
        return points / ours if ours else 0.0
    worth = sheet.worth
    if worth is not None and abs(worth - ours) > HUNDREDTH:
        raise WrongUsage(
            f"{plain(sheet.title, 60)!r} is worth {worth:g} points in {sheet.about.title}, and full marks are {ours:g} here: "
            f"say --points {worth:g} to scale the marks to it, or --points {ours:g} to give them as they are."
        )
    return 1.0


Rows = tuple[list[str], list[list[str]]]


def _own_columns(sheet: _Sheet) -> Rows:
    """The rows and columns that the system wants, and the marks in theirs; other marks stay out, and are not overwritten."""
    table, keep = sheet.table, sheet.about.keep
    kept = [i for i, title in enumerate(table.header) if not keep or i == sheet.place or normal(title) in keep]
    rows = []
    for row, cells in enumerate(table.rows):
        own = [cells[i] if i < len(cells) else "" for i in kept]
        if row in sheet.points and sheet.place is not None:
            own[kept.index(sheet.place)] = sheet.points[row]
        rows.append(own)
    return [table.header[i] for i in kept], rows


def _brightspace(sheet: _Sheet) -> Rows:
    """OrgDefinedId and Username first, then the marks, and at the end of each line a #."""
    table = sheet.table
    ids = [i for name in ("orgdefinedid", "org defined id", "username") if (i := table.column(name)) is not None]
    if not ids:
        raise WrongUsage(f"{plain(str(table.path))} has neither OrgDefinedId nor Username: export it with a key field.")
    rows = [
        [*(table.cell(row, i) for i in ids), sheet.points.get(row, table.cell(row, sheet.place)), "#"]
        for row in range(len(table.rows))
    ]
    return [*(table.header[i] for i in ids), sheet.title, "End-of-Line Indicator"], rows


def _gradescope(sheet: _Sheet) -> Rows:
    """The columns of Gradescope's own export of scores."""
    table = sheet.table
    first, last = table.column(*FIRST), table.column(*LAST)
    rows = []
    for student in table.students():
        mark = sheet.marks.get(student.row)
        given, _, family = student.name.rpartition(" ")
        names = [table.cell(student.row, first), table.cell(student.row, last)] if last is not None else [given, family]
        ids = next((one for one in student.ids if one), "")
        told = ["Graded", mark.submitted_at] if mark else ["Missing", ""]
        most = f"{sheet.full:g}" if mark else ""
        rows.append([*names, ids, student.email, sheet.points.get(student.row, ""), most, *told])
    return ["First Name", "Last Name", "SID", "Email", "Total Score", "Max Points", "Status", "Submission Time"], rows


def _with_marks_behind(sheet: _Sheet) -> Rows:
    """The roster as it came, and the marks behind it; behind a row that is no student's, as Canvas has some, nothing."""
    width, rows = len(sheet.table.header), []
    students = {student.row for student in sheet.table.students()}
    for row, cells in enumerate(sheet.table.rows):
        told = [*[""] * 4, sheet.without.get(row, MISSING) if row in students else ""]
        if mark := sheet.marks.get(row):
            told = [f"{mark.score}", f"{mark.max_score}", f"{mark.penalty}", sheet.points[row], mark.status]
        rows.append([*[*cells, *[""] * width][:width], *told])
    return [*sheet.table.header, "score", "max_score", "penalty", "final", "status"], rows


_FORMS: dict[str, Callable[[_Sheet], Rows]] = {
    "brightspace": _brightspace,
    "gradescope": _gradescope,
    "csv": _with_marks_behind,
}


def _written(table: Table, rows: Sequence[Sequence[str]], notices: list[str]) -> bytes:
    """A table in the form in which it came, every cell quoted, and none that a spreadsheet would compute."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=table.delimiter, quoting=csv.QUOTE_ALL)
    changed = 0
    for row in rows:
        cells = [cell if cell == NO_GRADE else safe_cell(cell) for cell in row]
        changed += cells != list(row)
        writer.writerow(cells)
    if changed:
        notices.append(f"In {changed} rows a cell began like a formula; an apostrophe stands before it now.")
    text = file.getvalue()
    if table.encoding == "utf-16":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return text.encode()


__all__ = ["SYSTEMS", "Returned", "give_back", "matched"]
