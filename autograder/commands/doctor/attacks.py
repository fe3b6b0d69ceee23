"""Tries attacks on the walls of this machine, harmless ones, and finds which walls stand: `grade doctor --attack`.

Each attack is a module as a student could hand it in. It reaches for something that was put there for it, or for more of the
machine than it is given, and answers "reached" where it got it. Without a wall the same is tried, to show that it would bite.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import NoSandbox, WorkerLost
from autograder.wall.backends import BACKENDS, automatic
from autograder.wall.backends.base import Backend
from autograder.wall.inside.perform import Case, Script, request
from autograder.wall.limits import Limits
from autograder.wall.sandbox import ForkingSandbox

# A second for what hangs; a quarter of a gigabyte, so that no attack takes from the machine what somebody else needs.
LIMITS = Limits(call_seconds=1.0, import_seconds=5.0, memory_mebibytes=640, disk_mebibytes=4, files=50)
REACHED = "reached"
_CALL = request(
    [Script([["attribute", 1, ["slot", 0], "f"], ["call", 2, ["slot", 1], [], {}]], {"came": ["slot", 2]})], [Case(0, [])]
)


@dataclass(frozen=True)
class Attack:
    """What is tried: a wall of its kind, a sentence, and the body of a function that returns whether it got there.

    takes: whether it would take from the machine where there is no wall, and is therefore not tried without one.
    """

    wall: str
    what: str
    body: str
    takes: bool = False


ATTACKS = (
    Attack("files", "read a file that only you may read", "return open('@FOLDER@/secret').read() == '@CANARY@'"),
    Attack("files", "list a folder of yours", "return 'secret' in os.listdir('@FOLDER@')"),
    Attack("files", "write outside its scratch folder", "open('@FOLDER@/left', 'w').write('x'); return True"),
    Attack("files", "read the names of this machine's users", "return 'root' in open('/etc/passwd').read()"),
    Attack("files", "read the checks", "return 'Check(' in open('@CHECKS@').read()"),
    Attack("files", "read it by a link", "os.symlink('@FOLDER@/secret', 'l'); return bool(open('l').read())"),
    Attack("files", "read it by its folder", "f = os.open('@FOLDER@', 0); return os.open('secret', 0, dir_fd=f) > 0"),
    Attack("grader", "read the grader's environment", "return b'PATH=' in open('/proc/@PID@/environ', 'rb').read()"),
    Attack("grader", "read the grader's command line", "return bool(open('/proc/@PID@/cmdline', 'rb').read())"),
    Attack(
        "grader",
        "read the grader's memory",
        "m = open('/proc/@PID@/maps').readline(); f = open('/proc/@PID@/mem', 'rb'); f.seek(int(m.split('-')[0], 16)); "
        "return bool(f.read(8))",
    ),
    Attack("grader", "trace the grader", "import ctypes; return ctypes.CDLL(None).ptrace(0x4206, @PID@, 0, 0) == 0"),
    Attack("grader", "signal the grader", "os.kill(@PID@, 0); return True"),
    Attack("grader", "open the grader's files", "return any(os.readlink(f'/proc/@PID@/fd/{n}') for n in range(3))"),
    Attack("processes", "start a process", "pid = os.fork() or os._exit(0); os.waitpid(pid, 0); return True"),
    Attack("processes", "start a program", "import subprocess; return subprocess.run(['/bin/true']).returncode == 0"),
    Attack("processes", "start a thread", "import threading; threading.Thread(target=int).start(); return True"),
    Attack("network", "connect to a server", "socket.create_connection(('127.0.0.1', @PORT@), 1).close(); return True"),
    Attack("network", "send a datagram", "s = socket.socket(2, 2); s.sendto(b'x', ('127.0.0.1', 9)); return True"),
    Attack("network", "connect to a socket by its file", "s = socket.socket(1); s.connect('@FOLDER@/socket'); return True"),
    Attack("network", "connect to a socket without a file", "s = socket.socket(1); s.connect('\\0@CANARY@'); return True"),
    Attack("limits", "take a gigabyte of memory", "return len(bytearray(2**30)) == 2**30", takes=True),
    Attack("limits", "write 100 MiB", "f = open('f', 'wb'); f.write(bytes(100 * 2**20)); f.close(); return True", takes=True),
    Attack("limits", "make a thousand files", "[open(f'f{n}', 'w').close() for n in range(1000)]; return True", takes=True),
    Attack("limits", "open a thousand files", "kept = [os.open('/dev/null', 0) for _ in range(1000)]; return True"),
    Attack("limits", "run for ever", "import time\n    while True: time.sleep(1)", takes=True),
)  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """What came of an attack: with each backend, and without a wall."""

    attack: Attack
    behind: dict[str, str]
    without: str

    @property
    def stood(self) -> dict[str, bool]:
        """Whether each wall stood."""
        return {name: came != REACHED for name, came in self.behind.items()}


@dataclass
class Prey:
    """What attacks reach for: a secret in a file and in the environment, a server, sockets. Use as a context manager."""

    canary: str = field(default_factory=lambda: f"nablagrade-{os.urandom(8).hex()}")

    def __enter__(self) -> dict[str, str]:
        self._folder = tempfile.TemporaryDirectory(prefix="nablagrade-prey-")
        self._sockets = [socket.socket(kind) for kind in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)]
        folder = self._folder.name
        places: tuple[tuple[str, int] | str, ...] = (("127.0.0.1", 0), f"{folder}/socket", f"\0{self.canary}")
        for server, place in zip(self._sockets, places, strict=True):
            server.bind(place)
            server.listen()
        secret = Path(folder, "secret")
        secret.write_text(self.canary)
        secret.chmod(0o600)
        checks = Path(__file__).parent.parent.parent / "checks" / "layers.py"
        return {
            "FOLDER": folder, "CANARY": self.canary, "CHECKS": str(checks), "PID": str(os.getpid()),
            "PORT": str(self._sockets[0].getsockname()[1]),
        }  # fmt: skip

    def __exit__(self, *_: object) -> None:
        for server in self._sockets:
            server.close()
        self._folder.cleanup()


def tries(attacks: Sequence[Attack] = ATTACKS) -> Iterator[Tried]:
    """Try each attack behind every wall that works here, and without one."""
    walls: dict[str, ForkingSandbox] = {}
    try:
        for backend in [*automatic(), BACKENDS["none"]]:
            if (started := _started(backend)) is not None:
                walls[backend.name] = started
        with Prey() as words:
            for attack in attacks:
                behind = {name: came_of(attack, wall, words) for name, wall in walls.items() if wall.walled}
                yield Tried(attack, behind, "" if attack.takes else came_of(attack, walls["none"], words))
    finally:
        for wall in walls.values():
            wall.close()


def _started(backend: Backend) -> ForkingSandbox | None:
    try:
        return ForkingSandbox(backend, LIMITS)
    except NoSandbox:
        return None


def came_of(attack: Attack, wall: ForkingSandbox, words: dict[str, str]) -> str:
    """What came of an attack: "reached", or what kept it from there."""
    body = attack.body
    for word, meaning in words.items():
        body = body.replace(f"@{word}@", meaning)
    source = f"import os, socket\ndef f():\n    {body}\n"
    worker = wall.worker()
    try:
        if worker.load("attack", "attack.py", {"attack.py": source.encode()}):
            return "could not be loaded"
        (outcome,) = worker.perform(_CALL)
    except WorkerLost as lost:
        return {"timeout": "stopped in time", "crashed": "ended the process", "garbled": "gave no answer"}[lost.why]
    finally:
        worker.close()
    if outcome.failure is not None:
        return f"{outcome.failure.kind} {outcome.failure.message.partition(': ')[0]}".strip()
    return REACHED if outcome.outputs.get("came") is True else "not there"
