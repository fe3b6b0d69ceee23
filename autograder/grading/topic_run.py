"""Grades one topic of a submission: workers that hold its module are asked a check at a time, and a lost one is replaced."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.course.settings import Course
from autograder.declare.table import Check, Exercise
from autograder.errors import WorkerLost
from autograder.grading.budget import Budget
from autograder.grading.faults import log_fault
from autograder.grading.judge import Verdict, judge, not_run
from autograder.grading.loading import Notebook, import_words, stand_in_words
from autograder.grading.patience import IMPATIENT, Patience
from autograder.grading.shrink import Ask, shrink, worth_shrinking
from autograder.recording.answers import Answers
from autograder.recording.record import Progress
from autograder.statuses import BudgetUsedUp, Given, Lost, NotLoaded, Reason, Status, TimeUsedUp, import_lost_words
from autograder.submission.read import Module, Submission
from autograder.wall.inside.perform import Outcome
from autograder.wall.protocol import Sandbox, Worker

# Two hundred inputs of a right speed take a tenth of a second; a submission that is slower is shown the recorded input. What
# the search itself takes is counted in processor time, so that a report is the same on a machine that has much else to do.
SHRINK_SECONDS = 5.0

# So many checks wait at the worker, where the channel holds them: it and the grader seldom wait for each other then, which
# costs as much as a small check. More than these gain nothing.
AHEAD = 8

# A check with its identifier ``topic/exercise/check`` and its exercise, as a topic's table lists them.
Entry = tuple[str, Exercise, Check]


@dataclass
class TopicResult:
    """What grading one topic came to."""

    topic: str
    verdicts: list[Verdict]
    problem: str | None = None
    seconds: float = 0.0
    notices: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)  # what checks that are to do wait for, in a sentence each


@dataclass
class TopicRun:
    """The workers of one topic, one at a time. Use as a context manager.

    deadline: when the submission's seconds are over; the topic's own begin now. budget: what the submission may still cost the
    grader itself. shrinks: whether smaller failing inputs than the recorded ones are looked for. watch: is told how far it is.
    """

    course: Course
    submission: Submission
    module: Module
    sandbox: Sandbox
    answers: Answers
    deadline: float
    budget: Budget
    shrinks: bool = True
    watch: Progress | None = None
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._limits = self.sandbox.limits
        self._whole, self._of = self._limits.submission_seconds, "submission"
        own = time.monotonic() + self._limits.topic_seconds
        if own < self.deadline:
            self.deadline, self._whole, self._of = own, self._limits.topic_seconds, "topic"
        self._patience = Patience(self._limits)
        self._notebook = Notebook(self.module, self._fresh_for_cells, self._limits) if self.module.cells else None
        self._worker: Worker | None = None
        self._fresh = True

    def __enter__(self) -> TopicRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    def drop(self) -> None:
        """End the worker; whoever asks next has a fresh one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def load(self) -> NotLoaded | None:
        """Start a worker with the module; why it cannot be imported, or None."""
        module, files = self.module, self.submission.files
        self._fresh = True
        try:
            if self._notebook is not None:
                # A cell that fails does not keep the rest from running.
                self._worker = self._notebook.load()
                self.notices = self._notebook.words(files, self.sandbox.needs)
                return None
            self._worker = self.sandbox.worker()
            failures = self._worker.load(module.topic, module.path, files)
        except WorkerLost as lost:
            self.drop()
            return NotLoaded(import_lost_words(module.file, lost.why, self._limits.import_seconds), lost.why)
        self.notices, raised = stand_in_words(module, failures)
        if raised:
            self.drop()
            return NotLoaded(import_words(module, raised[0], files, self.sandbox.needs), "crashed")
        return None

    def loaded(self) -> Worker:
        """The worker that holds the module, a fresh one where there is none. Raises WorkerLost."""
        if self._worker is None and self.load():
            raise WorkerLost("crashed")
        assert self._worker is not None
        return self._worker

    def _fresh_for_cells(self) -> Worker:
        """A worker with the files of the submission, in which no cell was run yet. Raises WorkerLost."""
        worker = self.sandbox.worker()
        try:
            worker.load(self.module.topic, self.module.path, self.submission.files, notebook=True)
        except BaseException:
            worker.close()
            raise
        return worker

    def verdicts(self, checks: list[Entry]) -> list[Verdict]:
        """The verdicts on these checks, in order. One is judged while the worker performs the next, behind which one waits."""
        judged: list[Verdict] = []
        waiting: Callable[[], Verdict] | None = None
        for done, entry in enumerate(checks):
            if self.watch is not None:
                self.watch(self.module.topic, done, len(checks))
            begun = self._begin(entry)
            self._send_ahead(checks[done + 1 : done + 1 + AHEAD])
            if waiting is not None:
                judged.append(waiting())
            waiting = self._finish(entry, begun)
        if waiting is not None:
            judged.append(waiting())
        for verdict in judged:
            # Where a reference needs a library, the grader's own process would have to load it; the recorded cases are shown.
            wanted = self.shrinks and not self.sandbox.needs.libraries and worth_shrinking(verdict, self.course.catalogue)
            if wanted and self.budget.left() and time.monotonic() < self.deadline:
                self._shrink(verdict)
        return judged

    def _begin(self, entry: Entry) -> Given | Verdict:
        """Ask the worker, and say how long it may take; a verdict already where it cannot be asked."""
        left = self.deadline - time.monotonic()
        if not self.budget.left() or left <= 0:
            self.drop()  # it may be at a check that was sent ahead, and nobody asks for any more
            return _verdict(entry, BudgetUsedUp(self.budget.over) if self.budget.over else TimeUsedUp(self._whole, self._of))
        check_id, exercise, _ = entry
        given = self._patience.given(exercise.name, self.answers[check_id].calls, left, self._of)
        try:
            if self._worker is None and (problem := self.load()):
                return _verdict(entry, problem)
            self._ask(check_id, given.seconds)
            return given
        except WorkerLost as lost:
            return self._lost(entry, lost, given)
        except Exception:
            return _fault(entry)

    def _ask(self, check_id: str, seconds: float) -> None:
        """Send a request; to a fresh worker, where the one at hand has died since its last answer."""
        assert self._worker is not None
        try:
            self._worker.begin(self.answers[check_id].request, seconds)
        except WorkerLost:
            if self._fresh:
                raise
            self.drop()
            if self.load():
                raise
            self._worker.begin(self.answers[check_id].request, seconds)

    def _send_ahead(self, entries: list[Entry]) -> None:
        """Have the next checks wait at the worker, which goes on with them without waiting for the grader."""
        if self._worker is not None:
            self._worker.ahead([self.answers[check_id].request for check_id, _, _ in entries])

    def _finish(self, entry: Entry, begun: Given | Verdict) -> Callable[[], Verdict]:
        """Take the worker's outcomes; what is left to do is to judge them."""
        if isinstance(begun, Verdict):
            return lambda: begun
        check_id, exercise, check = entry
        try:
            outcomes = self._outcomes(check_id, begun.seconds)
        except WorkerLost as lost:
            verdict = self._lost(entry, lost, begun)
            return lambda: verdict
        except Exception:
            fault = _fault(entry)
            return lambda: fault

        def judged() -> Verdict:
            if not self.budget.left():
                return _verdict(entry, BudgetUsedUp(self.budget.over))
            try:
                return judge(check_id, exercise.name, check, self.answers, outcomes)
            except Exception:
                return _fault(entry)

        return judged

    def _outcomes(self, check_id: str, seconds: float) -> list[Outcome]:
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
            self.drop()
        if self.load():
            raise WorkerLost("crashed")
        return self._worker.perform(self.answers[check_id].request, seconds)

    def _lost(self, entry: Entry, lost: WorkerLost, given: Given) -> Verdict:
        if lost.why == "timeout":
            self._patience.hung(entry[1].name)
        self.drop()
        return _verdict(entry, Lost(lost.why, given))

    def _shrink(self, verdict: Verdict) -> None:
        try:
            if self._worker is None and self.load():
                return
            shrink(verdict, self.course.secret, self._patiently(), self.course.catalogue)
        except WorkerLost:
            self.drop()  # it hangs or dies on other inputs; the recorded ones are shown
        except Exception:
            log_fault(f"{verdict.check_id}: shrinking failed")

    def _patiently(self) -> Ask:
        """Asks the worker until the time for shrinking, or the submission's, is used up."""
        worker, begun, waited = self._worker, time.thread_time(), 0.0
        assert worker is not None

        def ask(request: bytes) -> list[Outcome]:
            nonlocal waited
            asked = time.monotonic()
            left = min(SHRINK_SECONDS - waited, self.deadline - asked)
            if left <= 0 or time.thread_time() - begun > SHRINK_SECONDS or not self.budget.left():
                raise WorkerLost("timeout")
            try:
                return worker.perform(request, min(left, IMPATIENT * self._limits.call_seconds))
            finally:
                waited += time.monotonic() - asked

        return ask


def _verdict(entry: Entry, why: Status | Reason) -> Verdict:
    check_id, exercise, check = entry
    return not_run(check_id, exercise.name, check, why)


def _fault(entry: Entry) -> Verdict:
    log_fault(f"{entry[0]}: the grader failed")
    return _verdict(entry, "grader_error")
