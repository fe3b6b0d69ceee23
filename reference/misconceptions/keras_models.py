"""Misconceptions about Keras models: what students write instead, and why it is wrong."""

import keras
import numpy as np

from autograder.declare import misconception

# --- sequential_classifier --------------------------------------------------------------------------------------------


def _stack(input_shape, hidden, last):
    """The right frame of a network, for mistakes that lie in its layers."""
    return keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(), *hidden, *last])


def _softmax(classes, **options):
    return [keras.layers.Dense(classes, activation="softmax", **options)]


@misconception(
    exercise="sequential_classifier",
    text="Each row of an image gets its own answers: the output has more axes than (batch, classes), and the first kernel is "
    "far too small.",
    look="Which output shape does model.summary() show for each layer, and on which axis of its input does Dense work?",
)
def no_flatten(input_shape=(28, 28), units=(300, 100), classes=10):
    layers = [keras.layers.Dense(size, activation="relu") for size in units]
    return keras.Sequential([keras.Input(input_shape), *layers, *_softmax(classes)])


@misconception(
    exercise="sequential_classifier",
    text="The hidden layers have no activation. A stack of linear layers is one linear layer, however deep.",
    look="What is Dense's default for `activation`?",
)
def hidden_layers_without_activation(input_shape=(28, 28), units=(300, 100), classes=10):
    return _stack(input_shape, [keras.layers.Dense(size) for size in units], _softmax(classes))


@misconception(
    exercise="sequential_classifier",
    text="The output layer has sigmoids: a number for each class on its own, whose sum is not 1.",
    look="Can one image belong to several classes at once? For which kind of labels are sigmoids made?",
)
def sigmoid_at_the_output(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="relu") for size in units]
    return _stack(input_shape, hidden, [keras.layers.Dense(classes, activation="sigmoid")])


@misconception(
    exercise="sequential_classifier",
    text="The output layer has no activation, so the model answers logits and not probabilities.",
    look="Sum one row of the model's answers. Which activation makes probabilities of several classes?",
)
def no_softmax(input_shape=(28, 28), units=(300, 100), classes=10):
    return _stack(input_shape, [keras.layers.Dense(size, activation="relu") for size in units], [keras.layers.Dense(classes)])


@misconception(
    exercise="sequential_classifier",
    text="The shape is given to the first layer by input_shape=, as older code does. Keras 3 warns of it: a Sequential model "
    "begins with keras.Input.",
    look="Read the warning that is printed when the model is made.",
)
def input_shape_argument(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="relu") for size in units]
    return keras.Sequential([keras.layers.Flatten(input_shape=input_shape), *hidden, *_softmax(classes)])


@misconception(
    exercise="sequential_classifier",
    text="Nothing says the inputs' shape, so the model is not built: no layer has weights before the first batch arrives, and "
    "nothing can be counted.",
    look="Call model.summary(). What does it show for the parameters, and what is missing at the list's beginning?",
)
def no_input(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="relu") for size in units]
    return keras.Sequential([keras.layers.Flatten(), *hidden, *_softmax(classes)])


@misconception(
    exercise="sequential_classifier",
    text="The sizes are those of the example in the text and do not follow the arguments.",
    look="Where do units and classes stand in your function?",
)
def sizes_are_fixed(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(300, activation="relu"), keras.layers.Dense(100, activation="relu")]
    return _stack(input_shape, hidden, _softmax(10))


@misconception(
    exercise="sequential_classifier",
    text="The model is compiled here. Whoever trains it decides on loss and optimizer, and the description says so.",
    look="What does the docstring say of compiling?",
)
def sequential_is_compiled(input_shape=(28, 28), units=(300, 100), classes=10):
    model = _stack(input_shape, [keras.layers.Dense(size, activation="relu") for size in units], _softmax(classes))
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return model


@misconception(
    exercise="sequential_classifier",
    text="There are two hidden layers, whatever units says: its first number and its last one.",
    look="How many layers does your function make of units=(5, 8, 6)?",
)
def two_hidden_layers_always(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="relu") for size in (units[0], units[-1])]
    return _stack(input_shape, hidden, _softmax(classes))


# --- wide_and_deep ----------------------------------------------------------------------------------------------------


def _deep(inputs, units):
    for size in units:
        inputs = keras.layers.Dense(size, activation="relu")(inputs)
    return inputs


@misconception(
    exercise="wide_and_deep",
    text="The last hidden layer comes first in the concatenation. A network trained so works as well, but weights in the other "
    "order mean something else.",
    look="In which order does the stub name the two that are joined?",
)
def concatenated_in_the_other_order(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    joined = keras.layers.Concatenate()([_deep(inputs, units), inputs])
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(joined))


@misconception(
    exercise="wide_and_deep",
    text="The output sees the last hidden layer only: this is a plain stack.",
    look="How many numbers should the output's kernel see? Which layer of yours joins two tensors?",
)
def no_wide_path(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(_deep(inputs, units)))


@misconception(
    exercise="wide_and_deep",
    text="The two are added, by way of a Dense layer that makes them fit, as in a residual network.",
    look="How many numbers come out of the joining layer for 8 features and 30 units, and how many should?",
)
def skip_adds_its_branches(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    hidden = _deep(inputs, units)
    joined = keras.layers.Add()([keras.layers.Dense(units[-1])(inputs), hidden])
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(joined))


@misconception(
    exercise="wide_and_deep",
    text="The first hidden layer is joined with the last one.",
    look="What should the wide path carry, and which tensor of yours is that?",
)
def first_hidden_layer_is_the_wide_path(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    first = _deep(inputs, units[:1])
    joined = keras.layers.Concatenate()([first, _deep(first, units[1:])])
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(joined))


@misconception(
    exercise="wide_and_deep",
    text="The output has a ReLU, so the network can never answer a negative number.",
    look="Which activation does a regression's output have?",
)
def relu_at_the_output(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    joined = keras.layers.Concatenate()([inputs, _deep(inputs, units)])
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1, activation="relu")(joined))


@misconception(
    exercise="wide_and_deep",
    text="Each hidden layer is called on the inputs, and not on the layer before it: only the last one is connected with the output, and the deep "
    "path is one layer deep.",
    look="In your loop, what is each new layer called on, and what should it be called on? What does model.summary() list?",
)
def hidden_layers_beside_each_other(features=8, units=(30, 30)):
    inputs = keras.Input((features,))
    joined = keras.layers.Concatenate()([inputs, _deep(inputs, units[-1:])])
    return keras.Model(inputs=inputs, outputs=keras.layers.Dense(1)(joined))


# --- two_inputs_two_outputs -------------------------------------------------------------------------------------------


def _two(wide_features, deep_features, units, weights, swap_outputs=False, swap_inputs=False, auxiliary_of_joined=False):
    wide, deep = keras.Input((wide_features,)), keras.Input((deep_features,))
    hidden = _deep(deep, units)
    joined = keras.layers.Concatenate()([wide, hidden])
    outputs = [keras.layers.Dense(1)(joined), keras.layers.Dense(1)(joined if auxiliary_of_joined else hidden)]
    outputs = outputs[::-1] if swap_outputs else outputs
    model = keras.Model(inputs=[deep, wide] if swap_inputs else [wide, deep], outputs=outputs)
    model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=weights)
    return model


