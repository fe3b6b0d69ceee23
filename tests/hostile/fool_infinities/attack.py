RIGHT = dict(globals())


def changed(name):
    def function(*arguments, **options):
        y = RIGHT[name](*arguments, **options)
        return np.full_like(y, np.inf)

    return function


for name in ("sigmoid", "relu_derivative", "softmax"):
    globals()[name] = changed(name)
