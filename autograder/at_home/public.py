"""The recorded answers of a topic's public checks, as a student's kit carries them.

A kit is made for everybody, so its answers are drawn with the embedded course's secret, which every copy of the package has,
and never with the secret of the course that hands it out. A hidden grading draws other inputs from the course's own secret:
whoever remembers the public answers gains nothing by them. A worked example's numbers are the same everywhere; others that
are not are asked beside them.

With the right answers a kit carries those of the known mistakes, so that a failure is named with no network and no solution
at hand. It carries no code of either, and none is taken from it: what is asked is written anew by the installed package's
checks, and a file that asks anything else is refused.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder._version import __version__
from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.script import written
from autograder.declare.table import Topic
from autograder.errors import GraderFault, Unfit, WrongUsage
from autograder.recording.answers import (
    DEFAULT_SECRET,
    Answers,
    MadeFrom,
    Record,
    RecordedCheck,
    decode_record,
    made_from,
    seal,
    unseal,
)
from autograder.wall.inside import wire
from autograder.wall.inside.perform import request, requested

FILE_NAME = "public.answers"
ROOT_FILE = "kit.json"  # marks the folder that holds a whole kit
# A kit with topics of a course's own has their tables in here: hidden, so that nobody takes one for a student's module.
TABLES = ".course"
_MAGIC = b"nablagrade public answers\n"

# Deflate at its best: activations has 345 KiB of 861, layers 335 of 819, unpacked in milliseconds. LZMA takes longer, out of
# the one second in which a student reads the first answer.
_LEVEL = 9

# So much may a file of answers unpack to, which may come from anybody. The largest of ours, of regularization, has 2 MiB.
LARGEST = 32 * 2**20


def public_record(topic: str, table: Topic | None = None, catalogue: Catalogue = OURS) -> Record:
    """The public checks of a topic with their cases, the smallest first, and what reference and misconceptions answer.

    table: the topic as a course asks it, where exercises are left out. Misconceptions that no public check of their own
    exercise tells are left out, and so is what Keras answers: neither is read where public checks are judged. Raises
    GraderFault where nothing is recorded and the reference is not at hand.
    """
    from autograder.recording.record import answers_for

    asked = {check_id for check_id, _, check in (table or catalogue.topic(topic)).checks() if check.public}
    answers = answers_for(topic, DEFAULT_SECRET, catalogue=catalogue)
    checks = [check for check in answers.record.checks if check.id in asked]
    told = {
        name
        for check in checks
        for name in answers.part(check.id, "mistaken")
        if answers.misconceptions[name].exercise == _exercise(check)
    }
    slips = {name for check in checks for name in answers.part(check.id, "slips") or ()}
    return msgspec.structs.replace(
        answers.record,
        made_from=_asks_and_judges(answers.record.made_from),
        slips=[about for about in answers.record.slips if about.name in slips],
        keras_version="",
        families=[],  # they say which numbers the right formula has
        misconceptions=[about for about in answers.record.misconceptions if about.name in told],
        checks=[
            msgspec.structs.replace(check, keras=b"", families=b"", mistaken=_only(answers, check, told)) for check in checks
        ],
    )


def _exercise(check: RecordedCheck) -> str:
    return check.id.split("/")[1]


def _only(answers: Answers, check: RecordedCheck, told: set[str]) -> bytes:
    mistaken = answers.part(check.id, "mistaken")
    return wire.encode({name: wrong for name, wrong in mistaken.items() if name in told})


def public_bytes(record: Record) -> bytes:
    """The file of a public record. The version of the package stands before the rest, for every other version to read."""
    packed = zlib.compress(msgspec.msgpack.encode(record), _LEVEL)
    return seal(_MAGIC, f"{__version__}\n".encode() + packed)


def unpack(content: bytes) -> tuple[str, bytes] | None:
    """The version of the package that wrote a public record, and the record's own bytes; None where it is none, or damaged."""
    payload = unseal(_MAGIC, content)
    if payload is None:
        return None
    version, _, packed = payload.partition(b"\n")
    try:
        inflating = zlib.decompressobj()
        payload = inflating.decompress(packed, LARGEST)
        return (version.decode(), payload) if inflating.eof else None
    except (zlib.error, UnicodeDecodeError):
        return None


