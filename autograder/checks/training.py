"""Checks of topic 10, training: mini-batches, the loop with validation and callbacks, digits, and a scikit-learn estimator.

Right programs draw their random orders in different ways, so what is compared number by number runs with ``shuffle=False``.
With shuffling, an optimizer that only records is handed to the loop: the gradients that it is given say which rows were in
which batch, and properties of that are checked.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.declare import (
    KERAS_EXACT,
    Answers,
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Needs,
    Tolerance,
    Topic,
    Weight,
    assign,
    attempt,
    fill,
    function,
    length,
    library,
    recorder,
    rng,
    same_object,
    snapshot,
    sorted_keys,
    weighed,
    with_contract,
)
from autograder.declare import strategies as draws

# Three epochs are some fifty updates, each of which passes on the rounding of all before it; smooth networks (tanh) and small
# learning rates multiply it by no more than a hundred. A wrong loop is off by 1e-3 and more.
TRAINED = Tolerance(1e-9, 1e-11, "rounding that is carried through fifty updates of the parameters")

# --- networks ---------------------------------------------------------------------------------------------------------
# A case of a network: its first weights (two Dense layers, tanh between them), rows, and labels or targets.

Weights = list[np.ndarray]


def network(draw: Draw, features: int, units: int, outputs: int) -> Weights:
    return [
        draws.values(draw, features, units, scale=1.0),
        draws.values(draw, units, scale=0.5),
        draws.values(draw, units, outputs, scale=1.0),
        draws.values(draw, outputs, scale=0.5),
    ]


def classification(draw: Draw, rows: Sequence[int] = (23, 17, 19)) -> Inputs:
    """Weights, rows and class numbers; the rows are no multiple of any batch size that is drawn."""
    n, classes = draws.one_of(draw, rows), 3
    labels = np.random.default_rng(draws.seeds(draw)).integers(0, classes, n)
    labels[:classes] = np.arange(classes)  # every class is there
    return {
        "weights": network(draw, 5, draws.one_of(draw, (7, 2)), classes),
        "x": draws.values(draw, n, 5, scale=1.5),
        "y": labels,
        "batch_size": draws.one_of(draw, (5, 4, 7)),
    }


def regression(draw: Draw, rows: Sequence[int] = (23, 17, 19)) -> Inputs:
    """Weights, rows and targets with two numbers a row."""
    n = draws.one_of(draw, rows)
    return {
        "weights": network(draw, 5, draws.one_of(draw, (7, 3)), 2),
        "x": draws.values(draw, n, 5, scale=1.5),
        "y": draws.values(draw, n, 2),
        "batch_size": draws.one_of(draw, (5, 4, 7)),
    }


def few_rows(draw: Draw) -> Inputs:
    """Fewer rows than a batch holds, down to a single one."""
    return regression(draw, (3, 1, 2))


def two_sets(draw: Draw) -> Inputs:
    """Rows to train with, and others to validate with."""
    case = classification(draw)
    return {**case, "x_val": draws.values(draw, 11, 5, scale=1.5), "y_val": np.arange(11) % 3}


LOSSES = {"classes": "SparseCategoricalCrossentropy", "numbers": "MeanSquaredError"}


def made(student: Any, weights: Weights, *, classes: bool = False, optimizer: Any = None, accuracy: bool = False) -> Any:
    """A model of the student's module with these weights."""
    layers = [student.Dense(weights[1].size), student.Activation("tanh"), student.Dense(weights[3].size)]
    loss = getattr(student, LOSSES["classes" if classes else "numbers"])()
    metrics = {"accuracy": student.accuracy} if accuracy else None
    model = student.Model(layers, optimizer=optimizer, loss=loss, metrics=metrics)
    return with_weights(model, weights)


def with_weights(model: Any, weights: Weights) -> Any:
    model.build((None, weights[0].shape[0]))
    for i, array in enumerate(weights):
        fill(model.parameters[i], array)
    return model


def now(model: Any, count: int = 4) -> list[Any]:
    """The model's parameters as they are."""
    return [snapshot(model.parameters[i]) for i in range(count)]


MOMENTUM = {"learning_rate": 0.05, "momentum": 0.9}


def sgd(student: Any) -> Any:
    """With momentum: an optimizer that is made anew on the way would forget its velocities."""
    return student.SGD(**MOMENTUM)


def keras_model(weights: Weights, *, classes: bool, accuracy: bool) -> Any:
    from autograder.declare import keras

    k = keras()
    k.utils.set_random_seed(0)
    layers = [k.Input((weights[0].shape[0],)), k.layers.Dense(weights[1].size, "tanh"), k.layers.Dense(weights[3].size)]
    model = k.Sequential(layers)
    model.set_weights(weights)
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True) if classes else k.losses.MeanSquaredError()
    model.compile(k.optimizers.SGD(**MOMENTUM), loss, metrics=["accuracy"] if accuracy else None, run_eagerly=True)
    return model


# --- accuracy ---------------------------------------------------------------------------------------------------------


def guesses(draw: Draw) -> Inputs:
    n, classes = draws.sizes(draw, 2)
    generator = np.random.default_rng(draws.seeds(draw))
    y_pred = draws.values(draw, n, classes)
    y_true = np.where(generator.random(n) < 0.6, y_pred.argmax(axis=1), generator.integers(0, classes, n))
    return {"y_true": y_true, "y_pred": y_pred}


def square_guesses(draw: Draw) -> Inputs:
    case = guesses(draw)
    n = draws.one_of(draw, (5, 3))
    y_pred = draws.values(draw, n, n) - 5.0  # logits that are all negative
    return {"y_true": np.roll(y_pred.argmax(axis=1), draws.whole(draw, 0, 1)), "y_pred": y_pred, "more": case["y_pred"]}


def one_row(draw: Draw) -> Inputs:
    y_pred = draws.values(draw, 1, 3)
    return {"y_true": (y_pred.argmax(axis=1) + draws.whole(draw, 0, 1)) % 3, "y_pred": y_pred}


def tied_guesses(draw: Draw) -> Inputs:
    y_pred = np.round(draws.values(draw, 7, 3), 0)
    y_pred[0] = 1.0
    y_pred[1] = [-2.0, 3.0, 3.0]
    y_true = y_pred.argmax(axis=1)
    y_true[2] = (y_true[2] + 1) % 3
    y_true[1] = draws.whole(draw, 1, 2)
    return {"y_true": y_true, "y_pred": y_pred}


def share_right(student: Any, y_true: np.ndarray, y_pred: np.ndarray, **_: Any) -> dict[str, Any]:
    return {"accuracy": student.accuracy(y_true, y_pred)}


def keras_accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> Any:
    from autograder.declare import keras

    return {"accuracy": np.mean(np.asarray(keras().metrics.sparse_categorical_accuracy(y_true, y_pred)))}


ACCURACY = Exercise(
    "accuracy",
    "accuracy: the share of right guesses",
    (
        Check("value", "The share of rows whose largest entry stands at the right class, a float from 0 to 1.",
              guesses, share_right, keras_accuracy, public=True),
        Check("square", "As many rows as classes, and all logits negative.", square_guesses, share_right, cases=4),
        Check("one_row", "A single row: 0.0 or 1.0.", one_row, share_right, cases=3),
        Check("ties", "In a tie the first of the largest entries is the guess; y_true and y_pred stay as they are.",
              tied_guesses, share_right, cases=3, untouched=True),
    ),
)  # fmt: skip

# --- mini-batches -----------------------------------------------------------------------------------------------------


def rows_and_size(draw: Draw) -> Inputs:
    return {"n": draws.one_of(draw, (23, 7, 11, 40)), "batch_size": draws.one_of(draw, (5, 3, 4))}


def whole_batches(draw: Draw) -> Inputs:
    batch_size = draws.one_of(draw, (3, 1, 5))
    return {"n": batch_size * draws.one_of(draw, (4, 1, 2)), "batch_size": batch_size}


def one_short_batch(draw: Draw) -> Inputs:
    return {"n": draws.one_of(draw, (3, 1, 2)), "batch_size": draws.one_of(draw, (5, 32, 7))}


def many_rows(draw: Draw) -> Inputs:
    # 43 rows: two random orders are the same with probability 1e-52, and no random order keeps neighbours together.
    return {"n": 43, "batch_size": draws.one_of(draw, (5, 8, 7)), "seed": draws.seeds(draw)}


def in_order(student: Any, n: int, batch_size: int) -> dict[str, Any]:
    return {"batches": student.minibatches(n, batch_size=batch_size, shuffle=False)}


def by_default(student: Any, n: int) -> dict[str, Any]:
    return {"batches": student.minibatches(n, shuffle=False)}


# So many epochs that what a wrong order leaves to chance, as where the short batch stands, is seen in some of them.
SHUFFLED_EPOCHS = 12


def shuffled(student: Any, n: int, batch_size: int, seed: int) -> dict[str, Any]:
    generator = rng(seed)
    return {"epochs": [snapshot(student.minibatches(n, batch_size, rng=generator)) for _ in range(SHUFFLED_EPOCHS)]}


