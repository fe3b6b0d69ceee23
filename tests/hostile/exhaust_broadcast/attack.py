ODD = {'a': np.ones((10**5, 1)), 'b': np.ones((1, 10**5))}
for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: ODD
