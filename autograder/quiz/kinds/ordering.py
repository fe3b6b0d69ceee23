"""Items to put in order. Those that stand directly behind the one they belong behind are the part of the points earned."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import Claims, checks_by_points
from autograder.quiz.kinds.choosing import ListQuestion
from autograder.quiz.kinds.question import Asker, Id, Item, KeyedQuestion, Mistake, Part, Points, Text, mixed
from autograder.quiz.kinds.reading import called, read_choice


class OrderingQuestion(ListQuestion, frozen=True):
    """A list is to be put in order."""

    words = "all in the right order"

    def read(self, value: Any) -> list[str]:
        """The ids of all items, each once, in the student's order. Raises BadForm."""
        if not isinstance(value, list | tuple):
            raise BadForm(f"A list of ids in order is expected, and this is {called(value)}.")
        found = [read_choice(item, self.choices) for item in value]
        absent = [choice.id for choice in self.choices if choice.id not in found]
        if absent:
            raise BadForm(f"Every item must be in the list; missing: {', '.join(absent)}.")
        if len(found) > len(self.choices):
            twice = sorted({item for item in found if found.count(item) > 1})
            raise BadForm(f"Every item must be in the list once; more than once: {', '.join(twice)}.")
        return found

    def checks(self) -> tuple[Check, ...]:
        def count(given: Any, right: Any) -> tuple[int, Claims]:
            order = self.read(given)
            of = len(right) - 1
            found = links(order, right)
            follow = f"{found} follow" if found > 1 else f"{found or 'none'} follows"
            said = f"Of the {of} items that follow another one, {follow} the right one directly."
            pairs = combinations(sorted(choice.id for choice in self.choices), 2)
            claims = {
                f"{a} before {b}": Claim(order.index(a) < order.index(b), right.index(a) < right.index(b), 0.0, said=said)
                for a, b in pairs
            }
            return order_earned(order, right, self.points), claims

        return checks_by_points(self, "Each item that stands directly behind the right one counts.", count, sets=False)

    def line_asked(self) -> str:
        return "All letters in order, such as C A B"

    def typed(self, line: str, asker: Asker) -> list[str]:
        return [asker.named(word, self.choices) for word in line.replace(",", " ").split()]


class WrongOrder(Part, frozen=True, kw_only=True):
    """An order that a known mistake comes to."""

    id: Id
    order: list[Id]
    explanation: Text
    look: Text


class Ordering(KeyedQuestion, tag="ordering", frozen=True, kw_only=True):
    """Items to put in order; ``order`` is the right one."""

    item: list[Item]
    order: list[Id]
    wrong: list[WrongOrder]
    points: Points = 2

    published_as = OrderingQuestion

    def key(self) -> list[str]:
        return list(self.order)

    def mistakes(self) -> list[Mistake]:
        return [Mistake(wrong.id, list(wrong.order), wrong.explanation, wrong.look) for wrong in self.wrong]

    def shown(self) -> dict[str, Any]:
        return {"points": self.points, "choices": mixed(self.id, self.item)}

    def refuse_mistakes(self) -> None:
        super().refuse_mistakes()
        self.refuse_twice("item", (item.id for item in self.item))
        self.refuse_twice("wrong order", (wrong.id for wrong in self.wrong))
        if len(self.wrong) < 2:
            raise self.fault("there must be two wrong orders or more")
        orders = [self.order, *(wrong.order for wrong in self.wrong)]
        for order in orders:
            if sorted(order) != sorted(item.id for item in self.item):
                raise self.fault(f"the order {order} is not one of all items")
        if len(set(map(tuple, orders))) < len(orders):
            raise self.fault("an order stands there twice")


def order_earned(order: list[str], key: list[str], points: int) -> int:
    """Items that stand directly behind the one they belong behind, divided by all but one, times the points, rounded down.

    >>> order_earned(list("abcd"), list("abcd"), 3), order_earned(list("dabc"), list("abcd"), 3)
    (3, 2)
    """
    return links(order, key) * points // (len(key) - 1)


def links(order: list[str], key: list[str]) -> int:
    """How many items stand directly behind the one that they belong behind."""
    return len(set(pairwise(order)) & set(pairwise(key)))
