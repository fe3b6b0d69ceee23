"""Looks at a wall from outside, as only a test may: its processes, and what stands in its scratch folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

from autograder.wall.sandbox import Sandbox


def descendants(ancestor: int) -> set[int]:
    """Every process below this one, the dying ones given a moment to be gone."""
    for _ in range(20):
        states = _below(ancestor)
        if "Z" not in states.values():
            break
        time.sleep(0.02)
    return set(states)


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


def zygote(sandbox: Sandbox) -> int:
    """The process from which this wall's workers are forked: below bubblewrap's own two."""
    process = sandbox._process.pid
    while children := _below(process):
        deeper = [child for child in children if _program(child).endswith(b"worker.py")]
        if not deeper or _program(process).endswith(b"worker.py"):
            return process
        process = min(deeper)
    return process


def _program(process: int) -> bytes:
    try:
        return next((word for word in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0") if b"worker.py" in word), b"")
    except OSError:
        return b""


def scratch_home(sandbox: Sandbox) -> Path | None:
    """The folder of all scratch folders as seen from here; None where this machine does not let us look."""
    if sandbox.backend != "bubblewrap":
        return Path(sandbox._scratch)
    home = Path(f"/proc/{zygote(sandbox)}/root/scratch")
    try:
        os.listdir(home)
    except OSError:
        return None
    return home


def scratch_entries(home: Path) -> list[str]:
    """What stands in the scratch folder."""
    return sorted(os.listdir(home))
