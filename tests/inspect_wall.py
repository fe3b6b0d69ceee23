"""Looks at a wall from outside, as only a test may: its processes, and what stands in its scratch folder."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from autograder.wall.sandbox import ForkingSandbox


def descendants(ancestor: int) -> set[int]:
    """Every process below this one, the dying ones given a moment to be gone.

    Of each wall the worker that waits for a module is left out: the one that was forked last.
    """
    for _ in range(20):
        states = _below(ancestor)
        if "Z" not in states.values():
            break
        time.sleep(0.02)
    return set(states) - {_waiting(process) for process in states if _is_zygote(process)}


def _is_zygote(process: int) -> bool:
    """Whether workers are forked from it, which have the same command line."""
    try:
        return _command_line(process) != _command_line(_parent(process)) and b"/worker.py\0" in _command_line(process)
    except OSError:
        return False


def _waiting(zygote: int) -> int:
    """The youngest of a zygote's children; 0 where it has none."""
    born = {}
    for child in _below(zygote):
        with contextlib.suppress(OSError):
            born[child] = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[19])
    return max(born, key=lambda child: (born[child], child), default=0)


def _below(ancestor: int) -> dict[int, str]:
    parents, states = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name of the program stands in parentheses and may hold blanks.
                rest = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)], states[int(entry.name)] = int(rest[1]), rest[0]
    found = {ancestor}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return {process: states[process] for process in found - {ancestor}}


def sockets(processes: set[int]) -> dict[int, set[str]]:
    """The sockets that each of these processes has open; of a zygote their number, as the worker that waits has a new one."""
    found = {process: {link for link in _open(process) if link.startswith("socket:")} for process in processes}
    return {process: {str(len(links))} if _is_zygote(process) else links for process, links in found.items()}


def _open(process: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for handle in os.listdir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                found.add(os.readlink(f"/proc/{process}/fd/{handle}"))
    return found


def zygote(sandbox: ForkingSandbox) -> int:
    """The process from which this wall's workers are forked: with bubblewrap, below its own two."""
    process = sandbox._process.pid
    while _program(process).endswith(b"bwrap"):
        (process,) = [child for child in _below(process) if _parent(child) == process]
    return process


def _program(process: int) -> bytes:
    return _command_line(process).split(b"\0")[0]


def _command_line(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def scratch_home(sandbox: ForkingSandbox) -> Path | None:
    """The folder of all scratch folders as seen from here; None where this machine does not let us look."""
    if sandbox._backend.weighs_scratch:
        return Path(sandbox._scratch)
    home = Path(f"/proc/{zygote(sandbox)}/root/scratch")
    try:
        os.listdir(home)
    except OSError:
        return None
    return home


def scratch_entries(home: Path) -> list[str]:
    """What stands in the scratch folder beside the empty one of the worker that waits."""
    found = sorted(os.listdir(home))
    empty = next((name for name in found if not any((home / name).iterdir())), None)
    return [name for name in found if name != empty]
