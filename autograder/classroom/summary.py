"""What a class did, gathered a record at a time: how scores are spread, what was hard, what was misunderstood by whom.

Of each submission a few numbers and names are kept, and its report is let go, so that a thousand take no more room than ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.classroom.records import GRADED, Record
from autograder.report import Example, ExerciseReport, TopicReport

# With fewer students a correlation says more about who they are than about the exercise.
FEWEST_TO_CORRELATE = 10
BINS = 10


@dataclass
class Exercise:
    """How a class did on one exercise. discrimination: None where too few did it, or all alike."""

    topic: str
    name: str
    max_score: float
    right: int = 0
    wrong: int = 0
    open: int = 0
    parts: list[float] = field(default_factory=list)  # of the points, a student each
    discrimination: float | None = None

    @property
    def mean_part(self) -> float:
        """The mean part of the points, from 0 to 1."""
        return math.fsum(self.parts) / len(self.parts) if self.parts else 0.0


@dataclass
class Misconception:
    """A named mistake, and whose it is. written: how many wrote its exercise; example: the shortest that shows it, if any."""

    topic: str
    exercise: str
    name: str
    text: str
    who: list[str] = field(default_factory=list)
    written: int = 0
    example: Example | None = None


@dataclass
class Group:
    """Students whose wrong answers are the same, input for input, and have no name. checks: each with how many of them."""

    topic: str
    exercise: str
    who: list[str]
    checks: list[tuple[str, int]]


@dataclass
class Summary:
    """What is told of a class, beside its marks. unloaded: by topic, whose module could not be loaded."""

    students: int
    bins: list[int]
    mean_score: float
    median: float
    exercises: list[Exercise]
    misconceptions: list[Misconception]
    groups: list[Group]
    unloaded: dict[str, list[str]]


class Gathering:
    """Takes in one record after the other; :meth:`summary` tells what they come to."""

    def __init__(self) -> None:
        self._parts: list[float] = []  # of all points, a submission each
        self._scores: list[float] = []
        self._exercises: dict[tuple[str, str], Exercise] = {}
        self._misconceptions: dict[tuple[str, str, str], Misconception] = {}
        self._alike: dict[tuple[str, str], list[str]] = {}
        self._unloaded: dict[str, list[str]] = {}

    def take(self, name: str, record: Record) -> None:
        """Count a submission in: only one that holds something and could be graded says something about the exercises."""
        if record.status != GRADED or record.report is None:
            return
        report = record.report
        self._parts.append(report.score / report.max_score if report.max_score else 0.0)
        self._scores.append(report.score)
        for topic in report.topics:
            there = topic.name not in report.not_found
            if there and topic.problem is not None:
                self._unloaded.setdefault(topic.name, []).append(name)
            for exercise in topic.exercises:
                if exercise.max_score:
                    self._count(topic, exercise, there)
            for fix in topic.fix_first:
                if fix.misconception is not None:
                    place = (topic.name, fix.exercise, fix.misconception)
                    known = self._misconceptions.setdefault(place, Misconception(*place, fix.text))
                    known.who.append(name)
                    known.example = min(filter(None, (known.example, fix.example)), key=_length, default=None)
            self._note_unnamed(name, topic, record)

    def _count(self, topic: TopicReport, exercise: ExerciseReport, there: bool) -> None:
        """Count an exercise in. there: whether its module was handed in; nobody knows what is in one that was not loaded."""
        found = self._exercises.setdefault(
            (topic.name, exercise.name), Exercise(topic.name, exercise.name, exercise.max_score)
        )
        found.parts.append(exercise.score / exercise.max_score)
        if topic.problem is not None:
            found.open += not there
            return
        statuses = {check.status for check in exercise.checks}
        found.right += statuses == {"passed"}
        is_open = statuses <= {"todo", "missing", "passed"} and statuses != {"passed"}
        found.open += is_open
        found.wrong += statuses != {"passed"} and not is_open

    def _note_unnamed(self, name: str, topic: TopicReport, record: Record) -> None:
        for exercise in topic.exercises:
            for check in exercise.checks:
                named = check.diagnosis is not None and check.diagnosis.misconception is not None
                if not named and check.id in record.wrong:
                    self._alike.setdefault((check.id, record.wrong[check.id]), []).append(name)

    @property
    def alike(self) -> dict[tuple[str, str], list[str]]:
        """Who gave which wrong answers without a name, by check and fingerprint."""
        return self._alike

    def summary(self) -> Summary:
        """What all that was taken in comes to."""
        exercises = list(self._exercises.values())
        for exercise in exercises:
            exercise.discrimination = self._discrimination(exercise)
        exercises.sort(key=lambda e: (e.mean_part, e.topic, e.name))
        for known in self._misconceptions.values():
            about = self._exercises.get((known.topic, known.exercise))
            known.written = about.right + about.wrong if about else 0
        misconceptions = sorted(self._misconceptions.values(), key=lambda m: (-len(m.who), m.topic, m.exercise, m.name))
        return Summary(
            students=len(self._parts),
            bins=_bins(self._parts),
            mean_score=math.fsum(self._scores) / len(self._scores) if self._scores else 0.0,
            median=_median(self._scores),
            exercises=exercises,
            misconceptions=misconceptions,
            groups=groups(self._alike),
            unloaded=self._unloaded,
        )

    def _discrimination(self, exercise: Exercise) -> float | None:
        """The correlation of an exercise's points with those of all the rest (the corrected point-biserial correlation)."""
        if len(exercise.parts) < max(FEWEST_TO_CORRELATE, len(self._scores)):
            return None
        own = [part * exercise.max_score for part in exercise.parts]
        return correlation(own, [score - mine for score, mine in zip(self._scores, own, strict=True)])


