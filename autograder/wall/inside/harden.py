"""Shuts a process in for good, with nothing but system calls: resource limits, Landlock, seccomp.

None of it needs root, a helper program or a compiler. Each step is irreversible for the process and for all that it starts.
Sources: the kernel's Documentation/userspace-api/landlock.rst and seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterable
from functools import cache

from .seccomp import ANY_BIT, ARCHITECTURE, AT_LEAST, CALL, EQUAL, Block, allow, argument, load, refuse, together, unless, when

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446


class CannotHarden(OSError):
    """The kernel lacks, or this machine forbids, what the wall is made of."""


def _checked(what: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise CannotHarden(number, f"{what}: {os.strerror(number)}")
    return result


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it ends."""
    _checked("PR_SET_PDEATHSIG", _libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0))


def limit_resources(memory: int, file_size: int, cpu_seconds: int) -> None:
    """Bound address space and file size (bytes), processor time (seconds), open files; no core dumps.

    The number of processes is not bounded here: RLIMIT_NPROC does not bind root. :func:`deny_system_calls` denies them all.
    """
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 64),  # Python and NumPy hold fewer than ten
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


# --- a scratch folder of one's own ---------------------------------------------------------------------------------

_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000


def mount_scratch(folder: str, size: int, files: int) -> bool:
    """Put an empty file system in memory over a folder, for this process alone; it vanishes with the process.

    size: bytes that it holds at most. files: files and folders that it holds at most. Returns whether it could be done: it
    takes a mount namespace, and a user namespace where this process is not privileged.
    """
    if _libc.unshare(_CLONE_NEWNS) != 0 and not _unshare_with_user():
        return False
    if _libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        return False
    options = f"size={size},nr_inodes={files},mode=700".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    return _libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", flags, options) == 0


def _unshare_with_user() -> bool:
    """A mount namespace in a user namespace of our own, in which we are who we were."""
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS) != 0:
        return False
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    except OSError:
        return False
    return True


_CAPSET = {"x86_64": 126, "aarch64": 91}


def drop_capabilities() -> None:
    """Give up every capability that this process has, in its namespace or as root."""
    header, none = struct.pack("<Ii", 0x20080522, 0), bytes(24)
    _checked("capset", _libc.syscall(_CAPSET.get(platform.machine(), -1), header, none))


# --- Landlock: which files may be read and written -----------------------------------------------------------------

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _TRUNCATE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 14
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE


def landlock_version() -> int:
    """The kernel's Landlock ABI, 0 where there is none."""
    return max(0, _libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def file_rules(readable: Iterable[str], writable: Iterable[str] = (), listable: Iterable[str] = ()) -> int:
    """The handle of rules for :func:`confine_files`: these files and folders (with all below them), and no others.

    listable: folders whose names alone can be read, as Python's import does in a folder of packages.
    Raises CannotHarden where the kernel has no Landlock.
    """
    abi = landlock_version()
    if abi < 1:
        raise CannotHarden(0, "this kernel has no Landlock")
    # Rights the kernel knows: 13 in ABI 1, +refer in 2, +truncate in 3, +ioctl_dev in 5. All are handled, so all are denied.
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    network = 0b11 if abi >= 4 else 0
    scoped = 0b11 if abi >= 6 else 0
    attributes = struct.pack("<QQQ", files, network, scoped)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = _checked(
        "landlock_create_ruleset",
        _libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0),
    )
    try:
        for paths, rights in ((readable, _READ), (writable, _WRITE), (listable, _READ_DIR)):
            for path in paths:
                _allow(rules, path, rights & files)
    except BaseException:
        os.close(rules)
        raise
    return rules


def confine_files(*every: int) -> None:
    """From now on only files that each of these rules allow can be opened; no TCP, no signals to the outside.

    The handles are closed. Raises CannotHarden.
    """
    _checked("PR_SET_NO_NEW_PRIVS", _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    for rules in every:
        _checked("landlock_restrict_self", _libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0))
        os.close(rules)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE  # a rule on a plain file may ask for no folder's right
        rule = struct.pack("<Qi", rights, handle)
        _checked(f"landlock_add_rule {path}", _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0))
    finally:
        os.close(handle)


# --- seccomp: which system calls may be made -----------------------------------------------------------------------

# What Python, NumPy and a channel need once they are loaded; whatever is not here answers EPERM. Above all there is no way to
# start a process or a thread, to execute a program, to open a socket, to trace or to signal another process.
_ALLOWED = {  # name: (x86_64, aarch64); None where the machine has no such call
    "read": (0, 63), "write": (1, 64), "open": (2, None), "close": (3, 57), "stat": (4, None), "fstat": (5, 80),
    "lstat": (6, None), "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66),
    "access": (21, None), "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "dup": (32, 23), "dup2": (33, None), "nanosleep": (35, 101), "getpid": (39, 172), "sendto": (44, 206),
    "recvfrom": (45, 207), "exit": (60, 93), "uname": (63, 160), "fsync": (74, 82),
    "ftruncate": (77, 46), "getdents": (78, None), "getcwd": (79, 17), "chdir": (80, 49), "rename": (82, None),
    "mkdir": (83, None), "rmdir": (84, None), "unlink": (87, None), "readlink": (89, None), "umask": (95, 166),
    "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173),
    "sigaltstack": (131, 132), "arch_prctl": (158, None), "gettid": (186, 178), "time": (201, None), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "openat": (257, 56), "mkdirat": (258, 34),
    "newfstatat": (262, 79), "unlinkat": (263, 35), "renameat": (264, 38), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99), "dup3": (292, 24),
    "renameat2": (316, 276), "getrandom": (318, 278), "statx": (332, 291), "rseq": (334, 293), "faccessat2": (439, 439),
}  # fmt: skip
_CLONE3 = (435, 435)
_IOCTL = (16, 29)
_FCNTL = (72, 25)
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC. Not F_SETOWN and F_SETSIG, which
# let the kernel send any signal to any process of the user.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)
_TGKILL = (234, 131)
_PRLIMIT = (302, 261)
_AUDIT_ARCHITECTURE = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_X32 = 0x40000000

