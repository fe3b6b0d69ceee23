"""A class, graded four ways in one run: ``python -m benchmarks.class_bench``.

The same notebooks of one topic and the same checks on the same inputs: `grade class` with one job and with two, nbgrader
autograde with our preprocessor, and nbgrader by itself, where the checks stand in the test cells and Keras is the oracle.
Beside them stands a bare program that makes the same calls and checks nothing, started afresh for a submission. Each command
is measured from the start of its process to its end.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from autograder.course.settings import read_course
from autograder.grading.engine import warm_grader
from autograder.handing_out.packing import zipped
from benchmarks import bench
from benchmarks.bench import run, seconds, write_bare_program
from benchmarks.nbgrader_bench import TOPIC, measure, notebooks, plain_course
from tests.conftest import COURSE_SECRET
from tests.students import Student, mistakes, reference, test_cells
from tests.term import Term

FEW = 10
BARE_ROUNDS = 9


def students(count: int) -> list[Student]:
    """The students of nbgrader's benchmark, and further ones with one mistake or two, as many as are asked for."""
    made = notebooks()
    further = max(0, count - len(made))
    made += [
        Student("", "two mistakes", mistakes(i / further, (i + 0.4) / further / 2))
        if i % 4 == 3
        else Student("", "one mistake", mistakes((i + 0.3) / further))
        for i in range(further)
    ]
    return [replace(each, name=f"s{i:03}") for i, each in enumerate(made[:count], 1)]


def class_seconds(term: Term, out: Path, jobs: int, submitted: Path) -> float:
    """Seconds of `grade class` for what was handed in, into a fresh folder."""
    command = [sys.executable, "-m", "autograder.cli", "class", str(submitted), "--out", str(out), "-t", TOPIC]
    command += ["--layout", "nbgrader", "--jobs", str(jobs), "--course", str(term.course / "course.toml")]
    return seconds(lambda: run(*command))


def otter_zip(term: Term, path: Path) -> None:
    """An autograder of otter's with the plain course's checks: a test an exercise, worth its points."""
    files = {"otter_config.json": b'{"seed": null}'}
    beside = term.course / "source" / TOPIC
    for name in ("plain_checks.py", "solution.py", "cases.pickle"):
        files[f"files/{name}"] = (beside / name).read_bytes()
    for exercise in read_course(term.course / "course.toml").table(TOPIC).exercises:
        asked = f"plain_checks.points({exercise.name!r}, globals()) == {exercise.max_score!r}"
        code = f">>> import plain_checks\n>>> assert {asked}\n"
        suite = {"cases": [{"code": code, "hidden": False, "locked": False}], "scored": True, "setup": "", "teardown": ""}
        test = {"name": exercise.name, "points": float(exercise.max_score), "suites": [{**suite, "type": "doctest"}]}
        files[f"tests/{exercise.name.replace('.', '_')}.py"] = f"OK_FORMAT = True\n\ntest = {test!r}\n".encode()
    path.write_bytes(zipped(files))


def otter_seconds(program: Path, ours: Term, theirs: Term, home: Path, few: list[Student]) -> float:
    """Seconds of `otter run` a submission, for a few of them: what it does for one does not depend on the others."""
    otter_zip(theirs, home / "otter.zip")
    took = 0.0
    for student in few:
        place = home / "otter" / student.name
        place.mkdir(parents=True)
        notebook = json.loads(
            (ours.course / "submitted" / student.name / TOPIC / f"{TOPIC}.ipynb").read_text(encoding="utf-8")
        )
        for cell in test_cells(notebook):
            cell["source"] = ""
        (place / f"{TOPIC}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        command = [
            str(program),
            "run",
            "-a",
            str(home / "otter.zip"),
            "-o",
            str(place),
            "--no-logo",
            str(place / f"{TOPIC}.ipynb"),
        ]
        took += seconds(lambda: run(*command))  # noqa: B023
        if not (place / "results.json").is_file():
            raise SystemExit(f"otter wrote no results for {student.name}")
    return took / len(few)


