"""Reads what a student wrote out of a notebook: its code cells, in order, without the cells that nbgrader grades.

Nothing of it is parsed as Python here: a cell is compiled and run where all student code runs, one after the other, and a cell
that fails does not keep the next ones from running. That is what a notebook does too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import msgspec

from autograder.errors import UnreadableNotebook

# Pictures among the outputs make a notebook large; its code is not. Three hundred pictures of a hundred kilobytes fit. What
# counts towards a submission's size is the code alone.
LARGEST_NOTEBOOK = 32 * 2**20
LARGEST_CODE = 2**20
# Of format 2, from 2011, and 3 the cells stand in worksheets, and a code cell's text is called input.
OLD_FORMATS = (2, 3)


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
    input: str | list[str] = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)

    @property
    def text(self) -> str:
        text = self.source or self.input
        return text if isinstance(text, str) else "".join(text)


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []

    @property
    def all_cells(self) -> list[_Cell]:
        return [*self.cells, *(cell for sheet in self.worksheets for cell in sheet.cells)]


_decoder = msgspec.json.Decoder(_Notebook)


def read_cells(content: bytes) -> list[Cell]:
    """The code cells of a notebook, as its JSON says them. Raises UnreadableNotebook."""
    notebook = _decoded(content)
    if notebook.nbformat not in (*OLD_FORMATS, 4):
        raise UnreadableNotebook(
            f"is a notebook of format {notebook.nbformat}, and 4 is due: open it in Jupyter and save it again"
        )
    cells = [
        Cell(number, cell.text)
        for number, cell in enumerate(notebook.all_cells, 1)
        if cell.cell_type == "code" and not cell.metadata.is_test and cell.text.strip()
    ]
    size = sum(len(cell.source.encode("utf-8", "replace")) for cell in cells)
    if size > LARGEST_CODE:
        raise UnreadableNotebook(f"has {size} bytes of code; at most {LARGEST_CODE} are read")
    return cells


def looks_like_notebook(content: bytes) -> bool:
    """Whether a file is a notebook, whatever it is called."""
    return as_utf8(content[:4096]).lstrip()[:1] == b"{" and b"nbformat" in as_utf8(content)


def as_utf8(content: bytes) -> bytes:
    """A text as UTF-8 without a byte order mark; PowerShell writes UTF-16."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _decoded(content: bytes) -> _Notebook:
    content = as_utf8(content)
    if not content.strip():
        raise UnreadableNotebook("is empty")
    for repaired in (lambda: content, lambda: _repaired(content)):
        try:
            return _decoder.decode(repaired())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
    raise UnreadableNotebook("is not a notebook that can be read: open it in Jupyter and save it again")


def without_outputs(content: bytes) -> bytes | None:
    """A notebook with the same cells and no outputs; None where it cannot be read."""
    try:
        notebook = _decoded(content)
    except UnreadableNotebook:
        return None
    cells: list[dict[str, Any]] = []
    for cell in notebook.all_cells:
        about = {"nbgrader": cell.metadata.nbgrader} if cell.metadata.nbgrader else {}
        code: dict[str, Any] = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append({"cell_type": cell.cell_type, "metadata": about, "source": cell.text, **code})
    return msgspec.json.encode({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})


# What Python's own reader of JSON takes and the standard does not: half of a pair of \u escapes, and numbers that are none.
_ODD = re.compile(
    rb"""(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"""
    rb"""|\\.|"|(?P<number>-?\b(?:NaN|Infinity)\b)""",
    re.DOTALL,
)


def _repaired(content: bytes) -> bytes:
    """JSON as the standard has it, of what Python writes where outputs hold NaN, or a text was cut within a character."""
    in_text = False

    def mended(match: re.Match[bytes]) -> bytes:
        nonlocal in_text
        if match[0] == b'"':
            in_text = not in_text
        if match["half"]:
            return rb"\ufffd"
        return b"null" if match["number"] and not in_text else match[0]

    return _ODD.sub(mended, content.decode("utf-8", "replace").encode())


_WRITEFILE = re.compile(r"\s*%%(?:writefile|file)\s+(?P<options>(?:-\w+\s+)*)[\"']?(?P<path>[\w./ -]+?)[\"']?\s*(?:\n|\Z)")


def with_own_files(cells: Sequence[Cell], topic: str | None) -> tuple[list[Cell], dict[str, str]]:
    """Cells of a topic's notebook, and the files that cells under %%writefile write, by name.

    A cell that writes the topic's own module is one of the notebook's: its code counts as if it stood there.

    >>> with_own_files([Cell(1, "%%writefile layers.py\\nx = 1"), Cell(2, "%%writefile own.py\\ny = 2")], "layers")
    ([Cell(number=1, source='\\nx = 1')], {'own.py': 'y = 2'})
    """
    kept: list[Cell] = []
    files: dict[str, str] = {}
    for cell in cells:
        match = _WRITEFILE.match(cell.source)
        if match is None:
            kept.append(cell)
            continue
        path, rest = PurePosixPath(match["path"]), cell.source[match.end() :]
        if path.name == f"{topic}.py":
            lines = cell.source[: match.end()].count("\n")
            kept.append(Cell(cell.number, "\n" * lines + rest))
        elif not path.is_absolute() and ".." not in path.parts:
            before = files.get(path.as_posix(), "") if "-a" in match["options"] else ""
            files[path.as_posix()] = before + rest
    return kept, files


def as_text(cells: Sequence[Cell]) -> str:
    """Cells as one text, each under a line that says which one it is.

    >>> print(as_text([Cell(2, "import numpy as np"), Cell(4, "x = 1")]), end="")
    # %% cell 2
    import numpy as np
    # %% cell 4
    x = 1
    """
    return "".join(f"# %% cell {cell.number}\n{cell.source.rstrip()}\n" for cell in cells)
