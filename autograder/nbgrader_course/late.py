"""Late penalties as the course's settings say them, at nbgrader's own place for them."""

from __future__ import annotations

from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode


class CourseLatePenalties(LateSubmissionPlugin):
    """Takes off what ``[late]`` in course.toml says."""

    course_file = Unicode("course.toml", help="The course's settings.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points to take off a notebook; None for none."""
        from autograder.course.settings import read_course

        return read_course(Path(self.course_file)).late.penalty(score, total_seconds_late) or None
