"""A class is graded by one command that loses nobody: killed at any moment it goes on, and ends the same to the byte."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.classroom import learning
from autograder.classroom.difference import told_once
from autograder.classroom.fingerprint import fingerprint
from autograder.classroom.grading import Asked, closing_words, grade_class
from autograder.classroom.marks import CSV_NAME
from autograder.classroom.pool import Pool
from autograder.classroom.records import FAULT, GRADED, read_record
from autograder.classroom.regrading import BEFORE, TABLE, regrade
from autograder.classroom.worker import Done, Stopped, Task
from autograder.cli import main
from autograder.declare.catalogue import Catalogue, load_topic
from autograder.declare.compare import Observation
from autograder.declare.source import Mutant
from autograder.downloads.importing import import_download
from autograder.errors import GraderFault, WrongUsage
from autograder.grading.judge import Verdict
from autograder.recording.misconceptions import make_module, mutant_source, mutants
from autograder.report import Report, total
from tests.conftest import ROOT
from tests.students import another_style, mistakes, reference, stubs
from tests.test_html import Tags

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
COURSE = """\
title = "Deep learning"
hints = "diagnosis"
[limits]
import_seconds = 1
[late]
penalty_percent_per_day = 10
[assignment.week1]
topics = ["activations"]
due = 2026-12-04T22:00:00+00:00
"""
WHOLE = total(exercise.max_score for exercise in load_topic("activations").exercises)
# Two ways to write one thought that no misconception has; and one that is another thought.
SHRINKS = "\n\ndef relu(x):\n    return 0.875 * np.maximum(x, 0.0)\n"
SHRINKS_TOO = "\n\ndef relu(x):\n    above = x > 0\n    return np.where(above, 7 * x / 8, 0.0)\n"
GROWS = "\n\ndef relu(x):\n    return 1.125 * np.maximum(x, 0.0)\n"
FORMULA = "=HYPERLINK('evil') & <script>document.title='taken'</script>"

Files = dict[str, bytes]


def written(folder: Path, submissions: dict[str, Files]) -> Path:
    """A folder with a submission a folder, or a file where there is no folder's name."""
    for name, files in submissions.items():
        for path, content in files.items():
            target = folder / name / path if path else folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return folder


def activations(text: str) -> Files:
    return {"activations.py": text.encode()}


def hand_ins() -> dict[str, Files]:
    """Right and wrong, open and empty, broken and hostile ones."""
    right = reference("activations")
    return {
        "ada": activations(right),
        "bo": activations(another_style(0)("activations")),
        "cy": activations(mistakes(0.1)("activations")),
        "di": activations(mistakes(0.4, 0.8)("activations")),
        "eve": activations(stubs("activations")),
        "fay": activations(right + SHRINKS),
        "gus": activations(right + SHRINKS_TOO),
        "hal": activations(right + GROWS),
        "ida": {"notes.txt": b"I was ill."},
        "jo.zip": {"": b"PK\x03\x04 and then nothing"},
        "kim": activations("import os\nos._exit(0)\n"),
        "lou": activations("while True:\n    pass\n"),
        "mo": activations("def sigmoid(x:\n"),
        FORMULA.replace("/", "|"): activations(right),
    }


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, and a class's hand-ins in its folder."""
    folder = tmp_path_factory.mktemp("term")
    (folder / "course.toml").write_text(COURSE, encoding="utf-8")
    written(folder / "hand-ins", hand_ins())
    return folder


