"""Checks of topic 7, schedules: rates at exact steps against Keras, and ReduceLROnPlateau on scripted curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    Check,
    Draw,
    Exercise,
    Inputs,
    Topic,
    snapshot,
    with_contract,
)
from autograder.declare import strategies as draws

# Steps by name: an answer is then told by where it stands ("at decay_steps") and not by a number that differs in every case.
Steps = Mapping[str, int]
Settings = dict[str, Any]
Drawn = Callable[[Draw], Inputs]
Maker = Callable[[np.random.Generator], Settings]


def generator_of(draw: Draw) -> np.random.Generator:
    return np.random.default_rng(draws.seeds(draw))


def between(generator: np.random.Generator, low: float, high: float, decimals: int = 3) -> float:
    """A number that a person can read; none of those drawn here is a default or a round number often."""
    return round(float(generator.uniform(low, high)), decimals)


def whole(generator: np.random.Generator, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return int(generator.integers(low, high + 1))


# --- schedules that are objects ---------------------------------------------------------------------------------------


def rates(name: str) -> Callable[..., Any]:
    """Make a schedule and ask it for the rates at named steps."""

    def program(student: Any, settings: Inputs, steps: Steps) -> dict[str, Any]:
        schedule = getattr(student, name)(**settings)
        return {where: schedule(step) for where, step in steps.items()}

    return program


def in_turn(name: str) -> Callable[..., Any]:
    """Two schedules asked in turn, the second of them for an early step after a late one."""

    def program(student: Any, settings: Inputs, others: Inputs, early: int, late: int) -> dict[str, Any]:
        first, second = getattr(student, name)(**settings), getattr(student, name)(**others)
        return {
            "late step, asked first": first(late),
            "another schedule, late step": second(late),
            "early step, asked after the late one": first(early),
            "the late step again": first(late),
            "another schedule, early step": second(early),
        }

    return program


def exact(value: Any) -> Any:
    """Floats as NumPy's: Keras makes a float32 tensor of a Python float, and a float64 one of these."""
    if isinstance(value, float):
        return np.float64(value)
    if isinstance(value, list):
        return [exact(item) for item in value]
    return value


def keras_schedule(name: str, settings: Inputs) -> Any:
    from autograder.declare import keras

    return getattr(keras().optimizers.schedules, name)(**{key: exact(value) for key, value in settings.items()})


def keras_rates(name: str) -> Callable[..., Any]:
    def answers(settings: Inputs, steps: Steps) -> dict[str, float]:
        schedule = keras_schedule(name, settings)
        return {where: float(schedule(step)) for where, step in steps.items()}

    return answers


def keras_in_turn(name: str) -> Callable[..., Any]:
    def answers(settings: Inputs, others: Inputs, early: int, late: int) -> dict[str, float]:
        first, second = keras_schedule(name, settings), keras_schedule(name, others)
        return {
            "late step, asked first": float(first(late)),
            "another schedule, late step": float(second(late)),
            "early step, asked after the late one": float(first(early)),
            "the late step again": float(first(late)),
            "another schedule, early step": float(second(early)),
        }

    return answers


def together(**kinds: Callable[[Draw], Inputs]) -> Callable[[Draw], Inputs]:
    """One case that holds an input of each kind, so that no course leaves one of them to chance."""
    return lambda draw: {kind: inputs(draw) for kind, inputs in kinds.items()}


def of_each(program: Callable[..., Any]) -> Callable[..., Any]:
    """What a program, or Keras, answers to each kind of input that is asked together."""

    def answers(*student: Any, **kinds: Inputs) -> dict[str, Any]:
        return {
            f"{kind.replace('_', ' ')}: {name}": answer
            for kind, case in kinds.items()
            for name, answer in program(*student, **case).items()
        }

    return answers


def two_settings(maker: Maker, draw: Draw) -> Inputs:
    generator = generator_of(draw)
    return {
        "settings": maker(generator),
        "others": maker(generator),
        "early": whole(generator, 1, 2),
        "late": whole(generator, 5, 9),
    }


def in_turn_check(name: str, maker: Maker, keras: bool = True) -> Check:
    return Check(
        "in_turn",
        "The rate depends on the step alone: steps may be asked for in any order and twice, and two schedules share nothing.",
        partial(two_settings, maker),
        in_turn(name),
        keras_in_turn(name) if keras else None,
        cases=3,
    )


# --- exponential, power -----------------------------------------------------------------------------------------------


def decay(generator: np.random.Generator) -> Settings:
    return {
        "initial_learning_rate": between(generator, 0.05, 0.9),
        "decay_steps": whole(generator, 3, 13),
        "decay_rate": between(generator, 0.2, 0.9, 2),
    }


def stairs(generator: np.random.Generator) -> Settings:
    return {**decay(generator), "staircase": True}


def power_decay(generator: np.random.Generator) -> Settings:
    return {
        "initial_learning_rate": between(generator, 0.05, 0.9),
        "decay_steps": whole(generator, 3, 13),
        "power": draws_power(generator),
    }


def draws_power(generator: np.random.Generator) -> float:
    return float(generator.choice([2.0, 0.5, 1.5, 3.0, 0.7]))


def along(settings: Settings, generator: np.random.Generator) -> dict[str, int]:
    """Steps before, at and after decay_steps; nothing happens there in a smooth decay."""
    count = settings["decay_steps"]
    return {
        "at step 0": 0,
        "at step 1": 1,
        "before decay_steps": whole(generator, 2, count - 1),
        "at decay_steps": count,
        "beyond decay_steps": count + whole(generator, 1, count - 1),
        "at 3 * decay_steps": 3 * count,
        "far beyond": 5 * count + whole(generator, 1, count),
    }


def edges(settings: Settings) -> dict[str, int]:
    count = settings["decay_steps"]
    return {
        "at step 0": 0,
        "at step 1": 1,
        "one before decay_steps": count - 1,
        "at decay_steps": count,
        "one after decay_steps": count + 1,
        "one before 2 * decay_steps": 2 * count - 1,
        "at 2 * decay_steps": 2 * count,
        "one before 4 * decay_steps": 4 * count - 1,
    }


