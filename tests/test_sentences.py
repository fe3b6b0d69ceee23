"""Every sentence that a known mistake produces is English, tells two things apart that differ, and hides what it must."""

from __future__ import annotations

import re

import pytest

from autograder.declare.catalogue import OURS
from autograder.declare.compare import Observation, form_of
from autograder.grading.diagnose.sentences import UNKNOWN, observation_words
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.record import answers_for

# What no sentence may say, each with why.
NEVER = {
    r"is (.+), where \1 is due": "what is there and what is due are told in the same words",
    r"returns (.+), where \1 is due": "what is there and what is due are told in the same words",
    r"(exactly|about) -\S+ times too": "a negative number is no number of times",
    r"\b(exactly|about) (0|1) times": "once too large is right, and no number is 0 times too small",
    r"off by 0%": "what is off is not off by nothing",
    r"chance allows": "a deterministic function has nothing to do with chance",
    r"return statement missing\?.*\w+: |^\w+: .*return statement": "an attribute is not returned",
    r"<locals>|object at 0x|Foreign|\bnan\b|\binf\b": "a word of Python's innards",
    r"\.\.$|  |\?\.$|\{\}": "not a sentence",
}


def sentences(topic: str) -> list[tuple[str, str, str]]:
    """What a report says of everything that every known mistake of a topic gets wrong, from what was recorded of it."""
    answers = answers_for(topic, DEFAULT_SECRET)
    checks = {check_id: check for check_id, _, check in OURS.topic(topic).checks()}
    found = []
    for check_id in checks:
        expected, forms, cases = (answers.part(check_id, part) for part in ("expected", "forms", "cases"))
        for mistake, mistaken in answers.part(check_id, "mistaken").items():
            for name in dict.fromkeys(name for case in mistaken for name in case):
                wrong = [i for i, case in enumerate(mistaken) if name in case]
                seen = [Observation(mistaken[i][name], _due(name, expected[i], forms[i]), False) for i in wrong]
                found.append((check_id, mistake, observation_words(name, seen, [cases[i] for i in wrong])))
    return found


def _due(name: str, expected: dict[str, object], forms: dict[str, object]) -> object:
    form = name.removeprefix("form of ")
    if form == name:
        return expected.get(name, UNKNOWN)
    return forms[form] if form in forms else form_of(expected[form])  # a measure that judges forms itself


@pytest.mark.parametrize("topic", [name for name in OURS.names if name != "concepts"])
def test_every_sentence_of_a_known_mistake_says_what_it_means(topic: str) -> None:
    told = sentences(topic)
    assert len(told) > 100
    for check_id, mistake, sentence in told:
        where = f"{check_id}, {mistake}: {sentence}"
        assert sentence[-1] in ".?", where
        assert len(sentence) < 400, where
        for pattern, why in NEVER.items():
            assert not re.search(pattern, sentence), f"{where} ({why})"
