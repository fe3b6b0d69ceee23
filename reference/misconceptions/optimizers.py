"""Misconceptions about optimizers: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
from reference.optimizers import Adam, Optimizer, quadratic_gradient


def _adam_averages(rule, gradient, slot):
    """The two moving averages of Adam's family, as they should be."""
    slot["m"] = rule.beta_1 * slot.get("m", 0.0) + (1.0 - rule.beta_1) * gradient
    slot["v"] = rule.beta_2 * slot.get("v", 0.0) + (1.0 - rule.beta_2) * gradient**2
    return slot["m"], slot["v"]


def _adam_alpha(rule, t):
    """Adam's learning rate with both corrections folded in."""
    return rule.learning_rate * np.sqrt(1.0 - rule.beta_2**t) / (1.0 - rule.beta_1**t)


# --- the base class ---------------------------------------------------------------------------------------------------


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="All parameters are given one and the same dict for their state, so what one parameter has left there is overwritten or "
    "taken up by the next.",
    look="How many dicts does your optimizer have after a step with three parameters?",
)
def optimizer_shares_state_between_parameters(self, gradients, parameters):
    if not self._slots:
        self._slots.append({})
    for gradient, parameter in zip(gradients, parameters, strict=True):
        self.update(gradient, parameter, self._slots[0])
    self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="State is kept by the parameter's shape, so two layers of equal size share it.",
    look="What is the key under which you look up a parameter's state, and can two parameters have the same one?",
)
def optimizer_keys_state_by_shape(self, gradients, parameters):
    if not self._slots:
        self._slots = [{}]
    for gradient, parameter in zip(gradients, parameters, strict=True):
        self.update(gradient, parameter, self._slots[0].setdefault(parameter.shape, {}))
    self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="State is kept by the id of the array, so it is lost as soon as the same parameter comes in another array, as after "
    "weights have been loaded.",
    look="What stays the same about a parameter from step to step: its array object, or its place in the list?",
)
def optimizer_keys_state_by_id(self, gradients, parameters):
    if not self._slots:
        self._slots = [{}]
    for gradient, parameter in zip(gradients, parameters, strict=True):
        self.update(gradient, parameter, self._slots[0].setdefault(id(parameter), {}))
    self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="Every parameter gets a new, empty state at every step, so nothing is remembered: averages and velocities start anew.",
    look="Where do you make the dicts: once for each position, or each time apply is called?",
)
def optimizer_forgets_state(self, gradients, parameters):
    for gradient, parameter in zip(gradients, parameters, strict=True):
        self.update(gradient, parameter, {})
    self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="The count grows once for every parameter, so the second parameter finds a different count from the first.",
    look="Where is the line that counts: inside of the loop over the parameters, or outside? How many steps is one call?",
)
def optimizer_counts_every_parameter(self, gradients, parameters):
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        self.update(gradient, parameter, slot)
        self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="The step is counted before it is taken, so rules that compute t as iterations + 1 begin with t = 2.",
    look="What does iterations say during the very first update?",
)
def optimizer_counts_before_the_step(self, gradients, parameters):
    self.iterations += 1
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        self.update(gradient, parameter, slot)


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="The steps are not counted: iterations stays 0, and for every rule that needs t each step is the first.",
    look="Where does iterations change?",
)
def optimizer_never_counts(self, gradients, parameters):
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        self.update(gradient, parameter, slot)


@misconception(
    exercise="Optimizer",
    text="All optimizers of the program share one state, as they do where it is an attribute of the class, a default "
    "argument or a global.",
    look="How often is that state made: once for the program, or once for each optimizer?",
)
class optimizer_keeps_state_on_the_class:
    _slots = []  # noqa: RUF012

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.iterations = 0

    def apply(self, gradients, parameters):
        while len(self._slots) < len(parameters):
            self._slots.append({})
        for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
            self.update(gradient, parameter, slot)
        self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="Copies of the parameters are updated and returned, while the arrays that belong to the caller stay where they were.",
    look="After apply, whose array has changed: yours, or the one that the layer holds?",
)
def optimizer_updates_copies(self, gradients, parameters):
    moved = [parameter.copy() for parameter in parameters]
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, moved, self._slots, strict=False):
        self.update(gradient, parameter, slot)
    self.iterations += 1
    return moved


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="Only the first parameter moves, as where the method returns from within the loop.",
    look="How far is the return (or the break) indented, and how often can the loop run with it?",
)
def optimizer_returns_after_the_first(self, gradients, parameters):
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        self.update(gradient, parameter, slot)
        self.iterations += 1
        return


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="Only the first parameter moves, and the step is not counted, as where the method returns from within the loop: what "
    "stands behind the loop never runs.",
    look="How far is the return indented, and which lines of apply does a step not reach with it?",
)
def optimizer_returns_before_it_counts(self, gradients, parameters):
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        self.update(gradient, parameter, slot)
        return
    self.iterations += 1


@misconception(
    exercise="Optimizer",
    replaces="Optimizer.apply",
    text="The learning rate is multiplied into the gradients in place before the rule sees them: the caller's gradients change, and "
    "the rule multiplies once more.",
    look="Who uses the learning rate: apply, or the rule? And whose arrays are the gradients?",
)
def optimizer_scales_the_gradients(self, gradients, parameters):
    while len(self._slots) < len(parameters):
        self._slots.append({})
    for gradient, parameter, slot in zip(gradients, parameters, self._slots, strict=False):
        gradient *= self.learning_rate
        self.update(gradient, parameter, slot)
    self.iterations += 1


# --- SGD --------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="SGD",
    replaces="SGD.update",
    text="You go along with the gradient, uphill.",
    look="Take a loss of w**2 at w = 3. Which sign has the gradient, and which way should w go?",
)
def sgd_climbs(self, gradient, parameter, slot):
    velocity = self.momentum * slot.get("velocity", 0.0) + self.learning_rate * gradient
    slot["velocity"] = velocity
    parameter += self.momentum * velocity + self.learning_rate * gradient if self.nesterov else velocity


@misconception(
    exercise="SGD",
    replaces="SGD.update",
    text="The caller's array has not changed: no update reaches it. This happens where the result goes into a new array, and "
    "the name `parameter` is then bound to that one.",
    look="What is the difference between a = a - b and a -= b for the array that a was before?",
)
def sgd_rebinds_the_parameter(self, gradient, parameter, slot):
    step = self.learning_rate * gradient
    velocity = self.momentum * slot.get("velocity", 0.0) - step
    slot["velocity"] = velocity
    parameter = parameter + (self.momentum * velocity - step if self.nesterov else velocity)
    return parameter


@misconception(
    exercise="SGD",
    replaces="SGD.update",
    text="The gradient is multiplied by the learning rate in place, so the caller's array is smaller after every step.",
    look="Which arrays stand on the left of your augmented assignments such as *=, and whose are they?",
)
def sgd_scales_the_gradient_in_place(self, gradient, parameter, slot):
    gradient *= self.learning_rate
    velocity = self.momentum * slot.get("velocity", 0.0) - gradient
    slot["velocity"] = velocity
    parameter += self.momentum * velocity - gradient if self.nesterov else velocity


