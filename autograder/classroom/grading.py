"""Grades a class: gathers its submissions, has them graded, and writes the marks and the page from what was kept."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, overload

import msgspec

from autograder.classroom import marks as table
from autograder.classroom.attempts import attempts_of, best_of, over_time, whose
from autograder.classroom.by_hand import ByHand, Counted, asked_by_hand, read_by_hand, texts_of, waiting_in
from autograder.classroom.by_hand import counted as points_by_hand
from autograder.classroom.earlier import Earlier, graded_topics, same_place
from autograder.classroom.extensions import Extension, matched, of_course, of_table
from autograder.classroom.gather import Accept, Advance, Gathered, gather, is_import, topics_of_class
from autograder.classroom.lecture import Known
from autograder.classroom.marks import (
    Mark,
    Marks,
    bare_mark,
    known_of,
    lateness_counts,
    mark_of,
    moment_of,
    told_to_student,
    with_roster,
)
from autograder.classroom.page import About, class_page
from autograder.classroom.pool import Pool, Watch
from autograder.classroom.records import EMPTY, FAULT, GRADED, MISSING, Record, read_record, write_whole
from autograder.classroom.summary import Gathering
from autograder.classroom.worker import Task, write_reports
from autograder.course import Course, read_course
from autograder.declare.source import Misconception
from autograder.downloads.table import JSON_NAME as TABLE
from autograder.downloads.table import Record as Imported
from autograder.downloads.table import Row, folder_of
from autograder.errors import GradeError, GraderFault, WrongUsage
from autograder.grading.engine import processors
from autograder.recording.record import Progress, answers_for
from autograder.report import total
from autograder.submission.read import read_folder
from autograder.text import counted, plain
from autograder.wall.limits import Limits

if TYPE_CHECKING:
    from autograder.classroom.similarity import Pair

RECORDS, REPORTS, SUBMISSIONS = "records", "reports", "submissions"
PAGE = "index.html"
ASKED, ASKED_VERSION = "asked.json", 1
LOCK = ".lock"


class Asked(msgspec.Struct, frozen=True):
    """What a class was graded with, as asked.json holds it, so that it can be graded again; paths are from there.

    course: the course.toml that was in force, however it was found. bare: whether there surely was none; results of an
    earlier version noted only one that was named, and never say so.
    """

    version: int
    submissions: str
    course: str | None
    assignment: str | None
    topics: list[str]
    roster: str | None
    extensions: str | None
    layout: str | None
    sandbox: str | None
    hints: str | None
    similar: bool = False
    bare: bool = False

    @staticmethod
    def read(out: Path) -> Asked | None:
        """What stands in the folder of results; None where there is nothing, or it is of another version."""
        try:
            asked = msgspec.json.decode((out / ASKED).read_bytes(), type=Asked)
        except (OSError, msgspec.MsgspecError):
            return None
        return asked if asked.version == ASKED_VERSION else None

    @overload
    def place(self, out: Path, told: str) -> Path: ...
    @overload
    def place(self, out: Path, told: str | None) -> Path | None: ...
    def place(self, out: Path, told: str | None) -> Path | None:
        """A path that is told from the folder of results, as it is from here; None for none."""
        return None if told is None else Path(os.path.normpath(out / told))

    def course_file(self, out: Path, command: str = "regrade {out}") -> Path | None:
        """The course.toml with which it was graded; None where there was none, or an earlier version noted none.

        command: of ours, that may say another. Raises WrongUsage where it is gone, or another one would silently stand in for
        none.
        """
        file, shown = self.place(out, self.course), plain(str(out))
        said = f"grade {command.format(out=shown)} --course"
        if file is not None and not file.exists():
            raise WrongUsage(
                f"{shown} was graded with {plain(str(file))}, which is not there any more: put it back, or say with "
                f"`{said} FILE` where the course.toml is now."
            )
        if self.bare and in_force(None, self.place(out, self.submissions)) is not None:
            raise WrongUsage(
                f"{shown} was graded without a course.toml, and there is one in the working folder: say "
                f"`{said} course.toml` if it should count, or work in another folder."
            )
        return file

    def folder(self, out: Path) -> Path:
        """Where the submissions lie: beside the results where a download was imported, else where they were given."""
        given = self.place(out, self.submissions)
        imported = (out / SUBMISSIONS).is_dir() and not is_import(given, self.layout)
        return out / SUBMISSIONS if imported else given

    def rows(self, out: Path) -> list[Row]:
        """What the import's table tells of each submission; nothing where there is none that can be read."""
        try:
            return msgspec.json.decode((self.folder(out) / TABLE).read_bytes(), type=Imported).submissions
        except (OSError, msgspec.MsgspecError):
            return []


