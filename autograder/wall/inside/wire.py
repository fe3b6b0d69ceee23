"""The typed values that cross the wall, and the frames that carry them.

A value is None, a bool, an int, a float, a string, a list, a dict with string keys, or an array as dtype + shape + raw
bytes. Anything else arrives as :class:`Foreign`, which holds the name of its type and nothing of it.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeVar, overload

import msgspec
import numpy as np

# A request holds a submission's files, 8 MiB at most. A reply is read by the grader, where hostile bytes could become objects
# of sixty times their size; the largest honest one (a statistical check's samples) has 0.7 MiB.
LARGEST_REQUEST = 16 * 2**20
LARGEST_REPLY = 2 * 2**20
LARGEST_ARRAY = 2**20
# Text of the student's that crosses (messages, strings) is cut here: nobody reads more, and a log flood must not cost.
LONGEST_TEXT = 500
DEEPEST = 8
MOST_ITEMS = 10_000
# Of all that a reply holds, in lists and dicts, over all cases of a check: each becomes an object, and is kept until it is
# explained. The right answers of a check have 1,606 at most, the rows of many minibatches.
MOST_VALUES = 20_000

DTYPES = frozenset(["|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"])
_BY_NAME = {name: np.dtype(name) for name in DTYPES}  # looked up, since a submission's checks send two thousand arrays

T = TypeVar("T")

_ARRAY = 1
_FOREIGN = 2
_LENGTH = struct.Struct("<I")
# Read with one call of the system, if so much has arrived: tens of a topic's replies.
_AT_ONCE = 2**16


class WireError(Exception):
    """What arrived is not of the agreed form: the sender is broken, or lies."""


class Foreign:
    """A value of a type that does not cross the wall, known by its type's name only."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __eq__(self, other: object) -> bool:
        return type(other) is Foreign and other.type_name == self.type_name

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Foreign({self.type_name!r})"


def is_open(value: object) -> bool:
    """Whether nothing is answered yet: an Ellipsis stands there, here or as it comes over the wall."""
    return value is ... or (type(value) is Foreign and value.type_name == "ellipsis")


class Channel(Protocol):
    """What frames are read from and written to: a connected stream socket."""

    def recv_into(self, buffer: memoryview) -> int: ...
    def sendall(self, data: bytes) -> None: ...


def type_name(value: object) -> str:
    """Name of a value's type, whatever a metaclass may do to prevent it."""
    try:
        name = type.__getattribute__(type(value), "__name__")
        return name[:80] if type(name) is str else "object"
    except BaseException:
        return "object"


def portable(value: Any, met: Iterator[int] | None = None) -> Any:
    """The form in which a value crosses. Only exact types pass: a subclass may answer comparisons as it likes.

    met: counts the values of a reply, where this one is a part of it.
    """
    return _portable(value, 0, itertools.count() if met is None else met)


def _portable(value: Any, depth: int, met: Iterator[int]) -> Any:
    if next(met) > MOST_VALUES:
        return Foreign("value beyond those that may be returned")
    kind = type(value)
    if value is None or kind is bool or kind is float or kind is Foreign:
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**63 else Foreign("int beyond 64 bits")
    if kind is str or kind is np.str_:
        value = str.__str__(value)  # a text of NumPy's is one of Python's with more to it
        return value[:LONGEST_TEXT].encode("utf-8", "replace").decode()
    if kind is np.ndarray:
        small = value.nbytes <= LARGEST_ARRAY if value.nbytes else _is_small(value.shape, value.itemsize)
        return value if small and value.dtype.str in DTYPES else _odd_array(value)
    if kind in (list, tuple) or _is_named_tuple(kind):
        entries = list(value) if kind is list else list(tuple.__iter__(value))
        if depth >= DEEPEST or len(entries) > MOST_ITEMS:
            return Foreign(f"{kind.__name__[:80]} too deep or too long")
        return [_portable(item, depth + 1, met) for item in entries]
    if kind is dict:
        if depth >= DEEPEST or len(value) > MOST_ITEMS or any(type(key) not in _TEXTS for key in value):
            return Foreign("dict with other keys than strings, or too large")
        return {portable(key): _portable(item, depth + 1, met) for key, item in value.items()}
    if isinstance(value, np.generic) and kind.__module__ == "numpy":
        scalar = np.asarray(value)
        return scalar if scalar.dtype.str in DTYPES else Foreign(type_name(value))
    return Foreign(type_name(value))


_TEXTS = (str, np.str_)


def _is_named_tuple(kind: type) -> bool:
    """Whether these are tuples whose entries have names: of such a one only the tuple is looked at."""
    return type(kind) is type and kind.__bases__ == (tuple,) and "_fields" in kind.__dict__


def crossable(value: Any, met: Iterator[int] | None = None) -> bool:
    """Whether a value that arrived is one that :func:`portable` could have sent: its types, and its bounds."""
    return _crossable(value, 0, itertools.count() if met is None else met)


