"""A small part of the term that ``make course`` runs: nbgrader's own commands, and scores that are grade's, cell by cell."""

from __future__ import annotations

import pytest

from tests.conftest import needs
from tests.term import LATE, PERCENT_PER_DAY, Row, Term, compare, table

needs("nbgrader", or_else="courses of nbgrader were NOT tested")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def term(small_term: Term) -> Term:
    """The shared course, of which layers was handed in through the exchange, with the feedback given back."""
    made = small_term.part(("layers",))
    made.feedback()
    return made


@pytest.fixture(scope="module")
def rows(term: Term) -> list[Row]:
    """What nbgrader gave, held against what grade gives."""
    return compare(term)


def test_every_cells_score_is_that_of_grade_on_the_same_code(term: Term, rows: list[Row]) -> None:
    assert [row.differences for row in rows] == [[]] * len(term.students), table(rows, term.students)
    assert {row.cells for row in rows} == {16}


def test_neither_forged_outputs_nor_deleted_test_cells_gain_anything(rows: list[Row]) -> None:
    by_student = {row.student: row for row in rows}
    assert by_student["gita"].by_nbgrader < by_student["gita"].most / 2
    assert by_student["jens"].by_nbgrader < by_student["jens"].most


def test_lateness_costs_what_the_course_says_and_is_exported(term: Term, rows: list[Row]) -> None:
    exported = {row["student_id"]: row for row in term.export() if row["assignment"] == "layers"}
    for row in rows:
        late = row.student == "iris"
        penalty = row.by_grade * (1 + LATE.days) * PERCENT_PER_DAY / 100 if late else 0
        told = exported[row.student]
        assert float(told["raw_score"]) == pytest.approx(row.by_grade)
        assert float(told["late_submission_penalty"]) == pytest.approx(penalty)
        assert float(told["score"]) == pytest.approx(row.by_grade - penalty)


def test_students_fetch_their_own_feedback(term: Term) -> None:
    fetched = list((term.folder / "students").glob("*/layers/feedback/*/layers.html"))
    assert [path.parts[-5] for path in fetched] == [term.students[0].name]
    assert "Dense.forward" in fetched[0].read_text(encoding="utf-8")
