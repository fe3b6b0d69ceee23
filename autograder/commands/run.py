"""`grade PATH`: grade a submission."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder import HINT_LEVELS, SANDBOXES
from autograder.commands import complete
from autograder.commands.progress import progress, recording
from autograder.errors import WrongUsage

if TYPE_CHECKING:
    from autograder.engine import Selected


@click.command("run", hidden=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-t", "--topic", "topics", multiple=True, shell_complete=complete.topic, help="Only this topic; may be repeated."
)
@click.option("-k", "--keyword", help="Only checks whose identifier (topic/exercise/check) holds this text.")
@click.option(
    "--json", "json_path", metavar="FILE", help="Write the report as JSON; - for standard output, and nothing else there."
)
@click.option(
    "--sandbox", type=click.Choice(SANDBOXES), help="The wall's backend; default: what the course or the machine has."
)
@click.option("--hints", type=click.Choice(HINT_LEVELS), help="How much is told; default: what the course says, else full.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Topics graded at a time; default: one for each processor.")
@click.option(
    "--course", type=click.Path(path_type=Path), help="A course.toml; default: the one in the working folder, if any."
)
def run(
    path: Path,
    topics: tuple[str, ...],
    keyword: str | None,
    json_path: str | None,
    sandbox: str | None,
    hints: str | None,
    jobs: int | None,
    course: Path | None,
) -> None:
    """Grade a submission.

    \b
    Examples:
      grade submission/
      grade submission/ -t activations --hints sentence
      grade layers.py --json -
    """
    import msgspec

    from autograder.course import read_course
    from autograder.declare import load_topic
    from autograder.engine import grade, wanted_topics
    from autograder.report import to_json
    from autograder.submission import read_submission

    settings = read_course(course, path)
    settings = msgspec.structs.replace(settings, sandbox=sandbox or settings.sandbox, hints=hints or settings.hints)
    for topic in topics:
        load_topic(topic)
    submission = read_submission(path)
    if not topics and path.is_file():
        topics = tuple(submission.modules)
    selected = _selection(keyword, wanted_topics(settings, submission, list(topics)))
    with recording() as recorded, progress("grading") as watch:
        report = grade(submission, settings, list(topics) or None, jobs or 0, selected, recorded, watch)
    if json_path == "-":
        sys.stdout.buffer.write(to_json(report))
    else:
        if json_path:
            _write(Path(json_path), to_json(report))
        _print(report, submission.name)
    sys.exit(report.exit_code)


def _selection(keyword: str | None, topics: list[str]) -> Selected | None:
    """Says which checks a keyword selects. Raises WrongUsage where it selects none."""
    from autograder.declare import load_topic

    if keyword is None:
        return None
    word = keyword.lower()
    if not any(word in check_id.lower() for topic in topics for check_id, _, _ in load_topic(topic).checks()):
        raise WrongUsage(f"No check's identifier holds {keyword!r}; they look like layers/Dense.backward/slope.")
    return lambda check_id, _: word in check_id.lower()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WrongUsage(f"The report cannot be written to {path} ({error.strerror}).") from None


def _print(report: Any, name: str) -> None:
    from rich.console import Console

    from autograder.render.terminal import print_report

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=100, no_color=True)
    print_report(report, name, console)
