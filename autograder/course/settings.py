"""A course's settings, from ``course.toml``: its topics with their points and dates, how much is told, limits, whose secret.

``grade init`` writes a course.toml in which every setting stands with its meaning.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from autograder.choices import HINT_LEVELS, Consequences, HintLevel, SandboxName
from autograder.course.wording import explained, near, syntax
from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.table import Topic
from autograder.errors import WrongUsage
from autograder.recording.answers import DEFAULT_SECRET, read_secret
from autograder.report import Report, at_level
from autograder.text import plain
from autograder.wall.limits import Limits

Positive = Annotated[float, msgspec.Meta(gt=0)]
PositiveInt = Annotated[int, msgspec.Meta(gt=0)]
# Points are told to the hundredth, so more digits would be lost; a thousand is more than any course gives.
Points = Annotated[float, msgspec.Meta(gt=0, le=1000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class LimitSettings(msgspec.Struct, forbid_unknown_fields=True):
    """Limits to override; what is not given keeps its default."""

    call_seconds: Positive | None = None
    import_seconds: Positive | None = None
    topic_seconds: Positive | None = None
    submission_seconds: Positive | None = None
    grader_seconds: Positive | None = None
    grader_mebibytes: PositiveInt | None = None
    memory_mebibytes: PositiveInt | None = None
    disk_mebibytes: PositiveInt | None = None
    files: PositiveInt | None = None
    cpu_seconds: PositiveInt | None = None


class HintSettings(msgspec.Struct, forbid_unknown_fields=True):
    """How much is told before a topic is due, and after."""

    before_due: HintLevel = "full"
    after_due: HintLevel = "full"


class MarkingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What costs points beside a mistake itself, and what is given back of them.

    consequences: whether what follows from it in other exercises does. one_edit: the part of an exercise's lost points that is
    given back where one edit of one line mends it. attempts: which of a student's counts, where a download holds several.
    """

    consequences: Consequences = "charged"
    attempts: Literal["last", "best"] = "last"
    one_edit: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0


# So many edits of one function of twenty lines there are about; what is not found among twice as many rarely is at all.
LOCATE_CANDIDATES = 1000


