"""Tries edits of a student's functions behind the wall, and finds those with which every check of an exercise passes.

What a worker answers here decides over no status: only over the line that a report tells, and over points that a course
gives back by its `[marking]`, for which every check of an exercise must be answered rightly.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec

from autograder.course.settings import Course
from autograder.declare.compare import observe
from autograder.errors import SearchStopped, WorkerLost
from autograder.grading.budget import Budget
from autograder.grading.judge import Verdict, judge
from autograder.grading.locate.code import Code, Function, read_code, with_edit
from autograder.grading.locate.edits import Edit, late
from autograder.grading.locate.given import given_in
from autograder.grading.topic_run import Entry, TopicRun
from autograder.recording.answers import Answers
from autograder.recording.record import names_asked
from autograder.statuses import GOOD
from autograder.submission.read import Module, Submission
from autograder.wall.inside.perform import Case, Outcome, Script, body_of, requested
from autograder.wall.inside.trial import Ran, Request, Trial
from autograder.wall.protocol import Sandbox, Worker

# A candidate may take this part of a check's time, by the clock: long enough that a busy machine is not taken for a hang, as
# loops that an edit makes endless are ended by their lines.
SHARE = 0.3
# So many candidates may hang or end their worker, which is five seconds; then nothing is said of the exercise.
MOST_LOST = 3
# A search takes a second; one that takes so long is on a machine in distress, and nothing is said of the exercise.
MOST_SECONDS = 20.0
# So many candidates are on their way to a worker at a time: it need not wait for the grader, and they fit into any pipe.
AT_A_TIME = 16
# So many repairs of one line are asked all that they could reach, until one of them stands.
MOST_ON_A_LINE = 3
# Where repairs stand on more lines than two, only their function can be told; a few more lines show whether it is one.
MOST_LINES = 6
# So many edits that mend the first failing check alone are tried as the first of two.
MOST_FIRST_EDITS = 2
# The cheapest of so many checks that fail is asked first.
MOST_FIRST_CHECKS = 6
# So many lines of the student's may all candidates together run on their first input: a second or two of plain Python.
MOST_LINES_RUN = 3_000_000
# Where a topic trains, as those with libraries do, nearly every line is work for NumPy, some 4 µs of it: a second for all.
MOST_LINES_THAT_TRAIN = 250_000
# So many edits are made at all, of which most are left out or come too late: four times as many as of a module of ours.
MOST_EDITS_MADE = 20_000
# So many right cases show which lines run where nothing is wrong.
RIGHT_CASES = 5


@dataclass(frozen=True)
class Repair:
    """An edit with which every check of the exercise passes, and nothing that passed before fails."""

    function: Function
    edit: Edit

    @property
    def spot(self) -> tuple[int, int]:
        """Its cell and its line."""
        return self.function.statement.part.cell, self.edit.line


@dataclass
class Searched:
    """What a search came to. edits: how many mend the exercise; 0 where that was not found.

    clears: other exercises that failed, and are right with the first repair, where all stand on one line, or on two of one
    function. stopped: why it did not come to its end, so that nothing is said.
    """

    repairs: list[Repair] = field(default_factory=list)
    edits: int = 0
    clears: list[str] = field(default_factory=list)
    candidates: int = 0
    seconds: float = 0.0
    stopped: str = ""


@dataclass
class Search:
    """The search for one exercise's mistake. verdicts: of the topic; most: edits that are tried.

    deadline: when the submission's seconds are over. budget: what the search may cost the grader itself.
    """

    course: Course
    submission: Submission
    module: Module
    sandbox: Sandbox
    answers: Answers
    verdicts: list[Verdict]
    exercise: str
    most: int
    deadline: float
    budget: Budget
    second: bool = True  # whether two edits are tried where one is not enough

    def __post_init__(self) -> None:
        self._own = [verdict for verdict in self.verdicts if verdict.exercise == self.exercise]
        self._used: dict[str, set[str]] = {}
        self._end = min(self.deadline, time.monotonic() + MOST_SECONDS)

    @property
    def _names(self) -> set[str]:
        """The names of the topic's functions and classes."""
        return {exercise.name.split(".")[0] for _, exercise, _ in self.course.table(self.module.topic).checks()}

    @cached_property
    def _wrong(self) -> list[Verdict]:
        """The exercise's checks that answer wrongly."""
        return [v for v in self._own if v.status in ("failed", "error") and v.first_wrong is not None]

    def run(self) -> Searched:
        """Search. Raises nothing that a submission could cause."""
        begun = time.monotonic()
        searched = Searched()
        given = given_in(self.module.topic, self.course.catalogue)
        code = read_code(self.submission, self.module, self._names, given) if self._wrong else None
        if code is not None:
            try:
                with self._run_of(self.submission, self.module) as run:
                    bench = Bench(code, run, self.answers, SHARE * self.course.limits.call_seconds, self._end)
                    searched.repairs = self._found(code, bench, searched)
            except WorkerLost:
                searched.stopped = "the module could not be loaded again"
            except SearchStopped as why:
                searched.stopped = str(why)
        searched.seconds = time.monotonic() - begun
        return searched

    def _run_of(self, submission: Submission, module: Module) -> TopicRun:
        return TopicRun(self.course, submission, module, self.sandbox, self.answers, self.deadline, self.budget, shrinks=False)

    # --- candidates ---

    def _found(self, code: Code, bench: Bench, searched: Searched) -> list[Repair]:
        first = {v.check_id: bench.lines(v, [v.first_wrong or 0]) for v in self._wrong[:MOST_FIRST_CHECKS]}
        shown = min(self._wrong[:MOST_FIRST_CHECKS], key=lambda v: first[v.check_id].count)  # the cheapest is asked first
        trains = bool(self.course.catalogue.topic(self.module.topic).needs.libraries)
        lines = MOST_LINES_THAT_TRAIN if trains else MOST_LINES_RUN
        most = min(self.most, lines // max(1, first[shown.check_id].count))
        candidates = self._candidates(code, bench, shown, set(first[shown.check_id].lines))[:most]
        searched.candidates = len(candidates)
        tried = passing = list(bench.passing(candidates, shown, shown.first_wrong))
        failed_first = sorted(self._own, key=lambda verdict: (verdict is not shown, verdict.status in GOOD))
        for verdict in failed_first:
            passing = list(bench.passing(passing, verdict))
            tried = passing if verdict is shown else tried
        repairs = self._standing(code, bench, passing)
        spots, functions = {repair.spot for repair in repairs}, {repair.function.name for repair in repairs}
        if len(functions) == 1 and len(spots) <= 2:
            searched.clears = self._cleared(code, bench, repairs[0])
        searched.edits = 1 if repairs else 0
        if not repairs and self.second and self.sandbox.walled:
            more = self.most - searched.candidates
            searched.edits = 2 if any(self._mends_with_another(r, more) for r in tried[:MOST_FIRST_EDITS]) else 0
        return repairs

    def _mends_with_another(self, repair: Repair, most: int) -> bool:
        """Whether one more edit, of so many that are tried, makes right what this one leaves wrong: two mistakes, one each."""
        submission, module = with_edit(self.submission, self.module, repair.function.statement.part, repair.edit)
        with self._run_of(submission, module) as run:
            if run.load() is not None:
                return False
            verdicts = run.verdicts(self._entries())
        others = [verdict for verdict in self.verdicts if verdict.exercise != self.exercise]
        next_one = replace(self, submission=submission, module=module, verdicts=[*verdicts, *others], most=most, second=False)
        return most > 0 and bool(next_one.run().repairs)

    def _candidates(self, code: Code, bench: Bench, shown: Verdict, wrong: set[tuple[int, int]]) -> list[Repair]:
        """What is tried, in order: the exercise's own functions, then those that they call; what mends by luck last.

        Lines that wrong inputs run and right ones do not come first; an edit of a line that the wrong input does not run can
        mend nothing.

        wrong: the lines that the wrong input runs; none where that is not known.
        """
        right = set[tuple[int, int]]()
        fine = [case for case in range(len(shown.observations)) if all(o.right for o in shown.observations[case].values())]
        if fine:
            right = set(bench.lines(shown, fine[:RIGHT_CASES]).lines)

        def runs(repair: Repair, lines: set[tuple[int, int]]) -> bool:
            cell, (first, last) = repair.spot[0], repair.edit.lines
            return not first or any((cell, line) in lines for line in range(first, last + 1))

        functions = code.used_by(self.exercise, names_asked(bench.request(shown.check_id)[0]))
        made = (Repair(function, edit) for function in functions for edit in code.edits(function))
        tried = list(itertools.islice(made, MOST_EDITS_MADE))
        run = [repair for repair in tried if not wrong or runs(repair, wrong)]
        run.sort(key=lambda repair: (late(repair.edit), runs(repair, right)))
        return run

    # --- repairs ---

    def _standing(self, code: Code, bench: Bench, found: list[Repair]) -> list[Repair]:
        """The repairs on lines where one stands, which is the first of its line.

        With it what passed before still passes, and the module is right when it is loaded so.
        """
        late_ones = sorted({late(repair.edit) for repair in found})
        for number in late_ones if 0 not in late_ones else [0]:
            if standing := self._standing_of(code, bench, [repair for repair in found if late(repair.edit) == number]):
                return standing
        return []

    def _standing_of(self, code: Code, bench: Bench, telling: list[Repair]) -> list[Repair]:
        by_line: dict[tuple[int, int], list[Repair]] = {}
        for repair in telling:
            by_line.setdefault(repair.spot, []).append(repair)
        standing: list[Repair] = []
        for on_line in list(by_line.values())[:MOST_LINES]:
            standing += itertools.islice((r for r in on_line[:MOST_ON_A_LINE] if self._keeps(code, bench, r)), 1)
        if len(standing) <= 2 and self.sandbox.walled:  # elsewhere a file is run where it stands, and nothing is graded
            standing = [repair for repair in standing if self._mends(repair)]
        # All of a line are told of, as their kinds tell whether one kind can be named.
        return [r for first in standing for r in (first, *(o for o in by_line[first.spot] if o is not first))]

    def _keeps(self, code: Code, bench: Bench, repair: Repair) -> bool:
        """Whether what passed before, and could be reached, still passes."""
        others = (v for v in self.verdicts if v not in self._own and v.status in GOOD)
        return all(any(bench.passing([repair], v)) for v in others if self._reaches(code, bench, repair, v))

    def _cleared(self, code: Code, bench: Bench, repair: Repair) -> list[str]:
        """Other exercises in which something is wrong now, and nothing with this repair."""
        failing: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            if verdict.status not in GOOD and verdict.exercise != self.exercise:
                failing.setdefault(verdict.exercise, []).append(verdict)
        return [
            exercise
            for exercise, failed in failing.items()
            if all(v.status in ("failed", "error") and self._reaches(code, bench, repair, v) for v in failed)
            and all(any(bench.passing([repair], v)) for v in failed)
        ]

    def _reaches(self, code: Code, bench: Bench, repair: Repair, verdict: Verdict) -> bool:
        if verdict.check_id not in self._used:
            used = code.used_by(verdict.exercise, names_asked(bench.request(verdict.check_id)[0]))
            self._used[verdict.check_id] = {function.name for function in used}
        return repair.function.name in self._used[verdict.check_id]

    def _mends(self, repair: Repair) -> bool:
        """Whether the exercise is right where the whole module is loaded with the edit, in a worker that has tried nothing."""
        submission, module = with_edit(self.submission, self.module, repair.function.statement.part, repair.edit)
        with self._run_of(submission, module) as run:
            return run.load() is None and all(verdict.status in GOOD for verdict in run.verdicts(self._entries()))

    def _entries(self) -> list[Entry]:
        exercises = {check_id: exercise for check_id, exercise, _ in self.course.table(self.module.topic).checks()}
        return [(v.check_id, exercises[v.check_id], v.check) for v in self._own]


class Bench:
    """A worker that holds a module's definitions, on which candidates are tried; a fresh one where one is lost."""

    def __init__(self, code: Code, run: TopicRun, answers: Answers, seconds: float, end: float) -> None:
        """seconds: that a candidate may take. end: when all of it is over."""
        self._code, self._run, self._answers, self._seconds, self._end = code, run, answers, seconds, end
        self._requests: dict[str, tuple[list[Script], list[Case]]] = {}
        self._numbers: dict[str, int] = {}  # of requests that the worker has
        self._holds = False
        self._lost = 0

    def request(self, check_id: str) -> tuple[list[Script], list[Case]]:
        """What a check asks."""
        if check_id not in self._requests:
            self._requests[check_id] = requested(self._answers[check_id].request)
        return self._requests[check_id]

    def _body(self, check_id: str) -> bytes:
        return body_of(self._answers[check_id].request)

    def lines(self, verdict: Verdict, cases: list[int]) -> Ran:
        """The lines that these cases run, and how many; none where that cannot be found out."""
        try:
            worker = self._worker()
            number, body = self._number(verdict.check_id)
            ran = worker.lines(Request(number, cases, body), self._seconds)
            return Ran([line for case in ran for line in case.lines], sum(case.count for case in ran))
        except WorkerLost:
            self._drop()
            return Ran([], MOST_LINES_RUN)

    def passing(self, repairs: Iterable[Repair], verdict: Verdict, case: int | None = None) -> Iterator[Repair]:
        """Those with which a check passes; or one case of it is right, where candidates are tried for the first time."""
        waiting = list(repairs)
        while waiting:
            if time.monotonic() > self._end or not self._run.budget.left():
                raise SearchStopped("its time was over")
            answered = 0
            try:
                for outcomes in self._tried(waiting[:AT_A_TIME], verdict, case):
                    answered += 1
                    if self._right(verdict, case, outcomes):
                        yield waiting[answered - 1]
            except WorkerLost:
                self._drop()
                answered += 1  # the one that it was lost with
            waiting = waiting[answered:]

    def _tried(self, repairs: list[Repair], verdict: Verdict, case: int | None) -> Iterator[list[Outcome]]:
        worker = self._worker()
        number, body = self._number(verdict.check_id)
        cases = [] if case is None else [case]
        first, *rest = [Trial(r.function.candidate(r.edit), Request(number, cases), case is not None) for r in repairs]
        if body:  # it is large, and goes by itself, as nobody reads answers while requests are sent
            yield from worker.try_out([msgspec.structs.replace(first, request=Request(number, cases, body))], self._seconds)
        else:
            rest = [first, *rest]
        yield from worker.try_out(rest, self._seconds)

    def _right(self, verdict: Verdict, case: int | None, outcomes: list[Outcome]) -> bool:
        if case is None:
            return judge(verdict.check_id, verdict.exercise, verdict.check, self._answers, outcomes).status in GOOD
        if len(outcomes) != 1 or outcomes[0].failure is not None:
            return False
        given, expected, forms = (self._answers.part(verdict.check_id, name)[case] for name in ("cases", "expected", "forms"))
        names = self._answers[verdict.check_id].names[case]
        seen = observe(verdict.check, given, names, outcomes[0], expected, forms)
        return bool(seen) and all(observation.right for observation in seen.values())

    def _worker(self) -> Worker:
        worker = self._run.loaded()
        if not self._holds:
            if worker.hold([statement.held() for statement in self._code.statements], self._seconds):
                raise SearchStopped("its definitions cannot be run by themselves")
            self._holds = True
        return worker

    def _number(self, check_id: str) -> tuple[int, bytes]:
        """By which number the worker knows a request, and the request itself where it does not yet."""
        if check_id in self._numbers:
            return self._numbers[check_id], b""
        self._numbers[check_id] = len(self._numbers)
        return self._numbers[check_id], self._body(check_id)

    def _drop(self) -> None:
        self._run.drop()
        self._holds = False
        self._numbers.clear()
        self._lost += 1
        if self._lost >= MOST_LOST:
            raise SearchStopped(f"{MOST_LOST} edits made the code hang or end")


def uses_library(request: bytes) -> bool:
    """Whether a recorded request has a step that uses a library."""
    scripts, _ = requested(request)
    return any(step[0] == "library" for script in scripts for step in script.steps)
