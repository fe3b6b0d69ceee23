"""How a misconception is declared: the mark on a wrong implementation in ``reference/misconceptions/<topic>.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])


def misconception(*, exercise: str, text: str, look: str, replaces: str | None = None) -> Callable[[T], T]:
    """Mark a wrong implementation of an exercise.

    exercise: the exercise whose points it costs. text: what the student believes or forgot, and what that does; it follows a
    sentence that says what was seen. look: where to look; it may ask a question and must not hold the answer.
    replaces: the dotted name in the reference that it stands for, by default the exercise's name.
    """
    del exercise, text, look, replaces  # read from the source, never at run time
    return lambda function: function
