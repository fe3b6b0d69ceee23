"""A class's page: what was hard, what was misunderstood and by whom; readable everywhere, and no name in it is ever obeyed."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.classroom.excerpt import MOST_LINES, excerpt
from autograder.classroom.lecture import meaning, sentence
from autograder.classroom.marks import Mark
from autograder.classroom.page import About, bars, class_page
from autograder.classroom.records import FAULT, GRADED, MISSING, VERSION, Record
from autograder.classroom.summary import Gathering, correlation, groups
from autograder.declare import source
from autograder.report import VERSION as REPORT_VERSION
from autograder.report import (
    CheckReport,
    Diagnosis,
    Example,
    ExerciseReport,
    Fix,
    Report,
    SandboxReport,
    Timing,
    TopicReport,
)  # fmt: skip
from tests.test_docs import LOOK, PHONE
from tests.test_html import HOSTILE, Tags

WALL, TIMES = SandboxReport(True, 5, 10, 300, 1024, 16), Timing(0, {}, "landlock", 1, {})
EXERCISES = {"easy": -0.5, "middling": 0.0, "hard": 0.3}


def record_of(points: dict[str, int], named: tuple[str, ...] = (), wrong: dict[str, str] | None = None) -> Record:
    """A record with so many of four points an exercise, these misconceptions, and these fingerprints by exercise."""
    alike = {f"layers/{exercise}/check3": mark for exercise, mark in (wrong or {}).items()}
    exercises = [ExerciseReport(name, got, 4, [check_of(name, i, i < got) for i in range(4)]) for name, got in points.items()]
    fixes = [Fix("hard", name, f"{name}: it forgets the `batch`.", "seen", 1, "layers/hard/check3") for name in named]
    topic = TopicReport("layers", "Layers", sum(points.values()), 4 * len(points), exercises, None, fixes)
    report = Report(REPORT_VERSION, topic.score, topic.max_score, "full", [topic], [], [], WALL, TIMES)
    return Record(VERSION, "", GRADED, report, alike)


def check_of(exercise: str, number: int, passed: bool) -> CheckReport:
    about = None if passed else Diagnosis(None, "It is half of it.", "")
    example = None if passed else Example({"x": "[1, 2]"}, "[1, 1]", "[2, 2]")
    status = "passed" if passed else "failed"
    id_ = f"layers/{exercise}/check{number}"
    return CheckReport(id_, status, int(passed), 1, True, "It doubles.", about, example)


def mark_of(place: int, record: Record, name: str) -> Mark:
    assert record.report is not None
    return Mark(
        f"s{place:03}",
        name,
        f"{place}",
        "",
        "2026-12-01T10:00:00+00:00",
        12,
        GRADED,
        record.report.score,
        0,
        record.report.score,
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_page(tmp_path_factory.mktemp("class"))


def written_page(folder: Path) -> Path:
    """The page of three hundred students, one with a hostile name, one whom the machine failed, one who is missing."""
    chance = random.Random(1)
    gathering, marks, records = Gathering(), [], {}
    for place in range(300):
        skill = chance.random()
        points = {
            name: sum(chance.random() < skill - shift for _ in range(4))
            for name, shift in zip(EXERCISES, (-0.5, 0, 0.3), strict=True)
        }
        named = ("forgets_batch",) if place % 3 == 0 else ("transposes", "forgets_batch") if place % 7 == 0 else ()
        wrong = {"middling": "aaaa"} if points["middling"] < 4 and place % 2 else {}
        record = record_of(points, named, wrong)
        marks.append(mark_of(place, record, HOSTILE if place == 17 else f"Student {chance.randrange(1000)}"))
        records[marks[-1].submission] = record
        gathering.take(marks[-1].submission, record)
    marks.append(Mark("s900", "Unlucky", "900", "", "", 12, FAULT, notice="The process that graded it ended."))
    marks.append(Mark("", "Absent", "901", "", "", 12, MISSING))
    code = "def middling(x):\n    return '</pre><script>document.title=1</script>'\n"
    for place in range(300):
        (folder / f"s{place:03}").mkdir()
        (folder / f"s{place:03}" / "layers.py").write_text(code, encoding="utf-8")
    about = About("Deep learning", "week 3", ["layers"], 12, ["s017"], [HOSTILE])
    made = class_page(about, marks, gathering.summary(), records.__getitem__, folder)
    assert made == class_page(about, marks, gathering.summary(), records.__getitem__, folder)
    path = folder / "index.html"
    path.write_text(made, encoding="utf-8")
    return path


# --- what is counted --------------------------------------------------------------------------------------------------------


def test_exercises_stand_from_the_hardest_and_tell_how_they_discriminate() -> None:
    gathering = Gathering()
    for place in range(20):
        strong = place >= 10
        gathering.take(f"s{place}", record_of({"easy": 4, "middling": 4 * strong, "hard": 3 * strong, "odd": 4 * (place % 2)}))
    summary = gathering.summary()
    assert [exercise.name for exercise in summary.exercises] == ["hard", "middling", "odd", "easy"]
    told = {exercise.name: exercise.discrimination for exercise in summary.exercises}
    assert told["easy"] is None  # all alike: it tells nobody apart
    assert told["odd"] == 0
    assert told["middling"] is not None
    assert told["middling"] > 0.5
    assert [(e.right, e.wrong, e.open) for e in summary.exercises] == [(0, 20, 0), (10, 10, 0), (10, 10, 0), (20, 0, 0)]
    assert (summary.mean_score, summary.median) == (9.5, 9.5)
    assert sum(summary.bins) == 20


def test_a_correlation_of_few_is_not_told() -> None:
    gathering = Gathering()
    for place in range(9):
        gathering.take(f"s{place}", record_of({"easy": place % 5, "hard": place % 4}))
    assert {exercise.discrimination for exercise in gathering.summary().exercises} == {None}
    assert correlation([1, 2, 3], [3, 2, 1]) == -1


def test_misconceptions_are_ranked_by_how_many_have_them() -> None:
    gathering = Gathering()
    for name, named in (("a", ("rare", "common")), ("b", ("common",)), ("c", ())):
        gathering.take(name, record_of({"hard": 0}, named))
    found = gathering.summary().misconceptions
    assert [(m.name, m.who) for m in found] == [("common", ["a", "b"]), ("rare", ["a"])]


def test_a_lecture_is_told_how_many_an_input_for_the_board_and_a_question() -> None:
    gathering = Gathering()
    for name, points in (("a", 0), ("b", 3), ("c", 4)):
        gathering.take(name, record_of({"hard": points}, ("common",) if name == "a" else ()))
    (found,) = gathering.summary().misconceptions
    found.example = Example({"x": "[1, 2]"}, "[1, 1]", "[2, 2]")
    about = source.Misconception("common", "hard", "It forgets the batch.", "Who divides?")
    told = sentence(found, {("layers", "common"): about})
    assert told == (
        "1 of 3 students who wrote `hard` did this. On the board: for "
        "`x = [1, 2]` they answer `[1, 1]`, and `[2, 2]` is right."
        " Ask the room: Who divides?"
    )
    assert meaning(found, {("layers", "common"): about}) == "It forgets the batch."
    assert sentence(found, {}).endswith("is right.")


def unloaded(problem: str, not_found: list[str]) -> Record:
    """A record of a module in which nothing could be checked."""
    record = record_of({"hard": 0})
    assert record.report is not None
    checks = [msgspec.structs.replace(check, status="not_imported") for check in record.report.topics[0].exercises[0].checks]
    topic = msgspec.structs.replace(
        record.report.topics[0], problem=problem, exercises=[ExerciseReport("hard", 0, 4, checks)], fix_first=[]
    )
    return msgspec.structs.replace(
        record, report=msgspec.structs.replace(record.report, topics=[topic], not_found=not_found), wrong={}
    )


def test_who_could_not_be_loaded_did_not_write_the_exercise_wrongly(tmp_path: Path) -> None:
    records = {"a": record_of({"hard": 0}, ("common",)), "b": record_of({"hard": 3}), "c": record_of({"hard": 4})}
    records["d"] = unloaded("layers.py cannot be imported: SyntaxError.", [])
    records["e"] = unloaded("There is no layers.py.", ["layers"])
    gathering = Gathering()
    for name, record in records.items():
        gathering.take(name, record)
    summary = gathering.summary()
    assert summary.unloaded == {"layers": ["d"]}
    assert [(e.right, e.wrong, e.open) for e in summary.exercises] == [(1, 2, 1)]
    assert sentence(summary.misconceptions[0], {}).startswith("1 of 3 students who wrote `hard` did this.")
    marks = [Mark(name, f"Student {name}", name, "", "", 4, GRADED, 0, 0, 0) for name in records]
    about = About("", "", ["layers"], 4, [], [])
    page = class_page(about, marks, summary, records.__getitem__, tmp_path)
    said = page.partition("of <code>layers</code> could not be loaded")
    assert said[0].endswith("<p>1 module ")
    assert "what its author understood" in said[2]
    assert '<li><a href="reports/d.html">Student d</a></li>' in said[2].partition("</details>")[0]
    assert "reports/e.html" not in said[2].partition("</details>")[0]
    gathering.take("f", records["d"])
    assert "2 modules of <code>" in class_page(about, marks, gathering.summary(), records.__getitem__, tmp_path)


def test_whom_the_machine_failed_says_nothing_about_the_exercises() -> None:
    gathering = Gathering()
    gathering.take("a", Record(VERSION, "", FAULT, record_of({"hard": 0}).report))
    gathering.take("b", Record(VERSION, "", FAULT))
    assert gathering.summary().students == 0


def test_students_are_a_group_once_an_exercise_with_all_that_they_answer_alike() -> None:
    alike = {
        ("layers/hard/a", "1"): ["x", "y", "z"],
        ("layers/hard/b", "2"): ["x", "y"],
        ("layers/hard/b", "3"): ["v", "w"],
        ("layers/hard/c", "4"): ["x"],
        ("layers/easy/a", "1"): ["x", "y"],
    }
    assert [(g.exercise, g.who, g.checks) for g in groups(alike)] == [
        ("hard", ["x", "y", "z"], [("a", 3), ("b", 2)]),
        ("easy", ["x", "y"], [("a", 2)]),
        ("hard", ["v", "w"], [("b", 2)]),
    ]


def test_what_has_a_name_is_in_no_group_of_the_unnamed() -> None:
    gathering = Gathering()
    record = record_of({"hard": 0}, wrong={"hard": "aaaa"})
    assert record.report is not None
    exercise = record.report.topics[0].exercises[0]
    exercise.checks[3] = CheckReport("layers/hard/check3", "failed", 0, 1, True, "", Diagnosis("known", "It is known.", ""))
    for name in "ab":
        gathering.take(name, record)
    assert gathering.summary().groups == []


def test_the_tallest_bar_fills_the_picture_and_none_divides_by_nothing() -> None:
    assert [bar.count for bar in bars([0, 5, 10])] == [0, 5, 10]
    assert bars([0, 5, 10])[2].height == 2 * bars([0, 5, 10])[1].height
    assert {bar.height for bar in bars([0] * 10)} == {0}


@pytest.mark.parametrize(
    ("module", "exercise", "shown"),
    [
        ("def f(x):\n    return 1\n\nx = 2\n", "f", "def f(x):\n    return 1"),
        ("def f(x):\n    return 1\ndef f(\n    x,\n):\n    return 2\n", "f", "def f(\n    x,\n):\n    return 2"),
        ("class A:\n\tdef g(self):\n\t\tpass\n\n\tdef h(self):\n\t\tpass", "A.g", "def g(self):\n    pass"),
        ("def fg(x):\n    return 1\n", "f", ""),
        ("", "A.g", ""),
        ("f = lambda x: x\n", "f", ""),
        ("def f(x):\n" + "    x\n" * 100, "f", "\n".join(["def f(x):", *["    x"] * (MOST_LINES - 1), "..."])),
        ("def f(x):\n    '\x1b[31m\u202e'\n", "f", "def f(x):\n    '\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}'"),
    ],
)
def test_an_exercises_code_is_found_by_its_lines(module: str, exercise: str, shown: str) -> None:
    assert excerpt(module, exercise) == shown


# --- the page ---------------------------------------------------------------------------------------------------------------


def test_the_page_is_one_file_of_a_sensible_size_and_asks_nothing_of_elsewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 5 * 2**20
    assert not re.findall(r"""(?:src|href)=["'](?!data:|reports/)""", text)
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("<script>") == 1
    assert Tags(text).tags >= {"main", "h1", "svg", "table", "details"}


