"""How often the line of a mistake is found: wrong programs of the exam, of which the changed line is known by construction.

    python -m tests.located [--count N] [--seed S] [TOPIC...]

Of those that are caught and given no name, a line a topic: how many there were, were given a place, of these with the right
line first or second (``right``), with the right function alone (``function``), with other lines alone (``misleading``); and
candidates and seconds an exercise, in the mean and in the worst.
"""

from __future__ import annotations

import ast
import time
from collections import Counter
from dataclasses import dataclass

import click

from autograder.course.settings import Course
from autograder.grading.assembling import topic_report
from autograder.grading.budget import Budget
from autograder.grading.engine import Grader, warm_grader
from autograder.grading.locate.searches import Located, locate, searchable
from tests.conftest import submission_of
from tests.exam import Candidate, _source, sample, topics_examined
from tests.random_mutants import LIMITS, _nodes, _replacements


def truth_of(candidate: Candidate) -> tuple[int, int, int]:
    """The line of a program that was changed, and the first and last of the function around it."""
    tree = ast.parse(_source(candidate.file))
    _, node = list(_nodes(tree))[candidate.node]
    replacement = list(_replacements(node))[candidate.replacement]
    node.__class__ = replacement.__class__
    node.__dict__.clear()
    node.__dict__.update(replacement.__dict__)
    # The same program with a name in the statement's place would be another; a comment cannot be written by ast.unparse. So
    # the n-th statement of both trees is the same one.
    statement = next(s for s in ast.walk(tree) if isinstance(s, ast.stmt) and _holds(s, node))
    for inner in ast.walk(tree):
        if isinstance(inner, ast.stmt) and _holds(inner, node):
            statement = inner  # the innermost comes last in a walk by breadth
    place = [s for s in ast.walk(tree) if isinstance(s, ast.stmt)].index(statement)
    written = ast.parse(candidate.source())
    own = [s for s in ast.walk(written) if isinstance(s, ast.stmt)][place]
    around = [f for f in ast.walk(written) if isinstance(f, ast.FunctionDef) and f.lineno <= own.lineno <= (f.end_lineno or 0)]
    return own.lineno, around[-1].lineno if around else 0, around[-1].end_lineno or 0 if around else 0


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(inner is node for inner in ast.walk(statement))


@dataclass(frozen=True)
class Finding:
    """What became of one program."""

    outcome: str  # "right line", "right function", "misleading", "nothing"
    candidates: int
    seconds: float
    told: str = ""


def finding_of(grader: Grader, candidate: Candidate) -> Finding | None:
    """Grade and search; None where it is not caught, or has a name."""
    submission = submission_of(**{candidate.topic: candidate.source()})
    (result,) = grader.verdicts(submission, [candidate.topic])
    answers = grader.answers(candidate.topic)
    budget = Budget(grader.course.limits)
    budget.begin()
    report = topic_report(result, grader.course.table(candidate.topic), answers, budget)
    if any(fix.misconception for fix in report.fix_first):
        return None
    asked = searchable(grader, [report], {candidate.topic: result})[: grader.course.locate_exercises]
    if not asked:
        return None
    line, first, last = truth_of(candidate)
    found: list[Located] = []
    for _, exercise, _ in asked:
        found.append(
            locate(grader, submission, result, exercise, grader.course.locate_candidates, time.monotonic() + 300, budget)
        )
    place = next((located.place for located in found if located.place), None)
    most, longest = max(located.candidates for located in found), max(located.seconds for located in found)
    if place is None:
        return Finding("nothing", most, longest, "; ".join(located.notice for located in found if located.notice))
    lines = {place.line, place.second.line if place.second else 0}
    told = f"line {line}, told {place.line}{f' or {place.second.line}' if place.second else ''}: {place.text} [{place.kind}]"
    if place.whole:
        return Finding("right function" if first <= place.line <= last else "misleading", most, longest, told)
    return Finding("right line" if line in lines else "misleading", most, longest, told)


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--count", default=400, help="How many programs are made, over all topics.")
@click.option("--seed", default=1, help="Which sample.")
@click.option("--show", is_flag=True, help="A line a program.")
def main(topics: tuple[str, ...], count: int, seed: int, show: bool) -> None:
    """Search for the lines of mistakes whose line is known, and print how often it is found."""
    table: dict[str, Counter[str]] = {}
    seconds: dict[str, list[float]] = {}
    course = Course(limits=LIMITS)
    with warm_grader(course, jobs=1) as grader:
        grader.shrinks = False
        for candidate in sample(topics or topics_examined(), count, seed):
            finding = finding_of(grader, candidate)
            if finding is None:
                continue
            row = table.setdefault(candidate.topic, Counter())
            row.update({"unnamed": 1, finding.outcome: 1, "candidates": finding.candidates})
            seconds.setdefault(candidate.topic, []).append(finding.seconds)
            if show:
                click.echo(
                    f"{finding.outcome:<15} {finding.candidates:>5} {finding.seconds:6.2f} s  {candidate.name}  {finding.told}"
                )
    columns = ("unnamed", "right line", "right function", "misleading", "nothing")
    click.echo(
        f"{'topic':<18}" + "".join(f"{column:>15}" for column in columns) + f"{'candidates':>12}{'median s':>10}{'worst s':>9}"
    )
    if table:
        table["all"] = sum(table.values(), Counter())
        seconds["all"] = [second for some in list(seconds.values()) for second in some]
    for topic, row in table.items():
        times = sorted(seconds[topic])
        click.echo(
            f"{topic:<18}"
            + "".join(f"{row[column]:>15}" for column in columns)
            + f"{row['candidates'] // row['unnamed']:>12}{times[len(times) // 2]:>10.2f}{times[-1]:>9.2f}"
        )


if __name__ == "__main__":
    main()