class LocateSettings(msgspec.Struct, forbid_unknown_fields=True):
    """The search for the line of a mistake without a name: for how many exercises, and how many edits of each are tried."""

    exercises: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    candidates: Annotated[int, msgspec.Meta(gt=0, le=100_000)] = LOCATE_CANDIDATES


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lateness costs: each day begun the same part of the score, and after most_days (0: never) all of it."""

    grace_minutes: Annotated[int, msgspec.Meta(ge=0)] = 0
    penalty_percent_per_day: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0
    most_days: Annotated[int, msgspec.Meta(ge=0)] = 0

    @property
    def costs(self) -> bool:
        """Whether lateness costs anything, ever."""
        return bool(self.penalty_percent_per_day or self.most_days)

    def days(self, seconds_late: float) -> int:
        """How many days were begun so many seconds after something was due; none within the grace.

        >>> [Late(grace_minutes=15).days(hours * 3600) for hours in (-1, 0.2, 1, 25)]
        [0, 0, 1, 2]
        """
        return 0 if seconds_late <= 60 * self.grace_minutes else math.ceil(seconds_late / 86400)

    def penalty(self, score: float, seconds_late: float) -> float:
        """The points that a score loses for so many seconds after it was due.

        >>> policy = Late(grace_minutes=15, penalty_percent_per_day=10, most_days=3)
        >>> [policy.penalty(50, hours * 3600) for hours in (0.2, 1, 25, 100)]
        [0.0, 5.0, 10.0, 50.0]
        """
        days = self.days(seconds_late)
        if self.most_days and days > self.most_days:
            return float(score)
        return min(float(score), score * days * self.penalty_percent_per_day / 100)


class TopicSettings(msgspec.Struct, forbid_unknown_fields=True):
    """A topic in this course: when it is due, what its exercises are worth, which of them do not count."""

    due: Moment | None = None
    points: dict[str, Points] = {}
    leave_out: list[str] = []


class AssignmentSettings(msgspec.Struct, forbid_unknown_fields=True):
    """An assignment: which topics are handed in together, and when, if not when each topic is due."""

    topics: list[str]
    due: Moment | None = None


# What a student has more than the class: days, or until when. A year is a slip of the pen.
Extended = Annotated[float, msgspec.Meta(gt=0, le=366, title="a number of days")] | Moment


class CourseFile(msgspec.Struct, forbid_unknown_fields=True):
    """The form of course.toml."""

    title: str = ""
    topics: Literal["found", "all"] | list[str] = "found"
    hints: HintLevel | HintSettings = "full"
    sandbox: SandboxName = "auto"
    secret_file: str | None = None
    manual_points: Points = 2
    limits: LimitSettings = msgspec.field(default_factory=LimitSettings)
    late: Late = Late()
    marking: MarkingSettings = MarkingSettings()
    locate: LocateSettings = msgspec.field(default_factory=LocateSettings)
    topic: dict[str, TopicSettings] = {}
    assignment: dict[str, AssignmentSettings] = {}
    extension: dict[str, Extended] = {}


class Course(msgspec.Struct, frozen=True):
    """Settings in force.

    folder: where course.toml lies. catalogue: the topics there are, with the course's own. hints: before a topic is due, and
    after it too where hints_after_due is None.
    consequences: what a mistake costs in exercises in which all that is wrong follows from it.
    one_edit: the part of an exercise's lost points that is given back where one edit of one line mends it.
    attempts: which of a student's several attempts counts.
    locate_exercises: of a submission whose line is searched; locate_candidates: edits of each that are tried.
    manual_points: what a question that a person grades is worth in a gradebook of somebody else's, such as nbgrader's.
    """

    topics: Literal["found", "all"] | list[str] = "found"
    hints: HintLevel = "full"
    sandbox: str = "auto"
    secret: bytes = DEFAULT_SECRET
    limits: Limits = Limits()
    folder: Path | None = None
    title: str = ""
    hints_after_due: HintLevel | None = None
    manual_points: float = 2
    late: Late = Late()
    consequences: Consequences = "charged"
    one_edit: float = 0
    attempts: Literal["last", "best"] = "last"
    locate_exercises: int = 3
    locate_candidates: int = LOCATE_CANDIDATES
    settings: Mapping[str, TopicSettings] = {}
    assignments: Mapping[str, AssignmentSettings] = {}
    extensions: Mapping[str, float | datetime] = {}
    catalogue: Catalogue = OURS

    @property
    def due(self) -> dict[str, datetime]:
        """When each topic is due, where that is said; aware of its zone."""
        return {name: topic.due for name, topic in self.settings.items() if topic.due is not None}

    def but(self, sandbox: str | None, hints: str | None) -> Course:
        """These settings with another sandbox or hint level, where one is given: what a command line says."""
        chosen: dict[str, Any] = {"sandbox": sandbox} if sandbox else {}
        if hints:
            chosen |= {"hints": hints, "hints_after_due": None}
        return msgspec.structs.replace(self, **chosen)

    def without_search(self) -> Course:
        """These settings without the search for lines."""
        return msgspec.structs.replace(self, locate_exercises=0)

    def for_assignment(self, name: str | None) -> Course:
        """These settings for one assignment alone: its topics, due when it is; without a name, as they are.

        Raises WrongUsage where the course has no such assignment.
        """
        if name is None:
            return self
        if name not in self.assignments:
            known = ", ".join(self.assignments)
            hint = f"it has {known}" if known else f'write [assignment.{name}] with topics = ["..."] into course.toml'
            raise WrongUsage(f"The course has no assignment {plain(name)!r}; {hint}.")
        asked = self.assignments[name]
        settings = dict(self.settings)
        for topic in asked.topics if asked.due else ():
            settings[topic] = msgspec.structs.replace(settings.get(topic, TopicSettings()), due=asked.due)
        return msgspec.structs.replace(self, topics=asked.topics, settings=settings)

    def table(self, topic: str) -> Topic:
        """A topic's checks as this course counts them: without what is left out, and with its own points."""
        table, own = self.catalogue.topic(topic), self.settings.get(topic)
        if own is None or not (own.points or own.leave_out):
            return table
        kept = tuple(
            exercise.worth(own.points[exercise.name]) if exercise.name in own.points else exercise
            for exercise in table.exercises
            if exercise.name not in own.leave_out
        )
        return replace(table, exercises=kept)

    def hints_at(self, topic: str, now: datetime) -> HintLevel:
        """How much is told about a topic at a moment: before it is due, or after. What is never due stays before."""
        due = self.due.get(topic)
        late = due is not None and now > due
        return self.hints_after_due if late and self.hints_after_due is not None else self.hints

    def cut(self, report: Report, now: datetime | None = None) -> Report:
        """A report with no more told than this course tells at a moment, which is the present unless it is given."""
        moment = now or datetime.now(UTC)
        levels = {topic.name: self.hints_at(topic.name, moment) for topic in report.topics}
        return at_level(report, min(levels.values(), key=HINT_LEVELS.index, default=self.hints), levels)


