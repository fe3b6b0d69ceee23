"""Recorded answers: what every check will ask, and what reference, Keras and misconceptions answer, for one course secret.

A record is one file a topic. Its header says what it was made from; it is checked on load, and a record that does not fit is
rebuilt where the reference is at hand, or refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec

from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.source import Family, Misconception
from autograder.errors import GraderFault, Unfit, WrongUsage
from autograder.recording.depends import PACKAGE, digest_of, files_behind, versions_of
from autograder.wall.inside import wire

FORMAT = 3
_MAGIC = b"nablagrade answers\n"

# Not a secret: every copy of the package has it, so that one can start without a course. A course makes its own.
DEFAULT_SECRET = b"nablagrade's embedded course"


def seed_for(secret: bytes, check_id: str) -> int:
    """The seed of a check's inputs: nobody can guess it without the secret, everybody with it gets the same."""
    return int.from_bytes(hmac.digest(secret, check_id.encode(), "sha256")[:8], "big")


def read_secret(path: Path) -> bytes:
    """A course secret from its file. Raises WrongUsage if it is not there or too short to be one."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise WrongUsage(
            f"The secret file {path} cannot be read ({error.strerror}). Put back the one that the course was graded with, as "
            "another asks other inputs; a new course makes one with 32 random letters."
        ) from None
    if len(secret) < 16:
        raise WrongUsage(f"The secret in {path} has {len(secret)} bytes; 16 or more cannot be guessed.")
    return secret


class MadeFrom(msgspec.Struct, frozen=True):
    """Everything that a record depends on: digests, and versions of libraries. What is empty is not held against a record.

    checks: what asks and judges, which is the topic's table with all that it imports. engine: what draws inputs and records.
    """

    secret: str
    engine: str
    checks: str
    libraries: dict[str, str]
    reference: str
    misconceptions: str


class RecordedCheck(msgspec.Struct, frozen=True):
    """One check's cases. The bytes are decoded when needed: most gradings never look at what misconceptions answer."""

    id: str
    request: bytes  # the message to the worker, ready to send
    names: list[list[str]]  # of each case's arrays
    cases: bytes  # list of dicts: each case as the strategies drew it
    expected: bytes  # list of dicts: the answers to compare, from the reference
    forms: bytes  # list of dicts: the forms of the answers to measure
    keras: bytes  # list of dicts from Keras, or nothing where Keras was not at hand or has no say
    mistaken: bytes  # {misconception: list of {what was observed wrong: value}}, a dict a case
    calls: int = 0  # of the module's functions and methods, in all cases together
    slips: bytes = b""  # as mistaken, of the slips of its own exercise
    families: bytes = b""  # {family: what is answered wrongly for its first and for its second number, each as mistaken}


class Record(msgspec.Struct, frozen=True):
    """All checks of a topic, with the misconceptions that are told from their answers."""

    topic: str
    made_from: MadeFrom
    keras_version: str
    misconceptions: list[Misconception]
    checks: list[RecordedCheck]
    slips: list[Misconception] = []
    families: list[Family] = []


class Answers:
    """A topic's record, indexed and decoded as asked."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._checks = {check.id: check for check in record.checks}
        self._decoded: dict[tuple[str, str], Any] = {}

    def __getitem__(self, check_id: str) -> RecordedCheck:
        return self._checks[check_id]

    def part(self, check_id: str, name: str) -> Any:
        """One decoded part of a check's record: cases, expected, forms, keras, mistaken, slips or families."""
        key = (check_id, name)
        if key not in self._decoded:
            raw = getattr(self._checks[check_id], name)
            self._decoded[key] = _anything.decode(raw) if raw else None
        return self._decoded[key]

    @cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """The topic's misconceptions by name."""
        return {misconception.name: misconception for misconception in self.record.misconceptions}

    @cached_property
    def wrong_in(self) -> dict[str, list[RecordedCheck]]:
        """The checks that each misconception gets wrong, in the topic's order."""
        found: dict[str, list[RecordedCheck]] = {name: [] for name in self.misconceptions}
        for check in self.record.checks:
            for name in self.part(check.id, "mistaken"):
                found[name].append(check)
        return found


_anything = wire.decoder()
_record = msgspec.msgpack.Decoder(Record)


def _digest(*contents: bytes) -> str:
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


# Whoever records, with all that it imports; and what performs scripts and compares, which every table relies on.
_RECORDS = (PACKAGE / "recording" / "record.py",)
_JUDGES = (PACKAGE / "declare" / "script.py", PACKAGE / "declare" / "compare.py")
# They draw the inputs, and compute with them.
_LIBRARIES = ("hypothesis", "numpy")


@cache
def _engine_digest() -> str:
    return digest_of(files_behind(_RECORDS))


