"""The loop of work: every test file has its line in the table, and what `make quick` runs exists."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.conftest import ROOT, TOGETHER, files_in_order
from tests.quick import CHOSEN, chosen

FILES = sorted(path.stem for path in (ROOT / "tests").glob("test_*.py"))


def test_every_test_file_has_its_line_in_the_table() -> None:
    assert sorted(files_in_order()) == FILES, "tests/README.md: one line a file, with its seconds, the longest first"


def test_the_table_begins_with_the_longest() -> None:
    lines = re.findall(r"^\| `(test_\w+)` \|.*\| (\d+) \|$", (ROOT / "tests" / "README.md").read_text(), re.MULTILINE)
    together: dict[str, int] = {}
    for name, seconds in lines:
        group = TOGETHER.get(name, name)
        together[group] = together.get(group, 0) + int(seconds)
    assert list(together.values()) == sorted(together.values(), reverse=True)
    assert len(lines) == len(FILES)


@pytest.mark.parametrize("test", chosen())
def test_what_make_quick_runs_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name.split('[')[0]}" in (ROOT / path).read_text(encoding="utf-8")


def test_every_choice_has_its_reason() -> None:
    assert all(group["why"].endswith(".") for group in tomllib.loads(CHOSEN.read_text(encoding="utf-8"))["group"])
