"""Checks of topic 3, losses: the value of each and its gradient, from probabilities and from logits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    EXACT,
    Answers,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Tolerance,
    Topic,
    Weight,
    attempt,
    same_memory,
    slope_claims,
    slopes,
    weighed,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

Shape = tuple[int, ...]
Draws = Callable[[Draw], Inputs]

# --- inputs: for every loss y_true and y_pred, or several named pairs of them -----------------------------------------


def errors(draw: Draw, *shape: int) -> Inputs:
    y_true = draws.values(draw, *shape)
    return {"y_true": y_true, "y_pred": off_by(draw, y_true)}


def whole_targets(draw: Draw) -> Inputs:
    y_true = draws.values(draw, *draws.sizes(draw, 2), scale=5.0, least=1.0, decimals=0).astype(np.int64)
    return {"y_true": y_true, "y_pred": off_by(draw, y_true)}


def exact_predictions(draw: Draw) -> Inputs:
    y_true = draws.values(draw, *draws.sizes(draw, 2))
    return {"y_true": y_true, "y_pred": y_true.copy()}


def some_exact_predictions(draw: Draw) -> Inputs:
    y_true, y_pred = errors(draw, 3, 5).values()
    y_pred[:, 1], y_pred[2] = y_true[:, 1], y_true[2]
    y_pred[2, :2] += [1e-9, -1e-9]  # as good as exact, and still on one side of the kink
    return {"y_true": y_true, "y_pred": y_pred}


def small_errors(draw: Draw) -> Inputs:
    y_true = draws.values(draw, *draws.sizes(draw, 2))
    return {"y_true": y_true, "y_pred": y_true + 1e-9 * draws.values(draw, *y_true.shape)}


def off_by(draw: Draw, y_true: np.ndarray) -> np.ndarray:
    # Errors of both signs and of .05 at least: the steps of a slope do not reach the kink of the absolute value.
    return np.round(y_true + draws.values(draw, *y_true.shape), 2)


def probabilities(draw: Draw, *shape: int) -> Inputs:
    return {"y_true": binary_labels(draw, *shape), "y_pred": draws.positive(draw, *shape, low=0.05, high=0.95)}


def logits(draw: Draw, *shape: int) -> Inputs:
    return {"y_true": binary_labels(draw, *shape), "y_pred": draws.values(draw, *shape, scale=4.0)}


def binary_labels(draw: Draw, *shape: int) -> np.ndarray:
    return (draws.values(draw, *shape) > 0).astype(np.float64)  # of both kinds where there are two


def soft_binary_labels(inputs: Callable[..., Inputs]) -> Draws:
    def drawn(draw: Draw) -> Inputs:
        y_pred = inputs(draw, *draws.sizes(draw, 2))["y_pred"]
        return {"y_true": draws.positive(draw, *y_pred.shape, low=0.05, high=0.95), "y_pred": y_pred}

    return drawn


def class_rows(draw: Draw, rows: int, classes: int) -> np.ndarray:
    """Rows of positive hundredths that sum to 1."""
    weights = draws.positive(draw, rows, classes, low=0.2)
    hundredths = np.floor(90 * weights / weights.sum(axis=-1, keepdims=True)) + 1
    hundredths[:, -1] += 100 - hundredths.sum(axis=-1)
    return hundredths / 100


def any_rows(draw: Draw, rows: int, classes: int, high: float = 0.9) -> np.ndarray:
    """Rows that do not sum to 1. Entries are below 1: in its sparse loss Keras on TensorFlow clips before it renormalises."""
    return draws.positive(draw, rows, classes, low=0.05, high=high)


# Entries above 1 that are below it when they are divided by their row's sum: the clip is asked of them then.
large_rows = partial(any_rows, high=1.8)


def class_logits(draw: Draw, rows: int, classes: int) -> np.ndarray:
    return draws.values(draw, rows, classes, scale=3.0)


def class_numbers(draw: Draw, rows: int, classes: int) -> np.ndarray:
    numbers = np.random.default_rng(draws.seeds(draw)).integers(0, classes, rows)
    if rows > 1:  # the first class and the last one, where a count from 1 and one from 0 part
        numbers[0], numbers[-1] = classes - 1, 0
    return numbers


def labelled(y_pred: Callable[[Draw, int, int], np.ndarray], sparse: bool, shape: Shape = ()) -> Draws:
    def drawn(draw: Draw) -> Inputs:
        rows, classes = shape or draws.sizes(draw, 2)
        numbers = class_numbers(draw, rows, classes)
        return {"y_true": numbers if sparse else np.eye(classes)[numbers], "y_pred": y_pred(draw, rows, classes)}

    return drawn


def soft_labels(y_pred: Callable[[Draw, int, int], np.ndarray]) -> Draws:
    def drawn(draw: Draw) -> Inputs:
        rows, classes = draws.sizes(draw, 2)
        return {"y_true": class_rows(draw, rows, classes), "y_pred": y_pred(draw, rows, classes)}

    return drawn


def integers(inputs: Draws) -> Draws:
    def drawn(draw: Draw) -> Inputs:
        case = inputs(draw)
        return {**case, "y_true": case["y_true"].astype(np.int64)}

    return drawn


def several_shapes(inputs: Callable[..., Inputs]) -> Draws:
    # All of them in one case: were a shape drawn by lot, some courses would have none of it.
    shapes = {"row": (1, 5), "column": (5, 1), "vector": (7,), "three_axes": (2, 3, 5)}
    return lambda draw: {name: list(inputs(draw, *shape).values()) for name, shape in shapes.items()}


def binary_edges(draw: Draw) -> Inputs:
    # Both labels at 0, at 1 and outside of the clip beside them; at 1e-6, and at the clip itself, it does nothing yet.
    p = np.array([0.0, 1.0, 1e-9, 1 - 1e-9, 1e-7, 1 - 1e-7, 1e-6, 1 - 1e-6, 0.25])
    return shuffled_entries(draw, np.concatenate([np.zeros(p.size), np.ones(p.size)]), np.concatenate([p, p]))


def binary_huge(draw: Draw) -> Inputs:
    # 1000 and 800 are beyond exp's range (709); at 40, 1 + exp(-x) rounds to 1. In between the formula still holds, and at 0.
    z = np.array([1000.0, -1000.0, 800.0, -800.0, 40.0, -40.0, 17.0, -17.0, 9.0, -9.0, 6.0, -6.0, 0.25, 0.0])
    return shuffled_entries(draw, np.concatenate([np.zeros(z.size), np.ones(z.size)]), np.concatenate([z, z]))


def shuffled_entries(draw: Draw, y_true: np.ndarray, y_pred: np.ndarray) -> Inputs:
    order = np.random.default_rng(draws.seeds(draw)).permutation(y_true.size)
    return {"y_true": y_true[order].reshape(2, -1), "y_pred": y_pred[order].reshape(2, -1)}


# Rows of three classes with the number of the true one.
EDGES = (
    ([1.0, 0.0, 0.0], 0), ([1.0, 0.0, 0.0], 1), ([1e-9, 1 - 1e-9, 0.0], 0), ([1e-9, 1 - 1e-9, 0.0], 1),
    ([1e-6, 1 - 1e-6, 0.0], 0), ([1e-6, 1 - 1e-6, 0.0], 1), ([0.0, 0.4, 0.6], 1),
    ([1e-7, 0.25, 0.7499999], 0),  # at the clip itself: these three sum to exactly 1 in whatever order they are added
)  # fmt: skip
# Every row has the largest number of all in it, so that only the size of the numbers matters, not whose maximum it is.
HUGE = (
    ([1000.0, -1000.0, 0.5], 1), ([1000.0, -1000.0, 0.5], 0), ([1000.0, 999.0, -1000.0], 1), ([998.5, 999.0, 1000.0], 0),
)  # fmt: skip
# Any two rows are further apart than exp's range.
FAR = (([1000.0, 999.0, 998.0], 1), ([0.5, -1.0, 0.0], 2), ([-1000.0, -999.0, -999.5], 0))


def shuffled_classes(rows: tuple[tuple[list[float], int], ...], sparse: bool) -> Draws:
    def drawn(draw: Draw) -> Inputs:
        generator = np.random.default_rng(draws.seeds(draw))
        orders = [generator.permutation(3) for _ in rows]
        y_pred = np.array([np.array(row)[order] for (row, _), order in zip(rows, orders, strict=True)])
        numbers = np.array([int(np.flatnonzero(order == n)[0]) for (_, n), order in zip(rows, orders, strict=True)])
        return {"y_true": numbers if sparse else np.eye(3)[numbers], "y_pred": y_pred}

    return drawn


def soft_edges(draw: Draw) -> Inputs:
    # Labels that lie partly on classes inside of the clip and partly on classes outside of it.
    y_pred = np.array([[0.0, 0.4, 0.6], [1e-9, 0.3, 0.7 - 1e-9], [0.2, 0.8, 0.0]])
    return {"y_true": class_rows(draw, 3, 3), "y_pred": y_pred}


def unequal(inputs: Callable[..., Inputs]) -> Draws:
    # NumPy broadcasts each of them.
    shapes = {"(5,) and (5, 1)": ((5,), (5, 1)), "(5, 1) and (5,)": ((5, 1), (5,)), "(1, 3) and (5, 3)": ((1, 3), (5, 3)),
              "(3,) and (5, 3)": ((3,), (5, 3))}  # fmt: skip

    def drawn(draw: Draw) -> Inputs:
        pairs = {name: [inputs(draw, *a)["y_true"], inputs(draw, *b)["y_pred"]] for name, (a, b) in shapes.items()}
        return {**inputs(draw, 5, 1), "unequal": pairs}

    return drawn


def unequal_rows(draw: Draw) -> Inputs:
    case = labelled(class_rows, sparse=False, shape=(5, 3))(draw)
    y_true, y_pred = case["y_true"], case["y_pred"]
    pairs = {
        "(5, 1) and (5, 3)": [np.ones((5, 1)), y_pred],
        "(1, 3) and (5, 3)": [y_true[:1].copy(), y_pred],
        "(3,) and (5, 3)": [y_true[1].copy(), y_pred],
    }
    return {**case, "unequal": pairs}


def unequal_batches(draw: Draw) -> Inputs:
    case = labelled(class_rows, sparse=True, shape=(5, 3))(draw)
    y_true, y_pred = case["y_true"], case["y_pred"]
    pairs = {
        "(5, 1) and (5, 3)": [y_true.reshape(5, 1).copy(), y_pred],
        "(1,) and (5, 3)": [y_true[:1].copy(), y_pred],
        "(3,) and (5, 3)": [y_true[:3].copy(), y_pred],
    }
    return {**case, "unequal": pairs}


def no_such_classes(draw: Draw) -> Inputs:
    case = labelled(class_rows, sparse=True, shape=(5, 3))(draw)
    # NumPy takes the first two as indices.
    wrong = {"labels of -1": -1, "labels of -3": -3, "labels of 3, of three classes": 3}
    unequal = {which: [case["y_true"].copy(), case["y_pred"]] for which in wrong}
    for which, label in wrong.items():
        unequal[which][0][1] = label
    return {**case, "unequal": unequal}


# --- programs ---------------------------------------------------------------------------------------------------------


def asked(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    return lambda student, y_true, y_pred: getattr(student, name)(y_true, y_pred, **options)


def asked_each(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    return lambda student, **pairs: {which: getattr(student, name)(*pair, **options) for which, pair in pairs.items()}


def asked_for_what_fits_not(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    def program(student: Any, y_true: np.ndarray, y_pred: np.ndarray, unequal: Mapping[str, Any]) -> dict[str, Any]:
        function = getattr(student, name)
        # What fits comes first, so that a function that refuses everything does not pass.
        return {
            "what fits": function(y_true, y_pred, **options),
            **{which: attempt(function, *pair, **options) for which, pair in unequal.items()},
        }

    return program


def gradient_and_aliasing(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    def program(student: Any, y_true: np.ndarray, y_pred: np.ndarray) -> dict[str, Any]:
        result = getattr(student, name)(y_true, y_pred, **options)
        return {
            "result": result,
            "shares memory with y_true": same_memory(result, y_true),
            "shares memory with y_pred": same_memory(result, y_pred),
        }

    return program


def gradient_and_slope(name: str, options: Mapping[str, Any]) -> Callable[..., Any]:
    def program(student: Any, y_true: np.ndarray, y_pred: np.ndarray) -> dict[str, Any]:
        return {
            "gradient": getattr(student, f"{name}_gradient")(y_true, y_pred, **options),
            **slopes(lambda y_pred: getattr(student, name)(y_true, y_pred, **options), y_pred=y_pred),
        }

    return program


def refused(case: Inputs, answers: Answers) -> dict[str, Claim]:
    """What fits is compared with the reference; of the rest only the exception's type is seen."""
    return {
        which: Claim(answers[which], "ValueError", 0, said=f"{which}: that raises no ValueError, and should.")
        for which in case["unequal"]
    }


