"""What a student reads is whole: handouts with pictures and alternative text, notebooks that are the stub module."""

from __future__ import annotations

import ast
import json
import math
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import nbformat
import pytest

from autograder.declare.catalogue import OURS, reference_folder
from autograder.errors import GraderFault
from autograder.handing_out.assignments import stub_module
from autograder.handing_out.handout import STUB, draw, figure_functions, handout, notebook
from autograder.handing_out.kit import without_links_out
from autograder.handing_out.page import handout_page
from autograder.recording.misconceptions import make_module, mutants
from tests.conftest import ROOT, topics_parameter

# Alternative text may run over several lines; it holds no square bracket.
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")


def folder(topic: str) -> Path:
    return ROOT / "assignments" / topic


def prose(topic: str) -> str:
    return (folder(topic) / "handout.md").read_text(encoding="utf-8")


def code_of(notebook_text: str) -> str:
    """A notebook's code without what it has beside the module: cells that check, and the last that uses what was written."""
    cells = ["".join(cell["source"]) for cell in json.loads(notebook_text)["cells"] if cell["cell_type"] == "code"]
    return "\n\n\n".join(cell for cell in cells if not cell.startswith(("from autograder import check", "if __name__ ==")))


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_figure_is_shown_and_every_picture_exists(topic: str) -> None:
    shown = [path for _, path in PICTURE.findall(prose(topic))]
    assert sorted(shown) == sorted(f"figures/{name}.svg" for name in figure_functions(topic))
    for path in shown:
        assert (folder(topic) / path).is_file()


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_picture_says_in_a_sentence_what_is_seen(topic: str) -> None:
    for text, path in PICTURE.findall(prose(topic)):
        told = " ".join(text.split())
        assert len(told) >= 60, path
        assert told[0].isupper(), path
        assert told.endswith("."), path
        assert not set(told) & set("$`*"), f"{path}: a screen reader reads this out as it stands"


def test_figures_are_of_topics_that_exist() -> None:
    reference = reference_folder()
    assert reference is not None
    drawn = {path.stem for path in (reference / "figures").glob("*.py")} - {"__init__"}
    assert drawn <= set(topics_parameter())


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_figure_is_legible_on_light_and_dark_pages_and_on_a_phone(topic: str) -> None:
    for path in (folder(topic) / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert float(ElementTree.fromstring(text).attrib["width"].removesuffix("pt")) <= 6.4 * 72, path.name
        for colour in set(re.findall(r"#[0-9a-f]{6}\b", text)):
            for page in ("#ffffff", "#1e1e1e"):
                assert contrast(colour, page) >= 3, f"{path.name}: {colour} on {page}"
        assert "<text" not in text, f"{path.name}: letters must be paths, which need no font of the reader's"
        assert len(text) < 150_000, path.name


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as the Web Content Accessibility Guidelines define it; 3 is their least for graphics."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_figure_is_drawn_alike_every_time_and_whatever_a_user_has_set() -> None:
    before = draw("layers")
    with matplotlib.rc_context({"font.size": 30, "font.family": "serif", "svg.hashsalt": "another", "lines.linewidth": 9}):
        assert draw("layers") == before


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_notebook_is_valid_and_holds_nothing_of_who_made_it_when(topic: str) -> None:
    text = (folder(topic) / f"{topic}.ipynb").read_text(encoding="utf-8")
    made = nbformat.reads(text, as_version=4)
    nbformat.validate(made)
    assert (made.nbformat, made.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in made.cells]
    assert len(set(ids)) == len(ids)
    assert sorted(made.metadata) == ["kernelspec", "language_info"]
    assert all(not cell.metadata for cell in made.cells)
    assert all(cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None) for cell in made.cells)


@pytest.mark.parametrize("topic", topics_parameter())
def test_the_code_of_a_notebook_is_the_stub_module(topic: str) -> None:
    stub = (folder(topic) / f"{topic}.py").read_text(encoding="utf-8")
    cells = code_of((folder(topic) / f"{topic}.ipynb").read_text(encoding="utf-8"))
    assert ast.dump(ast.parse(cells)) == ast.dump(ast.parse(stub))


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_notebook_filled_in_rightly_is_the_reference(topic: str) -> None:
    source = OURS.reference_source(topic)
    assert ast.dump(ast.parse(code_of(notebook(topic, source)))) == ast.dump(ast.parse(source))


