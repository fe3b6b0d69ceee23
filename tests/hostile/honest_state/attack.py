import logging
import random
import sys
import warnings

np.random.seed(42)
random.seed(42)
np.set_printoptions(precision=2)
warnings.warn("careful")
logging.basicConfig(level=logging.DEBUG)
logging.warning("starting")
print(np.log(np.zeros(3)), np.array([1.0]) / 0)
COUNT = 0
CACHE = {}


def tanh(x, *, verbose=False, out=None):
    global COUNT
    COUNT += 1
    CACHE["last"] = x
    np.random.seed(COUNT)
    return np.tanh(x)
