# %% [markdown]
# # Training
#
# **What you will be able to do:** write the loop that trains a network, validate it, stop it, and hand it to scikit-learn.
#
# **What you need:** [layers](../layers/handout.md), [losses](../losses/handout.md), [optimizers](../optimizers/handout.md).
#
# **How long it takes:** six to eight hours, with the reading.
#
# A network, a loss and an optimizer do nothing by themselves. What makes a network learn is a loop: take some rows, look how
# wrong the network is on them, move the parameters a little, take the next rows. This topic is that loop, and all that grew
# around it: mini-batches, a validation set, the history of an epoch, callbacks, real images, and a search for the settings
# that nobody can compute.
#
# The layers, losses and optimizers are **given** here, so that the topic stands alone. They keep to the contracts of their own
# topics; if you have written those, you will recognise all of it. `Model.fit`, `evaluate` and `predict` keep to Keras's
# names and defaults, and the loss curves are Keras's to six digits.
#
# | name | what it is |
# | --- | --- |
# | $n$ | number of rows (examples) |
# | a step | one mini-batch: forward, backward, one update of the parameters |
# | an epoch | as many steps as it takes to see every row once |
# | logs | dict of numbers after a step or an epoch: `{"loss": 0.41, "accuracy": 0.87}` |

# %%
"""Training: mini-batches, the loop with validation and callbacks, real data, and a network as a scikit-learn estimator."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

# %% [markdown]
# ## Given: layers, losses, optimizers
# Read the docstrings; you need not change a line. `y` is what the loss wants: for `SparseCategoricalCrossentropy` the number
# of the right class, an int64 array of shape `(n,)`; for `MeanSquaredError` a float64 array of the shape of the output.


# %%
class Dense:
    """Given: fully connected layer, ``y = x @ kernel + bias``.

    Args:
        units: number of outputs.
        rng: numpy.random.Generator that the kernel is drawn from (Glorot's uniform distribution); a fresh one where it is
            None.
    """

    def __init__(self, units, rng=None):
        self.units = units
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}

    def build(self, input_shape):
        """Make the parameters, "kernel" (features, units) and "bias" (units,); input_shape ends with the features."""
        limit = np.sqrt(6.0 / (input_shape[-1] + self.units))
        kernel = self.rng.uniform(-limit, limit, (input_shape[-1], self.units))
        self.parameters = {"kernel": kernel, "bias": np.zeros(self.units)}

    def forward(self, x, training=False):
        """Output for a batch (batch, features); builds the layer where that was not done."""
        if not self.parameters:
            self.build(x.shape)
        self._x = x.copy()
        return x @ self.parameters["kernel"] + self.parameters["bias"]

    def backward(self, upstream):
        """Gradient for x; fills ``gradients``."""
        self.gradients = {"kernel": self._x.T @ upstream, "bias": upstream.sum(axis=0)}
        return upstream @ self.parameters["kernel"].T


class Activation:
    """Given: "relu" or "tanh" as a layer."""

    def __init__(self, activation):
        if activation not in ("relu", "tanh"):
            raise ValueError(f"there is no activation {activation!r}")
        self.activation = activation
        self.parameters = {}
        self.gradients = {}

    def build(self, input_shape):
        """Nothing to make."""

    def forward(self, x, training=False):
        """The activation of every entry."""
        self._y = np.maximum(x, 0.0) if self.activation == "relu" else np.tanh(x)
        return self._y.copy()

    def backward(self, upstream):
        """Gradient for x."""
        return upstream * ((self._y > 0) if self.activation == "relu" else 1.0 - self._y**2)


class Dropout:
    """Given: in training each input is set to 0 with probability ``rate``, the others grow by 1 / (1 - rate); else nothing."""

    def __init__(self, rate, rng=None):
        self.rate = rate
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}

    def build(self, input_shape):
        """Nothing to make."""

    def forward(self, x, training=False):
        """x with a fresh mask if training, else x."""
        keep = 1.0 - self.rate
        self._mask = (self.rng.random(x.shape) < keep) / keep if training else np.ones_like(x)
        return x * self._mask

    def backward(self, upstream):
        """Gradient for x, with the mask of the latest forward."""
        return upstream * self._mask


class MeanSquaredError:
    """Given: mean of the squared errors over all rows and outputs."""

    def value(self, y_true, y_pred):
        """The loss, a float."""
        return float(np.mean((y_pred - y_true) ** 2))

    def gradient(self, y_true, y_pred):
        """The loss's gradient with respect to y_pred: the division by the number of entries is in it."""
        return 2.0 * (y_pred - y_true) / y_pred.size


class SparseCategoricalCrossentropy:
    """Given: cross-entropy of class numbers, from logits, mean over the rows (Keras's with ``from_logits=True``)."""

    def value(self, y_true, y_pred):
        """The loss, a float; y_true int64 (batch,), y_pred logits (batch, classes)."""
        shifted = y_pred - y_pred.max(axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-log_probabilities[np.arange(len(y_true)), y_true].mean())

    def gradient(self, y_true, y_pred):
        """The loss's gradient with respect to the logits: the division by the batch size is in it."""
        powers = np.exp(y_pred - y_pred.max(axis=1, keepdims=True))
        gradient = powers / powers.sum(axis=1, keepdims=True)
        gradient[np.arange(len(y_true)), y_true] -= 1.0
        return gradient / len(y_true)


class Optimizer:
    """Given: base class of all rules; a rule defines ``update(gradient, parameter, slot)``.


    ``slot`` is a dict that belongs to the parameter's position; ``self.iterations`` counts the steps before this one.
    """

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.iterations = 0
        self._slots = {}

    def apply(self, gradients, parameters):
        """Take one step: update every parameter in place, then count the step."""
        for position, (gradient, parameter) in enumerate(zip(gradients, parameters, strict=True)):
            self.update(gradient, parameter, self._slots.setdefault(position, {}))
        self.iterations += 1

    def update(self, gradient, parameter, slot):
        """Move one parameter in place; what a rule is."""
        raise NotImplementedError("a rule defines update(gradient, parameter, slot)")


class SGD(Optimizer):
    """Given: gradient descent with momentum, ``v = momentum * v - learning_rate * g``, ``w += v``."""

    def __init__(self, learning_rate=0.01, momentum=0.0):
        super().__init__(learning_rate)
        self.momentum = momentum

    def update(self, gradient, parameter, slot):
        """One step for one parameter."""
        slot["velocity"] = self.momentum * slot.get("velocity", 0.0) - self.learning_rate * gradient
        parameter += slot["velocity"]


class Adam(Optimizer):
    """Given: Adam with Keras's defaults."""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def update(self, gradient, parameter, slot):
        """One step for one parameter."""
        t = self.iterations + 1
        m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
        v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient**2
        rate = self.learning_rate * np.sqrt(1.0 - self.beta_2**t) / (1.0 - self.beta_1**t)
        parameter -= rate * m / (np.sqrt(v) + self.epsilon)


class SignMomentum(Optimizer):
    """Given: a new rule, written against :class:`Optimizer` alone. Your training loop must work with it as it is."""

    def update(self, gradient, parameter, slot):
        """Move by the learning rate against the sign of a running mean of the gradients, less and less as steps go by."""
        slot["mean"] = 0.8 * slot.get("mean", 0.0) + 0.2 * gradient
        parameter -= self.learning_rate / np.sqrt(self.iterations + 1) * np.sign(slot["mean"])


# %% [markdown]
# ## Given: callbacks
# A callback is called at agreed moments of a training, and may look, take notes, or interfere. `History`, which `fit` returns,
# is a callback that takes notes; `StopAfter` is one that interferes: a callback reaches the model as `self.model`, and a model
# whose `stop_training` is true ends its training after the current epoch.


# %%
class Callback:
    """Given: base class of callbacks; does nothing."""

    model = None

    def set_model(self, model):
        """Called first, with the model that is trained."""
        self.model = model

    def on_train_begin(self):
        """Called once before the first epoch."""

    def on_epoch_begin(self, epoch):
        """Called before each epoch; epochs are counted from 0."""

    def on_epoch_end(self, epoch, logs):
        """Called after each epoch, validation included, with the epoch's logs; what it adds to logs gets into the history."""

    def on_train_end(self):
        """Called once after the last epoch."""


class History(Callback):
    """Given: keeps the numbers of the epochs in ``epoch``, and in ``history`` a list for each name of the logs."""

    def __init__(self):
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch, logs):
        """Append everything that is in logs."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)


class StopAfter(Callback):
    """Given: ends training after so many epochs."""

    def __init__(self, epochs):
        self.epochs = epochs

    def on_epoch_end(self, epoch, logs):
        """Ask the model to stop, once it is time."""
        if epoch + 1 >= self.epochs:
            self.model.stop_training = True


# %% [markdown]
# ## Accuracy
# The network answers with one number a class, the logits; its guess is the class with the largest. Accuracy is the share of
# rows whose guess is right. Softmax does not change which entry is the largest, so accuracy needs no probabilities.
#
# A number to try: with logits $(2, 1, 0)$, $(0, 3, 1)$, $(1, 0, 5)$ the guesses are $0, 1, 2$. Where the classes are
# $0, 2, 2$, two of three are right: $0.667$.
#
# Accuracy cannot be the *loss*. Moving a weight a little changes no guess, so the gradient is 0 almost everywhere.
#
# **Try it:** give `accuracy` logits, and then their softmax. Then multiply all logits by 0.001, and by $-1$. Which of these
# changes the answer?


# %%
def accuracy(y_true, y_pred):
    """Share of the rows whose largest entry stands at the right class.

    Args:
        y_true: int64 array of shape (batch,), the number of the right class of each row.
        y_pred: float64 array of shape (batch, classes), logits or probabilities. In a tie the first of the largest counts.

    Returns:
        float between 0 and 1.

    >>> accuracy(np.array([0, 2]), np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]]))
    0.5
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Mini-batches
# The gradient over all $n$ rows is the best direction that the data can give, and the dearest: one step a pass. The gradient
# over one row is cheap and wild. Between them lies the mini-batch: its gradient has the right mean, and with a batch of $B$
# rows its noise is smaller by $\sqrt{B}$.
#
# An epoch is $\lceil n / B \rceil$ steps. With $n = 23$ and $B = 5$: four batches of 5, and a last one of 3. **The last one is
# short, and it counts**; whoever drops it never shows the network those rows.
#
# Rows are shuffled before they are cut into batches, because data often come sorted, and a batch of one class pulls the whole
# network towards that class. Each row must come exactly once an epoch: that is a *permutation*, and not a draw with
# replacement, which would miss a share of $(1 - 1/n)^n \approx 0.37$ of the rows.
#
# ![Validation loss over fifteen epochs with one learning rate. With all 400 rows in a batch it hardly falls, with batches of
# 32 it falls steadily, and with batches of 1 it is low at once and jumps about.](figures/batch_sizes.svg)
#
# **Try it:** for 10 rows, draw 10 row numbers with `rng.integers(10, size=10)`, a thousand times. How many different rows do
# you get on average, and how many with a permutation?


