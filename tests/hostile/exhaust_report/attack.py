def chain_gradient(local_gradients):
    return [[0.3] * 10_000] * 3


def tanh_derivative(x):
    return {f"key {i}": 0.3 for i in range(5_000)}