def finished(out: Path) -> tuple[Asked, Marks]:
    """How a class was graded, and its marks. Raises WrongUsage where the folder holds no finished results."""
    asked, marks = Asked.read(out), table.marks_read(out / table.JSON_NAME)
    if asked is None or marks is None:
        raise WrongUsage(
            f"{plain(str(out))} holds no finished results of a class: `grade class SUBMISSIONS --out RESULTS` makes them."
        )
    return asked, marks


@dataclass
class Graded:
    """What grading a class came to: where it is, the marks, and what a person should know."""

    out: Path
    topics: list[str]
    marks: list[Mark]
    unknown: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many stand how."""
        return Counter(mark.status for mark in self.marks)

    @property
    def exit_code(self) -> int:
        """0 where everybody's submission was graded, 3 where the grader or the machine was at fault for one."""
        return GraderFault.exit_code if self.counts[FAULT] else 0


def grade_class(
    submissions: Path,
    out: Path,
    *,
    course: Path | None = None,
    assignment: str | None = None,
    topics: Sequence[str] = (),
    jobs: int = 0,
    roster: Path | None = None,
    extensions: Path | None = None,
    layout: str | None = None,
    sandbox: str | None = None,
    hints: str | None = None,
    dask: str | None = None,
    similar: bool = False,
    again: Collection[str] = (),
    now: datetime | None = None,
    importing: Advance = lambda what, done, total: None,
    recording: Progress | None = None,
    watch: Watch = lambda done, count, of, seconds: None,
) -> Graded:
    """Grade all submissions of a class into the folder out, and write its marks and its page.

    submissions: the folder of an import, or a download. course: its course.toml. roster: an export of who is in the class.
    extensions: a table of who may hand in later, beside those of course.toml. again: submissions that are graded anew though
    they were graded before; the marks of all others then stay as they stand.
    jobs 0: as many as there are processors. dask: the address of a Dask scheduler, whose workers grade in place of processes
    of this machine. similar: look for pairs whose code is alike, too. now: when it is, for what is told before a due date and
    after. What was graded before and has not changed is kept. Raises WrongUsage, and GraderFault where the machine cannot
    grade.
    """
    before = Asked.read(out)
    course, told = _course_of(out, before, course, submissions)
    task = Task(course, submissions, assignment, sandbox, hints, (), submissions, out, now or datetime.now(UTC))
    settings = task.settings()
    course = in_force(course, submissions)
    for topic in topics:
        settings.catalogue.topic(topic)
    with _results(out, submissions):
        wanted = topics or (settings.topics if isinstance(settings.topics, list) else ())
        if roster is not None:
            with_roster([], roster)  # refused at once, before anything is read or graded
        extended = [*of_course(settings.extensions), *(of_table(extensions) if extensions else [])]
        earlier = _earlier(out, before) if before else None
        accept = _one_assignment(earlier, submissions, layout, settings, assignment, topics)
        found = gather(submissions, out / SUBMISSIONS, layout, wanted, importing, settings, accept)
        told += earlier.told(submissions, [row.key for row in found.rows], found.kept) if earlier else []
        again = {whose(name) for name in again}
        chosen = topics_of_class(settings, found.rows, topics)
        old = _others(out, again, _most(settings, chosen, read_by_hand(out))) if again else []
        _note(
            out,
            Asked(
                version=ASKED_VERSION,
                submissions=os.path.relpath(submissions, out),
                course=_course_from(out, course),
                assignment=assignment,
                topics=list(topics),
                roster=_from(out, roster),
                extensions=_from(out, extensions),
                layout=layout,
                sandbox=sandbox,
                hints=hints,
                similar=similar,
                bare=course is None,
            ),
        )
        recorded: dict[tuple[str, str], Misconception] = {}
        for topic in chosen:
            known = answers_for(topic, settings.secret, recording, settings.catalogue).misconceptions
            recorded.update(((topic, name), about) for name, about in known.items())
        task = Task(
            course, submissions, assignment, sandbox, hints, tuple(chosen), found.folder, out, task.now
        )  # fmt: skip
        every = settings.attempts == "best"
        chosen_rows = [row for row in found.rows if not again or row.key in again]
        names = [one.key for row in chosen_rows for one in attempts_of(row, every)]
        for name in names if again else ():
            task.record(name).unlink(missing_ok=True)
        if dask is None:
            Pool(task, jobs or processors(), longest=longest_seconds(settings.limits)).run(names, watch)
        else:
            from autograder.classroom.cluster import Cluster

            Cluster(task, dask).run(names, watch)
        graded = _conclude(task, settings, found, roster, extended, old, recorded, similar)
        graded.notices = [*told, *graded.notices]  # of this command, and so not on the page, which is the same whoever made it
        return graded


