"""Reads who is in a class from what a course system exports: a gradebook, a grading worksheet, any CSV with a header.

Nothing is taken for granted of a file but that it is a table: which delimiter and encoding it has is seen from its beginning.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import WrongUsage
from autograder.text import plain

# A gradebook of 5,000 students with 100 columns has 5 MB.
LARGEST_EXPORT = 32 * 2**20
DELIMITERS = ",\t;"

# What columns are called, in small letters: Canvas, Moodle, Blackboard, Brightspace, Gradescope, GitHub Classroom, nbgrader,
# and what people write into a table of their own. Ids come in the order in which they are believed.
IDS = (
    "id", "identifier", "orgdefinedid", "org defined id", "sid", "student id", "id number", "sis user id", "username",
    "sis login id", "login", "user id", "student_id", "github_username", "roster_identifier", "identifier number",
)  # fmt: skip
EMAILS = ("email address", "email", "e-mail", "e-mail address", "mail")
NAMES = ("full name", "student", "name", "student name")
FIRST, LAST = ("first name", "given name", "first_name"), ("last name", "surname", "family name", "last_name")
# Rows of Canvas's export that are nobody: what a column is worth, how it is posted, and the student of the view for trying.
NOBODY = ("points possible", "manual posting", "student, test")


@dataclass(frozen=True)
class Student:
    """One student of a roster. ids: all that tell who it is, the most trusted first; row: which line of the table."""

    name: str
    ids: tuple[str, ...]
    email: str
    row: int


@dataclass
class Table:
    """A table as it was exported: its header, its rows, and in which form they were written."""

    path: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str
    encoding: str

    def column(self, *names: str) -> int | None:
        """The first column of one of these names, in small letters; None where there is none."""
        called = [normal(title) for title in self.header]
        return next((called.index(name) for name in names if name in called), None)

    def cell(self, row: int, column: int | None) -> str:
        """A cell's text without the space around it; nothing where there is no such cell."""
        return self.rows[row][column].strip() if column is not None and column < len(self.rows[row]) else ""

    def students(self) -> list[Student]:
        """Everybody in the table. Raises WrongUsage where no column tells who anybody is."""
        ids = [column for name in IDS if (column := self.column(name)) is not None]
        email, name = self.column(*EMAILS), self.column(*NAMES)
        first, last = self.column(*FIRST), self.column(*LAST)
        if not ids and email is None and name is None and last is None:
            raise WrongUsage(
                f"{plain(str(self.path))} has no column that tells who a student is, such as ID, Email or Name; "
                f"it has {', '.join(plain(title, 40) for title in self.header[:8])}."
            )
        found = []
        for row in range(len(self.rows)):
            parts = [self.cell(row, first), self.cell(row, last)]
            called = self.cell(row, name) or " ".join(part for part in parts if part)
            known = tuple(self.cell(row, column) for column in ids)
            mail = self.cell(row, email)
            if (any(known) or mail or called) and called.casefold() not in NOBODY:
                found.append(Student(plain(called), known, mail, row))
        return found


def normal(title: str) -> str:
    """A column's title as it is compared.

    >>> normal("  E-Mail Address "), normal("Grade*")
    ('e-mail address', 'grade')
    """
    return " ".join(title.casefold().replace("*", " ").split())


def read_table(path: Path) -> Table:
    """Read an export. Raises WrongUsage where it is no table."""
    shown = plain(str(path))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{shown} cannot be read ({error.strerror}).") from None
    if len(content) > LARGEST_EXPORT:
        raise WrongUsage(f"{shown} has more than {LARGEST_EXPORT // 2**20} MiB, and is no export of a gradebook.")
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise WrongUsage(f"{shown} is not text in UTF-8 or UTF-16: export it again, as CSV.") from None
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error as error:
        raise WrongUsage(f"{shown} cannot be read as a table ({error}): export it again, as CSV.") from None
    if len(rows) < 2 or "\0" in text:
        raise WrongUsage(f"{shown} holds no table with a header and students: export it again, as CSV.")
    return Table(path, rows[0], rows[1:], delimiter, encoding)


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


@dataclass
class Matched:
    """Who of a roster handed in what. by_student: by the student's row, which submission; the rest of both stands beside."""

    by_student: dict[int, str]
    missing: list[Student]
    unknown: list[str]
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What is known of whose a submission is. group: each id, address and name is another person's; else all are one's."""

    submission: str
    ids: tuple[str, ...]
    emails: tuple[str, ...]
    names: tuple[str, ...]
    group: bool = False


def match(students: Sequence[Student], submissions: Iterable[Known]) -> Matched:
    """Find the students of submissions: by an id, else by the address, else by a name that nobody else has.

    Nobody is guessed: what fits two stays unknown.
    """
    found = Matched({}, [], [])
    ways = [_index(_ids(student, place) for student in students) for place in range(len(IDS))]
    mails = _index([folded(student.email)] if student.email else [] for student in students)
    names = _index([_words(student.name)] if student.name else [] for student in students)
    for known in submissions:
        places: list[int] = []
        for way in ways:
            places += [place for one in known.ids if (place := way.get(_id(one))) is not None]
            if places:
                break
        places = places or [place for one in known.emails if (place := mails.get(folded(one))) is not None]
        places = places or [place for one in known.names if (place := names.get(_words(one))) is not None]
        rows = {students[place].row for place in (places if known.group else places[:1])}
        if not rows:
            found.unknown.append(known.submission)
        for row in sorted(rows):
            if row in found.by_student:
                found.notices.append(
                    f"{known.submission} and {found.by_student[row]} are of one student of the roster; the latter counts."
                )
                found.unknown.append(known.submission)
            else:
                found.by_student[row] = known.submission
    found.missing = [student for student in students if student.row not in found.by_student]
    return found


def _index(keys: Iterable[Iterable[str]]) -> dict[str, int | None]:
    """Places by what tells them apart; None where two share it."""
    index: dict[str, int | None] = {}
    for place, own in enumerate(keys):
        for key in own:
            index[key] = None if index.get(key, place) != place else place
    return index


def _ids(student: Student, place: int) -> Iterator[str]:
    if place < len(student.ids) and student.ids[place]:
        yield _id(student.ids[place])


def _id(text: str) -> str:
    """An id as it is compared: Moodle writes "Participant 1234", and Brightspace "#1234".

    >>> _id("Participant 1234"), _id("#A17"), _id(" 0042 ")
    ('1234', 'a17', '0042')
    """
    return re.sub(r"^(?:#|[^\W\d]+ (?=\d+$))", "", folded(text))


def folded(text: str) -> str:
    """Text as it is compared: capitals, and ways to write one character, do not count."""
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def _words(name: str) -> str:
    """A name as it is compared: "Lee, Anna" is "Anna Lee"."""
    return " ".join(sorted(re.findall(r"\w+", folded(name))))
