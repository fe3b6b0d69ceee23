"""Whether a function is a stub or written, by its text: line by line, as no interpreter may have read it yet.

What cannot be told is taken for no code: then nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# So many lines above one are looked through for the definition in which it stands, and so many below for its end.
LONGEST_DEFINITION = 400
# So many definitions of a module are looked at: the largest topic has some sixty.
MOST_DEFINITIONS = 400
# So much of a line is read; what goes on behind it is not looked at.
LONGEST_LINE = 400

DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(def|class)[ \t]+(\w{1,80})")
_RAISES = re.compile(r"raise[ \t]+NotImplementedError\b")
_STRING = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")
_COMMENT = re.compile(r"(?:^|\s)#[^\"']*$")
_NO_CODE = ("pass", "...")


@dataclass(frozen=True)
class Body:
    """What stands in a function but comments and its docstring: lines of code, and lines that raise as stubs do.

    outermost: those of the lines that raise which no branch or loop is around.
    """

    code: tuple[int, ...] = ()
    raising: tuple[int, ...] = ()
    outermost: tuple[int, ...] = ()

    @property
    def is_stub(self) -> bool:
        """Whether it does nothing but raise."""
        return bool(self.raising) and not self.code


def name_at(lines: Sequence[str], line: int) -> str:
    """The name of the function, or the class with its method, in which a line stands; empty where there is none."""
    names = [match[2] for number in _around(lines, line) if (match := DEFINED.match(lines[number - 1]))]
    return ".".join(reversed(names))


def body_at(lines: Sequence[str], line: int) -> Body:
    """The body of the innermost function in which a line stands; an empty one where it stands in none."""
    return body_from(lines, next(iter(_around(lines, line)), 0))


def body_from(lines: Sequence[str], begin: int) -> Body:
    """The body of the function that begins with this line; an empty one where none does."""
    match = DEFINED.match(lines[begin - 1]) if begin else None
    return _body(lines, begin) if match and match[1] == "def" else Body()


def definitions(lines: Sequence[str]) -> dict[str, list[int]]:
    """The lines at which each function and class begins, by its name with its class, in order."""
    found: dict[str, list[int]] = {}
    around: list[tuple[int, str]] = []
    for number, text in enumerate(lines, 1):
        if match := DEFINED.match(text):
            indent = _indent(text)
            around = [(depth, name) for depth, name in around if depth < indent] + [(indent, match[2])]
            found.setdefault(".".join(name for _, name in around), []).append(number)
            if len(found) >= MOST_DEFINITIONS:
                break
    return found


def _around(lines: Sequence[str], line: int) -> list[int]:
    """The lines at which the definitions around a line begin, the innermost first."""
    found = []
    indent = _indent(lines[line - 1]) if 0 < line <= len(lines) else 0
    for number in range(min(line - 1, len(lines)), max(line - 1 - LONGEST_DEFINITION, 0), -1):
        if indent == 0:
            break
        text = lines[number - 1]
        if DEFINED.match(text) and _indent(text) < indent:
            found.append(number)
            indent = _indent(text)
    return found


def _body(lines: Sequence[str], begin: int) -> Body:
    first = _behind_docstring(lines, _behind_signature(lines, begin))
    depth, indent = _indent(lines[begin - 1]), 0
    code, raising, outermost = [], [], []
    inner = 0  # the indent of a definition inside, which is no code of the function's own
    for number in range(first, min(len(lines), begin + LONGEST_DEFINITION) + 1):
        words = _words(lines[number - 1])
        if not words:
            continue
        if _indent(lines[number - 1]) <= depth:
            break
        if inner and _indent(lines[number - 1]) > inner:
            continue
        inner = _indent(lines[number - 1]) if DEFINED.match(lines[number - 1][:LONGEST_LINE]) else 0
        indent = indent or _indent(lines[number - 1])
        if inner:
            continue
        if _RAISES.match(words):
            raising.append(number)
            outermost += [number] if _indent(lines[number - 1]) == indent else []
        elif words not in _NO_CODE:
            code.append(number)
    return Body(tuple(code), tuple(raising), tuple(outermost))


def _behind_signature(lines: Sequence[str], begin: int) -> int:
    """The line below a function's head, which may take several."""
    depth = 0
    for number in range(begin, min(len(lines), begin + LONGEST_DEFINITION) + 1):
        words = _words(lines[number - 1])
        depth += sum(words.count(sign) for sign in "([{") - sum(words.count(sign) for sign in ")]}")
        if depth <= 0 and words.endswith(":"):
            return number + 1
    return len(lines) + 1


def _behind_docstring(lines: Sequence[str], first: int) -> int:
    """The line below a docstring that begins at a line, or below blank lines and comments; the same line where none does."""
    while first <= len(lines) and not _words(lines[first - 1]):
        first += 1
    text = lines[first - 1].strip() if first <= len(lines) else ""
    match = _STRING.match(text)
    if match is None:
        return first
    if match[1] in text[match.end() :]:
        return first + 1
    last = min(len(lines), first + LONGEST_DEFINITION)
    return next((number for number in range(first + 1, last + 1) if match[1] in lines[number - 1]), last) + 1


def _words(text: str) -> str:
    """A line without what is a comment from its beginning, or surely one behind code."""
    return _COMMENT.sub("", text[:LONGEST_LINE]).strip()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
