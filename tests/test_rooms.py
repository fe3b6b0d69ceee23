"""The package's rooms: imports go down their floors, and whoever looks for a place is led to one that is there."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

# For each contract of pyproject.toml an import that breaks it, inside a function as outside.
AGAINST = {
    "floors": ("render/words.py", "def late():\n    from autograder.grading.engine import grade\n    return grade\n"),
    "circles": ("grading/judge.py", "import autograder.grading.engine\n"),
    "tables": ("grading/engine.py", "from autograder.checks.layers import TOPIC\n"),
    "inside": ("wall/inside/harden.py", "def late():\n    import autograder.errors\n"),
    "keras": ("grading/judge.py", "def late():\n    import keras\n"),
    "readers": ("render/words.py", "from autograder.wall.limits import Needs\n"),
}


def broken(folder: Path, *contracts: str) -> str:
    """What the linter says of the package in this folder, held against these contracts or all; empty where they are kept."""
    program = (
        "import sys; from importlinter.cli import lint_imports as lint; sys.exit(lint(None, (*sys.argv[1:],), no_cache=True))"
    )
    command = [sys.executable, "-c", program, *contracts]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_imports_go_down_the_floors() -> None:
    assert broken(ROOT) == ""


@pytest.mark.parametrize("contract", AGAINST)
def test_an_import_against_a_contract_is_seen(contract: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "autograder", tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    name, line = AGAINST[contract]
    with (tmp_path / "autograder" / name).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}")
    assert " BROKEN" in broken(tmp_path, contract)


ROOMS = sorted(path.parent for path in (ROOT / "autograder").rglob("__init__.py") if path.parent.name != "autograder")
A_FILE_EACH = ("checks", "commands")  # topics and subcommands; their files have the names


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT / "autograder")))
def test_a_room_says_first_what_it_is_for_and_a_large_one_what_each_file_holds(room: Path) -> None:
    text = (room / "__init__.py").read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text)) or ""
    assert text.startswith('"""')
    assert re.match(r"[^\n]{10,124}\.(\n|$)", said), "the first line is a sentence"
    files = {path.stem for path in room.glob("*.py") if not path.stem.startswith("_")}
    folders = {path.parent.name for path in room.glob("*/__init__.py")}
    listed = re.findall(r"^``(\w+)`` ", said, re.MULTILINE)
    if len(files) > 5 and room.name not in A_FILE_EACH:
        assert len(set(listed)) == len(listed)
        assert files <= set(listed) <= files | folders
    else:
        assert set(listed) <= files | folders


# --- and the pages that lead there -----------------------------------------------------------------------------------------

HOW = "docs/how-it-works.md"
CODE = "docs/contributors/code.md"


def test_the_picture_of_the_floors_is_the_linters() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "floors")
    floors = [{room for room in re.findall(r"\w+", layer) if not room.startswith("_")} for layer in layers]
    here = {path.stem for path in (ROOT / "autograder").iterdir()}
    picture = (ROOT / HOW).read_text(encoding="utf-8").split("## The floors")[1].split("```")[1]
    drawn = [set(re.findall(r"\w+", line.split("   ")[0])) for line in picture.splitlines()[1:]]
    assert [rooms & here for rooms in drawn] == [floor & here for floor in floors]


@pytest.mark.parametrize("page", [HOW, CODE])
def test_every_file_that_a_page_for_contributors_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").replace("<topic>", "layers").replace("\n", " ")
    named = set(re.findall(r"(?:autograder|tests|reference|docs)/[\w./*-]*[\w*/]", text))
    named |= {f"{module.replace('.', '/')}.py" for module in re.findall(r"python -m (tests\.\w+)", text)}
    assert len(named) > 10
    assert [name for name in sorted(named) if not list(ROOT.glob(name.rstrip("/")))] == []


def test_every_test_that_the_page_runs_is_there() -> None:
    text = (ROOT / CODE).read_text(encoding="utf-8")
    for file, word in re.findall(r"-n 0 (tests/\S+) -k (\w+)", text):
        told = (ROOT / file).read_text(encoding="utf-8")
        assert word in told or (ROOT / "tests" / "hostile" / word).is_dir()
