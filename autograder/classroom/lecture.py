"""What to say of a misconception in the next lecture: whose it is, an input for the board, and a question for the room."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.classroom.summary import Misconception
from autograder.declare import source
from autograder.text import of_all, plain

# What is written on a board, and read from the last row.
LONGEST_ON_BOARD = 120

Known = Mapping[tuple[str, str], source.Misconception]


def sentence(found: Misconception, known: Known) -> str:
    """A sentence or two for the lecture.

    known: what is recorded of misconceptions, by topic and name; the question is theirs, and without it none is asked.
    """
    said = [f"{of_all(len(found.who), max(found.written, len(found.who)), 'students')} who wrote `{found.exercise}` did this."]
    if found.example is not None and found.example.expected:
        given = "; ".join(f"{name} = {value}" for name, value in found.example.inputs.items())
        board = [given, found.example.answer, found.example.expected]
        if all(len(part) <= LONGEST_ON_BOARD and "`" not in part and part for part in board):
            said.append(f"On the board: for `{board[0]}` they answer `{board[1]}`, and `{board[2]}` is right.")
    if about := known.get((found.topic, found.name)):
        said.append(f"Ask the room: {about.look}")
    return plain(" ".join(said), 2000)


def meaning(found: Misconception, known: Known) -> str:
    """What a misconception is: its recorded text, without what was wrong beside it in somebody's code."""
    about = known.get((found.topic, found.name))
    return about.text if about else found.text
