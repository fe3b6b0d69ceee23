"""The terminal report: pleasant in a terminal, plain in a pipe, and never the student's to decorate."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys

import pytest
from msgspec.structs import replace
from rich.console import Console

from autograder.grading.engine import Grader
from autograder.render.terminal import print_report
from autograder.render.words import fixes_of
from autograder.report import Report
from autograder.submission.read import read_submission
from tests.conftest import ROOT, submission_of
from tests.forked import grade_command

FIRST_TRY = ROOT / "docs" / "examples" / "first_try"
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def report(graders) -> Report:  # type: ignore[no-untyped-def]
    return graders("landlock").grade(read_submission(FIRST_TRY))


def printed(report: Report, width: int = 100, **options: object) -> str:
    """What the renderer prints on a console of this width."""
    stream = io.StringIO()
    print_report(report, "first_try", Console(file=stream, width=width, highlight=False, **options))  # type: ignore[arg-type]
    return stream.getvalue()


def in_a_terminal(**environment: str) -> str:
    """What the command prints when its standard output is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "autograder.cli", str(FIRST_TRY), "-t", "activations"]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "TERM": "xterm", **environment}
    ):
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux: the terminal's other end is closed
                break
            if not part:
                break
            said += part
    os.close(ours)
    return said.decode()


def test_a_line_an_exercise_then_three_things_to_fix(report: Report) -> None:
    said = printed(report)
    for topic in report.topics:
        assert topic.name in said
        for exercise in topic.exercises:
            assert re.search(rf"[✓✗○] {re.escape(exercise.name[:20])}", said), exercise.name
    assert "Three things to fix first" in said
    assert [line for line in said.splitlines() if re.match(r"[123]\. ", line)][2:]
    first = [fix for _, fix in fixes_of(report)[:3]]
    assert all(fix.exercise in said for fix in first)
    assert all(f"[{fix.misconception}]" in said for fix in first if fix.misconception)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal_or_than_a_page(report: Report, width: int) -> None:
    assert max(map(len, printed(report, width).splitlines())) <= min(width, 100)


def test_in_fifty_columns_names_are_whole_and_each_row_of_a_matrix_begins_below_the_one_before(report: Report) -> None:
    layers = replace(report, topics=[topic for topic in report.topics if topic.name == "layers"])
    said = printed(layers, 50)
    assert all(f" {exercise.name} " in said for exercise in layers.topics[0].exercises)
    lines = [line.rstrip() for line in said.splitlines()]
    example = lines[lines.index("   x") : lines.index("   right is")]
    assert example[1].startswith("     [[")
    assert all(line.startswith("      [") for line in example[2 : example.index("   kernel")])


def test_colours_in_a_terminal_and_none_in_a_pipe_or_when_asked() -> None:
    assert ESCAPE in in_a_terminal()
    # NO_COLOR turns colours off (no-color.org); bold is no colour.
    assert not re.search(ESCAPE + r"\[[0-9;]*3[0-7]", in_a_terminal(NO_COLOR="1"))
    piped = grade_command(FIRST_TRY, "-t", "activations").stdout
    assert ESCAPE not in piped
    assert "Three things to fix first" in piped


def test_nothing_of_the_students_decorates_the_report(any_grader: Grader) -> None:
    source = "def tanh(x):\n    raise ValueError('\\x1b[31mred\\x1b[0m [bold]loud[/bold] \\u202e\\r\\n' + 'x' * 100000)\n"
    said = printed(any_grader.grade(submission_of(activations=source)), force_terminal=True, color_system="standard")
    assert "[bold]loud[/bold]" in said.replace("\n", "")
    assert "\u202e" not in said
    assert "\r" not in said
    assert f"{ESCAPE}[31mred" not in said
    assert len(said) < 20_000


def test_a_module_that_cannot_be_read_comes_before_what_is_wrong_in_others(any_grader: Grader) -> None:
    wrong = "import numpy as np\n\n\ndef tanh(x):\n    return x\n"
    told = printed(any_grader.grade(submission_of(activations=wrong, losses="def f(:\n")))
    assert "Before all: losses.py, line 1: SyntaxError" in told
    assert told.index("Before all: ") < told.index("to fix")


def test_a_submission_without_mistakes_has_nothing_to_fix(any_grader: Grader) -> None:
    said = printed(any_grader.grade(submission_of(activations="import numpy as np\ndef tanh(x):\n    return np.tanh(x)\n")))
    assert "to fix" not in said
    assert "not there" in said
