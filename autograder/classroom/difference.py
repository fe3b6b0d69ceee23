"""What is different between two gradings: of one submission, or of a class, student by student and check by check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.classroom.attempts import whose
from autograder.classroom.marks import JSON_NAME, Mark, marks_read
from autograder.errors import WrongUsage
from autograder.report import VERSION, CheckReport, Report
from autograder.text import counted, plain

Points = int | float | None
# What is told of so many of all is told once for all of them.
NEARLY_ALL = 0.9
# Points are told to the hundredth.
HUNDREDTH = 0.01

Line = TypeVar("Line", bound=Hashable)
_decoder = msgspec.json.Decoder(Report)


@dataclass(frozen=True)
class Changed:
    """A check that is judged otherwise, or is worth other points: as it was and as it is; None where there was or is none."""

    check: str
    before: CheckReport | None
    after: CheckReport | None

    def __str__(self) -> str:
        return f"{plain(self.check)}: {_told(self.before)} → {_told(self.after)}"

    @property
    def exercise(self) -> str:
        """The exercise that the check is of, with its topic."""
        return self.check.rpartition("/")[0]

    @property
    def judged_alike(self) -> bool:
        """Whether nothing else is different than what it is worth."""
        if self.before is None or self.after is None:
            return False
        was, now = self.before, self.after
        apart = abs(was.points * now.max_points - now.points * was.max_points)  # 0 where both have the same part of the points
        same = was.status == now.status and _named(was) == _named(now)
        return same and apart <= HUNDREDTH * max(was.max_points, now.max_points)


@dataclass(frozen=True)
class Worth:
    """An exercise that is worth other points than before."""

    exercise: str
    before: int | float
    after: int | float

    def __str__(self) -> str:
        return f"{plain(self.exercise)}: worth {self.before:g} → {self.after:g} points"


@dataclass(frozen=True)
class Common:
    """What is the same for nearly all: for how many students it is, for whom it is not, and what."""

    students: int
    but: tuple[str, ...]
    lines: list[str]

    def __str__(self) -> str:
        but = f", not for {', '.join(self.but)}" if self.but else ""
        return f"The same for {counted(self.students, 'students')}{but}:"


@dataclass
class Difference:
    """One submission's old and new points, and why: the checks that changed, and what else did.

    worth: exercises with other points. twice: whether it is in both gradings; compared: whether there is a report of both.
    """

    name: str
    before: Points
    after: Points
    checks: list[Changed] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    worth: list[Worth] = field(default_factory=list)
    twice: bool = True
    compared: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {_points(self.before)} → {_points(self.after)}"


def differences(before: Path, after: Path) -> list[Difference]:
    """What differs between two reports as JSON, or between two folders of a class's results; nobody who is the same.

    Raises WrongUsage where they are not two of a kind.
    """
    if before.is_dir() and after.is_dir():
        return list(_of_classes(before, after))
    if before.is_dir() or after.is_dir():
        _report(after if before.is_dir() else before)  # what is neither is told first
        raise WrongUsage("Give two reports, or two folders of results: one of each cannot be compared.")
    old, new = _report(before), _report(after)
    found = Difference(plain(after.name), old.score, new.score, changed_checks(old, new), _also(old, new))
    return [found] if found.checks or found.also or old.score != new.score else []


def told_once(found: Sequence[Difference]) -> tuple[list[Common], list[Difference]]:
    """What is the same for nearly all, and of each what is its own; nobody of whom nothing is left to tell."""
    worth = _of_nearly_all([(one.name, one.worth) for one in found if one.compared])
    also = _of_nearly_all([(one.name, one.also) for one in found if one.twice])
    told = {one.exercise for one in worth}
    left = [[check for check in one.checks if not (check.exercise in told and check.judged_alike)] for one in found]
    shown = [(one.name, [str(check) for check in own]) for one, own in zip(found, left, strict=True) if one.compared]
    alike = _of_nearly_all(shown)
    common: dict[tuple[int, tuple[str, ...]], Common] = {}
    for line, whom in [*also.items(), *worth.items(), *alike.items()]:
        common.setdefault(whom, Common(*whom, [])).lines.append(str(line))
    rest = [
        replace(
            one,
            checks=[check for check in own if str(check) not in alike],
            also=[said for said in one.also if said not in also],
        )
        for one, own in zip(found, left, strict=True)
    ]
    return list(common.values()), [one for one in rest if one.checks or one.also or one.before != one.after]


def _of_nearly_all(told: Sequence[tuple[str, Sequence[Line]]]) -> dict[Line, tuple[int, tuple[str, ...]]]:
    """What is told of nearly all of several, with of how many it is, and the names of those of whom it is not."""
    lines = [(name, dict.fromkeys(own)) for name, own in told]
    counts = Counter(line for _, own in lines for line in own)
    return {
        line: (count, tuple(name for name, own in lines if line not in own))
        for line, count in counts.items()
        if count > 1 and count >= NEARLY_ALL * len(told)
    }


def changed_checks(before: Report, after: Report) -> list[Changed]:
    """The checks whose status, points or worth changed, in the order of the new report; then those that are gone."""
    old, new = _checks(before), _checks(after)
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if was is None or now is None or _standing(was) != _standing(now):
            found.append(Changed(name, was, now))
    return found


def _of_classes(before: Path, after: Path) -> Iterator[Difference]:
    old, new = _paired(_marks(before), _marks(after))
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        found = Difference(_called(now or was), was.final if was else None, now.final if now else None)
        if was is None or now is None:
            found.also.append("was not there" if was is None else "is not there any more")
            found.twice = found.compared = False
        else:
            for what in ("status", "penalty", "max_score"):
                if getattr(was, what) != getattr(now, what):
                    found.also.append(f"{what}: {getattr(was, what)} → {getattr(now, what)}")
            found.compared = was.score is not None and now.score is not None
            if found.compared:
                reports = [
                    _report(folder / "reports" / f"{mark.submission}.json") for folder, mark in ((before, was), (after, now))
                ]
                found.checks = changed_checks(*reports)
                found.worth = _reweighted(*reports)
        if found.checks or found.also or found.before != found.after:
            yield found


def _marks(folder: Path) -> dict[tuple[str, str], Mark]:
    """Marks by what tells them apart in both folders: a group's submission is several students'."""
    found = marks_read(folder / JSON_NAME)
    if found is None:
        raise WrongUsage(f"{plain(str(folder))} holds no marks of a class that can be read.")
    return {(whose(mark.submission), mark.id): mark for mark in found.marks}


_Marks = dict[tuple[str, str], Mark]


def _paired(old: _Marks, new: _Marks) -> tuple[_Marks, _Marks]:
    """Both with one key for whoever handed in alone in both, whatever a roster has called them in one."""
    alone = [_alone(marks) for marks in (old, new)]
    both = alone[0].keys() & alone[1].keys()

    def keyed(marks: _Marks, own: dict[str, tuple[str, str]]) -> _Marks:
        keys = {own[submission]: (submission, "") for submission in both}
        return {keys.get(key, key): mark for key, mark in marks.items()}

    return keyed(old, alone[0]), keyed(new, alone[1])


def _alone(marks: _Marks) -> dict[str, tuple[str, str]]:
    """The key of each submission that is one student's."""
    counts = Counter(submission for submission, _ in marks)
    return {key[0]: key for key in marks if key[0] and counts[key[0]] == 1}


