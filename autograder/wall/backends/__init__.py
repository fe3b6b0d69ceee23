"""The ways in which the process behind the wall can be started, a file each; here stands which there are.

A further one is a file beside these, its line in this table, and its word in :mod:`autograder.choices`.
"""

from __future__ import annotations

from autograder.wall.backends.base import Backend
from autograder.wall.backends.bubblewrap import BUBBLEWRAP
from autograder.wall.backends.landlock import LANDLOCK
from autograder.wall.backends.none import NONE

# The order is that of "auto", which takes the first that works, and never one without a wall.
BACKENDS: dict[str, Backend] = {backend.name: backend for backend in (BUBBLEWRAP, LANDLOCK, NONE)}


def automatic() -> list[Backend]:
    """The backends among which "auto" chooses, the first to be tried first."""
    return [backend for backend in BACKENDS.values() if backend.walled]
