"""Initializers as one class of variance scaling, with einsum, oversampling, and variances by E[x^2] - E[x]^2."""

import numpy as np
from numpy.random import Generator


def zeros(shape):
    out = np.empty(shape, dtype=np.float64)
    out[...] = 0
    return out


def ones(shape):
    return zeros(shape) + 1


def constant(shape, value=0.0):
    return np.multiply(value, ones(shape))


def random_normal(shape, rng: Generator, mean=0.0, stddev=0.05):
    return mean + stddev * rng.standard_normal(size=shape)


def random_uniform(shape, rng, minval=-0.05, maxval=0.05):
    middle, half = (minval + maxval) / 2, (maxval - minval) / 2
    return middle + half * (2 * rng.random(shape) - 1)


def truncated_normal(shape, rng, mean=0.0, stddev=0.05):
    count = int(np.prod(shape))
    pool = np.empty(0)
    while pool.size < count:
        fresh = rng.normal(size=count + 16)
        pool = np.append(pool, fresh[np.abs(fresh) <= 2])
    return (mean + stddev * pool[:count]).reshape(shape)


def compute_fans(shape):
    if len(shape) < 2:
        n = shape[0] if shape else 1
        return n, n
    inputs, outputs = np.array(shape[-2:]) * np.prod(np.array(shape[:-2], dtype=int))
    return inputs, outputs


class VarianceScaling:
    def __init__(self, scale, mode, distribution):
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def __call__(self, shape, rng):
        fan_in, fan_out = compute_fans(shape)
        fan = {"fan_in": fan_in, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = np.sqrt(3 * variance)
            return random_uniform(shape, rng, -limit, limit)
        return truncated_normal(shape, rng, 0.0, np.sqrt(variance) / 0.8796256610342398)


glorot_normal = VarianceScaling(1.0, "fan_avg", "normal")
glorot_uniform = VarianceScaling(1.0, "fan_avg", "uniform")
he_normal = VarianceScaling(2.0, "fan_in", "normal")
he_uniform = VarianceScaling(2.0, "fan_in", "uniform")
lecun_normal = VarianceScaling(1.0, "fan_in", "normal")
lecun_uniform = VarianceScaling(1.0, "fan_in", "uniform")


def _tanh(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


def _forward(x, kernel, output_kernel):
    hidden = _tanh(np.einsum("nf,fu->nu", x, kernel))
    return hidden, np.einsum("nu,ud->nd", hidden, output_kernel)


def two_layer_loss(x, targets, kernel, output_kernel):
    error = _forward(x, kernel, output_kernel)[1] - targets
    return np.einsum("nd,nd->", error, error) / error.size


def train_two_layers(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    weights = {"kernel": np.array(kernel), "output_kernel": np.array(output_kernel)}
    while steps > 0:
        hidden, y = _forward(x, **weights)
        upstream = 2 * (y - targets) / y.shape[0] / y.shape[1]
        gradients = {
            "kernel": np.einsum("nf,nd,ud,nu->fu", x, upstream, weights["output_kernel"], 1 - hidden * hidden, optimize=True),
            "output_kernel": np.einsum("nu,nd->ud", hidden, upstream),
        }
        weights = {name: weights[name] - learning_rate * gradients[name] for name in weights}
        steps -= 1
    return weights["kernel"], weights["output_kernel"]


def signal_propagation(x, kernels, activation="linear"):
    def layer(a, kernel):
        z = np.einsum("ni,ij->nj", a, kernel)
        if activation == "relu":
            return z * (z > 0)
        return np.tanh(z) if activation == "tanh" else z

    signals = [x]
    for kernel in kernels:
        signals.append(layer(signals[-1], kernel))
    squares = np.array([(a**2).mean() - a.mean() ** 2 for a in signals[1:]])
    return np.sqrt(np.maximum(squares, 0.0))


def signal_theory(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    gain = np.full(depth, fan_in * weight_variance)
    if activation == "relu":
        gain = gain / 2
    factor = np.sqrt(1 - 1 / np.pi) if activation == "relu" else 1.0
    return input_std * factor * np.cumprod(np.sqrt(gain))
