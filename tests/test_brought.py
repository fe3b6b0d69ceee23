"""Whatever students bring is taken where only one thing can be meant, with a note; else a sentence names it.

A row a situation: what is brought, what it is taken as, the points, and the words. The points are those of three exercises of
``activations``, all of them where "all" is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS
from autograder.errors import WrongUsage
from autograder.grading.engine import Grader, warm_grader
from autograder.submission.read import LARGEST_SUBMISSION, read_submission
from autograder.wall.limits import Limits
from tests.students import stubs
from tests.test_notebooks import cells_of, notebook

ASKED = ("linear", "sigmoid", "tanh")
SOURCE = OURS.reference_source("activations")
RIGHT = SOURCE.encode()
CELLS = cells_of(SOURCE)
STUBS = stubs("activations").encode()
# One of the three is wrong, so that it can be told which file was graded.
WRONG = RIGHT + b"\n\ndef tanh(x):\n    return x\n"
ALL, NONE = "all", "none"
# So short that what hangs does not take long here; a cell of a right notebook takes milliseconds.
HASTY = Limits(import_seconds=4.0)


def packed(*cells: str, **extra: Any) -> bytes:
    """A notebook of these code cells."""
    return json.dumps(notebook(*cells, **extra)).encode()


NOTEBOOK = packed(*CELLS)


@dataclass(frozen=True)
class Situation:
    """One row of the table."""

    about: str
    brought: dict[str, bytes]
    taken: str | None = None  # the path of the module; None where nothing is graded
    points: str = ALL
    words: tuple[str, ...] = ()
    not_said: tuple[str, ...] = field(default=())


def renamed(name: str, content: bytes = RIGHT, kind: str = ".py") -> Situation:
    """A file under another name, alone."""
    return Situation(name, {name: content}, name, ALL, (f"{name} was taken for activations{kind}.",))


def after(*cells: str, words: tuple[str, ...] = (), about: str = "") -> Situation:
    """A right notebook with more cells below it."""
    return Situation(about or cells[0][:40], {"activations.ipynb": packed(*CELLS, *cells)}, "activations.ipynb", ALL, words)


def before(*cells: str, words: tuple[str, ...] = (), about: str = "") -> Situation:
    """A right notebook with more cells above it, and without its own import of NumPy."""
    rest = [cell.replace("import numpy as np", "") for cell in CELLS]
    content = {"activations.ipynb": packed(*cells, *rest)}
    return Situation(about or cells[0][:40], content, "activations.ipynb", ALL, words)


def old_format(number: int) -> bytes:
    """A notebook as Jupyter's forerunner wrote it."""
    cells = [{"cell_type": "code", "language": "python", "input": cell, "outputs": []} for cell in CELLS]
    return json.dumps({"nbformat": number, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


OUTPUTS = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * (12 * 2**20)}}]


def with_outputs() -> bytes:
    """A notebook with 12 MiB of pictures in it."""
    made = notebook(*CELLS)
    made["cells"][0]["outputs"] = OUTPUTS
    return json.dumps(made).encode()


