"""Bad input gets one sentence, the right exit code, and never a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.declare.catalogue import OURS, topic_names
from autograder.recording.answers import DEFAULT_SECRET, record_path
from tests.forked import grade_command

TANH = "import numpy as np\ndef tanh(x):\n    return np.tanh(x)\n"


def refused(*arguments: object, code: int = 2, cwd: Path | None = None, **environment: str) -> str:
    """The one line that the command says when it refuses."""
    done = grade_command(*arguments, cwd=cwd, **environment)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("recording the answers of")]  # the first time
    said = "\n".join(lines).strip()
    assert said.startswith(("grade: ", "Usage: ", "Error: ")), said
    return said


def graded(folder: Path, *arguments: object) -> dict[str, dict[str, object]]:
    """The topics of a report by name."""
    done = grade_command(folder, "--json", "-", *arguments)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    return {topic["name"]: topic for topic in json.loads(done.stdout)["topics"]}


def test_no_such_folder(tmp_path: Path) -> None:
    assert "There is no file or folder" in refused(tmp_path / "nowhere")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "is empty" in refused(tmp_path)


def test_a_folder_without_a_module_of_ours(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text(TANH)
    said = refused(tmp_path)
    assert "no module of ours" in said
    assert "activations.py" in said


def test_a_file_that_is_no_module_of_ours(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text(TANH)
    assert "is not a module of ours" in refused(tmp_path / "homework.py")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\3\4", "is an archive: unpack it first."),
        (b"Rar!\x1a", "is an archive: unpack it first."),
        (b"\n<!DOCTYPE html>", "is a web page"),
        (b"", "is none: it is damaged"),
    ],
)
def test_an_archive_in_a_folder_is_told_by_what_is_in_it(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "layers.zip").write_bytes(content)
    assert said in refused(tmp_path)


def test_a_merge_that_was_not_finished(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text("import numpy as np\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n")
    problem = str(graded(tmp_path)["activations"]["problem"])
    assert problem.startswith("activations.py, line 2: <<<<<<< HEAD is a mark of a merge that git could not finish")


def test_a_zip_file(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"PK")
    assert "unpack it" in refused(tmp_path / "all.zip")


def test_an_unknown_topic(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    said = refused(tmp_path, "-t", "backpropagation")
    assert "There is no topic 'backpropagation'" in said
    assert all(name in said for name in topic_names())


def test_a_keyword_that_no_check_has(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    assert "No check's identifier holds" in refused(tmp_path, "-k", "sigmund")


def test_an_unknown_check(tmp_path: Path) -> None:
    assert "Do you mean activations/sigmoid/value?" in refused("show", "activations/sigmoid/valu")


def test_a_hidden_check_is_not_shown() -> None:
    said = refused("show", "activations/sigmoid/shapes")
    assert "hidden" in said
    assert "x =" not in said


def test_a_public_check_is_shown() -> None:
    done = grade_command("show", "activations/sigmoid/value")
    assert done.returncode == 0
    assert "x = [[" in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"def sigmoid(x):\n    return (1 / (1 + np.exp(-x))\n", "line 2: SyntaxError: '(' was never closed"),
        (b"print 'hello'\n", "SyntaxError"),
        (b"def f(x):\n\tif x:\n        return 1\n", "TabError"),
        (b"# caf\xe9\nx = 1\n", "not UTF-8 (line 1)"),
        (b"x = 1\0\n", "null bytes"),
        (b"", "is empty"),
        (b'{"cells": [], "nbformat": 7}', "is a notebook of format 7"),
        (b"import pandas\n", "No module named 'pandas'. Only NumPy and the standard library"),
        (b"from . import helpers\n", "relative import"),
        (b"name = input('name? ')\n", "nobody to answer input()"),
        (b"1 / 0\n", "line 1: importing it raises ZeroDivisionError"),
        (b"raise SystemExit(0)\n", "importing it raises SystemExit"),
        (b"import os\nos._exit(0)\n", "ended the process while it was imported"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_and_the_others_are_graded(
    content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / "layers.py").write_bytes(content)
    (tmp_path / "activations.py").write_text(TANH)
    topics = graded(tmp_path)
    assert words in str(topics["layers"]["problem"])
    assert topics["layers"]["score"] == 0
    assert {e["name"]: e["score"] == e["max_score"] for e in topics["activations"]["exercises"]}["tanh"]


def test_a_module_that_never_ends_importing(tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text("while True:\n    pass\n")
    (tmp_path / "activations.py").write_text(TANH)
    (tmp_path / "course.toml").write_text("[limits]\nimport_seconds = 1\n")
    topics = graded(tmp_path, "--course", tmp_path / "course.toml")
    assert "did not finish importing within 1 s" in str(topics["layers"]["problem"])
    assert topics["activations"]["score"] > 0


def test_a_byte_order_mark_windows_line_ends_and_another_encoding_are_fine(tmp_path: Path) -> None:
    for prefix, ending in (("\ufeff", "\n"), ("", "\r\n")):
        (tmp_path / "activations.py").write_bytes((prefix + TANH.replace("\n", ending)).encode())
        exercises = {e["name"]: e for e in graded(tmp_path)["activations"]["exercises"]}
        assert exercises["tanh"]["score"] == exercises["tanh"]["max_score"]


def test_a_module_in_a_folder_in_the_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "homework" / "week 2"
    inner.mkdir(parents=True)
    (inner / "activations.py").write_text(TANH)
    assert graded(tmp_path)["activations"]["score"] > 0


def test_two_different_copies_are_refused_and_not_guessed(tmp_path: Path) -> None:
    for name, text in (("a", TANH), ("b", TANH + "# newer\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "activations.py").write_text(text)
    topic = graded(tmp_path)["activations"]
    assert "2 different copies" in str(topic["problem"])
    assert topic["score"] == 0


def test_only_what_is_found_is_graded_unless_the_course_asks_for_all(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    done = grade_command(tmp_path, "--json", "-")
    assert json.loads(done.stdout)["not_found"] == []
    (tmp_path / "course.toml").write_text('topics = "all"\n')
    report = json.loads(grade_command(tmp_path, "--json", "-", "--course", tmp_path / "course.toml").stdout)
    assert [topic["name"] for topic in report["topics"]] == list(topic_names())
    assert {topic["name"]: topic["problem"] for topic in report["topics"]}["layers"] == "There is no layers.py."
    assert report["not_found"] == [name for name in topic_names() if name != "activations"]


def test_a_path_that_is_called_like_a_command(tmp_path: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "activations.py").write_text(TANH)
    assert "Missing argument" in refused("show", cwd=tmp_path, PYTHONPATH=str(Path(__file__).parent.parent))
    assert grade_command("./show", cwd=tmp_path, PYTHONPATH=str(Path(__file__).parent.parent)).returncode == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hints = 'loud'\n", 'line 1: hints: "loud" is given'),
        ("hint = 'full'\n", "there is no setting 'hint'"),
        ("topics = ['layer']\n", "there is no topic 'layer'"),
        ("[limits]\ncall_seconds = -1\n", "line 2: limits.call_seconds: -1 is given"),
        ("hints =\n", "not valid TOML"),
        ("secret_file = 'nowhere'\n", "cannot be read"),
    ],
)
def test_a_course_file_that_is_not_valid(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    (tmp_path / "course.toml").write_text(content)
    assert words in refused(tmp_path, "--course", tmp_path / "course.toml")


def test_a_secret_that_can_be_guessed(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    (tmp_path / "secret").write_text("1234")
    (tmp_path / "course.toml").write_text('secret_file = "secret"\n')
    assert "has 4 bytes" in refused(tmp_path, "--course", tmp_path / "course.toml")


def test_recorded_answers_that_are_damaged_are_rebuilt(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    first = grade_command(tmp_path, "--json", "-")
    cache, good = tmp_path / "cache", record_path("activations", DEFAULT_SECRET)
    path = cache / good.parent.name / good.name
    path.parent.mkdir(parents=True)
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    again = grade_command(tmp_path, "--json", "-", NABLAGRADE_CACHE=str(cache))
    assert json.loads(again.stdout)["topics"] == json.loads(first.stdout)["topics"]
    assert "recording the answers of activations" in again.stderr
    assert path.read_bytes() != bytes(content)


def test_recorded_answers_that_cannot_be_rebuilt_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.declare import catalogue
    from autograder.errors import GraderFault
    from autograder.recording import record

    monkeypatch.setattr(catalogue, "reference_folder", lambda: None)
    monkeypatch.setenv("NABLAGRADE_CACHE", str(tmp_path))
    with pytest.raises(GraderFault, match=r"nothing is recorded yet.*grade record"):
        record.answers_for("activations", DEFAULT_SECRET)


def test_a_refusal_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    from autograder.course.settings import Course
    from autograder.errors import GraderFault
    from autograder.grading import engine

    def refuse(*_: object) -> None:
        raise GraderFault("no answers")

    monkeypatch.setattr(engine, "answers_for", refuse)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(GraderFault), engine.warm_grader(Course(sandbox="landlock"), topics=["activations"]):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_sandbox_is_the_machines_fault_and_not_a_zero(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    if os.path.exists("/usr/bin/bwrap") and os.environ.get("PATH"):
        said = refused(tmp_path, "--sandbox", "bubblewrap", code=3, PATH=str(tmp_path))
        assert "bwrap is not installed" in said
        assert "--sandbox none" in said


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(TANH)
    assert "cannot be written" in refused(tmp_path, "--json", tmp_path / "no" / "such" / "folder.json")


def test_help_has_examples() -> None:
    for command in ((), ("run",), ("record",), ("show",), ("schema",), ("doctor",)):
        said = grade_command(*command, "--help")
        assert said.returncode == 0
        assert "Example" in said.stdout


def test_the_doctor_says_what_there_is() -> None:
    done = grade_command("doctor")
    assert done.returncode == 0
    assert "sandbox" in done.stdout


def test_the_whole_reference_as_one_module(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(OURS.reference_source("activations"))
    assert grade_command(tmp_path / "activations.py").returncode == 0
