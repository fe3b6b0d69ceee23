"""Grades a submission: one worker a topic, one message a check, then verdicts, diagnoses and the report."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from autograder.course.settings import Course
from autograder.declare.table import Check
from autograder.errors import GradeError, NotInstalled, WrongUsage
from autograder.grading.assembling import sandbox_report, topic_report
from autograder.grading.budget import Budget
from autograder.grading.judge import Verdict, not_run
from autograder.grading.numerical import numerical_notices
from autograder.grading.topic_run import TopicResult, TopicRun
from autograder.grading.waiting import leave_stubs_to_do, nearly_answered, nearly_ours, out_of_reach, waiting_words
from autograder.recording.answers import Answers
from autograder.recording.record import Progress, answers_for, not_installed
from autograder.report import VERSION, Report, Timing, total
from autograder.statuses import over_budget_words
from autograder.submission.read import Submission
from autograder.wall.limits import Needs
from autograder.wall.protocol import Sandbox
from autograder.wall.sandbox import start_sandbox

Selected = Callable[[str, Check], bool]


@dataclass
class Grader:
    """A warm grader: the wall is up and answers are loaded; each further submission only runs its functions."""

    shrinks = True  # whether smaller failing inputs than the recorded ones are looked for
    locates = True  # whether the lines of mistakes without a name are

    course: Course
    sandbox: Sandbox
    jobs: int = 1
    progress: Progress | None = None  # of recording
    watch: Progress | None = None  # of grading
    _answers: dict[str, Answers] = field(default_factory=dict)
    _sandboxes: dict[Needs, Future[Sandbox]] = field(default_factory=dict)
    _starting: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    _lock: Lock = field(default_factory=Lock)
    told: Callable[[TopicResult], None] | None = None  # each topic's verdicts, of which a report holds the words alone

    def prepare(self, topic: str) -> Future[Sandbox] | None:
        """Begin to start the sandbox that a topic needs, where it needs one of its own: importing a library takes seconds."""
        needs = self.course.catalogue.topic(topic).needs
        if needs == Needs():
            return None
        with self._lock:
            if needs not in self._sandboxes:
                self._sandboxes[needs] = self._starting.submit(self.sandbox.another, needs)
            return self._sandboxes[needs]

    def sandbox_for(self, topic: str) -> Sandbox:
        """The sandbox in which a topic's workers run. Raises NoSandbox, and GraderFault where a library is not installed."""
        own = self.prepare(topic)
        return self.sandbox if own is None else own.result()

    def close(self) -> None:
        """Take down the sandboxes that were started for topics with needs of their own."""
        self._starting.shutdown()
        for started in self._sandboxes.values():
            if started.exception() is None:
                started.result().close()

    def answers(self, topic: str) -> Answers:
        """A topic's recorded answers, loaded once."""
        if topic not in self._answers:
            self._answers[topic] = answers_for(topic, self.course.secret, self.progress, self.course.catalogue)
        return self._answers[topic]

    def _make_ready(self, topics: list[str]) -> None:
        """Have what is not there yet, walls and recorded answers, before a submission's time and budget begin."""
        for topic in topics:
            self.prepare(topic)  # all walls first: they start while answers are read
        for topic in topics:
            self.answers(topic)

    def grade(self, submission: Submission, topics: list[str] | None = None, selected: Selected | None = None) -> Report:
        """The report on a submission, with all that the engine knows about it; ``Course.cut`` cuts it to what is to be told.

        topics: only these. selected: of a topic's checks only those for which it says True.
        """
        begun = time.monotonic()
        catalogue = self.course.catalogue
        wanted = wanted_topics(self.course, submission, topics)
        for topic in wanted:
            if missing := not_installed(catalogue.topic(topic).needs.libraries):
                raise NotInstalled(topic, missing)  # at once, before anything is graded
        self._make_ready(wanted)
        budget = Budget(self.course.limits)
        results = self.verdicts(submission, wanted, selected, budget)
        budget.begin()
        reports = [
            topic_report(result, self.course.table(result.topic), self.answers(result.topic), budget, self.course.consequences)
            for result in results
        ]
        for result in results:
            if self.told is not None and budget.left():
                self.told(result)
        stopped: list[str] = []
        if self.locates and self.course.locate_exercises:
            from autograder.grading.locate.searches import with_places

            deadline = begun + self.course.limits.submission_seconds
            reports, stopped = with_places(self, submission, results, reports, deadline, budget)
        over = [over_budget_words(budget.over)] if budget.over else []
        absent = [name for name in wanted if name not in submission.modules]
        timing = Timing(
            total_seconds=round(time.monotonic() - begun, 4),
            topics_seconds={result.topic: round(result.seconds, 4) for result in results},
            sandbox_backend=self.sandbox.backend,
            jobs=self.jobs,
            keras_recorded={name: self.answers(name).record.keras_version for name in wanted},
        )
        return Report(
            version=VERSION,
            score=total(topic.score for topic in reports),
            max_score=total(topic.max_score for topic in reports),
            hints="full",
            topics=reports,
            not_found=absent,
            notices=[*submission.notices, *(notice for result in results for notice in result.notices), *stopped, *over],
            sandbox=sandbox_report(self.sandbox, wanted, catalogue),
            timing=timing,
        )

    def to_edit(self, submission: Submission, topic: str) -> Submission | None:
        """The submission with what of a topic's module may be run with edits in it: behind the wall all of it."""
        return submission

    def verdicts(
        self, submission: Submission, topics: list[str], selected: Selected | None = None, budget: Budget | None = None
    ) -> list[TopicResult]:
        """Grade these topics, as many at a time as there are jobs; the results are in the order of the topics.

        budget: what it may cost the grader; as the limits say, if it is not begun yet.
        """
        there = [submission.modules.get(topic) for topic in topics]
        self._make_ready([module.topic for module in there if module is not None and module.problem is None])
        spent = budget or Budget(self.course.limits)
        deadline = time.monotonic() + self.course.limits.submission_seconds
        if self.jobs == 1 or len(topics) == 1:
            return [self._grade_topic(submission, topic, selected, deadline, spent) for topic in topics]
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(lambda topic: self._grade_topic(submission, topic, selected, deadline, spent), topics))

    def _grade_topic(
        self, submission: Submission, topic: str, selected: Selected | None, deadline: float, budget: Budget
    ) -> TopicResult:
        begun = time.monotonic()
        budget.begin()
        checks = [entry for entry in self.course.table(topic).checks() if selected is None or selected(entry[0], entry[2])]
        module = submission.modules.get(topic)
        problem = f"There is no {topic}.py." if module is None else module.problem
        verdicts: list[Verdict] = []
        notices: list[str] = []
        if module is not None and problem is None:
            sandbox, answers = self.sandbox_for(topic), self.answers(topic)
            with TopicRun(
                self.course, submission, module, sandbox, answers, deadline, budget, self.shrinks, self.watch
            ) as run:
                failed = run.load()
                problem, notices = failed.problem if failed else None, run.notices
                if problem is None:
                    verdicts = run.verdicts(checks)
        if problem is not None:
            verdicts = [not_run(check_id, exercise.name, check, "not_imported") for check_id, exercise, check in checks]
        result = TopicResult(topic, verdicts, problem, 0.0, notices)
        if problem is None and module is not None:
            text = submission.text_of(module)
            leave_stubs_to_do(verdicts, text)
            said = [*numerical_notices(module.file, text), *nearly_ours(verdicts, module, text, self.course.table(topic))]
            said += out_of_reach(verdicts, module, text)
            said += nearly_answered(verdicts, module, text) if self.course.catalogue.is_quiz(topic) else []
            result.notices = [*notices, *said]
            result.waiting = waiting_words(verdicts, module, text)
        result.seconds = time.monotonic() - begun
        return result


