"""Asks a quiz in the terminal, a question at a time, and keeps every answer in the student's sheet at once: `grade quiz`."""

from __future__ import annotations

import difflib
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TypeVar

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.at_home.sheet import Sheet, findings
from autograder.errors import BadForm, Quit, Skipped, WrongUsage
from autograder.quiz.kinds import Choice, Question
from autograder.quiz.questions import Quiz, shuffled
from autograder.text import counted, plain
from autograder.wall.inside.wire import is_open

T = TypeVar("T")

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
            asker = _Terminal(question, seed, console)
            for value in question.ask(asker, sheet.answers.get(question.id), anew=only is not None):
                sheet = sheet.with_answer(question.id, value)
                sheet.save()
    except (Quit, KeyboardInterrupt, EOFError):
        console.print()
    if not sheet.path.exists():
        console.print(Text(f"No answer was given, so {sheet.path} is not written yet.", style="bold"))
        return sheet
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
        names = [question.id for question in quiz.questions]
        near = difflib.get_close_matches(only, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"they are {', '.join(names)}."
        raise WrongUsage(f"There is no question {only!r}; {hint}")
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
    points = counted(question.points, "points") if question.points else "read by a person"
    console.print(Text(f"{question.words}, {points}", style="dim"))
    console.print(Markdown(question.prompt))
    if question.figure:
        place = sheet.path.parent / "figures" / f"{question.figure}.svg"
        console.print(Text(f"Figure: {place}" + ("" if place.exists() else " (it comes with the assignment)"), style="dim"))
        console.print(Padding(Text(question.alternative), (0, 0, 0, 2)))
    for name, title, choices in question.lists():
        if title:
            console.print(Text(f"{title}:", style="dim"))
        _print_choices(_ordered(question, name, choices, seed), console)
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


@dataclass(frozen=True)
class _Terminal:
    """Asks one question's lines; an :class:`autograder.quiz.kinds.question.Asker`."""

    question: Question
    seed: str
    console: Console

    def heading(self, text: str) -> None:
        """Say what the next lines are about."""
        self.console.print(Text(f"  {text}", style="bold"))

    def named(self, word: str, choices: Sequence[Choice], listed_as: str = "") -> str:
        """The id that a letter stands for; anything else as it is."""
        place = ascii_uppercase.find(word.upper()) if len(word) == 1 else -1
        return _ordered(self.question, listed_as, choices, self.seed)[place].id if 0 <= place < len(choices) else word

    def line(self, prompt: str, read: Callable[[str], T]) -> T:
        """Ask until there is an answer of a right form. Raises Skipped or Quit."""
        while True:
            line = self.console.input(Text(f"{prompt}: ", style="cyan")).strip()
            if not line:
                raise Skipped
            if line.lower() in ("quit", "exit", ":q"):
                raise Quit
            if line == "?":
                self.console.print(Text(HELP, style="dim"))
                continue
            try:
                return read(line)
            except BadForm as problem:
                self.console.print(Text(plain(str(problem), 500), style="yellow"))
