"""The command `grade`: a thin shell around functions that a program can call too."""

from __future__ import annotations

import contextlib
import errno
import importlib
import keyword
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from autograder._version import __version__
from autograder.errors import GradeError, GraderFault, WrongUsage
from autograder.text import plain

# What is installed under another name than it is imported by.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
# As shells tell of a process that a signal ended; 1 would say that a submission was graded.
INTERRUPTED, TERMINATED = 130, 143
# The subcommands, in the order of a course; each is the function of its name in autograder/commands/<name>.py.
COMMANDS = (
    "init", "release", "check", "quiz", "record", "nbgrader", "gradescope", "import", "class", "marks", "feedback", "diff",
    "regrade", "sheet", "total", "learn", "show", "schema", "doctor",
)  # fmt: skip
# Those that students have use for; the others are for who runs a course.
FOR_STUDENTS = ("check", "quiz")
# What marks a kit's root, as autograder/at_home/public.py says, which takes NumPy to load.
KIT_FILE = "kit.json"

_IN_A_KIT = """Work on a kit: check your own files, and answer its quiz.

\b
Examples:
  grade check                        everything in the working folder
  grade check layers/layers.py --watch
  grade quiz concepts/concepts.py

What each command can do: grade check --help.
"""


class _Commands(click.Group):
    """A group whose first argument may also be a path: `grade submission/` is `grade run submission/`.

    A subcommand is imported when it is asked for, so that none costs another its imports.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in (*COMMANDS, "run"):
            return None
        # `import` is a word of Python's own: its file and its function have an underscore behind it.
        called = f"{name}_" if keyword.iskeyword(name) else name
        command: click.Command = getattr(importlib.import_module(f"autograder.commands.{called}"), called)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Subcommands, and files: the first argument may be either."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*COMMANDS, "run", "--help", "-h", "--version"):
            if not ctx.resilient_parsing and (said := _no_command(args)):
                click.echo(f"grade: {said}", err=True)
                ctx.exit(WrongUsage.exit_code)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GradeError as error:
            click.echo(f"grade: {error}", err=True)
            ctx.exit(error.exit_code)
        except ModuleNotFoundError as error:
            library = (error.name or "").partition(".")[0]
            if library in ("", "autograder"):
                raise
            wanted = DISTRIBUTIONS.get(library, library)
            click.echo(f"grade: This needs {wanted}, which is not installed: pip install {wanted}", err=True)
            ctx.exit(GraderFault.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads our output has gone: Click ends quietly
                raise
            # No path that we make is as long as this: it is one that was given.
            if error.errno == errno.ENAMETOOLONG:
                click.echo("grade: A path is longer than this system allows; give a shorter one.", err=True)
                ctx.exit(WrongUsage.exit_code)
            where = f"{error.filename}" if error.filename else "the output"
            click.echo(f"grade: {plain(where)} cannot be read or written ({error.strerror or error}).", err=True)
            _forget_output()
            ctx.exit(GraderFault.exit_code)
        except KeyboardInterrupt:
            click.echo("grade: interrupted; nothing was left half-written.", err=True)
            ctx.exit(INTERRUPTED)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """In a kit what is said to students, whose command this is there."""
        if _in_a_kit():
            shown = click.Command("grade", help=_IN_A_KIT)
            shown.format_help_text(ctx, formatter)
        else:
            super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands of who asks, then the others, then the options of grading, as that is what the command does alone."""
        run = self.get_command(ctx, "run")
        assert run is not None
        others = tuple(name for name in COMMANDS if name not in FOR_STUDENTS)
        lists = [("For instructors", others), ("For students", FOR_STUDENTS)]
        for title, names in reversed(lists) if _in_a_kit() else lists:
            self._write_commands(ctx, formatter, title, names)
        records = [record for param in run.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
        with formatter.section("Options of grading, which is for instructors" if _in_a_kit() else "Options of grading"):
            formatter.write_dl(records)

    def _write_commands(self, ctx: click.Context, formatter: click.HelpFormatter, title: str, names: tuple[str, ...]) -> None:
        found = [(name, command) for name in names if (command := self.get_command(ctx, name)) is not None]
        limit = formatter.width - 6 - max(len(name) for name, _ in found)
        with formatter.section(title):
            formatter.write_dl([(name, command.get_short_help_str(limit)) for name, command in found])

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "PATH [OPTIONS]  |  COMMAND [ARGS]...")


def _in_a_kit() -> bool:
    """Whether the working folder lies in a kit."""
    try:
        here = Path.cwd()
    except OSError:  # it was deleted
        return False
    return any((folder / KIT_FILE).is_file() for folder in (here, *here.parents))


def _no_command(args: list[str]) -> str:
    """What is wrong with a first argument that is neither a path nor a command; empty where grading it says that better."""
    word = args[0]
    if word.startswith("-") or set(word) & set("./\\") or os.path.lexists(word):
        return ""
    import difflib

    near = difflib.get_close_matches(word, COMMANDS, 1)
    if not near and (len(args) == 1 or args[1].startswith("-")):
        return ""
    hint = f"; did you mean {near[0]}?" if near else "."
    return f"There is no file or folder {plain(word)}, and no command of that name{hint}"


def _forget_output() -> None:
    """Throw away what standard output could not take, lest Python tries once more at its end and complains."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_in_order() -> None:
    """Have a signal to end do so by an exception, so that workers end and their folders are removed; a second one waits."""

    def once(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(TERMINATED)

    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, once)
        signal.signal(signal.SIGTERM, once)


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
    _end_in_order()
    logging.basicConfig(format="grade: %(message)s", level=logging.WARNING, stream=sys.stderr)


if __name__ == "__main__":
    main()