@contextmanager
def warm_grader(
    course: Course,
    jobs: int = 0,
    progress: Progress | None = None,
    topics: list[str] | None = None,
    watch: Progress | None = None,
    recorded: Callable[[str], Answers] | None = None,
) -> Iterator[Grader]:
    """Put up the wall, and load the answers of these topics meanwhile.

    jobs 0: as many as there are processors. recorded: gives a topic's answers, by default those for the course's secret.
    """
    read = recorded or (lambda topic: answers_for(topic, course.secret, progress, course.catalogue))
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(start_sandbox, course.sandbox, course.limits)
        try:
            early = {topic: read(topic) for topic in topics or []}
        except BaseException:
            starting.result().close()
            raise
        sandbox = starting.result()
    with sandbox:
        grader = Grader(course, sandbox, jobs or processors(), progress, watch, early)
        try:
            yield grader
        finally:
            grader.close()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def wanted_topics(course: Course, submission: Submission, topics: list[str] | None) -> list[str]:
    """The topics to grade: those asked for, else what the course asks for, else those found. Raises WrongUsage."""
    known = course.catalogue.names
    if topics:
        for topic in topics:
            course.catalogue.topic(topic)
        return [name for name in known if name in topics]
    if course.topics == "all":
        return list(known)
    if isinstance(course.topics, list):
        return [name for name in known if name in course.topics]
    return [name for name in known if name in submission.modules]


def left_out(course: Course, topics: Sequence[str]) -> tuple[list[str], list[str]]:
    """Those of these topics that can be graded here, and of each other one a sentence that says what it needs.

    Raises NotInstalled where none is left.
    """
    missing = {topic: found for topic in topics if (found := not_installed(course.catalogue.topic(topic).needs.libraries))}
    if missing and len(missing) == len(topics):
        raise NotInstalled(*next(iter(missing.items())))
    said = [f"{topic} was left out, and is in no sum: {NotInstalled(topic, found)}" for topic, found in missing.items()]
    return [topic for topic in topics if topic not in missing], said


def grade(
    submission: Submission,
    course: Course | None = None,
    topics: list[str] | None = None,
    jobs: int = 0,
    selected: Selected | None = None,
    progress: Progress | None = None,
    watch: Progress | None = None,
    recorded: Callable[[str], Answers] | None = None,
) -> Report:
    """Grade one submission, cut to the course's hint level. recorded: as for :func:`warm_grader`. Raises GradeError."""
    course = course or Course()
    wanted = wanted_topics(course, submission, topics)
    if not wanted:
        raise WrongUsage("No topic is left to grade.")
    with warm_grader(course, jobs, progress, wanted, watch, recorded) as grader:
        return course.cut(grader.grade(submission, topics, selected))


__all__ = ["GradeError", "Grader", "grade", "wanted_topics", "warm_grader"]
