"""The lectures' worked cases, number for number, as a student would write them: with the reference and other right code."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from autograder.declare.catalogue import OURS
from autograder.recording.misconceptions import make_module
from tests.conftest import alternatives_of


def versions(topic: str) -> list[ModuleType]:
    """The reference and the alternatives of a topic, imported."""
    others = (path.read_text(encoding="utf-8") for path in alternatives_of(topic))
    return [make_module(topic, source) for source in (OURS.reference_source(topic), *others)]


@pytest.fixture(params=range(3), ids=["reference", "first alternative", "second alternative"])
def which(request: pytest.FixtureRequest) -> int:
    return request.param


def test_vanishing_and_exploding_chains(which: int) -> None:
    activations = versions("activations")[which]
    vanishing = activations.chain_gradient(np.array([0.2, 0.02]))
    assert vanishing == pytest.approx(0.004)
    assert 75 - 1.0 * vanishing == pytest.approx(74.996)
    layer = activations.chain_gradient(np.array([0.25, 500.0]))
    assert layer == pytest.approx(125)
    assert activations.chain_gradient(np.array([200.0, layer, 100.0])) == pytest.approx(2_500_000)
    for n in range(1, 8):
        assert activations.max_gradient_through(n, "sigmoid") == pytest.approx(0.25**n)


def test_parameters_of_784_300_100_10(which: int) -> None:
    layers = versions("layers")[which]
    model = layers.Sequential([layers.Dense(units) for units in (300, 100, 10)])
    model.forward(np.zeros((1, 784)))
    assert [p.size for p in model.parameters] == [784 * 300, 300, 300 * 100, 100, 100 * 10, 10]
    assert [784 * 300 + 300, 300 * 100 + 100, 100 * 10 + 10] == [235500, 30100, 1010]
    assert model.count_params() == 266610


def test_the_delta_recursion_of_the_lecture(which: int) -> None:
    layers = versions("layers")[which]
    generator = np.random.default_rng(5)
    x, y = generator.normal(size=(5, 3)), generator.integers(0, 2, (5, 2)).astype(float)
    w1, w2 = generator.normal(size=(4, 4)), generator.normal(size=(2, 5))  # units x (inputs + 1), the bias in column 0
    hidden, outputs = layers.two_layer_forward(x, w1, w2)
    delta_out = (outputs - y) / 5
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1 - hidden)
    dw1, dw2 = layers.two_layer_gradients(x, y, w1, w2)
    with_ones = lambda a: np.hstack([np.ones((5, 1)), a])  # noqa: E731
    assert dw2 == pytest.approx(delta_out.T @ with_ones(hidden))
    assert dw1 == pytest.approx(delta_hidden.T @ with_ones(x))


@pytest.mark.parametrize(("name", "steps"), [("Adam", (1, 1, 1)), ("SGD", (1, 1, 1))])
def test_first_steps_under_a_constant_gradient(name: str, steps: tuple[float, ...], which: int) -> None:
    optimizer = getattr(versions("optimizers")[which], name)(learning_rate=0.001)
    parameter, before = np.zeros(1), 0.0
    for expected in steps:
        optimizer.apply([np.ones(1)], [parameter])
        # Keras adds epsilon to the uncorrected root, .0316 after one step: 1e-7 / .0316 = 3e-6.
        assert (before - parameter[0]) / 0.001 == pytest.approx(expected, rel=1e-5)
        before = parameter[0]


def test_nesterov_and_rmsprop_numbers(which: int) -> None:
    optimizers = versions("optimizers")[which]
    parameter, path = np.zeros(1), [0.0]
    optimizer = optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True)
    for _ in range(2):
        optimizer.apply([np.ones(1)], [parameter])
        path.append(float(parameter[0]))
    assert -np.diff(path) == pytest.approx([0.19, 0.271])
    tiny = np.zeros(1)
    optimizers.RMSprop(learning_rate=1.0).apply([np.array([1e-6])], [tiny])
    assert -tiny[0] == pytest.approx(0.00316, rel=1e-3)
    adagrad = np.zeros(1)
    optimizers.Adagrad(learning_rate=1.0).apply([np.array([0.5])], [adagrad])
    assert -adagrad[0] == pytest.approx(0.845, abs=1e-3)


def test_batch_normalization_has_four_vectors_of_which_two_are_trained(which: int) -> None:
    layer = versions("normalization")[which].BatchNormalization()
    layer.build((5, 7))
    assert layer.count_params() == (2 * 7, 2 * 7)
    assert sorted(layer.parameters) == ["beta", "gamma"]
    assert sorted(layer.state) == ["moving_mean", "moving_variance"]


def test_the_neuron_by_hand(which: int) -> None:
    neuron = versions("gradient_descent")[which]
    x, y = np.array([2.0, 1.0, 3.0]), np.array([4.0, 2.0, 6.0])
    assert neuron.train_neuron(0.5, x, y, 0.1) == pytest.approx([0.5, 1.7, 1.76, 2.192])
    weight = 0.5
    for sample, target, after in zip(x, y, (1.7, 1.76, 2.192), strict=True):
        gradient = neuron.squared_error_derivative(weight, sample, target)
        weight = neuron.gradient_descent_step(weight, gradient, 0.1)
        assert weight == pytest.approx(after)


def test_a_chain_of_linear_layers_is_one_and_a_sigmoid_between_them_ends_that(which: int) -> None:
    neuron = versions("gradient_descent")[which]
    generator = np.random.default_rng(3)
    x, *weights = (generator.normal(size=shape) for shape in ((5, 2), (2, 3), (3, 7), (7, 1)))
    assert x @ weights[0] @ weights[1] @ weights[2] == pytest.approx(x @ neuron.collapse(weights))
    bent = 1 / (1 + np.exp(-(x @ weights[0]))) @ weights[1] @ weights[2]
    assert bent != pytest.approx(x @ neuron.collapse(weights))


def test_cross_entropies_have_their_minus_sign(which: int) -> None:
    losses = versions("losses")[which]
    assert losses.binary_crossentropy(np.array([[1.0]]), np.array([[0.8]])) == pytest.approx(-np.log(0.8))
    assert losses.binary_crossentropy(np.array([[0.0]]), np.array([[0.8]])) == pytest.approx(-np.log(0.2))
    one_hot, probabilities = np.array([[0.0, 1.0, 0.0]]), np.array([[0.1, 0.6, 0.3]])
    assert losses.categorical_crossentropy(one_hot, probabilities) == pytest.approx(-np.log(0.6))
    assert losses.sparse_categorical_crossentropy(np.array([1]), probabilities) == pytest.approx(-np.log(0.6))


def test_the_schedules_of_the_lecture(which: int) -> None:
    schedules = versions("schedules")[which]
    power = schedules.PowerDecay(0.1, 10)
    assert [power(step) for step in (0, 10, 20)] == pytest.approx([0.1, 0.1 / 2, 0.1 / 3])
    tenth = schedules.exponential_decay(0.01, 20)
    assert [tenth(epoch) for epoch in (0, 20, 40)] == pytest.approx([0.01, 0.001, 0.0001])
    piecewise = schedules.PiecewiseConstantDecay([5, 15], [0.01, 0.005, 0.001])
    assert [piecewise(epoch) for epoch in (5, 6, 15, 16)] == [0.01, 0.005, 0.005, 0.001]


# --- numbers that the handouts' prose tells ---------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "gradient", "end"), [(0.0, 2.0, -0.494), (5.0, 2.0, 3.725), (5.0, 0.0, 0.0)])
def test_where_ftrl_started_counts_as_far_as_its_second_sum_grows(
    start: float, gradient: float, end: float, which: int
) -> None:
    optimizer = versions("optimizers")[which].Ftrl(learning_rate=0.5)
    parameter = np.array([start])
    optimizer.apply([np.array([gradient])], [parameter])
    assert parameter[0] == pytest.approx(end, abs=5e-4)


def test_a_weight_under_l1_alone_jumps_around_zero_and_one_under_l2_does_not(which: int) -> None:
    regularization = versions("regularization")[which]
    walk = [0.05]
    for _ in range(20):
        walk.append(walk[-1] - 0.1 * float(regularization.l1_gradient(np.array([walk[-1]]), 0.2)[0]))
    assert np.abs(walk[10:]) == pytest.approx(np.full(11, 0.01))
    assert np.abs(np.diff(walk[10:])) == pytest.approx(np.full(10, 0.02))


def test_standardized_numbers_after_dropout_at_a_rate_of_a_fifth_have_deviation_1_118(which: int) -> None:
    layer = versions("regularization")[which].Dropout(0.2, rng=np.random.default_rng(3))
    assert 1 / np.sqrt(0.8) == pytest.approx(1.118, abs=5e-4)
    drawn = layer.forward(np.random.default_rng(4).normal(size=(400, 400)), training=True)
    assert drawn.std() == pytest.approx(1.118, abs=7 * 1.118 / 400)  # seven standard errors, and more


def test_adams_first_steps_at_small_gradients_differ_by_where_epsilon_stands(which: int) -> None:
    parameter, gradient = np.array([0.0]), 1e-6
    versions("optimizers")[which].Adam(learning_rate=1.0).apply([np.array([gradient])], [parameter])
    assert -parameter[0] == pytest.approx(0.240, abs=5e-4)
    assert gradient / (gradient + 1e-7) == pytest.approx(0.909, abs=5e-4)


def test_clipping_before_renormalising_makes_three_equal_probabilities_of_entries_above_one(which: int) -> None:
    row = np.array([[2.0, 5.0, 3.0]])
    clipped = np.clip(row, 1e-7, 1 - 1e-7)
    assert -np.log(clipped[0, 1] / clipped.sum()) == pytest.approx(np.log(3), abs=1e-7)
    ours = versions("losses")[which].sparse_categorical_crossentropy(np.array([1]), row)
    assert ours == pytest.approx(0.6931, abs=5e-5)


def test_what_is_said_of_keras_3_is_so() -> None:
    keras = pytest.importorskip("keras", reason="Keras is not installed: what is said of it was NOT tested")
    assert hasattr(keras.wrappers, "SKLearnRegressor")
    assert not hasattr(keras.wrappers, "scikit_learn")
    with pytest.warns(UserWarning, match="input_shape"):
        keras.layers.Flatten(input_shape=[28, 28])
    row = keras.ops.convert_to_tensor(np.array([[2.0, 5.0, 3.0]], dtype="float32"))
    loss = keras.losses.sparse_categorical_crossentropy(np.array([1]), row)
    assert float(loss[0]) == pytest.approx(1.0986, abs=5e-5)
