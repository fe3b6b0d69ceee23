"""A right solution in another style: preallocated state changed in place, einsum, running products, other forms of the formulas."""

from collections import defaultdict

import numpy as np


class Optimizer:
    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self._steps = 0
        self._state = defaultdict(dict)

    @property
    def iterations(self):
        return self._steps

    def apply(self, gradients, parameters):
        for position, pair in enumerate(zip(gradients, parameters, strict=True)):
            self.update(*pair, self._state[position])
        self._steps += 1

    def update(self, gradient, parameter, slot):
        raise NotImplementedError("a rule defines update(gradient, parameter, slot)")


class SignSGD(Optimizer):
    def update(self, gradient, parameter, slot):
        parameter -= self.learning_rate * np.sign(gradient)


class RobbinsMonro(Optimizer):
    def update(self, gradient, parameter, slot):
        t = self.iterations + 1
        parameter -= self.learning_rate / t * gradient


class Lion(Optimizer):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def update(self, gradient, parameter, slot):
        m = slot.get("m", 0.0)
        parameter -= self.learning_rate * np.sign(self.beta_1 * m + (1.0 - self.beta_1) * gradient)
        slot["m"] = self.beta_2 * m + (1.0 - self.beta_2) * gradient


def fit_line(optimizer, x, y, kernel, bias, steps):
    losses = np.zeros(steps)
    for step in range(steps):
        error = x @ kernel + bias - y
        losses[step] = np.mean(error**2)
        upstream = 2.0 * error / error.size
        optimizer.apply([x.T @ upstream, upstream.sum(axis=0)], [kernel, bias])
    return losses


def _array(slot, name, like, value=0.0):
    if name not in slot:
        slot[name] = np.full_like(like, value)
    return slot[name]


def _blend(average, new, kept):
    """average = kept * average + (1 - kept) * new, in place, as Keras writes it."""
    average += (new - average) * (1 - kept)


class SGD(Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = momentum
        self.nesterov = nesterov

    def update(self, gradient, parameter, slot):
        v = _array(slot, "v", parameter)
        v *= -self.momentum  # the velocity is kept with the opposite sign between these two lines
        v += self.learning_rate * gradient
        np.negative(v, out=v)
        if self.nesterov:
            np.add(
                parameter,
                np.einsum("k,k...->...", [self.momentum, -self.learning_rate], np.stack([v, gradient])),
                out=parameter,
            )
        else:
            np.add(parameter, v, out=parameter)


class Adagrad(Optimizer):
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
        super().__init__(learning_rate)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        # epsilon goes into the sum from the beginning
        total = _array(slot, "n", parameter, self.initial_accumulator_value + self.epsilon)
        total += np.square(gradient)
        parameter[:] = parameter - self.learning_rate * np.power(total, -0.5) * gradient


class Adadelta(Optimizer):
    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho = rho
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        a, d = _array(slot, "a", parameter), _array(slot, "d", parameter)
        _blend(a, gradient * gradient, self.rho)
        delta = gradient * np.sqrt((d + self.epsilon) / (a + self.epsilon))
        _blend(d, delta * delta, self.rho)
        delta *= self.learning_rate
        parameter -= delta


class RMSprop(Optimizer):
    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        super().__init__(learning_rate)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def update(self, gradient, parameter, slot):
        v, mean, moved = (_array(slot, name, parameter) for name in ("v", "mean", "moved"))
        _blend(v, gradient**2, self.rho)
        _blend(mean, gradient, self.rho)
        inside = v - self.centered * mean**2 + self.epsilon
        moved *= self.momentum
        moved += gradient / (np.sqrt(inside) / self.learning_rate)
        parameter -= moved


class _Moments(Optimizer):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.left_1 = self.left_2 = 1.0  # beta_1**t and beta_2**t

    def apply(self, gradients, parameters):
        self.left_1 *= self.beta_1
        self.left_2 *= self.beta_2
        super().apply(gradients, parameters)

    def moments(self, gradient, slot):
        m, v = _array(slot, "m", gradient), _array(slot, "v", gradient)
        _blend(m, gradient, self.beta_1)
        _blend(v, np.square(gradient), self.beta_2)
        return m, v


class Adam(_Moments):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate, beta_1, beta_2, epsilon)
        self.amsgrad = amsgrad

    def update(self, gradient, parameter, slot):
        m, v = self.moments(gradient, slot)
        if self.amsgrad:
            v = np.maximum(_array(slot, "top", v), v, out=slot["top"])
        alpha = (1 - self.left_2) ** 0.5 / (1 - self.left_1) * self.learning_rate
        parameter -= np.divide(alpha * m, np.sqrt(v) + self.epsilon)


