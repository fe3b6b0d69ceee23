"""`grade gradescope`: the zip of an autograder for Gradescope."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import complete
from autograder.commands.progress import recording
from autograder.errors import WrongUsage


@click.command()
@click.argument("topics", nargs=-1, shell_complete=complete.topic)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("autograder.zip"), help="The zip; default: autograder.zip."
)
@click.option(
    "--course", type=click.Path(path_type=Path), help="A course.toml; default: the one in the working folder, if any."
)
@click.option(
    "--wheels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with wheels of requirements.txt, for a set-up that asks no package index.",
)
def gradescope(topics: tuple[str, ...], out: Path, course: Path | None, wheels: Path | None) -> None:
    """Make the zip that is uploaded to a programming assignment on Gradescope.

    One assignment grades the topics that are named here, or those of the course. In the zip are the answers recorded for the
    course's secret, so keep it from students; the secret itself and the references are not in it.

    \b
    Examples:
      grade gradescope layers --out layers.zip
      grade gradescope --course course.toml
    """
    from autograder.commands.renderings import write_file
    from autograder.course.settings import read_course
    from autograder.gradescope.build import autograder_zip
    from autograder.recording.record import answers_for
    from autograder.report import total

    settings = read_course(course)
    for topic in topics:
        settings.catalogue.topic(topic)
    wanted = _wanted(topics, settings.topics, settings.catalogue.names)
    with recording() as progress:
        content = autograder_zip(
            settings,
            _file_of(course) if settings.folder else None,
            wanted,
            lambda topic: answers_for(topic, settings.secret, progress, settings.catalogue),
            wheels,
        )
    write_file(out, content)
    points = total(exercise.max_score for topic in wanted for exercise in settings.table(topic).exercises)
    click.echo(f"{out}: {', '.join(wanted)}; {len(content) / 2**20:.1f} MiB. Autograder points on Gradescope: {points:g}.")


def _wanted(named: tuple[str, ...], course: str | list[str], known: tuple[str, ...]) -> list[str]:
    """The topics of the zip. Raises WrongUsage where nobody says which: an assignment on Gradescope has so many points."""
    if not named and course == "found":
        raise WrongUsage(
            "Which topics does the assignment grade? Name them (grade gradescope layers), or list them in course.toml "
            '(topics = ["layers"], or "all").'
        )
    chosen = named or (known if course == "all" else course)
    return [topic for topic in known if topic in chosen]


def _file_of(course: Path | None) -> Path:
    """The file that a course is read from."""
    path = course or Path("course.toml")
    return path / "course.toml" if path.is_dir() else path
