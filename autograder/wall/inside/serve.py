"""Answers the grader's requests where student code runs: load this module, run these cells, perform these scripts on it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from . import wire
from .load import CellToRun, Load, run_cells
from .perform import Case, Failure, Outcome, Script, perform_all

# Does what a request to load asks for; the module, and what running it raised.
Loader = Callable[[Load], tuple[ModuleType, list[Failure]]]


class Server:
    """Holds one module, and answers one request after the other."""

    def __init__(self, load: Loader) -> None:
        self._load = load
        self._module, self._source_name = ModuleType("nothing"), ""
        self._asked = wire.decoder(tuple[str, Load | bytes])
        self._to_run = wire.decoder(list[CellToRun])
        self._to_perform = wire.decoder(tuple[list[Script], list[Case]])

    def answer(self, request: bytes) -> bytes:
        """The reply to one request, encoded; failures in place of what would be too large to return."""
        word, body = self._asked.decode(request)
        answer: list[Failure] | list[Outcome]
        if isinstance(body, Load):
            self._source_name = f"{body.module}.py"
            self._module, answer = self._load(body)
        elif word == "cells":
            answer = run_cells(self._module, self._source_name, self._to_run.decode(body))
        else:
            scripts, cases = self._to_perform.decode(body)
            answer = perform_all(self._module, scripts, cases, self._source_name)
        reply = wire.encode(answer)
        if len(reply) > wire.LARGEST_REPLY:
            too_large = Outcome(failure=Failure("MemoryError", "the answers are too large to return"))
            reply = wire.encode([too_large] * len(answer) if word == "perform" else [])
        return reply
