# %% [markdown]
# # Regularization
#
# **What you will be able to do:** hold weights small, clip gradients, drop units rightly in training and not at all in use,
# and stop in time.
#
# **What you need:** [losses](../losses/handout.md) and [layers](../layers/handout.md); mean and variance.
#
# **How long it takes:** five to six hours, with the reading.
#
# A network with enough weights can learn its training set by heart. Regularization is whatever keeps it from doing so: a
# price on large weights, noise on the inputs of a layer, an end to training at the right moment. Clipping gradients stands
# here too; it limits the length of one step rather than the size of the weights.
#
# The functions take float64 arrays of any shape (the clipping functions: a list of them) and return new ones; nothing that
# is passed in is changed. The two layers keep the contract of all layers: `forward(x, training=False)`, then
# `backward(upstream)`.

# %%
"""Regularization: penalties on weights, clipping, dropout, Monte Carlo dropout, and early stopping."""

import numpy as np

# SELU's two constants, as Keras has them (Klambauer et al., 2017, arXiv:1706.02515); for AlphaDropout.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805

# %% [markdown]
# ## L1 and L2 penalties
# A penalty is added to the loss, so its gradient is added to the gradient of the weights. With $w$ running over all entries
# of an array, of whatever shape,
#
# $$ R_1 = \lambda_1 \sum_i |w_i|, \qquad \frac{\partial R_1}{\partial w_i} = \lambda_1\,\mathrm{sign}(w_i), \qquad
#    R_2 = \lambda_2 \sum_i w_i^2, \qquad \frac{\partial R_2}{\partial w_i} = 2\,\lambda_2\,w_i . $$
#
# For $w = (3, -4)$ and $\lambda = 0.01$ the L1 penalty is 0.07 with gradient $(0.01, -0.01)$, and the L2 penalty is 0.25
# with gradient $(0.06, -0.08)$. L1 pushes every weight with the same force, however small it is, and so reaches 0; L2
# pushes large ones harder and never quite gets there.
#
# Three conventions differ between books, so mind them: Keras *sums* over the weights (no mean), it has *no* factor ½ before
# the L2 sum (so the 2 stays in the gradient), and biases are usually left unpenalized. At 0 the absolute value has a kink;
# the gradient there is 0 by convention.
#
# ![Three weights that only a penalty moves. With L1 all fall along parallel lines and are stopped at zero. With L2 each falls
# by the same share at every step and none reaches zero.](figures/penalties.svg)
#
# The figure sets a weight to 0 when L1 would take it past 0. Plain descent does not do that for you.
#
# **Try it:** let a penalty alone move a weight of 0.05, with $\lambda = 0.2$ and a learning rate of 0.1. With L1 it does not
# stay at 0 but jumps from one side to the other. Why, and how wide are the jumps?


# %%
def l1_penalty(weights, l1=0.01):
    """L1 penalty, ``l1 * sum(|weights|)``.

    Args:
        weights: float64 array of any shape.
        l1: the factor, 0 or more; Keras's default is 0.01.

    Returns:
        float, the penalty of all weights together.

    >>> round(l1_penalty(np.array([3.0, -4.0])), 12)
    0.07
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def l1_gradient(weights, l1=0.01):
    """Gradient of the L1 penalty for the weights. At the kink, where a weight is 0, it is 0.

    Args:
        weights: float64 array of any shape.
        l1: as for :func:`l1_penalty`.

    Returns:
        float64 array of the shape of weights.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def l2_penalty(weights, l2=0.01):
    """L2 penalty, ``l2 * sum(weights**2)``: no root, no factor 1/2.

    Args:
        weights: float64 array of any shape.
        l2: the factor, 0 or more; Keras's default is 0.01.

    Returns:
        float, the penalty of all weights together.

    >>> round(l2_penalty(np.array([3.0, -4.0])), 12)
    0.25
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def l2_gradient(weights, l2=0.01):
    """Gradient of the L2 penalty for the weights.

    Args:
        weights: float64 array of any shape.
        l2: as for :func:`l2_penalty`.

    Returns:
        float64 array of the shape of weights.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Both at once
