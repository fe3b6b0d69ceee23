"""Faults around the grader: nothing is lost, a clear sentence, the right exit code, and never a student's zero."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.classroom.grading import LOCK, grade_class
from autograder.classroom.records import FAULT, GRADED
from autograder.course.settings import Course
from autograder.declare import catalogue
from autograder.declare.catalogue import OURS
from autograder.errors import GraderFault, NoSandbox, WrongUsage
from autograder.grading import budget
from autograder.grading.engine import warm_grader
from autograder.recording.answers import _MAGIC as MAGIC
from autograder.recording.answers import DEFAULT_SECRET, record_path, seal
from autograder.recording.record import answers_for
from autograder.wall.limits import Limits
from tests.conftest import ROOT, need_backend, submission_of
from tests.inspect_wall import descendants, zygote

TOPIC = "activations"
GRADE = Path(sys.executable).with_name("grade")
HANGS = "\n\ndef linear(x):\n    while True:\n        pass\n"


@pytest.fixture(scope="module")
def right() -> str:
    return OURS.reference_source(TOPIC)


@pytest.fixture
def handed_in(tmp_path: Path, right: str) -> Path:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / f"{TOPIC}.py").write_text(right)
    return tmp_path / "ada"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, in which nothing may be left."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def run(*words: object, stdout: int | None = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GRADE), *map(str, words)], stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
    )


# --- the disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_is_the_machines_fault(handed_in: Path) -> None:
    done = run(handed_in, "-k", "tanh", "--json", "/dev/full")
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [[], ["--json", "-"]], ids=["words", "json"])
def test_an_output_that_takes_no_more_is_said(words: list[str], handed_in: Path) -> None:
    with open("/dev/full", "w") as full:
        done = run(handed_in, "-k", "tanh", *words, stdout=full.fileno())
    assert done.returncode == 3
    assert "cannot be read or written (No space left on device)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_cannot_be_written_is_wrong_usage(handed_in: Path) -> None:
    done = run(handed_in, "-k", "tanh", "--html", "/proc/report.html")
    assert done.returncode == 2
    assert "/proc/report.html cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("words", "what"),
    [
        pytest.param(["-k", "tanh", "--json", "{}/report.json"], "The file", id="report"),
        pytest.param(["class", "--out", "{}"], "The results", id="class", marks=pytest.mark.exactness),
    ],
)
def test_a_folder_that_is_mounted_for_reading_alone_is_said(
    words: list[str], what: str, handed_in: Path, tmp_path: Path
) -> None:
    (out := tmp_path / "out").mkdir()
    inside = in_a_container("--ro-bind", out, out)
    place = handed_in
    if "class" in words:
        shutil.copytree(handed_in, (place := tmp_path / "class") / "ada")
    command = [*inside, str(GRADE), *[word.format(out) for word in words], str(place)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert what in done.stderr
    assert "(Read-only file system)" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def in_a_container(*changes: object) -> list[str]:
    """The words that begin a command in a container of bubblewrap's with these changes. Skips where there can be none."""
    inside = ["bwrap", "--dev-bind", "/", "/", *map(str, changes), "--die-with-parent"]
    if shutil.which("bwrap") is None or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("bubblewrap cannot make a container here: this was NOT tested")
    return inside


