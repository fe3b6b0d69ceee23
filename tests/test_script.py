"""What a check lends to student code: functions written as formulas, recorders of calls, a library's classes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.declare.catalogue import OURS
from autograder.declare.script import function, library, recorder, rng, snapshot, trace
from autograder.grading.engine import Grader
from autograder.recording.misconceptions import make_module
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Outcome, Script, perform
from benchmarks.bench import write_bare_program

_script = wire.decoder(Script)


def answers(source: str, program: Any, **case: Any) -> dict[str, Any]:
    """What a program answers on a module of this text, its script having crossed the wall's bytes."""
    script, constants, _ = trace(program, case)
    outcome: Outcome = perform(make_module("student", source), _script.decode(wire.encode(script)), constants)
    assert outcome.failure is None, outcome.failure
    return outcome.outputs


CALL = "import numpy as np\ndef call(f, *x): return f(*x)"


@pytest.mark.parametrize(
    "body",
    [
        lambda x: np.sum(np.sin(x) * 3.0),
        lambda x: (2.0 - x) / (1.0 + x**2) - -x,
        lambda x: np.where(x > 0.5, x, np.exp(-x)),
        lambda x: x @ x + abs(x[0]) - 1.0 / x[1],
        lambda x: np.maximum(x, 1.0) * np.array([1.0, 2.0]),
        lambda x: 2.0,
    ],
)
def test_a_function_is_what_its_formula_says(body: Any) -> None:
    x = np.array([0.25, 1.5])
    (answer,) = answers(CALL, lambda student, x: {"y": student.call(function(body), x)}, x=x).values()
    assert np.array_equal(answer, body(x))


def test_a_function_may_take_several_arguments_and_the_cases_arrays() -> None:
    def program(student: Any, a: np.ndarray, b: np.ndarray) -> dict[str, Any]:
        return {"y": student.call(function(lambda x, y: a * x - y), b, a)}

    a, b = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    assert answers(CALL, program, a=a, b=b)["y"].tolist() == [2.0, 8.0]


def test_nothing_that_a_student_does_changes_a_function() -> None:
    source = "def twice(f, a):\n    first = f(a)\n    a[...] = 9.0\n    first[...] = 7.0\n    return f(a)"
    (answer,) = answers(source, lambda student, a: {"y": student.twice(function(lambda _: a), a)}, a=np.array([1.0])).values()
    assert answer.tolist() == [1.0]


def test_a_function_called_with_the_wrong_number_of_arguments_says_so() -> None:
    script, constants, _ = trace(lambda student, x: student.call(function(lambda a, b: a + b), x), {"x": np.ones(2)})
    failure = perform(make_module("student", CALL), script, constants).failure
    assert failure is not None
    assert (failure.kind, failure.message) == ("TypeError", "f takes 2 arguments, and was given 1")


@pytest.mark.parametrize(
    "body", [lambda x: 2.0 * np.linalg.norm(x), lambda x: np.sum(x, axis=0), lambda x: 2.0 * np.add.reduce(x)]
)
def test_what_a_function_cannot_hold_is_refused_when_it_is_written(body: Any) -> None:
    with pytest.raises(TypeError, match="function for students cannot"):
        trace(lambda student, x: student.call(function(body), x), {"x": np.ones(2)})


def test_a_recorder_keeps_every_call_as_it_was() -> None:
    source = """
def train(callback, w):
    callback.set_model(object())
    callback.on_epoch_end(0, {"loss": 2.0})
    callback.model = w
    callback.on_train_end(w, logs=None)
    w += 1
"""

    def program(student: Any, w: np.ndarray) -> dict[str, Any]:
        callback = recorder()
        student.train(callback, w)
        return {"calls": snapshot(callback.calls)}

    calls = answers(source, program, w=np.zeros(1))["calls"]
    assert [call[0] for call in calls] == ["set_model", "on_epoch_end", "on_train_end"]
    assert calls[1][1:] == [0, {"loss": 2.0}, {}]
    assert calls[2][1].tolist() == [0.0]
    assert calls[2][2] == {"logs": None}


def test_a_library_is_reached_by_its_names() -> None:
    def program(student: Any, x: np.ndarray) -> dict[str, Any]:
        return {"norm": library("numpy", "linalg.norm")(x), "drawn": student.call(rng(1).uniform)}

    assert answers(CALL, program, x=np.array([3.0, 4.0]))["norm"] == 5.0


def test_an_exception_of_a_students_own_counts_as_the_one_that_it_is() -> None:
    from autograder.declare.script import attempt

    source = "class Wrong(ValueError): pass\ndef f(): raise Wrong"
    assert answers(source, lambda student: {"came": attempt(student.f)}) == {"came": "ValueError"}


@pytest.mark.parametrize("topic", ["activations", "layers"])
def test_the_benchmarks_write_every_step_as_a_person_would(topic: str, any_grader: Grader, tmp_path: Path) -> None:
    (tmp_path / f"{topic}.py").write_text(OURS.reference_source(topic), encoding="utf-8")
    program = write_bare_program(tmp_path, any_grader, (topic,))
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