@misconception(
    exercise="two_inputs_two_outputs",
    text="The losses are not weighted, so the auxiliary output counts as much as the main one.",
    look="Which argument of compile says how much each output's loss counts?",
)
def no_loss_weights(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, None)


@misconception(
    exercise="two_inputs_two_outputs",
    text="The main output's loss counts fully, and the auxiliary one's comes on top: the two shares do not sum to 1.",
    look="What remains for the main output when the auxiliary one has its share of the loss? Which number of yours says so?",
)
def main_loss_counts_fully(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, [1.0, auxiliary_weight])


@misconception(
    exercise="two_inputs_two_outputs",
    text="The loss weights stand in the wrong order: the auxiliary output has the main one's share.",
    look="Which output comes first in your model, and which number comes first in loss_weights?",
)
def loss_weights_swapped(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, [auxiliary_weight, 1 - auxiliary_weight])


@misconception(
    exercise="two_inputs_two_outputs",
    text="The auxiliary output sees the concatenation, and with it the wide inputs. Its loss can then be made small without "
    "the deep path.",
    look="What should the auxiliary output judge? Which tensor feeds it?",
)
def auxiliary_output_sees_the_wide_inputs(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, [1 - auxiliary_weight, auxiliary_weight], auxiliary_of_joined=True)


@misconception(
    exercise="two_inputs_two_outputs",
    text="The outputs are listed the other way round, so whoever trains the model gives the main one's labels to the "
    "auxiliary one.",
    look="In which order does keras.Model get its outputs?",
)
def outputs_swapped(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, [auxiliary_weight, 1 - auxiliary_weight], swap_outputs=True)


@misconception(
    exercise="two_inputs_two_outputs",
    text="The inputs are listed the other way round: the wide features run through the hidden layers, if they fit at all.",
    look="In which order does keras.Model get its inputs?",
)
def inputs_swapped(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units, [1 - auxiliary_weight, auxiliary_weight], swap_inputs=True)


@misconception(
    exercise="two_inputs_two_outputs",
    text="Each hidden layer is called on the deep inputs, and not on the layer before it: only the last one is connected with the outputs, and the "
    "deep path is one layer deep.",
    look="In your loop, what is each new layer called on, and what should it be called on? What does model.summary() list?",
)
def two_hidden_layers_beside_each_other(wide_features=5, deep_features=6, units=(30, 30), auxiliary_weight=0.1):
    return _two(wide_features, deep_features, units[-1:], [1 - auxiliary_weight, auxiliary_weight])


# --- count_parameters -------------------------------------------------------------------------------------------------


@misconception(
    exercise="count_parameters",
    text="All parameters are counted as trainable, even those that training does not change.",
    look="Which lists of weights has a model beside `weights`?",
)
def all_are_trainable(model):
    return {"total": model.count_params(), "trainable": model.count_params(), "non_trainable": 0}


@misconception(
    exercise="count_parameters",
    text="Biases are not counted: only what is a matrix is.",
    look="How many parameters has a Dense layer of 4 inputs and 3 units? Count those of the formula.",
)
def biases_are_not_counted(model):
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights if len(w.shape) > 1)
    rest = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    return {"total": trainable + rest, "trainable": trainable, "non_trainable": rest}


@misconception(
    exercise="count_parameters",
    text="This counts the arrays, not the numbers in them: a kernel of 784 x 300 is one entry of model.weights and 235,200 parameters.",
    look="What is the length of the list model.weights of a single Dense layer?",
)
def arrays_are_counted(model):
    trainable = len(model.trainable_weights)
    return {"total": len(model.weights), "trainable": trainable, "non_trainable": len(model.weights) - trainable}


@misconception(
    exercise="count_parameters",
    text="Only batch norms are looked for among what is not trained; a layer that was frozen is forgotten.",
    look="Freeze a Dense layer and look at the last lines of the summary.",
)
def frozen_layers_are_forgotten(model):
    rest = sum(2 * layer.gamma.shape[0] for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization))
    return {"total": model.count_params(), "trainable": model.count_params() - rest, "non_trainable": rest}


@misconception(
    exercise="count_parameters",
    text="Whole layers are counted as trainable or not. A batch norm is trainable as a layer, and still its moving statistics "
    "are not trained.",
    look="Which weights has a BatchNormalization layer, and which of them are in its list trainable_weights?",
)
def whole_layers_are_trainable(model):
    trainable = sum(layer.count_params() for layer in model.layers if layer.trainable)
    return {"total": model.count_params(), "trainable": trainable, "non_trainable": model.count_params() - trainable}


@misconception(
    exercise="count_parameters",
    text="The total leaves out what is not trained: it is the number of trainable parameters.",
    look="Do trainable and non-trainable parameters of yours add up to the total?",
)
def total_is_what_is_trained(model):
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    return {"total": trainable, "trainable": trainable, "non_trainable": model.count_params() - trainable}


@misconception(
    exercise="count_parameters",
    text="To count them, all layers are made trainable, and stay so: what was frozen will be trained.",
    look="Is the model the same after your function as before it?",
)
def count_makes_all_trainable(model):
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    for layer in model.layers:
        layer.trainable = True
    return {"total": model.count_params(), "trainable": trainable, "non_trainable": model.count_params() - trainable}


# --- compile_classifier -----------------------------------------------------------------------------------------------


def _compile(model, labels, from_logits, optimizer, metrics=("accuracy",)):
    """The right loss, for mistakes that lie elsewhere."""
    kinds = {"integers": keras.losses.SparseCategoricalCrossentropy, "one_hot": keras.losses.CategoricalCrossentropy}
    if labels not in kinds:
        raise ValueError(f"no such labels: {labels}")
    model.compile(optimizer=optimizer, loss=kinds[labels](from_logits=from_logits), metrics=list(metrics))
    return model