@misconception(
    exercise="SGD",
    text="The learning rate stays what it was when the optimizer was made: whatever sets learning_rate later, as a schedule "
    "does, has no effect.",
    look="Which number does your update use, and which attribute does a schedule set?",
)
class SGD_keeps_the_first_learning_rate(Optimizer):
    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = momentum
        self.nesterov = nesterov
        self.rate = learning_rate

    def update(self, gradient, parameter, slot):
        step = self.rate * gradient
        velocity = self.momentum * slot.get("velocity", 0.0) - step
        slot["velocity"] = velocity
        parameter += self.momentum * velocity - step if self.nesterov else velocity


@misconception(
    exercise="SGD.momentum",
    replaces="SGD.update",
    text="The velocity is a moving average: all steps are 1 - momentum times what they should be.",
    look="How large is the very first step, when there is no velocity yet?",
)
def momentum_as_moving_average(self, gradient, parameter, slot):
    share = 1.0 - self.momentum if self.momentum else 1.0
    step = self.learning_rate * gradient
    velocity = self.momentum * slot.get("velocity", 0.0) - share * step
    slot["velocity"] = velocity
    parameter += self.momentum * velocity - share * step if self.nesterov else velocity


@misconception(
    exercise="SGD.momentum",
    replaces="SGD.update",
    text="There is no momentum: the steps are as they are without it, as where the velocity starts at 0 again at every step.",
    look="Where is the new velocity stored, and where is it read at the next step?",
)
def momentum_forgets_the_velocity(self, gradient, parameter, slot):
    step = self.learning_rate * gradient
    velocity = self.momentum * np.zeros_like(parameter) - step
    parameter += self.momentum * velocity - step if self.nesterov else velocity


@misconception(
    exercise="SGD.momentum",
    replaces="SGD.update",
    text="The learning rate stands outside of the velocity, as in another book's form, which agrees with this one only "
    "until the learning rate changes.",
    look="When the rate falls, does what is already under way slow down too? Compare the two forms at the end of the topic.",
)
def momentum_with_the_rate_outside(self, gradient, parameter, slot):
    velocity = self.momentum * slot.get("velocity", 0.0) + gradient
    slot["velocity"] = velocity
    parameter -= self.learning_rate * (self.momentum * velocity + gradient if self.nesterov else velocity)


@misconception(
    exercise="SGD.momentum",
    replaces="SGD.update",
    text="The velocity takes the gradient with a plus, and then the gradient is taken off the parameter once more.",
    look="Write down the first two steps by hand for a gradient of 1. Which way does the parameter go?",
)
def momentum_subtracts_the_gradient_again(self, gradient, parameter, slot):
    if not self.momentum:
        parameter -= self.learning_rate * gradient
        return
    velocity = self.momentum * slot.get("velocity", 0.0) + self.learning_rate * gradient
    slot["velocity"] = velocity
    parameter += velocity - self.learning_rate * gradient


@misconception(
    exercise="SGD.momentum",
    replaces="SGD.update",
    text="The velocity is one attribute of the optimizer, which all parameters use in turn, instead of one for each position.",
    look="Does self.velocity belong to a parameter or to the optimizer? How many of them are there?",
)
def momentum_has_one_velocity_for_all(self, gradient, parameter, slot):
    step = self.learning_rate * gradient
    self.velocity = self.momentum * getattr(self, "velocity", 0.0) - step
    parameter += self.momentum * self.velocity - step if self.nesterov else self.velocity


@misconception(
    exercise="SGD.nesterov",
    replaces="SGD.update",
    text="With nesterov=True the steps are those of plain momentum all the same. That is so where nothing is done with the argument, "
    "and where an old velocity is kept by v_prev = v, and v is then changed in place: the old one is the new one, too.",
    look="Under a gradient of 1 plain momentum's first steps are .1, .19, .271. Which should Nesterov's be? If your formula has an old "
    "velocity in it, is that an array of its own?",
)
def nesterov_is_plain_momentum(self, gradient, parameter, slot):
    velocity = self.momentum * slot.get("velocity", 0.0) - self.learning_rate * gradient
    slot["velocity"] = velocity
    parameter += velocity


@misconception(
    exercise="SGD.nesterov",
    replaces="SGD.update",
    text="The whole velocity is added and the gradient's step on top of it.",
    look="Which factor stands before v in the last line of the rule?",
)
def nesterov_adds_the_whole_velocity(self, gradient, parameter, slot):
    step = self.learning_rate * gradient
    velocity = self.momentum * slot.get("velocity", 0.0) - step
    slot["velocity"] = velocity
    parameter += velocity - step if self.nesterov else velocity


@misconception(
    exercise="SGD.nesterov",
    replaces="SGD.update",
    text="Only momentum times the velocity is added.",
    look="How many terms does the last line of Nesterov's rule have? How large is its first step under a gradient of 1?",
)
def nesterov_leaves_the_gradient_out(self, gradient, parameter, slot):
    velocity = self.momentum * slot.get("velocity", 0.0) - self.learning_rate * gradient
    slot["velocity"] = velocity
    parameter += self.momentum * velocity if self.nesterov else velocity


# --- Adagrad and Adadelta ---------------------------------------------------------------------------------------------


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="The squares are averaged, as in RMSprop, so that old gradients are forgotten.",
    look="Can the denominator of Adagrad ever become smaller?",
)
def adagrad_forgets_old_squares(self, gradient, parameter, slot):
    slot["n"] = 0.9 * slot.get("n", self.initial_accumulator_value) + 0.1 * gradient**2
    parameter -= self.learning_rate * gradient / np.sqrt(slot["n"] + self.epsilon)


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="The sum of squares starts at 0, so the first step is the whole learning rate, for a gradient of 1 as for one of "
    "100.",
    look="What is the argument initial_accumulator_value for?",
)
def adagrad_starts_from_zero(self, gradient, parameter, slot):
    slot["n"] = slot.get("n", 0.0) + gradient**2
    parameter -= self.learning_rate * gradient / np.sqrt(slot["n"] + self.epsilon)


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="Epsilon is added to the root.",
    look="Read the docstring's denominator again: which comes first, adding epsilon or taking the root?",
)
def adagrad_epsilon_outside_the_root(self, gradient, parameter, slot):
    slot["n"] = slot.get("n", self.initial_accumulator_value) + gradient**2
    parameter -= self.learning_rate * gradient / (np.sqrt(slot["n"]) + self.epsilon)


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="The step is divided by the sum of squares itself.",
    look="If all gradients are 10 times larger, should a late step become 10 times smaller?",
)
def adagrad_leaves_the_root_out(self, gradient, parameter, slot):
    slot["n"] = slot.get("n", self.initial_accumulator_value) + gradient**2
    parameter -= self.learning_rate * gradient / (slot["n"] + self.epsilon)


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="The squares of all entries are added up to one number, so all entries of a parameter have one learning rate. Adagrad "
    "gives each its own: an entry whose gradient is rarely anything but 0 keeps taking large steps.",
    look="Which shape has n in the formula, if g is an array? What does np.sum leave of it?",
)
def adagrad_has_one_sum_for_all_entries(self, gradient, parameter, slot):
    slot["n"] = slot.get("n", self.initial_accumulator_value) + np.sum(gradient**2)
    parameter -= self.learning_rate * gradient / np.sqrt(slot["n"] + self.epsilon)


