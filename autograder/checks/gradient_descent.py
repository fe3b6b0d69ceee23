"""Checks of topic 1, gradient descent: one neuron, its error, the gradient, and the steps that make it learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.declare import (
    KERAS,
    SLOPE_TOLERANCE,
    STEP,
    Answers,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Tolerance,
    Topic,
    Weight,
    Z,
    function,
    length,
    may_fail,
    rng,
    same_memory,
    slope_claims,
    slopes,
    snapshot,
    unless_right,
    weighed,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

DrawCase = Callable[[Draw], Inputs]
Program = Callable[..., Any]

# Fewer than the usual eight: the sizes are unequal primes in every case, so one case in five already hides no mix-up of axes.
CASES = 5
# Where shapes or sizes are fixed, a second case only makes sure that no answer is right by chance.
FEW = 2
# A worked example has no drawn inputs, so there is only one of it.
ONE = 1


def call(name: str) -> Program:
    """A program that calls the function of this name with the case."""
    return lambda student, **case: getattr(student, name)(**case)


def call_each(name: str) -> Program:
    """A program that calls the function with each entry of the case, under the entry's name."""
    return lambda student, **entries: {which: getattr(student, name)(**entry) for which, entry in entries.items()}


def each(oracle: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The oracle's side of :func:`call_each`."""
    return lambda **entries: {which: oracle(**entry) for which, entry in entries.items()}


def pair(name: str, first: str, second: str) -> Program:
    """A program that calls a function which returns a pair, and names its two parts."""

    def program(student: Any, **case: Any) -> dict[str, Any]:
        found = getattr(student, name)(**case)
        return {"length": length(found), first: found[0], second: found[1]}

    return program


def and_memory(name: str, given: str) -> Program:
    """A program that also asks whether the answer is new memory."""

    def program(student: Any, **case: Any) -> dict[str, Any]:
        result = getattr(student, name)(**case)
        return {"result": result, f"shares memory with {given}": same_memory(result, case[given])}

    return program


def one_of_each(*cases: Callable[[Draw], Any], names: tuple[str, ...]) -> DrawCase:
    """Several small inputs in one case: were one of them drawn by lot, some courses would have none of the others."""
    return lambda draw: {name: draw_one(draw) for name, draw_one in zip(names, cases, strict=True)}


# --- step functions ---------------------------------------------------------------------------------------------------


def batch(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, *draws.sizes(draw, 2), scale=4.0)}


def with_zeros(draw: Draw) -> Inputs:
    x = draws.values(draw, *draws.sizes(draw, 2))
    x.flat[1], x.flat[2] = 0.0, -0.0
    return {"x": x}


def with_zeros_and_h0(draw: Draw) -> Inputs:
    return {**with_zeros(draw), "h0": draws.one_of(draw, (0.0, 0.5, 0.3))}


def tiny_and_huge(draw: Draw) -> Inputs:
    entries = np.array([1e-300, -1e-300, 5e-324, -5e-324, 1000.0, -1000.0, 1e-9, -1e-9])
    return {"x": np.random.default_rng(draws.seeds(draw)).permutation(entries)}


several_shapes = one_of_each(
    *[lambda draw, shape=shape: {"x": draws.values(draw, *shape)} for shape in ((1, 5), (5, 1), (7,), (2, 3, 5))],
    names=("row", "column", "vector", "three_axes"),
)


def numpy_sign(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sign(x))


def numpy_heaviside(x: np.ndarray, h0: float = 1.0) -> np.ndarray:
    return np.heaviside(x, h0)


def step_exercise(name: str, title: str, sentence: str, oracle: Callable[..., Any], *at_zero: Check) -> Exercise:
    return Exercise(name, title, (
        Check("value", sentence, batch, call(name), oracle, cases=CASES, public=True),
        *at_zero,
        Check("tiny", "How large an entry is does not matter, only its sign: ±1000 or ±1e-300.", tiny_and_huge, call(name),
              oracle, cases=FEW),
        Check("shapes", "Any shape goes in and the same shape comes out: one row, one column, a vector, three axes.",
              several_shapes, call_each(name), each(oracle), cases=FEW),
        Check("new_array", "The answer is a new array, and x is as it was.", batch, and_memory(name, "x"), cases=3,
              untouched=True),
    ))  # fmt: skip


STEPS = (
    step_exercise(
        "heaviside", "Heaviside's step", "heaviside(x) is 0.0 where x < 0 and 1.0 where x > 0.", numpy_heaviside,
        Check("zero", "At 0 and at -0.0 it is h0, which is 1 unless given.", with_zeros, call("heaviside"), numpy_heaviside,
              cases=3, public=True),
        Check("h0", "The argument h0 is used, whatever its value, at 0 and only there.", with_zeros_and_h0, call("heaviside"),
              numpy_heaviside, cases=CASES),
    ),
    step_exercise(
        "sign", "The sign", "sign(x) is -1.0 where x < 0 and 1.0 where x > 0.", numpy_sign,
        Check("zero", "At 0 and at -0.0 it is 0.", with_zeros, call("sign"), numpy_sign, cases=3, public=True),
    ),
)  # fmt: skip


# --- the numerical gradient -------------------------------------------------------------------------------------------

# The accuracy that the stub promises. The functions below are of order ten at most, so that central differences with h = 1e-5
# are off by some 1e-10 from rounding and truncation, and one-sided ones by about 1e-6.
ACCURATE = 1e-8
# Of a cubic, central differences with any h are 3 x^2 + h^2 but for rounding: below 1e-12 with h of .1 and more.
CUBIC = 1e-9


def waves(draw: Draw) -> Inputs:
    (size,) = draws.sizes(draw, 1)
    return {"x": draws.values(draw, size), "a": draws.values(draw, size)}


def coupled(draw: Draw) -> Inputs:
    rows, columns = draws.sizes(draw, 2)
    return {"x": draws.values(draw, rows, columns, scale=1.0), "m": draws.values(draw, rows, rows, scale=1.0)}


def cubic(draw: Draw) -> Inputs:
    (size,) = draws.sizes(draw, 1)
    return {"x": draws.values(draw, size), "h": draws.one_of(draw, (0.5, 0.1, 0.25))}


def shaped(draw: Draw) -> Inputs:
    shapes = {"one": (1,), "one_by_one": (1, 1), "row": (1, 3), "three_axes": (2, 3, 5)}
    return {name: draws.values(draw, *shape) for name, shape in shapes.items()}


def layout(draw: Draw) -> Inputs:
    rows, columns = draws.sizes(draw, 2)
    return {"x": draws.values(draw, rows, columns), "a": draws.values(draw, columns, rows)}


def gradient_of_waves(student: Any, x: np.ndarray, a: np.ndarray) -> dict[str, Any]:
    f = function(lambda x: np.sum(a * np.sin(x)))
    return {"gradient": student.numerical_gradient(f, x)}


def gradient_of_coupled(student: Any, x: np.ndarray, m: np.ndarray) -> dict[str, Any]:
    size = x.size
    f = function(lambda x: np.sum(np.exp(x)) + np.sum(m @ x) ** 2 / size)
    return {"gradient": student.numerical_gradient(f, x)}


def gradient_of_cubic(student: Any, x: np.ndarray, h: float) -> dict[str, Any]:
    return {
        "gradient": student.numerical_gradient(function(lambda x: np.sum(x**3)), x, h=h),
        "with the default h": student.numerical_gradient(function(lambda x: np.sum(np.sin(10_000.0 * x))), x),
    }


def gradients_of_shapes(student: Any, **arrays: np.ndarray) -> dict[str, Any]:
    f = function(lambda x: np.sum(x**2))
    return {name: student.numerical_gradient(f, x) for name, x in arrays.items()}


def gradient_of_view(student: Any, x: np.ndarray, a: np.ndarray) -> dict[str, Any]:
    f = function(lambda x: np.sum(a * np.sin(x)))
    return {"gradient": student.numerical_gradient(f, snapshot(x).T)}


def same_waves_twice(student: Any, x: np.ndarray, a: np.ndarray) -> dict[str, Any]:
    f = function(lambda x: np.sum(a * np.sin(x)))
    first = student.numerical_gradient(f, x)
    return {"first": first, "second": student.numerical_gradient(f, x), "shares memory with x": same_memory(first, x)}


