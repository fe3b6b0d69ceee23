"""Another right keras_models.py: classes of one's own for models, callbacks and layers; blocks as models within models."""

import math

import keras
import numpy as np


class Network(keras.Model):
    """Layers made in order, activations and flattening in call, where nobody sees them."""

    def __init__(self, input_shape, blocks):
        super().__init__()
        self.blocks = blocks  # a list of lists of layers and functions
        self.all_layers = [item for item in blocks if isinstance(item, keras.layers.Layer)]
        self(np.zeros((1, *input_shape)))

    def call(self, x, training=False):
        x = keras.ops.reshape(x, (keras.ops.shape(x)[0], math.prod(x.shape[1:])))
        for item in self.blocks:
            if isinstance(item, (keras.layers.Dropout, keras.layers.AlphaDropout, keras.layers.BatchNormalization)):
                x = item(x, training=training)
            else:
                x = item(x)
        return x


relu, softmax = keras.ops.relu, keras.ops.softmax
Dense, BN = keras.layers.Dense, keras.layers.BatchNormalization


def sequential_classifier(input_shape=(28, 28), units=(300, 100), classes=10):
    blocks = []
    for n in units:
        blocks += [Dense(n), relu]
    return Network(input_shape, [*blocks, Dense(classes), softmax])


class WidePath(keras.Model):
    def __init__(self, features, units):
        super().__init__()
        self.hidden = [Dense(n, activation="relu") for n in units]
        self.out = Dense(1)
        self(keras.ops.zeros((2, features)))

    def call(self, inputs):
        x = inputs
        for layer in self.hidden:
            x = layer(x)
        return self.out(keras.ops.concatenate([inputs, x], axis=1))


def wide_and_deep(features=8, units=(30, 30)):
    return WidePath(features, units)


class TwoPaths(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.hidden = [Dense(n, activation="relu") for n in units]
        self.main, self.auxiliary = Dense(1), Dense(1)

    def call(self, inputs):
        wide, x = inputs
        for layer in self.hidden:
            x = layer(x)
        return [self.main(keras.ops.concatenate([wide, x], axis=1)), self.auxiliary(x)]


def two_inputs_two_outputs(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    model = TwoPaths(units)
    model([np.zeros((1, wide_features)), np.zeros((1, deep_features))])
    model.compile(optimizer="adam", loss=["mse", "mean_squared_error"], loss_weights=[1 - auxiliary_weight, auxiliary_weight])
    return model


def count_parameters(model):
    def size(variables):
        return int(sum(math.prod(v.shape) for v in variables))

    return {
        "trainable": size(model.trainable_weights),
        "non_trainable": size(model.non_trainable_weights),
        "total": size(model.weights),
    }


def compile_classifier(model, labels="integers", from_logits=False, learning_rate=0.01):
    try:
        kind = {"integers": "SparseCategoricalCrossentropy", "one_hot": "CategoricalCrossentropy"}[labels]
    except KeyError:
        raise ValueError(labels) from None
    loss = getattr(keras.losses, kind)(from_logits=from_logits)
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.0), metrics=["acc"])
    return model


def decayed_sgd(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.InverseTimeDecay(
        initial_learning_rate=learning_rate, decay_steps=1 / decay, decay_rate=1.0
    )
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum, nesterov=False)


