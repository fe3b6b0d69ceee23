"""What was handed in, trusted in nothing: a folder, a module or a notebook, read into memory."""

from autograder.submission.read import Module, Submission, read_submission

__all__ = ["Module", "Submission", "read_submission"]
