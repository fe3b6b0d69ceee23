"""Builds the zip of a Gradescope autograder: scripts, the package, pinned requirements, settings, and recorded answers.

In it are no reference, no misconception's code and not the course's secret. Grading needs the answers, and the secret only to
find them: they are filed under a name made of the secret. So the zip has a stand-in, made from the secret by a one-way
function, and its answers are filed under that. Who gets hold of a zip knows the hidden inputs of its topics, and of no other.
"""

from __future__ import annotations

import hmac
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from autograder.course.settings import Course
from autograder.errors import WrongUsage
from autograder.gradescope import layout
from autograder.gradescope.requirements import requirements
from autograder.handing_out.packing import zipped
from autograder.handing_out.wheel import own_wheel, wheels_in
from autograder.recording import answers as store
from autograder.recording.answers import DEFAULT_SECRET, Answers

SCRIPTS = ("setup.sh", "run_autograder")
STAND_IN = "stand-in"


def autograder_zip(
    course: Course, settings: Path | None, topics: list[str], answers: Callable[[str], Answers], wheels: Path | None = None
) -> bytes:
    """The content of the zip.

    settings: the course.toml that the course was read from, if any. topics: what every submission is graded on. answers: gives
    a topic's recorded answers. wheels: a folder of wheels of all requirements, for a set-up without a network.
    Raises GraderFault and WrongUsage.
    """
    secret = stand_in(course.secret)
    name, wheel = own_wheel()
    files = {script: (Path(__file__).parent / script).read_bytes() for script in SCRIPTS}
    files |= {
        layout.COURSE: _settings(settings, secret).encode(),
        layout.TOPICS: "".join(f"{topic}\n" for topic in topics).encode(),
        "requirements.txt": requirements(topics, course.catalogue).encode(),
        f"{layout.WHEELS}/{name}": wheel,
    }
    if secret != DEFAULT_SECRET:
        files[f"course/{STAND_IN}"] = secret + b"\n"
    for topic in topics:
        files[_place(topic, secret)] = _record(answers(topic), secret)
    files |= _own_tables(course)
    if wheels is not None:
        files |= _wheels(wheels)
    return zipped(files, executable=SCRIPTS)


def stand_in(secret: bytes) -> bytes:
    """What stands for a course's secret in the zip. The embedded secret is none, and stands for itself."""
    if secret == DEFAULT_SECRET:
        return secret
    return hmac.digest(secret, b"stand-in on Gradescope", "sha256").hex().encode()


def _settings(path: Path | None, secret: bytes) -> str:
    """The course.toml as it is, but that its secret is the stand-in."""
    text = path.read_text(encoding="utf-8") if path else ""
    given: dict[str, Any] = tomllib.loads(text)
    wanted = {key: value for key, value in given.items() if key != "secret_file"}
    text = re.sub(r"(?m)^[ \t]*secret_file[ \t]*=.*\n?", "", text)
    if secret != DEFAULT_SECRET:
        wanted["secret_file"] = STAND_IN
        text = f'secret_file = "{STAND_IN}"\n{text}'
    if tomllib.loads(text) != wanted:
        raise WrongUsage(f"{path}: secret_file must stand on a line of its own, for the zip gets another one.")
    return text


def _place(topic: str, secret: bytes) -> str:
    return f"{layout.ANSWERS}/{store.record_path(topic, secret).relative_to(store.cache_folder()).as_posix()}"


def _record(answers: Answers, secret: bytes) -> bytes:
    """A topic's record, filed under another secret."""
    record = answers.record
    labelled = msgspec.structs.replace(record.made_from, secret=store.name_of(secret))
    return store.file_of(msgspec.structs.replace(record, made_from=labelled))


def _own_tables(course: Course) -> dict[str, bytes]:
    """The checks of the course's own topics, of which course.toml may speak; their references stay where they are."""
    folder = course.folder / "checks" if course.folder else None
    if folder is None:
        return {}
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"course/checks/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def _wheels(folder: Path) -> dict[str, bytes]:
    return {layout.OFFLINE: b"", **{f"{layout.WHEELS}/{name}": content for name, content in wheels_in(folder).items()}}