def fit_with_validation(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    x_valid, y_valid = validation
    keep = keras.callbacks.History()
    model.fit(
        x=x,
        y=y,
        epochs=epochs,
        batch_size=batch_size,
        validation_data=(x_valid, y_valid),
        verbose=0,
        callbacks=[*callbacks, keep],
    )
    return dict(keep.history)


class _Stop(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.best, self.since, self.kept = math.inf, 0, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best:
            self.best, self.since, self.kept = logs["val_loss"], 0, self.model.get_weights()
        else:
            self.since += 1
            self.model.stop_training = self.since >= self.patience

    def on_train_end(self, logs=None):
        self.model.set_weights(self.kept)


def early_stopping(patience=10):
    return _Stop(patience)


class LossRatio(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.ratios = []

    def on_train_begin(self, logs=None):
        self.ratios = list()

    def on_epoch_end(self, epoch, logs=None):
        self.ratios = [*self.ratios, np.float64(logs["val_loss"]) / logs["loss"]]


def exponential_scheduler(learning_rate=0.01, epochs=20):
    def schedule(epoch, lr):
        return learning_rate * math.pow(10, -epoch / epochs)

    return keras.callbacks.LearningRateScheduler(schedule, verbose=0)


class OneCycle(keras.callbacks.Callback):
    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.max_learning_rate, self.total_steps = max_learning_rate, total_steps

    def on_train_begin(self, logs=None):
        self.done = 0

    def on_batch_begin(self, batch, logs=None):
        last = self.total_steps // 10 + 1
        half = (self.total_steps - last) // 2
        high, low = self.max_learning_rate, self.max_learning_rate / 10
        if self.done < half:
            rate = low + (high - low) * self.done / half
        elif self.done < 2 * half:
            rate = high - (high - low) * (self.done - half) / half
        else:
            share = min(1.0, (self.done - 2 * half) / (self.total_steps - 2 * half))
            rate = low + (low / 1000 - low) * share
        self.model.optimizer.learning_rate.assign(rate)

    def on_train_batch_begin(self, batch, logs=None):
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self.done += 1


def norm_after_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    blocks = [BN()]
    for n in units:
        blocks += [Dense(n), relu, BN()]
    return Network(input_shape, [*blocks, Dense(classes), softmax])


def norm_before_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    blocks = []
    for n in units:
        blocks += [Dense(n, use_bias=False), BN(), relu]
    return Network(input_shape, [*blocks, Dense(classes), softmax])


def elu_he_network(input_shape=(28, 28), units=(300, 100), classes=10):
    blocks = []
    for n in units:
        blocks += [Dense(n, kernel_initializer="HeNormal"), keras.ops.elu]
    return Network(input_shape, [*blocks, Dense(classes), softmax])


def l2_network(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    blocks = []
    for n in units:
        blocks += [Dense(n, kernel_regularizer=keras.regularizers.L2(l2=l2)), relu]
    return Network(input_shape, [*blocks, Dense(classes, kernel_regularizer=keras.regularizers.L2(l2)), softmax])


def dropout_network(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    blocks = []
    for n in units:
        blocks += [keras.layers.Dropout(rate), Dense(n), relu]
    return Network(input_shape, [*blocks, keras.layers.Dropout(rate), Dense(classes), softmax])


def _block(n):
    return keras.Sequential([Dense(n, use_bias=False, kernel_initializer="he_normal"), BN(), keras.layers.Activation("elu")])


def default_network(input_shape=(28, 28), units=(100, 100, 100, 100, 100), classes=10, learning_rate=0.05):
    model = keras.Sequential([keras.Input(input_shape), keras.layers.Flatten()])
    for n in units:
        model.add(_block(n))
    model.add(Dense(classes))
    model.add(keras.layers.Softmax())
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9),
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=["sparse_categorical_accuracy"],
    )
    return model


def standardize(train, other):
    mean = train.mean(axis=0, keepdims=True)
    std = np.sqrt(np.maximum((train**2).mean(axis=0, keepdims=True) - mean**2, 0))
    std = np.where(std < 1e-12, 1.0, std)
    return (train - mean) / std, (other - mean) / std


class _SeluBlock(keras.Sequential):
    def __init__(self, n):
        super().__init__([Dense(n, kernel_initializer="lecun_normal", activation=keras.activations.selu)])


def self_normalizing_network(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    inputs = keras.Input(input_shape)
    body = keras.Sequential([_SeluBlock(n) for n in units])
    x = body(keras.layers.Flatten()(inputs))
    x = keras.layers.AlphaDropout(rate)(x)
    return keras.Model(inputs, Dense(classes, activation="softmax")(x))


class MCDropout(keras.layers.Dropout):
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape=noise_shape, seed=seed, **kwargs)

    def call(self, inputs, training=False):
        if self.rate == 0:
            return inputs
        shape = self.noise_shape if self.noise_shape is not None else keras.ops.shape(inputs)
        kept = keras.random.uniform(shape, dtype="float64", seed=self.seed_generator) >= self.rate
        return keras.ops.where(kept, inputs / (1 - self.rate), keras.ops.zeros_like(inputs))


class MCAlphaDropout(keras.layers.AlphaDropout):
    def __call__(self, *args, **kwargs):
        kwargs["training"] = True
        return super().__call__(*args, **kwargs)

    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


def mc_predict(model, x, passes=100):
    answers = [np.asarray(model(x)) for _ in range(passes)]
    mean = np.mean(answers, axis=0)
    return mean, np.sqrt(np.mean([(a - mean) ** 2 for a in answers], axis=0))
