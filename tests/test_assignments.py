"""What students receive is in step with its source, and holds no solution."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograder.declare import load_topic, topic_names
from autograder.errors import GraderFault
from autograder.misconceptions import mutants, reference_source
from autograder.release import assignment, signatures_page, solution_lines, stub_module
from tests.conftest import ROOT, topics_parameter


@pytest.mark.parametrize("topic", topics_parameter())
def test_the_committed_assignment_is_in_step_with_its_source(topic: str) -> None:
    made = assignment(topic)
    committed = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "assignments" / topic).iterdir()}
    assert committed == made, "run `make assignments`"


def test_the_students_page_has_the_signatures_of_today() -> None:
    page = (ROOT / "docs" / "student-api.md").read_text(encoding="utf-8")
    assert page == signatures_page(page), "run `make assignments`"


@pytest.mark.parametrize("topic", topics_parameter())
def test_no_line_of_a_solution_is_in_an_assignment(topic: str) -> None:
    source = reference_source(topic)
    stub = stub_module(source)
    # A line is a solution's if it stands in one, is longer than a name, and does not also stand where students may read it.
    outside = {line.strip() for line in stub.splitlines()}
    given = Counter(line.strip() for line in source.splitlines())
    solved = solution_lines(source)
    leaked = {line for line in solved & outside if len(line) > 12 and not _given_elsewhere(line, source)}
    assert leaked == set()
    assert given
    for path in (ROOT / "assignments" / topic).iterdir():
        text = path.read_text(encoding="utf-8")
        assert "SOLUTION" not in text
        assert "misconception" not in text


def _given_elsewhere(line: str, source: str) -> bool:
    """Whether a line of a solution stands outside of all solutions too, as given code does."""
    outside, inside = [], False
    for text in source.splitlines():
        word = text.strip()
        if word in ("### BEGIN SOLUTION", "### END SOLUTION"):
            inside = word == "### BEGIN SOLUTION"
        elif not inside:
            outside.append(word)
    return line in outside


@pytest.mark.parametrize("topic", topics_parameter())
def test_public_cases_are_of_public_checks_alone(topic: str) -> None:
    told = json.loads((ROOT / "assignments" / topic / "public_cases.json").read_text())
    public = [check_id for check_id, _, check in load_topic(topic).checks() if check.public]
    assert [check["check"] for check in told["checks"]] == public
    assert all(check["cases"] for check in told["checks"])


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_public_function_tells_its_shapes(topic: str) -> None:
    for node in ast.parse(stub_module(reference_source(topic))).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            docstring = ast.get_docstring(node) or ""
            assert "Returns:" in docstring, node.name


def test_a_solution_without_an_end_is_refused() -> None:
    with pytest.raises(GraderFault, match="is not ended"):
        stub_module("def f():\n    ### BEGIN SOLUTION\n    return 1\n")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--quiet",
        "--disable-pip-version-check",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_no_reference_and_no_misconception(wheel: Path) -> None:
    import zipfile

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        tops = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
        text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    assert tops == {"autograder"}
    for topic in topic_names():
        assert [mutant.about.name for mutant in mutants(topic) if f"def {mutant.about.name}(" in text] == []
        leaked = [line for line in solution_lines(reference_source(topic)) if len(line) > 60 and line in text]
        assert leaked == []


def test_the_doctests_of_everything_published_run() -> None:
    modules = [*(ROOT / "autograder").rglob("*.py"), *(ROOT / "reference").glob("*.py")]
    with_examples = [str(path) for path in modules if ">>> " in path.read_text() and "inside" not in path.parts]
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "-q", "-p", "no:cacheprovider", *with_examples]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
