"""Activations with plain Python numbers, lists, loops and closures; NumPy only to take arrays apart and to build them."""

import math
from functools import reduce

import numpy as np

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def entry_by_entry(function):
    """An array function from a function of one number."""

    def walk(numbers, options):
        if isinstance(numbers, list):
            return [walk(number, options) for number in numbers]
        return function(numbers, **options)

    def whole(x, **options):
        return np.array(walk(x.tolist(), options), dtype=float)

    return whole


def row_by_row(function):
    """An array function from a function of rows (lists)."""

    def walk(*arrays):
        if isinstance(arrays[0][0], list):
            return [walk(*parts) for parts in zip(*arrays, strict=True)]
        return function(*arrays)

    def whole(*arrays):
        return np.array(walk(*[array.tolist() for array in arrays]), dtype=float)

    return whole


def linear(x):
    return entry_by_entry(lambda number: number)(x)


def linear_derivative(x):
    return entry_by_entry(lambda number: 1)(x)


def logistic(number):
    if number < 0:
        return math.exp(number) / (1 + math.exp(number))
    return 1 / (1 + math.exp(-number))


def sigmoid(x):
    return entry_by_entry(logistic)(x)


def sigmoid_derivative(x):
    return entry_by_entry(lambda number: logistic(number) * logistic(-number))(x)


def tanh(x):
    return entry_by_entry(math.tanh)(x)


def tanh_derivative(x):
    return entry_by_entry(lambda number: (1 - math.tanh(number)) * (1 + math.tanh(number)))(x)


def relu(x):
    return entry_by_entry(lambda number: max(0, number))(x)


def relu_derivative(x):
    return entry_by_entry(lambda number: 1 if number > 0 else 0)(x)


def leaky_relu(x, negative_slope=0.2):
    answer = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        answer[index] = x[index] if x[index] > 0 else x[index] * negative_slope
    return answer


def leaky_relu_derivative(x, negative_slope=0.2):
    answer = np.zeros(x.shape)
    for index, number in np.ndenumerate(x):
        answer[index] = 1 if number > 0 else negative_slope
    return answer


@entry_by_entry
def elu(number, alpha=1.0):
    if number > 0:
        return number
    return alpha * math.exp(number) - alpha


@entry_by_entry
def elu_derivative(number, alpha=1.0):
    if number > 0:
        return 1
    return alpha * math.exp(number)


def selu(x):
    flat = []
    for number in x.flatten():
        if number > 0:
            flat.append(SELU_SCALE * number)
        else:
            flat.append(SELU_SCALE * SELU_ALPHA * (math.exp(number) - 1))
    return np.array(flat).reshape(x.shape)


def selu_derivative(x):
    flat = []
    for number in x.flatten():
        flat.append(SELU_SCALE * (SELU_ALPHA * math.exp(number) if number < 0 else 1))
    return np.array(flat).reshape(x.shape)


def softplus(x):
    def one(number):
        if number > 50:  # exp(-50) is far below the last digit of 50
            return number
        return math.log(1 + math.exp(number))

    return entry_by_entry(one)(x)


def softplus_derivative(x):
    return sigmoid(x)


def probabilities(row):
    largest = max(row)
    powers = [math.exp(logit - largest) for logit in row]
    total = sum(powers)
    return [power / total for power in powers]


def softmax(x):
    return row_by_row(probabilities)(x)


def softmax_backward(x, upstream):
    def one(row, above):
        p = probabilities(row)
        classes = range(len(row))
        jacobian = [[p[i] * ((i == j) - p[j]) for j in classes] for i in classes]
        return [sum(above[i] * jacobian[i][j] for i in classes) for j in classes]

    return row_by_row(one)(x, upstream)


def log_softmax(x):
    def one(row):
        largest = max(row)
        total = largest + math.log(math.fsum(math.exp(logit - largest) for logit in row))
        return [logit - total for logit in row]

    return row_by_row(one)(x)


def log_softmax_backward(x, upstream):
    def one(row, above):
        p = probabilities(row)
        gradient = list(above)
        for u in above:
            for j in range(len(row)):
                gradient[j] -= u * p[j]
        return gradient

    return row_by_row(one)(x, upstream)


def chain_gradient(local_gradients):
    return reduce(lambda product, gradient: product * gradient, local_gradients.tolist(), 1)


def max_gradient_through(depth, activation="sigmoid"):
    passed = 1
    for _ in range(depth):
        if activation == "sigmoid":
            passed /= 4
    return passed
