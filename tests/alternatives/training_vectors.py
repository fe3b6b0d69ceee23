"""Training, in arrays: weighted sums as dot products, index tricks, little that is written twice."""

import warnings

import numpy as np
import sklearn.base
from scipy.special import softmax
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_is_fitted, check_X_y


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
    return np.equal(np.argmax(y_pred, axis=-1), y_true).astype(float).mean()


def minibatches(n, batch_size=32, shuffle=True, rng=None):
    keys = (rng or np.random.default_rng()).random(n) if shuffle else np.arange(n)
    return np.split(np.argsort(keys, kind="stable"), np.arange(batch_size, n, batch_size))


def split_validation(x, y, validation_split):
    cut = int(x.shape[0] * (1.0 - validation_split))
    (a, b), (c, d) = np.split(x, [cut]), np.split(y, [cut])
    if not (len(a) and len(b)):
        raise ValueError(f"{len(x)} rows cannot be split at {cut}")
    return a, c, b, d


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

    def _one(self, x, y, training):
        out = self.forward(x, training=training)
        numbers = [self.loss.value(y, out), *(metric(y, out) for metric in self.metrics.values())]
        return out, np.array(numbers, dtype=float)

    def _named(self, numbers, prefix=""):
        return dict(zip([prefix + name for name in ("loss", *self.metrics)], numbers))

    def _update(self, x, y):
        out, numbers = self._one(x, y, True)
        self.backward(self.loss.gradient(y, out))
        self.optimizer.apply(self.gradients, self.parameters)
        return numbers

    def train_step(self, x, y):
        return self._named(self._update(x, y))

    def predict(self, x, batch_size=32):
        return np.vstack([self.forward(part) for part in np.split(x, range(batch_size, len(x), batch_size))])

    def evaluate(self, x, y, batch_size=32):
        cuts = range(batch_size, len(x), batch_size)
        parts = list(zip(np.split(x, cuts), np.split(y, cuts)))
        sizes = np.array([len(part) for part, _ in parts])
        return self._named(sizes @ np.stack([self._one(a, b, False)[1] for a, b in parts]) / sizes.sum())

    def fit(
        self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
    ):
        rng = rng or np.random.default_rng()
        history = History()
        callbacks = [*(callbacks or ()), history]
        if validation_data is None and validation_split:
            x, y, xv, yv = split_validation(x, y, validation_split)
            validation_data = xv, yv
        self.stop_training = False
        [c.set_model(self) for c in callbacks]
        [c.on_train_begin() for c in callbacks]
        for epoch in range(epochs):
            [c.on_epoch_begin(epoch) for c in callbacks]
            order = np.arange(len(x))
            if shuffle:
                rng.shuffle(order)
            xs, ys = x[order], y[order]
            starts = np.arange(0, len(x), batch_size)
            table = np.stack([self._update(xs[i : i + batch_size], ys[i : i + batch_size]) for i in starts])
            logs = self._named(np.average(table, axis=0, weights=np.minimum(batch_size, len(x) - starts)))
            if validation_data is not None:
                found = self.evaluate(*validation_data, batch_size)
                logs |= self._named(found.values(), "val_")
            [c.on_epoch_end(epoch, logs) for c in callbacks]
            if self.stop_training:
                break
        [c.on_train_end() for c in callbacks]
        return history


class EarlyStopping(Callback):
    def __init__(self, monitor="val_loss", patience=0, mode="min", restore_best_weights=False):
        self.monitor = monitor
        self.patience = patience
        self.sign = {"min": 1.0, "max": -1.0}[mode]
        self.restore_best_weights = restore_best_weights

    def on_train_begin(self):
        self.best, self.since, self.weights = np.inf, 0, None

    def on_epoch_end(self, epoch, logs):
        value = self.sign * logs[self.monitor]
        if value < self.best:
            self.best, self.since, self.weights = value, 0, self.model.get_weights()
            return
        self.since += 1
        self.model.stop_training = self.since >= self.patience or self.model.stop_training

    def on_train_end(self):
        if self.restore_best_weights and self.weights:
            self.model.set_weights(self.weights)


class LearningRateScheduler(Callback):
    def __init__(self, schedule):
        self.schedule = schedule

    def on_epoch_begin(self, epoch):
        rate = self.model.optimizer.learning_rate
        setattr(self.model.optimizer, "learning_rate", self.schedule(epoch, rate))

    def on_epoch_end(self, epoch, logs):
        logs["learning_rate"] = self.model.optimizer.learning_rate


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
    first, second = Dense(64, rng=rng), Dense(10, rng=rng)
    model = Model([first, Activation("relu"), Dropout(0.1, rng=rng), second], Adam(0.004), SparseCategoricalCrossentropy())
    model.fit(x, y, batch_size=50, epochs=20, rng=rng, callbacks=[LearningRateScheduler(lambda epoch, rate: rate * 0.95)])
    return model


class NetworkClassifier(sklearn.base.ClassifierMixin, sklearn.base.BaseEstimator):
    """Checks with the older functions of scikit-learn, and keeps weights in place of a model."""

    def __init__(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
        self.hidden_units = hidden_units
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, X, y):
        if y is None:
            raise ValueError("NetworkClassifier requires y to be passed, but the target y is None")
        X, y = check_X_y(X, y, estimator=self, dtype=np.float64)
        check_classification_targets(y)
        self.n_features_in_ = X.shape[1]
        self.classes_ = np.array(sorted(set(y.tolist())), dtype=y.dtype)
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present")
        rng = np.random.default_rng(self.random_state)
        model = Model(
            [Dense(self.hidden_units, rng=rng), Activation("relu"), Dense(len(self.classes_), rng=rng)],
            optimizer=Adam(learning_rate=self.learning_rate),
            loss=SparseCategoricalCrossentropy(),
        )
        model.fit(X, np.searchsorted(self.classes_, y), batch_size=self.batch_size, epochs=self.epochs, rng=rng)
        self.weights_ = model.get_weights()
        return self

    def _logits(self, X):
        check_is_fitted(self, "weights_")
        X = check_array(X, dtype=np.float64, estimator=self)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {X.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input"
            )
        w, b, v, c = self.weights_
        return np.clip(X @ w + b, 0.0, None) @ v + c

    def predict_proba(self, X):
        return softmax(self._logits(X), axis=1)

    def predict(self, X):
        best = self._logits(X).argmax(axis=1)
        return np.take(self.classes_, best)


def search(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    kinds = {True: lambda: GridSearchCV(estimator, parameters, cv=cv)}
    kinds[False] = lambda: RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=cv, random_state=random_state)
    winner = kinds[n_iter is None]().fit(x, y)
    return winner.best_params_, winner.best_score_, winner.best_estimator_
