"""What a submission may cost the grader itself is bounded: what was judged stands, the rest is told why, the next goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from autograder.course.settings import Course
from autograder.declare.catalogue import load_topic
from autograder.grading import budget, engine
from autograder.grading.budget import Budget
from autograder.grading.engine import Grader
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.record import answers_for
from autograder.report import CheckReport, Report
from autograder.wall.inside.perform import Outcome
from autograder.wall.limits import Limits, Needs
from tests.conftest import submission_of

TOPIC = "activations"


class Answering:
    """Gives out workers that answer each request with what a function of its number says, at once and without a process."""

    backend = "none"
    walled = False

    def __init__(self, limits: Limits, answer: Callable[[int], list[Outcome]]) -> None:
        self.needs, self.limits = Needs(), limits
        self.answer, self.asked = answer, 0
        self.ahead_of: list[bytes] = []  # requests that wait at the worker

    def another(self, needs: Needs) -> Answering:
        return self

    def worker(self) -> Answering:
        return self

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Any]:
        return []

    def run_cells(self, cells: Sequence[Any], seconds: float) -> list[Any]:
        return []

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        assert self.ahead_of[:1] in ([], [request]), "what waits at the worker is answered first"
        del self.ahead_of[:1]
        self.asked += 1

    def ahead(self, requests: Sequence[bytes]) -> None:
        self.ahead_of = list(requests)

    def finish(self) -> list[Outcome]:
        return self.answer(self.asked - 1)

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        return self.finish()

    def close(self) -> None:
        """There is no process, and with it goes what waits."""
        self.ahead_of.clear()


@pytest.fixture(scope="module")
def answers() -> Answers:
    return answers_for(TOPIC, DEFAULT_SECRET)


def graded(limits: Limits, answers: Answers, right: int) -> Report:
    """The report on what answers so many checks with nothing wrong but for what nobody compares, and None to all others."""
    table = load_topic(TOPIC).checks()

    def answer(number: int) -> list[Outcome]:
        check_id = table[number % len(table)][0]
        expected = answers.part(check_id, "expected")
        return [Outcome(dict(case) if number < right else dict.fromkeys(case)) for case in expected]

    sandbox = Answering(limits, answer)
    grader = Grader(Course(sandbox="none", limits=limits), sandbox, jobs=1)
    grader.shrinks = False
    report = grader.grade(submission_of(activations="def tanh(x): return x"), [TOPIC])
    grader.close()
    return report


def checks_of(report: Report) -> list[CheckReport]:
    return [check for topic in report.topics for exercise in topic.exercises for check in exercise.checks]


def after(times: int) -> Callable[[], float]:
    """A clock that stands still for so many looks, and then is an hour on."""
    looks = iter(range(times))
    return lambda: 0.0 if next(looks, None) is not None else 3600.0


def test_what_was_judged_stands_and_the_rest_is_told_why(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget.time, "thread_time", after(30))
    report = graded(Limits(), answers, right=1000)
    checks = checks_of(report)
    late = [check for check in checks if check.status == "timeout"]
    judged = checks[: -len(late)]
    assert 5 < len(judged) < len(checks) == len(judged) + len(late)
    assert late == checks[len(judged) :]
    with monkeypatch.context() as patched:
        patched.setattr(budget.time, "thread_time", lambda: 0.0)
        without = checks_of(graded(Limits(), answers, right=1000))
    assert [(check.status, check.points) for check in judged] == [(c.status, c.points) for c in without[: len(judged)]]
    assert report.score == sum(check.points for check in judged) > 0
    assert {check.diagnosis and check.diagnosis.text for check in late} == {
        "It was not judged: what was answered before it took 30 s of the grader's own processor time, and more is given to no "
        "submission."
    }
    assert "what had been judged by then stands" in report.notices[-1]
    assert report.exit_code == 1  # no fault of the grader's


def test_what_could_not_be_explained_is_said_to_be_wrong(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 2 * len(load_topic(TOPIC).checks()) + 10
    monkeypatch.setattr(budget.time, "thread_time", after(asked))
    checks = checks_of(graded(Limits(), answers, right=0))
    assert {check.status for check in checks} == {"failed"}
    assert {check.diagnosis and check.diagnosis.text for check in checks} == {"It is wrong."}


def test_memory_is_counted_from_where_the_submission_began(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_LOOK_EVERY", -1.0)  # at every check
    sizes = iter([700 * 2**20] * 9)
    monkeypatch.setattr(budget, "_resident", lambda: next(sizes, 1200 * 2**20))
    report = graded(Limits(), answers, right=1000)
    assert 0 < report.score < report.max_score
    assert "384 MiB of the grader's own memory" in report.notices[-1]


def test_the_next_submission_has_a_budget_of_its_own(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(budget.time, "thread_time", after(1))
        assert graded(Limits(), answers, right=1000).score == 0
    report = graded(Limits(), answers, right=1000)
    assert report.score > 0
    assert report.notices == []


def test_the_work_of_all_threads_counts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    seconds = [0.0]
    monkeypatch.setattr(budget.time, "thread_time", lambda: seconds[0])
    spent = Budget(Limits(grader_seconds=10.0))

    def work() -> None:
        spent.begin()
        seconds[0] += 6.0
        spent.left()

    for _ in range(2):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert not spent.left()


def test_recording_answers_is_not_the_submissions_cost(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    monkeypatch.setattr(budget.time, "thread_time", lambda: seconds[0])

    def recorded(*_: object) -> Answers:
        seconds[0] += 3600.0
        return answers

    monkeypatch.setattr(engine, "answers_for", recorded)
    sandbox = Answering(Limits(), lambda number: [])
    grader = Grader(Course(sandbox="none"), sandbox, jobs=1)
    (result,) = grader.verdicts(submission_of(activations="def tanh(x): return x"), [TOPIC])
    grader.close()
    assert sandbox.asked == len(result.verdicts)
    assert {verdict.status for verdict in result.verdicts} == {"garbled"}


def test_a_topic_has_seconds_of_its_own(answers: Answers) -> None:
    checks = checks_of(graded(Limits(topic_seconds=0.0), answers, right=1000))
    assert {check.diagnosis and check.diagnosis.text for check in checks} == {
        "It was not begun: the topic's 0 s were used up before it."
    }
