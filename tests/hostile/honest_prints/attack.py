import sys

RIGHT = dict(globals())
print("hello", np.arange(1000))


def tanh(x):
    print("x is", x, flush=True)
    sys.stdout.write("done\n")
    return np.tanh(x)
