"""What students receive is in step with its source, and holds no solution."""

from __future__ import annotations

import ast
import json
import math
import re
import subprocess
import sys

import pytest

from autograder.declare.catalogue import OURS, load_topic
from autograder.errors import GraderFault
from autograder.handing_out.assignments import assignment, signatures_page, solution_lines, stub_module
from autograder.handing_out.handout import STUB, handout, notebook
from tests.conftest import ROOT, topics_parameter


@pytest.mark.parametrize("topic", topics_parameter())
def test_the_committed_assignment_is_in_step_with_its_source(topic: str) -> None:
    made = assignment(topic)
    assert sorted(committed(topic)) == sorted(made), "run `make assignments`"
    # One file after the other: the difference of two figures in full helps nobody. A figure is drawn alike by one Matplotlib,
    # the one of requirements-dev.lock.
    assert [name for name, text in committed(topic).items() if not _same(name, text, made[name])] == [], (
        "run `make assignments`"
    )


def _same(name: str, text: str, other: str) -> bool:
    """Whether two texts are the same; of recorded cases, but for rounding: another processor adds in another order."""
    if name != "public_cases.json":
        return text == other
    ours, theirs = (re.split(NUMBER, some) for some in (text, other))
    return ours[::2] == theirs[::2] and all(
        # The tolerance is that of an answer, see EXACT in autograder/declare.py.
        math.isclose(float(a), float(b), rel_tol=1e-11, abs_tol=1e-12)
        for a, b in zip(ours[1::2], theirs[1::2], strict=True)
    )


# A number of JSON, which re.split leaves between what is around it.
NUMBER = r"(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"


def committed(topic: str) -> dict[str, str]:
    """A topic's files, as they are in the repository, by their place in its folder."""
    folder = ROOT / "assignments" / topic
    files = (path for path in folder.rglob("*.*") if path.parent.name != "__pycache__")  # a stub that was imported
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_the_students_page_has_the_signatures_of_today() -> None:
    page = (ROOT / "docs" / "student-api.md").read_text(encoding="utf-8")
    assert page == signatures_page(page), "run `make assignments`"


@pytest.mark.parametrize("topic", topics_parameter())
def test_no_line_of_a_solution_is_in_an_assignment(topic: str) -> None:
    source = OURS.reference_source(topic)
    # A line is a solution's if it stands in one, is longer than a name, and does not also stand where students may read it.
    solved = {line for line in solution_lines(source) if len(line) > 12 and not _given_elsewhere(line, source)}
    assert solved
    for name, text in committed(topic).items():
        assert solved & set(_lines(name, text)) == set(), name
        assert "SOLUTION" not in text, name
        assert "misconception" not in text, name


def _lines(name: str, text: str) -> list[str]:
    """The lines of a file as they are read: those of a notebook's cells, and of prose without the mark of a comment."""
    if name.endswith(".ipynb"):
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return [line.strip() for line in text.splitlines()] + [line.strip().removeprefix("# ") for line in text.splitlines()]


@pytest.mark.parametrize("name", ["activations.py", "activations.ipynb", "handout.md"])
def test_a_leak_would_be_found_in_every_kind_of_file(name: str) -> None:
    source = OURS.reference_source("activations")
    leaked = source.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
    files = {"activations.py": leaked, "activations.ipynb": notebook("activations", leaked), "handout.md": handout(leaked)}
    assert "return s * (1.0 - s)" in solution_lines(source) & set(_lines(name, files[name]))


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
def test_every_function_to_write_tells_its_shapes(topic: str) -> None:
    stub = stub_module(OURS.reference_source(topic))
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef) and STUB[0] in (ast.get_source_segment(stub, node) or ""):
            assert "Returns:" in (ast.get_docstring(node) or ""), node.name


def test_a_solution_without_an_end_is_refused() -> None:
    with pytest.raises(GraderFault, match="is not ended"):
        stub_module("def f():\n    ### BEGIN SOLUTION\n    return 1\n")


def test_the_doctests_of_everything_published_run() -> None:
    modules = [*(ROOT / "autograder").rglob("*.py"), *(ROOT / "reference").glob("*.py")]
    with_examples = [str(path) for path in modules if ">>> " in path.read_text() and "inside" not in path.parts]
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "-q", "-p", "no:cacheprovider", *with_examples]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
