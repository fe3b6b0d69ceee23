"""Makes what a student receives from its source: `python -m autograder.handing_out.assignments`.

source (``reference/<topic>.py``) → stub module → notebook and handout; beside them figures (``reference/figures/<topic>.py``)
and public cases. All of it stands in ``assignments/<topic>/`` and is committed; a test fails when it is out of step with its
source, or when a line of a solution is in it.
"""

from __future__ import annotations

import ast
import json
import shutil
import sys
from typing import Any

import click
import numpy as np

from autograder.declare.catalogue import OURS, Catalogue, reference_folder
from autograder.declare.table import Topic
from autograder.errors import GradeError, GraderFault, NotInstalled
from autograder.handing_out.handout import STUB, draw, handout, notebook
from autograder.handing_out.page import handout_page
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.record import answers_for
from autograder.wall.inside.wire import Foreign

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def stub_module(source: str, file: str = "a source") -> str:
    """A source with every solution replaced by a stub, without the header that only Jupytext reads and without answers.

    file: how it is called, for whoever forgot to end a solution. In a module nothing can be folded away, so what answers a
    handout's questions stands in the handout and the notebook alone: see :func:`with_answers`.

    A solution at the top level, such as a table of answers or a helper, leaves nothing behind: a stub there would keep the
    module from being imported.

    >>> print(stub_module("def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION\\n"), end="")
    def f(x):
        # YOUR CODE HERE
        raise NotImplementedError()
    """
    return without_answers(with_answers(source, file))


# What a handout folds away, between these lines of a prose cell.
FOLDED, END_FOLDED = "# <details>", "# </details>"


def without_answers(text: str) -> str:
    """A source without what a handout folds away.

    >>> without_answers("# Why?\\n#\\n# <details><summary>Answer</summary>\\n#\\n# So.\\n#\\n# </details>\\nx = 1\\n")
    '# Why?\\nx = 1\\n'
    """
    kept: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        if line.startswith(FOLDED):
            inside = True
            kept = kept[:-1] if kept and kept[-1].strip() == "#" else kept
        if not inside:
            kept.append(line)
        if line.startswith(END_FOLDED):
            inside = False
    return "".join(kept)


def with_answers(source: str, file: str = "a source") -> str:
    """As :func:`stub_module`, with the answers to a handout's questions. Raises GraderFault for a solution without an end."""
    lines: list[str] = []
    inside, begun = False, 0
    whole = source.splitlines()
    kept = _without_header(whole)
    for number, line in enumerate(kept, 1 + len(whole) - len(kept)):
        word = line.strip()
        if word == BEGIN:
            indent = line[: len(line) - len(line.lstrip())]
            lines = lines + [indent + stub for stub in STUB] if indent else _without_blank_end(lines)
            inside, begun = True, number
        elif word == END:
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise GraderFault(f"{file}, line {begun}: a solution that begins here is not ended by {END}.")
    return "\n".join(lines).strip("\n") + "\n"


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _without_header(lines: list[str]) -> list[str]:
    if lines[:1] != ["# ---"]:
        return lines
    return lines[lines.index("# ---", 1) + 1 :]


def solutions(source: str) -> list[str]:
    """The text of each solution in a source, for whoever looks for a leak.

    >>> solutions("def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION\\n")
    ['    return x\\n']
    """
    found, inside = [], False
    for line in source.splitlines():
        word = line.strip()
        if word in (BEGIN, END):
            inside = word == BEGIN
            found += [""] if inside else []
        elif inside:
            found[-1] += line + "\n"
    return found


def solution_lines(source: str) -> set[str]:
    """The lines of all solutions."""
    return {line.strip() for solution in solutions(source) for line in solution.splitlines() if line.strip()}


def signatures(source: str) -> list[str]:
    """What a topic's module has to define: functions, and classes with their methods, as they are called; a dict to fill in.

    >>> signatures("def f(x, n=1): ...\\nclass C:\\n    def __init__(self, rate): ...\\n    def forward(self, x): ...")
    ['f(x, n=1)', 'C(rate)', 'C.forward(x)']
    """
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found.append(f"{node.name}({ast.unparse(node.args)})")
        elif (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and "..." in map(ast.unparse, node.value.values)
        ):
            found.append(ast.unparse(node.targets[0]))
        elif isinstance(node, ast.ClassDef):
            methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
            if "__init__" in methods:
                found.append(f"{node.name}({_without_self(methods['__init__'])})")
            for name, method in methods.items():
                if not name.startswith("_"):
                    shown = f"{node.name}.{name}"
                    found.append(shown if method.decorator_list else f"{shown}({_without_self(method)})")
    return found


def _without_self(method: ast.FunctionDef) -> str:
    return ast.unparse(method.args).removeprefix("self").removeprefix(", ")


SIGNATURES = "<!-- The rest is made by `make assignments`. -->\n"


def signatures_page(page: str) -> str:
    """The student's page with the signatures of every topic at its end."""
    lines = [page[: page.index(SIGNATURES)] + SIGNATURES]
    for topic in OURS.names:
        names = signatures(stub_module(OURS.reference_source(topic)))
        lines += [f"### {topic}.py", "", "```text", *names, "```", ""]
    return "\n".join(lines)


