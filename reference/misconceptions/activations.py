"""Misconceptions about activations: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.activations import (
    SELU_ALPHA,
    SELU_SCALE,
    elu,
    relu,
    selu,
    sigmoid,
    softmax,
    softplus,
)

# --- linear -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="linear",
    text="Your answer lies in the memory of x (it is x itself, or a view of it): whoever changes the answer later changes x "
    "too.",
    look="What does `y = x` make in NumPy: a second array, or a second name for the first one?",
)
def linear_returns_x_itself(x):
    return x


@misconception(
    exercise="linear",
    text="Axes of length 1 disappear: a batch of one row, (1, features), comes back as a vector, and the next layer expects "
    "a batch.",
    look="Which call of yours drops axes (squeeze, or an index such as [0])? What does it do to a batch of one?",
)
def linear_squeezes(x):
    return np.squeeze(x).copy()


@misconception(
    exercise="linear",
    text="The answer is float32, which keeps seven digits of the float64 numbers that you were given.",
    look="Where is a dtype named in your code, and is it needed there?",
)
def linear_in_float32(x):
    return x.astype(np.float32)


# --- linear_derivative ------------------------------------------------------------------------------------------------


@misconception(
    exercise="linear_derivative",
    text="You return x, which is the function's value.",
    look="By how much does f(x) = x grow when x grows by 0.1? Does that depend on x?",
)
def linear_derivative_returns_x(x):
    return x.copy()


@misconception(
    exercise="linear_derivative",
    text="You return 0, as if f were a constant: then no gradient would ever pass through a linear output layer.",
    look="Draw f(x) = x. What is its slope?",
)
def linear_derivative_is_zero(x):
    return np.zeros_like(x)


@misconception(
    exercise="linear_derivative",
    text="The number is right, but it comes only once, however many entries x has.",
    look="Which shape does the docstring promise, and which one has your answer?",
)
def linear_derivative_returns_a_number(x):
    return 1.0


# --- sigmoid ----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="sigmoid",
    text="The exponential of a large number overflows: exp(-x) leaves float64's range once x is below -709.",
    look="Which sign does the number have that you pass to np.exp, and how large can it become?",
)
def sigmoid_overflows(x):
    return 1.0 / (1.0 + np.exp(-x))


@misconception(
    exercise="sigmoid",
    text="Brackets are missing around the sum below the line: Python divides 1 by 1 first, and your answers are 1 + exp(-x).",
    look="What does Python compute first in `1 / 1 + np.exp(-x)`?",
)
def sigmoid_without_brackets(x):
    return 1.0 / 1.0 + np.exp(-x)


@misconception(
    exercise="sigmoid",
    text="The form exp(x) / (1 + exp(x)) becomes infinity divided by infinity, which is NaN, once x is above 709.",
    look="For which sign of x is this form harmless? What could you use for the other one?",
)
def sigmoid_as_a_ratio_of_infinities(x):
    return np.exp(x) / (1.0 + np.exp(x))


@misconception(
    exercise="sigmoid",
    text="Your curve falls where it should rise: these are the answers of sigmoid(-x).",
    look="What should be near 1, the sigmoid of a large positive or of a large negative number? Which sign does x have in "
    "exp?",
)
def sigmoid_falls(x):
    return np.exp(-np.maximum(x, 0.0)) / (np.exp(-np.maximum(x, 0.0)) + np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="sigmoid",
    text="math.exp takes one number, and x is an array with many: your function works for a single entry at best.",
    look="Which functions in your code come from `math`? NumPy has one of the same name that works entry by entry.",
)
def sigmoid_of_one_number(x):
    import math

    return 1.0 / (1.0 + math.exp(-x))


# --- sigmoid_derivative -----------------------------------------------------------------------------------------------


@misconception(
    exercise="sigmoid_derivative",
    text="You return the activation itself, sigmoid(x), not its derivative.",
    look="Differentiate 1 / (1 + exp(-x)) with the quotient rule, and count the factors.",
)
def sigmoid_derivative_forgets_one_minus_s(x):
    return sigmoid(x)


@misconception(
    exercise="sigmoid_derivative",
    text="You take x for the sigmoid's output: these are the answers of x * (1 - x).",
    look="What is the s in s * (1 - s), in terms of x?",
)
def sigmoid_derivative_of_the_output(x):
    return x * (1.0 - x)


@misconception(
    exercise="sigmoid_derivative",
    text="The sigmoid is applied twice: you take the derivative at sigmoid(x) instead of at x.",
    look="How often is sigmoid called on the way from x to your answer?",
)
def sigmoid_derivative_at_the_activation(x):
    s = sigmoid(sigmoid(x))
    return s * (1.0 - s)


@misconception(
    exercise="sigmoid_derivative",
    text="Your derivative is negative, but the sigmoid rises everywhere: a sign was lost, in (1 - s) or in the chain rule.",
    look="Differentiating exp(-x) gives a minus sign, and the power -1 gives another. Where did one of them go?",
)
def sigmoid_derivative_has_the_wrong_sign(x):
    s = sigmoid(x)
    return s * (s - 1.0)


@misconception(
    exercise="sigmoid_derivative",
    text="The formula exp(-x) / (1 + exp(-x))**2 is right on paper, but for x far below 0 it is infinity over infinity.",
    look="Can you write the derivative in terms of the sigmoid, which you have made safe already?",
)
def sigmoid_derivative_overflows(x):
    return np.exp(-x) / (1.0 + np.exp(-x)) ** 2


# --- tanh -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="tanh",
    text="(exp(x) - exp(-x)) / (exp(x) + exp(-x)) is infinity over infinity, which is NaN, for entries of ±1000.",
    look="Which of your exponentials has a positive exponent? Does NumPy have this function ready?",
)
def tanh_from_exponentials(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@misconception(
    exercise="tanh",
    text="Your answers are those of tanh(x / 2): the height of your curve is right, its width is not.",
    look="What is the slope of tanh at 0, and what is the slope of your function there?",
)
def tanh_forgets_to_double_x(x):
    return 2.0 * sigmoid(x) - 1.0


@misconception(
    exercise="tanh",
    text="You compute the arc tangent. It has an S-shape too, but it belongs to circles and levels off at ±π/2.",
    look="The h stands for hyperbolic. At which values does the answer have to level off?",
)
def tanh_as_arctan(x):
    return np.arctan(x)


# --- tanh_derivative --------------------------------------------------------------------------------------------------


@misconception(
    exercise="tanh_derivative",
    text="You return 1 - tanh(x), which is even above 1 for negative x.",
    look="Where is tanh steepest, and what is the value of your function left of there?",
)
def tanh_derivative_forgets_the_square(x):
    return 1.0 - np.tanh(x)


@misconception(
    exercise="tanh_derivative",
    text="You take x for the output of tanh: these are the answers of 1 - x**2.",
    look="What has to be squared: the input of tanh, or what tanh makes of it?",
)
def tanh_derivative_of_the_output(x):
    return 1.0 - x**2


@misconception(
    exercise="tanh_derivative",
    text="tanh is applied twice: you take the derivative at tanh(x) instead of at x.",
    look="How often is tanh called on the way from x to your answer?",
)
def tanh_derivative_at_the_activation(x):
    return 1.0 - np.tanh(np.tanh(x)) ** 2


@misconception(
    exercise="tanh_derivative",
    text="This is the sigmoid's rule, s * (1 - s), with tanh in it; each activation has a rule of its own.",
    look="At 0, tanh is 0. What is your derivative there, and what is the slope of tanh there?",
)
def tanh_derivative_by_the_sigmoids_rule(x):
    t = np.tanh(x)
    return t * (1.0 - t)


# --- relu -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="relu",
    text="You write into the array that you were given (as x[x < 0] = 0 does), so the caller's numbers are gone after the call.",
    look="Which line of your code changes x? Who else still needs the numbers in x?",
)
def relu_in_place(x):
    x[x < 0] = 0.0
    return x


@misconception(
    exercise="relu",
    text="You turn negative numbers into positive ones.",
    look="Which one is larger, 0 or -3?",
)
def relu_as_absolute_value(x):
    return np.abs(x)


@misconception(
    exercise="relu",
    text="You return whether x is above 0, as a 1 or a 0: that is the derivative.",
    look="What should come out for 3?",
)
def relu_as_step(x):
    return (x > 0).astype(np.float64)


@misconception(
    exercise="relu",
    text="Python's max(), like an `if`, asks for one yes or no. An array gives as many as it has entries, so your function "
    "works for a single entry at most.",
    look="NumPy has a function that compares two arrays entry by entry. How does its name differ from np.max, which does not?",
)
def relu_by_pythons_max(x):
    return max(0.0, x)


@misconception(
    exercise="relu",
    text="np.vectorize takes the dtype of the first answer for all of them: if that is the integer 0, every number is cut to a whole one.",
    look="What is the type of the 0 in your function? Does the operation need np.vectorize at all?",
)
def relu_cut_to_integers(x):
    return np.vectorize(lambda entry: entry if entry > 0 else 0)(x)


# --- relu_derivative --------------------------------------------------------------------------------------------------


@misconception(
    exercise="relu_derivative",
    text="At exactly 0 you answer 1. There is no derivative at a kink, so there has to be a convention, and here it is another one.",
    look="Which value does the docstring state at 0? Look at > and >= in your code.",
)
def relu_derivative_is_one_at_zero(x):
    return (x >= 0).astype(np.float64)


@misconception(
    exercise="relu_derivative",
    text="At exactly 0 you answer 1/2, the middle between both sides. The convention here is another one.",
    look="Which value does the docstring state at 0?",
)
def relu_derivative_is_a_half_at_zero(x):
    return np.heaviside(x, 0.5)


@misconception(
    exercise="relu_derivative",
    text="A comparison gives True and False. They look like 1 and 0 but are not numbers, and NumPy refuses to subtract them.",
    look="What is the dtype of x > 0, and which one does the docstring ask for?",
)
def relu_derivative_is_boolean(x):
    return x > 0


@misconception(
    exercise="relu_derivative",
    text="Your 1 and 0 are whole numbers: where both are Python's ints, NumPy makes an int64 array, into which no fraction can be "
    "written later.",
    look="What are the dtypes of np.where(x > 0, 1, 0) and of np.where(x > 0, 1.0, 0.0)?",
)
def relu_derivative_of_whole_numbers(x):
    return np.where(x > 0, 1, 0)


@misconception(
    exercise="relu_derivative",
    text="You return the ReLU's value, not its slope.",
    look="By how much does relu(x) grow when x goes from 3 to 4?",
)
def relu_derivative_returns_relu(x):
    return relu(x)


@misconception(
    exercise="relu_derivative",
    text="You return the sign of x, so the derivative is -1 on the left, as if the ReLU fell there.",
    look="By how much does relu(x) grow when x goes from -4 to -3?",
)
def relu_derivative_as_sign(x):
    return np.sign(x)


@misconception(
    exercise="relu_derivative",
    text="You write into the array that you were given, so the caller's numbers are gone after the call.",
    look="Which line of your code changes x? Who else still needs the numbers in x?",
)
def relu_derivative_in_place(x):
    x[x <= 0] = 0.0
    x[x > 0] = 1.0
    return x


# --- leaky_relu -------------------------------------------------------------------------------------------------------


@misconception(
    exercise="leaky_relu",
    text="These are the answers for a slope of 0.2, whatever slope is given: the argument negative_slope changes nothing.",
    look="Where in the body of your function does negative_slope stand?",
)
def leaky_relu_ignores_its_argument(x, negative_slope=0.2):
    return np.where(x > 0, x, 0.2 * x)


@misconception(
    exercise="leaky_relu",
    text="Your slope is 0.01, which other libraries take. The default here is Keras's, and the argument has to be used.",
    look="Compare the default in the signature with the number in your formula.",
)
def leaky_relu_with_slope_of_a_hundredth(x, negative_slope=0.2):
    return np.where(x > 0, x, 0.01 * x)


@misconception(
    exercise="leaky_relu",
    text="The two sides are swapped: you multiply the positive numbers by the slope and pass the negative ones on.",
    look="On which side should the unit leak? np.where takes its second argument where the condition is true.",
)
def leaky_relu_leaks_on_the_right(x, negative_slope=0.2):
    return np.where(x > 0, negative_slope * x, x)


@misconception(
    exercise="leaky_relu",
    text="You take the larger one of x and negative_slope * x. That is the same function only as long as the slope is at most 1.",
    look="Which one is larger at x = -1 if the slope is 2, and which one is asked for?",
)
def leaky_relu_as_maximum(x, negative_slope=0.2):
    return np.maximum(x, negative_slope * x)


@misconception(
    exercise="leaky_relu",
    text="Below 0 you return the slope itself and forget to multiply x by it.",
    look="What should come out for -1 and for -2: the same number?",
)
def leaky_relu_returns_the_slope(x, negative_slope=0.2):
    return np.where(x > 0, x, negative_slope)


@misconception(
    exercise="leaky_relu",
    text="You write into the array that you were given, so the caller's numbers are gone after the call.",
    look="Which line of your code changes x? Who else still needs the numbers in x?",
)
def leaky_relu_in_place(x, negative_slope=0.2):
    x[x < 0] *= negative_slope
    return x


# --- leaky_relu_derivative --------------------------------------------------------------------------------------------


@misconception(
    exercise="leaky_relu_derivative",
    text="Below 0 you return 0: that is the derivative of the plain ReLU, and the slope that keeps the unit alive is lost.",
    look="By how much does leaky_relu(x) grow when x goes from -2 to -1?",
)
def leaky_relu_derivative_of_the_relu(x, negative_slope=0.2):
    return np.where(x > 0, 1.0, 0.0)


@misconception(
    exercise="leaky_relu_derivative",
    text="Below 0 you return negative_slope * x, which is the value there and not the slope.",
    look="What is the derivative of a * x with respect to x?",
)
def leaky_relu_derivative_keeps_x(x, negative_slope=0.2):
    return np.where(x > 0, 1.0, negative_slope * x)


@misconception(
    exercise="leaky_relu_derivative",
    text="At exactly 0 you answer the slope from the right. The convention here is the one from the left.",
    look="Which value does the docstring state at 0? Look at > and >= in your code.",
)
def leaky_relu_derivative_is_one_at_zero(x, negative_slope=0.2):
    return np.where(x >= 0, 1.0, negative_slope)


@misconception(
    exercise="leaky_relu_derivative",
    text="These are the answers for a slope of 0.2, whatever slope is given: the argument negative_slope changes nothing.",
    look="Where in the body of your function does negative_slope stand?",
)
def leaky_relu_derivative_ignores_its_argument(x, negative_slope=0.2):
    return np.where(x > 0, 1.0, 0.2)


@misconception(
    exercise="leaky_relu_derivative",
    text="Below 0 you return minus the slope, as if the function fell from left to right there.",
    look="Which one is larger, leaky_relu(-1) or leaky_relu(-2)?",
)
def leaky_relu_derivative_is_negative(x, negative_slope=0.2):
    return np.where(x > 0, 1.0, -negative_slope)


@misconception(
    exercise="leaky_relu_derivative",
    text="It is 1 on both sides of 0, unless the slope is 0. If you write into one array, one side after the other, the slope that the "
    "first line wrote on the left is itself above 0, and the second line takes it for an x on the right.",
    look="Which array does your second condition ask, x or the one that the first line has changed already?",
)
def leaky_relu_derivative_asks_what_it_wrote(x, negative_slope=0.2):
    d = x.copy()
    d[d <= 0] = negative_slope
    d[d > 0] = 1.0
    return d


# --- elu --------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="elu",
    text="alpha changes nothing: the left side always levels off at -1. With the default, alpha = 1, this mistake does not "
    "show.",
    look="Where in the body of your function does alpha stand?",
)
def elu_forgets_alpha(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="elu",
    text="On the left you answer alpha * exp(x) - 1, which jumps at 0 unless alpha is 1.",
    look="With alpha = 2, what should come out just left of 0, and what does alpha * exp(0) - 1 give?",
)
def elu_misplaces_the_bracket(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0.0)) - 1.0)


@misconception(
    exercise="elu",
    text="Your function jumps at 0 and stays positive on the left.",
    look="What should come out just left of 0? What is exp(0)?",
)
def elu_forgets_minus_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="elu",
    text="np.where gets both answers computed for every entry, so exp(1000) overflows although its result is not picked.",
    look="Which numbers reach np.exp, and which of them need to?",
)
def elu_overflows_in_where(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1.0))


@misconception(
    exercise="elu",
    text="You write into the array that you were given, so the caller's numbers are gone after the call.",
    look="Which line of your code changes x? Who else still needs the numbers in x?",
)
def elu_in_place(x, alpha=1.0):
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x


# --- elu_derivative ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="elu_derivative",
    text="alpha is missing from the left side. With the default, alpha = 1, this mistake does not show.",
    look="Differentiate alpha * (exp(x) - 1). What happens to a constant factor?",
)
def elu_derivative_forgets_alpha(x, alpha=1.0):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="elu_derivative",
    text="On the left you add 1 to the ELU's value. With the default, alpha = 1, this mistake does not show.",
    look="Expand alpha * (exp(x) - 1). What has to be added to it to leave alpha * exp(x)?",
)
def elu_derivative_as_value_plus_one(x, alpha=1.0):
    return np.where(x > 0, 1.0, elu(x, alpha) + 1.0)


@misconception(
    exercise="elu_derivative",
    text="The derivative is taken at the ELU's output: on the left you take the exponential of elu(x) instead of x.",
    look="What does the docstring say that x is, the input of the ELU or its output?",
)
def elu_derivative_at_the_activation(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(elu(x, alpha), 0.0)))


@misconception(
    exercise="elu_derivative",
    text="At exactly 0 you answer 1, the slope from the right. The convention here is the one from the left.",
    look="Which value does the docstring state at 0? Look at > and >= in your code.",
)
def elu_derivative_is_one_at_zero(x, alpha=1.0):
    return np.where(x >= 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="elu_derivative",
    text="It is 1 on both sides of 0, where exp(x) is not 0. If you write into one array, one side after the other, what the first line "
    "wrote on the left is itself above 0, and the second line takes it for an x on the right.",
    look="Which array does your second condition ask, x or the one that the first line has changed already?",
)
def elu_derivative_asks_what_it_wrote(x, alpha=1.0):
    d = x.copy()
    d[d <= 0] = alpha * np.exp(d[d <= 0])
    d[d > 0] = 1.0
    return d


@misconception(
    exercise="elu_derivative",
    text="np.where gets both answers computed for every entry, so exp(1000) overflows although its result is not picked.",
    look="Which numbers reach np.exp, and which of them need to?",
)
def elu_derivative_overflows_in_where(x, alpha=1.0):
    return np.where(x > 0, 1.0, alpha * np.exp(x))


# --- selu -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="selu",
    text="What you return is an ELU: the variance does not stay at 1 from layer to layer.",
    look="How many constants does the formula have, and how many do you use?",
)
def selu_forgets_the_scale(x):
    return np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="selu",
    text="On the left your answers are off by a constant factor.",
    look="How many constants does the formula have, and how many do you use?",
)
def selu_forgets_alpha(x):
    return SELU_SCALE * np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="selu",
    text="The scale is applied on the right side only.",
    look="To which value does the SELU level off far on the left, -1.7581 or -1.6733? What does your function answer for "
    "-100?",
)
def selu_scales_the_right_side_only(x):
    return np.where(x > 0, SELU_SCALE * x, SELU_ALPHA * np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="selu",
    text="Your constants are rounded to two decimals. They are chosen so that mean 0 and variance 1 reproduce themselves, "
    "and rounded ones do so less well.",
    look="The module has both constants with all their digits. What are they called?",
)
def selu_rounds_its_constants(x):
    return 1.05 * np.where(x > 0, x, 1.67 * np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="selu",
    text="Your constants have four decimals, 1.6733 and 1.0507. They are chosen so that mean 0 and variance 1 reproduce "
    "themselves, and the checks ask for eleven digits.",
    look="The module has both constants with all their digits. What are they called?",
)
def selu_has_constants_of_four_decimals(x):
    return 1.0507 * np.where(x > 0, x, 1.6733 * np.expm1(np.minimum(x, 0.0)))


@misconception(
    exercise="selu",
    text="np.where gets both answers computed for every entry, so exp(1000) overflows although its result is not picked.",
    look="Which numbers reach np.exp, and which of them need to?",
)
def selu_overflows_in_where(x):
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * (np.exp(x) - 1.0))


# --- selu_derivative --------------------------------------------------------------------------------------------------


@misconception(
    exercise="selu_derivative",
    text="On the right you answer 1, and all your slopes are off by the same factor.",
    look="What is the slope of the SELU on the right, in terms of its constants?",
)
def selu_derivative_forgets_the_scale(x):
    return np.where(x >= 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="selu_derivative",
    text="On the right you answer 1, so only the left side has the scale.",
    look="What is the derivative of SELU_SCALE * x with respect to x?",
)
def selu_derivative_scales_the_left_side_only(x):
    return np.where(x >= 0, 1.0, SELU_SCALE * SELU_ALPHA * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="selu_derivative",
    text="On the right you answer 1, so only the left side has the scale. At exactly 0 you answer the slope from the left, "
    "and the convention here is the one from the right.",
    look="What is the derivative of SELU_SCALE * x with respect to x? Which value does the docstring state at 0?",
)
def selu_derivative_scales_the_left_side_and_zero(x):
    return np.where(x > 0, 1.0, SELU_SCALE * SELU_ALPHA * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="selu_derivative",
    text="At exactly 0 you answer the slope from the left. The convention here is the one from the right.",
    look="Which value does the docstring state at 0? Look at > and >= in your code.",
)
def selu_derivative_from_the_left_at_zero(x):
    return SELU_SCALE * np.where(x > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="selu_derivative",
    text="On the left your answers are off by a constant factor.",
    look="Differentiate SELU_SCALE * SELU_ALPHA * (exp(x) - 1). What happens to constant factors?",
)
def selu_derivative_forgets_alpha(x):
    return SELU_SCALE * np.where(x >= 0, 1.0, np.exp(np.minimum(x, 0.0)))


@misconception(
    exercise="selu_derivative",
    text="The derivative is taken at the SELU's output: on the left you take the exponential of selu(x) instead of x.",
    look="What does the docstring say that x is, the input of the SELU or its output?",
)
def selu_derivative_at_the_activation(x):
    return SELU_SCALE * np.where(x >= 0, 1.0, SELU_ALPHA * np.exp(np.minimum(selu(x), 0.0)))


@misconception(
    exercise="selu_derivative",
    text="On the left you add SELU_ALPHA to the SELU's value, as fits the ELU. The SELU takes away more than that.",
    look="Expand SELU_SCALE * SELU_ALPHA * (exp(x) - 1). What has to be added to it to leave the term with exp(x) alone?",
)
def selu_derivative_adds_alpha_alone(x):
    return np.where(x >= 0, SELU_SCALE, selu(x) + SELU_ALPHA)


@misconception(
    exercise="selu_derivative",
    text="On the left you add SELU_ALPHA to the SELU's value and multiply by SELU_SCALE, which the SELU's value has in it already.",
    look="Which factors stand in front of exp(x) in selu(x), and which ones in your answer?",
)
def selu_derivative_scales_the_value_again(x):
    return SELU_SCALE * np.where(x >= 0, 1.0, selu(x) + SELU_ALPHA)


@misconception(
    exercise="selu_derivative",
    text="It is SELU_SCALE on both sides of 0. If you write into one array, one side after the other, what the first line wrote on the "
    "left is itself above 0, and the second line takes it for an x on the right.",
    look="Which array does your second condition ask, x or the one that the first line has changed already?",
)
def selu_derivative_asks_what_it_wrote(x):
    d = x.copy()
    d[d < 0] = SELU_SCALE * SELU_ALPHA * np.exp(d[d < 0])
    d[d >= 0] = SELU_SCALE
    return d


# --- softplus ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="softplus",
    text="exp(x) overflows once x is above 709, and the logarithm of infinity is infinity; softplus(1000) is 1000.",
    look="Split off max(0, x) and see what is left of the formula: is the exponent in it positive or negative?",
)
def softplus_overflows(x):
    return np.log(1.0 + np.exp(x))


@misconception(
    exercise="softplus",
    text="Your logarithm has base 10. Only the natural one undoes exp, so that softplus comes close to x on the right.",
    look="Which of np.log, np.log2 and np.log10 is the natural logarithm?",
)
def softplus_with_base_ten(x):
    return np.logaddexp(0.0, x) / np.log(10.0)


@misconception(
    exercise="softplus",
    text="Your function falls: these are the answers of softplus(-x).",
    look="Which sign does x have in the formula? What should come out for x = 1000?",
)
def softplus_falls(x):
    return np.logaddexp(0.0, -x)


@misconception(
    exercise="softplus",
    text="Your logarithm is that of 2 + exp(x): 1 is added twice. If you use np.log1p, it adds the 1 itself.",
    look="What is softplus(-1000)? What does your function answer?",
)
def softplus_adds_one_twice(x):
    return np.logaddexp(np.log(2.0), x)


@misconception(
    exercise="softplus",
    text="These are the answers of log(e + exp(x)). np.logaddexp(a, b) takes the exponential of both its arguments, of a 1 too.",
    look="Of which number is 1 the exponential? What should softplus(-1000) be, and what does your function answer?",
)
def softplus_by_logaddexp_of_one(x):
    return np.logaddexp(1.0, x)


# --- softplus_derivative ----------------------------------------------------------------------------------------------


@misconception(
    exercise="softplus_derivative",
    text="This is the ReLU's derivative, a step. Softplus has no corner: its slope grows smoothly from 0 to 1 and is never exactly 0.",
    look="Which activation do you meet when you differentiate log(1 + exp(x))?",
)
def softplus_derivative_as_step(x):
    return (x > 0).astype(np.float64)


@misconception(
    exercise="softplus_derivative",
    text="Your slope falls where it should rise: these are the answers of 1 / (1 + exp(x)), the derivative of the logarithm "
    "alone.",
    look="The chain rule has two factors here: what is the derivative of 1 + exp(x)? Or is it the sign of x in your formula?",
)
def softplus_derivative_forgets_the_inner_one(x):
    return sigmoid(-x)


@misconception(
    exercise="softplus_derivative",
    text="You went one derivative too far: your answers are s * (1 - s), where s is the sigmoid, and fall to 0 for large x.",
    look="Towards which number should the slope go for large x?",
)
def softplus_derivative_differentiates_twice(x):
    s = sigmoid(x)
    return s * (1.0 - s)


@misconception(
    exercise="softplus_derivative",
    text="The form exp(x) / (1 + exp(x)) becomes infinity divided by infinity, which is NaN, once x is above 709.",
    look="You have met this function before in a form that is safe on both sides. What is its name?",
)
def softplus_derivative_as_a_ratio_of_infinities(x):
    return np.exp(x) / (1.0 + np.exp(x))


@misconception(
    exercise="softplus_derivative",
    text="The derivative is taken at softplus(x) instead of at x, so it is never below 1/2.",
    look="What does the docstring say that x is, the input of the softplus or its output?",
)
def softplus_derivative_at_the_activation(x):
    return sigmoid(softplus(x))


# --- softmax ----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="softmax",
    text="The probabilities of a column sum to 1, not those of a row: the sum runs over the batch instead of the classes.",
    look="Which axis of (batch, classes) belongs to one example? Look at axis= in the sum and the maximum.",
)
def softmax_over_the_batch(x):
    powers = np.exp(x - x.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@misconception(
    exercise="softmax",
    text="axis=1 is the classes of a batch only because a batch has two axes. A vector has no axis 1, and of three axes it is not the last.",
    look="How do you name the last axis, however many there are?",
)
def softmax_over_axis_one(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="softmax",
    text="The exponential of a large logit overflows, and infinity over infinity is NaN: nothing is subtracted before exp.",
    look="Which number can you subtract from all logits of a row without changing the answer, so that no exponent is positive?",
)
def softmax_without_shift(x):
    powers = np.exp(x)
    return powers / powers.sum(axis=-1, keepdims=True)


@misconception(
    exercise="softmax",
    text="You subtract the largest logit of the whole batch. In a row far below it every exponential rounds to 0, and 0/0 is NaN.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def softmax_shifts_by_the_batchs_maximum(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum(axis=-1, keepdims=True)


@misconception(
    exercise="softmax",
    text="You divide by the sum over the whole batch, so all rows together sum to 1 and not each one.",
    look="Which axis does your sum run over if you name none?",
)
def softmax_over_everything(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum()


@misconception(
    exercise="softmax",
    text="Without its length-1 axis, the sum of shape (batch,) is laid along the classes, not along the rows that it belongs to.",
    look="Which shapes does the division get? Broadcasting lines them up from the right; see keepdims.",
)
def softmax_without_keepdims(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1)


@misconception(
    exercise="softmax",
    text="A small number is added to the sum, so the rows sum to less than 1.",
    look="What is the largest entry of exp(x - max)? Can the sum be 0 then?",
)
def softmax_adds_an_epsilon(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / (powers.sum(axis=-1, keepdims=True) + 1e-8)


@misconception(
    exercise="softmax",
    text="The caller's logits are changed, as by subtracting the maximum in place (x -= ...).",
    look="What is the difference between x -= m and y = x - m?",
)
def softmax_shifts_in_place(x):
    x -= x.max(axis=-1, keepdims=True)
    powers = np.exp(x)
    return powers / powers.sum(axis=-1, keepdims=True)


@misconception(
    exercise="softmax",
    text="You made an array of shape (classes, batch) and brought it back by reshape, which keeps the order of the numbers and so "
    "deals them out to other rows. Swapping axes is a transpose.",
    look="Print a 2 x 3 array, its transpose, and its reshape to (3, 2). In which of the last two is the array's first row a "
    "column?",
)
def softmax_reshapes_for_transpose(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True)).T
    return (powers / powers.sum(axis=0)).reshape(x.shape)


# --- softmax_backward -------------------------------------------------------------------------------------------------


@misconception(
    exercise="softmax_backward",
    text="You use the Jacobian's diagonal alone, p * (1 - p), as for a sigmoid.",
    look="What happens to p_2 when z_1 grows? Which entries of the Jacobian say so?",
)
def softmax_backward_diagonal_only(x, upstream):
    p = softmax(x)
    return upstream * p * (1.0 - p)


@misconception(
    exercise="softmax_backward",
    text="The upstream gradient has no say in your answer: the chain rule's factor from above is missing.",
    look="Where in your formula does upstream stand? What should come out if it is all zeros?",
)
def softmax_backward_ignores_upstream(x, upstream):
    p = softmax(x)
    return p * (1.0 - p)


@misconception(
    exercise="softmax_backward",
    text="The upstream gradient is multiplied in twice.",
    look="If upstream is doubled, by which factor should the answer grow, and by which does yours?",
)
def softmax_backward_applies_upstream_twice(x, upstream):
    p = softmax(x)
    return upstream * p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))


@misconception(
    exercise="softmax_backward",
    text="You take x for the probabilities.",
    look="What is the p in the formula, in terms of x?",
)
def softmax_backward_of_the_output(x, upstream):
    return x * (upstream - (upstream * x).sum(axis=-1, keepdims=True))


@misconception(
    exercise="softmax_backward",
    text="The softmax is applied twice: you take the Jacobian at softmax(x) instead of at x.",
    look="How often is softmax called on the way from x to your answer?",
)
def softmax_backward_at_the_activation(x, upstream):
    p = softmax(softmax(x))
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))


@misconception(
    exercise="softmax_backward",
    text="The sum of upstream times softmax runs over the whole batch, so the examples leak into one another.",
    look="Which shape has your sum, and how many rows has the batch?",
)
def softmax_backward_sums_the_batch(x, upstream):
    p = softmax(x)
    return p * (upstream - (upstream * p).sum())


@misconception(
    exercise="softmax_backward",
    text="You return the bracket alone: upstream minus the weighted sum of its row.",
    look="Every entry p_i * (delta_ij - p_j) of the Jacobian has two factors. Where did the first one go?",
)
def softmax_backward_forgets_the_outer_factor(x, upstream):
    p = softmax(x)
    return upstream - (upstream * p).sum(axis=-1, keepdims=True)


@misconception(
    exercise="softmax_backward",
    text="This is log_softmax's backward pass.",
    look="With respect to what is upstream the gradient here: p, or log p?",
)
def softmax_backward_of_log_softmax(x, upstream):
    return upstream - softmax(x) * upstream.sum(axis=-1, keepdims=True)


@misconception(
    exercise="softmax_backward",
    text="The sign in your bracket is plus, as if a probability that grows took the others along.",
    look="Which sign has the derivative of p_2 with respect to z_1?",
)
def softmax_backward_adds_the_sum(x, upstream):
    p = softmax(x)
    return p * (upstream + (upstream * p).sum(axis=-1, keepdims=True))


@misconception(
    exercise="softmax_backward",
    text="You divide by the batch size.",
    look="Is the batch size in the Jacobian of the softmax of one row?",
)
def softmax_backward_divides_by_the_batch(x, upstream):
    p = softmax(x)
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True)) / len(x)


@misconception(
    exercise="softmax_backward",
    text="The upstream gradient is changed, as by upstream -= ...; it belongs to the layer above.",
    look="What is the difference between u -= s and v = u - s?",
)
def softmax_backward_changes_upstream(x, upstream):
    p = softmax(x)
    upstream -= (upstream * p).sum(axis=-1, keepdims=True)
    return p * upstream


# --- log_softmax ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="log_softmax",
    text="You take the logarithm of the finished softmax. Where a probability rounds to 0, its logarithm is minus infinity.",
    look="Use the logarithm's rule for a quotient before you compute anything: what is log(exp(x))?",
)
def log_softmax_as_log_of_softmax(x):
    return np.log(softmax(x))


@misconception(
    exercise="log_softmax",
    text="A small number is added before the logarithm. It avoids log(0), but changes every answer, and the smallest the most.",
    look="The true value for logits (1000, -1000) is finite. Which form of the formula never needs log(0)?",
)
def log_softmax_adds_an_epsilon(x):
    return np.log(softmax(x) + 1e-8)


@misconception(
    exercise="log_softmax",
    text="1e-9 is added before the logarithm. It avoids log(0), but changes every answer, and the smallest the most.",
    look="The true value for logits (1000, -1000) is finite. Which form of the formula never needs log(0)?",
)
def log_softmax_adds_1e_9(x):
    return np.log(softmax(x) + 1e-9)


@misconception(
    exercise="log_softmax",
    text="1e-12 is added before the logarithm. It avoids log(0), but changes every answer, and the smallest the most.",
    look="The true value for logits (1000, -1000) is finite. Which form of the formula never needs log(0)?",
)
def log_softmax_adds_1e_12(x):
    return np.log(softmax(x) + 1e-12)


@misconception(
    exercise="log_softmax",
    text="The probabilities are kept away from 0 before the logarithm, by 1e-15 as their smallest value: no answer is then "
    "below -34.54.",
    look="The true value for logits (1000, -1000) is finite. Which form of the formula never needs log(0)?",
)
def log_softmax_clips(x):
    return np.log(np.maximum(softmax(x), 1e-15))


@misconception(
    exercise="log_softmax",
    text="The probabilities are clipped before the logarithm, at 1e-12 and 1 - 1e-12: no answer is then below -27.63, and "
    "none is 0.",
    look="The true value for logits (1000, -1000) is finite. Which form of the formula never needs log(0)?",
)
def log_softmax_clips_at_both_ends(x):
    return np.log(np.clip(softmax(x), 1e-12, 1.0 - 1e-12))


@misconception(
    exercise="log_softmax",
    text="exp(x) overflows for large logits, and its sum is 0 for very negative ones: nothing is subtracted before exp.",
    look="Which number can you subtract from all logits of a row without changing the answer?",
)
def log_softmax_without_shift(x):
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


@misconception(
    exercise="log_softmax",
    text="The maximum is subtracted inside of exp only and never given back: x and its log-sum-exp are shifted by different amounts.",
    look="If the same number is added to all logits, does your answer change?",
)
def log_softmax_loses_the_shift(x):
    return x - np.log(np.exp(x - x.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))


@misconception(
    exercise="log_softmax",
    text="Your sum runs over the batch instead of the classes.",
    look="Which axis of (batch, classes) belongs to one example? Look at axis= in the sum and the maximum.",
)
def log_softmax_over_the_batch(x):
    shifted = x - x.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))


@misconception(
    exercise="log_softmax",
    text="You subtract the largest logit of the whole batch. In a row far below it every exponential rounds to 0, and log(0) "
    "is minus infinity.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def log_softmax_shifts_by_the_batchs_maximum(x):
    shifted = x - x.max()
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@misconception(
    exercise="log_softmax",
    text="The sign is that of the loss: log_softmax is the logarithm of a probability, so it is never positive.",
    look="Which sign has the logarithm of a number between 0 and 1?",
)
def log_softmax_has_the_wrong_sign(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=-1, keepdims=True)) - shifted


# --- log_softmax_backward ---------------------------------------------------------------------------------------------


@misconception(
    exercise="log_softmax_backward",
    text="This is the softmax's backward pass.",
    look="With respect to what is upstream the gradient here: p, or log p?",
)
def log_softmax_backward_of_softmax(x, upstream):
    p = softmax(x)
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))


@misconception(
    exercise="log_softmax_backward",
    text="You assume that a row of upstream sums to 1, as it does for a one-hot label.",
    look="What is the sum over i of u_i * p_j? What becomes of your formula if upstream is all zeros?",
)
def log_softmax_backward_forgets_the_sum(x, upstream):
    return upstream - softmax(x)


@misconception(
    exercise="log_softmax_backward",
    text="Each entry of upstream is multiplied by its own p alone.",
    look="Over which index does the chain rule sum, and where is that sum in your code?",
)
def log_softmax_backward_diagonal_only(x, upstream):
    return upstream * (1.0 - softmax(x))


@misconception(
    exercise="log_softmax_backward",
    text="The upstream gradient is summed over the batch instead of the classes, so the examples leak into one another.",
    look="Which axis of (batch, classes) belongs to one example?",
)
def log_softmax_backward_sums_over_the_batch(x, upstream):
    return upstream - softmax(x) * upstream.sum(axis=0, keepdims=True)


@misconception(
    exercise="log_softmax_backward",
    text="You change the upstream gradient in place and hand it back: it belongs to the layer above.",
    look="What is the difference between u -= s and v = u - s?",
)
def log_softmax_backward_changes_upstream(x, upstream):
    upstream -= softmax(x) * upstream.sum(axis=-1, keepdims=True)
    return upstream


@misconception(
    exercise="log_softmax_backward",
    text="You take x for the probabilities.",
    look="What is the p in the formula, in terms of x?",
)
def log_softmax_backward_of_the_output(x, upstream):
    return upstream - x * upstream.sum(axis=-1, keepdims=True)


@misconception(
    exercise="log_softmax_backward",
    text="You take exp(x) for the probability.",
    look="Do your numbers exp(x) sum to 1 in a row?",
)
def log_softmax_backward_forgets_to_normalize(x, upstream):
    return upstream - np.exp(x) * upstream.sum(axis=-1, keepdims=True)


# --- chain_gradient ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="chain_gradient",
    text="You add the local gradients.",
    look="What is the derivative of f(g(x))?",
)
def chain_gradient_adds(local_gradients):
    return float(np.sum(local_gradients))


@misconception(
    exercise="chain_gradient",
    text="You answer 0 for every chain, as a product does that starts at 0: 0 times anything is 0.",
    look="With which number has a running product to start so that the first factor survives?",
)
def chain_gradient_starts_at_zero(local_gradients):
    product = 0.0
    for gradient in local_gradients:
        product *= gradient
    return float(product)


@misconception(
    exercise="chain_gradient",
    text="You drop the signs. A negative local gradient turns the direction round, and two of them turn it back.",
    look="Where in your code does an absolute value (or a square, or a logarithm) lose a sign?",
)
def chain_gradient_drops_the_sign(local_gradients):
    return float(np.prod(np.abs(local_gradients)))


@misconception(
    exercise="chain_gradient",
    text="The last local gradient is left out of the product.",
    look="The product of [2.0, 3.0, 5.0] is 30. What is your answer, and where does your loop or your slice end?",
)
def chain_gradient_stops_early(local_gradients):
    product = 1.0
    for i in range(len(local_gradients) - 1):
        product *= local_gradients[i]
    return float(product)


@misconception(
    exercise="chain_gradient",
    text="You start with the first local gradient, and a chain of depth 0 has none.",
    look="What is a product of no factors at all? The docstring says it.",
)
def chain_gradient_needs_a_layer(local_gradients):
    product = local_gradients[0]
    for gradient in local_gradients[1:]:
        product = product * gradient
    return float(product)


@misconception(
    exercise="chain_gradient",
    text="You return the running products, one for each layer.",
    look="What does the docstring promise, an array or a float?",
)
def chain_gradient_returns_every_step(local_gradients):
    return np.cumprod(local_gradients)


# --- max_gradient_through ---------------------------------------------------------------------------------------------


@misconception(
    exercise="max_gradient_through",
    text="Your factor for a sigmoid is 1, which is the largest value of the sigmoid itself.",
    look="What is the largest value of s * (1 - s) for s between 0 and 1?",
)
def max_gradient_of_the_value(depth, activation="sigmoid"):
    return 1.0**depth


@misconception(
    exercise="max_gradient_through",
    text="Your factor for a sigmoid is 1/2, which is the value of the sigmoid itself at 0.",
    look="What is s * (1 - s) at s = 1/2?",
)
def max_gradient_of_a_half(depth, activation="sigmoid"):
    largest = {"sigmoid": 0.5, "tanh": 1.0, "relu": 1.0}
    return largest[activation] ** depth


@misconception(
    exercise="max_gradient_through",
    text="You multiply by the number of layers.",
    look="How much passes through two sigmoids: more than through one, or less?",
)
def max_gradient_grows_with_depth(depth, activation="sigmoid"):
    largest = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
    return largest[activation] * depth


@misconception(
    exercise="max_gradient_through",
    text="Your answer is the sigmoid's for every activation: the argument changes nothing.",
    look="Where in the body of your function does activation stand? How steep is tanh at 0?",
)
def max_gradient_ignores_the_activation(depth, activation="sigmoid"):
    return 0.25**depth


@misconception(
    exercise="max_gradient_through",
    text="There is one factor too few, as if the last layer had no activation to pass through.",
    look="How many factors does a chain of one activation have? And of none?",
)
def max_gradient_misses_a_layer(depth, activation="sigmoid"):
    largest = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
    return largest[activation] ** (depth - 1)


@misconception(
    exercise="max_gradient_through",
    text="You give tanh the sigmoid's largest derivative.",
    look="What is 1 - tanh(x)**2 at its largest?",
)
def max_gradient_takes_tanh_for_sigmoid(depth, activation="sigmoid"):
    largest = {"sigmoid": 0.25, "tanh": 0.25, "relu": 1.0}
    return largest[activation] ** depth
