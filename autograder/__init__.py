"""Nablagrade: assignments in which students write deep learning's mathematics, and the grader that says what went wrong.

What is named here is what other programs may use, and stays where it is; the rooms behind it may be moved. The vocabulary in
which a course writes checks of its own is :mod:`autograder.declare`.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from autograder._former_names import FormerNames
from autograder._version import __version__

if TYPE_CHECKING:
    from autograder.at_home.notebook import check as check
    from autograder.classroom.grading import grade_class as grade_class
    from autograder.course import Course as Course
    from autograder.course import read_course as read_course
    from autograder.errors import GradeError as GradeError
    from autograder.errors import GraderFault as GraderFault
    from autograder.errors import NoSandbox as NoSandbox
    from autograder.errors import WrongUsage as WrongUsage
    from autograder.grading.engine import Grader as Grader
    from autograder.grading.engine import grade as grade
    from autograder.grading.engine import warm_grader as warm_grader
    from autograder.report import Report as Report
    from autograder.report import schema as schema
    from autograder.report import to_json as to_json
    from autograder.submission import Submission as Submission
    from autograder.submission import read_submission as read_submission

# Where each lives. They are loaded when asked for, as every command imports this package.
_HOMES = {
    "check": "at_home.notebook",
    "grade_class": "classroom.grading",
    "Course": "course", "read_course": "course",
    "Submission": "submission", "read_submission": "submission",
    "Grader": "grading.engine", "grade": "grading.engine", "warm_grader": "grading.engine",
    "Report": "report", "to_json": "report", "schema": "report",
    "GradeError": "errors", "WrongUsage": "errors", "GraderFault": "errors", "NoSandbox": "errors",
}  # fmt: skip

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - they are strings


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"autograder.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.meta_path.append(FormerNames())
