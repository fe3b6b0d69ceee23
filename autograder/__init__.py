"""Nablagrade: assignments in which students write deep learning's mathematics, and the grader that says what went wrong."""

__version__ = "0.1.0"

# What an instructor may choose; here, where looking them up costs no import.
SANDBOXES = ("auto", "bubblewrap", "landlock", "none")
HINT_LEVELS = ("score", "sentence", "diagnosis", "full")
