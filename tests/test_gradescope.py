"""The zip for Gradescope, unpacked in a clean root and run by its own scripts, gives the scores of `grade`, and no secret."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.at_home.public import FILE_NAME, public_bytes, public_record
from autograder.course.settings import read_course
from autograder.declare.catalogue import OURS, load_topic
from autograder.gradescope.build import stand_in
from autograder.gradescope.requirements import requirements
from autograder.grading.engine import Grader, warm_grader
from autograder.handing_out.assignments import solution_lines
from autograder.handing_out.handout import notebook
from autograder.report import Report, total
from autograder.submission.read import read_submission
from tests.conftest import ROOT, need_backend
from tests.container import Container, packed_wheels
from tests.forked import grade_command

TOPIC = "activations"
SECRET = "a term's own secret, 4c1f8e"
SETTINGS = f"""\
title = "Deep learning, a term"
topics = ["{TOPIC}"]
secret_file = "../private/secret"
sandbox = "bubblewrap"

[hints]
before_due = "score"
after_due = "full"

[topic.{TOPIC}]
leave_out = ["elu"]
points = {{ sigmoid = 7.5 }}
"""
WORKFLOW = ROOT / "docs" / "examples" / "github-classroom" / ".github" / "workflows" / "classroom.yml"
FORBIDDEN_EVERYWHERE = ("hidden", "after_due_date", "after_published")


@pytest.fixture(scope="module")
def course_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a secret of its own, beside its folder, and with settings that count."""
    home = tmp_path_factory.mktemp("term")
    (home / "private").mkdir()
    (home / "private" / "secret").write_text(SECRET)
    (home / "course").mkdir()
    (home / "course" / "course.toml").write_text(SETTINGS)
    return home / "course" / "course.toml"


