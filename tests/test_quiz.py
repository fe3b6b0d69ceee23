"""The quiz: its bank is right and tells no key, every form of an answer is read, points follow the stated rules."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import combinations, pairwise, permutations
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import numpy as np
import pytest
from rich.console import Console

from autograder.at_home.ask import ask_quiz
from autograder.at_home.sheet import findings, open_sheet
from autograder.declare.catalogue import OURS, load_topic
from autograder.errors import BadForm, GraderFault, WrongUsage
from autograder.grading.diagnose.known import name_misconceptions
from autograder.grading.engine import Grader
from autograder.grading.judge import Verdict
from autograder.handing_out.assignments import stub_module
from autograder.quiz.bank import Bank, published, quiz_json, read_bank, schema_json
from autograder.quiz.kinds import KINDS, Matching, Multiple, Numeric, Ordering, Single
from autograder.quiz.kinds.multiple import ticks_earned
from autograder.quiz.kinds.ordering import order_earned
from autograder.quiz.questions import quiz_path, read_quiz, shuffled
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module, mutants
from autograder.recording.record import answers_for
from autograder.report import at_level
from tests.conftest import ROOT, submission_of
from tests.forked import grade_command
from tests.proof import verdicts_in_process

TOPIC = "concepts"
TEXT = (ROOT / "reference" / "concepts.toml").read_text(encoding="utf-8")
BANK: Bank = read_bank(TEXT)
QUIZ = read_quiz(TOPIC)
KEY: dict[str, Any] = {question.id: question.key() for question in BANK.question}


def question(name: str) -> Any:
    found = QUIZ.find(name)
    assert found is not None
    return found


# --- the bank -------------------------------------------------------------------------------------------------------------


def test_what_is_published_is_in_step_with_the_bank() -> None:
    assert quiz_path(TOPIC).read_text(encoding="utf-8") == quiz_json(BANK), "run `python -m autograder.quiz`"
    assert (ROOT / "docs" / "concepts.schema.json").read_text(encoding="utf-8") == schema_json(), (
        "run `python -m autograder.quiz`"
    )


def test_the_bank_fits_its_own_schema() -> None:
    jsonschema.validate(tomllib.loads(TEXT), json.loads(schema_json()))


def test_there_are_forty_questions_or_more_of_every_kind_and_over_all_five_lectures() -> None:
    kinds = Counter(question.kind for question in QUIZ.questions)
    assert len(QUIZ.questions) >= 40
    least = {"single": 20, "multiple": 8, "numeric": 6, "ordering": 4, "matching": 3, "text": 3}
    assert {kind: kinds[kind] >= count for kind, count in least.items()} == dict.fromkeys(least, True)
    assert set(Counter(question.lecture for question in QUIZ.questions)) == {1, 2, 3, 4, 5}
    assert len({question.figure for question in QUIZ.questions} - {""}) >= 3


def test_nothing_that_is_published_holds_an_explanation_or_marks_what_is_right() -> None:
    told = quiz_path(TOPIC).read_text(encoding="utf-8") + stub_module(OURS.reference_source(TOPIC))
    texts = [text for q in BANK.question for _, _, *both in q.mistakes() for text in both]
    assert len(texts) > 300
    assert [text for text in texts if " ".join(text.split()) in told] == []
    for q in json.loads(quiz_json(BANK))["questions"]:
        assert set(q) <= set(KINDS[q["kind"]].published_as.__struct_fields__)
    fields = {name for kind in KINDS.values() for name in kind.published_as.__struct_fields__}
    assert not {"right", "key", "value", "order", "match", "model", "wrong"} & fields


def test_every_wrong_choice_has_its_own_explanation() -> None:
    for q in BANK.question:
        explanations = [explanation for _, _, explanation, _ in q.mistakes()]
        assert len(set(explanations)) == len(explanations), q.id
    chosen = [c for q in BANK.question if isinstance(q, Single | Multiple) for c in q.choice if not c.right]
    assert all(c.explanation and c.look for c in chosen)


def test_where_to_look_does_not_quote_the_right_choice() -> None:
    for q in BANK.question:
        right = [c.text for c in q.choice if c.right] if isinstance(q, Single | Multiple) else []
        for name, _, _, look in q.mistakes():
            assert not any(text.casefold() in look.casefold() for text in right if len(text) > 12), (q.id, name)


def test_the_published_order_does_not_betray_the_key() -> None:
    singles = [q for q in BANK.question if isinstance(q, Single)]
    places = Counter([c.id for c in question(q.id).choices].index(KEY[q.id]) for q in singles)
    assert max(places.values()) <= len(singles) // 2
    assert len(places) >= 4
    for q in BANK.question:
        if isinstance(q, Ordering):
            assert [c.id for c in question(q.id).choices] != q.order, q.id


def test_the_right_choice_is_not_usually_the_longest() -> None:
    singles = [q for q in BANK.question if isinstance(q, Single)]
    longest = [max(q.choice, key=lambda c: len(c.text)).right for q in singles]
    assert sum(longest) <= len(singles) // 2


# Computed here, and in another way than the bank's author did: the right number, and every known wrong one.
def _sigmoid_slope() -> float:
    s = 1 / (1 + np.exp(-np.linspace(-5, 5, 100001)))
    return float((s * (1 - s)).max())


def _dense(*sizes: int, bias: bool = True) -> int:
    return sum(np.zeros((a, b)).size + b * bias for a, b in pairwise(sizes))


def _momentum(momentum: float, rate: float, of_gradient: float = 1.0) -> list[float]:
    w, velocity, path = 0.0, 0.0, []
    for _ in range(2):
        velocity = momentum * velocity - rate * of_gradient
        w += velocity
        path.append(w)
    return path


CONFUSION = {"hit": 30, "miss": 20, "false": 10, "quiet": 140}
COMPUTED: dict[str, tuple[float, dict[str, float]]] = {
    "updates_in_epoch": (
        len(range(0, 1050, 32)),
        {"no_short_batch": 1050 // 32, "one_a_sample": len(range(1050)), "one_an_epoch": len(range(0, 1050, 1050))},
    ),
    "one_step": (
        1 - 0.05 * 2 * (1 * 3 - 9) * 3,
        {
            "climbed": 1 + 0.05 * 2 * (1 * 3 - 9) * 3,
            "half_slope": 1 - 0.05 * (1 * 3 - 9) * 3,
            "no_input": 1 - 0.05 * 2 * (1 * 3 - 9),
        },
    ),
    "recall_of_test": (
        CONFUSION["hit"] / (CONFUSION["hit"] + CONFUSION["miss"]),
        {
            "precision": CONFUSION["hit"] / (CONFUSION["hit"] + CONFUSION["false"]),
            "accuracy": (CONFUSION["hit"] + CONFUSION["quiet"]) / sum(CONFUSION.values()),
            "prevalence": (CONFUSION["hit"] + CONFUSION["miss"]) / sum(CONFUSION.values()),
            "percent": 100 * CONFUSION["hit"] / (CONFUSION["hit"] + CONFUSION["miss"]),
        },
    ),
    "four_sigmoids": (
        _sigmoid_slope() ** 4,
        {"summed": 4 * _sigmoid_slope(), "half_each": 0.5**4, "three_only": _sigmoid_slope() ** 3},
    ),
    "entropy_value": (
        -math.log(0.2),
        {"minus": math.log(0.2), "other_classes": -math.log(0.8), "base_ten": -math.log10(0.2), "bits": -math.log2(0.2)},
    ),
    "count_weights": (
        _dense(784, 300, 100, 10),
        {
            "no_biases": _dense(784, 300, 100, 10, bias=False),
            "flat_side": _dense(28, 300, 100, 10),
            "units": 784 + 300 + 100 + 10,
            "input_biases": _dense(784, 300, 100, 10) + 784,
        },
    ),
    "passes_to_check": (
        2 * _dense(784, 300, 100, 10),
        {
            "one_sided": _dense(784, 300, 100, 10),
            "with_middle": 2 * _dense(784, 300, 100, 10) + 1,
            "like_backprop": 2,
        },
    ),
    "glorot_number": (
        1 / ((300 + 100) / 2),
        {"he_number": 2 / 300, "total_only": 1 / (300 + 100), "deviation": math.sqrt(2 / 400), "lecun_number": 1 / 300},
    ),
    "two_with_momentum": (
        _momentum(0.9, 0.1)[1],
        {
            "without": _momentum(0.0, 0.1)[1],
            "climbed": -_momentum(0.9, 0.1)[1],
            "velocity": _momentum(0.9, 0.1)[1] - _momentum(0.9, 0.1)[0],
            "averaged": _momentum(0.9, 0.1, of_gradient=1 - 0.9)[1],
        },
    ),
    "kept_activation": (3 / (1 - 0.2), {"unscaled": 3, "shrunk": 3 * (1 - 0.2), "swapped": 3 / 0.2}),
    "norm_parameters": (2 * 100, {"all_vectors": 4 * 100, "one_vector": 100, "two_numbers": 2}),
}


def test_every_number_in_the_bank_is_what_it_is_computed_to_be() -> None:
    numbers = {q.id: q for q in BANK.question if isinstance(q, Numeric)}
    assert numbers.keys() == COMPUTED.keys()
    for name, (right, wrong) in COMPUTED.items():
        assert math.isclose(numbers[name].value, right, rel_tol=1e-6), name
        found = {one.id: one.value for one in numbers[name].wrong}
        assert found.keys() == wrong.keys()
        assert all(math.isclose(found[one], wrong[one], rel_tol=1e-6) for one in found), (name, found, wrong)


def test_the_figures_show_what_their_alternative_texts_say() -> None:
    from reference.figures import concepts as figures

    for q in QUIZ.questions:
        assert not q.figure or callable(getattr(figures, q.figure)), q.id
    epoch = np.linspace(0.0, 100.0, 1001)
    training, validation = figures._training_error(epoch), figures._validation_error(epoch)
    assert np.all(np.diff(training) < 0)
    assert 33 < epoch[validation.argmin()] < 37
    told = question("mse_curve").alternative
    for at, line in ((0, training), (200, training), (1000, training)):
        assert f"{line[at]:.1f}" in told or f"{line[at]:.2f}" in told
    for at in (0, 50, 350, 500, 1000):
        assert f"{validation[at]:.2f}" in told, at
    points, label = figures._points()
    wrong = Counter(label[np.sign(figures._gentle(points)) != label])
    assert (wrong[-1.0], wrong[1.0]) == (3, 4)
    assert "three discs and four crosses" in question("two_boundaries").alternative
    assert np.array_equal(np.sign(figures._twisted(points)), label)


def test_every_figure_is_drawn_on_nothing_and_six_by_four_inches() -> None:
    import matplotlib as mpl

    from reference.figures import LOOK
    from reference.figures import concepts as figures

    with mpl.rc_context(LOOK):
        for name in ("overfitting_curve", "learning_rates", "decision_boundaries"):
            figure = getattr(figures, name)()
            assert tuple(figure.get_size_inches()) == (6.4, 4.0)
            assert figure.get_facecolor()[3] == 0


BROKEN = {
    "two right choices": ('id = "range"\n', 'id = "range"\nright = true\n', "2 choices are right"),
    "an unknown word": ('id = "range"\n', 'id = "range"\nweight = 2\n', "unknown field `weight`"),
    "no explanation": ('explanation = "A loss of outputs', 'look = "A loss of outputs', "Cannot overwrite"),
    "an unknown kind": ('kind = "single"', 'kind = "guess"', "'guess'"),
    "an id with a space": ('id = "slope"', 'id = "the slope"', "regex"),
    "one id twice": ('id = "linear"', 'id = "slope"', "two of the choice 'slope'"),
    "a lecture that there is not": ("lecture = 1", "lecture = 9", "<= 5"),
    "a figure without its text": ('subject = "activations"', 'subject = "a"\nfigure = "f"', "belong together"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_mistake_in_the_bank_is_said_with_its_question(what: str) -> None:
    old, new, said = BROKEN[what]
    with pytest.raises(GraderFault, match=re.escape(said)) as refused:
        read_bank(TEXT.replace(old, new, 1))
    assert "why_no_steps" in str(refused.value) or "TOML" in str(refused.value)


MORE_BROKEN = {
    "numbers that cannot be told apart": (
        "value = 0.75\n",
        "value = 0.601\n",
        "recall_of_test: 0.6 and 0.601 cannot be told apart",
    ),
    "an order that lacks an item": (
        'order = ["plain", "velocity", "adam", "amsgrad"]',
        'order = ["plain"]',
        "more_memory: the order",
    ),
    "a wrong pair that is right": ('choice = "relu"\n', 'choice = "linear"\n', "temperature, activation, linear is right"),
    "a row without a match": (
        'tags = ["sigmoid", "bce"]\n',
        "",
        "outputs_and_losses: `match` must have an entry for every row",
    ),
    "no wrong choice": ("right = false", "right = true", ""),
    "a question twice": ('id = "which_way"', 'id = "why_no_steps"', "two of the question 'why_no_steps'"),
}


@pytest.mark.parametrize("what", [name for name, (_, _, said) in MORE_BROKEN.items() if said])
def test_more_mistakes_in_the_bank_are_said(what: str) -> None:
    old, new, said = MORE_BROKEN[what]
    assert old in TEXT
    with pytest.raises(GraderFault, match=re.escape(said)):
        read_bank(TEXT.replace(old, new, 1))


# --- grading --------------------------------------------------------------------------------------------------------------


def graded(**changed: Any) -> dict[str, list[Verdict]]:
    """The verdicts on the right answers with some of them changed, by question."""
    module = ModuleType(TOPIC)
    module.__dict__["answers"] = {**KEY, **changed}
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts_in_process(TOPIC, module, answers_for(TOPIC, DEFAULT_SECRET)):
        found.setdefault(verdict.exercise, []).append(verdict)
    return found


def points(name: str, answer: Any) -> int:
    return sum(verdict.points for verdict in graded(**{name: answer})[name])


def said(name: str, answer: Any) -> str:
    """What a student reads of the first thing that is wrong."""
    verdict = next(v for v in graded(**{name: answer})[name] if v.status == "failed")
    return next(o.said for seen in verdict.observations for o in seen.values() if not o.right)


def named(**changed: Any) -> set[str]:
    verdicts = [verdict for found in graded(**changed).values() for verdict in found]
    return {n.misconception.name for n in name_misconceptions(answers_for(TOPIC, DEFAULT_SECRET), verdicts)}


def test_a_point_that_is_not_earned_is_always_shown_as_lost() -> None:
    """Every set of ticks and every order: as many checks pass as points are earned, and the others claim something false."""
    for name, answers, earned in (
        (
            "less_overfit",
            [ticks for n in range(8) for ticks in combinations(sorted(c.id for c in question("less_overfit").choices), n)],
            ticks_earned,
        ),
        ("backprop_steps", list(permutations(KEY["backprop_steps"])), order_earned),
    ):
        (exercise,) = (e for e in load_topic(TOPIC).exercises if e.name == name)
        for answer in answers:
            claims = [c.measure({}, {"answer": list(answer)}, {"answer": KEY[name]}) for c in exercise.checks if c.measure]
            passed = [all(claim.holds or claim.observed == claim.expected for claim in found.values()) for found in claims]
            assert sum(passed) == earned(list(answer), KEY[name], question(name).points), answer


def test_the_rule_of_multiple_choice() -> None:
    assert [ticks_earned(list(ticks), list("abc"), 3) for ticks in ("abc", "ab", "abx", "abcx", "xyz", "", "abcxyz")] == [
        3, 2, 1, 2, 0, 0, 0,
    ]  # fmt: skip
    assert ticks_earned(["a", "b"], ["a", "b", "c"], 2) == 1


def test_the_rule_of_ordering() -> None:
    key = list("abcde")
    assert [order_earned(list(order), key, 4) for order in ("abcde", "eabcd", "acbde", "edcba", "deabc")] == [4, 3, 1, 0, 3]
    assert order_earned(list("eabcd"), key, 2) == 1


def test_points_are_earned_one_by_one() -> None:
    right = KEY["less_overfit"]
    assert len(right) == question("less_overfit").points == 4
    assert [points("less_overfit", ticks) for ticks in (right, right[:2], [*right, "wider"], [*right[:2], "wider"], [])] == [
        4, 2, 3, 1, 0,
    ]  # fmt: skip
    assert points("softmax_facts", ["shift", "order", "scale", "alone", "columns"]) == 0
    assert points("backprop_steps", ["move", "activate", "compare", "delta", "carry"]) == 3


def test_a_row_of_a_matching_question_counts_only_with_every_column() -> None:
    key = KEY["outputs_and_losses"]
    assert points("outputs_and_losses", {**key, "spam": ["softmax", "bce"]}) == 4
    assert points("outputs_and_losses", {**key, "spam": ["softmax", "mse"], "tags": ["softmax", "cce"]}) == 3
    assert named(outputs_and_losses={**key, "spam": ["softmax", "bce"]}) == {"outputs_and_losses__spam__activation__softmax"}


FORMS: list[tuple[str, Any]] = [
    ("why_no_steps", "  Slope "),
    ("less_overfit", {"DROPOUT", "penalty", " rows", "stop"}),
    ("less_overfit", frozenset({"dropout", "penalty", "rows", "stop"})),
    ("less_overfit", ("stop", "rows", "penalty", "dropout", "dropout")),
    ("backprop_steps", tuple(KEY["backprop_steps"])),
    ("count_weights", 266610.0),
    ("count_weights", np.int64(266610)),
    ("one_step", np.float32(2.8)),
    ("one_step", np.array(2.8)),
    ("recall_of_test", 0.6004),
    ("gradient_shapes", {row: [shape] for row, shape in KEY["gradient_shapes"].items()}),
    ("outputs_and_losses", {row: tuple(match) for row, match in KEY["outputs_and_losses"].items()}),
]


@pytest.mark.parametrize(("name", "answer"), FORMS)
def test_every_reasonable_form_of_a_right_answer_is_right(name: str, answer: Any) -> None:
    assert points(name, answer) == question(name).points


ODD: list[tuple[str, Any, str]] = [
    ("ten_classes", "compet", "Do you mean compete?"),
    ("ten_classes", 3, "The id of one choice is expected, as text in quotes, and this is a number."),
    ("ten_classes", None, "and this is None."),
    ("ten_classes", ["compete"], "and this is a list of 1."),
    ("less_overfit", ["dropout", "more rows"], 'It is not one of the choices: "more rows". They are '),
    ("less_overfit", 4, "A list of ids is expected"),
    ("less_overfit", {1: 2}, "A list of ids is expected"),
    ("backprop_steps", ["activate", "compare"], "Every item must be in the list; missing: "),
    ("backprop_steps", [*KEY["backprop_steps"], "move"], "more than once: move"),
    ("backprop_steps", set(KEY["backprop_steps"][:2]), "has no order"),
    ("count_weights", "266610", "A number is expected, without quotes and without a unit."),
    ("count_weights", float("nan"), "A finite number is expected."),
    ("count_weights", True, "A number is expected, and this is True or False."),
    ("count_weights", np.zeros(3), "A number is expected, and this is an array."),
    ("gradient_shapes", ["s7"], "A dict with an entry for each row is expected"),
    ("gradient_shapes", {**KEY["gradient_shapes"], "of_x": ["s7", "s7"]}, "For every row a list is expected: shape."),
    ("why_bend", 3, "An answer in words is a text in quotes."),
    ("why_no_steps", object(), "something else"),
]


@pytest.mark.parametrize(("name", "answer", "expected"), ODD)
def test_an_answer_of_no_form_is_told_what_is_expected(name: str, answer: Any, expected: str) -> None:
    assert expected in said(name, answer)
    assert points(name, answer) < max(1, question(name).points)


def test_an_answer_of_one_is_told_with_its_unit_in_the_singular() -> None:
    for answer, told in ((1, "You answer 1 update."), (2, "You answer 2 updates."), (1.5, "You answer 1.5 updates.")):
        assert said("updates_in_epoch", answer) == told


def test_a_tolerance_is_kept_to_and_not_more() -> None:
    assert [points("entropy_value", value) for value in (1.609, 1.61, 1.6, 1.7)] == [2, 2, 0, 0]


def test_what_is_not_answered_is_to_do_and_not_wrong() -> None:
    found = graded(why_no_steps=..., less_overfit=..., gradient_shapes={"upstream": "s32x7", "of_x": ...}, why_bend=...)
    assert {v.status for v in found["why_no_steps"] + found["less_overfit"] + found["why_bend"]} == {"todo"}
    assert [v.status for v in found["gradient_shapes"]] == ["passed", "todo", "todo", "todo"]
    module = make_module(TOPIC, "answers = {'which_way': 'minus'}")
    verdicts = verdicts_in_process(TOPIC, module, answers_for(TOPIC, DEFAULT_SECRET))
    assert Counter(v.status for v in verdicts) == {"passed": 1, "todo": len(verdicts) - 1}


def test_answers_that_are_no_dict_score_nothing() -> None:
    for source in ("answers = ['slope']", "answers = None", ""):
        verdicts = verdicts_in_process(TOPIC, make_module(TOPIC, source), answers_for(TOPIC, DEFAULT_SECRET))
        assert sum(v.points for v in verdicts) == 0
        assert {v.status for v in verdicts} <= {"failed", "missing"}


def test_an_entry_of_nearly_a_question_s_or_a_row_s_name_is_asked_about(any_grader: Grader) -> None:
    right = OURS.reference_source("concepts")
    nearly = "concepts.py has {0}, and no {1}: did you mean {1}? Then rename it."
    for renamed, said in (
        ({"which_way": "wich_way"}, [nearly.format("wich_way", "which_way")]),
        ({"curve_c": "curveC"}, [nearly.format("curveC", "curve_c")]),
        ({"which_way": "Which_Way"}, []),
        (
            {f"curve_{letter}": name for letter, name in zip("abcd", ("tiny", "fitting", "high", "beyond"), strict=True)},
            ["concepts.py answers rate_curves by none of its rows, which are curve_a, curve_b, curve_c, curve_d."],
        ),
    ):
        source = right
        for name, other in renamed.items():
            assert f'"{name}":' in right
            source = source.replace(f'"{name}":', f'"{other}":')
        assert any_grader.grade(submission_of(concepts=source), ["concepts"]).notices == said


def test_a_wrong_choice_is_named_whatever_else_is_wrong() -> None:
    assert named(less_overfit=["dropout", "wider", "longer"]) == {"less_overfit__wider", "less_overfit__longer"}
    assert "why_no_steps__cost" in named(why_no_steps="cost", which_way="plus", count_weights=266200)
    assert named(more_memory=["velocity", "plain", "amsgrad", "adam"]) == {
        "more_memory__plain_velocity", "more_memory__ams_lighter",
    }  # fmt: skip


def test_ticks_that_are_only_missing_name_nothing() -> None:
    assert named(less_overfit=["dropout"]) == set()
    assert "something that belongs is left out" in said("less_overfit", ["dropout"])


def test_nothing_that_a_student_reads_tells_the_key() -> None:
    """What is said of a wrong answer holds no right number, and no right id that the student did not write."""
    for q in BANK.question:
        for name, answer, _, _ in q.mistakes():
            sentence = said(q.id, answer)
            if isinstance(q, Single):
                assert f'"{KEY[q.id]}"' not in sentence, name
            if isinstance(q, Numeric):
                assert str(KEY[q.id]) not in sentence.split() + sentence.rstrip(".").split(), name
            if isinstance(q, Matching):
                assert "You match it with" in sentence


def test_free_text_waits_for_a_person_and_costs_nothing(any_grader: Grader) -> None:
    report = at_level(any_grader.grade(submission_of(concepts=OURS.reference_source(TOPIC)), [TOPIC]), "full")
    manual = [c for t in report.topics for e in t.exercises for c in e.checks if c.status == "manual"]
    assert len(manual) == sum(q.kind == "text" for q in QUIZ.questions)
    assert {(c.points, c.max_points) for c in manual} == {(0, 0)}
    assert report.score == report.max_score
    assert report.exit_code == 0


def test_the_untouched_sheet_is_all_to_do(any_grader: Grader) -> None:
    report = any_grader.grade(submission_of(concepts=stub_module(OURS.reference_source(TOPIC))), [TOPIC])
    assert report.score == 0
    assert {c.status for t in report.topics for e in t.exercises for c in e.checks} == {"todo"}
    assert report.topics[0].fix_first == []


def test_every_mistake_that_is_named_has_a_check_that_shows_it(any_grader: Grader) -> None:
    wrong = {**KEY, "less_overfit": ["dropout", "wider", "longer"], "why_no_steps": "cost"}
    report = any_grader.grade(submission_of(concepts=f"answers = {wrong!r}"), [TOPIC])
    assert len([fix for fix in report.topics[0].fix_first if fix.misconception]) == 3
    assert all(fix.check for fix in report.topics[0].fix_first)
    assert not any("this mistake in" in fix.evidence for fix in report.topics[0].fix_first)


def test_every_explained_wrong_answer_is_a_misconception() -> None:
    assert len(mutants(TOPIC)) == sum(len(q.mistakes()) for q in BANK.question) >= 150


def test_grading_a_quiz_draws_nothing_from_the_secret() -> None:
    one, other = (answers_for(TOPIC, secret) for secret in (DEFAULT_SECRET, b"another course's secret"))
    assert [c.request for c in one.record.checks] == [c.request for c in other.record.checks]


@pytest.mark.exactness  # it loads Keras and asks it, which changes with a version alone
def test_the_question_on_keras_3_is_true_of_the_keras_that_is_installed() -> None:
    code = (
        "import warnings; warnings.simplefilter('error', UserWarning); import keras, sys\n"
        "for line in sys.argv[1:]:\n"
        "    try: eval(line, {'keras': keras, 'build': lambda: None}); print('fine')\n"
        "    except Exception as error: print('refused')\n"
    )
    (asked,) = (q for q in BANK.question if q.id == "keras_today" and isinstance(q, Multiple))
    lines = [choice.text.strip("`") for choice in asked.choice]
    done = subprocess.run([sys.executable, "-c", code, *lines], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["fine" if choice.right else "refused" for choice in asked.choice]


# --- a new kind -----------------------------------------------------------------------------------------------------------

YES_OR_NO = '''
"""A sentence that is true or not."""

from typing import Any

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm
from autograder.quiz.kinds.checking import check_of
from autograder.quiz.kinds.question import KeyedQuestion, Mistake, Points, Question


class YesOrNoQuestion(Question, frozen=True):
    words = "True or False"

    def read(self, value: Any) -> bool:
        if type(value) is not bool:
            raise BadForm("True or False is expected.")
        return value

    def checks(self) -> tuple[Check, ...]:
        def measure(given: Any, right: Any) -> dict[str, Claim]:
            return {"answer": Claim(self.read(given), right, 0.0)}

        return (check_of("answer", f"{self.title}: true or not.", self.points, (self.id,), measure),)

    def line_asked(self) -> str:
        return "yes or no"

    def typed(self, line, asker) -> Any:
        return {"yes": True, "no": False}.get(line, line)


class YesOrNo(KeyedQuestion, tag="yes_or_no", frozen=True, kw_only=True):
    """True or not."""

    true: bool
    explanation: str
    look: str
    points: Points = 1

    published_as = YesOrNoQuestion

    def key(self) -> bool:
        return self.true

    def mistakes(self) -> list[Mistake]:
        return [Mistake("other", not self.true, self.explanation, self.look)]

    def shown(self) -> dict[str, Any]:
        return {"points": self.points}
'''

LIVES_WITH_A_NEW_KIND = '''
import io
from pathlib import Path

from rich.console import Console

from autograder.at_home.ask import ask_quiz
from autograder.at_home.sheet import open_sheet
from autograder.quiz.bank import published, quiz_json, read_bank, schema_json
from autograder.quiz.questions import quiz_path, read_quiz
from autograder.quiz.source import quiz_mutants, reference_text
from autograder.quiz.table import quiz_topic

text = """
topic = "zeros"
title = "Zeros"
introduction = "One question."
[[question]]
id = "zero_kernel"
kind = "yes_or_no"
lecture = 1
subject = "zeros"
title = "Zero"
prompt = "A kernel of zeros learns."
true = false
explanation = "Its units stay alike."
look = "Which gradient does each unit have?"
"""
bank = read_bank(text)
assert "YesOrNo" in schema_json()
assert "True or False" in reference_text(text) and '"zero_kernel": False' in reference_text(text)
assert [mutant.about.name for mutant in quiz_mutants(text)] == ["zero_kernel__other"]
quiz_path("zeros").write_text(quiz_json(bank))
quiz = read_quiz("zeros")
assert quiz == published(bank)
((_, _, check),) = quiz_topic(quiz).checks()
right, wrong, odd = (check.measure({}, {"answer": given}, {"answer": False}) for given in (False, True, 3))
assert right["answer"].observed == right["answer"].expected != wrong["answer"].observed
assert odd["form"].said == "True or False is expected."
console = Console(file=io.StringIO())
lines = iter(["perhaps", "no"])
console.input = lambda prompt: next(lines)
sheet = ask_quiz(quiz, open_sheet(Path("zeros.py"), quiz), "ada", console=console)
assert sheet.answers == {"zero_kernel": False}
'''


def test_a_new_kind_is_one_file_and_its_name(tmp_path: Path) -> None:
    """On a copy of the package: published, read back, asked, checked, got wrong; and nothing else knows of it."""
    shutil.copytree(ROOT / "autograder", tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    kinds = tmp_path / "autograder" / "quiz" / "kinds"
    (kinds / "yes_or_no.py").write_text(YES_OR_NO, encoding="utf-8")
    names = (kinds / "__init__.py").read_text(encoding="utf-8")
    names = names.replace("| InWords\n", "| InWords | YesOrNo\n")
    names = names.replace("import Single\n", "import Single\nfrom autograder.quiz.kinds.yes_or_no import YesOrNo\n")
    (kinds / "__init__.py").write_text(names, encoding="utf-8")
    command = [sys.executable, "-c", LIVES_WITH_A_NEW_KIND]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- the order that a student sees ----------------------------------------------------------------------------------------


def test_the_order_of_choices_is_the_students_own_and_always_the_same() -> None:
    choices = question("less_overfit").choices
    orders = {seed: [c.id for c in shuffled(choices, seed, "less_overfit/")] for seed in ("ada", "grace", "alan")}
    assert len(set(map(tuple, orders.values()))) == 3
    assert {frozenset(order) for order in orders.values()} == {frozenset(c.id for c in choices)}
    assert orders["ada"] == [c.id for c in shuffled(choices, "ada", "less_overfit/")]
    assert shuffled("abcdef", "ada", "x") == list("dfceab")  # on every machine


# --- the sheet ------------------------------------------------------------------------------------------------------------


def test_one_answer_is_put_in_and_all_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "concepts.py"
    before = (
        '"""Mine — with a dash."""\nimport math  # why not\n\nanswers = {\n'
        '    "why_no_steps": ...,  # think again\n    "naïve": 1, "one_step": math.pi,\n}\nprint(len("ü"))\n'
    )
    path.write_text(before, encoding="utf-8")
    sheet = open_sheet(path, QUIZ)
    assert sheet.computed == {"one_step"}
    sheet = sheet.with_answer("why_no_steps", "cost").with_answer("less_overfit", ["rows", "stop"])
    sheet.save()
    after = path.read_text(encoding="utf-8")
    assert after.replace('"cost"', "...").replace('\n    "less_overfit": ["rows", "stop"],', "") == before
    assert open_sheet(path, QUIZ).answers["less_overfit"] == ["rows", "stop"]


@pytest.mark.parametrize(
    ("content", "said_of_it"),
    [
        ("answers = {'a': ...\n", "not valid Python at line"),
        ("x = 1\n", "does not assign"),
        ("answers = {}\nanswers['a'] = 1\n", "does more with `answers`"),
        ("def f():\n    answers = {}\n", "does more with"),
        ("answers = dict(a=1)\n", "does more with"),
        ("answers = {**{}}\n", "names in quotes"),
        ("answers = {1: 2}\n", "names in quotes"),
    ],
)
def test_a_file_that_is_not_a_sheet_is_refused_and_left_alone(tmp_path: Path, content: str, said_of_it: str) -> None:
    path = tmp_path / "concepts.py"
    path.write_text(content)
    with pytest.raises(WrongUsage, match=re.escape(said_of_it)):
        open_sheet(path, QUIZ)
    assert path.read_text() == content


def test_a_new_sheet_has_every_question_open(tmp_path: Path) -> None:
    sheet = open_sheet(tmp_path / "new.py", QUIZ)
    assert findings(QUIZ, sheet) == ([q.id for q in QUIZ.questions], [])
    assert not sheet.path.exists()


def test_the_handed_out_stub_is_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "concepts.py"
    path.write_text(stub_module(OURS.reference_source(TOPIC)), encoding="utf-8")
    sheet = open_sheet(path, QUIZ)
    for name, answer in KEY.items():
        sheet = sheet.with_answer(name, answer)
    assert findings(QUIZ, sheet) == ([], [])
    assert sheet.answers == KEY


def test_what_cannot_be_read_is_found_without_a_key(tmp_path: Path) -> None:
    path = tmp_path / "concepts.py"
    path.write_text('answers = {"ten_classes": "softmax", "nobody": 1, "count_weights": 12}\n')
    still_open, wrong = findings(QUIZ, open_sheet(path, QUIZ))
    assert len(still_open) == len(QUIZ.questions) - 2
    assert [name for name, _ in wrong] == ["ten_classes", "nobody"]


def test_reading_agrees_on_both_sides() -> None:
    for q in published(BANK).questions:
        assert q.read(KEY[q.id]) is not None
    with pytest.raises(BadForm):
        question("one_step").read("2.8")


# --- in the terminal ------------------------------------------------------------------------------------------------------


class Typist(Console):
    """A console at which somebody types these lines, and then is gone."""

    def __init__(self, lines: list[str | type[BaseException]]) -> None:
        super().__init__(file=io.StringIO(), width=100, highlight=False)
        self._lines = iter(lines)

    def input(self, prompt: Any = "", **_: Any) -> str:  # type: ignore[override]
        self.print(prompt, end="")
        line = next(self._lines, EOFError)
        if not isinstance(line, str):
            raise line
        return line

    @property
    def shown(self) -> str:
        assert isinstance(self.file, io.StringIO)
        return self.file.getvalue()


def letters(name: str, seed: str, wanted: list[str], column: str = "") -> str:
    (choices,) = (choices for listed_as, _, choices in question(name).lists() if listed_as == column)
    order = [c.id for c in shuffled(choices, seed, f"{name}/{column}")]
    return " ".join("ABCDEFGH"[order.index(one)] for one in wanted)


def test_the_whole_quiz_can_be_answered_in_the_terminal(tmp_path: Path) -> None:
    lines: list[Any] = []
    for q in QUIZ.questions:
        key = KEY[q.id]
        if q.kind == "matching":
            for row in q.rows:
                match = [key[row.id]] if isinstance(key[row.id], str) else key[row.id]
                lines += [letters(q.id, "ada", [one], c.id) for one, c in zip(match, q.columns, strict=True)]
        elif q.kind in ("numeric", "text"):
            lines.append(str(key))
        else:
            lines.append(letters(q.id, "ada", [key] if q.kind == "single" else key).lower())
    console = Typist(lines)
    sheet = ask_quiz(QUIZ, open_sheet(tmp_path / "concepts.py", QUIZ), "ada", console=console)
    assert sheet.answers == KEY
    assert open_sheet(sheet.path, QUIZ).answers == KEY
    assert f"{len(QUIZ.questions)} of {len(QUIZ.questions)} questions are answered" in console.shown


def test_an_interruption_loses_nothing_and_what_is_answered_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "concepts.py"
    ask_quiz(QUIZ, open_sheet(path, QUIZ), "ada", console=Typist(["slope", "", "formula", KeyboardInterrupt]))
    first = open_sheet(path, QUIZ)
    assert {name for name, value in first.answers.items() if value is not ...} == {"why_no_steps", "why_descent"}
    console = Typist(["minus", "quit"])
    ask_quiz(QUIZ, first, "ada", console=console)
    assert "2 of 57  " in console.shown
    assert "1 of 57  " not in console.shown
    assert open_sheet(path, QUIZ).answers["which_way"] == "minus"


def test_a_matching_question_is_kept_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "concepts.py"
    ask_quiz(QUIZ, open_sheet(path, QUIZ), "ada", "rate_curves", Typist(["tiny", "", "high", "quit"]))
    kept = {"curve_a": "tiny", "curve_b": ..., "curve_c": "high", "curve_d": ...}
    assert open_sheet(path, QUIZ).answers["rate_curves"] == kept
    lines: list[Any] = [""] * 4 + ["fitting", "beyond", "quit"]
    ask_quiz(QUIZ, open_sheet(path, QUIZ), "ada", console=Typist(lines))
    assert open_sheet(path, QUIZ).answers["rate_curves"] == KEY["rate_curves"]


def test_a_slip_of_the_finger_is_told_and_asked_again(tmp_path: Path) -> None:
    console = Typist(["Z", "slop", "A B", "?", "slope", "quit"])
    sheet = ask_quiz(QUIZ, open_sheet(tmp_path / "concepts.py", QUIZ), "ada", console=console)
    assert sheet.answers["why_no_steps"] == "slope"
    assert "Do you mean slope?" in console.shown
    assert "One choice is expected." in console.shown


def test_one_question_is_asked_with_its_figure_in_words(tmp_path: Path) -> None:
    sheet = open_sheet(tmp_path / "concepts.py", QUIZ).with_answer("mse_curve", "at_5")
    console = Typist(["about_35"])
    assert ask_quiz(QUIZ, sheet, "ada", "mse_curve", console).answers["mse_curve"] == "about_35"
    shown = " ".join(console.shown.split())
    assert question("mse_curve").alternative in shown
    assert "overfitting_curve.svg" in shown.replace(" ", "")
    assert "Your answer so far: 'at_5'" in shown
    with pytest.raises(WrongUsage, match="no question 'xyzzy'; they are why_no_steps, "):
        ask_quiz(QUIZ, sheet, "ada", "xyzzy", console)
    with pytest.raises(WrongUsage, match=r"no question 'why_no_step'; did you mean 'why_no_steps'\?$"):
        ask_quiz(QUIZ, sheet, "ada", "why_no_step", console)


def test_without_an_answer_no_file_is_told_of_that_is_not_there(tmp_path: Path) -> None:
    console = Typist(["quit"])
    sheet = ask_quiz(QUIZ, open_sheet(tmp_path / "concepts.py", QUIZ), "ada", console=console)
    assert not sheet.path.exists()
    assert "is not written yet." in " ".join(console.shown.split())
    assert "Go on with" not in console.shown


def run_quiz(*arguments: str, typed: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    return grade_command("quiz", *arguments, typed=typed, cwd=folder)


def test_the_command_asks_saves_and_checks(tmp_path: Path) -> None:
    done = run_quiz("--student", "Ada", typed="slope\nquit\n", folder=tmp_path)
    assert done.returncode == 0
    assert '"why_no_steps": "slope"' in (tmp_path / "concepts.py").read_text()
    assert "grade quiz concepts.py" in done.stdout
    checked = run_quiz("--check", folder=tmp_path)
    assert checked.returncode == 1
    assert f"{len(QUIZ.questions) - 1} of {len(QUIZ.questions)} questions are open" in checked.stdout
    assert "Examples:" in run_quiz("--help", folder=tmp_path).stdout


def test_the_command_finds_the_answers_of_a_kit_and_makes_none_where_it_only_looks(tmp_path: Path) -> None:
    nothing = run_quiz("--check", folder=tmp_path)
    assert nothing.returncode == 2
    assert "There is no concepts.py: say in which file your answers are" in nothing.stderr
    of_a_kit = tmp_path / "concepts" / "concepts.py"
    of_a_kit.parent.mkdir()
    for arguments in ((), ("concepts",)):
        of_a_kit.unlink(missing_ok=True)
        run_quiz("concepts/concepts.py", typed="slope\nquit\n", folder=tmp_path)
        run_quiz(*arguments, "--question", "one_step", typed="2.8\n", folder=tmp_path)
        assert list(tmp_path.rglob("*.py")) == [of_a_kit]
        assert '"one_step": 2.8' in of_a_kit.read_text()
    assert "is none: name a file that ends in .py" in run_quiz("notes.docx", folder=tmp_path).stderr


def test_the_command_refuses_what_it_cannot_keep(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("x = 1\n")
    done = run_quiz("mine.py", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("grade: mine.py does not assign one dict")
    assert run_quiz("--question", "nonsense", folder=tmp_path).returncode == 2


def test_the_right_choice_is_not_the_longest_more_often_than_by_chance() -> None:
    single = [question for question in BANK.question if isinstance(question, Single)]
    by_chance = sum(1 / len(question.choice) for question in single)
    longest = 0.0
    for question in single:
        most = max(len(choice.text) for choice in question.choice)
        among = [choice for choice in question.choice if len(choice.text) == most]
        longest += sum(choice.right for choice in among) / len(among)
    assert longest <= by_chance
