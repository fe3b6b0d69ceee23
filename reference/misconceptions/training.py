"""Misconceptions about training: what students write instead, and why it is wrong."""

import numpy as np
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from autograder.declare import misconception
from reference.training import (
    SGD,
    Activation,
    Adam,
    Dense,
    History,
    Model,
    SparseCategoricalCrossentropy,
    minibatches,
    split_validation,
)

# --- accuracy ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="accuracy",
    text="You count the right guesses and do not divide by the number of rows: 18 of 20 and 18 of 1000 would be equally good.",
    look="What is the accuracy of a model that is always right, on 7 rows and on 70?",
)
def accuracy_is_a_count(y_true, y_pred):
    return float(np.sum(y_pred.argmax(axis=1) == y_true))


@misconception(
    exercise="accuracy",
    text="The largest entry is looked for along the rows' axis: for each class the row that fits it best, and not for each row its class.",
    look="Which shape does your array of guesses have, and how many guesses are due?",
)
def accuracy_takes_the_largest_of_a_column(y_true, y_pred):
    return float(np.mean(y_pred.argmax(axis=0) == y_true))


@misconception(
    exercise="accuracy",
    text="The share comes out in percent.",
    look="What does the stub's example return?",
)
def accuracy_in_percent(y_true, y_pred):
    return float(100.0 * np.mean(y_pred.argmax(axis=1) == y_true))


@misconception(
    exercise="accuracy",
    text="You compare every entry with a one-hot row, and so count the many zeros that are easy to get right: of ten "
    "classes, a model that always names a wrong one still gets eight entries in ten right.",
    look="How many guesses does one row make: one, or as many as there are classes?",
)
def accuracy_of_entries(y_true, y_pred):
    return float(np.mean((y_pred > 0.5) == (np.eye(y_pred.shape[1])[y_true] > 0.5)))


@misconception(
    exercise="accuracy",
    text="A row counts as right whenever its class has one of the largest entries.",
    look="Which guess does a row of equal logits make, and how many guesses may it have?",
)
def accuracy_forgives_ties(y_true, y_pred):
    return float(np.mean(y_pred[np.arange(len(y_true)), y_true] == y_pred.max(axis=1)))


# --- mini-batches -----------------------------------------------------------------------------------------------------


