"""Every exception of the package, in one tree: what people read, and what one part tells another.

Four are defined elsewhere, as they must be: what runs behind the wall (``autograder/wall/inside/``) can import nothing of the
grader, so ``Missing``, ``CannotHarden``, ``WireError`` and ``TooLong`` stand where they are raised. None crosses the wall:
what comes back is a value, or the worker is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


class NablagradeError(Exception):
    """Base of all exceptions of this package that say that something is wrong."""


# --- what a person is meant to read: what was given, what was expected and what to do ---------------------------------------


class GradeError(NablagradeError):
    """Base of all errors of this package that a person is meant to read."""

    exit_code = 3


class WrongUsage(GradeError):
    """The command was asked for something that cannot be: no such folder, no such topic, a bad course.toml."""

    exit_code = 2


class GraderFault(GradeError):
    """The grader, its recorded answers or the machine is at fault; never scored as a student's zero."""


class NotInstalled(GraderFault):
    """A library is not installed without which a topic can be neither graded nor recorded."""

    def __init__(self, topic: str, libraries: Sequence[str]) -> None:
        names = " and ".join(libraries)
        verb = "is" if len(libraries) == 1 else "are"
        super().__init__(f"{topic} needs {names}, which {verb} not installed here: pip install {' '.join(libraries)}")


class NoSandbox(GraderFault):
    """No backend of the wall works on this machine."""


# --- what one part tells another, which goes on without ---------------------------------------------------------------------

# How a worker can be lost; each is a status of a check as well.
Loss = Literal["timeout", "crashed", "garbled"]


class WorkerLost(NablagradeError):
    """The worker hung, died, or sent what is not of the agreed form."""

    def __init__(self, why: Loss) -> None:
        super().__init__(why)
        self.why = why


class SearchStopped(NablagradeError):
    """The search for a mistake's line ends without a result; the message says why."""


class Unfit(NablagradeError):
    """There is no record of answers, or none that can be used; the message says why."""


class Unreadable(NablagradeError):
    """A file or an archive of a download cannot be taken; the words end the sentence "... was left out: ..."."""


class UnreadableNotebook(NablagradeError):
    """A file is no notebook that can be read; the message goes on after the file's name."""


class Impenetrable(NablagradeError):
    """There is something in a kit that cannot be looked into; the message says what."""


class BadForm(NablagradeError):
    """An answer to a question of the quiz that is none; the message tells the student what is expected."""


class Skipped(NablagradeError):
    """A student who is asked in the terminal leaves this question open."""


class Quit(NablagradeError):
    """A student who is asked in the terminal has had enough for now."""


class NotPassed(NablagradeError):
    """A check that did not pass, for pytest; its report says why."""


# --- what must pass through everything that deals with errors ---------------------------------------------------------------


class Superseded(BaseException):
    """Nobody wants the answer any more. No error: it passes through whatever deals with those, as Ctrl-C does."""
