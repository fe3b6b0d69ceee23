"""Reports as HTML: readable on a phone, in light and dark, with contrast; and no text of a student's ever becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.grading.engine import Grader
from autograder.render.html import exercise_html, exercise_text, report_html, words_html
from autograder.render.pictures import picture
from autograder.report import (
    VERSION,
    CheckReport,
    Diagnosis,
    Example,
    ExerciseReport,
    Fix,
    Report,
    SandboxReport,
    Timing,
    TopicReport,
    at_level,
)
from autograder.submission.read import read_submission
from tests.conftest import ROOT, submission_of
from tests.forked import grade_command
from tests.test_docs import LOOK, PHONE

FIRST_TRY = ROOT / "docs" / "examples" / "first_try"
HOSTILE = (
    '<script>document.title = "taken"</script><img src=x onerror="document.title=1">\x1b[31m\u202eevil\0&amp;"\'{{ 7 * 7 }}'
)


@pytest.fixture(scope="module")
def report(graders) -> Report:  # type: ignore[no-untyped-def]
    return graders("landlock").grade(read_submission(FIRST_TRY), ["activations", "layers"])


def check_of(status: str, **fields: Any) -> CheckReport:
    about = {"id": f"layers/Dense.forward/{status}", "status": status, "points": 0, "max_points": 1, "public": True}
    return CheckReport(**{**about, "sentence": f"It asks for {status}.", **fields})


def topic_of(*checks: CheckReport, name: str = "Dense.forward", problem: str | None = None) -> TopicReport:
    exercise = ExerciseReport(name, 0, len(checks), list(checks))
    return TopicReport("layers", "Layers", 0, len(checks), [exercise], problem)


def hostile_report(report: Report) -> Report:
    """A report in which every text that may come from a submission is an attack."""
    example = Example({HOSTILE: HOSTILE}, HOSTILE * 10, HOSTILE)
    diagnosis = Diagnosis(HOSTILE, HOSTILE, HOSTILE)
    topic = topic_of(check_of("failed", sentence=HOSTILE, diagnosis=diagnosis, example=example), name=HOSTILE)
    fix = Fix(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE, example)
    topic = msgspec.structs.replace(topic, name=HOSTILE, title=HOSTILE, problem=HOSTILE, fix_first=[fix])
    return msgspec.structs.replace(report, topics=[topic], notices=[HOSTILE], not_found=[HOSTILE])


class Tags(HTMLParser):
    """The elements and attributes of a piece of HTML, and whether every element is closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "link", "br", "img", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data


def test_an_exercise_tells_its_checks_its_mistake_and_the_smallest_input(report: Report) -> None:
    layers = next(topic for topic in report.topics if topic.name == "layers")
    said = " ".join(Tags(exercise_html(layers, "Dense.backward")).text.split())
    exercise = next(e for e in layers.exercises if e.name == "Dense.backward")
    for check in exercise.checks:
        assert check.sentence in said
    assert exercise.score < exercise.max_score
    assert f"{exercise.score:g} of {exercise.max_score:g} points" in said
    assert "that is the batch size" in said
    assert "[kernel_gradient_is_averaged]" in said
    assert re.search(r"\bx \[\[ 1.17, 1.87, 0.66\]", said)
    assert "you answer dkernel = " in said
    assert "right is dkernel = " in said
    assert said.count("The kernel's gradient is averaged over the batch.") == 1  # nine checks, one reason


# --- pictures -------------------------------------------------------------------------------------------------------------

X = "[[ 2.7 , -2.23, 1.36], [-0.34, -1.89, -0.32]]"
CURVE = Example({"x": X}, "[[0.54, -2.23, 0.272], [-0.34, -1.89, -0.32]]", "[[2.7, -0.446, 1.36], [-0.068, -0.378, -0.064]]")
RATES = Example(
    {"settings": "{'power': 1.5}", "steps": "{'at step 0': 0, 'at step 1': 1, 'far beyond': 52}"},
    "at step 1 = 0.6487; far beyond = 0.0847727",
    "at step 1 = 0.646621; far beyond = 0.0483227",
)
PATH = Example(
    {"theta": "[ 1.22, -1.97]", "steps": "4"},
    "path = [[1.22, -1.97], [1.28, -2.57], [1.21, -3.13], [0.83, -4.45]]",
    "path = [[1.22, -1.97], [1.16, -1.37], [1.01, -1.17], [0.78, -0.89]]",
)
COORDINATE = Example(
    {"start": "[[1.1, -1.71, 0.]]", "gradients": "[[[1.19, -1.18, 1.]]]"},
    "path = [[1., 2., 3.], [1., 1., 3.], [1., 0., 3.], [1., -1., 3.]]",
    "path = [[1., 2., 3.], [1., 2., 3.], [1., 2., 3.], [1., 2., 3.]]",
)
MATRIX = Example({"x": "[[1., 2.]]", "w": "[1.]"}, "dx = [[1., 9., 3.], [4., nan, 6.]]", "dx = [[1., 2., 3.], [4., 5., 6.]]")


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (CURVE, "over x, from -2.23 to 2.7. They differ most at x = 2.7: yours is 0.54, and 2.7 is right."),
        (RATES, "over step, from 1 to 52. They differ most at step = 52: yours is 0.08477, and 0.04832 is right."),
        (PATH, "Your path of 4 points beside the right one. They part at point 2; yours ends at (0.83, -4.45)"),
        (COORDINATE, "Coordinate 2 of 3. Your answers and the right ones over step, from 0 to 3."),
        (MATRIX, "2 of 6 numbers are wrong: row 1, column 2; row 2, column 2."),
    ],
)
def test_a_picture_says_where_own_and_right_answers_part(example: Example, said: str) -> None:
    topic = topic_of(check_of("failed", diagnosis=Diagnosis(None, "It is wrong.", ""), example=example))
    shown = exercise_html(topic, "Dense.forward")
    found = Tags(shown)
    assert {"svg", "title"} <= found.tags
    assert said in found.text
    assert f'aria-label="{said[:20]}' in shown or said.startswith("over")
    for hints in ("score", "sentence", "diagnosis"):
        cut = at_level(msgspec.structs.replace(EMPTY, topics=[topic]), hints).topics[0]  # type: ignore[arg-type]
        assert "svg" not in Tags(exercise_html(cut, "Dense.forward")).tags


