ODD = [[] for _ in range(9000)] + [{} for _ in range(990)]
for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: ODD
