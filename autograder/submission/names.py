"""Which topic a file is meant to be of, by its name: browsers, notebooks and people rename what they hand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import PurePosixPath

from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.table import Topic

MODULE, NOTEBOOK = ".py", ".ipynb"
# A name that is longer says nothing that a shorter one does not, and takes time.
LONGEST_NAME = 200

# Systems that hide endings add one, and browsers one for what they take a notebook for.
_ENDINGS = re.compile(r"(?i)(?P<stem>.+?)(?P<kind>\.py|\.ipynb)(?:[ _]?\(\d{1,3}\))?(?:\.(?:py|ipynb|txt|json))*")
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")  # a name may be written in any letters
# What a copy, a version or a hand-in is called beside the topic's name. Any number may stand there too.
_ADDED = frozenset(
    """
    copy copie kopie copia of de von my the a an final finished finish done complete completed full last latest new newest
    real really v ver version rev fixed corrected correct edit edited solved solution solutions submission submit submitted
    handin hand in homework hw assignment exercise exercises ex lab task week problem set ps part
    """.split()
)
# Beside the topic's name these make it a file of another kind.
_OTHER = frozenset(
    """
    test tests testing check checks example examples demo helper helpers util utils plot plots data old backup bak stub stubs
    template original public answers notes readme draft
    """.split()
)


@dataclass(frozen=True)
class Meaning:
    """What a file's name says: a topic, and a module or a notebook.

    exact: it is the name that was asked for. sure: beside the topic's name there is only what copies and versions are called;
    else something that may be a person's name.
    """

    topic: str
    kind: str
    exact: bool
    sure: bool = True


def meaning_of(path: str, catalogue: Catalogue = OURS) -> Meaning | None:
    """What the name of a file, below whatever folders, means; None where it names no topic, or several.

    >>> meaning_of("hw/layers.py")
    Meaning(topic='layers', kind='.py', exact=True, sure=True)
    >>> [meaning_of(name).topic for name in ("Copy of Layers.ipynb", "layers (2) (1).py", "gradient-descent_v2.py.txt")]
    ['layers', 'layers', 'gradient_descent']
    >>> meaning_of("jdoe_layers.py").sure, meaning_of("test_layers.py"), meaning_of("layers.txt")
    (False, None, None)
    """
    name = PurePosixPath(path).name
    return _meaning(name, catalogue.names) if len(name) <= LONGEST_NAME else None


@lru_cache(maxsize=4096)
def _meaning(name: str, topics: tuple[str, ...]) -> Meaning | None:
    stem, dot, kind = name.rpartition(".")
    if dot + kind in (MODULE, NOTEBOOK) and stem in topics:
        return Meaning(stem, dot + kind, exact=True)
    match = _ENDINGS.fullmatch(name)
    return _renamed(match["stem"].lower(), match["kind"].lower(), topics) if match else None


def _renamed(stem: str, kind: str, topics: tuple[str, ...]) -> Meaning | None:
    found = {}
    for topic, pattern in _patterns(topics).items():
        rest, times = pattern.subn(" ", stem)
        if times:
            found[topic] = set(_WORD.findall(rest))
    if len(found) != 1:
        return None
    ((topic, words),) = found.items()
    if words & _OTHER:
        return None
    return Meaning(topic, kind, exact=False, sure=all(word in _ADDED or word.isdecimal() for word in words))


@cache
def _patterns(topics: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """How each topic's name may stand in another: whole, with any sign or none between its words."""
    return {topic: re.compile(rf"(?<![a-z]){topic.replace('_', '[^a-z0-9]?')}(?![a-z])") for topic in topics}


def rank(name: str, catalogue: Catalogue = OURS) -> int:
    """What is looked at first: modules of the right name, then those that are meant for one, then all else."""
    meaning = meaning_of(name, catalogue)
    return 2 if meaning is None else int(not meaning.exact)


def defines(text: bytes, topic: Topic) -> list[str]:
    """The names of a topic's exercises that a text defines, as far as can be told without running it."""
    wanted = {exercise.name.split(".")[0] for exercise in topic.exercises}
    found = re.findall(rb"(?m)^(?:def|class) +([A-Za-z_][A-Za-z0-9_]*)", text)
    return [name for name in dict.fromkeys(each.decode() for each in found) if name in wanted]
