RIGHT = dict(globals())


def changed(name):
    def function(*arguments, **options):
        y = RIGHT[name](*arguments, **options)
        return __import__('collections').namedtuple('Answer', 'y')(y)

    return function


for name in ("sigmoid", "relu_derivative", "softmax"):
    globals()[name] = changed(name)
