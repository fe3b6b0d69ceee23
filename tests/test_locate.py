"""The line of a mistake without a name: found by editing the student's own code behind the wall, told without the answer."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import jsonschema
import msgspec
import pytest
from rich.console import Console

from autograder.at_home.harmless import only_computes, what_computes
from autograder.course.settings import LOCATE_CANDIDATES, Course, read_course
from autograder.declare.catalogue import OURS
from autograder.declare.table import Check
from autograder.errors import WrongUsage
from autograder.grading.assembling import GIVEN_BACK
from autograder.grading.diagnose.explain import FOLLOWS
from autograder.grading.engine import Grader, warm_grader
from autograder.grading.locate import searches
from autograder.grading.locate.code import read_code
from autograder.grading.locate.edits import KINDS, MOST_EDITS, late
from autograder.grading.locate.given import FILE, Given, given_in, text_of_ours
from autograder.grading.locate.place import place_of
from autograder.grading.locate.search import MOST_LOST, Repair, Search, Searched, uses_library
from autograder.grading.locate.searches import Located, is_doubted, with_place
from autograder.render import junit
from autograder.render.html import exercise_html, exercise_text, report_html
from autograder.render.summary import summary
from autograder.render.terminal import print_report
from autograder.report import (
    CheckReport,
    Diagnosis,
    ExerciseReport,
    Fix,
    Place,
    Report,
    TopicReport,
    at_level,
    schema,
    to_json,
)
from autograder.statuses import GOOD
from autograder.submission.notebook import Cell
from autograder.submission.read import Submission, read_submission, submission_of_cells
from autograder.wall.inside.trial import Held, _meaning
from tests.conftest import ROOT, submission_of
from tests.exam import ALTERNATIVES

RIGHT = (ALTERNATIVES / "activations_vectors.py").read_text(encoding="utf-8")
MISTAKE, MENDED = "2 / (1 - np.exp(-2 * x)) - 1", "2 / (1 + np.exp(-2 * x)) - 1"
WRONG = RIGHT.replace(MENDED, MISTAKE)
NAMED = "2 / (1 + np.exp(-1 * x)) - 1"
OPENING = "def tanh(x):\n"
LINE = next(number for number, line in enumerate(WRONG.splitlines(), 1) if MISTAKE in line)


def in_tanh(check_id: str, _: Check) -> bool:
    """All that one grading of these tests need ask: a submission's other exercises are graded elsewhere."""
    return "/tanh/" in check_id


def of_tanh(report: Report) -> Fix:
    """What is to be mended in tanh."""
    return next(fix for topic in report.topics for fix in topic.fix_first if fix.exercise == "tanh")


def place_in(report: Report) -> Place:
    place = of_tanh(report).place
    assert place is not None
    return place


def comparable(report: Report) -> bytes:
    """A report without what may differ between two gradings."""
    told = json.loads(to_json(report))
    del told["timing"]
    return json.dumps(told).encode()


def terminal(report: Report) -> str:
    console = Console(record=True, width=200, file=Path("/dev/null").open("w"))  # noqa: SIM115
    print_report(report, "ada", console)
    return console.export_text()


@pytest.fixture(scope="module")
def found(graders: Callable[[str], Grader]) -> Report:
    """The report on one wrong operator."""
    return graders("landlock").grade(submission_of(activations=WRONG), selected=in_tanh)


def test_one_wrong_operator_is_found_on_its_line_with_every_backend(grader: Grader, found: Report) -> None:
    report = grader.grade(submission_of(activations=WRONG), selected=in_tanh)
    place = place_in(report)
    assert (place.file, place.line, place.cell, place.sure) == ("activations.py", LINE, None, True)
    assert MISTAKE in place.text
    assert comparable(report) == comparable(found)


def test_two_jobs_give_the_same_bytes_as_one() -> None:
    losses = (ALTERNATIVES / "losses_loops.py").read_text().replace("(0.5 / root)", "(0.7 / root)")

    def asked(check_id: str, check: Check) -> bool:
        return in_tanh(check_id, check) or "/root_mean_squared_error_gradient/" in check_id

    told = []
    for jobs in (1, 2):
        with warm_grader(Course(sandbox="landlock"), jobs=jobs) as grader:
            told.append(comparable(grader.grade(submission_of(activations=WRONG, losses=losses), selected=asked)))
    assert told[0] == told[1]
    assert b'"line"' in told[0]


def test_a_report_with_a_place_fits_the_schema_and_is_of_version_2(found: Report) -> None:
    told = json.loads(to_json(found))
    jsonschema.validate(told, schema())
    assert told["version"] == 2
    (fix,) = [fix for fix in told["topics"][0]["fix_first"] if fix["exercise"] == "tanh"]
    assert fix["place"]["line"] == LINE


def test_no_output_holds_the_replacement(found: Report) -> None:
    page = report_html(found, "ada")
    for output in (to_json(found).decode(), terminal(found), page):
        assert "1 + np.exp" not in output
        assert "1 - np.exp" in output  # the student's own line is quoted
    assert f"line {LINE}:" in terminal(found)
    assert f"line {LINE}:" in page


