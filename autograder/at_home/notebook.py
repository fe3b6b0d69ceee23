"""``check("Dense.backward")`` in a notebook: the public checks on what the notebook has defined, in its own process.

The functions are taken as they are in the kernel's memory, so that what is checked is what was last run. The engine is the one
that checks files; in place of a process behind a wall stands this one.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.at_home.checking import UNIT, CountingCourse, OwnGrader, at_hand_in, need_libraries
from autograder.at_home.public import catalogue_near
from autograder.declare.catalogue import Catalogue
from autograder.declare.table import Check
from autograder.errors import BadForm, GradeError, WrongUsage
from autograder.grading.written import body_from
from autograder.quiz.questions import quiz_path, read_quiz
from autograder.render.html import exercise_text, exercises_html, words_html
from autograder.report import ExerciseReport, TopicReport
from autograder.statuses import Status
from autograder.submission.read import Module, Submission
from autograder.wall.inside import wire
from autograder.wall.inside.load import CellToRun
from autograder.wall.inside.perform import Failure, Outcome, perform_all, requested
from autograder.wall.inside.trial import Definition, Ran, Request, Trial
from autograder.wall.inside.wire import is_open
from autograder.wall.limits import Limits, Needs


def check(*what: object) -> Checked:
    """Check what this notebook has defined, by the public cases of the kit in whose folder it lies.

    what: names of exercises such as ``"Dense.backward"`` or ``"layers/Dense.backward"``, of whole classes, or the functions
    and classes themselves; nothing for all exercises of the topic. The result shows itself in the notebook.
    """
    namespace = sys._getframe(1).f_globals
    try:
        found = _checked(what, namespace)
    except GradeError as error:
        found = Checked(sentences=[str(error)])
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "autograde":  # public checks are not what a grade is: without this they would give full marks
        raise RuntimeError("nbgrader runs this notebook by itself: its configuration does not call nablagrade's.")
    if execution == "validate" and not found.right:
        raise AssertionError(f"\n{found!r}")  # `nbgrader validate` counts a cell as failed if it raises
    return found


@dataclass
class Checked:
    """What a check found: HTML in a notebook, text elsewhere."""

    topics: list[tuple[TopicReport, list[str]]] = field(default_factory=list)  # each with the exercises to show
    sentences: list[str] = field(default_factory=list)
    right: bool = False

    def _ipython_display_(self) -> None:
        """Show it as a display and not as the cell's result, which nbgrader would read as a number of points."""
        from IPython.display import display

        display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)

    def _repr_html_(self) -> str:
        parts = [exercises_html(topic, names, UNIT, at_hand_in(topic.name, _catalogue())) for topic, names in self.topics]
        return "".join([*parts, words_html(self.sentences) if self.sentences else ""])

    def __repr__(self) -> str:
        later = {topic.name: at_hand_in(topic.name, _catalogue()) for topic, _ in self.topics}
        parts = [
            exercise_text(topic, name, UNIT, later[topic.name].get(name, 0)) for topic, names in self.topics for name in names
        ]
        return "\n\n".join([*parts, *self.sentences])


def _catalogue() -> Catalogue:
    """The topics that can be meant here: a kit may have more than the package."""
    return catalogue_near(Path.cwd())


def _checked(what: Sequence[object], namespace: Mapping[str, object]) -> Checked:
    given = dict(namespace)
    names = [_name_of(thing, given) for thing in what]
    asked = _exercises(names, given)
    found = Checked(right=True)
    for topic, exercises in asked.items():
        if quiz_path(topic).is_file():
            _look_at_quiz(topic, exercises, given, found)
        else:
            _check_topic(topic, exercises, given, found)
    return found


def _name_of(thing: object, given: dict[str, object]) -> str:
    """The name under which something is to be checked; a function or class itself is put under its own name."""
    if isinstance(thing, str):
        return thing.strip()
    name = getattr(thing, "__qualname__", "").rpartition("<locals>.")[2]
    if not name:
        raise WrongUsage(f'check takes names, functions and classes, and was given {type(thing).__name__}: check("sigmoid").')
    if "." not in name:
        given[name] = thing
    return name


# --- which exercises are meant ----------------------------------------------------------------------------------------


def _exercises(names: Sequence[str], given: Mapping[str, object]) -> dict[str, list[str]]:
    """The exercises that names mean, by topic. Raises WrongUsage where a name means none, or several of different topics."""
    if not names:
        topic = _likeliest(_catalogue().names, given)
        if topic is None:
            raise WrongUsage('It is not clear which topic this notebook is of: say check("layers/Dense"), for example.')
        return {topic: [exercise.name for exercise in _catalogue().topic(topic).exercises]}
    found: dict[str, list[str]] = {}
    for name in names:
        topic, exercises = _meant(name, given)
        known = found.setdefault(topic, [])
        known += [exercise for exercise in exercises if exercise not in known]
    return found


