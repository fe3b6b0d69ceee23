import numpy as np


def tanh(x):
	y = np.tanh(x)
        return y