def make_zip(course: Path, out: Path, *more: str) -> str:
    command = [sys.executable, "-m", "autograder.cli", "gradescope", "--course", str(course), "--out", str(out), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=out.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(course_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, with wheels of all it needs, as these tests use no network."""
    folder = tmp_path_factory.mktemp("made")
    packed_wheels(requirements([TOPIC]), folder / "wheels")
    said = make_zip(course_file, folder / "autograder.zip", "--wheels", str(folder / "wheels"))
    points = sum(exercise.max_score for exercise in read_course(course_file).table(TOPIC).exercises)
    assert f"Autograder points on Gradescope: {points:g}." in said
    return folder / "autograder.zip"


@pytest.fixture(scope="module")
def container(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Container:
    """A root without user namespaces and without a network, in which setup.sh has run."""
    need_backend("bubblewrap")
    built = Container(tmp_path_factory.mktemp("autograder"))
    built.unpack(made)
    done = built.run("bash", "source/setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Ready: {TOPIC}; the wall here is landlock." in done.stdout
    return built


@pytest.fixture(scope="module")
def at_home(course_file: Path) -> Iterator[Grader]:
    """The grader of the course on the instructor's own machine."""
    with warm_grader(read_course(course_file).but("landlock", None), jobs=1) as grader:
        yield grader


# --- submissions -------------------------------------------------------------------------------------------------------

RIGHT = OURS.reference_source(TOPIC)
ATTACKS = ROOT / "tests" / "hostile"


def attack(name: str) -> str:
    """A hostile scenario that knows where things lie in a container of Gradescope."""
    text = (ATTACKS / name / "attack.py").read_text(encoding="utf-8")
    places = {
        "ROOT": "/autograder/source",
        "CACHE": "/autograder/source/answers",
        "CANARY_FILE": "/autograder/source/course/stand-in",
    }
    for word, place in places.items():
        text = text.replace(f"@{word}@", place)
    return f"{RIGHT}\n\n{text}"


WRONG = f"{RIGHT}\n\ndef tanh(x):\n    return np.tanh(2 * x)\n\ndef relu(x):\n    return np.abs(x)\n"


def submissions() -> dict[str, dict[str, str]]:
    """Files by name, for each submission by name."""
    stub = (ROOT / "assignments" / TOPIC / f"{TOPIC}.py").read_text(encoding="utf-8")
    return {
        "right": {f"{TOPIC}.py": RIGHT},
        "wrong": {f"{TOPIC}.py": WRONG},
        "blank": {f"{TOPIC}.py": stub},
        "a notebook": {f"{TOPIC}.ipynb": notebook(TOPIC, RIGHT)},
        "in a folder of a zip": {f"work/{TOPIC}.py": WRONG, "work/notes.txt": "notes"},
        "no Python": {f"{TOPIC}.py": "def sigmoid(x:\n"},
        "writes results and exits": {f"{TOPIC}.py": attack("forge_results_file")},
        "looks for secrets": {f"{TOPIC}.py": attack("secrets_files")},
        "ends at import": {f"{TOPIC}.py": "import os\nos._exit(0)\n"},
        "kills itself": {f"{TOPIC}.py": attack("bend_kill_itself")},
        "starts processes": {f"{TOPIC}.py": attack("exhaust_processes")},
        "markup": {f"{TOPIC}.py": attack("packaging_markup")},
        "settings of its own": {
            f"{TOPIC}.py": WRONG,
            "course.toml": 'sandbox = "none"\nhints = "full"\n',
            "numpy.py": "raise SystemExit",
        },
    }


def hand_in(container: Container, files: dict[str, str]) -> None:
    shutil.rmtree(container.folder / "submission", ignore_errors=True)
    for name, text in {**files}.items():
        place = container.folder / "submission" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def told_by_gradescope(container: Container, **dates: datetime | None) -> None:
    """submission_metadata.json, in the form that Gradescope publishes."""
    assignment = {
        "title": "Activations",
        "total_points": "150.0",
        "due_date": None,
        "late_due_date": None,
        "group_submission": False,
    }
    assignment |= {name: date.isoformat() if date else None for name, date in dates.items()}
    about = {
        "id": 1,
        "created_at": "2018-07-01T14:22:32.365935-07:00",
        "assignment": assignment,
        "users": [],
        "previous_submissions": [],
    }
    (container.folder / "submission_metadata.json").write_text(json.dumps(about))


def graded(container: Container, files: dict[str, str]) -> dict[str, Any]:
    """The results that run_autograder leaves on a submission, found to be of the published form."""
    hand_in(container, files)
    done = container.run("./run_autograder")
    assert done.returncode == 0, done.stdout + done.stderr
    results = container.results()
    is_of_the_published_form(results)
    return results


def is_of_the_published_form(results: dict[str, Any]) -> None:
    """Held against Gradescope's page on autograders: known fields alone, of their types, and one of score and tests."""
    formats, visible = {"text", "html", "simple_format", "md", "ansi"}, {"visible", *FORBIDDEN_EVERYWHERE}
    number, text = (int, float), str
    top: dict[str, Any] = {
        "score": number, "execution_time": number, "output": text, "output_format": formats, "test_output_format": formats,
        "test_name_format": formats, "visibility": visible, "stdout_visibility": visible, "extra_data": dict, "tests": list,
    }  # fmt: skip
    test: dict[str, Any] = {
        "score": number, "max_score": number, "status": {"passed", "failed"}, "name": text, "name_format": formats,
        "number": text, "output": text, "output_format": formats, "tags": list, "visibility": visible, "extra_data": dict,
    }  # fmt: skip
    for found, form in [(results, top), *((entry, test) for entry in results.get("tests", []))]:
        for name, value in found.items():
            known = form[name]
            assert value in known if isinstance(known, set) else isinstance(value, known), (name, value)


def at_home_on(grader: Grader, files: dict[str, str], folder: Path) -> Report:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return grader.grade(read_submission(folder), [TOPIC])


def by_exercise(results: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {test["name"]: (test["score"], test["max_score"]) for test in results["tests"]}


def is_the_same(results: dict[str, Any], report: Report) -> None:
    """The same points, whole and exercise by exercise."""
    assert (results["score"], results["extra_data"]["max_score"]) == (report.score, report.max_score)
    assert by_exercise(results) == {f"{t.name}: {e.name}": (e.score, e.max_score) for t in report.topics for e in t.exercises}


# --- promises ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", submissions())
def test_its_own_scripts_give_the_scores_of_grade(name: str, container: Container, at_home: Grader, tmp_path: Path) -> None:
    results = graded(container, submissions()[name])
    is_the_same(results, at_home_on(at_home, submissions()[name], tmp_path / "submission"))
    assert results["extra_data"]["sandbox"] == "landlock"
    assert results["output"].endswith("Graded behind the wall (landlock).")
    if name == "looks for secrets":
        assert results["score"] == results["extra_data"]["max_score"], "what it found is told in place of an answer"


def test_the_search_for_secrets_finds_the_answers_where_there_is_no_wall(container: Container) -> None:
    """So that it is the wall, and not a wrong path, which keeps them from it elsewhere."""
    told_by_gradescope(container, due_date=datetime.now(UTC) - timedelta(days=1))
    course = container.folder / "source" / "course" / "course.toml"
    whole = course.read_text()
    try:
        course.write_text(whole.replace('sandbox = "bubblewrap"', 'sandbox = "none"'))
        results = graded(container, submissions()["looks for secrets"])
    finally:
        course.write_text(whole)
    assert results["score"] < results["extra_data"]["max_score"]
    assert "LOOT /autograder/source/answers" in results["output"]
    assert results["output"].endswith("Graded without a sandbox.")


def test_where_namespaces_are_allowed_the_scores_are_the_same(container: Container, at_home: Grader, tmp_path: Path) -> None:
    outside = Container(container.folder, inside=False)
    for name in ("wrong", "writes results and exits"):
        results = graded(outside, submissions()[name])
        is_the_same(results, at_home_on(at_home, submissions()[name], tmp_path / name))
        assert results["extra_data"]["sandbox"] == "bubblewrap"


def test_right_code_has_all_points_and_nothing_handed_in_has_none_with_a_sentence(
    container: Container, at_home: Grader
) -> None:
    points = at_home.course.table(TOPIC).exercises
    assert len(points) == 21  # one is left out by the course
    right = graded(container, submissions()["right"])
    assert right["score"] == right["extra_data"]["max_score"] == total(e.max_score for e in points)
    assert {test["status"] for test in right["tests"]} == {"passed"}
    nothing = graded(container, {"essay.txt": "I could not do it."})
    assert nothing["score"] == 0
    assert f"There is no {TOPIC}.py." in nothing["output"]
    assert "holds no module of ours" in nothing["output"]
    assert "/autograder" not in nothing["output"]


def test_a_student_sees_the_total_and_of_hidden_checks_what_the_hint_level_tells(container: Container) -> None:
    told_by_gradescope(container, due_date=datetime.now(UTC) + timedelta(days=1))
    before = graded(container, submissions()["wrong"])
    assert {before["visibility"], *(test["visibility"] for test in before["tests"])} == {"visible"}
    assert before["stdout_visibility"] == "hidden"
    for test in before["tests"]:
        assert "It is" not in test["output"], "a diagnosis is told before the course tells any"
        assert "you answer" not in test["output"]
    told_by_gradescope(container, due_date=datetime.now(UTC) - timedelta(days=1))
    after = graded(container, submissions()["wrong"])
    tanh = next(test for test in after["tests"] if test["name"] == f"{TOPIC}: tanh")
    assert "you answer" in tanh["output"]
    assert by_exercise(after) == by_exercise(before)
    told_by_gradescope(
        container, due_date=datetime.now(UTC) - timedelta(days=1), late_due_date=datetime.now(UTC) + timedelta(days=1)
    )
    assert graded(container, submissions()["wrong"])["tests"] == before["tests"], "others may still hand in"


def test_text_of_a_student_is_text(container: Container) -> None:
    (container.folder / "submission_metadata.json").unlink(missing_ok=True)
    results = graded(container, submissions()["markup"])
    said = json.dumps(results, ensure_ascii=False)
    assert not any(character in said for character in "\x1b\u202e\u2066\x07\x9b")
    formats = [results[name] for name in ("output_format", "test_output_format", "test_name_format")]
    assert {*formats, *(test["output_format"] for test in results["tests"])} == {"text"}


def test_our_own_fault_is_nobodys_zero(container: Container) -> None:
    answers = next((container.folder / "source" / "answers").rglob("*.answers"))
    whole = answers.read_bytes()
    hand_in(container, submissions()["right"])
    try:
        answers.write_bytes(whole[:-1])
        done = container.run("./run_autograder")
    finally:
        answers.write_bytes(whole)
    results = container.results()
    is_of_the_published_form(results)
    assert "score" not in results
    assert "tests" not in results
    assert "not your fault" in results["output"]
    assert "is damaged" in done.stdout, "the instructor reads why"


def test_a_container_that_is_stopped_half_way_leaves_no_score(container: Container) -> None:
    hand_in(container, {f"{TOPIC}.py": "import time\nwhile True: time.sleep(1)"})
    results = container.folder / "results" / "results.json"
    results.write_text('{"score": 1000}')
    running = container.start("./run_autograder")
    while running.poll() is None and "1000" in results.read_text(encoding="utf-8"):
        time.sleep(0.05)  # until it has begun
    running.kill()
    running.communicate()
    assert running.returncode == -signal.SIGKILL
    assert "score" not in container.results()


def test_a_container_that_cannot_grade_is_not_built(container: Container, tmp_path: Path) -> None:
    topics = container.folder / "source" / "course" / "topics"
    whole = topics.read_text()
    try:
        topics.write_text("layers\n")
        done = container.run("/autograder/venv/bin/python", "-I", "-m", "autograder.gradescope.ready", "/autograder")
    finally:
        topics.write_text(whole)
    assert done.returncode != 0
    assert "This container cannot grade: The recorded answers of layers cannot be used" in done.stderr


def test_the_same_image_grades_for_prairielearn(container: Container, at_home: Grader, tmp_path: Path) -> None:
    hand_in(container, submissions()["wrong"])
    answers = {"NABLAGRADE_CACHE": "/autograder/source/answers"}
    course = ("--course", "source/course/course.toml", "--sandbox", "auto")
    done = container.run("venv/bin/grade", "submission", *course, "--prairielearn", "results/prairielearn.json", **answers)
    assert done.returncode == 1, done.stderr
    told = json.loads((container.folder / "results" / "prairielearn.json").read_bytes())
    report = at_home_on(at_home, submissions()["wrong"], tmp_path / "submission")
    assert told["score"] == report.score / report.max_score


def test_a_students_repository_is_graded_with_the_kit_alone(container: Container) -> None:
    """The commands of the workflow for GitHub Classroom, as they stand, where there is no reference and no recorded answer."""
    repository = container.folder / "repository"
    (repository / TOPIC).mkdir(parents=True)
    (repository / TOPIC / f"{TOPIC}.py").write_text(WRONG)
    (repository / TOPIC / FILE_NAME).write_bytes(public_bytes(public_record(TOPIC)))
    commands = re.findall(r"run: (.+)", WORKFLOW.read_text(encoding="utf-8"))
    assert commands[0].startswith("python -m pip install ./nablagrade-*.whl")  # setup.sh has installed it here, from its wheel
    told = {"GITHUB_OUTPUT": "/autograder/repository/output", "GITHUB_STEP_SUMMARY": "/autograder/repository/summary.md"}
    done = container.run("bash", "-c", f"cd repository && PATH=/autograder/venv/bin:$PATH && {commands[1]}", **told)
    assert done.returncode == 1, done.stderr
    result = json.loads(base64.b64decode((repository / "output").read_text().removeprefix("result=")))
    public = [check.points for _, _, check in load_topic(TOPIC).checks() if check.public]
    assert (result["status"], result["max_score"]) == ("fail", total(public))
    assert 0 < sum(test["score"] for test in result["tests"]) < total(public)
    assert "tanh" in (repository / "summary.md").read_text()
    assert ET.parse(repository / "report.xml").getroot().get("tests") == str(len(public))


# --- what is in the zip ------------------------------------------------------------------------------------------------


def contents(made: Path) -> dict[str, bytes]:
    """All files of the zip, and of the package's wheel in it."""
    found = {}
    with zipfile.ZipFile(made) as archive:
        for name in archive.namelist():
            found[name] = archive.read(name)
            if name.startswith("wheels/nablagrade-"):
                with zipfile.ZipFile(io.BytesIO(found[name])) as wheel:
                    found |= {f"{name}/{inner}": wheel.read(inner) for inner in wheel.namelist()}
    return found


def test_it_is_the_same_to_the_byte_and_its_scripts_may_be_run(course_file: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_zip(course_file, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with zipfile.ZipFile(tmp_path / "one") as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert {name for name, mode in modes.items() if mode == 0o755} == {"setup.sh", "run_autograder"}
    assert {name.split("/")[0] for name in modes} == {
        "setup.sh", "run_autograder", "requirements.txt", "course", "answers", "wheels",
    }  # fmt: skip


def test_no_solution_no_misconceptions_code_and_no_secret_is_in_it(made: Path) -> None:
    found = contents(made)
    everything = b"\n".join(content for name, content in found.items() if not name.endswith(".whl"))
    assert SECRET.encode() not in everything
    assert stand_in(SECRET.encode()) in everything
    given = (ROOT / "assignments" / TOPIC / f"{TOPIC}.py").read_text(encoding="utf-8")
    checks = (ROOT / "autograder" / "checks" / f"{TOPIC}.py").read_text(encoding="utf-8")
    lines = {line for line in solution_lines(RIGHT) if len(line) > 20 and line not in given and line not in checks}
    lines |= {
        line.strip()
        for line in OURS.misconceptions_source(TOPIC).splitlines()
        if line.startswith("    return ") and len(line) > 30
    }
    assert len(lines) > 30
    assert [line for line in lines if line.encode() in everything] == []
    assert [name for name in found if "reference" in name or "misconceptions/" in name] == []


def test_student_code_cannot_reach_the_answers_even_by_their_modes(container: Container) -> None:
    for name in ("answers", "course", "wheels"):
        assert (container.folder / "source" / name).stat().st_mode & 0o077 == 0


def test_libraries_are_pinned_for_the_topics_that_need_them() -> None:
    plain = requirements([TOPIC]).splitlines()
    with_keras = requirements([TOPIC, "keras_models", "training"]).splitlines()
    locked = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    assert set(plain) < set(with_keras) <= set(locked)
    named = {line.split("==")[0] for line in with_keras} - {line.split("==")[0] for line in plain}
    assert {"tensorflow", "keras", "scikit-learn", "scipy"} <= named


def test_an_assignment_says_which_topics_it_grades(tmp_path: Path) -> None:
    done = grade_command("gradescope", cwd=tmp_path)
    assert done.returncode == 2
    assert "Which topics does the assignment grade?" in done.stderr
    assert list(tmp_path.iterdir()) == []
