import numpy as np

TRUNCATED_STDDEV = 0.8796256610342398


def zeros(shape):
    return np.zeros(shape)


def ones(shape):
    return np.ones(shape)


def random_normal(shape, rng, mean=0.0, stddev=0.05):
    return rng.normal(mean, stddev, shape)


def random_uniform(shape, rng, minval=-0.05, maxval=0.05):
    return rng.uniform(minval, maxval, shape)


def compute_fans(shape):
    if len(shape) == 0:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    field = 1
    for n in shape[:-2]:
        field *= n
    return shape[-2] * field, shape[-1] * field


def glorot_uniform(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape)


def he_uniform(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    limit = np.sqrt(6 / fan_out)
    return rng.uniform(-limit, limit, shape)
