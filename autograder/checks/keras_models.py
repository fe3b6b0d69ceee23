"""Checks of topic 11, Keras models: structure, compilation, callbacks, recipes, Monte Carlo dropout, in Keras behind the wall.

A network is held against a recipe, written here apart from the reference: a list of what data pass. From it come the facts of
its structure, the number of its parameters, and, by NumPy, its answers for given weights. What a student's model is made of is
first brought to the same form, so that any way of writing it counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.declare import (
    Check,
    Claim,
    Draw,
    Exercise,
    Inputs,
    Needs,
    Tolerance,
    Topic,
    Z,
    assign,
    attempt,
    function,
    library,
    mean_claim,
    same_object,
    share_claim,
    snapshot,
    sorted_keys,
    variance_claim,
    with_contract,
)
from autograder.declare import strategies as draws

# --- recipes ----------------------------------------------------------------------------------------------------------

# Keras casts constants such as batch norm's epsilon to float32 on the way (6e-8 of it); answers here are of order one.
WITHIN = 1e-6

Step = tuple[Any, ...]
Recipe = list[Step]

ANY = "any"  # where the stub leaves the choice
EPSILON, MOMENTUM = 1e-3, 0.99  # Keras's batch normalization
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def dense(units: int, *, bias: bool = True, initializer: str = ANY, l2: float = 0.0) -> Step:
    return ("dense", units, bias, initializer, f"{l2:.6g}")


def act(name: str) -> Step:
    return ("activation", name)


NORM: Step = ("norm",)


def flat(input_shape: Sequence[int]) -> Recipe:
    return [("flatten",)] if len(input_shape) > 1 else []


def plain_recipe(
    input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (300, 100), classes: int = 10, *,
    activation: str = "relu", initializer: str = ANY, last: str = ANY, l2: float = 0.0,
) -> Recipe:  # fmt: skip
    hidden = [step for size in units for step in (dense(size, initializer=initializer, l2=l2), act(activation))]
    return [*flat(input_shape), *hidden, dense(classes, initializer=last, l2=l2), act("softmax")]


def elu_he_recipe(*arguments: Any, **options: Any) -> Recipe:
    return plain_recipe(*arguments, activation="elu", initializer="he_normal", last="glorot_uniform", **options)


def l2_recipe(*arguments: Any, l2: float = 0.01, **options: Any) -> Recipe:
    return plain_recipe(*arguments, l2=l2, **options)


def norm_after_recipe(input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (300, 100), classes: int = 10) -> Recipe:
    hidden = [step for size in units for step in (dense(size), act("relu"), NORM)]
    return [*flat(input_shape), NORM, *hidden, dense(classes), act("softmax")]


def norm_before_recipe(
    input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (300, 100), classes: int = 10, *,
    activation: str = "relu", initializer: str = ANY, last: str = ANY,
) -> Recipe:  # fmt: skip
    hidden = [s for size in units for s in (dense(size, bias=False, initializer=initializer), NORM, act(activation))]
    return [*flat(input_shape), *hidden, dense(classes, initializer=last), act("softmax")]


def default_recipe(
    input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (100,) * 5, classes: int = 10, learning_rate: float = 0.05
) -> Recipe:
    return norm_before_recipe(input_shape, units, classes, activation="elu", initializer="he_normal", last="glorot_uniform")


def dropout_recipe(
    input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (300, 100), classes: int = 10, rate: float = 0.2
) -> Recipe:
    drop: Step = ("dropout", f"{rate:.6g}")
    hidden = [step for size in units for step in (drop, dense(size), act("relu"))]
    return [*flat(input_shape), *hidden, drop, dense(classes), act("softmax")]


def self_normalizing_recipe(
    input_shape: Sequence[int] = (28, 28), units: Sequence[int] = (100,) * 10, classes: int = 10, rate: float = 0.1
) -> Recipe:
    hidden = [step for size in units for step in (dense(size, initializer="lecun_normal"), act("selu"))]
    drop: Step = ("alpha dropout", f"{rate:.6g}")
    return [*flat(input_shape), *hidden, drop, dense(classes, initializer="glorot_uniform"), act("softmax")]


NORM_WEIGHTS = ("gamma", "beta", "moving mean", "moving variance")


def weight_forms(recipe: Recipe, features: int) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes of the network's weights in Keras's order."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for step in recipe:
        if step[0] == "dense":
            found += [("kernel", (features, step[1])), *([("bias", (step[1],))] if step[2] else [])]
            features = step[1]
        elif step[0] == "norm":
            found += [(name, (features,)) for name in NORM_WEIGHTS]
    return found


def counted(recipe: Recipe, features: int) -> tuple[int, int]:
    """How many parameters a network has, and how many of them are trained."""
    forms = weight_forms(recipe, features)
    total = sum(math.prod(shape) for _, shape in forms)
    return total, total - sum(math.prod(shape) for name, shape in forms if name.startswith("moving"))


def softmax(x: np.ndarray) -> np.ndarray:
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    answer: np.ndarray = shifted / shifted.sum(axis=-1, keepdims=True)
    return answer


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda x: np.maximum(x, 0.0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0.0))),
    "selu": lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0.0))),
    "softmax": softmax,
}


def run(recipe: Recipe, weights: Sequence[np.ndarray], x: np.ndarray) -> np.ndarray:
    """What the network answers at inference, by NumPy."""
    left = list(weights)
    for step in recipe:
        if step[0] == "flatten":
            x = x.reshape(len(x), -1)
        elif step[0] == "dense":
            x = x @ left.pop(0)
            x = x + left.pop(0) if step[2] else x
        elif step[0] == "norm":
            gamma, beta, mean, variance = (left.pop(0) for _ in range(4))
            x = gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta
        elif step[0] == "activation":
            x = ACTIVATIONS[step[1]](x)
    return x


def moved(recipe: Recipe, weights: Sequence[np.ndarray], x: np.ndarray) -> list[np.ndarray]:
    """All moving means and variances, in order, after one training pass from these weights."""
    left, found = list(weights), []
    for step in recipe:
        if step[0] == "flatten":
            x = x.reshape(len(x), -1)
        elif step[0] == "dense":
            x = x @ left.pop(0)
            x = x + left.pop(0) if step[2] else x
        elif step[0] == "norm":
            gamma, beta, *tracked = (left.pop(0) for _ in range(4))
            batch = (x.mean(axis=0), x.var(axis=0))
            found += [MOMENTUM * old + (1 - MOMENTUM) * new for old, new in zip(tracked, batch, strict=True)]
            x = gamma * (x - batch[0]) / np.sqrt(batch[1] + EPSILON) + beta
        elif step[0] == "activation":
            x = ACTIVATIONS[step[1]](x)
    return found


# --- a student's model in the same form -------------------------------------------------------------------------------

# Names are told to students only from this list: any other could hold something of the inputs.
KNOWN_ACTIVATIONS = (
    "relu", "elu", "selu", "softmax", "leaky_relu", "prelu", "sigmoid", "tanh", "gelu", "silu", "softplus", "softsign",
    "exponential", "relu6", "hard_sigmoid", "mish", "log_softmax",
)  # fmt: skip
SAME_ACTIVATION = {"leakyrelu": "leaky_relu", "swish": "silu", "hardsigmoid": "hard_sigmoid", "logsoftmax": "log_softmax"}
INITIALIZERS = {
    "HeNormal": "he_normal", "HeUniform": "he_uniform", "GlorotNormal": "glorot_normal", "GlorotUniform": "glorot_uniform",
    "LecunNormal": "lecun_normal", "LecunUniform": "lecun_uniform",
}  # fmt: skip
FAMILIES: dict[Any, str] = {(2.0, "fan_in"): "he", (1.0, "fan_in"): "lecun", (1.0, "fan_avg"): "glorot"}
DISTRIBUTIONS = {"truncated_normal": "normal", "normal": "normal", "uniform": "uniform"}
LOSSES = {
    "sparse_categorical_crossentropy": "the sparse categorical cross-entropy",
    "categorical_crossentropy": "the categorical cross-entropy", "mean_squared_error": "the mean squared error",
    "binary_crossentropy": "the binary cross-entropy", "mse": "the mean squared error",
    "mean_absolute_error": "the mean absolute error", "mae": "the mean absolute error",
    # With rows of 0 and 1 it has the cross-entropy's value, and with no others.
    "kl_divergence": "the Kullback-Leibler divergence", "k_l_divergence": "the Kullback-Leibler divergence",
}  # fmt: skip


def activation_name(value: Any) -> str:
    """The name of an activation as Keras tells it, by a word, by a function, or by a layer."""
    if isinstance(value, Mapping):
        value = value.get("class")
    name = str(value).lower()
    name = SAME_ACTIVATION.get(name, name)
    return name if name in (*KNOWN_ACTIVATIONS, "linear") else "another"


def initializer_name(value: Any) -> str:
    settings = value.get("config") or {} if isinstance(value, Mapping) else {}
    kind = value.get("class") if isinstance(value, Mapping) else value
    if kind == "VarianceScaling":
        family = FAMILIES.get((settings.get("scale"), settings.get("mode")))
        distribution = DISTRIBUTIONS.get(str(settings.get("distribution")))
        return f"{family}_{distribution}" if family and distribution else "another"
    return INITIALIZERS.get(str(kind), "another")


def penalty_factor(value: Any) -> str:
    if value is None:
        return "0"
    settings = value.get("config") or {}
    if value.get("class") not in ("L2", "L1L2") or settings.get("l1"):
        return "another"
    return f"{settings.get('l2', 0.0):.6g}"


def activation_of(layer: Mapping[str, Any]) -> str | None:
    """The name of the activation that a layer is, or None for a layer that is something else."""
    config, kind = layer["config"], layer["class"]
    if kind == "Activation" or "Activation" in layer["parents"]:
        return activation_name(config.get("activation"))
    name = activation_name(kind)
    if name == "another":
        return None
    ordinary = {"alpha": 1.0, "max_value": None, "threshold": 0.0}
    if any(config.get(setting, usual) not in (usual, None) for setting, usual in ordinary.items()):
        return "another"
    if name == "relu" and config.get("negative_slope"):
        return "leaky_relu"
    return name


def steps_of(layer: Mapping[str, Any]) -> Recipe:
    """One of the layers that ``describe`` tells, in a recipe's words; a layer that does nothing is none."""
    kinds, config = (layer["class"], *layer["parents"]), layer["config"]
    if "Dense" in kinds:
        found: Recipe = [
            (
                "dense", config["units"], bool(config["use_bias"]), initializer_name(config.get("kernel_initializer")),
                penalty_factor(config.get("kernel_regularizer")),
            )
        ]  # fmt: skip
        name = activation_name(config.get("activation") or "linear")
        return found if name == "linear" else [*found, act(name)]
    if "BatchNormalization" in kinds:
        return [NORM]
    for kind, word in (("AlphaDropout", "alpha dropout"), ("Dropout", "dropout")):
        if kind in kinds:
            return [(word, f"{config.get('rate', 0.0):.6g}")] if config.get("rate") else []
    if kinds[0] in ("Flatten", "Reshape"):
        shape = config.get("target_shape", config.get("newshape", (1,)))
        return [("flatten",)] if len(shape) == 1 or (len(shape) == 2 and shape[0] in (-1, None)) else [("another",)]
    if kinds[0] == "Identity":
        return []
    named = activation_of(layer)
    if named is not None:
        return [] if named == "linear" else [act(named)]
    return [("another",)]


def recipe_of(model: Mapping[str, Any]) -> Recipe:
    return [step for layer in model["layers"] for step in steps_of(layer)]


