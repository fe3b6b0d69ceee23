"""`grade class`: all submissions of a class."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.choices import HINT_LEVELS, LAYOUTS, SANDBOXES
from autograder.commands import complete
from autograder.commands.progress import progress, recording

if TYPE_CHECKING:
    from autograder.classroom.worker import Done

# Without a terminal a line is written whenever so many parts of the whole are done: enough to see that it goes on.
LINES = 10


@click.command("class")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder for the results: index.html, marks.csv, reports/ and what is kept.",
)
@click.option(
    "-a",
    "--assignment",
    metavar="NAME",
    shell_complete=complete.assignment,
    help="An assignment of the course: its topics, due when it is.",
)
@click.option(
    "-t", "--topic", "topics", multiple=True, shell_complete=complete.topic, help="Only this topic; may be repeated."
)
@click.option("--roster", type=click.Path(path_type=Path), metavar="FILE", help="Who is in the class: an export, as CSV.")
@click.option(
    "--extensions", type=click.Path(path_type=Path), metavar="FILE", help="Who may hand in later, and how long, as CSV."
)
@click.option("--jobs", type=click.IntRange(1, 64), help="Submissions graded at a time; default: one for each processor.")
@click.option("--dask", metavar="ADDRESS", help="Grade on the Dask cluster with this scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--similar", is_flag=True, help="Look for pairs whose code is alike, too; needs nablagrade[similarity].")
@click.option("--layout", type=click.Choice(LAYOUTS), help="Of a download: whose it is; default: what its names say.")
@click.option(
    "--sandbox", type=click.Choice(SANDBOXES), help="The wall's backend; default: what the course or the machine has."
)
@click.option(
    "--hints", type=click.Choice(HINT_LEVELS), help="How much the reports tell; default: what the course says, else full."
)
@click.option(
    "--course",
    type=click.Path(path_type=Path),
    help="A course.toml; default: the one that the results were graded with, else the one in the working folder, if any.",
)
def class_(
    submissions: Path,
    out: Path,
    assignment: str | None,
    topics: tuple[str, ...],
    roster: Path | None,
    extensions: Path | None,
    jobs: int | None,
    dask: str | None,
    similar: bool,
    layout: str | None,
    sandbox: str | None,
    hints: str | None,
    course: Path | None,
) -> None:
    """Grade all submissions of a class, and say what it misunderstood.

    SUBMISSIONS is a folder that `grade import` made, or a download of a course system, which is imported first. What was
    graded before and has not changed is kept: the same command goes on where it was interrupted, and after new hand-ins.
    Another assignment goes into another folder of results.

    \b
    Examples:
      grade class term/layers --out results
      grade class submissions.zip --out results -a week3 --roster gradebook.csv
      grade class term/layers --out results --jobs 8
      grade class term/layers --out results --dask tcp://10.0.0.1:8786

    Exit code: 0 all submissions are graded, 2 wrong usage, 3 the grader or the machine failed at one.
    """
    from autograder.classroom.grading import closing_words, grade_class

    with progress("importing") as importing, recording() as recorded, submissions_watched() as watch:
        graded = grade_class(
            submissions,
            out,
            course=course,
            assignment=assignment,
            topics=topics,
            jobs=jobs or 0,
            dask=dask,
            similar=similar,
            roster=roster,
            extensions=extensions,
            layout=layout,
            sandbox=sandbox,
            hints=hints,
            importing=importing,
            recording=recorded,
            watch=watch,
        )
    for line in [*graded.notices, *closing_words(graded)]:
        click.echo(line)
    click.echo(f"The class: {out / 'index.html'}; its marks: {out / 'marks.csv'}.")
    sys.exit(graded.exit_code)


@contextmanager
def submissions_watched() -> Iterator[Callable[[Done, int, int, float], None]]:
    """Progress over submissions: in a terminal a bar with the time that is left, elsewhere a line now and then."""
    if not sys.stderr.isatty():
        yield _say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, count, of, seconds: bar.update(task, completed=count, total=of)


def _say(done: Done, count: int, of: int, seconds: float) -> None:
    if count == of or count * LINES // of > (count - 1) * LINES // of:
        left = f", about {seconds / count * (of - count):.0f} s left" if count < of else ""
        click.echo(f"graded {count} of {of}{left}", err=True)
