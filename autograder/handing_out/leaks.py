"""Looks for what must not be handed out in the bytes that are: solutions, known mistakes' code, hidden checks, secrets.

It is told nothing of how a kit was made. It takes the files apart (:mod:`autograder.handing_out.uncover`), reads every
text in them as words and signs, and looks for runs of them that stand in a solution and nowhere in what students are given.
"""

from __future__ import annotations

import ast
import base64
import binascii
import contextlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import compress, count, pairwise
from pathlib import Path
from typing import IO

import msgspec

from autograder.at_home.public import FILE_NAME, TABLES, unpack
from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.table import Topic
from autograder.errors import Impenetrable
from autograder.handing_out.assignments import solutions, stub_module
from autograder.handing_out.guide import GUIDE
from autograder.handing_out.handout import STUB
from autograder.handing_out.uncover import layers, printable, strings, texts
from autograder.recording.answers import DEFAULT_SECRET, Record, name_of, seed_for
from autograder.recording.misconceptions import mutants

Progress = Callable[[str, int, int], None]
Tokens = tuple[str, ...]

# Eight words and signs, two of them names: `return s * (1.0 - s)` is enough. With seven, a call in training's handout is taken
# for its solution; with eight the twelve topics raise no false alarm. A whole line counts from five on:
# `upstream * self._mask` is distinctive, `return x` is not.
RUN = 8
SHORTEST_LINE = 5
NAMES = 2
# The wheel holds the checks, and some of them compute a right answer by a formula: that of SELU, in the topic of Keras models,
# has thirty words and signs in common with a solution. A longer run is a copy.
RUN_IN_WHEEL = 32

# Of a secret this many characters are told where it is found: enough to know which one it is.
_TOLD = 3

# What a kit may hold of wheels: this package's own, which is looked into, and those of others, which are what they are: in
# these only the secret is looked for.
_OWN_WHEEL = re.compile(r"nablagrade-[\w.+]+-py3-none-any\.whl")
_OTHER_WHEEL = re.compile(r"wheels/(?!nablagrade-)[\w.+]+(?:-[\w.+]+){4,5}\.whl")

# What a kit holds, and nothing else. A topic's name stands for <topic>.
_OF_KIT = ("README.md", "LICENSE", "kit.json", GUIDE)
_OF_TOPIC = (
    r"<topic>\.py",
    r"<topic>\.ipynb",
    r"handout\.(?:md|html)",
    r"public_cases\.json",
    r"public\.answers",
    r"figures/\w+\.svg",
)


@dataclass(frozen=True)
class Leak:
    """Something that was found: in which file, where in it, and what it is."""

    file: str
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.what}" if self.place else f"{self.file}: {self.what}"


class Runs:
    """Runs of tokens to look for in texts, and what each of them is."""

    def __init__(self) -> None:
        self._what: dict[Tokens, str] = {}
        self._lengths: dict[Tokens, set[int]] = {}  # of the runs that begin with two tokens, or are of one

    def add(self, run: Tokens, what: str) -> None:
        """Look for one more run. What it is said to be at first holds."""
        self._what.setdefault(run, what)
        self._lengths.setdefault(run[:2], set()).add(len(run))

    def in_text(self, text: str) -> Iterator[tuple[Tokens, str]]:
        """The runs that a text holds, and what they are."""
        tokens = _tokens(text)
        for begun in ([*pairwise(tokens)], [*zip(tokens, strict=True)]):
            for start in compress(count(), map(self._lengths.__contains__, begun)):
                for length in self._lengths[begun[start]]:
                    run = tuple(tokens[start : start + length])
                    if run in self._what:
                        yield run, self._what[run]

    def take_out(self, given: Iterable[str]) -> None:
        """Look no longer for what stands in these texts."""
        for run in {run for text in given for run, _ in self.in_text(text)}:
            del self._what[run]


@dataclass(frozen=True)
class Sought:
    """What must not be found: runs of tokens, and what each run of bytes is.

    names: of hidden checks, to look for in what is no text. public: identifiers of the checks that may be told. catalogue:
    the topics whose sources these are.
    """

    runs: Runs
    secrets: Mapping[bytes, str]
    names: Mapping[bytes, str]
    public: frozenset[str]
    catalogue: Catalogue
    clean: set[bytes] = field(default_factory=set)  # contents in which nothing was found: a zip's files are its folder's
    secret: bytes = DEFAULT_SECRET

    def in_wheel(self) -> Sought:
        """What must not be in the wheel that a kit carries: the checks are there, the hidden ones too, and no inputs."""
        return sought_in_wheel(self.secret)

    def in_tables(self) -> Sought:
        """What must not be in the tables of a course's own topics: their checks are there, as ours are in the wheel."""
        return sought_in_wheel(self.secret, self.catalogue)