def waves_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {"gradient": Claim(answers["gradient"], case["a"] * np.cos(case["x"]), ACCURATE)}


def coupled_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    x, m = case["x"], case["m"]
    right = np.exp(x) + 2 * (m @ x).sum() / x.size * m.sum(axis=0)[:, None]
    return {"gradient": Claim(answers["gradient"], right, ACCURATE)}


def cubic_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # Of so short a wave the central difference tells its h: with 1e-5 it is sin(.1) / .1 of the slope. The slope is 10,000 at
    # most, rounding 1e-7 of that, and another h of 1.1e-5 already makes it 3 smaller where the wave is steepest.
    default = np.cos(10_000.0 * case["x"]) * np.sin(0.1) / 1e-5
    return {
        "gradient": Claim(answers["gradient"], 3 * case["x"] ** 2 + case["h"] ** 2, CUBIC),
        "with the default h": Claim(answers["with the default h"], default, 0.01),
    }


def shaped_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {name: Claim(answers[name], 2 * x, ACCURATE) for name, x in case.items()}


def view_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {"gradient": Claim(answers["gradient"], case["a"] * np.cos(case["x"].T), ACCURATE)}


def twice_claims(case: Inputs, answers: Answers) -> dict[str, Claim]:
    right = case["a"] * np.cos(case["x"])
    return {
        "first": Claim(answers["first"], right, ACCURATE),
        "second": Claim(answers["second"], right, ACCURATE),
        "shares memory with x": Claim(answers["shares memory with x"], False, 0),
    }


NUMERICAL_GRADIENT = Exercise("numerical_gradient", "The gradient by central differences", (
    Check("value", "For f(x) = sum(a * sin(x)) it is a * cos(x), within 1e-8.", waves, gradient_of_waves,
          measure=waves_claims, cases=CASES, public=True),
    Check("coupled", "Also where every entry of a matrix x moves the slope of the others, it is right within 1e-8.", coupled,
          gradient_of_coupled, measure=coupled_claims, cases=CASES),
    Check("step", "The argument h is used, and is 1e-5 by default: of sum(x**3), central differences are 3 * x**2 + h**2.",
          cubic, gradient_of_cubic, measure=cubic_claims, cases=3),
    Check("shapes", "The gradient has x's shape: a single entry, a row, three axes.", shaped, gradients_of_shapes,
          measure=shaped_claims, cases=FEW),
    Check("layout", "x may be a transposed view of another array.", layout, gradient_of_view, measure=view_claims, cases=3),
    Check("restored", "Afterwards x is bit for bit what it was, and a second call gives the same.", waves, same_waves_twice,
          measure=twice_claims, cases=3, untouched=True),
))  # fmt: skip


# --- the squared error of one weight ----------------------------------------------------------------------------------


def samples_of(*shape: int) -> DrawCase:
    return lambda draw: {"w": weight(draw), "x": draws.values(draw, *shape), "y": draws.values(draw, *shape)}


def samples(draw: Draw) -> Inputs:
    return samples_of(*draws.sizes(draw, 1))(draw)


def weight(draw: Draw) -> float:
    return float(draws.values(draw, 1)[0])


def lecture_numbers(draw: Draw) -> Inputs:
    del draw
    return {
        "first": {"w": 0.5, "x": 2.0, "y": 4.0},
        "second": {"w": 1.7, "x": 1.0, "y": 2.0},
        "third": {"w": 1.76, "x": 3.0, "y": 6.0},
    }


def other_numbers(draw: Draw) -> Inputs:
    return {which: {"w": weight(draw), "x": weight(draw), "y": weight(draw)} for which in ("first", "second", "third")}


def new_weights(case: Inputs, answers: Answers) -> dict[str, Claim]:
    """The derivatives, and the weights to which a step with learning rate 0.1 leads."""
    derivatives = {which: 2 * one["x"] * (one["x"] * one["w"] - one["y"]) for which, one in case.items()}
    within = 1e-11  # rounding
    claims = {which: Claim(float(answers[which]), right, within) for which, right in derivatives.items()}
    moved = {which: case[which]["w"] - 0.1 * float(answers[which]) for which in case}
    after = {which: case[which]["w"] - 0.1 * right for which, right in derivatives.items()}
    return claims | {f"w after the {which}": Claim(moved[which], right, within) for which, right in after.items()}


several_samples = one_of_each(samples_of(1), samples_of(5, 1), samples_of(2, 3), names=("one_sample", "column", "matrix"))


def keras_squared_error(w: float, x: Any, y: Any) -> Any:
    from autograder.declare import keras, value

    column = (-1, 1)  # Keras takes the mean over the last axis: with one output there is nothing to average
    loss = value(keras().losses.mean_squared_error, np.reshape(y, column), np.reshape(x * w, column))
    return loss.reshape(np.shape(x))


def keras_squared_error_derivative(w: float, x: Any, y: Any) -> Any:
    from autograder.declare import gradients, keras

    column = (-1, 1)
    target, inputs = np.reshape(y, column), np.reshape(x, column)

    def loss(weights: Any) -> Any:
        return keras().losses.mean_squared_error(target, inputs * weights)

    (found,) = gradients(loss, [np.full(inputs.shape, w)], np.ones(len(inputs)))  # a copy of the weight for each sample
    return found.reshape(np.shape(x))


