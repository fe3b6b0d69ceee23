"""The grader is proven: every known bug is caught and named, right code in any style gets full marks."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.declare.catalogue import OURS, topic_names
from autograder.grading.diagnose.explain import explain
from autograder.grading.diagnose.known import name_misconceptions
from autograder.grading.engine import Grader
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import Mutant, make_module, mutant_source, mutant_tree, mutants
from autograder.recording.record import answers_for
from autograder.statuses import GOOD
from tests import odd_styles, proof, random_mutants
from tests.conftest import (
    ALTERNATIVES,
    TRAINING,
    WALLED,
    each_with_one,
    submission_of,
    topics_parameter,
)
from tests.proof import NOT_NAMED_FIRST

# One misconception of each exercise, some 210 of 1,834, goes through the wall here, and all of them in `make exactness`: what
# spoils an exercise's checks, or the diagnosis, shows in most. A mutant takes a tenth of a second; where topics train
# most take a whole one, so that there it is one of every third exercise.
OF_EACH, OF_EVERY_THIRD = 1, 3

_proofs: dict[str, list[proof.Proof]] = {}


def sampled(topic: str) -> list[Mutant]:
    """A misconception of every exercise of a topic, or of every third one, drawn with a fixed seed."""
    by_exercise: dict[str, list[Mutant]] = {}
    for mutant in mutants(topic):
        by_exercise.setdefault(mutant.about.exercise, []).append(mutant)
    source = random.Random(f"{topic} {SEED}")
    exercises = list(by_exercise.values())[:: OF_EVERY_THIRD if topic in TRAINING else 1]
    return [mutant for found in exercises for mutant in source.sample(found, OF_EACH)]


def prove_through_the_wall(grader: Grader, topic: str, some: Sequence[Mutant]) -> list[proof.Proof]:
    """Grade each of these mutants as the submission it could be: behind the wall, beside nothing but itself."""
    found = []
    for mutant in some:
        reached = proof.reached(grader.answers(topic), mutant.replaces)
        submission = submission_of(**{topic: mutant_source(topic, mutant)})
        (result,) = grader.verdicts(submission, [topic], lambda check_id, _, reached=reached: check_id in reached)  # type: ignore[misc]
        assert result.problem is None, f"{mutant.about.name}: {result.problem}"
        named = name_misconceptions(grader.answers(topic), result.verdicts)
        failed = tuple(verdict.check_id for verdict in result.verdicts if verdict.status not in GOOD)
        assert not any(verdict.status == "grader_error" for verdict in result.verdicts), mutant.about.name
        about = mutant.about
        found.append(proof.Proof(about.name, about.exercise, failed, tuple(n.misconception.name for n in named)))
    return found


@pytest.mark.parametrize("topic", topics_parameter())
def test_misconceptions_of_every_exercise_are_caught_and_named_first(topic: str, any_grader: Grader) -> None:
    _proofs[topic] = prove_through_the_wall(any_grader, topic, sampled(topic))
    caught_and_named_first(_proofs[topic])


@pytest.mark.exactness
@pytest.mark.parametrize("topic", topics_parameter())
def test_every_misconception_is_caught_and_named_first(topic: str, any_grader: Grader) -> None:
    caught_and_named_first(prove_through_the_wall(any_grader, topic, mutants(topic)))


def caught_and_named_first(proofs: Sequence[proof.Proof]) -> None:
    """What holds of every misconception."""
    assert [p.misconception for p in proofs if not p.caught] == []
    assert [p.misconception for p in proofs if p.wrongly_named] == []
    assert {p.misconception for p in proofs if not p.named_first} <= NOT_NAMED_FIRST.keys()


@pytest.mark.parametrize("topic", topics_parameter())
def test_every_exercise_has_two_misconceptions_or_more(topic: str) -> None:
    counts = Counter(mutant.about.exercise for mutant in mutants(topic))
    from autograder.declare.catalogue import load_topic

    assert [e.name for e in load_topic(topic).exercises if e.max_score and counts[e.name] < 2] == []
    assert set(counts) <= {e.name for e in load_topic(topic).exercises}


def test_the_table_of_the_proof(any_grader: Grader, capsys: pytest.CaptureFixture[str]) -> None:
    for topic in topic_names():
        if topic not in _proofs:
            _proofs[topic] = prove_through_the_wall(any_grader, topic, sampled(topic))
    with capsys.disabled():
        print("\n" + proof.table({topic: _proofs[topic] for topic in topic_names()}))
    everything = [p for topic in topic_names() for p in _proofs[topic]]
    assert len(everything) >= 150
    assert all(p.caught for p in everything)
    assert sum(p.named_first for p in everything) >= 0.95 * len(everything)
    known = {mutant.about.name for topic in topic_names() for mutant in mutants(topic)}
    assert NOT_NAMED_FIRST.keys() <= known
    assert len(NOT_NAMED_FIRST) <= 0.05 * len(known)


def test_an_optimizer_that_does_more_than_is_asked_for_is_caught(any_grader: Grader) -> None:
    """It is no known mistake: one yes or no shows it, which never names, and the check's own sentence tells it."""
    asked, check_id = "SGD(learning_rate=learning_rate)", "keras_models/compile_classifier/optimizer"
    source, answers = OURS.reference_source("keras_models"), any_grader.answers("keras_models")
    assert source.count(asked) == 1
    wrong = source.replace(asked, "SGD(learning_rate=learning_rate, weight_decay=1e-4)")
    (result,) = any_grader.verdicts(submission_of(keras_models=wrong), ["keras_models"], lambda name, _: name == check_id)
    assert [(v.check_id, v.status) for v in result.verdicts if v.check_id == check_id] == [(check_id, "failed")]
    text, _ = explain(answers, result.verdicts)
    assert "lets weights decay" in text[check_id].diagnosis.text + text[check_id].diagnosis.evidence


