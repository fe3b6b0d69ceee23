"""Misconceptions about gradient descent and the neuron: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.gradient_descent import negative_log_likelihood_gradient, predict_proba


def _logits(x, weights, bias):
    return x @ weights + bias


def _counts(y_true, y_pred, threshold):
    predicted, positive = y_pred > threshold, y_true == 1
    return (predicted & positive).sum(), predicted.sum(), positive.sum()


# --- heaviside --------------------------------------------------------------------------------------------------------


@misconception(
    exercise="heaviside",
    text="At 0 you always answer 0, as if a threshold that is just reached were not reached.",
    look="What does x > 0 say where x is 0? Where in your code does h0 stand?",
)
def heaviside_is_zero_at_zero(x, h0=1.0):
    return (x > 0).astype(np.float64)


@misconception(
    exercise="heaviside",
    text="At 0 you always answer 1. That is only the default: another h0 changes nothing in your answers.",
    look="What does heaviside(np.array([0.0]), h0=0.5) give? Which of your branches does x = 0 fall into?",
)
def heaviside_ignores_h0(x, h0=1.0):
    return (x >= 0).astype(np.float64)


@misconception(
    exercise="heaviside",
    text="You return True and False, as a comparison gives them, and h0 has no say.",
    look="Which dtype does the docstring promise, and which value at 0?",
)
def heaviside_returns_booleans(x, h0=1.0):
    return x >= 0


@misconception(
    exercise="heaviside",
    text="The answer is an array of integers, as np.where makes it of 0 and 1, and h0 has no say.",
    look="What is the difference between 1 and 1.0 for NumPy? Look at your answer's dtype.",
)
def heaviside_returns_integers(x, h0=1.0):
    return np.where(x >= 0, 1, 0)


@misconception(
    exercise="heaviside",
    text="That is the sign: below 0 you answer -1.",
    look="Which two values does Heaviside's step have?",
)
def heaviside_as_sign(x, h0=1.0):
    return np.where(x == 0, h0, np.sign(x))


@misconception(
    exercise="heaviside",
    text="You keep x where it is positive: that is the ReLU.",
    look="What should come out for x = 3, and what for x = 4?",
)
def heaviside_as_relu(x, h0=1.0):
    return np.where(x == 0, h0, np.maximum(x, 0.0))


@misconception(
    exercise="heaviside",
    text="You write the zeros and ones into x itself, which belongs to the caller.",
    look="What does `x[x < 0] = 0` do to the array that was passed in?",
)
def heaviside_changes_x(x, h0=1.0):
    below, at = x < 0, x == 0
    x[...] = 1.0
    x[below], x[at] = 0.0, h0
    return x


# --- sign -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="sign",
    text="At 0 you answer 1, as some texts define the sign for a threshold unit.",
    look="Into which of your branches does x = 0 fall, and what does the docstring say of it?",
)
def sign_is_one_at_zero(x):
    return np.where(x >= 0, 1.0, -1.0)


@misconception(
    exercise="sign",
    text="At 0 you answer -1: everything that is not above 0 is taken for negative.",
    look="Into which of your branches does x = 0 fall?",
)
def sign_is_minus_one_at_zero(x):
    return np.where(x > 0, 1.0, -1.0)


@misconception(
    exercise="sign",
    text="You divide x by its absolute value. At 0 that is 0/0, which is NaN and not 0.",
    look="What does NumPy make of 0.0 / 0.0?",
)
def sign_divides_by_the_absolute_value(x):
    return x / np.abs(x)


@misconception(
    exercise="sign",
    text="A small number is added to the absolute value against 0/0. It shrinks all other answers too: those of large entries "
    "a little, those of tiny entries to almost 0.",
    look="What is x / (|x| + 1e-8) for x = 0.05, and for x = 1e-9?",
)
def sign_adds_an_epsilon(x):
    return x / (np.abs(x) + 1e-8)


@misconception(
    exercise="sign",
    text="Below 0 you answer 0: that is Heaviside's step.",
    look="Which three values does the sign have?",
)
def sign_as_heaviside(x):
    return (x > 0).astype(np.float64)


@misconception(
    exercise="sign",
    text="The answer is an array of integers, where float64 numbers are due.",
    look="What is the difference between 1 and 1.0 for NumPy? Look at your answer's dtype.",
)
def sign_returns_integers(x):
    return np.where(x > 0, 1, np.where(x < 0, -1, 0))


@misconception(
    exercise="sign",
    text="You write the signs into x itself, which belongs to the caller.",
    look="What does `x[x < 0] = -1` do to the array that was passed in?",
)
def sign_changes_x(x):
    x[...] = np.sign(x)
    return x


# --- numerical_gradient -----------------------------------------------------------------------------------------------


@misconception(
    exercise="numerical_gradient",
    text="You look to one side only, f(x + h) - f(x): your error is of order h.",
    look="At which two places is f asked for, and do they lie on either side of x?",
)
def numerical_gradient_looks_forward_only(f, x, h=1e-5):
    gradient, start = np.zeros(x.shape), f(x)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - start) / h
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="Every slope comes out twice as large as it should be.",
    look="How far apart are the two places at which you ask f, and by what do you divide?",
)
def numerical_gradient_divides_by_h(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / h
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="The difference is multiplied by h, as in `/ 2 * h`.",
    look="In which order does Python compute a / 2 * h?",
)
def numerical_gradient_loses_a_bracket(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / 2 * h
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="You move all entries of x at once. That measures a single slope, along the diagonal, and every entry gets the sum "
    "of all slopes.",
    look="What does x + h do to an array x? Which entry should move for entry i of the gradient?",
)
def numerical_gradient_moves_everything(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@misconception(
    exercise="numerical_gradient",
    text="An entry that was moved is not put back before the next one moves, so later entries are measured at another place, and the caller's x has changed.",
    look="What is in x[i] when your loop goes on to i + 1?",
)
def numerical_gradient_does_not_restore(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        gradient[index] = (above - f(x)) / (2 * h)
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="You put x back by adding what you took away. Each of these sums is rounded, so that x comes back almost, but not bit for bit.",
    look="Is (0.1 + h) - 2 * h + h exactly 0.1? What would be a safer way to remember the old entry?",
)
def numerical_gradient_restores_by_adding(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        gradient[index] = (above - f(x)) / (2 * h)
        x[index] += h
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="Your step is tiny, whatever h is. The two values of f then agree in nearly all digits, and their difference holds "
    "mostly rounding errors.",
    look="For f(x) = x**3, compute (f(1 + h) - f(1 - h)) / (2 * h) with h = 1e-5 and with h = 1e-12. Which is closer to 3?",
)
def numerical_gradient_with_a_tiny_step(f, x, h=1e-5):
    gradient, tiny = np.zeros(x.shape), 1e-12
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = tiny
        gradient[index] = (f(x + step) - f(x - step)) / (2 * tiny)
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="Your step is 1e-5, whatever h is: the argument has no say.",
    look="How far does your code move an entry of x if h is 0.5? Which name or number says so?",
)
def numerical_gradient_ignores_h(f, x, h=1e-5):
    gradient, fixed = np.zeros(x.shape), 1e-5
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = fixed
        gradient[index] = (f(x + step) - f(x - step)) / (2 * fixed)
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="The difference is taken the wrong way round, so that every slope has the wrong sign.",
    look="If f grows, which of f(x + h) and f(x - h) is the larger one?",
)
def numerical_gradient_has_the_wrong_sign(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x - step) - f(x + step)) / (2 * h)
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="Your loop runs over the rows of x: a whole row moves at once, and its entries all get the sum of its slopes.",
    look="How many numbers are in x, and how many turns does your loop take?",
)
def numerical_gradient_moves_whole_rows(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@misconception(
    exercise="numerical_gradient",
    text="The numbers are right, but they come as a flat vector.",
    look="Which shape has x, and which one has your answer?",
)
def numerical_gradient_comes_flat(f, x, h=1e-5):
    found = []
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        found.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(found)


@misconception(
    exercise="numerical_gradient",
    text="You move the entries of x made flat (ravel, reshape), as if that were x itself. For a transposed array it is a "
    "copy: f never sees a change.",
    look="When does NumPy's ravel (or reshape) make a copy? Do you call f with the array that you moved?",
)
def numerical_gradient_moves_a_raveled_copy(f, x, h=1e-5):
    flat, gradient = x.ravel(), np.zeros(x.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        above = f(x)
        flat[i] = old - h
        gradient[i] = (above - f(x)) / (2 * h)
        flat[i] = old
    return gradient.reshape(x.shape)


@misconception(
    exercise="numerical_gradient",
    text="You move the entries of a flat array that is no view of what f is called with. Of a transposed x, np.copy (or copy with order K) is "
    "transposed too, and its reshape(-1) is another copy: f never sees a change.",
    look="Is `flat = point.reshape(-1)` always a view? See np.shares_memory, or index point itself, with np.ndindex.",
)
def numerical_gradient_moves_a_flat_copy(f, x, h=1e-5):
    point = np.copy(x)
    flat, gradient = point.reshape(-1), np.zeros(x.size)
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h
        above = f(point)
        flat[i] = old - h
        gradient[i] = (above - f(point)) / (2 * h)
        flat[i] = old
    return gradient.reshape(x.shape)


# --- squared_error ----------------------------------------------------------------------------------------------------


@misconception(
    exercise="squared_error",
    text="You return the difference itself: errors of opposite sign would cancel.",
    look="What is the error if the prediction is too small by 3?",
)
def squared_error_forgets_the_square(w, x, y):
    return x * w - y


@misconception(
    exercise="squared_error",
    text="You halve it, as many texts do to be rid of the 2 in the derivative.",
    look="Compare the factor in front of the square with the docstring's formula.",
)
def squared_error_halved(w, x, y):
    return 0.5 * (x * w - y) ** 2


@misconception(
    exercise="squared_error",
    text="You take the absolute value of the difference, which is another error: its slope does not shrink near the goal.",
    look="What is the error if the prediction is too small by 3?",
)
def squared_error_is_absolute(w, x, y):
    return np.abs(x * w - y)


@misconception(
    exercise="squared_error",
    text="You average over the samples.",
    look="Which shape does the docstring promise?",
)
def squared_error_takes_the_mean(w, x, y):
    return np.mean((x * w - y) ** 2)


@misconception(
    exercise="squared_error",
    text="The weight is added to the input.",
    look="What does this neuron predict for x = 0?",
)
def squared_error_adds_the_weight(w, x, y):
    return (x + w - y) ** 2


@misconception(
    exercise="squared_error",
    text="You compute y * w - x: input and target have changed places.",
    look="In which order does your function take x and y, and which of them is multiplied by w?",
)
def squared_error_swaps_x_and_y(w, x, y):
    return (y * w - x) ** 2


@misconception(
    exercise="squared_error",
    text="The caller's samples are changed, as by x *= w or x -= y: they are gone for whoever still needs them.",
    look="What is the difference between x *= w and z = x * w?",
)
def squared_error_changes_x(w, x, y):
    x *= w
    x -= y
    return x**2


# --- squared_error_derivative -----------------------------------------------------------------------------------------


@misconception(
    exercise="squared_error_derivative",
    text="Every derivative, and with it every step, is half as large as it should be.",
    look="What is the derivative of u squared?",
)
def squared_error_derivative_forgets_the_two(w, x, y):
    return x * (x * w - y)


@misconception(
    exercise="squared_error_derivative",
    text="This is the slope along the prediction, not along the weight.",
    look="By how much does the prediction x * w grow if w grows by 1?",
)
def squared_error_derivative_forgets_x(w, x, y):
    return 2.0 * (x * w - y)


@misconception(
    exercise="squared_error_derivative",
    text="The sign is wrong, as where one takes target minus prediction. A step against your derivative climbs.",
    look="If the prediction is too small, should the error grow or fall as w grows (for a positive x)?",
)
def squared_error_derivative_has_the_wrong_sign(w, x, y):
    return 2.0 * x * (y - x * w)


@misconception(
    exercise="squared_error_derivative",
    text="You multiply by w: that is the derivative for the input x.",
    look="Which letter is the variable here, and what stands beside it in the product x * w?",
)
def squared_error_derivative_for_x(w, x, y):
    return 2.0 * w * (x * w - y)


@misconception(
    exercise="squared_error_derivative",
    text="You average over the samples.",
    look="Which shape does the docstring promise?",
)
def squared_error_derivative_takes_the_mean(w, x, y):
    return np.mean(2.0 * x * (x * w - y))


@misconception(
    exercise="squared_error_derivative",
    text="You multiply by the squared error.",
    look="What is the derivative of u squared, and is there still a square in it?",
)
def squared_error_derivative_keeps_the_square(w, x, y):
    return 2.0 * x * (x * w - y) ** 2


@misconception(
    exercise="squared_error_derivative",
    text="The difference is computed into y itself (y -= ...), so that the caller's targets are gone.",
    look="What does -= do to the array on its left, and who else still holds that array?",
)
def squared_error_derivative_changes_y(w, x, y):
    y -= x * w
    return -2.0 * x * y


# --- gradient_descent_step --------------------------------------------------------------------------------------------


@misconception(
    exercise="gradient_descent_step",
    text="You step in the direction of the gradient, which points to where the error grows.",
    look="The gradient -12 says that the error falls as w grows. Does your step make w larger?",
)
def gradient_descent_step_climbs(w, gradient, learning_rate):
    return w + learning_rate * gradient


@misconception(
    exercise="gradient_descent_step",
    text="The learning rate is left out, as if it were 1.",
    look="Where in your formula does learning_rate stand?",
)
def gradient_descent_step_forgets_the_rate(w, gradient, learning_rate):
    return w - gradient


@misconception(
    exercise="gradient_descent_step",
    text="You return the step, not where it leads: w itself is missing.",
    look="Is your answer the new weight, or the change of the old one?",
)
def gradient_descent_step_returns_the_step(w, gradient, learning_rate):
    return -learning_rate * gradient


@misconception(
    exercise="gradient_descent_step",
    text="You divide by the learning rate.",
    look="Does your step get longer or shorter when the learning rate is halved?",
)
def gradient_descent_step_divides_by_the_rate(w, gradient, learning_rate):
    return w - gradient / learning_rate


@misconception(
    exercise="gradient_descent_step",
    text="You use only the gradient's sign, so that all steps are equally long.",
    look="Should a step get longer where the slope is steeper?",
)
def gradient_descent_step_uses_the_sign(w, gradient, learning_rate):
    return w - learning_rate * np.sign(gradient)


@misconception(
    exercise="gradient_descent_step",
    text="You divide the gradient by its length first. Then no step gets shorter near the goal, and steepness is lost.",
    look="Is there a norm in the docstring's formula?",
)
def gradient_descent_step_normalizes(w, gradient, learning_rate):
    return w - learning_rate * gradient / np.linalg.norm(gradient)


@misconception(
    exercise="gradient_descent_step",
    text="w is changed, as by w -= ...: the old weights are gone for whoever still needs them.",
    look="What is the difference between w -= step and w = w - step, for the caller's array?",
)
def gradient_descent_step_changes_w(w, gradient, learning_rate):
    w -= learning_rate * gradient
    return w


@misconception(
    exercise="gradient_descent_step",
    text="Your function gives back None and no weights: it ends without a return, or its return hands nothing over.",
    look="Does every path through your function end in a return of the new weights?",
)
def gradient_descent_step_forgets_to_return(w, gradient, learning_rate):
    w = w - learning_rate * gradient


# --- gradient_descent -------------------------------------------------------------------------------------------------


@misconception(
    exercise="gradient_descent",
    text="The path goes in the direction of the gradient, uphill.",
    look="Does the error get smaller along your path? Which sign has the step?",
)
def gradient_descent_climbs(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * gradient(path[-1]))
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="Every step uses the gradient at the start: the path is a straight line that never notices the valley.",
    look="How often is gradient(...) called, and with which weights?",
)
def gradient_descent_keeps_the_first_gradient(gradient, w, learning_rate, steps):
    slope = gradient(w)
    return np.array([w - k * learning_rate * slope for k in range(steps + 1)])


@misconception(
    exercise="gradient_descent",
    text="The start is missing: the path has a row for each step, but not the one from which the first step was taken.",
    look="How many rows are due for a given number of steps? Which one is the first?",
)
def gradient_descent_without_the_start(gradient, w, learning_rate, steps):
    path, place = np.empty((steps, *w.shape)), w
    for k in range(steps):
        place = place - learning_rate * gradient(place)
        path[k] = place
    return path


@misconception(
    exercise="gradient_descent",
    text="The end is missing: each place is kept before its step, and the last step's place never.",
    look="How many rows are due for a given number of steps? Which one is the last?",
)
def gradient_descent_without_the_end(gradient, w, learning_rate, steps):
    path, place = np.empty((steps, *w.shape)), w
    for k in range(steps):
        path[k] = place
        place = place - learning_rate * gradient(place)
    return path


@misconception(
    exercise="gradient_descent",
    text="You return only the place where the path ends.",
    look="Which shape does the docstring promise?",
)
def gradient_descent_returns_the_end_only(gradient, w, learning_rate, steps):
    place = w.copy()
    for _ in range(steps):
        place = place - learning_rate * gradient(place)
    return place


@misconception(
    exercise="gradient_descent",
    text="All rows of your path are one array, which was changed in place: they all show the end. The caller's start is "
    "gone too.",
    look="How many different arrays are in your list? What does `w -= ...` do to those that are there already?",
)
def gradient_descent_appends_one_array(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="The path holds the same array again and again. It is changed in place, so at the end every row is the last place.",
    look="How many different arrays are in your list? What does `w -= ...` do to those that are there already?",
)
def gradient_descent_appends_one_copy(gradient, w, learning_rate, steps):
    w = w.copy()
    path = [w]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="Only the start is kept as it was. The place that moves is one array, put into the path at every step and changed "
    "in place, so "
    "that all rows but the first are the last place.",
    look="How many different arrays are in your list after three steps?",
)
def gradient_descent_appends_the_end_behind_the_start(gradient, w, learning_rate, steps):
    path, w = [w], w.copy()
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="The path is right, but it is walked in the caller's own array (w -= ...), whose start is gone afterwards.",
    look="Which array does w -= ... change?",
)
def gradient_descent_moves_the_callers_start(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="You return a list of arrays.",
    look="Which type does the docstring promise?",
)
def gradient_descent_returns_a_list(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return path


@misconception(
    exercise="gradient_descent",
    text="The learning rate is left out of the loop, as if it were 1.",
    look="Where in your loop does learning_rate stand?",
)
def gradient_descent_forgets_the_rate(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        path.append(path[-1] - gradient(path[-1]))
    return np.array(path)


@misconception(
    exercise="gradient_descent",
    text="The walk ends before its last step where the place hardly moves any more, as where it counts as converged.",
    look="How many rows does the docstring promise? What may whoever plots the path rely on?",
)
def gradient_descent_ends_when_it_is_flat(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        slope = gradient(path[-1])
        if np.linalg.norm(slope) < 1e-6:
            break
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)


# --- train_neuron -----------------------------------------------------------------------------------------------------


def _slope(w, x, y):
    return 2.0 * x * (x * w - y)


@misconception(
    exercise="train_neuron",
    text="All slopes are taken at the first weight.",
    look="Which weight should be in the prediction for the second sample?",
)
def train_neuron_keeps_the_first_weight(w, x, y, learning_rate):
    return np.concatenate([[w], w - learning_rate * np.cumsum(_slope(w, x, y))])


@misconception(
    exercise="train_neuron",
    text="At each sample you step along the mean slope of all samples: that is full-batch gradient descent.",
    look="Which samples does the gradient of one step depend on in your code?",
)
def train_neuron_uses_the_full_batch(w, x, y, learning_rate):
    weights = [w]
    for _ in x:
        weights.append(weights[-1] - learning_rate * np.mean(_slope(weights[-1], x, y)))
    return np.array(weights)


@misconception(
    exercise="train_neuron",
    text="The start is missing from the weights that you return.",
    look="How many weights are due for three samples? Which one is the first?",
)
def train_neuron_without_the_start(w, x, y, learning_rate):
    weights = []
    for one_x, one_y in zip(x, y):
        w = w - learning_rate * _slope(w, one_x, one_y)
        weights.append(w)
    return np.array(weights)


@misconception(
    exercise="train_neuron",
    text="You return only the last weight.",
    look="Which shape does the docstring promise?",
)
def train_neuron_returns_the_end_only(w, x, y, learning_rate):
    for one_x, one_y in zip(x, y):
        w = w - learning_rate * _slope(w, one_x, one_y)
    return w


@misconception(
    exercise="train_neuron",
    text="The steps go uphill: the slope is added, or it is taken of y - x * w and subtracted.",
    look="After the sample (2, 4) with w = 0.5, should w grow or fall?",
)
def train_neuron_climbs(w, x, y, learning_rate):
    weights = [w]
    for one_x, one_y in zip(x, y):
        weights.append(weights[-1] + learning_rate * _slope(weights[-1], one_x, one_y))
    return np.array(weights)


@misconception(
    exercise="train_neuron",
    text="Every step is half as long as it should be.",
    look="What is the derivative of u squared?",
)
def train_neuron_forgets_the_two(w, x, y, learning_rate):
    weights = [w]
    for one_x, one_y in zip(x, y):
        weights.append(weights[-1] - learning_rate * one_x * (one_x * weights[-1] - one_y))
    return np.array(weights)


@misconception(
    exercise="train_neuron",
    text="You correct the weight by the error alone, however large the input was.",
    look="By how much does the prediction x * w grow if w grows by 1?",
)
def train_neuron_forgets_the_input(w, x, y, learning_rate):
    weights = [w]
    for one_x, one_y in zip(x, y):
        weights.append(weights[-1] - learning_rate * 2.0 * (one_x * weights[-1] - one_y))
    return np.array(weights)


@misconception(
    exercise="train_neuron",
    text="The weights come as a list.",
    look="Which type does the docstring promise?",
)
def train_neuron_returns_a_list(w, x, y, learning_rate):
    weights = [w]
    for one_x, one_y in zip(x, y):
        weights.append(float(weights[-1] - learning_rate * _slope(weights[-1], one_x, one_y)))
    return weights


# --- minibatches ------------------------------------------------------------------------------------------------------


def _cut(x, y, order, batch_size):
    return [(x[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(order), batch_size)]


@misconception(
    exercise="minibatches",
    text="Inputs and targets are shuffled each in an order of its own, so that every input gets somebody else's target.",
    look="How many orders does your function draw in an epoch, and how many should there be?",
)
def minibatches_shuffles_x_and_y_apart(x, y, batch_size, rng):
    first, second = rng.permutation(len(x)), rng.permutation(len(x))
    return [(a, b) for (a, _), (_, b) in zip(_cut(x, y, first, batch_size), _cut(x, y, second, batch_size))]


@misconception(
    exercise="minibatches",
    text="The inputs are shuffled and the targets are not: they no longer belong together.",
    look="By which index do you take a batch of y?",
)
def minibatches_does_not_shuffle_y(x, y, batch_size, rng):
    order, plain = rng.permutation(len(x)), np.arange(len(x))
    return [(a, b) for (a, _), (_, b) in zip(_cut(x, y, order, batch_size), _cut(x, y, plain, batch_size))]


@misconception(
    exercise="minibatches",
    text="The last batch, which is shorter, is dropped: its samples are not used in this epoch.",
    look="With 10 samples and batches of 4, how many samples are in your batches together?",
)
def minibatches_drops_the_last(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    return _cut(x, y, order[: len(x) // batch_size * batch_size], batch_size)


@misconception(
    exercise="minibatches",
    text="Where batch_size divides the number of samples you return one batch too many: the last one is empty.",
    look="How many batches do 12 samples make with batch_size 4, and how many does your function return?",
)
def minibatches_adds_an_empty_batch(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    starts = range(0, len(x) + 1, batch_size)
    return [(x[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in starts]


@misconception(
    exercise="minibatches",
    text="The samples are drawn with replacement: in one epoch some come twice, and others not at all.",
    look="How often does each sample come in your epoch? What does rng.choice or rng.integers promise about repeats?",
)
def minibatches_draws_with_replacement(x, y, batch_size, rng):
    return _cut(x, y, rng.integers(0, len(x), len(x)), batch_size)


@misconception(
    exercise="minibatches",
    text="Nothing is shuffled: every epoch has the same batches, in the order in which the data came.",
    look="Where in your code is rng used?",
)
def minibatches_keeps_the_order(x, y, batch_size, rng):
    return _cut(x, y, np.arange(len(x)), batch_size)


@misconception(
    exercise="minibatches",
    text="You shuffle the batches, not the samples: samples that lie together in the data come in one batch in every epoch.",
    look="Can the first and the last sample of the data meet in one of your batches?",
)
def minibatches_shuffles_whole_batches(x, y, batch_size, rng):
    full = len(x) // batch_size
    pieces = [np.arange(i * batch_size, (i + 1) * batch_size) for i in rng.permutation(full)]
    return _cut(x, y, np.concatenate([*pieces, np.arange(full * batch_size, len(x))]), batch_size)


@misconception(
    exercise="minibatches",
    text="The samples are shuffled within their batches only: batch k holds the same samples in every epoch.",
    look="Which samples can be in your first batch?",
)
def minibatches_shuffles_within_batches(x, y, batch_size, rng):
    pieces = [rng.permutation(np.arange(i, min(i + batch_size, len(x)))) for i in range(0, len(x), batch_size)]
    return _cut(x, y, np.concatenate(pieces), batch_size)


@misconception(
    exercise="minibatches",
    text="Your order comes from a fixed seed of your own: every epoch has the same batches, and rng has no say.",
    look="Where in your code is the argument rng used? What does a seed inside of the function do?",
)
def minibatches_seeds_its_own_generator(x, y, batch_size, rng):
    return _cut(x, y, np.random.default_rng(0).permutation(len(x)), batch_size)


@misconception(
    exercise="minibatches",
    text="The randomness is not rng's, but np.random's, say: a run cannot be repeated by giving the same generator.",
    look="What is the difference between np.random.permutation and rng.permutation?",
)
def minibatches_uses_global_randomness(x, y, batch_size, rng):
    return _cut(x, y, np.random.permutation(len(x)), batch_size)


@misconception(
    exercise="minibatches",
    text="You shuffle the caller's arrays themselves: after an epoch the data are in another order.",
    look="What does rng.shuffle return, and what does it change?",
)
def minibatches_shuffles_in_place(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    x[...], y[...] = x[order], y[order]
    return [(x[i : i + batch_size].copy(), y[i : i + batch_size].copy()) for i in range(0, len(x), batch_size)]


@misconception(
    exercise="minibatches",
    text="The samples are divided evenly among the batches, so that not only the last one may be smaller than batch_size.",
    look="How long are your batches for 10 samples and batch_size 4? What does np.array_split do with a remainder?",
)
def minibatches_splits_evenly(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    parts = np.array_split(order, -(-len(x) // batch_size))
    return [(x[part], y[part]) for part in parts]


@misconception(
    exercise="minibatches",
    text="batch_size is taken for the number of batches.",
    look="How many samples should each batch have with batch_size=1?",
)
def minibatches_takes_the_size_for_a_count(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    return _cut(x, y, order, -(-len(x) // batch_size))


@misconception(
    exercise="minibatches",
    text="You return a generator, which can be run through only once and has no length.",
    look="What is len(...) of your answer? What does yield, or a comprehension in round brackets, make?",
)
def minibatches_is_a_generator(x, y, batch_size, rng):
    return (pair for pair in _cut(x, y, rng.permutation(len(x)), batch_size))


@misconception(
    exercise="minibatches",
    text="A batch of one sample loses its axis: it is (features,) instead of (1, features), and the next function takes its features for samples.",
    look="What is the shape of x[3], and of x[3:4]?",
)
def minibatches_drops_the_axis_of_one(x, y, batch_size, rng):
    batches = _cut(x, y, rng.permutation(len(x)), batch_size)
    return [(a[0], b[0]) if len(a) == 1 else (a, b) for a, b in batches]


# --- predict_proba ----------------------------------------------------------------------------------------------------


@misconception(
    exercise="predict_proba",
    text="exp(-z) overflows for very negative logits. The quotient still comes out as 0, but with a warning.",
    look="What is exp(1000)? For which sign of z does exp(-z) grow?",
)
def predict_proba_overflows_below(x, weights, bias):
    return 1.0 / (1.0 + np.exp(-_logits(x, weights, bias)))


@misconception(
    exercise="predict_proba",
    text="Brackets are missing around the sum below the line: Python divides 1 by 1 first, and your answers are 1 + exp(-z).",
    look="What does Python compute first in `1 / 1 + np.exp(-z)`?",
)
def predict_proba_without_brackets(x, weights, bias):
    return 1.0 / 1.0 + np.exp(-_logits(x, weights, bias))


@misconception(
    exercise="predict_proba",
    text="exp(z) overflows for large logits, and infinity divided by infinity is NaN.",
    look="What is exp(1000)? Which form of the sigmoid suits a positive logit?",
)
def predict_proba_overflows_above(x, weights, bias):
    powers = np.exp(_logits(x, weights, bias))
    return powers / (1.0 + powers)


@misconception(
    exercise="predict_proba",
    text="Both forms of the sigmoid are computed for every logit, and np.where picks: the one that is thrown away overflows all the same.",
    look="Does np.where keep its arguments from being computed?",
)
def predict_proba_computes_both_branches(x, weights, bias):
    z = _logits(x, weights, bias)
    return np.where(z >= 0, 1.0 / (1.0 + np.exp(-z)), np.exp(z) / (1.0 + np.exp(z)))


@misconception(
    exercise="predict_proba",
    text="Your neuron's boundary always goes through the origin.",
    look="Where in your logit does bias stand?",
)
def predict_proba_forgets_the_bias(x, weights, bias):
    return np.exp(-np.logaddexp(0.0, -(x @ weights)))


@misconception(
    exercise="predict_proba",
    text="You return the logits, which may be any number.",
    look="In which range must a probability lie, and what brings a logit there?",
)
def predict_proba_returns_logits(x, weights, bias):
    return _logits(x, weights, bias)


@misconception(
    exercise="predict_proba",
    text="You return decisions, 0 and 1.",
    look="Where does a comparison (or a rounding) stand in your code?",
)
def predict_proba_decides(x, weights, bias):
    return (_logits(x, weights, bias) > 0).astype(np.float64)


@misconception(
    exercise="predict_proba",
    text="The answer is a column, (batch, 1). A later `a - y` with y of shape (batch,) would make a whole square of differences.",
    look="Which shape does the docstring promise? What is (5, 1) minus (5,)?",
)
def predict_proba_returns_a_column(x, weights, bias):
    return np.exp(-np.logaddexp(0.0, -_logits(x, weights, bias)))[:, None]


@misconception(
    exercise="predict_proba",
    text="You answer with the probability of the label 0, as where the sign of the logit is turned round.",
    look="Does your probability grow or fall when the bias grows?",
)
def predict_proba_of_the_other_class(x, weights, bias):
    return np.exp(-np.logaddexp(0.0, _logits(x, weights, bias)))


@misconception(
    exercise="predict_proba",
    text="You squeeze by tanh, which gives numbers between -1 and 1.",
    look="Which range must a probability have?",
)
def predict_proba_uses_tanh(x, weights, bias):
    return np.tanh(_logits(x, weights, bias))


@misconception(
    exercise="predict_proba",
    text="Axes of length 1 are dropped: with a single example, a number comes out instead of a vector of one.",
    look="Which call of yours drops axes? What does it do to a batch of one?",
)
def predict_proba_squeezes(x, weights, bias):
    return np.squeeze(np.exp(-np.logaddexp(0.0, -_logits(x, weights, bias))))


@misconception(
    exercise="predict_proba",
    text="The bias is added to the weights before they meet the inputs: it is then multiplied by every feature.",
    look="What is the logit of an example whose features are all 0?",
)
def predict_proba_adds_the_bias_to_the_weights(x, weights, bias):
    return np.exp(-np.logaddexp(0.0, -(x @ (weights + bias))))


@misconception(
    exercise="predict_proba",
    text="The caller's inputs are changed, as by x += ... or x *= ..., or by z += ... on an array that is x.",
    look="Which of your arrays are x itself, and which are new?",
)
def predict_proba_changes_x(x, weights, bias):
    x *= weights
    return np.exp(-np.logaddexp(0.0, -(x.sum(axis=1) + bias)))


# --- likelihood -------------------------------------------------------------------------------------------------------


@misconception(
    exercise="likelihood",
    text="You multiply all a, whatever the labels are.",
    look="Where in your code does y stand? How probable was a label of 0 for a neuron that answered a?",
)
def likelihood_ignores_the_labels(x, y, weights, bias):
    return np.prod(predict_proba(x, weights, bias))


@misconception(
    exercise="likelihood",
    text="Only the positive examples count in your product.",
    look="Which factor does an example with the label 0 contribute?",
)
def likelihood_of_the_positives_only(x, y, weights, bias):
    return np.prod(predict_proba(x, weights, bias) ** y)


@misconception(
    exercise="likelihood",
    text="The labels are the wrong way round: a goes with the label 0 and 1 - a with the label 1.",
    look="Of which label is a the probability?",
)
def likelihood_swaps_the_labels(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return np.prod(a ** (1 - y) * (1 - a) ** y)


@misconception(
    exercise="likelihood",
    text="Your product is always 0: it starts at 0, or y and 1 - y are factors and not exponents, and in every example one "
    "of them is 0.",
    look="What is a * y * (1 - a) * (1 - y) for y = 1? And with powers? What is your product before the first example?",
)
def likelihood_multiplies_by_the_labels(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return np.prod(a * y * (1 - a) * (1 - y))


@misconception(
    exercise="likelihood",
    text="You add up the examples' probabilities.",
    look="Is the probability of two heads of a fair coin 1/2 + 1/2?",
)
def likelihood_adds(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return np.sum(np.where(y == 1, a, 1 - a))


@misconception(
    exercise="likelihood",
    text="You average the examples' probabilities.",
    look="Are two heads of a fair coin as probable as one?",
)
def likelihood_averages(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return np.mean(np.where(y == 1, a, 1 - a))


@misconception(
    exercise="likelihood",
    text="You return the logarithm.",
    look="Which sign has your answer? Can a probability have it?",
)
def likelihood_returns_its_logarithm(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(y * z - np.logaddexp(0.0, z))


@misconception(
    exercise="likelihood",
    text="You return one probability for each example.",
    look="Which shape does the docstring promise?",
)
def likelihood_of_each_example(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return np.where(y == 1, a, 1 - a)


def _of_probabilities(y, a, logarithm=np.log):
    """The negative log-likelihood from probabilities, with another way to take their logarithm."""
    return -np.sum(y * logarithm(a) + (1 - y) * logarithm(1 - a))


# --- negative_log_likelihood ------------------------------------------------------------------------------------------


@misconception(
    exercise="negative_log_likelihood",
    text="The logarithm is taken of finished probabilities. Where they round to 0 or 1, log(0) is minus infinity, and 0 times infinity is NaN.",
    look="Put a = sigmoid(z) into the formula and simplify on paper first. What is -log(sigmoid(z))?",
)
def negative_log_likelihood_of_probabilities(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))


@misconception(
    exercise="negative_log_likelihood",
    text="You clip the probabilities to stay away from log(0). A neuron that is sure and wrong then pays about 16 at most, "
    "whatever its logit, and gets no gradient.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula needs no clipping?",
)
def negative_log_likelihood_clips(x, y, weights, bias):
    a = np.clip(predict_proba(x, weights, bias), 1e-7, 1 - 1e-7)
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))


@misconception(
    exercise="negative_log_likelihood",
    text="You clip the probabilities at 1e-15 to stay away from log(0). A neuron that is sure and wrong then pays about 34.5 "
    "at most, "
    "whatever its logit, and gets no gradient.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula needs no clipping?",
)
def negative_log_likelihood_clips_at_1e_15(x, y, weights, bias):
    return _of_probabilities(y, np.clip(predict_proba(x, weights, bias), 1e-15, 1 - 1e-15))


@misconception(
    exercise="negative_log_likelihood",
    text="You clip the probabilities at 1e-12 to stay away from log(0). A neuron that is sure and wrong then pays about 27.6 "
    "at most, "
    "whatever its logit, and gets no gradient.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula needs no clipping?",
)
def negative_log_likelihood_clips_at_1e_12(x, y, weights, bias):
    return _of_probabilities(y, np.clip(predict_proba(x, weights, bias), 1e-12, 1 - 1e-12))


@misconception(
    exercise="negative_log_likelihood",
    text="You clip the probabilities at 1e-8 to stay away from log(0). A neuron that is sure and wrong then pays about 18.4 "
    "at most, "
    "whatever its logit, and gets no gradient.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula needs no clipping?",
)
def negative_log_likelihood_clips_at_1e_8(x, y, weights, bias):
    return _of_probabilities(y, np.clip(predict_proba(x, weights, bias), 1e-8, 1 - 1e-8))


@misconception(
    exercise="negative_log_likelihood",
    text="What goes into a logarithm is kept from falling below 1e-15. A neuron that is sure and wrong then pays 34.5 at "
    "most, whatever "
    "its logit.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_stays_above_1e_15(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(np.maximum(p, 1e-15)))


@misconception(
    exercise="negative_log_likelihood",
    text="What goes into a logarithm is kept from falling below 1e-12. A neuron that is sure and wrong then pays 27.6 at "
    "most, whatever "
    "its logit.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_stays_above_1e_12(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(np.maximum(p, 1e-12)))


@misconception(
    exercise="negative_log_likelihood",
    text="What goes into a logarithm is kept from falling below 1e-7. A neuron that is sure and wrong then pays 16.1 at "
    "most, whatever "
    "its logit.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_stays_above_1e_7(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(np.maximum(p, 1e-7)))


@misconception(
    exercise="negative_log_likelihood",
    text="A small number is added before each logarithm. It avoids log(0), but changes every answer, and bounds what a wrong neuron pays.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_adds_an_epsilon(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    return -np.sum(y * np.log(a + 1e-8) + (1 - y) * np.log(1 - a + 1e-8))


@misconception(
    exercise="negative_log_likelihood",
    text="1e-15 is added before each logarithm. It avoids log(0), but changes every answer, and bounds what a wrong neuron "
    "pays.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_adds_1e_15(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(p + 1e-15))


@misconception(
    exercise="negative_log_likelihood",
    text="1e-12 is added before each logarithm. It avoids log(0), but changes every answer, and bounds what a wrong neuron "
    "pays.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_adds_1e_12(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(p + 1e-12))


@misconception(
    exercise="negative_log_likelihood",
    text="1e-7 is added before each logarithm. It avoids log(0), but changes every answer, and bounds what a wrong neuron "
    "pays.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_adds_1e_7(x, y, weights, bias):
    return _of_probabilities(y, predict_proba(x, weights, bias), lambda p: np.log(p + 1e-7))


@misconception(
    exercise="negative_log_likelihood",
    text="1e-15 is added to the finished likelihood before its logarithm. Of many examples the product is smaller than that "
    "already, "
    "and the answer then says nothing of them.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_of_the_product_and_1e_15(x, y, weights, bias):
    return -np.log(likelihood(x, y, weights, bias) + 1e-15)


@misconception(
    exercise="negative_log_likelihood",
    text="1e-12 is added to the finished likelihood before its logarithm. Of many examples the product is smaller than that "
    "already, "
    "and the answer then says nothing of them.",
    look="What is the exact answer for the logit 1000 and the label 0? Which form of the formula never needs log(0)?",
)
def negative_log_likelihood_of_the_product_and_1e_12(x, y, weights, bias):
    return -np.log(likelihood(x, y, weights, bias) + 1e-12)


@misconception(
    exercise="negative_log_likelihood",
    text="Infinity comes out where a logit is in the hundreds: exp(z) overflows in log(1 + exp(z)), or the logarithm is taken of a "
    "product that was rounded to 0.",
    look="How can log(1 + exp(z)) be written so that only exponentials of numbers that are not positive appear?",
)
def negative_log_likelihood_overflows(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(np.log(1 + np.exp(z)) - y * z)


@misconception(
    exercise="negative_log_likelihood",
    text="This is the log-likelihood, as on some slides: it is to be made large, not small.",
    look="Is a better neuron's number smaller or larger in your code?",
)
def negative_log_likelihood_without_the_minus(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(y * z - np.logaddexp(0.0, z))


@misconception(
    exercise="negative_log_likelihood",
    text="You average over the examples, as Keras's loss does.",
    look="What is log(p * q)? Does the docstring say a sum or a mean?",
)
def negative_log_likelihood_averages(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.mean(np.logaddexp(0.0, z) - y * z)


@misconception(
    exercise="negative_log_likelihood",
    text="Being wrong about a negative example costs nothing in your sum.",
    look="What should an example with the label 0 contribute to the sum?",
)
def negative_log_likelihood_of_the_positives_only(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(y * np.logaddexp(0.0, -z))


@misconception(
    exercise="negative_log_likelihood",
    text="The labels are the wrong way round: you make a neuron pay for what it knows.",
    look="Which logit should cost little if the label is 1: a large one, or a very negative one?",
)
def negative_log_likelihood_swaps_the_labels(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(np.logaddexp(0.0, z) - (1 - y) * z)


@misconception(
    exercise="negative_log_likelihood",
    text="These are the answers of the logarithm to base 2. Calculus wants the natural one: only its derivative is 1/x "
    "without another factor.",
    look="Which of NumPy's logarithms is the natural one?",
)
def negative_log_likelihood_in_bits(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.sum(np.logaddexp(0.0, z) - y * z) / np.log(2.0)


@misconception(
    exercise="negative_log_likelihood",
    text="You return one number for each example.",
    look="Which shape does the docstring promise?",
)
def negative_log_likelihood_of_each_example(x, y, weights, bias):
    z = _logits(x, weights, bias)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))) - y * z


# --- negative_log_likelihood_gradient ---------------------------------------------------------------------------------


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="These are the answers of y - a: the gradient of the log-likelihood, which is to be climbed.",
    look="If a is too large, should the loss grow or fall as the bias grows?",
)
def logistic_gradient_has_the_wrong_sign(x, y, weights, bias):
    error = y - predict_proba(x, weights, bias)
    return x.T @ error, np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You divide by the number of examples: that is the gradient of the mean.",
    look="Is your loss a sum or a mean over the examples, and does the gradient agree?",
)
def logistic_gradient_averages(x, y, weights, bias):
    error = predict_proba(x, weights, bias) - y
    return x.T @ error / len(x), np.mean(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You multiply by the sigmoid's derivative, a(1 - a).",
    look="What is the derivative of softplus(z) - y z with respect to z? Is there an a(1 - a) in it?",
)
def logistic_gradient_keeps_the_sigmoids_derivative(x, y, weights, bias):
    a = predict_proba(x, weights, bias)
    error = (a - y) * a * (1 - a)
    return x.T @ error, np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You subtract the labels from the logits.",
    look="Where does the sigmoid stand in your error?",
)
def logistic_gradient_uses_logits(x, y, weights, bias):
    error = _logits(x, weights, bias) - y
    return x.T @ error, np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You subtract the labels from decisions, 0 or 1. That is the perceptron's rule, which learns nothing from a right but hesitant answer.",
    look="Is there a comparison or a rounding in your error?",
)
def logistic_gradient_uses_decisions(x, y, weights, bias):
    error = (_logits(x, weights, bias) > 0).astype(np.float64) - y
    return x.T @ error, np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="The bias gets one gradient for each example.",
    look="The bias is one number for all examples. How many numbers is its gradient?",
)
def logistic_gradient_does_not_sum_the_bias(x, y, weights, bias):
    error = predict_proba(x, weights, bias) - y
    return x.T @ error, error


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="The gradient for the bias is averaged, that for the weights is a sum: the two no longer belong to one loss.",
    look="Over the examples, do both of your gradients do the same?",
)
def logistic_gradient_averages_the_bias(x, y, weights, bias):
    error = predict_proba(x, weights, bias) - y
    return x.T @ error, np.mean(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="Every weight gets the same gradient, the sum of the errors.",
    look="By how much does the logit grow if weight j grows by 1?",
)
def logistic_gradient_forgets_the_inputs(x, y, weights, bias):
    error = predict_proba(x, weights, bias) - y
    return np.full(weights.shape, np.sum(error)), np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You return the gradient for the weights alone; the bias is trained too.",
    look="How many things does the docstring promise?",
)
def logistic_gradient_forgets_the_bias(x, y, weights, bias):
    return x.T @ (predict_proba(x, weights, bias) - y)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="You return one gradient for each example, (batch, features).",
    look="Which shape has the gradient for an array of weights?",
)
def logistic_gradient_of_each_example(x, y, weights, bias):
    error = predict_proba(x, weights, bias) - y
    return x * error[:, None], np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="The bias is left out of the logit here, though it is in the loss: the gradient belongs to another neuron.",
    look="Is the a in your gradient the same a as in predict_proba?",
)
def logistic_gradient_without_bias_in_the_logit(x, y, weights, bias):
    error = predict_proba(x, weights, 0.0) - y
    return x.T @ error, np.sum(error)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="The error is computed into y itself (y -= a): the caller's labels are gone.",
    look="What is the difference between y -= a and e = y - a?",
)
def logistic_gradient_changes_the_labels(x, y, weights, bias):
    y -= predict_proba(x, weights, bias)
    return -x.T @ y, -np.sum(y)


@misconception(
    exercise="negative_log_likelihood_gradient",
    text="A column (batch, 1) minus a vector (batch,) is a square: every prediction is compared with every label.",
    look="Print the shapes of a, of y, and of their difference.",
)
def logistic_gradient_broadcasts_to_a_square(x, y, weights, bias):
    error = predict_proba(x, weights, bias)[:, None] - y
    return x.T @ error, np.sum(error)


# --- train_step -------------------------------------------------------------------------------------------------------


@misconception(
    exercise="train_step",
    text="The step goes uphill on the negative log-likelihood: y - a together with a minus sign, or a - y together with a plus.",
    look="For x = (1, 2), y = 1 and a = 0.5, should the bias grow or fall? What does yours do?",
)
def train_step_climbs(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    return weights + learning_rate * dweights, bias + learning_rate * dbias


@misconception(
    exercise="train_step",
    text="The bias is moved by a gradient that is taken after the weights have moved.",
    look="At which weights should each of the two gradients be taken?",
)
def train_step_moves_the_weights_first(x, y, weights, bias, learning_rate):
    weights = weights - learning_rate * negative_log_likelihood_gradient(x, y, weights, bias)[0]
    return weights, bias - learning_rate * negative_log_likelihood_gradient(x, y, weights, bias)[1]


@misconception(
    exercise="train_step",
    text="The bias does not move: it is a parameter like the weights.",
    look="What does your function return as the new bias?",
)
def train_step_keeps_the_bias(x, y, weights, bias, learning_rate):
    dweights, _ = negative_log_likelihood_gradient(x, y, weights, bias)
    return weights - learning_rate * dweights, bias


@misconception(
    exercise="train_step",
    text="The step is divided by the number of examples, as if the loss were a mean.",
    look="Is the negative log-likelihood a sum or a mean here?",
)
def train_step_averages(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    return weights - learning_rate * dweights / len(x), bias - learning_rate * dbias / len(x)


@misconception(
    exercise="train_step",
    text="The learning rate is left out, as if it were 1.",
    look="Where in your step does learning_rate stand?",
)
def train_step_forgets_the_rate(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    return weights - dweights, bias - dbias


@misconception(
    exercise="train_step",
    text="You forget the learning rate for the bias, which moves by its whole gradient.",
    look="Compare the two lines that move weights and bias.",
)
def train_step_forgets_the_rate_for_the_bias(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    return weights - learning_rate * dweights, bias - dbias


@misconception(
    exercise="train_step",
    text="You return the gradients, not the parameters after a step against them.",
    look="What does the docstring promise: how far to go, or where one arrives?",
)
def train_step_returns_gradients(x, y, weights, bias, learning_rate):
    return negative_log_likelihood_gradient(x, y, weights, bias)


@misconception(
    exercise="train_step",
    text="The weights are moved in the caller's own array (weights -= ...).",
    look="What is the difference between weights -= step and weights = weights - step, for the caller?",
)
def train_step_changes_the_weights(x, y, weights, bias, learning_rate):
    dweights, dbias = negative_log_likelihood_gradient(x, y, weights, bias)
    weights -= learning_rate * dweights
    return weights, bias - learning_rate * dbias


# --- accuracy ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="accuracy",
    text="You compare probabilities with labels. A probability is hardly ever exactly 0 or 1, so almost nothing counts as right.",
    look="What has to happen to a probability before it can equal a label?",
)
def accuracy_compares_probabilities(y_true, y_pred, threshold=0.5):
    return np.mean(y_true == y_pred)


@misconception(
    exercise="accuracy",
    text="The threshold is always 1/2 (by rounding, for example); the argument has no say.",
    look="Where in the body of your function does threshold stand?",
)
def accuracy_ignores_the_threshold(y_true, y_pred, threshold=0.5):
    return np.mean((y_pred > 0.5) == (y_true == 1))


@misconception(
    exercise="accuracy",
    text="A probability that equals the threshold counts as a 1.",
    look="What does the docstring say of a probability that equals the threshold, and what does your comparison make of it?",
)
def accuracy_counts_ties_as_positive(y_true, y_pred, threshold=0.5):
    return np.mean((y_pred >= threshold) == (y_true == 1))


@misconception(
    exercise="accuracy",
    text="You count the right answers.",
    look="Can your accuracy be larger than 1?",
)
def accuracy_counts(y_true, y_pred, threshold=0.5):
    return float(np.sum((y_pred > threshold) == (y_true == 1)))


@misconception(
    exercise="accuracy",
    text="Only the hits count in your accuracy.",
    look="Which two of the four kinds of answer are right?",
)
def accuracy_counts_hits_only(y_true, y_pred, threshold=0.5):
    hits, _, _ = _counts(y_true, y_pred, threshold)
    return hits / len(y_true)


@misconception(
    exercise="accuracy",
    text="That is the error rate: the share of the wrong answers.",
    look="What should come out if everything is right?",
)
def accuracy_is_the_error_rate(y_true, y_pred, threshold=0.5):
    return np.mean((y_pred > threshold) != (y_true == 1))


@misconception(
    exercise="accuracy",
    text="The decisions are written into the caller's probabilities (y_pred[...] = ...).",
    look="Which array do your zeros and ones go into?",
)
def accuracy_changes_the_probabilities(y_true, y_pred, threshold=0.5):
    y_pred[...] = y_pred > threshold
    return np.mean(y_pred == y_true)


# --- precision --------------------------------------------------------------------------------------------------------


@misconception(
    exercise="precision",
    text="You divide by the number of positive labels: that is recall.",
    look="Of which examples does precision take a share? Which of TP, FP, FN and TN are in your denominator?",
)
def precision_is_recall(y_true, y_pred, threshold=0.5):
    hits, _, positive = _counts(y_true, y_pred, threshold)
    return float(hits / max(positive, 1))


@misconception(
    exercise="precision",
    text="Where nothing is predicted positive you divide 0 by 0, which gives NaN and a warning.",
    look="What is your denominator if there is no alarm at all, and what does the docstring say of that?",
)
def precision_divides_by_zero(y_true, y_pred, threshold=0.5):
    hits, predicted, _ = _counts(y_true, y_pred, threshold)
    return hits / predicted


@misconception(
    exercise="precision",
    text="Where nothing is predicted positive you answer 1, since no alarm was false.",
    look="What does the docstring say about an empty denominator?",
)
def precision_is_one_without_alarms(y_true, y_pred, threshold=0.5):
    hits, predicted, _ = _counts(y_true, y_pred, threshold)
    return float(hits / predicted) if predicted else 1.0


@misconception(
    exercise="precision",
    text="A small number is added to the denominator against 0/0; it also makes all answers above 0 a little too small.",
    look="Is a precision of exactly 1 still 1 in your code?",
)
def precision_adds_an_epsilon(y_true, y_pred, threshold=0.5):
    hits, predicted, _ = _counts(y_true, y_pred, threshold)
    return hits / (predicted + 1e-7)


@misconception(
    exercise="precision",
    text="A probability that equals the threshold counts as a 1.",
    look="What does the docstring say of a probability that equals the threshold, and what does your comparison make of it?",
)
def precision_counts_ties_as_positive(y_true, y_pred, threshold=0.5):
    predicted = y_pred >= threshold
    return float((predicted & (y_true == 1)).sum() / max(predicted.sum(), 1))


@misconception(
    exercise="precision",
    text="The threshold is always 1/2 (by rounding, for example); the argument has no say.",
    look="Where in the body of your function does threshold stand?",
)
def precision_ignores_the_threshold(y_true, y_pred, threshold=0.5):
    hits, predicted, _ = _counts(y_true, y_pred, 0.5)
    return float(hits / max(predicted, 1))


@misconception(
    exercise="precision",
    text="You divide the hits by all examples.",
    look="How many examples raised an alarm, and by how many do you divide?",
)
def precision_divides_by_everything(y_true, y_pred, threshold=0.5):
    hits, _, _ = _counts(y_true, y_pred, threshold)
    return hits / len(y_true)


@misconception(
    exercise="precision",
    text="The decisions are written into the caller's probabilities (y_pred[...] = ...).",
    look="Which array do your zeros and ones go into?",
)
def precision_changes_the_probabilities(y_true, y_pred, threshold=0.5):
    y_pred[...] = y_pred > threshold
    return float((y_pred * y_true).sum() / max(y_pred.sum(), 1.0))


# --- recall -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="recall",
    text="You divide by the number of predicted positives: that is precision.",
    look="Of which examples does recall take a share? Which of TP, FP, FN and TN are in your denominator?",
)
def recall_is_precision(y_true, y_pred, threshold=0.5):
    hits, predicted, _ = _counts(y_true, y_pred, threshold)
    return float(hits / max(predicted, 1))


@misconception(
    exercise="recall",
    text="Where no label is 1 you divide 0 by 0, which gives NaN and a warning.",
    look="What is your denominator if there is no positive example at all, and what does the docstring say of that?",
)
def recall_divides_by_zero(y_true, y_pred, threshold=0.5):
    hits, _, positive = _counts(y_true, y_pred, threshold)
    return hits / positive


@misconception(
    exercise="recall",
    text="Where no label is 1 you answer 1, since nothing was missed.",
    look="What does the docstring say about an empty denominator?",
)
def recall_is_one_without_positives(y_true, y_pred, threshold=0.5):
    hits, _, positive = _counts(y_true, y_pred, threshold)
    return float(hits / positive) if positive else 1.0


@misconception(
    exercise="recall",
    text="That is the recall of the other class: the share of the negatives that are recognized, which is called specificity.",
    look="Which label do the examples in your denominator have?",
)
def recall_of_the_negatives(y_true, y_pred, threshold=0.5):
    negative = y_true == 0
    return float((negative & (y_pred <= threshold)).sum() / max(negative.sum(), 1))


@misconception(
    exercise="recall",
    text="A probability that equals the threshold counts as a 1.",
    look="What does the docstring say of a probability that equals the threshold, and what does your comparison make of it?",
)
def recall_counts_ties_as_positive(y_true, y_pred, threshold=0.5):
    positive = y_true == 1
    return float((positive & (y_pred >= threshold)).sum() / max(positive.sum(), 1))


@misconception(
    exercise="recall",
    text="The threshold is always 1/2 (by rounding, for example); the argument has no say.",
    look="Where in the body of your function does threshold stand?",
)
def recall_ignores_the_threshold(y_true, y_pred, threshold=0.5):
    hits, _, positive = _counts(y_true, y_pred, 0.5)
    return float(hits / max(positive, 1))


@misconception(
    exercise="recall",
    text="You divide the hits by all examples.",
    look="How many examples are positive, and by how many do you divide?",
)
def recall_divides_by_everything(y_true, y_pred, threshold=0.5):
    hits, _, _ = _counts(y_true, y_pred, threshold)
    return hits / len(y_true)


@misconception(
    exercise="recall",
    text="The decisions are written into the caller's probabilities (y_pred[...] = ...).",
    look="Which array do your zeros and ones go into?",
)
def recall_changes_the_probabilities(y_true, y_pred, threshold=0.5):
    y_pred[...] = y_pred > threshold
    return float((y_pred * y_true).sum() / max(y_true.sum(), 1.0))


# --- mean_and_std -----------------------------------------------------------------------------------------------------


def _without_zeros(std, x):
    return np.where((x == x[0]).all(axis=0), 1.0, std)


@misconception(
    exercise="mean_and_std",
    text="You divide by n - 1, as one does to estimate a variance from a sample.",
    look="What does ddof do in np.std, and by which number does the docstring divide?",
)
def mean_and_std_divides_by_n_minus_one(x_train):
    squares = ((x_train - x_train.mean(axis=0)) ** 2).sum(axis=0)
    return x_train.mean(axis=0), _without_zeros(np.sqrt(squares / max(len(x_train) - 1, 1)), x_train)


@misconception(
    exercise="mean_and_std",
    text="You return the variance.",
    look="If x is in metres, in which unit is a standard deviation?",
)
def mean_and_std_returns_the_variance(x_train):
    return x_train.mean(axis=0), _without_zeros(x_train.var(axis=0), x_train)


@misconception(
    exercise="mean_and_std",
    text="The statistics are taken along the rows, one for each example.",
    look="Which axis of (samples, features) has to disappear?",
)
def mean_and_std_of_the_rows(x_train):
    return x_train.mean(axis=1), x_train.std(axis=1)


@misconception(
    exercise="mean_and_std",
    text="You take one mean and one deviation of the whole table: no axis is given, so that all columns are thrown together.",
    look="What does np.mean do without axis?",
)
def mean_and_std_of_the_whole_table(x_train):
    return x_train.mean(), x_train.std()


@misconception(
    exercise="mean_and_std",
    text="One deviation is taken over the whole table and used for all columns; they still differ in scale then.",
    look="Is an axis given for both of your statistics?",
)
def mean_and_std_with_one_deviation(x_train):
    return x_train.mean(axis=0), np.full(x_train.shape[1], x_train.std())


@misconception(
    exercise="mean_and_std",
    text="A constant column keeps its deviation of 0 (or almost 0), by which nothing can be divided.",
    look="What does (x - mean) / std give in a column of equal numbers?",
)
def mean_and_std_keeps_zero(x_train):
    return x_train.mean(axis=0), x_train.std(axis=0)


@misconception(
    exercise="mean_and_std",
    text="You look for a deviation of exactly 0. In a column of 0.1 rounding may leave 1e-17, which is not 0, and passes.",
    look="Print np.std of seven times 0.1. How else can you ask whether all entries of a column are equal?",
)
def mean_and_std_compares_with_zero(x_train):
    std = x_train.std(axis=0)
    return x_train.mean(axis=0), np.where(std == 0, 1.0, std)


@misconception(
    exercise="mean_and_std",
    text="A small number is added to every deviation against a division by 0. It changes all the others, and makes a constant column's tiny, not 1.",
    look="Which columns need a special treatment, and which do not?",
)
def mean_and_std_adds_an_epsilon(x_train):
    return x_train.mean(axis=0), x_train.std(axis=0) + 1e-8


@misconception(
    exercise="mean_and_std",
    text="The mean is not subtracted before squaring: this is the root of the mean square, which is larger unless the mean is 0.",
    look="From what does a standard deviation measure the distances?",
)
def mean_and_std_forgets_to_centre(x_train):
    return x_train.mean(axis=0), _without_zeros(np.sqrt((x_train**2).mean(axis=0)), x_train)


@misconception(
    exercise="mean_and_std",
    text="You average the absolute distances from the mean.",
    look="What does a standard deviation average, and what does it do with the average?",
)
def mean_and_std_averages_distances(x_train):
    return x_train.mean(axis=0), _without_zeros(np.abs(x_train - x_train.mean(axis=0)).mean(axis=0), x_train)


@misconception(
    exercise="mean_and_std",
    text="Rows of shape (1, features) come out, as with keepdims=True.",
    look="Which shape does the docstring promise?",
)
def mean_and_std_keeps_the_axis(x_train):
    return x_train.mean(axis=0, keepdims=True), _without_zeros(x_train.std(axis=0), x_train)[None]


@misconception(
    exercise="mean_and_std",
    text="The caller's rows are changed, as by x_train -= mean on the way to the deviation.",
    look="Which array does -= change?",
)
def mean_and_std_centres_the_callers_rows(x_train):
    constant = (x_train == x_train[0]).all(axis=0)
    mean = x_train.mean(axis=0)
    x_train -= mean
    return mean, np.where(constant, 1.0, np.sqrt((x_train**2).mean(axis=0)))


@misconception(
    exercise="mean_and_std",
    text="A column that does vary, by billionths, is taken for a constant one, as where every deviation below some small number is replaced "
    "by 1. It is then not brought to scale.",
    look="Which small number do you compare the deviation with? In metres, how large are the deviations of nanometres? When is a column constant?",
)
def mean_and_std_takes_tiny_for_constant(x_train):
    std = x_train.std(axis=0)
    return x_train.mean(axis=0), np.where(std < 1e-8, 1.0, std)


# --- standardize ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="standardize",
    text="You take the mean and deviation of the rows at hand and ignore those that are given. New rows are to be treated as the training rows were.",
    look="Where in your code do the arguments mean and std stand? What would become of a single row?",
)
def standardize_fits_the_new_rows(x, mean, std):
    own = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(own == 0, 1.0, own)


@misconception(
    exercise="standardize",
    text="You divide by the square of the deviation, as if the variance were to be used.",
    look="If x is in metres, in which unit is your answer? It should have none.",
)
def standardize_divides_by_the_variance(x, mean, std):
    return (x - mean) / std**2


@misconception(
    exercise="standardize",
    text="The deviation is taken for a variance: you divide by its square root.",
    look="What is std already the root of?",
)
def standardize_takes_another_root(x, mean, std):
    return (x - mean) / np.sqrt(std)


@misconception(
    exercise="standardize",
    text="Only the mean is subtracted; the columns still have their own scales.",
    look="What happens to std in your code?",
)
def standardize_only_centres(x, mean, std):
    return x - mean


@misconception(
    exercise="standardize",
    text="You divide the mean alone, as in x - mean / std.",
    look="In which order does Python compute x - mean / std?",
)
def standardize_loses_a_bracket(x, mean, std):
    return x - mean / std


@misconception(
    exercise="standardize",
    text="You multiply by the deviation.",
    look="Should a column with a large deviation become larger or smaller?",
)
def standardize_multiplies(x, mean, std):
    return (x - mean) * std


@misconception(
    exercise="standardize",
    text="A small number is added to the deviation against a division by 0. The given deviations hold no 0, and every answer is a little off.",
    look="Is there an epsilon in the docstring's formula?",
)
def standardize_adds_an_epsilon(x, mean, std):
    return (x - mean) / (std + 1e-8)


@misconception(
    exercise="standardize",
    text="What lies far outside is cut off. A new row may well be larger than anything seen in training, and should come out so.",
    look="Which call of yours bounds the answer?",
)
def standardize_clips(x, mean, std):
    return np.clip((x - mean) / std, -10.0, 10.0)


@misconception(
    exercise="standardize",
    text="The caller's rows are changed, as by x -= mean or x /= std: standardizing them once more then goes wrong.",
    look="What is the difference between x -= mean and x = x - mean, for the caller?",
)
def standardize_changes_x(x, mean, std):
    x -= mean
    x /= std
    return x


@misconception(
    exercise="standardize",
    text="The answer is float32, which keeps seven digits of the float64 numbers that you were given.",
    look="Where is a dtype named in your code, and is it needed there?",
)
def standardize_in_float32(x, mean, std):
    return ((x - mean) / std).astype(np.float32)


# --- collapse ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="collapse",
    text="The matrices are multiplied in the opposite order, the last layer's on the left.",
    look="Write x @ W0 @ W1 and put the brackets round the matrices. Which one is on the left?",
)
def collapse_multiplies_backwards(weights):
    product = weights[-1].copy()
    for matrix in reversed(weights[:-1]):
        product = product @ matrix
    return product


@misconception(
    exercise="collapse",
    text="You multiply entry by entry.",
    look="What is the difference between * and @ for two matrices?",
)
def collapse_multiplies_entries(weights):
    product = weights[0].copy()
    for matrix in weights[1:]:
        product = product * matrix
    return product


@misconception(
    exercise="collapse",
    text="The matrices are added.",
    look="What does x go through first, and what goes through the second layer?",
)
def collapse_adds(weights):
    product = weights[0].copy()
    for matrix in weights[1:]:
        product = product + matrix
    return product


@misconception(
    exercise="collapse",
    text="The last matrix is left out, as where a loop ends one layer early.",
    look="Which layers does your code multiply for a list of two, and for a list of three?",
)
def collapse_stops_early(weights):
    product = weights[0].copy()
    for matrix in weights[1:-1]:
        product = product @ matrix
    return product


@misconception(
    exercise="collapse",
    text="Only the first two matrices are multiplied, however long the chain is.",
    look="What happens to a third layer in your code?",
)
def collapse_takes_two(weights):
    return weights[0] @ weights[1] if len(weights) > 1 else weights[0].copy()


@misconception(
    exercise="collapse",
    text="The product comes out transposed, as for inputs that are columns.",
    look="Which shape has your answer for layers of shapes (2, 3) and (3, 5)?",
)
def collapse_transposes(weights):
    product = weights[0].T
    for matrix in weights[1:]:
        product = matrix.T @ product
    return product.copy()


@misconception(
    exercise="collapse",
    text="For a chain of one layer you hand back that layer's matrix itself: whoever changes the answer later changes the layer.",
    look="What does your function return if its loop is never entered?",
)
def collapse_returns_the_only_layer_itself(weights):
    product = weights[0]
    for matrix in weights[1:]:
        product = product @ matrix
    return product


@misconception(
    exercise="collapse",
    text="Your function needs two layers or more; a chain may consist of one.",
    look="What does your function do with a list of length 1?",
)
def collapse_needs_two_layers(weights):
    return np.linalg.multi_dot(weights)


@misconception(
    exercise="collapse",
    text="You take the matrices out of the caller's list (pop): afterwards the network has no layers left.",
    look="What does pop do to the list that was passed in?",
)
def collapse_empties_the_list(weights):
    product = weights.pop(0).copy()
    while weights:
        product = product @ weights.pop(0)
    return product