def test_a_notebook_begins_with_how_to_use_it() -> None:
    first = json.loads((folder("layers") / "layers.ipynb").read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "How to use this notebook" in "".join(first["source"])
    assert "grade check layers.ipynb" in "".join(first["source"])


def test_what_a_notebook_says_of_colab_works_whatever_a_kit_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "week-1.zip", "w") as kit:
        kit.writestr("week-1/layers/layers.ipynb", "{}")
        kit.writestr("week-1/nablagrade-0.1.0-py3-none-any.whl", "")
    (tmp_path / "sample_data").mkdir()  # which stands in every Colab
    monkeypatch.chdir(tmp_path)
    said = json.loads((folder("layers") / "layers.ipynb").read_text(encoding="utf-8"))["cells"][0]["source"]
    unpacking, installing = re.findall(r"`(import [^`]*|%pip [^`]*)`", "".join(said))
    exec(unpacking, {})
    assert Path.cwd() == tmp_path / "week-1" / "layers"
    assert len(list(Path().glob(installing.removeprefix("%pip install ")))) == 1


@pytest.mark.parametrize("topic", topics_parameter())
def test_no_link_leads_to_a_topic_that_a_kit_does_not_hold(topic: str) -> None:
    for path in (*folder(topic).glob("*.py"), *folder(topic).glob("*.ipynb"), *folder(topic).glob("handout.*")):
        text = path.read_text(encoding="utf-8")
        linked = set(re.findall(r"\.\./(\w+)/handout", text))
        assert linked <= {*topics_parameter()}
        assert without_links_out(text, linked) == text
        assert "../" not in re.sub(r"%pip install \.\./", "", without_links_out(text, [topic])), path.name


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_handout_shows_what_is_to_be_written_and_no_stub(topic: str) -> None:
    text = prose(topic)
    for node in ast.parse(stub_module(OURS.reference_source(topic))).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert re.search(rf"^(def|class) {node.name}\b", text, re.MULTILINE), node.name
    assert "YOUR CODE HERE" not in text
    assert "NotImplementedError()" not in text


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_section_with_something_to_write_has_something_to_try(topic: str) -> None:
    module = (folder(topic) / f"{topic}.py").read_text(encoding="utf-8")
    for section in re.split(r"^# ## ", module, flags=re.MULTILINE):
        if STUB[0] in section:
            assert "**Try it:**" in section, section.splitlines()[0]


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_question_is_answered_where_it_can_be_folded_away(topic: str) -> None:
    asked = prose(topic).count("**Try it:**")
    assert prose(topic).count("<details><summary>Answer</summary>") == asked
    assert (folder(topic) / "handout.html").read_text(encoding="utf-8").count("<summary>Answer</summary>") == asked
    assert "".join(cells_of(topic, "markdown")).count("<summary>Answer</summary>") == asked
    assert "<details>" not in (folder(topic) / f"{topic}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", [topic for topic in topics_parameter() if not OURS.is_quiz(topic)])
def test_a_handout_says_first_what_it_is_for_and_what_it_asks(topic: str) -> None:
    head = prose(topic).split("\n## ")[0]
    for words in ("**What you will be able to do:**", "**What you need:**", "**How long it takes:**"):
        assert head.count(words) == 1


