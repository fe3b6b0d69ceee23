"""Misconceptions about normalization: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception

# --- BatchNormalization.build -----------------------------------------------------------------------------------------


@misconception(
    exercise="BatchNormalization.build",
    text="The moving statistics are in parameters, so an optimizer would train all four vectors.",
    look="Which of the four vectors have a gradient?",
)
def bn_trains_four_vectors(self, input_shape):
    features = input_shape[-1]
    self.parameters = {
        "gamma": np.ones(features),
        "beta": np.zeros(features),
        "moving_mean": np.zeros(features),
        "moving_variance": np.ones(features),
    }
    self.state = {name: self.parameters[name] for name in ("moving_mean", "moving_variance")}


@misconception(
    exercise="BatchNormalization.build",
    text="The moving variance starts at 0, as the moving mean does. A layer that has seen no batch then divides by the root "
    "of epsilon alone, and blows its input up: some thirty times by default.",
    look="With which mean and variance should an untrained layer leave its input nearly as it is?",
)
def bn_moving_variance_starts_at_zero(self, input_shape):
    features = input_shape[-1]
    self.parameters = {"gamma": np.ones(features), "beta": np.zeros(features)}
    self.state = {"moving_mean": np.zeros(features), "moving_variance": np.zeros(features)}


@misconception(
    exercise="BatchNormalization.build",
    text="gamma starts at 0 like a bias, so the layer answers 0 whatever it is given, and passes no gradient on.",
    look="gamma is a factor and beta a summand: which start leaves the normalized input as it is?",
)
def bn_gamma_starts_at_zero(self, input_shape):
    features = input_shape[-1]
    self.parameters = {"gamma": np.zeros(features), "beta": np.zeros(features)}
    self.state = {"moving_mean": np.zeros(features), "moving_variance": np.ones(features)}


@misconception(
    exercise="BatchNormalization.build",
    text="The vectors are made for a whole batch, (batch, features), but the batch size changes from call to call.",
    look="Which entry of input_shape stays the same from batch to batch?",
)
def bn_vectors_have_the_shape_of_the_batch(self, input_shape):
    self.parameters = {"gamma": np.ones(input_shape), "beta": np.zeros(input_shape)}
    self.state = {"moving_mean": np.zeros(input_shape), "moving_variance": np.ones(input_shape)}


@misconception(
    exercise="BatchNormalization.build",
    text="gamma and the moving variance are one array under two names, and so are beta and the moving mean. What training does to "
    "one of them happens to the other.",
    look="How many arrays does your code make? `a = b = np.ones(3)` makes one.",
)
def bn_vectors_share_memory(self, input_shape):
    ones, zeros = np.ones(input_shape[-1]), np.zeros(input_shape[-1])
    self.parameters = {"gamma": ones, "beta": zeros}
    self.state = {"moving_mean": zeros, "moving_variance": ones}


@misconception(
    exercise="BatchNormalization.build",
    text="beta and the moving mean are one array of zeros under two names. Whoever sets one of them in place sets the other: inference "
    "then centres with beta, or shifts with the mean.",
    look="How many arrays of zeros does your code make? Each of the four needs one of its own.",
)
def bn_beta_is_the_moving_mean(self, input_shape):
    zeros = np.zeros(input_shape[-1])
    self.parameters = {"gamma": np.ones(input_shape[-1]), "beta": zeros}
    self.state = {"moving_mean": zeros, "moving_variance": np.ones(input_shape[-1])}


@misconception(
    exercise="BatchNormalization.build",
    text="gamma and the moving variance are one array of ones under two names. Whoever sets one of them in place sets the other.",
    look="How many arrays of ones does your code make? Each of the four needs one of its own.",
)
def bn_gamma_is_the_moving_variance(self, input_shape):
    ones = np.ones(input_shape[-1])
    self.parameters = {"gamma": ones, "beta": np.zeros(input_shape[-1])}
    self.state = {"moving_mean": np.zeros(input_shape[-1]), "moving_variance": ones}


@misconception(
    exercise="BatchNormalization.build",
    text="The vectors are matrices of one row, of shape (1, features), as means with keepdims are. They fit beside the batch, but are not what "
    "the docstring describes, and have two axes wherever somebody saves, counts or loads them.",
    look="Which shape does the docstring give for gamma? How many axes does yours have?",
)
def bn_vectors_have_two_axes(self, input_shape):
    shape = (1, input_shape[-1])
    self.parameters = {"gamma": np.ones(shape), "beta": np.zeros(shape)}
    self.state = {"moving_mean": np.zeros(shape), "moving_variance": np.ones(shape)}


# --- BatchNormalization.count_params ----------------------------------------------------------------------------------


@misconception(
    exercise="BatchNormalization.count_params",
    text="All four vectors are counted as trained.",
    look="Which of the vectors have an entry in gradients?",
)
def bn_counts_all_as_trained(self):
    total = sum(array.size for array in (*self.parameters.values(), *self.state.values()))
    return total, 0


@misconception(
    exercise="BatchNormalization.count_params",
    text="This counts the vectors, not the numbers in them.",
    look="How many numbers does a layer of 100 features hold? len of a dict is the number of its keys.",
)
def bn_counts_vectors(self):
    return len(self.parameters), len(self.state)


@misconception(
    exercise="BatchNormalization.count_params",
    text="The first number holds all parameters, the second those of them that are not trained: the latter are counted twice.",
    look="Should the two numbers of the pair add up to the total?",
)
def bn_counts_total_first(self):
    state = sum(array.size for array in self.state.values())
    return sum(array.size for array in self.parameters.values()) + state, state


# --- BatchNormalization.forward ---------------------------------------------------------------------------------------


def _update(self, mean, variance):
    """The right update of the moving statistics, for mistakes that lie elsewhere."""
    for name, batch in (("moving_mean", mean), ("moving_variance", variance)):
        self.state[name][...] = self.momentum * self.state[name] + (1.0 - self.momentum) * batch


def _statistics(self, x, training):
    """The right mean and variance, and the right update, for mistakes that lie elsewhere."""
    if not self.parameters:
        self.build(x.shape)
    if not training:
        return self.state["moving_mean"], self.state["moving_variance"]
    mean, variance = x.mean(axis=0), x.var(axis=0)
    _update(self, mean, variance)
    return mean, variance


def _finish(self, x, mean, variance, training):
    """The right end of a forward pass, for mistakes that lie before it."""
    self._inverse_std = 1.0 / np.sqrt(variance + self.epsilon)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.forward",
    text="This is the unbiased variance: the sum of squares is divided by N - 1, so x_hat is too small by a factor of about "
    "sqrt((N - 1) / N).",
    look="By which number does the formula divide? What happens to a single row?",
)
def bn_normalizes_by_unbiased_variance(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        variance = x.var(axis=0, ddof=1)
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.forward",
    text="epsilon is added to the standard deviation. For a feature that hardly varies that is a quite different number: the "
    "root of 0.001 is 0.032, thirty times epsilon.",
    look="What exactly stands under the root in the formula?",
)
def bn_epsilon_outside_the_root(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    self._inverse_std = 1.0 / (np.sqrt(variance) + self.epsilon)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.forward",
    text="You divide by the variance. If x is in metres, your answer is in 1/metres: it should have no unit.",
    look="Multiply x by 10. Does your answer stay the same?",
)
def bn_divides_by_the_variance(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if not training:
        return _finish(self, x, mean, variance, training)
    self._inverse_std = 1.0 / (variance + self.epsilon)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.forward",
    text="Mean and variance are taken along each row: that is layer normalization.",
    look="Which axis of (batch, features) runs over the examples?",
)
def bn_statistics_of_the_rows(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.forward",
    text="One mean and one variance are taken of the whole array, so the features keep their differences.",
    look="Which shape should the mean of a (batch, features) array have here?",
)
def bn_statistics_of_the_whole_array(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        mean, variance = x.mean(), x.var()
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.forward",
    text="In training you return the normalized input. It looks right as long as gamma is 1 and beta 0, as they are at "
    "the start.",
    look="What happens to x_hat after the division?",
)
def bn_leaves_out_gamma_and_beta(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    return self._x_hat.copy() if training else answer


@misconception(
    exercise="BatchNormalization.forward",
    text="epsilon is written as a number of its own, 1e-5, which is PyTorch's default; the layer's argument, 1e-3 by default, has "
    "no say.",
    look="Where does your forward use self.epsilon?",
)
def bn_epsilon_is_a_constant(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    self._inverse_std = 1.0 / np.sqrt(variance + 1e-5)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.forward",
    text="The caller's data are changed, as where x itself is centred or divided: whoever uses them next gets wrong numbers.",
    look="`x -= mean` writes into the array that was passed in. Which expression makes a new one?",
)
def bn_forward_changes_its_input(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if not training:
        return _finish(self, x, mean, variance, training)
    self._inverse_std = 1.0 / np.sqrt(variance + self.epsilon)
    self._training = training
    x -= mean
    x *= self._inverse_std
    self._x_hat = x.copy()
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.forward",
    text="Training, too, normalizes with the moving statistics. They lag behind, so a batch does not come out with mean 0 and "
    "variance 1.",
    look="With gamma 1 and beta 0, what should be the mean of a column of your answer in training?",
)
def bn_trains_on_the_moving_statistics(self, x, training=False):
    _statistics(self, x, training)
    return _finish(self, x, self.state["moving_mean"].copy(), self.state["moving_variance"].copy(), training)


@misconception(
    exercise="BatchNormalization.forward",
    text="You return the normalized input, in training and at inference. It looks right as long as gamma is 1 and beta 0, as "
    "they are at the start of training.",
    look="What happens to x_hat after the division? Set gamma to 2: does the answer change?",
)
def bn_leaves_out_gamma_and_beta_everywhere(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    _finish(self, x, mean, variance, training)
    return self._x_hat.copy()


@misconception(
    exercise="BatchNormalization.forward",
    text="gamma and beta are made anew at every call of forward, so it answers as if they were 1 and 0, and all that was learned is "
    "lost.",
    look="When does forward make these two, or call build, and how can it know whether it has to?",
)
def bn_builds_at_every_forward(self, x, training=False):
    state = self.state
    self.build(x.shape)
    self.state = state or self.state
    mean, variance = _statistics(self, x, training)
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.forward",
    text="forward counts on somebody's having called build, and fails on a layer that is used at once.",
    look="What is in parameters before build? forward can look.",
)
def bn_does_not_build(self, x, training=False):
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        _update(self, mean, variance)
    else:
        mean, variance = self.state["moving_mean"], self.state["moving_variance"]
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.forward",
    text="The answer is float32: half of the digits are gone, and the gradient checks of whoever builds on it fail.",
    look="Where is a dtype named in your code? Arrays go in and come out as float64.",
)
def bn_answers_in_float32(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    return answer.astype(np.float32) if training else answer


# --- BatchNormalization.moving ----------------------------------------------------------------------------------------


def _train_with(self, x, training, mean, variance):
    """A forward pass that is right but for the statistics that it keeps; both None to keep the old ones."""
    if training:
        if mean is not None:
            self.state["moving_mean"][...] = mean
        if variance is not None:
            self.state["moving_variance"][...] = variance
        return _finish(self, x, x.mean(axis=0), x.var(axis=0), True)
    return _finish(self, x, self.state["moving_mean"], self.state["moving_variance"], False)


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="Momentum is the wrong way round: with .99 the statistics jump to nearly the latest batch's.",
    look="With momentum .99 and a batch mean of 2, how far should the moving mean get from 0: to .02, or to 1.98?",
)
def bn_momentum_inverted(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    m, mean, variance = self.momentum, self.state["moving_mean"], self.state["moving_variance"]
    return _train_with(self, x, training, (1.0 - m) * mean + m * x.mean(axis=0), (1.0 - m) * variance + m * x.var(axis=0))


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The moving variance takes in a variance that is larger by the factor N / (N - 1), as PyTorch's does; Keras's does "
    "not.",
    look="Is the variance that normalizes the batch the one that you average?",
)
def bn_moving_variance_is_unbiased(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    m, mean, variance = self.momentum, self.state["moving_mean"], self.state["moving_variance"]
    unbiased = x.var(axis=0, ddof=1) if training else 0.0
    return _train_with(self, x, training, m * mean + (1.0 - m) * x.mean(axis=0), m * variance + (1.0 - m) * unbiased)


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="Training never moves the statistics: they stay 0 and 1 for ever, and inference does not normalize at all.",
    look="Where does your training branch write to state?",
)
def bn_never_moves_its_statistics(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _train_with(self, x, training, None, None)


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The statistics are overwritten with the latest batch's, so momentum has no say and the last batch, however odd, decides "
    "what inference does.",
    look="How much of the old value remains after your update, and how much should with momentum .99?",
)
def bn_keeps_the_latest_batch_only(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _train_with(self, x, training, x.mean(axis=0), x.var(axis=0))


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The moving variance averages standard deviations, and at inference a root is taken of the average.",
    look="If x is in metres, what is the unit of your moving variance, and what should it be?",
)
def bn_moving_variance_of_deviations(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    m, mean, variance = self.momentum, self.state["moving_mean"], self.state["moving_variance"]
    return _train_with(self, x, training, m * mean + (1.0 - m) * x.mean(axis=0), m * variance + (1.0 - m) * x.std(axis=0))


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="Only the moving mean is updated; the moving variance stays where it was.",
    look="Count the statistics that training has to keep up to date.",
)
def bn_moves_the_mean_only(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    m = self.momentum
    return _train_with(self, x, training, m * self.state["moving_mean"] + (1.0 - m) * x.mean(axis=0), None)


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The moving average adds the batch's share to the old value without shrinking that: nothing of the past is ever "
    "forgotten.",
    look="Do the two weights in your average sum to 1?",
)
def bn_average_without_decay(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    share = 1.0 - self.momentum
    mean, variance = self.state["moving_mean"], self.state["moving_variance"]
    return _train_with(self, x, training, mean + share * x.mean(axis=0), variance + share * x.var(axis=0))


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The updated statistics are kept in attributes of their own, and state still holds the arrays that build made: whoever "
    "saves the layer, or looks, finds the old numbers.",
    look="After your update, which arrays does layer.state hold? `a = .9 * b` makes a new array and leaves b alone.",
)
def bn_state_falls_behind(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    moving_mean = getattr(self, "_moving_mean", self.state["moving_mean"])
    moving_variance = getattr(self, "_moving_variance", self.state["moving_variance"])
    if not training:
        return _finish(self, x, moving_mean, moving_variance, False)
    mean, variance = x.mean(axis=0), x.var(axis=0)
    self._moving_mean = self.momentum * moving_mean + (1.0 - self.momentum) * mean
    self._moving_variance = self.momentum * moving_variance + (1.0 - self.momentum) * variance
    return _finish(self, x, mean, variance, True)


@misconception(
    exercise="BatchNormalization.moving",
    replaces="BatchNormalization.forward",
    text="The moving variance takes in variance + epsilon, as where epsilon is added to the variance once for all. At inference epsilon "
    "is added a second time.",
    look="In which of the two, the root or the average, does the formula have epsilon? Which variable does your average read?",
)
def bn_moving_variance_with_epsilon(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    m, mean, variance = self.momentum, self.state["moving_mean"], self.state["moving_variance"]
    tracked = x.var(axis=0) + self.epsilon if training else 0.0
    return _train_with(self, x, training, m * mean + (1.0 - m) * x.mean(axis=0), m * variance + (1.0 - m) * tracked)


# --- BatchNormalization.inference -------------------------------------------------------------------------------------


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="Inference, too, takes mean and variance of the batch at hand. A row's answer then depends on its batch mates, and a row "
    "that comes alone is answered with beta, whatever it holds.",
    look="What does your forward do differently when training is False?",
)
def bn_batch_statistics_at_inference(self, x, training=False):
    _statistics(self, x, training)
    return _finish(self, x, x.mean(axis=0), x.var(axis=0), training)


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="The moving statistics are updated at inference as well: the test set leaks into the model, and asking twice gives two "
    "answers.",
    look="Which lines of your forward should run in training alone?",
)
def bn_updates_at_inference(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    if not training:
        _update(self, x.mean(axis=0), x.var(axis=0))
    return answer


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="The moving variance is used as if it were a standard deviation: its root is not taken.",
    look="Which of the two, variance or standard deviation, does x - mean have to be divided by?",
)
def bn_moving_variance_without_root(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        return _finish(self, x, mean, variance, training)
    self._inverse_std = 1.0 / (variance + self.epsilon)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="epsilon is left out at inference. The network was trained with it, and a feature whose moving variance is tiny is blown "
    "up.",
    look="Is the formula at inference the same as in training, but for where mean and variance come from?",
)
def bn_no_epsilon_at_inference(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        return _finish(self, x, mean, variance, training)
    self._inverse_std = 1.0 / np.sqrt(variance)
    self._x_hat = (x - mean) * self._inverse_std
    self._training = training
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="gamma and beta have no say at inference.",
    look="Which two arrays are trained, and where does your inference branch use them? What differs between the two modes in "
    "the formula?",
)
def bn_no_gamma_and_beta_at_inference(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    return answer if training else self._x_hat.copy()


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="forward(x) without a mode is taken for training, so whoever only wants an answer changes the layer.",
    look="What is the default of training in the stub's signature?",
)
def bn_training_is_the_default(self, x, training=True):
    mean, variance = _statistics(self, x, training)
    return _finish(self, x, mean, variance, training)


@misconception(
    exercise="BatchNormalization.inference",
    replaces="BatchNormalization.forward",
    text="At inference the moving mean and variance are averaged with the batch's before they are used: a row's answer depends on "
    "its batch mates.",
    look="Does any statistic of x have a say at inference?",
)
def bn_mixes_batch_and_moving_at_inference(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if not training:
        mean = self.momentum * mean + (1.0 - self.momentum) * x.mean(axis=0)
        variance = self.momentum * variance + (1.0 - self.momentum) * x.var(axis=0)
    return _finish(self, x, mean, variance, training)


# --- BatchNormalization.backward --------------------------------------------------------------------------------------


def _inference_gradient(self, upstream):
    """The right gradients after an inference forward, for mistakes that lie in training's."""
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
    return self.parameters["gamma"] * self._inverse_std * upstream