_EPERM, _ENOTTY, _ENOSYS = 1, 25, 38


# What TensorFlow's thread pools need on top; each may be refused on a machine that does not have it.
_FOR_THREADS = {
    "getcpu": (309, 168), "membarrier": (324, 283), "sched_setaffinity": (203, 122), "get_mempolicy": (239, 236),
    "set_tid_address": (218, 96), "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
}  # fmt: skip
_CLONE = (56, 220)
_CLONE_THREAD = 0x00010000


def filter_program(machine: str, process: int, threads: bool = False) -> Block:
    """The filter for a process of this number on this kind of processor, as :func:`deny_system_calls` says.

    Raises CannotHarden on a processor that the table does not cover.
    """
    _, column = _architecture(machine)
    # A process may abort itself (tgkill), and signal no other.
    tgkill = _call(_TGKILL[column], load(argument(0)), when(EQUAL, process, allow()), refuse(_EPERM))
    return [*_foreign_calls(machine), *tgkill, *_known_calls(machine, threads)]


def _architecture(machine: str) -> tuple[int, int]:
    """The number of a processor's architecture, and its column of the tables."""
    if machine not in _AUDIT_ARCHITECTURE:
        raise CannotHarden(0, f"no table of system calls for {machine}")
    return _AUDIT_ARCHITECTURE[machine]


def _call(number: int | None, *then: Block) -> Block:
    """If it is this call, these; nothing where the machine has no such call.

    A block that loads an argument must end with an action: what follows compares the call's number.
    """
    return [] if number is None else when(EQUAL, number, *then)


@cache
def _foreign_calls(machine: str) -> Block:
    """What is of another architecture ends here; what follows has the number of the call."""
    architecture, _ = _architecture(machine)
    deny = refuse(_EPERM)
    return together(
        [
            load(ARCHITECTURE),
            unless(EQUAL, architecture, deny),  # this architecture only
            load(CALL),
            when(AT_LEAST, _X32, deny),  # and not its x32 twin
        ]
    )


@cache
def _known_calls(machine: str, threads: bool) -> Block:
    """The calls of the tables are made, all others refused. Made once, since every worker needs it."""
    _, column = _architecture(machine)
    deny = refuse(_EPERM)
    blocks = [
        # clone3 hides its flags behind a pointer; ENOSYS makes the C library fall back to clone, which is not in the table.
        _call(_CLONE3[column], refuse(_ENOSYS)),
        # No device is ever a terminal; Python asks, and knows this answer.
        _call(_IOCTL[column], refuse(_ENOTTY)),
        # A process may read its own limits (prlimit64 of process 0, no new value), no other's.
        _call(_PRLIMIT[column], load(argument(0)), when(EQUAL, 0, _if_null(2, allow())), deny),
        _call(_FCNTL[column], load(argument(1)), *(when(EQUAL, command, allow()) for command in _FCNTL_COMMANDS), deny),
    ]
    if threads:
        blocks.append(_call(_CLONE[column], load(argument(0)), when(ANY_BIT, _CLONE_THREAD, allow()), deny))
    for numbers in (*_ALLOWED.values(), *(_FOR_THREADS.values() if threads else ())):
        blocks.append(_call(numbers[column], allow()))
    return together([*blocks, deny])


def _if_null(pointer: int, then: Block) -> Block:
    """If this argument is a null pointer, in both of its halves."""
    higher = [*load(argument(pointer, high=True)), *when(EQUAL, 0, then)]
    return [*load(argument(pointer)), *when(EQUAL, 0, higher)]


def deny_system_calls(threads: bool = False) -> None:
    """From now on this process has no system call but the ones in the table; no new process, program, socket.

    threads: whether it may start threads; none otherwise. A clone without CLONE_THREAD, that is a process, is denied always.

    Raises CannotHarden on a processor that the table does not cover, or where the kernel has no seccomp filter.
    """
    install_filter(filter_program(platform.machine(), os.getpid(), threads))


def install_filter(program: Block) -> None:
    """Put a filter upon this process and all that it starts. Raises CannotHarden where the kernel has no seccomp filter."""
    code = ctypes.create_string_buffer(b"".join(program))
    described = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(code))
    _checked("PR_SET_NO_NEW_PRIVS", _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked("PR_SET_SECCOMP", _libc.prctl(_PR_SET_SECCOMP, 2, described, 0, 0))
