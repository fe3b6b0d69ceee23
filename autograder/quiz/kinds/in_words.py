"""Free text, read by a person: no points, and nothing that is known to be wrong."""

from __future__ import annotations

from typing import Any

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import Claims, check_of
from autograder.quiz.kinds.question import KeyedQuestion, Question, Text


class InWordsQuestion(Question, frozen=True):
    """Words of the student's own are asked for."""

    words = "in your own words"

    def read(self, value: Any) -> str:
        if type(value) is not str or not value.strip():
            raise BadForm("An answer in words is a text in quotes.")
        return value

    def checks(self) -> tuple[Check, ...]:
        def measure(given: Any, right: Any) -> Claims:
            del right
            self.read(given)
            return {"text": Claim(True, True, 0.0)}

        return (check_of("read", f"{self.title}: read by a person.", 0, (self.id,), measure, manual=True),)

    def line_asked(self) -> str:
        return "In your own words, on one line"


class InWords(KeyedQuestion, tag="text", frozen=True, kw_only=True):
    """Free text, read by a person; ``model`` is a model answer, and what it must hold."""

    model: Text

    published_as = InWordsQuestion

    def key(self) -> str:
        return " ".join(self.model.split())

    def shown(self) -> dict[str, Any]:
        return {"points": 0}
