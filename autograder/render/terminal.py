"""The report in a terminal: a line an exercise, then the three things to fix first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.render.words import (
    LONGEST_VALUE,
    ONCE,
    THINGS_TO_FIX,
    before_all,
    check_sign,
    edits_words,
    example_rows,
    failed_names,
    fix_words,
    fixes_heading,
    fixes_of,
    fold_row,
    follows_words,
    in_rows,
    place_link,
    place_rows,
    remark_of,
    short_name,
    sign_of,
)
from autograder.report import Example, ExerciseReport, Fix, Report, TopicReport
from autograder.text import counted, of_all, plain

# A line of text is read most easily below some hundred characters, however wide the terminal is.
WIDEST = 100
# In fewer columns there is no room beside a name: what is told of an exercise stands below it, and a matrix below its own.
NARROW = 64
# So much room is left behind a name and its score for what is told of an exercise; a name that is longer yet goes on below.
REMARK = 24

# In which file of a submission each topic is, where that is another than a module of its name.
Files = Mapping[str, str]
_NAMED_ALIKE: Files = MappingProxyType({})


def print_report(report: Report, name: str, console: Console, verbose: bool = False, files: Files = _NAMED_ALIKE) -> None:
    """Print a report. Text of the submission's has been made plain when the report was built, and is no markup here.

    verbose: under an exercise that is not right, what each of its checks asks. files: in which file each topic is.
    """
    console = narrowed(console)
    console.print(Text.assemble((plain(name), "bold"), "  ", _points(report.score, report.max_score, "points")))
    for topic in report.topics:
        console.print()
        print_topic(topic, console, verbose=verbose)
    print_legend(report.topics, console, verbose)
    print_fixes(report, console, files=files)
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


def print_topic(
    topic: TopicReport,
    console: Console,
    unit: str = "",
    where: str = "",
    verbose: bool = False,
    later: Mapping[str, int] | None = None,
) -> None:
    """A topic's line, and one for each of its exercises; a problem in place of these.

    unit: what scores count, in the plural, where it is to be said. where: the file that was read, likewise. verbose: under an
    exercise that is not right, what each of its checks asks. later: how many checks each exercise has when it is handed in.
    """
    points = _points(topic.score, topic.max_score, unit)
    console.print(Text.assemble((topic.name, "bold"), "  ", points, (f"  {where}" if where else "", "dim")))
    if topic.problem:
        console.print(Padding(Text(topic.problem, style="red"), (0, 0, 0, 2)))
        return
    score_width = max(len(_score(exercise, later)) for exercise in topic.exercises)
    widest = max(16, console.width - score_width - 6 - (0 if console.width < NARROW else REMARK))
    name_width = min(max(len(exercise.name) for exercise in topic.exercises), widest)
    for exercise in topic.exercises:
        sign = sign_of(exercise)
        style = _STYLES[sign.meaning]
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", width=name_width)
        table.add_column(justify="right", no_wrap=True, width=score_width)
        begin = (
            Text(f"  {sign.mark}", style=style),
            _folded(exercise.name, name_width),
            Text(_score(exercise, later), style=style),
        )
        remark = Text(_remark(exercise, later), style="dim")
        if console.width < NARROW:
            table.add_row(*begin)
            console.print(table)
            if remark:
                console.print(Padding(remark, (0, 0, 0, 6), expand=False))
        else:
            table.add_column(overflow="fold")
            table.add_row(*begin, remark)
            console.print(table)
        if verbose and sign.meaning != "right":
            _print_checks(exercise, console)


def _folded(name: str, width: int) -> str:
    """A name on lines of this width, which end behind one of its words.

    >>> _folded("softmax_gradient.from_logits", 20).splitlines()
    ['softmax_gradient.', 'from_logits']
    """
    lines = [""]
    for word in re.findall(r"[^._]*[._]|[^._]+", name):
        if lines[-1] and len(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def _score(exercise: ExerciseReport, later: Mapping[str, int] | None) -> str:
    score = f"{exercise.score:g}/{exercise.max_score:g}"
    return score if later is None else f"{score} here"


def _remark(exercise: ExerciseReport, later: Mapping[str, int] | None) -> str:
    count = (later or {}).get(exercise.name, 0)
    told = [f"{count} at hand-in"] if count else []
    return "; ".join([*told, remark] if (remark := remark_of(exercise)) else told)


def _print_checks(exercise: ExerciseReport, console: Console) -> None:
    """What each check of an exercise asks, under the exercise."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold", style="dim")
    for check in exercise.checks:
        sign = check_sign(check)
        table.add_row(Text(f"      {sign.mark}", style=_STYLES[sign.meaning]), short_name(check), check.sentence)
    console.print(table)


