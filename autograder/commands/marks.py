"""`grade marks`: the marks of a class back into a course system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.choices import MARK_SYSTEMS

if TYPE_CHECKING:
    from autograder.classroom.marks import Marks
    from autograder.classroom.returning import Returned

NBGRADER = "nbgrader"


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--for", "system", type=click.Choice(MARK_SYSTEMS), required=True, help="Which system takes them.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="EXPORT",
    required=True,
    help="What the system exports: its gradebook, grading worksheet or roster.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The file that it takes back.")
@click.option("--column", metavar="TITLE", help="The column that they go into, or a part of its title.")
@click.option(
    "--points",
    type=click.FloatRange(min=0, min_open=True),
    help="What full marks are worth there; the marks are scaled to it.",
)
def marks(results: Path, system: str, roster: Path, out: Path, column: str | None, points: float | None) -> None:
    """Write the marks of `grade class` in the columns that a course system takes back.

    RESULTS is the folder of a class's results. The rows are those of the export: who has no mark keeps what stood there, and
    whoever is in only one of the two is told.

    \b
    Examples:
      grade marks results --for canvas --roster gradebook.csv --out upload.csv
      grade marks results --for moodle --roster worksheet.csv --out upload.csv --points 100
      grade marks results --for blackboard --roster gc_layers.xls --out upload.xls --column "Layers"
      grade marks results --for nbgrader --roster gradebook.db --out gradebook-with-marks.db
      grade marks results --for csv --roster class.csv --out class-with-marks.csv
    """
    from autograder.classroom.marks import JSON_NAME, marks_read
    from autograder.classroom.returning import give_back
    from autograder.commands.renderings import write_file
    from autograder.errors import WrongUsage
    from autograder.text import counted

    found = marks_read(results / JSON_NAME)
    if found is None:
        raise WrongUsage(f"{results} holds no marks of a class that can be read: run `grade class` with --out {results}.")
    if out.exists() and roster.exists() and out.samefile(roster):
        raise WrongUsage(f"{out} is the export itself, which is kept: choose another file for --out.")
    if system == NBGRADER:
        if column or points:
            raise WrongUsage("nbgrader's gradebook has its own assignments and points: --column and --points are not for it.")
        returned = _into_gradebook(results, found, roster, out)
    else:
        returned = give_back(found, roster, system, column, points)
        write_file(out, returned.content)
    for notice in returned.notices:
        click.echo(notice)
    if returned.without:
        click.echo(f"Without a mark, and left as they were: {'; '.join(returned.without)}.")
    if returned.unknown:
        click.echo(f"Not in {roster.name}, so their marks are in no row: {'; '.join(returned.unknown)}.")
    click.echo(f"{counted(returned.given, 'marks')} for {system} in {out}.")


def _into_gradebook(results: Path, marks: Marks, gradebook: Path, out: Path) -> Returned:
    """nbgrader's gradebook with the marks in it, as another file: the course's own is replaced by whoever looked at it."""
    from autograder.classroom.feedback import report_of
    from autograder.classroom.marks import moment_of
    from autograder.classroom.returning import matched
    from autograder.classroom.roster import Student
    from autograder.commands.renderings import write_file
    from autograder.nbgrader_course.gradebook import Handed, people_in, write_marks

    people = people_in(gradebook)
    students = [Student(one.name, (one.id,), one.email, row) for row, one in enumerate(people)]
    by_row, returned = matched(marks, students)
    write_file(out, gradebook.read_bytes())
    write_marks(
        out,
        [
            Handed(
                people[row].id, moment_of(mark.submitted_at), report_of(results, mark.submission)[1].topics, mark.penalty or 0
            )
            for row, mark in sorted(by_row.items())
        ],
    )
    return returned
