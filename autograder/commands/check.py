"""`grade check`: a student's own files, without a sandbox."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.at_home.checking import Findings, OwnFiles, OwnGrader
    from autograder.at_home.desk import Desk
    from autograder.at_home.process import Process
    from autograder.submission.read import Submission


@click.command()
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("-k", "--keyword", default="", help="Only checks whose identifier (topic/exercise/check) holds this text.")
@click.option("--watch", is_flag=True, help="Check again after every save, and say what changed, until Ctrl-C.")
@click.option("--prints", is_flag=True, help="Show what your code prints; without it that goes nowhere.")
@click.option("-v", "--verbose", is_flag=True, help="What each check asks, under every exercise that is not right.")
@click.option("--html", "html_path", type=click.Path(path_type=Path), metavar="FILE", help="Write the findings as a page.")
def check(path: Path, keyword: str, watch: bool, prints: bool, verbose: bool, html_path: Path | None) -> None:
    """Check your own files with the public cases of your kit: a module, a notebook, or all that a folder holds.

    Your code runs as it does when you run it yourself, without a sandbox. Nothing is handed in, and no network is needed. What
    you have not written yet is to do, and no mistake.

    \b
    Examples:
      grade check                        everything in the working folder
      grade check layers.py
      grade check layers.ipynb -k backward
      grade check layers.py --watch

    Exit code: 0 everything is right, 1 something is wrong or still to do, 2 wrong usage, 3 something could not be checked.
    """
    from autograder.at_home.process import Process
    from autograder.commands.near import refuse_absent
    from autograder.commands.renderings import refuse_code

    refuse_code(html_path)
    refuse_absent(path)
    first = Process(prints=prints)  # NumPy is loaded there while the engine is loaded here
    try:
        sys.exit(_check(path, keyword, watch, html_path, first, prints, verbose))
    finally:
        first.close()


def _check(path: Path, keyword: str, watch: bool, html_path: Path | None, first: Process, prints: bool, verbose: bool) -> int:
    from autograder.commands.progress import progress

    begun = time.monotonic()
    with progress("getting ready", "NumPy and the checks"):
        from autograder.at_home.checking import Findings, OwnFiles, own_grader
        from autograder.at_home.desk import Desk
        from autograder.at_home.telling import print_end, standard_console

        files = OwnFiles(path)
        submission = files.read()
        desk = Desk(files.root, prints=prints, first=first)
    with own_grader(files, desk) as grader:
        check_all = partial(_check_all, grader, keyword=keyword, verbose=verbose, said=begun)
        submission, parts = (
            _until_settled(files, desk, submission, check_all) if watch else (submission, check_all(submission))
        )
        found = Findings.together(parts.values(), submission.notices)
        print_end(found, standard_console(), verbose, submission)
        if html_path is not None:
            _write_page(found, files.path, html_path)
        if not watch:
            return found.exit_code
        from autograder.at_home.watching import watch_files

        watch_files(grader, files, keyword, submission, parts)
        return 0


def _until_settled(
    files: OwnFiles, desk: Desk, submission: Submission, check_all: Callable[[Submission], dict[str, Findings]]
) -> tuple[Submission, dict[str, Findings]]:
    """The first look of who goes on watching: begun anew where something is saved meanwhile, as after every save."""
    from autograder.at_home.watching import stamps
    from autograder.errors import Superseded

    while True:
        seen = stamps(files, submission)
        desk.outdated = lambda looked=submission, seen=seen: stamps(files, looked) != seen  # type: ignore[misc]
        try:
            return submission, check_all(submission)
        except Superseded:
            click.echo("It was saved again; what was running is ended.")
            submission = files.read()


def _check_all(grader: OwnGrader, submission: Submission, keyword: str, verbose: bool, said: float) -> dict[str, Findings]:
    """Check every topic, and print each as it comes. said: when somebody was told something, or began to wait."""
    from autograder.at_home.checking import check_topics
    from autograder.at_home.telling import print_part, standard_console
    from autograder.commands.near import refuse_keyword
    from autograder.commands.progress import progress

    console = standard_console()
    parts = {}
    for name in submission.modules:
        with progress("checking", name, time.monotonic() - said) as grader.watch:
            ((topic, found),) = check_topics(grader, submission, [name], keyword)
        print_part(found, submission.modules[topic].path, console, verbose, submission.catalogue)
        parts[topic], said = found, time.monotonic()
    grader.watch = None
    if keyword and not any(found.reports or found.faults for found in parts.values()):
        checked = [name for name in submission.modules if not submission.catalogue.is_quiz(name)]
        refuse_keyword(
            keyword, (check_id for name in checked for check_id in _asked(grader, submission, name)), "public check"
        )
    return parts


def _asked(grader: OwnGrader, submission: Submission, topic: str) -> set[str]:
    return grader.asked(topic, grader.root / submission.modules[topic].path)


def _write_page(found: Findings, path: Path, html_path: Path) -> None:
    from autograder.at_home.checking import UNIT, at_hand_in
    from autograder.at_home.public import catalogue_near
    from autograder.commands.renderings import write_file
    from autograder.errors import WrongUsage
    from autograder.render.html import report_html

    report = found.merged()
    if report is None:
        raise WrongUsage(f"Nothing was checked that could be written to {html_path}.")
    catalogue = catalogue_near(path)
    later = {topic.name: at_hand_in(topic.name, catalogue) for topic in report.topics}
    write_file(html_path, report_html(report, path.resolve().name, UNIT, later).encode())
    click.echo(f"The page: {html_path}")