# %%
def minibatches(n, batch_size=32, shuffle=True, rng=None):
    """Row numbers of the mini-batches of one epoch.

    Args:
        n: number of rows, 1 or more.
        batch_size: rows in a batch. Where n is no multiple of it, the last batch is the rest.
        shuffle: whether the rows come in random order, all of them permuted before they are cut into batches; otherwise the
            order is 0, 1, ..., n - 1.
        rng: numpy.random.Generator that the order is drawn from; a fresh one where it is None. Not used without shuffle.

    Returns:
        list of int64 arrays. Together they hold each of 0, ..., n - 1 exactly once; all but the last have length batch_size.

    >>> [batch.tolist() for batch in minibatches(7, batch_size=3, shuffle=False)]
    [[0, 1, 2], [3, 4, 5], [6]]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The validation split
# A network that is large enough learns its training rows by heart. Whether it has learned anything else is seen on rows that
# it was never trained on. `validation_split=0.3` sets the **last** 30% aside, before anything is shuffled, so that it is the
# same rows in every epoch and in every run.
#
# With $n$ rows the training part has $\lfloor n\,(1 - s) \rfloor$ of them: 7 rows and $s = 0.3$ make $\lfloor 4.9 \rfloor = 4$
# rows to train on and 3 to validate. (So says Keras. Rounding the *validation* part down would give 5 and 2.)
#
# Mind the price of "the last rows": if your data are sorted by class, the validation set is the last class. Shuffle once
# yourself, before you call `fit`.
#
# **Try it:** sort the digits by label, train with a split of 0.2, and look at `val_accuracy`.


# %%
def split_validation(x, y, validation_split):
    """The first rows to train on, the last to validate with; nothing is shuffled.

    Args:
        x: array of shape (n, ...).
        y: array of shape (n, ...).
        validation_split: share of the rows to validate with, between 0 and 1.

    Returns:
        (x_train, y_train, x_validation, y_validation); the first two have ``int(n * (1 - validation_split))`` rows. They may
        be views of x and y, which are not changed.

    Raises:
        ValueError: if a part would be empty.

    >>> split_validation(np.arange(7.0), np.arange(7), 0.3)[0].tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The model
