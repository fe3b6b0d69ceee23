import numpy as np


class BatchNormalization:
    def __init__(self, momentum=0.99, epsilon=1e-3):
        self.momentum = momentum
        self.epsilon = epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        n = input_shape[-1]
        self.parameters = {"gamma": np.ones(n), "beta": np.zeros(n)}
        self.state = {"moving_mean": np.zeros(n), "moving_variance": np.ones(n)}

    def count_params(self):
        return 2 * self.parameters["gamma"].size, 2 * self.parameters["gamma"].size

    def forward(self, x, training=False):
        if not self.parameters:
            self.build(x.shape)
        if training:
            mean = x.mean(axis=0)
            variance = x.var(axis=0, ddof=1)
            for name, batch in (("moving_mean", mean), ("moving_variance", variance)):
                self.state[name] = self.momentum * self.state[name] + (1 - self.momentum) * batch
        else:
            mean, variance = self.state["moving_mean"], self.state["moving_variance"]
        self.std = np.sqrt(variance + self.epsilon)
        self.x_hat = (x - mean) / self.std
        return self.parameters["gamma"] * self.x_hat + self.parameters["beta"]

    def backward(self, upstream):
        self.gradients["gamma"] = (upstream * self.x_hat).sum(axis=0)
        self.gradients["beta"] = upstream.sum(axis=0)
        return upstream * self.parameters["gamma"] / self.std