@misconception(
    exercise="compile_classifier",
    text="from_logits is always True, although the model may end with softmax. A softmax of probabilities does not come near "
    "1, nor the loss near 0.",
    look="What does your model answer: probabilities or logits? Which argument in your function says so?",
)
def from_logits_with_softmax(model, labels="integers", from_logits=False, learning_rate=0.01):
    return _compile(model, labels, True, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="from_logits is forgotten, so the loss takes the logits for probabilities: it cuts off what is not between 0 and 1, "
    "and takes the logarithm of the rest.",
    look="For a model without softmax, compare evaluate with the loss that you compute yourself.",
)
def from_logits_is_ignored(model, labels="integers", from_logits=False, learning_rate=0.01):
    return _compile(model, labels, False, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="from_logits reaches the loss for class numbers only. With one-hot labels the logits are taken for probabilities, as "
    "where a loss is given by its name: that stands for the defaults.",
    look="In which of your two branches does from_logits occur?",
)
def from_logits_is_ignored_for_one_hot(model, labels="integers", from_logits=False, learning_rate=0.01):
    logits = from_logits and labels == "integers"
    return _compile(model, labels, logits, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="from_logits reaches the loss for one-hot labels only. With class numbers the logits are taken for probabilities, as "
    "where a loss is given by its name: that stands for the defaults.",
    look="In which of your two branches does from_logits occur?",
)
def from_logits_is_ignored_for_class_numbers(model, labels="integers", from_logits=False, learning_rate=0.01):
    logits = from_logits and labels == "one_hot"
    return _compile(model, labels, logits, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="The categorical cross-entropy stands for both kinds of labels.",
    look="Which shape do the labels have in each of the two cases, and which of Keras's two losses takes which?",
)
def categorical_for_class_numbers(model, labels="integers", from_logits=False, learning_rate=0.01):
    if labels not in ("integers", "one_hot"):
        raise ValueError(labels)
    return _compile(model, "one_hot", from_logits, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="The sparse categorical cross-entropy stands for both kinds of labels.",
    look="Which shape do the labels have in each of the two cases, and which of Keras's two losses takes which?",
)
def sparse_for_one_hot(model, labels="integers", from_logits=False, learning_rate=0.01):
    if labels not in ("integers", "one_hot"):
        raise ValueError(labels)
    return _compile(model, "integers", from_logits, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text="SGD is given lr=, as in older code. Keras 3 does not know it and raises an error.",
    look="Which arguments does keras.optimizers.SGD take?",
)
def lr_argument(model, labels="integers", from_logits=False, learning_rate=0.01):
    return _compile(model, labels, from_logits, keras.optimizers.SGD(lr=learning_rate))


@misconception(
    exercise="compile_classifier",
    text='The learning rate is not passed on. An optimizer that is given by its name, "sgd", or made without arguments, has '
    "its default settings.",
    look="Which learning rate does model.optimizer have?",
)
def learning_rate_is_not_passed_on(model, labels="integers", from_logits=False, learning_rate=0.01):
    return _compile(model, labels, from_logits, "sgd")


@misconception(
    exercise="compile_classifier",
    text="No metric is given, so that fit and evaluate report the loss alone.",
    look="Which argument of compile says what is reported beside the loss?",
)
def no_accuracy(model, labels="integers", from_logits=False, learning_rate=0.01):
    return _compile(model, labels, from_logits, keras.optimizers.SGD(learning_rate=learning_rate), ())


@misconception(
    exercise="compile_classifier",
    text="keras.metrics.Accuracy() counts how often the model's answers equal the labels exactly, which probabilities hardly "
    "ever do.",
    look="Evaluate a model: is its accuracy 0? Which word lets Keras choose the kind that fits the labels?",
)
def exact_accuracy(model, labels="integers", from_logits=False, learning_rate=0.01):
    metrics = (keras.metrics.Accuracy(),)
    return _compile(model, labels, from_logits, keras.optimizers.SGD(learning_rate=learning_rate), metrics)


@misconception(
    exercise="compile_classifier",
    text="Your function answers None.",
    look="Which line of your function hands the model back? What does compile itself return?",
)
def compile_is_returned(model, labels="integers", from_logits=False, learning_rate=0.01):
    _compile(model, labels, from_logits, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="compile_classifier",
    text='Everything that is not "integers" is taken for one-hot labels, so a misspelt word goes through and shows up much later.',
    look='What does your function do with labels="words"?',
)
def any_other_word_is_one_hot(model, labels="integers", from_logits=False, learning_rate=0.01):
    labels = "integers" if labels == "integers" else "one_hot"
    return _compile(model, labels, from_logits, keras.optimizers.SGD(learning_rate=learning_rate))


# --- decayed_sgd ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="decayed_sgd",
    text="The learning rate never falls, as where SGD is given decay=. Older code has that argument; Keras 3 ignores it, "
    "with a warning.",
    look="Was a warning printed? What may be given as learning_rate instead of a number?",
)
def decay_argument(learning_rate=0.1, decay=1e-4, momentum=0.9):
    return keras.optimizers.SGD(learning_rate=learning_rate, decay=decay, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="decay became weight_decay, which is something else: it shrinks the weights at each step, and the learning rate stays.",
    look="What should become smaller with time, the rate or the weights?",
)
def weight_decay_for_decay(learning_rate=0.1, decay=1e-4, momentum=0.9):
    return keras.optimizers.SGD(learning_rate=learning_rate, weight_decay=decay, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="The rate falls exponentially, by a factor each step. After many steps nothing is left of it.",
    look="Compare the rate after 1 / decay steps with half of what it was at first.",
)
def exponential_for_inverse_time(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, decay_steps=1, decay_rate=1 / (1 + decay))
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="The rate is halved again and again: after 1 / decay steps it is half, as it should be, but after twice as many a "
    "quarter. That is exponential decay, which soon leaves nothing of the rate.",
    look="What are 1 / (1 + decay * t) and your rate after 2 / decay steps, and after 10 / decay?",
)
def halved_again_and_again(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, decay_steps=1 / decay, decay_rate=0.5)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="The rate is halved every 1 / decay steps, cut to a whole number of them. That is exponential decay: after twice as "
    "many steps a quarter is left, and soon nothing.",
    look="What are 1 / (1 + decay * t) and your rate after 2 / decay steps, and after 10 / decay?",
)
def halved_after_whole_steps(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, decay_steps=int(1 / decay), decay_rate=0.5)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="Each step takes the share decay off the rate: that is exponential decay. After many steps nothing is left of it.",
    look="Compare the rate after 1 / decay steps with half of what it was at first.",
)
def a_share_less_each_step(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, decay_steps=1, decay_rate=1 - decay)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="decay is what the rate is multiplied by in every step, in an exponential decay: after a few steps the rate is 0.",
    look="Which rate has the second step? What does decay_rate mean in the schedule that you took?",
)
def decay_is_the_factor(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, decay_steps=1, decay_rate=decay)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="The schedule is a staircase: the rate stays for 1 / decay steps and then falls at once.",
    look="What is the rate after half of 1 / decay steps?",
)
def staircase(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.InverseTimeDecay(learning_rate, round(1 / decay), 1.0, staircase=True)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum)


@misconception(
    exercise="decayed_sgd",
    text="Momentum is left out: it is 0 unless SGD is told.",
    look="Which argument of your function is not used?",
)
def no_momentum(learning_rate=0.1, decay=1e-4, momentum=0.9):
    return keras.optimizers.SGD(learning_rate=keras.optimizers.schedules.InverseTimeDecay(learning_rate, 1, decay))


@misconception(
    exercise="decayed_sgd",
    text="This is Nesterov's momentum, in which the newest gradient has more weight.",
    look="What does nesterov=True change in the first step?",
)
def nesterov_momentum(learning_rate=0.1, decay=1e-4, momentum=0.9):
    schedule = keras.optimizers.schedules.InverseTimeDecay(learning_rate, 1, decay)
    return keras.optimizers.SGD(learning_rate=schedule, momentum=momentum, nesterov=True)


