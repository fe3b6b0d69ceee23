"""Normalization with Python's own numbers, lists and loops: right, and as unlike the reference as can be."""

import math

import numpy as np


def _columns(array):
    return [[row[j] for row in array.tolist()] for j in range(array.shape[1])]


def _from_columns(columns):
    return np.array([[column[i] for column in columns] for i in range(len(columns[0]))], dtype=np.float64)


def _mean(numbers):
    total = 0.0
    for number in numbers:
        total += number
    return total / len(numbers)


def _variance(numbers):
    mean = _mean(numbers)
    return _mean([(number - mean) ** 2 for number in numbers])


def _line_gradient(line, upstream, epsilon):
    """Gradient of one normalized line, by the full Jacobian of x_hat."""
    n, mean, std = len(line), _mean(line), math.sqrt(_variance(line) + epsilon)
    hat = [(number - mean) / std for number in line]
    found = []
    for i in range(n):
        total = 0.0
        for k in range(n):
            total += upstream[k] * ((1.0 if i == k else 0.0) - 1.0 / n - hat[i] * hat[k] / n) / std
        found.append(total)
    return found


class BatchNormalization:
    def __init__(self, momentum=0.99, epsilon=1e-3):
        self.momentum, self.epsilon = momentum, epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}
        self._tape = None

    def build(self, input_shape):
        *_, features = input_shape
        self.parameters["gamma"] = np.array([1.0] * features)
        self.parameters["beta"] = np.array([0.0] * features)
        self.state["moving_mean"] = np.array([0.0] * features)
        self.state["moving_variance"] = np.array([1.0] * features)

    def count_params(self):
        return sum(len(p) for p in self.parameters.values()), sum(len(s) for s in self.state.values())

    def forward(self, x, training=False):
        if "gamma" not in self.parameters:
            self.build(x.shape)
        columns, answers, used = _columns(x), [], []
        for j, column in enumerate(columns):
            if training:
                mean, variance = _mean(column), _variance(column)
                for name, batch in (("moving_mean", mean), ("moving_variance", variance)):
                    old = float(self.state[name][j])
                    self.state[name][j] = old - (1 - self.momentum) * (old - batch)
            else:
                mean, variance = float(self.state["moving_mean"][j]), float(self.state["moving_variance"][j])
            used.append((mean, variance))
            gamma, beta = float(self.parameters["gamma"][j]), float(self.parameters["beta"][j])
            answers.append([beta + gamma * (number - mean) / math.sqrt(variance + self.epsilon) for number in column])
        self._tape = (columns, used, training)
        return _from_columns(answers)

    def backward(self, upstream):
        columns, used, training = self._tape
        dx, dgamma, dbeta = [], [], []
        for j, (column, up) in enumerate(zip(columns, _columns(upstream), strict=True)):
            mean, variance = used[j]
            std = math.sqrt(variance + self.epsilon)
            gamma = float(self.parameters["gamma"][j])
            dgamma.append(math.fsum(u * (number - mean) / std for u, number in zip(up, column, strict=True)))
            dbeta.append(math.fsum(up))
            if training:
                dx.append([gamma * d for d in _line_gradient(column, up, self.epsilon)])
            else:
                dx.append([gamma / std * u for u in up])
        self.gradients["gamma"], self.gradients["beta"] = np.array(dgamma), np.array(dbeta)
        return _from_columns(dx)


class LayerNormalization:
    def __init__(self, epsilon=1e-3):
        self.epsilon = epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        self.parameters = {"gamma": np.full(input_shape[1], 1.0), "beta": np.full(input_shape[1], 0.0)}

    def forward(self, x, training=False):
        if len(self.parameters) == 0:
            self.build(x.shape)
        self._rows = x.tolist()
        answers = []
        for row in self._rows:
            mean, std = _mean(row), math.sqrt(_variance(row) + self.epsilon)
            hat = [(number - mean) / std for number in row]
            answers.append([g * h + b for g, h, b in zip(self.parameters["gamma"], hat, self.parameters["beta"], strict=True)])
        return np.array(answers, dtype=float)

    def backward(self, upstream):
        dx, dgamma, dbeta = [], np.zeros(upstream.shape[1]), np.zeros(upstream.shape[1])
        for row, up in zip(self._rows, upstream.tolist(), strict=True):
            mean, std = _mean(row), math.sqrt(_variance(row) + self.epsilon)
            for j, number in enumerate(row):
                dgamma[j] += up[j] * (number - mean) / std
                dbeta[j] += up[j]
            dx.append(_line_gradient(row, [u * g for u, g in zip(up, self.parameters["gamma"], strict=True)], self.epsilon))
        self.gradients = {"beta": dbeta, "gamma": dgamma}
        return np.array(dx, dtype=float)


def weight_norm(v, g):
    columns = []
    for column, length in zip(_columns(v), g.tolist(), strict=True):
        norm = math.hypot(*column)
        columns.append([length * number / norm for number in column])
    return _from_columns(columns)


def weight_norm_backward(v, g, upstream):
    dv, dg = [], []
    for column, up, length in zip(_columns(v), _columns(upstream), g.tolist(), strict=True):
        norm = math.hypot(*column)
        dot = math.fsum(a * b for a, b in zip(column, up, strict=True))
        dg.append(dot / norm)
        dv.append([length * u / norm - length * dot * number / norm**3 for u, number in zip(up, column, strict=True)])
    return _from_columns(dv), np.array(dg)


def fold_batch_norm(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    inputs, units = kernel.shape
    new_kernel, new_bias = np.empty((inputs, units)), np.empty(units)
    for j in range(units):
        std = math.sqrt(moving_variance[j] + epsilon)
        for i in range(inputs):
            new_kernel[i, j] = gamma[j] * kernel[i, j] / std
        old = 0.0 if bias is None else bias[j]
        new_bias[j] = gamma[j] * (old - moving_mean[j]) / std + beta[j]
    return new_kernel, new_bias
