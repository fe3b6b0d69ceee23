"""A student's module as its definitions: what stands at its top level, where, and which functions an exercise uses.

The text is parsed here and never run here.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from autograder.grading.locate.edits import Around, Edit, Text, constants_of, edits_of
from autograder.grading.locate.given import NOTHING, Given, defaults_of
from autograder.submission.read import Module, Submission
from autograder.wall.inside.load import without_magics
from autograder.wall.inside.trial import Candidate, Definition

# A module of ours takes 10 KiB; a text that is larger, or nested deeper than Python parses, is not searched.
LARGEST_TEXT = 100_000


@dataclass(frozen=True)
class Part:
    """One text of a module: its file, or a cell of its notebook. cell: its number, 0 for a file."""

    cell: int
    text: Text


@dataclass(frozen=True)
class Statement:
    """A statement at the top level that is run again for every candidate."""

    part: Part
    node: ast.stmt
    start: int
    end: int

    def held(self) -> Definition:
        """As a worker holds it."""
        source = self.part.text.source[self.start : self.end]
        return Definition(source, self.node.lineno - _decorators(self.node), self.part.cell)


@dataclass(frozen=True)
class Function:
    """A function or a method that may be edited. name: ``softmax`` or ``Dense.forward``; place: of its statement."""

    name: str
    node: ast.FunctionDef
    statement: Statement
    place: int
    runs: list[int]  # the statements that are run again where it is another
    alone: bool = False  # whether it can be compiled without its class

    @cached_property
    def span(self) -> tuple[int, int]:
        """Its first byte in its statement, and the one behind its last."""
        first, last = self.statement.part.text.span(self.node)
        return first - self.statement.start, last - self.statement.start

    @cached_property
    def loops(self) -> bool:
        """Whether an edit of it may run for ever."""
        return any(isinstance(node, ast.While) for node in ast.walk(self.node))

    def candidate(self, edit: Edit) -> Candidate:
        """An edit of it, as a worker tries it. A default value is computed by what is around the function."""
        start, end = edit.start - self.statement.start, edit.end - self.statement.start
        inside = start >= self.statement.part.text.span(self.node.body[0])[0] - self.statement.start
        alone = self.span if self.alone and inside else None
        return Candidate(self.place, start, end, edit.text, self.runs, alone, self.loops)


@dataclass
class Code:
    """A module's definitions, in order."""

    statements: list[Statement]
    functions: dict[str, Function] = field(default_factory=dict)
    numbers: list[int | float] = field(default_factory=list)
    attributes: dict[str, list[str]] = field(default_factory=dict)  # that self has, by class
    methods: dict[str, list[str]] = field(default_factory=dict)  # by class
    made: dict[str, list[str]] = field(default_factory=dict)  # what an assignment names, by the name that it gives
    constants: list[str] = field(default_factory=list)  # names of plain numbers
    parameters: dict[str, list[str]] = field(default_factory=dict)  # of functions, classes and methods
    given: Mapping[str, Given] = field(default_factory=dict)  # by the assignment, of each function
    _calls: dict[str, list[str]] = field(default_factory=dict)  # what each function names

    def edits(self, function: Function) -> list[Edit]:
        """All edits of a function, the telling ones first."""
        try:
            return edits_of(function.node, function.statement.part.text, self._around(function))
        except RecursionError:
            return []  # it can be parsed, and is nested too deep to be written down again

    def _around(self, function: Function) -> Around:
        owner = function.name.partition(".")[0]
        node = function.statement.node
        methods = [name.partition(".")[2] for name in self.methods.get(owner, [])]
        begins = self.functions.get(f"{owner}.__init__")
        values: dict[float, list[str]] = {}
        for opening, prefix in ((function, ""), (begins, "self.")):
            for name, value in defaults_of(opening.node) if opening else ():
                if (
                    isinstance(value, ast.Constant)
                    and isinstance(value.value, int | float)
                    and not isinstance(value.value, bool)
                ):
                    values.setdefault(value.value, []).append(prefix + name)
        named = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load))
        read = list(dict.fromkeys(n.attr for n in named if isinstance(n.value, ast.Name) and n.value.id == "self"))
        return Around(
            self.numbers, self.constants, self.attributes.get(owner, []), read, methods, self.parameters, values,
            self.given.get(function.name, NOTHING),
        )  # fmt: skip

    def used_by(self, exercise: str, names: Iterable[str]) -> list[Function]:
        """The functions of an exercise, then what they call, the nearest first. names: what its checks ask for."""
        owner = exercise.partition(".")[0]
        waiting = [exercise, owner, *names]
        found: dict[str, Function] = {}
        seen: set[str] = set()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if name in self.functions:
                found[name] = self.functions[name]
                if name not in self._calls:
                    self._calls[name] = list(dict.fromkeys(self._called(self.functions[name])))
                waiting += self._calls[name]
            elif name in self.made:
                waiting += self.made[name]
            else:
                waiting += self.methods.get(name, [])
                waiting += self._bases(name) if name in self.methods else ()
        return list(found.values())

    def _called(self, function: Function) -> Iterator[str]:
        owner = function.name.partition(".")[0]
        for node in ast.walk(function.node):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                yield f"{owner}.{node.attr}"

    def _bases(self, name: str) -> Iterator[str]:
        for statement in self.statements:
            if isinstance(statement.node, ast.ClassDef) and statement.node.name == name:
                yield from (base.id for base in statement.node.bases if isinstance(base, ast.Name))