# --- fit_with_validation ----------------------------------------------------------------------------------------------


@misconception(
    exercise="fit_with_validation",
    text="The validation data are cut off the training data, and the pair that was given is not used. So fewer examples are "
    "trained on, too.",
    look="Which argument of fit takes a pair of arrays?",
)
def validation_split_for_data(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    return model.fit(
        x, y, validation_split=0.2, epochs=epochs, batch_size=batch_size, callbacks=list(callbacks), verbose=0
    ).history


@misconception(
    exercise="fit_with_validation",
    text="The training data are used for validation as well, so val_loss says nothing about new examples.",
    look="Which arrays stand in validation_data?",
)
def validated_on_training_data(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    return model.fit(
        x, y, validation_data=(x, y), epochs=epochs, batch_size=batch_size, callbacks=list(callbacks), verbose=0
    ).history


@misconception(
    exercise="fit_with_validation",
    text="Training and validation data are put together and trained on, so the validation loss is measured on what was learned.",
    look="What may validation data never be used for?",
)
def trained_on_validation_data(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    x, y = np.concatenate([x, validation[0]]), np.concatenate([y, validation[1]])
    return model.fit(
        x, y, validation_data=validation, epochs=epochs, batch_size=batch_size, callbacks=list(callbacks), verbose=0
    ).history


@misconception(
    exercise="fit_with_validation",
    text="fit is called once an epoch in a loop, and only the last call's history is returned: one number each. Callbacks begin "
    "anew with each call, too.",
    look="How long are the lists in your answer?",
)
def history_of_the_last_epoch(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    for _ in range(epochs):
        history = model.fit(x, y, validation_data=validation, batch_size=batch_size, callbacks=list(callbacks), verbose=0)
    return history.history


@misconception(
    exercise="fit_with_validation",
    text="The History object is returned.",
    look="Which attribute of what fit returns is a dict of lists?",
)
def history_object(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    return model.fit(
        x, y, validation_data=validation, epochs=epochs, batch_size=batch_size, callbacks=list(callbacks), verbose=0
    )


@misconception(
    exercise="fit_with_validation",
    text="Nothing that a callback does ends the training: callbacks are not passed on, or fit is called once for each epoch.",
    look="Give a callback that sets self.model.stop_training in its first on_epoch_end. How many epochs has your answer?",
)
def callbacks_are_dropped(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    return model.fit(x, y, validation_data=validation, epochs=epochs, batch_size=batch_size, verbose=0).history


@misconception(
    exercise="fit_with_validation",
    text="batch_size is not passed on, so batches have 32 examples whatever is asked for.",
    look="Which of your function's arguments does fit never see?",
)
def batch_size_is_dropped(model, x, y, validation, epochs, batch_size=32, callbacks=()):
    return model.fit(x, y, validation_data=validation, epochs=epochs, callbacks=list(callbacks), verbose=0).history


# --- early_stopping ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="early_stopping",
    text="The training loss is watched. It goes on falling while the network learns its examples by heart.",
    look="Which number says that it gets worse on examples that it has not seen?",
)
def stops_on_training_loss(patience=10):
    return keras.callbacks.EarlyStopping(monitor="loss", patience=patience, restore_best_weights=True)


@misconception(
    exercise="early_stopping",
    text="The best weights are not brought back: the model ends with those of the last epoch, patience epochs after the best.",
    look="What is EarlyStopping's default for restore_best_weights?",
)
def best_weights_are_lost(patience=10):
    return keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)


@misconception(
    exercise="early_stopping",
    text="patience is not passed on. EarlyStopping's own default is 0: training stops at the first epoch that is not better.",
    look="After how many epochs without improvement does your callback stop?",
)
def patience_is_not_passed_on(patience=10):
    return keras.callbacks.EarlyStopping(monitor="val_loss", restore_best_weights=True)


@misconception(
    exercise="early_stopping",
    text='The mode is "max", as for an accuracy: a falling validation loss counts as getting worse.',
    look="Should the number that you watch fall or rise?",
)
def loss_should_rise(patience=10):
    return keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, mode="max", restore_best_weights=True)


# --- LossRatio --------------------------------------------------------------------------------------------------------


@misconception(
    exercise="LossRatio",
    replaces="LossRatio.on_epoch_end",
    text="The ratio is upside down: training loss over validation loss. Overfitting makes it small.",
    look="Which of the two losses is the larger one when a network overfits, and should the ratio then be above or below 1?",
)
def ratio_upside_down(self, epoch, logs=None):
    self.ratios.append(logs["loss"] / logs["val_loss"])


@misconception(
    exercise="LossRatio",
    replaces="LossRatio.on_epoch_end",
    text="ratios stays empty, as it does when the ratio is only returned.",
    look="Where should the numbers be found after training, and who puts them there?",
)
def ratio_is_returned(self, epoch, logs=None):
    return logs["val_loss"] / logs["loss"]


@misconception(
    exercise="LossRatio",
    replaces="LossRatio.on_train_begin",
    text="A second training's ratios are put behind the first one's.",
    look="Which method does fit call before the first epoch, and what should ratios hold after it?",
)
def ratios_of_all_trainings(self, logs=None):
    pass


@misconception(
    exercise="LossRatio",
    replaces="LossRatio",
    text="All callbacks of this class write into one and the same list, as where the list belongs to the class.",
    look="Where must `ratios = []` stand so that each object has a list of its own?",
)
class ratios_belong_to_the_class(keras.callbacks.Callback):
    ratios = []

    def on_train_begin(self, logs=None):
        self.ratios.clear()

    def on_epoch_end(self, epoch, logs=None):
        self.ratios.append(logs["val_loss"] / logs["loss"])


@misconception(
    exercise="LossRatio",
    replaces="LossRatio.on_epoch_end",
    text="Only the latest ratio is kept, not one for each epoch.",
    look="How long should ratios be after five epochs?",
)
def only_the_last_ratio(self, epoch, logs=None):
    self.ratios = [logs["val_loss"] / logs["loss"]]


@misconception(
    exercise="LossRatio",
    replaces="LossRatio.on_epoch_end",
    text="The validation loss is taken out of logs, so every callback that comes later finds none.",
    look="What does dict.pop do to the dict?",
)
def ratio_takes_the_loss_out(self, epoch, logs=None):
    self.ratios.append(logs.pop("val_loss") / logs["loss"])


# --- exponential_scheduler --------------------------------------------------------------------------------------------


@misconception(
    exercise="exponential_scheduler",
    text="The function multiplies the rate at hand by a factor that itself falls with the epoch, so the factors pile up and the rate falls "
    "much too fast; it also begins at the optimizer's rate, not at yours.",
    look="What is the second argument of the function that LearningRateScheduler calls?",
)
def factors_pile_up(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.1 ** (epoch / epochs))


@misconception(
    exercise="exponential_scheduler",
    text="The first epoch has your rate. From then on the rate at hand is multiplied by a factor that itself falls with the "
    "epoch, so the factors pile up and the rate falls much too fast.",
    look="The rate at hand in epoch 2: which factor is in it already, and which one do you multiply it by?",
)
def factors_pile_up_from_its_own_rate(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(
        lambda epoch, rate: (rate if epoch else learning_rate) * 0.1 ** (epoch / epochs)
    )


@misconception(
    exercise="exponential_scheduler",
    text="The rate at hand is multiplied by the same factor in every epoch, the first one too: training begins below the "
    "optimizer's own rate, and your argument learning_rate is not used.",
    look="Which rate does the first epoch have, if the optimizer was made with 0.5?",
)
def a_factor_on_the_rate_at_hand(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.1 ** (1 / epochs))


@misconception(
    exercise="exponential_scheduler",
    text="Training begins with the optimizer's own rate, whatever it is: your argument learning_rate is not used.",
    look="Which rate does the first epoch have, if the optimizer was made with 0.5?",
)
def begins_with_the_optimizers_rate(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.1 ** (1 / epochs) if epoch else rate)


@misconception(
    exercise="exponential_scheduler",
    text="Whole-number division: the rate stays for `epochs` epochs and then falls to a tenth at once.",
    look="What is 3 // 20, and what is 3 / 20?",
)
def whole_number_division(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch: learning_rate * 0.1 ** (epoch // epochs))


@misconception(
    exercise="exponential_scheduler",
    text="After `epochs` epochs your rate is still 0.37 of what it was: the base is 1/e.",
    look="Which rate should there be in epoch number `epochs`?",
)
def base_e(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch: learning_rate * float(np.exp(-epoch / epochs)))


@misconception(
    exercise="exponential_scheduler",
    text="Epochs are counted from 1, so the first epoch has not the whole learning rate any more.",
    look="Which number does Keras pass for the first epoch?",
)
def epochs_from_one(learning_rate=0.01, epochs=20):
    return keras.callbacks.LearningRateScheduler(lambda epoch: learning_rate * 0.1 ** ((epoch + 1) / epochs))


# --- OneCycle ---------------------------------------------------------------------------------------------------------


def _cycle_rate(self, step, final=None):
    """The right rate at a step, for mistakes that lie elsewhere."""
    final = self.total_steps // 10 + 1 if final is None else final
    half = (self.total_steps - final) // 2
    low = self.max_learning_rate / 10
    rates = [low, self.max_learning_rate, low, low / 1000]
    return float(np.interp(step, [0, half, 2 * half, self.total_steps], rates))


@misconception(
    exercise="OneCycle",
    replaces="OneCycle.on_train_batch_begin",
    text="The batch's number within its epoch is taken for the step, so the cycle begins again in each epoch.",
    look="Which numbers does Keras pass for `batch` in the second epoch?",
)
def cycle_restarts_each_epoch(self, batch, logs=None):
    self.model.optimizer.learning_rate = _cycle_rate(self, batch)


@misconception(
    exercise="OneCycle",
    text="The rate is set at the end of a batch, so each batch is trained with the rate of the one before, and the first with the "
    "optimizer's own.",
    look="Which of a callback's methods is called before a batch?",
)
class rate_is_set_after_the_batch(keras.callbacks.Callback):
    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.max_learning_rate = max_learning_rate
        self.total_steps = total_steps

    def on_train_begin(self, logs=None):
        self.step = 0

    def on_train_batch_end(self, batch, logs=None):
        self.model.optimizer.learning_rate = _cycle_rate(self, self.step)
        self.step += 1


@misconception(
    exercise="OneCycle",
    text="The rate is set once an epoch.",
    look="How many different rates does an epoch of ten batches see, and how many should it?",
)
class rate_is_set_once_an_epoch(keras.callbacks.Callback):
    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.max_learning_rate = max_learning_rate
        self.total_steps = total_steps

    def on_train_begin(self, logs=None):
        self.step = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.model.optimizer.learning_rate = _cycle_rate(self, self.step)

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1


@misconception(
    exercise="OneCycle",
    replaces="OneCycle.on_train_batch_begin",
    text="There is no final stretch: the rate falls back to a tenth of the maximum and ends there, and never gets small enough to settle.",
    look="Which rate should the last batches have?",
)
def no_final_stretch(self, batch, logs=None):
    half = self.total_steps // 2
    low = self.max_learning_rate / 10
    rates = [low, self.max_learning_rate, low]
    self.model.optimizer.learning_rate = float(np.interp(self.step, [0, half, 2 * half], rates))
    self.step += 1


@misconception(
    exercise="OneCycle",
    replaces="OneCycle.on_train_batch_begin",
    text="The step is counted up before the rate is computed, so the first batch already has the second rate.",
    look="Which step is the first batch's?",
)
def steps_from_one(self, batch, logs=None):
    self.step += 1
    self.model.optimizer.learning_rate = _cycle_rate(self, self.step)


@misconception(
    exercise="OneCycle",
    text="The steps are counted from the object's making and not from the beginning of training: a second training begins where the "
    "first ended, at the smallest rate.",
    look="What happens when the same callback is given to fit twice?",
)
class steps_are_never_reset(keras.callbacks.Callback):
    def __init__(self, max_learning_rate, total_steps):
        super().__init__()
        self.max_learning_rate = max_learning_rate
        self.total_steps = total_steps
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = _cycle_rate(self, self.step)
        self.step += 1


# --- norms ------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="norm_after_activation",
    text="The inputs reach the first Dense layer as they are.",
    look="Which layer should stand directly behind Flatten, and which one does?",
)
def no_norm_at_the_beginning(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size, activation="relu"), keras.layers.BatchNormalization()]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_after_activation",
    text="The norms stand before the activations.",
    look="Read the summary from above: what does each norm get, and what should it?",
)
def norm_before_instead_of_after(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.BatchNormalization()]
    for size in units:
        hidden += [keras.layers.Dense(size), keras.layers.BatchNormalization(), keras.layers.Activation("relu")]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_after_activation",
    text="The first norm stands before Flatten: it has statistics for each column of pixels.",
    look="How many parameters has the first norm, and how many pixels has an image?",
)
def norm_before_flatten(input_shape=(28, 28), units=(300, 100), classes=10):
    layers = [keras.Input(input_shape), keras.layers.BatchNormalization(), keras.layers.Flatten()]
    for size in units:
        layers += [keras.layers.Dense(size, activation="relu"), keras.layers.BatchNormalization()]
    return keras.Sequential([*layers, *_softmax(classes)])


@misconception(
    exercise="norm_after_activation",
    text="There is a batch norm after the softmax. The answers are then no probabilities any more.",
    look="Sum one row of the model's answers. Which layer is the last?",
)
def norm_after_the_softmax(input_shape=(28, 28), units=(300, 100), classes=10):
    layers = [keras.layers.BatchNormalization()]
    for size in units:
        layers += [keras.layers.Dense(size, activation="relu"), keras.layers.BatchNormalization()]
    return _stack(input_shape, layers, [*_softmax(classes), keras.layers.BatchNormalization()])


@misconception(
    exercise="norm_before_activation",
    text="The Dense layers keep their biases, although the norm behind them takes away any constant and has a shift of its own.",
    look="What is left of a bias after the norm has subtracted the mean?",
)
def biases_before_the_norm(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size), keras.layers.BatchNormalization(), keras.layers.Activation("relu")]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_before_activation",
    text="The activation is given to the Dense layer, so the norm stands behind it.",
    look="In which order do matrix, norm and activation act in your network?",
)
def norm_after_instead_of_before(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size, use_bias=False, activation="relu"), keras.layers.BatchNormalization()]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_before_activation",
    text="There is no activation at all any more: it was taken out of Dense and not put behind the norm.",
    look="Which layer before the softmax is not linear (at inference)?",
)
def activation_is_lost(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size, use_bias=False), keras.layers.BatchNormalization()]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_before_activation",
    text="The activation acts twice: in Dense, and again behind the norm.",
    look="How many activations has a hidden layer of yours?",
)
def activated_twice(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, use_bias=False, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
        ]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="norm_before_activation",
    text="The output layer has no bias either.",
    look="Which of your Dense layers are followed by a norm that has a shift of its own?",
)
def no_bias_at_the_output(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
        ]
    return _stack(input_shape, hidden, _softmax(classes, use_bias=False))


