"""Checks of topic 4, layers: forward and backward of each, and of the networks made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    EXACT,
    STEP,
    Answers,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Topic,
    Weight,
    direction,
    fill,
    length,
    library,
    mean_claim,
    rng,
    same_memory,
    same_object,
    slope_claims,
    slopes,
    snapshot,
    sorted_keys,
    unless_right,
    variance_claim,
    weighed,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

DrawCase = Callable[[Draw], Inputs]
Program = Callable[..., Any]

# Fewer than the usual eight: the sizes are unequal primes in every case, so one case in five already hides no mix-up of axes.
CASES = 5


def same_arrays(observed: Any, expected: np.ndarray) -> Claim:
    """Two answers of the same student's must agree, up to rounding."""
    return Claim(observed, expected, EXACT.absolute + EXACT.relative * np.abs(expected))


# --- Dense: inputs ----------------------------------------------------------------------------------------------------


def dense_arrays(draw: Draw, batch: int, features: int, units: int, *, bias: bool = True) -> dict[str, Any]:
    arrays = {"x": draws.values(draw, batch, features), "kernel": draws.values(draw, features, units)}
    return {**arrays, "bias": draws.values(draw, units)} if bias else arrays


def dense_case(draw: Draw) -> Inputs:
    return dense_arrays(draw, *draws.sizes(draw, 3))


def dense_without_bias(draw: Draw) -> Inputs:
    return dense_arrays(draw, *draws.sizes(draw, 3), bias=False)


def dense_square(draw: Draw) -> Inputs:
    size = draws.one_of(draw, [3, 2, 5])
    return dense_arrays(draw, size, size, size)


def dense_batch_of_one(draw: Draw) -> Inputs:
    return dense_arrays(draw, 1, *draws.sizes(draw, 2))


def dense_narrow(draw: Draw) -> Inputs:
    batch, size = draws.sizes(draw, 2)
    return dense_arrays(draw, batch, *draws.one_of(draw, [(size, 1), (1, size), (1, 1)]))


def with_upstream(cases: DrawCase) -> DrawCase:
    """The same cases with a random gradient of the output's shape."""

    def draw_case(draw: Draw) -> Inputs:
        case = cases(draw)
        return {**case, "upstream": draws.values(draw, len(case["x"]), case["kernel"].shape[1])}

    return draw_case


def two_batches(draw: Draw) -> Inputs:
    batch, features, units, other = draws.sizes(draw, 4)
    first = dense_arrays(draw, batch, features, units)
    return {
        **first,
        "upstream": draws.values(draw, batch, units),
        "other_x": draws.values(draw, other, features),
        "other_upstream": draws.values(draw, other, units),
    }


def several_build_shapes(draw: Draw) -> Inputs:
    features, units = draws.sizes(draw, 2)
    return {"input_shapes": [(draws.one_of(draw, [None, 11, 1]), features), (features,), (None, 4, features)], "units": units}


def build_case(draw: Draw) -> Inputs:
    features, units = draws.sizes(draw, 2)
    return {"input_shape": (draws.one_of(draw, [None, 11, 1]), features), "units": units}


def seeded_build(draw: Draw) -> Inputs:
    features, units = draws.sizes(draw, 2)
    seed = draws.seeds(draw)
    return {"input_shape": (11, features), "units": units, "seed": seed, "other_seed": seed + 1}


def large_build(draw: Draw) -> Inputs:
    # Some 11,000 weights: the relative standard error of their variance is sqrt(0.8 / 11000) = 0.9 %, and the nearest wrong
    # variance is 20 % away. Far from square, so that fan_in, fan_out and their mean all differ.
    features, units = draws.one_of(draw, [(211, 53), (53, 211), (101, 113)])
    return {"input_shape": (7, features), "units": units, "seed": draws.seeds(draw)}


# --- Dense: programs --------------------------------------------------------------------------------------------------


def dense(student: Any, kernel: np.ndarray, bias: np.ndarray | None = None) -> Any:
    """A built Dense layer with these weights."""
    features, units = kernel.shape
    layer = student.Dense(units, use_bias=bias is not None, rng=rng(1))
    # A square shape, so that a student who takes the wrong entry of it pays in build's own checks only.
    layer.build((features, features))
    fill(layer.parameters["kernel"], kernel)
    if bias is not None:
        fill(layer.parameters["bias"], bias)
    return layer


def built(student: Any, input_shape: tuple[int, ...], units: int, **options: Any) -> Any:
    layer = student.Dense(units, **options)
    layer.build(tuple(input_shape))
    return layer


def build_parameters(student: Any, input_shape: tuple[int, ...], units: int) -> dict[str, Any]:
    parameters = built(student, input_shape, units, rng=rng(1)).parameters
    return {"names": sorted_keys(parameters), "kernel": parameters["kernel"], "bias": parameters["bias"]}


def build_each(student: Any, input_shapes: list[tuple[int, ...]], units: int) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for shape, axes in zip(input_shapes, ("", " of a vector", " of three axes"), strict=True):
        answers |= {f"{name}{axes}": found for name, found in build_parameters(student, shape, units).items()}
    return answers


def build_without_bias(student: Any, input_shape: tuple[int, ...], units: int) -> dict[str, Any]:
    parameters = built(student, input_shape, units, use_bias=False, rng=rng(1)).parameters
    return {"names": sorted_keys(parameters), "kernel": parameters["kernel"]}


def build_large(student: Any, input_shape: tuple[int, ...], units: int, seed: int) -> dict[str, Any]:
    return {"kernel": built(student, input_shape, units, rng=rng(seed)).parameters["kernel"]}


def build_with_generators(
    student: Any, input_shape: tuple[int, ...], units: int, seed: int, other_seed: int
) -> dict[str, Any]:
    def kernel(generator: Any) -> Any:
        return built(student, input_shape, units, rng=generator).parameters["kernel"]

    shared = rng(seed)
    first, second = kernel(shared), kernel(shared)
    return {"first": first, "second": second, "same seed": kernel(rng(seed)), "other seed": kernel(rng(other_seed))}


def build_on_its_own(student: Any, input_shape: tuple[int, ...], units: int) -> dict[str, Any]:
    layer, other = built(student, input_shape, units), built(student, input_shape, units)
    return {
        "kernel": layer.parameters["kernel"],
        "kernel of another": other.parameters["kernel"],
        "one dict for both": same_object(layer.parameters, other.parameters),
    }


def dense_forward(student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None) -> Any:
    return dense(student, kernel, bias).forward(x)


def dense_unbuilt(student: Any, x: np.ndarray, units: int) -> dict[str, Any]:
    layer = student.Dense(units, rng=rng(1))
    first = layer.forward(x)
    # Read between the two calls, since a layer must not draw new weights for the second.
    kernel, bias = snapshot(layer.parameters["kernel"]), snapshot(layer.parameters["bias"])
    return {"kernel": kernel, "bias": bias, "first": first, "second": layer.forward(x)}


def dense_refilled(
    student: Any, *, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, new_kernel: np.ndarray, new_bias: np.ndarray
) -> Any:
    layer = dense(student, kernel, bias)
    layer.forward(x[:1].copy())
    fill(layer.parameters["kernel"], new_kernel)
    fill(layer.parameters["bias"], new_bias)
    return layer.forward(x)


