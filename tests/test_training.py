"""The topic training where the checks do not reach: pickling, searches, other topics' rules, data, a missing library."""

from __future__ import annotations

import importlib.util
import pickle
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.training import ASKED
from autograder.declare.catalogue import OURS
from autograder.recording.misconceptions import make_module
from tests.conftest import needs

needs("sklearn", or_else="the topic training was NOT tested")

ALTERNATIVES = Path(__file__).parent / "alternatives"
SOURCES = {
    "reference": lambda: OURS.reference_source("training"),
    "loops": lambda: (ALTERNATIVES / "training_loops.py").read_text(encoding="utf-8"),
    "vectors": lambda: (ALTERNATIVES / "training_vectors.py").read_text(encoding="utf-8"),
}


@pytest.fixture(params=SOURCES)
def solution(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A right solution, importable under its name, as pickle needs it."""
    module = make_module("training", SOURCES[request.param]())
    monkeypatch.setitem(sys.modules, "training", module)
    return module


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = make_module("training", OURS.reference_source("training"))
    monkeypatch.setitem(sys.modules, "training", module)
    return module


def blobs(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    which = np.arange(60) % 3
    corners = np.array([[3.0, 0.0], [-3.0, 1.0], [0.0, -3.0]])
    return corners[which] + generator.normal(0.0, 0.5, (60, 2)), np.array(["a", "b", "c"])[which]


def test_the_wrapper_keeps_scikit_learns_contract(solution: types.ModuleType) -> None:
    """All of check_estimator, pickling included; what is skipped needs what is not installed here."""
    from sklearn.utils.estimator_checks import check_estimator

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(solution.NetworkClassifier(), on_fail=None)
    assert len(results) > 40
    assert ASKED.keys() <= {r["check_name"] for r in results}, "what is said of a check that scikit-learn does not have"
    assert [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"] == []
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {
        "check_array_api_input",
        "check_classifier_data_not_an_array",
    }


def test_the_wrapper_works_in_a_grid_search(solution: types.ModuleType) -> None:
    from sklearn.model_selection import GridSearchCV

    x, y = blobs()
    estimator = solution.NetworkClassifier(epochs=20, random_state=0)
    found = GridSearchCV(estimator, {"learning_rate": [1e-7, 0.05], "hidden_units": [4, 8]}, cv=3).fit(x, y)
    assert found.best_params_["learning_rate"] == 0.05
    assert found.best_score_ > 0.9
    assert len(found.cv_results_["params"]) == 4


def test_the_wrapper_works_in_a_random_search_in_a_pipeline(solution: types.ModuleType) -> None:
    from sklearn.model_selection import RandomizedSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = blobs()
    pipeline = make_pipeline(StandardScaler(), solution.NetworkClassifier(epochs=20, random_state=0))
    rates = {"networkclassifier__learning_rate": np.logspace(-2.5, -1, 20), "networkclassifier__hidden_units": range(4, 12)}
    found = RandomizedSearchCV(pipeline, rates, n_iter=3, cv=3, random_state=0).fit(x, y)
    assert found.best_score_ > 0.8
    assert len(found.cv_results_["params"]) == 3


def test_a_fitted_wrapper_can_be_pickled(solution: types.ModuleType) -> None:
    x, y = blobs()
    estimator = solution.NetworkClassifier(random_state=0).fit(x, y)
    again = pickle.loads(pickle.dumps(estimator))
    np.testing.assert_array_equal(again.predict_proba(x), estimator.predict_proba(x))


@pytest.mark.parametrize("rule", ["SGD", "Adagrad", "Adadelta", "RMSprop", "Adam", "Adamax", "Nadam", "Ftrl", "AdamW", "Lion"])
def test_the_optimizers_topics_rules_work_in_the_loop(reference: types.ModuleType, rule: str) -> None:
    """Whatever keeps the contract of the topic optimizers trains a model of this one."""
    optimizers = make_module("optimizers", OURS.reference_source("optimizers"))
    rng = np.random.default_rng(0)
    layers = [reference.Dense(8, rng), reference.Activation("tanh"), reference.Dense(3, rng)]
    model = reference.Model(layers, getattr(optimizers, rule)(learning_rate=0.02), reference.SparseCategoricalCrossentropy())
    x, _ = blobs()
    losses = model.fit(x, np.arange(60) % 3, epochs=5, rng=rng).history["loss"]
    assert losses[-1] < losses[0]
    assert model.optimizer.iterations == 10


def test_the_layers_topics_layers_work_in_the_loop(reference: types.ModuleType) -> None:
    layers = make_module("layers", OURS.reference_source("layers"))
    rng = np.random.default_rng(0)
    row = [layers.Dense(8, rng=rng), layers.Activation("relu"), layers.Dense(3, rng=rng)]
    model = reference.Model(row, reference.Adam(0.02), reference.SparseCategoricalCrossentropy())
    x, _ = blobs()
    losses = model.fit(x, np.arange(60) % 3, epochs=5, rng=rng).history["loss"]
    assert losses[-1] < losses[0]


def test_a_large_network_on_few_rows_overfits(reference: types.ModuleType) -> None:
    """What the handout's figure shows: the training loss falls to nothing while the validation loss turns."""
    (x, y), (x_test, y_test) = reference.load_data()
    rng = np.random.default_rng(0)
    layers = [reference.Dense(200, rng), reference.Activation("relu"), reference.Dense(10, rng)]
    model = reference.Model(
        layers, reference.Adam(0.01), reference.SparseCategoricalCrossentropy(), {"accuracy": reference.accuracy}
    )
    history = model.fit(x[:60], y[:60], epochs=100, validation_data=(x_test, y_test), rng=rng).history
    assert history["loss"][-1] < 0.01
    assert history["val_loss"][-1] > min(history["val_loss"]) * 1.05
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_a_small_network_underfits(reference: types.ModuleType) -> None:
    (x, y), test = reference.load_data()
    rng = np.random.default_rng(0)
    layers = [reference.Dense(2, rng), reference.Activation("relu"), reference.Dense(10, rng)]
    model = reference.Model(layers, reference.Adam(0.01), reference.SparseCategoricalCrossentropy())
    history = model.fit(x, y, epochs=10, validation_data=test, rng=rng).history
    assert history["loss"][-1] > 0.5
    assert history["val_loss"][-1] > 0.5


# --- data -------------------------------------------------------------------------------------------------------------


def assert_these_are_the_digits(data: tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]) -> None:
    (x, y), (x_test, y_test) = data
    assert x.shape == (1437, 64)
    assert x_test.shape == (360, 64)
    assert x.dtype == np.float64
    assert y.dtype == y_test.dtype == np.int64
    assert x.min() == 0.0
    assert x.max() == 1.0
    assert set(y) == set(y_test) == set(range(10))


