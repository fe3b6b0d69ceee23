"""Writes a course's folder for nbgrader: source notebooks with what belongs to them, the configuration, and due dates."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course.settings import Course, read_course
from autograder.declare.catalogue import reference_folder
from autograder.errors import GraderFault, WrongUsage
from autograder.nbgrader_course.config import FILE_NAME, read_config, write_config
from autograder.nbgrader_course.source import source_notebook
from autograder.report import total

if TYPE_CHECKING:
    from datetime import datetime

    from nbformat import NotebookNode

Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Written:
    """A topic that now has a source notebook: where it is, how many test cells it has, and what they are worth together."""

    topic: str
    path: Path
    tests: int
    points: int | float


def write_course(
    folder: Path,
    topics: Sequence[str] = (),
    *,
    force: bool = False,
    progress: Told = lambda *_: None,
    recording: Told = lambda *_: None,
) -> list[Written]:
    """Make a course's folder one of nbgrader's; all of the course's topics, where none are named.

    force: also write over source notebooks that an instructor may have edited. recording: is told of answers that have to be
    recorded first. Raises WrongUsage where there is no course, where a topic is none of it, where such a notebook would be
    lost, where nbgrader is told otherwise, and where the folder or the gradebook cannot be written.
    """
    if not (folder / "course.toml").is_file():
        raise WrongUsage(f"There is no {folder / 'course.toml'}. Make a course first: grade init {folder}")
    course = read_course(folder / "course.toml")
    wanted = _wanted(course, topics)
    made: dict[str, str] = {}
    for topic in wanted:
        made[topic] = notebook_text(course, topic)
        _refuse_to_lose(_place(folder, topic), made[topic], force)
    written = []
    try:
        write_config(folder)
        for done, (topic, text) in enumerate(made.items()):
            progress("notebooks", done, len(made))
            written.append(_write(_place(folder, topic), topic, text, beside_notebook(course, topic, recording)))
    except OSError as error:
        raise WrongUsage(f"{error.filename or folder} cannot be written ({error.strerror}).") from None
    write_due_dates(folder, {topic: due for topic, due in course.due.items() if topic in made})
    return written


def _wanted(course: Course, topics: Sequence[str]) -> list[str]:
    of_course = list(course.catalogue.names) if isinstance(course.topics, str) else course.topics
    for topic in topics:
        course.catalogue.topic(topic)
        if topic not in of_course:
            raise WrongUsage(f"{topic} is none of this course's topics; those are {', '.join(of_course)}.")
    return [topic for topic in course.catalogue.names if topic in (topics or of_course)]


def notebook_text(course: Course, topic: str) -> str:
    """A topic's source notebook as JSON, which nbgrader's own reader has accepted. Raises GraderFault where it does not."""
    import nbformat
    from nbgrader.nbgraderformat import ValidationError, reads, writes

    made = source_notebook(course.catalogue.reference_source(topic), course.table(topic), course.manual_points)
    try:
        text: str = nbformat.writes(made)
        writes(reads(text, as_version=4))
        nbformat.validate(made)
    except (ValidationError, nbformat.ValidationError) as error:
        raise GraderFault(f"nbgrader does not accept the notebook of {topic}: {str(error).splitlines()[0]}") from None
    return text.strip("\n") + "\n"


def _place(folder: Path, topic: str) -> Path:
    return folder / "source" / topic / f"{topic}.ipynb"


def _refuse_to_lose(path: Path, text: str, force: bool) -> None:
    if not force and path.exists() and path.read_text(encoding="utf-8") != text:
        raise WrongUsage(
            f"{path} is there already and would come out otherwise: you may have edited it, or the course has changed. "
            "Nothing was written. --force writes over it."
        )


def _write(path: Path, topic: str, text: str, beside: dict[str, bytes]) -> Written:
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    for name, content in beside.items():
        place = path.parent / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    tests = [metadata for metadata in _graded(nbformat.reads(text, as_version=4)) if not metadata["solution"]]
    return Written(topic, path, len(tests), total(metadata["points"] for metadata in tests))


def _graded(nb: NotebookNode) -> list[Any]:
    found = (cell.metadata.get("nbgrader") for cell in nb.cells)
    return [metadata for metadata in found if metadata and metadata["grade"]]


def beside_notebook(course: Course, topic: str, recording: Told) -> dict[str, bytes]:
    """What a notebook needs beside it, by its place: pictures, and the answers of the public checks where there are any."""
    from autograder.at_home.public import FILE_NAME as PUBLIC
    from autograder.at_home.public import public_bytes, public_record
    from autograder.recording.answers import DEFAULT_SECRET
    from autograder.recording.record import answers_for

    reference = reference_folder()
    made = {}
    if reference is not None:
        figures = reference.parent / "assignments" / topic / "figures"
        made = {f"figures/{path.name}": path.read_bytes() for path in sorted(figures.glob("*.svg"))}
    if any(check.public for _, _, check in course.table(topic).checks()):
        answers_for(topic, DEFAULT_SECRET, recording, course.catalogue)
        made[PUBLIC] = public_bytes(public_record(topic, course.table(topic), course.catalogue))
    return made


def write_due_dates(folder: Path, due: dict[str, datetime]) -> None:
    """Write when topics are due into the gradebook that nbgrader uses in this folder, which it keeps from then on.

    Raises WrongUsage where the gradebook cannot be reached.
    """
    if not due:
        return
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.exc import SQLAlchemyError

    # A gradebook that is not there yet is made with the help of the command alembic, which was installed beside our own.
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    place = CourseDirectory(config=read_config(folder))
    try:
        with Gradebook(place.db_url, place.course_id) as gradebook:
            for topic, date in due.items():
                gradebook.update_or_create_assignment(topic, duedate=date.isoformat())
    except (SQLAlchemyError, ImportError) as error:
        # The first line says what is wrong; the name of the database may hold a password, and is not told.
        said = str(error).splitlines()[0]
        raise WrongUsage(f"The gradebook that {folder / FILE_NAME} names cannot be used, for the due dates: {said}") from None
