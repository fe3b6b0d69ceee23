"""Looks whether derivatives are written as finite differences or complex steps, where the page for students asks for formulas.

No score hangs on it: the answers are judged. It is a notice for whoever reads the report, made from the module's text alone,
line by line with regular expressions: it is made of every submission, also of one that no interpreter has read yet.
"""

from __future__ import annotations

import re

from autograder.text import plain

# Longer than any honest module; what is behind it is not looked at.
LONGEST_TEXT = 200_000
# So many functions are named; a module may define thousands.
MOST_TOLD = 12
# In what is called so, a formula is asked for.
_ASKED = re.compile(r"(derivative|gradients?|backward|local_gradients?)$")
# Exercises that ask for a numerical gradient itself.
_MAY = ("numerical_gradient",)

_DEFINITION = re.compile(r"^[ \t]*def[ \t]+(\w{1,80})[ \t]*\(", re.MULTILINE)
_IMAGINARY = re.compile(r"(?<![\w.])\d[\d._]{0,20}(?:e[-+]?\d{1,4})?j\b")
# A call with something added to, or taken from, a name: f(x + h), loss(w - step, y).
_MOVED = re.compile(
    r"(?<![\w.])([A-Za-z_][\w.]{0,60})\(([A-Za-z_][\w.]{0,40}(?:\[\w{1,20}\])?) ?([-+]) ?"
    r"(\d[\d.]{0,20}e[-+]\d{1,4}|[\w.*]{1,40})[,)]"
)
# Prose between the cells, most of what a handed-out module has.
_COMMENT = re.compile(r"^[ \t]*#.*\n?", re.MULTILINE)
_CALLED = re.compile(r"(?<![\w.])(?:self\.)?([A-Za-z_]\w{0,80})\(")
# Functions of which no derivative is taken by moving their argument.
_LIBRARY = ("np.", "numpy.", "math.", "len", "range", "abs", "float", "int", "min", "max", "sum")


def numerical_notices(file: str, text: str) -> list[str]:
    """A sentence for the functions of a module that seem to differentiate numerically; none where there are none."""
    bodies = _bodies(_COMMENT.sub("", text[:LONGEST_TEXT]))
    helpers = {*_MAY, *(name for name, body in bodies.items() if _differentiates(body))}
    found = [
        name
        for name, body in bodies.items()
        if _ASKED.search(name) and name not in _MAY and (name in helpers or helpers & set(_CALLED.findall(body)) - {name})
    ]
    if not found:
        return []
    seem = "seems" if len(found) == 1 else "seem"
    more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    what = f"{', '.join(map(plain, found[:MOST_TOLD]))}{more} {seem} to be computed by finite differences or a complex step"
    return [f"{plain(file)}: {what}, where a formula is asked for. No points hang on that."]


def _bodies(text: str) -> dict[str, str]:
    """The text of each function, up to the next one."""
    starts = list(_DEFINITION.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=False):
        found[start[1]] = found.get(start[1], "") + text[start.end() : end]  # methods of several classes may have one name
    return found


def _differentiates(body: str) -> bool:
    """Whether a function calls another at both sides of a point, or with an imaginary part."""
    if _IMAGINARY.search(body):
        return True
    moved: dict[tuple[str, str, str], set[str]] = {}
    for function, point, sign, step in _MOVED.findall(body):
        if not function.startswith(_LIBRARY):
            moved.setdefault((function, point, step), set()).add(sign)
    return any(len(signs) == 2 for signs in moved.values())
