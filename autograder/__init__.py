"""Nablagrade: assignments in which students write deep learning's mathematics, and the grader that says what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.student.notebook import check as check

__version__ = "0.1.0"

# What an instructor may choose; here, where looking them up costs no import.
SANDBOXES = ("auto", "bubblewrap", "landlock", "none")
HINT_LEVELS = ("score", "sentence", "diagnosis", "full")


def __getattr__(name: str) -> Any:
    """``from autograder import check`` in a notebook; loaded when asked for, as every command imports this package."""
    if name == "check":
        from autograder.student.notebook import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
