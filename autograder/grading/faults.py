"""How a fault of the grader's own is logged: without what a student must not see."""

from __future__ import annotations

import logging
import sys

log = logging.getLogger("autograder")


def log_fault(what: str) -> None:
    """Log an exception of ours: its kind for all; its traceback, which may hold expected values, for debugging alone."""
    kind = sys.exc_info()[0]
    log.error("%s (%s)", what, kind.__name__ if kind else "unknown", exc_info=log.isEnabledFor(logging.DEBUG))
