"""Tries changed definitions of a module that is loaded: each candidate in a namespace of its own, without loading again.

What is tried here is decided on the other side; a candidate is asked some cases, and nothing is scored by what it answers.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, ModuleType
from typing import Any

import msgspec

from .load import cell_name
from .perform import Case, Failure, Outcome, Script, describe, perform_all, to_perform

# Annotations are left as text: what they name may stand further down, or may have been imported from __future__ as that.
_FLAGS = __future__.annotations.compiler_flag
# An edited loop may take so many lines for a case. Right code takes some hundreds; these take a hundredth of a second.
MOST_LINES = 20_000


class Definition(msgspec.Struct, array_like=True, frozen=True):
    """A statement of the module that is run again for every candidate. line, cell: where it begins; cell 0 for a file."""

    source: bytes
    line: int
    cell: int


class Request(msgspec.Struct, array_like=True, frozen=True):
    """Which cases of a check are to be performed, all where none is named.

    number: of the check. body: its encoded scripts and cases, where it was not asked before; else empty.
    """

    number: int
    cases: list[int]
    body: bytes = b""


class Ran(msgspec.Struct, array_like=True, frozen=True):
    """What a case ran: which lines, as cell and line, and how many altogether."""

    lines: list[tuple[int, int]]
    count: int


class Candidate(msgspec.Struct, array_like=True, frozen=True):
    """One edit of a definition: these bytes give way to others. place: which of those that are held.

    runs: those that are run again with it, as they use it or hold what changes. function: first and last byte of the function
    that it lies in, where that can be compiled alone, else nothing.
    loops: whether it may run for ever.
    """

    place: int
    start: int
    end: int
    text: bytes
    runs: list[int]
    function: tuple[int, int] | None = None
    loops: bool = False


class Trial(msgspec.Struct, array_like=True, frozen=True):
    """A candidate and what is asked of it. unseen: whether nothing is answered where the same code was tried before."""

    candidate: Candidate
    request: Request
    unseen: bool = False


class Held:
    """A module's definitions, compiled once, in the order in which they stand."""

    def __init__(self, module: ModuleType, source_name: str, definitions: list[Definition]) -> None:
        """definitions: the statements that are run again for every candidate."""
        self._module, self._source_name = module, source_name
        self._definitions = definitions
        self._codes = [self._compiled(held) for held in definitions]
        self._seen: set[Hashable] = set()
        self._asked: dict[int, tuple[list[Script], list[Case]]] = {}

    def _compiled(self, held: Definition) -> CodeType:
        tree = ast.parse(held.source)
        ast.increment_lineno(tree, held.line - 1)
        return compile(tree, _file_of(self._source_name, held.cell), "exec", _FLAGS, dont_inherit=True)

    def perform(self, trial: Trial) -> list[Outcome]:
        """What the module answers with this edit in it."""
        scripts, cases = self._request(trial.request)
        candidate = trial.candidate
        try:
            changed, own, before = self._changed(candidate)
            if trial.unseen:
                key, known = (candidate.place, _meaning(own)), (candidate.place, _meaning(before))
                if key == known or key in self._seen:
                    return []
                self._seen.add(key)
            with _bounded(MOST_LINES * len(cases) if candidate.loops else 0):
                return perform_all(self._with(candidate.runs, candidate.place, changed), scripts, cases, self._source_name)
        except BaseException as error:
            return [Outcome(failure=describe(error, self._source_name))] * len(cases)

    def lines(self, request: Request) -> list[Ran]:
        """The lines that each case runs of the definitions as they are."""
        scripts, cases = self._request(request)
        module = self._with(range(len(self._codes)))
        files = {_file_of(self._source_name, held.cell): held.cell for held in self._definitions}
        found = []
        for case in cases:
            ran: dict[tuple[int, int], int] = {}
            with _traced(files, ran):
                perform_all(module, scripts, [case], self._source_name)
            found.append(Ran(sorted(ran), sum(ran.values())))
        return found

    def _request(self, request: Request) -> tuple[list[Script], list[Case]]:
        if request.body:
            self._asked[request.number] = to_perform.decode(request.body)
        scripts, cases = self._asked[request.number]
        return scripts, [cases[case] for case in request.cases] if request.cases else cases

    def _with(self, runs: Iterable[int], place: int = -1, changed: CodeType | None = None) -> ModuleType:
        module = ModuleType(self._module.__name__)
        module.__dict__.update(self._module.__dict__)
        for number in runs:
            exec(changed if changed is not None and number == place else self._codes[number], module.__dict__)
        return module

    def _changed(self, candidate: Candidate) -> tuple[CodeType, CodeType, CodeType]:
        """The definition with the edit in it, and what of it was compiled, with what stood there before.

        Of a class only the method is compiled, where nothing hinders.
        """
        code = self._codes[candidate.place]
        held = self._definitions[candidate.place]
        source = held.source[: candidate.start] + candidate.text + held.source[candidate.end :]
        if candidate.function is not None:
            first, last = candidate.function
            last += len(source) - len(held.source)
            methods = self._with_method(code, source[:last], first)
            if methods is not None:
                return methods
        whole = compile(source, self._source_name, "exec", _FLAGS, dont_inherit=True)
        return whole, whole, code

    def _with_method(self, code: CodeType, source: bytes, first: int) -> tuple[CodeType, CodeType, CodeType] | None:
        """A class's code with the method that ends this source; None where it cannot stand in for the one before."""
        indent = source[source.rfind(b"\n", 0, first) + 1 : first]
        owner = next(_inner(code))
        alone = f"class {owner.co_name}:\n".encode() + indent + source[first:]
        made = compile(alone, self._source_name, "exec", _FLAGS, dont_inherit=True)
        method = next(_inner(next(_inner(made))))
        before = [own for own in _inner(owner) if own.co_name == method.co_name]
        if len(before) != 1 or before[0].co_freevars != method.co_freevars:
            return None
        return _instead(code, owner, _instead(owner, before[0], method)), method, before[0]


