"""`grade release`: what students receive."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import complete
from autograder.commands.progress import progress, recording


@click.command()
@click.argument("topics", nargs=-1, shell_complete=complete.topic)
@click.option("--out", default="kit", metavar="DIR", type=click.Path(path_type=Path), help="Default: kit, and kit.zip.")
@click.option(
    "--wheels",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Wheels of all that is required, to go into the kit: students then install it without a network.",
)
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its topics, points and dates.")
def release(topics: tuple[str, ...], out: Path, wheels: Path | None, course: Path | None) -> None:
    """Write the student kit as a folder and a zip: stubs, notebooks, handouts, public cases, first steps, and the wheel
    of this package, which students install it from.

    The finished kit is looked through for solutions, known mistakes' code, hidden checks and the course's secret. Where one
    is found, each place is told and nothing is written.

    \b
    Examples:
      grade release                      the course's topics, else all, into kit/ and kit.zip
      grade release activations layers --out week-1
      grade release --course course.toml --out kit
      grade release --wheels wheels      with what `pip download` put there: nothing is asked of a network
    """
    from autograder.course.settings import read_course
    from autograder.handing_out import kit
    from autograder.recording.answers import DEFAULT_SECRET
    from autograder.recording.record import answers_for
    from autograder.text import counted

    settings = read_course(course)
    chosen = kit.chosen_topics(settings, topics)
    with recording() as recorded:
        for topic in chosen:
            answers_for(topic, DEFAULT_SECRET, recorded, settings.catalogue)
    with progress("writing the kit") as done:
        made = kit.write_kit(settings, chosen, out, done, wheels)
    click.echo(f"{made.folder}  {counted(len(chosen), 'topics')}, {made.files} files, {made.bytes_ / 1024:.0f} KiB")
    click.echo(f"{made.zip}  {made.zip_bytes / 1024:.0f} KiB")
    click.echo("Looked through: no solution, no known mistake's code, no hidden check and no secret is in it.")
