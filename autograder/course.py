"""A course's settings, from ``course.toml``: which topics, how much is told, which limits, whose secret.

topics = ["activations", "layers"]   # or "found": only those that a submission holds (the default), or "all"
hints = "full"                       # score, sentence, diagnosis or full
sandbox = "auto"                     # auto, bubblewrap, landlock or none
secret_file = "secret"               # beside course.toml, outside version control
[limits]
call_seconds = 5
"""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from autograder.answers import DEFAULT_SECRET, read_secret
from autograder.declare import topic_names
from autograder.errors import WrongUsage
from autograder.wall.sandbox import Limits

Positive = Annotated[float, msgspec.Meta(gt=0)]
PositiveInt = Annotated[int, msgspec.Meta(gt=0)]


class LimitSettings(msgspec.Struct, forbid_unknown_fields=True):
    """Limits to override; what is not given keeps its default."""

    call_seconds: Positive | None = None
    import_seconds: Positive | None = None
    submission_seconds: Positive | None = None
    memory_mebibytes: PositiveInt | None = None
    disk_mebibytes: PositiveInt | None = None
    files: PositiveInt | None = None
    cpu_seconds: PositiveInt | None = None


class CourseFile(msgspec.Struct, forbid_unknown_fields=True):
    """The form of course.toml."""

    topics: Literal["found", "all"] | list[str] = "found"
    hints: Literal["score", "sentence", "diagnosis", "full"] = "full"
    sandbox: Literal["auto", "bubblewrap", "landlock", "none"] = "auto"
    secret_file: str | None = None
    limits: LimitSettings = msgspec.field(default_factory=LimitSettings)


class Course(msgspec.Struct, frozen=True):
    """Settings in force."""

    topics: Literal["found", "all"] | list[str] = "found"
    hints: str = "full"
    sandbox: str = "auto"
    secret: bytes = DEFAULT_SECRET
    limits: Limits = Limits()


def read_course(path: Path | None, submission: Path | None = None) -> Course:
    """The settings of this course.toml, or of the one in the working folder, or the defaults.

    A working folder that lies in the submission is the student's, and so is a course.toml in it: it is not obeyed.
    Raises WrongUsage, naming the file and the setting, where it is not valid.
    """
    if path is None:
        path = Path("course.toml")
        if not path.is_file() or (submission is not None and Path.cwd().is_relative_to(submission.resolve())):
            return Course()
    try:
        content = path.read_text(encoding="utf-8")
        given = msgspec.convert(tomllib.loads(content), CourseFile)
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"The course file {path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{path} is not valid TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise WrongUsage(f"{path}: {error}.{_line_of(str(error), content)}") from None
    if isinstance(given.topics, list):
        unknown = [name for name in given.topics if name not in topic_names()]
        if unknown:
            raise WrongUsage(f"{path}: there is no topic {unknown[0]!r}; the topics are {', '.join(topic_names())}.")
    chosen = {f.name: getattr(given.limits, f.name) for f in fields(Limits) if getattr(given.limits, f.name) is not None}
    secret = read_secret(path.parent / given.secret_file) if given.secret_file else DEFAULT_SECRET
    return Course(given.topics, given.hints, given.sandbox, secret, Limits(**chosen))


def _line_of(message: str, content: str) -> str:
    """Where in the file the setting stands that an error message names."""
    for number, line in enumerate(content.splitlines(), 1):
        key = line.split("=")[0].strip()
        if key and "=" in line and (f"`{key}`" in message or f".{key}`" in message):
            return f" See line {number}."
    return ""
