"""Progress on standard error, for whatever takes longer than people wait gladly."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

# What takes no longer than this shows no bar: a bar that flashes up and is gone is noise.
PATIENCE_SECONDS = 1.5


@contextmanager
def progress(what: str, first: str = "", waited: float = 0.0) -> Iterator[Callable[[str, int, int], None]]:
    """Progress on standard error: in a terminal a bar for each topic, once it has taken a while; else nothing.

    first: what begins at once. Its bar comes even if nobody says how far it is: a module may hang while it is imported.
    waited: so many seconds nothing was said before.
    """
    if not sys.stderr.isatty():
        yield lambda topic, done, total: None
        return
    with ExitStack() as stack:
        bars = _Bars(what, stack)
        if first:
            bars.advance(first, 0, 0)
        waiting = threading.Timer(max(0.0, PATIENCE_SECONDS - waited), bars.show)
        waiting.daemon = True
        waiting.start()
        try:
            yield bars.advance
        finally:
            waiting.cancel()
            bars.end()


class _Bars:
    """A bar a topic, all shown at once when somebody has waited long enough."""

    def __init__(self, what: str, stack: ExitStack) -> None:
        self._what, self._stack = what, stack
        self._lock = threading.Lock()
        self._state: dict[str, tuple[int, int]] = {}
        self._shown: Any = None
        self._bars: dict[str, Any] = {}
        self._ended = False

    def advance(self, topic: str, done: int, total: int) -> None:
        """Say how far a topic is."""
        with self._lock:
            self._state[topic] = (done, total)
            self._update()

    def show(self) -> None:
        """Begin to show what is known."""
        with self._lock:
            if not self._ended and self._shown is None:
                self._shown = self._stack.enter_context(_bar(self._what))
                self._update()

    def end(self) -> None:
        """Nothing is shown any more."""
        with self._lock:
            self._ended = True

    def _update(self) -> None:
        if self._shown is None:
            return
        for topic, (done, total) in self._state.items():
            if topic not in self._bars:
                self._bars[topic] = self._shown.add_task(topic, total=total or None)
            self._shown.update(self._bars[topic], completed=done, total=total or None)


def _bar(what: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class Count(ProgressColumn):
        """How far it is, where that is known."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.completed:g}/{task.total:g}" if task.total else "")

    columns = (TextColumn(what + " {task.description}"), BarColumn(), Count(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def recording() -> Iterator[Callable[[str, int, int], None]]:
    """Progress of recording: a bar in a terminal, and elsewhere a line a topic, as it happens once and takes seconds."""
    with progress("recording") as bar:

        def advance(topic: str, done: int, total: int) -> None:
            if done == 0 and not sys.stderr.isatty():
                click.echo(f"recording the answers of {topic} (once for this course)", err=True)
            bar(topic, done, total)

        yield advance