@pytest.mark.parametrize(
    ("topic", "name", "others"),
    [("optimizers", "optimizer_forgets_state", 13), ("normalization", "bn_vectors_share_memory", 5)],
)
def test_a_mistake_in_what_all_is_built_of_is_one_cause_and_may_cost_once(topic: str, name: str, others: int) -> None:
    answers = answers_for(topic, DEFAULT_SECRET)
    mutant = next(mutant for mutant in mutants(topic) if mutant.about.name == name)
    module = make_module(topic, mutant_tree(topic, mutant))
    verdicts = proof.verdicts_in_process(topic, module, answers)
    (charged,), (free,) = explain(answers, verdicts)[1], explain(answers, verdicts, free=True)[1]
    assert (charged.misconception, len(charged.follows)) == (name, others)
    lost = dict.fromkeys((verdict.exercise for verdict in verdicts), 0.0)
    for verdict in verdicts:
        lost[verdict.exercise] += verdict.check.points - verdict.points
    assert charged.points == sum(lost.values())
    assert free.points == lost[mutant.about.exercise] < charged.points / 10


# A topic's two stand behind one wall each. Of what is written in Keras there is one here, behind the wall that has loaded it.
IN_KERAS = [path for path in ALTERNATIVES if path.stem.startswith("keras_models")]
STYLES = [
    *each_with_one([path for path in ALTERNATIVES if path not in IN_KERAS], WALLED),
    *(
        pytest.param(
            path, backend, marks=[pytest.mark.exactness] * (i > 0 or backend != "landlock"), id=f"{path.stem}-{backend}"
        )
        for i, path in enumerate(IN_KERAS)
        for backend in WALLED
    ),
]


@pytest.mark.parametrize(("path", "backend"), STYLES)
def test_right_code_in_another_style_gets_full_marks(path: Path, backend: str, graders: Callable[[str], Grader]) -> None:
    grader = graders(backend)
    topic = next(name for name in topic_names() if path.stem.startswith(name))
    (result,) = grader.verdicts(submission_of(**{topic: path.read_text(encoding="utf-8")}), [topic])
    assert result.problem is None
    assert [(v.check_id, v.status, v.wrong) for v in result.verdicts if v.status not in GOOD] == []


# `make proof` and `make exactness` grade all of them; this many keep the tests short, drawn from the whole with a fixed seed.
SAMPLE, SEED = 40, 3
# Every style costs a grading of its topic; a few tell whether a check has become narrow, and `make exactness` asks all.
FEW_STYLES = 4


def odd_styles_sampled() -> list[Any]:
    """Right code in odd styles: a few here, drawn from the topics that train nothing; all in `make exactness`."""
    everything = [(topic, *made) for topic in topic_names() for made in odd_styles.odd_modules(topic)]
    few = random.Random(SEED).sample([made[:3] for made in everything if made[0] not in TRAINING], FEW_STYLES)
    few.append(("layers", "layers_loops.py", "slots"))  # into whose objects a check puts something of its own
    return [
        pytest.param(topic, text, id=f"{file}-{style}", marks=[pytest.mark.exactness] * ((topic, file, style) not in few))
        for topic, file, style, text in everything
    ]


@pytest.mark.parametrize(("topic", "text"), odd_styles_sampled())
def test_right_code_in_an_odd_style_gets_full_marks(topic: str, text: str) -> None:
    assert odd_styles.failures(topic, text) == []


def test_there_are_two_alternatives_a_topic() -> None:
    counts = Counter(next(name for name in topic_names() if path.stem.startswith(name)) for path in ALTERNATIVES)
    assert {topic: counts[topic] >= 2 for topic in topic_names()} == dict.fromkeys(topic_names(), True)


def test_random_mutants_are_caught_or_explained(any_grader: Grader) -> None:
    reasons = random_mutants.explained()
    sample = random_mutants.sample(topic_names(), SAMPLE, SEED)
    holes = [m.name for m in sample if m.name not in reasons and random_mutants.survives(any_grader, m)]
    assert holes == []


def test_there_are_three_hundred_random_mutants_to_draw_from() -> None:
    assert sum(len(random_mutants.mutants_of(topic)) for topic in topic_names()) >= 300


def test_every_explained_survivor_exists() -> None:
    names = {mutant.name for topic in topic_names() for mutant in random_mutants.mutants_of(topic)}
    assert set(random_mutants.explained()) <= names


def test_the_sources_are_importable_on_their_own() -> None:
    from autograder.recording.misconceptions import make_module

    # What is written in Keras is made a module of its source alone wherever it is recorded: by a process that has Keras.
    for topic in [name for name in topic_names() if "keras" not in OURS.topic(name).needs.imports]:
        assert make_module(topic, OURS.reference_source(topic)).__doc__


def test_the_proof_in_one_process_says_the_same(any_grader: Grader) -> None:
    topic = topic_names()[0]
    some = sampled(topic)
    walled = _proofs.get(topic) or prove_through_the_wall(any_grader, topic, some)
    assert walled == proof.prove(topic, some)
