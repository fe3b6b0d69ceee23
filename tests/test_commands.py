"""Every command explains itself with examples, refuses nonsense in one line, and completes what it is given."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from autograder.at_home.public import ROOT_FILE
from autograder.classroom.marks import Mark, Marks, as_json
from autograder.cli import COMMANDS, KIT_FILE, main
from autograder.declare.catalogue import load_topic, topic_names
from tests.forked import grade_command

EVERY = (*COMMANDS, "run")
TANH = "import numpy as np\ndef tanh(x):\n    return np.tanh(x)\n"
# A file that is there, and that nobody can read from its beginning, whatever the rights.
UNREADABLE = "/proc/self/mem"


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


def options(name: str) -> set[str]:
    return {option for param in command(name).params for option in param.opts}


# --- help -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_the_help_has_examples_of_the_command(name: str) -> None:
    done = grade_command(name, "--help")
    assert done.returncode == 0, done.stderr
    block = re.search(r"^ +Examples?:\n((?: +\S.*\n)+)", done.stdout, re.MULTILINE)
    assert block, done.stdout
    lines = block[1].splitlines()
    # Grading is what the command does without a word: its examples begin with a path.
    assert all(line.strip().startswith("grade ") for line in lines)
    assert any(line.split()[1] == name for line in lines) or name == "run"


@pytest.mark.parametrize("name", EVERY)
def test_the_examples_name_options_that_there_are(name: str) -> None:
    text = command(name).help or ""
    for line in re.findall(r"^\s+grade (.*)$", text, re.MULTILINE):
        words = line.split("  ")[0].split()
        called = words[0] if words[0] in COMMANDS else "run"
        assert {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= options(called)


@pytest.mark.parametrize("name", EVERY)
def test_every_option_says_what_it_is_for(name: str) -> None:
    for param in command(name).params:
        if isinstance(param, click.Option):
            assert param.help, f"{name} {param.opts}"
            assert param.help.endswith("."), f"{name} {param.opts}"


def test_the_first_help_names_every_command() -> None:
    done = grade_command("--help")
    assert done.returncode == 0
    assert all(re.search(rf"^  {name} ", done.stdout, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_the_first_help_is_in_two_lists_and_begins_with_who_asks(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / ROOT_FILE).write_text("{}")
    (tmp_path / "layers").mkdir()
    assert ROOT_FILE == KIT_FILE
    for folder, order in (
        (None, ("For instructors:", "For students:")),
        (tmp_path / "layers", ("For students:", "For instructors:")),
    ):
        done = grade_command(*arguments, cwd=folder)
        said = done.stdout + done.stderr
        first, second, last = (said.index(title) for title in (*order, "Options of grading"))
        assert first < second < last
        students = said[said.index("For students:") :].partition("\n\n")[0]
        assert re.findall(r"^  (\w+) ", students, re.MULTILINE) == ["check", "quiz"]
        assert ("Grade a submission" in said) == (folder is None)
        assert ("Work on a kit" in said) == (folder is not None)


# --- nonsense ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with right things to give, and wrong ones."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "activations.py").write_text(TANH)
    (desk / "concepts.py").write_text("answers = {}\n")
    (desk / "file").write_text("not what was due")
    (desk / "folder").mkdir()
    (desk / "full").mkdir()
    (desk / "full" / "thesis.tex").write_text("mine")
    (desk / "latin.toml").write_bytes(b"title = '\xe9'\n")
    (desk / "invalid.toml").write_text("title =\n")
    (desk / "roster.csv").write_text("name,id\nAnna,anna\n")
    (desk / "results").mkdir()
    (desk / "results" / "records").mkdir()
    (desk / "results" / "marks.json").write_text('{"version": 1, "max_score": 10, "marks": []}')
    with zipfile.ZipFile(desk / "download.zip", "w") as download:
        download.writestr("anna/layers.py", TANH)
        download.writestr("bo/layers.py", TANH)
    return desk


def refusal(desk: Path, *arguments: object, silent: bool = True) -> str:
    """What the command says when it refuses: one line of ours, or Click's usage and one line; silent: and nothing else."""
    done = grade_command(*arguments, cwd=desk, PYTHONPATH=str(Path(__file__).parent.parent))
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == "" or not silent
    assert "Traceback" not in done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("recording the answers of")]
    said = [line for line in lines if line.startswith(("grade: ", "Error: "))]
    assert len(said) == 1, done.stderr
    assert lines[-1] == said[0]
    assert len(lines) == 1 or lines[0].startswith("Usage: ")
    return said[0]


