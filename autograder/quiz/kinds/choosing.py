"""What the two kinds share in which something is chosen from one list: the options, and that every wrong one is explained."""

from __future__ import annotations

from typing import Any

from autograder.quiz.kinds.question import Choice, Id, KeyedQuestion, Part, Question, Text, listed, mixed


class Option(Part, frozen=True, kw_only=True):
    """A choice. What is not right has an explanation, and says where to look without giving the key away."""

    id: Id
    text: Text
    right: bool = False
    explanation: str = ""
    look: str = ""


class ListQuestion(Question, frozen=True):
    """A question with one list."""

    choices: list[Choice] = []

    def lists(self) -> list[tuple[str, str, list[Choice]]]:
        return [("", "", self.choices)]

    def told(self) -> list[str]:
        return listed(self.choices)


class OptionsQuestion(KeyedQuestion, frozen=True, kw_only=True):
    """A question with options, some of them right."""

    choice: list[Option]

    def right(self) -> list[str]:
        """The ids of what is right, in the bank's order."""
        return [choice.id for choice in self.choice if choice.right]

    def wrong(self) -> list[Option]:
        """The options that are not right."""
        return [choice for choice in self.choice if not choice.right]

    def shown(self) -> dict[str, Any]:
        return {"choices": mixed(self.id, self.choice)}

    def refuse_mistakes(self) -> None:
        super().refuse_mistakes()
        self.refuse_twice("choice", (choice.id for choice in self.choice))
        self.refuse_number_of_right(len(self.right()))
        if len(self.wrong()) < 2:
            raise self.fault("there must be two wrong choices or more")
        for choice in self.wrong():
            if not choice.explanation or not choice.look:
                raise self.fault(f"the wrong choice {choice.id!r} needs an explanation and a look")
        for choice in self.choice:
            if choice.right and (choice.explanation or choice.look):
                raise self.fault(f"the right choice {choice.id!r} has an explanation, which nobody would read")

    def refuse_number_of_right(self, count: int) -> None:
        """Raises GraderFault where not so many may be right."""
        raise NotImplementedError
