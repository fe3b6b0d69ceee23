"""A course's topics are its own: courses in one process neither see nor hinder each other, and every command knows them."""

from __future__ import annotations

import pickle
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import autograder.checks
from autograder.at_home.public import catalogue_near
from autograder.cli import main
from autograder.course.settings import Course, read_course
from autograder.declare.catalogue import OURS, Catalogue
from autograder.errors import WrongUsage
from autograder.grading.engine import grade
from autograder.grading.locate.given import given_in
from autograder.recording.answers import DEFAULT_SECRET, made_from
from autograder.recording.misconceptions import mutants
from autograder.report import Report
from autograder.submission.read import read_submission

TABLE = '''
"""What is asked of averages."""

from autograder.declare import Check, Exercise, Topic

from ._numbers import numbers


def value(student, values):
    return {{"result": student.{name}(values)}}


TOPIC = Topic(
    name="averages",
    title="{title}",
    exercises=(
        Exercise("{name}", "The {name}", (
            Check("value", "{name}(values) is as the handout says.", numbers, value, public=True),
            Check("again", "It is so for other numbers too.", numbers, value),
        )),
    ),
)
'''

NUMBERS = """
from hypothesis import strategies as st


def numbers(draw):
    return {{"values": draw(st.lists(st.integers(1, 9).map(float), min_size={least}, max_size=7))}}
"""

REFERENCE = '''
# %% [markdown]
# # {title}

# %%
"""{title}."""


# %%
def {name}(values):
    """The {name} of a list of numbers."""
    ### BEGIN SOLUTION
    return {right}
    ### END SOLUTION
'''

MISCONCEPTION = """
from autograder.declare import misconception


@misconception(exercise="{name}", text="It {mistake}.", look="What does the handout say?")
def {mistake}(values):
    return {wrong}
"""

MEAN = {
    "title": "Means", "name": "mean", "least": "2",
    "right": "sum(values) / len(values)", "mistake": "divides_by_one_less", "wrong": "sum(values) / (len(values) - 1)",
}  # fmt: skip
MIDDLE = {
    "title": "Middles", "name": "middle", "least": "3",
    "right": "sorted(values)[len(values) // 2]", "mistake": "forgets_to_sort", "wrong": "values[len(values) // 2]",
}  # fmt: skip


