"""What the tests share: a cache of recorded answers, a warm grader a backend, and submissions made from text."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, topic_names
from autograder.grading.engine import Grader, warm_grader
from autograder.submission.read import Module, Submission
from autograder.wall.backends import automatic

ROOT = Path(__file__).resolve().parent.parent
if sys.platform == "linux":
    # A wall is put up in a thread, which would import this there while pytest rewrites assertions in another: CPython 3.11's
    # compiler then fails now and then ("AST constructor recursion depth mismatch").
    import autograder.wall.inside.harden  # noqa: F401

# Of courses in the tests that `grade init` makes: with a secret of its own, each would ask other questions in every run, and
# answers would be recorded for each. Where the secret matters, a test has one of its own.
COURSE_SECRET = "5d41b7f0c29e4a86-of-the-tests"  # no half of it is a phrase that a comment may hold: it is looked for in kits
WALLED = tuple(backend.name for backend in automatic())
# Test files that share what takes a process long to make or to load: a course of nbgrader's, Keras.
TOGETHER = {
    **dict.fromkeys(("test_term", "test_formgrader", "test_postgresql"), "nbgrader"),
    **dict.fromkeys(("test_sentences", "test_oracles"), "keras"),
}
# Answers are recorded by whoever asks first, while others wait. The documentation goes through the topics from the front, the
# sentences from the back; what asks for all answers as well comes once they are there, behind so many others.
RECORD, ASK_FOR_ALL, BEHIND = ("test_docs", "test_sentences"), ("test_proof", "test_grading", "test_exam", "test_oracles"), 8
# They have libraries, and train: what their known mistakes answer takes minutes to record.
TRAINING = tuple(name for name in topic_names() if OURS.topic(name).needs.libraries)
ALTERNATIVES = sorted((ROOT / "tests" / "alternatives").glob("*.py"))


def pytest_configure(config: pytest.Config) -> None:
    """Answers are recorded for the tests alone, from nothing: a user's cache must neither help nor suffer.

    The processes among which the tests are divided share one such cache, which they are told of by the environment. Compiled
    modules are kept, as on a machine of a user's: hundreds of commands would each compile the package anew.
    """
    # A run in the background is begun with interrupts ignored, which whatever it starts would inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="nablagrade-answers-")
        config.add_cleanup(folder.cleanup)
        os.environ["NABLAGRADE_CACHE"] = folder.name


@pytest.hookimpl(optionalhook=True)  # without xdist nobody asks
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are processors: one that waits, for a browser or for code that hangs, leaves none idle.

    Two more take longer. Four at most: each that grades has warm walls of its own, with TensorFlow in one of them.
    """
    return min(len(os.sched_getaffinity(0)) + 1, 4)


def files_in_order() -> list[str]:
    """The test files as the table of tests/README.md lists them, the longest first."""
    return re.findall(r"^\| `(test_\w+)` \|", (ROOT / "tests" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests stay together; files of one TOGETHER go to one process, which makes what they share once.

    xdist's own groups are marks written behind a test's name, which pytest 9.2 no longer lets it do. Where another way of
    dividing is asked for, as by `make hostile`, whose tests are of one file, it is left to xdist.
    """
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class LoadFiles(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = Path(nodeid.partition("::")[0]).stem
            return TOGETHER.get(file, file)

    return LoadFiles(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what records, then with the longest files, so that no process is left alone with one at the end."""
    # A file that is not in the table may be the longest.
    places = {name: number + BEHIND * (name in ASK_FOR_ALL) for number, name in enumerate(files_in_order())}
    items.sort(key=lambda item: (item.path.stem not in RECORD, places.get(item.path.stem, -1)))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """After a run that was divided: the seconds of each file with its fixtures, as the table of tests/README.md has them."""
    told = [
        report for reports in terminalreporter.stats.values() for report in reports if isinstance(report, pytest.TestReport)
    ]
    asked = [report for report in told if report.when == "call"]
    if rows := [(report, about) for report in asked for name, about in report.user_properties if name == "hostile"]:
        terminalreporter.section("scenarios of tests/hostile")
        titles = (
            "scenario | entrance | ceiling | got | leaks, leftovers, connections | grader's seconds | MiB | without a wall"
        )
        terminalreporter.write_line(f"| {titles} |")
        terminalreporter.write_line("| --- | --- | ---: | ---: | --- | ---: | ---: | --- |")
        for report, about in sorted(rows, key=lambda row: row[0].nodeid):
            name = about.get("name") or report.nodeid.partition("[")[2].rstrip("]")
            held = "none" if report.outcome == "passed" else "FAILED"
            seconds, mebibytes = about.get("seconds"), about.get("mebibytes", "")
            without = about.get("without") or dict(report.user_properties).get("without a wall", "")
            terminalreporter.write_line(
                f"| {name} | {about['entrance']} | {about['ceiling']} | {about['got']} | {held} "
                f"| {'' if seconds is None else f'{seconds:.2f}'} | {mebibytes} | {without} |"
            )
    if config.getoption("dist", "no") == "no":
        return
    files: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                files[Path(report.nodeid.partition("::")[0]).stem] += report.duration
    terminalreporter.section("seconds of each file")
    for name, spent in files.most_common():
        terminalreporter.write_line(f"{spent:7.0f}  {name}")


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


@pytest.fixture(scope="session")
def small_term(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A course of nbgrader's with two topics and four students, autograded: a `Term`, shared by three files of tests.

    Layers is handed in through the exchange by all, the quiz of two is put where `nbgrader collect` would put it.
    """
    from tests.students import of_class
    from tests.term import FEW, Term

    answers = Path(os.environ["NABLAGRADE_CACHE"])
    students = of_class(FEW)
    term = Term(tmp_path_factory.mktemp("term"), ("layers", "concepts"), students, answers=answers, secret=COURSE_SECRET)
    term.begin()
    term.generate()
    layers, concepts = term.part(("layers",)), term.part(("concepts",), students[:2])
    layers.release()
    for student in layers.students:
        layers.hand_in(student)
    for student in concepts.students:
        concepts.put_down(student)
    layers.collect()
    term.autograde()
    return term


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


def needs(*modules: str, or_else: str) -> None:
    """Skip a file of tests, and say so, where a library is missing. None is imported: each process collects every file."""
    if missing := [name for name in modules if importlib.util.find_spec(name) is None]:
        pytest.skip(f"{' and '.join(missing)} not installed: {or_else}", allow_module_level=True)


def each_with_one(rows: Sequence[Any], columns: Sequence[Any]) -> list[Any]:
    """Two parameters of a test: each of the first with one of the second in turn, and in `make exactness` with every one."""
    return [
        pytest.param(
            row, column, marks=[pytest.mark.exactness] * ((i - j) % len(columns) > 0), id=f"{_name(row)}-{_name(column)}"
        )
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]


def _name(parameter: Any) -> str:
    return parameter.stem if isinstance(parameter, Path) else getattr(parameter, "__name__", str(parameter))


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
