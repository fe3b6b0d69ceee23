"""Misconceptions: wrong implementations with explanations, and how one is put alone into the reference.

``reference/misconceptions/<topic>.py`` holds one function (or class) each, written as if it stood in the reference module.
It is never imported to grade: its text is spliced into the reference's, which makes a mutant.
"""

from __future__ import annotations

import ast
import copy
from types import ModuleType

from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.mistakes import misconception  # noqa: F401 - it was this module's once
from autograder.declare.source import Misconception, Mutant
from autograder.errors import GraderFault


def make_module(name: str, source: str | ast.Module) -> ModuleType:
    """A module made by executing trusted source or its syntax tree: the reference, or a mutant of it."""
    module = ModuleType(name)
    exec(compile(source, f"{name}.py", "exec", dont_inherit=True), module.__dict__)
    return module


def mutants(topic: str, catalogue: Catalogue = OURS) -> list[Mutant]:
    """All misconceptions of a topic, in the file's order. Raises GraderFault for one that is badly declared."""
    text, source = catalogue.misconceptions_source(topic), catalogue.topic(topic).source
    if source is not None:
        return list(source.mutants(text))
    found = []
    body = ast.parse(text).body
    helpers = tuple(
        node for node in body if isinstance(node, ast.FunctionDef) and node.name[0] == "_" and _declaration(node) is None
    )
    for node in body:
        declared = _declaration(node)
        if declared is None:
            continue
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        words = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in declared.keywords}
        replaces = words.pop("replaces", None) or words.get("exercise", "")
        try:
            about = Misconception(name=node.name, **words)
        except TypeError as error:
            raise GraderFault(f"reference/misconceptions/{topic}.py: {node.name}: {error}") from None
        found.append(Mutant(about, replaces, node, helpers))
    return found


def mutant_source(topic: str, mutant: Mutant, catalogue: Catalogue = OURS) -> str:
    """The reference's source with one definition replaced by the misconception's, as text."""
    return ast.unparse(mutant_tree(topic, mutant, catalogue))


def mutant_tree(topic: str, mutant: Mutant, catalogue: Catalogue = OURS) -> ast.Module:
    """The reference's syntax tree with one definition replaced by the misconception's.

    Raises GraderFault where the reference does not have what it replaces.
    """
    tree = ast.parse(catalogue.reference_source(topic))
    *owners, name = mutant.replaces.split(".")
    replacement = copy.deepcopy(mutant.node)
    if not isinstance(replacement, ast.Assign):
        replacement.name = name
        replacement.decorator_list = [node for node in replacement.decorator_list if not _is_declaration(node)]
    body = tree.body
    for owner in owners:
        inner = next((node for node in body if isinstance(node, ast.ClassDef) and node.name == owner), None)
        if inner is None:
            raise GraderFault(f"{mutant.about.name} replaces {mutant.replaces}, which the reference of {topic} does not have.")
        body = inner.body
    places = [i for i, node in enumerate(body) if _defines(node, name)]
    if places:
        body[places[-1]] = replacement
    elif owners:
        body.append(replacement)
    else:
        raise GraderFault(f"{mutant.about.name} replaces {mutant.replaces}, which the reference of {topic} does not have.")
    first = _first_statement(tree)
    tree.body[first:first] = mutant.helpers
    return ast.fix_missing_locations(tree)


def users(source: str) -> dict[str, set[str]]:
    """For each name that a module defines, the names whose behaviour it can change: itself and all that refer to it, in turn.

    >>> users("def f(): pass\\ndef g(): return f()\\nclass C:\\n    def m(self): return g()") == {
    ...     "f": {"f", "g", "C"}, "g": {"g", "C"}, "C": {"C"}}
    True
    """
    mentioned: dict[str, set[str]] = {}
    for node in ast.parse(source).body:
        names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            mentioned[node.name] = names
        else:
            mentioned.update(dict.fromkeys(names, names))  # a table of functions, say
    reached = {name: {name} for name in mentioned}
    for _ in mentioned:
        for found in reached.values():
            found |= {user for user, uses in mentioned.items() if uses & found}
    return reached


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name


def _first_statement(tree: ast.Module) -> int:
    """Where definitions may begin: after the docstring and the imports."""
    first = 0
    for i, node in enumerate(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom) or (i == 0 and isinstance(node, ast.Expr)):
            first = i + 1
    return first


def _declaration(node: ast.stmt) -> ast.Call | None:
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return None
    return next((d for d in node.decorator_list if _is_declaration(d) and isinstance(d, ast.Call)), None)


def _is_declaration(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "misconception"
