"""The report in other systems' forms: the same points, no more told than the hint level, nothing of a student's as markup."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from autograder.at_home.public import FILE_NAME, public_bytes, public_record
from autograder.choices import HINT_LEVELS
from autograder.declare.catalogue import OURS, load_topic
from autograder.grading.engine import Grader
from autograder.render import classroom, gradescope, junit, prairielearn
from autograder.report import CheckReport, Report, at_level, total
from tests.conftest import COURSE_SECRET, ROOT, submission_of
from tests.forked import grade_command

TOPIC = "activations"
RIGHT = OURS.reference_source(TOPIC)
MARKUP = (ROOT / "tests" / "hostile" / "packaging_markup" / "attack.py").read_text(encoding="utf-8")
WORKFLOW = ROOT / "docs" / "examples" / "github-classroom" / ".github" / "workflows" / "classroom.yml"

SUBMISSIONS = {
    "right": RIGHT,
    "wrong": f"{RIGHT}\n\ndef tanh(x):\n    return np.tanh(2 * x)\n\ndef relu(x):\n    return np.abs(x)\n",
    "blank": (ROOT / "assignments" / TOPIC / f"{TOPIC}.py").read_text(encoding="utf-8"),
    "markup": f"{RIGHT}\n\n{MARKUP}",
    "exits": f"{RIGHT}\n\ndef elu(x, alpha=1.0):\n    import os\n    os._exit(0)\n",
    "no Python": "def sigmoid(x:\n",
}
# Characters with which text takes hold of a terminal or turns its direction.
CONTROLS = "\x1b\x07\x9b\x00\u202e\u2066"


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Filled by :func:`report_on`: each submission is graded once."""
    return {}


@pytest.fixture(params=SUBMISSIONS)
def report(request: pytest.FixtureRequest, reports: dict[str, Report], graders: Any) -> Report:
    """The report on each submission, with all that is known."""
    return report_on(request.param, reports, graders("landlock"))


def report_on(name: str, reports: dict[str, Report], grader: Grader) -> Report:
    if name not in reports:
        reports[name] = grader.grade(submission_of(activations=SUBMISSIONS[name]), [TOPIC])
    return reports[name]


def faulty(report: Report) -> Report:
    """A report in which the grader failed on one check."""
    topic = report.topics[0]
    exercise = topic.exercises[0]
    check = msgspec.structs.replace(exercise.checks[0], status="grader_error", points=0)
    exercise = msgspec.structs.replace(exercise, checks=[check, *exercise.checks[1:]])
    topic = msgspec.structs.replace(topic, exercises=[exercise, *topic.exercises[1:]])
    return msgspec.structs.replace(report, topics=[topic])


def points_of(report: Report) -> dict[str, tuple[float, float]]:
    return {f"{t.name}: {e.name}": (e.score, e.max_score) for t in report.topics for e in t.exercises}


# --- every form ----------------------------------------------------------------------------------------------------------


def every_form(report: Report) -> dict[str, str]:
    return {
        "gradescope": gradescope.render(report).decode(),
        "junit": junit.render(report).decode(),
        "prairielearn": prairielearn.render(report).decode(),
        "classroom": base64.b64decode(classroom.result(report)).decode(),
        "summary": classroom.step_summary(report),
    }


def test_points_are_the_reports_in_every_form(report: Report) -> None:
    told = json.loads(gradescope.render(report))
    assert (told["score"], told["extra_data"]["max_score"]) == (report.score, report.max_score)
    assert {test["name"]: (test["score"], test["max_score"]) for test in told["tests"]} == points_of(report)
    assert total(test["score"] for test in told["tests"]) == report.score

    suite = ET.fromstring(junit.render(report))[0]
    properties = {entry.get("name"): entry.get("value") for entry in suite.iter("property")}
    assert properties == {"points": f"{report.score:g}", "max_points": f"{report.max_score:g}"}

    result = json.loads(base64.b64decode(classroom.result(report)))
    assert result["max_score"] == report.max_score
    assert {test["name"]: test["score"] for test in result["tests"]} == {
        n: points for n, (points, _) in points_of(report).items()
    }

    lines = [
        line.split(" | ") for line in classroom.step_summary(report).splitlines() if line.startswith("| ") and "`" in line
    ]
    assert {f"{line[1]}: {line[2].strip('`')}": line[3].strip(" |") for line in lines} == {
        name: f"{score:g} / {most:g}" for name, (score, most) in points_of(report).items()
    }


