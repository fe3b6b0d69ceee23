"""Makes a topic's table of checks from its questions; each kind of question says how it is counted."""

from __future__ import annotations

from autograder.declare.table import Exercise, Topic
from autograder.quiz.questions import Quiz


def quiz_topic(quiz: Quiz) -> Topic:
    """The table: one exercise a question."""
    exercises = tuple(Exercise(question.id, question.title, question.checks()) for question in quiz.questions)
    return Topic(quiz.topic, quiz.title, exercises)
