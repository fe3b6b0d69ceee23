"""What inputs look like: Hypothesis draws under names of the domain. Used when answers are recorded, never when grading.

Every function takes Hypothesis's ``draw`` first. Hypothesis chooses (and shrinks) sizes, options and seeds; the entries of an
array come from a NumPy generator with a seed that Hypothesis drew, rounded so that a person can read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from autograder.declare.table import Draw

T = TypeVar("T")

# Unequal primes: a transpose, a wrong axis or a wrong divisor can hide behind none of them.
PRIMES = (2, 3, 5, 7)


def seeds(draw: Draw) -> int:
    """A seed for a generator: another one in every course, and at every draw of a case."""
    from hypothesis import strategies as st

    return draw.seed(draw(st.integers(0, 2**32 - 1)))


def one_of(draw: Draw, options: Sequence[T]) -> T:
    """One of these; the first is the simplest."""
    from hypothesis import strategies as st

    return draw(st.sampled_from(list(options)))


def whole(draw: Draw, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    from hypothesis import strategies as st

    return draw(st.integers(low, high))


def sizes(draw: Draw, count: int) -> tuple[int, ...]:
    """Unequal prime sizes, such as batch, features and units."""
    from hypothesis import strategies as st

    return tuple(draw(st.permutations(PRIMES))[:count])


def values(draw: Draw, *shape: int, scale: float = 2.0, least: float = 0.05, decimals: int = 2) -> np.ndarray:
    """An array of numbers of both signs, ``least <= |number| <= scale``, uniform, rounded: readable and away from kinks at 0.

    The rounding keeps them at 2 decimals, far coarser than any finite-difference step, so no number lies close to a kink.
    """
    generator = np.random.default_rng(seeds(draw))
    size = np.round(generator.uniform(least, scale, shape), decimals)
    sign = generator.choice([-1.0, 1.0], shape)
    if sign.size > 1:  # never all of one sign: an identity must not pass for a relu
        sign.flat[0], sign.flat[-1] = 1.0, -1.0
    return np.where(size == 0, 10.0**-decimals, size) * sign


def positive(draw: Draw, *shape: int, low: float = 0.1, high: float = 2.0, decimals: int = 2) -> np.ndarray:
    """An array of positive numbers, uniform between low and high, rounded."""
    return np.round(np.random.default_rng(seeds(draw)).uniform(low, high, shape), decimals)


def rate(draw: Draw) -> float:
    """A dropout rate; never 1/2, at which rate and 1 - rate are the same."""
    return one_of(draw, (0.2, 0.3, 0.4, 0.7, 0.1))


def normal(draw: Draw, *shape: int, mean: float = 0.0, std: float = 1.0) -> np.ndarray:
    """Unrounded normal numbers, for checks that need a distribution."""
    return np.random.default_rng(seeds(draw)).normal(mean, std, shape)


def direction(array: np.ndarray) -> np.ndarray:
    """A fixed direction of an array's shape, along which a slope is taken; entries of order one, none zero."""
    generator = np.random.default_rng([97, *array.shape])  # 97: any constant would do, it only has to be the same each time
    return generator.uniform(0.5, 1.5, array.shape) * generator.choice([-1.0, 1.0], array.shape)
