import time

for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__:
        globals()[name] = lambda *_, **__: time.sleep(1.0) or 1.0
