"""Brings a submitted notebook back to what the gradebook knows of it. Nothing that a cell says about itself is believed.

nbgrader has preprocessors for this too. They take the student's word for which cell is graded and which is a solution, stop
with an exception where that does not fit, and bring no deleted cell back. What is put right here leaves them nothing to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.nbgrader_course.source import SCHEMA

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class KnownCell:
    """A cell as the gradebook has it. points: what it is worth, where it is graded."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def is_test(self) -> bool:
        """Whether its points are taken from what it puts out."""
        return self.grade and not self.solution

    def metadata(self) -> dict[str, Any]:
        """nbgrader's metadata of the cell, whole."""
        made = {
            "schema_version": SCHEMA,
            "grade": self.grade,
            "locked": self.locked,
            "solution": self.solution,
            "task": self.task,
            "grade_id": self.grade_id,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
        }
        return made if self.points is None else {**made, "points": self.points}


def known_cells(db_url: str, assignment: str, notebook: str) -> dict[str, KnownCell]:
    """The cells of a notebook that were written down when its assignment was generated, by grade_id."""
    with Gradebook(db_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        graded = {cell.name: cell.max_score for cell in found.grade_cells}
        tasks = {cell.name: cell.max_score for cell in found.task_cells}
        solutions = {cell.name for cell in found.solution_cells}
        return {
            cell.name: KnownCell(
                grade_id=cell.name,
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=cell.checksum,
                locked=cell.locked,
                grade=cell.name in graded,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points={**tasks, **graded}.get(cell.name),
            )
            for cell in found.source_cells
        }


def restore(nb: NotebookNode, known: dict[str, KnownCell]) -> list[str]:
    """Restore a notebook in place; what had to be put right, a sentence each.

    Every cell loses its metadata, and one that is known gets that of the gradebook, and its text too if it is locked. Of
    several with one name one stays that. Graded cells that are missing are added at the end.
    """
    said: list[str] = []
    claims: dict[str, list[NotebookNode]] = {}
    for cell in nb.cells:
        claimed = _claimed_name(cell)
        cell.metadata = type(nb)({})
        if claimed in known:
            claims.setdefault(claimed, []).append(cell)
    for grade_id, cells in claims.items():
        if len(cells) > 1:
            said.append(f"The cell {grade_id} is there {len(cells)} times.")
        said += _become(_chosen(cells, known[grade_id]), known[grade_id])
    for grade_id, cell in known.items():
        if cell.grade and grade_id not in claims:
            said.append(f"The cell {grade_id} is missing, and was added.")
            nb.cells.append(_new_cell(nb, cell))
    nb.metadata = type(nb)({key: nb.metadata[key] for key in ("kernelspec",) if key in nb.metadata})
    return said


def _claimed_name(cell: NotebookNode) -> str | None:
    """Which cell this one says it is."""
    said = cell.metadata.get("nbgrader")
    name = said.get("grade_id") if isinstance(said, dict) else None
    return name if isinstance(name, str) else None


def _chosen(cells: list[NotebookNode], known: KnownCell) -> NotebookNode:
    """Of several copies the last in which something was written, so that no answer is passed over for an empty copy."""
    written = [cell for cell in cells if cell.source != known.source]
    return (written or cells)[-1]


def _become(cell: NotebookNode, known: KnownCell) -> list[str]:
    """Make a cell the one that is known, in place; what had to be changed."""
    said = []
    if cell.cell_type != known.cell_type:
        said.append(f"The cell {known.grade_id} was turned from {known.cell_type} into {cell.cell_type}.")
        _change_type(cell, known.cell_type)
    if known.locked and cell.source != known.source:
        said.append(f"The text of the cell {known.grade_id} was changed.")
        cell.source = known.source
    cell.metadata["nbgrader"] = type(cell)(known.metadata())
    return said


def _change_type(cell: NotebookNode, cell_type: str) -> None:
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell.outputs, cell.execution_count = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _new_cell(nb: NotebookNode, known: KnownCell) -> NotebookNode:
    import nbformat

    make = nbformat.v4.new_code_cell if known.cell_type == "code" else nbformat.v4.new_markdown_cell
    cell = make(known.source, metadata={"nbgrader": known.metadata()})
    if nb.nbformat_minor < 5:
        cell.pop("id")  # cells have ids since format 4.5
    else:
        cell["id"] = known.grade_id[:64]
    return cell


class RestoreCells(NbGraderPreprocessor):
    """The first of nbgrader's preprocessors that sees a submitted notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore the notebook, and log what had to be put right."""
        about = resources["nbgrader"]
        for sentence in restore(nb, known_cells(about["db_url"], about["assignment"], about["notebook"])):
            self.log.warning("%s of %s: %s", about["notebook"], about["student"], sentence)
        return nb, resources
