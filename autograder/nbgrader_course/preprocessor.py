"""The preprocessor that grades a submitted notebook behind the wall, in place of nbgrader's Execute. No kernel is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.course.settings import read_course
from autograder.declare.catalogue import Catalogue
from autograder.declare.table import Topic
from autograder.errors import GraderFault, WrongUsage
from autograder.nbgrader_course.graders import forget, grader_for
from autograder.nbgrader_course.names import exercise_of
from autograder.nbgrader_course.restore import KnownCell, known_cells, restore
from autograder.nbgrader_course.source import is_manual
from autograder.report import TopicReport
from autograder.submission.notebook import Cell
from autograder.submission.read import NOTEBOOK, Submission, read_submission, submission_of_cells

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.grading.engine import Grader


class GradeBehindTheWall(NbGraderPreprocessor):
    """Takes the code cells of a notebook, grades them, and writes scores and feedback into its test cells.

    The topic is the notebook's name. Which cells are test cells and what they are worth is what the gradebook says, and must
    be what the course says. Where nothing can be graded an exception is raised, and nbgrader records nothing.
    """

    course_file = Unicode("course.toml", help="The course's settings.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook with a score and feedback in every test cell, and no other output.

        Raises WrongUsage where the gradebook and the course do not agree, and GraderFault where the fault is the grader's.
        """
        about = resources["nbgrader"]
        known = known_cells(about["db_url"], about["assignment"], about["notebook"])
        topic = about["notebook"]
        course_file = Path(self.course_file)
        catalogue = read_course(course_file).catalogue
        if topic not in catalogue.names:
            raise WrongUsage(f"{topic}.ipynb is none of our topics, and no kernel is started to run it: nothing was graded.")
        try:
            grader = grader_for(course_file)
            table = grader.course.table(topic)
            exercises = tested_exercises(known, table)
            for exercise in table.exercises:
                if exercise.name not in exercises.values() and not is_manual(exercise):
                    self.log.warning("%s/%s has no test cell, and does not count.", topic, exercise.name)
            restore(nb, known)
            submission = submission_of_cells(topic, _student_cells(nb, known), about["student"])
            given = course_file.resolve().parent / "source" / about["assignment"]
            submission.files.update(_files_beside(Path(resources["metadata"]["path"]), given, catalogue))
            report = _graded(grader, topic, submission)
        except BaseException:
            forget(course_file)  # a wall that may be broken must not fail the next student too
            raise
        write_scores(nb, exercises, report)
        return nb, resources


def tested_exercises(known: dict[str, KnownCell], table: Topic) -> dict[str, str]:
    """The exercise of every test cell, by grade_id. Raises WrongUsage where the course has none, or other points for it."""
    points = {exercise.name: exercise.max_score for exercise in table.exercises}
    found: dict[str, str] = {}
    for grade_id, cell in known.items():
        if not cell.is_test:
            continue
        exercise = exercise_of(grade_id)
        if exercise is None or exercise not in points:
            raise WrongUsage(
                f"The test cell {grade_id} of {table.name} belongs to no exercise of this course, and no kernel is started to "
                "run it: nothing was graded. Take it out of the source notebook, or make it a cell that a person grades."
            )
        if cell.points != points[exercise]:
            raise WrongUsage(
                f"{table.name}/{exercise} has {cell.points:g} points in the gradebook, {points[exercise]:g} in course.toml: "
                f"nothing was graded. Say grade nbgrader --force, then nbgrader generate_assignment --force {table.name}."
            )
        found[grade_id] = exercise
    return found


def _student_cells(nb: NotebookNode, known: dict[str, KnownCell]) -> list[Cell]:
    """All code but that of test cells, numbered as a person counts the notebook's cells."""
    return [
        Cell(number, cell.source)
        for number, cell in enumerate(nb.cells, 1)
        if cell.cell_type == "code" and cell.source.strip() and not _is_test(cell, known)
    ]


def _is_test(cell: NotebookNode, known: dict[str, KnownCell]) -> bool:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    return grade_id in known and known[grade_id].is_test


def _files_beside(folder: Path, given: Path, catalogue: Catalogue) -> dict[str, bytes]:
    """What a student handed in beside the notebook, such as data that its code reads; not what was handed out with it."""
    files = read_submission(folder, catalogue).files
    return {name: content for name, content in files.items() if not name.endswith(NOTEBOOK) and not (given / name).is_file()}


def _graded(grader: Grader, topic: str, submission: Submission) -> TopicReport:
    """The report on a notebook at the hint level of today. Raises GraderFault where a check could not be judged."""
    report = grader.grade(submission, [topic])
    if report.exit_code == GraderFault.exit_code:
        raise GraderFault(
            f"{topic} of {submission.name} could not be graded, by no fault of the student's: nothing was recorded."
        )
    [told] = grader.course.cut(report).topics
    return told


def write_scores(nb: NotebookNode, exercises: dict[str, str], report: TopicReport) -> None:
    """Write each exercise's score and feedback into its test cell, in place, and clear all else that cells have put out.

    nbgrader gives full marks to a test cell that puts out no number, so each puts one out, be it 0.
    """
    from nbformat.v4 import new_output

    from autograder.render.html import exercise_html, exercise_text

    scores = {exercise.name: exercise.score for exercise in report.exercises}
    left = set(exercises)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in left:
            left.remove(grade_id)
            name = exercises[grade_id]
            feedback = {"text/html": exercise_html(report, name), "text/plain": exercise_text(report, name)}
            cell.outputs = [
                new_output("display_data", data=feedback),
                new_output("execute_result", data={"text/plain": str(scores[name])}),
            ]
    if left:
        raise GraderFault(f"The test cells {', '.join(sorted(left))} were not found in the notebook: nothing was recorded.")
