"""Any number of choices is right. Right ticks less wrong ticks, not below 0, are the part of the points that is earned."""

from __future__ import annotations

from typing import Any

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import Claims, checks_by_points
from autograder.quiz.kinds.choosing import ListQuestion, OptionsQuestion
from autograder.quiz.kinds.question import Asker, Mistake, Points
from autograder.quiz.kinds.reading import called, read_choice
from autograder.text import counted


class MultipleQuestion(ListQuestion, frozen=True):
    """All that is right in a list is to be ticked."""

    words = "every choice that is right"

    def read(self, value: Any) -> list[str]:
        """The ids of all that is ticked, sorted; one text alone is one tick. Raises BadForm."""
        if type(value) is str:
            value = [value]
        if not isinstance(value, list | tuple | set | frozenset):
            raise BadForm(f"A list of ids is expected, and this is {called(value)}.")
        return sorted({read_choice(item, self.choices) for item in value})

    def checks(self) -> tuple[Check, ...]:
        def count(given: Any, right: Any) -> tuple[int, Claims]:
            ticks = self.read(given)
            hits = len(set(ticks) & set(right))
            said = _said(len(ticks), hits, hits < len(right))
            claims = {
                choice.id: Claim(choice.id in ticks, choice.id in right, 0.0, said=said)
                for choice in sorted(self.choices, key=lambda choice: choice.id)
            }
            return ticks_earned(ticks, right, self.points), claims

        return checks_by_points(self, "Each right tick counts, and each wrong tick takes one away.", count)

    def line_asked(self) -> str:
        return "All letters that are right, such as A C"

    def typed(self, line: str, asker: Asker) -> list[str]:
        return [asker.named(word, self.choices) for word in line.replace(",", " ").split()]


def _said(ticks: int, hits: int, incomplete: bool) -> str:
    if not ticks:
        return "You tick nothing, and something belongs here."
    if ticks == 1:
        found = "it belongs" if hits else "it does not belong"
    elif hits in (0, ticks):
        found = "all of them belong" if hits else "none of them belongs"
    else:
        found = "1 of them belongs" if hits == 1 else f"{hits} of them belong"
    left_out = ", and something that belongs is left out" if incomplete else ""
    return f"You tick {counted(ticks, 'choices')}; {found} here{left_out}."


class Multiple(OptionsQuestion, tag="multiple", frozen=True, kw_only=True):
    """Any number of choices is right; the points are partial, so that they do not tell how many."""

    points: Points = 2

    published_as = MultipleQuestion

    def key(self) -> list[str]:
        return sorted(self.right())

    def mistakes(self) -> list[Mistake]:
        return [
            Mistake(choice.id, sorted([*self.key(), choice.id]), choice.explanation, choice.look) for choice in self.wrong()
        ]

    def shown(self) -> dict[str, Any]:
        return {"points": self.points, **super().shown()}

    def refuse_number_of_right(self, count: int) -> None:
        if not count:
            raise self.fault("no choice is right")


def ticks_earned(ticks: list[str], key: list[str], points: int) -> int:
    """Right ticks less wrong ticks, not below 0, divided by how many are right, times the points, rounded down.

    >>> ticks_earned(["a", "b", "x"], ["a", "b", "c"], 3), ticks_earned(["x"], ["a"], 2), ticks_earned(["a"], ["a", "b"], 2)
    (1, 0, 1)
    """
    right = len(set(ticks) & set(key))
    return max(0, right - (len(set(ticks)) - right)) * points // len(key)
