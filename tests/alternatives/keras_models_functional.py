"""Another right keras_models.py: the functional API, layers for activations, custom callbacks and schedules, explicit objects."""

import keras
import numpy as np
from keras import layers, ops


def _start(input_shape):
    inputs = keras.layers.Input(shape=input_shape)
    size = 1
    for n in input_shape:
        size *= n
    return inputs, layers.Reshape((size,))(inputs)


def sequential_classifier(input_shape=(28, 28), units=(300, 100), classes=10):
    inputs, x = _start(input_shape)
    for n in units:
        x = layers.ReLU()(layers.Dense(n)(x))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(classes)(x)))


def wide_and_deep(features=8, units=(30, 30)):
    inputs = keras.Input(shape=(features,))
    x = inputs
    for n in units:
        x = ops.relu(layers.Dense(n)(x))
    return keras.Model(inputs, layers.Dense(1, activation="linear")(ops.concatenate([inputs, x], axis=-1)))


def two_inputs_two_outputs(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    a, b = keras.Input(shape=(wide_features,), name="wide"), keras.Input(shape=(deep_features,), name="deep")
    x = b
    for n in units:
        x = layers.Activation(keras.activations.relu)(layers.Dense(n)(x))
    main = layers.Dense(1, name="main")(layers.concatenate([a, x]))
    aux = layers.Dense(1, name="aux")(x)
    model = keras.Model([a, b], [main, aux])
    model.compile(
        loss=[keras.losses.MeanSquaredError(), keras.losses.MeanSquaredError()],
        loss_weights=(1.0 - auxiliary_weight, auxiliary_weight),
        optimizer=keras.optimizers.Adam(),
    )
    return model


def count_parameters(model):
    ids = {id(v): v for v in model.trainable_variables}
    found = {"total": 0, "trainable": 0, "non_trainable": 0}
    for v in model.weights:
        n = 1
        for size in v.shape:
            n *= size
        found["total"] += n
        found["trainable" if id(v) in ids else "non_trainable"] += n
    return found


def compile_classifier(model, labels="integers", from_logits=False, learning_rate=0.01):
    if labels not in {"integers", "one_hot"}:
        raise ValueError("labels")
    if labels == "integers":
        metric = keras.metrics.SparseCategoricalAccuracy()
        loss = "sparse_categorical_crossentropy"
        if from_logits:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    else:
        metric = keras.metrics.CategoricalAccuracy(name="acc")
        loss = keras.losses.categorical_crossentropy
        if from_logits:
            loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(learning_rate), loss, metrics=[metric])
    return model


class _Inverse(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate, decay):
        self.rate, self.decay = rate, decay

    def __call__(self, step):
        return self.rate / (1.0 + self.decay * ops.cast(step, "float32"))

    def get_config(self):
        return {"rate": self.rate, "decay": self.decay}


def decayed_sgd(learning_rate=0.1, decay=1e-4, momentum=0.9):
    return keras.optimizers.SGD(_Inverse(learning_rate, decay), momentum)


