"""Checks of topic 2, activations: the value and the derivative of each."""

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
    same_memory,
    slope_claims,
    slopes,
    weighed,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

# --- inputs -----------------------------------------------------------------------------------------------------------


def batch(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, *draws.sizes(draw, 2), scale=4.0)}


def batch_and_upstream(draw: Draw) -> Inputs:
    shape = draws.sizes(draw, 2)
    return {"x": draws.values(draw, *shape, scale=3.0), "upstream": draws.values(draw, *shape)}


def of_shape(*shape: int) -> Callable[[Draw], Inputs]:
    return lambda draw: {"x": draws.values(draw, *shape)}


def of_shape_and_upstream(*shape: int) -> Callable[[Draw], Inputs]:
    return lambda draw: {"x": draws.values(draw, *shape), "upstream": draws.values(draw, *shape)}


def single_entries(draw: Draw) -> Inputs:
    # One of either sign: with a single entry there is no other to show what the sign does.
    size = draws.positive(draw, 1, 1, low=0.1, high=2.0)
    return {"positive": size, "negative": -draws.positive(draw, 1, 1, low=0.1, high=2.0)}


def several_shapes(draw: Draw) -> Inputs:
    # All of them in one case: were a shape drawn by lot, some courses would have none of it.
    shapes = {"row": (1, 5), "column": (5, 1), "vector": (7,), "three_axes": (2, 3, 5)}
    return {name: draws.values(draw, *shape) for name, shape in shapes.items()}


def huge(*more: float) -> Callable[[Draw], Inputs]:
    # 1000 and 800 are beyond exp's range (709); at 40, 1 + exp(-x) rounds to 1. Between 3 and 20 the formula still holds: a
    # function that is taken for its limit from some x on shows.
    entries = [1000.0, -1000.0, 800.0, -800.0, 40.0, -40.0, *MIDDLE, *(-x for x in MIDDLE), 0.25, -0.5, *more]
    return lambda draw: {"x": shuffled(draw, np.array([entries]))}


MIDDLE = (3.5, 5.5, 7.0, 9.0, 11.0, 14.0, 17.0, 20.5)


def far_left(draw: Draw) -> Inputs:
    # Where 1 + exp(x) is 1 + 1e-14, so that no way of writing the formula has lost more than a hundredth of it.
    return {"x": shuffled(draw, np.array([[-31.0, -31.25, -31.5, -32.0]]))}


def huge_rows(draw: Draw) -> Inputs:
    # Every row has the largest number of all in it, so that only the size of the numbers matters, not whose maximum it is.
    rows = [[1000.0, -1000.0, 0.5], [1000.0, 999.0, -1000.0], [-1000.0, 1000.0, 1000.0], [998.5, 999.0, 1000.0]]
    return {"x": shuffled(draw, np.array(rows))}


def far_rows(draw: Draw) -> Inputs:
    # Any two rows are further apart than exp's range.
    return {"x": shuffled(draw, np.array([[1000.0, 999.0, 998.0], [0.5, -1.0, 0.0], [-1000.0, -999.0, -999.5]]))}


def shuffled(draw: Draw, x: np.ndarray) -> np.ndarray:
    return np.random.default_rng(draws.seeds(draw)).permuted(x, axis=1)


def with_upstream(inputs: Callable[[Draw], Inputs]) -> Callable[[Draw], Inputs]:
    def draw_case(draw: Draw) -> Inputs:
        x = inputs(draw)["x"]
        return {"x": x, "upstream": draws.values(draw, *x.shape)}

    return draw_case


# --- programs ---------------------------------------------------------------------------------------------------------


def value(name: str) -> Callable[..., Any]:
    return lambda student, x, **options: getattr(student, name)(x, **options)


def value_for_two(name: str, option: str) -> Callable[..., Any]:
    """With the case's option; and the same x with a whole number, of which the answer is no less a float64 array."""

    def program(student: Any, x: np.ndarray, **options: Any) -> dict[str, Any]:
        function = getattr(student, name)
        return {"result": function(x, **options), "with another": function(x, **{option: 2})}

    return program


def values(name: str) -> Callable[..., Any]:
    return lambda student, **arrays: {which: getattr(student, name)(x) for which, x in arrays.items()}


def value_and_aliasing(name: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray) -> dict[str, Any]:
        result = getattr(student, name)(x)
        return {"result": result, "shares memory with x": same_memory(result, x)}

    return program


