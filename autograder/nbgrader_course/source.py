"""Source notebooks: the instructor's version of a topic, with nbgrader's metadata, from which it generates what is released.

Prose cells carry no metadata: nothing is taken from them, so a student may write into them, and a gradebook that kept their
text would gain nothing. Code that is given is locked, so that nbgrader brings it back where it was changed. A cell with
solutions is a solution cell. Behind the cell that defines what an exercise asks for stands its test cell, which shows the
public checks to a student and takes the score when it is graded.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.declare.table import Exercise, Topic
from autograder.errors import GraderFault
from autograder.handing_out.assignments import BEGIN, END
from autograder.nbgrader_course.names import GIVEN, SOLUTION, answer_id, grade_id_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

SCHEMA = 3  # of nbgrader's metadata

HOW_TO_USE = """\
*How to use this notebook.* Replace `# YOUR CODE HERE` and the line after it with your code; keep the names of functions, \
classes, methods and arguments. Run the cells from the top, and add cells of your own wherever you like. Behind each cell \
stand cells that say `check(...)`: they run the public checks on what you have written. More is asked when your notebook is \
graded."""

HOW_TO_ANSWER = """\
*How to use this notebook.* Your answers stand in the code cell near the end; run it once you have changed it. Behind it \
stand cells that say `check(...)`: they tell whether an answer has the form that is asked for. What is to be said in your own \
words goes into the cell behind its question."""

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def source_notebook(source: str, table: Topic, manual_points: float) -> NotebookNode:
    """The source notebook of a topic.

    source: the reference in the percent format. table: the topic as the course asks it: its exercises and their points.
    manual_points: what an exercise that a person grades is worth.
    """
    import nbformat

    graded = [exercise for exercise in table.exercises if not is_manual(exercise)]
    manual = [exercise for exercise in table.exercises if is_manual(exercise)]
    cells = _cells(source)
    behind_code = _behind(graded, [_shown_by(cell.source) if cell.cell_type == "code" else None for cell in cells])
    behind_prose = _behind(manual, [_asked(cell, manual) if cell.cell_type == "markdown" else None for cell in cells])
    made = [nbformat.v4.new_markdown_cell(HOW_TO_USE if _to_write(cells) else HOW_TO_ANSWER)]
    names: set[str] = set()
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            made.append(nbformat.v4.new_markdown_cell(cell.source))
        elif written := _code_cell(cell.source, manual, names):
            made.append(written)
        made += [_answer_cell(exercise, _model_answer(source, exercise), manual_points) for exercise in behind_prose[place]]
        made += [_test_cell(table.name, exercise) for exercise in behind_code[place]]
    for number, cell in enumerate(made):
        cell["id"] = f"{table.name[:50]}-{number:03}"  # an id has at most 64 characters
    return nbformat.v4.new_notebook(cells=made, metadata=KERNEL, nbformat_minor=5)


def is_manual(exercise: Exercise) -> bool:
    """Whether a person grades all of an exercise."""
    return all(check.manual for check in exercise.checks)


def _cells(source: str) -> list[Any]:
    import jupytext

    return [cell for cell in jupytext.reads(source, fmt="py:percent").cells if cell.source.strip()]


def _to_write(cells: list[Any]) -> bool:
    """Whether there are functions to be written; else there is a table of answers to fill in."""
    return any(BEGIN in _without_loose_solutions(cell.source) for cell in cells if cell.cell_type == "code")


def _behind(exercises: list[Exercise], said: list[set[str] | None]) -> list[list[Exercise]]:
    """For each cell the exercises that stand behind it: behind the last that says their first name, or else the last of all.

    said: what each cell says; None for a cell of the other kind.
    """
    behind: list[list[Exercise]] = [[] for _ in said]
    possible = [place for place, names in enumerate(said) if names is not None]
    for exercise in exercises:
        first = exercise.name.split(".")[0]
        places = [place for place in possible if first in (said[place] or ())]
        behind[(places or possible)[-1]].append(exercise)
    return behind


def _shown_by(source: str) -> set[str]:
    """The names that a code cell defines, and where it is given also those that it uses.

    A check may need what is given: Optimizer is asked through a rule that is made from it, in a cell further down.
    """
    used = set() if BEGIN in source else {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return {*_definitions(source), *used}


def _asked(cell: Any, manual: list[Exercise]) -> set[str]:
    return {exercise.name for exercise in manual if f"`{exercise.name}`" in cell.source}


def _definitions(source: str) -> Iterator[str]:
    """The names that a cell defines at its top level, in order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


