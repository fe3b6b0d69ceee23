"""Misconceptions about learning rate schedules: what students write instead, and why it is wrong."""

import math

import numpy as np

from autograder.declare import misconception
from reference.schedules import exponential_decay

# --- the rates of a whole training ------------------------------------------------------------------------------------


@misconception(
    exercise="learning_rates",
    text="You count from step 1, so all your rates come one step too early.",
    look="What is the first number of range(...) in your code, and what number does the first step have?",
)
def learning_rates_count_from_one(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(step // steps_per_epoch) for step in range(1, steps + 1)], dtype=np.float64)


@misconception(
    exercise="learning_rates",
    text="There is one rate too many.",
    look="For steps=3, how many entries does your array have, and what is the number of the last step?",
)
def learning_rates_include_the_end(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(step // steps_per_epoch) for step in range(steps + 1)], dtype=np.float64)


@misconception(
    exercise="learning_rates",
    text="The schedule is asked for the step where it wants the epoch, so it is through long before the training is.",
    look="To which epoch does step 7 belong if an epoch has 5 steps?",
)
def learning_rates_mix_up_steps_and_epochs(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(step) for step in range(steps)], dtype=np.float64)


@misconception(
    exercise="learning_rates",
    text="Your rates begin again with every epoch, as they do where step % steps_per_epoch is taken.",
    look="What are 7 % 5 and 7 // 5? Which of them is the epoch?",
)
def learning_rates_take_the_remainder(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(step % steps_per_epoch) for step in range(steps)], dtype=np.float64)


@misconception(
    exercise="learning_rates",
    text="The epoch is rounded to the nearest whole number, so the second half of every epoch already has the rate of the next one.",
    look="With 5 steps in an epoch, to which epoch does step 4 belong? What is round(4 / 5)?",
)
def learning_rates_round_the_epoch(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(round(step / steps_per_epoch)) for step in range(steps)], dtype=np.float64)


@misconception(
    exercise="learning_rates",
    text="The rates are right, and you return them in a list.",
    look="Which type does the docstring promise?",
)
def learning_rates_return_a_list(schedule, steps, steps_per_epoch=1):
    return [schedule(step // steps_per_epoch) for step in range(steps)]


@misconception(
    exercise="learning_rates",
    text="The rates are kept in float32, which has seven digits.",
    look="Where does your array get its dtype, and which one does the docstring promise?",
)
def learning_rates_in_float32(schedule, steps, steps_per_epoch=1):
    return np.array([schedule(step // steps_per_epoch) for step in range(steps)], dtype=np.float32)


@misconception(
    exercise="learning_rates",
    text="Whole epochs only: the steps of the last epoch, where it is cut short, are left out.",
    look="How many rates do you return for 7 steps in epochs of 5?",
)
def learning_rates_drop_the_last_epoch(schedule, steps, steps_per_epoch=1):
    epochs = steps // steps_per_epoch
    return np.array([schedule(epoch) for epoch in range(epochs) for _ in range(steps_per_epoch)], dtype=np.float64)


# --- gradient descent with a schedule ---------------------------------------------------------------------------------


@misconception(
    exercise="scheduled_descent",
    text="The rate is read after the step has been counted: the first step uses schedule(1), and schedule(0) is never used.",
    look="Which rate belongs to the very first step?",
)
def descent_reads_after_counting(theta, hessian, schedule, steps):
    path = [theta.copy()]
    for step in range(1, steps + 1):
        path.append(path[-1] - schedule(step) * (hessian @ path[-1]))
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="Every step uses the rate of step 0, as where it is read once, before the loop.",
    look="With which number do you call the schedule, and is that before the loop or in it?",
)
def descent_reads_the_rate_once(theta, hessian, schedule, steps):
    path = [theta.copy()]
    rate = schedule(0)
    for _ in range(steps):
        path.append(path[-1] - rate * (hessian @ path[-1]))
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="The schedule's answer is multiplied onto the rate of the step before.",
    look="What should the rate be in step 2 if the schedule answers 0.5 at every step, and what is yours?",
)
def descent_compounds_the_rates(theta, hessian, schedule, steps):
    path, rate = [theta.copy()], 1.0
    for step in range(steps):
        rate *= schedule(step)
        path.append(path[-1] - rate * (hessian @ path[-1]))
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="The step goes along the gradient, which points uphill.",
    look="Should the loss rise or fall?",
)
def descent_climbs(theta, hessian, schedule, steps):
    path = [theta.copy()]
    for step in range(steps):
        path.append(path[-1] + schedule(step) * (hessian @ path[-1]))
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="The start is missing in the path, so that it has one row too few.",
    look="How many points does a path of 3 steps have?",
)
def descent_leaves_out_the_start(theta, hessian, schedule, steps):
    path = [theta.copy()]
    for step in range(steps):
        path.append(path[-1] - schedule(step) * (hessian @ path[-1]))
    return np.array(path[1:]).reshape(steps, theta.size)


@misconception(
    exercise="scheduled_descent",
    text="The path holds the same array again and again. It is updated in place, so at the end every entry is the last point.",
    look="What is in the list after appending theta, doing theta -= ..., and appending it again?",
)
def descent_keeps_one_array(theta, hessian, schedule, steps):
    theta = theta.copy()
    path = [theta]
    for step in range(steps):
        theta -= schedule(step) * (hessian @ theta)
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="One array, the caller's, is put into the path again and again and updated in place: every row is the last point, "
    "and the "
    "caller's start has moved too.",
    look="How many different arrays are in your list, and whose are they?",
)
def descent_keeps_the_callers_array(theta, hessian, schedule, steps):
    path = [theta]
    for step in range(steps):
        theta -= schedule(step) * (hessian @ theta)
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="Only the start is kept as it was. The point that moves is one array, put into the path at every step and updated "
    "in place, so "
    "that all rows but the first are the last point.",
    look="How many different arrays are in your list after three steps?",
)
def descent_keeps_the_end_behind_the_start(theta, hessian, schedule, steps):
    path, theta = [theta], theta.copy()
    for step in range(steps):
        theta -= schedule(step) * (hessian @ theta)
        path.append(theta)
    return np.array(path)


@misconception(
    exercise="scheduled_descent",
    text="theta is updated in place, and it is the caller's array: after the call the caller's start has moved.",
    look="Which array does `theta -= ...` change?",
)
def descent_moves_the_start(theta, hessian, schedule, steps):
    path = [theta.copy()]
    for step in range(steps):
        theta -= schedule(step) * (hessian @ theta)
        path.append(theta.copy())
    return np.array(path)


# --- exponential ------------------------------------------------------------------------------------------------------