@pytest.mark.parametrize("level", HINT_LEVELS)
def test_no_form_tells_more_than_the_hint_level(level: str, reports: dict[str, Report], any_grader: Grader) -> None:
    whole = report_on("wrong", reports, any_grader)
    cut = at_level(whole, level)
    forms = every_form(cut)
    checks = [check for exercise in whole.topics[0].exercises for check in exercise.checks if check.status != "passed"]
    examples = {value for check in checks if check.example for value in check.example.inputs.values()}
    texts = {check.diagnosis.text for check in checks if check.diagnosis}
    assert examples
    assert texts
    depth = HINT_LEVELS.index(level)
    for name, form in forms.items():
        plain = json.dumps(json.loads(form)) if form.startswith("{") else form
        if depth < 3:
            assert [value for value in examples if json.dumps(value)[1:-1] in plain] == [], name
        if depth < 2:
            assert [text for text in texts if text in plain] == [], name
        if depth < 1:
            assert [check.id for check in checks if check.sentence in plain] == [], name
    assert any(text in forms["gradescope"] for text in texts) == (depth >= 2)


def test_a_hidden_checks_input_is_in_no_form(reports: dict[str, Report], any_grader: Grader) -> None:
    whole = report_on("wrong", reports, any_grader)
    assert not any(check.example for e in whole.topics[0].exercises for check in e.checks if not check.public)
    assert {test["visibility"] for test in json.loads(gradescope.render(whole))["tests"]} == {"visible"}


def test_text_of_a_student_takes_hold_of_nothing(reports: dict[str, Report], any_grader: Grader) -> None:
    for name, form in every_form(report_on("markup", reports, any_grader)).items():
        told = json.dumps(json.loads(form), ensure_ascii=False) if form.startswith("{") else form
        assert not any(character in told for character in CONTROLS), name
        if name in ("junit", "summary"):
            assert "<script" not in form, name


def test_our_own_fault_is_a_zero_in_no_form(reports: dict[str, Report], any_grader: Grader) -> None:
    report = faulty(report_on("right", reports, any_grader))
    told = json.loads(gradescope.render(report))
    assert "not your fault" in told["output"]
    assert not {"score", "tests"} & told.keys()
    told = json.loads(prairielearn.render(report))
    assert told["gradable"] is False
    assert "score" not in told
    assert json.loads(base64.b64decode(classroom.result(report)))["status"] == "error"
    assert ET.fromstring(junit.render(report)).get("errors") == "1"


def test_what_a_person_grades_is_neither_passed_nor_failed(reports: dict[str, Report], any_grader: Grader) -> None:
    topic = report_on("right", reports, any_grader).topics[0]
    waiting = msgspec.structs.replace(topic.exercises[0].checks[0], status="manual", points=0, max_points=0)
    exercise = msgspec.structs.replace(topic.exercises[0], score=0, max_score=0, checks=[waiting])
    report = msgspec.structs.replace(reports["right"], topics=[msgspec.structs.replace(topic, exercises=[exercise])])
    (test,) = json.loads(gradescope.render(report))["tests"]
    assert "status" not in test
    assert "for manual grading" in test["output"]
    (case,) = ET.fromstring(junit.render(report)).iter("testcase")
    assert [child.tag for child in case] == ["skipped"]


# --- JUnit ---------------------------------------------------------------------------------------------------------------

# The common ground of the schemas in use: for each element its required attributes, its other ones, and its children in order.
SCHEMA: dict[str, tuple[set[str], set[str], list[str]]] = {
    "testsuites": ({"tests", "failures", "errors"}, {"name", "skipped", "time"}, ["testsuite"]),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, set(), ["properties", "testcase", "system-err"]),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": ({"classname", "name"}, set(), ["skipped", "error", "failure"]),
    "skipped": ({"message"}, set(), []),
    "error": ({"message", "type"}, set(), []),
    "failure": ({"message", "type"}, set(), []),
    "system-err": (set(), set(), []),
}


