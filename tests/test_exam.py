"""The exam's programs are many, and of a seeded part each is caught or explained; `make exam` grades several hundred."""

from __future__ import annotations

from autograder.grading.engine import Grader
from tests import exam

# A few of each topic that trains nothing, drawn anew from the whole with a fixed seed.
SAMPLE, SEED = 12, 1
TOPICS = tuple(topic for topic in exam.topics_examined() if topic != "training")


def test_programs_that_nobody_wrote_are_caught_or_explained(any_grader: Grader) -> None:
    reasons = exam.explained()
    found = exam.sample(TOPICS, SAMPLE, SEED)
    assert [
        program.name for program in found if program.name not in reasons and not exam.fate_of(any_grader, program).caught
    ] == []


def test_there_are_several_hundred_of_each_topic() -> None:
    assert all(len(exam.candidates_of(topic)) > 200 for topic in exam.topics_examined())


def test_every_explained_program_can_be_made() -> None:
    assert set(exam.explained()) <= {program.name for topic in exam.topics_examined() for program in exam.candidates_of(topic)}


def test_a_sample_is_the_same_every_time_and_shared_among_the_topics() -> None:
    assert exam.sample(TOPICS, SAMPLE, SEED) == exam.sample(TOPICS, SAMPLE, SEED)
    assert {program.topic for program in exam.sample(TOPICS, SAMPLE, SEED)} == set(TOPICS)