def kinds(recipe: Recipe) -> list[str]:
    words = {"dense": "Dense", "norm": "BatchNormalization", "dropout": "Dropout", "alpha dropout": "AlphaDropout"}
    return [words.get(step[0], str(step[0])) for step in recipe if step[0] != "flatten"]


def weighted(recipe: Recipe) -> list[str]:
    """The order of the layers that have weights, which is all that can be seen of a class with a ``call`` of its own."""
    return kinds([step for step in recipe if step[0] in ("dense", "norm")])


def of_dense(recipe: Recipe, place: int) -> list[Any]:
    return [step[place] for step in recipe if step[0] == "dense"]


def listed(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values)) or "none"


# So many words are read as they are, and so many repetitions of a pattern are told by their number.
FEW_WORDS, OFTEN = 8, 3


def in_runs(words: Sequence[str]) -> str:
    """A list in which what comes again and again is told once: ``Dense, activation, 10 times, then Dense``."""
    if len(words) <= FEW_WORDS:
        return listed(words)
    parts: list[list[str]] = [[]]
    i = 0
    while i < len(words):
        period, times = _run(words[i:])
        if times >= OFTEN:
            parts += [[*words[i : i + period], f"{times} times"], []]
        else:
            period, times = 1, 1
            parts[-1].append(words[i])
        i += period * times
    return ", then ".join(", ".join(part) for part in parts if part)


