ODD = [['x' * 500] * 20 for _ in range(150)]
for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: ODD
