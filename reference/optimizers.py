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
# # Optimizers
#
# **What you will be able to do:** write eleven optimizers as one rule each, and tell by their steps what sets them apart.
#
# **What you need:** [gradient descent](../gradient_descent/handout.md), moving averages, classes in Python.
#
# **How long it takes:** six to eight hours, with the reading.
#
# Backpropagation computes the gradients; an optimizer uses them. It is given a list of gradients and the list of parameters
# they belong to, and moves every parameter a little, against its gradient, to where the loss is smaller.
#
# All rules of this topic keep one contract, and all of them work entry by entry: $w$, $g$ and every array that a rule
# remembers have the same shape, whatever that shape is. $\eta$ is the learning rate, and $t$ counts the steps from 1.
#
# ![Thirty steps of six rules down one long valley, each in its own plot. SGD zigzags across the valley, momentum swings wide,
# Nesterov less so; Adagrad slows down before it arrives, RMSprop goes straight along the floor, and Adam curves in on the
# minimum.](figures/valley.svg)

# %%
"""Optimizers: the rules by which gradients move parameters, with Keras 3's names, defaults and formulas."""

import numpy as np

# %% [markdown]
# ## The contract
# `optimizer.apply(gradients, parameters)` takes one step. Three things go wrong here more often than in any formula:
#
# * **In place.** The arrays belong to the layers. `parameter -= ...` and `parameter[...] = ...` change the caller's array;
#   `parameter = parameter - ...` makes a new one that nobody looks at.
# * **State by position.** Most rules remember something for each parameter (a velocity, an average of squares). It belongs to
#   the parameter's place in the list: not to its shape, as two layers may be equally large; not to its `id`, as the array may
#   be a copy the next time; and never to the class, as two optimizers are two.
# * **One count a step.** `iterations` says how many steps have been taken. With three parameters it still grows by one a step.
#
# A rule is then a method of three arguments: `update(gradient, parameter, slot)`, where `slot` is a dict that is empty at
# first, belongs to this position alone, and is the same dict at every step. During an update, `self.iterations` is the number
# of steps *before* this one, so $t$ is `self.iterations + 1`.
#
# **Try it:** with `w = np.ones(2)` and `p = w`, compare `p -= 0.5` with `p = p - 0.5`. After which of them has `w` changed?
#
# <details><summary>Answer</summary>
#
# After the first: `-=` writes into the array that `w` names as well. `p = p - 0.5` makes a new array and lets the name `p`
# point to it. An optimizer that does that trains nobody's weights.
#
# </details>


# %%
class Optimizer:
    """Base class of all rules: keeps the learning rate, the count of steps, and a dict of state for every position.

    A subclass defines :meth:`update`. The rules below are meant to be written that way; it is what the outside sees that is
    checked (``apply``, ``learning_rate``, ``iterations``), so you may organise the inside as you like, as long as a rule
    that only defines ``update`` works, such as the three that follow this class.

    Args:
        learning_rate: factor of every step. The attribute may be changed between steps and counts from the next step on.

    Attributes:
        learning_rate: see above.
        iterations: how many steps have been taken; 0 at first.
    """

    def __init__(self, learning_rate=0.01):
        ### BEGIN SOLUTION
        self.learning_rate = learning_rate
        self.iterations = 0
        self._slots = []
        ### END SOLUTION

    def apply(self, gradients, parameters):
        """Take one step: update every parameter in place, then count the step.

        Calls ``self.update(gradient, parameter, slot)`` once for each position, in order. ``slot`` is the dict of that
        position: empty at the first step, the same dict at every later step, shared with no other position and no other
        optimizer. Parameters come in the same order every time, but need not be the same array objects.

        Args:
            gradients: list of float64 arrays; they are not changed.
            parameters: list of float64 arrays of the same shapes; each is changed in place.

        Returns:
            None.

        >>> parameter = np.array([1.0, -2.0])
        >>> SignSGD(learning_rate=0.5).apply([np.array([30.0, -0.1])], [parameter])
        >>> parameter.tolist()
        [0.5, -1.5]
        """
        ### BEGIN SOLUTION
        while len(self._slots) < len(parameters):
            self._slots.append({})
        for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
            self.update(gradient, parameter, slot)
        self.iterations += 1
        ### END SOLUTION

    def update(self, gradient, parameter, slot):
        """Move one parameter in place; what a rule is.

        Args:
            gradient: float64 array; not to be changed.
            parameter: float64 array of the same shape; to be changed in place.
            slot: dict of this position, for whatever the rule has to remember.

        Returns:
            None.
        """
        raise NotImplementedError("a rule defines update(gradient, parameter, slot)")


# %% [markdown]
# ### Three rules that are given
# If your base class keeps the contract, these work as they stand. The first needs nothing but the learning rate, the second
# needs the count of steps, and the third needs its own `slot`.