def error_and_derivative(student: Any, w: float, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    derivative = student.squared_error_derivative(w, x, y)
    may_fail()
    return {
        "derivative": derivative,
        "error at w + h": student.squared_error(w + STEP, x, y),
        "error at w - h": student.squared_error(w - STEP, x, y),
    }


def derivative_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    del case
    above, below = "error at w + h", "error at w - h"

    def own() -> dict[str, Claim]:
        slope = (answers[above] - answers[below]) / (2 * STEP)
        return {
            "derivative": Claim(answers["derivative"], slope, SLOPE_TOLERANCE * (1 + np.abs(slope))),
            "error depends on w": Claim(bool(np.all(np.abs(slope) > 1e-9)), True, 0),
        }

    return unless_right("derivative", answers, right, (above, below), own)


def sloped_samples(draw: Draw) -> Inputs:
    # Targets beyond the reach of x * w, so that no derivative is 0 and none is lost in rounding.
    case = samples(draw)
    return {**case, "y": case["y"] + np.sign(case["y"]) * 5.0}


def error_exercise(name: str, title: str, sentence: str, oracle: Callable[..., Any], *more: Check) -> Exercise:
    return Exercise(name, title, (
        Check("value", sentence, samples, call(name), oracle, cases=CASES, public=True),
        *more,
        Check("shapes", "A single sample, a column, a matrix: the answer has the shape of x.", several_samples,
              call_each(name), each(oracle), cases=FEW),
        Check("kept", "The answer is a new array; x and y are as they were.", samples, and_memory(name, "x"), cases=3,
              untouched=True),
    ))  # fmt: skip


SQUARED_ERROR = (
    error_exercise(
        "squared_error", "The squared error", "squared_error(w, x, y) is (x * w - y)**2 for each sample.",
        keras_squared_error,
        worked_example(
            Check("numbers", "With numbers for x and y it answers with a number.", lecture_numbers, call_each("squared_error"),
                  each(keras_squared_error), cases=ONE, public=True),
            other_numbers,
        ),
    ),
    error_exercise(
        "squared_error_derivative", "Its derivative for the weight",
        "squared_error_derivative(w, x, y) is the derivative for w of (x * w - y)**2, for each sample.",
        keras_squared_error_derivative,
        worked_example(
            Check("worked", "w = 0.5 and the samples (2, 4), (1, 2), (3, 6), one after the other with learning rate 0.1: the "
                  "derivatives lead to 1.7, 1.76 and 2.192.", lecture_numbers, call_each("squared_error_derivative"),
                  each(keras_squared_error_derivative), measure=new_weights, cases=ONE, public=True),
            other_numbers,
        ),
        Check("slope", "It is the slope of your own squared_error, by finite differences.", sloped_samples,
              error_and_derivative, measure=derivative_is_slope, against=True, cases=CASES),
    ),
)  # fmt: skip


# --- steps ------------------------------------------------------------------------------------------------------------

RATES = (0.1, 0.05, 0.3)


def step_case(draw: Draw) -> Inputs:
    shape = draws.sizes(draw, 2)
    return {
        "w": draws.values(draw, *shape),
        "gradient": draws.values(draw, *shape),
        "learning_rate": draws.one_of(draw, RATES),
    }


def step_of_shape(*shape: int) -> DrawCase:
    return lambda draw: {"w": draws.values(draw, *shape), "gradient": draws.values(draw, *shape), "learning_rate": 0.2}


def lecture_steps(draw: Draw) -> Inputs:
    del draw
    return {
        "first": {"w": 0.5, "gradient": -12.0, "learning_rate": 0.1},
        "second": {"w": 1.7, "gradient": -0.6, "learning_rate": 0.1},
        "third": {"w": 1.76, "gradient": -4.32, "learning_rate": 0.1},
    }


def other_steps(draw: Draw) -> Inputs:
    def step() -> dict[str, float]:
        return {"w": weight(draw), "gradient": weight(draw), "learning_rate": draws.one_of(draw, RATES)}

    return {which: step() for which in ("first", "second", "third")}


def large_steps(draw: Draw) -> Inputs:
    size = draws.sizes(draw, 1)
    case = {"w": draws.values(draw, *size), "gradient": 1e6 * draws.values(draw, *size)}
    return {**case, "learning_rate": draws.one_of(draw, (0.0, 1.5, 10.0, 1e-6))}


step_shapes = one_of_each(
    step_of_shape(1), step_of_shape(1, 1), step_of_shape(7), step_of_shape(2, 3, 5),
    names=("one_weight", "one_by_one", "vector", "three_axes"),
)  # fmt: skip


def keras_step(w: Any, gradient: Any, learning_rate: float) -> Any:
    import tensorflow as tf

    from autograder.declare import keras

    variable = keras().Variable(np.asarray(w, "float64"), dtype="float64")
    keras().optimizers.SGD(learning_rate).apply([tf.constant(gradient, tf.float64)], [variable])
    return variable.numpy()


GRADIENT_DESCENT_STEP = Exercise("gradient_descent_step", "One step", (
    Check("value", "A step is w - learning_rate * gradient.", step_case, call("gradient_descent_step"), keras_step, KERAS,
          cases=CASES, public=True),
    worked_example(
        Check("worked", "With learning rate 0.1 the gradients -12, -0.6 and -4.32 take w from 0.5 to 1.7, 1.76 and 2.192.",
              lecture_steps, call_each("gradient_descent_step"), each(keras_step), KERAS, cases=ONE, public=True),
        other_steps,
    ),
    Check("large", "Neither a large gradient nor a large or tiny learning rate is cut; with a rate of 0 nothing moves.",
          large_steps, call("gradient_descent_step"), keras_step, KERAS, cases=3),
    Check("shapes", "w may have any shape: one weight, a vector, three axes.", step_shapes,
          call_each("gradient_descent_step"), each(keras_step), KERAS, cases=FEW),
    Check("kept", "The new weights are a new array; w and the gradient are as they were.", step_case,
          and_memory("gradient_descent_step", "w"), cases=3, untouched=True),
))  # fmt: skip


def bowl(
    draw: Draw, sizes: tuple[int, ...] = (2, 3, 5), steps: tuple[int, ...] = (4, 3, 6), rates: tuple[float, ...] = RATES
) -> Inputs:
    size = draws.one_of(draw, sizes)
    factor = draws.values(draw, size, size, scale=1.0)
    # Eigenvalues from .5 to about 3: with these rates no path diverges.
    matrix = np.round(factor @ factor.T / size, 4) + 0.5 * np.eye(size)
    rate, count = draws.one_of(draw, rates), draws.one_of(draw, steps)
    return {
        "w": draws.values(draw, size),
        "matrix": matrix,
        "b": draws.values(draw, size),
        "learning_rate": rate,
        "steps": count,
    }


def bowl_of_one(draw: Draw) -> Inputs:
    return bowl(draw, sizes=(1,), steps=(1, 2, 5), rates=(0.0, *RATES))


def no_steps(draw: Draw) -> Inputs:
    return bowl(draw, steps=(0,))


def long_walk(draw: Draw) -> Inputs:
    return bowl(draw, steps=(200,))


def landscape(draw: Draw) -> Inputs:
    shape = draws.sizes(draw, 2)
    return {"w": draws.values(draw, *shape), "a": draws.values(draw, *shape), "learning_rate": 0.2, "steps": 4}


def lecture_rates(draw: Draw) -> Inputs:
    del draw
    rates = {"crawls": 0.001, "settles": 0.1, "overshoots": 0.2, "jumps to and fro": 0.25, "diverges": 0.3}
    return {"w": np.array([1.0]), "rates": rates, "steps": 6}


def other_rates(draw: Draw) -> Inputs:
    one, another = draws.positive(draw, 2, low=0.01, high=0.3, decimals=3)  # at .3 the distance grows by 1.4 a step
    return {"w": draws.values(draw, 1), "rates": {"one rate": float(one), "another rate": float(another)}, "steps": 6}


def path_in_bowl(
    student: Any, *, w: np.ndarray, matrix: np.ndarray, b: np.ndarray, learning_rate: float, steps: int
) -> dict[str, Any]:
    gradient = function(lambda w: matrix @ w - b)
    return {"path": student.gradient_descent(gradient, w, learning_rate, steps)}


def path_and_memory(student: Any, **case: Any) -> dict[str, Any]:
    path = path_in_bowl(student, **case)["path"]
    return {"path": path, "shares memory with w": same_memory(path, case["w"])}


def path_in_landscape(student: Any, w: np.ndarray, a: np.ndarray, learning_rate: float, steps: int) -> dict[str, Any]:
    gradient = function(lambda w: a * np.cos(w) + w / 2)
    return {"path": student.gradient_descent(gradient, w, learning_rate, steps)}


def paths_of_rates(student: Any, w: np.ndarray, rates: Mapping[str, float], steps: int) -> dict[str, Any]:
    gradient = function(lambda w: 8 * (w - 2))
    return {name: student.gradient_descent(gradient, w, rate, steps) for name, rate in rates.items()}


def bowl_in_closed_form(w: np.ndarray, matrix: np.ndarray, b: np.ndarray, learning_rate: float, steps: int) -> dict[str, Any]:
    """The distance to the lowest point is multiplied by I - rate * matrix at every step."""
    lowest = np.linalg.solve(matrix, b)
    factor = np.eye(len(w)) - learning_rate * matrix
    return {"path": np.array([lowest + np.linalg.matrix_power(factor, k) @ (w - lowest) for k in range(steps + 1)])}


def rates_in_closed_form(w: np.ndarray, rates: Mapping[str, float], steps: int) -> dict[str, Any]:
    powers = np.arange(steps + 1)[:, None]
    return {name: 2 + (1 - 8 * rate) ** powers * (w - 2) for name, rate in rates.items()}


def goes_on_to_the_end(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    """Apart from each other how many rows the path has, and what stands in those that it has."""
    path, due = np.asarray(answers["path"]), right["path"]
    rows = min(len(path), len(due))
    said = "The path ends before its last step: it has fewer rows than steps + 1."
    end = (
        "before the last step"
        if len(path) < len(due)
        else "after the last step"
        if len(path) > len(due)
        else "with the last step"
    )
    return {
        "end of the path": Claim(end, "with the last step", 0, said=said if len(path) < len(due) else ""),
        # As where answers are compared: rounding of 200 steps, none of which makes it larger.
        "rows of the path": Claim(path[:rows], due[:rows], 1e-12 + 1e-11 * np.abs(due[:rows])),
    }


GRADIENT_DESCENT = Exercise("gradient_descent", "The whole path", (
    Check("value", "The path has the start and the place after every step, for the gradient matrix @ w - b.", bowl,
          path_in_bowl, bowl_in_closed_form, cases=CASES, public=True),
    worked_example(
        Check("worked", "On the slope 8 * (w - 2) from w = 1, the learning rates .001, .1, .2, .25 and .3 crawl, settle, "
              "overshoot, jump to and fro, and diverge.", lecture_rates, paths_of_rates, rates_in_closed_form, cases=ONE,
              public=True),
        other_rates,
    ),
    Check("curved", "The weights may be a matrix, and the gradient any function: here a * cos(w) + w / 2.", landscape,
          path_in_landscape, cases=3),
    Check("no_steps", "With no step the path is the start alone, with shape (1, *w.shape).", no_steps, path_in_bowl,
          bowl_in_closed_form, cases=FEW),
    Check("one_weight", "One weight is enough, and so is one step.", bowl_of_one, path_in_bowl, bowl_in_closed_form, cases=3),
    Check("long", "200 steps are 200 steps: the path goes on where it hardly moves.", long_walk, path_in_bowl,
          bowl_in_closed_form, measure=goes_on_to_the_end, against=True, cases=ONE),
    Check("kept", "The path is a new array, and w is as it was.", bowl, path_and_memory, cases=3, untouched=True),
))  # fmt: skip


# --- one sample after the other ---------------------------------------------------------------------------------------


def online(draw: Draw, *sizes: int, rates: tuple[float, ...] = (0.1, 0.05, 0.03)) -> Inputs:
    size = draws.one_of(draw, sizes or (3, 5, 7))
    # No step multiplies the distance by more than 1 - 2 * 2**2 * .1, so that no path grows.
    rate = draws.one_of(draw, rates)
    return {"w": weight(draw), "x": draws.values(draw, size), "y": draws.values(draw, size), "learning_rate": rate}


def one_sample(draw: Draw) -> Inputs:
    return online(draw, 1, rates=(0.0, 0.1, 0.05))  # with a rate of 0 nothing moves


def many_samples(draw: Draw) -> Inputs:
    # The start is a whole number, as an int: an array of its kind would cut off every weight behind it.
    return {**online(draw, 53), "w": draws.one_of(draw, (1, 2, -1))}


def lecture_samples(draw: Draw) -> Inputs:
    del draw
    return {"w": 0.5, "x": np.array([2.0, 1.0, 3.0]), "y": np.array([4.0, 2.0, 6.0]), "learning_rate": 0.1}


def weights_by_hand(w: float, x: np.ndarray, y: np.ndarray, learning_rate: float) -> np.ndarray:
    """As one would with a pencil; of the lecture's samples it is .5, 1.7, 1.76 and 2.192."""
    path = [w]
    for one_x, one_y in zip(x, y, strict=True):
        path.append(path[-1] - learning_rate * 2 * one_x * (one_x * path[-1] - one_y))
    return np.array(path)


def keras_online(w: float, x: np.ndarray, y: np.ndarray, learning_rate: float) -> np.ndarray:
    """Keras's SGD on one weight, with TensorFlow's gradient of each sample's squared error."""
    from autograder.declare import gradients, keras

    optimizer = keras().optimizers.SGD(learning_rate)
    variable = keras().Variable([w], dtype="float64")
    path = [w]
    for one_x, one_y in zip(x, y, strict=True):
        (slope,) = gradients(partial(_one_error, one_x, one_y), [variable.numpy()], np.ones(1))
        optimizer.apply([slope], [variable])
        path.append(float(variable.numpy()[0]))
    return np.array(path)


def _one_error(x: float, y: float, w: Any) -> Any:
    return (w * x - y) ** 2


TRAIN_NEURON = Exercise("train_neuron", "A pass over the samples", (
    worked_example(
        Check("worked", "w = 0.5, learning rate 0.1 and the samples (2, 4), (1, 2), (3, 6) give 1.7, 1.76 and 2.192.",
              lecture_samples, call("train_neuron"), weights_by_hand, cases=ONE, public=True),
        online,
    ),
    Check("value", "After each sample, in order, comes a step at the weight of that moment; the start comes first.", online,
          call("train_neuron"), keras_online, KERAS, cases=CASES, public=True),
    Check("one_sample", "With a single sample there are two weights, before and after.", one_sample, call("train_neuron"),
          keras_online, KERAS, cases=FEW),
    Check("many", "With fifty-three samples it is the same rule to the end, from a whole number too.", many_samples,
          call("train_neuron"), cases=FEW),
    Check("kept", "The answer is a new array; x and y are as they were.", online, and_memory("train_neuron", "x"), cases=3,
          untouched=True),
))  # fmt: skip


# --- minibatches ------------------------------------------------------------------------------------------------------


def numbered(count: int, *rest: int) -> dict[str, np.ndarray]:
    """Samples that carry their number: x[i] begins with i, and y[i] is 1000 + i."""
    size = int(np.prod(rest, dtype=int))
    x = np.arange(count)[:, None] + np.arange(size) / 100
    return {"x": x.reshape(count, *rest), "y": 1000.0 + np.arange(count)}


def mini(draw: Draw) -> Inputs:
    count, size = draws.one_of(draw, ((10, 4), (11, 3), (7, 5), (13, 2), (17, 7)))
    return {**numbered(count, 3), "batch_size": size, "seed": draws.seeds(draw)}


def dividing(draw: Draw) -> Inputs:
    count, size = draws.one_of(draw, ((12, 4), (15, 5), (6, 2)))
    return {**numbered(count, 2), "batch_size": size, "seed": draws.seeds(draw)}


def extreme_batches(draw: Draw) -> Inputs:
    sizes = {"stochastic": 1, "full": 7, "larger than the data": 10}
    return {**numbered(7, 2), "sizes": sizes, "seed": draws.seeds(draw)}


def odd_shapes(draw: Draw) -> Inputs:
    images, vector = numbered(5, 2, 3), numbered(5)
    targets = np.stack([images["y"], -images["y"]], axis=1)
    return {"images": images["x"], "targets": targets, "vector": vector["x"], "labels": vector["y"],
            "one_x": np.array([[3.0, 4.0]]), "one_y": np.array([1003.0]), "seed": draws.seeds(draw)}  # fmt: skip


def many_rows(draw: Draw) -> Inputs:
    # 10,007 samples: the standard error of the correlation of place and number is then 1 %.
    return {**numbered(10_007), "batch_size": 1009, "seed": draws.seeds(draw)}


def many_epochs_case(draw: Draw) -> Inputs:
    return {**numbered(5), "batch_size": draws.one_of(draw, (5, 9)), "seed": draws.seeds(draw)}


def epochs_case(draw: Draw) -> Inputs:
    # 101 samples: that two drawn orders are the same has a probability of 1 / 101!.
    seed = draws.seeds(draw)
    return {**numbered(101, 2), "batch_size": 16, "seed": seed, "other_seed": seed + 1}


def batches_of(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> dict[str, Any]:
    batches = student.minibatches(x, y, batch_size, rng(seed))
    return {"count": length(batches), "batches": batches}


EPOCHS = 200


def batches_of_many_epochs(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> dict[str, Any]:
    return {"epochs": [student.minibatches(x, y, batch_size, rng(seed + i)) for i in range(EPOCHS)]}


def batches_of_sizes(student: Any, x: np.ndarray, y: np.ndarray, sizes: Mapping[str, int], seed: int) -> dict[str, Any]:
    return {name: student.minibatches(x, y, size, rng(seed)) for name, size in sizes.items()}


def batches_of_shapes(
    student: Any, *, images: np.ndarray, targets: np.ndarray, vector: np.ndarray, labels: np.ndarray, one_x: np.ndarray,
    one_y: np.ndarray, seed: int,
) -> dict[str, Any]:  # fmt: skip
    return {
        "images": student.minibatches(images, targets, 2, rng(seed)),
        "vector": student.minibatches(vector, labels, 2, rng(seed)),
        "one sample": student.minibatches(one_x, one_y, 2, rng(seed)),
    }


def several_epochs(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int, other_seed: int) -> dict[str, Any]:
    shared = rng(seed)
    first = student.minibatches(x, y, batch_size, shared)
    second = student.minibatches(x, y, batch_size, shared)
    same, other = (student.minibatches(x, y, batch_size, rng(which)) for which in (seed, other_seed))
    return {"first": first, "second": second, "same seed": same, "other seed": other}


def batches_and_memory(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> dict[str, Any]:
    first = student.minibatches(x, y, batch_size, rng(seed))[0]
    return {"x_batch shares memory with x": same_memory(first[0], x), "y_batch shares memory with y": same_memory(first[1], y)}


def first_column(array: np.ndarray) -> np.ndarray:
    """What each sample begins with: its number."""
    return array.reshape(len(array), -1)[:, 0]


def order_of(batches: Any) -> np.ndarray:
    return np.concatenate([first_column(x) for x, _ in batches])


def targets_of(batches: Any) -> np.ndarray:
    return np.concatenate([first_column(y) for _, y in batches])


def epoch_claims(batches: Any, x: np.ndarray, y: np.ndarray, of: str = "") -> dict[str, Claim]:
    """That these batches are one epoch of x and y: sizes in order, every sample once, pairs kept, whole rows."""
    order, everything = order_of(batches), np.concatenate([part for part, _ in batches])
    rows = np.clip(np.nan_to_num(order), 0, len(x) - 1).astype(int)
    return {
        f"samples in the epoch, sorted{of}": Claim(np.sort(order), first_column(x), 0),
        f"pairs that belong together{of}": Claim(float(np.mean(targets_of(batches) == first_column(y)[rows])), 1.0, 0),
        f"rows are whole{of}": Claim(bool(np.array_equal(everything, x[rows])), True, 0),
    }


def one_epoch(case: Inputs, answers: Answers) -> dict[str, Claim]:
    sizes = [len(x) for x, _ in answers["batches"]]
    count, size = len(case["x"]), case["batch_size"]
    right = [min(size, count - start) for start in range(0, count, size)]
    return {"sizes": Claim(np.array(sizes), np.array(right), 0), **epoch_claims(answers["batches"], case["x"], case["y"])}


def extreme_epochs(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {
        name: claim
        for which in case["sizes"]
        for name, claim in epoch_claims(answers[which], case["x"], case["y"], f", {which}").items()
    }


def shaped_epochs(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # A sample that is alone has no number to look it up by.
    alone = answers["one sample"][0]
    whole = np.array_equal(alone[0], case["one_x"]) and np.array_equal(alone[1], case["one_y"])
    return {
        **epoch_claims(answers["images"], case["images"], case["targets"], ", images"),
        **epoch_claims(answers["vector"], case["vector"], case["labels"], ", vector"),
        "one sample": Claim(bool(whole), True, 0),
    }


def every_order_is_likely(case: Inputs, answers: Answers) -> dict[str, Claim]:
    order = order_of(answers["batches"])
    count = len(case["x"])
    if len(order) != count or np.ptp(order) == 0:
        return {"number of samples": Claim(len(order), count, 0)}
    correlation = float(np.corrcoef(order, np.arange(count))[0, 1])
    neighbours = int((np.abs(np.diff(order)) == 1).sum())
    return {
        # Under a uniform permutation its variance is 1 / (n - 1).
        "correlation of place and number": Claim(correlation, 0.0, Z / np.sqrt(count - 1)),
        # About a Poisson number with mean 2; 40 or more come once in 10^35.
        "samples that are still neighbours": Claim(float(neighbours), 2.0, 38.0),
    }


def samples_keep_their_place(case: Inputs, answers: Answers) -> dict[str, Claim]:
    """In a random order one sample on average keeps its place; the number of those that do is nearly a Poisson number."""
    count = len(case["x"])
    orders = [order_of(batches) for batches in answers["epochs"]]
    if any(len(order) != count for order in orders):
        return {"number of samples": Claim(sorted({len(order) for order in orders}), [count], 0, holds=False)}
    kept = sum(int((order == np.arange(count)).sum()) for order in orders)
    # Each end of the tail beyond seven standard errors has less than 1e-9.
    return {f"samples that kept their place in {EPOCHS} epochs": Claim(float(kept), EPOCHS, Z * np.sqrt(EPOCHS))}


def epochs_differ(case: Inputs, answers: Answers) -> dict[str, Claim]:
    del case
    first, second, same, other = (order_of(answers[name]) for name in ("first", "second", "same seed", "other seed"))
    return {
        "same seed, same batches": Claim(bool(np.array_equal(first, same)), True, 0),
        "the next epoch differs": Claim(bool(np.array_equal(first, second)), False, 0),
        "another seed differs": Claim(bool(np.array_equal(first, other)), False, 0),
    }


MINIBATCHES = Exercise("minibatches", "An epoch's batches", (
    Check("value", "Every sample is in exactly one batch, with its own target; the last batch is shorter, and is kept.", mini,
          batches_of, measure=one_epoch, cases=CASES, public=True),
    Check("dividing", "Where batch_size divides the number of samples, all batches are full and none is empty.", dividing,
          batches_of, measure=one_epoch, cases=3),
    Check("extremes", "batch_size=1 gives one sample a batch; all samples or more give a single batch.", extreme_batches,
          batches_of_sizes, measure=extreme_epochs, cases=FEW),
    Check("shapes", "x and y may have any further axes, or none; a single sample is enough.", odd_shapes, batches_of_shapes,
          measure=shaped_epochs, cases=FEW),
    Check("epochs", "The order comes from rng: the same seed gives the same batches, another seed or the next epoch others.",
          epochs_case, several_epochs, measure=epochs_differ, cases=FEW),
    Check("shuffled", "Every order is equally likely: among 10,007 samples, place and number are not correlated, and "
          "neighbours are parted.", many_rows, batches_of, measure=every_order_is_likely, cases=ONE),
    Check("places", "Over 200 generators a sample keeps its place as often as chance has it, in an epoch of one batch, too.",
          many_epochs_case, batches_of_many_epochs, measure=samples_keep_their_place, cases=FEW),
    Check("kept", "The batches are new arrays; x and y are as they were.", mini, batches_and_memory, cases=3, untouched=True),
))  # fmt: skip


# --- the logistic neuron ----------------------------------------------------------------------------------------------


def neuron(draw: Draw, examples: int, features: int) -> dict[str, Any]:
    # Entries of at most one: the logits are below eight, and 1 - a keeps twelve digits in whatever way it is computed.
    return {
        "x": draws.values(draw, examples, features, scale=1.0),
        "weights": draws.values(draw, features, scale=1.0),
        "bias": weight(draw) / 2,
    }


def labelled(draw: Draw, examples: int, features: int) -> dict[str, Any]:
    case = neuron(draw, examples, features)
    generator = np.random.default_rng(draws.seeds(draw))
    labels = generator.permuted((np.arange(examples) + generator.integers(2)) % 2)  # both, if there are two
    return {"x": case["x"], "y": labels.astype(np.float64), "weights": case["weights"], "bias": case["bias"]}


def neuron_case(draw: Draw) -> Inputs:
    return neuron(draw, *draws.sizes(draw, 2))


def labelled_case(draw: Draw) -> Inputs:
    return labelled(draw, *draws.sizes(draw, 2))


def small_shapes(one: Callable[[Draw, int, int], dict[str, Any]]) -> DrawCase:
    return lambda draw: {"one_example": one(draw, 1, 5), "one_feature": one(draw, 5, 1), "one_of_both": one(draw, 1, 1)}


def one_class(draw: Draw) -> Inputs:
    case = labelled_case(draw)
    ones = np.ones_like(case["y"])
    return {"all_positive": {**case, "y": ones}, "all_negative": {**case, "y": 0 * ones}}


# Beyond exp's range (709) at 1000 and 800; at 40 and beyond, 1 + exp(-z) rounds to 1.
POSITIVE_LOGITS = (1000.0, 800.0, 40.0, 0.5)
NEGATIVE_LOGITS = (-1000.0, -800.0, -40.0, -0.25)
LOGITS = POSITIVE_LOGITS + NEGATIVE_LOGITS


def huge_logits(draw: Draw, entries: tuple[float, ...] = LOGITS) -> Inputs:
    logits = np.random.default_rng(draws.seeds(draw)).permutation(np.array(entries))
    # weights * column + bias = logit, exactly
    return {"x": np.stack([(logits - 0.5) / 2, np.zeros(len(logits))], axis=1), "weights": np.array([2.0, 3.0]), "bias": 0.5}


def huge_labelled(draw: Draw) -> Inputs:
    case = huge_logits(draw)
    labels = {"right": (case["x"][:, 0] > 0).astype(np.float64)}
    labels["wrong"] = 1.0 - labels["right"]
    labels["mixed"] = np.arange(len(LOGITS)) % 2 * 1.0
    return {which: {"x": case["x"], "y": y, "weights": case["weights"], "bias": case["bias"]} for which, y in labels.items()}


def sure(draw: Draw) -> Inputs:
    """Logits of ±1000: all right, and one wrong."""
    size = draws.one_of(draw, (3, 5))
    y = np.arange(size) % 2 * 1.0
    x = np.where(y == 1, 1000.0, -1000.0)[:, None]
    wrong = y.copy()
    wrong[draws.whole(draw, 0, size - 1)] -= 1.0
    given = {"x": x, "weights": np.array([1.0]), "bias": 0.0}
    return {"right": {**given, "y": y}, "one_wrong": {**given, "y": np.abs(wrong)}}


def handout_neuron(draw: Draw) -> Inputs:
    del draw
    neuron = {"weights": np.array([0.5, -0.25]), "bias": 0.0}
    return {"x": np.array([[1.0, 2.0]]), "y": np.array([1.0]), **neuron, "learning_rate": 0.1}


def with_rate(cases: DrawCase, *rates: float) -> DrawCase:
    return lambda draw: {**cases(draw), "learning_rate": draws.one_of(draw, rates or (0.1, 0.03, 0.7))}


def gentle(draw: Draw) -> Inputs:
    # The loss's curvature is at most n * (features + 1) / 4, some 15: a step below 2/15 cannot climb.
    return {**labelled_case(draw), "learning_rate": 0.02}


def keras_probabilities(x: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    from autograder.declare import keras, value

    return value(keras().activations.sigmoid, x @ weights + bias)


def _keras_loss(y: np.ndarray, logits: Any) -> Any:
    """Keras's binary cross-entropy on the logits; its mean over the batch times the batch size is our sum."""
    from autograder.declare import keras

    return len(y) * keras().losses.binary_crossentropy(y, logits, from_logits=True)


def keras_loss(x: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    from autograder.declare import value

    return value(partial(_keras_loss, y), x @ weights + bias)


def keras_likelihood(x: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    return np.exp(-keras_loss(x, y, weights, bias))


def keras_gradient(x: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float) -> dict[str, np.ndarray]:
    from autograder.declare import gradients, keras

    def loss(weights: Any, bias: Any) -> Any:
        return _keras_loss(y, keras().ops.matmul(x, weights[:, None])[:, 0] + bias)

    dweights, dbias = gradients(loss, [weights, np.array(bias)], np.array(1.0))
    return {"dweights": dweights, "dbias": dbias}


def keras_train_step(x: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float, learning_rate: float) -> dict[str, Any]:
    found = keras_gradient(x, y, weights, bias)
    return {"weights": keras_step(weights, found["dweights"], learning_rate),
            "bias": keras_step(bias, found["dbias"], learning_rate)}  # fmt: skip


def parts_of_each(program: Program) -> Program:
    """The program of :func:`pair` on each entry of the case."""

    def each_part(student: Any, **entries: Any) -> dict[str, Any]:
        found = {which: program(student, **entry) for which, entry in entries.items()}
        return {f"{name}, {which}": value for which, parts in found.items() for name, value in parts.items()}

    return each_part


def parts_by_keras(oracle: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def each_part(**entries: Any) -> dict[str, Any]:
        found = {which: oracle(**entry) for which, entry in entries.items()}
        return {f"{name}, {which}": value for which, parts in found.items() for name, value in parts.items()}

    return each_part


def neuron_exercise(
    name: str, title: str, sentence: str, oracle: Callable[..., Any], *more: Check, cases: DrawCase = labelled_case
) -> Exercise:
    one = neuron if cases is neuron_case else labelled
    return Exercise(name, title, (
        Check("value", sentence, cases, call(name), oracle, cases=CASES, public=True),
        Check("shapes", "A single example, a single feature, or both.", small_shapes(one), call_each(name), each(oracle),
              cases=FEW),
        *more,
        Check("kept", "What is given stays as it was.", cases, call(name), cases=3, untouched=True),
    ))  # fmt: skip


PREDICT_PROBA = neuron_exercise(
    "predict_proba", "The logistic neuron: its probability", "It is the sigmoid of x @ weights + bias, for each example.",
    keras_probabilities,
    Check("very_positive", "Logits up to 1000 give a finite answer, without overflow and without a warning.",
          lambda draw: huge_logits(draw, POSITIVE_LOGITS), call("predict_proba"), keras_probabilities, cases=FEW, quiet=True),
    Check("very_negative", "So do logits down to -1000, and both in one batch.",
          one_of_each(huge_logits, lambda draw: huge_logits(draw, NEGATIVE_LOGITS), names=("both", "negative")),
          call_each("predict_proba"), each(keras_probabilities), cases=FEW, quiet=True),
    cases=neuron_case,
)  # fmt: skip

LIKELIHOOD = neuron_exercise(
    "likelihood", "The likelihood", "It is the product over the examples of a where y is 1, and of 1 - a where y is 0.",
    keras_likelihood,
    Check("one_class", "The labels may all be 1, or all be 0.", one_class, call_each("likelihood"), each(keras_likelihood),
          cases=3),
    Check("extremes", "With logits of ±1000 it is 1 if all are right and 0 if one is wrong, without a warning.", sure,
          call_each("likelihood"), each(keras_likelihood), cases=3, quiet=True),
)  # fmt: skip

NEGATIVE_LOG_LIKELIHOOD = neuron_exercise(
    "negative_log_likelihood", "The negative log-likelihood",
    "It is minus the sum over the examples of log(a) where y is 1, and of log(1 - a) where y is 0.", keras_loss,
    Check("one_class", "The labels may all be 1, or all be 0.", one_class, call_each("negative_log_likelihood"),
          each(keras_loss), cases=3),
    Check("extremes", "Logits of ±1000, rightly or wrongly sure, give the exact finite answer, without a warning.",
          huge_labelled, call_each("negative_log_likelihood"), each(keras_loss), cases=FEW, quiet=True),
)  # fmt: skip


gradient_parts = pair("negative_log_likelihood_gradient", "dweights", "dbias")


def gradient_and_slopes(student: Any, x: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float) -> dict[str, Any]:
    def loss(weights: np.ndarray) -> Any:
        return student.negative_log_likelihood(x, y, weights, bias)

    found = student.negative_log_likelihood_gradient(x, y, weights, bias)
    return {
        "dweights": found[0],
        "dbias": found[1],
        **slopes(loss, weights=weights),
        "loss at bias + h": student.negative_log_likelihood(x, y, weights, bias + STEP),
        "loss at bias - h": student.negative_log_likelihood(x, y, weights, bias - STEP),
    }


def gradient_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    above, below = "loss at bias + h", "loss at bias - h"

    def own() -> dict[str, Claim]:
        rise = (float(answers[above]) - float(answers[below])) / (2 * STEP)
        within = SLOPE_TOLERANCE * max(1.0, abs(rise), len(case["x"]))
        return {
            "slope along bias": Claim(float(answers["dbias"]), rise, within),
            "loss depends on bias": Claim(bool(abs(rise) > 1e-9), True, 0),
        }

    return {
        **slope_claims(case, answers, right, np.ones(()), {"weights": "dweights"}),
        **unless_right("dbias", answers, right, (above, below), own),
    }


NEGATIVE_LOG_LIKELIHOOD_GRADIENT = Exercise("negative_log_likelihood_gradient", "Its gradient", (
    Check("value", "It is x.T @ (a - y) for the weights, and the sum of a - y for the bias.", labelled_case, gradient_parts,
          keras_gradient, cases=CASES, public=True),
    Check("slope", "It is the slope of your own negative_log_likelihood, by finite differences.", labelled_case,
          gradient_and_slopes, measure=gradient_is_slope, against=True, cases=CASES),
    Check("shapes", "A single example, a single feature, or both.", small_shapes(labelled), parts_of_each(gradient_parts),
          parts_by_keras(keras_gradient), cases=FEW),
    Check("extremes", "Logits of ±1000, rightly or wrongly sure, give a finite gradient, without a warning.", huge_labelled,
          parts_of_each(gradient_parts), parts_by_keras(keras_gradient), cases=FEW, quiet=True),
    Check("kept", "What is given stays as it was.", labelled_case, gradient_parts, cases=3, untouched=True),
))  # fmt: skip

step_parts = pair("train_step", "weights", "bias")


def loss_falls(case: Inputs, answers: Answers) -> dict[str, Claim]:
    def loss(weights: np.ndarray, bias: float) -> float:
        logits = case["x"] @ weights + bias
        return float(np.sum(np.logaddexp(0.0, logits) - case["y"] * logits))

    fell = loss(answers["weights"], float(answers["bias"])) < loss(case["weights"], case["bias"])
    return {"the negative log-likelihood falls": Claim(bool(fell), True, 0)}


def step_and_memory(student: Any, **case: Any) -> dict[str, Any]:
    found = student.train_step(**case)
    return {"weights": found[0], "bias": found[1], "shares memory with weights": same_memory(found[0], case["weights"])}


TRAIN_STEP = Exercise("train_step", "A step of training", (
    Check("value", "Weights and bias each move by learning_rate against their gradient.", with_rate(labelled_case), step_parts,
          keras_train_step, KERAS, cases=CASES, public=True),
    worked_example(
        Check("worked", "For x = (1, 2), y = 1, weights (0.5, -0.25) and bias 0, a step with learning rate 0.1 gives "
              "(0.55, -0.15) and 0.05.", handout_neuron, step_parts, keras_train_step, KERAS, cases=ONE, public=True),
        with_rate(labelled_case),
    ),
    Check("downhill", "A small step lowers the negative log-likelihood.", gentle, step_parts, measure=loss_falls, cases=CASES),
    Check("shapes", "A single example, a single feature, or both.",
          lambda draw: {which: {**case, "learning_rate": 0.2} for which, case in small_shapes(labelled)(draw).items()},
          parts_of_each(step_parts), parts_by_keras(keras_train_step), KERAS, cases=FEW),
    Check("kept", "The new weights are a new array, with a learning rate of 0 too; what is given stays as it was.",
          with_rate(labelled_case, 0.0, 0.1), step_and_memory, cases=3, untouched=True),
))  # fmt: skip


# --- how good is it? --------------------------------------------------------------------------------------------------


def judged(draw: Draw, threshold: float = 0.5) -> dict[str, Any]:
    """Labels and probabilities with unequal numbers of true and false positives and negatives."""
    counts = draws.sizes(draw, 4)
    y_true = np.repeat([1.0, 0.0, 1.0, 0.0], counts)
    above = np.repeat([True, True, False, False], counts)
    # Never close to the threshold; and some between it and 1/2, whichever of the two is larger.
    share = np.round(np.random.default_rng(draws.seeds(draw)).uniform(0.1, 0.9, len(above)), 2)
    share[np.cumsum(counts) - 1] = np.where([True, True, False, False], 0.1, 0.9)
    y_pred = np.round(np.where(above, threshold + (1 - threshold) * share, threshold * share), 4)
    order = np.random.default_rng(draws.seeds(draw)).permutation(len(above))
    return {"y_true": y_true[order], "y_pred": y_pred[order]}


def judged_by(draw: Draw) -> Inputs:
    threshold = draws.one_of(draw, (0.3, 0.8, 0.1))
    return {**judged(draw, threshold), "threshold": threshold}


def ties(draw: Draw) -> Inputs:
    # Exact in binary, so that a probability of .25 is the threshold .25 in float32, too.
    threshold = draws.one_of(draw, (0.0, 0.5, 0.25, 0.75))
    case = judged(draw, threshold)
    count = len(case["y_true"])
    at = np.random.default_rng(draws.seeds(draw)).permutation(count)[: count // 2]
    y_pred = case["y_pred"].copy()
    y_pred[at] = threshold
    # All four kinds remain: a hit, a false alarm, and one example of either label at the threshold.
    y_true = np.concatenate([case["y_true"], [1.0, 0.0, 1.0, 0.0]])
    return {"y_true": y_true, "y_pred": np.concatenate([y_pred, [0.9, 0.95, threshold, threshold]]), "threshold": threshold}


def handout_judged(draw: Draw) -> Inputs:
    del draw
    return {"y_true": np.array([1.0, 1.0, 1.0, 0.0, 0.0]), "y_pred": np.array([0.9, 0.4, 0.3, 0.2, 0.6])}


def lopsided(draw: Draw) -> Inputs:
    """Nothing predicted positive; no positive label; neither; all right; a single example."""
    high = draws.positive(draw, 5, low=0.55, high=0.95)
    mixed = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    return {
        "no_alarm": {"y_true": mixed, "y_pred": 1 - high},
        "no_positive_label": {"y_true": 0 * mixed, "y_pred": np.where(mixed == 1, high, 1 - high)},
        "neither": {"y_true": 0 * mixed, "y_pred": 1 - high},
        "all_right": {"y_true": mixed, "y_pred": np.where(mixed == 1, high, 1 - high)},
        "one_hit": {"y_true": mixed[:1], "y_pred": high[:1]},
    }


def keras_metric(name: str, option: str, y_true: np.ndarray, y_pred: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    from autograder.declare import keras

    metric = getattr(keras().metrics, name)(**{option: threshold}, dtype="float64")
    metric.update_state(y_true[None], y_pred[None])
    return np.asarray(metric.result())


def metric_exercise(name: str, title: str, sentence: str, undefined: str, worked: str, oracle: Callable[..., Any]) -> Exercise:
    return Exercise(name, title, (
        Check("value", sentence, judged, call(name), oracle, cases=CASES, public=True),
        worked_example(
            Check("worked", f"For the labels (1, 1, 1, 0, 0) and the probabilities (.9, .4, .3, .2, .6) it is {worked}.",
                  handout_judged, call(name), oracle, cases=ONE, public=True),
            judged,
        ),
        Check("threshold", "The argument threshold is used, whatever its value.", judged_by, call(name), oracle, cases=CASES),
        Check("tie", "A probability that equals the threshold is not above it: the prediction is 0.", ties, call(name), oracle,
              cases=CASES),
        Check("lopsided", undefined, lopsided, call_each(name), each(oracle), cases=FEW, quiet=True),
        Check("kept", "What is given stays as it was.", judged, call(name), cases=3, untouched=True),
    ))  # fmt: skip


METRICS = (
    metric_exercise("accuracy", "Accuracy", "It is the share of the examples whose prediction is their label.",
                    "Without any positive label or prediction, or with a single example, it is a share like any other.",
                    "2/5", partial(keras_metric, "BinaryAccuracy", "threshold")),
    metric_exercise("precision", "Precision", "It is the share of the predicted positives that are labelled 1.",
                    "Where nothing is predicted positive it is 0, without a warning; where all are right it is 1.",
                    "1/2", partial(keras_metric, "Precision", "thresholds")),
    metric_exercise("recall", "Recall", "It is the share of the examples labelled 1 that are predicted positive.",
                    "Where no label is 1 it is 0, without a warning; where all are right it is 1.",
                    "1/3", partial(keras_metric, "Recall", "thresholds")),
)  # fmt: skip


# --- standardizing ----------------------------------------------------------------------------------------------------


def table(draw: Draw, *shape: int) -> np.ndarray:
    """Columns with means and deviations of their own, none of them constant."""
    rows, columns = shape or draws.sizes(draw, 2)
    spread = np.arange(1, columns + 1) / 2
    x = draws.values(draw, rows, columns) * spread + draws.values(draw, columns)
    x[0] = x[1:].max(axis=0, initial=0.0) + spread if rows > 1 else x[0]
    return x


def training_rows(draw: Draw) -> Inputs:
    return {"x_train": table(draw)}


def with_constant_columns(draw: Draw) -> Inputs:
    rows = draws.one_of(draw, (7, 3, 5))
    x = table(draw, rows, 5)
    x[:, 1], x[:, 3] = 3.0, 0.0
    x[1, 0] = x[0, 0]  # a column that begins like a constant one, and is none
    return {"x_train": x}


def with_rounded_constants(draw: Draw) -> Inputs:
    # The computed mean of 3, 7 or 13 times these numbers is not the number, and the computed deviation is not 0.
    x = table(draw, draws.one_of(draw, (7, 3, 13)), 5)
    x[:, 0], x[:, 2], x[:, 4] = 0.1, 0.7, -2.3
    return {"x_train": x}


def small_tables(draw: Draw) -> Inputs:
    return {"one_sample": {"x_train": draws.values(draw, 1, 5)}, "one_feature": {"x_train": table(draw, 7, 1)}}


def scaled_table(draw: Draw) -> Inputs:
    # A column in billionths is no constant one: who takes a deviation below 1e-8 for 0 is off by 1.
    return {"x_train": table(draw, 7, 4) * np.array([1e-4, 1.0, 1e4, 1e-9])}


def scikit_statistics(x_train: np.ndarray) -> dict[str, np.ndarray]:
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(x_train)
    return {"mean": scaler.mean_, "std": scaler.scale_}


statistics = pair("mean_and_std", "mean", "std")

MEAN_AND_STD = Exercise("mean_and_std", "Mean and deviation of the training rows", (
    Check("value", "It is the mean and the standard deviation of each column, divided by the number of samples.",
          training_rows, statistics, scikit_statistics, cases=CASES, public=True),
    Check("constant", "A constant column has the standard deviation 1, and its own mean.", with_constant_columns, statistics,
          scikit_statistics, cases=3, public=True),
    Check("rounding", "A column of equal numbers such as 0.1 is constant too, though its computed deviation need not be 0.",
          with_rounded_constants, statistics, scikit_statistics, cases=3),
    Check("scales", "Columns of very different sizes are each measured on their own.", scaled_table, statistics,
          scikit_statistics, cases=3),
    Check("shapes", "A single sample, whose columns are all constant, and a single feature.", small_tables,
          parts_of_each(statistics), parts_by_keras(scikit_statistics), cases=FEW),
    Check("kept", "The training rows stay as they were.", training_rows, statistics, cases=3, untouched=True),
))  # fmt: skip


def new_rows(draw: Draw) -> Inputs:
    features, samples, rows = draws.sizes(draw, 3)
    x_train = table(draw, samples, features)
    return _fitted(x_train, draws.values(draw, rows, features, scale=4.0))


def _fitted(x_train: np.ndarray, x: np.ndarray) -> dict[str, np.ndarray]:
    std = x_train.std(axis=0)
    return {"x": x, "mean": np.round(x_train.mean(axis=0), 3), "std": np.round(np.where(std == 0, 1.0, std), 3)}


def one_new_row(draw: Draw) -> Inputs:
    return {
        "one_row": _fitted(table(draw, 7, 5), draws.values(draw, 1, 5)),
        "one_feature": _fitted(table(draw, 7, 1), draws.values(draw, 5, 1)),
        "square": _fitted(table(draw, 7, 3), draws.values(draw, 3, 3)),
    }


def outside(draw: Draw) -> Inputs:
    return _fitted(table(draw, 7, 3), 100.0 * draws.values(draw, 5, 3))


def constant_in_training(draw: Draw) -> Inputs:
    x_train = table(draw, 5, 3)
    x_train[:, 1] = 2.0
    x = np.vstack([x_train, draws.values(draw, 2, 3)])
    return _fitted(x_train, x)


def scikit_standardized(x: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(np.stack([mean - std, mean + std]))  # two rows with just this mean and deviation
    return scaler.transform(x)


STANDARDIZE = Exercise("standardize", "Standardizing any rows by them", (
    Check("value", "It is (x - mean) / std, column by column, with the statistics that are given.", new_rows,
          call("standardize"), scikit_standardized, cases=CASES, public=True),
    Check("shapes", "A single row, which has no statistics of its own, a single feature, and as many rows as features.",
          one_new_row,
          call_each("standardize"), each(scikit_standardized), cases=FEW),
    Check("outside", "Rows far outside of the training rows come out large: nothing is clipped.", outside, call("standardize"),
          scikit_standardized, cases=FEW),
    Check("constant", "A column that was constant in training (std 1) only loses its mean, in new rows too.",
          constant_in_training, call("standardize"), scikit_standardized, cases=3),
    Check("kept", "The answer is a new array; rows and statistics stay as they were.", new_rows,
          and_memory("standardize", "x"), cases=3, untouched=True),
))  # fmt: skip


# --- a chain of linear layers -----------------------------------------------------------------------------------------

# A product of five matrices of at most three rows and entries of at most one sums 81 terms, some of which cancel.
CHAINED = Tolerance(1e-11, 1e-11, "rounding of some hundred products that partly cancel")


def chain(draw: Draw) -> Inputs:
    a, b, c, d = draws.sizes(draw, 4)
    return {"weights": matrices(draw, a, b, c, d)}


def matrices(draw: Draw, *widths: int) -> list[np.ndarray]:
    return [draws.values(draw, *shape, scale=1.0) for shape in pairwise(widths)]


def square_chain(draw: Draw) -> Inputs:
    return {"weights": matrices(draw, *[draws.one_of(draw, (3, 2))] * 4)}


def chains(draw: Draw) -> Inputs:
    lengths = {"two": (3, 5, 2), "five": (2, 3, 2, 3, 1, 2), "through one unit": (3, 1, 2), "numbers": (1, 1, 1)}
    return {name: {"weights": matrices(draw, *widths)} for name, widths in lengths.items()}


def one_layer(draw: Draw) -> Inputs:
    return {"weights": matrices(draw, *draws.sizes(draw, 2))}


def chain_and_rows(draw: Draw) -> Inputs:
    a, b, c = draws.sizes(draw, 3)
    return {"x": draws.values(draw, 4, a, scale=1.0), "weights": matrices(draw, a, b, c, 2)}


def numpy_chain(weights: list[np.ndarray]) -> np.ndarray:
    # From the right, as the reference goes from the left.
    product = np.eye(weights[-1].shape[1])
    for matrix in reversed(weights):
        product = matrix @ product
    return product


def collapse_one(student: Any, weights: list[np.ndarray]) -> dict[str, Any]:
    result = student.collapse(weights)
    return {"result": result, "shares memory with the layer": same_memory(result, weights[0])}


def an_array_of_its_own(case: Inputs, answers: Answers) -> dict[str, Claim]:
    place = "the layer's" if answers["shares memory with the layer"] else "its own"
    said = "Of one layer alone the answer is that layer's own matrix, or a view of it: who changes the one changes the other."
    return {"memory of the answer": Claim(place, "its own", 0, said=said)}


def collapse_kept(student: Any, weights: list[np.ndarray]) -> dict[str, Any]:
    mine = snapshot(weights)
    return {"result": student.collapse(weights), "again": student.collapse(mine), "layers left in the list": length(mine)}


def collapse_for_rows(student: Any, x: np.ndarray, weights: list[np.ndarray]) -> dict[str, Any]:
    del x
    return {"collapsed": student.collapse(weights)}


def same_as_chain(case: Inputs, answers: Answers) -> dict[str, Claim]:
    right = case["x"]
    for matrix in case["weights"]:
        right = right @ matrix
    return {"x @ collapsed": Claim(case["x"] @ answers["collapsed"], right, CHAINED.absolute)}


COLLAPSE = Exercise("collapse", "A chain of linear layers is one", (
    Check("value", "It is the product of the matrices, the first layer's on the left.", chain, call("collapse"), numpy_chain,
          tolerance=CHAINED, cases=CASES, public=True),
    Check("rows", "Rows through the layers one by one and through the collapsed layer come out the same.", chain_and_rows,
          collapse_for_rows, measure=same_as_chain, cases=3),
    Check("square", "Square matrices, which fit in any order, are multiplied in this one.", square_chain, call("collapse"),
          numpy_chain, tolerance=CHAINED, cases=3),
    Check("lengths", "Two layers or five, and layers of one unit.", chains, call_each("collapse"), each(numpy_chain),
          tolerance=CHAINED, cases=FEW),
    Check("one_layer", "A chain of one layer is that layer's matrix, in a new array.", one_layer, collapse_one,
          measure=an_array_of_its_own, compare=("result",), cases=FEW),
    Check("kept", "The list and its matrices stay as they were.", chain, collapse_kept, tolerance=CHAINED, cases=3,
          untouched=True),
))  # fmt: skip


# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "minibatches/shuffled": Weight(2, "Batches of the same samples in every epoch are what shuffling is there to avoid."),
    "minibatches/epochs": Weight(2, "A generator of its own makes every epoch the same, or no run repeatable."),
    "negative_log_likelihood/extremes": Weight(2, "A loss that is infinite or NaN ends a training."),
}

TOPIC = Topic(
    name="gradient_descent",
    title="Gradient descent: one neuron, by hand",
    exercises=weighed(with_contract(
        (
            *STEPS, NUMERICAL_GRADIENT, *SQUARED_ERROR, GRADIENT_DESCENT_STEP, GRADIENT_DESCENT, TRAIN_NEURON, MINIBATCHES,
            PREDICT_PROBA, LIKELIHOOD, NEGATIVE_LOG_LIKELIHOOD, NEGATIVE_LOG_LIKELIHOOD_GRADIENT, TRAIN_STEP, *METRICS,
            MEAN_AND_STD, STANDARDIZE, COLLAPSE,
        ),
        in_place=("numerical_gradient",),  # it may move an entry of x and put it back
    ), WORTH),
)  # fmt: skip
