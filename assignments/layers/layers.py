# %% [markdown]
# # Layers
#
# **What you will be able to do:** derive a layer's three gradients from shapes, write layers that can be stacked, and take
# backpropagation apart and together.
#
# **What you need:** matrix products, the chain rule, [activations](../activations/handout.md) and
# [losses](../losses/handout.md).
#
# **How long it takes:** six to eight hours, with the reading.
#
# A layer turns a batch into another batch on the way forward. On the way back it is handed `upstream`, the gradient of the
# loss with respect to what it returned, and does two things with it: it returns the gradient with respect to what it was
# given, and it leaves the gradients of its own parameters in `gradients`. A network is layers in a row, and its backward
# pass is their backward passes in the opposite order. That is all of backpropagation; the optimizer comes afterwards.
#
# Batches are rows, `(batch, features)`, of float64. `upstream` already holds the division by the batch size, where the loss
# is a mean: **a layer only sums over the batch**. Every layer here keeps to one contract:
#
# | name | what it is |
# | --- | --- |
# | `parameters` | dict of the arrays that training changes; `forward` uses what it finds there |
# | `gradients` | dict with the same keys, overwritten (not added to) by each `backward` |
# | `state` | dict of arrays that are kept but not trained; empty for all layers of this topic |
# | `forward(x, training=False)` | returns a new array, keeps what `backward` will need |
# | `backward(upstream)` | belongs to the latest `forward`, may be called more than once, returns the gradient for x |
#
# None of them changes an array that it is given, and none returns memory that it shares with one.

# %%
"""Layers: forward and backward of each, the networks made of them, and backpropagation written out."""

import numpy as np

# %% [markdown]
# ## Dense
# Every unit adds up all inputs, each with its own weight, and a bias. With $X$ of shape $(N, D)$, the kernel $W$ of shape
# $(D, M)$ and the bias $b$ of shape $(M,)$,
#
# $$Y = X W + b, \qquad \frac{\partial L}{\partial X} = U W^\top, \qquad \frac{\partial L}{\partial W} = X^\top U, \qquad
# \frac{\partial L}{\partial b} = \sum_{n=1}^{N} U_{n},$$
#
# where $U$, of shape $(N, M)$, is the upstream gradient. Remember none of the three by heart: write down the shapes, and only
# one product fits. (With $N = D = M$ everything fits, and everything wrong too. Test with unequal sizes.)
#
# **Where they come from.** Write one entry, $y_{nm} = \sum_d x_{nd}\,w_{dm} + b_m$, and ask of each number which entries of
# $Y$ it is in. The kernel's $w_{dm}$ is in column $m$ of every row, with the factor $x_{nd}$; so by the chain rule its
# gradient sums over the rows:
#
# $$\frac{\partial L}{\partial w_{dm}} = \sum_{n} \frac{\partial L}{\partial y_{nm}}\,\frac{\partial y_{nm}}{\partial w_{dm}}
# = \sum_{n} u_{nm}\,x_{nd} = (X^\top U)_{dm}.$$
#
# The input $x_{nd}$ is in all columns of row $n$, with the factor $w_{dm}$: its gradient sums over the units,
# $\sum_m u_{nm}\,w_{dm} = (U W^\top)_{nd}$. And $b_m$ is in column $m$ of every row with the factor 1, so what is left is
# $\sum_n u_{nm}$. What a number is summed over on the way back is what it was copied to on the way forward.
#
# A number to try: one row $(1, 2)$, kernel $\begin{pmatrix}1 & 0 & -1\\ 2 & 1 & 0\end{pmatrix}$ and bias $(0.5, 0, 0)$ give
# $(5.5, 2, -1)$.
#
# **Before the first step** the kernel needs values. If all were equal, all units would learn the same thing for ever, so they
# are drawn at random; how widely decides whether signals die out or explode on their way through many layers. Keras's
# default is Glorot's uniform distribution: each entry uniform in $(-\ell, \ell)$ with $\ell = \sqrt{6 / (D + M)}$, which has
# the variance $\ell^2/3 = 2/(D+M)$. The bias starts at 0. From 784 inputs to 300 units, $\ell = 0.0744$.
#
# ![Three matrix products, drawn to scale. Forward, X of N by D times W of D by M gives Y of N by M. For X, the upstream
# gradient U of N by M times W transposed gives N by D. For W, X transposed times U gives D by M.](figures/dense_shapes.svg)
#
# And backwards, for the same row with $u = (1, 0, 2)$: the gradient for $x$ is $(1 - 2,\ 2 + 0) = (-1, 2)$, that for the
# kernel is $\begin{pmatrix}1 & 0 & 2\\ 2 & 0 & 4\end{pmatrix}$, and that for the bias is $u$ itself.
#
# **Try it:** take $N = D = M = 3$ and leave a transpose out of `backward`. NumPy does not mind. Now take 2, 3 and 5. Then
# compare your gradients with `(f(x + h) - f(x - h)) / (2 * h)` for one entry, where `f` is the sum of `upstream * forward(x)`.


