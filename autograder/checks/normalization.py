"""Checks of topic 9, normalization: batch and layer normalization, weight normalization, and folding."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    Answers,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Tolerance,
    Topic,
    Weight,
    fill,
    length,
    same_memory,
    slope_claims,
    slopes,
    snapshot,
    sorted_keys,
    weighed,
    with_contract,
)
from autograder.declare import strategies as draws

# --- inputs -----------------------------------------------------------------------------------------------------------

# A batch of two is normalized to -1 and 1 whatever it holds, and its gradient vanishes but for epsilon.
BATCH_SIZES = (3, 5, 7)
FEATURES = (2, 3, 5, 7)


def batch_shape(draw: Draw) -> tuple[int, int]:
    rows = draws.one_of(draw, BATCH_SIZES)
    return rows, draws.one_of(draw, [size for size in FEATURES if size != rows])


def spread(draw: Draw, rows: int, columns: int) -> np.ndarray:
    """An array whose every column (of three rows or more) has a variance of at least .08 and a mean of either sign.

    Its mean square is then at most some twenty times its variance, so E[x^2] - E[x]^2 is right to 1e-14, well within the
    exact tolerance: the variance may be computed in either way.
    """
    x = draws.values(draw, rows, columns)
    x[0] = np.abs(x[0]) + 0.5
    x[-1] = -np.abs(x[-1]) - 0.5
    placed: np.ndarray = np.round(x + draws.values(draw, columns, scale=0.9), 2)
    return placed


def trained(draw: Draw, features: int) -> dict[str, np.ndarray]:
    return {"gamma": draws.values(draw, features), "beta": draws.values(draw, features)}


def statistics(draw: Draw, features: int) -> dict[str, np.ndarray]:
    return {"moving_mean": draws.values(draw, features), "moving_variance": draws.positive(draw, features)}


# None is the default, 1e-3, or PyTorch's, 1e-5; all are large enough to show in the answer.
EPSILONS = (0.01, 0.05, 0.2)
# The simplest is in every course, and `epsilon or 1e-3` takes it for none given.
OR_ZERO = (0.0, 0.01, 0.2)


def epsilons(draw: Draw, of: tuple[float, ...] = EPSILONS) -> float:
    return draws.one_of(draw, of)


def momenta(draw: Draw) -> float:
    return draws.one_of(draw, (0.9, 0.8, 0.7))  # not the default; not .5, which is its own complement


def batches(draw: Draw, *, upstream: bool = False, state: bool = False, factor: float = 1.0) -> dict[str, Any]:
    shape = batch_shape(draw)
    case: dict[str, Any] = {"x": spread(draw, *shape) * factor, **trained(draw, shape[1])}
    if state:
        case |= statistics(draw, shape[1])
    if upstream:
        case["upstream"] = draws.values(draw, *shape)
    return case


def with_epsilon(inputs: Callable[[Draw], Inputs], of: tuple[float, ...] = EPSILONS) -> Callable[[Draw], Inputs]:
    """With an epsilon of these. 0 may be among them where nothing has a variance of 0."""
    return lambda draw: {**inputs(draw), "epsilon": epsilons(draw, of)}


def tiny_batches(draw: Draw) -> Inputs:
    # A variance of about 1e-6 is far below epsilon, 1e-3: an epsilon that stands elsewhere than inside the root, or is
    # another, is seen at once. The mean is as small, so that the variance keeps its digits however it is computed.
    return batches(draw, factor=1e-3)


def extreme_batches(draw: Draw) -> Inputs:
    # Columns that do not vary at all, columns that hardly vary, and columns of thousands.
    case = batches(draw)
    features = case["x"].shape[1]
    scales = np.array([1e3, 0.0, 1e-3, 1e3, 0.0, 1e-3, 1e3])[:features]
    return {**case, "x": case["x"] * scales + np.array([0.0, 2.0, 0.0, 0.0, -1.0, 0.0, 0.0])[:features]}


def one_row(draw: Draw, **options: bool) -> dict[str, Any]:
    features = draws.one_of(draw, (1, 2, 3, 5))
    case: dict[str, Any] = {"x": draws.values(draw, 1, features), **trained(draw, features)}
    if options.get("state"):
        case |= statistics(draw, features)
    if options.get("upstream"):
        case["upstream"] = draws.values(draw, 1, features)
    return case


def one_feature(draw: Draw, **options: bool) -> dict[str, Any]:
    rows = draws.one_of(draw, BATCH_SIZES)
    case: dict[str, Any] = {"x": spread(draw, rows, 1), **trained(draw, 1)}
    if options.get("state"):
        case |= statistics(draw, 1)
    if options.get("upstream"):
        case["upstream"] = draws.values(draw, rows, 1)
    return case


def two_batches(draw: Draw) -> Inputs:
    rows, features = batch_shape(draw)
    return {
        "first": spread(draw, rows, features),
        "second": spread(draw, rows + 1, features),
        "momentum": momenta(draw),
        **statistics(draw, features),
    }


def moving_case(draw: Draw) -> Inputs:
    rows, features = batch_shape(draw)
    return {"x": spread(draw, rows, features), "momentum": momenta(draw), **statistics(draw, features)}


def without(name: str, inputs: Callable[[Draw], Inputs]) -> Callable[[Draw], Inputs]:
    return lambda draw: {key: entry for key, entry in inputs(draw).items() if key != name}


# --- programs ---------------------------------------------------------------------------------------------------------


def made(
    student: Any,
    kind: str,
    shape: tuple[int | None, ...],
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    moving_mean: np.ndarray | None = None,
    moving_variance: np.ndarray | None = None,
    **options: float,
) -> Any:
    """A layer, built and set. What is given is filled in place, so that a wrong start costs points in `build` alone."""
    layer = getattr(student, kind)(**options)
    layer.build(shape)
    for name, content in (("gamma", gamma), ("beta", beta)):
        if content is not None:
            fill(layer.parameters[name], content)
    for name, content in (("moving_mean", moving_mean), ("moving_variance", moving_variance)):
        if content is not None:
            fill(layer.state[name], content)
    return layer


def built(kind: str) -> Callable[..., Any]:
    def program(student: Any, shape: tuple[int | None, ...]) -> dict[str, Any]:
        layer = made(student, kind, shape)  # a batch size of None
        answers = {name: layer.parameters[name] for name in ("gamma", "beta")}
        if kind == "BatchNormalization":
            answers |= {name: layer.state[name] for name in ("moving_mean", "moving_variance")}
        return answers

    return program


def keys(kind: str) -> Callable[..., Any]:
    def program(student: Any, shape: tuple[int, ...]) -> dict[str, Any]:
        layer = made(student, kind, shape)
        return {"parameters": sorted_keys(layer.parameters), "state": sorted_keys(layer.state)}

    return program


def kept_apart(kind: str) -> Callable[..., Any]:
    def program(student: Any, shape: tuple[int, ...], gamma: np.ndarray, beta: np.ndarray) -> dict[str, Any]:
        one, other = made(student, kind, shape), made(student, kind, shape)
        answers = {
            f"two layers share {name}": same_memory(one.parameters[name], other.parameters[name]) for name in ("gamma", "beta")
        }
        if kind == "BatchNormalization":
            for name in ("moving_mean", "moving_variance"):
                answers[f"two layers share {name}"] = same_memory(one.state[name], other.state[name])
            answers["gamma is moving_variance"] = same_memory(one.parameters["gamma"], one.state["moving_variance"])
            answers["beta is moving_mean"] = same_memory(one.parameters["beta"], one.state["moving_mean"])
        answers["gamma is beta"] = same_memory(one.parameters["gamma"], one.parameters["beta"])
        if kind == "BatchNormalization":
            for name, content in (("gamma", gamma), ("beta", beta)):
                fill(one.parameters[name], content)
            for name in ("moving_mean", "moving_variance"):
                answers[f"{name}, after gamma and beta are set"] = one.state[name]
        return answers

    return program


def counted(student: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    counts = made(student, "BatchNormalization", shape).count_params()
    return {"trainable": counts[0], "non-trainable": counts[1]}


def counted_after_training(student: Any, x: np.ndarray, upstream: np.ndarray, **_: Any) -> dict[str, Any]:
    layer = made(student, "BatchNormalization", x.shape)
    layer.forward(x, training=True)
    layer.backward(upstream)
    counts = layer.count_params()
    return {"trainable": counts[0], "non-trainable": counts[1]}


def counted_pair(student: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"numbers returned": length(made(student, "BatchNormalization", shape).count_params())}


def forward(kind: str, training: bool | None = None) -> Callable[..., Any]:
    mode = {} if training is None else {"training": training}

    def program(student: Any, x: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        return {"y": layer.forward(x, **mode)}

    return program


def forward_twice(kind: str, training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        first = layer.forward(x, training=training)
        before, second = snapshot(first), layer.forward(1.0 - 2.0 * x, training=training)  # of one size, with another answer
        return {"first": before, "second": second, "first afterwards": first}

    return program


def forward_unbuilt(kind: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> dict[str, Any]:
        layer = getattr(student, kind)()
        layer.forward(x, training=True)  # makes gamma and beta, which are then set
        fill(layer.parameters["gamma"], gamma)
        fill(layer.parameters["beta"], beta)
        y = layer.forward(x, training=True)
        return {"y": y, **{f"{name} afterwards": layer.parameters[name] for name in ("gamma", "beta")}}

    return program


def moved(student: Any, x: np.ndarray, **settings: Any) -> dict[str, Any]:
    layer = made(student, "BatchNormalization", x.shape, **settings)
    layer.forward(x, training=True)
    return {"names": sorted_keys(layer.state), **{name: layer.state[name] for name in ("moving_mean", "moving_variance")}}


def moved_twice(student: Any, first: np.ndarray, second: np.ndarray, **settings: Any) -> dict[str, Any]:
    layer = made(student, "BatchNormalization", first.shape, **settings)
    answers = {}
    for turn, x in (("first", first), ("second", second)):
        layer.forward(x, training=True)
        for name in ("moving_mean", "moving_variance"):
            answers[f"{name} after the {turn} batch"] = snapshot(layer.state[name])
    return answers


def moved_then_used(student: Any, first: np.ndarray, second: np.ndarray, **settings: Any) -> dict[str, Any]:
    layer = made(student, "BatchNormalization", first.shape, np.ones(first.shape[1]), np.zeros(first.shape[1]), **settings)
    layer.forward(second, training=False)  # with the statistics as they are before
    layer.forward(first, training=True)
    return {"y": layer.forward(second, training=False)}


def moved_in_one_of_two(student: Any, first: np.ndarray, second: np.ndarray, **settings: Any) -> dict[str, Any]:
    one = made(student, "BatchNormalization", first.shape, **settings)
    other = made(student, "BatchNormalization", first.shape, **settings)
    one.forward(first, training=True)
    return {
        f"{name} {which}": layer.state[name]
        for which, layer in (("of the trained layer", one), ("of the other layer", other))
        for name in ("moving_mean", "moving_variance")
    }


def left_alone(student: Any, x: np.ndarray, **settings: Any) -> dict[str, Any]:
    layer = made(student, "BatchNormalization", x.shape, **settings)
    layer.forward(x, training=False)
    return {name: layer.state[name] for name in ("moving_mean", "moving_variance")}


def first_row_alone(kind: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        whole = snapshot(layer.forward(x, training=False))
        return {"whole batch": whole, "first row alone": layer.forward(x[:1], training=False)}

    return program


def backward(kind: str, training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        layer.forward(x, training=training)
        return {"dx": layer.backward(upstream), "dgamma": layer.gradients["gamma"], "dbeta": layer.gradients["beta"]}

    return program


def gradient_keys(kind: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        layer.forward(x, training=True)
        layer.backward(upstream)
        return {"gradients": sorted_keys(layer.gradients)}

    return program


def backward_and_slope(kind: str, training: bool) -> Callable[..., Any]:
    def program(
        student: Any, x: np.ndarray, upstream: np.ndarray, gamma: np.ndarray, beta: np.ndarray, **settings: Any
    ) -> dict[str, Any]:
        layer = made(student, kind, x.shape, gamma, beta, **settings)
        layer.forward(x, training=training)
        answers = {
            "dx": snapshot(layer.backward(upstream)),
            "dgamma": snapshot(layer.gradients["gamma"]),
            "dbeta": snapshot(layer.gradients["beta"]),
        }

        def of(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> Any:
            fill(layer.parameters["gamma"], gamma)
            fill(layer.parameters["beta"], beta)
            return layer.forward(x, training=training)

        return {**answers, **slopes(of, x=x, gamma=gamma, beta=beta)}

    return program


def backward_twice(kind: str, training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        layer.forward(x, training=training)
        first = layer.backward(upstream * 3.0 - 1.0)
        return {
            "first dx afterwards": first,
            "second dx": layer.backward(upstream),
            "second dgamma": layer.gradients["gamma"],
            "second dbeta": layer.gradients["beta"],
        }

    return program


def backward_after_an_edit(kind: str, training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, kind, x.shape, **settings)
        layer.forward(x, training=training)
        fill(x, np.sign(x) * 3.0 + 1.0)  # the caller uses the array for something else
        if not training:
            for name in ("moving_mean", "moving_variance"):  # as restoring an earlier state does
                fill(layer.state[name], settings[name] * 2.0 + 1.0)
        return {"dx": layer.backward(upstream), "dgamma": layer.gradients["gamma"]}

    return program


def backward_of_the_latest(first_training: bool, second_training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer = made(student, "BatchNormalization", x.shape, **settings)
        layer.forward(x * 2.0 + 1.0, training=first_training)
        layer.forward(x, training=second_training)
        return {"dx": layer.backward(upstream), "dgamma": layer.gradients["gamma"], "dbeta": layer.gradients["beta"]}

    return program


def backward_in_two_layers(kind: str, training: bool) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, **settings: Any) -> dict[str, Any]:
        layer, other = made(student, kind, x.shape, **settings), made(student, kind, x.shape, **settings)
        layer.forward(x, training=training)
        other.forward(x * 2.0 + 1.0, training=training)
        dx = snapshot(layer.backward(upstream))
        other.backward(upstream * 2.0 - 1.0)
        return {"dx": dx, "dgamma": layer.gradients["gamma"]}

    return program


def normed(student: Any, v: np.ndarray, g: np.ndarray) -> dict[str, Any]:
    return {"w": student.weight_norm(v, g)}


def normed_and_aliasing(student: Any, v: np.ndarray, g: np.ndarray) -> dict[str, Any]:
    w = student.weight_norm(v, g)
    return {"w": w, "shares memory with v": same_memory(w, v)}


def normed_backward(student: Any, v: np.ndarray, g: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    gradients = student.weight_norm_backward(v, g, upstream)
    return {"dv": gradients[0], "dg": gradients[1]}


def normed_slope(student: Any, v: np.ndarray, g: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    return {**normed_backward(student, v, g, upstream), **slopes(lambda v, g: normed(student, v, g)["w"], v=v, g=g)}


FOLDED = ("gamma", "beta", "moving_mean", "moving_variance")


def folded(student: Any, kernel: np.ndarray, **settings: Any) -> dict[str, Any]:
    vectors = [settings.pop(name) for name in FOLDED]
    settings.pop("x", None)
    pair = student.fold_batch_norm(kernel, *vectors, **settings)
    return {"kernel": pair[0], "bias": pair[1]}


# --- measures ---------------------------------------------------------------------------------------------------------


def backward_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx", "gamma": "dgamma", "beta": "dbeta"})


def normed_backward_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"v": "dv", "g": "dg"})


def columns_sum_to_zero(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # A sum of at most 7 terms of at most some ten each: rounding is below 1e-13.
    return {"sums of dx's columns, which are to be 0": Claim(answers["dx"].sum(axis=0), np.zeros(case["x"].shape[1]), 1e-11)}


def rows_sum_to_zero(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # Rounding is as for the columns.
    return {"sums of dx's rows, which are to be 0": Claim(answers["dx"].sum(axis=1), np.zeros(len(case["x"])), 1e-11)}


def lengths_are_g(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    lengths = np.sqrt(np.square(answers["w"]).sum(axis=0))
    return {"norms of the columns": Claim(lengths, np.abs(case["g"]), 1e-11)}  # a handful of roundings of numbers up to 2


def dv_is_across_v(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # Terms of at most g/|v| * u * v, a few units each; rounding is below 1e-13.
    along = (answers["dv"] * case["v"]).sum(axis=0)
    return {"part of dv along v, which is to be 0": Claim(along, np.zeros(len(case["g"])), 1e-11)}


def one_layer_does_both(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    z = case["x"] @ case["kernel"]
    if case.get("bias") is not None:
        z = z + case["bias"]
    right = (z - case["moving_mean"]) / np.sqrt(case["moving_variance"] + case["epsilon"]) * case["gamma"] + case["beta"]
    # Products of 7 terms of at most 2 * 2 * 2 / sqrt(.1) each: rounding is below 1e-12.
    return {"answers of the one layer": Claim(case["x"] @ answers["kernel"] + answers["bias"], right, 1e-10)}


# --- Keras ------------------------------------------------------------------------------------------------------------


def keras_layer(kind: str, shape: tuple[int | None, ...], options: dict[str, float], settings: dict[str, np.ndarray]) -> Any:
    from autograder.declare import keras

    layer = getattr(keras().layers, kind)(**options)
    layer.build(shape)
    for name, content in settings.items():
        getattr(layer, name).assign(content)
    return layer


def keras_built(kind: str, names: tuple[str, ...]) -> Callable[..., Any]:
    def oracle(shape: tuple[int | None, ...]) -> dict[str, Any]:
        layer = keras_layer(kind, (None, shape[-1]), {}, {})
        return {name: np.asarray(getattr(layer, name)) for name in names}

    return oracle


def keras_counted(shape: tuple[int, ...]) -> dict[str, Any]:
    layer = keras_layer("BatchNormalization", shape, {}, {})
    counts = [sum(int(np.prod(w.shape)) for w in part) for part in (layer.trainable_weights, layer.non_trainable_weights)]
    return {"trainable": counts[0], "non-trainable": counts[1]}


def keras_run(
    kind: str, training: bool, wanted: tuple[str, ...], x: np.ndarray, upstream: np.ndarray | None = None, **settings: Any
) -> dict[str, Any]:
    import tensorflow as tf

    options: dict[str, float] = {name: settings.pop(name) for name in ("momentum", "epsilon") if name in settings}
    layer = keras_layer(kind, x.shape, options, settings)
    given = tf.constant(x, tf.float64)
    mode = {"training": training} if kind == "BatchNormalization" else {}
    with tf.GradientTape() as tape:
        sources = [given, layer.gamma.value, layer.beta.value]
        tape.watch(sources)
        y = layer(given, **mode)
    answers = {"y": y}
    if upstream is not None:
        found = tape.gradient(y, sources, output_gradients=tf.constant(upstream, tf.float64))
        answers |= dict(zip(("dx", "dgamma", "dbeta"), found, strict=True))
    if kind == "BatchNormalization":
        answers |= {"moving_mean": layer.moving_mean, "moving_variance": layer.moving_variance}
    return {name: np.asarray(answers[name]) for name in wanted}


GRADIENTS = ("dx", "dgamma", "dbeta")
STATISTICS = ("moving_mean", "moving_variance")
BN_FORWARD = partial(keras_run, "BatchNormalization", True, ("y",))
BN_INFERENCE = partial(keras_run, "BatchNormalization", False, ("y",))
BN_MOVED = partial(keras_run, "BatchNormalization", True, STATISTICS)
BN_LEFT = partial(keras_run, "BatchNormalization", False, STATISTICS)
BN_BACKWARD = partial(keras_run, "BatchNormalization", True, GRADIENTS)
BN_INFERENCE_BACKWARD = partial(keras_run, "BatchNormalization", False, GRADIENTS)
LN_FORWARD = partial(keras_run, "LayerNormalization", True, ("y",))
LN_BACKWARD = partial(keras_run, "LayerNormalization", True, GRADIENTS)


def tensor_weight_norm(v: Any, g: Any) -> Any:
    """The paper's formula in TensorFlow: Keras 3 has no layer for it."""
    import tensorflow as tf

    return g * v / tf.norm(v, axis=0)


