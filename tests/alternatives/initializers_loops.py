"""Initializers with loops, plain lists inside, one number at a time, and the distributions made from uniform numbers."""

import math
from functools import reduce
from statistics import NormalDist

import numpy as np

_STANDARD = NormalDist()


def _array(shape, make):
    count = 1
    for size in shape:
        count = count * size
    numbers = []
    for _ in range(count):
        numbers.append(float(make()))
    return np.array(numbers, dtype=float).reshape(shape)


def zeros(shape):
    return _array(shape, lambda: 0)


def ones(shape):
    return _array(shape, lambda: 1)


def constant(shape, value=0.0):
    return _array(shape, lambda: value)


def random_normal(shape, rng, mean=0.0, stddev=0.05):
    def box_muller():
        radius = math.sqrt(-2 * math.log(1 - rng.random()))
        return mean + stddev * radius * math.cos(2 * math.pi * rng.random())

    return _array(shape, box_muller)


def random_uniform(shape, rng, minval=-0.05, maxval=0.05):
    return _array(shape, lambda: minval + rng.random() * (maxval - minval))


def truncated_normal(shape, rng, mean=0.0, stddev=0.05):
    def one():
        while True:
            weight = rng.normal(mean, stddev)
            if mean - 2 * stddev <= weight <= mean + 2 * stddev:
                return weight

    return _array(shape, one)


def compute_fans(shape):
    if not shape:
        return [1, 1]
    if len(shape) == 1:
        return [shape[0], shape[0]]
    *field, n_in, n_out = shape
    return [reduce(lambda a, b: a * b, field, n) for n in (n_in, n_out)]


def _corrected(shape, rng, variance):
    low, high = _STANDARD.cdf(-2), _STANDARD.cdf(2)
    width = math.sqrt(variance) / 0.87962566103423978
    return _array(shape, lambda: width * _STANDARD.inv_cdf(low + (high - low) * rng.random()))


def _flat(shape, rng, variance):
    limit = (3 * variance) ** 0.5
    return _array(shape, lambda: rng.uniform(-limit, limit))


def glorot_normal(shape, rng):
    return _corrected(shape, rng, 1 / (sum(compute_fans(shape)) / 2))


def glorot_uniform(shape, rng):
    return _flat(shape, rng, 1 / (sum(compute_fans(shape)) / 2))


def he_normal(shape, rng):
    return _corrected(shape, rng, 2 / compute_fans(shape)[0])


def he_uniform(shape, rng):
    return _flat(shape, rng, 2 / compute_fans(shape)[0])


def lecun_normal(shape, rng):
    return _corrected(shape, rng, 1 / compute_fans(shape)[0])


def lecun_uniform(shape, rng):
    return _flat(shape, rng, 1 / compute_fans(shape)[0])


def _product(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def _transposed(a):
    return [list(row) for row in zip(*a)]


def two_layer_loss(x, targets, kernel, output_kernel):
    hidden = [[math.tanh(z) for z in row] for row in _product(x.tolist(), kernel.tolist())]
    total, count = 0.0, 0
    for row, wanted in zip(_product(hidden, output_kernel.tolist()), targets.tolist()):
        for y, t in zip(row, wanted):
            total += (y - t) * (y - t)
            count += 1
    return total / count


def train_two_layers(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    x, t, k, v = x.tolist(), targets.tolist(), kernel.tolist(), output_kernel.tolist()
    count = len(t) * len(t[0])
    for _ in range(steps):
        hidden = [[math.tanh(z) for z in row] for row in _product(x, k)]
        y = _product(hidden, v)
        new_k, new_v = [row[:] for row in k], [row[:] for row in v]
        for n in range(len(x)):
            for d in range(len(t[0])):
                e = 2 * (y[n][d] - t[n][d]) / count
                for u in range(len(v)):
                    new_v[u][d] -= learning_rate * e * hidden[n][u]
                    for f in range(len(k)):
                        new_k[f][u] -= learning_rate * e * v[u][d] * (1 - hidden[n][u] ** 2) * x[n][f]
        k, v = new_k, new_v
    return [np.array(k), np.array(v)]


def signal_propagation(x, kernels, activation="linear"):
    rows = x.tolist()
    answer = np.zeros(len(kernels))
    for i, kernel in enumerate(kernels):
        rows = _product(rows, kernel.tolist())
        if activation == "relu":
            rows = [[z if z > 0 else 0.0 for z in row] for row in rows]
        elif activation == "tanh":
            rows = [[math.tanh(z) for z in row] for row in rows]
        numbers = [a for row in rows for a in row]
        mean = sum(numbers) / len(numbers)
        answer[i] = math.sqrt(sum((a - mean) ** 2 for a in numbers) / len(numbers))
    return answer


def signal_theory(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    square = input_std**2
    answer = []
    for _ in range(depth):
        pre = fan_in * weight_variance * square
        if activation == "relu":
            square, mean = pre / 2, math.sqrt(pre / (2 * math.pi))
        else:
            square, mean = pre, 0.0
        answer.append(math.sqrt(square - mean**2))
    return np.array(answer, dtype=np.float64)
