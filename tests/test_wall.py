"""The wall itself, without checks or points: what is denied behind it, what works, and what may come back over it."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies

from autograder.errors import NoSandbox, WorkerLost
from autograder.wall.inside import harden, wire
from autograder.wall.inside.perform import Case, Outcome, Script, honest
from autograder.wall.inside.worker import clear_away
from autograder.wall.limits import Limits
from autograder.wall.protocol import Sandbox, Worker
from autograder.wall.sandbox import start_sandbox
from tests.conftest import ROOT, WALLED, need_backend
from tests.inspect_wall import descendants, scratch_entries, scratch_home, zygote

QUICK = Limits(call_seconds=2.0, import_seconds=5.0, memory_mebibytes=512, disk_mebibytes=4)
CALL_F = wire.encode(
    (
        "perform",
        wire.encode(
            (
                [Script([["attribute", 1, ["slot", 0], "f"], ["call", 2, ["slot", 1], [], {}]], {"answer": ["slot", 2]})],
                [Case(0, [])],
            )
        ),
    )
)

# What Worker takes for "garbled".
DOCUMENTED = (msgspec.DecodeError, wire.WireError, RecursionError, UnicodeDecodeError)

X86 = platform.machine() == "x86_64"


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, Sandbox]]:
    before = descendants(os.getpid())
    sandboxes: dict[str, Sandbox] = {}
    yield sandboxes
    for sandbox in sandboxes.values():
        sandbox.close()
    assert descendants(os.getpid()) == before


@pytest.fixture(params=WALLED)
def sandbox(request: pytest.FixtureRequest, made: dict[str, Sandbox]) -> Iterator[Sandbox]:
    """One wall a backend. After each test no worker lives and no file is left."""
    need_backend(request.param)
    if request.param not in made:
        made[request.param] = start_sandbox(request.param, QUICK)
    found = made[request.param]
    before = descendants(os.getpid())
    yield found
    assert descendants(os.getpid()) == before
    home = scratch_home(found)
    assert home is None or scratch_entries(home) == []


@pytest.fixture(params=WALLED)
def own_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A wall of its own, for a test that may bring it down."""
    need_backend(request.param)
    with start_sandbox(request.param, QUICK) as found:
        yield found


def started(sandbox: Sandbox, source: str, **files: bytes) -> Worker:
    """A worker with this module loaded."""
    worker = sandbox.worker()
    failures = worker.load("probe", "probe.py", {"probe.py": source.encode(), **{f"{n}.txt": c for n, c in files.items()}})
    assert not failures, failures
    return worker


def answer(worker: Worker) -> Any:
    """What the module's f() returns."""
    (outcome,) = worker.perform(CALL_F)
    assert outcome.failure is None, outcome.failure
    return outcome.outputs["answer"]


def ask(sandbox: Sandbox, source: str, **files: bytes) -> Any:
    """What f() of a module returns, in a worker of its own."""
    worker = started(sandbox, source, **files)
    try:
        return answer(worker)
    finally:
        worker.close()


def lost(sandbox: Sandbox, source: str) -> str:
    """Why the worker of a module was lost."""
    worker = sandbox.worker()
    try:
        worker.load("probe", "probe.py", {"probe.py": source.encode()})
        worker.perform(CALL_F)
    except WorkerLost as error:
        return error.why
    finally:
        worker.close()
    return "not lost"


def attempts(*statements: str) -> str:
    """A module whose f() tells for each statement what came of it: "allowed", or the name of the error."""
    lines = [
        "import errno, os, sys, socket, ctypes, signal, threading, subprocess, fcntl, mmap, resource, struct",
        "def f():",
        " said = []",
    ]
    for statement in statements:
        lines += [
            " try:",
            f"  {statement}",
            "  said.append('allowed')",
            " except OSError as error:",
            "  said.append(errno.errorcode.get(error.errno, str(error.errno)))",
            " except BaseException as error:",
            "  said.append(type(error).__name__)",
        ]
    return "\n".join([*lines, " return said"])


# --- files ------------------------------------------------------------------------------------------------------------

NOT_THERE = {"EACCES", "EPERM", "ENOENT"}


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "pyproject.toml",
        ROOT / "reference" / "activations.py",
        ROOT / "autograder" / "engine.py",
        ROOT / "autograder" / "checks" / "activations.py",
        ROOT / "tests" / "test_wall.py",
        Path("/etc/passwd"),
        Path("/etc/hostname"),
        Path("/proc/1/environ"),
        Path("/proc/self/environ"),
        Path("/proc/self/maps"),
        Path("/proc/self/mem"),
        Path("/proc/mounts"),
        Path("/sys/kernel/uevent_seqnum"),
        Path("/dev/zero"),
        Path("/dev/mem"),
        Path("/dev/tty"),
    ],
    ids=str,
)
def test_a_file_outside_cannot_be_read(sandbox: Sandbox, path: Path) -> None:
    (said,) = ask(sandbox, attempts(f"open({str(path)!r}, 'rb').read(1)"))
    assert said in NOT_THERE | ({"ENXIO"} if path.name == "tty" else set())


