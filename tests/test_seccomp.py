"""Which system calls the filter allows, asked of the program itself: an interpreter of BPF runs it on every call's number."""

from __future__ import annotations

import struct
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the filter is Linux's own: it was NOT tested", allow_module_level=True)

from autograder.wall.inside import harden, seccomp
from autograder.wall.inside.seccomp import Block

PROCESS = 4242
X86_64, AARCH64 = ("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)
ALLOW, EPERM, ENOTTY, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050019, 0x00050026
X32 = 0x40000000

# The calls that are allowed where all arguments are zero, a number each; every other is refused.
# A number more or less here is a door in the wall: whoever changes this says in the commit which, and why.
DOORS = {
    "x86_64": (
        "0-15 17-21 23-25 28 32-33 35 39 44-45 60 63 72 74 77-80 82-84 87 89 95-100 102 104 107-108 110 131 158 186 "
        "201-202 204 217 228-231 257-258 262-264 267 269-271 273 292 302 316 318 332 334 439 "
    ),
    "aarch64": (
        "17 23-25 34-35 38 46 48-49 56-57 61-68 72-73 78-80 82 93-94 98-99 101 113-115 123-124 132 134-135 139 153 "
        "160 163 165-166 169 172-179 206-207 214-216 222 226 233 261 276 278 291 293 439 "
    ),
}
# And where a worker may start threads, these too.
FOR_THREADS = {
    "x86_64": "143 145 203 218 239 309 324",
    "aarch64": "96 120 121 122 168 236 283",
}
NOT_A_TERMINAL = {"x86_64": 16, "aarch64": 29}  # ioctl
NO_SUCH_CALL = 435  # clone3, on both
EVERY_NUMBER = (*range(1024), 2**16, X32 - 1, *range(X32, X32 + 1024), 2**31, 2**32 - 1)


def action(program: Block, call: int, *arguments: int, architecture: int) -> int:
    """What the kernel would do with this call: it runs the program as the manual says, on struct seccomp_data."""
    data = struct.pack("<IIQ6Q", call, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    accumulator = place = 0
    while True:
        code, if_true, if_false, value = struct.unpack("<HBBI", program[place])
        place += 1
        if code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x06:  # BPF_RET | BPF_K
            return value
        else:
            passed = {
                0x15: accumulator == value,  # BPF_JMP | BPF_JEQ | BPF_K
                0x35: accumulator >= value,  # BPF_JMP | BPF_JGE | BPF_K
                0x45: bool(accumulator & value),  # BPF_JMP | BPF_JSET | BPF_K
            }[code]
            place += if_true if passed else if_false


def numbers(text: str) -> set[int]:
    """The numbers that ``"0-3 7"`` stands for."""
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


@pytest.fixture(params=[(X86_64, False), (X86_64, True), (AARCH64, False), (AARCH64, True)], ids=str)
def filtered(request: pytest.FixtureRequest) -> tuple[Block, str, int, bool]:
    (machine, architecture), threads = request.param
    return harden.filter_program(machine, PROCESS, threads), machine, architecture, threads


def test_every_system_call_is_allowed_or_refused_as_the_table_says(filtered: tuple[Block, str, int, bool]) -> None:
    program, machine, architecture, threads = filtered
    open_doors = numbers(DOORS[machine]) | (numbers(FOR_THREADS[machine]) if threads else set())
    for call in EVERY_NUMBER:
        expected = ALLOW if call in open_doors else EPERM
        expected = ENOTTY if call == NOT_A_TERMINAL[machine] else ENOSYS if call == NO_SUCH_CALL else expected
        assert action(program, call, architecture=architecture) == expected, call


def test_another_architectures_calls_are_all_refused(filtered: tuple[Block, str, int, bool]) -> None:
    program, _, architecture, _ = filtered
    for other in {X86_64[1], AARCH64[1], 0x40000003, 0} - {architecture}:
        assert {action(program, call, architecture=other) for call in EVERY_NUMBER} == {EPERM}


# Calls that depend on their arguments, by name: numbers on x86_64 and aarch64; arguments that are allowed, and that are not.
WITH_ARGUMENTS = {
    "tgkill": ((234, 131), [(PROCESS,)], [(0,), (1,), (PROCESS + 1,), (2**32 - 1,)]),
    "prlimit64": ((302, 261), [(0, 7, 0)], [(1, 7, 0), (PROCESS, 7, 0), (0, 7, 1), (0, 7, 2**32), (0, 7, 2**64 - 1)]),
    "fcntl": (
        (72, 25),
        [(3, command) for command in (0, 1, 2, 3, 4, 5, 6, 7, 1030)],
        [(3, command) for command in range(2048) if command not in (0, 1, 2, 3, 4, 5, 6, 7, 1030)],
    ),
}


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_what_a_call_may_be_given(name: str, filtered: tuple[Block, str, int, bool]) -> None:
    program, machine, architecture, _ = filtered
    (on_x86_64, on_aarch64), allowed, refused = WITH_ARGUMENTS[name]
    call = on_x86_64 if machine == "x86_64" else on_aarch64
    assert {action(program, call, *given, architecture=architecture) for given in allowed} == {ALLOW}
    assert {action(program, call, *given, architecture=architecture) for given in refused} == {EPERM}


def test_a_clone_is_a_thread_or_refused(filtered: tuple[Block, str, int, bool]) -> None:
    program, machine, architecture, threads = filtered
    clone = 56 if machine == "x86_64" else 220
    a_thread, a_process = 0x003D0F00, 0x01200011  # what the C library gives for pthread_create and for fork
    assert action(program, clone, a_thread, architecture=architecture) == (ALLOW if threads else EPERM)
    assert action(program, clone, a_process, architecture=architecture) == EPERM


def test_a_processor_without_a_table_has_no_wall() -> None:
    with pytest.raises(harden.CannotHarden, match="no table of system calls for riscv64"):
        harden.filter_program("riscv64", PROCESS)


def test_blocks_stand_in_each_other() -> None:
    """If the first argument is 1: if the second is 2 or more, allowed; else refused with 5. If it is not 1, with 6."""
    inner = [seccomp.load(seccomp.argument(1)), seccomp.when(seccomp.AT_LEAST, 2, seccomp.allow()), seccomp.refuse(5)]
    program = seccomp.together([seccomp.load(seccomp.argument(0)), seccomp.when(seccomp.EQUAL, 1, *inner), seccomp.refuse(6)])
    given = [(1, 3), (1, 2), (1, 1), (2, 2)]
    said = [action(program, 0, *arguments, architecture=0) for arguments in given]
    assert said == [ALLOW, ALLOW, 0x00050005, 0x00050006]


def test_a_block_too_long_to_jump_over_is_refused() -> None:
    with pytest.raises(ValueError, match="a block of 256 instructions"):
        seccomp.when(seccomp.EQUAL, 1, *[seccomp.allow()] * 256)