def _meant(name: str, given: Mapping[str, object]) -> tuple[str, list[str]]:
    """The topic of a name, and the exercises in it: one of this name, all that belong to a class, or all of a topic."""
    wanted, _, rest = name.rpartition("/")
    if wanted and wanted not in _catalogue().names:
        raise WrongUsage(f"There is no topic {wanted!r}; the topics are {', '.join(_catalogue().names)}.")
    if name in _catalogue().names:
        return name, [exercise.name for exercise in _catalogue().topic(name).exercises]
    candidates = {topic: found for topic in ([wanted] if wanted else _catalogue().names) if (found := _named(topic, rest))}
    if not candidates:
        raise WrongUsage(f"There is no exercise {rest!r}" + (f" in {wanted}." if wanted else f".{_nearest(rest)}"))
    topic = _likeliest(tuple(candidates), given) if len(candidates) > 1 else next(iter(candidates))
    if topic is None:
        ways = " or ".join(f'check("{topic}/{rest}")' for topic in candidates)
        raise WrongUsage(f"There is an exercise {rest} in {' and in '.join(candidates)}: say {ways}.")
    return topic, candidates[topic]


def _named(topic: str, name: str) -> list[str]:
    exercises = [exercise.name for exercise in _catalogue().topic(topic).exercises]
    return [name] if name in exercises else [exercise for exercise in exercises if exercise.startswith(f"{name}.")]


def _nearest(name: str) -> str:
    import difflib

    known = [exercise.name for topic in _catalogue().names for exercise in _catalogue().topic(topic).exercises]
    near = difflib.get_close_matches(name, known, 1)
    return f" Do you mean {near[0]}?" if near else ""


def _likeliest(topics: Sequence[str], given: Mapping[str, object]) -> str | None:
    """The topic whose folder this is; else the one of which most is defined here; None where two are as likely."""
    folder = Path.cwd().name
    if folder in topics:
        return folder
    counts = Counter({topic: sum(name in given for name in _defines(topic)) for topic in topics}).most_common(2)
    (first, most), *others = counts
    return first if most and all(count < most for _, count in others) else None


def _defines(topic: str) -> set[str]:
    return {exercise.name.split(".")[0] for exercise in _catalogue().topic(topic).exercises}


# --- performing -------------------------------------------------------------------------------------------------------


def _check_topic(topic: str, exercises: list[str], given: Mapping[str, object], found: Checked) -> None:
    need_libraries(topic, _catalogue())
    grader = OwnGrader(CountingCourse(catalogue=_catalogue()), _Here(given), jobs=1)
    grader.locates = False  # its text may be another by now than what is defined
    asked = {check_id for check_id in grader.asked(topic, Path.cwd()) if check_id.split("/")[1] in exercises}

    def selected(check_id: str, _: Check) -> bool:
        return check_id in asked

    file = f"{topic}.ipynb"
    submission = Submission("notebook", {topic: Module(topic, file)}, {file: b""}, catalogue=_catalogue())
    with _left_as_it_was():
        (report,) = grader.grade(submission, [topic], selected).topics
    shown = [exercise.name for exercise in report.exercises]
    if shown:
        found.topics.append((report, shown))
    found.right &= report.score == report.max_score
    found.sentences += _what_to_run(report, given)
    found.sentences += [
        f"{name} has no public checks: it is graded when you hand it in." for name in exercises if name not in shown
    ]


# So many functions are told by name of which a cell was not run; where there are more, it was none of the cells.
MOST_NAMES = 4


def _what_to_run(report: TopicReport, given: Mapping[str, object]) -> list[str]:
    """Which cells to run first, where what was asked for is not in memory, or may be in memory as it was."""
    missing = [exercise for exercise in report.exercises if _all_are("missing", exercise)]
    owners = dict.fromkeys(exercise.name.partition(".")[0] for exercise in missing)
    absent = [name for name in owners if name not in given]
    used = [e.checks[0].diagnosis for e in missing if e.name.partition(".")[0] in given]
    said = list(dict.fromkeys(diagnosis.text for diagnosis in used if diagnosis))
    if absent:
        one = len(absent) == 1
        names = ", ".join(absent) if len(absent) <= MOST_NAMES else f"{', '.join(absent[:MOST_NAMES])} and others"
        are, cells = ("is", "the cell in which it is") if one else ("are", "the cells in which they are")
        said.insert(0, f"{names} {are} not in the notebook's memory: run {cells} defined first, then this one again.")
    stubs = [exercise.name for exercise in report.exercises if _all_are("todo", exercise)]
    left = [name for name in stubs if _is_written(name, given)]
    if left:
        names, are, cells = ", ".join(left), *(("is", "its cell") if len(left) == 1 else ("are", "their cells"))
        said.append(
            f"Code of {names} {are} there, and a `raise NotImplementedError` is left beside it: take that line out, and run "
            f"{cells} again."
        )
    elif 0 < len(stubs) <= MOST_NAMES and not missing:
        cells = "its cell" if len(stubs) == 1 else "their cells"
        said.append(f"If you have written {' and '.join(stubs)} by now, run {cells} first: what was last run is checked.")
    return said


