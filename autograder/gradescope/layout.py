"""Where things stand in a container of Gradescope, for the zip that is put there and for the grader that runs there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.course.settings import Course, read_course

COURSE = "course/course.toml"
TOPICS = "course/topics"  # names, one a line
ANSWERS = "answers"
OFFLINE = "offline"  # there where wheels/ holds all requirements
WHEELS = "wheels"


@dataclass(frozen=True)
class Container:
    """The folder that Gradescope calls /autograder."""

    root: Path

    @property
    def submission(self) -> Path:
        """What the student handed in."""
        return self.root / "submission"

    @property
    def metadata(self) -> Path:
        """What Gradescope tells of it."""
        return self.root / "submission_metadata.json"

    @property
    def results(self) -> Path:
        """What Gradescope reads."""
        return self.root / "results" / "results.json"

    def course(self) -> Course:
        """The course's settings. From here on its answers are looked for in the zip's own folder, and nowhere else."""
        source = self.root / "source"
        os.environ["NABLAGRADE_CACHE"] = str(source / ANSWERS)
        return read_course(source / COURSE)

    def topics(self) -> list[str]:
        """The topics that the zip was made for: a submission that lacks one has no points there."""
        return (self.root / "source" / TOPICS).read_text(encoding="utf-8").split()
