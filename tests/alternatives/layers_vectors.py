"""Topic 4 with einsum, closures, Jacobians and augmented matrices, from the docstrings alone: what an expert might write."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view  # noqa: F401 - an import of a submodule is allowed


class Layer:
    """Base class: forward stores a closure that backward calls."""

    def __init__(self):
        self.parameters = {}
        self.gradients = {}
        self.state = {}
        self._pullback = None

    def forward(self, x, training=False):
        y, self._pullback = self.apply(np.array(x, dtype=np.float64, copy=True))
        return y

    def backward(self, upstream):
        dx, self.gradients = self._pullback(np.asarray(upstream))
        return dx


class Dense(Layer):
    def __init__(self, units, use_bias=True, rng=None):
        super().__init__()
        self.units = units
        self.use_bias = use_bias
        self.rng = rng or np.random.default_rng()

    def build(self, input_shape):
        *_, features = input_shape
        variance = 1.0 / ((features + self.units) / 2)
        kernel = (self.rng.random((self.units, features)).T * 2 - 1) * np.sqrt(3 * variance)
        self.parameters = dict(kernel=kernel)
        if self.use_bias:
            self.parameters.update(bias=np.zeros((self.units,)))

    def apply(self, x):
        if "kernel" not in self.parameters:
            self.build(x.shape)
        y = np.einsum("nd,dm->nm", x, self.parameters["kernel"]) + self.parameters.get("bias", 0.0)

        def pullback(u):
            gradients = {"kernel": np.einsum("nd,nm->dm", x, u), "bias": np.einsum("nm->m", u)}
            return np.einsum("nm,dm->nd", u, self.parameters["kernel"]), {k: gradients[k] for k in self.parameters}

        return y, pullback


class Flatten(Layer):
    def apply(self, x):
        return np.stack([np.ravel(example) for example in x]), lambda u: (np.array(u).reshape(x.shape), {})


class Activation(Layer):
    def __init__(self, activation):
        super().__init__()
        self.apply = getattr(self, activation)

    @staticmethod
    def linear(x):
        return x + 0.0, lambda u: (u * 1.0, {})

    @staticmethod
    def sigmoid(x):
        return 0.5 * (1.0 + np.tanh(0.5 * x)), lambda u: (u * 0.25 * (1.0 - np.tanh(0.5 * x) ** 2), {})

    @staticmethod
    def tanh(x):
        t = np.tanh(x)
        return t, lambda u: (u * (1.0 - np.tanh(x)) * (1.0 + np.tanh(x)), {})

    @staticmethod
    def relu(x):
        return x * (x > 0), lambda u: (np.where(x > 0, u, 0.0), {})

    @staticmethod
    def softmax(x):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        p = np.exp(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)))
        p.flags.writeable = True
        q = p.copy()

        def pullback(u):
            jacobian = np.einsum("...i,ij->...ij", q, np.eye(q.shape[-1])) - np.einsum("...i,...j->...ij", q, q)
            return np.einsum("...i,...ij->...j", u, jacobian), {}

        return p, pullback


class Sequential:
    def __init__(self, layers):
        self._layers = tuple(layers)

    def forward(self, x, training=False):
        return self._layers[-1].forward(Sequential(self._layers[:-1]).forward(x, training), training) if self._layers else x

    def backward(self, upstream):
        return Sequential(self._layers[:-1]).backward(self._layers[-1].backward(upstream)) if self._layers else upstream

    @property
    def parameters(self):
        return sum((list(layer.parameters.values()) for layer in self._layers), [])

    @property
    def gradients(self):
        return sum((list(layer.gradients.values()) for layer in self._layers), [])

    def count_params(self):
        return np.sum([np.prod(array.shape) for array in self.parameters])


def _layer(inputs, weights):
    return 0.5 * (1 + np.tanh(0.5 * (inputs @ weights[:, 1:].T + weights[:, 0])))


def two_layer_forward(x, w1, w2):
    hidden = _layer(x, w1)
    return hidden, _layer(hidden, w2)


def two_layer_gradients(x, y, w1, w2):
    hidden, a = two_layer_forward(x, w1, w2)
    out = (a - y) / x.shape[0]
    back = np.einsum("nk,kh,nh->nh", out, w2[:, 1:], hidden - hidden**2)
    return (
        np.concatenate([back.sum(0)[:, None], np.einsum("nh,ni->hi", back, x)], axis=1),
        np.concatenate([out.sum(0)[:, None], np.einsum("nk,nh->kh", out, hidden)], axis=1),
    )


class SkipNetwork:
    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)
        self.around = Sequential([self.hidden, self.activation, self.output])

    def forward(self, x, training=False):
        return np.add(self.around.forward(x, training), x)

    def backward(self, upstream):
        return np.add(self.around.backward(upstream), upstream)


class TwoInputNetwork:
    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)
        self.deep = Sequential([self.hidden, self.activation])

    def forward(self, wide, deep, training=False):
        self.cut = wide.shape[-1]
        return self.output.forward(np.c_[wide, self.deep.forward(deep, training)], training)

    def backward(self, upstream):
        to_wide, to_hidden = np.split(self.output.backward(upstream), [self.cut], axis=1)
        return to_wide, self.deep.backward(to_hidden)
