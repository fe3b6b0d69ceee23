"""Misconceptions: wrong implementations with explanations, and how one is put alone into the reference.

``reference/misconceptions/<topic>.py`` holds one function (or class) each, written as if it stood in the reference module.
It is never imported to grade: its text is spliced into the reference's, which makes a mutant.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections import Counter
from collections.abc import Collection
from functools import cache
from types import ModuleType

from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.mistakes import misconception  # noqa: F401 - it was this module's once
from autograder.declare.source import Misconception, Mutant
from autograder.errors import GraderFault
from autograder.text import did_you_mean, mistake_in


def parsed(text: str, file: str) -> ast.Module:
    """A source's syntax tree. Raises GraderFault with file and line where it is no Python."""
    try:
        return ast.parse(text, file)
    except SyntaxError as error:
        raise GraderFault(mistake_in(file, error.lineno or 0, error)) from None


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
    file = f"reference/misconceptions/{topic}.py"
    body = parsed(text, file).body
    exercises = [exercise.name for exercise in catalogue.topic(topic).exercises]
    helpers = tuple(
        node for node in body if isinstance(node, ast.FunctionDef) and node.name[0] == "_" and _declaration(node) is None
    )
    for node in body:
        declared = _declaration(node)
        if declared is None:
            continue
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        where = f"{file}, line {node.lineno}: {node.name}"
        try:
            words = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in declared.keywords}
            replaces = words.pop("replaces", None) or words.get("exercise", "")
            about = Misconception(name=node.name, **words)
        except ValueError:
            raise GraderFault(
                f"{where}: what its mark says must be plain text in quotes, as it is read and never run."
            ) from None
        except TypeError as error:
            raise GraderFault(
                f"{where}: its mark takes exercise=, text= and look=, and replaces= if need be; {error}."
            ) from None
        if about.exercise not in exercises:
            near = did_you_mean(about.exercise, exercises)
            raise GraderFault(f"{where}: there is no exercise {about.exercise!r} in {topic}.{near}")
        found.append(Mutant(about, replaces, node, helpers))
    return found


def mutant_source(topic: str, mutant: Mutant, catalogue: Catalogue = OURS) -> str:
    """The reference's source with one definition replaced by the misconception's, as text."""
    return ast.unparse(mutant_tree(topic, mutant, catalogue))


def mutant_tree(topic: str, mutant: Mutant, catalogue: Catalogue = OURS) -> ast.Module:
    """The reference's syntax tree with one definition replaced by the misconception's.

    Raises GraderFault where the reference does not have what it replaces.
    """
    *owners, name = mutant.replaces.split(".")
    where = f"reference/misconceptions/{topic}.py, line {getattr(mutant.node, 'lineno', 0)}: {mutant.about.name}"
    replacement = copy.copy(mutant.node)
    if not isinstance(replacement, ast.Assign):
        replacement.name = name
        replacement.decorator_list = [node for node in replacement.decorator_list if not _is_declaration(node)]
    # Of the reference's tree what changes is copied, and the rest shared: hundreds of mutants are made of one.
    tree = copy.copy(_tree(catalogue.reference_source(topic)))
    tree.body = body = list(tree.body)
    for owner in owners:
        place = next((i for i, node in enumerate(body) if isinstance(node, ast.ClassDef) and node.name == owner), None)
        if place is None:
            raise GraderFault(f"{where} replaces {mutant.replaces}, which reference/{topic}.py does not have.")
        inner = copy.copy(body[place])
        assert isinstance(inner, ast.ClassDef)
        body[place] = inner
        inner.body = body = list(inner.body)
    places = [i for i, node in enumerate(body) if _defines(node, name)]
    if places:
        body[places[-1]] = replacement
    elif owners:
        body.append(replacement)
    else:
        raise GraderFault(f"{where} replaces {mutant.replaces}, which reference/{topic}.py does not have.")
    first = _first_statement(tree)
    tree.body[first:first] = mutant.helpers
    return tree


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


