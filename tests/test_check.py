"""`grade check`, its watch, and `check(...)` in a notebook: a student learns in a second whether the last edit helped.

The package is used as a student has it: from a folder with no reference beside it, with the answers that a kit carries.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.at_home.public import FILE_NAME, ROOT_FILE, public_bytes, public_record
from autograder.cli import main
from autograder.commands.progress import progress
from autograder.declare.catalogue import OURS
from autograder.grading.diagnose.explain import value_text
from autograder.grading.diagnose.known import name_misconceptions
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.misconceptions import make_module, mutant_source, mutant_tree, mutants
from autograder.recording.record import answers_for
from tests.conftest import ROOT
from tests.forked import grade_as_of
from tests.proof import verdicts_in_process
from tests.watched import LONGEST_WAIT, Watch

TOPICS = ("activations", "layers")
RIGHT_SIGMOID = "    small = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1.0, small) / (1.0 + small)"
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


@dataclass(frozen=True)
class Student:
    """A student's machine: the package from a folder of its own, and a kit."""

    kit: Path
    environment: dict[str, str]

    def grade(self, *arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `grade ARGUMENTS` prints."""
        whole, place = {**self.environment, **environment}, cwd or self.kit
        if "PYTHONPATH" in environment:  # other packages than a Python that has begun may have found
            return subprocess.run(self.command(*arguments), cwd=place, env=whole, capture_output=True, text=True, check=False)
        return grade_as_of(Path(whole["PYTHONPATH"]), [str(word) for word in arguments], place, whole)

    def command(self, *arguments: object) -> list[str]:
        """The command, started as a student's shell does."""
        return [sys.executable, "-c", "from autograder.cli import main; main()", *map(str, arguments)]

    def write(self, topic: str, source: str) -> Path:
        """A topic's module, with this in it."""
        path = self.kit / topic / f"{topic}.py"
        path.write_text(source, encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with ours in it, and neither a reference nor anything recorded near."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)  # as an installer does
    return folder


@pytest.fixture(scope="session")
def blank_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of two topics as it is handed out."""
    kit = tmp_path_factory.mktemp("kit")
    (kit / ROOT_FILE).write_text("{}")
    for topic in TOPICS:
        shutil.copytree(ROOT / "assignments" / topic, kit / topic, ignore=shutil.ignore_patterns("figures"))
        (kit / topic / FILE_NAME).write_bytes(public_bytes(public_record(topic)))
    return kit


@pytest.fixture
def student(package: Path, blank_kit: Path, tmp_path: Path) -> Student:
    """A student with a blank kit."""
    kit = tmp_path / "kit"
    shutil.copytree(blank_kit, kit)
    nothing = tmp_path / "nothing"
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return Student(kit, {**kept, "PYTHONPATH": str(package), "NABLAGRADE_CACHE": str(nothing)})


def stub(topic: str) -> str:
    return (ROOT / "assignments" / topic / f"{topic}.py").read_text(encoding="utf-8")


def filled(function: str, body: str) -> str:
    """The module activations with one stub filled in."""
    before, name, after = stub("activations").partition(f"def {function}(")
    return before + name + after.replace(STUB, body, 1)


# --- one look ---------------------------------------------------------------------------------------------------------


def test_a_line_of_the_stub_that_is_left_is_told_and_the_exercise_is_still_to_do(student: Student) -> None:
    source = filled("sigmoid", f"{RIGHT_SIGMOID.replace('return', 'y =')}\n    raise NotImplementedError()\n    return y")
    line = 1 + source.splitlines().index("    raise NotImplementedError()", source[: source.index("    y = ")].count("\n"))
    said = student.grade("check", student.write("activations", source), "-k", "activations/sigmoid/")
    words = " ".join(said.stdout.split())
    left = f"our code is there, and a `raise NotImplementedError` is left at line {line}: take it out"
    assert f"○ sigmoid 0/3 here 7 at hand-in; y{left}" in words
    assert f"Next: sigmoid, in activations.py. Y{left}." in words
    assert "0 of 3 checks right, 3 to do." in words
    assert said.returncode == 1


def test_an_untouched_stub_of_a_class_whose_build_is_wrong_is_to_do(student: Student) -> None:
    before, build, after = stub("layers").partition("def build(")
    wrong = after.replace(STUB.replace("    ", " " * 8), "        self.kernel = initializer(units)", 1)
    said = student.grade("check", student.write("layers", before + build + wrong)).stdout
    assert [line.split()[1] for line in said.splitlines() if line.startswith("  ✗")] == ["Dense.build"]
    assert "follow from this" not in said
    assert "39 to do, 1 to mend." in said


def test_a_blank_kit_is_to_do_and_nothing_of_it_is_wrong(student: Student) -> None:
    done = student.grade("check")
    assert done.returncode == 1, done.stderr
    assert "✗" not in done.stdout
    assert done.stdout.count(" to do") > 30
    assert re.search(r"^0 of 110 checks right, 110 to do\.$", done.stdout, re.MULTILINE)
    assert done.stderr == ""


def test_right_code_is_all_right(student: Student) -> None:
    for topic in TOPICS:
        student.write(topic, OURS.reference_source(topic))
    done = student.grade("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All 110 checks right." in done.stdout
    assert "✗" not in done.stdout


def test_one_module_one_notebook_and_one_exercise(student: Student) -> None:
    assert "0 of 70 checks right, 70 to do." in student.grade("check", "activations/activations.py").stdout
    assert "0 of 70 checks right, 70 to do." in student.grade("check", "activations/activations.ipynb").stdout
    few = student.grade("check", "activations", "-k", "/softmax/").stdout
    assert "0 of 3 checks right, 3 to do." in few
    assert "sigmoid" not in few


def told_by_public_checks(topic: str, count: int) -> list[str]:
    """Misconceptions that public checks alone are evidence enough for, out of every fourth of the topic.

    Most are; of the others a public check sees an exception alone, or what several mistakes would answer.
    """
    answers = Answers(public_record(topic))
    asked = {check.id for check in answers.record.checks}
    told, some = [], [mutant for mutant in mutants(topic) if mutant.about.name in answers.misconceptions][::4]
    for mutant in some:
        module = make_module(topic, mutant_tree(topic, mutant))
        named = name_misconceptions(answers, verdicts_in_process(topic, module, answers, asked))
        told += [mutant.about.name] if named and named[0].misconception.name == mutant.about.name else []
    assert len(told) >= 0.7 * len(some)  # of all, four of five; of a quarter it may be some fewer
    return told[:: len(told) // count][:count]


@pytest.mark.parametrize("topic", [TOPICS[0], *(pytest.param(topic, marks=pytest.mark.exactness) for topic in TOPICS[1:])])
def test_a_misconception_is_named_offline_with_the_smallest_input_that_shows_it(topic: str, student: Student) -> None:
    answers = answers_for(topic, DEFAULT_SECRET)
    by_name = {mutant.about.name: mutant for mutant in mutants(topic)}
    for name in told_by_public_checks(topic, 3):
        mutant = by_name[name]
        student.write(topic, mutant_source(topic, mutant))
        done = student.grade("check", topic)
        assert done.returncode == 1, done.stderr
        assert f"[{name}]" in done.stdout, done.stdout
        assert " to mend." in done.stdout
        told = [
            c
            for c in answers.record.checks
            if c.id.split("/")[1] == mutant.about.exercise and name in answers.part(c.id, "mistaken")
        ]
        shown = "".join(done.stdout.split())
        assert any(smallest_input(answers, check.id, name) in shown for check in told), (name, done.stdout)


def smallest_input(answers: Answers, check_id: str, name: str) -> str:
    """The first input of a check's first case that a misconception answers wrongly, as it is shown, without its spaces."""
    wrong = answers.part(check_id, "mistaken")[name]
    first = next(i for i, case in enumerate(wrong) if case)
    case = answers.part(check_id, "cases")[first]
    given, value = next(iter(case.items()))
    return "".join(f"{given}{value_text(value)}".split())[:200]


def test_the_file_with_more_in_it_is_checked(student: Student) -> None:
    student.write("activations", filled("sigmoid", RIGHT_SIGMOID))
    assert "activations/activations.py" in student.grade("check").stdout
    assert "✓ sigmoid " in student.grade("check").stdout


def test_a_page_is_written(student: Student) -> None:
    assert student.grade("check", "--html", "page.html").returncode == 1
    page = (student.kit / "page.html").read_text(encoding="utf-8")
    assert "0 of 110 checks" in page
    assert "softmax" in page


def test_the_quiz_says_what_is_open_and_what_cannot_be_read(student: Student) -> None:
    source = (ROOT / "assignments" / "concepts" / "concepts.py").read_text(encoding="utf-8")
    quiz = student.kit / "concepts.py"
    quiz.write_text(source.replace('"why_no_steps": ...', '"why_no_steps": 3', 1), encoding="utf-8")
    done = student.grade("check", "concepts.py")
    assert done.returncode == 1
    assert "why_no_steps: The id of one choice is expected, as text in quotes" in done.stdout
    assert "56 of 57 questions are open" in done.stdout
    assert "56 questions open, 1 answer to write otherwise." in done.stdout


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import numpy as np\n\ndef relu(x:\n", "activations.py, line 3: SyntaxError: '(' was never closed: def relu(x:"),
        ("import nowhere_to_be_found\n", "line 1: No module named 'nowhere_to_be_found'"),
        ("import sys\nsys.exit(0)\n", "line 2: importing it raises SystemExit: 0"),
        ("name = input()\n", "line 1: there is nobody to answer input()"),
        ("import os\nos._exit(0)\n", "activations.py ended the process while it was imported"),
        ("", "activations.py is empty."),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_in_one_line(source: str, said: str, student: Student) -> None:
    done = student.grade("check", student.write("activations", source))
    assert done.returncode == 1, done.stderr
    assert said in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr


def test_a_loop_without_end_an_exit_and_a_crash_cost_their_checks_alone(student: Student) -> None:
    source = OURS.reference_source("activations") + (
        "\ndef tanh(x):\n    import time\n    while True:\n        time.sleep(1)\n"  # and leaves the processor to others
        "\ndef softplus(x):\n    raise SystemExit\n"
        "\ndef softmax(x):\n    import os\n    os._exit(0)\n"
    )
    done = student.grade("check", student.write("activations", source))
    assert done.returncode == 1
    assert re.search(r"✗ tanh +0/\d .*; out of time", done.stdout)
    assert re.search(r"✗ softplus +0/\d ", done.stdout)
    assert re.search(r"✗ softmax +0/\d .*; ended the process", done.stdout)
    assert re.search(r"✓ sigmoid +(\d)/\1 ", done.stdout)
    assert "It raises SystemExit" in done.stdout


class Terminal(io.StringIO):
    """Standard error in a terminal."""

    def isatty(self) -> bool:
        return True


def shown_while_waiting(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *arguments: Any) -> str:
    """What progress has shown by the time that somebody has waited long enough, or at once where nobody has a terminal."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress(*arguments):
        end = time.monotonic() + (LONGEST_WAIT if stream.isatty() else 0)
        while not stream.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
    return stream.getvalue()


def test_whoever_waits_in_a_terminal_is_shown_for_what(monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown_while_waiting(monkeypatch, Terminal(), "getting ready", "NumPy and the checks")
    assert "getting ready NumPy and the checks" in said
    assert "None" not in said
    assert shown_while_waiting(monkeypatch, io.StringIO(), "getting ready", "NumPy and the checks", 1e9) == ""


def test_every_part_of_a_check_has_its_progress(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []

    @contextlib.contextmanager
    def heard(what: str, first: str = "", waited: float = 0.0) -> Iterator[None]:
        told.append((what, first))
        yield None

    monkeypatch.setattr("autograder.commands.progress.progress", heard)
    assert CliRunner().invoke(main, ["check", str(student.kit)]).exit_code == 1
    assert told == [("getting ready", "NumPy and the checks"), ("checking", "activations"), ("checking", "layers")]


def test_what_code_prints_goes_nowhere_unless_it_is_asked_for(student: Student) -> None:
    loud = (
        'import numpy as np\nprint("at the top")\ndef relu(x):\n    print("relu is called")\n    return np.maximum(x, 0.0)\n'
    )
    path = student.write("activations", loud)
    quiet = student.grade("check", path, "-k", "/relu/")
    assert "relu is called" not in quiet.stdout + quiet.stderr
    shown = student.grade("check", path, "-k", "/relu/", "--prints")
    assert shown.stdout == quiet.stdout
    assert "at the top" in shown.stderr
    assert "relu is called" in shown.stderr
    # A search for the line would call changed copies, which print too.
    path = student.write("activations", loud.replace("np.maximum", "np.minimum"))
    called = student.grade("check", path, "-k", "/relu/", "--prints").stderr.count("relu is called")
    assert called == shown.stderr.count("relu is called")


WRONG_TANH = "    return np.tanh(x) + 0.25"


def kit_notebook(student: Student, first: str = "") -> Path:
    """The kit's notebook of activations with one mistake in it, behind a cell of this text."""
    path = student.kit / "activations" / "activations.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "def tanh(" in "".join(cell["source"]))
    before, _, after = "".join(cell["source"]).partition(STUB)
    cell["source"] = before + WRONG_TANH + after
    notebook["cells"][0] = {**cell, "source": first}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_of_a_kit_s_notebook_the_line_is_told_with_its_cell(student: Student) -> None:
    path = kit_notebook(student)
    told = student.grade("check", path, "-k", "/tanh/").stdout
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    number, text = next((n, "".join(c["source"])) for n, c in enumerate(cells, 1) if WRONG_TANH in "".join(c["source"]))
    assert any('check("tanh"' in "".join(cell["source"]) for cell in cells)
    assert f"Perhaps look at cell {number}, line {text.split(chr(10)).index(WRONG_TANH) + 1}: {WRONG_TANH.strip()}" in told


def test_what_a_notebook_does_beyond_computing_is_done_once(student: Student) -> None:
    acts = (
        "import os, time\nfrom sklearn.datasets import load_digits\n%matplotlib inline\n"
        "open('log.txt', 'a').write('x')\nprint(os.getpid(), time.time())"
    )
    told = student.grade("check", kit_notebook(student, acts), "-k", "/tanh/").stdout
    assert f"{WRONG_TANH.strip()}\n" in told
    assert (student.kit / "activations" / "log.txt").read_text() == "x"


def test_of_a_module_with_a_program_at_its_end_the_line_is_told(student: Student) -> None:
    program = '\nif __name__ == "__main__":\n    import os\n    print(os.listdir())\nprint(tanh(np.zeros(2)))\n'
    source = filled("tanh", WRONG_TANH) + program
    told = student.grade("check", student.write("activations", source), "-k", "/tanh/").stdout
    assert f"Perhaps look at line {source.split(chr(10)).index(WRONG_TANH) + 1}: {WRONG_TANH.strip()}" in told


def test_one_s_own_modules_and_data_are_found_beside_the_file(student: Student) -> None:
    (student.kit / "activations" / "helper.py").write_text("import numpy as np\nZERO = float(open('zero.txt').read())\n")
    (student.kit / "activations" / "zero.txt").write_text("0.0")
    path = student.write("activations", "from helper import ZERO, np\ndef relu(x):\n    return np.maximum(x, ZERO)\n")
    assert "1 of 1 check right." in student.grade("check", path, "-k", "/relu/value").stdout


def test_a_generator_without_a_seed_is_the_same_every_time(student: Student) -> None:
    source = "import numpy as np\ndef relu(x):\n    return np.maximum(x, 0) + np.random.default_rng().random()\n"
    path = student.write("activations", source)
    first, second = (student.grade("check", path, "-k", "/relu/").stdout for _ in range(2))
    assert first == second
    assert "you answer" in first


def test_wrong_usage_has_a_sentence(student: Student, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments, said in (
        (["nowhere.py"], "There is no file or folder nowhere.py.\n"),
        ([tmp_path / "empty"], "There is nothing to check"),
        (["layers", "-k", "sigmund"], "No public check's identifier holds 'sigmund'"),
        ([ROOT / "README.md"], "is not a module of ours"),
    ):
        done = student.grade("check", *arguments)
        assert done.returncode == 2, done.stdout
        assert said in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("folder", "arguments", "meant"),
    [
        (".", ["activatons"], "activations"),
        (".", ["activations.py"], "activations/activations.py"),
        (".", ["activations/activation.py"], "activations/activations.py"),
        (".", ["activatons/activations.py"], "activations/activations.py"),
        ("activations", ["layers"], "../layers"),
        ("activations", ["layers.ipynb"], "../layers/layers.ipynb"),
        ("activations", ["activations/activations.py"], "activations.py"),
        ("activations", ["-k", "sigmod"], "sigmoid"),
        ("activations", ["-k", "sigmod/value"], "sigmoid/value"),
        (".", ["-k", "dense.foward"], "Dense.forward"),
    ],
)
def test_what_was_mistyped_is_asked_about(folder: str, arguments: list[str], meant: str, student: Student) -> None:
    done = student.grade("check", *arguments, cwd=student.kit / folder)
    assert done.returncode == 2
    assert done.stderr.endswith(f" Did you mean {meant}?\n")
    assert done.stderr.count("\n") == 1
    if "-k" not in arguments:
        assert student.grade(*arguments, cwd=student.kit / folder).stderr.endswith(f" Did you mean {meant}?\n")


def test_without_a_kit_it_says_where_the_answers_are(student: Student, tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "layers.py"
    alone.parent.mkdir()
    alone.write_text(stub("layers"))
    done = student.grade("check", alone)
    assert done.returncode == 3
    assert "The public cases of layers are not here." in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr


def test_what_a_topic_needs_and_is_not_installed_is_told(student: Student) -> None:
    (student.kit / "keras_models.py").write_text("import keras\n")
    hidden = student.kit / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "from autograder.recording import depends\nfound = depends._installed\n"
        "depends._installed = lambda: {n: v for n, v in found().items() if n not in ('keras', 'tensorflow')}\n"
    )
    path = f"{hidden}{os.pathsep}{student.environment['PYTHONPATH']}"
    done = student.grade("check", "keras_models.py", PYTHONPATH=path)
    assert done.returncode == 3
    assert "keras_models needs keras and tensorflow, which are not installed here: pip install keras tensorflow" in done.stdout


def test_signs_are_printed_where_the_system_s_own_encoding_has_none(student: Student) -> None:
    command = student.command("check", "layers")
    environment = {**student.environment, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=student.kit, env=environment, capture_output=True, check=False)
    assert "○ Dense.build" in done.stdout.decode("utf-8"), done.stderr


# --- a machine without POSIX ------------------------------------------------------------------------------------------

# What Windows has not: read by every Python that is started, the command's and that of the student's code.
NO_POSIX = """
import sys

class _Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {"resource", "fcntl", "pwd", "grp", "termios", "tty", "pty"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, _Absent())

import ctypes, os, signal, socket

for module, names in (
    (os, ("fork", "forkpty", "geteuid", "getuid", "getgid", "setsid", "sched_getaffinity", "killpg", "getpgid")),
    (socket, ("AF_UNIX", "send_fds", "recv_fds")),
    (signal, ("SIGHUP", "SIGALRM", "SIGUSR1", "setitimer")),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)

_load = ctypes.CDLL.__init__

def _cdll(self, name, *arguments, **keywords):
    if name is None:
        raise TypeError("bad argument type for built-in operation")
    _load(self, name, *arguments, **keywords)

ctypes.CDLL.__init__ = _cdll
print("this machine has no POSIX", file=sys.stderr)
"""


def test_it_works_on_a_machine_without_posix(student: Student, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(NO_POSIX)
    bare = f"{tmp_path / 'bare'}{os.pathsep}{student.environment['PYTHONPATH']}"
    wrong = filled("sigmoid", "    return 1.0 / (1.0 + np.exp(x))")
    expected = {
        stub("activations"): (1, "0 of 70 checks right, 70 to do."),
        OURS.reference_source("activations"): (0, "All 70 checks right."),
        wrong: (1, "0 of 70 checks right, 67 to do, 3 to mend."),
        "def f(:\n": (1, "activations.py, line 1: SyntaxError"),
        "import os\nos._exit(3)\n": (1, "ended the process while it was imported"),
    }
    for source, (code, said) in expected.items():
        done = student.grade("check", student.write("activations", source), PYTHONPATH=bare)
        assert "this machine has no POSIX" in done.stderr
        assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    refused = student.grade("activations/activations.py", PYTHONPATH=bare)
    assert refused.returncode == 2
    assert "This is a kit, in which you check your own files: grade check activations/activations.py" in refused.stderr
    outside = tmp_path / "activations.py"
    outside.write_text(stub("activations"), encoding="utf-8")
    refused = student.grade(outside, PYTHONPATH=bare)
    assert refused.returncode == 3
    assert "No sandbox works on this machine" in refused.stderr or "recorded answers" in refused.stderr
    assert "Traceback" not in refused.stderr


# --- what a start loads ------------------------------------------------------------------------------------------------


def test_nothing_heavy_is_imported(student: Student) -> None:
    code = (
        "import sys\nfrom autograder.cli import main\ntry:\n    main()\nfinally:\n"
        "    print([m for m in ('hypothesis', 'jinja2', 'watchfiles', 'asyncio', 'tensorflow') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, "check", "layers/layers.py"]
    done = subprocess.run(command, cwd=student.kit, env=student.environment, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


# --- watching ---------------------------------------------------------------------------------------------------------


def watched(student: Student, path: Path, *options: str) -> Watch:
    """`grade check --watch` of a path of a student's."""
    return Watch(student.command("check", path, "--watch", *options), path, student.kit, student.environment)


@pytest.fixture
def watch(student: Student) -> Iterator[Watch]:
    """A watch over the module activations, of which the first look is over."""
    running = watched(student, student.write("activations", stub("activations")))
    running.until("Ctrl-C ends.")
    yield running
    running.end()


WRONG_SIGMOID = "    return 1.0 / (1.0 + np.exp(x))"


def test_every_save_is_answered_before_the_next(watch: Watch) -> None:
    for _ in range(3):
        watch.save(filled("sigmoid", RIGHT_SIGMOID))
        watch.until("✓ sigmoid is right now.")
        watch.until("3 of 70 checks right, 67 to do.")
        watch.save(filled("sigmoid", WRONG_SIGMOID))
        watch.until("✗ sigmoid was right before this save.")
        watch.until("0 of 70 checks right, 67 to do, 3 to mend.")


def test_what_changed_is_told_with_its_diagnosis(watch: Watch) -> None:
    watch.save(filled("sigmoid", WRONG_SIGMOID))
    watch.until("✗ sigmoid is begun: 0 of 3 checks right.")
    watch.until("you answer")
    watch.until("3 to mend.")
    watch.save(stub("activations"))
    watch.until("○ sigmoid is to do again.")
    watch.until("70 to do.")
    watch.save(stub("activations") + "\n# a word more\n")
    watch.until("No check changed.")


def test_it_survives_whatever_an_editor_leaves(watch: Watch) -> None:
    watch.save(filled("sigmoid", RIGHT_SIGMOID) + "\ndef half(:\n")
    watch.until("SyntaxError")
    watch.until("70 not checked.")
    watch.replace(filled("sigmoid", RIGHT_SIGMOID))
    watch.until("✓ sigmoid is right now.")
    watch.path.unlink()
    watch.until("There is no file or folder")
    watch.replace(stub("activations"))
    watch.until("sigmoid was right before this save.")
    watch.save("")
    watch.until("activations.py is empty.")
    watch.save(filled("sigmoid", RIGHT_SIGMOID))
    watch.until("✓ sigmoid is right now.")


def test_the_first_look_is_begun_anew_by_a_save_too(student: Student, tmp_path: Path) -> None:
    entered = tmp_path / "entered"
    hangs = f"import pathlib, time\npathlib.Path({str(entered)!r}).touch()\nwhile True: time.sleep(1)\n"
    running = watched(student, student.write("activations", hangs))
    while not entered.exists():
        time.sleep(0.01)
    running.save(filled("sigmoid", RIGHT_SIGMOID))
    running.until("It was saved again; what was running is ended.")
    running.until("3 of 70 checks right, 67 to do.")
    running.until("Ctrl-C ends.")
    running.end()


def test_a_module_that_hangs_is_ended_by_the_next_save(watch: Watch) -> None:
    watch.save("while True:\n    pass\n")
    watch.until("activations.py")
    watch.save(filled("sigmoid", RIGHT_SIGMOID))
    watch.until("It was saved again; what was running is ended.")
    watch.until("✓ sigmoid is right now.")
    watch.until("3 of 70 checks right")


def test_a_loop_without_end_is_told_while_it_runs_and_when_its_time_is_over(student: Student) -> None:
    path = student.write("activations", stub("activations"))
    running = watched(student, path, "-k", "activations/relu/value")
    try:
        running.until("Ctrl-C ends.")
        running.save(filled("relu", "    while True:\n        pass"))
        running.until("relu/value is still running; it is ended after 5 s, or by your next save.")
        running.until("relu/value is out of time: it was ended after 5 s.")
        running.until("✗ relu is out of time in 1 of 1 check.")
        running.until("is there a loop that never ends?")
        running.save("while True:\n    pass\n")
        running.until("activations.py is still running; it is ended after 10 s, or by your next save.")
        running.save(filled("relu", "    return np.maximum(x, 0.0)"))
        running.until("It was saved again; what was running is ended.")
        running.until("✓ relu is right now.")
        assert running.said.count("relu/value is out of time: it was ended after 5 s.") == 1
    finally:
        running.end()


def test_a_file_that_comes_back_is_told_with_what_became_of_it(student: Student) -> None:
    running = watched(student, student.write("activations", filled("sigmoid", RIGHT_SIGMOID) + "\ndef half(:\n"))
    try:
        running.until("Ctrl-C ends.")
        running.save(filled("sigmoid", RIGHT_SIGMOID))
        running.until("activations.py can be checked again.")
        running.until("✓ sigmoid is right now.")
        for spoil in (running.path.unlink, lambda: running.save("def half(:\n")):
            spoil()
            running.until("There is no file or folder" if spoil == running.path.unlink else "SyntaxError")
            running.replace(filled("sigmoid", RIGHT_SIGMOID))
            running.until("activations.py can be checked again, and every check is as it was before.")
            running.until("3 of 70 checks right, 67 to do.")
        running.path.unlink()
        running.until("There is no file or folder")
        running.replace(filled("sigmoid", WRONG_SIGMOID))
        running.until("activations.py can be checked again.")
        running.until("✗ sigmoid was right before this save.")
        assert "No check changed." not in running.said
    finally:
        running.end()


def test_of_a_folder_it_is_told_which_file_is_gone(student: Student) -> None:
    running = watched(student, student.kit)
    try:
        running.until("Ctrl-C ends.")
        module, notebook = (student.kit / "layers" / f"layers.{ending}" for ending in ("py", "ipynb"))
        notebook.unlink()
        source = module.read_bytes()
        module.unlink()
        running.until("layers/layers.py is not there any more.")
        module.write_bytes(source)
        running.until("layers/layers.py can be checked again, and every check is as it was before.")
    finally:
        running.end()


def test_ctrl_c_ends_it_and_leaves_nothing_running(watch: Watch) -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed: what a watch leaves was NOT tested")
    children = psutil.Process(watch.process.pid).children(recursive=True)
    assert children
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(LONGEST_WAIT) == 0
    assert "Traceback" not in "\n".join(watch.said)
    _, alive = psutil.wait_procs(children, timeout=LONGEST_WAIT)
    assert alive == []


def test_student_code_ends_with_a_command_that_is_killed(watch: Watch) -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed: what a watch leaves was NOT tested")
    watch.save("while True:\n    pass\n")
    watch.until("activations.py")
    children = psutil.Process(watch.process.pid).children(recursive=True)
    assert children
    watch.process.kill()
    _, alive = psutil.wait_procs(children, timeout=LONGEST_WAIT)
    assert alive == []


def test_only_the_topic_that_was_saved_is_checked_again(student: Student) -> None:
    running = watched(student, student.kit)
    try:
        running.until("Ctrl-C ends.")
        (student.kit / "activations" / "activations.py").write_text(filled("sigmoid", RIGHT_SIGMOID), encoding="utf-8")
        running.until("activations/activations.py")
        running.until("3 of 110 checks right, 107 to do.")
        assert not any("layers/layers.py" in line for line in running.said[-4:])
    finally:
        running.end()


# --- in a notebook ----------------------------------------------------------------------------------------------------


def notebook_outputs(student: Student, *cells: str, topic: str = "activations", **environment: str) -> list[list[Any]]:
    """The outputs of cells, run one after the other in a real kernel that starts in the kit."""
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: check() in a kernel was NOT tested")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: check() in a kernel was NOT tested")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = nbclient.NotebookClient(
        notebook, timeout=LONGEST_WAIT, allow_errors=True, resources={"metadata": {"path": str(student.kit / topic)}}
    )
    client.execute(env={**student.environment, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **environment})
    return [cell.outputs for cell in notebook.cells]


def test_a_notebook_shows_a_check_as_html_and_as_text(student: Student) -> None:
    blank, wrong, right, many = notebook_outputs(
        student,
        "import numpy as np\ndef sigmoid(x):\n    raise NotImplementedError()\nfrom autograder import check\ncheck('sigmoid')",
        "def sigmoid(x):\n    print('called')\n    return 1 / (1 + np.exp(x))\ncheck('activations/sigmoid')",
        "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))\ncheck(sigmoid)",
        "check('sigmoid', 'tanh')",
    )
    for outputs, words in (
        (blank, ["○ sigmoid  0 of 3 checks here; 7 at hand-in", "(to do)"]),
        (wrong, ["✗ sigmoid  0 of 3 checks", "you answer"]),
        (right, ["✓ sigmoid  3 of 3 checks"]),
        (many, ["✓ sigmoid  3 of 3 checks", "○ tanh  0 of 3 checks", "(not there)"]),
    ):
        (output,) = outputs  # and nothing printed
        assert output["output_type"] == "display_data"  # nbgrader would take a result for points
        for word in words:
            assert word in output["data"]["text/plain"]
        html = output["data"]["text/html"]
        assert "nablagrade" in html
        assert "<script" not in html
    assert "nablagrade-value" in wrong[0]["data"]["text/html"]


def test_an_exception_in_a_kernel_is_told_with_its_cell_and_line(student: Student) -> None:
    (), (raised,), (warned,) = notebook_outputs(
        student,
        "import numpy as np\nfrom autograder import check",
        "def relu(x):\n\n    return np.maximum(x, rate)\ncheck('relu')",
        "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\ncheck('sigmoid')",
    )
    assert "NameError at cell 2, line 3: name 'rate' is not defined." in raised["data"]["text/plain"]
    assert "outside of your module" not in raised["data"]["text/plain"]
    assert "NumPy warned at cell 3, line 2: overflow encountered in exp." in " ".join(warned["data"]["text/plain"].split())


def test_a_notebook_is_left_as_it_was(student: Student) -> None:
    ((output,),) = notebook_outputs(
        student,
        "import random, warnings, numpy as np\nfrom autograder import check\n"
        "def relu(x):\n    np.random.seed(7)\n    random.seed(7)\n    warnings.simplefilter('error')\n"
        "    return np.maximum(x, 0.0)\n"
        "before = random.getstate(), np.random.get_state()[1].tolist(), list(warnings.filters), sorted(globals())\n"
        "random_bits = np.random.bit_generator.randbits\n"
        "check('relu')\n"
        "after = random.getstate(), np.random.get_state()[1].tolist(), list(warnings.filters), sorted(globals())\n"
        "[a == b for a, b in zip(after[:3], before)], random_bits is np.random.bit_generator.randbits, "
        "set(after[3]) - set(before[3])",
    )  # fmt: skip
    assert output["data"]["text/plain"] == "([True, True, True], True, {'before', 'random_bits'})"


def test_what_check_cannot_do_is_a_sentence(student: Student, tmp_path: Path) -> None:
    ((first,), (second,), (third,), (fourth,), (topic,), (fifth,)) = notebook_outputs(
        student,
        "from autograder import check\ncheck('sigmoidd')",
        "check('layers/relu')",
        "check('OneCycle')",
        "check(3)",
        "check('layers')",
        f"import os\nos.chdir({str(tmp_path)!r})\ncheck('dropout_that_is_not_here', 'relu')",
    )
    said = [output["data"]["text/plain"] for output in (first, second, third, fourth, fifth)]
    assert "There is no exercise 'sigmoidd'. Do you mean sigmoid?" in said[0]
    assert "There is no exercise 'relu' in layers." in said[1]
    assert 'say check("schedules/OneCycle") or check("keras_models/OneCycle")' in said[2]
    assert "check takes names, functions and classes" in said[3]
    assert "SkipNetwork" in topic["data"]["text/plain"]
    assert "There is no exercise" in said[4]
    assert "sigmoidd" in first["data"]["text/html"]


def test_what_is_not_in_memory_says_which_cell_to_run(student: Student) -> None:
    (), (relu,), (stub_,), (two,), (whole,), (left,) = notebook_outputs(
        student,
        "from autograder import check\n\ndef tanh(x):\n    raise NotImplementedError()",
        "check('relu')",
        "check('tanh')",
        "check('relu', 'elu')",
        "check()",
        "def elu(x, alpha=1.0):\n    y = x * 2\n    raise NotImplementedError()\n    return y\ncheck('elu')",
    )
    assert "Code of elu is there, and a `raise NotImplementedError` is left beside it" in left["data"]["text/plain"]
    assert "(not there)" in relu["data"]["text/plain"]
    run_first = "relu is not in the notebook's memory: run the cell in which it is defined first, then this one again."
    assert relu["data"]["text/plain"].endswith(run_first)
    assert run_first.split(":")[1] in relu["data"]["text/html"]
    assert "If you have written tanh by now, run its cell first: what was last run is checked." in stub_["data"]["text/plain"]
    assert "relu, elu are not in the notebook's memory: run the cells in which" in two["data"]["text/plain"]
    assert "sigmoid_derivative and others are not in the notebook's memory" in whole["data"]["text/plain"]


def test_without_answers_near_it_says_where_they_are(student: Student, tmp_path: Path) -> None:
    ((output,),) = notebook_outputs(
        student, f"import os\nos.chdir({str(tmp_path)!r})\nfrom autograder import check\ncheck('layers/Dense.backward')"
    )
    assert "The public cases of layers are not here." in output["data"]["text/plain"]
    assert "The public cases of layers are not here." in output["data"]["text/html"]


def test_nothing_given_is_the_whole_topic(student: Student) -> None:
    ((output,), (quiz,)) = notebook_outputs(
        student,
        "from autograder import check\ncheck()",
        "answers = {'why_no_steps': 'nonsense'}\ncheck('concepts/why_no_steps', 'which_way')",
        topic="layers",
    )
    said = output["data"]["text/plain"]
    assert said.count("○ ") > 16
    assert "TwoInputNetwork.backward  0 of 2 checks" in said
    assert "why_no_steps: It is not one of the choices" in quiz["data"]["text/plain"]
    assert "Still open: which_way." in quiz["data"]["text/plain"]


def test_nbgrader_s_validation_counts_what_is_not_right_as_failed(student: Student) -> None:
    cells = [
        "from autograder import check\nimport numpy as np\ndef relu(x):\n    return np.maximum(x, 0.0)\ncheck('relu')",
        "check('tanh')",
    ]
    right, wrong = notebook_outputs(student, *cells, NBGRADER_EXECUTION="validate")
    assert right[0]["output_type"] == "display_data"
    assert wrong[0]["output_type"] == "error"
    assert "(not there)" in wrong[0]["evalue"]


def test_an_interrupt_ends_a_check_and_not_the_kernel(student: Student, tmp_path: Path) -> None:
    client = pytest.importorskip("jupyter_client", reason="jupyter_client is not installed: Ctrl-C was NOT tested")
    entered = tmp_path / "entered"
    manager, kernel = client.manager.start_new_kernel(cwd=str(student.kit / "activations"), env=student.environment)
    try:
        define = f"import pathlib\ndef relu(x):\n    pathlib.Path({str(entered)!r}).touch()\n    while True: pass\n"
        kernel.execute_interactive(define + "from autograder import check", timeout=LONGEST_WAIT)
        # For a moment after an error a kernel refuses what comes next, unless it is told not to.
        asked = kernel.execute("check('relu')", stop_on_error=False)
        end = time.monotonic() + LONGEST_WAIT
        while not entered.exists() and time.monotonic() < end:
            time.sleep(0.02)
        manager.interrupt_kernel()
        while (reply := kernel.get_shell_msg(timeout=LONGEST_WAIT))["parent_header"].get("msg_id") != asked:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert kernel.execute_interactive("1 + 1", timeout=LONGEST_WAIT)["content"]["status"] == "ok"
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)


def test_importing_the_package_costs_nothing(package: Path) -> None:
    code = "import sys, autograder; print([m for m in ('numpy', 'msgspec', 'click', 'jinja2') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
