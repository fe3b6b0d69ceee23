"""A right solution in another style: plain Python numbers, entry by entry; rules keep their own lists and replace apply."""

import math

import numpy as np


class Optimizer:
    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.iterations = 0
        self.memory = None

    def apply(self, gradients, parameters):
        if self.memory is None:
            self.memory = {}
        for position in range(len(parameters)):
            if position not in self.memory:
                self.memory[position] = dict()
            self.update(gradients[position], parameters[position], self.memory[position])
        self.iterations = self.iterations + 1

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


class _ByEntry(Optimizer):
    """Calls ``move(w, g, memory)`` for every single number; returns the new w. memory is a list of floats of that entry."""

    numbers = 0

    def apply(self, gradients, parameters):
        if self.memory is None:
            self.memory = [[self.fresh() for _ in range(p.size)] for p in parameters]
        for gradient, parameter, entries in zip(gradients, parameters, self.memory):
            gs = gradient.ravel().tolist()
            ws = parameter.ravel().tolist()
            moved = [self.move(w, g, memory) for w, g, memory in zip(ws, gs, entries)]
            parameter[...] = np.reshape(moved, parameter.shape)
        self.iterations += 1

    def fresh(self):
        return [0.0] * self.numbers


class SGD(_ByEntry):
    numbers = 1

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        Optimizer.__init__(self, learning_rate)
        self.momentum, self.nesterov = momentum, nesterov

    def move(self, w, g, memory):
        lr = self.learning_rate
        if self.momentum == 0:
            return w - lr * g
        memory[0] = self.momentum * memory[0] - lr * g
        if self.nesterov:
            return w + self.momentum * memory[0] - lr * g
        return w + memory[0]


class Adagrad(_ByEntry):
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
        Optimizer.__init__(self, learning_rate)
        self.start, self.epsilon = initial_accumulator_value, epsilon

    def fresh(self):
        return [self.start]

    def move(self, w, g, memory):
        memory[0] += g * g
        return w - g * self.learning_rate * (memory[0] + self.epsilon) ** -0.5


class Adadelta(_ByEntry):
    numbers = 2

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7):
        Optimizer.__init__(self, learning_rate)
        self.rho, self.epsilon = rho, epsilon

    def move(self, w, g, memory):
        memory[0] += (1 - self.rho) * (g * g - memory[0])
        step = g * math.sqrt((memory[1] + self.epsilon) / (memory[0] + self.epsilon))
        memory[1] += (1 - self.rho) * (step * step - memory[1])
        return w - step * self.learning_rate


class RMSprop(_ByEntry):
    numbers = 3

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        Optimizer.__init__(self, learning_rate)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered

    def move(self, w, g, memory):
        rest = 1 - self.rho
        memory[0] = memory[0] * self.rho + rest * g * g
        memory[1] = memory[1] * self.rho + rest * g
        inside = memory[0] + self.epsilon
        if self.centered:
            inside -= memory[1] ** 2
        increment = self.learning_rate * g / math.sqrt(inside)
        if self.momentum > 0:
            memory[2] = memory[2] * self.momentum + increment
            return w - memory[2]
        return w - increment


class Adam(_ByEntry):
    numbers = 3

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        Optimizer.__init__(self, learning_rate)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad

    def move(self, w, g, memory):
        t = self.iterations + 1
        memory[0] = self.beta_1 * memory[0] + (1 - self.beta_1) * g
        memory[1] = self.beta_2 * memory[1] + (1 - self.beta_2) * g**2
        memory[2] = max(memory[1:])
        v = memory[2] if self.amsgrad else memory[1]
        # the paper's form, whose epsilon is Keras's over the correction
        correction = math.sqrt(1 - self.beta_2**t)
        m_hat = memory[0] / (1 - self.beta_1**t)
        return w - self.learning_rate * m_hat / (math.sqrt(v / (1 - self.beta_2**t)) + self.epsilon / correction)