# What each command could begin its work with; what is wrong is added to it.
GIVEN: dict[str, list[str]] = {
    "init": ["new"],
    "release": ["activations", "--out", "kit"],
    "check": ["activations.py"],
    "quiz": ["concepts.py", "--check"],
    "record": ["activations"],
    "nbgrader": ["new"],
    "gradescope": ["activations", "--out", "autograder.zip"],
    "import": ["download.zip", "--out", "imported"],
    "class": ["download.zip", "--out", "results"],
    "marks": ["results", "--for", "csv", "--roster", "roster.csv", "--out", "marks.csv"],
    "feedback": ["results", "--for", "plain", "--out", "feedback.zip"],
    "diff": ["results", "results"],
    "regrade": ["results"],
    "sheet": ["results", "--out", "answers.csv"],
    "total": ["results", "--out", "term"],
    "learn": ["results", "1"],
    "show": ["activations/tanh/value"],
    "schema": [],
    "doctor": [],
    "run": ["activations.py"],
}


def test_every_command_is_given_nonsense_here() -> None:
    assert set(GIVEN) == set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_an_option_that_there_is_not(name: str, desk: Path) -> None:
    assert "No such option" in refusal(desk, name, *GIVEN[name], "--nonsense")


COURSES = {
    "nowhere.toml": "cannot be read",
    "folder": "cannot be read",
    UNREADABLE: "cannot be read",
    "file/course.toml": "cannot be read",
    "latin.toml": "cannot be read",
    "invalid.toml": "is not valid TOML",
    "c" * 300: "longer than this system allows",
}


@pytest.mark.parametrize("name", [name for name in EVERY if "--course" in options(name)])
def test_a_course_file_that_cannot_be_read(name: str, desk: Path) -> None:
    # Every command reads it by the same function; one of each kind for each command would only take time.
    assert "nowhere.toml" in refusal(desk, name, *GIVEN[name], "--course", "nowhere.toml")


@pytest.mark.parametrize("course", COURSES)
def test_a_course_file_of_every_wrong_kind(course: str, desk: Path) -> None:
    assert COURSES[course] in refusal(desk, "show", "activations/tanh/value", "--course", course)


@pytest.mark.parametrize("name", [name for name in EVERY if "-t" in options(name)])
def test_an_unknown_topic_as_an_option(name: str, desk: Path) -> None:
    assert "There is no topic 'backpropagation'" in refusal(desk, name, *GIVEN[name], "-t", "backpropagation")


@pytest.mark.parametrize("name", ["release", "record", "gradescope"])
def test_an_unknown_topic_as_an_argument(name: str, desk: Path) -> None:
    assert "There is no topic 'backpropagation'" in refusal(desk, name, "backpropagation")


# The kit is whole before it is written, and takes half a minute to make; its own tests have this.
WRITERS = [
    (name, option)
    for name in EVERY
    if name != "release"
    for option in ("--out", "--json", "--html", "--junit", "--prairielearn")
    if option in options(name)
]


@pytest.mark.parametrize(("name", "option"), WRITERS)
def test_a_place_that_cannot_be_written(name: str, option: str, desk: Path) -> None:
    given = GIVEN[name]
    if "--out" in given and option == "--out":
        place = given.index("--out")
        given = [*given[:place], *given[place + 2 :]]
    # A student reads what is right and wrong as it is found, before the page is written.
    assert "cannot be written" in refusal(desk, name, *given, option, "file/there", silent=name != "check")


