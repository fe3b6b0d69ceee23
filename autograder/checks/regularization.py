"""Checks of topic 8, regularization: penalties, clipping, dropout, Monte Carlo dropout, early stopping."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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
    Topic,
    Weight,
    Z,
    fill,
    mean_claim,
    rng,
    same_memory,
    share_claim,
    slope_claims,
    slopes,
    snapshot,
    variance_claim,
    weighed,
    with_contract,
)
from autograder.declare import strategies as draws

# --- penalties --------------------------------------------------------------------------------------------------------

# None of them a default, so that a constant written in place of the argument shows; the two are never equal.
FACTORS = ((0.3, 0.05), (0.07, 1.5), (2.5, 0.4))
PENALTIES = {
    "l1": ("l1 * sum(|weights|)", "l1 * sign(weights)"),
    "l2": ("l2 * sum(weights**2)", "2 * l2 * weights"),
    "l1_l2": ("l1 * sum(|weights|) + l2 * sum(weights**2)", "l1 * sign(weights) + 2 * l2 * weights"),
}


def factors(draw: Draw, name: str) -> Inputs:
    l1, l2 = draws.one_of(draw, FACTORS)
    return {key: value for key, value in (("l1", l1), ("l2", l2)) if key in name}


def weights_and_factors(name: str, draw: Draw) -> Inputs:
    return {"weights": draws.values(draw, *draws.sizes(draw, 2)), **factors(draw, name)}


def weights_alone(draw: Draw) -> Inputs:
    return {"weights": draws.values(draw, *draws.sizes(draw, 2))}


def odd_weights(name: str, draw: Draw) -> Inputs:
    shape = draws.one_of(draw, [(1, 1), (1,), (7,), (5, 1), (1, 5), (2, 3, 5)])
    return {"weights": draws.values(draw, *shape), **factors(draw, name)}


def large_weights(name: str, draw: Draw) -> Inputs:
    # The simplest case, which is in every course, has factors of 0: `l1 or 0.01` takes them for none given.
    scale, factor = draws.one_of(draw, [(1e3, 0.0), (1e6, 1.0), (1e-6, 1.0), (1e3, 1.0)])
    given = {key: factor * value for key, value in factors(draw, name).items()}
    return {"weights": draws.values(draw, *draws.sizes(draw, 2)) * scale, **given}


def one_factor(draw: Draw) -> Inputs:
    l1, l2 = draws.one_of(draw, FACTORS)
    return {"weights": draws.values(draw, 3, 5), **draws.one_of(draw, [{"l1": l1}, {"l2": l2}])}


def weights_with_zeros(name: str, draw: Draw) -> Inputs:
    weights = draws.values(draw, 3, 5)
    row = draws.whole(draw, 0, 2)
    weights[row] = 0.0
    weights[row, 1:3] = 1e-9, -1e-12  # as small as you like, and not 0
    return {"weights": weights, **factors(draw, name)}


def penalty(name: str) -> Callable[..., Any]:
    return lambda student, weights, **options: getattr(student, f"{name}_penalty")(weights, **options)


def penalty_gradient(name: str) -> Callable[..., Any]:
    return lambda student, weights, **options: getattr(student, f"{name}_gradient")(weights, **options)


def gradient_and_slope(name: str) -> Callable[..., Any]:
    def program(student: Any, weights: np.ndarray, **options: Any) -> dict[str, Any]:
        return {
            "gradient": getattr(student, f"{name}_gradient")(weights, **options),
            **slopes(lambda weights: getattr(student, f"{name}_penalty")(weights, **options), weights=weights),
        }

    return program


def gradient_and_aliasing(name: str) -> Callable[..., Any]:
    def program(student: Any, weights: np.ndarray, **options: Any) -> dict[str, Any]:
        asked = getattr(student, f"{name}_gradient")
        gradient, nothing = asked(weights, **options), asked(weights, **dict.fromkeys(options, 0.0))
        return {
            "gradient": gradient,
            "gradient shares memory with weights": same_memory(gradient, weights),
            "gradient with factors of 0": nothing,
            "gradient with factors of 0 shares memory with weights": same_memory(nothing, weights),
        }

    return program


def gradient_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, np.array(1.0), {"weights": "gradient"})


def keras_regularizer(name: str, options: Inputs) -> Any:
    from autograder.declare import keras

    return getattr(keras().regularizers, {"l1": "L1", "l2": "L2", "l1_l2": "L1L2"}[name])(**options)


def keras_penalty(name: str, weights: np.ndarray, **options: float) -> np.ndarray:
    from autograder.declare import value

    return value(keras_regularizer(name, options), weights)


def keras_penalty_gradient(name: str, weights: np.ndarray, **options: float) -> np.ndarray:
    from autograder.declare import gradients

    (found,) = gradients(keras_regularizer(name, options), [weights], np.array(1.0))
    return found


def penalty_exercises(name: str) -> tuple[Exercise, Exercise]:
    penalty_formula, gradient_formula = PENALTIES[name]
    arguments = name.replace("_", " and ")
    both = name == "l1_l2"
    drawn, odd, large = (partial(inputs, name) for inputs in (weights_and_factors, odd_weights, large_weights))
    if both:
        missing = ("one_alone", "With one factor given, the other is 0: only one of the two penalties is left.", one_factor)
    else:
        missing = ("default", f"Where {name} is not given, it is 0.01.", weights_alone)
    forward = Exercise(f"{name}_penalty", f"{arguments.upper()} penalty", (
        Check("value", f"{name}_penalty(weights) is {penalty_formula}, one number for all weights.", drawn, penalty(name),
              partial(keras_penalty, name), public=True),
        Check(*missing, penalty(name), partial(keras_penalty, name), cases=4),
        Check("shapes", "Weights of any shape go in: one number, a vector, one row, one column, three axes.", odd,
              penalty(name), partial(keras_penalty, name)),
        Check("magnitudes", "Weights of order 1,000,000 or 0.000001 are penalized by the same formula, and not changed; with "
              "a factor of 0 they cost nothing.", large, penalty(name), partial(keras_penalty, name), cases=4,
              untouched=True),
    ))  # fmt: skip
    derivative = Exercise(f"{name}_gradient", f"{arguments.upper()} penalty: gradient", (
        Check("value", f"{name}_gradient(weights) is {gradient_formula} in every entry.", drawn, penalty_gradient(name),
              partial(keras_penalty_gradient, name), public=True),
        Check("slope", f"The gradient is the slope of your own {name}_penalty, by finite differences.", drawn,
              gradient_and_slope(name), measure=gradient_is_slope, against=True),
        Check(*missing, penalty_gradient(name), partial(keras_penalty_gradient, name), cases=4),
        Check("zeros", "Where a weight is exactly 0, its gradient is 0; where it is 1e-12, it is not.",
              partial(weights_with_zeros, name), penalty_gradient(name), partial(keras_penalty_gradient, name), cases=3),
        Check("shapes", "Weights of any shape go in, and the gradient has the same shape.", odd, penalty_gradient(name),
              partial(keras_penalty_gradient, name)),
        Check("new_array", "The gradient is a new array, with factors of 0 too, and the weights are as they were.", drawn,
              gradient_and_aliasing(name), cases=2, untouched=True),
    ))  # fmt: skip
    return forward, derivative


# --- clipping ---------------------------------------------------------------------------------------------------------

# name, argument, sentence of the plain check
CLIPPING = (
    ("clip_by_value", "clipvalue", "Every entry is cut to the range from -clipvalue to clipvalue, on its own."),
    ("clip_by_norm", "clipnorm",
     "An array whose norm is above clipnorm is shortened to that norm; one with a smaller norm keeps its values."),
    ("clip_by_global_norm", "global_clipnorm",
     "All arrays are shortened by one factor, so that their norm taken together is at most global_clipnorm."),
)  # fmt: skip


def a_limit(draw: Draw, gradients: Sequence[np.ndarray], argument: str, share: float) -> float:
    """A limit at this share of the largest of what is limited: below 1 it clips, above 1 it doesn't."""
    norms = [float(np.linalg.norm(gradient.ravel())) for gradient in gradients]
    largest = {
        "clipvalue": max(float(np.abs(gradient).max()) for gradient in gradients),
        "clipnorm": max(norms),
        "global_clipnorm": math.hypot(*norms),
    }[argument]
    return round(share * largest, 3)


