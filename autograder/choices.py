"""What an instructor may choose by a word: the wall, and the hint levels with what each shows; looking up costs no import."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

# The wall's backends, of autograder/wall/backends/, and "auto" for the first that works.
SandboxName = Literal["auto", "bubblewrap", "landlock", "none"]
SANDBOXES: tuple[SandboxName, ...] = get_args(SandboxName)
# Whose download is imported; each is a layout of autograder/downloads/layouts.py, in its order.
LAYOUTS = (
    "canvas", "moodle", "gradescope", "github", "nbgrader", "sakai", "blackboard", "brightspace", "teams", "ilias",
    "codegrade", "google", "plain",
)  # fmt: skip
MARK_SYSTEMS = ("canvas", "moodle", "blackboard", "brightspace", "gradescope", "nbgrader", "csv")
# Which of them take files back for students; "plain" is a folder a submission.
FEEDBACK_SYSTEMS = ("canvas", "moodle", "brightspace", "gradescope", "plain")

# What a mistake costs in exercises in which nothing is wrong but what follows from it: their points, or none.
Consequences = Literal["charged", "free"]

HintLevel = Literal["score", "sentence", "diagnosis", "full"]


class Shown(NamedTuple):
    """What a hint level shows of a check beside its points.

    about: the same in words, as far as the level before shows less. sentence: what the check asks. diagnosis: why it failed,
    and what is to be mended first. evidence: what was seen of it. example: the smallest failing input of a public check.
    line: where a mistake stands that has no name. kind: what kind of edit mends it there.
    """

    about: str
    sentence: bool = False
    diagnosis: bool = False
    evidence: bool = False
    example: bool = False
    line: bool = False
    kind: bool = False


# Every hint level, from the one that tells least to the one that tells most. A new one is a word above and a line here.
HINTS: dict[HintLevel, Shown] = {
    "score": Shown("points alone"),
    "sentence": Shown("what each check asks", sentence=True),
    "diagnosis": Shown("also why it failed, and at which line", sentence=True, diagnosis=True, evidence=True, line=True),
    "full": Shown(
        "also the smallest failing input of a public check",
        sentence=True,
        diagnosis=True,
        evidence=True,
        example=True,
        line=True,
        kind=True,
    ),
}
HINT_LEVELS = tuple(HINTS)