NONSENSE: dict[tuple[str, ...], str] = {
    ("init",): "Missing argument",
    ("init", "file"): "is a file",
    ("init", "file/new"): "cannot be written",
    ("init", "n" * 300): "longer than this system allows",
    ("check", "nowhere.py"): "There is no file or folder",
    ("check", "file"): "is not a module of ours",
    ("check", "download.zip"): "unpack it",
    ("check", UNREADABLE): "is not a module of ours",
    ("check", "activations.py", "-k", "sigmund"): "identifier holds 'sigmund'",
    ("quiz", "folder", "--check"): "There is no folder/concepts.py",
    ("quiz", "notes.docx"): "name a file that ends in .py",
    ("check", "activations.py", "--html", "activations.py"): "is the name of code",
    ("run", "activations.py", "--json", "report.ipynb"): "is the name of code",
    ("quiz", UNREADABLE, "--check"): "name a file that ends in .py",
    ("quiz", "concepts.py", "--question", "nonsense"): "nonsense",
    ("nbgrader", "nowhere"): "There is no nowhere/course.toml",
    ("nbgrader", "file"): "There is no file/course.toml",
    ("gradescope", "activations", "--wheels", "file"): "is a file",
    ("gradescope", "activations", "--wheels", "nowhere"): "does not exist",
    ("import",): "Missing argument",
    ("import", "nowhere.zip", "--dry-run"): "There is no file or folder",
    ("import", "file", "--dry-run"): "neither a folder nor a download",
    ("import", "folder", "--dry-run"): "no file that could be a submission",
    ("import", UNREADABLE, "--dry-run"): "neither a folder nor a download",
    ("import", "download.zip", "--dry-run", "-a", "week9"): "has no assignment 'week9'",
    ("import", "download.zip"): "Say with --out",
    ("import", "download.zip", "--out", "full"): "not empty and holds no earlier import",
    ("import", "download.zip", "--out", "imported", "--layout", "edmodo"): "'edmodo' is not one of",
    ("class",): "Missing argument",
    ("class", "download.zip"): "Missing option '--out'",
    ("class", "nowhere", "--out", "results"): "There is no file or folder",
    ("class", "file", "--out", "results"): "neither a folder nor a download",
    ("class", "download.zip", "--out", "full"): "holds no class's results",
    ("class", "download.zip", "--out", "file"): "is not a folder",
    ("class", "download.zip", "--out", "results", "-a", "week9"): "has no assignment 'week9'",
    ("class", "download.zip", "--out", "results", "--roster", "nowhere.csv"): "nowhere.csv cannot be read",
    ("class", "download.zip", "--out", "results", "--roster", "file"): "holds no table",
    ("marks",): "Missing argument",
    ("marks", "folder", "--for", "csv", "--roster", "roster.csv", "--out", "new.csv"): "holds no marks of a class",
    ("marks", "results", "--for", "sakai", "--roster", "roster.csv", "--out", "new.csv"): "'sakai' is not one of",
    ("marks", "results", "--for", "canvas", "--roster", "roster.csv", "--out", "new.csv"): "no export of Canvas's",
    ("marks", "results", "--for", "csv", "--roster", "roster.csv", "--out", "roster.csv"): "is the export itself",
    ("marks", "results", "--for", "csv", "--roster", "nowhere.csv", "--out", "new.csv"): "cannot be read",
    ("diff",): "Missing argument",
    ("diff", "nowhere.json", "file"): "nowhere.json cannot be read",
    ("diff", "file", "file"): "is no report",
    ("diff", "results", "file"): "file is no report",
    ("diff", "results", "nowhere"): "nowhere cannot be read",
    ("diff", "nowhere", "results"): "nowhere cannot be read",
    ("diff", "results", "folder"): "holds no marks of a class",
    ("regrade",): "Missing argument",
    ("feedback", "results", "--for", "canvas"): "Missing option '--out'",
    ("sheet", "results"): "Say --out to write the sheet",
    ("sheet", "results", "--out", "answers.csv"): "holds no finished results",
    ("total", "--out", "term"): "Missing argument",
    ("total", "nowhere", "--out", "term"): "holds no marks of a class",
    ("learn", "results"): "Missing argument",
    ("learn", "results", "0"): "x>=1",
    ("learn", "results", "1"): "holds no finished results",
    ("regrade", "nowhere"): "holds no finished results",
    ("regrade", "results"): "holds no finished results",
    ("show",): "Missing argument",
    ("show", "nonsense"): "There is no check 'nonsense'",
    ("show", "activations/tanh/nonsense"): "Do you mean",
    ("show", "backpropagation/tanh/value"): "There is no check",
    ("relase",): "There is no file or folder relase, and no command of that name; did you mean release?",
    ("clas", "download.zip"): "There is no file or folder clas, and no command of that name; did you mean class?",
    ("quizz", "--check"): "did you mean quiz?",
    ("nowhere", "download.zip"): "There is no file or folder nowhere, and no command of that name.",
    ("nowhere.py",): "There is no file or folder nowhere.py.",
    ("run",): "Missing argument",
    ("run", "nowhere"): "There is no file or folder",
    ("run", "folder"): "is empty",
    ("run", "file"): "is not a module of ours",
    ("run", "download.zip"): "unpack it",
    ("run", UNREADABLE): "is not a module of ours",
    ("run", "n" * 300): "longer than this system allows",
    ("run", "activations.py", "-k", "sigmund"): "identifier holds 'sigmund'",
    ("run", "activations.py", "-a", "week9"): "has no assignment 'week9'",
    ("run", "activations.py", "--jobs", "none"): "is not a valid integer",
    ("schema", "more"): "unexpected extra argument",
    ("doctor", "more"): "unexpected extra argument",
}