def is_junit(element: ET.Element) -> None:
    required, optional, children = SCHEMA[element.tag]
    assert required <= set(element.keys()) <= required | optional, element.tag
    places = [children.index(child.tag) for child in element]
    assert places == sorted(places), element.tag
    for child in element:
        is_junit(child)


def test_junit_is_of_the_common_form_and_its_counts_are_right(report: Report) -> None:
    root = ET.fromstring(junit.render(report))
    is_junit(root)
    for element in (root, *root):
        for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(plural, "")) == sum(1 for _ in element.iter(tag))
        assert int(element.get("tests", "")) == sum(1 for _ in element.iter("testcase"))


def test_a_case_of_junit_is_good_only_if_the_check_passed(report: Report) -> None:
    checks = {f"{TOPIC}.{e.name}/{c.id.rsplit('/', 1)[1]}": c for e in report.topics[0].exercises for c in e.checks}
    cases = {
        f"{case.get('classname')}/{case.get('name')}": case for case in ET.fromstring(junit.render(report)).iter("testcase")
    }
    assert cases.keys() == checks.keys()
    for name, check in checks.items():
        assert (len(cases[name]) == 0) == (check.status == "passed")


def test_the_kinds_of_junit_say_whose_move_it_is(reports: dict[str, Report], any_grader: Grader) -> None:
    kinds = {}
    for name in ("wrong", "blank", "exits", "no Python"):
        root = ET.fromstring(junit.render(report_on(name, reports, any_grader)))
        kinds[name] = {child.tag for case in root.iter("testcase") for child in case}
    assert kinds == {"wrong": {"failure"}, "blank": {"skipped"}, "exits": {"error"}, "no Python": {"error"}}


def test_what_xml_cannot_hold_is_replaced(reports: dict[str, Report], any_grader: Grader) -> None:
    check = CheckReport("activations/tanh/value", "failed", 0, 1, True, "It is \x00 \x1b \ud800 \uffff right & <left>.")
    topic = report_on("wrong", reports, any_grader).topics[0]
    exercise = msgspec.structs.replace(topic.exercises[0], checks=[check])
    spoilt = msgspec.structs.replace(topic, exercises=[exercise], problem="No \x08 text.")
    report = msgspec.structs.replace(reports["wrong"], topics=[spoilt])
    (failure,) = ET.fromstring(junit.render(report)).iter("failure")
    assert failure.get("message") == "It is � � � � right & <left>."


# --- GitHub --------------------------------------------------------------------------------------------------------------


def test_the_result_of_a_step_is_of_version_3(report: Report) -> None:
    result = json.loads(base64.b64decode(classroom.result(report)))
    assert result["version"] == 3
    assert result["status"] == ("pass" if report.score == report.max_score else "fail")
    for place, test in enumerate(result["tests"], 1):
        assert test.keys() - {"message"} == {
            "name", "status", "score", "test_code", "task_id", "filename", "line_no", "duration",
        }  # fmt: skip
        assert test["status"] in ("pass", "fail", "error")
        assert test["task_id"] == place


def test_a_result_too_long_for_a_variable_of_the_environment_leaves_its_messages_out(
    reports: dict[str, Report], any_grader: Grader
) -> None:
    topic = report_on("wrong", reports, any_grader).topics[0]
    many = [msgspec.structs.replace(topic, name=f"activations{i}") for i in range(120)]
    result = classroom.result(msgspec.structs.replace(reports["wrong"], topics=many[:5]))
    assert "message" in base64.b64decode(result).decode()
    long = [msgspec.structs.replace(t, exercises=[e for e in t.exercises if e.score < e.max_score]) for t in many]
    result = classroom.result(msgspec.structs.replace(reports["wrong"], topics=long))
    assert "message" not in base64.b64decode(result).decode()
    assert len(result) < 2**17


def kit(folder: Path, source: str) -> Path:
    """A student's repository: the kit's folder of a topic, with what was written, and the workflow."""
    place = folder / TOPIC
    place.mkdir(parents=True)
    (place / f"{TOPIC}.py").write_text(source, encoding="utf-8")
    (place / FILE_NAME).write_bytes(public_bytes(public_record(TOPIC)))
    return folder


