"""The page "Adding an exercise" is followed to the letter, on a copy of the repository: three files, and it works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.proof import NOT_NAMED_FIRST

PAGE = ROOT / "docs" / "instructors" / "adding-an-exercise.md"
BLOCK = re.compile(r"```\{code-block\} python\n:caption: (?P<path>\S+), (?P<place>[^\n]+)\n(?P<code>.*?)```", re.DOTALL)


def apply(page: str, root: Path) -> set[str]:
    """Do what the page says: append, or insert before or after a line that stands in the file once."""
    touched = set()
    for block in BLOCK.finditer(page):
        path = root / block["path"]
        text, code = path.read_text(encoding="utf-8"), block["code"].removeprefix("\n")
        where, _, line = block["place"].partition(" ")
        line = line.strip('"')
        if block["place"] == "at the end":
            text += "\n\n" + code.lstrip("\n")
        else:
            assert text.count(f"\n{line}\n") == 1, f"{line!r} stands in {block['path']} {text.count(line)} times"
            assert where in ("before", "after")
            text = text.replace(f"\n{line}\n", f"\n{code}{line}\n" if where == "before" else f"\n{line}\n{code}")
        path.write_text(text, encoding="utf-8")
        touched.add(block["path"])
    return touched


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the repository's package and sources with the exercise of the page in it."""
    root = tmp_path_factory.mktemp("course")
    for name in ("autograder", "reference"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    touched = apply(PAGE.read_text(encoding="utf-8"), root)
    assert touched == {str(path.relative_to(root)) for path, content in before.items() if path.read_bytes() != content}
    assert {Path(path).name for path in touched} == {"activations.py"}
    assert len(touched) == 3
    yield root
    shutil.rmtree(root)


def run(root: Path, *arguments: str) -> str:
    """Run Python in the copy, with a cache of its own."""
    environment = {**os.environ, "PYTHONPATH": str(root), "NABLAGRADE_CACHE": str(root / "cache")}
    done = subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr[-3000:]
    return done.stdout


def test_the_reference_agrees_with_keras_gets_full_marks_and_each_mistake_is_named(copy: Path) -> None:
    pytest.importorskip("keras", reason="Keras is not installed: the new exercise was NOT held against it")
    said = run(copy, "-m", "autograder.cli", "record", "activations")  # stops where reference and Keras do not agree
    assert re.search(r"\d+ checks agreed with Keras \d", said)
    table = run(copy, "-m", "tests.proof", "activations")
    (row,) = re.findall(r"^activations +(\d+) +(\d+) +(\d+) +(\d+)$", table, re.MULTILINE)
    mutants, caught, named, wrongly = map(int, row)
    assert mutants == caught
    assert wrongly == 0
    *lines, header, topic, _ = table.strip().splitlines()
    unnamed = re.findall(r"^activations: (\w+) \(\w+\): named nothing;", table, re.MULTILINE)
    assert mutants - named == len(unnamed)
    assert set(unnamed) <= NOT_NAMED_FIRST.keys(), "a mistake of the page's is not named"
    assert len(lines) == len(unnamed), "a mistake is not caught, or an exercise has fewer than two"
    assert [header, topic] == PAGE.read_text(encoding="utf-8").split("```text\n")[-1].splitlines()[:2]


GRADED = """
import sys
from pathlib import Path
from autograder.course.settings import Course
from autograder.grading.engine import grade
from autograder.declare.catalogue import OURS
from autograder.handing_out.assignments import stub_module
from autograder.report import to_json
from autograder.submission.read import Module, Submission

source = OURS.reference_source("activations")
made = {"reference": source, "stub": stub_module(source)}[sys.argv[1]]
submission = Submission("copy", {"activations": Module("activations", "activations.py")}, {"activations.py": made.encode()})
report = grade(submission, Course(sandbox="none"), ["activations"], 1, lambda check_id, _: "hard_sigmoid" in check_id)
sys.stdout.buffer.write(to_json(report))
"""


def test_the_reference_gets_all_points_of_the_new_exercise_and_the_stub_none(copy: Path) -> None:
    reference, stub = (json.loads(run(copy, "-c", GRADED, which)) for which in ("reference", "stub"))
    declared = 4  # on the page; what every exercise is asked besides is worth points as well
    assert reference["score"] == reference["max_score"] == stub["max_score"] > declared
    assert stub["score"] == 0
    assert {check["status"] for check in stub["topics"][0]["exercises"][0]["checks"]} == {"todo"}
