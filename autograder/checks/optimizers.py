"""Checks of topic 6, optimizers: where the parameters are after every step, not how far a loss has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    KERAS,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Tolerance,
    Topic,
    Weight,
    assign,
    fill,
    same_memory,
    snapshot,
    weighed,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

STEPS = 10

# --- inputs -----------------------------------------------------------------------------------------------------------
# A case of a rule: where each parameter starts, the gradients by step and position, and the options by name.

SHAPES = ((3,), (2, 3), (5,))
ODD_SHAPES = ((1,), (1, 1), (3, 2), (2, 1, 3), (7,))
# Rates go up as well as down and lie far apart, so that a rate that was kept from before shows at once.
SCHEDULE = (0.02, 0.02, 0.002, 0.1, 0.005, 0.05)

Sizes = Callable[..., list[np.ndarray]]


def order_one(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Gradients of order one, of both signs, one a step."""
    return [draws.values(draw, *shape) for _ in range(steps)]


def fading(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Gradients that become three times smaller at every step, so that averages of squares fall again."""
    return [0.3**step * draws.values(draw, *shape) for step in range(steps)]


def tiny(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Gradients of 1e-6. Each entry keeps its sign, so that no sum of steps cancels to less than Keras's rounding."""
    sign = np.sign(draws.values(draw, *shape))
    return [1e-6 * sign * draws.positive(draw, *shape) for _ in range(steps)]


def large(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Gradients of order 1e6."""
    return [1e6 * draws.values(draw, *shape) for _ in range(steps)]


def sparse(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Gradients of order one, two thirds of them 0: the first entry never gets one, the last waits for three steps."""
    generator = np.random.default_rng(draws.seeds(draw))
    found = []
    for step, gradient in enumerate(order_one(draw, steps, shape)):
        due = generator.random(shape) < 1 / 3
        due.flat[-1] = step >= 3
        due.flat[0] = False
        found.append(np.where(due, gradient, 0.0))
    return found


def mixed(draw: Draw, steps: int, shape: tuple[int, ...]) -> list[list[np.ndarray]]:
    """Gradients for four parameters of one shape: of order one, tiny, large and sparse."""
    return by_step([sizes(draw, steps, shape) for sizes in (order_one, tiny, large, sparse)])


def of_any_shape(draw: Draw, sizes: Sizes, options: Inputs) -> Inputs:
    """Two parameters: one of a shape drawn by lot, and one with three axes."""
    case = one_parameter(draw, sizes, options, ODD_SHAPES)
    gradients = [[*at_step, more] for at_step, more in zip(case["gradients"], sizes(draw, STEPS, (2, 3, 2)), strict=True)]
    return {**case, "start": [*case["start"], draws.values(draw, 2, 3, 2)], "gradients": gradients}


def by_step(by_position: Sequence[Sequence[np.ndarray]]) -> list[list[np.ndarray]]:
    return [list(step) for step in zip(*by_position, strict=True)]


def one_parameter(
    draw: Draw, sizes: Sizes, options: Inputs, shapes: Sequence[tuple[int, ...]] = SHAPES, steps: int = STEPS
) -> Inputs:
    shape = draws.one_of(draw, shapes)
    return {
        "start": [draws.values(draw, *shape)],
        "gradients": by_step([sizes(draw, steps, shape)]),
        "options": {name: draws.one_of(draw, choices) for name, choices in options.items()},
    }


# --- programs ---------------------------------------------------------------------------------------------------------
# A path is one array with a row for each step, filled from the parameter after that step: one array to compare.


class Walk:
    """Parameters of one optimizer, and the paths that they take."""

    def __init__(self, start: Sequence[np.ndarray], steps: int) -> None:
        self.parameters = [snapshot(array) for array in start]
        self.paths = [snapshot(np.zeros((steps, *array.shape))) for array in start]
        self.step = 0

    def apply(self, optimizer: Any, gradients: list[np.ndarray]) -> Any:
        returned = optimizer.apply(gradients, self.parameters)
        for path, parameter in zip(self.paths, self.parameters, strict=True):
            fill(path[self.step], parameter)
        self.step += 1
        return returned

    def answers(self, name: str = "path") -> dict[str, Any]:
        if len(self.paths) == 1:
            return {name: self.paths[0]}
        return {f"{name} of parameter {i}": path for i, path in enumerate(self.paths, 1)}


def trajectory(rule: str) -> Callable[..., Any]:
    def program(
        student: Any,
        start: list[np.ndarray],
        gradients: list[list[np.ndarray]],
        options: dict[str, Any],
        learning_rates: Sequence[float] = (),
    ) -> dict[str, Any]:
        optimizer = getattr(student, rule)(**options)
        walk = Walk(start, len(gradients))
        for step, at_step in enumerate(gradients):
            if learning_rates:
                assign(optimizer, "learning_rate", learning_rates[step])
            walk.apply(optimizer, at_step)
        return walk.answers()

    return program


def and_with_zeros(program: Callable[..., Any]) -> Callable[..., Any]:
    """The same once more with those options at 0 for which that is a rule: `beta_1 or 0.9` takes it for none given."""

    def both(*student: Any, options: dict[str, Any], zeros: dict[str, float], **case: Any) -> dict[str, Any]:
        answers: dict[str, Any] = program(*student, options=options, **case)
        if zeros:
            again = program(*student, options={**options, **zeros}, **case)
            answers |= {f"{name}, with options of 0": path for name, path in again.items()}
        return answers

    return both


def two_instances(rule: str) -> Callable[..., Any]:
    """Two optimizers take turns, each with a parameter of its own."""

    def program(
        student: Any, start: list[np.ndarray], gradients: list[list[np.ndarray]], options: dict[str, Any]
    ) -> dict[str, Any]:
        optimizers = [getattr(student, rule)(**options) for _ in start]
        walks = [Walk([array], len(gradients)) for array in start]
        for at_step in gradients:
            for optimizer, walk, gradient in zip(optimizers, walks, at_step, strict=True):
                walk.apply(optimizer, [gradient])
        return {**walks[0].answers("path of the first optimizer"), **walks[1].answers("path of the second optimizer")}

    return program


def same_gradient_again(rule: str) -> Callable[..., Any]:
    """The same gradient array at every step: a rule that changes it is given the changed one."""

    def program(student: Any, start: np.ndarray, gradient: np.ndarray, options: dict[str, Any]) -> dict[str, Any]:
        optimizer = getattr(student, rule)(**options)
        walk = Walk([start], 3)
        for _ in range(3):
            walk.apply(optimizer, [gradient])
        return walk.answers()

    return program


# --- Keras ------------------------------------------------------------------------------------------------------------

# For parameters that move by .1 a step, and by 1e-7 a step from 0, KERAS's absolute 1e-7 is too little and too much.
KERAS_WALK = Tolerance(5e-5, 5e-6, "Keras's steps are off by 6e-6 of a step, and steps of .1 may lead a parameter back to 0")
KERAS_TINY = Tolerance(5e-5, 1e-13, "constants that Keras rounds to float32, on parameters of order 1e-7")


def keras_trajectory(
    rule: str,
    start: list[np.ndarray],
    gradients: list[list[np.ndarray]],
    options: dict[str, Any],
    learning_rates: Sequence[float] = (),
) -> dict[str, Any]:
    import tensorflow as tf

    from autograder.declare import keras

    optimizer = getattr(keras().optimizers, rule)(**options)
    variables = [keras().Variable(array, dtype="float64") for array in start]
    optimizer.build(variables)
    paths: list[list[np.ndarray]] = [[] for _ in start]
    for step, at_step in enumerate(gradients):
        if learning_rates:
            optimizer.learning_rate = learning_rates[step]
        optimizer.apply([tf.constant(gradient, tf.float64) for gradient in at_step], variables)
        for path, variable in zip(paths, variables, strict=True):
            path.append(variable.numpy())
    if len(start) == 1:
        return {"path": np.array(paths[0])}
    return {f"path of parameter {i}": np.array(path) for i, path in enumerate(paths, 1)}


# --- one table of rules, an exercise a row -----------------------------------------------------------------------------

RATES = (0.3, 0.07)
BETAS = {"learning_rate": RATES, "beta_1": (0.8, 0.6), "beta_2": (0.7, 0.95), "epsilon": (1e-3, 0.02)}
EVERY = ("options", "schedule", "tiny", "large", "sparse", "parameters", "instances", "kept")


@dataclass(frozen=True)
class Rule:
    """One row: an exercise, the class it is about, and what its checks draw.

    fixed: options that make the mode of this exercise. options: values to draw for the check ``options``, none a default.
    zeros: those that may be 0 all at once, which is asked as well. checks: the names of those that apply; ``value`` always
    does. extra: checks of this row alone.
    """

    exercise: str
    title: str
    formula: str
    options: Inputs
    fixed: Inputs = field(default_factory=dict)
    zeros: tuple[str, ...] = ()
    checks: tuple[str, ...] = EVERY
    sizes: Sizes = order_one
    extra: tuple[Check, ...] = ()

    @property
    def name(self) -> str:
        """Name of the class."""
        return self.exercise.partition(".")[0]


def rule_exercise(rule: Rule) -> Exercise:
    program, keras = trajectory(rule.name), partial(keras_trajectory, rule.name)
    fixed = {name: (value,) for name, value in rule.fixed.items()}
    mode = "".join(f", {name}={value}" for name, value in rule.fixed.items()).removeprefix(", ")
    call = f"{rule.name}({mode})"

    def scheduled(draw: Draw) -> Inputs:
        case = one_parameter(draw, rule.sizes, fixed, steps=len(SCHEDULE))
        return {**case, "learning_rates": list(SCHEDULE)}

    def from_zero(draw: Draw) -> Inputs:
        case = one_parameter(draw, tiny, {**fixed, "learning_rate": (0.1,)})
        return {**case, "start": [np.zeros_like(array) for array in case["start"]]}

    def four_parameters(draw: Draw) -> Inputs:
        shape = draws.one_of(draw, SHAPES)
        start = [draws.values(draw, *shape) for _ in range(4)]
        return {"start": start, "gradients": mixed(draw, STEPS, shape), "options": dict(rule.fixed)}

    def two_starts(draw: Draw) -> Inputs:
        shape = draws.one_of(draw, SHAPES)
        start = [draws.values(draw, *shape) for _ in range(2)]
        gradients = by_step([rule.sizes(draw, 4, shape) for _ in range(2)])
        return {"start": start, "gradients": gradients, "options": dict(rule.fixed)}

    def one_gradient(draw: Draw) -> Inputs:
        shape = draws.one_of(draw, SHAPES)
        start, gradient = draws.values(draw, *shape), draws.values(draw, *shape)
        still = {"learning_rate": 0.0} if rule.name != "Ftrl" else {}  # which divides by it
        return {"start": start, "gradient": gradient, "options": {**rule.fixed, **draws.one_of(draw, [still, {}])}}

    def any_options(draw: Draw) -> Inputs:
        return {**of_any_shape(draw, rule.sizes, {**fixed, **rule.options}), "zeros": dict.fromkeys(rule.zeros, 0.0)}

    known = {
        "options": Check("options", f"Every option of {rule.name} is used, whatever its value, and so is any shape.",
                         any_options, and_with_zeros(program), and_with_zeros(keras), KERAS_WALK, cases=3),
        "schedule": Check("schedule", "A learning rate that is set between two steps counts from the next step on.",
                          scheduled, program, keras, KERAS_WALK, cases=1),
        "tiny": Check("tiny", "Gradients of 1e-6 show where epsilon stands: 10 steps from 0 with learning_rate=0.1.",
                      from_zero, program, keras, KERAS_TINY, cases=1),
        "large": Check("large", "Gradients of order 1,000,000, for 10 steps.",
                       lambda draw: one_parameter(draw, large, fixed), program, keras, KERAS, cases=1),
        "sparse": Check("sparse", "Gradients that are 0 in most entries, for 10 steps.",
                        lambda draw: one_parameter(draw, sparse, fixed), program, keras, KERAS, cases=1),
        "parameters": Check("parameters", "Four parameters of the same shape, with gradients of order one, tiny, large and "
                            "sparse, do not influence each other in 10 steps.", four_parameters, program, keras, KERAS,
                            cases=1),
        "instances": Check("instances", f"Two optimizers {call} that take turns share nothing.", two_starts,
                           two_instances(rule.name), cases=1),
        "kept": Check("kept", "The gradients are as they were, so the same array can be given at three steps.", one_gradient,
                      same_gradient_again(rule.name), cases=2, untouched=True),
    }  # fmt: skip
    value = Check("value", f"{call} takes ten steps of {rule.formula}.", lambda draw: one_parameter(draw, rule.sizes, fixed),
                  program, keras, KERAS, cases=2, public=True)  # fmt: skip
    return Exercise(rule.exercise, rule.title, (value, *rule.extra, *(known[name] for name in rule.checks)))


def worked(rule: str, gradient: float, sentence: str, steps: int = 3, **options: Any) -> Check:
    """Steps of a single weight from 0 under a constant gradient, which a person can follow."""

    def inputs(draw: Draw) -> Inputs:
        del draw
        return {"start": [np.zeros(1)], "gradients": [[np.array([gradient])] for _ in range(steps)], "options": options}

    def others(draw: Draw) -> Inputs:
        slope = draws.values(draw, 1)
        return {"start": [draws.values(draw, 1)], "gradients": [[slope.copy()] for _ in range(steps)], "options": options}

    return worked_example(
        Check("worked", sentence, inputs, trajectory(rule), partial(keras_trajectory, rule), KERAS, cases=1, public=True),
        others,
    )


def with_options(rule: str, name: str, sentence: str, sizes: Sizes = order_one, cases: int = 2, **options: Any) -> Check:
    """A trajectory with options drawn from these lists."""
    return Check(name, sentence, lambda draw: one_parameter(draw, sizes, options), trajectory(rule),
                 partial(keras_trajectory, rule), KERAS_WALK, cases=cases)  # fmt: skip


def counts(rule: str) -> Callable[..., Any]:
    def program(
        student: Any, start: list[np.ndarray], gradients: list[list[np.ndarray]], options: dict[str, Any]
    ) -> dict[str, Any]:
        optimizer = getattr(student, rule)(**options)
        walk = Walk(start, len(gradients))
        found = [snapshot(optimizer.iterations)]
        for at_step in gradients:
            walk.apply(optimizer, at_step)
            found.append(snapshot(optimizer.iterations))
        return {"iterations": found}

    return program


def unequal_shapes(draw: Draw) -> Inputs:
    shapes = draws.one_of(draw, [((2, 3), (3,), (1,)), ((5,), (5, 2), (2,)), ((1, 1), (1,), (3, 2))])
    start = [draws.values(draw, *shape) for shape in shapes]
    return {"start": start, "gradients": by_step([order_one(draw, 4, shape) for shape in shapes]),
            "options": {"learning_rate": draws.one_of(draw, RATES)}}  # fmt: skip


RULES = (
    Rule("SGD", "Gradient descent", "w - learning_rate * g", {"learning_rate": RATES},
         checks=("options", "schedule", "large", "parameters", "kept")),
    Rule("SGD.momentum", "SGD with momentum", "v = momentum * v - learning_rate * g and w + v",
         {"learning_rate": RATES, "momentum": (0.5, 0.8)}, {"momentum": 0.9},
         checks=("options", "schedule", "sparse", "parameters", "instances", "kept"),
         extra=(worked("SGD", 1.0, "With a gradient of 1, learning_rate=0.1 and momentum=0.9 the steps are .1, .19, .271.",
                       learning_rate=0.1, momentum=0.9),)),
    Rule("SGD.nesterov", "SGD with Nesterov's momentum", "w + momentum * v - learning_rate * g with the new v",
         {"learning_rate": RATES, "momentum": (0.5, 0.8)}, {"momentum": 0.9, "nesterov": True},
         checks=("options", "schedule", "sparse", "parameters", "instances"),
         extra=(worked("SGD", 1.0, "With a gradient of 1, learning_rate=0.1 and momentum=0.9 the steps are .19, .271, .3439.",
                       learning_rate=0.1, momentum=0.9, nesterov=True),)),
    Rule("Adagrad", "Adagrad", "n = n + g**2 and w - learning_rate * g / sqrt(n + epsilon)",
         {"learning_rate": RATES, "initial_accumulator_value": (0.0, 0.5), "epsilon": (1e-3, 0.02)},
         zeros=("initial_accumulator_value", "epsilon"),
         extra=(worked("Adagrad", 0.5, "The sum of squares starts at 0.1: at g = 0.5 the first step is .845 learning rates.",
                       learning_rate=1.0),)),
    Rule("Adadelta", "Adadelta", "the average squares a and d, as the docstring has them",
         {"learning_rate": (1.0, 0.3), "rho": (0.8, 0.5), "epsilon": (1e-3, 0.02)}, zeros=("rho",)),
    Rule("RMSprop", "RMSprop", "v = rho * v + (1 - rho) * g**2 and w - learning_rate * g / sqrt(v + epsilon)",
         {"learning_rate": RATES, "rho": (0.8, 0.5), "epsilon": (1e-3, 0.02)}, zeros=("rho", "epsilon")),
    Rule("RMSprop.centered", "RMSprop, centered", "RMSprop that divides by sqrt(v - mean**2 + epsilon)",
         {"learning_rate": RATES, "rho": (0.8, 0.5), "epsilon": (1e-3, 0.02)}, {"centered": True},
         checks=("options", "schedule", "tiny", "sparse", "parameters"),
         extra=(with_options("RMSprop", "with_momentum", "It can be centered and have momentum at once.", cases=1,
                             centered=(True,), momentum=(0.7,)),)),
    Rule("RMSprop.momentum", "RMSprop with momentum", "RMSprop whose increments are accumulated, learning rate included",
         {"learning_rate": RATES, "momentum": (0.5, 0.8), "rho": (0.8, 0.5)}, {"momentum": 0.9},
         checks=("options", "schedule", "sparse", "parameters", "instances")),
    Rule("Adam", "Adam", "two moving averages, both corrected for their start at 0", BETAS,
         zeros=("beta_1", "beta_2", "epsilon"),
         extra=(worked("Adam", 1.0, "Under a gradient of 1 every step is the learning rate, from the first step on.",
                       learning_rate=1.0),)),
    Rule("Adam.amsgrad", "AMSGrad", "Adam that divides by the root of the largest v so far, while gradients fade", BETAS,
         {"amsgrad": True}, checks=("options", "schedule", "sparse", "parameters", "instances"), sizes=fading),
    Rule("Adamax", "Adamax", "Adam with u = max(beta_2 * u, |g|) in the denominator", BETAS,
         zeros=("beta_1", "beta_2", "epsilon")),
    Rule("Nadam", "Nadam", "Adam with Nesterov's look ahead, as the docstring has it", BETAS,
         zeros=("beta_1", "beta_2", "epsilon")),
    Rule("Ftrl", "Follow the regularized leader", "the two sums n and z, from which w is computed anew",
         {"learning_rate": RATES, "learning_rate_power": (-0.3, -0.8), "initial_accumulator_value": (0.5, 1.5)},
         zeros=("initial_accumulator_value",),
         extra=(
             with_options("Ftrl", "l1", "l1_regularization_strength makes small entries exactly 0.",
                          l1_regularization_strength=(0.5, 1.0), learning_rate=RATES),
             with_options("Ftrl", "l2", "l2_regularization_strength and beta make the denominator larger.",
                          l2_regularization_strength=(0.2, 0.5), beta=(0.1, 0.4), learning_rate=RATES,
                          learning_rate_power=(0.0, -0.5)),
             with_options("Ftrl", "shrinkage", "l2_shrinkage_regularization_strength pulls on z, and n does not see it.",
                          l2_shrinkage_regularization_strength=(0.3, 0.1), learning_rate=RATES),
         )),
    Rule("AdamW", "AdamW", "w - learning_rate * weight_decay * w and then Adam's step",
         {**BETAS, "weight_decay": (0.1, 0.4)}, zeros=("beta_1", "beta_2", "epsilon", "weight_decay"),
         extra=(Check("iterations", "iterations counts the steps, also where another optimizer takes them.", unequal_shapes,
                      counts("AdamW"), cases=1),)),
)  # fmt: skip


# --- the base class ---------------------------------------------------------------------------------------------------
# The rules are the module's given ones, so that nothing but the base class can be at fault.


def equal_shapes(draw: Draw) -> Inputs:
    """Three parameters; at the third step the second of them has no gradient, and moves by what the rule remembers."""
    # Lion takes a sign, which is stable for any rounding where no entry comes close to 0: normal numbers do not.
    shape = draws.one_of(draw, SHAPES)
    start = [draws.values(draw, *shape) for _ in range(3)]
    gradients = by_step([[draws.normal(draw, *shape) for _ in range(6)] for _ in start])
    gradients[2][1] = np.zeros(shape)
    return {"start": start, "gradients": gradients, "options": {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.6}}


def two_of_equal_shape(draw: Draw) -> Inputs:
    case = equal_shapes(draw)
    return {**case, "start": case["start"][:2], "gradients": [at_step[:2] for at_step in case["gradients"]]}


def scheduled_signs(draw: Draw) -> Inputs:
    return {**unequal_shapes(draw), "options": {"learning_rate": 0.5}, "learning_rates": [0.5, 0.125, 1.0, 0.25]}


def rates(student: Any, learning_rates: list[float], **case: Any) -> Any:
    """As :func:`trajectory` of SignSGD under a schedule, with the attribute as it was read before and after each step."""
    optimizer = student.SignSGD(**case["options"])
    walk = Walk(case["start"], len(learning_rates))
    found = [snapshot(optimizer.learning_rate)]
    for rate, at_step in zip(learning_rates, case["gradients"], strict=True):
        assign(optimizer, "learning_rate", rate)
        walk.apply(optimizer, at_step)
        found.append(snapshot(optimizer.learning_rate))
    given = {"by default": student.SignSGD(), "of 0": student.SignSGD(learning_rate=0.0)}
    first = {f"learning_rate {which}": snapshot(made.learning_rate) for which, made in given.items()}
    return {**walk.answers(), "learning_rate": found, **first}


def new_arrays_every_step(
    student: Any, start: list[np.ndarray], gradients: list[list[np.ndarray]], options: dict[str, Any]
) -> Any:
    """The parameters are handed over as copies at every step, as they are after weights have been saved and loaded."""
    optimizer = student.Lion(**options)
    parameters = [snapshot(array) for array in start]
    kept = []
    for at_step in gradients:
        parameters = [snapshot(parameter) for parameter in parameters]
        kept.append(parameters)  # so that no array's place in memory is used again
        optimizer.apply(at_step, parameters)
    return {f"parameter {i}": parameter for i, parameter in enumerate(kept[-1], 1)}


def in_place(student: Any, start: list[np.ndarray], gradients: list[np.ndarray]) -> Any:
    optimizer = student.SignSGD(learning_rate=0.25)
    walk = Walk(start, 2)
    returned = [walk.apply(optimizer, gradients), walk.apply(optimizer, gradients)]
    return {**walk.answers(), "returned": returned}


def two_arrays(draw: Draw) -> Inputs:
    shape = draws.one_of(draw, SHAPES)
    return {"start": [draws.values(draw, *shape) for _ in range(2)], "gradients": order_one(draw, 2, shape)}


def line(draw: Draw) -> Inputs:
    batch, features, units = draws.sizes(draw, 3)
    return {"x": draws.normal(draw, batch, features), "y": draws.normal(draw, batch, units),
            "kernel": draws.normal(draw, features, units), "bias": draws.normal(draw, units)}  # fmt: skip


def loop(student: Any, x: np.ndarray, y: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> Any:
    answers = {}
    for rule in ("SignSGD", "RobbinsMonro", "Lion"):
        optimizer = getattr(student, rule)(learning_rate=0.05)
        trained = [snapshot(kernel), snapshot(bias)]
        losses = student.fit_line(optimizer, x, y, *trained, steps=5)
        answers.update({f"losses with {rule}": losses, f"kernel with {rule}": trained[0], f"bias with {rule}": trained[1]})
    return answers


BASE = Exercise("Optimizer", "The contract of all optimizers", (
    Check("value", "A rule that needs only the learning rate (the given SignSGD) moves three parameters, in place.",
          unequal_shapes, trajectory("SignSGD"), cases=2, public=True),
    Check("iterations", "iterations is 0 at first and grows by 1 a step, however many parameters there are.", unequal_shapes,
          counts("RobbinsMonro"), cases=1, public=True),
    Check("count", "A rule that needs the count (the given RobbinsMonro) finds the number of steps before this one.",
          unequal_shapes, trajectory("RobbinsMonro"), cases=2),
    Check("slot", "A rule that remembers something (the given Lion) finds it in its slot at the next step; three parameters "
          "of the same shape each have their own.", equal_shapes, trajectory("Lion"), partial(keras_trajectory, "Lion"), KERAS,
          cases=2),
    Check("position", "State belongs to the position in the list: it is found again where the arrays are new at every step.",
          equal_shapes, new_arrays_every_step, cases=1),
    Check("instances", "Two optimizers that take turns share nothing.", two_of_equal_shape, two_instances("Lion"), cases=1),
    Check("learning_rate", "learning_rate is the argument's value, 0.01 by default; a new one counts from the next step.",
          scheduled_signs, rates, cases=1),
    Check("in_place", "apply returns None and leaves the gradients as they are: the moved parameters are its only result.",
          two_arrays, in_place, cases=2, untouched=True),
    Check("loop", "The given rules train a line in the given loop, fit_line.", line, loop, cases=2),
))  # fmt: skip


# --- momentum in three forms --------------------------------------------------------------------------------------------


def bowl(draw: Draw, learning_rates: Sequence[float] = (), sizes: Sequence[int] = (2, 3, 5), **options: Any) -> Inputs:
    size = draws.one_of(draw, sizes)
    factor = draws.values(draw, size, size, scale=1.0)
    # Eigenvalues from .5 to about 3: with these rates no path diverges.
    hessian = np.round(factor @ factor.T / size, 4) + 0.5 * np.eye(size)
    rates = np.array(learning_rates) if learning_rates else np.full(STEPS, draws.one_of(draw, (0.1, 0.05)))
    return {"theta": draws.values(draw, size), "hessian": hessian, "b": draws.values(draw, size), "learning_rates": rates,
            **options}  # fmt: skip


def bowl_scheduled(draw: Draw) -> Inputs:
    return bowl(draw, (0.2, 0.2, 0.0, 0.02, 0.02, 0.1, 0.05, 0.005), momentum=draws.one_of(draw, (0.5, 0.8)))


def bowl_odd(draw: Draw) -> Inputs:
    case = bowl(draw, sizes=(1, 7))
    return {**case, "learning_rates": case["learning_rates"][: draws.one_of(draw, (0, 1, 2))]}


def flat_slope(draw: Draw) -> Inputs:
    del draw
    return {"theta": np.zeros(1), "hessian": np.zeros((1, 1)), "b": np.ones(1), "learning_rates": np.full(3, 0.1)}


def other_slope(draw: Draw) -> Inputs:
    return {**flat_slope(draw), "theta": draws.values(draw, 1), "b": draws.values(draw, 1)}


def path_of(name: str) -> Callable[..., Any]:
    return lambda student, **case: {"path": getattr(student, name)(**case)}


def of_both_momenta(path: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *student, **case: {
        f"path with momentum={momentum}": path(*student, **case, momentum=momentum)["path"] for momentum in (0.0, 0.99)
    }


def path_and_memory(name: str) -> Callable[..., Any]:
    def program(student: Any, **case: Any) -> dict[str, Any]:
        path = getattr(student, name)(**case)
        return {"path": path, "shares memory with theta": same_memory(path, case["theta"])}

    return program


def keras_path(theta: np.ndarray, hessian: np.ndarray, b: np.ndarray, learning_rates: np.ndarray,
               momentum: float = 0.9, nesterov: bool = False) -> dict[str, Any]:  # fmt: skip
    """Keras's SGD down the bowl; with Nesterov's, after the change of variable from the place ahead to theta."""
    import tensorflow as tf

    from autograder.declare import keras

    optimizer = keras().optimizers.SGD(momentum=momentum, nesterov=nesterov)
    variable = keras().Variable(theta, dtype="float64")
    optimizer.build([variable])
    path = [theta]
    for rate in learning_rates:
        optimizer.learning_rate = float(rate)
        optimizer.apply([tf.constant(hessian @ variable.numpy() - b, tf.float64)], [variable])
        now = variable.numpy()
        # ahead = theta + momentum * (theta - theta before), solved for theta
        path.append((now + momentum * path[-1]) / (1 + momentum) if nesterov else now)
    return {"path": np.array(path)}


def velocity_path(case: Inputs, nesterov: bool = False) -> np.ndarray:
    """The path of Keras's SGD, for what is measured against it."""
    momentum = case.get("momentum", 0.9)
    place, velocity = case["theta"], np.zeros_like(case["theta"])
    path = [place]
    for rate in case["learning_rates"]:
        step = rate * (case["hessian"] @ place - case["b"])
        velocity = momentum * velocity - step
        place = place + (momentum * velocity - step if nesterov else velocity)
        path.append(place)
    return np.array(path)


def distance(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).max())


# Paths in the bowl have entries of order one to ten; rounding of ten steps is 1e-14, and paths that part do so by 1e-3.
PATH_WITHIN = 1e-10


def accumulator_against_velocity(case: Inputs, answers: Mapping[str, Any]) -> dict[str, Claim]:
    apart = distance(answers["path"], velocity_path(case))
    return {"distance from the velocity's path": Claim(apart, 0.0, PATH_WITHIN)}


def accumulator_parts(case: Inputs, answers: Mapping[str, Any]) -> dict[str, Claim]:
    apart = distance(answers["path"], velocity_path(case))
    # Both agree until the first rate that differs from the one before, the third.
    together = distance(answers["path"][:3], velocity_path(case)[:3])
    return {
        "distance from the velocity's path before the rate changes": Claim(together, 0.0, PATH_WITHIN),
        "parts from the velocity's path afterwards": Claim(bool(apart > 1e-3), True, 0),
    }


def lookahead_against_keras(case: Inputs, answers: Mapping[str, Any]) -> dict[str, Claim]:
    theta = answers["path"]
    before = np.concatenate([theta[:1], theta[:-1]])
    ahead = theta + case.get("momentum", 0.9) * (theta - before)
    apart = distance(ahead, velocity_path(case, nesterov=True))
    return {"distance of the places ahead from Keras's path": Claim(apart, 0.0, PATH_WITHIN)}


def form_exercise(
    name: str, title: str, formula: str, steps: str, keras: Callable[..., Any] | None, *extra: Check
) -> Exercise:
    return Exercise(name, title, (
        Check("value", f"The path has the start and ten steps of {formula}.", bowl, path_of(name), keras, KERAS, cases=3,
              public=True),
        worked_example(
            Check("worked", f"On a slope of 1, with learning rate 0.1 and momentum 0.9, the steps are {steps}.", flat_slope,
                  path_of(name), keras, KERAS, cases=1, public=True),
            other_slope,
        ),
        Check("schedule", "Every step has its own learning rate; the argument momentum is used.", bowl_scheduled,
              path_of(name), keras, KERAS, cases=3),
        *extra,
        Check("short", "With no step the path is the start alone; one coordinate is enough.", bowl_odd, path_of(name),
              cases=5),
        Check("kept", "The path is a new array, with a momentum of 0 too, and theta is as it was.",
              lambda draw: {**bowl(draw), "momentum": draws.one_of(draw, (0.0, 0.9))}, path_and_memory(name), cases=2,
              untouched=True),
    ))  # fmt: skip


FORMS = (
    form_exercise(
        "velocity_momentum", "Momentum with the learning rate in the velocity", "v = momentum * v - rate * g and theta + v",
        ".1, .19, .271", keras_path,
        Check("momentum", "The argument momentum is used, whether it is 0 or close to 1.",
              lambda draw: bowl(draw, (0.1, 0.1, 0.1, 0.1)), of_both_momenta(path_of("velocity_momentum")),
              of_both_momenta(keras_path), KERAS, cases=3),
    ),
    form_exercise(
        "accumulator_momentum", "Momentum with the learning rate outside", "a = momentum * a + g and theta - rate * a",
        ".1, .19, .271", None,
        Check("equal", "While the learning rate is constant, the path is the velocity's.", bowl,
              path_of("accumulator_momentum"), measure=accumulator_against_velocity, cases=3),
        Check("parts", "When the learning rate changes, the path parts from the velocity's, and not before.", bowl_scheduled,
              path_of("accumulator_momentum"), measure=accumulator_parts, cases=2),
    ),
    form_exercise(
        "lookahead_nesterov", "Nesterov's momentum by looking ahead",
        "v = momentum * v - rate * g(theta + momentum * v) and theta + v", ".1, .19, .271", partial(keras_path, nesterov=True),
        Check("ahead", "The places ahead, theta + momentum * v, are Keras's path, under a schedule too.", bowl_scheduled,
              path_of("lookahead_nesterov"), measure=lookahead_against_keras, cases=3),
    ),
)  # fmt: skip

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "Optimizer/position": Weight(
        2, "State that is lost, or taken for another parameter's, is another rule than the one that was chosen."
    ),
    "SGD/schedule": Weight(2, "A rate that is read once makes every schedule a constant."),
    "SGD.momentum/schedule": Weight(
        3, "The rate outside of the velocity is PyTorch's rule, and another one as soon as the rate changes."
    ),
    "RMSprop.momentum/schedule": Weight(2, "The rate outside of the velocity is another rule as soon as the rate changes."),
    "Ftrl/l1": Weight(5, "The threshold is what FTRL is there for: without it no parameter is ever exactly 0."),
    "Ftrl/l2": Weight(2, "A strength that counts half or not at all is another rule."),
    "Ftrl/shrinkage": Weight(2, "A strength that counts half or not at all is another rule."),
    "velocity_momentum/schedule": Weight(
        2, "Where the rate stands is the one difference between the two forms of momentum that are compared."
    ),
}

TOPIC = Topic(
    name="optimizers",
    title="Optimizers: the rules by which gradients move parameters",
    exercises=weighed(
        with_contract(
            (BASE, *map(rule_exercise, RULES), *FORMS),
            base={rule.exercise: "options" for rule in RULES},  # of any shape
        ),
        WORTH,
    ),
)
