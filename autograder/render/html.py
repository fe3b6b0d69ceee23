"""The report as HTML: one exercise for the cell of a notebook, or a page of everything. No script, nothing from elsewhere.

Every text is escaped by Jinja2, and made plain before that: what stands in a report may be a student's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from autograder.errors import GraderFault
from autograder.render import words
from autograder.render.pictures import picture
from autograder.report import ExerciseReport, Report, TopicReport
from autograder.text import counted, of_all, plain

if TYPE_CHECKING:
    import jinja2
    import markupsafe

# The longest text that a report holds is an answer of 4,000 characters; whatever is longer was not written by this package.
LONGEST_TEXT = 5000


def exercise_html(topic: TopicReport, exercise: str, unit: str = "points") -> str:
    """One exercise as a fragment that carries its own style: signs, sentences, causes, the smallest failing inputs.

    unit: what scores count, in the plural. Raises GraderFault where the topic has no such exercise.
    """
    return exercises_html(topic, [exercise], unit)


def exercises_html(
    topic: TopicReport, exercises: Sequence[str], unit: str = "points", later: Mapping[str, int] | None = None
) -> str:
    """Several exercises of a topic as one fragment, with the style once. later: how many checks each has at hand-in."""
    found = [_exercise(topic, name) for name in exercises]
    places = {name: words.place_in(topic, name) for name in exercises}
    waiting = {exercise.name: (later or {}).get(exercise.name, 0) for exercise in found}
    template = _templates().get_template("exercise.html")
    return template.render(topic=topic, exercises=found, places=places, unit=unit, later=waiting)


def words_html(sentences: Sequence[str]) -> str:
    """Sentences as a fragment of the same look."""
    return _templates().get_template("words.html").render(sentences=sentences)


def exercise_text(topic: TopicReport, exercise: str, unit: str = "points", later: int = 0) -> str:
    """The same as :func:`exercise_html`, as plain text without a line break at its end. later: its checks at hand-in."""
    found = _exercise(topic, exercise)
    score = of_all(found.score, found.max_score, unit) + (f" here; {later} at hand-in" if later else "")
    lines = [f"{words.sign_of(found).mark} {plain(found.name)}  {score}"]
    if topic.problem:
        lines.append(f"  {_long(topic.problem)}")
    for check in found.checks:
        said = _long(check.sentence) if check.sentence else plain(words.short_name(check))
        remark = words.check_remark(check)
        status = f" ({_long(remark)})" if remark else ""
        lines.append(f"  {words.check_sign(check).mark} {said}{status}")
    for cause in words.causes_of(found):
        lines += ["", *_cause_lines(cause)]
    if place := words.place_in(topic, exercise):
        lines += ["", *(f"  {_long(line)}" for line in words.place_lines(place))]
    return "\n".join(lines)


def _cause_lines(cause: words.Cause) -> list[str]:
    about = cause.diagnosis
    lines = [f"  {plain(', '.join(cause.checks))}:"]
    lines += [f"  {_long(text)}" for text in (about.evidence, about.text) if text]
    if about.misconception:
        lines.append(f"  [{plain(about.misconception)}]")
    rows = words.example_rows(cause.example) if cause.example else []
    widest = max((len(name) for name, _, _ in rows), default=0)
    below = "\n" + " " * (widest + 3)
    shown = [(plain(name), below.join(words.in_rows(_long(value)).splitlines())) for name, value, _ in rows]
    return lines + [f"  {name:<{widest}} {value}" for name, value in shown]


def report_html(report: Report, name: str, unit: str = "points", later: Mapping[str, Mapping[str, int]] | None = None) -> str:
    """A whole page: the score, what to mend first, then every topic with its exercises.

    later: by topic, how many checks each exercise has when it is handed in.
    """
    fixes = words.fixes_of(report)
    return (
        _templates()
        .get_template("report.html")
        .render(
            report=report,
            name=name,
            unit=unit,
            later=later or {},
            fixes=fixes[: words.THINGS_TO_FIX],
            more=len(fixes[words.THINGS_TO_FIX :]),
            fixes_heading=words.fixes_heading(len(fixes)),
            follows_words=words.follows_words,
            fix_words=words.fix_words,
        )
    )


def _exercise(topic: TopicReport, name: str) -> ExerciseReport:
    for exercise in topic.exercises:
        if exercise.name == name:
            return exercise
    raise GraderFault(f"The report on {topic.name} has no exercise {name!r}.")


def _long(text: str) -> str:
    return plain(text, LONGEST_TEXT)


def prose(text: str) -> markupsafe.Markup:
    """Plain text, escaped, in which what stands between backticks is code."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`]+)`", _long(text))
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts))


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.render"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(
        plain=_long,
        prose=prose,
        rows=words.example_rows,
        picture=picture,
        place_rows=words.place_rows,
        edits_words=words.edits_words,
        in_rows=words.in_rows,
        sign_of=words.sign_of,
        check_sign=words.check_sign,
        check_remark=words.check_remark,
        short_name=words.short_name,
        causes_of=words.causes_of,
    )
    environment.globals.update(of_all=of_all, counted=counted)
    return environment


__all__ = ["exercise_html", "exercise_text", "exercises_html", "prose", "report_html", "words_html"]