NAMES = [
    renamed("Copy of activations.ipynb", NOTEBOOK, ".ipynb"),
    renamed("activations-Copy1.ipynb", NOTEBOOK, ".ipynb"),
    renamed("activations (2) (1).py"),
    renamed("activations_final.py"),
    renamed("Activations_final (2).py"),
    renamed("activations.py.txt"),
    renamed("activations.ipynb.json", NOTEBOOK, ".ipynb"),
    renamed("activations.ipynb.txt", NOTEBOOK, ".ipynb"),
    renamed("ACTIVATIONS.PY"),
    renamed("Activations.ipynb", NOTEBOOK, ".ipynb"),
    renamed("activations__20250101120000.py"),
    renamed("jo_doe_activations.py"),
    Situation("a notebook called .py", {"activations.py": NOTEBOOK}, "activations.py", ALL, ("is a notebook",)),
    Situation(
        "a copy beside the stub",
        {"activations.py": STUBS, "activations (1).py": RIGHT},
        "activations (1).py",
        ALL,
        ("activations (1).py was graded, as more is written in it than in activations.py.",),
    ),
    Situation(
        "an untouched copy beside the right one",
        {"Copy of activations.ipynb": NOTEBOOK, "activations (1).py": STUBS},
        "Copy of activations.ipynb",
        ALL,
        ("more is written in it than in the others",),
    ),
    Situation(
        "an older copy",
        {"activations.py": RIGHT, "activations_final.py": WRONG},
        "activations.py",
        ALL,
        ("activations_final.py stands beside activations.py, which is the one that was graded.",),
    ),
    Situation("the same twice", {"activations (1).py": RIGHT, "activations (2).py": RIGHT}, "activations (1).py"),
    Situation(
        "two versions",
        {"activations (1).py": RIGHT, "activations_final.py": WRONG},
        "activations (1).py",
        NONE,
        ("Each of 2 files could be activations.py (activations (1).py, activations_final.py): keep one",),
    ),
    Situation(
        "a test beside it",
        {"activations.py": RIGHT, "test_activations.py": b"import activations\n"},
        "activations.py",
        ALL,
        (),
        ("stands beside",),
    ),
    Situation(
        "any name",
        {"homework.py": RIGHT},
        None,
        NONE,
        ("homework.py defines linear, linear_derivative, sigmoid: if it is your activations.py, give it that name.",),
    ),
    Situation("two topics", {"activations_and_losses.py": RIGHT}, None, NONE, ("activations_and_losses.py",)),
    Situation("its test alone", {"test_activations.py": b"x = 1\n"}, None, NONE, ("test_activations.py could be any",)),
    Situation("a PDF", {"activations.pdf": b"%PDF-1.7"}, None, NONE, ("no module of ours",)),
]

CELLS_THAT_TRY = [
    after("while True: pass", words=("cell {last}: it did not finish within", "does it train, wait or loop?")),
    after("import time\ntime.sleep(1000)", words=("cell {last}: it did not finish",)),
    after("import os\nos._exit(0)", words=("cell {last}: it ended the process",)),
    after(
        "while True: pass",
        "import os; os._exit(1)",
        "x = [0] * 10**10",
        about="one that hangs, one that dies, one that raises",
        words=("did not finish", "ended the process", "MemoryError"),
    ),
    Situation(
        "the whole notebook in a cell that trains",
        {"activations.ipynb": packed(f"{SOURCE}\n\nwhile True: pass")},
        "activations.ipynb",
        ALL,
        ("only its functions, classes and constants were taken",),
    ),
    before("import torch, numpy as np, sys", words=("cell 1, line 1: No module named 'torch'",)),
    before(
        "import pandas as pd\nfrom nowhere import nothing\nimport numpy as np", words=("No module named 'pandas'", "'nowhere'")
    ),
    before("!pip install numpy \\\n    torch --quiet\n%time import numpy as np"),
    before("%pylab inline"),
    before("pip install numpy\nimport numpy as np"),
    after("%%memit\nx = 1", words=("cell {last}, line 1: %%memit is not known here; the cell was run without it.",)),
    after("import asyncio\n\nasync def f():\n    return 1\n\nx = await f()"),
    after("await nothing()", words=("cell {last}, line 1: running it raises NameError",)),
    before("from __future__ import annotations\nimport numpy as np\nx: Nothing = 1"),
    Situation(
        "the file is written by a cell",
        {"activations.ipynb": packed("%%writefile activations.py\n" + SOURCE, "from activations import *")},
        "activations.ipynb",
    ),
    Situation(
        "the file is written by a cell of any notebook",
        {"homework.ipynb": packed("%%writefile activations.py\n" + SOURCE, "!python activations.py")},
        "activations.py",
        ALL,
        ("activations.py was taken out of a cell of homework.ipynb that writes it.",),
    ),
    Situation(
        "a helper is written by a cell",
        {"activations.ipynb": packed("%%writefile helper.py\nimport numpy as np", "from helper import np", *CELLS[1:])},
        "activations.ipynb",
    ),
]

