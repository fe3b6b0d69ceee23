"""Training, in loops: rows one by one, sums in plain Python, closures where there is something to share."""

import math
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import ParameterGrid, ParameterSampler, cross_val_score
from sklearn.preprocessing import LabelEncoder
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data


class Dense:
    """Given: fully connected layer, ``y = x @ kernel + bias``.

    Args:
        units: number of outputs.
        rng: numpy.random.Generator that the kernel is drawn from (Glorot's uniform distribution); a fresh one where it is None.
    """

    def __init__(self, units, rng=None):
        self.units = units
        self.rng = np.random.default_rng() if rng is None else rng
        self.parameters = {}
        self.gradients = {}

    def build(self, input_shape):
        """Make the parameters, "kernel" (features, units) and "bias" (units,); input_shape ends with the number of features."""
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
    """Given: base class of all rules. A rule defines ``update(gradient, parameter, slot)``, which moves one parameter in place.

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
    """Given: a new rule, written against :class:`Optimizer` and nothing else. Your training loop must work with it as it is."""

    def update(self, gradient, parameter, slot):
        """Move by the learning rate against the sign of a running mean of the gradients, less and less as steps go by."""
        slot["mean"] = 0.8 * slot.get("mean", 0.0) + 0.2 * gradient
        parameter -= self.learning_rate / np.sqrt(self.iterations + 1) * np.sign(slot["mean"])


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


def accuracy(y_true, y_pred):
    right = 0
    for label, row in zip(y_true.tolist(), y_pred.tolist()):
        best = 0
        for k in range(1, len(row)):
            if row[k] > row[best]:
                best = k
        right += best == label
    return right / len(y_true)


def minibatches(n, batch_size=32, shuffle=True, rng=None):
    order = list(range(n))
    if shuffle:
        if rng is None:
            rng = np.random.default_rng()
        rng.shuffle(order)
    found = []
    while order:
        found.append(np.array(order[:batch_size]))
        order = order[batch_size:]
    return found


def split_validation(x, y, validation_split):
    first = math.floor(len(x) * (1.0 - validation_split))
    if first < 1 or first >= len(x):
        raise ValueError("not enough rows")
    return [x[:first].copy(), y[:first].copy(), x[first:].copy(), y[first:].copy()]


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
        """Given: make the parameters of all layers, for rows of ``input_shape[-1]`` features. forward does it where it was not done."""
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
        out = self.forward(x, True)
        logs = {}
        for name, metric in self.metrics.items():
            logs[name] = metric(y, out)
        self.backward(self.loss.gradient(y, out))
        logs["loss"] = self.loss.value(y, out)
        self.optimizer.apply(gradients=self.gradients, parameters=self.parameters)
        return logs

    def predict(self, x, batch_size=32):
        rows = []
        start = 0
        while start < len(x):
            rows.extend(self.forward(x[start : start + batch_size], training=False))
            start += batch_size
        return np.array(rows)

    def evaluate(self, x, y, batch_size=32):
        totals = {"loss": 0.0}
        for i in range(len(x)):  # row by row: every row counts the same
            out = self.forward(x[i : i + 1])
            totals["loss"] += self.loss.value(y[i : i + 1], out)
            for name in self.metrics:
                totals[name] = totals.get(name, 0.0) + self.metrics[name](y[i : i + 1], out)
        for name in totals:
            totals[name] /= len(x)
        return totals

    def fit(
        self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
    ):
        if rng is None:
            rng = np.random.default_rng()
        if validation_data is not None:
            xv, yv = validation_data
        elif validation_split:
            x, y, xv, yv = split_validation(x, y, validation_split)
        else:
            xv = yv = None
        history = History()
        listeners = list(callbacks) if callbacks else []
        listeners.append(history)

        def tell(moment, **words):
            for listener in listeners:
                getattr(listener, moment)(**words)

        self.stop_training = False
        for listener in listeners:
            listener.set_model(self)
            listener.on_train_begin()
        epoch = 0
        while epoch < epochs and not self.stop_training:
            tell("on_epoch_begin", epoch=epoch)
            totals, seen = {}, 0
            for rows in minibatches(len(x), batch_size, shuffle, rng):
                logs = self.train_step(np.array([x[i] for i in rows]), np.array([y[i] for i in rows]))
                seen += len(rows)
                for name, number in logs.items():
                    totals[name] = totals.get(name, 0.0) + number * len(rows)
            logs = {name: total / seen for name, total in totals.items()}
            if xv is not None:
                for name, number in self.evaluate(xv, yv, batch_size).items():
                    logs["val_" + name] = number
            tell("on_epoch_end", epoch=epoch, logs=logs)
            epoch += 1
        tell("on_train_end")
        return history


class EarlyStopping(Callback):
    def __init__(self, monitor="val_loss", patience=0, mode="min", restore_best_weights=False):
        self.monitor, self.patience, self.mode, self.restore = monitor, patience, mode, restore_best_weights

    def on_train_begin(self):
        self.values, self.kept = [], None

    def on_epoch_end(self, epoch, logs):
        before = self.values
        self.values = before + [logs[self.monitor]]
        pick = min if self.mode == "min" else max
        best = self.values.index(pick(self.values))
        if best == len(self.values) - 1:
            self.kept = [array.copy() for array in self.model.parameters]
        elif len(self.values) - 1 - best >= self.patience:
            self.model.stop_training = True

    def on_train_end(self):
        if self.restore:
            for array, kept in zip(self.model.parameters, self.kept):
                array[:] = kept


class LearningRateScheduler(Callback):
    def __init__(self, schedule):
        self.schedule = schedule
        self.used = None

    def on_epoch_begin(self, epoch):
        self.used = self.schedule(epoch, self.model.optimizer.learning_rate)
        self.model.optimizer.learning_rate = self.used

    def on_epoch_end(self, epoch, logs):
        logs.update(learning_rate=self.used)


def load_data(name="digits"):
    """Given: images to classify, as rows of pixels between 0 and 1.

    Args:
        name: "digits" (10 classes, 64 pixels, 1437 rows to train with and 360 to test with), or "fashion_mnist" (10 classes, 784
            pixels, 60000 and 10000 rows), through ``keras.datasets``. Where that is not to be had, a warning says so and the digits
            come instead.

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


