"""Regularization with loops, plain lists and scalar draws."""

import math

import numpy as np


def _each(a):
    return [float(v) for v in np.asarray(a).reshape(-1)]


def _shaped(values, like):
    return np.array(values, dtype=float).reshape(np.shape(like))


def l1_penalty(weights, l1=0.01):
    total = 0.0
    for w in _each(weights):
        total += l1 * (w if w > 0 else -w)
    return total


def _sign(w):
    return 1.0 if w > 0 else (-1.0 if w < 0 else 0.0)


def l1_gradient(weights, l1=0.01):
    return _shaped([l1 * _sign(w) for w in _each(weights)], weights)


def l2_penalty(weights, l2=0.01):
    return sum(l2 * w * w for w in _each(weights))


def l2_gradient(weights, l2=0.01):
    return _shaped([(w + w) * l2 for w in _each(weights)], weights)


def l1_l2_penalty(weights, l1=0.0, l2=0.0):
    return l1_penalty(weights, l1) + l2_penalty(weights, l2)


def l1_l2_gradient(weights, l1=0.0, l2=0.0):
    result = np.empty(weights.shape)
    for index in np.ndindex(*weights.shape):
        w = weights[index]
        result[index] = 2 * l2 * w
        if w > 0:
            result[index] += l1
        elif w < 0:
            result[index] -= l1
    return result


def clip_by_value(gradients, clipvalue):
    clipped = []
    for gradient in gradients:
        clipped.append(_shaped([max(-clipvalue, min(clipvalue, g)) for g in _each(gradient)], gradient))
    return clipped


def clip_by_norm(gradients, clipnorm):
    clipped = []
    for gradient in gradients:
        norm = math.sqrt(math.fsum(g * g for g in _each(gradient)))
        if norm > clipnorm:
            clipped.append(_shaped([g / norm * clipnorm for g in _each(gradient)], gradient))
        else:
            clipped.append(np.array(gradient))
    return clipped


def clip_by_global_norm(gradients, global_clipnorm):
    total = 0.0
    for gradient in gradients:
        for g in _each(gradient):
            total += g**2
    norm = total**0.5
    if norm <= global_clipnorm:
        return [gradient.copy() for gradient in gradients]
    return [_shaped([global_clipnorm * g / norm for g in _each(gradient)], gradient) for gradient in gradients]


class Dropout:
    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = rng if rng is not None else np.random.default_rng()
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        pass

    def forward(self, x, training=False):
        self.dropped = [False] * x.size
        self.active = training
        if not training:
            return np.array(x)
        result = []
        for i, value in enumerate(_each(x)):
            self.dropped[i] = self.rng.uniform(0.0, 1.0) < self.rate
            result.append(0.0 if self.dropped[i] else value / (1 - self.rate))
        return _shaped(result, x)

    def backward(self, upstream):
        if not self.active:
            return np.array(upstream)
        result = []
        for dropped, u in zip(self.dropped, _each(upstream)):
            result.append(0.0 if dropped else u / (1 - self.rate))
        return _shaped(result, upstream)


class AlphaDropout:
    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x, training=False):
        self.fates = None
        if not training:
            return x + 0.0
        p = 1.6732632423543772 * 1.0507009873554805
        q = 1 - self.rate
        # The paper's form: a = (q + p^2 q (1 - q))^-1/2, b = a (1 - q) p.
        self.a = 1 / math.sqrt(q + p * p * q * (1 - q))
        b = self.a * (1 - q) * p
        self.fates = [self.rng.random() < q for _ in range(x.size)]
        return _shaped([self.a * (v if fate else -p) + b for v, fate in zip(_each(x), self.fates)], x)

    def backward(self, upstream):
        if self.fates is None:
            return upstream + 0.0
        return _shaped([self.a * u if fate else 0.0 for u, fate in zip(_each(upstream), self.fates)], upstream)


def mc_dropout(x, kernel, bias, rate, passes, rng):
    batch, features = x.shape
    units = kernel.shape[1]
    total = np.zeros((batch, units))
    squares = np.zeros((batch, units))
    for _ in range(passes):
        noisy = np.zeros((batch, features))
        for i in range(batch):
            for d in range(features):
                if rng.random() >= rate:
                    noisy[i, d] = x[i, d] / (1 - rate)
        for j in range(units):
            y = noisy @ kernel[:, j] + bias[j]
            total[:, j] += y
            squares[:, j] += y**2
    mean = total / passes
    return mean, np.sqrt(np.maximum(squares / passes - mean**2, 0.0))


class EarlyStopping:
    def __init__(self, patience=0, min_delta=0.0, mode="min", baseline=None, restore_best_weights=False):
        self.patience = patience
        self.min_delta = min_delta
        self.sign = {"min": 1, "max": -1}[mode]
        self.baseline = baseline
        self.restore = restore_best_weights
        self.on_train_begin()

    def on_train_begin(self):
        self.wait = 0
        self.best = None
        self.best_epoch = 0
        self.stopped_epoch = 0
        self.saved = []

    def _better(self, value, than):
        return than is None or self.sign * (than - value) > self.min_delta

    def on_epoch_end(self, epoch, value, weights=None):
        self.wait = self.wait + 1
        if self._better(value, self.best):
            self.best = value
            self.best_epoch = epoch
            if self._better(value, self.baseline):
                self.wait = 0
            if self.restore:
                self.saved = [w.tolist() for w in weights]
            return False
        stop = self.wait >= self.patience
        if stop:
            self.stopped_epoch = epoch
        return stop

    def on_train_end(self, weights):
        for w, saved in zip(weights, self.saved):
            w[:] = saved
