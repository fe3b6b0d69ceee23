"""How an answer becomes checks: one for the whole of it, or one for each point. A check holds no key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.declare.script import Symbol, entry
from autograder.declare.table import Answers, Check, Claim, Inputs
from autograder.errors import BadForm
from autograder.quiz.kinds.question import Question
from autograder.wall.inside.wire import Foreign

Claims = Mapping[str, Claim]

NO_DICT = Foreign("entry of no dict")  # what the step `entry` answers


def _nothing(draw: Any) -> Inputs:
    del draw
    return {}


def _ask(keys: tuple[str, ...], sets: bool) -> Callable[[Symbol], dict[str, Symbol]]:
    def program(student: Symbol) -> dict[str, Symbol]:
        found = student.answers
        for key in keys:
            found = entry(found, key, sets)
        return {"answer": found}

    return program


def check_of(
    name: str,
    sentence: str,
    points: int,
    keys: tuple[str, ...],
    measure: Callable[[Any, Any], Claims],
    sets: bool = True,
    **more: Any,
) -> Check:
    """A check of one answer. measure: the claims about an answer, given the right one; a BadForm of it is a claim as well.

    keys: where the answer stands in the student's `answers`, one dict in another. sets: whether a set may stand for a list.
    more: what else a Check has.
    """

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
        name,
        sentence,
        inputs=_nothing,
        program=_ask(keys, sets),
        measure=against,
        against=True,
        cases=1,
        points=points,
        **more,
    )


def checks_by_points(
    question: Question, rule: str, count: Callable[[Any, Any], tuple[int, Claims]], sets: bool = True
) -> tuple[Check, ...]:
    """A check for each point. Where its point is not earned it claims every detail, so that each mistake is seen by itself.

    count: the points that an answer earns, given the right one, and the details. sets: whether a set may stand for a list.
    """

    def measure(place: int) -> Callable[[Any, Any], Claims]:
        def claims(given: Any, right: Any) -> Claims:
            earned, details = count(given, right)
            return {"points": Claim(earned, place, 0.0, holds=True)} if earned >= place else details

        return claims

    return tuple(
        check_of(
            f"point_{i}", f"{question.title}: point {i} of {question.points}. {rule}", 1, (question.id,), measure(i), sets
        )
        for i in range(1, question.points + 1)
    )