def course_of(folder: Path, words: dict[str, str]) -> Course:
    """A course with a topic `averages`, as these words say what it is."""
    for name, text in (
        ("checks/averages.py", TABLE),
        ("checks/_numbers.py", NUMBERS),
        ("reference/averages.py", REFERENCE),
        ("reference/misconceptions/averages.py", MISCONCEPTION),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.format(**words), encoding="utf-8")
    settings = f'title = "{words["title"]}"\ntopics = ["averages"]\nsecret_file = "secret"\nsandbox = "landlock"\n'
    (folder / "course.toml").write_text(settings, encoding="utf-8")
    (folder / "secret").write_text(f"the secret of {folder.name}, which is long", encoding="utf-8")
    return read_course(folder / "course.toml")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two courses that give one name to different topics."""
    root = tmp_path_factory.mktemp("courses")
    return root / "winter", root / "summer"


@pytest.fixture(scope="module")
def winter(folders: tuple[Path, Path]) -> Course:
    return course_of(folders[0], MEAN)


@pytest.fixture(scope="module")
def summer(folders: tuple[Path, Path]) -> Course:
    return course_of(folders[1], MIDDLE)


def graded(course: Course, folder: Path, source: str) -> Report:
    folder.mkdir()
    (folder / "averages.py").write_text(source, encoding="utf-8")
    return grade(read_submission(folder, course.catalogue), course)


def test_two_courses_with_a_topic_of_one_name_are_graded_in_one_process(
    winter: Course, summer: Course, tmp_path: Path
) -> None:
    for number, (course, words) in enumerate(((winter, MEAN), (summer, MIDDLE), (winter, MEAN))):
        right = graded(course, tmp_path / f"right {number}", REFERENCE.format(**words))
        assert (right.score, right.max_score, right.topics[0].title) == (2, 2, words["title"])
        wrong = graded(course, tmp_path / f"wrong {number}", REFERENCE.format(**{**words, "right": words["wrong"]}))
        assert [(fix.exercise, fix.misconception) for fix in wrong.topics[0].fix_first] == [(words["name"], words["mistake"])]
        assert wrong.score == 0


def test_what_a_course_brings_is_seen_by_nobody_else(winter: Course, summer: Course) -> None:
    assert winter.catalogue.names == summer.catalogue.names == (*OURS.names, "averages")
    assert winter.catalogue.topic("averages").exercises[0].name == "mean"
    assert summer.catalogue.topic("averages").exercises[0].name == "middle"
    assert [mutant.about.name for mutant in mutants("averages", summer.catalogue)] == ["forgets_to_sort"]
    assert made_from("averages", DEFAULT_SECRET, winter.catalogue) != made_from("averages", DEFAULT_SECRET, summer.catalogue)
    assert "averages" not in OURS.names
    assert len(autograder.checks.__path__) == 1
    assert "autograder.checks.averages" not in sys.modules
    with pytest.raises(WrongUsage, match="no topic 'averages'"):
        OURS.topic("averages")


def test_our_own_topics_are_the_same_in_every_course(winter: Course, summer: Course) -> None:
    assert all(winter.catalogue.topic(name) is summer.catalogue.topic(name) is OURS.topic(name) for name in OURS.names[:3])
    assert winter.catalogue.reference_source("layers") == OURS.reference_source("layers")


def test_a_course_may_not_take_a_name_of_ours(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "layers.py").touch()
    (tmp_path / "course.toml").touch()
    with pytest.raises(WrongUsage, match=r"checks/layers\.py: there is a topic 'layers' already"):
        read_course(tmp_path)


def test_what_helps_a_table_is_no_topic(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "_numbers.py").touch()
    assert Catalogue(tmp_path).names == OURS.names


def test_a_course_goes_to_another_process_with_its_topics(winter: Course) -> None:
    there = pickle.loads(pickle.dumps(winter))
    assert there == winter
    assert there.table("averages") == winter.table("averages")


# --- every command that has a course knows its topics ---------------------------------------------------------------------


def said(*arguments: object, exit_code: int = 0) -> str:
    """What a command prints. It must end with this exit code."""
    done: Result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == exit_code, (done.output, done.exception)
    return done.output


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with the right answer to the winter's topic."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "averages.py").write_text(REFERENCE.format(**MEAN), encoding="utf-8")
    return tmp_path / "ada"


def test_grade_knows_a_courses_topics(winter: Course, written: Path) -> None:
    assert "2 of 2 points" in said(written, "--course", winter.folder)
    assert "2 of 2 points" in said(written / "averages.py", "-t", "averages", "--course", winter.folder)
    assert "1 of 1 point" in said(written, "--public", "--course", winter.folder)
    assert "1 of 1 point" in said(written, "-k", "mean/again", "--course", winter.folder)
    said(written, exit_code=2)  # without the course it is none


def test_show_and_record_know_a_courses_topics(winter: Course) -> None:
    assert "student.mean(values)" in said("show", "averages/mean/value", "--course", winter.folder)
    assert "averages: 2 checks, 1 misconceptions" in said("record", "averages", "--course", winter.folder, "--without-keras")
    assert "no topic 'averages'" in said("record", "averages", exit_code=2)


def test_a_kit_has_a_courses_topics(winter: Course, tmp_path: Path) -> None:
    said("release", "--course", winter.folder, "--out", tmp_path / "kit")
    assert given_in("averages", catalogue_near(tmp_path / "kit")) == given_in("averages", winter.catalogue)
    assert (tmp_path / "kit" / ".course" / "checks" / "_given" / "averages.json").is_file()
    stub = (tmp_path / "kit" / "averages" / "averages.py").read_text(encoding="utf-8")
    assert "def mean(values):" in stub
    assert MEAN["right"] not in stub


def test_a_download_of_a_courses_topic_is_read(winter: Course, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("leeada_7012_88123_averages-1.py", REFERENCE.format(**MEAN))
        archive.writestr("hopper_7013_88124_averages.py", REFERENCE.format(**MEAN))
    options = ("--course", winter.folder, "--dry-run")
    assert "was taken for averages.py" in said("import", tmp_path / "submissions.zip", "-t", "averages", *options)


def test_gradescope_has_a_courses_topics(winter: Course, tmp_path: Path) -> None:
    assert "averages" in said("gradescope", "--course", winter.folder, "--out", tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        names = archive.namelist()
    assert {"course/checks/averages.py", "course/checks/_numbers.py"} <= set(names)
    assert [name for name in names if name.startswith("answers/") and name.endswith("/averages.answers")]
    assert not [name for name in names if "reference/" in name]


def test_nbgrader_has_a_courses_topics(winter: Course, folders: tuple[Path, Path]) -> None:
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: its course was NOT made")
    assert "averages.ipynb: 1 test cells, 2 points" in said("nbgrader", folders[0])
