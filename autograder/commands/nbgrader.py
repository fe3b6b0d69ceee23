"""`grade nbgrader COURSE`: make a course's folder one that nbgrader runs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from autograder.commands import complete
from autograder.commands.progress import progress, recording
from autograder.errors import WrongUsage


@click.command()
@click.argument("course", type=click.Path(path_type=Path))
@click.argument("topics", nargs=-1, shell_complete=complete.topic)
@click.option("--force", is_flag=True, help="Write over source notebooks that were edited.")
def nbgrader(course: Path, topics: tuple[str, ...], force: bool) -> None:
    """Make COURSE a course of nbgrader: source notebooks, its configuration with our grading in it, due dates.

    \b
    Examples:
      grade nbgrader term                    all topics of term/course.toml
      grade nbgrader term layers optimizers
      grade nbgrader term layers --force     also over a notebook that was edited
    """
    for library in ("nbgrader", "jupytext"):
        if find_spec(library) is None:
            raise WrongUsage(f"{library} is not installed: pip install 'nablagrade[nbgrader]'")
    from autograder.nbgrader_course.write import write_course

    with progress("writing") as bar, recording() as recorded:
        written = write_course(course, topics, force=force, progress=bar, recording=recorded)
    for made in written:
        click.echo(f"{made.path}: {made.tests} test cells, {made.points:g} points")
    first = written[0].topic
    click.echo(
        f"\nNext: cd {course}; nbgrader generate_assignment {first}; nbgrader release_assignment {first}\n"
        f"Once notebooks are in: nbgrader collect {first}; nbgrader autograde {first}; nbgrader generate_feedback {first}"
    )