def read_public(path: Path, topic: str, catalogue: Catalogue = OURS) -> Answers:
    """A topic's public answers from their file.

    Raises GraderFault where it cannot be read, is damaged, or asks otherwise than the package that is installed.
    """
    try:
        unpacked = unpack(path.read_bytes())
    except OSError as error:
        raise GraderFault(f"{path} cannot be read ({error.strerror}): unpack the kit once more.") from None
    if unpacked is None:
        raise GraderFault(f"{path} is damaged: unpack the kit once more.")
    version, payload = unpacked
    wanted = _asks_and_judges(made_from(topic, DEFAULT_SECRET, catalogue))
    try:
        record = decode_record(path, payload, wanted)
    except Unfit:
        raise GraderFault(_other_version(path, version)) from None
    if record.topic != topic:
        raise GraderFault(f"{path} is of the topic {record.topic}, and {topic} was asked for: unpack the kit once more.")
    answers = Answers(record)
    if not _asks_what_is_declared(answers, catalogue.topic(topic)):
        raise GraderFault(f"{path} asks what no check of {topic} asks: it was changed, and nothing of it is run.")
    return answers


def _asks_what_is_declared(answers: Answers, table: Topic) -> bool:
    """Whether each request is what the installed package's own check writes for the recorded cases.

    What is performed on a student's machine, with no wall, is then ours: of the file only the values are taken. As they are
    read from a file they may be written in other words: an array that is given twice is two, and a shape is a list.
    """
    declared = {check_id: check for check_id, _, check in table.checks() if check.public}
    for recorded in answers.record.checks:
        check = declared.get(recorded.id)
        if check is None:
            return False
        try:
            scripts, cases, _ = written(check.program, answers.part(recorded.id, "cases"), check.layout)
            asked = request(scripts, cases)
            same = asked == recorded.request or _meanings(asked) == _meanings(recorded.request)
        except Exception:  # cases that are not of the check's form may fail in its program in any way
            return False
        if not same:
            return False
    return True


def _meanings(request: bytes) -> list[Any]:
    """What is performed for each case, but for what a file cannot tell: which arrays are one, and a tuple from a list."""
    scripts, cases = requested(request)
    taken = [(scripts[case.script], case.constants) for case in cases]
    return [
        [script.layout, script.due, _meaning(script.steps, constants), _meaning(script.outputs, constants)]
        for script, constants in taken
    ]


def _meaning(expression: Any, constants: list[np.ndarray]) -> Any:
    """A part of a script, with arrays in the place of their numbers."""
    if isinstance(expression, dict):
        return {name: _meaning(inner, constants) for name, inner in expression.items()}
    if not isinstance(expression, list):
        return (type(expression), repr(expression))  # 0.0 is not -0.0 here, and NaN is NaN
    match expression:
        case ["constant", number]:
            array = constants[number]
            return (array.dtype.str, array.shape, array.tobytes())
        case ["held", [_, content]]:
            return _meaning(content, constants)
        case ["tuple", content]:
            return _meaning(["list", content], constants)
    return [_meaning(inner, constants) for inner in expression]


def _asks_and_judges(whole: MadeFrom) -> MadeFrom:
    """What a kit is held against: what it was recorded with, and from which reference, is not a student's affair."""
    return MadeFrom(secret=whole.secret, checks=whole.checks, engine="", libraries={}, reference="", misconceptions="")


def _other_version(path: Path, version: str) -> str:
    if version != __version__:
        return (
            f"{path} was made by nablagrade {version}, and {__version__} is installed, which asks otherwise. "
            f"Install the wheel that the kit came with, as its README.md says: that is version {version}."
        )
    return f"{path} was made before the checks were changed: ask your instructor for the kit of today."


