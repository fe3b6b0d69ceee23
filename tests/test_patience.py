"""A check that gives no answer is told why, with the seconds that it truly had; and what hangs costs its own exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from autograder.course.settings import Course
from autograder.declare.catalogue import load_topic
from autograder.errors import Loss, WorkerLost
from autograder.grading.engine import Grader
from autograder.grading.patience import IMPATIENT, MOST_HANGS, PATIENCE, SECONDS_A_CALL, Patience, usual_seconds
from autograder.report import CheckReport
from autograder.statuses import Given, Lost, NotLoaded, Reason, TimeUsedUp, import_lost_words, reason_words
from autograder.wall.inside.load import CellToRun
from autograder.wall.inside.perform import Failure, Outcome
from autograder.wall.limits import Limits, Needs
from tests.conftest import submission_of

TOPIC = load_topic("activations")
CHECK = TOPIC.exercises[0].checks[0]
LIMITS = Limits(call_seconds=5.0, submission_seconds=300.0)


# --- how many seconds -------------------------------------------------------------------------------------------------


def patience_after(**hangs: int) -> Patience:
    patience = Patience(LIMITS)
    for exercise, count in hangs.items():
        for _ in range(count):
            patience.hung(exercise)
    return patience


def test_a_check_is_given_the_usual_time_while_little_has_hung() -> None:
    assert patience_after(tanh=PATIENCE - 1).given("tanh", 10, 100).seconds == usual_seconds(10, LIMITS) == 5.0


def test_an_exercise_that_has_hung_is_given_less_once_patience_is_over() -> None:
    given = patience_after(tanh=PATIENCE).given("tanh", 10, 100)
    assert given == Given(5.0 * IMPATIENT, 5.0, PATIENCE)


def test_right_code_that_is_slow_does_not_pay_for_what_hung_in_other_exercises() -> None:
    assert patience_after(tanh=MOST_HANGS - 1).given("sigmoid", 10, 100) == Given(5.0, 5.0)


def test_a_topic_that_hangs_everywhere_is_given_less_everywhere() -> None:
    assert patience_after(tanh=MOST_HANGS).given("sigmoid", 10, 100) == Given(5.0 * IMPATIENT, 5.0, MOST_HANGS)


def test_the_time_of_a_check_grows_with_the_calls_that_it_makes() -> None:
    assert usual_seconds(400, LIMITS) == 400 * SECONDS_A_CALL > LIMITS.call_seconds
    assert patience_after().given("Dropout.forward", 400, 100).seconds == usual_seconds(400, LIMITS)


def test_no_check_is_given_more_than_what_is_left_of_the_submission_s_time() -> None:
    assert patience_after().given("tanh", 10, 2.5) == Given(2.5, 5.0, whole=300.0)


# --- in words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        (Lost("timeout", Given(5.0, 5.0)), "timeout", "It did not finish within 5 s: is there a loop that never ends?"),
        (
            Lost("timeout", Given(1.0, 5.0, 3)),
            "timeout",
            "It was stopped after 1 s: three checks of this topic had been stopped before it, so it was given a fifth of the "
            "usual 5 s.",
        ),
        (
            Lost("timeout", Given(0.4, 5.0, whole=300.0)),
            "timeout",
            "It was stopped when the submission's 300 s were used up.",
        ),
        (TimeUsedUp(300.0), "timeout", "It was not begun: the submission's 300 s were used up before it."),
        (
            NotLoaded(import_lost_words("layers.py", "timeout", 10.0), "timeout"),
            "timeout",
            "It was not begun, as it needed a fresh process. layers.py did not finish importing within 10 s: does it train, "
            "wait or loop at its top level?",
        ),
        (
            Lost("crashed", Given(5.0, 5.0)),
            "crashed",
            "The process that ran it ended: it was killed, ran out of memory, or called exit.",
        ),
        (Lost("garbled", Given(5.0, 5.0)), "garbled", "What came back from it was not an answer."),
    ],
)
def test_why_there_is_no_answer_is_said_as_it_was(reason: Reason, status: str, words: str) -> None:
    assert reason.status == status
    assert reason_words(reason) == words


# --- in a report --------------------------------------------------------------------------------------------------------


class Falling:
    """Gives out workers that are lost in the same way whatever they are asked, at once and without a process."""

    backend = "none"
    walled = False

    def __init__(self, why: Loss, imports: Sequence[Loss | None] = (), limits: Limits = LIMITS) -> None:
        self.needs, self.limits = Needs(), limits
        self.why, self.given = why, list[float]()
        self.imports: Iterator[Loss | None] = iter(imports)

    def another(self, needs: Needs) -> Falling:
        return self

    def worker(self) -> FallingWorker:
        return FallingWorker(self)

    def close(self) -> None:
        """Nothing was started."""


class FallingWorker:
    def __init__(self, home: Falling) -> None:
        self._home = home

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        if (why := next(self._home.imports, None)) is not None:
            raise WorkerLost(why)
        return []

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        assert seconds is not None
        self._home.given.append(seconds)

    def ahead(self, request: bytes) -> None:
        """It answers when it is asked."""

    def finish(self) -> list[Outcome]:
        raise WorkerLost(self._home.why)

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        self.begin(request, seconds)
        return self.finish()

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        return []

    def close(self) -> None:
        """There is no process."""


def graded(sandbox: Falling) -> list[CheckReport]:
    grader = Grader(Course(sandbox="none", limits=sandbox.limits), sandbox, jobs=1)
    (topic,) = grader.grade(submission_of(activations="def tanh(x): return x")).topics
    grader.close()
    return [check for exercise in topic.exercises for check in exercise.checks]


def said(check: CheckReport) -> str:
    assert check.diagnosis is not None
    assert not check.diagnosis.evidence
    return check.diagnosis.text


def test_a_module_that_hangs_everywhere_is_told_at_each_check_what_it_was_given() -> None:
    sandbox = Falling("timeout")
    checks = graded(sandbox)
    assert {check.status for check in checks} == {"timeout"}
    assert len(sandbox.given) == len(checks)
    assert sandbox.given[:PATIENCE] == [5.0] * PATIENCE
    assert set(sandbox.given[MOST_HANGS:]) == {1.0}
    for seconds, check in zip(sandbox.given, checks, strict=True):
        assert f"{seconds:g} s" in said(check)
        assert ("a fifth of the usual 5 s" in said(check)) == (seconds < 5)


def test_a_check_that_was_never_begun_is_not_told_of_a_loop() -> None:
    sandbox = Falling("timeout", limits=Limits(submission_seconds=0.0))
    checks = graded(sandbox)
    assert sandbox.given == []
    assert {check.status for check in checks} == {"timeout"}
    assert {said(check) for check in checks} == {"It was not begun: the submission's 0 s were used up before it."}


def test_a_crash_shortens_nobody_s_time() -> None:
    sandbox = Falling("crashed")
    assert {said(check) for check in graded(sandbox)} == {
        "The process that ran it ended: it was killed, ran out of memory, or called exit."
    }
    assert set(sandbox.given) == {5.0}


def test_a_check_that_needed_a_fresh_process_is_told_that_the_import_hung() -> None:
    checks = graded(Falling("timeout", [None, "timeout", "crashed"]))
    assert [check.status for check in checks[:4]] == ["timeout", "timeout", "crashed", "timeout"]
    assert "did not finish importing within 10 s" in said(checks[1])
    assert "ended the process while it was imported" in said(checks[2])
    assert "It did not finish within 5 s" in said(checks[3])