# %%
class SignSGD(Optimizer):
    """Given: every entry moves by the learning rate, against the sign of its gradient.

    References:
        Bernstein et al., 2018, arXiv:1802.04434.
    """

    def update(self, gradient, parameter, slot):
        """``w -= learning_rate * sign(g)``."""
        parameter -= self.learning_rate * np.sign(gradient)


class RobbinsMonro(Optimizer):
    """Given: steps that shrink as 1/t, with which stochastic gradient descent was born.

    References:
        Robbins and Monro, 1951, A stochastic approximation method.
    """

    def update(self, gradient, parameter, slot):
        """``w -= learning_rate / t * g``."""
        t = self.iterations + 1
        parameter -= self.learning_rate / t * gradient


class Lion(Optimizer):
    """Given: the sign of a moving average of gradients.

    References:
        Chen et al., 2023, arXiv:2302.06675.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def update(self, gradient, parameter, slot):
        """``w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g)``, then ``m = beta_2 * m + (1 - beta_2) * g``."""
        m = slot.get("m", 0.0)
        parameter -= self.learning_rate * np.sign(self.beta_1 * m + (1.0 - self.beta_1) * gradient)
        slot["m"] = self.beta_2 * m + (1.0 - self.beta_2) * gradient


# %% [markdown]
# ### A training loop that is given
# The loop knows nothing of any rule; it only calls `apply`.
#
# **Try it:** fit a line with each of the three given rules and plot their losses. Which one does not care how large the
# targets are?
#
# <details><summary>Answer</summary>
#
# Sign SGD: it takes steps of one size whatever the gradients are. That is no advantage near the minimum, where it goes on
# jumping.
#
# </details>


# %%
def fit_line(optimizer, x, y, kernel, bias, steps):
    """Given: fit ``x @ kernel + bias`` to y by least squares, one full batch a step.

    Args:
        optimizer: any :class:`Optimizer`.
        x: float64 array, shape (batch, features).
        y: float64 array, shape (batch, units).
        kernel: float64 array, shape (features, units); trained in place.
        bias: float64 array, shape (units,); trained in place.
        steps: how many steps.

    Returns:
        float64 array of shape (steps,): the mean squared error before each step.
    """
    losses = np.zeros(steps)
    for step in range(steps):
        error = x @ kernel + bias - y
        losses[step] = np.mean(error**2)
        upstream = 2.0 * error / error.size
        optimizer.apply([x.T @ upstream, upstream.sum(axis=0)], [kernel, bias])
    return losses


# %% [markdown]
# ## SGD, momentum and Nesterov
# $w \leftarrow w - \eta g$: against the gradient, which points uphill. With $\eta = 0.1$ and a gradient that stays 1, ten
# steps move a weight by 1.
#
# **Momentum** gives the parameter a velocity, which forgets slowly: $v \leftarrow \mu v - \eta g$, then $w \leftarrow w + v$.
# With $\mu = 0.9$ and $g = 1$ the steps are $.1, .19, .271, \dots$ and approach 1: a long slope is taken ten times as fast.
# A listing that goes round gets the sign wrong: the velocity takes $-\eta g$, and then the velocity is *added*, once.
#
# **Nesterov** takes the gradient at the place to which the velocity is about to carry us. Keras stores that place as the
# parameter, so the rule becomes $w \leftarrow w + \mu v - \eta g$ with the new $v$; the steps are $.19, .271, \dots$. The last
# section of this topic derives it.
#
# ![The sizes of thirty steps under a gradient that stays one. SGD's stay at one learning rate; those of momentum 0.9 grow
# towards ten, and Nesterov's are a step ahead of them.](figures/constant_gradient.svg)
#
# **Try it:** let the gradient be 1 for ten steps and then $-1$. How many steps does momentum 0.9 take to turn round?
#
# <details><summary>Answer</summary>
#
# Five. The velocity is 6.5 after ten steps and is multiplied by 0.9 and lowered by 1 at each: 4.9, 3.4, 2.0, 0.8, $-0.3$.
#
# </details>


# %%
class SGD(Optimizer):
    r"""Stochastic gradient descent, with momentum and Nesterov's variant.

    Without momentum :math:`w \leftarrow w - \eta g`. With momentum :math:`\mu`, starting from :math:`v = 0`,

    .. math:: v \leftarrow \mu v - \eta g, \qquad w \leftarrow w + v,

    and with ``nesterov=True`` the last line is :math:`w \leftarrow w + \mu v - \eta g` with the new v.
    The learning rate is inside the velocity: what is on its way keeps the learning rate of the step in which it came.

    Args:
        learning_rate: :math:`\eta`.
        momentum: :math:`\mu`; 0 is plain gradient descent.
        nesterov: whether the gradient was taken ahead; without momentum it makes no difference.

    References:
        Polyak, 1964; Nesterov, 1983; Sutskever et al., 2013.

    >>> parameter = np.array([1.0, -2.0])
    >>> SGD(learning_rate=0.5).apply([np.array([1.0, 3.0])], [parameter])
    >>> parameter.tolist()
    [0.5, -3.5]
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = momentum
        self.nesterov = nesterov

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        step = self.learning_rate * gradient
        velocity = self.momentum * slot.get("velocity", 0.0) - step
        slot["velocity"] = velocity
        parameter += self.momentum * velocity - step if self.nesterov else velocity
        ### END SOLUTION