# Lines that a handout asks for, or that stand in notebooks of every course.
PLOTS = """
import matplotlib
import matplotlib.pyplot as plt
from matplotlib import cm
from mpl_toolkits.mplot3d import Axes3D
import seaborn as sns
from IPython.display import display, clear_output
from google.colab import drive
from tqdm.auto import tqdm
drive.mount("/content/drive")
figure, axes = plt.subplots(2, 3, figsize=(8, 3))
count, edges, _ = plt.hist([1, 2, 3])
for axis, colour in zip(axes.flat, "rgb"):
    axis.plot([1, 2], color=colour)
with plt.style.context("ggplot"):
    axes[0, 1].set_title("a")
plt.plot(range(3), [0, 1, 4], label="x")
plt.legend(); plt.show()
total = 0
for i in tqdm(range(3)):
    total += i
assert total == 3
"""
PLOTTING = [
    Situation(
        "a module that plots",
        {"activations.py": RIGHT + PLOTS.encode()},
        "activations.py",
        ALL,
        ("tqdm are not here while grading",),
    ),
    after(
        PLOTS,
        about="a notebook that plots",
        words=("IPython, google.colab, matplotlib, mpl_toolkits, seaborn, tqdm are not here", "costs nothing"),
    ),
    Situation(
        "a decorator that shows a function",
        {
            "activations.py": b"from ipywidgets import interact\n"
            + RIGHT
            + b"\n\n@interact\ndef tanh(x):\n    return np.tanh(x)\n"
        },
        "activations.py",
    ),
    Situation(
        "a module of their own of that name",
        {"activations.py": RIGHT + b"\nimport seaborn\nassert seaborn.mine == 1\n", "seaborn.py": b"mine = 1\n"},
        "activations.py",
        ALL,
        (),
        ("is not here",),
    ),
]

TEXTS = [
    Situation("a byte order mark", {"activations.ipynb": b"\xef\xbb\xbf" + NOTEBOOK}, "activations.ipynb"),
    Situation("UTF-16", {"activations.ipynb": NOTEBOOK.decode().encode("utf-16")}, "activations.ipynb"),
    Situation("UTF-16 as a module", {"activations.py": SOURCE.encode("utf-16")}, "activations.py"),
    Situation(
        "NaN in the outputs",
        {"activations.ipynb": NOTEBOOK.replace(b'"outputs": []', b'"outputs": [{"a": [NaN, -Infinity, "NaN"]}]', 1)},
        "activations.ipynb",
    ),
    Situation("half a character", {"activations.ipynb": packed(*CELLS, "x = '\ud83d'")}, "activations.ipynb"),
    Situation("format 3", {"activations.ipynb": old_format(3)}, "activations.ipynb"),
    Situation("format 2", {"activations.ipynb": old_format(2)}, "activations.ipynb"),
    Situation("12 MiB of outputs", {"activations.ipynb": with_outputs()}, "activations.ipynb"),
    Situation(
        "12 MiB of outputs among other files",
        {"activations.ipynb": with_outputs(), "data.csv": b"1\n" * 100},
        "activations.ipynb",
        ALL,
        (),
        ("left out",),
    ),
    Situation("format 1", {"activations.ipynb": old_format(1)}, "activations.ipynb", NONE, ("is a notebook of format 1",)),
]

SITUATIONS = [*NAMES, *CELLS_THAT_TRY, *PLOTTING, *TEXTS]


