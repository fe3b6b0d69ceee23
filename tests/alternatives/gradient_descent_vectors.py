"""Topic 1 in einsum, other formulas and other functions of NumPy, from the docstrings alone."""

from functools import reduce

import numpy as np


def heaviside(x, h0=1.0):
    return np.heaviside(x, h0)


def sign(x):
    return 1.0 * (x > 0) - 1.0 * (x < 0)


def numerical_gradient(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) * (0.5 / h)


def squared_error(w, x, y):
    return np.square(np.subtract(np.multiply(x, w), y))


def squared_error_derivative(w, x, y):
    return np.multiply(x, np.multiply(x, w) - y) * 2


def gradient_descent_step(w, gradient, learning_rate):
    return np.add(w, np.multiply(gradient, -learning_rate))


def gradient_descent(gradient, w, learning_rate, steps):
    def walk(place, left):
        yield place
        if left:
            yield from walk(gradient_descent_step(place, gradient(place), learning_rate), left - 1)

    return np.stack(list(walk(w, steps)))


def train_neuron(w, x, y, learning_rate):
    # Each sample multiplies w by 1 - 2 lr x^2 and adds 2 lr x y.
    factors, terms = 1 - 2 * learning_rate * x * x, 2 * learning_rate * x * y
    path = [np.float64(w)]
    for factor, term in zip(factors, terms):
        path.append(factor * path[-1] + term)
    return np.asarray(path)


def minibatches(x, y, batch_size, rng):
    order = np.argsort(rng.random(x.shape[0]))
    cuts = np.arange(batch_size, x.shape[0], batch_size)
    return list(zip(np.split(x[order].copy(), cuts), np.split(y[order].copy(), cuts)))


def _logits(x, weights, bias):
    return np.einsum("ij,j->i", x, weights) + bias


def predict_proba(x, weights, bias):
    return 0.5 * (1 + np.tanh(0.5 * _logits(x, weights, bias)))


def likelihood(x, y, weights, bias):
    return np.exp(-negative_log_likelihood(x, y, weights, bias))


def negative_log_likelihood(x, y, weights, bias):
    signed = (1 - 2 * y) * _logits(x, weights, bias)
    return np.logaddexp(0, signed).sum()


def negative_log_likelihood_gradient(x, y, weights, bias):
    ones = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    gradient = np.einsum("ij,i->j", ones, predict_proba(x, weights, bias) - y)
    return gradient[:-1].copy(), gradient[-1]


def train_step(x, y, weights, bias, learning_rate):
    theta = np.append(weights, bias)
    ones = np.column_stack([x, np.ones(len(x))])
    a = np.exp(-np.logaddexp(0, -(ones @ theta)))
    theta = theta - learning_rate * (a - y) @ ones
    return theta[:-1], theta[-1]


def accuracy(y_true, y_pred, threshold=0.5):
    return 1 - np.abs(y_true - (y_pred > threshold)).mean()


def _share(hits, of):
    return np.divide(hits, of, out=np.zeros(()), where=of != 0)


def precision(y_true, y_pred, threshold=0.5):
    guess = np.where(y_pred > threshold, 1.0, 0.0)
    return _share(guess @ y_true, guess.sum())


def recall(y_true, y_pred, threshold=0.5):
    guess = np.where(y_pred > threshold, 1.0, 0.0)
    return _share(guess @ y_true, y_true.sum())


def mean_and_std(x_train):
    mean = np.einsum("ij->j", x_train) / len(x_train)
    variance = np.einsum("ij,ij->j", x_train, x_train) / len(x_train) - mean**2
    std = np.sqrt(np.maximum(variance, 0.0))
    std[np.ptp(x_train, axis=0) == 0] = 1.0
    return mean, std


def standardize(x, mean, std):
    return x / std - mean / std


def collapse(weights):
    return reduce(np.matmul, weights, np.eye(len(weights[0])))
