"""Pairs of submissions that are alike where neither the stub, nor the reference, nor half of the class is: a place to look.

It is never a verdict: who worked together, who copied, and who had one thought by chance, no text tells. Better evidence than
text are unusual wrong answers that two share, and so these are told first.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from autograder.declare.catalogue import Catalogue
from autograder.handing_out.assignments import stub_module
from autograder.text import plain

# So many characters of code, without names, space and comments, are the least that counts as alike: the library's own default.
SHORTEST = 25
# What more than this part of the class wrote, or more than so many, is what the task asks for, and not what two share.
COMMON_PART, COMMON = 0.1, 3
# A pair is shown from so many such characters on that both have and few others do: three lines or so.
LEAST = 100
# Wrong answers that at most so many have are unusual.
UNUSUAL = 3
MOST_PAIRS = 20
MOST_LINES = 40
LONGEST_LINE = 160
# A module has some 10 KiB; of one that is longer than ten times that no text is compared.
LONGEST_TEXT = 100_000

Texts = Callable[[str], Mapping[str, str]]


@dataclass
class Pair:
    """Two submissions. wrong: exercises with the same unusual wrong answers; alike: characters of code that few others have.

    codes: of each the lines that are alike, with their numbers. topic: in which most is.
    """

    who: tuple[str, str]
    wrong: list[str] = field(default_factory=list)
    alike: int = 0
    topic: str = ""
    codes: tuple[list[tuple[int, str]], list[tuple[int, str]]] = field(default_factory=lambda: ([], []))


def pairs(
    names: Sequence[str], texts: Texts, topics: Sequence[str], catalogue: Catalogue, same_wrong: Mapping[Any, Sequence[str]]
) -> list[Pair]:
    """The pairs to look at, those with most of the same unusual wrong answers first, then those with most alike code.

    texts: of a submission its modules, by topic. same_wrong: who gave which wrong answers without a name, by check and answer.
    """
    found: dict[tuple[str, str], Pair] = {}
    for who, exercises in _same_unusual(same_wrong).items():
        found[who] = Pair(who, exercises)
    for topic in topics:
        if catalogue.is_quiz(topic):
            continue  # choices are no text: who chose alike is in the answers
        for who, count in _alike(names, texts, topic, catalogue):
            pair = found.setdefault(who, Pair(who))
            if count > pair.alike:
                pair.alike, pair.topic = count, topic
    chosen = [pair for pair in found.values() if pair.alike >= LEAST or len(pair.wrong) > 1]
    chosen.sort(key=lambda pair: (-len(pair.wrong), -pair.alike, pair.who))
    for pair in chosen[:MOST_PAIRS]:
        if pair.topic:
            pair.codes = _codes(pair, texts, catalogue)
    return chosen[:MOST_PAIRS]


def _same_unusual(same_wrong: Mapping[Any, Sequence[str]]) -> dict[tuple[str, str], list[str]]:
    """Of each pair the exercises in which both, and hardly anybody else, give the same wrong answers."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (check_id, _), who in same_wrong.items():
        if 2 <= len(who) <= UNUSUAL:
            for pair in combinations(sorted(who), 2):
                found[pair].add(check_id.split("/")[1])
    return {pair: sorted(exercises) for pair, exercises in sorted(found.items())}


def _alike(names: Sequence[str], texts: Texts, topic: str, catalogue: Catalogue) -> Iterator[tuple[tuple[str, str], int]]:
    """Of each pair that has any, how many places of code it shares that few have. Of each submission only numbers are kept."""
    given = _given(topic, catalogue)
    own = [np.setdiff1d(_places(texts(name).get(topic, "")), given) for name in names]
    if not own:
        return
    every = np.concatenate(own)
    owner = np.repeat(np.arange(len(own)), [len(one) for one in own])
    order = np.argsort(every, kind="stable")
    every, owner = every[order], owner[order]
    starts = np.flatnonzero(np.r_[True, every[1:] != every[:-1]]) if len(every) else np.array([], dtype=int)
    most = max(COMMON, int(COMMON_PART * len(names)))
    shared: Counter[tuple[int, int]] = Counter()
    for begin, end in zip(starts, np.r_[starts[1:], len(every)], strict=len(starts) > 0):
        if 2 <= end - begin <= most:
            shared.update(combinations(sorted(owner[begin:end].tolist()), 2))
    for (left, right), count in shared.items():
        yield (names[left], names[right]), count


def _given(topic: str, catalogue: Catalogue) -> np.ndarray:
    """What everybody was given, or would write who is right as the reference is."""
    if not catalogue.has_reference(topic):
        return np.array([], dtype=np.int64)
    source = catalogue.reference_source(topic)
    return np.union1d(_places(stub_module(source)), _places(source))


def _fingerprint(text: str) -> Any:
    """The library's view of a module: code without names, space and comments, and where each short part of it stands.

    With a window of 1 every part is taken: which ones a wider window takes hangs on Python's random hashes, and a class's page
    is the same whenever it is made.
    """
    from copydetect import CodeFingerprint

    return CodeFingerprint("module.py", SHORTEST, 1, language="python", fp=io.StringIO(text[:LONGEST_TEXT]))


def _places(text: str) -> np.ndarray:
    return np.unique(np.fromiter(_fingerprint(text).hashes, dtype=np.int64))


def _codes(pair: Pair, texts: Texts, catalogue: Catalogue) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Of both the lines that are alike."""
    from copydetect import compare_files

    left, right = (_fingerprint(texts(name)[pair.topic]) for name in pair.who)
    given = set(_given(pair.topic, catalogue).tolist())
    for one in (left, right):
        one.hashes = {place for place in one.hashes if int(place) not in given}
    _, _, slices = compare_files(left, right)
    return _lines(left.raw_code, slices[0]), _lines(right.raw_code, slices[1])


def _lines(code: str, slices: np.ndarray) -> list[tuple[int, str]]:
    touched: set[int] = set()
    for begin, end in slices.T.astype(int).tolist() if len(slices) else ():
        first = code.count("\n", 0, begin)
        touched.update(range(first, first + code.count("\n", begin, end) + 1))
    lines = code.splitlines()
    kept = [
        (number + 1, plain(lines[number].expandtabs(4), LONGEST_LINE)) for number in sorted(touched) if number < len(lines)
    ]
    return [(number, line) for number, line in kept if line.strip()][:MOST_LINES]
