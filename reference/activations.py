# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Activations
#
# **What you will be able to do:** write ten pairs of a function and its derivative that no input breaks, and see why
# gradients vanish.
#
# **What you need:** the chain rule, exponentials and logarithms, NumPy's arrays.
#
# **How long it takes:** four to five hours, with the reading.
#
# An activation bends what a layer computes; without one, any stack of layers is a single linear layer. Training needs two
# things of it: its value, for the forward pass, and its derivative, for the backward pass.
#
# Every function here takes a float64 array of any shape and returns a **new** float64 array of the same shape; what it is
# given stays as it was. `softmax` and `log_softmax` work on the last axis: a batch is `(batch, classes)`, and each row is on
# its own.
#
# **A derivative is taken at the activation's input.** `sigmoid_derivative(x)` gets the same $x$ as `sigmoid(x)`. Many texts
# write the derivative in terms of the output, $s\,(1 - s)$ with $s = \sigma(x)$; that is a formula for the same number, not
# another function to call.
#
# **Large inputs must not break anything.** The largest float64 is about $1.8 \cdot 10^{308}$, so $e^{x}$ overflows once $x$
# is above 709. Entries of ±1000 have perfectly good activations, and no function here may overflow, warn or answer NaN for
# them. One thought is enough for all of them: the exponential of a number that is **not positive** never overflows.
#
# ![Eight small plots, one for each activation, from minus four to four. Each shows the value as a solid line and the
# derivative as a dashed one; the derivatives of relu, leaky_relu and selu jump at zero.](figures/gallery.svg)

# %%
"""Activations: the value and the derivative of each, on float64 arrays of any shape."""

import numpy as np

# SELU's two constants, as Keras has them (Klambauer et al., 2017, arXiv:1706.02515).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805

# %% [markdown]
# ## Linear
# $f(x) = x$, so $f'(x) = 1$ everywhere: $f(-1.5) = -1.5$. The output layer of a regression has it, since a prediction there
# may be any number. Even so it returns a new array: whoever changes the answer later must not change the input with it.
#
# **Try it:** call `y = linear(x)`, set `y[0] = 99.0`, and look at `x`. What would you see if the function said `return x`?
#
# <details><summary>Answer</summary>
#
# `y` is an array of its own, so `x` stays as it was. With `return x` there would be one array under two names, and `x[0]`
# would be 99.0 as well.
#
# </details>


# %%
def linear(x):
    """Identity, ``f(x) = x``.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape; a new array with x's entries, not x itself.

    >>> linear(np.array([-1.5, 2.0])).tolist()
    [-1.5, 2.0]
    """
    ### BEGIN SOLUTION
    return x.copy()
    ### END SOLUTION


def linear_derivative(x):
    """Derivative of the identity at each entry of x.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape: one derivative for each entry.
    """
    ### BEGIN SOLUTION
    return np.ones_like(x)
    ### END SOLUTION


# %% [markdown]
# ## Sigmoid
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{e^{x} + 1}$$
#
# squeezes any number into $(0, 1)$, so that it can be read as a probability: $\sigma(0) = 0.5$, $\sigma(2) \approx 0.881$,
# $\sigma(-2) \approx 0.119$. The two forms are equal on paper. On a computer the first one overflows at $x = -1000$ and the
# second at $x = 1000$.
#
# $$\sigma'(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr)$$
#
# It is largest at $0$, where it is $0.5 \cdot 0.5 = 0.25$; at $x = 2$ it is $0.881 \cdot 0.119 \approx 0.105$, and far out on
# either side it is almost 0. A long chain of sigmoids multiplies many such numbers.
#
# ![Left, the sigmoid rises from almost 0 to almost 1. Right, its derivative on the same scale is a low hill that never exceeds
# 0.25 and is nearly flat beyond four on either side.](figures/sigmoid.svg)
#
# **Try it:** type `1 / (1 + np.exp(1000.0))` and `np.exp(1000.0) / (np.exp(1000.0) + 1)`. The first is $\sigma(-1000)$, the
# second $\sigma(1000)$. What does NumPy say to each of them?
#
# <details><summary>Answer</summary>
#
# Both warn of an overflow in `exp`. The first is right all the same, since $1/\infty = 0$; the second is $\infty/\infty$,
# which is NaN. Each form is safe on one side of 0, and so each sign needs its own.
#
# </details>


