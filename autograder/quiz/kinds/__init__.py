"""The kinds of question, a file each: its form in the bank, what is published, how it is asked, read, counted and got wrong.

A new kind is a file like these and its name in `AnyQuestion`; nothing else asks which kind a question is of.

============  ==================================================
``single``    one choice is right
``multiple``  any number of choices is right
``numeric``   a number, within a tolerance
``ordering``  items to put in order
``matching``  rows to match with a choice of each column
``in_words``  free text, which a person reads
``question``  what all kinds share
``choosing``  what those share that have one list
``reading``   how an answer is read that several kinds can have
``checking``  how an answer becomes checks
============  ==================================================
"""

from __future__ import annotations

from typing import get_args

from autograder.quiz.kinds.in_words import InWords
from autograder.quiz.kinds.matching import Matching
from autograder.quiz.kinds.multiple import Multiple
from autograder.quiz.kinds.numeric import Numeric
from autograder.quiz.kinds.ordering import Ordering
from autograder.quiz.kinds.question import Choice, KeyedQuestion, Question
from autograder.quiz.kinds.single import Single

AnyQuestion = Single | Multiple | Numeric | Ordering | Matching | InWords

# By the word that says the kind, in the bank and in what is published.
KINDS: dict[str, type[KeyedQuestion]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyQuestion)}

__all__ = [
    "KINDS", "AnyQuestion", "Choice", "InWords", "KeyedQuestion", "Matching", "Multiple", "Numeric", "Ordering", "Question",
    "Single",
]  # fmt: skip
