"""Random input for everything that reads what a stranger sends: each gives a result or one clear error, and nothing else.

    python -m tests.fuzz [MINUTES] [TARGET ...]         # a process for each processor

Hypothesis draws the inputs: replies of a worker and mutated right answers, downloads, notebooks, tables, course files, kits'
answers, metadata. A target fails with an exception that is not of its form, or a report larger than anybody reads. The tests
run each with a few inputs that are the same every time; here seeds follow one another until the time is over.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import random
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import numpy as np
from hypothesis import strategies as st

from autograder.at_home.public import public_bytes, public_record, read_public
from autograder.classroom.fingerprint import fingerprint
from autograder.classroom.roster import read_table
from autograder.course.settings import Course, read_course
from autograder.declare.catalogue import OURS
from autograder.downloads.gradescope_metadata import read_metadata
from autograder.downloads.importing import import_download
from autograder.errors import GradeError, GraderFault, Unreadable, UnreadableNotebook, WorkerLost, WrongUsage
from autograder.gradescope.layout import Container
from autograder.gradescope.run import dated
from autograder.grading.assembling import topic_report
from autograder.grading.budget import Budget
from autograder.grading.judge import judge
from autograder.grading.topic_run import TopicResult
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.record import answers_for
from autograder.render import classroom, gradescope, junit, prairielearn
from autograder.render.html import report_html
from autograder.render.terminal import print_report
from autograder.report import VERSION, Report, SandboxReport, Timing, to_json
from autograder.submission.notebook import read_cells
from autograder.submission.read import read_submission
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Failure, Outcome, honest
from autograder.wall.limits import Limits
from autograder.wall.worker import Exchange

# Inputs of a seed: a target is left for the next after so many.
AT_ONCE = 100
# What Hypothesis drew is tried in so many places, with so many bytes changed; and so many checks make a report.
ROUNDS, TOGETHER = 16, 6
# What a report may have, of a topic of which every check is answered as oddly as can be.
LARGEST_REPORT = 4 * 2**20

# --- values -----------------------------------------------------------------------------------------------------------------

ODD_TEXTS = ["returned", "ValueError", "<script>", "=1+1", "\x1b[31m", "\u202e", "\ud800", "x" * 500]
texts = st.text(max_size=12) | st.sampled_from(ODD_TEXTS)
numbers = st.floats(width=64) | st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0.0, -0.0, 1e308, 5e-324, 2**53])
dtypes = st.sampled_from(sorted(wire.DTYPES))


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """An array of any dtype that crosses and any small shape, of any bytes."""
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    dtype = np.dtype(draw(dtypes))
    size = int(np.prod(shape)) * dtype.itemsize
    raw = draw(st.binary(min_size=size, max_size=size))
    if dtype.kind == "b":
        raw = bytes(byte & 1 for byte in raw)
    return np.frombuffer(raw, dtype).reshape(shape)


leaves = st.none() | st.booleans() | numbers | texts | arrays() | st.builds(wire.Foreign, texts.map(lambda text: text[:80]))
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


def mutated(rng: random.Random, odd: list[Any], value: Any, depth: int = 0) -> Any:
    """A right answer with something odd in a place or two."""
    if depth and rng.randrange(6) == 0:
        return rng.choice(odd)
    if isinstance(value, dict):
        return {key: mutated(rng, odd, item, depth + 1) for key, item in value.items() if rng.randrange(10)}
    if isinstance(value, list | tuple):
        kept = [mutated(rng, odd, item, depth + 1) for item in value[:20]]
        return [*kept, *value[20:], *([rng.choice(odd)] if rng.randrange(10) == 0 else [])]
    if isinstance(value, np.ndarray) and rng.randrange(2):
        negative = -value if value.dtype.kind == "f" else value
        return rng.choice([value.T, value[None], value.ravel(), value.astype(np.float32), negative])
    return value


def broken(rng: random.Random, content: bytes) -> bytes:
    """Bytes of which some are changed, left out, doubled or followed by others."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        place = rng.randint(0, max(0, len(data) - 1))
        kind = rng.randrange(5)
        if kind == 0 and data:
            data[place] = rng.randrange(256)
        elif kind == 1:
            del data[place : place + rng.randint(1, 40)]
        elif kind == 2:
            data[place:place] = rng.randbytes(rng.randrange(20))
        elif kind == 3:
            data[place:place] = data[place : place + rng.randint(1, 60)]
        else:
            del data[place:]
    return bytes(data)


