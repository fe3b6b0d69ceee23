import numpy as np


def l1_penalty(weights, l1=0.01):
    return l1 * np.abs(weights).sum()


def l1_gradient(weights, l1=0.01):
    return l1 * np.sign(weights)


def l2_penalty(weights, l2=0.01):
    return l2 * (weights**2).sum()


def l2_gradient(weights, l2=0.01):
    return l2 * weights


class Dropout:
    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = rng if rng is not None else np.random.default_rng()
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        pass

    def forward(self, x, training=False):
        if not training:
            self.mask = np.ones_like(x)
            return x.copy()
        self.mask = (self.rng.random(x.shape) >= self.rate).astype(float)
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask
