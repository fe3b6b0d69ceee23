"""Topic 1 in loops and plain lists, from the docstrings alone: what a careful beginner writes."""

import math

import numpy as np


def heaviside(x, h0=1.0):
    result = np.zeros(x.shape)
    for index, value in np.ndenumerate(x):
        if value > 0:
            result[index] = 1
        elif value == 0:
            result[index] = h0
    return result


def sign(x):
    result = np.zeros(x.shape)
    flat = result.reshape(-1)
    for i, value in enumerate(x.flatten()):
        flat[i] = int(value > 0) - int(value < 0)
    return result


def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = float(x[i])
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        x[i] = old
        gradient[i] = (up - down) / h / 2
        it.iternext()
    return gradient


def squared_error(w, x, y):
    difference = y - w * x
    return difference * difference


def squared_error_derivative(w, x, y):
    return 2 * w * x * x - 2 * x * y


def gradient_descent_step(w, gradient, learning_rate):
    if isinstance(w, float):
        return w - learning_rate * gradient
    result = w.copy()
    for index in np.ndindex(*w.shape):
        result[index] -= learning_rate * gradient[index]
    return result


def gradient_descent(gradient, w, learning_rate, steps):
    w = w.copy()
    places = [w.copy()]
    while len(places) <= steps:
        w -= gradient(w) * learning_rate
        places.append(w.copy())
    return np.array(places)


def train_neuron(w, x, y, learning_rate):
    result = np.zeros(len(x) + 1)
    result[0] = w
    for i in range(len(x)):
        w = gradient_descent_step(float(w), squared_error_derivative(w, x[i], y[i]), learning_rate)
        result[i + 1] = w
    return result


def minibatches(x, y, batch_size, rng):
    order = list(range(len(x)))
    rng.shuffle(order)
    batches = []
    while order:
        chosen, order = order[:batch_size], order[batch_size:]
        batches.append([np.array([x[i] for i in chosen]), np.array([y[i] for i in chosen])])
    return batches


def _sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def _logit(row, weights, bias):
    total = bias
    for value, weight in zip(row, weights):
        total += float(value) * float(weight)
    return total


def predict_proba(x, weights, bias):
    return np.array([_sigmoid(_logit(row, weights, bias)) for row in x])


def likelihood(x, y, weights, bias):
    product = 1.0
    for a, label in zip(predict_proba(x, weights, bias), y):
        product *= a if label == 1 else 1 - a
    return product


def negative_log_likelihood(x, y, weights, bias):
    total = 0.0
    for row, label in zip(x, y):
        z = _logit(row, weights, bias)
        if label == 1:
            z = -z
        total += z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))
    return total


def negative_log_likelihood_gradient(x, y, weights, bias):
    dweights, dbias = [0.0] * len(weights), 0.0
    for row, label, a in zip(x, y, predict_proba(x, weights, bias)):
        for j in range(len(weights)):
            dweights[j] += row[j] * (a - label)
        dbias += a - label
    return np.array(dweights), dbias


def train_step(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    new = np.array([w - learning_rate * d for w, d in zip(weights, dweights)])
    return [new, bias - learning_rate * dbias]


def _table(y_true, y_pred, threshold):
    tp = fp = fn = tn = 0
    for label, p in zip(y_true, y_pred):
        if p > threshold:
            if label == 1:
                tp += 1
            else:
                fp += 1
        elif label == 1:
            fn += 1
        else:
            tn += 1
    return tp, fp, fn, tn


def accuracy(y_true, y_pred, threshold=0.5):
    tp, fp, fn, tn = _table(y_true, y_pred, threshold)
    return (tp + tn) / (tp + fp + fn + tn)


def precision(y_true, y_pred, threshold=0.5):
    tp, fp, _, _ = _table(y_true, y_pred, threshold)
    if tp + fp == 0:
        return 0
    return tp / (tp + fp)


def recall(y_true, y_pred, threshold=0.5):
    tp, _, fn, _ = _table(y_true, y_pred, threshold)
    return tp / (tp + fn) if tp + fn > 0 else 0.0


def mean_and_std(x_train):
    n, m = x_train.shape
    means, stds = [], []
    for j in range(m):
        column = [float(v) for v in x_train[:, j]]
        mean = sum(column) / n
        means.append(mean)
        if min(column) == max(column):
            stds.append(1.0)
        else:
            stds.append(math.sqrt(sum((v - mean) ** 2 for v in column) / n))
    return np.array(means), np.array(stds)


def standardize(x, mean, std):
    result = np.empty(x.shape)
    for i in range(len(x)):
        for j in range(len(mean)):
            result[i, j] = (x[i, j] - mean[j]) / std[j]
    return result


def collapse(weights):
    result = weights[0].tolist()
    for matrix in weights[1:]:
        rows = []
        for row in result:
            rows.append([sum(row[k] * matrix[k, j] for k in range(len(row))) for j in range(matrix.shape[1])])
        result = rows
    return np.array(result)
