"""One table of what proves the grader, a line a topic.

    python -m tests.exactness [TOPIC...] [--repeats N]

For each topic: its exercises and checks; its misconceptions, caught, named first, wrongly named; random mutants of its
reference, caught, and those that survive with a reason; alternative right implementations, and those at full marks with every
backend; and gradings of one wrong submission, repeated in other circumstances, with the number of different reports. Exit 1 if
anything is not as it must be: a mistake that is caught and has no name is listed with its reason in unnamed.toml, and of all
topics together 95% are named first.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from autograder.course.settings import Course
from autograder.declare.catalogue import load_topic, topic_names
from autograder.grading.engine import Grader, warm_grader
from autograder.recording.misconceptions import mutant_source, mutants
from autograder.statuses import GOOD
from tests import proof, random_mutants
from tests.conftest import alternatives_of, submission_of
from tests.repeat import different_reports


@dataclass
class Row:
    """What was found of one topic."""

    topic: str
    exercises: int = 0
    checks: int = 0
    misconceptions: int = 0
    caught: int = 0
    named_first: int = 0
    wrongly_named: int = 0
    unexplained: int = 0
    mutants: int = 0
    mutants_caught: int = 0
    explained: int = 0
    alternatives: int = 0
    at_full_marks: int = 0
    repeats: int = 0
    reports: int = 0

    @property
    def good(self) -> bool:
        """Whether every promise holds: all caught, no name wrong or missing without a reason, no survivor, one report."""
        return (
            self.caught == self.misconceptions
            and not self.wrongly_named
            and not self.unexplained
            and self.mutants == self.mutants_caught + self.explained
            and self.at_full_marks == self.alternatives >= 2
            and self.reports == 1
        )


def row_of(topic: str, graders: list[Grader], repeats: int) -> Row:
    """Prove one topic. The first grader is used for the mutants, all of them for the alternatives."""
    table = load_topic(topic)
    row = Row(topic, len(table.exercises), len(table.checks()))
    proofs = proof.prove(topic)
    row.misconceptions = len(proofs)
    row.caught, row.named_first = sum(p.caught for p in proofs), sum(p.named_first for p in proofs)
    row.wrongly_named = sum(p.wrongly_named for p in proofs)
    row.unexplained = sum(not p.named_first and p.misconception not in proof.NOT_NAMED_FIRST for p in proofs)
    reasons = random_mutants.explained()
    for mutant in random_mutants.mutants_of(topic):
        fate = random_mutants.fate_of(graders[0], mutant, reasons)
        row.mutants += 1
        row.mutants_caught += fate == "caught"
        row.explained += fate in ("equivalent", "out of contract")
        if fate == "unexplained":
            click.echo(f"SURVIVES  {mutant.name}", err=True)
    for path in alternatives_of(topic):
        row.alternatives += 1
        row.at_full_marks += all(_full_marks(grader, topic, path.read_text(encoding="utf-8")) for grader in graders)
    with tempfile.TemporaryDirectory() as folder:
        wrong = mutants(topic)[len(mutants(topic)) // 2]
        Path(folder, f"{topic}.py").write_text(mutant_source(topic, wrong), encoding="utf-8")
        row.repeats, row.reports = repeats, len(different_reports(repeats, Path(folder)))
    return row


def _full_marks(grader: Grader, topic: str, source: str) -> bool:
    (result,) = grader.verdicts(submission_of(**{topic: source}), [topic])
    return not result.problem and all(verdict.status in GOOD for verdict in result.verdicts)


# Of all topics together: in some, more mistakes than elsewhere show as an exception or a warning alone, which names none.
NAMED = 0.95

COLUMNS = (
    "topic", "exercises", "checks", "mistakes", "caught", "named first", "wrongly named", "no name, no reason", "mutants",
    "caught", "explained", "other styles", "full marks", "repeated", "reports",
)  # fmt: skip


def markdown(rows: list[Row]) -> str:
    """The table, with a line for all topics together where there are several."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "| --- |" + " ---: |" * (len(COLUMNS) - 1)]
    totals = Row("all", *(sum(vars(row)[name] for row in rows) for name in list(vars(rows[0]))[1:]))
    totals.reports = max(row.reports for row in rows)
    for row in [*rows, *([totals] if len(rows) > 1 else [])]:
        lines.append("| " + " | ".join(str(value) for value in vars(row).values()) + " |")
    return "\n".join(lines)


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--repeats", default=16, show_default=True, help="Gradings of one wrong submission for each topic.")
def main(topics: tuple[str, ...], repeats: int) -> None:
    """Prove the grader, topic by topic, and print the table."""
    begun = time.monotonic()
    backends = ["landlock", *(["bubblewrap"] if shutil.which("bwrap") else [])]
    rows = []
    for topic in topics or topic_names():
        click.echo(f"proving {topic} ({time.monotonic() - begun:.0f} s so far)", err=True)
        with ExitStack() as walls:
            courses = [Course(sandbox=name, limits=random_mutants.LIMITS) for name in backends]
            rows.append(row_of(topic, [walls.enter_context(warm_grader(course, jobs=1)) for course in courses], repeats))
    click.echo(markdown(rows))
    bad = [row.topic for row in rows if not row.good]
    if not topics and sum(row.named_first for row in rows) < NAMED * sum(row.misconceptions for row in rows):
        bad.append(f"less than {NAMED:.0%} are named")
    click.echo(
        f"\n{time.monotonic() - begun:.0f} s; " + (f"not as it must be: {', '.join(bad)}" if bad else "all as it must be")
    )
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