def dice(draw: st.DrawFn) -> random.Random:
    """Chance that costs nothing to draw: Hypothesis chooses its seed, and what is odd; where it goes is chosen by this."""
    return random.Random(draw(st.integers(0, 2**64 - 1)))


# --- what comes over the wall ---------------------------------------------------------------------------------------------


class _Line:
    """A worker that sends these bytes and ends."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        return self._content.readinto(buffer)

    def send(self, data: bytes, deadline: float) -> None:
        """Nobody reads it."""


def reply(draw: st.DrawFn) -> int:
    """Bytes in place of a reply become outcomes that could have been sent, or a lost worker."""
    outcomes = draw(
        st.lists(
            st.builds(
                Outcome,
                st.dictionaries(texts, values, max_size=3),
                st.lists(st.integers(-3, 2**21), max_size=4),
                st.lists(texts, max_size=3),
                st.none() | st.builds(Failure, texts, texts, st.integers(-1, 2**40), st.booleans(), st.integers(-1, 9)),
            ),
            max_size=3,
        )
    )
    try:
        payload = wire.encode(outcomes)
    except (UnicodeEncodeError, msgspec.EncodeError):
        payload = draw(st.binary(max_size=60))
    rng = dice(draw)
    for number in range(ROUNDS):
        sent = broken(rng, payload) if number else payload
        length = rng.choice([len(sent), len(sent), 0, len(sent) + 1, 2**31])
        try:
            found = Exchange(_Line(length.to_bytes(4, "little") + sent)).outcomes()
        except WorkerLost:
            continue
        assert honest(found)
    return ROUNDS


@cache
def recorded(topic: str) -> tuple[Answers, list[Any]]:
    """A topic's answers, and its checks."""
    return answers_for(topic, DEFAULT_SECRET), OURS.topic(topic).checks()


def outcomes_of(rng: random.Random, odd: list[Any], answers: Answers, check_id: str) -> list[Outcome] | None:
    """Outcomes of a check: the right ones, in some places odd, as they come over the wall; None where these do not."""
    made = []
    for right, form in zip(answers.part(check_id, "expected"), answers.part(check_id, "forms"), strict=True):
        outputs = dict.fromkeys(form) | right
        kind = rng.randrange(4)
        outputs = (
            mutated(rng, odd, outputs) if kind == 0 else dict.fromkeys(outputs, rng.choice(odd)) if kind == 1 else outputs
        )
        failure = Failure(rng.choice(ODD_TEXTS[:6]), rng.choice(ODD_TEXTS[:6])) if rng.randrange(20) == 0 else None
        changed = rng.sample(range(6), 2) if rng.randrange(10) == 0 else []
        said = ["RuntimeWarning"] if rng.randrange(10) == 0 else []
        made.append(Outcome({name: wire.portable(value) for name, value in outputs.items()}, changed, said, failure))
    try:
        sent = wire.decoder(list[Outcome]).decode(wire.encode(made))
    except (UnicodeEncodeError, msgspec.MsgspecError, wire.WireError):
        return None
    return sent if honest(sent) else None


def judging(draw: st.DrawFn, topic: str) -> int:
    """Whatever crosses is right or wrong: no check of any topic fails to judge it."""
    answers, checks = recorded(topic)
    rng, odd = dice(draw), draw(st.lists(values, min_size=2, max_size=4))
    for check_id, exercise, check in rng.choices(checks, k=ROUNDS):
        if (sent := outcomes_of(rng, odd, answers, check_id)) is None:
            continue
        verdict = judge(check_id, exercise.name, check, answers, sent)
        assert verdict.status in ("passed", "failed", "error", "todo", "missing", "manual"), (check_id, verdict.status)
        fingerprint(verdict)
    return ROUNDS