@pytest.mark.parametrize("arguments", NONSENSE, ids=lambda arguments: " ".join(arguments)[:60])
def test_nonsense_gets_one_line_and_exit_code_2(arguments: tuple[str, ...], desk: Path) -> None:
    assert NONSENSE[arguments] in refusal(desk, *arguments)


def test_nonsense_writes_nothing(desk: Path) -> None:
    there = {path.name for path in desk.iterdir()}
    assert (desk / "full" / "thesis.tex").read_text() == "mine"
    assert not {"new", "kit", "kit.zip", "autograder.zip", "imported", "new.csv"} & there


# --- grade show -------------------------------------------------------------------------------------------------------------


def test_the_checks_of_a_topic_and_of_an_exercise_are_listed() -> None:
    checks = {check_id: check.public for check_id, _, check in load_topic("layers").checks()}
    said = CliRunner().invoke(main, ["show", "layers"]).output
    assert [line for line in said.splitlines() if line in checks] == [name for name, public in checks.items() if public]
    assert said.splitlines()[-1] == f"{list(checks.values()).count(False)} hidden checks, whose inputs are not shown"
    said = CliRunner().invoke(main, ["show", "layers/Dense.backward"]).output
    assert "layers/Dense.backward/value" in said.splitlines()
    assert "layers/Dense.forward" not in said


def test_a_check_is_shown_with_the_points_of_the_course(tmp_path: Path) -> None:
    exercise = next(one for one in load_topic("activations").exercises if one.name == "sigmoid")
    course = tmp_path / "course.toml"
    course.write_text(f"[topic.activations]\npoints = {{ sigmoid = {2 * exercise.max_score} }}\nleave_out = ['tanh']\n")
    value = next(check for check in exercise.checks if check.name == "value")
    for check, said in (("sigmoid", f"  {2 * value.points:g} points"), ("tanh", "  does not count in this course")):
        done = CliRunner().invoke(main, ["show", f"activations/{check}/value", "--course", str(course)])
        assert done.output.splitlines()[2] == said


