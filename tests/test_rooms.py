"""The package's rooms: imports go down their floors, and whoever looks for a place is led to one that is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
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