# `Model` is layers in a row together with what training needs: an optimizer, a loss, and metrics, which are numbers that are
# reported and not trained on. Forward, backward and the weights are given. Four methods are yours, in the order in which
# they need each other.
#
# **One step.** Forward in training mode, the loss and the metrics of what came out, the loss's gradient backwards through the
# layers, and one `optimizer.apply`. The loss that a step reports is that *before* its update, since it is the one whose
# gradient was used.
#
# **Predict.** In inference mode, batch by batch so that a large data set fits into memory, put together again.
#
# **Evaluate.** The mean over all *rows*. Batches have means $\ell_b$ over $n_b$ rows each, and so
#
# $$\ell = \frac{\sum_b n_b\, \ell_b}{\sum_b n_b}.$$
#
# With $n = 5$ and $B = 4$, and batch means $1.0$ and $6.0$, that is $(4 \cdot 1 + 1 \cdot 6) / 5 = 2.0$. The mean of the means
# is $3.5$: the single row of the short batch would count as much as four others together. And `evaluate` changes nothing:
# whoever trains on the test rows while measuring has no test rows left.
#
# **Fit.** Epochs of steps. The epoch's loss is the mean over its rows, weighted in the same way; the parameters move while it
# is collected, so it is an average over the epoch, and usually worse than `evaluate` on the same rows right after it.
# Validation comes **after** the epoch's last update. That is why `val_loss` is often the smaller of the two in the first
# epochs. No magic.
#
# The optimizer lives as long as the model does. Its velocities must survive the end of an epoch; an epoch is bookkeeping, and
# the parameters know nothing of it. A second `fit` goes on where the first one ended.
#
# **Callbacks.** For each callback in order, and `History` last:
#
# ```text
# set_model(model)
# on_train_begin()
# for each epoch, from 0:
#     on_epoch_begin(epoch)
#     ... the steps, then validation ...
#     on_epoch_end(epoch, logs)      # {"loss": ..., "accuracy": ..., "val_loss": ..., "val_accuracy": ...}
#     if model.stop_training: break
# on_train_end()
# ```
#
# Every callback is given the same dict of logs. `History` comes last so that what others add to it is kept.
#
# **Underfitting and overfitting** are read off two curves, `history["loss"]` and `history["val_loss"]`, over the epochs. Both
# high and close together: the model is too small, or has not been trained for long enough. The first falling and the second
# rising: it is learning by heart.
#
# ![Training and validation loss over forty epochs for three networks. Too small: both stay high and close together. Right:
# both fall to a low level. By heart: the training loss falls to zero while the validation loss stays far above it and rises a
# little.](figures/fitting.svg)
#
# **Try it:** train on the first 60 digits, with 200 hidden units and 100 epochs, and draw both curves; then with 2 hidden
# units; then with all rows and `Dropout(0.3)` between the layers. Which of the three would you stop early, and when?


