"""Submissions that cheat, break or spy get what they deserve, and whoever comes after them notices nothing."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, Catalogue, load_topic
from autograder.errors import GradeError
from autograder.gradescope.layout import Container
from autograder.gradescope.run import graded
from autograder.grading import topic_run
from autograder.grading.engine import Grader, warm_grader
from autograder.grading.judge import Verdict
from autograder.grading.shrink import Ask, shrink
from autograder.recording.answers import cache_folder
from autograder.render.terminal import print_report
from autograder.report import ExerciseReport, Report, to_json
from autograder.submission.notebook import Cell
from autograder.submission.read import read_submission, submission_of_cells
from autograder.wall.inside.perform import Outcome
from autograder.wall.limits import Limits
from tests.conftest import ROOT, WALLED, need_backend, submission_of
from tests.inspect_wall import descendants, scratch_entries, scratch_home, sockets
from tests.metered import Listener, Meter

HOSTILE = Path(__file__).parent / "hostile"
PARAGRAPHS = {
    "forge the result", "bend the outcome", "fool the comparison", "read secrets", "exhaust", "break the packaging",
    "honest accidents",
}  # fmt: skip
# What comes of a scenario without a wall, where it does not say so itself. Whatever `bites` is tried, the rest cannot be.
WITHOUT_A_WALL = {
    "forge the result": "the same: points come from values compared on this side",
    "bend the outcome": "the same: points come from values compared on this side",
    "fool the comparison": "the same: exact types cross, and are compared on this side",
    "exhaust": "not tried: it would take this machine's memory, disk or processes",
    "break the packaging": "the same: there is no wall where files are read",
    "honest accidents": "the same: nothing needs a wall",
}
CANARY = "canary-7d1f0c55b2e94a"
SECRET = "course-secret-5f0a9d3c77e1"  # answers are recorded for it, so that it is nobody's but this file's
REFERENCE = OURS.reference_source("activations")
POINTS = {exercise.name: exercise.max_score for exercise in load_topic("activations").exercises}
# Below the defaults, so that what hangs does not take long. A right check answers in milliseconds.
QUICK = {"call_seconds": 1.5, "import_seconds": 3.0, "submission_seconds": 60.0}


# Where a line is searched, hundreds of edits of the submission are tried. They run behind the wall as the submission does, and
# take half the time of all scenarios: each scenario is searched behind one of the walls.
SEARCHED = "landlock"


@dataclass
class Scenario:
    """One folder of tests/hostile."""

    name: str
    expected: dict[str, Any]

    @property
    def without_a_wall(self) -> str:
        """What comes of it without a wall, as the table shows it."""
        if self.expected.get("bites"):
            return "bites"
        return self.expected.get("without") or WITHOUT_A_WALL[self.expected["threat"]]

    @property
    def folder(self) -> Path:
        return HOSTILE / self.name

    def build(self, folder: Path, words: dict[str, str]) -> Path:
        """Put the submission into an empty folder; the path to grade."""
        if (self.folder / "submission").is_dir():
            _copy(self.folder / "submission", folder)
        elif (attack := self.folder / "attack.py").is_file():
            source = f"{REFERENCE}\n\n{attack.read_text()}"
            for word, meaning in words.items():
                source = source.replace(f"@{word.upper()}@", meaning)
            (folder / "activations.py").write_text(source)
        else:
            _load_make(self.folder / "make.py")(folder, {**words, "reference": REFERENCE})
        return folder / self.expected.get("path", "")


def _copy(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())


def _load_make(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("make", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make


SCENARIOS = [
    Scenario(path.parent.name, json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(HOSTILE.glob("*/expected.json"))
]


# `make test` tries so many scenarios of each paragraph, with one backend each, drawn with a fixed seed and without those that
# wait or have a wall of their own; `make hostile` tries all of them with every backend.
SAMPLED, SAMPLE_SEED = 2, 15


def _sample() -> set[tuple[str, str]]:
    drawn = random.Random(SAMPLE_SEED)
    chosen: set[tuple[str, str]] = set()
    for paragraph in sorted(PARAGRAPHS):
        quick = [s for s in SCENARIOS if s.expected["threat"] == paragraph and not {"own_wall", "limits"} & s.expected.keys()]
        for scenario in drawn.sample(quick, SAMPLED):
            chosen.add((scenario.name, drawn.choice(scenario.expected.get("backends", WALLED))))
    return chosen


SAMPLE = _sample()


def _parameters(*, cli: bool) -> list[Any]:
    return [
        pytest.param(
            scenario,
            backend,
            id=f"{scenario.name}-{backend}",
            marks=[] if (scenario.name, backend) in SAMPLE else [pytest.mark.exactness],
        )
        for scenario in SCENARIOS
        for backend in scenario.expected.get("backends", WALLED)
        if not cli or scenario.expected.get("cli")
    ]


# --- what is around a grading -----------------------------------------------------------------------------------------


@dataclass
class Walls:
    """A wall for each backend, that all scenarios share: what one does to it, the next would feel."""

    graders: dict[str, tuple[Grader, AbstractContextManager[Grader]]] = field(default_factory=dict)

    def grader(self, backend: str, limits: dict[str, float]) -> Grader:
        """A grader behind the shared wall, with these limits."""
        if backend in self.graders and not _answers(self.graders[backend][0]):
            self.close(backend)
        if backend not in self.graders:
            context = _warm(backend, {})
            self.graders[backend] = (context.__enter__(), context)
        shared = self.graders[backend][0]
        shared.course = _course(backend, limits)
        shared.sandbox.limits = shared.course.limits
        shared.locates = backend == SEARCHED
        return shared

    def close(self, backend: str) -> None:
        """Take a wall down, even one that is broken."""
        _, context = self.graders.pop(backend)
        try:
            context.__exit__(None, None, None)
        except Exception as error:
            print(f"the wall {backend} could not be taken down: {error!r}")


def _course(backend: str, limits: dict[str, float]) -> Course:
    return Course(sandbox=backend, secret=SECRET.encode(), limits=Limits(**{**QUICK, **limits}))  # type: ignore[arg-type]


def _warm(backend: str, limits: dict[str, float]) -> AbstractContextManager[Grader]:
    return warm_grader(_course(backend, limits), jobs=1, topics=["activations"])


def _answers(grader: Grader) -> bool:
    """Whether the next submission is graded as if nothing had happened."""
    following = submission_of(activations=REFERENCE)
    try:
        report = grader.grade(following, ["activations"], lambda check_id, _: "/tanh/" in check_id)
    except GradeError:
        return False
    return report.score == report.max_score == POINTS["tanh"]


@pytest.fixture(scope="module")
def walls() -> Iterator[Walls]:
    """The shared walls; when they are down, no process is left."""
    before = descendants(os.getpid())
    made = Walls()
    yield made
    for backend in list(made.graders):
        made.close(backend)
    assert descendants(os.getpid()) - before == set()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody near by whom a submission could tell what it was asked; nobody may have been told anything."""
    made = Listener()
    yield made
    heard = made.heard()
    made.close()
    assert heard == []


