"""What the engine asks of whatever runs student code: a sandbox gives out workers, and a worker holds one module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from autograder.wall.inside.load import CellToRun
from autograder.wall.inside.perform import Failure, Outcome
from autograder.wall.inside.trial import Definition, Ran, Request, Trial
from autograder.wall.limits import Limits, Needs


class Worker(Protocol):
    """Holds one module of a submission, and performs on it what is asked."""

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        """Run one module of a submission, which is given as paths and contents; what it raised, or nothing.

        notebook: only lay down the files, for :meth:`run_cells` to run what is in it. Raises WorkerLost.
        """
        ...

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        """Run cells of the notebook that was loaded, in so many seconds; what they raised. Raises WorkerLost."""
        ...

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        """Ask for an encoded ``("perform", encoded (scripts, cases))``; the clock runs from here. Raises WorkerLost."""
        ...

    def ahead(self, requests: Sequence[bytes]) -> None:
        """Have requests wait at the worker while it is at something else, as many of the first as nobody has to wait for.

        They are those that are begun next, in order, or the worker is closed. What is sent already is not sent again.
        """
        ...

    def finish(self) -> list[Outcome]:
        """The outcomes of what was begun. Raises WorkerLost."""
        ...

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        """Begin and finish. Raises WorkerLost."""
        ...

    def hold(self, definitions: Sequence[Definition], seconds: float) -> list[Failure]:
        """Keep these statements of the module that was loaded, in order, for :meth:`try_out`; why it cannot, or nothing.

        Raises WorkerLost.
        """
        ...

    def lines(self, request: Request, seconds: float) -> list[Ran]:
        """The lines of what is held that each case runs. Raises WorkerLost."""
        ...

    def try_out(self, trials: Sequence[Trial], seconds: float) -> Iterator[list[Outcome]]:
        """Perform with one edit after the other, each in a namespace of its own and in so many seconds. Raises WorkerLost.

        All are sent before the first is answered, so they must be few, and name requests that were sent before.
        """
        ...

    def close(self) -> None:
        """End it, and leave nothing of it behind."""
        ...


class Sandbox(Protocol):
    """Gives out workers, each of them fresh."""

    @property
    def backend(self) -> str:
        """The word for what shuts its workers in; "none" where nothing does."""
        ...

    @property
    def walled(self) -> bool:
        """Whether there is a wall at all."""
        ...

    @property
    def limits(self) -> Limits:
        """What each worker may use."""
        ...

    @property
    def needs(self) -> Needs:
        """What its workers have beyond the usual."""
        ...

    def another(self, needs: Needs) -> Sandbox:
        """A further sandbox of this kind, for workers that need more. Raises as the making of this one did."""
        ...

    def worker(self) -> Worker:
        """A fresh worker, with nothing of a submission's in it. Raises GraderFault where none can be had."""
        ...

    def close(self) -> None:
        """End every worker, and leave nothing of them behind."""
        ...