# %%
class Model:
    """Layers in a row, with an optimizer, a loss and metrics.

    Args:
        layers: list of layers, the first one first.
        optimizer: an :class:`Optimizer`; needed for train_step and fit only.
        loss: object with ``value(y_true, y_pred)`` and ``gradient(y_true, y_pred)``.
        metrics: dict of functions ``f(y_true, y_pred)`` that return a mean over the rows, such as ``{"accuracy": accuracy}``;
            None for none.

    Attributes:
        layers, optimizer, loss, metrics: see above; metrics is an empty dict where None was given.
        stop_training: whether fit should end after the current epoch; for callbacks to set.
    """

    def __init__(self, layers, optimizer=None, loss=None, metrics=None):
        self.layers = list(layers)
        self.optimizer = optimizer
        self.loss = loss
        self.metrics = dict(metrics or {})
        self.stop_training = False

    def build(self, input_shape):
        """Given: make the parameters of all layers, for rows of ``input_shape[-1]`` features; else forward does it."""
        self.forward(np.zeros((1, input_shape[-1])))

    def forward(self, x, training=False):
        """Given: output of the last layer, for one batch."""
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, upstream):
        """Given: fills the gradients of all layers; belongs to the latest forward."""
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream

    @property
    def parameters(self):
        """Given: list of the parameter arrays, the layers' own."""
        return [array for layer in self.layers for array in layer.parameters.values()]

    @property
    def gradients(self):
        """Given: list of the gradients of the latest backward, in the order of ``parameters``."""
        return [layer.gradients[name] for layer in self.layers for name in layer.parameters]

    def get_weights(self):
        """Given: list of copies of the parameters."""
        return [array.copy() for array in self.parameters]

    def set_weights(self, weights):
        """Given: write these values into the parameters, in place."""
        for array, values in zip(self.parameters, weights, strict=True):
            array[...] = values

    def train_step(self, x, y):
        """One step on one batch: forward in training mode, loss and metrics, backward, one update by the optimizer.

        One forward pass, one backward pass and one ``self.optimizer.apply(self.gradients, self.parameters)``.

        Args:
            x: float64 array of shape (batch, features).
            y: what the loss takes, with as many rows.

        Returns:
            dict of floats: "loss", and every metric under its name, of the batch as it was before the update.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def predict(self, x, batch_size=32):
        """Output for every row, in inference mode, computed in batches of batch_size rows (the last may be short).

        Args:
            x: float64 array of shape (n, features), n at least 1.
            batch_size: rows that go through the network at once.

        Returns:
            float64 array of shape (n, outputs), rows in the order of x. The parameters do not change.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def evaluate(self, x, y, batch_size=32):
        """Mean loss and metrics over all rows, in inference mode, without training.

        Computed in batches of batch_size rows in the order given; each batch counts by the number of its rows.

        Args:
            x: float64 array of shape (n, features), n at least 1.
            y: what the loss takes, with as many rows.
            batch_size: rows that go through the network at once.

        Returns:
            dict of floats: "loss", and every metric under its name.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def fit(
        self,
        x,
        y,
        batch_size=32,
        epochs=1,
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        rng=None,
    ):
        """Train for a number of epochs.

        1. With validation_data those are the rows to validate with, and all rows of x are trained on. Else, with a
           validation_split above 0, the last rows of x are set aside as :func:`split_validation` does. Else there is no
           validation.
        2. Set ``self.stop_training`` to False, then tell every callback ``set_model(self)``, then every one
           ``on_train_begin()``.
        3. In each epoch: every callback's ``on_epoch_begin(epoch)``; a step for every batch of :func:`minibatches`, with a
           fresh order drawn from rng in every epoch if shuffle; the logs, which are "loss" and every metric, the mean of the
           steps' logs weighted by the number of rows; with validation, the same names with "val_" in front, as evaluate gives
           them with this batch_size after the epoch's last step; every callback's ``on_epoch_end(epoch, logs)`` with one and
           the same dict.
        4. If ``self.stop_training`` is true after that, no further epoch begins.
        5. Every callback's ``on_train_end()``, also where training was stopped.

        "Every callback" is those given, in their order, then a new :class:`History`. Training goes on from the parameters and
        the state of the optimizer as they are.

        Args:
            x: float64 array of shape (n, features).
            y: what the loss takes, with as many rows.
            batch_size: rows in a step.
            epochs: number of epochs.
            callbacks: list of :class:`Callback` objects; None for none. The list is not changed.
            validation_split: share of the rows, the last ones, to validate with.
            validation_data: tuple (x, y) to validate with; if given, validation_split is ignored.
            shuffle: whether every epoch has a new random order; otherwise rows come in the order given.
            rng: numpy.random.Generator for the orders; a fresh one where it is None.

        Returns:
            The History: ``history.history`` has a list with an entry an epoch for each name in the logs.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Two callbacks to write
