import numpy as np


class Optimizer:
    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.iterations = 0
        self.slots = []

    def apply(self, gradients, parameters):
        while len(self.slots) < len(parameters):
            self.slots.append({})
        for gradient, parameter, slot in zip(gradients, parameters, self.slots):
            self.update(gradient, parameter, slot)
        self.iterations += 1


class SGD(Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = momentum
        self.nesterov = nesterov

    def update(self, gradient, parameter, slot):
        v = self.momentum * slot.get("v", np.zeros_like(parameter)) - self.learning_rate * gradient
        slot["v"] = v
        if self.nesterov:
            parameter += self.momentum * v - self.learning_rate * gradient
        else:
            parameter += v


class Adam(Optimizer):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad

    def update(self, gradient, parameter, slot):
        m = slot.get("m", np.zeros_like(parameter))
        v = slot.get("v", np.zeros_like(parameter))
        m = self.beta_1 * m + (1 - self.beta_1) * gradient
        v = self.beta_2 * v + (1 - self.beta_2) * gradient**2
        slot["m"], slot["v"] = m, v
        parameter -= self.learning_rate * m / (np.sqrt(v) + self.epsilon)