def tensor_normed(v: np.ndarray, g: np.ndarray) -> dict[str, Any]:
    from autograder.declare import value

    return {"w": value(tensor_weight_norm, v, g)}


def tensor_normed_backward(v: np.ndarray, g: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    from autograder.declare import gradients

    dv, dg = gradients(tensor_weight_norm, [v, g], upstream)
    return {"dv": dv, "dg": dg}


def keras_folded(kernel: np.ndarray, **settings: Any) -> dict[str, Any]:
    """Keras's two layers tell the one layer's bias by their answer to 0, and its kernel by those to the unit vectors."""
    from autograder.declare import keras

    settings.pop("x", None)
    bias = settings.pop("bias", None)
    options = {"epsilon": settings.pop("epsilon")} if "epsilon" in settings else {}
    dense = keras().layers.Dense(kernel.shape[1], use_bias=bias is not None)
    dense.build((None, kernel.shape[0]))
    dense.set_weights([kernel] if bias is None else [kernel, bias])
    norm = keras_layer("BatchNormalization", (None, kernel.shape[1]), options, settings)

    def both(x: np.ndarray) -> np.ndarray:
        return np.asarray(norm(dense(x), training=False))

    nothing = both(np.zeros((1, kernel.shape[0])))
    return {"kernel": both(np.eye(kernel.shape[0])) - nothing, "bias": nothing[0]}


# --- building ---------------------------------------------------------------------------------------------------------


def shapes(draw: Draw) -> Inputs:
    return {"shape": batch_shape(draw)}


def shapes_and_trained(draw: Draw) -> Inputs:
    shape = batch_shape(draw)
    return {"shape": shape, **trained(draw, shape[1])}


def odd_batch_sizes(draw: Draw) -> Inputs:
    return {"shape": (draws.one_of(draw, [None, 1]), draws.one_of(draw, [1, 2, 5]))}


def build_exercise(kind: str, title: str) -> Exercise:
    batch = kind == "BatchNormalization"
    names = ("gamma", "beta", *(STATISTICS if batch else ()))
    oracle = keras_built(kind, names)
    start = "gamma is 1 and beta 0" + (", the moving mean is 0 and the moving variance 1" if batch else "")
    parts = (
        "parameters holds gamma and beta; state holds moving_mean and moving_variance, which are not trained."
        if batch
        else "parameters holds gamma and beta, and state nothing: there is nothing to track."
    )
    return Exercise(f"{kind}.build", title, (
        Check("value", f"After build, {start}, one number for each feature.", shapes, built(kind), oracle, public=True),
        Check("keys", parts, shapes, keys(kind), cases=3),
        Check("batch_size", "The batch size has no say in the shapes: it may be 1, or None.", odd_batch_sizes, built(kind),
              oracle, cases=5),
        Check("own_memory", "Every array is its own: none is shared between two layers, or within one.", shapes_and_trained,
              kept_apart(kind), cases=3),
    ))  # fmt: skip


COUNT = Exercise("BatchNormalization.count_params", "Batch norm: how many parameters", (
    Check("value", "The first number counts what is trained, gamma and beta, the second what is only tracked.", shapes,
          counted, keras_counted, public=True),
    Check("network", "Batch norms of 784, 300 and 100 features hold 3136, 1200 and 400 numbers, half of them trained.",
          lambda draw: {"shape": (draws.whole(draw, 2, 9), draws.one_of(draw, [784, 300, 100]))}, counted, keras_counted,
          cases=4),
    Check("after_training", "A step of training changes neither number.", partial(batches, upstream=True),
          counted_after_training, cases=4),
    Check("pair", "The answer is a pair, for one feature too.", lambda draw: {"shape": (draws.whole(draw, 2, 9), 1)},
          counted_pair, cases=2),
))  # fmt: skip


# --- batch normalization ----------------------------------------------------------------------------------------------

BN = "BatchNormalization"

BN_FORWARD_EXERCISE = Exercise(f"{BN}.forward", "Batch norm: forward in training", (
    Check("value", "In training, gamma * (x - mean) / sqrt(variance + epsilon) + beta with the batch's own statistics.",
          batches, forward(BN, True), BN_FORWARD, public=True),
    Check("epsilon", "The argument epsilon is used, whatever its value.", with_epsilon(batches, OR_ZERO), forward(BN, True),
          BN_FORWARD),
    Check("tiny_variance", "Where a feature hardly varies, epsilon (1e-3 by default) inside the root keeps it small.",
          tiny_batches, forward(BN, True), BN_FORWARD),
    Check("extremes", "Constant features, tiny ones and thousands give finite answers.", extreme_batches,
          forward(BN, True), BN_FORWARD, cases=5),
    Check("one_row", "A batch of one row is its own mean, so that beta is the answer.", one_row, forward(BN, True), BN_FORWARD,
          cases=5),
    Check("one_feature", "With one feature the answer still has the shape (batch, 1).", one_feature, forward(BN, True),
          BN_FORWARD, cases=3),
    Check("builds", "forward builds a layer that is not built yet, and no layer twice.", batches, forward_unbuilt(BN),
          cases=4),
    Check("second_call", "A second call does not disturb the first one's answer, and x is as it was.", batches,
          forward_twice(BN, True), untouched=True, cases=4),
))  # fmt: skip


def large_and_small(draw: Draw) -> Inputs:
    case = moving_case(draw)
    features = case["x"].shape[1]
    return {**case, "x": case["x"] * np.where(np.arange(features) % 2, 1e-3, 1e3), **trained(draw, features)}


MOVING = Exercise(f"{BN}.moving", "Batch norm: moving statistics", (
    Check("value",
          "Training moves each statistic to momentum * moving + (1 - momentum) * batch, where the variance is the biased one.",
          moving_case, moved, BN_MOVED, public=True),
    Check("default_momentum", "Where no momentum is given it is .99.", without("momentum", moving_case), moved, BN_MOVED,
          cases=4),
    Check("two_batches", "The second batch moves the statistics on from where the first one left them.", two_batches,
          moved_twice),
    Check("scale", "Features of thousands or thousandths move the statistics by their size; gamma and epsilon have no say.",
          with_epsilon(large_and_small), moved, BN_MOVED, cases=5),
    Check("one_row", "A batch of one has the variance 0, and moves the statistics like any other.",
          lambda draw: {"x": draws.values(draw, 1, 3), "momentum": draws.one_of(draw, (0.0, 0.9)), **statistics(draw, 3)},
          moved, BN_MOVED, cases=3),
    Check("used", "Inference after training uses the statistics that training has moved, whatever was asked before.",
          two_batches, moved_then_used),
    Check("own_state", "Training one layer moves no other layer's statistics.", two_batches, moved_in_one_of_two, cases=3),
))  # fmt: skip

with_state = partial(batches, state=True)


def tiny_state(draw: Draw) -> Inputs:
    case = with_state(draw)
    return {**case, "moving_variance": case["moving_variance"] * 1e-6}


def two_states(draw: Draw) -> Inputs:
    case = with_state(draw)
    later = statistics(draw, case["x"].shape[1])
    return {**case, **{f"later_{name}": content for name, content in later.items()}}


def state_refilled(
    student: Any, x: np.ndarray, later_moving_mean: np.ndarray, later_moving_variance: np.ndarray, **settings: Any
) -> dict[str, Any]:
    layer = made(student, BN, x.shape, **settings)
    first = snapshot(layer.forward(x))
    fill(layer.state["moving_mean"], later_moving_mean)
    fill(layer.state["moving_variance"], later_moving_variance)
    return {"first": first, "second": layer.forward(x)}


INFERENCE = Exercise(f"{BN}.inference", "Batch norm: forward at inference", (
    Check("value", "At inference the moving mean and variance take the place of the batch's.", with_state, forward(BN, False),
          BN_INFERENCE, public=True),
    Check("default", "forward(x) is inference: training is False where it is not given.", with_state, forward(BN),
          BN_INFERENCE, cases=4),
    Check("one_row", "One row alone has an answer, made with the moving statistics.", partial(one_row, state=True),
          forward(BN, False), BN_INFERENCE, cases=5),
    Check("batch_mates", "A row's answer does not depend on the rows beside it.", with_state, first_row_alone(BN), cases=5),
    Check("tiny_variance", "A tiny moving variance is kept from blowing up by epsilon, inside the root.",
          tiny_state, forward(BN, False), BN_INFERENCE),
    Check("epsilon", "The argument epsilon is used, whatever its value.", with_epsilon(with_state, OR_ZERO),
          forward(BN, False), BN_INFERENCE, cases=4),
    Check("refilled", "Statistics that are others at the second call are those that count in it.", two_states, state_refilled,
          cases=2),
    Check("state", "Inference reads the moving statistics and leaves them as they are.", with_state, left_alone, BN_LEFT),
    Check("untouched", "x is as it was, and a second call leaves the first one's answer alone.", with_state,
          forward_twice(BN, False), untouched=True, cases=4),
))  # fmt: skip

with_upstream = partial(batches, upstream=True)
with_all = partial(batches, upstream=True, state=True)

BN_BACKWARD_EXERCISE = Exercise(f"{BN}.backward", "Batch norm: backward in training", (
    Check("value", "backward returns the gradient for x and puts those for gamma and beta, sums over the batch, in gradients.",
          with_upstream, backward(BN, True), BN_BACKWARD, public=True),
    Check("slope", "The three gradients are the slopes of sum(upstream * y) with your own forward, by finite differences.",
          with_epsilon(with_upstream), backward_and_slope(BN, True), measure=backward_is_slope, against=True),
    Check("epsilon", "The gradients know epsilon: they are right for features that hardly vary, too.",
          partial(batches, upstream=True, factor=1e-3), backward(BN, True), BN_BACKWARD, cases=5),
    Check("columns", "Every column of the gradient for x sums to 0: moving a whole column changes nothing.", with_upstream,
          backward(BN, True), measure=columns_sum_to_zero, cases=4),
    Check("one_row", "For a batch of one row the gradient for x is 0, that for gamma too, and that for beta is the upstream.",
          partial(one_row, upstream=True), backward(BN, True), BN_BACKWARD, cases=4),
    Check("one_feature", "With one feature the shapes are (batch, 1), (1,) and (1,).", partial(one_feature, upstream=True),
          backward(BN, True), BN_BACKWARD, cases=3),
    Check("twice", "A second backward overwrites the gradients of the first.", with_upstream, backward_twice(BN, True),
          cases=4),
    Check("edited_input", "backward does not mind if the caller has changed x since forward.", with_upstream,
          backward_after_an_edit(BN, True), cases=4),
    Check("two_layers", "What one layer keeps for its backward, another layer does not disturb.", with_upstream,
          backward_in_two_layers(BN, True), cases=3),
    Check("untouched", "The upstream gradient and x are as they were; gradients holds gamma and beta, nothing else.",
          with_upstream, gradient_keys(BN), untouched=True, cases=4),
))  # fmt: skip

INFERENCE_BACKWARD = Exercise(f"{BN}.inference_backward", "Batch norm: backward after inference", (
    Check("value", "After an inference forward the statistics are constants: an entry of dx depends on its own upstream only.",
          with_all, backward(BN, False), BN_INFERENCE_BACKWARD, public=True),
    Check("slope", "The three gradients are the slopes of your own inference forward, by finite differences.",
          with_epsilon(with_all), backward_and_slope(BN, False), measure=backward_is_slope, against=True),
    Check("latest", "backward belongs to the latest forward: inference, though training went before.", with_all,
          backward_of_the_latest(True, False)),
    Check("latest_training", "backward belongs to the latest forward: training, though inference went before.", with_all,
          backward_of_the_latest(False, True), cases=4),
    Check("one_row", "One row alone has gradients at inference, and they are not 0.",
          partial(one_row, upstream=True, state=True), backward(BN, False), BN_INFERENCE_BACKWARD, cases=4),
    Check("twice", "A second backward overwrites the gradients of the first.", with_all, backward_twice(BN, False), cases=4),
    Check("edited_input", "backward does not mind if x or the moving statistics have changed since forward.", with_all,
          backward_after_an_edit(BN, False), cases=4),
    Check("untouched", "The upstream gradient is as it was.", with_all, backward(BN, False), untouched=True, cases=4),
))  # fmt: skip

# --- layer normalization ----------------------------------------------------------------------------------------------

LN = "LayerNormalization"


def rows_spread(draw: Draw, *, upstream: bool = False, factor: float = 1.0) -> dict[str, Any]:
    # Three features or more: two are normalized to -1 and 1 whatever they hold.
    features = draws.one_of(draw, (3, 5, 7))
    rows = draws.one_of(draw, [size for size in FEATURES if size != features])
    case = {"x": spread(draw, features, rows).T.copy() * factor, **trained(draw, features)}
    if upstream:
        case["upstream"] = draws.values(draw, rows, features)
    return case


def square(draw: Draw) -> Inputs:
    # Where NumPy would take a vector of the rows' means for one of the columns' and say nothing.
    size = draws.one_of(draw, (3, 5))
    return {"x": spread(draw, size, size).T.copy(), **trained(draw, size)}


def lone_row(draw: Draw, *, upstream: bool = False) -> dict[str, Any]:
    features = draws.one_of(draw, (3, 5))
    case = {"x": spread(draw, features, 1).T.copy(), **trained(draw, features)}
    if upstream:
        case["upstream"] = draws.values(draw, 1, features)
    return case


def extreme_rows(draw: Draw) -> Inputs:
    # Rows that do not vary at all, rows that hardly vary, and rows of thousands.
    case = rows_spread(draw)
    rows = len(case["x"])
    scales = np.array([0.0, 1e3, 1e-3, 1e3, 0.0, 1e-3, 1e3])[:rows, np.newaxis]
    offsets = np.array([2.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0])[:rows, np.newaxis]
    return {**case, "x": case["x"] * scales + offsets}


LN_FORWARD_EXERCISE = Exercise(f"{LN}.forward", "Layer norm: forward", (
    Check("value", "gamma * (x - mean) / sqrt(variance + epsilon) + beta with the mean and the biased variance of each row.",
          rows_spread, forward(LN), LN_FORWARD, public=True),
    Check("epsilon", "The argument epsilon is used, whatever its value.", with_epsilon(rows_spread, OR_ZERO), forward(LN),
          LN_FORWARD, cases=5),
    Check("tiny_variance", "Where a row hardly varies, epsilon (1e-3 by default) inside the root keeps it small.",
          partial(rows_spread, factor=1e-3), forward(LN), LN_FORWARD),
    Check("extremes", "Constant rows, tiny ones and thousands give finite answers.", extreme_rows,
          forward(LN), LN_FORWARD, cases=5),
    Check("training", "Training and inference are the same.", rows_spread, forward(LN, True), LN_FORWARD, cases=4),
    Check("batch_mates", "A row's answer does not depend on the rows beside it.", rows_spread, first_row_alone(LN), cases=4),
    Check("square", "With as many rows as features, the rows' statistics still go with the rows.", square, forward(LN),
          LN_FORWARD, cases=4),
    Check("one_feature", "A single feature is its own mean, so that beta is the answer, in the shape (batch, 1).", one_feature,
          forward(LN), LN_FORWARD, cases=3),
    Check("builds", "forward builds a layer that is not built yet, and no layer twice.", rows_spread, forward_unbuilt(LN),
          cases=4),
    Check("second_call", "A second call does not disturb the first one's answer, and x is as it was.", rows_spread,
          forward_twice(LN, True), untouched=True, cases=4),
))  # fmt: skip

rows_upstream = partial(rows_spread, upstream=True)

LN_BACKWARD_EXERCISE = Exercise(f"{LN}.backward", "Layer norm: backward", (
    Check("value", "backward returns the gradient for x and puts those for gamma and beta, sums over the batch, in gradients.",
          rows_upstream, backward(LN, True), LN_BACKWARD, public=True),
    Check("slope", "The three gradients are the slopes of sum(upstream * y) with your own forward, by finite differences.",
          with_epsilon(rows_upstream), backward_and_slope(LN, True), measure=backward_is_slope, against=True),
    Check("epsilon", "The gradients know epsilon: they are right for rows that hardly vary, too.",
          partial(rows_spread, upstream=True, factor=1e-3), backward(LN, True), LN_BACKWARD, cases=5),
    Check("rows", "Every row of the gradient for x sums to 0: moving a whole row changes nothing.", rows_upstream,
          backward(LN, True), measure=rows_sum_to_zero, cases=4),
    Check("one_row", "A batch of one row has its gradients, in the shapes (1, features) and (features,).",
          partial(lone_row, upstream=True), backward(LN, True), LN_BACKWARD, cases=4),
    Check("twice", "A second backward overwrites the gradients of the first.", rows_upstream, backward_twice(LN, True),
          cases=4),
    Check("edited_input", "backward does not mind if the caller has changed x since forward.", rows_upstream,
          backward_after_an_edit(LN, True), cases=4),
    Check("untouched", "The upstream gradient and x are as they were; gradients holds gamma and beta, nothing else.",
          rows_upstream, gradient_keys(LN), untouched=True, cases=4),
))  # fmt: skip

# --- weight normalization ---------------------------------------------------------------------------------------------


def kernels(draw: Draw, *, upstream: bool = False, factor: float = 1.0) -> dict[str, Any]:
    inputs, units = draws.sizes(draw, 2)
    case = {"v": draws.values(draw, inputs, units, least=0.2) * factor, "g": draws.values(draw, units)}
    if upstream:
        case["upstream"] = draws.values(draw, inputs, units)
    return case


def odd_kernels(draw: Draw, *, upstream: bool = False) -> dict[str, Any]:
    inputs, units = draws.one_of(draw, [(1, 1), (1, 5), (5, 1), (3, 1), (1, 2)])
    case = {"v": draws.values(draw, inputs, units, least=0.2), "g": draws.values(draw, units)}
    if upstream:
        case["upstream"] = draws.values(draw, inputs, units)
    return case


def scaled_kernels(draw: Draw, *, upstream: bool = False) -> Inputs:
    # A column of length 1e-7 has one, where some libraries take the root of 1e-12 at least. Its gradient is of ten millions,
    # and asked for at 1e-3.
    sizes = [1e3, 1e-3, -3.0] if upstream else [1e3, 1e-7, -3.0]
    return kernels(draw, upstream=upstream, factor=draws.one_of(draw, sizes))


# Where v is of thousandths, dv is what is left of terms of up to 2 / (.28 * 1e-3) * 2, each rounded to 1e-12.
LEFT_OVER = Tolerance(1e-11, 1e-10, "rounding of terms of ten thousand, of which little may be left")

kernels_upstream = partial(kernels, upstream=True)

WEIGHT_NORM = Exercise("weight_norm", "Weight normalization", (
    Check("value", "Each unit's weights, a column of v, are divided by their norm and multiplied by the unit's g.", kernels,
          normed, tensor_normed, public=True),
    Check("lengths", "Column j of the answer has the length |g[j]|.", kernels, normed, measure=lengths_are_g),
    Check("scale", "The length of v has no say: v times 1000 or 1e-7 gives the same kernel.", scaled_kernels, normed,
          tensor_normed),
    Check("shapes", "One input or one unit will do, and the answer has the shape of v.", odd_kernels, normed, tensor_normed,
          cases=5),
    Check("untouched", "v and g are as they were, and the answer is a new array.", kernels,
          normed_and_aliasing, untouched=True, cases=4),
))  # fmt: skip

WEIGHT_NORM_BACKWARD = Exercise("weight_norm_backward", "Weight normalization: backward", (
    Check("value", "The answer is the pair of the gradients for v and for g.", kernels_upstream, normed_backward,
          tensor_normed_backward, public=True),
    Check("slope", "Both are slopes of sum(upstream * weight_norm(v, g)) with your own weight_norm, by finite differences.",
          kernels_upstream, normed_slope, measure=normed_backward_is_slope, against=True),
    Check("across", "The gradient for v has no part along v: making v longer changes nothing.", kernels_upstream,
          normed_backward, measure=dv_is_across_v, cases=4),
    Check("scale", "For a v of thousands the gradient for v is as much smaller, and that for g the same.",
          partial(scaled_kernels, upstream=True), normed_backward, tensor_normed_backward, tolerance=LEFT_OVER),
    Check("shapes", "One input or one unit will do; the gradients have the shapes of v and g.",
          partial(odd_kernels, upstream=True), normed_backward, tensor_normed_backward, cases=5),
    Check("untouched", "v, g and the upstream gradient are as they were.", kernels_upstream, normed_backward,
          untouched=True, cases=4),
))  # fmt: skip

# --- folding ----------------------------------------------------------------------------------------------------------


def dense_and_norm(draw: Draw, *, shape: tuple[int, int] | None = None, bias: bool = False) -> dict[str, Any]:
    inputs, units = shape or draws.sizes(draw, 2)
    case = {"kernel": draws.values(draw, inputs, units), **trained(draw, units), **statistics(draw, units)}
    return {**case, "bias": draws.values(draw, units)} if bias else case


def dense_norm_and_rows(draw: Draw, *, bias: bool) -> dict[str, Any]:
    case = dense_and_norm(draw, bias=bias)
    return {**case, "x": draws.values(draw, 3, len(case["kernel"])), "epsilon": epsilons(draw, OR_ZERO)}


def tiny_moving_variance(draw: Draw) -> Inputs:
    case = dense_and_norm(draw)
    return {**case, "moving_variance": case["moving_variance"] * 1e-6}


FOLD = Exercise("fold_batch_norm", "Folding a batch norm into the dense layer before it", (
    Check("value", "The new kernel and bias do what the dense layer (with no bias) and the batch norm do; epsilon is 1e-3.",
          dense_and_norm, folded, keras_folded, public=True),
    Check("same_answers", "x @ kernel + bias of the one layer is what the two layers answer at inference.",
          partial(dense_norm_and_rows, bias=False), folded, measure=one_layer_does_both),
    Check("bias", "A bias of the dense layer goes through the batch norm, too.", partial(dense_and_norm, bias=True), folded,
          keras_folded),
    Check("bias_same_answers", "With a bias, too, the one layer answers what the two answer.",
          partial(dense_norm_and_rows, bias=True), folded, measure=one_layer_does_both),
    Check("tiny_variance", "A tiny moving variance is kept from blowing up by epsilon, inside the root.", tiny_moving_variance,
          folded, keras_folded),
    Check("shapes", "One input or one unit will do.",
          lambda draw: dense_and_norm(draw, shape=draws.one_of(draw, [(1, 1), (1, 5), (5, 1)])), folded, keras_folded,
          cases=4),
    Check("untouched", "Nothing that is passed in is changed.", partial(dense_and_norm, bias=True), folded, untouched=True,
          cases=4),
))  # fmt: skip

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "BatchNormalization.backward/twice": Weight(2, "Gradients that add up over calls make every step but the first wrong."),
    "LayerNormalization.backward/twice": Weight(2, "Gradients that add up over calls make every step but the first wrong."),
    "BatchNormalization.inference/default": Weight(
        2, "Whoever only wants an answer would move the statistics, and get what depends on the batch."
    ),
}

TOPIC = Topic(
    name="normalization",
    title="Normalization: batch, layer and weight",
    exercises=weighed(
        with_contract(
            (
                build_exercise(BN, "Batch norm: its four vectors"),
                COUNT,
                BN_FORWARD_EXERCISE,
                MOVING,
                INFERENCE,
                BN_BACKWARD_EXERCISE,
                INFERENCE_BACKWARD,
                build_exercise(LN, "Layer norm: its two vectors"),
                LN_FORWARD_EXERCISE,
                LN_BACKWARD_EXERCISE,
                WEIGHT_NORM,
                WEIGHT_NORM_BACKWARD,
                FOLD,
            ),
            given_nothing=(
                "BatchNormalization.build",
                "BatchNormalization.count_params",
                "LayerNormalization.build",
            ),
        ),
        WORTH,
    ),
)
