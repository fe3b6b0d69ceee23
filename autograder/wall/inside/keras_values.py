"""A Keras model as values that cross the wall: what it is made of, how it was compiled, what it does; nothing that can be run.

Used by the scripts of topics that declare Keras: ``library(".keras_values", "describe")(model)``. A model is told as it is;
what counts as the same network is decided on the grader's side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

# Of a layer's configuration, what says nothing about the network.
_LEFT_OUT = frozenset({"name", "trainable", "dtype", "seed", "batch_shape", "build_config", "module", "registered_name"})


def fresh(seed: int) -> None:
    """Keras as at the beginning of a program: no names taken, float64, its generators seeded."""
    import keras

    keras.utils.clear_session(free_memory=False)  # collecting garbage takes .2 s beside TensorFlow
    keras.config.set_floatx("float64")
    keras.utils.set_random_seed(seed)


def describe(model: Any) -> dict[str, Any]:
    """What a model is: its layers in order with their settings, parameters, shapes, and how it was compiled.

    Nested models are opened, so that a block written as a model of its own is the layers that it holds. Operations of a
    functional model that are no layers (``keras.ops.relu``) stand among them.
    """
    import keras

    if not isinstance(model, keras.Model):
        return {"model": False, "class": type(model).__name__, "layers": []}
    operations = operations_of(model)
    return {
        "model": True,
        "class": type(model).__name__,
        "built": bool(model.built),
        "listed": _is_listed(model),
        "layers": [layer_values(operation) for operation in operations],
        "count_params": int(model.count_params()) if model.built else None,
        "trainable_params": _size(model.trainable_variables),
        "input_shape": _shape(model, "input_shape"),
        "output_shape": _shape(model, "output_shape"),
        "compiled": compile_values(model),
    }


def operations_of(model: Any) -> list[Any]:
    """All layers and operations in the order in which data pass them, without input layers; inner models are opened.

    Of a model of a student's own class, the layers in the order in which they were made.
    """
    import keras

    found: list[Any] = []
    for operation in getattr(model, "operations", None) or model.layers:
        if isinstance(operation, keras.layers.InputLayer):
            continue
        found += operations_of(operation) if isinstance(operation, keras.Model) else [operation]
    return found


def _is_listed(model: Any) -> bool:
    """Whether all that a model does is seen in the list of its operations; it is not where a class's own ``call`` does it."""
    import keras

    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        return False
    return all(_is_listed(layer) for layer in model.layers if isinstance(layer, keras.Model))


def layer_values(layer: Any) -> dict[str, Any]:
    """A layer's class, the Keras classes that it descends from, its settings, its weights' shapes."""
    import keras

    if not isinstance(layer, keras.layers.Layer):
        settings = {name: _plain(value) for name, value in vars(layer).items() if not name.startswith("_")}
        return {"class": type(layer).__name__, "parents": [], "operation": True, "config": settings, "weights": []}
    parents = [kind.__name__ for kind in type(layer).__mro__ if issubclass(kind, keras.layers.Layer)]
    return {
        "class": type(layer).__name__,
        "parents": [name for name in parents[1:] if name != "Layer"],
        "operation": False,
        "config": _config(layer),
        "weights": [list(weight.shape) for weight in layer.weights],
        "trainable": _size(layer.trainable_variables),
        "parameters": _size(layer.weights),
        "input_shape_argument": getattr(layer, "_input_shape_arg", None) is not None,
    }


def compile_values(model: Any) -> dict[str, Any] | None:
    """Optimizer, loss and metrics as the student gave them, or None for a model that was not compiled."""
    if not getattr(model, "compiled", False):
        return None
    given = model.get_compile_config() or {}
    return {
        "optimizer": {"class": type(model.optimizer).__name__, "config": _plain(model.optimizer.get_config())},
        "loss": _plain(given.get("loss", model.loss)),
        "loss_weights": _plain(given.get("loss_weights")),
        "metrics": _plain(given.get("metrics") or []),
    }


def answer_with(model: Any, weights: list[np.ndarray] | None, inputs: Any, training: bool = False) -> Any:
    """What a model answers, as an array or a list of arrays, with these weights; text where they do not fit it."""
    import keras

    if not isinstance(model, keras.Model):
        return "no model"
    if weights is not None:
        if [tuple(weight.shape) for weight in model.weights] != [weight.shape for weight in weights]:
            return "other weights"
        model.set_weights(weights)
    answer = model(inputs, training=training)
    if isinstance(answer, list | tuple):
        return [as_array(item) for item in answer]
    return as_array(answer)


def signals(model: Any, inputs: np.ndarray) -> list[list[float]]:
    """Mean and variance of what every layer of a chain of layers answers at inference, in the order of ``describe``."""
    found = []
    value: Any = inputs
    for operation in operations_of(model):
        value = operation(value)
        array = as_array(value)
        found.append([float(array.mean()), float(array.var())])
    return found


