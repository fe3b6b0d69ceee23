"""`grade doctor`: what this machine can do."""

from __future__ import annotations

import sys

import click


@click.command()
def doctor() -> None:
    """Say what this machine can do, and what is missing.

    \b
    Example:
      grade doctor
    """
    from autograder.commands.doctor.findings import findings

    healthy = True
    for finding in findings():
        healthy &= finding.good or not finding.needed
        mark = "ok     " if finding.good else "MISSING" if finding.needed else "-      "
        click.echo(f"{mark} {finding.what}: {finding.said}")
    sys.exit(0 if healthy else 3)
