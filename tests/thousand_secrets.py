"""No check is flaky: grades the references and the other right implementations with a thousand different course secrets.

    python -m tests.thousand_secrets [COUNT] [TOPIC...] [--alternatives N] [--only TEXT]

A secret decides every input and every seed, so this is where statistical checks and thresholds prove their false-alarm rate:
each of COUNT secrets must give full marks to the reference, and the first N of them to every alternative of the topic too.
Trusted code, in this process, by the same requests and the same observations as a submission's. Recording is a grading of the
reference: it refuses one that fails anything that is observed of a submission.
"""

from __future__ import annotations

import gc
import hashlib
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from types import ModuleType

import click

from autograder.declare.catalogue import load_topic, topic_names
from autograder.errors import GraderFault
from autograder.recording.answers import Answers, seed_for
from autograder.recording.misconceptions import make_module
from autograder.recording.record import draw_cases, record_topic
from autograder.statuses import GOOD
from autograder.wall.inside import wire
from tests.conftest import alternatives_of
from tests.proof import verdicts_in_process


def secret(number: int) -> bytes:
    """The secret of this number: the same on every machine."""
    return hashlib.sha256(f"course {number}".encode()).digest()


@cache
def other_modules(topic: str) -> dict[str, ModuleType]:
    """The alternatives of a topic by name."""
    return {path.stem: make_module(topic, path.read_text(encoding="utf-8")) for path in alternatives_of(topic)}


_asked: set[tuple[str, bool, bytes]] = set()  # checks with their cases that this process has asked already


def not_asked_yet(topic: str, number: int, words: tuple[str, ...], alternatives: bool) -> set[str]:
    """The checks to ask with this secret: those whose cases are not the very same as with one before.

    What builds a model of the sizes in the text, say, is given the same whatever the secret, and answers the same.
    """
    every = {check_id: check for check_id, _, check in load_topic(topic).checks()}
    keys = {}
    for check_id in checks_with(topic, words):
        cases = draw_cases(every[check_id], seed_for(secret(number), check_id))
        keys[check_id] = (check_id, alternatives, hashlib.sha256(wire.encode(cases)).digest())
    fresh = {check_id for check_id, key in keys.items() if key not in _asked}
    _asked.update(keys.values())
    return fresh


def failures(topic: str, number: int, words: tuple[str, ...] = (), alternatives: bool = True) -> list[str]:
    """What does not get its points with this secret: its number, the module, the check; empty if all is well."""
    only = not_asked_yet(topic, number, words, alternatives)
    try:
        record = record_topic(topic, secret(number), with_keras=False, with_misconceptions=False, only=only)
        answers = Answers(record)
    except GraderFault as fault:
        return [f"{number} reference: {fault}"]
    return [
        f"{number} {name}: {verdict.check_id} {verdict.status} {sorted(verdict.wrong)}"
        for name, module in (other_modules(topic) if alternatives else {}).items()
        for verdict in verdicts_in_process(topic, module, answers, only)
        if verdict.status not in GOOD
    ]


def _collect_less() -> None:
    # Drawing makes much that is soon thrown away and nothing that is circular: looking for cycles is a fifth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def checks_with(topic: str, words: tuple[str, ...]) -> set[str]:
    """The checks of a topic whose identifier holds any of these words; all of them if there are none."""
    every = {check_id for check_id, _, _ in load_topic(topic).checks()}
    return {check_id for check_id in every if not words or any(word in check_id for word in words)}


def _of_chunk(topic: str, numbers: range, words: tuple[str, ...], alternatives: int) -> tuple[str, int, list[str]]:
    return topic, len(numbers), [f for number in numbers for f in failures(topic, number, words, number < alternatives)]


@click.command()
@click.argument("count", default=1000)
@click.argument("topics", nargs=-1)
@click.option("--first", default=0, help="Number of the first secret.")
@click.option("--alternatives", default=100, show_default=True, help="The other right implementations: with so many secrets.")
@click.option("--only", "words", multiple=True, help="Only checks whose identifier holds this text; may be repeated.")
def main(count: int, topics: tuple[str, ...], first: int, alternatives: int, words: tuple[str, ...]) -> None:
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
        for topic, size, failed in pool.map(
            _of_chunk, *zip(*((*chunk, words, alternatives) for chunk in chunks), strict=True)
        ):
            done[topic] += size
            lost += failed
            for failure in failed:
                click.echo(f"LOST  {failure}", err=True)
            click.echo(f"{topic:<18}{done[topic]:>6} of {count}", err=True)
    for topic in topics or topic_names():
        checks, others = len(checks_with(topic, words)), len(other_modules(topic))
        click.echo(f"{topic:<18}{count:>6} secrets  {checks:>4} checks  the first {alternatives} with {others} others, too")
    click.echo(f"{count} secrets, {len(lost)} lost points, {time.monotonic() - begun:.0f} s")
    raise SystemExit(bool(lost))


if __name__ == "__main__":
    main()
