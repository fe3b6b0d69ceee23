"""A quiz as a topic's source like any other: prose, `answers` with all left open, and the key between solution markers."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

from autograder.quiz.bank import (
    AnyQuestion,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Single,
    key_of,
    published,
    read_bank,
)
from autograder.quiz.questions import KIND_WORDS, Choice, Question
from autograder.quiz.writing import answers_text
from autograder.recording.misconceptions import Misconception, Mutant

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
    solved = answers_text({question.id: key_of(question) for question in bank.question})
    cells.append(f"# %%\nanswers = {{\n{open_answers}}}\n### BEGIN SOLUTION\n{solved}### END SOLUTION\n")
    return "\n".join(cells)


def _prose(text: str) -> str:
    lines = ["# %% [markdown]", *(f"# {line}".rstrip() for line in text.splitlines())]
    return "\n".join(lines) + "\n"


def _question_text(number: int, question: Question) -> str:
    count = f"{question.points} point{'' if question.points == 1 else 's'}" if question.points else "read by a person"
    lines = [f"### {number}. {question.title}", "", f"`{question.id}` · {KIND_WORDS[question.kind]} · {count}", ""]
    lines += [question.prompt, ""]
    if question.figure:
        lines += [f"![{question.alternative}](figures/{question.figure}.svg)", ""]
    lines += _list(question.choices)
    if question.unit:
        lines += [f"Unit: {question.unit}.", ""]
    if question.kind == "numeric":
        within = f"within {question.tolerance:g}" if question.tolerance else "exact"
        lines += [f"Counted as right: {within} ({question.why}).", ""]
    if question.rows:
        lines += ["Rows:", "", *_list(question.rows)]
    for column in question.columns:
        lines += [f"{column.title[0].upper()}{column.title[1:]}:", "", *_list(column.choices)]
    return "\n".join(lines).strip()


def _list(choices: list[Choice]) -> list[str]:
    return [*(f"- `{choice.id}`: {choice.text}" for choice in choices), ""] if choices else []


# --- every wrong answer that has an explanation is a mutant -----------------------------------------------------------------


@cache
def _mutants(text: str) -> tuple[Mutant, ...]:
    bank = read_bank(text)
    key = {question.id: key_of(question) for question in bank.question}
    return tuple(
        Mutant(
            Misconception(
                name=f"{question.id}__{name}",
                exercise=question.id,
                text=" ".join(explanation.split()),
                look=" ".join(look.split()),
            ),
            "answers",
            _assignment({**key, question.id: answer}),
            (),
        )
        for question in bank.question
        for name, answer, explanation, look in wrong_answers(question)
    )


def quiz_mutants(text: str) -> list[Mutant]:
    """The misconceptions of a bank: each wrong choice, number, order and pair, put alone into the right answers."""
    return list(_mutants(text))


def wrong_answers(question: AnyQuestion) -> list[tuple[str, Any, str, str]]:
    """Every explained wrong answer: its name, the whole answer with nothing else wrong, its explanation, where to look."""
    key = key_of(question)
    if isinstance(question, Single):
        return [(c.id, c.id, c.explanation, c.look) for c in question.choice if not c.right]
    if isinstance(question, Multiple):
        return [(c.id, sorted([*key, c.id]), c.explanation, c.look) for c in question.choice if not c.right]
    if isinstance(question, Numeric):
        return [(wrong.id, wrong.value, wrong.explanation, wrong.look) for wrong in question.wrong]
    if isinstance(question, Ordering):
        return [(wrong.id, list(wrong.order), wrong.explanation, wrong.look) for wrong in question.wrong]
    if isinstance(question, Matching):
        columns = [column.id for column in question.column]
        found = []
        for wrong in question.wrong:
            match = [
                wrong.choice if column == wrong.column else one
                for column, one in zip(columns, question.match[wrong.row], strict=True)
            ]
            name = f"{wrong.row}__{wrong.column}__{wrong.choice}" if len(columns) > 1 else f"{wrong.row}__{wrong.choice}"
            found.append((name, {**key, wrong.row: match}, wrong.explanation, wrong.look))
        return found
    return []


def _assignment(answers: dict[str, Any]) -> ast.Assign:
    node = ast.parse(answers_text(answers)).body[0]
    assert isinstance(node, ast.Assign)
    return node
