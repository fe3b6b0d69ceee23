"""Which folders a library behind the wall consists of: its own distribution's, and those of all that it requires."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import GraderFault

if TYPE_CHECKING:
    import importlib.metadata


@cache
def places_of(libraries: tuple[str, ...]) -> tuple[str, ...]:
    """Folders and files of these distributions and of all their requirements, as absolute paths.

    libraries: names of distributions, such as "scikit-learn". Raises GraderFault where one is not installed; a requirement
    that is not installed does not apply to this machine, or was left out by whoever installed it.
    """
    import importlib.metadata  # only where a topic needs it: it costs as much as a small grading

    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(libraries)
    while waiting:
        name = waiting.pop()
        if _normal(name) in seen:
            continue
        seen.add(_normal(name))
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            if name in libraries:
                raise GraderFault(
                    f"{name} is not installed, and a topic of this submission needs it behind the wall: install it, or give "
                    "the other topics by -t."
                ) from None
            continue
        found.update(dict.fromkeys(_tops(distribution)))
        waiting += [_name_in(requirement) for requirement in distribution.requires or () if "extra ==" not in requirement]
    return tuple(found)


def site_folders(places: tuple[str, ...]) -> tuple[str, ...]:
    """The folders in which these stand, as they would be on the path for imports."""
    return tuple(dict.fromkeys(str(Path(place).parent) for place in places))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name_in(requirement: str) -> str:
    matched = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
    return matched.group() if matched else ""


def _tops(distribution: importlib.metadata.Distribution) -> list[str]:
    """What a distribution put directly into its folder of packages; from RECORD's text, as TensorFlow's has 20,000 lines."""
    home = Path(str(distribution.locate_file("")))
    record = distribution.read_text("RECORD") or ""
    names = {line.split(",")[0].split("/")[0] for line in record.splitlines()}
    kept = (name for name in sorted(names) if name and name not in ("..", "__pycache__") and not name.endswith(".pth"))
    return [str(home / name) for name in kept if (home / name).exists()]