def cells_of(topic: str, kind: str) -> list[str]:
    cells = json.loads((folder(topic) / f"{topic}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_notebook_has_a_cell_that_checks_each_exercise_with_public_checks(topic: str) -> None:
    checking = [cell for cell in cells_of(topic, "code") if cell.startswith("from autograder import check")]
    named = {name for cell in checking for name in re.findall(r'"([^"]+)"', cell)}
    assert checking
    assert named == {e.name for e in OURS.topic(topic).exercises if any(check.public for check in e.checks)}


@pytest.mark.parametrize("topic", [topic for topic in topics_parameter() if not OURS.is_quiz(topic)])
def test_what_was_written_is_used_on_real_data_in_the_end(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    last = prose(topic).split("\n## ")[-1]
    assert last.startswith("In the end: ")
    code, printed = re.search(r"```python\n(.*?)```", last, re.S), re.search(r"```text\n(.*?)```", last, re.S)
    assert code is not None
    assert [cell for cell in cells_of(topic, "code") if cell.startswith('if __name__ == "__main__":')]
    if topic == "keras_models":  # it takes Keras ten seconds, and each line of it has checks of its own
        compile(code[1], topic, "exec")
        return
    exec(compile(code[1], topic, "exec"), vars(make_module(topic, OURS.reference_source(topic))))
    said = capsys.readouterr().out
    assert said.strip()
    if printed is not None:
        assert re.sub(NUMBER, "", said).split() == re.sub(NUMBER, "", printed[1]).split()
        for now, then in zip(re.findall(NUMBER, said), re.findall(NUMBER, printed[1]), strict=True):
            assert math.isclose(float(now), float(then), rel_tol=0.3, abs_tol=0.03), (now, then)


NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?"


def test_the_order_of_exercises_is_the_handouts() -> None:
    for topic in topics_parameter():
        if not OURS.is_quiz(topic):
            written = re.findall(r"^(?:def|class) (\w+)", OURS.reference_source(topic), re.MULTILINE)
            names = list(dict.fromkeys(exercise.name.split(".")[0] for exercise in OURS.topic(topic).exercises))
            assert names == [name for name in dict.fromkeys(written) if name in names]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", topics_parameter())
def test_a_page_is_whole_and_asks_nothing_of_a_network(topic: str) -> None:
    page = (folder(topic) / "handout.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert re.findall(r'(?:src|srcset|data|action)="(?!data:)', page) == []
    assert re.findall(r"@import|url\(", page.split("<body>")[0]) == []
    assert page.count("<img ") == len(PICTURE.findall(prose(topic)))
    words = re.sub(r"<pre.*?</pre>|<code.*?</code>", "", page, flags=re.DOTALL)
    assert not re.search(r"\$\$|\\frac|\\sum", words), "a formula is left"


def test_what_cannot_be_shown_is_refused() -> None:
    with pytest.raises(GraderFault, match="unknown commands"):
        handout_page("# A\n\n$\\nosuchcommand$\n", {})
    with pytest.raises(GraderFault, match="there is no such figure"):
        handout_page("# A\n\n![A picture.](figures/none.svg)\n", {})


LOOKED_AT = [pytest.param(topic, marks=[] if topic == "normalization" else pytest.mark.exactness) for topic in OURS.names]


@pytest.mark.parametrize("topic", LOOKED_AT)
def test_a_page_passes_axe_in_light_and_dark_and_fits_a_phone(topic: str, browser: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: pages were NOT asked")
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto((folder(topic) / "handout.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        found = axe.Axe().run(page).response["violations"]
        assert not found, [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        context.close()


def test_a_solution_at_the_top_level_leaves_nothing_behind() -> None:
    stub = stub_module(
        "# %%\nimport math\n\n### BEGIN SOLUTION\nA = {1: math.pi}\n### END SOLUTION\n\n\n# %%\ndef f():\n    return 1\n"
    )
    assert stub == "# %%\nimport math\n\n\n# %%\ndef f():\n    return 1\n"
    assert make_module("stub", stub).f() == 1


def test_a_cell_that_was_all_solution_is_in_neither_notebook_nor_handout() -> None:
    stub = stub_module("# %% [markdown]\n# # Topic\n\n# %%\n### BEGIN SOLUTION\nA = 42\n### END SOLUTION\n\n# %%\nX = 1\n")
    assert handout(stub) == "# Topic\n\n```python\nX = 1\n```\n"
    assert len(json.loads(notebook("layers", stub))["cells"]) == 3


def test_the_instructors_page_names_misconceptions_that_exist() -> None:
    page = (ROOT / "docs" / "lecture-errors.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("|")][2:]
    assert len(rows) == 13
    known = {mutant.about.name for topic in topics_parameter() for mutant in mutants(topic)}
    for place, printed, correct, taught, named in rows:
        assert all((place, printed, correct, taught))
        assert set(re.findall(r"`(\w+)`", named)) <= known, place
