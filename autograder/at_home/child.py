"""The process in which a student's own code runs: ``python -m autograder.at_home.child prints|silent [MODULE...]``.

It speaks the wall's frames over its standard input and output, on handles of its own: what student code prints, or reads, has
nothing to do with them.
"""

from __future__ import annotations

import importlib
import os
import queue
import random
import secrets
import signal
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.wall.inside.load import Load
    from autograder.wall.inside.perform import Failure

READY = b"!"  # a frame: everything is loaded


class _Pipes:
    """Frames come from what was standard input, and go to what was standard output."""

    def __init__(self, prints: bool) -> None:
        self._incoming, self._outgoing = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)  # nobody answers input() here
        if prints:
            os.dup2(2, 1)
            sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        else:
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
        os.close(nothing)

    def recv_into(self, buffer: memoryview) -> int:
        data = os.read(self._incoming, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def sendall(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._outgoing, data) :]


def main() -> None:
    """Serve until the other side closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then ends this process
    # NumPy takes the seed of a generator that was given none from here, and this generator is seeded before every case. It has
    # to be bound before NumPy is loaded.
    secrets.randbits = random.getrandbits  # type: ignore[assignment]
    from autograder.wall.inside import load, serve, wire

    for module in sys.argv[2:]:
        importlib.import_module(module, "autograder.wall.inside")
    pipes = _Pipes(sys.argv[1] == "prints")
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        # In a thread, so that a process whose command was killed ends too, even if the student's code never does.
        frames = wire.Frames(pipes)
        try:
            while True:
                requests.put(frames.receive())
        except (EOFError, OSError):
            os._exit(0)

    def run(asked: Load) -> tuple[ModuleType, list[Failure]]:
        return load.run(asked.module, asked.path, asked.files[asked.path], asked.notebook, asked.root)

    server = serve.Server(run)
    wire.send(pipes, READY)
    threading.Thread(target=listen, daemon=True).start()
    while True:
        wire.send(pipes, server.answer(requests.get()))


if __name__ == "__main__":
    main()