# %%
def sigmoid(x):
    """Logistic sigmoid, ``1 / (1 + exp(-x))``, without overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape, entries in [0, 1].

    >>> sigmoid(np.array([0.0])).tolist()
    [0.5]
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(x))  # never above 1
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION


def sigmoid_derivative(x):
    """Derivative of the sigmoid at each entry of x, ``sigmoid(x) * (1 - sigmoid(x))``.

    No overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape: the sigmoid's input, not its output.

    Returns:
        float64 array of the same shape, entries in [0, 1/4].

    >>> sigmoid_derivative(np.array([0.0])).tolist()
    [0.25]
    """
    ### BEGIN SOLUTION
    s = sigmoid(x)
    return s * (1.0 - s)
    ### END SOLUTION


# %% [markdown]
# ## Tanh
# $$\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}} = 2\,\sigma(2x) - 1$$
#
# is a sigmoid stretched to $(-1, 1)$: its outputs lie around 0, which suits the next layer. NumPy has it. Its derivative is
# $1 - \tanh^2(x)$, which is 1 at $x = 0$ and, since $\tanh(1) \approx 0.762$, about $1 - 0.580 = 0.420$ at $x = 1$.
#
# ![Left, tanh rises from minus one to one and passes through the origin. Right, its derivative is a narrow hill of height one
# at zero.](figures/tanh.svg)
#
# **Try it:** compare `tanh(x)` with `2 * sigmoid(2 * x) - 1`. Then take the derivative of the right side by the chain rule:
# with which number must $\sigma'(2x)$ be multiplied, and does that fit the heights of the two hills?
#
# <details><summary>Answer</summary>
#
# They are equal up to rounding. By the chain rule $\tanh'(x) = 2 \cdot 2\,\sigma'(2x) = 4\,\sigma'(2x)$, and that fits: at 0
# the hills are 1 and 0.25 high.
#
# </details>


# %%
def tanh(x):
    """Hyperbolic tangent, without overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape, entries in [-1, 1].

    >>> tanh(np.array([0.0])).tolist()
    [0.0]
    """
    ### BEGIN SOLUTION
    return np.tanh(x)
    ### END SOLUTION


def tanh_derivative(x):
    """Derivative of tanh at each entry of x, ``1 - tanh(x)**2``.

    No overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape: the input of tanh, not its output.

    Returns:
        float64 array of the same shape, entries in [0, 1].

    >>> tanh_derivative(np.array([0.0])).tolist()
    [1.0]
    """
    ### BEGIN SOLUTION
    return 1.0 - np.tanh(x) ** 2
    ### END SOLUTION


# %% [markdown]
# ## ReLU
# $\mathrm{relu}(x) = \max(0, x)$: $3$ stays $3$ and $-3$ becomes $0$. Its derivative is $1$ on the right and $0$ on the left,
# so on the right a gradient passes through unchanged, however deep the network is.
#
# At 0 there is a kink, and no derivative exists; a program has to choose one. The convention here, and in TensorFlow, is
# $\mathrm{relu}'(0) = 0$.
#
# ![Left, the ReLU is zero for negative numbers and a straight line of slope one for positive ones. Right, its derivative jumps
# from zero to one, and a dot at zero marks the convention.](figures/relu.svg)
#
# **Try it:** draw a thousand standard normal numbers. For which share of them does the ReLU pass a gradient on, and what
# becomes of that share if 1 is subtracted from all of them first?
#
# <details><summary>Answer</summary>
#
# For half of them, and after the shift for 16%, which is the share of a normal distribution above 1. A bias that drifts far
# into the negative can so switch a unit off for nearly all inputs.
#
# </details>


# %%
def relu(x):
    """Rectified linear unit, ``max(0, x)`` of each entry.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape.

    >>> relu(np.array([-3.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0.0)
    ### END SOLUTION


def relu_derivative(x):
    """Derivative of the ReLU at each entry of x: 1 above 0, else 0. At the kink, ``relu'(0) = 0``.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape, entries 0.0 or 1.0 (numbers, not True and False).
    """
    ### BEGIN SOLUTION
    return (x > 0).astype(np.float64)
    ### END SOLUTION


# %% [markdown]
# ## Leaky ReLU
# Below 0 the ReLU passes nothing on: a unit whose inputs are all negative learns nothing any more; it has died. A small slope
# keeps it alive:
#
# $$\mathrm{leaky\_relu}(x) = \begin{cases} x & x > 0 \\ a\,x & x \le 0 \end{cases}$$
#
# With $a = 0.2$, Keras's default for this function (its layer has $0.3$, other libraries $0.01$), $-3$ becomes $-0.6$. The
# derivative is $1$ or $a$: a number that does not depend on how large $x$ is. Where $a \le 1$ this is also $\max(x, a\,x)$;
# the cases above are the definition for every $a$.
#
# ![Left, the leaky ReLU with slope 0.2 falls gently to the left of zero. Right, its derivative jumps from 0.2 to one, with a
# dot at 0.2 for the convention at zero.](figures/leaky_relu.svg)
#
# **Try it:** compare your function with `np.maximum(x, a * x)` for $a = 0.5$ and for $a = 2$.
#
# <details><summary>Answer</summary>
#
# With $a = 0.5$ they agree. With $a = 2$ they do not: below 0 the line $2x$ lies under $x$, so the maximum takes $x$.
# `np.maximum` is the leaky ReLU only for slopes up to 1.
#
# </details>


# %%
def leaky_relu(x, negative_slope=0.2):
    """Leaky ReLU: ``x`` where x > 0, else ``negative_slope * x``.

    Args:
        x: float64 array of any shape.
        negative_slope: slope below 0, any number that is not negative, also above 1; Keras's default is 0.2.

    Returns:
        float64 array of the same shape.

    >>> leaky_relu(np.array([-3.0, 3.0]), negative_slope=0.5).tolist()
    [-1.5, 3.0]
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, negative_slope * x)
    ### END SOLUTION


def leaky_relu_derivative(x, negative_slope=0.2):
    """Derivative of the leaky ReLU at each entry of x. At the kink, ``leaky_relu'(0) = negative_slope``.

    Args:
        x: float64 array of any shape.
        negative_slope: as for :func:`leaky_relu`.

    Returns:
        float64 array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, negative_slope)
    ### END SOLUTION


# %% [markdown]
# ## ELU
# $$\mathrm{elu}(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases} \qquad
# \mathrm{elu}'(x) = \begin{cases} 1 & x > 0 \\ \alpha\,e^{x} & x \le 0 \end{cases}$$
#
# On the left it levels off at $-\alpha$ instead of falling for ever: with $\alpha = 1$, $-1$ becomes $e^{-1} - 1 \approx
# -0.632$ and $-100$ becomes $-1$. It is smooth at 0 only if $\alpha = 1$; else the slope there is $\alpha$ from the left and 1
# from the right, and the convention is $\mathrm{elu}'(0) = \alpha$.
#
# Mind what `np.where` does: it is given both answers, ready computed for every entry, and picks. So $e^{1000}$ overflows, with
# a warning, even where its result is thrown away.
#
# ![Left, the ELU levels off at minus one for alpha one and at minus two for alpha two. Right, the derivative is continuous for
# alpha one, while for alpha two it rises to two at zero and drops to one.](figures/elu.svg)
#
# **Try it:** compute `np.where(x > 0, x, np.exp(x) - 1)` at `x = np.array([1000.0])`. The number is right; where does the
# warning come from?
#
# <details><summary>Answer</summary>
#
# `np.where` chooses between two arrays that have both been computed already, so $e^{1000}$ was computed too. Keep the exponent
# from being positive before you take the exponential.
#
# </details>


# %%
def elu(x, alpha=1.0):
    """Exponential linear unit: ``x`` where x > 0, else ``alpha * (exp(x) - 1)``; no overflow or warning at ±1000.

    Args:
        x: float64 array of any shape.
        alpha: the value that large negative inputs approach is -alpha.

    Returns:
        float64 array of the same shape.

    References:
        Clevert et al., 2015, arXiv:1511.07289.

    >>> elu(np.array([-1000.0, 3.0]), alpha=0.5).tolist()
    [-0.5, 3.0]
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))
    ### END SOLUTION


def elu_derivative(x, alpha=1.0):
    """Derivative of the ELU at each entry of x: 1 above 0, else ``alpha * exp(x)``. At the kink, ``elu'(0) = alpha``.

    No overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape: the input of the ELU, not its output.
        alpha: as for :func:`elu`.

    Returns:
        float64 array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0)))
    ### END SOLUTION


