"""Who has learned the public answers by heart: what a table of them wins where a course asks from its own secret.

    python -m tests.by_heart [TOPIC ...]

The table is the best that can be had at home: every call that the public checks make, of a function or of an object with all
that was done to it before, and what right code answers, down to the arrays that it changes in place. What the table does not
hold raises NotImplementedError, as a stub does.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from inspect import getclosurevars
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.misconceptions import make_module
from autograder.recording.record import record_topic
from autograder.wall.inside import lent
from autograder.wall.inside.perform import perform_all
from tests.proof import scripts_and_cases, verdicts_in_process

COURSE_SECRET = b"a secret of a course, of which the table knows nothing"


class Unmemorable(Exception):
    """What cannot stand in a table: a function that is lent, an object of a library."""


@dataclass
class Entry:
    """What the table holds of one use: the answer, or the exception's class; and what is in the known arrays afterwards."""

    answer: Any
    raised: type[BaseException] | None
    afterwards: list[Any]


@dataclass
class Table:
    """Answers by what was asked."""

    entries: dict[bytes, Entry] = field(default_factory=dict)
    learns: bool = True


class Kept:
    """An object, a class or a function of the module: while learning with the right one behind it, later with the table."""

    def __init__(self, table: Table, history: bytes, real: Any = None) -> None:
        state = {"table": table, "history": history, "real": real, "held": [], "children": {}}
        object.__setattr__(self, "_kept", state)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _use(self, "attribute", lambda real: getattr(real, name), name)

    def __setattr__(self, name: str, value: Any) -> None:
        _use(self, "assign", lambda real: setattr(real, name, _real(value)), name, value)

    def __getitem__(self, key: Any) -> Any:
        return _use(self, "item", lambda real: real[key], key)

    def __len__(self) -> int:
        return int(_use(self, "length", len))

    def __iter__(self) -> Iterator[Any]:
        return iter([self[i] for i in range(len(self))])

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        def call(real: Any) -> Any:
            return real(*map(_real, arguments), **{key: _real(value) for key, value in keywords.items()})

        return _use(self, "call", call, *arguments, keywords)


class Learned(ModuleType):
    """The module that answers out of the table. While it learns it has the reference behind it."""

    def __init__(self, topic: str, table: Table, reference: ModuleType | None) -> None:
        super().__init__(topic)
        self._table, self._reference = table, reference

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        key, entries = name.encode(), self._table.entries
        if self._table.learns:
            real = getattr(self._reference, name)
            entries[key] = Entry(_frozen(real), None, [])
            return _answered(self._table, key, real, None)
        return _answered(self._table, key, _thawed(entries[key].answer) if key in entries else _Object(), None)


def _use(kept: Kept, word: str, act: Callable[[Any], Any], *operands: Any) -> Any:
    state = kept._kept
    table: Table = state["table"]
    owner = state.get("owner", kept)  # a method's use is one of its object's
    held = owner._kept["held"]
    if word == "attribute" and (operands in state["children"]) and isinstance(state["children"][operands], Kept):
        return state["children"][operands]
    key = _digest(state["history"], owner._kept["history"], _states(owner), word.encode(), *map(_key, operands))
    if word != "attribute":
        owner._kept["history"] = key
        for operand in operands:
            held.extend(_holdable(operand))
    if table.learns:
        try:
            answer, raised = act(state["real"]), None
        except Exception as error:
            answer, raised = None, type(error)
        known = _arrays(owner)
        entry = Entry(_frozen(answer, known), raised, [_content(each) for each in known])
        table.entries.setdefault(key, entry)
        if raised:
            raise raised
    else:
        entry = table.entries.get(key)
        if entry is None:
            raise NotImplementedError("this was not learned")
        for each, content in zip(_arrays(owner), entry.afterwards, strict=False):
            _become(each, content)
        if entry.raised:
            raise entry.raised
        answer = _thawed(entry.answer, _arrays(owner))
    found = _answered(table, key, answer, owner if word == "attribute" else None)
    state["children"][operands if word == "attribute" else key] = found
    held.extend(_holdable(found))
    return found


@dataclass(frozen=True)
class _Object:
    """Stands in the table for an answer that is no plain value; with a place, for one of the arrays that are known."""

    place: int | None = None


def _frozen(answer: Any, known: Sequence[np.ndarray] = ()) -> Any:
    if isinstance(answer, np.ndarray):
        place = next((i for i, array in enumerate(known) if array is answer), None)
        return answer.copy() if place is None else _Object(place)
    if type(answer) in (list, tuple):
        return type(answer)(_frozen(item, known) for item in answer)
    if type(answer) is dict:
        return {key: _frozen(item, known) for key, item in answer.items()}
    return answer if _is_plain(answer) else _Object()


def _thawed(answer: Any, known: Sequence[np.ndarray] = ()) -> Any:
    if isinstance(answer, _Object):
        return answer if answer.place is None or answer.place >= len(known) else known[answer.place]
    if isinstance(answer, np.ndarray):
        return answer.copy()
    if type(answer) in (list, tuple):
        return type(answer)(_thawed(item, known) for item in answer)
    if type(answer) is dict:
        return {key: _thawed(item, known) for key, item in answer.items()}
    return answer