def _crossable(value: Any, depth: int, met: Iterator[int]) -> bool:
    kind = type(value)
    if next(met) > MOST_VALUES:  # portable sends something in place of each value beyond
        return kind is Foreign
    if kind in _SINGLE:
        return True
    if kind is list:
        return depth < DEEPEST and len(value) <= MOST_ITEMS and all(_crossable(item, depth + 1, met) for item in value)
    if kind is dict:
        return (
            depth < DEEPEST
            and len(value) <= MOST_ITEMS
            and all(type(key) is str and len(key) <= LONGEST_TEXT for key in value)
            and all(_crossable(item, depth + 1, met) for item in value.values())
        )
    return kind is str and len(value) <= LONGEST_TEXT


_SINGLE = frozenset((np.ndarray, float, int, bool, type(None), Foreign))


def _is_small(shape: Iterable[int], itemsize: int) -> bool:
    """Whether an array of this shape crosses: also one without entries is as large as its other axes, which others may sum."""
    return math.prod(max(size, 1) for size in shape) * itemsize <= LARGEST_ARRAY


def _odd_array(array: np.ndarray) -> Foreign:
    if array.dtype.str in DTYPES:
        return Foreign("array too large to return")
    return Foreign(f"array of dtype {array.dtype.name[:40]}")


_array_encoder = msgspec.msgpack.Encoder()


def _encode_other(value: object) -> msgspec.msgpack.Ext:
    if type(value) is np.ndarray:
        return msgspec.msgpack.Ext(_ARRAY, _array_encoder.encode((value.dtype.str, value.shape, value.tobytes())))
    if type(value) is Foreign:
        return msgspec.msgpack.Ext(_FOREIGN, value.type_name.encode("utf-8", "replace"))
    raise TypeError(f"{type(value).__name__} does not cross the wall")


_header = msgspec.msgpack.Decoder(tuple[str, list[int], bytes])


def _decode_other(code: int, data: memoryview) -> Foreign | np.ndarray:
    if code == _FOREIGN:
        return Foreign(bytes(data[:80]).decode("utf-8", "replace"))
    if code != _ARRAY:
        raise WireError(f"unknown value code {code}")
    try:
        name, shape, raw = _header.decode(data)
        dtype = _BY_NAME.get(name)
        if dtype is None or len(shape) > 16 or min(shape, default=0) < 0:
            raise WireError("an array of a dtype or shape that does not cross")
        count = math.prod(shape)
        if not count and not _is_small(shape, dtype.itemsize):  # any other has bytes, which the frame bounds
            raise WireError("an array that is too large to cross")
        if count * dtype.itemsize != len(raw):
            raise WireError("an array whose bytes do not fill its shape")
        return np.frombuffer(raw, dtype).reshape(shape)
    except (msgspec.MsgspecError, ValueError, OverflowError, MemoryError) as error:
        raise WireError(f"an array that cannot be made: {type(error).__name__}") from None


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_other)


def encode(message: object) -> bytes:
    """Bytes of a message made of portable values and msgspec structs."""
    return _encoder.encode(message)


@overload
def decoder() -> msgspec.msgpack.Decoder[Any]: ...
@overload
def decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]: ...
def decoder(kind: Any = Any) -> msgspec.msgpack.Decoder[Any]:
    """A decoder that accepts messages of this type only; it raises msgspec.DecodeError, ValidationError or WireError."""
    return msgspec.msgpack.Decoder(kind, ext_hook=_decode_other)


def send(channel: Channel, *payloads: bytes) -> None:
    """Write frames, at once."""
    channel.sendall(b"".join(part for payload in payloads for part in (_LENGTH.pack(len(payload)), payload)))


class Frames:
    """Reads frames from a channel, and with one call of the system as many as have arrived."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._arrived = memoryview(bytearray(_AT_ONCE))
        self._begin = self._end = 0  # of what has arrived and is not read yet

    def receive(self, largest: int = LARGEST_REQUEST) -> bytes:
        """The next frame. Raises EOFError where the other side is gone, WireError where the frame is too large."""
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        if length > largest:
            raise WireError(f"a frame of {length} bytes; at most {largest} cross")
        return self._take(length)

    def _take(self, count: int) -> bytes:
        if self._end - self._begin < count:
            if count > _AT_ONCE:
                return self._take_large(count)
            self._wait_for(count)
        taken = bytes(self._arrived[self._begin : self._begin + count])
        self._begin += count
        return taken

    def _wait_for(self, count: int) -> None:
        there = self._end - self._begin
        self._arrived[:there] = self._arrived[self._begin : self._end]
        self._begin, self._end = 0, there
        while self._end < count:
            self._end += self._more(self._arrived[self._end :])

    def _take_large(self, count: int) -> bytes:
        """What is larger than the buffer goes by it."""
        taken = bytearray(count)
        view = memoryview(taken)
        done = self._end - self._begin
        view[:done] = self._arrived[self._begin : self._end]
        self._begin = self._end = 0
        while done < count:
            done += self._more(view[done:])
        return bytes(taken)

    def _more(self, buffer: memoryview) -> int:
        got = self._channel.recv_into(buffer)
        if not got:
            raise EOFError("the other side closed the channel")
        return got