# --- what is sought ---------------------------------------------------------------------------------------------------------

# Quotes, backticks, backslashes and the mark of a comment are no tokens: to change or add them hides nothing.
_TOKEN = re.compile(r"\w+|[^\w\s#'\"`\\]")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


@cache  # a process that makes several kits seeks the same in them
def sought_in_kit(secret: bytes, catalogue: Catalogue = OURS) -> Sought:
    """What must not be in a kit: any topic's solutions, mistakes' code, hidden checks and marks, and the course's secret."""
    runs, tables = _code(RUN, catalogue), [catalogue.topic(name) for name in catalogue.names]
    for table in tables:
        for check_id, _, check in table.checks():
            if not check.public:
                _add_text(runs, check.sentence, RUN, f"the sentence of the hidden check {check_id}")
    # Whatever students are given is not sought: `np.sum(x, axis=0)` stands in many a solution, and in a handout too.
    runs.take_out(_given(catalogue))
    for table in tables:
        _add_hidden(runs, table, secret)
    for mark, what in _MARKS.items():
        runs.add(tuple(_tokens(mark)), f"{mark!r}, {what}")
    checks = [(check_id, check.public) for table in tables for check_id, _, check in table.checks()]
    return Sought(
        runs,
        _forms(secret),
        names={check_id.encode(): f"the hidden check {check_id}" for check_id, public in checks if not public},
        public=frozenset(check_id for check_id, public in checks if public),
        catalogue=catalogue,
        secret=secret,
    )


@cache
def sought_in_wheel(secret: bytes, catalogue: Catalogue = OURS) -> Sought:
    """What must not be in the wheel: solutions, mistakes' code and the secret. The checks are there, the hidden ones too."""
    runs = _code(RUN_IN_WHEEL, catalogue)
    runs.take_out(_given(catalogue))
    return Sought(runs, _forms(secret), {}, frozenset(), catalogue)


# The marks that no source of ours is without: whoever copies one takes them along.
_MARKS = {
    "BEGIN SOLUTION": "which marks a solution in a source",
    "END SOLUTION": "which marks a solution in a source",
    "BEGIN HIDDEN TESTS": "which marks hidden tests in a source",
    "@misconception(exercise": "which marks a known mistake in a source",
}


def _code(length: int, catalogue: Catalogue) -> Runs:
    """Runs of every solution, and of the code of every known mistake."""
    runs = Runs()
    for code, what in _pieces(catalogue):
        _add_code(runs, code, length, what)
    for topic in filter(catalogue.is_quiz, catalogue.names):
        _add_quiz(runs, topic, length, catalogue)
    return runs


