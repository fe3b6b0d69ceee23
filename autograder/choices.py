"""What an instructor may choose by a word; here, where looking the words up costs no import."""

from __future__ import annotations

SANDBOXES = ("auto", "bubblewrap", "landlock", "none")
HINT_LEVELS = ("score", "sentence", "diagnosis", "full")
LAYOUTS = ("canvas", "moodle", "gradescope", "github", "nbgrader", "plain")
MARK_SYSTEMS = ("canvas", "moodle", "blackboard", "brightspace", "gradescope", "csv")
