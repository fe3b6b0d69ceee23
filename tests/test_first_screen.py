"""The first screen explains itself: how much more is asked, what a check means, what waits for what, and what comes next."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from autograder.at_home.checking import UNIT, CountingCourse, Findings
from autograder.at_home.telling import next_step
from autograder.declare.catalogue import OURS
from autograder.grading.judge import Verdict
from autograder.grading.waiting import leave_stubs_to_do, nearly_ours, out_of_reach, stubs_behind, waiting_words
from autograder.grading.written import body_from
from autograder.render.terminal import print_fix, print_legend, print_topic
from autograder.render.words import fix_words, in_rows, remark_of
from autograder.report import CheckReport, Diagnosis, Example, ExerciseReport, Fix, Report, SandboxReport, Timing, TopicReport
from autograder.statuses import Status
from autograder.submission.read import Cell, Module, Submission
from autograder.wall.inside.perform import Failure
from tests.conftest import ROOT

TABLE = OURS.topic("activations")


def check(name: str, status: Status, said: str = "") -> CheckReport:
    diagnosis = Diagnosis(None, said, "") if said else None
    points = 1 if status == "passed" else 0
    sentence = f"What {name.rsplit('/', 1)[1]} asks."
    return CheckReport(f"activations/{name}", status, points, 1, True, sentence, diagnosis)


def exercise(name: str, **statuses: tuple[Status, str]) -> ExerciseReport:
    checks = [check(f"{name}/{which}", status, said) for which, (status, said) in statuses.items()]
    return ExerciseReport(name, sum(c.points for c in checks), len(checks), checks)


def topic(*exercises: ExerciseReport) -> TopicReport:
    score, most = sum(e.score for e in exercises), sum(e.max_score for e in exercises)
    return TopicReport("activations", "Activations", score, most, list(exercises))


USES = "It uses sigmoid, which is not written yet."
FIRST = topic(
    exercise("linear", value=("passed", ""), extremes=("passed", "")),
    exercise("sigmoid", value=("todo", "Not written yet."), extremes=("todo", "Not written yet.")),
    exercise("sigmoid_derivative", value=("passed", ""), slope=("todo", USES)),
    exercise("tanh", value=("failed", "All 6 numbers are wrong."), new_array=("passed", "")),
)


def printed(report: TopicReport, width: int, verbose: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, no_color=True, highlight=False, markup=False)
    print_topic(report, console, UNIT, "activations.py", verbose, {e.name: 7 for e in report.exercises})
    print_legend([report], console, verbose)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


@pytest.mark.parametrize("width", [80, 50])
def test_each_exercise_says_how_many_checks_wait_and_what_it_waits_for(width: int) -> None:
    said = printed(FIRST, width)
    assert all(len(line) <= width for line in said.splitlines())
    words = " ".join(said.split())
    assert "✓ linear 2/2 here 7 at hand-in" in words
    assert "0/2 here 7 at hand-in; to do" in words
    if width == 80:
        assert "sigmoid_derivative 1/2 here 7 at hand-in; slope: it uses sigmoid, which is not written yet" in words
        assert "✗ tanh 1/2 here 7 at hand-in; value" in words
    assert "say it again with -v." in words
    assert "What value asks." not in words


LONG = "sparse_categorical_crossentropy_gradient.from_logits"


@pytest.mark.parametrize("width", [50, 64, 80, 100])
def test_names_are_whole_in_every_width(width: int) -> None:
    named = topic(
        exercise("linear", value=("passed", "")), exercise(LONG, value=("failed", "Wrong."), memory=("failed", "Wrong."))
    )
    said = printed(named, width)
    assert max(map(len, said.splitlines())) <= width
    assert "…" not in said
    first, *below = said.splitlines()[said.splitlines().index(next(line for line in said.splitlines() if "✗" in line)) :]
    column = slice(4, first.index(" 0/2 here"))
    parts = [first[column], *(line[column] for line in below if re.match(r" {4}\S", line))]
    assert "".join(part.strip() for part in parts) == LONG
    if width == 100:
        assert f"✗ {LONG} 0/2 here 7 at hand-in; value, memory" in said


def test_verbose_says_what_each_check_asks_where_something_is_not_right() -> None:
    said = printed(FIRST, 80, verbose=True)
    assert said.count("What value asks.") == 3  # of linear everything is right
    assert "say it again" not in said


def test_a_check_that_waits_is_told_from_one_that_is_to_do() -> None:
    assert remark_of(FIRST.exercises[1]) == "to do"
    whole = exercise("sigmoid_derivative", value=("todo", USES), slope=("todo", USES))
    assert remark_of(whole) == "it uses sigmoid, which is not written yet"


# --- names and stubs --------------------------------------------------------------------------------------------------

SOURCE = """\
def sigmoid(x):
    raise NotImplementedError()


