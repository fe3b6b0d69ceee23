"""Loads a student's module into a worker, and says in words why it cannot be; of a notebook each cell, whatever another does.

A notebook is written to try things out in. A cell that hangs, trains, sleeps or ends the process costs itself: where they do
not all run at once, they are run one by one; the worker is replaced, the cells before that one are run again, of that cell the
definitions alone, and then the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.errors import WorkerLost
from autograder.grading.diagnose.sentences import error_name, place_of
from autograder.statuses import cell_lost_words
from autograder.submission.read import MOST_NOTICES, Module
from autograder.text import plain
from autograder.wall.inside.load import STAND_IN, UNKNOWN_MAGIC, CellToRun
from autograder.wall.inside.perform import Failure
from autograder.wall.limits import Limits, Needs
from autograder.wall.protocol import Worker

# A cell may take this share of what is left of import_seconds, so that one that hangs leaves time for others; and at least so
# many seconds, a hundred times what a cell of definitions takes, as the machine may be busy.
SHARE, LEAST_SECONDS = 0.5, 0.25
# After this many times import_seconds, with all that was run again, cells give no more than their definitions. Three lost
# workers among cells of a right speed stay below it.
MOST_TIMES = 2.0
MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>")
# So many cells go behind the wall one by one, so that one that hangs is known at once; the rest of a notebook
# that has more goes by the hundred, as each message takes longer than a small cell.
ONE_BY_ONE, AT_ONCE = 400, 100

Fresh = Callable[[], Worker]


@dataclass
class Notebook:
    """The cells of a notebook: how each is run once that is known, and what came of running them for the first time."""

    module: Module
    fresh: Fresh  # starts a worker in which the files of the submission are laid down
    limits: Limits
    failures: list[Failure] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # of cells that took too long or ended the process
    _plan: list[CellToRun] | None = None
    _seconds: float = 0.0  # that the cells of the plan took

    def load(self) -> Worker:
        """A worker in which the cells were run. Raises WorkerLost where cells that did run once do so no more."""
        return self._first() if self._plan is None else self._again()

    def _first(self) -> Worker:
        self._plan = []
        begun = time.monotonic()
        if (all_run := self._at_once()) is not None:
            return all_run
        worker = self.fresh()
        try:
            position, one_by_one = 0, ONE_BY_ONE
            while position < len(self.module.cells):
                used = time.monotonic() - begun
                if used > MOST_TIMES * self.limits.import_seconds:
                    return self._definitions(worker, position)
                seconds = max(LEAST_SECONDS, SHARE * (self.limits.import_seconds - used))
                cells = self.module.cells[position : position + (1 if position < one_by_one else AT_ONCE)]
                try:
                    self._run(worker, [CellToRun(cell.number, cell.source) for cell in cells], seconds)
                except WorkerLost as lost:
                    worker.close()
                    worker = self._again()
                    if len(cells) > 1:
                        one_by_one = position + len(cells)  # it is one of these
                        continue
                    (cell,) = cells
                    self.notices.append(cell_lost_words(self.module.file, cell.number, lost.why, seconds))
                    worker = self._try(worker, [CellToRun(cell.number, cell.source, only_definitions=True)])
                position += len(cells)
        except BaseException:
            worker.close()
            raise
        return worker

    def _at_once(self) -> Worker | None:
        """A worker in which all cells ran, in one message; none where they take long or end it: then it must be known which.

        Most notebooks take a hundredth of a second, and as long again where each cell has a message of its own.
        """
        cells = [CellToRun(cell.number, cell.source) for cell in self.module.cells]
        if len(cells) > ONE_BY_ONE:
            return None
        worker = self.fresh()
        try:
            self._run(worker, cells, LEAST_SECONDS)
            return worker
        except WorkerLost:
            worker.close()
            return None
        except BaseException:
            worker.close()
            raise

    def _run(self, worker: Worker, cells: Sequence[CellToRun], seconds: float) -> None:
        """Run cells for the first time. Raises WorkerLost."""
        assert self._plan is not None
        begun = time.monotonic()
        self.failures += worker.run_cells(cells, seconds)
        self._seconds += time.monotonic() - begun
        self._plan += cells

    def _try(self, worker: Worker, cells: Sequence[CellToRun]) -> Worker:
        """Run definitions, and go on without them where even these cost the worker; the worker that goes on."""
        try:
            self._run(worker, cells, max(LEAST_SECONDS, SHARE * self.limits.import_seconds))
            return worker
        except WorkerLost:
            worker.close()
            return self._again()

    def _definitions(self, worker: Worker, position: int) -> Worker:
        """Of all cells from here on the definitions; the worker that goes on."""
        rest = self.module.cells[position:]
        self.notices.append(
            f"{self.module.file}: running its cells took too long; from cell {rest[0].number} on only the functions, classes "
            "and constants were taken."
        )
        return self._try(worker, [CellToRun(cell.number, cell.source, only_definitions=True) for cell in rest])

    def _again(self) -> Worker:
        """A fresh worker, in which all that ran before is run again, in one message."""
        assert self._plan is not None
        worker = self.fresh()
        if self._plan:
            try:
                # It may take a little longer than the first time; a worker that is lost here is lost for good.
                worker.run_cells(self._plan, self.limits.import_seconds + 2 * self._seconds)
            except BaseException:
                worker.close()
                raise
        return worker

    def words(self, files: dict[str, bytes], needs: Needs) -> list[str]:
        """What a person should know of the first run, a sentence each, and not more of them than anybody reads."""
        stand_ins, others = stand_in_words(self.module, self.failures)
        told = [failure for failure in others if failure.kind != "NotImplementedError"]
        said = [*stand_ins, *self.notices][:MOST_NOTICES]
        said += [import_words(self.module, failure, files, needs) for failure in told[: MOST_NOTICES - len(said)]]
        more = len(stand_ins) + len(self.notices) + len(told) - len(said)
        if more:
            said.append(f"{self.module.file}: of {more} more cells there is something to tell; they did not stop the others.")
        return list(dict.fromkeys(said))


def stand_in_words(module: Module, failures: Sequence[Failure]) -> tuple[list[str], list[Failure]]:
    """A sentence about the modules that have a stand-in while grading, if any was imported, and the other failures."""
    names = {failure.message for failure in failures if _is(failure, STAND_IN)}
    others = [failure for failure in failures if not _is(failure, STAND_IN)]
    if not names:
        return [], others
    are, them = ("is", "it") if len(names) == 1 else ("are", "them")
    listed = plain(", ".join(sorted(names)))
    return [
        f"{module.file}: {listed} {are} not here while grading; what is done with {them} has no effect, and costs nothing."
    ], others


def _is(note: Failure, kind: str) -> bool:
    return note.kind == kind and note.builtin


def import_words(module: Module, failure: Failure, files: dict[str, bytes], needs: Needs) -> str:
    """Why a module or a cell of a notebook cannot be run: its own line and its own words, made fit to be shown."""
    kind, message = error_name(failure.kind), plain(failure.message)
    where = f"{module.file}, {place_of(failure)}" if failure.line else module.file
    if _is(failure, UNKNOWN_MAGIC):
        return f"{where}: %%{message} is not known here; the cell was run without it."
    line = _line(module, failure, files)
    if kind in ("SyntaxError", "IndentationError", "TabError"):
        if line.startswith(MERGE_MARKS):
            return f"{where}: {line} is a mark of a merge that git could not finish: keep one of the versions, and no mark."
        said = f"{where}: {kind}: {message.split(' (')[0]}"
        return f"{said}: {line}" if line else f"{said}."
    if kind == "ModuleNotFoundError":
        more = "".join(f", {library}" for library in needs.libraries)
        return f"{where}: {message}. Only NumPy{more} and the standard library can be imported."
    if kind == "ImportError" and "relative import" in message:
        return f"{where}: a relative import does not work in a module that stands alone: {line}"
    if kind == "EOFError":
        return f"{where}: there is nobody to answer input() while grading: {line}"
    verb = "running" if module.cells else "importing"
    said = f"{where}: {verb} it raises {kind}"
    return f"{said}: {message or line}" if message or line else f"{said}."


def _line(module: Module, failure: Failure, files: dict[str, bytes]) -> str:
    """The line of the submission at which it failed."""
    cell = module.source_of(failure.cell)
    lines = files[module.path].splitlines() if cell is None else cell.encode("utf-8", "replace").splitlines()
    if not 0 < failure.line <= len(lines):
        return ""
    return plain(lines[failure.line - 1].decode("utf-8", "replace").strip(), 100)
