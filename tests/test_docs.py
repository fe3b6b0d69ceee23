"""The documentation builds without a warning, its links lead somewhere, its examples run, and it can be read on a phone."""

from __future__ import annotations

import doctest
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import numpy as np
import pytest
from generated_pages import api_modules, costs_of, is_quiz, room_of, widths_of

from autograder.at_home.public import FILE_NAME, public_bytes, public_record
from autograder.course.settings import CourseFile, LimitSettings, read_course
from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.handing_out.assignments import solution_lines, stub_module
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module, mutant_tree, mutants
from autograder.recording.record import answers_for
from tests.conftest import ROOT, needs, topics_parameter
from tests.proof import verdicts_in_process

needs("sphinx", or_else="the documentation was NOT tested")

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built from a copy that holds nothing but what is written by hand."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(DOCS, folder / "source", ignore=shutil.ignore_patterns("generated", "__pycache__"))
    # Of the package's rooms the modules alone, which takes half as long: `make docs` builds every function's entry as well.
    smaller = ["-j", "auto", "-D", "api_members=0"]
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", *smaller, "source", "site"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    return folder / "site"


class Page(HTMLParser):
    """What a test asks of a page: its links, the ids in it, what it loads, its text, and the characters of its formulas."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self._words: list[str] = []
        self._formula = 0
        self.formulas: set[str] = set()
        self._silent = 0
        self.feed(path.read_text(encoding="utf-8"))
        self.text = "".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") != "canonical":
            self.loads.append(given.get("href", ""))
        if "src" in given:
            self.loads.append(given["src"])
        self._formula += tag == "math"
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._formula -= tag == "math"
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if self._formula:
            self.formulas |= set(data)
        if not self._silent:
            self._words.append(data)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page of the site."""
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def has_assignment(topic: str, name: str) -> bool:
    return (ROOT / "assignments" / topic / name).is_file()


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_topic_has_its_handout_its_stubs_and_its_known_mistakes(topic: str, site: Path, pages: dict[Path, Page]) -> None:
    generated = site / "generated"
    if has_assignment(topic, "handout.md"):
        assert generated / "handouts" / f"{topic}.html" in pages
    if is_quiz(topic):
        return
    if has_assignment(topic, f"{topic}.py"):
        assert generated / "stubs" / f"{topic}.html" in pages
    page = pages[generated / "misconceptions" / f"{topic}.html"]
    text = " ".join(page.text.split())
    for mutant in mutants(topic):
        about = mutant.about
        assert about.name.lower().replace("_", "-") in page.ids
        assert " ".join(about.text.replace("`", "").split()) in text, about.name
        assert " ".join(about.look.replace("`", "").split()) in text, about.name


def test_no_page_lists_the_wrong_choices_of_a_quiz(pages: dict[Path, Page]) -> None:
    names = [mutant.about.name for topic in topic_names() if is_quiz(topic) for mutant in mutants(topic)]
    text = "\n".join(page.text for page in pages.values())
    assert [name for name in names if name in text] == []


def test_every_module_is_on_its_rooms_page(site: Path, pages: dict[Path, Page]) -> None:
    for name in api_modules():
        assert f"module-{name}" in pages[site / "generated" / "api" / f"{room_of(name)}.html"].ids


@pytest.mark.parametrize("topic", topics_parameter())
def test_no_line_of_a_solution_is_on_a_page(topic: str, pages: dict[Path, Page]) -> None:
    told = [line.strip() for other in topic_names() for line in stub_module(OURS.reference_source(other)).splitlines()]
    # Shorter ones, `return x`, say nothing of a solution; what a docstring or given code says too is no secret.
    lines = [line for line in solution_lines(OURS.reference_source(topic)) if len(line) > 20]
    solved = [line for line in lines if not any(line in other for other in told)]
    text = "\n".join(page.text for page in pages.values())
    assert [line for line in solved if line in text] == []


