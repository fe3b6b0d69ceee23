import functools


class Tanh:
    def __call__(self, x):
        return np.tanh(x)


tanh = Tanh()
relu = functools.partial(np.maximum, 0.0)
linear_derivative = np.ones_like
sigmoid = np.vectorize(lambda value: 1 / (1 + np.exp(-value)) if value >= 0 else np.exp(value) / (1 + np.exp(value)), otypes=[float])


class relu_derivative:
    def __init__(self, x):
        self.value = (x > 0).astype(float)