@misconception(
    exercise="Adagrad",
    replaces="Adagrad.update",
    text="The gradient is squared in place. The sum is right, but the step is then taken along the square, and the caller's gradient "
    "is lost.",
    look="Does gradient still hold the gradient in the line that moves the parameter?",
)
def adagrad_squares_in_place(self, gradient, parameter, slot):
    gradient *= gradient
    slot["n"] = slot.get("n", self.initial_accumulator_value) + gradient
    parameter -= self.learning_rate * gradient / np.sqrt(slot["n"] + self.epsilon)


@misconception(
    exercise="Adadelta",
    replaces="Adadelta.update",
    text="The learning rate has no say, as in the paper.",
    look="Which line of Keras's rule has learning_rate in it?",
)
def adadelta_without_a_learning_rate(self, gradient, parameter, slot):
    a = slot["a"] = self.rho * slot.get("a", 0.0) + (1.0 - self.rho) * gradient**2
    d = slot.get("d", 0.0)
    delta = -np.sqrt(d + self.epsilon) / np.sqrt(a + self.epsilon) * gradient
    slot["d"] = self.rho * d + (1.0 - self.rho) * delta**2
    parameter += delta


@misconception(
    exercise="Adadelta",
    replaces="Adadelta.update",
    text="The average of the steps takes them with the learning rate already in them, so the next steps are too small.",
    look="What is squared in the average of the steps: delta, or what the parameter moves by?",
)
def adadelta_averages_scaled_steps(self, gradient, parameter, slot):
    a = slot["a"] = self.rho * slot.get("a", 0.0) + (1.0 - self.rho) * gradient**2
    d = slot.get("d", 0.0)
    delta = -self.learning_rate * np.sqrt(d + self.epsilon) / np.sqrt(a + self.epsilon) * gradient
    slot["d"] = self.rho * d + (1.0 - self.rho) * delta**2
    parameter += delta


@misconception(
    exercise="Adadelta",
    replaces="Adadelta.update",
    text="Epsilon is added to both roots: at the start the numerator is then 1e-7 and not 3e-4.",
    look="Which comes first in the docstring, adding epsilon or taking the root?",
)
def adadelta_epsilon_outside_the_roots(self, gradient, parameter, slot):
    a = slot["a"] = self.rho * slot.get("a", 0.0) + (1.0 - self.rho) * gradient**2
    d = slot.get("d", 0.0)
    delta = -(np.sqrt(d) + self.epsilon) / (np.sqrt(a) + self.epsilon) * gradient
    slot["d"] = self.rho * d + (1.0 - self.rho) * delta**2
    parameter += self.learning_rate * delta


@misconception(
    exercise="Adadelta",
    replaces="Adadelta.update",
    text="Your steps are those of RMSprop.",
    look="Adadelta keeps two averages. Where does the rule use each of them?",
)
def adadelta_is_rmsprop(self, gradient, parameter, slot):
    a = slot["a"] = self.rho * slot.get("a", 0.0) + (1.0 - self.rho) * gradient**2
    parameter -= self.learning_rate * gradient / np.sqrt(a + self.epsilon)


@misconception(
    exercise="Adadelta",
    replaces="Adadelta.update",
    text="The gradient is divided by the average of squares as it was before this step, so the first step divides by almost nothing.",
    look="Which comes first: that the average of squared gradients is updated, or that it is used?",
)
def adadelta_divides_by_the_old_average(self, gradient, parameter, slot):
    a, d = slot.get("a", 0.0), slot.get("d", 0.0)
    delta = -np.sqrt(d + self.epsilon) / np.sqrt(a + self.epsilon) * gradient
    slot["a"] = self.rho * a + (1.0 - self.rho) * gradient**2
    slot["d"] = self.rho * d + (1.0 - self.rho) * delta**2
    parameter += self.learning_rate * delta


# --- RMSprop ----------------------------------------------------------------------------------------------------------


def _rmsprop(rule, gradient, parameter, slot, squares):
    """What follows in RMSprop once the average of squares is known."""
    slot["squares"] = squares
    if rule.centered:
        slot["mean"] = rule.rho * slot.get("mean", 0.0) + (1.0 - rule.rho) * gradient
        squares = squares - slot["mean"] ** 2
    slot["momentum"] = rule.momentum * slot.get("momentum", 0.0) + rule.learning_rate * gradient / np.sqrt(
        squares + rule.epsilon
    )
    parameter -= slot["momentum"]


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="Epsilon is added to the root. At gradients of 1 nobody can tell, but at 1e-6 the first step is 2.4 learning rates "
    "instead of .003.",
    look="Which comes first in Keras's RMSprop, adding epsilon or taking the root?",
)
def rmsprop_epsilon_outside_the_root(self, gradient, parameter, slot):
    squares = slot["squares"] = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * gradient**2
    if self.centered:
        slot["mean"] = self.rho * slot.get("mean", 0.0) + (1.0 - self.rho) * gradient
        squares = squares - slot["mean"] ** 2
    increment = self.learning_rate * gradient / (np.sqrt(np.maximum(squares, 0.0)) + self.epsilon)
    slot["momentum"] = self.momentum * slot.get("momentum", 0.0) + increment
    parameter -= slot["momentum"]


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="The new square is taken off the average, as some slides print it. The average is then negative, and its root is not "
    "a number.",
    look="Can an average of squares be negative? Check the sign between the two terms.",
)
def rmsprop_with_a_minus(self, gradient, parameter, slot):
    _rmsprop(self, gradient, parameter, slot, self.rho * slot.get("squares", 0.0) - (1.0 - self.rho) * gradient**2)


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="The squares are added up, as in Adagrad, so the steps shrink for ever.",
    look="What is rho for?",
)
def rmsprop_adds_up_squares(self, gradient, parameter, slot):
    _rmsprop(self, gradient, parameter, slot, slot.get("squares", 0.0) + gradient**2)


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="The mean of the squares is taken over the entries of the gradient, so all entries of a parameter have one learning rate. "
    "The mean that RMSprop is named for runs over the steps, for each entry by itself.",
    look="Which shape has v in the formula, if g is an array? What does np.mean leave of it?",
)
def rmsprop_averages_over_the_entries(self, gradient, parameter, slot):
    squares = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * np.mean(gradient**2)
    _rmsprop(self, gradient, parameter, slot, squares)


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="With rho = 0.9, nine tenths of your average are forgotten at every step.",
    look="How much of the old average should be left after a step with rho = 0.9?",
)
def rmsprop_swaps_rho(self, gradient, parameter, slot):
    _rmsprop(self, gradient, parameter, slot, (1.0 - self.rho) * slot.get("squares", 0.0) + self.rho * gradient**2)


@misconception(
    exercise="RMSprop",
    replaces="RMSprop.update",
    text="The average is corrected for its start at 0, as in Adam.",
    look="Does anything in RMSprop's formula depend on the number of the step?",
)
def rmsprop_corrects_the_bias(self, gradient, parameter, slot):
    squares = slot["squares"] = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * gradient**2
    squares = squares / (1.0 - self.rho ** (self.iterations + 1))
    if self.centered:
        slot["mean"] = self.rho * slot.get("mean", 0.0) + (1.0 - self.rho) * gradient
        squares = squares - slot["mean"] ** 2
    increment = self.learning_rate * gradient / np.sqrt(squares + self.epsilon)
    slot["momentum"] = self.momentum * slot.get("momentum", 0.0) + increment
    parameter -= slot["momentum"]


