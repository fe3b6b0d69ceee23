"""Losses with einsum, logaddexp, masks, and classes of which each knows its value and its gradient."""

import numpy as np

EPSILON = 1e-7


class Loss:
    def __init__(self, y_true, y_pred):
        if np.shape(y_true) != np.shape(y_pred):
            raise ValueError("shapes differ")
        self.y, self.p = np.asarray(y_true, dtype=np.float64), np.asarray(y_pred)


class Squared(Loss):
    def value(self):
        error = (self.p - self.y).ravel()
        return np.einsum("i,i->", error, error) / error.size

    def gradient(self):
        return (self.p - self.y) * (2.0 / self.p.size)


class Absolute(Loss):
    def value(self):
        return np.average(np.fabs(self.y - self.p))

    def gradient(self):
        larger, smaller = np.greater(self.p, self.y), np.less(self.p, self.y)
        return (larger * 1.0 - smaller * 1.0) / self.p.size


class RootSquared(Loss):
    def value(self):
        return np.linalg.norm(self.p - self.y) / self.p.size**0.5

    def gradient(self):
        error = self.p - self.y
        length = np.linalg.norm(error)
        return np.divide(error, length * np.sqrt(error.size), out=np.zeros(error.shape), where=length > 0)


class Binary(Loss):
    def value(self):
        p = np.minimum(np.maximum(self.p, EPSILON), 1 - EPSILON)
        return -np.mean(self.y * (np.log(p) - np.log1p(-p)) + np.log1p(-p))

    def gradient(self):
        inside = np.logical_and(self.p >= EPSILON, self.p <= 1 - EPSILON)
        p = np.where(inside, self.p, 0.5)
        return inside * ((1 - self.y) / (1 - p) - self.y / p) / self.p.size


class BinaryLogits(Loss):
    def value(self):
        return np.mean(np.logaddexp(0.0, self.p) - self.y * self.p)

    def gradient(self):
        return (0.5 * (1.0 + np.tanh(0.5 * self.p)) - self.y) / self.p.size


class Categorical(Loss):
    def value(self):
        q = self.p / np.einsum("nc->n", self.p)[:, None]
        return -np.einsum("nc,nc->", self.y, np.log(q.clip(EPSILON, 1 - EPSILON))) / len(q)

    def gradient(self):
        total = np.sum(self.p, axis=1)[:, None]
        q = self.p / total
        inside = (q >= EPSILON) & (q <= 1 - EPSILON)
        # The clip's slope, then the Jacobian of the division, (delta - q) / total, row by row.
        upstream = -np.divide(self.y, q, out=np.zeros(q.shape), where=inside) / len(q)
        jacobian = (np.eye(q.shape[1])[None] - q[:, :, None]) / total[:, :, None]  # d q_k / d p_j
        return np.einsum("nk,nkj->nj", upstream, jacobian)


class CategoricalLogits(Loss):
    def value(self):
        normaliser = np.logaddexp.reduce(self.p, axis=1, keepdims=True)
        return np.mean(np.einsum("nc,nc->n", self.y, normaliser - self.p))

    def gradient(self):
        normaliser = np.logaddexp.reduce(self.p, axis=1, keepdims=True)
        return (np.exp(self.p - normaliser) - self.y) / len(self.p)


def one_hot(y_true, y_pred):
    classes = np.arange(y_pred.shape[-1])
    if y_true.shape != (len(y_pred),) or not np.isin(y_true, classes).all():
        raise ValueError("not one class number for each row")
    return np.equal.outer(y_true, classes).astype(float)


def mean_squared_error(y_true, y_pred):
    return Squared(y_true, y_pred).value()


def mean_squared_error_gradient(y_true, y_pred):
    return Squared(y_true, y_pred).gradient()


def mean_absolute_error(y_true, y_pred):
    return Absolute(y_true, y_pred).value()


def mean_absolute_error_gradient(y_true, y_pred):
    return Absolute(y_true, y_pred).gradient()


def root_mean_squared_error(y_true, y_pred):
    return RootSquared(y_true, y_pred).value()


def root_mean_squared_error_gradient(y_true, y_pred):
    return RootSquared(y_true, y_pred).gradient()


def binary_crossentropy(y_true, y_pred, from_logits=False):
    return (BinaryLogits if from_logits else Binary)(y_true, y_pred).value()


def binary_crossentropy_gradient(y_true, y_pred, from_logits=False):
    return (BinaryLogits if from_logits else Binary)(y_true, y_pred).gradient()


def categorical_crossentropy(y_true, y_pred, from_logits=False):
    return (CategoricalLogits if from_logits else Categorical)(y_true, y_pred).value()


def categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    return (CategoricalLogits if from_logits else Categorical)(y_true, y_pred).gradient()


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    return categorical_crossentropy(one_hot(y_true, y_pred), y_pred, from_logits)


def sparse_categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    return categorical_crossentropy_gradient(one_hot(y_true, y_pred), y_pred, from_logits)