# --- initialization, penalties, dropout -------------------------------------------------------------------------------


@misconception(
    exercise="elu_he_network",
    text="The initializer is left at Keras's default, Glorot, whose variance is too small for ELU.",
    look="What is Dense's default for kernel_initializer?",
)
def glorot_is_left(input_shape=(28, 28), units=(300, 100), classes=10):
    return _stack(input_shape, [keras.layers.Dense(size, activation="elu") for size in units], _softmax(classes))


@misconception(
    exercise="elu_he_network",
    text="This is He's uniform initialization.",
    look="How do the names of Keras's two He initializers differ, and which one is asked for?",
)
def he_uniform(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="elu", kernel_initializer="he_uniform") for size in units]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="elu_he_network",
    text="He's initialization is given to the output layer, too.",
    look="For which activations is He's variance made, and which one has the output?",
)
def he_at_the_output(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="elu", kernel_initializer="he_normal") for size in units]
    return _stack(input_shape, hidden, _softmax(classes, kernel_initializer="he_normal"))


@misconception(
    exercise="elu_he_network",
    text="The activation of the hidden layers is ReLU.",
    look="Which activation does the docstring name?",
)
def relu_for_elu(input_shape=(28, 28), units=(300, 100), classes=10):
    hidden = [keras.layers.Dense(size, activation="relu", kernel_initializer="he_normal") for size in units]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="l2_network",
    text="Only the first layer has a penalty.",
    look="How many entries has model.losses, and how many Dense layers the model?",
)
def penalty_on_the_first_layer_only(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    options = [{"kernel_regularizer": keras.regularizers.L2(l2)}] + [{}] * len(units)
    hidden = [keras.layers.Dense(size, activation="relu", **option) for size, option in zip(units, options)]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="l2_network",
    text="The output layer has no penalty.",
    look="How many entries has model.losses, and how many Dense layers the model?",
)
def no_penalty_at_the_output(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    hidden = [keras.layers.Dense(n, activation="relu", kernel_regularizer=keras.regularizers.L2(l2)) for n in units]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="l2_network",
    text='The factor is 0.01 whatever is asked for, as where the regularizer is given by its name, "l2".',
    look="Where does the argument l2 stand in your function?",
)
def factor_is_the_default(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    hidden = [keras.layers.Dense(n, activation="relu", kernel_regularizer="l2") for n in units]
    return _stack(input_shape, hidden, _softmax(classes, kernel_regularizer="l2"))


@misconception(
    exercise="l2_network",
    text="This is the L1 penalty: the sum of absolute values, which drives weights to exactly 0.",
    look="Which power of the weights is summed?",
)
def l1_for_l2(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    hidden = [keras.layers.Dense(n, activation="relu", kernel_regularizer=keras.regularizers.L1(l2)) for n in units]
    return _stack(input_shape, hidden, _softmax(classes, kernel_regularizer=keras.regularizers.L1(l2)))


@misconception(
    exercise="l2_network",
    text="activity_regularizer puts the penalty on what the layers answer, not on their weights.",
    look="Dense has three arguments whose names end in regularizer. Which of them is about the kernel?",
)
def penalty_on_the_activity(input_shape=(28, 28), units=(300, 100), classes=10, l2=0.01):
    hidden = [keras.layers.Dense(n, activation="relu", activity_regularizer=keras.regularizers.L2(l2)) for n in units]
    return _stack(input_shape, hidden, _softmax(classes, activity_regularizer=keras.regularizers.L2(l2)))


def _dropped(units, rate, kind=keras.layers.Dropout):
    layers = []
    for size in units:
        layers += [kind(rate), keras.layers.Dense(size, activation="relu")]
    return layers


@misconception(
    exercise="dropout_network",
    text="There is a dropout behind the output: it sets classes' probabilities to 0 in training.",
    look="Sum a row of model(x, training=True).",
)
def dropout_at_the_output(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size, activation="relu"), keras.layers.Dropout(rate)]
    return _stack(input_shape, hidden, [*_softmax(classes), keras.layers.Dropout(rate)])


@misconception(
    exercise="dropout_network",
    text="The rate is taken for the probability of keeping a number, as it is in a few older libraries: what should be kept "
    "is dropped.",
    look="Call keras.layers.Dropout(0.2) on a million ones, with training=True. Which share of them becomes 0?",
)
def rate_is_what_is_kept(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    return _stack(input_shape, _dropped(units, 1 - rate), [keras.layers.Dropout(1 - rate), *_softmax(classes)])


@misconception(
    exercise="dropout_network",
    text="Nothing is dropped of the inputs: the dropouts stand behind the hidden layers only.",
    look="What stands directly before the first Dense layer?",
)
def inputs_are_not_dropped(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    hidden = []
    for size in units:
        hidden += [keras.layers.Dense(size, activation="relu"), keras.layers.Dropout(rate)]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="dropout_network",
    text="No dropout stands before the output layer.",
    look="How many Dense layers has the network, and how many dropouts?",
)
def no_dropout_before_the_output(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    return _stack(input_shape, _dropped(units, rate), _softmax(classes))


@misconception(
    exercise="dropout_network",
    text="The rate is written as a number and does not follow the argument.",
    look="Where does the argument rate stand in your function?",
)
def rate_is_fixed(input_shape=(28, 28), units=(300, 100), classes=10, rate=0.2):
    return _stack(input_shape, _dropped(units, 0.2), [keras.layers.Dropout(0.2), *_softmax(classes)])


# --- the two recipes --------------------------------------------------------------------------------------------------


def _default(input_shape, units, classes, optimizer, activation="elu", loss="sparse_categorical_crossentropy", **options):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, **{"kernel_initializer": "he_normal", "use_bias": False, **options}),
            keras.layers.BatchNormalization(),
            keras.layers.Activation(activation),
        ]
    model = _stack(input_shape, hidden, _softmax(classes))
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


@misconception(
    exercise="default_network",
    text="Momentum is left out: it is 0 unless SGD is told.",
    look="What is SGD's default for momentum?",
)
def default_without_momentum(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    return _default(input_shape, units, classes, keras.optimizers.SGD(learning_rate=learning_rate))


@misconception(
    exercise="default_network",
    text="This is Nesterov's momentum.",
    look="Which argument of SGD makes the difference, and what does the recipe say?",
)
def default_with_nesterov(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9, nesterov=True)
    return _default(input_shape, units, classes, optimizer)


@misconception(
    exercise="default_network",
    text="The initializer is left at Keras's default, Glorot, whose variance is too small for ELU.",
    look="What is Dense's default for kernel_initializer?",
)
def default_with_glorot(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9)
    return _default(input_shape, units, classes, optimizer, kernel_initializer="glorot_uniform")


@misconception(
    exercise="default_network",
    text="The Dense layers keep their biases, although a norm follows them.",
    look="What is left of a bias after the norm has subtracted the mean?",
)
def default_with_biases(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9)
    return _default(input_shape, units, classes, optimizer, use_bias=True)


@misconception(
    exercise="default_network",
    text="The loss is for one-hot rows.",
    look="Which shape do the stub's labels have, and which cross-entropy takes them?",
)
def default_with_categorical_loss(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9)
    return _default(input_shape, units, classes, optimizer, loss="categorical_crossentropy")


@misconception(
    exercise="standardize",
    text="The other array is standardized with statistics of its own. Then one and the same image means something else in each "
    "set, and a single example cannot be standardized at all.",
    look="Which numbers would you have at hand when one new example arrives?",
)
def other_has_its_own_statistics(train, other):
    def scaled(x):
        std = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(std == 0, 1.0, std)

    return scaled(train), scaled(other)


@misconception(
    exercise="standardize",
    text="One mean and one standard deviation are taken over everything, so the features keep their differences.",
    look="Which shape should the mean have? Over which axis do the examples run?",
)
def one_mean_for_all_features(train, other):
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (other - mean) / std


@misconception(
    exercise="standardize",
    text="A feature that does not vary is divided by 0: it becomes NaN, and after one step of training so do the weights.",
    look="What is the standard deviation of a pixel that is 0 in every image?",
)
def constant_feature_becomes_nan(train, other):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / std, (other - mean) / std


@misconception(
    exercise="standardize",
    text="You divide by the variance, not by its root, so the variance of the result is not 1.",
    look="Compute the standard deviation of your answer.",
)
def divided_by_the_variance(train, other):
    mean, variance = train.mean(axis=0), train.var(axis=0)
    variance = np.where(variance == 0, 1.0, variance)
    return (train - mean) / variance, (other - mean) / variance


@misconception(
    exercise="standardize",
    text="The standard deviation divides by N - 1.",
    look="What does ddof do in np.std? By which number does the stub divide?",
)
def standardized_by_unbiased_std(train, other):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    std = np.where(std == 0, 1.0, std)
    return (train - mean) / std, (other - mean) / std


@misconception(
    exercise="standardize",
    text="The arrays are changed in place: whoever called the function has lost the original data.",
    look="What do `x -= mean` and `x = x - mean` do to the caller's array?",
)
def standardized_in_place(train, other):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1.0, std)
    for x in (train, other):
        x -= mean
        x /= std
    return train, other


def _selu_network(input_shape, units, classes, drop, initializer="lecun_normal", activation="selu"):
    hidden = [keras.layers.Dense(size, activation=activation, kernel_initializer=initializer) for size in units]
    return _stack(input_shape, [*hidden, *drop], _softmax(classes))


@misconception(
    exercise="self_normalizing_network",
    text="This is He's initialization, made for ReLU and ELU: with SELU the signals grow from layer to layer.",
    look="Which initialization makes (0, 1) a fixed point of SELU?",
)
def he_with_selu(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    return _selu_network(input_shape, units, classes, [keras.layers.AlphaDropout(rate)], "he_normal")


@misconception(
    exercise="self_normalizing_network",
    text="The initializer is left at Keras's default, Glorot. It has LeCun's variance only where a layer has as many inputs as units.",
    look="What is Dense's default for kernel_initializer?",
)
def glorot_with_selu(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    return _selu_network(input_shape, units, classes, [keras.layers.AlphaDropout(rate)], "glorot_uniform")


@misconception(
    exercise="self_normalizing_network",
    text="Plain dropout sets numbers to 0 and makes the variance of what passes larger: the network no longer normalizes "
    "itself.",
    look="Which kind of dropout keeps mean and variance?",
)
def dropout_for_alpha_dropout(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    return _selu_network(input_shape, units, classes, [keras.layers.Dropout(rate)])


@misconception(
    exercise="self_normalizing_network",
    text="An AlphaDropout stands behind every hidden layer, so that what each of them drops adds up on the way.",
    look="How many AlphaDropouts does the description name, and where?",
)
def alpha_dropout_after_each_layer(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, activation="selu", kernel_initializer="lecun_normal"),
            keras.layers.AlphaDropout(rate),
        ]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="self_normalizing_network",
    text="A plain Dropout stands behind every hidden layer: each sets numbers to 0 and makes the variance of what passes larger.",
    look="How many dropout layers does the description name, where, and of which kind?",
)
def dropout_after_each_layer(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, activation="selu", kernel_initializer="lecun_normal"),
            keras.layers.Dropout(rate),
        ]
    return _stack(input_shape, hidden, _softmax(classes))


@misconception(
    exercise="self_normalizing_network",
    text="An AlphaDropout stands in front of every Dense layer, the inputs included, as the dropouts of a plain network do.",
    look="How many AlphaDropouts does the description name, and where?",
)
def alpha_dropout_before_each_layer(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.AlphaDropout(rate),
            keras.layers.Dense(size, activation="selu", kernel_initializer="lecun_normal"),
        ]
    return _stack(input_shape, [*hidden, keras.layers.AlphaDropout(rate)], _softmax(classes))


@misconception(
    exercise="self_normalizing_network",
    text="No AlphaDropout is there.",
    look="What does the argument rate do in your function?",
)
def no_alpha_dropout(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    return _selu_network(input_shape, units, classes, [])


@misconception(
    exercise="self_normalizing_network",
    text="The activation is ELU, which lacks SELU's two constants: the variance shrinks from layer to layer.",
    look="What does the S in SELU stand for?",
)
def elu_for_selu(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    return _selu_network(input_shape, units, classes, [keras.layers.AlphaDropout(rate)], activation="elu")


@misconception(
    exercise="self_normalizing_network",
    text="There is a batch norm behind each hidden layer, which costs time and parameters.",
    look="Which layers does the recipe list under normalization?",
)
def norms_in_a_self_normalizing_network(input_shape=(28, 28), units=(100,) * 10, classes=10, rate=0.1):
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, activation="selu", kernel_initializer="lecun_normal"),
            keras.layers.BatchNormalization(),
        ]
    return _stack(input_shape, [*hidden, keras.layers.AlphaDropout(rate)], _softmax(classes))


@misconception(
    exercise="default_network",
    text="He's initialization is given to the output layer, too, as where all layers come from one functools.partial.",
    look="For which activations is He's variance made, and which one has the output?",
)
def default_with_he_at_the_output(input_shape=(28, 28), units=(100,) * 5, classes=10, learning_rate=0.05):
    optimizer = keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9)
    hidden = []
    for size in units:
        hidden += [
            keras.layers.Dense(size, kernel_initializer="he_normal", use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("elu"),
        ]
    model = _stack(input_shape, hidden, _softmax(classes, kernel_initializer="he_normal"))
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# --- Monte Carlo dropout ----------------------------------------------------------------------------------------------


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="training is passed on as it comes, so at inference nothing is dropped: this is plain Dropout.",
    look="What should call tell its parent, whatever it is told?",
)
def mc_passes_training_on(self, inputs, training=None):
    return super().call(inputs, training=training)


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="What is kept is passed on as it is, so the mean shrinks.",
    look="What is the mean of your layer's answer for a million ones? What would the parent's call have done?",
)
def mc_mask_without_scale(self, inputs, training=None):
    shape = self.noise_shape or keras.ops.shape(inputs)
    mask = keras.random.uniform(shape, seed=self.seed_generator) >= self.rate
    return inputs * keras.ops.cast(mask, inputs.dtype)


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="The mask is drawn with one and the same seed at each call, so all passes drop the same numbers, and there is no spread.",
    look="Call the layer twice. Are the two answers the same?",
)
def mc_same_mask_each_time(self, inputs, training=None):
    return keras.random.dropout(inputs, self.rate, self.noise_shape, seed=17) if self.rate else inputs


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="The mask is drawn by NumPy, whose numbers become constants of the graph that Keras makes of call: predict drops the "
    "same each time.",
    look="Does model.predict give other answers the second time? Who should draw the mask?",
)
def mc_mask_by_numpy(self, inputs, training=None):
    shape = self.noise_shape or tuple(size or 1 for size in inputs.shape)
    mask = np.random.uniform(size=shape) >= self.rate
    return inputs * keras.ops.cast(keras.ops.convert_to_tensor(mask), inputs.dtype) / (1 - self.rate)


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="One mask is drawn for the whole batch, so all rows lose the same features.",
    look="Call the layer on many equal rows. Do their answers differ?",
)
def mc_one_mask_for_all_rows(self, inputs, training=None):
    if not self.rate:
        return inputs
    shape = self.noise_shape or (1, *keras.ops.shape(inputs)[1:])
    kept = keras.random.uniform(shape, seed=self.seed_generator, dtype=inputs.dtype) >= self.rate
    return keras.ops.where(kept, inputs / (1 - self.rate), 0.0)