@pytest.fixture
def words(tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Places and words that a submission looks for, with a canary in a file and in the environment."""
    canary_file = tmp_path / "outside" / "canary.txt"
    canary_file.parent.mkdir()
    canary_file.write_text(CANARY)
    monkeypatch.setenv("NABLAGRADE_TEST_CANARY", CANARY)
    return {
        "root": str(ROOT),
        "cache": str(cache_folder()),
        "canary_file": str(canary_file),
        "canary": CANARY,
        "secret": SECRET,
        "marker": str(tmp_path / "outside" / "student-code-ran"),
        **listener.words,
    }


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """An empty folder for the submission."""
    folder = tmp_path / "submission"
    folder.mkdir()
    return folder


def _state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """What stands in a folder: mode, size and time of everything."""
    found = {}
    for place, folders, names in os.walk(os.fsencode(folder)):
        for name in [*folders, *names]:
            about = os.lstat(os.path.join(place, name))
            found[os.fsdecode(os.path.join(place, name))] = (about.st_mode, about.st_size, about.st_mtime_ns)
    return found


# --- what must hold ---------------------------------------------------------------------------------------------------


def _exercises(report: Report) -> dict[str, ExerciseReport]:
    (topic,) = report.topics
    return {exercise.name: exercise for exercise in topic.exercises}


def _check_points(expected: dict[str, Any], report: Report) -> None:
    found = _exercises(report)
    if "score" in expected:
        assert report.score == (report.max_score if expected["score"] == "all" else expected["score"]), _lost(report)
    ceilings = expected.get("ceilings", {})
    for name, most in ceilings.items():
        assert found[name].score <= most, _passed(found[name])
    for check in expected.get("must_fail", []):
        exercise, name = check.split("/")
        assert next(c for c in found[exercise].checks if c.id.endswith(f"/{name}")).status != "passed", check
    others = expected.get("others_graded", [])
    if others == "all the others":
        others = [name for name in POINTS if name not in {*ceilings, *expected.get("others_free", [])}]
    assert {name: found[name].score for name in others} == {name: POINTS[name] for name in others}, _lost(report)


def _lost(report: Report) -> list[str]:
    return [f"{c.id}: {c.status} {c.diagnosis}" for t in report.topics for e in t.exercises for c in e.checks if c.points == 0]


def _passed(exercise: ExerciseReport) -> list[str]:
    return [check.id for check in exercise.checks if check.status == "passed"]


def _check_words(expected: dict[str, Any], said: str) -> None:
    flat = " ".join(said.split())
    for word in expected.get("must_say", []):
        assert word in flat, flat[:3000]
    for word in [*expected.get("must_not_say", []), "LOOT"] if "must_not_say_hidden" not in expected else []:
        assert word not in flat, flat[:3000]


def _check_nothing_secret(expected: dict[str, Any], report: Report, printed: str, grader: Grader) -> None:
    told = printed + to_json(report).decode()
    for secret in (CANARY, SECRET, "BEGIN SOLUTION"):
        assert secret not in told
    hidden = [
        check for topic in report.topics for exercise in topic.exercises for check in exercise.checks if not check.public
    ]
    for check in hidden:
        assert check.example is None
        shown = str(check.diagnosis) if check.diagnosis else ""
        for word in expected.get("must_not_say_hidden", []):
            assert word not in shown, f"{check.id}: {shown}"
        for number in _numbers_of(check.id, grader):
            assert number not in shown, f"{check.id}: {shown}"


# Of each check's answers once: they are the same in every grading.
NUMBERS: dict[str, frozenset[str]] = {}


def _numbers_of(check_id: str, grader: Grader) -> frozenset[str]:
    if check_id not in NUMBERS:
        NUMBERS[check_id] = frozenset(_numbers(grader.answers("activations").part(check_id, "expected")))
    return NUMBERS[check_id]


def _numbers(value: Any) -> set[str]:
    """Every expected number with six digits or more after its point, as it would be printed."""
    if isinstance(value, list | tuple):
        return set().union(*map(_numbers, value))
    if isinstance(value, dict):
        return _numbers(list(value.values()))
    texts = {repr(float(entry))[:9] for entry in np.ravel(value) if isinstance(value, np.ndarray | float)}
    return {text for text in texts if len(text.partition(".")[2]) >= 6}


def _check_printable(text: str) -> None:
    odd = {character for character in text if not character.isprintable() and character != "\n"}
    assert not odd, odd


def _print(report: Report) -> str:
    console = Console(
        file=io.StringIO(), width=100, no_color=True, highlight=False, markup=False, emoji=False, force_terminal=False
    )
    print_report(report, "submission", console)
    return console.file.getvalue()  # type: ignore[attr-defined]


# --- the promises -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scenario", "backend"), _parameters(cli=False))
def test_it_gets_what_it_deserves(
    scenario: Scenario,
    backend: str,
    walls: Walls,
    words: dict[str, str],
    handed_in: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Note,
) -> None:
    need_backend(backend)
    expected = scenario.expected
    record_property("without a wall", scenario.without_a_wall)
    path = scenario.build(handed_in, words)
    tried = counted_trials(monkeypatch)
    as_handed_in = _state(handed_in)
    if expected.get("own_wall"):
        with _warm(backend, expected.get("limits", {})) as grader:
            grader.locates = backend == SEARCHED
            try:
                _grade_and_check(expected, grader, path, record_property)
                assert len(tried) <= expected.get("most_tried", len(tried))
            finally:
                scratch = grader.sandbox._scratch
                request.addfinalizer(lambda: subprocess.run(["rm", "-rf", scratch], check=True))
        assert not Path(scratch).exists()
    else:
        _grade_and_check(expected, walls.grader(backend, expected.get("limits", {})), path, record_property)
    assert caplog.text == ""  # the grader itself had no fault to report
    assert _state(handed_in) == as_handed_in
    assert not Path(words["marker"]).exists()
    assert not Path("/tmp/nablagrade-test-leak").exists()


def counted_trials(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What student code is asked from now on while Hypothesis looks for smaller failing inputs."""
    asked: list[bytes] = []

    def counting(verdict: Verdict, secret: bytes, ask: Ask, catalogue: Catalogue) -> None:
        def noted(request: bytes) -> list[Outcome]:
            asked.append(request)
            return ask(request)

        shrink(verdict, secret, noted, catalogue)

    monkeypatch.setattr(topic_run, "shrink", counting)
    return asked


def _grade_and_check(expected: dict[str, Any], grader: Grader, path: Path, note: Note = lambda name, value: None) -> None:
    processes = descendants(os.getpid())
    connected = sockets(processes)
    meter = Meter()
    result = _graded(grader, path)
    spent = meter.read()
    got = "refused" if isinstance(result, GradeError) else f"{result.score:g}"
    note(
        "hostile",
        {"entrance": "folder", "ceiling": _ceiling(expected), "got": got, "seconds": spent[0], "mebibytes": spent[1]},
    )
    assert spent[0] <= MOST_SECONDS
    assert spent[1] <= MOST_MEBIBYTES
    if isinstance(result, GradeError):
        assert expected.get("refused"), result
        assert result.exit_code == expected["exit_code"]
        _check_words(expected, str(result))
        _check_printable(str(result))
    else:
        assert not expected.get("refused")
        _check_report(expected, result, grader)
    assert _answers(grader), "the next submission was not graded as if nothing had happened"
    assert descendants(os.getpid()) == processes, "a process was left"
    assert sockets(processes) == connected, "a connection was left"
    home = scratch_home(grader.sandbox)
    assert home is None or scratch_entries(home) == [], "files were left"


Note = Callable[[str, object], None]
# Of the grader's own, whatever is sent: processor time, and memory beyond what it had.
MOST_SECONDS, MOST_MEBIBYTES = 60.0, 512


def _ceiling(expected: dict[str, Any]) -> str:
    """The most points that a scenario allows, as the table shows it."""
    if expected.get("refused"):
        return "refused"
    if "score" in expected:
        return "all" if expected["score"] == "all" else f"{expected['score']:g}"
    ceilings = expected.get("ceilings", {})
    failing = {check.split("/")[0] for check in expected.get("must_fail", [])} - ceilings.keys()
    most = {name: ceilings.get(name, POINTS[name] - (0.5 if name in failing else 0)) for name in POINTS}
    return f"{sum(most.values()):g}"


def _graded(grader: Grader, path: Path) -> Report | GradeError:
    try:
        return grader.grade(read_submission(path), ["activations"])
    except GradeError as refusal:
        return refusal


def _check_report(expected: dict[str, Any], report: Report, grader: Grader) -> None:
    document, printed = to_json(report), _print(report)
    _check_points(expected, report)
    assert report.exit_code in ((0, 1) if expected["exit_code"] is None else (expected["exit_code"],))
    assert len(document) < expected.get("most_report_bytes", 2**20)
    assert len(printed) < expected.get("most_report_bytes", 2**20)
    # Every text is looked at as it is, not as JSON escapes it.
    _check_words(expected, printed + " " + json.dumps(json.loads(document), ensure_ascii=False))
    _check_printable(printed)
    for text in _texts(json.loads(document)):
        _check_printable(text)
    _check_nothing_secret(expected, report, printed, grader)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


@pytest.mark.parametrize(("scenario", "backend"), _parameters(cli=True))
def test_the_command_keeps_its_promises(
    scenario: Scenario, backend: str, words: dict[str, str], handed_in: Path, tmp_path: Path, record_property: Note
) -> None:
    need_backend(backend)
    expected = scenario.expected
    path = scenario.build(handed_in, words)
    written, figures = tmp_path / "report.json", tmp_path / "figures.json"
    done = _command(tmp_path, tmp_path, backend, expected.get("limits", {}), path, "--json", written, figures=figures)
    seconds, mebibytes = json.loads(figures.read_text())
    score = json.loads(written.read_bytes())["score"] if written.exists() else None
    ceiling = _ceiling(expected)
    about = {"entrance": "command", "ceiling": ceiling, "got": "refused" if score is None else f"{score:g}"}
    record_property("hostile", about | {"seconds": seconds, "mebibytes": mebibytes})
    record_property("without a wall", scenario.without_a_wall)
    assert seconds <= MOST_SECONDS
    assert mebibytes <= MOST_MEBIBYTES
    assert (score is None) == (ceiling == "refused")
    assert score is None or ceiling == "all" or score <= float(ceiling)
    said = done.stdout.decode("utf-8") + done.stderr.decode("utf-8")
    assert done.returncode == expected["exit_code"], said
    assert "Traceback" not in said
    _check_printable(said)
    assert CANARY not in said
    assert SECRET not in said
    _check_words({key: expected.get(key, []) for key in ("must_say", "must_not_say")}, said)
    assert not Path(words["marker"]).exists()
    if expected.get("refused"):
        assert done.stdout == b""


def _command(
    tmp_path: Path,
    cwd: Path,
    backend: str | None,
    limits: dict[str, float],
    *arguments: object,
    figures: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the real command with a course of our own; backend None: without a word on course or sandbox.

    figures: a file for what it costs.
    """
    (tmp_path / "secret").write_text(SECRET)
    course = tmp_path / "our course.toml"
    settings = "".join(f"{name} = {value}\n" for name, value in {**QUICK, **limits}.items())
    course.write_text(f'secret_file = "secret"\nsandbox = "{backend}"\n[limits]\n{settings}')
    chosen = () if backend is None else ("--course", course)
    metered = [sys.executable, "-P", ROOT / "tests" / "metered.py", figures]
    program = metered if figures else [Path(sys.executable).with_name("grade")]
    return subprocess.run(
        [*map(str, program), *map(str, arguments), *map(str, chosen)],
        capture_output=True, cwd=cwd, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


@pytest.mark.exactness
@pytest.mark.parametrize("scenario", [pytest.param(s, id=s.name) for s in SCENARIOS if s.expected.get("bites")])
def test_without_the_wall_it_gets_what_it_looks_for(
    scenario: Scenario, walls: Walls, words: dict[str, str], handed_in: Path, listener: Listener
) -> None:
    """What takes nothing from this machine; why the rest is not tried stands in hostile/README.md."""
    path = scenario.build(handed_in, words)
    grader = walls.grader("none", {"call_seconds": 10.0})
    report = grader.grade(read_submission(path), ["activations"], lambda check_id, _: "/chain_gradient/" in check_id)
    assert "LOOT" in str(report)
    assert sorted(set(listener.heard())) == scenario.expected.get("heard", [])  # once for each worker that loads it


# --- every other entrance ---------------------------------------------------------------------------------------------

# Of each kind one or two that are appended to right code and end quickly.
THROUGH_ALL = (
    "forge_patched_wire", "forge_junit_and_leave", "bend_skips", "bend_patched_builtins", "fool_infinities", "fool_generator",
    "secrets_proc", "secrets_frames", "exhaust_changed_flood", "exhaust_open_files", "honest_float32",
)  # fmt: skip
CHOSEN = [scenario for scenario in SCENARIOS if scenario.name in THROUGH_ALL]


def _text(scenario: Scenario, words: dict[str, str], folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    scenario.build(folder, words)
    return (folder / "activations.py").read_text()


def _module(scenario: Scenario, text: str, grader: Grader, folder: Path) -> Report:
    (folder / "alone").mkdir()
    (folder / "alone" / "activations.py").write_text(text)
    return grader.grade(read_submission(folder / "alone" / "activations.py"), ["activations"])


def _notebook(scenario: Scenario, text: str, grader: Grader, folder: Path) -> Report:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
    (folder / "book").mkdir()
    (folder / "book" / "activations.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
    )
    return grader.grade(read_submission(folder / "book"), ["activations"])


def _cells(scenario: Scenario, text: str, grader: Grader, folder: Path) -> Report:
    """As nbgrader's preprocessor hands a notebook over: cells that it has read itself."""
    return grader.grade(submission_of_cells("activations", [Cell(3, text)], "ada"), ["activations"])


@pytest.mark.parametrize("entrance", [_module, _notebook, _cells], ids=["module", "notebook", "nbgrader"])
@pytest.mark.parametrize(
    "scenario",
    [pytest.param(s, id=s.name, marks=[] if number % 5 == 0 else [pytest.mark.exactness]) for number, s in enumerate(CHOSEN)],
)
def test_it_gets_no_more_by_another_entrance(
    scenario: Scenario,
    entrance: Callable[[Scenario, str, Grader, Path], Report],
    walls: Walls,
    words: dict[str, str],
    tmp_path: Path,
    record_property: Note,
) -> None:
    assert len(CHOSEN) == len(THROUGH_ALL)
    text = _text(scenario, words, tmp_path / "made")
    grader = walls.grader("landlock", scenario.expected.get("limits", {}))
    grader.locates = False  # a line is searched alike, wherever the text came from
    meter = Meter()
    report = entrance(scenario, text, grader, tmp_path)
    seconds, mebibytes = meter.read()
    record_property("without a wall", scenario.without_a_wall)
    about = {"entrance": entrance.__name__[1:], "ceiling": _ceiling(scenario.expected), "got": f"{report.score:g}"}
    record_property("hostile", about | {"seconds": seconds, "mebibytes": mebibytes})
    _check_points(scenario.expected, report)
    _check_nothing_secret(scenario.expected, report, _print(report), grader)
    assert "LOOT" not in str(report)
    assert _answers(grader)


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(s, id=s.name, marks=[] if number == 1 else [pytest.mark.exactness]) for number, s in enumerate(CHOSEN[::3])],
)
def test_it_gets_no_more_in_gradescopes_container(
    scenario: Scenario, words: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Note
) -> None:
    source = tmp_path / "autograder" / "source"
    (source / "course").mkdir(parents=True)
    (source / "course" / "secret").write_text(SECRET)
    settings = "".join(f"{name} = {value}\n" for name, value in QUICK.items())
    (source / "course" / "course.toml").write_text(f'secret_file = "secret"\n[limits]\n{settings}')
    (source / "course" / "topics").write_text("activations\n")
    shutil.copytree(cache_folder(), source / "answers")
    _text(scenario, words, tmp_path / "autograder" / "submission")
    monkeypatch.setenv("NABLAGRADE_CACHE", str(cache_folder()))  # which the container's course sets, and this puts back
    meter = Meter()
    results = graded(Container(tmp_path / "autograder"))
    seconds, mebibytes = meter.read()
    score, ceiling = json.loads(results)["score"], _ceiling(scenario.expected)
    about = {"entrance": "gradescope", "ceiling": ceiling, "got": f"{score:g}", "seconds": seconds, "mebibytes": mebibytes}
    record_property("without a wall", scenario.without_a_wall)
    record_property("hostile", about)
    assert ceiling == "all" or score <= float(ceiling)
    assert b"LOOT" not in results
    assert CANARY.encode() not in results


