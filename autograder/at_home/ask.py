"""Asks a quiz in the terminal, a question at a time, and keeps every answer in the student's sheet at once: `grade quiz`."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from string import ascii_uppercase
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.at_home.sheet import Sheet, findings
from autograder.errors import BadForm, Quit, Skipped, WrongUsage
from autograder.quiz.questions import KIND_WORDS, Choice, Question, Quiz, shuffled
from autograder.quiz.reading import read_answer, read_choice
from autograder.text import plain
from autograder.wall.inside.wire import is_open

HELP = "Answer with letters or names. Enter alone leaves the question open, `quit` ends; everything is kept as you go."


def ask_quiz(quiz: Quiz, sheet: Sheet, seed: str, only: str | None = None, console: Console | None = None) -> Sheet:
    """Ask what is open, or this one question; the sheet with the answers, which has been saved after each.

    seed: decides the order of choices. Raises WrongUsage for a question that there is not.
    """
    console = console or Console(highlight=False)
    console.width = min(console.width, 100)
    questions = _to_ask(quiz, sheet, only)
    total = len(quiz.questions)
    console.print(Text(f"{total - len(_open(quiz, sheet))} of {total} questions are answered. {HELP}", style="dim"))
    try:
        for question in questions:
            _print_question(quiz.questions.index(question) + 1, total, question, sheet, seed, console)
            for value in _answers(question, sheet.answers.get(question.id), seed, console, anew=only is not None):
                sheet = sheet.with_answer(question.id, value)
                sheet.save()
    except (Quit, KeyboardInterrupt, EOFError):
        console.print()
    left = len(_open(quiz, sheet))
    console.print(Text(f"{total - left} of {total} questions are answered, in {sheet.path}.", style="bold"))
    if left:
        console.print(Text(f"Go on with: grade quiz {sheet.path}", style="dim"))
    return sheet


def login_name() -> str:
    """The name of whoever is logged in; empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _to_ask(quiz: Quiz, sheet: Sheet, only: str | None) -> list[Question]:
    if only is None:
        return [question for question in quiz.questions if question.id in _open(quiz, sheet)]
    question = quiz.find(only)
    if question is None:
        raise WrongUsage(f"There is no question {only!r}; they are {', '.join(q.id for q in quiz.questions)}.")
    if only in sheet.computed:
        raise WrongUsage(f"{sheet.path}: the answer to {only} is computed there; edit it yourself.")
    return [question]


def _open(quiz: Quiz, sheet: Sheet) -> set[str]:
    """Questions to ask: what is open, and what cannot be read."""
    still_open, wrong = findings(quiz, sheet)
    return {*still_open, *(name for name, _ in wrong if quiz.find(name))}


# --- what is shown --------------------------------------------------------------------------------------------------------


def _print_question(number: int, total: int, question: Question, sheet: Sheet, seed: str, console: Console) -> None:
    console.print()
    console.print(Text.assemble((f"{number} of {total}  ", "dim"), (question.title, "bold"), (f"  {question.id}", "dim")))
    points = f"{question.points} point{'' if question.points == 1 else 's'}" if question.points else "read by a person"
    console.print(Text(f"{KIND_WORDS[question.kind]}, {points}", style="dim"))
    console.print(Markdown(question.prompt))
    if question.figure:
        place = sheet.path.parent / "figures" / f"{question.figure}.svg"
        console.print(Text(f"Figure: {place}" + ("" if place.exists() else " (it comes with the assignment)"), style="dim"))
        console.print(Padding(Text(question.alternative), (0, 0, 0, 2)))
    _print_choices(_ordered(question, "", question.choices, seed), console)
    for column in question.columns:
        console.print(Text(f"{column.title}:", style="dim"))
        _print_choices(_ordered(question, column.id, column.choices, seed), console)
    before = sheet.answers.get(question.id, ...)
    if not is_open(before):
        console.print(Text(f"Your answer so far: {plain(repr(before))}", style="dim"))


def _ordered(question: Question, column: str, choices: Sequence[Choice], seed: str) -> list[Choice]:
    return shuffled(choices, seed, f"{question.id}/{column}")


def _print_choices(choices: Sequence[Choice], console: Console) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for letter, choice in zip(ascii_uppercase, choices, strict=False):
        table.add_row(f"  {letter}", choice.id, Markdown(choice.text))
    if choices:
        console.print(table)


# --- what is asked --------------------------------------------------------------------------------------------------------


def _answers(question: Question, before: Any, seed: str, console: Console, anew: bool) -> Iterator[Any]:
    """What to keep, as soon as it is known: one answer, or a matching answer that grows row by row; nothing if it is skipped.

    anew: also the rows that are answered already.
    """
    if question.kind != "matching":
        with suppress(Skipped):
            yield _answer(question, seed, console)
        return
    known = before if isinstance(before, dict) else {}
    found = {row.id: known.get(row.id, ...) for row in question.rows}
    for row in question.rows:
        if anew or not _fits(question, row, found[row.id]):
            with suppress(Skipped):
                found[row.id] = _row(question, row, seed, console)
                yield dict(found)


def _fits(question: Question, row: Choice, value: Any) -> bool:
    try:
        return row.id in read_answer(question, {row.id: value})
    except BadForm:
        return False


def _answer(question: Question, seed: str, console: Console) -> Any:
    choices = _ordered(question, "", question.choices, seed)

    def read(line: str) -> Any:
        if question.kind in ("text", "numeric"):
            return read_answer(question, _number(line) if question.kind == "numeric" else line)
        words = [_named(word, choices) for word in line.replace(",", " ").split()]
        if question.kind == "single" and len(words) != 1:
            raise BadForm("One choice is expected.")
        return read_answer(question, words[0] if question.kind == "single" else words)

    return _until(_PROMPTS[question.kind].format(unit=f" ({question.unit})" if question.unit else ""), read, console)


_PROMPTS = {
    "single": "Letter",
    "multiple": "All letters that are right, such as A C",
    "ordering": "All letters in order, such as C A B",
    "numeric": "Number{unit}",
    "text": "In your own words, on one line",
}


def _row(question: Question, row: Choice, seed: str, console: Console) -> Any:
    console.print(Text(f"  {row.text}", style="bold"))
    found = []
    for column in question.columns:
        choices = _ordered(question, column.id, column.choices, seed)

        def read(line: str, choices: Sequence[Choice] = choices) -> str:
            return read_choice(_named(line.strip(), choices), choices)

        found.append(_until(f"  {column.title}", read, console))
    return found[0] if len(found) == 1 else found


def _named(word: str, choices: Sequence[Choice]) -> str:
    """The id that a letter stands for; anything else as it is."""
    place = ascii_uppercase.find(word.upper()) if len(word) == 1 else -1
    return choices[place].id if 0 <= place < len(choices) else word


def _number(line: str) -> float | int | str:
    text = line.replace("_", "").strip()
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return line


def _until(prompt: str, read: Callable[[str], Any], console: Console) -> Any:
    """Ask until there is an answer of a right form. Raises Skipped or Quit."""
    while True:
        line = console.input(Text(f"{prompt}: ", style="cyan")).strip()
        if not line:
            raise Skipped
        if line.lower() in ("quit", "exit", ":q"):
            raise Quit
        if line == "?":
            console.print(Text(HELP, style="dim"))
            continue
        try:
            return read(line)
        except BadForm as problem:
            console.print(Text(plain(str(problem), 500), style="yellow"))
