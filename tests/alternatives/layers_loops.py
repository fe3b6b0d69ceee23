"""Topic 4 in loops and plain lists, from the docstrings alone: what a careful beginner writes."""

import math
import random  # noqa

import numpy as np


def dot(a, b):
    return sum(float(p) * float(q) for p, q in zip(a, b))


class Dense:
    def __init__(self, units, use_bias=True, rng=None):
        self.units, self.use_bias = units, use_bias
        self.generator = rng
        self.parameters, self.gradients, self.state = {}, {}, {}
        self.is_built = False

    def build(self, input_shape):
        if self.generator is None:
            self.generator = np.random.default_rng()
        n = int(input_shape[-1])
        limit = math.sqrt(6 / (n + self.units))
        rows = []
        for _ in range(n):
            rows.append([(2 * self.generator.random() - 1) * limit for _ in range(self.units)])
        self.parameters["kernel"] = np.array(rows, dtype=np.float64).reshape(n, self.units)
        if self.use_bias:
            self.parameters["bias"] = np.array([0.0] * self.units)
        self.is_built = True

    def forward(self, x, training=False):
        if not self.is_built:
            self.build(x.shape)
        self.rows = x.tolist()
        kernel = self.parameters["kernel"]
        result = np.zeros((len(self.rows), self.units))
        for i, row in enumerate(self.rows):
            for j in range(self.units):
                total = self.parameters["bias"][j] if self.use_bias else 0.0
                for k in range(len(row)):
                    total += row[k] * kernel[k, j]
                result[i, j] = total
        return result

    def backward(self, upstream):
        kernel = self.parameters["kernel"]
        n, m = kernel.shape
        if not self.gradients:
            self.gradients = {name: np.zeros_like(p) for name, p in self.parameters.items()}
        for gradient in self.gradients.values():
            gradient.fill(0.0)
        dx = np.zeros((len(self.rows), n))
        for i, row in enumerate(self.rows):
            for j in range(m):
                u = upstream[i, j]
                if self.use_bias:
                    self.gradients["bias"][j] += u
                for k in range(n):
                    self.gradients["kernel"][k, j] += row[k] * u
                    dx[i, k] += u * kernel[k, j]
        return dx


class Flatten:
    def __init__(self):
        self.parameters, self.gradients, self.state = {}, {}, {}

    def forward(self, x, training=False):
        self.shape = tuple(x.shape)
        return np.array([list(example.flat) for example in x], dtype=np.float64)

    def backward(self, upstream):
        result = np.empty(self.shape)
        for i in range(self.shape[0]):
            result[i].flat = upstream[i]
        return result


def _sigmoid(v):
    if v >= 0:
        return 1 / (1 + math.exp(-v))
    e = math.exp(v)
    return e / (1 + e)


class Activation:
    def __init__(self, activation):
        self.name = activation
        self.parameters, self.gradients, self.state = {}, {}, {}

    def forward(self, x, training=False):
        self.x = np.array(x)
        result = np.empty(x.shape)
        if self.name == "softmax":
            for index in np.ndindex(*x.shape[:-1]):
                row = [math.exp(v - max(x[index])) for v in x[index]]
                result[index] = [v / math.fsum(row) for v in row]
            return result
        function = {"linear": lambda v: v, "sigmoid": _sigmoid, "tanh": math.tanh, "relu": lambda v: v if v > 0 else 0.0}
        for index in np.ndindex(*x.shape):
            result[index] = function[self.name](x[index])
        return result

    def backward(self, upstream):
        x, result = self.x, np.zeros(self.x.shape)
        if self.name == "softmax":
            p = Activation("softmax").forward(x)
            classes = x.shape[-1]
            for index in np.ndindex(*x.shape[:-1]):
                for j in range(classes):
                    for i in range(classes):
                        result[index][j] += upstream[index][i] * p[index][i] * ((i == j) - p[index][j])
            return result
        slope = {
            "linear": lambda v: 1.0,
            "sigmoid": lambda v: _sigmoid(v) * _sigmoid(-v),
            "tanh": lambda v: 1 / math.cosh(v) ** 2 if abs(v) < 300 else 0.0,
            "relu": lambda v: 1.0 if v > 0 else 0.0,
        }[self.name]
        for index in np.ndindex(*x.shape):
            result[index] = upstream[index] * slope(x[index])
        return result


class Sequential:
    def __init__(self, layers):
        self.row = []
        for layer in layers:
            self.row.append(layer)

    def forward(self, x, training=False):
        value = x
        for i in range(len(self.row)):
            value = self.row[i].forward(value, training)
        return value

    def backward(self, upstream):
        gradient = upstream
        for i in range(len(self.row) - 1, -1, -1):
            gradient = self.row[i].backward(gradient)
        return gradient

    def _collect(self, which):
        found = []
        for layer in self.row:
            for name in ("kernel", "bias"):
                if name in layer.parameters:
                    found.append(getattr(layer, which)[name])
        return found

    parameters = property(lambda self: self._collect("parameters"))
    gradients = property(lambda self: self._collect("gradients"))

    def count_params(self):
        total = 0
        for array in self.parameters:
            numbers = 1
            for n in array.shape:
                numbers *= n
            total += numbers
        return total


def two_layer_forward(x, w1, w2):
    hidden, outputs = [], []
    for row in x.tolist():
        h = [_sigmoid(w[0] + dot(w[1:], row)) for w in w1.tolist()]
        hidden.append(h)
        outputs.append([_sigmoid(w[0] + dot(w[1:], h)) for w in w2.tolist()])
    return np.array(hidden), np.array(outputs)


def two_layer_gradients(x, y, w1, w2):
    g1, g2 = np.zeros(w1.shape), np.zeros(w2.shape)
    hidden, a = two_layer_forward(x, w1, w2)
    n = len(x)
    for i in range(n):
        delta_out = [a[i, k] - y[i, k] for k in range(len(w2))]
        for k, d in enumerate(delta_out):
            g2[k, 0] += d / n
            for j in range(len(w1)):
                g2[k, j + 1] += d * hidden[i, j] / n
        for j in range(len(w1)):
            back = sum(delta_out[k] * w2[k, j + 1] for k in range(len(w2)))
            d = back * hidden[i, j] * (1 - hidden[i, j])
            g1[j, 0] += d / n
            for m in range(x.shape[1]):
                g1[j, m + 1] += d * x[i, m] / n
    return [g1, g2]


class SkipNetwork:
    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)

    def forward(self, x, training=False):
        h = self.hidden.forward(x, training)
        h = self.activation.forward(h, training)
        y = self.output.forward(h, training)
        for i in range(y.shape[0]):
            for j in range(y.shape[1]):
                y[i, j] += x[i, j]
        return y

    def backward(self, upstream):
        g = self.output.backward(upstream)
        g = self.activation.backward(g)
        dx = self.hidden.backward(g)
        dx += upstream
        return dx


class TwoInputNetwork:
    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)
        self.hidden_units = hidden_units

    def forward(self, wide, deep, training=False):
        h = self.activation.forward(self.hidden.forward(deep, training), training)
        joined = [list(w) + list(v) for w, v in zip(wide, h)]
        return self.output.forward(np.array(joined), training)

    def backward(self, upstream):
        g = self.output.backward(upstream)
        cut = g.shape[1] - self.hidden_units
        return g[:, :cut], self.hidden.backward(self.activation.backward(g[:, cut:]))
