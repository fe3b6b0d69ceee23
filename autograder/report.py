"""The report: what a grading found, typed. Every renderer reads it, and reads nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from autograder.choices import HINTS, HintLevel, Shown
from autograder.statuses import Status

VERSION = 2


def total(points: Iterable[int | float]) -> int | float:
    """Points added up, to the hundredth; a whole number as such. The one place where points are added.

    >>> total([1, 2]), total([10 / 3] * 3), total([0.5, 1])
    (3, 10, 1.5)
    """
    added = round(math.fsum(points), 2)
    return int(added) if added == int(added) else added


class Diagnosis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a check failed. misconception: its identifier where one is named, else null."""

    misconception: str | None
    text: str
    evidence: str


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest failing input of a public check, as text: arguments, the student's answer, the right one."""

    inputs: dict[str, str]
    answer: str
    expected: str


class CheckReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check: ``topic/exercise/check``, its status, its points, and what may be told about it.

    given_back: whether it has its points though it failed, as nothing is wrong but what follows from a mistake elsewhere.
    """

    id: str
    status: Status
    points: int | float
    max_points: int | float
    public: bool
    sentence: str
    diagnosis: Diagnosis | None = None
    example: Example | None = None
    given_back: bool = False


class ExerciseReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One exercise and its checks."""

    name: str
    score: int | float
    max_score: int | float
    checks: list[CheckReport]


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the submission. cell: of a notebook, in which the line is counted, else null. text: the line itself."""

    line: int
    cell: int | None
    text: str


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one edit mends a mistake; never which edit.

    line: of the file or the cell. kind: of the edit, null where it is not told. second: another line where one edit mends it
    as well. whole: the line only opens the function in which several would. sure: whether every check of the exercise
    was asked; perhaps the line is another where it is false.
    """

    file: str
    line: int
    cell: int | None
    text: str
    kind: str | None = None
    second: Spot | None = None
    whole: bool = False
    sure: bool = True


class Fix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cause to mend: where it is, what it means, what was seen, how many points wait behind it, a check that shows it.

    follows: further exercises in which nothing is wrong but what follows from it. place: where it stands; null where nothing
    was found or looked for. edits: how many edits of the student's own code mend it, one or two; null where more would, or
    none was looked for.
    """

    exercise: str
    misconception: str | None
    text: str
    evidence: str
    points: int | float
    check: str
    example: Example | None = None
    follows: list[str] = []
    place: Place | None = None
    edits: int | None = None


class TopicReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One topic. problem: a sentence where the module could not be read or imported. fix_first: what to mend:
    a missing return, then that from which most exercises follow, then as the handout goes."""

    name: str
    title: str
    score: int | float
    max_score: int | float
    exercises: list[ExerciseReport]
    problem: str | None = None
    fix_first: list[Fix] = []


class SandboxReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the wall demanded: whether there was one, and its limits. Which backend kept it is in the timing object."""

    enforced: bool
    call_seconds: float
    import_seconds: float
    submission_seconds: float
    memory_mebibytes: int
    disk_mebibytes: int
    topics: dict[str, TopicSandbox] = {}


class TopicSandbox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic that declares more than the rest: what it may import beside NumPy, and its limits where they are higher."""

    libraries: list[str]
    call_seconds: float
    memory_mebibytes: int


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that may differ between two gradings of the same code: seconds, and the machine's part in it."""

    total_seconds: float
    topics_seconds: dict[str, float]
    sandbox_backend: str
    jobs: int
    keras_recorded: dict[str, str]


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grading of one submission."""

    version: int
    score: int | float
    max_score: int | float
    hints: str
    topics: list[TopicReport]
    not_found: list[str]
    notices: list[str]
    sandbox: SandboxReport
    timing: Timing

    @property
    def exit_code(self) -> int:
        """0 for all points, 1 for not all, 3 where the grader itself was at fault."""
        statuses = {c.status for t in self.topics for e in t.exercises for c in e.checks}
        if "grader_error" in statuses:
            return 3
        return 0 if self.score == self.max_score and self.topics else 1


def to_json(report: Report) -> bytes:
    """The report as indented JSON, with one line break at its end."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON schema of a report."""
    made = msgspec.json.schema(Report)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Nablagrade report, version {VERSION}",
        **made,
    }


def at_level(report: Report, level: HintLevel, levels: Mapping[str, HintLevel] | None = None) -> Report:
    """The report with no more told than this hint level shows. levels: topics with another level than the rest."""
    topics = [_topic_at(topic, HINTS[(levels or {}).get(topic.name, level)]) for topic in report.topics]
    return msgspec.structs.replace(report, topics=topics, hints=level)


def _topic_at(topic: TopicReport, shows: Shown) -> TopicReport:
    def check(c: CheckReport) -> CheckReport:
        return msgspec.structs.replace(
            c,
            sentence=c.sentence if shows.sentence else "",
            diagnosis=diagnosis(c.diagnosis) if c.diagnosis and shows.diagnosis else None,
            example=c.example if shows.example else None,
        )

    def diagnosis(found: Diagnosis) -> Diagnosis:
        return found if shows.evidence else msgspec.structs.replace(found, evidence="")

    def fix(f: Fix) -> Fix:
        return msgspec.structs.replace(
            f,
            example=f.example if shows.example else None,
            evidence=f.evidence if shows.evidence else "",
            place=place(f.place) if f.place and shows.line else None,
            edits=f.edits if shows.line else None,
        )

    def place(found: Place) -> Place:
        return found if shows.kind else msgspec.structs.replace(found, kind=None)

    return msgspec.structs.replace(
        topic,
        fix_first=[fix(f) for f in topic.fix_first if shows.diagnosis],
        exercises=[msgspec.structs.replace(e, checks=[check(c) for c in e.checks]) for e in topic.exercises],
    )
