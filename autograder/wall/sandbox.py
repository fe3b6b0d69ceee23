"""Puts up the wall: starts the process behind it, the zygote, from which workers are forked.

>>> with start_sandbox("none") as sandbox:
...     worker = sandbox.worker()
...     reply = worker.load("hello", "hello.py", {"hello.py": b"print('not seen')"})
...     worker.close()
>>> reply
[]
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.errors import NoSandbox, WrongUsage
from autograder.wall.backends import BACKENDS, automatic
from autograder.wall.backends.base import Backend, Start
from autograder.wall.environment import FOR_TENSORFLOW, SAME_EVERY_TIME
from autograder.wall.inside.worker import clear_away
from autograder.wall.limits import Limits, Needs
from autograder.wall.worker import ForkedWorker

_ENVIRONMENT = {
    **SAME_EVERY_TIME, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "PATH": "/nowhere", "HOME": "/nowhere",
}  # fmt: skip


def start_sandbox(name: str = "auto", limits: Limits | None = None, needs: Needs | None = None) -> ForkingSandbox:
    """Start a sandbox in the backend of this name; "auto" takes the first that works, in the order of the table.

    needs: what its workers have beyond the usual; the limits are raised to it. Raises NoSandbox where none does, and
    GraderFault where a library is not installed.
    """
    if name not in ("auto", *BACKENDS):
        raise WrongUsage(f"There is no sandbox {name!r}; the sandboxes are {', '.join(('auto', *BACKENDS))}.")
    return _first_that_works(automatic() if name == "auto" else [BACKENDS[name]], limits, needs)


def _first_that_works(backends: Sequence[Backend], limits: Limits | None, needs: Needs | None) -> ForkingSandbox:
    reasons = []
    for backend in backends:
        try:
            return ForkingSandbox(backend, limits, needs)
        except NoSandbox as error:
            reasons.append(f"{backend.name}: {error}")
    remedies = ", or ".join(backend.remedy for backend in automatic())
    raise NoSandbox(
        f"No sandbox works on this machine ({'; '.join(reasons)}). {remedies[0].upper()}{remedies[1:]}; `grade doctor` says "
        "more. Only for code that you trust: --sandbox none."
    )


class ForkingSandbox:
    """A zygote behind the wall, from which workers are forked. Use as a context manager; thread-safe."""

    def __init__(self, backend: Backend, limits: Limits | None = None, needs: Needs | None = None) -> None:
        """Start the zygote. Raises NoSandbox where this backend does not work here, and as :func:`start_sandbox` does."""
        self.needs = needs or Needs()
        self.limits = (limits or Limits()).raised_to(self.needs)
        self._backend = backend
        self._lock = threading.Lock()
        try:
            self._start()
        except OSError as error:
            raise NoSandbox(str(error)) from error

    def _start(self) -> None:
        if not hasattr(os, "fork"):
            raise NoSandbox(f"{sys.platform} cannot fork a process")
        self._scratch = tempfile.mkdtemp(prefix="nablagrade-")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            command = self._backend.command(Start(theirs.fileno(), self._scratch, self.limits, self.needs))
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT | (FOR_TENSORFLOW if "tensorflow" in self.needs.libraries else {}),
                cwd="/" if self.walled else None,
                pass_fds=[theirs.fileno()],
            )
            theirs.close()
            self._control = ours
            self._control.settimeout(60)  # a start takes .1 s; a minute is a machine in distress
            if not self._control.recv(1):
                assert self._process.stderr is not None
                said = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
                self._process.wait()
                raise NoSandbox(said[-1] if said else f"ended with code {self._process.returncode}")
        except BaseException:
            ours.close()
            theirs.close()
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise

    @property
    def backend(self) -> str:
        """The name of the backend that is in force."""
        return self._backend.name

    @property
    def walled(self) -> bool:
        """Whether there is a wall at all."""
        return self._backend.walled

    def another(self, needs: Needs) -> ForkingSandbox:
        """A further sandbox of this kind, for workers that need more. Raises as this one did."""
        return _first_that_works([self._backend], self.limits, needs)

    def worker(self) -> ForkedWorker:
        """A fresh worker, with nothing loaded but NumPy."""
        with self._lock:
            try:
                self._control.send(b"s")
                answer, handles, _, _ = socket.recv_fds(self._control, 64, 1)
            except OSError as error:
                raise NoSandbox(f"the process behind the wall no longer answers ({error})") from error
        if not answer:
            raise NoSandbox("the process behind the wall has ended")
        os.set_inheritable(handles[0], False)
        ours = socket.socket(fileno=handles[0])
        number, name = answer[:4], answer[4:].decode()
        scratch = Path(self._scratch, name) if self._backend.weighs_scratch else None
        return ForkedWorker(ours, self.limits, lambda: self._end(number), scratch)

    def _end(self, number: bytes) -> None:
        with self._lock:
            try:
                self._control.send(b"k" + number)
                self._control.recv(64)
            except OSError:
                pass  # the zygote is gone, and its workers with it

    def close(self) -> None:
        """End the zygote with every worker, and remove the scratch folder."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        clear_away(self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
