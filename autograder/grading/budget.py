"""What one submission may cost the grader itself: processor time and memory of judging, explaining and shrinking.

Student code is bounded by the wall; what it sends back is bounded in size, and this bounds the rest. What is judged by then
stands, what is not gets no points and is told why, and the next submission begins with a budget of its own.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time

from autograder.wall.limits import Limits

# Memory is looked at once in so many seconds of work, as asking the system takes as long as judging a small check. What can be
# written meanwhile is a fraction of the limit.
_LOOK_EVERY = 0.005
# In pages. Linux, where the wall is, has such a file; elsewhere students grade their own, and memory is not bounded.
_STATISTICS = "/proc/self/statm"


class Budget:
    """The grader's own seconds and memory for one submission. Each thread that works for it spends from the same.

    Time is that of the processor and not of the clock, so that a busy machine takes nobody's points.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._seen = threading.local()  # the processor time of each thread when it last asked
        self._seconds = 0.0
        self._looked_at = 0.0
        self._bytes_before = _resident()
        self._over = ""
        self._cut: set[str] = set()

    def begin(self) -> None:
        """From here on what this thread does is done for the submission."""
        self._seen.seconds = time.thread_time()

    def left(self) -> bool:
        """Whether there is anything left, now that this thread's work since it last asked is paid for."""
        now = time.thread_time()
        with self._lock:
            self._seconds += now - getattr(self._seen, "seconds", now)
            self._seen.seconds = now
            if not self._over and self._seconds > self._limits.grader_seconds:
                self._over = f"{self._limits.grader_seconds:g} s of the grader's own processor time"
            if not self._over and self._seconds - self._looked_at > _LOOK_EVERY:
                self._looked_at = self._seconds
                if _resident() - self._bytes_before > self._limits.grader_mebibytes * 2**20:
                    self._over = f"{self._limits.grader_mebibytes} MiB of the grader's own memory"
        return not self._over

    @property
    def over(self) -> str:
        """What was used up, in words; nothing while there is some left."""
        return self._over


def _resident() -> int:
    """The memory that this process has, in bytes; 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError), open(_STATISTICS, "rb") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