def read_course(path: Path | None, submission: Path | None = None) -> Course:
    """The settings of this course.toml, or of the one in the working folder, or the defaults.

    A working folder that lies in the submission is the student's, and so is a course.toml in it: it is not obeyed. Topics of
    the course's own (``checks/`` and ``reference/`` beside course.toml) are topics of this course, and of no other.
    Raises WrongUsage, naming the file, the setting and its line, where it is not valid.
    """
    if path is None:
        path = Path("course.toml")
        if not path.is_file() or (submission is not None and Path.cwd().is_relative_to(submission.resolve())):
            return Course()
    if path.is_dir():
        path = path / "course.toml"
    try:
        content = path.read_text(encoding="utf-8")
        data = tomllib.loads(content)
    except OSError as error:
        raise WrongUsage(f"The course file {path} cannot be read: {error}.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        said = f"it is no UTF-8 text, in line {line}. Save it in that encoding"
        raise WrongUsage(f"The course file {path} cannot be read: {said}.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{path} is not valid TOML: {syntax(error, content)}.") from None
    folder = path.absolute().parent
    catalogue = Catalogue(folder) if (folder / "checks").is_dir() else OURS
    given = _Reading(path, content, data, catalogue).file()
    chosen = {f.name: getattr(given.limits, f.name) for f in fields(Limits) if getattr(given.limits, f.name) is not None}
    phases = given.hints if isinstance(given.hints, HintSettings) else HintSettings(given.hints, given.hints)
    return Course(
        topics=given.topics,
        hints=phases.before_due,
        sandbox=given.sandbox,
        secret=read_secret(path.parent / given.secret_file) if given.secret_file else DEFAULT_SECRET,
        limits=Limits(**chosen),
        folder=folder,
        title=given.title,
        hints_after_due=phases.after_due,
        manual_points=given.manual_points,
        late=given.late,
        consequences=given.marking.consequences,
        one_edit=given.marking.one_edit,
        attempts=given.marking.attempts,
        locate_exercises=given.locate.exercises,
        locate_candidates=given.locate.candidates,
        settings=given.topic,
        assignments=given.assignment,
        extensions=given.extension,
        catalogue=catalogue,
    )


class _Reading:
    """One course.toml on its way to being valid; knows on which line each setting stands."""

    def __init__(self, path: Path, content: str, data: dict[str, Any], catalogue: Catalogue) -> None:
        self._path, self._content, self._data, self._catalogue = path, content, data, catalogue

    def file(self) -> CourseFile:
        """The settings, valid in form and in meaning. Raises WrongUsage."""
        for place, value, form in _parts(self._data):
            try:
                msgspec.convert(value, form)
            except msgspec.ValidationError as error:
                keys, said = explained(error, value, form)
                whole = (*place, *keys)
                raise self._wrong(f"{plain('.'.join(whole))}: {said}" if whole else said, whole) from None
        given = msgspec.convert(self._data, CourseFile)
        for name in given.topics if isinstance(given.topics, list) else []:
            self._known(name, self._catalogue.names, "topic", ("topics",))
        for assignment, asked in given.assignment.items():
            place = ("assignment", assignment, "topics")
            if not asked.topics:
                raise self._wrong("an assignment has one topic or more", place)
            for name in asked.topics:
                self._known(name, self._catalogue.names, "topic", place)
                if isinstance(given.topics, list) and name not in given.topics:
                    raise self._wrong(f"{name} is none of the course's topics; write it into topics, too", place)
        for topic, own in given.topic.items():
            self._known(topic, self._catalogue.names, "topic", ("topic", topic))
            exercises = {exercise.name: exercise for exercise in self._catalogue.topic(topic).exercises}
            for name in own.leave_out:
                self._known(name, exercises, f"exercise of {topic}", ("topic", topic, "leave_out"))
            if not set(exercises) - set(own.leave_out):
                raise self._wrong(f"nothing is left of {topic}; take it out of topics instead", ("topic", topic, "leave_out"))
            for name, points in own.points.items():
                place = ("topic", topic, "points", name)
                self._known(name, exercises, f"exercise of {topic}", place)
                if not exercises[name].max_score:
                    raise self._wrong(f"{name} is graded by a person; its points are manual_points", place)
                if round(points, 2) != points or points < len(exercises[name].checks) / 100:
                    raise self._wrong(
                        f"{points} points cannot be shared among {len(exercises[name].checks)} checks in hundredths", place
                    )
        return given

    def _known(self, name: str, names: Any, what: str, place: tuple[str, ...]) -> None:
        if name in names:
            return
        raise self._wrong(f"there is no {what} {name!r}; {near(name, names)}", place)

    def _wrong(self, said: str, place: tuple[str, ...]) -> WrongUsage:
        line = line_of(self._content, place)
        where = f"{self._path}, line {line}" if line else f"{self._path}"
        return WrongUsage(f"{where}: {said}" + ("" if said.endswith("?") else "."))


def _parts(data: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """What is converted one after the other, the innermost first, so that an error tells its whole place."""
    topics = data.get("topic")
    for name, topic in topics.items() if isinstance(topics, dict) else ():
        points = topic.get("points") if isinstance(topic, dict) else None
        for exercise, worth in points.items() if isinstance(points, dict) else ():
            yield ("topic", name, "points", exercise), worth, Points
        yield ("topic", name), topic, TopicSettings
    assignments = data.get("assignment")
    for name, assignment in assignments.items() if isinstance(assignments, dict) else ():
        yield ("assignment", name), assignment, AssignmentSettings
    extensions = data.get("extension")
    for name, extended in extensions.items() if isinstance(extensions, dict) else ():
        yield ("extension", name), extended, Extended
    for section, form in (
        ("limits", LimitSettings),
        ("late", Late),
        ("marking", MarkingSettings),
        ("locate", LocateSettings),
        ("hints", HintLevel | HintSettings),
    ):
        if section in data:
            yield (section,), data[section], form
    yield (), data, CourseFile


def line_of(content: str, place: tuple[str, ...]) -> int:
    """The line of a TOML file on which a setting stands, counted from 1; of a section its header; 0 where it is nowhere.

    >>> line_of('a = 1\\n[b."c.d"]\\ne = 2\\nf = {g = 3}', ("b", "c.d", "f", "g"))
    4
    """
    section: tuple[str, ...] = ()
    best, depth = 0, 0
    for number, line in enumerate(content.splitlines(), 1):
        text = line.strip()
        header = text.startswith("[")
        keys = _keys(text if header else text.partition("=")[0] + "= 0") if header or "=" in text else ()
        section = keys if header and keys else section
        found = keys if header else (*section, *keys) if keys else ()
        if len(found) > depth and place[: len(found)] == found:
            best, depth = number, len(found)
    return best


def _keys(line: str) -> tuple[str, ...]:
    try:
        inner: Any = tomllib.loads(line.partition("#")[0] if line.startswith("[") else line)
    except tomllib.TOMLDecodeError:
        return ()
    keys = []
    while isinstance(inner, dict) and inner:
        ((key, inner),) = inner.items()
        keys.append(key)
    return tuple(keys)
