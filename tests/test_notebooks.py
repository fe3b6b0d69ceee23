"""A notebook is a submission like a module: its cells run behind the wall, one by one, whatever became of the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.declare.catalogue import OURS
from autograder.errors import UnreadableNotebook
from autograder.grading.engine import Grader
from autograder.handing_out.assignments import stub_module
from autograder.submission.notebook import Cell, read_cells
from autograder.submission.read import read_submission, submission_of_cells
from autograder.wall.inside.load import without_magics
from tests.forked import grade_command

RIGHT = OURS.reference_source("activations")
STUBS = stub_module(RIGHT)


def cells_of(source: str) -> list[str]:
    """The code cells of a source in the percent format."""
    return [part.partition("\n")[2] for part in source.split("# %%")[1:] if not part.startswith(" [markdown]")]


def notebook(*sources: str, **extra: Any) -> dict[str, Any]:
    """A notebook with these code cells."""
    cells = [{"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None} for s in sources]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **extra}


def write(folder: Path, content: dict[str, Any] | bytes, name: str = "activations.ipynb") -> Path:
    """A folder with this notebook in it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def scored(grader: Grader, path: Path) -> tuple[float, float, list[str]]:
    """Score, most and notices of a submission."""
    report = grader.grade(read_submission(path))
    return report.score, report.max_score, report.notices


def test_a_right_notebook_has_every_point_with_both_backends(grader: Grader, tmp_path: Path) -> None:
    score, most, notices = scored(grader, write(tmp_path / "s", notebook(*cells_of(RIGHT))))
    assert score == most > 0
    assert notices == []


def test_what_a_notebook_has_and_a_module_has_not_costs_nothing(any_grader: Grader, tmp_path: Path) -> None:
    noise = [
        "%matplotlib inline\nfiles = !ls\nsigmoid?",
        "%%bash\nrm -rf /",
        "%%time\nhelper = 1",
        "from autograder import check\ncheck('sigmoid')",
        "display(1)\nget_ipython().run_line_magic('pylab', '')",
        "print('trying'); input()",
        "this is no Python",
        "raise SystemExit",
        "sigmoid(not_there)",
    ]
    score, most, notices = scored(any_grader, write(tmp_path / "s", notebook(*noise, *cells_of(RIGHT), *noise)))
    assert score == most
    assert any("cell 7, line 1: SyntaxError" in notice for notice in notices), notices
    assert any("cell 9, line 1" in notice and "NameError" in notice for notice in notices)


def test_a_cell_that_tries_what_is_not_written_yet_is_no_news(any_grader: Grader, tmp_path: Path) -> None:
    _, _, notices = scored(any_grader, write(tmp_path / "s", notebook(*cells_of(STUBS), "sigmoid(1.0)")))
    assert notices == []


def test_an_exception_tells_the_cell_and_the_line(any_grader: Grader, tmp_path: Path) -> None:
    report = any_grader.grade(
        read_submission(write(tmp_path / "s", notebook("x = 1", "def sigmoid(x):\n    y = 1\n    return y / 0"))),
        ["activations"],
    )
    texts = [
        c.diagnosis.text for t in report.topics for e in t.exercises for c in e.checks if c.status == "error" and c.diagnosis
    ]
    assert texts
    assert all("ZeroDivisionError at cell 2, line 3" in text for text in texts)


def test_of_a_module_and_a_notebook_the_one_is_graded_in_which_more_is_written(any_grader: Grader, tmp_path: Path) -> None:
    folder = write(tmp_path / "s", notebook(*cells_of(RIGHT)))
    (folder / "activations.py").write_text(STUBS, encoding="utf-8")
    score, most, notices = scored(any_grader, folder)
    assert score == most
    assert notices == [
        "There are activations.py and activations.ipynb; activations.ipynb was graded, as more is written in it."
    ]
    write(folder, notebook(*cells_of(STUBS)))
    (folder / "activations.py").write_text(RIGHT, encoding="utf-8")
    assert scored(any_grader, folder)[0] == most


def test_what_is_written_below_a_stub_is_written(any_grader: Grader, tmp_path: Path) -> None:
    folder = write(tmp_path / "s", notebook(*cells_of(STUBS), "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(0.5 * x))"))
    (folder / "activations.py").write_text(STUBS, encoding="utf-8")
    score, _, notices = scored(any_grader, folder)
    assert score > 0
    assert notices[0].endswith("activations.ipynb was graded, as more is written in it.")