def in_force(course: Path | None, submissions: Path) -> Path | None:
    """The course.toml that counts: the one that is named, else that of the working folder; None where there is none."""
    folder = read_course(course, submissions).folder
    if folder is None or (course is not None and course.is_file()):
        return course
    return folder / "course.toml"


def _course_of(out: Path, before: Asked | None, course: Path | None, submissions: Path) -> tuple[Path | None, list[str]]:
    """The course.toml that counts, and what is to be said of it: the one that is named, else the one that results remember.

    The working folder's counts only where they remember nothing of a course.
    """
    if before is None or (before.course is None and not before.bare):
        return course, []
    shown, here = plain(str(out)), in_force(course, submissions)
    if course is not None and here is not None:
        old = before.place(out, before.course)
        if old is not None and same_place(old, here):
            return course, []
        was = f"with {plain(str(old))}" if old else "without a course.toml"
        return course, [f"Graded with {plain(str(here))}, as --course says; {shown} was graded {was} before."]
    old = before.course_file(out, "class SUBMISSIONS --out {out}")
    if old is None or (here is not None and same_place(old, here)):
        return course, []
    another = ", and not with the working folder's: say --course course.toml if that should count" if here else ""
    return old, [f"Graded with {plain(str(old))}, as {shown} was before{another}."]


def _earlier(out: Path, before: Asked) -> Earlier:
    return Earlier(
        out, before.place(out, before.submissions), before.rows(out), before.assignment, graded_topics(out / RECORDS)
    )


def _one_assignment(
    earlier: Earlier | None,
    submissions: Path,
    layout: str | None,
    settings: Course,
    assignment: str | None,
    topics: Sequence[str],
) -> Accept:
    """Refuses what is of other topics than the class, or of another assignment than what was graded here before.

    Other topics, or another assignment, for submissions that are the same as before correct what was said, and are no mistake.
    """

    def accept(rows: Sequence[Row], own: Sequence[Row], new: bool) -> None:
        new = new and not (earlier and earlier.is_of(submissions) and is_import(submissions, layout))
        if earlier and new:
            earlier.refuse_another(submissions, own, assignment)
        chosen = topics_of_class(settings, rows, topics)
        if earlier and new:
            earlier.refuse_topics(submissions, chosen)

    return accept


def longest_seconds(limits: Limits) -> float:
    """After how many seconds a submission's process is ended, whatever it does: thrice what the limits allow together.

    The limits end what hostile code does. This is for what nobody has thought of, and for a machine that is very busy.
    """
    return 3 * (limits.submission_seconds + limits.import_seconds + limits.grader_seconds)