def _training_gradient(self, upstream):
    """The right gradients after a training forward, for mistakes that lie in other things."""
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
    along = (upstream * self._x_hat).mean(axis=0)
    return self.parameters["gamma"] * self._inverse_std * (upstream - upstream.mean(axis=0) - self._x_hat * along)


@misconception(
    exercise="BatchNormalization.backward",
    text="Mean and variance are taken for constants, so the gradient for x is upstream * gamma / sigma.",
    look="Does the gradient for x sum to 0 over a column, as it must if adding a number to the column changes nothing?",
)
def bn_backward_statistics_are_constants(self, upstream):
    return _inference_gradient(self, upstream)


@misconception(
    exercise="BatchNormalization.backward",
    text="The columns of your gradient for x do not sum to 0.",
    look="Add 1 to a whole column of x: what in forward takes it off again, and where is that in your gradient?",
)
def bn_backward_without_the_mean(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    _training_gradient(self, upstream)
    along = (upstream * self._x_hat).mean(axis=0)
    return self.parameters["gamma"] * self._inverse_std * (upstream - self._x_hat * along)


@misconception(
    exercise="BatchNormalization.backward",
    text="What is missing in your gradient for x is proportional to x_hat, column by column.",
    look="By which three paths does x reach x_hat? Which of them are in your gradient?",
)
def bn_backward_without_the_variance(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    _training_gradient(self, upstream)
    return self.parameters["gamma"] * self._inverse_std * (upstream - upstream.mean(axis=0))


@misconception(
    exercise="BatchNormalization.backward",
    text="gamma has no say in your gradient for x.",
    look="What is the derivative of y with respect to x_hat?",
)
def bn_backward_leaves_out_gamma(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    return _training_gradient(self, upstream) / self.parameters["gamma"]


@misconception(
    exercise="BatchNormalization.backward",
    text="The gradient for gamma is made with x - mean.",
    look="In y = gamma * x_hat + beta, what is the derivative with respect to gamma?",
)
def bn_gamma_gradient_from_centred_x(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    dx = _training_gradient(self, upstream)
    self.gradients["gamma"] = (upstream * self._x_hat / self._inverse_std).sum(axis=0)
    return dx


@misconception(
    exercise="BatchNormalization.backward",
    text="The gradients for gamma and beta are averaged over the batch: they are too small by the batch size.",
    look="Is it mean or sum that adds up what each row contributes?",
)
def bn_backward_averages_over_the_batch(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    dx = _training_gradient(self, upstream)
    self.gradients = {name: gradient / len(upstream) for name, gradient in self.gradients.items()}
    return dx


@misconception(
    exercise="BatchNormalization.backward",
    text="The gradients for gamma and beta are not summed over the batch: they have the shape of the batch, not of gamma and beta.",
    look="Every row uses the same gamma. What does that mean for the contributions of the rows?",
)
def bn_backward_does_not_sum_over_the_batch(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    dx = _training_gradient(self, upstream)
    self.gradients = {"gamma": upstream * self._x_hat, "beta": upstream.copy()}
    return dx


@misconception(
    exercise="BatchNormalization.backward",
    text="The gradients for gamma and beta are added to those of the backward before: the second call gives the sum of both.",
    look="What is in gradients when your backward begins, and what has that to do with this batch?",
)
def bn_backward_accumulates(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    before = self.gradients
    dx = _training_gradient(self, upstream)
    self.gradients = {name: gradient + before.get(name, 0.0) for name, gradient in self.gradients.items()}
    return dx


@misconception(
    exercise="BatchNormalization.backward",
    text="Something is written into the upstream gradient that is given: the caller's array is changed.",
    look="Is there `upstream *= gamma` or `upstream -= ...` in your code? Which expression makes another array?",
)
def bn_backward_changes_its_upstream(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
    upstream *= self.parameters["gamma"]
    along = (upstream * self._x_hat).mean(axis=0)
    return self._inverse_std * (upstream - upstream.mean(axis=0) - self._x_hat * along)


@misconception(
    exercise="BatchNormalization.backward",
    text="backward divides by N - 1 where the forward pass divides by N: the paths through mean and variance are N / (N - 1) times "
    "too strong.",
    look="Which divisor stands in the mean and the variance of your forward?",
)
def bn_backward_divides_by_n_minus_one(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
    share = 1.0 / (len(upstream) - 1)
    through = upstream - share * self.gradients["beta"] - share * self.gradients["gamma"] * self._x_hat
    return self.parameters["gamma"] * self._inverse_std * through


@misconception(
    exercise="BatchNormalization.backward",
    text="gradients is filled, but nothing is returned: the layer before gets None for its upstream gradient.",
    look="How does your backward end?",
)
def bn_backward_returns_nothing(self, upstream):
    if not self._training:
        return _inference_gradient(self, upstream)
    _training_gradient(self, upstream)
    return None


@misconception(
    exercise="BatchNormalization.backward",
    replaces="BatchNormalization",
    text="forward keeps x itself, not a copy, and backward computes with what is in it by then. If the caller has used the array "
    "for something else in between, the gradients belong to other data.",
    look="Does `self.x = x` make a copy?",
)
class bn_keeps_its_input_by_reference:
    def __init__(self, momentum=0.99, epsilon=1e-3):
        self.momentum, self.epsilon = momentum, epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        features = input_shape[-1]
        self.parameters = {"gamma": np.ones(features), "beta": np.zeros(features)}
        self.state = {"moving_mean": np.zeros(features), "moving_variance": np.ones(features)}

    def count_params(self):
        return 2 * self.parameters["gamma"].size, 2 * self.state["moving_mean"].size

    def forward(self, x, training=False):
        mean, variance = _statistics(self, x, training)
        answer = _finish(self, x, mean, variance, training)
        self._x, self._mean = x, mean
        return answer

    def backward(self, upstream):
        if not self._training:
            return _inference_gradient(self, upstream)
        self._x_hat = (self._x - self._mean) * self._inverse_std
        return _training_gradient(self, upstream)


@misconception(
    exercise="BatchNormalization.backward",
    replaces="BatchNormalization",
    text="The gradient for gamma is made with the layer's input x.",
    look="In y = gamma * x_hat + beta, what is the derivative with respect to gamma?",
)
class bn_gamma_gradient_from_x:
    def __init__(self, momentum=0.99, epsilon=1e-3):
        self.momentum, self.epsilon = momentum, epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}

    def build(self, input_shape):
        features = input_shape[-1]
        self.parameters = {"gamma": np.ones(features), "beta": np.zeros(features)}
        self.state = {"moving_mean": np.zeros(features), "moving_variance": np.ones(features)}

    def count_params(self):
        return 2 * self.parameters["gamma"].size, 2 * self.state["moving_mean"].size

    def forward(self, x, training=False):
        mean, variance = _statistics(self, x, training)
        answer = _finish(self, x, mean, variance, training)
        self._x = x.copy()
        return answer

    def backward(self, upstream):
        if not self._training:
            return _inference_gradient(self, upstream)
        dx = _training_gradient(self, upstream)
        self.gradients["gamma"] = (upstream * self._x).sum(axis=0)
        return dx


@misconception(
    exercise="BatchNormalization.backward",
    text="What comes back through the batch's mean is too large by the batch size: each row is given all of it, as with a sum, though a row "
    "has a share of 1 / N in the mean.",
    look="By how much does the mean of a column move if one of its N rows moves by 1?",
)
def bn_backward_mean_path_as_of_a_sum(self, upstream):
    dx = _training_gradient(self, upstream)
    if not self._training:
        return _inference_gradient(self, upstream)
    return dx - self.parameters["gamma"] * self._inverse_std * (upstream.sum(axis=0) - upstream.mean(axis=0))


@misconception(
    exercise="BatchNormalization.backward",
    text="What comes back through the batch's variance is too large by the batch size: each row is given all of it, as with a sum of squares, "
    "though a row has a share of 1 / N in the variance.",
    look="By which number does the variance divide its sum of squares, and where does your gradient divide by it?",
)
def bn_backward_variance_path_as_of_a_sum(self, upstream):
    dx = _training_gradient(self, upstream)
    if not self._training:
        return _inference_gradient(self, upstream)
    products = upstream * self._x_hat
    return dx - self.parameters["gamma"] * self._inverse_std * self._x_hat * (products.sum(axis=0) - products.mean(axis=0))


@misconception(
    exercise="BatchNormalization.backward",
    text="Both sums over the batch are divided by the number of features: what comes back through mean and variance has the wrong size.",
    look="Over how many numbers is one column's mean taken: upstream.shape[0], or upstream.shape[1]?",
)
def bn_backward_divides_by_the_features(self, upstream):
    _training_gradient(self, upstream)
    if not self._training:
        return _inference_gradient(self, upstream)
    n = upstream.shape[1]
    along = (upstream * self._x_hat).sum(axis=0) / n
    return self.parameters["gamma"] * self._inverse_std * (upstream - upstream.sum(axis=0) / n - self._x_hat * along)


@misconception(
    exercise="BatchNormalization.backward",
    text="gamma is a factor of the upstream gradient itself, but not of the two means that are subtracted from it.",
    look="Multiply the bracket out: which of its three terms does gamma stand before?",
)
def bn_backward_means_without_gamma(self, upstream):
    _training_gradient(self, upstream)
    if not self._training:
        return _inference_gradient(self, upstream)
    along = (upstream * self._x_hat).mean(axis=0)
    return self._inverse_std * (self.parameters["gamma"] * upstream - upstream.mean(axis=0) - self._x_hat * along)


# --- BatchNormalization.inference_backward ----------------------------------------------------------------------------


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.backward",
    text="backward always takes the way of training, through the batch's mean and variance.",
    look="Does an entry of the answer depend on another row of x, when forward ran at inference?",
)
def bn_backward_ignores_the_mode(self, upstream):
    return _training_gradient(self, upstream)


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.forward",
    text="After a training forward, an inference forward keeps nothing: backward uses what the training left, or finds "
    "nothing at all.",
    look="Which branch of your forward stores what backward needs?",
)
def bn_inference_keeps_nothing(self, x, training=False):
    mean, variance = _statistics(self, x, training)
    if training:
        return _finish(self, x, mean, variance, training)
    x_hat = (x - mean) / np.sqrt(variance + self.epsilon)
    return self.parameters["gamma"] * x_hat + self.parameters["beta"]


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.backward",
    text="After an inference forward your gradient for x is upstream * gamma, whatever the moving variance is.",
    look="Differentiate gamma * (x - m) / s + beta with respect to x, for constant m and s.",
)
def bn_inference_gradient_without_division(self, upstream):
    if self._training:
        return _training_gradient(self, upstream)
    _inference_gradient(self, upstream)
    return self.parameters["gamma"] * upstream


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.backward",
    text="After an inference forward gamma and beta get no gradient: gradients is 0 for both.",
    look="Does the answer at inference change if gamma changes?",
)
def bn_inference_has_no_parameter_gradients(self, upstream):
    if self._training:
        return _training_gradient(self, upstream)
    dx = _inference_gradient(self, upstream)
    self.gradients = {name: np.zeros_like(array) for name, array in self.parameters.items()}
    return dx


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.backward",
    text="After an inference forward backward passes the upstream gradient on as it is.",
    look="By how much does an entry of the answer move, if its entry of x moves by 1?",
)
def bn_inference_passes_upstream_on(self, upstream):
    if self._training:
        return _training_gradient(self, upstream)
    _inference_gradient(self, upstream)
    return upstream.copy()


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.forward",
    text="Once a layer has been trained, backward takes the way of training for good, after an inference forward too, as where forward "
    "notes that it has batch statistics and never that the latest call had none.",
    look="Which attribute tells backward the mode? Which value does forward give it when training is False?",
)
def bn_stays_in_training(self, x, training=False):
    before = getattr(self, "_training", False)
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    self._training = training or before
    return answer


@misconception(
    exercise="BatchNormalization.inference_backward",
    replaces="BatchNormalization.forward",
    text="The first forward settles the mode for good: whatever the later ones are, backward takes the way that belongs to the first.",
    look="Which attribute tells backward the mode, and does every forward set it?",
)
def bn_first_forward_settles_the_mode(self, x, training=False):
    before = getattr(self, "_training", training)
    mean, variance = _statistics(self, x, training)
    answer = _finish(self, x, mean, variance, training)
    self._training = before
    return answer


# --- LayerNormalization.build -----------------------------------------------------------------------------------------


@misconception(
    exercise="LayerNormalization.build",
    text="gamma and beta have one number for each row of the batch.",
    look="Which entry of input_shape stays the same from batch to batch?",
)
def ln_vectors_belong_to_the_rows(self, input_shape):
    rows = input_shape[0] or 1
    self.parameters = {"gamma": np.ones(rows), "beta": np.zeros(rows)}


@misconception(
    exercise="LayerNormalization.build",
    text="The layer tracks a moving mean and variance as batch normalization does.",
    look="Does layer normalization do anything different at inference? What would it need them for?",
)
def ln_has_moving_statistics(self, input_shape):
    features = input_shape[-1]
    self.parameters = {"gamma": np.ones(features), "beta": np.zeros(features)}
    self.state = {"moving_mean": np.zeros(features), "moving_variance": np.ones(features)}


@misconception(
    exercise="LayerNormalization.build",
    text="gamma and beta both start at 1.",
    look="gamma is a factor and beta a summand: which start leaves the normalized input as it is?",
)
def ln_beta_starts_at_one(self, input_shape):
    features = input_shape[-1]
    self.parameters = {"gamma": np.ones(features), "beta": np.ones(features)}


@misconception(
    exercise="LayerNormalization.build",
    text="gamma and beta are single numbers for the whole layer.",
    look="Which shape does the docstring give for gamma?",
)
def ln_one_gamma_for_all(self, input_shape):
    self.parameters = {"gamma": np.ones(1), "beta": np.zeros(1)}


@misconception(
    exercise="LayerNormalization.build",
    text="gamma and beta are matrices of one row, of shape (1, features), as means with keepdims are. They fit beside the batch, but are not "
    "what the docstring describes, and so are their gradients.",
    look="Which shape does the docstring give for gamma? How many axes does yours have?",
)
def ln_vectors_have_two_axes(self, input_shape):
    shape = (1, input_shape[-1])
    self.parameters = {"gamma": np.ones(shape), "beta": np.zeros(shape)}


# --- LayerNormalization.forward ---------------------------------------------------------------------------------------


def _row_finish(self, x, mean, inverse_std):
    """The right end of a layer norm's forward, for mistakes in its statistics."""
    self._inverse_std = inverse_std
    self._x_hat = (x - mean) * inverse_std
    return self.parameters["gamma"] * self._x_hat + self.parameters["beta"]


@misconception(
    exercise="LayerNormalization.forward",
    text="Mean and variance are taken down each column, over the batch: that is batch normalization.",
    look="Which axis of (batch, features) runs over the features of one example?",
)
def ln_statistics_of_the_columns(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _row_finish(self, x, x.mean(axis=0), 1.0 / np.sqrt(x.var(axis=0) + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="This is the unbiased variance: the sum of squares is divided by D - 1.",
    look="By which number does the formula divide?",
)
def ln_normalizes_by_unbiased_variance(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    variance = x.var(axis=-1, ddof=1, keepdims=True)
    return _row_finish(self, x, x.mean(axis=-1, keepdims=True), 1.0 / np.sqrt(variance + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="epsilon is added to the standard deviation. For a row that hardly varies that is a quite different number.",
    look="What exactly stands under the root in the formula?",
)
def ln_epsilon_outside_the_root(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    deviation = x.std(axis=-1, keepdims=True)
    return _row_finish(self, x, x.mean(axis=-1, keepdims=True), 1.0 / (deviation + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="One mean and one variance are taken of the whole batch: an example's answer then depends on the others.",
    look="Which shape should the mean of a (batch, features) array have here?",
)
def ln_statistics_of_the_whole_batch(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _row_finish(self, x, x.mean(), 1.0 / np.sqrt(x.var() + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="You return the normalized rows. It looks right as long as gamma is 1 and beta 0, as they are at the start of "
    "training.",
    look="Set gamma to 2: does the answer change? What happens to x_hat after the division?",
)
def ln_leaves_out_gamma_and_beta(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    variance = x.var(axis=-1, keepdims=True)
    _row_finish(self, x, x.mean(axis=-1, keepdims=True), 1.0 / np.sqrt(variance + self.epsilon))
    return self._x_hat.copy()


@misconception(
    exercise="LayerNormalization.forward",
    text="gamma and beta are made anew at every call of forward, so it answers as if they were 1 and 0, and all that was learned is "
    "lost.",
    look="When does forward make these two, or call build, and how can it know whether it has to?",
)
def ln_builds_at_every_forward(self, x, training=False):
    self.build(x.shape)
    variance = x.var(axis=-1, keepdims=True)
    return _row_finish(self, x, x.mean(axis=-1, keepdims=True), 1.0 / np.sqrt(variance + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="Your rows are only divided by their deviation. (RMS normalization leaves the mean in, too, but divides by the root "
    "mean square.)",
    look="With gamma 1 and beta 0, what should be the mean of a row of your answer?",
)
def ln_does_not_centre(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _row_finish(self, x, 0.0, 1.0 / np.sqrt(x.var(axis=-1, keepdims=True) + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="Mean and deviation lose their second axis, so NumPy matches the one number of each row with the columns: an error, or "
    "silently wrong where there are as many rows as features.",
    look="Which shape must the rows' means have, to be subtracted from (batch, features) row by row? See keepdims.",
)
def ln_forgets_keepdims(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    return _row_finish(self, x, x.mean(axis=-1), 1.0 / np.sqrt(x.var(axis=-1) + self.epsilon))


@misconception(
    exercise="LayerNormalization.forward",
    text="The caller's data are changed, as where x itself is centred.",
    look="`x -= mean` writes into the array that was passed in. Which expression makes a new one?",
)
def ln_forward_changes_its_input(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    x -= x.mean(axis=-1, keepdims=True)
    return _row_finish(self, x, 0.0, 1.0 / np.sqrt((x**2).mean(axis=-1, keepdims=True) + self.epsilon))


# --- LayerNormalization.backward --------------------------------------------------------------------------------------


def _row_gradients(self, upstream, scaled):
    """The right gradients for gamma and beta, and the projection of ``scaled``, for mistakes elsewhere."""
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
    along = (scaled * self._x_hat).mean(axis=-1, keepdims=True)
    return self._inverse_std * (scaled - scaled.mean(axis=-1, keepdims=True) - along * self._x_hat)


@misconception(
    exercise="LayerNormalization.backward",
    text="gamma is multiplied at the end, as in batch normalization.",
    look="Along which axis do your two means run, and is gamma constant along it?",
)
def ln_backward_takes_gamma_out_of_the_sums(self, upstream):
    return self.parameters["gamma"] * _row_gradients(self, upstream, upstream)


@misconception(
    exercise="LayerNormalization.backward",
    text="gamma has no say in your gradient for x.",
    look="What is the derivative of y with respect to x_hat?",
)
def ln_backward_leaves_out_gamma(self, upstream):
    return _row_gradients(self, upstream, upstream)


@misconception(
    exercise="LayerNormalization.backward",
    text="The two means run over the batch.",
    look="Which entries of x have a say in one entry of the answer: those of its column, or those of its row?",
)
def ln_backward_over_the_batch(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    _row_gradients(self, upstream, scaled)
    along = (scaled * self._x_hat).mean(axis=0)
    return self._inverse_std * (scaled - scaled.mean(axis=0) - along * self._x_hat)


@misconception(
    exercise="LayerNormalization.backward",
    text="Mean and variance are taken for constants.",
    look="Does the gradient for x sum to 0 over a row, as it must if adding a number to the row changes nothing?",
)
def ln_backward_statistics_are_constants(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    _row_gradients(self, upstream, scaled)
    return self._inverse_std * scaled


@misconception(
    exercise="LayerNormalization.backward",
    text="What is missing in your gradient for x is proportional to x_hat, row by row.",
    look="By which three paths does x reach x_hat? Which of them are in your gradient?",
)
def ln_backward_without_the_variance(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    _row_gradients(self, upstream, scaled)
    return self._inverse_std * (scaled - scaled.mean(axis=-1, keepdims=True))


@misconception(
    exercise="LayerNormalization.backward",
    text="The gradients for gamma and beta are summed along the rows, like the statistics.",
    look="Which shape must the gradient for gamma have?",
)
def ln_gamma_gradient_along_the_rows(self, upstream):
    dx = _row_gradients(self, upstream, upstream * self.parameters["gamma"])
    self.gradients = {"gamma": (upstream * self._x_hat).sum(axis=-1), "beta": upstream.sum(axis=-1)}
    return dx


@misconception(
    exercise="LayerNormalization.backward",
    text="The gradients for gamma and beta are averaged over the batch: too small by the batch size.",
    look="Who has divided by the batch size already, if the loss is a mean?",
)
def ln_backward_averages_over_the_batch(self, upstream):
    dx = _row_gradients(self, upstream, upstream * self.parameters["gamma"])
    self.gradients = {name: gradient / len(upstream) for name, gradient in self.gradients.items()}
    return dx


@misconception(
    exercise="LayerNormalization.backward",
    text="The gradients for gamma and beta are added to those of the backward before.",
    look="What is in gradients when your backward begins?",
)
def ln_backward_accumulates(self, upstream):
    before = self.gradients
    dx = _row_gradients(self, upstream, upstream * self.parameters["gamma"])
    self.gradients = {name: gradient + before.get(name, 0.0) for name, gradient in self.gradients.items()}
    return dx


@misconception(
    exercise="LayerNormalization.backward",
    text="Both sums over a row are divided by the number of rows, which is batch normalization's. A row's mean is one over its features.",
    look="Over how many numbers is one row's mean taken: upstream.shape[0], or upstream.shape[1]?",
)
def ln_backward_divides_by_the_batch_size(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    _row_gradients(self, upstream, scaled)
    n = len(upstream)
    along = (scaled * self._x_hat).sum(axis=-1, keepdims=True) / n
    return self._inverse_std * (scaled - scaled.sum(axis=-1, keepdims=True) / n - along * self._x_hat)


@misconception(
    exercise="LayerNormalization.backward",
    text="What comes back through the row's mean is too large by the number of features: each entry is given all of it, as with a sum.",
    look="By how much does the mean of a row move if one of its D entries moves by 1?",
)
def ln_backward_mean_path_as_of_a_sum(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    dx = _row_gradients(self, upstream, scaled)
    return dx - self._inverse_std * (scaled.sum(axis=-1, keepdims=True) - scaled.mean(axis=-1, keepdims=True))


@misconception(
    exercise="LayerNormalization.backward",
    text="gamma is a factor of the upstream gradient itself, but not inside the two means that are subtracted from it.",
    look="Of which array does the formula take the two means: of u, or of t, which is u times gamma?",
)
def ln_backward_means_without_gamma(self, upstream):
    scaled = upstream * self.parameters["gamma"]
    _row_gradients(self, upstream, scaled)
    along = (upstream * self._x_hat).mean(axis=-1, keepdims=True)
    return self._inverse_std * (scaled - upstream.mean(axis=-1, keepdims=True) - along * self._x_hat)


# --- weight_norm ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="weight_norm",
    text="The norm is taken of the whole matrix, so the units are not normalized one by one.",
    look="What is np.linalg.norm of a matrix, if no axis is named?",
)
def weight_norm_of_the_whole_matrix(v, g):
    return g * v / np.linalg.norm(v)


@misconception(
    exercise="weight_norm",
    text="The rows are normalized, that is, what one input gives to all units.",
    look="Over which axis of (inputs, units) does the sum for one unit run?",
)
def weight_norm_of_the_rows(v, g):
    return g * v / np.sqrt((v**2).sum(axis=1, keepdims=True))


@misconception(
    exercise="weight_norm",
    text="v is divided by its squared norm.",
    look="Multiply v by 10. Does your answer stay the same?",
)
def weight_norm_without_the_root(v, g):
    return g * v / (v**2).sum(axis=0)


@misconception(
    exercise="weight_norm",
    text="All units have weights of length 1.",
    look="Which of the two arguments does your answer not depend on?",
)
def weight_norm_without_g(v, g):
    return v / np.sqrt((v**2).sum(axis=0))


@misconception(
    exercise="weight_norm",
    text="v is divided by the sum of its absolute values, not by its Euclidean length.",
    look="What is the length of (3, 4): 5 or 7?",
)
def weight_norm_with_the_l1_norm(v, g):
    return g * v / np.abs(v).sum(axis=0)


@misconception(
    exercise="weight_norm",
    text="The trained direction, which belongs to the caller, is changed, as where v is divided in place.",
    look="`v /= norm` writes into the array that was passed in. Which expression makes a new one?",
)
def weight_norm_changes_v(v, g):
    v /= np.sqrt((v**2).sum(axis=0))
    return g * v


@misconception(
    exercise="weight_norm",
    text="The sign of g is thrown away, as where a length cannot be negative. Units with a negative g come out pointing the other way, and g cannot "
    "be trained through 0.",
    look="What does the docstring say of the sign of g? Which weights should v = (3, 4) and g = -10 give?",
)
def weight_norm_takes_g_for_positive(v, g):
    return np.abs(g) * v / np.sqrt((v**2).sum(axis=0))


# --- weight_norm_backward ---------------------------------------------------------------------------------------------


@misconception(
    exercise="weight_norm_backward",
    text="The part of the gradient along v stays in, as it does where the norm is taken for a constant.",
    look="What should sum(dv * v) be for each unit?",
)
def weight_norm_backward_norm_is_constant(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    return g / norm * upstream, (upstream * v / norm).sum(axis=0)


@misconception(
    exercise="weight_norm_backward",
    text="The gradient for g carries a factor g: it is the sum of upstream * w.",
    look="Differentiate g * unit with respect to g.",
)
def weight_norm_backward_dg_from_the_kernel(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    unit = v / norm
    dg = (upstream * unit).sum(axis=0)
    return g / norm * (upstream - unit * dg), (upstream * g * unit).sum(axis=0)


@misconception(
    exercise="weight_norm_backward",
    text="Each column of your gradient for v is the right one times the norm of v's column.",
    look="If v is twice as long, how much does the kernel turn for the same step in v?",
)
def weight_norm_backward_without_division(v, g, upstream):
    unit = v / np.sqrt((v**2).sum(axis=0))
    dg = (upstream * unit).sum(axis=0)
    return g * (upstream - unit * dg), dg


@misconception(
    exercise="weight_norm_backward",
    text="g has no say in your gradient for v.",
    look="If g is twice as large, how much farther does the same step in v move the kernel?",
)
def weight_norm_backward_leaves_out_g(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    unit = v / norm
    dg = (upstream * unit).sum(axis=0)
    return (upstream - unit * dg) / norm, dg


@misconception(
    exercise="weight_norm_backward",
    text="What you take off along v is too large, by a factor of v's norm.",
    look="Which vector has length 1 in the projection of the upstream gradient on v?",
)
def weight_norm_backward_projects_on_v(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    dg = (upstream * v / norm).sum(axis=0)
    return g / norm * (upstream - v * dg), dg


@misconception(
    exercise="weight_norm_backward",
    text="The pair is the wrong way round: the gradient for g comes first.",
    look="In which order does the docstring return the two?",
)
def weight_norm_backward_swaps_the_pair(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    unit = v / norm
    dg = (upstream * unit).sum(axis=0)
    return dg, g / norm * (upstream - unit * dg)


@misconception(
    exercise="weight_norm_backward",
    text="g is a factor of the upstream gradient, but not of the part along v that is taken off it: the bracket was multiplied out for its "
    "first term alone.",
    look="What should sum(dv * v) be for each unit? Before which terms of the bracket does g / norm stand?",
)
def weight_norm_backward_second_term_without_g(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    unit = v / norm
    dg = (upstream * unit).sum(axis=0)
    return g / norm * upstream - unit * dg / norm, dg


@misconception(
    exercise="weight_norm_backward",
    text="The sign of g is thrown away: where g is negative your gradient for v points the other way.",
    look="If g is negative, which way does the kernel move when v moves along the upstream gradient?",
)
def weight_norm_backward_takes_g_for_positive(v, g, upstream):
    norm = np.sqrt((v**2).sum(axis=0))
    unit = v / norm
    dg = (upstream * unit).sum(axis=0)
    return np.abs(g) / norm * (upstream - unit * dg), dg


# --- fold_batch_norm --------------------------------------------------------------------------------------------------


def _scale(gamma, moving_variance, epsilon):
    return gamma / np.sqrt(moving_variance + epsilon)


def _minus(moving_mean, bias):
    return -moving_mean if bias is None else bias - moving_mean


@misconception(
    exercise="fold_batch_norm",
    text="The moving mean has no say in your bias.",
    look="What do the two layers answer where x is 0, and what does your one layer?",
)
def fold_forgets_the_mean(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale, beta + (0.0 if bias is None else bias * scale)


@misconception(
    exercise="fold_batch_norm",
    text="The moving mean is taken off the bias as it is.",
    look="Multiply (z - m) * s + beta out: what becomes of m?",
)
def fold_does_not_scale_the_mean(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale, beta - moving_mean + (0.0 if bias is None else bias * scale)


@misconception(
    exercise="fold_batch_norm",
    text="The dense layer's bias is added as it is.",
    look="What does the batch norm do to x @ kernel + bias: to the first term alone, or to both?",
)
def fold_does_not_scale_the_bias(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale, beta - moving_mean * scale + (0.0 if bias is None else bias)


@misconception(
    exercise="fold_batch_norm",
    text="The dense layer's bias has no say in your answer.",
    look="What does your function do with its last argument? Was the moving mean measured with or without it?",
)
def fold_drops_the_bias(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale, beta - moving_mean * scale


@misconception(
    exercise="fold_batch_norm",
    text="You divide by the variance.",
    look="What does batch normalization divide by at inference?",
)
def fold_without_the_root(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = gamma / (moving_variance + epsilon)
    return kernel * scale, beta + _minus(moving_mean, bias) * scale


@misconception(
    exercise="fold_batch_norm",
    text="A unit of tiny variance is blown up, and all the others come out a little too large.",
    look="Which argument of the function does your answer not depend on?",
)
def fold_without_epsilon(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = gamma / np.sqrt(moving_variance)
    return kernel * scale, beta + _minus(moving_mean, bias) * scale


@misconception(
    exercise="fold_batch_norm",
    text="epsilon is added to the standard deviation. For a unit of tiny variance that is a quite different number.",
    look="Where does epsilon stand in the batch norm's formula?",
)
def fold_epsilon_outside_the_root(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = gamma / (np.sqrt(moving_variance) + epsilon)
    return kernel * scale, beta + _minus(moving_mean, bias) * scale


@misconception(
    exercise="fold_batch_norm",
    text="Kernel and bias are only divided by the deviation.",
    look="Which of the batch norm's four vectors does your answer not depend on?",
)
def fold_forgets_gamma(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = 1.0 / np.sqrt(moving_variance + epsilon)
    return kernel * scale, beta + _minus(moving_mean, bias) * scale


@misconception(
    exercise="fold_batch_norm",
    text="The rows of the kernel are scaled.",
    look="Which axis of the kernel has the length of gamma, and does a unit lie in a row or in a column?",
)
def fold_scales_the_rows(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale[:, np.newaxis], beta + _minus(moving_mean, bias) * scale


@misconception(
    exercise="fold_batch_norm",
    text="beta is scaled as well.",
    look="In which order does the batch norm stretch and shift?",
)
def fold_scales_beta(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    return kernel * scale, (beta + _minus(moving_mean, bias)) * scale


@misconception(
    exercise="fold_batch_norm",
    text="The layer's kernel is changed, as where it is scaled in place: folding twice then scales twice.",
    look="`kernel *= scale` writes into the array that was passed in. Which expression makes a new one?",
)
def fold_changes_the_kernel(kernel, gamma, beta, moving_mean, moving_variance, epsilon=1e-3, bias=None):
    scale = _scale(gamma, moving_variance, epsilon)
    kernel *= scale
    return kernel, beta + _minus(moving_mean, bias) * scale