def grade(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return grade_command(*arguments, cwd=folder, **more)


def workflow() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return read


def test_the_workflow_is_what_github_classroom_reads() -> None:
    read = workflow()
    assert read["name"] == "Autograding Tests"
    assert list(read["jobs"]) == ["run-autograding-tests"]
    assert read["permissions"] == {"contents": "read"}
    steps = read["jobs"]["run-autograding-tests"]["steps"]
    (grading,) = (step for step in steps if step.get("id"))
    (reporter,) = (step for step in steps if "grading-reporter" in step.get("uses", ""))
    assert reporter["with"]["runners"] == grading["id"]
    assert reporter["env"] == {f"{grading['id'].upper()}_RESULTS": f"${{{{ steps.{grading['id']}.outputs.result }}}}"}
    assert reporter["if"] == "${{ !cancelled() }}", "a submission that is not perfect is told, too"
    text = WORKFLOW.read_text(encoding="utf-8")
    assert "secrets." not in text, "a student's repository holds no secret of the course"


@pytest.mark.parametrize(("name", "code"), [("right", 0), ("wrong", 1), ("blank", 1)])
def test_its_command_grades_the_public_checks(name: str, code: int, tmp_path: Path) -> None:
    (command,) = (step["run"] for step in workflow()["jobs"]["run-autograding-tests"]["steps"] if step.get("id") == "grade")
    (output, summary) = (tmp_path / "output", tmp_path / "summary")
    output.write_text("before=1\n")
    repository = kit(tmp_path / "repository", SUBMISSIONS[name])
    done = grade(repository, *command.split()[1:], GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == code, done.stderr
    first, line = output.read_text().splitlines()
    assert first == "before=1"
    result = json.loads(base64.b64decode(line.removeprefix("result=")))
    public = [c.points for _, _, c in load_topic(TOPIC).checks() if c.public]
    assert result["max_score"] == total(public)
    assert ET.parse(repository / "report.xml").getroot().get("tests") == str(len(public))
    assert summary.read_text().startswith("## ")


def test_outside_of_github_the_result_goes_to_standard_error(tmp_path: Path) -> None:
    repository = kit(tmp_path / "repository", RIGHT)
    nowhere = {"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": ""}
    done = grade(repository, ".", "--public", "--kit", ".", "--classroom", "--json", "-", **nowhere)
    assert json.loads(done.stdout)["score"] > 0
    assert re.fullmatch(r"result=[A-Za-z0-9+/=]+", done.stderr.splitlines()[-1])


def test_public_checks_of_a_topic_that_has_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "concepts.py").write_text("ANSWERS = {}\n")
    done = grade(tmp_path, ".", "--public")
    assert done.returncode == 2
    assert "public checks" in done.stderr


def test_a_kit_without_some_exercises_is_graded_on_the_others(tmp_path: Path) -> None:
    repository = kit(tmp_path / "repository", SUBMISSIONS["wrong"])
    table = load_topic(TOPIC)
    kept = tuple(exercise for exercise in table.exercises if exercise.name != "relu")
    few = public_record(TOPIC, replace(table, exercises=kept))
    (repository / TOPIC / FILE_NAME).write_bytes(public_bytes(few))
    report = json.loads(grade(repository, ".", "--public", "--kit", ".", "--json", "-").stdout)
    asked = {check["id"] for exercise in report["topics"][0]["exercises"] for check in exercise["checks"]}
    assert asked == {check.id for check in few.checks}


def test_answers_that_a_submission_brings_are_used_only_where_that_is_said_and_the_report_says_so(tmp_path: Path) -> None:
    repository = kit(tmp_path / "repository", SUBMISSIONS["right"])
    (repository / TOPIC / FILE_NAME).write_bytes(b"forged")  # in a clone, as here, nothing but what is recorded is read
    unasked = json.loads(grade(repository, ".", "--public", "--json", "-").stdout)
    assert unasked["score"] == unasked["max_score"] > 0
    assert unasked["notices"] == []
    assert "is damaged" in grade(repository, ".", "--public", "--kit", ".").stderr
    (repository / TOPIC / FILE_NAME).write_bytes(public_bytes(public_record(TOPIC)))
    trusted = json.loads(grade(repository, ".", "--public", "--kit", ".", "--json", "-").stdout)
    assert "lie with what was handed in" in trusted["notices"][-1]
    elsewhere = kit(tmp_path / "ours", SUBMISSIONS["right"])
    assert json.loads(grade(repository, ".", "--public", "--kit", str(elsewhere), "--json", "-").stdout)["notices"] == []
    assert "--public" in grade(repository, ".", "--kit", ".").stderr


# --- PrairieLearn --------------------------------------------------------------------------------------------------------


def test_prairielearn_has_a_score_between_0_and_1_or_says_that_there_is_none(report: Report) -> None:
    told = json.loads(prairielearn.render(report))
    assert told.keys() - {"score", "format_errors"} == {"gradable", "message", "output", "images", "tests"}
    assert told["gradable"] == (report.topics[0].problem is None)
    if not told["gradable"]:
        assert "score" not in told
        assert told["format_errors"] == [report.topics[0].problem]
        return
    assert told["score"] == report.score / report.max_score
    assert 0 <= told["score"] <= 1
    for test in told["tests"]:
        assert test.keys() == {"name", "description", "points", "max_points", "message", "output"}
    assert {test["name"]: (test["points"], test["max_points"]) for test in told["tests"]} == points_of(report)


def test_a_file_of_prairielearn_stays_below_a_megabyte(reports: dict[str, Report], any_grader: Grader) -> None:
    topic = report_on("wrong", reports, any_grader).topics[0]
    spoken = [msgspec.structs.replace(c, sentence="x" * 5000) for c in topic.exercises[0].checks]
    exercises = [msgspec.structs.replace(topic.exercises[0], checks=spoken)] * 254
    report = msgspec.structs.replace(reports["wrong"], topics=[msgspec.structs.replace(topic, exercises=exercises)])
    assert len(prairielearn.render(report)) < 2**20


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"essay.txt": "I could not do it."}, "holds no module of ours"),
        ({}, "There is no file or folder"),
        ({f"{TOPIC}.py": ""}, "is empty"),
    ],
)
def test_what_cannot_be_read_costs_no_attempt_on_prairielearn(files: dict[str, str], words: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / "student").mkdir(exist_ok=True)
        (tmp_path / "student" / name).write_text(text)
    done = grade(tmp_path, "student", "--prairielearn", "results/results.json")
    assert done.returncode in (1, 2)
    told = json.loads((tmp_path / "results" / "results.json").read_bytes())
    assert told["gradable"] is False
    assert words in told["message"]