def test_a_fresh_file_of_ours_can_neither_be_read_nor_written(sandbox: Sandbox, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("canary")
    os.chmod(tmp_path, 0o777)
    os.chmod(canary, 0o666)
    said = ask(
        sandbox,
        attempts(
            f"open({str(canary)!r}).read()",
            f"open({str(canary)!r}, 'w')",
            f"os.unlink({str(canary)!r})",
            f"os.listdir({str(tmp_path)!r})",
            f"open({str(tmp_path / 'new')!r}, 'w')",
            f"os.mkdir({str(tmp_path / 'new')!r})",
            f"os.rename({str(canary)!r}, 'mine')",
            f"os.rename('probe.py', {str(tmp_path / 'theirs')!r})",
            f"os.symlink({str(canary)!r}, 'link')",
            f"os.link({str(canary)!r}, 'link')",
            f"os.truncate({str(canary)!r}, 0)",
            f"os.chmod({str(canary)!r}, 0)",
            f"os.utime({str(canary)!r})",
        ),
    )
    assert "allowed" not in said, said
    assert canary.read_text() == "canary"
    assert sorted(os.listdir(tmp_path)) == ["canary"]


@pytest.mark.parametrize("folder", ["/", "/tmp", "/dev", "/dev/shm", "/var/tmp", "/usr/lib", "/scratch", str(ROOT)])
def test_nothing_can_be_written_outside_the_scratch_folder(sandbox: Sandbox, folder: str) -> None:
    (said,) = ask(sandbox, attempts(f"open({folder + '/nablagrade-test-leak'!r}, 'w')"))
    assert said in NOT_THERE | {"EROFS"}
    assert not Path(folder, "nablagrade-test-leak").exists()


@pytest.mark.parametrize("folder", ["..", "../..", "/tmp", "/proc", str(ROOT), str(ROOT / "reference")])
def test_no_folder_outside_can_be_listed(sandbox: Sandbox, folder: str) -> None:
    (said,) = ask(sandbox, attempts(f"os.listdir({folder!r})"))
    assert said in NOT_THERE


def test_a_neighbours_scratch_folder_can_neither_be_read_nor_written(sandbox: Sandbox) -> None:
    neighbour = started(sandbox, "import os\ndef f(): return os.getcwd()", data=b"the neighbour's answer")
    place = answer(neighbour)
    said = ask(
        sandbox,
        attempts(
            f"open({place + '/data.txt'!r}).read()",
            f"open({place + '/probe.py'!r}, 'w')",
            f"open({place + '/new'!r}, 'w')",
            f"os.listdir({place!r})",
            f"os.unlink({place + '/data.txt'!r})",
            f"os.mkdir({place + '/folder'!r})",
            "os.listdir('..')",
            "os.rmdir(os.getcwd())",
            f"os.rename('probe.py', {place + '/probe.py'!r})",
        ),
    )
    assert "allowed" not in said, said
    assert answer(neighbour) == place
    neighbour.close()


# --- what a worker is born with -----------------------------------------------------------------------------------------


def test_a_worker_inherits_no_file_but_the_channel_and_standard_streams(sandbox: Sandbox) -> None:
    neighbours = [started(sandbox, "def f(): return 1") for _ in range(3)]
    found = ask(
        sandbox,
        """
import os
def f():
    kinds = {}
    for number in range(64):
        try:
            kinds[str(number)] = os.fstat(number).st_mode
        except OSError:
            pass
    return kinds
""",
    )
    for neighbour in neighbours:
        neighbour.close()
    assert sorted(found) == ["0", "1", "2", "3"]
    assert stat.S_ISSOCK(found["3"])
    assert all(stat.S_ISCHR(found[stream]) for stream in "01")


def test_standard_error_leads_nowhere(sandbox: Sandbox) -> None:
    assert stat.S_ISCHR(ask(sandbox, "import os\ndef f(): return os.fstat(2).st_mode"))


def test_environment_and_arguments_hold_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABLAGRADE_TEST_CANARY", "canary")
    for backend in WALLED:
        need_backend(backend)
        with start_sandbox(backend, QUICK) as sandbox:
            environment, arguments = ask(
                sandbox, "import os, sys\ndef f(): return [dict(os.environ), ' '.join(sys.argv)[:100]]"
            )
        assert not [value for value in [*environment.values(), *environment, arguments] if "canary" in value.lower()]
        assert set(environment) <= {
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "PYTHONHASHSEED",
            "PYTHONDONTWRITEBYTECODE",
            "LC_ALL",
            "PATH",
            "HOME",
            "PWD",
            "TMPDIR",
        }


def test_the_frames_above_a_call_hold_inputs_and_no_answers(sandbox: Sandbox) -> None:
    names = ask(
        sandbox,
        """
import sys
def f():
    frame, names = sys._getframe(1), []
    while frame:
        names += frame.f_locals
        frame = frame.f_back
    return sorted(set(names))
""",
    )
    assert not [name for name in names if any(word in name for word in ("expected", "answers", "secret", "points", "score"))]


def test_what_is_called_autograder_there_holds_nothing_but_a_check_that_does_nothing(sandbox: Sandbox) -> None:
    said = ask(sandbox, "import autograder\ndef f(): return [sorted(vars(autograder)), autograder.check('Dense')]\n")
    assert said == [["__doc__", "__loader__", "__name__", "__package__", "__spec__", "check"], None]


def test_none_of_the_graders_packages_can_be_imported(sandbox: Sandbox) -> None:
    packages = [
        "autograder.recording.answers",
        "reference",
        "tests",
        "hypothesis",
        "pytest",
        "click",
        "rich",
        "keras",
        "tensorflow",
        "pip",
    ]
    said = ask(sandbox, attempts(*(f"import {name}" for name in packages)))
    assert set(said) == {"ModuleNotFoundError"}


# --- processes, signals, sockets ----------------------------------------------------------------------------------------


def test_no_process_and_no_thread_can_be_started(sandbox: Sandbox) -> None:
    said = ask(
        sandbox,
        attempts(
            "os.fork() or os._exit(0)",
            "os.forkpty()[0] or os._exit(0)",
            "os.posix_spawn('/bin/true', ['true'], {})",
            "os.execv('/bin/true', ['true'])",
            "subprocess.run(['true'])",
            "subprocess.run('true', shell=True, check=True)",
            "threading.Thread(target=print).start()",
            "__import__('_thread').start_new_thread(print, ())",
            "__import__('multiprocessing').Process(target=print).start()",
            "__import__('concurrent.futures').futures.ThreadPoolExecutor(1).submit(print).result(1)",
        ),
    )
    assert "allowed" not in said, said


def test_no_socket_can_be_made_and_none_can_be_reached(sandbox: Sandbox) -> None:
    said = ask(
        sandbox,
        attempts(
            "socket.socket()",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            "socket.socket(socket.AF_INET6)",
            "socket.socket(socket.AF_UNIX)",
            "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
            "socket.socketpair()",
            "socket.create_connection(('127.0.0.1', 80))",
            "socket.getaddrinfo('example.org', 80)",
            "os.pipe()",
            "os.mkfifo('fifo')",
            "socket.socket(fileno=3).sendmsg([b'x'])",
            "socket.send_fds(socket.socket(fileno=3), [b'x'], [0])",
        ),
    )
    assert "allowed" not in said, said


def test_no_signal_reaches_anybody_else(sandbox: Sandbox) -> None:
    neighbour = started(sandbox, "import os\ndef f(): return os.getpid()")
    victims = ["os.getppid()", "1", "0", "-1", str(answer(neighbour)), str(os.getpid())]
    signals = [f"os.kill({victim}, {number})" for victim in victims for number in (0, 9, 15, 19)]
    tkill = [
        f"exec('if ctypes.CDLL(None, use_errno=True).syscall({call}, {victim}, {victim}, 9) < 0: raise OSError(1, str())')"
        for victim in victims
        for call in (234, 200, 129, 297, 424)
    ]
    said = ask(
        sandbox,
        attempts(
            *signals,
            "os.killpg(0, 15)",
            "signal.pidfd_send_signal(0, 9)",
            "os.pidfd_open(os.getppid())",
            *(tkill if X86 else []),
        ),
    )
    assert "allowed" not in said, said
    assert answer(neighbour) > 0
    neighbour.close()


def test_a_file_cannot_be_made_to_signal_somebody_else(sandbox: Sandbox) -> None:
    # F_SETOWN and F_SETSIG make the kernel send any signal to the owner when the channel has something to read.
    neighbour = started(sandbox, "import os\ndef f(): return os.getpid()")
    worker = started(
        sandbox,
        f"""
import fcntl, os
def f():
    for victim in (os.getppid(), {answer(neighbour)}, {os.getpid()}):
        try:
            fcntl.fcntl(3, fcntl.F_SETOWN, victim)
            fcntl.fcntl(3, 10, 9)
            fcntl.fcntl(3, fcntl.F_SETFL, os.O_ASYNC)
        except OSError:
            pass
    return 1
""",
    )
    assert answer(worker) == 1
    worker._channel.send(b"\0")
    time.sleep(0.1)
    assert answer(neighbour) > 0
    neighbour.close()
    worker.close()


def test_a_file_cannot_be_given_an_owner(sandbox: Sandbox) -> None:
    said = ask(sandbox, attempts("fcntl.fcntl(3, fcntl.F_SETOWN, os.getpid())", "fcntl.fcntl(3, 10, 9)"))
    assert said == ["EPERM", "EPERM"]


# --- system calls -------------------------------------------------------------------------------------------------------

FORBIDDEN = {
    "socket": 41, "connect": 42, "accept": 43, "sendmsg": 46, "recvmsg": 47, "bind": 49, "listen": 50, "socketpair": 53,
    "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "semget": 64, "shmget": 29, "msgget": 68, "flock": 73,
    "link": 86, "symlink": 88, "chmod": 90, "chown": 92, "ptrace": 101, "setuid": 105, "setgid": 106, "setpgid": 109,
    "setsid": 112, "personality": 135, "mknod": 133, "sched_setscheduler": 144, "mlock": 149, "pivot_root": 155,
    "prctl": 157, "setrlimit": 160, "chroot": 161, "mount": 165, "umount2": 166, "reboot": 169, "sethostname": 170,
    "init_module": 175, "ioctl": 16, "pipe": 22, "alarm": 37, "setitimer": 38, "tkill": 200, "io_setup": 206,
    "timer_create": 222, "mbind": 237, "add_key": 248, "request_key": 249, "keyctl": 250, "inotify_init": 253,
    "openat2": 437, "unshare": 272, "splice": 275, "vmsplice": 278, "utimensat": 280, "timerfd_create": 283, "eventfd2": 290,
    "epoll_create1": 291, "pipe2": 293, "inotify_init1": 294, "rt_tgsigqueueinfo": 297, "perf_event_open": 298,
    "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "seccomp": 317, "memfd_create": 319, "bpf": 321,
    "execveat": 322, "userfaultfd": 323, "copy_file_range": 326, "pkey_alloc": 330, "io_uring_setup": 425,
    "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsmount": 432,
    "pidfd_open": 434, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "landlock_create_ruleset": 444,
    "memfd_secret": 447, "process_mrelease": 448, "futex_waitv": 449, "x32 fork": 0x40000000 | 57,
    "x32 execve": 0x40000000 | 520, "not yet invented": 600,
}  # fmt: skip


@pytest.mark.skipif(not X86, reason="the numbers are those of x86_64")
def test_forbidden_system_calls_answer_eperm(sandbox: Sandbox) -> None:
    found = ask(
        sandbox,
        f"""
import ctypes
def f():
    libc, said = ctypes.CDLL(None, use_errno=True), {{}}
    for name, number in {FORBIDDEN!r}.items():
        ctypes.set_errno(0)
        said[name] = [libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0), ctypes.get_errno()]
    return said
""",
    )
    # ioctl answers ENOTTY, which Python expects of what is no terminal; it is made by the filter and reaches no device.
    assert {name: said for name, said in found.items() if said != [-1, 25 if name == "ioctl" else 1]} == {}
    assert len(found) == len(FORBIDDEN)


@pytest.mark.skipif(not X86, reason="the numbers are those of x86_64")
def test_clone3_says_that_it_does_not_exist_and_other_processes_limits_are_not_ours(sandbox: Sandbox) -> None:
    found = ask(
        sandbox,
        """
import ctypes, os, resource
def f():
    libc, said = ctypes.CDLL(None, use_errno=True), []
    limit = (ctypes.c_ulong * 2)(2**63, 2**63)
    of_others = ((302, os.getppid(), 9, 0, limit), (302, 1, 9, limit, 0), (302, os.getpid(), 9, limit, 0))
    for call in ((435, 0, 0), (302, 0, 9, limit, 0), (302, 0, 9, 0, limit), *of_others):
        said.append([libc.syscall(*call), ctypes.get_errno()][libc.syscall(*call) < 0])
    try:
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
        said.append("raised")
    except (OSError, ValueError):
        said.append("denied")
    return said
""",
    )
    assert found == [38, 1, 0, 1, 1, 1, "denied"]


@pytest.mark.skipif(not X86, reason="machine code of x86_64")
def test_the_32_bit_door_is_shut(sandbox: Sandbox) -> None:
    # int 0x80 with number 2 is fork by the 32-bit table, in which 2 is open for the 64-bit one.
    worker = started(
        sandbox,
        """
import ctypes, mmap
def f():
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes([0xB8, 2, 0, 0, 0, 0xCD, 0x80, 0x48, 0x98, 0xC3]))
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()
""",
    )
    try:
        said = answer(worker)
    except WorkerLost as error:
        said = error.why
    assert said == "crashed" or said < 0  # it crashes where the kernel has no 32-bit table
    worker.close()


# --- limits -------------------------------------------------------------------------------------------------------------


def test_memory_is_bounded(sandbox: Sandbox) -> None:
    assert ask(
        sandbox,
        attempts(
            "bytearray(600 * 2**20)",
            "__import__('numpy').ones(80 * 2**20)",
            "mmap.mmap(-1, 600 * 2**20)",
            "bytearray(100 * 2**20)",
        ),
    ) in (
        ["MemoryError", "_ArrayMemoryError", "ENOMEM", "allowed"],
        ["MemoryError", "MemoryError", "ENOMEM", "allowed"],
    )


def test_one_file_is_bounded(sandbox: Sandbox) -> None:
    (said,) = ask(
        sandbox, "import signal\n" + attempts('exec(\'with open("big", "wb") as file:\\n file.write(bytes(5 * 2**20))\')')
    )
    assert said in ("EFBIG", "ENOSPC")


def test_open_files_are_bounded(sandbox: Sandbox) -> None:
    assert ask(sandbox, attempts("[os.open('/dev/null', os.O_RDONLY) for _ in range(100)]")) == ["EMFILE"]


def test_a_full_scratch_folder_costs_its_owner_the_process(sandbox: Sandbox) -> None:
    source = "import time\ndef f():\n for i in range(8):\n  open(str(i), 'wb').write(bytes(3 * 2**20))\n time.sleep(1.5)\n"
    worker = started(sandbox, source)
    try:
        (outcome,) = worker.perform(CALL_F)
        said = outcome.failure.kind if outcome.failure else "nothing"
    except WorkerLost as error:
        said = error.why
    worker.close()
    assert said in ("OSError", "crashed")


def test_a_full_scratch_folder_costs_a_neighbour_nothing(sandbox: Sandbox) -> None:
    fill = "\n  for i in range(20):\n   open(str(i), 'wb').write(bytes(2**20 * 7 // 2))\n"
    glutton = started(sandbox, f"def f():\n try:{fill} except OSError: pass\n return 1\n")
    with suppress(WorkerLost):
        answer(glutton)
    neighbour = sandbox.worker()
    try:
        source = b"import time\ndef f():\n time.sleep(0.3)\n return 1"
        assert neighbour.load("probe", "probe.py", {"probe.py": source, "data.txt": b"x" * 2**20}) == []
        assert answer(neighbour) == 1
    finally:
        neighbour.close()
        glutton.close()


def test_quick_calls_cannot_fill_the_disk_either() -> None:
    need_backend("landlock")
    with start_sandbox("landlock", QUICK) as sandbox:
        worker = started(
            sandbox, "N = [0]\ndef f():\n N[0] += 1\n open(str(N[0]), 'wb').write(bytes(2**20 * 7 // 2))\n return N[0]\n"
        )
        # A file system of its own is full before the fifth file; a folder that is watched ends the worker.
        with pytest.raises((WorkerLost, AssertionError)):
            [answer(worker) for _ in range(20)]
        worker.close()


def test_a_call_that_does_not_end_is_a_timeout(sandbox: Sandbox) -> None:
    assert lost(sandbox, "def f():\n while True: pass") == "timeout"


def test_an_import_that_ends_the_process_is_a_crash(sandbox: Sandbox) -> None:
    assert lost(sandbox, "import os\nos._exit(0)") == "crashed"
    assert lost(sandbox, "import os, signal\nsignal.raise_signal(signal.SIGKILL)") == "crashed"


def test_a_worker_that_no_longer_reads_is_a_timeout(sandbox: Sandbox) -> None:
    worker = started(sandbox, "def f():\n while True: pass")
    with pytest.raises(WorkerLost, match="timeout"):
        worker.perform(CALL_F, 0.2)
    with pytest.raises(WorkerLost, match="timeout"):
        worker.perform(wire.encode(("perform", bytes(2**22))), 0.2)
    worker.close()


def called(name: str) -> bytes:
    """The request to call a function of the module."""
    script = Script([["attribute", 1, ["slot", 0], name], ["call", 2, ["slot", 1], [], {}]], {"answer": ["slot", 2]})
    return wire.encode(("perform", wire.encode(([script], [Case(0, [])]))))


IN_TURN = """
import os, time
def first(): return 1
def second(): return 2
def slow(): time.sleep(0.3); return 3
def hangs(): time.sleep(9)
def dies(): os._exit(0)
"""


def test_what_is_sent_ahead_is_answered_in_its_turn_and_once(sandbox: Sandbox) -> None:
    worker, (first, second, slow) = started(sandbox, IN_TURN), map(called, ("first", "second", "slow"))
    worker.begin(slow)
    worker.ahead([first])
    answers = [*worker.finish()]
    worker.begin(first)
    worker.ahead([second])
    answers += worker.finish()
    worker.begin(second)
    answers += [*worker.finish(), *worker.perform(first)]
    worker.close()
    assert [outcome.outputs["answer"] for outcome in answers] == [3, 1, 2, 1]


def test_a_row_of_requests_is_answered_in_order_whatever_of_it_was_sent_ahead(sandbox: Sandbox) -> None:
    worker = started(sandbox, "N = []\ndef count():\n    N.append(0)\n    return len(N)\n")
    row = [called("count") for _ in range(40)]
    answers = []
    for place, request in enumerate(row):
        worker.begin(request)
        worker.ahead(row[place + 1 : place + 9])
        answers += worker.finish()
    worker.close()
    assert [outcome.outputs["answer"] for outcome in answers] == [*range(1, 41)]


def test_the_time_of_what_is_sent_ahead_begins_in_its_turn(sandbox: Sandbox) -> None:
    worker, (slow, hangs) = started(sandbox, IN_TURN), map(called, ("slow", "hangs"))
    worker.begin(hangs, 0.2)
    worker.ahead([slow])
    with pytest.raises(WorkerLost, match="timeout"):
        worker.finish()
    worker.close()
    worker = started(sandbox, IN_TURN)
    worker.begin(slow, 9.0)
    worker.ahead([hangs])
    (outcome,) = worker.finish()
    worker.begin(hangs, 0.2)
    with pytest.raises(WorkerLost, match="timeout"):
        worker.finish()
    worker.close()
    assert outcome.outputs["answer"] == 3


def test_what_the_channel_does_not_hold_is_not_sent_ahead(sandbox: Sandbox) -> None:
    # It would wait for a worker that waits to be read.
    script = Script([["attribute", 1, ["slot", 0], "second"], ["call", 2, ["slot", 1], [], {}]], {"answer": ["slot", 2]})
    large = wire.encode(("perform", wire.encode(([script], [Case(0, [np.zeros(2**20)])]))))
    worker, slow = started(sandbox, IN_TURN), called("slow")
    worker.begin(slow)
    worker.ahead([large])
    worker.finish()
    (outcome,) = worker.perform(large)
    worker.close()
    assert outcome.outputs["answer"] == 2


def test_a_worker_that_dies_is_noticed_by_whoever_asks_next(sandbox: Sandbox) -> None:
    worker, (first, dies) = started(sandbox, IN_TURN), map(called, ("first", "dies"))
    worker.begin(dies)
    worker.ahead([first])
    with pytest.raises(WorkerLost, match="crashed"):
        worker.finish()
    with pytest.raises(WorkerLost, match="crashed"):
        worker.perform(first)  # it may be noticed where the request is sent, or where its answer is waited for
    worker.close()


# As deep as the scratch folder allows.
DEEP = """
import os
def f():
    try:
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    except OSError:
        pass
    return 1
"""


def test_deep_folders_do_not_bring_the_wall_down(tmp_path: Path) -> None:
    # In a process of its own, which is what falls.
    code = (
        "import sys; from tests.test_wall import *\n"
        "with start_sandbox('landlock', QUICK) as sandbox:\n"
        "    ask(sandbox, DEEP)\n"
        "    assert ask(sandbox, 'def f(): return 7') == 7\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    left = os.listdir(tmp_path)
    subprocess.run(["rm", "-rf", *map(str, tmp_path.iterdir())], check=True)
    assert done.returncode == 0, done.stderr[-300:]
    assert left == []


def test_a_folder_is_cleared_away_however_deep_and_locked_it_is(tmp_path: Path) -> None:
    # The way of a machine that allows no file system of a worker's own: the folder stands on the disk, and is removed.
    folder = tmp_path / "scratch"
    folder.mkdir()
    before = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
            Path("file").touch()
    finally:
        os.chdir(before)
    (folder / "locked").mkdir()
    (folder / "locked" / "inner").mkdir(mode=0)
    (folder / "locked").chmod(0)
    clear_away(str(folder))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_may_be_closed_twice(own_sandbox: Sandbox) -> None:
    worker = started(own_sandbox, "def f(): return 1")
    worker.close()
    worker.close()
    assert ask(own_sandbox, "def f(): return 7") == 7


def test_workers_stand_side_by_side(sandbox: Sandbox) -> None:
    workers = [started(sandbox, f"def f(): return {i}") for i in range(8)]
    assert [answer(worker) for worker in reversed(workers)] == list(reversed(range(8)))
    for worker in workers:
        worker.close()


def test_closing_the_wall_ends_every_worker() -> None:
    for backend in WALLED:
        need_backend(backend)
        before = descendants(os.getpid())
        sandbox = start_sandbox(backend, QUICK)
        for _ in range(3):
            started(sandbox, "import time\ndef f():\n while True: time.sleep(9)").begin(CALL_F)
        scratch = sandbox._scratch
        sandbox.close()
        assert descendants(os.getpid()) == before
        assert not os.path.exists(scratch)


# --- bubblewrap where the kernel has no Landlock --------------------------------------------------------------------------


@pytest.fixture
def no_landlock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Bubblewrap alone, as on a kernel before 5.13 or one that was started without Landlock."""
    need_backend("bubblewrap")
    monkeypatch.setattr(harden, "landlock_version", lambda: 0)
    with start_sandbox("bubblewrap", QUICK) as found:
        yield found


def test_bubblewrap_alone_hides_files_processes_and_network(no_landlock: Sandbox) -> None:
    said = ask(
        no_landlock,
        attempts(
            f"open({str(ROOT / 'reference' / 'activations.py')!r})",
            "open('/etc/passwd')",
            "open('/proc/1/environ')",
            "os.listdir('/scratch')",
            f"os.kill({os.getpid()}, 0)",
            "socket.socket()",
            "os.fork() or os._exit(0)",
        ),
    )
    assert "allowed" not in said, said


def test_bubblewrap_alone_keeps_neighbours_apart(no_landlock: Sandbox) -> None:
    neighbour = started(no_landlock, "def f(): return 1", data=b"the neighbour's answer")
    said = ask(
        no_landlock,
        """
import os, re
def f():
    here = os.getcwd()
    there = re.sub(r"\\d+$", lambda match: str(int(match[0]) - 1), here)
    try:
        return open(there + "/data.txt").read()
    except OSError as error:
        return "denied"
""",
    )
    neighbour.close()
    assert said == "denied"


def test_bubblewrap_alone_leaves_nowhere_else_to_write(no_landlock: Sandbox) -> None:
    said = ask(no_landlock, attempts("open('/left', 'w')", "open('/dev/left', 'w')", "open('/dev/shm/left', 'w')"))
    assert "allowed" not in said, said


# --- what students need -------------------------------------------------------------------------------------------------

NEEDED = (
    "abc argparse array ast base64 bisect calendar cmath collections collections.abc contextlib copy csv ctypes "
    "dataclasses datetime decimal doctest enum fractions functools gc glob hashlib heapq html inspect io itertools "
    "json keyword locale logging math multiprocessing numbers numpy numpy.fft numpy.lib.stride_tricks numpy.linalg "
    "numpy.ma numpy.polynomial numpy.random numpy.testing operator os pathlib pickle platform pprint queue random re "
    "secrets shutil signal socket sqlite3 ssl statistics string struct subprocess sys tempfile textwrap threading "
    "time timeit tokenize traceback types typing unittest urllib.request uuid warnings weakref zipfile zlib asyncio "
    "concurrent.futures"
).split()


def test_the_standard_library_and_numpy_can_be_imported(sandbox: Sandbox) -> None:
    said = ask(sandbox, attempts(*(f"import {name}" for name in NEEDED)))
    assert dict(zip(NEEDED, said, strict=True)) == dict.fromkeys(NEEDED, "allowed")


def test_numpy_works(sandbox: Sandbox) -> None:
    found = ask(
        sandbox,
        """
import numpy as np
def f():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(60, 60))
    u, s, v = np.linalg.svd(a)
    return {
        "svd": float(np.abs(u * s @ v - a).max()),
        "solve": float(np.abs(a @ np.linalg.solve(a, np.eye(60)) - np.eye(60)).max()),
        "fft": float(np.abs(np.fft.ifft(np.fft.fft(a)) - a).max()),
        "einsum": float(np.abs(np.einsum("ij,jk->ik", a, a) - a @ a).max()),
        "large": float((np.ones((500, 500)) @ np.ones((500, 500))).sum()),
        "sort": np.sort(rng.permutation(5)),
        "legacy": np.random.RandomState(1).rand(3).shape,
        "fresh": np.random.default_rng().normal(size=2).shape,
    }
""",
    )
    assert max(found[name] for name in ("svd", "solve", "fft", "einsum")) < 1e-9
    assert found["large"] == 500.0**3
    assert found["sort"].tolist() == [0, 1, 2, 3, 4]
    assert [found["legacy"], found["fresh"]] == [[3], [2]]


def test_the_standard_library_works(sandbox: Sandbox) -> None:
    assert ask(
        sandbox,
        """
import collections, contextlib, csv, dataclasses, datetime, functools, io, itertools, json, os, pathlib, pickle
import random, re, sqlite3, statistics, time, uuid, warnings
@dataclasses.dataclass
class Point:
    x: float
    y: float = 2.0
def f():
    with open("notes.txt", "w", encoding="utf-8") as file:
        file.write("grüße")
    os.makedirs("a/b")
    pathlib.Path("a/b/c.json").write_text(json.dumps(dataclasses.asdict(Point(1.0))))
    os.rename("a/b/c.json", "a/b/d.json")
    with sqlite3.connect(":memory:") as database:
        (seven,) = database.execute("select 3 + 4").fetchone()
    with warnings.catch_warnings(record=True):
        warnings.warn("careful")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print("hello")
    time.sleep(0.001)
    random.seed(1)
    assert uuid.uuid4() and datetime.datetime.now() and os.urandom(4) and time.time() and os.path.exists("notes.txt")
    assert pickle.loads(pickle.dumps([1])) == [1] and list(csv.reader(["a,b"])) == [["a", "b"]]
    os.remove("a/b/d.json"); os.rmdir("a/b")
    return [open("notes.txt", encoding="utf-8").read(), seven, out.getvalue(), sorted(os.listdir(".")),
            re.sub("a", "b", "aa"), collections.Counter("aab")["a"], list(itertools.accumulate([1, 2, 3])),
            functools.reduce(max, [1, 3, 2]), statistics.mean([1, 2, 3]), os.listdir("a")]
""",
    ) == ["grüße", 7, "hello\n", ["a", "notes.txt", "probe.py"], "bb", 2, [1, 3, 6], 3, 2, []]


def test_temporary_files_work(sandbox: Sandbox) -> None:
    said = ask(
        sandbox,
        attempts(
            "__import__('tempfile').TemporaryFile().close()",
            "__import__('tempfile').NamedTemporaryFile().close()",
            "open('x', 'w', opener=os.open).close()",
        ),
    )
    assert said == ["allowed"] * 3


def test_every_case_starts_from_the_same_randomness(sandbox: Sandbox) -> None:
    source = (
        "import random, numpy as np\ndef f(): return [random.random(), np.random.rand(), np.random.default_rng().random()]"
    )
    worker = started(sandbox, source)
    assert answer(worker) == answer(worker) == ask(sandbox, source)
    worker.close()


def test_a_wall_that_cannot_be_had_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoSandbox, match="bwrap is not installed"):
        start_sandbox("bubblewrap")


def test_a_wall_whose_first_process_died_says_so(own_sandbox: Sandbox) -> None:
    os.kill(zygote(own_sandbox), signal.SIGKILL)
    time.sleep(0.2)
    with pytest.raises(NoSandbox):
        own_sandbox.worker()


# --- what may come back ---------------------------------------------------------------------------------------------------

FRAME = """
import os, struct, msgspec
def raw(data):
    while data:
        data = data[os.write(3, data):]
def frame(data):
    raw(struct.pack("<I", len(data)) + data)
def outcome(value):
    return msgspec.msgpack.encode([{"outputs": {"answer": value}}])
def array(dtype, shape, content):
    return msgspec.msgpack.Ext(1, msgspec.msgpack.encode((dtype, shape, content)))
"""

GARBLED = {
    "a frame larger than may be": 'raw(struct.pack("<I", 2**32 - 1))',
    "a frame just larger than may be": 'raw(struct.pack("<I", 64 * 2**20 + 1))',
    "garbage": 'frame(b"\\xc1garbage")',
    "nothing at all": 'frame(b"")',
    "text for a list": 'frame(msgspec.msgpack.encode("passed"))',
    "numbers for outcomes": "frame(msgspec.msgpack.encode([1, 2]))",
    "text that is no UTF-8": 'frame(b"\\x91\\x81\\xa7outputs\\x81\\xa1\\xff\\x01")',
    "an unknown kind of value": 'frame(outcome(msgspec.msgpack.Ext(77, b"x")))',
    "an array of objects": 'frame(outcome(array("|O", [1], bytes(8))))',
    "an array of records": 'frame(outcome(array("<f8,<f8", [1], bytes(16))))',
    "an array that is shorter than it says": 'frame(outcome(array("<f8", [1000], bytes(8))))',
    "an array of negative length": 'frame(outcome(array("<f8", [-1, -1], bytes(8))))',
    "an array of seventeen axes": 'frame(outcome(array("<f8", [1] * 17, bytes(8))))',
    "an array whose size overflows": 'frame(outcome(array("<f8", [2**32, 2**32], bytes(8))))',
    "lists a hundred thousand deep": 'frame(b"\\x91\\x81\\xa7outputs\\x81\\xa6answer" + b"\\x91" * 100_000 + b"\\x01")',
    "unknown fields a million deep": 'frame(b"\\x91\\x81\\xa1?" + b"\\x91" * 1_000_000 + b"\\x01")',
}
CRASHED = {
    "half a header": 'raw(b"\\x01\\0"); os._exit(0)',
    "half a frame": 'raw(struct.pack("<I", 100) + bytes(50)); os._exit(0)',
    "no frame": "os._exit(0)",
    "a closed channel": "os.close(3)",
}
UNCAUGHT = {
    "an empty array of a size that NumPy refuses": 'frame(outcome(array("<f8", [0, 2**62, 2**62], b"")))',
    "an empty array of an axis that no integer holds": 'frame(outcome(array("<f8", [0, 2**64 - 1], b"")))',
}
ODD = {
    "bytes": 'frame(outcome(b"x"))',
    "a date": "frame(outcome(__import__('datetime').datetime.now(__import__('datetime').timezone.utc)))",
    "a key that is a list": 'frame(b"\\x91\\x81\\xa7outputs\\x81\\xa6answer\\x81\\x91\\x01\\x01")',
    "a key that is a number": "frame(outcome({1: 2}))",
    "nine hundred lists in each other": 'frame(b"\\x91\\x81\\xa7outputs\\x81\\xa6answer" + b"\\x91" * 900 + b"\\x01")',
    "a text of a megabyte": 'frame(outcome("x" * 2**20))',
    "a list of a million": "frame(outcome([None] * 10**6))",
}


def _why(sandbox: Sandbox, sent: str) -> str:
    return lost(sandbox, f"{FRAME}\ndef f():\n    {sent}\n    return 1\n")


@pytest.mark.parametrize("sent", GARBLED.values(), ids=GARBLED)
def test_what_is_not_of_the_agreed_form_is_garbled(sandbox: Sandbox, sent: str) -> None:
    assert _why(sandbox, sent) == "garbled"


@pytest.mark.parametrize("sent", CRASHED.values(), ids=CRASHED)
def test_what_breaks_off_is_a_crash(sandbox: Sandbox, sent: str) -> None:
    assert _why(sandbox, sent) == "crashed"


@pytest.mark.parametrize("sent", UNCAUGHT.values(), ids=UNCAUGHT)
def test_what_numpy_itself_refuses_is_garbled(sandbox: Sandbox, sent: str) -> None:
    assert _why(sandbox, sent) == "garbled"


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_what_no_honest_worker_sends_is_garbled(sandbox: Sandbox, sent: str) -> None:
    assert _why(sandbox, sent) == "garbled"


def test_an_import_can_be_answered_by_a_lie_but_not_by_garbage(sandbox: Sandbox) -> None:
    for sent in ('frame(b"\\xc1")', "frame(msgspec.msgpack.encode([1]))", 'frame(msgspec.msgpack.encode({"kind": 3}))'):
        assert lost(sandbox, f"{FRAME}\n{sent}\nimport time\ntime.sleep(1)\n") == "garbled"


def test_half_a_frame_and_then_silence_is_a_timeout(sandbox: Sandbox) -> None:
    assert _why(sandbox, 'raw(struct.pack("<I", 100) + bytes(50)); __import__("time").sleep(10)') == "timeout"


def test_a_frame_that_trickles_in_is_a_timeout(sandbox: Sandbox) -> None:
    assert (
        _why(sandbox, 'raw(struct.pack("<I", 10**6)); [(raw(b"x"), __import__("time").sleep(0.05)) for _ in range(1000)]')
        == "timeout"
    )


def test_the_largest_reply_takes_no_more_memory_than_a_machine_has() -> None:
    import tracemalloc

    size = wire.LARGEST_REPLY - 100
    reply = b"\x91\x81\xa7outputs\x81\xa6answer\xdd" + struct.pack(">I", size) + b"\x80" * size
    tracemalloc.start()
    (outcome,) = wire.decoder(list[Outcome]).decode(reply)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not honest([outcome])
    assert peak < 256 * 2**20


# --- the codec --------------------------------------------------------------------------------------------------------------

_decode_any = wire.decoder()
_decode_outcomes = wire.decoder(list[Outcome])
# `make fuzz` decodes tens of thousands of replies.
_many = settings(max_examples=100, deadline=None)
_some_hundred = settings(max_examples=300, deadline=None)

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=40)
arrays = st.sampled_from(sorted(wire.DTYPES)).flatmap(
    lambda dtype: numpy_strategies.arrays(
        np.dtype(dtype), numpy_strategies.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
)
values = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal to the byte; a NaN is equal to the same NaN."""
    if isinstance(one, np.ndarray):
        return (
            type(other) is np.ndarray
            and one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


@given(values)
@_many
def test_portable_values_come_back_as_they_were(value: Any) -> None:
    sent = wire.portable(value)
    assert same(sent, _decode_any.decode(wire.encode(sent)))


@given(arrays)
@_many
def test_arrays_come_back_to_the_byte_whatever_their_layout(array: np.ndarray) -> None:
    for layout in (array, array.T, array[::-1] if array.ndim else array, np.asfortranarray(array)):
        back = _decode_any.decode(wire.encode(wire.portable(layout)))
        assert back.dtype == layout.dtype
        assert back.shape == layout.shape
        assert back.tobytes() == np.ascontiguousarray(layout).tobytes()


def _decodes_or_says_why(data: bytes) -> None:
    for decoder in (_decode_any, _decode_outcomes):
        with suppress(*DOCUMENTED):
            decoder.decode(data)


@given(st.binary(max_size=200))
@_some_hundred
def test_random_bytes_raise_only_what_is_documented(data: bytes) -> None:
    _decodes_or_says_why(data)


@given(values, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4), st.integers(0, 400))
@_some_hundred
def test_damaged_messages_raise_only_what_is_documented(value: Any, damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(wire.encode([Outcome({"answer": wire.portable(value)})]))
    for place, byte in damage:
        data[place % len(data)] = byte
    _decodes_or_says_why(bytes(data[: len(data) - cut % len(data)]))


shapes = st.lists(st.integers(-2, 2**64 - 1) | st.sampled_from([0, 1, 2, 2**31, 2**62, 2**63]), max_size=20)


@given(st.sampled_from(sorted(wire.DTYPES)) | st.text(max_size=5), shapes, st.binary(max_size=32))
@_some_hundred
def test_forged_arrays_raise_only_what_is_documented(dtype: str, shape: list[int], content: bytes) -> None:
    _decodes_or_says_why(msgspec.msgpack.encode(msgspec.msgpack.Ext(1, msgspec.msgpack.encode((dtype, shape, content)))))


class _Pipe:
    """A channel that gives what it is filled with, some bytes at a time, and keeps what is sent."""

    def __init__(self, content: bytes = b"", step: int = 3) -> None:
        self.content, self.step, self.sent = content, step, b""

    def recv_into(self, buffer: memoryview) -> int:
        part = self.content[: min(self.step, len(buffer))]
        self.content = self.content[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def sendall(self, data: bytes) -> None:
        self.sent += data


# Also frames that just fit into what is read at once, and larger ones.
_payloads = st.binary(max_size=50) | st.integers(2**16 - 5, 2**16 + 5).map(bytes) | st.just(bytes(2**18))


@given(st.lists(_payloads, max_size=5), st.integers(1, 20) | st.integers(2**15, 2**18), st.booleans())
@_some_hundred
def test_frames_arrive_whole_however_they_are_cut(payloads: list[bytes], step: int, at_once: bool) -> None:
    if sum(map(len, payloads)) > 2**16:
        step = max(step, 2**10)  # a test, too, has to come to its end
    sender = _Pipe()
    for sent in [payloads] if at_once else [[payload] for payload in payloads]:
        wire.send(sender, *sent)
    receiver = wire.Frames(_Pipe(sender.sent, step))
    assert [receiver.receive() for _ in payloads] == payloads
    with pytest.raises(EOFError):
        receiver.receive()


@given(st.binary(max_size=60))
@_many
def test_random_bytes_as_frames_raise_only_what_is_documented(data: bytes) -> None:
    frames = wire.Frames(_Pipe(data))
    try:
        while True:
            frames.receive()
    except (EOFError, wire.WireError):
        pass


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (10**30, "int beyond 64 bits"),
        (1j, "complex"),
        (b"x", "bytes"),
        ({1, 2}, "set"),
        (object(), "object"),
        (len, "builtin_function_or_method"),
        (np.array([1, "x"], dtype=object), "array of dtype object"),
        (np.array(["x"]), "array of dtype str32"),
        (np.zeros(2, ">f8"), "array of dtype float64"),
        (np.zeros(2, np.longdouble), f"array of dtype {np.dtype(np.longdouble).name}"),
        (np.ma.zeros(2), "MaskedArray"),
        (np.matrix([1.0]), "matrix"),
        ({1: 2}, "dict with other keys than strings, or too large"),
        ([0] * 10_001, "list too deep or too long"),
        (np.zeros(2, "M8[s]"), "array of dtype datetime64[s]"),
        (np.rec.array([(1.0,)]), "recarray"),
        (type("Own", (float,), {})(1.0), "Own"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_does_not_cross_arrives_as_the_name_of_its_type(value: Any, name: str) -> None:
    back = _decode_any.decode(wire.encode(wire.portable(value)))
    assert back == wire.Foreign(name)


def test_a_text_of_numpys_arrives_as_a_text() -> None:
    value = {np.str_("choice"): np.str_("slope"), "choices": list(np.array(["slope", "sign"]))}
    back = _decode_any.decode(wire.encode(wire.portable(value)))
    assert back == {"choice": "slope", "choices": ["slope", "sign"]}
    assert {type(text) for text in (*back, back["choice"], *back["choices"])} == {str}
    assert wire.crossable(back)


def test_a_value_too_deep_is_cut(sandbox: Sandbox) -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    assert "too deep" in repr(wire.portable(deep))


def test_type_names_survive_hostile_metaclasses() -> None:
    class Meta(type):
        @property
        def __name__(cls) -> str:
            raise SystemExit

    hostile: Callable[[], object] = Meta("Hostile", (), {})
    assert wire.type_name(hostile()) in ("Hostile", "object")
    assert len(wire.type_name(type("x" * 1000, (), {})())) == 80


def test_the_decoded_array_is_read_only_and_exact() -> None:
    back = _decode_any.decode(wire.encode(np.arange(3.0)))
    assert type(back) is np.ndarray
    assert not back.flags.writeable


def test_ctypes_is_not_what_keeps_the_wall() -> None:
    # The tests above call the kernel through ctypes; were it missing, they would pass for the wrong reason.
    assert ctypes.CDLL(None).getpid() == os.getpid()