# %% [markdown]
# ## SELU
# $\mathrm{selu}(x) = \lambda\,\mathrm{elu}(x)$ with $\lambda = $ `SELU_SCALE` $\approx 1.0507$ and $\alpha = $ `SELU_ALPHA`
# $\approx 1.6733$: so $2$ becomes $2.1014$, and $-100$ becomes $-\lambda\alpha \approx -1.7581$. The scale belongs to **both**
# sides. The two constants are chosen so that mean 0 and variance 1 reproduce themselves from layer to layer, if the weights
# are drawn with variance 1/fan_in (LeCun) and the inputs are standardized; with rounded constants they do so less well.
#
# At the kink the convention is the slope from the right, $\mathrm{selu}'(0) = \lambda$, which is TensorFlow's.
#
# $$\mathrm{selu}'(x) = \begin{cases} \lambda & x \ge 0 \\ \lambda\,\alpha\,e^{x} & x < 0 \end{cases}$$
#
# so at $x = -1$ it is $1.7581 \cdot 0.3679 \approx 0.647$.
#
# ![Mean and standard deviation of the activations in twenty layers. With selu the mean stays at zero and the standard
# deviation at one; with relu and the same weights both fall to zero.](figures/selu.svg)
#
# **Try it:** push standard normal numbers through thirty layers of LeCun's weights and your `selu`, and through thirty with
# your `elu`. Print mean and standard deviation after each layer.
#
# <details><summary>Answer</summary>
#
# With SELU mean and standard deviation stay near 0 and 1 (0.97 after thirty layers of 256 units); with ELU the standard
# deviation falls by about a tenth at every layer, to 0.08.
#
# </details>


