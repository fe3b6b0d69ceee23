"""Reads who handed in what out of Gradescope's submission_metadata.yml.

Gradescope writes it with Ruby, whose symbols are plain scalars of YAML that begin with a colon. This reads the few lines of
that form that name people and times, by their indentation, and passes over all others. A reader of all YAML would meet results
with all that students printed, megabytes of them, and Ruby's own tags, and would take minutes where this takes a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

# Ruby gives a string that it writes again a name (&1) the first time, and only that name (*1) afterwards.
ANCHORED = re.compile(r"&(\S+)\s+(.*)", re.DOTALL)
# A key may be quoted; the colon that ends it has a space or nothing behind it.
KEY_AND_VALUE = re.compile(r"""('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|.*?):(?:\s+(.*))?$""")
ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
WANTED = frozenset({":name", ":sid", ":email", ":created_at"})
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?\s*(Z|UTC|[+-]\d\d:?\d\d)?")


@dataclass
class Submitter:
    """One of the people who handed in a submission."""

    name: str = ""
    sid: str = ""
    email: str = ""


@dataclass
class Handed:
    """What the file says of one submission."""

    submitters: list[Submitter] = field(default_factory=list)
    created_at: datetime | None = None


@dataclass
class _Line:
    indent: int
    is_item: bool
    key: str
    value: str


def read_metadata(text: str) -> dict[str, Handed]:
    """What was handed in, by the name of its folder; what does not have the form is passed over."""
    found: dict[str, Handed] = {}
    anchors: dict[str, str] = {}
    handed, section, of_person = Handed(), "", 0
    for line in _lines(text):
        value = _scalar(line.value, anchors)
        if line.indent == 0 and not line.is_item:
            handed, section = found.setdefault(_scalar(line.key, anchors), Handed()), ""
        elif line.indent == 2 and not line.is_item:
            section = line.key
            if section == ":created_at":
                handed.created_at = as_time(value)
        elif section == ":submitters" and line.is_item and line.indent in (2, 4):
            handed.submitters.append(Submitter())
            of_person = line.indent + 2
        is_of_person = line.is_item or line.indent == of_person
        if section == ":submitters" and handed.submitters and is_of_person and line.key in (":name", ":sid", ":email"):
            setattr(handed.submitters[-1], line.key[1:], value)
    return found


def as_time(text: str) -> datetime | None:
    """A time as Ruby and GitHub write it: to the nanosecond, with its distance from UTC; without one it is UTC.

    >>> as_time("2023-01-31 18:52:01.123456789 Z").isoformat(), as_time("2019-02-27 03:34:51 -08:00").isoformat()
    ('2023-01-31T18:52:01.123456+00:00', '2019-02-27T03:34:51-08:00')
    """
    match = TIME.search(text)
    if not match:
        return None
    zone = match[4] or "Z"
    zone = "+00:00" if zone in ("Z", "UTC") else zone
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}.{(match[3] or '0')[:6]:0<6}{zone}")
    except ValueError:
        return None


def _lines(text: str) -> Iterator[_Line]:
    """The lines with a key, each with what goes on below its value.

    What a student chose, such as a name, can go on below its key; it then stands deeper than the key, whatever it says.
    """
    line: _Line | None = None
    own = 0
    for raw in text.split("\n"):
        body = raw.strip()
        if not body:
            continue
        indent = len(raw) - len(raw.lstrip(" "))
        if line and line.value and indent > own:
            if line.key in WANTED:
                line.value = line.value[:-1] + body if line.value.endswith("\\") else f"{line.value} {body}"
            continue
        if line:
            yield line
        is_item = body.startswith("- ")
        if is_item:
            body = body[2:].lstrip()
        own = indent + 2 if is_item else indent
        match = KEY_AND_VALUE.match(body)
        line = _Line(indent, is_item, match[1], (match[2] or "").strip()) if match else None
    if line:
        yield line


def _scalar(text: str, anchors: dict[str, str]) -> str:
    """A scalar's text, be it quoted or not. What is no scalar of a simple form is the empty string."""
    text = text.removeprefix("! ")
    if match := ANCHORED.fullmatch(text):
        anchors[match[1]] = _scalar(match[2], anchors)
        return anchors[match[1]]
    if text.startswith("*"):
        return anchors.get(text[1:], "")
    quote = text[:1]
    if quote in ("'", '"') and quote and (len(text) == 1 or text[-1] != quote):
        return ""
    if quote == "'":
        return text[1:-1].replace("''", "'")
    if quote == '"':
        return ESCAPE.sub(_unescaped, text[1:-1])
    return "" if quote in ("!", "|", ">", "[", "{") or text in ("~", "null") else text


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        return chr(int(digits, 16)) if int(digits, 16) < 0x110000 else "\N{REPLACEMENT CHARACTER}"
    return ESCAPED.get(match[4], match[4])