def explaining(draw: st.DrawFn, topic: str) -> int:
    """Whatever was judged is explained and put into every form, no larger than anybody reads."""
    answers, checks = recorded(topic)
    rng, odd = dice(draw), draw(st.lists(values, min_size=2, max_size=4))
    first = rng.randint(0, max(0, len(checks) - TOGETHER))
    verdicts = [
        judge(check_id, exercise.name, check, answers, sent)
        for check_id, exercise, check in checks[first : first + TOGETHER]
        if (sent := outcomes_of(rng, odd, answers, check_id)) is not None
    ]
    table = OURS.topic(topic)
    faults: list[logging.LogRecord] = []
    listener = logging.Handler()
    listener.emit = faults.append  # type: ignore[method-assign]
    log = logging.getLogger("autograder")
    log.addHandler(listener)
    try:
        told = topic_report(TopicResult(topic, verdicts), table, answers, Budget(Limits()))
    finally:
        log.removeHandler(listener)
    assert not faults, faults[0].getMessage()
    report = Report(
        VERSION, told.score, told.max_score, "full", [told], [], [], SandboxReport(True, 5, 10, 300, 1024, 16),
        Timing(0.1, {topic: 0.1}, "landlock", 1, {topic: ""}),
    )  # fmt: skip
    shown = [to_json(report), report_html(report, "submission").encode("utf-8", "surrogatepass"), gradescope.render(report)]
    shown += [junit.render(report), prairielearn.render(report), classroom.result(report).encode()]
    shown += [text.encode("utf-8", "surrogatepass") for text in (classroom.step_summary(report), printed(report))]
    for text in shown:
        assert len(text) < LARGEST_REPORT, len(text)
    strange = {character for character in printed(report) if not character.isprintable() and character != "\n"}
    assert not strange, strange
    return len(verdicts)


def printed(report: Report) -> str:
    """The report as a terminal shows it."""
    from rich.console import Console

    file = io.StringIO()
    console = Console(file=file, width=100, no_color=True, highlight=False, markup=False, emoji=False)
    print_report(report, "submission", console)
    return file.getvalue()


# --- files ------------------------------------------------------------------------------------------------------------------

SOURCE = "def tanh(x):\n    return x\n"
NAMES = [
    "activations.py", "ada/activations.py", "../x.py", "ada/../../x", "", "a" * 300, "ada/", "ada/inner.zip",
    "A/ACTIVATIONS.PY", "ada\\layers.py", "con.py", "ada/\u202ex.py",
]  # fmt: skip


def archive(draw: st.DrawFn) -> int:
    """A download that was mutated is imported, or refused in a sentence; what is taken stays inside."""
    file = io.BytesIO()
    names = st.sampled_from(NAMES)
    with zipfile.ZipFile(file, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as made:
        for name in draw(st.lists(names | st.text(max_size=10), min_size=1, max_size=4, unique=True)):
            content: str | bytes = SOURCE
            if name.endswith(".zip"):
                inner = io.BytesIO()
                with zipfile.ZipFile(inner, "w") as nested:
                    nested.writestr(draw(st.sampled_from(["activations.py", "../y.py"])), SOURCE)
                content = broken(dice(draw), inner.getvalue()) if draw(st.booleans()) else inner.getvalue()
            try:
                made.writestr(zipfile.ZipInfo(name.replace("\0", "0")), content)
            except (UnicodeEncodeError, ValueError, IndexError):  # of Python's own writer, at a name without a letter
                hypothesis.reject()
    rng = dice(draw)
    for number in range(ROUNDS // 2):
        with tempfile.TemporaryDirectory() as folder:
            download, out = Path(folder, "download.zip"), Path(folder, "out")
            download.write_bytes(broken(rng, file.getvalue()) if number else file.getvalue())
            with contextlib.suppress(GradeError, Unreadable):
                import_download(download, out)
            assert {*Path(folder).iterdir()} <= {download, out}
    return ROUNDS // 2


TEST = {"nbgrader": {"grade": True}}
BOOK = {
    "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": "a", "metadata": TEST, "source": [SOURCE], "outputs": [], "execution_count": 1},
        {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# x"},
    ]
}  # fmt: skip
WORDS = st.sampled_from(["cells", "source", "cell_type", "metadata", "nbformat", "worksheets"])
jsons = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


def clear(error: Exception) -> None:
    """An error that a person is meant to read says something."""
    assert str(error)


def notebook(draw: st.DrawFn) -> int:
    """A notebook is read, or said to be none; a folder with it is a submission, or there is nothing to grade."""
    rng, other = dice(draw), json.dumps(BOOK | draw(st.dictionaries(WORDS, jsons))).encode()
    for number in range(ROUNDS):
        content = other if number == 0 else broken(rng, other if number % 2 else json.dumps(BOOK).encode())
        try:
            read_cells(content)
        except UnreadableNotebook as error:
            clear(error)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "activations.ipynb").write_bytes(content)
            try:
                read_submission(Path(folder))
            except WrongUsage as error:
                clear(error)
    return ROUNDS


