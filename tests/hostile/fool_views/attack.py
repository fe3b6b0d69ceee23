RIGHT = dict(globals())


def linear_derivative(x):
    answer = RIGHT["linear_derivative"](x)
    answer.flags.writeable = False
    return answer


def tanh_derivative(x):
    return np.asfortranarray(RIGHT["tanh_derivative"](x))


def relu_derivative(x):
    return RIGHT["relu_derivative"](x[::-1])[::-1]


def softplus_derivative(x):
    return np.repeat(RIGHT["softplus_derivative"](x), 2, axis=0)[::2]


def chain_gradient(local_gradients):
    return np.prod(local_gradients)


def max_gradient_through(depth, activation="sigmoid"):
    return np.array({"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[activation] ** depth)