def test_what_is_to_be_mended_in_a_notebook_is_told_with_its_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", notebook("import numpy as np", "def sigmoid(x):\n    return np.tanh(x)"))
    done = grade_command(folder, "-k", "activations/sigmoid/value", "--no-locate")
    assert "1. sigmoid  activations.ipynb" in done.stdout


def test_a_test_cell_of_nbgraders_is_not_run(tmp_path: Path) -> None:
    made = notebook("x = 1", "1 / 0")
    made["cells"][1]["metadata"] = {"nbgrader": {"grade": True, "solution": False}}
    assert read_cells(json.dumps(made).encode()) == [Cell(1, "x = 1")]


def test_a_notebook_without_a_cell_of_code_is_told_so(any_grader: Grader, tmp_path: Path) -> None:
    made = {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "def relu(x): return x"}]}
    (topic,) = any_grader.grade(read_submission(write(tmp_path / "s", made))).topics
    assert "holds no cell with code in it" in (topic.problem or "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "not a notebook that can be read"),
        (b"[" * 100_000, "not a notebook that can be read"),
        (b'{"nbformat": 5, "cells": []}', "format 5, and 4 is due"),
        (b'{"nbformat": 1, "cells": []}', "format 1, and 4 is due"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "not a notebook that can be read"),
        (b"\xff\xfe", "is empty"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_notebook_gets_one_sentence(any_grader: Grader, tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableNotebook, match=said):
        read_cells(content)
    report = any_grader.grade(read_submission(write(tmp_path / "s", content)))
    assert report.score == 0
    assert said in (report.topics[0].problem or "")


def test_a_notebook_of_a_hundred_megabytes_is_refused(any_grader: Grader, tmp_path: Path) -> None:
    folder = write(tmp_path / "s", b" " * 100_000_000)
    assert "at most" in (any_grader.grade(read_submission(folder)).topics[0].problem or "")


def test_a_cell_that_hangs_or_ends_the_process_is_told(tmp_path: Path) -> None:
    from autograder.course.settings import Course
    from autograder.grading.engine import grade
    from autograder.wall.limits import Limits

    hasty = Course(sandbox="landlock", limits=Limits(import_seconds=1))
    for source, said in (("while True: pass", "did not finish"), ("import os; os._exit(0)", "ended the process")):
        cells = [Cell(1, "import numpy as np"), Cell(2, source), Cell(3, "def tanh(x):\n    return np.tanh(x)")]
        report = grade(submission_of_cells("activations", cells, "s"), hasty, selected=lambda check, _: "/tanh/" in check)
        assert report.score == report.max_score > 0
        assert any("cell 2" in notice and said in notice for notice in report.notices), report.notices


@pytest.mark.parametrize(
    "source",
    ["x = (7\n % 2)", "s = '''\n%matplotlib\n!ls\n'''", "x = 5\\\n% 3"],
)
def test_python_that_looks_like_a_magic_is_left_alone(any_grader: Grader, source: str) -> None:
    report = any_grader.grade(submission_of_cells("activations", [Cell(1, source)], "s"))
    assert report.notices == []


def test_magics_are_taken_out_line_by_line() -> None:
    assert without_magics("  %timeit x\n?y\nz??\na, b = %who\nc = 1") == "  pass\npass\npass\na, b = None\nc = 1"
    assert without_magics("%%html\n<b>") == "pass"
    assert without_magics("!pip install a \\\n  b \\\n  c\nx = 1 + \\\n  2") == "pass\n\n\nx = 1 + \\\n  2"
    assert without_magics("%time import numpy as np\n  %time x = 1") == "import numpy as np\n  x = 1"
    assert without_magics("pip install torch\n%memit x") == "pass\npass"
    assert "import numpy as np" in without_magics("%pylab inline")
    assert without_magics("\n%%capture out\nx = 1") == "\n\nx = 1"


def test_notebooks_of_every_topic_give_what_their_modules_give(any_grader: Grader, graders: Callable[[str], Grader]) -> None:
    for topic in ("layers", "concepts"):
        source = OURS.reference_source(topic)
        cells = [Cell(i, text) for i, text in enumerate(cells_of(source), 1)]
        report = any_grader.grade(submission_of_cells(topic, cells, "s"))
        assert report.score == report.max_score, topic