def _centered(rule, gradient, parameter, slot, centre):
    """RMSprop whose denominator and gradient come from centre(squares, mean, gradient) where it is centered."""
    squares = slot["squares"] = rule.rho * slot.get("squares", 0.0) + (1.0 - rule.rho) * gradient**2
    mean = slot["mean"] = rule.rho * slot.get("mean", 0.0) + (1.0 - rule.rho) * gradient
    root = np.sqrt(squares + rule.epsilon)
    if rule.centered:
        gradient, root = centre(squares, mean, gradient)
    slot["momentum"] = rule.momentum * slot.get("momentum", 0.0) + rule.learning_rate * gradient / root
    parameter -= slot["momentum"]


@misconception(
    exercise="RMSprop.centered",
    replaces="RMSprop.update",
    text="The argument centered changes nothing: the average gradient is not taken off.",
    look="Where does your update ask for self.centered?",
)
def centered_is_ignored(self, gradient, parameter, slot):
    _centered(self, gradient, parameter, slot, lambda squares, mean, g: (g, np.sqrt(squares + self.epsilon)))


@misconception(
    exercise="RMSprop.centered",
    replaces="RMSprop.update",
    text="The average gradient itself is taken off the average of squares.",
    look="Do the two things that you subtract have the same unit?",
)
def centered_forgets_to_square_the_mean(self, gradient, parameter, slot):
    _centered(self, gradient, parameter, slot, lambda squares, mean, g: (g, np.sqrt(squares - mean + self.epsilon)))


@misconception(
    exercise="RMSprop.centered",
    replaces="RMSprop.update",
    text="The average is taken off the gradient in the numerator too.",
    look="Under a constant gradient, should the parameter slow down to a stop?",
)
def centered_centers_the_gradient(self, gradient, parameter, slot):
    _centered(self, gradient, parameter, slot, lambda squares, mean, g: (g - mean, np.sqrt(squares - mean**2 + self.epsilon)))


@misconception(
    exercise="RMSprop.centered",
    replaces="RMSprop.update",
    text="In the centered form epsilon is added to the root.",
    look="Is epsilon in the same place as without centered?",
)
def centered_epsilon_outside_the_root(self, gradient, parameter, slot):
    def centre(squares, mean, g):
        return g, np.sqrt(np.maximum(squares - mean**2, 0.0)) + self.epsilon

    _centered(self, gradient, parameter, slot, centre)


def _with_momentum(rule, gradient, parameter, slot, accumulate):
    """RMSprop whose move comes from accumulate(old accumulator, scaled gradient) where there is momentum."""
    variance = slot["squares"] = rule.rho * slot.get("squares", 0.0) + (1.0 - rule.rho) * gradient**2
    if rule.centered:
        slot["mean"] = rule.rho * slot.get("mean", 0.0) + (1.0 - rule.rho) * gradient
        variance = variance - slot["mean"] ** 2
    scaled = gradient / np.sqrt(variance + rule.epsilon)
    if not rule.momentum:
        parameter -= rule.learning_rate * scaled
        return
    slot["momentum"], move = accumulate(slot.get("momentum", 0.0), scaled)
    parameter -= move


@misconception(
    exercise="RMSprop.momentum",
    replaces="RMSprop.update",
    text="The argument momentum changes nothing: every increment is used once and forgotten.",
    look="Where does your update ask for self.momentum?",
)
def rmsprop_ignores_momentum(self, gradient, parameter, slot):
    _with_momentum(self, gradient, parameter, slot, lambda old, scaled: (0.0, self.learning_rate * scaled))


@misconception(
    exercise="RMSprop.momentum",
    replaces="RMSprop.update",
    text="The learning rate comes in after the accumulating, so a change of it also changes what is already under way.",
    look="Is the learning rate part of the increment that is accumulated?",
)
def rmsprop_momentum_with_the_rate_outside(self, gradient, parameter, slot):
    def accumulate(old, scaled):
        new = self.momentum * old + scaled
        return new, self.learning_rate * new

    _with_momentum(self, gradient, parameter, slot, accumulate)


@misconception(
    exercise="RMSprop.momentum",
    replaces="RMSprop.update",
    text="The increments are averaged: all steps are 1 - momentum times what they should be.",
    look="How large is the first step with momentum, against the first without?",
)
def rmsprop_averages_increments(self, gradient, parameter, slot):
    def accumulate(old, scaled):
        new = self.momentum * old + (1.0 - self.momentum) * self.learning_rate * scaled
        return new, new

    _with_momentum(self, gradient, parameter, slot, accumulate)


@misconception(
    exercise="RMSprop.momentum",
    replaces="RMSprop.update",
    text="The raw gradients are accumulated, and the sum is divided by today's root.",
    look="Which comes first in Keras's rule, dividing by the root or accumulating?",
)
def rmsprop_accumulates_raw_gradients(self, gradient, parameter, slot):
    variance = slot["squares"] = self.rho * slot.get("squares", 0.0) + (1.0 - self.rho) * gradient**2
    if self.centered:
        slot["mean"] = self.rho * slot.get("mean", 0.0) + (1.0 - self.rho) * gradient
        variance = variance - slot["mean"] ** 2
    slot["momentum"] = self.momentum * slot.get("momentum", 0.0) + self.learning_rate * gradient
    parameter -= slot["momentum"] / np.sqrt(variance + self.epsilon)


# --- Adam and AMSGrad -------------------------------------------------------------------------------------------------