# %%
class Dense:
    """Fully connected layer, ``y = x @ kernel + bias``.

    Args:
        units: number of outputs of the layer.
        use_bias: whether there is a bias; without one the layer has the parameter "kernel" only.
        rng: numpy.random.Generator that the kernel is drawn from; a fresh one where it is None.

    Attributes:
        parameters: {"kernel": (features, units), "bias": (units,)} once built; empty before.
        gradients: the same keys and shapes once backward has been called.
        state: always empty.

    >>> layer = Dense(3, rng=np.random.default_rng(0))
    >>> layer.build((None, 2))
    >>> layer.parameters["kernel"][...] = [[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]
    >>> layer.parameters["bias"][...] = [0.5, 0.0, 0.0]
    >>> layer.forward(np.array([[1.0, 2.0]])).tolist()
    [[5.5, 2.0, -1.0]]
    """

    def __init__(self, units, use_bias=True, rng=None):
        self.units = units
        self.use_bias = use_bias
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def build(self, input_shape):
        """Make the parameters: the kernel drawn from Glorot's uniform distribution with ``self.rng``, the bias 0.

        The kernel's entries are uniform between -limit and limit, ``limit = sqrt(6 / (features + units))``.

        Args:
            input_shape: tuple whose last entry is the number of features; the others may be anything, None too.

        Returns:
            None. ``self.parameters`` holds "kernel", float64 of shape (features, units), and, if the layer has a bias,
            "bias", float64 of shape (units,).

        References:
            Glorot and Bengio, 2010, "Understanding the difficulty of training deep feedforward neural networks".
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def forward(self, x, training=False):
        """``x @ kernel + bias``. Builds the layer first where that has not been done yet.

        Uses the arrays in ``self.parameters`` as they are now, and keeps for backward what it needs.

        Args:
            x: float64 array of shape (batch, features).
            training: makes no difference to this layer.

        Returns:
            float64 array of shape (batch, units).
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradients of ``sum(upstream * y)`` for the latest forward: returns that for x, stores those of the parameters.

        ``self.gradients`` is overwritten: {"kernel": (features, units), "bias": (units,)}, with the keys of ``parameters``.
        Nothing is divided by the batch size, and the parameters stay as they are.

        Args:
            upstream: float64 array of shape (batch, units), the gradient with respect to what forward returned.

        Returns:
            float64 array of shape (batch, features), the gradient with respect to x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Flatten
# A Dense layer wants rows; images come as `(batch, height, width)`. Flatten lays out each example as one row, last axis
# fastest, so that entry $(i, j)$ of a $28 \times 28$ image becomes feature $28 i + j$. There is nothing to learn and nothing
# to compute: the way back puts every gradient where its number came from. The batch axis is never touched, not even when the
# batch is a single image.
#
# `reshape` often returns a *view*, which is the same memory under another shape. Whoever changes the result then changes the
# input as well, so the contract asks for a copy.
#
# In a formula, for images of shape $(N, H, W)$, the result of shape $(N, H \cdot W)$ has the entries $y_{n,\,iW + j} =
# x_{nij}$. In a $28 \times 28$ image, entry $(2, 3)$ becomes feature $59$.
#
# **Try it:** `y = x.reshape(len(x), -1)`, then `y[0, 0] = 99.0`. What is in `x` now? And what does `x.reshape(-1)` make of a
# batch of one image?