def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_deriv(x):
    return 1 - np.tanh(x) ** 2


def tanh(x):
    # YOUR CODE HERE
    raise NotImplementedError()
"""


def verdict(name: str, status: Status, line: int = 0, cell: int = 0) -> Verdict:
    exercise_name, which = name.split("/")
    found = next(c for e in TABLE.exercises if e.name == exercise_name for c in e.checks if c.name == which)
    failures: list[Failure | None] = [Failure("NotImplementedError", "", line, True, cell)] if line else []
    return Verdict(f"activations/{name}", exercise_name, found, status, failures=failures)


FOUND = [
    verdict("sigmoid/value", "todo", 2),
    verdict("sigmoid_derivative/value", "todo", 2),
    verdict("tanh/value", "todo", 15),
    verdict("tanh_derivative/value", "missing"),
    verdict("relu/value", "missing"),
]


def test_a_stub_behind_written_code_is_found_and_one_that_is_to_do_is_not() -> None:
    module = Module("activations", "activations.py")
    assert stubs_behind(FOUND, module, SOURCE) == {"activations/sigmoid_derivative/value": "sigmoid"}


BODIES = {
    "raise NotImplementedError()": ([], [2]),
    "# YOUR CODE HERE\n    raise NotImplementedError  # later": ([], [3]),
    "pass\n    raise NotImplementedError('soon')": ([], [3]),
    "return x\n    raise NotImplementedError()": ([2], [3]),
    "raise NotImplementedError()\n    y = [\n        x,\n    ]\n\n    return y": ([3, 4, 5, 7], [2]),
    '"""Says.\n\n    Args: x.\n    """\n    raise NotImplementedError()': ([], [6]),
    "'Says.'\n\n    # a word\n    raise NotImplementedError()\n\n\nx = 1": ([], [5]),
    "if x:\n        raise NotImplementedError()\n    return x": ([2, 4], [3]),
    "return x": ([2], []),
    "raise NotImplementedError()\n\n    def g(x):\n        return x\n": ([], [2]),
    "def g(x):\n        return x\n\n    return g(x)": ([5], []),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("head", ["def f(x):", "def f(x):  # of x", "def f(x: dict[str, int]) -> int:"])
def test_a_stub_is_told_from_written_code_by_its_lines(body: str, head: str) -> None:
    found = body_from(f"{head}\n    {body}\n\n\ndef g(x):\n    return x\n".splitlines(), 1)
    assert (list(found.code), list(found.raising)) == BODIES[body]


def test_a_head_of_several_lines_is_no_code() -> None:
    found = body_from("def f(\n    x,\n    y=(1, 2),\n):\n    raise NotImplementedError()\n".splitlines(), 1)
    assert found.is_stub
    assert found.raising == (5,)


def left(body: str, line: int, name: str = "sigmoid") -> list[str]:
    source = f"def sigmoid(x):\n    {body}\n\n\ndef sigmoid_derivative(x):\n    return sigmoid(x) * (1 - sigmoid(x))\n"
    found = [verdict(f"{name}/value", "todo", line)]
    return list(waiting_words(found, Module("activations", "activations.py"), source).values())


def test_what_is_left_of_a_stub_is_told_where_code_stands_beside_it() -> None:
    assert left("raise NotImplementedError()", 2) == []
    at = "a `raise NotImplementedError` is left at line"
    assert left("y = 1 / (1 + x)\n    raise NotImplementedError()", 3) == [f"Your code is there, and {at} 3: take it out."]
    assert left("raise NotImplementedError()\n    return x", 2) == [f"Your code is there, and {at} 2: take it out."]
    branch = "if x.ndim:\n        raise NotImplementedError()\n    return x"
    assert left(branch, 3) == [f"Your code is there, and {at} 3: write what belongs there."]
    derivative = "sigmoid_derivative"
    assert left("raise NotImplementedError()", 2, derivative) == ["It uses sigmoid, which is not written yet."]
    assert left("raise NotImplementedError()\n    return x", 2, derivative) == [f"It uses sigmoid, where {at} 2: take it out."]


def test_a_stub_that_others_keep_from_being_reached_is_to_do() -> None:
    def statuses(source: str, *others: Verdict) -> list[str]:
        found = [verdict("tanh/value", "error", 1), verdict("sigmoid_derivative/value", "error", 1), *others]
        leave_stubs_to_do(found, source)
        return [each.status for each in found]

    assert statuses(SOURCE) == ["todo", "error"]
    assert statuses(SOURCE + "\n\ndef tanh(x):\n    return x.y\n") == ["error", "error"]
    assert statuses(SOURCE, verdict("tanh/extremes", "passed")) == ["error", "error", "passed"]


def test_in_a_notebook_the_line_is_looked_for_in_its_cell() -> None:
    cells = tuple(Cell(number, text) for number, text in enumerate(SOURCE.split("\n\n\n"), 1))
    module = Module("activations", "activations.ipynb", cells=cells)
    found = [verdict("sigmoid_derivative/value", "todo", 2, cell=1)]
    text = Submission("nb", {"activations": module}, {}).text_of(module)
    assert stubs_behind(found, module, text) == {"activations/sigmoid_derivative/value": "sigmoid"}


def test_a_name_that_is_nearly_ours_is_asked_about_and_no_other() -> None:
    said = nearly_ours(FOUND, Module("activations", "activations.py"), SOURCE, TABLE)
    assert said == ["activations.py has tanh_deriv, and no tanh_derivative: did you mean tanh_derivative? Then rename it."]


def test_what_is_written_and_not_there_is_told_with_what_is_in_its_way() -> None:
    inside = SOURCE.replace("\n\ndef tanh_deriv(x):\n    return", "\n    def relu(x):\n        return")
    at = 1 + inside.splitlines().index("    def relu(x):")
    assert out_of_reach(FOUND, Module("activations", "activations.py"), inside) == [
        f"activations.py has relu inside of sigmoid_derivative, at line {at}, so it is not there: let its `def` begin at the "
        "left margin."
    ]
    assert out_of_reach(FOUND, Module("activations", "activations.py"), SOURCE) == []
    cells = (Cell(3, "def tanh(x):\n    return x"), Cell(5, "def relu(x):\n    return max(x,\n\ndef elu(x):\n    return x"))
    assert out_of_reach(FOUND, Module("activations", "activations.ipynb", cells=cells), "") == [
        "activations.ipynb, cell 5: it was not run to its end, so relu is not there."
    ]


def test_ten_thousand_definitions_are_looked_at_in_no_time() -> None:
    many = "".join(f"def f{i}(x):\n    raise NotImplementedError()\n" for i in range(10_000))
    module = Module("activations", "activations.py")
    assert nearly_ours(FOUND, module, many, TABLE) == []
    assert stubs_behind([replace(FOUND[1], failures=[Failure("NotImplementedError", "", 20_000)])], module, many)


# --- values and what comes next ---------------------------------------------------------------------------------------


def test_matrices_stand_in_rows_and_stay_readable() -> None:
    assert in_rows("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]").splitlines() == [
        "[[[1, 2],",
        "  [3, 4]],",
        " [[5, 6],",
        "  [7, 8]]]",
    ]
    assert in_rows("[1, 2, 3]") == "[1, 2, 3]"
    assert in_rows("[[1, 2], [3, 4], [5, 6]]", longest=12).splitlines() == ["[[1, 2],", " ..."]


def test_a_long_input_is_shown_once() -> None:
    long = "[[" + "1.25, " * 20 + "1.0]]"
    fixes = [Fix(name, None, "It is wrong.", "", 1, "", Example({"x": long}, "[0.]", "[1.]")) for name in ("tanh", "relu")]
    out = io.StringIO()
    console = Console(file=out, width=80, no_color=True)
    seen: dict[tuple[str, str], int] = {}
    for place, fix in enumerate(fixes, 1):
        print_fix(f"{place}. ", FIRST, fix, console, UNIT, seen, place)
    assert out.getvalue().count("1.25") == 20
    assert "as in 1" in out.getvalue()


def test_what_one_check_shows_is_said_of_it_alone() -> None:
    many = exercise(
        "relu", value=("failed", "All 6 numbers are wrong."), again=("failed", "It changes x."), kept=("passed", "")
    )
    fix = Fix("relu", None, "All 6 numbers are wrong.", "", 2, "activations/relu/value")
    assert fix_words(topic(many), fix) == ("", "value: All 6 numbers are wrong.")
    seen = exercise("relu", value=("failed", "Wrong."), again=("failed", "It changes x."))
    told = Fix("relu", None, "Wrong.", "Two times too large.", 2, "activations/relu/value")
    assert fix_words(topic(seen), told) == ("value: Two times too large.", "Wrong.")
    alike = exercise("relu", value=("failed", "All 6 numbers are wrong."), again=("failed", "All 6 numbers are wrong."))
    alone = exercise("relu", value=("failed", "All 6 numbers are wrong."), again=("todo", "Not written yet."))
    for whole in (alike, alone):
        assert fix_words(topic(whole), fix) == ("", fix.text)
    named = msgspec.structs.replace(fix, misconception="sums")
    assert fix_words(topic(many), named) == ("", fix.text)
    out = io.StringIO()
    print_fix("1. ", topic(many), fix, Console(file=out, width=80, no_color=True), UNIT)
    assert "   value: All 6 numbers are wrong." in out.getvalue()


def findings(*topics: TopicReport) -> Findings:
    report = Report(
        1, 0, 0, "full", list(topics), [], [], SandboxReport(False, 1, 1, 1, 1, 1), Timing(0, {}, "none", 1, {})
    )  # fmt: skip
    return Findings([report])


def test_what_comes_next_is_the_first_stub_with_its_line_and_nothing_while_something_is_wrong() -> None:
    source = (ROOT / "assignments" / "activations" / "activations.py").read_bytes()
    submission = Submission("kit", {"activations": Module("activations", "activations.py")}, {"activations.py": source})
    todo = topic(FIRST.exercises[0], FIRST.exercises[1])
    line = 1 + source.decode().splitlines().index("def sigmoid(x):")
    assert next_step(findings(todo), submission).startswith(f"Next: sigmoid, in activations.py, line {line}. Put your code")
    assert next_step(findings(FIRST), submission) == ""
    right = topic(FIRST.exercises[0])
    asked = len(next(e for e in TABLE.exercises if e.name == "linear").checks)
    assert next_step(findings(right), submission) == (
        f"{asked} checks are asked when you hand in: on other inputs, and in more ways."
    )


def test_what_is_not_there_comes_next_with_the_notes_that_say_why() -> None:
    submission = Submission("kit", {"activations": Module("activations", "activations.py")}, {"activations.py": b""})
    found = findings(topic(exercise("sigmoid", value=("missing", "There is no sigmoid in your module."))))
    assert next_step(found, submission) == "Next: sigmoid, in activations.py. There is no sigmoid in your module."
    found.notices.append("activations.py has sigmoid inside of linear.")
    assert next_step(found, submission) == "Next: sigmoid, which is not there; the notes say what is in its way."


def test_most_exercises_are_asked_at_home_what_most_is_lost_by() -> None:
    for name in ("activations", "losses", "layers", "normalization"):
        exercises = CountingCourse().table(name).exercises
        assert sum(len(each.checks) >= 2 for each in exercises) > 0.7 * len(exercises), name
