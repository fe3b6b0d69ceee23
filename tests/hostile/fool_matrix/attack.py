RIGHT = dict(globals())


def changed(name):
    def function(*arguments, **options):
        y = RIGHT[name](*arguments, **options)
        return np.asmatrix(y) if y.ndim == 2 else np.asmatrix(y)

    return function


for name in ("sigmoid", "relu_derivative", "softmax"):
    globals()[name] = changed(name)
