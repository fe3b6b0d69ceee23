"""Reads what a student wrote out of a notebook: its code cells, in order, without the cells that nbgrader grades.

Nothing of it is parsed as Python here: a cell is compiled and run where all student code runs, one after the other, and a cell
that fails does not keep the next ones from running. That is what a notebook does too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from autograder.errors import UnreadableNotebook

# Pictures among the outputs make a notebook large; its code is not. A hundred pictures of a hundred kilobytes fit.
LARGEST_NOTEBOOK = 10 * 2**20


@dataclass(frozen=True)
class Cell:
    """A code cell: which one it is among all cells of the notebook, counted from 1, and its text."""

    number: int
    source: str


class _Metadata(msgspec.Struct):
    nbgrader: Any = None

    @property
    def is_test(self) -> bool:
        """Whether nbgrader takes the cell's points from what it prints: it holds a question and no answer."""
        return isinstance(self.nbgrader, dict) and self.nbgrader.get("grade") is True and not self.nbgrader.get("solution")


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []


_decoder = msgspec.json.Decoder(_Notebook)


def read_cells(content: bytes) -> list[Cell]:
    """The code cells of a notebook, as its JSON says them. Raises UnreadableNotebook."""
    try:
        notebook = _decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UnreadableNotebook("is not a notebook that can be read: open it in Jupyter and save it again") from None
    if notebook.nbformat != 4:
        raise UnreadableNotebook(
            f"is a notebook of format {notebook.nbformat}, and 4 is due: open it in Jupyter and save it again"
        )
    return [
        Cell(number, _text(cell.source))
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code" and not cell.metadata.is_test and _text(cell.source).strip()
    ]


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def as_text(cells: Sequence[Cell]) -> str:
    """Cells as one text, each under a line that says which one it is.

    >>> print(as_text([Cell(2, "import numpy as np"), Cell(4, "x = 1")]), end="")
    # %% cell 2
    import numpy as np
    # %% cell 4
    x = 1
    """
    return "".join(f"# %% cell {cell.number}\n{cell.source.rstrip()}\n" for cell in cells)