def _length(example: Example) -> int:
    return len(str(example.inputs)) + len(example.answer) + len(example.expected)


def groups(alike: dict[tuple[str, str], list[str]]) -> list[Group]:
    """Groups of two or more, the largest first, from whose wrong answers are the same in which check.

    Of one exercise a group is told once: with what the same students, or some of them, also answer alike in other checks.
    """
    by_exercise: dict[tuple[str, str], list[tuple[list[str], str]]] = {}
    for (check_id, _), who in sorted(alike.items()):
        topic, exercise, check = check_id.split("/", 2)
        if len(who) > 1:
            by_exercise.setdefault((topic, exercise), []).append((who, check))
    found: list[Group] = []
    for (topic, exercise), shared in by_exercise.items():
        told: list[Group] = []
        for who, check in sorted(shared, key=lambda entry: (-len(entry[0]), entry[0], entry[1])):
            around = next((group for group in told if set(who) <= set(group.who)), None)
            if around is None:
                told.append(Group(topic, exercise, who, [(check, len(who))]))
            else:
                around.checks.append((check, len(who)))
        found += told
    return sorted(found, key=lambda group: (-len(group.who), group.topic, group.exercise, group.who))


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's correlation; None where one side is the same for all.

    >>> correlation([0, 1, 2], [1, 3, 5]), correlation([1, 1], [0, 2])
    (1.0, None)
    """
    a, b = _centred(left), _centred(right)
    size = math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))
    # Points are told to the hundredth: what is smaller than that is rounding, and no spread.
    return round(math.fsum(x * y for x, y in zip(a, b, strict=True)) / size, 3) if size > 1e-9 else None


def _centred(values: Sequence[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]


def _bins(parts: Iterable[float]) -> list[int]:
    bins = [0] * BINS
    for part in parts:
        bins[min(BINS - 1, max(0, int(part * BINS + 1e-9)))] += 1  # 0.3 * 10 is 2.9999999999999996
    return bins


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    if not ordered:
        return 0.0
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
