"""`grade show`: what a public check asks."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import complete


@click.command()
@click.argument("check", shell_complete=complete.public_check)
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its secret and its points.")
def show(check: str, course: Path | None) -> None:
    """Print what a public check asks: its sentence, what it calls, its inputs and the right answers.

    Of a topic or an exercise its public checks are listed.

    \b
    Examples:
      grade show activations/sigmoid/value
      grade show activations
    """
    from autograder.commands.show.describe import describe
    from autograder.course.settings import read_course

    click.echo(describe(check, read_course(course)))
