"""What a person gave for free text: kept beside the records, under a digest of the answer that was read.

Where another answer is handed in, the old points do not count, and that answer waits to be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.at_home.sheet import parse_sheet
from autograder.course import Course
from autograder.errors import WrongUsage
from autograder.report import Report
from autograder.submission.read import Submission
from autograder.text import of_all, plain

KEPT, VERSION = "by-hand.json", 1
LONGEST_COMMENT = 2000
# The longest text that is parsed on this side of the wall, as where lines are searched.
LONGEST_PARSED = 100_000


class ReadAnswer(msgspec.Struct, frozen=True):
    """What a person gave for one answer. answer: its digest."""

    points: float
    comment: str
    answer: str


class ByHand(msgspec.Struct):
    """All that a person gave, by submission and by ``topic/exercise``."""

    version: int
    given: dict[str, dict[str, ReadAnswer]]


@dataclass
class Counted:
    """What counts of it for one submission: points by topic, what to say of them, and how many answers wait to be read."""

    points: dict[str, float] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    waiting: int = 0


def read_by_hand(out: Path) -> ByHand | None:
    """What was kept in a class's results; None where nobody read anything, or it is of another version."""
    try:
        found = msgspec.json.decode((out / KEPT).read_bytes(), type=ByHand)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.version == VERSION else None


def as_json(by_hand: ByHand) -> bytes:
    return msgspec.json.format(msgspec.json.encode(by_hand, order="sorted"), indent=1) + b"\n"


def digest_of(text: str) -> str:
    """Of an answer's words: space between them does not count, as a spreadsheet may change it."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def asked_by_hand(course: Course, topics: Sequence[str]) -> list[tuple[str, str]]:
    """The exercises that a person grades, with their topics."""
    return [
        (topic, exercise.name)
        for topic in topics
        for exercise in course.table(topic).exercises
        if all(check.manual for check in exercise.checks)
    ]


def waiting_in(report: Report) -> list[str]:
    """The exercises of a report that have an answer for a person to read, as topic/exercise."""
    return [
        f"{topic.name}/{exercise.name}"
        for topic in report.topics
        for exercise in topic.exercises
        if exercise.checks and all(check.status == "manual" for check in exercise.checks)
    ]


def texts_of(submission: Submission, places: Sequence[str]) -> dict[str, str]:
    """The answers at these places, as far as a module's text tells them: nothing is run. Others have no entry."""
    found: dict[str, str] = {}
    for topic in dict.fromkeys(place.partition("/")[0] for place in places):
        module = submission.modules.get(topic)
        text = submission.text_of(module) if module is not None else ""
        try:
            answers = parse_sheet(Path(f"{topic}.py"), text[:LONGEST_PARSED].encode("utf-8", "replace")).answers
        except (WrongUsage, RecursionError, MemoryError):
            continue
        named = {name.strip().casefold(): value for name, value in answers.items()}
        for place in places:
            value = named.get(place.partition("/")[2].casefold())
            if place.startswith(f"{topic}/") and isinstance(value, str):
                found[place] = value
    return found


def counted(given: Mapping[str, ReadAnswer], report: Report, texts: Mapping[str, str], most: float) -> Counted:
    """What counts of what a person gave for one submission."""
    found = Counted()
    for place in waiting_in(report):
        own = given.get(place)
        if own is None or own.answer != digest_of(texts.get(place, "")):
            found.waiting += 1
            continue
        topic, exercise = place.split("/", 1)
        found.points[topic] = found.points.get(topic, 0.0) + own.points
        said = f"{exercise}: {of_all(own.points, most, 'points')}, read by a person."
        found.notices.append(f"{said} {plain(own.comment, LONGEST_COMMENT)}".strip())
    return found
