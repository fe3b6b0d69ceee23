"""The report in a terminal: a line an exercise, then the three things to fix first."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.diagnose.signatures import plain
from autograder.report import ExerciseReport, Fix, Report, TopicReport

THINGS_TO_FIX = 3
# An input is there to be understood; the JSON report has it whole.
LONGEST_VALUE = 240
# A line of text is read most easily below some hundred characters, however wide the terminal is.
WIDEST = 100


def print_report(report: Report, name: str, console: Console) -> None:
    """Print a report. Text of the submission's has been made plain when the report was built, and is no markup here."""
    console = _narrowed(console)
    console.print(Text.assemble((plain(name), "bold"), "  ", _points(report.score, report.max_score, "points")))
    for topic in report.topics:
        console.print()
        _print_topic(topic, console)
    _print_fixes(report, console)
    for notice in report.notices:
        console.print(Text(f"Note: {notice}", style="yellow"))
    if report.not_found:
        console.print(Text(f"Not in this submission: {', '.join(report.not_found)}.", style="dim"))
    seconds = report.timing.total_seconds
    wall = f"behind the wall ({report.timing.sandbox_backend})" if report.sandbox.enforced else "without a sandbox"
    console.print(Text(f"Graded {wall} in {seconds:.2f} s.", style="dim"))


def _narrowed(console: Console) -> Console:
    console.width = min(console.width, WIDEST)
    return console


def _points(score: int, most: int, unit: str = "") -> Text:
    style = "green" if score == most else "red" if score == 0 else "yellow"
    return Text(f"{score} of {most} {unit}".rstrip(), style=style)


def _print_topic(topic: TopicReport, console: Console) -> None:
    console.print(Text.assemble((topic.name, "bold"), "  ", _points(topic.score, topic.max_score)))
    if topic.problem:
        console.print(Padding(Text(topic.problem, style="red"), (0, 0, 0, 2)))
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=max(16, console.width // 3))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for exercise in topic.exercises:
        sign, style = _sign(exercise)
        score = Text(f"{exercise.score}/{exercise.max_score}", style=style)
        table.add_row(Text(f"  {sign}", style=style), exercise.name, score, Text(_remark(exercise), style="dim"))
    console.print(table)


def _sign(exercise: ExerciseReport) -> tuple[str, str]:
    if any(check.status == "manual" for check in exercise.checks):
        return "✎", "cyan"
    if exercise.score == exercise.max_score and all(check.status == "passed" for check in exercise.checks):
        return "✓", "green"
    if all(check.status in ("todo", "missing", "passed") for check in exercise.checks):
        return "○", "dim"
    return "✗", "red"


def _remark(exercise: ExerciseReport) -> str:
    """What failed, in a word a check."""
    wrong = [check for check in exercise.checks if check.status not in ("passed", "manual")]
    if not wrong:
        return "for manual grading" if any(check.status == "manual" for check in exercise.checks) else ""
    if all(check.status == "todo" for check in wrong):
        return "to do"
    if len({check.status for check in wrong}) == 1 and wrong[0].status in ("missing", "timeout", "crashed", "grader_error"):
        return _STATUS[wrong[0].status]
    return ", ".join(check.id.rsplit("/", 1)[1] for check in wrong)


_STATUS = {
    "missing": "not there",
    "timeout": "took too long",
    "crashed": "ended the process",
    "grader_error": "the grader's fault",
}


def _print_fixes(report: Report, console: Console) -> None:
    fixes = [(topic, fix) for topic in report.topics for fix in topic.fix_first]
    fixes.sort(key=lambda entry: (entry[1].misconception is None, -entry[1].points))
    if not fixes:
        return
    console.print()
    shown = fixes[:THINGS_TO_FIX]
    many = {1: "One thing to fix", 2: "Two things to fix"}.get(len(fixes), "Three things to fix first")
    console.print(Text(many, style="bold"))
    for place, (topic, fix) in enumerate(shown, 1):
        _print_fix(place, topic, fix, console)
    if len(fixes) > len(shown):
        console.print(Text(f"And {len(fixes) - len(shown)} more; they will be shown when these are mended.", style="dim"))
    console.print()


def _print_fix(place: int, topic: TopicReport, fix: Fix, console: Console) -> None:
    head = Text.assemble(f"{place}. ", (f"{fix.exercise}", "bold"), (f"  {topic.name}.py", "dim"))
    points = Text(f"  {fix.points} {'point' if fix.points == 1 else 'points'}" if fix.points else "", style="yellow")
    console.print(head + points)
    body = [fix.evidence, fix.text] if fix.evidence else [fix.text]
    for line in body:
        console.print(Padding(Text(line), (0, 0, 0, 3), expand=False))
    if fix.misconception:
        console.print(Padding(Text(f"[{fix.misconception}]", style="cyan"), (0, 0, 0, 3), expand=False))
    if fix.example:
        table = Table.grid(padding=(0, 1))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in fix.example.inputs.items():
            table.add_row(plain(name), Text(_cut(value)))
        table.add_row("you answer", Text(_cut(fix.example.answer), style="red"))
        if fix.example.expected:
            table.add_row("right is", Text(_cut(fix.example.expected), style="green"))
        console.print(Padding(table, (0, 0, 0, 3), expand=False))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE].rsplit(" ", 1)[0] + " ..."