def gradient_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, np.ones(()), {"y_pred": "gradient"})  # a loss is one number


# --- Keras ------------------------------------------------------------------------------------------------------------


def keras_function(name: str, y_true: np.ndarray, options: Mapping[str, Any]) -> Callable[..., Any]:
    """The loss as a function of y_pred. A constant, it is not the output of a softmax that Keras would unwrap."""
    from autograder.declare import keras

    losses, ops = keras().losses, keras().ops
    if name == "root_mean_squared_error":  # a metric in Keras, which has no gradient
        return lambda y_pred: ops.sqrt(ops.mean(losses.mean_squared_error(y_true, y_pred)))
    return lambda y_pred: ops.mean(getattr(losses, name)(y_true, y_pred, **options))


def keras_value(name: str, options: Mapping[str, Any], y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    from autograder.declare import value

    return value(keras_function(name, y_true, options), y_pred)


def keras_gradient(name: str, options: Mapping[str, Any], y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    from autograder.declare import gradients

    (found,) = gradients(keras_function(name, y_true, options), [y_pred], np.ones(()))
    return found


def with_one_hot(
    oracle: Callable[..., np.ndarray], name: str, options: Mapping[str, Any], y_true: np.ndarray, y_pred: np.ndarray
) -> np.ndarray:
    """Sparse labels at the edges: in its sparse loss Keras on TensorFlow clips before it renormalises, so ask the other."""
    return oracle(name.removeprefix("sparse_"), options, np.eye(y_pred.shape[-1])[y_true], y_pred)


def keras_each(oracle: Callable[..., np.ndarray], **pairs: Any) -> dict[str, np.ndarray]:
    return {which: oracle(*pair) for which, pair in pairs.items()}


# --- the table: a loss is two exercises, its value and its gradient ---------------------------------------------------

# Where shapes or sizes are fixed, a second case only makes sure that no answer is right by chance.
FEW = 2

# 1 - (1 - 1e-7) is 1e-7 with a relative error of 6e-10, which the logarithm makes an absolute one; who clips 1 - p has it not.
CLIPPED = Tolerance(1e-9, 1e-12, "1 - p, clipped before or after the subtraction, differs by a part in 10^9")


@dataclass(frozen=True)
class Both:
    """A check that a loss's value and its gradient share: what is asked, and what becomes of it."""

    name: str
    value: str  # the sentence about the value; empty if there is no such check of it
    gradient: str  # and about the gradient
    inputs: Draws
    program: Callable[[str, Mapping[str, Any]], Callable[..., Any]] = asked
    keras: bool = True  # whether Keras is asked too
    one_hot: bool = False  # whether Keras is asked for the loss with one-hot labels instead of the sparse one
    cases: int = FEW
    quiet: bool = False
    points: float = 1
    untouched: bool = False  # only where something is changed in place that no other check sees
    tolerance: Tolerance = EXACT  # of the value


@dataclass(frozen=True)
class Loss:
    """A loss function, or its mode for logits."""

    name: str
    title: str
    value: str
    gradient: str
    inputs: Draws
    worked: Inputs
    worked_value: str
    worked_gradient: str
    checks: tuple[Both, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        return "".join(f".{option}" for option in self.options)

    def exercises(self) -> tuple[Exercise, Exercise]:
        name, options, gradient = self.name, self.options, f"{self.name}_gradient"
        value_checks = [
            Check("value", self.value, self.inputs, asked(name, options), partial(keras_value, name, options), public=True),
            self.example(self.worked_value, name, keras_value),
            *(self.check(both, both.value, name, keras_value, both.tolerance) for both in self.checks if both.value),
            Check("untouched", "y_true and y_pred are as they were.", self.inputs, asked(name, options), cases=FEW,
                  untouched=True),
        ]  # fmt: skip
        gradient_checks = [
            Check("value", self.gradient, self.inputs, asked(gradient, options), partial(keras_gradient, name, options),
                  public=True),
            self.example(self.worked_gradient, gradient, keras_gradient),
            Check("slope", f"The gradient is the slope of your own {name}, by finite differences.", self.inputs,
                  gradient_and_slope(name, options), measure=gradient_is_slope, against=True, cases=4),
            *(self.check(both, both.gradient, gradient, keras_gradient, EXACT) for both in self.checks if both.gradient),
            Check("new_array", "The answer is a new array, and y_true and y_pred are as they were.", self.inputs,
                  gradient_and_aliasing(gradient, options), cases=FEW, untouched=True),
        ]  # fmt: skip
        return (
            Exercise(f"{name}{self.mode}", f"{self.title}: value", tuple(value_checks)),
            Exercise(f"{gradient}{self.mode}", f"{self.title}: gradient", tuple(gradient_checks)),
        )

    def example(self, sentence: str, function: str, keras: Callable[..., np.ndarray]) -> Check:
        check = Check("worked", sentence, lambda draw: dict(self.worked), asked(function, self.options),
                      partial(keras, self.name, self.options), cases=1, public=True)  # fmt: skip
        return worked_example(check, self.inputs)

    def check(self, both: Both, sentence: str, function: str, keras: Callable[..., np.ndarray], tolerance: Tolerance) -> Check:
        by_keras: Callable[..., Any] = partial(keras, self.name, self.options)
        if both.one_hot:
            by_keras = partial(with_one_hot, keras, self.name, self.options)
        if both.program is asked_each:
            by_keras = partial(keras_each, by_keras)
        check = Check(both.name, sentence, both.inputs, both.program(function, self.options), by_keras if both.keras else None,
                      tolerance=tolerance, cases=both.cases, points=both.points, quiet=both.quiet,
                      untouched=both.untouched)  # fmt: skip
        if both.program is asked_for_what_fits_not:
            return replace(check, measure=refused, compare=("what fits",))
        return check


def of_two_sizes(inputs: Callable[..., Inputs]) -> Draws:
    return lambda draw: inputs(draw, *draws.sizes(draw, 2))


def any_shape(inputs: Callable[..., Inputs]) -> Both:
    return Both("shapes", "Any shape goes in, and one number comes out: one row, one column, a vector, three axes.",
                "Any shape goes in and the same shape comes out: one row, one column, a vector, three axes.",
                several_shapes(inputs), asked_each)  # fmt: skip


def shapes_differ(inputs: Draws, points: float = 1) -> Both:
    sentence = "Shapes that do not fit raise a ValueError, also where NumPy would broadcast them."
    return Both("shapes_differ", sentence, sentence, inputs, asked_for_what_fits_not, keras=False, points=points)


def no_such_class(points: float = 1) -> Both:
    sentence = "A class number that is not one of 0 to classes - 1 raises a ValueError."
    return Both("no_such_class", sentence, sentence, no_such_classes, asked_for_what_fits_not, keras=False, points=points)


# What is refused with probabilities is refused with logits, too; asked a second time it is worth half.
AGAIN = 0.5


def whole_labels(inputs: Draws) -> Both:
    return Both("whole_numbers", "y_true may hold whole numbers (int64).",
                "y_true may hold whole numbers (int64); the gradient is float64 all the same.", inputs)  # fmt: skip


# The example that the handout works out for all three.
TABLE = {"y_true": np.array([[1.0, 2.0], [3.0, 4.0]]), "y_pred": np.array([[1.0, 1.0], [5.0, 4.0]])}

REGRESSION = (any_shape(errors), shapes_differ(unequal(errors)), whole_labels(whole_targets))

MSE = Loss(
    "mean_squared_error", "Mean squared error",
    "The mean squared error is the mean over all entries of (y_pred - y_true)**2.",
    "Its gradient is 2 * (y_pred - y_true), divided by the number of entries.",
    of_two_sizes(errors), TABLE,
    "The handout's example: errors of 0, -1, 2 and 0 make 1.25.",
    "The handout's example: errors of 0, -1, 2 and 0 have the gradient 0, -0.5, 1 and 0.",
    (*REGRESSION, Both("exact", "Where every prediction is exact the loss is 0.",
                       "Where every prediction is exact the gradient is 0.", exact_predictions)),
)  # fmt: skip

MAE = Loss(
    "mean_absolute_error", "Mean absolute error",
    "The mean absolute error is the mean over all entries of |y_pred - y_true|.",
    "Its gradient is the sign of y_pred - y_true, divided by the number of entries.",
    of_two_sizes(errors), TABLE,
    "The handout's example: errors of 0, -1, 2 and 0 make 0.75.",
    "The handout's example: errors of 0, -1, 2 and 0 have the gradient 0, -0.25, 0.25 and 0.",
    (*REGRESSION,
     Both("exact", "Where every prediction is exact the loss is 0.", "", exact_predictions),
     Both("kink", "", "At the kink, where a prediction is exact, the gradient is 0.",
          some_exact_predictions)),
)  # fmt: skip

RMSE = Loss(
    "root_mean_squared_error", "Root mean squared error",
    "The root mean squared error is the square root of the mean over all entries of (y_pred - y_true)**2.",
    "Its gradient is (y_pred - y_true), divided by the number of entries and by the root mean squared error.",
    of_two_sizes(errors), TABLE,
    "The handout's example: errors of 0, -1, 2 and 0 make sqrt(1.25), about 1.118.",
    "The handout's example: errors of 0, -1, 2 and 0 have the gradient 0, -0.224, 0.447 and 0, about.",
    (*REGRESSION,
     Both("exact", "Where every prediction is exact the loss is 0.",
          "Where every prediction is exact the gradient is 0 in every entry, without a warning.", exact_predictions,
          keras=False, quiet=True),
     Both("small", "Errors of 1e-9 count as they are.", "Errors of 1e-9 have a gradient of the usual size.", small_errors,
          keras=False, points=0.5)),
)  # fmt: skip

BINARY = Loss(
    "binary_crossentropy", "Binary cross-entropy",
    "The binary cross-entropy is the mean over all entries of -(y_true * log(p) + (1 - y_true) * log(1 - p)).",
    "Its gradient is (p - y_true) / (p * (1 - p)), divided by the number of entries.",
    of_two_sizes(probabilities), {"y_true": np.array([[1.0, 0.0]]), "y_pred": np.array([[0.8, 0.4]])},
    "The handout's example: labels 1 and 0 with probabilities 0.8 and 0.4 make about 0.367.",
    "The handout's example: labels 1 and 0 with probabilities 0.8 and 0.4 have the gradient -0.625 and 0.833, about.",
    (any_shape(probabilities), shapes_differ(unequal(probabilities)), whole_labels(integers(of_two_sizes(probabilities))),
     Both("soft_labels", "A label between 0 and 1 counts for both sides.", "A label between 0 and 1 counts for both sides.",
          soft_binary_labels(probabilities)),
     Both("edges", "Probabilities of 0 and 1, and near them, are clipped in a copy: the loss is finite, without a warning.",
          "Where the clip holds a probability the gradient is 0, and it is finite everywhere, without a warning.",
          binary_edges, quiet=True, untouched=True, tolerance=CLIPPED)),
)  # fmt: skip

BINARY_LOGITS = Loss(
    "binary_crossentropy", "Binary cross-entropy from logits",
    "From logits the loss is the same, with p = sigmoid(y_pred).",
    "From logits the gradient is sigmoid(y_pred) - y_true, divided by the number of entries.",
    of_two_sizes(logits), {"y_true": np.array([[1.0]]), "y_pred": np.array([[2.0]])},
    "The handout's example: the label 1 with a logit of 2 makes about 0.127.",
    "The handout's example: the label 1 with a logit of 2 has a gradient of about -0.119.",
    (any_shape(logits), shapes_differ(unequal(logits), AGAIN), whole_labels(integers(of_two_sizes(logits))),
     Both("soft_labels", "A label between 0 and 1 counts for both sides.", "A label between 0 and 1 counts for both sides.",
          soft_binary_labels(logits)),
     Both("extremes", "Logits of ±1000 give the exact loss, which is not clipped, without overflow and without a warning.",
          "Logits of ±1000 give the exact gradient, without overflow and without a warning.", binary_huge, quiet=True)),
    {"from_logits": True},
)  # fmt: skip


def class_checks(y_pred: Callable[[Draw, int, int], np.ndarray], sparse: bool) -> tuple[Both, ...]:
    """What all losses on classes must do, with logits or with probabilities."""
    one_row = Both("one_row", "A batch of one row is a batch.", "A batch of one row stays a batch of one row.",
                   labelled(y_pred, sparse, shape=(1, 5)))  # fmt: skip
    if sparse:
        return (one_row,)
    soft = "A row of labels may be any probabilities that sum to 1, not only one-hot."
    return one_row, whole_labels(integers(labelled(y_pred, sparse))), Both("soft_labels", soft, soft, soft_labels(y_pred))


def from_probabilities(sparse: bool) -> tuple[Both, ...]:
    return (
        *class_checks(class_rows, sparse),
        Both("renormalised", "Rows that do not sum to 1 are divided by their sum first, in a copy.",
             "Rows that do not sum to 1 are divided by their sum first, which has a share in the gradient.",
             labelled(any_rows if sparse else large_rows, sparse), cases=4, untouched=True),
        Both("edges", "Probabilities of 0 and 1, and near them, are clipped in a copy: the loss is finite, without a warning.",
             "Where the clip holds a true class's probability the gradient of its row is 0; it is finite, without a warning.",
             shuffled_classes(EDGES, sparse), one_hot=sparse, quiet=True, untouched=True),
    )  # fmt: skip


def from_class_logits(sparse: bool) -> tuple[Both, ...]:
    far = "Rows that lie far apart, one near 1000 and one near -1000, are answered alike, without a warning."
    return (
        *class_checks(class_logits, sparse),
        Both("extremes", "Logits of ±1000 give the exact loss, which is not clipped, without overflow and without a warning.",
             "Logits of ±1000 give the exact gradient, without overflow and without a warning.",
             shuffled_classes(HUGE, sparse), quiet=True),
        Both("far_rows", far, far, shuffled_classes(FAR, sparse), quiet=True),
    )  # fmt: skip


ROW = {"y_true": np.array([[0.0, 1.0, 0.0]]), "y_pred": np.array([[0.2, 0.5, 0.3]])}
LOGIT_ROW = {"y_true": np.array([[0.0, 1.0, 0.0]]), "y_pred": np.array([[1.0, 2.0, 3.0]])}
SECOND_CLASS = {"y_true": np.array([1])}
ROW_VALUE = "The handout's example: the middle of the probabilities 0.2, 0.5 and 0.3 makes -log(0.5), about 0.693."
ROW_GRADIENT = "The handout's example: the middle of the probabilities 0.2, 0.5 and 0.3 has the gradient 1, -1 and 1."
LOGIT_VALUE = "The handout's example: the middle of the logits 1, 2 and 3 makes about 1.408."
LOGIT_GRADIENT = "The handout's example: the middle of the logits 1, 2 and 3 has the gradient 0.090, -0.755 and 0.665, about."

CATEGORICAL = Loss(
    "categorical_crossentropy", "Categorical cross-entropy",
    "The categorical cross-entropy is the mean over the rows of -sum(y_true * log(p)).",
    "Its gradient is 1 - y_true / p in rows of sum 1, divided by the number of rows.",
    labelled(class_rows, sparse=False), ROW, ROW_VALUE, ROW_GRADIENT,
    (shapes_differ(unequal_rows), *from_probabilities(sparse=False),
     Both("soft_edges", "", "Only the labels of classes inside of the clip count.", soft_edges, quiet=True)),
)  # fmt: skip

CATEGORICAL_LOGITS = Loss(
    "categorical_crossentropy", "Categorical cross-entropy from logits",
    "From logits the loss is the same, with p = softmax(y_pred), row by row.",
    "From logits the gradient is softmax(y_pred) - y_true, divided by the number of rows.",
    labelled(class_logits, sparse=False), LOGIT_ROW, LOGIT_VALUE, LOGIT_GRADIENT,
    (shapes_differ(unequal_rows, AGAIN), *from_class_logits(sparse=False)), {"from_logits": True},
)  # fmt: skip

SPARSE = Loss(
    "sparse_categorical_crossentropy", "Sparse categorical cross-entropy",
    "The sparse categorical cross-entropy is the mean over the rows of -log(p of the true class).",
    "Its gradient is that of categorical_crossentropy with one-hot labels.",
    labelled(class_rows, sparse=True), {**ROW, **SECOND_CLASS}, ROW_VALUE, ROW_GRADIENT,
    (shapes_differ(unequal_batches),
     no_such_class(),
     *from_probabilities(sparse=True)),
)  # fmt: skip

SPARSE_LOGITS = Loss(
    "sparse_categorical_crossentropy", "Sparse categorical cross-entropy from logits",
    "From logits the loss is the same, with p = softmax(y_pred), row by row.",
    "From logits the gradient is softmax(y_pred), less 1 at the true class, divided by the number of rows.",
    labelled(class_logits, sparse=True), {**LOGIT_ROW, **SECOND_CLASS}, LOGIT_VALUE, LOGIT_GRADIENT,
    (shapes_differ(unequal_batches, AGAIN), no_such_class(AGAIN), *from_class_logits(sparse=True)), {"from_logits": True},
)  # fmt: skip

LOSSES = (MSE, MAE, RMSE, BINARY, BINARY_LOGITS, CATEGORICAL, CATEGORICAL_LOGITS, SPARSE, SPARSE_LOGITS)

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
CLIPPING_COUNTS = Weight(
    2, "Clipping is half of what is asked: without it one sure and wrong prediction ends a training in NaN."
)
STABILITY_COUNTS = Weight(2, "That large logits cost nothing is why there is from_logits at all.")
WORTH = {
    "binary_crossentropy/edges": CLIPPING_COUNTS,
    "binary_crossentropy_gradient/edges": CLIPPING_COUNTS,
    "categorical_crossentropy/edges": CLIPPING_COUNTS,
    "sparse_categorical_crossentropy/edges": CLIPPING_COUNTS,
    "sparse_categorical_crossentropy_gradient/edges": CLIPPING_COUNTS,
    "categorical_crossentropy_gradient/renormalised": Weight(
        2, "The sum below the line is what tells this gradient from that of probabilities which sum to 1 anyway."
    ),
    "binary_crossentropy.from_logits/extremes": STABILITY_COUNTS,
    "binary_crossentropy_gradient.from_logits/extremes": STABILITY_COUNTS,
    "categorical_crossentropy.from_logits/extremes": STABILITY_COUNTS,
    "sparse_categorical_crossentropy.from_logits/extremes": STABILITY_COUNTS,
    "categorical_crossentropy.from_logits/far_rows": STABILITY_COUNTS,
    "categorical_crossentropy_gradient.from_logits/far_rows": STABILITY_COUNTS,
    "sparse_categorical_crossentropy.from_logits/far_rows": STABILITY_COUNTS,
}

TOPIC = Topic(
    name="losses",
    title="Losses: value and gradient of each",
    exercises=weighed(with_contract(tuple(exercise for loss in LOSSES for exercise in loss.exercises())), WORTH),
)