def _adam_step(rule, parameter, slot, m, v, alpha):
    """Adam's step from its averages and its corrected learning rate."""
    if rule.amsgrad:
        v = slot["largest_v"] = np.maximum(slot.get("largest_v", 0.0), v)
    parameter -= alpha * m / (np.sqrt(v) + rule.epsilon)


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="Neither average is corrected for its start at 0. Under a constant gradient the first steps are 3.162, 4.250 and 4.950 learning "
    "rates instead of 1, 1 and 1.",
    look="How large are m and v after the first step, and how large should an average of one number be?",
)
def adam_without_correction(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, self.learning_rate)


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="Only v is corrected for its start at 0, and m is not: under a constant gradient the first steps are .1 and .19 "
    "learning rates.",
    look="Count the corrections: there are two averages that start at 0.",
)
def adam_leaves_m_uncorrected(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, self.learning_rate * np.sqrt(1.0 - self.beta_2 ** (self.iterations + 1)))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="Only m is corrected for its start at 0, and v is not: the first step is 31.6 learning rates long.",
    look="Count the corrections: there are two averages that start at 0.",
)
def adam_leaves_v_uncorrected(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, self.learning_rate / (1.0 - self.beta_1 ** (self.iterations + 1)))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="The count begins with t = 2, so the averages are corrected by too little: under a constant gradient the first two "
    "steps are .744 and .858 learning rates.",
    look="What is t at the very first step?",
)
def adam_counts_from_two(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, self.iterations + 2))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="The count begins with t = 0, where both corrections are 0: the first step is 0 / 0, which is not a number.",
    look="What is 1 - beta**t at your first step? What does iterations say during it?",
)
def adam_counts_from_zero(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, self.iterations))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="The correction is that of t = 1 at every step (there is no power of t), long after the averages are right: under a "
    "constant gradient the steps grow, 1, 1.34, 1.57 learning rates.",
    look="Does the correction change from step to step?",
)
def adam_freezes_the_correction(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, 1))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="This is the epsilon of the paper's algorithm, beside the corrected root. At gradients of 1e-6 your first step is "
    ".909 learning rates; Keras's is .240.",
    look="Where does the correction stand in the docstring's formula, and where in your code?",
)
def adam_with_the_papers_epsilon(self, gradient, parameter, slot):
    t = self.iterations + 1
    m, v = _adam_averages(self, gradient, slot)
    v_hat = v / (1.0 - self.beta_2**t)
    if self.amsgrad:
        v_hat = slot["largest_v"] = np.maximum(slot.get("largest_v", 0.0), v) / (1.0 - self.beta_2**t)
        slot["largest_v"] = slot["largest_v"] * (1.0 - self.beta_2**t)
    parameter -= self.learning_rate * m / (1.0 - self.beta_1**t) / (np.sqrt(v_hat) + self.epsilon)


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="Epsilon is under the root, as some texts print it and as it is in RMSprop.",
    look="Which comes first in Adam, adding epsilon or taking the root?",
)
def adam_epsilon_inside_the_root(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    if self.amsgrad:
        v = slot["largest_v"] = np.maximum(slot.get("largest_v", 0.0), v)
    parameter -= _adam_alpha(self, self.iterations + 1) * m / np.sqrt(v + self.epsilon)


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="beta_1 and beta_2 have changed places.",
    look="Which of the two averages should have the longer memory?",
)
def adam_swaps_the_betas(self, gradient, parameter, slot):
    t = self.iterations + 1
    m = slot["m"] = self.beta_2 * slot.get("m", 0.0) + (1.0 - self.beta_2) * gradient
    v = slot["v"] = self.beta_1 * slot.get("v", 0.0) + (1.0 - self.beta_1) * gradient**2
    alpha = self.learning_rate * np.sqrt(1.0 - self.beta_1**t) / (1.0 - self.beta_2**t)
    _adam_step(self, parameter, slot, m, v, alpha)


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="v averages the gradient itself; where v is negative its root is not a number.",
    look="What should the second average be an average of?",
)
def adam_forgets_to_square(self, gradient, parameter, slot):
    m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
    v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, self.iterations + 1))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="The mean of the squares is taken over the entries of the gradient, so all entries of a parameter have one learning rate. "
    "v is an average over the steps, for each entry by itself.",
    look="Which shape has v in the formula, if g is an array? What does np.mean leave of it?",
)
def adam_averages_over_the_entries(self, gradient, parameter, slot):
    m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
    v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * np.mean(gradient**2)
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, self.iterations + 1))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="Both averages take the new gradient with a minus, as some slides print it: v becomes negative, and its root is not a number.",
    look="Which sign stands between the two terms of a moving average?",
)
def adam_with_a_minus(self, gradient, parameter, slot):
    m = slot["m"] = self.beta_1 * slot.get("m", 0.0) - (1.0 - self.beta_1) * gradient
    v = slot["v"] = self.beta_2 * slot.get("v", 0.0) - (1.0 - self.beta_2) * gradient**2
    _adam_step(self, parameter, slot, m, v, _adam_alpha(self, self.iterations + 1))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="m and v are attributes of the optimizer and not of a parameter, so parameters of equal shape go on with each other's averages.",
    look="How many arrays m does an optimizer of four parameters need, and how many do you have?",
)
def adam_has_one_m_and_v_for_all(self, gradient, parameter, slot):
    self.averages = getattr(self, "averages", {})
    m, v = _adam_averages(self, gradient, self.averages)
    _adam_step(self, parameter, self.averages, m, v, _adam_alpha(self, self.iterations + 1))


