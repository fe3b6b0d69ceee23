"""A Keras model as values that cross the wall: what it is made of, how it was compiled, and nothing that can be run.

Used by the scripts of topics that declare Keras: ``library(".keras_values", "describe")(model)``. A model is told as it is;
what counts as the same network is decided on the grader's side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

# Of a layer's configuration, what says nothing about the network.
_LEFT_OUT = frozenset({"name", "trainable", "dtype", "seed", "batch_shape", "build_config", "module", "registered_name"})


def describe(model: Any) -> dict[str, Any]:
    """What a model is: its layers in order with their settings, parameters, shapes, and how it was compiled.

    Nested models are opened, so that a block written as a model of its own is the layers that it holds.
    """
    return {
        "class": type(model).__name__,
        "layers": [layer_values(layer) for layer in layers_of(model)],
        "count_params": int(model.count_params()) if model.built else None,
        "trainable_params": _size(model.trainable_variables),
        "input_shape": _shape(model, "input_shape"),
        "output_shape": _shape(model, "output_shape"),
        "compiled": compile_values(model),
    }


def layers_of(model: Any) -> list[Any]:
    """All layers in the order in which the model holds them, without input layers, those of inner models in their place."""
    import keras

    found: list[Any] = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        found += layers_of(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def layer_values(layer: Any) -> dict[str, Any]:
    """A layer's class, the Keras classes that it descends from, its settings, its weights' shapes, what feeds it."""
    import keras

    parents = [kind.__name__ for kind in type(layer).__mro__ if issubclass(kind, keras.layers.Layer)]
    return {
        "class": type(layer).__name__,
        "parents": [name for name in parents[1:] if name != "Layer"],
        "config": _config(layer),
        "weights": [list(weight.shape) for weight in layer.weights],
        "trainable": _size(layer.trainable_variables),
        "parameters": _size(layer.weights),
        "calls": len(layer._inbound_nodes),  # how often it stands in the graph: twice where it is shared
    }


def compile_values(model: Any) -> dict[str, Any] | None:
    """Optimizer, loss and metrics as the student gave them, or None for a model that was not compiled."""
    if not getattr(model, "compiled", False):
        return None
    given = model.get_compile_config() or {}
    return {
        "optimizer": {"class": type(model.optimizer).__name__, "config": _plain(model.optimizer.get_config())},
        "loss": _plain(given.get("loss", model.loss)),
        "metrics": _plain(given.get("metrics") or []),
    }


def callback_values(callback: Any) -> dict[str, Any]:
    """A callback's class, the classes that it descends from, and those of its attributes that are plain values."""
    told = {
        name: _plain(value)
        for name, value in vars(callback).items()
        if not name.startswith("_") and (value is None or isinstance(value, bool | int | float | str))
    }
    return {
        "class": type(callback).__name__,
        "parents": [kind.__name__ for kind in type(callback).__mro__[1:-1]],
        "settings": told,
    }


def _config(layer: Any) -> dict[str, Any]:
    try:
        config = layer.get_config()
    except Exception:  # a layer of a student's own need not have one
        return {}
    return {name: _plain(value) for name, value in config.items() if name not in _LEFT_OUT}


def _plain(value: Any, depth: int = 0) -> Any:
    """A setting as plain values: of a serialised object its class and settings, of a function its name."""
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
