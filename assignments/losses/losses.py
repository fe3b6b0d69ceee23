# %% [markdown]
# # Losses
#
# **What you will be able to do:** write six losses with their gradients, from probabilities and from logits, and tell which
# goes with which output.
#
# **What you need:** [activations](../activations/handout.md), above all softmax; partial derivatives.
#
# **How long it takes:** four to six hours, with the reading.
#
# A loss says in **one number** how wrong a batch of predictions is. Training needs two things of it: the number, to see if it
# falls, and its gradient with respect to the predictions, which is where backpropagation begins.
#
# **Order and names** are Keras's: `loss(y_true, y_pred)`, the truth first. The gradient is always taken with respect to
# `y_pred` and has its shape.
#
# **The mean.** A batch is `(batch, features)`, $N$ rows of $D$ numbers. Keras takes the mean over the last axis, which leaves
# one number for each row, and then the mean over the rows. All rows are equally long, so for an elementwise loss that is the
# mean over all $N \cdot D$ entries. (`keras.losses.mean_squared_error` stops at one number a row, and the class
# `keras.losses.MeanSquaredError` takes the second mean. The functions here do both and return one number.) Since the loss is
# divided by $N \cdot D$, so is its gradient: a layer that receives it only has to add up over the batch.
#
# **Shapes must be equal.** NumPy broadcasts: the difference of a vector `(5,)` and a column `(5, 1)` is a matrix `(5, 5)`:
# each target against each prediction. Its mean is a plausible number, and the training that follows learns nothing. So
# every loss here refuses unequal shapes with a `ValueError`. The function that does so is given below: call it first.
#
# **Types.** `y_pred` is float64. `y_true` may hold whole numbers (int64), as labels often do, or float64. Answers are float64
# in either case, and what comes in stays as it was.

# %%
"""Losses: one number for a batch of predictions, and its gradient with respect to them."""

import numpy as np

# Probabilities are kept at least this far from 0 and from 1 before their logarithm is taken, as Keras does.
EPSILON = 1e-7


def require_equal_shapes(y_true, y_pred):
    """Given: raise ValueError unless the two arrays have the same shape.

    >>> require_equal_shapes(np.zeros(5), np.zeros((5, 1)))
    Traceback (most recent call last):
    ValueError: y_true has shape (5,) and y_pred (5, 1); they must be equal
    """
    if y_true.shape != y_pred.shape:
        raise ValueError(f"y_true has shape {y_true.shape} and y_pred {y_pred.shape}; they must be equal")


def require_class_numbers(y_true, y_pred):
    """Given: raise ValueError unless y_true holds one class number, from 0 to classes - 1, for each row of y_pred."""
    if y_pred.ndim != 2 or y_true.shape != y_pred.shape[:1]:
        raise ValueError(f"y_true has shape {y_true.shape} and y_pred {y_pred.shape}; expected (batch,) and (batch, classes)")
    classes = y_pred.shape[1]
    if not ((y_true >= 0) & (y_true < classes)).all():
        raise ValueError(f"a class number is not one of 0 to {classes - 1}")


# %% [markdown]
# ## Mean squared error
# $$L = \frac{1}{N D} \sum_{n,d} (\hat y_{nd} - y_{nd})^2 \qquad
# \frac{\partial L}{\partial \hat y_{nd}} = \frac{2\,(\hat y_{nd} - y_{nd})}{N D}$$
#
# With $N = 2$, $D = 2$:
#
# $$y = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \quad \hat y = \begin{pmatrix} 1 & 1 \\ 5 & 4 \end{pmatrix}, \quad
# \hat y - y = \begin{pmatrix} 0 & -1 \\ 2 & 0 \end{pmatrix}, \quad L = \frac{0 + 1 + 4 + 0}{4} = 1.25, \quad
# \frac{\partial L}{\partial \hat y} = \begin{pmatrix} 0 & -0.5 \\ 1 & 0 \end{pmatrix}$$
#
# The gradient is positive where the prediction is too large: a step **against** it makes that prediction smaller. Some texts
# put ½ in front of the loss so that the 2 cancels; Keras does not, and here it stays.
#
# **Try it:** halve all errors. What happens to the loss, and what to the gradient? Then compute `y - y_hat` for the shapes
# `(5,)` and `(5, 1)`, and look at the result's shape.


