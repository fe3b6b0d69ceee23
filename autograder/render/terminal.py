"""The report in a terminal: a line an exercise, then the three things to fix first."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.render.words import (
    THINGS_TO_FIX,
    edits_words,
    example_rows,
    fixes_heading,
    fixes_of,
    follows_words,
    place_link,
    place_rows,
    remark_of,
    sign_of,
)
from autograder.report import Example, Fix, Report, TopicReport
from autograder.text import counted, of_all, plain

# An input is there to be understood; the JSON report has it whole.
LONGEST_VALUE = 240
# A line of text is read most easily below some hundred characters, however wide the terminal is.
WIDEST = 100


def print_report(report: Report, name: str, console: Console) -> None:
    """Print a report. Text of the submission's has been made plain when the report was built, and is no markup here."""
    console = narrowed(console)
    console.print(Text.assemble((plain(name), "bold"), "  ", _points(report.score, report.max_score, "points")))
    for topic in report.topics:
        console.print()
        print_topic(topic, console)
    print_fixes(report, console)
    for notice in report.notices:
        console.print(Text(f"Note: {notice}", style="yellow"))
    if report.not_found:
        console.print(Text(f"Not in this submission: {', '.join(report.not_found)}.", style="dim"))
    seconds = report.timing.total_seconds
    wall = f"behind the wall ({report.timing.sandbox_backend})" if report.sandbox.enforced else "without a sandbox"
    console.print(Text(f"Graded {wall} in {seconds:.2f} s.", style="dim"))


def narrowed(console: Console) -> Console:
    """The console, no wider than people read."""
    console.width = min(console.width, WIDEST)
    return console


def _points(score: float, most: float, unit: str = "") -> Text:
    style = "green" if score == most else "red" if score == 0 else "yellow"
    return Text(of_all(score, most, unit), style=style)


def print_topic(topic: TopicReport, console: Console, unit: str = "", where: str = "") -> None:
    """A topic's line, and one for each of its exercises; a problem in place of these.

    unit: what scores count, in the plural, where it is to be said. where: the file that was read, likewise.
    """
    points = _points(topic.score, topic.max_score, unit)
    console.print(Text.assemble((topic.name, "bold"), "  ", points, (f"  {where}" if where else "", "dim")))
    if topic.problem:
        console.print(Padding(Text(topic.problem, style="red"), (0, 0, 0, 2)))
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=max(16, console.width // 3))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for exercise in topic.exercises:
        sign = sign_of(exercise)
        style = _STYLES[sign.meaning]
        score = Text(f"{exercise.score:g}/{exercise.max_score:g}", style=style)
        table.add_row(Text(f"  {sign.mark}", style=style), exercise.name, score, Text(remark_of(exercise), style="dim"))
    console.print(table)


# The colour of each sign's meaning, and of each row of an example.
_STYLES = {"right": "green", "wrong": "red", "open": "dim", "manual": "cyan"}
_ROW_STYLES = {"input": "", "answer": "red", "expected": "green"}


def print_fixes(report: Report, console: Console, unit: str = "points") -> None:
    """What to mend first. unit: what scores count, in the plural."""
    fixes = fixes_of(report)
    if not fixes:
        return
    console.print()
    shown = fixes[:THINGS_TO_FIX]
    console.print(Text(fixes_heading(len(fixes)), style="bold"))
    for place, (topic, fix) in enumerate(shown, 1):
        print_fix(f"{place}. ", topic, fix, console, unit)
    if len(fixes) > len(shown):
        console.print(Text(f"And {len(fixes) - len(shown)} more; they will be shown when these are mended.", style="dim"))
    console.print()


def print_fix(begin: str, topic: TopicReport, fix: Fix, console: Console, unit: str = "points") -> None:
    """One thing to mend, with the smallest input that shows it. begin: what its first line begins with."""
    where = f"{plain(place_link(fix.place))}:" if fix.place else f"{topic.name}.py"
    head = Text.assemble(begin, (f"{fix.exercise}", "bold"), (f"  {where}", "dim"))
    points = Text(f"  {counted(fix.points, unit)}" if fix.points else "", style="yellow")
    console.print(head + points)
    body = [fix.evidence, fix.text] if fix.evidence else [fix.text]
    for line in body:
        console.print(Padding(Text(line), (0, 0, 0, 3), expand=False))
    if fix.follows:
        console.print(Padding(Text(follows_words(fix)), (0, 0, 0, 3), expand=False))
    if fix.misconception:
        console.print(Padding(Text(f"[{fix.misconception}]", style="cyan"), (0, 0, 0, 3), expand=False))
    if edits := edits_words(fix):
        console.print(Padding(Text(edits), (0, 0, 0, 3), expand=False))
    for words, line in place_rows(fix.place) if fix.place else ():
        console.print(Padding(Text.assemble(words, " " if line else "", (line, "bold")), (0, 0, 0, 3), expand=False))
    if fix.example:
        console.print(Padding(_example_table(fix.example), (0, 0, 0, 3), expand=False))


def _example_table(example: Example) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value, kind in example_rows(example):
        table.add_row(plain(name), Text(_cut(value), style=_ROW_STYLES[kind]))
    return table


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE].rsplit(" ", 1)[0] + " ..."
