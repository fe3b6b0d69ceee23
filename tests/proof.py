"""Proves the grader on its own mutants: every misconception, put alone into the reference, must be caught and named first.

    python -m tests.proof TOPIC...                  the table of mutants, and every exception
    python -m tests.proof TOPIC --module FILE       grade one module in this process, for whoever writes checks

Runs trusted code in this process; the tests prove the same through the wall.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import click

from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.grading.diagnose.known import Named, name_misconceptions
from autograder.grading.judge import Verdict, judge
from autograder.recording.answers import DEFAULT_SECRET, Answers, RecordedCheck
from autograder.recording.misconceptions import Mutant, can_run, make_module, mutant_tree, mutants, runs
from autograder.recording.record import answers_for, names_used
from autograder.statuses import GOOD
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Case, Outcome, Script, perform_all, requested

# Misconceptions that are caught and not named first, as nothing tells them from other mistakes; each with its reason. There
# may be 5%.
NOT_NAMED_FIRST = {
    name: group["because"]
    for group in tomllib.loads(Path(__file__).with_name("unnamed.toml").read_text(encoding="utf-8"))["group"]
    for name in group["misconceptions"]
}

_outcomes = wire.decoder(list[Outcome])


def scripts_and_cases(recorded: RecordedCheck) -> tuple[list[Script], list[Case]]:
    """What a recorded check asks, decoded."""
    return requested(recorded.request)


def reached(answers: Answers, name: str) -> set[str]:
    """The checks that can tell when a definition of the reference is changed: their scripts use it, or what uses it."""
    source = OURS.reference_source(answers.record.topic)
    first, *inside = name.split(".")
    kind = _defined(source).get(first)
    if kind is None:  # it lies in the module itself
        return {found.id for found in answers.record.checks}
    definition = ".".join([first, *inside[:1]]) if kind is ast.ClassDef else first  # what lies in a function is the function's
    return {found.id for found in answers.record.checks if can_run(definition, _running(source, found.request))}


@cache
def _defined(source: str) -> dict[str, type[ast.stmt]]:
    return {node.name: type(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@cache
def _running(source: str, request: bytes) -> frozenset[str]:
    return runs(source, names_in(request))


@cache
def names_in(request: bytes) -> frozenset[str]:
    """The names that a recorded check's scripts use."""
    return frozenset(names_used(requested(request)[0]))


def verdicts_in_process(topic: str, module: ModuleType, answers: Answers, only: set[str] | None = None) -> list[Verdict]:
    """Grade trusted code in this process, by the same requests and the same judge. only: the identifiers of these checks."""
    found = []
    for check_id, exercise, check in load_topic(topic).checks():
        if only is not None and check_id not in only:
            continue
        scripts, cases = scripts_and_cases(answers[check_id])
        outcomes = _outcomes.decode(wire.encode(perform_all(module, scripts, cases, f"{topic}.py")))
        found.append(judge(check_id, exercise.name, check, answers, outcomes))
    return found


@dataclass(frozen=True)
class Proof:
    """What became of one mutant."""

    misconception: str
    exercise: str
    failed: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def caught(self) -> bool:
        """Whether it lost points in its own exercise."""
        return any(check_id.split("/")[1] == self.exercise for check_id in self.failed)

    @property
    def named_first(self) -> bool:
        """Whether its own name comes first."""
        return self.named[:1] == (self.misconception,)

    @property
    def wrongly_named(self) -> bool:
        """Whether another name comes first."""
        return bool(self.named) and not self.named_first


def prove(topic: str, some: Sequence[Mutant] | None = None) -> list[Proof]:
    """Grade these mutants of a topic, or all of them."""
    answers = answers_for(topic, DEFAULT_SECRET)
    proofs = []
    for mutant in mutants(topic) if some is None else some:
        module = make_module(topic, mutant_tree(topic, mutant))
        verdicts = verdicts_in_process(topic, module, answers, reached(answers, mutant.replaces))
        named = [each for each in name_misconceptions(answers, verdicts) if not each.doubt]
        failed = tuple(verdict.check_id for verdict in verdicts if verdict.status not in GOOD)
        proofs.append(Proof(mutant.about.name, mutant.about.exercise, failed, tuple(n.misconception.name for n in named)))
    return proofs


def table(proofs: dict[str, list[Proof]]) -> str:
    """The table: mutants, caught, named first, wrongly named, a row a topic."""
    rows: list[tuple[str, ...]] = [("topic", "mutants", "caught", "named first", "wrongly named")]
    everything = [proof for found in proofs.values() for proof in found]
    for name, found in [*proofs.items(), ("all", everything)]:
        counts = (len(found), *(sum(getattr(p, q) for p in found) for q in ("caught", "named_first", "wrongly_named")))
        rows.append((name, *map(str, counts)))
    return "\n".join(f"{row[0]:<18}" + "".join(f"{cell:>15}" for cell in row[1:]) for row in rows)


def exceptions(proofs: list[Proof]) -> list[str]:
    """A line for every mutant that was not caught or not named first."""
    return [
        f"{p.misconception} ({p.exercise}): "
        + ("NOT CAUGHT" if not p.caught else f"named {', '.join(p.named) or 'nothing'}; failed {', '.join(p.failed)}")
        for p in proofs
        if not p.named_first or not p.caught
    ]


def unproven(topic: str, proofs: list[Proof]) -> list[str]:
    """Exercises with fewer than two misconceptions, which is too few to prove their checks."""
    counts = {exercise.name: 0 for exercise in load_topic(topic).exercises if exercise.max_score}
    for proof in proofs:
        if proof.exercise not in counts:
            return [f"{proof.misconception} is about {proof.exercise}, which {topic} does not have"]
        counts[proof.exercise] += 1
    return [f"{name} has {count} misconceptions, fewer than 2" for name, count in counts.items() if count < 2]


def _show_module(topic: str, path: Path) -> None:
    answers = answers_for(topic, DEFAULT_SECRET)
    verdicts = verdicts_in_process(topic, make_module(topic, path.read_text(encoding="utf-8")), answers)
    named: list[Named] = name_misconceptions(answers, verdicts)
    for verdict in verdicts:
        if verdict.status not in GOOD:
            click.echo(f"{verdict.check_id}: {verdict.status}")
            for failure in dict.fromkeys(map(str, filter(None, verdict.failures))):
                click.echo(f"    {failure}")
            for name, cases in verdict.wrong.items():
                seen = verdict.observations[cases[0]][name]
                click.echo(f"    {name} in cases {cases}: {seen.observed!r}, expected {seen.expected!r}")
    click.echo(f"{sum(v.points for v in verdicts)} of {sum(v.check.points for v in verdicts)} points")
    click.echo(f"named: {', '.join(n.misconception.name for n in named) or 'nothing'}")


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--module", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Grade this file instead.")
def main(topics: tuple[str, ...], module: Path | None) -> None:
    """Print what became of every mutant of these topics (all of them by default)."""
    if module is not None:
        _show_module(topics[0], module)
        return
    proofs = {topic: prove(topic) for topic in topics or topic_names()}
    for topic, found in proofs.items():
        for line in [*exceptions(found), *unproven(topic, found)]:
            click.echo(f"{topic}: {line}")
    click.echo(table(proofs))


if __name__ == "__main__":
    main()
