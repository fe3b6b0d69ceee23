"""Finds an exercise's code in a student's module, by its lines and without parsing it: also in one that is no Python."""

from __future__ import annotations

import re

from autograder.text import plain

# What fits beside another on a screen; right solutions have some ten lines.
MOST_LINES = 40
LONGEST_LINE = 160
# A module has a few hundred lines; looking further would cost what nobody reads.
MOST_SEARCHED = 20_000


def excerpt(module: str, exercise: str) -> str:
    """The lines that define an exercise, such as softmax or Dense.backward; the last definition counts, as in Python.

    Empty where there is none that can be seen from the lines.

    >>> print(excerpt("class Dense:\\n    def call(self):\\n        pass\\n    def back(self):\\n        ...", "Dense.back"))
    def back(self):
        ...
    """
    lines = module.splitlines()[:MOST_SEARCHED]
    for name in exercise.split("."):
        lines = _block(lines, name)
    while lines and not lines[-1].strip():
        lines.pop()
    shown = [plain(line.expandtabs(4), LONGEST_LINE) for line in lines[:MOST_LINES]]
    return "\n".join([*shown, "..."] if len(lines) > MOST_LINES else shown)


def _block(lines: list[str], name: str) -> list[str]:
    """The last definition of a name among lines, at any depth, moved to the left edge."""
    start = re.compile(rf"(\s*)(?:async\s+def|def|class)\s+{re.escape(name)}\b")
    found = [(i, match) for i, line in enumerate(lines) if (match := start.match(line))]
    if not found:
        return []
    first, match = found[-1]
    depth = len(match[1].expandtabs(4))
    end = first + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth or lines[end].lstrip()[0] in ")]}"):
        end += 1
    return [line.expandtabs(4)[depth:] for line in lines[first:end]]


def _depth(line: str) -> int:
    text = line.expandtabs(4)
    return len(text) - len(text.lstrip())
