# %% [markdown]
# # Keras models
#
# **What you will be able to do:** build, compile, train and question networks in Keras, knowing what each line computes.
#
# **What you need:** all that you wrote in NumPy; Keras 3 with TensorFlow is installed.
#
# **How long it takes:** six to eight hours, with the reading.
#
# What you wrote by hand in the other topics, Keras does for you: layers, losses, gradients, optimizers. What it leaves to you
# is what to ask for, and whether you got what you asked for. So here each function returns a model, an optimizer or a
# callback, and it is looked at from outside: which layers it has, in which order, with which settings; how many parameters;
# what it answers when its weights are given.
#
# Any right way counts: `keras.Sequential`, the functional API, or a class of your own; `Dense(..., activation="relu")` or a
# `Dense` and an `Activation` layer; `"he_normal"` or `keras.initializers.HeNormal()`. A class of your own (a subclass of
# `keras.Model`) must be built when you return it, so that its parameters can be counted, and must make its layers in
# `__init__` in the order in which data pass them. A network whose signals are looked at layer by layer must be Sequential or
# functional; its docstring says so.
#
# ## What has changed since many books were written
# These notes use Keras 3. Older code, with which much of the Internet is full, used names that are gone:
#
# | then | now | what happens if you write the old one |
# | --- | --- | --- |
# | `Flatten(input_shape=[28, 28])` | `keras.Input((28, 28))` as the first entry | a warning |
# | `SGD(lr=0.1)` | `SGD(learning_rate=0.1)` | an error |
# | `SGD(decay=1e-4)` | a schedule as the learning rate | a warning, and the rate **stays constant** |
# | `keras.wrappers.scikit_learn` | `keras.wrappers.SKLearnClassifier`, or SciKeras | an error |
# | `K.function`, `K.get_value(opt.lr)` | `keras.Model(inputs, outputs)`, `float(opt.learning_rate)` | an error |
# | `model.predict_classes(x)` | `model.predict(x).argmax(axis=-1)` | an error |
#
# The third is the dangerous one, as training goes on with another rate than you think.

# %%
"""Keras models: structure, compilation, callbacks, and the recipes for deep networks, in real Keras 3."""

import keras
import numpy as np

# %% [markdown]
# ## A stack of layers
# A classifier of images: flatten each image of $28\times 28$ to 784 numbers, pass them through hidden layers with ReLU, and
# end with one probability for each class, by softmax. In Keras that is a list of layers:
#
# ```python
# model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(1)])
# model.summary()
# ```
#
# `keras.Input` states the shape of **one** example, without the batch. With it the model is built at once: it has its weights
# and can tell how many. A Dense layer of $n$ inputs and $m$ units has $n\,m$ weights and $m$ biases, $(n + 1)\,m$ together;
# Flatten and activations have none. For 784 inputs, hidden layers of 300 and 100 units, and 10 classes:
#
# $$785\cdot 300 + 301\cdot 100 + 101\cdot 10 = 235\,500 + 30\,100 + 1\,010 = 266\,610.$$
#
# **Try it:** leave `keras.Input` out and ask for `model.count_params()`. Leave Flatten out and read the output's shape in the
# summary: Dense works on the last axis only.


