"""Docstrings in Sphinx's form: they are written to be read in the source, and say no more than is needed of how they look.

A line ``name: what it is`` of the package becomes a field of a list, and stars and underscores are themselves.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

FIELD = re.compile(r"(?P<name>[a-z_]+(, [a-z_]+)*): (?P<words>.+)")


def setup(app: Sphinx) -> dict[str, Any]:
    """Read docstrings before Sphinx does."""
    app.connect("autodoc-process-docstring", mend, priority=400)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def skip(app: Sphinx, what: str, name: str, obj: Any, skipped: bool, options: Any) -> bool | None:
    """Leave out what a library puts into a class that derives from it; None leaves the choice to Sphinx."""
    home = getattr(obj, "__module__", None) or ""
    return True if home.split(".")[0] in ("sklearn", "keras", "tensorflow") else None


def mend(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Change a docstring in place."""
    lines[:] = plain(lines)
    if name.startswith("autograder"):  # those of students are in Google's form, which napoleon reads
        lines[:] = fields(lines)


def plain(lines: list[str]) -> list[str]:
    """The lines with stars, and the underscores that end a name, escaped where they are neither code nor in an example."""
    made = []
    example = False
    for line in lines:
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        parts = re.split(r"(`[^`]*`)", line)
        escaped = "".join(part if i % 2 else re.sub(r"\*|(?<=\w)_(?!\w)", r"\\\g<0>", part) for i, part in enumerate(parts))
        made.append(line if example else escaped)
    return made


def fields(lines: list[str]) -> list[str]:
    """The lines with names marked as fields, and what is laid out by hand left as it is."""
    made: list[str] = []
    inside = False  # a paragraph that began with a name
    for line in lines:
        field = FIELD.match(line)
        if not line.strip():
            inside = False
        if made and made[-1].endswith(":") and made[-1][0].isupper() and line.startswith("    ") and not inside:
            made[-1] += ":"
            made.append("")
        if field and (inside or not made or not made[-1].strip()):
            inside = True
            made.append(f":{field['name']}: {field['words']}")
        else:
            made.append(f"   {line}" if inside else line)
    return made
