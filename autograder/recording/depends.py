"""What recorded answers depend on: files of ours, found by following imports, and versions of libraries."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

# They say things to people, or bound a worker: no question, no answer and no comparison depends on them.
NO_SAY = frozenset(str(PACKAGE / name) for name in ("choices.py", "errors.py", "report.py", "text.py", "wall/limits.py"))

# Imports of ours, read as text: to parse the files of a topic takes fifty times as long, and every grading asks. What only
# looks like one, in a docstring, makes a file count that need not; a test holds what is found against Python's own parser.
_IMPORT = re.compile(
    rb"\n[ \t]*(?:from[ \t]+(?P<home>(?:\.|autograder\b)[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]*)"
    rb"|import[ \t]+(?P<modules>[^\n]*\bautograder\b[^\n]*))"
)
_COMMENT = re.compile(rb"#[^\n]*")


def files_behind(files: Iterable[Path]) -> list[Path]:
    """These files with all of ours that they import, in turn, inside functions too."""
    found: dict[str, None] = {}
    waiting = [str(path) for path in files]
    while waiting:
        path = waiting.pop()
        if path not in found and path not in NO_SAY:
            found[path] = None
            waiting += _imported(path)
    return [Path(path) for path in found]


def digest_of(files: Iterable[Path], home: Path = PACKAGE) -> str:
    """A digest of what files hold and of how they are called, wherever our package lies and a course's tables: its home."""
    named = {_name(path, home): path for path in files}
    total = hashlib.sha256()
    for name, path in sorted(named.items()):
        total.update(hashlib.sha256(name.encode()).digest() + _digest(str(path)))
    return total.hexdigest()


def _name(path: Path, home: Path) -> str:
    place = PACKAGE.parent if path.is_relative_to(PACKAGE) else home
    return path.relative_to(place).as_posix()


@cache
def content(path: str) -> bytes:
    """What a file holds, read once in a process."""
    with open(path, "rb") as file:
        return file.read()


@cache
def _digest(path: str) -> bytes:
    return hashlib.sha256(content(path)).digest()


@cache
def _imported(path: str) -> tuple[str, ...]:
    """The files of ours that a file imports itself."""
    if not path.endswith(".py"):
        return ()
    found: dict[str, None] = {}
    for match in _IMPORT.finditer(b"\n" + content(path)):
        for module, names in _meant(match):
            found |= dict.fromkeys(_files(_place(module, os.path.dirname(path)), names))
    return tuple(found)


def _meant(match: re.Match[bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The modules that an import names, each with the names that are taken from it."""
    if match["modules"] is not None:
        yield from ((module, ()) for module in _names(match["modules"]) if module.split(".")[0] == PACKAGE.name)
    else:
        yield match["home"].decode(), _names(match["names"])


def _names(listed: bytes) -> tuple[str, ...]:
    """What is imported of a list: of ``a as b, c`` it is a and c."""
    plain = _COMMENT.sub(b"", listed) if b"#" in listed else listed
    parts = plain.decode("utf-8", "replace").strip(" ()\t\r\n;").split(",")
    return tuple(part.split()[0] for part in parts if part.strip())


def _place(module: str, here: str) -> str:
    """Where a module of ours lies, without its suffix. here: the folder of who imports it."""
    name = module.lstrip(".")
    above = len(module) - len(name)
    for _ in range(above - 1):
        here = os.path.dirname(here)
    home = here if above else str(PACKAGE.parent)
    return f"{home}{os.sep}{name.replace('.', os.sep)}" if name else home


@cache
def _files(place: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The files that an import means: a module; of a package the modules of these names, and its opening for all else."""
    folder, _, name = place.rpartition(os.sep)
    if f"{name}.py" in _entries(folder):
        return (f"{place}.py",)
    inside = [_module(place, name) for name in names] or [""]
    opening = f"{place}{os.sep}__init__.py" if "__init__.py" in _entries(place) else ""
    return tuple(path for path in (found or opening for found in inside) if path)


def _module(folder: str, name: str) -> str:
    """The file of a module or of a package in a folder; empty where there is neither."""
    if f"{name}.py" in _entries(folder):
        return f"{folder}{os.sep}{name}.py"
    inner = f"{folder}{os.sep}{name}"
    return f"{inner}{os.sep}__init__.py" if name in _entries(folder) and "__init__.py" in _entries(inner) else ""


@cache
def _entries(folder: str) -> frozenset[str]:
    """What stands in a folder; nothing where there is none."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def versions_of(distributions: Iterable[str]) -> dict[str, str]:
    """The versions of those of these distributions that are installed."""
    found = {name: _installed().get(_normal(name)) for name in distributions}
    return {name: version for name, version in found.items() if version}


@cache
def _installed() -> dict[str, str]:
    """Versions of all distributions by their names, from the folders that installers write.

    importlib.metadata says the same, and to import it takes as long as a small grading.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        for entry in _entries(folder or "."):
            if entry.endswith((".dist-info", ".egg-info")) and "-" in entry[: -len(".dist-info")]:
                name, version = entry.rpartition(".")[0].split("-")[:2]
                found.setdefault(_normal(name), version)
    return found


def _normal(name: str) -> str:
    return name.replace("_", "-").replace(".", "-").lower()
