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

from autograder.classroom import grade_class
from autograder.classroom.records import FAULT, GRADED
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS
from autograder.errors import NoSandbox
from autograder.grading import budget
from autograder.grading.engine import warm_grader
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
    assert "cannot be written to /proc/report.html" in done.stderr


def test_a_reader_that_goes_away_is_no_error(handed_in: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(handed_in, "-k", "tanh", stdout=writing)
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


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


def test_where_no_namespace_can_be_had_landlock_still_grades_and_cleans_up(handed_in: Path, scratch: Path) -> None:
    """In a container that allows none, for real: bubblewrap can put up one."""
    inside = ["bwrap", "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--die-with-parent"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
        pytest.skip("bubblewrap cannot make a container without namespaces: this was NOT tested")
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
