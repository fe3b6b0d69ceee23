"""The words that every renderer shares: an exercise's sign and remark, what a status is called, causes in their order."""

from __future__ import annotations

import heapq
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report import CheckReport, Diagnosis, Example, ExerciseReport, Fix, Place, Report, TopicReport
from autograder.statuses import GOOD, REMARKS, SENTENCES
from autograder.statuses import OPEN as NOT_WRONG

THINGS_TO_FIX = 3


@dataclass(frozen=True)
class Sign:
    """A mark and what it means, for eyes, screen readers and style sheets."""

    mark: str
    meaning: str  # right, wrong, open or manual


RIGHT, WRONG = Sign("✓", "right"), Sign("✗", "wrong")
OPEN, MANUAL = Sign("○", "open"), Sign("✎", "manual")


def sign_of(exercise: ExerciseReport) -> Sign:
    """The sign of a whole exercise: right only where every check passed, open where nothing is written wrongly."""
    if any(check.status == "manual" for check in exercise.checks):
        return MANUAL
    if exercise.score == exercise.max_score and all(check.status == "passed" for check in exercise.checks):
        return RIGHT
    if all(check.status in ("todo", "missing", "passed") for check in exercise.checks):
        return OPEN
    return WRONG


def check_sign(check: CheckReport) -> Sign:
    """The sign of one check."""
    return {"passed": RIGHT, "manual": MANUAL, "todo": OPEN, "missing": OPEN}.get(check.status, WRONG)


def remark_of(exercise: ExerciseReport) -> str:
    """What failed, in a word a check."""
    wrong = [check for check in exercise.checks if check.status not in GOOD]
    if not wrong:
        return REMARKS["manual"] if any(check.status == "manual" for check in exercise.checks) else ""
    if all(check.status == "todo" for check in wrong):
        return _waiting(wrong, whole=len(wrong) == len(exercise.checks))
    if len({check.status for check in wrong}) == 1 and wrong[0].status in ("missing", "timeout", "crashed", "grader_error"):
        return REMARKS[wrong[0].status]
    charged = [short_name(check) for check in wrong if not check.given_back]
    return ", ".join([*charged, "points given back"] if len(charged) < len(wrong) else charged)


def check_remark(check: CheckReport) -> str:
    """What became of one check beside its sign, and of one that is to do what it waits for, where that is known."""
    remark = REMARKS.get(check.status, "")
    return _waiting([check], whole=True) if check.status == "todo" else remark


def failed_names(exercise: ExerciseReport) -> list[str]:
    """The names of checks that :func:`remark_of` tells."""
    said = remark_of(exercise)
    wrong = [short_name(check) for check in exercise.checks if check.status not in GOOD]
    return wrong if said.startswith(", ".join(wrong)) else []


def _waiting(checks: Sequence[CheckReport], whole: bool) -> str:
    """Of an exercise what is to do: itself, or something else that it uses. whole: it has no other checks."""
    said = {check.diagnosis.text for check in checks if check.diagnosis} - {SENTENCES["todo"]}
    if not said:
        return REMARKS["todo"]
    uses = min(said)
    words = f"{uses[0].lower()}{uses[1:].rstrip('.')}"
    return words if whole else f"{', '.join(map(short_name, checks))}: {words}"


def short_name(check: CheckReport) -> str:
    """A check's name in its exercise."""
    return check.id.rsplit("/", 1)[1]


def fixes_of(report: Report) -> list[tuple[TopicReport, Fix]]:
    """What is to be mended in all topics, each topic's in their order: first from what most follows, then of each in turn."""
    ranked = [[(-len(fix.follows), place, topic, fix) for place, fix in enumerate(topic.fix_first)] for topic in report.topics]
    return [(topic, fix) for _, _, topic, fix in heapq.merge(*ranked, key=lambda entry: entry[:2])]


def before_all(report: Report) -> list[str]:
    """What keeps a whole module from being graded, where others have something to fix: it comes before that."""
    there = [topic.problem for topic in report.topics if topic.problem and topic.name not in report.not_found]
    return [f"Before all: {problem}" for problem in there] if fixes_of(report) else []


def follows_words(fix: Fix) -> str:
    """How many exercises a cause explains beside its own, as a sentence; "" for none.

    >>> follows_words(Fix("f", "m", "", "", 1, "", follows=["g"]))
    'One more exercise follows from this: g.'
    """
    if not fix.follows:
        return ""
    count = "One more exercise follows" if len(fix.follows) == 1 else f"{len(fix.follows)} more exercises follow"
    return f"{count} from this: {', '.join(fix.follows)}."


def fixes_heading(count: int) -> str:
    """The heading over the things to fix; at most :data:`THINGS_TO_FIX` of them are shown."""
    return {1: "One thing to fix", 2: "Two things to fix"}.get(count, "Three things to fix first")


def fix_words(topic: TopicReport, fix: Fix) -> tuple[str, str]:
    """What was seen and what it means; of what has no name with the check of which it is said, where others fail otherwise."""
    exercise = next((exercise for exercise in topic.exercises if exercise.name == fix.exercise), None)
    wrong = [check for check in exercise.checks if check.status not in (*GOOD, *NOT_WRONG)] if exercise else []
    shown = next((check for check in wrong if check.id == fix.check), None)
    said = {(check.diagnosis.evidence, check.diagnosis.text) for check in wrong if check.diagnosis}
    if fix.misconception or shown is None or len(said) < 2:
        return fix.evidence, fix.text
    about = f"{short_name(shown)}: "
    return (f"{about}{fix.evidence}", fix.text) if fix.evidence else ("", f"{about}{fix.text}")