TABLE = """Student,ID,SIS User ID,SIS Login ID,Section,Layers (1)
Points Possible,,,,,10
"Lovelace, Ada",1,u1,ada,A,
Bob,2,u2,bob,A,=1+1
"""


def table(draw: st.DrawFn) -> int:
    """A table of students is read, or said not to be one."""
    rng, other = dice(draw), draw(st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roster.csv")
        for number in range(ROUNDS):
            path.write_bytes(broken(rng, (TABLE.encode(), TABLE.encode("utf-16"), other)[number % 3]))
            try:
                read_table(path).students()
            except WrongUsage as error:
                clear(error)
    return ROUNDS


COURSE = b"""title = "x"
topics = ["activations", "layers"]
hints = "full"
sandbox = "auto"
manual_points = 2
[limits]
call_seconds = 5
[late]
grace_minutes = 5
[topic.layers]
due = 2026-12-04T23:59:00+01:00
leave_out = ["Dense.build"]
points = {"Dense.forward" = 3}
[assignment.week1]
topics = ["layers"]
"""


def course(draw: st.DrawFn) -> int:
    """A course.toml is read, or its mistake named."""
    rng, lines = dice(draw), COURSE.split(b"\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "course.toml")
        for number in range(ROUNDS):
            content = b"\n".join(rng.choices(lines, k=rng.randint(1, len(lines))) if number % 2 else lines)
            path.write_bytes(broken(rng, content) if number % 4 else content)
            try:
                read_course(path)
            except WrongUsage as error:
                clear(error)
    return ROUNDS


@cache
def kit_content() -> bytes:
    return public_bytes(public_record("activations"))


def kit(draw: st.DrawFn) -> int:
    """A kit's answers that were changed are refused, also where the digest was made anew."""
    record, rng, other = public_record_of(), dice(draw), wire.encode(draw(plain_values))
    asked = {check.id: check.request for check in record.checks}
    for number in range(ROUNDS // 2):
        content = broken(rng, kit_content())
        if number:
            chosen = rng.randrange(len(record.checks))
            part = rng.choice(["request", "cases", "expected", "forms", "mistaken", "id"])
            raw = getattr(record.checks[chosen], part)
            new = f"{raw}x" if part == "id" else broken(rng, raw) if number % 2 else other
            checks = [*record.checks]
            checks[chosen] = msgspec.structs.replace(checks[chosen], **{part: new})
            content = public_bytes(msgspec.structs.replace(record, checks=checks))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "public.answers")
            path.write_bytes(content)
            try:
                answers = read_public(path, "activations")
            except GraderFault as error:
                clear(error)
                continue
            assert all(check.request == asked[check.id] for check in answers.record.checks)
    return ROUNDS // 2


plain_leaves = st.none() | st.booleans() | st.integers(0, 9) | st.text("abc", max_size=3)
plain_values = st.recursive(plain_leaves, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@cache
def public_record_of() -> Any:
    return public_record("activations")


TOLD = {
    "created_at": "2026-11-01T10:00:00.000000-07:00",
    "assignment": {"due_date": "2026-11-02T10:00:00.000000-07:00", "late_due_date": None, "title": "x"},
    "users": [{"name": "Ada", "email": "a@b"}],
}
EXPORT = """---
submission_1:
  :submitters:
  - :name: Ada
    :sid: '1'
    :email: a@b
  :created_at: 2023-01-31 18:52:01.123456789 Z
  :score: 3.0
"""


def metadata(draw: st.DrawFn) -> int:
    """What Gradescope tells is read, or passed over."""
    rng, other = dice(draw), json.dumps(draw(jsons)).encode()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        for number in range(ROUNDS):
            content = broken(rng, json.dumps(TOLD).encode()) if number else other
            Path(folder, "submission_metadata.json").write_bytes(content)
            dated(Course(), Container(Path(folder)))
            read_metadata(broken(rng, EXPORT.encode()).decode("utf-8", "replace"))
    return 2 * ROUNDS


# --- running ----------------------------------------------------------------------------------------------------------------

TARGETS: dict[str, Callable[[st.DrawFn], int]] = {
    "replies": reply,
    **{f"judging {topic}": lambda draw, topic=topic: judging(draw, topic) for topic in OURS.names},
    **{f"explaining {topic}": lambda draw, topic=topic: explaining(draw, topic) for topic in OURS.names},
    "archives": archive, "notebooks": notebook, "tables": table, "courses": course, "kits": kit, "metadata": metadata,
}  # fmt: skip


@dataclass
class Ran:
    """What came of a target: how many inputs, in how many seconds, the longest, and what failed."""

    inputs: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    failures: list[str] = field(default_factory=list)


def run(target: Callable[[st.DrawFn], int], inputs: int, seed: int, ran: Ran | None = None) -> Ran:
    """Try a target with so many inputs of this seed. Raises what it fails with.

    The input is not made smaller, which can take minutes: the seed leads there again.
    """
    counted = ran or Ran()

    @st.composite
    def tried(draw: st.DrawFn) -> None:
        begun = time.process_time()
        try:
            counted.inputs += target(draw)
        finally:
            counted.longest = max(counted.longest, time.process_time() - begun)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=inputs,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(tried())
    def trying(_: None) -> None:
        """The input was tried when it was drawn."""

    begun = time.process_time()
    try:
        trying()
    finally:
        counted.seconds += time.process_time() - begun
    return counted


def work(number: int, step: int, minutes: float, wanted: list[str]) -> dict[str, Ran]:
    """Run these targets in turn until the minutes are over, with every step-th seed from this number on."""
    ran = {name: Ran() for name in wanted}
    end, seed = time.monotonic() + 60 * minutes, number
    logging.getLogger("autograder").setLevel(logging.CRITICAL)
    while time.monotonic() < end:
        for name in wanted:
            if time.monotonic() >= end:
                break
            try:
                run(TARGETS[name], AT_ONCE, seed, ran[name])
            except Exception as error:
                said = f"{name}, seed {seed}: {type(error).__name__}: {str(error)[:300]}"
                ran[name].failures.append(said)
                print(said, flush=True)
        seed += step
    return ran


def main(words: list[str]) -> int:
    """Run all targets until the minutes are over, print the table; 1 where anything failed."""
    minutes = float(words[0]) if words and re.fullmatch(r"[\d.]+", words[0]) else 10.0
    wanted = [word for word in words if word in TARGETS] or list(TARGETS)
    jobs = len(os.sched_getaffinity(0))
    for name in wanted:  # recorded once, and not by each process
        if " " in name:
            recorded(name.split(" ")[1])
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        parts = [part.result() for part in [pool.submit(work, number, jobs, minutes, wanted) for number in range(1, jobs + 1)]]
    ran = {name: joined([part[name] for part in parts]) for name in wanted}
    total = joined(list(ran.values()))
    print(f"\n| {'target':26} | inputs | seconds | longest | failed |\n| {'-' * 26} | -----: | ------: | ------: | -----: |")
    for name, one in [*ran.items(), ("all", total)]:
        print(f"| {name:26} | {one.inputs:6} | {one.seconds:7.1f} | {one.longest:7.2f} | {len(one.failures):6} |")
    return 1 if total.failures else 0


def joined(parts: list[Ran]) -> Ran:
    """What came of several together."""
    return Ran(
        sum(part.inputs for part in parts),
        sum(part.seconds for part in parts),
        max(part.longest for part in parts),
        [failure for part in parts for failure in part.failures],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
