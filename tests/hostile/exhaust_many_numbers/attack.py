ODD = [[i + j + 0.123456789 for i in range(100)] for j in range(190)]
for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: ODD
