"""Loads a module of a submission where student code runs; of a notebook every cell, whatever became of the one before."""

from __future__ import annotations
import __future__

import ast
import inspect
import itertools
import os
import re
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, ModuleType
from typing import Any

import msgspec

from .perform import Failure, describe
from .stand_ins import newly_taken, stand_in

# What a failure may be called that is none: something about the student's code that has no effect here, to be told.
STAND_IN, UNKNOWN_MAGIC = "StandIn", "UnknownMagic"


class CellToRun(msgspec.Struct, array_like=True, frozen=True):
    """A cell of a notebook. only_definitions: of a cell that took too long its imports, functions, classes and constants."""

    number: int
    source: str
    only_definitions: bool = False


class Load(msgspec.Struct, frozen=True, omit_defaults=True):
    """The request to run one module of a submission.

    path: of the module, among the files. notebook: whether its cells are run one by one, by requests that follow. root: the
    folder in which the files stand already; none where they are to be written first.
    """

    module: str
    path: str
    files: dict[str, bytes]
    notebook: bool = False
    root: str = ""


def load(asked: Load, scratch: str) -> tuple[ModuleType, list[Failure]]:
    """Write the submission into the scratch folder, and run one module of it there as :func:`run` does."""
    name = asked.module
    try:
        for path, content in asked.files.items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
    except BaseException as error:
        return ModuleType(name), [describe(error, f"{name}.py")]
    return run(name, asked.path, asked.files[asked.path], asked.notebook, scratch)