@pytest.fixture(scope="module")
def hasty() -> Any:
    """A warm grader with little patience for imports."""
    with warm_grader(Course(sandbox="landlock", limits=HASTY), jobs=1) as grader:
        yield grader


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.about)
def test_what_is_brought_is_taken_or_named(situation: Situation, hasty: Grader, tmp_path: Path) -> None:
    for name, content in situation.brought.items():
        (tmp_path / name).write_bytes(content)
    if situation.taken is None:
        with pytest.raises(WrongUsage) as refused:
            read_submission(tmp_path)
        assert all(words in str(refused.value) for words in situation.words), refused.value
        return
    submission = read_submission(tmp_path)
    assert submission.modules["activations"].path == situation.taken
    report = hasty.grade(submission, ["activations"], lambda check, _: check.split("/")[1] in ASKED)
    said = [*report.notices, *(topic.problem or "" for topic in report.topics)]
    cells = submission.modules["activations"].cells
    last = cells[-1].number if cells else 0
    for words in situation.words:
        assert any(words.format(last=last) in sentence for sentence in said), (words, said)
    assert not any(words in sentence for words in situation.not_said for sentence in said), said
    assert report.score == (report.max_score if situation.points == ALL else 0), said
    if not situation.words:
        assert all("was taken for" not in sentence or situation.taken in sentence for sentence in said)


def test_a_file_that_is_given_by_name_is_taken_whatever_it_is_called(hasty: Grader, tmp_path: Path) -> None:
    for name in ("Copy of activations.ipynb", "Jo Doe - activations (1).py"):
        path = tmp_path / name
        path.write_bytes(NOTEBOOK if name.endswith("ipynb") else RIGHT)
        report = hasty.grade(read_submission(path), ["activations"], lambda check, _: check.split("/")[1] in ASKED)
        assert report.score == report.max_score > 0


def test_the_words_of_what_a_student_checks_at_home_are_the_same(tmp_path: Path) -> None:
    from autograder.at_home.checking import OwnFiles

    (tmp_path / "Copy of activations.ipynb").write_bytes(NOTEBOOK)
    submission = OwnFiles(tmp_path).read()
    assert list(submission.modules) == ["activations"]
    assert submission.notices == ["Copy of activations.ipynb was taken for activations.ipynb."]


def test_thirty_thousand_failing_cells_take_a_time_that_grows_with_their_number(tmp_path: Path) -> None:
    """No duration is asserted: the limits of a submission hold, and what is told is bounded."""
    cells = [*CELLS, *(f"nothing_{i}" for i in range(30_000))]
    (tmp_path / "activations.ipynb").write_bytes(packed(*cells))
    with warm_grader(Course(sandbox="landlock"), jobs=1) as grader:
        report = grader.grade(read_submission(tmp_path), ["activations"], lambda check, _: "/tanh/" in check)
    assert report.score == report.max_score > 0
    assert len(report.notices) < 20
    assert "more cells there is something to tell" in report.notices[-1]


def test_a_large_notebook_is_imported_without_its_outputs(tmp_path: Path, graders: Callable[[str], Grader]) -> None:
    from autograder.downloads.importing import import_download

    (tmp_path / "class" / "jo").mkdir(parents=True)
    (tmp_path / "class" / "jo" / "activations.ipynb").write_bytes(with_outputs())
    (tmp_path / "class" / "jo" / "data.csv").write_bytes(b"1\n")
    (tmp_path / "class" / "max").mkdir()
    (tmp_path / "class" / "max" / "activations.py").write_bytes(RIGHT)
    found = import_download(tmp_path / "class", tmp_path / "out")
    (row,) = [row for row in found.rows if row.key == "jo"]
    assert row.topics == ["activations"]
    assert sorted(row.files) == ["activations.ipynb", "data.csv"]
    assert any("outputs" in notice for notice in row.notices)
    assert (tmp_path / "out" / "jo" / "activations.ipynb").stat().st_size < LARGEST_SUBMISSION
    report = graders("landlock").grade(
        read_submission(tmp_path / "out" / "jo"), ["activations"], lambda check, _: "/tanh/" in check
    )
    assert report.score == report.max_score > 0