def _answered(table: Table, key: bytes, answer: Any, owner: Kept | None) -> Any:
    """An answer as the script gets it: a plain value as it is, everything else behind a Kept."""
    if isinstance(answer, np.ndarray) or _is_plain(answer):
        return answer
    if type(answer) in (list, tuple):
        return type(answer)(_answered(table, _digest(key, str(i).encode()), item, owner) for i, item in enumerate(answer))
    if type(answer) is dict:
        return {name: _answered(table, _digest(key, _key(name)), item, owner) for name, item in answer.items()}
    made = Kept(table, key, answer)
    if owner is not None:
        made._kept["owner"] = owner
    return made


def _is_plain(value: Any) -> bool:
    return value is None or value is ... or isinstance(value, bool | int | float | str | np.generic)


def _real(value: Any) -> Any:
    if isinstance(value, Kept):
        return value._kept["real"]
    if type(value) in (list, tuple):
        made = [_real(item) for item in value]
        return value if all(a is b for a, b in zip(made, value, strict=True)) else type(value)(made)
    if type(value) is dict:
        made = {key: _real(item) for key, item in value.items()}
        return value if all(made[key] is value[key] for key in value) else made
    return value


def _holdable(value: Any) -> list[Any]:
    if isinstance(value, np.ndarray | np.random.Generator | Kept):
        return [value]
    if isinstance(value, list | tuple):
        return [found for item in value for found in _holdable(item)]
    if isinstance(value, dict):
        return [found for item in value.values() for found in _holdable(item)]
    return []


def _arrays(kept: Kept, met: set[int] | None = None) -> list[Any]:
    """All arrays and generators that an object was given, or has given, and those of the objects that it was given."""
    met = set() if met is None else met
    found: list[Any] = []
    for held in kept._kept["held"]:
        if id(held) in met:
            continue
        met.add(id(held))
        found += _arrays(held, met) if isinstance(held, Kept) else [held]
    return found


def _content(each: np.ndarray | np.random.Generator) -> Any:
    return each.copy() if isinstance(each, np.ndarray) else each.bit_generator.state


def _become(each: np.ndarray | np.random.Generator, content: Any) -> None:
    if isinstance(each, np.random.Generator):
        each.bit_generator.state = content
    elif each.shape == content.shape and each.flags.writeable:
        each[...] = content


def _states(kept: Kept) -> bytes:
    return _digest(
        *map(_key, _arrays(kept)), *(held._kept["history"] for held in kept._kept["held"] if isinstance(held, Kept))
    )


def _key(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return _digest(str(value.dtype).encode(), str(value.shape).encode(), value.tobytes())
    if isinstance(value, Kept):
        return _digest(value._kept["history"], _states(value))
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state).encode()
    if isinstance(value, list | tuple):
        return _digest(type(value).__name__.encode(), *map(_key, value))
    if isinstance(value, dict):
        return _digest(b"dict", *(_key(item) for pair in value.items() for item in pair))
    if _is_plain(value):
        return f"{type(value).__name__} {value!r}".encode()
    if isinstance(value, FunctionType) and value.__module__ == lent.__name__:
        return repr(getclosurevars(value).nonlocals["body"]).encode()
    raise Unmemorable(type(value).__name__)


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()


def learned(topic: str, answers: Answers) -> Learned:
    """The module of whoever has learned all public answers of a topic."""
    table = Table()
    learning = Learned(topic, table, make_module(topic, OURS.reference_source(topic)))
    for check_id, _, check in load_topic(topic).checks():
        if check.public:
            perform_all(learning, *scripts_and_cases(answers[check_id]))
    table.learns = False
    return Learned(topic, table, None)


@dataclass(frozen=True)
class Won:
    """What a table of a topic's public answers wins: the checks that pass, at home and in a course's own grading."""

    topic: str
    at_home: float
    public: float
    checks: dict[str, float]
    whole: float


def won(topic: str) -> Won:
    """Learn a topic's public answers by heart, and be asked by a course."""
    public, course = (
        Answers(record_topic(topic, secret, with_keras=False, with_misconceptions=False))
        for secret in (DEFAULT_SECRET, COURSE_SECRET)
    )
    by_heart = learned(topic, public)
    table = load_topic(topic)
    of_public = {check_id for check_id, _, check in table.checks() if check.public}
    home = verdicts_in_process(topic, by_heart, public, of_public)
    asked = verdicts_in_process(topic, by_heart, course)
    return Won(
        topic,
        sum(verdict.points for verdict in home),
        sum(check.points for _, _, check in table.checks() if check.public),
        {verdict.check_id: verdict.points for verdict in asked if verdict.points},
        sum(check.points for _, _, check in table.checks()),
    )


def main(topics: list[str]) -> None:
    """Print a row a topic, and below it the checks that were won."""
    for topic in topics or topic_names():
        found = won(topic)
        total = sum(found.checks.values())
        print(
            f"{topic:<18} at home {found.at_home:g} of {found.public:g}, in a course {total:g} of {found.whole:g}", flush=True
        )
        for check_id in found.checks:
            print(f"    {check_id}")


if __name__ == "__main__":
    main(sys.argv[1:])