def test_two_that_grade_into_one_folder_do_not_mix_and_the_second_is_told(handed_in: Path, tmp_path: Path) -> None:
    import fcntl

    shutil.copytree(handed_in, tmp_path / "class" / "ada")

    def graded() -> dict[str, bytes]:
        grade_class(tmp_path / "class", tmp_path / "out", topics=[TOPIC], jobs=1, sandbox="landlock")
        return {str(path): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    before = graded()
    with (tmp_path / "out" / LOCK).open("r+b") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(WrongUsage, match="Another process is grading into"):
            graded()
    assert graded() == before


def test_a_reader_that_goes_away_is_no_error(handed_in: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(handed_in, "-k", "tanh", stdout=writing)
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


# --- recorded answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("missing", "nothing is recorded yet"),
        ("truncated", "is damaged"),
        ("changed", "is damaged"),
        ("of another secret", "was made from another secret"),
        ("of another version", "was written by another version"),
    ],
)
def test_answers_that_cannot_be_used_are_the_machines_fault_where_nothing_can_be_recorded(
    what: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the reference is at hand they are made anew."""
    answers_for(TOPIC, DEFAULT_SECRET)
    content = record_path(TOPIC, DEFAULT_SECRET).read_bytes()
    monkeypatch.setattr(catalogue, "reference_folder", lambda: None)
    monkeypatch.setenv("NABLAGRADE_CACHE", str(tmp_path))
    secret = b"of another course altogether" if what == "of another secret" else DEFAULT_SECRET
    path = record_path(TOPIC, secret)
    path.parent.mkdir(parents=True)
    if what == "truncated":
        content = content[: len(content) // 2]
    elif what == "changed":
        content = content[:-1] + bytes([content[-1] ^ 1])
    elif what == "of another version":
        content = seal(MAGIC, b"\x81\xa7version\x09")
    if what != "missing":
        path.write_bytes(content)
    with pytest.raises(GraderFault) as refused:
        answers_for(TOPIC, secret)
    assert why in str(refused.value)
    assert "grade record" in str(refused.value)


# --- signals ----------------------------------------------------------------------------------------------------------


def _grading(handed_in: Path, right: str) -> subprocess.Popen[str]:
    """A grading that is busy with code that hangs."""
    (handed_in / f"{TOPIC}.py").write_text(right + HANGS)
    process = subprocess.Popen(
        [str(GRADE), str(handed_in)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    while not any(_is_worker(child) for child in descendants(process.pid)):
        time.sleep(0.05)
    return process


def _is_worker(process: int) -> bool:
    """Whether this process runs student code: it has changed into a scratch folder."""
    try:
        return len(os.path.basename(os.readlink(f"/proc/{process}/cwd"))) == 32
    except OSError:
        return False


def _runs(process: int) -> bool:
    """Whether it has not ended; one that has may wait for whoever started it to look."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("signals", "code"),
    [([signal.SIGTERM], 143), ([signal.SIGINT], 130), ([signal.SIGINT, signal.SIGINT, signal.SIGINT], 130)],
    ids=["SIGTERM", "SIGINT", "SIGINT again and again"],
)
def test_a_grading_that_is_told_to_end_leaves_nothing(
    signals: list[signal.Signals], code: int, handed_in: Path, right: str, scratch: Path
) -> None:
    process = _grading(handed_in, right)
    below = descendants(process.pid)
    for number in signals:
        process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == code
    assert "Traceback" not in said
    for _ in range(200):  # they end by themselves, in a moment
        if not (left := [child for child in below if _runs(child)]):
            break
        time.sleep(0.05)
    assert left == []


# --- the wall falls ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sandbox", ["landlock", "bubblewrap"])
def test_a_wall_that_falls_is_the_machines_fault(sandbox: str, right: str) -> None:
    with warm_grader(Course(sandbox=sandbox), jobs=1, topics=[TOPIC]) as grader:
        os.kill(zygote(grader.sandbox), signal.SIGKILL)
        with pytest.raises(NoSandbox, match="behind the wall"):
            grader.grade(submission_of(activations=right), [TOPIC])


