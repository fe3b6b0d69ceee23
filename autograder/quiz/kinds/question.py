"""What all kinds of question share: the form in the bank, which holds the key, and the form that everybody may read."""

from __future__ import annotations

import hashlib
import keyword
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar, NamedTuple, Protocol, TypeVar

import msgspec

from autograder.declare.table import Check
from autograder.errors import GraderFault, Skipped

T = TypeVar("T")

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$", description="lower-case letters, digits, _; it tells no key")]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Points = Annotated[int, msgspec.Meta(ge=1, le=12)]
Lecture = Annotated[int, msgspec.Meta(ge=1, le=5)]


# --- as everybody may read it ---------------------------------------------------------------------------------------------


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of several things to choose, to put in order, or to match. Its identity is the id; its place means nothing."""

    id: str
    text: str


class Asker(Protocol):
    """Whoever asks a question in the terminal, a line at a time."""

    def heading(self, text: str) -> None:
        """Say what the next lines are about."""

    def line(self, prompt: str, read: Callable[[str], T]) -> T:
        """What a line means, asked for until it is of a right form: read raises BadForm. Raises Skipped and Quit."""

    def named(self, word: str, choices: Sequence[Choice], listed_as: str = "") -> str:
        """The id of the choice that a letter stands for, where these were listed; anything else as it is."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question without its key. Each kind adds what it shows, how an answer is read, and how it is counted."""

    id: str
    kind: str
    lecture: int
    subject: str
    title: str
    prompt: str
    points: int
    figure: str = ""
    alternative: str = ""  # what the figure shows, in words

    words: ClassVar[str]  # what is asked for, in words

    def read(self, value: Any) -> Any:
        """An answer as a student wrote it, in its one form: every reasonable form of it is this one. Raises BadForm."""
        raise NotImplementedError

    def is_whole(self, answer: Any) -> bool:
        """Whether nothing of an answer in its one form is left open."""
        del answer
        return True

    def checks(self) -> tuple[Check, ...]:
        """The checks of an answer. They hold no key: that comes with the reference's recorded answers."""
        raise NotImplementedError

    def lists(self) -> list[tuple[str, str, list[Choice]]]:
        """What can be chosen: for each list its id, its title (both empty where there is one list alone), its choices."""
        return []

    def told(self) -> list[str]:
        """Lines of Markdown that a handout has below the prompt."""
        return []

    def ask(self, asker: Asker, before: Any, anew: bool) -> Iterator[Any]:
        """What to keep, as soon as it is known; nothing if it is skipped.

        before: what is kept now. anew: ask also for what is answered already.
        """
        del before, anew
        with suppress(Skipped):
            yield asker.line(self.line_asked(), lambda line: self.read(self.typed(line, asker)))

    def line_asked(self) -> str:
        """What stands before the line that is typed."""
        raise NotImplementedError

    def typed(self, line: str, asker: Asker) -> Any:
        """What a line in the terminal would be in the student's file. Raises BadForm."""
        del asker
        return line


def listed(choices: Sequence[Choice]) -> list[str]:
    """Choices as a list in Markdown, and an empty line; nothing where there are none."""
    return [*(f"- `{choice.id}`: {choice.text}" for choice in choices), ""] if choices else []


# --- as it stands in the bank ---------------------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in the bank: a word that does not exist there is an error."""


class Item(Part, frozen=True, kw_only=True):
    """Something to put in order or to match."""

    id: Id
    text: Text


class Mistake(NamedTuple):
    """An explained wrong answer: its name, the whole answer with nothing else wrong, and what is said of it."""

    name: str
    answer: Any
    explanation: str
    look: str


class KeyedQuestion(Part, frozen=True, tag_field="kind", kw_only=True):
    """A question with its key. Each kind adds what it holds, what may be published of it, and what is wrong."""

    id: Id
    lecture: Lecture
    subject: Text
    title: Text
    prompt: Text
    figure: str = ""
    alternative: str = ""

    published_as: ClassVar[type[Question]]

    def refuse_mistakes(self) -> None:
        """What types cannot say of a question. Raises GraderFault."""
        if keyword.iskeyword(self.id):
            raise self.fault("its id is a word of Python's")
        if bool(self.figure) != bool(self.alternative):
            raise self.fault("a figure and its alternative text belong together")

    def key(self) -> Any:
        """The right answer, as a student would write it."""
        raise NotImplementedError

    def mistakes(self) -> list[Mistake]:
        """Every wrong answer that is explained."""
        return []

    def shown(self) -> dict[str, Any]:
        """What the kind publishes beside what every question does: the points first of all."""
        raise NotImplementedError

    def published(self) -> Question:
        """The question without the key, and in no order that tells it."""
        return self.published_as(
            id=self.id,
            kind=str(self.__struct_config__.tag),
            lecture=self.lecture,
            subject=self.subject,
            title=self.title,
            prompt=self.prompt.strip(),
            figure=self.figure,
            alternative=" ".join(self.alternative.split()),
            **self.shown(),
        )

    def fault(self, what: str) -> GraderFault:
        """The error that says what is wrong with this question."""
        return GraderFault(f"Question {self.id}: {what}.")

    def refuse_twice(self, what: str, ids: Iterable[str], where: str = "") -> None:
        """Raises GraderFault where two of a question's parts have one id."""
        refuse_twice(f"Question {self.id}{where}", what, ids)


def refuse_twice(where: str, what: str, ids: Iterable[str]) -> None:
    """Raises GraderFault where two have one id."""
    found = list(ids)
    twice = sorted({one for one in found if found.count(one) > 1})
    if twice:
        raise GraderFault(f"{where}: there are two of the {what} {twice[0]!r}.")


def mixed(place: str, choices: Iterable[Any]) -> list[Choice]:
    """Things with id and text in the order of a digest of their names, so that where one stands tells nothing."""
    made = [Choice(choice.id, " ".join(choice.text.split())) for choice in choices]
    return sorted(made, key=lambda choice: hashlib.sha256(f"{place}/{choice.id}".encode()).digest())