def shuffled_is_right(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    orders = [np.concatenate(batches) for batches in answers["epochs"]]
    near = max(float(np.mean(np.abs(np.diff(order)) == 1)) for order in orders)
    counts = [np.unique(order, return_counts=True) for order in orders]
    again = any((times > 1).any() for _, times in counts)
    left_out = any(not np.isin(np.arange(case["n"]), rows).all() for rows, _ in counts)
    said = "In an epoch some rows come more than once"
    said = f"{said}, and others not at all." if left_out else f"{said}."
    sizes = _sizes_of(answers["epochs"], right["epochs"])
    return {
        "a row again": Claim(bool(again), False, 0, said=said),
        "a row left out": Claim(bool(left_out), False, 0, said="In an epoch some rows do not come at all."),
        "rows of the data": Claim(all(np.isin(rows, np.arange(case["n"])).all() for rows, _ in counts), True, 0,
                                  said="Among the rows of an epoch there are numbers that no row has."),
        "sizes of the batches": Claim(sizes, "as due", 0, said=f"Shuffled: {sizes}."),
        # Of 42 neighbours in a random order 2 are neighbours in the data on the average; 21 or more never are.
        "mixed": Claim("hardly any" if near < 0.5 else "most", "hardly any", 0,
                       said="Most neighbours in the data are still neighbours after shuffling."),
        "dtype": Claim(all(batch.dtype == np.int64 for batches in answers["epochs"] for batch in batches), True, 0,
                       said="Shuffled, not all of the batches are int64 arrays."),
    }  # fmt: skip


def _sizes_of(epochs: Sequence[Any], due: Sequence[Any]) -> str:
    """Whether the batches have the sizes that are due, which are the same in every epoch; else what is wrong with them."""
    wanted = [len(batch) for batch in due[0]]
    found = [[len(batch) for batch in batches] for batches in epochs]
    if all(sizes == wanted for sizes in found):
        return "as due"
    moved = all(sorted(sizes) == sorted(wanted) for sizes in found)
    return "the short batch is not always the last one" if moved else "the batches have other sizes than are due"


def shuffled_twice(student: Any, n: int, batch_size: int, seed: int) -> dict[str, Any]:
    generator = rng(seed)
    return {
        "first": snapshot(student.minibatches(n, batch_size, True, generator)),
        "second": snapshot(student.minibatches(n, batch_size, True, generator)),
        "again": snapshot(student.minibatches(n, batch_size, True, rng(seed))),
        "other": student.minibatches(n, batch_size, True, rng(seed ^ 1)),
    }


def drawn_from_rng(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    del right  # whether the batches have the form that is due, other checks tell
    first, second, again, other = (np.concatenate(answers[name]) for name in ("first", "second", "again", "other"))
    return {
        "a second draw": Claim(bool(np.array_equal(first, second)), False, 0,
                               said="A second call with the same rng gives the same order."),
        "the same rng again": Claim(bool(np.array_equal(first, again)), True, 0,
                                    said="The same rng in the same state gives another order."),
        "another rng": Claim(bool(np.array_equal(first, other)), False, 0, said="Another rng gives the same order."),
    }  # fmt: skip


MINIBATCHES = Exercise(
    "minibatches",
    "minibatches: the rows of every step of an epoch",
    (
        Check("value", "Without shuffling: 0, 1, ..., n - 1 cut into arrays of batch_size, the last one short.",
              rows_and_size, in_order, public=True),
        Check("whole", "Where n is a multiple of batch_size, all batches are full and none is empty.",
              whole_batches, in_order, cases=4),
        Check("short", "Where n is smaller than batch_size, there is one batch of n rows.",
              one_short_batch, in_order, cases=4),
        Check("default", "batch_size is 32 by default.",
              lambda draw: {"n": draws.one_of(draw, (70, 41))}, by_default, cases=2, public=True),
        Check("shuffle", "Shuffled: every row exactly once, all rows permuted before they are cut into batches.",
              many_rows, shuffled, measure=shuffled_is_right, against=True, cases=3),
        Check("rng", "The order comes from rng alone: the same state gives the same order, the next call another.",
              many_rows, shuffled_twice, measure=drawn_from_rng, against=True, cases=2),
    ),
)  # fmt: skip

# --- the validation split ---------------------------------------------------------------------------------------------

# n * (1 - share) is no whole number in any pair, so that no rounding decides, and rounding down and up differ.
SPLITS = ((7, 0.3), (23, 0.3), (11, 0.2), (19, 0.6), (13, 0.35), (5, 0.25))


def rows_to_split(draw: Draw) -> Inputs:
    n, share = draws.one_of(draw, SPLITS)
    return {"x": draws.values(draw, n, 3), "y": np.arange(n) * 3 % 7, "share": share}


def images_to_split(draw: Draw) -> Inputs:
    n, share = draws.one_of(draw, SPLITS)
    return {"x": draws.values(draw, n, 2, 3), "y": draws.values(draw, n, 2), "share": share}


def too_few_rows(draw: Draw) -> Inputs:
    n, share = draws.one_of(draw, ((1, 0.1), (2, 0.7), (1, 0.3)))  # int(1 * .9) = 0
    return {"x": draws.values(draw, n, 3), "y": np.arange(n), "share": share}


def split(student: Any, x: np.ndarray, y: np.ndarray, share: float) -> dict[str, Any]:
    names = ("x_train", "y_train", "x_validation", "y_validation")
    parts = student.split_validation(x, y, share)
    return {name: parts[i] for i, name in enumerate(names)}


def split_too_few(student: Any, x: np.ndarray, y: np.ndarray, share: float) -> dict[str, Any]:
    student.split_validation(np.zeros((4, 1)), np.zeros(4), 0.5)
    # Either part may be empty, and both are asked in every case: which of them a case draws must not decide.
    return {
        "raised": attempt(student.split_validation, x, y, share),
        "raised with nothing to validate with": attempt(student.split_validation, np.zeros((4, 1)), np.zeros(4), 0.0),
    }


def parts_are_refused(case: Inputs, answers: Answers) -> dict[str, Claim]:
    """What comes of either part without a row: that it is answered is told in words of its own, an exception by its name."""
    parts = {"raised": "to train with", "raised with nothing to validate with": "to validate with"}
    claims = {}
    for name, part in parts.items():
        came = answers[name]
        seen = f"an answer where no row is left {part}" if came == "returned" else came
        raised = (
            "It answers" if came == "returned" else f"It raises {came}" if hasattr(builtins, came) else "It raises another"
        )
        claims[name] = Claim(seen, "ValueError", 0, said=f"{raised} where no row is left {part}, and should raise ValueError.")
    return claims


SPLIT = Exercise(
    "split_validation",
    "split_validation: the last rows are set aside",
    (
        Check("value", "The first int(n * (1 - validation_split)) rows to train with, the rest to validate with, in order.",
              rows_to_split, split, public=True),
        Check("shapes", "Images of shape (n, 2, 3) and targets of shape (n, 2).", images_to_split, split, cases=3),
        Check("empty", "ValueError where one of the parts would have no row.", too_few_rows, split_too_few,
              measure=parts_are_refused, cases=4),
        Check("untouched", "x and y stay as they are, and in their order.", rows_to_split, split, cases=2, untouched=True,
              public=True),
    ),
)  # fmt: skip

# --- a step -----------------------------------------------------------------------------------------------------------


def two_steps(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, classes: bool = False, **_: Any) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student), classes=classes)
    return {
        "logs of step 1": snapshot(model.train_step(x, y)),
        "logs of step 2": snapshot(model.train_step(x, y)),
        "parameters": now(model),
    }


def steps_on_classes(student: Any, **case: Any) -> dict[str, Any]:
    return two_steps(student, **case, classes=True)


def step_with_adam(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, **_: Any) -> dict[str, Any]:
    optimizer = student.Adam(learning_rate=0.02)
    model = made(student, weights, optimizer=optimizer)
    for _step in range(3):
        model.train_step(x, y)
    return {"parameters": now(model), "iterations": optimizer.iterations}


def metric_of_two(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, **_: Any) -> dict[str, Any]:
    """A metric that is not symmetric in y_true and y_pred."""
    layers = [student.Dense(weights[1].size), student.Activation("tanh"), student.Dense(weights[3].size)]
    rise = function(lambda y_true, y_pred: np.mean(y_true - 3.0 * y_pred))
    model = student.Model(layers, optimizer=student.SGD(0.5), loss=student.MeanSquaredError(), metrics={"rise": rise})
    with_weights(model, weights)
    return {"logs": model.train_step(x, y)}


def dropped(draw: Draw) -> Inputs:
    # 3 rows of 100 inputs, half of which are dropped in training: the outputs differ with certainty.
    return {"x": draws.values(draw, 3, 100), "y": draws.values(draw, 3, 2), "seed": draws.seeds(draw)}


def dropping_model(student: Any, seed: int, rate: float = 0.5, learning_rate: float = 0.0, **options: Any) -> Any:
    layers = [student.Dropout(rate, rng=rng(seed)), student.Dense(2, rng=rng(seed))]
    model = student.Model(layers, optimizer=student.SGD(learning_rate), loss=student.MeanSquaredError(), **options)
    model.build((None, 100))
    return model