def _called(mark: Mark | None) -> str:
    assert mark is not None
    name = plain(mark.name or mark.id or mark.submission, 60)
    return name if mark.submission in ("", name) else f"{name} ({mark.submission})"


def _report(path: Path) -> Report:
    shown = plain(str(path))
    try:
        report = _decoder.decode(path.read_bytes())
    except OSError as error:
        raise WrongUsage(f"{shown} cannot be read ({error.strerror}).") from None
    except msgspec.MsgspecError:
        raise WrongUsage(f"{shown} is no report; `grade PATH --json FILE` and `grade class` write them.") from None
    if report.version != VERSION:
        raise WrongUsage(f"{shown} is a report of version {report.version}, and this is {VERSION}: grade again.")
    return report


def _checks(report: Report) -> dict[str, CheckReport]:
    return {check.id: check for topic in report.topics for exercise in topic.exercises for check in exercise.checks}


def _standing(check: CheckReport) -> tuple[str, int | float, int | float, str | None]:
    return check.status, check.points, check.max_points, _named(check)


def _named(check: CheckReport) -> str | None:
    return check.diagnosis.misconception if check.diagnosis is not None else None


def _reweighted(before: Report, after: Report) -> list[Worth]:
    """The exercises of both reports that are worth other points."""
    old, new = (
        {f"{topic.name}/{exercise.name}": exercise.max_score for topic in report.topics for exercise in topic.exercises}
        for report in (before, after)
    )
    return [Worth(name, old[name], new[name]) for name in new if name in old and old[name] != new[name]]


def _also(before: Report, after: Report) -> list[str]:
    """What else than its checks is different about a report."""
    found = []
    if before.max_score != after.max_score:
        found.append(f"max_score: {before.max_score} → {after.max_score}")
    old, new = ({topic.name: topic.problem for topic in report.topics} for report in (before, after))
    found += [
        f"{name}: {plain(new[name] or 'it can be imported now')}" for name in new if name in old and old[name] != new[name]
    ]
    return found


def _told(check: CheckReport | None) -> str:
    if check is None:
        return "not there"
    named = _named(check)
    return f"{check.status} {check.points:g}/{check.max_points:g}" + (f" [{plain(named)}]" if named else "")


def _points(points: Points) -> str:
    return "no mark" if points is None else f"{points}"
