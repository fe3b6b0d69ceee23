"""A course's settings: what course.toml says, in force."""

from autograder.course.settings import Course, Late, read_course

__all__ = ["Course", "Late", "read_course"]
