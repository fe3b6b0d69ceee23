FUNCTIONS = {"sigmoid_derivative": sigmoid, "tanh_derivative": tanh, "softplus_derivative": softplus}


def differences(function):
    return lambda x: (function(x + 1e-6) - function(x - 1e-6)) / 2e-6


for name, function in FUNCTIONS.items():
    globals()[name] = differences(function)
