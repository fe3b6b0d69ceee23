# %% [markdown]
# # Gradient descent: one neuron, by hand
#
# **What you will be able to do:** measure a slope, take steps against it, train a neuron on a line and on two classes, and say
# how good it is.
#
# **What you need:** derivatives of one variable, sums, vectors and a little NumPy.
#
# **How long it takes:** five to seven hours, with the reading.
#
# A neuron multiplies its inputs by weights, adds them up, and bends the sum. It learns by a single idea: see in which
# direction the error grows, and take a small step **the other way**. This assignment builds all of it for one neuron. Whatever
# comes later, with millions of weights, is the same idea with more bookkeeping.
#
# Every function here takes float64 arrays or numbers and gives back **new** ones; what it is given stays as it was. A batch
# of examples is `(batch, features)`, one example a row. One neuron gives one number for each example, so labels, logits and
# probabilities are vectors of shape `(batch,)`, not columns `(batch, 1)`.

# %%
"""Gradient descent: one neuron, its error, the gradient, and the steps that make it learn."""

import numpy as np

# %% [markdown]
# ## Step functions
# The first artificial neurons answered yes or no: 1 if the weighted sum reaches a threshold, else 0 (Heaviside's step), or
# 1 and -1 (the sign). With the threshold at 0,
#
# $$\mathrm{heaviside}(x) = \begin{cases} 0 & x < 0 \\ h_0 & x = 0 \\ 1 & x > 0 \end{cases} \qquad
# \mathrm{sign}(x) = \begin{cases} -1 & x < 0 \\ 0 & x = 0 \\ 1 & x > 0 \end{cases}$$
#
# **At 0** texts differ, so a program has to say what it does. The conventions here are NumPy's: `heaviside` takes its value at
# 0 as an argument, `h0`, which is 1 unless given (the threshold is then reached by being equal to it), and `sign(0)` is 0. In
# floating point there is also `-0.0`; it equals 0 and is treated as 0.
#
# **Why no step functions in a network that learns?** Their derivative is 0 everywhere except at the threshold, where there is
# none. Move a weight a little: almost surely no output changes, so the error does not change, so the gradient is 0, and a step
# along it stands still, however wrong the neuron is. A sigmoid is a step with a slope: it answers every small change of a
# weight with a small change of its output, and that is what makes learning possible.
#
# ![Left, a step from zero to one, and the sigmoid, which rises smoothly from zero to one. Right, their slopes: the step's is
# zero everywhere, the sigmoid's is a low hill around zero.](figures/step_functions.svg)
#
# **Try it:** take `numerical_gradient` (below) of `lambda w: np.sum((heaviside(x @ w) - y) ** 2)` for any data. What do you
# get, and what with a sigmoid in place of the step?


