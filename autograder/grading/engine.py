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
from autograder.grading.diagnose.explain import Explanation, error_name, explain, place_of
from autograder.grading.judge import Verdict, judge, not_run
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
from autograder.submission.read import Module, Submission
from autograder.text import number, plain
from autograder.wall.inside.perform import Failure, Outcome
from autograder.wall.libraries import places_of
from autograder.wall.limits import Limits, Needs
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
        module = self._submission.modules[self._topic]
        self._worker = self._sandbox.worker()
        self._fresh = True
        cells = [(cell.number, cell.source) for cell in module.cells]
        try:
            failures = self._worker.load(self._topic, module.path, self._submission.files, cells)
        except WorkerLost as lost:
            self._drop()
            return _lost_words(module, lost.why, self._limits)
        words = [_import_words(module, failure, self._submission.files, self._sandbox.needs) for failure in failures]
        if module.cells:
            # A cell that tries out what is not written yet is no news, and one that fails does not keep the rest from running.
            self.notices = [
                said for said, failure in zip(words, failures, strict=True) if failure.kind != "NotImplementedError"
            ]
            return None
        if words:
            self._drop()
            return words[0]
        return None

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


def _lost_words(module: Module, why: str, limits: Limits) -> str:
    if why == "timeout":
        return (
            f"{module.file} did not finish importing within {number(limits.import_seconds)} s: does it train, wait or loop "
            "at its top level?"
        )
    return f"{module.file} ended the process while it was imported: does it call exit, or use very much memory?"


def _import_words(module: Module, failure: Failure, files: dict[str, bytes], needs: Needs) -> str:
    """Why a module or a cell of a notebook cannot be run: its own line and its own words, made fit to be shown."""
    kind, message = error_name(failure), plain(failure.message)
    where = f"{module.file}, {place_of(failure)}" if failure.line else module.file
    line = _line(module, failure, files)
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        said = f"{where}: {kind}: {message.split(' (')[0]}"
        return f"{said}: {line}" if line else f"{said}."
    if kind == "ModuleNotFoundError":
        more = "".join(f", {library}" for library in needs.libraries)
        return f"{where}: {message}. Only NumPy{more} and the standard library can be imported."
    if kind == "ImportError" and "relative import" in message:
        return f"{where}: a relative import does not work in a module that stands alone: {line}"
    if kind == "EOFError":
        return f"{where}: there is nobody to answer input() while grading: {line}"
    verb = "running" if module.cells else "importing"
    return f"{where}: {verb} it raises {kind}: {message or line}"


def _line(module: Module, failure: Failure, files: dict[str, bytes]) -> str:
    """The line of the submission at which it failed."""
    cell = next((cell.source for cell in module.cells if cell.number == failure.cell), None)
    lines = files[module.path].splitlines() if cell is None else cell.encode("utf-8", "replace").splitlines()
    if not 0 < failure.line <= len(lines):
        return ""
    return plain(lines[failure.line - 1].decode("utf-8", "replace").strip(), 100)


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
