"""No check is flaky: grades the references and the other right implementations with a thousand different course secrets.

    python -m tests.thousand_secrets [COUNT] [TOPIC...]

A secret decides every input and every seed, so this is where statistical checks and thresholds prove their false-alarm rate:
each of COUNT secrets must give full marks to the reference and to every alternative of each topic. Trusted code, in this
process, by the same requests and the same judge as a submission.
"""

from __future__ import annotations

import gc
import hashlib
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType

import click

from autograder.answers import Answers
from autograder.declare import load_topic, topic_names
from autograder.errors import GraderFault
from autograder.misconceptions import make_module, reference_source
from autograder.proof import verdicts_in_process
from autograder.record import record_topic

ALTERNATIVES = Path(__file__).with_name("alternatives")


def secret(number: int) -> bytes:
    """The secret of this number: the same on every machine."""
    return hashlib.sha256(f"course {number}".encode()).digest()


@cache
def right_modules(topic: str) -> dict[str, ModuleType]:
    """The reference and the alternatives of a topic by name."""
    found = {"reference": make_module(topic, reference_source(topic))}
    for path in alternatives_of(topic):
        found[path.stem] = make_module(topic, path.read_text(encoding="utf-8"))
    return found


def alternatives_of(topic: str) -> list[Path]:
    """The files of a topic's other right implementations."""
    return [path for path in sorted(ALTERNATIVES.glob("*.py")) if path.stem.startswith(f"{topic}_")]


def failures(topic: str, number: int) -> list[str]:
    """What does not get its points with this secret: ``secret/module/check``; empty if all is well."""
    try:
        answers = Answers(record_topic(topic, secret(number), with_keras=False, with_misconceptions=False))
    except GraderFault as fault:
        return [f"{number} reference: {fault}"]
    return [
        f"{number} {name}: {verdict.check_id} {verdict.status} {sorted(verdict.wrong)}"
        for name, module in right_modules(topic).items()
        for verdict in verdicts_in_process(topic, module, answers)
        if verdict.status not in ("passed", "manual")
    ]


def _collect_less() -> None:
    # Drawing makes much that is soon thrown away and nothing that is circular: looking for cycles is a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _of_chunk(topic: str, numbers: range) -> tuple[str, int, list[str]]:
    return topic, len(numbers), [failure for number in numbers for failure in failures(topic, number)]


@click.command()
@click.argument("count", default=1000)
@click.argument("topics", nargs=-1)
@click.option("--first", default=0, help="Number of the first secret.")
def main(count: int, topics: tuple[str, ...], first: int) -> None:
    """Grade with COUNT secrets; exit 1 if any right solution lost a point."""
    begun = time.monotonic()
    done: Counter[str] = Counter()
    lost: list[str] = []
    chunks = [
        (topic, range(n, min(n + 20, first + count)))
        for n in range(first, first + count, 20)
        for topic in topics or topic_names()
    ]
    with ProcessPoolExecutor(os.cpu_count(), initializer=_collect_less) as pool:
        for topic, size, failed in pool.map(_of_chunk, *zip(*chunks, strict=True)):
            done[topic] += size
            lost += failed
            for failure in failed:
                click.echo(f"LOST  {failure}", err=True)
            click.echo(f"{topic:<18}{done[topic]:>6} of {count}", err=True)
    for topic in topics or topic_names():
        modules = len(right_modules(topic))
        checks = len(load_topic(topic).checks())
        verdicts = count * modules * checks
        click.echo(f"{topic:<18}{count:>6} secrets  {modules} right modules  {checks:>4} checks  {verdicts:>9} verdicts")
    click.echo(f"{count} secrets, {len(lost)} lost points, {time.monotonic() - begun:.0f} s")
    raise SystemExit(bool(lost))


if __name__ == "__main__":
    main()
