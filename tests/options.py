"""Options that are not taken as they are given: another default, and a 0 that is taken for "none given".

    python -m tests.options [TOPIC...]

`h0 or 1.0` and a default out of another library are made by machine for every option of every reference, one at a time, and
each must lose a point. What loses none is explained here, as it lies outside of the contract or answers the same.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import click

from autograder.declare.catalogue import OURS, topic_names
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module
from autograder.recording.record import answers_for
from autograder.statuses import GOOD
from tests import proof

# A quiz has no options, and one check of the two that train takes as long as all of another topic.
LEFT_OUT = ("concepts", "training", "keras_models")

# As far as a default is moved: to twice, to half, and by a fifth, as .99 and .999 or 1e-4 and 1e-5 are farther apart.
FACTORS = (2.0, 0.5, 1.2)
# In place of a default of 0.
NOT_ZERO = (0.5, 0.01)
# What is None where it is not given, and no number where it is.
NO_NUMBERS = ("rng", "weights", "bias")

EXPLAINED = {
    "gradient_descent.numerical_gradient: h of 0": "a step of 0 divides 0 by 0",
    "layers.Dense.forward: training=True": "whether it is training makes no difference to this layer",
    "layers.Flatten.forward: training=True": "whether it is training makes no difference to this layer",
    "layers.Activation.forward: training=True": "whether it is training makes no difference to this layer",
    "normalization.LayerNormalization.forward: training=True": "whether it is training makes no difference to this layer",
    "optimizers.Adadelta.__init__: epsilon of 0": "the first step is then 0, and with it every other",
    "optimizers.Ftrl.__init__: learning_rate of 0": "the rule divides by it",
    "regularization.EarlyStopping.__init__: patience=1": "a patience of 0 is one of 1, as the docstring says",
    "schedules.learning_rates: steps_per_epoch of 0": "it is 1 or more, as the docstring says",
    "schedules.OneCycle.__init__: final_steps of 0": "it is 1 or more, as the docstring says",
    "schedules.PolynomialDecay.__init__: power of 0": "it is above 0, as the docstring says",
    "schedules.OneCycle.__init__: max_momentum of 0": "there is no momentum whose largest value is 0",
    "schedules.ReduceLROnPlateau.__init__: factor of 0": "it is above 0, as the docstring says",
}


@dataclass(frozen=True)
class Other:
    """One option of a reference, taken otherwise."""

    topic: str
    where: str  # the function, with its class
    number: int  # of the function in its module
    place: int  # of the option among those that have a default
    option: str
    default: Any
    other: Any = None  # another default; None where it is a 0 that is taken for none given

    @property
    def name(self) -> str:
        """What EXPLAINED knows it by."""
        change = f"{self.option} of 0" if self.other is None else f"{self.option}={self.other!r}"
        return f"{self.topic}.{self.where}: {change}"

    def source(self) -> str:
        """The whole reference, with this in it."""
        tree = ast.parse(OURS.reference_source(self.topic))
        function = list(_functions(tree))[self.number][1]
        if self.other is not None:
            function.args.defaults[self.place] = ast.parse(repr(self.other), mode="eval").body
        else:
            told = ast.get_docstring(function) is not None
            given = f"isinstance({self.option}, (int, float)) and not isinstance({self.option}, bool)"
            function.body[told:told] = ast.parse(f"if {given} and {self.option} == 0: {self.option} = {self.default!r}").body
        return ast.unparse(ast.fix_missing_locations(tree))

    @property
    def loses(self) -> bool:
        """Whether a point is lost, in whatever exercise."""
        answers = answers_for(self.topic, DEFAULT_SECRET)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are what is asked about
            module = make_module(self.topic, self.source())
            verdicts = proof.verdicts_in_process(self.topic, module, answers, proof.reached(answers, self.where))
        return any(verdict.status not in GOOD for verdict in verdicts)


@cache
def others_of(topic: str) -> tuple[Other, ...]:
    """Every option of a topic, once for each way in which it is taken otherwise."""
    tree = ast.parse(OURS.reference_source(topic))
    given = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and _is_given(node)}
    return tuple(
        Other(topic, where, number, place, option, default, other)
        for number, (where, function) in enumerate(_functions(tree))
        if where.partition(".")[0] not in given
        for place, option, default in _options(function)
        for other in _taken(option, default)
    )


def topics_asked() -> tuple[str, ...]:
    """The topics whose options are asked about."""
    return tuple(topic for topic in topic_names() if topic not in LEFT_OUT)


def _functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{inside}.{node.name}".strip(".")
            if isinstance(node, ast.FunctionDef):
                yield where, node
            yield from _functions(node, where)


def _is_given(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return (ast.get_docstring(node) or "").startswith("Given")


def _options(function: ast.FunctionDef) -> Iterator[tuple[int, str, Any]]:
    arguments, defaults = function.args.args, function.args.defaults
    for place, default in enumerate(defaults):
        if isinstance(default, ast.Constant) or (isinstance(default, ast.UnaryOp) and isinstance(default.op, ast.USub)):
            yield place, arguments[len(arguments) - len(defaults) + place].arg, ast.literal_eval(default)


def _taken(option: str, default: Any) -> list[Any]:
    """Other defaults than this one; and None, for a 0 that is taken for none given, where the two differ."""
    if isinstance(default, bool):
        return [not default]
    if default is None:
        return [None] * (option not in NO_NUMBERS)
    if isinstance(default, int):
        return [default + 1, *([default - 1, None] if default else [])]
    if isinstance(default, float):
        return [*(factor * default for factor in FACTORS), None] if default else list(NOT_ZERO)
    return []


@click.command()
@click.argument("topics", nargs=-1)
def main(topics: tuple[str, ...]) -> None:
    """Ask every option of these topics (all by default); exit 1 if one that loses nothing is not explained."""
    holes = 0
    for topic in topics or topics_asked():
        others = others_of(topic)
        silent = [other.name for other in others if not other.loses]
        for name in silent:
            holes += name not in EXPLAINED
            click.echo(f"LOSES NOTHING  {name}{f': {EXPLAINED[name]}' if name in EXPLAINED else ''}")
        click.echo(f"{topic:<18}{len(others):>6} ways to take an option otherwise, {len(others) - len(silent)} lose a point")
    click.echo(f"neither caught nor explained: {holes}")
    raise SystemExit(bool(holes))


if __name__ == "__main__":
    main()