@misconception(
    exercise="minibatches",
    text="The rows that do not fill a batch are left out: the epoch does not train on them.",
    look="Count the rows in all of your batches together.",
)
def batches_drop_the_rest(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = (np.random.default_rng() if rng is None else rng).permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


@misconception(
    exercise="minibatches",
    text="The last batch is filled up with rows that were there already, so that all are equally long.",
    look="How often does each row come in your batches?",
)
def batches_fill_up_the_last(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = (np.random.default_rng() if rng is None else rng).permutation(n)
    count = -(-n // batch_size)
    return [np.resize(order, count * batch_size)[i * batch_size : (i + 1) * batch_size] for i in range(count)]


@misconception(
    exercise="minibatches",
    text="The batches are of nearly equal length, as np.array_split makes them.",
    look="With 23 rows and a batch size of 5, how long is each of your batches, and how long should it be?",
)
def batches_of_equal_length(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = (np.random.default_rng() if rng is None else rng).permutation(n)
    return np.array_split(order, -(-n // batch_size))


@misconception(
    exercise="minibatches",
    text="The rows that share a batch are the same in every epoch.",
    look="What does your code put in a new order, and when?",
)
def batches_shuffled_as_a_whole(n, batch_size=32, shuffle=True, rng=None):
    batches = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    if not shuffle:
        return batches
    short = [batch for batch in batches if len(batch) < batch_size]
    full = [batch for batch in batches if len(batch) == batch_size]
    order = (np.random.default_rng() if rng is None else rng).permutation(len(full))
    return [full[i] for i in order] + short


@misconception(
    exercise="minibatches",
    text="A row that was drawn can be drawn again: some come twice in an epoch, and about a third of them do not come at all.",
    look="After one epoch, which rows has the network seen? What does your generator know of the rows that it gave you before?",
)
def batches_with_replacement(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = (np.random.default_rng() if rng is None else rng).integers(0, n, n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@misconception(
    exercise="minibatches",
    text="The order comes from a generator with a seed of its own, and is the same at every call: every epoch has the same batches.",
    look="What does your function do with rng?",
)
def batches_from_a_seed_of_their_own(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = np.random.default_rng(42).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@misconception(
    exercise="minibatches",
    text="Where n is a multiple of batch_size, there is an empty batch at the end, whose mean loss is NaN.",
    look="How many batches do 10 rows make, five at a time?",
)
def batches_with_an_empty_one(n, batch_size=32, shuffle=True, rng=None):
    order = np.arange(n)
    if shuffle:
        order = (np.random.default_rng() if rng is None else rng).permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size + 1)]


@misconception(
    exercise="minibatches",
    text="The rows are cut into batches first, and then whole batches change places: neighbours stay together in every epoch, and the short "
    "batch may stand anywhere.",
    look="What does your code put in a new order, and what was cut before? In which batches may rows 0 and 1 come?",
)
def batches_shuffled_with_the_short_one(n, batch_size=32, shuffle=True, rng=None):
    batches = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    if not shuffle:
        return batches
    order = (np.random.default_rng() if rng is None else rng).permutation(len(batches))
    return [batches[i] for i in order]


# --- the validation split ---------------------------------------------------------------------------------------------


@misconception(
    exercise="split_validation",
    text="The first rows are set aside.",
    look="Which rows of np.arange(7.0) should be left to train with?",
)
def split_takes_the_first_rows(x, y, validation_split):
    count = int(len(x) * (1.0 - validation_split))
    if count in (0, len(x)):
        raise ValueError("one part has no row")
    rest = len(x) - count
    return x[rest:], y[rest:], x[:rest], y[:rest]


@misconception(
    exercise="split_validation",
    text="Your boundary is one row off whenever the share is no whole number of rows.",
    look="Work out 7 rows and a split of 0.3 by hand: which part does the docstring round, and which do you?",
)
def split_rounds_the_other_part(x, y, validation_split):
    count = len(x) - int(len(x) * validation_split)
    if count in (0, len(x)):
        raise ValueError("one part has no row")
    return x[:count], y[:count], x[count:], y[count:]


@misconception(
    exercise="split_validation",
    text="validation_split is taken for the share of the training rows: with 0.3 you train on 30%.",
    look="Is validation_split=0.1 a small validation set or a small training set?",
)
def split_is_the_share_to_train_with(x, y, validation_split):
    count = int(len(x) * validation_split)
    if count in (0, len(x)):
        raise ValueError("one part has no row")
    return x[:count], y[:count], x[count:], y[count:]


@misconception(
    exercise="split_validation",
    text="The rows are shuffled before they are split.",
    look="Does the docstring speak of a random order? Which rows should be set aside?",
)
def split_shuffles_first(x, y, validation_split):
    order = np.random.default_rng(0).permutation(len(x))
    count = int(len(x) * (1.0 - validation_split))
    if count in (0, len(x)):
        raise ValueError("one part has no row")
    return x[order[:count]], y[order[:count]], x[order[count:]], y[order[count:]]


@misconception(
    exercise="split_validation",
    text="A part without a row is handed on. Its mean is NaN, and the NaN turns up far away from here, if at all.",
    look="What is the validation loss of no rows?",
)
def split_allows_empty_parts(x, y, validation_split):
    count = int(len(x) * (1.0 - validation_split))
    return x[:count], y[:count], x[count:], y[count:]


@misconception(
    exercise="split_validation",
    text="That no row is left to train with is not noticed, as where only the share is checked: int(5 * (1 - 0.9)) is 0, though 0.9 lies between "
    "0 and 1.",
    look="How many rows has each of the two parts? Ask the parts themselves whether they are empty.",
)
def split_checks_the_share_only(x, y, validation_split):
    if not 0.0 < validation_split < 1.0:
        raise ValueError("validation_split must lie between 0 and 1")
    count = int(len(x) * (1.0 - validation_split))
    return x[:count], y[:count], x[count:], y[count:]


@misconception(
    exercise="split_validation",
    text="That no row is left to validate with is not noticed: only the part to train with is looked at.",
    look="What is the validation loss of no rows? Which of the two parts does your check ask?",
)
def split_checks_the_rows_to_train_with_only(x, y, validation_split):
    count = int(len(x) * (1.0 - validation_split))
    if count == 0:
        raise ValueError("no row is left to train with")
    return x[:count], y[:count], x[count:], y[count:]


# --- a step -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.train_step",
    text="The loss that you report is the one after the update.",
    look="How many forward passes does your step make, and which of them is measured?",
)
def step_reports_the_loss_after_the_update(self, x, y):
    output = self.forward(x, training=True)
    self.backward(self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return self._measure(y, self.forward(x, training=True))


@misconception(
    exercise="Model.train_step",
    text="The forward pass is in inference mode, which is forward's default: dropout never drops anything, not even in training.",
    look="What does `training` mean in `forward(x, training=False)`, and which value does a training step need?",
)
def step_in_inference_mode(self, x, y):
    output = self.forward(x)
    logs = self._measure(y, output)
    self.backward(self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


@misconception(
    exercise="Model.train_step",
    text="What is measured and what is trained come from two forward passes: the update has dropout, and the loss and the "
    "metrics that you report are those of inference, as evaluate gives them.",
    look="How many forward passes does your step make, and in which mode is the one that your logs are taken from?",
)
def step_measures_in_inference_mode(self, x, y):
    logs = self._measure(y, self.forward(x))
    output = self.forward(x, training=True)
    self.backward(self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


@misconception(
    exercise="Model.train_step",
    text="The gradient is multiplied by the number of rows: with SGD, every step is too large by that factor.",
    look="Read the docstring of the loss's gradient: is it the gradient of a sum or of a mean?",
)
def step_with_a_summed_gradient(self, x, y):
    output = self.forward(x, training=True)
    logs = self._measure(y, output)
    self.backward(len(x) * self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


@misconception(
    exercise="Model.train_step",
    text="The step is that of plain gradient descent, whatever optimizer the model was given.",
    look="Take one step with Adam at a learning rate of 0.1: by about how much should each weight move, and by how much does "
    "it?",
)
def step_makes_its_own_update(self, x, y):
    output = self.forward(x, training=True)
    logs = self._measure(y, output)
    self.backward(self.loss.gradient(y, output))
    for parameter, gradient in zip(self.parameters, self.gradients, strict=True):
        parameter -= self.optimizer.learning_rate * gradient
    return logs


@misconception(
    exercise="Model.train_step",
    text="Prediction and truth are the wrong way round in the loss's gradient. For squared errors that turns its sign, "
    "and the step climbs.",
    look="In which order do `value` and `gradient` take y_true and y_pred?",
)
def step_swaps_truth_and_prediction(self, x, y):
    output = self.forward(x, training=True)
    logs = self._measure(y, output)
    self.backward(self.loss.gradient(output, y))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


@misconception(
    exercise="Model.train_step",
    text="apply is called for each parameter on its own, so that to the optimizer every parameter is the first one: they all "
    "share one velocity, and the optimizer counts as many steps as there are parameters.",
    look="By what does an optimizer tell one parameter from another?",
)
def step_applies_parameter_by_parameter(self, x, y):
    output = self.forward(x, training=True)
    logs = self._measure(y, output)
    self.backward(self.loss.gradient(y, output))
    for gradient, parameter in zip(self.gradients, self.parameters, strict=True):
        self.optimizer.apply([gradient], [parameter])
    return logs


@misconception(
    exercise="Model.train_step",
    text="Metrics are called with the prediction first.",
    look="What does the docstring of Model say about the arguments of a metric?",
)
def step_swaps_a_metrics_arguments(self, x, y):
    output = self.forward(x, training=True)
    logs = {"loss": self.loss.value(y, output), **{name: metric(output, y) for name, metric in self.metrics.items()}}
    self.backward(self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


@misconception(
    exercise="Model.train_step",
    text="The metrics are not in the logs; only the loss is.",
    look="What else does the model have that is to be reported?",
)
def step_without_metrics(self, x, y):
    output = self.forward(x, training=True)
    self.backward(self.loss.gradient(y, output))
    self.optimizer.apply(self.gradients, self.parameters)
    return {"loss": self.loss.value(y, output)}


@misconception(
    exercise="Model.train_step",
    text="The gradient is divided by the number of rows once more, though the loss's gradient is that of a mean already: with SGD every step is "
    "too small by that factor.",
    look="Read the docstring of the loss's gradient: is it the gradient of a sum or of a mean?",
)
def step_divides_by_the_batch_size_again(self, x, y):
    output = self.forward(x, training=True)
    logs = self._measure(y, output)
    self.backward(self.loss.gradient(y, output) / len(x))
    self.optimizer.apply(self.gradients, self.parameters)
    return logs


# --- predict ----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.predict",
    text="The rows of the last, short batch get no prediction.",
    look="Compare the number of rows in and out.",
)
def predict_drops_the_rest(self, x, batch_size=32):
    count = max(len(x) // batch_size, 1)
    return np.concatenate([self.forward(x[i * batch_size : (i + 1) * batch_size]) for i in range(count)])


@misconception(
    exercise="Model.predict",
    text="Predictions are made in training mode, with dropout: they are random, and worse than they need be.",
    look="Which mode is for training, and which for everything else?",
)
def predict_in_training_mode(self, x, batch_size=32):
    return np.concatenate([self.forward(x[rows], training=True) for rows in minibatches(len(x), batch_size, shuffle=False)])


@misconception(
    exercise="Model.predict",
    text="You return the number of the class.",
    look="Which shape does the stub promise? What does the last layer say of a row?",
)
def predict_returns_classes(self, x, batch_size=32):
    output = np.concatenate([self.forward(x[rows]) for rows in minibatches(len(x), batch_size, shuffle=False)])
    return output.argmax(axis=1)


@misconception(
    exercise="Model.predict",
    text="The batches are returned as a list.",
    look="What does NumPy have to put arrays together along their first axis?",
)
def predict_returns_a_list(self, x, batch_size=32):
    return [self.forward(x[rows]) for rows in minibatches(len(x), batch_size, shuffle=False)]


@misconception(
    exercise="Model.predict",
    text="The outputs come in another order than the rows.",
    look="Which output belongs to the first row of x? What does minibatches do unless it is told not to?",
)
def predict_in_random_order(self, x, batch_size=32):
    rng = np.random.default_rng(0)
    return np.concatenate([self.forward(x[rows]) for rows in minibatches(len(x), batch_size, True, rng)])


# --- evaluate ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.evaluate",
    text="This is the mean of the batches' means. A short last batch then counts as much as a full one, and each of its rows for more.",
    look="With batches of 4 and 1 rows and the means 1.0 and 6.0: what is the mean over the five rows?",
)
def evaluate_averages_the_batches(self, x, y, batch_size=32):
    batches = minibatches(len(x), batch_size, shuffle=False)
    logs = [self._measure(y[rows], self.forward(x[rows])) for rows in batches]
    return {name: float(np.mean([log[name] for log in logs])) for name in logs[0]}


@misconception(
    exercise="Model.evaluate",
    text="evaluate trains on the rows that it should only measure, as where it goes through train_step.",
    look="Which parameters have changed after a call of evaluate?",
)
def evaluate_trains(self, x, y, batch_size=32):
    batches = minibatches(len(x), batch_size, shuffle=False)
    logs = [self.train_step(x[rows], y[rows]) for rows in batches]
    return self._mean_logs([len(rows) for rows in batches], logs)


@misconception(
    exercise="Model.evaluate",
    text="The forward pass is in training mode, with dropout: what is measured is not what predict would answer.",
    look="Which mode is for training, and which for everything else?",
)
def evaluate_in_training_mode(self, x, y, batch_size=32):
    batches = minibatches(len(x), batch_size, shuffle=False)
    logs = [self._measure(y[rows], self.forward(x[rows], training=True)) for rows in batches]
    return self._mean_logs([len(rows) for rows in batches], logs)


@misconception(
    exercise="Model.evaluate",
    text="The batches' means are added up, each times its rows, and never divided by the number of rows.",
    look="Should the loss of twice as many rows be twice as large?",
)
def evaluate_sums(self, x, y, batch_size=32):
    batches = minibatches(len(x), batch_size, shuffle=False)
    logs = [self._measure(y[rows], self.forward(x[rows])) for rows in batches]
    return {name: sum(len(rows) * log[name] for rows, log in zip(batches, logs, strict=True)) for name in logs[0]}


@misconception(
    exercise="Model.evaluate",
    text="What is returned are the logs of the last batch.",
    look="What becomes of the logs of the batches before?",
)
def evaluate_reports_the_last_batch(self, x, y, batch_size=32):
    for rows in minibatches(len(x), batch_size, shuffle=False):
        logs = self._measure(y[rows], self.forward(x[rows]))
    return logs


@misconception(
    exercise="Model.evaluate",
    text="Every batch is weighted by batch_size, the short one too, and the sum divided by the number of rows: the short batch counts for "
    "rows that it does not have.",
    look="How many rows does the last batch have?",
)
def evaluate_weighs_all_batches_alike(self, x, y, batch_size=32):
    batches = minibatches(len(x), batch_size, shuffle=False)
    logs = [self._measure(y[rows], self.forward(x[rows])) for rows in batches]
    return {name: sum(batch_size * log[name] for log in logs) / len(x) for name in logs[0]}


# --- fit --------------------------------------------------------------------------------------------------------------


def _fit_parts(model, x, y, validation_split, validation_data, callbacks):
    """What every wrong fit below has in common with the right one, up to the first epoch."""
    if validation_data is None and validation_split > 0:
        x, y, *validation_data = split_validation(x, y, validation_split)
    everyone = [*(callbacks or []), History()]
    model.stop_training = False
    for callback in everyone:
        callback.set_model(model)
    for callback in everyone:
        callback.on_train_begin()
    return x, y, validation_data, everyone


def _end_of_epoch(model, epoch, logs, validation_data, batch_size, everyone):
    """Validation and callbacks at the end of an epoch; whether to stop."""
    if validation_data is not None:
        validation = model.evaluate(*validation_data, batch_size=batch_size)
        logs.update({f"val_{name}": value for name, value in validation.items()})
    for callback in everyone:
        callback.on_epoch_end(epoch, logs)
    return model.stop_training


def _end_of_training(everyone):
    for callback in everyone:
        callback.on_train_end()
    return everyone[-1]


def _begin_epoch(epoch, everyone):
    for callback in everyone:
        callback.on_epoch_begin(epoch)


@misconception(
    exercise="Model.fit",
    text="The epoch's loss is the mean of the steps' losses, and the short last batch counts as much as a full one.",
    look="How did evaluate weigh its batches?",
)
def fit_averages_the_steps(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        steps = [self.train_step(x[rows], y[rows]) for rows in minibatches(len(x), batch_size, shuffle, rng)]
        logs = {name: float(np.mean([step[name] for step in steps])) for name in steps[0]}
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="The history holds the logs of the epoch's last step only: the loss of a few rows, which jumps up and down.",
    look="Over which rows is the loss of an epoch a mean?",
)
def fit_reports_the_last_step(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        for rows in minibatches(len(x), batch_size, shuffle, rng):
            logs = self.train_step(x[rows], y[rows])
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="The epoch's loss is measured by evaluate after the epoch, which costs another pass over the data.",
    look="From which numbers is the epoch's loss made, by the stub's third point?",
)
def fit_evaluates_the_training_rows(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        for rows in minibatches(len(x), batch_size, shuffle, rng):
            self.train_step(x[rows], y[rows])
        if _end_of_epoch(self, epoch, self.evaluate(x, y, batch_size), validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="Every epoch begins with a fresh optimizer, and what it remembered is lost: velocities, averages, the count of steps.",
    look="Print self.optimizer.iterations after every epoch: should it go on growing, and does it?",
)
def fit_makes_the_optimizer_anew(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    import copy

    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    fresh = copy.deepcopy(self.optimizer)
    for epoch in range(epochs):
        if epoch > 0:
            self.optimizer = copy.deepcopy(fresh)
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="A second fit forgets what the optimizer remembered of the first: it is started anew at the beginning of fit, and momentum with it.",
    look="Who owns the optimizer, the model or a call of fit?",
)
def fit_forgets_the_velocities(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    self.optimizer._slots = {}
    self.optimizer.iterations = 0
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="One step with all rows is taken in every epoch, whatever batch_size says: that is batch gradient descent.",
    look="How many updates should an epoch of 23 rows make, in batches of 5?",
)
def fit_takes_one_step_an_epoch(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        logs = self.train_step(x, y)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="The last, short batch gets no step: in every epoch the rows that do not fill a batch are left out.",
    look="How many steps does your epoch have, and how many are due?",
)
def fit_drops_the_rest(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        batches = [rows for rows in batches if len(rows) == batch_size] or batches
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit",
    text="There is one epoch too few: epochs - 1 of them.",
    look="How many entries should the history of epochs=3 have, and how many has yours?",
)
def fit_trains_one_epoch_too_few(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs - 1):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


# --- fit: shuffling ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="x is shuffled and y is not, so that every row is trained with the answer of another.",
    look="Which entry of y belongs to the first row of a batch?",
)
def fit_shuffles_x_without_y(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        order = rng.permutation(len(x)) if shuffle else np.arange(len(x))
        batches = minibatches(len(x), batch_size, False)
        steps = [self.train_step(x[order[rows]], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="Every epoch has the same batches, as where the order is drawn once, before the first of them.",
    look="On which side of the loop over the epochs is the order drawn?",
)
def fit_shuffles_once(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    batches = minibatches(len(x), batch_size, shuffle, rng)
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="Nothing is shuffled: with shuffle=True, too, the rows come in the order in which they were given.",
    look="Which batches does fit train on with shuffle=True, and which with shuffle=False?",
)
def fit_never_shuffles(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, False)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="Each batch is drawn on its own from all rows. Some rows come twice in an epoch, and others not at all.",
    look="After one epoch, which rows has the network seen, and how often?",
)
def fit_draws_each_batch_on_its_own(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, False)
        if shuffle:
            batches = [rng.choice(len(x), len(rows)) for rows in batches]
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="Each batch is drawn on its own from all rows, and the last one is filled up: some rows come twice in an epoch, and "
    "others not at all.",
    look="After one epoch, which rows has the network seen, and how often? How long is its last batch?",
)
def fit_draws_full_batches(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, False)
        if shuffle:
            batches = [rng.integers(0, len(x), batch_size) for _ in batches]
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="The order comes from a generator with a seed of its own. Whoever trains five times with five generators gets the same training five "
    "times, and believes that it is very reliable.",
    look="What does your loop do with rng?",
)
def fit_shuffles_with_its_own_seed(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng(0)
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.shuffle",
    replaces="Model.fit",
    text="x and y are written back in their new order, into the caller's own arrays. After training they are no longer what they were, and "
    "whatever else belongs to those rows no longer fits.",
    look="Is it your array that you put in order?",
)
def fit_shuffles_in_place(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        if shuffle:
            order = rng.permutation(len(x))
            x[...] = x[order]
            y[...] = y[order]
        batches = minibatches(len(x), batch_size, False)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


# --- fit: validation --------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="The validation rows are set aside and then trained on all the same: val_loss is a training loss under another name, and overfitting "
    "cannot be seen in it.",
    look="Which rows does your loop cut into batches?",
)
def fit_trains_on_the_validation_rows(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    _, _, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="The rows are shuffled before the validation rows are set aside, which are then others in every run: two trainings cannot be compared, "
    "and a second fit validates with rows that the first one trained on.",
    look="Which comes first in the stub, the split or the shuffling?",
)
def fit_splits_after_shuffling(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    rng = np.random.default_rng() if rng is None else rng
    if shuffle:
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="Validation comes before the epoch's steps, and measures the network of the epoch before: the curve is one epoch late.",
    look="Call evaluate on the validation rows before fit. Should the first val_loss be the same number, and is it?",
)
def fit_validates_before_the_epoch(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        validation = {}
        if validation_data is not None:
            validation = self.evaluate(*validation_data, batch_size=batch_size)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        logs.update({f"val_{name}": value for name, value in validation.items()})
        if _end_of_epoch(self, epoch, logs, None, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="The validation loss is that of a pass in training mode, with dropout.",
    look="What is the difference between a step and evaluate: in the forward pass, and in what becomes of the weights?",
)
def fit_validates_in_training_mode(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if validation_data is not None:
            output = self.forward(validation_data[0], training=True)
            logs.update({f"val_{name}": value for name, value in self._measure(validation_data[1], output).items()})
        if _end_of_epoch(self, epoch, logs, None, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="Where both are given, validation_split wins over validation_data: rows of x are set aside, and the data that were meant for "
    "validation are not looked at.",
    look="What does the stub's first point begin with?",
)
def fit_prefers_the_split(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    if validation_split > 0:
        validation_data = None
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.validation",
    replaces="Model.fit",
    text="Only the validation loss is reported; the metrics on the validation rows are missing from the logs.",
    look="Which names does Keras's history have, for a model with accuracy as its metric?",
)
def fit_validates_the_loss_only(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if validation_data is not None:
            logs["val_loss"] = self.evaluate(*validation_data, batch_size=batch_size)["loss"]
        if _end_of_epoch(self, epoch, logs, None, batch_size, everyone):
            break
    return _end_of_training(everyone)


# --- fit: callbacks ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="Callbacks are told epochs from 1 on.",
    look="Which epoch does a schedule such as `0.1 * 0.5**epoch` have to be given first?",
)
def fit_counts_epochs_from_one(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(1, epochs + 1):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="Nobody looks at stop_training, and training runs through all epochs whatever a callback says.",
    look="Who reads what a callback writes into model.stop_training?",
)
def fit_never_stops_early(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone)
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="Training goes on for one epoch after a callback has asked for its end.",
    look="How many epochs should a fit with StopAfter(2) take, and how many does yours?",
)
def fit_stops_one_epoch_late(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        stop = self.stop_training
        _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone)
        if stop:
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="Where training is stopped early, on_train_end is never called: early stopping could not put back its best weights.",
    look="After a stop, which line of fit comes next? How do `break` and `return` differ here?",
)
def fit_returns_without_the_end(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            return everyone[-1]
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="stop_training is never set back: after a training that was stopped, the next one ends after its first epoch.",
    look="What is model.stop_training at the beginning of a second fit?",
)
def fit_stays_stopped(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    stopped = self.stop_training
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    self.stop_training = stopped or self.stop_training
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="stop_training is never set back: a model that was once stopped is not trained any more, not for one epoch.",
    look="What is model.stop_training at the beginning of a second fit, and what does your loop do then?",
)
def fit_stays_stopped_for_good(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    stopped = self.stop_training
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    self.stop_training = stopped or self.stop_training
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        if self.stop_training:
            break
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone)
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="What a callback asks for in on_train_begin is wiped out: after it stop_training is False again.",
    look="In which order does the docstring reset stop_training and call the callbacks?",
)
def fit_resets_the_stop_behind_train_begin(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    self.stop_training = False
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="on_epoch_end comes before validation, so that its logs have no val_loss, which early stopping watches.",
    look="Which names do the logs have at the moment at which you call on_epoch_end?",
)
def fit_calls_back_before_validation(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        for callback in everyone[:-1]:
            callback.on_epoch_end(epoch, logs)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone[-1:]):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="What a callback adds to the logs is missing from the history.",
    look="Is the history the last to see the logs, and does it see the same dict that the others saw?",
)
def fit_takes_notes_first(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    rng = np.random.default_rng() if rng is None else rng
    everyone = [everyone[-1], *everyone[:-1]]
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    _end_of_training(everyone)
    return everyone[0]


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="Callbacks are not told which model is trained: `self.model` is None in all of them, and none can stop anything.",
    look="By which call does a callback come to know the model?",
)
def fit_keeps_the_model_to_itself(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    if validation_data is None and validation_split > 0:
        x, y, *validation_data = split_validation(x, y, validation_split)
    rng = np.random.default_rng() if rng is None else rng
    everyone = [*(callbacks or []), History()]
    self.stop_training = False
    for callback in everyone:
        callback.on_train_begin()
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


@misconception(
    exercise="Model.fit.callbacks",
    replaces="Model.fit",
    text="The History is put into the very list of callbacks that was passed in. The caller's list is longer after every fit, and the next fit "
    "with it trains with old Histories too.",
    look="What does `callbacks.append(...)`, or `+=`, do to the list that was passed in? Which expression makes a new one?",
)
def fit_appends_to_the_callers_callbacks(
    self, x, y, batch_size=32, epochs=1, callbacks=None, validation_split=0.0, validation_data=None, shuffle=True, rng=None
):
    x, y, validation_data, everyone = _fit_parts(self, x, y, validation_split, validation_data, callbacks)
    if callbacks:
        callbacks.append(everyone[-1])
    rng = np.random.default_rng() if rng is None else rng
    for epoch in range(epochs):
        _begin_epoch(epoch, everyone)
        batches = minibatches(len(x), batch_size, shuffle, rng)
        steps = [self.train_step(x[rows], y[rows]) for rows in batches]
        logs = self._mean_logs([len(rows) for rows in batches], steps)
        if _end_of_epoch(self, epoch, logs, validation_data, batch_size, everyone):
            break
    return _end_of_training(everyone)


# --- early stopping ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="Each value is compared with the one before it. A loss that falls a little after every rise is then never stopped, though it never "
    "comes near its best again.",
    look="After 0.9, 0.7, 0.8, 0.75: is 0.75 an improvement?",
)
def stopping_compares_with_the_value_before(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    self._wait += 1
    if self._best is None or value < self._best:
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait >= self.patience:
        self.model.stop_training = True
    self._best = value


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="A value that is only as good as the best counts as an improvement, so a network that has stopped learning is never "
    "stopped.",
    look="After 0.75, 0.75: has anything become better?",
)
def stopping_takes_a_tie_for_better(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    self._wait += 1
    if self._best is None or value <= self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait >= self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="Training stops one epoch too late.",
    look="With patience=1, how many epochs without an improvement are there before training stops?",
)
def stopping_waits_one_more(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    self._wait += 1
    if self._best is None or value < self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait > self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="At the end the last epoch's weights are still there, as where the model's own arrays were kept, and not copies: "
    "the optimizer goes on changing them in place.",
    look="What do the arrays that you keep hold one epoch later?",
)
def stopping_keeps_references(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    self._wait += 1
    if self._best is None or value < self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = list(self.model.parameters)
    elif self._wait >= self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="The epochs without an improvement are counted together over the whole training.",
    look="What happens to the count after an improvement, and what should?",
)
def stopping_never_resets_the_wait(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    if self._best is None or value < self._best:
        self._best = value
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    else:
        self._wait += 1
        if self._wait >= self.patience:
            self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="mode is not looked at, and smaller is always better: an accuracy would have to fall for training to go on.",
    look="What is an improvement of an accuracy?",
)
def stopping_ignores_the_mode(self, epoch, logs):
    value = logs[self.monitor]
    self._wait += 1
    if self._best is None or value < self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait >= self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text='The callback watches logs["loss"], whatever monitor says. The training loss goes on falling while the network '
    "learns by heart.",
    look="Which number of the logs was the callback asked to watch?",
)
def stopping_watches_the_training_loss(self, epoch, logs):
    value = logs["loss"] if self.mode == "min" else -logs["loss"]
    self._wait += 1
    if self._best is None or value < self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait >= self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_train_end",
    text="The best weights are put back only where training was stopped. A training that ran to its end keeps its last ones, however bad.",
    look="When training ends, is the last epoch always the best?",
)
def stopping_restores_only_if_stopped(self):
    if self._weights is not None and self.model.stop_training:
        self.model.set_weights(self._weights)


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_train_begin",
    text="A second training with the same callback still has to beat the best value of the first.",
    look="What do you know of the new training before its first epoch?",
)
def stopping_remembers_the_last_training(self):
    if not hasattr(self, "_best"):
        self._best = None
        self._wait = 0
        self._weights = None


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_epoch_end",
    text="Training is stopped only where the count of epochs without an improvement equals patience. With patience 0 it is 1 at the first such "
    "epoch, and training is never stopped.",
    look="What is the count when patience is 0 and the first epoch brings no improvement? Is == what the sentence with patience means?",
)
def stopping_only_where_the_wait_equals_patience(self, epoch, logs):
    value = logs[self.monitor] if self.mode == "min" else -logs[self.monitor]
    self._wait += 1
    if self._best is None or value < self._best:
        self._best = value
        self._wait = 0
        if self.restore_best_weights:
            self._weights = self.model.get_weights()
    elif self._wait == self.patience:
        self.model.stop_training = True


@misconception(
    exercise="EarlyStopping",
    replaces="EarlyStopping.on_train_begin",
    text='In mode "max" the best so far begins at 0. Where all values are below 0, as a log-likelihood\'s are, no epoch is ever an improvement.',
    look="With which best must a training begin, so that its first value is an improvement whatever it is?",
)
def stopping_begins_with_a_best_of_zero(self):
    self._best = None if self.mode == "min" else 0.0
    self._wait = 0
    self._weights = None


# --- learning rates ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="LearningRateScheduler",
    replaces="LearningRateScheduler.on_epoch_begin",
    text="The schedule is given the epoch's number counted from 1, so that it is always one epoch ahead.",
    look="Which epoch does the schedule of a fresh training begin with?",
)
def scheduler_counts_from_one(self, epoch):
    optimizer = self.model.optimizer
    optimizer.learning_rate = self.schedule(epoch + 1, optimizer.learning_rate)


@misconception(
    exercise="LearningRateScheduler",
    replaces="LearningRateScheduler.on_epoch_begin",
    text="The schedule is given the learning rate of the beginning every time. One that multiplies what it is given then never gets further "
    "than its first step.",
    look="Which learning rate does the optimizer have when the third epoch begins?",
)
def scheduler_remembers_the_first_rate(self, epoch):
    if not hasattr(self, "_first"):
        self._first = self.model.optimizer.learning_rate
    self.model.optimizer.learning_rate = self.schedule(epoch, self._first)


@misconception(
    exercise="LearningRateScheduler",
    replaces="LearningRateScheduler.on_epoch_end",
    text="The learning rate is not written into the logs, and the history does not show it.",
    look='What should history.history hold under "learning_rate"?',
)
def scheduler_does_not_log(self, epoch, logs):
    pass


@misconception(
    exercise="LearningRateScheduler",
    replaces="LearningRateScheduler.on_epoch_end",
    text="What gets into the logs is what the schedule says when it is asked once more, and not the rate that this epoch had.",
    look="With which learning rate were the steps of this epoch taken?",
)
def scheduler_logs_the_next_rate(self, epoch, logs):
    logs["learning_rate"] = self.schedule(epoch + 1, self.model.optimizer.learning_rate)


@misconception(
    exercise="LearningRateScheduler",
    replaces="LearningRateScheduler.on_epoch_begin",
    text="What the schedule returns is multiplied onto the rate.",
    look="Which learning rate should a schedule set that always returns 0.01?",
)
def scheduler_multiplies(self, epoch):
    optimizer = self.model.optimizer
    optimizer.learning_rate = optimizer.learning_rate * self.schedule(epoch, optimizer.learning_rate)


# --- digits -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="train_digits",
    text="The learning rate is far too large for Adam: every step moves every weight by about that much, and the network never recovers.",
    look="Draw history['loss'] over the epochs. What are typical weights of a layer, and how far does one step carry them?",
)
def digits_with_a_huge_learning_rate(x, y, rng):
    layers = [Dense(32, rng=rng), Activation("relu"), Dense(10, rng=rng)]
    model = Model(layers, Adam(learning_rate=5.0), SparseCategoricalCrossentropy())
    model.fit(x, y, batch_size=32, epochs=15, rng=rng)
    return model


@misconception(
    exercise="train_digits",
    text="All rows in one batch make one step an epoch, and a handful of small steps does not get anywhere.",
    look="How many updates does your training make in all? How many would it be with batches of 32?",
)
def digits_in_full_batches(x, y, rng):
    layers = [Dense(32, rng=rng), Activation("relu"), Dense(10, rng=rng)]
    model = Model(layers, SGD(learning_rate=0.01), SparseCategoricalCrossentropy())
    model.fit(x, y, batch_size=len(x), epochs=15, rng=rng)
    return model


@misconception(
    exercise="train_digits",
    text="The random numbers come from a seed inside the function, and rng is not used: every call gives the same network.",
    look="Where do the first weights come from, and where does the order of the rows?",
)
def digits_from_a_seed_of_their_own(x, y, rng):
    rng = np.random.default_rng(42)
    layers = [Dense(32, rng=rng), Activation("relu"), Dense(10, rng=rng)]
    model = Model(layers, Adam(learning_rate=0.005), SparseCategoricalCrossentropy())
    model.fit(x, y, batch_size=32, epochs=15, rng=rng)
    return model


@misconception(
    exercise="train_digits",
    text="Not all that is random comes from rng, and the same call gives another network every time. A layer that draws, and "
    "fit, make generators of their own where they are given none.",
    look="Which of your calls can take an rng, and which of them are given it?",
)
def digits_with_layers_without_rng(x, y, rng):
    layers = [Dense(32), Activation("relu"), Dense(10)]
    model = Model(layers, Adam(learning_rate=0.005), SparseCategoricalCrossentropy())
    model.fit(x, y, batch_size=32, epochs=15, rng=rng)
    return model


# --- the estimator ----------------------------------------------------------------------------------------------------


@misconception(
    exercise="NetworkClassifier",
    replaces="NetworkClassifier.__init__",
    text="__init__ does more than keep its arguments, such as check them or make something of them. A search sets them by "
    "set_params, which never passes by here.",
    look="What may __init__ do, by scikit-learn's contract, and which method sees the arguments in any case?",
)
def init_checks(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
    if epochs < 1:
        raise ValueError("epochs must be 1 or more")
    self.hidden_units = hidden_units
    self.learning_rate = learning_rate
    self.batch_size = batch_size
    self.epochs = epochs
    self.random_state = random_state


@misconception(
    exercise="NetworkClassifier",
    replaces="NetworkClassifier.__init__",
    text="__init__ makes a generator out of random_state: the random numbers of a second fit go on where those of the "
    "first stopped.",
    look="Is what get_params returns what the caller gave?",
)
def init_makes_a_generator(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
    self.hidden_units = hidden_units
    self.learning_rate = learning_rate
    self.batch_size = batch_size
    self.epochs = epochs
    self.random_state = np.random.default_rng(random_state)


@misconception(
    exercise="NetworkClassifier",
    replaces="NetworkClassifier.__init__",
    text="__init__ stores an argument under another name.",
    look="Under which name does get_params look for an argument? How can BaseEstimator know where you put it?",
)
def init_renames(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
    self.units = hidden_units
    self.learning_rate = learning_rate
    self.batch_size = batch_size
    self.epochs = epochs
    self.random_state = random_state


@misconception(
    exercise="NetworkClassifier",
    replaces="NetworkClassifier.__init__",
    text="__init__ sets attributes that end in an underscore, even if to None. That is the mark of a fitted estimator: check_is_fitted "
    "believes it.",
    look="By what does scikit-learn see whether an estimator has been fitted?",
)
def init_looks_fitted(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
    self.hidden_units = hidden_units
    self.learning_rate = learning_rate
    self.batch_size = batch_size
    self.epochs = epochs
    self.random_state = random_state
    self.classes_ = None


@misconception(
    exercise="NetworkClassifier",
    replaces="NetworkClassifier.__init__",
    text="__init__ converts its arguments, to int for example.",
    look="Is what get_params returns the very object that the caller gave? Who needs the number as an int: __init__, or fit?",
)
def init_converts(self, hidden_units=16, learning_rate=0.01, batch_size=32, epochs=10, random_state=None):
    self.hidden_units = hidden_units
    self.learning_rate = learning_rate
    self.batch_size = int(batch_size)
    self.epochs = int(epochs)
    self.random_state = random_state


def _learn(estimator, X, numbers, rng):
    """What the wrong fits below have in common with the right one."""
    layers = [Dense(estimator.hidden_units, rng), Activation("relu"), Dense(len(estimator.classes_), rng)]
    estimator.model_ = Model(layers, Adam(estimator.learning_rate), SparseCategoricalCrossentropy())
    estimator.model_.fit(X, numbers, batch_size=estimator.batch_size, epochs=estimator.epochs, rng=rng)


def _checked(estimator, X, y):
    X, y = validate_data(estimator, X, y, dtype="float64")
    check_classification_targets(y)
    return X, y


@misconception(
    exercise="NetworkClassifier.fit",
    text="fit does not return self: `estimator.fit(X, y).predict(X)` fails.",
    look="What does fit return in all of scikit-learn?",
)
def estimator_fit_returns_nothing(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    _learn(self, X, numbers, np.random.default_rng(self.random_state))


@misconception(
    exercise="NetworkClassifier.fit",
    text="Labels are taken for the numbers 0, 1, 2, ... themselves.",
    look='What does your fit do with the labels "no" and "yes", and with 3, 7 and 40?',
)
def estimator_fit_takes_labels_for_numbers(self, X, y):
    X, y = _checked(self, X, y)
    if len(np.unique(y)) < 2:
        raise ValueError("y has one class only")
    self.classes_ = np.arange(int(y.max()) + 1)
    _learn(self, X, y.astype(int), np.random.default_rng(self.random_state))
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="A second fit goes on with the network of the first; the folds of a cross-validation must not know of each other.",
    look="What is left of the first fit when the second one begins?",
)
def estimator_fit_starts_warm(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    rng = np.random.default_rng(self.random_state)
    if not hasattr(self, "model_"):
        layers = [Dense(self.hidden_units, rng), Activation("relu"), Dense(len(self.classes_), rng)]
        self.model_ = Model(layers, Adam(self.learning_rate), SparseCategoricalCrossentropy())
    self.model_.fit(X, numbers, batch_size=self.batch_size, epochs=self.epochs, rng=rng)
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="random_state is not used, and every fit is another one.",
    look="Which generator do first weights and orders come from?",
)
def estimator_fit_ignores_random_state(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    _learn(self, X, numbers, np.random.default_rng())
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="None is turned into a fixed seed, which hides how much of a score is luck.",
    look="What should two fits with random_state=None have in common?",
)
def estimator_fit_has_a_seed_for_none(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    _learn(self, X, numbers, np.random.default_rng(self.random_state or 0))
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="fit writes over one of its parameters. They belong to the caller: a second fit, a clone and a search would begin with another value "
    "than was set.",
    look="Compare get_params() before and after fit.",
)
def estimator_fit_changes_a_parameter(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    self.random_state = np.random.default_rng(self.random_state)
    _learn(self, X, numbers, self.random_state)
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="The input is turned into an array and not checked: NaN and infinity go in, and a network of NaN comes out, without "
    "an error.",
    look="Which function of scikit-learn refuses what cannot be learned from?",
)
def estimator_fit_checks_nothing(self, X, y):
    X, y = np.asarray(X, dtype="float64"), np.asarray(y)
    self.n_features_in_ = X.shape[1]
    self.classes_, numbers = np.unique(y, return_inverse=True)
    _learn(self, X, numbers, np.random.default_rng(self.random_state))
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="A y with one class only is accepted. There is nothing to tell apart, and every accuracy is 1.",
    look="What would the network's output be, with one class?",
)
def estimator_fit_accepts_one_class(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    _learn(self, X, numbers, np.random.default_rng(self.random_state))
    return self


@misconception(
    exercise="NetworkClassifier.fit",
    text="fit has a learning rate of its own, whatever learning_rate was set: a search over it finds nothing.",
    look="Which of the five parameters does your fit read?",
)
def estimator_fit_has_its_own_learning_rate(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    rng = np.random.default_rng(self.random_state)
    layers = [Dense(self.hidden_units, rng), Activation("relu"), Dense(len(self.classes_), rng)]
    self.model_ = Model(layers, Adam(0.01), SparseCategoricalCrossentropy())
    self.model_.fit(X, numbers, batch_size=self.batch_size, epochs=self.epochs, rng=rng)
    return self


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="These are the logits: any numbers, which do not sum to 1.",
    look="What turns logits into probabilities?",
)
def proba_returns_logits(self, X):
    check_is_fitted(self)
    return self.model_.predict(validate_data(self, X, dtype="float64", reset=False))


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="Your numbers lie between 0 and 1, but those of a row do not sum to 1: each comes from a sigmoid of its own.",
    look="What do classes that exclude each other have to share? Does your number for one class know of the other logits?",
)
def proba_is_a_sigmoid(self, X):
    check_is_fitted(self)
    logits = self.model_.predict(validate_data(self, X, dtype="float64", reset=False))
    return 0.5 * (1.0 + np.tanh(0.5 * logits))


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="The softmax is taken over the rows' axis: columns sum to 1, and what a row is said to be depends on the other rows.",
    look="Over which axis do probabilities sum to 1?",
)
def proba_over_the_rows(self, X):
    check_is_fitted(self)
    logits = self.model_.predict(validate_data(self, X, dtype="float64", reset=False))
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="The exponential of a logit of 1000 is infinite, and infinity divided by infinity is NaN.",
    look="What may be subtracted from all logits of a row without a change of the probabilities?",
)
def proba_overflows(self, X):
    check_is_fitted(self)
    powers = np.exp(self.model_.predict(validate_data(self, X, dtype="float64", reset=False)))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="Nothing is checked: before fit there is an AttributeError in place of NotFittedError, and a row of NaN gets probabilities of NaN.",
    look="Which two of scikit-learn's functions does the text above the class name for this?",
)
def proba_checks_nothing(self, X):
    logits = self.model_.predict(np.asarray(X, dtype="float64"))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="validate_data without reset=False takes the rows for new training rows: it does not compare their number of features, it "
    "overwrites n_features_in_ with it.",
    look="What does n_features_in_ say after a call with too many features?",
)
def proba_learns_the_features_anew(self, X):
    check_is_fitted(self)
    X = validate_data(self, X, dtype="float64")
    logits = self.model_.predict(X)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="NetworkClassifier.predict",
    text="The answer is the number of the class, and not the label that stood in y.",
    look="What does classes_ hold, and where is it used?",
)
def estimator_predicts_numbers(self, X):
    return self.predict_proba(X).argmax(axis=1)


