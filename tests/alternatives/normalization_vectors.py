"""Normalization with einsum, E[x^2] - E[x]^2, closures and properties: right, and in none of the reference's formulas."""

import numpy as np


def _moments(x, axis):
    """Mean and variance, keeping the axis; the variance as the mean square minus the squared mean."""
    mean = np.einsum("ij->j" if axis == 0 else "ij->i", x) / x.shape[axis]
    square = np.einsum("ij,ij->j" if axis == 0 else "ij,ij->i", x, x) / x.shape[axis]
    return np.expand_dims(mean, axis), np.expand_dims(square - mean * mean, axis)


def _through(dx_hat, x, mean, variance, epsilon, axis):
    """Backward through the normalization in three stages: the variance, the mean, the numerator (as in the paper)."""
    n = x.shape[axis]
    centred = x - mean
    dvariance = np.sum(dx_hat * centred, axis, keepdims=True) * -0.5 * (variance + epsilon) ** -1.5
    dmean = -np.sum(dx_hat, axis, keepdims=True) / (variance + epsilon) ** 0.5 - 2 * dvariance * centred.mean(
        axis, keepdims=True
    )
    return dx_hat / (variance + epsilon) ** 0.5 + dvariance * 2 * centred / n + dmean / n


class _Normalization:
    """gamma and beta in one array of two rows, which parameters shows as views."""

    def __init__(self, epsilon):
        self.epsilon = epsilon
        self._table = None
        self._slopes = None
        self._back = None

    def build(self, input_shape):
        self._table = np.zeros((4, int(input_shape[-1])))
        self._table[[0, 3]] = 1.0

    @property
    def parameters(self):
        return {} if self._table is None else {"gamma": self._table[0], "beta": self._table[1]}

    @property
    def gradients(self):
        return {} if self._slopes is None else dict(zip(("gamma", "beta"), self._slopes, strict=True))

    def _apply(self, x, mean, variance, axis):
        gamma, beta, *_ = self._table
        x, gamma = np.array(x), np.array(gamma)
        x_hat = (x - mean) / np.sqrt(variance + self.epsilon)

        def back(upstream):
            self._slopes = np.stack([np.einsum("ij,ij->j", upstream, x_hat), np.ones(len(x)) @ upstream])
            dx_hat = np.einsum("ij,j->ij", upstream, gamma)
            if axis is None:
                return dx_hat / np.sqrt(variance + self.epsilon)
            return _through(dx_hat, x, mean, variance, self.epsilon, axis)

        self._back = back
        return np.einsum("ij,j->ij", x_hat, gamma) + beta

    def backward(self, upstream):
        return self._back(upstream)


class BatchNormalization(_Normalization):
    def __init__(self, momentum=0.99, epsilon=1e-3):
        super().__init__(epsilon)
        self.momentum = momentum
        self.state = {}

    def build(self, input_shape):
        super().build(input_shape)
        self.state = {"moving_mean": self._table[2].copy(), "moving_variance": self._table[3].copy()}

    def count_params(self):
        return self._table[:2].size, self._table[2:].size

    def forward(self, x, training=False):
        if self._table is None:
            self.build(np.shape(x))
        if not training:
            return self._apply(x, self.state["moving_mean"].copy(), self.state["moving_variance"].copy(), None)
        mean, variance = _moments(x, 0)
        self.state = {  # new arrays each time
            "moving_mean": self.state["moving_mean"] * self.momentum + mean[0] * (1 - self.momentum),
            "moving_variance": self.state["moving_variance"] * self.momentum + variance[0] * (1 - self.momentum),
        }
        return self._apply(x, mean, variance, 0)


class LayerNormalization(_Normalization):
    def __init__(self, epsilon=1e-3):
        super().__init__(epsilon)

    @property
    def state(self):
        return {}

    def forward(self, x, training=False):
        if self._table is None:
            self.build(x.shape)
        return self._apply(x, *_moments(x, 1), 1)


def weight_norm(v, g):
    return np.einsum("ij,j,j->ij", v, g, 1 / np.linalg.norm(v, axis=0))


def weight_norm_backward(v, g, upstream):
    # By the Jacobian of v / |v| of each unit, (I - v v^T / |v|^2) / |v|, as a stack of matrices.
    square = np.einsum("ij,ij->j", v, v)
    jacobians = (np.eye(len(v)) - np.einsum("ij,kj->jik", v, v) / square[:, None, None]) / np.sqrt(square)[:, None, None]
    dv = np.einsum("j,kj,jki->ij", g, upstream, jacobians)
    return [dv, np.einsum("ij,ij->j", upstream, v) * square**-0.5]


def fold_batch_norm(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    stretch = np.diag(gamma * (moving_variance + epsilon) ** -0.5)
    start = np.zeros_like(gamma) if bias is None else bias
    return kernel @ stretch, (start - moving_mean) @ stretch + beta