# %%
def selu(x):
    """Scaled ELU: ``SELU_SCALE * (x where x > 0, else SELU_ALPHA * (exp(x) - 1))``; no overflow or warning at ±1000.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape.

    References:
        Klambauer et al., 2017, arXiv:1706.02515.
    """
    ### BEGIN SOLUTION
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0.0)))
    ### END SOLUTION


def selu_derivative(x):
    """Derivative of the SELU at each entry of x. At the kink, ``selu'(0) = SELU_SCALE`` (the slope from the right).

    No overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape: the input of the SELU, not its output.

    Returns:
        float64 array of the same shape.
    """
    ### BEGIN SOLUTION
    return SELU_SCALE * np.where(x >= 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0.0)))
    ### END SOLUTION


# %% [markdown]
# ## Softplus
# $\mathrm{softplus}(x) = \log(1 + e^{x})$ is a ReLU without a corner: $\log 2 \approx 0.693$ at 0, close to $x$ on the right,
# close to 0 on the left. The natural logarithm undoes the exponential, so softplus of 1000 is 1000, although $e^{1000}$ is not
# a float64. Subtract what you know, $\max(0, x)$, and look at what is left of the formula:
#
# $$\log(1 + e^{x}) = \max(0, x) + \log(1 + e^{-|x|})$$
#
# Its derivative is $\dfrac{e^{x}}{1 + e^{x}}$, which is the sigmoid. It is sometimes said to vanish on the left as the ReLU's
# does, which is not so: it is small there but never 0, and a unit with it cannot die.
#
# ![Left, softplus runs above the ReLU and approaches it on both sides. Right, its derivative is a sigmoid, small but above
# zero on the left, where the ReLU's is exactly zero.](figures/softplus.svg)
#
# **Try it:** print `softplus_derivative` at $-5$, $-30$ and $-700$. Is a gradient of that size of any use? And is it 0?
#
# <details><summary>Answer</summary>
#
# About $7 \cdot 10^{-3}$, $9 \cdot 10^{-14}$ and $10^{-304}$. The last two move no weight that anybody could notice, but none
# of them is 0: softplus has no region without a gradient, where the ReLU has one.
#
# </details>


