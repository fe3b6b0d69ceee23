"""The process behind the wall: loads NumPy once, and forks a worker for each request; a worker loads one module and performs.

Started by :mod:`autograder.wall.sandbox` as a program of its own: ``worker.py CONTROL_FD SETTINGS``. This first process, the
zygote, never runs a line of a student's. Every worker is shut in before it is told which module to load; one always waits,
shut in already, as that takes longer than most modules do.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import platform
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

_COMMAND_LINE = "/proc/self/cmdline"
# What a worker says first, before anything of a student's is there: that it is shut in, or that it cannot be, and why.
SHUT_IN, NOT_SHUT_IN = b"!", b"?"


class Settings(TypedDict):
    """What the grader tells this process, as JSON: where things are, and what a worker may have.

    walled, landlock: whether workers are shut in, and by Landlock too. inside, packages, library_folders: where our modules,
    NumPy's and the libraries' are imported from. readable, listable: all that Landlock lets be read. folders: the few folders
    in which that stands, and no scratch folder. memory, disk: in bytes.
    """

    inside: str
    packages: list[str]
    library_folders: list[str]
    imports: list[str]
    readable: list[str]
    listable: list[str]
    folders: list[str]
    threads: bool
    scratch: str
    walled: bool
    landlock: bool
    memory: int
    disk: int
    files: int
    cpu_seconds: int


def _prepare_imports(settings: Settings) -> None:
    """Load all that a worker may need, from the folders given, and leave only the standard library on the path."""
    import random
    import secrets

    # NumPy seeds a generator that was given no seed from secrets.randbits. Bound to Python's own generator, which is seeded
    # before every case, a submission that forgets its rng is graded the same every time.
    secrets.randbits = random.getrandbits  # type: ignore[assignment]
    sys.path[:0] = [settings["inside"], *settings["packages"]]
    for module in ("numpy", "numpy.linalg", "numpy.random", "msgspec", "inside.harden", "inside.load", "inside.serve"):
        importlib.import_module(module)
    sys.path += settings["library_folders"]
    os.environ["TMPDIR"] = settings["scratch"]  # TensorFlow looks for a folder that it can write to
    for module in settings["imports"]:
        importlib.import_module(module, "inside")
    for path in (settings["inside"], *settings["packages"]):
        sys.path.remove(path)


def main() -> None:
    """Serve the grader until it closes the control socket."""
    import fcntl
    import json

    control = socket.socket(fileno=int(sys.argv[1]))
    settings: Settings = json.loads(sys.argv[2])
    _prepare_imports(settings)
    # No PR_SET_PDEATHSIG here: it fires when the grader's *thread* ends. The control socket's end is what ends this process.
    gc.collect()
    gc.freeze()  # what is loaded by now is shared with every fork, and stays so
    from inside import harden

    common = None
    if settings["landlock"] and not settings["threads"]:
        with contextlib.suppress(OSError):  # where they cannot be made, the first worker says so
            rules = _common_rules(settings)
            common = fcntl.fcntl(rules, fcntl.F_DUPFD_CLOEXEC, 32)  # out of the way: a worker's channel has the first place
            os.close(rules)
    if settings["walled"]:
        harden.filter_program(platform.machine(), 0, settings["threads"])  # all but the number of the worker is kept
    _serve(control, settings, common)


class Spare(NamedTuple):
    """A worker that waits for its module: the grader's end of its channel is still here."""

    pid: int
    name: str  # of its scratch folder
    scratch: str
    channel: socket.socket


def _serve(control: socket.socket, settings: Settings, common: int | None) -> None:
    """Say that all is there; then one request a message.

    ``s`` is answered with a worker's number, the name of its folder and its channel; ``k`` + its number kills that worker.
    """
    workers: dict[int, tuple[int, str]] = {}
    count = 0
    spare = _spare_if_possible(control, settings, common)
    control.sendall(b"!")
    while message := control.recv(16):
        if message[:1] == b"s":
            count += 1
            given = spare or _spare(control, settings, common)
            workers[count] = (given.pid, given.scratch)
            with given.channel:
                socket.send_fds(control, [count.to_bytes(4, "little") + given.name.encode()], [given.channel.fileno()])
            spare = _spare_if_possible(control, settings, common)
        else:
            _bury(workers, int.from_bytes(message[1:5], "little"))
            control.sendall(b"\0")
    if spare is not None:
        workers[0] = (spare.pid, spare.scratch)
    for number in list(workers):
        _bury(workers, number)