# %% [markdown]
# ## Adagrad
# One learning rate does not fit all entries: those of rare features get few gradients. Adagrad divides by the root of the sum
# of all squares so far, $n \leftarrow n + g^2$ and $w \leftarrow w - \eta g / \sqrt{n + \varepsilon}$. The sum never shrinks,
# so the steps do. Keras starts it at 0.1: the first step at $g = 0.5$ is $.5/\sqrt{.35} = .845$ times $\eta$, and not 1 times.
#
# ![The sizes of 120 steps on a logarithmic scale, the gradient falling to a tenth halfway. Adagrad's steps shrink all the time
# and drop to a tenth for good. RMSprop's come back to nearly one learning rate. Adam's sink slowly to a
# seventh.](figures/adaptive_steps.svg)
#
# **Try it:** give one entry the gradient 1 at every step and another at every tenth step only. After 100 steps, which has
# taken the larger single steps?
#
# <details><summary>Answer</summary>
#
# The rare one: its accumulator is about 10 where the other's is 100, so its steps are 0.31 rates long and the frequent one's
# 0.10. Adagrad was made for words that occur seldom.
#
# </details>


# %%
class Adagrad(Optimizer):
    r"""Adagrad: divide by the root of the sum of squared gradients.

    .. math:: n \leftarrow n + g^2, \qquad w \leftarrow w - \eta \, g / \sqrt{n + \varepsilon}

    Args:
        learning_rate: :math:`\eta`.
        initial_accumulator_value: where n starts.
        epsilon: :math:`\varepsilon`, inside the root.

    References:
        Duchi et al., 2011, Journal of Machine Learning Research 12.
    """

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
        super().__init__(learning_rate)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        total = slot.get("total", self.initial_accumulator_value) + gradient**2
        slot["total"] = total
        parameter -= self.learning_rate * gradient / np.sqrt(total + self.epsilon)
        ### END SOLUTION


# %% [markdown]
# ## Adadelta
# Where Adagrad sums, Adadelta averages, so that it can go on for ever. It also averages the squares of its own steps, and uses
# their root as the size of the next one. Both averages start at 0, so the first steps are tiny: $\sqrt{\varepsilon}$ in the
# numerator is all there is. The learning rate is applied last and has no part in the average of the steps.
#
# $$a \leftarrow \rho a + (1 - \rho) g^2, \qquad \Delta = -\frac{\sqrt{d + \varepsilon}}{\sqrt{a + \varepsilon}}\,g, \qquad
# d \leftarrow \rho d + (1 - \rho) \Delta^2, \qquad w \leftarrow w + \eta\,\Delta$$
#
# At $g = 1$ the first $\Delta$ is $-\sqrt{10^{-7}} / \sqrt{0.05 + 10^{-7}} = -0.00141$.
#
# **Try it:** multiply all gradients by 1000. What happens to the first steps, and what to those of SGD?
#
# <details><summary>Answer</summary>
#
# Nothing: the first step is $\sqrt{\varepsilon / (0.05\,g^2)}\;g$, in which the size of $g$ cancels, and 0.0014 long for 1 and
# for 1000. SGD's first step is 1000 times as long.
#
# </details>


# %%
class Adadelta(Optimizer):
    r"""Adadelta: steps as large as the steps before, in the ratio of gradient to gradients before.

    .. math::
        a \leftarrow \rho a + (1 - \rho) g^2, \quad
        \Delta = -\frac{\sqrt{d + \varepsilon}}{\sqrt{a + \varepsilon}} \, g, \quad
        d \leftarrow \rho d + (1 - \rho) \Delta^2, \quad
        w \leftarrow w + \eta \Delta

    with a and d starting at 0; a is new where it is used, and d is old.

    Args:
        learning_rate: :math:`\eta`; the paper has 1.
        rho: :math:`\rho`, how much of an average is kept.
        epsilon: :math:`\varepsilon`, inside both roots.

    References:
        Zeiler, 2012, arXiv:1212.5701.
    """

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7):
        super().__init__(learning_rate)
        self.rho = rho
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        squares = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * gradient**2
        deltas = slot.get("deltas", 0.0)
        delta = -np.sqrt(deltas + self.epsilon) / np.sqrt(squares + self.epsilon) * gradient
        slot["squares"] = squares
        slot["deltas"] = self.rho * deltas + (1.0 - self.rho) * delta**2
        parameter += self.learning_rate * delta
        ### END SOLUTION


