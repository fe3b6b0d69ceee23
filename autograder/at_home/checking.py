"""Checks a student's own files with the kit's public answers: the engine as it is, without a wall."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.at_home.desk import Desk
from autograder.at_home.harmless import what_computes
from autograder.at_home.public import catalogue_near, find_public
from autograder.at_home.sheet import findings, parse_sheet
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.table import Check, Topic
from autograder.errors import GradeError, NotInstalled, WrongUsage
from autograder.grading.engine import Grader
from autograder.quiz.questions import quiz_path, read_quiz
from autograder.recording.record import not_installed
from autograder.report import Report, TopicReport
from autograder.statuses import Status
from autograder.submission.read import Submission, read_modules, read_submission
from autograder.text import counted

UNIT = "checks"
# So many open questions are told by name; where there are more, a list of names helps nobody.
MOST_NAMES = 12


class CountingCourse(Course, frozen=True):
    """A course in which every check counts one: what points are worth is the instructor's affair."""

    def table(self, topic: str) -> Topic:
        """The public checks of a topic, each worth one point."""
        table = self.catalogue.topic(topic)
        exercises = (
            replace(exercise, checks=tuple(replace(check, points=1) for check in exercise.checks if check.public))
            for exercise in table.exercises
        )
        return replace(table, exercises=tuple(exercises))


@dataclass
class OwnGrader(Grader):
    """A grader of one's own files: answers come from the kit near them, and inputs are shown as they were recorded."""

    root: Path = Path()  # paths of modules are relative to it

    shrinks = False

    def to_edit(self, submission: Submission, topic: str) -> Submission | None:
        """Without a wall, only code that computes and does nothing else is run with an edit in it."""
        asked = {exercise.name.split(".")[0] for exercise in self.course.table(topic).exercises}
        return what_computes(submission, submission.modules[topic], asked)

    def asked(self, topic: str, near: Path) -> set[str]:
        """Identifiers of a topic's checks that a kit near this file or folder has answers of, which are loaded once.

        Raises GraderFault where there is no kit.
        """
        if topic not in self._answers:
            self._answers[topic] = find_public(topic, near, self.course.catalogue)
        recorded = {check.id for check in self._answers[topic].record.checks}
        return recorded & {check_id for check_id, _, check in self.course.catalogue.topic(topic).checks() if check.public}

    def asked_in_order(self, topic: str, near: Path, keyword: str = "") -> list[str]:
        """The same, those whose identifier holds the keyword, in the order in which they are asked."""
        asked = self.asked(topic, near)
        return [
            check_id
            for check_id, _, _ in self.course.table(topic).checks()
            if check_id in asked and keyword.lower() in check_id.lower()
        ]


def at_hand_in(topic: str, catalogue: Catalogue = OURS) -> dict[str, int]:
    """How many checks each exercise of a topic has when it is handed in, the public ones among them."""
    return {exercise.name: len(exercise.checks) for exercise in catalogue.topic(topic).exercises}


def need_libraries(topic: str, catalogue: Catalogue = OURS) -> None:
    """Raises NotInstalled where something is not installed without which a topic's answers cannot be checked."""
    if missing := not_installed(catalogue.topic(topic).needs.libraries):
        raise NotInstalled(topic, missing)


