"""What `grade check` prints: topics with a line an exercise, what to mend first, and the sum."""

from __future__ import annotations

import io
import sys
from pathlib import PurePosixPath

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from autograder.at_home.checking import UNIT, Findings, at_hand_in
from autograder.declare.catalogue import OURS, Catalogue
from autograder.render.terminal import narrowed, print_fixes, print_legend, print_topic
from autograder.statuses import SENTENCES
from autograder.submission.read import Submission
from autograder.text import counted, line_with, plain

SIGNS = "✓✗○✎"


def standard_console() -> Console:
    """Standard output, with colours in a terminal; as UTF-8 where its own encoding has no signs."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        try:
            SIGNS.encode(sys.stdout.encoding)
        except (UnicodeEncodeError, LookupError):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=100, no_color=True)
    return narrowed(console)


def print_part(found: Findings, where: str, console: Console, verbose: bool = False, catalogue: Catalogue = OURS) -> None:
    """What was found in one topic, as soon as it is known. where: the file that was read. verbose: what each check asks."""
    for topic in found.topics:
        print_topic(topic, console, UNIT, plain(where), verbose, at_hand_in(topic.name, catalogue))
    if found.quizzes:
        console.print(Text.assemble((PurePosixPath(where).stem, "bold"), (f"  {plain(where)}", "dim")))
    for said in found.quizzes:
        console.print(Padding(Text(plain(said, 2000)), (0, 0, 0, 2), expand=False))


def print_end(found: Findings, console: Console, verbose: bool = False, submission: Submission | None = None) -> None:
    """What to mend first in all topics, notes, the sum, and what comes next. submission: in which to say where that is."""
    report = found.merged()
    if report is not None:
        print_legend(report.topics, console, verbose)
        print_fixes(report, console, UNIT, submission.file_names if submission else {})
    for notice in found.notices:
        console.print(Text(f"Note: {plain(notice, 500)}", style="yellow"))
    for fault in found.faults:
        console.print(Text(plain(fault, 500), style="red"))
    console.print(Text(found.summary(), style=_style(found)))
    if submission is not None and (said := next_step(found, submission)):
        console.print(Text(said, style="dim"))


def next_step(found: Findings, submission: Submission) -> str:
    """What to write next, where nothing is to be mended; what more is asked, where all is right; else nothing."""
    if found.faults or found.count() != found.count("passed", "todo", "missing"):
        return ""
    for topic in found.topics:
        for exercise in topic.exercises:
            waiting = [check for check in exercise.checks if check.status in ("todo", "missing")]
            said = {check.diagnosis.text for check in waiting if check.diagnosis} - set(SENTENCES.values())
            if waiting and not said:
                return _to_write(exercise.name, topic.name, submission)
            if waiting and found.notices and all(check.status == "missing" for check in waiting):
                return f"Next: {exercise.name}, which is not there; the notes say what is in its way."
            if waiting:
                return f"Next: {exercise.name}, in {plain(submission.modules[topic.name].path)}. {min(said)}"
    more = sum(
        sum(at_hand_in(topic.name, submission.catalogue).get(e.name, 0) for e in topic.exercises) for topic in found.topics
    )
    return f"{counted(more, UNIT)} are asked when you hand in: on other inputs, and in more ways." if found.topics else ""


def _to_write(exercise: str, topic: str, submission: Submission) -> str:
    """Which stub to fill in, and where it stands."""
    module = submission.modules[topic]
    name = exercise.split(".", maxsplit=1)[0]
    text = submission.files[module.path].decode("utf-8", "replace")
    line = 0 if module.cells else line_with(text, f"def {name}(") or line_with(text, f"class {name}")
    where = plain(module.path) + (f", line {line}" if line else "")
    return (
        f"Next: {exercise}, in {where}. Put your code in the place of `# YOUR CODE HERE` and the line after it, save, and say "
        "`grade check` again."
    )


def _style(found: Findings) -> str:
    return {0: "bold green", 1: "bold"}.get(found.exit_code, "bold red")
