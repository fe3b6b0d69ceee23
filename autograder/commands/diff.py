"""`grade diff`: what is different between two gradings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autograder.classroom.difference import Difference

# Beyond this many checks a student's reasons are counted, and not listed.
LISTED = 12


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help=f"List all checks that changed, and not the first {LISTED} of each.")
def diff(before: Path, after: Path, everything: bool) -> None:
    """Say what is different between two reports, or between two folders of a class's results.

    After a check, a weight or a policy changed, grade the class into another folder and compare: each student whose mark or
    checks changed is told with the old and the new points, and why; what is the same for nearly all, as the points of an
    exercise, is told once before. Nothing is written.

    \b
    Examples:
      grade diff monday.json tuesday.json
      grade diff results results-after

    Exit code: 0 nothing is different, 1 something is, 2 wrong usage.
    """
    from autograder.classroom.difference import differences

    found = differences(before, after)
    tell(found, everything)
    sys.exit(1 if found else 0)


def tell(found: Sequence[Difference], everything: bool) -> None:
    """Print what is different: what is the same for nearly all of a class once, then a submission after the other."""
    from autograder.classroom.difference import told_once
    from autograder.text import counted

    common, own = told_once(found)
    for same in common:
        click.echo(str(same))
        _list(same.lines, "more changes", everything)
    for difference in own:
        click.echo(str(difference))
        for said in difference.also:
            click.echo(f"  {said}")
        _list([str(changed) for changed in difference.checks], "more checks", everything)
    click.echo("Nothing is different." if not found else f"Different: {counted(len(found), 'submissions')}.")


def _list(lines: Sequence[str], unit: str, everything: bool) -> None:
    from autograder.text import counted

    shown = lines if everything else lines[:LISTED]
    for line in shown:
        click.echo(f"  {line}")
    if more := len(lines) - len(shown):
        click.echo(f"  and {counted(more, unit)}; --all lists them")