def _run(words: Sequence[str]) -> tuple[int, int]:
    """The pattern with which a list begins that covers most of it by being repeated: its length, and how often it comes."""

    def times(period: int) -> int:
        same = range(period, len(words) - period + 1, period)
        return 1 + next((n for n, at in enumerate(same) if words[at : at + period] != words[:period]), len(same))

    runs = [(period, times(period)) for period in range(1, len(words) // OFTEN + 1)]
    often = [run for run in runs if run[1] >= OFTEN]
    return max(often, key=lambda run: (run[0] * run[1], -run[0]), default=(1, 1))


def shape_text(shape: Any) -> str:
    return " x ".join(map(str, shape[1:])) if isinstance(shape, list | tuple) else "unknown"


def structure_claims(model: Mapping[str, Any], recipe: Recipe, input_shape: Sequence[int]) -> dict[str, Claim]:
    """Every fact of a network's structure held against its recipe."""
    if not model["model"]:
        return {"a model": Claim(False, True, 0, said="What the function returns is no Keras model. Is there a return?")}
    if not model["built"]:
        said = "The model is not built: it has no weights yet. keras.Input says the shape of its inputs."
        return {"built": Claim(False, True, 0, said=said)}
    mine = recipe_of(model)
    claims: dict[str, Claim] = {}
    if model["listed"]:
        flattened = [step[0] for step in mine if step[0] in ("flatten", "dense")][:1] == ["flatten"]
        if len(input_shape) > 1:
            said = "There is no Flatten before the first Dense layer, which works on the last axis only."
            claims["flattens"] = Claim(flattened, True, 0, said=said)
        said = f"Your layers are, in order: {in_runs(kinds(mine))}."
        claims["order of the layers"] = Claim(listed(kinds(mine)), listed(kinds(recipe)), 0, said=said)
        activations = [step[1] for step in mine if step[0] == "activation"]
        said = f"The activations, in order, are: {in_runs(activations)}."
        due = listed([step[1] for step in recipe if step[0] == "activation"])
        claims["activations"] = Claim(listed(activations), due, 0, said=said)
        rates = [step[1] for step in mine if step[0].endswith("dropout")]
        due = listed([step[1] for step in recipe if step[0].endswith("dropout")])
        claims["dropout rates"] = Claim(listed(rates), due, 0, said="The dropout layers have other rates than they should.")
    else:
        said = f"Your layers with weights are, in order: {in_runs(weighted(mine))}."
        claims["order of the layers"] = Claim(listed(weighted(mine)), listed(weighted(recipe)), 0, said=said)
    units = listed(of_dense(mine, 1))
    claims["units"] = Claim(units, listed(of_dense(recipe, 1)), 0, said=units_words(of_dense(mine, 1), of_dense(recipe, 1)))
    biases, due_biases = (["with" if bias else "without" for bias in of_dense(each, 2)] for each in (mine, recipe))
    said = f"Of the Dense layers some are with a bias and some without, in order: {in_runs(biases)}."
    if len(set(biases)) == 1:
        said = f"All Dense layers are {biases[0]} a bias."
    claims["biases"] = Claim(listed(biases), listed(due_biases), 0, said=said)
    initializers, wanted = of_dense(mine, 3), of_dense(recipe, 3)
    if len(initializers) == len(wanted):
        initializers = [ANY if due == ANY else name for name, due in zip(initializers, wanted, strict=True)]
    said = f"The kernels' initializers are, in order: {in_runs(initializers)}."
    claims["initializers"] = Claim(listed(initializers), listed(wanted), 0, said=said)
    penalties = listed(of_dense(mine, 4))
    penalized = sum(factor != "0" for factor in of_dense(mine, 4))
    due_penalties = of_dense(recipe, 4)
    said = f"{penalized} of your {len(of_dense(mine, 4))} Dense layers have a penalty, and these are not those that should."
    if [factor != "0" for factor in of_dense(mine, 4)] == [factor != "0" for factor in due_penalties]:
        said = "The penalty has another factor than it should."
    claims["penalties"] = Claim(penalties, listed(due_penalties), 0, said=said)
    total, trained = counted(recipe, math.prod(input_shape))
    claims["parameters"] = Claim(model["count_params"], total, 0)
    claims["trainable parameters"] = Claim(model["trainable_params"], trained, 0)
    if model["input_shape"] is not None and model["listed"]:
        given = shape_text(model["input_shape"])
        claims["input shape"] = Claim(given, shape_text((None, *input_shape)), 0, said="The inputs have another shape.")
    return claims


Measure = Callable[[Inputs, Inputs, Inputs], dict[str, Claim]]
NOTHING: Inputs = {}


def guarded(measure: Measure) -> Measure:
    """A measure that never raises: what arrived may be of any form, and is then wrong. The reference's never is."""

    def measured(case: Inputs, answers: Inputs, right: Inputs = NOTHING) -> dict[str, Claim]:
        try:
            return measure(case, answers, right)
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            return {"form": Claim(False, True, 0, said="What came back has another form than it should.")}

    return measured


def told(name: str, sentence: str, inputs: Any, program: Any, measure: Measure, **options: Any) -> Check:
    """A check whose measure looks at whatever form the answers have. One case each: building a network takes 20 ms."""
    return Check(name, sentence, inputs, program, measure=guarded(measure), **{"cases": 1, "against": True, **options})


def formed(*arguments: Any, **options: Any) -> Check:
    """The same for answers that must have the reference's form; large ones of the reference's are then not kept."""
    return told(*arguments, against=False, **options)


def array_claim(name: str, observed: Any, expected: np.ndarray, said: str, within: Any = WITHIN) -> dict[str, Claim]:
    """An array held against another: first its form, then its numbers."""
    if isinstance(observed, str):
        return {
            f"{name}: weights": Claim(False, True, 0, said="Its weights cannot be set: they have not the shapes they should.")
        }
    if not isinstance(observed, np.ndarray) or observed.shape != expected.shape:
        return {f"{name}: shape": Claim(False, True, 0, said="The answers have another shape than they should.")}
    # WITHIN, Keras's float32 constants, unless the check hands over another width with its reason.
    return {name: Claim(observed, expected, within, said=said)}


def beside_what_is_due(found: float, due: float) -> str:
    """How far a rate is from the one that is due, in words."""
    ratio = found / due
    if not math.isfinite(ratio):
        return "no finite number"
    if ratio < 0:
        return "below 0"
    if ratio < 1e-3:
        return "hardly more than 0" if ratio else "0"
    if 0.5 <= ratio < 2:
        return f"{100 * abs(ratio - 1):.3g}% too {'large' if ratio > 1 else 'small'}"
    return f"{ratio:.3g} times what is due"


def rates_said(
    found: np.ndarray, expected: np.ndarray, within: np.ndarray, moment: Callable[[int], str], note: str = ""
) -> str:
    """The first learning rate that is wrong, and by how much; and how far the last one that is wrong is off.

    moment: the words for when a rate is used. note: what is to be known of the first moment.
    """
    wrong = np.flatnonzero(~(np.abs(found - expected) <= within)) if found.shape == expected.shape else np.zeros(0, int)
    if not wrong.size:
        return ""
    first, last = int(wrong[0]), int(wrong[-1])
    said = f"{moment(first)}{note} the learning rate is {beside_what_is_due(found[first], expected[first])}"
    said = f"{said[0].upper()}{said[1:]}, the first that is wrong" if first else f"Already {said}"
    if moment(last) != moment(first):
        said += f"; {moment(last)} it is {beside_what_is_due(found[last], expected[last])}"
    return f"{said}."


# --- inputs and programs of all networks ------------------------------------------------------------------------------


def inside(name: str) -> Any:
    return library(".keras_values", name)


def fresh(seed: int = 3) -> None:
    inside("fresh")(seed)


def no_arguments(draw: Draw) -> Inputs:
    return {"arguments": {}}


def arguments(draw: Draw, *options: str) -> dict[str, Any]:
    """Arguments for a network: none of them a default, no two sizes alike, other numbers of layers than a default."""
    found: dict[str, Any] = {
        "input_shape": draws.one_of(draw, [(2, 7), (7, 2), (2, 2, 3)]),
        "units": draws.one_of(draw, [(8, 5, 6), (5, 8, 6), (11, 5, 7)]),
        "classes": draws.one_of(draw, [3, 4]),
    }
    if "rate" in options:
        found["rate"] = draws.one_of(draw, [0.3, 0.4, 0.15])
    if "l2" in options:
        found["l2"] = draws.one_of(draw, [0.03, 0.2])
    if "learning_rate" in options:
        found["learning_rate"] = draws.one_of(draw, [0.03, 0.2])
    return found


def small_weights(draw: Draw, recipe: Recipe, features: int) -> list[np.ndarray]:
    """Weights of a network, with the positive moving variances that a batch norm has."""
    return [
        draws.positive(draw, *shape, low=0.5) if name == "moving variance" else draws.values(draw, *shape, scale=1.0)
        for name, shape in weight_forms(recipe, features)
    ]


def drawn_arguments(draw: Draw, *options: str) -> Inputs:
    return {"arguments": arguments(draw, *options)}


def with_weights(draw: Draw, recipe: Callable[..., Recipe], *options: str) -> Inputs:
    given = arguments(draw, *options)
    return {
        "arguments": given,
        "weights": small_weights(draw, recipe(**given), math.prod(given["input_shape"])),
        "x": draws.values(draw, 5, *given["input_shape"]),
    }


def described(name: str, student: Any, arguments: Mapping[str, Any]) -> Any:
    fresh()
    return {"model": inside("describe")(getattr(student, name)(**arguments))}


def answered(name: str, student: Any, arguments: Mapping[str, Any], weights: list[np.ndarray], x: np.ndarray) -> Any:
    fresh()
    model = getattr(student, name)(**arguments)
    return {"answers": inside("answer_with")(model, weights, x)}


def structure(recipe: Callable[..., Recipe], case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = case["arguments"]
    claims = structure_claims(answers["model"], recipe(**given), given.get("input_shape", (28, 28)))
    return claims if recipe is default_recipe else {**claims, **not_compiled(answers["model"])}


def not_compiled(model: Mapping[str, Any]) -> dict[str, Claim]:
    said = "The model is compiled, where the description says that it is not: that is for whoever trains it."
    return {"not compiled": Claim(model.get("compiled") is None, True, 0, said=said)}


def same_answers(recipe: Callable[..., Recipe], case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    expected = run(recipe(**case["arguments"]), case["weights"], case["x"])
    said = "For given weights and inputs, the network's answers are not those of the network that is described."
    return array_claim("answers", answers["answers"], expected, said)


def network(
    name: str,
    title: str,
    recipe: Callable[..., Recipe],
    sentence: str,
    options: Sequence[str] = (),
    extra: Sequence[Check] = (),
) -> Exercise:
    """The three checks that every network has, and what is special about this one."""
    return Exercise(name, title, (
        told("structure", sentence, no_arguments, partial(described, name), partial(structure, recipe), public=True),
        told("sizes", "The arguments decide: inputs' shape, hidden layers and their units, classes, and the settings.",
             lambda draw: drawn_arguments(draw, *options), partial(described, name), partial(structure, recipe), cases=2),
        told("answers", "With given weights, it answers at inference what the network of the description answers.",
             lambda draw: with_weights(draw, recipe, *options), partial(answered, name), partial(same_answers, recipe)),
        *extra,
    ))  # fmt: skip


# --- sequential_classifier --------------------------------------------------------------------------------------------


def begins_with_input(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    model = answers["model"]
    built = bool(model["model"] and model["built"])
    told_by_layer = any(layer.get("input_shape_argument") for layer in model["layers"])
    said = "A layer is given input_shape=, which Keras 3 warns of: keras.Input stands at the beginning instead."
    return {
        "built": Claim(built, True, 0, said="The model is not built, so it has no weights that could be counted."),
        "input_shape= in a layer": Claim(told_by_layer, False, 0, said=said),
    }


SEQUENTIAL = network(
    "sequential_classifier", "A stack of layers", plain_recipe,
    "Flatten, two hidden layers with ReLU, softmax: for 784-300-100-10 it has 266,610 parameters.",
    extra=[told("input", "keras.Input says the shape, so the model is built; no layer is given input_shape=.",
                drawn_arguments, partial(described, "sequential_classifier"), begins_with_input)],
)  # fmt: skip

# --- networks that are no stacks --------------------------------------------------------------------------------------


def deep_path(units: Sequence[int], weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """What the hidden layers make of x; takes their weights off the list."""
    for _ in units:
        x = ACTIVATIONS["relu"](x @ weights.pop(0) + weights.pop(0))
    return x


def deep_shapes(features: int, units: Sequence[int]) -> list[tuple[int, ...]]:
    sizes = [features, *units]
    return [shape for n, m in pairwise(sizes) for shape in ((n, m), (m,))]


def units_words(mine: Sequence[Any], due: Sequence[Any]) -> str:
    """That the Dense layers of a network are others than they should be."""
    if len(mine) != len(due):
        return (
            f"The network has {len(mine)} Dense layer{'s' * (len(mine) != 1)}, where {len(due)} should be. A layer belongs to "
            "it where it lies on a way from the inputs to the outputs."
        )
    return "The numbers of units of the Dense layers are others than they should be."


def graph_claims(model: Mapping[str, Any], units: Sequence[int], parameters: int, outputs: int) -> dict[str, Claim]:
    """What is seen of a network with branches without following them; its answers say the rest."""
    if not model["model"] or not model["built"]:
        return structure_claims(model, [], ())
    mine = recipe_of(model)
    sizes = listed(sorted(of_dense(mine, 1)))
    due = [*units, *[1] * outputs]
    claims = {"units": Claim(sizes, listed(sorted(due)), 0, said=units_words(of_dense(mine, 1), due))}
    if model["listed"]:
        activations = [step[1] for step in mine if step[0] == "activation"]
        said = f"The activations are: {in_runs(activations)}."
        claims["activations"] = Claim(listed(activations), listed(["relu"] * len(units)), 0, said=said)
    return {**claims, "parameters": Claim(model["count_params"], parameters, 0)}


def wide_arguments(draw: Draw) -> dict[str, Any]:
    return {"features": draws.one_of(draw, [3, 4]), "units": draws.one_of(draw, [(7, 5, 6), (5, 8, 6)])}


def wide_weights(draw: Draw) -> Inputs:
    given = wide_arguments(draw)
    last = given["features"] + given["units"][-1]
    shapes = [*deep_shapes(given["features"], given["units"]), (last, 1), (1,)]
    return {
        "arguments": given,
        "weights": [draws.values(draw, *shape, scale=1.0) for shape in shapes],
        "x": draws.values(draw, 5, given["features"]),
    }


def equal_wide_weights(draw: Draw) -> Inputs:
    # With as many features as units in every layer, each wrong thing that is concatenated fits: only answers tell.
    shapes = [*deep_shapes(3, (3, 3)), (6, 1), (1,)]
    return {
        "arguments": {"features": 3, "units": (3, 3)},
        "weights": [draws.values(draw, *shape, scale=1.0) for shape in shapes],
        "x": draws.values(draw, 5, 3),
    }


def wide_structure(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    features, units = case["arguments"].get("features", 8), case["arguments"].get("units", (30, 30))
    total = sum(math.prod(shape) for shape in deep_shapes(features, units)) + features + units[-1] + 1
    return {**graph_claims(answers["model"], units, total, 1), **not_compiled(answers["model"])}


def wide_answers(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    weights = list(case["weights"])
    hidden = deep_path(case["arguments"]["units"], weights, case["x"])
    expected = np.concatenate([case["x"], hidden], axis=1) @ weights[0] + weights[1]
    return array_claim("answers", answers["answers"], expected, "For given weights, the answers are those of another network.")


WIDE = Exercise("wide_and_deep", "Functional: a path around the layers", (
    told("structure", "Two hidden layers with ReLU and one output: for 8 features it has 1239 parameters.", no_arguments,
         partial(described, "wide_and_deep"), wide_structure, public=True),
    told("sizes", "The arguments decide: features, hidden layers and their units.",
         lambda draw: {"arguments": wide_arguments(draw)}, partial(described, "wide_and_deep"), wide_structure, cases=2),
    told("answers", "With given weights, it answers Dense(1) of [inputs, last hidden layer], in this order.", wide_weights,
         partial(answered, "wide_and_deep"), wide_answers, cases=2),
    told("equal_sizes", "With as many features as units, too, inputs and last hidden layer are concatenated, in this order.",
         equal_wide_weights, partial(answered, "wide_and_deep"), wide_answers),
))  # fmt: skip


def two_arguments(draw: Draw, equal: bool = False) -> dict[str, Any]:
    if equal:
        return {"wide_features": 3, "deep_features": 3, "units": (3, 3), "auxiliary_weight": 0.3}
    return {
        "wide_features": draws.one_of(draw, [2, 3]),
        "deep_features": draws.one_of(draw, [4, 6]),
        "units": draws.one_of(draw, [(7, 5, 8), (5, 8, 7)]),
        "auxiliary_weight": draws.one_of(draw, [0.3, 0.2]),
    }


def two_weights(draw: Draw, equal: bool = False) -> Inputs:
    given = two_arguments(draw, equal)
    last = given["units"][-1]
    shapes = [*deep_shapes(given["deep_features"], given["units"]), (given["wide_features"] + last, 1), (1,), (last, 1), (1,)]
    return {
        "arguments": given,
        "weights": [draws.values(draw, *shape, scale=1.0) for shape in shapes],
        "wide": draws.values(draw, 5, given["wide_features"]),
        "deep": draws.values(draw, 5, given["deep_features"]),
        "y": draws.values(draw, 5, 1),
    }


def two_answered(student: Any, arguments: Inputs, weights: list[np.ndarray], wide: Any, deep: Any, y: np.ndarray) -> Any:
    fresh()
    model = student.two_inputs_two_outputs(**arguments)
    return {"answers": inside("answer_with")(model, weights, [wide, deep])}


OUTPUTS = ("main", "auxiliary")


def two_evaluated(student: Any, arguments: Inputs, weights: list[np.ndarray], wide: Any, deep: Any, y: np.ndarray) -> Any:
    fresh()
    model = student.two_inputs_two_outputs(**arguments)
    answers = inside("answer_with")(model, None, [wide, deep])
    found = {"answers": answers, "found": model.evaluate([wide, deep], [y, y], verbose=0, return_dict=True)}
    # Where one output is off by 1 in every row and the other not at all, the loss is the weight of the one.
    above, right = function(lambda answer: answer + 1.0), [answers[0], answers[1]]
    for place, name in enumerate(OUTPUTS):
        labels = [above(answer) if i == place else answer for i, answer in enumerate(right)]
        found[name] = model.evaluate([wide, deep], labels, verbose=0, return_dict=True)
    return found


def two_structure(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = case["arguments"]
    wide, deep, units = given.get("wide_features", 5), given.get("deep_features", 6), given.get("units", (30, 30))
    total = sum(math.prod(shape) for shape in deep_shapes(deep, units)) + wide + units[-1] + 1 + units[-1] + 1
    claims = graph_claims(answers["model"], units, total, 2)
    compiled = answers["model"].get("compiled")
    claims["compiled"] = Claim(compiled is not None, True, 0, said="The model is not compiled.")
    return claims


def two_same(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    weights = list(case["weights"])
    hidden = deep_path(case["arguments"]["units"], weights, case["deep"])
    main = np.concatenate([case["wide"], hidden], axis=1) @ weights[0] + weights[1]
    auxiliary = hidden @ weights[2] + weights[3]
    found = answers["answers"]
    if isinstance(found, str):
        return array_claim("answers", found, main, "")
    if not isinstance(found, list) or len(found) != 2:
        return {"two outputs": Claim(False, True, 0, said="The model has not two outputs, as a list.")}
    return {
        **array_claim("main output", found[0], main, "For given weights, the first output is not the main one's answer."),
        **array_claim(
            "auxiliary output", found[1], auxiliary, "For given weights, the second output is not the auxiliary one's."
        ),
    }


def two_losses(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    main, auxiliary = (float(np.square(answer - case["y"]).mean()) for answer in answers["answers"])
    share = case["arguments"]["auxiliary_weight"]
    loss = float(answers["found"]["loss"])
    # Keras averages the loss over batches in float32 in places. The weights are those that the model was born with, so no
    # claim is made of how far apart the two losses are: chance brings them together, and nobody is to blame.
    weights = dict(zip(OUTPUTS, (1 - share, share), strict=True))
    claims = {
        f"weight of the {name} output's loss": Claim(float(answers[name]["loss"]), due, 1e-5) for name, due in weights.items()
    }
    return {**claims, "loss": Claim(loss, (1 - share) * main + share * auxiliary, 1e-5 * (main + auxiliary))}


TWO = Exercise("two_inputs_two_outputs", "Two inputs, two outputs", (
    told("structure", "Hidden layers with ReLU and two outputs of one unit, compiled.", no_arguments,
         partial(described, "two_inputs_two_outputs"), two_structure, public=True),
    told("answers", "With given weights, [wide, deep] gives [main, auxiliary] as described.", two_weights, two_answered,
         two_same, cases=2),
    told("equal_sizes", "The same where all sizes are equal, so that whatever is connected wrongly fits, too.",
         partial(two_weights, equal=True), two_answered, two_same),
    told("loss", "The loss is the weighted sum of the two mean squared errors.", two_weights, two_evaluated, two_losses),
))  # fmt: skip

# --- count_parameters -------------------------------------------------------------------------------------------------

COUNTS = ("total", "trainable", "non_trainable")


def keras_dense(units: int, **options: Any) -> Any:
    return library("keras", "layers.Dense")(units, **options)


def keras_input(features: int) -> Any:
    return library("keras", "Input")((features,))


def stack(*layers: Any) -> Any:
    return library("keras", "Sequential")(list(layers))


def three_sizes(draw: Draw) -> Inputs:
    return {"sizes": list(draws.sizes(draw, 3))}


def count_plain(student: Any, sizes: list[int]) -> Any:
    fresh()
    n, m, k = sizes
    return {"counts": student.count_parameters(stack(keras_input(n), keras_dense(m), keras_dense(k, use_bias=False)))}


def count_norm(student: Any, sizes: list[int]) -> Any:
    fresh()
    n, m, k = sizes
    norm, dropout = library("keras", "layers.BatchNormalization"), library("keras", "layers.Dropout")
    layers = (norm(), keras_dense(m), norm(), dropout(0.5), keras_dense(k))
    return {"counts": student.count_parameters(stack(keras_input(n), *layers))}


def count_frozen(student: Any, sizes: list[int]) -> Any:
    fresh()
    n, m, k = sizes
    frozen = keras_dense(m)
    model = stack(keras_input(n), frozen, keras_dense(k))
    assign(frozen, "trainable", False)
    return {"counts": student.count_parameters(model)}


def count_shared(student: Any, sizes: list[int]) -> Any:
    fresh()
    n, m, _ = sizes
    inputs, first, shared = keras_input(n), keras_dense(m), keras_dense(m, activation="relu")
    outputs = shared(shared(first(inputs)))
    return {"counts": student.count_parameters(library("keras", "Model")(inputs=inputs, outputs=outputs))}


def count_and_look(student: Any, sizes: list[int]) -> Any:
    fresh()
    n, m, k = sizes
    frozen = keras_dense(m)
    model = stack(keras_input(n), frozen, keras_dense(k))
    assign(frozen, "trainable", False)
    before = snapshot(model.get_weights())
    student.count_parameters(model)
    return {
        "trainable": model.trainable,
        "frozen layer trainable": frozen.trainable,
        "parameters": model.count_params(),
        "same weights": snapshot(before),
        "weights": model.get_weights(),
    }


def counts_are(formula: Callable[..., tuple[int, int]], case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    total, trained = formula(*case["sizes"])
    found = answers["counts"]
    if not isinstance(found, dict) or sorted(found) != sorted(COUNTS):
        return {"keys": Claim(False, True, 0, said="The answer is no dict with the keys total, trainable and non_trainable.")}
    due = (total, trained, total - trained)
    whole = all(type(found[name]) is int or getattr(found[name], "dtype", np.dtype(float)).kind in "iu" for name in COUNTS)
    claims = {"whole numbers": Claim(whole, True, 0, said="The counts are no whole numbers.")}
    return {**claims, **{name: Claim(int(found[name]), count, 0) for name, count in zip(COUNTS, due, strict=True)}}


def left_alone(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    n, m, k = case["sizes"]
    same = all(np.array_equal(a, b) for a, b in zip(answers["same weights"], answers["weights"], strict=True))
    return {
        "still trainable": Claim(answers["trainable"], True, 0, said="The model is frozen afterwards."),
        "still frozen": Claim(
            answers["frozen layer trainable"], False, 0, said="A layer that was frozen is trainable afterwards."
        ),
        "parameters": Claim(answers["parameters"], (n + 1) * m + (m + 1) * k, 0),
        "same weights": Claim(same, True, 0, said="The model has other weights afterwards."),
    }


def count_check(name: str, sentence: str, program: Any, formula: Callable[..., tuple[int, int]], **options: Any) -> Check:
    return told(name, sentence, three_sizes, program, partial(counts_are, formula), **options)


COUNT = Exercise("count_parameters", "Counting parameters", (
    count_check("dense", "Dense layers: kernels, and biases where there are any; all of them trainable.", count_plain,
                lambda n, m, k: ((n + 1) * m + m * k, (n + 1) * m + m * k), public=True),
    count_check("norm", "A batch norm's moving statistics are parameters that are not trainable; a dropout layer has none, "
                "whatever state its generator has.", count_norm,
                lambda n, m, k: (4 * n + (n + 1) * m + 4 * m + (m + 1) * k, 2 * n + (n + 1) * m + 2 * m + (m + 1) * k)),
    count_check("frozen", "A frozen layer's parameters are not trainable.", count_frozen,
                lambda n, m, k: ((n + 1) * m + (m + 1) * k, (m + 1) * k)),
    count_check("shared", "A layer that is used twice is counted once.", count_shared,
                lambda n, m, k: ((n + 1) * m + (m + 1) * m, (n + 1) * m + (m + 1) * m)),
    told("left_alone", "The model is left as it was.", three_sizes, count_and_look, left_alone),
))  # fmt: skip

# --- compile_classifier -----------------------------------------------------------------------------------------------


# What sentences call the labels of the two kinds.
KINDS_OF_LABELS = {"integers": "class numbers", "one_hot": "one-hot labels"}


def labelled(draw: Draw, labels: str, logits: bool) -> Inputs:
    """Rows with labels, and with others as well: one loss alone may be that of many mistakes."""
    case = labelled_twice(draw)
    return {"labels": labels, "logits": logits, **case, **{name: case[name][labels] for name in ("y", "others")}}


def labelled_twice(draw: Draw) -> Inputs:
    features, classes = draws.one_of(draw, [(4, 3), (5, 4)])
    numbers = np.random.default_rng(draws.seeds(draw)).integers(0, classes, 11).astype(np.float64)
    numbers[:classes] = np.arange(classes)  # every class occurs
    both = {"y": numbers, "others": (numbers + 1) % classes}
    return {
        "kernel": draws.values(draw, features, classes),
        "x": draws.values(draw, 11, features),
        **{name: {"integers": y, "one_hot": np.eye(classes)[y.astype(int)]} for name, y in both.items()},
    }


def small_classifier(kernel: np.ndarray, logits: bool) -> Any:
    last = {} if logits else {"activation": "softmax"}
    model = stack(keras_input(kernel.shape[0]), keras_dense(kernel.shape[1], use_bias=False, **last))
    model.set_weights([kernel])
    return model


def compiled_and_evaluated(student: Any, **case: Any) -> Any:
    fresh()
    return evaluated(student, **case)


def evaluated(
    student: Any, labels: str, logits: bool, kernel: np.ndarray, x: np.ndarray, y: Any, others: Any
) -> dict[str, Any]:
    model = student.compile_classifier(small_classifier(kernel, logits), labels=labels, from_logits=logits)
    return {
        "compiled": inside("compile_values")(model),
        "found": snapshot(model.evaluate(x, y, verbose=0)),
        "found with other labels": model.evaluate(x, others, verbose=0),
    }


def compiled_for_logits(student: Any, kernel: np.ndarray, x: np.ndarray, y: Inputs, others: Inputs) -> Any:
    fresh()
    return {kind: evaluated(student, kind, True, kernel, x, y[kind], others[kind]) for kind in KINDS_OF_LABELS}


def loss_told(loss: Any) -> tuple[str, bool]:
    """A loss as (name, from_logits), whichever way it was given."""
    settings = loss.get("config") or {} if isinstance(loss, Mapping) else {}
    kind = str(loss.get("class") if isinstance(loss, Mapping) else loss)
    snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in kind).lstrip("_")
    return snake, bool(settings.get("from_logits", False))


def evaluated_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    probabilities = softmax(case["x"] @ case["kernel"])
    name, logits = loss_told(answers["compiled"]["loss"])
    due = "categorical_crossentropy" if case["labels"] == "one_hot" else "sparse_categorical_crossentropy"
    # A function of one's own, or a class, is what it answers: it is asked with two kinds of labels below.
    claims = {"kind of loss": Claim(kind, LOSSES[due], 0, said=f"The loss is {kind}.")} if (kind := LOSSES.get(name)) else {}
    if not case["logits"]:
        # Keras sees a softmax of its own in front of such a loss, warns, and mends it in its own loops; nobody else does.
        said = "from_logits is True, and the model ends with softmax: what it answers are no logits."
        claims["from_logits of probabilities"] = Claim(logits, False, 0, said=said)
    for which, y in (("", case["y"]), (" with other labels", case["others"])):
        found = answers[f"found{which}"]
        if not isinstance(found, list) or len(found) != 2:
            said = "evaluate does not answer two numbers, the loss and one metric."
            return {**claims, "metrics": Claim(False, True, 0, said=said)}
        classes = y.argmax(axis=1) if case["labels"] == "one_hot" else y.astype(int)
        loss = -float(np.log(probabilities[np.arange(len(classes)), classes]).mean())
        accuracy = float((probabilities.argmax(axis=1) == classes).mean())
        # Keras sums losses and metrics in float32 in places.
        claims[f"loss{which}"] = Claim(float(found[0]), loss, 1e-5 * (1 + loss))
        claims[f"accuracy{which}"] = Claim(float(found[1]), accuracy, 1e-5)
    return claims


def logits_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    for kind, words in KINDS_OF_LABELS.items():
        of_kind = {**case, "labels": kind, "logits": True, "y": case["y"][kind], "others": case["others"][kind]}
        claims |= {f"{name} of {words}": claim for name, claim in evaluated_right(of_kind, answers[kind], right).items()}
    return claims


def compile_case(draw: Draw) -> Inputs:
    return {"learning_rate": draws.one_of(draw, [0.03, 0.2]), "kernel": draws.values(draw, 4, 3)}


def compiled_with_rate(student: Any, learning_rate: float, kernel: np.ndarray) -> Any:
    fresh()
    model = small_classifier(kernel, False)
    compiled = student.compile_classifier(model, learning_rate=learning_rate)
    return {"compiled": inside("compile_values")(compiled), "same": same_object(model, compiled)}


# Settings of Keras's optimizers that change a step, and that no description here asks for.
NOT_ASKED_FOR = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "gradient_accumulation_steps")


def optimizer_claims(optimizer: Mapping[str, Any], rate: float, momentum: float) -> dict[str, Claim]:
    known = ("SGD", "Adam", "RMSprop", "Nadam", "Adagrad", "AdamW", "Adamax", "Adadelta", "Ftrl", "Lion")
    kind, config = optimizer["class"], optimizer["config"]
    claims = {"optimizer": Claim(kind, "SGD", 0, said=f"The optimizer is {kind if kind in known else 'another'}.")}
    if kind != "SGD":
        return claims
    return {
        **claims,
        "learning rate": Claim(float(config["learning_rate"]), rate, 1e-6 * rate),  # kept in float32
        "momentum": Claim(float(config["momentum"]), momentum, 1e-9),
        "Nesterov": Claim(bool(config["nesterov"]), False, 0),
        "nothing else": Claim(
            any(config.get(name) for name in NOT_ASKED_FOR), False, 0,
            said="The optimizer does more than is asked for: it clips gradients, or lets weights decay.",
        ),
    }  # fmt: skip


def compiled_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    said = "The function returns no compiled model: it should return the one that it was given."
    if answers["compiled"] is None:
        return {"compiled": Claim(False, True, 0, said=said)}
    return {
        **optimizer_claims(answers["compiled"]["optimizer"], case["learning_rate"], 0.0),
        "the same model": Claim(answers["same"], True, 0, said=said),
    }


def other_labels(student: Any, kernel: np.ndarray, labels: str) -> Any:
    fresh()
    model = small_classifier(kernel, False)
    student.compile_classifier(model)  # what is not written yet has not refused anything
    return {"raised": attempt(student.compile_classifier, model, labels=labels)}


def refused(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    raised = answers["raised"]
    return {"raises ValueError": Claim(raised == "ValueError", True, 0)}


COMPILE = Exercise("compile_classifier", "Compiling: the loss that fits", (
    told("integers", "Class numbers and softmax: evaluate gives the mean of -ln p of the right class, and the accuracy.",
         lambda draw: labelled(draw, "integers", False), compiled_and_evaluated, evaluated_right, public=True),
    told("one_hot", "One-hot labels and softmax: the same two numbers.", lambda draw: labelled(draw, "one_hot", False),
         compiled_and_evaluated, evaluated_right),
    told("logits", "A last layer without softmax and from_logits=True: the same two numbers, for both kinds of labels.",
         labelled_twice, compiled_for_logits, logits_right),
    told("optimizer", "The optimizer is SGD with the given learning rate and no momentum; the model itself is returned.",
         compile_case, compiled_with_rate, compiled_right),
    told("other_labels", "Other labels than these two are refused with a ValueError.",
         lambda draw: {"kernel": draws.values(draw, 4, 3), "labels": "words"}, other_labels, refused),
))  # fmt: skip

# --- decayed_sgd ------------------------------------------------------------------------------------------------------

DECAYS = [(0.2, 0.05, 0.8), (0.5, 0.3, 0.7), (0.05, 0.02, 0.6)]


def decay_case(draw: Draw, decays: Sequence[tuple[float, float, float]] = DECAYS) -> Inputs:
    rate, decay, momentum = draws.one_of(draw, decays)
    return {"arguments": {"learning_rate": rate, "decay": decay, "momentum": momentum}}


def decay_rates(student: Any, arguments: Inputs, steps: list[int]) -> Any:
    fresh()
    return {"rates": inside("rates_at")(student.decayed_sgd(**arguments), steps)}


def decay_steps(student: Any, arguments: Inputs) -> Any:
    fresh()
    return {"path": inside("steps_of")(student.decayed_sgd(**arguments), [1.0, 1.0, -0.5, 2.0, 1.0])}


def decay_settings(student: Any, arguments: Inputs) -> Any:
    fresh()
    return {"optimizer": inside("object_values")(student.decayed_sgd(**arguments))}


def inverse_time(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = {"learning_rate": 0.1, "decay": 1e-4, **case["arguments"]}
    expected = given["learning_rate"] / (1 + given["decay"] * np.array(case["steps"], dtype=float))
    found, within = np.array(answers["rates"], dtype=float), 1e-5 * expected  # float32 in some versions of Keras
    said = rates_said(found, expected, within, lambda place: after_steps(case["steps"][place]))
    return array_claim("rates", found, expected, said, within)


def after_steps(count: int) -> str:
    return f"after {count} step{'s' * (count != 1)}" if count else "at the first step"


def momentum_path(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = case["arguments"]
    velocity, place, path = 0.0, 1.0, []
    for step, gradient in enumerate([1.0, 1.0, -0.5, 2.0, 1.0]):
        velocity = given["momentum"] * velocity - given["learning_rate"] / (1 + given["decay"] * step) * gradient
        place += velocity
        path.append(place)
    said = "A parameter that is given a few gradients goes another way than with momentum and the falling rate."
    return array_claim("path", np.array(answers["path"], dtype=float), np.array(path), said, 1e-5)


def sgd_settings(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    kind, config = answers["optimizer"]["class"], answers["optimizer"]["config"]
    return {
        "SGD": Claim("SGD" in (kind, *answers["optimizer"]["parents"]), True, 0),
        "momentum": Claim(float(config["momentum"]), case["arguments"].get("momentum", 0.9), 1e-9),
        "Nesterov": Claim(bool(config["nesterov"]), False, 0),
        "weight decay": Claim(bool(config["weight_decay"]), False, 0, said="weight_decay is set: it shrinks the weights."),
    }


DECAY = Exercise("decayed_sgd", "A learning rate that falls", (
    told("rates", "With the defaults, the rate after t steps is 0.1 / (1 + 0.0001 t).",
         lambda draw: {"arguments": {}, "steps": [0, 1, 100, 10_000]}, decay_rates, inverse_time, public=True),
    told("other_rates", "The same for other learning rates and decays, step by step.",
         lambda draw: {**decay_case(draw), "steps": [0, 1, 2, 7, 50, 1000]}, decay_rates, inverse_time, cases=2),
    told("settings", "It is SGD with the given momentum, without Nesterov's, and without weight decay.", decay_case,
         decay_settings, sgd_settings),
    # With a decay whose inverse is no whole number, so that whoever rounds that is told from whoever does not.
    told("path", "Given gradients, it moves a parameter as momentum with that falling rate does.",
         partial(decay_case, decays=DECAYS[1:2]), decay_steps, momentum_path),
))  # fmt: skip

# --- fit_with_validation ----------------------------------------------------------------------------------------------


def line_case(draw: Draw, rows: int = 12, **options: Any) -> Inputs:
    return {
        "x": draws.values(draw, rows, 3),
        "y": draws.values(draw, rows, 1),
        "x_valid": draws.values(draw, 5, 3),
        "y_valid": draws.values(draw, 5, 1),
        "kernel": draws.values(draw, 3, 1),
        **options,
    }


def fitted(
    student: Any, x: Any, y: Any, x_valid: Any, y_valid: Any, kernel: Any, epochs: int, batch_size: int, patience: int = 0
) -> Any:
    fresh()
    model = stack(keras_input(3), keras_dense(1, use_bias=False))
    model.set_weights([kernel])
    optimizer = library("keras", "optimizers.SGD")(learning_rate=0.05)
    # Tracing a graph takes longer than the few steps that are trained here.
    model.compile(optimizer=optimizer, loss="mse", metrics=["mae"], run_eagerly=True)
    options: dict[str, Any] = {}
    if patience:
        stopping = library("keras", "callbacks.EarlyStopping")
        options["callbacks"] = [stopping(monitor="val_loss", patience=patience, min_delta=1e3)]
    history = student.fit_with_validation(model, x, y, (x_valid, y_valid), epochs, batch_size=batch_size, **options)
    return {"history": history, "kernel": model.get_weights()[0], "steps": model.optimizer.iterations.numpy()}


def line_epochs(case: Inputs) -> tuple[dict[str, list[float]], np.ndarray]:
    """Gradient descent on all of the data, epoch by epoch: each epoch's numbers, and the last kernel."""
    kernel = case["kernel"]
    history: dict[str, list[float]] = {name: [] for name in ("loss", "mae", "val_loss", "val_mae")}
    for _ in range(case["epochs"]):
        error = case["x"] @ kernel - case["y"]
        history["loss"].append(float(np.square(error).mean()))
        history["mae"].append(float(np.abs(error).mean()))
        kernel = kernel - 0.05 * 2 * case["x"].T @ error / len(error)
        error = case["x_valid"] @ kernel - case["y_valid"]
        history["val_loss"].append(float(np.square(error).mean()))
        history["val_mae"].append(float(np.abs(error).mean()))
    return history, kernel


def history_keys(found: Any) -> dict[str, Claim]:
    if not isinstance(found, dict) or not all(isinstance(entry, list) for entry in found.values()):
        return {"dict of lists": Claim(False, True, 0, said="The answer is no dict of lists of numbers.")}
    for name in ("loss", "mae", "val_loss", "val_mae"):
        if name not in found:
            return {"keys": Claim(False, True, 0, said=f"There is no {name} in the answer.")}
    return {}


def history_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    found = answers["history"]
    if wrong := history_keys(found):
        return wrong
    history, kernel = line_epochs(case)
    claims: dict[str, Claim] = {}
    for name, expected in history.items():
        said = f"{name} is not what it should be in each epoch."
        claims |= array_claim(name, np.array(found[name], dtype=float), np.array(expected), said, 1e-4)  # summed in float32
    return {
        **claims,
        **array_claim("weights", answers["kernel"], kernel, "The model was trained on other examples, or otherwise."),
    }


def batches_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    found = answers["history"]
    if wrong := history_keys(found):
        return wrong
    steps = case["epochs"] * math.ceil(len(case["x"]) / case["batch_size"])
    return {
        "epochs": Claim(len(found["loss"]), case["epochs"], 0),
        "steps": Claim(int(answers["steps"]), steps, 0),
    }


def stopped_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    found = answers["history"]
    # With a min_delta that nothing reaches, only the first epoch counts as an improvement; then patience runs out.
    return history_keys(found) or {"epochs": Claim(len(found["val_loss"]), 1 + case["patience"], 0)}


FIT = Exercise("fit_with_validation", "Training with validation data", (
    told("history", "In one batch of everything, each epoch's numbers are those of gradient descent, around its step.",
         lambda draw: line_case(draw, epochs=3, batch_size=12), fitted, history_right, public=True),
    told("batches", "An epoch goes through all examples in batches of batch_size, and there are as many epochs as asked.",
         lambda draw: line_case(draw, 13, epochs=2, batch_size=4), fitted, batches_right),
    told("callbacks", "Callbacks are used: one that stops training early does.",
         lambda draw: line_case(draw, epochs=6, batch_size=6, patience=2), fitted, stopped_right),
))  # fmt: skip

# --- callbacks --------------------------------------------------------------------------------------------------------


def curve(draw: Draw, bumpy: bool = False, endless: bool = False) -> Inputs:
    """A script of epochs: the validation loss has its minimum long before the end, the training loss falls on."""
    patience = draws.one_of(draw, [3, 4])
    best = draws.one_of(draw, [2, 3])
    falling = [2.0 - 0.25 * epoch for epoch in range(best + 1)]
    if bumpy:  # it rises for as many epochs as patience still allows, and improves once more, by a millionth
        falling += [falling[-1] + 0.1 * (i + 1) for i in range(patience - 1)] + [falling[-1] - 2.0**-20]
    rising = [falling[-1] + 0.125 * (i + 1) for i in range(1 if endless else patience + 3)]
    values = falling + rising
    logs = [
        {"loss": 1.0 / (epoch + 1), "accuracy": 1 - 0.5 / (epoch + 1), "val_accuracy": 0.5 + 0.01 * epoch, "val_loss": value}
        for epoch, value in enumerate(values)
    ]
    return {"patience": patience, "logs": logs}


def rehearsed_stopping(student: Any, patience: int, logs: list[Any]) -> Any:
    fresh()
    return {"seen": inside("rehearse")(student.early_stopping(patience=patience), logs)}


def default_stopping(student: Any, logs: list[Any]) -> Any:
    fresh()
    return {"seen": inside("rehearse")(student.early_stopping(), logs)}


def best_epoch(case: Inputs) -> int:
    return int(np.argmin([log["val_loss"] for log in case["logs"]]))


def stops(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    due = min(best_epoch(case) + 1 + case.get("patience", 10), len(case["logs"]))
    return {"epochs": Claim(answers["seen"]["epochs"], due, 0)}


def restores(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    kept = answers["seen"]["weights of epoch"]
    said = "At the end the model has not the weights of the epoch with the lowest validation loss."
    return {"epoch of the weights": Claim(kept, best_epoch(case), 0, said=said)}


EARLY = Exercise("early_stopping", "Callbacks: stopping early", (
    told("stops", "Training ends when the validation loss has not fallen for patience epochs.", curve, rehearsed_stopping,
         stops, public=True),
    told("best_weights", "The weights of the best epoch are brought back.", curve, rehearsed_stopping, restores),
    told("patience", "An improvement in the last epoch that patience allows counts, however small; the waiting begins again.",
         partial(curve, bumpy=True), rehearsed_stopping, stops),
    told("default", "Where nothing is said, patience is 10.",
         lambda draw: {"logs": [{"loss": 1.0, "val_loss": 1.0 + 0.125 * epoch} for epoch in range(14)]}, default_stopping,
         stops, public=True),
))  # fmt: skip


def ratio_logs(draw: Draw, name: str = "logs") -> Inputs:
    losses, others = draws.positive(draw, 4), draws.positive(draw, 4)
    logs = [{"loss": a, "val_loss": b} for a, b in zip(losses.tolist(), others.tolist(), strict=True)]
    return {name: logs}


def recorded_ratios(student: Any, logs: list[Any]) -> Any:
    fresh()
    callback = student.LossRatio()
    inside("rehearse")(callback, logs, 3)
    before = snapshot(callback.ratios)
    callback.on_epoch_end(4, logs[0])
    return {"ratios": before, "entries": sorted_keys(logs[0])}


def ratios_and_logs(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    said = "It takes numbers out of logs, which others read after it."
    entries = Claim(answers["entries"] == ["loss", "val_loss"], True, 0, said=said)
    return {**ratios_are({"ratios": "logs"}, case, answers, right), "entries of logs": entries}


def ratios_twice(student: Any, first: list[Any], second: list[Any]) -> Any:
    fresh()
    callback, other = student.LossRatio(), student.LossRatio()
    inside("rehearse")(callback, first)
    before = snapshot(callback.ratios)
    inside("rehearse")(callback, second)
    return {"first": before, "second": callback.ratios, "another instance": other.ratios}


def ratios_are(names: Mapping[str, str], case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    for answer, logs in names.items():
        expected = np.array([log["val_loss"] / log["loss"] for log in case[logs]]) if logs else np.zeros(0)
        found = answers[answer]
        if not isinstance(found, list) or not all(form_is_number(item) for item in found):
            claims[answer] = Claim(False, True, 0, said="ratios is no list of numbers.")
        elif len(found) != len(expected):
            claims[f"number of {answer}"] = Claim(len(found), len(expected), 0)
        elif found:
            claims[answer] = Claim(np.array(found, dtype=float), expected, 1e-9)
        else:
            claims[answer] = Claim(len(found), 0, 0)
    return claims


def form_is_number(value: Any) -> bool:
    return type(value) in (int, float) or (isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "fiu")


RATIO = Exercise("LossRatio", "Callbacks: numbers of your own", (
    told("ratios", "After training, ratios holds val_loss / loss of each epoch.", ratio_logs, recorded_ratios,
         ratios_and_logs, public=True),
    told("again", "A second training begins with an empty list.",
         lambda draw: {**ratio_logs(draw, "first"), **ratio_logs(draw, "second")}, ratios_twice,
         partial(ratios_are, {"first": "first", "second": "second"})),
    told("instances", "Two instances share nothing.", lambda draw: {**ratio_logs(draw, "first"), **ratio_logs(draw, "second")},
         ratios_twice, partial(ratios_are, {"second": "second", "another instance": ""})),
))  # fmt: skip


def scheduler_case(draw: Draw) -> Inputs:
    return {"arguments": {"learning_rate": draws.one_of(draw, [0.3, 0.05]), "epochs": draws.one_of(draw, [4, 7])}}


def scheduler_rates(student: Any, arguments: Inputs) -> Any:
    fresh()
    logs = [{"loss": 1.0, "val_loss": 1.0}] * 9
    return {"rates": inside("rehearse")(student.exponential_scheduler(**arguments), logs, 1)["rates"]}


def scheduler_twice(student: Any, arguments: Inputs) -> Any:
    fresh()
    logs = [{"loss": 1.0, "val_loss": 1.0}] * 4
    callback = student.exponential_scheduler(**arguments)
    inside("rehearse")(callback, logs, 1, 0.7)
    rates = inside("rehearse")(callback, logs, 2, 0.9)["rates"]
    callback.on_epoch_begin(1, {})  # a training that goes on from there: the rate depends on the epoch alone
    return {"rates": rates, "going on": inside("as_array")(callback.model.optimizer.learning_rate)}


def exponential_again(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = case["arguments"]
    due = np.array(given["learning_rate"] * 0.1 ** (1 / given["epochs"]))
    said = "In a training that goes on from its second epoch, the learning rate is not the one that is due in that epoch."
    going_on = np.array(answers["going on"], dtype=float)
    return {**exponential(4, 2, case, answers, right), **array_claim("going on", going_on, due, said, 1e-6 * due)}


def scheduler_fit(student: Any, arguments: Inputs) -> Any:
    fresh()
    return {"rates": inside("rates_in_fit")(student.exponential_scheduler(**arguments), 2, 3)}


def exponential(epochs: int, batches: int, case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    given = {"learning_rate": 0.01, "epochs": 20, **case["arguments"]}
    expected = given["learning_rate"] * 0.1 ** (np.repeat(np.arange(epochs), batches) / given["epochs"])
    found, within = np.array(answers["rates"], dtype=float), 1e-6 * expected
    said = rates_said(found, expected, within, lambda place: f"in epoch {place // batches}", ", counted from 0,")
    return array_claim("rates", found, expected, said, within)


SCHEDULER = Exercise("exponential_scheduler", "Callbacks: the learning rate, epoch by epoch", (
    told("rates", "The first epoch has the learning rate itself, each further one 0.1 ** (1 / epochs) times the one before.",
         no_arguments, scheduler_rates, partial(exponential, 9, 1), public=True),
    told("other_rates", "The same for other learning rates and epochs.", scheduler_case, scheduler_rates,
         partial(exponential, 9, 1), cases=2),
    told("again", "A second training, of a model with another rate, has the same rates, and all batches of an epoch have one; "
         "so has one that goes on from a later epoch.", scheduler_case, scheduler_twice, exponential_again),
    told("in_fit", "In a real fit, each epoch's batches have the rate of their epoch.", scheduler_case, scheduler_fit,
         partial(exponential, 3, 2)),
))  # fmt: skip


def cycle_case(draw: Draw, epochs: int, batches: int, total: int) -> Inputs:
    return {"rate": draws.one_of(draw, [0.5, 0.3, 2.0]), "epochs": epochs, "batches": batches, "total": total}


def cycle_rates(student: Any, rate: float, epochs: int, batches: int, total: int) -> Any:
    fresh()
    logs = [{"loss": 1.0, "val_loss": 1.0}] * epochs
    callback = student.OneCycle(max_learning_rate=rate, total_steps=total)
    return {"rates": inside("rehearse")(callback, logs, batches)["rates"]}


def cycle_twice(student: Any, rate: float, epochs: int, batches: int, total: int) -> Any:
    fresh()
    logs = [{"loss": 1.0, "val_loss": 1.0}] * epochs
    callback = student.OneCycle(max_learning_rate=rate, total_steps=total)
    inside("rehearse")(callback, logs, batches)
    return {"rates": inside("rehearse")(callback, logs, batches)["rates"]}


def cycle_fit(student: Any, rate: float, epochs: int, batches: int, total: int) -> Any:
    fresh()
    return {"rates": inside("rates_in_fit")(student.OneCycle(max_learning_rate=rate, total_steps=total), batches, epochs)}


def one_cycle(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    rate, total = case["rate"], case["total"]
    half = (total - total // 10 - 1) // 2
    steps = np.arange(case["epochs"] * case["batches"])
    expected = np.interp(steps, [0, half, 2 * half, total], [rate / 10, rate, rate / 10, rate / 10_000])
    found = np.array(answers["rates"], dtype=float)
    # Whoever computes a step's rate by adding differences rounds at each of them; float32 is kept in some versions of Keras.
    within = 1e-6 * rate
    said = "The learning rates of the batches are not those that are due."
    if found.shape == expected.shape:
        wrong = np.flatnonzero(~(np.abs(found - expected) <= within))
        first = int(wrong[0]) if wrong.size else 0
        said = f"The learning rate is {found[first]:.4g} in batch {first}, counted from 0, where another is due"
        said += f"; it is right in the {first} before it." if first else "."
    return array_claim("rates", found, expected, said, within)


CYCLE = Exercise("OneCycle", "1cycle, batch by batch", (
    told("rates", "Over an epoch of 25 batches the rate rises to the maximum, falls back, and ends far below.",
         lambda draw: cycle_case(draw, 1, 25, 25), cycle_rates, one_cycle, public=True),
    told("epochs", "It runs over all epochs of the training, not over each again.", lambda draw: cycle_case(draw, 3, 14, 42),
         cycle_rates, one_cycle),  # of 42 steps a tenth and an eleventh give other lines
    told("again", "A second training begins at step 0 again.", lambda draw: cycle_case(draw, 2, 7, 14), cycle_twice,
         one_cycle),
    told("beyond", "After total_steps the last rate stays.", lambda draw: cycle_case(draw, 2, 9, 13), cycle_rates, one_cycle),
    told("in_fit", "In a real fit, each batch is trained with its own rate: it is set before the batch.",
         lambda draw: cycle_case(draw, 2, 6, 12), cycle_fit, one_cycle),
))  # fmt: skip

# --- norms ------------------------------------------------------------------------------------------------------------


def training_pass(name: str, student: Any, arguments: Inputs, x: np.ndarray) -> Any:
    fresh()
    model = getattr(student, name)(**arguments)
    first = inside("answer_with")(model, None, x)
    before = snapshot(model.get_weights())
    inside("answer_with")(model, None, x, True)
    return {"first": first, "before": before, "after": model.get_weights()}


def norms_moved(recipe: Callable[..., Recipe], case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    """After one training pass every moving statistic is .99 of the old and .01 of the batch's; nothing else has moved."""
    steps = recipe(**case["arguments"])
    forms = weight_forms(steps, math.prod(case["arguments"]["input_shape"]))
    before, after = answers["before"], answers["after"]
    if [array.shape for array in before] != [shape for _, shape in forms]:
        return {"weights": Claim(False, True, 0, said="The network has other weights than the one that is described.")}
    places = [place for place, (name, _) in enumerate(forms) if name.startswith("moving")]
    found = [after[place] for place in places]
    expected = moved(steps, before, case["x"])
    rest = all(np.array_equal(a, b) for i, (a, b) in enumerate(zip(before, after, strict=True)) if i not in places)
    return {
        **array_claim("moving statistics", np.concatenate(found), np.concatenate(expected),
                      "After one training pass the moving statistics are not what they should be."),
        "the rest stays": Claim(rest, True, 0, said="A training pass alone changes weights that only an optimizer should."),
    }  # fmt: skip


def pass_case(draw: Draw, *options: str) -> Inputs:
    given = arguments(draw, *options)
    return {"arguments": given, "x": draws.values(draw, 7, *given["input_shape"])}


def norm_exercise(name: str, title: str, recipe: Callable[..., Recipe], sentence: str) -> Exercise:
    moving = told("moving", "A training pass moves the moving statistics towards the batch's; inference does not.",
                  pass_case, partial(training_pass, name), partial(norms_moved, recipe))  # fmt: skip
    return network(name, title, recipe, sentence, extra=[moving])


AFTER = norm_exercise(
    "norm_after_activation", "Batch norm first, and after the activations", norm_after_recipe,
    "A batch norm after Flatten and after each hidden activation: 271,346 parameters, of which 2368 are not trained.",
)  # fmt: skip
BEFORE = norm_exercise(
    "norm_before_activation", "Batch norm before the activations", norm_before_recipe,
    "Dense without a bias, batch norm, ReLU, for each hidden layer; then Dense with softmax.",
)  # fmt: skip

# --- initialization, penalties, dropout -------------------------------------------------------------------------------

ELU_HE = network(
    "elu_he_network", "ELU with He's initialization", elu_he_recipe,
    "Hidden layers with ELU and He's normal initialization; the output layer has Keras's default.",
)  # fmt: skip


def penalized(student: Any, arguments: Inputs, weights: list[np.ndarray], x: np.ndarray) -> Any:
    fresh()
    model = student.l2_network(**arguments)
    answers = inside("answer_with")(model, weights, x)
    return {"answers": answers, "penalty": inside("penalty")(model)}


def penalty_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    if isinstance(answers["answers"], str):
        return array_claim("penalty", answers["answers"], np.zeros(1), "")
    kernels = [weight for weight in case["weights"] if weight.ndim == 2]
    expected = case["arguments"]["l2"] * sum(float(np.square(kernel).sum()) for kernel in kernels)
    return {"penalty": Claim(float(answers["penalty"]), expected, WITHIN * expected)}


L2 = network(
    "l2_network", "L2 penalties", l2_recipe, "Every Dense layer has an L2 penalty of 0.01 on its kernel, none on its bias.",
    ["l2"],
    [told("penalty", "With given weights, what is added to the loss is l2 times the sum of all squared kernel weights.",
          lambda draw: with_weights(draw, l2_recipe, "l2"), penalized, penalty_right)],
)  # fmt: skip

ROWS = 10_000  # the standard error of a share of .3 is then .0046


def dropped_case(draw: Draw) -> Inputs:
    return {
        "arguments": {
            "input_shape": (1,), "units": (), "classes": 2, "rate": draws.one_of(draw, [0.3, 0.4, 0.15]),
        },
        "weights": [np.array([[0.4, -0.7]]), np.array([0.3, 0.1])],
        "x": np.ones((ROWS, 1)),
    }  # fmt: skip


def dropped(student: Any, arguments: Inputs, weights: list[np.ndarray], x: np.ndarray) -> Any:
    fresh()
    model = student.dropout_network(**arguments)
    return {name: inside("answer_with")(model, weights, x, True) for name in ("first", "second")}


def log_ratio(probabilities: np.ndarray) -> np.ndarray:
    ratio: np.ndarray = np.log(np.maximum(probabilities[:, 0], 1e-300) / np.maximum(probabilities[:, 1], 1e-300))
    return ratio


def dropped_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    """With one input and no hidden layer the logits tell what became of the input: 0, or 1 / (1 - rate)."""
    inputs = {name: (log_ratio(found) - 0.2) / 1.1 for name, found in answers.items()}
    rate = case["arguments"]["rate"]
    gone = np.abs(inputs["first"]) < WITHIN
    kept = inputs["first"][~gone]
    said = "In training, an input that is kept is not divided by 1 - rate before the Dense layer."
    return {
        "share that is dropped": share_claim(gone, rate),
        "kept": Claim(float(np.abs(kept * (1 - rate) - 1).max(initial=0.0)), 0.0, WITHIN, said=said),
        "a fresh mask": Claim(bool((gone != (np.abs(inputs["second"]) < WITHIN)).any()), True, 0),
    }


DROPOUT = network(
    "dropout_network", "Dropout", dropout_recipe, "Dropout of a rate of 0.2 before every Dense layer, none after the last.",
    ["rate"],
    [formed("training", "In training each input is dropped with the probability rate, or divided by 1 - rate; calls differ.",
          dropped_case, dropped, dropped_right)],
)  # fmt: skip

# --- the two recipes --------------------------------------------------------------------------------------------------


def default_compiled(student: Any, arguments: Inputs) -> Any:
    fresh()
    return {"compiled": inside("compile_values")(student.default_network(**arguments))}


def default_compiled_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    compiled = answers["compiled"]
    if compiled is None:
        return {"compiled": Claim(False, True, 0, said="The model is not compiled.")}
    name, logits = loss_told(compiled["loss"])
    said = f"The loss is {LOSSES.get(name, 'another')}."
    return {
        **optimizer_claims(compiled["optimizer"], case["arguments"]["learning_rate"], 0.9),
        "kind of loss": Claim(LOSSES.get(name, "another"), LOSSES["sparse_categorical_crossentropy"], 0, said=said),
        "from_logits": Claim(logits, False, 0),
        "a metric": Claim(len(compiled["metrics"]) > 0, True, 0, said="No metric is reported."),
    }


DEFAULT = network(
    "default_network", "The first recipe: He, ELU, batch norm, momentum", default_recipe,
    "Five hidden layers: Dense (He, no bias), batch norm, ELU; then Dense with softmax.", ["learning_rate"],
    [
        told("compiled", "It is compiled with SGD of momentum 0.9 and the given rate, the loss for class numbers, a metric.",
             lambda draw: drawn_arguments(draw, "learning_rate"), default_compiled, default_compiled_right),
        told("moving", "A training pass moves the moving statistics towards the batch's by a hundredth; inference does not.",
             lambda draw: pass_case(draw, "learning_rate"), partial(training_pass, "default_network"),
             partial(norms_moved, default_recipe)),
    ],
)  # fmt: skip


def two_sets(draw: Draw, images: bool = False, scale: float = 2.0) -> Inputs:
    shape = (3, 2) if images else (5,)
    return {"train": draws.values(draw, 7, *shape, scale=scale), "other": draws.values(draw, 3, *shape, scale=scale)}


def constant_feature(draw: Draw) -> Inputs:
    # 0 and 2 in all 8 rows: their mean is exact however it is summed, so their standard deviation is exactly 0.
    case = two_sets(draw)
    case["train"][:, 1], case["train"][:, 3] = 0.0, 2.0
    for rows in case.values():  # features in millionths and in billionths vary
        rows[:, 2] *= 1e-10
        rows[:, 4] *= 1e-6
    return case


def standardized(student: Any, train: np.ndarray, other: np.ndarray) -> Any:
    found = student.standardize(train, other)
    return {"train": found[0], "other": found[1]}


# A sum of squares minus the square of a sum loses a digit or two where the mean is a few standard deviations away.
SPREAD = Tolerance(1e-9, 1e-9, "the variance may be computed in either way")

STANDARDIZE = Exercise("standardize", "Standardizing the inputs", (
    Check("value", "Both arrays have the training set's mean taken away, and are divided by its standard deviation.", two_sets,
          standardized, tolerance=SPREAD, public=True, cases=1),
    Check("more", "The same for other arrays.", two_sets, standardized, tolerance=SPREAD, cases=5),
    Check("images", "Each pixel of an image is a feature of its own.", partial(two_sets, images=True), standardized,
          tolerance=SPREAD, cases=3),
    Check("constant", "A feature that does not vary is divided by 1, and one that varies by billionths is not.",
          constant_feature, standardized, tolerance=SPREAD, cases=3),
    Check("untouched", "Both arrays are as they were.", two_sets, standardized, tolerance=SPREAD, untouched=True, cases=1,
          public=True),
))  # fmt: skip

DEPTH, WIDTH, EXAMPLES = 10, 100, 500


def signal_case(draw: Draw) -> Inputs:
    return {
        "arguments": {"input_shape": (WIDTH,), "units": (WIDTH,) * DEPTH, "classes": 3},
        "x": draws.normal(draw, EXAMPLES, WIDTH),
        "seed": draws.seeds(draw) % 2**31,
    }


def signalled(student: Any, arguments: Inputs, x: np.ndarray, seed: int) -> Any:
    fresh(seed)
    model = student.self_normalizing_network(**arguments)
    return {"model": inside("describe")(model), "signals": inside("signals")(model, x)}


# Mean and variance of the last hidden layer, over 500 x 100 numbers, vary with the initial weights: in 1000 networks the means
# had a standard deviation of .010 about 0, the variances one of .047 about .99. These are more than eight of each. He's
# initialization has a variance of 12 or more, ELU one below .07 or above 2, ReLU a mean above .2 or a variance near 0.
MEAN_WITHIN = 0.1
# See the comment above: more than eight standard deviations of what right networks show.
VARIANCE_WITHIN = 0.4


def normal_signals(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    if not answers["model"]["model"]:
        return structure_claims(answers["model"], [], ())
    if not answers["model"]["listed"]:
        said = "The network is a class of your own, whose signals cannot be looked at layer by layer."
        return {"layers can be listed": Claim(False, True, 0, said=said)}
    active = [
        index for index, layer in enumerate(answers["model"]["layers"])
        if any(step[0] == "activation" and step[1] != "softmax" for step in steps_of(layer))
    ]  # fmt: skip
    if len(active) != DEPTH:
        return {"hidden activations": Claim(len(active), DEPTH, 0)}
    mean, variance = answers["signals"][active[-1]]
    return {
        "mean after ten layers": Claim(float(mean), 0.0, MEAN_WITHIN),
        "variance after ten layers": Claim(float(variance), 1.0, VARIANCE_WITHIN),
    }


SELF = network(
    "self_normalizing_network", "The second recipe: a network that normalizes itself", self_normalizing_recipe,
    "Ten hidden layers with SELU and LeCun's normal initialization, AlphaDropout after the last, softmax.", ["rate"],
    [told("signals", "Standard normal inputs keep mean 0 and variance 1, about, through ten layers.", signal_case, signalled,
          normal_signals)],
)  # fmt: skip

# --- Monte Carlo dropout ----------------------------------------------------------------------------------------------

DRAWN = 10_000


def mc_case(draw: Draw, normal: bool = False) -> Inputs:
    x = draws.normal(draw, 1, DRAWN) if normal else draws.values(draw, 1, DRAWN)
    return {"rate": draws.one_of(draw, [0.3, 0.4, 0.15]), "x": x}


def mc_calls(name: str, student: Any, rate: float, x: np.ndarray) -> Any:
    fresh()
    layer = getattr(student, name)(rate)
    return {
        "plain": inside("as_array")(layer(x)),
        "inference": inside("as_array")(layer(x, training=False)),
        "training": inside("as_array")(layer(x, training=True)),
    }


def mc_in_model(name: str, student: Any, rate: float, x: np.ndarray) -> Any:
    fresh()
    model = stack(keras_input(DRAWN), getattr(student, name)(rate))
    return {
        "first": model.predict(x, verbose=0),
        "second": model.predict(x, verbose=0),
        "called": inside("answer_with")(model, None, x),
    }


def mc_settings(name: str, student: Any, rate: float) -> Any:
    fresh()
    plain = getattr(student, name)(rate)
    layer = getattr(student, name)(rate, name="mine", noise_shape=(1, 50))
    again = getattr(student, name).from_config(layer.get_config())
    seeded = getattr(student, name)(rate, seed=7)
    return {
        "layer": inside("layer_values")(again),
        "name": again.name,
        "answers": inside("as_array")(again(np.ones((40, 50)))),
        "by itself": inside("as_array")(plain(np.ones((40, 50)))),
        "with a seed": inside("as_array")(seeded(np.ones((40, 50)))),
        "with it again": inside("as_array")(seeded(np.ones((40, 50)))),
    }


def mc_zero(name: str, student: Any, x: np.ndarray) -> Any:
    fresh()
    return {"answers": inside("as_array")(getattr(student, name)(0.0)(x))}


def alpha_constants(rate: float) -> tuple[float, float, float]:
    """Factor and summand of alpha dropout's affine map, and what a dropped number becomes."""
    low = -SELU_ALPHA * SELU_SCALE
    a = ((1 - rate) * (1 + rate * low**2)) ** -0.5
    b = -a * low * rate
    return a, b, a * low + b


def masks(case: Inputs, answers: Inputs, alpha: bool) -> dict[str, tuple[np.ndarray, float]]:
    """For each answer: which numbers were dropped, and how far the others are from what they should be."""
    rate = case["rate"]
    factor, summand, lost = alpha_constants(rate) if alpha else (1 / (1 - rate), 0.0, 0.0)
    found = {}
    for name, answer in answers.items():
        gone = np.abs(answer - lost) < WITHIN
        off = np.abs(answer - (factor * case["x"] + summand))[~gone]
        found[name] = (gone, float(off.max(initial=0.0)))
    return found


ASKED_FOR = {
    "plain": "Called with nothing said of training",
    "inference": "Called with training=False",
    "training": "Called with training=True",
    "first": "In a model's predict, which says training=False",
    "second": "In a model's second predict, which says training=False",
    "called": "In a model that is called",
}


def mc_right(alpha: bool, case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    found = masks(case, answers, alpha)
    claims: dict[str, Claim] = {}
    for name, (gone, off) in found.items():
        said = "" if gone.any() else f"{ASKED_FOR[name]}, nothing is dropped."
        claims[f"share dropped, {name}"] = replace(share_claim(gone, case["rate"]), said=said)
        claims[f"kept numbers, {name}"] = Claim(off, 0.0, WITHIN, said="A number that is kept is not scaled as it should be.")
    first, second, *_ = (gone for gone, _ in found.values())
    claims["a fresh mask"] = Claim(
        bool((first != second).any()), True, 0, said="Two predictions of a model drop the same numbers."
    )
    return claims


def mc_moments(alpha: bool, case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    answer = np.asarray(answers["inference"], dtype=float)
    if alpha:
        # Of a mixture of a normal and a constant; its kurtosis is below 4 for all rates that are drawn.
        return {"mean": mean_claim(answer, 0.0, 1.0), "variance": variance_claim(answer, 0.0, 1.0, 4.0)}
    x, rate = case["x"], case["rate"]
    spread = float(np.sqrt(np.square(x).mean() * rate / (1 - rate)))
    return {"mean": mean_claim(answer, float(x.mean()), spread)}


def settings_right(kind: str, case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    layer, answer = answers["layer"], answers["answers"]
    together = bool((answer == answer[:1]).all()) and answer.shape == (40, 50)
    apart = bool((answers["by itself"] != answers["by itself"][:1]).any())
    again = answers["with a seed"].shape == answers["with it again"].shape
    another = again and bool((answers["with a seed"] != answers["with it again"]).any())
    return {
        "a subclass": Claim(kind in layer["parents"], True, 0, said=f"The layer does not descend from keras.layers.{kind}."),
        "rate": Claim(float(layer["config"].get("rate", -1.0)), case["rate"], 1e-9),
        "name": Claim(answers["name"] == "mine", True, 0),
        "seed": Claim(another, True, 0, said="With a seed of its own two calls drop the same numbers."),
        "masks of rows": Claim(apart, True, 0, said="All rows of a batch share one mask, without noise_shape."),
        "noise_shape": Claim(together, True, 0, said="With noise_shape=(1, 50) all rows should share one mask."),
    }


def identity(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    return array_claim("answers", answers["answers"], case["x"], "With a rate of 0 the input should come out as it went in.")


def mc_exercise(name: str, title: str, kind: str, rule: str) -> Exercise:
    alpha = kind == "AlphaDropout"
    return Exercise(name, title, (
        formed("calls", f"At inference and in training, {rule}; each call draws a fresh mask.", partial(mc_case, normal=alpha),
             partial(mc_calls, name), partial(mc_right, alpha), public=True),
        formed("moments", "At inference, the mean stays, and for alpha dropout the variance, too."
             if alpha else "At inference, the mean over many numbers stays.", partial(mc_case, normal=alpha),
             partial(mc_calls, name), partial(mc_moments, alpha)),
        formed("in_model", "In a model, too: two predictions differ, by predict and by a call.",
             partial(mc_case, normal=alpha), partial(mc_in_model, name), partial(mc_right, alpha)),
        told("settings", f"It takes the arguments of {kind} and can be made again from its configuration.",
             lambda draw: {"rate": draws.one_of(draw, [0.3, 0.4, 0.15])}, partial(mc_settings, name),
             partial(settings_right, kind)),
        formed("rate_zero", "With a rate of 0 nothing is changed.", lambda draw: {"x": draws.values(draw, 3, 5)},
             partial(mc_zero, name), identity),
    ))  # fmt: skip


MC = mc_exercise(
    "MCDropout", "Monte Carlo dropout", "Dropout", "a number is dropped with the probability rate, else divided by 1 - rate"
)
MC_ALPHA = mc_exercise("MCAlphaDropout", "Monte Carlo alpha dropout", "AlphaDropout",
                       "a share of rate is set to SELU's lowest value, and all are scaled and shifted")  # fmt: skip

SAME_ROWS = 3000  # equal examples, each with masks of its own: statistics over passes are averaged over them


def predict_case(draw: Draw, passes: int) -> Inputs:
    return {
        "rate": draws.one_of(draw, [0.3, 0.4]),
        "kernel": draws.values(draw, 5, 3),
        "row": draws.values(draw, 1, 5),
        "rows": SAME_ROWS,
        "passes": passes,
    }


def dropping_model(rate: float, kernel: np.ndarray, norm: bool = False) -> Any:
    """Inputs, (batch norm,) dropout that is always on, Dense without a bias; made without the student's layers."""
    inputs = keras_input(kernel.shape[0])
    before = library("keras", "layers.BatchNormalization")()(inputs) if norm else inputs
    outputs = keras_dense(kernel.shape[1], use_bias=False)(inside("always_dropout")(rate)(before))
    return library("keras", "Model")(inputs=inputs, outputs=outputs)


def predicted(student: Any, rate: float, kernel: np.ndarray, row: np.ndarray, rows: int, passes: int, x: np.ndarray) -> Any:
    fresh()
    model = dropping_model(rate, kernel)
    model.set_weights([kernel])
    found = student.mc_predict(model, x, passes)
    return {"mean": found[0], "std": found[1]}


def with_rows(inputs: Callable[[Draw], Inputs], turned: bool = False) -> Callable[[Draw], Inputs]:
    """Equal examples; or every other one with the other sign, so that whoever mixes up examples and passes is seen."""

    def drawn(draw: Draw) -> Inputs:
        case = inputs(draw)
        x = np.repeat(case["row"], case["rows"], axis=0)
        x[1::2] *= -1.0 if turned else 1.0
        return {**case, "x": x}

    return drawn


def linear_moments(case: Inputs, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of one prediction: sums over the inputs of x w, and of rate / (1 - rate) (x w)^2."""
    terms = case["row"].T * case["kernel"] * scale
    return terms.sum(axis=0), case["rate"] / (1 - case["rate"]) * np.square(terms).sum(axis=0)


def predicted_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    mean, variance = linear_moments(case)
    passes, rows = case["passes"], case["rows"]
    means = answers["mean"] * (case["x"][:, :1] / case["row"][:, :1])
    # The std over T passes, squared, has the mean (T - 1)/T of the variance. Its own spread over the rows is at most
    # sqrt((kurtosis - 1) / T), and the kurtosis of a sum of five such terms at most that of one, below 6 for rates to .4.
    # mean and std are of each output; all three are looked at.
    allowed = Z * np.sqrt(variance / (passes * rows))
    shrunk = variance * (passes - 1) / passes
    return {
        "mean": Claim(means.mean(axis=0), mean, allowed, said="The mean over the passes is another."),
        "std": Claim(np.square(answers["std"]).mean(axis=0), shrunk, Z * variance * math.sqrt(6 / (passes * rows)),
                     said="The standard deviation over the passes is another."),
        "variance of the mean": Claim(means.var(axis=0), variance / passes,
                                      Z * variance / passes * math.sqrt(5 / rows),
                                      said="The mean over the passes varies as that of another number of passes."),
        "rows differ": Claim(bool(np.ptp(means, axis=0).min() > 0), True, 0,
                             said="Equal examples have equal means: every example and every pass has a mask of its own."),
    }  # fmt: skip


def few_rows(draw: Draw) -> Inputs:
    return {**predict_case(draw, 1), "rows": 1}


def one_pass(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    said = "One pass has no spread: its standard deviation is 0."
    # The deviation of one number from itself: rounding alone.
    return {"std of one pass": Claim(answers["std"], np.zeros((1, 3)), 1e-12, said=said)}


def norm_case(draw: Draw) -> Inputs:
    return {**predict_case(draw, 6), "rows": 2000}


def predicted_with_norm(
    student: Any, rate: float, kernel: np.ndarray, row: np.ndarray, rows: int, passes: int, x: np.ndarray
) -> Any:
    fresh()
    model = dropping_model(rate, kernel, norm=True)
    five = np.ones(5)
    model.set_weights([five, 0 * five, 0 * five, 4 * five, kernel])
    found = student.mc_predict(model, x, passes)
    return {"mean": found[0], "std": found[1], "weights": model.get_weights()}


def norm_right(case: Inputs, answers: Inputs, right: Inputs) -> dict[str, Claim]:
    mean, variance = linear_moments(case, 1 / math.sqrt(4 + EPSILON))
    allowed = Z * np.sqrt(variance / (case["passes"] * case["rows"]))
    moving = np.concatenate(answers["weights"][2:4])
    return {
        "mean": Claim(answers["mean"].mean(axis=0), mean, allowed, said="The mean is not that of a batch norm at inference."),
        "moving statistics stay": Claim(bool((moving == np.repeat([0.0, 4.0], 5)).all()), True, 0),
    }


PREDICT = Exercise("mc_predict", "Monte Carlo prediction", (
    formed("moments", "For a linear model, mean and std over 5 passes are those of theory, on average over the examples.",
         with_rows(partial(predict_case, passes=5)), predicted, predicted_right, public=True),
    formed("passes", "As many passes as asked, of each example: with 2 passes the mean varies as of 2, and the std divides "
         "by 2.", with_rows(partial(predict_case, passes=2), turned=True), predicted, predicted_right),
    formed("one_pass", "One example and one pass: shape (1, outputs), and a std of 0.", with_rows(few_rows), predicted,
         one_pass),
    formed("norm", "Batch norms stay at inference: they use their moving statistics, and leave them alone.",
         with_rows(norm_case), predicted_with_norm, norm_right),
))  # fmt: skip

TOPIC = Topic(
    name="keras_models",
    title="Keras models",
    needs=Needs(
        libraries=("keras", "tensorflow"),
        # Beside Keras what tells its values: once a worker is shut in, it can read the files of no module of ours.
        imports=("keras", ".keras_values"),
        threads=True,
        call_seconds=30.0,  # a check with a fit takes .4 s on one core; a machine may be busy, a student's model large
        import_seconds=30.0,  # a student's module may build models at its top
        topic_seconds=240.0,  # all checks take 6 s, on one core
        memory_mebibytes=8192,  # TensorFlow maps 4 GiB of addresses when it is loaded, of which it uses some .5
        cpu_seconds=240,  # all checks take 6 s; TensorFlow's threads count together
    ),
    exercises=(
        SEQUENTIAL, WIDE, TWO, COUNT, COMPILE,
        *with_contract((DECAY,), given_nothing=("decayed_sgd",), dear=True),
        FIT,
        # What Keras builds for each call is its own; callbacks and arrays are what can be shared.
        *with_contract((EARLY, RATIO, SCHEDULER, CYCLE),
                       given_nothing=("early_stopping", "LossRatio", "exponential_scheduler", "OneCycle"), dear=True),
        AFTER, BEFORE, ELU_HE, L2, DROPOUT, DEFAULT,
        *with_contract((STANDARDIZE,), dear=True),
        SELF, MC, MC_ALPHA, PREDICT,
    ),
)  # fmt: skip