# %%
def softplus(x):
    """Softplus, ``log(1 + exp(x))`` with the natural logarithm; no overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape.

    Returns:
        float64 array of the same shape, entries >= 0.

    References:
        Dugas et al., 2001, "Incorporating second-order functional knowledge for better option pricing".

    >>> softplus(np.array([1000.0])).tolist()
    [1000.0]
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    ### END SOLUTION


def softplus_derivative(x):
    """Derivative of the softplus at each entry of x, ``1 / (1 + exp(-x))``.

    No overflow or warning for entries of ±1000.

    Args:
        x: float64 array of any shape: the input of the softplus, not its output.

    Returns:
        float64 array of the same shape, entries in [0, 1].
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION


# %% [markdown]
# ## Softmax
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# turns a row of logits $z$ into probabilities, which are positive and sum to 1 over the classes: $(1, 2, 3)$ becomes about
# $(0.090, 0.245, 0.665)$. Adding one number to a whole row changes nothing, because $e^{c}$ cancels. So subtract the row's
# maximum first: it changes nothing on paper and everything on a computer, where $e^{1000}$ overflows. It must be the maximum
# of that row: with the maximum of the whole batch, a row far below it has only exponentials that round to 0, and gives 0/0.
#
# **Shapes.** `x` is `(batch, classes)`. The maximum and the sum run over the classes, the last axis, and with `keepdims=True`
# have the shape `(batch, 1)`, which broadcasts against `x`. A vector `(classes,)` or an array `(..., classes)` works likewise.
#
# **Backward.** The derivative is a matrix for each row, for every logit moves every probability:
# $\partial p_i / \partial z_j = p_i\,(\delta_{ij} - p_j)$, where $\delta_{ij}$ is 1 if $i = j$ and else 0. Backpropagation
# never needs the matrix, only its product with the gradient $u$ that arrives from above (`upstream`, same shape as `x`):
#
# $$\frac{\partial L}{\partial z_j} = \sum_i u_i \frac{\partial p_i}{\partial z_j}
# = p_j \Bigl(u_j - \sum_i u_i\,p_i\Bigr)$$
#
# For $z = (0, 0)$, $p = (0.5, 0.5)$ and $u = (1, 0)$ that is $0.5\,(1 - 0.5) = 0.25$ and $0.5\,(0 - 0.5) = -0.25$. In every
# row the result sums to 0, because a common change of all its logits changes nothing.
#
# ![Probabilities of three classes while the first logit grows from minus four to six. The first probability rises to almost
# one, the other two fall, and their ratio stays the same.](figures/softmax.svg)
#
# **Try it:** add 5 to one row of logits, and 5 to one logit alone. What changes in each case? Then sum the rows of
# `softmax_backward(x, upstream)` for any upstream gradient.
#
# <details><summary>Answer</summary>
#
# 5 on the whole row changes nothing, since numerator and denominator grow by the same factor. 5 on one logit moves nearly all
# the probability there. The rows of `softmax_backward` sum to 0 whatever the upstream gradient, which says the same: a shift
# of the row has no effect.
#
# </details>


