"""Checks of topic 5, initializers: their distributions, the symmetry that they break, and the signal that they keep."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
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
    Z,
    attempt,
    length,
    mean_claim,
    rng,
    same_memory,
    share_claim,
    slope_claims,
    slopes,
    variance_claim,
    with_contract,
    worked_example,
)
from autograder.declare import strategies as draws

Shape = tuple[int, ...]

# About 2 * 10^4 numbers: the relative standard error of a variance is at most 1%, so the band of Z = 7 of them is 6.7% for a
# normal distribution, 5.6% for a truncated and 4.3% for a uniform one. The nearest wrong variance (truncation uncorrected,
# .774) lies far outside; and what looks alike on one of the two shapes (1 / fan_in is .5 times He's variance, 2 / fan_out is
# .43 times it) is far apart on the other.
WIDE, TALL = (97, 223), (223, 97)
# A convolution's kernel with fan in 255 and fan out 645, and a vector: 10^4 numbers each, within 10% of their variance.
CONVOLUTION, VECTOR = (3, 5, 17, 43), (10007,)
# 10^4 numbers for the shape of a distribution.
SAMPLE = (101, 103)
ODD_SHAPES: tuple[Shape, ...] = ((1, 1), (1, 7), (7, 1), (11,), (2, 3, 5), (3, 2, 2, 5))


# --- zeros, ones, constant --------------------------------------------------------------------------------------------


def matrix_shape(draw: Draw) -> Inputs:
    return {"shape": draws.sizes(draw, 2)}


def square_shape(draw: Draw) -> Inputs:
    size = draws.one_of(draw, (3, 2, 5))
    return {"shape": (size, size)}


def odd_shape(draw: Draw) -> Inputs:
    return {"shape": draws.one_of(draw, ODD_SHAPES)}


def shape_and(*values: Any) -> Callable[[Draw], Inputs]:
    return lambda draw: {**matrix_shape(draw), "value": draws.one_of(draw, values)}


def filled(name: str) -> Callable[..., Any]:
    return lambda student, shape, **options: getattr(student, name)(tuple(shape), **options)


def filled_twice(name: str) -> Callable[..., Any]:
    def program(student: Any, shape: Shape, **options: Any) -> dict[str, Any]:
        first = getattr(student, name)(tuple(shape), **options)
        strides, writing = first.strides, attempt(first.fill, -7.0)
        second = getattr(student, name)(tuple(shape), **options)
        shared = same_memory(first, second)
        # First what explains the other: a second array that is the first one holds what was written into that.
        return {"the two share memory": shared, "second array": second, "strides": strides, "writing": writing}

    return program


def can_be_written_to(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    """A stride of 0 shows one number as many."""
    places = math.prod(size if stride else 1 for size, stride in zip(case["shape"], answers["strides"], strict=True))
    size, writing = math.prod(case["shape"]), answers["writing"]
    said = f"The array's {size} entries lie in {places} place{'s' * (places > 1)} of memory."
    return {
        "places in memory": Claim(places, size, 0, said=said),
        "writing": Claim(writing, "returned", 0, said=f"The array cannot be written to: that raises {writing}."),
    }


def new_array_check(name: str, inputs: Callable[[Draw], Inputs]) -> Check:
    sentence = "Each call returns an array of its own, which can be written to without changing the next one."
    return Check("new_array", sentence, inputs, filled_twice(name), measure=can_be_written_to,
                 compare=("the two share memory", "second array"), cases=3)  # fmt: skip


def plain_exercise(name: str, what: str) -> Exercise:
    return Exercise(name, f"{name}: the same number everywhere", (
        Check("value", f"{name}(shape) is a float64 array of this shape, all of it {what}.", matrix_shape, filled(name),
              public=True),
        Check("shapes", "Any shape will do: one number, one row, a vector, three or four axes.", odd_shape, filled(name)),
        new_array_check(name, square_shape),
    ))  # fmt: skip


CONSTANT = Exercise("constant", "constant: a number of your choice everywhere", (
    Check("value", "constant(shape, value) is a float64 array of this shape, all of it value.",
          shape_and(0.1, -2.5, 1 / 3), filled("constant"), public=True),
    Check("whole_numbers", "A value that is an int makes a float64 array all the same.", shape_and(3, -2, 1),
          filled("constant"), cases=4),
    Check("default", "The value is 0 where none is given.", matrix_shape, filled("constant"), cases=3),
    Check("shapes", "Any shape will do: one number, one row, a vector, three or four axes.",
          lambda draw: {**odd_shape(draw), "value": 0.7}, filled("constant")),
    new_array_check("constant", shape_and(0.1, -2.5)),
))  # fmt: skip


# --- fans -------------------------------------------------------------------------------------------------------------


def keras_fans(shape: Shape) -> dict[str, Any]:
    from keras.src.initializers.random_initializers import compute_fans

    fan_in, fan_out = compute_fans(tuple(shape))
    return {"fan_in": fan_in, "fan_out": fan_out}


def fans(student: Any, shape: Shape) -> dict[str, Any]:
    both = student.compute_fans(tuple(shape))
    return {"fan_in": both[0], "fan_out": both[1], "how many numbers": length(both)}


def convolution_shape(draw: Draw) -> Inputs:
    return {"shape": draws.sizes(draw, draws.one_of(draw, [3, 4]))}


def many_channels(draw: Draw) -> Inputs:
    # By a seed of the course's: what Hypothesis draws first is the smallest, the same for everybody.
    sizes = np.random.default_rng(draws.seeds(draw)).integers(8, 64, 2).tolist()
    return {"shape": (5, 5, *sizes)}


FANS = Exercise("compute_fans", "Fan in and fan out of a kernel", (
    Check("value", "A kernel of shape (in, out) has fan_in = in and fan_out = out.", matrix_shape, fans, keras_fans,
          public=True),
    worked_example(
        Check("example", "A convolution's kernel of shape (3, 3, 16, 32) has fan in 3 * 3 * 16 and fan out 3 * 3 * 32.",
              lambda draw: {"shape": (3, 3, 16, 32)}, fans, keras_fans, cases=1, public=True),
        many_channels,
    ),
    Check("convolution", "With three or four axes, the sizes before the last two multiply both in and out.",
          convolution_shape, fans, keras_fans),
    Check("five_axes", "Nor do five axes make a difference to the rule.",
          lambda draw: {"shape": (2, 3, 5, *draws.sizes(draw, 2))}, fans, keras_fans, cases=3),
    Check("vector", "A vector (n,) has n and n.", lambda draw: {"shape": (draws.whole(draw, 2, 40),)}, fans, keras_fans,
          cases=4),
    Check("number", "A single number, shape (), has 1 and 1.", lambda draw: {"shape": ()}, fans, keras_fans, cases=1),
))  # fmt: skip


# --- distributions ----------------------------------------------------------------------------------------------------


class Distribution:
    """What is known of a distribution: its fourth standardized moment, and where it ends in its own standard deviations."""

    def __init__(self, words: str, kurtosis: float, band: float, end: float) -> None:
        self.words = words
        self.kurtosis = kurtosis
        self.band = band  # of the fourth moment, for 10^4 numbers
        self.end = end  # infinite: it has tails


# The normal distribution cut off at 2: share left, variance, fourth moment.
_LEFT = math.erf(math.sqrt(2.0))
_EDGE = 2.0 * math.exp(-2.0) / math.sqrt(2.0 * math.pi)  # 2 phi(2)
_VARIANCE = 1.0 - 2.0 * _EDGE / _LEFT
_FOURTH = 3.0 * _VARIANCE - 8.0 * _EDGE / _LEFT

# The bands: at 10^4 numbers the fourth moment has the standard errors .048, .019, .0115 (from 2000 simulations each). Its
# estimate is somewhat skewed, so 8 or 9 of these rather than 7; the moments themselves lie .6 apart.
NORMAL = Distribution("3 for a normal distribution", 3.0, 0.45, math.inf)
TRUNCATED = Distribution("2.37 for a truncated normal one", _FOURTH / _VARIANCE**2, 0.15, 2.0 / math.sqrt(_VARIANCE))
UNIFORM = Distribution("1.8 for a uniform one", 1.8, 0.09, math.sqrt(3.0))


def size_claims(named: Mapping[str, np.ndarray], variances: Sequence[float], kind: Distribution) -> dict[str, Claim]:
    """Mean and variance of each sample about 0, and where the samples end."""
    claims, ends = {}, []
    for (name, weights), variance in zip(named.items(), variances, strict=True):
        claims[f"mean of {name}"] = mean_claim(weights, 0.0, math.sqrt(variance))
        claims[f"variance of {name}"] = variance_claim(weights, 0.0, variance, kind.kurtosis)
        ends.append(float(np.abs(weights).max()) / math.sqrt(variance))
    # Of 10^4 numbers some .5% at least lie in the last twentieth, so all miss it with a probability below exp(-50).
    right = all(0.95 * kind.end <= end <= kind.end * (1 + 1e-9) for end in ends)
    return {**claims, "the weights reach as far as their limit and no further": Claim(right, True, 0)}


def shape_claims(weights: np.ndarray, kind: Distribution) -> dict[str, Claim]:
    """What the distribution looks like, whatever its mean and width."""
    deviation = float(weights.std())
    z = (weights - weights.mean()) / (deviation if deviation > 0 else 1.0)
    largest = float(np.abs(z).max())
    claims = {**never_the_same(weights), "mean fourth power": Claim(float((z**4).mean()), kind.kurtosis, kind.band)}
    if kind.end == math.inf:
        # Of 10^4 normal numbers 27 lie beyond 3 on average: that none does has a probability of exp(-27).
        claims["it has tails"] = Claim(bool(largest > 3.0), True, 0)
    else:
        # The standard deviation of the sample is right to 1% or better.
        claims["it is cut off"] = Claim(bool(largest < 1.05 * kind.end), True, 0)
        # Where numbers are drawn again, not clipped, some .1% of them lie in the last thousandth; clipped, several percent.
        edge = float((np.abs(z) >= 0.999 * largest).mean())
        claims["no heap of weights at the ends"] = Claim(bool(edge < 0.01), True, 0)
    return claims


def never_the_same(weights: np.ndarray) -> dict[str, Claim]:
    """Whether no one number stands in a hundredth of all places: 4.6% of a normal distribution lie beyond 2 stddev.

    Numbers of 53 bits do not repeat, and 10^4 of 24 bits do so a few times at most.
    """
    most = int(np.unique(weights, return_counts=True)[1].max())
    said = f"{most} of the {weights.size} weights are one and the same number."
    return {"no number is there again and again": Claim(most <= 0.01 * weights.size, True, 0, said=said)}


def seeded(draw: Draw) -> Inputs:
    return {"seed": draws.seeds(draw)}


def seeded_pair(draw: Draw) -> Inputs:
    return {"seed": draws.whole(draw, 0, 2**31), "shape": (5, 7)}


def all_odd_shapes(name: str) -> Callable[..., Any]:
    def program(student: Any, seed: int) -> dict[str, Any]:
        generator = rng(seed)
        return {f"shape {shape}": getattr(student, name)(shape, generator) for shape in ODD_SHAPES}

    return program


def finite(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    numbers = np.concatenate([array.ravel() for array in answers.values()])
    return {
        "every number is finite": Claim(bool(np.isfinite(numbers).all()), True, 0),
        "the numbers differ": Claim(_mostly_different(numbers), True, 0),
    }


def _mostly_different(numbers: np.ndarray) -> bool:
    # Half, since clipped numbers, which another check finds, are equal now and then.
    return bool(len(np.unique(numbers)) > numbers.size / 2)


def sample(name: str) -> Callable[..., Any]:
    return lambda student, seed: {"weights": getattr(student, name)(SAMPLE, rng(seed))}


def reproducible(name: str) -> Callable[..., Any]:
    def program(student: Any, seed: int, shape: Shape) -> dict[str, Any]:
        initializer, generator = getattr(student, name), rng(seed)
        return {
            "first": initializer(tuple(shape), generator),
            "second": initializer(tuple(shape), generator),
            "again": initializer(tuple(shape), rng(seed)),
            "other seed": initializer(tuple(shape), rng(seed + 1)),
        }

    return program


def reproducibility(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    first, second, again, other = (answers[name] for name in ("first", "second", "again", "other seed"))
    return {
        "the same rng state gives the same numbers": Claim(bool(np.array_equal(first, again)), True, 0),
        "a second draw from the same rng gives other numbers": Claim(not np.array_equal(first, second), True, 0),
        "an rng with another seed gives other numbers": Claim(not np.array_equal(first, other), True, 0),
        "the numbers of one array differ": Claim(_mostly_different(first), True, 0),
    }


# Over 200 arrays a variance is known to 10 %; within seven standard errors it is .3 of itself, and not 0. Twice as many took
# three quarters of all that a right submission's initializers cost.
ARRAYS = 200
# Small, so that a place of them is seen often; and fan_in + fan_out is odd.
FEW = (5, 6)


def many_arrays(name: str) -> Callable[..., Any]:
    def program(student: Any, seed: int) -> dict[str, Any]:
        return {"arrays": [getattr(student, name)(FEW, rng(seed + i)) for i in range(ARRAYS)]}

    return program


def draws_of_their_own(kind: Distribution, variance: float | None) -> Callable[[Inputs, Inputs], dict[str, Claim]]:
    """What is claimed of many small arrays. variance: what is due, where it follows from their shape.

    Entries that are drawn each on its own have sums that vary; a grid in random order, or numbers in pairs, have not.
    """

    def claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
        numbers = np.stack([array.ravel() for array in answers["arrays"]])
        deviation = float(numbers.std())
        z = (numbers - numbers.mean()) / (deviation if deviation > 0 else 1.0)
        sums = z.sum(axis=1) / math.sqrt(z.shape[1])
        found = {"variance of the sum of 30 weights, over 30 times theirs": variance_claim(sums, 0.0, 1.0)}
        places = [variance_claim(z[:, place], 0.0, 1.0, kind.kurtosis) for place in range(z.shape[1])]
        ratios = np.array([claim.observed for claim in places], np.float64)
        worst = int(np.abs(ratios - 1.0).argmax())
        said = (
            f"From one generator to another the weight at {_place(worst)} has {ratios[worst]:.3g} times the variance of all."
        )
        found["variance of each place"] = Claim(ratios, np.ones(len(ratios)), places[0].within, said=said)
        # Whoever is further off loses "value" and "fans" by it already. A limit that is a twentieth too far has a hundredth of
        # all 6,000 weights beyond the right one, or more.
        if variance is not None and abs(np.square(numbers).mean() / variance - 1.0) < 0.15:
            reach, limit = float(np.abs(numbers).max()), kind.end * math.sqrt(variance)
            said = f"The furthest weight of 200 kernels of shape {FEW} is {reach:.4g}, and the limit is {limit:.4g}."
            found["the limit"] = Claim(bool(reach <= limit * (1 + 1e-9)), True, 0, said=said)
        return found

    return claims


def _place(number: int) -> str:
    return f"[{number // FEW[1]}, {number % FEW[1]}]"


def random_checks(name: str, kind: Distribution, variance: Callable[..., float] | None = None) -> tuple[Check, ...]:
    """What every random initializer has in common. variance: of its weights, from both fans."""
    small = None if variance is None else variance(*fans_of(FEW))
    tail = "and it has tails" if kind.end == math.inf else "and nothing lies beyond its ends, nor heaps up at them"
    return (
        Check("distribution", "Less their mean and divided by their own standard deviation, the weights' mean fourth "
              f"power is {kind.words}, {tail}.", seeded, sample(name),
              measure=lambda case, answers: shape_claims(answers["weights"], kind), cases=1),
        Check("own_draws", "Each weight is drawn on its own: over 200 generators the sum of an array's weights varies as it "
              "should, and so does each of them.", seeded, many_arrays(name), measure=draws_of_their_own(kind, small), cases=1,
              points=0.5),
        Check("rng", "All numbers come from rng: the same state gives the same numbers, a second draw or another seed others.",
              seeded_pair, reproducible(name), measure=reproducibility, cases=2),
        Check("shapes", "Any shape will do: one number, one row, one column, a vector, three or four axes.",
              seeded, all_odd_shapes(name), measure=finite, cases=1),
    )  # fmt: skip


# --- random_normal, random_uniform, truncated_normal ------------------------------------------------------------------


def normal_arguments(draw: Draw) -> Inputs:
    # No stddev is close to its own square or root, nor to 1, and the mean is several of them.
    return {**seeded(draw), "mean": draws.one_of(draw, [0.7, -3.0, 2.0]), "stddev": draws.one_of(draw, [0.3, 0.4, 2.0])}


def uniform_arguments(draw: Draw) -> Inputs:
    # Neither symmetric about 0 nor of length 1.
    low, high = draws.one_of(draw, [(-0.5, 2.0), (1.0, 4.0), (-3.0, -1.5)])
    return {**seeded(draw), "minval": low, "maxval": high}


def with_arguments(name: str) -> Callable[..., Any]:
    return lambda student, seed, **options: {"weights": getattr(student, name)(WIDE, rng(seed), **options)}


# Arguments of which one is 0, and the ends between which 2,000 numbers then lie, and lie everywhere: that none of them comes
# close to an end has a probability below exp(-19). `minval or -0.05` takes the 0 for none given.
ZEROS = {
    "random_normal": (({"mean": 0.5, "stddev": 0.0}, 0.5, 0.5),),
    "random_uniform": (({"minval": 0.0, "maxval": 3.0}, 0.0, 3.0), ({"minval": -3.0, "maxval": 0.0}, -3.0, 0.0)),
    "truncated_normal": (({"mean": 0.5, "stddev": 0.0}, 0.5, 0.5),),
}


def with_zeros(name: str) -> dict[str, tuple[Mapping[str, float], float, float]]:
    """The rows of ZEROS for an initializer, by the words for its arguments."""
    return {", ".join(f"{key}={value:g}" for key, value in row[0].items()): row for row in ZEROS[name]}


def default_and_spelled_out(name: str, **defaults: float) -> Callable[..., Any]:
    def program(student: Any, seed: int) -> dict[str, Any]:
        initializer = getattr(student, name)
        found = {"default": initializer((5, 7), rng(seed)), "spelled out": initializer((5, 7), rng(seed), **defaults)}
        return found | {words: initializer((40, 50), rng(seed), **row[0]) for words, row in with_zeros(name).items()}

    return program


def same_draw(name: str) -> Callable[[Inputs, Inputs], dict[str, Claim]]:
    def claims(case: Inputs, answers: Inputs) -> dict[str, Claim]:
        equal = np.allclose(answers["default"], answers["spelled out"], 1e-11, 1e-12)
        return {
            **stretched(answers["default"], answers["spelled out"]),
            "the defaults do the same as these numbers spelled out": Claim(bool(equal), True, 0),
            "the numbers differ": Claim(_mostly_different(answers["default"]), True, 0),
            **{
                f"with {words} the weights lie from {low:g} to {high:g}": Claim(fills(answers[words], low, high), True, 0)
                for words, (_, low, high) in with_zeros(name).items()
            },
        }

    return claims


def stretched(weights: np.ndarray, spelled_out: np.ndarray) -> dict[str, Claim]:
    """How the same draw comes out without arguments; nothing where it is not the same one."""
    around = spelled_out - spelled_out.mean()
    stretch = float((around * weights).sum() / max(np.square(around).sum(), 1e-300))
    shift = float(weights.mean() - stretch * spelled_out.mean())
    if not np.allclose(weights, shift + stretch * spelled_out, 1e-9, 1e-12):
        return {}
    said = f"Without arguments the weights are those of the defaults spelled out, times {stretch:.4g}"
    said += f" and plus {shift:.4g}." if abs(shift) > 1e-9 else "."
    return {"factor and summand": Claim(np.array([stretch, shift]), np.array([1.0, 0.0]), 1e-9, said=said)}


def fills(weights: np.ndarray, low: float, high: float) -> bool:
    """Whether weights lie between these ends, and come within a hundredth of both."""
    near = 0.01 * (high - low) + 1e-12
    return bool(low - 1e-12 <= weights.min() <= low + near and high - near <= weights.max() <= high + 1e-12)


def normal_size(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    return spread_claims(answers["weights"], case["mean"], case["stddev"], NORMAL.kurtosis)


def truncated_size(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    weights, mean, stddev = answers["weights"], case["mean"], case["stddev"]
    distance = np.abs(weights - mean) / stddev
    largest = float(distance.max())
    return {
        # What explains the others first: one number in the place of all that lay outside moves the mean, too.
        **never_the_same(weights),
        **spread_claims(weights, mean, stddev * math.sqrt(_VARIANCE), TRUNCATED.kurtosis),
        "share of weights within one stddev of the mean": share_claim(distance < 1.0, math.erf(math.sqrt(0.5)) / _LEFT),
        # 1e-9: mean + 2 * stddev is rounded.
        "no weight is further than 2 stddev from the mean": Claim(bool(largest <= 2.0 * (1 + 1e-9)), True, 0),
        # That none of 2 * 10^4 numbers lies beyond 1.9 has a probability below exp(-100).
        "the furthest weight is about 2 stddev from the mean": Claim(bool(1.9 <= largest <= 2.1), True, 0),
        "few weights are at the very limit": Claim(_few_at_the_limit(distance), True, 0),
    }


def _few_at_the_limit(distance: np.ndarray) -> bool:
    """Of those drawn again .01% lie in the last thousandth, and none at 2 itself; of those clipped 4.6%, or .2%.

    That three of 2 * 10^4 come as close to 2 as rounding has a probability below 1e-9.
    """
    return bool((distance > 1.999).mean() < 0.01 and (np.abs(distance - 2.0) < 1e-9).sum() < 3)


def spread_claims(weights: np.ndarray, mean: float, stddev: float, kurtosis: float) -> dict[str, Claim]:
    """Mean and standard deviation of a sample; the relative standard error of the latter is half that of the variance."""
    observed = float(np.sqrt(np.square(weights - weights.mean()).mean()))
    error = stddev * math.sqrt((kurtosis - 1) / (4 * weights.size))
    return {"mean": mean_claim(weights, mean, stddev), "standard deviation": Claim(observed, stddev, Z * error)}


def uniform_size(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    weights, low, high = answers["weights"], case["minval"], case["maxval"]
    length = high - low
    return {
        **spread_claims(weights, (low + high) / 2, length / math.sqrt(12.0), UNIFORM.kurtosis),
        "all weights lie between minval and maxval": Claim(bool(weights.min() >= low and weights.max() <= high), True, 0),
        # That 2 * 10^4 numbers all miss the last hundredth of the interval has a probability below exp(-200).
        "the weights reach from minval to maxval": Claim(
            bool(abs(weights.min() - low) < 0.01 * length and abs(weights.max() - high) < 0.01 * length), True, 0
        ),
    }


def default_check(name: str, words: str, **defaults: float) -> Check:
    sentence = (
        f"The defaults are {words}: leaving them out or spelling them out makes no difference; a 0 that is given is one."
    )
    return Check("defaults", sentence, seeded, default_and_spelled_out(name, **defaults), measure=same_draw(name), cases=2)


RANDOM_NORMAL = Exercise("random_normal", "Normally distributed weights", (
    Check("value", "Mean and standard deviation are the arguments mean and stddev, as far as chance allows (21,631 numbers).",
          normal_arguments, with_arguments("random_normal"), measure=normal_size, cases=3, public=True),
    default_check("random_normal", "mean=0.0 and stddev=0.05", mean=0.0, stddev=0.05),
    *random_checks("random_normal", NORMAL),
))  # fmt: skip

RANDOM_UNIFORM = Exercise("random_uniform", "Uniformly distributed weights", (
    Check("value", "The weights fill the interval from minval to maxval evenly, as far as chance allows (21,631 numbers).",
          uniform_arguments, with_arguments("random_uniform"), measure=uniform_size, cases=3, public=True),
    default_check("random_uniform", "minval=-0.05 and maxval=0.05", minval=-0.05, maxval=0.05),
    *random_checks("random_uniform", UNIFORM),
))  # fmt: skip


def many_small(student: Any, seed: int) -> dict[str, Any]:
    generator = rng(seed)
    return {"kernels": [student.truncated_normal((3, 2), generator, stddev=1.0) for _ in range(SMALL_KERNELS)]}


# 4.6% of a normal distribution lies beyond 2 stddev: of 300 kernels of six numbers, some 70 would have one there.
SMALL_KERNELS = 300


def small_and_truncated(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    furthest = max(float(np.abs(kernel).max()) for kernel in answers["kernels"])
    return {"no weight of any kernel is further than 2 stddev away": Claim(bool(furthest <= 2.0 * (1 + 1e-9)), True, 0)}


TRUNCATED_NORMAL = Exercise("truncated_normal", "Normally distributed weights without tails", (
    Check("value", "No weight is further than 2 stddev from the mean; the standard deviation after the cut is .8796 * "
          "stddev, as far as chance allows (21,631 numbers).", normal_arguments, with_arguments("truncated_normal"),
          measure=truncated_size, cases=3, public=True),
    default_check("truncated_normal", "mean=0.0 and stddev=0.05", mean=0.0, stddev=0.05),
    Check("small", "Small kernels are truncated as well as large ones: 300 kernels of six weights have none beyond 2 stddev.",
          seeded, many_small, measure=small_and_truncated, cases=1),
    *random_checks("truncated_normal", TRUNCATED),
))  # fmt: skip


# --- Glorot, He, LeCun ------------------------------------------------------------------------------------------------

DEPTH, WIDTH = 20, 64

PEOPLE = {"glorot": "Glorot", "he": "He", "lecun": "LeCun"}

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def selu(x: np.ndarray) -> np.ndarray:
    below = np.expm1(np.minimum(x, 0.0))  # 0 where x is positive
    return SELU_SCALE * (np.maximum(x, 0.0) + SELU_ALPHA * below)


# family: variance from the fans, its formula, the activation that it is made for, and what is left of the signal's root mean
# square after 20 layers of 64 units, in powers of ten: mean and standard deviation from 1500 simulations with each
# distribution. (The mean is not quite 0: the mean square is kept on average, the average of its logarithm is lower.)
FAMILIES: Mapping[str, tuple[Callable[[int, int], float], str, str, Callable[[np.ndarray], np.ndarray], float, float]] = {
    "glorot": (lambda n, m: 2.0 / (n + m), "2 / (fan_in + fan_out)", "linear", lambda z: z, -0.013, 0.077),
    "he": (lambda n, m: 2.0 / n, "2 / fan_in", "ReLU", lambda z: np.maximum(z, 0.0), -0.121, 0.236),
    "lecun": (lambda n, m: 1.0 / n, "1 / fan_in", "SELU", selu, -0.010, 0.021),
}


def fans_of(shape: Shape) -> tuple[int, int]:
    if len(shape) == 1:
        return shape[0], shape[0]
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


def arrays_of(name: str, *shapes: Shape) -> Callable[..., Any]:
    def program(student: Any, seed: int) -> dict[str, Any]:
        generator = rng(seed)
        return {f"a {shape} kernel": getattr(student, name)(shape, generator) for shape in shapes}

    return program


def stack(name: str) -> Callable[..., Any]:
    def program(student: Any, seed: int) -> dict[str, Any]:
        generator = rng(seed)
        return {f"layer {i}": getattr(student, name)((WIDTH, WIDTH), generator) for i in range(DEPTH)}

    return program


def scaled_exercise(family: str, form: str) -> Exercise:
    name = f"{family}_{form}"
    kind = UNIFORM if form == "uniform" else TRUNCATED
    variance, formula, activation, bend, drift, spread = FAMILIES[family]

    def sizes_right(case: Inputs, answers: Inputs) -> dict[str, Claim]:
        return size_claims(answers, [variance(*fans_of(shape)) for shape in (WIDE, TALL)], kind)

    def fans_right(case: Inputs, answers: Inputs) -> dict[str, Claim]:
        # One claim for both, so that a wrong compute_fans or truncated_normal, on which all six depend, outweighs what it
        # causes here. Logarithms, as a receptive field left out makes a variance 15 times too large, and its error too.
        found = [variance_claim(a, 0.0, variance(*fans_of(a.shape)), kind.kurtosis) for a in answers.values()]
        ratios = [float(claim.observed / claim.expected) for claim in found]
        observed = np.log10(ratios)
        within = np.array([claim.within / claim.expected for claim in found]) / math.log(10.0)
        far = [
            f"the variance of {which} is {ratio:.3g} times what it should be"
            for which, ratio, off in zip(answers, ratios, np.abs(observed) > within, strict=True)
            if off
        ]
        said = " and ".join(far)
        return {"variances, in powers of ten": Claim(observed, np.zeros(2), within, said=f"{said[:1].upper()}{said[1:]}.")}

    def signal(case: Inputs, answers: Inputs) -> dict[str, Claim]:
        x = activations = np.random.default_rng(5).standard_normal((30, WIDTH))
        for i in range(DEPTH):
            activations = bend(activations @ answers[f"layer {i}"])
        share = float(np.sqrt(np.square(activations).mean() / np.square(x).mean()))
        said = f"After {DEPTH} such layers the signal is {share:.3g} times as large as at the beginning."
        return {"powers of ten that 20 layers add to the signal": Claim(float(np.log10(share)), drift, Z * spread, said=said)}

    limit = "limit * limit / 3 = " if form == "uniform" else ""
    support = (
        "no weight beyond the limit"
        if form == "uniform"
        else "no weight beyond two standard deviations (those before the cut)"
    )
    return Exercise(name, f"{PEOPLE[family]}'s initializer, {form}", (
        Check("value", f"The weights have mean 0 and variance {limit}{formula}, as far as chance allows (21,631 numbers), "
              f"and there is {support}. A wide and a tall kernel.", seeded, arrays_of(name, WIDE, TALL), measure=sizes_right,
              cases=1, public=True),
        Check("fans", f"The variance is {formula} for a convolution's kernel and for a vector too.", seeded,
              arrays_of(name, CONVOLUTION, VECTOR), measure=fans_right, cases=1),
        *random_checks(name, kind, variance),
        Check("depth", f"A signal passes through {DEPTH} {activation} layers of {WIDTH} units with your kernels, and "
              "neither vanishes nor explodes.", seeded, stack(name), measure=signal, cases=1),
    ))  # fmt: skip


# --- symmetry ---------------------------------------------------------------------------------------------------------


def network(draw: Draw) -> dict[str, Any]:
    batch, features, units, outputs = draws.sizes(draw, 4)
    return {
        "x": draws.values(draw, batch, features, scale=1.0),
        "targets": draws.values(draw, batch, outputs),
        "kernel": draws.values(draw, features, units, scale=1.0),
        "output_kernel": draws.values(draw, units, outputs, scale=1.0),
    }


def small_network(draw: Draw) -> dict[str, Any]:
    batch, features, units, outputs = draws.one_of(
        draw, [(1, 3, 2, 5), (5, 1, 3, 2), (3, 2, 1, 5), (2, 5, 3, 1), (1, 1, 1, 1)]
    )
    return {
        "x": draws.values(draw, batch, features, scale=1.0),
        "targets": draws.values(draw, batch, outputs),
        "kernel": draws.values(draw, features, units, scale=1.0),
        "output_kernel": draws.values(draw, units, outputs, scale=1.0),
    }


def trained(draw: Draw, low: int, high: int) -> dict[str, Any]:
    return {"learning_rate": draws.one_of(draw, [0.3, 0.05, 0.2]), "steps": draws.whole(draw, low, high)}


def one_step(draw: Draw) -> Inputs:
    return {**network(draw), **trained(draw, 1, 1)}


def many_steps(draw: Draw) -> Inputs:
    return {**network(draw), **trained(draw, 2, 7)}


def few_steps_small(draw: Draw) -> Inputs:
    return {**small_network(draw), **trained(draw, 1, 3)}


def constant_kernels(draw: Draw) -> Inputs:
    case = {**network(draw), **trained(draw, 3, 9)}
    case["kernel"] = np.full_like(case["kernel"], draws.one_of(draw, [0.5, -0.3, 1.0]))
    case["output_kernel"] = np.full_like(case["output_kernel"], draws.one_of(draw, [0.4, -0.7]))
    return case


def zero_kernels(draw: Draw) -> Inputs:
    case = {**network(draw), **trained(draw, 3, 9)}
    return {**case, "kernel": np.zeros_like(case["kernel"]), "output_kernel": np.zeros_like(case["output_kernel"])}


def one_constant_kernel(draw: Draw) -> Inputs:
    case = {**network(draw), **trained(draw, 2, 5)}
    return {**case, "kernel": np.full_like(case["kernel"], 0.5)}


def train(student: Any, **case: Any) -> dict[str, Any]:
    trained = student.train_two_layers(**case)
    return {"kernel": trained[0], "output_kernel": trained[1]}


def train_without_options(student: Any, **case: Any) -> dict[str, Any]:
    return train(student, **case)


STILL: Mapping[str, Mapping[str, Any]] = {
    "a learning rate of 0": {"learning_rate": 0.0, "steps": 2},
    "no steps": {"learning_rate": 0.1, "steps": 0},
}


def train_without_steps(student: Any, **case: Any) -> dict[str, Any]:
    answers = {}
    for why, still in STILL.items():
        trained = student.train_two_layers(**case, **still)
        for i, name in enumerate(("kernel", "output_kernel")):
            answers[f"{name} after {why}"] = trained[i]
            answers[f"{name} after {why} is the array that was passed"] = same_memory(trained[i], case[name])
    return answers


def keras_step(
    x: np.ndarray, targets: np.ndarray, kernel: np.ndarray, output_kernel: np.ndarray, learning_rate: float, steps: int
) -> Any:
    import tensorflow as tf

    from autograder.declare import gradients, keras

    def loss(first: Any, second: Any) -> Any:
        hidden = keras().ops.tanh(tf.constant(x) @ first)
        return keras().ops.mean(keras().losses.mean_squared_error(tf.constant(targets), hidden @ second))

    for _ in range(steps):
        slope, output_slope = gradients(loss, [kernel, output_kernel], np.array(1.0))
        kernel, output_kernel = kernel - learning_rate * slope, output_kernel - learning_rate * output_slope
    return {"kernel": kernel, "output_kernel": output_kernel}


def keras_loss(x: np.ndarray, targets: np.ndarray, kernel: np.ndarray, output_kernel: np.ndarray) -> np.ndarray:
    from autograder.declare import keras, value

    return value(
        lambda t, y: keras().ops.mean(keras().losses.mean_squared_error(t, y)), targets, np.tanh(x @ kernel) @ output_kernel
    )


def loss_of(student: Any, **case: Any) -> Any:
    return student.two_layer_loss(**case)


def step_and_slope(
    student: Any,
    x: np.ndarray,
    targets: np.ndarray,
    kernel: np.ndarray,
    output_kernel: np.ndarray,
    learning_rate: float,
    steps: int,
) -> dict[str, Any]:
    stepped = student.train_two_layers(x, targets, kernel, output_kernel, learning_rate, steps)
    return {
        "kernel": stepped[0],
        "output_kernel": stepped[1],
        **slopes(
            lambda kernel, output_kernel: student.two_layer_loss(x, targets, kernel, output_kernel),
            kernel=kernel,
            output_kernel=output_kernel,
        ),
    }


def step_is_slope(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    gradients = {"kernel": "kernel step", "output_kernel": "output_kernel step"}

    def with_steps(found: Answers) -> Answers:
        # What has another form stays as it is, and is told as that.
        return {**found, **{step: _step(found[name], case[name], case["learning_rate"]) for name, step in gradients.items()}}

    return slope_claims(case, with_steps(answers), with_steps(right), np.array(1.0), gradients)


def _step(after: Any, before: np.ndarray, learning_rate: float) -> Any:
    return (before - after) / learning_rate if np.shape(after) == before.shape and isinstance(after, np.ndarray) else after


# Equal units get equal sums, but a matrix product may add the columns up in different orders.
_ALIKE = 1e-11


def stay_alike(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    kernel, output_kernel = answers["kernel"], answers["output_kernel"]
    return {
        "all columns of the kernel are equal": Claim(bool(np.ptp(kernel, axis=1).max() < _ALIKE), True, 0),
        "all rows of the output kernel are equal": Claim(bool(np.ptp(output_kernel, axis=0).max() < _ALIKE), True, 0),
        "the kernel has moved": Claim(bool(np.abs(kernel - case["kernel"]).max() > 1e-6), True, 0),
    }


def part(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    return {"the columns of the kernel differ": Claim(bool(np.ptp(answers["kernel"], axis=1).max() > 1e-6), True, 0)}


LOSS = Exercise("two_layer_loss", "Loss of a network with one hidden layer", (
    Check("value", "The loss is the mean over batch and outputs of (tanh(x @ kernel) @ output_kernel - targets)**2.",
          network, loss_of, keras_loss, public=True),
    Check("shapes", "A batch of one, one feature, one unit or one output is no special case.", small_network, loss_of,
          keras_loss),
    Check("untouched", "Nothing that is passed in is changed.", network, loss_of, untouched=True, cases=3),
))  # fmt: skip

SYMMETRY = Exercise("train_two_layers", "Training from constant weights: the symmetry", (
    Check("value", "One step takes learning_rate times the gradient of the loss from each kernel.", one_step, train,
          keras_step, public=True),
    Check("slope", "The step that you take is learning_rate times the slope of your own two_layer_loss, by finite "
          "differences.", one_step, step_and_slope, measure=step_is_slope, against=True),
    Check("steps", "Several steps: in each, both gradients are taken afresh at the weights before the step.", many_steps,
          train, keras_step),
    Check("symmetry", "From constant kernels all units of the hidden layer stay equal, step after step, though they move.",
          constant_kernels, train, measure=stay_alike, compare=("kernel", "output_kernel"), public=True),
    Check("zeros", "From zeros nothing moves at all.", zero_kernels, train, cases=4),
    Check("one_constant", "If only the first kernel is constant and the second is not, the units part.", one_constant_kernel,
          train, measure=part, compare=("kernel", "output_kernel")),
    Check("defaults", "The learning rate is 0.1 and the number of steps 1 where they are not given.", network,
          train_without_options, cases=4),
    Check("no_steps", "After no steps, or with a learning rate of 0, the kernels are those passed in, as new arrays.",
          network, train_without_steps, cases=3),
    Check("shapes", "A batch of one, one feature, one unit or one output is no special case.", few_steps_small, train,
          keras_step),
    Check("untouched", "The arrays that are passed in are as they were.", many_steps, train, untouched=True, compare=(),
          measure=lambda case, answers: {"every number is finite": Claim(bool(np.isfinite(answers["kernel"]).all()), True, 0)},
          cases=3),
))  # fmt: skip


# --- signal propagation -----------------------------------------------------------------------------------------------

ACTIVATIONS = ("linear", "relu", "tanh")


def layers(draw: Draw) -> dict[str, Any]:
    batch, *widths = draws.sizes(draw, 4)
    kernels = [draws.values(draw, fan_in, fan_out, scale=1.0) for fan_in, fan_out in pairwise(widths)]
    return {"x": draws.values(draw, batch, widths[0]), "kernels": kernels}


def layers_and_activation(draw: Draw) -> Inputs:
    return {**layers(draw), "activation": draws.one_of(draw, ACTIVATIONS)}


def bent_layers(draw: Draw) -> Inputs:
    return {**layers(draw), "activation": draws.one_of(draw, ("relu", "tanh"))}


def deep_layers(draw: Draw) -> Inputs:
    # Three scales, as of random_normal, Glorot and He on 8 units; the values are rounded to 4 digits.
    scale = draws.one_of(draw, [0.5, 0.9, 0.2])
    kernels = [draws.normal(draw, 8, 8, std=scale).round(4) for _ in range(20)]
    return {"x": draws.normal(draw, 3, 8).round(4), "kernels": kernels, "activation": draws.one_of(draw, ACTIVATIONS)}


def short_layers(draw: Draw) -> Inputs:
    batch, *widths = draws.one_of(draw, [(1, 3, 5), (1, 2, 3, 1), (5, 3, 1), (3, 1, 2), (2, 7)])
    kernels = [draws.values(draw, fan_in, fan_out) for fan_in, fan_out in pairwise(widths)]
    return {"x": draws.values(draw, batch, widths[0]), "kernels": kernels, "activation": draws.one_of(draw, ACTIVATIONS)}


def dead_layers(draw: Draw) -> Inputs:
    case = layers(draw)
    return {
        **case,
        "kernels": [np.zeros_like(kernel) for kernel in case["kernels"]],
        "activation": draws.one_of(draw, ACTIVATIONS),
    }


def propagate(student: Any, **case: Any) -> Any:
    return student.signal_propagation(**case)


PROPAGATION = Exercise("signal_propagation", "Standard deviation of the activations, layer by layer", (
    Check("value", "After each layer: the standard deviation of all activations of this layer, over batch and units together.",
          layers_and_activation, propagate, public=True),
    Check("activation", "The activation bends what a layer passes on and what is measured.", bent_layers, propagate),
    Check("default", "The layers are linear where no activation is named.", layers, propagate, cases=4),
    Check("deep", "Through twenty layers, whether the signal vanishes or explodes.", deep_layers, propagate, cases=4),
    Check("short", "One layer, a batch of one, a layer of one unit, or no layer at all: one number a layer.", short_layers,
          propagate),
    Check("dead", "Kernels of zeros let nothing pass: the standard deviation is 0 after every layer.", dead_layers, propagate,
          untouched=True, cases=3),
))  # fmt: skip


def theory_inputs(*activations: str) -> Callable[[Draw], Inputs]:
    def draw_case(draw: Draw) -> Inputs:
        return {
            "weight_variance": draws.one_of(draw, [0.0025, 0.03, 0.2]),
            "fan_in": draws.one_of(draw, [64, 100, 37]),
            "depth": draws.whole(draw, 2, 9),
            "activation": draws.one_of(draw, activations),
            "input_std": draws.one_of(draw, [0.5, 2.0, 3.0]),
        }

    return draw_case


def default_theory(draw: Draw) -> Inputs:
    return {"weight_variance": draws.one_of(draw, [0.011, 0.0025]), "fan_in": draws.one_of(draw, [100, 150])}


def kept(draw: Draw) -> Inputs:
    fan_in = draws.one_of(draw, [50, 300, 784])
    activation, gain = draws.one_of(draw, [("relu", 2.0), ("linear", 1.0)])
    return {"weight_variance": gain / fan_in, "fan_in": fan_in, "depth": 20, "activation": activation}


def no_depth(draw: Draw) -> Inputs:
    case = theory_inputs("linear", "relu")(draw)
    return {name: entry for name, entry in case.items() if name != "depth"}


# name, variance of the weights on n units, activation, and the standard deviation of log10 of the signal after 20 layers of
# 256 units: half of the .236 and .077 of 64 units (above), since it falls with the root of the width.
SIMULATED = (
    ("he_normal", lambda n: 2.0 / n, "relu", 0.12),
    ("glorot_uniform", lambda n: 1.0 / n, "relu", 0.12),
    ("random_normal", lambda n: 0.0025, "linear", 0.04),
    ("lecun_uniform", lambda n: 1.0 / n, "linear", 0.04),
)


def simulated(draw: Draw) -> Inputs:
    """A network of 20 random layers of 256 units, run when answers are recorded."""
    n = 256
    initializer, variance_of, activation, spread = draws.one_of(draw, SIMULATED)
    generator = np.random.default_rng(draws.seeds(draw))
    variance = variance_of(n)
    signal, found = generator.standard_normal((50, n)), []
    for _ in range(20):
        signal = signal @ generator.normal(0.0, math.sqrt(variance), (n, n))
        signal = np.maximum(signal, 0.0) if activation == "relu" else signal
        found.append(signal.std())
    return {
        "weight_variance": variance, "fan_in": n, "depth": 20, "activation": activation, "initializer": initializer,
        "simulated": np.log10(found), "spread": spread,
    }  # fmt: skip


def theory(student: Any, **case: Any) -> Any:
    return student.signal_theory(**case)


def theory_of_few_layers(student: Any, **case: Any) -> dict[str, Any]:
    return {
        "one layer": student.signal_theory(**case, depth=1),
        "no layer": student.signal_theory(**case, depth=0),
        # `input_std or 1.0` takes it for none given.
        "no signal": student.signal_theory(**{**case, "input_std": 0.0}, depth=1),
    }


def theory_beside_simulation(
    student: Any,
    weight_variance: float,
    fan_in: int,
    depth: int,
    activation: str,
    initializer: str,
    simulated: np.ndarray,
    spread: float,
) -> dict[str, Any]:
    return {"predicted": student.signal_theory(weight_variance, fan_in, depth, activation)}


def near_simulation(case: Inputs, answers: Inputs) -> dict[str, Claim]:
    # The spread grows with the root of the depth; .03 for a first layer and the mean, which 50 rows of 256 units leave
    # uncertain.
    within = Z * case["spread"] * np.sqrt(np.arange(1, 21) / 20) + 0.03
    return {"powers of ten of signal, layer by layer": Claim(np.log10(answers["predicted"]), case["simulated"], within)}


THEORY = Exercise("signal_theory", "What theory predicts for the signal", (
    Check("value", "In linear layers every layer multiplies the standard deviation by sqrt(fan_in * weight_variance).",
          theory_inputs("linear"), theory, public=True),
    Check("relu", "With the ReLU every layer multiplies the mean square by fan_in * weight_variance / 2, and the standard "
          "deviation is sqrt(1 - 1/pi) of its root.", theory_inputs("relu"), theory, public=True),
    Check("defaults", "Twenty linear layers and an input of standard deviation 1 where nothing else is said.",
          default_theory, theory, cases=3),
    Check("kept", "He's variance with the ReLU, and LeCun's with linear layers, give the same number after every layer.",
          kept, theory, cases=4),
    Check("few_layers", "One layer, or none: an array of one number, or of none. An input of standard deviation 0 is one.",
          no_depth, theory_of_few_layers, cases=4),
    Check("simulation", "The prediction agrees with what random networks of 20 layers of 256 units do, as far as chance "
          "allows.", simulated, theory_beside_simulation, measure=near_simulation, cases=3),
))  # fmt: skip


TOPIC = Topic(
    name="initializers",
    title="Initializers: where the weights start",
    exercises=with_contract(
        (
            plain_exercise("zeros", "0"),
            plain_exercise("ones", "1"),
            CONSTANT,
            RANDOM_NORMAL,
            RANDOM_UNIFORM,
            TRUNCATED_NORMAL,
            FANS,
            *(scaled_exercise(family, form) for family in ("glorot", "he", "lecun") for form in ("normal", "uniform")),
            LOSS,
            SYMMETRY,
            PROPAGATION,
            THEORY,
        ),
        given_nothing=(
            "zeros",
            "ones",
            "constant",
            "random_normal",
            "random_uniform",
            "truncated_normal",
            "compute_fans",
            "glorot_normal",
            "glorot_uniform",
            "he_normal",
            "he_uniform",
            "lecun_normal",
            "lecun_uniform",
            "signal_theory",
        ),
    ),
)
