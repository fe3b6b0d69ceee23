"""Tells what a public check asks, or which there are: `grade show CHECK`."""

from __future__ import annotations

import difflib
import inspect
import textwrap
from collections.abc import Sequence

from autograder.course.settings import Course
from autograder.declare.catalogue import Catalogue
from autograder.declare.table import Check
from autograder.errors import WrongUsage
from autograder.grading.diagnose.explain import value_text
from autograder.recording.record import answers_for
from autograder.text import counted


def find_check(check_id: str, catalogue: Catalogue) -> Check:
    """A check by its identifier. Raises WrongUsage for one that is none, with the nearest that is."""
    known = {name: check for topic in catalogue.names for name, _, check in catalogue.topic(topic).checks()}
    if check_id not in known:
        near = difflib.get_close_matches(check_id, known, 1)
        hint = f" Do you mean {near[0]}?" if near else ""
        raise WrongUsage(
            f"There is no check {check_id!r}; they look like layers/Dense.backward/value. "
            f"`grade show layers` lists those of a topic.{hint}"
        )
    return known[check_id]


def describe(asked: str, course: Course) -> str:
    """What a check asks; of a topic or an exercise which checks may be asked about. Raises WrongUsage for what is neither."""
    topic, _, exercise = asked.rstrip("/").partition("/")
    if topic in course.catalogue.names:
        exercises = [one for one in course.catalogue.topic(topic).exercises if exercise in ("", one.name)]
        checks = [(f"{topic}/{one.name}/{check.name}", check) for one in exercises for check in one.checks]
        if checks:
            return _listed(checks)
    return describe_check(asked, course)


def _listed(checks: Sequence[tuple[str, Check]]) -> str:
    """The public checks with their sentences, and how many are hidden."""
    lines = [f"{check_id}\n  {check.sentence}" for check_id, check in checks if check.public]
    hidden = len(checks) - len(lines)
    lines += [f"{counted(hidden, 'hidden checks')}, whose inputs are not shown"] if hidden else []
    return "\n".join(lines)


def _points(check_id: str, course: Course) -> str:
    """What a check is worth in this course."""
    table = course.table(check_id.partition("/")[0])
    worth = {name: check.points for name, _, check in table.checks()}.get(check_id)
    return "does not count in this course" if worth is None else counted(round(worth, 2), "points")


def describe_check(check_id: str, course: Course) -> str:
    """Sentence, program, inputs and right answers of a public check. Raises WrongUsage for a hidden one."""
    check = find_check(check_id, course.catalogue)
    if not check.public:
        raise WrongUsage(f"{check_id} is a hidden check: its inputs are not shown. It asks: {check.sentence}")
    answers = answers_for(check_id.split("/", maxsplit=1)[0], course.secret, catalogue=course.catalogue)
    lines = [
        check_id,
        f"  {check.sentence}",
        f"  {_points(check_id, course)}",
        "",
        "What is called:",
        "",
    ]
    lines.append(textwrap.indent(textwrap.dedent(inspect.getsource(check.program)).strip(), "    "))
    lines += [
        "",
        f"Tolerance: {check.tolerance.relative:g} relative, {check.tolerance.absolute:g} absolute: {check.tolerance.why}.",
        "",
    ]
    for case, expected in zip(answers.part(check_id, "cases"), answers.part(check_id, "expected"), strict=True):
        lines += [f"  {name} = {value_text(value)}" for name, value in case.items()]
        lines += [f"      {name}: {value_text(value)}" for name, value in expected.items()]
        lines.append("")
    return "\n".join(lines).rstrip()