def step_in_training_mode(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    error = function(lambda y_true, y_pred: np.mean((y_true - y_pred) ** 2))
    model = dropping_model(student, seed, learning_rate=1.0, metrics={"mean squared error": error})
    # A twin is asked what the step would be without dropout, and then, as the reference makes it, with it.
    twin, loss = dropping_model(student, seed), student.MeanSquaredError()
    output = twin.forward(x)
    twin.backward(loss.gradient(y, output))
    return {
        "without dropout": loss.value(y, output),
        "gradient without dropout": snapshot(twin.gradients[0]),
        "before": snapshot(model.parameters[0]),
        "in training": model.train_step(x, y),
        "after": model.parameters[0],
        "with dropout": loss.value(y, twin.forward(x, training=True)),
    }


def was_in_training_mode(case: Inputs, answers: Answers) -> dict[str, Claim]:
    logs, mine = answers["in training"], float(answers["in training"]["loss"])
    without = bool(np.allclose(answers["before"] - answers["after"], answers["gradient without dropout"], 1e-9, 1e-12))
    metric = "A metric that is the loss by another name differs from it: it was not computed from the same outputs."
    return {
        # Whoever draws another mask is right as well: what is not is the very loss that there is without one.
        "loss": Claim(mine, float(answers["with dropout"]), 0, holds=abs(mine - float(answers["without dropout"])) >= 1e-9,
                      said="The step's loss is that of a forward pass without dropout, as at inference."),
        "update without dropout": Claim(without, False, 0,
                                        said="The parameters move as without dropout, by a gradient as at inference."),
        "the metric": Claim(float(logs["mean squared error"]), mine, 1e-9, said=metric),
    }  # fmt: skip


TRAIN_STEP = Exercise(
    "Model.train_step",
    "Model.train_step: one batch, one update",
    (
        Check("value", "Two steps with momentum: each returns the loss before its update, and moves the parameters once.",
              regression, two_steps, public=True, cases=5, tolerance=TRAINED),
        Check("classes", "The same for class numbers and cross-entropy.", classification, steps_on_classes, cases=3,
              tolerance=TRAINED),
        Check("adam", "It is the model's optimizer that moves the parameters, once a step: three steps of Adam.",
              regression, step_with_adam, cases=2, tolerance=TRAINED),
        Check("metrics", "Every metric is in the logs under its name, called as metric(y_true, y_pred), before the update.",
              regression, metric_of_two, cases=3),
        Check("training_mode", "The one forward pass of a step is in training mode: dropout is active, for metrics as well.",
              dropped, step_in_training_mode, measure=was_in_training_mode, cases=2),
        Check("untouched", "x and y stay as they are.", few_rows, two_steps, cases=3, untouched=True, tolerance=TRAINED,
              public=True),
    ),
)  # fmt: skip

# --- predict and evaluate ---------------------------------------------------------------------------------------------


def predicted(student: Any, weights: Weights, x: np.ndarray, batch_size: int, **_: Any) -> dict[str, Any]:
    model = made(student, weights)
    return {"output": model.predict(x, batch_size=batch_size), "output for one row": model.predict(x[:1].copy())}


def predicted_twice(student: Any, weights: Weights, x: np.ndarray, **_: Any) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    return {"first": snapshot(model.predict(x, 4)), "second": model.predict(x), "parameters": now(model)}


def predicted_without_dropout(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    model = dropping_model(student, seed)
    kernel = snapshot(np.arange(200.0).reshape(100, 2) / 100.0)
    fill(model.parameters[0], kernel)
    # What comes last need not be a layer with units.
    ending = student.Model([student.Dense(2), student.Activation("relu"), student.Dropout(0.5, rng=rng(seed))])
    ending.build((None, 100))
    fill(ending.parameters[0], kernel)
    return {"output": model.predict(x, batch_size=2), "output of a model that ends in dropout": ending.predict(x, 2)}


def keras_predicted(weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    return {"output": keras_model(weights, classes=False, accuracy=False).predict(x, batch_size, verbose=0)}


def evaluated(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int, classes: bool = False
) -> dict[str, Any]:
    return {"logs": made(student, weights, classes=classes, accuracy=classes).evaluate(x, y, batch_size=batch_size)}


def evaluated_classes(student: Any, **case: Any) -> dict[str, Any]:
    return evaluated(student, **case, classes=True)


def keras_evaluated(weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    logs = keras_model(weights, classes=True, accuracy=True).evaluate(x, y, batch_size, verbose=0, return_dict=True)
    return {"logs loss": logs["loss"], "logs accuracy": logs["accuracy"]}


def evaluated_by_name(student: Any, **case: Any) -> dict[str, Any]:
    logs = evaluated(student, **case, classes=True)["logs"]
    return {"logs loss": logs["loss"], "logs accuracy": logs["accuracy"]}


def evaluated_in_other_batches(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, **_: Any) -> dict[str, Any]:
    model = made(student, weights)
    return {f"batches of {size}": snapshot(model.evaluate(x, y, batch_size=size)) for size in (1, 4, 7, 100)} | {
        "batches of 32, by default": model.evaluate(x, y)
    }


def evaluated_twice(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, **_: Any) -> dict[str, Any]:
    optimizer = sgd(student)
    model = made(student, weights, optimizer=optimizer)
    return {
        "first": snapshot(model.evaluate(x, y, 5)),
        "second": snapshot(model.evaluate(x, y, 5)),
        "parameters": now(model),
        "steps taken": optimizer.iterations,
    }


def evaluated_without_dropout(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    model = dropping_model(student, seed)
    fill(model.parameters[0], snapshot(np.arange(200.0).reshape(100, 2) / 100.0))
    return {"logs": model.evaluate(x, y, batch_size=2)}


PREDICT = Exercise(
    "Model.predict",
    "Model.predict: the output for every row",
    (
        Check("value", "The model's output for every row, in order, as one array of shape (n, outputs).",
              regression, predicted, public=True, cases=5),
        Check("keras", "Keras's predict gives the same for the same weights.",
              regression, predicted, keras_predicted, cases=1),
        Check("few", "A single row, or fewer rows than a batch holds.", few_rows, predicted, cases=3),
        Check("inference", "In inference mode: dropout does nothing.", dropped, predicted_without_dropout, cases=2),
        Check("unchanged", "The parameters and x stay as they are, and a second call with other batches gives the same.",
              regression, predicted_twice, cases=2, untouched=True),
    ),
)  # fmt: skip

EVALUATE = Exercise(
    "Model.evaluate",
    "Model.evaluate: mean loss over the rows",
    (
        Check("value", "The mean loss over all rows: a batch counts by the number of its rows, the short last one too.",
              regression, evaluated, public=True, cases=5),
        Check("metrics", "The metrics are weighted in the same way.", classification, evaluated_by_name, cases=3),
        Check("keras", "Keras's evaluate gives the same loss and accuracy.",
              classification, evaluated_by_name, keras_evaluated, cases=1),
        Check("names", "The dict holds \"loss\" and every metric, and nothing else.",
              classification, evaluated_classes, cases=1),
        Check("batch_size", "The result does not depend on the size of the batches.", regression, evaluated_in_other_batches,
              cases=2),
        Check("inference", "In inference mode: dropout does nothing.", dropped, evaluated_without_dropout, cases=2),
        Check("no_training", "Nothing is trained: no parameter changes, no step is taken, a second call gives the same.",
              regression, evaluated_twice, cases=2, untouched=True),
    ),
)  # fmt: skip

# --- fit --------------------------------------------------------------------------------------------------------------

# Keras's loss curve within 1e-6 is what is promised; KERAS_EXACT is that.
EPOCHS = 3


def curves(history: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: history.history[name] for name in names}


def fitted(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    history = model.fit(x, y, batch_size=batch_size, epochs=EPOCHS, shuffle=False)
    return {**curves(history, ["loss"]), "epochs": history.epoch, "parameters": now(model)}


def fitted_classes(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student), classes=True, accuracy=True)
    return curves(model.fit(x, y, batch_size, EPOCHS, shuffle=False), ["loss", "accuracy"])


def keras_fitted(weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = keras_model(weights, classes=True, accuracy=True)
    return dict(model.fit(x, y, batch_size, EPOCHS, shuffle=False, verbose=0).history)


def fitted_with_a_new_rule(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=student.SignMomentum(learning_rate=0.02))
    history = model.fit(x, y, batch_size, EPOCHS, shuffle=False)
    return {**curves(history, ["loss"]), "parameters": now(model)}


def fitted_on(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    first = snapshot(model.fit(x, y, batch_size, epochs=1, shuffle=False).history)
    second = model.fit(x, y, batch_size, epochs=2, shuffle=False)
    counting = made(student, weights, optimizer=student.Adam(0.05))
    counting.fit(x, y, batch_size, epochs=1, shuffle=False)
    counting.fit(x, y, batch_size, epochs=1, shuffle=False)
    return {
        "first history": first,
        "second history": second.history,
        "parameters": now(model),
        "parameters with Adam, which counts its steps": now(counting),
    }


def fitted_by_default(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, **_: Any) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    return {"history": model.fit(x, y, shuffle=False).history, "parameters": now(model)}


FIT = Exercise(
    "Model.fit",
    "Model.fit: epochs of steps",
    (
        Check("value", "Three epochs without shuffling: an entry an epoch in the history, each the mean over the epoch's "
              "rows, and the parameters at the end.", regression, fitted, public=True, cases=4, tolerance=TRAINED),
        Check("keras", "Loss and accuracy of three epochs are Keras's to 1e-6, from the same weights and in the same order.",
              classification, fitted_classes, keras_fitted, KERAS_EXACT, cases=1, tolerance=TRAINED),
        Check("few", "Fewer rows than a batch holds: one step an epoch.", few_rows, fitted, cases=3, tolerance=TRAINED),
        Check("new_rule", "A rule that only defines update works as an optimizer, and keeps its state from epoch to epoch.",
              regression, fitted_with_a_new_rule, cases=2, tolerance=TRAINED),
        Check("goes_on", "A second fit goes on where the first one ended, velocities included, and has a history of its own.",
              regression, fitted_on, cases=2, tolerance=TRAINED),
        Check("default", "By default there is one epoch, in batches of 32; x and y stay as they are.",
              lambda draw: regression(draw, (41, 37)), fitted_by_default, cases=2, untouched=True, tolerance=TRAINED),
    ),
)  # fmt: skip

# --- fit: which rows are in which batch -------------------------------------------------------------------------------
# Row i of x has a 1 in column i and 0 elsewhere, and y = -(i + 1) / 2. With parameters of 0, which a recording optimizer
# leaves at 0, the kernel's gradient of a batch of B rows is (i + 1) / B at the rows i that are in it, and 0 elsewhere.

PLAIN_ROWS = 23


def rows_with_names(draw: Draw) -> Inputs:
    return {
        "x": np.eye(PLAIN_ROWS),
        "y": -(np.arange(PLAIN_ROWS)[:, None] + 1) / 2,
        "batch_size": draws.one_of(draw, (5, 4, 7)),
        "seed": draws.seeds(draw),
    }


def linear_model(student: Any, optimizer: Any, features: int = PLAIN_ROWS) -> Any:
    model = student.Model([student.Dense(1)], optimizer=optimizer, loss=student.MeanSquaredError())
    model.build((None, features))
    fill(model.parameters[0], np.zeros((features, 1)))
    return model


def recorded_rows(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> dict[str, Any]:
    optimizer = recorder()
    linear_model(student, optimizer).fit(x, y, batch_size=batch_size, epochs=EPOCHS, rng=rng(seed))
    return {"steps": snapshot(optimizer.calls)}


def recorded_validation(student: Any, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> dict[str, Any]:
    optimizer = recorder()
    model = linear_model(student, optimizer)
    history = model.fit(x, y, batch_size=batch_size, epochs=EPOCHS, validation_split=0.3, rng=rng(seed))
    return {"steps": snapshot(optimizer.calls), "val_loss": history.history["val_loss"]}


def batches_of(steps: Any, n: int, batch_size: int) -> list[list[np.ndarray]] | None:
    """For every epoch the batches, as how often each row was in it; None where the optimizer was not called as agreed.

    What is no whole number is a row that came with another row's y.
    """
    counts = []
    for step, call in enumerate(steps if isinstance(steps, list) else []):
        arguments = call[1:-1] if isinstance(call, list) and len(call) > 1 and isinstance(call[-1], dict) else []
        gradients = arguments[0] if arguments else call[-1].get("gradients") if isinstance(call, list) and call else None
        kernel = gradients[0] if isinstance(gradients, list) and gradients else None
        if not isinstance(kernel, np.ndarray) or kernel.shape != (PLAIN_ROWS, 1):
            return None
        size = min(batch_size, n - step % -(-n // batch_size) * batch_size)
        counts.append(kernel[:, 0] * size / (np.arange(PLAIN_ROWS) + 1))
    steps_an_epoch = -(-n // batch_size)
    if len(counts) != EPOCHS * steps_an_epoch:
        return None
    return [counts[i : i + steps_an_epoch] for i in range(0, len(counts), steps_an_epoch)]


STEPS_SAID = (
    "The number of steps is not epochs * ceil(n / batch_size), or a step's optimizer.apply was not given the gradients."
)


def shuffled_rows(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    del right
    epochs = batches_of(answers.get("steps"), PLAIN_ROWS, case["batch_size"])
    if epochs is None:
        return {"steps": Claim(False, True, 0, said=STEPS_SAID)}
    seen = [np.sum(batches, axis=0) for batches in epochs]
    paired = all(np.allclose(counts, np.round(counts), atol=1e-9) for batches in epochs for counts in batches)
    in_the_order_given = [
        bool(np.array_equal(np.flatnonzero(batches[0]), np.arange(case["batch_size"]))) for batches in epochs
    ]
    orders = sum(not any(np.allclose(batches, before) for before in epochs[:i]) for i, batches in enumerate(epochs))
    return {
        "x with its own y": Claim(paired, True, 0, said="A step's gradient is no mean over rows of x, each with its own y."),
        "every row once an epoch": Claim(all(np.allclose(counts, 1.0) for counts in seen) or not paired, True, 0,
                                         said="In an epoch some row does not come exactly once."),
        "shuffled": Claim(any(in_the_order_given), False, 0, said="An epoch begins with the first rows, in the order given."),
        "orders": Claim(orders, EPOCHS, 0, said="Two epochs have the same batches."),
    }  # fmt: skip


def one_full_batch(draw: Draw) -> Inputs:
    return {**regression(draw), "seed": draws.seeds(draw)}


def fitted_in_one_batch(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, seed: int, **_: Any) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    history = model.fit(x, y, batch_size=100, epochs=EPOCHS, rng=rng(seed))
    return {**curves(history, ["loss"]), "parameters": now(model)}


def fitted_without_moving(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int
) -> dict[str, Any]:
    model = made(student, weights, optimizer=student.SGD(learning_rate=0.0), classes=True, accuracy=True)
    return curves(model.fit(x, y, batch_size, EPOCHS, rng=rng(seed)), ["loss", "accuracy"])


def fitted_with_seeds(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int, seed: int
) -> dict[str, Any]:
    answers = {}
    for name, one in (("first", seed), ("again", seed), ("other", seed ^ 1)):
        model = made(student, weights, optimizer=sgd(student))
        answers[name] = snapshot(model.fit(x, y, batch_size, EPOCHS, rng=rng(one)).history["loss"])
    return answers


def drawn_from_fits_rng(case: Inputs, answers: Answers) -> dict[str, Claim]:
    first, again, other = (np.array(answers[name], dtype=float) for name in ("first", "again", "other"))
    return {
        "the same rng again": Claim(bool(np.array_equal(first, again)), True, 0,
                                    said="The same rng in the same state gives another training."),
        "another rng": Claim(bool(np.array_equal(first, other)), False, 0, said="Another rng gives the same training."),
    }  # fmt: skip


def classes_and_seed(draw: Draw) -> Inputs:
    return {**classification(draw), "seed": draws.seeds(draw)}


SHUFFLE = Exercise(
    "Model.fit.shuffle",
    "Model.fit: a new order in every epoch",
    (
        Check("one_batch", "With all rows in one batch the order makes no difference, as long as each x keeps its own y.",
              one_full_batch, fitted_in_one_batch, cases=2, tolerance=TRAINED, public=True),
        Check("every_row", "Shuffled: in every epoch each row once, with its own y, in other batches than before.",
              rows_with_names, recorded_rows, measure=shuffled_rows, against=True, cases=3),
        Check("still", "With a learning rate of 0 every epoch's loss and accuracy are those of all rows, in any order.",
              classes_and_seed, fitted_without_moving, cases=2, tolerance=TRAINED),
        Check("rng", "The order comes from rng: the same state gives the same training, another one another.",
              one_full_batch, fitted_with_seeds, measure=drawn_from_fits_rng, cases=2),
        Check("untouched", "x and y stay in their order: the rows are picked out, not moved.",
              one_full_batch, fitted_in_one_batch, cases=2, tolerance=TRAINED, untouched=True),
    ),
)  # fmt: skip

# --- fit: validation --------------------------------------------------------------------------------------------------

WITH_VALIDATION = ("loss", "accuracy", "val_loss", "val_accuracy")
SHARE = 0.3  # 23, 17 and 19 rows: 16.1, 11.9 and 13.3 to train with


def fitted_with_split(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student), classes=True, accuracy=True)
    return {"history": model.fit(x, y, batch_size, EPOCHS, validation_split=SHARE, shuffle=False).history}


def keras_fitted_with_split(weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = keras_model(weights, classes=True, accuracy=True)
    return dict(model.fit(x, y, batch_size, EPOCHS, shuffle=False, verbose=0, validation_split=SHARE).history)


def split_curves(student: Any, **case: Any) -> dict[str, Any]:
    history = fitted_with_split(student, **case)["history"]
    return {name: history[name] for name in WITH_VALIDATION}


def fitted_with_data(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray, batch_size: int
) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student), classes=True, accuracy=True)
    history = model.fit(
        x, y, batch_size=batch_size, epochs=EPOCHS, validation_split=SHARE, validation_data=(x_val, y_val), shuffle=False
    )
    return {"history": history.history}


def without_validation(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    names = {"without": model.fit(x, y, batch_size, shuffle=False).history}
    names["with"] = model.fit(x, y, batch_size, validation_data=(x, y), shuffle=False).history
    return names


def validated_with_dropout(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    model = dropping_model(student, seed)
    fill(model.parameters[0], snapshot(np.arange(200.0).reshape(100, 2) / 100.0))
    return {"val_loss": model.fit(x, y, validation_data=(x, y), shuffle=False).history["val_loss"]}


def never_trained_on(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    count = int(PLAIN_ROWS * (1 - SHARE))
    epochs = batches_of(answers.get("steps"), count, case["batch_size"])
    if epochs is None:
        return {"steps": Claim(False, True, 0, said="The number of steps is not that of the rows that are trained on.")}
    seen = np.array([np.abs(np.sum(batches, axis=0)) for batches in epochs])
    observed = answers.get("val_loss")
    numbers = isinstance(observed, list) and all(isinstance(value, float | np.ndarray) for value in observed)
    losses = np.array(observed, dtype=float) if numbers else np.array([])
    return {
        "last rows are not trained on": Claim(bool((seen[:, count:] > 1e-9).any()), False, 0,
                                              said="Rows of the last 30% are trained on."),
        "first rows are": Claim(bool((seen[:, :count] < 1e-9).any()), False, 0,
                                said="Some of the first 70% of the rows are not trained on."),
        "val_loss": Claim(losses, np.array(right["val_loss"], dtype=float), 1e-9,
                          said="val_loss is not the mean loss of the last 30% of the rows."),
    }  # fmt: skip


VALIDATION = Exercise(
    "Model.fit.validation",
    "Model.fit: validation",
    (
        Check("split", "With validation_split=0.3 the last rows are not trained on; the history has loss, accuracy, "
              "val_loss and val_accuracy.", classification, fitted_with_split, cases=3, tolerance=TRAINED, public=True),
        Check("keras", "All four curves are Keras's to 1e-6.", classification, split_curves, keras_fitted_with_split, cases=1,
              tolerance=TRAINED),
        Check("data", "validation_data is what is validated with, and all rows of x are trained on, validation_split or not.",
              two_sets, fitted_with_data, cases=2, tolerance=TRAINED),
        Check("names", "The history has val_ entries where there is validation, and none where there is none.",
              regression, without_validation, cases=1, tolerance=TRAINED),
        Check("held_out", "The last rows are set aside before anything is shuffled, and no step ever sees one of them.",
              rows_with_names, recorded_validation, measure=never_trained_on, against=True, cases=2),
        Check("inference", "Validation is in inference mode: dropout does nothing.", dropped, validated_with_dropout, cases=2,
              tolerance=TRAINED),
    ),
)  # fmt: skip

# --- fit: callbacks ---------------------------------------------------------------------------------------------------

MOMENTS = {
    "set_model": (),
    "on_train_begin": (),
    "on_epoch_begin": ("epoch",),
    "on_epoch_end": ("epoch", "logs"),
    "on_train_end": (),
}


def moments(calls: Any) -> list[tuple[str, dict[str, Any]]]:
    """The callback's calls by name, with their arguments by name, however they were given; other calls are left out."""
    found = []
    for call in calls if isinstance(calls, list) else []:
        if not isinstance(call, list) or len(call) < 2 or call[0] not in MOMENTS or not isinstance(call[-1], dict):
            continue
        found.append((call[0], {**dict(zip(MOMENTS[call[0]], call[1:-1], strict=False)), **call[-1]}))
    return found


# So many calls of a callback are told: those of two epochs.
MOST_SAID = 7


def spelled(calls: list[tuple[str, dict[str, Any]]]) -> str:
    """The calls in words, such as "on_train_begin, on_epoch_begin(0), on_epoch_end(0)"."""

    def number(value: Any) -> str:
        return str(int(value)) if isinstance(value, int | float | np.ndarray) and np.ndim(value) == 0 else "?"

    words = [f"{name}({number(given.get('epoch'))})" if MOMENTS[name] else name for name, given in calls]
    return ", ".join(words)


def _said(calls: list[tuple[str, dict[str, Any]]]) -> str:
    """The first calls, of which the order is wrong from some place on."""
    if not calls:
        return "The callback is not called."
    behind = f", and so on, {len(calls)} in all" if len(calls) > MOST_SAID else ""
    return f"The callback's calls are, in order: {spelled(calls[:MOST_SAID])}{behind}."


def watched(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    callback = recorder()
    model.fit(x, y, batch_size, epochs=2, callbacks=[callback], shuffle=False)
    return {"calls": snapshot(callback.calls)}


def watched_with_validation(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    callback = recorder()
    model.fit(x, y, batch_size, epochs=EPOCHS, callbacks=[callback], validation_split=SHARE, shuffle=False)
    return {"calls": snapshot(callback.calls)}


def watched_twice(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    callback = recorder()
    model.fit(x, y, batch_size, epochs=2, callbacks=[callback, callback], shuffle=False)
    return {"calls": snapshot(callback.calls)}


def stopped(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int, epochs: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    callback = recorder()
    history = model.fit(x, y, batch_size, epochs=6, callbacks=[student.StopAfter(epochs), callback], shuffle=False)
    return {"calls": snapshot(callback.calls), "epochs": history.epoch, "parameters": now(model)}


def stopped_and_again(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int, epochs: int
) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    model.fit(x, y, batch_size, epochs=6, callbacks=[student.StopAfter(epochs)], shuffle=False)
    return {"epochs of the second fit": model.fit(x, y, batch_size, epochs=4, shuffle=False).epoch}


def stopped_before_the_first_steps(
    student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int
) -> dict[str, Any]:
    # The given StopAfter asks at an epoch's end. With a default for its arguments it can be called at other moments as well.
    assign(student.StopAfter.on_epoch_end, "__defaults__", (0, None))
    answers = {}
    for moment in ("on_train_begin", "on_epoch_begin"):
        stopping = student.StopAfter(1)
        assign(stopping, moment, stopping.on_epoch_end)
        assign(stopping, "on_epoch_end", recorder().on_epoch_end)
        model = made(student, weights, optimizer=sgd(student))
        answers[moment] = length(model.fit(x, y, batch_size, epochs=4, callbacks=[stopping], shuffle=False).epoch)
    return answers


def with_added_logs(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=student.SGD(0.125))
    rates = student.LearningRateScheduler(function(lambda epoch, rate: rate * 0.5))
    history = model.fit(x, y, batch_size, epochs=EPOCHS, callbacks=[rates], shuffle=False)
    return {"history": history.history}


def for_no_epoch(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    callback = recorder()
    history = model.fit(x, y, batch_size, epochs=0, callbacks=[callback], shuffle=False)
    return {"calls": snapshot(callback.calls), "epochs": history.epoch, "parameters": now(model)}


def fitted_with_what_is_kept(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    """Two fits with one list of callbacks, of a model made of one list of layers and one dict of metrics."""
    holder, callback = recorder(), recorder()
    assign(holder, "callbacks", [callback, student.StopAfter(9)])
    assign(holder, "layers", [student.Dense(weights[1].size), student.Activation("tanh"), student.Dense(weights[3].size)])
    assign(holder, "metrics", {"accuracy": student.accuracy})
    loss = student.SparseCategoricalCrossentropy()
    model = with_weights(student.Model(holder.layers, student.SGD(0.1), loss, metrics=holder.metrics), weights)
    for _ in range(2):
        model.fit(x, y, batch_size, callbacks=holder.callbacks, validation_data=(x, y), shuffle=False)
    return {
        "callbacks in the list": length(holder.callbacks),
        "the first callback is the one that was passed in": same_object(holder.callbacks[0], callback),
        "layers in the list": length(holder.layers),
        "names in the dict of metrics": sorted_keys(holder.metrics),
    }


def stops(draw: Draw) -> Inputs:
    return {**regression(draw), "epochs": draws.one_of(draw, (2, 1, 3))}


def same_calls(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    mine, due = moments(answers.get("calls")), moments(right["calls"])
    return {"order of the calls": Claim(spelled(mine), spelled(due), 0, said=_said(mine))}


def same_epoch_calls(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    """Whether set_model of all callbacks comes before any on_train_begin cannot matter to a callback."""
    mine, due = (
        [call for call in moments(found["calls"]) if "epoch" in call[0]] for found in ({"calls": None} | dict(answers), right)
    )
    return {"order of the calls": Claim(spelled(mine), spelled(due), 0, said=_said(mine))}


def same_logs(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    def logs(calls: Any) -> list[Any]:
        return [given.get("logs") for name, given in moments(calls) if name == "on_epoch_end"]

    mine, due = logs(answers.get("calls")), logs(right["calls"])
    claims = {"number of epochs": Claim(len(mine), len(due), 0)}
    for epoch, (observed, expected) in enumerate(zip(mine, due, strict=False)):
        held = observed if isinstance(observed, dict) else {}
        claims[f"names in the logs of epoch {epoch}"] = Claim(", ".join(sorted(held)), ", ".join(sorted(expected)), 0)
        for name, value in expected.items():
            number = held.get(name, np.nan)
            claims[f"{name} in the logs of epoch {epoch}"] = Claim(
                float(number) if isinstance(number, float | np.ndarray) and np.ndim(number) == 0 else np.nan,
                float(value),
                1e-9,
            )
    return claims


def same_stop(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    epochs = answers.get("epochs")
    count = len(epochs) if isinstance(epochs, list) else -1
    last = np.concatenate([np.ravel(array) for array in right["parameters"]])
    held = answers.get("parameters")
    arrays = isinstance(held, list) and all(isinstance(array, np.ndarray) for array in held)
    mine = np.concatenate([np.ravel(array) for array in held]) if arrays and held else np.array([])
    return {
        **same_calls(case, answers, right),
        "epochs in the history": Claim(count, len(right["epochs"]), 0),
        "parameters": Claim(mine, last, 1e-9, said="The parameters are not those after the last epoch that there should be."),
    }


def no_second_epoch(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # Whether the first epoch is still trained is left free: fit does it, and who asks before that does not want it.
    claims = {}
    for moment, epochs in answers.items():
        more = max(int(epochs) - 1, 0)
        said = f"Where {moment} sets model.stop_training, the epochs after the first that are trained all the same: {more}."
        claims[f"epochs after the first, asked to stop in {moment}"] = Claim(more, 0, 0, said=said)
    return claims


CALLBACKS = Exercise(
    "Model.fit.callbacks",
    "Model.fit: callbacks",
    (
        Check("order", "A callback is called in the order that the stub states, with epochs counted from 0.",
              regression, watched, measure=same_calls, against=True, cases=2, public=True),
        Check("logs", "on_epoch_end is given the epoch's logs, validation included.",
              regression, watched_with_validation, measure=same_logs, against=True, cases=2),
        Check("several", "Several callbacks are all called, at each of an epoch's moments one after the other.",
              regression, watched_twice, measure=same_epoch_calls, against=True, cases=1),
        Check("stop", "A callback that sets model.stop_training ends the training after that epoch; on_train_end still comes.",
              stops, stopped, measure=same_stop, against=True, cases=3),
        Check("at_once", "Where on_train_begin or on_epoch_begin sets model.stop_training, no second epoch begins.",
              regression, stopped_before_the_first_steps, measure=no_second_epoch, cases=1),
        Check("again", "A fit after one that was stopped runs through all of its epochs.", stops, stopped_and_again, cases=2),
        Check("no_epoch", "With epochs=0 no epoch begins and nothing moves; on_train_begin and on_train_end still come.",
              regression, for_no_epoch, measure=same_stop, against=True, cases=1),
        Check("own_list", "The list of callbacks that is passed in holds the same ones afterwards, as do the lists "
              "of layers and metrics.", classification, fitted_with_what_is_kept, cases=1),
        Check("added", "What a callback adds to the logs is in the history.", regression, with_added_logs, cases=1,
              tolerance=TRAINED),
    ),
)  # fmt: skip

# --- callbacks to write -----------------------------------------------------------------------------------------------


def watched_values(draw: Draw) -> list[float]:
    """Nine values without a tie, that get better, then worse, then a little better again."""
    generator = np.random.default_rng(draws.seeds(draw))
    base = np.array([0.9, 0.7, 0.8, 0.6, 0.75, 0.65, 0.7, 0.55, 0.85])
    return [float(value) for value in np.round(base + generator.uniform(-0.02, 0.02, base.size), 4)]


def until_stop(found: list[float], patience: int, mode: str) -> list[float]:
    """The values up to the one at which training stops: what a callback does after that is not defined."""
    best, wait = None, 0
    for epoch, value in enumerate(found):
        wait += 1
        if best is None or (value < best if mode == "min" else value > best):
            best, wait = value, 0
        elif wait >= patience:
            return found[: epoch + 1]
    return found


def script_of(draw: Draw, mode: str = "min", patience: Sequence[int] = (2, 1, 3, 0, 9)) -> Inputs:
    waits = draws.one_of(draw, patience)
    found = watched_values(draw)
    found = found if mode == "min" else [round(1.6 - value, 4) for value in found]
    return {"values": until_stop(found, waits, mode), "patience": waits}


def tied(draw: Draw) -> Inputs:
    """A script in which the best value so far comes again and again."""
    waits = draws.one_of(draw, (2, 1, 3))
    best, lower = draws.one_of(draw, ((0.5, 0.0), (0.75, 0.5), (1.25, 1.0), (0.5, 0.375)))  # a best of 0 is one, too
    return {"values": until_stop([best, best, lower, *[lower] * waits], waits, "min"), "patience": waits}


Options = dict[str, Any]


def watching(student: Any, **options: Any) -> tuple[Any, Any]:
    model = student.Model([student.Dense(2)])
    model.build((None, 3))
    stopping = student.EarlyStopping(**options)
    stopping.set_model(model)
    return model, stopping


def epochs_of(model: Any, stopping: Any, values: Sequence[float], monitor: str = "val_loss", first: float = 1.0) -> list[Any]:
    """One training of scripted values: whether it was to stop after each epoch. In an epoch all weights are first + epoch."""
    assign(model, "stop_training", False)
    stopping.on_train_begin()
    flags = []
    for epoch, value in enumerate(values):
        for i, shape in enumerate(((3, 2), (2,))):
            fill(model.parameters[i], np.full(shape, first + epoch))
        stopping.on_epoch_begin(epoch)
        stopping.on_epoch_end(epoch, {"loss": 0.5 ** (epoch + 1), monitor: value})
        flags.append(snapshot(model.stop_training))
    stopping.on_train_end()
    return flags


def stopping_at(student: Any, values: list[float], patience: int) -> dict[str, Any]:
    return {"stop_training": epochs_of(*watching(student, patience=patience), values)}


def restoring(student: Any, values: list[float], patience: int) -> dict[str, Any]:
    model, stopping = watching(student, patience=patience, restore_best_weights=True)
    kernel = model.parameters[0]
    epochs_of(model, stopping, values)
    large, stopping_large = watching(student, patience=patience, restore_best_weights=True)
    epochs_of(large, stopping_large, [value + 1000.0 for value in values])
    return {
        "weights": now(model, 2),
        "in place": same_object(kernel, model.parameters[0]),
        "weights, where the losses are thousands": now(large, 2),
    }


def not_restoring(student: Any, values: list[float], patience: int) -> dict[str, Any]:
    model, stopping = watching(student, patience=patience)
    epochs_of(model, stopping, values)
    return {"weights": now(model, 2)}


def stopping_at_largest(student: Any, values: list[float], patience: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    # A likelihood is below 0, whatever an accuracy is.
    for where, level in (("", 0.0), (", where all values are below 0", -5.0)):
        model, stopping = watching(student, monitor="val_accuracy", mode="max", patience=patience, restore_best_weights=True)
        flags = epochs_of(model, stopping, [value + level for value in values], "val_accuracy")
        found |= {f"stop_training{where}": flags, f"weights{where}": now(model, 2)}
    return found


def used_twice(student: Any, values: list[float], patience: int) -> dict[str, Any]:
    """The second training is worse than the first in every epoch."""
    model, stopping = watching(student, patience=patience, restore_best_weights=True)
    epochs_of(model, stopping, values)
    flags = epochs_of(model, stopping, [value + 1.0 for value in values], first=100.0)
    answers = {"stop_training in the second training": flags, "weights": snapshot(now(model, 2))}
    stopping.on_train_begin()
    assign(model, "stop_training", True)
    stopping.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0})
    return answers | {"stop_training stays True where another callback has set it": model.stop_training}


def stopping_in_fit(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    # Without shuffling and with a learning rate this large the loss goes up and down.
    model = made(student, weights, optimizer=student.SGD(0.6))
    stopping = student.EarlyStopping(monitor="loss", patience=1, restore_best_weights=True)
    history = model.fit(x, y, batch_size, epochs=12, callbacks=[stopping], shuffle=False)
    return {"loss": history.history["loss"], "parameters": now(model)}


def keras_stopping_at(values: list[float], patience: int) -> dict[str, Any]:
    from types import SimpleNamespace

    from autograder.declare import keras

    stopping = keras().callbacks.EarlyStopping(monitor="val_loss", patience=patience, mode="min")
    model = SimpleNamespace(stop_training=False)
    stopping.set_model(model)
    stopping.on_train_begin()
    flags = []
    for epoch, value in enumerate(values):
        stopping.on_epoch_end(epoch, {"val_loss": value})
        flags.append(float(model.stop_training))
    return {"stop_training": flags}


EARLY_STOPPING = Exercise(
    "EarlyStopping",
    "EarlyStopping: stop when it no longer gets better",
    (
        Check("value", "Training stops after the epoch that is number patience in a row without a new best; as Keras's does.",
              script_of, stopping_at, keras_stopping_at, public=True),
        Check("ties", "A value that equals the best is no improvement, as Keras has it.",
              tied, stopping_at, keras_stopping_at, cases=3),
        # A patience of 9 never stops, and the simplest case is in every course.
        Check("restore", "restore_best_weights puts back the best epoch's weights in place, stopped or not.",
              partial(script_of, patience=(9, 2, 1, 3, 0)), restoring, cases=5),
        Check("keep", "Without restore_best_weights the weights stay as they are.", script_of, not_restoring, cases=2),
        Check("max", "With mode=\"max\" larger is better, and monitor says which number is watched.",
              partial(script_of, mode="max"), stopping_at_largest, cases=4),
        Check("again", "A second training with the same callback begins anew; that another callback asks for a stop, stays.",
              script_of, used_twice, cases=4),
        Check("fit", "It works in your fit: the loss that is watched rises, training stops, the best weights are back.",
              regression, stopping_in_fit, cases=2, tolerance=TRAINED),
    ),
)  # fmt: skip


def rates(draw: Draw) -> Inputs:
    return {"rate": draws.one_of(draw, (0.5, 0.02, 0.1)), "factor": draws.one_of(draw, (0.5, 0.9, 1.25))}


def scheduled(student: Any, rate: float, factor: float) -> dict[str, Any]:
    optimizer = student.SGD(rate)
    model = student.Model([student.Dense(2)], optimizer=optimizer)
    scheduler = student.LearningRateScheduler(function(lambda epoch, rate: rate * factor + 0.01 * epoch))
    scheduler.set_model(model)
    scheduler.on_train_begin()
    found = []
    for epoch in range(4):
        scheduler.on_epoch_begin(epoch)
        found.append(snapshot(optimizer.learning_rate))
        scheduler.on_epoch_end(epoch, snapshot({"loss": 0.5}))
    return {"learning rates": found, "after the last epoch": optimizer.learning_rate}


def scheduled_by_epoch(student: Any, rate: float, factor: float) -> dict[str, Any]:
    """A schedule that does not look at the rate; epochs as a training that was taken up again has them."""
    optimizer = student.Adam(rate)
    model = student.Model([student.Dense(2)], optimizer=optimizer)
    scheduler = student.LearningRateScheduler(function(lambda epoch, rate: 0.1 * factor**epoch))
    scheduler.set_model(model)
    scheduler.on_train_begin()
    found = []
    for epoch in (5, 6, 9):
        scheduler.on_epoch_begin(epoch)
        found.append(snapshot(optimizer.learning_rate))
    return {"learning rates": found}


def scheduled_logs(student: Any, rate: float, factor: float) -> dict[str, Any]:
    model = student.Model([student.Dense(2)], optimizer=student.SGD(rate))
    scheduler = student.LearningRateScheduler(function(lambda epoch, rate: rate * factor))
    scheduler.set_model(model)
    scheduler.on_train_begin()
    found = []
    for epoch in range(3):
        scheduler.on_epoch_begin(epoch)
        logs = snapshot({"loss": 0.5})
        scheduler.on_epoch_end(epoch, logs)
        found.append(logs)
    return {"logs": found}


def scheduled_fit(student: Any, weights: Weights, x: np.ndarray, y: np.ndarray, batch_size: int) -> dict[str, Any]:
    model = made(student, weights, optimizer=sgd(student))
    scheduler = student.LearningRateScheduler(function(lambda epoch, rate: rate * 0.5))
    history = model.fit(x, y, batch_size, EPOCHS, callbacks=[scheduler], shuffle=False)
    return {**curves(history, ["loss", "learning_rate"]), "parameters": now(model)}


def keras_scheduled(rate: float, factor: float) -> dict[str, Any]:
    from types import SimpleNamespace

    from autograder.declare import keras

    optimizer = keras().optimizers.SGD(rate)
    scheduler = keras().callbacks.LearningRateScheduler(lambda epoch, rate: float(rate * factor + 0.01 * epoch))
    scheduler.set_model(SimpleNamespace(optimizer=optimizer))
    found = []
    for epoch in range(4):
        scheduler.on_epoch_begin(epoch)
        found.append(float(np.asarray(optimizer.learning_rate)))
    return {"learning rates": found}


SCHEDULER = Exercise(
    "LearningRateScheduler",
    "LearningRateScheduler: a learning rate for every epoch",
    (
        Check("value", "When an epoch begins, the learning rate becomes schedule(epoch, learning rate so far); as in Keras.",
              rates, scheduled, keras_scheduled, cases=5, public=True),
        Check("epoch", "The schedule is given the epoch's own number, whatever it is.", rates, scheduled_by_epoch, cases=3),
        Check("logs", "At the end of an epoch its learning rate is in the logs, beside what was there.", rates, scheduled_logs,
              cases=3),
        Check("fit", "It works in your fit: loss curve, history and parameters.", regression, scheduled_fit, cases=2,
              tolerance=TRAINED),
    ),
)  # fmt: skip

# --- digits -----------------------------------------------------------------------------------------------------------

# 300 trainings of the reference, each with its own seed and its own 360 test images, got 96.8% of them right on the average,
# with a standard deviation of 0.9%, and 94.4% in the worst. 88% lies 10 standard deviations below the mean; a training that is
# given up after a few steps, or with a learning rate that diverges, stays below 80%.
DIGITS_RIGHT = 0.88
DIGITS_TRAIN = 1437


def digits(draw: Draw) -> Inputs:
    """Which of scikit-learn's 1797 digits are for training and which for the test, and the right answers of the test."""
    from sklearn.datasets import load_digits

    order = np.random.default_rng(draws.seeds(draw)).permutation(1797)
    return {
        "train": order[:DIGITS_TRAIN],
        "test": order[DIGITS_TRAIN:],
        "y_test": load_digits().target[order[DIGITS_TRAIN:]].astype(np.int64),
        "seed": draws.seeds(draw),
    }


def trained_on_digits(student: Any, train: np.ndarray, test: np.ndarray, y_test: np.ndarray, seed: int) -> dict[str, Any]:
    found = library("sklearn.datasets", "load_digits")()
    pixels = function(lambda x: x / 16.0)(found.data)
    model = student.train_digits(pixels[train], found.target[train], rng(seed))
    return {"output": model.predict(pixels[test])}


def digits_are_learned(case: Inputs, answers: Answers) -> dict[str, Claim]:
    share = float(np.mean(answers["output"].argmax(axis=1) == case["y_test"]))
    said = f"{share:.1%} of the 360 test images are classified rightly; {DIGITS_RIGHT:.0%} are needed."
    return {"test accuracy": Claim(share, 1.0, 1.0 - DIGITS_RIGHT, said=said)}


def easy_digits(draw: Draw) -> Inputs:
    """Few rows, so that it costs little: each of three digits lights up pixels of its own."""
    generator = np.random.default_rng(draws.seeds(draw))
    y = np.arange(60) % 3 * 3  # the digits 0, 3 and 6
    x = np.round(generator.uniform(0.0, 0.2, (60, 64)), 3)
    for row, digit in enumerate(y):
        x[row, 7 * digit : 7 * digit + 8] += 0.8
    return {"x": x, "y": y, "seed": draws.seeds(draw)}


def trained_twice(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    return {
        name: student.train_digits(x, y, rng(one)).predict(x)
        for name, one in (("first", seed), ("again", seed), ("other", seed ^ 1))
    }


def trained_from_rng(case: Inputs, answers: Answers) -> dict[str, Claim]:
    first, again, other = (answers[name] for name in ("first", "again", "other"))
    return {
        "the same rng again": Claim(bool(np.array_equal(first, again)), True, 0,
                                    said="The same rng in the same state gives another network: something comes from "
                                         "elsewhere, such as the first weights of a layer or the order of the rows."),
        "another rng": Claim(bool(np.array_equal(first, other)), False, 0, said="Another rng gives the same network."),
    }  # fmt: skip


def trained_on_easy_digits(student: Any, x: np.ndarray, y: np.ndarray, seed: int) -> dict[str, Any]:
    return {"output": student.train_digits(x, y, rng(seed)).predict(x)}


def easy_digits_are_learned(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # Three patterns that no noise covers; even chance gets a third of them right.
    share = float(np.mean(answers["output"].argmax(axis=1) == case["y"]))
    return {"accuracy": Claim(share > 0.6, True, 0, said=f"{share:.0%} of the rows it was trained on are classified rightly.")}


DIGITS = Exercise(
    "train_digits",
    "train_digits: a network that reads digits",
    (
        Check("accuracy", "Trained on 1437 images of digits within 20 seconds, it gets at least 88% of 360 others right.",
              digits, trained_on_digits, measure=digits_are_learned, cases=1, points=2, public=True,
              dear=True),
        Check("some_digits", "60 rows with three different digits: still 10 logits a row, and x and y stay as they are.",
              easy_digits, trained_on_easy_digits, measure=easy_digits_are_learned, cases=1, untouched=True),
        Check("rng", "All that is random comes from rng: the same state gives the same network, another one another.",
              easy_digits, trained_twice, measure=trained_from_rng, cases=1),
    ),
)  # fmt: skip

# --- the estimator ----------------------------------------------------------------------------------------------------

LABELS = (("ant", "bee", "cat"), (3, 40, 7), (-1, 1), ("no", "yes"), (5.0, 2.0, 9.0))
LEARNS = {"hidden_units": 12, "learning_rate": 0.05, "batch_size": 16, "epochs": 15}


def blobs(draw: Draw, labels: Sequence[Any] | None = None, distance: float = 4.0) -> Inputs:
    """Clouds of rows, one a label, far enough apart for any network that learns at all. Labels come in no order."""
    names = list(labels or draws.one_of(draw, LABELS))
    generator = np.random.default_rng(draws.seeds(draw))
    corners = distance * np.array([[1.0, 1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
    which = generator.permutation(np.arange(41) % len(names))
    x = np.round(corners[which] + generator.normal(0.0, 0.5, (41, 3)), 3)
    # A seed for random_state: scikit-learn's own estimators take 32 bits.
    return {"x": x, "labels": [names[i] for i in which], "seed": draws.seeds(draw) % 2**31}


def params_of(student: Any) -> dict[str, Any]:
    return {"parameters": student.NetworkClassifier().get_params()}


def given_params(draw: Draw) -> Inputs:
    return {
        "hidden_units": draws.one_of(draw, (5, 31)),
        "learning_rate": draws.one_of(draw, (0.3, 0.004)),
        "batch_size": draws.one_of(draw, (7, 64)),
        "epochs": draws.one_of(draw, (3, 17)),
        "random_state": draws.one_of(draw, (11, 4)),
    }


def params_given(student: Any, **options: Any) -> dict[str, Any]:
    estimator = student.NetworkClassifier(**options)
    by_position = student.NetworkClassifier(*options.values())
    return {
        "parameters": snapshot(estimator.get_params()),
        "by position": by_position.get_params(),
        "after set_params": estimator.set_params(epochs=2, hidden_units=9).get_params(),
        "of a clone": library("sklearn.base", "clone")(estimator).get_params(),
    }


def nothing(draw: Draw) -> Inputs:
    del draw
    return {}


def stored_as_they_are(student: Any) -> dict[str, Any]:
    """Values that make no sense: it is for fit to find that out."""
    units, rate, state = snapshot([3, 4]), snapshot("fast"), rng(0)
    estimator = student.NetworkClassifier(
        hidden_units=units, learning_rate=rate, batch_size=2.5, epochs=-1, random_state=state
    )
    return {
        "hidden_units": same_object(estimator.hidden_units, units),
        "learning_rate": estimator.learning_rate,
        "batch_size": estimator.batch_size,
        "epochs": estimator.epochs,
        "random_state": same_object(estimator.random_state, state),
        "is it fitted?": attempt(library("sklearn.utils.validation", "check_is_fitted"), estimator),
    }


def checked_by_scikit_learn(student: Any) -> dict[str, Any]:
    checked = library("sklearn.utils.estimator_checks", "check_estimator")(student.NetworkClassifier(), on_fail=None)
    return {"results": checked}


# Not asked for: whether a class can be pickled is decided by where its module stands, which differs between a student's
# folder, the wall and a test. scikit-learn skips the second unless an environment variable is set. The others look for words
# in the message of an error that students write themselves; NetworkClassifier.fit is asked for the error, in any words.
NOT_ASKED = ("check_estimators_pickle", "check_array_api_input", "check_classifiers_one_label", "check_fit2d_1sample")
# scikit-learn skips this one where pandas is not installed, which the wall does not have.
MAY_BE_SKIPPED = ("check_classifier_data_not_an_array",)


# What scikit-learn's checks ask, in words, where a student can do something about it.
ASKED = {
    "check_estimators_unfitted": "predict and predict_proba raise NotFittedError before fit",
    "check_fit_check_is_fitted": "check_is_fitted refuses the estimator before fit, and accepts it afterwards",
    "check_no_attributes_set_in_init": "__init__ sets an attribute for each of its arguments, and no other",
    "check_parameters_default_constructible": "__init__ has a default for every argument, and keeps it as it is",
    "check_estimator_cloneable": "clone can make a copy from get_params",
    "check_do_not_raise_errors_in_init_or_set_params": "__init__ and set_params refuse no value, which is left to fit",
    "check_get_params_invariance": "get_params gives the arguments of __init__",
    "check_set_params": "set_params sets whatever it is given",
    "check_dont_overwrite_parameters": "fit adds no attribute but those that begin or end with _",
    "check_estimators_overwrite_params": "fit leaves the parameters as they are",
    "check_estimators_fit_returns_self": "fit returns self",
    "check_fit_idempotent": "a second fit to the same rows gives the same answers",
    "check_dict_unchanged": "predict and predict_proba leave the estimator's attributes as they are",
    "check_readonly_memmap_input": "fit and predict work with arrays that cannot be written to",
    "check_n_features_in": "n_features_in_ is there after fit, and not before",
    "check_n_features_in_after_fitting": "rows with another number of features than in fit are refused, as validate_data does",
    "check_estimators_dtypes": "rows of other kinds of numbers are taken, such as float32 and integers",
    "check_dtype_object": "rows of dtype object are taken if they hold numbers",
    "check_complex_data": "complex numbers are refused, as validate_data does",
    "check_estimators_empty_data_messages": "an X without rows or without features is refused with ValueError",
    "check_estimators_nan_inf": "NaN and infinity are refused with ValueError, by fit, predict and predict_proba",
    "check_supervised_y_no_nan": "a y with NaN or infinity is refused with ValueError",
    "check_supervised_y_2d": "a y of shape (n, 1) is taken as one of shape (n,), with a warning, as validate_data does",
    "check_requires_y_none": "a missing y is refused with ValueError",
    "check_classifiers_regression_target": "continuous targets are refused with ValueError, see check_classification_targets",
    "check_classifiers_classes": "labels may be texts and any numbers, and predict answers with them",
    "check_classifiers_train": "it learns, answers in the shapes that are due, and refuses wrong shapes with ValueError",
    "check_methods_sample_order_invariance": "a row's answer does not depend on the order of the rows",
    "check_methods_subset_invariance": "a row's answer does not depend on the rows beside it",
    "check_fit1d": "a one-dimensional X is refused by fit with ValueError",
    "check_fit2d_predict1d": "a one-dimensional X is refused by predict and predict_proba with ValueError",
    "check_fit2d_1feature": "a single feature is enough, or refused with ValueError",
    "check_mixin_order": "ClassifierMixin stands to the left of BaseEstimator among the bases",
}


def statuses(results: Any) -> dict[str, str]:
    """The worst status of each of scikit-learn's checks."""
    found: dict[str, str] = {}
    for result in results if isinstance(results, list) else []:
        if isinstance(result, dict) and isinstance(result.get("check_name"), str) and result["check_name"] not in NOT_ASKED:
            name, status = result["check_name"], str(result.get("status"))
            found[name] = status if found.get(name, "passed") == "passed" else found[name]
    return found


def contract_is_kept(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    del case
    mine = statuses(answers.get("results"))
    due = [name for name, status in statuses(right["results"]).items() if status == "passed"]
    claims = {}
    for name in dict.fromkeys([*due, *(name for name, status in mine.items() if status == "failed")]):
        status = mine.get(name, "not run")
        if name in MAY_BE_SKIPPED and status == "skipped":
            continue
        asks = f" It asks that {ASKED[name]}." if name in ASKED else ""
        claims[name] = Claim(status, "passed", 0, said=f"scikit-learn's {name}: {status}.{asks}")
    return claims


ESTIMATOR = Exercise(
    "NetworkClassifier",
    "NetworkClassifier: parameters, and scikit-learn's contract",
    (
        Check("defaults", "get_params() of NetworkClassifier() has the five parameters with the stub's defaults.",
              nothing, params_of, cases=1, public=True),
        Check("parameters", "What is given comes back from get_params; set_params and clone work.", given_params, params_given,
              cases=3),
        Check("stores_only", "__init__ stores what it is given, unchanged and unchecked, and nothing that ends in \"_\".",
              nothing, stored_as_they_are, cases=1),
        Check("check_estimator", "scikit-learn's check_estimator finds no fault with NetworkClassifier().",
              nothing, checked_by_scikit_learn, measure=contract_is_kept, against=True, cases=1, dear=True),
    ),
)  # fmt: skip


def learner(student: Any, seed: int | None, **options: Any) -> Any:
    return student.NetworkClassifier(**LEARNS | options, random_state=seed)


def fit_answers(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    estimator = learner(student, seed)
    returned = estimator.fit(x, labels)
    return {
        "is what fit returns the estimator": same_object(returned, estimator),
        "classes_": estimator.classes_.tolist(),
        "n_features_in_": estimator.n_features_in_,
        "parameters afterwards": estimator.get_params(),
    }


def learned(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    return {"score": learner(student, seed).fit(x, labels).score(x, labels)}


def far_blobs(draw: Draw) -> Inputs:
    """Clouds that lie to one side of the origin, which no network minds that is asked about the rows that it was given."""
    case = blobs(draw)
    return {**case, "x": case["x"] + 6.0}


def learned_far_away(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    # With these settings 600 fits of three right implementations: all of them 1.0.
    estimator = learner(student, seed, epochs=40, hidden_units=32)
    return {"score": estimator.fit(x, labels).score(x, labels)}


def score_is_good(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # 600 fits to such clouds, of three right implementations: all of them 1.0. Chance has 0.33 or 0.5.
    score = float(answers["score"])
    return {"score": Claim(score > 0.85, True, 0, said=f"{score:.0%} of the rows it was fitted to are classified rightly.")}


def fitted_again(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    """Fitted to other rows with other classes first; then as a fresh one."""
    estimator, fresh = learner(student, seed), learner(student, seed)
    estimator.fit(x[:, :2], [f"class {i % 4}" for i in range(len(labels))])
    estimator.fit(x, labels)
    fresh.fit(x, labels)
    return {
        "classes_": estimator.classes_.tolist(),
        "n_features_in_": estimator.n_features_in_,
        "fitted again": snapshot(estimator.predict_proba(x)),
        "fresh": fresh.predict_proba(x),
    }


def forgot_the_first(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    again, fresh = answers.get("fitted again"), answers.get("fresh")
    same = (
        isinstance(again, np.ndarray)
        and isinstance(fresh, np.ndarray)
        and again.shape == fresh.shape
        and bool(np.allclose(again, fresh, rtol=1e-9, atol=1e-12))
    )
    return {
        "classes_": Claim(str(answers.get("classes_")), str(right["classes_"]), 0,
                          said="classes_ is not that of the second fit."),
        "n_features_in_": Claim(str(answers.get("n_features_in_")), str(right["n_features_in_"]), 0,
                                said="n_features_in_ is not that of the second fit."),
        "probabilities": Claim(same, True, 0, said="With one random_state, fitting again gives another result "
                                                   "than fitting a new estimator."),
    }  # fmt: skip


def fitted_with_states(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    states = {"first": seed, "again": seed, "other": seed ^ 1, "none": None, "none again": None, "zero": 0, "zero again": 0}
    return {name: learner(student, state, epochs=2).fit(x, labels).predict_proba(x) for name, state in states.items()}


def states_decide(case: Inputs, answers: Answers) -> dict[str, Claim]:
    def same(one: str, two: str) -> bool:
        return bool(np.array_equal(answers[one], answers[two]))

    return {
        "the same random_state": Claim(same("first", "again"), True, 0, said="The same random_state gives another result."),
        "another random_state": Claim(same("first", "other"), False, 0, said="Another random_state gives the same result."),
        "None": Claim(same("none", "none again"), False, 0, said="With random_state=None two fits give the same result."),
        "0": Claim("alike" if same("zero", "zero again") else "different", "alike", 0,
                   said="With random_state=0, an int like any other, two fits differ."),
    }  # fmt: skip


def fit_errors(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    broken = x.copy()
    broken[4, 1] = np.nan
    infinite = x.copy()
    infinite[4, 1] = np.inf
    student.NetworkClassifier(epochs=1).fit(x, labels)
    fit = learner(student, seed, epochs=1).fit
    return {
        "NaN in X": attempt(fit, broken, labels),
        "infinity in X": attempt(fit, infinite, labels),
        "y of another length": attempt(fit, x, labels[:-1]),
        "one-dimensional X": attempt(fit, x[:, 0].copy(), labels),
        "continuous y": attempt(fit, x, x[:, 0].copy()),
        "one class only": attempt(fit, x, labels[:1] * len(labels)),
    }


def uses_parameters(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    """The same estimator but for one parameter; probabilities show whether it made a difference."""
    variants: dict[str, Options] = {
        "as it is": {},
        "hidden_units": {"hidden_units": 3},
        "learning_rate": {"learning_rate": 0.001},
        "batch_size": {"batch_size": 5},
        "epochs": {"epochs": 1},
    }
    return {
        name: learner(student, seed, **{"epochs": 3} | options).fit(x, labels).predict_proba(x)
        for name, options in variants.items()
    }


def parameters_matter(case: Inputs, answers: Answers) -> dict[str, Claim]:
    return {
        name: Claim(bool(np.array_equal(answers[name], answers["as it is"])), False, 0, said=f"{name} makes no difference.")
        for name in ("hidden_units", "learning_rate", "batch_size", "epochs")
    }


ESTIMATOR_FIT = Exercise(
    "NetworkClassifier.fit",
    "NetworkClassifier.fit: learn from scratch",
    (
        Check("value", "fit returns self, sets classes_ and n_features_in_, and leaves the parameters as they were.",
              blobs, fit_answers, cases=3, public=True),
        Check("learns", "Well separated clouds with any labels are learned.", blobs, learned, measure=score_is_good, cases=3),
        Check("far", "Clouds far from the origin are learned as well: what fit trains on, predict is asked about.",
              far_blobs, learned_far_away, measure=score_is_good, cases=3, dear=True),
        Check("from_scratch", "A second fit forgets the first: classes, features and weights.", blobs, fitted_again,
              measure=forgot_the_first, against=True, cases=1),
        Check("random_state", "An int as random_state, 0 too, makes fit repeatable; another int, or None, makes it differ.",
              blobs, fitted_with_states, measure=states_decide, cases=1),
        Check("settings", "hidden_units, learning_rate, batch_size and epochs are all used.", blobs, uses_parameters,
              measure=parameters_matter, cases=1),
        Check("errors", "ValueError for NaN, infinity, one-dimensional X, y of another length, continuous y, a single class.",
              partial(blobs, labels=("no", "yes")), fit_errors, cases=1),
        Check("untouched", "X stays as it is.", blobs, learned, measure=score_is_good, cases=1, untouched=True),
    ),
)  # fmt: skip


def probabilities(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    estimator = learner(student, seed).fit(x, labels)
    return {"probabilities": estimator.predict_proba(x), "classes": estimator.classes_.tolist()}


def are_probabilities(case: Inputs, answers: Answers) -> dict[str, Claim]:
    found = answers["probabilities"]
    due = np.array([sorted(set(case["labels"])).index(label) for label in case["labels"]])
    share = float(np.mean(found.argmax(axis=1) == due))
    return {
        "row sums": Claim(found.sum(axis=1), np.ones(len(found)), 1e-9, said="The rows do not all sum to 1."),
        "no negative ones": Claim(bool((found < 0).any()), False, 0, said="Some of the probabilities are negative."),
        "columns": Claim(share > 0.85, True, 0,
                         said=f"In {share:.0%} of the rows the largest probability is in the column of the row's own label."),
        # After 15 epochs on well separated clouds no row is decided by a hair.
        "sharp": Claim(float(found.max(axis=1).mean()) > 0.8, True, 0,
                       said="The largest probabilities of the rows are all small."),
    }  # fmt: skip


def blobs_and_far_rows(draw: Draw) -> Inputs:
    """Three clouds, and rows in all directions: in many of them two logits are large together."""
    case = blobs(draw, ["a", "b", "c"])
    return {**case, "far": 10_000.0 * np.random.default_rng(draws.seeds(draw)).normal(0.0, 4.0, (1001, 3))}


def probabilities_far_out(student: Any, x: np.ndarray, labels: list[Any], seed: int, far: np.ndarray) -> dict[str, Any]:
    estimator = learner(student, seed).fit(x, labels)
    return {"probabilities": snapshot(estimator.predict_proba(far)), "of one row": estimator.predict_proba(far[:1].copy())}


def _what_is_none(found: np.ndarray) -> str:
    nan, infinite = bool(np.isnan(found).any()), bool(np.isinf(found).any())
    return "are NaN and infinities" if nan and infinite else "is NaN, as 0/0 is" if nan else "are infinities"


def are_finite(case: Inputs, answers: Answers) -> dict[str, Claim]:
    found, one = answers["probabilities"], answers["of one row"]
    alone, among = (bool(np.isfinite(probabilities).all()) for probabilities in (one, found))
    said = f"Among the probabilities {_what_is_none(found)}{', though not where a row is asked about alone' if alone else ''}."
    return {
        "finite": Claim("numbers" if among else _what_is_none(found), "numbers", 0, said=said),
        "finite, for one row alone": Claim(alone, True, 0, said=f"For one row alone the probabilities {_what_is_none(one)}."),
        "row sums": Claim(found.sum(axis=1), np.ones(len(found)), 1e-9, said="The rows do not all sum to 1."),
        # Logits of thousands differ by thousands, but for a row in ten thousand, so that of a thousand rows nine are never in
        # doubt. Who cuts logits at 500 finds equal what lies beyond together, in one row of twenty or more.
        "sure": Claim(int((found.max(axis=1) < 0.99).sum()) < 9, True, 0,
                      said="Many rows so far out are hardly more sure of one label than of another."),
    }  # fmt: skip


def asked_too_early(method: str) -> Callable[..., Any]:
    def program(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
        broken = x.copy()
        broken[0, 0] = np.nan
        estimator = learner(student, seed, epochs=1).fit(x, labels)
        ask, fresh = getattr(estimator, method), getattr(learner(student, seed), method)
        ask(x)
        return {
            "before fit": attempt(fresh, x),
            "too few features": attempt(ask, x[:, :2].copy()),
            "too many features": attempt(ask, np.hstack([x, x])),
            "NaN": attempt(ask, broken),
            "one-dimensional X": attempt(ask, x[0].copy()),
            "n_features_in_ afterwards": estimator.n_features_in_,
        }

    return program


def refusals(case: Inputs, answers: Answers, right: Answers) -> dict[str, Claim]:
    """Which exception comes where one is due, in words."""
    del case
    claims = {}
    for name, due in right.items():
        came = answers.get(name)
        if not isinstance(due, str):
            count = isinstance(came, int | np.integer | np.ndarray) and np.ndim(came) == 0
            claims[name] = Claim(int(came) if count else -1, due, 0)  # type: ignore[arg-type]
            continue
        known = isinstance(came, str) and (hasattr(builtins, came) or came == "NotFittedError")
        comes = "it answers" if came == "returned" else f"it raises {came}" if known else "it raises another exception"
        said = f"{name}: {comes}, where {due} is due."
        if name == "before fit" and came == "AttributeError":
            said += " Something that fit sets is read there before check_is_fitted is asked."
            came = "an attribute is missing"  # which says more than that some exception comes
        claims[name] = Claim(str(came), due, 0, said=said)
    return claims


def one_row_at_a_time(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    estimator = learner(student, seed).fit(x, labels)
    return {
        "all rows": snapshot(estimator.predict_proba(x)),
        "the last five": snapshot(estimator.predict_proba(x[-5:].copy())),
        "a list": estimator.predict_proba([[1.0, 2.0, 3.0]]),
    }


def rows_are_independent(case: Inputs, answers: Answers) -> dict[str, Claim]:
    whole, part = answers["all rows"], answers["the last five"]
    same = bool(np.allclose(whole[-5:], part, rtol=1e-9, atol=1e-12))
    return {"rows alone": Claim(same, True, 0, said="The last five rows alone have other probabilities than among all rows.")}


PROBA = Exercise(
    "NetworkClassifier.predict_proba",
    "NetworkClassifier.predict_proba: softmax of the logits",
    (
        Check("value", "Rows sum to 1, and columns are in the order of classes_.",
              blobs, probabilities, measure=are_probabilities, cases=3, public=True),
        Check("far_out", "Rows 10,000 times as far out give probabilities too, nearly all 0 or 1, without a warning.",
              blobs_and_far_rows, probabilities_far_out, measure=are_finite, cases=1, quiet=True),
        Check("rows", "Each row's probabilities are its own affair; a list of rows will do.", blobs, one_row_at_a_time,
              measure=rows_are_independent, cases=1),
        Check("errors", "NotFittedError before fit; ValueError for NaN and for another number of features.",
              blobs, asked_too_early("predict_proba"), measure=refusals, against=True, cases=2),
    ),
)  # fmt: skip


def labels_back(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    return {"labels": learner(student, seed).fit(x, labels).predict(x).tolist()}


def labels_are_right(case: Inputs, answers: Answers) -> dict[str, Claim]:
    share = float(np.mean([mine == due for mine, due in zip(answers["labels"], case["labels"], strict=True)]))
    known = all(label in case["labels"] for label in answers["labels"])
    return {
        "labels of y": Claim(known, True, 0, said="There are answers that are no label of y."),
        "right labels": Claim(share > 0.85, True, 0, said=f"{share:.0%} of the rows it was fitted to get their own label."),
    }


def labels_and_probabilities(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    estimator = learner(student, seed, epochs=2).fit(x, labels)
    return {"labels": estimator.predict(x).tolist(), "probabilities": estimator.predict_proba(x)}


def labels_are_most_probable(case: Inputs, answers: Answers) -> dict[str, Claim]:
    classes = sorted(set(case["labels"]))
    due = [classes[i] for i in answers["probabilities"].argmax(axis=1)]
    return {"most probable": Claim(list(answers["labels"]) == due, True, 0,
                                   said="predict and the largest entry of predict_proba do not say the same.")}  # fmt: skip


ESTIMATOR_PREDICT = Exercise(
    "NetworkClassifier.predict",
    "NetworkClassifier.predict: labels as they were given",
    (
        Check("value", "The labels of y come back, whatever they are: words, or numbers with gaps.", blobs, labels_back,
              measure=labels_are_right, cases=3, public=True),
        Check("most_probable", "The label of a row is the most probable one by predict_proba.",
              blobs, labels_and_probabilities, measure=labels_are_most_probable, cases=2),
        Check("errors", "NotFittedError before fit; ValueError for NaN and for another number of features.",
              blobs, asked_too_early("predict"), measure=refusals, against=True, cases=2),
    ),
)  # fmt: skip

# --- search -----------------------------------------------------------------------------------------------------------
# Trees of scikit-learn's own are fast, and repeatable: a search over them has one right answer.

TREES = {"max_depth": [1, 3], "min_samples_leaf": [1, 7]}


def noisy(draw: Draw) -> Inputs:
    """Clouds that overlap, so that the scores of the candidates differ."""
    return blobs(draw, ("a", "b", "c"), distance=0.5)


def as_array(labels: list[Any]) -> Any:
    """Labels as the array that the stub speaks of; texts cross no wall as one, so it is made on the other side."""
    return library("sklearn.utils", "column_or_1d")(labels)


def tree(**options: Any) -> Any:
    return library("sklearn.tree", "DecisionTreeClassifier")(random_state=0, **options)


# So many that two of them drawn at random are hardly ever the best of all.
MANY_TREES = {"max_depth": [1, 2, 3, 4, 5, 6], "min_samples_leaf": [1, 2, 3, 5, 7, 9, 12]}


def searched(student: Any, x: np.ndarray, labels: list[Any], trees: Any = None, **options: Any) -> dict[str, Any]:
    found = student.search(tree(), trees or TREES, x, as_array(labels), **options)
    return {"best_params": found[0], "best_score": found[1], "best_estimator's labels": found[2].predict(x).tolist()}


def searched_grid(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    return searched(student, x, labels)


def searched_folds(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    # Trees that may be deeper than they become are equally good: the first that was tried wins.
    equal = student.search(tree(), {"max_depth": [30, 40, 50]}, x, as_array(labels))
    return {**searched(student, x, labels, cv=5), "best_params of equally good ones": equal[0]}


def searched_at_random(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    return searched(student, x, labels, MANY_TREES, n_iter=2, random_state=seed)


def searched_and_left(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    estimator = tree(max_depth=3)
    student.search(estimator, {"max_depth": [1, 2]}, x, as_array(labels))
    return {
        "max_depth": estimator.max_depth,
        "is it fitted?": attempt(library("sklearn.utils.validation", "check_is_fitted"), estimator),
    }


def searched_for_networks(student: Any, x: np.ndarray, labels: list[Any], seed: int) -> dict[str, Any]:
    found = student.search(learner(student, seed), {"learning_rate": [0.05, 1e-7]}, x, as_array(labels))
    return {"best_params": found[0], "best_score": found[1], "score": found[2].score(x, labels)}


def network_was_found(case: Inputs, answers: Answers) -> dict[str, Claim]:
    # A learning rate of 1e-7 leaves the network as it began: a third of the rows, or all of them once in a hundred times. So
    # 0.05 comes first: it classifies all rows in every fold (600 of 600 searches), and the first of equals wins.
    rate = answers["best_params"].get("learning_rate")
    return {
        "best learning rate": Claim(
            bool(rate == 0.05), True, 0, said="Of the learning rates 0.05 and 1e-7 the second was called the better one."
        ),
        "its score": Claim(float(answers["best_score"]) > 0.85, True, 0, said="The best score is no better than chance."),
        "trained again": Claim(float(answers["score"]) > 0.85, True, 0, said="best_estimator does not classify the rows."),
    }


SEARCH = Exercise(
    "search",
    "search: hyperparameters by cross-validation",
    (
        Check("grid", "Every combination is tried: the best one, its mean score over three folds, and an estimator that was "
              "trained with it on all rows.", noisy, searched_grid, cases=1, public=True),
        Check("folds", "cv says how many folds there are; among equally good candidates the first wins.", noisy,
              searched_folds, cases=1),
        Check("random", "With n_iter that many combinations are drawn with random_state.", noisy, searched_at_random, cases=2),
        Check("left_alone", "The estimator that was given is neither fitted nor changed; x stays as it is.", noisy,
              searched_and_left, cases=1, untouched=True),
        Check("networks", "It finds the learning rate with which your own NetworkClassifier learns.",
              partial(blobs, labels=("a", "b", "c")), searched_for_networks, measure=network_was_found, cases=1, dear=True),
    ),
)  # fmt: skip

# Grave mistakes that one check alone sees. What each mistake costs stands in the documentation.
WORTH = {
    "minibatches/shuffle": Weight(2, "Which samples meet in a batch is what this exercise is about."),
    "EarlyStopping/max": Weight(2, "With the mode ignored, training stops because it gets better."),
    "Model.train_step/training_mode": Weight(
        3, "A model that is trained in inference mode has neither dropout nor statistics of its batches."
    ),
    "Model.evaluate/inference": Weight(3, "Measured in training mode, the same model is better or worse by chance."),
    "Model.fit.validation/inference": Weight(3, "Measured in training mode, the same model is better or worse by chance."),
    "Model.fit.validation/held_out": Weight(3, "What was trained on measures nothing."),
    "Model.fit.callbacks/stop": Weight(2, "That a callback can end the training is what callbacks are most used for."),
}

TOPIC = Topic(
    "training",
    "Training",
    weighed((
        *with_contract((ACCURACY, MINIBATCHES), dear=True),
        SPLIT,  # its parts may be views, which change with what they are views of
        *with_contract((TRAIN_STEP, PREDICT, EVALUATE, FIT), dear=True),
        # They are about fit as well, of which it is asked.
        SHUFFLE, VALIDATION, CALLBACKS,
        *with_contract((EARLY_STOPPING, SCHEDULER), given_nothing=("EarlyStopping", "LearningRateScheduler"), dear=True),
        # A training of digits, a search and scikit-learn's own checks take seconds each: they are not asked three times.
        DIGITS, ESTIMATOR,
        *with_contract((ESTIMATOR_FIT, PROBA), dear=True),
        ESTIMATOR_PREDICT,
        SEARCH,
    ), WORTH),
    needs=Needs(
        libraries=("scikit-learn",),
        # All that the stub imports, and what checks take from scikit-learn: loaded once a grading, before workers are
        # forked, and not within the seconds of the first check that uses it.
        imports=("sklearn.model_selection", "sklearn.datasets", "sklearn.tree", "sklearn.utils.estimator_checks"),
        call_seconds=20.0,  # the reference trains on the digits in 0.1 s; loops over rows in plain Python take 50 times that
        topic_seconds=240.0,  # all checks take some seconds, and loops over rows fifty times what a fit takes
        memory_mebibytes=2048,  # address space, of which Python with SciPy and scikit-learn maps 360 MiB, and the digits 1
    ),
)  # fmt: skip
