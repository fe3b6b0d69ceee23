"""What cells are called in nbgrader: the one place where an exercise becomes a grade_id, and a grade_id an exercise.

test-Dense-backward     the test cell of the exercise Dense.backward
answer-why_bend         where a student writes the free text that a person grades
solution-Dense          the code cell that a student fills in, by the first name that it defines
given-imports           a code cell that is given
"""

from __future__ import annotations

import re

from autograder.errors import GraderFault

TEST, ANSWER, SOLUTION, GIVEN = "test-", "answer-", "solution-", "given-"

# nbgrader allows letters, digits, _ and -. A dotted name holds no -, so the dots can become that and come back.
_DOTTED_NAME = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")


def grade_id_of(exercise: str) -> str:
    """The grade_id of an exercise's test cell. Raises GraderFault for a name that nbgrader could not hold."""
    return TEST + _dashed(exercise)


def answer_id(exercise: str) -> str:
    """The grade_id of the cell where an exercise that a person grades is answered. Raises as :func:`grade_id_of`."""
    return ANSWER + _dashed(exercise)


def exercise_of(grade_id: str) -> str | None:
    """The exercise whose test cell this is; None for any other cell.

    >>> exercise_of(grade_id_of("Dense.backward")), exercise_of("answer-why_bend")
    ('Dense.backward', None)
    """
    return grade_id.removeprefix(TEST).replace("-", ".") if grade_id.startswith(TEST) else None


def is_answer(grade_id: str) -> bool:
    """Whether a student answers in this cell what a person grades."""
    return grade_id.startswith(ANSWER)


def _dashed(exercise: str) -> str:
    if not _DOTTED_NAME.fullmatch(exercise):
        raise GraderFault(
            f"The exercise {exercise!r} cannot stand in a course of nbgrader: its name may hold letters, digits, _ and dots."
        )
    return exercise.replace(".", "-")
