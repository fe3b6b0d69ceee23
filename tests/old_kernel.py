"""Runs a program as on an older kernel: the calls that such a kernel does not have answer what it would answer.

python -m tests.old_kernel landlock,seccomp PROGRAM [ARGUMENT ...]
"""

from __future__ import annotations

import errno
import os
import sys

from autograder.wall.inside.harden import install_filter
from autograder.wall.inside.seccomp import CALL, EQUAL, Block, allow, argument, load, refuse, together, when

_PRCTL = {"x86_64": 157, "aarch64": 167}[os.uname().machine]
_PR_SET_SECCOMP = 22
# Landlock is of 2021; a filter of system calls is of 2012, and may be left out when a kernel is built.
LACKS: dict[str, Block] = {
    "landlock": together(when(EQUAL, number, refuse(errno.ENOSYS)) for number in (444, 445, 446)),
    "seccomp": when(EQUAL, _PRCTL, load(argument(0)), when(EQUAL, _PR_SET_SECCOMP, refuse(errno.EINVAL)), allow()),
}

if __name__ == "__main__":
    lacking, *command = sys.argv[1:]
    install_filter([*load(CALL), *together(LACKS[name] for name in lacking.split(",")), *allow()])
    os.execv(command[0], command)
