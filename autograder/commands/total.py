"""`grade total`: the marks of a term from those of its assignments."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder for the marks: marks.csv and term.csv."
)
@click.option("--drop", type=click.IntRange(min=0), default=0, help="How many of a student's lowest assignments do not count.")
@click.option(
    "--points", type=click.FloatRange(min=0, min_open=True), default=100, show_default=True, help="What the term is worth."
)
def total(results: tuple[Path, ...], out: Path, drop: int, points: float) -> None:
    """Add up the assignments of a term: each counts alike, and the lowest may be dropped.

    RESULTS are folders that `grade class` made, one an assignment. What was not handed in has none of its points. The folder
    that is written holds marks as a class's does, so that `grade marks` gives them back.

    \b
    Examples:
      grade total week1 week2 week3 --drop 1 --out term
      grade marks term --for canvas --roster gradebook.csv --column Exercises --points 30 --out upload.csv
    """
    from autograder.classroom.marks import CSV_NAME, JSON_NAME, as_csv, as_json
    from autograder.classroom.term import TABLE, add_up
    from autograder.commands.renderings import write_file
    from autograder.errors import WrongUsage
    from autograder.text import counted

    if (out / "records").is_dir():
        raise WrongUsage(f"{out} holds a class's results, which stay as they are: choose another folder for --out.")
    term = add_up(results, points, drop)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsage(f"The folder {out} cannot be written ({error.strerror}).") from None
    files = {CSV_NAME: as_csv(term.marks.marks), JSON_NAME: as_json(term.marks), TABLE: term.table}
    for name, content in files.items():
        write_file(out / name, content)
    for notice in term.notices:
        click.echo(notice)
    click.echo(f"{counted(len(term.marks.marks), 'students')} in {counted(len(results), 'assignments')}: {out / TABLE}.")