# --- tab completion ---------------------------------------------------------------------------------------------------------


def completions(line: str) -> list[str]:
    """What a shell would be offered at the end of a line."""
    _, *words, incomplete = line.split(" ")
    found = ShellComplete(main, {}, "grade", "_GRADE_COMPLETE").get_completions(words, incomplete)
    return [f"a file: {item.value}" if item.type == "file" else item.value for item in found]


def test_the_installed_program_answers_the_shell() -> None:
    program = Path(sys.executable).with_name("grade")
    asked = {**os.environ, "_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade record optim", "COMP_CWORD": "2"}
    done = subprocess.run([program], env=asked, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("plain,optimizers\n", "")


@pytest.mark.parametrize(
    "line",
    [
        "grade submission/ -t ",
        "grade run submission/ -t layers -t ",
        "grade init winter -t ",
        "grade release ",
        "grade record layers ",
        "grade gradescope ",
        "grade nbgrader winter ",
        "grade import download.zip -t ",
        "grade class download.zip -t ",
    ],
)
def test_topics_are_completed(line: str) -> None:
    assert completions(line) == list(topic_names())
    assert completions(line + "reg") == ["regularization"]


@pytest.mark.parametrize("line", ["grade submission/ -a ", "grade class download.zip -a ", "grade import download.zip -a "])
def test_assignments_of_the_course_are_completed(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completions(line) == []
    (tmp_path / "course.toml").write_text('[assignment.week1]\ntopics = ["losses"]\n[assignment.exam]\ntopics = ["layers"]\n')
    assert completions(line) == ["week1", "exam"]
    assert completions(line + "we") == ["week1"]
    (tmp_path / "course.toml").write_text("title = Deep learning")
    assert completions(line) == []


def test_submissions_of_results_are_completed(tmp_path: Path) -> None:
    marks = [Mark(name, "", "", "", "", 10, "graded") for name in ("ada", "alan", "bo", "")]
    (tmp_path / "marks.json").write_bytes(as_json(Marks(1, 10, marks)))
    assert completions(f"grade regrade {tmp_path} a") == ["ada", "alan"]
    assert completions(f"grade regrade {tmp_path / 'nowhere'} a") == []


def test_public_checks_are_completed_and_hidden_ones_are_not() -> None:
    offered = completions("grade show activations/")
    checks = {check_id: check.public for check_id, _, check in load_topic("activations").checks()}
    assert offered == [check_id for check_id, public in checks.items() if public]
    assert 0 < len(offered) < len(checks)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("grade im", lambda offered: offered == ["import", "a file: im"]),
        ("grade quiz --question why_no", lambda offered: offered == ["why_no_steps"]),
        ("grade import download.zip --layout g", lambda offered: offered == ["gradescope", "github", "google"]),
        ("grade layers.py --hints s", lambda offered: offered == ["score", "sentence"]),
        ("grade layers.py --sandbox l", lambda offered: offered == ["landlock"]),
        ("grade release --", lambda offered: {"--out", "--course"} <= set(offered)),
    ],
)
def test_commands_choices_and_options_are_completed(line: str, expected: Callable[[list[str]], bool]) -> None:
    assert expected(completions(line))


@pytest.mark.parametrize(("library", "wanted"), [("matplotlib", "matplotlib"), ("sklearn", "scikit-learn")])
def test_a_library_that_is_missing_is_one_sentence_with_what_to_install(
    library: str, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.handing_out import kit

    monkeypatch.setitem(sys.modules, library, None)  # as Python marks what cannot be imported
    monkeypatch.setattr(kit, "write_kit", lambda *_: __import__(library))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["release", "concepts", "--out", "kit"])
    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1] == f"grade: This needs {wanted}, which is not installed: pip install {wanted}"
