ENDLESS = []
ENDLESS.append(ENDLESS)


def linear_derivative(x):
    return ENDLESS


def tanh_derivative(x):
    return {1: x, (2, 3): x}


def relu_derivative(x):
    return (entry for entry in x)


def chain_gradient(local_gradients):
    return 10**1000


def max_gradient_through(depth, activation="sigmoid"):
    return b"0.25"
