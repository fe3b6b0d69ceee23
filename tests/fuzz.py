"""Random input for everything that reads what a stranger sends: each gives a result or one clear error, and nothing else.

    python -m tests.fuzz [MINUTES] [TARGET ...]         # a process for each processor

Hypothesis draws the inputs: replies of a worker and mutated right answers, downloads, notebooks, tables, course files, kits'
answers, metadata. A target fails with an exception that is not of its form, or a report larger than anybody reads. The tests
run each with a few inputs that are the same every time; here seeds follow one another until the time is over.
"""

from __future__ import annotations

import io
import json
import logging
import os
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
AT_ONCE = 200
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


def mutated(draw: st.DrawFn, value: Any, depth: int = 0) -> Any:
    """A right answer with something else in a place or two."""
    if depth and draw(st.integers(0, 5)) == 0:
        return draw(values)
    if isinstance(value, dict):
        return {key: mutated(draw, item, depth + 1) for key, item in value.items() if draw(st.integers(0, 9))}
    if isinstance(value, list | tuple):
        kept = [mutated(draw, item, depth + 1) for item in value[:20]]
        return [*kept, *value[20:], *(draw(st.lists(values, max_size=2)) if draw(st.integers(0, 9)) == 0 else [])]
    if isinstance(value, np.ndarray) and draw(st.booleans()):
        negative = -value if value.dtype.kind == "f" else value
        return draw(st.sampled_from([value.T, value[None], value.ravel(), value.astype(np.float32), negative]))
    return value


def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes of which some are changed, left out, doubled or followed by others."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        kind = draw(st.integers(0, 4))
        if kind == 0 and data:
            data[place] = draw(st.integers(0, 255))
        elif kind == 1:
            del data[place : place + draw(st.integers(1, 40))]
        elif kind == 2:
            data[place:place] = draw(st.binary(max_size=20))
        elif kind == 3:
            data[place:place] = data[place : place + draw(st.integers(1, 60))]
        else:
            del data[place:]
    return bytes(data)


# --- what comes over the wall ---------------------------------------------------------------------------------------------


class _Line:
    """A worker that sends these bytes and ends."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        return self._content.readinto(buffer)

    def send(self, data: bytes, deadline: float) -> None:
        """Nobody reads it."""


def reply(draw: st.DrawFn) -> None:
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
    if draw(st.booleans()):
        payload = broken(draw, payload)
    length = draw(st.sampled_from([len(payload), len(payload), 0, len(payload) + 1, 2**31]))
    exchange = Exchange(_Line(length.to_bytes(4, "little") + payload))
    try:
        found = exchange.outcomes()
    except WorkerLost:
        return
    assert honest(found)


@cache
def recorded(topic: str) -> tuple[Answers, list[Any]]:
    """A topic's answers, and its checks."""
    return answers_for(topic, DEFAULT_SECRET), OURS.topic(topic).checks()


def outcomes_of(draw: st.DrawFn, answers: Answers, check_id: str) -> list[Outcome]:
    """Outcomes of a check: the right ones, in some places others, as they come over the wall."""
    made = []
    for right, form in zip(answers.part(check_id, "expected"), answers.part(check_id, "forms"), strict=True):
        outputs = dict.fromkeys(form) | right
        odd = draw(st.integers(0, 3))
        outputs = mutated(draw, outputs) if odd == 0 else dict.fromkeys(outputs, draw(values)) if odd == 1 else outputs
        failure = Failure(*draw(st.tuples(texts, texts))) if draw(st.integers(0, 19)) == 0 else None
        changed = draw(st.lists(st.integers(0, 5), max_size=2, unique=True)) if draw(st.integers(0, 9)) == 0 else []
        said = ["RuntimeWarning"] if draw(st.integers(0, 9)) == 0 else []
        made.append(Outcome(wire.portable(outputs), changed, said, failure))
    try:
        sent = wire.decoder(list[Outcome]).decode(wire.encode(made))
    except (UnicodeEncodeError, msgspec.MsgspecError, wire.WireError):
        hypothesis.reject()
    if not honest(sent):
        hypothesis.reject()
    return sent


def judging(draw: st.DrawFn, topic: str) -> None:
    """Whatever crosses is right or wrong: no check of any topic fails to judge it."""
    answers, checks = recorded(topic)
    check_id, exercise, check = draw(st.sampled_from(checks))
    verdict = judge(check_id, exercise.name, check, answers, outcomes_of(draw, answers, check_id))
    assert verdict.status in ("passed", "failed", "error", "todo", "missing", "manual"), verdict.status
    fingerprint(verdict)


