"""`grade init`: a course folder, ready to be looked through and changed."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import complete


@click.command()
@click.argument("folder", metavar="COURSE", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="The course's name; default: the folder's.")
@click.option("-t", "--topic", "topics", multiple=True, shell_complete=complete.topic, help="A topic; default: all of them.")
def init(folder: Path, title: str | None, topics: tuple[str, ...]) -> None:
    """Make the folder of a course: its settings with their meanings, and a secret of its own. Nothing is overwritten.

    \b
    Examples:
      grade init winter
      grade init winter --title "Deep learning, winter term"
      grade init winter -t activations -t layers -t optimizers
    """
    from autograder.course.settings import read_course
    from autograder.handing_out.new_course import make_course

    for path in make_course(folder, title or folder.absolute().name, list(topics)):
        click.echo(path)
    late = read_course(folder).late
    click.echo(
        f"Lateness costs {late.penalty_percent_per_day:g} % of the score a day, after {late.grace_minutes} minutes, "
        f"and all of it after {late.most_days} days: [late] in course.toml says so, and without it lateness costs nothing."
    )
    click.echo(f"Now look through {folder / 'course.toml'}; {folder / 'README.md'} lists what comes next.")