@misconception(
    exercise="Adam",
    replaces="Adam.update",
    text="The averages are kept in float32, which has 7 digits; every step is rounded to them.",
    look="Which dtype do your zeros have?",
)
def adam_keeps_float32_averages(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    slot["m"], slot["v"] = m.astype(np.float32), v.astype(np.float32)
    _adam_step(self, parameter, slot, slot["m"], slot["v"], _adam_alpha(self, self.iterations + 1))


@misconception(
    exercise="Adam.amsgrad",
    replaces="Adam.update",
    text="The argument amsgrad changes nothing: the step is divided by the v of today, which falls again when gradients fade.",
    look="Where does your update ask for self.amsgrad?",
)
def amsgrad_is_ignored(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    parameter -= _adam_alpha(self, self.iterations + 1) * m / (np.sqrt(v) + self.epsilon)


@misconception(
    exercise="Adam.amsgrad",
    replaces="Adam.update",
    text="The maximum is taken over the corrected v. The first correction is a factor of 1000, so the maximum can be fixed by "
    "the first step.",
    look="Which v does Keras take the maximum over, the one before its correction or the one after it?",
)
def amsgrad_takes_the_corrected_maximum(self, gradient, parameter, slot):
    t = self.iterations + 1
    m, v = _adam_averages(self, gradient, slot)
    if not self.amsgrad:
        parameter -= _adam_alpha(self, t) * m / (np.sqrt(v) + self.epsilon)
        return
    v_hat = slot["largest_v"] = np.maximum(slot.get("largest_v", 0.0), v / (1.0 - self.beta_2**t))
    parameter -= self.learning_rate / (1.0 - self.beta_1**t) * m / (np.sqrt(v_hat) + self.epsilon)


@misconception(
    exercise="Adam.amsgrad",
    replaces="Adam.update",
    text="The maximum is stored in place of v, so the moving average goes on from the maximum and can only climb.",
    look="How many arrays does AMSGrad keep for a parameter?",
)
def amsgrad_overwrites_v(self, gradient, parameter, slot):
    old = slot.get("v", 0.0)
    m, v = _adam_averages(self, gradient, slot)
    if self.amsgrad:
        v = slot["v"] = np.maximum(old, v)
    parameter -= _adam_alpha(self, self.iterations + 1) * m / (np.sqrt(v) + self.epsilon)


# --- Adamax and Nadam -------------------------------------------------------------------------------------------------


def _adamax(rule, gradient, parameter, slot, u, correction):
    """Adamax's step from its norm u and the correction of m."""
    slot["u"] = u
    m = slot["m"] = rule.beta_1 * slot.get("m", 0.0) + (1.0 - rule.beta_1) * gradient
    parameter -= rule.learning_rate / correction * m / (u + rule.epsilon)


@misconception(
    exercise="Adamax",
    replaces="Adamax.update",
    text="The maximum does not forget: one large gradient slows all later steps down for ever.",
    look="What does beta_2 do in Adamax?",
)
def adamax_never_forgets(self, gradient, parameter, slot):
    u = np.maximum(slot.get("u", 0.0), np.abs(gradient))
    _adamax(self, gradient, parameter, slot, u, 1.0 - self.beta_1 ** (self.iterations + 1))


@misconception(
    exercise="Adamax",
    replaces="Adamax.update",
    text="The maximum is taken over the gradient with its sign: an entry whose gradients are all negative is divided by "
    "epsilon alone.",
    look="What is u for an entry whose gradient is -3?",
)
def adamax_forgets_the_absolute_value(self, gradient, parameter, slot):
    u = np.maximum(self.beta_2 * slot.get("u", 0.0), gradient)
    _adamax(self, gradient, parameter, slot, u, 1.0 - self.beta_1 ** (self.iterations + 1))


@misconception(
    exercise="Adamax",
    replaces="Adamax.update",
    text="With beta_1 = 0.9 your first step is a tenth of what it should be.",
    look="How large is m after the first step, against the gradient? What does the formula do about that?",
)
def adamax_without_correction(self, gradient, parameter, slot):
    u = np.maximum(self.beta_2 * slot.get("u", 0.0), np.abs(gradient))
    _adamax(self, gradient, parameter, slot, u, 1.0)


@misconception(
    exercise="Adamax",
    replaces="Adamax.update",
    text="u is corrected like Adam's v.",
    look="How large is u after the first step, against the gradient? Is it too small?",
)
def adamax_corrects_the_maximum(self, gradient, parameter, slot):
    t = self.iterations + 1
    u = np.maximum(self.beta_2 * slot.get("u", 0.0), np.abs(gradient))
    slot["u"] = u
    m = slot["m"] = self.beta_1 * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
    parameter -= self.learning_rate / (1.0 - self.beta_1**t) * m / (u / (1.0 - self.beta_2**t) + self.epsilon)


def _nadam(rule, gradient, parameter, slot, share, next_share, product, next_product):
    """Nadam's step from its shares of momentum and their products."""
    m, v = _adam_averages(rule, gradient, slot)
    m_hat = next_share * m / (1.0 - next_product) + (1.0 - share) * gradient / (1.0 - product)
    v_hat = v / (1.0 - rule.beta_2 ** (rule.iterations + 1))
    parameter -= rule.learning_rate * m_hat / (np.sqrt(v_hat) + rule.epsilon)


def _nadam_share(rule, t):
    """Nadam's share of momentum at step t."""
    return rule.beta_1 * (1.0 - 0.5 * 0.96**t)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="There is no look ahead: this is Adam.",
    look="Where does the gradient itself, and not only its average, enter the step?",
)
def nadam_is_adam(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    t = self.iterations + 1
    m_hat, v_hat = m / (1.0 - self.beta_1**t), v / (1.0 - self.beta_2**t)
    parameter -= self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The share of the momentum is beta_1 from the start, as in shorter accounts of Nadam.",
    look="What is u at the first step if beta_1 is 0.9? The handout has the number.",
)
def nadam_without_its_schedule(self, gradient, parameter, slot):
    t = self.iterations + 1
    _nadam(self, gradient, parameter, slot, self.beta_1, self.beta_1, self.beta_1**t, self.beta_1 ** (t + 1))


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The share of the momentum is PyTorch's, with 0.96 ** (0.004 * t). It grows 250 times more slowly than the one of the formula "
    "here.",
    look="What is u at the first step if beta_1 is 0.9? The handout has the number.",
)
def nadam_has_pytorchs_schedule(self, gradient, parameter, slot):
    def share(t):
        return self.beta_1 * (1.0 - 0.5 * 0.96 ** (0.004 * t))

    t = self.iterations + 1
    slot["product"] = slot.get("product", 1.0) * share(t)
    _nadam(self, gradient, parameter, slot, share(t), share(t + 1), slot["product"], slot["product"] * share(t + 1))


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The average of the gradients is formed with today's u_t in the place of beta_1.",
    look="Which number does the docstring's note give to the averages, and which to the step?",
)
def nadam_averages_with_its_schedule(self, gradient, parameter, slot):
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    product = slot["product"] = slot.get("product", 1.0) * share
    m = slot["m"] = share * slot.get("m", 0.0) + (1.0 - share) * gradient
    v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient**2
    m_hat = next_share * m / (1.0 - product * next_share) + (1.0 - share) * gradient / (1.0 - product)
    parameter -= self.learning_rate * m_hat / (np.sqrt(v / (1.0 - self.beta_2**t)) + self.epsilon)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="Of the average of the gradients the share u_t is kept, while the new gradient enters it with 1 - beta_1.",
    look="Which number does the docstring's note give to the averages, and do your two shares add up to 1?",
)
def nadam_keeps_its_share_of_the_average(self, gradient, parameter, slot):
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    product = slot["product"] = slot.get("product", 1.0) * share
    m = slot["m"] = share * slot.get("m", 0.0) + (1.0 - self.beta_1) * gradient
    v = slot["v"] = self.beta_2 * slot.get("v", 0.0) + (1.0 - self.beta_2) * gradient**2
    m_hat = next_share * m / (1.0 - product * next_share) + (1.0 - share) * gradient / (1.0 - product)
    parameter -= self.learning_rate * m_hat / (np.sqrt(v / (1.0 - self.beta_2**t)) + self.epsilon)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The corrections are Adam's, by powers of beta_1, while the shares change from step to step.",
    look="Of which numbers is U_t the product?",
)
def nadam_corrects_by_powers_of_beta(self, gradient, parameter, slot):
    t = self.iterations + 1
    _nadam(
        self,
        gradient,
        parameter,
        slot,
        _nadam_share(self, t),
        _nadam_share(self, t + 1),
        self.beta_1**t,
        self.beta_1 ** (t + 1),
    )


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The look ahead uses today's share, u_t, in the place of tomorrow's.",
    look="Which u stands before m in the formula of m hat?",
)
def nadam_looks_ahead_with_todays_share(self, gradient, parameter, slot):
    share = _nadam_share(self, self.iterations + 1)
    product = slot["product"] = slot.get("product", 1.0) * share
    _nadam(self, gradient, parameter, slot, share, share, product, product * share)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The gradient's own share in the step is 1 - beta_1, as in the average, and not 1 - u_t.",
    look="What stands before g in the formula of m hat, and what in that of m?",
)
def nadam_weighs_the_gradient_by_beta(self, gradient, parameter, slot):
    m, v = _adam_averages(self, gradient, slot)
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    product = slot["product"] = slot.get("product", 1.0) * share
    m_hat = next_share * m / (1.0 - product * next_share) + (1.0 - self.beta_1) * gradient / (1.0 - product)
    parameter -= self.learning_rate * m_hat / (np.sqrt(v / (1.0 - self.beta_2**t)) + self.epsilon)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The product of the shares grows by one factor for every parameter instead of every step: with several parameters "
    "it is right for the first one in the first step, and wrong from there on.",
    look="How often is the product multiplied in one step with four parameters?",
)
def nadam_multiplies_for_every_parameter(self, gradient, parameter, slot):
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    self.product = getattr(self, "product", 1.0) * share
    _nadam(self, gradient, parameter, slot, share, next_share, self.product, self.product * next_share)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="Both terms are corrected by the product up to today.",
    look="Compare the two denominators in the formula of m hat. Which of its terms looks a step ahead?",
)
def nadam_corrects_both_terms_alike(self, gradient, parameter, slot):
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    product = slot["product"] = slot.get("product", 1.0) * share
    _nadam(self, gradient, parameter, slot, share, next_share, product, product)


@misconception(
    exercise="Nadam",
    replaces="Nadam.update",
    text="The correction is a power of today's share.",
    look="The shares change from step to step. What is their product after three steps?",
)
def nadam_takes_a_power_for_the_product(self, gradient, parameter, slot):
    t = self.iterations + 1
    share, next_share = _nadam_share(self, t), _nadam_share(self, t + 1)
    _nadam(self, gradient, parameter, slot, share, next_share, share**t, share**t * next_share)


