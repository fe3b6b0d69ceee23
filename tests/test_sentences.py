"""Every sentence of a report is English, tells apart what differs, and hides what it must; `tests.sentences` renders them."""

from __future__ import annotations

import pytest

from autograder.declare.catalogue import OURS
from autograder.grading.engine import Grader
from tests import sentences
from tests.random_mutants import sample

# A few show whether a kind says nonsense: one mistake and slip in ten, and twelve random mutants. `make exactness` renders
# what is said of every mistake and slip, and `python -m tests.sentences` of hundreds of random mutants as well.
EVERY, MUTANTS, SEED = 10, 12, 4


@pytest.mark.parametrize("every", [EVERY, pytest.param(1, marks=pytest.mark.exactness)])
@pytest.mark.parametrize("topic", [name for name in reversed(OURS.names) if name != "concepts"])
def test_every_sentence_of_a_known_mistake_says_what_it_means(topic: str, every: int) -> None:
    told = list(sentences.of_mistakes(topic, every))
    assert len(told) > 30
    assert sentences.faults(told) == []


def test_every_sentence_on_a_random_mutant_says_what_it_means(any_grader: Grader) -> None:
    topics = tuple(name for name in OURS.names if name != "concepts" and not OURS.topic(name).needs.libraries)
    told = [one for mutant in sample(topics, MUTANTS, SEED) for one in sentences.of_mutant(any_grader, mutant)]
    assert len(told) > MUTANTS
    assert sentences.faults(told) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "steps: it is 5, and should be 5.",
        "2 of its 2 numbers are NaN.",
        "It is exactly -2 times too small.",
        "It raises ValueError",
    ],
)
def test_a_sentence_that_says_nonsense_is_found(sentence: str) -> None:
    assert sentences.faults([("here", sentence)])