def test_every_form_of_a_report_tells_the_line(found: Report) -> None:
    (topic,) = found.topics
    forms = {
        "a notebook's cell": exercise_html(topic, "tanh"),
        "a cell as text": exercise_text(topic, "tanh"),
        "Gradescope, PrairieLearn, GitHub Classroom": summary(found),
        "JUnit": junit.render(found).decode(),
    }
    for form, told in forms.items():
        assert f"line {LINE}:" in told, form
        assert MISTAKE in told, form
    link = f"activations.py:{LINE}:"
    assert link in terminal(found)
    assert link in forms["JUnit"]
    assert exercise_text(topic, "tanh") == exercise_text(at_level(found, "full").topics[0], "tanh")
    assert f"line {LINE}" not in exercise_text(at_level(found, "sentence").topics[0], "tanh")


def test_the_line_and_the_kind_have_hint_levels_of_their_own(found: Report) -> None:
    found = msgspec.structs.replace(
        found,
        topics=[
            msgspec.structs.replace(topic, fix_first=[_with_kind(fix) for fix in topic.fix_first]) for topic in found.topics
        ],
    )
    assert place_in(at_level(found, "full")).kind == "an operator in this line"
    assert place_in(at_level(found, "diagnosis")).kind is None
    assert place_in(at_level(found, "diagnosis")).line == LINE
    for level in ("sentence", "score"):
        assert b"place" not in to_json(at_level(found, level)).replace(b"placed", b"")  # type: ignore[arg-type]


def _with_kind(fix: Fix) -> Fix:
    assert fix.place is not None
    return msgspec.structs.replace(fix, place=msgspec.structs.replace(fix.place, kind="an operator in this line"))


