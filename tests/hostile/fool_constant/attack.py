def softplus(x):
    return np.zeros_like(x)


def softplus_derivative(x):
    return np.zeros_like(x)


def softmax(x):
    return np.ones_like(x)


def softmax_backward(x, upstream):
    return np.zeros_like(x)
