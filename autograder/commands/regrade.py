"""`grade regrade`: a class's results graded again, and whose mark is another."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands import complete
from autograder.commands.class_ import submissions_watched
from autograder.commands.diff import tell
from autograder.commands.progress import recording


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("submissions", nargs=-1, shell_complete=complete.submission)
@click.option("--course", type=click.Path(path_type=Path), help="Another course.toml than the one it was graded with.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Submissions graded at a time; default: one for each processor.")
@click.option("--dask", metavar="ADDRESS", help="Grade on the Dask cluster with this scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--all", "everything", is_flag=True, help="List all checks that changed, and not the first ones of each.")
def regrade(
    results: Path, submissions: tuple[str, ...], course: Path | None, jobs: int | None, dask: str | None, everything: bool
) -> None:
    """Grade a class again as it was graded, and tell whose mark is another, and why.

    RESULTS is a folder that `grade class` made; it remembers with what. Use it after a check, a weight or a policy changed.
    With the names of SUBMISSIONS, as marks.csv has them, these alone are graded anew, and all other marks stay as they are.
    What is different is also written to RESULTS/regraded.csv.

    \b
    Examples:
      grade regrade results
      grade regrade results ada-7012
      grade regrade results --course course-with-other-weights.toml

    Exit code: 0 all submissions are graded, 2 wrong usage, 3 the grader or the machine failed at one.
    """
    from autograder.classroom.regrading import TABLE, regrade

    with recording() as recorded, submissions_watched() as watch:
        graded, found = regrade(
            results, submissions, course=course, jobs=jobs or 0, dask=dask, recording=recorded, watch=watch
        )
    tell(found, everything)
    if found:
        click.echo(f"The marks: {results / 'marks.csv'}; what is different: {results / TABLE}.")
        click.echo("What was given back already is as it was before: grade marks and grade feedback make it anew.")
    else:
        click.echo(f"The marks: {results / 'marks.csv'}; what was different the last time: {results / TABLE}.")
    sys.exit(graded.exit_code)
