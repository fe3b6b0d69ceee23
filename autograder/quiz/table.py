"""Makes a topic's table of checks from its questions; each kind of question says how it is counted."""

from __future__ import annotations

from autograder.declare.source import Mutant
from autograder.declare.table import Exercise, Topic
from autograder.quiz.questions import Quiz


def quiz_topic(quiz: Quiz) -> Topic:
    """The table: one exercise a question."""
    exercises = tuple(Exercise(question.id, question.title, question.checks()) for question in quiz.questions)
    return Topic(quiz.topic, quiz.title, exercises, source=FromBank())


class FromBank:
    """A quiz's source: its bank of questions. What reads banks is loaded only where there is one to be read."""

    suffix = ".toml"

    def reference(self, text: str) -> str:
        """Prose, and the key as the answers."""
        from autograder.quiz.source import reference_text

        return reference_text(text)

    def mutants(self, text: str) -> list[Mutant]:
        """Every wrong answer that is explained, put alone into the right ones."""
        from autograder.quiz.source import quiz_mutants

        return quiz_mutants(text)