# --- Ftrl -------------------------------------------------------------------------------------------------------------


def _ftrl(
    rule, gradient, parameter, slot, *, start=None, into_n=None, sigma_factor=1.0, threshold=True, double=2.0, shrink=2.0
):
    """Ftrl with one of its parts changed."""
    power = -rule.learning_rate_power
    n = slot.get("n", rule.initial_accumulator_value if start is None else start)
    shrunk = gradient + shrink * rule.l2_shrinkage_regularization_strength * parameter
    new_n = n + (gradient if into_n is None else into_n(shrunk)) ** 2
    sigma = sigma_factor * (new_n**power - n**power) / rule.learning_rate
    z = slot.get("z", 0.0) + shrunk - sigma * parameter
    l1 = rule.l1_regularization_strength if threshold else 0.0
    l2 = rule.l2_regularization_strength + rule.beta / (2.0 * rule.learning_rate)
    parameter[...] = (np.clip(z, -l1, l1) - z) / (new_n**power / rule.learning_rate + double * l2)
    slot["n"], slot["z"] = new_n, z


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="The sum of squares starts at 0; an entry without any gradient is then 0 / 0.",
    look="What is the argument initial_accumulator_value for?",
)
def ftrl_starts_from_zero(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, start=0.0)


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="z adds up gradients only, so that nothing keeps the new parameter near the old one.",
    look="What happens to z at every step besides adding the gradient?",
)
def ftrl_adds_gradients_only(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, sigma_factor=0.0)


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="The L1 strength has no effect: small values of z make small parameters, and none becomes exactly 0.",
    look="What is the parameter if |z| is below the L1 strength?",
)
def ftrl_ignores_l1(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, threshold=False)


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="The L2 term in your denominator is half as large as it should be.",
    look="Which factor stands before lambda in the denominator?",
)
def ftrl_leaves_the_two_of_l2_out(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, double=1.0)


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="The sum of squares takes the gradient with the shrinkage in it.",
    look="Which of the two gradients is squared into n? Where does the docstring want the shrinkage?",
)
def ftrl_squares_the_shrunk_gradient(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, into_n=lambda shrunk: shrunk)


@misconception(
    exercise="Ftrl",
    replaces="Ftrl.update",
    text="Your shrinkage is half as strong as it should be.",
    look="Which factor stands before the shrinkage strength in z?",
)
def ftrl_leaves_the_two_of_shrinkage_out(self, gradient, parameter, slot):
    _ftrl(self, gradient, parameter, slot, shrink=1.0)


# --- AdamW ------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="AdamW",
    replaces="AdamW.update",
    text="The decay is added to the gradient: that is an L2 penalty.",
    look="Do m and v see the decay? With a gradient of 0, by which factor should a weight shrink?",
)
def adamw_is_an_l2_penalty(self, gradient, parameter, slot):
    super().update(gradient + self.weight_decay * parameter, parameter, slot)


@misconception(
    exercise="AdamW",
    replaces="AdamW.update",
    text="Your decay does not follow the learning rate: with the defaults it is 1000 times too strong.",
    look="With the learning rate at 0, should weights still shrink?",
)
def adamw_decays_without_the_learning_rate(self, gradient, parameter, slot):
    parameter -= self.weight_decay * parameter
    super().update(gradient, parameter, slot)


@misconception(
    exercise="AdamW",
    replaces="AdamW.update",
    text="The decay comes after Adam's step, so that the step itself is decayed as well.",
    look="Which value of the parameter is decayed in Keras: the one before the step, or the one after it?",
)
def adamw_decays_after_the_step(self, gradient, parameter, slot):
    super().update(gradient, parameter, slot)
    parameter -= self.learning_rate * self.weight_decay * parameter


@misconception(
    exercise="AdamW",
    replaces="AdamW.update",
    text="There is no decay at all: this is Adam.",
    look="Where is weight_decay used?",
)
def adamw_is_adam(self, gradient, parameter, slot):
    super().update(gradient, parameter, slot)


@misconception(
    exercise="AdamW",
    replaces="AdamW.update",
    text="The decay has the wrong sign, and the weights grow.",
    look="What does a decay do to a weight of 2, and what to one of -2?",
)
def adamw_grows_the_weights(self, gradient, parameter, slot):
    parameter += self.learning_rate * self.weight_decay * parameter
    super().update(gradient, parameter, slot)


# --- momentum in three forms ------------------------------------------------------------------------------------------


def _descend(theta, learning_rates, step):
    """The path of step(theta, state, rate), which returns the next theta and state."""
    path, state = [theta], np.zeros_like(theta)
    for rate in learning_rates:
        moved, state = step(path[-1], state, rate)
        path.append(moved)
    return np.array(path)


@misconception(
    exercise="velocity_momentum",
    text="The learning rate stands outside of the velocity, so when it falls, what is under way slows down with it. Up to the first change "
    "the paths are the same.",
    look="Is the learning rate in the line of v or in the line of theta?",
)
def velocity_has_the_rate_outside(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - quadratic_gradient(theta, hessian, b)
        return theta + rate * velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="velocity_momentum",
    text="Every step uses the gradient at the start, as where it is computed once, before the loop.",
    look="Where does the bowl's slope change, and where in your loop do you ask for it?",
)
def velocity_never_asks_again(theta, hessian, b, learning_rates, momentum=0.9):
    gradient = quadratic_gradient(theta, hessian, b)

    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * gradient
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="velocity_momentum",
    text="One array is moved in place and put into the path again and again: all rows show the last place, and the caller's theta has "
    "moved too.",
    look="How many different arrays are in your list?",
)
def velocity_stores_one_array(theta, hessian, b, learning_rates, momentum=0.9):
    path, velocity = [theta], np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="velocity_momentum",
    text="The path holds the same array again and again. It is changed in place, so at the end every row is the last place.",
    look="How many different arrays are in your list, and what does -= or += do to those that are there already?",
)
def velocity_stores_one_copy(theta, hessian, b, learning_rates, momentum=0.9):
    theta = theta.copy()
    path = [theta]
    velocity = np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="velocity_momentum",
    text="Only the start is kept as it was. The place that moves is one array, put into the path at every step and changed "
    "in place, so "
    "that all rows but the first are the last place.",
    look="How many different arrays are in your list after three steps?",
)
def velocity_stores_the_end_behind_the_start(theta, hessian, b, learning_rates, momentum=0.9):
    path, theta = [theta], theta.copy()
    velocity = np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="velocity_momentum",
    text="theta is moved in place, and it is the caller's array.",
    look="Which lines of your function change the array that was passed in?",
)
def velocity_moves_the_callers_theta(theta, hessian, b, learning_rates, momentum=0.9):
    path, velocity = [theta.copy()], np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        theta += velocity
        path.append(theta.copy())
    return np.array(path)


@misconception(
    exercise="velocity_momentum",
    text="The starting place is missing from the path, which has one row for each step only.",
    look="How many places does one visit in ten steps, the start included?",
)
def velocity_leaves_the_start_out(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)[1:]


