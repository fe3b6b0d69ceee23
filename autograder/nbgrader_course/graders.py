"""Warm graders that outlive a notebook: nbgrader converts one at a time, and the wall is put up once for all of them."""

from __future__ import annotations

import atexit
import logging
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder.course.settings import Course, read_course
from autograder.grading.engine import Grader, warm_grader

log = logging.getLogger("autograder")


@dataclass
class _Warm:
    course: Course
    grader: Grader
    stack: ExitStack


_warm: dict[Path, _Warm] = {}


def grader_for(course_file: Path) -> Grader:
    """The grader of a course, as its file says it now. Raises what reading the course or starting a sandbox raises."""
    course_file = course_file.resolve()
    course = read_course(course_file)
    warm = _warm.get(course_file)
    if warm is not None and warm.course == course:
        return warm.grader
    forget(course_file)
    stack = ExitStack()
    grader = stack.enter_context(warm_grader(course, jobs=1, progress=_recording))
    _warm[course_file] = _Warm(course, grader, stack)
    return grader


def forget(course_file: Path) -> None:
    """Take a course's wall down, if there is one; the next grading puts up a new one."""
    warm = _warm.pop(course_file.resolve(), None)
    if warm is not None:
        warm.stack.close()


def _recording(topic: str, done: int, total: int) -> None:
    if done == 0:
        log.warning("recording the answers of %s (once for this course)", topic)


@atexit.register
def _forget_all() -> None:
    for course_file in list(_warm):
        forget(course_file)