def test_right_code_is_not_searched(any_grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    def searched(self: Search) -> Searched:
        raise AssertionError(f"{self.exercise} was searched")

    monkeypatch.setattr(Search, "run", searched)
    report = any_grader.grade(submission_of(activations=RIGHT), selected=in_tanh)
    assert report.score == report.max_score


def test_a_mistake_with_a_name_has_its_line_too_after_half_as_many_edits(
    any_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    whole = Search.run

    def run(self: Search) -> Searched:
        tried.append(self.most)
        return whole(self)

    monkeypatch.setattr(Search, "run", run)
    fix = of_tanh(any_grader.grade(submission_of(activations=RIGHT.replace(MENDED, NAMED)), selected=in_tanh))
    assert fix.misconception == "tanh_forgets_to_double_x"
    assert fix.place is not None
    assert NAMED in fix.place.text
    assert tried == [LOCATE_CANDIDATES // 2]


def in_softmax(check_id: str, _: Check) -> bool:
    return "softmax" in check_id


def test_what_one_repair_clears_is_folded_under_its_line(any_grader: Grader) -> None:
    source = RIGHT.replace("return np.exp(log_softmax(x))", "return np.exp(log_softmax(x) + 0.1)")
    report = any_grader.grade(submission_of(activations=source), selected=in_softmax)
    (fix,) = report.topics[0].fix_first
    assert (fix.exercise, fix.misconception) == ("softmax", None)
    assert fix.follows == ["softmax_backward", "log_softmax_backward"]
    assert fix.points == report.max_score - report.score
    assert fix.place is not None
    assert "0.1" in fix.place.text
    after = next(exercise for exercise in report.topics[0].exercises if exercise.name == "softmax_backward")
    assert all(check.diagnosis.text.startswith(f"{FOLLOWS} softmax. ") for check in after.checks if check.diagnosis)


def _topic(*fixes: Fix) -> TopicReport:
    """A topic in which two exercises fail, each with one check and what is to be mended."""
    exercises = [
        ExerciseReport(
            fix.exercise, 0, 1, [CheckReport(fix.check, "failed", 0, 1, True, "", Diagnosis(fix.misconception, fix.text, ""))]
        )
        for fix in fixes
    ]
    return TopicReport("layers", "Layers", 0, len(fixes), exercises, None, list(fixes))


def test_a_name_is_in_doubt_where_a_line_of_another_exercise_mends_it() -> None:
    first, second = Fix("f", None, "It is off.", "", 1, "layers/f/a"), Fix("g", "known", "You forget it.", "", 1, "layers/g/a")
    located = Located(Place("layers.py", 3, None, "return x"), 10, 0.1, function="f", clears=("g",))
    told = with_place(_topic(first, second), "f", located)
    (fix,) = told.fix_first
    assert (fix.exercise, fix.follows, fix.points) == ("f", ["g"], 2)
    told_of_g = told.exercises[1].checks[0].diagnosis
    assert told_of_g is not None
    assert told_of_g.misconception is None
    assert told_of_g.text == f"{FOLLOWS} f. One change of f mends all of this. Or else: You forget it."
    # A helper of one's own is nobody's exercise: the name stands, and the line is told beside it.
    own = with_place(_topic(second), "g", replace(located, function="helper", clears=()))
    assert own.fix_first[0].misconception == "known"
    assert own.fix_first[0].place == located.place


def test_where_one_line_mends_all_nothing_else_is_said_to_be_wrong() -> None:
    rest = "This explains 4 of 5 failing checks of g; something else may be wrong too."
    known = Fix("g", "known", f"You forget it. {rest}", "", 1, "layers/g/a")
    located = Located(Place("layers.py", 3, None, "return x"), 10, 0.1, function="g")
    for place, said in (
        (located, "You forget it."),
        (replace(located, place=Place("layers.py", 3, None, "def g(x):", whole=True)), f"You forget it. {rest}"),
    ):
        told = with_place(_topic(known), "g", place)
        told_of_g = told.exercises[0].checks[0].diagnosis
        assert told_of_g is not None
        assert told_of_g.text == told.fix_first[0].text == said


def test_a_cause_that_is_the_very_function_is_no_second_reading() -> None:
    follows = f"{FOLLOWS} f. You forget it."
    first, second = Fix("f", None, "It is off.", "", 1, "layers/f/a"), Fix("g", "known", follows, "", 1, "layers/g/a")
    located = Located(Place("layers.py", 3, None, "return x"), 10, 0.1, function="f", clears=("g",))
    told_of_g = with_place(_topic(first, second), "f", located).exercises[1].checks[0].diagnosis
    assert told_of_g is not None
    assert told_of_g.text == follows


TWICE = RIGHT.replace("np.heaviside(x, 0)", "np.heaviside(x, 1) * 2")


def in_slope(name: str, _: Check) -> bool:
    return "/relu_derivative/" in name


def test_where_two_edits_mend_an_exercise_it_says_that_it_is_near(any_grader: Grader) -> None:
    report = any_grader.grade(submission_of(activations=TWICE), selected=in_slope)
    (fix,) = report.topics[0].fix_first
    assert (fix.place, fix.edits) == (None, 2)
    assert "Two small changes of your code make it right." in terminal(report)
    assert "Two small changes of your code make it right." in report_html(report, "ada")
    assert of_tanh(any_grader.grade(submission_of(activations=WRONG), selected=in_tanh)).edits == 1


def test_a_course_may_give_back_part_of_what_one_edit_would_have_saved(any_grader: Grader) -> None:
    course = msgspec.structs.replace(any_grader.course, one_edit=0.5)
    grader = Grader(course, any_grader.sandbox, 1, _answers=any_grader._answers)
    softmax = RIGHT.replace("return np.exp(log_softmax(x))", "return np.exp(log_softmax(x) + 0.1)")
    for source, asked in ((WRONG, in_tanh), (softmax, in_softmax)):
        plain = any_grader.grade(submission_of(activations=source), selected=asked)
        half = grader.grade(submission_of(activations=source), selected=asked)
        lost = plain.max_score - plain.score
        assert lost > 0
        assert half.score == plain.score + lost / 2
        assert half.topics[0].fix_first[0].points == lost / 2
        wrong = [check for e in half.topics[0].exercises for check in e.checks if check.status not in GOOD]
        assert all(check.diagnosis and "50% of its points is given back" in check.diagnosis.text for check in wrong)
    # Two edits are no slip, and where not every check was asked nobody knows.
    for source, asked in ((TWICE, in_slope), (WRONG, public_in_tanh)):
        plain, half = (g.grade(submission_of(activations=source), selected=asked) for g in (any_grader, grader))
        assert half.score == plain.score


def test_what_follows_from_a_line_costs_nothing_where_a_course_says_so(any_grader: Grader) -> None:
    course = msgspec.structs.replace(any_grader.course, consequences="free")
    grader = Grader(course, any_grader.sandbox, 1, _answers=any_grader._answers)
    source = RIGHT.replace("return np.exp(log_softmax(x))", "return np.exp(log_softmax(x) + 0.1)")
    report = grader.grade(submission_of(activations=source), selected=in_softmax)
    scores = {exercise.name: (exercise.score, exercise.max_score) for exercise in report.topics[0].exercises}
    assert all(score == most for name, (score, most) in scores.items() if name != "softmax")
    score, most = scores["softmax"]
    assert report.topics[0].fix_first[0].points == most - score > 0
    back = [check for e in report.topics[0].exercises for check in e.checks if check.given_back]
    assert all(check.diagnosis and GIVEN_BACK in check.diagnosis.text for check in back)
    assert back


def public_in_tanh(name: str, check: Check) -> bool:
    return check.public and in_tanh(name, check)


def test_three_exercises_are_searched_and_none_where_a_course_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def count(self: Search) -> Searched:
        searched.append(self.exercise)
        return Searched()

    monkeypatch.setattr(Search, "run", count)
    wrong = RIGHT.replace("return", "return 0.123 +")
    for course, most in ((Course(sandbox="landlock"), 3), (Course(sandbox="landlock").without_search(), 0)):
        searched.clear()
        with warm_grader(course, jobs=1) as grader:
            grader.shrinks = False
            grader.grade(submission_of(activations=wrong))
        assert len(searched) == most


def test_where_not_every_check_was_asked_it_says_perhaps(any_grader: Grader) -> None:
    report = any_grader.grade(submission_of(activations=WRONG), selected=public_in_tanh)
    place = place_in(report)
    assert not place.sure
    assert "Perhaps look at" in terminal(report)
    assert "another line may be the wrong one" in report_html(report, "ada")


def test_of_a_notebook_the_cell_and_its_line_are_told(any_grader: Grader) -> None:
    head, mistake = WRONG.split("def tanh(", 1)
    own, _, rest = mistake.partition("\n\n\n")
    cells = [Cell(2, head), Cell(5, f"%matplotlib inline\ndef tanh({own}"), Cell(7, rest)]
    place = place_in(any_grader.grade(submission_of_cells("activations", cells, "ada"), selected=in_tanh))
    assert place.cell == 5
    assert MISTAKE in place.text
    assert place.line == next(n for n, line in enumerate(cells[1].source.splitlines(), 1) if MISTAKE in line)


def test_of_a_released_notebook_the_cell_is_told_behind_the_wall(any_grader: Grader, tmp_path: Path) -> None:
    notebook = json.loads((ROOT / "assignments" / "activations" / "activations.ipynb").read_text(encoding="utf-8"))
    number = next(n for n, cell in enumerate(notebook["cells"], 1) if "def tanh(" in "".join(cell["source"]))
    text = "".join(notebook["cells"][number - 1]["source"])
    mistaken = text.replace("    # YOUR CODE HERE\n    raise NotImplementedError()", "    return np.tanh(x) + 0.25", 1)
    notebook["cells"][number - 1]["source"] = mistaken
    (tmp_path / "activations.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    place = place_in(any_grader.grade(read_submission(tmp_path), selected=in_tanh))
    line = 1 + mistaken.split("\n").index("    return np.tanh(x) + 0.25")
    assert (place.file, place.cell, place.line, place.text) == ("activations.ipynb", number, line, "return np.tanh(x) + 0.25")


MADE = """import numpy as np
def made(term):
    def whole(x):
        return term(x) + 1
    return whole


tanh = made(lambda x: np.tanh(x) * 1)
"""
INNER = """import numpy as np
def tanh(x):
    double = lambda y: np.tanh(y) * 2
    return double(x)
"""


@pytest.mark.parametrize(("source", "line"), [(MADE, "return term(x) + 1"), (INNER, "double = lambda y: np.tanh(y) * 2")])
def test_functions_inside_of_functions_and_those_that_an_assignment_makes_are_searched(
    source: str, line: str, any_grader: Grader
) -> None:
    assert place_in(any_grader.grade(submission_of(activations=source), selected=in_tanh)).text == line


def test_a_slice_too_many_and_an_option_that_is_not_handed_on_are_edited() -> None:
    submission = submission_of(activations="def f(a, training=False):\n    return g(a[:-1], training=True)\n")
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    assert {b"(a)", b"(training)"} <= {edit.text for edit in code.edits(code.functions["f"])}


def test_of_a_topic_with_libraries_what_uses_none_is_searched(any_grader: Grader) -> None:
    answers = any_grader.answers("training")
    uses = {exercise.name: uses_library(answers[name].request) for name, exercise, _ in OURS.topic("training").checks()}
    assert (uses["accuracy"], uses["Model.fit"], uses["search"]) == (False, False, True)
    right, wrong = "if row[k] > row[best]", "if row[k] < row[best]"
    source = (ALTERNATIVES / "training_loops.py").read_text(encoding="utf-8")
    report = any_grader.grade(
        submission_of(training=source.replace(right, wrong)), selected=lambda name, _: "/accuracy/" in name
    )
    (fix,) = report.topics[0].fix_first
    assert fix.place is not None
    assert wrong in fix.place.text


# Each opens tanh: what it does when it is edited, or when it has been called often.
HOSTILE = {
    "hangs when a constant is edited": "    while 1 != 1:\n        pass\n",
    "dies when a constant is edited": "    if 1 != 1:\n        import os\n        os._exit(0)\n",
    "counts its calls and then answers what it likes": "    CALLS.append(1)\n    if len(CALLS) > 60:\n        return x * 0\n",
    "counts its calls and then hangs": "    CALLS.append(1)\n    while len(CALLS) > 60:\n        pass\n",
    "spoils what others use": "    np.tanh = np.sin\n",
}


@pytest.mark.parametrize("scenario", HOSTILE)
def test_a_submission_that_plays_with_the_search_gains_nothing(scenario: str, any_grader: Grader) -> None:
    submission = submission_of(activations="CALLS = list()\n" + WRONG.replace(OPENING, OPENING + HOSTILE[scenario]))
    (plain,) = any_grader.verdicts(submission, ["activations"], in_tanh)
    report = any_grader.grade(submission, selected=in_tanh)
    told = {check.id: check.status for topic in report.topics for e in topic.exercises for check in e.checks}
    assert told == {verdict.check_id: verdict.status for verdict in plain.verdicts}
    assert report.score == sum(verdict.points for verdict in plain.verdicts)
    after = any_grader.grade(submission_of(activations=RIGHT), selected=in_tanh)
    assert after.score == after.max_score


def test_a_search_whose_candidates_all_hang_is_ended_and_says_so(any_grader: Grader) -> None:
    sleeps = "".join(f"    if 1.0 != 1.0:\n        sleep({number})\n" for number in range(8, 16))
    source = "from time import sleep\n" + WRONG.replace(OPENING, OPENING + sleeps)
    report = any_grader.grade(submission_of(activations=source), selected=in_tanh)
    assert of_tanh(report).place is None
    assert any(f"tanh: the search for its line was ended, as {MOST_LOST} edits" in notice for notice in report.notices)


def test_a_loop_that_an_edit_makes_endless_is_ended_by_its_lines_and_not_by_the_clock(any_grader: Grader) -> None:
    loops = "".join(f"    while 1.0 != 1.0:\n        x = x + {number}\n" for number in range(2))
    report = any_grader.grade(submission_of(activations=WRONG.replace(OPENING, OPENING + loops)), selected=in_tanh)
    assert place_in(report).line == LINE + 4
    assert not any("search" in notice for notice in report.notices)


def test_a_text_that_python_cannot_parse_is_not_searched() -> None:
    deep = "(" * 5000 + ")" * 5000
    for text in (deep, "x = " + "-" * 90_000 + "1", "x = " + "1 + " * 20_000 + "1", "x = 1\0", "def f(:", "x" * 200_000):
        submission = submission_of(activations=text)
        assert read_code(submission, submission.modules["activations"]) is None


@pytest.mark.parametrize("path", sorted(ALTERNATIVES.glob("[al]*_*.py")), ids=lambda path: path.stem)
def test_every_edit_is_python_and_lies_in_its_function(path: Path) -> None:
    if path.stem.startswith("concepts"):
        return
    submission = submission_of(activations=path.read_text(encoding="utf-8"))
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    for function in code.functions.values():
        source = function.statement.held().source
        for edit in code.edits(function)[::5]:
            candidate = function.candidate(edit)
            ast.parse(source[: candidate.start] + candidate.text + source[candidate.end :])
            assert function.node.lineno <= edit.line <= (function.node.end_lineno or 0)


def test_a_method_that_is_compiled_alone_is_what_its_whole_class_would_have() -> None:
    source = (ALTERNATIVES / "optimizers_vectors.py").read_text(encoding="utf-8")
    module = ModuleType("optimizers")
    exec(compile(source, "optimizers.py", "exec"), module.__dict__)
    submission = submission_of(optimizers=source)
    code = read_code(submission, submission.modules["optimizers"])
    assert code is not None
    bench = Held(module, "optimizers.py", [statement.held() for statement in code.statements])
    alone = [function for function in code.functions.values() if function.alone]
    assert len(alone) > 5
    for function in alone:
        for edit in code.edits(function)[::9]:
            candidate = function.candidate(edit)
            whole = msgspec.structs.replace(candidate, function=None)
            assert _meaning(bench._changed(candidate)[0]) == _meaning(bench._changed(whole)[0])


@pytest.mark.parametrize(
    ("source", "computes"),
    [
        (RIGHT, True),
        ("import numpy as np\nfrom math import exp\nimport matplotlib.pyplot as plt\n", True),
        ("import os\n", False),
        ("from helpers import mine\n", False),
        ("from . import mine\n", False),
        ("def f(x):\n    open(x, 'w')\n", False),
        ("def f(x):\n    x.tofile('x')\n", False),
        ("import numpy as np\nnp.save('x', 1)\n", False),
        ("import numpy as np\nnp.loadtxt('https://example.org/x.csv')\n", False),
        ("!rm -r x\n", False),
    ],
)
def test_on_a_machine_without_a_wall_only_code_that_computes_is_edited(source: str, computes: bool) -> None:
    submission = submission_of(activations=source)
    assert only_computes(submission, submission.modules["activations"]) == computes


# What stands around tanh, and whether tanh can be searched all the same.
AROUND = {
    "a call of check": ("from autograder import check\ncheck('tanh')\n", True),
    "an import of scikit-learn": ("from sklearn.datasets import load_digits\nx = load_digits().data\n", True),
    "a program": ("if __name__ == '__main__':\n    open('x')\n", True),
    "a file that is written": ("with open('x', 'w') as file:\n    file.write(str(tanh(1.0)))\n", True),
    "a line with more on it": ("import os; print('x'); text = open(\n'x'); z = 1\n", True),
    "names that a function has for itself": ("import os\nx = os.getcwd()\ny = 3\n", True),
    "a training that gives nothing": ("for step in range(9):\n    y = tanh(step)\n", True),
    "a file that is read for it": ("scale = float(open('x').read())\n", False),
    "a helper that reads a file": ("def scale():\n    return open('x')\n", False),
    "a module of one's own": ("from helper import scale\n", False),
    "what a file is read into": ("import json\nscale = []\nscale.append(json.loads('1'))\n", False),
    "a name that is set somehow": ("globals()['scale'] = 1\n", False),
    "all names of a module": ("from os import *\n", False),
}
NEEDS_SCALE = "def tanh(x):\n    y = scale\n    return np.tanh(x) * y\n"


@pytest.mark.parametrize("around", AROUND)
def test_on_a_machine_without_a_wall_what_acts_is_left_out_with_all_that_needs_it(around: str) -> None:
    text, searched = AROUND[around]
    source = f"import numpy as np\n{text}{NEEDS_SCALE}"
    submission = submission_of(activations=source)
    rest = what_computes(submission, submission.modules["activations"], {"tanh"})
    told = rest.files["activations.py"].decode() if rest else ""
    assert ("def tanh" in told) == searched
    if rest:
        assert only_computes(rest, rest.modules["activations"])
        assert "tanh(step)" not in told
        assert len(told.split("\n")) == len(source.split("\n"))  # every line is where it was


def test_what_a_function_needs_is_kept_and_settings_too() -> None:
    table = "import numpy as np\nnp.seterr(all='raise')\nTABLE = {}\nfor name in 'ab':\n    TABLE[name] = 1\n"
    made = "import numpy as np\nHALF = 1 / 2\ntanh = np.vectorize(np.tanh)\n"
    for source in (f"{table}def tanh(x):\n    return TABLE\n", made):
        submission = submission_of(activations=source)
        rest = what_computes(submission, submission.modules["activations"], {"tanh"})
        assert rest is not None
        assert rest.files["activations.py"].decode() == source


# A slip, what it should have been, and what stands before its function.
SLIPS = {
    "an index too many": ("return np.ones(x.shape[0])", "return np.ones((x.shape))", ""),
    "an argument that is not handed on": (
        "return g(x) + alpha",
        "return (g(x, alpha=alpha)) + alpha",
        "def g(x, alpha=1.0):\n    return x\n",
    ),
    "a number where its argument belongs": ("return x * 0.9", "return x * (rate)", ""),
    "constants for each other": ("return A * x + B", "return B * x + A", "A = 1.5\nB = 2.5\n"),
    "one constant for another": ("return A * x", "return (B) * x", "A = 1.5\nB = 2.5\n"),
    "a sum that is overwritten": ("for i in x: alpha = i", "for i in x: alpha += i", ""),
    "an absolute value too late": ("return abs(np.sum(x))", "return (np.sum(abs(x)))", ""),
    "a bound too many": ("return np.clip(x, 0, 6)", "return np.clip(x, 0, (None))", ""),
    "a list of the same arrays": ("return list(x)", "return ([entry.copy() for entry in x])", ""),
    "an array of another's in a list": ("return [i for i in x]", "return [(i.copy()) for i in x]", ""),
    "a matrix product": ("return np.dot(x, alpha)", "return (x * alpha)", ""),
    "an output that is the input": ("return g(x) * (1 - x)", "return g(x) * (1 - (g(x)))", ""),
    "a square": ("return x / alpha", "return x / (alpha ** 2)", ""),
    "a root": ("return x / alpha", "return x / ((alpha) ** 0.5)", ""),
    "what is lacking of 1": ("return x * rate", "return x * (1 - rate)", ""),
    "an axis that is kept": ("return x / x.sum()", "return x / (x.sum(axis=1, keepdims=True))", ""),
    "a range that ends too early": ("for i in range(alpha): x += i", "for i in (range(alpha + 1)): x += i", ""),
    "a range that begins too early": ("for i in range(alpha): x += i", "for i in (range(1, alpha)): x += i", ""),
    "the other deviation": ("return x.std()", "return (x.std(ddof=1))", ""),
    "rounded down": ("return x // alpha", "return (-(-x // alpha))", ""),
    "rounded up": ("return -(-x // alpha)", "return (x // alpha)", ""),
    "an entry too many": ("return {'a': x, 'b': alpha}", "return ({'a': x})", ""),
    "printed, not returned": ("print(x)", "return x", ""),
    "returned for nothing": ("return x", "return", ""),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_that_many_make_is_among_what_is_edited(slip: str) -> None:
    wrong, right, before = SLIPS[slip]
    source = f"import numpy as np\n{before}def f(x, alpha=1.0, rate=0.9):\n    {wrong}\n"
    submission = submission_of(activations=source)
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    made = {edit.applied(source.encode()).decode() for edit in code.edits(code.functions["f"])}
    assert ast.unparse(ast.parse(source.replace(wrong, right))) in {ast.unparse(ast.parse(text)) for text in made}


OBJECT = """class C:
    def __init__(self, rate=0.9):
        self.rate = rate

    def forward(self, x):
        mask = x * 0.9
        return self.backward(x)

    def backward(self, x):
        return x * self._mask

    def both(self, x):
        return g(x)


def g(x, rate=0.9):
    return x
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("mask = x * 0.9", "self._mask = x * 0.9"),
        ("mask = x * 0.9", "mask = x * self.rate"),
        ("self.backward(x)", "self.forward(x)"),
        ("g(x)", "g(x, rate=self.rate)"),
    ],
)
def test_what_an_object_keeps_and_its_other_methods_are_among_what_is_edited(wrong: str, right: str) -> None:
    submission = submission_of(activations=OBJECT)
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    edits = [edit for function in code.functions.values() for edit in code.edits(function)]
    made = {ast.unparse(ast.parse(edit.applied(OBJECT.encode()).decode())) for edit in edits}
    assert ast.unparse(ast.parse(OBJECT.replace(wrong, right, 1))) in made


def test_what_mends_by_luck_is_tried_last_and_counts_where_nothing_else_mends() -> None:
    source = "def f(x, y):\n    return x * y + 1\n"
    submission = submission_of(activations=source)
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    ranks = [late(edit) for edit in code.edits(code.functions["f"])]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


GIVEN = {
    "f": Given(defaults={"a": "1.0", "b": "2.0"}),
    "C.set": Given(statements=("self.a = a + 1", "if a > 2:\n    pass")),
}
OWN = """def f(x, a=1.0, b=3.0):
    return x * a * b


class C:
    def set(self, a):
        self.a = (a
                  + 1)
        if a > 2:
            self.b = a + 1
        self.b = a - 1
"""


def test_what_the_assignment_gives_is_not_edited_and_a_changed_default_is_as_it_was_given() -> None:
    submission = submission_of(activations=OWN)
    code = read_code(submission, submission.modules["activations"], given=GIVEN)
    assert code is not None
    of_f = code.edits(code.functions["f"])
    head = OWN.split("\n", maxsplit=1)[0].encode()
    changed = {edit.applied(OWN.encode()).split(b"\n")[0] for edit in of_f if edit.line == 1}
    assert b"def f(x, a=1.0, b=2.0):" in changed
    assert all(b"a=1.0" in line for line in changed if line != head)
    assert {edit.line for edit in code.edits(code.functions["C.set"])} == {10, 11}
    plain = read_code(submission, submission.modules["activations"])
    assert plain is not None
    assert {edit.line for edit in plain.edits(plain.functions["C.set"])} == {7, 8, 9, 10, 11}


def test_no_line_of_a_stub_is_edited() -> None:
    """What is given of our topics is known where there is no reference, and is what their sources give."""
    assert FILE.read_text(encoding="utf-8") == text_of_ours(), "make assignments"
    for topic in OURS.names:
        stub = (ROOT / "assignments" / topic / f"{topic}.py").read_text(encoding="utf-8")
        submission = submission_of(**{topic: stub})
        code = read_code(submission, submission.modules[topic], given=given_in(topic, OURS))
        edits = [edit for function in code.functions.values() for edit in code.edits(function)] if code else []
        lines = {stub.split("\n")[edit.line - 1].strip() for edit in edits}
        assert lines <= {"raise NotImplementedError()"}, topic


def test_a_mistake_in_a_default_that_was_changed_is_told(any_grader: Grader) -> None:
    source = RIGHT.replace("def elu(x, alpha=1.0):", "def elu(x, alpha=0.3):")
    assert source != RIGHT
    report = any_grader.grade(submission_of(activations=source), selected=lambda name, _: "/elu/" in name)
    place = report.topics[0].fix_first[0].place
    assert place is not None
    assert place.text == "def elu(x, alpha=0.3):"


def test_where_a_kind_leaves_one_alternative_the_line_alone_is_told() -> None:
    assert {kind for kind, words in KINDS.items() if words is None} == {"strictness", "flag", "logic", "sign"}


def _repairs(source: str, *wanted: tuple[str, int]) -> tuple[Submission, list[Repair]]:
    submission = submission_of(activations=source)
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    edits = [Repair(function, edit) for function in code.functions.values() for edit in code.edits(function)]
    return submission, [next(r for r in edits if (r.edit.kind, r.edit.line) == place) for place in wanted]


TWO = "def f(a):\n    b = a + 2\n    c = b * 3\n    return c - 4\n\n\ndef g(a):\n    return a / 5\n"


def test_one_line_or_two_are_told_or_the_function_that_has_all_and_else_nothing() -> None:
    submission, (plus, times, minus, by) = _repairs(TWO, ("operator", 2), ("operator", 3), ("operator", 4), ("operator", 8))
    module = submission.modules["activations"]
    one, two = place_of(module, [plus], True), place_of(module, [plus, times], True)
    assert one == Place("activations.py", 2, None, "b = a + 2", "an operator in this line")
    assert two is not None
    assert two.second is not None
    assert (two.line, two.second.line, two.kind) == (2, 3, None)
    whole = place_of(module, [plus, times, minus], True)
    assert whole == Place("activations.py", 1, None, "def f(a):", whole=True)
    assert place_of(module, [plus, times, by], True) is None
    assert place_of(module, [], True) is None


def test_a_search_that_fails_costs_no_mark(any_grader: Grader, monkeypatch: pytest.MonkeyPatch, found: Report) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(searches, "locate", fails)
    report = any_grader.grade(submission_of(activations=WRONG), selected=in_tanh)
    assert report.score == found.score
    assert of_tanh(report).place is None


def test_a_course_sets_how_much_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    path.write_text("[locate]\nexercises = 1\ncandidates = 50\n")
    course = read_course(path)
    assert (course.locate_exercises, course.locate_candidates) == (1, 50)
    path.write_text("[marking]\none_edit = 0.5\n")
    assert read_course(path).one_edit == 0.5
    path.write_text("[marking]\none_edit = 2\n")
    with pytest.raises(WrongUsage, match="line 2"):
        read_course(path)
    path.write_text("[locate]\ncandidates = 0\n")
    with pytest.raises(WrongUsage, match="line 2"):
        read_course(path)


# Each as deep as a text of this length can be: what a parser, or what walks its trees, might not come back from.
DEEP = {
    "signs": "x = " + "-" * 95_000 + "1",
    "words": "x = " + "not " * 24_000 + "1",
    "attributes": "x = a" + ".b" * 47_000,
    "calls": "x = a" + "()" * 47_000,
    "functions": "x = " + "lambda: " * 12_000 + "1",
    "choices": "x = " + "1 if 1 else " * 8_000 + "1",
    "powers": "x = " + "1**" * 32_000 + "1",
    "sums": "x = " + "1+" * 48_000 + "1",
    "branches": "if 1: pass\n" + "elif 1: pass\n" * 7_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_text_that_is_nested_deeper_than_python_parses_is_not_searched_and_ends_nothing(text: str) -> None:
    submission = submission_of(activations=f"{text}\ndef tanh(x):\n    return x\n")
    with ThreadPoolExecutor(1) as thread:  # whose stack may be smaller
        assert thread.submit(read_code, submission, submission.modules["activations"]).result() is None


# Each has more edits than could be made: names for names, arguments for arguments, entries, factors.
WIDE = {
    "calls": "return [" + "f(x), " * 16_000 + "]",
    "entries": "return {" + "x: f(x), " * 10_000 + "}",
    "arguments": "return f(" + "x, " * 30_000 + ")",
    "names": "".join(f"a{i} = a{i - 1} + 1; " for i in range(1, 5000)) + "return x",
    "sums": ("x = " + "x + " * 400 + "x; ") * 10 + "return x",
}


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_of_a_function_that_is_wider_than_any_of_ours_only_some_edits_are_made(text: str) -> None:
    submission = submission_of(activations=f"def tanh(x):\n    {text}\n")
    code = read_code(submission, submission.modules["activations"])
    assert code is not None
    begun = time.thread_time()
    assert len(code.edits(code.functions["tanh"])) <= MOST_EDITS
    assert time.thread_time() - begun < 10


def test_a_method_without_an_exercise_of_its_own_is_its_class_s() -> None:
    exercises = [SimpleNamespace(name=name) for name in ("Optimizer", "SGD", "SGD.momentum")]
    report: Any = SimpleNamespace(exercises=exercises, fix_first=[])
    assert is_doubted("SGD", "Optimizer.apply", report)
    assert not is_doubted("Optimizer", "Optimizer.apply", report)
    assert not is_doubted("SGD.momentum", "SGD.update", report)
    assert not is_doubted("SGD", "_helper", report)


def test_a_name_whose_own_words_say_in_which_method_it_stands_is_in_no_doubt_there() -> None:
    """What ``forward`` keeps for ``backward`` is wrong in the second, and one edit of the first mends it."""
    exercises = [SimpleNamespace(name=name) for name in ("Dense.forward", "Dense.backward", "Sequential.backward")]

    def doubted(exercise: str, text: str) -> bool:
        fix = SimpleNamespace(exercise=exercise, misconception="m", text=text)
        report: Any = SimpleNamespace(exercises=exercises, fix_first=[fix])
        return is_doubted(exercise, "Dense.forward", report)

    assert not doubted("Dense.backward", "forward keeps x itself and no copy.")
    assert doubted("Dense.backward", "The kernel gradient is averaged.")
    assert doubted("Sequential.backward", "forward walks backwards.")


def test_a_part_that_is_no_method_is_its_class_s_and_in_no_doubt_where_a_method_of_it_is_mended() -> None:
    exercises = [SimpleNamespace(name=name) for name in ("Norm.forward", "Norm.moving", "Norm.backward")]
    report: Any = SimpleNamespace(exercises=exercises, fix_first=[])
    methods = frozenset({"Norm.forward", "Norm.backward"})
    assert not is_doubted("Norm.moving", "Norm.forward", report, methods)
    assert is_doubted("Norm.backward", "Norm.forward", report, methods)
