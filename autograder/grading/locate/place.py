"""When a line is told, and which: the one on which one edit mends everything, or two, or the function that holds all."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.locate.edits import KINDS
from autograder.grading.locate.search import Repair
from autograder.report import Place, Spot
from autograder.submission.read import Module
from autograder.text import plain

# As much of a line is quoted as of one that cannot be imported.
LONGEST_LINE = 100


def place_of(module: Module, repairs: Sequence[Repair], sure: bool) -> Place | None:
    """Where a mistake stands that these repairs mend; None where they leave it open.

    sure: whether every check of the exercise was asked.
    """
    spots = list(dict.fromkeys(_spot(repair, repair.edit.line) for repair in repairs))
    if not spots:
        return None
    if len(spots) > 2:
        functions = {repair.function.name: repair for repair in repairs}
        if len(functions) > 1:
            return None
        (repair,) = functions.values()
        opening = _spot(repair, repair.function.node.lineno)
        return Place(module.file, opening.line, opening.cell, opening.text, whole=True, sure=sure)
    first, second = spots[0], spots[1] if len(spots) == 2 else None
    kinds = {repair.edit.kind for repair in repairs}
    kind = KINDS[kinds.pop()] if len(kinds) == 1 and second is None else None
    return Place(module.file, first.line, first.cell, first.text, kind, second, sure=sure)


def _spot(repair: Repair, line: int) -> Spot:
    part = repair.function.statement.part
    return Spot(line, part.cell or None, plain(part.text.line(line), LONGEST_LINE))
