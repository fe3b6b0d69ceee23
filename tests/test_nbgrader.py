"""A course in nbgrader: its own programs generate, grade and give back; ours stands in Execute's place and gives points."""

from __future__ import annotations

import copy
import html
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.nbgraderformat import reads
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import CheckCellMetadata, ClearSolutions
from nbgrader.validator import Validator

from autograder import check
from autograder.cli import main
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, load_topic
from autograder.errors import WrongUsage
from autograder.grading.engine import Grader
from autograder.handing_out.assignments import solution_lines, stub_module
from autograder.nbgrader_course import graders
from autograder.nbgrader_course.config import read_config
from autograder.nbgrader_course.gradebook import Handed, people_in, write_marks
from autograder.nbgrader_course.graders import forget
from autograder.nbgrader_course.names import exercise_of, grade_id_of
from autograder.nbgrader_course.preprocessor import write_scores
from autograder.nbgrader_course.source import is_manual
from autograder.nbgrader_course.write import notebook_text, write_course
from autograder.recording import answers
from tests.conftest import submission_of, topics_parameter
from tests.students import (
    Notebook,
    about,
    add_magics,
    answer_cells,
    delete_test_cells,
    edit_test_cells,
    filled,
    forge_outputs,
    mistakes,
    own_cell,
    reference,
    solution_cells,
    stubs,
    test_cells,
    text,
    with_code,
)
from tests.test_feedback import report, results

# SQLAlchemy's word on how nbgrader adds a submission, and nbformat's on what is wrong with a notebook on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::nbformat.warnings.DuplicateCellId"),
    pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning"),
]

TOPIC = "activations"


def worth(exercise: str) -> float:
    """The points of an exercise of the topic."""
    return next(e.max_score for e in load_topic(TOPIC).exercises if e.name == exercise)


DUE = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
COURSE = f"""\
topics = ["{TOPIC}", "concepts"]
sandbox = "landlock"
manual_points = 4

[late]
grace_minutes = 30
penalty_percent_per_day = 10
most_days = 3

[topic.{TOPIC}]
due = {DUE.isoformat()}
"""


class Term:
    """A course whose assignments are released; students hand notebooks in, and nbgrader grades them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.api = NbGraderAPI(config=read_config(folder))

    def released(self, topic: str = TOPIC) -> Notebook:
        """A topic's notebook as students get it."""
        found: Notebook = json.loads((self.folder / "release" / topic / f"{topic}.ipynb").read_text())
        return found

    def autograde(
        self, student: str, content: Notebook | bytes, topic: str = TOPIC, late: float | None = None
    ) -> dict[str, Any]:
        """Hand in a notebook, so many seconds late, and let nbgrader grade it: what it says about that."""
        place = self.folder / "submitted" / student / topic
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{topic}.ipynb").write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        if late is not None:
            (place / "timestamp.txt").write_text((DUE + timedelta(seconds=late)).strftime("%Y-%m-%d %H:%M:%S UTC"))
        said: dict[str, Any] = self.api.autograde(topic, student)
        return said

    def scores(self, student: str, topic: str = TOPIC) -> dict[str, float | None]:
        """What the gradebook holds for each of a student's graded cells."""
        with self.api.gradebook as gradebook:
            grades = gradebook.find_submission_notebook(topic, topic, student).grades
            return {grade.name: grade.auto_score for grade in grades}

    def graded(self, student: str, content: Notebook | bytes, topic: str = TOPIC) -> dict[str, float | None]:
        """Hand in, grade, and look up the points; nbgrader must succeed."""
        said = self.autograde(student, content, topic)
        assert said["success"], said
        return self.scores(student, topic)

    def outputs(self, student: str, topic: str = TOPIC) -> dict[str, list[Any]]:
        """What stands below each of nbgrader's code cells after grading."""
        path = self.folder / "autograded" / student / topic / f"{topic}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return {
            cell.metadata.nbgrader.grade_id: cell.outputs
            for cell in cells
            if "nbgrader" in cell.metadata and "outputs" in cell
        }


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """A course made by the command `grade nbgrader`, with its assignments generated by nbgrader."""
    folder = tmp_path_factory.mktemp("courses") / "term"
    folder.mkdir()
    (folder / "course.toml").write_text(COURSE)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"  # nbgrader calls alembic by its name
    made = CliRunner().invoke(main, ["nbgrader", str(folder)])
    assert made.exit_code == 0, made.output
    assert "nbgrader generate_assignment activations" in made.output
    term = Term(folder)
    for topic in (TOPIC, "concepts"):
        said = term.api.generate_assignment(topic)
        assert said["success"], said
    shutil.copy(folder / "gradebook.db", folder / "as_generated.db")
    yield term
    forget(folder / "course.toml")
    os.environ["PATH"] = path


