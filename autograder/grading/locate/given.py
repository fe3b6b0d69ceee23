"""What an assignment gives of its functions: no student wrote it, so that no line of it is told as the one to look at.

A student's machine has no assignment but the file that is being filled in. So what is given of our topics stands in
``given.json``, which ``python -m autograder.grading.locate.given`` makes, and that of a course's own in its kit.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from autograder.declare.catalogue import OURS, Catalogue

FILE = Path(__file__).with_name("given.json")
IN_KIT = "checks/_given"  # the folder in which a kit has it, among the tables of a course's own topics
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is given of one function: its arguments' default values, and its statements, each without what stands inside."""

    defaults: dict[str, str] = {}
    statements: tuple[str, ...] = ()

    def lines(self, function: ast.FunctionDef) -> set[int]:
        """The lines of a function on which nothing stands but what is given."""
        lines: dict[bool, set[int]] = {True: set(), False: set()}
        for statement in _statements(function):
            first, last = lines_of(statement)
            lines[_text(statement) in self.statements].update(range(first, last + 1))
        return lines[True] - lines[False]

    def is_given(self, argument: str, default: ast.expr) -> bool:
        """Whether an argument has the default value that it was given."""
        return self.defaults.get(argument) == ast.unparse(default)


NOTHING = Given()
_decoder = msgspec.json.Decoder(dict[str, Given])


def given_in(topic: str, catalogue: Catalogue) -> Mapping[str, Given]:
    """What is given of a topic's functions, by their names; nothing where that is not at hand."""
    if topic in OURS.names:
        return _of_ours().get(topic, {})
    if catalogue.has_reference(topic):
        return _given(catalogue.reference_source(topic))
    try:
        return _decoder.decode((catalogue.folder / IN_KIT / f"{topic}.json").read_bytes()) if catalogue.folder else {}
    except (OSError, msgspec.MsgspecError):
        return {}


def given_bytes(topic: str, catalogue: Catalogue) -> bytes:
    """The same of a course's own topic, for its kit. Raises GraderFault where its source is not at hand."""
    return msgspec.json.encode(_given(catalogue.reference_source(topic)))


def lines_of(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement without what stands inside of it."""
    body = getattr(statement, "body", None)
    last = max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno
    return statement.lineno, last


def defaults_of(function: ast.FunctionDef) -> list[tuple[str, ast.expr]]:
    """The arguments of a function that have a default value, each with it."""
    arguments = function.args
    placed = [*arguments.posonlyargs, *arguments.args]
    with_values = zip(placed[len(placed) - len(arguments.defaults) :], arguments.defaults, strict=True)
    named = ((argument, value) for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value)
    return [(argument.arg, value) for argument, value in (*with_values, *named)]


@cache
def _of_ours() -> dict[str, dict[str, Given]]:
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, dict[str, Given]])


def _given(source: str) -> dict[str, Given]:
    """What a topic's source gives of each function: all that is no solution."""
    solution, inside = set[int](), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = line.strip() == BEGIN or (inside and line.strip() != END)
        solution |= {number} if inside else set()
    found = {}
    for name, function in _functions(ast.parse(source)):
        statements = tuple(_text(s) for s in _statements(function) if s.lineno not in solution)
        given = Given({argument: ast.unparse(value) for argument, value in defaults_of(function)}, statements)
        if given != NOTHING:
            found[name] = given
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, ast.FunctionDef))


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """The statements of a function, also those inside of others, but no docstring."""
    for node in ast.walk(function):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and not docstring and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node


def _text(statement: ast.stmt) -> str:
    """A statement as text, without what stands inside of it: the same however it is laid out."""
    blocks: dict[str, Any] = {name: [] for name in ("orelse", "finalbody", "handlers", "cases") if hasattr(statement, name)}
    if hasattr(statement, "body"):
        blocks["body"] = [ast.Pass()]
    return ast.unparse(type(statement)(**{**dict(ast.iter_fields(statement)), **blocks}, lineno=1, col_offset=0))


def text_of_ours() -> str:
    """What is given of our topics, a function a line."""
    topics = {topic: _given(OURS.reference_source(topic)) for topic in OURS.names if not OURS.is_quiz(topic)}
    parts = [
        f'"{topic}": {{\n' + ",\n".join(f'"{name}": {json.dumps(msgspec.to_builtins(g))}' for name, g in given.items()) + "\n}"
        for topic, given in topics.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write what is given of our topics."""
    FILE.write_text(text_of_ours(), encoding="utf-8")
    print(f"autograder/grading/locate/{FILE.name}")


if __name__ == "__main__":
    main()
