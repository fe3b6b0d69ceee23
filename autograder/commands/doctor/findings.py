"""Finds out what this machine can do, workflow by workflow: `grade doctor`."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.course.settings import Course
from autograder.declare.catalogue import reference_folder
from autograder.errors import NoSandbox, Unfit, WorkerLost
from autograder.grading.engine import processors
from autograder.grading.locate.search import MOST_SECONDS
from autograder.recording.answers import cache_folder, load, made_from, record_path
from autograder.recording.record import not_installed
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


@dataclass(frozen=True)
class Workflow:
    """What somebody may want to do, the distributions that it needs, and what is said of it."""

    what: str
    libraries: tuple[str, ...]
    works: str
    without: str = ""  # what does not work without them, or works otherwise


# Beside grading, which is looked at topic by topic. What needs nothing more than the package is told as well: nobody wonders.
WORKFLOWS = (
    Workflow("grade check, grade quiz", (), "students need nothing else, on any system"),
    Workflow("grade class, grade marks, grade import", (), "need nothing else"),
    Workflow("grade gradescope", (), "needs nothing else here: the container installs what topics need"),
    Workflow("grade release, our topics", (), "as they are committed"),
    Workflow(
        "grade release, topics of your own; make assignments",
        ("jupytext", "nbformat", "matplotlib", "latex2mathml", "mdit-py-plugins"),
        "notebooks, handouts and figures can be made",
        "stubs alone can be made; notebooks, handouts and figures cannot",
    ),
    Workflow(
        "grade nbgrader", ("nbgrader", "jupytext", "nbformat"), "a course in nbgrader can be made and graded",
        "no course in nbgrader can be made or graded",
    ),
    Workflow("nbgrader's gradebook in PostgreSQL", ("psycopg2-binary",), "can be read", "a gradebook in SQLite works without"),
    Workflow(
        "grade record, with Keras as an oracle", ("keras", "tensorflow"), "reference and Keras are held against each other",
        "the reference alone answers, which grades the same",
    ),
)  # fmt: skip


def findings(course: Course | None = None) -> Iterator[Finding]:
    """Look at every workflow; a backend of the wall is tried by starting it. course: whose topics are asked for."""
    course = course or Course()
    catalogue = course.catalogue
    topics = course.topics if isinstance(course.topics, list) else list(catalogue.names)
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
    missing = {topic: lacks for topic in topics if (lacks := not_installed(catalogue.topic(topic).needs.libraries))}
    can = [topic for topic in topics if topic not in missing]
    of = f"{len(can)} of {len(topics)} topics" + ("" if course.folder is None else " of this course")
    yield Finding("grade PATH", bool(can), f"{of} can be graded", needed=True)
    for topic, libraries in missing.items():
        yield Finding(f"grade PATH, {topic}", False, f"left out, as it needs {_install(libraries)}")
    for workflow in WORKFLOWS:
        lacks = not_installed(workflow.libraries)
        said = workflow.works if not lacks else f"{workflow.without}; for it {_install(lacks)}"
        yield Finding(workflow.what, not lacks, said)
    yield from _recorded(course, topics)


def _install(libraries: Sequence[str]) -> str:
    verb = "is" if len(libraries) == 1 else "are"
    return f"{' and '.join(libraries)}, which {verb} not installed: pip install {' '.join(libraries)}"


def _recorded(course: Course, topics: Sequence[str]) -> Iterator[Finding]:
    """Whether the references are here, and which topics' answers are recorded for this course's secret."""
    here = reference_folder() is not None
    yield Finding("reference", here, "in this clone" if here else "not here: answers recorded elsewhere must be copied here")
    recorded, missing = [], []
    for topic in topics:
        try:
            load(record_path(topic, course.secret), made_from(topic, course.secret, course.catalogue))
            recorded.append(topic)
        except Unfit:
            missing.append(topic)
    said = f"{len(recorded)} of {len(topics)} topics in {cache_folder()}"
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