# %%
def sequential_classifier(input_shape=(28, 28), units=(300, 100), classes=10):
    """Classifier of images: Flatten, then Dense layers with ReLU, then a Dense layer with softmax.

    Not compiled. The first entry is ``keras.Input``: no layer is given ``input_shape=``.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple of any length.
        classes: number of classes, which are the units of the last layer.

    Returns:
        A built Keras model; its answers have the shape (batch, classes), and each row sums to 1.

    >>> sequential_classifier().count_params()
    266610
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A path around the layers
# A stack is a special case. In the functional API a layer is called on what feeds it, so a network may branch and join:
#
# ```python
# inputs = keras.Input((4,))
# hidden = keras.layers.Dense(3, activation="relu")(inputs)
# model = keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(hidden))
# ```
#
# *Wide and deep* (Cheng et al., 2016, arXiv:1606.07792) lets the output see both the inputs as they are (wide: simple rules
# are learned along the short way) and what the hidden layers make of them (deep). The two are **concatenated**: of 8
# features and 30 units of the last hidden layer the output sees 38 numbers. Adding them would need equal sizes, and mixes
# what should stay apart.
#
# With 8 features and hidden layers of 30 and 30 units that makes $9\cdot 30 + 31\cdot 30 + 39\cdot 1 = 1239$ parameters.
#
# **Try it:** replace `Concatenate` by `Add`. What does Keras say about 8 features and 30 units, and which extra layer would
# make it possible?


# %%
def wide_and_deep(features=8, units=(30, 30)):
    """Regression network whose output sees the inputs and the last hidden layer: Dense(1) of [inputs, hidden], concatenated.

    Hidden Dense layers with ReLU, each fed by the one before; the inputs come first in the concatenation. The output has one
    unit and no activation. Not compiled.

    Functional, or a class of your own (built; hidden layers first, then the output).

    Args:
        features: number of inputs.
        units: units of the hidden layers, a tuple.

    Returns:
        A built Keras model of one input of shape (batch, features), whose answers have the shape (batch, 1).

    >>> wide_and_deep().count_params()
    1239
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Two inputs, two outputs
# The wide and the deep path may get different features, and the deep path may get an output of its own, the *auxiliary*
# output. It is not used later: its loss sees to it that the deep path learns something even where the wide one would do.
# The loss that is minimized is a weighted sum of the two,
#
# $$L = (1 - a)\,L_{\text{main}} + a\,L_{\text{aux}},$$
#
# with $a = 0.1$, say: `loss_weights=[0.9, 0.1]` in `compile`. Without the weights both count fully.
#
# **Try it:** plot the model with `keras.utils.plot_model(model, show_shapes=True)`, or read the column "Connected to" of the
# summary.


# %%
def two_inputs_two_outputs(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    """Wide and deep network of two inputs and two outputs, compiled.

    The deep inputs pass hidden Dense layers with ReLU. The main output is Dense(1) of [wide inputs, last hidden layer],
    concatenated in this order; the auxiliary output is Dense(1) of the last hidden layer alone. No activation at the outputs.

    Compiled with the mean squared error for both, the main one weighted ``1 - auxiliary_weight`` and the auxiliary one
    ``auxiliary_weight``, and any optimizer.

    Functional, or a class of your own (built; hidden layers first, then the main output, then the auxiliary one).

    Args:
        wide_features: number of inputs that go to the main output only.
        deep_features: number of inputs that go through the hidden layers.
        units: units of the hidden layers, a tuple.
        auxiliary_weight: the auxiliary output's share of the loss.

    Returns:
        A compiled Keras model with the inputs [wide, deep] and the outputs [main, auxiliary], as lists in this order.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Counting parameters
# The last lines of `model.summary()` tell three numbers: all parameters, those that training changes, and those that it does
# not. The latter are the moving statistics of batch normalization (two vectors of its four), and all of a layer that was
# frozen by `layer.trainable = False`, as one does with the lower layers of a pretrained network. A layer that is used twice
# in a model is counted once: it has one set of weights.
#
# A model holds its weights in `model.weights`, `model.trainable_weights` and `model.non_trainable_weights`, each a list of
# variables with a `shape`. A kernel of shape (784, 300) is one entry of the list, and 235,200 parameters.
#
# **Try it:** freeze the first layer of `sequential_classifier()` and call `summary()` again.


# %%
def count_parameters(model):
    """The last lines of ``model.summary()``, as numbers.

    Args:
        model: any built Keras model; it is left as it is.

    Returns:
        Dict of three ints, ``{"total": ..., "trainable": ..., "non_trainable": ...}``.

    >>> count_parameters(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]))
    {'total': 15, 'trainable': 15, 'non_trainable': 0}
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Compiling: which loss for which labels
# `compile` says how to train: optimizer, loss, and what to report. The loss for classes must fit two things.
#
# **The labels.** Class numbers (0, 2, 1, ...), an array of shape $(N,)$, need the *sparse* categorical cross-entropy.
# One-hot rows, shape $(N, C)$, need the categorical cross-entropy. It is the same number, computed from another form.
#
# **The last layer.** If it ends with softmax, the model answers probabilities, and the loss takes their logarithm. If it has
# no activation, it answers logits, and the loss must be told, by `from_logits=True`, so that it applies softmax itself. Told
# wrongly, it applies softmax to probabilities or the logarithm to logits; the model learns, but badly. For three classes and
# the answer (1, 0, 0), a loss that takes these for logits finds $-\ln\frac{e}{e + 2} = 0.55$ instead of 0. Keras warns of the
# first mistake where it sees its own softmax in front of the loss, and mends it; the second it cannot see.
#
# A loss with a setting is made as an object, `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`; its name as a
# string stands for the defaults.
#
# **Try it:** compile the same model rightly and wrongly, and compare `model.evaluate` with $-\frac1N\sum_i \ln p_{i,y_i}$.


