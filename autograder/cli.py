"""The command `grade`: a thin shell around functions that a program can call too."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder import HINT_LEVELS, SANDBOXES, __version__
from autograder.errors import GradeError, WrongUsage

if TYPE_CHECKING:
    from autograder.engine import Selected


class _Commands(click.Group):
    """A group whose first argument may also be a path: `grade submission/` is `grade run submission/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h", "--version"):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GradeError as error:
            click.echo(f"grade: {error}", err=True)
            ctx.exit(error.exit_code)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of grading stand here too, as grading is what the command is for."""
        records = [record for param in run.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
        with formatter.section("Options of grading"):
            formatter.write_dl(records)
        self.format_commands(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "PATH [OPTIONS]  |  COMMAND [ARGS]...")


def _complete_topic(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare import topic_names

    return [name for name in topic_names() if name.startswith(incomplete)]


def _complete_check(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare import load_topic, topic_names

    found = [check_id for name in topic_names() for check_id, _, check in load_topic(name).checks() if check.public]
    return [check_id for check_id in found if check_id.startswith(incomplete)]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=False)
@click.version_option(__version__, prog_name="grade")
def main() -> None:
    """Grade a submission: a folder, or one module such as layers.py.

    \b
    Examples:
      grade submission/                  all topics found in the folder
      grade layers.py                    one module
      grade submission/ -t layers -k backward
      grade submission/ --json report.json
      grade ./show                       a folder that is called like a command

    Exit code: 0 all points, 1 not all, 2 wrong usage or nothing to grade, 3 the grader's own fault.
    """
    logging.basicConfig(format="grade: %(message)s", level=logging.WARNING, stream=sys.stderr)


@main.command("run", hidden=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-t", "--topic", "topics", multiple=True, shell_complete=_complete_topic, help="Only this topic; may be repeated."
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
    with _recording() as progress, _progress("grading") as watch:
        report = grade(submission, settings, list(topics) or None, jobs or 0, selected, progress, watch)
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


# What takes no longer than this shows no bar: a bar that flashes up and is gone is noise.
PATIENCE_SECONDS = 1.5


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Progress on standard error: in a terminal a bar for each topic, once it has taken a while; else nothing."""
    if not sys.stderr.isatty():
        yield lambda topic, done, total: None
        return
    begun = time.monotonic()
    bars: dict[str, Any] = {}
    with ExitStack() as stack:

        def advance(topic: str, done: int, total: int) -> None:
            if time.monotonic() - begun < PATIENCE_SECONDS:
                return
            if "" not in bars:
                bars[""] = stack.enter_context(_bar(what))
            if topic not in bars:
                bars[topic] = bars[""].add_task(topic, total=total)
            bars[""].update(bars[topic], completed=done)

        yield advance


def _bar(what: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what + " {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)


@contextmanager
def _recording() -> Iterator[Callable[[str, int, int], None]]:
    """Progress of recording: a bar in a terminal, and elsewhere a line a topic, as it happens once and takes seconds."""
    with _progress("recording") as bar:

        def advance(topic: str, done: int, total: int) -> None:
            if done == 0 and not sys.stderr.isatty():
                click.echo(f"recording the answers of {topic} (once for this course)", err=True)
            bar(topic, done, total)

        yield advance


@main.command()
@click.argument("topics", nargs=-1, shell_complete=_complete_topic)
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its secret.")
@click.option("--without-keras", is_flag=True, help="Record without asking Keras, even where it is installed.")
def record(topics: tuple[str, ...], course: Path | None, without_keras: bool) -> None:
    """Record the answers of reference, Keras and misconceptions, once for a course's secret.

    \b
    Examples:
      grade record                       all topics
      grade record layers optimizers
      grade record --course course.toml
    """
    from autograder import answers as store
    from autograder.course import read_course
    from autograder.declare import load_topic, topic_names
    from autograder.record import keras_is_here, record_topic

    secret = read_course(course).secret
    for topic in topics:
        load_topic(topic)
    with_keras = keras_is_here() and not without_keras
    if not with_keras:
        why = "as you say" if without_keras else "as it is not installed: pip install 'nablagrade[keras]'"
        click.echo(f"Keras is not asked, {why}. The reference alone answers.", err=True)
    with _recording() as progress:
        for topic in topics or topic_names():
            made = record_topic(topic, secret, with_keras=with_keras, progress=progress)
            store.save(made, store.record_path(topic, secret))
            asked = sum(bool(check.keras) for check in made.checks)
            agreed = f", {asked} checks agreed with Keras {made.keras_version}" if asked else ""
            click.echo(f"{topic}: {len(made.checks)} checks, {len(made.misconceptions)} misconceptions{agreed}")


@main.command()
@click.argument("check", shell_complete=_complete_check)
@click.option("--course", type=click.Path(path_type=Path), help="A course.toml, for its secret.")
def show(check: str, course: Path | None) -> None:
    """Print what a public check asks: its sentence, what it calls, its inputs and the right answers.

    \b
    Example:
      grade show activations/sigmoid/value
    """
    from autograder.course import read_course
    from autograder.show import describe_check

    click.echo(describe_check(check, read_course(course).secret))


def _complete_question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.quiz.questions import read_quiz

    return [question.id for question in read_quiz("concepts").questions if question.id.startswith(incomplete)]


@main.command()
@click.argument("file", default="concepts.py", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--question", metavar="ID", shell_complete=_complete_question, help="Only this one, answered or not.")
@click.option("--student", metavar="NAME", help="Whose order of choices; default: the name you are logged in with.")
@click.option("--seed", metavar="TEXT", help="The order of choices, in place of a student's.")
@click.option("--check", is_flag=True, help="Ask nothing; say what is open, and which answers cannot be read.")
def quiz(file: Path, question: str | None, student: str | None, seed: str | None, check: bool) -> None:
    """Ask the questions of the topic concepts, and write the answers into FILE as you go (default: concepts.py).

    Nothing is graded here, and no right answer is used. Enter alone leaves a question open, Ctrl-C ends; all is kept.

    \b
    Examples:
      grade quiz                         what is still open, into concepts.py
      grade quiz submission/concepts.py --student "Ada Lovelace"
      grade quiz --question why_no_steps
      grade quiz --check
    """
    from autograder.quiz.ask import ask_quiz, login_name
    from autograder.quiz.questions import read_quiz
    from autograder.quiz.sheet import findings, open_sheet

    questions = read_quiz("concepts")
    sheet = open_sheet(file, questions)
    if not check:
        ask_quiz(questions, sheet, seed or student or login_name(), question)
        return
    still_open, wrong = findings(questions, sheet)
    for name, problem in wrong:
        click.echo(f"{name}: {problem}")
    click.echo(
        f"{len(still_open)} of {len(questions.questions)} questions are open"
        + (": " if still_open else ".")
        + ", ".join(still_open)
    )
    sys.exit(1 if wrong or still_open else 0)


@main.command()
def schema() -> None:
    """Print the JSON schema of a report.

    \b
    Example:
      grade schema > report.schema.json
    """
    import json

    from autograder.report import schema as report_schema

    click.echo(json.dumps(report_schema(), indent=1))


@main.command()
def doctor() -> None:
    """Say what this machine can do, and what is missing.

    \b
    Example:
      grade doctor
    """
    from autograder.doctor import findings

    healthy = True
    for finding in findings():
        healthy &= finding.good or not finding.needed
        mark = "ok     " if finding.good else "MISSING" if finding.needed else "-      "
        click.echo(f"{mark} {finding.what}: {finding.said}")
    sys.exit(0 if healthy else 3)


if __name__ == "__main__":
    main()
