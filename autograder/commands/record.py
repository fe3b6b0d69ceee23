"""`grade record`: record the answers for a course's secret."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands import complete
from autograder.commands.progress import recording


@click.command()
@click.argument("topics", nargs=-1, shell_complete=complete.topic)
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its secret.")
@click.option("--without-keras", is_flag=True, help="Record without asking Keras, even where it is installed.")
def record(topics: tuple[str, ...], course: Path | None, without_keras: bool) -> None:
    """Record the answers of reference, Keras and misconceptions, once for a course's secret.

    \b
    Examples:
      grade record                       the course's topics, else all
      grade record layers optimizers
      grade record --course course.toml
    """
    from autograder.course.settings import read_course
    from autograder.recording import answers as store
    from autograder.recording.record import keras_is_here, record_topic

    settings = read_course(course)
    secret, catalogue = settings.secret, settings.catalogue
    for topic in topics:
        catalogue.topic(topic)
    with_keras = keras_is_here() and not without_keras
    if not with_keras:
        why = "as --without-keras says" if without_keras else "as it is not installed: pip install 'nablagrade[keras]'"
        click.echo(f"Keras is not asked, {why}. The reference alone answers.", err=True)
    with recording() as progress:
        for topic in topics or (settings.topics if isinstance(settings.topics, list) else catalogue.names):
            made = record_topic(topic, secret, with_keras=with_keras, progress=progress, catalogue=catalogue)
            store.save(made, store.record_path(topic, secret))
            asked = sum(bool(check.keras) for check in made.checks)
            agreed = f", {asked} checks agreed with Keras {made.keras_version}" if asked else ""
            click.echo(f"{topic}: {len(made.checks)} checks, {len(made.misconceptions)} misconceptions{agreed}")
