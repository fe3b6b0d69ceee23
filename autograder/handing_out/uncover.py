"""Every text that bytes hold: as they are, in another encoding, packed, in a notebook's cells, in an archive's comments.

For the leak check, which must find what is hidden as well as what lies open. Nothing here knows what is looked for.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import html
import io
import json
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from typing import Any, NamedTuple

import msgspec

from autograder.errors import Impenetrable

# A zip in a zip in an attachment is three deep. Whoever goes deeper is refused and not followed.
DEEPEST = 5
# Of what is packed: more than ten times the largest kit. A bomb is refused and not unpacked.
LARGEST = 64 * 2**20


class Layer(NamedTuple):
    """Bytes that were found, and the place in their file where they stood."""

    place: str
    content: bytes


def layers(content: bytes, place: str = "", known: Container[bytes] = (), depth: int = 0) -> Iterator[Layer]:
    """The bytes themselves, and all bytes that are encoded or packed in them. known: what need not be looked into again.

    Raises Impenetrable.
    """
    if content in known:
        return
    if depth > DEEPEST:
        raise Impenetrable(f"{place}: packed more than {DEEPEST} times")
    yield Layer(place, content)
    for find in (_encoded, _streams, _archives, _parts):
        for inner in find(content):
            yield from layers(inner.content, _inside(place, inner.place), known, depth + 1)
    if b"\0" in content:  # UTF-16 and UTF-32, of either order, anywhere: without its zero bytes ASCII is left
        wide = content.replace(b"\0", b"")
        yield Layer(_inside(place, "in a wide encoding"), wide)
        for inner in _encoded(wide):
            yield Layer(_inside(place, f"in a wide encoding, {inner.place}"), inner.content)


def _inside(place: str, inner: str) -> str:
    return f"{place}, {inner}" if place else inner


def texts(content: bytes) -> Iterator[str]:
    """The ways in which bytes can be read as text: plain, with escapes and entities resolved, without tags or comments."""
    if _json(content) is not None:
        return  # its strings are a layer of their own
    try:
        plain = _visible(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield printable(content).decode()
        return
    yield plain
    if "\\" in plain:
        yield _ESCAPE.sub(_resolved, plain)
    if "&" in plain or "<" in plain:
        yield html.unescape(re.sub(r"<[^<>]*>", " ", plain))
    if "#" in plain and plain.lstrip()[:1] != "<":
        yield _without_comments(plain)


def printable(content: bytes) -> bytes:
    """The text in bytes that are no text: each run of six printable characters or more on a line of its own."""
    return b"\n".join(re.findall(rb"[\t\n\r -~]{6,}", content))


# --- encodings --------------------------------------------------------------------------------------------------------------

# Four words of text are some 20 bytes, 27 letters of base64 and 40 of hex. Shorter runs are words and numbers. A long one may
# be wrapped into lines, each with the mark of a comment, a quotation or a list.
_SHORTEST = 12  # bytes
_BREAK = rb"(?:[\s\"',#>]|\\n)*"
_BASE64 = re.compile(
    rb"[A-Za-z0-9+/_-]{16,}(?:" + _BREAK + rb"[A-Za-z0-9+/_-]{16,})*(?:" + _BREAK + rb"[A-Za-z0-9+/_-]{1,15})?={0,2}"
)
_BASE32 = re.compile(rb"[A-Z2-7]{32,}={0,6}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}(?:[\s:,]|\\x|0x){0,4}){16,}")


def _encoded(content: bytes) -> Iterator[Layer]:
    for found in _BASE64.finditer(content):
        run = re.sub(rb"\\n|[^A-Za-z0-9+/_-]", b"", found[0]).translate(bytes.maketrans(b"-_", b"+/"))
        # A letter of the text before it may stand at its front, so it is read from each of four places.
        for start in range(4 if len(run) >= 24 else 0):
            whole = run[start:][: (len(run) - start) // 4 * 4]
            rest = run[start + len(whole) :]
            decoded = base64.b64decode(whole) + (base64.b64decode(rest + b"=" * (4 - len(rest))) if len(rest) > 1 else b"")
            if len(decoded) >= _SHORTEST:
                yield Layer("in base64", decoded)
    for found in _BASE32.finditer(content):
        run = found[0].rstrip(b"=")
        yield Layer("in base32", base64.b32decode(run[: len(run) // 8 * 8]))
    for found in _HEX.finditer(content):
        run = re.sub(rb"0x|\\x|[^0-9A-Fa-f]", b"", found[0])
        yield Layer("in hex", binascii.unhexlify(run[: len(run) // 2 * 2]))


# --- what is packed ---------------------------------------------------------------------------------------------------------

_Unpacker = Callable[[bytes, int], bytes]


def _inflate(content: bytes, most: int) -> bytes:
    return zlib.decompressobj(47).decompress(content, most)  # 47: zlib or gzip, as its head says


_STREAMS: tuple[tuple[str, re.Pattern[bytes], _Unpacker], ...] = (
    ("gzip", re.compile(rb"\x1f\x8b\x08"), _inflate),
    ("zlib", re.compile(rb"\x78[\x01\x5e\x9c\xda]"), _inflate),
    ("bzip2", re.compile(rb"BZh[1-9]1AY"), lambda content, most: bz2.BZ2Decompressor().decompress(content, most)),
    ("xz", re.compile(rb"\xfd7zXZ\0"), lambda content, most: lzma.LZMADecompressor().decompress(content, most)),
)


def _streams(content: bytes) -> Iterator[Layer]:
    """Compressed streams, wherever in the bytes they begin: those of a picture's text are among them."""
    for name, head, unpack in _STREAMS:
        for found in head.finditer(content):
            try:
                inner = unpack(content[found.start() :], LARGEST + 1)
            except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
                continue  # two bytes that happen to look like a head
            if len(inner) > LARGEST:
                raise Impenetrable(f"a {name} stream of more than {LARGEST // 2**20} MiB")
            if inner:
                yield Layer(f"in a {name} stream", inner)


