"""What `grade check` prints: topics with a line an exercise, what to mend first, and the sum."""

from __future__ import annotations

import io
import sys
from pathlib import PurePosixPath

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from autograder.at_home.checking import UNIT, Findings
from autograder.render.terminal import narrowed, print_fixes, print_topic
from autograder.text import plain

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


def print_part(found: Findings, where: str, console: Console) -> None:
    """What was found in one topic, as soon as it is known. where: the file that was read."""
    for topic in found.topics:
        print_topic(topic, console, UNIT, plain(where))
    if found.quizzes:
        console.print(Text.assemble((PurePosixPath(where).stem, "bold"), (f"  {plain(where)}", "dim")))
    for said in found.quizzes:
        console.print(Padding(Text(plain(said, 2000)), (0, 0, 0, 2), expand=False))


def print_end(found: Findings, console: Console) -> None:
    """What to mend first in all topics, notes, and the sum."""
    report = found.merged()
    if report is not None:
        print_fixes(report, console, UNIT)
    for notice in found.notices:
        console.print(Text(f"Note: {plain(notice, 500)}", style="yellow"))
    for fault in found.faults:
        console.print(Text(plain(fault, 500), style="red"))
    console.print(Text(found.summary(), style=_style(found)))


def _style(found: Findings) -> str:
    return {0: "bold green", 1: "bold"}.get(found.exit_code, "bold red")
