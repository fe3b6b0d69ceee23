"""Exactly one choice is right: all or nothing."""

from __future__ import annotations

from typing import Any

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import Claims, check_of
from autograder.quiz.kinds.choosing import ListQuestion, OptionsQuestion
from autograder.quiz.kinds.question import Asker, Mistake, Points
from autograder.quiz.kinds.reading import read_choice


class SingleQuestion(ListQuestion, frozen=True):
    """One of a list is to be chosen."""

    words = "one choice"

    def read(self, value: Any) -> str:
        return read_choice(value, self.choices)

    def checks(self) -> tuple[Check, ...]:
        def measure(given: Any, right: Any) -> Claims:
            choice = self.read(given)
            return {"choice": Claim(choice, right, 0.0, said=f'You answer "{choice}".')}

        return (check_of("choice", f"{self.title}: the choice is the right one.", self.points, (self.id,), measure),)

    def line_asked(self) -> str:
        return "Letter"

    def typed(self, line: str, asker: Asker) -> str:
        words = [asker.named(word, self.choices) for word in line.replace(",", " ").split()]
        if len(words) != 1:
            raise BadForm("One choice is expected.")
        return words[0]


class Single(OptionsQuestion, tag="single", frozen=True, kw_only=True):
    """Exactly one choice is right."""

    points: Points = 1

    published_as = SingleQuestion

    def key(self) -> str:
        return self.right()[0]

    def mistakes(self) -> list[Mistake]:
        return [Mistake(choice.id, choice.id, choice.explanation, choice.look) for choice in self.wrong()]

    def shown(self) -> dict[str, Any]:
        return {"points": self.points, **super().shown()}

    def refuse_number_of_right(self, count: int) -> None:
        if count != 1:
            raise self.fault(f"{count} choices are right, where one must be")
