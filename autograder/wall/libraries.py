"""Which distributions a library needs, and of which folders they consist: what a worker may read of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import GraderFault

if TYPE_CHECKING:
    from importlib.metadata import Distribution


@cache
def places_of(libraries: tuple[str, ...]) -> tuple[str, ...]:
    """Folders and files of these distributions and of all their requirements, as absolute paths.

    libraries: names of distributions, such as "scikit-learn". Raises GraderFault where one is not installed.
    """
    if not libraries:
        return ()
    from importlib.metadata import PackageNotFoundError

    try:
        distributions = with_requirements(libraries)
    except PackageNotFoundError as missing:
        raise GraderFault(
            f"{missing.name} is not installed, and a topic of this submission needs it behind the wall: "
            f"pip install {missing.name}"
        ) from None
    return tuple(dict.fromkeys(place for distribution in distributions.values() for place in _tops(distribution)))


def with_requirements(libraries: Iterable[str]) -> dict[str, Distribution]:
    """These distributions and all that they require here, in turn, each by its canonical name.

    A requirement that is not installed was left out by whoever installed what requires it. Raises PackageNotFoundError where
    one of the libraries themselves is not.
    """
    # Both cost as much as a small grading, and most topics need no library.
    from importlib.metadata import PackageNotFoundError, distribution

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    asked = [canonicalize_name(name) for name in libraries]
    found: dict[str, Distribution] = {}
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            if name in asked:
                raise
            continue
        for required in map(Requirement, found[name].requires or ()):
            if required.marker is None or required.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(required.name))
    return found


def site_folders(places: tuple[str, ...]) -> tuple[str, ...]:
    """The folders in which these stand, as they would be on the path for imports."""
    return tuple(dict.fromkeys(str(Path(place).parent) for place in places))


def _tops(distribution: Distribution) -> list[str]:
    """What a distribution put directly into its folder of packages; from RECORD's text, as TensorFlow's has 20,000 lines."""
    home = Path(str(distribution.locate_file("")))
    record = distribution.read_text("RECORD") or ""
    names = {line.split(",")[0].split("/")[0] for line in record.splitlines()}
    kept = (name for name in sorted(names) if name and name not in ("..", "__pycache__") and not name.endswith(".pth"))
    return [str(home / name) for name in kept if (home / name).exists()]