# %% [markdown]
# ## RMSprop
# The average of squares $v \leftarrow \rho v + (1 - \rho) g^2$ has a **plus**; where you see it printed with a minus, v
# becomes negative and its root is not a number. Keras puts $\varepsilon$ inside the root. That cannot be seen at $g = 1$, but
# at $g = 10^{-6}$ the first step is $.00316\,\eta$ with $\varepsilon$ inside and $2.40\,\eta$ with $\varepsilon$ outside.
#
# **Centered**, it divides by an estimate of the standard deviation instead: the average of squares less the square of the
# average. With **momentum**, the whole increment, learning rate included, is accumulated.
#
# **Try it:** use gradients of 1, of $10^{-3}$ and of $10^{-6}$, one at a time, and print the first step in learning rates.
# From where on does $\varepsilon$ show?
#
# <details><summary>Answer</summary>
#
# 3.16, 2.24 and 0.0032. In $\sqrt{0.1\,g^2 + \varepsilon}$ both terms are $10^{-7}$ at $g = 10^{-3}$; below that $\varepsilon$
# decides.
#
# </details>


# %%
class RMSprop(Optimizer):
    r"""RMSprop: divide by the root of a moving average of squared gradients.

    .. math:: v \leftarrow \rho v + (1 - \rho) g^2, \qquad w \leftarrow w - \eta \, g / \sqrt{v + \varepsilon}

    With ``centered=True`` there is also :math:`\bar g \leftarrow \rho \bar g + (1 - \rho) g`, and the denominator is
    :math:`\sqrt{v - \bar g^2 + \varepsilon}`. With momentum :math:`\mu` the increment is accumulated,
    :math:`m \leftarrow \mu m + \eta \, g / \sqrt{\cdot}` and :math:`w \leftarrow w - m`. All state starts at 0.

    Args:
        learning_rate: :math:`\eta`.
        rho: :math:`\rho`, how much of an average is kept.
        momentum: :math:`\mu`; 0 is no momentum.
        epsilon: :math:`\varepsilon`, inside the root.
        centered: whether the square of the average gradient is taken off.

    References:
        Tieleman and Hinton, 2012, Neural networks for machine learning, lecture 6.5; centered: Graves, 2013, arXiv:1308.0850.
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        super().__init__(learning_rate)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        variance = slot["squares"] = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * gradient**2
        if self.centered:
            slot["mean"] = self.rho * slot.get("mean", 0.0) + (1.0 - self.rho) * gradient
            variance = variance - slot["mean"] ** 2
        increment = self.learning_rate * gradient / np.sqrt(variance + self.epsilon)
        slot["momentum"] = self.momentum * slot.get("momentum", 0.0) + increment
        parameter -= slot["momentum"]
        ### END SOLUTION


# %% [markdown]
# ## Adam and AMSGrad
# Adam is momentum by a moving average, $m \leftarrow \beta_1 m + (1 - \beta_1) g$, over the root of a moving average of
# squares, $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$ (again with a plus). Both start at 0 and are therefore too small at
# first: after one step $m = .1\,g$ and $v = .001\,g^2$. Dividing by $1 - \beta^t$ mends that. Under a constant gradient of 1
# every step is then $\eta$; without the correction the first three would be $3.162\,\eta$, $4.250\,\eta$ and $4.950\,\eta$.
#
# Keras folds both corrections into the learning rate, $\alpha = \eta \sqrt{1 - \beta_2^t} / (1 - \beta_1^t)$, and adds
# $\varepsilon$ to $\sqrt v$: outside of the root, and to the uncorrected one. The algorithm in the paper adds it to the
# corrected one; the form of Keras stands in the paper as well, as a faster one, with an "epsilon hat". At $g = 1$ nobody sees
# the difference; at $g = 10^{-6}$ the first step is $.240\,\eta$ in Keras and $.909\,\eta$ by the algorithm.
#
# **AMSGrad** divides by the largest $v$ so far, so that a step cannot grow after a large gradient is forgotten.
#
# ![The sizes of forty steps under a gradient that stays one. Adam's are all one learning rate. Without the correction the
# first three are 3.16, 4.25 and 4.95 learning rates, and they go on to 6.6.](figures/adam_first_steps.svg)
#
# **Try it:** take the gradient 100 once and then 0.01 for a hundred steps. Plot the steps of Adam and of AMSGrad.
#
# <details><summary>Answer</summary>
#
# They are nearly the same: $6.70 \cdot 10^{-4}$ for both after one step, $1.06 \cdot 10^{-6}$ and $1.01 \cdot 10^{-6}$ after a
# hundred. Adam's average forgets a tenth of the large gradient in a hundred steps; only over thousands the maximum of AMSGrad
# makes a difference.
#
# </details>


# %%
class Adam(Optimizer):
    r"""Adam, and AMSGrad.

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
        w \leftarrow w - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \cdot \frac{m}{\sqrt v + \varepsilon}

    with m and v starting at 0 and t = 1 at the first step. With ``amsgrad=True`` the largest v so far,
    :math:`\hat v \leftarrow \max(\hat v, v)`, stands in place of v in the last formula; v itself goes on as it is.

    Args:
        learning_rate: :math:`\eta`.
        beta_1: :math:`\beta_1`, how much of m is kept.
        beta_2: :math:`\beta_2`, how much of v is kept.
        epsilon: :math:`\varepsilon`, outside of the root, beside the uncorrected :math:`\sqrt v`.
        amsgrad: whether to divide by the largest v.

    References:
        Kingma and Ba, 2014, arXiv:1412.6980; AMSGrad: Reddi et al., 2018, arXiv:1904.09237.

    >>> parameter = np.array([1.0])
    >>> Adam(learning_rate=0.1).apply([np.array([4.0])], [parameter])
    >>> parameter.round(6).tolist()
    [0.9]
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        t = self.iterations + 1
        alpha = self.learning_rate * np.sqrt(1.0 - self.beta_2**t) / (1.0 - self.beta_1**t)
        m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
        v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient**2
        if self.amsgrad:
            v = slot["largest_v"] = np.maximum(slot.get("largest_v", 0.0), v)
        parameter -= alpha * m / (np.sqrt(v) + self.epsilon)
        ### END SOLUTION


