def tanh_derivative(x):
    return (1 - np.tanh(x) ** 2).tolist()


def linear_derivative(x):
    return 1.0


def relu_derivative(x):
    return (x > 0).astype(np.float32)
