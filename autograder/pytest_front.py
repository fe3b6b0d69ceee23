"""The other front of the engine: `pytest autograder/checks --submission DIR` has one item a check.

A pytest plugin, registered by its entry point: options that a conftest.py adds are not known yet when pytest reads the command
line for the first time, and it would take the submission's folder for one of tests and run the conftest.py in it.

Every item reads the same report that `grade DIR` prints, so -k, -m, -x, --junitxml and any plugin work on the same verdicts.
Markers are the topics and the exercises, a dot written as an underscore: `-m Dense_backward`. Nothing in the folder of the
submission is read by pytest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from autograder.choices import HINT_LEVELS, SANDBOXES
from autograder.errors import GradeError, NotPassed

if TYPE_CHECKING:
    from autograder.report import CheckReport, TopicReport

# Of the package only names are imported above: the plugin is loaded in every run of pytest, and costs next to nothing.
_CHECKS = Path(__file__).resolve().parent / "checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `grade` that make sense here."""
    group = parser.getgroup("nablagrade", "grading a submission")
    group.addoption("--submission", metavar="DIR", help="the folder or module to grade")
    group.addoption("--course", metavar="FILE", help="a course.toml")
    group.addoption("--sandbox", choices=SANDBOXES, help="the wall's backend")
    group.addoption("--hints", choices=HINT_LEVELS, help="how much is told")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Refuse to go on, before any conftest.py is looked for, where Python imports from the submission's own folder.

    `python -m pytest` puts the working folder on Python's path. What pytest itself had imported by now may have been the
    submission's already, so the docs say to start it elsewhere; what is told here is told as early as can be.
    """
    given = getattr(early_config.known_args_namespace, "submission", None)
    if not given:
        return
    here, submission = Path.cwd().resolve(), Path(given).resolve()
    folder = submission if submission.is_dir() else submission.parent
    if here.is_relative_to(folder) and here in {Path(entry).resolve() for entry in sys.path}:
        raise pytest.UsageError(
            "Python imports from this folder, which is the submission's: its conftest.py or numpy.py could run as the grader. "
            "Start it from another folder, or say `pytest` in place of `python -m pytest`."
        )


def pytest_configure(config: pytest.Config) -> None:
    """With a submission to grade, put up the wall and register a marker for each topic and exercise."""
    if not config.getoption("--submission"):
        return
    grading = config.stash[_GRADING] = _Grading(config)
    catalogue = grading.course.catalogue
    for topic in catalogue.names:
        config.addinivalue_line("markers", f"{topic}: the topic")
        for exercise in catalogue.topic(topic).exercises:
            config.addinivalue_line("markers", f"{_marker(exercise.name)}: an exercise of {topic}")


def pytest_collection(session: pytest.Session) -> None:
    """Say what is missing, where there is nothing to grade."""
    asked = [Path(str(argument).split("::", maxsplit=1)[0]).resolve() for argument in session.config.args]
    if _GRADING not in session.config.stash and any(_CHECKS in (path, path.parent) for path in asked):
        raise pytest.UsageError("Say what to grade: pytest autograder/checks --submission DIR")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the wall down."""
    if _GRADING in config.stash:
        config.stash[_GRADING].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A topic's table of checks is a file of items; without --submission there is nothing to collect."""
    grading = parent.config.stash.get(_GRADING, None)
    if grading is None or file_path.parent != _CHECKS or file_path.stem not in grading.topics or file_path.suffix != ".py":
        return None
    return _TopicFile.from_parent(parent, path=file_path)


def _marker(exercise: str) -> str:
    return exercise.replace(".", "_")


class _Grading:
    """One submission, graded a topic at a time when its first item runs."""

    def __init__(self, config: pytest.Config) -> None:
        from autograder.course.settings import read_course
        from autograder.grading.engine import wanted_topics, warm_grader
        from autograder.submission.read import read_submission

        course_path = config.getoption("--course")
        try:
            submission = Path(config.getoption("--submission"))
            course = read_course(Path(course_path) if course_path else None, submission)
            self.course = course.but(config.getoption("--sandbox"), config.getoption("--hints"))
            self._submission = read_submission(submission, self.course.catalogue)
            self._wall = ExitStack()
            self._grader = self._wall.enter_context(warm_grader(self.course, jobs=1))
        except GradeError as error:
            raise pytest.UsageError(str(error)) from None
        self.topics = wanted_topics(self.course, self._submission, None)
        self._reports: dict[str, TopicReport] = {}

    def check(self, topic: str, check_id: str, selected: set[str]) -> CheckReport:
        if topic not in self._reports:
            report = self._grader.grade(self._submission, [topic], lambda name, _: name in selected)
            self._reports[topic] = self.course.cut(report).topics[0]
        checks = (check for exercise in self._reports[topic].exercises for check in exercise.checks)
        return next(check for check in checks if check.id == check_id)

    def close(self) -> None:
        self._wall.close()


_GRADING: pytest.StashKey[_Grading] = pytest.StashKey()


class _TopicFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        """One item for each check, marked with its topic and exercise."""
        topic = self.path.stem
        catalogue = self.config.stash[_GRADING].course.catalogue
        for check_id, exercise, _ in catalogue.topic(topic).checks():
            item = _CheckItem.from_parent(self, name=check_id.split("/", 1)[1])
            item.check_id = check_id
            item.add_marker(topic)
            item.add_marker(_marker(exercise.name))
            yield item


class _CheckItem(pytest.Item):
    check_id: str

    def runtest(self) -> None:
        """Read what became of the check; only an explicit pass passes."""
        topic = self.check_id.split("/")[0]
        selected = {item.check_id for item in self.session.items if isinstance(item, _CheckItem)}
        found = self.config.stash[_GRADING].check(topic, self.check_id, selected)
        self.user_properties.append(("points", found.points))
        if found.status == "manual":
            pytest.skip("there is an answer, for manual grading")
        if found.status != "passed":
            raise NotPassed(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """The sentence and the diagnosis, without a traceback of the grader's."""
        if not isinstance(excinfo.value, NotPassed):
            return super().repr_failure(excinfo, *args, **kwargs)
        found: CheckReport = excinfo.value.args[0]
        lines = [f"{found.status}: {found.sentence}"]
        if found.diagnosis:
            lines += [found.diagnosis.evidence, found.diagnosis.text]
            lines += [f"[{found.diagnosis.misconception}]"] if found.diagnosis.misconception else []
        return "\n".join(line for line in lines if line)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Named by its identifier."""
        return self.path, 0, self.check_id
