"""Whatever crosses the wall is right or wrong: no answer, however odd, is the grader's own fault, passes, or costs it much."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from autograder.declare.catalogue import load_topic
from autograder.declare.compare import NOT_MEASURED, observe
from autograder.declare.table import Check, Claim
from autograder.grading.diagnose.explain import explain, value_text
from autograder.grading.diagnose.sentences import LONGEST_ANSWER, observation_words
from autograder.grading.judge import judge
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.record import answers_for
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Outcome
from tests.conftest import ROOT, topics_parameter

# What a student's code may give in place of an answer, as it comes over the wall: of each type that crosses, and of none.
ODD: dict[str, Any] = {
    "nothing": None,
    "a text": "0.5",
    "a truth": True,
    "an infinity": float("inf"),
    "no entries": np.zeros((0, 3)),
    "objects of another dtype": np.array([1 + 2j, 3]),
    "not a number anywhere": np.full((2, 2), np.nan),
    "lists and dicts": [[], {}],
    "a dict of lists": {"a": [[[1.0]]], "": None},
    "an object": wire.Foreign("Model"),
    "deep": [[[[[[["x"]]]]]]],
}


def outcomes_of(answers: Answers, check_id: str, odd: Any) -> list[Outcome]:
    """What a worker would send if every answer of every case were this one."""
    expected, forms = answers.part(check_id, "expected"), answers.part(check_id, "forms")
    return [Outcome(dict.fromkeys({**right, **form}, odd)) for right, form in zip(expected, forms, strict=True)]


def is_right_everywhere(answers: Answers, check_id: str, odd: Any) -> bool:
    """Whether this is the answer that is due: some are None, or True."""
    return all(value == odd for right in answers.part(check_id, "expected") for value in right.values() if np.ndim(value) == 0)


@pytest.mark.parametrize("topic", topics_parameter())
def test_no_odd_answer_passes_or_is_the_graders_fault(topic: str) -> None:
    answers = answers_for(topic, DEFAULT_SECRET)
    passed = []
    for check_id, exercise, check in load_topic(topic).checks():
        for kind, odd in ODD.items():
            verdict = judge(check_id, exercise.name, check, answers, outcomes_of(answers, check_id, odd))
            assert verdict.status in ("failed", "passed", "manual"), (check_id, kind)
            if verdict.status == "passed" and not is_right_everywhere(answers, check_id, odd):
                passed.append((check_id, kind))
    assert passed == []


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_odd_answer_is_explained_and_none_costs_another_its_explanation(topic: str) -> None:
    answers = answers_for(topic, DEFAULT_SECRET)
    kinds = list(ODD.values())
    verdicts = [
        judge(check_id, exercise.name, check, answers, outcomes_of(answers, check_id, kinds[number % len(kinds)]))
        for number, (check_id, exercise, check) in enumerate(load_topic(topic).checks())
    ]
    explained, _ = explain(answers, verdicts)
    failed = [verdict.check_id for verdict in verdicts if verdict.status == "failed"]
    assert failed
    assert [check_id for check_id in failed if not explained[check_id].diagnosis.text] == []


def test_a_measure_that_fails_on_an_answer_makes_it_wrong() -> None:
    def share_of_zeros(case: Any, answers: Any) -> dict[str, Claim]:
        return {"share": Claim(answers["result"].count(0) / len(answers["result"]), 0.5, 0.1)}

    check = Check("zeros", "Half of them are 0.", lambda draw: {}, lambda student: {}, measure=share_of_zeros, cases=1)
    nothing = Outcome({"result": []})
    (seen,) = observe(check, {}, [], nothing, {}, {"result": []}).values()
    assert not seen.right
    assert observation_words("answers", [seen], [{}]) == NOT_MEASURED


def test_what_a_measure_warns_of_is_told_to_nobody() -> None:
    program = (
        "import numpy as np; import autograder.grading.judge; "
        "np.seterr(all='ignore'); exec('np.zeros((0, 3)).mean()', {'np': np, '__name__': 'autograder.checks.layers'})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == ""


def test_an_axis_may_be_long_only_where_the_whole_array_would_be_small() -> None:
    hollow = np.zeros((0, 2**27))
    assert type(wire.portable(hollow)) is wire.Foreign
    with pytest.raises(wire.WireError, match="too large"):
        wire.decoder().decode(wire.encode(hollow))
    assert wire.portable(np.zeros((0, 3))).shape == (0, 3)


def test_an_answer_of_many_small_values_is_cut_before_it_crosses_and_refused_where_it_was_not() -> None:
    many = [[float(number) for number in range(1000)] for _ in range(100)]
    crossed = wire.portable(many)
    assert sum(type(item) is float for row in crossed if type(row) is list for item in row) < wire.MOST_VALUES
    assert wire.crossable(crossed)
    assert not wire.crossable(many)
    # Several answers of a case count together on both sides, so that what an honest worker sends is never refused.
    half = many[: len(many) // 6]
    answered = wire.portable({"a": half, "b": half, "c": half})
    assert wire.crossable(answered)
    assert answered["a"] == half


def test_of_a_long_answer_no_more_is_written_than_is_shown() -> None:
    written = []

    class Watched(float):
        def __format__(self, spec: str) -> str:
            written.append(spec)
            return "0.123456"

    value_text([Watched(0.1)] * 10_000)
    assert len(written) < LONGEST_ANSWER
