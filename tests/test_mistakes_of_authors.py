"""Whoever writes an exercise and errs is told file, line and what is wrong, in one sentence and never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.declare.catalogue import Catalogue
from autograder.errors import GradeError
from autograder.handing_out.assignments import stub_module
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.record import record_topic
from tests.test_course import OWN

TABLE, REFERENCE, MISTAKES = "checks/averages.py", "reference/averages.py", "reference/misconceptions/averages.py"

# In which file, what stands there, what is written in its place, and what is said.
SLIPS = [
    (TABLE, 'Check("again"', 'Chek("again"', "checks/averages.py, line 23: NameError: name 'Chek' is not defined."),
    (TABLE, "exercises=(", "exercises=((", "checks/averages.py, line 17: SyntaxError: '(' was never closed."),
    (TABLE, '"again"', '"value"', "checks/averages.py, line 17: ValueError: two checks of averages have the same name."),
    (TABLE, "public=True", "publik=True", "checks/averages.py, line 22: TypeError: Check.__init__() got an unexpected"),
    (TABLE, "st.integers", "st.integrs", "has no attribute 'integrs'. The check is averages/mean/value."),
    (TABLE, "student.mean", "student.mena", "averages/mean/value asks for mena, which reference/averages.py does not define."),
    (TABLE, "student.mean", "student.mena", "Did you mean mean?"),
    (TABLE, "TOPIC = ", "TOPICS = ", "checks/averages.py: AttributeError: module"),
    (REFERENCE, "def mean(values):", "def mean(values:", "reference/averages.py, line 10: SyntaxError: '(' was never closed."),
    (REFERENCE, '"""Averages."""', "import nunpy", "reference/averages.py, line 6: ModuleNotFoundError: No module named"),
    (MISTAKES, "def divides", "def def divides", "reference/misconceptions/averages.py, line 6: SyntaxError"),
    (MISTAKES, 'exercise="mean"', 'exercise="means"', "line 6: divides_by_one_less: there is no exercise 'means' in"),
    (MISTAKES, "look=", "loook=", "line 6: divides_by_one_less: its mark takes exercise=, text= and look="),
    (MISTAKES, 'text="It', 'text=f"{1} It', "line 6: divides_by_one_less: what its mark says must be plain text in quotes"),
    (MISTAKES, 'exercise="mean"', 'exercise="mean", replaces="x.y"', "divides_by_one_less replaces x.y, which reference/"),
    (MISTAKES, "return sum", "return som", "divides_by_one_less uses a name that reference/averages.py does not have."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "there", "written", "said"), SLIPS, ids=lambda value: value if "/" in value else "")
def test_a_slip_is_one_sentence_with_file_and_line(file: str, there: str, written: str, said: str, tmp_path: Path) -> None:
    for name, text in OWN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        assert name != file or there in text
        (tmp_path / name).write_text(text.replace(there, written, 1) if name == file else text, encoding="utf-8")
    with pytest.raises(GradeError) as error:
        record_topic("averages", DEFAULT_SECRET, with_keras=False, catalogue=Catalogue(tmp_path))
    told = str(error.value)
    assert said in told
    assert "\n" not in told
    assert "averages" in told


def test_a_solution_that_is_not_ended_is_named_with_its_line() -> None:
    with pytest.raises(
        GradeError, match=r"reference/averages.py, line 2: a solution that begins here is not ended by ### END"
    ):
        stub_module("x = 1\n    ### BEGIN SOLUTION\n    y = 2\n", "reference/averages.py")