# Runs a command, and writes what it and all its processes took, and the memory of the largest. In a small process of its own:
# what is started counts as its own the memory that its parent had, and the tests' process has hundreds of mebibytes.
WAITED = """
import json, os, subprocess, sys
_, status, spent = os.wait4(subprocess.Popen(sys.argv[2:]).pid, 0)
with open(sys.argv[1], "w") as file:
    json.dump([round(spent.ru_utime + spent.ru_stime, 2), spent.ru_maxrss // 1024], file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_class_of_them_is_graded_and_their_neighbours_as_if_they_were_alone(
    words: dict[str, str], tmp_path: Path, record_property: Note
) -> None:
    """Through `grade class` from a download: every one is marked within its ceiling, and honest students get everything."""
    (tmp_path / "secret").write_text(SECRET)
    course = tmp_path / "course.toml"
    settings = "".join(f"{name} = {value}\n" for name, value in QUICK.items())
    course.write_text(f'secret_file = "secret"\ntopics = ["activations"]\n[limits]\n{settings}')
    download = tmp_path / "download.zip"
    with zipfile.ZipFile(download, "w") as archive:
        for number, scenario in enumerate(CHOSEN):
            archive.writestr(f"{scenario.name}/activations.py", _text(scenario, words, tmp_path / f"made{number}"))
        for honest in ("ada", "zoe"):
            archive.writestr(f"{honest}/activations.py", REFERENCE)
        archive.writestr("nameless/inner.zip", b"PK\x05\x06" + bytes(18))
    command = [Path(sys.executable).with_name("grade"), "class", download, "--out", tmp_path / "out", "--course", course]
    figures = tmp_path / "figures"
    done = subprocess.run(
        [sys.executable, "-S", "-c", WAITED, str(figures), *map(str, command), "--jobs", "2"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "out" / "marks.csv").open(encoding="utf-8", newline="") as file:
        got = {row["submission"]: row for row in csv.DictReader(file)}
    assert all(float(got[name]["score"]) == sum(POINTS.values()) for name in ("ada", "zoe"))
    seconds, mebibytes = json.loads(figures.read_text())
    whole = {"name": f"the class of {len(got)}", "entrance": "class", "ceiling": "", "got": ""}
    record_property("hostile", whole | {"seconds": seconds, "mebibytes": mebibytes})
    # Of all processes together, student code's too; and of the largest one.
    assert seconds <= MOST_SECONDS * len(got)
    assert mebibytes <= MOST_MEBIBYTES
    for scenario in CHOSEN:
        ceiling, score = _ceiling(scenario.expected), float(got[scenario.name]["score"])
        about = {"name": scenario.name, "entrance": "class", "ceiling": ceiling, "got": f"{score:g}"}
        record_property("hostile", about | {"without": scenario.without_a_wall})
        assert ceiling == "all" or score <= float(ceiling), scenario.name
    told = b"".join(path.read_bytes() for path in sorted((tmp_path / "out" / "reports").rglob("*.json")))
    assert b"LOOT" not in told
    assert CANARY.encode() not in told


# --- a submission's own configuration ---------------------------------------------------------------------------------

CONFIGURATION = next(scenario for scenario in SCENARIOS if scenario.name == "forge_configuration")


def test_graded_from_inside_its_folder_its_course_file_is_not_obeyed(
    words: dict[str, str], handed_in: Path, tmp_path: Path
) -> None:
    CONFIGURATION.build(handed_in, words)
    done = _command(tmp_path, handed_in, None, {}, ".")
    said = (done.stdout + done.stderr).decode()
    assert "without a sandbox" not in said
    assert not Path(words["marker"]).exists()


@pytest.mark.parametrize(
    "form",
    [["--submission", "{}"], ["--submission={}"]],
    ids=["two words", "one word"],
)
@pytest.mark.parametrize("inside", [False, True], ids=["from outside", "from inside"])
def test_the_pytest_front_runs_nothing_of_it_outside_the_wall(
    form: list[str], inside: bool, words: dict[str, str], handed_in: Path, tmp_path: Path
) -> None:
    CONFIGURATION.build(handed_in, words)
    for name in ("course.toml", "msgspec.py", "click.py"):  # the course file is the matter of the test above
        (handed_in / name).unlink()
    command = [Path(sys.executable).with_name("pytest"), ROOT / "autograder" / "checks", "-q", "-k", "activations and linear"]
    done = subprocess.run(
        [*map(str, command), "-p", "no:cacheprovider", *(word.format(handed_in) for word in form)],
        capture_output=True, text=True, cwd=handed_in if inside else tmp_path, check=False,
    )  # fmt: skip
    assert not Path(words["marker"]).exists(), done.stdout + done.stderr
    assert "STUDENT CODE IN THE GRADER" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


def test_python_m_pytest_from_inside_the_submission_is_refused_before_its_conftest_runs(
    words: dict[str, str], handed_in: Path
) -> None:
    marker = words["marker"]
    (handed_in / "activations.py").write_text("def tanh(x): return x\n")
    (handed_in / "conftest.py").write_text(f"open({marker!r}, 'w').close()\n")
    command = [sys.executable, "-m", "pytest", str(ROOT / "autograder" / "checks"), "--submission", "."]
    done = subprocess.run([*command, "-p", "no:cacheprovider"], capture_output=True, text=True, cwd=handed_in, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "Start it from another folder" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not Path(marker).exists()


# --- the list itself --------------------------------------------------------------------------------------------------


def test_every_paragraph_of_the_threats_has_scenarios() -> None:
    assert {scenario.expected["threat"] for scenario in SCENARIOS} == PARAGRAPHS
    assert len(SCENARIOS) >= 160


def test_every_scenario_promises_something() -> None:
    for scenario in SCENARIOS:
        expected = scenario.expected
        assert expected["topic"] == "activations"
        assert expected["about"].endswith((".", "!"))
        assert {"score", "ceilings", "must_fail", "refused", "others_graded"} & expected.keys(), scenario.name
        assert scenario.without_a_wall
        assert {*expected.get("ceilings", {}), *expected.get("others_free", [])} <= POINTS.keys(), scenario.name