def test_the_page_tells_who_where_and_how_many(page: Path) -> None:
    text = Tags(page.read_text(encoding="utf-8")).text
    assert "Deep learning: week 3" in text
    assert "Pairs to look at" not in text  # nobody asked for it
    assert "1 could not be graded" in text
    assert "nothing handed in" in text
    assert "Not in the roster" in text
    ranked = text.partition("What was misunderstood")[2].partition("Wrong alike")[0]
    assert ranked.index("[forgets_batch]") < ranked.index("[transposes]")
    alike = text.partition("Wrong alike")[2].partition("Exercises, from")[0]
    assert "document.title=1" in alike  # a student's code, as text
    assert "It is half of it." in alike
    assert "Group 1" in alike
    assert re.search(r"For the lecture\.\s+\d+ of \d+ students who wrote\s+hard", ranked)


# --- with a browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(browser: Any, page: Path) -> Any:
    """The page in a browser; whatever goes wrong is kept in its ``problems``."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    shown = context.new_page()
    problems = watched(shown)
    shown.goto(page.as_uri())
    yield shown
    context.close()
    assert problems == []


def watched(shown: Any) -> list[str]:
    problems: list[str] = []
    shown.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else problems.append(r.url))
    return problems


def column(shown: Any, place: int) -> list[str]:
    found: list[str] = shown.evaluate(
        f"() => [...document.querySelectorAll('#students tbody tr:not([hidden]) > :nth-child({place + 1})')]"
        ".map(cell => cell.textContent.trim())"
    )
    return found


def test_a_title_sorts_the_table_with_mouse_and_keyboard(opened: Any) -> None:
    score = opened.get_by_role("button", name="score")
    score.click()
    numbers = [float(cell) for cell in column(opened, 3) if cell != "–"]
    assert len(numbers) == 300
    assert numbers == sorted(numbers)
    assert column(opened, 3)[-2:] == ["–", "–"]
    score.focus()
    opened.keyboard.press("Enter")
    assert [float(cell) for cell in column(opened, 3)[:-2]] == sorted(numbers, reverse=True)
    assert column(opened, 3)[-2:] == ["–", "–"]
    header = opened.locator("#students th[aria-sort]")
    assert (header.count(), header.get_attribute("aria-sort")) == (1, "descending")
    opened.get_by_role("button", name="student", exact=True).click()
    assert column(opened, 0)[1] == "Absent" or column(opened, 0)[0] == "Absent"


def test_search_and_status_leave_what_fits(opened: Any) -> None:
    assert len(column(opened, 0)) == 302
    opened.get_by_label("Search").fill("student 12")
    assert column(opened, 0)
    assert all("Student 12" in cell for cell in column(opened, 0))
    assert opened.get_by_role("status").text_content() == f"{len(column(opened, 0))} of 302 rows"
    opened.get_by_label("Search").fill("")
    opened.get_by_label("Status").select_option("missing")
    assert column(opened, 0) == ["Absent"]


def test_no_name_and_no_code_is_obeyed(browser: Any, opened: Any, page: Path) -> None:
    assert opened.title() == "Deep learning: week 3"
    assert opened.locator("img").count() == 0
    assert opened.locator("script").count() == 1
    # Even markup that got in would not run, as the page's policy knows its own script alone; the browser complains of it.
    context = browser.new_context()
    shown = context.new_page()
    shown.goto(page.as_uri())
    shown.evaluate(
        """() => {
          const markup = '<img src=x onerror="document.title=1"><p onclick="document.title=2">';
          document.body.insertAdjacentHTML('beforeend', markup);
          const script = document.createElement('script');
          script.textContent = 'document.title=3';
          document.body.append(script);
          document.body.lastElementChild.previousElementSibling.click();
        }"""
    )
    assert shown.title() == "Deep learning: week 3"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_on_a_phone_and_has_contrast(scheme: str, browser: Any, page: Path) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, color_scheme=scheme)
    shown = context.new_page()
    problems = watched(shown)
    shown.goto(page.as_uri())
    shown.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    look = shown.evaluate(LOOK)
    assert look["wide"] <= 0
    assert look["contrast"][0] >= 1, look["contrast"]
    assert (sum(map(int, re.findall(r"\d+", look["background"])[:3])) > 3 * 128) == (scheme == "light")
    context.close()
    assert problems == []


# Contrast is measured in light and dark above; what else axe asks has no colour.
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.exactness)])
def test_axe_finds_nothing_in_the_page_of_a_class(scheme: str, browser: Any, page: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: the page was NOT asked")
    context = browser.new_context(color_scheme=scheme)
    shown = context.new_page()
    shown.goto(page.as_uri())
    found = axe.Axe().run(shown).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    context.close()


def test_everything_has_a_name_for_who_does_not_see_it(opened: Any) -> None:
    nameless = opened.evaluate(
        """() => [...document.querySelectorAll('input, select, button, a, svg[role=img], [role=region]')].filter(e => {
          const named = id => id && document.getElementById(id)?.textContent.trim();
          return !(e.textContent.trim() || e.labels?.length || named(e.getAttribute('aria-labelledby')));
        }).map(e => e.outerHTML)"""
    )
    assert nameless == []
    levels = opened.evaluate("() => [...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = opened.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_without_its_script_the_page_tells_the_same(browser: Any, page: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(page.as_uri())
    assert not shown.get_by_label("Search").is_visible()
    assert shown.get_by_role("row").count() > 302
    context.close()


def test_on_paper_nothing_is_closed_or_waits_for_a_click(opened: Any) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("details:not([open])").count() == 0
    assert not opened.get_by_label("Search").is_visible()
