"""`make quick`: the tests of quick.toml, as `python -m tests.quick`; what is added goes to pytest."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

CHOSEN = Path(__file__).with_suffix(".toml")


def chosen() -> list[str]:
    """The tests that tell most, as pytest is told them."""
    groups = tomllib.loads(CHOSEN.read_text(encoding="utf-8"))["group"]
    return [f"tests/{test}" for group in groups for test in group["tests"]]


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", *chosen(), *sys.argv[1:]]))