def gradients_of(draw: Draw, scale: float = 1.0) -> list[np.ndarray]:
    rows, columns, units = draws.sizes(draw, 3)
    # The second is far shorter than the others: with a norm for each array there is something to leave alone.
    return [
        draws.values(draw, rows, columns) * scale,
        draws.values(draw, units, scale=0.2) * scale,
        draws.values(draw, columns, units, scale=3.0) * scale,
    ]


def some_clipped(argument: str, draw: Draw) -> Inputs:
    gradients = gradients_of(draw)
    return {"gradients": gradients, argument: a_limit(draw, gradients, argument, draws.one_of(draw, [0.5, 0.35, 0.7]))}


def nothing_clipped(argument: str, draw: Draw) -> Inputs:
    gradients = gradients_of(draw)
    return {"gradients": gradients, argument: a_limit(draw, gradients, argument, draws.one_of(draw, [1.5, 3.0, 1.01]))}


def exploding(argument: str, draw: Draw) -> Inputs:
    gradients = gradients_of(draw, draws.one_of(draw, [1e8, 1e3]))
    return {"gradients": gradients, argument: draws.one_of(draw, [1.0, 0.5, 5.0])}


def vanished(argument: str, draw: Draw) -> Inputs:
    rows, columns = draws.sizes(draw, 2)
    return {"gradients": [np.zeros((rows, columns)), np.zeros(columns)], argument: draws.one_of(draw, [1.0, 0.5])}


def no_gradients(argument: str, draw: Draw) -> Inputs:
    return {"gradients": [], argument: draws.one_of(draw, [1.0, 0.5])}


def odd_gradients(argument: str, draw: Draw) -> Inputs:
    shapes: list[tuple[int, ...]] = draws.one_of(draw, [[(1,)], [(1, 1), (5,)], [(2, 3, 5)], [(1, 7), (7, 1), (3,)]])
    gradients = [draws.values(draw, *shape) for shape in shapes]
    return {"gradients": gradients, argument: a_limit(draw, gradients, argument, draws.one_of(draw, [0.6, 1.2]))}


def clipped(name: str) -> Callable[..., Any]:
    return lambda student, gradients, **limit: getattr(student, name)(gradients, **limit)


def clipped_and_aliasing(name: str) -> Callable[..., Any]:
    def program(student: Any, gradients: list[np.ndarray], **limit: float) -> dict[str, Any]:
        result = getattr(student, name)(gradients, **limit)
        return {
            f"clipped[{i}] shares memory with gradients[{i}]": same_memory(result[i], gradient)
            for i, gradient in enumerate(gradients)
        }

    return program


def keras_clipped(gradients: list[np.ndarray], **limit: float) -> dict[str, Any]:
    import tensorflow as tf

    from autograder.declare import keras

    optimizer = keras().optimizers.SGD(**limit)
    found = optimizer._clip_gradients([tf.constant(gradient, tf.float64) for gradient in gradients])
    return {"result": [np.asarray(gradient) for gradient in found]}


def clipping_exercise(name: str, argument: str, sentence: str) -> Exercise:
    return Exercise(name, name.replace("_", " ").capitalize(), (
        Check("value", sentence, partial(some_clipped, argument), clipped(name), keras_clipped, public=True),
        Check("within_the_limit", "What is within the limit keeps its values: nothing is made longer.",
              partial(nothing_clipped, argument), clipped(name), keras_clipped, cases=4),
        Check("exploding", "Gradients of order 1,000 or 100,000,000 are clipped alike.", partial(exploding, argument),
              clipped(name), keras_clipped, cases=4),
        Check("zeros", "Gradients of zeros stay zeros, without a warning.", partial(vanished, argument), clipped(name),
              keras_clipped, cases=2, quiet=True),
        Check("shapes", "Arrays of any shape, and a list of any length, come back in the same order.",
              partial(odd_gradients, argument), clipped(name), keras_clipped),
        *([] if argument == "global_clipnorm" else [
            Check("no_gradients", "A list without gradients has nothing to clip: an empty list comes back.",
                  partial(no_gradients, argument), clipped(name), cases=1, points=0.5)]),
        Check("new_arrays", "New arrays are returned, even where nothing is clipped, and the gradients are as they were.",
              partial(draws_either, argument), clipped_and_aliasing(name), cases=4, untouched=True),
    ))  # fmt: skip


def draws_either(argument: str, draw: Draw) -> Inputs:
    return draws.one_of(draw, [some_clipped, nothing_clipped])(argument, draw)


# --- dropout: what a mask looks like ----------------------------------------------------------------------------------

# 10403 entries, for statistics; both sizes are primes.
MANY = (103, 101)
# 2021 entries, for what must hold in each of them, and for shares that need not be known well.
SOME = (47, 43)
SELU_SATURATION = -1.6732632423543772 * 1.0507009873554805


def mask_seed(draw: Draw) -> int:
    """A seed that no input of the case was drawn from: Hypothesis's simplest case has seed 0 everywhere, and a mask that is
    drawn from the numbers of x itself is not independent of x."""
    return 2**40 + draws.seeds(draw)


def normal_but_not_x(draw: Draw, *shape: int) -> np.ndarray:
    """Other than x even where both have one seed."""
    return draws.normal(draw, *shape)[::-1].copy()


def many(draw: Draw) -> Inputs:
    return {"x": draws.normal(draw, *MANY), "rate": draws.rate(draw), "seed": mask_seed(draw)}


def many_close_to_one(draw: Draw) -> Inputs:
    # At 0.96 some 416 of 10403 entries are kept: enough for a normal tail at 7 standard errors.
    return {"x": draws.normal(draw, *MANY), "rate": draws.one_of(draw, [0.95, 0.96]), "seed": mask_seed(draw)}


def many_and_upstream(draw: Draw) -> Inputs:
    return {**many(draw), "upstream": normal_but_not_x(draw, *MANY)}


def two_batches(draw: Draw) -> Inputs:
    return {**many(draw), "second": normal_but_not_x(draw, *MANY)}


def some(draw: Draw) -> Inputs:
    return {
        "x": draws.normal(draw, *SOME),
        "upstream": normal_but_not_x(draw, *SOME),
        "rate": draws.rate(draw),
        "seed": mask_seed(draw),
    }


# Over 400 masks a variance is known to 7 %; within seven standard errors it is half of itself, and not 0.
MASKS = 400
# Over 40 masks one entry is now kept, now dropped: what is wrong with either is seen whatever the masks are.
SOME_MASKS = 40


def few_for_counts(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, 5, 7), "rate": draws.rate(draw), "seed": mask_seed(draw)}


def some_x(draw: Draw) -> Inputs:
    return {key: value for key, value in some(draw).items() if key != "upstream"}


def some_and_second(draw: Draw) -> Inputs:
    return {**some(draw), "second": draws.normal(draw, *SOME)[:, ::-1].copy()}


def some_zeros(draw: Draw) -> Inputs:
    return {**some(draw), "x": np.zeros(SOME)}


def a_few(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, *draws.sizes(draw, 2)), "rate": draws.rate(draw), "seed": mask_seed(draw)}


def enough_and_upstream(draw: Draw) -> Inputs:
    # At least 117 entries: that a right mask drops all of them has a probability below 1e-18, even at a rate of 0.7.
    shape = draws.one_of(draw, [(13, 11), (17, 7), (9, 13), (3, 5, 11)])
    x, upstream = draws.values(draw, *shape), draws.values(draw, *shape)
    return {"x": x, "upstream": upstream, "rate": draws.rate(draw), "seed": mask_seed(draw)}