# %%
def compile_classifier(model, labels="integers", from_logits=False, learning_rate=0.01):
    """Compile a classifier of several classes: plain SGD, the cross-entropy that fits, and accuracy as a metric.

    Args:
        model: a Keras model whose answers have the shape (batch, classes).
        labels: "integers" for class numbers, "one_hot" for rows of 0 and 1.
        from_logits: whether the model's last layer has no softmax.
        learning_rate: the learning rate of ``keras.optimizers.SGD``, without momentum.

    Returns:
        The same model, compiled.

    Raises:
        ValueError: for any other ``labels``.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A learning rate that falls, without `decay=`
# `SGD(lr=0.1, decay=1e-4)` once let the rate fall with every step (an update, not an epoch) as
#
# $$\eta_t = \frac{\eta_0}{1 + d\,t}.$$
#
# Keras 3 does not know `lr`, and ignores `decay` with a warning. A rate that changes is now a schedule, which takes the
# place of the number: `keras.optimizers.schedules` has several, and one of them is this formula. With $\eta_0 = 0.1$ and $d
# = 0.01$ the rate is 0.1 at the first step, half of it after 100 steps, and a quarter after 300.
#
# `weight_decay=` is something else: it shrinks the weights, not the rate.
#
# **Try it:** `optimizer.iterations.assign(100)`, then look at `optimizer.learning_rate`.


# %%
def decayed_sgd(learning_rate=0.1, decay=1e-4, momentum=0.9):
    """SGD with momentum, whose learning rate after t steps is ``learning_rate / (1 + decay * t)``.

    Momentum is the plain one, not Nesterov's.

    Args:
        learning_rate: the rate at the first step.
        decay: how fast it falls; after ``1 / decay`` steps it is half as large.
        momentum: the share of the previous step that is kept.

    Returns:
        A Keras optimizer.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Training, with an eye on validation data
# `model.fit` returns a `History`, whose `history` is a dict of lists, one number an epoch: `loss` and the metrics, and the
# same with `val_` in front, found on validation data after each epoch. Those data are never trained on. They can be given as
# a pair, `validation_data=(x_valid, y_valid)`; `validation_split=0.1` instead cuts the last tenth off the training data,
# before shuffling.
#
# The `loss` of an epoch is an average over its batches, while the weights were changing; `val_loss` belongs to the weights at
# the epoch's end. So the validation loss of the first epochs may well be the smaller one.
#
# **Try it:** sort the rows by class and train with `validation_split=0.1`. What is in the validation set, and what does
# `val_accuracy` show?


