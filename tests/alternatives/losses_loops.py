"""Losses with plain Python numbers, lists, loops and closures; NumPy only to take arrays apart and to build them."""

import math

import numpy as np

EPSILON = 1e-7


def refuse(y_true, y_pred):
    raise ValueError(f"shapes {y_true.shape} and {y_pred.shape} do not fit")


def clip(p):
    return min(max(p, EPSILON), 1.0 - EPSILON)


def is_inside(p):
    return EPSILON <= p <= 1.0 - EPSILON


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (math.exp(z) + 1.0)


def softplus(z):
    return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))


def softmax(row):
    top = max(row)
    powers = [math.exp(z - top) for z in row]
    return [power / sum(powers) for power in powers]


def log_sum_exp(row):
    top = max(row)
    total = 0.0
    for z in row:
        total += math.exp(z - top)
    return top + math.log(total)


# --- entry by entry ---------------------------------------------------------------------------------------------------


def averaged(loss):
    def whole(y_true, y_pred):
        if y_true.shape != y_pred.shape:
            refuse(y_true, y_pred)
        total, count = 0.0, 0
        for target, prediction in zip(y_true.ravel().tolist(), y_pred.ravel().tolist()):
            total += loss(target, prediction)
            count += 1
        return total / count

    return whole


def averaged_gradient(slope):
    def whole(y_true, y_pred):
        if y_true.shape != y_pred.shape:
            refuse(y_true, y_pred)
        numbers = []
        for target, prediction in zip(y_true.ravel().tolist(), y_pred.ravel().tolist()):
            numbers.append(slope(target, prediction) / y_pred.size)
        return np.array(numbers, dtype=float).reshape(y_pred.shape)

    return whole


def sign(number):
    if number > 0:
        return 1.0
    return -1.0 if number < 0 else 0.0


mean_squared_error = averaged(lambda y, p: (y - p) ** 2)
mean_squared_error_gradient = averaged_gradient(lambda y, p: 2 * p - 2 * y)
mean_absolute_error = averaged(lambda y, p: abs(y - p))
mean_absolute_error_gradient = averaged_gradient(lambda y, p: sign(p - y))


def root_mean_squared_error(y_true, y_pred):
    return math.sqrt(mean_squared_error(y_true, y_pred))


def root_mean_squared_error_gradient(y_true, y_pred):
    root = root_mean_squared_error(y_true, y_pred)
    if root == 0.0:
        return np.zeros(y_pred.shape)
    # Chain rule: the gradient of the mean square, times that of the square root.
    return mean_squared_error_gradient(y_true, y_pred) * (0.5 / root)


def surprise(y, p):
    return -y * math.log(clip(p)) - (1 - y) * math.log(clip(1 - p))


def surprise_slope(y, p):
    return (1 - y) / (1 - p) - y / p if is_inside(p) else 0.0


def binary_crossentropy(y_true, y_pred, from_logits=False):
    if from_logits:
        return averaged(lambda y, z: y * softplus(-z) + (1 - y) * softplus(z))(y_true, y_pred)
    return averaged(surprise)(y_true, y_pred)


def binary_crossentropy_gradient(y_true, y_pred, from_logits=False):
    slope = (lambda y, z: sigmoid(z) - y) if from_logits else surprise_slope
    return averaged_gradient(slope)(y_true, y_pred)


# --- row by row -------------------------------------------------------------------------------------------------------


def row_loss(labels, row, from_logits):
    loss = 0.0
    if from_logits:
        normaliser = log_sum_exp(row)
        for label, z in zip(labels, row):
            if label:
                loss += label * (normaliser - z)
        return loss
    total = sum(row)
    for label, p in zip(labels, row):
        loss -= label * math.log(clip(p / total))
    return loss


def row_gradient(labels, row, from_logits):
    if from_logits:
        return [p - label for p, label in zip(softmax(row), labels)]
    total = sum(row)
    answer = []
    for j in range(len(row)):
        slope = 0.0
        for k, label in enumerate(labels):  # d(-label * log(row[k] / total)) / d(row[j])
            if label and is_inside(row[k] / total):
                slope += label / total
                if j == k:
                    slope -= label / row[k]
        answer.append(slope)
    return answer


def categorical_crossentropy(y_true, y_pred, from_logits=False):
    if y_true.shape != y_pred.shape:
        refuse(y_true, y_pred)
    losses = [row_loss(labels, row, from_logits) for labels, row in zip(y_true.tolist(), y_pred.tolist())]
    return sum(losses) / len(losses)


def categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    if y_true.shape != y_pred.shape:
        refuse(y_true, y_pred)
    rows = [row_gradient(labels, row, from_logits) for labels, row in zip(y_true.tolist(), y_pred.tolist())]
    return np.array([[slope / len(rows) for slope in row] for row in rows])


def one_hot(y_true, y_pred):
    if y_true.ndim != 1 or len(y_true) != len(y_pred):
        refuse(y_true, y_pred)
    rows = []
    for number in y_true.tolist():
        if number not in range(y_pred.shape[1]):
            raise ValueError(f"no class {number}")
        rows.append([1.0 if number == c else 0.0 for c in range(y_pred.shape[1])])
    return np.array(rows)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    return categorical_crossentropy(one_hot(y_true, y_pred), y_pred, from_logits)


def sparse_categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    return categorical_crossentropy_gradient(one_hot(y_true, y_pred), y_pred, from_logits)