def derivative_and_slope(name: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, **options: Any) -> dict[str, Any]:
        return {
            "derivative": getattr(student, f"{name}_derivative")(x, **options),
            **slopes(lambda x: getattr(student, name)(x, **options), x=x),
        }

    return program


def backward(name: str) -> Callable[..., Any]:
    return lambda student, x, upstream: getattr(student, f"{name}_backward")(x, upstream)


def backward_and_aliasing(name: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
        result = getattr(student, f"{name}_backward")(x, upstream)
        return {
            "result": result,
            "shares memory with x": same_memory(result, x),
            "shares memory with upstream": same_memory(result, upstream),
        }

    return program


def backward_and_slope(name: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, upstream: np.ndarray) -> dict[str, Any]:
        return {
            "dx": getattr(student, f"{name}_backward")(x, upstream),
            **slopes(partial(value(name), student), x=x),
        }

    return program


# --- measures ---------------------------------------------------------------------------------------------------------


def derivative_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    ones = np.ones_like(case["x"])  # elementwise: the slope along a random direction sees every entry on its own
    return slope_claims(case, answers, right, ones, {"x": "derivative"})


def backward_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    return slope_claims(case, answers, right, case["upstream"], {"x": "dx"})


# --- Keras ------------------------------------------------------------------------------------------------------------


def keras_value(name: str, x: np.ndarray, **options: Any) -> np.ndarray:
    from autograder.declare import keras, value

    return value(lambda x: getattr(keras().activations, name)(x, **options), x)


def keras_derivative(name: str, x: np.ndarray, **options: Any) -> np.ndarray:
    from autograder.declare import gradients, keras

    (found,) = gradients(lambda x: getattr(keras().activations, name)(x, **options), [x], np.ones_like(x))
    return found


def keras_backward(name: str, x: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    from autograder.declare import gradients, keras

    (found,) = gradients(getattr(keras().activations, name), [x], upstream)
    return found


def keras_each(oracle: Callable[..., np.ndarray], name: str, **arrays: np.ndarray) -> dict[str, np.ndarray]:
    return {which: oracle(name, x) for which, x in arrays.items()}


# --- the elementwise activations: one table, two exercises a row ------------------------------------------------------


def with_option(option: str, *choices: float) -> Callable[[Draw], Inputs]:
    return lambda draw: {**batch(draw), option: draws.one_of(draw, choices)}


def at_the_kink(option: str | None) -> Callable[[Draw], Inputs]:
    x = np.array([[0.0, 1.0, -1.0], [-0.5, 0.0, 0.5]])
    # Not the default: with alpha = 1 the ELU has no kink.
    return lambda draw: {"x": x, option: 0.3} if option else {"x": x}


def other_kinks(option: str | None) -> Callable[[Draw], Inputs]:
    def drawn(draw: Draw) -> Inputs:
        x = draws.values(draw, 3, 5)
        x.flat[np.random.default_rng(draws.seeds(draw)).choice(x.size, 4, replace=False)] = 0.0
        return {"x": x, option: draws.one_of(draw, OPTIONS[option])} if option else {"x": x}

    return drawn


# None of them a default (.2 and 1), so that a constant written in place of the argument shows. 0 is the simplest and so in
# every course: `alpha or 1.0` takes it for none given.
OPTIONS = {"negative_slope": (0.0, 0.3, 0.05, 0.7), "alpha": (0.0, 0.3, 0.05, 1.5)}
# Above 1, where max(x, negative_slope * x) is another function.
STEEP = (1.5, 3.0)

# name, formula, what holds at the kink (None where there is none), name of the option
ELEMENTWISE = (
    ("linear", "x", None, None),
    ("sigmoid", "1 / (1 + exp(-x))", None, None),
    ("tanh", "the hyperbolic tangent of x", None, None),
    ("relu", "max(0, x)", "relu'(0) = 0", None),
    ("leaky_relu", "x above 0, negative_slope * x below", "leaky_relu'(0) = negative_slope", "negative_slope"),
    ("elu", "x above 0, alpha * (exp(x) - 1) below", "elu'(0) = alpha", "alpha"),
    ("selu", "SELU_SCALE * (x above 0, SELU_ALPHA * (exp(x) - 1) below)", "selu'(0) = SELU_SCALE", None),
    ("softplus", "log(1 + exp(x))", None, None),
)

# Where shapes or sizes are fixed, a second case only makes sure that no answer is right by chance.
FEW = 2

TAIL = Tolerance(0.1, 0.0, "a sigmoid of -32 may have lost a hundredth, and is 1e-14: what is absolute would hide a 0")


def elementwise_checks(name: str, sentence: str, oracle: Callable[..., np.ndarray], option: str | None) -> list[Check]:
    """The checks that a value and a derivative share; ``name`` is the function that is asked."""
    by_keras = partial(oracle, name.removesuffix("_derivative"))
    each_by_keras = partial(keras_each, oracle, name.removesuffix("_derivative"))
    checks = [
        Check("value", sentence, batch, value(name), by_keras, public=True),
        Check("one_entry", "An array with a single entry, positive or negative, is answered by an array of the same shape.",
              single_entries, values(name), each_by_keras, cases=FEW),
        Check("shapes", "Any shape goes in and the same shape comes out: one row, one column, a vector, three axes.",
              several_shapes, values(name), each_by_keras, cases=FEW),
    ]  # fmt: skip
    if option:
        checks.append(Check(option, f"The argument {option} is used, whatever its value.",
                            with_option(option, *OPTIONS[option]), value_for_two(name, option), by_keras))  # fmt: skip
    return checks


def forward_exercise(name: str, formula: str, option: str | None) -> Exercise:
    checks = elementwise_checks(name, f"{name}(x) is {formula}, in every entry.", keras_value, option)
    if option == "negative_slope":
        checks.append(Check("steep", "A negative_slope above 1 is a slope like any other.", with_option(option, *STEEP),
                            value(name), partial(keras_value, name)))  # fmt: skip
    checks += [
        Check("extremes", "Entries from 0 to ±1000 are answered by the formula, without overflow and without a warning.",
              huge(0.0),
              value(name), partial(keras_value, name), quiet=True, cases=FEW),
        Check("new_array", "The answer is a new array, and x is as it was.", batch, value_and_aliasing(name), untouched=True),
    ]  # fmt: skip
    return Exercise(name, f"{name}: value", tuple(checks))


def derivative_exercise(name: str, kink: str | None, option: str | None) -> Exercise:
    derivative = f"{name}_derivative"
    sentence = f"{derivative}(x) is the derivative of {name} at x, in every entry."
    checks = elementwise_checks(derivative, sentence, keras_derivative, option)
    checks += [
        Check("slope", f"The derivative is the slope of your own {name}, by finite differences.",
              with_option(option, *OPTIONS[option]) if option else batch, derivative_and_slope(name),
              measure=derivative_is_slope, against=True),
        # 0 is in it only where there is no kink, which has a check of its own.
        Check("extremes", "Entries up to ±1000 are answered by the formula, without overflow and without a warning.",
              huge() if kink else huge(0.0), value(derivative), partial(keras_derivative, name), quiet=True, cases=FEW),
        Check("new_array", "The answer is a new array, and x is as it was.", batch, value_and_aliasing(derivative),
              untouched=True),
    ]  # fmt: skip
    if name == "softplus":
        checks.append(Check("far_left", "Far to the left the derivative is small, and never 0.", far_left, value(derivative),
                            tolerance=TAIL, cases=1))  # fmt: skip
    if kink:
        check = Check("kink", f"At the kink the stated convention holds: {kink}.", at_the_kink(option), value(derivative),
                      partial(keras_derivative, name), cases=1, public=True)  # fmt: skip
        checks.append(worked_example(check, other_kinks(option)))
    return Exercise(derivative, f"{name}: derivative", tuple(checks))


# --- softmax and log_softmax ------------------------------------------------------------------------------------------

ROWS = {
    "softmax": "Every row of softmax(x) is exp(x) / sum(exp(x)) of that row.",
    "log_softmax": "Every row of log_softmax(x) is x - log(sum(exp(x))) of that row.",
}


def shift(draw: Draw) -> Inputs:
    return {**batch(draw), "shift": draws.one_of(draw, [50.0, -50.0, 300.0])}


def spread(draw: Draw) -> Inputs:
    return {"x": draws.values(draw, *draws.sizes(draw, 2), scale=3.0) * 10}


def rows_exercise(name: str) -> Exercise:
    by_keras = partial(keras_value, name)

    def first_row_alone(student: Any, x: np.ndarray) -> dict[str, Any]:
        return {"whole batch": getattr(student, name)(x), "first row alone": getattr(student, name)(x[:1])}

    def shifted(student: Any, x: np.ndarray, shift: float) -> Any:
        return getattr(student, name)(x + shift)

    return Exercise(name, f"{name}: value", (
        Check("value", ROWS[name], batch, value(name), by_keras, public=True),
        Check("one_row", "A batch of one row stays a batch of one row.", of_shape(1, 5), value(name), by_keras, cases=FEW),
        Check("one_class", "With a single class the answer has the shape of x.", of_shape(5, 1), value(name), by_keras,
              cases=FEW),
        Check("vector", "A vector of logits is one row.", of_shape(7), value(name), by_keras, cases=FEW),
        Check("three_axes", "The last of three axes is the classes.", of_shape(2, 3, 5), value(name), by_keras, cases=FEW),
        Check("rows", "A row's answer does not depend on the other rows.", spread, first_row_alone),
        Check("shift", "Adding one number to all logits changes nothing.", shift, shifted),
        Check("extremes", "Logits of ±1000 give a finite answer, without a warning.", huge_rows, value(name), by_keras,
              quiet=True, cases=FEW),
        Check("far_rows", "Rows that lie far apart, one near 1000 and one near -1000, are answered alike, without a warning.",
              far_rows, value(name), by_keras, quiet=True, cases=FEW),
        Check("new_array", "The answer is a new array, and x is as it was.", batch, value_and_aliasing(name), untouched=True),
    ))  # fmt: skip


def rows_backward_exercise(name: str) -> Exercise:
    program = backward(name)
    by_keras = partial(keras_backward, name)
    return Exercise(f"{name}_backward", f"{name}: backward", (
        Check("value", f"{name}_backward(x, upstream) is upstream times the Jacobian of {name}, row by row.",
              batch_and_upstream, program, by_keras, public=True),
        Check("slope", f"It is the slope of sum(upstream * {name}(x)) with your own {name}, by finite differences.",
              batch_and_upstream, backward_and_slope(name), measure=backward_is_slope, against=True),
        Check("one_row", "A batch of one row stays a batch of one row.", of_shape_and_upstream(1, 5), program, by_keras,
              cases=FEW),
        Check("one_class", "With a single class the answer has the shape of x.", of_shape_and_upstream(5, 1), program,
              by_keras, cases=FEW),
        Check("vector", "A vector of logits is one row.", of_shape_and_upstream(7), program, by_keras, cases=FEW),
        Check("three_axes", "The last of three axes is the classes.", of_shape_and_upstream(2, 3, 5), program, by_keras,
              cases=FEW),
        Check("extremes", "Logits of ±1000 give a finite answer, without a warning.", with_upstream(huge_rows), program,
              by_keras, quiet=True, cases=FEW),
        Check("far_rows", "Rows that lie far apart, one near 1000 and one near -1000, are answered alike, without a warning.",
              with_upstream(far_rows), program, by_keras, quiet=True, cases=FEW),
        Check("new_array", "The answer is a new array, and x and upstream are as they were.", batch_and_upstream,
              backward_and_aliasing(name), untouched=True),
    ))  # fmt: skip


# --- chains -----------------------------------------------------------------------------------------------------------


def local_gradients(draw: Draw) -> Inputs:
    return {"local_gradients": draws.values(draw, draws.whole(draw, 2, 7))}


def lecture_chains(draw: Draw) -> Inputs:
    return {
        "vanishing": np.array([0.2, 0.02]),
        "one exploding layer": np.array([0.25, 500.0]),
        "three exploding layers": np.array([200.0, 125.0, 100.0]),
    }


def other_chains(draw: Draw) -> Inputs:
    return {"three layers": draws.values(draw, 3), "five layers": draws.values(draw, 5)}


def short_chains(draw: Draw) -> Inputs:
    return {"none": np.array([], dtype=np.float64), "one": draws.values(draw, 1)}


def blocked_chain(draw: Draw) -> Inputs:
    gradients = draws.values(draw, draws.whole(draw, 2, 7))
    gradients[draws.whole(draw, 0, gradients.size - 1)] = 0.0
    return {"one": gradients, "all": np.zeros(gradients.size)}


def chain(student: Any, local_gradients: np.ndarray) -> Any:
    return student.chain_gradient(local_gradients)


def weight_after_step(case: Inputs, answers: Answers) -> dict[str, Claim]:
    moved, due = (75.0 - 1.0 * float(slope) for slope in (answers["result"], np.prod(case["local_gradients"])))
    return {"weight after the step": Claim(moved, due, 1e-9)}  # 1e-9: some thousand roundings of a number near 75


CHAIN = Exercise("chain_gradient", "Gradient through a chain of layers", (
    Check("value", "The gradient through a chain is the product of its local gradients.", local_gradients, chain, public=True),
    worked_example(
        Check("lecture", "The lecture's chains: .2 * .02 is .004 and vanishes, .25 * 500 is 125 and 200 * 125 * 100 is "
              "2,500,000.", lecture_chains, values("chain_gradient"), public=True, cases=1),
        other_chains,
    ),
    worked_example(
        Check("step", "A step with learning rate 1 along the chain .2 * .02 takes a weight of 75 to 74.996.",
              lambda draw: {"local_gradients": np.array([0.2, 0.02])}, chain, measure=weight_after_step, public=True, cases=1),
        local_gradients,
    ),
    Check("short", "A chain of one passes its gradient on, and a chain of none passes on 1.", short_chains,
          values("chain_gradient"), cases=FEW),
    Check("blocked", "A single local gradient of 0 lets nothing through, nor do many.", blocked_chain,
          values("chain_gradient")),
    Check("untouched", "The local gradients are as they were.", local_gradients, chain, untouched=True),
))  # fmt: skip

# A power of 1/4 is far below one, so an absolute tolerance would let any small number pass; exp(n * log(1/4)) for a product,
# which is as right, is off by some 1e-14 at n = 60.
POWERS = Tolerance(1e-11, 0.0, "relative alone: a power of 1/4 is far below one")

ACTIVATIONS = ("sigmoid", "tanh", "relu")


def depths(low: int, high: int) -> Callable[[Draw], Inputs]:
    return lambda draw: {"depth": draws.whole(draw, low, high)}


def through_each(student: Any, depth: int) -> dict[str, Any]:
    return {name: student.max_gradient_through(depth, name) for name in ACTIVATIONS}


def steepest(case: Inputs, answers: Answers) -> dict[str, Claim]:
    """One layer lets through its steepest slope; who is a little below that has looked for it beside the place."""
    claims = {}
    for name, largest in {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}.items():
        found = answers[name]
        right = bool(abs(found - largest) <= POWERS.relative * largest)
        said = (
            f"{name}: {found:.6g} is a slope that it has, and nearly its largest one. If you look for that on a grid, the "
            "steepest point is not among your numbers."
        )
        claims[name] = Claim(found, largest, 0, right, said if 0.9 * largest < found < largest and not right else "")
    return claims


def through_sigmoids(student: Any, depth: int) -> dict[str, Any]:
    through = partial(student.max_gradient_through, activation="sigmoid")
    return {"result": through(depth), "below every float64": through(600)}  # .25**600 is 2**-1200, and the smallest 2**-1074


THROUGH = Exercise("max_gradient_through", "The most that a chain of activations lets through", (
    Check("value", "The largest derivative of the activation, once for each of the layers.", depths(2, 12), through_each,
          tolerance=POWERS, public=True),
    Check("one_layer", "One layer lets through as much as the activation's derivative at its steepest point.", depths(1, 1),
          through_each, measure=steepest, cases=1),
    Check("no_layers", "With no layer at all the gradient arrives unchanged.", depths(0, 0), through_each, cases=1),
    Check("deep", "A chain of n sigmoids passes on at most .25**n: very little if n is 30, and 0 only below every float64.",
          depths(30, 60), through_sigmoids, tolerance=POWERS),
    Check("default", "The activation is the sigmoid where none is named.", depths(2, 9),
          lambda student, depth: student.max_gradient_through(depth), tolerance=POWERS, cases=4),
))  # fmt: skip

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "softmax/far_rows": Weight(2, "One shift for the whole batch makes the answer for a row depend on the rows beside it."),
    "log_softmax/extremes": Weight(
        2, "That it stays finite where the logarithm of softmax does not is why there is log_softmax."
    ),
    "log_softmax/far_rows": Weight(
        2, "One shift for the whole batch makes the answer for a row depend on the rows beside it."
    ),
}

TOPIC = Topic(
    name="activations",
    title="Activations: value and derivative of each",
    exercises=weighed(
        with_contract(
            (
                *(
                    exercise
                    for name, formula, kink, option in ELEMENTWISE
                    for exercise in (forward_exercise(name, formula, option), derivative_exercise(name, kink, option))
                ),
                rows_exercise("softmax"),
                rows_backward_exercise("softmax"),
                rows_exercise("log_softmax"),
                rows_backward_exercise("log_softmax"),
                CHAIN,
                THROUGH,
            ),
            given_nothing=("max_gradient_through",),
        ),
        WORTH,
    ),
)