@misconception(
    exercise="ExponentialDecay",
    text="The decay rate is multiplied by step / decay_steps: at step 0 your rate is 0.",
    look="What should be left of the initial rate after 2 * decay_steps: decay_rate twice as a factor, or 2 * decay_rate?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_multiplies(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate * count


@misconception(
    exercise="ExponentialDecay",
    text="decay_steps is not used, so the decay rate is applied once in every step.",
    look="After how many steps should the rate have been multiplied by decay_rate once?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_ignores_decay_steps(self, step):
    return self.initial_learning_rate * self.decay_rate**step


@misconception(
    exercise="ExponentialDecay",
    text="The power is taken first, and its result divided by decay_steps: ** binds before /.",
    look="What is 2 ** 6 / 3 in Python, and what is 2 ** (6 / 3)? And what is your rate at step 0?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_divides_the_power(self, step):
    if self.staircase:
        return self.initial_learning_rate * self.decay_rate ** (step // self.decay_steps)
    return self.initial_learning_rate * self.decay_rate**step / self.decay_steps


@misconception(
    exercise="ExponentialDecay",
    text="The power is taken first, and its result divided by decay_steps, with a staircase too: ** binds before / and //.",
    look="What is 2 ** 6 / 3 in Python, and what is 2 ** (6 / 3)? And what is your rate at step 0?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_divides_both_powers(self, step):
    if self.staircase:
        return self.initial_learning_rate * self.decay_rate**step // self.decay_steps
    return self.initial_learning_rate * self.decay_rate**step / self.decay_steps


@misconception(
    exercise="ExponentialDecay",
    text="The power is taken first, and its result divided by decay_steps: ** binds before /. And staircase is not used.",
    look="What is 2 ** 6 / 3 in Python, and what is 2 ** (6 / 3)? And what is your rate at step 0?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_divides_every_power(self, step):
    return self.initial_learning_rate * self.decay_rate**step / self.decay_steps


@misconception(
    exercise="ExponentialDecay",
    text="You take e to the power of -decay_rate * step / decay_steps.",
    look="With decay_rate=0.5, which share of the rate should be left after decay_steps steps?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_uses_e(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * math.exp(-self.decay_rate * count)


@misconception(
    exercise="ExponentialDecay",
    text="You count from step 1, so every rate comes one step too early: at step 0 a smooth decay has begun already.",
    look="What should the rate at step 0 be?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_counts_from_one(self, step):
    count = (step + 1) // self.decay_steps if self.staircase else (step + 1) / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="ExponentialDecay",
    text="The exponent is always rounded down, also where no staircase was asked for.",
    look="What is the difference between / and // here, and which of them belongs to staircase=False?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_always_in_stairs(self, step):
    return self.initial_learning_rate * self.decay_rate ** (step // self.decay_steps)


@misconception(
    exercise="ExponentialDecay",
    text="The decay ends at decay_steps.",
    look="What should the rate be at 2 * decay_steps?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_stops(self, step):
    step = min(step, self.decay_steps)
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="ExponentialDecay",
    text="The schedule changes its own initial rate whenever it is called, so its answer depends on how often it has been asked.",
    look="Call your schedule twice with the same step. Which line of it assigns to self?",
    replaces="ExponentialDecay.__call__",
)
def exponential_decay_remembers_calls(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    self.initial_learning_rate *= self.decay_rate**count
    return self.initial_learning_rate


@misconception(
    exercise="ExponentialDecay.staircase",
    text="The exponent is rounded to the nearest whole number: the rate drops in the middle between two multiples of decay_steps.",
    look="At which steps should the rate drop? Which function rounds 1.9 down to 1?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_rounds(self, step):
    count = round(step / self.decay_steps) if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="ExponentialDecay.staircase",
    text="The exponent is rounded up, so that the first drop comes at step 1 already.",
    look="For how many steps should the initial rate stay?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_rounds_up(self, step):
    count = math.ceil(step / self.decay_steps) if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="ExponentialDecay.staircase",
    text="The power is taken first, and its result divided by decay_steps and rounded down: ** binds before //.",
    look="What is 2 ** 6 // 3 in Python, and what is 2 ** (6 // 3)? And what is your rate at step 0?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_divides_the_power(self, step):
    if self.staircase:
        return self.initial_learning_rate * self.decay_rate**step // self.decay_steps
    return self.initial_learning_rate * self.decay_rate ** (step / self.decay_steps)


@misconception(
    exercise="ExponentialDecay.staircase",
    text="staircase is not used: the decay is smooth whatever was asked for.",
    look="Where does your code look at self.staircase?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_ignored(self, step):
    return self.initial_learning_rate * self.decay_rate ** (step / self.decay_steps)


@misconception(
    exercise="ExponentialDecay.staircase",
    text="The rate drops one step after a multiple of decay_steps.",
    look="With decay_steps=10, what is 10 / 10, rounded down? And what does your code take for step 10?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_drops_late(self, step):
    count = max(step - 1, 0) // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="ExponentialDecay.staircase",
    text="The schedule keeps its current rate and multiplies it whenever it is called at a multiple of decay_steps. It is right only "
    "where every step is asked once, and in order.",
    look="Ask for step 20 twice, or for step 25 alone. Can the rate be computed from step, without what was asked before?",
    replaces="ExponentialDecay.__call__",
)
def exponential_staircase_counts_its_calls(self, step):
    if not self.staircase:
        return self.initial_learning_rate * self.decay_rate ** (step / self.decay_steps)
    if step > 0 and step % self.decay_steps == 0:
        self._rate = getattr(self, "_rate", self.initial_learning_rate) * self.decay_rate
    return getattr(self, "_rate", self.initial_learning_rate)


@misconception(
    exercise="exponential_decay",
    text="0.1 is multiplied by epoch / decay_epochs: at epoch 0 your rate is 0.",
    look="What should be left of the rate after 2 * decay_epochs: a hundredth, or two tenths?",
)
def tenth_is_a_factor(initial_learning_rate, decay_epochs):
    return lambda epoch: initial_learning_rate * 0.1 * epoch / decay_epochs


@misconception(
    exercise="exponential_decay",
    text="decay_epochs is not used: the rate falls to a tenth in every single epoch.",
    look="After how many epochs should a tenth be left?",
)
def tenth_in_every_epoch(initial_learning_rate, decay_epochs):
    return lambda epoch: initial_learning_rate * 0.1**epoch


@misconception(
    exercise="exponential_decay",
    text="The power is taken first, and its result divided by decay_epochs: ** binds before /.",
    look="What is 2 ** 6 / 3 in Python, and what is 2 ** (6 / 3)? And what is your rate at epoch 0?",
)
def tenth_divides_the_power(initial_learning_rate, decay_epochs):
    return lambda epoch: initial_learning_rate * 0.1**epoch / decay_epochs


@misconception(
    exercise="exponential_decay",
    text="After decay_epochs epochs 37% of the rate is left: the base of your power is 1/e.",
    look="By what should the rate have been multiplied after decay_epochs epochs? Which base gives that?",
)
def tenth_is_one_over_e(initial_learning_rate, decay_epochs):
    return lambda epoch: initial_learning_rate * math.exp(-epoch / decay_epochs)


@misconception(
    exercise="exponential_decay",
    text="Your rate falls in stairs, as it does where epoch // decay_epochs drops what stands after the decimal point.",
    look="What should the rate be halfway to decay_epochs?",
)
def tenth_in_stairs(initial_learning_rate, decay_epochs):
    return lambda epoch: initial_learning_rate * 0.1 ** (epoch // decay_epochs)


@misconception(
    exercise="exponential_decay",
    text="The settings are kept in one place that all functions share, so the schedule that is made last overwrites those made before.",
    look="Where do your function's settings live: in the call that made it, or in a global?",
)
def tenth_shares_its_settings(initial_learning_rate, decay_epochs):
    exponential_decay.settings = (initial_learning_rate, decay_epochs)

    def schedule(epoch):
        initial, epochs = exponential_decay.settings
        return initial * 0.1 ** (epoch / epochs)

    return schedule


@misconception(
    exercise="exponential_decay",
    text="The function decays the rate that it answered last, instead of the initial one: asked twice for one epoch, it gives two answers.",
    look="What changes in your function from one call to the next? What should?",
)
def tenth_remembers_calls(initial_learning_rate, decay_epochs):
    rate = initial_learning_rate

    def schedule(epoch):
        nonlocal rate
        if epoch > 0:
            rate = rate * 0.1 ** (1 / decay_epochs)
        return rate

    return schedule


# --- power ------------------------------------------------------------------------------------------------------------


@misconception(
    exercise="PowerDecay",
    text="power is not used: the exponent is always 1.",
    look="Where in your formula does self.power stand?",
    replaces="PowerDecay.__call__",
)
def power_decay_ignores_power(self, step):
    return self.initial_learning_rate / (1.0 + step / self.decay_steps)


@misconception(
    exercise="PowerDecay",
    text="Only step / decay_steps is raised to the power.",
    look="Where do the parentheses stand in the formula, and where in your code?",
    replaces="PowerDecay.__call__",
)
def power_decay_raises_the_time_only(self, step):
    return self.initial_learning_rate / (1.0 + (step / self.decay_steps) ** self.power)


@misconception(
    exercise="PowerDecay",
    text="Only decay_steps is raised to the power: ** binds before / and +.",
    look="What is 1 + 6 / 3 ** 2 in Python, and what is (1 + 6 / 3) ** 2? And what is your rate at decay_steps?",
    replaces="PowerDecay.__call__",
)
def power_decay_raises_the_steps_only(self, step):
    return self.initial_learning_rate / (1.0 + step / self.decay_steps**self.power)


@misconception(
    exercise="PowerDecay",
    text="The rate is divided by the 1 alone, and step / decay_steps, or a power of it, is added.",
    look="Is your rate smaller or larger than the initial one at step 1? Where do the parentheses stand in the formula?",
    replaces="PowerDecay.__call__",
)
def power_decay_divides_by_one(self, step):
    return self.initial_learning_rate / 1.0 + (step / self.decay_steps) ** self.power


@misconception(
    exercise="PowerDecay",
    text="There are no parentheses: the rate is divided by the 1 alone, and the power is one of decay_steps alone.",
    look="Is your rate smaller or larger than the initial one at step 1? What does Python compute first: /, + or **?",
    replaces="PowerDecay.__call__",
)
def power_decay_without_parentheses(self, step):
    return self.initial_learning_rate / 1.0 + step / self.decay_steps**self.power


@misconception(
    exercise="PowerDecay",
    text="The power is a factor of step / decay_steps in your code, as the decay rate is in inverse time decay.",
    look="Is c above the parentheses in the formula, or inside of them?",
    replaces="PowerDecay.__call__",
)
def power_decay_multiplies(self, step):
    return self.initial_learning_rate / (1.0 + self.power * step / self.decay_steps)


@misconception(
    exercise="PowerDecay",
    text="The learning rate grows.",
    look="Do you multiply or divide by what grows with the step? Which of them does the formula do?",
    replaces="PowerDecay.__call__",
)
def power_decay_grows(self, step):
    return self.initial_learning_rate * (1.0 + step / self.decay_steps) ** self.power


@misconception(
    exercise="PowerDecay",
    text="You count from step 1, so every rate comes one step too early: at step 0 the decay has begun already.",
    look="What should the rate at step 0 be?",
    replaces="PowerDecay.__call__",
)
def power_decay_counts_from_one(self, step):
    return self.initial_learning_rate / (1.0 + (step + 1) / self.decay_steps) ** self.power


@misconception(
    exercise="InverseTimeDecay",
    text="decay_rate has no say: your answers are those for a decay_rate of 1.",
    look="What should happen with decay_rate=0?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_ignores_decay_rate(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / (1.0 + count)


@misconception(
    exercise="InverseTimeDecay",
    text="decay_steps is not used: time is counted in single steps, so the rate falls far too quickly.",
    look="At which step should the rate be initial_learning_rate / (1 + decay_rate)?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_ignores_decay_steps(self, step):
    return self.initial_learning_rate / (1.0 + self.decay_rate * step)


@misconception(
    exercise="InverseTimeDecay",
    text="The rate is divided by the 1 alone, and decay_rate * step / decay_steps is added.",
    look="Is your rate smaller or larger than the initial one at step 1? Where do the parentheses stand in the formula?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_divides_by_one(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / 1.0 + self.decay_rate * count


@misconception(
    exercise="InverseTimeDecay",
    text="decay_rate is used as an exponent.",
    look="Compare with the formula: what does decay_rate multiply?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_takes_a_power(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / (1.0 + count) ** self.decay_rate


@misconception(
    exercise="InverseTimeDecay",
    text="This is the formula of exponential decay.",
    look="Which of the two halves at equal intervals, and which takes longer every time?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_is_exponential(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * self.decay_rate**count


@misconception(
    exercise="InverseTimeDecay",
    text="The rate falls along a straight line and becomes negative in the end.",
    look="What is your rate at a very late step? Can a division make it negative?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_is_a_line(self, step):
    count = step // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate * (1.0 - self.decay_rate * count)


@misconception(
    exercise="InverseTimeDecay",
    text="You count from step 1, so every rate comes one step too early: at step 0 a smooth decay has begun already.",
    look="What should the rate at step 0 be?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_counts_from_one(self, step):
    count = (step + 1) // self.decay_steps if self.staircase else (step + 1) / self.decay_steps
    return self.initial_learning_rate / (1.0 + self.decay_rate * count)


@misconception(
    exercise="InverseTimeDecay.staircase",
    text="You round down the product with decay_rate; with a decay_rate below 1 your edges come too late.",
    look="What is rounded down in the formula?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_floors_the_product(self, step):
    product = self.decay_rate * step / self.decay_steps
    return self.initial_learning_rate / (1.0 + (math.floor(product) if self.staircase else product))


@misconception(
    exercise="InverseTimeDecay.staircase",
    text="step / decay_steps is rounded to the nearest whole number: the rate drops in the middle between two multiples of decay_steps.",
    look="At which steps should the rate drop? Which function rounds 1.9 down to 1?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_staircase_rounds(self, step):
    count = round(step / self.decay_steps) if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / (1.0 + self.decay_rate * count)


@misconception(
    exercise="InverseTimeDecay.staircase",
    text="staircase is not used: the decay is smooth whatever was asked for.",
    look="Where does your code look at self.staircase?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_staircase_ignored(self, step):
    return self.initial_learning_rate / (1.0 + self.decay_rate * step / self.decay_steps)


@misconception(
    exercise="InverseTimeDecay.staircase",
    text="The rate drops one step after a multiple of decay_steps.",
    look="With decay_steps=10, what is 10 / 10, rounded down? And what does your code take for step 10?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_staircase_drops_late(self, step):
    count = max(step - 1, 0) // self.decay_steps if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / (1.0 + self.decay_rate * count)


@misconception(
    exercise="InverseTimeDecay.staircase",
    text="The schedule counts its stairs whenever it is called at a multiple of decay_steps. It is right only where every step is asked "
    "once, and in order.",
    look="Ask for step 20 twice, or for step 25 alone. Can the rate be computed from step, without what was asked before?",
    replaces="InverseTimeDecay.__call__",
)
def inverse_time_staircase_counts_its_calls(self, step):
    if self.staircase and step > 0 and step % self.decay_steps == 0:
        self._stairs = getattr(self, "_stairs", 0) + 1
    count = getattr(self, "_stairs", 0) if self.staircase else step / self.decay_steps
    return self.initial_learning_rate / (1.0 + self.decay_rate * count)


# --- piecewise constant -----------------------------------------------------------------------------------------------


@misconception(
    exercise="PiecewiseConstantDecay",
    text="At a boundary you take the next value already.",
    look="What does the docstring say of a step that is exactly a boundary, and what does your comparison make of it?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_excludes_the_boundary(self, step):
    for boundary, value in zip(self.boundaries, self.values):
        if step < boundary:
            return value
    return self.values[-1]


@misconception(
    exercise="PiecewiseConstantDecay",
    text="Boundaries and values are off by one: beyond a boundary stands the value of the piece before it, and the last is never reached.",
    look="Which index of values belongs to the steps beyond boundaries[0]?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_value_lags(self, step):
    value = self.values[0]
    for i, boundary in enumerate(self.boundaries):
        if step > boundary:
            value = self.values[i]
    return value


@misconception(
    exercise="PiecewiseConstantDecay",
    text="The boundaries are taken for the lengths of the pieces.",
    look="With the boundaries 3 and 7, at which step does the last piece begin?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_boundaries_are_lengths(self, step):
    end = 0
    for boundary, value in zip(self.boundaries, self.values):
        end += boundary
        if step <= end:
            return value
    return self.values[-1]


@misconception(
    exercise="PiecewiseConstantDecay",
    text="The first boundary that was passed decides, so the second value stays for ever.",
    look="Where does your loop stop if the step is beyond two boundaries?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_stops_at_the_first_boundary(self, step):
    for i, boundary in enumerate(self.boundaries):
        if step > boundary:
            return self.values[i + 1]
    return self.values[0]


@misconception(
    exercise="PiecewiseConstantDecay",
    text="The rate slides from value to value along straight lines.",
    look="What should the rate be halfway between two boundaries?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_interpolates(self, step):
    return float(np.interp(step, [0, *self.boundaries], self.values))


@misconception(
    exercise="PiecewiseConstantDecay",
    text="Your schedule takes values out of its own list, as pop does: once asked for a late step, it can't answer for an "
    "early one.",
    look="What is left of self.values after your loop?",
    replaces="PiecewiseConstantDecay.__call__",
)
def piecewise_uses_up_its_lists(self, step):
    while self.boundaries and step > self.boundaries[0]:
        self.boundaries.pop(0)
        self.values.pop(0)
    return self.values[0]


# --- polynomial -------------------------------------------------------------------------------------------------------


@misconception(
    exercise="PolynomialDecay",
    text="The decay does not stop at decay_steps: beyond it the remaining time is negative, and the rate falls below its end, rises again "
    "or becomes a complex number.",
    look="What is 1 - step / decay_steps for a step beyond decay_steps?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_does_not_stop(self, step):
    done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)) if self.cycle else self.decay_steps)
    return (self.initial_learning_rate - self.end_learning_rate) * (1.0 - done) ** self.power + self.end_learning_rate


@misconception(
    exercise="PolynomialDecay",
    text="The rate at step 0 is too large by the end rate.",
    look="What is your rate at step 0? How often does the end rate stand in the formula?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_adds_the_end(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    return self.initial_learning_rate * (1.0 - done) ** self.power + self.end_learning_rate


@misconception(
    exercise="PolynomialDecay",
    text="The end rate is not used: your rate falls to 0.",
    look="What should the rate be at decay_steps?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_ends_at_zero(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    return self.initial_learning_rate * (1.0 - done) ** self.power


@misconception(
    exercise="PolynomialDecay",
    text="Your decay goes to 0 and is cut off at the end rate.",
    look="At which step does your rate arrive at its end, and at which should it?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cuts_off_at_the_end_rate(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    return max(self.initial_learning_rate * (1.0 - done) ** self.power, self.end_learning_rate)


@misconception(
    exercise="PolynomialDecay",
    text="The difference of the rates is raised to the power too.",
    look="From 0.5 down to 0.1 with power=2, what is your rate at step 0? Where do the parentheses stand in the formula?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_raises_the_difference(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    product = (self.initial_learning_rate - self.end_learning_rate) * (1.0 - done)
    return math.copysign(abs(product) ** self.power, product) + self.end_learning_rate


@misconception(
    exercise="PolynomialDecay",
    text="Only the number of steps is raised to the power: ** binds before / and -.",
    look="What is 1 - 6 / 9 ** 2 in Python, and what is (1 - 6 / 9) ** 2? And what is your rate at decay_steps?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_raises_the_steps_only(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps))) ** self.power
    else:
        done = min(step, self.decay_steps) / self.decay_steps**self.power
    return (self.initial_learning_rate - self.end_learning_rate) * (1.0 - done) + self.end_learning_rate


@misconception(
    exercise="PolynomialDecay",
    text="The share of the time that is over is raised to the power, and then taken from 1.",
    look="With power=2 the rate should fall steeply at first. Does yours?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_raises_the_time_that_is_over(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    return (self.initial_learning_rate - self.end_learning_rate) * (1.0 - done**self.power) + self.end_learning_rate


@misconception(
    exercise="PolynomialDecay",
    text="power is not used: the rate falls along a straight line.",
    look="Where in your formula does self.power stand?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_ignores_power(self, step):
    if self.cycle:
        done = step / (self.decay_steps * max(1, math.ceil(step / self.decay_steps)))
    else:
        done = min(step, self.decay_steps) / self.decay_steps
    return (self.initial_learning_rate - self.end_learning_rate) * (1.0 - done) + self.end_learning_rate


def _polynomial(schedule, done):
    difference = schedule.initial_learning_rate - schedule.end_learning_rate
    return difference * (1.0 - done) ** schedule.power + schedule.end_learning_rate


@misconception(
    exercise="PolynomialDecay.cycle",
    text="cycle is not used: the rate stays at its end.",
    look="Where does your code look at self.cycle?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_ignores_cycle(self, step):
    return _polynomial(self, min(step, self.decay_steps) / self.decay_steps)


@misconception(
    exercise="PolynomialDecay.cycle",
    text="Every cycle starts from the initial rate again.",
    look="What does Keras do to decay_steps in a new cycle? Which share of it is over when the second cycle begins?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cycles_restart(self, step):
    done = step % self.decay_steps if self.cycle else min(step, self.decay_steps)
    return _polynomial(self, done / self.decay_steps)


@misconception(
    exercise="PolynomialDecay.cycle",
    text="At a multiple of decay_steps the next cycle has begun already.",
    look="How many cycles does a step of exactly decay_steps need?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cycles_begin_early(self, step):
    if self.cycle:
        return _polynomial(self, step / (self.decay_steps * (step // self.decay_steps + 1)))
    return _polynomial(self, min(step, self.decay_steps) / self.decay_steps)


@misconception(
    exercise="PolynomialDecay.cycle",
    text="At step 0 the number of cycles, rounded up, is 0, and you divide by it.",
    look="How many cycles have begun at step 0? What does the docstring say of the smallest n?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cycles_fail_at_zero(self, step):
    if self.cycle:
        return _polynomial(self, step / (self.decay_steps * math.ceil(step / self.decay_steps)))
    return _polynomial(self, min(step, self.decay_steps) / self.decay_steps)


@misconception(
    exercise="PolynomialDecay.cycle",
    text="At step 0 the rate is NaN, as it is where the number of cycles, rounded up, is 0 and 0 is divided by it.",
    look="How many cycles have begun at step 0? What does the docstring say of the smallest n?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cycles_are_nan_at_zero(self, step):
    if self.cycle:
        return _polynomial(self, step / (self.decay_steps * np.ceil(step / self.decay_steps)))
    return _polynomial(self, min(step, self.decay_steps) / self.decay_steps)


@misconception(
    exercise="PolynomialDecay.cycle",
    text="decay_steps is doubled from cycle to cycle.",
    look="Which is the smallest multiple of 10 that is at least 25? Which n does your code take for decay_steps=10 at step "
    "25?",
    replaces="PolynomialDecay.__call__",
)
def polynomial_cycles_double(self, step):
    count = self.decay_steps
    while self.cycle and count < step:
        count *= 2
    return _polynomial(self, min(step, count) / count)


# --- cosine -----------------------------------------------------------------------------------------------------------


def _cosine(schedule, step, decayed):
    """CosineDecay with another formula for what is left, decayed(share of the time that is over, alpha)."""
    start = schedule.initial_learning_rate
    if schedule.warmup_target is not None:
        if step < schedule.warmup_steps:
            return start + (schedule.warmup_target - start) * step / schedule.warmup_steps
        start = schedule.warmup_target
        step = step - schedule.warmup_steps
    return start * decayed(step / schedule.decay_steps, schedule.alpha)


def _half_cosine(done):
    return 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))


@misconception(
    exercise="CosineDecay",
    text="With alpha=0 the decay starts from twice the initial rate.",
    look="What is 1 + cos(0)? What does the formula do with it?",
    replaces="CosineDecay.__call__",
)
def cosine_without_the_half(self, step):
    return _cosine(self, step, lambda done, alpha: (1.0 - alpha) * 2.0 * _half_cosine(done) + alpha)


@misconception(
    exercise="CosineDecay",
    text="The bare cosine goes from 1 to -1, and with a small alpha the rate becomes negative.",
    look="What is cos(pi), and what should be left at the end? What does the formula do with the cosine?",
    replaces="CosineDecay.__call__",
)
def cosine_is_not_lifted(self, step):
    return _cosine(self, step, lambda done, alpha: (1.0 - alpha) * math.cos(math.pi * min(done, 1.0)) + alpha)


@misconception(
    exercise="CosineDecay",
    text="A quarter of a turn, cos from 0 to pi/2, also goes from 1 to 0, but it arrives steeply.",
    look="At which angle does the decay end, and what is the rate halfway?",
    replaces="CosineDecay.__call__",
)
def cosine_takes_a_quarter_turn(self, step):
    return _cosine(self, step, lambda done, alpha: (1.0 - alpha) * math.cos(math.pi / 2 * min(done, 1.0)) + alpha)


@misconception(
    exercise="CosineDecay",
    text="The decay does not stop: beyond decay_steps the cosine rises again, and the rate with it.",
    look="What is cos(2 * pi)? At which step does your code get there?",
    replaces="CosineDecay.__call__",
)
def cosine_rises_again(self, step):
    return _cosine(self, step, lambda done, alpha: (1.0 - alpha) * 0.5 * (1.0 + math.cos(math.pi * done)) + alpha)


@misconception(
    exercise="CosineDecay",
    text="At step 0 the rate is 1 + alpha times what it should be.",
    look="What does your formula give at step 0? Which factor stands before the cosine in the docstring's?",
    replaces="CosineDecay.__call__",
)
def cosine_adds_alpha(self, step):
    return _cosine(self, step, lambda done, alpha: _half_cosine(done) + alpha)


@misconception(
    exercise="CosineDecay",
    text="Your decay goes to 0 and is cut off at alpha.",
    look="At which step does your rate arrive at its end, and at which should it?",
    replaces="CosineDecay.__call__",
)
def cosine_cuts_off_at_alpha(self, step):
    return _cosine(self, step, lambda done, alpha: max(_half_cosine(done), alpha))


@misconception(
    exercise="CosineDecay",
    text="alpha is taken for the rate at the end.",
    look="With an initial rate of 0.1 and alpha=0.2, should the end be 0.2 or 0.02?",
    replaces="CosineDecay.__call__",
)
def cosine_alpha_is_a_rate(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * step / self.warmup_steps
        start = self.warmup_target
        step = step - self.warmup_steps
    return (start - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha


@misconception(
    exercise="CosineDecay",
    text="alpha is not used: the rate falls to 0.",
    look="What should be left at decay_steps?",
    replaces="CosineDecay.__call__",
)
def cosine_ignores_alpha(self, step):
    return _cosine(self, step, lambda done, alpha: _half_cosine(done))


@misconception(
    exercise="CosineDecay",
    text="warmup_steps alone starts a warm-up, or shifts the decay.",
    look="What does the docstring say about warmup_steps without a target?",
    replaces="CosineDecay.__call__",
)
def cosine_shifts_without_a_target(self, step):
    start = self.initial_learning_rate
    target = start if self.warmup_target is None else self.warmup_target
    if step < self.warmup_steps:
        return start + (target - start) * step / self.warmup_steps
    done = (step - self.warmup_steps) / self.decay_steps
    return target * ((1.0 - self.alpha) * _half_cosine(done) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="The warm-up starts at 0, whatever the settings are.",
    look="What is your rate at step 0, and which setting says what it should be?",
    replaces="CosineDecay.__call__",
)
def warmup_starts_at_zero(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return self.warmup_target * step / self.warmup_steps
        start = self.warmup_target
        step = step - self.warmup_steps
    return start * ((1.0 - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="Your warm-up starts at 0, and rises by the right amount, as the formula in Keras's own docstring does.",
    look="What is your rate at step 0, and what should it be? From where does the warm-up rise?",
    replaces="CosineDecay.__call__",
)
def warmup_forgets_to_add_the_start(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return (self.warmup_target - start) * step / self.warmup_steps
        start = self.warmup_target
        step = step - self.warmup_steps
    return start * ((1.0 - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="After the warm-up the rate jumps down from the target, and the decay ends too early.",
    look="How much of the decay is over in your code when the warm-up has just ended?",
    replaces="CosineDecay.__call__",
)
def warmup_steps_count_as_decay(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * step / self.warmup_steps
        start = self.warmup_target
    return start * ((1.0 - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="The decay is squeezed into what the warm-up leaves of decay_steps.",
    look="At which step should the rate arrive at its end: decay_steps, or decay_steps + warmup_steps?",
    replaces="CosineDecay.__call__",
)
def warmup_shortens_the_decay(self, step):
    start, count = self.initial_learning_rate, self.decay_steps
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * step / self.warmup_steps
        start = self.warmup_target
        step, count = step - self.warmup_steps, count - self.warmup_steps
    return start * ((1.0 - self.alpha) * _half_cosine(step / count) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="After the warm-up the decay starts from the initial rate again.",
    look="What is the rate at warmup_steps? Should it jump there?",
    replaces="CosineDecay.__call__",
)
def warmup_target_is_forgotten(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * step / self.warmup_steps
        step = step - self.warmup_steps
    return start * ((1.0 - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="The warm-up counts from 1 and arrives at its target one step too early.",
    look="At which step should the rate be the initial one, and at which the target?",
    replaces="CosineDecay.__call__",
)
def warmup_counts_from_one(self, step):
    start = self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * (step + 1) / self.warmup_steps
        start = self.warmup_target
        step = step - self.warmup_steps
    return start * ((1.0 - self.alpha) * _half_cosine(step / self.decay_steps) + self.alpha)


@misconception(
    exercise="CosineDecay.warmup",
    text="alpha is taken as a share of the initial rate.",
    look="Which rate does the decay start from, if there is a warm-up?",
    replaces="CosineDecay.__call__",
)
def warmup_alpha_of_the_initial_rate(self, step):
    start, end = self.initial_learning_rate, self.alpha * self.initial_learning_rate
    if self.warmup_target is not None:
        if step < self.warmup_steps:
            return start + (self.warmup_target - start) * step / self.warmup_steps
        start = self.warmup_target
        step = step - self.warmup_steps
    return (start - end) * _half_cosine(step / self.decay_steps) + end


# --- 1cycle -----------------------------------------------------------------------------------------------------------


@misconception(
    exercise="OneCycle",
    text="Half of all steps is taken for half a cycle.",
    look="At which step does the cycle end in your code, and how many steps are left then for the final stretch?",
    replaces="OneCycle.__call__",
)
def one_cycle_forgets_the_final_steps(self, step):
    half = self.total_steps // 2
    rates = [self.start_learning_rate, self.max_learning_rate, self.start_learning_rate, self.final_learning_rate]
    ends = [0, half, 2 * half, max(self.total_steps, 2 * half + 1)]
    return float(np.interp(step, ends, rates))


@misconception(
    exercise="OneCycle",
    text="The way down ends at total_steps - final_steps. Where that is odd, it is a step longer than the way up.",
    look="With 10 steps of which 3 are final ones, what is h, what is 2h, and where does your cycle end?",
    replaces="OneCycle.__call__",
)
def one_cycle_ends_where_the_final_steps_begin(self, step):
    end = self.total_steps - self.final_steps
    rates = [self.start_learning_rate, self.max_learning_rate, self.start_learning_rate, self.final_learning_rate]
    return float(np.interp(step, [0, end // 2, end, self.total_steps], rates))


@misconception(
    exercise="OneCycle",
    text="The final stretch begins at total_steps - final_steps, while the cycle ends at 2h: where these differ, the rate "
    "rests at its "
    "start for a step.",
    look="With 10 steps of which 3 are final ones, from which step to which does your last line go?",
    replaces="OneCycle.__call__",
)
def one_cycle_rests_before_the_final_stretch(self, step):
    end = self.total_steps - self.final_steps
    start, half = self.start_learning_rate, end // 2
    rates = [start, self.max_learning_rate, start, start, self.final_learning_rate]
    return float(np.interp(step, [0, half, 2 * half, end, self.total_steps], rates))


@misconception(
    exercise="OneCycle",
    text="The final stretch falls from step 2h on within final_steps steps, so where total_steps - final_steps is odd it "
    "arrives a step "
    "before total_steps.",
    look="With 10 steps of which 3 are final ones, how many steps are there from 2h to total_steps?",
    replaces="OneCycle.__call__",
)
def one_cycle_arrives_early(self, step):
    half = (self.total_steps - self.final_steps) // 2
    rates = [self.start_learning_rate, self.max_learning_rate, self.start_learning_rate, self.final_learning_rate]
    return float(np.interp(step, [0, half, 2 * half, 2 * half + self.final_steps], rates))


@misconception(
    exercise="OneCycle",
    text="Half of the cycle is not rounded down, so the top may lie between two steps.",
    look="With 10 steps of which 3 are final ones, at which step is your rate largest?",
    replaces="OneCycle.__call__",
)
def one_cycle_does_not_round_half(self, step):
    half = (self.total_steps - self.final_steps) / 2
    rates = [self.start_learning_rate, self.max_learning_rate, self.start_learning_rate, self.final_learning_rate]
    return float(np.interp(step, [0, half, 2 * half, self.total_steps], rates))


@misconception(
    exercise="OneCycle",
    text="After the cycle the rate stays at its start.",
    look="What should the rate be at total_steps?",
    replaces="OneCycle.__call__",
)
def one_cycle_has_no_final_stretch(self, step):
    half = (self.total_steps - self.final_steps) // 2
    rates = [self.start_learning_rate, self.max_learning_rate, self.start_learning_rate]
    return float(np.interp(step, [0, half, 2 * half], rates))


@misconception(
    exercise="OneCycle",
    text="From the top the rate goes down to the final rate in one line.",
    look="Through how many corners does the rate go, and what is it at each of them?",
    replaces="OneCycle.__call__",
)
def one_cycle_falls_in_one_line(self, step):
    half = (self.total_steps - self.final_steps) // 2
    rates = [self.start_learning_rate, self.max_learning_rate, self.final_learning_rate]
    return float(np.interp(step, [0, half, self.total_steps], rates))


@misconception(
    exercise="OneCycle",
    text="The final stretch falls by equal factors from step to step.",
    look="What should the rate be halfway down the final stretch?",
    replaces="OneCycle.__call__",
)
def one_cycle_ends_exponentially(self, step):
    half = (self.total_steps - self.final_steps) // 2
    start, final = self.start_learning_rate, self.final_learning_rate
    if step <= 2 * half:
        return float(np.interp(step, [0, half, 2 * half], [start, self.max_learning_rate, start]))
    done = min((step - 2 * half) / (self.total_steps - 2 * half), 1.0)
    return start * (final / start) ** done


@misconception(
    exercise="OneCycle",
    text="The rate follows half cosines up and down, as some libraries have it.",
    look="By how much should the rate grow from step to step on the way up: always by the same?",
    replaces="OneCycle.__call__",
)
def one_cycle_follows_cosines(self, step):
    half = (self.total_steps - self.final_steps) // 2
    start, top = self.start_learning_rate, self.max_learning_rate
    if step <= 2 * half:
        return start + (top - start) * 0.5 * (1.0 - math.cos(math.pi * step / half))
    return float(np.interp(step, [2 * half, self.total_steps], [start, self.final_learning_rate]))


@misconception(
    exercise="OneCycle",
    text="The last line is not stopped at total_steps: beyond it the rate goes on falling.",
    look="What does your formula give for step = total_steps + 1?",
    replaces="OneCycle.__call__",
)
def one_cycle_goes_below_zero(self, step):
    half = (self.total_steps - self.final_steps) // 2
    start, final = self.start_learning_rate, self.final_learning_rate
    if step <= 2 * half:
        return float(np.interp(step, [0, half, 2 * half], [start, self.max_learning_rate, start]))
    return start + (final - start) * (step - 2 * half) / (self.total_steps - 2 * half)


@misconception(
    exercise="OneCycle",
    text="Both ends of the cycle are 0.",
    look="What is your rate at step 0, and which setting says what it should be?",
    replaces="OneCycle.__call__",
)
def one_cycle_starts_at_zero(self, step):
    half = (self.total_steps - self.final_steps) // 2
    return float(
        np.interp(step, [0, half, 2 * half, self.total_steps], [0.0, self.max_learning_rate, 0.0, self.final_learning_rate])
    )


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum rises and falls together with the rate.",
    look="What is your momentum at the top of the cycle, and what should it be?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_not_mirrored(self, step):
    half = (self.total_steps - self.final_steps) // 2
    return float(np.interp(step, [0, half, 2 * half], [self.min_momentum, self.max_momentum, self.min_momentum]))


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum falls to its minimum and stays there.",
    look="What should momentum be at the end of the cycle?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_stays_low(self, step):
    half = (self.total_steps - self.final_steps) // 2
    return float(np.interp(step, [0, half], [self.max_momentum, self.min_momentum]))


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum is back up at total_steps - final_steps. Where that is odd, its way up is a step longer than its way down.",
    look="With 10 steps of which 3 are final ones, what is h, what is 2h, and where does your cycle end?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_ends_where_the_final_steps_begin(self, step):
    end = self.total_steps - self.final_steps
    return float(np.interp(step, [0, end // 2, end], [self.max_momentum, self.min_momentum, self.max_momentum]))


@misconception(
    exercise="OneCycle.momentum",
    text="Half of the cycle is not rounded down, so the smallest momentum may lie between two steps.",
    look="With 10 steps of which 3 are final ones, at which step is your momentum smallest?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_does_not_round_half(self, step):
    half = (self.total_steps - self.final_steps) / 2
    return float(np.interp(step, [0, half, 2 * half], [self.max_momentum, self.min_momentum, self.max_momentum]))


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum comes back up only at total_steps.",
    look="At which step does the cycle end, and at which the training?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_returns_late(self, step):
    half = (self.total_steps - self.final_steps) // 2
    return float(np.interp(step, [0, half, self.total_steps], [self.max_momentum, self.min_momentum, self.max_momentum]))


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum goes on rising after the cycle, above its maximum.",
    look="What is your momentum at total_steps, and what should it be?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_keeps_rising(self, step):
    half = (self.total_steps - self.final_steps) // 2
    return self.min_momentum + (self.max_momentum - self.min_momentum) * abs(step - half) / half


@misconception(
    exercise="OneCycle.momentum",
    text="Momentum is the mirror image of the learning rate in the final stretch, too: where the rate falls below its start, momentum "
    "rises above max_momentum.",
    look="What is your momentum at total_steps, and what should it be? Up to which step is it the rate's mirror image?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_mirrors_the_final_stretch(self, step):
    start = self.start_learning_rate
    share = (self(step) - start) / (self.max_learning_rate - start)
    return self.max_momentum - share * (self.max_momentum - self.min_momentum)


@misconception(
    exercise="OneCycle.momentum",
    text="Half of all steps is taken for half a cycle of momentum.",
    look="At which step is the rate largest, and at which your momentum smallest?",
    replaces="OneCycle.momentum",
)
def one_cycle_momentum_forgets_the_final_steps(self, step):
    half = self.total_steps // 2
    return float(np.interp(step, [0, half, 2 * half], [self.max_momentum, self.min_momentum, self.max_momentum]))


# --- performance scheduling -------------------------------------------------------------------------------------------


def _plateau_improves(plateau, value, best):
    if plateau.mode == "min":
        return value + plateau.min_delta < best
    return value - plateau.min_delta > best


def _cool(plateau):
    if plateau.cooldown_counter > 0:
        plateau.cooldown_counter -= 1
        plateau.wait = 0


def _waited(plateau, learning_rate):
    """What happens at an epoch without improvement, once the cooldown has been counted down."""
    if plateau.cooldown_counter == 0:
        plateau.wait += 1
        if plateau.wait >= plateau.patience and learning_rate > plateau.min_lr:
            plateau.cooldown_counter, plateau.wait = plateau.cooldown, 0
            return max(learning_rate * plateau.factor, plateau.min_lr)
    return learning_rate


def _watched(plateau, value, learning_rate, improves):
    """ReduceLROnPlateau.on_epoch_end with another idea of what an improvement is."""
    _cool(plateau)
    if plateau.best is None or improves(value, plateau.best):
        plateau.best, plateau.wait = value, 0
        return learning_rate
    return _waited(plateau, learning_rate)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="One epoch too many is waited for before the rate is reduced.",
    look="With patience=1, after how many epochs without improvement should the rate be reduced?",
)
def plateau_waits_one_epoch_too_long(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait > self.patience and learning_rate > self.min_lr:
            learning_rate = max(learning_rate * self.factor, self.min_lr)
            self.cooldown_counter, self.wait = self.cooldown, 0
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="The value is compared with that of the epoch before: on a curve that goes up and down, every second epoch looks "
    "like an improvement.",
    look="After 0.7 and 0.8, is 0.75 an improvement?",
)
def plateau_compares_with_the_last_value(self, epoch, value, learning_rate):
    _cool(self)
    improved = self.best is None or _plateau_improves(self, value, self.best)
    self.best = value
    if improved:
        self.wait = 0
        return learning_rate
    return _waited(self, learning_rate)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="min_delta is not used: the smallest improvement counts.",
    look="Where in your comparison is self.min_delta?",
)
def plateau_ignores_min_delta(self, epoch, value, learning_rate):
    return _watched(self, value, learning_rate, lambda new, best: new < best if self.mode == "min" else new > best)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="An improvement of exactly min_delta counts in your code, and with min_delta=0 so does a value that is only equal to the best.",
    look="What does the docstring say of a value that is better by exactly min_delta?",
)
def plateau_improvement_is_not_strict(self, epoch, value, learning_rate):
    def improves(new, best):
        return new + self.min_delta <= best if self.mode == "min" else new - self.min_delta >= best

    return _watched(self, value, learning_rate, improves)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="min_delta has the wrong sign: values that are slightly worse than the best count as improvements.",
    look="With min_delta=0.1 and a best of 0.5, is 0.55 an improvement?",
)
def plateau_min_delta_has_the_wrong_sign(self, epoch, value, learning_rate):
    def improves(new, best):
        return new - self.min_delta < best if self.mode == "min" else new + self.min_delta > best

    return _watched(self, value, learning_rate, improves)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="Every better value becomes the best. Many small improvements then never add up to one that counts.",
    look="What should best be after an improvement of less than min_delta?",
)
def plateau_best_creeps(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
        return learning_rate
    if value < self.best if self.mode == "min" else value > self.best:
        self.best = value
    return _waited(self, learning_rate)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text='mode is not used: in mode "max" a rising accuracy is taken for a plateau.',
    look="Where does your code look at self.mode?",
)
def plateau_ignores_mode(self, epoch, value, learning_rate):
    return _watched(self, value, learning_rate, lambda new, best: new + self.min_delta < best)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="An improvement does not set the wait back to 0: epochs without improvement are counted over the whole training, not in a row.",
    look="What should wait be after a new best value?",
)
def plateau_improvement_keeps_the_wait(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best = value
        return learning_rate
    return _waited(self, learning_rate)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="The wait goes on after a reduction, so without a cooldown every next epoch of the same plateau reduces the rate "
    "again.",
    look="What should wait be right after a reduction?",
)
def plateau_reduction_keeps_the_wait(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait >= self.patience and learning_rate > self.min_lr:
            learning_rate = max(learning_rate * self.factor, self.min_lr)
            self.cooldown_counter = self.cooldown
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="min_lr is not used: the rate goes on falling.",
    look="What is the smallest rate that your code can return?",
)
def plateau_ignores_min_lr(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait >= self.patience:
            learning_rate = learning_rate * self.factor
            self.cooldown_counter, self.wait = self.cooldown, 0
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="Where the rate is at min_lr already, nothing is reduced, and yet the wait is set back (and a rate below min_lr is even raised to it).",
    look="Which condition on the learning rate stands before a reduction in the docstring?",
)
def plateau_reduces_at_the_minimum(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait >= self.patience:
            learning_rate = max(learning_rate * self.factor, self.min_lr)
            self.cooldown_counter, self.wait = self.cooldown, 0
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="A reduction that would go below min_lr is left out altogether.",
    look="With a rate of 0.05, factor 0.1 and min_lr 0.01: what is the next rate?",
)
def plateau_stays_above_the_minimum(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait >= self.patience and learning_rate * self.factor >= self.min_lr:
            learning_rate = learning_rate * self.factor
            self.cooldown_counter, self.wait = self.cooldown, 0
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="You multiply by 1 - factor.",
    look="With factor=0.1, should a tenth of the rate be left, or nine tenths?",
)
def plateau_multiplies_by_one_minus_factor(self, epoch, value, learning_rate):
    before = learning_rate
    learning_rate = _watched(self, value, learning_rate, lambda new, best: _plateau_improves(self, new, best))
    return before if learning_rate == before else max(before * (1.0 - self.factor), self.min_lr)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="The schedule keeps a rate of its own from the first epoch on, and takes no notice of the one that it is given later.",
    look="What does your code do with the argument learning_rate in the second epoch?",
)
def plateau_keeps_its_own_rate(self, epoch, value, learning_rate):
    if self.best is None:
        self.rate = learning_rate
    self.rate = _watched(self, value, self.rate, lambda new, best: _plateau_improves(self, new, best))
    return self.rate


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="NaN is taken for an improvement: every comparison with NaN is False, so `not (value >= best)` is True.",
    look="What is nan < 1, what is nan >= 1, and which of them do you ask?",
)
def plateau_nan_is_an_improvement(self, epoch, value, learning_rate):
    def improves(new, best):
        return not new + self.min_delta >= best if self.mode == "min" else not new - self.min_delta <= best

    return _watched(self, value, learning_rate, improves)


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="A best value of 0 is taken for none at all: 0.0 counts as False, like None, so whatever comes after it is an improvement.",
    look="What is `not 0.0`, and how else could you ask whether there has been a best value yet?",
)
def plateau_takes_a_best_of_zero_for_none(self, epoch, value, learning_rate):
    return _watched(self, value, learning_rate, lambda new, best: not best or _plateau_improves(self, new, best))


@misconception(
    exercise="ReduceLROnPlateau.on_epoch_end",
    text="The new rate is returned only where it was reduced; in all other epochs your function returns None.",
    look="Does every path through your function end in a return?",
)
def plateau_returns_only_reductions(self, epoch, value, learning_rate):
    after = _watched(self, value, learning_rate, lambda new, best: _plateau_improves(self, new, best))
    if after != learning_rate:
        return after


# --- cooldown ---------------------------------------------------------------------------------------------------------


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="The cooldown is not used: waiting starts again right after a reduction.",
    look="Where does your code look at self.cooldown?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_is_ignored(self, epoch, value, learning_rate):
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
        return learning_rate
    self.wait += 1
    if self.wait >= self.patience and learning_rate > self.min_lr:
        self.wait = 0
        return max(learning_rate * self.factor, self.min_lr)
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="The cooldown lasts one epoch too long.",
    look="Which comes first in the docstring's list, and which in your code: counting the cooldown down, or deciding whether "
    "to wait?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_counts_down_last(self, epoch, value, learning_rate):
    if self.cooldown_counter > 0:
        self.wait = 0
        if self.best is None or _plateau_improves(self, value, self.best):
            self.best = value
        self.cooldown_counter -= 1
        return learning_rate
    return _watched(self, value, learning_rate, lambda new, best: _plateau_improves(self, new, best))


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="A new best value goes unnoticed while the cooldown lasts.",
    look="Is the comparison with the best reached while the cooldown lasts?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_overlooks_the_best(self, epoch, value, learning_rate):
    _cool(self)
    if self.cooldown_counter > 0:
        return learning_rate
    return _watched(self, value, learning_rate, lambda new, best: _plateau_improves(self, new, best))


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="An epoch in which the cooldown is counted down does nothing else: a new best value in it goes unnoticed, and the "
    "epoch that ends "
    "the cooldown is not waited for.",
    look="Which lines of your function does an epoch reach while cooldown_counter is above 0, and which of the docstring's "
    "three?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_returns_at_once(self, epoch, value, learning_rate):
    if self.cooldown_counter > 0:
        _cool(self)
        return learning_rate
    return _watched(self, value, learning_rate, lambda new, best: _plateau_improves(self, new, best))


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="Epochs of the cooldown are counted in wait as well; only the reduction is put off until the cooldown is over.",
    look="What should wait be while the cooldown lasts?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_epochs_are_waited_for(self, epoch, value, learning_rate):
    if self.cooldown_counter > 0:
        self.cooldown_counter -= 1
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
        return learning_rate
    self.wait += 1
    if self.cooldown_counter == 0 and self.wait >= self.patience and learning_rate > self.min_lr:
        self.cooldown_counter, self.wait = self.cooldown, 0
        return max(learning_rate * self.factor, self.min_lr)
    return learning_rate


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="The cooldown is counted down only in epochs without improvement.",
    look="What happens to cooldown_counter in an epoch with a new best value?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_waits_out_improvements(self, epoch, value, learning_rate):
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
        return learning_rate
    _cool(self)
    return _waited(self, learning_rate)


@misconception(
    exercise="ReduceLROnPlateau.cooldown",
    text="The cooldown begins whenever patience has run out, also where the rate was at min_lr and nothing was reduced.",
    look="Under which condition should cooldown_counter be set?",
    replaces="ReduceLROnPlateau.on_epoch_end",
)
def cooldown_begins_without_a_reduction(self, epoch, value, learning_rate):
    _cool(self)
    if self.best is None or _plateau_improves(self, value, self.best):
        self.best, self.wait = value, 0
    elif self.cooldown_counter == 0:
        self.wait += 1
        if self.wait >= self.patience:
            self.cooldown_counter = self.cooldown
            if learning_rate > self.min_lr:
                learning_rate = max(learning_rate * self.factor, self.min_lr)
                self.wait = 0
    return learning_rate