# %% [markdown]
# ## Adamax
# Adam with the largest gradient in place of the root of mean squares: $u \leftarrow \max(\beta_2 u, |g|)$. The maximum
# forgets, slowly, through $\beta_2$. It is not too small at first, so only m needs the correction.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad u \leftarrow \max(\beta_2 u, |g|), \qquad
# w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \cdot \frac{m}{u + \varepsilon}$$
#
# With $g = 1$ the first step is $\eta$: $m = 0.1$ is divided by $0.1$, and $u = 1$. If $g = 0.5$ follows, then $m = 0.14$, $u
# = \max(0.999, 0.5) = 0.999$, and the step is $0.14 / 0.19 / 0.999 = 0.738$ times $\eta$.
#
# **Try it:** after one gradient of 1000, send gradients of 1. How many steps until $u$ is below 100? (Compute first: $0.999^t
# = 0.1$.)
#
# <details><summary>Answer</summary>
#
# $\ln 0.1 / \ln 0.999 = 2301.4$, so 2302 steps. A single outlier makes Adamax cautious for a long time.
#
# </details>


# %%
class Adamax(Optimizer):
    r"""Adamax: Adam with an infinity norm.

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad
        u \leftarrow \max(\beta_2 u, |g|), \quad
        w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \cdot \frac{m}{u + \varepsilon}

    with m and u starting at 0 and t = 1 at the first step.

    Args:
        learning_rate: :math:`\eta`.
        beta_1: :math:`\beta_1`, how much of m is kept.
        beta_2: :math:`\beta_2`, how much of u is kept.
        epsilon: :math:`\varepsilon`, which keeps an entry that never had a gradient from 0 / 0.

    References:
        Kingma and Ba, 2014, arXiv:1412.6980, section 7.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        correction = 1.0 - self.beta_1 ** (self.iterations + 1)
        m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
        u = slot["u"] = np.maximum(self.beta_2 * slot.get("u", 0.0), np.abs(gradient))
        parameter -= self.learning_rate / correction * m / (u + self.epsilon)
        ### END SOLUTION


# %% [markdown]
# ## Nadam
# Nadam is to Adam what Nesterov is to momentum. The share of the momentum grows from step to step,
# $u_t = \beta_1 (1 - .5 \cdot .96^t)$, so its correction is not a power but a product, $U_t = u_1 u_2 \cdots u_t$. It grows by
# one factor **a step**, however many parameters there are. The first two factors are $u_1 = .9 \cdot .52 = .468$ and
# $u_2 = .9 \cdot .5392 = .48528$.
#
# With $g = 1$ the first step is $\hat m = 0.48528 \cdot 0.1 / (1 - 0.468 \cdot 0.48528) + 1 = 1.063$ times $\eta$, as $\hat v
# = 1$: a little further than Adam.
#
# **Try it:** plot the steps of Adam and of Nadam under a gradient that stays 1 and then changes its sign.
#
# <details><summary>Answer</summary>
#
# Nadam's very next step goes the other way; Adam's momentum carries it on for four steps before it turns. Nadam looks at where
# the momentum will be.
#
# </details>


# %%
class Nadam(Optimizer):
    r"""Nadam: Adam with Nesterov's look ahead.

    With :math:`u_t = \beta_1 (1 - 0.5 \cdot 0.96^t)` and :math:`U_t = u_1 u_2 \cdots u_t`, and t = 1 at the first step,

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
        w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon}

    .. math::
        \hat m = \frac{u_{t+1} \, m}{1 - U_t u_{t+1}} + \frac{(1 - u_t) \, g}{1 - U_t}, \qquad
        \hat v = \frac{v}{1 - \beta_2^t}

    with m and v starting at 0. Note that the averages themselves use :math:`\beta_1`, not :math:`u_t`, and that here
    :math:`\varepsilon` stands beside the corrected root.

    Args:
        learning_rate: :math:`\eta`.
        beta_1: :math:`\beta_1`.
        beta_2: :math:`\beta_2`, how much of v is kept.
        epsilon: :math:`\varepsilon`, outside of the root.

    References:
        Dozat, 2016, Incorporating Nesterov momentum into Adam.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        t = self.iterations + 1
        share = self.beta_1 * (1.0 - 0.5 * 0.96**t)
        next_share = self.beta_1 * (1.0 - 0.5 * 0.96 ** (t + 1))
        product = slot["product"] = slot.get("product", 1.0) * share
        m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
        v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient**2
        m_hat = next_share * m / (1.0 - product * next_share) + (1.0 - share) * gradient / (1.0 - product)
        v_hat = v / (1.0 - self.beta_2**t)
        parameter -= self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
        ### END SOLUTION


