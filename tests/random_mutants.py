"""Wrong in no known way: random small changes to the references, and whether the grader catches them.

    python -m tests.random_mutants [--count N] [--seed S] [TOPIC...]

A mutant is one change to the syntax tree of a solution: an operator, a constant, an axis, a function swapped, a statement
left out. Survivors must be explained in ``survivors.toml`` as equivalent (the same answers on every input of the contract) or
out of contract (the change shows only where the contract promises nothing); anything else is a hole to close.
"""

from __future__ import annotations

import ast
import copy
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, topic_names
from autograder.grading.engine import Grader, warm_grader
from autograder.handing_out.assignments import BEGIN, END
from autograder.statuses import GOOD
from autograder.wall.limits import Limits
from tests import proof
from tests.conftest import submission_of

SURVIVORS = Path(__file__).with_name("survivors.toml")

BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult}
COMPARE = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
FUNCTIONS = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "exp": "expm1",
    "expm1": "exp", "log1p": "log", "log": "log1p", "sqrt": "square", "square": "sqrt", "abs": "square",
    "zeros_like": "ones_like", "ones_like": "zeros_like", "zeros": "ones", "ones": "zeros", "var": "std", "std": "var",
    "tanh": "sinh", "normal": "uniform", "sign": "abs", "clip": "maximum", "all": "any", "any": "all",
}  # fmt: skip


@dataclass(frozen=True)
class RandomMutant:
    """One change: where, from what to what, and which node of the source it is."""

    topic: str
    where: str
    change: str
    node: int
    replacement: int

    @property
    def name(self) -> str:
        """What survivors.toml knows it by: stable when lines move."""
        return f"{self.topic}.{self.where}: {self.change}"

    def source(self) -> str:
        """The whole source with the change in it."""
        tree = ast.parse(OURS.reference_source(self.topic))
        _, node = list(_nodes(tree))[self.node]
        replacement = list(_replacements(node))[self.replacement]
        node.__class__ = replacement.__class__
        node.__dict__.clear()
        node.__dict__.update(replacement.__dict__)
        return ast.unparse(ast.fix_missing_locations(tree))


@cache
def mutants_of(topic: str) -> tuple[RandomMutant, ...]:
    """Every mutant of a topic's reference, in the order of the source."""
    source = OURS.reference_source(topic)
    solved = _solution_line_numbers(source)
    found: list[RandomMutant] = []
    seen: Counter[str] = Counter()
    for number, (where, node) in enumerate(_nodes(ast.parse(source))):
        if getattr(node, "lineno", 0) not in solved:
            continue
        for index, replacement in enumerate(_replacements(node)):
            change = " ".join(f"{ast.unparse(node)} -> {ast.unparse(replacement)}".split())
            seen[f"{where}: {change}"] += 1
            count = seen[f"{where}: {change}"]
            name = change if count == 1 else f"{change} (occurrence {count})"
            found.append(RandomMutant(topic, where, name, number, index))
    return tuple(found)


def _solution_line_numbers(source: str) -> set[int]:
    numbers, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif inside:
            numbers.add(number)
    return numbers