@cache  # sought in a kit, and in the wheel that it carries
def _pieces(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Every solution, and the code of every known mistake, each with what it is."""
    found: list[tuple[str, str]] = []
    for topic in catalogue.names:
        found += [(code, f"a piece of a solution of {topic}") for code in solutions(catalogue.reference_source(topic))]
        if catalogue.is_quiz(topic):
            continue
        source = catalogue.misconceptions_source(topic)
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                found.append((text, f"code of the known mistake {node.name} of {topic}"))
    return tuple(found)


def _add_code(runs: Runs, code: str, length: int, what: str) -> None:
    _add_text(runs, code, length, what)
    without = "\n".join(re.sub(r"\s+# .*", "", line) for line in code.splitlines())
    _add_text(runs, without, length, what)  # comments between its lines can be left away
    for line in without.splitlines():
        tokens = _from_name_to_name(_tokens(line))
        if _least(length) <= len(tokens) < length:
            _add_run(runs, tokens, what)


def _add_text(runs: Runs, text: str, length: int, what: str) -> None:
    tokens = _tokens(text)
    for start in range(max(1, len(tokens) - length + 1)):
        if len(tokens) - start >= _least(length) and _is_name(tokens[start]):
            _add_run(runs, tuple(tokens[start : start + length]), what)


def _least(length: int) -> int:
    """How long a whole line or sentence must be, where a run in it has this length. In the wheel a line is nothing."""
    return SHORTEST_LINE if length == RUN else length


def _add_run(runs: Runs, run: Tokens, what: str) -> None:
    """Look for a run that is distinctive: it begins with a name, and has enough of them. What it is tells its beginning."""
    if _is_name(run[0]) and len(set(filter(_is_name, run))) >= NAMES:
        runs.add(run, f"{what}: {' '.join(run[:4])} ...")


def _add_quiz(runs: Runs, topic: str, length: int, catalogue: Catalogue) -> None:
    """A quiz's key, of which one answer has three tokens; and what is said of wrong answers, which tells the right ones."""
    for mutant in mutants(topic, catalogue):
        about = mutant.about
        _add_text(runs, f"{about.text} {about.look}", length, f"an explanation of {about.exercise} of {topic}")
    for solution in solutions(catalogue.reference_source(topic)):
        for line in solution.splitlines():
            tokens = _from_name_to_name(_tokens(line))
            if tokens[1:2] == (":",):
                for sign in ((":",), ("=",), ("]", "=")):
                    runs.add((tokens[0], *sign, *tokens[2:]), f"the answer to {tokens[0]} of {topic}")


def _from_name_to_name(tokens: list[str]) -> Tokens:
    """A line without the brackets and commas around it."""
    kept = [i for i, token in enumerate(tokens) if token.isalnum() or _is_name(token)]
    return tuple(tokens[kept[0] : kept[-1] + 1]) if kept else ()


@cache  # of every token of every window
def _is_name(token: str) -> bool:
    return token[0] == "_" or token[0].isalpha()


@cache
def _given(catalogue: Catalogue) -> tuple[str, ...]:
    """What students are given of every topic: prose, stubs, public checks' sentences, and what is said of known mistakes."""
    given = []
    for topic in catalogue.names:
        stub = stub_module(catalogue.reference_source(topic))
        given += [stub, "\n".join(line for line in stub.splitlines() if line.strip() not in STUB)]  # as in a handout
        given += [check.sentence for _, _, check in catalogue.topic(topic).checks() if check.public]
        if not catalogue.is_quiz(topic):
            given += [f"{mutant.about.text}\n{mutant.about.look}" for mutant in mutants(topic, catalogue)]
    return tuple(given)


def _add_hidden(runs: Runs, table: Topic, secret: bytes) -> None:
    for check_id, _, check in table.checks():
        if not check.public:
            runs.add(tuple(_tokens(check_id)), f"the hidden check {check_id}")
        if secret != DEFAULT_SECRET:
            seed = seed_for(secret, check_id)
            for form in (str(seed), f"{seed:x}", f"{seed:016x}"):
                runs.add((form,), f"the seed of {check_id}")


def _forms(secret: bytes) -> dict[bytes, str]:
    """A secret in the forms that no reading undoes: reversed, as a number, in other case, what it stands for, and its halves.

    The embedded course's secret is none.
    """
    if secret == DEFAULT_SECRET:
        return {}
    whole = {secret, base64.b64encode(secret), secret.hex().encode(), str(int.from_bytes(secret, "big")).encode()}
    with contextlib.suppress(binascii.Error, ValueError):
        whole.add(bytes.fromhex(secret.decode()))
    with contextlib.suppress(binascii.Error, ValueError):
        whole.add(base64.b64decode(secret, altchars=b"-_", validate=True))
    half = len(secret) // 2
    halves = {secret[:half], secret[half:]} if half >= _HALF else set()
    told = secret[:_TOLD].decode("ascii", "replace")
    every = {form for part in whole | halves for form in (part, part[::-1], part.lower(), part.upper())}
    return {form: f"the course's secret, or half of it ({told}...)" for form in every if len(form) >= _HALF}


# Half a secret of 24 bytes or more is looked for too. Less could be a word of a passphrase, which stands in many a handout.
_HALF = 12


# --- looking for it ---------------------------------------------------------------------------------------------------------


def leaks_in(content: bytes, file: str, sought: Sought) -> list[Leak]:
    """What is sought and found in a file's bytes, or in its path: each thing once, at the first place."""
    inside = list(_found_in(content, sought))
    if not inside:
        sought.clean.add(content)
    found: dict[str, Leak] = {}
    for place, what in (*_found_in(file.encode("utf-8", "replace"), sought, "its name"), *inside):
        found.setdefault(what.partition(": ")[0], Leak(file, place, what))
    return list(found.values())


def _found_in(content: bytes, sought: Sought, place: str = "") -> Iterator[tuple[str, str]]:
    try:
        for layer in layers(content, place, sought.clean):
            yield from ((layer.place, what) for what in _bytes_in(layer.content, sought))
            for text in texts(layer.content):
                yield from ((layer.place, what) for what in _bytes_in(text.encode("utf-8", "replace"), sought))
                yield from ((layer.place, what) for _, what in sought.runs.in_text(text))
    except Impenetrable as error:
        yield "", f"it cannot be looked into: {error}"


def _bytes_in(content: bytes, sought: Sought) -> Iterator[str]:
    yield from (what for secret, what in sought.secrets.items() if secret in content)
    if b"\0" in content:  # no text: here a name may touch letters that belong to no word
        text = printable(content)
        yield from (what for name, what in sought.names.items() if name in text)


def leaks_in_kit(
    files: Mapping[str, bytes], topics: Iterable[str], sought: Sought, progress: Progress | None = None
) -> list[Leak]:
    """What must not be in a kit and is, in its files by their paths."""
    said = progress or (lambda *_: None)
    found = []
    for done, (name, content) in enumerate(sorted(files.items())):
        said("the kit's files", done, len(files))
        topic = name.split("/")[0]
        if not _belongs(name, topics):
            found.append(Leak(name, "", "a kit holds no such file"))
        if _OWN_WHEEL.fullmatch(name):
            found += _leaks_in_own_wheel(name, content, sought)
            continue
        if name.startswith(f"{TABLES}/"):
            found += leaks_in(content, name, sought.in_tables())
            continue
        if _OTHER_WHEEL.fullmatch(name):
            found += [Leak(name, "", what) for secret, what in sought.secrets.items() if secret in content]
            continue
        if name == f"{topic}/{FILE_NAME}":
            found += _leaks_in_answers(name, content, topic, sought)
        elif name == f"{topic}/{topic}.py":
            found += _unfilled(name, content, sought.catalogue.topic(topic))
        found += leaks_in(content, name, sought)
    said("the kit's files", len(files), len(files))
    return found


def _leaks_in_own_wheel(name: str, content: bytes, sought: Sought) -> list[Leak]:
    """The wheel is looked into once, as a wheel: the zip around it, which is looked into as a kit, holds the same bytes."""
    if content in sought.clean:
        return []
    found = leaks_in_wheel(io.BytesIO(content), sought.in_wheel(), name)
    if not found:
        sought.clean.add(content)
    return found


def _belongs(name: str, topics: Iterable[str]) -> bool:
    if name in _OF_KIT or name.startswith(f"{TABLES}/checks/") or _OWN_WHEEL.fullmatch(name) or _OTHER_WHEEL.fullmatch(name):
        return True
    return any(re.fullmatch(f"{topic}/{place.replace('<topic>', topic)}", name) for topic in topics for place in _OF_TOPIC)


def _leaks_in_answers(name: str, content: bytes, topic: str, sought: Sought) -> Iterator[Leak]:
    """What is recorded must be public, and drawn with the embedded course's secret."""
    unpacked = unpack(content)
    try:
        record = msgspec.msgpack.decode(unpacked[1], type=Record) if unpacked else None
    except msgspec.MsgspecError:
        record = None
    if record is None:
        yield Leak(name, "", "it is not the public answers of this version, so it cannot be looked into")
        return
    for check in record.checks:
        if check.id not in sought.public:
            yield Leak(name, "its checks", f"the hidden check {check.id} is recorded")
    if record.made_from.secret != name_of(DEFAULT_SECRET):
        yield Leak(name, "what it was made from", "it is recorded with a secret that is not the embedded course's")
    yield from leaks_in("\n".join(strings(record)).encode(), name, sought)


def _unfilled(name: str, content: bytes, table: Topic) -> Iterator[Leak]:
    """Every function and class that an exercise asks for is a stub: a solution without its marks would stand in the open."""
    try:
        text = content.decode()
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        yield Leak(name, "", "it cannot be read as Python")
        return
    asked = {exercise.name for exercise in table.exercises}
    owned: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            owned[node.name] = node
        if isinstance(node, ast.ClassDef):
            owned |= {f"{node.name}.{inner.name}": inner for inner in node.body if isinstance(inner, ast.FunctionDef)}
    lines = text.splitlines()
    for shown in sorted(asked & owned.keys()):
        node = owned[shown]
        if not any(STUB[0] in line for line in lines[node.lineno - 1 : node.end_lineno]):
            yield Leak(name, shown, "it is to be written by students, and is no stub")


def leaks_in_zip(content: bytes, made: bytes, files: Mapping[str, bytes], sought: Sought) -> list[Leak]:
    """What must not be in a kit's zip and is.

    files: those of the folder, which have been looked into. made: the zip that they come to; anything in the zip beside them
    makes other bytes.
    """
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inner = {entry.filename.partition("/")[2]: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return [Leak("the zip", "", "it cannot be read")]
    for name in sorted(inner):
        if name not in files:
            found.append(Leak(f"the zip, {name}", "", "the folder holds no such file"))
        elif inner[name] != files[name]:
            found.append(Leak(f"the zip, {name}", "", "it is not the folder's file"))
    if content != made:
        found.append(Leak("the zip", "", "it holds something beside its files"))
        found += leaks_in(content, "the zip", sought)
    return found


def leaks_in_wheel(wheel: Path | IO[bytes], sought: Sought, above: str = "") -> list[Leak]:
    """What must not be in a wheel, or another zip, and is. above: what the wheel is called where it stands among others."""
    with zipfile.ZipFile(wheel) as archive:
        found = [leak for name in sorted(archive.namelist()) for leak in leaks_in(archive.read(name), name, sought)]
    return [replace(leak, file=f"{above}, {leak.file}") for leak in found] if above else found