@pytest.fixture(scope="module")
def halves() -> str:
    """A module that is right in part: three misconceptions stand in it."""
    return mistakes(0.1, 0.5, 0.9)(TOPIC)


@pytest.fixture(scope="module")
def half_scores(term: Term, halves: str) -> dict[str, float | None]:
    """What a notebook with that module's definitions gets when nobody has touched anything else."""
    return term.graded("untouched", filled(term.released(), halves))


@cache
def source_text(topic: str) -> str:
    """A topic's source notebook in a course that changes nothing."""
    return notebook_text(Course(), topic)


# --- source notebooks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", topics_parameter())
def test_nbgrader_accepts_the_notebook_of_every_topic_and_takes_every_solution_out(topic: str) -> None:
    notebook = reads(source_text(topic), as_version=4)
    nbformat.validate(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    ClearSolutions(code_stub={"python": "# YOUR CODE HERE\nraise NotImplementedError()"}).preprocess(notebook, {})
    source = OURS.reference_source(topic)
    handed_out = {line.strip() for line in stub_module(source).splitlines()}
    left = {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
    assert not left & (solution_lines(source) - handed_out)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            compile(cell.source, topic, "exec")
            assert not cell.source.startswith("# YOUR CODE HERE")  # a stub at the top level would keep the cell from running


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_exercise_has_one_cell_behind_the_code_that_it_asks_for(topic: str) -> None:
    notebook = json.loads(source_text(topic))
    table = load_topic(topic)
    found = {exercise_of(about(cell)["grade_id"]): about(cell)["points"] for cell in test_cells(notebook)}
    assert found == {exercise.name: exercise.max_score for exercise in table.exercises if not is_manual(exercise)}
    assert len(answer_cells(notebook)) == sum(is_manual(exercise) for exercise in table.exercises)
    code = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and about(cell).get("grade"):
            name = exercise_of(about(cell)["grade_id"])
            assert (name.split(".")[0] if topic != "concepts" else name) in code
        elif cell["cell_type"] == "code":
            code += "".join(cell["source"])


def test_a_course_s_points_and_omissions_are_in_its_notebooks(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        f'topics = ["{TOPIC}"]\n[topic.{TOPIC}]\nleave_out = ["tanh"]\npoints = {{ sigmoid = 12.5 }}\n'
    )
    [made] = write_course(tmp_path)
    points = {about(cell)["grade_id"]: about(cell)["points"] for cell in test_cells(json.loads(made.path.read_text()))}
    assert points[grade_id_of("sigmoid")] == 12.5
    assert grade_id_of("tanh") not in points
    assert made.points == sum(points.values())


def test_pictures_and_public_answers_stand_beside_the_released_notebook(term: Term) -> None:
    folder = term.folder / "release" / TOPIC
    assert (folder / "public.answers").is_file()
    shown = [cell["source"] for cell in term.released()["cells"] if "](figures/" in "".join(cell["source"])]
    assert shown
    assert (folder / "figures" / "relu.svg").is_file()


def test_what_an_instructor_edited_is_not_written_over(term: Term, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(term.folder / "source", folder / "source")
    (folder / "course.toml").write_text(COURSE)
    write_course(folder, [TOPIC])  # what is written now is what stands there
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.course_id = 'mine'\n")
    path = folder / "source" / TOPIC / f"{TOPIC}.ipynb"
    path.write_text(path.read_text().replace("How to use this notebook.", "How we use this notebook."))
    with pytest.raises(WrongUsage, match=r"--force writes over it"):
        write_course(folder, [TOPIC])
    assert "How we use" in path.read_text()
    write_course(folder, [TOPIC], force=True)
    assert "How we use" not in path.read_text()
    assert read_config(folder).CourseDirectory.course_id == "mine"


def test_a_config_that_would_start_kernels_is_refused_with_the_lines_that_mend_it(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(f'topics = ["{TOPIC}"]\n')
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(WrongUsage, match="configure\\(c, __file__\\)"):
        write_course(tmp_path)


def test_a_database_that_does_not_answer_is_said_in_a_sentence_without_its_password(term: Term, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(COURSE)
    config = (term.folder / "nbgrader_config.py").read_text()
    address = "postgresql://ada:lovelace@127.0.0.1:1/marks"  # nobody listens at port 1
    (tmp_path / "nbgrader_config.py").write_text(f"{config}\nc.CourseDirectory.db_url = {address!r}\n")
    said = CliRunner().invoke(main, ["nbgrader", str(tmp_path), TOPIC])
    assert said.exit_code == 2
    assert "cannot be used, for the due dates" in said.output
    assert "lovelace" not in said.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "grade init nowhere"),
        (["{course}", "layers"], "none of this course's topics"),
        (["{course}", "lairs"], "There is no topic 'lairs'"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(term: Term, arguments: list[str], sentence: str) -> None:
    said = CliRunner().invoke(main, ["nbgrader", *(a.format(course=term.folder) for a in arguments)])
    assert said.exit_code == 2
    assert sentence in said.output


def test_without_nbgrader_one_sentence_says_how_to_get_it(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    monkeypatch.setattr("autograder.commands.nbgrader.find_spec", lambda name: None)
    said = CliRunner().invoke(main, ["nbgrader", str(term.folder)])
    assert said.exit_code == 2
    assert "pip install 'nablagrade[nbgrader]'" in said.output


# --- the same points as `grade` ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reference", "stubs", "halves"])
def test_scores_are_those_of_grade_on_the_same_code(name: str, term: Term, halves: str, any_grader: Grader) -> None:
    module = {"reference": reference(TOPIC), "stubs": stubs(TOPIC), "halves": halves}[name]
    [report] = any_grader.grade(submission_of(**{TOPIC: module})).topics
    expected = {grade_id_of(exercise.name): exercise.score for exercise in report.exercises}
    assert term.graded(name, filled(term.released(), module)) == expected
    share = report.score / report.max_score
    assert share == {"reference": 1, "stubs": 0}.get(name, share)
    assert (name == "halves") == (0 < share < 1)


def test_no_kernel_is_started(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr("jupyter_client.manager.KernelManager._async_launch_kernel", lambda *_, **__: started.append(1))
    term.graded("no-kernel", filled(term.released(), reference(TOPIC)))
    assert not started


def test_a_notebook_may_read_what_was_handed_in_beside_it(term: Term) -> None:
    place = term.folder / "submitted" / "reader" / TOPIC
    place.mkdir(parents=True)
    (place / "slope.txt").write_text("1.0")
    (place / "mine.py").write_text("def slope():\n    return float(open('slope.txt').read())\n")
    own = "from mine import slope\n\ndef linear(x):\n    return slope() * x"
    scores = term.graded("reader", filled(term.released(), with_code(reference, own)(TOPIC)))
    assert scores[grade_id_of("linear")] == worth("linear")


def test_every_test_cell_says_its_number_and_why(term: Term, half_scores: dict[str, float | None]) -> None:
    for grade_id, outputs in term.outputs("untouched").items():
        if not exercise_of(grade_id):
            assert outputs == []
            continue
        shown, number = outputs
        assert (shown.output_type, number.output_type) == ("display_data", "execute_result")
        assert float(number.data["text/plain"]) == half_scores[grade_id]
        assert exercise_of(grade_id) in html.unescape(shown.data["text/html"])


# --- what is done to notebooks ----------------------------------------------------------------------------------------

Habit = Callable[[Notebook], None]


def each_test(change: Callable[[dict[str, Any]], None]) -> Habit:
    """A habit that does something to every test cell."""

    def habit(notebook: Notebook) -> None:
        for cell in test_cells(notebook):
            change(cell)

    return habit


def nbgrader_says(**said: Any) -> Callable[[dict[str, Any]], None]:
    """Change what a cell's metadata says to nbgrader."""
    return lambda cell: about(cell).update(said)


def delete_all_test_cells(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not about(cell).get("grade")]


def duplicate_test_cells(notebook: Notebook) -> None:
    notebook["cells"] += copy.deepcopy(test_cells(notebook))


def reorder_test_cells(notebook: Notebook) -> None:
    tests = test_cells(notebook)
    notebook["cells"] = tests[::-1] + [cell for cell in notebook["cells"] if cell not in tests]


def answer_1000(cell: dict[str, Any]) -> None:
    cell["source"] = "1000"


def as_markdown(cell: dict[str, Any]) -> None:
    cell.update(cell_type="markdown", attachments={"a.png": {"image/png": "iVBORw0KGgo="}})
    for key in ("outputs", "execution_count"):
        del cell[key]


def as_raw(cell: dict[str, Any]) -> None:
    as_markdown(cell)
    cell["cell_type"] = "raw"


def schema(version: int) -> Habit:
    """Metadata as an old nbgrader wrote them."""

    def habit(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if about(cell):
                about(cell)["schema_version"] = version
                about(cell).pop("task", None)

    return habit


def nonsense(notebook: Notebook) -> None:
    """Metadata that is none."""
    for cell, said in zip(test_cells(notebook), ["graded", 7, None, [], {"grade": True}, {"grade_id": 3}], strict=False):
        cell["metadata"]["nbgrader"] = said


def swap_names(notebook: Notebook) -> None:
    """Let an exercise that was not solved claim the name of one that was."""
    first, second = test_cells(notebook)[:2]
    first["metadata"], second["metadata"] = second["metadata"], first["metadata"]


def invent_a_test(notebook: Notebook) -> None:
    cell = own_cell("1000")
    cell["metadata"]["nbgrader"] = {**about(test_cells(notebook)[0]), "grade_id": "test-bonus", "points": 1000}
    notebook["cells"].append(cell)


def grade_the_solutions(notebook: Notebook) -> None:
    """Let solution cells pose as graded."""
    for cell in solution_cells(notebook):
        about(cell).update(grade=True, points=100)


def lock_the_solutions(notebook: Notebook) -> None:
    for cell in solution_cells(notebook):
        about(cell).update(solution=False, locked=True)


def rename_the_solutions(notebook: Notebook) -> None:
    for cell in solution_cells(notebook):
        about(cell)["grade_id"] += "-mine"


def another_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"display_name": "R", "language": "R", "name": "no_such_kernel"}
    notebook["metadata"]["language_info"] = {"name": "R"}


def large_output(notebook: Notebook) -> None:
    """Thirty megabytes, printed."""
    solution_cells(notebook)[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 30 * 2**20}]


def older_format(notebook: Notebook) -> None:
    """A notebook of format 4.4, in which cells have no ids."""
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        cell.pop("id", None)
    delete_test_cells(notebook)


def errors_in_outputs(cell: dict[str, Any]) -> None:
    """What a right solution had once put out, which nbgrader would count as 0."""
    cell["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": "RuntimeWarning: overflow"},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
    ]


HABITS: dict[str, Habit] = {
    "forged outputs": forge_outputs,
    "errors left in the outputs": each_test(errors_in_outputs),
    "every second test cell deleted": delete_test_cells,
    "all test cells deleted": delete_all_test_cells,
    "test cells duplicated": duplicate_test_cells,
    "test cells reordered to the top": reorder_test_cells,
    "test cells edited": each_test(answer_1000),
    "test cells edited, worth more, unlocked": edit_test_cells,
    "test cells turned into markdown": each_test(as_markdown),
    "test cells turned into raw cells": each_test(as_raw),
    "points changed": each_test(nbgrader_says(points=1000)),
    "points negative": each_test(nbgrader_says(points=-5)),
    "solution flag flipped": each_test(nbgrader_says(solution=True)),
    "grade flag flipped": each_test(nbgrader_says(grade=False)),
    "locked flag flipped": each_test(nbgrader_says(locked=False)),
    "all flags flipped": each_test(nbgrader_says(grade=False, locked=False, solution=True, task=True)),
    "checksums changed": each_test(nbgrader_says(checksum="0" * 32)),
    "extra keys": each_test(nbgrader_says(bonus=1000)),
    "schema 1": schema(1),
    "schema 2": schema(2),
    "schema 4": schema(4),
    "metadata that is none": nonsense,
    "names swapped": swap_names,
    "a test cell invented": invent_a_test,
    "solution cells graded": grade_the_solutions,
    "solution cells locked": lock_the_solutions,
    "solution cells renamed": rename_the_solutions,
    "another kernel": another_kernel,
    "magics and outputs": add_magics,
    "thirty megabytes of output": large_output,
    "format 4.4": older_format,
}


@pytest.mark.parametrize("habit", HABITS)
def test_whatever_is_done_to_test_cells_the_points_stay_what_the_code_deserves(
    habit: str, term: Term, halves: str, half_scores: dict[str, float | None]
) -> None:
    notebook = filled(term.released(), halves)
    HABITS[habit](notebook)
    student = "".join(c if c.isalnum() else "-" for c in habit)
    assert term.graded(student, notebook) == half_scores
    assert {grade_id for grade_id in term.outputs(student) if exercise_of(grade_id)} == set(half_scores)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("not-json", b"print('hello')", "does not appear to be JSON"),
        ("empty", b"", "does not appear to be JSON"),
        ("a-list", b"[]", ""),
        ("no-cells", b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', ""),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_and_nothing_is_recorded(
    term: Term, name: str, content: bytes, said: str
) -> None:
    answer = term.autograde(name, content)
    assert not answer["success"]
    assert said in answer["log"]
    assert set(term.scores(name).values()) == {None}


# --- what is ours to refuse -------------------------------------------------------------------------------------------


@pytest.fixture
def own_term(term: Term, tmp_path: Path) -> Iterator[Term]:
    """A copy of the course as it was when its assignments had been generated, to be changed."""
    folder = tmp_path / "term"
    shutil.copytree(term.folder, folder, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback", "gradebook.db"))
    (folder / "as_generated.db").rename(folder / "gradebook.db")
    own = Term(folder)
    yield own
    forget(folder / "course.toml")


def recorded(term: Term, student: str, topic: str = TOPIC) -> set[float | None]:
    """What points a student has; none where nothing was recorded."""
    try:
        return set(term.scores(student, topic).values())
    except MissingEntry:
        return set()


def test_a_test_cell_of_somebody_else_s_is_refused_and_never_gives_full_marks(own_term: Term) -> None:
    path = own_term.folder / "source" / TOPIC / f"{TOPIC}.ipynb"
    notebook = json.loads(path.read_text())
    invent_a_test(notebook)
    path.write_text(json.dumps(notebook))
    assert own_term.api.generate_assignment(TOPIC)["success"]
    said = own_term.autograde("ada", own_term.released())
    assert not said["success"]
    assert "The test cell test-bonus of activations belongs to no exercise of this course" in said["log"]
    assert recorded(own_term, "ada") == {None}


def test_an_exercise_whose_test_cell_an_instructor_took_out_is_told_not_to_count(own_term: Term) -> None:
    path = own_term.folder / "source" / TOPIC / f"{TOPIC}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if about(cell).get("grade_id") != grade_id_of("tanh")]
    path.write_text(json.dumps(notebook))
    assert own_term.api.generate_assignment(TOPIC)["success"]
    said = own_term.autograde("ada", filled(own_term.released(), reference(TOPIC)))
    assert "activations/tanh has no test cell, and does not count." in said["log"]
    scores = own_term.scores("ada")
    assert sum(score or 0 for score in scores.values()) == sum(
        e.max_score for e in load_topic(TOPIC).exercises if e.name != "tanh"
    )


def test_a_notebook_that_is_none_of_our_topics_is_refused(own_term: Term) -> None:
    shutil.copytree(own_term.folder / "source" / TOPIC, own_term.folder / "source" / "essay")
    (own_term.folder / "source" / "essay" / f"{TOPIC}.ipynb").rename(own_term.folder / "source" / "essay" / "essay.ipynb")
    assert own_term.api.generate_assignment("essay")["success"]
    said = own_term.autograde("ada", own_term.released("essay"), "essay")
    assert not said["success"]
    assert "essay.ipynb is none of our topics" in said["log"]
    assert recorded(own_term, "ada", "essay") == {None}


def test_other_points_in_the_course_than_in_the_gradebook_are_refused(own_term: Term) -> None:
    course = own_term.folder / "course.toml"
    course.write_text(COURSE + "points = { sigmoid = 50 }\n")
    said = own_term.autograde("ada", own_term.released())
    assert not said["success"]
    assert f"has {worth('sigmoid'):g} points in the gradebook, 50 in course.toml" in said["log"]
    assert recorded(own_term, "ada") == {None}
    course.write_text(COURSE)  # read anew for every notebook
    assert own_term.graded("ada", own_term.released()) == dict.fromkeys(own_term.scores("ada"), 0)


def test_our_own_fault_is_nobody_s_zero(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of the grader")

    with monkeypatch.context() as patched:
        patched.setattr("autograder.grading.topic_run.judge", fail)
        said = term.autograde("unlucky", filled(term.released(), reference(TOPIC)))
    assert not said["success"]
    assert "by no fault of the student's" in said["log"]
    assert recorded(term, "unlucky") == {None}
    assert None not in term.graded("unlucky", filled(term.released(), reference(TOPIC))).values()


def test_a_test_cell_that_is_not_there_to_be_written_to_is_a_fault(any_grader: Grader) -> None:
    [report] = any_grader.grade(submission_of(**{TOPIC: stubs(TOPIC)})).topics
    empty = nbformat.v4.new_notebook()
    with pytest.raises(Exception, match="test-sigmoid"):
        write_scores(empty, {"test-sigmoid": "sigmoid"}, report)


# --- feedback ---------------------------------------------------------------------------------------------------------

HOSTILE = """\
def sigmoid(x):
    raise RuntimeError("<script>alert(1)</script><img src=x onerror=alert(2)>" "</div></textarea>")
"""


def test_what_a_student_writes_into_an_exception_stays_text_in_every_page(term: Term) -> None:
    notebook = filled(term.released(), with_code(reference, HOSTILE)(TOPIC))
    term.graded("injector", notebook)
    shown = "".join(
        output.data["text/html"] for output in term.outputs("injector")[grade_id_of("sigmoid")] if "text/html" in output.data
    )
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script" not in shown
    assert "<img" not in shown
    said = term.api.generate_feedback(TOPIC, "injector")
    assert said["success"], said
    page = (term.folder / "feedback" / "injector" / TOPIC / f"{TOPIC}.html").read_text()
    assert "&lt;img src=x onerror" in page
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_no_more_is_told_than_the_course_tells(own_term: Term) -> None:
    (own_term.folder / "course.toml").write_text('hints = "score"\n' + COURSE)
    own_term.graded("ada", filled(own_term.released(), with_code(reference, HOSTILE)(TOPIC)))
    check = load_topic(TOPIC).checks()[0][2]
    pages = [
        output.data["text/html"]
        for outputs in own_term.outputs("ada").values()
        for output in outputs
        if "text/html" in output.data
    ]
    assert len(pages) == len(load_topic(TOPIC).exercises)
    assert not any(html.escape(check.sentence) in page or "alert(1)" in page for page in pages)


# --- nbgrader validate ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", [TOPIC, "concepts"])
def test_nbgrader_validate_accepts_a_notebook_filled_by_the_reference(topic: str, term: Term) -> None:
    folder = term.folder / "release" / topic
    notebook = filled(term.released(topic), reference(topic))
    for cell in answer_cells(notebook):
        cell["source"] = "In my own words."
    path = folder / "filled.ipynb"
    path.write_text(json.dumps(notebook))
    assert Validator().validate(str(path)) == {}


def test_nbgrader_validate_fails_every_test_cell_of_a_stub(term: Term) -> None:
    found = Validator().validate(str(term.folder / "release" / TOPIC / f"{TOPIC}.ipynb"))
    assert [cell["source"] for cell in found["failed"]] == [text(cell) for cell in test_cells(term.released())]


def test_a_kernel_that_nbgrader_starts_by_itself_gives_no_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RuntimeError, match="configuration does not call"):
        check(f"{TOPIC}/linear")


# --- a person's part --------------------------------------------------------------------------------------------------


def test_free_text_waits_for_a_person_and_what_a_person_gave_stays(term: Term) -> None:
    notebook = filled(term.released("concepts"), stubs("concepts"))
    answer = next(cell for cell in answer_cells(notebook) if "why_bend" in about(cell)["grade_id"])
    answer["source"] = "Without them every stack of layers is linear. XOR cannot be done."
    scores = term.graded("writer", notebook, "concepts")
    assert scores["answer-why_bend"] is None
    assert scores["answer-what_next"] == 0  # nothing was written
    with term.api.gradebook as gradebook:
        grade = gradebook.find_grade("answer-why_bend", "concepts", "concepts", "writer")
        assert (grade.needs_manual_grade, grade.max_score) == (True, 4)
        grade.manual_score = 3
        gradebook.db.commit()
    term.graded("writer", notebook, "concepts")
    with term.api.gradebook as gradebook:
        assert gradebook.find_grade("answer-why_bend", "concepts", "concepts", "writer").score == 3


def test_a_free_text_is_found_when_its_cell_was_copied_or_turned_into_code(term: Term) -> None:
    notebook = term.released("concepts")
    answer = answer_cells(notebook)[0]
    empty = copy.deepcopy(answer)
    answer.update(source="It bends.", cell_type="code", outputs=[], execution_count=None)
    notebook["cells"].append(empty)
    assert term.graded("copier", notebook, "concepts")[about(answer)["grade_id"]] is None


def test_the_quiz_is_graded_as_grade_grades_it(term: Term, any_grader: Grader) -> None:
    module = mistakes(0.2, 0.6)("concepts")
    [report] = any_grader.grade(submission_of(concepts=module)).topics
    expected = {grade_id_of(e.name): e.score for e in report.exercises if e.max_score}
    got = term.graded("guesser", filled(term.released("concepts"), module), "concepts")
    assert {name: points for name, points in got.items() if name in expected} == expected
    assert 0 < sum(expected.values()) < report.max_score


# --- late -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "kept"), [(0, 1.0), (0.4, 1.0), (1, 0.9), (25, 0.8), (80, 0.0)])
def test_lateness_costs_what_the_course_says(term: Term, hours: float, kept: float) -> None:
    student = f"late-{hours}".replace(".", "-")
    said = term.autograde(student, filled(term.released(), reference(TOPIC)), late=hours * 3600)
    assert said["success"], said
    with term.api.gradebook as gradebook:
        notebook = gradebook.find_submission_notebook(TOPIC, TOPIC, student)
        assert notebook.score - (notebook.late_submission_penalty or 0) == pytest.approx(kept * notebook.max_score)


def test_due_dates_stand_in_the_gradebook(term: Term) -> None:
    with Gradebook(f"sqlite:///{term.folder / 'gradebook.db'}", "term") as gradebook:
        assert gradebook.find_assignment(TOPIC).duedate == DUE.replace(tzinfo=None)


def test_one_wall_serves_many_notebooks(term: Term, halves: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built, loaded = counted(monkeypatch, graders, "warm_grader"), counted(monkeypatch, answers, "load")
    forget(term.folder / "course.toml")
    for student in ("first", "second", "first"):
        term.graded(student, filled(term.released(), halves))
    # Putting up the wall and loading a topic's answers for each would be no use to a class.
    assert (len(built), len(loaded)) == (1, 1)


def counted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[None]:
    """One entry for each call that a function of a module gets from now on."""
    calls: list[None] = []
    function = getattr(module, name)

    def noted(*arguments: Any, **options: Any) -> Any:
        calls.append(None)
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, noted)
    return calls


# --- marks of a class ------------------------------------------------------------------------------------------------------


def gradebook(path: Path, *students: str) -> Path:
    """A gradebook with these students."""
    with Gradebook(f"sqlite:///{path}") as book:
        for number, student in enumerate(students):
            book.add_student(student, first_name=f"First{number}", last_name="Last", email=f"first{number}@example.org")
    return path


def test_nbgraders_gradebook_gets_scores_and_penalties_and_its_own_export_tells_them(tmp_path: Path) -> None:
    export = gradebook(tmp_path / "gradebook.db", "7012", "absent")
    before = export.read_bytes()
    out = tmp_path / "with-marks.db"
    command = ["marks", results(tmp_path), "--for", "nbgrader", "--roster", export, "--out", out]
    done = CliRunner().invoke(main, [str(word) for word in command])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Without a mark, and left as they were: First1 Last." in done.stdout
    assert "Student 1 (7013, 5 of 8)" in done.stdout
    assert "1 mark for nbgrader" in done.stdout
    assert export.read_bytes() == before
    with Gradebook(f"sqlite:///{out}") as book:
        plugin = CsvExportPlugin()
        plugin.to = str(tmp_path / "grades.csv")
        plugin.export(book)
        submission = book.find_submission("layers", "7012")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (4, 8, False)
    rows = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 3
    assert any("7012" in row and ",4.0," in row for row in rows)


def test_what_a_person_graded_stays_and_other_points_are_refused(tmp_path: Path) -> None:
    path = gradebook(tmp_path / "gradebook.db", "ada")
    assert [(one.id, one.name) for one in people_in(path)] == [("ada", "First0 Last")]
    when = datetime.fromisoformat("2026-12-01T10:00:00+01:00")
    write_marks(path, [Handed("ada", when, report(2).topics, 1.5)])
    with Gradebook(f"sqlite:///{path}") as book:
        grade = book.find_grade(grade_id_of("hard"), "layers", "layers", "ada")
        grade.manual_score = 3.5
        book.db.commit()
        assert book.find_submission("layers", "ada").timestamp == datetime(2026, 12, 1, 9)  # nbgrader keeps UTC
        assert book.find_submission_notebook("layers", "layers", "ada").late_submission_penalty == 1.5
    write_marks(path, [Handed("ada", when, report(1).topics, 0)])
    with Gradebook(f"sqlite:///{path}") as book:
        grade = book.find_grade(grade_id_of("hard"), "layers", "layers", "ada")
        assert (grade.auto_score, grade.manual_score) == (1, 3.5)
        cell = book.find_grade_cell(grade_id_of("easy"), "layers", "layers")
        cell.max_score = 9
        book.db.commit()
    with pytest.raises(WrongUsage, match="easy is worth 9 points in the gradebook and 4 here"):
        write_marks(path, [Handed("ada", when, report(1).topics, 0)])
    (tmp_path / "other.db").write_bytes(b"no gradebook")
    with pytest.raises(WrongUsage, match="is no gradebook of nbgrader's"):
        people_in(tmp_path / "other.db")