# %%
def fit_with_validation(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    """Train a compiled model, silently, and return what happened in each epoch.

    Args:
        model: a compiled Keras model; it is trained in place.
        x: array of examples, all of which are trained on.
        y: array of their labels.
        validation: pair (x_valid, y_valid), evaluated after each epoch and never trained on.
        epochs: how often the examples are gone through, at most: a callback may stop it before.
        batch_size: examples in a batch.
        callbacks: Keras callbacks, a tuple or list.

    Returns:
        Dict of lists of floats, one number an epoch: "loss", "val_loss", and the same for each metric.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Callbacks
# A callback is called by `fit` at certain moments: at the start and the end of training, of each epoch, of each batch. Three
# uses:
#
# **Stopping early.** `EarlyStopping` watches a number in the epochs' logs; when it has not improved for `patience` epochs,
# training ends. Watch `val_loss`: the training loss goes on falling while the network learns its examples by heart.
# By then the best weights are `patience` epochs in the past; `restore_best_weights=True` brings them back.
#
# **Your own numbers.** A subclass of `keras.callbacks.Callback` overrides the methods it needs, such as
# `on_epoch_end(self, epoch, logs=None)`. It has `self.model`. What a callback's methods return is ignored, so keep results in
# attributes. One object may see several trainings, so begin afresh in `on_train_begin`.
#
# **The learning rate.** `LearningRateScheduler(f)` sets the rate at the beginning of each epoch to `f(epoch)`, or, if f takes
# two arguments, to `f(epoch, rate)` with the rate at hand. With the latter the rate depends on where it stood:
# what multiplies it is applied again each epoch. The exponential schedule
#
# $$\eta(e) = \eta_0\cdot 0.1^{\,e/s}$$
#
# falls by a factor of 10 every $s$ epochs, smoothly: with $\eta_0 = 0.01$ and $s = 20$, the rate of epoch 10 is 0.00316.
#
# **Try it:** after `fit` with a LearningRateScheduler, look for `learning_rate` in the history.


# %%
def early_stopping(patience=10):
    """Callback that ends training when ``val_loss`` has not fallen for ``patience`` epochs, and brings back the best weights.

    Args:
        patience: epochs without improvement after which training stops.

    Returns:
        A Keras callback.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


class LossRatio(keras.callbacks.Callback):
    """Callback that records how much larger the validation loss is than the training loss: a sign of overfitting.

    After training, ``ratios`` is a list of one float an epoch, ``val_loss / loss``, of the latest training only. Before the
    first training it is an empty list. Two instances share nothing.
    """

    def __init__(self):
        super().__init__()
        self.ratios = []

    def on_train_begin(self, logs=None):
        """Begin with an empty list."""
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_epoch_end(self, epoch, logs=None):
        """Record this epoch's ratio.

        Args:
            epoch: the epoch's number, from 0.
            logs: dict of this epoch's numbers, among them "loss" and "val_loss".
        """
        # YOUR CODE HERE
        raise NotImplementedError()


def exponential_scheduler(learning_rate=0.01, epochs=20):
    """Callback that sets the learning rate of epoch e (from 0) to ``learning_rate * 0.1 ** (e / epochs)``.

    The rate depends on the epoch alone, not on the rate that the optimizer has.

    Args:
        learning_rate: the rate of the first epoch.
        epochs: after so many epochs the rate is a tenth.

    Returns:
        A Keras callback.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## 1cycle, batch by batch
# The 1cycle policy (Smith, 2018, arXiv:1803.09820) raises the learning rate along a straight line to its maximum during the
# first half of training, lowers it again during the second, and takes it down by orders of magnitude in the last few
# batches. Keras has no class for it, and a LearningRateScheduler is too coarse: the rate changes with every **batch**. So it
# is a callback of its own.
#
# With $T$ = `total_steps` batches in all, $f = \lfloor T/10\rfloor + 1$ of them the final stretch, and $h = \lfloor (T -
# f)/2\rfloor$, the rate is joined by straight lines through
#
# | at | step 0 | step $h$ | step $2h$ | step $T$ |
# | --- | --- | --- | --- | --- |
# | rate | $\eta/10$ | $\eta$ | $\eta/10$ | $\eta/10\,000$ |
#
# `np.interp` does this in one line. A step is counted over the **whole** training; the `batch` that Keras passes begins at 0
# again in each epoch. And the rate must be set before the batch that it is meant for. For $T = 25$ and $\eta = 0.5$: $f =
# 3$, $h = 11$; the first batch has the rate 0.05, the twelfth 0.5.
#
# How large is $T$? A training of 1000 examples in batches of 32 has 32 batches an epoch (31 full ones and one of 8), so 10
# epochs have 320.
#
# To set the rate: `self.model.optimizer.learning_rate = rate`.
#
# **Try it:** record the rates of a training in a list and plot them.


# %%
class OneCycle(keras.callbacks.Callback):
    """Callback for the 1cycle policy: sets the learning rate before each batch.

    The rate at step s (batches of this training before this one) lies on straight lines through
    (0, max/10), (h, max), (2h, max/10), (total_steps, max/10000), where ``final = total_steps // 10 + 1`` and
    ``h = (total_steps - final) // 2``; from total_steps on it stays. A new training begins at step 0 again.

    Args:
        max_learning_rate: the rate at the top.
        total_steps: number of batches of the whole training, over all epochs; 4 or more.
    """

    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.max_learning_rate = max_learning_rate
        self.total_steps = total_steps

    def on_train_begin(self, logs=None):
        """Begin at step 0."""
        # YOUR CODE HERE
        raise NotImplementedError()

    def on_train_batch_begin(self, batch, logs=None):
        """Set the optimizer's learning rate for this batch.

        Args:
            batch: the batch's number in its epoch, which begins at 0 in each epoch.
        """
        # YOUR CODE HERE
        raise NotImplementedError()


# %% [markdown]
# ## Batch normalization: where
# Batch normalization can stand after each activation, or before it; there is no agreement on which is better, so know how to
# write both. As the **first** layer (after Flatten) it standardizes the inputs, which then need no preparation.
#
# **After the activation** it is one more entry in the list: Dense with its activation, then the norm.
#
# **Before the activation** the Dense layer must not have the activation itself: Dense, norm, `Activation`. Its bias is useless
# then, since the norm subtracts the mean of whatever comes, and has a $\beta$ of its own; so `use_bias=False`.
#
# A norm of $d$ features has $4d$ parameters, of which $2d$ are trained ($\gamma$, $\beta$) and $2d$ are tracked (moving mean
# and variance). (You may have read that it "learns four parameters": it learns two.) After Flatten, and after hidden layers
# of 300 and 100 units: $4\,(784 + 300 + 100) = 4736$ more, in all 271,346, and 2368 of them non-trainable.
#
# In training the statistics are those of the batch, at inference the moving ones: `model(x, training=True)` and `model(x)`
# answer differently, and only the first moves the moving statistics.
#
# **Try it:** count the parameters saved by `use_bias=False`, and compare with the biases' number.


# %%
def norm_after_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    """Classifier with a batch norm as its first layer and one after each hidden activation.

    Flatten, BatchNormalization; for each hidden layer Dense with ReLU, BatchNormalization; at last Dense with softmax. The
    norms have Keras's default settings, and the Dense layers biases. Not compiled.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).

    >>> norm_after_activation().count_params()
    271346
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def norm_before_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    """Classifier with a batch norm between each hidden Dense layer and its activation, and none at the beginning.

    Flatten; for each hidden layer Dense without a bias, BatchNormalization, ReLU; at last Dense (with a bias) with softmax.
    The norms have Keras's default settings. Not compiled.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Initialization that fits the activation
# Keras initializes kernels by Glorot (uniform) unless told otherwise, which fits tanh and sigmoid. ReLU and its relatives
# (leaky ReLU, ELU) need a larger variance: He, $2/n_{\text{in}}$. SELU needs LeCun, $1/n_{\text{in}}$. The output layer ends
# with softmax and keeps Glorot.
#
# ## Penalties and dropout
# `kernel_regularizer=keras.regularizers.L2(0.01)` adds $0.01\sum w^2$ over the layer's kernel to the loss. Every layer whose
# weights should be small must be told, the output layer too. `model.losses` lists what is added; `evaluate` and `fit`
# include it.
#
# `Dropout(rate)` drops each number that passes with the probability `rate` (it is not the probability of keeping it), divides
# the others by $1 - \text{rate}$, and does nothing at inference. It belongs before a layer: what is dropped is an input of the
# next layer. After the output it would drop classes.
#
# **Try it:** compare `model.evaluate(x, y)` with the mean loss of `model.predict(x)` that you compute yourself, for a model
# with an L2 penalty. Where does the difference come from?


# %%
def elu_he_network(input_shape=(28, 28), units=(300, 100), classes=10):
    """Classifier with ELU: Flatten, hidden Dense layers with ELU and He's normal initialization, Dense with softmax.

    The output layer keeps Keras's default initializer. Not compiled.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def l2_network(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    """Classifier with an L2 penalty on the kernel of **every** Dense layer, the output layer's included.

    Flatten, hidden Dense layers with ReLU, Dense with softmax; no penalty on biases. Not compiled.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.
        l2: the penalty is ``l2 * sum(kernel ** 2)``, summed over the layers.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def dropout_network(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    """Classifier with dropout before **every** Dense layer, the first and the last included.

    Flatten; for each hidden layer Dropout, Dense with ReLU; at last Dropout, Dense with softmax. Not compiled.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.
        rate: the probability that a number is dropped.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Two recipes
# Where nothing speaks against it, begin with one of these.
#
# | | a deep network | a plain stack of Dense layers |
# | --- | --- | --- |
# | initialization | He | LeCun |
# | activation | ELU | SELU |
# | normalization | batch norm | none: it normalizes itself |
# | regularization | early stopping, and L2 if needed | alpha dropout if needed |
# | optimizer | momentum (or RMSprop, Nadam) | momentum (or RMSprop, Nadam) |
# | learning rate | 1cycle | 1cycle |
#
# ### The first: He, ELU, batch norm, momentum, 1cycle
# Everything of it stands above; put together it trains networks of dozens of layers. Its training is `fit` with your
# `OneCycle`.


# %%
def default_network(input_shape=(28, 28), units=(100, 100, 100, 100, 100), classes=10, learning_rate=0.05):
    """The first recipe, compiled: He's normal initialization, ELU, a batch norm before each activation, SGD with momentum 0.9.

    Flatten; for each hidden layer Dense without a bias and with He's normal initialization, BatchNormalization, ELU; at last
    Dense (with a bias and the default initialization) with softmax.

    Compiled with SGD, momentum 0.9 (plain, not Nesterov's), the cross-entropy for class numbers, and accuracy as a metric.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.
        learning_rate: the optimizer's; a OneCycle callback would change it batch by batch.

    Returns:
        A compiled Keras model.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ### The second: a network that normalizes itself
# If all layers are Dense with SELU and LeCun's normal initialization, and the inputs have mean 0 and variance 1, then each
# layer's output stays near mean 0 and variance 1, however deep the network is: (0, 1) is a fixed point towards which each
# layer pulls (Klambauer et al., 2017, arXiv:1706.02515). It takes all three conditions.
#
# **Inputs** are standardized feature by feature with mean and standard deviation **of the training set**; validation and
# test data, and whatever comes later, with the same numbers. A pixel that is 0 in every image has the standard deviation 0;
# divide it by 1 instead.
#
# **Regularization** by plain dropout would set numbers to 0 and change the variance. AlphaDropout sets them to SELU's lowest
# value instead, and scales so that mean and variance stay.
#
# **Try it:** make the network ten layers deep, give it standard normal inputs, and print mean and standard deviation of each
# layer's output. Then put He, or ReLU, in place of LeCun and SELU.


# %%
def standardize(train, other):
    """Both arrays standardized, feature by feature, with mean and standard deviation of the training set.

    ``(x - mean) / std``; a feature that does not vary in the training set is divided by 1.

    Args:
        train: float64 array of shape (examples, ...): the training set, of any number of further axes.
        other: float64 array of shape (other examples, ...): validation or test data.

    Returns:
        Tuple of two new float64 arrays of the shapes of train and other. Each feature of the first has mean 0, and variance 1
        (over N) where it varies.

    >>> train, other = standardize(np.array([[1.0, 7.0], [3.0, 7.0]]), np.array([[5.0, 8.0]]))
    >>> train.tolist(), other.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[3.0, 1.0]])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def self_normalizing_network(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    """The second recipe: hidden Dense layers with SELU and LeCun's normal initialization, and one alpha dropout.

    Flatten; hidden Dense layers with SELU; AlphaDropout after the last of them; Dense with softmax (default
    initialization). No other layers. Not compiled. Sequential or functional: its signals are looked at layer by layer.

    Args:
        input_shape: shape of one example, a tuple.
        units: units of the hidden layers, a tuple.
        classes: number of classes.
        rate: the rate of the alpha dropout.

    Returns:
        A built Keras model whose answers have the shape (batch, classes).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Monte Carlo dropout
# Leave dropout on when predicting, predict many times, and take the mean: often better than one prediction without dropout,
# and the spread tells how sure the network is (Gal & Ghahramani, 2016, arXiv:1506.02142).
#
# `model(x, training=True)` switches dropout on, but batch norms too, which then normalize with the batch at hand and move
# their statistics. So only the dropout layers should be told: by layers that drop always. A layer's work is done by
# `call(self, inputs, training=None)`; a subclass overrides it and can let its parent do the work by `super().call(...)`.
#
# Of $T$ passes with answers $p_1, \dots, p_T$, each of shape (batch, classes), the prediction is the mean over the passes, and
# the uncertainty their standard deviation, both of shape (batch, classes).
#
# **Try it:** how does the standard deviation of the **mean** fall with the number of passes? Predict an image of noise.


# %%
class MCDropout(keras.layers.Dropout):
    """Dropout that is on at inference, too: each call draws a fresh mask, whatever ``training`` says.

    Args:
        rate: as in ``keras.layers.Dropout``, with all its other arguments.
    """

    def call(self, inputs, training=None):
        """Dropped-out inputs: 0 with the probability ``rate``, else ``inputs / (1 - rate)``."""
        # YOUR CODE HERE
        raise NotImplementedError()


class MCAlphaDropout(keras.layers.AlphaDropout):
    """Alpha dropout that is on at inference, too: keeps mean 0 and variance 1 of its inputs, whatever ``training`` says.

    Args:
        rate: as in ``keras.layers.AlphaDropout``, with all its other arguments.
    """

    def call(self, inputs, training=None):
        """Inputs after alpha dropout, with a fresh mask at each call."""
        # YOUR CODE HERE
        raise NotImplementedError()


def mc_predict(model, x, passes=100):
    """Monte Carlo prediction with a model whose dropout layers are on at inference.

    The model is called as at inference: ``training=True`` would also switch its batch norms.

    Args:
        model: Keras model with answers of shape (batch, outputs); it is left as it is.
        x: array of examples.
        passes: number of predictions.

    Returns:
        Tuple ``(mean, std)`` of two NumPy arrays of shape (batch, outputs): mean over the passes, and standard deviation over
        the passes (with division by ``passes``).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## In the end: digits, twice
# The same images that your own network in NumPy has learned, in Keras. Both read about 97 in a hundred rightly; what Keras
# takes off your hands is backward passes, and what it cannot is knowing which loss belongs to which labels.
#
# ```python
# from sklearn.datasets import load_digits
#
# digits = load_digits()
# x, y = digits.images / 16, digits.target
# model = sequential_classifier((8, 8), (32,), 10)
# compile_classifier(model, learning_rate=0.1)
# history = fit_with_validation(model, x[:1200], y[:1200], (x[1200:1500], y[1200:1500]), epochs=40)
# print(model.evaluate(x[1500:], y[1500:], verbose=0))
# ```