@misconception(
    exercise="NetworkClassifier.predict",
    text="predict goes past every check: before fit it raises an AttributeError, where the contract has NotFittedError, and it accepts NaN.",
    look="What does predict_proba do first?",
)
def estimator_predicts_unchecked(self, X):
    return self.classes_[self.model_.predict(np.asarray(X, dtype="float64")).argmax(axis=1)]


@misconception(
    exercise="NetworkClassifier.predict",
    text="The largest probability is looked for in each column: one answer for every class, and not one for every row.",
    look="How many labels are due for 45 rows?",
)
def estimator_predicts_by_column(self, X):
    return self.classes_[self.predict_proba(X).argmax(axis=0)]


@misconception(
    exercise="NetworkClassifier.predict",
    text="The label is drawn from the probabilities.",
    look="What is the best guess, if one class has 0.6?",
)
def estimator_draws_the_label(self, X):
    rng = np.random.default_rng(0)
    return np.array([rng.choice(self.classes_, p=row) for row in self.predict_proba(X)])


@misconception(
    exercise="NetworkClassifier.fit",
    text="A random_state of 0 is taken for none given, as by `random_state or ...`, since 0 counts as false: two fits with it differ.",
    look="What is `0 or 7` in Python? How do you ask whether random_state is None?",
)
def estimator_fit_takes_zero_for_none(self, X, y):
    X, y = _checked(self, X, y)
    self.classes_, numbers = np.unique(y, return_inverse=True)
    if len(self.classes_) < 2:
        raise ValueError("y has one class only")
    _learn(self, X, numbers, np.random.default_rng(self.random_state or None))
    return self


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="A row alone has its probabilities, and among others it has NaN, as where the largest logit of all rows is subtracted from each: the "
    "powers of a row thousands below are all 0, and so is their sum.",
    look="Of which numbers do you take the largest: of all logits, or of each row's own? See axis and keepdims.",
)
def proba_shifts_by_the_largest_of_all(self, X):
    check_is_fitted(self)
    logits = self.model_.predict(validate_data(self, X, dtype="float64", reset=False))
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="NetworkClassifier.predict_proba",
    text="Nobody asks whether the estimator was fitted: before fit an attribute is missing, and AttributeError comes where NotFittedError is due. "
    "Whoever catches NotFittedError, as scikit-learn does, does not catch that.",
    look="Which of scikit-learn's functions raises NotFittedError, and where does your predict_proba call it?",
)
def proba_forgets_whether_it_is_fitted(self, X):
    logits = self.model_.predict(validate_data(self, X, dtype="float64", reset=False))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    exercise="NetworkClassifier.predict",
    text="predict reads something that fit sets, such as classes_, before anybody asks whether it was fitted: AttributeError comes where "
    "NotFittedError is due.",
    look="In `self.classes_[self.predict_proba(X)...]`, which of the two does Python read first? What would predict_proba, or check_is_fitted, "
    "have raised?",
)
def estimator_predict_reads_the_classes_first(self, X):
    return self.classes_[self.predict_proba(X).argmax(axis=1)]


