"""Tells what a public check asks: `grade show CHECK`."""

from __future__ import annotations

import difflib
import inspect
import textwrap

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
        raise WrongUsage(f"There is no check {check_id!r}; they look like layers/Dense.backward/value.{hint}")
    return known[check_id]


def describe_check(check_id: str, course: Course) -> str:
    """Sentence, program, inputs and right answers of a public check. Raises WrongUsage for a hidden one."""
    check = find_check(check_id, course.catalogue)
    if not check.public:
        raise WrongUsage(f"{check_id} is a hidden check: its inputs are not shown. It asks: {check.sentence}")
    answers = answers_for(check_id.split("/", maxsplit=1)[0], course.secret, catalogue=course.catalogue)
    lines = [
        check_id,
        f"  {check.sentence}",
        f"  {counted(check.points, 'points')}",
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
