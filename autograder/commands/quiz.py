"""`grade quiz`: the questions in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.commands import complete


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--question", metavar="ID", shell_complete=complete.question, help="Only this one, answered or not.")
@click.option("--student", metavar="NAME", help="Whose order of choices; default: the name you are logged in with.")
@click.option("--seed", metavar="TEXT", help="The order of choices, in place of a student's.")
@click.option("--check", is_flag=True, help="Ask nothing; say what is open, and which answers cannot be read.")
def quiz(file: Path | None, question: str | None, student: str | None, seed: str | None, check: bool) -> None:
    """Ask the questions of the topic concepts, and write the answers into FILE as you go.

    FILE is by default the concepts.py of the working folder or, in a kit, of its folder concepts; where neither is there, a
    new concepts.py. Nothing is graded here, and no right answer is used. Enter alone leaves a question open, Ctrl-C ends; all
    is kept.

    \b
    Examples:
      grade quiz                         what is still open, into concepts.py or concepts/concepts.py
      grade quiz submission/concepts.py --student "Ada Lovelace"
      grade quiz --question why_no_steps
      grade quiz --check
    """
    from autograder.at_home.ask import ask_quiz, login_name
    from autograder.at_home.sheet import findings, open_sheet
    from autograder.errors import WrongUsage
    from autograder.quiz.questions import read_quiz

    questions = read_quiz("concepts")
    file = _answers_in(file)
    if check and not file.exists():
        raise WrongUsage(f"There is no {file}: say in which file your answers are, or begin with `grade quiz`.")
    sheet = open_sheet(file, questions)
    if not check:
        ask_quiz(questions, sheet, seed or student or login_name(), question)
        return
    still_open, wrong = findings(questions, sheet)
    for name, problem in wrong:
        click.echo(f"{name}: {problem}")
    click.echo(
        f"{len(still_open)} of {len(questions.questions)} questions are open"
        + (": " if still_open else ".")
        + ", ".join(still_open)
    )
    sys.exit(1 if wrong or still_open else 0)


def _answers_in(given: Path | None) -> Path:
    """The file of the answers: that of a folder, or of the working one, where a kit has it in a folder of its topic."""
    from autograder.errors import WrongUsage

    if given is not None and not given.is_dir():
        if given.suffix != ".py":
            raise WrongUsage(f"The answers stand in a module of Python, and {given} is none: name a file that ends in .py.")
        return given
    folder = given or Path()
    places = (folder / "concepts.py", folder / "concepts" / "concepts.py")
    return next((place for place in places if place.is_file()), places[0])
