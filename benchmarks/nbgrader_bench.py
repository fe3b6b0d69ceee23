"""nbgrader with our preprocessor against plain nbgrader, in one run: ``python -m benchmarks.nbgrader_bench``.

The same checks, on the same inputs, and the same notebooks. In the plain course each test cell runs its exercise's checks in
the student's kernel, with Keras as the oracle (``plain_checks.py``), and its last line is the points, which nbgrader takes for
partial credit. What is measured is ``nbgrader autograde`` of all notebooks, from the start of its process to its end: ours
before plain nbgrader and once more after it, so that a machine that has other things to do does not decide the ratio.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from autograder.course.settings import read_course
from autograder.recording.record import answers_for
from tests.conftest import COURSE_SECRET
from tests.students import (
    Notebook,
    Student,
    another_style,
    mistakes,
    own_cell,
    reference,
    solution_cells,
    stubs,
    test_cells,
    text,
    with_code,
)
from tests.term import COURSE, Term

TOPIC = "activations"
HERE = Path(__file__).resolve().parent

# Right code of which something is said on standard error, as there is in every class.
NOISY = {
    "progress on standard error": """\
import sys


def sigmoid(x):
    print("sigmoid of", x.shape, file=sys.stderr)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
""",
    "a logger": """\
import logging


def relu(x):
    logging.warning("relu of %s", x.shape)
    return np.maximum(x, 0.0)
""",
    "log of 0 on the way": """\
def chain_gradient(local_gradients):
    sign = np.prod(np.sign(local_gradients))
    return sign * np.exp(np.sum(np.log(np.abs(local_gradients))))
""",
    "a function that is to go": """\
import warnings


def old_tanh(x):
    warnings.warn("old_tanh will go; use np.tanh", DeprecationWarning)
    return np.tanh(x)


def tanh(x):
    return old_tanh(x)