EMPTY = Report(VERSION, 0, 1, "full", [], [], [], SandboxReport(True, 5, 10, 300, 1024, 16), Timing(0, {}, "landlock", 1, {}))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("[[1, 2], [3, 4]]", ""),  # an exception has no right answer
        ("ValueError: no", "[1, 2, 3, 4, 5, 6]"),
        ("[[1, 2], [3, 4]]", "[[2, 3], [4, 5]]"),  # wrong everywhere: the numbers say as much
        ("[1, 2]", "[1, 3]"),
        ("[[1, 2, ... 9]]", "[[1, 2], [3, 4]]"),
        ("an array of shape (100, 100)", "[[1, 2], [3, 4]]"),
        ("[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 5]"),  # what rounding hides is no picture
        ("[nan, nan, nan, nan, nan]", "[1, 2, 3, 4, 5]"),
        ("[" * 5000, "[" * 5000),
        ("[[1], [2, 3]]", "[[1], [2, 3]]"),
        (HOSTILE, HOSTILE),
    ],
)
def test_where_numbers_say_as_much_or_there_are_none_nothing_is_drawn(answer: str, expected: str) -> None:
    assert picture(Example({"x": "[1, 2, 3, 4, 5]"}, answer, expected)) is None


def test_the_text_says_what_the_html_says(report: Report) -> None:
    for topic in report.topics:
        for exercise in topic.exercises:
            html = "".join(Tags(exercise_html(topic, exercise.name)).text.split())
            for line in exercise_text(topic, exercise.name).splitlines():
                words = "".join(line.strip().rstrip(":").replace("`", "").split())
                assert words in html or words.replace("`", "") in html.replace("`", ""), line


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("todo", "to do"),
        ("missing", "not there"),
        ("manual", "for manual grading"),
        ("timeout", "out of time"),
        ("crashed", "ended the process"),
        ("garbled", "no answer"),
        ("not_imported", "not imported"),
        ("grader_error", "the grader's fault"),
    ],
)
def test_a_status_is_said_in_words(status: str, words: str) -> None:
    topic = topic_of(check_of(status))
    assert f"({words})" in Tags(exercise_html(topic, "Dense.forward")).text
    assert f"({words})" in exercise_text(topic, "Dense.forward")


def test_a_module_that_cannot_be_imported_is_told_once() -> None:
    problem = "layers.py, line 3: SyntaxError: invalid syntax"
    failed = [check_of("not_imported", diagnosis=Diagnosis(None, "The module could not be imported.", "")) for _ in range(3)]
    topic = topic_of(*failed, problem=problem)
    assert Tags(exercise_html(topic, "Dense.forward")).text.count(problem) == 1
    assert exercise_text(topic, "Dense.forward").count(problem) == 1


def test_halves_of_points_are_shown_as_they_are() -> None:
    topic = topic_of(check_of("passed", points=2.5, max_points=2.5))
    exercise = msgspec.structs.replace(topic.exercises[0], score=2.5, max_score=2.5)
    topic = msgspec.structs.replace(topic, exercises=[exercise])
    assert "2.5 of 2.5 points" in Tags(exercise_html(topic, "Dense.forward")).text


@pytest.mark.parametrize("level", ["score", "sentence", "diagnosis"])
def test_no_more_is_told_than_the_report_holds(report: Report, level: str) -> None:
    said = Tags(report_html(at_level(report, level), "first_try")).text
    assert "you answer" not in said
    assert ("batch size" in said) == (level == "diagnosis")
    assert ("forward(x) is x @ kernel + bias." in said) == (level != "score")


