"""Wrong programs that nobody wrote: changes to right code that is not the grader's own, and what the grader makes of each.

    python -m tests.exam [--count N] [--seed S] [TOPIC...]

The programs are made out of ``tests/alternatives/``, so that neither the code nor the mistake is the grader's own. A change is
one of those of ``random_mutants``: an operator, a constant, a function, a statement left out.

A line a topic: how many were made, lost a point, and were given a name. Where the change is, is known, so a name can be held
against it: it is *elsewhere* where it is of another exercise than the function that was changed, and *contradicted* where in a
check of its exercise the named misconception, put into the reference, fares otherwise than this program does.
What loses no point is explained in ``exam.toml``: the same answers on every input of the contract, or outside of it.
"""

from __future__ import annotations

import ast
import random
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, topic_names
from autograder.grading.diagnose.known import name_misconceptions
from autograder.grading.engine import Grader, warm_grader
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers
from autograder.statuses import GOOD
from tests.conftest import submission_of
from tests.random_mutants import LIMITS, _nodes, _replacements

ALTERNATIVES = Path(__file__).with_name("alternatives")
EXPLAINED = Path(__file__).with_name("exam.toml")
# A quiz has no code to change, and one program of keras_models takes as long as a hundred others.
LEFT_OUT = ("concepts", "keras_models")


@dataclass(frozen=True)
class Candidate:
    """One program of the exam: a right solution with one change in it."""

    topic: str
    file: str
    where: str
    change: str
    node: int
    replacement: int

    @property
    def name(self) -> str:
        """What exam.toml knows it by."""
        return f"{self.file}.{self.where}: {self.change}"

    def source(self) -> str:
        """The whole program."""
        tree = ast.parse(_source(self.file))
        _, node = list(_nodes(tree))[self.node]
        replacement = list(_replacements(node))[self.replacement]
        node.__class__ = replacement.__class__
        node.__dict__.clear()
        node.__dict__.update(replacement.__dict__)
        return ast.unparse(ast.fix_missing_locations(tree))


@cache
def _source(file: str) -> str:
    return (ALTERNATIVES / f"{file}.py").read_text(encoding="utf-8")


def topics_examined() -> tuple[str, ...]:
    """The topics that the exam is about."""
    return tuple(topic for topic in topic_names() if topic not in LEFT_OUT)