def run(name: str, home: str, source: bytes, notebook: bool, root: str) -> tuple[ModuleType, list[Failure]]:
    """Run a module that stands in a folder; also what it raised. Of a notebook nothing is run yet: see :func:`run_cells`.

    home: its path below root. The folders come last on the path, so that a submission's files shadow nothing.
    """
    import random

    import numpy

    module, source_name = ModuleType(name), f"{name}.py"
    try:
        folder = os.path.join(root, os.path.dirname(home))
        os.chdir(folder)  # a student reads data by a path relative to the module
        sys.path += dict.fromkeys((folder, root))
        module.__file__ = os.path.join(root, home)
        sys.modules[name] = module
        quiet_notebook(module)
        _no_checks_inside()
        stand_in((folder, root))
        random.seed(0)
        numpy.random.seed(0)
        if not notebook:
            exec(compile(source, source_name, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        return module, [describe(error, source_name)]
    return module, [_stands_in(taken) for taken in newly_taken()]


def _stands_in(name: str, cell: int = 0) -> Failure:
    return Failure(STAND_IN, name, cell=cell)


def _no_checks_inside() -> None:
    """Let ``from autograder import check`` stand in a submission and do nothing: it is for the student's own machine."""
    module = sys.modules.setdefault("autograder", ModuleType("autograder"))
    module.__dict__["check"] = lambda *_, **__: None


# --- magics -----------------------------------------------------------------------------------------------------------------

# Cell magics that run the cell's own code. The code under the others that IPython has is not Python of this module.
_RUNS_THE_CELL = frozenset({"time", "timeit", "capture", "prun"})
_OTHER_LANGUAGE = frozenset(
    {
        "!", "HTML", "SVG", "bash", "cmd", "file", "html", "javascript", "js", "latex", "markdown", "perl", "pypy", "python",
        "python2", "python3", "ruby", "script", "sh", "svg", "sx", "system", "writefile",
    }
)  # fmt: skip
_LINE_MAGIC = re.compile(r"^(\s*)(?:[%!].*|\?.*|[\w.]+\?{1,2}\s*|(?:pip3?|conda|mamba|uv) .*)$")
_TIMED = re.compile(r"^(\s*)%time\s+(?=\S)")
_PYLAB = re.compile(r"^(\s*)%pylab\b.*$")
_ASSIGNED_MAGIC = re.compile(r"^(\s*[\w., ]+=\s*)[%!].*$")
# What %pylab puts into a notebook.
_PYLAB_IMPORTS = "import numpy, matplotlib.pyplot as plt; import numpy as np; from numpy import *"


def cell_magic(source: str) -> str:
    """The name of the magic under which a whole cell stands, or nothing.

    >>> cell_magic("%%time\\nx = 1"), cell_magic("%time x = 1")
    ('time', '')
    """
    first = next((line.strip() for line in source.split("\n") if line.strip()), "")
    return first[2:].split(" ")[0] if first.startswith("%%") else ""


def without_magics(source: str) -> str:
    """A cell's text with as many lines as before, and none of them a magic, a shell command or a question.

    >>> without_magics("%matplotlib inline\\nfiles = !ls\\nx = 1\\nx?")
    'pass\\nfiles = None\\nx = 1\\npass'
    >>> without_magics("!pip install \\\\\\n    numpy\\n%time import numpy as np")
    'pass\\n\\nimport numpy as np'
    """
    lines = source.split("\n")
    magic = cell_magic(source)
    if magic in _OTHER_LANGUAGE:
        return "pass"
    if magic:
        lines[next(i for i, line in enumerate(lines) if line.strip())] = ""
    kept = []
    goes_on = False  # the line before was a command, and ended with a backslash
    for line in lines:
        if goes_on:
            kept.append("")
        else:
            timed = _TIMED.sub(r"\1", line)
            kept.append(_ASSIGNED_MAGIC.sub(r"\1None", _LINE_MAGIC.sub(r"\1pass", _PYLAB.sub(rf"\1{_PYLAB_IMPORTS}", timed))))
        goes_on = line.endswith("\\") and (goes_on or kept[-1] != line)
    return "\n".join(kept)


# --- cells ------------------------------------------------------------------------------------------------------------------


def cell_name(source_name: str, number: int) -> str:
    """What a cell's code calls its file, so that an exception tells the cell."""
    return f"{source_name}#{number}"


def run_cells(module: ModuleType, source_name: str, cells: Sequence[CellToRun]) -> list[Failure]:
    """Run cells in a module; what they raised, and what of them has no effect here."""
    found: list[Failure] = []
    for cell in cells:
        magic = cell_magic(cell.source)
        if magic and magic not in _RUNS_THE_CELL | _OTHER_LANGUAGE:
            found.append(Failure(UNKNOWN_MAGIC, magic, 1, cell=cell.number))
        for error in _run_cell(module, cell_name(source_name, cell.number), cell):
            found.append(describe(error, source_name, cell.number))
        found += [_stands_in(name, cell.number) for name in newly_taken()]
    return found


def _run_cell(module: ModuleType, name: str, cell: CellToRun) -> Iterator[BaseException]:
    """Run a cell, and yield what it raised. An import that fails does not keep the rest of the cell from running."""
    try:
        for is_import, code in _parts(_parsed(cell.source, name), name, cell.only_definitions):
            try:
                _execute(code, module)
            except ImportError as error:
                if not is_import:
                    raise
                yield error
    except BaseException as error:  # a cell that calls exit ends like any other
        yield error


def _parsed(source: str, name: str) -> ast.Module:
    """A cell's statements. Only where it is not Python are IPython's magics taken out, as ``a\\n% b`` may be Python.

    Raises what parsing the cell as it stands raises.
    """
    try:
        return ast.parse(source, name)
    except SyntaxError as error:
        try:
            return ast.parse(without_magics(source), name)
        except SyntaxError:
            raise error from None


def _parts(tree: ast.Module, name: str, only_definitions: bool) -> Iterator[tuple[bool, CodeType]]:
    """A cell's code in parts: each import by itself, which is said, and whatever stands between two imports together."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    statements = (part for statement in tree.body for part in _single(statement))
    wanted = filter(_defines, statements) if only_definitions else statements
    for is_import, group in itertools.groupby(wanted, lambda statement: isinstance(statement, (ast.Import, ast.ImportFrom))):
        for part in [[statement] for statement in group] if is_import else [list(group)]:
            yield is_import, compile(ast.Module(part, []), name, "exec", flags, dont_inherit=True)
            if is_import and getattr(part[0], "module", "") == "__future__":
                flags |= compiler_flags(part[0])


def _single(statement: ast.stmt) -> list[ast.stmt]:
    """``import a, b`` as two statements, so that one of them may fail."""
    if isinstance(statement, ast.Import):
        return [ast.copy_location(ast.Import([alias]), statement) for alias in statement.names]
    return [statement]


def compiler_flags(statement: ast.stmt) -> int:
    """What ``from __future__ import ...`` says to the compiler about the statements below it."""
    flags = 0
    for alias in getattr(statement, "names", ()):
        flags |= getattr(__future__, alias.name).compiler_flag
    return flags


_CONSTANTS = (ast.Constant, ast.Name, ast.expr_context, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.UnaryOp, ast.unaryop)


def _defines(statement: ast.stmt) -> bool:
    """Whether a statement takes no time: an import, a function, a class, or a name for constants."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and all(isinstance(node, _CONSTANTS) for node in ast.walk(statement.value))
    return isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


def _execute(code: CodeType, module: ModuleType) -> None:
    """Run code; where ``await`` stands at its top level, it is driven to its end. Nothing here can be waited for."""
    waiting = eval(code, module.__dict__)
    if code.co_flags & inspect.CO_COROUTINE:
        try:
            while True:
                waiting.send(None)
        except StopIteration:
            pass


class _Nothing:
    """Answers every call of every method with None: there is no notebook here to show or to configure anything in."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def quiet_notebook(module: ModuleType) -> None:
    """Give a module what code that was written in a notebook may call there, without effect: display and get_ipython."""
    module.__dict__["display"] = lambda *_, **__: None
    module.__dict__["get_ipython"] = _Nothing