def print_legend(topics: Sequence[TopicReport], console: Console, verbose: bool) -> None:
    """How to find out what the names of checks mean, where any was told and the report knows their sentences."""
    exercises = [exercise for topic in topics if not topic.problem for exercise in topic.exercises]
    told = next((names for exercise in exercises if (names := failed_names(exercise))), ())
    known = any(check.sentence for exercise in exercises for check in exercise.checks)
    if told and known and not verbose:
        console.print(Text(f"What a check such as {told[0]} asks: say it again with -v.", style="dim"))


# The colour of each sign's meaning, and of each row of an example.
_STYLES = {"right": "green", "wrong": "red", "open": "dim", "manual": "cyan"}
_ROW_STYLES = {"input": "", "answer": "red", "expected": "green"}


def print_fixes(report: Report, console: Console, unit: str = "points", files: Files = _NAMED_ALIKE) -> None:
    """What to mend first. unit: what scores count, in the plural."""
    fixes = fixes_of(report)
    if not fixes:
        return
    console.print()
    shown = fixes[:THINGS_TO_FIX]
    for words in before_all(report):
        console.print(Text(words, style="bold"))
    console.print(Text(fixes_heading(len(fixes)), style="bold"))
    seen: dict[tuple[str, str], int] = {}
    for place, (topic, fix) in enumerate(shown, 1):
        if place > 1:
            console.print()
        print_fix(f"{place}. ", topic, fix, console, unit, seen, place, files)
    if len(fixes) > len(shown):
        console.print(Text(f"And {len(fixes) - len(shown)} more; they will be shown when these are mended.", style="dim"))
    console.print()


def print_fix(
    begin: str,
    topic: TopicReport,
    fix: Fix,
    console: Console,
    unit: str = "points",
    seen: dict[tuple[str, str], int] | None = None,
    place: int = 1,
    files: Files = _NAMED_ALIKE,
) -> None:
    """One thing to mend, with the smallest input that shows it. begin: what its first line begins with.

    seen: long values that were printed before, each with the place of what it belongs to; this one's are added.
    """
    where = f"{plain(place_link(fix.place))}:" if fix.place else plain(files.get(topic.name, f"{topic.name}.py"))
    head = Text.assemble(begin, (f"{fix.exercise}", "bold"), (f"  {where}", "dim"))
    points = Text(f"  {counted(fix.points, unit)}" if fix.points else "", style="yellow")
    console.print(head + points)
    for line in filter(None, fix_words(topic, fix)):
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
        rows = _example(fix.example, {} if seen is None else seen, place)
        console.print(Padding(_below(rows, console.width - 3) if console.width < NARROW else _beside(rows), (0, 0, 0, 3)))


def _example(example: Example, seen: dict[tuple[str, str], int], place: int) -> list[tuple[str, Text]]:
    """What each row of an example is, and its value."""
    rows = []
    for name, value, kind in example_rows(example):
        before = seen.setdefault((name, value), place) if kind == "input" and len(value) > ONCE else place
        shown = in_rows(value, LONGEST_VALUE) if before == place else f"as in {before}"
        rows.append((plain(name), Text(shown, style=_ROW_STYLES[kind] if before == place else "dim")))
    return rows


def _beside(rows: list[tuple[str, Text]]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table


def _below(rows: list[tuple[str, Text]], width: int) -> Group:
    """The same in a narrow terminal: a value that does not fit beside its name stands below it, its long rows folded."""
    indent = 1 + max(len(name) for name, _ in rows)
    if all(len(line) <= width - indent for _, value in rows for line in value.plain.splitlines()):
        return Group(_beside(rows))
    told: list[Text] = []
    for name, value in rows:
        lines = [folded for line in value.plain.splitlines() for folded in fold_row(line, width - 2)]
        told += [Text(name, style="dim"), *(Text(f"  {line}", style=value.style) for line in lines)]
    return Group(*told)
