"""What may become of a check: its status, and every word that is told of one: not written, wrong, a timeout, a crash.

The report has the status; what is said of it, in a word or in a sentence, is made here alone. A check that gave no answer has
a reason as well, which knows how many seconds the check was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder.errors import Loss
from autograder.text import fraction, number, number_word

# Only "passed" scores; "grader_error" is the grader's own fault and makes the exit code 3.
Status = Literal[
    "passed",  # every observation is right
    "manual",  # there is an answer, and a person grades it
    "failed",  # an answer is wrong
    "error",  # the student's code raised an exception
    "todo",  # it raised NotImplementedError, or answers with an Ellipsis: the stub is not filled in
    "missing",  # there is no such function or class
    "not_imported",  # the module could not be imported
    "timeout",  # no answer when its time was over, or no time left for it
    "crashed",  # the worker ended
    "garbled",  # what arrived was not an answer
    "grader_error",  # the grader or the machine is at fault
]

# What becomes of a right answer: it passes, or waits for a person.
GOOD: tuple[Status, ...] = ("passed", "manual")

# Nothing is wrong yet that a student could mend there: a stub, a module that is not there, the grader's own fault.
OPEN: tuple[Status, ...] = ("todo", "missing", "not_imported", "grader_error")

# Said of a check in a word or two, beside its sign; "passed", "failed" and "error" need none beside theirs.
REMARKS: dict[Status, str] = {
    "manual": "for manual grading",
    "todo": "to do",
    "missing": "not there",
    "not_imported": "not imported",
    "timeout": "out of time",
    "crashed": "ended the process",
    "garbled": "no answer",
    "grader_error": "the grader's fault",
}

# Said in the place of a diagnosis where there was nothing to diagnose.
SENTENCES: dict[Status, str] = {
    "todo": "Not written yet.",
    "not_imported": "The module could not be imported, so nothing in it was checked.",
    "crashed": "The process that ran it ended: it was killed, ran out of memory, or called exit.",
    "garbled": "What came back from it was not an answer.",
    "grader_error": "The grader failed here, not you; no point is lost by your doing. Please tell your instructor.",
}


# --- why there is no answer -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """How long a check may take.

    seconds: what it is given. usual: what it would be given if nothing had happened before. hung: how many checks of the topic
    had been stopped before, where that is why it is given less. whole: the seconds of the submission, or of what else is said
    in of, where it is given their rest.
    """

    seconds: float
    usual: float
    hung: int = 0
    whole: float | None = None
    of: str = "submission"


@dataclass(frozen=True)
class Lost:
    """It was asked, and gave no answer in the time given."""

    why: Loss
    given: Given

    @property
    def status(self) -> Status:
        """What became of the check."""
        return self.why


@dataclass(frozen=True)
class TimeUsedUp:
    """It was not begun: the seconds of the submission, or of its topic, were over."""

    whole: float
    of: str = "submission"
    status: Status = "timeout"


@dataclass(frozen=True)
class BudgetUsedUp:
    """It was not judged: what the submission had answered before had used up what it may cost the grader itself."""

    what: str
    status: Status = "timeout"


@dataclass(frozen=True)
class NotLoaded:
    """The module could not be imported in a fresh process, which a sentence tells; a check that needed one was not begun."""

    problem: str
    status: Status


Reason = Lost | TimeUsedUp | BudgetUsedUp | NotLoaded


def reason_words(reason: Reason) -> str:
    """Why a check has no answer, in a sentence or two.

    >>> reason_words(Lost("timeout", Given(5.0, 5.0)))
    'It did not finish within 5 s: is there a loop that never ends?'
    """
    match reason:
        case TimeUsedUp(whole, of):
            return f"It was not begun: the {of}'s {number(whole)} s were used up before it."
        case BudgetUsedUp(what):
            return f"It was not judged: what was answered before it took {what}, and more is given to no submission."
        case NotLoaded(problem):
            return f"It was not begun, as it needed a fresh process. {problem}"
        case Lost("timeout", given) if given.whole is not None:
            return f"It was stopped when the {given.of}'s {number(given.whole)} s were used up."
        case Lost("timeout", given) if given.hung:
            share, before = fraction(given.seconds / given.usual), number_word(given.hung)
            return (
                f"It was stopped after {number(given.seconds)} s: {before} checks of this topic had been stopped before it, "
                f"so it was given {share} of the usual {number(given.usual)} s."
            )
        case Lost("timeout", given):
            return f"It did not finish within {number(given.seconds)} s: is there a loop that never ends?"
        case Lost(why):
            return SENTENCES[why]


def import_lost_words(file: str, why: Loss, seconds: float) -> str:
    """Why there is nothing of a module: importing it hung, or ended the process."""
    if why == "timeout":
        return f"{file} did not finish importing within {number(seconds)} s: does it train, wait or loop at its top level?"
    return f"{file} ended the process while it was imported: {_ENDED}"


def cell_lost_words(file: str, cell: int, why: Loss, seconds: float) -> str:
    """Why of a cell of a notebook there is only what it defines: running it hung, or ended the process."""
    what, asked = "ended the process", _ENDED
    if why == "timeout":
        what, asked = f"did not finish within {number(seconds)} s", "does it train, wait or loop?"
    return f"{file}, cell {cell}: it {what}, so only its functions, classes and constants were taken: {asked}"


def over_budget_words(what: str) -> str:
    """That a submission cost the grader as much as one may, for whoever reads the report."""
    return (
        f"What was answered took {what}, which is what a submission may take: what had been judged by then stands, the rest "
        "was not judged or not explained."
    )


_ENDED = "does it call exit, use very much memory, or replace what is Python's own?"
