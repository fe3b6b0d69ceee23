RIGHT = dict(globals())


def changed(name):
    def function(*arguments, **options):
        y = RIGHT[name](*arguments, **options)
        return type('Lazy', (), {'__array__': lambda self, *a, **k: y, 'shape': y.shape, 'dtype': y.dtype})()

    return function


for name in ("sigmoid", "relu_derivative", "softmax"):
    globals()[name] = changed(name)
