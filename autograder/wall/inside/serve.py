"""Answers the grader's requests where student code runs: load this module, run its cells, perform scripts, try a change."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from . import wire
from .load import CellToRun, Load, run_cells
from .perform import Failure, Outcome, perform_all, to_perform
from .trial import Definition, Held, Ran, Request, Trial, held

# Does what a request to load asks for; the module, and what running it raised.
Loader = Callable[[Load], tuple[ModuleType, list[Failure]]]


# Made with the module, which the first process behind the wall loads for all workers.
_asked = wire.decoder(tuple[str, Load | bytes])
_to_run = wire.decoder(list[CellToRun])
_to_hold = wire.decoder(list[Definition])
_to_try = wire.decoder(Trial)
_to_trace = wire.decoder(Request)


class Server:
    """Holds one module, and answers one request after the other."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._module, self._source_name = ModuleType("nothing"), ""
        self._held: Held | None = None

    def answer(self, request: bytes) -> bytes:
        """The reply to one request, encoded; failures in place of what would be too large to return."""
        word, body = _asked.decode(request)
        answer: list[Failure] | list[Outcome] | list[Ran]
        if isinstance(body, Load):
            self._source_name = f"{body.module}.py"
            self._module, answer = self._load(body)
        elif word == "cells":
            answer = run_cells(self._module, self._source_name, _to_run.decode(body))
        elif word == "hold":
            self._held, answer = held(self._module, self._source_name, _to_hold.decode(body))
        elif word == "try":
            answer = self._held.perform(_to_try.decode(body)) if self._held else []
        elif word == "lines":
            answer = self._held.lines(_to_trace.decode(body)) if self._held else []
        else:
            scripts, cases = to_perform.decode(body)
            answer = perform_all(self._module, scripts, cases, self._source_name)
        reply = wire.encode(answer)
        if len(reply) > wire.LARGEST_REPLY:
            too_large = Outcome(failure=Failure("MemoryError", "the answers are too large to return"))
            reply = wire.encode([too_large] * len(answer) if word in ("perform", "try") else [])
        return reply