# --- search -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="search",
    text="Each candidate is judged by the rows that it was trained on. The one that learns best by heart wins, and the score is far too good.",
    look="Which rows does a fold's model not know?",
)
def search_scores_training_rows(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    rows = np.arange(len(x))
    folds = [(rows, rows)]
    if n_iter is None:
        found = GridSearchCV(estimator, parameters, cv=folds)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=folds, random_state=random_state)
    found.fit(x, y)
    return found.best_params_, float(found.best_score_), found.best_estimator_


@misconception(
    exercise="search",
    text="The candidates are compared rightly, but the score that you return is the best estimator's on the rows that it was "
    "trained on: far too good, since it has seen all of them.",
    look="On which rows is the estimator trained in the end, and on which is your score measured? What has the search itself "
    "kept of the folds?",
)
def search_returns_the_training_score(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    if n_iter is None:
        found = GridSearchCV(estimator, parameters, cv=cv)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=cv, random_state=random_state)
    found.fit(x, y)
    return found.best_params_, float(found.best_estimator_.score(x, y)), found.best_estimator_


@misconception(
    exercise="search",
    text="cv is not passed on, and scikit-learn's own default of five folds is used whatever was asked for.",
    look="In how many folds are the rows cut?",
)
def search_ignores_cv(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    if n_iter is None:
        found = GridSearchCV(estimator, parameters)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, random_state=random_state)
    found.fit(x, y)
    return found.best_params_, float(found.best_score_), found.best_estimator_