def always_dropout(rate: float) -> Any:
    """A dropout layer that is on whatever ``training`` says, for checks of what is done with such layers."""
    import keras

    class AlwaysDropout(keras.layers.Dropout):
        def call(self, inputs: Any, training: Any = None) -> Any:
            return super().call(inputs, training=True)

    return AlwaysDropout(rate)


def penalty(model: Any) -> float:
    """The sum of all that a model adds to its loss."""
    return float(sum(as_array(loss) for loss in model.losses))


def rehearse(callback: Any, epochs: list[dict[str, float]], batches: int = 1, learning_rate: float = 0.125) -> dict[str, Any]:
    """Take a callback through training as ``fit`` does, with these logs at the ends of the epochs.

    Returns how many epochs ran, the number of the epoch whose weights the model has at the end, and the learning rate at every
    batch.
    """
    model = _small_model(learning_rate)
    model.stop_training = False
    callback.set_params({"epochs": len(epochs), "steps": batches, "verbose": 0})
    callback.set_model(model)
    rates: list[float] = []
    ran = 0
    callback.on_train_begin({})
    for epoch, logs in enumerate(epochs):
        callback.on_epoch_begin(epoch, {})
        for batch in range(batches):
            callback.on_train_batch_begin(batch, {})
            rates.append(_rate(model.optimizer))
            callback.on_train_batch_end(batch, {"loss": logs.get("loss", 1.0)})
        model.set_weights([np.full((1, 1), float(epoch))])
        callback.on_epoch_end(epoch, dict(logs))
        ran += 1
        if model.stop_training:
            break
    callback.on_train_end({})
    return {"epochs": ran, "weights of epoch": round(float(model.get_weights()[0][0, 0])), "rates": rates}


def rates_in_fit(callback: Any, batches: int, epochs: int) -> list[float]:
    """The learning rate at every batch of a training by ``fit`` with this callback."""
    import keras

    rates: list[float] = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            rates.append(_rate(self.model.optimizer))

    x = np.linspace(-1.0, 1.0, 2 * batches).reshape(-1, 1)
    # Watched last at a batch's end, so a callback that acts then shows one batch early: it is put after the watch.
    _small_model(0.125).fit(x, x, batch_size=2, epochs=epochs, shuffle=False, verbose=0, callbacks=[Watch(), callback])
    return rates


def rates_at(optimizer: Any, steps: list[int]) -> list[float]:
    """An optimizer's learning rate after so many steps."""
    found = []
    for step in steps:
        optimizer.iterations.assign(step)
        found.append(_rate(optimizer))
    return found


def steps_of(optimizer: Any, gradients: list[float]) -> list[float]:
    """Where a parameter that begins at 1 stands after each of these gradients."""
    import keras

    parameter, path = keras.Variable(1.0, dtype="float64"), []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float64")], [parameter])
        path.append(float(as_array(parameter)))
    return path


def object_values(value: Any) -> dict[str, Any]:
    """A Keras object (an optimizer, a loss, a callback): its class, the classes it descends from, its settings."""
    settings = (
        _plain(value.get_config())
        if hasattr(value, "get_config")
        else {name: _plain(item) for name, item in vars(value).items() if not name.startswith("_")}
        if hasattr(value, "__dict__")
        else {}
    )
    parents = [kind.__name__ for kind in type(value).__mro__[1:-1]]
    return {"class": type(value).__name__, "parents": parents, "config": settings}


def _small_model(learning_rate: float) -> Any:
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    # Not traced into a graph, which takes longer than the few steps that are trained here.
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=learning_rate), loss="mse", run_eagerly=True)
    return model


def _rate(optimizer: Any) -> float:
    return float(as_array(optimizer.learning_rate))


def as_array(value: Any) -> np.ndarray:
    """A tensor or a variable as an array."""
    import keras

    return np.asarray(keras.ops.convert_to_numpy(value))


def _config(layer: Any) -> dict[str, Any]:
    try:
        config = layer.get_config()
    except Exception:  # a layer of a student's own need not have one
        return {}
    return {name: _plain(value) for name, value in config.items() if name not in _LEFT_OUT}


def _plain(value: Any, depth: int = 0) -> Any:
    """A setting as plain values: of a serialised object its class and settings; of a function its name, only so deep."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if depth > 3:
        return type(value).__name__
    if isinstance(value, Mapping):
        if "class_name" in value:
            settings = value.get("config")
            if not isinstance(settings, Mapping):
                return str(settings)  # a function, by its name
            kept = {str(k): _plain(v, depth + 1) for k, v in settings.items() if k not in _LEFT_OUT}
            return {"class": str(value["class_name"]), "config": kept}
        return {str(k): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if hasattr(value, "get_config"):
        return {"class": type(value).__name__, "config": _plain(value.get_config(), depth + 1)}
    return getattr(value, "__name__", type(value).__name__)


def _size(variables: Any) -> int:
    return int(sum(int(np.prod(variable.shape)) for variable in variables))


def _shape(model: Any, name: str) -> Any:
    try:
        shape = getattr(model, name)
    except Exception:  # a model of a student's own class has none
        return None
    return list(shape) if isinstance(shape, tuple) and all(n is None or isinstance(n, int) for n in shape) else _plain(shape)
