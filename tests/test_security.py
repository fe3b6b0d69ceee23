"""What the security page says holds: each attack of `grade doctor --attack` bites without a wall, and every wall stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.commands.doctor import attacks
from autograder.commands.doctor.attacks import ATTACKS, REACHED, Attack, Tried
from autograder.course.settings import Course
from autograder.grading.locate.search import MOST_SECONDS
from autograder.wall.limits import Limits
from tests.conftest import ROOT, WALLED, need_backend


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    for backend in WALLED:
        need_backend(backend)
    return list(attacks.tries())


def test_every_wall_stands_and_every_attack_would_bite(tried: list[Tried]) -> None:
    assert [one.attack for one in tried] == list(ATTACKS)
    for one in tried:
        assert set(one.stood) == set(WALLED)
        assert all(one.stood.values()), one
        assert one.without == ("" if one.attack.takes else REACHED), one


def test_the_doctor_says_which_wall_has_fallen(monkeypatch: pytest.MonkeyPatch) -> None:
    fallen = Tried(Attack("files", "read a file", ""), {"landlock": REACHED}, REACHED)
    monkeypatch.setattr(attacks, "tries", lambda: iter([fallen]))
    done = CliRunner().invoke(main, ["doctor", "--attack"])
    assert done.exit_code == 3
    assert "FALLEN landlock, files: read a file: reached" in done.output


def test_the_doctor_says_where_there_is_no_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacks, "tries", lambda: iter([]))
    done = CliRunner().invoke(main, ["doctor", "--attack"])
    assert done.exit_code == 3
    assert "No wall works here" in done.output


def test_the_page_states_the_limits_that_are_in_force() -> None:
    text = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split())
    limits = Limits()
    beside = limits.import_seconds + limits.grader_seconds
    search = Course().locate_exercises * MOST_SECONDS
    assert f"{limits.grader_seconds:g} s of the grader's processor time and {limits.grader_mebibytes} MiB" in text
    assert (
        f"{limits.topic_seconds + search + beside:g} s with one topic and {limits.submission_seconds + beside:g} s with many"
        in text
    )
    assert Path(ROOT / "SECURITY.md").is_file()
