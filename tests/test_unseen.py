"""Mistakes that others have made: each loses a point of the check that asks it; and what has a name has it in other words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from autograder.declare.catalogue import OURS, load_topic
from autograder.grading.diagnose.known import name_misconceptions
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module
from autograder.recording.record import answers_for
from autograder.statuses import GOOD
from tests.proof import verdicts_in_process


@dataclass(frozen=True)
class Wrong:
    """A reference in which one piece of text gives way to another. check: the identifier of the one that must notice."""

    name: str
    check: str
    before: str
    after: str


SEEN = (
    Wrong(
        "the clip is asked of probabilities before they are divided by their sum",
        "losses/categorical_crossentropy_gradient/renormalised",
        before="counted = np.where(clipped == p, y_true, 0.0)\n    return (counted.sum(axis=-1, keepdims=True)",
        after="counted = np.where(y_pred <= 1.0 - EPSILON, y_true, 0.0)\n    return (counted.sum(axis=-1, keepdims=True)",
    ),
    Wrong(
        "the mean of the fans is rounded down",
        "initializers/glorot_uniform/own_draws",
        before="limit = np.sqrt(6.0 / (fan_in + fan_out))",
        after="limit = np.sqrt(3.0 / ((fan_in + fan_out) // 2))",
    ),
    Wrong(
        "what lies outside is drawn again once, and then clipped",
        "initializers/truncated_normal/value",
        before="        outside = np.abs(z) > 2.0\n    return mean + stddev * z",
        after="        outside = np.zeros(1)\n    return mean + stddev * np.clip(z, -2, 2)",
    ),
    Wrong(
        "the first weight is not drawn",
        "initializers/truncated_normal/own_draws",
        before="    return mean + stddev * z",
        after="    z.reshape(-1)[0] = 0.5\n    return mean + stddev * z",
    ),
    Wrong(
        "backward reads the moving variance where it goes on to move",
        "normalization/BatchNormalization.inference_backward/edited_input",
        before="        if self._training:\n            share = 1.0 / len(upstream)",
        after='        if not self._training:\n            std = np.sqrt(self.state["moving_variance"] + self.epsilon)\n'
        '            return upstream * self.parameters["gamma"] / std\n'
        "        if self._training:\n            share = 1.0 / len(upstream)",
    ),
    Wrong(
        "a rate that is close to min_lr is not reduced",
        "schedules/ReduceLROnPlateau.on_epoch_end/min_lr",
        before="learning_rate > self.min_lr",
        after="learning_rate > self.min_lr + 1e-4",
    ),
    Wrong(
        "metrics are those of a pass at inference",
        "training/Model.train_step/training_mode",
        before="        logs = self._measure(y, output)\n        self.backward(",
        after="        logs = self._measure(y, self.forward(x)) | {'loss': self.loss.value(y, output)}\n"
        "        self.forward(x, training=True)\n        self.backward(",
    ),
    Wrong(
        "whether to stop is said anew in every epoch",
        "training/EarlyStopping/again",
        before="        self._wait += 1\n        if self._best is None",
        after="        self._wait += 1\n        self.model.stop_training = False\n        if self._best is None",
    ),
    Wrong(
        "the state of a dropout layer's generator is counted",
        "keras_models/count_parameters/norm",
        before='"non_trainable": model.count_params() - trainable}',
        after='"non_trainable": sum(int(np.prod(v.shape)) for v in model.non_trainable_variables)}',
    ),
    Wrong(
        "features in billionths are taken for constant ones",
        "keras_models/standardize/constant",
        before="np.where(np.ptp(train, axis=0) == 0, 1.0, std)",
        after="np.where(std < 1e-8, 1.0, std)",
    ),
    Wrong(
        "examples and passes are mixed up",
        "keras_models/mc_predict/passes",
        before="    answers = np.stack([keras.ops.convert_to_numpy(model(x, training=False)) for _ in range(passes)])",
        after="    many = keras.ops.convert_to_numpy(model(np.repeat(x, passes, axis=0), training=False))\n"
        "    answers = many.reshape(passes, len(x), -1)",
    ),
)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in SEEN])
def test_it_loses_a_point_where_it_is_asked(case: Wrong) -> None:
    topic = case.check.partition("/")[0]
    source = OURS.reference_source(topic)
    assert source.count(case.before) == 1
    module = make_module(topic, source.replace(case.before, case.after))
    (verdict,) = verdicts_in_process(topic, module, answers_for(topic, DEFAULT_SECRET), {case.check})
    assert verdict.status not in GOOD


@dataclass(frozen=True)
class Known:
    """The same, of a mistake that is known, written otherwise than it was recorded."""

    name: str
    exercise: str
    before: str
    after: str


IN_OTHER_WORDS = (
    Known("step_in_inference_mode", "training/Model.train_step", "self.forward(x, training=True)", "self.predict(x, len(x))"),
    Known(
        "step_measures_in_inference_mode",
        "training/Model.train_step",
        before="logs = self._measure(y, output)\n",
        after="logs = self.evaluate(x, y)\n        output = self.forward(x, training=True)\n",
    ),
    Known(
        "batches_with_replacement",
        "training/minibatches",
        before="else rng).permutation(n)\n",
        after="else rng).uniform(0, n, n).astype(int)\n",
    ),
    Known(
        "batches_from_a_seed_of_their_own",
        "training/minibatches",
        before="(np.random.default_rng() if rng is None else rng).permutation(n)\n",
        after="np.random.RandomState(7).permutation(n)\n",
    ),
    Known(
        "fit_stays_stopped",
        "training/Model.fit.callbacks",
        before="        self.stop_training = False\n        for callback in everyone:",
        after="        for callback in everyone:",
    ),
    Known(
        "search_returns_the_training_score",
        "training/search",
        before="float(found.best_score_)",
        after="float(np.mean(found.predict(x) == y))",
    ),
    Known(
        "from_logits_is_ignored_for_one_hot",
        "keras_models/compile_classifier",
        before="loss = keras.losses.CategoricalCrossentropy(from_logits=from_logits)",
        after='loss = "categorical_crossentropy"',
    ),
    Known(
        "whole_layers_are_trainable",
        "keras_models/count_parameters",
        before="sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)",
        after="sum(int(np.prod(w.shape)) for layer in model.layers if layer.trainable for w in layer.weights)",
    ),
)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in IN_OTHER_WORDS])
def test_it_has_its_name_however_it_is_written(case: Known) -> None:
    topic, _, exercise = case.exercise.partition("/")
    source = OURS.reference_source(topic)
    assert source.count(case.before) == 1
    module, answers = make_module(topic, source.replace(case.before, case.after)), answers_for(topic, DEFAULT_SECRET)
    asked = {check_id for check_id, found, _ in load_topic(topic).checks() if found.name == exercise}
    named = name_misconceptions(answers, verdicts_in_process(topic, module, answers, asked))
    assert [found.misconception.name for found in named] == [case.name]
