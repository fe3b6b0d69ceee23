"""No check is flaky: a seeded part of `make secrets`, and that it would notice."""

from __future__ import annotations

import random

import pytest

from autograder.recording.misconceptions import make_module, mutant_tree, mutants
from tests import exactness, thousand_secrets
from tests.conftest import topics_parameter

# Of what trains in Keras, the checks that chance has a part in; all of the others.
CHANCE = {"keras_models": ("/signals", "/moments", "mc_predict/", "dropout_network/training")}
# Two secrets that are not among the thousand of `make secrets`: with the first, here, one check of ten, chosen with a fixed
# seed; with the second, in `make exactness`, all of them. What chance does is for `make secrets` to show.
FIRST, SECOND, ONE_OF = 1001, 1002, 10


def some_checks(topic: str) -> tuple[str, ...]:
    checks = sorted(thousand_secrets.checks_with(topic, CHANCE.get(topic, ())))
    return tuple(random.Random(f"{topic} {FIRST}").sample(checks, -(-len(checks) // ONE_OF)))


@pytest.mark.parametrize("topic", topics_parameter())
def test_right_code_gets_full_marks_with_another_course_secret(topic: str) -> None:
    assert thousand_secrets.failures(topic, FIRST, some_checks(topic)) == []


@pytest.mark.exactness
@pytest.mark.parametrize("topic", topics_parameter())
def test_right_code_gets_full_marks_whatever_the_course_secret(topic: str) -> None:
    assert thousand_secrets.failures(topic, SECOND, CHANCE.get(topic, ())) == []


def test_a_right_module_that_lost_a_point_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = make_module("schedules", mutant_tree("schedules", mutants("schedules")[0]))
    monkeypatch.setattr(thousand_secrets, "other_modules", lambda topic: {"wrong": wrong})
    monkeypatch.setattr(thousand_secrets, "_asked", set())
    lost = thousand_secrets.failures("schedules", 1001)
    assert lost
    assert all(line.startswith("1001 wrong: schedules/") for line in lost)


def test_secrets_are_different_and_the_same_everywhere() -> None:
    assert len({thousand_secrets.secret(number) for number in range(1000)}) == 1000
    assert thousand_secrets.secret(0).hex().startswith("0676978f")


def test_the_table_of_exactness_calls_bad_what_is_bad() -> None:
    good = exactness.Row("t", 3, 9, 20, 20, 20, 0, 0, 50, 48, 2, 2, 2, 8, 1)
    assert good.good
    changes = [
        {"caught": 19},
        {"wrongly_named": 1},
        {"unexplained": 1},
        {"explained": 1},
        {"at_full_marks": 1},
        {"reports": 2},
    ]
    for change in changes:
        assert not exactness.Row(**{**vars(good), **change}).good, change
    assert exactness.markdown([good, good]).splitlines()[-1].startswith("| all | 6 | 18 | 40 |")