def _checks_digest(topic: str, catalogue: Catalogue) -> str:
    inside = PACKAGE / "wall" / "inside"
    brought = [name[1:] for name in catalogue.topic(topic).needs.imports if name.startswith(".")]  # our own, behind the wall
    files = files_behind([*_JUDGES, *catalogue.table_files(topic), *(inside / f"{name}.py" for name in brought)])
    return _digest(str(FORMAT).encode(), digest_of(files, catalogue.tables(topic)).encode())


def name_of(secret: bytes) -> str:
    """The name under which what is recorded with a secret is kept; nobody finds the secret from it."""
    return hmac.digest(secret, b"name of the secret", "sha256").hex()[:16]


def made_from(topic: str, secret: bytes, catalogue: Catalogue = OURS) -> MadeFrom:
    """What a record of this topic must be made from here and now.

    Where there is no reference, nothing can be recorded anew: what only recording depends on is left empty then.
    """
    known = catalogue.has_reference(topic)
    kept = (lambda text: text) if known and catalogue.is_quiz(topic) else without_prose
    return MadeFrom(
        secret=name_of(secret),
        engine=_engine_digest(),
        checks=_checks_digest(topic, catalogue),
        libraries=versions_of((*_LIBRARIES, *catalogue.topic(topic).needs.libraries)) if known else {},
        reference=_digest(kept(catalogue.reference_source(topic)).encode()) if known else "",
        misconceptions=_digest(kept(catalogue.misconceptions_source(topic)).encode()) if known else "",
    )


def without_prose(source: str) -> str:
    """A source without blank lines and those that are comments from their beginning: a handout's text changes no answer.

    >>> without_prose("# %% [markdown]\\n# # Lines\\n\\nx = 1  # one\\n")
    'x = 1  # one\\n'
    """
    return "".join(line for line in source.splitlines(keepends=True) if line.strip() and not line.startswith("#"))


def cache_folder() -> Path:
    """Where records are kept: $NABLAGRADE_CACHE, else the user's cache folder."""
    if given := os.environ.get("NABLAGRADE_CACHE"):
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_cache_dir("nablagrade"))


def record_path(topic: str, secret: bytes) -> Path:
    """The file of a topic's record for this secret."""
    return cache_folder() / name_of(secret) / f"{topic}.answers"


def save(record: Record, path: Path) -> None:
    """Write a record in one step, so that a reader finds the old one or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(file_of(record))
    os.replace(file.name, path)


def file_of(record: Record) -> bytes:
    """The content of a record's file."""
    return seal(_MAGIC, msgspec.msgpack.encode(record))


def seal(magic: bytes, payload: bytes) -> bytes:
    """A payload behind the line that says what it is and the digest that says whether it is whole."""
    return magic + hashlib.sha256(payload).digest() + payload


def unseal(magic: bytes, content: bytes) -> bytes | None:
    """The payload of a sealed file; None where it is something else, or damaged."""
    head = len(magic)
    payload = content[head + 32 :]
    return payload if content[: head + 32] == magic + hashlib.sha256(payload).digest() else None


@contextlib.contextmanager
def recording(path: Path) -> Iterator[None]:
    """Keep other processes from recording the same: they wait, and find it done. Without effect where there are no locks."""
    try:
        import fcntl

        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_suffix(".lock").open("wb")
    except (ImportError, OSError):
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed, even by the process's end
        yield


def load(path: Path, wanted: MadeFrom) -> Answers:
    """Read a record and check it. Raises Unfit where it is missing, damaged, or made from something else."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unfit("nothing is recorded yet") from None
    except OSError as error:
        raise Unfit(f"{path} cannot be read ({error.strerror})") from None
    payload = unseal(_MAGIC, content)
    if payload is None:
        raise Unfit(f"{path} is damaged")
    return Answers(decode_record(path, payload, wanted))


def decode_record(path: Path, payload: bytes, wanted: MadeFrom) -> Record:
    """The record that a file holds. Raises Unfit where it is none of this version's, or made from something else."""
    try:
        record = _record.decode(payload)
    except msgspec.MsgspecError:
        raise Unfit(f"{path} was written by another version") from None
    for name in ("secret", "engine", "checks", "reference", "misconceptions"):
        expected = getattr(wanted, name)
        if expected and getattr(record.made_from, name) != expected:
            raise Unfit(f"{path} was made from another {name}")
    asked = {"keras": record.keras_version} if record.keras_version else {}  # its answers are in this record
    made_with = {**record.made_from.libraries, **asked}
    here = {**wanted.libraries, **(versions_of(asked) if wanted.libraries else {})}
    for name, version in here.items():
        if made_with.get(name) != version:
            raise Unfit(f"{path} was made with {name} {made_with.get(name, 'of an unknown version')}, and {version} is here")
    return record


def refuse(topic: str, why: Unfit) -> GraderFault:
    """The error for a record that cannot be used and cannot be rebuilt."""
    return GraderFault(
        f"The recorded answers of {topic} cannot be used: {why}. Run `grade record` in a clone of the repository, "
        "and copy its cache folder here."
    )
