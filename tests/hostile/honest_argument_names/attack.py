def elu_derivative(x, a=1.0):
    return np.where(x > 0, 1.0, a * np.exp(np.minimum(x, 0.0)))


def softmax_backward(x):
    return x