""",
}
PRINTS = 'print("all my own work")'
# The last of the topic's mistakes stand in an exercise that this course leaves out.
SINGLE, DOUBLE = 14, 4


def gather(notebook: Notebook) -> None:
    """Write everything into the first cell that is to be filled in.

    A plain notebook runs from the top, and one style's softmax uses the log_softmax that is asked for further down: whoever
    runs the notebook sees that, and mends it. (Ours runs all cells before it checks any.)
    """
    first, *others = solution_cells(notebook)
    first["source"] = "\n\n\n".join(text(cell) for cell in (first, *others))
    for cell in others:
        cell["source"] = ""


def notebooks() -> list[Student]:
    """Thirty students: ten right, of whom four make a noise, eighteen with one or two misconceptions, two with stubs."""
    styles = {"the reference": reference, "loops": another_style(0), "vectors": another_style(1)}
    right = [Student("", f"right: {what}", module, (gather,)) for what, module in styles.items()]
    right += [Student("", f"right: {what}, prints", with_code(module, PRINTS), (gather,)) for what, module in styles.items()]
    right += [Student("", f"right: {what}", with_code(reference, code)) for what, code in NOISY.items()]
    single = [Student("", "one mistake", mistakes((i + 0.5) / (SINGLE + 1))) for i in range(SINGLE)]
    double = [Student("", "two mistakes", mistakes((i + 0.2) / DOUBLE, (i + 0.7) / DOUBLE)) for i in range(DOUBLE)]
    made = [*right, *single, *double, Student("", "stubs", stubs), Student("", "stubs, prints", with_code(stubs, PRINTS))]
    return [replace(each, name=f"s{i:02}") for i, each in enumerate(made, 1)]


def plain_course(ours: Term, plain: Term) -> None:
    """Make the plain course: our source notebook with other test cells, and what they import beside it."""
    for name in ("home", "exchange"):
        (plain.folder / name).mkdir(parents=True)
    (plain.folder / "exchange").chmod(0o777)
    place = plain.course / "source" / TOPIC
    shutil.copytree(ours.course / "source" / TOPIC, place)
    shutil.copy(ours.course / "course.toml", plain.course)
    shutil.copy(ours.course / "secret", plain.course)
    settings = f'c = get_config()\nc.CourseDirectory.course_id = "{COURSE}"\nc.Exchange.root = "{plain.folder / "exchange"}"\n'
    (plain.course / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    shutil.copy(HERE / "plain_checks.py", place)
    (place / "solution.py").write_text(reference(TOPIC), encoding="utf-8")
    recorded = answers_for(TOPIC, read_course(ours.course / "course.toml").secret)
    cases = {check.id: recorded.part(check.id, "cases") for check in recorded.record.checks}
    (place / "cases.pickle").write_bytes(pickle.dumps(cases))
    path = place / f"{TOPIC}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in test_cells(notebook):
        exercise = text(cell).split('"')[1].split("/")[1]
        cell["source"] = f'plain_checks.points("{exercise}", globals())'
    notebook["cells"].insert(1, given_cell("import plain_checks"))
    path.write_text(json.dumps(notebook), encoding="utf-8")


def given_cell(source: str) -> dict[str, Any]:
    """A locked cell without points."""
    made = own_cell(source)
    made["id"] = "plain-checks"
    kind = {"grade": False, "solution": False, "locked": True, "task": False}
    made["metadata"]["nbgrader"] = {"schema_version": 3, "grade_id": "given-plain-checks", **kind}
    return made


@dataclass(frozen=True)
class Measured:
    """Seconds of ``nbgrader autograde`` for all notebooks, and the scores: all cells of each student."""

    seconds: float
    scores: dict[str, dict[str, float | None]]


def measure(term: Term) -> Measured:
    """Grade all notebooks."""
    begun = time.monotonic()
    term.autograde("--force")
    return Measured(time.monotonic() - begun, {name: scores for (_, name), scores in term.scores().items()})


@click.command()
@click.option("--count", default=30, help="How many of the thirty notebooks.")
def main(count: int) -> None:
    """Measure both, and print the tables."""
    chosen = notebooks()
    chosen = chosen if count >= len(chosen) else chosen[:: len(chosen) // count][:count]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        os.environ["NABLAGRADE_CACHE"] = str(Path(name) / "answers")
        answers = Path(name) / "answers"
        ours = Term(Path(name) / "ours", (TOPIC,), chosen, answers=answers, secret=COURSE_SECRET)
        plain = Term(Path(name) / "plain", (TOPIC,), chosen, answers=answers, secret=COURSE_SECRET)
        ours.begin()
        begun = time.monotonic()
        ours.run("grade", "record", TOPIC, "--course", "course.toml")
        recording = time.monotonic() - begun
        plain_course(ours, plain)
        for term in (ours, plain):
            term.generate()
        for term in (ours, plain):
            for student in term.students:
                term.put_down(student)
        before, with_plain, after = measure(ours), measure(plain), measure(ours)
        with_ours = Measured((before.seconds + after.seconds) / 2, after.scores)
    show(chosen, with_ours, with_plain)
    click.echo(f"\nOurs took {before.seconds:.1f} s before plain nbgrader and {after.seconds:.1f} s after it.")
    click.echo(f"Once a course, and not in the above: recording the answers, also Keras's, {recording:.1f} s.")


def show(chosen: list[Student], ours: Measured, plain: Measured) -> None:
    """The tables: seconds, right solutions at full marks, and where the scores differ."""
    count = len(chosen)
    click.echo(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, {count} notebooks of {TOPIC}\n")
    click.echo("| nbgrader autograde | seconds | a notebook | right solutions at full marks |\n| --- | ---: | ---: | ---: |")
    most = max(total(scores) for scores in ours.scores.values())
    right = [student.name for student in chosen if student.what.startswith("right")]
    for what, measured in (("with our preprocessor", ours), ("plain, Keras in the kernel", plain)):
        full = sum(total(measured.scores[name]) == most for name in right)
        click.echo(f"| {what} | {measured.seconds:.1f} | {measured.seconds / count:.2f} | {full} of {len(right)} |")
    click.echo(f"\nratio: {plain.seconds / ours.seconds:.1f}\n")
    click.echo("| student | what | ours | plain | cells that differ (ours, plain) |\n| --- | --- | ---: | ---: | --- |")
    for student in chosen:
        mine, theirs = ours.scores[student.name], plain.scores[student.name]
        cells = [f"{cell} ({mine[cell]:g}, {theirs[cell]:g})" for cell in mine if mine[cell] != theirs[cell]]
        click.echo(f"| {student.name} | {student.what} | {total(mine):g} | {total(theirs):g} | {', '.join(cells)} |")


def total(scores: dict[str, float | None]) -> float:
    """A student's score."""
    return sum(score or 0 for score in scores.values())


if __name__ == "__main__":
    main()
