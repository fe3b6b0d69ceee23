"""The page of three hundred students in a browser, and its pictures for the docs: ``python -m benchmarks.class_page``.

Prints its size, the seconds until it has loaded, and what the console and axe complain of. With --pictures a class is graded,
and its page is photographed, in light and dark, into docs/_static.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from autograder.classroom import grade_class
from tests.formgrader import chromium
from tests.students import another_style, mistakes, reference

ROOT = Path(__file__).resolve().parent.parent
TOPIC = "activations"
ROUNDS = 5
FIRST = ("Ada", "Bo", "Cy", "Di", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim", "Lou")
LAST = ("Lee", "Moe", "Ray", "Vu", "Zed")
# Two ways to write one thought that has no name.
SHRINKS = "\n\ndef relu(x):\n    return 0.875 * np.maximum(x, 0.0)\n"
SHRINKS_TOO = "\n\ndef relu(x):\n    return np.where(x > 0, 7 * x / 8, 0.0)\n"
COURSE = 'title = "Deep learning"\n[assignment.week1]\ntopics = ["activations"]\n'


def graded(folder: Path) -> Path:
    """The page of a class that was graded: right and wrong in one place or two, and a group without a name."""
    names = [f"{first} {last}" for last in LAST for first in FIRST]
    for number, name in enumerate(names):
        place = folder / "in" / name
        place.mkdir(parents=True)
        # Some mistakes are more common than others, as in every class.
        text = mistakes(number % 7 / 7, (number % 3 + 0.5) / 3)(TOPIC) if number % 4 else another_style(number // 4 % 2)(TOPIC)
        if number % 9 == 4:
            text = reference(TOPIC) + (SHRINKS, SHRINKS_TOO)[number % 2]
        (place / f"{TOPIC}.py").write_text(text, encoding="utf-8")
    (folder / "course.toml").write_text(COURSE, encoding="utf-8")
    grade_class(folder / "in", folder / "out", course=folder / "course.toml", assignment="week1", layout="plain")
    return folder / "out" / "index.html"


def opened(browser: Any, page: Path) -> float:
    """The seconds until a page has loaded, in a window of its own."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    shown = context.new_page()
    begun = time.perf_counter()
    shown.goto(page.as_uri(), wait_until="load")
    took = time.perf_counter() - begun
    context.close()
    return took


@click.command()
@click.option("--pictures", is_flag=True, help="Grade a class and photograph its page for the documentation.")
def main(pictures: bool) -> None:
    """Open the page, and say how that went."""
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))  # as pytest does: what the tests of the pages share imports it
    from tests.test_class_page import watched, written_page

    with tempfile.TemporaryDirectory(prefix="class-page-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = written_page(Path(name))
        took = statistics.median(opened(browser, page) for _ in range(ROUNDS))
        context = browser.new_context()
        shown = context.new_page()
        problems = watched(shown)
        shown.goto(page.as_uri())
        found = Axe().run(shown).response["violations"]
        click.echo(f"{page.stat().st_size / 2**20:.2f} MiB, opened in {took:.2f} s, the median of {ROUNDS}")
        click.echo(f"console: {problems or 'nothing'}; axe: {[one['id'] for one in found] or 'nothing'}")
        context.close()
        if pictures:
            made = graded(Path(name) / "class")
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": 900, "height": 1000}, color_scheme=scheme)
                shown = context.new_page()
                shown.goto(made.as_uri())
                shown.screenshot(path=ROOT / "docs" / "_static" / f"class-{scheme}.png")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
