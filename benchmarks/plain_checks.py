"""What an instructor would write who has nbgrader, Keras and our table of checks, and nothing else.

The benchmark puts this file beside the notebook of a plain nbgrader course, with the recorded inputs (``cases.pickle``) and
the solution (``solution.py``). Each test cell calls :func:`points`, in the student's own kernel.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

import autograder.checks.activations as table
import autograder.declare.script
from autograder.declare import contract
from autograder.declare.keras_oracle import keras
from autograder.declare.table import Check, Tolerance, arrays_in

HERE = Path(__file__).parent

# The table's programs are written for stand-ins; run on the functions themselves, these are NumPy's.
table.same_memory = np.shares_memory
autograder.declare.script.snapshot = np.copy
# Nor do uses take turns: here one ends before the next begins.
contract.interleaved = lambda *parts: [part() for part in parts]
contract.fill = lambda array, content: array.__setitem__(..., content)

keras()  # imported here, in a cell that has no points, since TensorFlow has things to say on standard error
CASES: dict[str, list[dict[str, Any]]] = pickle.loads((HERE / "cases.pickle").read_bytes())
SOLUTION = ModuleType("solution")
exec((HERE / "solution.py").read_text(encoding="utf-8"), SOLUTION.__dict__)


def points(exercise: str, names: Mapping[str, Any]) -> int:
    """The points for an exercise: of each of its checks that holds, as an instructor's partial credit would be."""
    student = SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})
    (found,) = [each for each in table.TOPIC.exercises if each.name == exercise]
    return sum(check.points for check in found.checks if holds(f"activations/{exercise}/{check.name}", check, student))


def holds(check_id: str, check: Check, student: Any) -> bool:
    """Whether a check holds on all of its cases; an exception in student code is a check that does not."""
    try:
        return all(_holds(check, case, student) for case in CASES[check_id])
    except Exception:
        return False


def _holds(check: Check, case: dict[str, Any], student: Any) -> bool:
    given = pickle.loads(pickle.dumps(case))
    with warnings.catch_warnings():
        if check.quiet:
            warnings.simplefilter("error", RuntimeWarning)
        answers = named(check.program(student, **given))
    if check.untouched and not all(map(np.array_equal, arrays_in(given), arrays_in(case))):
        return False
    if check.measure is not None:
        for claim in check.measure(case, answers).values():
            if not np.all(np.abs(np.subtract(claim.observed, claim.expected, dtype=float)) <= claim.within):
                return False
    wanted = () if check.measure is not None and check.compare is None else check.compare
    right, tolerance = expected(check, case)
    return all(near(answers[name], right[name], tolerance) for name in (right if wanted is None else wanted))


def expected(check: Check, case: dict[str, Any]) -> tuple[dict[str, Any], Tolerance]:
    """What Keras answers; where it has no say, what the solution does."""
    if check.keras is None:
        return named(check.program(SOLUTION, **pickle.loads(pickle.dumps(case)))), check.tolerance
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of a softmax over one class, which would cost the student the cell
        return named(check.keras(**case)), check.keras_tolerance


def named(answers: Any) -> dict[str, Any]:
    """Answers by their names, as the table gives them where there are several."""
    return answers if isinstance(answers, dict) else {"result": answers}


def near(answer: Any, right: Any, tolerance: Tolerance) -> bool:
    """Whether an answer has the right shape and the right numbers."""
    if isinstance(right, bool | np.bool_):
        return bool(answer) == bool(right)
    return np.shape(answer) == np.shape(right) and bool(np.allclose(answer, right, tolerance.relative, tolerance.absolute))


if __name__ == "__main__":
    sys.exit("This file is imported by the test cells of a plain nbgrader course; see nbgrader_bench.py.")
