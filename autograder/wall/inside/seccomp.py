"""Builds a seccomp filter out of blocks, "if this then these", so that nobody counts how far a jump goes.

A filter is a program of classic BPF over one accumulator: it loads a word of the call into it, compares, and ends with an
action. Source: the kernel's Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

# Instructions that follow each other. They fall through to the next unless an action ends them.
Block = list[bytes]

# Where the words of a call stand, in struct seccomp_data; the arguments are of 64 bits, the lower half first.
CALL, ARCHITECTURE = 0, 4

ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _RETURN = 0x20, 0x06
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def argument(number: int, high: bool = False) -> int:
    """Where an argument of the call stands: its lower half, or its higher."""
    return 16 + 8 * number + 4 * high


def load(place: int) -> Block:
    """Take this word of the call into the accumulator, with which tests compare from here on."""
    return [_instruction(_LOAD, place)]


def allow() -> Block:
    """End: the call is made."""
    return [_instruction(_RETURN, ALLOW)]


def refuse(error: int) -> Block:
    """End: the call is not made, and answers this error."""
    return [_instruction(_RETURN, _ERRNO | error)]


def together(blocks: Iterable[Block]) -> Block:
    """One block after the other."""
    return [instruction for block in blocks for instruction in block]


def when(test: int, value: int, *then: Block) -> Block:
    """If the accumulator passes a test (EQUAL, AT_LEAST or ANY_BIT of a value), these; else what follows."""
    body = together(then)
    return [_instruction(test, value, 0, _jump(body)), *body]


def unless(test: int, value: int, *then: Block) -> Block:
    """If the accumulator does not pass a test, these; else what follows."""
    body = together(then)
    return [_instruction(test, value, _jump(body), 0), *body]


def _jump(over: Block) -> int:
    if len(over) > 255:
        raise ValueError(f"a block of {len(over)} instructions; a jump goes over 255 at most")
    return len(over)
