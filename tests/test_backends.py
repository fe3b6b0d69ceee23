"""The backends of the wall: a further one is a file and its words, and whatever speaks of backends speaks of it, too."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.choices import SANDBOXES
from autograder.commands.doctor.findings import findings
from autograder.course.settings import Course
from autograder.errors import NoSandbox, WrongUsage
from autograder.grading.engine import Grader, warm_grader
from autograder.submission.read import read_submission
from autograder.wall.backends import BACKENDS, automatic
from autograder.wall.backends.base import Start, python
from autograder.wall.sandbox import start_sandbox
from tests.conftest import ROOT

FIRST_TRY = ROOT / "docs" / "examples" / "first_try"
TOPIC = "activations"


def test_the_words_to_choose_from_are_those_of_the_table() -> None:
    assert ("auto", *BACKENDS) == SANDBOXES
    assert all(backend.name == word for word, backend in BACKENDS.items())


def test_what_is_chosen_unasked_is_a_wall() -> None:
    assert [backend.name for backend in automatic()] == ["bubblewrap", "landlock"]


def test_a_further_backend_is_a_line_in_the_table(monkeypatch: pytest.MonkeyPatch, any_grader: Grader) -> None:
    monkeypatch.setitem(BACKENDS, "twin", replace(BACKENDS["landlock"], name="twin"))
    submission = read_submission(FIRST_TRY)
    with warm_grader(Course(sandbox="twin"), jobs=1, topics=[TOPIC]) as grader:
        report = grader.grade(submission, [TOPIC])
    assert report.timing.sandbox_backend == "twin"
    assert report.sandbox.enforced
    assert report.topics == any_grader.grade(submission, [TOPIC]).topics
    said = {finding.what: finding.said for finding in findings()}
    assert said["backend twin"] == said["backend landlock"] == "works"


def _cannot(start: Start) -> list[str]:
    raise NoSandbox("the moon is not full")


def test_where_none_works_each_says_why_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bubblewrap", "landlock"):
        monkeypatch.setitem(BACKENDS, name, replace(BACKENDS[name], command=_cannot))
    with pytest.raises(NoSandbox) as refused:
        start_sandbox()
    assert str(refused.value) == (
        "No sandbox works on this machine (bubblewrap: the moon is not full; landlock: the moon is not full). Install "
        "bubblewrap, or use a Linux kernel with Landlock (5.13 or newer); `grade doctor` says more. Only for code that you "
        "trust: --sandbox none."
    )
    said = {finding.what: finding for finding in findings()}
    assert said["backend landlock"].said == "the moon is not full"
    assert not said["sandbox"].good


def _told_nonsense(start: Start) -> list[str]:
    """The zygote starts, and each worker fails where it shuts itself in: 0 is no path."""
    *command, settings = python(start, landlock=True)
    return [*command, json.dumps({**json.loads(settings), "folders": [0]})]


def test_a_backend_whose_workers_cannot_shut_themselves_in_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, "landlock", replace(BACKENDS["landlock"], command=_told_nonsense))
    said = {finding.what: finding for finding in findings()}["backend landlock"]
    assert not said.good
    assert said.said.startswith("A worker cannot shut itself in on this machine")


def test_an_unknown_word_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(WrongUsage, match="There is no sandbox 'bwrap'; the sandboxes are auto, bubblewrap, landlock, none"):
        start_sandbox("bwrap")


def test_whoever_asks_for_help_waits_for_no_wall() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from autograder.cli import main\n"
        "print(CliRunner().invoke(main, ['run', '--help']).output)\n"
        "loaded = [name for name in sys.modules if name.startswith('autograder.wall')]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in SANDBOXES)
