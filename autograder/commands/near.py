"""What somebody may have meant whose path is not there, or whose keyword selects nothing: said in the same line."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import WrongUsage
from autograder.text import plain

# What may be graded or checked by its name.
_OURS = (".py", ".ipynb")
# A name is told as nearly another only where so much of it is the same.
ALIKE = 0.7


def refuse_absent(path: Path) -> None:
    """Raises WrongUsage where there is nothing at a path, with the one that is nearly it."""
    if not os.path.lexists(path):
        raise WrongUsage(f"There is no file or folder {plain(str(path))}.{_near(path)}")


def refuse_keyword(keyword: str, identifiers: Iterable[str], kind: str = "check") -> None:
    """Raises WrongUsage where none of these checks' identifiers holds a keyword, with the word that is nearly it."""
    word, known = keyword.lower(), sorted(identifiers)
    if any(word in identifier.lower() for identifier in known):
        return
    parts = {part.lower(): part for identifier in known for part in _parts(identifier, whole="/" in keyword)}
    near = difflib.get_close_matches(word, parts, 1, ALIKE)
    hint = f". Did you mean {parts[near[0]]}?" if near else "; they look like layers/Dense.backward/slope."
    raise WrongUsage(f"No {kind}'s identifier holds {keyword!r}{hint}")


def _parts(identifier: str, whole: bool) -> list[str]:
    """What of an identifier a keyword may be meant to be. whole: with its slashes."""
    topic, _, rest = identifier.partition("/")
    return [identifier, rest, f"{topic}/{rest.partition('/')[0]}"] if whole else identifier.split("/")


def _near(path: Path) -> str:
    """A sentence with the path that was meant: the same file a folder higher or deeper, else one of nearly its name."""
    inside = Path(path.parent, path.stem, path.name)
    for meant in (inside, Path(path.name), Path("..", path), Path("..", path.stem, path.name)):
        if meant != path and meant.exists():
            return f" Did you mean {plain(str(meant))}?"
    if path.parent != path and not path.parent.is_dir():
        folder = _nearly(path.parent)
        found = Path(folder, path.name) if folder and Path(folder, path.name).exists() else None
    else:
        found = _nearly(path)
    return f" Did you mean {plain(str(found))}?" if found else ""


def _nearly(path: Path) -> Path | None:
    """The file or folder beside where a path would be whose name is nearly its own."""
    try:
        names = [entry.name for entry in os.scandir(path.parent) if entry.is_dir() or entry.name.endswith(_OURS)]
    except OSError:
        return None
    near = difflib.get_close_matches(path.name, [name for name in names if not name.startswith(".")], 1, ALIKE)
    return Path(path.parent, near[0]) if near else None