@click.command()
@click.option("--count", default=100, help="How many submissions.")
@click.option("--plain/--no-plain", default=True, help="Whether nbgrader grades by itself too, which takes longest.")
@click.option("--otter", type=click.Path(path_type=Path), help="The program `otter` of an environment that sees Keras too.")
def main(count: int, plain: bool, otter: Path | None) -> None:
    """Measure all, and print the table."""
    chosen = students(count)
    with tempfile.TemporaryDirectory(prefix="class-bench-") as name:
        home = Path(name)
        os.environ["NABLAGRADE_CACHE"] = str(home / "answers")
        bench.ENVIRONMENT["NABLAGRADE_CACHE"] = str(home / "answers")
        ours = Term(home / "ours", (TOPIC,), chosen, answers=home / "answers", secret=COURSE_SECRET)
        theirs = Term(home / "plain", (TOPIC,), chosen, answers=home / "answers", secret=COURSE_SECRET)
        ours.begin()
        ours.run("grade", "record", TOPIC, "--course", "course.toml")
        plain_course(ours, theirs)
        for term in (ours, theirs) if plain else (ours,):
            term.generate()
            for student in term.students:
                term.put_down(student)
        submitted, few = ours.course / "submitted", home / "few" / "submitted"
        for student in chosen[:FEW]:
            shutil.copytree(submitted / student.name, few / student.name)
        bare, pair = map(statistics.median, _bare_seconds(ours, home / "bare"))
        of_few = class_seconds(ours, home / "few-results", 1, few)
        one, two = (class_seconds(ours, home / f"results-{jobs}", jobs, submitted) for jobs in (1, 2))
        with_ours = measure(ours)
        by_itself = measure(theirs) if plain else None
        with_otter = otter_seconds(otter, ours, theirs, home, chosen[:FEW]) if otter else None
        scores = _scores(home / "results-1" / "marks.json")
        assert scores == _scores(home / "results-2" / "marks.json")
        differ = [
            s.name for s in chosen if abs(scores[s.name] - sum(v or 0 for v in with_ours.scores[s.name].values())) > 0.01
        ]
    marginal = (one - of_few) / (count - FEW)
    click.echo(f"{os.cpu_count()} processors, {count} notebooks of {TOPIC}\n")
    click.echo("| | seconds | a submission | ratio |\n| --- | ---: | ---: | --- |")
    rows = [("grade class, 1 job", one, ""), ("grade class, 2 jobs", two, f"{one / two:.2f} times as fast")]
    rows += [
        ("nbgrader autograde with our preprocessor", with_ours.seconds, f"{with_ours.seconds / two:.1f} × grade class, 2 jobs")
    ]
    if by_itself is not None:
        rows += [("nbgrader autograde by itself", by_itself.seconds, f"{by_itself.seconds / two:.1f} × grade class, 2 jobs")]
    if with_otter is not None:
        rows += [(f"otter run, by {FEW} of them", with_otter * count, f"{with_otter * count / two:.1f} × grade class, 2 jobs")]
    for what, took, said in rows:
        click.echo(f"| {what} | {took:.1f} | {took / count:.3f} | {said} |")
    click.echo(f"| bare Python, same calls | | {bare:.3f} | |")
    click.echo(
        f"| two bare programs at once | | {pair / 2:.3f} | {2 * bare / pair:.2f} times as fast: what two jobs can gain here |"
    )
    click.echo(f"| one more submission in grade class, 1 job | | {marginal:.3f} | {marginal / bare:.2f} × bare Python |")
    click.echo(f"\nScores that differ between grade class and nbgrader with our preprocessor: {len(differ)} of {count}.")


def _bare_seconds(term: Term, folder: Path) -> tuple[list[float], list[float]]:
    """How long the bare program takes, several times, and how long two of it that are begun together take.

    It is a fresh interpreter, the module, the same calls; what is compiled is kept, as the grader's is. Where two take longer
    than one, the processors are not each its own.
    """
    folder.mkdir()
    (folder / f"{TOPIC}.py").write_text(reference(TOPIC), encoding="utf-8")
    with warm_grader(read_course(term.course / "course.toml"), 1, topics=[TOPIC]) as grader:
        program = write_bare_program(folder, grader, (TOPIC,))
    command = [sys.executable, str(program)]

    def both() -> None:
        begun = [subprocess.Popen(command, env=bench.ENVIRONMENT) for _ in range(2)]
        if any(process.wait() for process in begun):
            raise SystemExit("the bare program failed")

    alone, together = [], []
    for _ in range(BARE_ROUNDS):
        alone.append(seconds(lambda: subprocess.run(command, check=True, env=bench.ENVIRONMENT)))
        together.append(seconds(both))
    return alone, together


def _scores(path: Path) -> dict[str, float]:
    return {mark["submission"]: mark["score"] for mark in json.loads(path.read_bytes())["marks"]}


if __name__ == "__main__":
    main()
