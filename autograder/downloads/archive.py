"""Reads a folder, a zip or a tar that a stranger made: its files one by one, every byte counted, no header believed."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from tarfile import InvalidHeaderError, TruncatedHeaderError  # type: ignore[attr-defined]
from typing import IO, Any, Protocol, Self, cast

from autograder.downloads.names import Parts, is_left_behind, split_path
from autograder.errors import Unreadable, WrongUsage
from autograder.text import plain

# A course of 1,000 students who all hand in the 500 files that a submission may have is 500,000; a download of more than
# this many is a mistake (a home folder), and listing it would take minutes and gigabytes.
MOST_ENTRIES = 500_000
# An archive inside a submission may hold as many names as submission.py looks at in a folder, left-out ones included.
MOST_ENTRIES_NESTED = 20_000
# Students pack their virtual environment, which is left out; 64 MiB holds one with NumPy, and fits in memory.
LARGEST_NESTED = 64 * 2**20
# What comes out of a tar is held in memory. No system gives out a course as a tar; 256 MiB holds one that a person packed.
LARGEST_TAR = 256 * 2**20
# A tar tells a long name in a header of its own, macOS other things too, in some 500 bytes; 4 KiB are enough. tarfile
# searches such a header in a time that grows with the square of its length, up to 30 ms here. All together may have 2 s:
# 64 of the longest, 4,000 of the usual ones.
LONGEST_HEADER = 4 * 2**10
ALL_HEADERS_SQUARED = 64 * LONGEST_HEADER**2
# zlib makes 1,032 bytes of one at most. Code and notebooks become 3 to 30, a table of zeros 200.
STRANGE_RATIO = 250
LONG_HEADERS = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)

# What a broken or forged archive raises in Python's own readers, found by mutating archives: see tests/test_import.py.
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    KeyError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
FOREIGN_ARCHIVES = (".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".lzma")


@dataclass(frozen=True)
class Item:
    """One file of a download. The parts of its path are as the stranger wrote them; handle is the source's own."""

    parts: Parts
    size: int
    problem: str | None = None
    handle: Any = field(default=None, compare=False, repr=False)


class Source(Protocol):
    """A folder or an archive: its files, which folders are repositories, what can be nobody's, and the content of a file.

    folders: those that are told of apart from the files in them, as empty ones are.
    """

    items: list[Item]
    folders: set[Parts]
    repositories: set[Parts]
    refused: list[str]

    def read(self, item: Item, most: int) -> bytes:
        """At most so many bytes and one more, so that a caller sees that there are more. Raises Unreadable."""
        ...


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def without_suffix(name: str) -> str:
    """The name of an archive without its suffix.

    >>> without_suffix("anna.tar.gz"), without_suffix("anna.zip")
    ('anna', 'anna')
    """
    suffix = next((s for s in sorted(ARCHIVES, key=len, reverse=True) if name.lower().endswith(s)), "")
    return name[: len(name) - len(suffix)]


@contextmanager
def open_download(path: Path) -> Iterator[Source]:
    """The download at this path, while it is open. Raises WrongUsage where it is neither a folder nor a readable archive."""
    shown = plain(str(path))
    if not os.path.exists(path):
        raise WrongUsage(f"There is no file or folder {shown}.")
    if path.is_dir():
        yield Folder(path)
        return
    if not path.is_file() or not is_archive(path.name):
        raise WrongUsage(f"{shown} is neither a folder nor a download; a download ends with {', '.join(ARCHIVES)}.")
    try:
        file = path.open("rb")
    except OSError as error:
        raise WrongUsage(f"{shown} cannot be read ({error.strerror}).") from None
    with file:
        try:
            is_zip = path.name.lower().endswith(".zip")
            source: Source = Zip(file, MOST_ENTRIES) if is_zip else Tar(file, LARGEST_TAR, MOST_ENTRIES)
        except Unreadable as error:
            raise WrongUsage(f"{shown} cannot be read: {error}.") from None
        yield source


