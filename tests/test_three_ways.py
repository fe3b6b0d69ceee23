"""The README's three ways to run a course are commands that work as they stand there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.declare.catalogue import OURS
from autograder.submission.notebook import read_cells
from tests.conftest import COURSE_SECRET, ROOT
from tests.forked import nbgrader


def blocks() -> dict[str, list[str]]:
    """The commands under the heading, by the words in bold before each block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## Three ways to run a course") :].split("\n## ")[0]
    found = re.findall(r"\*\*(.+?)\*\*.*?```sh\n(.*?)```", section, re.S)
    return {name: [line.partition("  #")[0].strip() for line in block.splitlines()] for name, block in found}


class Shell:
    """Runs one line after the other, as a terminal does, and stops at the first that fails."""

    def __init__(self, folder: Path) -> None:
        self.place = folder
        self._environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "COLUMNS": "100",
        }

    def run(self, line: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a line; what it said."""
        if line.startswith("cd "):
            self.place = self.place / line.removeprefix("cd ")
            return ""
        if line.startswith("nbgrader "):
            code, said = nbgrader(shlex.split(line)[1:], self.place, self._environment)
        else:
            done = subprocess.run(
                line, shell=True, cwd=self.place, env=self._environment, capture_output=True, text=True, check=False
            )
            code, said = done.returncode, done.stdout + done.stderr
        assert code in codes, f"$ {line}\n{said}"
        if line.startswith("grade init"):
            (self.place / "winter" / "secret").write_text(COURSE_SECRET, encoding="utf-8")
        return said


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path)


def test_there_are_three_ways() -> None:
    assert list(blocks()) == ["With a folder", "With nbgrader", "With Gradescope, or GitHub Classroom:"]


def test_with_a_folder(shell: Shell, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for topic in ("layers", "concepts"):
            archive.writestr(f"ada/{topic}.py", OURS.reference_source(topic))
        archive.writestr("bob/layers.py", "")
    for line in blocks()["With a folder"]:
        said = shell.run(line)
    assert re.search(r"(\d+) of \1 points", said), said
    assert (tmp_path / "winter" / "kit.zip").is_file()
    assert (tmp_path / "winter" / "ada.html").read_text(encoding="utf-8").startswith("<!")
    assert "layers" in shell.run("grade submissions/bob", codes=(1,))


def test_with_nbgrader(shell: Shell, tmp_path: Path) -> None:
    lines = blocks()["With nbgrader"]
    for line in lines:
        if line.startswith("nbgrader autograde"):
            hand_in(tmp_path / "winter", "ada", "layers")
        shell.run(line)
    grades = (tmp_path / "winter" / "grades.csv").read_text(encoding="utf-8").splitlines()
    row = next(dict(zip(grades[0].split(","), line.split(","), strict=True)) for line in grades[1:] if "ada" in line)
    assert float(row["score"]) == float(row["max_score"]) > 0
    assert list((tmp_path / "winter" / "feedback" / "ada" / "layers").glob("*.html"))


def hand_in(course: Path, student: str, topic: str) -> None:
    """What a student hands in who has solved everything: the released notebook with the source's solutions in its cells."""
    folder = course / "submitted" / student / topic
    shutil.copytree(course / "release" / topic, folder)
    notebook = json.loads((folder / f"{topic}.ipynb").read_text(encoding="utf-8"))
    source = json.loads((course / "source" / topic / f"{topic}.ipynb").read_text(encoding="utf-8"))
    solved = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"] for cell in source["cells"] if "nbgrader" in cell["metadata"]
    }
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            cell["source"] = solved[about["grade_id"]]
    (folder / f"{topic}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert read_cells((folder / f"{topic}.ipynb").read_bytes())


def test_with_gradescope_or_github_classroom(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "layers.py").write_text(OURS.reference_source("layers"), encoding="utf-8")
    for line in blocks()["With Gradescope, or GitHub Classroom:"]:
        said = shell.run(line)
    assert {"setup.sh", "run_autograder"} <= set(zipfile.ZipFile(tmp_path / "winter" / "layers.zip").namelist())
    assert "result=" in said