# **EarlyStopping** watches one number of the logs. If it has not been better than the *best so far* for `patience` epochs,
# training stops. The last weights are then `patience` epochs past their best, so `restore_best_weights` puts the best ones
# back at the end, whether training was stopped or ran through. The weights are updated in place all the time: keep **copies**.
#
# With `patience=2` the values $0.9, 0.7, 0.8, 0.75$ stop after epoch 3 (counted from 0); the best was epoch 1.
#
# **LearningRateScheduler** sets the learning rate at the beginning of each epoch to what a function of the epoch and of the
# current learning rate returns, and writes the one that was used into the logs, so that it can be seen in the history.
#
# **Try it:** `LearningRateScheduler(lambda epoch, rate: rate * 0.9)`: which learning rate does the fifth epoch have? And with
# `lambda epoch, rate: 0.01 * 0.9**epoch`?


# %%
class EarlyStopping(Callback):
    """Stops training when a number of the logs has stopped improving.

    Args:
        monitor: name of the number in the logs.
        patience: epochs without an improvement after which training stops; 0 and 1 both stop at the first.
        mode: "min" if smaller is better, "max" if larger is.
        restore_best_weights: whether the best epoch's weights are put back when training ends, stopped or not.
    """

    def __init__(self, monitor="val_loss", patience=0, mode="min", restore_best_weights=False):
        self.monitor = monitor
        self.patience = patience
        self.mode = mode
        self.restore_best_weights = restore_best_weights

    def on_train_begin(self):
        """Forget everything about an earlier training: the same callback may be used for several."""
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_epoch_end(self, epoch, logs):
        """Compare ``logs[self.monitor]`` with the best so far.

        The first value is the best so far. A later one is an improvement if it is strictly smaller (mode "min") or larger
        ("max") than the best. After an improvement counting begins anew; in the epoch without an improvement that is number
        ``patience`` in a row, or a later one, ``self.model.stop_training`` is set to True.

        Args:
            epoch: the epoch's number, counted from 0.
            logs: dict of the epoch's numbers; not changed.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_train_end(self):
        """With restore_best_weights, write the best epoch's weights into the model's parameters, in place; else do nothing."""
        # YOUR CODE HERE
        raise NotImplementedError()


class LearningRateScheduler(Callback):
    """Sets the optimizer's learning rate at the beginning of each epoch.

    Args:
        schedule: function ``schedule(epoch, learning_rate)`` of the epoch, counted from 0, and of the optimizer's learning
            rate as it is, which returns the new one.
    """

    def __init__(self, schedule):
        self.schedule = schedule

    def on_epoch_begin(self, epoch):
        """Set ``self.model.optimizer.learning_rate``."""
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_epoch_end(self, epoch, logs):
        """Put the learning rate that the epoch had into logs, as "learning_rate"."""
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Real data
# `load_data()` gives the 1797 handwritten digits that come with scikit-learn: images of 8 by 8 pixels as rows of 64 numbers
# from 0 to 1. `load_data("fashion_mnist")` gives 70000 images of clothes, 28 by 28, where Keras is installed and has them or
# can fetch them.


# %%
def load_data(name="digits"):
    """Given: images to classify, as rows of pixels between 0 and 1.

    Args:
        name: "digits" (10 classes, 64 pixels, 1437 rows to train with and 360 to test with), or "fashion_mnist" (10 classes,
            784 pixels, 60000 and 10000 rows), through ``keras.datasets``. Where that is not to be had, a warning says so and
            the digits come instead.

    Returns:
        ((x_train, y_train), (x_test, y_test)): float64 arrays of shape (n, pixels), and int64 arrays of shape (n,).
    """
    if name not in ("digits", "fashion_mnist"):
        raise ValueError(f'there is no data set {name!r}: take "digits" or "fashion_mnist"')
    if name == "fashion_mnist":
        try:
            from keras.datasets import fashion_mnist

            return tuple((x.reshape(len(x), -1) / 255.0, y.astype(np.int64)) for x, y in fashion_mnist.load_data())
        except Exception as error:  # no Keras, no network, no room: whatever it is, there are other digits to learn from
            warnings.warn(f"Fashion-MNIST is not to be had here ({type(error).__name__}); these are the digits instead.")
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    x, y = digits.data[order] / 16.0, digits.target[order].astype(np.int64)
    return (x[:1437], y[:1437]), (x[1437:], y[1437:])


# %% [markdown]
# **Learn the digits.** Build a model, train it, return it. It is tested on images that it has not seen, and must get **88%**
# of them right. A recipe that does: 32 hidden units with ReLU, 10 logits, Adam with a learning rate of 0.005, batches of 32,
# 15 epochs. That takes a fraction of a second and reaches about 97%: 88% lies ten standard deviations below that, so no such
# training ever misses it by bad luck (300 trainings: mean 96.8%, standard deviation 0.9%, worst 94.4%). Grading stops it after
# 20 seconds, or where the process takes more than 2 GiB of memory.
#
# **Try it:** how much is lost without the ReLU? With a learning rate of 1? With a single epoch?


# %%
def train_digits(x, y, rng):
    """Build a network, train it on images of digits, and return it.

    Args:
        x: float64 array of shape (n, 64), pixels between 0 and 1.
        y: int64 array of shape (n,), digits from 0 to 9; not every digit need be there.
        rng: numpy.random.Generator from which all that is random is drawn: first weights, and orders.

    Returns:
        A trained :class:`Model` whose ``predict`` gives 10 logits a row. With about 1400 rows it classifies at least 88% of
        other images of digits rightly, and is trained within 20 seconds.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A network as a scikit-learn estimator
