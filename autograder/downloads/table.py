"""The table of an import: what was found for whom, as CSV, as JSON and in the terminal."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from autograder.text import counted, plain

VERSION = 1
CSV_NAME, JSON_NAME = "submissions.csv", "submissions.json"

# What a spreadsheet takes for a formula. An apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

NEW, CHANGED, SAME, KEPT, MISSED = "new", "changed", "unchanged", "kept", "left out"


# Beside the students' folders: earlier attempts, each in a folder <key>~<number>, the earliest 1.
ATTEMPTS, NUMBERED = ".attempts", "~"


def folder_of(folder: Path, name: str) -> Path:
    """Where an attempt lies below the folder of an import."""
    return folder / ATTEMPTS / name if NUMBERED in name else folder / name


class Tried(msgspec.Struct):
    """An earlier attempt that was kept: its folder, and when it was handed in, as the layout says."""

    folder: str
    submitted_at: str = ""
    late: bool | None = None


class Row(msgspec.Struct):
    """One submission: whose it is, as its system says; what was kept; what a person should know."""

    key: str  # its folder
    identity: str  # what tells it apart in its layout; the key is made from it, once
    layout: str
    name: str = ""
    id: str = ""
    email: str = ""
    submitted_at: str = ""  # ISO 8601, without a zone where the layout tells none; empty where it tells no time
    late: bool | None = None  # None where the layout does not say
    files: list[str] = []
    topics: list[str] = []
    missing: list[str] = []
    notices: list[str] = []
    place: str = ""  # how its system called it, where that takes files back under this name; else empty
    attempts: list[Tried] = []  # earlier ones that were kept, the earliest first


class Record(msgspec.Struct):
    """All of an import, as submissions.json holds it."""

    version: int
    submissions: list[Row]


def as_json(rows: Sequence[Row]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(Record(VERSION, list(rows))), indent=2) + b"\n"


def as_csv(rows: Sequence[Row]) -> bytes:
    """The table as CSV."""
    columns = ["key", "name", "id", "email", "layout", "submitted_at", "late", "files", "topics", "missing", "notices"]
    return quoted([columns, *([_text(getattr(row, column)) for column in columns] for row in rows)]).encode()


def quoted(rows: Iterable[Sequence[str]]) -> str:
    """Rows of texts as CSV, with every cell quoted, and none that a spreadsheet would compute."""
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([safe_cell(cell) for cell in row] for row in rows)
    return file.getvalue()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> safe_cell("=cmd|' /C calc'!A0"), safe_cell("layers.py")
    ("'=cmd|' /C calc'!A0", 'layers.py')
    """
    return "'" + text if text.startswith(FORMULA) else text


def _text(value: str | bool | list[str] | None) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else value


def print_table(rows: Sequence[Row], states: dict[str, str], left_over: Sequence[str], console: Any) -> None:
    """One line a submission; below it what a person should know of each, and of what belongs to nobody."""
    from rich.table import Table
    from rich.text import Text

    with_missing = any(row.missing for row in rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("submission", "who", "handed in", "files", "topics", *(["missing"] if with_missing else []), "state"):
        table.add_column(column, no_wrap=True, overflow="ellipsis", justify="right" if column == "files" else "left")
    for row in rows:
        when = row.submitted_at[:16].replace("T", " ") + (" LATE" if row.late else "")
        cells = [row.key, plain(row.name or row.email or row.id, 40), when.strip(), str(len(row.files))]
        cells += [", ".join(row.topics) or "nothing to grade"] + ([", ".join(row.missing)] if with_missing else [])
        style = "" if row.topics else "yellow"
        table.add_row(*(Text(cell, style) for cell in cells), Text(states[row.key], "dim"))
    console.print(table)
    noticed = [row for row in rows if row.notices and states[row.key] != KEPT]
    if noticed or left_over:
        console.print()
    for row in noticed:
        for notice in row.notices:
            console.print(Text(f"{row.key}: {notice}"))
    for notice in left_over:
        console.print(Text(f"download: {notice}"))


def closing_words(rows: Sequence[Row], states: dict[str, str]) -> str:
    """How many of what, in a sentence or two."""
    counts = Counter(states.values())
    parts = [f"{counts[state]} {state}" for state in (NEW, CHANGED, SAME, KEPT, MISSED) if counts[state]]
    empty = sum(not row.topics for row in rows)
    words = f"{counted(len(rows), 'submissions')}: {', '.join(parts)}."
    if empty:
        words += f" {empty} with nothing to grade."
    missing = sum(bool(row.missing) for row in rows)
    if missing:
        words += f" {missing} without all the topics."
    return words
