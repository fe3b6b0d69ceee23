"""What a grading costs this side and whom it speaks to: the meters around every hostile submission.

    python -P tests/metered.py FILE [ARGUMENT ...]

runs the real command ``grade`` with these arguments, and writes its own processor time and memory into the file.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from pathlib import Path


class Meter:
    """What this process spends from here on: processor time, and how much its memory grows at most."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._seconds, self._peak = time.process_time(), _peak()

    def read(self) -> tuple[float, int]:
        """Seconds and mebibytes."""
        return round(time.process_time() - self._seconds, 2), _peak() - self._peak


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


class Listener:
    """Somebody near by who would be told, on this machine alone: a port of TCP, one of UDP, a name among the local sockets."""

    def __init__(self) -> None:
        self._tcp, self._udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        self._local = socket.socket(socket.AF_UNIX)
        for one in (self._tcp, self._udp):
            one.bind(("127.0.0.1", 0))
        self.local = f"nablagrade-test-{self._tcp.getsockname()[1]}"
        self._local.bind(f"\0{self.local}")  # one without a file, for which no folder has to be reached
        for one in (self._tcp, self._local):
            one.listen(64)
        for one in (self._tcp, self._udp, self._local):
            one.setblocking(False)

    @property
    def words(self) -> dict[str, str]:
        """Where it is to be found, as submissions are told."""
        return {"tcp": str(self._tcp.getsockname()[1]), "udp": str(self._udp.getsockname()[1]), "local": self.local}

    def heard(self) -> list[str]:
        """By which ways somebody has spoken since it last was asked, once for each time."""
        found = []
        for name, one in (("tcp", self._tcp), ("local", self._local)):
            with contextlib.suppress(BlockingIOError):
                while True:
                    one.accept()[0].close()
                    found.append(name)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._udp.recv(65536)
                found.append("udp")
        return found

    def close(self) -> None:
        """Be gone."""
        for one in (self._tcp, self._udp, self._local):
            one.close()


if __name__ == "__main__":
    figures = Path(sys.argv[1])
    meter = Meter()
    from autograder.cli import main

    sys.argv = ["grade", *sys.argv[2:]]
    try:
        sys.exit(main())
    finally:
        figures.write_text(json.dumps(meter.read()))