def a_few_and_upstream(draw: Draw) -> Inputs:
    few = a_few(draw)
    return {**few, "upstream": draws.values(draw, *few["x"].shape)}


def odd_shape_and_rate(draw: Draw) -> Inputs:
    shape = draws.one_of(draw, [(1, 1), (1,), (7,), (1, 5), (5, 1), (2, 3, 5)])
    return {"x": draws.normal(draw, *shape), "rate": draws.rate(draw), "seed": mask_seed(draw)}


def two_generators(draw: Draw) -> Inputs:
    # With 221 entries, two independent masks are equal with a probability below 1e-18 even at a rate of 0.1.
    seed = mask_seed(draw)
    return {"x": draws.normal(draw, 17, 13), "rate": draws.rate(draw), "seed": seed, "other": seed ^ 1}


def kept_by_dropout(y: np.ndarray) -> np.ndarray:
    """Which entries were kept; no input is 0."""
    return np.asarray(y != 0)


def kept_by_alpha_dropout(y: np.ndarray) -> np.ndarray:
    """Which entries were kept: dropped ones have one value in common, while no two inputs are equal."""
    found, counts = np.unique(np.round(y, 9), return_counts=True)
    most = int(counts.argmax())
    if counts[most] < 2:
        return np.ones(y.shape, dtype=bool)
    return ~np.isclose(y, found[most], 0.0, 1e-8)


def passes_on(dx: np.ndarray) -> np.ndarray:
    """Which entries let a gradient through; no upstream entry is 0."""
    return np.asarray(dx != 0)


def mean_of(array: np.ndarray) -> float:
    return float(array.mean()) if array.size else 0.0


def one_fate_a_row(kept: np.ndarray) -> bool:
    return bool(kept.any() and not kept.all() and (kept == kept[:, :1]).all())


def one_fate_a_column(kept: np.ndarray) -> bool:
    return bool(kept.any() and not kept.all() and (kept == kept[:1]).all())


def fates(kept: np.ndarray) -> np.ndarray:
    """The entries of a mask that were drawn: all of them, but for a mask with one fate a row or a column, which is wrong and
    which one check finds. The others then allow for what chance does to so few, and do not fail or pass by chance."""
    return kept[:, :1] if one_fate_a_row(kept) else kept[:1] if one_fate_a_column(kept) else kept


def agreement_claim(first: np.ndarray, second: np.ndarray, rate: float) -> Claim:
    """How often two independent masks agree; the same whether rate and keep probability are swapped or not."""
    return share_claim(np.asarray(first == second), rate**2 + (1 - rate) ** 2)


def alpha_constants(rate: float) -> tuple[float, float]:
    a = ((1 - rate) * (1 + rate * SELU_SATURATION**2)) ** -0.5
    return a, -a * SELU_SATURATION * rate


# --- dropout: programs for either layer -------------------------------------------------------------------------------


def made(student: Any, layer: str, rate: float, seed: int) -> Any:
    return getattr(student, layer)(rate, rng=rng(seed))


def in_training(layer: str) -> Callable[..., Any]:
    return lambda student, x, rate, seed: {"y": made(student, layer, rate, seed).forward(x, training=True)}


