"""Misconceptions about losses: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.losses import EPSILON, require_class_numbers, require_equal_shapes

# A function with from_logits is two exercises. A misconception about one of them leaves the other one right, by these.


def _binary(y_true, y_pred, from_logits=False):
    require_equal_shapes(y_true, y_pred)
    if from_logits:
        losses = np.maximum(y_pred, 0.0) - y_true * y_pred + np.log1p(np.exp(-np.abs(y_pred)))
    else:
        p = np.clip(y_pred, EPSILON, 1.0 - EPSILON)
        losses = -(y_true * np.log(p) + (1.0 - y_true) * np.log(1.0 - p))
    return float(losses.mean())


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def _binary_gradient(y_true, y_pred, from_logits=False):
    require_equal_shapes(y_true, y_pred)
    if from_logits:
        return (_sigmoid(y_pred) - y_true) / y_pred.size
    p = np.clip(y_pred, EPSILON, 1.0 - EPSILON)
    return np.where(p == y_pred, (p - y_true) / (p * (1.0 - p)) / y_pred.size, 0.0)


def _softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _renormalised(y_pred):
    return y_pred / y_pred.sum(axis=-1, keepdims=True)


def _clipped(p):
    return np.clip(p, EPSILON, 1.0 - EPSILON)


def _categorical(y_true, y_pred, from_logits=False):
    require_equal_shapes(y_true, y_pred)
    log_p = _log_softmax(y_pred) if from_logits else np.log(_clipped(_renormalised(y_pred)))
    return float(-(y_true * log_p).sum(axis=-1).mean())


def _categorical_gradient(y_true, y_pred, from_logits=False):
    require_equal_shapes(y_true, y_pred)
    if from_logits:
        return (_softmax(y_pred) - y_true) / len(y_pred)
    p = _renormalised(y_pred)
    counted = np.where(_clipped(p) == p, y_true, 0.0)
    slope = counted.sum(axis=-1, keepdims=True) - counted / _clipped(p)
    return slope / (y_pred.sum(axis=-1, keepdims=True) * len(y_pred))


def _binary_by(y_true, y_pred, logarithm):
    """The loss of probabilities with another way to take their logarithm."""
    require_equal_shapes(y_true, y_pred)
    return float(-np.mean(y_true * logarithm(y_pred) + (1.0 - y_true) * logarithm(1.0 - y_pred)))


def _categorical_by(y_true, p, logarithm):
    """The same of rows that sum to 1."""
    require_equal_shapes(y_true, p)
    return float(-(y_true * logarithm(p)).sum(axis=-1).mean())


def _adding(small):
    return lambda p: np.log(p + small)


def _clipping(small):
    return lambda p: np.log(np.clip(p, small, 1.0 - small))


def _one_hot(y_true, y_pred):
    require_class_numbers(y_true, y_pred)
    return np.eye(y_pred.shape[-1])[y_true]


def _sparse(y_true, y_pred, from_logits=False):
    return _categorical(_one_hot(y_true, y_pred), y_pred, from_logits)


def _sparse_gradient(y_true, y_pred, from_logits=False):
    return _categorical_gradient(_one_hot(y_true, y_pred), y_pred, from_logits)


def _require_equal_sizes(y_true, y_pred):
    if y_true.size != y_pred.size:
        raise ValueError(f"y_true has {y_true.size} entries and y_pred {y_pred.size}")
    return y_true.reshape(y_pred.shape)


# --- mean_squared_error -----------------------------------------------------------------------------------------------


@misconception(
    exercise="mean_squared_error",
    text="Your loss is half as large as it should be, as in texts that want to be rid of the 2 in the gradient.",
    look="What is the loss of a single prediction that is off by 1?",
)
def mse_halved(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(0.5 * np.mean(np.square(y_pred - y_true)))


@misconception(
    exercise="mean_squared_error",
    text="The squares of a row are added up and only the rows are averaged: with D features in a row the loss is D times too "
    "large.",
    look="By how many numbers do you divide, and how many squares did you add?",
)
def mse_sums_features(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sum(np.square(y_pred - y_true)) / y_pred.shape[0])


@misconception(
    exercise="mean_squared_error",
    text="The squares are added up and never divided: this is a sum, which grows with the batch.",
    look="Give the same batch twice over, 2N rows. Should the loss double?",
)
def mse_is_a_sum(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sum(np.square(y_pred - y_true)))


@misconception(
    exercise="mean_squared_error",
    text="You return one number for each row, as Keras's function does.",
    look="What does the docstring promise, an array or a float?",
)
def mse_for_each_row(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.mean(np.square(y_pred - y_true), axis=-1)


@misconception(
    exercise="mean_squared_error",
    text="You average first and square then, so errors of opposite sign cancel out and bad predictions look good.",
    look="Which loss do errors of 3 and -3 have in your function?",
)
def mse_squares_the_mean(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.square(np.mean(y_pred - y_true)))


@misconception(
    exercise="mean_squared_error",
    text="You take the root as well, which makes it the root mean squared error.",
    look="What is the loss of a single prediction that is off by 3: 3 or 9?",
)
def mse_takes_the_root(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sqrt(np.mean(np.square(y_pred - y_true))))


@misconception(
    exercise="mean_squared_error",
    text="Unequal shapes are let through, and NumPy broadcasts them: a vector and a column become a matrix of all their pairs.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def mse_broadcasts(y_true, y_pred):
    return float(np.mean(np.square(y_pred - y_true)))


@misconception(
    exercise="mean_squared_error",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def mse_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    return float(np.mean(np.square(y_pred - y_true)))


@misconception(
    exercise="mean_squared_error",
    text="Your array of errors has the dtype of y_true. Where the targets are whole numbers it holds whole numbers, and the "
    "errors lose what stands after the decimal point.",
    look="Which dtype does zeros_like(y_true) have if y_true is int64?",
)
def mse_truncates(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = np.zeros_like(y_true)
    error[...] = y_pred - y_true
    return float(np.mean(np.square(error)))


@misconception(
    exercise="mean_squared_error",
    text="y_pred is changed, as by y_pred -= ..., and with it the predictions of whoever called you.",
    look="What is the difference between a -= b and c = a - b?",
)
def mse_changes_y_pred(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    y_pred -= y_true
    return float(np.mean(np.square(y_pred)))


# --- mean_squared_error_gradient --------------------------------------------------------------------------------------


@misconception(
    exercise="mean_squared_error_gradient",
    text="Your gradient is half as large as it should be.",
    look="What is the derivative of e**2 with respect to e?",
)
def mse_gradient_without_the_two(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return (y_pred - y_true) / y_pred.size


@misconception(
    exercise="mean_squared_error_gradient",
    text="You divide by the number of rows alone.",
    look="By what does your mean_squared_error divide, and by what its gradient?",
)
def mse_gradient_divides_by_rows(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return 2.0 * (y_pred - y_true) / y_pred.shape[0]


@misconception(
    exercise="mean_squared_error_gradient",
    text="You divide by the number of features alone.",
    look="By what does your mean_squared_error divide, and by what its gradient?",
)
def mse_gradient_divides_by_features(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return 2.0 * (y_pred - y_true) / y_pred.shape[-1]


@misconception(
    exercise="mean_squared_error_gradient",
    text="This is the gradient of the sum of squares, and the step would grow with the batch.",
    look="The loss is a mean. What stands in front of the sum?",
)
def mse_gradient_of_the_sum(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return 2.0 * (y_pred - y_true)


@misconception(
    exercise="mean_squared_error_gradient",
    text="The sign is the wrong one: your numbers point to where the loss falls.",
    look="If a prediction is too large, does the loss grow or fall as the prediction grows?",
)
def mse_gradient_points_downhill(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return 2.0 * (y_true - y_pred) / y_pred.size


@misconception(
    exercise="mean_squared_error_gradient",
    text="You add up or average over the batch.",
    look="Which shape has y_pred, and which has your answer?",
)
def mse_gradient_averages_the_batch(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.mean(2.0 * (y_pred - y_true), axis=0) / y_pred.shape[-1]


@misconception(
    exercise="mean_squared_error_gradient",
    text="Unequal shapes are let through, and NumPy broadcasts them: the gradient for a vector and a column becomes a matrix.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def mse_gradient_broadcasts(y_true, y_pred):
    return 2.0 * (y_pred - y_true) / y_pred.size


@misconception(
    exercise="mean_squared_error_gradient",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def mse_gradient_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    return 2.0 * (y_pred - y_true) / y_pred.size


@misconception(
    exercise="mean_squared_error_gradient",
    text="Your gradient's array has the dtype of y_true. Where the targets are whole numbers it is int64 and cuts off what "
    "stands after the decimal point.",
    look="Which dtype does zeros_like(y_true) have if y_true is int64?",
)
def mse_gradient_truncates(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    gradient = np.zeros_like(y_true)
    gradient[...] = 2.0 * (y_pred - y_true) / y_pred.size
    return gradient


@misconception(
    exercise="mean_squared_error_gradient",
    text="y_pred is changed, as where it becomes the gradient itself: the predictions are lost to whoever called you.",
    look="What is the difference between a -= b and c = a - b?",
)
def mse_gradient_changes_y_pred(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    y_pred -= y_true
    y_pred *= 2.0 / y_pred.size
    return y_pred


# --- mean_absolute_error ----------------------------------------------------------------------------------------------


@misconception(
    exercise="mean_absolute_error",
    text="Errors of opposite sign cancel out, and your loss can be negative.",
    look="Which loss do errors of 3 and -3 have in your function, and which one by the formula?",
)
def mae_without_absolute_value(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(y_pred - y_true))


@misconception(
    exercise="mean_absolute_error",
    text="You take the absolute value of the mean: by then errors of opposite sign have cancelled out.",
    look="Which loss do errors of 3 and -3 have in your function, and which one by the formula?",
)
def mae_absolute_of_the_mean(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.abs(np.mean(y_pred - y_true)))


@misconception(
    exercise="mean_absolute_error",
    text="You square the errors: this is the mean squared error.",
    look="What is the absolute value of -2, and what is its square?",
)
def mae_squares(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.square(y_pred - y_true)))


@misconception(
    exercise="mean_absolute_error",
    text="The errors of a row are added up and only the rows are averaged: with D features in a row the loss is D times too "
    "large.",
    look="By how many numbers do you divide, and how many did you add?",
)
def mae_sums_features(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sum(np.abs(y_pred - y_true)) / y_pred.shape[0])


@misconception(
    exercise="mean_absolute_error",
    text="You return one number for each row, as Keras's function does.",
    look="What does the docstring promise, an array or a float?",
)
def mae_for_each_row(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.mean(np.abs(y_pred - y_true), axis=-1)


@misconception(
    exercise="mean_absolute_error",
    text="You divide by the size of the target, which makes a relative error (in per cent, if times 100): another loss.",
    look="Does an error of 1 at a target of 100 count as much as one at a target of 2? Should it, by the formula?",
)
def mae_is_relative(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.abs((y_pred - y_true) / y_true)))


@misconception(
    exercise="mean_absolute_error",
    text="Unequal shapes are let through, and NumPy broadcasts them: a vector and a column become a matrix of all their pairs.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def mae_broadcasts(y_true, y_pred):
    return float(np.mean(np.abs(y_pred - y_true)))


@misconception(
    exercise="mean_absolute_error",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def mae_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    return float(np.mean(np.abs(y_pred - y_true)))


# --- mean_absolute_error_gradient -------------------------------------------------------------------------------------


@misconception(
    exercise="mean_absolute_error_gradient",
    text="Where a prediction is exact you answer as if it were too small.",
    look="Your comparison knows two cases. How many are there, and what does the docstring say of the kink?",
)
def mae_gradient_negative_at_the_kink(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.where(y_pred > y_true, 1.0, -1.0) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="Where a prediction is exact you answer as if it were too large.",
    look="Your comparison knows two cases. How many are there, and what does the docstring say of the kink?",
)
def mae_gradient_positive_at_the_kink(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.where(y_pred >= y_true, 1.0, -1.0) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="You divide the error by its absolute value, which is 0/0 where a prediction is exact.",
    look="Which answer does the docstring want at the kink? What is 0.0 / 0.0 in NumPy?",
)
def mae_gradient_divides_by_the_error(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    return error / np.abs(error) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="You divide the error by its absolute value and a small number. That avoids 0/0, but it is not the sign: a small error "
    "counts for less than a large one.",
    look="What comes out of your formula for an error of 1e-7? Which function of NumPy gives -1, 0 or 1?",
)
def mae_gradient_adds_an_epsilon(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    return error / (np.abs(error) + EPSILON) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def mae_gradient_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    return np.sign(y_pred - y_true) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="The size of the error is still in your gradient.",
    look="By how much does |e| grow when e grows from 2 to 2.1? And from 100 to 100.1?",
)
def mae_gradient_keeps_the_size(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return (y_pred - y_true) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="You divide by the number of rows alone.",
    look="By what does your mean_absolute_error divide, and by what its gradient?",
)
def mae_gradient_divides_by_rows(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.sign(y_pred - y_true) / y_pred.shape[0]


@misconception(
    exercise="mean_absolute_error_gradient",
    text="This is the gradient of the sum of the absolute errors.",
    look="The loss is a mean. What stands in front of the sum?",
)
def mae_gradient_of_the_sum(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.sign(y_pred - y_true)


@misconception(
    exercise="mean_absolute_error_gradient",
    text="The sign is the wrong one: your gradient is positive where the prediction is too small.",
    look="If a prediction is too large, does the loss grow or fall as the prediction grows?",
)
def mae_gradient_points_downhill(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return np.sign(y_true - y_pred) / y_pred.size


@misconception(
    exercise="mean_absolute_error_gradient",
    text="Unequal shapes are let through, and NumPy broadcasts them: the gradient for a vector and a column becomes a matrix.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def mae_gradient_broadcasts(y_true, y_pred):
    return np.sign(y_pred - y_true) / y_pred.size


# --- root_mean_squared_error ------------------------------------------------------------------------------------------


@misconception(
    exercise="root_mean_squared_error",
    text="This is the mean squared error.",
    look="What is the loss of a single prediction that is off by 3: 3 or 9?",
)
def rmse_forgets_the_root(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.square(y_pred - y_true)))


@misconception(
    exercise="root_mean_squared_error",
    text="You take a root for each row and average the roots.",
    look="In which order do the words root, mean and squared stand? Read them from the right.",
)
def rmse_averages_the_roots_of_rows(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.sqrt(np.mean(np.square(y_pred - y_true), axis=-1))))


@misconception(
    exercise="root_mean_squared_error",
    text="You divide after the root, so the root is that of the sum, and the loss shrinks as the batch grows.",
    look="Give the same batch twice over, 2N rows. Does your answer stay the same?",
)
def rmse_divides_after_the_root(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sqrt(np.sum(np.square(y_pred - y_true))) / y_pred.size)


@misconception(
    exercise="root_mean_squared_error",
    text="This is the length of the error vector: squares, sum and root, but no mean.",
    look="Give the same batch twice over, 2N rows. Does your answer stay the same?",
)
def rmse_is_a_norm(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sqrt(np.sum(np.square(y_pred - y_true))))


@misconception(
    exercise="root_mean_squared_error",
    text="These are the answers of the mean absolute error, as when each square gets a root of its own.",
    look="In which order do the words root, mean and squared stand? Read them from the right.",
)
def rmse_takes_roots_too_early(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.sqrt(np.square(y_pred - y_true))))


@misconception(
    exercise="root_mean_squared_error",
    text="A small number is added under the root, so that exact predictions have a loss above 0.",
    look="What is the square root of 0, and does NumPy complain about it?",
)
def rmse_adds_an_epsilon(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return float(np.sqrt(np.mean(np.square(y_pred - y_true)) + EPSILON))


@misconception(
    exercise="root_mean_squared_error",
    text="Unequal shapes are let through, and NumPy broadcasts them: a vector and a column become a matrix of all their pairs.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def rmse_broadcasts(y_true, y_pred):
    return float(np.sqrt(np.mean(np.square(y_pred - y_true))))


@misconception(
    exercise="root_mean_squared_error",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def rmse_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    return float(np.sqrt(np.mean(np.square(y_pred - y_true))))


# --- root_mean_squared_error_gradient ---------------------------------------------------------------------------------


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="Where all predictions are exact you divide 0 by 0.",
    look="What is the root mean squared error of exact predictions, and where does it stand in your formula? What does the "
    "docstring want there?",
)
def rmse_gradient_divides_by_zero(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    return error / (y_pred.size * np.sqrt(np.mean(np.square(error))))


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="This is the gradient of the mean squared error.",
    look="Which two functions are chained here, and how many factors does the chain rule give?",
)
def rmse_gradient_of_mse(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    return 2.0 * (y_pred - y_true) / y_pred.size


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="Your gradient is twice as large as it should be.",
    look="What is the derivative of sqrt(m) with respect to m?",
)
def rmse_gradient_keeps_the_two(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else 2.0 * error / (y_pred.size * root)


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="You divide by the mean squared error.",
    look="The derivative of sqrt(m) has sqrt(m) in its denominator. What is m here?",
)
def rmse_gradient_divides_by_mse(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    mean = np.mean(np.square(error))
    return np.zeros_like(y_pred) if mean == 0 else error / (y_pred.size * mean)


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="Your gradient is too large by a factor, the number of entries.",
    look="Write the loss as sqrt(m). What is the derivative of m with respect to one prediction?",
)
def rmse_gradient_forgets_the_mean(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else error / root


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="You divide by the number of rows alone.",
    look="By what does your root_mean_squared_error divide under its root?",
)
def rmse_gradient_divides_by_rows(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else error / (y_pred.shape[0] * root)


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="A small number is added to the denominator. It avoids 0/0, but changes every other gradient a little.",
    look="For which predictions is the formula in trouble, and what does the docstring want there?",
)
def rmse_gradient_adds_an_epsilon(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    return error / (y_pred.size * (np.sqrt(np.mean(np.square(error))) + EPSILON))


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="The sign is the wrong one: your gradient is positive where the prediction is too small.",
    look="If a prediction is too large, does the loss grow or fall as the prediction grows?",
)
def rmse_gradient_points_downhill(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_true - y_pred
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else error / (y_pred.size * root)


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="Unequal shapes are let through, and NumPy broadcasts them: the gradient for a vector and a column becomes a matrix.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def rmse_gradient_broadcasts(y_true, y_pred):
    error = y_pred - y_true
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else error / (y_pred.size * root)


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="A single prediction that is exact makes all of your gradient 0.",
    look="When is your answer zeros: where any error is 0, or where all of them are? What does `not error.all()` say?",
)
def rmse_gradient_is_zero_where_any_is_exact(y_true, y_pred):
    require_equal_shapes(y_true, y_pred)
    error = y_pred - y_true
    if (error == 0).any():
        return np.zeros_like(y_pred)
    return error / (y_pred.size * np.sqrt(np.mean(np.square(error))))


@misconception(
    exercise="root_mean_squared_error_gradient",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def rmse_gradient_takes_a_vector_for_a_column(y_true, y_pred):
    y_true = _require_equal_sizes(y_true, y_pred)
    error = y_pred - y_true
    root = np.sqrt(np.mean(np.square(error)))
    return np.zeros_like(y_pred) if root == 0 else error / (y_pred.size * root)


# --- binary_crossentropy ----------------------------------------------------------------------------------------------


@misconception(
    exercise="binary_crossentropy",
    text="Your loss is negative: descending on it, a network learns the opposite of its labels.",
    look="Which sign has the logarithm of a probability, and which sign should a loss have?",
)
def bce_without_the_minus(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return -_binary(y_true, y_pred)


@misconception(
    exercise="binary_crossentropy",
    text="Where the label is 0, your loss is 0, whatever was predicted.",
    look="Which loss should a prediction of 0.99 have where the label is 0? Which term of the formula says so?",
)
def bce_without_the_second_term(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-np.mean(y_true * np.log(_clipped(y_pred))))


@misconception(
    exercise="binary_crossentropy",
    text="Nothing is clipped: a probability of 0 or 1 meets log(0), which is minus infinity, and 0 times that is NaN.",
    look="What does the docstring do to a probability before its logarithm is taken?",
)
def bce_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-np.mean(y_true * np.log(y_pred) + (1.0 - y_true) * np.log(1.0 - y_pred)))


@misconception(
    exercise="binary_crossentropy",
    text="A small number is added before each logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def bce_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-np.mean(y_true * np.log(y_pred + EPSILON) + (1.0 - y_true) * np.log(1.0 - y_pred + EPSILON)))


@misconception(
    exercise="binary_crossentropy",
    text="1e-8 is added before each logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def bce_adds_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, y_pred, _adding(1e-8))


@misconception(
    exercise="binary_crossentropy",
    text="1e-12 is added before each logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def bce_adds_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, y_pred, _adding(1e-12))


@misconception(
    exercise="binary_crossentropy",
    text="1e-15 is added before each logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def bce_adds_1e_15(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, y_pred, _adding(1e-15))


@misconception(
    exercise="binary_crossentropy",
    text="You clip at 1e-8 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def bce_clips_at_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, np.clip(y_pred, 1e-8, 1.0 - 1e-8), np.log)


@misconception(
    exercise="binary_crossentropy",
    text="You clip at 1e-12 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def bce_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, np.clip(y_pred, 1e-12, 1.0 - 1e-12), np.log)


@misconception(
    exercise="binary_crossentropy",
    text="What goes into a logarithm is kept from falling below EPSILON, and p itself is not clipped: a right prediction of "
    "0 or 1 keeps its loss of 0.",
    look="Between which two numbers does the docstring clip p, and what is then the largest 1 - p?",
)
def bce_logarithms_stay_above_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, y_pred, lambda p: np.log(np.maximum(p, EPSILON)))


@misconception(
    exercise="binary_crossentropy",
    text="What goes into a logarithm is kept from falling below 1e-12, and p itself is not clipped.",
    look="Between which two numbers does the docstring clip p, and what is then the largest 1 - p?",
)
def bce_logarithms_stay_above_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary_by(y_true, y_pred, lambda p: np.log(np.maximum(p, 1e-12)))


@misconception(
    exercise="binary_crossentropy",
    text="You clip at another number than EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def bce_clips_elsewhere(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = np.clip(y_pred, 1e-15, 1.0 - 1e-15)
    return float(-np.mean(y_true * np.log(p) + (1.0 - y_true) * np.log(1.0 - p)))


@misconception(
    exercise="binary_crossentropy",
    text="The losses of a row are added up and only the rows are averaged: with D features in a row the loss is D times too "
    "large.",
    look="By how many numbers do you divide, and how many did you add?",
)
def bce_sums_features(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary(y_true, y_pred) * y_pred.size / y_pred.shape[0]


@misconception(
    exercise="binary_crossentropy",
    text="You return one number for each row, as Keras's function does.",
    look="What does the docstring promise, an array or a float?",
)
def bce_for_each_row(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(y_pred)
    return -np.mean(y_true * np.log(p) + (1.0 - y_true) * np.log(1.0 - p), axis=-1)


@misconception(
    exercise="binary_crossentropy",
    text="The logarithm is that to base 2, which counts in bits: every answer is too large by a factor of 1.4427.",
    look="Which logarithm is meant in the docstring? What does np.log compute?",
)
def bce_in_bits(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return float(_binary(y_true, y_pred) / np.log(2.0))


@misconception(
    exercise="binary_crossentropy",
    text="You choose one of the two terms by the label, as if it could only be 0 or 1.",
    look="What does your function do with a label of 0.7? What does the formula do?",
)
def bce_rounds_the_labels(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary((y_true > 0.5).astype(np.float64), y_pred)


@misconception(
    exercise="binary_crossentropy",
    text="Every label below 1 counts as 0: you ask whether it is 1, and a label of 0.7 is not.",
    look="How much of each of the two terms does the formula take for a label of 0.7? Do you need a condition at all?",
)
def bce_takes_soft_labels_for_zero(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary(np.where(y_true == 1, 1.0, 0.0), y_pred)


@misconception(
    exercise="binary_crossentropy",
    text="Every label above 0 counts as 1: a label of 0.3 is taken for one that is sure.",
    look="How much of each of the two terms does the formula take for a label of 0.3? Do you need a condition at all?",
)
def bce_takes_soft_labels_for_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    return _binary(np.where(y_true > 0, 1.0, 0.0), y_pred)


@misconception(
    exercise="binary_crossentropy",
    text="Labels between 0 and 1 count for nothing: you add up where the label is 1 and where it is 0, and nowhere else.",
    look="Into which of your two sums does an entry with the label 0.7 go?",
)
def bce_leaves_soft_labels_out(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(y_pred)
    return float((-np.log(p[y_true == 1]).sum() - np.log(1.0 - p[y_true == 0]).sum()) / y_pred.size)


@misconception(
    exercise="binary_crossentropy",
    text="Unequal shapes are let through, and NumPy broadcasts them: a vector and a column become a matrix of all their "
    "pairs.",
    look="Print the shape of y_true * y_pred for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def bce_broadcasts(y_true, y_pred, from_logits=False):
    return _binary(*(array.copy() for array in np.broadcast_arrays(y_true, y_pred)), from_logits)


@misconception(
    exercise="binary_crossentropy",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def bce_takes_a_vector_for_a_column(y_true, y_pred, from_logits=False):
    return _binary(_require_equal_sizes(y_true, y_pred), y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy",
    text="The predictions of whoever called you are changed, as by clipping y_pred in place.",
    look="Into which array do your clipped numbers go?",
)
def bce_clips_in_place(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary(y_true, y_pred, True)
    np.clip(y_pred, EPSILON, 1.0 - EPSILON, out=y_pred)
    return _binary(y_true, y_pred)


# --- binary_crossentropy_gradient -------------------------------------------------------------------------------------


@misconception(
    exercise="binary_crossentropy_gradient",
    text="The sign is the wrong one: where the label is 1 your slope is positive.",
    look="Does the loss grow or fall when the probability of the true answer grows?",
)
def bce_gradient_with_the_wrong_sign(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    return -_binary_gradient(y_true, y_pred)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Where the label is 0 you answer 0, and nothing is learned there.",
    look="How many terms has the loss, and how many has your gradient?",
)
def bce_gradient_without_the_second_term(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(y_pred)
    return np.where(p == y_pred, -y_true / p / y_pred.size, 0.0)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Every label below 1 counts as 0: you ask whether it is 1, and a label of 0.7 is not.",
    look="Which two terms has the gradient for a label of 0.7? Do you need a condition on the label at all?",
)
def bce_gradient_takes_soft_labels_for_zero(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    return _binary_gradient(np.where(y_true == 1, 1.0, 0.0), y_pred)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="You choose one of the two terms by the label, as if it could only be 0 or 1.",
    look="What does your function do with a label of 0.7? What does the formula do?",
)
def bce_gradient_rounds_the_labels(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    return _binary_gradient((y_true > 0.5).astype(np.float64), y_pred)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Where the label is 0 your sign is the wrong one.",
    look="What is the derivative of log(1 - p) with respect to p?",
)
def bce_gradient_forgets_an_inner_derivative(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(y_pred)
    return np.where(p == y_pred, -(y_true / p + (1.0 - y_true) / (1.0 - p)) / y_pred.size, 0.0)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Your p - y is the gradient with respect to the logits.",
    look="With respect to what is the gradient taken where from_logits is False?",
)
def bce_gradient_of_the_logits(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return (y_pred - y_true) / y_pred.size


@misconception(
    exercise="binary_crossentropy_gradient",
    text="You divide by the number of rows alone.",
    look="By what does your binary_crossentropy divide, and by what its gradient?",
)
def bce_gradient_divides_by_rows(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    return _binary_gradient(y_true, y_pred) * y_pred.size / y_pred.shape[0]


@misconception(
    exercise="binary_crossentropy_gradient",
    text="This is the gradient of the sum, and the step would grow with the batch.",
    look="The loss is a mean. What stands in front of the sum?",
)
def bce_gradient_of_the_sum(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    return _binary_gradient(y_true, y_pred) * y_pred.size


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Nothing is clipped: at a probability of 0 or 1 you divide by 0.",
    look="What is p * (1 - p) at p = 1?",
)
def bce_gradient_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return (y_pred - y_true) / (y_pred * (1.0 - y_pred)) / y_pred.size


@misconception(
    exercise="binary_crossentropy_gradient",
    text="You clip at a smaller number than EPSILON, so there is a slope where the loss no longer moves.",
    look="Between which two numbers does the docstring clip, and between which does your code?",
)
def bce_gradient_clips_elsewhere(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = np.clip(y_pred, 1e-12, 1.0 - 1e-12)
    return np.where(p == y_pred, (p - y_true) / (p * (1.0 - p)) / y_pred.size, 0.0)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="EPSILON is added to what you divide by, instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def bce_gradient_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return ((1.0 - y_true) / (1.0 - y_pred + EPSILON) - y_true / (y_pred + EPSILON)) / y_pred.size


@misconception(
    exercise="binary_crossentropy_gradient",
    text="You clip, and then take the slope as if nothing had been clipped: it is not 0 where the loss no longer moves at "
    "all.",
    look="How much does the clipped probability change when y_pred goes from 0 to 1e-8?",
)
def bce_gradient_ignores_the_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(y_pred)
    return (p - y_true) / (p * (1.0 - p)) / y_pred.size


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Unequal shapes are let through, and NumPy broadcasts them: the gradient for a vector and a column becomes a matrix.",
    look="Print the shape of y_pred - y_true for y_true of shape (5,) and y_pred of shape (5, 1).",
)
def bce_gradient_broadcasts(y_true, y_pred, from_logits=False):
    return _binary_gradient(*(array.copy() for array in np.broadcast_arrays(y_true, y_pred)), from_logits)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="A vector is let through where the other array is a column, (5,) and (5, 1): they have equally many entries, and not "
    "the same shape.",
    look="What do you compare, all of the shape, or a length or a number of entries? Which shapes does reshape refuse?",
)
def bce_gradient_takes_a_vector_for_a_column(y_true, y_pred, from_logits=False):
    return _binary_gradient(_require_equal_sizes(y_true, y_pred), y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy_gradient",
    text="Your gradient's array has the dtype of y_true. Where the labels are whole numbers it is int64 and cuts off what "
    "stands after the decimal point.",
    look="Which dtype does zeros_like(y_true) have if y_true is int64?",
)
def bce_gradient_truncates(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    gradient = np.zeros_like(y_true)
    gradient[...] = _binary_gradient(y_true, y_pred)
    return gradient


@misconception(
    exercise="binary_crossentropy_gradient",
    text="The predictions of whoever called you are changed, as by clipping y_pred in place.",
    look="Into which array do your clipped numbers go?",
)
def bce_gradient_clips_in_place(y_true, y_pred, from_logits=False):
    if from_logits:
        return _binary_gradient(y_true, y_pred, True)
    gradient = _binary_gradient(y_true, y_pred)
    np.clip(y_pred, EPSILON, 1.0 - EPSILON, out=y_pred)
    return gradient


# --- binary_crossentropy.from_logits ----------------------------------------------------------------------------------


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="from_logits changes nothing: the logits are clipped as if they were probabilities.",
    look="Where in the body of your function does from_logits stand?",
)
def bce_ignores_from_logits(y_true, y_pred, from_logits=False):
    return _binary(y_true, y_pred)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and clip them. The loss of a sure and wrong prediction then stops at about 16, and a "
    "logit of 40 costs no more than one of 17.",
    look="Write log(sigmoid(z)) in terms of z and simplify it before you compute anything.",
)
def bce_from_logits_clips(y_true, y_pred, from_logits=False):
    return _binary(y_true, _sigmoid(y_pred) if from_logits else y_pred)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and clip them at 1e-12. The loss of a sure and wrong prediction then stops at about "
    "27.6.",
    look="Put p = sigmoid(z) into the formula and simplify on paper first. What is -log(sigmoid(z))?",
)
def bce_from_logits_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    return _binary_by(y_true, np.clip(_sigmoid(y_pred), 1e-12, 1.0 - 1e-12), np.log)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and add EPSILON before the logarithm: every answer is a little too small, and the "
    "loss of a sure and wrong prediction stops at about 16.",
    look="Put p = sigmoid(z) into the formula and simplify on paper first. What is -log(sigmoid(z))?",
)
def bce_from_logits_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    return _binary_by(y_true, _sigmoid(y_pred), _adding(EPSILON))


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and add 1e-12 before the logarithm: every answer is a little too small, and the loss "
    "of a sure and wrong prediction stops at about 27.6.",
    look="Put p = sigmoid(z) into the formula and simplify on paper first. What is -log(sigmoid(z))?",
)
def bce_from_logits_adds_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    return _binary_by(y_true, _sigmoid(y_pred), _adding(1e-12))


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and keep what goes into a logarithm from falling below EPSILON. The loss of a sure "
    "and wrong prediction "
    "then stops at 16.1.",
    look="Put p = sigmoid(z) into the formula and simplify on paper first. What is -log(sigmoid(z))?",
)
def bce_from_logits_stays_above_epsilon(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    return _binary_by(y_true, _sigmoid(y_pred), lambda p: np.log(np.maximum(p, EPSILON)))


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="You make probabilities first and take their logarithm. A sigmoid of 40 rounds to 1, and log(1 - 1) is minus infinity.",
    look="Write log(sigmoid(z)) in terms of z and simplify it before you compute anything.",
)
def bce_from_logits_by_logarithms(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    p = _sigmoid(y_pred)
    return float(-np.mean(y_true * np.log(p) + (1.0 - y_true) * np.log(1.0 - p)))


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="The formula is right on paper, but exp(z) overflows for a logit of 1000.",
    look="The exponential of which numbers never overflows? How does the handout's last form make use of it?",
)
def bce_from_logits_overflows(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return float(np.mean(np.log(1.0 + np.exp(y_pred)) - y_true * y_pred))


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="The sigmoid is applied twice: its output is given to a formula that applies it once more.",
    look="How often does a sigmoid act between the logit and your answer, counting the one within the formula?",
)
def bce_from_logits_applies_sigmoid_twice(y_true, y_pred, from_logits=False):
    return _binary(y_true, _sigmoid(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="These are the answers for a label of 0, whatever the label is.",
    look="Where does y_true stand in your formula, and what is left if you expand it?",
)
def bce_from_logits_forgets_the_label(y_true, y_pred, from_logits=False):
    return _binary(np.zeros(y_true.shape) if from_logits else y_true, y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="Every label below 1 counts as 0: you ask whether it is 1, and a label of 0.7 is not.",
    look="How much of each of the two terms does the formula take for a label of 0.7? Do you need a condition at all?",
)
def bce_from_logits_takes_soft_labels_for_zero(y_true, y_pred, from_logits=False):
    return _binary(np.where(y_true == 1, 1.0, 0.0) if from_logits else y_true, y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="The losses of a row are added up and only the rows are averaged: with D features in a row the loss is D times too "
    "large.",
    look="By how many numbers do you divide, and how many did you add?",
)
def bce_from_logits_sums_features(y_true, y_pred, from_logits=False):
    return _binary(y_true, y_pred, from_logits) * (y_pred.size / y_pred.shape[0] if from_logits else 1)


@misconception(
    exercise="binary_crossentropy.from_logits",
    replaces="binary_crossentropy",
    text="Your loss is negative, as in formulas that print the log-likelihood.",
    look="Which sign has the logarithm of a probability, and which sign should a loss have?",
)
def bce_from_logits_without_the_minus(y_true, y_pred, from_logits=False):
    return _binary(y_true, y_pred, from_logits) * (-1.0 if from_logits else 1.0)


# --- binary_crossentropy_gradient.from_logits -------------------------------------------------------------------------


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="from_logits changes nothing: the logits are taken for probabilities.",
    look="Where in the body of your function does from_logits stand?",
)
def bce_gradient_ignores_from_logits(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, y_pred)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="The gradient is that with respect to the probabilities.",
    look="Which functions lie between the logit and the loss? Is there a factor for each of them?",
)
def bce_gradient_from_logits_stops_at_probabilities(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, _sigmoid(y_pred) if from_logits else y_pred)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="Every label below 1 counts as 0: you ask whether it is 1, and a label of 0.7 is not.",
    look="By how much is the sigmoid too large where the label is 0.7? Do you need a condition on the label at all?",
)
def bce_gradient_from_logits_takes_soft_labels_for_zero(y_true, y_pred, from_logits=False):
    return _binary_gradient(np.where(y_true == 1, 1.0, 0.0) if from_logits else y_true, y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="You go by way of clipped probabilities. Where the sigmoid is outside of the clip, beyond logits of about ±16, "
    "nothing is left of the gradient, even if the prediction is wrong.",
    look="Multiply the loss's slope by the sigmoid's derivative on paper. What cancels?",
)
def bce_gradient_from_logits_clips(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary_gradient(y_true, y_pred)
    p = _sigmoid(y_pred)
    return _binary_gradient(y_true, p) * p * (1.0 - p)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="The sign is the wrong one: y - p is the direction of a step.",
    look="The label is 0. Does the loss grow or fall as the logit grows?",
)
def bce_gradient_from_logits_points_downhill(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, y_pred, from_logits) * (-1.0 if from_logits else 1.0)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="You divide by the number of rows alone.",
    look="By what does your binary_crossentropy divide, and by what its gradient?",
)
def bce_gradient_from_logits_divides_by_rows(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, y_pred, from_logits) * (y_pred.size / y_pred.shape[0] if from_logits else 1)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="This is the gradient of the sum, and the step would grow with the batch.",
    look="The loss is a mean. What stands in front of the sum?",
)
def bce_gradient_from_logits_of_the_sum(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, y_pred, from_logits) * (y_pred.size if from_logits else 1)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="The sigmoid's derivative is multiplied in once too often.",
    look="Derive the loss in terms of z, log(1 + exp(z)) - y*z, directly. Is there a p * (1 - p)?",
)
def bce_gradient_from_logits_applies_the_derivative(y_true, y_pred, from_logits=False):
    p = _sigmoid(y_pred)
    return _binary_gradient(y_true, y_pred, from_logits) * (p * (1.0 - p) if from_logits else 1.0)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="You subtract the label from the logit itself.",
    look="The p in p - y is a probability. What is y_pred here?",
)
def bce_gradient_from_logits_without_sigmoid(y_true, y_pred, from_logits=False):
    return (y_pred - y_true) / y_pred.size if from_logits else _binary_gradient(y_true, y_pred)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="The sigmoid is applied twice: its output is given to a formula that applies it once more.",
    look="How often does a sigmoid act between the logit and your answer?",
)
def bce_gradient_from_logits_applies_sigmoid_twice(y_true, y_pred, from_logits=False):
    return _binary_gradient(y_true, _sigmoid(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="binary_crossentropy_gradient.from_logits",
    replaces="binary_crossentropy_gradient",
    text="The number is right, but exp(-z) overflows for a logit of -1000, with a warning.",
    look="The exponential of which numbers never overflows?",
)
def bce_gradient_from_logits_overflows(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _binary_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return (1.0 / (1.0 + np.exp(-y_pred)) - y_true) / y_pred.size


# --- categorical_crossentropy -----------------------------------------------------------------------------------------


@misconception(
    exercise="categorical_crossentropy",
    text="Your loss is negative, and descending on it makes the true class less and less probable.",
    look="Which sign has the logarithm of a probability, and which sign should a loss have?",
)
def cce_without_the_minus(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return -_categorical(y_true, y_pred)


@misconception(
    exercise="categorical_crossentropy",
    text="Nothing is clipped: log(0) is minus infinity, and 0 times that is NaN, even where the class is not the true one.",
    look="What does the docstring do to a probability before its logarithm is taken?",
)
def cce_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-(y_true * np.log(_renormalised(y_pred))).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy",
    text="Rows are taken as they are, even those that do not sum to 1.",
    look="What do (2, 5, 3) and (0.2, 0.5, 0.3) cost in your function, and what does the handout say of them?",
)
def cce_does_not_renormalise(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-(y_true * np.log(_clipped(y_pred))).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy",
    text="You divide by the sums of the columns.",
    look="Which axis of (batch, classes) belongs to one example? Which sums are 1 after your division?",
)
def cce_renormalises_columns(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = y_pred / y_pred.sum(axis=0, keepdims=True)
    return float(-(y_true * np.log(_clipped(p))).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy",
    text="You average over the classes too.",
    look="What is the loss of a single row whose true class has probability p? By what do you divide it?",
)
def cce_averages_the_classes(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical(y_true, y_pred) / y_pred.shape[-1]


@misconception(
    exercise="categorical_crossentropy",
    text="The rows are added up and never divided by their number: the loss grows with the batch.",
    look="Give the same batch twice over, 2N rows. Should the loss double?",
)
def cce_sums_the_batch(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical(y_true, y_pred) * len(y_pred)


@misconception(
    exercise="categorical_crossentropy",
    text="You return one number for each row, as Keras's function does.",
    look="What does the docstring promise, an array or a float?",
)
def cce_for_each_row(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -(y_true * np.log(_clipped(_renormalised(y_pred)))).sum(axis=-1)


@misconception(
    exercise="categorical_crossentropy",
    text="The terms (1 - y) * log(1 - p) of the other classes are in your loss, as in the binary one.",
    look="Which terms of your sum are not 0 for a one-hot label, and which of the formula's?",
)
def cce_is_binary(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _clipped(_renormalised(y_pred))
    return float(-(y_true * np.log(p) + (1.0 - y_true) * np.log(1.0 - p)).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy",
    text="Only the largest entry of a row of labels counts for you.",
    look="What becomes of a label (0.6, 0.4) in your function? What does the formula do with it?",
)
def cce_rounds_the_labels(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return _categorical(np.eye(y_pred.shape[-1])[y_true.argmax(axis=-1)], y_pred)


@misconception(
    exercise="categorical_crossentropy",
    text="A small number is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def cce_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return float(-(y_true * np.log(_renormalised(y_pred) + EPSILON)).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy",
    text="1e-8 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def cce_adds_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _adding(1e-8))


@misconception(
    exercise="categorical_crossentropy",
    text="1e-12 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def cce_adds_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _adding(1e-12))


@misconception(
    exercise="categorical_crossentropy",
    text="1e-15 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def cce_adds_1e_15(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _adding(1e-15))


@misconception(
    exercise="categorical_crossentropy",
    text="You clip at 1e-8 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def cce_clips_at_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _clipping(1e-8))


@misconception(
    exercise="categorical_crossentropy",
    text="You clip at 1e-12 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def cce_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _clipping(1e-12))


@misconception(
    exercise="categorical_crossentropy",
    text="You clip at 1e-15 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def cce_clips_at_1e_15(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), _clipping(1e-15))


@misconception(
    exercise="categorical_crossentropy",
    text="You clip from below alone: a probability of 1 keeps its loss of 0.",
    look="Between which two numbers does the docstring clip?",
)
def cce_clips_from_below_alone(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    return _categorical_by(y_true, _renormalised(y_pred), lambda p: np.log(np.maximum(p, EPSILON)))


@misconception(
    exercise="categorical_crossentropy",
    text="Unequal shapes are let through, and NumPy broadcasts them, as one row of labels against every row of predictions.",
    look="Print the shape of y_true * y_pred for y_true of shape (3,) and y_pred of shape (5, 3).",
)
def cce_broadcasts(y_true, y_pred, from_logits=False):
    return _categorical(*(array.copy() for array in np.broadcast_arrays(y_true, y_pred)), from_logits)


@misconception(
    exercise="categorical_crossentropy",
    text="The predictions of whoever called you are changed, as by renormalising in place (y_pred /= ...).",
    look="What is the difference between a /= b and c = a / b?",
)
def cce_renormalises_in_place(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical(y_true, y_pred, True)
    y_pred /= y_pred.sum(axis=-1, keepdims=True)
    return _categorical(y_true, y_pred)


# --- categorical_crossentropy_gradient --------------------------------------------------------------------------------


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p, divided by the number of rows, as if the row's sum were no part of the loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_without_renormalisation(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    p = _renormalised(y_pred)
    return np.where(_clipped(p) == p, -y_true / _clipped(p), 0.0) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p, which are clipped and not divided by their row's sum: that sum is "
    "no part of your loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_entry(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / _clipped(y_pred) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the clipped p, as if the row's sum were no part of the loss, and as if nothing had been clipped.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_p(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / _clipped(_renormalised(y_pred)) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p, neither clipped nor divided by their row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_bare_entry(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / y_pred / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p, not clipped, as if the row's sum were no part of the loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_bare_p(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / _renormalised(y_pred) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p, clipped from below alone and not divided by their row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_entry_clipped_below(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / np.maximum(y_pred, EPSILON) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p, clipped to [EPSILON, 1] and not divided by their row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_entry_up_to_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / np.clip(y_pred, EPSILON, 1.0) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p and 1e-12 added to them: neither clipping nor the row's sum is in "
    "your loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_entry_and_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / (y_pred + 1e-12) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p, divided by the row's sum: the other classes' entries have a part in p as well, through that sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_p_and_the_sum(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / _clipped(_renormalised(y_pred)) / (y_pred.sum(axis=-1, keepdims=True) * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p, divided by the row's sum, and 0 where p is clipped: the other classes' entries have a part in p as "
    "well, through that sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_leaves_the_sum_of_labels_out(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return np.where(
        _clipped(_renormalised(y_pred)) == _renormalised(y_pred), -y_true / _clipped(_renormalised(y_pred)), 0.0
    ) / (y_pred.sum(axis=-1, keepdims=True) * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is -y/p with the entries themselves for p and EPSILON added to them: neither clipping nor the row's sum is in "
    "your loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def cce_gradient_is_one_over_the_entry_and_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return -y_true / (y_pred + EPSILON) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="You clip at a smaller number than EPSILON, so there is a slope where the loss no longer moves.",
    look="Between which two numbers does the docstring clip, and between which does your code?",
)
def cce_gradient_clips_elsewhere(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    p = np.clip(y_pred / total, 1e-12, 1.0 - 1e-12)
    counted = np.where(p == y_pred / total, y_true, 0.0)
    return (counted.sum(axis=-1, keepdims=True) - counted / p) / (total * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="Your p - y is the gradient with respect to the logits.",
    look="With respect to what is the gradient taken where from_logits is False?",
)
def cce_gradient_of_the_logits(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return (y_pred - y_true) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="Your answer is right only where the row sums to 1 already.",
    look="If a row is doubled, the loss stays the same. What becomes of its slope?",
)
def cce_gradient_forgets_the_sum(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    return _categorical_gradient(y_true, y_pred) * y_pred.sum(axis=-1, keepdims=True)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="This is the gradient of the sum over the batch.",
    look="The loss is a mean over the rows. What stands in front of the sum?",
)
def cce_gradient_of_the_sum(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    return _categorical_gradient(y_true, y_pred) * len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="You divide by the number of classes as well.",
    look="By what does your categorical_crossentropy divide, and by what its gradient?",
)
def cce_gradient_divides_by_classes(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    return _categorical_gradient(y_true, y_pred) / y_pred.shape[-1]


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="The sign is the wrong one: your slope at the true class is positive.",
    look="Does the loss grow or fall when the probability of the true class grows?",
)
def cce_gradient_with_the_wrong_sign(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    return -_categorical_gradient(y_true, y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="Nothing is clipped: where a probability is 0 you divide by 0.",
    look="Which probability stands in the denominator, and can it be 0?",
)
def cce_gradient_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    return (y_true.sum(axis=-1, keepdims=True) - y_true / (y_pred / total)) / (total * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="You clip, and then take the slope as if nothing had been clipped: it is not 0 where the loss no longer moves at "
    "all.",
    look="How much does the clipped probability change when p goes from 0 to 1e-8?",
)
def cce_gradient_ignores_the_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    return (y_true.sum(axis=-1, keepdims=True) - y_true / _clipped(y_pred / total)) / (total * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="You set those entries to 0 whose own probability is outside of the clip, and no others.",
    look="Which m stands in the sum of the formula, and for which classes is y not 0?",
)
def cce_gradient_masks_entry_by_entry(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    p = y_pred / total
    slope = (y_true.sum(axis=-1, keepdims=True) - y_true / _clipped(p)) / (total * len(y_pred))
    return np.where(_clipped(p) == p, slope, 0.0)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="You write 1 for the sum of y_true * m. A row's labels do sum to 1, but only those of classes inside of the clip count: "
    "where the true class's probability is clipped, that sum is 0.",
    look="What is sum(y_true * m) in a row whose true class has a probability of 0? What should that row's gradient be?",
)
def cce_gradient_takes_the_sum_of_labels_for_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    p = y_pred / total
    return (1.0 - np.where(_clipped(p) == p, y_true, 0.0) / _clipped(p)) / (total * len(y_pred))


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="The class with the largest label is taken for the only one, as if every row were one-hot.",
    look="What does your function do with a row of labels such as 0.6, 0.3 and 0.1? What does the formula do?",
)
def cce_gradient_rounds_the_labels(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred)
    return _categorical_gradient(np.eye(y_true.shape[-1])[y_true.argmax(axis=-1)], y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="Unequal shapes are let through, and NumPy broadcasts them, as one row of labels against every row of predictions.",
    look="Print the shape of y_true * y_pred for y_true of shape (3,) and y_pred of shape (5, 3).",
)
def cce_gradient_broadcasts(y_true, y_pred, from_logits=False):
    return _categorical_gradient(*(array.copy() for array in np.broadcast_arrays(y_true, y_pred)), from_logits)


@misconception(
    exercise="categorical_crossentropy_gradient",
    text="The predictions of whoever called you are changed, as by renormalising in place (y_pred /= ...).",
    look="What is the difference between a /= b and c = a / b?",
)
def cce_gradient_renormalises_in_place(y_true, y_pred, from_logits=False):
    if from_logits:
        return _categorical_gradient(y_true, y_pred, True)
    gradient = _categorical_gradient(y_true, y_pred)
    y_pred /= y_pred.sum(axis=-1, keepdims=True)
    return gradient


# --- categorical_crossentropy.from_logits -----------------------------------------------------------------------------


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="from_logits changes nothing: the logits are divided by their sum as if they were probabilities.",
    look="Where in the body of your function does from_logits stand?",
)
def cce_ignores_from_logits(y_true, y_pred, from_logits=False):
    return _categorical(y_true, y_pred)


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="The softmax is applied twice: its output is taken for logits and goes through it once more, so the classes look "
    "more alike than they are.",
    look="How often does a softmax act between the logits and your answer, counting the one within log-softmax?",
)
def cce_from_logits_applies_softmax_twice(y_true, y_pred, from_logits=False):
    return _categorical(y_true, _softmax(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You make probabilities first and clip them. The loss of a sure and wrong prediction then stops at about 16.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_clips(y_true, y_pred, from_logits=False):
    return _categorical(y_true, _softmax(y_pred) if from_logits else y_pred)


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You make probabilities first and clip them at 1e-12. The loss of a sure and wrong prediction then stops at about "
    "27.6.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    return _categorical_by(y_true, _softmax(y_pred), _clipping(1e-12))


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You make probabilities first and add EPSILON before the logarithm: every answer is a little too small, and the "
    "loss of a sure and wrong prediction stops at about 16.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    return _categorical_by(y_true, _softmax(y_pred), _adding(EPSILON))


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You make probabilities first and add 1e-12 before the logarithm: every answer is a little too small, and the loss "
    "of a sure and wrong prediction stops at about 27.6.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_adds_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    return _categorical_by(y_true, _softmax(y_pred), _adding(1e-12))


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You make probabilities first and keep them away from 0 by 1e-15, added or as their smallest value. The loss of a "
    "sure and wrong prediction then stops at about 34.5.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_keeps_off_zero(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    return _categorical_by(y_true, _softmax(y_pred), _clipping(1e-15))


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You take the logarithm of the finished softmax. Where a probability rounds to 0 that is minus infinity, or NaN.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def cce_from_logits_by_logarithms(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return float(-(y_true * np.log(_softmax(y_pred))).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="exp(z) overflows for a logit of 1000: nothing is subtracted before.",
    look="Which number can you subtract from all logits of a row without changing the answer?",
)
def cce_from_logits_without_shift(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    log_p = y_pred - np.log(np.exp(y_pred).sum(axis=-1, keepdims=True))
    return float(-(y_true * log_p).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You subtract the largest logit of the whole batch. In a row far below it every exponential rounds to 0, and log(0) is "
    "minus infinity.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def cce_from_logits_shifts_by_the_batchs_maximum(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    shifted = y_pred - y_pred.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(y_true * log_p).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="Your softmax runs over the batch instead of the classes.",
    look="Which axis of (batch, classes) belongs to one example? Look at axis= in the maximum and the sum.",
)
def cce_from_logits_over_the_batch(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return float(-(y_true * _log_softmax(y_pred.T).T).sum(axis=-1).mean())


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="You average over the classes too.",
    look="What is the loss of a single row whose true class has probability p? By what do you divide it?",
)
def cce_from_logits_averages_the_classes(y_true, y_pred, from_logits=False):
    return _categorical(y_true, y_pred, from_logits) / (y_pred.shape[-1] if from_logits else 1)


@misconception(
    exercise="categorical_crossentropy.from_logits",
    replaces="categorical_crossentropy",
    text="Your loss is negative, as in formulas that print the log-likelihood.",
    look="Which sign has the logarithm of a probability, and which sign should a loss have?",
)
def cce_from_logits_without_the_minus(y_true, y_pred, from_logits=False):
    return _categorical(y_true, y_pred, from_logits) * (-1.0 if from_logits else 1.0)


# --- categorical_crossentropy_gradient.from_logits --------------------------------------------------------------------


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="These are the softmax's probabilities, divided by the batch size: all logits would be pushed down.",
    look="Where does y_true stand in your formula? What should the gradient of a row sum to?",
)
def cce_gradient_from_logits_forgets_the_label(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return _softmax(y_pred) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="The class with the largest label is taken for the only one, as if every row were one-hot.",
    look="What does your function do with a row of labels such as 0.6, 0.3 and 0.1? What does the formula do?",
)
def cce_gradient_from_logits_rounds_the_labels(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return _categorical_gradient(np.eye(y_true.shape[-1])[y_true.argmax(axis=-1)], y_pred, True)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="This is the gradient of the sum over the batch.",
    look="The loss is a mean over the rows. What stands in front of the sum?",
)
def cce_gradient_from_logits_of_the_sum(y_true, y_pred, from_logits=False):
    return _categorical_gradient(y_true, y_pred, from_logits) * (len(y_pred) if from_logits else 1)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="You divide by the number of all entries.",
    look="By what does your categorical_crossentropy divide, and by what its gradient?",
)
def cce_gradient_from_logits_divides_by_classes(y_true, y_pred, from_logits=False):
    return _categorical_gradient(y_true, y_pred, from_logits) / (y_pred.shape[-1] if from_logits else 1)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="The sign is the wrong one: y - p is the direction of a step.",
    look="Does the loss grow or fall as the true class's logit grows?",
)
def cce_gradient_from_logits_points_downhill(y_true, y_pred, from_logits=False):
    return _categorical_gradient(y_true, y_pred, from_logits) * (-1.0 if from_logits else 1.0)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="The softmax is applied twice: its output goes through it once more, so the classes look more alike than they are.",
    look="How often is a softmax called on the way from the logits to your answer?",
)
def cce_gradient_from_logits_applies_softmax_twice(y_true, y_pred, from_logits=False):
    return _categorical_gradient(y_true, _softmax(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="You subtract the labels from the logits themselves.",
    look="The p in p - y is a row of probabilities. What is y_pred here?",
)
def cce_gradient_from_logits_without_softmax(y_true, y_pred, from_logits=False):
    return (y_pred - y_true) / len(y_pred) if from_logits else _categorical_gradient(y_true, y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="The gradient is that with respect to the probabilities.",
    look="Which functions lie between the logits and the loss? Is there a factor for each of them?",
)
def cce_gradient_from_logits_stops_at_probabilities(y_true, y_pred, from_logits=False):
    return _categorical_gradient(y_true, _softmax(y_pred) if from_logits else y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="exp(z) overflows for a logit of 1000, and infinity over infinity is NaN: nothing is subtracted before.",
    look="Which number can you subtract from all logits of a row without changing the answer?",
)
def cce_gradient_from_logits_without_shift(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    powers = np.exp(y_pred)
    return (powers / powers.sum(axis=-1, keepdims=True) - y_true) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="You subtract the largest logit of the whole batch. In a row far below it every exponential rounds to 0: 0/0 is NaN.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def cce_gradient_from_logits_shifts_by_the_batchs_maximum(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    powers = np.exp(y_pred - y_pred.max())
    return (powers / powers.sum(axis=-1, keepdims=True) - y_true) / len(y_pred)


@misconception(
    exercise="categorical_crossentropy_gradient.from_logits",
    replaces="categorical_crossentropy_gradient",
    text="Your softmax runs over the batch instead of the classes: the columns of your probabilities sum to 1, not the rows.",
    look="Which axis of (batch, classes) belongs to one example? Look at axis= in the maximum and the sum.",
)
def cce_gradient_from_logits_over_the_batch(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _categorical_gradient(y_true, y_pred)
    require_equal_shapes(y_true, y_pred)
    return (_softmax(y_pred.T).T - y_true) / len(y_pred)


# --- sparse_categorical_crossentropy ----------------------------------------------------------------------------------


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You count the classes from 1 and subtract 1 from each number.",
    look="Which entry of a row does class number 0 mean, and which one does your code take for it?",
)
def scce_counts_from_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return _sparse((y_true - 1) % y_pred.shape[-1], y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="For each row the classes of all rows are taken: N times N numbers, of which you take the mean.",
    look="Print the shape of p[:, y_true]. How many numbers should be left of N rows?",
)
def scce_takes_whole_columns(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return float(-np.log(_clipped(_renormalised(y_pred)[:, y_true])).mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="In every row the classes of all rows count, and not its own alone: one_hot[:, y_true] = 1 marks whole columns.",
    look="How many ones has each row of your one-hot labels? What does the colon in one_hot[:, y_true] take?",
)
def scce_marks_whole_columns(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    marked = np.zeros(y_pred.shape)
    marked[:, y_true] = 1.0
    return float(-(marked * np.log(_clipped(_renormalised(y_pred)))).sum(axis=-1).mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="Your loss is negative, and descending on it makes the true class less and less probable.",
    look="Which sign has the logarithm of a probability, and which sign should a loss have?",
)
def scce_without_the_minus(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return -_sparse(y_true, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="Nothing is clipped: where the true class has a probability of 0 the loss is infinite.",
    look="What does the docstring do to a probability before its logarithm is taken?",
)
def scce_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return float(-np.log(_renormalised(y_pred)[np.arange(len(y_true)), y_true]).mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="Rows are taken as they are, even those that do not sum to 1.",
    look="What do (2, 5, 3) and (0.2, 0.5, 0.3) cost in your function, and what does the handout say of them?",
)
def scce_does_not_renormalise(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return float(-np.log(_clipped(y_pred)[np.arange(len(y_true)), y_true]).mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="The rows are added up and never divided by their number: the loss grows with the batch.",
    look="Give the same batch twice over, 2N rows. Should the loss double?",
)
def scce_sums_the_batch(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _sparse(y_true, y_pred) * len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You divide by the number of classes as well.",
    look="How many numbers did you add up, and by how many do you divide?",
)
def scce_averages_the_classes(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _sparse(y_true, y_pred) / y_pred.shape[-1]


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You return one number for each row, as Keras's function does.",
    look="What does the docstring promise, an array or a float?",
)
def scce_for_each_row(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return -np.log(_clipped(_renormalised(y_pred)))[np.arange(len(y_true)), y_true]


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="The labels are not looked at before they are used as indices: NumPy takes -1 for the last class, and says nothing.",
    look="What is y_pred[0, -1]? Which function is given to you that refuses such a label?",
)
def scce_takes_any_label(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred[:, 0])
    return float(-np.log(_clipped(_renormalised(y_pred)))[np.arange(len(y_pred)), y_true].mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="A label below 0 is let through, and NumPy takes -1 for the last class; labels that are too large are refused.",
    look="Which numbers are classes, and on which side does your condition end? What is y_pred[0, -1]?",
)
def scce_takes_minus_one(y_true, y_pred, from_logits=False):
    require_class_numbers(np.maximum(y_true, 0), y_pred)
    return _sparse(y_true % y_pred.shape[1], y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="A small number, EPSILON, is added before the logarithm instead of clipping. It changes every answer, not only "
    "those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def scce_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _adding(EPSILON))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="1e-8 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def scce_adds_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _adding(1e-8))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="1e-12 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def scce_adds_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _adding(1e-12))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="1e-15 is added before the logarithm instead of clipping. It changes every answer, not only those at the edges.",
    look="What does clipping do to a probability of 0.3, and what does your addition do to it?",
)
def scce_adds_1e_15(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _adding(1e-15))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You clip at 1e-8 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def scce_clips_at_1e_8(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _clipping(1e-8))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You clip at 1e-12 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def scce_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _clipping(1e-12))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You clip at 1e-15 and not at EPSILON, so the loss of a sure and wrong prediction is another one.",
    look="How large is the largest loss that the handout names, and how large is yours?",
)
def scce_clips_at_1e_15(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), _clipping(1e-15))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="You clip from below alone: a probability of 1 keeps its loss of 0.",
    look="Between which two numbers does the docstring clip?",
)
def scce_clips_from_below_alone(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return _categorical_by(_one_hot(y_true, y_pred), _renormalised(y_pred), lambda p: np.log(np.maximum(p, EPSILON)))


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="Whatever comes is used as an index, and NumPy broadcasts indices too: one label serves all rows, and a column of labels "
    "takes every label in every row.",
    look="What is p[np.arange(5), y_true] for y_true of shape (1,), and of shape (5, 1)? Which given function refuses them?",
)
def scce_broadcasts(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    return float(-np.log(_clipped(_renormalised(y_pred)))[np.arange(len(y_pred)), y_true].mean())


@misconception(
    exercise="sparse_categorical_crossentropy",
    text="The predictions of whoever called you are changed, as by renormalising in place (y_pred /= ...).",
    look="What is the difference between a /= b and c = a / b?",
)
def scce_renormalises_in_place(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    y_pred /= y_pred.sum(axis=-1, keepdims=True)
    return _sparse(y_true, y_pred)


# --- sparse_categorical_crossentropy_gradient -------------------------------------------------------------------------


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="You count the classes from 1 and subtract 1 from each number.",
    look="Which entry of a row does class number 0 mean, and which one does your code take for it?",
)
def scce_gradient_counts_from_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    return _sparse_gradient((y_true - 1) % y_pred.shape[-1], y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p, divided by the number of rows, and 0 elsewhere, as if the row's sum were no part of "
    "the loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_without_renormalisation(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    p = _renormalised(y_pred)
    return np.where(_clipped(p) == p, -y_true / _clipped(p), 0.0) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1 divided by the entry itself, clipped: the other classes' entries have a part in the "
    "loss as well, through the row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_entry(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / _clipped(y_pred) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p with the clipped p, as if the row's sum were no part of the loss, and as if nothing "
    "had been clipped.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_p(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / _clipped(_renormalised(y_pred)) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p with the entries themselves for p, neither clipped nor divided by their row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_bare_entry(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / y_pred / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p, not clipped, as if the row's sum were no part of the loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_bare_p(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / _renormalised(y_pred) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p with the entries themselves for p, clipped from below alone and not divided by "
    "their row's sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_entry_clipped_below(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / np.maximum(y_pred, EPSILON) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p with the entries themselves for p and 1e-12 added to them: neither clipping nor the "
    "row's sum is in your loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_entry_and_1e_12(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / (y_pred + 1e-12) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p, divided by the row's sum, and 0 where p is clipped: the other classes' entries "
    "have a part in p as well, through that sum.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_leaves_the_sum_of_labels_out(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return np.where(
        _clipped(_renormalised(y_pred)) == _renormalised(y_pred), -y_true / _clipped(_renormalised(y_pred)), 0.0
    ) / (y_pred.sum(axis=-1, keepdims=True) * len(y_pred))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class this is -1/p with the entries themselves for p and EPSILON added to them: neither clipping nor "
    "the row's sum is in your loss.",
    look="Multiply your gradient by the row and add up. The handout says what must come out, and why.",
)
def scce_gradient_is_one_over_the_entry_and_an_epsilon(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    return -y_true / (y_pred + EPSILON) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="You clip at a smaller number than EPSILON, so there is a slope where the loss no longer moves.",
    look="Between which two numbers does the docstring clip, and between which does your code?",
)
def scce_gradient_clips_elsewhere(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    y_true = _one_hot(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    p = np.clip(y_pred / total, 1e-12, 1.0 - 1e-12)
    counted = np.where(p == y_pred / total, y_true, 0.0)
    return (counted.sum(axis=-1, keepdims=True) - counted / p) / (total * len(y_pred))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="Your p - 1 at the true class is the gradient with respect to the logits.",
    look="With respect to what is the gradient taken where from_logits is False?",
)
def scce_gradient_of_the_logits(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    return (y_pred - _one_hot(y_true, y_pred)) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="This is the gradient of the sum over the batch.",
    look="The loss is a mean over the rows. What stands in front of the sum?",
)
def scce_gradient_of_the_sum(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    return _sparse_gradient(y_true, y_pred) * len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="The sign is the wrong one: your slope at the true class is positive.",
    look="Does the loss grow or fall when the probability of the true class grows?",
)
def scce_gradient_with_the_wrong_sign(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    return -_sparse_gradient(y_true, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="Nothing is clipped: where the true class has a probability of 0 you divide by 0.",
    look="Which probability stands in the denominator, and can it be 0?",
)
def scce_gradient_does_not_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    rows, total = np.arange(len(y_true)), y_pred.sum(axis=-1, keepdims=True)
    gradient = np.ones_like(y_pred)
    gradient[rows, y_true] -= total[:, 0] / y_pred[rows, y_true]
    return gradient / (total * len(rows))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="You clip, and then take the slope as if nothing had been clipped: it is not 0 where the loss no longer moves at "
    "all.",
    look="How much does the clipped probability change when p goes from 0 to 1e-8?",
)
def scce_gradient_ignores_the_clip(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    labels, total = _one_hot(y_true, y_pred), y_pred.sum(axis=-1, keepdims=True)
    return (1.0 - labels / _clipped(y_pred / total)) / (total * len(y_pred))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="At the true class you leave 1/p out where p is clipped, but the 1 stays in all of the row, and the row does not become 0.",
    look="What is sum(y_true * m) in a row whose true class has a probability of 0? What should that row's gradient be?",
)
def scce_gradient_takes_the_sum_of_labels_for_one(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    labels, total = _one_hot(y_true, y_pred), y_pred.sum(axis=-1, keepdims=True)
    p = y_pred / total
    return (1.0 - np.where(_clipped(p) == p, labels, 0.0) / _clipped(p)) / (total * len(y_pred))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="gradient[:, y_true] changes whole columns, those of all rows' classes.",
    look="How many entries does gradient[:, y_true] have? How many rows are there?",
)
def scce_gradient_changes_whole_columns(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    total = y_pred.sum(axis=-1, keepdims=True)
    gradient = np.ones_like(y_pred)
    gradient[:, y_true] -= 1.0 / _clipped(y_pred / total)[:, y_true]
    return gradient / (total * len(y_pred))


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="In every row the classes of all rows count, and not its own alone: one_hot[:, y_true] = 1 marks whole columns.",
    look="How many ones has each row of your one-hot labels? What does the colon in one_hot[:, y_true] take?",
)
def scce_gradient_marks_whole_columns(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    require_class_numbers(y_true, y_pred)
    marked = np.zeros(y_pred.shape)
    marked[:, y_true] = 1.0
    return _categorical_gradient(marked, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="The labels are not looked at before they are used as indices: NumPy takes -1 for the last class, and says nothing.",
    look="What is y_pred[0, -1]? Which function is given to you that refuses such a label?",
)
def scce_gradient_takes_any_label(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    require_equal_shapes(y_true, y_pred[:, 0])
    labels = np.zeros_like(y_pred)
    labels[np.arange(len(y_pred)), y_true] = 1.0
    return _categorical_gradient(labels, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="A label below 0 is let through, and NumPy takes -1 for the last class; labels that are too large are refused.",
    look="Which numbers are classes, and on which side does your condition end? What is y_pred[0, -1]?",
)
def scce_gradient_takes_minus_one(y_true, y_pred, from_logits=False):
    require_class_numbers(np.maximum(y_true, 0), y_pred)
    return _sparse_gradient(y_true % y_pred.shape[1], y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient",
    text="Whatever comes is used as an index, and NumPy broadcasts indices too: one label serves all rows, and a column of labels "
    "takes every label in every row.",
    look="What is p[np.arange(5), y_true] for y_true of shape (1,), and of shape (5, 1)? Which given function refuses them?",
)
def scce_gradient_broadcasts(y_true, y_pred, from_logits=False):
    if from_logits:
        return _sparse_gradient(y_true, y_pred, True)
    labels = np.zeros_like(y_pred)
    labels[np.arange(len(y_pred)), y_true] = 1.0
    return _categorical_gradient(labels, y_pred)


# --- sparse_categorical_crossentropy.from_logits ----------------------------------------------------------------------


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="from_logits changes nothing: the logits are divided by their sum as if they were probabilities.",
    look="Where in the body of your function does from_logits stand?",
)
def scce_ignores_from_logits(y_true, y_pred, from_logits=False):
    return _sparse(y_true, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="The softmax is applied twice: its output is taken for logits and goes through it once more, so the classes look "
    "more alike than they are.",
    look="How often does a softmax act between the logits and your answer, counting the one within log-softmax?",
)
def scce_from_logits_applies_softmax_twice(y_true, y_pred, from_logits=False):
    return _sparse(y_true, _softmax(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You make probabilities first and clip them. The loss of a sure and wrong prediction then stops at about 16.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def scce_from_logits_clips(y_true, y_pred, from_logits=False):
    return _sparse(y_true, _softmax(y_pred) if from_logits else y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You make probabilities first and clip them at 1e-12. The loss of a sure and wrong prediction then stops at about "
    "27.6.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def scce_from_logits_clips_at_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    return _categorical_by(_one_hot(y_true, y_pred), _softmax(y_pred), _clipping(1e-12))


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You make probabilities first and add EPSILON before the logarithm: every answer is a little too small, and the "
    "loss of a sure and wrong prediction stops at about 16.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def scce_from_logits_adds_an_epsilon(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    return _categorical_by(_one_hot(y_true, y_pred), _softmax(y_pred), _adding(EPSILON))


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You make probabilities first and add 1e-12 before the logarithm: every answer is a little too small, and the loss "
    "of a sure and wrong prediction stops at about 27.6.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def scce_from_logits_adds_1e_12(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    return _categorical_by(_one_hot(y_true, y_pred), _softmax(y_pred), _adding(1e-12))


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You make probabilities first and keep them away from 0 by 1e-15, added or as their smallest value. The loss of a "
    "sure and wrong prediction then stops at about 34.5.",
    look="Write log(softmax(z)) in terms of z and simplify it before you compute anything.",
)
def scce_from_logits_keeps_off_zero(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    return _categorical_by(_one_hot(y_true, y_pred), _softmax(y_pred), _clipping(1e-15))


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="exp(z) overflows for a logit of 1000: nothing is subtracted before.",
    look="Which number can you subtract from all logits of a row without changing the answer?",
)
def scce_from_logits_without_shift(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    return float((np.log(np.exp(y_pred).sum(axis=-1)) - y_pred[np.arange(len(y_true)), y_true]).mean())


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You subtract the largest logit of the whole batch. In a row far below it every exponential rounds to 0, and log(0) is "
    "minus infinity.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def scce_from_logits_shifts_by_the_batchs_maximum(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    shifted = y_pred - y_pred.max()
    return float((np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(y_true)), y_true]).mean())


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="What you average is minus the true class's logit.",
    look="What is log(softmax(z)), written out? How many terms does it have?",
)
def scce_from_logits_forgets_the_normaliser(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    return float(-y_pred[np.arange(len(y_true)), y_true].mean())


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="You count the classes from 1 and subtract 1 from each number.",
    look="Which entry of a row does class number 0 mean, and which one does your code take for it?",
)
def scce_from_logits_counts_from_one(y_true, y_pred, from_logits=False):
    return _sparse((y_true - 1) % y_pred.shape[-1] if from_logits else y_true, y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="For each row the classes of all rows are taken: N times N numbers, of which you take the mean.",
    look="Print the shape of y_pred[:, y_true]. How many numbers should be left of N rows?",
)
def scce_from_logits_takes_whole_columns(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    return float(-_log_softmax(y_pred)[:, y_true].mean())


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="In every row the classes of all rows count, and not its own alone: one_hot[:, y_true] = 1 marks whole columns.",
    look="How many ones has each row of your one-hot labels? What does the colon in one_hot[:, y_true] take?",
)
def scce_from_logits_marks_whole_columns(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    marked = np.zeros(y_pred.shape)
    marked[:, y_true] = 1.0
    return float(-(marked * _log_softmax(y_pred)).sum(axis=-1).mean())


@misconception(
    exercise="sparse_categorical_crossentropy.from_logits",
    replaces="sparse_categorical_crossentropy",
    text="The rows are added up and never divided by their number: the loss grows with the batch.",
    look="Give the same batch twice over, 2N rows. Should the loss double?",
)
def scce_from_logits_sums_the_batch(y_true, y_pred, from_logits=False):
    return _sparse(y_true, y_pred, from_logits) * (len(y_pred) if from_logits else 1)


# --- sparse_categorical_crossentropy_gradient.from_logits -------------------------------------------------------------


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="These are the softmax's probabilities, divided by the batch size: all logits would be pushed down.",
    look="Where does y_true stand in your formula? What should the gradient of a row sum to?",
)
def scce_gradient_from_logits_forgets_the_label(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    return _softmax(y_pred) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="You subtract the class number itself from the whole row.",
    look="What does the class number 2 mean: an amount, or a place?",
)
def scce_gradient_from_logits_subtracts_the_number(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    return (_softmax(y_pred) - y_true[:, np.newaxis]) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="1 is subtracted in whole columns, those of all rows' classes, as p[:, y_true] -= 1 does, or one_hot[:, y_true] = 1.",
    look="What does the colon in front of y_true take? How many entries has p[:, y_true], and how many rows are there?",
)
def scce_gradient_from_logits_changes_whole_columns(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    require_class_numbers(y_true, y_pred)
    gradient = _softmax(y_pred)
    gradient[:, y_true] -= 1.0
    return gradient / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="You count the classes from 1 and subtract 1 from each number.",
    look="Which entry of a row does class number 0 mean, and which one does your code take for it?",
)
def scce_gradient_from_logits_counts_from_one(y_true, y_pred, from_logits=False):
    return _sparse_gradient((y_true - 1) % y_pred.shape[-1] if from_logits else y_true, y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="This is the gradient of the sum over the batch.",
    look="The loss is a mean over the rows. What stands in front of the sum?",
)
def scce_gradient_from_logits_of_the_sum(y_true, y_pred, from_logits=False):
    return _sparse_gradient(y_true, y_pred, from_logits) * (len(y_pred) if from_logits else 1)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="You subtract 1 after the division.",
    look="What should the gradient of a row sum to, and what does yours?",
)
def scce_gradient_from_logits_divides_too_early(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    return _softmax(y_pred) / len(y_pred) - _one_hot(y_true, y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="The softmax is applied twice: its output goes through it once more, so the classes look more alike than they are.",
    look="How often is a softmax called on the way from the logits to your answer?",
)
def scce_gradient_from_logits_applies_softmax_twice(y_true, y_pred, from_logits=False):
    return _sparse_gradient(y_true, _softmax(y_pred) if from_logits else y_pred, from_logits)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="The sign is the wrong one: y - p is the direction of a step.",
    look="Does the loss grow or fall as the true class's logit grows?",
)
def scce_gradient_from_logits_points_downhill(y_true, y_pred, from_logits=False):
    return _sparse_gradient(y_true, y_pred, from_logits) * (-1.0 if from_logits else 1.0)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="exp(z) overflows for a logit of 1000, and infinity over infinity is NaN: nothing is subtracted before.",
    look="Which number can you subtract from all logits of a row without changing the answer?",
)
def scce_gradient_from_logits_without_shift(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    powers = np.exp(y_pred)
    return (powers / powers.sum(axis=-1, keepdims=True) - _one_hot(y_true, y_pred)) / len(y_pred)


@misconception(
    exercise="sparse_categorical_crossentropy_gradient.from_logits",
    replaces="sparse_categorical_crossentropy_gradient",
    text="y_pred is changed, as where it becomes the gradient itself: the logits are lost to whoever called you.",
    look="From which array do you subtract the 1, and to whom does it belong?",
)
def scce_gradient_from_logits_changes_y_pred(y_true, y_pred, from_logits=False):
    if not from_logits:
        return _sparse_gradient(y_true, y_pred)
    y_pred[...] = _sparse_gradient(y_true, y_pred, True)
    return y_pred
