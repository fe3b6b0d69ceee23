"""The grader's side of the wall: starts the process behind it, and speaks with its workers.

>>> with Sandbox("none") as sandbox:
...     worker = sandbox.worker()
...     reply = worker.load("hello", "hello.py", {"hello.py": b"print('not seen')"})
...     worker.close()
>>> reply
[]
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from autograder.errors import NoSandbox, WorkerLost
from autograder.wall.environment import FOR_TENSORFLOW, SAME_EVERY_TIME
from autograder.wall.inside import wire
from autograder.wall.inside.load import CellToRun
from autograder.wall.inside.perform import Failure, Outcome, honest
from autograder.wall.inside.worker import clear_away
from autograder.wall.libraries import places_of, site_folders
from autograder.wall.limits import Limits, Needs


class Sandbox:
    """A zygote behind the wall, from which workers are forked. Use as a context manager; thread-safe."""

    def __init__(self, backend: str = "auto", limits: Limits | None = None, needs: Needs | None = None) -> None:
        """Start the zygote in this backend; "auto" takes the first that works of bubblewrap and Landlock.

        needs: what its workers have beyond the usual; the limits are raised to it. Raises NoSandbox where none does, and
        GraderFault where a library is not installed.
        """
        self.needs = needs or Needs()
        self.limits = (limits or Limits()).raised_to(self.needs)
        self._lock = threading.Lock()
        reasons = []
        for name in ("bubblewrap", "landlock") if backend == "auto" else (backend,):
            try:
                self._start(name)
                self.backend = name
                return
            except (NoSandbox, OSError) as error:
                reasons.append(f"{name}: {error}")
        raise NoSandbox(
            f"No sandbox works on this machine ({'; '.join(reasons)}). Install bubblewrap, or use a Linux kernel with "
            "Landlock (5.13 or newer); `grade doctor` says more. Only for code that you trust: --sandbox none."
        )

    def _start(self, backend: str) -> None:
        if not hasattr(os, "fork"):
            raise NoSandbox(f"{sys.platform} cannot fork a process")
        self._scratch = tempfile.mkdtemp(prefix="nablagrade-")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            command = _COMMANDS[backend](theirs.fileno(), self._scratch, self.limits, self.needs)
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT | (FOR_TENSORFLOW if "tensorflow" in self.needs.libraries else {}),
                cwd="/" if backend != "none" else None,
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
    def walled(self) -> bool:
        """Whether there is a wall at all."""
        return self.backend != "none"

    def another(self, needs: Needs) -> Sandbox:
        """A further sandbox of this kind, for workers that need more. Raises as this one did."""
        return Sandbox(self.backend, self.limits, needs)

    def worker(self) -> Worker:
        """Fork a fresh worker, with nothing loaded but NumPy."""
        ours, theirs = socket.socketpair()
        with self._lock:
            try:
                socket.send_fds(self._control, [b"s"], [theirs.fileno()])
                answer = self._control.recv(64)
            except OSError as error:
                ours.close()
                raise NoSandbox(f"the process behind the wall no longer answers ({error})") from error
            finally:
                theirs.close()
        if not answer:
            ours.close()
            raise NoSandbox("the process behind the wall has ended")
        scratch = Path(self._scratch, answer[4:].decode()) if self.backend != "bubblewrap" else None
        return Worker(self, ours, answer[:4], scratch)

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


class Worker:
    """One process that holds one module of a submission."""

    def __init__(self, sandbox: Sandbox, channel: socket.socket, number: bytes, scratch: Path | None) -> None:
        self._sandbox = sandbox
        self._channel = channel
        self._number = number
        self._scratch = scratch
        self._deadline = 0.0

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        """Run one module of a submission, which is given as paths and contents; what it raised, or nothing.

        notebook: only lay down the files, for :meth:`run_cells` to run what is in it. Raises WorkerLost.
        """
        request = wire.encode(("load", {"module": module, "path": path, "files": files, "notebook": notebook}))
        self._send(request, self._sandbox.limits.import_seconds)
        failures: list[Failure] = self._receive(load_reply)
        return failures

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        """Run cells of the notebook that was loaded, in so many seconds; what they raised. Raises WorkerLost."""
        self._send(wire.encode(("cells", wire.encode(list(cells)))), seconds)
        failures: list[Failure] = self._receive(load_reply)
        return failures

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        """Ask for an encoded ``("perform", encoded (scripts, cases))``; the clock runs from here. Raises WorkerLost."""
        self._send(request, seconds or self._sandbox.limits.call_seconds)

    def finish(self) -> list[Outcome]:
        """The outcomes of what was begun. Raises WorkerLost."""
        outcomes: list[Outcome] = self._receive(_perform_reply)
        if not all(map(honest, outcomes)):
            raise WorkerLost("garbled")
        return outcomes

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        """Begin and finish. Raises WorkerLost."""
        self.begin(request, seconds)
        return self.finish()

    def _send(self, request: bytes, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        try:
            wire.send(self, request)
        except TimeoutError:
            raise WorkerLost("timeout") from None
        except OSError:
            raise WorkerLost("crashed") from None

    def _receive(self, reply: msgspec.msgpack.Decoder) -> Any:
        try:
            frame = wire.receive(self, wire.LARGEST_REPLY)
            self._weigh_scratch()
            return reply.decode(frame)
        except TimeoutError:
            raise WorkerLost("timeout") from None
        except (OSError, EOFError):
            raise WorkerLost("crashed") from None
        except Exception:  # whatever hostile bytes do to a decoder, they are not an answer
            raise WorkerLost("garbled") from None

    def recv_into(self, buffer: memoryview) -> int:
        """Read what is there, waiting no longer than the deadline."""
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(min(left, 0.1))
            try:
                return self._channel.recv_into(buffer)
            except TimeoutError:
                self._weigh_scratch()

    def _weigh_scratch(self) -> None:
        """Raise OSError where the scratch folder holds too much.

        A folder of the worker's own in memory bounds itself, and seems empty from here; this is for machines that allow none.
        RLIMIT_FSIZE bounds each file there.
        """
        if self._scratch is None or not self._sandbox.walled:
            return
        files, size = _weight(self._scratch, self._sandbox.limits.files)
        if size > self._sandbox.limits.disk_mebibytes * 2**20 or files > self._sandbox.limits.files:
            raise OSError("the scratch folder is full")

    def sendall(self, data: bytes) -> None:
        """Write it all before the deadline."""
        self._channel.settimeout(max(0.001, self._deadline - time.monotonic()))
        self._channel.sendall(data)

    def close(self) -> None:
        """Kill the process and remove its scratch folder."""
        self._channel.close()
        self._sandbox._end(self._number)


load_reply = wire.decoder(list[Failure])
_perform_reply = wire.decoder(list[Outcome])


def _weight(folder: Path, most: int) -> tuple[int, int]:
    """Number and total size of the files in a folder; counting ends where there are more than enough."""
    files = size = 0
    for place, folders, names in os.walk(folder):
        files += len(folders) + len(names)
        for name in names[:most]:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(place, name)).st_size
        if files > most or place.count("/") > most:
            break
    return files, size


# --- the command that starts the zygote, a function for each backend -------------------------------------------------

_ENVIRONMENT = {
    **SAME_EVERY_TIME, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "PATH": "/nowhere", "HOME": "/nowhere",
}  # fmt: skip

_INSIDE = Path(__file__).parent / "inside"
_LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/usr/lib64", "/etc/ld.so.cache")


def _packages() -> list[str]:
    """The folders of NumPy and msgspec, with the shared libraries that their wheels carry beside them."""
    import numpy

    folders = []
    for package in (numpy, msgspec):
        assert package.__file__ is not None
        home = Path(package.__file__).parent
        folders += [str(path) for path in (home, home.with_name(f"{home.name}.libs")) if path.is_dir()]
    return folders


def _interpreter() -> str:
    """The interpreter itself, not the link to it in a virtual environment."""
    return os.path.realpath(sys.executable)


def _standard_library() -> list[str]:
    """What is in the standard library's folders, but not the packages that were installed into them."""
    return [
        os.path.join(folder, name)
        for folder in _stdlib_folders()
        for name in sorted(os.listdir(folder))
        if name not in ("site-packages", "dist-packages")
    ]