def two_calls(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, second: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        return {
            "first": snapshot(dropout.forward(x, training=True)),
            "second": dropout.forward(second, training=True),
        }

    return program


def many_masks(layer: str, masks: int = MASKS) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        return {"answers": [snapshot(dropout.forward(x, training=True)) for _ in range(masks)]}

    return program


def same_and_other_generator(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, rate: float, seed: int, other: int) -> dict[str, Any]:
        return {
            "y": snapshot(made(student, layer, rate, seed).forward(x, training=True)),
            "same state": snapshot(made(student, layer, rate, seed).forward(x, training=True)),
            "other state": made(student, layer, rate, other).forward(x, training=True),
        }

    return program


def at_inference(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        dropout.forward(x, training=True)
        return {"training=False": snapshot(dropout.forward(x, training=False)), "by default": dropout.forward(x)}

    return program


def forward_and_aliasing(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        trained, inferred = dropout.forward(x, training=True), dropout.forward(x, training=False)
        kept_all = made(student, layer, 0.0, seed).forward(x, training=True)
        return {
            "y shares memory with x in training": same_memory(trained, x),
            "y shares memory with x at inference": same_memory(inferred, x),
            "y shares memory with x at rate 0": same_memory(kept_all, x),
        }

    return program


def there_and_back(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        return {"y": snapshot(dropout.forward(x, training=True)), "dx": dropout.backward(upstream)}

    return program


def backward_and_slope(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        dropout.forward(x, training=True)
        return {
            "dx": dropout.backward(upstream),
            # The same state of the generator gives the same mask, so this function of x is not random.
            **slopes(lambda x: made(student, layer, rate, seed).forward(x, training=True), x=x),
        }

    return program


def backward_twice(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        dropout.forward(x, training=True)
        first = snapshot(dropout.backward(upstream))
        return {"first": first, "second": dropout.backward(upstream.copy())}

    return program


def backward_of_the_latest(layer: str) -> Callable[..., Any]:
    def program(student: Any, second: np.ndarray, upstream: np.ndarray, **first: Any) -> dict[str, Any]:
        dropout = made(student, layer, first["rate"], first["seed"])
        dropout.forward(first["x"], training=True)
        dropout.backward(upstream)
        return {"y": snapshot(dropout.forward(second, training=True)), "dx": dropout.backward(upstream.copy())}

    return program


def backward_of_inference(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        dropout.forward(x, training=True)
        dropout.forward(x, training=False)
        return {"dx": dropout.backward(upstream)}

    return program


def backward_after_an_edit(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: Any, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        y = dropout.forward(x, training=True)
        before = snapshot(y)
        fill(x, 0.0)
        fill(y, 0.0)
        return {"y": before, "dx": dropout.backward(upstream)}

    return program


def backward_and_aliasing(layer: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
        dropout = made(student, layer, rate, seed)
        dropout.forward(x, training=True)
        in_training = same_memory(dropout.backward(upstream), upstream)
        dropout.forward(x, training=False)
        return {
            "dx shares memory with upstream in training": in_training,
            "dx shares memory with upstream at inference": same_memory(dropout.backward(upstream), upstream),
        }

    return program


# --- dropout: measures ------------------------------------------------------------------------------------------------


def dropout_claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    x, y, rate = case["x"], answers["y"], case["rate"]
    kept = kept_by_dropout(y)
    ratio = y[kept] / x[kept]
    factor = 1 / (1 - rate)
    return {
        "share of entries that are kept": share_claim(fates(kept), 1 - rate),
        "what is kept, over its input": Claim(mean_of(ratio), factor, 1e-9 * factor),
        "all that is kept is scaled alike": Claim(bool(np.ptp(ratio) < 1e-9 * factor) if ratio.size else False, True, 0),
    }


def alpha_dropout_claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    x, y, rate = case["x"], answers["y"], case["rate"]
    a, b = alpha_constants(rate)
    kept = kept_by_alpha_dropout(y)
    inputs, outputs = x[kept], y[kept]
    around = inputs - mean_of(inputs)
    slope = float((around * outputs).sum() / max(float((around**2).sum()), 1e-300))
    offset = mean_of(outputs) - slope * mean_of(inputs)
    straight = bool(np.abs(outputs - slope * inputs - offset).max(initial=0.0) < 1e-8)
    return {
        "share of entries that are kept": share_claim(fates(kept), 1 - rate),
        "the value of dropped entries": Claim(mean_of(y[~kept]), a * SELU_SATURATION + b, 1e-9),
        "slope of what is kept": Claim(slope, a, 1e-9),
        "offset of what is kept": Claim(offset, b, 1e-9),
        "what is kept is an affine map of its input": Claim(straight, True, 0),
    }


def alpha_moments(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    rate, y = case["rate"], answers["y"]
    a, b = alpha_constants(rate)
    # Fourth moment of the mixture: a * normal + b with the keep probability, else one number.
    fourth = (1 - rate) * (3 * a**4 + 6 * a**2 * b**2 + b**4) + rate * (a * SELU_SATURATION + b) ** 4
    claims = {"mean": mean_claim(y, 0.0, 1.0), "variance": variance_claim(y, 0.0, 1.0, kurtosis=fourth)}
    wider = math.sqrt(y.size / fates(kept_by_alpha_dropout(y)).size)
    return {name: Claim(claim.observed, claim.expected, wider * claim.within) for name, claim in claims.items()}


def independent_claims(kept_of: Callable[[np.ndarray], np.ndarray], case: Inputs, answers: Inputs) -> dict[str, Claim]:
    kept, rate = kept_of(answers["y"]), case["rate"]
    rows, columns = kept.shape[0] // 2 * 2, kept.shape[1] // 2 * 2
    # Neighbours in disjoint pairs, so that the pairs are independent of each other.
    along_columns = kept[:, :1] if one_fate_a_row(kept) else kept
    along_rows = kept[:1] if one_fate_a_column(kept) else kept
    return {
        "share of neighbours in a column with one fate": agreement_claim(
            along_columns[0:rows:2], along_columns[1:rows:2], rate
        ),
        "share of neighbours in a row with one fate": agreement_claim(
            along_rows[:, 0:columns:2], along_rows[:, 1:columns:2], rate
        ),
    }


def fresh_claims(kept_of: Callable[[np.ndarray], np.ndarray], case: Inputs, answers: Inputs) -> dict[str, Claim]:
    first, second = kept_of(answers["first"]), kept_of(answers["second"])
    if fates(first).shape == fates(second).shape:
        first, second = fates(first), fates(second)
    return {"share of entries with the same fate in both calls": agreement_claim(first, second, case["rate"])}


def counts_vary(kept_of: Callable[[np.ndarray], np.ndarray], case: Inputs, answers: Inputs) -> dict[str, Claim]:
    """The number of kept entries is a binomial number: its mean and its variance over many masks."""
    size, rate = case["x"].size, case["rate"]
    variance = size * rate * (1 - rate)
    counts = np.array([float(kept_of(y).sum()) for y in answers["answers"]])
    said = (
        "Every mask keeps exactly as many entries as every other. How many are kept should be left to chance, entry by entry."
    )
    return {
        "numbers of kept entries": Claim("varied" if np.ptp(counts) else "all equal", "varied", 0, said=said),
        "kept entries a mask": mean_claim(counts, size * (1 - rate), math.sqrt(variance)),
        # A binomial number of 35 with rates from .1 to .7 has a kurtosis below 3.2.
        "variance of the number of kept entries": variance_claim(counts, size * (1 - rate), variance, kurtosis=3.2),
    }


def generator_claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    y = answers["y"]
    return {
        "the same state of rng gives the same answer": Claim(bool(np.array_equal(y, answers["same state"])), True, 0),
        "another state of rng gives another answer": Claim(not np.array_equal(y, answers["other state"]), True, 0),
    }


def dropped_or_scaled(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    y, scaled = np.stack(answers["answers"]), case["x"] / (1 - case["rate"])
    right = np.isclose(y, 0.0, 0.0, 1e-12) | np.isclose(y, scaled, 1e-9, 0.0)
    return {"every entry is 0 or x / (1 - rate)": Claim(bool(right.all()), True, 0)}


def dropped_or_mapped(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    a, b = alpha_constants(case["rate"])
    y = np.stack(answers["answers"])
    right = np.isclose(y, a * SELU_SATURATION + b, 1e-9, 1e-12) | np.isclose(y, a * case["x"] + b, 1e-9, 1e-12)
    return {"every entry is a * x + b or a * alpha' + b": Claim(bool(right.all()), True, 0)}


def all_saturated(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    a, b = alpha_constants(case["rate"])
    y = answers["y"]
    return {
        f"the {name} answer": Claim(float(extreme), a * SELU_SATURATION + b, 1e-9)
        for name, extreme in (("smallest", y.min()), ("largest", y.max()))
    }


def same_mask_claims(
    kept_of: Callable[[np.ndarray], np.ndarray], factor_of: Callable[[float], float], case: Inputs, answers: Inputs
) -> dict[str, Claim]:
    kept, passed = kept_of(answers["y"]), passes_on(answers["dx"])
    ratio = answers["dx"][passed] / case["upstream"][passed]
    factor = factor_of(case["rate"])
    same = np.asarray(kept == passed)
    return {
        # A right answer has exactly 1; the width is for telling wrong ones apart, whose share is random. The next is strict.
        "share of entries that meet the same fate as in forward": Claim(mean_of(same), 1.0, 0.02),
        "all entries meet the same fate as in forward": Claim(bool(same.all()), True, 0),
        "what is passed on, over upstream": Claim(mean_of(ratio), factor, 1e-9 * factor),
        "all that is passed on is scaled alike": Claim(bool(np.ptp(ratio) < 1e-9 * factor) if ratio.size else False, True, 0),
    }


def mask_only_claims(kept_of: Callable[[np.ndarray], np.ndarray], case: Inputs, answers: Inputs) -> dict[str, Claim]:
    same = bool(np.array_equal(kept_of(answers["y"]), passes_on(answers["dx"])))
    return {"all entries meet the same fate as in forward": Claim(same, True, 0)}


def unchanged_claims(given: str, case: Inputs, answers: Inputs) -> dict[str, Claim]:
    """Of every answer: that it is what was given."""
    x = case[given]
    claims = {}
    for name, y in answers.items():
        solid = y != 0
        # A right answer has exactly 0, 1 and yes; the widths of the shares are for telling wrong ones apart, which are random.
        claims[f"{name}: share of zeros"] = Claim(mean_of(~solid), 0.0, 0.05)
        claims[f"{name}: what is not 0, over {given}"] = Claim(mean_of(y[solid] / x[solid]), 1.0, 1e-9)
        claims[f"{name}: it is {given}"] = Claim(bool(np.allclose(y, x, 1e-11, 1e-12)), True, 0)
    return claims


def twice_claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    first, second = answers["first"], answers["second"]
    size = max(float((first * first).sum()), 1e-300)
    return {
        "second answer over the first": Claim(float((first * second).sum()) / size, 1.0, 1e-9),
        "both answers are the same": Claim(bool(np.allclose(first, second, 1e-11, 1e-12)), True, 0),
    }


def share_passed_on(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    passed = passes_on(answers["dx"])
    said = "No input that is 0 passes its gradient on, though forward kept some of them like any others."
    return {
        "inputs of 0 that pass their gradient on": Claim("some" if passed.any() else "none", "some", 0, said=said),
        "share of inputs of 0 that pass their gradient on": share_claim(passed, 1 - case["rate"]),
    }


def dx_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx"})


# --- dropout: Keras ---------------------------------------------------------------------------------------------------


def keras_layer(layer: str, x: np.ndarray, rate: float, training: bool) -> np.ndarray:
    from autograder.declare import keras, value

    return value(partial(getattr(keras().layers, layer)(rate), training=training), x)


def keras_inference(layer: str, x: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
    y = keras_layer(layer, x, rate, training=False)
    return {"training=False": y, "by default": y}


def keras_training(layer: str, x: np.ndarray, rate: float, seed: int) -> dict[str, Any]:
    """Only where the answer is not random."""
    return {"y": keras_layer(layer, x, rate, training=True)}


# --- dropout: both layers ---------------------------------------------------------------------------------------------


def at_rate(rate: float, draw: Draw) -> Inputs:
    return {**a_few(draw), "rate": rate}


def at_rate_and_upstream(rate: float, draw: Draw) -> Inputs:
    return {**a_few_and_upstream(draw), "rate": rate}


def saturated(draw: Draw) -> Inputs:
    # Among so many entries some are dropped and some kept at any of these rates.
    x = np.full(SOME, SELU_SATURATION)
    return {"x": x, "rate": draws.one_of(draw, [0.1, 0.3, 0.7, 0.95]), "seed": mask_seed(draw)}


def forward_exercise(layer: str, sentence: str, measures: Sequence[Callable[..., Any]], special: Sequence[Check]) -> Exercise:
    """measures: of a batch in training, of which entries were kept, of every single entry."""
    claims, kept_of, entries = measures
    return Exercise(f"{layer}.forward", f"{layer}: forward", (
        Check("training", sentence, many, in_training(layer), measure=claims, cases=2, public=True),
        Check("inference", "At inference, which is the default, the answer is x: nothing is dropped or scaled.", some_x,
              at_inference(layer), partial(keras_inference, layer), measure=partial(unchanged_claims, "x"), cases=2),
        Check("independent", "Each entry has a fate of its own, whatever the others of its row and of its column have.", many,
              in_training(layer), measure=partial(independent_claims, kept_of), cases=2),
        Check("fresh_mask", "Every call in training draws a fresh mask.", two_batches, two_calls(layer),
              measure=partial(fresh_claims, kept_of), cases=1),
        Check("counts", "How many entries are kept is left to chance, too: it differs from mask to mask as it should.",
              few_for_counts, many_masks(layer), measure=partial(counts_vary, kept_of), cases=1),
        Check("generator", "The mask is drawn from rng alone: the same state gives the same mask, another state another one.",
              two_generators, same_and_other_generator(layer), measure=generator_claims, cases=2),
        Check("rate_zero", "At rate 0 training changes nothing either.", partial(at_rate, 0.0), in_training(layer),
              partial(keras_training, layer), cases=2),
        Check("close_to_one", "At a rate close to 1 few entries are kept, and the same formula holds.", many_close_to_one,
              in_training(layer), measure=claims, cases=1),
        Check("shapes", "x may have any shape, also a batch of one, one feature, one or three axes.", odd_shape_and_rate,
              many_masks(layer, SOME_MASKS), measure=entries),
        Check("new_array", "The answer is a new array, in training and at inference, and x is as it was.", a_few,
              forward_and_aliasing(layer), cases=2, untouched=True),
        *special,
    ))  # fmt: skip


def backward_exercise(
    layer: str, sentence: str, kept_of: Callable[..., Any], factor_of: Callable[[float], float], special: Sequence[Check] = ()
) -> Exercise:
    return Exercise(f"{layer}.backward", f"{layer}: backward", (
        Check("value", sentence, many_and_upstream, there_and_back(layer),
              measure=partial(same_mask_claims, kept_of, factor_of), cases=2, public=True),
        Check("slope", "It is the slope of your own forward with the same mask, by finite differences.", enough_and_upstream,
              backward_and_slope(layer), measure=dx_is_slope, against=True),
        Check("inference", "After a forward at inference the upstream gradient is passed on as it is.", some,
              backward_of_inference(layer), measure=partial(unchanged_claims, "upstream"), cases=2),
        Check("latest", "It belongs to the latest forward, not to the first.", some_and_second,
              backward_of_the_latest(layer), measure=partial(mask_only_claims, kept_of), cases=1),
        Check("twice", "A second backward after one forward gives the same answer.", enough_and_upstream,
              backward_twice(layer), measure=twice_claims, cases=2),
        Check("rate_zero", "After training at rate 0 the upstream gradient is passed on as it is.",
              partial(at_rate_and_upstream, 0.0), there_and_back(layer), compare=("dx",), cases=2),
        Check("zero_inputs", "Inputs that are 0 pass their gradient on if they are kept, like any others.", some_zeros,
              there_and_back(layer), measure=share_passed_on, cases=1),
        Check("own_cache", "Editing x or the answer after forward changes nothing for backward.", some,
              backward_after_an_edit(layer), measure=partial(mask_only_claims, kept_of), cases=1),
        Check("new_array", "The answer is a new array, and upstream is as it was.", a_few_and_upstream,
              backward_and_aliasing(layer), cases=2, untouched=True),
        *special,
    ))  # fmt: skip


DROPOUT = forward_exercise(
    "Dropout",
    "In training each entry is dropped with probability rate, and what is kept is divided by 1 - rate.",
    (dropout_claims, kept_by_dropout, dropped_or_scaled),
    (Check("rate_one", "At rate 1 the answer is zeros.", partial(at_rate, 1.0), in_training("Dropout"),
           partial(keras_training, "Dropout"), cases=2),),
)  # fmt: skip
DROPOUT_BACKWARD = backward_exercise(
    "Dropout",
    "Backward drops what forward dropped, and divides the rest of upstream by 1 - rate.",
    kept_by_dropout, lambda rate: 1 / (1 - rate),
    (Check("rate_one", "After training at rate 1 the answer is zeros.", partial(at_rate_and_upstream, 1.0),
           there_and_back("Dropout"), compare=("dx",), cases=2),),
)  # fmt: skip
ALPHA_DROPOUT = forward_exercise(
    "AlphaDropout",
    "In training kept entries become a * x + b, and entries dropped with probability rate a * alpha' + b.",
    (alpha_dropout_claims, kept_by_alpha_dropout, dropped_or_mapped),
    (Check("moments", "Inputs of mean 0 and variance 1 give outputs of mean 0 and variance 1.", many,
           in_training("AlphaDropout"), measure=alpha_moments, cases=1),
     Check("saturated", "An input that is alpha' already has the same answer whether it is kept or dropped.", saturated,
           in_training("AlphaDropout"), partial(keras_training, "AlphaDropout"), measure=all_saturated, cases=4),),
)  # fmt: skip
ALPHA_DROPOUT_BACKWARD = backward_exercise(
    "AlphaDropout",
    "Backward multiplies upstream by a where forward kept the entry, and by 0 where it dropped it.",
    kept_by_alpha_dropout, lambda rate: alpha_constants(rate)[0],
)  # fmt: skip

# --- Monte Carlo dropout ----------------------------------------------------------------------------------------------


def linear_model(draw: Draw) -> Inputs:
    rate = draws.rate(draw)
    model = {
        "x": draws.values(draw, 3, 5, least=0.5),
        "kernel": draws.values(draw, 5, 2, least=0.5),
        "bias": draws.values(draw, 2),
    }
    return {**model, "rate": rate, "passes": 4001, "seed": mask_seed(draw)}


def one_input_two_passes(draw: Draw) -> Inputs:
    # Each of two passes gives one of two numbers, so their std is 0 or exactly half of what lies between the numbers.
    model = {"x": np.full((2003, 1), draws.one_of(draw, [1.5, -0.75])), "kernel": np.array([[1.25]]), "bias": np.array([0.5])}
    return {**model, "rate": draws.rate(draw), "passes": 2, "seed": mask_seed(draw)}


def equal_rows_and_units(draw: Draw) -> Inputs:
    # No two subsets of 1, 2, 4, 8, 16 have the same sum, so equal answers mean equal masks. So many units that masks drawn
    # for each of them are never all equal.
    return {
        "x": np.tile([[1.0, -2.0, 4.0, -8.0, 16.0]], (2003, 1)),
        "kernel": np.full((5, 13), draws.one_of(draw, [0.75, -1.25])),
        "bias": np.full(13, 0.5),
        "rate": draws.rate(draw),
        "passes": 1,
        "seed": mask_seed(draw),
    }


def nothing_to_drop(draw: Draw) -> Inputs:
    # Multiples of 1/4, and four passes: sums are exact however the std is computed, so it is exactly 0.
    rows, features, units = draws.sizes(draw, 3)
    generator = np.random.default_rng(draws.seeds(draw))
    signed = np.array([-1.25, -0.75, 0.5, 1.0, 2.25])
    return {
        "x": generator.choice(signed, (rows, features)),
        "kernel": generator.choice(signed, (features, units)),
        "bias": generator.choice(signed, units),
        "rate": 0.0,
        "passes": 4,
        "seed": mask_seed(draw),
    }


def nothing_to_drop_of_any_size(draw: Draw) -> Inputs:
    # 77 outputs, so that a mean of squares less the squared mean is below 0 by rounding in some of them.
    return {
        "x": draws.values(draw, 11, 5),
        "kernel": draws.values(draw, 5, 7),
        "bias": draws.values(draw, 7, scale=3.0),
        "rate": 0.0,
        "passes": 7,
        "seed": mask_seed(draw),
    }


def no_spread_but_rounding(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # The root of a rounding error of 1e-15 is 3e-8.
    return {"all of the std is a number below 1e-6": Claim(bool(np.all(answers["std"] < 1e-6)), True, 0)}


def everything_dropped(draw: Draw) -> Inputs:
    return {**nothing_to_drop(draw), "rate": 1.0}


def odd_model(draw: Draw) -> Inputs:
    rows, features, units = draws.one_of(draw, [(1, 3, 2), (1, 1, 1), (5, 3, 1), (3, 1, 5), (1, 5, 1)])
    return {
        "x": draws.values(draw, rows, features),
        "kernel": draws.values(draw, features, units),
        "bias": draws.values(draw, units),
        "rate": draws.rate(draw),
        "passes": draws.one_of(draw, [1, 3, 7]),
        "seed": mask_seed(draw),
    }


def one_pass(draw: Draw) -> Inputs:
    return {**odd_model(draw), "passes": 1}


def two_generators_model(draw: Draw) -> Inputs:
    seed = mask_seed(draw)
    model = {"x": draws.normal(draw, 43, 5), "kernel": draws.values(draw, 5, 2), "bias": draws.values(draw, 2)}
    return {**model, "rate": draws.rate(draw), "passes": 3, "seed": seed, "other": seed ^ 1}


def predicted(student: Any, seed: int, **model: Any) -> dict[str, Any]:
    found = student.mc_dropout(**model, rng=rng(seed))
    return {"mean": found[0], "std": found[1]}


def predicted_thrice(student: Any, seed: int, other: int, **model: Any) -> dict[str, Any]:
    shared = rng(seed)
    return {
        "first from one generator": student.mc_dropout(**model, rng=shared)[0],
        "second from it": student.mc_dropout(**model, rng=shared)[0],
        "y": student.mc_dropout(**model, rng=rng(seed))[0],
        "same state": student.mc_dropout(**model, rng=rng(seed))[0],
        "other state": student.mc_dropout(**model, rng=rng(other))[0],
    }


def model_generator_claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    again = np.array_equal(answers["first from one generator"], answers["second from it"])
    return {**generator_claims(case, answers), "a second call with one rng gives another answer": Claim(not again, True, 0)}


def closed_form(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    """Mean and variance of mask / keep * x @ kernel + bias, and how far chance carries their estimates from them.

    The widths take examples and units for as dependent as can be. So a mask that examples share, which is wrong, is left for
    another check to find, and cannot make this one fail or pass by chance.
    """
    rate, passes, x, kernel = case["rate"], case["passes"], case["x"], case["kernel"]
    keep = 1 - rate
    linear = x @ kernel
    variance = rate / keep * (x**2 @ kernel**2)
    # Excess kurtosis of a sum of scaled Bernoulli variables, from their fourth cumulant.
    excess = keep * rate * (1 - 6 * keep * rate) / keep**4 * (x**4 @ kernel**4) / variance**2
    # Passes without any spread are wrong, which the std tells; they say no more about the mean than one pass.
    error = np.sqrt(variance / (passes if (answers["std"] > 1e-6).any() else 1))
    slope = float(((answers["mean"] - case["bias"]) * linear).sum() / (linear**2).sum())
    slope_error = float((np.abs(linear) * error).sum() / (linear**2).sum())
    ratio_error = float(np.sqrt((excess + 2) / passes).mean())
    return {
        "slope of the mean along x @ kernel": Claim(slope, 1.0, Z * slope_error),
        "mean, in every entry": Claim(answers["mean"], linear + case["bias"], Z * error),
        "square of the std, over the closed form": Claim(float((answers["std"] ** 2 / variance).mean()), 1.0, Z * ratio_error),
    }


def half_the_difference(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    rate, std = case["rate"], answers["std"][:, 0]
    half = abs(float(case["x"][0, 0] * case["kernel"][0, 0])) / (1 - rate) / 2
    differ = ~(std <= 1e-6)  # E[y^2] - E[y]^2 may leave the root of a rounding error of 1e-16 where there is no difference
    over = mean_of(std[differ]) / half if differ.any() else 1.0
    return {
        "share of examples in which the two passes differ": share_claim(differ, 2 * rate * (1 - rate)),
        "std of two passes that differ, over half their difference": Claim(over, 1.0, 1e-9),
    }


def one_mask_an_example(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    mean, rate = answers["mean"], case["rate"]
    rows = mean.shape[0] // 2 * 2
    both = (rate**2 + (1 - rate) ** 2) ** case["x"].shape[1]
    units = np.asarray(np.ptp(mean, axis=1) < 1e-9)
    return {
        "share of neighbouring examples with the same mask": share_claim(
            np.asarray(np.abs(mean[0:rows:2, 0] - mean[1:rows:2, 0]) < 1e-9), both
        ),
        # A right answer has exactly 1; the width is for telling wrong ones apart, whose share is random. The next is strict.
        "share of examples whose units see the same inputs": Claim(mean_of(units), 1.0, 0.05),
        "the units of every example see the same inputs": Claim(bool(units.all()), True, 0),
    }


def no_spread(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # sqrt of a rounding error of 1e-16: what E[y^2] - E[y]^2 may leave.
    return {"std of a single pass is 0": Claim(bool(np.abs(answers["std"]).max(initial=0.0) <= 1e-7), True, 0)}


def finite(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    return {f"{name} is finite": Claim(bool(np.isfinite(answers[name]).all()), True, 0) for name in ("mean", "std")}


MC_DROPOUT = Exercise("mc_dropout", "Monte Carlo dropout of a linear model", (
    Check("closed_form", "Mean and std over the passes are those of the closed form, x @ kernel + bias and "
          "rate / (1 - rate) * x**2 @ kernel**2 (for the variance), within what chance allows for that many passes.",
          linear_model, predicted, measure=closed_form, cases=1, public=True),
    Check("two_passes", "The std of two passes is half their difference, and each pass has a mask of its own.",
          one_input_two_passes, predicted, measure=half_the_difference, cases=2),
    Check("masks", "Every example has a mask of its own, and all units of an example see the same dropped inputs.",
          equal_rows_and_units, predicted, measure=one_mask_an_example, cases=2),
    Check("rate_zero", "At rate 0 the mean is x @ kernel + bias and the std is 0.", nothing_to_drop, predicted, cases=4),
    Check("rounding", "Also where sums are rounded, the std at rate 0 is 0 but for rounding, and never NaN.",
          nothing_to_drop_of_any_size, predicted, measure=no_spread_but_rounding, compare=("mean",), cases=1),
    Check("rate_one", "At rate 1 the mean is the bias and the std is 0.", everything_dropped, predicted, cases=2),
    Check("one_pass", "The std of a single pass is 0: it is that of the passes as they are.", one_pass, predicted,
          measure=no_spread, cases=2),
    Check("generator", "Masks are drawn from rng alone: the same state gives the same answer, another state another one.",
          two_generators_model, predicted_thrice, measure=model_generator_claims, cases=2),
    Check("shapes", "Mean and std have the shape (batch, units), also for a batch of one, one feature, or one unit.",
          odd_model, predicted, measure=finite),
    Check("untouched", "x, kernel and bias are as they were.", odd_model, predicted, measure=finite, cases=2, untouched=True),
))  # fmt: skip

# --- early stopping ---------------------------------------------------------------------------------------------------


def improves(settings: Inputs, value: float, number: float) -> bool:
    delta = settings.get("min_delta", 0.0)
    return value + delta < number if settings.get("mode", "min") == "min" else value - delta > number


def until_stop(curve: Sequence[float], settings: Inputs) -> list[float]:
    """A curve up to the epoch at which training stops: nobody calls on_epoch_end after that."""
    best, wait = curve[0], 0
    baseline = settings.get("baseline")
    for epoch, value in enumerate(curve):
        wait += 1
        if epoch == 0 or improves(settings, value, best):
            best = value
            if baseline is None or improves(settings, value, baseline):
                wait = 0
        elif wait >= settings.get("patience", 0):
            return list(curve[: epoch + 1])
    return list(curve)


def noisy_curve(draw: Draw, mode: str = "min", steepness: float = 0.4) -> list[float]:
    """A falling (or rising) noisy curve. Multiples of 1/16: differences are exact, so a tie is a tie in any formula."""
    generator = np.random.default_rng(draws.seeds(draw))
    epochs = np.arange(draws.whole(draw, 7, 12))
    fall = 24 - steepness * epochs * 4 + generator.integers(-6, 7, epochs.size)
    curve = np.round(fall) / 16.0
    return [float(value) for value in (curve if mode == "min" else 3.0 - curve)]


def scripted(curve: Sequence[float], **settings: Any) -> dict[str, Any]:
    return {"curve": until_stop(curve, settings), "settings": settings}


def plain_curve(draw: Draw) -> Inputs:
    return scripted(noisy_curve(draw), patience=draws.one_of(draw, [2, 1, 3]))


def impatient_curve(draw: Draw) -> Inputs:
    settings: dict[str, int] = draws.one_of(draw, [{}, {"patience": 0}, {"patience": 1}])
    # The second epoch is better by a millionth, which is enough without a min_delta.
    return scripted([3.0, 3.0 - 2.0**-20, *noisy_curve(draw)], **settings)


def rising_curve(draw: Draw) -> Inputs:
    settings: dict[str, Any] = draws.one_of(draw, [{"patience": 2}, {"patience": 1, "min_delta": 0.125}, {"patience": 3}])
    level = draws.one_of(draw, [0.0, 8.0])  # a likelihood is below 0, whatever an accuracy is
    return scripted([value - level for value in noisy_curve(draw, "max")], mode="max", **settings)


def small_steps(draw: Draw) -> Inputs:
    # Steps of 1/16, 1/8 and 1/4 against a min_delta of 1/8: below it, exactly it, above it.
    generator = np.random.default_rng(draws.seeds(draw))
    steps = generator.choice([0.0625, 0.125, 0.25, -0.0625, 0.0], draws.whole(draw, 8, 12))
    mode = draws.one_of(draw, ["min", "max"])
    curve = 2.0 - np.cumsum(steps) if mode == "min" else 0.5 + np.cumsum(steps)
    settings = {"patience": draws.one_of(draw, [2, 3]), "min_delta": 0.125, "mode": mode}
    return scripted([float(value) for value in curve], **settings)


def plateau(draw: Draw) -> Inputs:
    level = draws.one_of(draw, [0.0, 0.5, 0.75])  # a best value of 0 is one: `if not self.best` takes it for none
    start = [level + 0.5, level + 0.25][: draws.whole(draw, 0, 2)]
    return scripted([*start, *[level] * 6], patience=draws.one_of(draw, [2, 3, 4]))


def curve_and_baseline(draw: Draw) -> Inputs:
    baseline = draws.one_of(draw, [0.0, 1.0, 1.25, 0.25, 1.5])
    settings: dict[str, Any] = {"patience": draws.one_of(draw, [3, 2, 4]), "baseline": baseline}
    if draws.one_of(draw, [False, True]):
        settings["min_delta"] = 0.125
    return scripted(noisy_curve(draw, steepness=0.25), **settings)


def curve_with_nan(draw: Draw) -> Inputs:
    curve = noisy_curve(draw, steepness=0.6)
    # From the first epoch on, in the simplest case: then it is the best so far, and no number is better than it.
    for epoch in range(draws.whole(draw, 0, 3), len(curve), 3):
        curve[epoch] = math.nan
    return scripted(curve, patience=draws.one_of(draw, [3, 2]))


def two_curves(draw: Draw) -> Inputs:
    settings = {"patience": draws.one_of(draw, [2, 3])}
    curve = [1.0, 0.5, 0.25, 0.375, 0.5]
    later = [2.0, 1.5, 1.75, 1.625, 1.25, 1.5]
    return {"curve": until_stop(curve, settings), "later": until_stop(later, settings), "settings": settings}


def stops(stopping: Any, curve: Sequence[float], **weights: Any) -> dict[str, Any]:
    answers, waits = [], []
    for epoch, value in enumerate(curve):
        answers.append(stopping.on_epoch_end(epoch, value, **weights))
        waits.append(snapshot(stopping.wait))
    return {
        "stop now, after each epoch": answers,
        "wait, after each epoch": waits,
        "best": snapshot(stopping.best),
        "best_epoch": snapshot(stopping.best_epoch),
        "stopped_epoch": snapshot(stopping.stopped_epoch),
    }


def driven(student: Any, curve: Sequence[float], settings: Inputs) -> dict[str, Any]:
    stopping = student.EarlyStopping(**settings)
    stopping.on_train_begin()
    return stops(stopping, curve)


def driven_twice(student: Any, curve: Sequence[float], later: Sequence[float], settings: Inputs) -> dict[str, Any]:
    stopping, other = student.EarlyStopping(**settings), student.EarlyStopping(**settings)
    stopping.on_train_begin()
    first = stops(stopping, curve)
    stopping.on_train_begin()
    second = stops(stopping, later)
    apart = stops(other, later)
    return {
        **{f"first training: {name}": value for name, value in first.items()},
        **{f"second training: {name}": value for name, value in second.items()},
        **{f"another instance: {name}": value for name, value in apart.items()},
    }


def watched_weights(draw: Draw) -> Inputs:
    return {
        **scripted(noisy_curve(draw), patience=2, restore_best_weights=True),
        "weights": [draws.values(draw, 3, 2), draws.values(draw, 2)],
    }


def driven_with_weights(student: Any, curve: Sequence[float], settings: Inputs, weights: list[np.ndarray]) -> dict[str, Any]:
    return stops(student.EarlyStopping(**settings), curve, weights=weights)


class _KerasModel:
    """What Keras's callback asks of a model: weights that can be taken and set, and a flag."""

    def __init__(self, weights: Sequence[np.ndarray] = ()) -> None:
        self.weights = list(weights)
        self.stop_training = False

    def get_weights(self) -> list[np.ndarray]:
        return [array.copy() for array in self.weights]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.weights = weights


def keras_stopping(settings: Inputs) -> Any:
    from autograder.declare import keras

    callback = keras().callbacks.EarlyStopping(monitor="val_loss", **{"mode": "min", **settings})
    return callback


def keras_driven(curve: Sequence[float], settings: Inputs) -> dict[str, Any]:
    callback, model = keras_stopping(settings), _KerasModel()
    callback.set_model(model)
    callback.on_train_begin()
    answers, waits = [], []
    for epoch, value in enumerate(curve):
        callback.on_epoch_end(epoch, {"val_loss": value})
        answers.append(model.stop_training)
        waits.append(callback.wait)
    return {
        "stop now, after each epoch": answers,
        "wait, after each epoch": waits,
        "best": callback.best,
        "best_epoch": callback.best_epoch,
        "stopped_epoch": callback.stopped_epoch,
    }


ON_EPOCH_END = Exercise("EarlyStopping.on_epoch_end", "Early stopping: when to stop", (
    Check("patience", "Training stops after `patience` epochs in a row without a new best value; wait, best, best_epoch and "
          "stopped_epoch say how far it is.", plain_curve, driven, keras_driven, public=True),
    Check("no_patience", "A patience of 0, the default, stops at the first epoch without improvement, and so does 1.",
          impatient_curve, driven, keras_driven, cases=6),
    Check("ties", "A value that is only equal to the best is no improvement.", plateau, driven, keras_driven, cases=6),
    Check("min_delta", "An improvement must be larger than min_delta; exactly min_delta is not enough.", small_steps, driven,
          keras_driven),
    Check("mode_max", 'In mode "max" larger values are better.', rising_curve, driven, keras_driven),
    Check("baseline", "What improves on the best but not on the baseline becomes the best, and does not reset the wait.",
          curve_and_baseline, driven, keras_driven, cases=10),
    Check("nan", "A value of NaN is no improvement, and nothing is one on it.", curve_with_nan, driven, keras_driven, cases=6),
    Check("second_training", "on_train_begin starts afresh, and two instances share nothing.", two_curves,
          driven_twice, cases=2),
    Check("untouched", "The weights that are passed in are not changed.", watched_weights, driven_with_weights, cases=2,
          untouched=True),
))  # fmt: skip


def training_run(draw: Draw, curve: Sequence[float], **settings: Any) -> Inputs:
    run = scripted(curve, **settings)
    rows, columns = draws.sizes(draw, 2)
    kernel, bias = (rows, columns), (columns,)
    shapes: list[tuple[int, ...]] = draws.one_of(draw, [[kernel, bias], [kernel, kernel, (1,)], [(1, 1)]])
    return {
        **run,
        "weights": [draws.values(draw, *shape) for shape in shapes],
        "updates": [[draws.values(draw, *shape) for shape in shapes] for _ in run["curve"]],
    }


def stopped_run(draw: Draw) -> Inputs:
    curve = draws.one_of(draw, [[1.0, 0.5, 0.75, 0.625], [1.0, 0.75, 0.5, 0.5, 0.75], [0.5, 0.75, 1.0, 1.25]])
    return training_run(draw, curve, patience=draws.one_of(draw, [2, 1]), restore_best_weights=True)


def full_run(draw: Draw) -> Inputs:
    # Ends without a stop, some epochs after its best.
    curve = draws.one_of(draw, [[1.0, 0.5, 0.75, 0.625], [0.5, 0.75, 1.0], [1.0, 0.75, 0.5, 0.625]])
    return training_run(draw, curve, patience=draws.one_of(draw, [5, 9]), restore_best_weights=True)


def run_below_baseline(draw: Draw) -> Inputs:
    curve = draws.one_of(draw, [[1.0, 0.75, 0.5, 0.625, 0.75], [1.0, 0.5, 0.75, 0.875]])
    return training_run(draw, curve, patience=draws.one_of(draw, [2, 3]), baseline=0.25, restore_best_weights=True)


def run_not_restored(draw: Draw) -> Inputs:
    options: dict[str, bool] = draws.one_of(draw, [{}, {"restore_best_weights": False}])
    return training_run(draw, [1.0, 0.5, 0.75, 0.625], patience=draws.one_of(draw, [2, 5]), **options)


def run_upwards(draw: Draw) -> Inputs:
    curve = draws.one_of(draw, [[0.25, 0.75, 0.5, 0.625], [0.5, 0.5, 0.25, 0.375, 0.0]])
    return training_run(draw, curve, patience=2, mode="max", min_delta=0.125, restore_best_weights=True)


def trained(
    student: Any, curve: Sequence[float], settings: Inputs, weights: list[Any], updates: list[list[np.ndarray]]
) -> dict[str, Any]:
    stopping = student.EarlyStopping(**settings)
    stopping.on_train_begin()
    for epoch, (value, update) in enumerate(zip(curve, updates, strict=True)):
        for array, new in zip(weights, update, strict=True):
            fill(array, new)
        stopping.on_epoch_end(epoch, value, weights)
    stopping.on_train_end(weights)
    return {"weights after training": list(weights)}  # the arrays, whatever became of the list that was given


def trained_and_restored_elsewhere(
    student: Any, curve: Sequence[float], settings: Inputs, weights: list[Any], updates: list[list[np.ndarray]]
) -> dict[str, Any]:
    stopping = student.EarlyStopping(**settings)
    stopping.on_train_begin()
    for epoch, (value, update) in enumerate(zip(curve, updates, strict=True)):
        for array, new in zip(weights, update, strict=True):
            fill(array, new)
        stopping.on_epoch_end(epoch, value, weights)
    others = [np.zeros(array.shape) for array in weights]
    stopping.on_train_end(others)
    return {"weights after training": list(weights), "arrays that on_train_end was given": list(others)}


def keras_trained(
    curve: Sequence[float], settings: Inputs, weights: list[np.ndarray], updates: list[list[np.ndarray]]
) -> dict[str, Any]:
    callback, model = keras_stopping(settings), _KerasModel(weights)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, (value, update) in enumerate(zip(curve, updates, strict=True)):
        model.set_weights(update)
        callback.on_epoch_end(epoch, {"val_loss": value})
    callback.on_train_end()
    return {"weights after training": model.weights}


ON_TRAIN_END = Exercise("EarlyStopping.on_train_end", "Early stopping: restoring the best weights", (
    Check("stopped", "After an early stop the weights of the best epoch stand in the model's own arrays again.",
          stopped_run, trained, keras_trained, public=True),
    Check("not_stopped", "They are restored as well where training ran to its end.", full_run, trained, keras_trained,
          cases=4),
    Check("baseline", "They are restored even if the baseline was never beaten.", run_below_baseline, trained, keras_trained,
          cases=4),
    Check("mode_max", 'The best epoch is the one that mode "max" and min_delta choose.', run_upwards, trained, keras_trained,
          cases=4),
    Check("not_asked", "Without restore_best_weights, the default, the weights of the last epoch stay.", run_not_restored,
          trained, keras_trained, cases=4),
    Check("elsewhere", "They are written into the arrays that on_train_end is given, be they others than the model's own.",
          stopped_run, trained_and_restored_elsewhere, cases=2),
))  # fmt: skip

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "Dropout.forward/inference": Weight(
        4, "Dropout at inference makes predictions random, the mistake that every course on the subject warns of."
    ),
    "AlphaDropout.forward/inference": Weight(4, "Dropout at inference makes predictions random."),
    "Dropout.forward/generator": Weight(2, "A mask from elsewhere than rng cannot be repeated by anybody."),
    "Dropout.backward/inference": Weight(2, "A mask that is left over makes gradients of another forward than the latest."),
    "Dropout.backward/zero_inputs": Weight(
        2, "A mask that is guessed from the output is wrong wherever an input is 0, behind a relu for half of them."
    ),
    "mc_dropout/generator": Weight(2, "With a seed of its own every pass has the same mask, or every call the same answer."),
    "EarlyStopping.on_epoch_end/mode_max": Weight(3, "With the mode ignored, training stops because it gets better."),
    "EarlyStopping.on_epoch_end/min_delta": Weight(2, "What counts as better is what this exercise is about."),
    "EarlyStopping.on_epoch_end/baseline": Weight(2, "What counts as better is what this exercise is about."),
    "EarlyStopping.on_epoch_end/nan": Weight(2, "A loss that is NaN is when early stopping is needed most."),
}

TOPIC = Topic(
    name="regularization",
    title="Regularization: penalties, clipping, dropout, early stopping",
    exercises=weighed(
        with_contract(
            (
                *(exercise for name in PENALTIES for exercise in penalty_exercises(name)),
                *(clipping_exercise(*row) for row in CLIPPING),
                DROPOUT,
                DROPOUT_BACKWARD,
                ALPHA_DROPOUT,
                ALPHA_DROPOUT_BACKWARD,
                MC_DROPOUT,
                ON_EPOCH_END,
                ON_TRAIN_END,
            ),
            given_nothing=("EarlyStopping.on_epoch_end",),
            in_place=("EarlyStopping.on_train_end",),
        ),
        WORTH,
    ),
)