@dataclass(frozen=True)
class Cause:
    """One reason for which checks of an exercise fail, with the smallest input that shows it, where it may be shown."""

    checks: tuple[str, ...]
    diagnosis: Diagnosis
    example: Example | None


def causes_of(exercise: ExerciseReport) -> list[Cause]:
    """Why an exercise's checks fail, one entry a reason; a stub that waits is no failure, and a problem has its own line."""
    groups: dict[tuple[str, str], list[CheckReport]] = {}
    for check in exercise.checks:
        if check.diagnosis is not None and check.status not in ("todo", "missing", "not_imported"):
            place = (check.diagnosis.misconception or "", check.diagnosis.text)
            groups.setdefault(place, []).append(check)
    return [_cause(checks) for checks in groups.values()]


def _cause(checks: Sequence[CheckReport]) -> Cause:
    shown = next((check for check in checks if check.example is not None), checks[0])
    assert shown.diagnosis is not None
    return Cause(tuple(map(short_name, checks)), shown.diagnosis, shown.example)


# So much of a value is shown in a terminal; the JSON report has it whole.
LONGEST_VALUE = 240
# A value that is longer than this is not printed again where it was printed before.
ONCE = 60


def in_rows(text: str, longest: int | None = None) -> str:
    """A value with each row of its matrices on a line of its own. longest: no more than so many characters, in whole rows.

    >>> print(in_rows("[[1, 2], [3, 4]]"))
    [[1, 2],
     [3, 4]]
    >>> print(in_rows("a = [[1], [2]]; b = [3]"))
    a = [[1],
         [2]]
    b = [3]
    """
    lines, begin, depth = [""], 0, 0
    position = 0
    while position < len(text):
        sign = text[position]
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if sign == "[" and depth == 1:
            begin = len(lines[-1])
        if sign == "," and depth > 0 and text[position + 1 : position + 3] == " [":
            lines[-1] += sign
            lines.append(" " * (begin + depth))
            position += 2
        elif sign == ";" and depth == 0 and text[position + 1 : position + 2] == " ":
            lines.append("")
            position += 2
        else:
            lines[-1] += sign
            position += 1
    return "\n".join(lines if longest is None else _first_rows(lines, longest))


def fold_row(line: str, width: int) -> list[str]:
    """A matrix's row that is too long for a line: what does not fit stands below its first number.

    >>> fold_row(" [1.25, 2.5, -3.75],", 14)
    [' [1.25, 2.5,', '  -3.75],']
    """
    begin = re.match(r"[^\[]*\[*", line)
    indent = " " * min(len(begin[0]) if begin else 0, width // 2)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _first_rows(lines: Sequence[str], longest: int) -> list[str]:
    """The first rows, as many as are no longer than this together; of the first at least its beginning."""
    if len(lines[0]) > longest:
        return [lines[0][:longest].rsplit(" ", 1)[0] + " ..."]
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line.strip()) > longest:
            return [*kept, " " * (len(line) - len(line.lstrip())) + "..."]
        kept.append(line)
    return kept


def example_rows(example: Example) -> list[tuple[str, str, str]]:
    """An example as rows of (what it is, value, kind); kind: input, answer or expected."""
    rows = [(name, value, "input") for name, value in example.inputs.items()]
    if example.answer:  # else it is no answer that is wrong, but what becomes of an input, say
        rows.append(("you answer", example.answer, "answer"))
    if example.expected:
        rows.append(("right is", example.expected, "expected"))
    return rows


def place_in(topic: TopicReport, exercise: str) -> Place | None:
    """Where an exercise's mistake stands, as far as it was found and may be told."""
    return next((fix.place for fix in topic.fix_first if fix.exercise == exercise and fix.place), None)


def place_link(place: Place) -> str:
    """A place as editors and compilers write it, which many terminals make a link: ``activations.py:49``.

    Of a notebook, which editors do not open by line, its file alone.
    """
    return place.file if place.cell else f"{place.file}:{place.line}"


def place_lines(place: Place) -> list[str]:
    """The same as :func:`place_rows`, each row as a line of text."""
    return [f"{words} {line}" if line else words for words, line in place_rows(place)]


def edits_words(fix: Fix) -> str:
    """How near to right the code is, where that is known and no line tells it."""
    return "Two small changes of your code make it right." if fix.edits == 2 else ""


def place_rows(place: Place) -> list[tuple[str, str]]:
    """Where a mistake stands, as rows of (words, the line itself); the line is empty where none is quoted."""
    opening = "Look at" if place.sure else "Perhaps look at"
    this = " this function, from" if place.whole else ""
    on = " on" if place.whole else ""
    rows = [(f"{opening}{this} {_line_words(place.cell, place.line)}{on}:", place.text)]
    if place.second:
        rows.append((f"or at {_line_words(place.second.cell, place.second.line)}:", place.second.text))
    if place.kind:
        rows.append((f"It is about {place.kind}.", ""))
    if not place.sure:
        rows.append(("Not every check of the exercise was asked, so another line may be the wrong one.", ""))
    return rows


def _line_words(cell: int | None, line: int) -> str:
    return f"cell {cell}, line {line}" if cell else f"line {line}"
