"""Whoever has learned all public answers by heart is right at home, and wins next to nothing in a course's own grading."""

from __future__ import annotations

import pytest

from autograder.declare.catalogue import load_topic, topic_names
from tests.by_heart import won

# A topic of which all public answers fit into a table, and the quickest to ask; `make exactness` asks the others.
QUICK = "schedules"
# In a quiz nothing is public; what keras_models asks for are objects of a library, which no table holds.
ASKED = [name for name in topic_names() if name not in ("concepts", "keras_models")]
# Answers that are the same for few sizes, of which a course may draw those of the kit; defaults that an object holds.
WINS = {
    "initializers": ["ones/new_array", "constant/new_array", "compute_fans/apart"],
    "normalization": [
        "BatchNormalization.build/apart",
        "BatchNormalization.count_params/apart",
        "LayerNormalization.build/own_memory",
    ],
    "training": ["minibatches/memory", "NetworkClassifier/defaults"],
}


@pytest.mark.parametrize(
    "topic", [pytest.param(name, marks=[] if name == QUICK else [pytest.mark.exactness]) for name in ASKED]
)
def test_a_table_of_public_answers_wins_next_to_nothing(topic: str) -> None:
    found = won(topic)
    assert list(found.checks) == [f"{topic}/{check}" for check in WINS.get(topic, [])]
    if not load_topic(topic).needs.libraries:
        assert found.at_home == found.public > 0, "the table is not all that can be learned"