ANYTHING = "*"  # among names: a library holds objects of the module, and may use them by any name


def runs(source: str, names: Collection[str]) -> frozenset[str]:
    """The names whose definitions in a module can run when a program uses these names, of the module or of its objects.

    Whatever a definition that can run mentions, as a name, an attribute or a text, can run in turn. That is more than what
    runs, and never less: where a library is handed the module's objects, ANYTHING is among the names.

    >>> shown = "def f(): pass\\ndef g(): return f()\\nclass C:\\n    def m(self): return g()\\n    def n(self): return 1"
    >>> sorted(runs(shown, {"C", "m"}) - {"self"}), sorted(runs(shown, {"C", "n"}) - {"self"})
    (['C', 'f', 'g', 'm'], ['C', 'n'])
    """
    mentions, libraries = _mentions(source)
    found, new = set(names), list(names)
    while new:
        for name in mentions.get(new.pop(), ()):
            if name not in found:
                found.add(name)
                new.append(name)
        if ANYTHING not in found and libraries & found:
            found.add(ANYTHING)
            new.append(ANYTHING)
    return frozenset(found)


def can_run(definition: str, running: frozenset[str]) -> bool:
    """Whether a function, a class or a method, as Class.method, is among what can run.

    >>> running = runs("class C:\\n    def m(self): return 1\\n    def n(self): return 2", {"C", "n"})
    >>> [can_run(name, running) for name in ("C", "C.m", "C.n", "C.__init__")]
    [True, False, True, True]
    """
    *owners, name = definition.split(".")
    if not running.issuperset(owners):
        return False
    return name in running or (bool(owners) and (ANYTHING in running or _is_called_by_python(name)))


@cache
def _mentions(source: str) -> tuple[dict[str, set[str]], frozenset[str]]:
    """What each name's definitions mention; a library's names, with which it may call whatever it is given."""
    found: dict[str, set[str]] = {}
    libraries: set[str] = set()
    for node in _tree(source).body:
        if isinstance(node, ast.ClassDef):
            methods = [
                inner for inner in node.body if isinstance(inner, ast.FunctionDef) and not _is_called_by_python(inner.name)
            ]
            for method in methods:
                found.setdefault(method.name, set()).update(_mentioned(method))
                found.setdefault(ANYTHING, set()).add(method.name)
            found.setdefault(node.name, set()).update(
                *(_mentioned(child) for child in ast.iter_child_nodes(node) if child not in methods)
            )
        elif isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, set()).update(_mentioned(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            package = (node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name).partition(".")[0]
            if package != "numpy" and package not in sys.stdlib_module_names:
                libraries.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        else:
            together = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}  # a table of functions, say
            for name in together:
                found.setdefault(name, set()).update(together)
    return found, frozenset(libraries)


def _mentioned(node: ast.AST) -> set[str]:
    names: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            names.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            names.add(inner.attr)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            names.add(inner.value)
    return names


@cache
def functions_of(source: str) -> frozenset[str]:
    """The functions and methods that a module defines once and undecorated, by their dotted names.

    Of these, one that nobody calls can be another without anybody's noticing. A class, a table, or what a decorator sees when
    the module is made acts without being called; what is defined twice, or inherited, is called under another's name.

    >>> sorted(functions_of("def f(): pass\\nclass C:\\n  def m(self): pass\\n  @property\\n  def p(self): pass"))
    ['C.m', 'f']
    """
    found: Counter[str] = Counter()
    for node in _tree(source).body:
        inside = [(node.name + ".", inner) for inner in node.body] if isinstance(node, ast.ClassDef) else [("", node)]
        found.update(
            owner + inner.name for owner, inner in inside if isinstance(inner, ast.FunctionDef) and not inner.decorator_list
        )
    return frozenset(name for name, times in found.items() if times == 1)


def _is_called_by_python(name: str) -> bool:
    """Whether the language calls a method of this name without its being mentioned."""
    return name.startswith("__") and name.endswith("__")


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
