import numpy as np


class Dense:
    def __init__(self, units, use_bias=True, rng=None):
        self.units = units
        self.use_bias = use_bias
        self.rng = rng if rng is not None else np.random.default_rng()
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def build(self, input_shape):
        fan_in = input_shape[-1]
        limit = np.sqrt(6 / (fan_in + self.units))
        self.parameters["kernel"] = self.rng.uniform(-limit, limit, (fan_in, self.units))
        if self.use_bias:
            self.parameters["bias"] = np.zeros(self.units)

    def forward(self, x, training=False):
        if not self.parameters:
            self.build(x.shape)
        self.x = x.copy()
        y = x @ self.parameters["kernel"]
        if self.use_bias:
            y = y + self.parameters["bias"]
        return y

    def backward(self, upstream):
        batch = upstream.shape[0]
        self.gradients["kernel"] = self.x.T @ upstream / batch
        if self.use_bias:
            self.gradients["bias"] = upstream.sum(axis=0)
        return upstream @ self.parameters["kernel"].T


class Flatten:
    def __init__(self):
        self.parameters, self.gradients, self.state = {}, {}, {}

    def forward(self, x, training=False):
        self.shape = x.shape
        return x.reshape(x.shape[0], -1).copy()

    def backward(self, upstream):
        return upstream.reshape(self.shape).copy()