# %%
def softmax(x):
    """Softmax over the last axis: ``exp(x) / sum(exp(x))``, without overflow or warning for logits of ±1000.

    Args:
        x: float64 array of logits, shape (..., classes).

    Returns:
        float64 array of the same shape; entries in [0, 1], every row sums to 1.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    ### BEGIN SOLUTION
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


def softmax_backward(x, upstream):
    """Gradient of ``sum(upstream * softmax(x))`` with respect to x: upstream times the Jacobian, row by row.

    No overflow or warning for logits of ±1000.

    Args:
        x: float64 array of logits, shape (..., classes): the softmax's input, not its output.
        upstream: float64 array of the same shape, the gradient with respect to the softmax's output.

    Returns:
        float64 array of the same shape.

    >>> softmax_backward(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]])).tolist()
    [[0.25, -0.25]]
    """
    ### BEGIN SOLUTION
    p = softmax(x)
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))
    ### END SOLUTION


# %% [markdown]
# ## Log-softmax
# $$\log p_i = z_i - \log \sum_j e^{z_j}$$
#
# Cross-entropy needs the logarithm of a probability. Taking the logarithm of the softmax fails where the probability rounds
# to 0: for the logits $(1000, -1000)$ the second one is $\log 0 = -\infty$, while the true value is $-2000$. The formula above
# has no such trouble once the row's maximum is subtracted from all $z$.
#
# **Backward.** $\partial \log p_i / \partial z_j = \delta_{ij} - p_j$, so with the upstream gradient $u$
#
# $$\frac{\partial L}{\partial z_j} = u_j - p_j \sum_i u_i$$
#
# For $z = (0, 0)$ and $u = (1, 0)$ that is $1 - 0.5 = 0.5$ and $0 - 0.5 = -0.5$. The sum runs over the classes of one row and
# is 1 only by chance.
#
# **Try it:** compare `np.log(softmax(x))` with `log_softmax(x)` for the rows $(1, 2, 3)$, $(0, -50)$ and $(1000, -1000)$. From
# where on do they part?
#
# <details><summary>Answer</summary>
#
# At $(1, 2, 3)$ they agree. At $(0, -50)$ the printed numbers do, and the first has lost the $-2 \cdot 10^{-22}$ that belongs
# in the place of its 0. At $(1000, -1000)$ the probability is too small for a float64, so its logarithm is $-\infty$ (with a
# warning), where `log_softmax` says $-2000$.
#
# </details>


# %%
def log_softmax(x):
    """Logarithm of the softmax over the last axis, ``x - log(sum(exp(x)))``.

    Finite, and without a warning, also where a probability is too small for a float64, as for logits of ±1000.

    Args:
        x: float64 array of logits, shape (..., classes).

    Returns:
        float64 array of the same shape, entries <= 0.

    >>> log_softmax(np.array([[1000.0, -1000.0]])).tolist()
    [[0.0, -2000.0]]
    """
    ### BEGIN SOLUTION
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    ### END SOLUTION


def log_softmax_backward(x, upstream):
    """Gradient of ``sum(upstream * log_softmax(x))`` with respect to x: upstream times the Jacobian, row by row.

    No overflow or warning for logits of ±1000.

    Args:
        x: float64 array of logits, shape (..., classes): the input of log_softmax, not its output.
        upstream: float64 array of the same shape, the gradient with respect to the output of log_softmax.

    Returns:
        float64 array of the same shape.

    >>> log_softmax_backward(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]])).tolist()
    [[0.5, -0.5]]
    """
    ### BEGIN SOLUTION
    return upstream - softmax(x) * upstream.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# ## Vanishing and exploding gradients
# The chain rule multiplies one local gradient a layer. Two small ones, $0.2 \cdot 0.02 = 0.004$, leave almost nothing to learn
# from: a step with learning rate 1 takes a weight of 75 to $75 - 0.004 = 74.996$. That is a **vanishing** gradient.
#
# A local gradient is the activation's derivative times a weight. A sigmoid's largest derivative with a weight of 500 makes
# $0.25 \cdot 500 = 125$, and three such layers, $200 \cdot 125 \cdot 100$, make 2,500,000: an **exploding** gradient, which
# throws the weight far away in one step.
#
# Suppose that all weights are 1. Then a chain of $n$ equal activations can pass on at most the $n$-th power of the
# activation's largest derivative. For the sigmoid, $\sigma'(x) \le 0.25$, so at most $0.25^{n}$: less than a millionth after
# ten layers. For tanh and ReLU the largest derivative is 1, and their chain **can** pass a gradient on unharmed. The ReLU does
# so for every positive input, tanh only at 0.
#
# As a formula, for activations $f$ at the inputs $z_1, \dots, z_n$ and weights $w_1, \dots, w_n$, all of them numbers:
#
# $$\frac{\partial L}{\partial x_0} = \frac{\partial L}{\partial x_n} \prod_{l=1}^{n} f'(z_l)\,w_l$$
#
# ![The gradient that arrives after up to twenty activations, on a logarithmic scale. For tanh the largest possible stays at
# one, while a typical one falls to about one millionth. For the sigmoid the largest falls to about 1e-12 and a typical one
# further still.](figures/vanishing.svg)
#
# **Try it:** with weights of 4, a sigmoid at input 0 passes a gradient on unchanged. Take inputs of 1 instead of 0 and a chain
# of twenty. How much arrives, and with weights of 6?
#
# <details><summary>Answer</summary>
#
# At 1 the sigmoid's slope is 0.197. With weights of 4 a factor of 0.786 a layer leaves $0.786^{20} \approx 0.008$; with
# weights of 6 a factor of 1.18 makes it 27. Vanishing and exploding are neighbours.
#
# </details>


# %%
def chain_gradient(local_gradients):
    """Gradient through a chain: the product of its local gradients.

    Args:
        local_gradients: float64 array of shape (depth,), numbers of either sign.

    Returns:
        float; 1.0 for a chain of depth 0.

    >>> round(chain_gradient(np.array([0.2, 0.02])), 12)
    0.004
    """
    ### BEGIN SOLUTION
    return float(np.prod(local_gradients))
    ### END SOLUTION


def max_gradient_through(depth, activation="sigmoid"):
    """Largest gradient that a chain of this many equal activations can pass on, all weights being 1.

    Args:
        depth: number of activations, a whole number, 0 or more.
        activation: "sigmoid", "tanh" or "relu".

    Returns:
        float: the largest value of the activation's derivative to the power of depth; 1.0 for depth 0.

    >>> max_gradient_through(2, "sigmoid")
    0.0625
    """
    ### BEGIN SOLUTION
    largest = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
    return largest[activation] ** depth
    ### END SOLUTION


# %% [markdown]
# ## In the end: a line learns to bend
# A drawn curve, and a network with one hidden layer whose first weights are drawn and stay as they are; only the last layer is
# solved for. Without an activation all hidden units together are one straight line. What each of your functions makes of the
# same weights:
#
# ```python
# rng = np.random.default_rng(0)
# x = np.linspace(-3, 3, 200)[:, None]
# curve = np.sin(2 * x) + 0.3 * x
# inner = x @ rng.normal(size=(1, 40)) * 2 + rng.normal(size=40) * 2
# for function in (linear, relu, tanh, softplus):
#     hidden = np.hstack([function(inner), np.ones((200, 1))])
#     outer, *_ = np.linalg.lstsq(hidden, curve, rcond=1e-6)
#     print(f"{function.__name__:8} leaves an error of {np.sqrt(np.mean((hidden @ outer - curve) ** 2)):.3f}")
# ```
#
# ```text
# linear   leaves an error of 0.660
# relu     leaves an error of 0.052
# tanh     leaves an error of 0.000
# softplus leaves an error of 0.001
# ```
#
# Plot `hidden @ outer` over `x` for each of them: the ReLU's curve is made of straight pieces, the others' are smooth.