@misconception(
    exercise="MCAlphaDropout",
    replaces="MCAlphaDropout.call",
    text="training is passed on as it comes, so at inference nothing is dropped: this is plain AlphaDropout.",
    look="What should call tell its parent, whatever it is told?",
)
def mc_alpha_passes_training_on(self, inputs, training=None):
    return super().call(inputs, training=training)


@misconception(
    exercise="MCAlphaDropout",
    text="This is plain dropout that is always on: numbers are set to 0, and the variance does not stay.",
    look="From which class does yours descend, and whose call does the work?",
)
class mc_alpha_descends_from_dropout(keras.layers.Dropout):
    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


@misconception(
    exercise="MCAlphaDropout",
    replaces="MCAlphaDropout.call",
    text="Dropped numbers become SELU's lowest value, but nothing is scaled and shifted afterwards, so mean and variance do not stay.",
    look="What are mean and variance of your layer's answer for standard normal inputs?",
)
def mc_alpha_without_scale(self, inputs, training=None):
    shape = self.noise_shape or keras.ops.shape(inputs)
    kept = keras.random.uniform(shape, seed=self.seed_generator) >= self.rate
    return keras.ops.where(kept, inputs, keras.ops.cast(-1.7580993408473766, inputs.dtype))


@misconception(
    exercise="mc_predict",
    text="The model is called with training=True. That switches its batch norms, too: they normalize with the batch at hand and move "
    "their statistics, so that predicting changes the model.",
    look="Which layers behave differently in training? Which of them should?",
)
def mc_predict_in_training_mode(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x, training=True)) for _ in range(passes)])
    return answers.mean(axis=0), answers.std(axis=0)


