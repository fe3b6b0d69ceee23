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
    checks changed is told with the old and the new points, and why. Nothing is written.

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
    """Print what is different, a submission after the other."""
    from autograder.text import counted

    for difference in found:
        click.echo(str(difference))
        for said in difference.also:
            click.echo(f"  {said}")
        shown = difference.checks if everything else difference.checks[:LISTED]
        for changed in shown:
            click.echo(f"  {changed}")
        if more := len(difference.checks) - len(shown):
            click.echo(f"  and {counted(more, 'more checks')}; --all lists them")
    click.echo("Nothing is different." if not found else f"Different: {counted(len(found), 'submissions')}.")
