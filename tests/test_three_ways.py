"""The README's commands work as they stand there, in the environment that `make demo` makes and with nothing else."""

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
from tests.light import light_environment


def blocks() -> dict[str, list[str]]:
    """The commands under the heading, by the words in bold before each block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## Three ways to run a course") :].split("\n## ")[0]
    found = re.findall(r"\*\*(.+?)\*\*.*?```sh\n(.*?)```", section, re.S)
    return {name: [line.partition("  #")[0].strip() for line in block.splitlines()] for name, block in found}


class Shell:
    """Runs one line after the other, as a terminal does, and stops at the first that fails. programs: the environment's."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.place = folder
        self._environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "COLUMNS": "100",
        }

    def run(self, line: str, codes: tuple[int, ...] = (0,), typed: str = "") -> str:
        """Run a line; what it said. typed: what somebody types meanwhile."""
        if line.startswith("cd "):
            self.place = self.place / line.removeprefix("cd ")
            return ""
        if line.startswith("nbgrader "):
            code, said = nbgrader(shlex.split(line)[1:], self.place, self._environment)
        else:
            done = subprocess.run(
                line,
                shell=True,
                executable=shutil.which("bash"),  # README says how its commands are completed there
                cwd=self.place,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
                input=typed,
            )
            code, said = done.returncode, done.stdout + done.stderr
        assert code in codes, f"$ {line}\n{said}"
        if line.startswith("grade init"):
            (self.place / "winter" / "secret").write_text(COURSE_SECRET, encoding="utf-8")
        return said


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with what the package requires, and nothing of its extras."""
    return light_environment(tmp_path_factory.mktemp("light") / "python")


@pytest.fixture
def shell(tmp_path: Path, light: Path) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path, light)


def test_the_light_environment_has_nothing_more(shell: Shell) -> None:
    names = ("matplotlib", "jupytext", "nbformat", "sklearn", "tensorflow", "keras", "nbgrader", "latex2mathml")
    said = shell.run(f'python -c "import importlib.util; print([n for n in {names} if importlib.util.find_spec(n)])"')
    assert said.strip() == "[]"


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
    shell.run(lines[0])
    refused = shell.run(lines[1], codes=(2,))  # the extra is named above the block
    assert refused == "grade: nbgrader is not installed: pip install 'nablagrade[nbgrader]'\n"
    shutil.rmtree(tmp_path / "winter")
    shell = Shell(tmp_path, Path(sys.executable).parent)
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


def block_under(heading: str) -> list[str]:
    """The commands of the first block under a heading of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index(f"## {heading}\n") :].split("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.S)
    return [line.partition("  #")[0].strip() for line in block.splitlines()]


def submission(folder: Path) -> Path:
    """A folder with right activations and layers that are stubs."""
    folder.mkdir(parents=True)
    (folder / "activations.py").write_text(OURS.reference_source("activations"), encoding="utf-8")
    shutil.copy(ROOT / "assignments" / "layers" / "layers.py", folder)
    return folder


def test_a_whole_class(shell: Shell, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for name in ("lovelaceada_101_501", "boolegeorge_102_502"):
            archive.writestr(f"{name}_activations.py", OURS.reference_source("activations"))
    head = "Student,ID,SIS User ID,SIS Login ID,Section,activations (9)\n    Points Possible,,,,,100\n"
    rows = '"Lovelace, Ada",101,,ada,1,\n"Boole, George",102,,george,1,\n'
    (tmp_path / "gradebook.csv").write_text(head + rows, encoding="utf-8")
    (tmp_path / "course.toml").write_text('[assignment.week1]\ntopics = ["activations"]\n', encoding="utf-8")
    for line in block_under("A whole class"):
        shell.run(line)
    assert (tmp_path / "upload.csv").read_text(encoding="utf-8").count(
        '"100"\n'
    ) == 3  # what is possible, and two right hand-ins
    assert (tmp_path / "results" / "index.html").is_file()


def test_the_commands(shell: Shell, tmp_path: Path) -> None:
    folder = submission(tmp_path / "submission")
    shutil.copy(folder / "layers.py", tmp_path)
    (tmp_path / "course.toml").write_text('topics = ["concepts"]\nsecret_file = "secret"\n', encoding="utf-8")
    (tmp_path / "secret").write_text("8f14e45fceea167a5a36dedd4bea2543\n", encoding="utf-8")
    shutil.copy(ROOT / "assignments" / "concepts" / "concepts.py", tmp_path)
    # Two who are wrong alike, and have written something for a person to read.
    halves = "\n\ndef relu(x):\n    return 0.875 * np.maximum(x, 0.0)\n"
    for name in ("ada", "bob"):
        (tmp_path / "week1" / name).mkdir(parents=True)
        (tmp_path / "week1" / name / "concepts.py").write_text(OURS.reference_source("concepts"), encoding="utf-8")
        (tmp_path / "week1" / name / "activations.py").write_text(
            OURS.reference_source("activations") + halves, encoding="utf-8"
        )
    ran = []
    for line in block_under("The commands"):
        # The course's settings are for the one line that names them: all others are typed where there is no course.
        settings = tmp_path / "course.toml"
        hidden = settings.rename(tmp_path / "later.toml") if "course.toml" not in line else None
        if line.startswith("pytest "):
            line = line.replace("autograder/checks", str(ROOT / "autograder" / "checks"))
        line = line.removesuffix(" --watch")  # it never ends: tests/test_check.py has it
        if line.startswith("grade total"):
            shutil.copytree(tmp_path / "results", tmp_path / "results2")
        said = shell.run(line, codes=(0, 1), typed="quit\n")
        assert "Traceback" not in said, said
        ran.append(line)
        if hidden is not None:
            hidden.rename(settings)
    assert (tmp_path / "report.json").is_file()
    assert len(ran) > 12


def test_a_topic_whose_library_is_missing_is_left_out_and_the_others_are_graded(shell: Shell, tmp_path: Path) -> None:
    folder = submission(tmp_path / "submission")
    (folder / "training.py").write_text("", encoding="utf-8")
    said = shell.run("grade submission", codes=(3,))
    assert re.search(r"activations  ([\d.]+) of \1\n", said)
    assert "training was left out, and is in no sum: training needs scikit-learn, which is not" in " ".join(said.split())
    refused = shell.run("grade submission -t training", codes=(3,))
    assert refused == "grade: training needs scikit-learn, which is not installed here: pip install scikit-learn\n"


def test_the_doctor_names_every_workflow_and_what_brings_what_is_missing(shell: Shell, tmp_path: Path) -> None:
    said = shell.run("grade doctor")
    for command in ("check", "quiz", "class", "marks", "import", "gradescope", "release", "nbgrader", "record"):
        assert f"grade {command}" in said, command
    for library in ("matplotlib", "jupytext", "nbgrader", "keras", "scikit-learn"):
        assert re.search(rf"not installed: pip install .*\b{library}\b", said), library
    assert "10 of 12 topics can be graded" in said
    (tmp_path / "course.toml").write_text('topics = ["layers", "concepts"]\n', encoding="utf-8")
    said = shell.run("grade doctor")
    assert "2 of 2 topics of this course can be graded" in said
    assert "keras_models" not in said