def _file_of(source_name: str, cell: int) -> str:
    return cell_name(source_name, cell) if cell else source_name


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))


def _instead(code: CodeType, before: CodeType, after: CodeType) -> CodeType:
    return code.replace(co_consts=tuple(after if constant is before else constant for constant in code.co_consts))


def _meaning(code: CodeType) -> Hashable:
    """What a code does, without the lines on which it stands: equal for two texts that are compiled to the same."""
    constants = tuple(_meaning(c) if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts)
    own = (code.co_name, code.co_flags, code.co_argcount, code.co_kwonlyargcount, code.co_varnames, code.co_freevars)
    return (*own, code.co_names, code.co_code, code.co_exceptiontable, constants)


class TooLong(BaseException):
    """An edited loop takes more lines than it may."""


@contextmanager
def _bounded(left: int) -> Iterator[None]:
    """Let so many lines run, where a loop may not end: so it ends after as many on every machine. 0: any number."""
    if not left:
        yield
        return

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise TooLong
        return count

    sys.settrace(count)
    try:
        yield
    finally:
        sys.settrace(None)


@contextmanager
def _traced(files: dict[str, int], ran: dict[tuple[int, int], int]) -> Iterator[None]:
    def called(frame: FrameType, event: str, argument: Any) -> Any:
        cell = files.get(frame.f_code.co_filename)
        if cell is None:
            return None

        def line(frame: FrameType, event: str, argument: Any) -> Any:
            place = (cell, frame.f_lineno)
            ran[place] = ran.get(place, 0) + 1
            return line

        return line

    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(None)


def held(module: ModuleType, source_name: str, definitions: list[Definition]) -> tuple[Held | None, list[Failure]]:
    """A module's definitions, or why they cannot be run by themselves."""
    try:
        return Held(module, source_name, definitions), []
    except BaseException as error:
        return None, [describe(error, source_name)]
