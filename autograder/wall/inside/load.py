"""Loads a module of a submission where student code runs; of a notebook every cell, whatever became of the one before."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any

from .perform import Failure, describe


def load(
    name: str, home: str, files: dict[str, bytes], cells: list[tuple[int, str]], scratch: str
) -> tuple[ModuleType, list[Failure]]:
    """Write the submission into the scratch folder, and run one module of it there as :func:`run` does."""
    try:
        for path, content in files.items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
    except BaseException as error:
        return ModuleType(name), [describe(error, f"{name}.py")]
    return run(name, home, files[home], cells, scratch)


def run(name: str, home: str, source: bytes, cells: list[tuple[int, str]], root: str) -> tuple[ModuleType, list[Failure]]:
    """Run a module, or a notebook's cells, that stand in a folder; also what they raised.

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
        random.seed(0)
        numpy.random.seed(0)
        if cells:
            return module, [describe(error, source_name, cell) for cell, error in run_cells(module, source_name, cells)]
        exec(compile(source, source_name, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        return module, [describe(error, source_name)]
    return module, []


def _no_checks_inside() -> None:
    """Let ``from autograder import check`` stand in a submission and do nothing: it is for the student's own machine."""
    module = sys.modules.setdefault("autograder", ModuleType("autograder"))
    module.__dict__["check"] = lambda *_, **__: None


# Cell magics that run the cell's own code; the code under any other (%%bash, %%html, ...) is not Python of this module.
_RUNS_THE_CELL = frozenset({"time", "timeit", "capture", "prun"})
_LINE_MAGIC = re.compile(r"^(\s*)(?:[%!].*|\?.*|[\w.]+\?{1,2}\s*)$")
_ASSIGNED_MAGIC = re.compile(r"^(\s*[\w., ]+=\s*)[%!].*$")


def compile_cell(source: str, name: str) -> CodeType:
    """A cell as code. Only where it is not Python as it stands are IPython's magics taken out, as ``a\\n% b`` may be Python.

    Raises what compiling the cell as it stands raises.
    """
    try:
        return compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        try:
            return compile(without_magics(source), name, "exec", dont_inherit=True)
        except SyntaxError:
            raise error from None


def without_magics(source: str) -> str:
    """A cell's text with as many lines as before, and none of them a magic, a shell command or a question.

    >>> without_magics("%matplotlib inline\\nfiles = !ls\\nx = 1\\nx?")
    'pass\\nfiles = None\\nx = 1\\npass'
    """
    lines = source.split("\n")
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        if first[2:].split(" ")[0] not in _RUNS_THE_CELL:
            return "pass"
        lines[[line.strip() for line in lines].index(first)] = ""
    return "\n".join(_ASSIGNED_MAGIC.sub(r"\1None", _LINE_MAGIC.sub(r"\1pass", line)) for line in lines)


def cell_name(source_name: str, number: int) -> str:
    """What a cell's code calls its file, so that an exception tells the cell."""
    return f"{source_name}#{number}"


def run_cells(module: ModuleType, source_name: str, cells: Sequence[tuple[int, str]]) -> list[tuple[int, BaseException]]:
    """Run cells, given by number and text, in a module; those that raise, each with its exception."""
    failed: list[tuple[int, BaseException]] = []
    for number, source in cells:
        try:
            exec(compile_cell(source, cell_name(source_name, number)), module.__dict__)
        except BaseException as error:  # a cell that calls exit ends like any other
            failed.append((number, error))
    return failed


class _Nothing:
    """Answers every call of every method with None: there is no notebook here to show or to configure anything in."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def quiet_notebook(module: ModuleType) -> None:
    """Give a module what code that was written in a notebook may call there, without effect: display and get_ipython."""
    module.__dict__["display"] = lambda *_, **__: None
    module.__dict__["get_ipython"] = _Nothing