# The sum of the two penalties is also called elastic net. Each part has its own factor, and either may be 0, which is
# Keras's default for both: `L1L2()` alone penalizes nothing.
#
# $$ R = \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2, \qquad
# \frac{\partial R}{\partial w_i} = \lambda_1\,\mathrm{sign}(w_i) + 2\,\lambda_2\,w_i $$
#
# For $w = (3, -4)$, $\lambda_1 = 0.1$ and $\lambda_2 = 0.01$ the penalty is $0.7 + 0.25 = 0.95$ and the gradient is $(0.16,
# -0.18)$.
#
# **Try it:** for which size of a weight do both parts of the gradient pull equally hard?


# %%
def l1_l2_penalty(weights, l1=0.0, l2=0.0):
    """L1 and L2 penalty together, ``l1 * sum(|weights|) + l2 * sum(weights**2)``.

    Args:
        weights: float64 array of any shape.
        l1: factor of the sum of absolute values, 0 or more; Keras's default is 0.
        l2: factor of the sum of squares, 0 or more; Keras's default is 0.

    Returns:
        float, the penalty of all weights together.

    References:
        Zou & Hastie, 2005, "Regularization and variable selection via the elastic net".

    >>> round(l1_l2_penalty(np.array([3.0, -4.0]), l1=0.1, l2=0.01), 12)
    0.95
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def l1_l2_gradient(weights, l1=0.0, l2=0.0):
    """Gradient of the L1 and L2 penalty for the weights. Where a weight is 0, it is 0.

    Args:
        weights: float64 array of any shape.
        l1, l2: as for :func:`l1_l2_penalty`.

    Returns:
        float64 array of the shape of weights.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Clipping gradients
# One exploding gradient can undo an hour of training. There are three ways to limit it, and Keras's optimizers have an
# argument for each (`clipvalue`, `clipnorm`, `global_clipnorm`):
#
# - **by value**: each entry is cut to $[-c, c]$ on its own. This may change the gradient's direction.
# - **by norm**: each array is shortened to the norm $c$ if it is longer, $g \cdot \min(1, c / \lVert g \rVert)$, where
#   $\lVert g \rVert = \sqrt{\sum_i g_i^2}$ runs over *all* entries of that array. The array's direction stays.
# - **by global norm**: one norm for all arrays together, $\sqrt{\sum_k \lVert g_k \rVert^2}$, and one factor for all. The
#   direction of the whole step stays.
#
# For $g_1 = (3, 4)$ and $g_2 = (12)$ the norms are 5 and 12, the global norm is $\sqrt{25 + 144} = 13$. Clipped to the
# global norm 6.5, everything is halved: $(1.5, 2)$ and $(6)$. Clipped by norm to 6.5, the first stays and the second becomes
# $(6.5)$. What is short enough is left as it is, never made longer; and a gradient of zeros stays zeros, so don't divide by
# its norm.
#
# ![The gradient (4, 1.5) as an arrow, before and after clipping to 2. By value, the arrow ends on the edge of a square and
# points elsewhere than before. By norm, it ends on a circle and keeps its direction.](figures/clipping.svg)
#
# **Try it:** clip $(100, 1)$ and $(1)$ by value, by norm and by global norm to 1. Which of the three keeps the second array as
# it is, and which keeps the proportions?


