"""Regularization with whole-array formulas, closures, dot products and other random draws."""

import copy

import numpy as np

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def l1_penalty(weights, l1=0.01):
    flat = weights.ravel()
    return np.float64(l1) * np.dot(flat, np.sign(flat))


def l1_gradient(weights, l1=0.01):
    return l1 * ((weights > 0).astype(float) - (weights < 0))


def l2_penalty(weights, l2=0.01):
    return np.asarray(l2 * np.vdot(weights, weights))  # a 0-d array is a number too


def l2_gradient(weights, l2=0.01):
    gradient = weights.copy()
    gradient *= 2 * l2
    return gradient


def l1_l2_penalty(weights, l1=0.0, l2=0.0):
    w = abs(weights)
    return (w * (l1 + l2 * w)).sum()


def l1_l2_gradient(weights, l1=0.0, l2=0.0):
    return np.sign(weights) * (l1 + 2 * l2 * np.abs(weights))


def clip_by_value(gradients, clipvalue):
    return tuple(np.minimum(np.maximum(g, -clipvalue), clipvalue) for g in gradients)


def _limit(norm, largest):
    return 1.0 if norm <= largest else largest / norm


def clip_by_norm(gradients, clipnorm):
    return [_limit(np.linalg.norm(g.ravel()), clipnorm) * g for g in gradients]


def clip_by_global_norm(gradients, global_clipnorm):
    together = np.concatenate([g.ravel() for g in gradients])
    together = together * _limit(np.sqrt(together @ together), global_clipnorm)
    cuts = np.cumsum([g.size for g in gradients])[:-1]
    return [part.reshape(g.shape).copy() for part, g in zip(np.split(together, cuts), gradients)]


def _identity(upstream):
    return upstream.copy()


class _Noise:
    """A layer whose backward is a closure that forward leaves behind."""

    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = rng or np.random.default_rng()
        self.parameters = {}
        self.gradients = {}
        self.state = {}
        self._backward = None

    def build(self, input_shape):
        self.input_shape = input_shape

    def backward(self, upstream):
        return self._backward(upstream)


class Dropout(_Noise):
    def forward(self, x, training=False):
        if not training or self.rate == 0:
            self._backward = _identity
            return _identity(x)
        if self.rate == 1:
            self._backward = np.zeros_like
            return np.zeros_like(x)
        factor = self.rng.binomial(1, 1 - self.rate, size=x.shape) / (1 - self.rate)
        self._backward = lambda upstream: np.multiply(factor, upstream)
        return np.multiply(factor, x)


class AlphaDropout(_Noise):
    def forward(self, x, training=False):
        if not training:
            self._backward = _identity
            return _identity(x)
        floor = -SELU_ALPHA * SELU_SCALE
        dropped = self.rng.choice([True, False], p=[self.rate, 1 - self.rate], size=x.shape)
        a = 1 / np.sqrt((1 - self.rate) * (1 + self.rate * floor * floor))
        y = x.copy()
        y[dropped] = floor
        y -= floor * self.rate
        y *= a

        def backward(upstream):
            dx = a * upstream
            dx[dropped] = 0
            return dx

        self._backward = backward
        return y


def mc_dropout(x, kernel, bias, rate, passes, rng):
    layer = Dropout(rate, rng)
    noisy = layer.forward(np.broadcast_to(x, (passes, *x.shape)), training=True)
    y = np.einsum("tnd,du->tnu", noisy, kernel) + bias
    mean = np.einsum("tnu->nu", y) / passes
    return mean, np.sqrt(((y - mean) ** 2).sum(axis=0) / passes)


class EarlyStopping:
    """Keeps the whole history and derives everything from it."""

    def __init__(self, patience=0, min_delta=0.0, mode="min", baseline=None, restore_best_weights=False):
        self.patience, self.baseline, self.restore_best_weights = patience, baseline, restore_best_weights
        if mode == "min":
            self._improves = lambda value, number: np.less(value + min_delta, number)
        else:
            self._improves = lambda value, number: np.greater(value - min_delta, number)
        self.on_train_begin()

    def on_train_begin(self):
        self.history = []
        self.stopped_epoch = 0
        self.snapshots = {}

    @property
    def _bests(self):
        bests = []
        for epoch, value in enumerate(self.history):
            if not bests or self._improves(value, self.history[bests[-1]]):
                bests.append(epoch)
        return bests

    @property
    def best_epoch(self):
        return self._bests[-1] if self.history else 0

    @property
    def best(self):
        return self.history[self.best_epoch] if self.history else None

    @property
    def wait(self):
        resets = [
            epoch for epoch in self._bests if self.baseline is None or self._improves(self.history[epoch], self.baseline)
        ]
        return len(self.history) - 1 - (resets[-1] if resets else -1)

    def on_epoch_end(self, epoch, value, weights=None):
        self.history.append(value)
        if self.restore_best_weights:
            self.snapshots[epoch] = copy.deepcopy(weights)
        stop = np.bool_(self.best_epoch != epoch) & (self.wait >= self.patience)
        if stop:
            self.stopped_epoch = epoch
        return stop

    def on_train_end(self, weights):
        if self.restore_best_weights:
            for array, best in zip(weights, self.snapshots[self.best_epoch]):
                np.copyto(array, best)
