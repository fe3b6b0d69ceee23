"""`grade feedback`: the reports of a class back to its students."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.choices import FEEDBACK_SYSTEMS


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--for", "system", type=click.Choice(FEEDBACK_SYSTEMS), required=True, help="Which system takes them.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True, help="The zip that it takes.")
def feedback(results: Path, system: str, out: Path) -> None:
    """Put the reports of `grade class` into a zip that a course system gives back to students.

    RESULTS is the folder of a class's results. The names in the zip are those of the system's own download, by which it knows
    whose each report is. The reports tell what the course's hint level allows.

    \b
    Examples:
      grade feedback results --for canvas --out feedback.zip        then: the assignment, Upload Submissions
      grade feedback results --for moodle --out feedback.zip        then: Upload multiple feedback files in a zip
      grade feedback results --for gradescope --out feedback.zip    as the autograder; then: Regrade All Submissions
      grade feedback results --for plain --out feedback.zip         a folder a submission
    """
    from autograder.classroom.feedback import feedback
    from autograder.commands.renderings import refuse_code, refuse_unwritable, write_file
    from autograder.text import counted

    refuse_code(out)
    refuse_unwritable(out)
    made = feedback(results, system)
    write_file(out, made.content)
    if made.left_out:
        click.echo(f"Not imported from {system}, so not in it: {'; '.join(made.left_out)}.")
    click.echo(f"{counted(made.given, 'reports')} for {system} in {out}.")
