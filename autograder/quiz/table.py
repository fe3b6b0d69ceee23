"""Makes a topic's table of checks from its questions. A check holds no key: that comes with the reference's recorded answers.

How points are counted:
    single, numeric   all or nothing.
    multiple          right ticks less wrong ticks, not below 0, divided by how many are right, times the points, rounded down.
    ordering          items that stand directly behind the one they belong behind, divided by all but one, times the points,
                      rounded down.
    matching          for each row all or nothing: every column must be right.
    text              none; a person reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations, pairwise
from typing import Any

from autograder.declare.script import Symbol, entry
from autograder.declare.table import Answers, Check, Claim, Exercise, Inputs, Tolerance, Topic
from autograder.errors import BadForm
from autograder.quiz.questions import Choice, Question, Quiz
from autograder.quiz.reading import read_choice as read_single
from autograder.quiz.reading import read_number, read_order, read_row, read_text, read_ticks
from autograder.wall.inside.wire import Foreign

Claims = Mapping[str, Claim]
Against = Callable[[Inputs, Answers, Answers], Claims]


def quiz_topic(quiz: Quiz) -> Topic:
    """The table: one exercise a question."""
    exercises = tuple(Exercise(question.id, question.title, _CHECKS[question.kind](question)) for question in quiz.questions)
    return Topic(quiz.topic, quiz.title, exercises)


def ticks_earned(ticks: list[str], key: list[str], points: int) -> int:
    """Points for a multiple choice.

    >>> ticks_earned(["a", "b", "x"], ["a", "b", "c"], 3), ticks_earned(["x"], ["a"], 2), ticks_earned(["a"], ["a", "b"], 2)
    (1, 0, 1)
    """
    right = len(set(ticks) & set(key))
    return max(0, right - (len(set(ticks)) - right)) * points // len(key)


def order_earned(order: list[str], key: list[str], points: int) -> int:
    """Points for an order.

    >>> order_earned(list("abcd"), list("abcd"), 3), order_earned(list("dabc"), list("abcd"), 3)
    (3, 2)
    """
    return links(order, key) * points // (len(key) - 1)


def links(order: list[str], key: list[str]) -> int:
    """How many items stand directly behind the one that they belong behind."""
    return len(set(pairwise(order)) & set(pairwise(key)))


NO_DICT = Foreign("entry of no dict")  # what the step `entry` answers


def _nothing(draw: Any) -> Inputs:
    del draw
    return {}


def _ask(*keys: str) -> Callable[[Symbol], dict[str, Symbol]]:
    def program(student: Symbol) -> dict[str, Symbol]:
        found = student.answers
        for key in keys:
            found = entry(found, key)
        return {"answer": found}

    return program


def _check(
    name: str, sentence: str, points: int, keys: tuple[str, ...], measure: Callable[[Any, Any], Claims], **more: Any
) -> Check:
    """A check of one answer. measure: the claims about an answer, given the right one; a BadForm of it is a claim as well."""

    def against(case: Inputs, answers: Answers, right: Answers) -> Claims:
        del case
        try:
            if isinstance(answers.get("answer"), Foreign) and answers["answer"] == NO_DICT:
                raise BadForm(
                    "`answers` must be a dict." if len(keys) == 1 else "A dict with an entry for each row is expected."
                )
            return measure(answers.get("answer"), right["answer"])
        except BadForm as problem:
            return {"form": Claim(str(problem), "", 0.0, holds=False, said=str(problem))}

    return Check(
        name, sentence, inputs=_nothing, program=_ask(*keys), measure=against, against=True, cases=1, points=points, **more
    )


def _single(question: Question) -> tuple[Check, ...]:
    def measure(given: Any, right: Any) -> Claims:
        choice = read_single(given, question.choices)
        return {"choice": Claim(choice, right, 0.0, said=f'You answer "{choice}".')}

    return (_check("choice", f"{question.title}: the choice is the right one.", question.points, (question.id,), measure),)


def _numeric(question: Question) -> tuple[Check, ...]:
    def measure(given: Any, right: Any) -> Claims:
        number = read_number(given)
        said = f"You answer {_shown(number)} {question.unit}".rstrip() + "."
        return {"number": Claim(number, read_number(right), question.tolerance, said=said)}

    tolerance = Tolerance(0.0, question.tolerance, question.why)
    sentence = f"{question.title}: the number is right."
    return (_check("number", sentence, question.points, (question.id,), measure, tolerance=tolerance),)


def _shown(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.6g}"


def _by_points(question: Question, rule: str, count: Callable[[Any, Any], tuple[int, Claims]]) -> tuple[Check, ...]:
    """A check for each point. Where its point is not earned it claims every detail, so that each mistake is seen by itself."""

    def measure(place: int) -> Callable[[Any, Any], Claims]:
        def claims(given: Any, right: Any) -> Claims:
            earned, details = count(given, right)
            return {"points": Claim(earned, place, 0.0, holds=True)} if earned >= place else details

        return claims

    return tuple(
        _check(f"point_{i}", f"{question.title}: point {i} of {question.points}. {rule}", 1, (question.id,), measure(i))
        for i in range(1, question.points + 1)
    )


def _multiple(question: Question) -> tuple[Check, ...]:
    def count(given: Any, right: Any) -> tuple[int, Claims]:
        ticks = read_ticks(given, question.choices)
        hits = len(set(ticks) & set(right))
        said = f"You tick {_many(len(ticks), 'choice')}; {hits} of them {'belongs' if hits == 1 else 'belong'} here"
        said += ", and something that belongs is left out." if hits < len(right) else "."
        claims = {
            choice.id: Claim(choice.id in ticks, choice.id in right, 0.0, said=said)
            for choice in sorted(question.choices, key=_id)
        }
        return ticks_earned(ticks, right, question.points), claims

    return _by_points(question, "Each right tick counts, and each wrong tick takes one away.", count)


def _ordering(question: Question) -> tuple[Check, ...]:
    def count(given: Any, right: Any) -> tuple[int, Claims]:
        order = read_order(given, question.choices)
        of = len(right) - 1
        said = f"Directly behind the one that it belongs behind stands {_many(links(order, right), 'item')} of {of}."
        pairs = combinations(sorted(choice.id for choice in question.choices), 2)
        claims = {
            f"{a} before {b}": Claim(order.index(a) < order.index(b), right.index(a) < right.index(b), 0.0, said=said)
            for a, b in pairs
        }
        return order_earned(order, right, question.points), claims

    return _by_points(question, "Each item that stands directly behind the right one counts.", count)


def _matching(question: Question) -> tuple[Check, ...]:
    def measure(given: Any, right: Any) -> Claims:
        found, due = read_row(given, question), read_row(right, question)
        said = f"You match it with {' and '.join(found)}."
        return {
            column.id: Claim(mine, key, 0.0, said=said) for column, mine, key in zip(question.columns, found, due, strict=True)
        }

    each = question.points // len(question.rows)
    return tuple(
        _check(row.id, f"{question.title}: {_plain(row.text)}.", each, (question.id, row.id), measure) for row in question.rows
    )


def _text(question: Question) -> tuple[Check, ...]:
    def measure(given: Any, right: Any) -> Claims:
        del right
        read_text(given)
        return {"text": Claim(True, True, 0.0)}

    return (_check("read", f"{question.title}: read by a person.", 0, (question.id,), measure, manual=True),)


_CHECKS: dict[str, Callable[[Question], tuple[Check, ...]]] = {
    "single": _single, "multiple": _multiple, "numeric": _numeric, "ordering": _ordering, "matching": _matching, "text": _text,
}  # fmt: skip


def _id(choice: Choice) -> str:
    return choice.id


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
