RIGHT = dict(globals())


def changed(name):
    def function(*arguments, **options):
        y = RIGHT[name](*arguments, **options)
        return y[None]

    return function


for name in ("sigmoid", "relu_derivative", "softmax"):
    globals()[name] = changed(name)