# %%
def heaviside(x, h0=1.0):
    """Heaviside's step: 0 where x < 0, 1 where x > 0, and ``h0`` where x is 0 (also where it is -0.0).

    Args:
        x: float64 array of any shape.
        h0: the value at 0; the convention here is 1 unless it is given. NumPy's ``heaviside`` has it as its second argument.

    Returns:
        float64 array of the same shape (numbers, not True and False).

    >>> heaviside(np.array([-0.5, 0.0, 2.0])).tolist()
    [0.0, 1.0, 1.0]
    >>> heaviside(np.array([-0.5, 0.0, 2.0]), h0=0.5).tolist()
    [0.0, 0.5, 1.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def sign(x):
    """Sign of each entry: -1 where x < 0, 1 where x > 0, and 0 where x is 0, as NumPy has it.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape.

    >>> sign(np.array([-0.5, 0.0, 2.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The slope, by measuring it
# The gradient of a function $f$ that turns an array into one number is an array of the same shape: entry $i$ says how fast
# $f$ grows if entry $i$ alone grows. One can simply measure it. Go a little to the right and a little to the left, and divide
# the rise by the way between the two, which is $2h$:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# where $e_i$ is 1 at place $i$ and 0 elsewhere. These are **central differences**. For $f(x) = x^3$ at $x = 1$, where the
# slope is 3, and with a coarse $h = 0.1$, they give $(1.331 - 0.729)/0.2 = 3.01$. The one-sided $(1.331 - 1)/0.1 = 3.31$ is
# much worse: its error shrinks with $h$, the other's with $h^2$.
#
# Do not make $h$ as small as you can. The two values of $f$ agree in more and more digits, and their difference keeps only
# what rounding left: at $h = 10^{-13}$ hardly four digits are right. Near $h = 10^{-5}$ both errors are small, some
# $10^{-11}$ for functions and arrays of order one.
#
# This takes two evaluations of $f$ for every entry, hopeless for a network with a million weights, where backpropagation gets
# them all in one pass. But it needs nothing except $f$ itself, so it is how everybody checks a gradient: this grader does too.
#
# **Try it:** plot the error of `numerical_gradient(lambda x: np.sum(np.exp(x)), np.ones(1), h)`, which should be $e$, for
# $h = 10^{-1}, 10^{-2}, \dots, 10^{-15}$ on logarithmic axes. Where is the valley, and which slopes do its two sides have?


# %%
def numerical_gradient(f, x, h=1e-5):
    """Gradient of f at x by central differences: ``(f(x + h e_i) - f(x - h e_i)) / (2 h)`` for every entry i of x.

    With the default h the error is below 1e-8 for a smooth f, as long as f and its derivatives are of order one to ten.

    Args:
        f: a function that takes an array of x's shape and returns one number.
        x: float64 array of any shape with at least one axis, and of any memory layout (a transposed view, for example).
            Afterwards it is bit for bit what it was; you may move its entries meanwhile if you put the old ones back.
        h: the step, in one entry at a time.

    Returns:
        float64 array of x's shape.

    >>> numerical_gradient(lambda x: np.sum(x**2), np.array([1.0, -3.0])).round(6).tolist()
    [2.0, -6.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The squared error of a neuron with one weight
# The smallest neuron there is has one input, one weight and nothing else: $\hat y = x\,w$. For a sample $(x, y)$ its error is
#
# $$E(w) = (x\,w - y)^2 \qquad \frac{dE}{dw} = 2\,x\,(x\,w - y)$$
#
# The $2$ is the square's, the $x$ the chain rule's: it is what $\hat y$ is multiplied by on the way from $w$. The weight is
# what changes in training; $x$ and $y$ are given. For $w = 0.5$ and the sample $(2, 4)$ the prediction is $1$, the error
# $(1 - 4)^2 = 9$, and the derivative $2 \cdot 2 \cdot (1 - 4) = -12$: the error falls steeply as $w$ grows.
#
# **Try it:** plot `squared_error(w, 2.0, 4.0)` and its derivative over $w$ from 0 to 4, one above the other. What does the
# derivative say where the error is lowest, and which sign has it to the left of that place?


# %%
def squared_error(w, x, y):
    """Squared error of the neuron ``y_hat = x * w`` on each sample, ``(x * w - y)**2``.

    Args:
        w: the weight, a number.
        x: inputs, a float64 array of any shape, or a number.
        y: targets, of the same shape as x.

    Returns:
        float64 array of x's shape, one error for each sample (no mean over them); a number if x and y are numbers.

    >>> squared_error(0.5, 2.0, 4.0)
    9.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def squared_error_derivative(w, x, y):
    """Derivative of the squared error with respect to the weight, on each sample.

    Args:
        w: the weight, a number.
        x: inputs, a float64 array of any shape, or a number.
        y: targets, of the same shape as x.

    Returns:
        float64 array of x's shape, one derivative for each sample (no mean over them); a number if x and y are numbers.

    >>> squared_error_derivative(0.5, 2.0, 4.0)
    -12.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A step of gradient descent
# The gradient points to where the error **grows** fastest. Some texts say that gradient descent moves "in the direction of the
# gradient"; it moves **against** it:
#
# $$w \leftarrow w - \eta\,\frac{dE}{dw}$$
#
# The learning rate $\eta$ says how far. In the example, $w = 0.5$ with the gradient $-12$ and $\eta = 0.1$ goes to
# $0.5 - 0.1 \cdot (-12) = 1.7$: upwards, since the error falls that way.
#
# Repeat it, with the gradient **at the new place** every time, and the weight walks downhill. How far a step should be is the
# one thing that you have to choose. For the sample $(2, 4)$ alone the derivative is $8\,(w - 2)$, so that each step multiplies
# the distance to the best weight, $w = 2$, by $1 - 8\eta$:
#
# | rate $\eta$ | factor a step | what happens |
# | --- | --- | --- |
# | 0.001 | 0.992 | crawls: 574 steps to come a hundred times closer |
# | 0.1 | 0.2 | settles in a few steps |
# | 0.125 | 0 | there in one step, by luck |
# | 0.2 | -0.6 | overshoots, and settles all the same |
# | 0.25 | -1 | jumps to and fro for ever |
# | 0.3 | -1.4 | **diverges**: every step lands farther away than the last |
#
# The steps get shorter by themselves as the slope flattens; the learning rate need not shrink for that. And the walk ends
# wherever the gradient is 0. If the error is convex that is the lowest point; if not, it may be another valley or a plateau.
#
# ![Three plots of one parabola with the places that gradient descent visits from the same start. With a rate of 0.005 ten
# steps creep down the side. With 0.1 they reach the bottom. With 0.262 each step lands on the other side, higher than
# before.](figures/step_size.svg)
#
# **Try it:** run `gradient_descent` on $f(w) = w_0^2 + 20\,w_1^2$, whose gradient is `np.array([2, 40]) * w`, from $(1, 1)$
# and plot the two columns of the path for the learning rates 0.001, 0.02, 0.045 and 0.055. Which coordinate decides how large
# the rate may be, and which one then has to wait?


# %%
def gradient_descent_step(w, gradient, learning_rate):
    """One step against the gradient: ``w - learning_rate * gradient``.

    Args:
        w: the weights, a float64 array of any shape, or a number.
        gradient: the gradient of the error at w, of the same shape.
        learning_rate: how far to go, a positive number.

    Returns:
        The new weights, of w's shape: a new array. w stays as it was.

    >>> round(gradient_descent_step(0.5, -12.0, 0.1), 12)
    1.7
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gradient_descent(gradient, w, learning_rate, steps):
    """Walk downhill for a number of steps, and return the whole path.

    Args:
        gradient: a function; ``gradient(w)`` is the gradient of the error at w, an array of w's shape.
        w: where to start, a float64 array of any shape with at least one axis; it stays as it was.
        learning_rate: a positive number, the same at every step.
        steps: how many steps to take, 0 or more.

    Returns:
        float64 array of shape (steps + 1, *w.shape), a new one. Its first row is the start, row k the place after k steps.

    >>> gradient_descent(lambda w: 8 * (w - 2), np.array([1.0]), learning_rate=0.25, steps=2).tolist()
    [[1.0], [3.0], [1.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Learning from one sample after the other
# A real training set has many samples. One way to use them: take a step after **each** sample, with that sample's gradient at
# the weight **as it is by then**. The lecture's example has the samples $(2, 4)$, $(1, 2)$, $(3, 6)$, which all obey
# $y = 2x$, the start $w = 0.5$ and $\eta = 0.1$:
#
# | sample | prediction $x\,w$ | derivative $2x(xw - y)$ | new weight |
# | --- | --- | --- | --- |
# | (2, 4) | 1 | $2 \cdot 2 \cdot (1 - 4) = -12$ | $0.5 + 1.2 = 1.7$ |
# | (1, 2) | 1.7 | $2 \cdot 1 \cdot (1.7 - 2) = -0.6$ | $1.7 + 0.06 = 1.76$ |
# | (3, 6) | 5.28 | $2 \cdot 3 \cdot (5.28 - 6) = -4.32$ | $1.76 + 0.432 = 2.192$ |
#
# The last step overshoots: for $x = 3$ a step multiplies the distance to 2 by $1 - 2 \cdot 9 \cdot 0.1 = -0.8$. A large input
# takes large steps, which is a first reason to bring inputs to one scale (see the end of this assignment).
#
# **Try it:** go on for ten passes over the three samples. Does the weight settle? And if a fourth sample, $(1, 5)$, disagrees?


# %%
def train_neuron(w, x, y, learning_rate):
    """One pass over the samples in their order: after each, one step down that sample's squared error ``(x * w - y)**2``.

    Args:
        w: the weight at the start, a number.
        x: inputs, a float64 array of shape (samples,).
        y: targets, of the same shape.
        learning_rate: a positive number.

    Returns:
        float64 array of shape (samples + 1,): the weight at the start, and after each sample.

    >>> train_neuron(0.5, np.array([2.0, 1.0, 3.0]), np.array([4.0, 2.0, 6.0]), 0.1).round(6).tolist()
    [0.5, 1.7, 1.76, 2.192]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Batches: stochastic, mini-batch and full
# How many samples should a step look at?
#
# - **all** of them (`batch_size` at least the number of samples): the true gradient, but one step costs a pass over all data;
# - **one** (`batch_size=1`, stochastic): a step after every sample, each of them in a noisy direction;
# - **some**, 32 say: the usual choice. The noise shrinks with the square root of the batch size, and a matrix product of 32
#   rows costs a computer little more than one of a single row.
#
# A pass over the data is an **epoch**. In one epoch every sample comes exactly once, in an order that is drawn anew each time:
# if the data are sorted by class, batches in the file's order would each teach one class and forget the last. With 10 samples
# and `batch_size=4` the batches have 4, 4 and 2 samples: the last one is shorter, and is kept.
#
# Inputs and targets are shuffled **together**. Shuffle each on its own and every input gets somebody else's target; nothing
# crashes, and nothing is learned.
#
# **Try it:** for $y = 2x$ plus noise, plot the weight against the number of *samples seen* for batch sizes 1, 10 and all of
# them, with one learning rate. Which gets near 2 first? Which stays there most quietly?


# %%
def minibatches(x, y, batch_size, rng):
    """One epoch's batches: all samples, shuffled by rng, cut into batches.

    Every sample is in exactly one batch, with its own target. All batches have ``batch_size`` samples, except that the last is
    shorter where the number of samples is not a multiple of it. The order is drawn anew at every call; every order is equally
    likely.

    Args:
        x: inputs, a float64 array of shape (samples, ...), at least one sample.
        y: targets, a float64 array of shape (samples, ...); y[i] belongs to x[i].
        batch_size: a positive whole number; it may be larger than the number of samples.
        rng: a numpy.random.Generator; all randomness comes from it.

    Returns:
        list of pairs (x_batch, y_batch) of new float64 arrays of shape (batch, ...). x and y stay as they were.

    >>> x = np.arange(10.0)
    >>> [len(x_batch) for x_batch, y_batch in minibatches(x, 2 * x, batch_size=4, rng=np.random.default_rng(1))]
    [4, 4, 2]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The logistic neuron
# For a yes-or-no question the neuron should answer with a probability. It takes the weighted sum, the **logit** $z$, and
# squeezes it by the sigmoid:
#
# $$z = x\,w + b \qquad a = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# with $x$ of shape `(batch, features)`, $w$ of shape `(features,)`, the bias $b$ one number, and $z$ and $a$ of shape
# `(batch,)`. $a$ is the probability that the label $y$ is 1; that it is 0 has the probability $1 - a$. For $x = (1, 2)$,
# $w = (0.5, -0.25)$, $b = 0$ the logit is 0 and $a = 0.5$.
#
# On a computer $e^{1000}$ overflows, while the sigmoid of $\pm 1000$ is a perfectly good 1 or 0. The exponential of a number
# that is not positive never overflows, and $\sigma(z) = e^{z} / (1 + e^{z})$ is the same function.
#
# **Likelihood.** How probable does the neuron make the labels that were really seen? For one example it is $a$ if $y = 1$ and
# $1 - a$ if $y = 0$, which one formula says for both; for independent examples the probabilities multiply:
#
# $$\mathcal{L} = \prod_{i} a_i^{\,y_i}\,(1 - a_i)^{1 - y_i}$$
#
# With $a = (0.9, 0.2, 0.6)$ and $y = (1, 0, 1)$ it is $0.9 \cdot 0.8 \cdot 0.6 = 0.432$. Good weights make it large. But a
# product of a few thousand such numbers is smaller than the smallest float64, and 0 has no slope to climb.
#
# **Negative log-likelihood.** The logarithm turns the product into a sum and keeps the best weights where they are; the minus
# sign turns climbing into descending. (It is also the binary cross-entropy, which some slides print without that minus: then
# the better neuron has the larger "loss".)
#
# $$\mathrm{NLL} = -\sum_i \bigl( y_i \log a_i + (1 - y_i) \log (1 - a_i) \bigr)$$
#
# In the example, $-\log 0.432 \approx 0.839$. It is a **sum** over the examples here; Keras's loss is their mean.
#
# If a neuron is sure and wrong, $a$ rounds to exactly 0 or 1, and $\log 0$ is minus infinity. The cure is to work on the
# logits. Put $a = \sigma(z)$ into the formula and simplify before computing anything: with
# $\mathrm{softplus}(z) = \log(1 + e^{z})$,
#
# $$-\log \sigma(z) = \mathrm{softplus}(-z) \qquad -\log(1 - \sigma(z)) = \mathrm{softplus}(z)$$
#
# so an example's NLL is $\mathrm{softplus}(z) - y\,z$. For $z = 1000$ and $y = 0$ that is 1000, which is finite and says how
# wrong the neuron is. And softplus itself does not overflow if it is written as $\max(0, z) + \log(1 + e^{-|z|})$.
#
# **Gradient.** The derivative of softplus is $\sigma$, so the derivative of $\mathrm{softplus}(z) - y\,z$ by the logit is
# simply $a - y$: prediction minus truth. From the logit to weight $j$ it is one more factor, $x_j$, and the examples add up:
#
# $$\frac{\partial\,\mathrm{NLL}}{\partial w} = x^{\top} (a - y) \qquad
# \frac{\partial\,\mathrm{NLL}}{\partial b} = \sum_i (a_i - y_i)$$
#
# with shapes `(features, batch) @ (batch,) = (features,)`. For $x = (1, 2)$, $a = 0.5$ and $y = 1$ it is $(-0.5, -1)$, and
# $-0.5$ for the bias. The sigmoid's own derivative, $a(1 - a)$, has cancelled: a neuron that is sure and wrong still gets a
# large gradient. That is why cross-entropy goes with the sigmoid, and squared error does not.
#
# **A step** goes against it: with $\eta = 0.1$, $w = (0.5, -0.25) - 0.1 \cdot (-0.5, -1) = (0.55, -0.15)$ and
# $b = 0.05$, the logit is now $0.55 - 0.30 + 0.05 = 0.3$, and $a \approx 0.574$ has moved towards $y = 1$. Some slides write
# the error as $y - a$ and still subtract it. One minus sign is enough: either descend on the NLL with $a - y$, or climb the
# log-likelihood with $y - a$; the mixture walks away from the answer.
#
# ![The probability that a neuron gives to the label 1, over its input, with forty examples as dots. At first it is one half
# everywhere, after 5 steps it rises from left to right, and after 200 steps it rises more steeply.](figures/logistic.svg)
#
# **Try it:** check `negative_log_likelihood_gradient` against `numerical_gradient`. Then train on two clouds of points with
# `minibatches` and `train_step`, and plot the line $x\,w + b = 0$ after every epoch.


# %%
def predict_proba(x, weights, bias):
    """Probability that the label is 1, ``sigmoid(x @ weights + bias)``; no overflow or warning for logits of ±1000.

    Args:
        x: inputs, a float64 array of shape (batch, features).
        weights: float64 array of shape (features,).
        bias: a number.

    Returns:
        float64 array of shape (batch,), entries in [0, 1].

    >>> predict_proba(np.array([[1.0, 2.0]]), np.array([0.5, -0.25]), 0.0).tolist()
    [0.5]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def likelihood(x, y, weights, bias):
    """Probability that the neuron gives to all the labels together: the product of ``a**y * (1 - a)**(1 - y)``.

    No overflow or warning for logits of ±1000: there it is 0 if the neuron is sure and wrong in one example.

    Args:
        x: inputs, a float64 array of shape (batch, features).
        y: labels, a float64 array of shape (batch,), each 0 or 1.
        weights: float64 array of shape (features,).
        bias: a number.

    Returns:
        a number in [0, 1].

    >>> float(likelihood(np.array([[1.0, 2.0]]), np.array([1.0]), np.array([0.5, -0.25]), 0.0))
    0.5
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def negative_log_likelihood(x, y, weights, bias):
    """Minus the natural logarithm of the likelihood: a sum over the examples, not their mean.

    Finite, exact and without a warning also where a probability rounds to 0 or 1, as for logits of ±1000.

    Args:
        x: inputs, a float64 array of shape (batch, features).
        y: labels, a float64 array of shape (batch,), each 0 or 1.
        weights: float64 array of shape (features,).
        bias: a number.

    Returns:
        a number, 0 or more.

    References:
        It is Keras's ``binary_crossentropy(y, z, from_logits=True)`` times the batch size.

    >>> float(negative_log_likelihood(np.array([[1000.0]]), np.array([0.0]), np.array([1.0]), 0.0))
    1000.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def negative_log_likelihood_gradient(x, y, weights, bias):
    """Gradient of the negative log-likelihood with respect to the weights and the bias.

    No overflow or warning for logits of ±1000.

    Args:
        x: inputs, a float64 array of shape (batch, features).
        y: labels, a float64 array of shape (batch,), each 0 or 1.
        weights: float64 array of shape (features,).
        bias: a number.

    Returns:
        a pair: the gradient for the weights, a float64 array of shape (features,), and that for the bias, a number.

    >>> x, y = np.array([[1.0, 2.0]]), np.array([1.0])
    >>> dweights, dbias = negative_log_likelihood_gradient(x, y, np.array([0.5, -0.25]), 0.0)
    >>> dweights.tolist(), float(dbias)
    ([-0.5, -1.0], -0.5)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train_step(x, y, weights, bias, learning_rate):
    """One step of gradient descent on the negative log-likelihood of these examples.

    Weights and bias move together: both gradients are taken before either of them moves.

    Args:
        x: inputs, a float64 array of shape (batch, features).
        y: labels, a float64 array of shape (batch,), each 0 or 1.
        weights: float64 array of shape (features,); it stays as it was.
        bias: a number.
        learning_rate: a positive number.

    Returns:
        a pair: the new weights, a new float64 array of shape (features,), and the new bias, a number.

    >>> weights, bias = train_step(np.array([[1.0, 2.0]]), np.array([1.0]), np.array([0.5, -0.25]), 0.0, learning_rate=0.1)
    >>> weights.round(6).tolist(), round(float(bias), 6)
    ([0.55, -0.15], 0.05)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## How good is it?
# A probability becomes a decision by a threshold: the prediction is 1 ("positive") where it is **above** the threshold, and 0
# elsewhere, as in Keras; a probability equal to the threshold is a 0. Then every example is one of four:
#
# | | predicted 1 | predicted 0 |
# | --- | --- | --- |
# | **label 1** | true positive (TP) | false negative (FN) |
# | **label 0** | false positive (FP) | true negative (TN) |
#
# $$\mathrm{accuracy} = \frac{TP + TN}{\text{all}} \qquad \mathrm{precision} = \frac{TP}{TP + FP} \qquad
# \mathrm{recall} = \frac{TP}{TP + FN}$$
#
# Accuracy: how many answers are right? Precision: how many of the alarms are real? Recall: how many of the real cases raise an
# alarm? For the labels $(1, 1, 1, 0, 0)$ and the probabilities $(0.9, 0.4, 0.3, 0.2, 0.6)$ the predictions are
# $(1, 0, 0, 0, 1)$: accuracy $2/5$, precision $1/2$, recall $1/3$.
#
# If one example in a hundred is positive, a neuron that always says 0 has 99% accuracy and finds nothing: its recall is 0. Its
# precision would be $0/0$. **The convention, here as in Keras and scikit-learn: where the denominator is 0, the answer is 0.**
#
# **Try it:** raise the threshold from 0 to 1 and plot precision against recall. Which one can you always make 1, and how?


# %%
def accuracy(y_true, y_pred, threshold=0.5):
    """Share of the examples whose prediction is right.

    Args:
        y_true: labels, a float64 array of shape (batch,), each 0 or 1; at least one.
        y_pred: predicted probabilities, a float64 array of shape (batch,).
        threshold: the prediction is 1 where the probability is above it (not where it is equal).

    Returns:
        a number in [0, 1].

    >>> float(accuracy(np.array([1.0, 1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.4, 0.3, 0.2, 0.6])))
    0.4
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def precision(y_true, y_pred, threshold=0.5):
    """Share of the predicted positives that are positive; 0 where nothing is predicted positive.

    Args:
        y_true: labels, a float64 array of shape (batch,), each 0 or 1.
        y_pred: predicted probabilities, a float64 array of shape (batch,).
        threshold: the prediction is 1 where the probability is above it (not where it is equal).

    Returns:
        a number in [0, 1]; no warning is raised where it is 0 by convention.

    >>> float(precision(np.array([1.0, 1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.4, 0.3, 0.2, 0.6])))
    0.5
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def recall(y_true, y_pred, threshold=0.5):
    """Share of the positive examples that are predicted positive; 0 where no example is positive.

    Args:
        y_true: labels, a float64 array of shape (batch,), each 0 or 1.
        y_pred: predicted probabilities, a float64 array of shape (batch,).
        threshold: the prediction is 1 where the probability is above it (not where it is equal).

    Returns:
        a number in [0, 1]; no warning is raised where it is 0 by convention.

    >>> round(float(recall(np.array([1.0, 1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.4, 0.3, 0.2, 0.6]))), 6)
    0.333333
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Standardizing the inputs
# One learning rate serves all weights, so inputs should have one scale: a column of incomes in the ten thousands makes a
# gradient ten thousand times that of a column of shares. Subtract each column's mean $\mu_j$ and divide by its standard
# deviation $s_j$:
#
# $$\mu_j = \frac{1}{n} \sum_i x_{ij} \qquad s_j = \sqrt{\frac{1}{n} \sum_i (x_{ij} - \mu_j)^2} \qquad
# x'_{ij} = \frac{x_{ij} - \mu_j}{s_j}$$
#
# The column $(1, 3, 5)$ has mean 3 and standard deviation $\sqrt{8/3} \approx 1.633$ (divided by $n$, not $n - 1$), and
# becomes about $(-1.225, 0, 1.225)$.
#
# **The statistics belong to the training rows.** A row that comes later, a validation row or a customer's, is treated with the
# same $\mu$ and $s$: a 7 becomes $(7 - 3)/1.633 \approx 2.449$, for it *is* larger than anything seen before. Statistics of
# the new rows would hide that, would turn a single row into zeros, and statistics of all rows together would let the test data
# leak into the training. That is why this takes two functions: one fits, the other applies.
#
# **A constant column** has $s = 0$. The convention is scikit-learn's: it counts as 1, so that the column becomes 0. Mind the
# rounding: the computed mean of seven times 0.1 need not be exactly 0.1, and the computed deviation may be $10^{-17}$, which
# is not 0 and a terrible number to divide by. Whether all entries of a column are equal can be asked directly.
#
# ![Contours of the squared error over two weights, with twelve steps of gradient descent. For inputs as they came the contours
# are long and narrow and the path zigzags. For standardized inputs they are almost round and the path goes straight to the
# minimum.](figures/standardized.svg)
#
# **Try it:** on data with one column in thousands, find the largest learning rate that does not diverge, before and after.


# %%
def mean_and_std(x_train):
    """Mean and standard deviation of each column of the training rows.

    Args:
        x_train: float64 array of shape (samples, features), at least one sample.

    Returns:
        a pair of float64 arrays of shape (features,): the means, and the standard deviations, where the sum of squares is
        divided by the number of samples. A column whose entries are all equal (all of them 0.1, say) has the standard
        deviation 1.0, as in scikit-learn's StandardScaler.

    >>> mean, std = mean_and_std(np.array([[1.0, 7.0], [3.0, 7.0], [5.0, 7.0]]))
    >>> mean.tolist(), std.round(3).tolist()
    ([3.0, 7.0], [1.633, 1.0])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def standardize(x, mean, std):
    """Subtract the given mean and divide by the given standard deviation, column by column.

    Args:
        x: any rows, training or new ones, a float64 array of shape (batch, features).
        mean: float64 array of shape (features,), from the training rows.
        std: float64 array of shape (features,), from the training rows; no entry is 0.

    Returns:
        float64 array of shape (batch, features), a new one.

    >>> standardize(np.array([[7.0]]), mean=np.array([3.0]), std=np.array([2.0])).tolist()
    [[2.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Why a network needs something that bends
# A layer without an activation multiplies by a matrix. Two of them multiply by two matrices, and
#
# $$(x\,W_0)\,W_1 = x\,(W_0\,W_1)$$
#
# is one matrix again. With $W_0 = (1\;\;2)$ of shape `(1, 2)` and $W_1 = (3\;\;4)^{\top}$ of shape `(2, 1)`, the chain
# multiplies by $1 \cdot 3 + 2 \cdot 4 = 11$. However many linear layers are stacked, **one** computes the same, so depth buys
# nothing. The order matters: $W_0$ meets $x$ first and stands on the left.
#
# With a sigmoid between them that is over. Take both weights to be 1: the network computes $f(x) = \sigma(x)$. Were it one
# linear layer, $f(x) = c\,x$, then $f(2)$ would have to be twice $f(1)$. But $\sigma(1) \approx 0.731$ and
# $\sigma(2) \approx 0.881$, while $2 \cdot 0.731 = 1.462$. No $c$ does it (nor does any $c\,x + b$: the steps from
# $\sigma(0) = 0.5$ to $\sigma(1)$ and on to $\sigma(2)$ are 0.231 and 0.150, not equal). The bend is what makes a second layer
# worth having.
#
# ![The outputs of two layers as lines, and of one linear layer as dots. Linear, the dots lie on the line. With a sigmoid
# between the two layers the line is bent, and the best single layer misses it.](figures/collapse.svg)
#
# **Try it:** draw three random matrices and check that `x @ W0 @ W1 @ W2` equals `x @ collapse([W0, W1, W2])`. Then put
# `np.tanh(...)` around `x @ W0`, multiply $x$ by 0.001, and by 1000. When does the collapsed layer almost agree, and why?


# %%
def collapse(weights):
    """The one matrix of a chain of linear layers: ``x @ collapse(weights)`` equals ``x @ weights[0] @ weights[1] @ ...``.

    Args:
        weights: list of one or more float64 arrays, of shapes (n0, n1), (n1, n2), and so on; it stays as it was.

    Returns:
        float64 array of shape (n0, n_last), a new one, also for a chain of one.

    >>> collapse([np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])]).tolist()
    [[11.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## In the end: is it a 3 or an 8?
# All of it together on real images: scikit-learn's handwritten digits, 8 by 8 pixels, of which only the threes and eights are
# taken. One neuron looks at 64 pixels. It is trained on two thirds of the images, and asked about the others.
#
# ```python
# from sklearn.datasets import load_digits
#
# digits = load_digits()
# mine = np.isin(digits.target, (3, 8))
# x, y = digits.data[mine].astype(float), (digits.target[mine] == 8).astype(float)
# train, test = slice(0, 240), slice(240, None)
# mean, std = mean_and_std(x[train])
# x = standardize(x, mean, std)
# weights, bias, rng = np.zeros(64), 0.0, np.random.default_rng(0)
# for epoch in range(10):
#     for x_batch, y_batch in minibatches(x[train], y[train], 16, rng):
#         weights, bias = train_step(x_batch, y_batch, weights, bias, 0.1)
# p = predict_proba(x[test], weights, bias)
# print(f"right: {accuracy(y[test], p):.2f}, precision: {precision(y[test], p):.2f}, recall: {recall(y[test], p):.2f}")
# ```
#
# ```text
# right: 0.91, precision: 0.85, recall: 1.00
# ```
#
# Look at `weights.reshape(8, 8)`: it is negative where only a three is open, on the left.