# %% [markdown]
# ## Ftrl
# "Follow the regularized leader" does not move the parameter: it keeps two sums and computes the parameter from them anew at
# every step. That makes exact zeros possible: where $|z| \le \lambda_1$ the parameter *is* 0, which is how sparse linear
# models are trained. It also means that where the parameter started counts at the first step only as far as $n$ grows, as the
# sum z starts at 0.
#
# With $p = 0.5$, $\lambda_1 = \lambda_2 = 0$, $\eta = 0.5$, a start at $w = 0$ and $n = 0.1$, the gradient $2$ gives $n' =
# 4.1$, $z = 2$ and $w = -2 / (\sqrt{4.1} / 0.5) = -0.494$. With $\lambda_1 = 3$ it is $|z| \le \lambda_1$, so $w = 0$. From a
# start at $w = 5$ the same step gives $z = -15.086$ and $w = 3.725$.
#
# ![Five weights of a linear model over a hundred steps of Ftrl. Without an L1 strength none is exactly zero. With a strength
# of 20 each stays at zero until its gradients have added up, and two of five stay there.](figures/sparse_weights.svg)
#
# **Try it:** start a parameter at 5 and take one step with a gradient of 0. Where is it afterwards, and why?
#
# <details><summary>Answer</summary>
#
# At 0, for a gradient of exactly 0: Ftrl computes the weight from its sums anew, and both sums are empty. It keeps no trace of
# where it started unless gradients bring one in.
#
# </details>


# %%
class Ftrl(Optimizer):
    r"""Follow the regularized leader.

    With :math:`p` = -learning_rate_power, :math:`\lambda_1, \lambda_2, \lambda_s` the three strengths, and
    :math:`\lambda = \lambda_2 + \beta / (2 \eta)`,

    .. math::
        n' = n + g^2, \quad
        z \leftarrow z + (g + 2 \lambda_s w) - \frac{n'^{\,p} - n^{\,p}}{\eta} w, \quad
        w \leftarrow \frac{\mathrm{clip}(z, -\lambda_1, \lambda_1) - z}{n'^{\,p} / \eta + 2 \lambda}, \quad
        n \leftarrow n'

    with z starting at 0 and n at ``initial_accumulator_value``. On the right, w is the parameter before the step.

    Args:
        learning_rate: :math:`\eta`.
        learning_rate_power: not above 0; -0.5 makes the denominator a root.
        initial_accumulator_value: where n starts.
        l1_regularization_strength: :math:`\lambda_1`; makes entries exactly 0.
        l2_regularization_strength: :math:`\lambda_2`.
        l2_shrinkage_regularization_strength: :math:`\lambda_s`, a penalty on the size that enters z but not n.
        beta: :math:`\beta`.

    References:
        McMahan et al., 2013, Ad click prediction: a view from the trenches.
    """

    def __init__(
        self,
        learning_rate=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
    ):
        super().__init__(learning_rate)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        n = slot.get("n", self.initial_accumulator_value)
        new_n = n + gradient**2
        root = new_n**-self.learning_rate_power
        sigma = (root - n**-self.learning_rate_power) / self.learning_rate
        shrinkage = 2.0 * self.l2_shrinkage_regularization_strength * parameter
        z = slot.get("z", 0.0) + gradient + shrinkage - sigma * parameter
        l1 = self.l1_regularization_strength
        l2 = self.l2_regularization_strength + self.beta / (2.0 * self.learning_rate)
        parameter[...] = (np.clip(z, -l1, l1) - z) / (root / self.learning_rate + 2.0 * l2)
        slot["n"], slot["z"] = new_n, z
        ### END SOLUTION


