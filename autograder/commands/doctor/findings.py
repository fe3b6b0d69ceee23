"""Finds out what this machine can do: `grade doctor`."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, reference_folder
from autograder.errors import NoSandbox, Unfit, WorkerLost
from autograder.grading.engine import processors
from autograder.grading.locate.search import MOST_SECONDS
from autograder.recording.answers import DEFAULT_SECRET, cache_folder, load, made_from, record_path
from autograder.text import counted
from autograder.wall.backends import automatic
from autograder.wall.backends.base import Backend
from autograder.wall.inside.perform import request
from autograder.wall.limits import Limits
from autograder.wall.sandbox import ForkingSandbox


@dataclass(frozen=True)
class Finding:
    """One thing looked at. needed: grading does not work without it."""

    what: str
    good: bool
    said: str
    needed: bool = False


def findings() -> Iterator[Finding]:
    """Look at everything that grading and recording need; a backend of the wall is tried by starting it."""
    yield Finding("Python", True, platform.python_version())
    backends = [_backend(backend) for backend in automatic()]
    yield from backends
    working = [finding.what for finding in backends if finding.good]
    yield Finding(
        "sandbox",
        bool(working),
        f"{working[0].removeprefix('backend ')} will be used"
        if working
        else "none works: only --sandbox none is left, for code you trust",
        needed=True,
    )
    folder = reference_folder()
    here = folder is not None
    yield Finding("reference", here, "in this clone" if here else "not here: answers recorded elsewhere must be copied here")
    for name, topics in _libraries().items():
        asked = "; `grade record` asks it, too" if name in ("keras", "tensorflow") else ""
        yield _package(name, f"needed to grade {' and '.join(topics)}{asked}")
    recorded, missing = [], []
    for topic in OURS.names:
        try:
            load(record_path(topic, DEFAULT_SECRET), made_from(topic, DEFAULT_SECRET))
            recorded.append(topic)
        except Unfit:
            missing.append(topic)
    said = f"{len(recorded)} of {len(OURS.names)} topics in {cache_folder()}"
    if missing:
        said += f"; missing or made from other sources: {', '.join(missing)}"
        said += " - recorded when first needed, or by `grade record`" if here else ""
    yield Finding("recorded answers", not missing, said, needed=not here)
    yield Finding("a class", True, _worst_words(Limits(), processors()))


# A class to tell what hostile code can cost: as many as a large lecture has.
_STUDENTS = 200


def _worst_words(limits: Limits, jobs: int) -> str:
    """What a class can cost at the worst, where everybody hands in code that uses up all that it is given."""
    beside = limits.import_seconds + limits.grader_seconds
    search = Course().locate_exercises * MOST_SECONDS
    one, many = limits.topic_seconds + search + beside, limits.submission_seconds + beside
    hours = _STUDENTS * one / jobs / 3600
    return (
        f"hostile code takes at most {one:.0f} s with one topic and {many:.0f} s with many, right code about a second; "
        f"{_STUDENTS} hand-ins of one topic that are all hostile, {hours:.1f} hours on {counted(jobs, 'processors')}"
    )


def _libraries() -> dict[str, list[str]]:
    """The libraries that topics need behind the wall, each with these topics."""
    found: dict[str, list[str]] = {}
    for topic in OURS.names:
        for library in OURS.topic(topic).needs.libraries:
            found.setdefault(library, []).append(topic)
    return found


def _backend(backend: Backend) -> Finding:
    what = f"backend {backend.name}"
    try:
        with ForkingSandbox(backend) as sandbox:
            worker = sandbox.worker()
            worker.load("probe", "probe.py", {"probe.py": b"answer = 1"})
            worker.perform(request([], []))
            worker.close()
    except NoSandbox as error:
        return Finding(what, False, str(error))
    except WorkerLost:
        return Finding(what, False, "it starts, but a worker cannot shut itself in")
    return Finding(what, True, "works")


def _package(name: str, otherwise: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, f"not installed; {otherwise}")
