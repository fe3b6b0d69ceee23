import functools
import time


def timed(function):
    @functools.wraps(function)
    def wrapper(*arguments, **options):
        begun = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            print(f"{function.__name__} took {time.perf_counter() - begun:.3f} s")

    return wrapper


for name, function in list(globals().items()):
    if callable(function) and getattr(function, "__module__", "") == __name__ and name not in ("timed",):
        globals()[name] = timed(function)