def _settings(backend: str, scratch: str, limits: Limits, needs: Needs, landlock: bool) -> str:
    packages = _packages()
    places = places_of(needs.libraries)
    return json.dumps(
        {
            "inside": str(_INSIDE.parent),
            "packages": list(dict.fromkeys(os.path.dirname(path) for path in packages)),
            "library_folders": site_folders(places),
            "imports": needs.imports,
            "readable": [*_standard_library(), *packages, *places, *_LIBRARIES, "/dev/urandom"] if landlock else [],
            "listable": site_folders(places),
            "threads": needs.threads,
            "scratch": scratch,
            "walled": backend != "none",
            "landlock": landlock,
            "memory": limits.memory_mebibytes * 2**20,
            "disk": limits.disk_mebibytes * 2**20,
            "files": limits.files,
            "cpu_seconds": limits.cpu_seconds,
        }
    )


def _python(control: int, settings: str) -> list[str]:
    return [_interpreter(), "-I", "-S", str(_INSIDE / "worker.py"), str(control), settings]


def _plain(control: int, scratch: str, limits: Limits, needs: Needs) -> list[str]:
    return _python(control, _settings("none", scratch, limits, needs, landlock=False))


def _landlock(control: int, scratch: str, limits: Limits, needs: Needs) -> list[str]:
    if _landlock_version() < 1:
        raise NoSandbox("this system has no Landlock")
    return _python(control, _settings("landlock", scratch, limits, needs, landlock=True))


