"""Misconceptions about initializers: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.initializers import TRUNCATED_STDDEV, compute_fans, truncated_normal

# --- zeros, ones, constant ------------------------------------------------------------------------------------------------


@misconception(
    exercise="zeros",
    text="Your zeros are 32-bit floats. The course computes in float64 throughout: float32 keeps only seven digits of what "
    "training writes into it.",
    look="Which dtype does NumPy choose if you do not name one?",
)
def zeros_in_float32(shape):
    return np.zeros(shape, dtype=np.float32)


@misconception(
    exercise="zeros",
    text="Your zeros are integers: an optimizer that subtracts 0.01 from them in place gets an error, or 0 again.",
    look="What does dtype=int say? Print the dtype of your answer.",
)
def zeros_of_integers(shape):
    return np.zeros(shape, dtype=int)


@misconception(
    exercise="zeros",
    text="You return one number that is merely shown as an array of this shape: all its entries lie in one place of memory and cannot "
    "be written to, so no step of training could change them.",
    look="Does np.broadcast_to make new memory? Try to set one entry of your answer.",
)
def zeros_broadcast_from_one(shape):
    return np.broadcast_to(np.float64(0.0), shape)


@misconception(
    exercise="ones",
    text="You return the identity matrix, with zeros off the diagonal.",
    look="What does np.eye stand for, and what would it be for a vector?",
)
def ones_on_the_diagonal(shape):
    weights = np.zeros(shape)
    np.fill_diagonal(weights.reshape(shape[0], -1), 1.0)
    return weights


@misconception(
    exercise="ones",
    text="Your ones are 32-bit floats. The course computes in float64 throughout: float32 keeps only seven digits of what "
    "training writes into it.",
    look="Which dtype does NumPy choose if you do not name one?",
)
def ones_in_float32(shape):
    return np.ones(shape, dtype=np.float32)


@misconception(
    exercise="ones",
    text="Your ones are integers: they cannot be trained, as a weight of 0.99 does not fit into them.",
    look="Print the dtype of your answer. Which is asked for?",
)
def ones_of_integers(shape):
    return np.ones(shape, dtype=int)


@misconception(
    exercise="constant",
    text="The dtype follows the value: constant(shape, 3) is an array of integers, into which a weight of 2.97 does not fit.",
    look="Which dtype does np.full choose for an int? Can you tell it which to take?",
)
def constant_takes_the_dtype_of_value(shape, value=0.0):
    return np.full(shape, value)


@misconception(
    exercise="constant",
    text="The entries share one place of memory: the array is a view of a single number, and writing to it fails.",
    look="Does np.broadcast_to make new memory? Try to set one entry of your answer.",
)
def constant_broadcast_from_one(shape, value=0.0):
    return np.broadcast_to(np.float64(value), shape)


@misconception(
    exercise="constant",
    text="You computed in 32-bit floats: 0.1 becomes 0.10000000149, and the array is not float64.",
    look="Look for float32 in your function.",
)
def constant_in_float32(shape, value=0.0):
    return np.full(shape, value, dtype=np.float32)


@misconception(
    exercise="constant",
    text="The value defaults to 1 in your version; Keras's Constant, and the stub, say 0.",
    look="Compare your function's first line with the stub's.",
)
def constant_defaults_to_one(shape, value=1.0):
    return np.full(shape, value, dtype=np.float64)


# --- random_normal --------------------------------------------------------------------------------------------------------


@misconception(
    exercise="random_normal",
    text="The standard deviation of your numbers is the square of stddev.",
    look="Which of the two does the documentation of Generator.normal call `scale`: a standard deviation, or a variance?",
)
def random_normal_scaled_by_the_variance(shape, rng, mean=0.0, stddev=0.05):
    return rng.normal(mean, stddev**2, shape)


@misconception(
    exercise="random_normal",
    text="You took the root of stddev, as if it were a variance.",
    look="Which units does stddev have: those of the weights, or their square?",
)
def random_normal_takes_a_root(shape, rng, mean=0.0, stddev=0.05):
    return rng.normal(mean, np.sqrt(stddev), shape)


@misconception(
    exercise="random_normal",
    text="The mean is scaled along with the numbers: stddev multiplies both.",
    look="In which order do scaling and shifting come? What mean does 2 * (1 + z) have?",
)
def random_normal_scales_the_mean(shape, rng, mean=0.0, stddev=0.05):
    return stddev * (mean + rng.standard_normal(shape))


@misconception(
    exercise="random_normal",
    text="The numbers do not come from rng but from another generator, such as NumPy's global one: whoever passes the same "
    "rng in the same state gets other numbers, and no run can be repeated.",
    look="Look for np.random. in your function: what is rng there for?",
)
def random_normal_from_the_global_generator(shape, rng, mean=0.0, stddev=0.05):
    return np.random.normal(mean, stddev, shape)


@misconception(
    exercise="random_normal",
    text="You make a generator with a seed of your own at every call, so every layer of the same shape starts from identical numbers.",
    look="What happens to the rng that you are given?",
)
def random_normal_seeds_itself(shape, rng, mean=0.0, stddev=0.05):
    return np.random.default_rng(42).normal(mean, stddev, shape)


@misconception(
    exercise="random_normal",
    text="The standard deviation defaults to 1, as NumPy's does: the units of a wide layer saturate at once.",
    look="Compare the default of stddev with the stub's.",
)
def random_normal_defaults_to_stddev_one(shape, rng, mean=0.0, stddev=1.0):
    return rng.normal(mean, stddev, shape)


# --- random_uniform -------------------------------------------------------------------------------------------------------


@misconception(
    exercise="random_uniform",
    text="Your numbers run from minval to minval + maxval.",
    look="How long is the interval from minval to maxval? Put the largest number that rng.random gives into your formula.",
)
def random_uniform_stretched_by_maxval(shape, rng, minval=-0.05, maxval=0.05):
    return minval + maxval * rng.random(shape)


@misconception(
    exercise="random_uniform",
    text="Your interval runs from -maxval to maxval: minval is never used. With the defaults this does not show.",
    look="Where does minval stand in your function?",
)
def random_uniform_ignores_minval(shape, rng, minval=-0.05, maxval=0.05):
    return rng.uniform(-maxval, maxval, shape)


@misconception(
    exercise="random_uniform",
    text="You draw normal numbers, as wide as the interval: they have tails, and heap up in the middle.",
    look="Which method of rng gives every number of an interval the same chance?",
)
def random_uniform_draws_normal_numbers(shape, rng, minval=-0.05, maxval=0.05):
    return rng.normal((minval + maxval) / 2, (maxval - minval) / np.sqrt(12.0), shape)


@misconception(
    exercise="random_uniform",
    text="The numbers do not come from rng but from another generator, such as NumPy's global one: the same rng in the same "
    "state gives other numbers each time.",
    look="Look for np.random. in your function: what is rng there for?",
)
def random_uniform_from_the_global_generator(shape, rng, minval=-0.05, maxval=0.05):
    return np.random.uniform(minval, maxval, shape)


@misconception(
    exercise="random_uniform",
    text="You make a generator with a seed of your own at every call, so every layer of the same shape starts from identical numbers.",
    look="What happens to the rng that you are given?",
)
def random_uniform_seeds_itself(shape, rng, minval=-0.05, maxval=0.05):
    return np.random.default_rng(0).uniform(minval, maxval, shape)


# --- truncated_normal -----------------------------------------------------------------------------------------------------


@misconception(
    exercise="truncated_normal",
    text="Nothing is cut off: one number in 22 lies beyond two standard deviations.",
    look="How large is the largest number that your function returns, in units of stddev?",
)
def truncated_normal_is_not_truncated(shape, rng, mean=0.0, stddev=0.05):
    return rng.normal(mean, stddev, shape)


@misconception(
    exercise="truncated_normal",
    text="You clip: what lies beyond two standard deviations is moved to the edge, where 4.6% of the weights then sit.",
    look="How many of your weights are exactly at the limit? What should become of a number that lies outside?",
)
def truncated_normal_clips(shape, rng, mean=0.0, stddev=0.05):
    return np.clip(rng.normal(mean, stddev, shape), mean - 2 * stddev, mean + 2 * stddev)


@misconception(
    exercise="truncated_normal",
    text="You correct for the cut, so that the standard deviation afterwards is stddev, as Glorot's, He's and LeCun's "
    "initializers want it.",
    look="Where do you divide by 0.8796? Is stddev, in the docstring, the deviation before the cut or after it?",
)
def truncated_normal_corrects_for_the_cut(shape, rng, mean=0.0, stddev=0.05):
    z = _redrawn(shape, rng, 2.0)
    return mean + stddev / TRUNCATED_STDDEV * z


@misconception(
    exercise="truncated_normal",
    text="You cut at one standard deviation: a third of the distribution is thrown away.",
    look="Which numbers does the docstring draw again, and with what do you compare the distance from the mean?",
)
def truncated_normal_cuts_at_one(shape, rng, mean=0.0, stddev=0.05):
    return mean + stddev * _redrawn(shape, rng, 1.0)


@misconception(
    exercise="truncated_normal",
    text="What lies outside is drawn again once only, and of those second numbers one in 22 lies outside again.",
    look="How do you know, after the second draw, that nothing is left outside?",
)
def truncated_normal_draws_again_once(shape, rng, mean=0.0, stddev=0.05):
    z = rng.standard_normal(shape)
    outside = np.abs(z) > 2.0
    z[outside] = rng.standard_normal(np.count_nonzero(outside))
    return mean + stddev * z


@misconception(
    exercise="truncated_normal",
    text="One number is drawn for all that lie outside: some 4.6% of the weights are equal to one another.",
    look="How many numbers does rng.normal give without a size? How many places does your line write them to?",
)
def truncated_normal_draws_one_number_for_all(shape, rng, mean=0.0, stddev=0.05):
    z = rng.standard_normal(shape)
    outside = np.abs(z) > 2.0
    while outside.any():
        z[outside] = rng.standard_normal()
        outside = np.abs(z) > 2.0
    return mean + stddev * z


@misconception(
    exercise="truncated_normal",
    text="The mean is scaled along with the numbers: stddev multiplies both.",
    look="In which order do scaling and shifting come? What mean does 2 * (1 + z) have?",
)
def truncated_normal_scales_the_mean(shape, rng, mean=0.0, stddev=0.05):
    return stddev * (mean + _redrawn(shape, rng, 2.0))


@misconception(
    exercise="truncated_normal",
    text="What lies outside is left out rather than drawn again, so that fewer numbers come back than the shape asks for.",
    look="Print the shape of your answer for a large array. What does indexing with a mask do to the shape?",
)
def truncated_normal_leaves_numbers_out(shape, rng, mean=0.0, stddev=0.05):
    weights = rng.normal(mean, stddev, shape)
    return weights[np.abs(weights - mean) <= 2.0 * stddev]


@misconception(
    exercise="truncated_normal",
    text="You make a generator with a seed of your own at every call, so every layer of the same shape starts from identical numbers.",
    look="What happens to the rng that you are given?",
)
def truncated_normal_seeds_itself(shape, rng, mean=0.0, stddev=0.05):
    return mean + stddev * _redrawn(shape, np.random.default_rng(0), 2.0)


def _redrawn(shape, rng, edge):
    z = rng.standard_normal(shape)
    while (np.abs(z) > edge).any():
        outside = np.abs(z) > edge
        z[outside] = rng.standard_normal(np.count_nonzero(outside))
    return z


# --- compute_fans ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="compute_fans",
    text="Fan in and fan out are swapped.",
    look="Which axis of the kernel meets the features in x @ kernel?",
)
def fans_swapped(shape):
    if len(shape) < 2:
        return (int(shape[0]),) * 2 if shape else (1, 1)
    field = int(np.prod(shape[:-2], dtype=np.int64))
    return int(shape[-1]) * field, int(shape[-2]) * field


@misconception(
    exercise="compute_fans",
    text="Your fans of a convolution are its channels alone, whatever its height and width are.",
    look="How many numbers does one unit of a (3, 3, 16, 32) kernel add up?",
)
def fans_without_receptive_field(shape):
    if len(shape) < 2:
        return (int(shape[0]),) * 2 if shape else (1, 1)
    return int(shape[-2]), int(shape[-1])


@misconception(
    exercise="compute_fans",
    text="The first two sizes are taken for the receptive field, as for images. With three axes the second is a number of channels "
    "already, and with five one size is left out.",
    look="Which sizes of (7, 16, 32) are channels, and which of (2, 3, 5, 16, 32)? How many stand before the last two?",
)
def fans_take_two_sizes_for_the_field(shape):
    if len(shape) < 2:
        return (int(shape[0]),) * 2 if shape else (1, 1)
    field = int(shape[0] * shape[1]) if len(shape) > 2 else 1
    return int(shape[-2]) * field, int(shape[-1]) * field


@misconception(
    exercise="compute_fans",
    text="You take a convolution's first and last size for its fans: those are its height and its output channels.",
    look="Where do the input channels stand in (height, width, in, out)? And what becomes of the sizes before them?",
)
def fans_are_first_and_last(shape):
    return (int(shape[0]), int(shape[-1])) if shape else (1, 1)


@misconception(
    exercise="compute_fans",
    text="You read a convolution's kernel as (out, in, height, width), which is PyTorch's order.",
    look="Which of the four axes are the channels, in the stub's docstring?",
)
def fans_in_pytorch_order(shape):
    if len(shape) < 3:
        return (int(shape[0]), int(shape[-1])) if shape else (1, 1)
    field = int(np.prod(shape[2:], dtype=np.int64))
    return int(shape[1]) * field, int(shape[0]) * field


@misconception(
    exercise="compute_fans",
    text="Only fan in is multiplied by the receptive field.",
    look="From how many places does a gradient come back to one input? Work out both numbers for (3, 3, 16, 32).",
)
def fan_out_without_receptive_field(shape):
    if len(shape) < 2:
        return (int(shape[0]),) * 2 if shape else (1, 1)
    return int(shape[-2]) * int(np.prod(shape[:-2], dtype=np.int64)), int(shape[-1])


@misconception(
    exercise="compute_fans",
    text="You take a vector for a column, with a fan out of 1.",
    look="What does the docstring say about the shape (n,)?",
)
def fans_of_a_vector_as_a_column(shape):
    if len(shape) < 2:
        return (int(shape[0]), 1) if shape else (1, 1)
    field = int(np.prod(shape[:-2], dtype=np.int64))
    return int(shape[-2]) * field, int(shape[-1]) * field


# --- Glorot ---------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="glorot_normal",
    text="The weights are far too small, as happens when a variance is passed on as a standard deviation.",
    look="What is 2 / (fan_in + fan_out), and what does the draw take: a variance, or a standard deviation?",
)
def glorot_normal_variance_as_stddev(shape, rng):
    return truncated_normal(shape, rng, stddev=2.0 / sum(compute_fans(shape)) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="The cut is not corrected for: cutting at two standard deviations leaves 0.8796 of the width, that is 0.774 of the variance.",
    look="Which standard deviation must you start from, so that the right one is left after the cut?",
)
def glorot_normal_cut_not_corrected(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / sum(compute_fans(shape))))


@misconception(
    exercise="glorot_normal",
    text="The correction for the cut is upside down: the width is multiplied by 0.8796 where it is divided by it, and the cut narrows it "
    "a second time, to 0.774 of what is due.",
    look="Must you start wider or narrower than the width that is to be left after the cut?",
)
def glorot_normal_multiplies_by_the_correction(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / sum(compute_fans(shape))) * TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="The variance is right, but nothing is cut off: Keras's glorot_normal is a truncated normal distribution.",
    look="How far out is your largest weight, in standard deviations?",
)
def glorot_normal_not_truncated(shape, rng):
    return rng.normal(0.0, np.sqrt(2.0 / sum(compute_fans(shape))), shape)


@misconception(
    exercise="glorot_normal",
    text="This is He's variance, 2 / fan_in: fan_out has no part in it.",
    look="Between which two demands, forward and back, is Glorot's initializer a compromise?",
)
def glorot_normal_is_he_normal(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="The variance is half as large as it should be: 1 / (fan_in + fan_out).",
    look="How large is the mean of two numbers, compared with their sum? By which of them does Glorot divide?",
)
def glorot_normal_divides_by_the_sum(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / sum(compute_fans(shape))) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="You add up all sizes of the shape. That is fan_in + fan_out for a matrix alone: the sizes of a convolution's receptive "
    "field multiply both fans, and a vector (n,) has n and n.",
    look="What are the two fans of a (3, 3, 16, 32) kernel, and what is sum((3, 3, 16, 32))?",
)
def glorot_normal_adds_up_the_shape(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / max(sum(shape), 1)) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="You take the first and the last size for the two fans. Of a convolution's kernel the first one is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def glorot_normal_of_the_first_and_the_last_size(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / (shape[0] + shape[-1])) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="The root is drawn from the 2 alone and not from the whole quotient, so the weights are far too small.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def glorot_normal_with_the_root_of_two(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0) / sum(compute_fans(shape)) / TRUNCATED_STDDEV)


@misconception(
    exercise="glorot_normal",
    text="You make a generator with a seed of your own at every call: layers of the same shape start from identical matrices.",
    look="Where does your function use the rng that it is given?",
)
def glorot_normal_seeds_itself(shape, rng):
    stddev = np.sqrt(2.0 / sum(compute_fans(shape))) / TRUNCATED_STDDEV
    return truncated_normal(shape, np.random.default_rng(0), stddev=stddev)


@misconception(
    exercise="glorot_uniform",
    text="Your limit, sqrt(3 / (fan_in + fan_out)), gives half of the variance that it should.",
    look="The variance of a uniform distribution on ±limit is limit**2 / 3. Which limit gives 2 / (fan_in + fan_out)?",
)
def glorot_uniform_three_for_six(shape, rng):
    limit = np.sqrt(3.0 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="You took the standard deviation for the limit.",
    look="How does the variance of a uniform distribution depend on its limits?",
)
def glorot_uniform_stddev_as_limit(shape, rng):
    limit = np.sqrt(2.0 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="These are He's limits, sqrt(6 / fan_in): fan_out has no part in them.",
    look="Between which two demands, forward and back, is Glorot's initializer a compromise?",
)
def glorot_uniform_is_he_uniform(shape, rng):
    limit = np.sqrt(6.0 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="You add up all sizes of the shape. That is fan_in + fan_out for a matrix alone: the sizes of a convolution's receptive "
    "field multiply both fans, and a vector (n,) has n and n.",
    look="What are the two fans of a (3, 3, 16, 32) kernel, and what is sum((3, 3, 16, 32))?",
)
def glorot_uniform_adds_up_the_shape(shape, rng):
    limit = np.sqrt(6.0 / max(sum(shape), 1))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="You take the first and the last size for the two fans. Of a convolution's kernel the first one is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def glorot_uniform_of_the_first_and_the_last_size(shape, rng):
    limit = np.sqrt(6.0 / (shape[0] + shape[-1]))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="Your weights lie between 0 and limit: all are positive, so all units of a layer say nearly the same.",
    look="What is the lower end of the interval? Which mean do the weights have?",
)
def glorot_uniform_one_sided(shape, rng):
    return rng.uniform(0.0, np.sqrt(6.0 / sum(compute_fans(shape))), shape)


@misconception(
    exercise="glorot_uniform",
    text="Your limit is 6 / (fan_in + fan_out), which makes the weights of a wide layer far too small.",
    look="The variance of a uniform distribution on ±limit is limit**2 / 3. Which variance does yours give for a (200, 50) "
    "kernel, and which one should it?",
)
def glorot_uniform_without_root(shape, rng):
    limit = 6.0 / sum(compute_fans(shape))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="The root is drawn from the 6 alone and not from the whole quotient, so the weights are far too small.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def glorot_uniform_with_the_root_of_six(shape, rng):
    limit = np.sqrt(6.0) / sum(compute_fans(shape))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="The numbers do not come from rng but from another generator, such as NumPy's global one: the same rng in the same "
    "state gives other numbers each time.",
    look="Look for np.random. in your function: what is rng there for?",
)
def glorot_uniform_from_the_global_generator(shape, rng):
    limit = np.sqrt(6.0 / sum(compute_fans(shape)))
    return np.random.uniform(-limit, limit, shape)


@misconception(
    exercise="glorot_uniform",
    text="You unpack the shape into two numbers, which works for a matrix only: a convolution's kernel has four sizes, a vector one.",
    look="Which function of yours already finds the fans of any shape?",
)
def glorot_uniform_for_matrices_only(shape, rng):
    fan_in, fan_out = shape
    limit = np.sqrt(6.0 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


# --- He -------------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="he_normal",
    text="You divide by fan_out, the number of units, as where a kernel's shape is read as (out, in). On a square kernel this does not "
    "show.",
    look="How many products does one unit add up? Which of its two numbers does compute_fans give first?",
)
def he_normal_of_fan_out(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / compute_fans(shape)[1]) / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="You take the first size for fan in. For a convolution's kernel that is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def he_normal_of_the_first_size(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / shape[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="This is Glorot's variance, 2 / (fan_in + fan_out): the ReLU would halve the signal's power at every square layer.",
    look="On which of the two fans does He's variance depend?",
)
def he_normal_is_glorot_normal(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / sum(compute_fans(shape))) / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="This is LeCun's variance, 1 / fan_in: behind a ReLU the signal fades from layer to layer.",
    look="Which share of the signal's power does a ReLU let through?",
)
def he_normal_is_lecun_normal(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="The weights are far too small, as happens when a variance is passed on as a standard deviation.",
    look="What is 2 / fan_in, and what does the draw take: a variance, or a standard deviation?",
)
def he_normal_variance_as_stddev(shape, rng):
    return truncated_normal(shape, rng, stddev=2.0 / compute_fans(shape)[0] / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="The root is drawn from the 2 alone and not from the whole quotient, so the weights are far too small.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def he_normal_with_the_root_of_two(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0) / compute_fans(shape)[0] / TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="The cut is not corrected for: cutting at two standard deviations leaves 0.8796 of the width, that is 0.774 of the variance.",
    look="Which standard deviation must you start from, so that the right one is left after the cut?",
)
def he_normal_cut_not_corrected(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / compute_fans(shape)[0]))


@misconception(
    exercise="he_normal",
    text="The correction for the cut is upside down: the width is multiplied by 0.8796 where it is divided by it, and the cut narrows it "
    "a second time, to 0.774 of what is due.",
    look="Must you start wider or narrower than the width that is to be left after the cut?",
)
def he_normal_multiplies_by_the_correction(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / compute_fans(shape)[0]) * TRUNCATED_STDDEV)


@misconception(
    exercise="he_normal",
    text="The variance is right, but nothing is cut off: Keras's he_normal is a truncated normal distribution.",
    look="How far out is your largest weight, in standard deviations?",
)
def he_normal_not_truncated(shape, rng):
    return rng.normal(0.0, np.sqrt(2.0 / compute_fans(shape)[0]), shape)


@misconception(
    exercise="he_normal",
    text="You correct for a cut that you do not make: the numbers are normal with the wider standard deviation, a variance of 1.29 times "
    "the right one.",
    look="What belongs together with dividing by 0.8796?",
)
def he_normal_corrected_but_not_cut(shape, rng):
    return rng.normal(0.0, np.sqrt(2.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV, shape)


@misconception(
    exercise="he_normal",
    text="You make a generator with a seed of your own at every call: layers of the same shape start from identical matrices.",
    look="Where does your function use the rng that it is given?",
)
def he_normal_seeds_itself(shape, rng):
    return truncated_normal(shape, np.random.default_rng(1), stddev=np.sqrt(2.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="he_uniform",
    text="This is LeCun's limit, with half of the variance that a ReLU needs.",
    look="The variance of a uniform distribution on ±limit is limit**2 / 3. Which limit gives 2 / fan_in?",
)
def he_uniform_three_for_six(shape, rng):
    limit = np.sqrt(3.0 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="You divide by fan_out, the number of units, as where a kernel's shape is read as (out, in). On a square kernel this does not "
    "show.",
    look="How many products does one unit add up? Which of its two numbers does compute_fans give first?",
)
def he_uniform_of_fan_out(shape, rng):
    limit = np.sqrt(6.0 / compute_fans(shape)[1])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="You take the first size for fan in. For a convolution's kernel that is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def he_uniform_of_the_first_size(shape, rng):
    limit = np.sqrt(6.0 / shape[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="These are Glorot's limits, sqrt(6 / (fan_in + fan_out)).",
    look="On which of the two fans does He's variance depend?",
)
def he_uniform_is_glorot_uniform(shape, rng):
    limit = np.sqrt(6.0 / sum(compute_fans(shape)))
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="You took the standard deviation for the limit.",
    look="How does the variance of a uniform distribution depend on its limits?",
)
def he_uniform_stddev_as_limit(shape, rng):
    limit = np.sqrt(2.0 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="The root is drawn from the 6 alone and not from the whole quotient, so the weights are far too small.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def he_uniform_with_the_root_of_six(shape, rng):
    limit = np.sqrt(6.0) / compute_fans(shape)[0]
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="Your limit is 6 / fan_in, which makes the weights of a wide layer far too small.",
    look="The variance of a uniform distribution on ±limit is limit**2 / 3. Which variance does yours give for fan_in = 200?",
)
def he_uniform_without_root(shape, rng):
    limit = 6.0 / compute_fans(shape)[0]
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="he_uniform",
    text="You draw normal numbers of the right variance: they have tails, and heap up in the middle.",
    look="What is the largest weight that he_uniform may return?",
)
def he_uniform_draws_normal_numbers(shape, rng):
    return rng.normal(0.0, np.sqrt(2.0 / compute_fans(shape)[0]), shape)


@misconception(
    exercise="he_uniform",
    text="You make a generator with a seed of your own at every call: layers of the same shape start from identical matrices.",
    look="Where does your function use the rng that it is given?",
)
def he_uniform_seeds_itself(shape, rng):
    limit = np.sqrt(6.0 / compute_fans(shape)[0])
    return np.random.default_rng(0).uniform(-limit, limit, shape)


# --- LeCun ----------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="lecun_normal",
    text="This is He's variance, 2 / fan_in, which makes up for a ReLU. With SELU or linear layers the signal grows with every layer.",
    look="Which numerator keeps the variance where no activation drops half of it?",
)
def lecun_normal_is_he_normal(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(2.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_normal",
    text="You divide by fan_out, the number of units, as where a kernel's shape is read as (out, in). On a square kernel this does not "
    "show.",
    look="How many products does one unit add up? Which of its two numbers does compute_fans give first?",
)
def lecun_normal_of_fan_out(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / compute_fans(shape)[1]) / TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_normal",
    text="You take the first size for fan in. For a convolution's kernel that is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def lecun_normal_of_the_first_size(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / shape[0]) / TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_normal",
    text="Your standard deviation is 1 / fan_in, which is the variance that is due: the root is missing, or drawn from the 1 "
    "alone.",
    look="What is 1 / fan_in, and what does the draw take: a variance, or a standard deviation?",
)
def lecun_normal_variance_as_stddev(shape, rng):
    return truncated_normal(shape, rng, stddev=1.0 / compute_fans(shape)[0] / TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_normal",
    text="The cut is not corrected for: cutting at two standard deviations leaves 0.8796 of the width, that is 0.774 of the variance.",
    look="Which standard deviation must you start from, so that the right one is left after the cut?",
)
def lecun_normal_cut_not_corrected(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / compute_fans(shape)[0]))


@misconception(
    exercise="lecun_normal",
    text="The correction for the cut is upside down: the width is multiplied by 0.8796 where it is divided by it, and the cut narrows it "
    "a second time, to 0.774 of what is due.",
    look="Must you start wider or narrower than the width that is to be left after the cut?",
)
def lecun_normal_multiplies_by_the_correction(shape, rng):
    return truncated_normal(shape, rng, stddev=np.sqrt(1.0 / compute_fans(shape)[0]) * TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_normal",
    text="The variance is right, but nothing is cut off: Keras's lecun_normal is a truncated normal distribution.",
    look="How far out is your largest weight, in standard deviations?",
)
def lecun_normal_not_truncated(shape, rng):
    return rng.normal(0.0, np.sqrt(1.0 / compute_fans(shape)[0]), shape)


@misconception(
    exercise="lecun_normal",
    text="You clip at two standard deviations instead of drawing again, so 4.6% of the weights sit exactly at the limit, and the correction "
    "by 0.8796 is the wrong one for what is left.",
    look="How many of your weights are exactly equal to the largest?",
)
def lecun_normal_clips(shape, rng):
    stddev = np.sqrt(1.0 / compute_fans(shape)[0]) / TRUNCATED_STDDEV
    return np.clip(rng.normal(0.0, stddev, shape), -2.0 * stddev, 2.0 * stddev)


@misconception(
    exercise="lecun_normal",
    text="You unpack the shape into two numbers, which works for a matrix only: a convolution's kernel has four sizes, a vector one.",
    look="Which function of yours already finds the fans of any shape?",
)
def lecun_normal_for_matrices_only(shape, rng):
    fan_in, fan_out = shape
    return truncated_normal((fan_in, fan_out), rng, stddev=np.sqrt(1.0 / fan_in) / TRUNCATED_STDDEV)


@misconception(
    exercise="lecun_uniform",
    text="You took the standard deviation for the limit: the variance is a third of what it should be.",
    look="How does the variance of a uniform distribution depend on its limits?",
)
def lecun_uniform_stddev_as_limit(shape, rng):
    limit = np.sqrt(1.0 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="The root is drawn from the 3 alone and not from the whole quotient, so the weights are far too small.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def lecun_uniform_with_the_root_of_three(shape, rng):
    limit = np.sqrt(3.0) / compute_fans(shape)[0]
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="Your limit is 3 / fan_in, which makes the weights of a wide layer far too small.",
    look="The variance of a uniform distribution on ±limit is limit**2 / 3. Which variance does yours give for fan_in = 200?",
)
def lecun_uniform_without_root(shape, rng):
    limit = 3.0 / compute_fans(shape)[0]
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="This is He's limit, sqrt(6 / fan_in), with twice the variance that it should have.",
    look="Which variance do you want, and which limit does limit**2 / 3 then ask for?",
)
def lecun_uniform_is_he_uniform(shape, rng):
    limit = np.sqrt(6.0 / compute_fans(shape)[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="You divide by fan_out, the number of units, as where a kernel's shape is read as (out, in). On a square kernel this does not "
    "show.",
    look="How many products does one unit add up? Which of its two numbers does compute_fans give first?",
)
def lecun_uniform_of_fan_out(shape, rng):
    limit = np.sqrt(3.0 / compute_fans(shape)[1])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="You take the first size for fan in. For a convolution's kernel that is its height.",
    look="Which function of yours already finds the fans of any shape?",
)
def lecun_uniform_of_the_first_size(shape, rng):
    limit = np.sqrt(3.0 / shape[0])
    return rng.uniform(-limit, limit, shape)


@misconception(
    exercise="lecun_uniform",
    text="The numbers do not come from rng but from another generator, such as NumPy's global one: the same rng in the same "
    "state gives other numbers each time.",
    look="Look for np.random. in your function: what is rng there for?",
)
def lecun_uniform_from_the_global_generator(shape, rng):
    limit = np.sqrt(3.0 / compute_fans(shape)[0])
    return np.random.uniform(-limit, limit, shape)


# --- symmetry -------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="two_layer_loss",
    text="You add up the squared errors and do not divide: with N rows and D outputs the loss is N * D times too large.",
    look="Which two numbers stand in the denominator of the formula?",
)
def loss_is_a_sum(x, targets, kernel, output_kernel):
    return float(np.sum((np.tanh(x @ kernel) @ output_kernel - targets) ** 2))


@misconception(
    exercise="two_layer_loss",
    text="You divide by the batch size only.",
    look="Over how many numbers do you sum?",
)
def loss_divided_by_the_batch_only(x, targets, kernel, output_kernel):
    return float(np.sum((np.tanh(x @ kernel) @ output_kernel - targets) ** 2) / len(x))


@misconception(
    exercise="two_layer_loss",
    text="There is no tanh in the hidden layer, so that the two layers are one linear layer.",
    look="What stands between the two matrix products in the formula?",
)
def loss_without_tanh(x, targets, kernel, output_kernel):
    return float(np.mean((x @ kernel @ output_kernel - targets) ** 2))


@misconception(
    exercise="two_layer_loss",
    text="You apply tanh to the output as well, so that it could never reach a target beyond 1.",
    look="What is applied to H V in the formula?",
)
def loss_bends_the_output(x, targets, kernel, output_kernel):
    return float(np.mean((np.tanh(np.tanh(x @ kernel) @ output_kernel) - targets) ** 2))


@misconception(
    exercise="two_layer_loss",
    text="Your loss is half as large as it should be, as in texts that want the 2 of the derivative to cancel.",
    look="Compare your loss for one single error of 2 with the formula's.",
)
def loss_is_halved(x, targets, kernel, output_kernel):
    return float(np.mean((np.tanh(x @ kernel) @ output_kernel - targets) ** 2) / 2)


@misconception(
    exercise="train_two_layers",
    text="The arrays that you are given are changed, as by -=, which works in place, on the caller's kernels.",
    look="Do kernel and the array that was passed share memory when you subtract?",
)
def train_changes_the_given_kernels(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    for _ in range(steps):
        hidden = np.tanh(x @ kernel)
        error = 2.0 * (hidden @ output_kernel - targets) / targets.size
        output_gradient = hidden.T @ error
        gradient = x.T @ ((error @ output_kernel.T) * (1.0 - hidden**2))
        kernel -= learning_rate * gradient
        output_kernel -= learning_rate * output_gradient
    return kernel, output_kernel


@misconception(
    exercise="train_two_layers",
    text="After no steps at all you hand back the arrays that you were given: kernel = kernel - ... makes a new one in the loop, "
    "and the loop has not run.",
    look="Which line makes the new arrays, and how often does it run where steps is 0?",
)
def train_makes_new_arrays_in_the_loop_alone(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate, steps) if steps else (kernel, output_kernel)


@misconception(
    exercise="train_two_layers",
    text="You update the output kernel first and then carry the error back through the new one.",
    look="Through which output kernel did the signal go forward: the old one, or the new one?",
)
def train_goes_back_through_updated_weights(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    kernel, output_kernel = kernel.copy(), output_kernel.copy()
    for _ in range(steps):
        hidden = np.tanh(x @ kernel)
        error = 2.0 * (hidden @ output_kernel - targets) / targets.size
        output_kernel -= learning_rate * (hidden.T @ error)
        kernel -= learning_rate * (x.T @ ((error @ output_kernel.T) * (1.0 - hidden**2)))
    return kernel, output_kernel


@misconception(
    exercise="train_two_layers",
    text="On the way back you treat the hidden layer as a linear one.",
    look="Which factor does the chain rule add where the signal passed through tanh?",
)
def train_forgets_the_derivative_of_tanh(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate, steps, bent=lambda z, h: 1.0)


@misconception(
    exercise="train_two_layers",
    text="Your derivative of tanh is 1 - H, where H is the activation.",
    look="Write the derivative of tanh in terms of tanh. Can it be larger than 1?",
)
def train_derivative_without_the_square(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate, steps, bent=lambda z, h: 1.0 - h)


@misconception(
    exercise="train_two_layers",
    text="You feed the activation into tanh once more to get its derivative: tanh'(x K) became tanh' of tanh(x K).",
    look="At which number is the derivative taken: at the input of tanh or at its output?",
)
def train_derivative_at_the_activation(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate, steps, bent=lambda z, h: 1.0 - np.tanh(h) ** 2)


@misconception(
    exercise="train_two_layers",
    text="You go uphill: the loss grows with every step.",
    look="In which direction from the gradient does the loss fall?",
)
def train_adds_the_gradient(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, -learning_rate, steps)


@misconception(
    exercise="train_two_layers",
    text="Each step is half as long as it should be.",
    look="What is the derivative of (y - t)**2 with respect to y?",
)
def train_without_the_two(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate / 2, steps)


@misconception(
    exercise="train_two_layers",
    text="Your gradient is divided by the batch size only: with D outputs the step is D times too long.",
    look="Over how many squared errors does the loss take its mean?",
)
def train_divides_by_the_batch_only(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate * targets.shape[1], steps)


@misconception(
    exercise="train_two_layers",
    text="You take a single step, whatever the number of steps is.",
    look="Where does steps stand in your function? Is the return inside the loop?",
)
def train_takes_one_step(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate, 1)


@misconception(
    exercise="train_two_layers",
    text="The gradient is computed once, before the loop, and subtracted again and again.",
    look="At which weights should the gradient of the second step be taken?",
)
def train_keeps_the_first_gradient(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    return _train(x, targets, kernel, output_kernel, learning_rate * steps, 1)


@misconception(
    exercise="train_two_layers",
    text="Only the output kernel is trained; the first kernel stays where it began.",
    look="Compare the kernel that you return with the one that you were given. How many arrays does a step have to change?",
)
def train_moves_the_output_kernel_only(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    output_kernel = output_kernel.copy()
    for _ in range(steps):
        hidden = np.tanh(x @ kernel)
        output_kernel -= learning_rate * (hidden.T @ (2.0 * (hidden @ output_kernel - targets) / targets.size))
    return kernel.copy(), output_kernel


def _train(x, targets, kernel, output_kernel, learning_rate, steps, bent=lambda z, h: 1.0 - h**2):
    for _ in range(steps):
        hidden = np.tanh(x @ kernel)
        error = 2.0 * (hidden @ output_kernel - targets) / targets.size
        gradient = x.T @ ((error @ output_kernel.T) * bent(x @ kernel, hidden))
        kernel, output_kernel = kernel - learning_rate * gradient, output_kernel - learning_rate * (hidden.T @ error)
    return kernel.copy(), output_kernel.copy()


# --- signal propagation ---------------------------------------------------------------------------------------------------


def _bend(activation, z):
    return {"linear": z, "relu": np.maximum(z, 0.0), "tanh": np.tanh(z)}[activation]


@misconception(
    exercise="signal_propagation",
    text="You measure before the activation.",
    look="Of which array does the docstring want the standard deviation: z, or f(z)?",
)
def signal_measured_before_the_activation(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        deviations.append((x @ kernel).std())
        x = _bend(activation, x @ kernel)
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="Every kernel sees the same x: the layers stand side by side, and nothing passes from one to the next.",
    look="What is the input of the second layer? With unequal widths your shapes do not even fit.",
)
def signal_never_passed_on(x, kernels, activation="linear"):
    return np.array([_bend(activation, x @ kernel).std() for kernel in kernels], dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You take a standard deviation for each unit over the batch and average these: differences between units do not "
    "count then.",
    look="Which axis does your std run along, and which does the docstring ask for?",
)
def signal_averaged_over_units(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(x.std(axis=0).mean())
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You take a standard deviation for each example over its units and average these: differences between examples do not "
    "count then.",
    look="Which axis does your std run along, and which does the docstring ask for?",
)
def signal_averaged_over_examples(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(x.std(axis=1).mean())
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You divide by one less than the number of activations, as one does to estimate from a sample.",
    look="Look for ddof, or for n - 1. By which number does the docstring's standard deviation divide?",
)
def signal_with_sample_deviation(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(np.sqrt(((x - x.mean()) ** 2).sum() / max(x.size - 1, 1)))
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You return variances.",
    look="Which of np.std and np.var does the docstring ask for?",
)
def signal_as_variance(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(x.var())
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You take the root of the mean square. For activations whose mean is not 0, such as ReLU's, that is more than the "
    "standard deviation.",
    look="What is the difference between E[a**2] and the variance?",
)
def signal_as_root_mean_square(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(np.sqrt(np.mean(x**2)))
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="The first number is that of the input: there is one more than there are layers.",
    look="How long is your answer, and how many kernels were passed?",
)
def signal_begins_with_the_input(x, kernels, activation="linear"):
    deviations = [x.std()]
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(x.std())
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="The activation bends what you measure, but not what goes on: the next layer is given the pre-activation.",
    look="What does the next layer receive: z, or f(z)?",
)
def signal_passes_on_the_preactivation(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = x @ kernel
        deviations.append(_bend(activation, x).std())
    return np.array(deviations, dtype=np.float64)


@misconception(
    exercise="signal_propagation",
    text="You return a Python list.",
    look="What does the docstring say under Returns?",
)
def signal_as_a_list(x, kernels, activation="linear"):
    deviations = []
    for kernel in kernels:
        x = _bend(activation, x @ kernel)
        deviations.append(float(x.std()))
    return deviations


@misconception(
    exercise="signal_theory",
    text="You return variances.",
    look="What does the docstring promise for each layer: a variance, or a standard deviation? How does input_std enter?",
)
def theory_of_the_variance(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    layers = np.arange(1, depth + 1)
    if activation == "relu":
        return input_std**2 * (fan_in * weight_variance / 2.0) ** layers * (1.0 - 1.0 / np.pi)
    return input_std**2 * float(fan_in * weight_variance) ** layers


@misconception(
    exercise="signal_theory",
    text="Behind ReLUs your signal changes from layer to layer by the same factor as behind linear layers.",
    look="Which share of the mean square is left when all negative numbers become 0?",
)
def theory_without_the_relus_half(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    layers = np.arange(1, depth + 1)
    factor = 1.0 - 1.0 / np.pi if activation == "relu" else 1.0
    return input_std * np.sqrt(float(fan_in * weight_variance) ** layers * factor)


@misconception(
    exercise="signal_theory",
    text="For the ReLU you give the root of the mean square.",
    look="What is E[a] for a ReLU, and what does it take from E[a**2]?",
)
def theory_of_the_root_mean_square(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    gain = fan_in * weight_variance / (2.0 if activation == "relu" else 1.0)
    return input_std * np.sqrt(float(gain) ** np.arange(1, depth + 1))


@misconception(
    exercise="signal_theory",
    text="You start counting at 0: before the first number the signal has passed through no layer, and the last layer is "
    "missing.",
    look="Through how many layers has the signal passed when the first number is taken?",
)
def theory_counts_from_zero(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    layers = np.arange(depth)
    if activation == "relu":
        return input_std * np.sqrt((fan_in * weight_variance / 2.0) ** layers * (1.0 - 1.0 / np.pi))
    return input_std * np.sqrt(float(fan_in * weight_variance) ** layers)


@misconception(
    exercise="signal_theory",
    text="You took weight_variance for a standard deviation and squared it.",
    look="Which power of weight_variance does the variance of a sum of fan_in products have?",
)
def theory_squares_the_variance(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    layers = np.arange(1, depth + 1)
    if activation == "relu":
        return input_std * np.sqrt((fan_in * weight_variance**2 / 2.0) ** layers * (1.0 - 1.0 / np.pi))
    return input_std * np.sqrt(float(fan_in * weight_variance**2) ** layers)


@misconception(
    exercise="signal_theory",
    text="You treat the activations after a ReLU as if their mean were 0: you pass their standard deviation on to the next "
    "layer.",
    look="For a sum of products w * a, which moment of a counts: its variance, or E[a**2]?",
)
def theory_passes_on_the_variance(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    gain = fan_in * weight_variance * (0.5 * (1.0 - 1.0 / np.pi) if activation == "relu" else 1.0)
    return input_std * np.sqrt(float(gain) ** np.arange(1, depth + 1))


@misconception(
    exercise="signal_theory",
    text="input_std has no say in your answers.",
    look="What comes out of a linear layer if its input is doubled? Where does input_std stand in your function?",
)
def theory_forgets_the_input(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    layers = np.arange(1, depth + 1)
    if activation == "relu":
        return np.sqrt((fan_in * weight_variance / 2.0) ** layers * (1.0 - 1.0 / np.pi))
    return np.sqrt(float(fan_in * weight_variance) ** layers)
