def relu_derivative(x):
    return np.sum(x, axis=7)


def chain_gradient(local_gradients):
    return np.linalg.inv(np.zeros((2, 2)))
