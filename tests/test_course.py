"""A course is made by one command; its file says every setting, and an error in it names the line."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from autograder.choices import HINT_LEVELS, HINTS, HintLevel
from autograder.cli import COMMANDS, main
from autograder.course.settings import Course, Late, read_course
from autograder.declare.catalogue import OURS, load_topic
from autograder.errors import WrongUsage
from autograder.grading.engine import grade
from autograder.handing_out.new_course import make_course
from autograder.submission.read import read_submission
from tests.conftest import submission_of
from tests.forked import grade_command

DUE = datetime(2026, 12, 4, 22, 59, tzinfo=UTC)


def run(*arguments: object) -> tuple[int, str]:
    """Exit code and everything that the command says."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def course(folder: Path, text: str) -> Course:
    """The course whose course.toml holds this text."""
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return read_course(folder / "course.toml")


def test_one_command_makes_a_course_that_is_valid_as_it_stands(tmp_path: Path) -> None:
    code, said = run("init", tmp_path / "winter", "--title", 'Deep "learning"', "-t", "activations", "-t", "layers")
    assert code == 0, said
    made = read_course(tmp_path / "winter")
    assert made.title == 'Deep "learning"'
    assert made.topics == ["activations", "layers"]
    assert (made.hints, made.hints_after_due) == ("diagnosis", "full")


def test_init_tells_what_it_makes_lateness_cost(tmp_path: Path) -> None:
    code, said = run("init", tmp_path / "winter")
    assert (code, read_course(tmp_path / "winter").late) == (0, Late(15, 10, 7))
    assert "Lateness costs 10 % of the score a day, after 15 minutes, and all of it after 7 days" in said