def read_code(
    submission: Submission, module: Module, asked: Collection[str] = (), given: Mapping[str, Given] | None = None
) -> Code | None:
    """A module's definitions; None where its text cannot be parsed.

    asked: names that are asked for, however they are made. given: what the assignment gives of each function.
    """
    if module.cells:
        texts = [(cell.number, cell.source.encode("utf-8", "replace")) for cell in module.cells]
    else:
        texts = [(0, submission.files[module.path])]
    if sum(len(text) for _, text in texts) > LARGEST_TEXT:
        return None
    code = Code([], given=given or {})
    parts = [read for cell, text in texts if (read := parsed(text, cell)) is not None]
    classes = {node.name for _, tree in parts for node in tree.body if isinstance(node, ast.ClassDef)}
    for part, tree in parts:
        code.statements += [
            Statement(part, node, *part.text.span(node)) for node in tree.body if _runs_again(node, asked, classes)
        ]
        code.numbers += constants_of(tree)
    code.numbers = list({(type(value), value): value for value in code.numbers}.values())
    named = [_names(statement.node) for statement in code.statements]
    for place, statement in enumerate(code.statements):
        _add_functions(code, statement, place, _run_with(place, code.statements, named))
    return code if code.functions else None


def parsed(source: bytes, cell: int) -> tuple[Part, ast.Module] | None:
    """A text of a module, and its tree, without magics where it is no Python otherwise; None where it cannot be parsed."""
    try:
        decoded = source.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
        try:
            tree = ast.parse(decoded)
        except SyntaxError:
            decoded = without_magics(decoded)
            tree = ast.parse(decoded)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Part(cell, Text(decoded.encode())), tree


def _runs_again(node: ast.stmt, asked: Collection[str], classes: Collection[str]) -> bool:
    """Whether a statement may be run for a candidate: it defines, and takes no time. All else keeps what it came to.

    asked: names that are asked for, and are made anew. classes: of the module, of which an object may be made anew.
    """
    if isinstance(node, ast.Assign | ast.AnnAssign):
        if node.value is None:
            return False
        called = [getattr(inner.func, "id", "") for inner in ast.walk(node.value) if isinstance(inner, ast.Call)]
        return all(name in classes for name in called) or not _gives(node).isdisjoint(asked)
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _gives(node: ast.stmt) -> set[str]:
    """The names that a statement gives a value."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}


def _names(node: ast.stmt) -> set[str]:
    """The names that a statement uses, in whatever stands inside of it."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}


def _run_with(place: int, statements: Sequence[Statement], named: Sequence[set[str]]) -> list[int]:
    """The statements that are run again where one is another: all that use it, and all that hold what may change meanwhile."""
    data = [isinstance(s.node, ast.Assign | ast.AnnAssign) and not isinstance(s.node.value, ast.Constant) for s in statements]
    runs = {place, *(number for number, holds in enumerate(data) if holds)}
    given = set[str]().union(*(_gives(statements[number].node) for number in runs))
    while more := {number for number, names in enumerate(named) if number not in runs and not names.isdisjoint(given)}:
        runs |= more
        given |= set[str]().union(*(_gives(statements[number].node) for number in more))
    return sorted(runs)


def _add_functions(code: Code, statement: Statement, place: int, runs: list[int]) -> None:
    node = statement.node
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        code.made.update({name: sorted(_names(node)) for name in _gives(node)})
        code.constants += sorted(_gives(node)) if isinstance(node.value, ast.Constant) else []
    if isinstance(node, ast.FunctionDef):
        code.parameters[node.name] = _parameters(node)
        code.functions[node.name] = Function(node.name, node, statement, place, runs)
    elif isinstance(node, ast.ClassDef):
        methods = code.methods.setdefault(node.name, [])
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef):
                name = f"{node.name}.{inner.name}"
                code.functions[name] = Function(name, inner, statement, place, runs, _can_stand_alone(node, inner))
                methods.append(name)
                called = node.name if inner.name == "__init__" else inner.name
                code.parameters[called] = [*code.parameters.get(called, ()), *_parameters(inner)[1:]]
        own = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
        code.attributes[node.name] = list(dict.fromkeys(own))


def _parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _can_stand_alone(owner: ast.ClassDef, method: ast.FunctionDef) -> bool:
    plain = not (owner.decorator_list or owner.keywords or getattr(owner, "type_params", None) or method.decorator_list)
    return plain and method.lineno > owner.lineno and sum(getattr(n, "name", "") == method.name for n in owner.body) == 1


def _decorators(node: Any) -> int:
    """How many lines above a definition its decorators begin."""
    return int(node.lineno - min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))]))


def with_edit(submission: Submission, module: Module, part: Part, edit: Edit) -> tuple[Submission, Module]:
    """The submission with an edit in this module, as if it had been handed in so."""
    changed = edit.applied(part.text.source)
    if not part.cell:
        return replace(submission, files={**submission.files, module.path: changed}), module
    text = changed.decode("utf-8", "replace")
    cells = tuple(replace(cell, source=text) if cell.number == part.cell else cell for cell in module.cells)
    return submission, replace(module, cells=cells)