def open_nested(name: str, content: bytes) -> Source:
    """An archive that stands in a submission. Raises Unreadable."""
    if name.lower().endswith(".zip"):
        nested = Zip(io.BytesIO(content), MOST_ENTRIES_NESTED)
        if sum(item.size for item in nested.items) > max(STRANGE_RATIO * len(content), LARGEST_NESTED):
            raise Unreadable(f"it would become more than {STRANGE_RATIO} times as large, as a zip bomb does")
        return nested
    return Tar(io.BytesIO(content), LARGEST_NESTED, MOST_ENTRIES_NESTED)


class Folder:
    """A folder on disk. Links are listed, and never followed."""

    def __init__(self, path: Path) -> None:
        self.items: list[Item] = []
        self.folders: set[Parts] = set()
        self.repositories: set[Parts] = set()
        self.refused: list[str] = []
        for place, folders, files in os.walk(path):
            above = Path(place).relative_to(path).parts
            self.folders.add(above)
            if ".git" in folders or ".git" in files:
                self.repositories.add(above)
            folders[:] = sorted(name for name in folders if not is_left_behind((name,)))
            links = [name for name in folders if os.path.islink(os.path.join(place, name))]
            self.items += [
                _item_on_disk(Path(place, name), (*above, name))
                for name in sorted([*files, *links])
                if not is_left_behind((name,))
            ]
            if len(self.items) > MOST_ENTRIES:
                raise WrongUsage(f"{plain(str(path))} holds more than {MOST_ENTRIES} files: it is no download of a course.")

    def read(self, item: Item, most: int) -> bytes:
        try:
            # Without O_NONBLOCK the opening of a pipe that took the file's place would wait for ever.
            number = os.open(item.handle, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(number, "rb") as file:
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    raise Unreadable("it is not a plain file")
                return file.read(most + 1)
        except OSError as error:
            raise Unreadable(f"it cannot be read ({error.strerror})") from None


def _item_on_disk(path: Path, parts: Parts) -> Item:
    try:
        about = path.lstat()
    except OSError as error:
        return Item(parts, 0, f"it cannot be read ({error.strerror})")
    problem = _problem_of_mode(about.st_mode)
    if problem is None and about.st_nlink > 1:
        problem = "it is a hard link to a file that also stands elsewhere"
    return Item(parts, about.st_size, problem, path)


def _problem_of_mode(mode: int) -> str | None:
    if stat.S_ISLNK(mode):
        return "it is a link, and links are not followed"
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "it is not a plain file"
    return None


class Zip:
    """A zip. What its directory says is only used to refuse; how long a file is, is counted."""

    def __init__(self, file: IO[bytes], most_entries: int) -> None:
        self.items: list[Item] = []
        self.folders: set[Parts] = set()
        self.repositories: set[Parts] = set()
        self.refused: list[str] = []
        try:
            self._zip = zipfile.ZipFile(file)
            entries = self._zip.infolist()
        except DAMAGED:
            raise Unreadable("it is not a zip, or a damaged one") from None
        if len(entries) > most_entries:
            raise Unreadable(f"it holds more than {most_entries} files")
        if _overlap(entries):
            raise Unreadable("its files overlap, as in a zip bomb")
        for entry in entries:
            # zipfile's own is_dir() asks for the last character of a name, and a name may be empty. Some parts are Windows's.
            name = _name_in_zip(entry)
            _add(self, name, name.endswith(("/", "\\")), entry.file_size, _problem_in_zip(entry), entry)

    def read(self, item: Item, most: int) -> bytes:
        try:
            with self._zip.open(item.handle) as file:
                return b"".join(_pieces(file, most + 1))
        except DAMAGED:
            raise Unreadable("it is damaged") from None


def _pieces(file: IO[bytes], most: int) -> Iterator[bytes]:
    """What a file holds, up to so many bytes, a piece at a time: one read may not be trusted to stop."""
    left = most
    while left > 0 and (piece := file.read(min(left, 2**16))):
        yield piece[:left]
        left -= len(piece)


def _name_in_zip(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: macOS writes UTF-8 and does not say so, and zipfile then takes it for DOS's code page."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _problem_in_zip(entry: zipfile.ZipInfo) -> str | None:
    if entry.flag_bits & 0x1:
        return "it is encrypted: ask for it without a password"
    # zipfile reads other methods without a bound: 4 KiB of bzip2 can become 4 GiB in memory before a byte is counted.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that is not read; ask for a plain zip"
    return _problem_of_mode(entry.external_attr >> 16)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether two files of a zip share bytes. A file takes its header of 30 bytes, its name and its content at least."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + 30 + entry.compress_size
    return False


class Tar:
    """A tar, perhaps gzipped. It is read once, from front to back, and what it holds is kept in memory."""

    def __init__(self, file: IO[bytes], most: int, most_entries: int) -> None:
        self.items: list[Item] = []
        self.folders: set[Parts] = set()
        self.repositories: set[Parts] = set()
        self.refused: list[str] = []
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        counted = _Counted(cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_gzip else file, most)
        try:
            # As a stream: tarfile then cannot go back, which forged sizes make it do for ever.
            with _TarFile.open(fileobj=cast(IO[bytes], counted), mode="r|") as tar:
                for number, member in enumerate(tar):
                    if number > most_entries:
                        raise Unreadable(f"it holds more than {most_entries} files")
                    self._take(tar, member)
        except DAMAGED:
            raise Unreadable("it is not a tar, or a damaged one") from None

    def _take(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        problem, content = None, b""
        if member.issym() or member.islnk():
            problem = "it is a link, and links are not followed"
        elif member.isreg() and not member.issparse():
            taken = tar.extractfile(member)
            content = b"".join(_pieces(taken, member.size)) if taken else b""
        elif not member.isdir():
            problem = "it is not a plain file"
        _add(self, member.name, member.isdir(), len(content), problem, content)

    def read(self, item: Item, most: int) -> bytes:
        content: bytes = item.handle
        return content[: most + 1]


class _Header(tarfile.TarInfo):
    """A header of a tar. What tarfile takes for the end where it cannot go on, is said to be damage here."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except (InvalidHeaderError, TruncatedHeaderError):
            raise Unreadable("it is not a tar, or a damaged one") from None

    def _proc_member(self, tar: _TarFile) -> tarfile.TarInfo:
        if self.type in LONG_HEADERS:
            tar.squares_left -= self.size**2
            if self.size > LONGEST_HEADER or tar.squares_left < 0:
                raise Unreadable("its headers are longer than any name needs")
        member: tarfile.TarInfo = super()._proc_member(tar)  # type: ignore[misc]
        return member


class _TarFile(tarfile.TarFile):
    """A tar that allows its headers so much time together."""

    tarinfo = _Header
    squares_left = ALL_HEADERS_SQUARED


class _Counted:
    """A file that says stop: a tar's own headers may be as long as they like, and are read whole into memory."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._left = most

    def read(self, size: int) -> bytes:
        piece = self._file.read(min(size, self._left + 1))
        self._left -= len(piece)
        if self._left < 0:
            raise Unreadable("it holds more than is read, as a bomb does")
        return piece


def _add(source: Zip | Tar, name: str, is_folder: bool, size: int, problem: str | None, handle: Any) -> None:
    """Note a file of an archive under its path, and a folder that might have none: folders are made where files need them."""
    try:
        parts = split_path(name)
    except ValueError as error:
        first = name.replace("\\", "/").split("/")[0]
        if is_folder:
            return
        if first in ("", ".", "..") or ":" in first:
            source.refused.append(f"{plain(name, 120)} was left out: {error}.")
        else:
            # It lies in a student's folder, and is told there.
            source.items.append(Item((first, plain(name[len(first) + 1 :], 120)), size, str(error), handle))
        return
    if ".git" in parts:
        source.repositories.add(parts[: parts.index(".git")])
    if is_folder or is_left_behind(parts):
        source.folders.add(_of_a_person(parts if is_folder else parts[:-1]))
    else:
        source.items.append(Item(parts, size, problem, handle))


def _of_a_person(folder: Parts) -> Parts:
    """A folder as far as a person made it: not what a system or an editor leaves behind in it."""
    return tuple(takewhile(lambda part: not is_left_behind((part,)), folder))
