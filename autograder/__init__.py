"""Nablagrade: assignments in which students write deep learning's mathematics, and the grader that says what went wrong."""

__version__ = "0.1.0"