@contextmanager
def _results(out: Path, submissions: Path) -> Iterator[None]:
    """The folder of the results, made where it is not there, and held while it is written into.

    Of a folder that was not there, or was empty, nothing stays where nothing could be graded. Raises WrongUsage where it holds
    anything else, where another process writes into it, and where it cannot be written.
    """
    shown = plain(str(out))
    if os.path.lexists(out) and not out.is_dir():
        raise WrongUsage(f"{shown} is not a folder: --out names the folder that the results go to.")
    if out.is_dir() and any(out.iterdir()) and not (out / RECORDS).is_dir():
        raise WrongUsage(f"The folder {shown} is not empty and holds no class's results: choose another, or empty it.")
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise WrongUsage(f"{shown} lies among the submissions: choose a folder outside them.")
    fresh = not (out / RECORDS).is_dir()
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        for folder in (out / RECORDS, out / REPORTS):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsage(f"The results cannot be written to {shown} ({error.strerror}).") from None
    try:
        with _alone(out):
            for folder in (out, out / RECORDS, out / REPORTS):
                for path in folder.glob(".*.*"):  # what a process that was killed had begun to write
                    path.unlink(missing_ok=True)
            try:
                yield
            except GradeError:
                if fresh and not any((out / RECORDS).iterdir()):
                    _take_away(out, made)
                raise
    except OSError as error:
        where = plain(str(error.filename or out))
        raise GraderFault(
            f"{where} cannot be written or read ({error.strerror}). What was graded is kept: the same command goes on."
        ) from None


def _take_away(out: Path, made: Sequence[Path]) -> None:
    """Remove what was begun in the folder of the results, and these folders, the innermost first, as far as they are empty."""
    for path in out.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in made:
            folder.rmdir()


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep a second process from the same results. Without effect where there are no locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (out / LOCK).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongUsage(f"Another process is grading into {plain(str(out))}: wait for it, or end it.") from None
        yield


def _conclude(
    task: Task,
    course: Course,
    found: Gathered,
    roster: Path | None,
    extended: Sequence[Extension],
    old: Sequence[Mark],
    recorded: Known,
    similar: bool,
) -> Graded:
    """Write marks and page from the records, one after the other in the order of their names."""
    by_hand = read_by_hand(task.out)
    max_score = _most(course, task.topics, by_hand)
    bare = [bare_mark(row, "", max_score) for row in found.rows]
    people = with_roster(bare, roster)[0] if roster is not None and extended else []
    later, nobodys = matched(extended, [known_of(one) for one in bare], [known_of(one) for one in people])
    kept = {whose(one.submission) for one in old}
    gathering, rows = Gathering(), []
    tried = []
    for row in found.rows:
        marks = []
        for one in attempts_of(row, course.attempts == "best"):
            record = read_record(task.record(one.key))
            if record is None:
                raise GraderFault(f"The record of {one.key} is gone: something else writes into {task.out}.")
            own = _by_hand(task, course, one.key, record, by_hand) if by_hand else None
            files = _files(task, course, one.key) if record.status == EMPTY else []
            mark = mark_of(one, record, course, max_score, later.get(row.key, ()), own, files)
            said = [*(own.notices if own else ()), *told_to_student(mark, record.report, course, later.get(row.key, ()))]
            if said and row.key not in kept:
                write_reports(task, course, one.key, record, said)
            marks.append(mark)
        counts = best_of(marks)
        gathering.take(counts.submission, _record(task, counts.submission))
        rows.append(counts)
        tried.append(marks)
    unknown: list[str] = []
    notices = list(found.notices)
    if nobodys:
        notices.append(f"Extensions that fit no submission: {', '.join(map(repr, nobodys))}.")
    if roster is not None:
        rows, fitting = with_roster(rows, roster)
        unknown = fitting.unknown
        notices += fitting.notices
    if old:
        rows = _in_order([*old, *(mark for mark in rows if whose(mark.submission) not in kept)], found)
    notices += _without_time(course, task.topics, rows)
    about = About(course.title, task.assignment or "", list(task.topics), max_score, unknown, notices)
    pairs = _pairs(task, course, gathering, [mark.submission for mark in rows if mark.status == GRADED]) if similar else None
    page = class_page(
        about,
        rows,
        gathering.summary(),
        lambda name: _record(task, name),
        task.folder,
        course.catalogue,
        recorded,
        over_time(tried),
        pairs,
    )
    write_whole(task.out / table.CSV_NAME, table.as_csv(rows))
    write_whole(task.out / table.JSON_NAME, table.as_json(Marks(table.VERSION, max_score, rows)))
    write_whole(task.out / PAGE, page.encode())
    return Graded(task.out, list(task.topics), rows, unknown, notices)


