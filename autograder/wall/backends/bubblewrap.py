"""Bubblewrap: namespaces in which no other file, process or network is. It takes ``bwrap`` and user namespaces."""

from __future__ import annotations

import os
import shutil
import sys

from autograder.errors import NoSandbox
from autograder.wall.backends.base import (
    INSIDE,
    SHARED_LIBRARIES,
    Backend,
    Start,
    interpreter,
    landlock_version,
    package_folders,
    python,
    standard_folders,
)
from autograder.wall.libraries import places_of


def _command(start: Start) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise NoSandbox("bwrap is not installed")
    base = os.path.realpath(sys.base_prefix)
    read_only = [interpreter(), *SHARED_LIBRARIES, f"{base}/lib", *standard_folders()]
    command = [program, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
    command += ["--new-session", "--hostname", "sandbox", "--dev", "/dev"]
    for path in dict.fromkeys(read_only):
        command += ["--ro-bind-try", path, path]
    for folder in standard_folders():
        for name in ("site-packages", "dist-packages"):
            if os.path.isdir(os.path.join(folder, name)):
                command += ["--tmpfs", os.path.join(folder, name)]
    if os.path.isdir("/usr/lib/python3/dist-packages"):
        command += ["--tmpfs", "/usr/lib/python3/dist-packages"]
    for path in dict.fromkeys((*package_folders(), *places_of(start.needs.libraries), str(INSIDE))):
        command += ["--ro-bind", path, path]
    if start.needs.threads:
        # TensorFlow asks for the name of its program, and reads its command line where that is Python. It gets a name.
        command += ["--dir", "/proc/self", "--symlink", "/program", "/proc/self/exe"]
    # Mode 0300 and unguessable names: no worker can list the folder in which another worker's stands. It holds mount points
    # only: a worker has a file system of its own there, for which the zygote keeps the right to mount; no worker keeps it.
    command += ["--perms", "0300", "--size", str(2**20), "--tmpfs", "/scratch", "--chdir", "/"]
    command += ["--cap-add", "CAP_SYS_ADMIN", "--remount-ro", "/dev", "--remount-ro", "/"]
    return [*command, "--", *python(start, landlock=landlock_version() >= 1, scratch="/scratch")]


BUBBLEWRAP = Backend("bubblewrap", _command, "install bubblewrap")