@pytest.fixture
def fashion(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """A stand-in for keras.datasets.fashion_mnist, which is cached nowhere here."""
    keras, datasets = types.ModuleType("keras"), types.ModuleType("keras.datasets")
    found = types.ModuleType("keras.datasets.fashion_mnist")
    keras.datasets, datasets.fashion_mnist = datasets, found  # type: ignore[attr-defined]
    for module in (keras, datasets, found):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return found


def test_digits_are_the_default_and_the_same_every_time(reference: types.ModuleType) -> None:
    first, second = reference.load_data(), reference.load_data("digits")
    assert_these_are_the_digits(first)
    np.testing.assert_array_equal(first[0][0], second[0][0])


def test_fashion_mnist_where_it_is_cached_or_reachable(reference: types.ModuleType, fashion: types.ModuleType) -> None:
    generator = np.random.default_rng(0)

    def images(n: int) -> tuple[np.ndarray, np.ndarray]:
        return generator.integers(0, 256, (n, 28, 28), dtype=np.uint8), np.arange(n, dtype=np.uint8) % 10

    fashion.load_data = lambda: (images(30), images(20))  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (x, y), (x_test, y_test) = reference.load_data("fashion_mnist")
    assert x.shape == (30, 784)
    assert x_test.shape == (20, 784)
    assert x.dtype == np.float64
    assert 0.0 <= x.min() <= x.max() <= 1.0
    assert y.dtype == y_test.dtype == np.int64


def test_digits_and_a_sentence_where_fashion_mnist_is_not_reachable(
    reference: types.ModuleType, fashion: types.ModuleType
) -> None:
    def unreachable() -> None:
        raise OSError("URL fetch failure")

    fashion.load_data = unreachable  # type: ignore[attr-defined]
    with pytest.warns(UserWarning, match=r"^Fashion-MNIST is not to be had here \(OSError\); these are the digits instead\.$"):
        data = reference.load_data("fashion_mnist")
    assert_these_are_the_digits(data)


def test_digits_and_a_sentence_without_keras(reference: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "keras"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "keras", None)  # importing it raises ImportError
    with pytest.warns(UserWarning, match="these are the digits instead"):
        data = reference.load_data("fashion_mnist")
    assert_these_are_the_digits(data)


def test_another_name_is_refused(reference: types.ModuleType) -> None:
    with pytest.raises(ValueError, match="digits"):
        reference.load_data("imagenet")


def test_right_trainings_stay_far_above_the_threshold(solution: types.ModuleType) -> None:
    """Ten seeds here; the threshold comes from three hundred, see autograder/checks/training.py."""
    from autograder.checks.training import DIGITS_RIGHT

    (x, y), (x_test, y_test) = solution.load_data()
    shares = [
        float(np.mean(solution.train_digits(x, y, np.random.default_rng(seed)).predict(x_test).argmax(axis=1) == y_test))
        for seed in range(10)
    ]
    assert min(shares) > DIGITS_RIGHT + 0.03


@pytest.mark.skipif(not importlib.util.find_spec("keras"), reason="Keras is not installed")
def test_loss_curves_are_keras_s() -> None:
    """The recorded comparison of the check, on a draw of its own: three epochs in float64, to 1e-6."""
    from autograder.checks.training import EPOCHS, keras_model

    module = make_module("training", OURS.reference_source("training"))
    generator = np.random.default_rng(3)
    weights = [generator.normal(size=shape) * 0.5 for shape in ((5, 7), (7,), (7, 3), (3,))]
    x, y = generator.normal(size=(23, 5)), generator.integers(0, 3, 23)
    theirs = keras_model(weights, classes=True, accuracy=True)
    theirs = theirs.fit(x, y, 5, EPOCHS, shuffle=False, verbose=0, validation_split=0.3).history
    layers = [module.Dense(7), module.Activation("tanh"), module.Dense(3)]
    loss, metrics = module.SparseCategoricalCrossentropy(), {"accuracy": module.accuracy}
    model = module.Model(layers, module.SGD(0.05, 0.9), loss, metrics)
    model.build((None, 5))
    model.set_weights(weights)
    ours = model.fit(x, y, 5, EPOCHS, validation_split=0.3, shuffle=False).history
    assert set(ours) == set(theirs)
    for name, curve in theirs.items():
        np.testing.assert_allclose(ours[name], curve, rtol=1e-6, atol=1e-9)