def _without_time(course: Course, topics: Sequence[str], marks: Sequence[Mark]) -> list[str]:
    """That lateness is not charged where no time is known; nothing where it costs nothing, or all times are known."""
    unknown = {mark.submission for mark in marks if mark.final is not None and moment_of(mark.submitted_at) is None}
    if not unknown or not lateness_counts(course, topics):
        return []
    of = counted(len(unknown), "submissions")
    return [f"A due date is set, and for {of} no time is known: nothing is taken off for lateness."]


def _pairs(task: Task, course: Course, gathering: Gathering, names: Sequence[str]) -> list[Pair]:
    """The pairs of submissions to look at. A group's submission stands in several rows, and is one."""
    from autograder.classroom.similarity import pairs

    def texts(name: str) -> dict[str, str]:
        submission = read_folder(folder_of(task.folder, name), course.catalogue)
        return {topic: submission.text_of(module) for topic, module in submission.modules.items()}

    return pairs(list(dict.fromkeys(names)), texts, task.topics, course.catalogue, gathering.alike)


def _in_order(marks: Sequence[Mark], found: Gathered) -> list[Mark]:
    """Marks in the order of their submissions; those without one last."""
    places = {row.key: place for place, row in enumerate(found.rows)}
    return sorted(marks, key=lambda mark: places.get(whose(mark.submission), len(places)))


def _by_hand(task: Task, course: Course, name: str, record: Record, by_hand: ByHand) -> Counted | None:
    """What counts of what a person gave for a submission's free text."""
    if record.report is None or not (places := waiting_in(record.report)):
        return None
    texts = texts_of(read_folder(folder_of(task.folder, name), course.catalogue), places)
    return points_by_hand(by_hand.given.get(name, {}), record.report, texts, course.manual_points)


def _files(task: Task, course: Course, name: str) -> list[str]:
    """What was handed in, by the paths in the submission's folder."""
    return sorted(read_folder(folder_of(task.folder, name), course.catalogue).files)


def _most(course: Course, topics: Sequence[str], by_hand: ByHand | None) -> int | float:
    """What full marks are worth. Free text counts as soon as a person has read any of it."""
    asked = len(asked_by_hand(course, topics)) if by_hand else 0
    own = [exercise.max_score for topic in topics for exercise in course.table(topic).exercises]
    return total([*own, asked * course.manual_points])


def _others(out: Path, again: Collection[str], most: int | float) -> list[Mark]:
    """The marks that stay when only some submissions are graded again.

    Raises WrongUsage where these would be of another number of points than the rest of the class.
    """
    marks = table.marks_read(out / table.JSON_NAME)
    if marks is None or marks.max_score != most:
        raise WrongUsage("What the exercises are worth has changed since the class was graded: grade all of it again.")
    return [mark for mark in marks.marks if mark.submission and whose(mark.submission) not in again]


def _from(out: Path, path: Path | None) -> str | None:
    return None if path is None else os.path.relpath(path, out)


def _course_from(out: Path, course: Path | None) -> str | None:
    """A course.toml as the results remember it: from there if they lie in its folder, as both are moved together then."""
    if course is None or Path(os.path.abspath(out)).is_relative_to(os.path.abspath(course.parent)):
        return _from(out, course)
    return os.path.abspath(course)


def _note(out: Path, asked: Asked) -> None:
    write_whole(out / ASKED, msgspec.json.format(msgspec.json.encode(asked), indent=1) + b"\n")


def _record(task: Task, name: str) -> Record:
    record = read_record(task.record(name))
    assert record is not None
    return record


def closing_words(graded: Graded) -> list[str]:
    """What became of the class, in a sentence or two each."""
    counts = graded.counts
    handed_in = len(graded.marks) - counts[MISSING]
    lines = [f"{counted(handed_in, 'submissions')} of {', '.join(graded.topics)}."]
    if counts[EMPTY]:
        lines.append(f"{counts[EMPTY]} {'holds' if counts[EMPTY] == 1 else 'hold'} nothing of it.")
    if counts[MISSING]:
        lines.append(f"{counts[MISSING]} of the roster handed nothing in.")
    if graded.unknown:
        lines.append(f"Not in the roster: {', '.join(graded.unknown)}.")
    if counts[FAULT]:
        lines.append(f"{counts[FAULT]} could not be graded by the machine's fault; the same command tries them again.")
    return lines
