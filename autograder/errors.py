"""What can go wrong, by whose doing. Every message says what was given, what was expected and what to do."""

from __future__ import annotations


class GradeError(Exception):
    """Base of all errors of this package that a person is meant to read."""

    exit_code = 3


class WrongUsage(GradeError):
    """The command was asked for something that cannot be: no such folder, no such topic, a bad course.toml."""

    exit_code = 2


class GraderFault(GradeError):
    """The grader, its recorded answers or the machine is at fault; never scored as a student's zero."""


class NoSandbox(GraderFault):
    """No backend of the wall works on this machine."""
