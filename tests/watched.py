"""A running `grade check --watch`, line by line: for the tests of it, and for `make bench`."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

# Seconds for what takes a tenth of one where the machine does nothing else: who waits so long waits for what never comes.
LONGEST_WAIT = 120.0


def _hear_ctrl_c() -> None:
    """What a shell starts in the background, tests too, is deaf to Ctrl-C, and so is what it starts in turn."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watch:
    """The command that watches a module, what it has said, and the module itself."""

    def __init__(self, command: Sequence[str], path: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        self.process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=_hear_ctrl_c,  # noqa: PLW1509  (it takes no lock)
        )  # fmt: skip
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.said: list[str] = []

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def until(self, words: str) -> None:
        """Wait for a line with these words, the next one after those that were waited for."""
        try:
            while (line := self._lines.get(timeout=LONGEST_WAIT)) is not None:
                self.said.append(line)
                if words in line:
                    return
        except queue.Empty:
            pass
        raise AssertionError(f"{words!r} was not said, but: " + "\n".join(self.said[-40:]))

    def save(self, source: str) -> None:
        """Save the module, as an editor does that writes the file."""
        self.path.write_text(source, encoding="utf-8")

    def replace(self, source: str) -> None:
        """Save it as an editor does that writes a new file and renames it."""
        new = self.path.with_name(f".{self.path.name}.swp")
        new.write_text(source, encoding="utf-8")
        os.replace(new, self.path)

    def end(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