# %% [markdown]
# ## AdamW
# An L2 penalty adds $\lambda w$ to the gradient. With Adam that term is then averaged and divided by $\sqrt v$ like everything
# else, so the entries with large gradients are hardly decayed. AdamW decouples the two: first
# $w \leftarrow w - \eta \lambda w$, then Adam's step with the gradient as it came. With Keras's defaults a step decays by a
# factor of $1 - .001 \cdot .004$.
#
# With $\eta = 0.1$, $\lambda = 0.5$ and a gradient of 0, a weight of 2 becomes $2 - 0.1 \cdot 0.5 \cdot 2 = 1.9$.
#
# ![Two weights that start at one and get random gradients, one large and one small. With an L2 penalty in Adam the weight with
# large gradients decays far more slowly. With AdamW both decay alike.](figures/weight_decay.svg)
#
# **Try it:** repeat the figure with SGD in place of Adam. Are penalty and decoupled decay still two different things?
#
# <details><summary>Answer</summary>
#
# No. For SGD the penalty's gradient $\lambda w$ times the rate is the decay, so with $\lambda$ matched both are one. For Adam
# the penalty is divided by $\sqrt{\hat v}$ with all the rest, and the decay is not.
#
# </details>


# %%
class AdamW(Adam):
    r"""Adam with decoupled weight decay: first :math:`w \leftarrow w - \eta \lambda w`, then the step of :class:`Adam`.

    The decay is no part of the gradient: m and v never see it.

    Args:
        learning_rate: :math:`\eta`.
        weight_decay: :math:`\lambda`.
        beta_1, beta_2, epsilon, amsgrad: as for :class:`Adam`.

    References:
        Loshchilov and Hutter, 2017, arXiv:1711.05101.
    """

    def __init__(self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad)
        self.weight_decay = weight_decay

    def update(self, gradient, parameter, slot):
        """One step of this rule for one parameter; see :meth:`Optimizer.update`."""
        ### BEGIN SOLUTION
        parameter -= self.learning_rate * self.weight_decay * parameter
        super().update(gradient, parameter, slot)
        ### END SOLUTION


# %% [markdown]
# ## Momentum in three forms
# Books print momentum in several ways. They are compared here on a bowl,
# $L(\theta) = \tfrac12 \theta^\top H \theta - b^\top \theta$ with a symmetric $H$ of shape `(n, n)`, whose gradient at any
# place is $H\theta - b$. Each function walks down the bowl with a learning rate of its own for every step, and returns all the
# places it has been to.
#
# 1. **Velocity**: $v \leftarrow \mu v - \eta_t g(\theta)$, $\theta \leftarrow \theta + v$. This is Keras's
#    `SGD(momentum=...)`.
# 2. **Accumulator**: $a \leftarrow \mu a + g(\theta)$, $\theta \leftarrow \theta - \eta_t a$. This is PyTorch's.
# 3. **Look-ahead** (Nesterov): $v \leftarrow \mu v - \eta_t g(\theta + \mu v)$, $\theta \leftarrow \theta + v$.
#
# While the learning rate is constant, 1 and 2 take the same path, as $v = -\eta a$. Under a schedule they part. When the rate
# falls from .1 to .01, the accumulator makes everything under way ten times smaller at once; the velocity lets it roll on.
#
# Look-ahead needs the gradient at a place where the parameter is not, which no optimizer that is handed gradients can ask for.
# So Keras stores the place ahead, $\varphi = \theta + \mu v$, as the parameter. Put $\theta_{t+1} = \theta_t + v_{t+1}$ into
# it:
#
# $$\varphi_{t+1} = \theta_t + v_{t+1} + \mu v_{t+1} = \varphi_t - \mu v_t + v_{t+1} + \mu v_{t+1}
#   = \varphi_t + \mu v_{t+1} - \eta_t g(\varphi_t),$$
#
# and that is the line of `SGD(nesterov=True)`. Because $v_t = \theta_t - \theta_{t-1}$, you can get Keras's path from yours by
# $\varphi_t = \theta_t + \mu (\theta_t - \theta_{t-1})$. This holds under a schedule too, since here, too, the learning rate
# is inside the velocity.
#
# With $\mu = 0.5$, a gradient that stays 1 and the rates $0.5$ and then $0.05$, the first step is $-0.5$ with the velocity and
# with the accumulator. The second is $-0.5 \cdot 0.5 - 0.05 = -0.3$ with the velocity, and $-0.05 \cdot 1.5 = -0.075$ with the
# accumulator.
#
# ![A parameter that swings to the bottom of a bowl with velocity and with accumulator. At a constant rate the two lines are
# one. Where the rate falls to a tenth, the velocity rolls on while the accumulator slows down at
# once.](figures/momentum_forms.svg)
#
# **Try it:** in which form is it safe to raise the learning rate tenfold in the middle of training? Plot both.
#
# <details><summary>Answer</summary>
#
# In the velocity form: what is under way keeps the rate at which it was added, so the new rate comes in bit by bit. The
# accumulator multiplies everything under way by ten at once, which is a jump.
#
# </details>