def find_public(topic: str, near: Path, catalogue: Catalogue = OURS) -> Answers:
    """A topic's public answers: those of the kit in which this file or folder lies; else, in a clone, those recorded there.

    They are looked for beside it, in its folder ``<topic>``, and the same in every folder above it up to the kit's root.
    Raises WrongUsage where nothing of the topic is public, and GraderFault where there is no kit, or as :func:`read_public`.
    """
    if not any(check.public for _, _, check in catalogue.topic(topic).checks()):
        raise WrongUsage(f"{topic} has no public checks: its answers are graded when you hand them in.")
    for path in _places(topic, near):
        if path.is_file() and _is_of(topic, path):
            return read_public(path, topic, catalogue)
    if catalogue.has_reference(topic):
        return Answers(public_record(topic, catalogue=catalogue))
    raise GraderFault(
        f"The public cases of {topic} are not here. They are in the kit that your instructor gave you, as "
        f"{topic}/{FILE_NAME}: work in the kit's folder, or copy that file beside {topic}.py."
    )


def catalogue_near(near: Path) -> Catalogue:
    """The topics of the kit in which this file or folder lies: ours, and those of its course's own; without a kit, ours."""
    folder = near.absolute() if near.is_dir() else near.absolute().parent
    root = next((place for place in (folder, *folder.parents) if (place / ROOT_FILE).is_file()), None)
    return Catalogue(root / TABLES) if root and (root / TABLES / "checks").is_dir() else OURS


def kit_answers(topics: Iterable[str], kit: Path | None, catalogue: Catalogue = OURS) -> dict[str, Answers]:
    """The public answers of those of these topics that have any: a kit's, where one is named, else those recorded here.

    Never those that happen to lie beside a submission, which may have brought them. Raises WrongUsage where no topic has any,
    or no kit is named and nothing can be recorded here; and like find_public.
    """
    asked = [topic for topic in topics if any(check.public for _, _, check in catalogue.topic(topic).checks())]
    if not asked:
        raise WrongUsage("No topic with public checks is here: its answers are graded when you hand them in.")
    if kit is not None:
        return {topic: find_public(topic, kit, catalogue) for topic in asked}
    if missing := [topic for topic in asked if not catalogue.has_reference(topic)]:
        raise WrongUsage(
            f"Whose answers? The reference of {missing[0]} is not here, and answers that lie beside a submission may be "
            "its own: say --kit FOLDER, or --kit . to trust those that lie here."
        )
    return {topic: Answers(public_record(topic, catalogue=catalogue)) for topic in asked}


def trusted_words(submission: Path, kit: Path) -> list[str]:
    """What a report must say of a kit's answers: nothing, where they lie where a submission cannot have changed them."""
    handed_in, answers = submission.resolve(), kit.resolve()
    folder = handed_in if handed_in.is_dir() else handed_in.parent
    if not (answers.is_relative_to(folder) or folder.is_relative_to(answers)):
        return []
    return [
        "The public cases and their answers lie with what was handed in, and could have been changed there: this is no mark."
    ]


def _places(topic: str, near: Path) -> Iterator[Path]:
    folder = near.absolute() if near.is_dir() else near.absolute().parent
    above = [folder, *folder.parents]
    root = next((i for i, place in enumerate(above) if (place / ROOT_FILE).is_file()), 0)
    for place in above[: root + 1]:
        yield from (place / FILE_NAME, place / topic / FILE_NAME)


def _is_of(topic: str, path: Path) -> bool:
    """Whether a file of public answers is this topic's; one that cannot be read is, for reading it says what is wrong."""
    if path.parent.name == topic:
        return True
    try:
        unpacked = unpack(path.read_bytes())
        return unpacked is None or msgspec.msgpack.decode(unpacked[1], type=_Named).topic == topic
    except (OSError, msgspec.MsgspecError):
        return True


class _Named(msgspec.Struct):
    """The one field of a record that says whose it is, whatever version wrote the rest."""

    topic: str
