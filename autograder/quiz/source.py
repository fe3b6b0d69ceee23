"""A quiz as a topic's source like any other: prose, `answers` with all left open, and the key between solution markers."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

from autograder.declare.source import Misconception, Mutant
from autograder.quiz.bank import published, read_bank
from autograder.quiz.kinds import Question
from autograder.quiz.writing import answers_text
from autograder.text import counted

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
"""

LECTURES = {
    1: "Neurons and gradient descent",
    2: "Activations and losses",
    3: "Layers and backpropagation",
    4: "Initializers, optimizers, schedules",
    5: "Regularization, normalization, practice",
}


@cache
def reference_text(text: str) -> str:
    """The source in the percent format that this bank comes to."""
    bank = read_bank(text)
    cells = [HEADER, _prose(f"# {bank.title}\n\n{bank.introduction.strip()}")]
    cells.append(f'# %%\n"""{bank.title}: answers to the questions, by their names."""\n')
    lecture = 0
    for number, question in enumerate(published(bank).questions, 1):
        if question.lecture != lecture:
            lecture = question.lecture
            cells.append(_prose(f"## {LECTURES[lecture]}"))
        cells.append(_prose(_question_text(number, question)))
    cells.append(_prose("## Your answers\n\nReplace each `...` by your answer; what is left open is to do, and not wrong."))
    open_answers = "".join(f'    "{question.id}": ...,\n' for question in bank.question)
    solved = answers_text({question.id: question.key() for question in bank.question})
    cells.append(f"# %%\nanswers = {{\n{open_answers}}}\n### BEGIN SOLUTION\n{solved}### END SOLUTION\n")
    return "\n".join(cells)


def _prose(text: str) -> str:
    lines = ["# %% [markdown]", *(f"# {line}".rstrip() for line in text.splitlines())]
    return "\n".join(lines) + "\n"


def _question_text(number: int, question: Question) -> str:
    count = counted(question.points, "points") if question.points else "read by a person"
    lines = [f"### {number}. {question.title}", "", f"`{question.id}` · {question.words} · {count}", ""]
    lines += [question.prompt, ""]
    if question.figure:
        lines += [f"![{question.alternative}](figures/{question.figure}.svg)", ""]
    return "\n".join([*lines, *question.told()]).strip()


# --- every wrong answer that has an explanation is a mutant -----------------------------------------------------------------


@cache
def _mutants(text: str) -> tuple[Mutant, ...]:
    bank = read_bank(text)
    key = {question.id: question.key() for question in bank.question}
    return tuple(
        Mutant(
            Misconception(
                name=f"{question.id}__{mistake.name}",
                exercise=question.id,
                text=" ".join(mistake.explanation.split()),
                look=" ".join(mistake.look.split()),
            ),
            "answers",
            _assignment({**key, question.id: mistake.answer}),
            (),
        )
        for question in bank.question
        for mistake in question.mistakes()
    )


def quiz_mutants(text: str) -> list[Mutant]:
    """The misconceptions of a bank: each wrong choice, number, order and pair, put alone into the right answers."""
    return list(_mutants(text))


def _assignment(answers: dict[str, Any]) -> ast.Assign:
    node = ast.parse(answers_text(answers)).body[0]
    assert isinstance(node, ast.Assign)
    return node