def explaining(draw: st.DrawFn, topic: str) -> None:
    """Whatever was judged is explained and put into every form, no larger than anybody reads."""
    answers, checks = recorded(topic)
    first = draw(st.integers(0, max(0, len(checks) - 6)))
    verdicts = [
        judge(check_id, exercise.name, check, answers, outcomes_of(draw, answers, check_id))
        for check_id, exercise, check in checks[first : first + 6]
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
    odd = {character for character in printed(report) if not character.isprintable() and character != "\n"}
    assert not odd, odd


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


def archive(draw: st.DrawFn) -> None:
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
                content = broken(draw, inner.getvalue()) if draw(st.booleans()) else inner.getvalue()
            try:
                made.writestr(zipfile.ZipInfo(name.replace("\0", "0")), content)
            except (UnicodeEncodeError, ValueError, IndexError):  # of Python's own writer, at a name without a letter
                hypothesis.reject()
    content = broken(draw, file.getvalue()) if draw(st.booleans()) else file.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        download, out = Path(folder, "download.zip"), Path(folder, "out")
        download.write_bytes(content)
        try:
            import_download(download, out)
        except (GradeError, Unreadable):
            return
        assert {*Path(folder).iterdir()} <= {download, out}


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


def notebook(draw: st.DrawFn) -> None:
    """A notebook is read, or said to be none; a folder with it is a submission, or there is nothing to grade."""
    kind = draw(st.integers(0, 2))
    if kind == 0:
        content = broken(draw, json.dumps(BOOK).encode())
    elif kind == 1:
        content = json.dumps(BOOK | draw(st.dictionaries(WORDS, jsons))).encode()
    else:
        content = draw(st.binary(max_size=40))
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


TABLE = """Student,ID,SIS User ID,SIS Login ID,Section,Layers (1)
Points Possible,,,,,10
"Lovelace, Ada",1,u1,ada,A,
Bob,2,u2,bob,A,=1+1
"""


def table(draw: st.DrawFn) -> None:
    """A table of students is read, or said not to be one."""
    content = draw(st.one_of(st.just(0), st.just(1), st.just(2)))
    text = TABLE.encode("utf-16" if content == 1 else "utf-8") if content < 2 else draw(st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roster.csv")
        path.write_bytes(broken(draw, text))
        try:
            read_table(path).students()
        except WrongUsage as error:
            clear(error)


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


def course(draw: st.DrawFn) -> None:
    """A course.toml is read, or its mistake named."""
    lines = COURSE.split(b"\n")
    if draw(st.booleans()):
        lines = draw(st.lists(st.sampled_from(lines), max_size=len(lines)))
    content = b"\n".join(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "course.toml")
        path.write_bytes(broken(draw, content) if draw(st.integers(0, 3)) else content)
        try:
            read_course(path)
        except WrongUsage as error:
            clear(error)


@cache
def kit_content() -> bytes:
    return public_bytes(public_record("activations"))


def kit(draw: st.DrawFn) -> None:
    """A kit's answers that were changed are refused, also where the digest was made anew."""
    record = public_record_of()
    kind = draw(st.integers(0, 2))
    if kind == 0:
        content = broken(draw, kit_content())
    else:
        chosen = draw(st.integers(0, len(record.checks) - 1))
        check = record.checks[chosen]
        part = draw(st.sampled_from(["request", "cases", "expected", "forms", "mistaken", "id"]))
        raw = getattr(check, part)
        if part == "id":
            other = raw + draw(st.text(max_size=3))
        else:
            other = broken(draw, raw) if kind == 1 else wire.encode(draw(plain_values))
        checks = [*record.checks]
        checks[chosen] = msgspec.structs.replace(check, **{part: other})
        content = public_bytes(msgspec.structs.replace(record, checks=checks))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "public.answers")
        path.write_bytes(content)
        try:
            answers = read_public(path, "activations")
        except GraderFault as error:
            clear(error)
            return
        asked = {check.id: check.request for check in record.checks}
        assert all(check.request == asked[check.id] for check in answers.record.checks)


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


def metadata(draw: st.DrawFn) -> None:
    """What Gradescope tells is read, or passed over."""
    with tempfile.TemporaryDirectory() as folder:
        content = broken(draw, json.dumps(TOLD).encode()) if draw(st.booleans()) else json.dumps(draw(jsons)).encode()
        Path(folder, "submission_metadata.json").write_bytes(content)
        said, sys.stdout = sys.stdout, io.StringIO()
        try:
            dated(Course(), Container(Path(folder)))
        finally:
            sys.stdout = said
    read_metadata(broken(draw, EXPORT.encode()).decode("utf-8", "replace"))


# --- running ----------------------------------------------------------------------------------------------------------------

TARGETS: dict[str, Callable[[st.DrawFn], None]] = {
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


def run(target: Callable[[st.DrawFn], None], inputs: int, seed: int, ran: Ran | None = None) -> Ran:
    """Try a target with so many inputs of this seed. Raises what it fails with.

    The input is not made smaller, which can take minutes: the seed leads there again.
    """
    counted = ran or Ran()

    @st.composite
    def tried(draw: st.DrawFn) -> None:
        begun = time.process_time()
        counted.inputs += 1
        try:
            target(draw)
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
