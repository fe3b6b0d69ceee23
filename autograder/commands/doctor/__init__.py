"""`grade doctor`: what this machine can do."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its topics.")
@click.option("--attack", is_flag=True, help="Try harmless attacks on this machine's walls, and say which walls stand.")
def doctor(course: Path | None, attack: bool) -> None:
    """Say what this machine can do, workflow by workflow, what is missing, and the command that brings it.

    \b
    Examples:
      grade doctor
      grade doctor --course winter/course.toml
      grade doctor --attack

    Exit code: 0 if this machine can grade, and every wall that was tried stands; 3 if not.
    """
    if attack:
        sys.exit(0 if _attack() else 3)
    from autograder.commands.doctor.findings import findings
    from autograder.course.settings import read_course

    healthy = True
    for finding in findings(read_course(course)):
        healthy &= finding.good or not finding.needed
        mark = "ok     " if finding.good else "MISSING" if finding.needed else "-      "
        click.echo(f"{mark} {finding.what}: {finding.said}")
    sys.exit(0 if healthy else 3)


def _attack() -> bool:
    """Print what came of each attack; whether there is a wall, and every one stands."""
    from autograder.commands.doctor.attacks import tries

    stand, walls = True, set[str]()
    for tried in tries():
        for name, stood in tried.stood.items():
            walls.add(name)
            stand &= stood
            click.echo(
                f"{'stands' if stood else 'FALLEN'} {name}, {tried.attack.wall}: {tried.attack.what}: {tried.behind[name]}"
            )
        click.echo(f"       without a wall: {tried.without or 'not tried, as it would take it from this machine'}")
    if not walls:
        click.echo("No wall works here; `grade doctor` says why.")
    return stand and bool(walls)