def _is_written(name: str, given: Mapping[str, object]) -> bool:
    """Whether code stands beside what raises in a function or method, as far as its source is known."""
    owner, _, method = name.partition(".")
    written = getattr(given.get(owner), method, None) if method else given.get(owner)
    try:
        lines, _ = inspect.getsourcelines(written)  # type: ignore[arg-type]
    except (OSError, TypeError):
        return False
    body = body_from(lines, 1)
    return bool(body.code and body.raising)


def _all_are(status: Status, exercise: ExerciseReport) -> bool:
    return all(check.status == status for check in exercise.checks)


def cells_run(given: Mapping[str, object]) -> dict[str, int]:
    """What the kernel calls the text of each cell that was run, with the number that stands before it, as in ``In [3]``.

    Of what is defined in another way, as by a program that takes the kernel's place, the number is 0.
    """
    found = {
        code.co_filename: 0
        for value in list(given.values())
        for function in (vars(value).values() if isinstance(value, type) else (value,))
        if getattr(function, "__module__", "") == given.get("__name__", "__main__")
        and (code := getattr(function, "__code__", None)) is not None
    }
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return {**found, **getattr(getattr(shell, "compile", None), "_filename_map", {})}


class _Here:
    """Stands in for a sandbox where student code is in this process already."""

    backend = "none"
    walled = False
    limits, needs = Limits(), Needs()

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given

    def another(self, needs: Needs) -> _Here:
        """The same: what a topic needs has been imported by the notebook itself."""
        return self

    def worker(self) -> _Kernel:
        """What is defined here now."""
        return _Kernel(self._given)

    def close(self) -> None:
        """Nothing was started, so nothing is to be ended."""


class _Kernel:
    """Performs scripts on what is defined in this process."""

    def __init__(self, given: Mapping[str, object]) -> None:
        # Its name tells a student's own exceptions from others: they are defined in what Python calls __main__.
        self._module = ModuleType(str(given.get("__name__", "__main__")))
        self._module.__dict__.update(given)
        self._cells = cells_run(given)
        self._outcomes: list[Outcome] = []

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        """Nothing is to be run: the notebook's cells have been."""
        return []

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        """Nothing is to be run, as in :meth:`load`."""
        return []

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        """Perform it now, one case after the other. Raises KeyboardInterrupt where the kernel is interrupted."""
        scripts, cases = requested(request)
        self._outcomes = []
        for case in cases:
            (outcome,) = _outcomes.decode(wire.encode(perform_all(self._module, scripts, [case], self._cells)))
            if outcome.failure is not None and outcome.failure.kind == "KeyboardInterrupt":
                raise KeyboardInterrupt
            self._outcomes.append(outcome)

    def ahead(self, requests: Sequence[bytes]) -> None:
        """Nothing goes on beside the notebook."""

    def finish(self) -> list[Outcome]:
        """What it came to."""
        return self._outcomes

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        """Begin and finish."""
        self.begin(request, seconds)
        return self.finish()

    def hold(self, definitions: Sequence[Definition], seconds: float) -> list[Failure]:
        """Nothing of a notebook that is open is run in other words."""
        return [Failure("RuntimeError")]

    def lines(self, request: Request, seconds: float) -> list[Ran]:
        """As in :meth:`hold`."""
        return []

    def try_out(self, trials: Sequence[Trial], seconds: float) -> Iterator[list[Outcome]]:
        """As in :meth:`hold`."""
        return iter(())

    def close(self) -> None:
        """The process is the notebook's, and goes on."""


_outcomes = wire.decoder(list[Outcome])


@contextlib.contextmanager
def _left_as_it_was() -> Iterator[None]:
    """Leave random state, warnings and output as they were; what is checked prints nothing meanwhile.

    A generator of NumPy's that was given no seed draws from Python's own meanwhile, as behind the wall.
    """
    state, numpy_state = random.getstate(), np.random.get_state()
    module: Any = np.random.bit_generator
    randbits = module.randbits
    module.randbits = random.getrandbits
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        module.randbits = randbits
        random.setstate(state)
        np.random.set_state(numpy_state)


# --- the quiz ---------------------------------------------------------------------------------------------------------


def _look_at_quiz(topic: str, exercises: list[str], given: Mapping[str, object], found: Checked) -> None:
    """Says which questions are open and which answers cannot be read: the right ones are not on a student's machine."""
    quiz = read_quiz(topic)
    answers = given.get("answers")
    answers = answers if isinstance(answers, dict) else {}
    still_open = []
    for name in exercises:
        question = quiz.find(name)
        assert question is not None
        try:
            if is_open(answers.get(name, ...)):
                still_open.append(name)
            else:
                question.read(answers[name])
        except BadForm as problem:
            found.sentences.append(f"{name}: {problem}")
            found.right = False
    if still_open:
        found.right = False
        found.sentences.append(f"Still open: {', '.join(still_open)}.")
    elif not found.sentences:
        answered = "It is answered" if len(exercises) == 1 else f"All {len(exercises)} are answered"
        found.sentences.append(f"{answered}, in a form that can be read. Whether rightly is told when it is graded.")
