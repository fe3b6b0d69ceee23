"""`grade import`: read back what a course system hands out."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.choices import LAYOUTS
from autograder.commands import complete
from autograder.commands.progress import progress


@click.command("import")
@click.argument("download", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder for the submissions: one folder each, and submissions.csv.",
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    help="Whose download it is; default: what its names say.",
)
@click.option("--update", is_flag=True, help="Into an earlier import: add what is new, replace what changed, keep the rest.")
@click.option("--attempts", is_flag=True, help="Keep a student's earlier attempts too, for a course in which the best counts.")
@click.option("--dry-run", is_flag=True, help="Print the table, and write nothing.")
@click.option(
    "-t",
    "--topic",
    "topics",
    multiple=True,
    shell_complete=complete.topic,
    help="A topic that everybody should hand in; may be repeated. Default: what the course lists.",
)
@click.option(
    "-a",
    "--assignment",
    metavar="NAME",
    shell_complete=complete.assignment,
    help="An assignment of the course: everybody should hand in its topics.",
)
@click.option(
    "--course", type=click.Path(path_type=Path), help="A course.toml; default: the one in the working folder, if any."
)
def import_(
    download: Path,
    out: Path | None,
    layout: str | None,
    update: bool,
    attempts: bool,
    dry_run: bool,
    topics: tuple[str, ...],
    assignment: str | None,
    course: Path | None,
) -> None:
    """Read a course system's download into one folder a submission, with a table of what was found for whom.

    DOWNLOAD is what Canvas, Moodle, Sakai, Blackboard, Brightspace, Teams, Google Classroom, ILIAS, CodeGrade, Gradescope,
    GitHub Classroom or nbgrader gives, zipped or unpacked, or a folder with a folder or an archive for each student, as
    Coursemology gives. No code is run.

    \b
    Examples:
      grade import submissions.zip --out term/layers
      grade import submissions.zip --dry-run
      grade import newer.zip --out term/layers --update
      grade import layers-submissions/ --out term/layers --layout github
      grade term/layers/7012                                             grades one of them
    """
    from autograder.course.settings import read_course
    from autograder.downloads.importing import import_download
    from autograder.downloads.table import closing_words, print_table

    settings = read_course(course).for_assignment(assignment)
    for topic in topics:
        settings.catalogue.topic(topic)
    listed = settings.topics
    expected = topics or (listed if isinstance(listed, list) else ())
    with progress("importing") as advance:
        imported = import_download(
            download,
            out,
            layout,
            update,
            expected,
            advance,
            dry_run,
            settings.catalogue,
            attempts or settings.attempts == "best",
        )
    print_table(imported.rows, imported.states, imported.left_over, _console())
    click.echo()
    click.echo(f"Layout: {imported.layout.title}. {closing_words(imported.rows, imported.states)}")
    if dry_run:
        click.echo("Nothing was written.")
    else:
        click.echo(f"They are in {out}, the table in {out}/submissions.csv and .json.")


def _console() -> object:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    # In a file no line is broken or cut: the longest key and the longest name fit.
    return console if console.is_terminal else Console(highlight=False, markup=False, emoji=False, width=1000, no_color=True)
