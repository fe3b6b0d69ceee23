"""A process in which a student's own code runs, and the pipes to it. It imports nothing heavy, so that it can start first.

Nothing here needs more than Python on any system: no fork, no sockets of a Unix's, no signals. A thread reads what the process
answers, so that waiting for it can end; another writes, so that asking never waits.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

from autograder.wall.environment import SAME_EVERY_TIME

_CHUNK = 65536


class Process:
    """A Python that loads NumPy and waits for student code. It begins to start when it is made, and ends when it is closed."""

    def __init__(
        self, imports: Sequence[str] = (), prints: bool = False, environment: Mapping[str, str] | None = None
    ) -> None:
        """imports: modules to load beforehand. prints: whether what student code prints comes to standard error."""
        # -P: the folder in which the command is given is not on the path, so that a student's random.py shadows nothing.
        command = [sys.executable, "-P", "-m", "autograder.at_home.child", "prints" if prints else "silent", *imports]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SAME_EVERY_TIME, **(environment or {})},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._rest = b""
        threading.Thread(target=_read, args=(self._process.stdout, self._answers), daemon=True).start()
        threading.Thread(target=_write, args=(self._process.stdin, self._requests), daemon=True).start()

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        """Take what has arrived, 0 bytes where the process has ended. Raises TimeoutError at the deadline."""
        if not self._rest:
            try:
                self._rest = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def send(self, data: bytes) -> None:
        """Have this written; a process that has ended is noticed by whoever waits for its answer."""
        self._requests.put(data)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._requests.put(None)
        self._process.wait()


def _read(stream: IO[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    with stream:
        while chunk := os.read(stream.fileno(), _CHUNK):
            answers.put(chunk)
    answers.put(b"")


def _write(stream: IO[bytes], requests: queue.SimpleQueue[bytes | None]) -> None:
    try:
        while (data := requests.get()) is not None:
            stream.write(data)
            stream.flush()
        stream.close()
    except OSError:
        pass  # the process has ended