# --- the kinds of cells ---------------------------------------------------------------------------------------------------


def _code_cell(source: str, manual: list[Exercise], names: set[str]) -> NotebookNode | None:
    """A code cell of a source; None where it held nothing but a solution at its top level.

    What is left of a cell whose only solution stood at its top level is a student's to fill in as it is, such as a quiz's
    table of answers. nbgrader has no stub for that, so the cell is none of its cells.
    """
    import nbformat

    kept = _without_loose_solutions(source)
    if not kept:
        return None
    cell = nbformat.v4.new_code_cell(kept)
    if BEGIN in kept:
        cell.metadata["nbgrader"] = _metadata(_unique(SOLUTION, kept, names), solution=True)
    elif BEGIN not in source:
        cell.metadata["nbgrader"] = _metadata(_unique(GIVEN, kept, names), locked=True)
    else:
        cell.source = _without_answers_elsewhere(kept, manual)
    return cell


def _without_loose_solutions(source: str) -> str:
    """A cell without its solutions at the top level: nbgrader's stub in their place would keep the cell from running.

    >>> _without_loose_solutions("answers = {}\\n### BEGIN SOLUTION\\nanswers = {1: 2}\\n### END SOLUTION\\n")
    'answers = {}'
    """
    kept: list[str] = []
    loose = False
    for line in source.splitlines():
        if line.startswith(BEGIN):
            loose = True
        elif loose and line.startswith(END):
            loose = False
        elif not loose:
            kept.append(line)
    if loose:
        raise GraderFault(f"A solution that begins is not ended by {END}.")
    return "\n".join(kept).strip("\n")


def _without_answers_elsewhere(source: str, manual: list[Exercise]) -> str:
    """A table of answers without those that have a cell of their own."""
    elsewhere = {f'"{exercise.name}": ...,' for exercise in manual}
    return "\n".join(line for line in source.splitlines() if line.strip() not in elsewhere)


def _unique(kind: str, source: str, names: set[str]) -> str:
    """A grade_id that says what a cell defines, so that it stays when cells are put in between."""
    made = wanted = kind + next(_definitions(source), "imports")
    number = 1
    while made in names:
        number += 1
        made = f"{wanted}-{number}"
    names.add(made)
    return made


def _test_cell(topic: str, exercise: Exercise) -> NotebookNode:
    import nbformat

    cell = nbformat.v4.new_code_cell(f'from autograder import check\n\ncheck("{topic}/{exercise.name}")')
    cell.metadata["nbgrader"] = _metadata(grade_id_of(exercise.name), grade=True, locked=True, points=exercise.max_score)
    return cell


def _answer_cell(exercise: Exercise, model: str, points: float) -> NotebookNode:
    """Where a student writes and a person grades. In the source stands a model answer, which nbgrader takes out."""
    import nbformat

    cell = nbformat.v4.new_markdown_cell(model)
    cell.metadata["nbgrader"] = _metadata(answer_id(exercise.name), grade=True, solution=True, points=points)
    return cell


def _model_answer(source: str, exercise: Exercise) -> str:
    """What the reference answers to a free text."""
    tables = [node.value for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    for table in tables:
        for key, value in zip(table.keys, table.values, strict=True) if isinstance(table, ast.Dict) else ():
            match key, value:
                case ast.Constant(value=exercise.name), ast.Constant(value=str(answer)):
                    return answer
    return "A person reads this answer."


def _metadata(
    grade_id: str, *, grade: bool = False, locked: bool = False, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    made = {
        "schema_version": SCHEMA,
        "grade": grade,
        "locked": locked,
        "solution": solution,
        "task": False,
        "grade_id": grade_id,
    }
    return made if points is None else {**made, "points": points}
