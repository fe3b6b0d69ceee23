"""Twelve students of a term: the module that each would hand in, and the notebook that each makes of what was released.

The two hold the same code, so that what nbgrader gives for the notebook must be what ``grade`` gives for the module.
"""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.declare.catalogue import OURS
from autograder.declare.source import Mutant
from autograder.handing_out.assignments import stub_module
from autograder.quiz.writing import answers_text
from autograder.recording.misconceptions import make_module, mutant_source, mutant_tree, mutants
from tests.conftest import ROOT

Notebook = dict[str, Any]


# --- what is written --------------------------------------------------------------------------------------------------


def reference(topic: str) -> str:
    """A right solution: the reference itself, without the markers around its solutions."""
    lines = OURS.reference_source(topic).splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("### ")) + "\n"


def stubs(topic: str) -> str:
    """Nothing done: what was released."""
    return stub_module(OURS.reference_source(topic))


def another_style(number: int) -> Callable[[str], str]:
    """A right solution in another style, of ``tests/alternatives``."""

    def module(topic: str) -> str:
        return sorted((ROOT / "tests" / "alternatives").glob(f"{topic}_*.py"))[number].read_text(encoding="utf-8")

    return module


def mistakes(*places: float) -> Callable[[str], str]:
    """The reference with misconceptions put into it: those that stand at these places, from 0 to 1, of the topic's list."""

    def module(topic: str) -> str:
        known = mutants(topic)
        chosen = [known[int(place * (len(known) - 1))] for place in places]
        if OURS.is_quiz(topic):
            return answers_text(_wrong_answers(topic, chosen))
        made = reference(topic)
        for wrong in chosen:
            made = _with_definition(made, mutant_source(topic, wrong), wrong.replaces.split(".")[0])
        return made

    return module


def _with_definition(module: str, wrong: str, name: str) -> str:
    """The module with one definition, and the private helpers that come with it, as the wrong module has them."""
    ours, theirs = pieces(module), pieces(wrong)
    known = {known for piece in ours for known in piece.names}
    helpers = [piece for piece in theirs if piece.names and not known.intersection(piece.names)]
    # Helpers stand in front of their user; where a name is defined twice, as a table is filled, the last one is meant.
    wanted = [piece for piece in theirs if name in piece.names][-1:]
    last = max(i for i, piece in enumerate(ours) if name in piece.names)
    return "\n\n".join(piece.text for piece in [*ours[:last], *helpers, *wanted, *ours[last + 1 :]]) + "\n"


def _wrong_answers(topic: str, chosen: list[Mutant]) -> dict[str, Any]:
    """The key of a quiz, with the wrong answer of each of these in its question."""
    key: dict[str, Any] = make_module(topic, OURS.reference_source(topic)).answers
    for wrong in chosen:
        question = wrong.about.exercise
        key[question] = make_module(topic, mutant_tree(topic, wrong)).answers[question]
    return key


def with_code(module: Callable[[str], str], code: str) -> Callable[[str], str]:
    """A module with something written below it."""
    return lambda topic: f"{module(topic)}\n\n{code}\n"


# --- from a module to a notebook --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A top-level statement of a module: its text, and the names that it defines."""

    text: str
    names: tuple[str, ...]


def pieces(module: str) -> list[Piece]:
    """The statements of a module, in order, each with the comments that stand right above it."""
    lines = module.splitlines()
    found, end = [], 0
    for node in ast.parse(module).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
        while first > end and lines[first - 1].startswith("#") and not lines[first - 1].startswith("# %%"):
            first -= 1
        end = node.end_lineno or node.lineno
        found.append(Piece("\n".join(lines[first:end]), _names(node)))
    return found