# scikit-learn can search, cross-validate and stack anything that keeps its contract, and `check_estimator` tests whether
# something does. (The wrappers `keras.wrappers.scikit_learn` of older books are gone from Keras 3, which has
# `keras.wrappers.SKLearnClassifier` and `SKLearnRegressor`. It takes a page to write one.) The contract:
#
# - `__init__` stores its arguments under their own names, unchanged, and does nothing else: no checks, no conversion, no
#   arrays. `clone` makes a copy out of `get_params()`, and a search calls `set_params` before each `fit`; both rely on it.
# - `fit(X, y)` checks its input, learns **from scratch**, stores what it learned under names that end in `_`, and returns
#   `self`. It does not change its parameters. Labels may be anything: strings, or the numbers 3, 7, 40.
#   `np.unique(y, return_inverse=True)` gives `classes_`, sorted, and for each row the number of its class.
# - `predict_proba(X)` has a column for each of `classes_`, in that order; rows sum to 1. `predict(X)` answers with the labels
#   themselves. Before `fit` both raise `NotFittedError`, and `ValueError` for rows with another number of features.
# - `random_state`: an int makes everything repeatable, and None makes it new each time.
#
# scikit-learn does most of the checking: `validate_data(self, X, y, dtype="float64")` in `fit` turns lists into arrays,
# refuses NaN and stores `n_features_in_`; with `reset=False` and no y it compares with that. `check_classification_targets(y)`
# refuses targets that are no classes. `check_is_fitted(self)` raises `NotFittedError` where no attribute ends in `_` yet.
#
# **Try it:** `sklearn.base.clone(NetworkClassifier(hidden_units=3)).hidden_units`, and the same again after putting
# `self.hidden_units = hidden_units + 1` into `__init__`. What does `clone` say?