def test_in_a_class_a_wall_that_falls_costs_one_try(handed_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(handed_in, tmp_path / "class" / "ada")
    shutil.copytree(handed_in, tmp_path / "class" / "bob")
    # The processes that grade are told by the environment to lose their first wall: see sitecustomize below.
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import os, signal, threading\n"
        f"mark = {str(tmp_path / 'fallen')!r}\n"
        "import autograder.wall.sandbox as wall\n"
        "start = wall.ForkingSandbox.worker\n"
        "def worker(self):\n"
        "    try:\n"
        "        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))\n"
        "        self._process.kill()\n"
        "        self._process.wait()\n"
        "    except FileExistsError:\n"
        "        pass\n"
        "    return start(self)\n"
        "wall.ForkingSandbox.worker = worker\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    graded = grade_class(tmp_path / "class", tmp_path / "out", topics=[TOPIC], jobs=1, sandbox="landlock")
    assert (tmp_path / "fallen").exists()
    assert graded.counts[GRADED] == 2
    assert graded.counts[FAULT] == 0


# --- machines that lack something -------------------------------------------------------------------------------------


def test_without_proc_memory_is_not_counted_and_all_else_goes_on(monkeypatch: pytest.MonkeyPatch, right: str) -> None:
    monkeypatch.setattr(budget, "_STATISTICS", "/nowhere/statm")
    spent = budget.Budget(Limits(grader_mebibytes=1))
    spent.begin()
    assert spent.left()


def test_without_proc_for_real_landlock_grades_and_bubblewrap_says_what_it_lacks(handed_in: Path) -> None:
    inside = in_a_container("--tmpfs", "/proc")
    words = [str(GRADE), str(handed_in), "-k", "tanh", "--json", "-", "--sandbox"]
    graded, refused = (
        subprocess.run([*inside, *words, backend], capture_output=True, text=True, cwd=ROOT, check=False)
        for backend in ("landlock", "bubblewrap")
    )
    assert graded.returncode == 0, graded.stderr
    assert '"enforced": true' in graded.stdout
    assert refused.returncode == 3
    assert "No sandbox works on this machine (bubblewrap: bwrap: Can't read /proc" in " ".join(refused.stderr.split())


def test_where_no_namespace_can_be_had_landlock_still_grades_and_cleans_up(handed_in: Path, scratch: Path) -> None:
    """In a container that allows none, for real: bubblewrap can put up one."""
    inside = in_a_container("--unshare-user", "--disable-userns")
    command = [*inside, str(GRADE), str(handed_in), "-k", "tanh", "--sandbox", "landlock", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert '"enforced": true' in done.stdout


def on_an_old_kernel(lacking: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.old_kernel", lacking, str(GRADE), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.parametrize(
    ("lacking", "sandbox", "said"),
    [
        ("landlock", "landlock", "No sandbox works on this machine (landlock: this system has no Landlock)"),
        (
            "seccomp",
            "landlock",
            "A worker cannot shut itself in on this machine ([Errno 22] PR_SET_SECCOMP: Invalid argument)",
        ),
        (
            "seccomp",
            "bubblewrap",
            "A worker cannot shut itself in on this machine ([Errno 22] PR_SET_SECCOMP: Invalid argument)",
        ),
    ],
)
def test_where_the_kernel_lacks_what_a_wall_is_made_of_nothing_is_run_and_nobody_has_a_zero(
    lacking: str, sandbox: str, said: str, handed_in: Path, scratch: Path
) -> None:
    need_backend(sandbox)
    report = handed_in.parent / "report.json"
    done = on_an_old_kernel(lacking, handed_in, "-k", "tanh", "--sandbox", sandbox, "--json", report)
    assert done.returncode == 3, done.stdout
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not report.exists()


def test_on_a_kernel_without_landlock_the_other_wall_is_chosen(handed_in: Path) -> None:
    need_backend("bubblewrap")
    done = on_an_old_kernel("landlock", handed_in, "-k", "tanh", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert '"sandbox_backend": "bubblewrap"' in done.stdout


def test_no_clock_on_the_wall_is_asked_while_grading() -> None:
    """A clock that jumps can then neither give time nor take it."""
    for folder in ("grading", "wall"):
        for path in sorted((ROOT / "autograder" / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            assert "time.time(" not in text, path
            assert "datetime.now(" not in text, path