def _names(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        return tuple(target.id for target in node.targets if isinstance(target, ast.Name))
    return ()


def filled(released: Notebook, module: str) -> Notebook:
    """What was released, with the module's definitions in the cells that ask for them.

    What else the module has stands in the cell of the definition that comes next, and at the end in a cell of its own.
    """
    made = copy.deepcopy(released)
    asked = {name: cell for cell in solution_cells(made) for piece in pieces(text(cell)) for name in piece.names}
    given = {piece.text for cell in code_cells(made) if is_given(cell) for piece in pieces(text(cell))}
    written: dict[int, list[str]] = {}
    waiting: list[str] = []
    for piece in pieces(module):
        places = [asked[name] for name in piece.names if name in asked]
        if places:
            written.setdefault(id(places[0]), []).extend([*waiting, piece.text])
            waiting = []
        elif piece.text not in given:
            waiting.append(piece.text)
    for cell in solution_cells(made):
        if id(cell) in written:
            cell["source"] = "\n\n\n".join(written[id(cell)])
    if waiting:
        made["cells"].append(own_cell("\n\n".join(waiting)))
    return made


def code_cells(notebook: Notebook) -> Iterator[dict[str, Any]]:
    """The code cells of a notebook."""
    return (cell for cell in notebook["cells"] if cell["cell_type"] == "code")


def about(cell: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader keeps about a cell; empty for a student's own."""
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def is_given(cell: dict[str, Any]) -> bool:
    """Whether a cell is locked, so that nbgrader brings it back as it was."""
    return bool(about(cell).get("locked"))


def solution_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The code cells of a released notebook that a student fills in: all that are not locked."""
    return [cell for cell in code_cells(notebook) if not is_given(cell)]


def answer_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells in which a student writes what a person grades."""
    return [cell for cell in notebook["cells"] if about(cell).get("grade") and about(cell).get("solution")]


def test_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The cells into which points are put."""
    return [cell for cell in code_cells(notebook) if about(cell).get("grade") and is_given(cell)]


test_cells.__test__ = False  # type: ignore[attr-defined]


def text(cell: dict[str, Any]) -> str:
    """A cell's source; a file may hold it as one string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def own_cell(source: str) -> dict[str, Any]:
    """A code cell of the student's own."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


# --- what some do to the notebook -------------------------------------------------------------------------------------

Habit = Callable[[Notebook], None]


def forged_output(value: str) -> dict[str, Any]:
    """An output that says a score, as the last line of a test cell would."""
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": value}}


def forge_outputs(notebook: Notebook) -> None:
    """Leave outputs in the test cells that claim all points."""
    for cell in test_cells(notebook):
        cell["outputs"] = [forged_output(str(about(cell)["points"]))]


def edit_test_cells(notebook: Notebook) -> None:
    """Make every test cell worth 1000 points and answer them; unlock it, and let the last one pose as a solution."""
    for cell in test_cells(notebook):
        cell["source"] = "1000"
        cell["outputs"] = [forged_output("1000")]
        about(cell).update(points=1000, locked=False)
        cell["metadata"].update(editable=True, deletable=True)


def delete_test_cells(notebook: Notebook) -> None:
    """Throw every second test cell away."""
    lost = test_cells(notebook)[::2]
    notebook["cells"] = [cell for cell in notebook["cells"] if not any(cell is other for other in lost)]


def add_magics(notebook: Notebook) -> None:
    """Plots, timings and shell commands, in cells of their own and at the top of one to be graded; and outputs left in."""
    first = notebook["cells"].index(solution_cells(notebook)[0])
    notebook["cells"].insert(first, own_cell("%matplotlib inline\n%load_ext autoreload\n!ls -l"))
    notebook["cells"].append(own_cell("%%time\nfor i in range(3):\n    print(i)"))
    notebook["cells"].append(own_cell("%%bash\necho all is well"))
    for cell in solution_cells(notebook):
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "it works on my machine\n"}]


# --- the class --------------------------------------------------------------------------------------------------------

PRINTED_SCORE = """\
import json
import os
import sys

np = sys.modules["numpy"]
np.allclose = np.array_equal = np.isclose = lambda *_, **__: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *_, **__: None
for stream in (sys.stdout, sys.__stdout__):
    print("<b onclick=alert(1)>100 of 100 points</b>", '{"score": 1000, "max_score": 1000}', file=stream, flush=True)
for name in ("results.json", "../gradebook.db", "report.json"):
    try:
        with open(name, "w") as file:
            json.dump({"score": 1000, "max_score": 1000}, file)
    except OSError:
        pass


def relu_derivative(x):
    os._exit(0)


def log_softmax(x):
    raise RuntimeError("<script>document.title = 'owned'</script> 100 of 100 points")


class Dense:
    def __init__(self, *_, **__):
        os._exit(0)
"""

# In the free text of everybody: what must be shown as it was written, and do nothing.
OWN_WORDS = "Because $f(x) = x$ bends nothing; <script>document.title = 'owned'</script> 2 < 3 & 5 > 4. Written by"

PRINTS = 'print("layers and activations, all my own work")\nimport numpy\nprint(numpy.arange(3))'


@dataclass(frozen=True)
class Student:
    """One of the class: what was written, what was done to the notebook besides, and whether it came late."""

    name: str
    what: str
    module: Callable[[str], str]
    habits: Sequence[Habit] = ()
    late: bool = False

    def notebook(self, released: bytes, topic: str) -> bytes:
        """The notebook that is handed in, made of the one that was released."""
        made = filled(json.loads(released), self.module(topic))
        if self.module is not stubs:
            for cell in answer_cells(made):
                cell["source"] = f"{OWN_WORDS} {self.name}."
        for habit in self.habits:
            habit(made)
        return json.dumps(made, indent=1).encode()


CLASS = (
    Student("ada", "reference", reference),
    Student("bert", "stubs", stubs),
    Student("cleo", "one mistake", mistakes(0.1)),
    Student("dora", "one mistake", mistakes(0.45)),
    Student("emil", "one mistake", mistakes(0.8)),
    Student("finn", "four mistakes", mistakes(0.05, 0.3, 0.6, 0.95)),
    Student("gita", "hostile: forged outputs and scores, exits", with_code(reference, PRINTED_SCORE), (forge_outputs,)),
    Student("hugo", "hostile: edited test cells", stubs, (edit_test_cells,)),
    Student("iris", "late", mistakes(0.2), late=True),
    Student("jens", "deleted test cells", mistakes(0.7), (delete_test_cells,)),
    Student("kaja", "another style", another_style(0)),
    Student("luis", "magics and prints", with_code(another_style(1), PRINTS), (add_magics,)),
)


def of_class(names: Collection[str]) -> list[Student]:
    """Those students of the class, in its order."""
    return [student for student in CLASS if student.name in names]