# %%
def quadratic_gradient(theta, hessian, b):
    """Given: gradient of ``theta @ hessian @ theta / 2 - b @ theta``.

    Args:
        theta: float64 array, shape (n,).
        hessian: float64 array, shape (n, n), symmetric.
        b: float64 array, shape (n,).

    Returns:
        float64 array, shape (n,).
    """
    return hessian @ theta - b


def velocity_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    r"""Path of momentum with the learning rate inside the velocity: Keras's form, ``SGD(momentum=...)``.

    :math:`v \leftarrow \mu v - \eta_t g(\theta)`, then :math:`\theta \leftarrow \theta + v`, from :math:`v = 0`.

    Args:
        theta: float64 array, shape (n,): where to start; not changed.
        hessian: float64 array, shape (n, n), symmetric.
        b: float64 array, shape (n,).
        learning_rates: float64 array, shape (steps,): one for each step.
        momentum: :math:`\mu`.

    Returns:
        float64 array of shape (steps + 1, n): the start, then theta after each step.

    >>> path = velocity_momentum(np.array([0.0]), np.array([[0.0]]), np.array([1.0]), np.array([0.5, 0.5]), momentum=0.5)
    >>> path.tolist()
    [[0.0], [0.5], [1.25]]
    """
    ### BEGIN SOLUTION
    path = [theta]
    velocity = np.zeros_like(theta)
    for learning_rate in learning_rates:
        velocity = momentum * velocity - learning_rate * quadratic_gradient(path[-1], hessian, b)
        path.append(path[-1] + velocity)
    return np.array(path)
    ### END SOLUTION


def accumulator_momentum(theta, hessian, b, learning_rates, momentum=0.9):
    r"""Path of momentum with the learning rate outside: equal to Keras's form only while the learning rate is constant.

    :math:`a \leftarrow \mu a + g(\theta)`, then :math:`\theta \leftarrow \theta - \eta_t a`, from :math:`a = 0`.

    Args:
        theta, hessian, b, learning_rates, momentum: as for :func:`velocity_momentum`.

    Returns:
        float64 array of shape (steps + 1, n): the start, then theta after each step.
    """
    ### BEGIN SOLUTION
    path = [theta]
    accumulator = np.zeros_like(theta)
    for learning_rate in learning_rates:
        accumulator = momentum * accumulator + quadratic_gradient(path[-1], hessian, b)
        path.append(path[-1] - learning_rate * accumulator)
    return np.array(path)
    ### END SOLUTION


def lookahead_nesterov(theta, hessian, b, learning_rates, momentum=0.9):
    r"""Path of Nesterov's momentum as it was conceived: the gradient is taken where the velocity is about to lead.

    :math:`v \leftarrow \mu v - \eta_t g(\theta + \mu v)`, then :math:`\theta \leftarrow \theta + v`, from :math:`v = 0`.
    The path is that of :math:`\theta`; Keras's parameter is the place ahead, :math:`\theta + \mu v`.

    Args:
        theta, hessian, b, learning_rates, momentum: as for :func:`velocity_momentum`.

    Returns:
        float64 array of shape (steps + 1, n): the start, then theta after each step.
    """
    ### BEGIN SOLUTION
    path = [theta]
    velocity = np.zeros_like(theta)
    for learning_rate in learning_rates:
        ahead = path[-1] + momentum * velocity
        velocity = momentum * velocity - learning_rate * quadratic_gradient(ahead, hessian, b)
        path.append(path[-1] + velocity)
    return np.array(path)
    ### END SOLUTION


# %% [markdown]
# ## In the end: who reads digits soonest?
# One layer with softmax on scikit-learn's handwritten digits, sixty steps on all images, each optimizer at a rate that suits
# it. Give them another rate each, and the order is another: an optimizer is never compared without its rate.
#
# ```python
# from sklearn.datasets import load_digits
#
# digits = load_digits()
# x, y = np.hstack([digits.data / 16, np.ones((1797, 1))]), np.eye(10)[digits.target]
# optimizers = {
#     "SGD": SGD(0.5),
#     "momentum": SGD(0.5, momentum=0.9),
#     "Adagrad": Adagrad(0.5),
#     "RMSprop": RMSprop(0.03),
#     "Adam": Adam(0.05),
#     "Nadam": Nadam(0.05),
# }
# for name, optimizer in optimizers.items():
#     kernel = np.zeros((65, 10))
#     for step in range(60):
#         logits = x @ kernel
#         p = np.exp(logits - logits.max(axis=1, keepdims=True))
#         p /= p.sum(axis=1, keepdims=True)
#         optimizer.apply([x.T @ (p - y) / len(x)], [kernel])
#     loss = -np.mean(np.log(p[y == 1]))
#     print(f"{name:8} at {optimizer.learning_rate}: {loss:.3f}")
# ```
#
# ```text
# SGD      at 0.5: 0.566
# momentum at 0.5: 0.136
# Adagrad  at 0.5: 0.289
# RMSprop  at 0.03: 0.186
# Adam     at 0.05: 0.122
# Nadam    at 0.05: 0.149
# ```
