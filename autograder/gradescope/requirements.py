"""The pinned requirements of a container: of what grading needs, and of the libraries that some topics need beside it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.declare.catalogue import OURS, Catalogue, reference_folder
from autograder.errors import GraderFault
from autograder.gradescope.wheel import NAME


def requirements(topics: Iterable[str], catalogue: Catalogue = OURS) -> str:
    """The lines of a requirements.txt for grading these topics, sorted.

    In a clone a distribution is pinned as the repository locks it, with its markers, so that the container's Python may be
    another one than this; elsewhere it is pinned as it is installed here. Raises GraderFault where a library is not.
    """
    libraries = {library for topic in topics for library in catalogue.topic(topic).needs.libraries}
    locked = _locked("requirements-dev.lock")
    names = _closure(libraries) | (set(_locked("requirements.lock")) or _closure([NAME]) - {NAME})
    lines = [line for name in sorted(names) for line in locked.get(name) or [f"{name}=={importlib.metadata.version(name)}"]]
    return "\n".join(lines) + "\n"


def _closure(wanted: Iterable[str]) -> set[str]:
    """These distributions and all that they require here, in turn; what is not installed was left out by its installer."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    named = {canonicalize_name(name) for name in wanted}
    found: set[str] = set()
    waiting = sorted(named)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            if name in named:
                raise GraderFault(
                    f"{name} is not installed here, so it is not known which one to ask for: install it."
                ) from None
            continue
        found.add(name)
        for required in map(Requirement, requires):
            if required.marker is None or required.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(required.name))
    return found


def _locked(lock: str) -> dict[str, list[str]]:
    """The lines of one of the repository's locks by the name of the distribution; empty where there is no clone."""
    folder = reference_folder()
    path = folder.parent / lock if folder else Path()
    found: dict[str, list[str]] = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            if named := re.match(r"[A-Za-z0-9._-]+(?===)", line):
                found.setdefault(re.sub(r"[-_.]+", "-", named.group()).lower(), []).append(line)
    return found
