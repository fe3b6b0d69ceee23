"""What of a student's module can be edited and run where there is no wall: what only computes.

An edit may call a function with other arguments than its writer meant, and a module is run again for every search. So on a
student's own machine statements that open files, or bring in what does, are left out, with all that may depend on them; and
of the rest what only shows: a training, a picture, a call of ``check``.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.grading.locate.code import Part, parsed
from autograder.submission.read import Module, Submission
from autograder.wall.inside.stand_ins import STAND_INS

# What may be imported: these compute, and write nothing unless they are told to by one of the names below.
COMPUTES = frozenset(
    {"__future__", "abc", "collections", "copy", "dataclasses", "enum", "functools", "itertools", "math", "numpy", "operator",
     "random", "statistics", "typing", "warnings"} | STAND_INS
)  # fmt: skip
# What acts beyond the program: of Python's own functions, and of NumPy's.
ACTS = frozenset(
    {"open", "exec", "eval", "compile", "input", "breakpoint", "__import__", "globals", "getattr", "setattr", "delattr",
     "vars", "save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "memmap", "open_memmap", "DataSource",
     "ctypeslib", "f2py", "distutils", "testing", "__builtins__", "__loader__", "__subclasses__", "__globals__",
     "load", "loadtxt", "genfromtxt", "fromregex", "fromfile"}
)  # fmt: skip
# Of these, what may give any name another meaning, so that nobody knows what depends on it.
_GIVES_ANY = frozenset(
    {"exec", "eval", "globals", "setattr", "delattr", "vars", "__import__", "__builtins__", "__loader__", "__globals__"}
)
_AS_PROGRAM = ("__name__ == '__main__'", "'__main__' == __name__")
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def only_computes(submission: Submission, module: Module) -> bool:
    """Whether nothing in a module reaches beyond it, as far as its text tells."""
    if module.cells:
        texts = [cell.source for cell in module.cells]
    else:
        texts = [submission.files[module.path].decode("utf-8", "replace")]
    try:
        nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    except _UNREADABLE:
        return False  # a cell with magics may do anything
    return all(map(_computes, nodes))


def what_computes(submission: Submission, module: Module, asked: Collection[str]) -> Submission | None:
    """The submission with no more in a module than its definitions that only compute, and what they need to be run.

    Each keeps its line. None where it is not known what depends on what. asked: names that the checks ask for.
    """
    if module.cells:
        texts = [(cell.number, cell.source.encode("utf-8", "replace")) for cell in module.cells]
    else:
        texts = [(0, submission.files[module.path])]
    try:
        parts = [read for cell, text in texts if (read := parsed(text, cell)) is not None]  # what cannot be read gives nothing
        statements = [_Statement.of(part, node) for part, tree in parts for node in tree.body]
    except _UNREADABLE:
        return None
    left_out = _left_out(statements)
    if left_out is None:
        return None
    kept = _needed([statement for statement in statements if statement not in left_out], asked)
    rest = {part.cell: _without(part, [s for s in statements if s.part is part and s not in kept]) for part, _ in parts}
    if not module.cells:
        return replace(submission, files={**submission.files, module.path: rest.get(0, b"")})
    cells = tuple(replace(cell, source=rest.get(cell.number, b"").decode("utf-8", "replace")) for cell in module.cells)
    return replace(submission, modules={**submission.modules, module.topic: replace(module, cells=cells)})


def _computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(name.name.split(".")[0] in COMPUTES for name in node.names)
    if isinstance(node, ast.ImportFrom):
        known = not node.level and (node.module or "").split(".")[0] in COMPUTES
        return known and all(name.name not in ACTS for name in node.names)
    return getattr(node, "id", "") not in ACTS and getattr(node, "attr", "") not in ACTS


# --- what depends on what ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Statement:
    """A statement at a module's top level, and which of the module's names it has to do with.

    gives: those to which it gives a value, or of whose value it changes a part. uses: those that it reads, at once or when it
    is called.
    """

    part: Part
    node: ast.stmt
    gives: frozenset[str]
    uses: frozenset[str]

    @classmethod
    def of(cls, part: Part, node: ast.stmt) -> _Statement:
        gives, uses = set[str](), set[str]()
        for table in _tables(symtable.symtable(ast.unparse(node), "", "exec")):
            for name in table.get_symbols():
                of_module = table.get_type() == "module" or name.is_global()
                if of_module and (name.is_assigned() or name.is_imported()):
                    gives.add(name.get_name())
                # What a class's own text names may be the module's, and its own only after that: `rate = rate`.
                if name.is_referenced() and (of_module or table.get_type() == "class"):
                    uses.add(name.get_name())
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute | ast.Subscript) and not isinstance(inner.ctx, ast.Load):
                gives.update(name.id for name in ast.walk(inner.value) if isinstance(name, ast.Name))
        return cls(part, node, frozenset(gives), frozenset(uses))

    @property
    def computes(self) -> bool:
        """Whether nothing of it reaches beyond the program."""
        return all(map(_computes, ast.walk(self.node)))

    @property
    def gives_any(self) -> bool:
        """Whether it may give a name a value that its text does not tell."""
        nodes = list(ast.walk(self.node))
        named = {getattr(node, "id", getattr(node, "attr", "")) for node in nodes}
        return not named.isdisjoint(_GIVES_ANY) or any(isinstance(node, ast.alias) and node.name == "*" for node in nodes)

    @property
    def never_runs(self) -> bool:
        """Whether it is for a module that is run as a program, which no grading does."""
        node = self.node
        return isinstance(node, ast.If) and not node.orelse and ast.unparse(node.test) in _AS_PROGRAM

    @property
    def defines(self) -> bool:
        """Whether it takes no time: a function, a class, an import, a plain number."""
        return isinstance(self.node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) or self._is_plain

    @property
    def _is_plain(self) -> bool:
        value = getattr(self.node, "value", None)
        plain = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.unaryop, ast.operator)
        return isinstance(self.node, ast.Assign | ast.AnnAssign) and (
            value is None or all(isinstance(node, plain) for node in ast.walk(value))
        )

    @property
    def holds(self) -> frozenset[str]:
        """The names that it gives what may be changed later: no function, no class, no module, and no plain number."""
        return frozenset() if self.defines else self.gives


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for inner in table.get_children():
        yield from _tables(inner)


def _names(sets: Iterable[frozenset[str]]) -> set[str]:
    return set[str]().union(*sets)


def _left_out(statements: Sequence[_Statement]) -> set[_Statement] | None:
    """The statements that do more than compute, and all that need one of these; None where that may be any.

    What one of these holds, or reads and may have changed, is not known without it.
    """
    never = {statement for statement in statements if statement.never_runs}
    left_out = {statement for statement in statements if statement not in never and not statement.computes}
    held = _names(statement.holds for statement in statements if statement not in never)
    while True:
        if any(statement.gives_any for statement in left_out):
            return None
        unknown = _names(s.gives | (s.uses & held) for s in left_out)
        more = {s for s in statements if s not in left_out and s not in never and not unknown.isdisjoint(s.uses)}
        if not more:
            return left_out | never
        left_out |= more


def _needed(statements: Sequence[_Statement], asked: Collection[str]) -> set[_Statement]:
    """Definitions, and what gives or may change a name that one of them uses.

    What has to do with imports alone, such as the setting of an option, is kept; what only shows is not.
    """
    imported = _names(s.gives for s in statements if isinstance(s.node, ast.Import | ast.ImportFrom))
    given = _names(statement.gives for statement in statements)
    held = _names(statement.holds for statement in statements)
    kept = {s for s in statements if s.defines or (isinstance(s.node, ast.Expr) and s.uses & given <= imported)}
    while True:
        needed = _names(statement.uses for statement in kept).union(asked)
        more = {s for s in statements if s not in kept and not needed.isdisjoint(s.gives | (s.uses & held))}
        if not more:
            return kept
        kept |= more


def _without(part: Part, statements: Iterable[_Statement]) -> bytes:
    """A text without some of its statements; every other keeps its line."""
    source = part.text.source
    for statement in sorted(statements, key=lambda statement: part.text.span(statement.node), reverse=True):
        start, end = part.text.span(statement.node)
        source = source[:start] + b"\n" * source.count(b"\n", start, end) + b"pass" + source[end:]
    return source