def public_cases(table: Topic, answers: Answers) -> dict[str, Any]:
    """Every public check of a topic with its inputs and right answers, the smallest first, as JSON's types."""
    checks = []
    for check_id, _, check in table.checks():
        if check.public:
            cases, expected = answers.part(check_id, "cases"), answers.part(check_id, "expected")
            told = [{"inputs": _plain(case), "expected": _plain(right)} for case, right in zip(cases, expected, strict=True)]
            checks.append({"check": check_id, "sentence": check.sentence, "cases": told})
    return {"topic": table.name, "checks": checks}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _plain(value.tolist()) if value.size <= 200 else f"array of shape {value.shape}"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Foreign):
        return f"object of type {value.type_name}"
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)  # JSON has no NaN and no infinity
    return value


def assignment(topic: str, table: Topic | None = None, catalogue: Catalogue = OURS) -> dict[str, str]:
    """The files of a topic's assignment by their place in its folder. table: the topic as a course asks it."""
    whole = with_answers(catalogue.reference_source(topic), f"reference/{topic}.py")
    answers = answers_for(topic, DEFAULT_SECRET, catalogue=catalogue)
    figures = {f"figures/{name}.svg": figure for name, figure in draw(topic).items()}
    return {
        f"{topic}.py": without_answers(whole),
        f"{topic}.ipynb": notebook(topic, whole, catalogue),
        "handout.md": handout(whole),
        "handout.html": handout_page(handout(whole), figures),
        "public_cases.json": _one_case_a_line(public_cases(table or catalogue.topic(topic), answers)),
        **figures,
    }


def handed_out(topic: str, table: Topic, catalogue: Catalogue = OURS) -> dict[str, str]:
    """What students receive of a topic, as :func:`assignment` has it: as it is committed, where that is of this source.

    So a kit of our own topics is made without Jupytext and Matplotlib. The public cases are those that the table asks.
    """
    stub = stub_module(catalogue.reference_source(topic), f"reference/{topic}.py")
    found = committed(topic) if topic in OURS.names else {}
    if found.get(f"{topic}.py") != stub:
        return assignment(topic, table, catalogue)
    answers = answers_for(topic, DEFAULT_SECRET, catalogue=catalogue)
    return {**found, "public_cases.json": _one_case_a_line(public_cases(table, answers))}


# Of the files that are handed out.
KINDS = (".py", ".ipynb", ".md", ".html", ".json", ".svg")


def committed(topic: str) -> dict[str, str]:
    """The files of one of our topics as they stand in ``assignments/``, by their place in its folder; none where none are."""
    folder = reference_folder()
    place = folder.parent / "assignments" / topic if folder else None
    if place is None or not place.is_dir():
        return {}
    # Not what Python, an editor or a system puts beside them.
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix in KINDS and path.name[0] != ".")
    return {path.relative_to(place).as_posix(): path.read_text(encoding="utf-8") for path in files}


def _one_case_a_line(cases: dict[str, Any]) -> str:
    checks = [
        "{"
        + f'"check": {json.dumps(check["check"])}, "sentence": {json.dumps(check["sentence"])}, "cases": [\n    '
        + ",\n    ".join(json.dumps(case) for case in check["cases"])
        + "\n  ]}"
        for check in cases["checks"]
    ]
    return f'{{"topic": {json.dumps(cases["topic"])}, "checks": [\n  ' + ",\n  ".join(checks) + "\n]}\n"


def _looks_unchanged(topic: str) -> bool:
    """Whether stub and sentences are those that are committed: all that can be seen where answers cannot be recorded."""
    found = committed(topic)
    told = json.loads(found.get("public_cases.json", '{"checks": []}'))["checks"]
    asked = [(check_id, check.sentence) for check_id, _, check in OURS.topic(topic).checks() if check.public]
    same = found.get(f"{topic}.py") == stub_module(OURS.reference_source(topic))
    return same and [(check["check"], check["sentence"]) for check in told] == asked


@click.command()
@click.argument("topics", nargs=-1)
def main(topics: tuple[str, ...]) -> None:
    """Write the assignments of these topics, or of all; without its library, one that has not changed is left as it is."""
    folder = reference_folder()
    if folder is None:
        raise GraderFault("There is no reference here to make assignments from: clone the repository.")
    for name in topics:
        OURS.topic(name)
    for topic in topics or OURS.names:
        try:
            made, place = assignment(topic), folder.parent / "assignments" / topic
        except NotInstalled as missing:
            if not _looks_unchanged(topic):
                raise
            click.echo(f"assignments/{topic} is left as it is, as nothing of it has changed. {missing}")
            continue
        shutil.rmtree(place, ignore_errors=True)  # nothing stays of what is no longer made
        for name, content in made.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(content, encoding="utf-8")
        click.echo(f"assignments/{topic}")
    page = folder.parent / "docs" / "student-api.md"
    page.write_text(signatures_page(page.read_text(encoding="utf-8")), encoding="utf-8")
    click.echo("docs/student-api.md")


if __name__ == "__main__":
    try:
        main()
    except GradeError as error:  # as `grade` tells it
        sys.exit(f"assignments: {error}")