def _bubblewrap(control: int, scratch: str, limits: Limits, needs: Needs) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        raise NoSandbox("bwrap is not installed")
    base = os.path.realpath(sys.base_prefix)
    read_only = [_interpreter(), *_LIBRARIES]
    read_only += [f"{base}/lib", *_stdlib_folders()]
    command = [program, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
    command += ["--new-session", "--hostname", "sandbox", "--dev", "/dev"]
    for path in dict.fromkeys(read_only):
        command += ["--ro-bind-try", path, path]
    for folder in _stdlib_folders():
        for name in ("site-packages", "dist-packages"):
            if os.path.isdir(os.path.join(folder, name)):
                command += ["--tmpfs", os.path.join(folder, name)]
    if os.path.isdir("/usr/lib/python3/dist-packages"):
        command += ["--tmpfs", "/usr/lib/python3/dist-packages"]
    for path in dict.fromkeys((*_packages(), *places_of(needs.libraries), str(_INSIDE))):
        command += ["--ro-bind", path, path]
    if needs.threads:
        # TensorFlow asks for the name of its program, and reads its command line where that is Python. It gets a name.
        command += ["--dir", "/proc/self", "--symlink", "/program", "/proc/self/exe"]
    # Mode 0300 and unguessable names: no worker can list the folder in which another worker's stands. It holds mount points
    # only: a worker has a file system of its own there, for which the zygote keeps the right to mount; no worker keeps it.
    command += ["--perms", "0300", "--size", str(2**20), "--tmpfs", "/scratch", "--chdir", "/"]
    command += ["--cap-add", "CAP_SYS_ADMIN", "--remount-ro", "/dev", "--remount-ro", "/"]
    landlock = _landlock_version() >= 1
    return [*command, "--", *_python(control, _settings("bubblewrap", "/scratch", limits, needs, landlock))]


def _landlock_version() -> int:
    if sys.platform != "linux":
        return 0
    from autograder.wall.inside import harden  # what it imports is Linux's own; a student's system may be another

    return harden.landlock_version()


def _stdlib_folders() -> list[str]:
    return list(dict.fromkeys(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")))


_COMMANDS: dict[str, Callable[[int, str, Limits, Needs], list[str]]] = {
    "bubblewrap": _bubblewrap,
    "landlock": _landlock,
    "none": _plain,
}
