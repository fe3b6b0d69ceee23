"""What a student reads, made from a topic's source: the handout in Markdown, the notebook, and the figures.

Only ``grade release``, ``make assignments`` and the tests use it, so that Jupytext and Matplotlib are imported by
nobody else.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from autograder.declare.catalogue import OURS, Catalogue, reference_folder
from autograder.errors import GraderFault

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from autograder.declare.table import Topic

STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # nbgrader's own words

HOW_TO_USE = """\
*How to use this notebook.* Replace `# YOUR CODE HERE` and the line after it with your code; keep the names of functions, \
classes, methods and arguments. Run the cells from the top, and try your functions in cells of your own. Begin those with \
`if __name__ == "__main__":`, so that they run here and not while you are graded.

The same text is in `{topic}.py`: work in one of the two. Behind your code stand cells that say `check(...)`: run one, and it \
tells what is right, what is to do and what is to mend. Or save the notebook and run `grade check {topic}.ipynb` in a \
terminal. `grade` reads `{topic}.ipynb` as it reads `{topic}.py`: hand in either.

*In Colab:* upload the kit's zip there, run `import glob, os, shutil; shutil.unpack_archive(glob.glob("*.zip")[0]); \
os.chdir(glob.glob("*/{topic}")[0])` \
and `%pip install ../*.whl` in a cell before all others, and go on from here."""


def notebook(topic: str, stub: str, catalogue: Catalogue = OURS) -> str:
    """The notebook of a stub module, as JSON: its prose cells as Markdown, its code cells to be filled in.

    Ids are the cells' places and nothing tells who made it with what, so that the same stub gives the same bytes.
    """
    import nbformat

    made = _cells(stub)
    table = catalogue.topic(topic)
    cells = [part for cell in made.cells for part in _with_its_code(cell)]
    told = nbformat.v4.new_markdown_cell(HOW_TO_USE.format(topic=topic))
    made.cells = [told, *(each for cell in cells for each in (cell, *_check_cell(cell, table)))]
    for i, cell in enumerate(made.cells):
        cell["id"] = f"{topic}-{i:02}"
        cell["metadata"] = {}
    made["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made["nbformat"], made["nbformat_minor"] = 4, 5
    nbformat.validate(made)
    return nbformat.writes(made).strip("\n") + "\n"


def _check_cell(cell: NotebookNode, table: Topic) -> list[NotebookNode]:
    """A cell that checks what this one defines; none where that is no exercise with public checks, or a quiz."""
    import nbformat

    if cell.cell_type != "code":
        return []
    if table.source is not None and "..." in cell.source:
        return [nbformat.v4.new_code_cell("from autograder import check\n\ncheck()")]
    if STUB[1] not in cell.source:
        return []
    defined = {node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    public = [exercise.name for exercise in table.exercises if any(check.public for check in exercise.checks)]
    names = [f'"{name}"' for name in public if name.split(".")[0] in defined]
    return [nbformat.v4.new_code_cell(f"from autograder import check\n\ncheck({', '.join(names)})")] if names else []


# The heading under which a handout's last section uses what was written, on real data.
IN_THE_END = "## In the end"


def _with_its_code(cell: NotebookNode) -> list[NotebookNode]:
    """A section that uses what was written, with its code as a cell to run; any other cell as it is.

    While the notebook is graded that cell does nothing: a library that it uses may not be there.
    """
    import nbformat

    before, fence, rest = cell.source.partition("```python\n")
    if cell.cell_type != "markdown" or not cell.source.startswith(IN_THE_END) or not fence:
        return [cell]
    code, _, after = rest.partition("```")
    indented = textwrap.indent(code.rstrip("\n"), "    ")
    parts = [
        nbformat.v4.new_markdown_cell(before.strip()),
        nbformat.v4.new_code_cell(f'if __name__ == "__main__":\n{indented}'),
    ]
    return [*parts, nbformat.v4.new_markdown_cell(after.strip())] if after.strip() else parts


def handout(stub: str) -> str:
    """The handout of a stub module in Markdown: its prose, and what is to be written as signatures with docstrings.

    >>> stub = '# %% [markdown]\\n# # Lines\\n\\n# %%\\ndef f(x):\\n    \"\"\"Twice x.\"\"\"\\n    # YOUR CODE HERE\\n'
    >>> print(handout(stub), end="")
    # Lines
    <BLANKLINE>
    ```python
    def f(x):
        \"\"\"Twice x.\"\"\"
    ```
    """
    parts = []
    for cell in _cells(stub).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            told = [line for line in cell.source.splitlines() if line.strip() not in STUB]
            parts.append("\n".join(["```python", *told, "```"]))
    return "\n\n".join(parts) + "\n"


def _cells(source: str) -> NotebookNode:
    import jupytext

    made = jupytext.reads(source, fmt="py:percent")
    made.cells = [cell for cell in made.cells if cell.source.strip()]  # one that held nothing but a solution is empty now
    return made


def figure_functions(topic: str) -> dict[str, Callable[[], Any]]:
    """What draws a topic's figures, by the figure's name: the public functions of ``reference/figures/<topic>.py``."""
    folder = reference_folder()
    if folder is None or not (folder / "figures" / f"{topic}.py").is_file():
        return {}
    module = _figure_module(topic)
    return {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }


def draw(topic: str) -> dict[str, str]:
    """A topic's figures as SVG, by their names; the same bytes on every machine that has the same Matplotlib."""
    functions = figure_functions(topic)
    if not functions:
        return {}
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a user's own settings must not reach the files
        matplotlib.rcParams.update(_figure_module().LOOK)
        return {name: _svg(function()) for name, function in functions.items()}


def _svg(figure: Any) -> str:
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"


def _figure_module(topic: str = "") -> ModuleType:
    folder = reference_folder()
    if folder is None:
        raise GraderFault("There are no figures here: clone the repository.")
    root = str(folder.parent)
    if root not in sys.path:
        sys.path.append(root)
    return importlib.import_module(f"reference.figures.{topic}".rstrip("."))