@misconception(
    exercise="search",
    text="n_iter is ignored, and every combination is tried. With five settings of four values each, that is 1024.",
    look="Which of scikit-learn's two searches draws at random?",
)
def search_always_takes_the_grid(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    found = GridSearchCV(estimator, parameters, cv=cv)
    found.fit(x, y)
    return found.best_params_, float(found.best_score_), found.best_estimator_


@misconception(
    exercise="search",
    text="random_state is not passed on: the draws come from a seed of your own, whatever was asked for.",
    look="Who says which combinations a random search draws?",
)
def search_draws_with_its_own_seed(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    if n_iter is None:
        found = GridSearchCV(estimator, parameters, cv=cv)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=cv, random_state=42)
    found.fit(x, y)
    return found.best_params_, float(found.best_score_), found.best_estimator_


@misconception(
    exercise="search",
    text="The estimator that was given is itself fitted and changed.",
    look="What has become of the estimator that the caller still holds?",
)
def search_fits_the_given_estimator(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    if n_iter is None:
        found = GridSearchCV(estimator, parameters, cv=cv)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=cv, random_state=random_state)
    found.fit(x, y)
    return found.best_params_, float(found.best_score_), estimator.set_params(**found.best_params_).fit(x, y)


@misconception(
    exercise="search",
    text="The best estimator is trained on the first two thirds of the rows only.",
    look="On how many rows is best_estimator_ trained, in scikit-learn?",
)
def search_leaves_rows_out(estimator, parameters, x, y, cv=3, n_iter=None, random_state=None):
    from sklearn.base import clone

    if n_iter is None:
        found = GridSearchCV(estimator, parameters, cv=cv, refit=False)
    else:
        found = RandomizedSearchCV(estimator, parameters, n_iter=n_iter, cv=cv, random_state=random_state, refit=False)
    found.fit(x, y)
    count = 2 * len(x) // 3
    return (
        found.best_params_,
        float(found.best_score_),
        clone(estimator).set_params(**found.best_params_).fit(x[:count], y[:count]),
    )
