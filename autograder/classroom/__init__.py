"""A whole class: its submissions graded, what it misunderstood, and its marks given back."""

from autograder.classroom.grading import Graded, grade_class

__all__ = ["Graded", "grade_class"]