# %%
class Flatten:
    """Lays out each example as a row: (batch, ...) becomes (batch, product of the rest).

    >>> Flatten().forward(np.arange(8.0).reshape(2, 2, 2)).tolist()
    [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]
    """

    def __init__(self):
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def forward(self, x, training=False):
        """Every example of the batch as one row, in C order (the last axis varies fastest).

        Args:
            x: float64 array of shape (batch, ...), two axes or more.
            training: makes no difference to this layer.

        Returns:
            float64 array of shape (batch, features); new memory, not a view of x.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """The upstream gradient in the shape that the latest forward was given.

        Args:
            upstream: float64 array of shape (batch, features).

        Returns:
            float64 array of the shape of forward's x; new memory, not a view of upstream.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Activation
# An activation as a layer, so that it can stand in a row with others. Backward is the chain rule: the upstream gradient times
# the local derivative, entry by entry, or (for softmax, where each output depends on every logit of its row) times the
# Jacobian, $p \odot (u - \sum_j u_j p_j)$ in each row.
#
# It pays to keep the *output*: all five derivatives can be had from it. With $y$ the output, they are $1$, $y(1-y)$, $1-y^2$
# and $[y > 0]$ for linear, sigmoid, tanh and ReLU. But know which of the two you hold: $\sigma'(x) = y(1-y)$ is right, and
# $\sigma'(y)$ is not. At $x = 0$: $y = 0.5$ and the derivative is $0.25$, whereas $\sigma'(0.5) = 0.235$.
#
# ![Four tables of three rows and four columns for a ReLU layer. Forward keeps the positive entries of x and sets the others to
# zero. Backward keeps the upstream gradient in exactly the same places, whatever its sign.](figures/activation_backward.svg)
#
# **Try it:** run `Activation("softmax")` backwards with an upstream gradient of ones. You get zeros, up to rounding. Why can
# no common change of all probabilities of a row be made by changing its logits?