def fit_with_validation(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    result = model.fit(
        x, y, batch_size, epochs, verbose=0, callbacks=callbacks, validation_data=tuple(validation), shuffle=True
    )
    return {name: [float(v) for v in values] for name, values in result.history.items()}


def early_stopping(patience=10):
    return keras.callbacks.EarlyStopping("val_loss", 0, patience, mode="min", restore_best_weights=True)


class LossRatio(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.ratios = []

    def on_train_begin(self, logs=None):
        self.ratios.clear()

    def on_epoch_end(self, epoch, logs=None):
        self.ratios += [(logs or {}).get("val_loss") / logs.get("loss")]


class _Setter(keras.callbacks.Callback):
    def __init__(self, rate, epochs):
        super().__init__()
        self.rate, self.epochs = rate, epochs

    def on_epoch_begin(self, epoch, logs=None):
        self.model.optimizer.learning_rate.assign(self.rate * np.exp(-np.log(10) * epoch / self.epochs))


def exponential_scheduler(learning_rate=0.01, epochs=20):
    return _Setter(learning_rate, epochs)


class OneCycle(keras.callbacks.Callback):
    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.top, self.total = max_learning_rate, total_steps

    def on_train_begin(self, logs=None):
        self.rates = iter(self._rates())

    def _rates(self):
        final = self.total // 10 + 1
        half = (self.total - final) // 2
        low = self.top / 10
        for i in range(half):
            yield low + (self.top - low) * i / half
        for i in range(half):
            yield self.top + (low - self.top) * i / half
        rest = self.total - 2 * half
        for i in range(rest):
            yield low + (low / 1000 - low) * i / rest
        while True:
            yield low / 1000

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = next(self.rates)


def norm_after_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    inputs, x = _start(input_shape)
    x = layers.BatchNormalization()(x)
    for n in units:
        x = layers.BatchNormalization()(layers.ReLU()(layers.Dense(n)(x)))
    return keras.Model(inputs, layers.Activation("softmax")(layers.Dense(classes)(x)))


def norm_before_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    inputs, x = _start(input_shape)
    for n in units:
        x = keras.activations.relu(layers.BatchNormalization()(layers.Dense(n, use_bias=False)(x)))
    return keras.Model(inputs, layers.Dense(classes, activation=keras.activations.softmax)(x))


def elu_he_network(input_shape=(28, 28), units=(300, 100), classes=10):
    inputs, x = _start(input_shape)
    for n in units:
        start = keras.initializers.VarianceScaling(scale=2.0, mode="fan_in", distribution="truncated_normal")
        x = layers.ELU()(layers.Dense(n, kernel_initializer=start)(x))
    return keras.Model(inputs, ops.softmax(layers.Dense(classes)(x)))


def l2_network(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    inputs, x = _start(input_shape)
    for n in units:
        x = layers.Dense(n, "relu", kernel_regularizer=keras.regularizers.l2(l2))(x)
    last = layers.Dense(classes, "softmax", kernel_regularizer=keras.regularizers.L1L2(l1=0.0, l2=l2))
    return keras.Model(inputs, last(x))


def dropout_network(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    inputs = keras.Input(shape=input_shape)
    x = layers.Flatten()(layers.Dropout(rate)(inputs))
    for i, n in enumerate(units):
        x = x if i == 0 else layers.Dropout(rate)(x)
        x = layers.Dense(n, "relu")(x)
    x = layers.Dropout(rate)(x) if units else x
    return keras.Model(inputs, layers.Dense(classes, "softmax")(x))


def default_network(input_shape=(28, 28), units=(100, 100, 100, 100, 100), classes=10, learning_rate=0.05):
    inputs, x = _start(input_shape)
    for n in units:
        x = layers.Dense(n, use_bias=False, kernel_initializer=keras.initializers.HeNormal())(x)
        x = layers.ELU(alpha=1.0)(layers.BatchNormalization()(x))
    model = keras.Model(inputs, layers.Dense(classes, "softmax")(x))
    model.compile(
        keras.optimizers.SGD(learning_rate, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    return model


def standardize(train, other):
    mean = sum(train) / len(train)
    spread = np.sqrt(sum((row - mean) ** 2 for row in train) / len(train))
    spread[spread == 0] = 1
    return np.array([(row - mean) / spread for row in train]), np.array([(row - mean) / spread for row in other])


def self_normalizing_network(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    inputs, x = _start(input_shape)
    for n in units:
        x = layers.Dense(n, kernel_initializer=keras.initializers.LecunNormal())(x)
        x = layers.Activation("selu")(x)
    x = layers.AlphaDropout(rate)(x)
    return keras.Model(inputs, layers.Softmax()(layers.Dense(classes)(x)))


class MCDropout(layers.Dropout):
    def call(self, inputs, training=None):
        if self.rate == 0:
            return inputs
        return keras.random.dropout(inputs, self.rate, noise_shape=self.noise_shape, seed=self.seed_generator)


class MCAlphaDropout(layers.AlphaDropout):
    def call(self, inputs, training=None):
        return keras.layers.AlphaDropout.call(self, inputs, True)


def mc_predict(model, x, passes=100):
    total, squares = 0.0, 0.0
    first = None
    for _ in range(passes):
        p = model.predict(x, verbose=0, batch_size=4096)
        first = p if first is None else first
        total, squares = total + (p - first), squares + (p - first) ** 2
    mean = total / passes
    return first + mean, np.sqrt(np.maximum(squares / passes - mean**2, 0.0))
