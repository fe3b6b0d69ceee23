"""Landlock: each worker gives up the files of the system itself. It takes a Linux kernel of 2021, and nothing else."""

from __future__ import annotations

from autograder.errors import NoSandbox
from autograder.wall.backends.base import Backend, Start, landlock_version, python


def _command(start: Start) -> list[str]:
    if landlock_version() < 1:
        raise NoSandbox("this system has no Landlock")
    return python(start, landlock=True)


LANDLOCK = Backend("landlock", _command, "use a Linux kernel with Landlock (5.13 or newer)", weighs_scratch=True)