def _archives(content: bytes) -> Iterator[Layer]:
    """A zip, also behind other bytes: its comment, and of each entry its name, comment, extra field and content."""
    if b"PK\x05\x06" not in content:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.comment:
                yield Layer("the zip's comment", archive.comment)
            for entry in archive.infolist():
                yield Layer(f"the name of {entry.filename!r} in the zip", entry.filename.encode("utf-8", "replace"))
                for what, said in (("comment", entry.comment), ("extra field", entry.extra)):
                    if said:
                        yield Layer(f"the {what} of {entry.filename!r} in the zip", said)
                if entry.file_size > LARGEST:
                    raise Impenetrable(f"{entry.filename!r} in the zip is larger than {LARGEST // 2**20} MiB")
                yield Layer(f"{entry.filename!r} in the zip", archive.read(entry))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise Impenetrable(f"a zip that cannot be read ({error})") from None


# --- notebooks and other JSON -----------------------------------------------------------------------------------------------


def _json(content: bytes) -> Any:
    """The value of JSON that is an object or a list; None for anything else. A key that comes twice is kept twice."""
    if content.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(content, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None


class _Pairs(list[tuple[str, Any]]):
    """An object's keys and values."""

    def get(self, key: str) -> list[Any]:
        return [value for name, value in self if name == key]


def strings(value: Any) -> Iterator[str]:
    """All strings in a value of JSON or MessagePack, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(list(value.items()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)
    elif isinstance(value, msgspec.Struct):
        yield from strings(msgspec.structs.asdict(value))


def _parts(content: bytes) -> Iterator[Layer]:
    """The strings of JSON; of a notebook its cells one by one, and run together, so that nothing hides between two."""
    value = _json(content)
    cells = [cell for found in value.get("cells") for cell in found] if isinstance(value, _Pairs) else []
    if value is not None and not cells:
        yield from _together("its strings", [*strings(value)])
        return
    sources: list[tuple[str, str]] = []
    for number, cell in enumerate(cells, 1):
        held = cell if isinstance(cell, _Pairs) else _Pairs([("content", cell)])
        sources.append(("".join(strings(held.get("cell_type"))), "".join(strings(held.get("source")))))
        yield _layer(f"cell {number}", sources[-1][1])
        for key, other in held:
            if key not in ("source", "cell_type"):
                yield from _together(f"{key} of cell {number}", [*_lines_joined(other)])
    for key, other in value or ():
        if key != "cells":
            yield from _together(f"its {key}", [*_lines_joined(other)])
    code = [source for kind, source in sources if kind == "code"]
    yield from _together("all cells", [source for _, source in sources])
    yield from _together("all code cells", code)


def _lines_joined(value: Any) -> Iterator[str]:
    """All strings in a value of JSON; a list of nothing else is a text in lines, as notebooks keep them."""
    if isinstance(value, list) and not isinstance(value, _Pairs) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _lines_joined(item)
    else:
        yield from strings(value)


def _together(place: str, parts: list[str]) -> Iterator[Layer]:
    """Texts one under the other, and run together, as a word may be split between two."""
    if parts:
        yield _layer(place, "\n".join(parts))
    if len(parts) > 1:
        yield _layer(f"{place}, run together", "".join(parts))


def _layer(place: str, text: str) -> Layer:
    return Layer(place, text.encode("utf-8", "replace"))  # JSON may hold half a surrogate pair


# --- readings of one text ---------------------------------------------------------------------------------------------------


def _visible(text: str) -> str:
    """Text without characters that nobody sees, and with each letter in its plain form."""
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


# Soft hyphen, zero width, marks of direction, invisible operators, byte order: they have no shape and can stand within a word.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{1,3}|[nrt])")


def _resolved(escape: re.Match[str]) -> str:
    try:
        return codecs.decode(escape[0], "unicode_escape")
    except UnicodeDecodeError:
        return escape[0]


# A string, which may hold the mark of a comment, or a comment.
_STRING_OR_COMMENT = re.compile(
    r"""("{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#[^\n]*""", re.DOTALL
)


def _without_comments(text: str) -> str:
    """Text without what would be comments in Python, so that words between the lines of a solution do not hide it."""
    return _STRING_OR_COMMENT.sub(lambda found: found[1] or "", text)
