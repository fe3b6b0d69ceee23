"""Misconceptions about layers: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.layers import Activation, Dense, two_layer_forward


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def _bias_column(x):
    return np.hstack([np.ones((len(x), 1)), x])


# --- Dense.build ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="Dense.build",
    text="Your kernel has the shape (units, features), as the lectures' weight matrices have it.",
    look="Write the shapes of x and of y side by side: which shape in between makes x @ kernel fit?",
)
def kernel_shape_is_swapped(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (self.units, features))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The number of features is taken from the first entry of input_shape, which is the batch size (and may be None).",
    look="What does the first axis of a batch count, and what the last?",
)
def features_from_first_entry(self, input_shape):
    features = input_shape[0]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="All weights start at 0. In a network of such layers all hidden units of a layer compute the same, receive the same "
    "gradient, and learn the same.",
    look="What would tell two units of this layer apart after the first step?",
)
def kernel_starts_at_zero(self, input_shape):
    self.parameters = {"kernel": np.zeros((input_shape[-1], self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The limit is computed from the number of inputs alone, which is He's rule.",
    look="How many numbers stand in the denominator of Glorot's limit?",
)
def he_limit_for_glorot(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / features)
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="Your limit is sqrt(3 / (features + units)): the variance is half of what it should be.",
    look="A uniform distribution on (-l, l) has the variance l**2 / 3. Which l gives 2 / (features + units)?",
)
def limit_from_three(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(3.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="You took the standard deviation, sqrt(2 / (features + units)), for the limit: the variance is a third of what it "
    "should be.",
    look="How does the variance of a uniform distribution depend on its limits?",
)
def limit_is_the_standard_deviation(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(2.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The root is drawn from the 6 alone, so the limit falls with the size of the layer far too fast.",
    look="How far does the root sign reach in the formula, and where does your call of sqrt end?",
)
def limit_with_the_root_of_six(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0) / (features + self.units)
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The variance is Glorot's, but weights far beyond the limit turn up.",
    look="Keras's default for a Dense kernel is glorot_uniform. Which of rng's distributions do you draw from?",
)
def normal_for_uniform(self, input_shape):
    features = input_shape[-1]
    deviation = np.sqrt(2.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.normal(0.0, deviation, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The weights are standard normal whatever the size of the layer, so the output's spread grows with the number of "
    "inputs, and the next tanh or sigmoid saturates.",
    look="If 100 inputs of variance 1 are summed with weights of variance 1, what is the variance of the sum?",
)
def standard_normal_kernel(self, input_shape):
    self.parameters = {"kernel": self.rng.standard_normal((input_shape[-1], self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="All weights are positive: they are drawn between 0 and the limit.",
    look="What is the mean of your kernel, and what should it be?",
)
def kernel_is_never_negative(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(0.0, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="For a wide layer the limit is far too small, so signals die out from layer to layer.",
    look="Is 6 / (features + units) the limit, or its square?",
)
def limit_without_root(self, input_shape):
    features = input_shape[-1]
    limit = 6.0 / (features + self.units)
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="A generator with a seed of its own is made in every call, so all layers of one shape start with identical "
    "weights, whatever rng they were given.",
    look="Where does the generator that you draw from come from, and does it remember that it has been used?",
)
def every_layer_has_the_same_seed(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": np.random.default_rng(0).uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The weights do not come from the rng that the layer was given but from another generator, such as NumPy's global "
    "one, so a seed does not make them reproducible.",
    look="Which object do you call uniform on?",
)
def kernel_from_global_generator(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": np.random.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros(self.units)


@misconception(
    exercise="Dense.build",
    text="The bias is drawn at random as well.",
    look="With which values does the stub say that the bias starts?",
)
def bias_is_random(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = self.rng.uniform(-limit, limit, self.units)


@misconception(
    exercise="Dense.build",
    text="The bias has two axes, (1, units). Broadcasting hides that in forward, but the stub asks for one axis, (units,).",
    look="How many numbers has the bias, and how many axes does the stub give it?",
)
def bias_is_a_row_matrix(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units))}
    if self.use_bias:
        self.parameters["bias"] = np.zeros((1, self.units))


@misconception(
    exercise="Dense.build",
    text="The layer makes a bias although it was told to do without: use_bias changes nothing.",
    look="Where in build do you ask for self.use_bias?",
)
def bias_in_spite_of_use_bias(self, input_shape):
    features = input_shape[-1]
    limit = np.sqrt(6.0 / (features + self.units))
    self.parameters = {"kernel": self.rng.uniform(-limit, limit, (features, self.units)), "bias": np.zeros(self.units)}


# --- Dense.forward ----------------------------------------------------------------------------------------------------


@misconception(
    exercise="Dense.forward",
    text="The bias is not added.",
    look="Compare your return statement with the formula, term by term.",
)
def dense_forgets_the_bias(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    return x @ self.parameters["kernel"]


@misconception(
    exercise="Dense.forward",
    text="The kernel is transposed. That fails for most shapes, and where features and units are equal it silently gives "
    "other numbers.",
    look="Which shape does the kernel have here, and which product of x with it has shape (batch, units)?",
)
def dense_transposes_the_kernel(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"].T
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.forward",
    text="`*` multiplies entry by entry with broadcasting.",
    look="What is the shape of x * kernel, where it exists at all, and which shape should y have?",
)
def dense_multiplies_entrywise(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x * self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.forward",
    text="New weights are drawn in every call, so whatever was learnt (or set) is thrown away.",
    look="When should forward call build, and when not?",
)
def dense_builds_at_every_call(self, x, training=False):
    self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.forward",
    text="The layer expects that somebody has called build. Keras's layers build themselves when they first see data.",
    look="What does self.parameters hold when forward is the first method that is called?",
)
def dense_never_builds_itself(self, x, training=False):
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.forward",
    text="Nothing is returned, so the caller receives None.",
    look="What does a Python function return that ends without a return statement?",
)
def dense_forward_returns_nothing(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    self.y = x @ self.parameters["kernel"]
    if self.use_bias:
        self.y = self.y + self.parameters["bias"]


@misconception(
    exercise="Dense.forward",
    text="The weights of the first call are kept in private copies, and later changes of layer.parameters are not seen: "
    "the layer can never learn.",
    look="From which arrays does forward compute, and are they those that an optimizer updates?",
)
def dense_keeps_its_first_weights(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    if not hasattr(self, "weights"):
        self.weights = self.parameters["kernel"].copy()
        self.offsets = self.parameters["bias"].copy() if self.use_bias else 0.0
    self._x = x.copy()
    return x @ self.weights + self.offsets


@misconception(
    exercise="Dense.forward",
    text="A ReLU is part of your layer.",
    look="Can your layer answer with a negative number, and should it?",
)
def dense_applies_a_relu(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    if self.use_bias:
        y = y + self.parameters["bias"]
    return np.maximum(y, 0.0)


@misconception(
    exercise="Dense.forward",
    text="Axes of length 1 are squeezed away, so a batch of one row, or a layer of one unit, comes back as a vector.",
    look="Which shape should the answer have for one row, and who removes an axis?",
)
def dense_squeezes(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return np.squeeze(y + self.parameters["bias"] if self.use_bias else y)


@misconception(
    exercise="Dense.forward",
    text="The result is rounded to float32, which has 7 digits. Everything here is float64.",
    look="Where does your code mention float32?",
)
def dense_rounds_to_float32(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return (y + self.parameters["bias"] if self.use_bias else y).astype(np.float32)


@misconception(
    exercise="Dense.forward",
    text="forward does not take the argument training, which a model passes to all of its layers.",
    look="Compare your signature with the stub's.",
)
def dense_takes_no_training(self, x):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.forward",
    text="The bias is added whether the layer has one or not.",
    look="Which keys does parameters have with use_bias=False?",
)
def dense_always_adds_the_bias(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x.copy()
    return x @ self.parameters["kernel"] + self.parameters["bias"]


# --- Dense.backward ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="Dense.backward",
    text="The kernel's gradient is averaged over the batch.",
    look="Who divides by the batch size, the loss or the layer? Compare with what you do for the bias.",
)
def kernel_gradient_is_averaged(self, upstream):
    x, kernel = self._x, self.parameters["kernel"]
    self.gradients["kernel"] = x.T @ upstream / len(upstream)
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ kernel.T


@misconception(
    exercise="Dense.backward",
    text="The bias's gradient is averaged over the batch.",
    look="Who divides by the batch size, the loss or the layer? What does the handout say?",
)
def bias_gradient_is_averaged(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.mean(axis=0)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The gradients of kernel and bias are divided by the batch size.",
    look="Who divides by the batch size, the loss or the layer? What does the handout say?",
)
def dense_divides_by_the_batch_again(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream / len(upstream)}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0) / len(upstream)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The bias's gradient is the upstream gradient itself, a row for every example.",
    look="Which shape does the bias have, and which its gradient? How many rows does one bias serve?",
)
def bias_gradient_is_not_summed(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.copy()
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The bias's gradient is summed over the units. Only a square upstream gradient leaves it the right shape, and its "
    "numbers are wrong there too.",
    look="Which axis of (batch, units) has to disappear?",
)
def bias_gradient_over_wrong_axis(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=1)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The bias's gradient is a single number: the sum runs over all axes.",
    look="How many biases has the layer, and how many gradients do you have for them?",
)
def bias_gradient_is_one_number(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum()
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The bias's gradient has the shape (1, units), as keepdims=True leaves it, but the bias has the shape (units,).",
    look="Compare the shapes of layer.parameters and layer.gradients, key by key.",
)
def bias_gradient_keeps_an_axis(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0, keepdims=True)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The kernel's gradient is transposed.",
    look="Compare the shapes of layer.parameters and layer.gradients, key by key.",
)
def kernel_gradient_is_transposed(self, upstream):
    self.gradients = {"kernel": upstream.T @ self._x}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The kernel's gradient has the right shape, but its numbers stand in the wrong places, as reshape leaves them.",
    look="For a 2 x 3 matrix, write down what reshape(3, 2) gives, and what .T gives.",
)
def reshape_for_transpose(self, upstream):
    self.gradients = {"kernel": (upstream.T @ self._x).reshape(self.parameters["kernel"].shape)}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="For the gradient of x, upstream is multiplied by the kernel as it stands. That works for square kernels only, and "
    "the numbers are wrong there too.",
    look="Which product of (batch, units) with the kernel has the shape of x?",
)
def input_gradient_without_transpose(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ self.parameters["kernel"]


@misconception(
    exercise="Dense.backward",
    text="Each call adds to the gradients of earlier calls, so the second step of a training follows the sum of two "
    "gradients.",
    look="What is in self.gradients before backward writes into it?",
)
def dense_accumulates_gradients(self, upstream):
    now = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        now["bias"] = upstream.sum(axis=0)
    self.gradients = {name: self.gradients.get(name, 0.0) + gradient for name, gradient in now.items()}
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    replaces="Dense.forward",
    text="forward keeps x itself and no copy. If the caller reuses its array for the next batch before backward is "
    "called, the kernel's gradient is that of another batch.",
    look="After `a = b`, how many arrays are there?",
)
def dense_cache_is_a_reference(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    self._x = x
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.backward",
    replaces="Dense.forward",
    text="The input is kept in one place that all layers share, such as an attribute of the class: each overwrites what the "
    "others need.",
    look="What is the difference between Dense.x = ... (or a global variable) and self.x = ...?",
)
def dense_cache_is_shared(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    Dense._x = x.copy()
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.backward",
    replaces="Dense.forward",
    text="The layer keeps the first batch that it ever saw: later calls of forward do not replace it, and the kernel's "
    "gradient belongs to the wrong batch.",
    look="Under which condition does forward store x?",
)
def dense_keeps_the_first_batch(self, x, training=False):
    if not self.parameters:
        self.build(x.shape)
    if not hasattr(self, "_x"):
        self._x = x.copy()
    y = x @ self.parameters["kernel"]
    return y + self.parameters["bias"] if self.use_bias else y


@misconception(
    exercise="Dense.backward",
    text="The sign of your gradients is turned round.",
    look="Increase one bias a little: does sum(upstream * y) rise or fall, and what does your gradient say?",
)
def dense_gradients_have_the_wrong_sign(self, upstream):
    self.gradients = {"kernel": -(self._x.T @ upstream)}
    if self.use_bias:
        self.gradients["bias"] = -upstream.sum(axis=0)
    return -(upstream @ self.parameters["kernel"].T)


@misconception(
    exercise="Dense.backward",
    text="upstream is not used, as if it were all ones.",
    look="What would your backward answer if upstream were all zeros, and what should it?",
)
def dense_ignores_upstream(self, upstream):
    ones = np.ones_like(upstream)
    self.gradients = {"kernel": self._x.T @ ones}
    if self.use_bias:
        self.gradients["bias"] = ones.sum(axis=0)
    return ones @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The parameters' gradients are stored, but the gradient for x is not returned, so the layer before gets None.",
    look="What does the layer in front of this one need from it?",
)
def dense_backward_returns_nothing(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)


@misconception(
    exercise="Dense.backward",
    text="The dict of gradients is returned.",
    look="Which of the three gradients does the layer before this one have a use for?",
)
def dense_backward_returns_its_gradients(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return self.gradients


@misconception(
    exercise="Dense.backward",
    text="backward also takes a step: it changes the parameters.",
    look="Which line of backward changes an array of self.parameters, and whose work is that?",
)
def dense_backward_takes_a_step(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    dx = upstream @ self.parameters["kernel"].T
    for name, gradient in self.gradients.items():
        self.parameters[name] -= 0.01 * gradient
    return dx


@misconception(
    exercise="Dense.backward",
    text="A gradient for the bias is stored whatever use_bias says.",
    look="Which keys should layer.gradients have with use_bias=False?",
)
def dense_always_has_a_bias_gradient(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream, "bias": upstream.sum(axis=0)}
    return upstream @ self.parameters["kernel"].T


@misconception(
    exercise="Dense.backward",
    text="The gradient for x is multiplied with x once more, as in the kernel's gradient.",
    look="Differentiate x * w + b with respect to x. Does x still occur?",
)
def input_gradient_times_input(self, upstream):
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ self.parameters["kernel"].T * self._x


@misconception(
    exercise="Dense.backward",
    text="upstream is divided by the batch size in place, which changes the caller's array, and the result too.",
    look="What does `a /= b` do to the array that a was given as?",
)
def dense_changes_upstream(self, upstream):
    upstream /= len(upstream)
    self.gradients = {"kernel": self._x.T @ upstream}
    if self.use_bias:
        self.gradients["bias"] = upstream.sum(axis=0)
    return upstream @ self.parameters["kernel"].T


# --- Flatten ----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="The batch axis is flattened too, so all examples end up in one vector.",
    look="How many rows must the answer have for a batch of 5 images?",
)
def flatten_flattens_the_batch(self, x, training=False):
    self._shape = x.shape
    return x.flatten()


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="The examples stand in columns: (features, batch).",
    look="Which axis of the answer counts the examples?",
)
def flatten_makes_columns(self, x, training=False):
    self._shape = x.shape
    return x.reshape(len(x), -1).T.copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="Each row is laid out with the first axis fastest (Fortran's order), as if every image had been transposed before.",
    look="In which order does reshape read the entries unless it is told otherwise?",
)
def flatten_in_fortran_order(self, x, training=False):
    self._shape = x.shape
    return np.array([example.flatten(order="F") for example in x])


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="reshape(-1, batch) and a transpose give the right shape, but entries of different examples are mixed in each row.",
    look="Fill x with the number of the example, and look at one row of the answer.",
)
def flatten_mixes_examples(self, x, training=False):
    self._shape = x.shape
    return x.reshape(-1, len(x)).T.copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="What forward returns is a view: the same memory as x under another shape. Whoever changes one changes the other.",
    look="Does reshape copy? Ask np.shares_memory.",
)
def flatten_returns_a_view(self, x, training=False):
    self._shape = x.shape
    return x.reshape(len(x), -1)


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="Axes of length 1 are squeezed away, so a batch of one image loses its batch axis.",
    look="What shape does the answer have for a single image?",
)
def flatten_squeezes(self, x, training=False):
    self._shape = x.shape
    return x.reshape(len(x), -1).squeeze()


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="Only the last two axes are laid out as one row. With four axes (batch, height, width, channels) one too many is "
    "left.",
    look="How many axes does your answer have for an x with four?",
)
def flatten_joins_two_axes_only(self, x, training=False):
    self._shape = x.shape
    return x.reshape(*x.shape[:-2], -1).copy() if x.ndim > 2 else x.copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="Your rows are as long as the last two axes together, and reshape makes as many rows of it as it can. That is right for "
    "images (batch, height, width) alone: of rows that are flat already it makes one, and of four axes too many.",
    look="Which axis has to stay as it is, whatever the others are? Which of the two sizes do you leave to reshape as -1?",
)
def flatten_counts_the_last_two_axes(self, x, training=False):
    self._shape = x.shape
    return x.reshape(-1, x.shape[-2] * x.shape[-1]).copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.backward",
    text="The gradient is passed on flat.",
    look="What did forward change, and which shape does the layer before expect?",
)
def flatten_backward_stays_flat(self, upstream):
    return upstream.copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.backward",
    text="What backward returns is a view of upstream: the same memory under another shape.",
    look="Does reshape copy? Ask np.shares_memory.",
)
def flatten_backward_returns_a_view(self, upstream):
    return upstream.reshape(self._shape)


@misconception(
    exercise="Flatten",
    replaces="Flatten.forward",
    text="The shape of the first batch is kept for ever, so a last, shorter batch cannot be put back into shape.",
    look="When does forward store the shape of x?",
)
def flatten_keeps_the_first_shape(self, x, training=False):
    if not hasattr(self, "_shape"):
        self._shape = x.shape
    return x.reshape(len(x), -1).copy()


@misconception(
    exercise="Flatten",
    replaces="Flatten.backward",
    text="The axes are put back in the wrong order: (batch, width, height).",
    look="Compare the shape of backward's answer with that of x, for images that are not square. Which step exchanges two "
    "axes?",
)
def flatten_backward_turns_the_images(self, upstream):
    return np.moveaxis(upstream.reshape(self._shape), -1, 1).copy()


# --- Activation.forward -----------------------------------------------------------------------------------------------


def _forward_with(self, x, name, changed):
    """The right forward, but for one activation."""
    if self.activation == name:
        y = changed(x)
    elif self.activation == "linear":
        y = x.copy()
    elif self.activation == "sigmoid":
        y = _sigmoid(x)
    elif self.activation == "tanh":
        y = np.tanh(x)
    elif self.activation == "relu":
        y = np.maximum(x, 0.0)
    else:
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        y = powers / powers.sum(axis=-1, keepdims=True)
    self._y = y.copy()
    return y


@misconception(
    exercise="Activation.forward",
    text="The exponential of a large number overflows: exp(-x) leaves float64's range once x is below -709.",
    look="Which sign does the number have that you pass to np.exp, and how large can it become?",
)
def layer_sigmoid_overflows(self, x, training=False):
    return _forward_with(self, x, "sigmoid", lambda x: 1.0 / (1.0 + np.exp(-x)))


@misconception(
    exercise="Activation.forward",
    text="Logits of 1000 overflow in exp, and infinity divided by infinity is NaN.",
    look="What may be subtracted from all logits of a row without changing their softmax?",
)
def layer_softmax_without_shift(self, x, training=False):
    return _forward_with(self, x, "softmax", lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True))


def _softmax_with_global_maximum(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum(axis=-1, keepdims=True)


@misconception(
    exercise="Activation.forward",
    text="The maximum of the whole batch is subtracted. A row far below it underflows to 0 / 0.",
    look="Over which axes does your maximum run, and over which your sum?",
)
def layer_softmax_global_maximum(self, x, training=False):
    return _forward_with(self, x, "softmax", _softmax_with_global_maximum)


def _softmax_over_columns(x):
    powers = np.exp(x - x.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@misconception(
    exercise="Activation.forward",
    text="The probabilities of a column sum to 1, not those of a row: the sum runs over the batch instead of the classes.",
    look="Which axis of (batch, classes) belongs to one example?",
)
def layer_softmax_over_the_batch(self, x, training=False):
    return _forward_with(self, x, "softmax", _softmax_over_columns)


def _softmax_over_everything(x):
    powers = np.exp(x - x.max())
    return powers / powers.sum()


@misconception(
    exercise="Activation.forward",
    text="The probabilities of the whole batch sum to 1.",
    look="What should one row of your answer sum to?",
)
def layer_softmax_over_everything(self, x, training=False):
    return _forward_with(self, x, "softmax", _softmax_over_everything)


@misconception(
    exercise="Activation.forward",
    text="For linear, what is returned is no new array: it is x itself, or a view of it, and lies in the caller's memory.",
    look="After `y = x`, how many arrays are there?",
)
def layer_linear_returns_x(self, x, training=False):
    return _forward_with(self, x, "linear", lambda x: x)


def _relu_in_place(x):
    x[x < 0] = 0.0
    return x.copy()


@misconception(
    exercise="Activation.forward",
    text="The negative entries are set to 0 in x itself, so the caller's array is changed.",
    look="To whom does the array belong that you write into?",
)
def layer_relu_in_place(self, x, training=False):
    return _forward_with(self, x, "relu", _relu_in_place)


@misconception(
    exercise="Activation.forward",
    text="You return |x|: only the sign of a negative number is dropped.",
    look="What is relu(-3)?",
)
def layer_relu_is_absolute_value(self, x, training=False):
    y = _forward_with(self, x, "relu", np.abs)
    if self.activation == "relu":
        self._y = np.maximum(x, 0.0)
    return y


@misconception(
    exercise="Activation.forward",
    text="Tanh is computed from exp(x) and exp(-x), one of which overflows for large entries, and the quotient becomes NaN.",
    look="Which of NumPy's functions does this without overflow?",
)
def layer_tanh_overflows(self, x, training=False):
    return _forward_with(self, x, "tanh", lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


@misconception(
    exercise="Activation.forward",
    text="Your sigmoid falls where it should rise: these are the answers of 1 / (1 + exp(x)), which is the sigmoid of -x.",
    look="Is your sigmoid of a large positive number near 1?",
)
def layer_sigmoid_of_minus_x(self, x, training=False):
    return _forward_with(self, x, "sigmoid", lambda x: _sigmoid(-x))


# --- Activation.backward ----------------------------------------------------------------------------------------------


def _backward_with(self, upstream, name, changed):
    """The right backward, but for one activation."""
    y = self._y
    if self.activation == name:
        return changed(y, upstream)
    if self.activation == "linear":
        return upstream.copy()
    if self.activation == "sigmoid":
        return upstream * y * (1.0 - y)
    if self.activation == "tanh":
        return upstream * (1.0 - y**2)
    if self.activation == "relu":
        return upstream * (y > 0)
    return y * (upstream - (upstream * y).sum(axis=-1, keepdims=True))


@misconception(
    exercise="Activation.backward",
    text="The sigmoid's derivative is taken at the output: sigmoid' is applied to what is the sigmoid of x already.",
    look="Which of x and y did you store, and of which is your formula a function?",
)
def sigmoid_derivative_at_the_output(self, upstream):
    return _backward_with(self, upstream, "sigmoid", lambda y, u: u * _sigmoid(y) * (1.0 - _sigmoid(y)))


@misconception(
    exercise="Activation.backward",
    text="Your derivative of the sigmoid is the sigmoid's output, y.",
    look="What is the slope of the sigmoid far to the right, where y is 1?",
)
def layer_sigmoid_derivative_is_the_output(self, upstream):
    return _backward_with(self, upstream, "sigmoid", lambda y, u: u * y)


@misconception(
    exercise="Activation.backward",
    text="Your derivative of tanh is 1 - tanh.",
    look="What would your derivative be far to the left, where tanh is -1? And the slope there?",
)
def layer_tanh_derivative_without_square(self, upstream):
    return _backward_with(self, upstream, "tanh", lambda y, u: u * (1.0 - y))


@misconception(
    exercise="Activation.backward",
    text="The derivative of tanh is taken at the output: 1 - tanh(y)**2, where y is tanh(x) already.",
    look="Which of x and y did you store, and of which is your formula a function?",
)
def tanh_derivative_at_the_output(self, upstream):
    return _backward_with(self, upstream, "tanh", lambda y, u: u * (1.0 - np.tanh(y) ** 2))


@misconception(
    exercise="Activation.backward",
    text="The ReLU's mask is taken from the upstream gradient.",
    look="Which array decides whether a unit was active in forward?",
)
def relu_mask_from_upstream(self, upstream):
    return _backward_with(self, upstream, "relu", lambda y, u: np.maximum(u, 0.0))


@misconception(
    exercise="Activation.backward",
    replaces="Activation",
    text="At 0 the whole gradient passes.",
    look="Do you compare with > or with >=? What does the stub say of relu'(0)?",
)
class relu_passes_at_the_kink:
    def __init__(self, activation):
        self.activation = activation
        self.parameters, self.gradients, self.state = {}, {}, {}

    def forward(self, x, training=False):
        self._x = x.copy()
        return _forward_with(self, x, "", None)

    def backward(self, upstream):
        return _backward_with(self, upstream, "relu", lambda y, u: u * (self._x >= 0))


@misconception(
    exercise="Activation.backward",
    text="For relu every gradient passes, also where the input was negative. A mask that asks whether the output is >= 0 "
    "does that, since it always is.",
    look="Which values can the output of a ReLU have where the input was negative?",
)
def relu_mask_is_always_true(self, upstream):
    return _backward_with(self, upstream, "relu", lambda y, u: u * (y >= 0))


@misconception(
    exercise="Activation.backward",
    replaces="Activation",
    text="The layer keeps x itself and no copy. If the caller reuses its array before backward is called, the derivative "
    "is taken at other numbers.",
    look="After `self.x = x`, how many arrays are there?",
)
class activation_cache_is_a_reference:
    def __init__(self, activation):
        self.activation = activation
        self.parameters, self.gradients, self.state = {}, {}, {}

    def forward(self, x, training=False):
        self._x = x
        return _forward_with(self, x, "", None)

    def backward(self, upstream):
        _forward_with(self, self._x, "", None)
        return _backward_with(self, upstream, "", None)


@misconception(
    exercise="Activation.backward",
    replaces="Activation.forward",
    text="What backward needs is kept in one place that all layers share, such as an attribute of the class: a model with "
    "two activations uses the last one's output for both.",
    look="What is the difference between Activation.y = ... (or a global variable) and self.y = ...?",
)
def activation_cache_is_shared(self, x, training=False):
    y = _forward_with(self, x, "", None)
    del self._y
    Activation._y = y.copy()
    return y


@misconception(
    exercise="Activation.backward",
    text="What you return is the local derivative alone.",
    look="What should backward return if upstream is all zeros?",
)
def activation_ignores_upstream(self, upstream):
    y = self._y
    ones = np.ones_like(upstream)
    if self.activation == "linear":
        return ones
    if self.activation == "sigmoid":
        return y * (1.0 - y)
    if self.activation == "tanh":
        return 1.0 - y**2
    if self.activation == "relu":
        return ones * (y > 0)
    return y * (ones - y.sum(axis=-1, keepdims=True))


@misconception(
    exercise="Activation.backward",
    text="Only the diagonal of the softmax's Jacobian is used.",
    look="If one logit of a row rises, what happens to the other probabilities?",
)
def layer_softmax_only_the_diagonal(self, upstream):
    return _backward_with(self, upstream, "softmax", lambda y, u: u * y * (1.0 - y))


@misconception(
    exercise="Activation.backward",
    text="The softmax's backward passes upstream on unchanged, as if softmax and cross-entropy were one step.",
    look="With respect to what is upstream the gradient: the probabilities, or the logits?",
)
def softmax_passes_upstream_on(self, upstream):
    return _backward_with(self, upstream, "softmax", lambda y, u: u.copy())


@misconception(
    exercise="Activation.backward",
    text="In the softmax's backward the sum runs over the whole batch, so the rows disturb each other.",
    look="Which axis does your sum run over, and does it keep its dimension?",
)
def softmax_backward_sums_over_the_batch(self, upstream):
    return _backward_with(self, upstream, "softmax", lambda y, u: y * (u - (u * y).sum()))


@misconception(
    exercise="Activation.backward",
    text="For linear, what is returned is no new array: it is upstream itself, or a view of it, and lies in the caller's "
    "memory.",
    look="After `a = b`, how many arrays are there?",
)
def linear_returns_upstream(self, upstream):
    return _backward_with(self, upstream, "linear", lambda y, u: u)


def _relu_upstream_in_place(y, upstream):
    upstream[y <= 0] = 0.0
    return upstream.copy()


@misconception(
    exercise="Activation.backward",
    text="The ReLU sets entries of the upstream gradient itself to 0, and so changes the caller's array.",
    look="To whom does the array belong that you write into?",
)
def relu_changes_upstream(self, upstream):
    return _backward_with(self, upstream, "relu", _relu_upstream_in_place)


@misconception(
    exercise="Activation.backward",
    replaces="Activation.forward",
    text="The layer keeps the very array that it returns. The caller may change that array, and then changes what backward "
    "computes with.",
    look="Who else holds the array that forward stores?",
)
def activation_keeps_what_it_returns(self, x, training=False):
    self._y = _forward_with(self, x, "", None)
    return self._y


@misconception(
    exercise="Activation.backward",
    text="backward multiplies the stored array in place, so that a second call starts from what the first has left.",
    look="What is in the stored array after the first backward?",
)
def activation_uses_up_its_cache(self, upstream):
    y = self._y
    if self.activation == "linear":
        return upstream.copy()
    if self.activation == "sigmoid":
        y *= 1.0 - y
    elif self.activation == "tanh":
        y *= -y
        y += 1.0
    elif self.activation == "relu":
        y[y > 0] = 1.0
    else:
        dot = (upstream * y).sum(axis=-1, keepdims=True)
        y *= upstream - dot
        return y.copy()
    y *= upstream
    return y.copy()


@misconception(
    exercise="Activation.backward",
    text="The softmax's Jacobian has the wrong sign off the diagonal.",
    look="A common shift of a row's logits changes nothing, so what must the gradient of a row sum to?",
)
def softmax_jacobian_sign(self, upstream):
    return _backward_with(self, upstream, "softmax", lambda y, u: y * (u + (u * y).sum(axis=-1, keepdims=True)))


# --- Sequential.forward -----------------------------------------------------------------------------------------------


@misconception(
    exercise="Sequential.forward",
    text="Every layer is given the model's input, so all layers but the last count for nothing.",
    look="Which variable do you pass to the layers, and which do you store their answers in?",
)
def every_layer_gets_the_input(self, x, training=False):
    for layer in self.layers:
        y = layer.forward(x, training=training)
    return y


@misconception(
    exercise="Sequential.forward",
    text="The layers are walked from the last to the first. That is the order of the way back.",
    look="Which layer sees x?",
)
def forward_walks_backwards(self, x, training=False):
    for layer in reversed(self.layers):
        x = layer.forward(x, training=training)
    return x


@misconception(
    exercise="Sequential.forward",
    text="The last layer is left out.",
    look="How often does your loop run for a model of one layer?",
)
def forward_leaves_out_the_last_layer(self, x, training=False):
    for i in range(len(self.layers) - 1):
        x = self.layers[i].forward(x, training=training)
    return x


@misconception(
    exercise="Sequential.forward",
    text="The answer is the output of the first layer: a return inside of the loop ends it after one layer.",
    look="How far is your return statement indented, and what does it return?",
)
def forward_returns_in_the_loop(self, x, training=False):
    for layer in self.layers:
        x = layer.forward(x, training=training)
        return x


@misconception(
    exercise="Sequential.forward",
    text="The outputs of all layers are returned, not that of the last one alone.",
    look="What does the caller do with the answer: does it want a list, or predictions?",
)
def forward_returns_all_outputs(self, x, training=False):
    outputs = []
    for layer in self.layers:
        x = layer.forward(x, training=training)
        outputs.append(x)
    return outputs


@misconception(
    exercise="Sequential.forward",
    text="training is not passed on: every layer takes it for False, also while the model is trained.",
    look="What do you pass to layer.forward beside x? Which layers will need to know?",
)
def forward_keeps_training_to_itself(self, x, training=False):
    for layer in self.layers:
        x = layer.forward(x)
    return x


@misconception(
    exercise="Sequential.forward",
    text="Nothing is returned, so the caller receives None.",
    look="What does a Python function return that ends without a return statement?",
)
def sequential_forward_returns_nothing(self, x, training=False):
    for layer in self.layers:
        x = layer.forward(x, training=training)


# --- Sequential.backward ----------------------------------------------------------------------------------------------


@misconception(
    exercise="Sequential.backward",
    text="The layers are walked from the first to the last.",
    look="Which layer's output is upstream the gradient of?",
)
def backward_walks_forwards(self, upstream):
    for layer in self.layers:
        upstream = layer.backward(upstream)
    return upstream


@misconception(
    exercise="Sequential.backward",
    text="Every layer is given the same upstream gradient.",
    look="Which variable do you pass to the layers, and which do you store their answers in?",
)
def every_layer_gets_the_same_upstream(self, upstream):
    for layer in reversed(self.layers):
        dx = layer.backward(upstream)
    return dx


@misconception(
    exercise="Sequential.backward",
    text="The list of layers is reversed in place, so from then on the model runs the other way round.",
    look="What does list.reverse do to the list, and what does reversed do?",
)
def backward_reverses_the_model(self, upstream):
    self.layers.reverse()
    for layer in self.layers:
        upstream = layer.backward(upstream)
    return upstream


@misconception(
    exercise="Sequential.backward",
    text="The first layer is left out: its parameters receive no gradient, and what is returned belongs to its output.",
    look="Where does your range end, and is the end included?",
)
def backward_leaves_out_the_first_layer(self, upstream):
    for i in range(len(self.layers) - 1, 0, -1):
        upstream = self.layers[i].backward(upstream)
    return upstream


@misconception(
    exercise="Sequential.backward",
    text="The gradients are computed, but the one for x is not returned.",
    look="What does a Python function return that ends without a return statement?",
)
def sequential_backward_returns_nothing(self, upstream):
    for layer in reversed(self.layers):
        upstream = layer.backward(upstream)


@misconception(
    exercise="Sequential.backward",
    text="The list of the parameters' gradients is returned.",
    look="What would a model inside another model have to return?",
)
def sequential_backward_returns_the_gradients(self, upstream):
    for layer in reversed(self.layers):
        upstream = layer.backward(upstream)
    return self.gradients


@misconception(
    exercise="Sequential.backward",
    text="The gradient is divided by the batch size at every layer.",
    look="By which power of the batch size is the first layer's gradient too small? Who has divided before?",
)
def backward_divides_at_every_layer(self, upstream):
    for layer in reversed(self.layers):
        upstream = layer.backward(upstream / len(upstream))
    return upstream


# --- Sequential.parameters --------------------------------------------------------------------------------------------


@misconception(
    exercise="Sequential.parameters",
    text="The list holds a dict for each layer.",
    look="What are the elements of your list, and what does an optimizer want to change?",
)
@property
def parameters_are_dicts(self):
    return [layer.parameters for layer in self.layers if layer.parameters]


@misconception(
    exercise="Sequential.parameters",
    text="The list holds copies. An optimizer that updates them changes nothing in the layers.",
    look="If the first array of the list is filled with zeros, what does forward compute with?",
)
@property
def parameters_are_copies(self):
    return [array.copy() for layer in self.layers for array in layer.parameters.values()]


@misconception(
    exercise="Sequential.parameters",
    text="Only the kernels are in the list, so the biases are never trained.",
    look="How many arrays does a Dense layer train?",
)
@property
def parameters_without_biases(self):
    return [layer.parameters["kernel"] for layer in self.layers if layer.parameters]


@misconception(
    exercise="Sequential.parameters",
    text="In each layer the bias comes before the kernel, as it does where the layer stores it first, or where the names are "
    "sorted by the alphabet.",
    look="In which order does the stub want the arrays of one layer?",
)
@property
def parameters_with_the_bias_first(self):
    return [layer.parameters[name] for layer in self.layers for name in sorted(layer.parameters)]


@misconception(
    exercise="Sequential.parameters",
    text="All kernels come first, then all biases.",
    look="Which of your two loops is the outer one? In which order does the stub want the arrays?",
)
@property
def parameters_kernels_first(self):
    return [layer.parameters[name] for name in ("kernel", "bias") for layer in self.layers if name in layer.parameters]


@misconception(
    exercise="Sequential.parameters",
    text="parameters is a method here, to be called.",
    look="What stands above the definition in the stub?",
)
def parameters_is_a_method(self):
    return [array for layer in self.layers for array in layer.parameters.values()]


@misconception(
    exercise="Sequential.parameters",
    text="All parameters are joined into one long vector, which is a copy and has lost the shapes.",
    look="What does an optimizer iterate over, and what would it update?",
)
@property
def parameters_are_one_vector(self):
    return np.concatenate([array.ravel() for layer in self.layers for array in layer.parameters.values()])


@misconception(
    exercise="Sequential.parameters",
    replaces="Sequential",
    text="The list is made once and kept. Layers that build themselves later are missing from it.",
    look="When is your list made, and what did the layers have then?",
)
class parameters_are_listed_once:
    def __init__(self, layers):
        self.layers = list(layers)
        self.parameters = [array for layer in self.layers for array in layer.parameters.values()]

    def forward(self, x, training=False):
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, upstream):
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream

    @property
    def gradients(self):
        return [layer.gradients[name] for layer in self.layers for name in layer.parameters]

    def count_params(self):
        return sum(array.size for layer in self.layers for array in layer.parameters.values())


@misconception(
    exercise="Sequential.parameters",
    replaces="Sequential.gradients",
    text="The gradients stand in the order in which backward walks through the layers, last layer first, so the optimizer "
    "pairs them with the wrong parameters.",
    look="Print the shapes of both lists side by side.",
)
@property
def gradients_in_reverse(self):
    return [layer.gradients[name] for layer in reversed(self.layers) for name in layer.parameters]


@misconception(
    exercise="Sequential.parameters",
    replaces="Sequential.gradients",
    text="The bias's gradient comes before the kernel's, as where backward stores it first and the dict's values are taken as "
    "they come, or where names are sorted. That is not the order of the parameters.",
    look="Print the shapes of both lists side by side. By whose names, in which order, could you take the gradients?",
)
@property
def gradients_with_the_bias_first(self):
    return [layer.gradients[name] for layer in self.layers for name in sorted(layer.gradients)]


@misconception(
    exercise="Sequential.parameters",
    replaces="Sequential.gradients",
    text="gradients returns the parameters. The two properties differ in one word: this is what a copy does in which the "
    "word was not changed.",
    look="Which dict of the layer do you read?",
)
@property
def gradients_are_the_parameters(self):
    return [array for layer in self.layers for array in layer.parameters.values()]


@misconception(
    exercise="Sequential.parameters",
    replaces="Sequential.gradients",
    text="The gradients of the first backward are kept and handed out for ever.",
    look="Is the list made anew when it is asked for?",
)
@property
def gradients_are_remembered(self):
    if not hasattr(self, "_kept"):
        self._kept = [layer.gradients[name] for layer in self.layers for name in layer.parameters]
    return self._kept


# --- Sequential.count_params ------------------------------------------------------------------------------------------


@misconception(
    exercise="Sequential.count_params",
    text="The biases are not counted.",
    look="Besides the kernel, what does a Dense layer of M units learn?",
)
def count_forgets_biases(self):
    return sum(layer.parameters["kernel"].size for layer in self.layers if layer.parameters)


@misconception(
    exercise="Sequential.count_params",
    text="The arrays are counted, not the numbers in them.",
    look="How many numbers are in a kernel of shape (784, 300)?",
)
def count_counts_arrays(self):
    return sum(len(layer.parameters) for layer in self.layers)


@misconception(
    exercise="Sequential.count_params",
    text="len of an array counts its rows, not its entries.",
    look="What is len(np.zeros((784, 300)))?",
)
def count_counts_rows(self):
    return sum(len(array) for layer in self.layers for array in layer.parameters.values())


@misconception(
    exercise="Sequential.count_params",
    text="One bias is counted for each layer.",
    look="What is the shape of a Dense layer's bias?",
)
def count_one_bias_a_layer(self):
    return sum(layer.parameters["kernel"].size + ("bias" in layer.parameters) for layer in self.layers if layer.parameters)


@misconception(
    exercise="Sequential.count_params",
    text="A bias is counted for every input, not for every unit.",
    look="Which of the two axes of the kernel counts the units?",
)
def count_a_bias_for_every_input(self):
    kernels = [layer.parameters["kernel"] for layer in self.layers if layer.parameters]
    return sum(kernel.size + kernel.shape[0] for kernel in kernels)


@misconception(
    exercise="Sequential.count_params",
    text="Gradients are counted as well: after a backward pass the model seems to have twice as many parameters.",
    look="Which numbers does training change, and which are only computed on the way?",
)
def count_includes_gradients(self):
    return sum(array.size for layer in self.layers for kept in (layer.parameters, layer.gradients) for array in kept.values())


@misconception(
    exercise="Sequential.count_params",
    text="The formula (inputs + 1) * units takes a bias for granted, and is wrong for layers without one.",
    look="What does a Dense layer with use_bias=False learn?",
)
def count_assumes_biases(self):
    kernels = [layer.parameters["kernel"] for layer in self.layers if layer.parameters]
    return sum((kernel.shape[0] + 1) * kernel.shape[1] for kernel in kernels)


@misconception(
    exercise="Sequential.count_params",
    text="The sizes of the layers are added.",
    look="How many weights lead into a single unit, and how many units are there?",
)
def count_adds_the_sizes(self):
    kernels = [layer.parameters["kernel"] for layer in self.layers if layer.parameters]
    return sum(sum(kernel.shape) for kernel in kernels)


# --- two_layer_forward ------------------------------------------------------------------------------------------------


@misconception(
    exercise="two_layer_forward",
    text="The last column of the weights is taken for the bias.",
    look="Which column of the weights is multiplied by your constant 1, and which one does the stub call the bias?",
)
def bias_in_the_last_column(x, w1, w2):
    ones = np.ones((len(x), 1))
    hidden = _sigmoid(np.hstack([x, ones]) @ w1.T)
    return hidden, _sigmoid(np.hstack([hidden, ones]) @ w2.T)


@misconception(
    exercise="two_layer_forward",
    text="The hidden units are linear: two linear layers in a row are no more than one.",
    look="How many sigmoids does the network have, and how many do you compute?",
)
def hidden_units_are_linear(x, w1, w2):
    hidden = _bias_column(x) @ w1.T
    return hidden, _sigmoid(_bias_column(hidden) @ w2.T)


@misconception(
    exercise="two_layer_forward",
    text="The outputs are logits.",
    look="Can your network answer with a number above 1, and should it?",
)
def outputs_are_logits(x, w1, w2):
    hidden = _sigmoid(_bias_column(x) @ w1.T)
    return hidden, _bias_column(hidden) @ w2.T


@misconception(
    exercise="two_layer_forward",
    text="The constant of the hidden layer goes through the sigmoid, so that the output's biases count 0.731 times.",
    look="Is the constant 1 put in front before or after the sigmoid?",
)
def sigmoid_of_the_constant(x, w1, w2):
    hidden = _sigmoid(_bias_column(x) @ w1.T)
    squashed = np.hstack([np.full((len(x), 1), _sigmoid(np.array(1.0))), hidden])
    return hidden, _sigmoid(squashed @ w2.T)


@misconception(
    exercise="two_layer_forward",
    text="The hidden activations are returned together with the constant column, which is no unit.",
    look="How many columns does the stub promise for the hidden activations?",
)
def hidden_with_constant_column(x, w1, w2):
    hidden = _bias_column(_sigmoid(_bias_column(x) @ w1.T))
    return hidden, _sigmoid(hidden @ w2.T)


@misconception(
    exercise="two_layer_forward",
    text="The biases are left out: column 0 of the weights is not used.",
    look="What does your network answer for x = 0, and what should it depend on?",
)
def two_layers_without_biases(x, w1, w2):
    hidden = _sigmoid(x @ w1[:, 1:].T)
    return hidden, _sigmoid(hidden @ w2[:, 1:].T)


@misconception(
    exercise="two_layer_forward",
    text="The output layer has no bias: only the first layer has a constant input.",
    look="Count the columns of w2 and the hidden units.",
)
def output_layer_without_bias(x, w1, w2):
    hidden = _sigmoid(_bias_column(x) @ w1.T)
    return hidden, _sigmoid(hidden @ w2[:, 1:].T)


@misconception(
    exercise="two_layer_forward",
    text="exp(-logit) overflows for logits below -709.",
    look="Which sign does the number have that you pass to np.exp, and how large can it become?",
)
def two_layer_sigmoid_overflows(x, w1, w2):
    hidden = 1.0 / (1.0 + np.exp(-(_bias_column(x) @ w1.T)))
    return hidden, 1.0 / (1.0 + np.exp(-(_bias_column(hidden) @ w2.T)))


@misconception(
    exercise="two_layer_forward",
    text="Only the outputs are returned.",
    look="What does the stub list under Returns, and in which order?",
)
def two_layer_returns_outputs_only(x, w1, w2):
    hidden = _sigmoid(_bias_column(x) @ w1.T)
    return _sigmoid(_bias_column(hidden) @ w2.T)


# --- two_layer_gradients ----------------------------------------------------------------------------------------------


def _two_layer_parts(x, w1, w2):
    hidden = _sigmoid(_bias_column(x) @ w1.T)
    return hidden, _sigmoid(_bias_column(hidden) @ w2.T)


@misconception(
    exercise="two_layer_gradients",
    text="The sign is turned round: your gradients belong to y - a, and to climbing the log-likelihood.",
    look="If an output is too large, should its bias's gradient be positive or negative?",
)
def delta_is_y_minus_a(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = y - a
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The output's error has the factor a (1 - a), as it has with the squared error.",
    look="Differentiate -log(sigmoid(z)) with respect to z. What is left?",
)
def delta_out_with_sigmoid_derivative(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = (a - y) * a * (1.0 - a)
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The gradients are summed over the batch and not averaged: with N rows they are N times too large.",
    look="Is the loss of the stub a sum or a mean over the batch?",
)
def two_layer_sum_for_mean(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x), delta_out.T @ _bias_column(hidden)


@misconception(
    exercise="two_layer_gradients",
    text="The gradients are averaged over the outputs too.",
    look="By how many numbers do you divide: rows, or entries of y? Which of them does the loss average over?",
)
def two_layer_mean_over_outputs(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = (a - y) / y.size
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x), delta_out.T @ _bias_column(hidden)


@misconception(
    exercise="two_layer_gradients",
    text="The first layer's gradient is divided by the batch size twice.",
    look="Follow the factor 1 / batch from delta_out to the first layer, and count.",
)
def first_layer_is_averaged_twice(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = (a - y) / len(x)
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden)


@misconception(
    exercise="two_layer_gradients",
    text="Both gradients are divided by the batch size twice.",
    look="Where does 1 / batch stand in your code? Follow it from delta_out to each of the two gradients, and count.",
)
def both_layers_are_averaged_twice(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = (a - y) / len(x)
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The error travels back through the wrong columns of w2: the last one is dropped.",
    look="Which column of w2 has no hidden unit behind it?",
)
def delta_through_the_wrong_columns(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, :-1] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The hidden error passes the hidden units unchanged, as if they were linear.",
    look="What lies between a hidden unit's logit and its contribution to the output?",
)
def hidden_delta_without_derivative(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:]
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The hidden units' derivative is taken at their activations: sigmoid' is applied to what is a sigmoid already.",
    look="Is hidden the input of the sigmoid, or its output?",
)
def hidden_derivative_at_the_activation(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    again = _sigmoid(hidden)
    delta_hidden = delta_out @ w2[:, 1:] * again * (1.0 - again)
    return delta_hidden.T @ _bias_column(x) / len(x), delta_out.T @ _bias_column(hidden) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The gradients have no column for the biases, so they do not have their weights' shapes.",
    look="What is the input of a bias, and does it occur in your products?",
)
def no_bias_column_in_the_gradients(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ x / len(x), delta_out.T @ hidden / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The gradients are transposed: they have one column a unit, the weights have one row a unit.",
    look="Compare the shapes of the weights and of their gradients.",
)
def two_layer_gradients_are_transposed(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return _bias_column(x).T @ delta_hidden / len(x), _bias_column(hidden).T @ delta_out / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The gradients are returned in the order of the computation, w2's first.",
    look="What does the stub list under Returns, and in which order?",
)
def two_layer_gradients_in_reverse(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_out.T @ _bias_column(hidden) / len(x), delta_hidden.T @ _bias_column(x) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="The gradient's column for the biases stands at the end.",
    look="In which column of the gradient do you find the mean of the errors, and in which column of the weights are the "
    "biases?",
)
def gradient_bias_in_the_last_column(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    ones = np.ones((len(x), 1))
    delta_out = a - y
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ np.hstack([x, ones]) / len(x), delta_out.T @ np.hstack([hidden, ones]) / len(x)


@misconception(
    exercise="two_layer_gradients",
    text="w2 is updated before the error is sent back through it, and the caller's weights are changed.",
    look="Does any line assign to w1 or w2, and is it this function's work to change them?",
)
def two_layer_updates_on_the_way(x, y, w1, w2):
    hidden, a = _two_layer_parts(x, w1, w2)
    delta_out = a - y
    gradient_2 = delta_out.T @ _bias_column(hidden) / len(x)
    w2 -= 0.1 * gradient_2
    delta_hidden = delta_out @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), gradient_2


@misconception(
    exercise="two_layer_gradients",
    text="The caller's labels are changed, as by y -= ..., and lost after the first call.",
    look="Which array does your in-place operation write into, and whose is it?",
)
def two_layer_changes_the_labels(x, y, w1, w2):
    hidden, a = two_layer_forward(x, w1, w2)
    y *= -1.0
    y += a
    delta_hidden = y @ w2[:, 1:] * hidden * (1.0 - hidden)
    return delta_hidden.T @ _bias_column(x) / len(x), y.T @ _bias_column(hidden) / len(x)


# --- SkipNetwork ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="SkipNetwork.forward",
    text="The input reaches y only through the layers.",
    look="By which two ways should x reach y?",
)
def skip_is_left_out(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    return self.output.forward(inner, training=training)


@misconception(
    exercise="SkipNetwork.forward",
    text="The two ways are multiplied.",
    look="With all weights 0, what should the block answer?",
)
def skip_is_multiplied(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    return x * self.output.forward(inner, training=training)


@misconception(
    exercise="SkipNetwork.forward",
    text="The two ways are put side by side, which doubles the number of features.",
    look="Which shape does the stub promise for y?",
)
def skip_is_concatenated(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    return np.concatenate([x, self.output.forward(inner, training=training)], axis=1)


@misconception(
    exercise="SkipNetwork.forward",
    text="tanh is left out, so the block is linear.",
    look="Which of its three layers does the network use?",
)
def skip_without_tanh(self, x, training=False):
    self.activation.forward(self.hidden.forward(x, training=training))
    return x + self.output.forward(self.hidden.forward(x, training=training), training=training)


@misconception(
    exercise="SkipNetwork.forward",
    text="The caller's own array is changed, as by `y = x` and then `y += ...`.",
    look="After `y = x`, how many arrays are there?",
)
def skip_adds_in_place(self, x, training=False):
    y = x
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    y += self.output.forward(inner, training=training)
    return y


@misconception(
    exercise="SkipNetwork.forward",
    text="tanh is applied to the sum at the end as well, which closes the free way around the layers.",
    look="Can y be larger than 1 in your network?",
)
def skip_with_tanh_at_the_end(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    return np.tanh(x + self.output.forward(inner, training=training))


@misconception(
    exercise="SkipNetwork.forward",
    text="The mean of the two ways is taken.",
    look="With all weights 0, what should the block answer?",
)
def skip_is_averaged(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training), training=training)
    return (x + self.output.forward(inner, training=training)) / 2.0


@misconception(
    exercise="SkipNetwork.forward",
    text="training is not passed on: every layer takes it for False, also while the network is trained.",
    look="What do you pass to the forward of each of the three layers beside its input?",
)
def skip_keeps_training_to_itself(self, x, training=False):
    return x + self.output.forward(self.activation.forward(self.hidden.forward(x)))


@misconception(
    exercise="SkipNetwork.forward",
    text="training is passed on to the two Dense layers, and not to the activation between them.",
    look="How many layers has the network, and how often does training stand in your call of them?",
)
def skip_does_not_tell_the_activation(self, x, training=False):
    inner = self.activation.forward(self.hidden.forward(x, training=training))
    return x + self.output.forward(inner, training=training)


@misconception(
    exercise="SkipNetwork.backward",
    text="The gradient comes back through the layers only.",
    look="x was used twice. How many gradients does it receive?",
)
def skip_gradient_is_left_out(self, upstream):
    return self.hidden.backward(self.activation.backward(self.output.backward(upstream)))


@misconception(
    exercise="SkipNetwork.backward",
    text="Only the gradient of the way around the layers is returned; that through the layers is computed and forgotten.",
    look="x was used twice. How many gradients does it receive?",
)
def only_the_skip_gradient(self, upstream):
    self.hidden.backward(self.activation.backward(self.output.backward(upstream)))
    return upstream.copy()


@misconception(
    exercise="SkipNetwork.backward",
    text="The two gradients are averaged.",
    look="If x rises a little, by how much does y rise by each of the ways, and in all?",
)
def skip_gradients_are_averaged(self, upstream):
    around = self.hidden.backward(self.activation.backward(self.output.backward(upstream)))
    return (upstream + around) / 2.0


@misconception(
    exercise="SkipNetwork.backward",
    text="The two gradients are multiplied, as for one way after the other.",
    look="If x rises a little, by how much does y rise by each of the ways, and in all?",
)
def skip_gradients_are_multiplied(self, upstream):
    return upstream * self.hidden.backward(self.activation.backward(self.output.backward(upstream)))


@misconception(
    exercise="SkipNetwork.backward",
    text="1 is added to the gradient through the layers, whatever upstream is.",
    look="What does the way around the layers make of an upstream gradient of 0?",
)
def skip_gradient_is_one(self, upstream):
    return 1.0 + self.hidden.backward(self.activation.backward(self.output.backward(upstream)))


@misconception(
    exercise="SkipNetwork.backward",
    text="tanh is left out on the way back.",
    look="List the three steps of forward, and undo them one by one.",
)
def skip_backward_without_tanh(self, upstream):
    return upstream + self.hidden.backward(self.output.backward(upstream))


@misconception(
    exercise="SkipNetwork.backward",
    text="The caller's upstream array is changed, as by adding a gradient to it in place.",
    look="What does `a += b` do to the array that a was given as?",
)
def skip_backward_in_place(self, upstream):
    upstream += self.hidden.backward(self.activation.backward(self.output.backward(upstream)))
    return upstream.copy()


@misconception(
    exercise="SkipNetwork.backward",
    text="Your second way leads around the tanh alone, and then through the hidden layer.",
    look="Draw the graph of forward. At which node do the two ways meet again on the way back?",
)
def skip_gradient_goes_through_the_layers(self, upstream):
    inner = self.activation.backward(self.output.backward(upstream))
    return self.hidden.backward(inner + self.output.backward(upstream))


# --- TwoInputNetwork --------------------------------------------------------------------------------------------------


@misconception(
    exercise="TwoInputNetwork.forward",
    text="The hidden units stand in front, so each row of the output's kernel weighs the wrong column.",
    look="In which order does the stub join the two?",
)
def hidden_units_first(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep, training=training), training=training)
    return self.output.forward(np.concatenate([inner, wide], axis=1), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="The inputs are exchanged: the wide features go through the hidden layer and the deep ones straight to the output.",
    look="Which of the two inputs has a hidden layer?",
)
def inputs_are_exchanged(self, wide, deep, training=False):
    self._wide_features = deep.shape[1]
    inner = self.activation.forward(self.hidden.forward(wide, training=training), training=training)
    return self.output.forward(np.concatenate([deep, inner], axis=1), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="The two parts are stacked as rows.",
    look="Which axis of (batch, features) grows when an example gets more features?",
)
def joined_along_the_batch(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep, training=training), training=training)
    return self.output.forward(np.concatenate([wide, inner], axis=0), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="The hidden layer's tanh is left out.",
    look="Which of its three layers does the network use?",
)
def deep_path_without_tanh(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.hidden.forward(deep, training=training)
    self.activation.forward(inner, training=training)
    return self.output.forward(np.concatenate([wide, inner], axis=1), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="training is not passed on: every layer takes it for False, also while the network is trained.",
    look="What do you pass to the forward of each of the three layers beside its input?",
)
def two_inputs_keep_training_to_themselves(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep))
    return self.output.forward(np.concatenate([wide, inner], axis=1))


@misconception(
    exercise="TwoInputNetwork.forward",
    text="training is passed on to the two Dense layers, and not to the activation between them.",
    look="How many layers has the network, and how often does training stand in your call of them?",
)
def two_inputs_do_not_tell_the_activation(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep, training=training))
    return self.output.forward(np.concatenate([wide, inner], axis=1), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="tanh is applied to the wide features as well.",
    look="What comes first in your code, the tanh or the joining, and what does the formula say?",
)
def tanh_of_both_inputs(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep, training=training), training=training)
    return self.output.forward(np.concatenate([np.tanh(wide), inner], axis=1), training=training)


@misconception(
    exercise="TwoInputNetwork.forward",
    text="The two parts are added.",
    look="What is the shape of the output layer's kernel in the stub? Could you add parts of different widths?",
)
def parts_are_added(self, wide, deep, training=False):
    self._wide_features = wide.shape[1]
    inner = self.activation.forward(self.hidden.forward(deep, training=training), training=training)
    return self.output.forward(wide + inner, training=training)


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The gradients are returned in the order (deep, wide).",
    look="What does the stub list under Returns, and in which order?",
)
def input_gradients_are_exchanged(self, upstream):
    joined = self.output.backward(upstream)
    wide, inner = joined[:, : self._wide_features].copy(), joined[:, self._wide_features :]
    return self.hidden.backward(self.activation.backward(inner)), wide


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The gradient is cut at the wrong place: the first columns are given to the hidden units.",
    look="In which order were the columns joined in forward?",
)
def gradient_is_cut_from_the_other_end(self, upstream):
    joined = self.output.backward(upstream)
    hidden_units = joined.shape[1] - self._wide_features
    inner, wide = joined[:, :hidden_units], joined[:, hidden_units:].copy()
    return wide, self.hidden.backward(self.activation.backward(inner))


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The gradient is cut in the middle, wherever the wide features end.",
    look="How many columns of the joined array came from each part?",
)
def gradient_is_cut_in_the_middle(self, upstream):
    joined = self.output.backward(upstream)
    half = joined.shape[1] // 2
    return joined[:, :half].copy(), self.hidden.backward(self.activation.backward(joined[:, half:]))


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The gradient for deep stops at the hidden units.",
    look="Which shape must the gradient for deep have?",
)
def deep_gradient_stops_at_the_hidden_units(self, upstream):
    joined = self.output.backward(upstream)
    wide, inner = joined[:, : self._wide_features].copy(), joined[:, self._wide_features :].copy()
    self.hidden.backward(self.activation.backward(inner))
    return wide, inner


@misconception(
    exercise="TwoInputNetwork.backward",
    text="tanh is left out on the way back.",
    look="List the steps of forward, and undo them one by one.",
)
def deep_gradient_without_tanh(self, upstream):
    joined = self.output.backward(upstream)
    wide, inner = joined[:, : self._wide_features].copy(), joined[:, self._wide_features :]
    return wide, self.hidden.backward(inner)


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The two gradients are joined into one array.",
    look="What does the stub list under Returns?",
)
def input_gradients_are_joined(self, upstream):
    joined = self.output.backward(upstream)
    wide, inner = joined[:, : self._wide_features], joined[:, self._wide_features :]
    return np.concatenate([wide, self.hidden.backward(self.activation.backward(inner))], axis=1)


@misconception(
    exercise="TwoInputNetwork.backward",
    text="The whole gradient of the joined array is returned for wide.",
    look="Compare the shapes of wide and of its gradient.",
)
def wide_gradient_is_not_cut(self, upstream):
    joined = self.output.backward(upstream)
    inner = joined[:, self._wide_features :]
    return joined, self.hidden.backward(self.activation.backward(inner))