def _nodes(tree: ast.AST, where: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        name = getattr(child, "name", None) if isinstance(child, ast.FunctionDef | ast.ClassDef) else None
        inner = f"{where}.{name}".strip(".") if name else where
        yield inner, child
        yield from _nodes(child, inner)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in BINARY:
        yield _with(node, op=BINARY[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        yield _with(node, ops=[COMPARE[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Attribute) and node.attr in FUNCTIONS:
        yield _with(node, attr=FUNCTIONS[node.attr])
    elif isinstance(node, ast.Call) and len(node.args) == 3 and ast.unparse(node.func) == "np.where":
        yield _with(node, args=[node.args[0], node.args[2], node.args[1]])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
        yield node.func.value
    elif _is_effect(node):
        yield ast.Pass()


def _is_effect(node: ast.AST) -> bool:
    """Whether a statement is there for what it changes: a call, or an assignment to an attribute or an item."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _with(node, value=node.value + 1)
        if node.value:
            yield _with(node, value=0)
    elif isinstance(node.value, float):
        yield _with(node, value=node.value + 1.0)
        if node.value not in (0.0, 2.0):
            yield _with(node, value=node.value * 2)


def _with(node: ast.AST, **changes: object) -> ast.AST:
    replacement = copy.copy(node)
    for name, value in changes.items():
        setattr(replacement, name, value)
    return replacement


def sample(topics: tuple[str, ...], count: int, seed: int) -> list[RandomMutant]:
    """A seeded sample over the topics, every mutant as likely as any other; all of them if there are fewer."""
    pool = [mutant for topic in topics for mutant in mutants_of(topic)]
    return pool if count >= len(pool) else random.Random(seed).sample(pool, count)


def survives(grader: Grader, mutant: RandomMutant) -> bool:
    """Whether a mutant gets every point, through the wall like any submission."""
    submission = submission_of(**{mutant.topic: mutant.source()})
    # First the checks of the exercise that was changed, and only if it survives these the others that it can reach.
    near, far = _reached(grader, mutant)
    for some in (near, far):
        (result,) = grader.verdicts(submission, [mutant.topic], lambda check_id, _, some=some: check_id in some)  # type: ignore[misc]
        if any(verdict.status == "grader_error" for verdict in result.verdicts):
            raise AssertionError(f"the grader failed on {mutant.name}")
        if result.problem or any(verdict.status not in GOOD for verdict in result.verdicts):
            return False
    return True


def _reached(grader: Grader, mutant: RandomMutant) -> tuple[set[str], set[str]]:
    """The checks that can tell: those of the exercise that was changed, and the others."""
    every = proof.reached(grader.answers(mutant.topic), mutant.where)
    near = {check_id for check_id in every if check_id.split("/")[1].split(".")[0] == mutant.where.split(".")[0]}
    return near, every - near


def explained() -> dict[str, str]:
    """Survivors that are explained: by name, the kind and the reason."""
    entries = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")) if SURVIVORS.exists() else {}
    return {
        name: f"{kind}: {entry['because']}" for kind, found in entries.items() for entry in found for name in entry["mutants"]
    }


def fate_of(grader: Grader, mutant: RandomMutant, reasons: dict[str, str]) -> str:
    """What becomes of a mutant: caught, equivalent or out of contract as explained, or unexplained."""
    if not survives(grader, mutant):
        return "caught"
    return reasons[mutant.name].split(":")[0].replace("_", " ") if mutant.name in reasons else "unexplained"


# A mutant may loop for ever; right code takes milliseconds, so two seconds lose nothing.
LIMITS = Limits(call_seconds=2.0, import_seconds=5.0)


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--count", default=100_000, help="How many, at most; default: all there are.")
@click.option("--seed", default=1, help="Which sample.")
def main(topics: tuple[str, ...], count: int, seed: int) -> None:
    """Grade random mutants and print the share caught; exit 1 if a survivor is not explained."""
    reasons = explained()
    holes = []
    table: dict[str, Counter[str]] = {}
    with warm_grader(Course(limits=LIMITS), jobs=1) as grader:
        for mutant in sample(topics or topic_names(), count, seed):
            row = table.setdefault(mutant.topic, Counter())
            row["mutants"] += 1
            row[(fate := fate_of(grader, mutant, reasons))] += 1
            if fate == "unexplained":
                holes.append(mutant.name)
                click.echo(f"SURVIVES  {mutant.name}")
    columns = ("mutants", "caught", "equivalent", "out of contract")
    click.echo(f"{'topic':<18}" + "".join(f"{column:>17}" for column in columns))
    table["all"] = sum(table.values(), Counter())
    for topic, row in table.items():
        click.echo(f"{topic:<18}" + "".join(f"{row[column]:>17}" for column in columns))
    click.echo(f"unexplained survivors: {len(holes)}")
    raise SystemExit(bool(holes))


if __name__ == "__main__":
    main()