def _spare_if_possible(control: socket.socket, settings: Settings, common: int | None) -> Spare | None:
    """None where the system gives no process now: whoever asks for one later hears of that."""
    try:
        return _spare(control, settings, common)
    except OSError:
        return None


def _spare(control: socket.socket, settings: Settings, common: int | None) -> Spare:
    """Fork a worker, which shuts itself in."""
    name = os.urandom(16).hex()  # no worker can guess another's
    scratch = os.path.join(settings["scratch"], name)
    os.mkdir(scratch, 0o700)
    ours, theirs = socket.socketpair()
    with theirs:
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                ours.close()
                channel = theirs.dup()  # in the first place that is free, whatever the zygote has open
                theirs.close()
                _work(channel, scratch, settings, common)
            finally:
                os._exit(0)
    return Spare(pid, name, scratch, ours)


def _bury(workers: dict[int, tuple[int, str]], number: int) -> None:
    if number not in workers:
        return
    pid, scratch = workers.pop(number)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    clear_away(scratch)


def clear_away(folder: str) -> None:
    """Remove a folder with all that is in it, however deep: inner folders are first lifted to the top, so nothing recurses."""
    count = 0
    inner = [folder]
    while inner:
        place = inner.pop()
        with contextlib.suppress(OSError):
            os.chmod(place, 0o700)
            for entry in list(os.scandir(place)):
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                count += 1
                lifted = os.path.join(folder, f"{os.urandom(8).hex()}{count}")
                os.chmod(entry.path, 0o700)  # a folder without write permission cannot be moved by its owner
                os.rename(entry.path, lifted)
                inner.append(lifted)
            if place != folder:
                os.rmdir(place)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _work(channel: socket.socket, scratch: str, settings: Settings, common: int | None) -> None:
    """A worker's life: shut the door, load the module, perform what is asked until the channel closes."""
    from inside import wire

    try:
        _shut_in(scratch, settings, common)
    except OSError as error:
        channel.sendall(NOT_SHUT_IN + str(error).encode())
        return
    channel.sendall(SHUT_IN)
    from inside.lent import allow_libraries
    from inside.load import load
    from inside.serve import Server

    allow_libraries(frozenset(module.split(".")[0] for module in settings["imports"] if module[0] != "."))
    server = Server(lambda asked: load(asked, scratch))
    requests = wire.Frames(channel)
    with contextlib.suppress(EOFError):  # the grader has closed the channel
        while True:
            wire.send(channel, server.answer(requests.receive()))


def _common_rules(settings: Settings, told: Sequence[str] = ()) -> int:
    """Landlock's rules that all workers share: there are hundreds of files, and making them takes longer than a fork."""
    from inside import harden

    return harden.file_rules([*settings["readable"], *told], [settings["scratch"], "/dev/null"], settings["listable"])


def _shut_in(scratch: str, settings: Settings, common: int | None) -> None:
    """Give up all that a worker must not have. Raises CannotHarden."""
    from inside import harden

    quiet = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):  # the zygote's standard error is a pipe that the grader reads until it has started
        os.dup2(quiet, stream)
    os.close(quiet)
    if settings["walled"]:
        os.setsid()
        harden.die_with_parent()
        harden.mount_scratch(scratch, settings["disk"], settings["files"])
        harden.drop_capabilities()
        harden.limit_resources(settings["memory"], settings["disk"], settings["cpu_seconds"])
        if settings["landlock"]:
            told = []
            if settings["threads"] and os.path.exists(_COMMAND_LINE):
                # TensorFlow reads its own command line, and aborts where it cannot. The handle stays open: the kernel may make
                # another inode for a file of /proc that nobody holds, to which the rule would not apply.
                os.open(_COMMAND_LINE, os.O_PATH)
                told = [_COMMAND_LINE]
            # What both allow: all that workers may read, and of all scratch folders one's own.
            own = harden.file_rules([*settings["folders"], *told], [scratch, "/dev/null"])
            harden.confine_files(_common_rules(settings, told) if common is None else common, own)
    os.chdir(scratch)
    os.environ["TMPDIR"] = scratch
    tempfile.tempdir = None
    if settings["walled"]:
        harden.deny_system_calls(settings["threads"])


if __name__ == "__main__":
    main()
