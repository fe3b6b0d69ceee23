"""Grades a submission: one worker a topic, one message a check, then verdicts, diagnoses and the report."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from autograder.course.settings import Course
from autograder.declare.catalogue import Catalogue
from autograder.declare.table import Check, Exercise
from autograder.errors import GradeError, WorkerLost, WrongUsage
from autograder.grading.diagnose.explain import Explanation, explain
from autograder.grading.judge import Verdict, judge, not_run
from autograder.grading.loading import Notebook, import_words, lost_words, stand_in_words
from autograder.grading.shrink import shrink, worth_shrinking
from autograder.recording.answers import Answers
from autograder.recording.record import Progress, answers_for
from autograder.report import (
    VERSION,
    CheckReport,
    ExerciseReport,
    Fix,
    Report,
    SandboxReport,
    Timing,
    TopicReport,
    TopicSandbox,
    total,
)
from autograder.submission.read import Submission
from autograder.text import number
from autograder.wall.inside.perform import Outcome
from autograder.wall.libraries import places_of
from autograder.wall.limits import Needs
from autograder.wall.sandbox import Sandbox, Worker

log = logging.getLogger("autograder")

# After this many hangs in one topic the limit of a call falls to a fifth, so that a module that hangs everywhere costs a
# minute and not ten. A right check takes a hundredth of its topic's limit, so it is not touched by either.
PATIENCE = 3
IMPATIENT = 0.2

# Two hundred inputs of a right speed take a tenth of a second; a submission that is slower is shown the recorded input.
SHRINK_SECONDS = 5.0

Selected = Callable[[str, Check], bool]


@dataclass
class TopicResult:
    """What grading one topic came to."""

    topic: str
    verdicts: list[Verdict]
    problem: str | None = None
    seconds: float = 0.0
    notices: list[str] = field(default_factory=list)


@dataclass
class Grader:
    """A warm grader: the wall is up and answers are loaded; each further submission only runs its functions."""

    shrinks = True  # whether smaller failing inputs than the recorded ones are looked for

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

    def grade(self, submission: Submission, topics: list[str] | None = None, selected: Selected | None = None) -> Report:
        """The report on a submission, with all that the engine knows about it; ``Course.cut`` cuts it to what is to be told.

        topics: only these. selected: of a topic's checks only those for which it says True.
        """
        begun = time.monotonic()
        catalogue = self.course.catalogue
        wanted = wanted_topics(self.course, submission, topics)
        for topic in wanted:
            places_of(catalogue.topic(topic).needs.libraries)  # refused at once, before anything is graded
            self.prepare(topic)
            self.answers(topic)
        results = self.verdicts(submission, wanted, selected)
        if self.told is not None:
            for result in results:
                self.told(result)
        reports = [self._topic_report(result) for result in results]
        absent = [name for name in catalogue.names if name not in submission.modules]
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
            notices=[*submission.notices, *(notice for result in results for notice in result.notices)],
            sandbox=_sandbox_report(self.sandbox, wanted, catalogue),
            timing=timing,
        )

    def verdicts(self, submission: Submission, topics: list[str], selected: Selected | None = None) -> list[TopicResult]:
        """Grade these topics, as many at a time as there are jobs; the results are in the order of the topics."""
        deadline = time.monotonic() + self.course.limits.submission_seconds
        if self.jobs == 1 or len(topics) == 1:
            return [self._grade_topic(submission, topic, selected, deadline) for topic in topics]
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(lambda topic: self._grade_topic(submission, topic, selected, deadline), topics))

    def _grade_topic(self, submission: Submission, topic: str, selected: Selected | None, deadline: float) -> TopicResult:
        begun = time.monotonic()
        checks = [entry for entry in self.course.table(topic).checks() if selected is None or selected(entry[0], entry[2])]
        module = submission.modules.get(topic)
        problem = f"There is no {topic}.py." if module is None else module.problem
        verdicts: list[Verdict] = []
        notices: list[str] = []
        if problem is None:
            run = _TopicRun(self, submission, topic, deadline)
            with run:
                problem = run.load()
                notices = run.notices
                if problem is None:
                    verdicts = run.verdicts(checks)
        if problem is not None:
            verdicts = [not_run(check_id, exercise.name, check, "not_imported") for check_id, exercise, check in checks]
        return TopicResult(topic, verdicts, problem, time.monotonic() - begun, notices)

    def _topic_report(self, result: TopicResult) -> TopicReport:
        table = self.course.table(result.topic)
        explanations: dict[str, Explanation] = {}
        first: list[Fix] = []
        try:
            explanations, first = explain(self.answers(result.topic), result.verdicts, self.sandbox_for(result.topic).limits)
        except Exception:  # a diagnosis that fails must cost nobody a mark
            _log_fault(f"the diagnosis of {result.topic} failed")
        by_exercise: dict[str, list[CheckReport]] = {}
        for verdict in result.verdicts:
            found = explanations.get(verdict.check_id)
            by_exercise.setdefault(verdict.exercise, []).append(
                CheckReport(
                    id=verdict.check_id,
                    status=verdict.status,
                    points=verdict.points,
                    max_points=verdict.check.points,
                    public=verdict.check.public,
                    sentence=verdict.check.sentence,
                    diagnosis=found.diagnosis if found else None,
                    example=found.example if found else None,
                )
            )
        exercises = [
            ExerciseReport(name, total(c.points for c in checks), total(c.max_points for c in checks), checks)
            for name, checks in by_exercise.items()
        ]
        return TopicReport(
            name=result.topic,
            title=table.title,
            score=total(e.score for e in exercises),
            max_score=total(e.max_score for e in exercises),
            exercises=exercises,
            problem=result.problem,
            fix_first=first,
        )


class _TopicRun:
    """The workers of one topic, one at a time: a lost one is replaced, and the next check goes on with a fresh one."""

    def __init__(self, grader: Grader, submission: Submission, topic: str, deadline: float) -> None:
        self._grader, self._submission, self._topic, self._deadline = grader, submission, topic, deadline
        self._sandbox = grader.sandbox_for(topic)
        self._limits = self._sandbox.limits
        self._answers = grader.answers(topic)
        self._worker: Worker | None = None
        self._fresh = True
        self._hangs = 0
        self._module = submission.modules[topic]
        is_notebook = bool(self._module.cells)
        self._notebook = Notebook(self._module, self._fresh_for_cells, self._limits) if is_notebook else None
        self.notices: list[str] = []

    def __enter__(self) -> _TopicRun:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def load(self) -> str | None:
        """Start a worker with the module; a sentence on why it cannot be imported, or None."""
        module, files = self._module, self._submission.files
        self._fresh = True
        try:
            if self._notebook is not None:
                # A cell that fails does not keep the rest from running.
                self._worker = self._notebook.load()
                self.notices = self._notebook.words(files, self._sandbox.needs)
                return None
            self._worker = self._sandbox.worker()
            failures = self._worker.load(self._topic, module.path, files)
        except WorkerLost as lost:
            self._drop()
            return lost_words(module, lost.why, self._limits)
        self.notices, raised = stand_in_words(module, failures)
        if raised:
            self._drop()
            return import_words(module, raised[0], files, self._sandbox.needs)
        return None

    def _fresh_for_cells(self) -> Worker:
        """A worker with the files of the submission, in which no cell was run yet. Raises WorkerLost."""
        worker = self._sandbox.worker()
        try:
            worker.load(self._topic, self._module.path, self._submission.files, notebook=True)
        except BaseException:
            worker.close()
            raise
        return worker

    def verdicts(self, checks: list[tuple[str, Exercise, Check]]) -> list[Verdict]:
        """The verdicts on these checks, in order. One is judged while the worker performs the next."""
        judged: list[Verdict] = []
        waiting: Callable[[], Verdict] | None = None
        for done, entry in enumerate(checks):
            if self._grader.watch is not None:
                self._grader.watch(self._topic, done, len(checks))
            begun = self._begin(*entry)
            if waiting is not None:
                judged.append(waiting())
            waiting = self._finish(begun, *entry)
        if waiting is not None:
            judged.append(waiting())
        course = self._grader.course
        for verdict in judged:
            # Where a reference needs a library, the grader's own process would have to load it; the recorded cases are shown.
            if self._grader.shrinks and not self._sandbox.needs.libraries and worth_shrinking(verdict, course.catalogue):
                self._shrink(verdict)
        return judged

    def _shrink(self, verdict: Verdict) -> None:
        try:
            if self._worker is None and self.load():
                return
            course = self._grader.course
            shrink(verdict, course.secret, self._patiently(time.monotonic() + SHRINK_SECONDS), course.catalogue)
        except WorkerLost:
            self._drop()  # it hangs or dies on other inputs; the recorded ones are shown
        except Exception:
            _log_fault(f"{verdict.check_id}: shrinking failed")

    def _patiently(self, end: float) -> Callable[[bytes], list[Outcome]]:
        """Asks the worker until the time for shrinking, or the submission's, is used up."""
        worker, end = self._worker, min(end, self._deadline)
        assert worker is not None

        def ask(request: bytes) -> list[Outcome]:
            left = end - time.monotonic()
            if left <= 0:
                raise WorkerLost("timeout")
            return worker.perform(request, min(left, IMPATIENT * self._limits.call_seconds))

        return ask

    def _begin(self, check_id: str, exercise: Exercise, check: Check) -> Verdict | None:
        """Ask the worker; a verdict already where it cannot be asked."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            used = f"The submission's {number(self._limits.submission_seconds)} s were used up before it."
            return not_run(check_id, exercise.name, check, "timeout", used)
        seconds = self._limits.call_seconds * (1.0 if self._hangs < PATIENCE else IMPATIENT)
        try:
            if self._worker is None and (problem := self.load()):
                return not_run(check_id, exercise.name, check, "crashed", problem)
            assert self._worker is not None
            self._ask(check_id, min(seconds, left))
            return None
        except WorkerLost as lost:
            return self._lost(lost, check_id, exercise, check)
        except Exception:
            return self._fault(check_id, exercise, check)

    def _ask(self, check_id: str, seconds: float) -> None:
        """Send a request; to a fresh worker, where the one at hand has died since its last answer."""
        assert self._worker is not None
        try:
            self._worker.begin(self._answers[check_id].request, seconds)
        except WorkerLost:
            if self._fresh:
                raise
            self._drop()
            if self.load():
                raise
            self._worker.begin(self._answers[check_id].request, seconds)

    def _finish(self, begun: Verdict | None, check_id: str, exercise: Exercise, check: Check) -> Callable[[], Verdict]:
        """Take the worker's outcomes; what is left to do is to judge them."""
        if begun is not None:
            return lambda: begun
        try:
            outcomes = self._outcomes(check_id)
        except WorkerLost as lost:
            verdict = self._lost(lost, check_id, exercise, check)
            return lambda: verdict
        except Exception:
            fault = self._fault(check_id, exercise, check)
            return lambda: fault

        def judged() -> Verdict:
            try:
                return judge(check_id, exercise.name, check, self._answers, outcomes)
            except Exception:
                return self._fault(check_id, exercise, check)

        return judged

    def _outcomes(self, check_id: str) -> list[Outcome]:
        """The outcomes of the check that was begun.

        A worker that is not fresh may die of what an earlier check left behind, which must not cost this one: it is asked once
        more of a fresh worker.
        """
        assert self._worker is not None
        try:
            outcomes = self._worker.finish()
            self._fresh = False
            return outcomes
        except WorkerLost as lost:
            if self._fresh or lost.why == "timeout":
                raise
            self._drop()
        if self.load():
            raise WorkerLost("crashed")
        assert self._worker is not None
        return self._worker.perform(self._answers[check_id].request)

    def _lost(self, lost: WorkerLost, check_id: str, exercise: Exercise, check: Check) -> Verdict:
        self._hangs += lost.why == "timeout"
        self._drop()
        return not_run(check_id, exercise.name, check, lost.why)

    def _fault(self, check_id: str, exercise: Exercise, check: Check) -> Verdict:
        _log_fault(f"{check_id}: the grader failed")
        return not_run(check_id, exercise.name, check, "grader_error")


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
        starting = pool.submit(Sandbox, course.sandbox, course.limits)
        try:
            early = {topic: read(topic) for topic in topics or []}
        except BaseException:
            starting.result().close()
            raise
        sandbox = starting.result()
    with sandbox:
        grader = Grader(course, sandbox, jobs or _processors(), progress, watch, early)
        try:
            yield grader
        finally:
            grader.close()


def _log_fault(what: str) -> None:
    """Log an exception of ours: its kind for all; its traceback, which may hold expected values, for debugging alone."""
    kind = sys.exc_info()[0]
    log.error("%s (%s)", what, kind.__name__ if kind else "unknown", exc_info=log.isEnabledFor(logging.DEBUG))


def _processors() -> int:
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


def _sandbox_report(sandbox: Sandbox, topics: list[str], catalogue: Catalogue) -> SandboxReport:
    limits = sandbox.limits
    raised = {}
    for topic in topics:
        needs = catalogue.topic(topic).needs
        if needs != Needs():
            own = limits.raised_to(needs)
            raised[topic] = TopicSandbox(list(needs.libraries), own.call_seconds, own.memory_mebibytes)
    return SandboxReport(
        enforced=sandbox.backend != "none",
        topics=raised,
        call_seconds=limits.call_seconds,
        import_seconds=limits.import_seconds,
        submission_seconds=limits.submission_seconds,
        memory_mebibytes=limits.memory_mebibytes,
        disk_mebibytes=limits.disk_mebibytes,
    )


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
