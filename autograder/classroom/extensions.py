"""Who may hand in later than the class: extensions of a course.toml, or of a table such as a dean's office sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder.classroom.roster import Known, Student, match, read_table
from autograder.errors import WrongUsage
from autograder.text import plain

DAYS = ("days", "extension", "extension (days)", "extra days")
UNTIL = ("due", "until", "due date", "extended until")


@dataclass(frozen=True)
class Extension:
    """One student's: so many days after what is due, or until a moment, which has a zone. ids, email, name: who it is."""

    who: str
    ids: tuple[str, ...]
    email: str
    name: str
    days: float = 0
    until: datetime | None = None

    def due(self, due: datetime) -> datetime:
        """When something is due for this student; an extension never makes it earlier.

        >>> from datetime import UTC
        >>> Extension("ada", ("ada",), "", "", days=1.5).due(datetime(2026, 12, 4, tzinfo=UTC)).isoformat()
        '2026-12-05T12:00:00+00:00'
        """
        return max(due, self.until or due + timedelta(days=self.days))


def of_course(given: Mapping[str, float | datetime]) -> list[Extension]:
    """The extensions of a course.toml: each stands under an id, an address or a name."""
    return [_extension(who, (who,), who, who, worth) for who, worth in given.items()]


def of_table(path: Path) -> list[Extension]:
    """The extensions of a table: who a student is, as in a roster, and a column of days or of due dates.

    Raises WrongUsage where there is neither column, or a cell is neither a number of days nor a date with a time zone.
    """
    table = read_table(path)
    days, until = table.column(*DAYS), table.column(*UNTIL)
    if days is None and until is None:
        raise WrongUsage(
            f"{plain(str(path))} has no column Days or Due, which would say how long an extension is; "
            f"it has {', '.join(plain(title, 40) for title in table.header[:8])}."
        )
    found = []
    for student in table.students():
        told = table.cell(student.row, until) or table.cell(student.row, days)
        if told:
            ids = tuple(one for one in student.ids if one)
            who = student.name or student.email or next(iter(ids), "")
            found.append(_extension(who, ids, student.email, student.name, _worth(told, path, who)))
    return found


def _extension(who: str, ids: tuple[str, ...], email: str, name: str, worth: float | datetime) -> Extension:
    if isinstance(worth, datetime):
        return Extension(plain(who), ids, email, name, until=worth)
    return Extension(plain(who), ids, email, name, days=worth)


def _worth(told: str, path: Path, who: str) -> float | datetime:
    where = f"{plain(str(path))}: the extension of {plain(who)}"
    try:
        days = float(told)
    except ValueError:
        try:
            until = datetime.fromisoformat(told)
        except ValueError:
            raise WrongUsage(
                f"{where} is {plain(told, 40)!r}: give days, such as 3, or a date as 2026-12-04T23:59+01:00."
            ) from None
        if until.tzinfo is None:
            raise WrongUsage(
                f"{where} is {plain(told, 40)!r}, which has no time zone: write 2026-12-04T23:59+01:00."
            ) from None
        return until
    if not 0 < days <= MOST_DAYS:
        raise WrongUsage(f"{where} is {plain(told, 40)} days: give a number above 0, and at most {MOST_DAYS}.")
    return days


MOST_DAYS = 366  # more is a slip of the pen


def matched(
    extensions: Sequence[Extension], submissions: Sequence[Known], people: Sequence[Known] = ()
) -> tuple[dict[str, list[Extension]], list[str]]:
    """The extensions of each submission, by its name, found as students of a roster are; and whose fit nobody.

    Of a group's submission each member's counts. people: everybody, by what a roster tells too, for whom is not found by
    what a submission tells; what fits two of them fits nobody.
    """
    students = [Student(one.name, one.ids, one.email, place) for place, one in enumerate(extensions)]
    found: dict[str, list[Extension]] = {}
    used = set()
    for known in submissions:
        # One at a time: that two submissions fit one extension is no contradiction, as that of two of a roster's is.
        for place in sorted(match(students, [known]).by_student):
            found.setdefault(known.submission, []).append(extensions[place])
            used.add(place)
    for student in students:
        fitting = match([student], people) if student.row not in used else None
        submission = fitting.by_student.get(student.row) if fitting and not fitting.notices else None
        if submission:  # whoever handed nothing in has none
            found.setdefault(submission, []).append(extensions[student.row])
            used.add(student.row)
    return found, [one.who for place, one in enumerate(extensions) if place not in used]
