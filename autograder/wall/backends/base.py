"""What a backend of the wall is, and what each has to do: start our Python with nothing but what a worker needs."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.wall.inside.worker import Settings
from autograder.wall.libraries import places_of, site_folders
from autograder.wall.limits import Limits, Needs

# The folder of what runs behind the wall, and of the shared libraries that an interpreter loads.
INSIDE = Path(__file__).parent.with_name("inside")
SHARED_LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/usr/lib64", "/etc/ld.so.cache")


@dataclass(frozen=True)
class Start:
    """What a zygote is started with: the handle of its control socket, the folder for scratch folders, and its bounds."""

    control: int
    scratch: str
    limits: Limits
    needs: Needs


@dataclass(frozen=True)
class Backend:
    """One way to start the process behind the wall.

    name: the word by which a course chooses it. command: what starts the zygote; raises NoSandbox, with the reason that
    `grade doctor` shows, where this machine lacks what it needs. remedy: what to do where it does not work, to be read as a
    part of a sentence. walled: whether student code is shut in. weighs_scratch: whether the grader can see the scratch folders
    of its workers, and has to see that none fills the disk.
    """

    name: str
    command: Callable[[Start], list[str]]
    remedy: str = ""
    walled: bool = True
    weighs_scratch: bool = False


def python(start: Start, *, walled: bool = True, landlock: bool = False, scratch: str | None = None) -> list[str]:
    """The command of the zygote itself. scratch: where the folder for scratch folders is behind the wall."""
    packages, libraries = package_folders(), places_of(start.needs.libraries)
    readable = [*standard_library(), *packages, *libraries, *SHARED_LIBRARIES, "/dev/urandom"]
    settings: Settings = {
        "inside": str(INSIDE.parent),
        "packages": list(dict.fromkeys(os.path.dirname(path) for path in packages)),
        "library_folders": list(site_folders(libraries)),
        "imports": list(start.needs.imports),
        "readable": readable if landlock else [],
        "listable": list(site_folders(libraries)),
        "folders": [*standard_folders(), *site_folders((*packages, *libraries)), *SHARED_LIBRARIES, "/dev/urandom"],
        "threads": start.needs.threads,
        "scratch": scratch or start.scratch,
        "walled": walled,
        "landlock": landlock,
        "memory": start.limits.memory_mebibytes * 2**20,
        "disk": start.limits.disk_mebibytes * 2**20,
        "files": start.limits.files,
        "cpu_seconds": start.limits.cpu_seconds,
    }
    return [interpreter(), "-I", "-S", str(INSIDE / "worker.py"), str(start.control), json.dumps(settings)]


def interpreter() -> str:
    """The interpreter itself, not the link to it in a virtual environment."""
    return os.path.realpath(sys.executable)


def standard_folders() -> list[str]:
    """The folders of the standard library."""
    return list(dict.fromkeys(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")))


def standard_library() -> list[str]:
    """What is in the standard library's folders, but not the packages that were installed into them."""
    return [
        os.path.join(folder, name)
        for folder in standard_folders()
        for name in sorted(os.listdir(folder))
        if name not in ("site-packages", "dist-packages")
    ]


def package_folders() -> list[str]:
    """The folders of NumPy and msgspec, with the shared libraries that their wheels carry beside them."""
    import numpy

    folders = []
    for package in (numpy, msgspec):
        assert package.__file__ is not None
        home = Path(package.__file__).parent
        folders += [str(path) for path in (home, home.with_name(f"{home.name}.libs")) if path.is_dir()]
    return folders


def landlock_version() -> int:
    """The Landlock of this system, 0 where it has none."""
    if sys.platform != "linux":
        return 0
    from autograder.wall.inside import harden  # what it imports is Linux's own; a student's system may be another

    return harden.landlock_version()