@cache
def _given(topic: str) -> tuple[str, ...]:
    """What students are given whole, which nobody has to get right: definitions whose docstring begins so."""
    found = []
    for where, node in _nodes(ast.parse(OURS.reference_source(topic))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (ast.get_docstring(node) or "").startswith("Given"):
            found.append(where)
    return tuple(found)


def _is_given(topic: str, where: str) -> bool:
    return any(where == given or where.startswith(f"{given}.") for given in _given(topic))


@cache
def candidates_of(topic: str) -> tuple[Candidate, ...]:
    """Every program that can be made of a topic's alternatives, in the order of the files."""
    found: list[Candidate] = []
    for path in sorted(ALTERNATIVES.glob(f"{topic}_*.py")):
        seen: Counter[str] = Counter()
        for number, (where, node) in enumerate(_nodes(ast.parse(_source(path.stem)))):
            if not where or _is_given(topic, where):  # imports and constants at the top are given, too
                continue
            for index, replacement in enumerate(_replacements(node)):
                change = " ".join(f"{ast.unparse(node)} -> {ast.unparse(replacement)}".split())
                seen[f"{where}: {change}"] += 1
                count = seen[f"{where}: {change}"]
                name = change if count == 1 else f"{change} (occurrence {count})"
                found.append(Candidate(topic, path.stem, where, name, number, index))
    return tuple(found)


def sample(topics: tuple[str, ...], count: int, seed: int) -> list[Candidate]:
    """So many programs, as many of each topic as of any other."""
    chosen: list[Candidate] = []
    for place, topic in enumerate(topics):
        pool = candidates_of(topic)
        share = count // len(topics) + (place < count % len(topics))
        chosen += random.Random(f"{seed} {topic}").sample(pool, min(share, len(pool)))
    return chosen


@dataclass(frozen=True)
class Fate:
    """What the grader made of a program."""

    caught: bool
    name: str = ""  # the misconception that it gives first
    contradicted: bool = False
    elsewhere: bool = False


def fate_of(grader: Grader, candidate: Candidate) -> Fate:
    """Grade a program, through the wall like any submission."""
    (result,) = grader.verdicts(submission_of(**{candidate.topic: candidate.source()}), [candidate.topic])
    if any(verdict.status == "grader_error" for verdict in result.verdicts):
        raise AssertionError(f"the grader failed on {candidate.name}")
    caught = bool(result.problem) or any(verdict.status not in GOOD for verdict in result.verdicts)
    answers = grader.answers(candidate.topic)
    named = name_misconceptions(answers, result.verdicts) if caught and not result.problem else []
    named = [each for each in named if not each.doubt]
    if not named:
        return Fate(caught)
    first = named[0].misconception
    contradicted = _is_contradicted(first.name, first.exercise, named[0].made, answers, result.verdicts)
    return Fate(caught, first.name, contradicted, _is_elsewhere(first.exercise, candidate))


def _is_elsewhere(exercise: str, candidate: Candidate) -> bool:
    """Whether the function that was changed is another exercise's. A helper is everybody's, and a method its class's."""
    changed, own = candidate.where.partition(".")[0], exercise.partition(".")[0]
    return changed != own and changed in {each.name.partition(".")[0] for each in OURS.topic(candidate.topic).exercises}


def _is_contradicted(name: str, exercise: str, made: bool, answers: Answers, verdicts: list[Verdict]) -> bool:
    """Whether a check of the exercise is passed by the one and failed by the other, the program and the misconception."""
    for verdict in verdicts:
        if verdict.exercise == exercise and verdict.status in ("passed", "failed"):
            kinds = ("slips", "families") if made else ("mistaken",)
            mistaken = any(name in (answers.part(verdict.check_id, kind) or ()) for kind in kinds)
            if mistaken != (verdict.status == "failed"):
                return True
    return False


def explained() -> dict[str, str]:
    """Programs that rightly lose no point: by name, the kind and the reason."""
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    return {
        name: f"{kind}: {entry['because']}" for kind, found in entries.items() for entry in found for name in entry["programs"]
    }


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--count", default=600, help="How many, over all topics.")
@click.option("--seed", default=1, help="Which sample.")
def main(topics: tuple[str, ...], count: int, seed: int) -> None:
    """Grade programs that nobody wrote and print what became of them; exit 1 if one that loses nothing is not explained."""
    reasons, holes = explained(), 0
    table: dict[str, Counter[str]] = {}
    with warm_grader(Course(limits=LIMITS), jobs=1) as grader:
        grader.shrinks = False  # nobody looks at the inputs
        for candidate in sample(topics or topics_examined(), count, seed):
            fate = fate_of(grader, candidate)
            row = table.setdefault(candidate.topic, Counter())
            row.update(
                made=1, caught=fate.caught, named=bool(fate.name), contradicted=fate.contradicted, elsewhere=fate.elsewhere
            )
            if not fate.caught:
                known = candidate.name in reasons
                row.update(explained=known)
                holes += not known
                if not known:
                    click.echo(f"LOSES NOTHING  {candidate.name}")
    columns = ("made", "caught", "named", "elsewhere", "contradicted", "explained")
    click.echo(f"{'topic':<18}" + "".join(f"{column:>14}" for column in columns))
    table["all"] = sum(table.values(), Counter())
    for topic, row in table.items():
        click.echo(f"{topic:<18}" + "".join(f"{row[column]:>14}" for column in columns))
    click.echo(f"neither caught nor explained: {holes}")
    raise SystemExit(bool(holes))


if __name__ == "__main__":
    main()