@dataclass
class Findings:
    """What checking one's own files came to: a report a topic, a quiz in words, and what could not be checked at all."""

    reports: list[Report] = field(default_factory=list)
    quizzes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    open_questions: int = 0
    wrong_questions: int = 0

    @property
    def topics(self) -> list[TopicReport]:
        """The topics that were checked."""
        return [topic for report in self.reports for topic in report.topics]

    @classmethod
    def together(cls, parts: Iterable[Findings], notices: Sequence[str] = ()) -> Findings:
        """What was found in several topics, as one."""
        whole = cls(notices=list(notices))
        for part in parts:
            whole._add(part)
        return whole

    def _add(self, other: Findings) -> None:
        self.reports += other.reports
        self.quizzes += other.quizzes
        self.notices += other.notices
        self.faults += other.faults
        self.open_questions += other.open_questions
        self.wrong_questions += other.wrong_questions

    def count(self, *statuses: Status) -> int:
        """How many checks have one of these statuses; all of them where none is given."""
        found = [check.status for topic in self.topics for exercise in topic.exercises for check in exercise.checks]
        return sum(not statuses or status in statuses for status in found)

    @property
    def exit_code(self) -> int:
        """0 where everything is right, 1 where something is wrong or open, 3 where something could not be checked."""
        if self.faults or self.count("grader_error"):
            return 3
        done = self.count("passed") == self.count() and not self.open_questions and not self.wrong_questions
        return 0 if done else 1

    def summary(self) -> str:
        """The closing line: ``12 of 18 checks right, 4 to do, 2 to mend.``"""
        parts = []
        total, right, to_do = self.count(), self.count("passed"), self.count("todo", "missing")
        not_run = self.count("not_imported")
        if total:
            of = "all" if right == total > 1 else f"{right} of"
            parts.append(f"{of} {counted(total, UNIT)} right")
        for count, words in ((to_do, "to do"), (total - right - to_do - not_run, "to mend"), (not_run, "not checked")):
            parts += [f"{count} {words}"] if count else []
        if self.open_questions:
            parts.append(f"{counted(self.open_questions, 'questions')} open")
        if self.wrong_questions:
            parts.append(f"{counted(self.wrong_questions, 'answers')} to write otherwise")
        said = ", ".join(parts) or ("no question is open" if self.quizzes else "nothing was checked")
        return f"{said[0].upper()}{said[1:]}."

    def merged(self) -> Report | None:
        """One report of all topics, or None where there is none."""
        if not self.reports:
            return None
        import msgspec

        return msgspec.structs.replace(
            self.reports[0],
            topics=self.topics,
            score=self.count("passed"),
            max_score=self.count(),
            not_found=[],
            notices=[*self.notices, *self.quizzes, *self.faults],
        )


class OwnFiles:
    """A file or a folder of a student's, read as often as it changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = path if path.is_dir() else path.absolute().parent
        self.catalogue = catalogue_near(path)

    def read(self) -> Submission:
        """What stands there now. Raises WrongUsage where there is nothing to check."""
        if not self.path.is_dir():
            return read_submission(self.path, self.catalogue)
        submission = read_modules(self.path, self.catalogue)
        if not submission.modules:
            known = ", ".join(f"{name}.py" for name in self.catalogue.names)
            raise WrongUsage(
                f"There is nothing to check in {self.path}: no {known}, and no notebook with such a name. "
                "Go to the folder of your kit, or give the file."
            )
        return submission


def check_topics(
    grader: OwnGrader, submission: Submission, topics: Sequence[str], keyword: str = ""
) -> Iterator[tuple[str, Findings]]:
    """Check these topics of a submission; each with what is found in it, as soon as that is known.

    keyword: only checks whose identifier holds it. What keeps one topic from being checked does not keep the next.
    """
    for topic in topics:
        found = Findings()
        try:
            if quiz_path(topic).is_file():
                if not keyword:
                    _look_at_quiz(submission, topic, found)
            else:
                _check_topic(grader, submission, topic, keyword, found)
        except GradeError as fault:
            found.faults.append(str(fault))
        yield topic, found


def _check_topic(grader: OwnGrader, submission: Submission, topic: str, keyword: str, found: Findings) -> None:
    need_libraries(topic, grader.course.catalogue)
    near = grader.root / submission.modules[topic].path
    asked = set(grader.asked_in_order(topic, near, keyword))
    if not asked:
        return

    def selected(check_id: str, _: Check) -> bool:
        return check_id in asked

    report = grader.grade(submission, [topic], selected)
    found.reports.append(report)
    found.notices += [notice for notice in report.notices if notice not in submission.notices]


def _look_at_quiz(submission: Submission, topic: str, found: Findings) -> None:
    """Says which questions are open and which answers cannot be read; the right ones are not on a student's machine."""
    module = submission.modules[topic]
    if module.problem:
        found.faults.append(module.problem)
        return
    questions = read_quiz(topic)
    still_open, wrong = findings(questions, parse_sheet(Path(module.path), submission.files[module.path]))
    found.open_questions, found.wrong_questions = len(still_open), len(wrong)
    found.quizzes += [f"{name}: {problem}" for name, problem in wrong]
    names = "."
    if still_open:
        few = len(still_open) <= MOST_NAMES
        names = ": " + ", ".join(still_open) if few else "; `grade quiz` asks them."
    found.quizzes.append(f"{len(still_open)} of {len(questions.questions)} questions are open{names}")


@contextlib.contextmanager
def own_grader(files: OwnFiles, desk: Desk) -> Iterator[OwnGrader]:
    """A grader of these files; its processes end with it.

    Where what the code prints is shown, no line is searched: changed copies of the code would print as well.
    """
    course = CountingCourse(catalogue=files.catalogue)
    grader = OwnGrader(course.without_search() if desk.prints else course, desk, jobs=1, root=files.root)
    try:
        yield grader
    finally:
        grader.close()
        desk.close()