def test_the_courses_readme_names_every_step_of_grading_a_class(tmp_path: Path) -> None:
    assert run("init", tmp_path / "winter")[0] == 0
    text = (tmp_path / "winter" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`grade (\w+) (.*?)`", text)
    assert {"record", "release", "import", "class", "marks"} <= {name for name, _ in named}
    for name, given in named:
        if name in COMMANDS:
            command = main.get_command(click.Context(main), name)
            assert command is not None
            known = {option for param in command.params for option in param.opts}
            assert set(re.findall(r"--\w+", given)) <= known


def test_every_setting_stands_in_it_and_is_valid_when_its_comment_sign_is_taken_away(tmp_path: Path) -> None:
    assert run("init", tmp_path / "winter")[0] == 0
    path = tmp_path / "winter" / "course.toml"
    path.write_text(re.sub(r"^# (?=\w+ = )", "", path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    made = read_course(path)
    assert set(made.due) == set(made.topics)
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    for form, there in (("CourseFile", given), ("LimitSettings", given["limits"]), ("Late", given["late"])):
        fields = getattr(__import__("autograder.course.settings", fromlist=[form]), form).__struct_fields__
        assert set(fields) == set(there), form
    assert set(given["topic"]["layers"]) == {"due", "leave_out", "points"}
    assert set(given["assignment"]["week1"]) == {"topics", "due"}


def test_the_secret_is_random_for_its_owner_alone_and_outside_version_control(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("init", tmp_path / name)[0] == 0
    secrets = [(tmp_path / name / "secret").read_bytes() for name in ("one", "two")]
    assert secrets[0] != secrets[1]
    assert stat.S_IMODE((tmp_path / "one" / "secret").stat().st_mode) == 0o600
    assert "secret" in (tmp_path / "one" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert read_course(tmp_path / "one").secret == secrets[0].strip()


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
def test_git_sees_what_makes_the_course_and_no_submission_or_mark_whatever_it_is_called(tmp_path: Path) -> None:
    assert run("init", tmp_path / "winter")[0] == 0
    folder = tmp_path / "winter"
    kept = (".gitignore", "README.md", "course.toml", "checks/mine.py", "reference/misconceptions/mine.py", "source/a/a.ipynb")
    private = (
        "outcome/marks.csv",
        "week1/ada/layers.py",
        "upload.csv",
        "class.zip",
        "autograded/b.ipynb",
        "checks/__pycache__/a.pyc",
    )
    for name in (*kept[3:], *private):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("", encoding="utf-8")
    subprocess.run(["git", "init", "-q", folder], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert sorted(listed.stdout.split()) == sorted(kept)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    code, said = run("init", tmp_path)
    assert code == 2
    assert "is there already" in said
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("topics = 3", 1, 'topics: 3 is given; it must be "all", "found" or a list of texts in quotes.'),
        ('topics = ["layers", 3]', 1, "topics: 3 is given; it must be a text in quotes."),
        ('\ntopics = ["layer"]', 2, "did you mean 'layers'?"),
        ('sandbox = "docker"', 1, '"docker" is given; it must be "auto", "bubblewrap", "landlock" or "none".'),
        ('sandbox = "auto"\nhints = "everything"', 2, '"everything" is given; it must be "diagnosis", "full", "score"'),
        ('hints.before_due = "lots"', 1, 'hints.before_due: "lots" is given; it must be "diagnosis", "full", "score"'),
        ('sandbox = "auto"\n\nhint = "full"', 3, "there is no setting 'hint'; did you mean 'hints'?"),
        (
            '[hints]\nbefore_due = "full"\nafter = "full"',
            3,
            "hints.after: there is no setting 'after'; did you mean 'after_due'?",
        ),
        ("[late]\ngrace_minuts = 15", 2, "there is no setting 'grace_minuts'; did you mean 'grace_minutes'?"),
        ("[limits]\ncall_seconds = -1", 2, "limits.call_seconds: -1 is given; it must be a number above 0."),
        ("[limits]\nfiles = 10\nunheard = 1", 3, "there is no setting 'unheard'; there are call_seconds"),
        ("[limits]\nfiles = 1.5", 2, "1.5 is given; it must be a whole number above 0."),
        ("[late]\npenalty_percent_per_day = 110", 2, "110 is given; it must be a number from 0 to 100."),
        ("late = 3", 1, "late: 3 is given; it must be a section."),
        (
            "[topic.layers]\ndue = 2026-12-04",
            2,
            "2026-12-04 is given; it must be a date with its time and time zone: write 2026-12-04T23",
        ),
        (
            "[topic.layers]\ndue = 2026-12-04T10:00:00",
            2,
            "must be a date with its time and time zone: write 2026-12-04T23:59:00+01:00.",
        ),
        ('[topic.layers]\ndue = "tomorrow"', 2, '"tomorrow" is given; it must be a date'),
        ("[topic.layer]\n", 1, "did you mean 'layers'?"),
        ('[topic.layers]\n\nleave_out = ["Dense.backwards"]', 3, "did you mean 'Dense.backward'?"),
        ('[topic.layers]\nleave_out = "Flatten"', 2, '"Flatten" is given; it must be a list of texts in quotes.'),
        (
            '[topic.layers.points]\n"Dense.build" = 1\n"Dense.backward" = "ten"',
            3,
            '"ten" is given; it must be a number above 0',
        ),
        ('[topic.layers]\npoints = {"Dense.backward" = 0}', 2, "0 is given; it must be a number above 0 and at most 1000."),
        ('[topic.layers]\npoints = {"Dense.backward" = 1.234}', 2, "hundredths"),
        ('[topic.layers]\npoints = {"Dense.backward" = 0.05}', 2, "hundredths"),
        ('[topic.concepts]\n[topic.concepts.points]\n"say_gradient" = 3', 0, "say_gradient"),
        ('[assignment.week3]\ntopics = ["layers", "layer"]', 2, "did you mean 'layers'?"),
        ("[assignment.week3]\ntopics = []", 2, "one topic or more"),
        (
            'topics = ["layers"]\n[assignment.week1]\ntopics = ["losses"]',
            3,
            "losses is none of the course's topics; write it into",
        ),
        ('[assignment.week3]\ntopics = ["layers"]\ndue = 2026-12-04', 3, "it must be a date"),
        (
            "[assignment.week3]\ndue = 2026-12-04T10:00:00Z",
            1,
            "week3: topics is missing; it must be a list of texts in quotes.",
        ),
        (
            '[extension]\nada = "3 days"',
            2,
            'ada: "3 days" is given; it must be a number of days above 0 and at most 366 or a date',
        ),
        ("title = Deep learning", 0, "(at line 1, column 9); quotes are missing around a text."),
        ("title =\n", 0, "(at line 1, column 8)."),
        ("topics = [", 0, "not valid TOML"),
        ('topics = ["layers",\ntitle = "Deep learning"', 0, "a list above it is not closed, its ] is missing."),
    ],
)
def test_an_error_names_the_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        course(tmp_path, text)
    assert said in str(refused.value)
    assert f", line {line}:" in str(refused.value) or not line
    assert "$" not in str(refused.value)


def test_what_a_person_grades_has_no_points_to_override(tmp_path: Path) -> None:
    manual = next(exercise.name for exercise in load_topic("concepts").exercises if not exercise.max_score)
    with pytest.raises(WrongUsage, match=f"line 2: {manual} is graded by a person"):
        course(tmp_path, f"[topic.concepts.points]\n{manual} = 3")


def test_nothing_may_be_left_of_a_topic_only_by_not_naming_it(tmp_path: Path) -> None:
    names = [exercise.name for exercise in load_topic("losses").exercises]
    with pytest.raises(WrongUsage, match="nothing is left of losses"):
        course(tmp_path, f"[topic.losses]\nleave_out = {names}")


def test_a_course_overrides_points_and_leaves_exercises_out(tmp_path: Path) -> None:
    own = course(tmp_path, '[topic.activations]\nleave_out = ["softmax"]\npoints = { sigmoid = 10, tanh = 2.5 }')
    before = {exercise.name: exercise for exercise in load_topic("activations").exercises}
    right = OURS.reference_source("activations")
    report = grade(submission_of(activations=right), own)
    exercises = {exercise.name: exercise for exercise in report.topics[0].exercises}
    assert exercises.keys() == before.keys() - {"softmax"}
    assert exercises["sigmoid"].score == exercises["sigmoid"].max_score == 10
    assert exercises["tanh"].max_score == 2.5
    rest = [exercise.max_score for name, exercise in before.items() if name not in ("softmax", "sigmoid", "tanh")]
    assert report.score == report.max_score == sum(rest) + 12.5
    assert report.exit_code == 0


def test_part_of_an_exercise_is_worth_its_part_of_the_points_and_never_all(tmp_path: Path) -> None:
    own = course(tmp_path, "[topic.activations]\npoints = { sigmoid = 10 }")
    overflows = OURS.reference_source("activations").replace("def sigmoid(", "def sigmoid_right(") + (
        "\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))\n"
    )
    report = grade(submission_of(activations=overflows), own)
    exercise = next(e for e in report.topics[0].exercises if e.name == "sigmoid")
    weights = {id: check.points for id, asked, check in load_topic("activations").checks() if asked.name == "sigmoid"}
    passed = sum(weights[check.id] for check in exercise.checks if check.status == "passed")
    assert 0 < passed < sum(weights.values())
    assert exercise.score == round(10 * passed / sum(weights.values()), 2) < 10
    assert report.exit_code == 1


WEEKS = """\
topics = ["activations", "losses", "layers"]
[topic.layers]
due = 2026-12-01T12:00:00+00:00
leave_out = ["Flatten"]
[assignment.week3]
topics = ["layers"]
due = 2026-12-04T22:59:00+00:00
[assignment.week4]
topics = ["layers", "losses"]
"""


def test_an_assignment_is_marked_alone_and_by_its_own_day(tmp_path: Path) -> None:
    made = course(tmp_path, WEEKS)
    week = made.for_assignment("week3")
    assert (week.topics, week.due) == (["layers"], {"layers": DUE})
    assert "Flatten" not in {exercise.name for exercise in week.table("layers").exercises}
    assert made.for_assignment("week4").due == made.due  # it has no day of its own
    assert made.for_assignment(None) == made


def test_a_weeks_hand_in_is_not_marked_against_the_whole_term(tmp_path: Path) -> None:
    course(tmp_path, WEEKS)
    (tmp_path / "activations.py").write_text(OURS.reference_source("activations"))
    (tmp_path / "hand-in").mkdir()
    (tmp_path / "hand-in" / "layers.py").write_text(OURS.reference_source("layers"))
    given = ("run", tmp_path / "hand-in", "--course", tmp_path / "course.toml")
    code, said = run(*given, "-a", "week3")
    assert code == 0, said
    assert "There is no losses.py" not in said
    assert "There is no losses.py" in run(*given)[1]


def test_an_assignment_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no assignment 'week9'; it has week3, week4"):
        course(tmp_path, WEEKS).for_assignment("week9")
    with pytest.raises(WrongUsage, match=r"write \[assignment.week9\]"):
        Course().for_assignment("week9")


def test_hints_follow_the_due_date_of_each_topic(tmp_path: Path) -> None:
    own = course(
        tmp_path,
        f"[hints]\nbefore_due = 'score'\nafter_due = 'full'\n[topic.activations]\ndue = {DUE.isoformat()}\n",
    )
    assert own.hints_at("activations", DUE) == "score"
    assert own.hints_at("activations", DUE + timedelta(seconds=1)) == "full"
    assert own.hints_at("layers", DUE + timedelta(days=1)) == "score"  # never due
    report = grade(submission_of(activations="def tanh(x):\n    return x\n", layers=""), msgspec_full(own))
    early, late = own.cut(report, DUE), own.cut(report, DUE + timedelta(days=1))
    assert [t.fix_first == [] for t in early.topics] == [True, True]
    assert [bool(t.fix_first) for t in late.topics] == [True, False]
    assert (early.hints, late.hints) == ("score", "score")
    assert own.but(None, "sentence").hints_at("activations", DUE + timedelta(days=1)) == "sentence"


def msgspec_full(own: Course) -> Course:
    """The same course, telling everything."""
    return own.but("landlock", "full")


@pytest.mark.parametrize(
    ("late", "hours", "lost"),
    [
        (Late(), 1000, 0),
        (Late(grace_minutes=15, penalty_percent_per_day=10), 0.25, 0),
        (Late(grace_minutes=15, penalty_percent_per_day=10), 0.26, 4),
        (Late(penalty_percent_per_day=10), 24, 4),
        (Late(penalty_percent_per_day=10), 24.01, 8),
        (Late(penalty_percent_per_day=60), 48, 40),
        (Late(most_days=2), 48, 0),
        (Late(most_days=2), 48.01, 40),
    ],
)
def test_lateness_costs_what_the_course_says(late: Late, hours: float, lost: float) -> None:
    assert late.penalty(40, hours * 3600) == lost


OWN = {
    "reference/averages.py": '''
# %% [markdown]
# # Averages

# %%
"""Averages."""


# %%
def mean(values):
    """The mean of a list of numbers."""
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION
''',
    "checks/averages.py": '''
"""What is asked of averages."""

from hypothesis import strategies as st

from autograder.declare.table import Check, Exercise, Topic


def numbers(draw):
    return {"values": draw(st.lists(st.integers(1, 9).map(float), min_size=2, max_size=5))}


def value(student, values):
    return {"result": student.mean(values)}


TOPIC = Topic(
    name="averages",
    title="Averages",
    exercises=(
        Exercise("mean", "The mean", (
            Check("value", "mean(values) is their sum by their number.", numbers, value, public=True),
            Check("again", "It is the same for other numbers.", numbers, value),
        )),
    ),
)
''',
    "reference/misconceptions/averages.py": """
from autograder.declare import misconception


@misconception(exercise="mean", text="It divides by one less.", look="How many numbers are there?")
def divides_by_one_less(values):
    return sum(values) / (len(values) - 1)
""",
}


def test_a_course_has_topics_of_its_own_in_the_same_three_files(tmp_path: Path) -> None:
    """In a process of its own, as a topic once found stays."""

    assert run("init", tmp_path / "winter", "-t", "activations")[0] == 0
    folder = tmp_path / "winter"
    for name, text in OWN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "course.toml").write_text('topics = ["averages"]\nsecret_file = "secret"\n', encoding="utf-8")
    wrong = OWN["reference/averages.py"].replace("len(values)", "(len(values) - 1)")
    for name, source, code, words in (
        ("right", OWN["reference/averages.py"], 0, "2 of 2 points"),
        ("wrong", wrong, 1, "divides_by_one_less"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "averages.py").write_text(source, encoding="utf-8")
        done = grade_command(tmp_path / name, cwd=folder)
        assert done.returncode == code, done.stdout + done.stderr
        assert words in done.stdout


def test_a_topic_of_ones_own_may_not_take_a_name_or_be_broken(tmp_path: Path) -> None:

    for name, text, said in (("layers", "", "there is a topic 'layers' already"), ("mine", "1 / 0", "ZeroDivisionError")):
        folder = tmp_path / name
        (folder / "checks").mkdir(parents=True)
        (folder / "checks" / f"{name}.py").write_text(text, encoding="utf-8")
        (folder / "course.toml").write_text(f'topics = ["{name}"]\n[topic.{name}]\nleave_out = []\n', encoding="utf-8")
        (folder / "s").mkdir()
        (folder / "s" / f"{name}.py").write_text("x = 1", encoding="utf-8")
        done = grade_command(folder / "s", cwd=folder)
        assert done.returncode == 2, done.stdout + done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_submissions_own_course_file_and_topics_are_not_obeyed(tmp_path: Path) -> None:
    import sys

    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "evil.py").write_text("raise SystemExit('obeyed')", encoding="utf-8")
    (tmp_path / "course.toml").write_text('topics = ["evil"]', encoding="utf-8")
    (tmp_path / "activations.py").write_text("x = 1", encoding="utf-8")
    command = [sys.executable, "-m", "autograder.cli", ".", "--hints", "score"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "obeyed" not in done.stdout + done.stderr
    assert read_submission(tmp_path).modules.keys() == {"activations"}


def test_the_hint_levels_are_one_table(tmp_path: Path) -> None:
    assert get_args(HintLevel) == HINT_LEVELS
    for less, more in pairwise(HINTS.values()):
        assert all(kept >= shown for kept, shown in zip(more[1:], less[1:], strict=True)), f"{more} hides what {less} shows"
    (written, *_) = make_course(tmp_path / "course", "A course", ["activations"])
    said = " ".join(written.read_text().replace("\n# ", " ").split())
    assert all(f'"{level}" ({shows.about})' in said for level, shows in HINTS.items())
