"""Whether a module of a student's can be edited and run where there is no wall: it must only compute.

An edit may call a function with other arguments than its writer meant. Of a module that opens files, or brings in what does,
no edit is tried on a student's own machine.
"""

from __future__ import annotations

import ast

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
     "ctypeslib", "f2py", "distutils", "testing", "__builtins__", "__loader__", "__subclasses__", "__globals__"}
)  # fmt: skip


def only_computes(submission: Submission, module: Module) -> bool:
    """Whether nothing in a module reaches beyond it, as far as its text tells."""
    if module.cells:
        texts = [cell.source for cell in module.cells]
    else:
        texts = [submission.files[module.path].decode("utf-8", "replace")]
    try:
        nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # a cell with magics may do anything
    return all(map(_computes, nodes))


def _computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(name.name.split(".")[0] in COMPUTES for name in node.names)
    if isinstance(node, ast.ImportFrom):
        known = not node.level and (node.module or "").split(".")[0] in COMPUTES
        return known and all(name.name not in ACTS for name in node.names)
    return getattr(node, "id", "") not in ACTS and getattr(node, "attr", "") not in ACTS
