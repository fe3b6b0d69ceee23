"""The student's sheet: a module with `answers = {...}` in it. One value at a time is replaced, and all else is kept."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import BadForm, WrongUsage
from autograder.quiz.questions import Quiz
from autograder.quiz.writing import answers_text, literal
from autograder.wall.inside.wire import is_open


@dataclass(frozen=True)
class Sheet:
    """What stands in a file: the answers that are literals, and where each value stands. computed: answers that are not."""

    path: Path
    content: bytes
    answers: Mapping[str, object]
    computed: frozenset[str]
    _values: Mapping[str, tuple[int, int]]
    _begin: int  # just behind the opening brace

    def with_answer(self, name: str, value: object) -> Sheet:
        """The sheet with this answer in it. Raises WrongUsage where the file's form does not allow it."""
        text = literal(value)
        start, end = self._values.get(name, (self._begin, self._begin))
        if name not in self._values:
            text = f'\n    "{name}": {text},' + ("" if self._values else "\n")
        made = parse_sheet(self.path, self.content[:start] + text.encode() + self.content[end:])
        if dict(made.answers) != {**self.answers, name: value}:
            raise WrongUsage(f"{self.path}: the answer to {name} cannot be put in; write it into the file yourself.")
        return made

    def save(self) -> None:
        """Write the file in one step, so that an interruption leaves the old one or the new one. Raises WrongUsage."""
        beside = self.path.with_name(f".{self.path.name}.new")
        try:
            beside.write_bytes(self.content)
            if self.path.exists():
                shutil.copymode(self.path, beside)
            os.replace(beside, self.path)
        except OSError as error:
            raise WrongUsage(f"{self.path} cannot be written ({error.strerror}).") from None


def open_sheet(path: Path, quiz: Quiz) -> Sheet:
    """The sheet in this file; a new one, with every question open, where there is no file. Raises WrongUsage."""
    if not path.exists():
        empty = answers_text({question.id: ... for question in quiz.questions})
        return parse_sheet(path, f'"""{quiz.title}: answers to the questions, by their names."""\n\n{empty}'.encode())
    try:
        return parse_sheet(path, path.read_bytes())
    except OSError as error:
        raise WrongUsage(f"{path} cannot be read ({error.strerror}).") from None


def parse_sheet(path: Path, content: bytes) -> Sheet:
    """The sheet that a text is; path: what it is called. Raises WrongUsage where it is none."""
    try:
        tree = ast.parse(content)
    except SyntaxError as error:
        raise WrongUsage(f"{path} is not valid Python at line {error.lineno}: mend that first.") from None
    except ValueError:
        raise WrongUsage(f"{path} is not a text of Python.") from None
    table = _table(path, tree)
    starts = _line_starts(content)

    def place(line: int, column: int) -> int:
        return starts[line - 1] + column

    values: dict[str, tuple[int, int]] = {}
    answers: dict[str, object] = {}
    computed = set()
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant) or type(key.value) is not str:
            raise WrongUsage(f"{path}, line {value.lineno}: the keys of `answers` must be names in quotes.")
        values[key.value] = (place(value.lineno, value.col_offset), place(value.end_lineno or 0, value.end_col_offset or 0))
        answers.pop(key.value, None)
        try:
            answers[key.value] = ast.literal_eval(value)
        except ValueError:
            computed.add(key.value)
    return Sheet(path, content, answers, frozenset(computed), values, place(table.lineno, table.col_offset) + 1)


def _table(path: Path, tree: ast.Module) -> ast.Dict:
    """The one dict that is assigned to `answers`. Raises WrongUsage where there is another use of the name, or none."""
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "answers"]
    found = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and node.targets[0] in uses
        and isinstance(node.value, ast.Dict)
    ]
    if len(found) == len(uses) == 1:
        return found[0]
    what = "does not assign" if not uses else "does more with `answers` than to assign"
    raise WrongUsage(
        f"{path} {what} one dict, `answers = {{...}}`, so no answer can be put there: edit it yourself, or give another file."
    )


def _line_starts(content: bytes) -> list[int]:
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def findings(quiz: Quiz, sheet: Sheet) -> tuple[list[str], list[tuple[str, str]]]:
    """The questions that are open, and for each answer that has no form a grader could read, what is expected."""
    still_open, wrong = [], []
    for question in quiz.questions:
        if question.id in sheet.computed:
            continue
        value = sheet.answers.get(question.id, ...)
        if is_open(value):
            still_open.append(question.id)
            continue
        try:
            if not question.is_whole(question.read(value)):
                still_open.append(question.id)
        except BadForm as problem:
            wrong.append((question.id, str(problem)))
    known = {question.id for question in quiz.questions}
    wrong += [(name, "There is no question of this name.") for name in sheet.answers if name not in known]
    return still_open, wrong
