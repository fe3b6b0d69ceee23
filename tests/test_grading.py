"""The whole path: a folder goes in, a report comes out."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.grading.engine import Grader
from autograder.handing_out.assignments import stub_module
from autograder.report import schema
from autograder.statuses import GOOD
from tests.conftest import ROOT, WALLED, need_backend, submission_of
from tests.forked import grade_command


@pytest.fixture(scope="session")
def reference_submission(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference files, copied into a folder as they stand."""
    folder = tmp_path_factory.mktemp("reference")
    for topic in topic_names():
        (folder / f"{topic}.py").write_text(OURS.reference_source(topic), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def stub_submission(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The untouched stubs of every topic, laid out as they are handed out."""
    folder = tmp_path_factory.mktemp("stubs")
    for topic in topic_names():
        (folder / topic).mkdir()
        (folder / topic / f"{topic}.py").write_text(stub_module(OURS.reference_source(topic)))
    return folder


@cache
def graded(folder: Path, backend: str) -> subprocess.CompletedProcess[str]:
    """What the command says of a submission, as JSON; asked once, as a whole curriculum trains a while."""
    return grade_command(folder, "--json", "-", "--sandbox", backend)


# All topics behind one wall here, which trains a while, and behind the other in `make exactness`: most tests have either.
WHOLE = [pytest.param(name, marks=[pytest.mark.exactness] * (name != "landlock")) for name in WALLED]


@pytest.mark.parametrize("backend", WHOLE)
def test_the_reference_gets_every_point(backend: str, reference_submission: Path) -> None:
    need_backend(backend)
    done = graded(reference_submission, backend)
    report = json.loads(done.stdout)
    assert [c for t in report["topics"] for e in t["exercises"] for c in e["checks"] if c["status"] not in GOOD] == []
    assert done.returncode == 0
    assert report["score"] == report["max_score"] > 0
    assert [topic["name"] for topic in report["topics"]] == list(topic_names())
    assert report["timing"]["sandbox_backend"] == backend
    assert report["sandbox"]["enforced"]


@pytest.mark.parametrize("backend", WHOLE)
def test_untouched_stubs_get_none(backend: str, stub_submission: Path) -> None:
    need_backend(backend)
    done = graded(stub_submission, backend)
    report = json.loads(done.stdout)
    assert [c["id"] for t in report["topics"] for e in t["exercises"] for c in e["checks"] if c["points"]] == []
    assert done.returncode == 1
    assert report["score"] == 0


def test_one_topics_reference_gets_every_point_and_its_stubs_none(grader: Grader) -> None:
    source = OURS.reference_source("activations")
    whole = grader.grade(submission_of(activations=source))
    nothing = grader.grade(submission_of(activations=stub_module(source)))
    assert whole.score == whole.max_score == nothing.max_score > nothing.score == 0


@pytest.mark.parametrize("backend", WHOLE)
def test_every_report_fits_the_published_schema(backend: str, reference_submission: Path, stub_submission: Path) -> None:
    need_backend(backend)
    published = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    assert published == json.loads(grade_command("schema").stdout) == json.loads(json.dumps(schema()))
    for folder in (reference_submission, stub_submission, ROOT / "docs" / "examples" / "first_try"):
        jsonschema.validate(json.loads(graded(folder, backend).stdout), published)


def test_fifty_exercises_with_three_checks_each_one_of_them_public() -> None:
    # A question of a quiz is one answer, and a public check of it would show the key.
    exercises = [
        (name, exercise) for name in topic_names() if not OURS.is_quiz(name) for exercise in load_topic(name).exercises
    ]
    assert len(exercises) >= 50
    for topic, exercise in exercises:
        assert len(exercise.checks) >= 3, f"{topic}/{exercise.name}"
        assert any(check.public for check in exercise.checks), f"{topic}/{exercise.name}"


def test_grading_imports_neither_tensorflow_nor_hypothesis(reference_submission: Path) -> None:
    graded(reference_submission, "landlock")  # so that everything is recorded
    code = (
        "import sys; from pathlib import Path; from autograder.grading.engine import grade;"
        "from autograder.submission.read import read_submission;"
        f"r = grade(read_submission(Path({str(reference_submission)!r})), topics=['layers', 'concepts', 'keras_models']);"
        "assert r.score == r.max_score;"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'tensorflow', 'keras', 'hypothesis', 'pytest', 'rich'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_pytest_front_gives_the_same_verdicts(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "examples" / "first_try"
    # Two topics of the six: whatever the front does, it does for each.
    report = json.loads(grade_command(folder, "-t", "layers", "-t", "normalization", "--json", "-").stdout)
    ours = {
        check["id"]: check["status"] == "passed"
        for topic in report["topics"]
        for exercise in topic["exercises"]
        for check in exercise["checks"]
    }
    junit = tmp_path / "junit.xml"
    files = [f"autograder/checks/{name}.py" for name in ("layers", "normalization")]
    command = [sys.executable, "-m", "pytest", *files, "--submission", str(folder), f"--junitxml={junit}", "-q"]
    subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    from xml.etree import ElementTree

    theirs = {case.get("name"): case.find("failure") is None for case in ElementTree.parse(junit).iter("testcase")}
    assert {name.split("/", 1)[1]: passed for name, passed in ours.items()} == theirs


def test_the_pytest_front_asks_for_a_submission() -> None:
    command = [sys.executable, "-m", "pytest", "autograder/checks", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 4
    assert "--submission DIR" in done.stderr


def test_a_marker_selects_an_exercise() -> None:
    folder = ROOT / "docs" / "examples" / "first_try"
    command = [sys.executable, "-m", "pytest", "autograder/checks", "--submission", str(folder), "-m", "tanh", "-q", "--co"]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False).stdout.splitlines()
    assert [line for line in listed if "::" in line] == [
        f"autograder/checks/activations.py::tanh/{check.name}"
        for exercise in load_topic("activations").exercises
        if exercise.name == "tanh"
        for check in exercise.checks
    ]