def test_our_own_fault_costs_no_attempt_on_prairielearn(tmp_path: Path) -> None:
    (tmp_path / f"{TOPIC}.py").write_text("x = 1\n")
    done = grade(tmp_path, f"{TOPIC}.py", "--prairielearn", "results.json", "--sandbox", "bubblewrap", PATH="/nowhere")
    assert done.returncode == 3
    told = json.loads((tmp_path / "results.json").read_bytes())
    assert told["gradable"] is False
    assert "not your fault" in told["message"]


# --- the pages that tell of it -------------------------------------------------------------------------------------------

PAGES = [ROOT / "docs" / "instructors" / f"{name}.md" for name in ("gradescope", "github-classroom", "moving")]


def commands_of(page: Path) -> list[str]:
    """The lines of a page's blocks of shell commands, without remarks."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_works_as_it_stands(page: Path, tmp_path: Path) -> None:
    first_try = (ROOT / "docs" / "examples" / "first_try" / "layers.py").read_text(encoding="utf-8")
    for folder in ("submission", "layers-submissions/layers-ada", "."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "layers.py").write_text(first_try, encoding="utf-8")
    (tmp_path / "course.toml").write_text('topics = ["layers"]\n')
    commands = commands_of(page)
    assert commands
    for command in commands:
        program, *arguments = command.split()
        assert program == "grade"
        done = grade(tmp_path, *arguments)
        assert done.returncode in (0, 1), (command, done.stderr)
        if arguments[0] == "init":
            (tmp_path / arguments[1] / "secret").write_text(COURSE_SECRET, encoding="utf-8")
