"""What is asked about concepts, and how it is counted: the questions of ``concepts.json``."""

from __future__ import annotations

from autograder.quiz.questions import read_quiz
from autograder.quiz.table import quiz_topic

TOPIC = quiz_topic(read_quiz("concepts"))