# %%
def clip_by_value(gradients, clipvalue):
    """Cut every entry of every gradient to the range from -clipvalue to clipvalue.

    Args:
        gradients: list of float64 arrays, of any shapes.
        clipvalue: the largest absolute value allowed, above 0.

    Returns:
        list of new float64 arrays of the same shapes, in the same order.

    >>> [g.tolist() for g in clip_by_value([np.array([3.0, -0.5]), np.array([-7.0])], 2.0)]
    [[2.0, -0.5], [-2.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def clip_by_norm(gradients, clipnorm):
    """Shorten every gradient whose own norm is above clipnorm to that norm; leave the others' values as they are.

    The norm of an array is the root of the sum of the squares of all its entries, whatever its shape. A gradient of zeros
    stays zeros, without a warning. An array that need not be shortened is returned as a copy.

    Args:
        gradients: list of float64 arrays, of any shapes.
        clipnorm: the largest norm allowed for each array, above 0.

    Returns:
        list of new float64 arrays of the same shapes, in the same order.

    References:
        Pascanu et al., 2013, arXiv:1211.5063.

    >>> [g.tolist() for g in clip_by_norm([np.array([3.0, 4.0]), np.array([12.0])], 6.5)]
    [[3.0, 4.0], [6.5]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def clip_by_global_norm(gradients, global_clipnorm):
    """Shorten all gradients by one common factor, so that their global norm is at most global_clipnorm.

    The global norm is the root of the sum of the squares of all entries of all arrays. Where it is small enough, all values
    stay as they are. Gradients of zeros stay zeros, without a warning.

    Args:
        gradients: list of float64 arrays, at least one, of any shapes.
        global_clipnorm: the largest global norm allowed, above 0.

    Returns:
        list of new float64 arrays of the same shapes, in the same order; copies where nothing had to be shortened.

    >>> [g.tolist() for g in clip_by_global_norm([np.array([3.0, 4.0]), np.array([12.0])], 6.5)]
    [[1.5, 2.0], [6.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Dropout
# In training, every entry of $x$ is set to 0 with probability `rate`, independently of all others, and what is kept is
# divided by the probability of being kept:
#
# $$ y = \frac{m \odot x}{1 - \mathrm{rate}}, \qquad P(m_{ij} = 1) = 1 - \mathrm{rate}, \qquad E[y] = x . $$
#
# So the layer's mean output is its input, and at inference there is nothing to do: $y = x$. With rate 0.2, what is kept is
# multiplied by 1.25. This is *inverted* dropout, and Keras's. The paper of 2014 on dropout left the training pass unscaled and
# multiplied the weights by the keep probability at inference instead. Both are right on their own, and their mixtures are
# not: scaling twice, or never. Mind also which probability you have in hand: that paper's $p$ is the probability of
# *keeping*, Keras's `rate` that of *dropping*. At rate ½ one cannot tell them apart, so try your code at another rate.
#
# The layer is linear once the mask is drawn, so the gradient goes back through the very same mask, $\partial L / \partial x
# = m \odot u / (1 - \mathrm{rate})$ for the upstream gradient $u$. Every call of `forward` in training draws a fresh mask of
# the shape of $x$. Rate 0 keeps all; rate 1 gives zeros (and must not divide by $1 - 1$).
#
# ![Mean and standard deviation of a unit behind dropout, by the rate. Scaled, the mean stays at one and the standard deviation
# grows to 0.3. Not scaled, the mean falls with the rate.](figures/dropout.svg)
#
# **Try it:** average `forward(x, training=True)` over 10, 1000 and 100000 calls at rate 0.2 and at rate 0.9. How close does
# the average come to `x`?


# %%
class Dropout:
    """Inverted dropout: in training each entry is dropped with probability rate, and the others are divided by 1 - rate.

    Args:
        rate: probability of dropping an entry, from 0 to 1; both ends are allowed.
        rng: numpy.random.Generator from which the masks are drawn; None makes a new one.

    Attributes:
        parameters, gradients, state: empty dicts, as the layer has nothing to train.

    References:
        Srivastava et al., 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """

    def __init__(self, rate, rng=None):
        if not 0 <= rate <= 1:
            raise ValueError(f"rate must lie between 0 and 1, got {rate}")
        self.rate = rate
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def build(self, input_shape):
        """Nothing to build: the layer has no parameters."""

    def forward(self, x, training=False):
        """Drop entries and scale the others in training; at inference return x's values unchanged.

        Args:
            x: float64 array of any shape.
            training: True draws a fresh mask of the shape of x; False drops and scales nothing.

        Returns:
            new float64 array of the shape of x: 0 or ``x / (1 - rate)`` in training (all 0 if rate is 1), else x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradient for x of the latest forward: through the same mask and scale, or unchanged if that was inference.

        Args:
            upstream: float64 array of the output's shape, the gradient of the loss for the output.

        Returns:
            new float64 array of the shape of x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Alpha dropout
# A self-normalizing network (SELU, LeCun initialization, standardized inputs) keeps mean 0 and variance 1 from layer to
# layer. Ordinary dropout would break that: its zeros lie in the middle of the distribution, and with rate $r$ the variance
# grows by the factor $1/(1-r)$. Alpha dropout sets dropped entries to the value that SELU approaches far on the left,
# $\alpha' = -\alpha\lambda = -1.7581$, and then corrects mean and variance by an affine map of *all* entries:
#
# $$ y = a\,\bigl(m \odot x + (1 - m)\,\alpha'\bigr) + b, \qquad
#    a = \bigl((1 - r)\,(1 + r\,\alpha'^2)\bigr)^{-1/2}, \qquad b = -a\,\alpha'\,r . $$
#
# For $r = 0.1$: $a = 0.9213$, $b = 0.1620$. If $x$ has mean 0 and variance 1, so has $y$, at any rate below 1.
# The gradient passes through kept entries only, where $\partial y / \partial x = a$.
#
# ![Histograms of standardized numbers after dropout at rate 0.2. Ordinary dropout puts a spike at zero and has standard
# deviation 1.118. Alpha dropout puts it at about minus 1.2, moves the rest to the right, and keeps mean 0 and standard
# deviation 1.](figures/alpha_dropout.svg)
#
# **Try it:** apply both layers ten times in a row to standard normal numbers and print mean and standard deviation after each.


# %%
class AlphaDropout:
    """Alpha dropout: dropped entries become SELU's saturation value, and mean 0 and variance 1 are kept.

    Args:
        rate: probability of dropping an entry, at least 0 and below 1.
        rng: numpy.random.Generator from which the masks are drawn; None makes a new one.

    Attributes:
        parameters, gradients, state: empty dicts, as the layer has nothing to train.

    References:
        Klambauer et al., 2017, arXiv:1706.02515.
    """

    def __init__(self, rate, rng=None):
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and below 1, got {rate}")
        self.rate = rate
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def build(self, input_shape):
        """Nothing to build: the layer has no parameters."""

    def forward(self, x, training=False):
        """Alpha dropout in training; at inference return x's values unchanged.

        Args:
            x: float64 array of any shape.
            training: True draws a fresh mask of the shape of x; False changes nothing.

        Returns:
            new float64 array of the shape of x: in training ``a * x + b`` where kept and ``a * alpha' + b`` where dropped,
            with ``alpha' = -SELU_ALPHA * SELU_SCALE``, ``a = ((1 - rate) * (1 + rate * alpha'**2))**-0.5`` and
            ``b = -a * alpha' * rate``; else x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradient for x of the latest forward; upstream's values unchanged if that was inference.

        Args:
            upstream: float64 array of the output's shape, the gradient of the loss for the output.

        Returns:
            new float64 array of the shape of x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Monte Carlo dropout
# Leave dropout on at prediction, predict $T$ times, and the spread of the predictions says how sure the network is. For a
# linear model with dropout on its inputs, $y = \dfrac{m \odot x}{1 - r}\,W + b$, both can be found with pencil and paper:
#
# $$ E[y] = xW + b, \qquad \mathrm{Var}[y_j] = \frac{r}{1 - r} \sum_d x_d^2\,W_{dj}^2 . $$
#
# Shapes: $x$ is $(N, D)$, $W$ is $(D, U)$, $b$ is $(U,)$; mean and std are $(N, U)$. With $x = (2, 1)$, $W = (1, 3)^\top$,
# $b = 0$ and $r = 0.2$ the mean is 5 and the variance $0.25\,(4 + 9) = 3.25$, a std of 1.80. The network that trains is the
# one that predicts here: it is `training=True` at prediction, and nothing else.
#
# ![A linear model's predictions over x, with a band of one standard deviation from a hundred passes. The band is narrow where
# x is near zero, widens on both sides, and follows the closed form.](figures/mc_dropout.svg)
#
# **Try it:** with the example above, how many passes does it take until the std is right to two digits? Note also what the
# formula does not contain: the training data. Between two groups of them a linear model is no less sure.


# %%
def mc_dropout(x, kernel, bias, rate, passes, rng):
    """Monte Carlo dropout prediction of a linear model: mean and std over several passes with dropout on the inputs.

    Each pass draws a fresh mask of the shape of x (rows are independent, and the units of one row see the same dropped
    inputs), applies inverted dropout, and computes ``dropout(x) @ kernel + bias``.

    Args:
        x: float64 array of shape (batch, features).
        kernel: float64 array of shape (features, units).
        bias: float64 array of shape (units,).
        rate: probability of dropping an input, from 0 to 1; at 1 all inputs are dropped and every pass gives the bias.
        passes: number of passes, 1 or more.
        rng: numpy.random.Generator from which the masks are drawn.

    Returns:
        (mean, std): two float64 arrays of shape (batch, units): over the passes, for each example and unit. The std is that of
        the passes as they are, ``sqrt(mean((y - mean)**2))``, so it is 0 for a single pass.

    References:
        Gal & Ghahramani, 2016, arXiv:1506.02142.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Early stopping
# The validation loss falls, levels off, and rises again while the training loss goes on falling. Early stopping watches it
# at the end of every epoch and ends training once it has stopped getting better. Its settings:
#
# - `patience`: how many epochs without an improvement are waited for before training stops. 0 and 1 both stop at the first
#   one.
# - `min_delta`: an improvement counts only if it is larger than this. Strictly: in mode `"min"`, `value + min_delta < best`.
# - `mode`: `"min"` for a loss, `"max"` for an accuracy.
# - `baseline`: an improvement that does not also beat the baseline becomes the best value so far, but does not reset the
#   wait.
# - `restore_best_weights`: at the end of training, stopped early or not, put back the weights of the best epoch. Weights are
#   updated in place while training goes on, so keep a *copy* of them, not the list and not the arrays themselves.
#
# With patience 2 the losses 0.9, 0.7, 0.8, 0.75 stop training at epoch 3 (counted from 0); the best epoch is 1. Note that
# 0.75 is better than 0.8: what counts is the best value so far, not the one before.
#
# ![A training loss that falls all the time, and a validation loss that falls and rises again. A dot marks the best epoch, 11,
# and a line epoch 16, where training stops with a patience of 5.](figures/early_stopping.svg)
#
# **Try it:** find a list of losses with which patience 1 stops at a bad epoch and patience 3 finds a much better one.


# %%
class EarlyStopping:
    """Tells a training loop when to stop, and restores the best weights.

    A training loop uses it so::

        stopping = EarlyStopping(patience=3, restore_best_weights=True)
        stopping.on_train_begin()
        for epoch in range(epochs):
            ...                                                   # one epoch of training, weights updated in place
            if stopping.on_epoch_end(epoch, validation_loss, weights):
                break
        stopping.on_train_end(weights)

    Args:
        patience: number of epochs without improvement after which training stops.
        min_delta: an improvement must be larger than this; 0 or more.
        mode: "min" if smaller values are better, "max" if larger ones are.
        baseline: value that must be beaten too before the wait is reset; None for no baseline.
        restore_best_weights: whether on_train_end puts the best epoch's weights back.

    Attributes:
        wait: epochs since the wait was last reset.
        best: best value so far; None before the first epoch.
        best_epoch: the epoch of the best value; 0 before the first.
        stopped_epoch: the epoch at which training was stopped; 0 if it was not.
    """

    def __init__(self, patience=0, min_delta=0.0, mode="min", baseline=None, restore_best_weights=False):
        if mode not in ("min", "max"):
            raise ValueError(f'mode must be "min" or "max", got {mode!r}')
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.on_train_begin()

    def on_train_begin(self):
        """Forget everything about an earlier training."""
        self.wait = 0
        self.best = None
        self.best_epoch = 0
        self.best_weights = None
        self.stopped_epoch = 0

    def on_epoch_end(self, epoch, value, weights=None):
        """Take the epoch's value into account, and tell whether to stop now.

        1. Add 1 to wait.
        2. If value improves on best (the first value always does): it becomes best, the epoch becomes best_epoch, and with
           restore_best_weights a copy of the weights is kept. If it improves on the baseline too, or there is no baseline,
           set wait to 0. Training goes on.
        3. Else, if wait has reached patience (wait >= patience): set stopped_epoch to this epoch, and stop.

        To improve on a number is to be better than it by more than min_delta: ``value + min_delta < number`` in mode "min",
        ``value - min_delta > number`` in mode "max". A value of NaN improves on nothing.

        Args:
            epoch: the epoch's number, counted from 0.
            value: the watched quantity after this epoch, a float.
            weights: list of float64 arrays, the model's weights; they are updated in place later on. Not changed here.
                May be None if restore_best_weights is False.

        Returns:
            bool: True if training should stop now, else False.

        >>> stopping = EarlyStopping(patience=2)
        >>> [stopping.on_epoch_end(epoch, value) for epoch, value in enumerate([0.9, 0.7, 0.8, 0.75])]
        [False, False, False, True]
        >>> stopping.best, stopping.best_epoch
        (0.7, 1)
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_train_end(self, weights):
        """With restore_best_weights, write the best epoch's weights into the arrays given, in place; else do nothing.

        This happens whether training was stopped early or ran to its end, and whether or not the baseline was beaten.

        Args:
            weights: list of float64 arrays of the same shapes and in the same order as in on_epoch_end; usually the very same
                arrays, which hold the last epoch's values by now.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## In the end: a curve that does not overdo it
# Twelve points of a drawn curve, with noise, and a polynomial with eight powers that could go through nearly all of them. A
# penalty on the weights makes it calmer; a thousand new points say what that is worth.
#
# ```python
# rng = np.random.default_rng(3)
# powers = np.arange(1, 9)
# x, new = np.sort(rng.uniform(-1, 1, 12)), np.linspace(-1, 1, 1000)
# y, truth = np.sin(3 * x) + rng.normal(0, 0.25, 12), np.sin(3 * new)
# inputs, asked = x[:, None] ** powers, new[:, None] ** powers
# for l2 in (0.0, 0.0003, 0.01, 1.0):
#     w = np.zeros(8)
#     for _ in range(20_000):
#         w -= 0.5 * (2 * inputs.T @ (inputs @ w - y) / 12 + l2_gradient(w, l2))
#     seen, unseen = np.mean((inputs @ w - y) ** 2), np.mean((asked @ w - truth) ** 2)
#     print(f"l2 = {l2:<6}  points seen: {seen:.3f}  new points: {unseen:.3f}  largest weight: {np.abs(w).max():.1f}")
# ```
#
# ```text
# l2 = 0.0     points seen: 0.015  new points: 2.224  largest weight: 6.7
# l2 = 0.0003  points seen: 0.021  new points: 0.710  largest weight: 3.0
# l2 = 0.01    points seen: 0.052  new points: 0.159  largest weight: 1.7
# l2 = 1.0     points seen: 0.357  new points: 0.347  largest weight: 0.3
# ```
