"""`grade sheet`: the free text of a class, for a person to grade."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands.diff import tell
from autograder.commands.progress import recording


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the sheet with all answers, as CSV.")
@click.option("--read", "filled", type=click.Path(path_type=Path), metavar="FILE", help="Read a filled-in sheet back.")
def sheet(results: Path, out: Path | None, filled: Path | None) -> None:
    """Grade the free-text answers of a class: write a sheet, fill in its points and comments, read it back.

    RESULTS is the folder of a class's results. The sheet has a row an answer, one question after the other and without names.
    What is read back counts in the marks from then on, and stands in students' reports; an answer that changes is read anew.

    \b
    Examples:
      grade sheet results --out answers.csv
      grade sheet results --read answers.csv

    Exit code: 0 done, 2 wrong usage, 3 the grader or the machine failed.
    """
    from autograder.classroom.regrading import regrade
    from autograder.classroom.sheets import sheet, take_back
    from autograder.commands.renderings import refuse_code, refuse_unwritable, write_file
    from autograder.errors import WrongUsage
    from autograder.text import counted

    if (out is None) == (filled is None):
        raise WrongUsage("Say --out to write the sheet, or --read to read it back.")
    if out is not None:
        refuse_code(out)
        refuse_unwritable(out)
        write_file(out, sheet(results))
        click.echo(f"The answers are in {out}: fill in points and comment, and read it back with --read.")
        return
    assert filled is not None
    given, still_open = take_back(results, filled)
    with recording() as recorded:
        graded, found = regrade(results, jobs=1, recording=recorded)
    tell(found, False)
    click.echo(f"{counted(given, 'answers')} read, {still_open} open. The marks: {results / 'marks.csv'}.")
    sys.exit(graded.exit_code)