@pytest.mark.parametrize("form", ["page", "fragment", "words"])
def test_no_text_of_a_submission_becomes_markup(report: Report, form: str) -> None:
    hostile = hostile_report(report)
    if form == "page":
        made = report_html(hostile, HOSTILE)
    else:
        made = exercise_html(hostile.topics[0], HOSTILE) if form == "fragment" else words_html([HOSTILE])
    tags = Tags(made)
    assert tags.tags & {"script", "img", "iframe", "object", "form", "a"} == set()
    assert {name for name in tags.attributes if name.startswith("on")} == set()
    assert "{{ 7 * 7 }}" in tags.text
    assert re.search("[\x00\x1b\u202e]", made) is None
    assert re.search("[\x00\x1b\u202e]", exercise_text(hostile.topics[0], HOSTILE)) is None


def test_what_a_student_raises_and_returns_is_text(any_grader: Grader) -> None:
    raising = "def tanh(x):\n    raise ValueError('<script>alert(1)</script>\\x1b[31m\\u202e')\n"
    source = raising + "def relu(x):\n    return '<b>no</b>'\n"
    graded = any_grader.grade(submission_of(activations=source), ["activations"])
    made = report_html(graded, "submission")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert Tags(made).tags & {"script", "b"} == set()


def test_nothing_is_loaded_from_anywhere(report: Report) -> None:
    made = report_html(report, "first_try")
    assert re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(?!data:)\w+:", made) == []
    assert "@import" not in made


def test_grade_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    done = grade_command(FIRST_TRY, "-t", "layers", "--html", page, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert re.search(r"of [1-9]\d* points", Tags(page.read_text(encoding="utf-8")).text)
    refused = grade_command(FIRST_TRY, "-t", "layers", "--html", tmp_path / "nowhere" / "report.html", cwd=tmp_path)
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr


# --- with a browser ---------------------------------------------------------------------------------------------------


def fragments(report: Report) -> str:
    """A page of a notebook's: every exercise as it stands in a cell."""
    parts = [exercise_html(topic, exercise.name) for topic in report.topics for exercise in topic.exercises]
    return (
        "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>cells</title><body>" + "".join(parts) + "</body></html>"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reports_fit_on_a_phone_have_contrast_and_run_nothing(
    scheme: str, browser: Any, report: Report, tmp_path: Path
) -> None:
    made = {"page": report_html(report, "first_try"), "hostile": report_html(hostile_report(report), HOSTILE)}
    made["cells"] = fragments(report)
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else wrong.append(request.url))
    for name, text in made.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        look = page.evaluate(LOOK)
        assert look["wide"] <= 0, name
        assert look["contrast"][0] >= 1, (name, look["contrast"])
        if name != "cells":  # in a cell the page is the notebook's
            light = sum(map(int, re.findall(r"\d+", look["background"])[:3])) > 3 * 128
            assert light == (scheme == "light"), name
        assert page.title() not in ("taken", "1"), name
        assert page.locator("script, img").count() == 0, name
        # beside its name a value of more than three numbers would be cut off
        assert page.evaluate("() => getComputedStyle(document.querySelector('td')).display") == "block", name
    context.close()
    assert wrong == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_follows_the_theme_of_jupyterlab(theme: str, browser: Any, report: Report, tmp_path: Path) -> None:
    # nbconvert's page has JupyterLab's own styles, which say much of tables, lists and code in a cell.
    reason = "is not installed: how a cell looks in JupyterLab was NOT tested"
    nbformat = pytest.importorskip("nbformat", reason=f"nbformat {reason}")
    nbconvert = pytest.importorskip("nbconvert", reason=f"nbconvert {reason}")
    html = "".join(exercise_html(report.topics[1], exercise.name) for exercise in report.topics[1].exercises[:4])
    shown = nbformat.v4.new_output("display_data", {"text/html": html})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("check()", outputs=[shown])])
    path = tmp_path / "notebook.html"
    path.write_text(nbconvert.HTMLExporter(theme=theme).from_notebook_node(notebook)[0], encoding="utf-8")
    other = "dark" if theme == "light" else "light"  # what the system prefers is not what counts there
    context = browser.new_context(viewport={"width": 700, "height": 800}, color_scheme=other)
    page = context.new_page()
    page.route(re.compile("^http"), lambda route: route.abort())  # nbconvert's page asks the network for MathJax
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    assert page.locator(".nablagrade").count() == 4
    for place in range(4):
        box = f"document.querySelectorAll('.nablagrade')[{place}]"
        look = page.evaluate(LOOK.replace('document.querySelector("article") || document.body', box))
        assert look["contrast"][0] >= 1, look["contrast"]
        colour = page.evaluate(f"() => getComputedStyle({box}).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", colour)[:3])) > 3 * 128) == (theme == "light")
    aligned = page.evaluate("() => [...document.querySelectorAll('.nablagrade td')].map(e => getComputedStyle(e).textAlign)")
    assert set(aligned) == {"left"}
    context.close()