# %%
class Activation:
    """An activation function as a layer.

    Args:
        activation: "linear", "sigmoid", "tanh", "relu" or "softmax".

    Raises:
        ValueError: for another name.

    >>> layer = Activation("relu")
    >>> layer.forward(np.array([[-1.0, 2.0]])).tolist()
    [[0.0, 2.0]]
    >>> layer.backward(np.array([[3.0, 5.0]])).tolist()
    [[0.0, 5.0]]
    """

    def __init__(self, activation):
        if activation not in ("linear", "sigmoid", "tanh", "relu", "softmax"):
            raise ValueError(f"there is no activation {activation!r}")
        self.activation = activation
        self.parameters = {}
        self.gradients = {}
        self.state = {}

    def forward(self, x, training=False):
        """The activation of x: of every entry, or, for "softmax", of every row (over the last axis).

        Neither overflows nor warns for entries of ±1000.

        Args:
            x: float64 array, usually of shape (batch, features); "linear", "sigmoid", "tanh" and "relu" take any shape.
            training: makes no difference to this layer.

        Returns:
            float64 array of the same shape; new memory, for "linear" too, and changing it later does not disturb backward.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradient of ``sum(upstream * y)`` with respect to the latest forward's x. At the kink, ``relu'(0) = 0``.

        Args:
            upstream: float64 array of the output's shape.

        Returns:
            float64 array of the same shape; new memory, for "linear" too.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Sequential
# Layers in a row. Forward: the output of one is the input of the next. Backward: what one layer's `backward` returns is the
# upstream gradient of the layer before it, so the row is walked from its end.
#
# An optimizer wants two lists, parameters and gradients, in the same order. They are made anew whenever they are asked for,
# out of the layers' own arrays and not out of copies: an optimizer that changes an array of the list changes the layer.
#
# **How many numbers does it learn?** A Dense layer from $D$ features to $M$ units has $D M + M$. For images of 784 pixels and
# layers of 300, 100 and 10 units that is $784 \cdot 300 + 300 = 235500$, then $30100$, then $1010$: together $266610$.
#
# With layers $f_1, \dots, f_L$, $a_0 = x$ and $a_l = f_l(a_{l-1})$, the way back starts from $u_L$, the gradient for the
# output, and takes $u_{l-1} = f_l.\mathrm{backward}(u_l)$ for $l = L, \dots, 1$. Each $u_l$ has the shape of $a_l$.
#
# **Try it:** count the parameters of 784-300-100-10 and of 784-100-300-10 before you run `count_params`. Which layer holds
# most of them?


# %%
class Sequential:
    """A row of layers, each with forward, backward, parameters and gradients.

    Args:
        layers: list of layers, the first one first; the list is not changed.

    >>> model = Sequential([Activation("relu"), Flatten()])
    >>> model.forward(np.array([[[1.0], [-2.0]]])).tolist()
    [[1.0, 0.0]]
    """

    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x, training=False):
        """Output of the last layer; each layer is given what the one before it returned.

        Args:
            x: float64 array, the input of the first layer.
            training: passed on to every layer.

        Returns:
            float64 array, the output of the last layer.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradient with respect to the latest forward's x; fills the gradients of every layer on the way.

        Args:
            upstream: float64 array of the output's shape.

        Returns:
            float64 array of the input's shape.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    @property
    def parameters(self):
        """List of the parameter arrays that the layers hold now, layer by layer; of a Dense layer the kernel, then the bias.

        They are the layers' own arrays: changing one in place changes the layer. A layer without parameters adds none.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    @property
    def gradients(self):
        """List of the gradients that the latest backward left in the layers, in exactly the order of ``parameters``."""
        # YOUR CODE HERE
        raise NotImplementedError()

    def count_params(self):
        """How many numbers the model learns: the entries of all parameter arrays together.

        A Dense layer has parameters once it is built, so call forward (or every layer's build) first.

        Returns:
            int.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Backpropagation, written out
# The same thing once more without classes, in the notation that many lectures use. Two layers of sigmoid units. The weights
# of a layer with $n$ inputs and $m$ units are **one** matrix of shape $(m, n + 1)$, a row a unit; **column 0 is the bias**,
# and its input is a constant 1 that is put in front of every row:
#
# $$\tilde X = [\,1 \;\; X\,], \quad H = \sigma(\tilde X W_1^\top), \quad \tilde H = [\,1 \;\; H\,], \quad
# A = \sigma(\tilde H W_2^\top).$$
#
# The loss is the cross-entropy, summed over the $K$ outputs and averaged over the $N$ rows,
#
# $$L = -\frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{K} \bigl( y_{nk} \log a_{nk} + (1 - y_{nk}) \log(1 - a_{nk}) \bigr).$$
#
# Its derivative with respect to the output's *logits* is so simple because the $a(1-a)$ of the sigmoid cancels against the
# denominator of the cross-entropy's. The errors $\delta$ then travel backwards:
#
# $$\delta_{\text{out}} = A - Y, \qquad
# \delta_{\text{hidden}} = (\delta_{\text{out}}\, W_2^{\text{no bias}}) \odot H \odot (1 - H),$$
#
# $$\frac{\partial L}{\partial W_2} = \frac{1}{N}\, \delta_{\text{out}}^\top \tilde H, \qquad
# \frac{\partial L}{\partial W_1} = \frac{1}{N}\, \delta_{\text{hidden}}^\top \tilde X.$$
#
# Nothing travels back through column 0: the constant 1 has nobody behind it who could be blamed. And mind the sign: some
# slides have $Y - A$, which belongs to climbing the likelihood. Going down the loss, it is $A - Y$.
#
# A number to try: $x = (1, 2)$, $y = 1$, $W_1 = \begin{pmatrix}0 & 2 & -1\\ 1 & 1 & -1\end{pmatrix}$,
# $W_2 = (-1, 4, -2)$. All three logits are 0, so $H = (0.5, 0.5)$ and $A = 0.5$. Then $\delta_{\text{out}} = -0.5$,
# $\partial L/\partial W_2 = (-0.5, -0.25, -0.25)$, $\delta_{\text{hidden}} = -0.5 \cdot (4, -2) \cdot 0.25 = (-0.5, 0.25)$ and
# $\partial L/\partial W_1 = \begin{pmatrix}-0.5 & -0.5 & -1\\ 0.25 & 0.25 & 0.5\end{pmatrix}$.
#
# **Try it:** set $y = 0$ in the example. Which numbers change their sign? Then build the same network of `Dense` and
# `Activation` layers: which of its arrays is which column of $W_1$?


# %%
def two_layer_forward(x, w1, w2):
    """Forward pass of two layers of sigmoid units; column 0 of each weight matrix is the bias.

    Neither overflows nor warns for logits of ±1000.

    Args:
        x: float64 array of shape (batch, inputs).
        w1: float64 array of shape (hidden, inputs + 1).
        w2: float64 array of shape (outputs, hidden + 1).

    Returns:
        Two float64 arrays: the hidden activations, of shape (batch, hidden), without a constant column; and the outputs,
        of shape (batch, outputs).

    >>> hidden, outputs = two_layer_forward(np.array([[1.0, 2.0]]),
    ...     np.array([[0.0, 2.0, -1.0], [1.0, 1.0, -1.0]]), np.array([[-1.0, 4.0, -2.0]]))
    >>> hidden.tolist(), outputs.tolist()
    ([[0.5, 0.5]], [[0.5]])
    """

    # YOUR CODE HERE
    raise NotImplementedError()


def two_layer_gradients(x, y, w1, w2):
    """Gradients of the cross-entropy of ``two_layer_forward``: summed over the outputs, **averaged over the batch**.

    The errors are ``delta_out = a - y`` and, from it, that of the hidden layer. The weights are not changed.

    Args:
        x: float64 array of shape (batch, inputs).
        y: float64 array of shape (batch, outputs), entries 0 and 1.
        w1: float64 array of shape (hidden, inputs + 1), column 0 the bias.
        w2: float64 array of shape (outputs, hidden + 1), column 0 the bias.

    Returns:
        Two float64 arrays: the gradient with respect to w1, of w1's shape, and that with respect to w2, of w2's shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Networks that are not a row: a skip connection
# In Keras's functional API a layer is called on whatever tensor you like, so one tensor may feed two layers, and two tensors
# may meet. The block of a residual network is the smallest example: the input takes two ways, one through the layers and one
# around them, and the two are added,
#
# $$y = x + g(x), \qquad g(x) = \mathrm{output}(\tanh(\mathrm{hidden}(x))).$$
#
# Backwards there is one rule for all such networks: **a value that was used twice receives the sum of both gradients**. Here
# $\partial L/\partial x = u + u\,g'(x)$. The first term is why networks of a hundred such blocks can be trained: whatever
# the layers do, the gradient also arrives unweakened. One unit of everything: hidden kernel 2, output kernel 3, no bias,
# $x = 0$, $u = 1$ gives $1 + 3 \cdot 1 \cdot 2 = 7$.
#
# ![The skip connection as a drawing. Forward, x goes through hidden, tanh and output and also around them, and both are added.
# Backward, the gradient takes both ways and the two are added at x.](figures/paths_meet.svg)
#
# ![The size of the gradient on its way back through forty blocks, on a logarithmic scale. Without skip connections it falls
# below a tenth; with them it never falls below where it started.](figures/skip_connections.svg)
#
# **Try it:** set the output layer's kernel to 0. What does the block compute, and which gradient arrives at x? Some networks
# are started like that on purpose.


# %%
class SkipNetwork:
    """Residual block, ``y = x + output(tanh(hidden(x)))``.

    Args:
        units: number of features of x, and of y.
        hidden_units: number of units of the hidden layer.
        rng: numpy.random.Generator that the kernels are drawn from; None as for Dense.

    Attributes:
        hidden, activation, output: its three layers, given. Use them, as the grader sets and reads their parameters and
            gradients.

    References:
        He et al., 2015, arXiv:1512.03385.
    """

    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)

    def forward(self, x, training=False):
        """``x + output(tanh(hidden(x)))``.

        Args:
            x: float64 array of shape (batch, units).
            training: passed on to every layer.

        Returns:
            float64 array of shape (batch, units).
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradient with respect to the latest forward's x, over both ways; fills the gradients of the two Dense layers.

        Args:
            upstream: float64 array of shape (batch, units).

        Returns:
            float64 array of shape (batch, units).
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## A network with two inputs
# Some features are simple enough to go straight to the output, others deserve a hidden layer first. A wide-and-deep network
# has an input for each and puts them side by side, $J = [\,X_{\text{wide}} \;\; H\,]$, before the output layer:
#
# $$H = \tanh(\mathrm{hidden}(X_{\text{deep}})), \qquad Y = \mathrm{output}([\,X_{\text{wide}} \;\; H\,]).$$
#
# Backwards, a concatenation is a cut: the first columns of the gradient for $J$ belong to the wide input, the rest to $H$, and
# go on through the hidden layer. With 2 wide features and 3 hidden units, the cut is after column 2 of 5, not in the middle.
# (If the same array were passed as both inputs, its gradient would be the sum of the two, by the rule above.)
#
# One unit of everything: the wide input 5, the deep input 0, hidden kernel 2 and output kernel $\begin{pmatrix}3\\
# 4\end{pmatrix}$ without biases give $Y = 5 \cdot 3 + \tanh(0) \cdot 4 = 15$. With $u = 1$ the gradient for $J$ is $(3, 4)$: 3
# for the wide input, and $4 \cdot (1 - 0) \cdot 2 = 8$ for the deep one.
#
# **Try it:** exchange the two parts of $J$, hidden units first. Which arrays have to be permuted so that the answer stays the
# same?


# %%
class TwoInputNetwork:
    """Wide-and-deep network, ``y = output([wide, tanh(hidden(deep))])``, the wide features in the first columns.

    Args:
        units: number of outputs.
        hidden_units: number of units of the hidden layer.
        rng: numpy.random.Generator that the kernels are drawn from; None as for Dense.

    Attributes:
        hidden, activation, output: its three layers, given. Use them, as the grader sets and reads their parameters and
            gradients. The output layer's kernel has the shape (wide features + hidden units, units).

    References:
        Cheng et al., 2016, arXiv:1606.07792.
    """

    def __init__(self, units, hidden_units, rng=None):
        self.hidden = Dense(hidden_units, rng=rng)
        self.activation = Activation("tanh")
        self.output = Dense(units, rng=rng)

    def forward(self, wide, deep, training=False):
        """``output([wide, tanh(hidden(deep))])``.

        Args:
            wide: float64 array of shape (batch, wide features).
            deep: float64 array of shape (batch, deep features).
            training: passed on to every layer.

        Returns:
            float64 array of shape (batch, units).
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, upstream):
        """Gradients with respect to both inputs of the latest forward; fills the gradients of the two Dense layers.

        Args:
            upstream: float64 array of shape (batch, units).

        Returns:
            Two float64 arrays: the gradient for wide, of shape (batch, wide features), and the gradient for deep, of shape
            (batch, deep features).
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## In the end: a network that reads digits
# Your layers in a row, on scikit-learn's handwritten digits. What stands between them and a trained network is six lines: the
# gradient of the loss for the logits, which is $(p - y)/N$, and a step for every parameter.
#
# ```python
# from sklearn.datasets import load_digits
#
# digits = load_digits()
# x, y = digits.data / 16, digits.target
# train, test = slice(0, 1200), slice(1200, None)
# rng = np.random.default_rng(0)
# network = Sequential([Dense(32, rng=rng), Activation("relu"), Dense(10, rng=rng)])
# for step in range(201):
#     logits = network.forward(x[train], training=True)
#     p = np.exp(logits - logits.max(axis=1, keepdims=True))
#     p /= p.sum(axis=1, keepdims=True)
#     network.backward((p - np.eye(10)[y[train]]) / len(p))
#     for parameter, gradient in zip(network.parameters, network.gradients):
#         parameter -= 1.0 * gradient
#     if step % 100 == 0:
#         right = np.mean(network.forward(x[test]).argmax(axis=1) == y[test])
#         print(f"step {step:3}: {right:.2f} of the new images right")
# print(network.count_params(), "parameters")
# ```
#
# ```text
# step   0: 0.31 of the new images right
# step 100: 0.91 of the new images right
# step 200: 0.92 of the new images right
# 2410 parameters
# ```