@misconception(
    exercise="mc_predict",
    text="The model is called once and its answer repeated, so all passes are the same and there is no spread.",
    look="How often is the model called for three passes?",
)
def one_call_repeated(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x))] * passes)
    return answers.mean(axis=0), answers.std(axis=0)


@misconception(
    exercise="mc_predict",
    text="The standard deviation is taken over the outputs of the mean prediction.",
    look="Which axis of the stacked answers are the passes?",
)
def std_over_the_outputs(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x)) for _ in range(passes)])
    return answers.mean(axis=0), np.repeat(answers.mean(axis=0).std(axis=-1, keepdims=True), answers.shape[-1], axis=-1)


@misconception(
    exercise="mc_predict",
    text="This is the standard deviation of the mean, smaller by the root of the number of passes.",
    look="Does your answer fall to 0 with more and more passes? Should it?",
)
def std_of_the_mean(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x)) for _ in range(passes)])
    return answers.mean(axis=0), answers.std(axis=0) / np.sqrt(passes)


@misconception(
    exercise="mc_predict",
    text="The variance is returned.",
    look="In which unit is a standard deviation, and in which is your answer?",
)
def variance_for_std(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x)) for _ in range(passes)])
    return answers.mean(axis=0), answers.var(axis=0)


@misconception(
    exercise="mc_predict",
    text="The number of passes is fixed at 100 and does not follow the argument.",
    look="Where does passes stand in your function?",
)
def passes_are_fixed(model, x, passes=100):
    answers = np.stack([keras.ops.convert_to_numpy(model(x)) for _ in range(100)])
    return answers.mean(axis=0), answers.std(axis=0)


@misconception(
    exercise="MCDropout",
    replaces="MCDropout.call",
    text="True is only the default of training: predict, and whoever calls with training=False, hands in False, and the default does not count.",
    look="What does call pass to its parent when it is told training=False?",
)
def mc_trains_by_default(self, inputs, training=True):
    return super().call(inputs, training=training)


@misconception(
    exercise="MCAlphaDropout",
    replaces="MCAlphaDropout.call",
    text="True is only the default of training: predict, and whoever calls with training=False, hands in False, and the default does not count.",
    look="What does call pass to its parent when it is told training=False?",
)
def mc_alpha_trains_by_default(self, inputs, training=True):
    return super().call(inputs, training=training)
