"""Stands in for the wall where the code is one's own: the same messages to a plain process, on any system."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from autograder.at_home.child import READY
from autograder.at_home.process import Process
from autograder.errors import GraderFault, Superseded
from autograder.wall.environment import FOR_TENSORFLOW
from autograder.wall.inside import wire
from autograder.wall.inside.load import Load
from autograder.wall.inside.perform import Failure
from autograder.wall.limits import Limits, Needs
from autograder.wall.worker import AskedWorker, Exchange

# A start takes .1 s, with Keras ten; a minute is a machine in distress.
START_SECONDS = 60.0
# How often it is asked whether anybody still wants the answer; a save is noticed no sooner anyway.
LOOK_SECONDS = 0.05
# After so long an answer is said to be waited for: right code takes a hundredth of it.
SLOW_SECONDS = 2.0


class Desk:
    """Gives out processes for student code that stands in a folder; its own files are run where they are, and not copied."""

    backend = "none"
    walled = False

    def __init__(
        self,
        root: Path,
        limits: Limits | None = None,
        needs: Needs | None = None,
        prints: bool = False,
        first: Process | None = None,
    ) -> None:
        """root: the folder to which paths of modules are relative. first: a process that has been started already."""
        self.root, self.prints = root, prints
        self.needs = needs or Needs()
        self.limits = (limits or Limits()).raised_to(self.needs)
        self.outdated: Callable[[], bool] = lambda: False  # whether what runs here should end without an answer
        # Told that an answer is long in coming and how many seconds it has in all; and again, with True, where they are over.
        self.slow: Callable[[float, bool], None] = lambda seconds, over: None
        self._waiting = first

    def another(self, needs: Needs) -> Desk:
        """A desk for processes that load more; what is out of date here is so there."""
        desk = Desk(self.root, self.limits, needs, self.prints)

        def outdated() -> bool:
            return self.outdated()  # as that is set anew for every look

        def slow(seconds: float, over: bool) -> None:
            self.slow(seconds, over)

        desk.outdated, desk.slow = outdated, slow
        return desk

    def warm(self) -> None:
        """Begin to start a process now, so that the next worker need not wait for it."""
        if self._waiting is None:
            quiet = FOR_TENSORFLOW if "tensorflow" in self.needs.libraries else {}
            self._waiting = Process(self.needs.imports, self.prints, quiet)

    def worker(self) -> OwnWorker:
        """A fresh process with nothing of a student's in it. Raises GraderFault where it cannot start."""
        self.warm()
        assert self._waiting is not None
        process, self._waiting = self._waiting, None
        return OwnWorker(self, process)

    def close(self) -> None:
        """End the process that waits, if one does."""
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None


class OwnWorker(AskedWorker):
    """The engine's end of a :class:`Process`. What is asked raises Superseded, too, where nobody wants the answer any more."""

    def __init__(self, desk: Desk, process: Process) -> None:
        super().__init__(Exchange(self), desk.limits)
        self._desk, self._process, self._ready = desk, process, False
        self._exchange.allow(START_SECONDS)
        try:
            ready = self._exchange.receive(len(READY)) == READY
        except (EOFError, OSError, wire.WireError):
            ready = False
        if not ready:
            process.close()
            raise GraderFault(
                "No process for your code could be started; `python -m autograder.at_home.child silent` says why."
            )

        self._ready = True

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        """Run one module where it stands, as :meth:`autograder.wall.protocol.Worker.load` does behind the wall."""
        asked = Load(module, path, {path: files[path]}, notebook, str(self._desk.root))
        return self._exchange.load(asked, self._limits.import_seconds)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.close()

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        """Take what has arrived; say where that takes long. Raises Superseded where nobody wants it any more."""
        begun, said = time.monotonic(), False
        while True:
            now = time.monotonic()
            if self._ready and not said and now - begun >= SLOW_SECONDS:
                self._desk.slow(self._exchange.given, False)
                said = True
            if now >= deadline:
                if said:
                    self._desk.slow(self._exchange.given, True)
                raise TimeoutError
            try:
                return self._process.receive_into(buffer, min(deadline, now + LOOK_SECONDS))
            except TimeoutError:
                if self._desk.outdated():
                    raise Superseded from None

    def send(self, data: bytes, deadline: float) -> None:
        """Have this written; the deadline is kept by whoever waits for the answer."""
        self._process.send(data)