# %%
class NetworkClassifier(ClassifierMixin, BaseEstimator):
    """A network with one hidden layer of ReLU units, trained with Adam, as a scikit-learn classifier.

    Args:
        hidden_units: number of hidden units.
        learning_rate: Adam's learning rate.
        batch_size: rows in a mini-batch.
        epochs: number of epochs.
        random_state: int, or None for other random numbers each time.

    Attributes:
        classes_: the labels, sorted; set by fit.
        n_features_in_: number of features; set by fit.
    """

    def __init__(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
        # YOUR CODE HERE
        raise NotImplementedError()

    def fit(self, X, y):
        """Learn from scratch, forgetting what was learned before.

        Sets ``classes_``, ``n_features_in_`` and whatever else predict_proba needs, under names that end in "_". The
        parameters of ``__init__`` do not change. With an int as random_state the result is the same each time.

        Args:
            X: array-like of shape (n, features), finite numbers.
            y: array-like of shape (n,), labels of two or more classes.

        Returns:
            self.

        Raises:
            ValueError: if X is not finite or not two-dimensional, if y has another length or is continuous, or if there are
                fewer than two classes.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def predict_proba(self, X):
        """Probabilities of the classes: softmax of the logits. Neither overflows nor warns where logits are in the thousands.

        Args:
            X: array-like of shape (n, features).

        Returns:
            float64 array of shape (n, classes), columns in the order of ``classes_``.

        Raises:
            NotFittedError: before fit.
            ValueError: if X is not finite, or has another number of features than in fit.
        """
        # YOUR CODE HERE
        raise NotImplementedError()

    def predict(self, X):
        """The most probable label of each row.

        Args:
            X: array-like of shape (n, features).

        Returns:
            array of shape (n,), of labels as they were in y.

        Raises:
            NotFittedError, ValueError: as predict_proba.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Search for hyperparameters
# How many hidden units? Which learning rate? No gradient leads there; they are tried. `GridSearchCV` tries every combination
# of the lists that it is given, `RandomizedSearchCV` as many combinations as you pay for, drawn at random. Of 5 settings with
# 4 values each the grid has $4^5 = 1024$ points; 60 random draws hit the best 5% of them with probability
# $1 - 0.95^{60} = 0.954$.
#
# Each candidate is judged by **cross-validation**: the rows are cut into `cv` folds, each fold is predicted by a model that
# was trained on the others, and the mean of the `cv` accuracies is the score. The best candidate is then trained once more, on
# all rows. The test set takes no part. A score that was used for choosing is too good, because it is the largest of many; what
# the winner can do is said by rows that nobody has looked at.
#
# **Try it:**
# `search(NetworkClassifier(random_state=0), {"hidden_units": [2, 8, 32], "learning_rate": [0.0001, 0.001, 0.01]}, x, y)` on
# the digits, and then the best one's score on the test rows.


# %%
def search(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    """Choose hyperparameters by cross-validation, with scikit-learn's GridSearchCV or RandomizedSearchCV.

    Args:
        estimator: a scikit-learn classifier; it is neither fitted nor changed, searches work on clones of it.
        parameters: dict of names, each with the list of values to try.
        x: float64 array of shape (n, features).
        y: array of shape (n,), labels.
        cv: number of folds.
        n_iter: None for every combination; else how many are drawn at random.
        random_state: seed of the random draws; without meaning where n_iter is None.

    Returns:
        (best_params, best_score, best_estimator): the dict of the best combination, its mean accuracy over the folds, and an
        estimator with these parameters, trained on all rows. Among equally good ones the first that was tried wins.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## In the end: what it reads wrongly
# Your network on images that it has not seen, and the first one that it reads wrongly, drawn with characters. Would you have
# known?
#
# ```python
# (x, y), (x_test, y_test) = load_data()
# model = train_digits(x, y, np.random.default_rng(0))
# answers = model.predict(x_test).argmax(axis=1)
# print(f"{np.mean(answers == y_test):.2f} of {len(y_test)} images are read rightly")
# wrong = np.flatnonzero(answers != y_test)[0]
# print(f"a {y_test[wrong]} that is read as {answers[wrong]}:")
# for row in x_test[wrong].reshape(8, 8):
#     print("".join(" .:oO@"[int(pixel * 5)] * 2 for pixel in row).rstrip())
# ```
