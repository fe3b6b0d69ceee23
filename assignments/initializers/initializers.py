# %% [markdown]
# # Initializers
#
# **What you will be able to do:** draw weights of the right size, say why from the variance of a sum, and predict a signal's
# fate in a deep network.
#
# **What you need:** mean and variance of sums of independent numbers, [layers](../layers/handout.md).
#
# **How long it takes:** four to five hours, with the reading.
#
# Gradient descent needs a place to start. The biases may start at 0, but the kernels (the weight matrices) may not: units that
# start alike stay alike. So kernels start at random, and how large the random numbers are decides whether a signal survives
# twenty layers or vanishes, or explodes, on the way.
#
# Every initializer here takes a `shape`, a tuple of ints, and returns a new float64 array of that shape. A Dense kernel has
# the shape `(fan_in, fan_out)`: a row for each input, a column for each unit. The random ones also take `rng`, a
# `numpy.random.Generator`, and draw from that alone: `rng.normal`, `rng.uniform`, ... but never `np.random.normal`, and never
# a generator with a seed of their own. A generator goes on from where it stands, so two layers that are initialised from one
# `rng` get different numbers, and the same `rng` in the same state gives the same numbers again.

# %%
"""Initializers: where the weights start, and what becomes of a signal that passes through twenty such layers."""

import numpy as np

# Standard deviation of a standard normal distribution that is cut off at -2 and +2. Keras divides by it.
TRUNCATED_STDDEV = 0.87962566103423978

# %% [markdown]
# ## Zeros, ones, constant
# Biases start at 0, a batch normalization's scale at 1. For kernels neither is of use, as you will see below.
#
# **Try it:** print the dtype of `np.full((2, 2), 3)` and of `np.broadcast_to(3.0, (2, 2))`, and try to write into the second.


