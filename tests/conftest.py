"""What the tests share: a cache of recorded answers, a warm grader a backend, and submissions made from text."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course.settings import Course
from autograder.declare.catalogue import topic_names
from autograder.grading.engine import Grader, warm_grader
from autograder.submission.read import Module, Submission
from autograder.wall.backends import automatic

ROOT = Path(__file__).resolve().parent.parent
WALLED = tuple(backend.name for backend in automatic())
ALTERNATIVES = sorted((ROOT / "tests" / "alternatives").glob("*.py"))


def pytest_configure(config: pytest.Config) -> None:
    """Answers are recorded for the tests alone, from nothing: a user's cache must neither help nor suffer.

    The processes among which the tests are divided share one such cache, which they are told of by the environment.
    """
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="nablagrade-answers-")
        config.add_cleanup(folder.cleanup)
        os.environ["NABLAGRADE_CACHE"] = folder.name


def need_backend(name: str) -> None:
    """Skip, and say so, where a backend cannot be had; a machine that runs the whole of the tests has both."""
    if name == "bubblewrap" and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: this backend was NOT tested")


@pytest.fixture(scope="session")
def graders() -> Iterator[Callable[[str], Grader]]:
    """A warm grader for each backend, made when first asked for."""
    made: dict[str, tuple[Grader, object]] = {}

    def grader(backend: str) -> Grader:
        need_backend(backend)
        if backend not in made:
            context = warm_grader(Course(sandbox=backend), jobs=1)
            made[backend] = (context.__enter__(), context)
        return made[backend][0]

    yield grader
    for _, context in made.values():
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture(params=WALLED)
def grader(request: pytest.FixtureRequest, graders: Callable[[str], Grader]) -> Grader:
    """A warm grader, once with each backend."""
    return graders(request.param)


@pytest.fixture
def any_grader(graders: Callable[[str], Grader]) -> Grader:
    """A warm grader with the backend that works everywhere."""
    return graders("landlock")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Where it is missing the tests that look at pages do not run, and say so."""
    from tests.formgrader import chromium

    reason = "is not installed: how pages look was NOT tested (see .ci/install-browser)"
    playwright = pytest.importorskip("playwright.sync_api", reason=f"playwright {reason}")
    path = chromium()
    if path is None:
        pytest.skip(f"chromium {reason}")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield started
        started.close()


def alternatives_of(topic: str) -> list[Path]:
    """The files of a topic's other right implementations."""
    return [path for path in ALTERNATIVES if path.stem.startswith(f"{topic}_")]


def submission_of(**modules: str) -> Submission:
    """A submission made of the text of its modules."""
    files = {f"{topic}.py": source.encode() for topic, source in modules.items()}
    return Submission("submission", {topic: Module(topic, f"{topic}.py") for topic in modules}, files)


def topics_parameter() -> list[str]:
    """Every topic, for parametrizing."""
    return list(topic_names())