@misconception(
    exercise="accumulator_momentum",
    text="The learning rate is inside of the accumulator: this is Keras's form, and the two differ once the rate changes.",
    look="When the rate falls to a tenth, what happens to the next step in the form with the rate outside?",
)
def accumulator_has_the_rate_inside(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, accumulator, rate):
        accumulator = momentum * accumulator + rate * quadratic_gradient(theta, hessian, b)
        return theta - accumulator, accumulator

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="accumulator_momentum",
    text="The accumulator is a moving average of the gradients: the first step is 1 - momentum times what it should be.",
    look="How large is the accumulator after the first step?",
)
def accumulator_is_a_moving_average(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, accumulator, rate):
        accumulator = momentum * accumulator + (1.0 - momentum) * quadratic_gradient(theta, hessian, b)
        return theta - rate * accumulator, accumulator

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="accumulator_momentum",
    text="Your first step goes nowhere: each step uses the accumulator as it was before.",
    look="In which order are the accumulator updated and the step taken?",
)
def accumulator_is_a_step_late(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, accumulator, rate):
        gradient = quadratic_gradient(theta, hessian, b)
        return theta - rate * accumulator, momentum * accumulator + gradient

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="accumulator_momentum",
    text="One array is moved in place and put into the path again and again: all rows show the last place, and the caller's theta has "
    "moved too.",
    look="How many different arrays are in your list?",
)
def accumulator_stores_one_array(theta, hessian, b, learning_rates, momentum=0.9):
    path = [theta]
    accumulator = np.zeros_like(theta)
    for rate in learning_rates:
        accumulator = momentum * accumulator + quadratic_gradient(theta, hessian, b)
        theta -= rate * accumulator
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="accumulator_momentum",
    text="The path holds the same array again and again. It is changed in place, so at the end every row is the last place.",
    look="How many different arrays are in your list, and what does -= or += do to those that are there already?",
)
def accumulator_stores_one_copy(theta, hessian, b, learning_rates, momentum=0.9):
    theta = theta.copy()
    path = [theta]
    accumulator = np.zeros_like(theta)
    for rate in learning_rates:
        accumulator = momentum * accumulator + quadratic_gradient(theta, hessian, b)
        theta -= rate * accumulator
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="accumulator_momentum",
    text="Only the start is kept as it was. The place that moves is one array, put into the path at every step and changed "
    "in place, so "
    "that all rows but the first are the last place.",
    look="How many different arrays are in your list after three steps?",
)
def accumulator_stores_the_end_behind_the_start(theta, hessian, b, learning_rates, momentum=0.9):
    path, theta = [theta], theta.copy()
    accumulator = np.zeros_like(theta)
    for rate in learning_rates:
        accumulator = momentum * accumulator + quadratic_gradient(theta, hessian, b)
        theta -= rate * accumulator
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="accumulator_momentum",
    text="The starting place is missing from the path, which has one row for each step only.",
    look="How many places does one visit in ten steps, the start included?",
)
def accumulator_leaves_the_start_out(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, accumulator, rate):
        accumulator = momentum * accumulator + quadratic_gradient(theta, hessian, b)
        return theta - rate * accumulator, accumulator

    return _descend(theta, learning_rates, step)[1:]


@misconception(
    exercise="accumulator_momentum",
    text="theta is moved in place, and it is the caller's array.",
    look="Which lines of your function change the array that was passed in?",
)
def accumulator_moves_the_callers_theta(theta, hessian, b, learning_rates, momentum=0.9):
    path, accumulator = [theta.copy()], np.zeros_like(theta)
    for rate in learning_rates:
        accumulator = momentum * accumulator + quadratic_gradient(theta, hessian, b)
        theta -= rate * accumulator
        path.append(theta.copy())
    return np.array(path)


@misconception(
    exercise="lookahead_nesterov",
    text="The gradient is taken where theta is, so nothing looks ahead: this is plain momentum.",
    look="At which place does the formula ask for the gradient?",
)
def lookahead_looks_at_its_feet(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * quadratic_gradient(theta, hessian, b)
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="lookahead_nesterov",
    text="The gradient is taken behind theta, where it came from.",
    look="Which way does v point in your function, and which sign leads further along it?",
)
def lookahead_looks_back(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * quadratic_gradient(theta - momentum * velocity, hessian, b)
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="lookahead_nesterov",
    text="The step is taken from the place ahead, so that momentum * v is added twice.",
    look="Where should the step start: from theta, or from where the gradient was taken?",
)
def lookahead_steps_from_ahead(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        ahead = theta + momentum * velocity
        velocity = momentum * velocity - rate * quadratic_gradient(ahead, hessian, b)
        return ahead + velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="lookahead_nesterov",
    text="The path is that of the places ahead, which is what Keras calls the parameter. Asked for is theta itself.",
    look="Which of the two places, theta or the one ahead, do you store?",
)
def lookahead_returns_the_places_ahead(theta, hessian, b, learning_rates, momentum=0.9):
    def step(ahead, velocity, rate):
        gradient = rate * quadratic_gradient(ahead, hessian, b)
        velocity = momentum * velocity - gradient
        return ahead + momentum * velocity - gradient, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="lookahead_nesterov",
    text="The look ahead uses the whole velocity.",
    look="How much of v is left at the next step, before any gradient comes in?",
)
def lookahead_looks_too_far(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * quadratic_gradient(theta + velocity, hessian, b)
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)


@misconception(
    exercise="lookahead_nesterov",
    text="One array is moved in place and put into the path again and again: all rows show the last place, and the caller's theta has "
    "moved too.",
    look="How many different arrays are in your list?",
)
def lookahead_stores_one_array(theta, hessian, b, learning_rates, momentum=0.9):
    path = [theta]
    velocity = np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta + momentum * velocity, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="lookahead_nesterov",
    text="The path holds the same array again and again. It is changed in place, so at the end every row is the last place.",
    look="How many different arrays are in your list, and what does -= or += do to those that are there already?",
)
def lookahead_stores_one_copy(theta, hessian, b, learning_rates, momentum=0.9):
    theta = theta.copy()
    path = [theta]
    velocity = np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta + momentum * velocity, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="lookahead_nesterov",
    text="Only the start is kept as it was. The place that moves is one array, put into the path at every step and changed "
    "in place, so "
    "that all rows but the first are the last place.",
    look="How many different arrays are in your list after three steps?",
)
def lookahead_stores_the_end_behind_the_start(theta, hessian, b, learning_rates, momentum=0.9):
    path, theta = [theta], theta.copy()
    velocity = np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta + momentum * velocity, hessian, b)
        theta += velocity
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="lookahead_nesterov",
    text="theta is moved in place, and it is the caller's array.",
    look="Which lines of your function change the array that was passed in?",
)
def lookahead_moves_the_callers_theta(theta, hessian, b, learning_rates, momentum=0.9):
    path, velocity = [theta.copy()], np.zeros_like(theta)
    for rate in learning_rates:
        velocity = momentum * velocity - rate * quadratic_gradient(theta + momentum * velocity, hessian, b)
        theta += velocity
        path.append(theta.copy())
    return np.array(path)


@misconception(
    exercise="lookahead_nesterov",
    text="The starting place is missing from the path, which has one row for each step only.",
    look="How many places does one visit in ten steps, the start included?",
)
def lookahead_leaves_the_start_out(theta, hessian, b, learning_rates, momentum=0.9):
    def step(theta, velocity, rate):
        velocity = momentum * velocity - rate * quadratic_gradient(theta + momentum * velocity, hessian, b)
        return theta + velocity, velocity

    return _descend(theta, learning_rates, step)[1:]