# %%
def zeros(shape):
    """All zeros.

    Args:
        shape: tuple of ints, any number of axes.

    Returns:
        new float64 array of this shape.

    >>> zeros((1, 3)).tolist()
    [[0.0, 0.0, 0.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def ones(shape):
    """All ones.

    Args:
        shape: tuple of ints, any number of axes.

    Returns:
        new float64 array of this shape.

    >>> ones((2, 1)).tolist()
    [[1.0], [1.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def constant(shape, value=0.0):
    """The same number everywhere.

    Args:
        shape: tuple of ints, any number of axes.
        value: the number, an int or a float.

    Returns:
        new float64 array of this shape, whatever the type of value; it can be written to.

    >>> constant((2, 2), 3).tolist()
    [[3.0, 3.0], [3.0, 3.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Random numbers of a given size
# | initializer | distribution | variance | mean of $z^4$ |
# | --- | --- | --- | --- |
# | `random_normal` | normal, mean $\mu$, standard deviation $\sigma$ | $\sigma^2$ | 3 |
# | `random_uniform` | uniform on $[a, b)$ | $(b - a)^2 / 12$ | 1.8 |
# | `truncated_normal` | normal, but within $2\sigma$ of $\mu$ | $(0.8796\,\sigma)^2 = 0.7737\,\sigma^2$ | 2.37 |
#
# The last column is a fingerprint of the shape: $z$ stands for the numbers after their mean is subtracted and they are divided
# by their own standard deviation. Note that NumPy's `normal` wants the standard deviation, not the variance.
#
# A normal distribution has tails, and now and then a weight far out in them saturates its unit for good. Truncation *draws
# again* whatever lies beyond two standard deviations, until nothing does. It does not move it to the edge (`np.clip` would
# heap 4.6% of the weights there). What is left is narrower than what we started from: of $\sigma = 0.05$ there remains
# $0.0440$. Keras's `TruncatedNormal` leaves it at that, so `stddev` is the one *before* the cut.
#
# ![Histograms of three kinds of weights with Keras's defaults. The normal ones have tails and standard deviation 0.05, the
# truncated ones end at 0.1 with standard deviation 0.044, the uniform ones end at 0.05 with standard deviation
# 0.029.](figures/distributions.svg)
#
# **Try it:** draw a million standard normal numbers. Which share lies beyond 2? Compare the standard deviation of those within
# 2 with that of all of them after `np.clip(z, -2, 2)`.


# %%
def random_normal(shape, rng, mean=0.0, stddev=0.05):
    """Normally distributed numbers.

    Args:
        shape: tuple of ints, any number of axes.
        rng: numpy.random.Generator that all numbers come from.
        mean: mean of the distribution.
        stddev: standard deviation of the distribution.

    Returns:
        new float64 array of this shape.

    >>> random_normal((2, 3), np.random.default_rng(0)).shape
    (2, 3)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def random_uniform(shape, rng, minval=-0.05, maxval=0.05):
    """Uniformly distributed numbers, ``minval <= w < maxval``.

    Args:
        shape: tuple of ints, any number of axes.
        rng: numpy.random.Generator that all numbers come from.
        minval: lower end.
        maxval: upper end.

    Returns:
        new float64 array of this shape.

    >>> w = random_uniform((4, 5), np.random.default_rng(0), minval=2.0, maxval=3.0)
    >>> bool(w.min() >= 2.0 and w.max() < 3.0)
    True
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def truncated_normal(shape, rng, mean=0.0, stddev=0.05):
    """Normally distributed numbers, of which those further than ``2 * stddev`` from the mean are drawn again until none is.

    Args:
        shape: tuple of ints, any number of axes.
        rng: numpy.random.Generator that all numbers come from.
        mean: mean of the distribution.
        stddev: standard deviation **before** the cut; afterwards it is 0.8796 times that, as in Keras.

    Returns:
        new float64 array of this shape, entries in [mean - 2 * stddev, mean + 2 * stddev].

    >>> w = truncated_normal((30, 40), np.random.default_rng(0), stddev=1.0)
    >>> bool(np.abs(w).max() <= 2.0)
    True
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Fan in, fan out
# How large should the weights be? A unit adds up `fan_in` products, so its variance is `fan_in` times that of one: it depends
# on the number of its inputs. On the way back, each input collects gradients from `fan_out` units.
#
# For a kernel of shape `(in, out)` these are simply its two sizes. A convolution's kernel has the shape `(height, width, in,
# out)`, and a unit sees `height * width` places of each input channel, the *receptive field*: a kernel `(3, 3, 16, 32)` has
# fan in $3 \cdot 3 \cdot 16 = 144$ and fan out $3 \cdot 3 \cdot 32 = 288$.
#
# As a formula, for a unit with the inputs $x_i$ and the weights $w_i$, independent and with mean 0,
#
# $$\mathrm{Var}\Bigl[\sum_{i=1}^{n_{in}} w_i x_i\Bigr] = n_{in}\,\mathrm{Var}[w]\,\mathrm{Var}[x].$$
#
# **Try it:** which fans has a kernel of shape `(5, 5, 3, 8)`? How many numbers does one of its units add up?


# %%
def compute_fans(shape):
    """Number of inputs and of outputs that a kernel of this shape connects.

    Args:
        shape: tuple of ints. For ``()`` both fans are 1, for ``(n,)`` both are n, for ``(in, out)`` they are in and out.
            With more axes, ``(..., in, out)``, the sizes before the last two multiply to the receptive field, and in and out
            are each multiplied by that.

    Returns:
        tuple ``(fan_in, fan_out)`` of two ints.

    >>> compute_fans((784, 300))
    (784, 300)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Glorot, He, LeCun
# All three ask that the variance of the signal stay the same from layer to layer, and answer with a variance for the weights:
#
# | | variance of the weights | made for |
# | --- | --- | --- |
# | LeCun | $1 / n_{in}$ | SELU; linear layers |
# | Glorot | $2 / (n_{in} + n_{out}) = 1 / n_{avg}$ | tanh, sigmoid, softmax: a compromise between forward and back |
# | He | $2 / n_{in}$ | ReLU and its kin, which drop half of the signal's power |
#
# Each comes in two forms with the same variance $s$. The **uniform** one is uniform on $[-\ell, \ell)$; as the variance of
# that is $\ell^2 / 3$, the limit is $\ell = \sqrt{3 s}$. Glorot's is therefore $\sqrt{6 / (n_{in} + n_{out})}$. The **normal**
# one is a *truncated* normal distribution, cut off at 2 standard deviations and then **corrected**: since cutting narrows it
# to 0.8796 times its width, one starts from the standard deviation $\sqrt{s} / 0.8796$, so that $s$ is the variance *after*
# the cut. No weight is then larger than $2 \sqrt{s} / 0.8796 = 2.274 \sqrt{s}$.
#
# An example: a kernel of shape `(200, 50)`. He has the variance $2/200 = 0.01$, a standard deviation of $0.1$, and uniform
# limits of $\pm 0.1732$. With fan out in place of fan in it would be $0.04$, and Glorot's is $2/250 = 0.008$. For a square
# kernel the mix-up would not show.
#
# ![The standard deviation of ReLU activations through layers that narrow from 512 to 16 units. With He's variance by fan in it
# stays near 0.8; by fan out it grows at every layer, to about seven.](figures/fans.svg)
#
# **Try it:** print the standard deviation of `he_normal((200, 50), rng)` and of `he_normal((50, 200), rng)`, and the largest
# weight of each divided by it.


# %%
def glorot_normal(shape, rng):
    """Glorot's (Xavier's) initializer, truncated normal: mean 0, variance ``2 / (fan_in + fan_out)``.

    The distribution is cut off at two of its standard deviations, and this variance is the one after the cut: the standard
    deviation before the cut is ``sqrt(2 / (fan_in + fan_out)) / TRUNCATED_STDDEV``.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape.

    References:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep feedforward neural networks.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def glorot_uniform(shape, rng):
    """Glorot's (Xavier's) initializer, uniform: mean 0, variance ``2 / (fan_in + fan_out)``. Keras's default for kernels.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape, entries between ``-limit`` and ``limit = sqrt(6 / (fan_in + fan_out))``.

    References:
        Glorot and Bengio, 2010, Understanding the difficulty of training deep feedforward neural networks.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def he_normal(shape, rng):
    """He's initializer, truncated normal: mean 0, variance ``2 / fan_in`` after the cut at two standard deviations.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape.

    References:
        He et al., 2015, arXiv:1502.01852.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def he_uniform(shape, rng):
    """He's initializer, uniform on ``[-limit, limit)``: mean 0, variance ``2 / fan_in``.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape.

    References:
        He et al., 2015, arXiv:1502.01852.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def lecun_normal(shape, rng):
    """LeCun's initializer, truncated normal: mean 0, variance ``1 / fan_in`` after the cut at two standard deviations.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape.

    References:
        LeCun et al., 1998, Efficient BackProp; Klambauer et al., 2017, arXiv:1706.02515, who pair it with SELU.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def lecun_uniform(shape, rng):
    """LeCun's initializer, uniform on ``[-limit, limit)``: mean 0, variance ``1 / fan_in``.

    Args:
        shape: tuple of ints; the fans are those of :func:`compute_fans`.
        rng: numpy.random.Generator that all numbers come from.

    Returns:
        new float64 array of this shape.

    References:
        LeCun et al., 1998, Efficient BackProp.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Why not start from a constant?
# Take a network with one hidden layer and no biases,
#
# $$H = \tanh(X K), \qquad Y = H V, \qquad L = \frac{1}{N D} \sum_{i, j} (Y_{ij} - T_{ij})^2,$$
#
# with $X$ of shape $(N, F)$, the kernel $K$ $(F, U)$, the output kernel $V$ $(U, D)$ and the targets $T$ $(N, D)$. Its
# gradients are, with $E = 2 (Y - T) / (N D)$,
#
# $$\frac{\partial L}{\partial V} = H^T E, \qquad \frac{\partial L}{\partial K} = X^T \big[(E V^T) \odot (1 - H^2)\big].$$
#
# If all columns of $K$ are equal, so are all columns of $H$. If all rows of $V$ are equal as well, every unit gets the same
# gradient: after the step the columns are equal again, and so on for ever. The layer of $U$ units is worth one unit. Starting
# from zeros is worse still: with $H = 0$ and $V = 0$ both gradients are exactly 0, and nothing moves at all. It takes random
# numbers in one of the two kernels to tell the units apart. (Both gradients belong to the weights *before* the step: take both
# first, then update both.)
#
# A number to try: $x = 1$, target 2, $K = (0.5, 0.5)$ and $V = (0.5, 0.5)^T$. Then $H = (0.462, 0.462)$, $Y = 0.462$ and $E =
# -3.076$; both entries of the gradient for $V$ are $-1.421$, both for $K$ are $-1.538 \cdot 0.786 = -1.209$.
#
# ![The first weight of four hidden units over two hundred steps. From equal weights all four lines are one line; from random
# weights the four go ways of their own.](figures/symmetry.svg)
#
# **Try it:** start from a constant, but make one entry of $K$ larger by 0.001, and train for 2000 steps. Does the unit get
# away from the others?


# %%
def two_layer_loss(x, targets, kernel, output_kernel):
    """Mean squared error of the network ``tanh(x @ kernel) @ output_kernel``, the mean taken over batch and outputs.

    Args:
        x: float64 array (batch, features).
        targets: float64 array (batch, outputs).
        kernel: float64 array (features, units).
        output_kernel: float64 array (units, outputs).

    Returns:
        float.

    >>> x, targets = np.array([[1.0]]), np.array([[2.0]])
    >>> two_layer_loss(x, targets, np.zeros((1, 1)), np.zeros((1, 1)))
    4.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train_two_layers(x, targets, kernel, output_kernel, learning_rate=0.1, steps=1):
    """Gradient descent on :func:`two_layer_loss` for both kernels, the whole batch at every step.

    Args:
        x: float64 array (batch, features).
        targets: float64 array (batch, outputs).
        kernel: float64 array (features, units) to start from; it is not changed.
        output_kernel: float64 array (units, outputs) to start from; it is not changed.
        learning_rate: factor of the gradient in every step.
        steps: number of steps, 0 or more.

    Returns:
        tuple ``(kernel, output_kernel)`` of new arrays: the kernels after the last step.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A signal through twenty layers
# Push a batch through a stack of layers, $A_l = f(A_{l-1} W_l)$, and write down the standard deviation of the activations
# after each of them. If a layer multiplies it by 0.4, twenty layers leave $0.4^{20} \approx 10^{-8}$ of it.
#
# Theory predicts it. Let the weights have mean 0 and variance $v$, and be independent of what they are multiplied with. A unit
# adds up $n$ = fan in products, so the pre-activation $z$ has mean 0 and
#
# $$\mathrm{E}[z_l^2] = n\,v\,\mathrm{E}[a_{l-1}^2].$$
#
# * **linear**: $a = z$, so each layer multiplies the variance by $n v$, and the standard deviation by $\sqrt{n v}$. LeCun's $v
#   = 1/n$ makes this 1.
# * **ReLU**: for a normally distributed $z$, half of the mean square is lost, $\mathrm{E}[a^2] = \frac12 \mathrm{E}[z^2]$, so
#   each layer multiplies the mean square by $n v / 2$. He's $v = 2/n$ makes this 1. The activations no longer have mean 0,
#   though: $\mathrm{E}[a] = \sqrt{\mathrm{E}[z^2] / 2\pi}$, so their variance, $\mathrm{E}[a^2] - \mathrm{E}[a]^2$, is $(1 -
#   1/\pi)\,\mathrm{E}[a^2]$.
#
# For inputs with mean 0 and standard deviation 1, He and ReLU, that is $\sqrt{1 - 1/\pi} = 0.826$ after every layer. With
# Glorot on square kernels, $n v / 2 = \frac12$: after 20 layers $0.826 \cdot 2^{-10} = 0.0008$.
#
# **Try it:** when both functions below are written, plot one against the other in the notebook:
#
# ```python
# import matplotlib.pyplot as plt
#
# width, rng = 256, np.random.default_rng(1)
# x = rng.standard_normal((500, width))
# variances = {random_normal: 0.05**2, glorot_normal: 1 / width, he_normal: 2 / width, lecun_uniform: 1 / width}
# for initializer, variance in variances.items():
#     kernels = [initializer((width, width), rng) for _ in range(20)]
#     plt.semilogy(signal_propagation(x, kernels, "relu"), "o", label=initializer.__name__)
#     plt.semilogy(signal_theory(variance, width, 20, "relu"))
# plt.xlabel("layer"); plt.ylabel("standard deviation of the activations"); plt.legend()
# ```
#
# The dots wander about their line: the deeper the network and the narrower its layers, the further. Try a width of 16.
#
# ![The standard deviation of ReLU activations through twenty layers, measured and predicted. He's initializer keeps it near
# 0.8; Glorot's lets it fall to a thousandth, and a normal distribution of width 0.05 to a hundred
# thousandth.](figures/propagation.svg)
#
# Too large weights do harm of another kind where the activation is bounded: the units saturate, and a saturated unit has a
# derivative of almost 0.
#
# ![Histograms of tanh activations in layers 1, 5 and 20. With too small weights all are almost zero by layer 5. With
# glorot_normal they keep a width. With too large weights nearly all are minus one or one in every
# layer.](figures/saturation.svg)


# %%
def signal_propagation(x, kernels, activation="linear"):
    """Standard deviation of the activations after each layer ``activation(inputs @ kernel)`` of a stack without biases.

    Args:
        x: float64 array (batch, features), the input of the first layer.
        kernels: list of float64 arrays (fan_in, fan_out), one a layer; each layer's fan_out is the next one's fan_in.
        activation: "linear", "relu" or "tanh"; every layer has it.

    Returns:
        float64 array (len(kernels),): for each layer the standard deviation of all its activations together, over batch and
        units, with their own mean subtracted, divided by their number (``np.std``).

    >>> x = np.array([[1.0, -1.0]])
    >>> signal_propagation(x, [2.0 * np.eye(2), 3.0 * np.eye(2)]).tolist()
    [2.0, 6.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def signal_theory(weight_variance, fan_in, depth=20, activation="linear", input_std=1.0):
    """What theory predicts for :func:`signal_propagation` in wide layers with random weights of mean 0.

    Args:
        weight_variance: variance of the weights, the same in every layer.
        fan_in: number of inputs of every layer.
        depth: number of layers, 0 or more.
        activation: "linear" or "relu".
        input_std: standard deviation of the first layer's inputs, whose mean is 0.

    Returns:
        float64 array (depth,): the standard deviation of the activations after each layer. For the ReLU it is
        ``sqrt(1 - 1/pi)`` times the root of their mean square.

    >>> signal_theory(0.04, 100, depth=3).round(12).tolist()
    [2.0, 4.0, 8.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## In the end: digits on their way through twenty layers
# The theory speaks of normal numbers. These are real images, scikit-learn's handwritten digits, standardized, on their way
# through twenty layers of 64 units with the ReLU. What is left of them at the end decides whether training can begin:
#
# ```python
# from sklearn.datasets import load_digits
#
# x = load_digits().data
# x = (x - x.mean()) / x.std()
# for initializer in (random_normal, lecun_normal, glorot_uniform, he_normal, he_uniform):
#     rng = np.random.default_rng(0)
#     kernels = [initializer((64, 64), rng) for _ in range(20)]
#     print(f"{initializer.__name__:14} {signal_propagation(x, kernels, 'relu')[-1]:.1e}")
# ```
#
# ```text
# random_normal  3.1e-12
# lecun_normal   3.3e-04
# glorot_uniform 7.4e-04
# he_normal      3.4e-01
# he_uniform     7.5e-01
# ```
#
# He's rule was made for the ReLU, and keeps the size. What LeCun's and Glorot's lose, a factor of $\sqrt 2$ a layer, comes to
# a thousand in twenty layers.
