"""What other programs and a course's own checks may import stays: the page lists it, and names of before go on working."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
import subprocess
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import autograder
import autograder.declare
from autograder._former_names import TODAY
from tests.conftest import ROOT
from tests.forked import grade_command
from tests.test_course import OWN

PAGE = (ROOT / "docs" / "instructors" / "from-python.md").read_text(encoding="utf-8")

# A course's own checks, written before the engine's modules moved.
FORMER_CHECKS = '''
"""What is asked of averages."""

from autograder import strategies as draws
from autograder.declare import EXACT, KERAS, KERAS_EXACT, Answers, Check, Claim, Draw, Exercise, Inputs, Needs
from autograder.declare import Tolerance, Topic
from autograder.oracles import SLOPE_TOLERANCE, STEP, Z, mean_claim, share_claim, slope_claims, slopes, variance_claim
from autograder.script import assign, attempt, entry, fill, function, length, library, recorder, rng, same_memory, same_object
from autograder.script import snapshot, sorted_keys
from autograder.strategies import direction


def numbers(draw: Draw) -> Inputs:
    return {"values": draws.values(draw, 5).tolist()}


def value(student, values):
    return {"result": student.mean(values)}


def keras_value(values):
    from autograder.keras_oracle import gradients, keras, value

    return {"result": keras().ops.mean(values)}


TOPIC = Topic("averages", "Averages", (
    Exercise("mean", "The mean", (Check("value", "mean(values) is their sum by their number.", numbers, value, keras_value),)),
))
'''


def listed(section: str) -> set[str]:
    """The names in the first column of a section's table."""
    rows = re.findall(r"^\| (`.*?) \|", PAGE.split(f"## {section}")[1].split("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}


@pytest.mark.parametrize(
    ("package", "section"), [(autograder, "Grading from a program"), (autograder.declare, "Checks of your own")]
)
def test_the_page_lists_what_may_be_imported(package: ModuleType, section: str) -> None:
    told_beside = {"WrongUsage", "GraderFault", "NoSandbox"}  # the kinds of GradeError
    assert listed(section) | (told_beside & set(package.__all__)) == set(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert name in dir(package)


@pytest.mark.parametrize("folder", ["autograder/checks", "reference/misconceptions"])
def test_ours_need_no_other_import_of_the_grader(folder: str) -> None:
    quiz = ROOT / "autograder" / "checks" / "concepts.py"  # is made from its bank of questions, and draws nothing
    for path in sorted((ROOT / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        wanted = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        assert path == quiz or {name for name in wanted if name.startswith("autograder")} <= {"autograder.declare"}, path


def test_importing_the_package_loads_no_room() -> None:
    program = "import sys, autograder.declare; print(*sorted(name for name in sys.modules if name.startswith('autograder')))"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["autograder", "autograder._former_names", "autograder._version", "autograder.declare"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    for package in (autograder, autograder.declare):
        with pytest.raises(AttributeError, match="no attribute 'nothing_of_this_name'"):
            _ = package.nothing_of_this_name


def test_the_page_tells_of_every_former_name() -> None:
    assert listed("Names of before") == set(TODAY)


@pytest.mark.parametrize("former", sorted(TODAY))
def test_a_former_name_is_the_same_module_and_says_what_it_is_called_today(
    former: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, former, raising=False)
    today = importlib.import_module(TODAY[former])
    specification = today.__spec__
    with pytest.warns(DeprecationWarning, match=re.escape(f"{former} is called {TODAY[former]} now")):
        module = importlib.import_module(former)
    assert module is today
    assert module.__name__ == TODAY[former]
    assert module.__spec__ is specification


def test_checks_with_former_names_are_the_vocabulary_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for former in TODAY:
        monkeypatch.delitem(sys.modules, former, raising=False)
    path = tmp_path / "averages.py"
    path.write_text(FORMER_CHECKS, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        names = runpy.run_path(str(path))
    for name in set(autograder.declare.__all__) & set(names):
        assert names[name] is getattr(autograder.declare, name) or name == "value"  # its program has that name


def test_a_course_with_checks_of_before_is_recorded_and_graded(tmp_path: Path) -> None:
    files = {
        **OWN,
        "checks/averages.py": FORMER_CHECKS,
        "reference/misconceptions/averages.py": OWN["reference/misconceptions/averages.py"].replace(
            "from autograder.declare import misconception", "from autograder.misconceptions import misconception"
        ),
        "course.toml": 'topics = ["averages"]\n',
        "handed_in/averages.py": OWN["reference/averages.py"].replace("len(values)", "(len(values) - 1)"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = grade_command("handed_in", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "divides_by_one_less" in done.stdout


def test_a_configuration_for_nbgrader_of_before_is_obeyed(tmp_path: Path) -> None:
    """The text that `grade nbgrader` wrote before the rooms; what it wrote once it never writes again."""
    pytest.importorskip("nbgrader")
    from traitlets.config import Config

    path = tmp_path / "nbgrader_config.py"
    path.write_text(
        "from autograder.nbgrader_course.config import configure\n\n"
        "c = get_config()\n"
        "configure(c, __file__)\n"
        'c.CourseDirectory.course_id = "winter"\n',
        encoding="utf-8",
    )
    settings: Any = Config()
    runpy.run_path(str(path), init_globals={"get_config": lambda: settings})
    assert settings.CourseDirectory.root == str(tmp_path)
    assert "GradeBehindTheWall" in [preprocessor.__name__ for preprocessor in settings.Autograde.autograde_preprocessors]
