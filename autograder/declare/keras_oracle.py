"""Keras as an oracle, in float64 on TensorFlow. Imported only to record answers, and by the tests."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from autograder.wall.environment import FOR_TENSORFLOW


@cache
def keras() -> ModuleType:
    """The Keras module, quiet and in float64."""
    os.environ.update(FOR_TENSORFLOW)  # as behind the wall: what is added in one order has one answer
    with _silent():
        import keras as module

        module.ops.zeros(1)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of functions traced anew, as every check does
    module.config.set_floatx("float64")
    return module


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Without standard error: TensorFlow says there what it did not find, before anybody could tell it not to."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def value(function: Callable[..., Any], *arguments: Any) -> np.ndarray:
    """``function(*arguments)`` on tensors, as a float64 array."""
    import tensorflow as tf

    keras()
    return np.asarray(function(*[tf.constant(a, tf.float64) for a in arguments]))


def gradients(function: Callable[..., Any], arguments: Sequence[np.ndarray], upstream: np.ndarray) -> list[np.ndarray]:
    """Vector-Jacobian products ``upstream^T dy/da`` of ``y = function(*arguments)`` for each argument, by tf.GradientTape."""
    import tensorflow as tf

    keras()
    tensors = [tf.constant(a, tf.float64) for a in arguments]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        answer = function(*tensors)
    found = tape.gradient(answer, tensors, output_gradients=tf.constant(upstream, tf.float64))
    return [np.asarray(gradient) for gradient in found]