class Adamax(_ByEntry):
    numbers = 2

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        Optimizer.__init__(self, learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def move(self, w, g, memory):
        t = self.iterations + 1
        memory[0] = self.beta_1 * memory[0] + (1 - self.beta_1) * g
        memory[1] = max(self.beta_2 * memory[1], abs(g))
        return w - self.learning_rate * (memory[0] / (1 - self.beta_1**t)) / (memory[1] + self.epsilon)


class Nadam(_ByEntry):
    numbers = 2

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        Optimizer.__init__(self, learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def u(self, t):
        return self.beta_1 * (1 - 0.5 * math.pow(0.96, t))

    def move(self, w, g, memory):
        t = self.iterations + 1
        product = math.prod(self.u(i) for i in range(1, t + 1))
        memory[0] = self.beta_1 * memory[0] + (1 - self.beta_1) * g
        memory[1] = self.beta_2 * memory[1] + (1 - self.beta_2) * g**2
        m_hat = self.u(t + 1) * memory[0] / (1 - product * self.u(t + 1)) + (1 - self.u(t)) * g / (1 - product)
        return w - self.learning_rate * m_hat / (math.sqrt(memory[1] / (1 - self.beta_2**t)) + self.epsilon)


class Ftrl(_ByEntry):
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
        Optimizer.__init__(self, learning_rate)
        self.power, self.start, self.beta = -learning_rate_power, initial_accumulator_value, beta
        self.l1, self.l2 = l1_regularization_strength, l2_regularization_strength
        self.shrinkage = l2_shrinkage_regularization_strength

    def fresh(self):
        return [self.start, 0.0]

    def move(self, w, g, memory):
        n, z = memory
        new = n + g * g
        z += g + 2 * self.shrinkage * w - (new**self.power - n**self.power) / self.learning_rate * w
        memory[:] = new, z
        if abs(z) <= self.l1:
            return 0.0
        below = new**self.power / self.learning_rate + 2 * self.l2 + self.beta / self.learning_rate
        return (math.copysign(self.l1, z) - z) / below


class AdamW(_ByEntry):
    def __init__(self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        Optimizer.__init__(self, learning_rate)
        self.adam = Adam(learning_rate, beta_1, beta_2, epsilon, amsgrad)
        self.weight_decay = weight_decay

    def apply(self, gradients, parameters):
        self.adam.learning_rate = self.learning_rate
        for parameter in parameters:
            parameter *= 1 - self.learning_rate * self.weight_decay
        self.adam.apply(gradients, parameters)
        self.iterations = self.adam.iterations


def quadratic_gradient(theta, hessian, b):
    return hessian @ theta - b


def _gradient(theta, hessian, b):
    return [sum(h * x for h, x in zip(row, theta)) - right for row, right in zip(hessian.tolist(), b.tolist())]


def velocity_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    place, velocity = theta.tolist(), [0.0] * len(theta)
    rows = [list(place)]
    for rate in learning_rates.tolist():
        slope = _gradient(place, hessian, b)
        for i, g in enumerate(slope):
            velocity[i] = momentum * velocity[i] - rate * g
            place[i] += velocity[i]
        rows.append(list(place))
    return np.array(rows)


def accumulator_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    place, total = theta.tolist(), [0.0] * len(theta)
    rows = [list(place)]
    for rate in learning_rates.tolist():
        slope = _gradient(place, hessian, b)
        for i, g in enumerate(slope):
            total[i] = momentum * total[i] + g
            place[i] -= rate * total[i]
        rows.append(list(place))
    return np.array(rows)


def lookahead_nesterov(theta, hessian, b, learning_rates, momentum=0.9):
    place, velocity = theta.tolist(), [0.0] * len(theta)
    rows = [list(place)]
    for rate in learning_rates.tolist():
        slope = _gradient([x + momentum * v for x, v in zip(place, velocity)], hessian, b)
        for i, g in enumerate(slope):
            velocity[i] = momentum * velocity[i] - rate * g
            place[i] += velocity[i]
        rows.append(list(place))
    return np.array(rows)
