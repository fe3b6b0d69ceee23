"""Every sentence of a report is English, tells apart what differs, and hides what it must; `tests.sentences` renders them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.keras_models import in_runs, rates_said
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Dense", "activation", "AlphaDropout"] * 10 + ["Dense", "activation"],
         "Dense, activation, AlphaDropout, 10 times, then Dense, activation"),
        (["selu"] * 10 + ["softmax"], "selu, 10 times, then softmax"),
        (["norm", *["Dense", "norm"] * 2, "Dense", "relu", *["Dense", "elu"] * 3],
         "norm, Dense, 3 times, then relu, then Dense, elu, 3 times"),
        (["Dense", "activation"] * 3, "Dense, activation, Dense, activation, Dense, activation"),
        ([], "none"),
    ],
)  # fmt: skip
def test_what_comes_again_and_again_is_told_once(words: list[str], said: str) -> None:
    assert in_runs(words) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([1.0, 1.0, 1.0], ""),
        ([1.0, 1.5, 1.0], "In epoch 1 the learning rate is 50% too large, the first that is wrong."),
        ([4.0, 1.0, 0.1],
         "Already in epoch 0 the learning rate is 4 times what is due; in epoch 2 it is 0.1 times what is due."),
        ([0.9, 1.0, 0.0], "Already in epoch 0 the learning rate is 10% too small; in epoch 2 it is 0."),
        ([1.0, np.nan, -1.0],
         "In epoch 1 the learning rate is no finite number, the first that is wrong; in epoch 2 it is below 0."),
        ([1.0, 1.0], ""),
    ],
)  # fmt: skip
def test_of_learning_rates_the_first_that_is_wrong_is_told(found: list[float], said: str) -> None:
    assert rates_said(np.array(found), np.ones(3), 1e-6 * np.ones(3), lambda epoch: f"in epoch {epoch}") == said
