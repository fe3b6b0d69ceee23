"""What a folder of results holds already: a newer download of its assignment adds to it, another assignment is refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.records import read_record
from autograder.downloads.importing import two_assignments
from autograder.downloads.table import Row
from autograder.errors import WrongUsage
from autograder.text import counted, plain


@dataclass(frozen=True)
class Earlier:
    """What a class was graded from before: the submissions that were given, their table, and of which assignment.

    out: the folder of the results. graded: the topics that everybody was marked against.
    """

    out: Path
    submissions: Path
    rows: Sequence[Row]
    assignment: str | None
    graded: Sequence[str]

    def is_of(self, given: Path) -> bool:
        """Whether it was graded from what is given now, by its place."""
        return same_place(given, self.submissions)

    def refuse_another(self, given: Path, rows: Sequence[Row], assignment: str | None) -> None:
        """Raises WrongUsage where these submissions are of another assignment, as most of them hold or as is said."""
        if both := two_assignments(self.rows, rows):
            self._refuse(given, *both)
        if self.assignment and assignment and self.assignment != assignment:
            self._refuse(given, self.assignment, assignment)

    def refuse_topics(self, given: Path, topics: Collection[str]) -> None:
        """Raises WrongUsage where everybody would be marked against nothing of what everybody was marked against before."""
        if self.graded and not set(self.graded) & set(topics):
            self._refuse(given, ", ".join(self.graded), ", ".join(topics))

    def _refuse(self, given: Path, before: str, now: str) -> None:
        shown = f"{'an earlier ' if self.is_of(given) else ''}{plain(str(self.submissions))}"
        raise WrongUsage(
            f"{plain(str(self.out))} holds the marks of {shown} ({plain(before)}), and {plain(str(given))} is of another "
            f"assignment ({plain(now)}): grade it into a folder of its own, with another --out. Nothing was changed."
        )

    def told(self, given: Path, keys: Collection[str], kept: int) -> list[str]:
        """What becomes of those who are not in what is given now; nothing where it is what was given before, and has all.

        keys: of everybody who has a row now. kept: how many of them are there from an earlier download alone.
        """
        now = plain(str(given))
        if self.is_of(given):
            return [f"{_students(kept)} of an earlier download {_are(kept)} not in {now}, and kept."] if kept else []
        gone = len({row.key for row in self.rows} - set(keys))
        said = [f"{plain(str(self.out))} was graded from {plain(str(self.submissions))} before, and from {now} now."]
        if kept:
            said.append(f"{_students(kept)} of the earlier one {_are(kept)} not in {now}, and kept with what they handed in.")
        if gone:
            said.append(f"{_students(gone)} of the earlier one {_are(gone)} not in {now}, and without a row now.")
        if not kept and not gone:
            said.append(f"All students of the earlier one are in {now}.")
        said.append("If that was not meant, grade each into a folder of its own, with another --out.")
        return [" ".join(said)]


def graded_topics(records: Path) -> list[str]:
    """The topics that a class was marked against, as any of its records tells; none where there is none."""
    for path in sorted(records.glob("*.json")):
        record = read_record(path)
        if record is not None and record.report is not None:
            return [topic.name for topic in record.report.topics]
    return []


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one place."""
    return one.resolve() == other.resolve()


def _students(count: int) -> str:
    return counted(count, "students")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
