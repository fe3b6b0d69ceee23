"""The head of a report in plain text, for readers that have one place for what is true of the whole submission."""

from __future__ import annotations

from autograder.render import words
from autograder.report import Fix, Report, TopicReport
from autograder.text import counted, of_all, plain

# What is said where the grader itself failed, to a student who can do nothing about it.
OUR_FAULT = (
    "The grader itself failed on this submission. That is not your fault, and no score was given: "
    "ask your instructor to grade it again."
)


def summary(report: Report) -> str:
    """The score, what kept a topic from being graded, what to mend first, notices, and what kept the code apart."""
    parts = [of_all(report.score, report.max_score, "points")]
    parts += [topic.problem for topic in report.topics if topic.problem]
    parts += _first_fixes(report)
    parts += [f"Note: {notice}" for notice in report.notices]
    parts.append(graded_words(report))
    return "\n\n".join(parts)


def graded_words(report: Report) -> str:
    """Behind which wall it was graded; a container that allows no namespaces has Landlock alone, and this says so."""
    if report.sandbox.enforced:
        return f"Graded behind the wall ({report.timing.sandbox_backend})."
    return "Graded without a sandbox."


def _first_fixes(report: Report) -> list[str]:
    fixes = words.fixes_of(report)
    if not fixes:
        return []
    shown = [_fix(place, topic, fix) for place, (topic, fix) in enumerate(fixes[: words.THINGS_TO_FIX], 1)]
    more = len(fixes) - len(shown)
    rest = [f"And {more} more; they will be shown when these are mended."] if more else []
    return [words.fixes_heading(len(fixes)), *shown, *rest]


def _fix(place: int, topic: TopicReport, fix: Fix) -> str:
    points = f", {counted(fix.points, 'points')}" if fix.points else ""
    where = map(plain, words.place_lines(fix.place)) if fix.place else ()
    head = f"{place}. {plain(fix.exercise)} ({topic.name}{points})"
    lines = [head, *words.fix_words(topic, fix), words.follows_words(fix), words.edits_words(fix), *where]
    return "\n".join(line for line in lines if line)