def graded(given: Path, out: Path, **options: Any) -> dict[str, Any]:
    """Grade the class in this process's name; what it came to."""
    options = {"assignment": "week1", "course": given / "course.toml", "now": NOW, **options}
    done = grade_class(given / "hand-ins", out, **options)
    return {"done": done, "files": content_of(out)}


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def whole(given: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The class graded without interruption, by one process."""
    return graded(given, tmp_path_factory.mktemp("whole") / "results", jobs=1)


def rows(content: bytes) -> dict[str, dict[str, str]]:
    """Lines of a table of marks, by the submission or else by the name."""
    return {row["submission"] or row["name"]: row for row in csv.DictReader(io.StringIO(content.decode()))}


# --- what comes out -------------------------------------------------------------------------------------------------------


def test_every_submission_has_a_row_a_record_and_reports(whole: dict[str, Any]) -> None:
    marks = rows(whole["files"]["marks.csv"])
    assert len(marks) == len(hand_ins())
    for name in marks:
        assert {f"records/{name}.json", f"reports/{name}.html", f"reports/{name}.json"} <= whole["files"].keys()
    assert whole["files"]["index.html"].startswith(b"<!DOCTYPE html>")
    assert whole["done"].exit_code == 0


def test_each_gets_what_grade_gives_it(whole: dict[str, Any], given: Path) -> None:
    from autograder.course import read_course
    from autograder.grading.engine import warm_grader
    from autograder.submission import read_submission

    course = read_course(given / "course.toml").for_assignment("week1")
    marks = rows(whole["files"]["marks.csv"])
    with warm_grader(course, 1) as grader:
        for name in ("ada", "cy", "di", "gus", "kim", "mo"):
            report = grader.grade(read_submission(given / "hand-ins" / name))
            assert (marks[name]["score"], marks[name]["max_score"]) == (str(report.score), str(report.max_score)), name
            kept = json.loads(whole["files"][f"reports/{name}.json"])
            assert kept["topics"] == json.loads(_json(course.cut(report, NOW)))["topics"], name
    assert marks["ada"]["score"] == marks["ada"]["max_score"] == marks["bo"]["score"] == str(WHOLE)


def _json(report: Report) -> bytes:
    from autograder.report import to_json

    return to_json(report)


def test_one_bad_submission_costs_no_other(whole: dict[str, Any]) -> None:
    marks = rows(whole["files"]["marks.csv"])
    for name in ("kim", "lou", "mo"):
        assert (marks[name]["score"], marks[name]["status"]) == ("0", "graded"), name
    for name in ("ida", "jo"):
        assert (marks[name]["score"], marks[name]["status"]) == ("0", "empty"), name


def test_reports_tell_students_no_more_than_the_course_does(whole: dict[str, Any]) -> None:
    report = json.loads(whole["files"]["reports/cy.json"])
    assert report["hints"] == "diagnosis"
    assert all(check["example"] is None for t in report["topics"] for e in t["exercises"] for check in e["checks"])
    assert "wrong" not in report
    record = json.loads(whole["files"]["records/cy.json"])
    assert any(check["example"] for t in record["report"]["topics"] for e in t["exercises"] for check in e["checks"])


def test_no_cell_is_a_formula_to_a_spreadsheet(whole: dict[str, Any]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(whole["files"]["marks.csv"].decode())) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_students_who_answer_alike_are_one_group_whatever_they_wrote(whole: dict[str, Any]) -> None:
    def wrong(name: str) -> dict[str, str]:
        found = json.loads(whole["files"][f"records/{name}.json"])["wrong"]
        return {check: mark for check, mark in found.items() if check.startswith("activations/relu/")}

    assert wrong("fay")
    assert wrong("fay") == wrong("gus")
    assert wrong("fay").keys() == wrong("hal").keys()
    assert not set(wrong("fay").values()) & set(wrong("hal").values())
    assert wrong("ada") == wrong("eve") == wrong("kim") == {}
    page = whole["files"]["index.html"].decode()
    alike = page.partition("Wrong alike, without a name")[2].partition("Exercises, from the hardest")[0]
    assert "7 * x / 8" in alike
    assert "0.875 * np.maximum" in alike
    assert "1.125" not in alike


def test_a_group_without_a_name_becomes_the_beginning_of_a_misconception(whole: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "activations.py"
    command = ["learn", str(whole["done"].out)]
    done = CliRunner().invoke(main, [*command, "1", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert re.search(r"answers as 2 students do in (\d+) of \1 checks of relu", done.stderr)
    text = out.read_text(encoding="utf-8")
    assert "def relu_as_some_wrote_it(x):" in text
    assert 'exercise="relu"' in text
    with pytest.raises(GraderFault, match=r"relu_as_some_wrote_it: its mark takes exercise=, text= and look="):
        in_a_list(text)  # nobody is told a text that nobody wrote
    spoken = text.replace('    # text="', '    text="').replace('    # look="', '    look="')
    (mutant,) = in_a_list(spoken)
    answered = make_module("activations", mutant_source("activations", mutant)).relu(np.array([8.0, -8.0]))
    assert answered.tolist() == [7.0, 0.0]
    again = CliRunner().invoke(main, [*command, "99"])
    assert (again.exit_code, "There is no group 99" in again.stderr) == (2, True)


def in_a_list(text: str) -> list[Mutant]:
    """The misconceptions of a text that stands in place of the list of activations."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Catalogue, "misconceptions_source", lambda self, topic: text)
        return mutants("activations")


USES = """
import numpy as np
from numpy import where as choose
FACTOR = 7 / 8

def scaled(x):
    "What it needs."
    return FACTOR * x

def relu(x):
    \"\"\"A docstring, with # a name in it.\"\"\"
    return choose(x > 0, scaled(x), 0 * sigmoid(x))  # Fay wrote this

class Dense:
    def backward(self, upstream):
        return self.half() * upstream
    def half(self):
        return 0.5
"""


def test_what_a_mistake_needs_of_its_module_comes_with_it_and_nothing_else() -> None:
    body = ast.parse(USES).body
    node = learning._definition(body, "relu")
    assert node is not None
    draft = learning._drafted(node, "relu", body, frozenset({"np", "sigmoid"}))
    assert draft is not None
    assert ast.unparse(draft.node).splitlines() == [
        "def relu(x):",
        "    from numpy import where as choose",
        "    FACTOR = 7 / 8",
        "",
        "    def scaled(x):",
        '        """What it needs."""',
        "        return FACTOR * x",
        "    return choose(x > 0, scaled(x), 0 * sigmoid(x))",
    ]
    assert learning._places("Dense.backward") == ["Dense.backward", "Dense"]
    method = learning._definition(body, "Dense.backward")
    assert method is not None
    assert method.name == "backward"
    assert not learning._computes("activations", "def relu(x):\n    return open('/etc/passwd')\n")


# --- whenever, and by however many ------------------------------------------------------------------------------------------


def test_two_processes_end_with_the_same_bytes_as_one(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    assert graded(given, tmp_path / "results", jobs=2)["files"] == whole["files"]


def test_what_has_not_changed_is_kept_and_the_rest_graded_anew(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    some = written(tmp_path / "hand-ins", {name: hand_ins()[name] for name in ("ada", "cy", "fay")})
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    kept: dict[str, bool] = {}

    def watch(done: Done, *_: object) -> None:
        kept[done.name] = done.kept

    def again(**options: Any) -> dict[str, bool]:
        kept.clear()
        graded(tmp_path, tmp_path / "results", watch=watch, **options)
        return dict(kept)

    assert again() == {"ada": False, "cy": False, "fay": False}
    assert again() == {"ada": True, "cy": True, "fay": True}
    (some / "cy" / "activations.py").write_text(reference("activations"), encoding="utf-8")
    assert again() == {"ada": True, "cy": False, "fay": True}
    assert rows((tmp_path / "results" / CSV_NAME).read_bytes())["cy"]["score"] == str(WHOLE)
    (tmp_path / "course.toml").write_text(COURSE + "[topic.activations.points]\nrelu = 20\n", encoding="utf-8")
    assert again() == {"ada": False, "cy": False, "fay": False}
    assert again(hints="score") == {"ada": True, "cy": True, "fay": True}  # what is told is no part of what is found
    assert json.loads((tmp_path / "results" / "reports" / "cy.json").read_bytes())["hints"] == "score"
    (tmp_path / "results" / "records" / "ada.json").write_bytes(b'{"version": 1, "ke')
    (tmp_path / "results" / "reports" / "fay.html").unlink()
    assert again(hints="score") == {"ada": False, "cy": True, "fay": True}
    assert (tmp_path / "results" / "reports" / "fay.html").is_file()


class Command:
    """The real command, started and looked at from outside."""

    def __init__(self, given: Path, out: Path, *options: str, **limits: Any) -> None:
        self.out = out
        command = [sys.executable, "-m", "autograder.cli", "class", str(given / "hand-ins"), "--out", str(out)]
        command += ["-a", "week1", "--course", str(given / "course.toml"), *options]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **limits
        )

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for an event, or for the end."""
        while not happened() and self.process.poll() is None:
            time.sleep(0.005)

    def records(self) -> int:
        return len(list((self.out / "records").glob("*.json")))

    def end(self) -> tuple[int, str]:
        said, complained = self.process.communicate()
        return self.process.returncode, said + complained


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
def test_killed_at_any_moment_the_same_command_goes_on_to_the_same_end(
    given: Path, whole: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "results"
    events: list[Callable[[], bool]] = [
        (out / "records").is_dir,
        (out / "submissions" / "submissions.json").is_file,
        lambda: len(list((out / "records").glob("*.json"))) >= 1,
        lambda: len(list((out / "records").glob("*.json"))) >= 4,
        lambda: len(list((out / "records").glob("*.json"))) >= len(hand_ins()),
    ]
    for number, event in enumerate(events):
        command = Command(given, out, "--jobs", str(1 + number % 2))
        command.until(event)
        command.process.kill()  # without effect where it ended by itself meanwhile, as after the last record it may
        command.end()
    code, said = Command(given, out, "--jobs", "2").end()
    assert code == 0, said
    assert content_of(out) == whole["files"]


def test_ctrl_c_ends_at_once_and_loses_nothing(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    command = Command(given, tmp_path / "results", "--jobs", "1")
    command.until(lambda: command.records() >= 2)
    os.killpg(command.process.pid, signal.SIGINT)
    code, said = command.end()
    assert code == 130, said
    assert "Traceback" not in said
    assert graded(given, tmp_path / "results", jobs=2)["files"] == whole["files"]


def test_a_process_that_is_killed_is_replaced(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    command = Command(given, tmp_path / "results", "--jobs", "1")
    command.until(lambda: command.records() >= 3)
    for pid in children_of(command.process.pid):
        os.kill(pid, signal.SIGKILL)
    code, said = command.end()
    assert code == 0, said
    assert content_of(tmp_path / "results") == whole["files"]


def test_where_a_disk_takes_no_more_it_says_so_and_goes_on_later(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    # No file may grow beyond this: writing fails as on a full disk. What is handed in is smaller, and some records are larger.
    def largest(folder: str) -> int:
        return max(len(content) for name, content in whole["files"].items() if name.startswith(folder))

    limit = (largest("submissions/") + largest("records/")) // 2
    assert largest("submissions/") < limit < largest("records/")
    command = Command(
        given,
        tmp_path / "results",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # Python itself would leave half of a compiled module behind
    )
    code, said = command.end()
    assert code == 3, said
    assert "Traceback" not in said
    assert "cannot be written" in said
    assert graded(given, tmp_path / "results")["files"] == whole["files"]


def test_two_commands_do_not_grade_into_one_folder(given: Path, tmp_path: Path) -> None:
    command = Command(given, tmp_path / "results", "--jobs", "1")
    command.until(lambda: command.records() >= 1)
    with pytest.raises(WrongUsage, match="Another process"):
        graded(given, tmp_path / "results")
    os.killpg(command.process.pid, signal.SIGKILL)
    command.end()


# --- the machine's faults -------------------------------------------------------------------------------------------------


def faulty_work(task: Task, connection: Connection) -> None:
    """Stands in for grading: at some names the machine is at fault, at some of them each time."""
    connection.send(None)
    while True:
        try:
            name = connection.recv()
        except EOFError:
            return
        first = not (task.out / name).exists()
        (task.out / name).write_text("tried")
        if name == "killed always" or (name == "killed once" and first):
            os.kill(os.getpid(), signal.SIGKILL)
        fault = name == "fails always" or (name == "fails once" and first)
        connection.send(Done(name, FAULT if fault else GRADED, False, 0.0))


def no_wall(task: Task, connection: Connection) -> None:
    connection.send(Stopped("There is no wall."))


def no_start(task: Task, connection: Connection) -> None:
    os._exit(1)


def pool_task(out: Path) -> Task:
    (out / "records").mkdir()
    return Task(None, out, None, None, None, (), out, out, NOW)


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_fault_of_the_machine_is_tried_once_more_and_then_stands_apart(jobs: int, tmp_path: Path) -> None:
    done: dict[str, str] = {}
    names = ["a", "killed once", "killed always", "b", "fails once", "fails always", "c"]
    Pool(pool_task(tmp_path), jobs, faulty_work).run(names, lambda d, *_: done.update({d.name: d.status}))
    assert done == {name: FAULT if "always" in name else GRADED for name in names}
    record = read_record(tmp_path / "records" / "killed always.json")
    assert record is not None
    assert (record.status, record.report) == (FAULT, None)
    assert "ended, 2 times" in record.fault


def endless_work(task: Task, connection: Connection) -> None:
    """Stands in for grading that never comes back from one submission."""
    connection.send(None)
    while True:
        try:
            name = connection.recv()
        except EOFError:
            return
        while name == "endless":
            time.sleep(60)
        connection.send(Done(name, GRADED, False, 0.0))


def test_a_process_that_never_comes_back_is_ended_and_the_others_are_graded(tmp_path: Path) -> None:
    done: dict[str, str] = {}
    names = ["a", "endless", "b", "c"]
    Pool(pool_task(tmp_path), 1, endless_work, longest=2.0).run(names, lambda d, *_: done.update({d.name: d.status}))
    assert done == {name: FAULT if name == "endless" else GRADED for name in names}


def test_without_a_wall_nothing_is_graded_and_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(GraderFault, match="There is no wall"):
        Pool(pool_task(tmp_path), 2, no_wall).run(["a", "b", "c"], lambda *_: None)


def test_processes_that_cannot_start_are_not_started_for_ever(tmp_path: Path) -> None:
    with pytest.raises(GraderFault, match="as soon as it is started"):
        Pool(pool_task(tmp_path), 2, no_start).run(["a", "b", "c"], lambda *_: None)


def test_whom_the_machine_failed_has_no_mark_and_is_tried_again(given: Path, whole: dict[str, Any], tmp_path: Path) -> None:
    from autograder.classroom.marks import mark_of
    from autograder.classroom.records import VERSION, Record, write_record
    from autograder.course import Course
    from autograder.downloads.table import Row

    record = Record(VERSION, "", FAULT, fault="It was killed.")
    mark = mark_of(Row("ada", "ada", "plain"), record, Course(), WHOLE)
    assert (mark.score, mark.penalty, mark.final, mark.status, mark.notice) == (None, None, None, FAULT, "It was killed.")
    out = tmp_path / "results"
    graded(given, out)
    write_record(out / "records" / "ada.json", record)
    assert graded(given, out)["files"] == whole["files"]


@pytest.fixture(scope="module")
def without_points(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The rows of students who have no points, each for another reason."""
    folder = tmp_path_factory.mktemp("none")
    written(
        folder / "in",
        {
            "cut": activations("def sigmoid(x:\n"),
            "void": activations(" \n"),
            "own": {
                "=my_homework.py": b"def tanh(x):\n    return x\n\n\ndef relu(x):\n    return x\n",
                "notes.txt": b"I was ill.",
            },
            "torn.zip": {"": b"PK\x03\x04 and then nothing"},
            "evil": {"=cmd() activations.py": b"\0", "@x/y.txt": b"x"},
        },
    )
    done = grade_class(folder / "in", folder / "out", topics=["activations"], layout="plain", jobs=1, now=NOW)
    assert {mark.score for mark in done.marks} == {0}
    return rows((folder / "out" / CSV_NAME).read_bytes())


def test_a_row_without_points_tells_why(without_points: dict[str, dict[str, str]]) -> None:
    told = {name: (row["status"], row["notice"]) for name, row in without_points.items()}
    assert told["cut"][0] == told["void"][0] == told["evil"][0] == "graded"
    assert "activations.py" in told["cut"][1]
    assert "SyntaxError" in told["cut"][1]
    assert told["void"][1] == "activations.py is empty."
    seems = "=my_homework.py defines tanh, relu: if it is your activations.py, give it that name."
    assert told["own"] == ("empty", f"No file in it has such a name as activations.py: =my_homework.py, notes.txt. {seems}")
    assert told["torn"][0] == "empty"
    assert told["torn"][1].startswith("There was no file in it. torn.zip was left out: ")


def test_no_reason_is_a_formula_to_a_spreadsheet(without_points: dict[str, dict[str, str]]) -> None:
    assert without_points["evil"]["notice"].startswith("'=cmd() activations.py holds null bytes")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in without_points.values() for cell in row.values())


# --- graded again -----------------------------------------------------------------------------------------------------------


def test_after_a_weight_changed_a_class_is_graded_again_and_each_change_is_told(tmp_path: Path) -> None:
    some = {name: hand_ins()[name] for name in ("ada", "cy")}
    folder, out, course = written(tmp_path / "term", some), tmp_path / "results", tmp_path / "course.toml"
    course.write_text(COURSE, encoding="utf-8")
    first = grade_class(folder, out, course=course, assignment="week1", layout="plain", now=NOW)
    graded, found = regrade(out, now=NOW)
    assert found == []
    assert graded.marks == first.marks
    before = content_of(out)
    course.write_text(COURSE.replace("percent_per_day = 10", "percent_per_day = 10\n[topic.activations.points]\nrelu = 9"))
    with pytest.raises(WrongUsage, match="grade all of it again"):
        regrade(out, ["cy"], now=NOW)
    graded, found = regrade(out, now=NOW)
    assert [one.name for one in found] == ["ada", "cy"]
    assert all(any("activations/relu/value" in str(check) for check in one.checks) for one in found)
    common, own = told_once(found)
    worth = next(exercise.max_score for exercise in load_topic("activations").exercises if exercise.name == "relu")
    assert [line for same in common for line in same.lines] == [
        f"max_score: {WHOLE} → {graded.marks[0].max_score}", f"activations/relu: worth {worth:g} → 9 points",
    ]  # fmt: skip
    assert [check for one in own for check in one.checks] == []
    told = list(csv.DictReader(io.StringIO((out / TABLE).read_text(encoding="utf-8"))))
    assert [(row["student"], row["before"]) for row in told] == [(one.name, f"{one.before}") for one in found]
    assert not (out / BEFORE).exists()
    assert content_of(out).keys() == {*before, TABLE}
    assert regrade(out, now=NOW)[1] == []
    assert list(csv.DictReader(io.StringIO((out / TABLE).read_text(encoding="utf-8")))) == told


def test_one_submission_is_graded_again_and_nobody_elses_mark_is_touched(tmp_path: Path) -> None:
    some = {name: hand_ins()[name] for name in ("ada", "cy")}
    folder, out, course = written(tmp_path / "term", some), tmp_path / "results", tmp_path / "course.toml"
    course.write_text(COURSE, encoding="utf-8")
    import_download(folder, tmp_path / "imported", "plain")
    first = grade_class(tmp_path / "imported", out, course=course, assignment="week1", now=NOW)
    others = (out / "records" / "ada.json").stat().st_mtime_ns
    (tmp_path / "imported" / "cy" / "activations.py").write_text(stubs("activations"), encoding="utf-8")
    (tmp_path / "imported" / "ada" / "activations.py").write_text(stubs("activations"), encoding="utf-8")
    graded, found = regrade(out, ["cy"], now=NOW)
    assert [one.name for one in found] == ["cy"]
    assert [mark for mark in graded.marks if mark.submission == "ada"] == [m for m in first.marks if m.submission == "ada"]
    assert (out / "records" / "ada.json").stat().st_mtime_ns == others
    with pytest.raises(WrongUsage, match="has no submission 'dee'"):
        regrade(out, ["dee"])


def in_a_course(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose points are its own, with a submission; it is the working folder from now on."""
    written(folder / "hand-ins", {"ada": activations(reference("activations"))})
    course = f"{COURSE}\n[topic.activations.points]\nrelu = 90\n"
    (folder / "course.toml").write_text(course, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def regraded_by_command(*given: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["regrade", *given])
    return done.exit_code, done.output


def test_a_class_is_graded_again_with_its_course_from_anywhere_and_after_the_folder_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_course(tmp_path / "winter", monkeypatch)
    first = grade_class(Path("hand-ins"), Path("results"), topics=["activations"], layout="plain", jobs=1, now=NOW)
    assert first.marks[0].max_score > WHOLE
    assert json.loads(Path("results/asked.json").read_bytes())["course"] == "../course.toml"
    monkeypatch.chdir(tmp_path)
    _, found = regrade(Path("winter/results"), jobs=1, now=NOW)
    assert found == []
    (tmp_path / "winter").rename(tmp_path / "kept")
    again, found = regrade(Path("kept/results"), jobs=1, now=NOW)
    assert (again.marks, found) == (first.marks, [])


def test_results_that_lie_elsewhere_find_their_course_when_they_are_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = in_a_course(tmp_path / "winter", monkeypatch) / "course.toml"
    grade_class(Path("hand-ins"), tmp_path / "results", topics=["activations"], layout="plain", jobs=1, now=NOW)
    (tmp_path / "far" / "away").mkdir(parents=True)
    moved = (tmp_path / "results").rename(tmp_path / "far" / "away" / "results")
    asked = Asked.read(moved)
    assert asked is not None
    assert asked.course_file(moved) == course


def test_without_the_course_that_it_was_graded_with_nothing_is_graded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = in_a_course(tmp_path / "winter", monkeypatch) / "course.toml"
    grade_class(Path("hand-ins"), Path("results"), topics=["activations"], layout="plain", jobs=1, now=NOW)
    before = content_of(Path("results"))
    course.rename(tmp_path / "other.toml")
    code, said = regraded_by_command("results")
    assert code == 2
    assert "results was graded with course.toml, which is not there any more" in said
    assert "`grade regrade results --course FILE`" in said
    assert content_of(Path("results")) == before
    code, said = regraded_by_command("results", "--course", "../other.toml")
    assert code == 0, said
    assert content_of(Path("results"))["marks.json"] == before["marks.json"]


def test_a_course_that_was_not_in_force_does_not_come_into_it_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_course(tmp_path / "winter", monkeypatch)
    monkeypatch.chdir(tmp_path)
    grade_class(Path("winter/hand-ins"), Path("results"), topics=["activations"], layout="plain", jobs=1, now=NOW)
    monkeypatch.chdir(tmp_path / "winter")
    code, said = regraded_by_command("../results")
    assert code == 2
    assert "../results was graded without a course.toml, and there is one in the working folder" in said
    # Results of an earlier version do not say so: the working folder's course counts, as it did.
    asked = json.loads((tmp_path / "results" / "asked.json").read_bytes())
    del asked["bare"]
    (tmp_path / "results" / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    graded, _ = regrade(tmp_path / "results", jobs=1, now=NOW)
    assert graded.marks[0].max_score > WHOLE


OPTIONS: dict[str, Any] = {"topics": ["activations"], "layout": "plain", "jobs": 1, "now": NOW}


def test_a_class_that_is_graded_once_more_keeps_the_course_that_it_had_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_course(tmp_path / "winter", monkeypatch)
    first = grade_class(Path("hand-ins"), Path("results"), **OPTIONS)
    before = content_of(Path("results"))
    assert grade_class(Path("hand-ins"), Path("results"), **OPTIONS).notices == first.notices == []
    monkeypatch.chdir(tmp_path)
    given = Path("winter/hand-ins"), Path("winter/results")
    again = grade_class(*given, **OPTIONS)
    assert again.notices == ["Graded with winter/course.toml, as winter/results was before."]
    assert (again.marks, content_of(given[1])) == (first.marks, before)
    Path("course.toml").write_text(COURSE, encoding="utf-8")
    again = grade_class(*given, **OPTIONS)
    assert again.notices == [
        "Graded with winter/course.toml, as winter/results was before, and not with the working folder's: "
        "say --course course.toml if that should count."
    ]
    assert (again.marks, content_of(given[1])) == (first.marks, before)
    other = grade_class(*given, **OPTIONS, course=Path("course.toml"))
    assert other.notices == [
        "Graded with course.toml, as --course says; winter/results was graded with winter/course.toml before."
    ]
    assert other.marks[0].max_score == WHOLE < first.marks[0].max_score
    assert grade_class(*given, **OPTIONS).notices == []  # it is the one that is remembered now


def test_a_class_is_graded_once_more_neither_without_its_course_nor_with_one_that_it_had_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(out: str) -> str:
        done = CliRunner().invoke(main, ["class", "hand-ins", "--out", out, "-t", "activations", "--layout", "plain"])
        assert done.exit_code == 2
        return done.output

    course = in_a_course(tmp_path / "winter", monkeypatch) / "course.toml"
    grade_class(Path("hand-ins"), Path("results"), **OPTIONS)
    before = content_of(Path("results"))
    course.rename(tmp_path / "other.toml")
    grade_class(Path("hand-ins"), Path("../bare"), **OPTIONS)
    told = said("results")
    assert "results was graded with course.toml, which is not there any more" in told
    assert "`grade class SUBMISSIONS --out results --course FILE`" in told
    (tmp_path / "other.toml").rename(course)
    told = said("../bare")
    assert "../bare was graded without a course.toml, and there is one in the working folder" in told
    assert "`grade class SUBMISSIONS --out ../bare --course course.toml`" in told
    assert content_of(Path("results")) == before


# --- a second download ------------------------------------------------------------------------------------------------------


def canvas_zip(path: Path, topic: str, **texts: str) -> Path:
    """What Canvas gives: a file a student, called by an id."""
    with zipfile.ZipFile(path, "w") as packed:
        for number, (id_, text) in enumerate(texts.items()):
            packed.writestr(f"student_{id_[1:]}_{number}_{topic}.py", text)
    return path


def test_a_newer_download_adds_to_the_results_and_says_whom_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    right, out = reference("activations"), Path("results")
    canvas_zip(Path("monday.zip"), "activations", _7012=right, _7013="x = 1\n")
    canvas_zip(Path("friday.zip"), "activations", _7013=right, _7014="x = 1\n")
    first = grade_class(Path("monday.zip"), out, jobs=1, now=NOW)
    assert grade_class(Path("monday.zip"), out, jobs=1, now=NOW).notices == first.notices == []
    done = grade_class(Path("friday.zip"), out, jobs=1, now=NOW)
    assert done.notices == [
        "results was graded from monday.zip before, and from friday.zip now. 1 student of the earlier one is not in "
        "friday.zip, and kept with what they handed in. If that was not meant, grade each into a folder of its own, with "
        "another --out."
    ]
    assert {mark.submission: mark.final for mark in done.marks} == {"7012": WHOLE, "7013": WHOLE, "7014": 0}
    page = content_of(out)["index.html"]
    done = grade_class(Path("friday.zip"), out, jobs=1, now=NOW)
    assert done.notices == ["1 student of an earlier download is not in friday.zip, and kept."]
    assert content_of(out)["index.html"] == page
    canvas_zip(Path("all.zip"), "activations", _7012=right, _7013=right, _7014="x = 1\n")
    done = grade_class(Path("all.zip"), out, jobs=1, now=NOW)
    assert "All students of the earlier one are in all.zip." in done.notices[0]


def test_another_assignment_is_refused_and_nothing_that_was_graded_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("course.toml").write_text(COURSE + '[assignment.again]\ntopics = ["activations"]\n', encoding="utf-8")
    out, submissions = Path("results"), {"_7012": reference("activations"), "_7013": "x = 1\n"}
    canvas_zip(Path("week1.zip"), "activations", **submissions)
    grade_class(Path("week1.zip"), out, assignment="week1", jobs=1, now=NOW)
    before = content_of(out)

    def refused(given: str, **options: Any) -> str:
        with pytest.raises(WrongUsage) as error:
            grade_class(Path(given), out, **options)
        assert content_of(out) == before
        return str(error.value)

    canvas_zip(Path("week2.zip"), "losses", _7013="y = 1\n", _7014="y = 1\n")
    said: list[dict[str, Any]] = [{}, {"topics": ["losses"]}, {"topics": ["activations"]}, {"assignment": "week1"}]
    for options in said:
        assert refused("week2.zip", **options) == (
            "results holds the marks of week1.zip (activations), and week2.zip is of another assignment (losses): grade it "
            "into a folder of its own, with another --out. Nothing was changed."
        )
    canvas_zip(Path("both.zip"), "activations", _7012="x = 2\n")
    assert "week1.zip (week1), and both.zip is of another assignment (again)" in refused("both.zip", assignment="again")
    assert "week1.zip (activations), and both.zip is of another assignment (losses)" in refused("both.zip", topics=["losses"])
    canvas_zip(Path("week1.zip"), "losses", _7012="y = 1\n")
    assert "of an earlier week1.zip (activations), and week1.zip is" in refused("week1.zip", assignment="week1")
    canvas_zip(Path("week1.zip"), "activations", **submissions)
    corrected = grade_class(Path("week1.zip"), out, assignment="again", jobs=1, now=NOW)  # the same, and another word for it
    assert [mark.final for mark in corrected.marks] == [WHOLE, 0]


def test_imports_of_two_assignments_do_not_share_results_and_of_one_those_who_are_gone_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = Path("results")
    for name, topic, own in (("week1", "activations", "ab"), ("newer", "activations", "bc"), ("week2", "losses", "ab")):
        texts = {f"_70{place}": f"{student} = 1\n" for place, student in enumerate(own)}
        import_download(canvas_zip(Path(f"{name}.zip"), topic, **texts), Path(name))
    Path("newer/700").rename("newer/702")
    table = Path("newer/submissions.json")
    table.write_text(table.read_text(encoding="utf-8").replace('"700"', '"702"'), encoding="utf-8")
    grade_class(Path("week1"), out, jobs=1, now=NOW)
    before = content_of(out)
    with pytest.raises(WrongUsage, match=r"results holds the marks of week1 \(activations\), and week2 is of another"):
        grade_class(Path("week2"), out, jobs=1, now=NOW)
    assert content_of(out) == before
    assert grade_class(Path("week1"), out, jobs=1, now=NOW).notices == []
    done = grade_class(Path("newer"), out, jobs=1, now=NOW)
    assert "1 student of the earlier one is not in newer, and without a row now." in done.notices[0]
    assert [mark.submission for mark in done.marks] == ["701", "702"]
    (out / "submissions").mkdir()  # as a download would have left it, and as one that was refused does
    asked = Asked.read(out)
    assert asked is not None
    assert asked.folder(out) == Path("newer")
    assert {row.key for row in asked.rows(out)} == {"701", "702"}


# --- whose, when, and of which assignment -----------------------------------------------------------------------------------


def test_nbgraders_folder_is_taken_as_it_is_and_lateness_costs_what_the_course_says(given: Path, tmp_path: Path) -> None:
    right = reference("activations")
    late = {"timestamp.txt": b"2026-12-06 10:00:00.000000 UTC", "activations.py": right.encode()}
    early = {"timestamp.txt": b"2026-12-03 10:00:00.000000 UTC", "activations.py": right.encode()}
    folder = tmp_path / "hand-ins" / "submitted"
    written(folder, {"ada/week1": early, "bo/week1": late})
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    done = grade_class(
        folder, tmp_path / "results", course=tmp_path / "course.toml", assignment="week1", layout="nbgrader", now=NOW
    )
    marks = {mark.submission: (mark.score, mark.penalty, mark.final) for mark in done.marks}
    penalty = round(0.2 * WHOLE, 2)  # two days begun, ten percent each
    assert marks == {"ada": (WHOLE, 0, WHOLE), "bo": (WHOLE, penalty, round(WHOLE - penalty, 2))}
    (tmp_path / "course.toml").write_text(f"{COURSE}\n[extension]\nbo = 1\nnobody = 2\n", encoding="utf-8")
    done = grade_class(
        folder, tmp_path / "results", course=tmp_path / "course.toml", assignment="week1", layout="nbgrader", now=NOW
    )
    assert [(mark.submission, mark.penalty) for mark in done.marks] == [("ada", 0), ("bo", round(0.1 * WHOLE, 2))]
    assert [mark.notice for mark in done.marks] == ["", "Has an extension of 1 day."]
    assert "Extensions that fit no submission: 'nobody'." in done.notices


def late_course(folder: Path, more: str = "") -> Path:
    """A course whose due date is told by a clock that is not UTC's: five in the afternoon there is four in UTC."""
    text = COURSE.replace("2026-12-04T22:00:00+00:00", "2026-12-04T17:00:00+01:00")
    (folder / "course.toml").write_text(text + more, encoding="utf-8")
    return folder / "course.toml"


def test_a_time_without_a_zone_is_read_on_the_due_dates_clock_and_the_report_tells_what_lateness_cost(tmp_path: Path) -> None:
    right = activations(reference("activations"))["activations.py"]
    names = [
        "HW1_ada_attempt_2026-12-04-16-59-59_activations.py",
        "HW1_bo_attempt_2026-12-04-17-00-01_activations.py",
        "HW1_cy_attempt_2026-12-14-10-00-00_activations.py",
    ]
    folder = written(tmp_path / "in", {name: {"": right} for name in names})
    options: dict[str, Any] = {"course": late_course(tmp_path), "assignment": "week1", "now": NOW}
    done = grade_class(folder, tmp_path / "results", **options)
    tenth = round(0.1 * WHOLE, 2)
    assert {mark.id: (mark.penalty, mark.final) for mark in done.marks} == {
        "ada": (0, WHOLE), "bo": (tenth, round(WHOLE - tenth, 2)), "cy": (WHOLE, 0)
    }  # fmt: skip
    assert not any("no time is known" in notice for notice in done.notices)
    before = content_of(tmp_path / "results")
    said = {name: json.loads(before[f"reports/{name}.json"])["notices"] for name in ("ada", "bo", "cy")}
    assert said == {
        "ada": [],
        "bo": [f"Handed in 1 day late (each day begun counts): {tenth:g} points are taken off, {WHOLE - tenth:g} remain."],
        "cy": [f"Handed in 10 days late (each day begun counts): {WHOLE:g} points are taken off, 0 remain."],
    }
    for name, told in said.items():
        page = Tags(before[f"reports/{name}.html"].decode()).text
        assert all(sentence in page for sentence in told)
        assert ("taken off" in page) == bool(told)
    grade_class(folder, tmp_path / "results", **options)
    assert content_of(tmp_path / "results") == before
    late_course(tmp_path, "[extension]\nbo = 1\n")
    grade_class(folder, tmp_path / "results", **options)
    assert json.loads((tmp_path / "results" / "reports" / "bo.json").read_bytes())["notices"] == []


def test_where_no_time_is_known_it_is_said_that_lateness_costs_nothing(tmp_path: Path) -> None:
    right = activations(reference("activations"))["activations.py"]
    names = [
        "7-255 - Ada Lee - Dec 14, 2026 1000 AM",
        "8-255 - Bo Roe - 14 déc. 2026 10 00",
        "9-255 - Cy Roe - 14 déc. 2026 1000",
    ]
    folder = written(tmp_path / "in", {name: {"activations.py": right} for name in names})
    options: dict[str, Any] = {"course": late_course(tmp_path), "assignment": "week1", "now": NOW}
    done = grade_class(folder, tmp_path / "results", **options)
    assert [mark.penalty for mark in done.marks] == [WHOLE, 0, 0]
    assert done.notices == ["A due date is set, and for 2 submissions no time is known: nothing is taken off for lateness."]
    unknown = "When it was handed in is not known, so nothing is taken off for lateness."
    assert [mark.notice for mark in done.marks] == ["", unknown, unknown]
    done = grade_class(folder, tmp_path / "elsewhere", topics=["activations"], now=NOW)
    assert (done.notices, {mark.notice for mark in done.marks}) == ([], {""})


def test_an_extension_is_found_by_what_the_roster_tells_of_a_student(tmp_path: Path) -> None:
    right = activations(reference("activations"))["activations.py"]
    names = ["lovelaceada_7012_1_activations.py", "garciagus_7013_2_activations.py", "roebo_7014_3_activations.py"]
    folder = written(tmp_path / "in", {name: {"": right} for name in names})
    roster = tmp_path / "canvas.csv"
    people = [
        '"Lovelace, Ada",7012,ada',
        '"Garcia, Gus",7013,gus',
        '"Roe, Bo",7014,bo',
        '"Roe, Bo",7015,bo2',
        '"Poe, Al",7016,al',
    ]
    roster.write_text("\n".join(["Student,ID,SIS Login ID", *people]) + "\n", encoding="utf-8")
    given = '[extension]\n"Lovelace, Ada" = 3\ngus = 2\n7014 = 1\n"Bo Roe" = 4\nal = 5\n"Nobody, No" = 6\n'
    done = grade_class(
        folder, tmp_path / "results", course=late_course(tmp_path, given), assignment="week1", roster=roster, now=NOW
    )
    told = {mark.id: mark.notice for mark in done.marks if mark.submission}
    assert told == {
        "7012": "Has an extension of 3 days.", "7013": "Has an extension of 2 days.", "7014": "Has an extension of 1 day.",
    }  # fmt: skip
    assert "Extensions that fit no submission: 'Bo Roe', 'al', 'Nobody, No'." in done.notices


def test_an_imports_folder_is_graded_where_it_lies(given: Path, tmp_path: Path) -> None:
    some = {name: hand_ins()[name] for name in ("ada", "cy")}
    import_download(written(tmp_path / "download", some), tmp_path / "imported")
    written(tmp_path / "imported", {"put-there": hand_ins()["bo"]})
    done = grade_class(tmp_path / "imported", tmp_path / "results", topics=["activations"], now=NOW)
    assert [mark.submission for mark in done.marks] == ["ada", "cy", "put-there"]
    assert not (tmp_path / "results" / "submissions").exists()
    assert any("put-there stands in no table" in notice for notice in done.notices)


def test_an_empty_folder_is_a_student_without_points(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", {name: hand_ins()[name] for name in ("ada", "bo")})
    (folder / "cy" / "code").mkdir(parents=True)
    (folder / "di").mkdir()
    (folder / "di" / ".DS_Store").write_bytes(b"Finder")
    for name in (".git", "__MACOSX"):
        (folder / name).mkdir()
    with zipfile.ZipFile(folder / "eve.zip", "w") as archive:
        archive.writestr("activations.py", reference("activations"))
    (folder / "eve").mkdir()  # somebody began to unpack it: the archive counts
    for _ in range(2):
        done = grade_class(folder, tmp_path / "results", topics=["activations"], jobs=1, now=NOW)
        assert [(mark.submission, mark.status, mark.score, mark.notice) for mark in done.marks] == [
            ("ada", "graded", WHOLE, ""),
            ("bo", "graded", WHOLE, ""),
            ("cy", "empty", 0, "There was no file in it."),
            ("di", "empty", 0, "There was no file in it."),
            ("eve", "graded", WHOLE, ""),
        ]
    assert closing_words(done)[1] == "2 hold nothing of it."


@pytest.mark.parametrize("pack", ["zip", "tar.gz"])
def test_an_empty_folder_in_an_archive_is_a_student_without_points_too(pack: str, tmp_path: Path) -> None:
    right = reference("activations").encode()
    files = {"class/ada/activations.py": right, "class/bo/activations.py": right, "class/di/.DS_Store": b"Finder"}
    folders = ["class/cy/code/", "class/__MACOSX/", "class/ada/empty/"]
    path = tmp_path / f"class.{pack}"
    if pack == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            for folder in folders:
                packed.writestr(folder, b"")
            for name, content in files.items():
                packed.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz") as packed_too:
            for name, content in {**dict.fromkeys(folders, b""), **files}.items():
                member = tarfile.TarInfo(name)
                member.type, member.size = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE, len(content)
                packed_too.addfile(member, io.BytesIO(content))
    done = grade_class(path, tmp_path / "results", topics=["activations"], jobs=1, now=NOW)
    assert [(mark.submission, mark.status, mark.score, mark.notice) for mark in done.marks] == [
        ("ada", "graded", WHOLE, ""),
        ("bo", "graded", WHOLE, ""),
        ("cy", "empty", 0, "There was no file in it."),
        ("di", "empty", 0, "There was no file in it."),
    ]


def test_a_submission_that_is_gone_is_no_empty_one(tmp_path: Path) -> None:
    import_download(written(tmp_path / "in", {"ada": activations("x = 1"), "bo": activations("x = 2")}), tmp_path / "imported")
    (tmp_path / "imported" / "bo").rename(tmp_path / "elsewhere")
    with pytest.raises(WrongUsage, match="lists bo, whose folder is not there"):
        grade_class(tmp_path / "imported", tmp_path / "results", topics=["activations"])


def test_a_roster_has_a_row_for_everybody_and_drops_nobody(given: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("Name,ID,Email\nAda Lovelace,ada,ada@example.org\nGrace Hopper,grace,g@example.org\n", encoding="utf-8")
    some = {name: hand_ins()[name] for name in ("ada", "bo")}
    done = grade_class(written(tmp_path / "in", some), tmp_path / "results", topics=["activations"], roster=roster, now=NOW)
    told = [(mark.submission, mark.name, mark.email, mark.status, mark.final) for mark in done.marks]
    assert told == [
        ("ada", "Ada Lovelace", "ada@example.org", "graded", WHOLE),
        ("bo", "bo", "", "graded", WHOLE),
        ("", "Grace Hopper", "g@example.org", "missing", None),
    ]
    assert done.unknown == ["bo"]
    assert "Not in the roster" in done.marks[1].notice


def test_a_class_has_one_number_of_points(tmp_path: Path) -> None:
    mixed = {"ada": activations("x = 1\n"), "bo": {"losses.py": b"x = 1\n", "activations.py": b"x = 1\n"}}
    with pytest.raises(WrongUsage, match=r"different topics \(activations in 2, losses in 1\)"):
        grade_class(written(tmp_path / "in", mixed), tmp_path / "results")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda at: None, "There is no file or folder"),
        (lambda at: (at / "in").mkdir(), "holds no file"),
        (lambda at: (at / "in").write_bytes(b"PK\x03\x04nothing"), "in"),
        (lambda at: written(at, {"in/a": activations("x = 1"), "out/thesis": {"a.tex": b"mine"}}), "holds no class's results"),
        (lambda at: written(at, {"in/a": activations("x = 1"), "out": {"": b"a file"}}), "is not a folder"),
    ],
)
def test_what_cannot_be_a_class_is_refused_before_anything_is_written(
    tmp_path: Path, prepare: Callable[[Path], object], said: str
) -> None:
    prepare(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WrongUsage, match=said):
        grade_class(tmp_path / "in", tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("there", [False, True])
def test_where_nothing_was_graded_nothing_is_left_behind(tmp_path: Path, there: bool) -> None:
    written(tmp_path / "in", {"ada": activations("x = 1\n"), "bo": {"losses.py": b"x = 1\n"}})
    written(tmp_path / "one", {"": {"activations.py": b"x = 1\n"}})
    if there:
        (tmp_path / "results").mkdir()
    before = content_of(tmp_path)
    for given, options, said in (
        ("nope", {}, "There is no file or folder"),
        ("one", {}, "looks like a single submission"),
        ("in", {"roster": tmp_path / "nope.csv"}, "nope.csv"),
        ("in", {"extensions": tmp_path / "nope.csv"}, "nope.csv"),
        ("in", {}, "hold different topics"),  # which is known only when they are imported
    ):
        for out in (tmp_path / "results", tmp_path / "week1" / "results"):
            with pytest.raises(WrongUsage, match=said):
                grade_class(tmp_path / given, out, **options)
            assert content_of(tmp_path) == before
            assert out.exists() == (there and out.parent == tmp_path)
            assert not (tmp_path / "week1").exists()


def test_what_stood_among_results_stays_where_a_later_command_is_refused(tmp_path: Path) -> None:
    folder, out = written(tmp_path / "in", {"ada": activations(reference("activations"))}), tmp_path / "results"
    grade_class(folder, out, layout="plain", jobs=1, now=NOW)
    before = content_of(out)
    with pytest.raises(WrongUsage, match="There is no file or folder"):
        grade_class(tmp_path / "nope", out)
    with pytest.raises(WrongUsage, match=r"nope\.csv"):
        grade_class(folder, out, layout="plain", roster=tmp_path / "nope.csv")
    assert content_of(out) == before


def test_results_do_not_lie_among_the_submissions(tmp_path: Path) -> None:
    written(tmp_path / "in", {"a": activations("x = 1")})
    with pytest.raises(WrongUsage, match="lies among the submissions"):
        grade_class(tmp_path / "in", tmp_path / "in" / "results")


def test_the_command_says_how_far_it_is_and_where_everything_lies(given: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as download:
        for name in ("ada", "ida"):
            for path, content in hand_ins()[name].items():
                download.writestr(f"hand-ins/{name}/{path}", content)
    command = [sys.executable, "-m", "autograder.cli", "class", "download.zip", "--out", "results", "-t", "activations"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=_with_root())
    assert done.returncode == 0, done.stderr
    assert "graded 2 of 2" in done.stderr
    assert "2 submissions of activations." in done.stdout
    assert "1 holds nothing of it." in done.stdout
    assert "results/index.html" in done.stdout


def _with_root() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


# --- fingerprints -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def verdict() -> Callable[..., str]:
    check_id, exercise, check = next(iter(load_topic("activations").checks()))

    def made(*observed: Any, status: str = "failed", within: Any = 0.0) -> str:
        seen = [{"result": Observation(value, 0.0, False, within)} for value in observed]
        return fingerprint(Verdict(check_id, exercise.name, check, status, seen))

    return made


def test_rounding_noise_splits_no_group_and_another_answer_does(verdict: Callable[..., str]) -> None:
    random = np.random.default_rng(3)
    for values in (random.normal(size=500), np.array([1, 1 / 3, 0.5, 2.0**-10, 1e-6, 1e6, -1, 0, np.inf, np.nan])):
        with np.errstate(invalid="ignore"):
            noisy = np.nextafter(values, np.inf) * (1 + 1e-14)
        assert verdict(values) == verdict(noisy)
        assert verdict(values) != verdict(values * (1 + 1e-4))
    assert verdict(np.array([0.0])) == verdict(np.array([-1e-17]))
    assert verdict(3) == verdict(3.0)
    assert verdict([1.0, "a", None, {"b": True}]) != verdict([1.0, "a", None, {"b": False}])


def test_a_form_an_order_or_the_input_that_is_wrong_makes_a_difference(verdict: Callable[..., str]) -> None:
    value = np.array([[1.0, 2.0]])
    different = [value, value.T, value[0], value.astype(np.float32), value[:, ::-1], value.tolist(), -value]
    assert len({verdict(other) for other in different}) == len(different)
    assert verdict(value, -value) != verdict(-value, value)


def test_only_values_that_are_wrong_make_a_fingerprint(verdict: Callable[..., str]) -> None:
    assert verdict(1.0, status="error") == verdict(1.0, status="passed") == ""
    assert verdict(1.0)


def test_what_is_measured_is_alike_within_what_chance_does(verdict: Callable[..., str]) -> None:
    assert verdict(np.array([2.0, 5.0]), within=0.1) == verdict(np.array([2.001, 5.001]), within=0.1)
    assert verdict(2.0, within=0.1) != verdict(4.0, within=0.1)
