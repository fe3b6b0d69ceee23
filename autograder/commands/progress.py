"""Progress on standard error, for whatever takes longer than people wait gladly."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

# What takes no longer than this shows no bar: a bar that flashes up and is gone is noise.
PATIENCE_SECONDS = 1.5


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Progress on standard error: in a terminal a bar for each topic, once it has taken a while; else nothing."""
    if not sys.stderr.isatty():
        yield lambda topic, done, total: None
        return
    begun = time.monotonic()
    bars: dict[str, Any] = {}
    with ExitStack() as stack:

        def advance(topic: str, done: int, total: int) -> None:
            if time.monotonic() - begun < PATIENCE_SECONDS:
                return
            if "" not in bars:
                bars[""] = stack.enter_context(_bar(what))
            if topic not in bars:
                bars[topic] = bars[""].add_task(topic, total=total)
            bars[""].update(bars[topic], completed=done)

        yield advance


def _bar(what: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what + " {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)


@contextmanager
def recording() -> Iterator[Callable[[str, int, int], None]]:
    """Progress of recording: a bar in a terminal, and elsewhere a line a topic, as it happens once and takes seconds."""
    with progress("recording") as bar:

        def advance(topic: str, done: int, total: int) -> None:
            if done == 0 and not sys.stderr.isatty():
                click.echo(f"recording the answers of {topic} (once for this course)", err=True)
            bar(topic, done, total)

        yield advance