class Adamax(_Moments):
    def update(self, gradient, parameter, slot):
        m, _ = self.moments(gradient, slot)
        u = _array(slot, "u", parameter)
        u *= self.beta_2
        np.maximum(u, np.maximum(gradient, -gradient), out=u)
        parameter -= self.learning_rate * m / ((1 - self.left_1) * (u + self.epsilon))


class Nadam(_Moments):
    product = 1.0

    def apply(self, gradients, parameters):
        shares = self.beta_1 * (1 - 0.5 * 0.96 ** np.arange(self.iterations + 1, self.iterations + 3))
        self.now, self.next = shares
        self.product = self.product * self.now
        super().apply(gradients, parameters)

    def update(self, gradient, parameter, slot):
        m, v = self.moments(gradient, slot)
        ahead = self.next / (1 - self.product * self.next) * m
        here = (1 - self.now) / (1 - self.product) * gradient
        parameter -= (ahead + here) * (self.learning_rate / (np.sqrt(v / (1 - self.left_2)) + self.epsilon))


class Ftrl(Optimizer):
    def __init__(
        self,
        learning_rate=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
    ):
        super().__init__(learning_rate)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength
        self.shrinkage = l2_shrinkage_regularization_strength
        self.beta = beta

    def update(self, gradient, parameter, slot):
        n, z = _array(slot, "n", parameter, self.initial_accumulator_value), _array(slot, "z", parameter)
        before = 1 / n**self.learning_rate_power
        n += gradient**2
        after = 1 / n**self.learning_rate_power
        z += gradient + parameter * (2 * self.shrinkage - (after - before) / self.learning_rate)
        soft = np.sign(z) * np.maximum(np.abs(z) - self.l1, 0.0)
        # numerator and denominator times the learning rate
        parameter[...] = -self.learning_rate * soft / (after + 2 * self.learning_rate * self.l2 + self.beta)


class AdamW(Adam):
    def __init__(self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad)
        self.weight_decay = weight_decay

    def apply(self, gradients, parameters):
        shrunk = 1.0 - self.weight_decay * self.learning_rate
        for parameter in parameters:
            np.multiply(parameter, shrunk, out=parameter)
        super().apply(gradients, parameters)


def quadratic_gradient(theta, hessian, b):
    return hessian @ theta - b


def _by_matrices(theta, hessian, b, transitions):
    """Path of (theta, memory) under affine maps, one (matrix, shift) a step."""
    size = len(theta)
    state = np.concatenate([theta, np.zeros(size)])
    path = np.empty((len(transitions) + 1, size))
    path[0] = theta
    for row, (matrix, shift) in enumerate(transitions, 1):
        state = np.einsum("ij,j->i", matrix, state) + shift
        path[row] = state[:size]
    return path


def velocity_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    one = np.eye(len(theta))
    steps = [
        (np.block([[one - r * hessian, momentum * one], [-r * hessian, momentum * one]]), np.concatenate([r * b, r * b]))
        for r in learning_rates
    ]
    return _by_matrices(theta, hessian, b, steps)


def accumulator_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    one = np.eye(len(theta))
    steps = [
        (np.block([[one - r * hessian, -r * momentum * one], [hessian, momentum * one]]), np.concatenate([r * b, -b]))
        for r in learning_rates
    ]
    return _by_matrices(theta, hessian, b, steps)


def lookahead_nesterov(theta, hessian, b, learning_rates, momentum=0.9):
    one = np.eye(len(theta))
    steps = []
    for r in learning_rates:
        kept = momentum * (one - r * hessian)
        steps.append((np.block([[one - r * hessian, kept], [-r * hessian, kept]]), np.concatenate([r * b, r * b])))
    return _by_matrices(theta, hessian, b, steps)
