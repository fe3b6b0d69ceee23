"""A record a submission: what its grading came to, kept under a key of all that it depends on.

A record is written in one step and never changed: whoever is killed leaves whole records, and goes on where none is that fits.
Nothing in it tells when, in which order or by how many it was graded, so that the end is the same to the byte.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from autograder._version import __version__
from autograder.course import Course
from autograder.recording.answers import Answers
from autograder.report import Report, Timing
from autograder.submission import Submission

VERSION = 1

# What becomes of a submission, or of a student who handed none in.
GRADED = "graded"
EMPTY = "empty"  # nothing of this assignment is in it
FAULT = "grader_error"  # the grader or the machine is at fault: no mark
MISSING = "missing"  # of the roster, and nothing was handed in

# What decides a report beside the course and the recorded answers: a change to any of it grades anew.
_ENGINE = ("declare", "recording", "quiz", "checks", "submission", "grading", "wall")


class Record(msgspec.Struct, frozen=True):
    """What a submission came to. report: with all that the engine knows, and without times. wrong: fingerprints by check."""

    version: int
    key: str
    status: str
    report: Report | None = None
    wrong: dict[str, str] = {}
    fault: str = ""


_decoder = msgspec.json.Decoder(Record)


def read_record(path: Path) -> Record | None:
    """The record in a file; None where there is none, or none of this version."""
    try:
        record = _decoder.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return record if record.version == VERSION else None


def write_record(path: Path, record: Record) -> None:
    """Write a record in one step."""
    write_whole(path, msgspec.json.encode(record))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that there is the old one or the new one, whole, whoever is killed meanwhile.

    What a machine loses whose power fails is noticed when it is read again, and made anew; so nothing waits for the disk.
    """
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def key_of(submission: Submission, course: Course, topics: Sequence[str], answers: Sequence[Answers]) -> str:
    """The digest of all that a submission's report depends on: its content, the course's settings that matter, the answers."""
    total = hashlib.sha256()

    def add(*parts: object) -> None:
        for part in parts:
            content = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
            total.update(len(content).to_bytes(8, "big") + content)

    add(VERSION, __version__, engine_digest())
    for path, content in sorted(submission.files.items()):
        add(path, content)
    # Which of the files is a topic's module, what is wrong with one, and what was left out: all of it is told in the report.
    add(sorted(submission.modules.items()), sorted(submission.cells.items()), sorted(submission.written.items()))
    add(submission.notices)
    add(course.sandbox, course.limits, course.consequences, course.one_edit)
    add(course.locate_exercises, course.locate_candidates)
    for topic, known in zip(topics, answers, strict=True):
        own = course.settings.get(topic)
        counts = (sorted(own.points.items()), sorted(own.leave_out)) if own else ([], [])
        add(topic, counts, known.record.made_from)
    return total.hexdigest()


@cache
def engine_digest() -> str:
    """The digest of all code that decides a report."""
    home = Path(__file__).parent.parent
    files = sorted(path for room in _ENGINE for path in (home / room).rglob("*.py"))
    total = hashlib.sha256()
    for path in [*files, home / "report.py", home / "text.py"]:
        total.update(path.read_bytes())
    return total.hexdigest()


def without_times(report: Report) -> Report:
    """A report without what may differ between two gradings of the same code, but for the wall that it was graded behind."""
    timing = Timing(0.0, {}, report.timing.sandbox_backend, 1, {})
    return msgspec.structs.replace(report, timing=timing)
