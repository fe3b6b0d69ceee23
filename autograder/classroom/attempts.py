"""Several attempts of one student: which of them counts, and how attempts went over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from autograder.classroom.marks import Mark, moment_of
from autograder.classroom.records import FAULT
from autograder.downloads.table import NUMBERED, Row

# Where an attempt's points lie in the picture: a line a student over this width and height.
WIDTH, HEIGHT = 640, 170
# Lines of more students than these cover one another; the table below the picture counts all.
MOST_LINES = 400


def attempts_of(row: Row, every: bool) -> list[Row]:
    """A student's attempts, the earliest first, each as a row of its own; without `every` the last alone."""
    earlier = [
        msgspec.structs.replace(row, key=one.folder, submitted_at=one.submitted_at, late=one.late, attempts=[])
        for one in (row.attempts if every else ())
    ]
    return [*earlier, row]


def whose(name: str) -> str:
    """The student's own folder, of the name of any attempt.

    >>> whose("7012~2"), whose("7012")
    ('7012', '7012')
    """
    return name.partition(NUMBERED)[0]


def best_of(marks: Sequence[Mark]) -> Mark:
    """The attempt that counts: the one with the best mark after lateness, of equals the earliest.

    Where the machine failed at one, nobody knows which is the best, and that one stands until it is graded.
    """
    failed = [place for place, mark in enumerate(marks) if mark.status == FAULT]
    place = failed[0] if failed else max(range(len(marks)), key=lambda i: (_worth(marks[i]), -i))
    if len(marks) == 1:
        return marks[0]
    said = f"Attempt {place + 1} of {len(marks)} counts, the best."
    return msgspec.structs.replace(marks[place], notice=" ".join(filter(None, (marks[place].notice, said))))


def _worth(mark: Mark) -> float:
    return -1.0 if mark.final is None else float(mark.final)


@dataclass(frozen=True)
class Attempts:
    """How attempts went: a line of points a student in the picture, and of each number how many and their mean part.

    timed: whether the picture goes by time, from first to last; else by the attempts' numbers.
    """

    lines: list[str]
    means: list[tuple[int, int, float]]
    timed: bool
    first: str
    last: str


def over_time(tried: Sequence[Sequence[Mark]]) -> Attempts | None:
    """What is told of attempts; None where nobody has several."""
    several = [[mark for mark in marks if mark.score is not None] for marks in tried]
    several = [marks for marks in several if len(marks) > 1]
    if not several:
        return None
    times = [[moment_of(mark.submitted_at) for mark in marks] for marks in several]
    known = [moment for own in times for moment in own if moment is not None]
    timed = len(known) == sum(map(len, times)) and min(known) < max(known)
    longest = max(map(len, several))
    begin, end = (min(known), max(known)) if timed else (None, None)
    lines = []
    for marks, own in list(zip(several, times, strict=True))[:MOST_LINES]:
        points = []
        for number, (mark, moment) in enumerate(zip(marks, own, strict=True)):
            along = (moment - begin) / (end - begin) if moment and begin and end else number / (longest - 1)
            points.append(f"{8 + along * (WIDTH - 16):.1f},{HEIGHT - 8 - _part(mark) * (HEIGHT - 16):.1f}")
        lines.append(" ".join(points))
    means = []
    for number in range(longest):
        parts = [_part(marks[number]) for marks in several if len(marks) > number]
        means.append((number + 1, len(parts), math.fsum(parts) / len(parts)))
    return Attempts(lines, means, timed, f"{begin:%Y-%m-%d}" if begin else "1", f"{end:%Y-%m-%d}" if end else f"{longest}")


def _part(mark: Mark) -> float:
    return min(1.0, float(mark.score or 0) / mark.max_score) if mark.max_score else 0.0