def train_digits(x, y, rng):
    model = Model(
        [Dense(48, rng), Activation("tanh"), Dense(10, rng)], SGD(0.1, momentum=0.9), SparseCategoricalCrossentropy()
    )
    for _ in range(12):
        for rows in minibatches(len(x), 25, True, rng):
            model.train_step(x[rows], y[rows])
    return model


class NetworkClassifier(ClassifierMixin, BaseEstimator):
    def __init__(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
        for name, value in list(locals().items()):
            if name not in ("self", "__class__"):
                setattr(self, name, value)

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        X = X.astype("float64")
        check_classification_targets(y)
        self.encoder_ = LabelEncoder().fit(y)
        if len(self.encoder_.classes_) == 1:
            raise ValueError("only one class")
        self.classes_ = self.encoder_.classes_
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        rng = np.random.default_rng(seed)
        network = Model(
            [Dense(self.hidden_units, rng), Activation("relu"), Dense(len(self.classes_), rng)],
            Adam(self.learning_rate),
            SparseCategoricalCrossentropy(),
            {"accuracy": accuracy},
        )
        network.fit(X, self.encoder_.transform(y), self.batch_size, self.epochs, rng=rng)
        self.network_ = network
        return self

    def predict_proba(self, X):
        if not hasattr(self, "network_"):
            raise NotFittedError("call fit first")
        X = validate_data(self, X, reset=False).astype("float64")
        found = []
        for row in self.network_.predict(X):
            top = max(row)
            powers = [math.exp(logit - top) for logit in row]
            found.append([power / sum(powers) for power in powers])
        return np.array(found)

    def predict(self, X):
        return self.encoder_.inverse_transform([row.argmax() for row in self._proba(X)]) if self.fitted() else None

    def fitted(self):
        if not hasattr(self, "network_"):
            raise NotFittedError("call fit first")
        return True

    def _proba(self, X):
        return self.predict_proba(X)


def search(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    candidates = (
        list(ParameterGrid(parameters))
        if n_iter is None
        else list(ParameterSampler(parameters, n_iter, random_state=random_state))
    )
    best = None
    for candidate in candidates:
        score = float(np.mean(cross_val_score(clone(estimator).set_params(**candidate), x, y, cv=cv)))
        if best is None or score > best[1]:
            best = (candidate, score)
    return [best[0], best[1], clone(estimator).set_params(**best[0]).fit(x, y)]