def test_nothing_is_loaded_from_elsewhere_and_no_folder_of_this_machine_is_named(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        assert [address for address in page.loads if ":" in address and not address.startswith("data:")] == [], path
        for folder in (str(ROOT), str(site.parent), str(Path.home()) + "/"):
            assert folder not in page.text, path


def test_every_link_of_the_site_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    lost = []
    for path, page in pages.items():
        for link in page.links:
            target, _, anchor = unquote(link).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            place = (path.parent / target).resolve() if target else path
            if not place.is_file() or (anchor and place in pages and anchor not in pages[place].ids):
                lost.append((str(path.relative_to(site)), link))
    assert lost == []


LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(`{3,}).*?^\1`*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def texts() -> list[Path]:
    """The Markdown of the repository that people read where it stands."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md"), *(ROOT / "assignments").glob("*/handout.md")]
    return [path for path in found if "generated" not in path.parts]


def headings(path: Path) -> set[str]:
    """Anchors of a Markdown file's headings, as GitHub makes them."""
    plain = re.sub(r"^(`{3,}).*?^\1`*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.*)$", plain, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_the_repositorys_texts_leads_somewhere(path: Path) -> None:
    lost = []
    for link in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        target, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z]+:", target) or "docs/generated" in os.path.normpath(path.parent.relative_to(ROOT) / target):
            continue  # what is generated is on the site, where its links are checked
        place = path.parent / target if target else path
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in headings(place)):
            lost.append(link)
    assert lost == []


def test_every_setting_of_a_course_is_documented_and_the_example_is_read(tmp_path: Path) -> None:
    page = (DOCS / "instructors" / "running-a-course.md").read_text(encoding="utf-8")
    for field in msgspec.structs.fields(CourseFile):
        assert any(said in page for said in (f"`{field.name}`", f"`[{field.name}]`", f"`[{field.name}.NAME]`")), field.name
    (example,) = re.findall(r"```\{code-block\} toml\n:caption: course.toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "course.toml").write_text(example)
    (tmp_path / "secret").write_text("0123456789abcdef")
    course = read_course(tmp_path / "course.toml")
    assert (course.topics[:2], course.hints, course.limits.memory_mebibytes) == (["activations", "layers"], "diagnosis", 2048)
    assert course.table("layers").exercises != load_topic("layers").exercises


def test_every_limit_is_in_the_table(site: Path, pages: dict[Path, Page]) -> None:
    text = pages[site / "instructors" / "running-a-course.html"].text
    assert [field.name for field in msgspec.structs.fields(LimitSettings) if field.name not in text] == []


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_tolerance_has_its_reason(topic: str) -> None:
    for check_id, _, check in load_topic(topic).checks():
        assert check.tolerance.why, check_id
        assert check.keras_tolerance.why, check_id
    # The page explains these words once for all.
    explained = ("Z", "EXACT", "SLOPE_TOLERANCE", "claim.within", "1e-09")
    silent = [w for w in widths_of(topic) if not w.why and not any(word in w.within for word in explained)]
    assert silent == []


def console_blocks(page: str) -> Iterator[tuple[str, str]]:
    """Each command of a page with what it prints; code that the page has somebody write comes as a command `edit`."""
    for kind, body in re.findall(
        r"^```(console|\{code-block\} python\n:caption: [^\n]*)\n(.*?)^```", page, re.DOTALL | re.MULTILINE
    ):
        if kind != "console":
            yield "edit", body.strip("\n")
            continue
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def test_the_first_ten_minutes_are_as_the_page_says(tmp_path: Path) -> None:
    page = (DOCS / "students" / "first-ten-minutes.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "assignments" / "activations", tmp_path / "activations")
    (tmp_path / "activations" / FILE_NAME).write_bytes(public_bytes(public_record("activations")))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    checker, flags = doctest.OutputChecker(), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    written, done = "    # YOUR CODE HERE\n    raise NotImplementedError()", 0
    for command, printed in console_blocks(page):
        if command == "edit":
            module = tmp_path / "activations" / "activations.py"
            before, name, after = module.read_text(encoding="utf-8").partition("def sigmoid(x):")
            module.write_text(before + name + after.replace(written, printed, 1), encoding="utf-8")
            written = printed
            continue
        said = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode in (0, 1, 3), said.stderr
        assert checker.check_output(printed, said.stdout, flags), f"$ {command}\n{said.stdout}"
        done += 1
    assert done >= 3


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_of_a_page_run(path: Path) -> None:
    found = re.findall(r"^```(?:pycon|python)\n(>>> .*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {"np": np}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for number, example in enumerate(found):
        test = doctest.DocTestParser().get_doctest(example, names, f"{path.name} {number}", str(path), 0)
        assert runner.run(test, clear_globs=False).failed == 0


def test_the_font_has_every_character_of_the_formulas(pages: dict[Path, Page]) -> None:
    fonts = pytest.importorskip("fontTools.ttLib", reason="fontTools is not installed: the formulas' font was NOT tested")
    known = fonts.TTFont(DOCS / "_static" / "nablagrade-math.woff").getBestCmap()
    used = set().union(*(page.formulas for page in pages.values())) - {"\n"}
    assert used
    assert {character for character in used if ord(character) not in known} == set()


# --- with a browser ---------------------------------------------------------------------------------------------------

PHONE = 360
CONTRAST, OF_LARGE_TEXT = 4.5, 3.0  # WCAG 2.2, level AA


# Every visible piece of text against the nearest background behind it: [the worst ratio over what is needed, its words].
LOOK = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const known = new Map();
  const behind = e => {
    if (!e) return [255, 255, 255];
    if (!known.has(e)) {
      const c = parse(getComputedStyle(e).backgroundColor);
      known.set(e, c.length && (c.length < 4 || c[3] > 0.5) ? c : behind(e.parentElement));
    }
    return known.get(e);
  };
  let worst = [100, ""];
  const walker = document.createTreeWalker(document.querySelector("article") || document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement, style = getComputedStyle(e);
    if (!node.data.trim() || !e.getClientRects().length || style.visibility == "hidden" || +style.opacity < 0.1) continue;
    const a = light(parse(style.color)), b = light(behind(e));
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    const over = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) / (large ? LARGE : SMALL);
    if (over < worst[0]) worst = [over, node.data.trim().slice(0, 60), style.color];
  }
  return {
    "wide": document.documentElement.scrollWidth - innerWidth,
    "contrast": worst,
    "background": getComputedStyle(document.body).backgroundColor,
  };
}""".replace("LARGE", str(OF_LARGE_TEXT)).replace("SMALL", str(CONTRAST))


# All pages have one theme: a tenth of them, from every folder, tells whether it is in order. `make exactness` looks at each.
@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.exactness)])
def test_every_page_fits_on_a_phone_and_its_text_has_contrast_in_light_and_dark(
    every: int, browser: Any, site: Path, pages: dict[Path, Page]
) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else wrong.append(request.url))
    looks = {}
    for path in list(pages)[::every]:
        page.goto(path.as_uri())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            looks[str(path.relative_to(site)), scheme] = page.evaluate(LOOK)
    context.close()
    assert {name: look["wide"] for name, look in looks.items() if look["wide"] > 0} == {}
    assert {name: look["contrast"] for name, look in looks.items() if look["contrast"][0] < 1} == {}
    for (name, scheme), look in looks.items():
        is_light = sum(map(int, re.findall(r"\d+", look["background"])[:3])) > 3 * 128
        assert is_light == (scheme == "light"), name
    assert wrong == []


def test_what_the_page_of_costs_says_is_what_a_grading_takes() -> None:
    answers = answers_for("activations", DEFAULT_SECRET)
    costs = {cost.about.name: cost for cost in costs_of("activations", answers)}
    known = mutants("activations")
    assert set(costs) == {mutant.about.name for mutant in known}
    for mutant in random.Random(11).sample(known, 8):
        module = make_module("activations", mutant_tree("activations", mutant))
        lost: dict[str, float] = Counter()
        for verdict in verdicts_in_process("activations", module, answers):
            lost[verdict.exercise] += verdict.check.points - verdict.points
        cost, others = costs[mutant.about.name], sum(lost.values()) - lost[mutant.about.exercise]
        assert (cost.own, cost.elsewhere) == (lost[mutant.about.exercise], others), mutant.about.name


def test_a_check_that_counts_more_says_why() -> None:
    for topic in topic_names():
        for check_id, _, check in load_topic(topic).checks():
            assert not check.weight or (check.points > 1 and check.weight.endswith(".")), check_id
