"""Oracles agree: the reference against Keras and against numerical gradients, on every check's inputs."""

from __future__ import annotations

import random

import numpy as np
import pytest

from autograder.declare.catalogue import OURS, load_topic
from autograder.errors import GraderFault
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.record import record_topic
from tests.conftest import topics_parameter

# Recording asks the reference and Keras the same inputs and refuses when they differ; measures hold the reference against
# numerical gradients and statistics, here as wherever answers are recorded: so this asks only where there is a Keras. A
# second secret draws other inputs. Both here for some of the checks, chosen with a fixed seed, as Keras takes long; in `make
# exactness` for all of them. Without Keras, `make secrets` asks with a thousand secrets.
ANOTHER_SECRET = b"a second course, to be sure"
SEED, ONE_OF, ONE_OF_ANOTHERS = 3, 12, 24


def some(topic: str, checks: list[str], one_of: int) -> set[str]:
    return set(random.Random(f"{topic} {SEED}").sample(checks, -(-len(checks) // one_of)))


def with_keras(topic: str) -> list[str]:
    return [check_id for check_id, _, check in load_topic(topic).checks() if check.keras is not None]


@pytest.mark.parametrize("topic", topics_parameter())
def test_reference_and_keras_agree_on_every_input_of_some_checks(topic: str) -> None:
    agree(topic, DEFAULT_SECRET, some(topic, with_keras(topic), ONE_OF))


@pytest.mark.parametrize("topic", topics_parameter())
def test_they_agree_for_another_secret_too_on_some_checks(topic: str) -> None:
    agree(topic, ANOTHER_SECRET, some(topic, [check_id for check_id, _, _ in load_topic(topic).checks()], ONE_OF_ANOTHERS))


@pytest.mark.exactness
@pytest.mark.parametrize("topic", topics_parameter())
def test_reference_and_keras_agree_on_every_input(topic: str) -> None:
    agree(topic, DEFAULT_SECRET, set(with_keras(topic)))


@pytest.mark.exactness
@pytest.mark.parametrize("topic", topics_parameter())
def test_they_agree_for_another_secret_too(topic: str) -> None:
    agree(topic, ANOTHER_SECRET)


def agree(topic: str, secret: bytes, only: set[str] | None = None) -> None:
    """Record all checks of a topic, or only some, which refuses where the reference and Keras disagree."""
    record = record_topic(topic, secret, with_keras=True, with_misconceptions=False, only=only)
    table = {check_id: check for check_id, _, check in load_topic(topic).checks() if only is None or check_id in only}
    assert [recorded.id for recorded in record.checks] == list(table)
    for recorded in record.checks:
        assert bool(recorded.keras) == (table[recorded.id].keras is not None)


@pytest.mark.parametrize("topic", topics_parameter())
def test_keras_or_a_numerical_gradient_watches_over_most_checks(topic: str) -> None:
    checks = [check for _, _, check in load_topic(topic).checks()]
    watched = [check for check in checks if check.keras is not None or check.measure is not None]
    assert len(watched) >= 0.3 * len(checks)


def test_a_reference_that_disagrees_with_keras_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = OURS.reference_source

    def wrong(topic: str) -> str:
        return right(topic).replace("return np.tanh(x)", "return np.tanh(x) * (1 + 1e-4)")

    monkeypatch.setattr(OURS, "reference_source", wrong)
    with pytest.raises(GraderFault, match=r"(?s)activations/tanh/.*Keras"):
        record_topic("activations", DEFAULT_SECRET, with_keras=True, only={"activations/tanh/value"})


# --- the facts of Keras that the comparison rests on, pinned on the installed version ------------------------------------


def keras_module():
    from autograder.declare.keras_oracle import keras

    return keras()


def test_keras_optimizer_facts() -> None:
    keras = keras_module()
    assert keras.optimizers.Adam().epsilon == 1e-7
    assert keras.optimizers.SGD().learning_rate.numpy() == pytest.approx(0.01)
    assert keras.optimizers.AdamW().weight_decay == 0.004
    # Keras's epsilon is not the paper's: at g = 1e-6 the first step is .240 lr.
    variable = keras.Variable(np.zeros(1), dtype="float64")
    keras.optimizers.Adam(learning_rate=1.0).apply([keras.ops.convert_to_tensor(np.array([1e-6]))], [variable])
    assert -variable.numpy()[0] == pytest.approx(0.240, abs=1e-3)


def test_keras_layer_facts() -> None:
    keras = keras_module()
    layer = keras.layers.BatchNormalization()
    assert (layer.momentum, layer.epsilon, layer.axis) == (0.99, 1e-3, -1)
    assert keras.layers.LayerNormalization().epsilon == 1e-3
    assert keras.layers.LeakyReLU().negative_slope == pytest.approx(0.3)
    x = keras.ops.convert_to_tensor(np.array([[1.0, 3.0]]))
    assert not np.any(keras.layers.Dropout(1.0)(x, training=True).numpy())


def test_keras_kinks() -> None:
    from autograder.declare.keras_oracle import gradients

    keras = keras_module()
    zero, one = np.zeros(1), np.ones(1)
    at_zero = {
        name: gradients(getattr(keras.activations, name), [zero], one)[0][0] for name in ("relu", "leaky_relu", "selu", "elu")
    }
    assert at_zero == pytest.approx({"relu": 0.0, "leaky_relu": 0.2, "selu": 1.0507009873554805, "elu": 1.0})
