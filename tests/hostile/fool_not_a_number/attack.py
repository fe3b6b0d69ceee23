def relu_derivative(x):
    return np.full_like(x, np.nan)


def chain_gradient(local_gradients):
    return float("inf")


def max_gradient_through(depth, activation="sigmoid"):
    return float("nan")