def smooth_case(maker: Maker, draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = maker(generator)
    return {"settings": settings, "steps": along(settings, generator)}


def not_stairs_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {**decay(generator), "staircase": False}
    return {"settings": settings, "steps": along(settings, generator)}


def stairs_case(draw: Draw) -> Inputs:
    settings = stairs(generator_of(draw))
    return {"settings": settings, "steps": edges(settings)}


def every_step_case(draw: Draw) -> Inputs:
    settings = {**stairs(generator_of(draw)), "decay_steps": draws.one_of(draw, [1, 2])}
    return {"settings": settings, "steps": {f"at step {step}": step for step in range(5)}}


def long_case(maker: Maker, size: float, draw: Draw) -> Inputs:
    """A training of some ten thousand steps, from an initial rate of this size."""
    generator = generator_of(draw)
    count = whole(generator, 1000, 3000)
    settings = {
        **maker(generator),
        "initial_learning_rate": between(generator, 0.2, 0.9) * size,
        "decay_steps": count,
    }
    steps = {"at step 0": 0, "early": whole(generator, 10, 999), "later": count + whole(generator, 500, 999)}
    return {"settings": settings, "steps": {**steps, "late": 4 * count + whole(generator, 100, 900)}}


def long_cases(maker: Maker) -> Callable[[Draw], Inputs]:
    return together(small=partial(long_case, maker, 1e-4), large=partial(long_case, maker, 100.0))


def decay_exercises(name: str, title: str, formula: str, floored: str) -> tuple[Exercise, Exercise]:
    program, keras = rates(name), keras_rates(name)
    smooth = Exercise(name, title, (
        Check("value", f"The rate is {formula}, at step 0, at decay_steps and everywhere else.", partial(smooth_case, decay),
              program, keras, public=True),
        Check("not_stairs", "With staircase=False it is smooth, as it is by default.", not_stairs_case, program, keras,
              cases=3),
        Check("long", "So it is in a training of ten thousand steps, from an initial rate of any size.",
              long_cases(decay), of_each(program), of_each(keras), cases=2),
        in_turn_check(name, decay),
    ))  # fmt: skip
    staircase = Exercise(f"{name}.staircase", f"{title}, in stairs", (
        Check("edges", f"With staircase=True {floored}: the rate drops at decay_steps and its multiples, not one step earlier "
              "or later.", stairs_case, program, keras, public=True),
        Check("small_stairs", "Stairs of one step or of two: with decay_steps=1 every step is an edge.", every_step_case,
              program, keras, cases=4),
        Check("long", "So it is in a training of ten thousand steps, from an initial rate of any size.",
              long_cases(stairs), of_each(program), of_each(keras), cases=2),
        in_turn_check(name, stairs),
    ))  # fmt: skip
    return smooth, staircase


EXPONENTIAL = decay_exercises(
    "ExponentialDecay", "Exponential scheduling", "initial_learning_rate * decay_rate ** (step / decay_steps)",
    "the exponent is rounded down",
)  # fmt: skip
INVERSE_TIME = decay_exercises(
    "InverseTimeDecay", "Inverse time decay", "initial_learning_rate / (1 + decay_rate * step / decay_steps)",
    "step / decay_steps is rounded down",
)  # fmt: skip


def no_power_case(draw: Draw, **power: float) -> Inputs:
    generator = generator_of(draw)
    settings = decay(generator)
    del settings["decay_rate"]
    return {"settings": {**settings, **power}, "steps": along(settings, generator)}


def keras_without_power(settings: Inputs, steps: Steps) -> dict[str, float]:
    same = {"decay_rate": settings.get("power", 1.0)}  # a power of 0 and a decay rate of 0 both leave the rate as it is
    given = {name: value for name, value in settings.items() if name != "power"}
    answers: dict[str, float] = keras_rates("InverseTimeDecay")({**given, **same}, steps)
    return answers


POWER = Exercise("PowerDecay", "Power scheduling", (
    Check("value", "The rate is initial_learning_rate / (1 + step / decay_steps) ** power, at step 0, at decay_steps and "
          "everywhere else.", partial(smooth_case, power_decay), rates("PowerDecay"), public=True),
    Check("no_power", "The power is 1 where it is not given, and 0 where 0 is given: inverse time decay with that decay_rate.",
          together(by_default=no_power_case, power_of_0=partial(no_power_case, power=0.0)), of_each(rates("PowerDecay")),
          of_each(keras_without_power), cases=3),
    Check("long", "So it is in a training of ten thousand steps, from an initial rate of any size.",
          long_cases(power_decay), of_each(rates("PowerDecay")), cases=2),
    in_turn_check("PowerDecay", power_decay, keras=False),
))  # fmt: skip

# --- exponential, as a closure ----------------------------------------------------------------------------------------


def tenth(generator: np.random.Generator) -> Settings:
    return {"initial_learning_rate": between(generator, 0.05, 0.9), "decay_epochs": whole(generator, 3, 13)}


def tenth_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = tenth(generator)
    count = settings["decay_epochs"]
    steps = {
        "at epoch 0": 0,
        "at epoch 1": 1,
        "before decay_epochs": whole(generator, 2, count - 1),
        "at decay_epochs": count,
        "beyond decay_epochs": count + whole(generator, 1, count - 1),
        "at 2 * decay_epochs": 2 * count,
    }
    return {"settings": settings, "steps": steps}


def keras_tenth_rates(settings: Inputs, steps: Steps) -> dict[str, float]:
    answers: dict[str, float] = keras_rates("ExponentialDecay")(_as_keras(settings), steps)
    return answers


def keras_tenth_in_turn(settings: Inputs, others: Inputs, early: int, late: int) -> dict[str, float]:
    answers: dict[str, float] = keras_in_turn("ExponentialDecay")(_as_keras(settings), _as_keras(others), early, late)
    return answers


def _as_keras(settings: Inputs) -> Settings:
    return {
        "initial_learning_rate": settings["initial_learning_rate"],
        "decay_steps": settings["decay_epochs"],
        "decay_rate": 0.1,
    }


def long_tenth_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {"initial_learning_rate": between(generator, 50, 900, 1), "decay_epochs": whole(generator, 60, 90)}
    steps = {"early": whole(generator, 5, 30), "later": whole(generator, 91, 150), "late": whole(generator, 200, 300)}
    return {"settings": settings, "steps": steps}


CLOSURE = Exercise("exponential_decay", "Exponential scheduling as a closure", (
    Check("value", "exponential_decay(...) returns a function of the epoch: a tenth of the rate in every decay_epochs epochs.",
          tenth_case, rates("exponential_decay"), keras_tenth_rates, public=True),
    Check("in_turn", "Each function keeps the settings that it was made with, and its answer depends on the epoch alone.",
          partial(two_settings, tenth), in_turn("exponential_decay"), keras_tenth_in_turn, cases=3),
    Check("long", "So it is in a training of hundreds of epochs, from a large rate.", long_tenth_case,
          rates("exponential_decay"), keras_tenth_rates, cases=4),
))  # fmt: skip

# --- piecewise constant -----------------------------------------------------------------------------------------------


def pieces(generator: np.random.Generator, count: int = 3) -> Settings:
    # Two steps at least between boundaries, and values in no order: not every schedule falls.
    boundaries = np.cumsum(generator.integers(2, 6, count))
    values = generator.choice(np.arange(1, 90), count + 1, replace=False) / 100.0
    return {"boundaries": [int(b) for b in boundaries], "values": [float(value) for value in values]}


def around_boundaries(settings: Settings) -> dict[str, int]:
    steps = {"at step 0": 0}
    for i, boundary in enumerate(settings["boundaries"]):
        steps[f"one before boundary {i}"] = boundary - 1
        steps[f"at boundary {i}"] = boundary
        steps[f"one after boundary {i}"] = boundary + 1
    return {**steps, "far beyond the last boundary": settings["boundaries"][-1] + 100}


def pieces_case(draw: Draw) -> Inputs:
    settings = pieces(generator_of(draw))
    return {"settings": settings, "steps": around_boundaries(settings)}


def one_boundary_case(draw: Draw) -> Inputs:
    settings = pieces(generator_of(draw), count=1)
    return {"settings": settings, "steps": around_boundaries(settings)}


def long_pieces_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = pieces(generator, count=draws.one_of(draw, [5, 4]))
    settings["boundaries"] = [1000 * boundary + whole(generator, 0, 999) for boundary in settings["boundaries"]]
    return {"settings": settings, "steps": around_boundaries(settings)}


PIECEWISE = Exercise("PiecewiseConstantDecay", "Piecewise constant scheduling", (
    Check("value", "values[i] holds up to and at boundaries[i]; the next value begins one step later, and the last one stays.",
          pieces_case, rates("PiecewiseConstantDecay"), keras_rates("PiecewiseConstantDecay"), public=True),
    Check("one_boundary", "One boundary and two values are enough.", one_boundary_case, rates("PiecewiseConstantDecay"),
          keras_rates("PiecewiseConstantDecay"), cases=4),
    Check("long", "So it is with more pieces, in a training of ten thousand steps.", long_pieces_case,
          rates("PiecewiseConstantDecay"), keras_rates("PiecewiseConstantDecay"), cases=3),
    in_turn_check("PiecewiseConstantDecay", pieces),
))  # fmt: skip

# --- polynomial -------------------------------------------------------------------------------------------------------


def polynomial(generator: np.random.Generator) -> Settings:
    return {
        "initial_learning_rate": between(generator, 0.3, 0.9),
        "decay_steps": whole(generator, 4, 13),
        "end_learning_rate": between(generator, 0.02, 0.2),
        "power": draws_power(generator),
    }


def cycling(generator: np.random.Generator) -> Settings:
    return {**polynomial(generator), "cycle": True}


def to_the_end(count: int, generator: np.random.Generator, what: str = "decay_steps") -> dict[str, int]:
    """Steps around the end of a decay that has one."""
    return {
        "at step 0": 0,
        "at step 1": 1,
        f"before {what}": whole(generator, 2, count - 2),
        f"one before {what}": count - 1,
        f"at {what}": count,
        f"one after {what}": count + 1,
        f"far beyond {what}": 3 * count + whole(generator, 1, count - 1),
    }


def ending_case(maker: Maker, draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = maker(generator)
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def line_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = polynomial(generator)
    del settings["power"], settings["end_learning_rate"]
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def end_of_zero_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {**polynomial(generator), "end_learning_rate": 0.0}  # `end_learning_rate or 0.0001` takes it for none given
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def rising_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {**polynomial(generator), "initial_learning_rate": between(generator, 0.001, 0.01, 4)}
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def cycles_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = cycling(generator)
    count = settings["decay_steps"]
    steps = {
        **to_the_end(count, generator),
        "in the second cycle": count + whole(generator, 2, count - 1),
        "at 2 * decay_steps": 2 * count,
        "one after 2 * decay_steps": 2 * count + 1,
    }
    return {"settings": settings, "steps": steps}


def straight_cycles_case(draw: Draw) -> Inputs:
    settings = cycling(generator_of(draw))
    del settings["power"], settings["end_learning_rate"]
    count = settings["decay_steps"]
    return {"settings": settings, "steps": {f"at step {step}": step for step in range(0, 3 * count + 2, 2)}}


def long_cycles_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    count = whole(generator, 1000, 3000)
    settings = {**cycling(generator), "decay_steps": count}
    cycle = whole(generator, 4, 9)
    steps = {"at a late end": cycle * count, "one after": cycle * count + 1, "later": cycle * count + whole(generator, 5, 900)}
    return {"settings": settings, "steps": steps}


POLYNOMIAL = Exercise("PolynomialDecay", "Polynomial scheduling", (
    Check("value", "The rate falls from initial_learning_rate to end_learning_rate along (1 - step / decay_steps) ** power, "
          "and stays there.", partial(ending_case, polynomial), rates("PolynomialDecay"), keras_rates("PolynomialDecay"),
          public=True),
    Check("line", "By default it is a straight line (power=1) to an end of 0.0001.", line_case, rates("PolynomialDecay"),
          keras_rates("PolynomialDecay"), cases=4),
    Check("rising", "An end rate of 0, or one above the initial rate, is approached by the same formula.",
          together(to_0=end_of_zero_case, upwards=rising_case), of_each(rates("PolynomialDecay")),
          of_each(keras_rates("PolynomialDecay")), cases=2),
    in_turn_check("PolynomialDecay", polynomial),
))  # fmt: skip

CYCLE = Exercise("PolynomialDecay.cycle", "Polynomial scheduling in cycles", (
    Check("value", "With cycle=True decay_steps is stretched to its smallest multiple that is at least step (and at least "
          "decay_steps): each multiple still is an end, at step 0 the rate is the initial one.", cycles_case,
          rates("PolynomialDecay"), keras_rates("PolynomialDecay"), public=True),
    Check("line", "So it is with a straight line to the end of 0.0001, for three cycles.", straight_cycles_case,
          rates("PolynomialDecay"), keras_rates("PolynomialDecay"), cases=3),
    Check("long", "So it is after many cycles of thousands of steps.", long_cycles_case, rates("PolynomialDecay"),
          keras_rates("PolynomialDecay"), cases=4),
    in_turn_check("PolynomialDecay", cycling),
))  # fmt: skip

# --- cosine -----------------------------------------------------------------------------------------------------------


def cosine(generator: np.random.Generator) -> Settings:
    return {
        "initial_learning_rate": between(generator, 0.05, 0.9),
        "decay_steps": whole(generator, 5, 13),
        "alpha": between(generator, 0.1, 0.4, 2),
    }


def warming(generator: np.random.Generator) -> Settings:
    # The warm-up lasts neither one step nor as long as the decay, and does not start from 0.
    return {
        **cosine(generator),
        "initial_learning_rate": between(generator, 0.05, 0.2),
        "warmup_target": between(generator, 0.3, 0.9),
        "warmup_steps": whole(generator, 3, 4),
    }


def no_alpha_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = cosine(generator)
    del settings["alpha"]
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def no_target_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {**cosine(generator), "warmup_steps": whole(generator, 3, 4)}
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


def long_cosine_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    count = whole(generator, 5000, 9000)
    settings = {**cosine(generator), "initial_learning_rate": between(generator, 1, 9) * 1e-4, "decay_steps": count}
    return {"settings": settings, "steps": to_the_end(count, generator)}


def warm_steps(settings: Settings, generator: np.random.Generator) -> dict[str, int]:
    up, down = settings["warmup_steps"], settings["decay_steps"]
    return {
        "at step 0": 0,
        "at step 1": 1,
        "one before warmup_steps": up - 1,
        "at warmup_steps": up,
        "one after warmup_steps": up + 1,
        "in the decay": up + whole(generator, 2, down - up - 1) if down - up > 3 else up + 2,
        "at decay_steps": down,
        "one before the end": up + down - 1,
        "at the end": up + down,
        "one after the end": up + down + 1,
        "far beyond": 3 * (up + down),
    }


def warming_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = warming(generator)
    return {"settings": settings, "steps": warm_steps(settings, generator)}


def from_zero_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {**warming(generator), "initial_learning_rate": 0.0}
    del settings["alpha"]
    return {"settings": settings, "steps": warm_steps(settings, generator)}


def cooling_case(draw: Draw, at_once: bool = False, **target: float) -> Inputs:
    """A target below the initial rate, or this one; and some steps to get there, or none at all."""
    generator = generator_of(draw)
    settings = {**warming(generator), "initial_learning_rate": 0.95, **target}
    if at_once:
        settings["warmup_steps"] = 0
    steps = to_the_end(settings["decay_steps"], generator) if at_once else warm_steps(settings, generator)
    return {"settings": settings, "steps": steps}


COOLING = together(
    downwards=cooling_case,
    down_to_0=partial(cooling_case, warmup_target=0.0),
    at_once=partial(cooling_case, at_once=True),
    at_once_to_0=partial(cooling_case, at_once=True, warmup_target=0.0),
)


def target_alone_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = warming(generator)
    del settings["warmup_steps"]
    return {"settings": settings, "steps": to_the_end(settings["decay_steps"], generator)}


COSINE = Exercise("CosineDecay", "Cosine scheduling", (
    Check("value", "The rate follows half a cosine from initial_learning_rate to the share alpha of it, and stays there.",
          partial(ending_case, cosine), rates("CosineDecay"), keras_rates("CosineDecay"), public=True),
    Check("no_alpha", "By default it ends at 0, and stays 0.", no_alpha_case, rates("CosineDecay"), keras_rates("CosineDecay"),
          cases=4),
    Check("no_target", "Without warmup_target there is no warm-up, whatever warmup_steps is.", no_target_case,
          rates("CosineDecay"), keras_rates("CosineDecay"), cases=3),
    Check("long", "So it is in a training of thousands of steps, from a small rate.", long_cosine_case, rates("CosineDecay"),
          keras_rates("CosineDecay"), cases=3),
    in_turn_check("CosineDecay", cosine),
))  # fmt: skip

WARMUP = Exercise("CosineDecay.warmup", "Cosine scheduling with a warm-up", (
    Check("value", "The rate rises in a straight line from initial_learning_rate at step 0 to warmup_target at warmup_steps, "
          "then follows the cosine down from the target for decay_steps steps.", warming_case, rates("CosineDecay"),
          keras_rates("CosineDecay"), public=True),
    Check("from_zero", "So it does from an initial rate of 0, down to 0.", from_zero_case, rates("CosineDecay"),
          keras_rates("CosineDecay"), cases=4),
    Check("cooling", "The target may lie below the initial rate, or be 0, and a warm-up of 0 steps starts at it.",
          COOLING, of_each(rates("CosineDecay")), of_each(keras_rates("CosineDecay")), cases=2),
    Check("target_alone", "By default the warm-up has no steps: with a target alone the rate begins at it.", target_alone_case,
          rates("CosineDecay"), keras_rates("CosineDecay"), cases=2),
    in_turn_check("CosineDecay", warming),
))  # fmt: skip

# --- 1cycle -----------------------------------------------------------------------------------------------------------


def one_cycle(generator: np.random.Generator) -> Settings:
    total = whole(generator, 17, 40)
    return {
        "max_learning_rate": between(generator, 0.5, 2.0),
        "total_steps": total,
        "start_learning_rate": between(generator, 0.05, 0.3),
        "final_steps": whole(generator, 3, total // 4),
        "final_learning_rate": between(generator, 0.0001, 0.001, 5),
        "max_momentum": between(generator, 0.91, 0.99, 2),
        "min_momentum": between(generator, 0.5, 0.85, 2),
    }


def cycle_steps(generator: np.random.Generator, total: int, final: int) -> dict[str, int]:
    half = (total - final) // 2
    return {
        "at step 0": 0,
        "at step 1": 1,
        "on the way up": whole(generator, 2, half - 1),
        "at the top": half,
        "one after the top": half + 1,
        "on the way down": half + whole(generator, 2, half - 1),
        "at the end of the cycle": 2 * half,
        "one after the end of the cycle": 2 * half + 1,
        "in the final stretch": total - 1,
        "at total_steps": total,
        "beyond total_steps": total + whole(generator, 1, 9),
    }


def one_cycle_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = one_cycle(generator)
    return {"settings": settings, "steps": cycle_steps(generator, settings["total_steps"], settings["final_steps"])}


def default_cycle_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    total = whole(generator, 20, 60)
    settings = {"max_learning_rate": between(generator, 0.5, 2.0), "total_steps": total}
    return {"settings": settings, "steps": cycle_steps(generator, total, total // 10 + 1)}


def long_cycle_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    total = whole(generator, 5000, 9000)
    settings = {**one_cycle(generator), "total_steps": total, "final_steps": whole(generator, 100, 900)}
    settings["start_learning_rate"] = draws.one_of(draw, [0.0, 0.07])
    return {"settings": settings, "steps": cycle_steps(generator, total, settings["final_steps"])}


def shortest_cycle_case(draw: Draw) -> Inputs:
    """Half a cycle of one step: up and down at once."""
    generator = generator_of(draw)
    final = draws.one_of(draw, [1, 2, 3])
    settings = {**one_cycle(generator), "total_steps": final + draws.one_of(draw, [2, 3]), "final_steps": final}
    if draws.one_of(draw, [True, False]):
        settings |= {"final_learning_rate": 0.0, "min_momentum": 0.0}  # 0 is not "none given"
    return {"settings": settings, "steps": {f"at step {step}": step for step in range(settings["total_steps"] + 2)}}


def momenta(student: Any, settings: Inputs, steps: Steps) -> dict[str, Any]:
    schedule = student.OneCycle(**settings)
    return {where: schedule.momentum(step) for where, step in steps.items()}


def momenta_in_turn(student: Any, settings: Inputs, others: Inputs, early: int, late: int) -> dict[str, Any]:
    first, second = student.OneCycle(**settings), student.OneCycle(**others)
    return {
        "late step, asked first": first.momentum(late),
        "another schedule, late step": second.momentum(late),
        "early step, asked after the late one": first.momentum(early),
        "the late step again": first.momentum(late),
        "another schedule, early step": second.momentum(early),
    }


ONE_CYCLE = Exercise("OneCycle", "The 1cycle policy: learning rate", (
    Check("value", "The rate rises in a straight line to its maximum at step h = (total_steps - final_steps) // 2, falls back "
          "to its start at 2h, and on to the final rate at total_steps, where it stays.", one_cycle_case, rates("OneCycle"),
          public=True),
    Check("defaults", "Where only the maximum and total_steps are given, the other settings have their defaults.",
          default_cycle_case, rates("OneCycle"), cases=4),
    Check("shortest", "Half a cycle may be a single step; a start or an end of 0 is one.", shortest_cycle_case,
          rates("OneCycle"), cases=4),
    Check("long", "So it is in a training of thousands of steps.", long_cycle_case, rates("OneCycle"), cases=3),
    in_turn_check("OneCycle", one_cycle, keras=False),
))  # fmt: skip

MOMENTUM = Exercise("OneCycle.momentum", "The 1cycle policy: momentum", (
    Check("value", "Momentum falls in a straight line to its minimum where the rate is largest, rises back to its maximum at "
          "2h, and stays there.", one_cycle_case, momenta, public=True),
    Check("defaults", "By default it goes from 0.95 to 0.85 and back.", default_cycle_case, momenta, cases=4),
    Check("shortest", "Half a cycle may be a single step; a minimum of 0 is one.", shortest_cycle_case, momenta, cases=4),
    Check("in_turn", "Momentum depends on the step alone, and two schedules share nothing.", partial(two_settings, one_cycle),
          momenta_in_turn, cases=3),
))  # fmt: skip

# --- the rates of a whole training ------------------------------------------------------------------------------------


def listed(draw: Draw, count: int) -> list[float]:
    generator = generator_of(draw)
    return [float(value) / 100.0 for value in generator.choice(np.arange(1, 90), count, replace=False)]


def rates_case(draw: Draw) -> Inputs:
    count = draws.whole(draw, 3, 9)
    return {"listed": listed(draw, count + 1), "options": {"steps": count}}


def epochs_case(draw: Draw) -> Inputs:
    """Some whole epochs and a part of one."""
    steps_per_epoch = draws.one_of(draw, [3, 5, 4])
    steps = 2 * steps_per_epoch + draws.whole(draw, 1, steps_per_epoch - 1)
    return {"listed": listed(draw, 7), "options": {"steps": steps, "steps_per_epoch": steps_per_epoch}}


def few_steps_case(draw: Draw, **options: int) -> Inputs:
    return {"listed": listed(draw, 5), "options": options}


FEW_STEPS = together(
    no_step=partial(few_steps_case, steps=0),
    one_step=partial(few_steps_case, steps=1),
    one_step_of_five=partial(few_steps_case, steps=1, steps_per_epoch=5),
    epochs_of_one_step=partial(few_steps_case, steps=4, steps_per_epoch=1),
)


def whole_training(student: Any, listed: list[float], options: Inputs) -> dict[str, Any]:
    return {"learning rates": student.learning_rates(student.ListedRates(listed), **options)}


def keras_scheduler(listed: list[float], options: Inputs) -> dict[str, Any]:
    """Keras's callback sets the rate when an epoch begins; the steps of the epoch then have it."""
    from autograder.declare import keras

    model = _KerasModel(0.7)
    callback = keras().callbacks.LearningRateScheduler(lambda epoch: listed[min(epoch, len(listed) - 1)])
    callback.set_model(model)
    found = []
    for step in range(options["steps"]):
        epoch, first = divmod(step, options.get("steps_per_epoch", 1))
        if first == 0:
            callback.on_epoch_begin(epoch)
        found.append(model.rate)
    return {"learning rates": np.array(found)}


LEARNING_RATES = Exercise("learning_rates", "The rates of a whole training", (
    Check("value", "learning_rates(schedule, steps) is the float64 array of schedule(0), schedule(1) and so on, steps of "
          "them.", rates_case, whole_training, keras_scheduler, public=True),
    Check("epochs", "With steps_per_epoch the schedule counts epochs: its value stays for a whole epoch; the last may be cut "
          "short.", epochs_case, whole_training, keras_scheduler),
    Check("few_steps", "It may be one step, or none (an empty array), or fewer than an epoch has.", FEW_STEPS,
          of_each(whole_training), of_each(keras_scheduler), cases=2),
))  # fmt: skip

# --- gradient descent with a schedule ---------------------------------------------------------------------------------


def bowl(draw: Draw, size: int) -> np.ndarray:
    """A symmetric matrix with eigenvalues from 0.3 to 1.5: a rate below 1 does not diverge."""
    generator = generator_of(draw)
    axes = np.linalg.qr(generator.normal(size=(size, size)))[0]
    matrix = axes @ np.diag(generator.uniform(0.3, 1.5, size)) @ axes.T
    return np.round((matrix + matrix.T) / 2, 3)


def descent_case(draw: Draw) -> Inputs:
    (size,) = draws.sizes(draw, 1)
    steps = draws.whole(draw, 4, 8)
    rates_ = listed(draw, steps + 1)
    return {"theta": draws.values(draw, size), "hessian": bowl(draw, size), "listed": rates_, "steps": steps}


def warm_descent_case(draw: Draw) -> Inputs:
    """The first rate is 0: the first step must not move."""
    case = descent_case(draw)
    return {**case, "listed": [0.0, *case["listed"][1:]]}


def odd_descent_case(draw: Draw) -> Inputs:
    size, steps = draws.one_of(draw, [(1, 0), (1, 3), (3, 0), (3, 1), (1, 1)])
    return {"theta": draws.values(draw, size), "hessian": bowl(draw, size), "listed": listed(draw, 5), "steps": steps}


def descent(student: Any, theta: np.ndarray, hessian: np.ndarray, listed: list[float], steps: int) -> dict[str, Any]:
    return {"path": student.scheduled_descent(theta, hessian, student.ListedRates(listed), steps)}


def keras_descent(theta: np.ndarray, hessian: np.ndarray, listed: list[float], steps: int) -> dict[str, Any]:
    import tensorflow as tf

    from autograder.declare import keras

    class Listed(keras().optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
        def __call__(self, step: Any) -> Any:
            return tf.constant(listed[min(int(step), len(listed) - 1)], tf.float64)

    optimizer = keras().optimizers.SGD(learning_rate=Listed())
    variable = keras().Variable(theta, dtype="float64")
    path = [theta]
    for _ in range(steps):
        optimizer.apply([tf.constant(hessian @ path[-1], tf.float64)], [variable])
        path.append(np.array(variable.value))
    return {"path": np.array(path)}


DESCENT = Exercise("scheduled_descent", "Gradient descent with a schedule", (
    Check("value", "Step t goes against the gradient, with the rate schedule(t), from t = 0; the path begins at the start.",
          descent_case, descent, keras_descent, public=True),
    Check("warm", "A rate of 0 at step 0 leaves the first step where it was.", warm_descent_case, descent, keras_descent,
          cases=3),
    Check("shapes", "One parameter, one step, or no step at all: the path has the shape (steps + 1, n).", odd_descent_case,
          descent, keras_descent, cases=5),
    Check("untouched", "theta and hessian are as they were.", descent_case, descent, cases=2, untouched=True),
))  # fmt: skip

# --- performance scheduling -------------------------------------------------------------------------------------------


def noisy_curve(generator: np.random.Generator, mode: str = "min", epochs: int = 14) -> list[float]:
    """A noisy curve that falls (or rises) and levels off. Multiples of 1/16: a tie is a tie in any formula."""
    fall = 24.0 * 0.6 ** np.arange(epochs) + generator.integers(0, 6, epochs)
    curve = np.round(fall) / 16.0
    return [float(value) for value in (curve if mode == "min" else 3.0 - curve)]


def curve_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {"patience": draws.one_of(draw, [2, 3, 1]), "factor": between(generator, 0.3, 0.7, 2)}
    return {"curve": noisy_curve(generator), "rate": between(generator, 0.05, 0.9), "settings": settings}


def defaults_case(draw: Draw) -> Inputs:
    """More than ten epochs on a plateau, twice, with an improvement of a little less than 0.0001 and one of a little more."""
    generator = generator_of(draw)
    level = draws.one_of(draw, [1.0, 0.5])
    first, second = whole(generator, 3, 8), whole(generator, 3, 5)
    curve = [2.0, *[level] * first, *[level - 0.00009] * 9, *[level - 0.00011] * second, *[level] * 8]
    return {"curve": curve, "rate": between(generator, 0.05, 0.9), "settings": {}}


def plateau_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    # A best value of 0 is one, and a min_delta and a patience of 0 too: the last epochs are better by a millionth.
    level = draws.one_of(draw, [0.0, 0.5, 0.75])
    start = [level + 0.5, level + 0.25][: draws.whole(draw, 0, 2)]
    settings = {"patience": draws.one_of(draw, [0, 2, 1, 3]), "factor": between(generator, 0.3, 0.7, 2), "min_delta": 0.0}
    return {
        "curve": [*start, *[level] * 7, *[level - 2.0**-20] * 2],
        "rate": between(generator, 0.05, 0.9),
        "settings": settings,
    }


def small_steps_case(draw: Draw) -> Inputs:
    # Steps of 1/16, 1/8 and 1/4 against a min_delta of 1/8: below it, exactly it, above it.
    generator = generator_of(draw)
    moves = generator.choice([0.0625, 0.125, 0.25, -0.0625, 0.0], 11, p=[0.35, 0.25, 0.1, 0.15, 0.15])
    mode = draws.one_of(draw, ["min", "max"])
    curve = 2.0 - np.cumsum(moves) if mode == "min" else 0.5 + np.cumsum(moves)
    settings = {"patience": draws.one_of(draw, [2, 3]), "factor": 0.5, "min_delta": 0.125, "mode": mode}
    return {"curve": [float(value) for value in curve], "rate": between(generator, 0.05, 0.9), "settings": settings}


def rising_curve_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    settings = {"patience": draws.one_of(draw, [2, 1, 3]), "factor": between(generator, 0.3, 0.7, 2), "mode": "max"}
    return {"curve": noisy_curve(generator, "max"), "rate": between(generator, 0.05, 0.9), "settings": settings}


def min_lr_case(draw: Draw) -> Inputs:
    # Powers of two: the rate arrives at min_lr exactly, or jumps past it, or is below it from the beginning. In the pair that
    # every course has it jumps past it, and both are small: who asks for some distance between them does not reduce.
    generator = generator_of(draw)
    small = (2.0**-16, 3 * 2.0**-19)
    rate, min_lr = draws.one_of(draw, [small, (0.5, 0.125), (0.5, 0.1875), (0.0625, 0.125), (0.5, 0.5)])
    settings = {"patience": draws.one_of(draw, [1, 2]), "factor": 0.5, "min_lr": min_lr}
    return {
        "curve": [1.0, *(round(1.0 + whole(generator, 0, 8) / 16, 4) for _ in range(9))],
        "rate": rate,
        "settings": settings,
    }


def curve_with_nan_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    curve = noisy_curve(generator)
    # From the first epoch on, in the simplest case: then it is the best so far, and no number is better than it.
    for epoch in range(draws.whole(draw, 0, 3), len(curve), 3):
        curve[epoch] = math.nan
    settings = {"patience": draws.one_of(draw, [2, 3]), "factor": 0.5}
    return {"curve": curve, "rate": between(generator, 0.05, 0.9), "settings": settings}


def changed_rates_case(draw: Draw) -> Inputs:
    """Somebody else sets the rate after some epochs."""
    generator = generator_of(draw)
    case = curve_case(draw)
    epochs = generator.choice(np.arange(3, 12), 2, replace=False)
    return {**case, "changed": {str(int(epoch)): between(generator, 0.05, 0.9) for epoch in epochs}}


def two_curves_case(draw: Draw) -> Inputs:
    generator = generator_of(draw)
    # The second curve is worse than the first throughout: a best value that is kept shows.
    curve, later = noisy_curve(generator, epochs=8), [value + 2.0 for value in noisy_curve(generator, epochs=8)]
    settings = {"patience": 2, "factor": 0.5, "cooldown": 2}
    return {"curve": curve, "later": later, "rate": between(generator, 0.05, 0.9), "settings": settings}


def follow(plateau: Any, curve: Sequence[float], rate: Any, changed: Mapping[str, float]) -> dict[str, Any]:
    """What a plateau's learning rate, wait and cooldown are after each epoch of a curve."""
    found, waits, cooldowns = [], [], []
    for epoch, value in enumerate(curve):
        rate = plateau.on_epoch_end(epoch, value, changed.get(str(epoch), rate))
        found.append(rate)
        waits.append(snapshot(plateau.wait))
        cooldowns.append(snapshot(plateau.cooldown_counter))
    return {
        "learning rate, after each epoch": found,
        "wait, after each epoch": waits,
        "cooldown_counter, after each epoch": cooldowns,
        "best": snapshot(plateau.best),
    }


def driven(
    student: Any, curve: Sequence[float], rate: float, settings: Inputs, changed: Mapping[str, float] | None = None
) -> dict[str, Any]:
    plateau = student.ReduceLROnPlateau(**settings)
    plateau.on_train_begin()
    return follow(plateau, curve, rate, changed or {})


def driven_twice(
    student: Any, curve: Sequence[float], later: Sequence[float], rate: float, settings: Inputs
) -> dict[str, Any]:
    plateau, other = student.ReduceLROnPlateau(**settings), student.ReduceLROnPlateau(**settings)
    plateau.on_train_begin()
    first = follow(plateau, curve, rate, {})
    plateau.on_train_begin()
    second = follow(plateau, later, rate, {})
    apart = follow(other, later, rate, {})
    return {
        **{f"first training: {name}": value for name, value in first.items()},
        **{f"second training: {name}": value for name, value in second.items()},
        **{f"another instance: {name}": value for name, value in apart.items()},
    }


class _KerasOptimizer:
    """What Keras's callbacks ask of an optimizer: a learning rate, as a Python float."""

    def __init__(self, rate: float) -> None:
        self.learning_rate = rate


class _KerasModel:
    """What Keras's callbacks ask of a model: an optimizer."""

    def __init__(self, rate: float) -> None:
        self.optimizer = _KerasOptimizer(rate)

    @property
    def rate(self) -> float:
        return float(self.optimizer.learning_rate)


def keras_follow(callback: Any, curve: Sequence[float], rate: float, changed: Mapping[str, float]) -> dict[str, Any]:
    model = _KerasModel(rate)
    callback.set_model(model)
    callback.on_train_begin()
    found, waits, cooldowns = [], [], []
    for epoch, value in enumerate(curve):
        model.optimizer.learning_rate = changed.get(str(epoch), model.rate)
        callback.on_epoch_end(epoch, {"val_loss": value})
        found.append(model.rate)
        waits.append(callback.wait)
        cooldowns.append(callback.cooldown_counter)
    return {
        "learning rate, after each epoch": found,
        "wait, after each epoch": waits,
        "cooldown_counter, after each epoch": cooldowns,
        "best": callback.best,
    }


def keras_plateau(settings: Inputs) -> Any:
    from autograder.declare import keras

    return keras().callbacks.ReduceLROnPlateau(monitor="val_loss", **{"mode": "min", **settings})


def keras_driven(
    curve: Sequence[float], rate: float, settings: Inputs, changed: Mapping[str, float] | None = None
) -> dict[str, Any]:
    return keras_follow(keras_plateau(settings), curve, rate, changed or {})


def keras_driven_twice(curve: Sequence[float], later: Sequence[float], rate: float, settings: Inputs) -> dict[str, Any]:
    callback = keras_plateau(settings)
    first = keras_follow(callback, curve, rate, {})
    second = keras_follow(callback, later, rate, {})
    return {
        **{f"first training: {name}": value for name, value in first.items()},
        **{f"second training: {name}": value for name, value in second.items()},
        **{f"another instance: {name}": value for name, value in second.items()},
    }


ON_EPOCH_END = Exercise("ReduceLROnPlateau.on_epoch_end", "Performance scheduling", (
    Check("patience", "The rate is multiplied by factor after `patience` epochs without a new best value, and the wait starts "
          "again; wait and best say how far it is.", curve_case, driven, keras_driven, public=True),
    Check("defaults", "By default it waits for 10 epochs, divides by ten, and an improvement must be larger than 0.0001.",
          defaults_case, driven, keras_driven, cases=4),
    Check("ties", "A value that is only equal to the best is no improvement; a patience of 0 is one of 1.", plateau_case,
          driven, keras_driven),
    Check("min_delta", "An improvement must be larger than min_delta; exactly min_delta is not enough.", small_steps_case,
          driven, keras_driven),
    Check("mode_max", 'In mode "max" larger values are better.', rising_curve_case, driven, keras_driven, cases=6),
    Check("min_lr", "The rate is not reduced below min_lr. One that is not above min_lr is left alone, and the wait goes on.",
          min_lr_case, driven, keras_driven),
    Check("changed_rate", "The rate that is reduced is the one that is passed in: somebody else may have changed it.",
          changed_rates_case, driven, keras_driven, cases=4),
    Check("nan", "A value of NaN is no improvement, and nothing is one on it.", curve_with_nan_case, driven, keras_driven,
          cases=4),
))  # fmt: skip


def cooling_curve_case(draw: Draw) -> Inputs:
    case = curve_case(draw)
    cooldown = draws.one_of(draw, [2, 1, 3, 4])
    return {**case, "settings": {**case["settings"], "cooldown": cooldown, "patience": draws.one_of(draw, [1, 2])}}


def cooling_plateau_case(draw: Draw) -> Inputs:
    case = plateau_case(draw)
    return {
        **case,
        "curve": [*case["curve"], *case["curve"][-4:]],
        "settings": {**case["settings"], "cooldown": draws.one_of(draw, [2, 1, 3, 0])},
    }


def better_while_cooling_case(draw: Draw) -> Inputs:
    """The best value comes during the cooldown, and what follows lies between it and the best before."""
    generator = generator_of(draw)
    patience = draws.one_of(draw, [1, 2])
    start = [1.0, *[1.25] * patience]
    curve = [*start, 0.5, *(0.625 + whole(generator, 0, 4) / 16 for _ in range(8))]
    settings = {"patience": patience, "factor": 0.5, "cooldown": draws.one_of(draw, [3, 2])}
    return {"curve": curve, "rate": between(generator, 0.05, 0.9), "settings": settings}


def cooling_min_lr_case(draw: Draw) -> Inputs:
    case = min_lr_case(draw)
    return {**case, "settings": {**case["settings"], "cooldown": draws.one_of(draw, [2, 3])}}


COOLDOWN = Exercise("ReduceLROnPlateau.cooldown", "Performance scheduling with a cooldown", (
    Check("value", "After a reduction waiting starts again only when the cooldown is over; it is counted down first in each "
          "epoch.", cooling_curve_case, driven, keras_driven, public=True),
    Check("plateau", "So it is on a plateau that never ends: one reduction follows another.", cooling_plateau_case, driven,
          keras_driven),
    Check("better_meanwhile", "A new best value during the cooldown is the best from then on.", better_while_cooling_case,
          driven, keras_driven, cases=4),
    Check("min_lr", "A cooldown begins only where the rate was really reduced.", cooling_min_lr_case, driven, keras_driven,
          cases=6),
    Check("second_training", "on_train_begin starts afresh, and two instances share nothing.", two_curves_case, driven_twice,
          keras_driven_twice, cases=3),
))  # fmt: skip

TOPIC = Topic(
    name="schedules",
    title="Learning rate schedules",
    exercises=with_contract(
        (
            LEARNING_RATES,
            DESCENT,
            *EXPONENTIAL,
            CLOSURE,
            POWER,
            *INVERSE_TIME,
            PIECEWISE,
            POLYNOMIAL,
            CYCLE,
            COSINE,
            WARMUP,
            ONE_CYCLE,
            MOMENTUM,
            ON_EPOCH_END,
            COOLDOWN,
        ),
        given_nothing=(
            "learning_rates",
            "ExponentialDecay",
            "ExponentialDecay.staircase",
            "exponential_decay",
            "PowerDecay",
            "InverseTimeDecay",
            "InverseTimeDecay.staircase",
            "PolynomialDecay",
            "PolynomialDecay.cycle",
            "CosineDecay",
            "CosineDecay.warmup",
            "OneCycle",
            "OneCycle.momentum",
            "ReduceLROnPlateau.on_epoch_end",
            "ReduceLROnPlateau.cooldown",
        ),
    ),
)