def dense_training(student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> Any:
    layer = dense(student, kernel, bias)
    answers = {"training": layer.forward(x, training=True), "inference": layer.forward(x, training=False)}
    layer.forward(x[::-1].copy())  # of the same size: what was answered is looked at after it
    return answers


def gradients_of(layer: Any, bias: bool = True) -> dict[str, Any]:
    """What backward left in a Dense layer, as it is now."""
    found = {"dkernel": snapshot(layer.gradients["kernel"])}
    return {**found, "dbias": snapshot(layer.gradients["bias"])} if bias else found


def dense_backward(
    student: Any, x: np.ndarray, kernel: np.ndarray, upstream: np.ndarray, bias: np.ndarray | None = None
) -> dict[str, Any]:
    layer = dense(student, kernel, bias)
    layer.forward(x)
    dx = layer.backward(upstream)
    return {"dx": dx, **gradients_of(layer, bias is not None), "names": sorted_keys(layer.gradients)}


def dense_backward_memory(student: Any, x: np.ndarray, kernel: np.ndarray, upstream: np.ndarray, bias: np.ndarray) -> Any:
    layer = dense(student, kernel, bias)
    layer.forward(x)
    shared = {"dx shares memory with upstream": same_memory(layer.backward(upstream), upstream)}
    for name in ("kernel", "bias"):
        shared[f"the {name}'s gradient shares memory with upstream"] = same_memory(layer.gradients[name], upstream)
    return {**dense_backward(student, x, kernel, upstream, bias), **shared}


def dense_slopes(student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    def forward(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> Any:
        return dense_forward(student, x, kernel, bias)

    answers = dense_backward(student, x, kernel, upstream, bias)
    del answers["names"]
    return {**answers, **slopes(forward, x=x, kernel=kernel, bias=bias)}


def dense_edited(student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    layer, mine = dense(student, kernel, bias), snapshot(x)
    layer.forward(mine)
    fill(mine, 0.0)
    return {"dx": layer.backward(upstream), **gradients_of(layer)}


def dense_again(
    student: Any,
    *,
    x: np.ndarray,
    other_x: np.ndarray,
    upstream: np.ndarray,
    other_upstream: np.ndarray,
    **weights: np.ndarray,
) -> dict[str, Any]:
    layer = dense(student, **weights)
    layer.forward(x)
    layer.backward(upstream)
    layer.forward(other_x)
    return {"dx": layer.backward(other_upstream), **gradients_of(layer)}


def dense_twice(student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    layer = dense(student, kernel, bias)
    layer.forward(x)
    layer.backward(upstream)
    return {"dx": layer.backward(upstream), **gradients_of(layer)}


def dense_instances(
    student: Any,
    *,
    x: np.ndarray,
    other_x: np.ndarray,
    upstream: np.ndarray,
    other_upstream: np.ndarray,
    **weights: np.ndarray,
) -> dict[str, Any]:
    layer, other = dense(student, **weights), dense(student, **weights)
    layer.forward(x)
    other.forward(other_x)
    dx = layer.backward(upstream)
    other.backward(other_upstream)
    return {"dx": dx, **gradients_of(layer)}


def dense_parameters_after(
    student: Any, x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, upstream: np.ndarray
) -> dict[str, Any]:
    layer = dense(student, kernel, bias)
    layer.forward(x)
    layer.backward(upstream)
    return {"kernel": layer.parameters["kernel"], "bias": layer.parameters["bias"]}


# --- Dense: measures --------------------------------------------------------------------------------------------------


def glorot_uniform(case: Inputs, answers: Answers) -> dict[str, Claim]:
    kernel = answers["kernel"]
    variance = 2.0 / sum(kernel.shape)
    limit = np.sqrt(3.0 * variance)
    return {
        "mean": mean_claim(kernel, 0.0, np.sqrt(variance)),
        "variance / (2 / (features + units))": _scaled(variance_claim(kernel, 0.0, variance, kurtosis=1.8), variance),
        # The largest of 10,000 uniform numbers lies within 1 % of the limit except once in 10^43, and never beyond it.
        "largest / limit": Claim(float(np.abs(kernel).max() / limit), 0.995, 0.005 + 1e-12),
        # 6e7 pairs of numbers of 53 bits: two are equal, or each other's negative, once in 10^8 courses.
        "each drawn on its own": Claim(np.unique(np.abs(kernel)).size == kernel.size, True, 0),
    }


def _scaled(claim: Claim, unit: float) -> Claim:
    return Claim(claim.observed / unit, claim.expected / unit, claim.within / unit)


def generator_is_used(case: Inputs, answers: Answers) -> dict[str, Claim]:
    first = answers["first"]
    return {
        "same seed, same kernel": Claim(bool(np.array_equal(first, answers["same seed"])), True, 0),
        "second draw differs": Claim(bool(np.any(first != answers["second"])), True, 0),
        "other seed differs": Claim(bool(np.any(first != answers["other seed"])), True, 0),
    }


def layers_differ(case: Inputs, answers: Answers) -> dict[str, Claim]:
    differ = bool(np.any(answers["kernel"] != answers["kernel of another"]))
    return {"kernels differ": Claim(differ, True, 0), "one dict for both": Claim(answers["one dict for both"], False, 0)}


def own_weights(case: Inputs, answers: Answers) -> dict[str, Claim]:
    right = case["x"] @ answers["kernel"] + answers["bias"]
    return {"first call": same_arrays(answers["first"], right), "second call": same_arrays(answers["second"], right)}


def dense_slope_claims(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx", "kernel": "dkernel", "bias": "dbias"})


# --- Dense: Keras -----------------------------------------------------------------------------------------------------


def keras_dense(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None) -> Any:
    """``f(x, kernel[, bias])`` by a Keras layer."""
    from autograder.declare import keras

    layer = keras().layers.Dense(kernel.shape[1], use_bias=bias is not None)
    layer.build(x.shape)
    return lambda x, *weights: layer.stateless_call(list(weights), [], x)[0]


def keras_dense_forward(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None) -> Any:
    from autograder.declare import value

    weights = [kernel] if bias is None else [kernel, bias]
    return value(keras_dense(x, kernel, bias), x, *weights)


def keras_dense_backward(
    x: np.ndarray, kernel: np.ndarray, upstream: np.ndarray, bias: np.ndarray | None = None, **_: Any
) -> dict[str, Any]:
    from autograder.declare import gradients

    weights = [kernel] if bias is None else [kernel, bias]
    found = gradients(keras_dense(x, kernel, bias), [x, *weights], upstream)
    return dict(zip(("dx", "dkernel", "dbias"), found, strict=False))


# --- Dense: exercises -------------------------------------------------------------------------------------------------

DENSE_BUILD = Exercise("Dense.build", "Dense: making the parameters", (
    Check("shapes", "build(input_shape) makes a kernel of shape (features, units) and a bias of zeros of shape (units,); "
          "only the last entry of input_shape matters.", several_build_shapes, build_each, cases=CASES, public=True,
          compare=("names", "bias", "bias of a vector", "bias of three axes")),
    Check("glorot", "The kernel is uniform between -limit and limit, limit = sqrt(6 / (features + units)): the mean, the "
          "variance and the largest entry of some 11,000 weights, of which no two are alike.", large_build, build_large,
          measure=glorot_uniform,
          cases=2),
    Check("no_bias", "With use_bias=False the kernel is the only parameter.", build_case, build_without_bias,
          compare=("names",), cases=3),
    Check("generator", "The kernel is drawn from the layer's rng: the same seed gives the same numbers, another seed or a "
          "second draw from one generator gives others.", seeded_build, build_with_generators, measure=generator_is_used,
          cases=3),
    Check("own", "Two layers made without an rng have different kernels, and share no dict of parameters.", build_case,
          build_on_its_own, measure=layers_differ, cases=3),
))  # fmt: skip


def refill_case(draw: Draw) -> Inputs:
    case = dense_case(draw)
    kernel, bias = case["kernel"], case["bias"]
    return {**case, "new_kernel": draws.values(draw, *kernel.shape), "new_bias": draws.values(draw, *bias.shape)}


def unbuilt_case(draw: Draw) -> Inputs:
    batch, features, units = draws.sizes(draw, 3)
    return {"x": draws.values(draw, batch, features), "units": units}


DENSE_FORWARD = Exercise("Dense.forward", "Dense: forward", (
    Check("value", "forward(x) is x @ kernel + bias.", dense_case, dense_forward, keras_dense_forward, cases=CASES,
          public=True),
    Check("no_bias", "With use_bias=False it is x @ kernel.", dense_without_bias, dense_forward, keras_dense_forward,
          cases=CASES),
    Check("batch_of_one", "A batch of one row gives one row: (1, units).", dense_batch_of_one, dense_forward,
          keras_dense_forward, cases=3),
    Check("narrow", "One feature or one unit is as good as many, and the answer keeps its two axes.", dense_narrow,
          dense_forward, keras_dense_forward, cases=CASES),
    Check("square", "It is right where batch, features and units are equal, and a mix-up of axes would give no error.",
          dense_square, dense_forward, keras_dense_forward, cases=3),
    Check("builds", "A layer that is not built yet builds itself at the first call, and only then: the second call uses "
          "the same weights.", unbuilt_case, dense_unbuilt, measure=own_weights, cases=3),
    Check("refilled", "Parameters that were changed in place between two calls are used, whatever the batches' sizes.",
          refill_case, dense_refilled,
          cases=3),
    Check("training", "training=True and training=False give the same, which stays when forward is called again; x is left "
          "as it was.", dense_case, dense_training,
          cases=3, untouched=True),
))  # fmt: skip

DENSE_BACKWARD = Exercise("Dense.backward", "Dense: backward", (
    Check("value", "backward returns the gradient for x, and leaves those for kernel and bias in gradients.",
          with_upstream(dense_case), dense_backward, keras_dense_backward, cases=CASES, public=True),
    Check("slope", "The three gradients are the slopes of sum(upstream * y) with your own forward, by finite differences.",
          with_upstream(dense_case), dense_slopes, measure=dense_slope_claims, against=True, cases=CASES),
    Check("no_bias", "With use_bias=False gradients has the kernel's only.", with_upstream(dense_without_bias),
          dense_backward, keras_dense_backward, cases=3),
    Check("batch_of_one", "A batch of one row works, and what comes back is new memory there, too.",
          with_upstream(dense_batch_of_one), dense_backward_memory, keras_dense_backward, cases=3),
    Check("narrow", "One feature or one unit is as good as many; all gradients keep their parameter's shape.",
          with_upstream(dense_narrow), dense_backward, keras_dense_backward, cases=CASES),
    Check("square", "It is right where batch, features and units are equal, and a mix-up of axes would give no error.",
          with_upstream(dense_square), dense_backward, keras_dense_backward, cases=3),
    Check("edited_input", "The gradients are right even if the caller overwrites its x between forward and backward.",
          with_upstream(dense_case), dense_edited, cases=3),
    Check("again", "A second forward and backward, on another batch, overwrites the gradients of the first.", two_batches,
          dense_again, cases=3),
    Check("twice", "backward called twice after one forward gives the same twice, and adds nothing up.",
          with_upstream(dense_case), dense_twice, cases=3),
    Check("instances", "Two layers do not disturb each other.", two_batches, dense_instances, cases=3),
    Check("parameters", "backward only computes gradients: the parameters, x and upstream stay as they were.",
          with_upstream(dense_case), dense_parameters_after, cases=3, untouched=True),
))  # fmt: skip


# --- Flatten ----------------------------------------------------------------------------------------------------------


def flat(x: np.ndarray) -> tuple[int, int]:
    return len(x), x[0].size


def images(draw: Draw) -> Inputs:
    x = draws.values(draw, *draws.sizes(draw, 3))
    return {"x": x, "upstream": draws.values(draw, *flat(x))}


def odd_images(draw: Draw) -> Inputs:
    # All of them in one case: were a shape drawn by lot, some courses would have none of it.
    shapes = ((1, 2, 3), (3, 1, 1), (1, 1, 4), (5, 7), (1, 5), (1, 1), (2, 3, 2, 5))
    batches = [draws.values(draw, *shape) for shape in shapes]
    return {str(x.shape): [x, draws.values(draw, *flat(x))] for x in batches}


def images_and_rows(draw: Draw) -> Inputs:
    batch, width = draws.sizes(draw, 2)
    return {**images(draw), "rows": draws.values(draw, batch, width), "rows_upstream": draws.values(draw, batch, width)}


def two_image_batches(draw: Draw) -> Inputs:
    batch, other, height, width = draws.sizes(draw, 4)
    return {
        "x": draws.values(draw, batch, height, width),
        "other_x": draws.values(draw, other, width, height),
        "upstream": draws.values(draw, batch, height * width),
        "other_upstream": draws.values(draw, other, height * width),
    }


def flatten_forward(student: Any, x: np.ndarray, upstream: np.ndarray) -> Any:
    return student.Flatten().forward(x)


def flatten_both(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    layer = student.Flatten()
    return {"y": layer.forward(x), "dx": layer.backward(upstream)}


def flatten_each(student: Any, **batches: list[np.ndarray]) -> dict[str, Any]:
    found = {shape: flatten_both(student, x, upstream) for shape, (x, upstream) in batches.items()}
    return {f"{name} of {shape}": answer for shape, answers in found.items() for name, answer in answers.items()}


def flatten_backward(student: Any, x: np.ndarray, upstream: np.ndarray) -> Any:
    layer = student.Flatten()
    layer.forward(x)
    return layer.backward(upstream)


def flatten_slopes(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    dx = flatten_backward(student, x, upstream)
    return {"dx": dx, **slopes(lambda x: student.Flatten().forward(x), x=x)}


def flatten_memory(
    student: Any, x: np.ndarray, upstream: np.ndarray, rows: np.ndarray, rows_upstream: np.ndarray
) -> dict[str, Any]:
    answers = {}
    for name, given, gradient in (("", x, upstream), (" where rows are flat already", rows, rows_upstream)):
        layer = student.Flatten()
        answers[f"forward shares memory{name}"] = same_memory(layer.forward(given), given)
        answers[f"backward shares memory{name}"] = same_memory(layer.backward(gradient), gradient)
    return answers


def flatten_again(
    student: Any, x: np.ndarray, other_x: np.ndarray, upstream: np.ndarray, other_upstream: np.ndarray
) -> dict[str, Any]:
    layer, other = student.Flatten(), student.Flatten()
    layer.forward(x)
    first = layer.backward(upstream)
    layer.forward(other_x)
    other.forward(x)
    return {"first": first, "latest": layer.backward(other_upstream), "another layer's": other.backward(upstream)}


def input_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx"})


def keras_flatten_forward(x: np.ndarray, upstream: np.ndarray) -> Any:
    from autograder.declare import keras, value

    return value(keras().layers.Flatten(), x)


def keras_flatten_backward(x: np.ndarray, upstream: np.ndarray) -> Any:
    from autograder.declare import gradients, keras

    return gradients(keras().layers.Flatten(), [x], upstream)[0]


def keras_flatten_each(**batches: list[np.ndarray]) -> dict[str, Any]:
    oracles = {"y": keras_flatten_forward, "dx": keras_flatten_backward}
    return {f"{name} of {shape}": oracle(*case) for shape, case in batches.items() for name, oracle in oracles.items()}


FLATTEN = Exercise("Flatten", "Flatten: forward and backward", (
    Check("forward", "forward lays out each example as one row, the last axis fastest.", images, flatten_forward,
          keras_flatten_forward, cases=CASES, public=True),
    Check("backward", "backward gives every gradient the place that its number came from.", images, flatten_backward,
          keras_flatten_backward, cases=CASES, public=True),
    Check("slope", "The gradient is the slope of sum(upstream * y) with your own forward, by finite differences.", images,
          flatten_slopes, measure=input_slope, against=True, cases=3),
    Check("shapes", "One example, one pixel, rows that are flat already, four axes: the batch axis always stays.",
          odd_images, flatten_each, keras_flatten_each, cases=2),
    Check("again", "backward belongs to the latest forward of its own layer, whatever the shapes of earlier batches.",
          two_image_batches, flatten_again, cases=3),
    Check("new_array",
          "What is returned is new memory, not a view of what was passed in; that stays as it was. So it is where rows are "
          "flat already.", images_and_rows, flatten_memory, cases=3, untouched=True),
))  # fmt: skip


# --- Activation -------------------------------------------------------------------------------------------------------

ELEMENTWISE = ("linear", "sigmoid", "tanh", "relu")
ALL = (*ELEMENTWISE, "softmax")


def batch(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, *draws.sizes(draw, 2), scale=3.0)}


def batch_and_upstream(draw: Draw) -> Inputs:
    shape = draws.sizes(draw, 2)
    return {"x": draws.values(draw, *shape, scale=3.0), "upstream": draws.values(draw, *shape)}


def odd_shapes_and_upstream(draw: Draw) -> Inputs:
    shape = draws.one_of(draw, [(1, 1), (1, 5), (5, 1), (2, 3, 5)])
    return {"x": draws.values(draw, *shape), "upstream": draws.values(draw, *shape)}


def odd_shapes(draw: Draw) -> Inputs:
    return {"x": odd_shapes_and_upstream(draw)["x"]}


def huge(draw: Draw) -> Inputs:
    # 1000 is beyond exp's range (709); the second row has its maximum far below the first's.
    x = np.array([[1000.0, 999.5, -1000.0], [-1000.0, -999.0, -998.5], [40.0, -40.0, 0.25]])
    # In another order in every course, so that nobody has learned the answer by heart.
    return {"x": np.random.default_rng(draws.seeds(draw)).permuted(x, axis=1)}


def huge_and_upstream(draw: Draw) -> Inputs:
    x = huge(draw)["x"]
    return {"x": x, "upstream": draws.values(draw, *x.shape)}


def kinks(draw: Draw) -> Inputs:
    return {"x": np.array([[0.0, 1.0, -1.0], [-0.5, 0.0, 0.5]]), "upstream": draws.values(draw, 2, 3)}


def activate(names: tuple[str, ...]) -> Program:
    return lambda student, x: {name: student.Activation(name).forward(x) for name in names}


def activate_memory(student: Any, x: np.ndarray) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name in ALL:
        layer = student.Activation(name)
        y = layer.forward(x)
        layer.forward(x[::-1].copy())
        answers |= {name: y, f"{name} shares memory with x": same_memory(y, x)}
    return answers


def activate_back(names: tuple[str, ...]) -> Program:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
        answers = {}
        for name in names:
            layer = student.Activation(name)
            layer.forward(x)
            answers[name] = layer.backward(upstream)
        return answers

    return program


def activate_slopes(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    answers = activate_back(ALL)(student, x, upstream)
    for name in ALL:
        ends = slopes(lambda x, name=name: student.Activation(name).forward(x), x=x)
        answers |= {f"{name}: {end}": value for end, value in ends.items()}
    return answers


def activation_slope_claims(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    def of(name: str, found: Answers) -> Answers:
        return {"dx": found[name], **{end: found[f"{name}: {end}"] for end in ("forward at x + h", "forward at x - h")}}

    claims: dict[str, Claim] = {}
    for name in ALL:
        found = slope_claims(case, of(name, answers), of(name, right), case["upstream"], {"x": "dx"})
        claims |= {f"{name}: {what}": claim for what, claim in found.items()}
    return claims


def activate_edited(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    answers = {}
    for name in ALL:
        layer, mine = student.Activation(name), snapshot(x)
        y = layer.forward(mine)
        fill(mine, -0.5)
        fill(y, 0.3)
        answers[name] = layer.backward(upstream)
    return answers


def activate_twice(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name in ALL:
        layer, other = student.Activation(name), student.Activation(name)
        layer.forward(x)
        other.forward(upstream)
        layer.backward(upstream)
        dx = layer.backward(upstream)
        layer.backward(-upstream)
        answers |= {name: dx, f"{name} shares memory with upstream": same_memory(dx, upstream)}
    return answers


def keras_activate(names: tuple[str, ...]) -> Program:
    def oracle(x: np.ndarray) -> dict[str, Any]:
        from autograder.declare import keras, value

        return {name: value(keras().layers.Activation(name), x) for name in names}

    return oracle


def keras_activate_back(names: tuple[str, ...]) -> Program:
    def oracle(x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
        from autograder.declare import gradients, keras

        return {name: gradients(keras().layers.Activation(name), [x], upstream)[0] for name in names}

    return oracle


ACTIVATION_FORWARD = Exercise("Activation.forward", "Activation: forward", (
    Check("value", "Linear, sigmoid, tanh and relu, entry by entry.", batch, activate(ELEMENTWISE),
          keras_activate(ELEMENTWISE), cases=CASES, public=True),
    Check("softmax", "Softmax gives each row its own probabilities.", batch, activate(("softmax",)),
          keras_activate(("softmax",)), cases=CASES, public=True),
    Check("shapes", "One number, one row, one column and three axes work, and the shape stays.", odd_shapes,
          activate(ELEMENTWISE), keras_activate(ELEMENTWISE), cases=4),
    Check("extremes", "Entries of ±1000 give finite answers without a warning.", huge, activate(ALL), keras_activate(ALL),
          cases=1, quiet=True),
    Check("new_array", "The answer is a new array at each call, for linear too, and x is as it was.", batch, activate_memory,
          cases=3,
          untouched=True),
))  # fmt: skip

ACTIVATION_BACKWARD = Exercise("Activation.backward", "Activation: backward", (
    Check("value", "Linear, sigmoid, tanh and relu: upstream times the derivative at forward's input.", batch_and_upstream,
          activate_back(ELEMENTWISE), keras_activate_back(ELEMENTWISE), cases=CASES, public=True),
    Check("softmax", "Softmax: upstream times the Jacobian, row by row.", batch_and_upstream, activate_back(("softmax",)),
          keras_activate_back(("softmax",)), cases=CASES, public=True),
    Check("slope", "For all five it is the slope of sum(upstream * y) with your own forward, by finite differences.",
          batch_and_upstream, activate_slopes, measure=activation_slope_claims, against=True, cases=3),
    Check("kink", "At the kink the stated convention holds: relu'(0) = 0.", kinks, activate_back(("relu",)),
          keras_activate_back(("relu",)), cases=1),
    Check("shapes", "One number, one row, one column and three axes work, and the shape stays.", odd_shapes_and_upstream,
          activate_back(ELEMENTWISE), keras_activate_back(ELEMENTWISE), cases=4),
    Check("extremes", "After a forward of ±1000 the gradients are finite, without a warning.", huge_and_upstream,
          activate_back(ALL), keras_activate_back(ALL), cases=1, quiet=True),
    Check("edited", "It is right even if the caller overwrites x, and the array that forward returned, before backward.",
          batch_and_upstream, activate_edited, cases=3),
    Check("twice", "A second backward gives the same as the first, another layer's forward makes no difference, and "
          "upstream is left as it was and shares no memory with the answer.", batch_and_upstream, activate_twice, cases=3,
          untouched=True),
))  # fmt: skip


# --- Sequential -------------------------------------------------------------------------------------------------------

WEIGHTS = ("kernel_1", "bias_1", "kernel_2", "bias_2")


def weights_case(draw: Draw, features: int, hidden: int, units: int) -> dict[str, Any]:
    # Not above 1, so that a sum of seven products does not saturate tanh.
    return {
        "kernel_1": draws.values(draw, features, hidden, scale=1.0),
        "bias_1": draws.values(draw, hidden, scale=1.0),
        "kernel_2": draws.values(draw, hidden, units, scale=1.0),
        "bias_2": draws.values(draw, units, scale=1.0),
    }


def model_case(draw: Draw) -> Inputs:
    batch, features, hidden, units = draws.sizes(draw, 4)
    return {"x": draws.values(draw, batch, features, scale=1.5), **weights_case(draw, features, hidden, units)}


def model_and_upstream(draw: Draw) -> Inputs:
    case = model_case(draw)
    return {**case, "upstream": draws.values(draw, len(case["x"]), case["bias_2"].size)}


def one_row(draw: Draw) -> Inputs:
    features, hidden, units = draws.sizes(draw, 3)
    x, upstream = draws.values(draw, 1, features, scale=1.5), draws.values(draw, 1, units)
    return {"x": x, **weights_case(draw, features, hidden, units), "upstream": upstream}


def square_model(draw: Draw) -> Inputs:
    size = draws.one_of(draw, [3, 2, 5])
    x, upstream = draws.values(draw, size + 1, size, scale=1.5), draws.values(draw, size + 1, size)
    return {"x": x, **weights_case(draw, size, size, size), "upstream": upstream}


def image_model(draw: Draw) -> Inputs:
    batch, height, width, hidden = draws.sizes(draw, 4)
    x, upstream = draws.values(draw, batch, height, width, scale=1.0), draws.values(draw, batch, 3)
    return {"x": x, **weights_case(draw, height * width, hidden, 3), "upstream": upstream}


def two_model_batches(draw: Draw) -> Inputs:
    case = model_and_upstream(draw)
    rows = len(case["x"]) + 1
    return {
        **case,
        "other_x": draws.values(draw, rows, case["x"].shape[1], scale=1.5),
        "other_upstream": draws.values(draw, rows, case["bias_2"].size),
    }


def two_dense(student: Any, **weights: np.ndarray) -> tuple[Any, Any]:
    return dense(student, weights["kernel_1"], weights["bias_1"]), dense(student, weights["kernel_2"], weights["bias_2"])


def model_of(student: Any, *, flatten: bool = False, **weights: np.ndarray) -> tuple[Any, Any, Any]:
    """Dense, tanh, Dense, softmax with these weights, perhaps behind a Flatten; and the two Dense layers."""
    first, second = two_dense(student, **weights)
    row = [first, student.Activation("tanh"), second, student.Activation("softmax")]
    return student.Sequential([student.Flatten(), *row] if flatten else row), first, second


def layer_gradients(first: Any, second: Any) -> dict[str, Any]:
    """What the two Dense layers of a network have in their gradients now."""
    return {
        "dkernel_1": snapshot(first.gradients["kernel"]),
        "dbias_1": snapshot(first.gradients["bias"]),
        "dkernel_2": snapshot(second.gradients["kernel"]),
        "dbias_2": snapshot(second.gradients["bias"]),
    }


def model_forward(student: Any, x: np.ndarray, **weights: Any) -> Any:
    return model_of(student, **weights)[0].forward(x)


def model_forward_images(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> Any:
    return model_of(student, **weights, flatten=True)[0].forward(x)


def model_forward_one_row(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> Any:
    return model_forward(student, x, **weights)


def model_forward_chain(student: Any, x: np.ndarray, **weights: Any) -> dict[str, Any]:
    first, second = two_dense(student, **weights)
    return {
        "model": student.Sequential([first, second]).forward(x),
        "by hand": second.forward(first.forward(x)),
        "first layer": student.Sequential([first]).forward(x),
        "first layer by hand": first.forward(x),
    }


def model_told(student: Any, x: np.ndarray) -> dict[str, Any]:
    model = student.Sequential([library(".lent", "Probe")(), student.Flatten(), library(".lent", "Probe")()])
    return told(model, x)


def told(network: Any, *inputs: np.ndarray) -> dict[str, Any]:
    """What a network of probes answers, which add 1 in training."""
    return {
        "training": network.forward(*inputs, training=True),
        "inference": network.forward(*inputs, training=False),
        "not told": network.forward(*inputs),
    }


def probed(network: Any) -> Any:
    """A network whose three layers answer what they were told."""
    for layer in (network.hidden, network.activation, network.output):
        library(".lent", "answers_as_probe")(layer)
    return network


def skip_told(student: Any, x: np.ndarray) -> dict[str, Any]:
    units = x.shape[1]
    return told(probed(student.SkipNetwork(units, units, rng=rng(1))), x)


def two_input_told(student: Any, wide: np.ndarray, deep: np.ndarray) -> dict[str, Any]:
    return told(probed(student.TwoInputNetwork(wide.shape[1] + deep.shape[1], deep.shape[1], rng=rng(1))), wide, deep)


def model_forward_again(
    student: Any, x: np.ndarray, other_x: np.ndarray, upstream: np.ndarray, other_upstream: np.ndarray, **weights: Any
) -> dict[str, Any]:
    model = model_of(student, **weights)[0]
    first = model.forward(x)
    return {"first": first, "training": model.forward(other_x, training=True), "third": model.forward(x, training=False)}


def model_backward(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    model, first, second = model_of(student, **weights)
    model.forward(x)
    return {"dx": model.backward(upstream), **layer_gradients(first, second)}


def model_backward_in_rounds(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    model, first, second = model_of(student, **weights)
    model.forward(x)
    dx, found = snapshot(model.backward(upstream)), layer_gradients(first, second)
    model.forward(x)  # a model whose layers were put in another order runs through them that way now
    return {"dx": dx, **found, "dx of a second round": model.backward(upstream)}


def model_backward_images(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> Any:
    model = model_of(student, **weights, flatten=True)[0]
    model.forward(x)
    return {"dx": model.backward(upstream)}


def model_backward_chain(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    first, second = two_dense(student, **weights)
    model = student.Sequential([first, second])
    model.forward(x)
    dx, gradient = model.backward(upstream), snapshot(first.gradients["kernel"])
    second.forward(first.forward(x))
    by_hand = first.backward(second.backward(upstream))
    return {"dx": dx, "dx by hand": by_hand, "dkernel_1": gradient, "dkernel_1 by hand": first.gradients["kernel"]}


def model_slopes(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    answers = model_backward(student, x, upstream, **weights)
    return {**answers, **slopes(lambda x, **weights: model_forward(student, x, **weights), x=x, **weights)}


def model_backward_again(
    student: Any, x: np.ndarray, other_x: np.ndarray, upstream: np.ndarray, other_upstream: np.ndarray, **weights: Any
) -> dict[str, Any]:
    model, first, second = model_of(student, **weights)
    model.forward(x)
    model.backward(upstream)
    model.backward(upstream)
    model.forward(other_x)
    answers = {"dx": model.backward(other_upstream), **layer_gradients(first, second)}
    model.backward(np.zeros_like(other_upstream))
    return {**answers, **{f"{name} of no upstream": found for name, found in layer_gradients(first, second).items()}}


def model_lists(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    model = model_of(student, **weights)[0]
    model.forward(x)
    model.backward(upstream)
    return {"parameters": model.parameters}


def model_gradient_list(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    model = model_of(student, **weights)[0]
    model.forward(x)
    model.backward(upstream)
    return {"gradients": model.gradients}


def model_list_memory(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    """Everything through the list: the weights are put in by it, and forward has to see them."""
    kernels = weights["kernel_1"], weights["kernel_2"]
    first, second = (student.Dense(kernel.shape[1], rng=rng(1)) for kernel in kernels)
    first.build((x.shape[1], x.shape[1]))
    model = student.Sequential([first, student.Activation("tanh"), second])
    before = length(model.parameters)
    model.forward(x)
    for i, name in enumerate(WEIGHTS):
        fill(model.parameters[i], weights[name])
    return {
        "how many while only one layer is built": before,
        "y": model.forward(x),
        "kernel of the second layer": second.parameters["kernel"],
    }


def model_lists_without_bias(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    first, second = dense(student, weights["kernel_1"]), dense(student, weights["kernel_2"], weights["bias_2"])
    model = student.Sequential([first, student.Activation("sigmoid"), second])
    model.forward(x)
    model.backward(upstream)
    return {"parameters": model.parameters, "gradients": model.gradients, "how many": length(model.parameters)}


def model_gradients_again(
    student: Any, x: np.ndarray, other_x: np.ndarray, upstream: np.ndarray, other_upstream: np.ndarray, **weights: Any
) -> dict[str, Any]:
    model = model_of(student, **weights)[0]
    model.forward(x)
    model.backward(upstream)
    first = snapshot(model.gradients)
    model.forward(other_x)
    model.backward(other_upstream)
    return {"first": first, "latest": model.gradients, "how many parameters": length(model.parameters)}


def own_chain(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {
        "two layers": same_arrays(answers["model"], answers["by hand"]),
        "one layer": same_arrays(answers["first layer"], answers["first layer by hand"]),
    }


def own_chain_backward(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {name: same_arrays(answers[name], answers[f"{name} by hand"]) for name in ("dx", "dkernel_1")}


def all_slopes(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx", **{name: f"d{name}" for name in WEIGHTS}})


def keras_model(x: np.ndarray, kernel_1: np.ndarray, bias_2: np.ndarray, *, flatten: bool = False) -> Any:
    """``f(x, *weights)`` by Keras's Sequential."""
    from autograder.declare import keras

    layers = keras().layers
    row = [layers.Dense(kernel_1.shape[1]), layers.Activation("tanh"), layers.Dense(bias_2.size), layers.Activation("softmax")]
    model = keras().Sequential([keras().Input(x.shape[1:]), *([layers.Flatten()] if flatten else []), *row])
    return lambda x, *weights: model.stateless_call(list(weights), [], x)[0]


def keras_model_forward(x: np.ndarray, upstream: np.ndarray | None = None, **weights: Any) -> Any:
    from autograder.declare import value

    model = keras_model(x, weights["kernel_1"], weights["bias_2"], flatten=x.ndim > 2)
    return value(model, x, *[weights[name] for name in WEIGHTS])


def keras_model_backward(x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    from autograder.declare import gradients

    model = keras_model(x, weights["kernel_1"], weights["bias_2"], flatten=x.ndim > 2)
    dx, *others = gradients(model, [x, *[weights[name] for name in WEIGHTS]], upstream)
    return {"dx": dx, **{f"d{name}": gradient for name, gradient in zip(WEIGHTS, others, strict=True)}}


def keras_input_gradient(x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    return {"dx": keras_model_backward(x, upstream, **weights)["dx"]}


def keras_gradient_list(x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    found = keras_model_backward(x, upstream, **weights)
    return {"gradients": [found[f"d{name}"] for name in WEIGHTS]}


HANDED_ON = "training is passed on to every layer, and is False where it is not given."

SEQUENTIAL_FORWARD = Exercise("Sequential.forward", "Sequential: forward", (
    Check("value", "A model of Dense, tanh, Dense and softmax: each layer is given the output of the one before it.",
          model_case, model_forward, keras_model_forward, cases=CASES, public=True),
    Check("chain", "It gives what your own Dense layers give when they are called by hand, one after the other.",
          model_case, model_forward_chain, measure=own_chain, cases=3),
    Check("images", "A model that begins with Flatten takes a batch of images.", image_model, model_forward_images,
          keras_model_forward, cases=3),
    Check("one_row", "A batch of one row works.", one_row, model_forward_one_row, keras_model_forward, cases=3),
    Check("told", HANDED_ON, batch, model_told, cases=2),
    Check("again", "A model can be called again and again, training or not, on batches of any size; x is left as it was.",
          two_model_batches, model_forward_again, cases=3, untouched=True),
))  # fmt: skip

SEQUENTIAL_BACKWARD = Exercise("Sequential.backward", "Sequential: backward", (
    Check("value", "The gradient for x is returned, and both Dense layers have theirs.", model_and_upstream,
          model_backward, keras_model_backward, cases=CASES, public=True),
    Check("chain", "It gives what your own Dense layers give when they are called by hand.", model_and_upstream,
          model_backward_chain, measure=own_chain_backward, cases=3),
    Check("slope", "The gradients for x, kernels and biases are the slopes of sum(upstream * y) with your own forward.",
          model_and_upstream, model_slopes, measure=all_slopes, against=True, cases=3),
    Check("images", "Through Flatten, the gradient arrives in the shape of the images.", image_model,
          model_backward_images, keras_input_gradient, cases=3),
    Check("one_row", "A batch of one row works.", one_row, model_backward, keras_model_backward, cases=3),
    Check("square", "It is right where all layers have one size, and calls in a wrong order would give no error; in a second "
          "round of forward and backward too.", square_model, model_backward_in_rounds, keras_model_backward, cases=3),
    Check("again", "backward can be called again, after the same forward or another one, and only the latest call counts, "
          "with an upstream of zeros too; nothing passed in is changed.", two_model_batches, model_backward_again, cases=3,
          untouched=True),
))  # fmt: skip

SEQUENTIAL_PARAMETERS = Exercise("Sequential.parameters", "Sequential: the lists of parameters and gradients", (
    Check("order", "parameters is a list of arrays: kernel and bias of the first Dense layer, then of the second.",
          model_and_upstream, model_lists, cases=3, public=True),
    Check("gradients", "gradients is a list in the same order.", model_and_upstream, model_gradient_list,
          keras_gradient_list, cases=3, public=True),
    Check("own_arrays", "The list holds the arrays that the layers have now: what is written into them is what forward uses.",
          model_and_upstream, model_list_memory, cases=3),
    Check("no_bias", "A layer without a bias adds one array, an activation none, in both lists.", model_and_upstream,
          model_lists_without_bias, cases=3),
    Check("again", "gradients holds those of the latest backward.", two_model_batches, model_gradients_again, cases=3),
))  # fmt: skip


# --- Sequential.count_params ------------------------------------------------------------------------------------------


def lecture_sizes(draw: Draw) -> Inputs:
    return {"sizes": draws.one_of(draw, [[100, 10], [300, 100], [784, 300], [784, 300, 100, 10]])}


def whole_network(draw: Draw) -> Inputs:
    return {"sizes": [784, 300, 100, 10]}


def other_network(draw: Draw) -> Inputs:
    # By a seed of the course's: what Hypothesis draws first is the smallest, the same for everybody.
    return {"sizes": np.random.default_rng(draws.seeds(draw)).integers(2, 90, 4).tolist()}


def small_sizes(draw: Draw) -> Inputs:
    sizes = draws.sizes(draw, draws.whole(draw, 2, 4))
    return {"sizes": [*sizes, sizes[-1], sizes[-1]]}  # at the end two layers of one shape, which count twice


def count(student: Any, sizes: list[int], *, use_bias: bool = True) -> Any:
    model = student.Sequential([student.Dense(units, use_bias=use_bias, rng=rng(1)) for units in sizes[1:]])
    model.forward(np.zeros((1, sizes[0])))
    return model.count_params()


def count_without_bias(student: Any, sizes: list[int]) -> Any:
    return count(student, sizes, use_bias=False)


def count_after_training(student: Any, sizes: list[int]) -> dict[str, Any]:
    row = [student.Flatten()]
    for units in sizes[1:]:
        row += [student.Dense(units, rng=rng(1)), student.Activation("tanh")]
    model = student.Sequential(row)
    model.count_params()  # nothing is built yet; what it says does not matter, and must not be kept
    model.forward(np.full((2, 1, sizes[0]), 0.1))
    before = model.count_params()
    model.backward(np.full((2, sizes[-1]), 0.1))
    return {"before backward": before, "after backward": model.count_params()}


def keras_count(sizes: list[int], use_bias: bool = True) -> Any:
    from autograder.declare import keras

    dense_layers = [keras().layers.Dense(units, use_bias=use_bias) for units in sizes[1:]]
    return float(keras().Sequential([keras().Input((sizes[0],)), *dense_layers]).count_params())


def keras_count_without_bias(sizes: list[int]) -> Any:
    return keras_count(sizes, use_bias=False)


SEQUENTIAL_COUNT = Exercise("Sequential.count_params", "Sequential: how many numbers are learnt", (
    worked_example(
        Check("lecture", "The lecture's network 784-300-100-10 has 235500 + 30100 + 1010 = 266610 parameters.", whole_network,
              count, keras_count, cases=1, public=True),
        other_network,
    ),
    Check("sizes", "Each Dense layer counts its kernel's and its bias's entries.", small_sizes, count, keras_count),
    Check("no_bias", "Without biases only the kernels count.", small_sizes, count_without_bias, keras_count_without_bias,
          cases=3),
    Check("after_training", "Flatten and Activation count nothing, and the number stays the same after a backward pass.",
          small_sizes, count_after_training, cases=3),
))  # fmt: skip


# --- two layers, written out ------------------------------------------------------------------------------------------


def two_layer_arrays(draw: Draw, batch: int, inputs: int, hidden: int, outputs: int) -> dict[str, Any]:
    return {
        "x": draws.values(draw, batch, inputs),
        "w1": draws.values(draw, hidden, inputs + 1, scale=1.0),
        "w2": draws.values(draw, outputs, hidden + 1, scale=1.0),
    }


def two_layer_case(draw: Draw) -> Inputs:
    return two_layer_arrays(draw, *draws.sizes(draw, 4))


def labelled(cases: DrawCase) -> DrawCase:
    """The same cases with labels 0 and 1."""

    def draw_case(draw: Draw) -> Inputs:
        case = cases(draw)
        y = draws.values(draw, len(case["x"]), len(case["w2"])) > 0
        return {"x": case["x"], "y": y.astype(np.float64), "w1": case["w1"], "w2": case["w2"]}

    return draw_case


def two_layer_ones(draw: Draw) -> Inputs:
    size, other = draws.sizes(draw, 2)
    return two_layer_arrays(draw, *draws.one_of(draw, [(1, size, other, 1), (size, 1, 1, other), (1, 1, 1, 1)]))


def two_layer_square(draw: Draw) -> Inputs:
    size = draws.one_of(draw, [3, 2, 5])
    return two_layer_arrays(draw, size, size, size, size)


def two_layer_huge(draw: Draw) -> Inputs:
    # Logits of the hidden layer near ±1000, or half as much again, and of the output near ±1000, and one of 0.5 among them.
    x = np.array([[1000.0], [-1000.0], [0.0]]) * draws.positive(draw, 1, low=1.0, high=1.5)
    return {"x": x, "w1": np.array([[0.5, 1.0], [-0.25, -1.0]]), "w2": np.array([[-1000.0, 2000.0, 1.0], [0.0, 1.0, -1000.0]])}


def example(draw: Draw) -> Inputs:
    w1, w2 = np.array([[0.0, 2.0, -1.0], [1.0, 1.0, -1.0]]), np.array([[-1.0, 4.0, -2.0]])
    return {"x": np.array([[1.0, 2.0]]), "w1": w1, "w2": w2}


def labelled_example(draw: Draw) -> Inputs:
    case = example(draw)
    return {"x": case["x"], "y": np.array([[1.0]]), "w1": case["w1"], "w2": case["w2"]}


def doubled(draw: Draw) -> Inputs:
    case = labelled(two_layer_case)(draw)
    return {**case, "x2": np.repeat(case["x"], 2, axis=0), "y2": np.repeat(case["y"], 2, axis=0)}


def two_layer_forward(student: Any, x: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> dict[str, Any]:
    found = student.two_layer_forward(x, w1, w2)
    return {"hidden": found[0], "outputs": found[1], "how many": length(found)}


def two_layer_gradients(student: Any, x: np.ndarray, y: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> dict[str, Any]:
    found = student.two_layer_gradients(x, y, w1, w2)
    return {"dw1": found[0], "dw2": found[1]}


def two_layer_slopes(student: Any, x: np.ndarray, y: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> dict[str, Any]:
    gradients = two_layer_gradients(student, x, y, w1, w2)
    return {**gradients, **slopes(lambda w1, w2: student.two_layer_forward(x, w1, w2)[1], w1=w1, w2=w2)}


def two_layer_doubled(
    student: Any, *, x: np.ndarray, y: np.ndarray, x2: np.ndarray, y2: np.ndarray, w1: np.ndarray, w2: np.ndarray
) -> dict[str, Any]:
    once, twice = student.two_layer_gradients(x, y, w1, w2), student.two_layer_gradients(x2, y2, w1, w2)
    return {"dw1": once[0], "dw1 of the doubled": twice[0], "dw2": once[1], "dw2 of the doubled": twice[1]}


def cross_entropy_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    """The slope of the mean cross-entropy of the student's own outputs, or the right one."""

    def own(name: str, ends: tuple[str, str]) -> dict[str, Claim]:
        above, below = (_cross_entropy(case["y"], answers[end]) for end in ends)
        rise, along = (above - below) / (2 * STEP), direction(case[name])
        terms = answers[f"d{name}"] * along
        # As in slope_claims, 1e-6 of what is added up: the error of central differences is 1e-10 and less.
        size = abs(rise) + float(np.abs(terms).sum())
        return {f"slope along {name}": Claim(float(terms.sum()), float(rise), 1e-6 * max(size, 1e-3))}

    claims: dict[str, Claim] = {}
    for name in ("w1", "w2"):
        ends = (f"forward at {name} + h", f"forward at {name} - h")
        claims |= unless_right(f"d{name}", answers, right, ends, partial(own, name, ends))
    return claims


def _cross_entropy(y: np.ndarray, a: np.ndarray) -> float:
    with np.errstate(all="ignore"):
        return float(-(y * np.log(a) + (1.0 - y) * np.log(1.0 - a)).sum() / len(y))


def doubling_changes_nothing(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {name: same_arrays(answers[f"{name} of the doubled"], answers[name]) for name in ("dw1", "dw2")}


def keras_two_layer(x: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> Any:
    """The network as a Keras functional model with sigmoid hidden units and logits as output: ``f(x, w1, w2)``."""
    from autograder.declare import keras

    ops, layers = keras().ops, keras().layers
    inputs = keras().Input((x.shape[1],))
    hidden = layers.Dense(len(w1), activation="sigmoid")(inputs)
    model = keras().Model(inputs, [hidden, layers.Dense(len(w2))(hidden)])

    def network(x: Any, w1: Any, w2: Any) -> Any:
        weights = [ops.transpose(w1[:, 1:]), w1[:, 0], ops.transpose(w2[:, 1:]), w2[:, 0]]
        return model.stateless_call(weights, [], x)[0]

    return network


def keras_two_layer_forward(x: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> dict[str, Any]:
    from autograder.declare import keras, value

    network = keras_two_layer(x, w1, w2)
    return {
        "hidden": value(lambda *arguments: network(*arguments)[0], x, w1, w2),
        "outputs": value(lambda *arguments: keras().ops.sigmoid(network(*arguments)[1]), x, w1, w2),
    }


def keras_two_layer_gradients(x: np.ndarray, y: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> dict[str, Any]:
    from autograder.declare import gradients, keras

    network = keras_two_layer(x, w1, w2)

    def loss(w1: Any, w2: Any) -> Any:
        return keras().ops.sum(keras().ops.binary_crossentropy(y, network(x, w1, w2)[1], from_logits=True)) / len(x)

    return dict(zip(("dw1", "dw2"), gradients(loss, [w1, w2], np.array(1.0)), strict=True))


TWO_LAYER_FORWARD = Exercise("two_layer_forward", "Two layers written out: forward", (
    worked_example(
        Check("example", "The handout's example: weights that make every logit 0, and so every activation 0.5.", example,
              two_layer_forward, keras_two_layer_forward, cases=1, public=True),
        two_layer_case,
    ),
    Check("value", "Hidden and output activations are the sigmoids of weights times inputs, column 0 of the weights being "
          "the bias.", two_layer_case, two_layer_forward, keras_two_layer_forward, cases=CASES, public=True),
    Check("ones", "One row, one input, one hidden unit or one output is as good as many.", two_layer_ones,
          two_layer_forward, keras_two_layer_forward, cases=CASES),
    Check("square", "It is right where all sizes are equal, and a transposed product would give no error.",
          two_layer_square, two_layer_forward, keras_two_layer_forward, cases=3),
    Check("extremes", "Logits of ±1000 give finite answers without a warning; nothing passed in is changed.",
          two_layer_huge, two_layer_forward, keras_two_layer_forward, cases=1, quiet=True, untouched=True),
))  # fmt: skip

TWO_LAYER_GRADIENTS = Exercise("two_layer_gradients", "Two layers written out: backpropagation", (
    worked_example(
        Check("example", "The handout's example, small enough to be followed with a pencil.", labelled_example,
              two_layer_gradients, keras_two_layer_gradients, cases=1, public=True),
        labelled(two_layer_case),
    ),
    Check("value", "The gradients of the cross-entropy, summed over the outputs and averaged over the batch.",
          labelled(two_layer_case), two_layer_gradients, keras_two_layer_gradients, cases=CASES, public=True),
    Check("slope", "They are the slopes of the cross-entropy of your own forward's outputs, by finite differences.",
          labelled(two_layer_case), two_layer_slopes, measure=cross_entropy_slope, against=True, cases=CASES),
    Check("mean", "It is the mean over the batch: showing every row twice changes nothing.", doubled, two_layer_doubled,
          measure=doubling_changes_nothing, cases=3),
    Check("ones", "One row, one input, one hidden unit or one output is as good as many.", labelled(two_layer_ones),
          two_layer_gradients, keras_two_layer_gradients, cases=CASES),
    Check("square", "It is right where all sizes are equal, and a transposed product would give no error.",
          labelled(two_layer_square), two_layer_gradients, keras_two_layer_gradients, cases=3),
    Check("extremes", "Logits of ±1000 give finite gradients without a warning; nothing passed in is changed.",
          labelled(two_layer_huge), two_layer_gradients, cases=2, quiet=True, untouched=True),
))  # fmt: skip


# --- a skip connection ------------------------------------------------------------------------------------------------


def skip_case(draw: Draw) -> Inputs:
    batch, units, hidden = draws.sizes(draw, 3)
    x, upstream = draws.values(draw, batch, units, scale=1.5), draws.values(draw, batch, units)
    return {"x": x, **weights_case(draw, units, hidden, units), "upstream": upstream}


def skip_one_row(draw: Draw) -> Inputs:
    units, hidden = draws.one_of(draw, [(3, 2), (1, 5), (2, 1), (1, 1)])
    x, upstream = draws.values(draw, 1, units), draws.values(draw, 1, units)
    return {"x": x, **weights_case(draw, units, hidden, units), "upstream": upstream}


def without_upstream(cases: DrawCase) -> DrawCase:
    return lambda draw: {name: value for name, value in cases(draw).items() if name != "upstream"}


def two_skip_batches(draw: Draw) -> Inputs:
    case = skip_case(draw)
    shape = (len(case["x"]) + 1, case["x"].shape[1])
    return {**case, "other_x": draws.values(draw, *shape, scale=1.5), "other_upstream": draws.values(draw, *shape)}


def weighted(network: Any, features: int, joined: int, weights: Mapping[str, np.ndarray]) -> Any:
    """Build a network's two Dense layers and put these weights into them."""
    network.hidden.build((features, features))  # square shapes for the reason given in `dense`
    network.output.build((joined, joined))
    for layer, kernel, bias in ((network.hidden, "kernel_1", "bias_1"), (network.output, "kernel_2", "bias_2")):
        fill(layer.parameters["kernel"], weights[kernel])
        fill(layer.parameters["bias"], weights[bias])
    return network


def skip_network(student: Any, **weights: np.ndarray) -> Any:
    units, hidden = weights["kernel_1"].shape
    return weighted(student.SkipNetwork(units, hidden, rng=rng(1)), units, hidden, weights)


def skip_forward(student: Any, x: np.ndarray, **weights: np.ndarray) -> Any:
    return skip_network(student, **weights).forward(x)


def skip_forward_memory(student: Any, x: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    network = skip_network(student, **weights)
    y = network.forward(x, training=True)
    return {"first": y, "second": network.forward(x), "shares memory with x": same_memory(y, x)}


def skip_forward_parts(student: Any, x: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    network = skip_network(student, **weights)
    y = network.forward(x)
    return {"y": y, "around": network.output.forward(network.activation.forward(network.hidden.forward(x)))}


def skip_backward(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    network = skip_network(student, **weights)
    network.forward(x)
    return {"dx": network.backward(upstream), **layer_gradients(network.hidden, network.output)}


def skip_backward_parts(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    network = skip_network(student, **weights)
    network.forward(x)
    dx = network.backward(upstream)
    around = network.hidden.backward(network.activation.backward(network.output.backward(upstream)))
    return {"dx": dx, "around": around}


def skip_slopes(student: Any, x: np.ndarray, upstream: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    answers = skip_backward(student, x, upstream, **weights)
    return {**answers, **slopes(lambda x, **weights: skip_forward(student, x, **weights), x=x, **weights)}


def skip_backward_again(
    student: Any, x: np.ndarray, other_x: np.ndarray, upstream: np.ndarray, other_upstream: np.ndarray, **weights: np.ndarray
) -> dict[str, Any]:
    network = skip_network(student, **weights)
    network.forward(x)
    network.backward(upstream)
    first = network.backward(upstream)
    network.forward(other_x)
    return {"first": first, "dx": network.backward(other_upstream), **layer_gradients(network.hidden, network.output)}


def skip_is_added(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {"y": same_arrays(answers["y"], case["x"] + answers["around"])}


def skip_gradients_add(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {"dx": same_arrays(answers["dx"], case["upstream"] + answers["around"])}


def keras_skip(x: np.ndarray, kernel_1: np.ndarray) -> Any:
    """``f(x, *weights)`` by Keras's functional API."""
    from autograder.declare import keras

    layers = keras().layers
    inputs = keras().Input((x.shape[1],))
    around = layers.Dense(x.shape[1])(layers.Dense(kernel_1.shape[1], activation="tanh")(inputs))
    model = keras().Model(inputs, layers.Add()([inputs, around]))
    return lambda x, *weights: model.stateless_call(list(weights), [], x)[0]


def keras_skip_forward(x: np.ndarray, **weights: Any) -> Any:
    from autograder.declare import value

    return value(keras_skip(x, weights["kernel_1"]), x, *[weights[name] for name in WEIGHTS])


def keras_skip_backward(x: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    from autograder.declare import gradients

    found = gradients(keras_skip(x, weights["kernel_1"]), [x, *[weights[name] for name in WEIGHTS]], upstream)
    return dict(zip(("dx", *(f"d{name}" for name in WEIGHTS)), found, strict=True))


SKIP_FORWARD = Exercise("SkipNetwork.forward", "Skip connection: forward", (
    Check("value", "forward(x) is x + output(tanh(hidden(x))).", without_upstream(skip_case), skip_forward,
          keras_skip_forward, cases=CASES, public=True),
    Check("parts", "It is x plus what the network's own three layers give when they are called by hand.",
          without_upstream(skip_case), skip_forward_parts, measure=skip_is_added, cases=3),
    Check("ones", "One row, one feature or one hidden unit is as good as many.", without_upstream(skip_one_row),
          skip_forward, keras_skip_forward, cases=4),
    Check("told", HANDED_ON, batch, skip_told, cases=2),
    Check("again", "Called twice, training or not, it gives the same, in a new array; x is left as it was.",
          without_upstream(skip_case), skip_forward_memory, cases=3, untouched=True),
))  # fmt: skip

SKIP_BACKWARD = Exercise("SkipNetwork.backward", "Skip connection: backward", (
    Check("value", "The gradient for x is the sum over both ways, and both Dense layers have their gradients.", skip_case,
          skip_backward, keras_skip_backward, cases=CASES, public=True),
    Check("parts", "It is upstream plus what comes back through the network's own three layers, called by hand.",
          skip_case, skip_backward_parts, measure=skip_gradients_add, cases=3),
    Check("slope", "The gradients for x, kernels and biases are the slopes of sum(upstream * y) with your own forward.",
          skip_case, skip_slopes, measure=all_slopes, against=True, cases=3),
    Check("ones", "One row, one feature or one hidden unit is as good as many.", skip_one_row, skip_backward,
          keras_skip_backward, cases=4),
    Check("again", "backward can be called again, after the same forward or another one, and only the latest call counts; "
          "nothing passed in is changed.", two_skip_batches, skip_backward_again, cases=3, untouched=True),
))  # fmt: skip


# --- two inputs -------------------------------------------------------------------------------------------------------


def wide_and_deep_arrays(draw: Draw, sizes: tuple[int, int, int, int, int]) -> dict[str, Any]:
    batch, wide, deep, hidden, units = sizes
    return {
        "wide": draws.values(draw, batch, wide),
        "deep": draws.values(draw, batch, deep, scale=1.5),
        "kernel_1": draws.values(draw, deep, hidden, scale=1.0),
        "bias_1": draws.values(draw, hidden, scale=1.0),
        "kernel_2": draws.values(draw, wide + hidden, units),
        "bias_2": draws.values(draw, units),
        "upstream": draws.values(draw, batch, units),
    }


def wide_and_deep(draw: Draw) -> Inputs:
    batch, wide, deep, hidden = draws.sizes(draw, 4)
    return wide_and_deep_arrays(draw, (batch, wide, deep, hidden, draws.one_of(draw, [3, 2, 1])))


def wide_and_deep_rows(draw: Draw) -> Inputs:
    return {name: array for name, array in wide_and_deep(draw).items() if name in ("wide", "deep")}


def as_many_wide_as_hidden(draw: Draw) -> Inputs:
    batch, size, deep, units = draws.sizes(draw, 4)
    return wide_and_deep_arrays(draw, (batch, size, deep, size, units))


def wide_and_deep_equal(draw: Draw) -> Inputs:
    size = draws.one_of(draw, [3, 2, 5])
    return wide_and_deep_arrays(draw, (size, size, size, size, size))


def wide_and_deep_ones(draw: Draw) -> Inputs:
    size, other = draws.sizes(draw, 2)
    options = [(1, size, other, 1, 1), (1, 1, size, other, 1), (1, 1, 1, 1, 1)]
    return wide_and_deep_arrays(draw, draws.one_of(draw, options))


def two_wide_and_deep_batches(draw: Draw) -> Inputs:
    case = wide_and_deep(draw)
    rows = len(case["wide"]) + 1
    return {
        **case,
        "other_wide": draws.values(draw, rows, case["wide"].shape[1]),
        "other_deep": draws.values(draw, rows, case["deep"].shape[1]),
        "other_upstream": draws.values(draw, rows, case["upstream"].shape[1]),
    }


def two_input_network(student: Any, **weights: np.ndarray) -> Any:
    deep, hidden = weights["kernel_1"].shape
    joined, units = weights["kernel_2"].shape
    return weighted(student.TwoInputNetwork(units, hidden, rng=rng(1)), deep, joined, weights)


def two_input_forward(student: Any, wide: np.ndarray, deep: np.ndarray, **weights: np.ndarray) -> Any:
    return two_input_network(student, **weights).forward(wide, deep)


def two_input_forward_again(student: Any, wide: np.ndarray, deep: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    network = two_input_network(student, **weights)
    return {"first": network.forward(wide, deep, training=True), "second": network.forward(wide, deep)}


def two_input_unbuilt(student: Any, wide: np.ndarray, deep: np.ndarray, **weights: np.ndarray) -> dict[str, Any]:
    hidden, units = weights["bias_1"].size, weights["bias_2"].size
    network = student.TwoInputNetwork(units, hidden, rng=rng(1))
    answers = {"y": network.forward(wide, deep)}
    for number, layer in ((1, network.hidden), (2, network.output)):
        answers |= {f"kernel_{number}": layer.parameters["kernel"], f"bias_{number}": layer.parameters["bias"]}
    return answers


def two_input_backward(
    student: Any, wide: np.ndarray, deep: np.ndarray, upstream: np.ndarray, **weights: np.ndarray
) -> dict[str, Any]:
    network = two_input_network(student, **weights)
    network.forward(wide, deep)
    found = network.backward(upstream)
    return {"dwide": found[0], "ddeep": found[1], **layer_gradients(network.hidden, network.output)}


def two_input_slopes(
    student: Any, wide: np.ndarray, deep: np.ndarray, upstream: np.ndarray, **weights: np.ndarray
) -> dict[str, Any]:
    def forward(wide: np.ndarray, deep: np.ndarray, **weights: np.ndarray) -> Any:
        return two_input_forward(student, wide, deep, **weights)

    answers = two_input_backward(student, wide, deep, upstream, **weights)
    return {**answers, **slopes(forward, wide=wide, deep=deep, **weights)}


def two_input_backward_again(student: Any, **case: np.ndarray) -> dict[str, Any]:
    network = two_input_network(student, **{name: case[name] for name in WEIGHTS})
    network.forward(case["wide"], case["deep"])
    network.backward(case["upstream"])
    first = network.backward(case["upstream"])
    network.forward(case["other_wide"], case["other_deep"])
    latest = network.backward(case["other_upstream"])
    answers = {"first dwide": first[0], "first ddeep": first[1], "dwide": latest[0], "ddeep": latest[1]}
    return {**answers, **layer_gradients(network.hidden, network.output)}


def own_wide_and_deep(case: Inputs, answers: Answers) -> dict[str, Claim]:
    hidden = np.tanh(case["deep"] @ answers["kernel_1"] + answers["bias_1"])
    right = np.hstack([case["wide"], hidden]) @ answers["kernel_2"] + answers["bias_2"]
    return {"y": same_arrays(answers["y"], right)}


def two_input_slope_claims(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {name: f"d{name}" for name in ("wide", "deep", *WEIGHTS)})


def keras_two_input(wide: np.ndarray, deep: np.ndarray, weights: Mapping[str, np.ndarray]) -> Any:
    """``f(wide, deep, *weights)`` by Keras's functional API."""
    from autograder.declare import keras

    layers = keras().layers
    wide_input, deep_input = keras().Input((wide.shape[1],)), keras().Input((deep.shape[1],))
    hidden = layers.Dense(weights["bias_1"].size, activation="tanh")(deep_input)
    joined = layers.Concatenate()([wide_input, hidden])
    model = keras().Model([wide_input, deep_input], layers.Dense(weights["bias_2"].size)(joined))
    return lambda wide, deep, *weights: model.stateless_call(list(weights), [], [wide, deep])[0]


def keras_two_input_forward(wide: np.ndarray, deep: np.ndarray, **weights: Any) -> Any:
    from autograder.declare import value

    return value(keras_two_input(wide, deep, weights), wide, deep, *[weights[name] for name in WEIGHTS])


def keras_two_input_backward(wide: np.ndarray, deep: np.ndarray, upstream: np.ndarray, **weights: Any) -> dict[str, Any]:
    from autograder.declare import gradients

    arguments = [wide, deep, *[weights[name] for name in WEIGHTS]]
    found = gradients(keras_two_input(wide, deep, weights), arguments, upstream)
    return dict(zip(("dwide", "ddeep", *(f"d{name}" for name in WEIGHTS)), found, strict=True))


TWO_INPUT_FORWARD = Exercise("TwoInputNetwork.forward", "Two inputs: forward", (
    Check("value", "forward(wide, deep) is output([wide, tanh(hidden(deep))]), the wide features first.",
          without_upstream(wide_and_deep), two_input_forward, keras_two_input_forward, cases=CASES, public=True),
    Check("equal", "It is right where all sizes are equal, and a mix-up of the two inputs would give no error.",
          without_upstream(wide_and_deep_equal), two_input_forward, keras_two_input_forward, cases=3),
    Check("ones", "One row, one feature or one hidden unit is as good as many.", without_upstream(wide_and_deep_ones),
          two_input_forward, keras_two_input_forward, cases=CASES),
    Check("builds", "The network's layers build themselves at the first call, for the widths that they are given.",
          without_upstream(as_many_wide_as_hidden), two_input_unbuilt, measure=own_wide_and_deep, cases=3),
    Check("told", HANDED_ON, wide_and_deep_rows, two_input_told, cases=2),
    Check("again", "Called twice, training or not, it gives the same; both inputs are left as they were.",
          without_upstream(wide_and_deep), two_input_forward_again, cases=3, untouched=True),
))  # fmt: skip

TWO_INPUT_BACKWARD = Exercise("TwoInputNetwork.backward", "Two inputs: backward", (
    Check("value", "The gradients for wide and for deep are returned in this order, and both Dense layers have theirs.",
          wide_and_deep, two_input_backward, keras_two_input_backward, cases=CASES, public=True),
    Check("slope", "All of them are the slopes of sum(upstream * y) with your own forward, by finite differences.",
          wide_and_deep, two_input_slopes, measure=two_input_slope_claims, against=True, cases=3),
    Check("equal", "It is right where all sizes are equal, and a mix-up of the two inputs would give no error.",
          wide_and_deep_equal, two_input_backward, keras_two_input_backward, cases=3),
    Check("ones", "One row, one feature or one hidden unit is as good as many.", wide_and_deep_ones, two_input_backward,
          keras_two_input_backward, cases=CASES),
    Check("again", "backward can be called again, after the same forward or another one, and only the latest call counts; "
          "nothing passed in is changed.", two_wide_and_deep_batches, two_input_backward_again, cases=3, untouched=True),
))  # fmt: skip


# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "Dense.build/glorot": Weight(
        2, "The limit of the drawing is what there is to be known of this exercise; all else in it is shapes."
    ),
    "Dense.forward/refilled": Weight(
        3, "Weights that are trained and then not used: nothing built of this layer ever learns."
    ),
    "Dense.backward/again": Weight(
        3, "Gradients of another batch, or of several added up: every step but the first is wrong."
    ),
}

TOPIC = Topic(
    name="layers",
    title="Layers: forward and backward",
    exercises=weighed(
        with_contract(
            (
                DENSE_BUILD,
                DENSE_FORWARD,
                DENSE_BACKWARD,
                FLATTEN,
                ACTIVATION_FORWARD,
                ACTIVATION_BACKWARD,
                SEQUENTIAL_FORWARD,
                SEQUENTIAL_BACKWARD,
                SEQUENTIAL_PARAMETERS,
                SEQUENTIAL_COUNT,
                TWO_LAYER_FORWARD,
                TWO_LAYER_GRADIENTS,
                SKIP_FORWARD,
                SKIP_BACKWARD,
                TWO_INPUT_FORWARD,
                TWO_INPUT_BACKWARD,
            ),
            base={"Sequential.count_params": "sizes"},  # the lecture's network is large, and the same in every use
            given_nothing=("Dense.build", "Sequential.count_params"),
        ),
        WORTH,
    ),
)