# %%
def mean_squared_error(y_true, y_pred):
    """Mean over all entries of ``(y_pred - y_true)**2``.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float.

    Raises:
        ValueError: if the shapes differ.

    >>> mean_squared_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 4.0]]))
    1.25
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def mean_squared_error_gradient(y_true, y_pred):
    """Gradient of the mean squared error with respect to y_pred: ``2 * (y_pred - y_true) / (number of entries)``.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float64 array of the same shape; a new array.

    Raises:
        ValueError: if the shapes differ.

    >>> mean_squared_error_gradient(np.array([[3.0, 4.0]]), np.array([[5.0, 4.0]])).tolist()
    [[2.0, 0.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Mean absolute error
# $$L = \frac{1}{N D} \sum_{n,d} |\hat y_{nd} - y_{nd}| \qquad
# \frac{\partial L}{\partial \hat y_{nd}} = \frac{\mathrm{sign}(\hat y_{nd} - y_{nd})}{N D}$$
#
# In the example above $L = (0 + 1 + 2 + 0)/4 = 0.75$. The gradient only knows the error's sign, not its size:
#
# $$\frac{\partial L}{\partial \hat y} = \begin{pmatrix} 0 & -0.25 \\ 0.25 & 0 \end{pmatrix}$$
#
# An error of 100 pulls no harder than one of 0.1, so a single wild target cannot dominate a batch. An error of exactly 0 sits
# on a kink, where no derivative exists; the convention here, and in TensorFlow, is **0**.
#
# ![Left, the squared error is a parabola and the absolute error a V. Right, their gradients: a straight line through zero, and
# a jump from minus one to one with a dot at zero.](figures/squared_and_absolute.svg)
#
# **Try it:** change one target of ten to 1000. By which factor does the MSE's gradient there grow, and by which the MAE's?


# %%
def mean_absolute_error(y_true, y_pred):
    """Mean over all entries of ``|y_pred - y_true|``.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float.

    Raises:
        ValueError: if the shapes differ.

    >>> mean_absolute_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 4.0]]))
    0.75
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def mean_absolute_error_gradient(y_true, y_pred):
    """Gradient of the mean absolute error with respect to y_pred: the error's sign over the number of entries.

    At the kink, where an error is exactly 0, it is 0.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float64 array of the same shape; a new array.

    Raises:
        ValueError: if the shapes differ.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Root mean squared error
# $$L = \sqrt{\frac{1}{N D} \sum_{n,d} (\hat y_{nd} - y_{nd})^2} \qquad
# \frac{\partial L}{\partial \hat y_{nd}} = \frac{\hat y_{nd} - y_{nd}}{N D \cdot L}$$
#
# It is measured in the unit of the targets (euros, not square euros), which makes it the number to report. There is **one**
# root, over the mean of the whole batch; the mean of one root per row is another number. Keras has it as a metric. In the
# example above $L = \sqrt{1.25} \approx 1.118$, and the gradient follows from the chain rule, $\partial\sqrt{m}/\partial m =
# 1/(2\sqrt{m})$:
#
# $$\frac{\partial L}{\partial \hat y_{10}} = \frac{2}{4 \cdot 1.118} \approx 0.447$$
#
# If every prediction is exact then $L = 0$, and the formula says 0/0. The convention is that the gradient is then 0: there is
# nothing left to improve.
#
# **Try it:** multiply all errors by 10. The RMSE grows tenfold; what does its gradient do?


# %%
def root_mean_squared_error(y_true, y_pred):
    """Square root of the mean over all entries of ``(y_pred - y_true)**2``.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float.

    Raises:
        ValueError: if the shapes differ.

    >>> root_mean_squared_error(np.array([[1.0, 2.0]]), np.array([[3.0, 0.0]]))
    2.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def root_mean_squared_error_gradient(y_true, y_pred):
    """Gradient of the root mean squared error: ``(y_pred - y_true) / (number of entries * root mean squared error)``.

    Where all predictions are exact it is 0 in every entry, without a warning.

    Args:
        y_true: array of any shape, float64 or int64.
        y_pred: float64 array of the same shape.

    Returns:
        float64 array of the same shape; a new array.

    Raises:
        ValueError: if the shapes differ.

    >>> root_mean_squared_error_gradient(np.array([[1.0, 2.0]]), np.array([[3.0, 0.0]])).tolist()
    [[0.5, -0.5]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Binary cross-entropy
# The prediction is a probability $p$ that the answer is 1. How surprised are you by what really happened? By $-\log p$ if it
# was 1, and by $-\log (1 - p)$ if it was 0. One formula has both, for $y$ is 1 or 0:
#
# $$L = -\frac{1}{N D} \sum_{n,d} \bigl[\, y_{nd} \log p_{nd} + (1 - y_{nd}) \log (1 - p_{nd}) \,\bigr]$$
#
# **Mind the minus sign.** Logarithms of probabilities are negative, so without it the formula, as it is sometimes printed, is
# the log-likelihood, which is to be made **large**. Gradient descent on it would learn the opposite of the labels. A loss is
# never negative here.
#
# For $y = (1, 0)$ and $p = (0.8, 0.4)$, $L = (-\log 0.8 - \log 0.6)/2 \approx (0.223 + 0.511)/2 = 0.367$. A label may also lie
# between 0 and 1 (a "soft" label); then both terms count.
#
# **Clipping.** $\log 0$ is $-\infty$, and a sigmoid does round to 1. So $p$ is first clipped to $[\epsilon, 1 - \epsilon]$
# with $\epsilon = 10^{-7}$ (`EPSILON`), as Keras does: the worst possible loss is $-\log 10^{-7} \approx 16.12$.
#
# $$\frac{\partial L}{\partial p_{nd}} = \frac{1}{N D} \cdot \begin{cases} \dfrac{p_{nd} - y_{nd}}{p_{nd}\,(1 - p_{nd})} &
# \epsilon \le p_{nd} \le 1 - \epsilon \\[2ex] 0 & \text{else} \end{cases}$$
#
# Outside of the clip the clipped number no longer moves with $p$, so the gradient is 0. In the example it is
# $\frac{1}{2}(-1/0.8,\ 1/0.6) \approx (-0.625, 0.833)$.
#
# ### From logits: sigmoid and cross-entropy in one
# With that 0, a confident network that is wrong learns nothing: sigmoid gives $p = 1$ where the label is 0, and the gradient
# is gone just where it is needed most. So do not make probabilities first. Let `y_pred` be the **logit** $z$, with $p =
# \sigma(z)$, and simplify on paper:
#
# $$-y \log \sigma(z) - (1 - y) \log (1 - \sigma(z)) = \log(1 + e^{z}) - y\,z = \max(z, 0) - y\,z + \log(1 + e^{-|z|})$$
#
# The last form overflows nowhere. For $y = 1$, $z = 2$ it is $2 - 2 + \log(1 + e^{-2}) \approx 0.127$; for $y = 0$, $z = 1000$
# it is 1000, where the clipped form answers 16.12. No logarithm of 0 is ever met, so nothing is clipped. And the gradient
# becomes as simple as can be, for the sigmoid's derivative $p(1 - p)$ cancels:
#
# $$\frac{\partial L}{\partial z_{nd}} = \frac{\sigma(z_{nd}) - y_{nd}}{N D}$$
#
# For $y = 1$, $z = 2$ alone: $0.881 - 1 = -0.119$. That is what `from_logits=True` stands for. With it, the network has no
# sigmoid at its end: it is in the loss already, and a second one would squeeze everything into $(0.5, 0.73)$.
#
# ![The loss against the predicted probability. For label 1 it falls from infinity at zero to zero at one; for label 0 it is
# the mirror image.](figures/crossentropy.svg)
#
# ![Left, loss against the logit where the label is 1: cross-entropy grows in a straight line to the left, the squared error of
# the sigmoid stops at one. Right, the gradients: far to the left that of cross-entropy is minus one, that of the squared error
# almost zero.](figures/sure_and_wrong.svg)
#
# **Try it:** compute the loss for $y = 0$ and $z = 10, 20, 40$ by both routes, from logits and by way of probabilities.


# %%
def binary_crossentropy(y_true, y_pred, from_logits=False):
    """Mean over all entries of ``-(y_true * log(p) + (1 - y_true) * log(1 - p))``, with the natural logarithm.

    From probabilities, p is ``y_pred`` clipped to [EPSILON, 1 - EPSILON]: finite, without a warning, at 0 and at 1 too.
    From logits, p is ``sigmoid(y_pred)``, not clipped: exact, without overflow or warning, for logits of ±1000 too.

    Args:
        y_true: labels, array of any shape, float64 or int64, entries from 0 to 1; those in between count for both sides.
        y_pred: float64 array of the same shape: probabilities, or logits if from_logits.
        from_logits: whether y_pred are logits.

    Returns:
        float.

    Raises:
        ValueError: if the shapes differ.

    >>> round(binary_crossentropy(np.array([[1.0, 0.0]]), np.array([[0.8, 0.4]])), 4)
    0.367
    >>> binary_crossentropy(np.array([[0.0]]), np.array([[1000.0]]), from_logits=True)
    1000.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def binary_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """Gradient of the binary cross-entropy with respect to y_pred.

    From probabilities: ``(p - y_true) / (p * (1 - p)) / (number of entries)``, and 0 where y_pred is outside of
    [EPSILON, 1 - EPSILON]. From logits: ``(sigmoid(y_pred) - y_true) / (number of entries)``. No overflow or warning, neither
    for probabilities of 0 and 1 nor for logits of ±1000.

    Args:
        y_true: labels, array of any shape, float64 or int64, entries from 0 to 1.
        y_pred: float64 array of the same shape: probabilities, or logits if from_logits.
        from_logits: whether y_pred are logits; then the gradient is with respect to the logits.

    Returns:
        float64 array of the same shape; a new array.

    Raises:
        ValueError: if the shapes differ.

    >>> binary_crossentropy_gradient(np.array([[1.0, 0.0]]), np.array([[0.25, 0.0]])).tolist()
    [[-2.0, 0.0]]
    >>> binary_crossentropy_gradient(np.array([[1.0, 0.0]]), np.array([[0.0, 0.0]]), from_logits=True).tolist()
    [[-0.25, 0.25]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Categorical cross-entropy
# Now each row has one of $C$ classes. The label is a **one-hot** row, 1 at the true class and 0 elsewhere, or any row of
# probabilities that sums to 1. The prediction is a row of probabilities $p$:
#
# $$L = -\frac{1}{N} \sum_{n} \sum_{c} y_{nc} \log p_{nc}$$
#
# The classes of a row are **summed**, not averaged: for a one-hot label only one term is left, $-\log$ of the true class's
# probability. The mean runs over the $N$ rows. Here too the formula is sometimes printed without its minus sign; with it the
# loss is never negative. For $y = (0, 1, 0)$ and $p = (0.2, 0.5, 0.3)$, $L = -\log 0.5 \approx 0.693$.
#
# Keras does two things first, in this order. It **renormalises**: with the row's sum $S_n = \sum_c \hat y_{nc}$, $p_{nc} =
# \hat y_{nc} / S_n$. A row of softmax has $S_n = 1$, but one may give it $(2, 5, 3)$ as well, and the loss is the same. Then
# it **clips** $p$ to $[\epsilon, 1 - \epsilon]$.
#
# **Gradient.** Every entry of a row is in $S_n$, so every entry has a share in the gradient, although a one-hot label leaves
# one term in the loss. Let $m_{nc}$ be 1 where $p_{nc}$ is inside of the clip and 0 where it is not. Then
#
# $$\frac{\partial L}{\partial \hat y_{nc}} = \frac{1}{N\,S_n}
# \Bigl( \sum_k y_{nk}\,m_{nk} - \frac{y_{nc}\,m_{nc}}{p_{nc}} \Bigr)$$
#
# For one-hot labels the sum is 1, or 0 where the true class's probability is outside of the clip; then the whole row is 0. In
# the example: $(1,\ 1 - 1/0.5,\ 1) = (1, -1, 1)$. Check: making the whole row larger changes nothing, so the gradient times
# the row must be 0, and $0.2 - 0.5 + 0.3$ is. The formula $-y/p$ of many texts lacks the renormalisation's share.
#
# ### From logits: softmax and cross-entropy in one
# Let `y_pred` be logits $z$ and $p = \mathrm{softmax}(z)$. The logarithm undoes the exponential:
#
# $$-\sum_c y_c \log p_c = -\sum_c y_c \Bigl( z_c - \log \sum_k e^{z_k} \Bigr)$$
#
# With the row's largest logit subtracted from all of $z$ first, which changes nothing on paper, nothing overflows, and no
# probability that rounds to 0 is ever given to a logarithm. Nothing is clipped. For rows of labels that sum to 1 the gradient
# is
#
# $$\frac{\partial L}{\partial z_{nc}} = \frac{p_{nc} - y_{nc}}{N}$$
#
# **Where it comes from.** Of one row the loss is $\ell = \log \sum_k e^{z_k} - \sum_k y_k z_k$, as the labels sum to 1. The
# second part has the slope $-y_c$. The first has
#
# $$\frac{\partial}{\partial z_c} \log \sum_k e^{z_k} = \frac{e^{z_c}}{\sum_k e^{z_k}} = p_c,$$
#
# the softmax itself. Together $p_c - y_c$, and $\frac1N$ for the mean over the rows. Going the long way, from
# $\partial \ell / \partial p_c = -y_c / p_c$ through the softmax's Jacobian
# $\partial p_c / \partial z_k = p_c\,([c = k] - p_k)$, gives
# $\sum_c -\frac{y_c}{p_c}\,p_c\,([c = k] - p_k) = -y_k + p_k \sum_c y_c$: the same, since the $p_c$ that one has in its
# denominator the other has as a factor. That is why softmax and cross-entropy belong together, and why no division by a small
# probability is left.
#
# Logits $(1, 2, 3)$ have $p \approx (0.090, 0.245, 0.665)$. If the true class is the middle one, $L = -\log 0.245 \approx
# 1.408$ and the gradient is $(0.090, -0.755, 0.665)$. It sums to 0: what the true class gains, the others lose.
#
# ![Left, the loss of three classes falls as the logit of the true class grows. Right, the gradients: negative for the true
# class, positive for the two others, the larger one for the larger logit; all tend to zero.](figures/surprise.svg)
#
# **Try it:** apply a softmax to the logits and give the result with `from_logits=True`, a common mistake. How small can the
# loss of a perfectly sure and right prediction become, with three classes?


# %%
def categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Mean over the rows of ``-sum(y_true * log(p))``, with the natural logarithm.

    From probabilities, p is ``y_pred`` divided by its row's sum, then clipped to [EPSILON, 1 - EPSILON]: finite, without a
    warning, at 0 and at 1 too. From logits, p is ``softmax(y_pred)``, not clipped: exact, without overflow or warning, for
    logits of ±1000 too.

    Args:
        y_true: array of shape (batch, classes), float64 or int64; each row one-hot, or probabilities that sum to 1.
        y_pred: float64 array of the same shape: not negative, each row's sum positive; or logits if from_logits.
        from_logits: whether y_pred are logits.

    Returns:
        float.

    Raises:
        ValueError: if the shapes differ.

    >>> round(categorical_crossentropy(np.array([[0.0, 1.0, 0.0]]), np.array([[0.2, 0.5, 0.3]])), 4)
    0.6931
    >>> categorical_crossentropy(np.array([[0.0, 1.0]]), np.array([[1000.0, -1000.0]]), from_logits=True)
    2000.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """Gradient of the categorical cross-entropy with respect to y_pred.

    From probabilities: with each row's sum S, ``p = y_pred / S``, and m = 1 where p is in [EPSILON, 1 - EPSILON], else 0,
    it is ``(sum(y_true * m) - y_true * m / p) / (S * batch)``. From logits: ``(softmax(y_pred) - y_true) / batch``. No
    overflow or warning, neither for probabilities of 0 and 1 nor for logits of ±1000.

    Args:
        y_true: array of shape (batch, classes), float64 or int64; each row one-hot, or probabilities that sum to 1.
        y_pred: float64 array of the same shape: not negative, each row's sum positive; or logits if from_logits.
        from_logits: whether y_pred are logits; then the gradient is with respect to the logits.

    Returns:
        float64 array of the same shape; a new array.

    Raises:
        ValueError: if the shapes differ.

    >>> categorical_crossentropy_gradient(np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]])).tolist()
    [[1.0, -1.0]]
    >>> categorical_crossentropy_gradient(np.array([[0.0, 1.0]]), np.array([[0.0, 0.0]]), from_logits=True).tolist()
    [[0.5, -0.5]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Sparse categorical cross-entropy
# The same loss, with the label as a **class number** instead of a one-hot row: `y_true` is `(batch,)`, whole numbers from 0 to
# $C - 1$, and `y_pred` is `(batch, classes)`. With the true class $t_n$ of row $n$,
#
# $$L = -\frac{1}{N} \sum_n \log p_{n, t_n}$$
#
# Row 0 needs its entry $t_0$, row 1 its entry $t_1$, and so on: one entry from each row, $N$ in all. `p[:, y_true]` is
# something else: it takes whole columns, $N \times N$ entries. For $p = (0.2, 0.5, 0.3)$ and class number 1, $L = -\log 0.5
# \approx 0.693$, as above.
#
# Probabilities are renormalised and then clipped as above, and the gradients are those of `categorical_crossentropy` with the
# one-hot row of $t_n$: from logits, $p$ with 1 subtracted at the true class, over $N$. Class numbers that do not exist are
# refused with a `ValueError`; NumPy would take a label of $-1$ for the last class, silently. (Keras on TensorFlow clips first
# and renormalises then in this one function; we keep to the order of the other one. For rows that sum to 1 the loss differs by
# some $10^{-7}$. Where entries are above 1 it is another: of the row $(2, 5, 3)$ with class 1 Keras makes three equal
# probabilities, a loss of $\log 3 = 1.0986$ and a gradient of 0, where $-\log .5 = .6931$ is due.)
#
# **Try it:** with five rows and three classes, print the shapes of `p[:, y_true]` and of `p[range(5), y_true]`.


# %%
def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Mean over the rows of ``-log(p of the true class)``, the true class being given as a number.

    The same as :func:`categorical_crossentropy` with one-hot labels: from probabilities, p is ``y_pred`` divided by its row's
    sum, then clipped to [EPSILON, 1 - EPSILON]; from logits, p is ``softmax(y_pred)``, not clipped, without overflow or
    warning for logits of ±1000 too.

    Args:
        y_true: int64 array of shape (batch,): class numbers from 0 to classes - 1.
        y_pred: float64 array of shape (batch, classes): not negative, each row's sum positive; or logits if from_logits.
        from_logits: whether y_pred are logits.

    Returns:
        float.

    Raises:
        ValueError: if the shapes are others, or a class number is not from 0 to classes - 1.

    >>> round(sparse_categorical_crossentropy(np.array([1]), np.array([[0.2, 0.5, 0.3]])), 4)
    0.6931
    >>> sparse_categorical_crossentropy(np.array([1]), np.array([[1000.0, -1000.0]]), from_logits=True)
    2000.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def sparse_categorical_crossentropy_gradient(y_true, y_pred, from_logits=False):
    """Gradient of the sparse categorical cross-entropy with respect to y_pred.

    The same as :func:`categorical_crossentropy_gradient` with one-hot labels. No overflow or warning, neither for
    probabilities of 0 and 1 nor for logits of ±1000.

    Args:
        y_true: int64 array of shape (batch,): class numbers from 0 to classes - 1.
        y_pred: float64 array of shape (batch, classes): not negative, each row's sum positive; or logits if from_logits.
        from_logits: whether y_pred are logits; then the gradient is with respect to the logits.

    Returns:
        float64 array of the shape of y_pred; a new array.

    Raises:
        ValueError: if the shapes are others, or a class number is not from 0 to classes - 1.

    >>> sparse_categorical_crossentropy_gradient(np.array([1]), np.array([[0.0, 0.0]]), from_logits=True).tolist()
    [[0.5, -0.5]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## In the end: ten digits from a gradient
# A gradient is enough to learn with. One layer without anything around it, on scikit-learn's handwritten digits, trained by
# your `sparse_categorical_crossentropy_gradient` from logits: the gradient for the weights is the images, transposed, times
# the gradient for the logits.
#
# ```python
# from sklearn.datasets import load_digits
#
# digits = load_digits()
# x, y = digits.data / 16, digits.target
# x = np.hstack([x, np.ones((len(x), 1))])  # a column for the bias
# train, test = slice(0, 1200), slice(1200, None)
# kernel = np.zeros((65, 10))
# for step in range(301):
#     logits = x[train] @ kernel
#     if step % 100 == 0:
#         loss = sparse_categorical_crossentropy(y[train], logits, from_logits=True)
#         right = np.mean((x[test] @ kernel).argmax(axis=1) == y[test])
#         print(f"step {step:3}: loss {loss:.3f}, {right:.2f} of the new images right")
#     kernel -= 1.0 * x[train].T @ sparse_categorical_crossentropy_gradient(y[train], logits, from_logits=True)
# ```
#
# ```text
# step   0: loss 2.303, 0.10 of the new images right
# step 100: loss 0.239, 0.90 of the new images right
# step 200: loss 0.159, 0.91 of the new images right
# step 300: loss 0.126, 0.91 of the new images right
# ```
#
# The first loss is $\ln 10$: whoever knows nothing gives each of ten classes a tenth.
