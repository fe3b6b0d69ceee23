"""The pinned requirements of a container: of what grading needs, and of the libraries that some topics need beside it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.declare.catalogue import OURS, Catalogue, reference_folder
from autograder.errors import GraderFault
from autograder.handing_out.wheel import NAME
from autograder.wall.libraries import with_requirements


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
    """The names of these distributions and of all that they require here."""
    try:
        return set(with_requirements(wanted))
    except importlib.metadata.PackageNotFoundError as missing:
        raise GraderFault(
            f"{missing.name} is not installed here, so it is not known which one to ask for: install it."
        ) from None


def _locked(lock: str) -> dict[str, list[str]]:
    """The lines of one of the repository's locks by the name of the distribution; empty where there is no clone."""
    folder = reference_folder()
    path = folder.parent / lock if folder else Path()
    found: dict[str, list[str]] = {}
    if path.is_file():
        for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
            found.setdefault(canonicalize_name(Requirement(line).name), []).append(line)
    return found
