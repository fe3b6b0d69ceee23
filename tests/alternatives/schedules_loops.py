"""Schedules with loops, plain lists and recurrences instead of powers where that is right."""

from functools import partial


def _array(numbers):
    import numpy

    return numpy.asarray(numbers, dtype="float64")


class ListedRates:
    def __init__(self, rates):
        self.rates = rates

    def __call__(self, step):
        return self.rates[min(step, len(self.rates) - 1)]


def learning_rates(schedule, steps, steps_per_epoch=1):
    found = []
    epoch = in_epoch = 0
    while len(found) < steps:
        found.append(schedule(epoch))
        in_epoch += 1
        if in_epoch == steps_per_epoch:
            epoch, in_epoch = epoch + 1, 0
    return _array(found)


def scheduled_descent(theta, hessian, schedule, steps):
    now = [float(t) for t in theta]
    path = [list(now)]
    n = len(now)
    for t in range(steps):
        rate = schedule(t)
        gradient = [0.0] * n
        for i in range(n):
            for j in range(n):
                gradient[i] += float(hessian[i][j]) * now[j]
        for i in range(n):
            now[i] -= rate * gradient[i]
        path.append(list(now))
    return _array(path)


def _times(step, decay_steps, staircase):
    if not staircase:
        return step / decay_steps
    count = 0
    while step >= decay_steps:
        step -= decay_steps
        count += 1
    return count


class ExponentialDecay:
    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.arguments = initial_learning_rate, decay_steps, decay_rate, staircase

    def __call__(self, step):
        initial, decay_steps, decay_rate, staircase = self.arguments
        if staircase:
            rate = initial
            for _ in range(_times(step, decay_steps, True)):
                rate *= decay_rate
            return rate
        per_step = decay_rate ** (1 / decay_steps)
        # Whole treads by multiplication, what is left by a power of one step's factor.
        rate = initial
        while step >= decay_steps:
            rate, step = rate * decay_rate, step - decay_steps
        return rate * per_step**step


def exponential_decay(initial_learning_rate, decay_epochs):
    return partial(_tenth, initial_learning_rate, decay_epochs)


def _tenth(initial, epochs, epoch):
    return initial / 10 ** (epoch / epochs)


class PowerDecay:
    def __init__(self, initial_learning_rate, decay_steps, power=1.0):
        self.initial, self.steps, self.power = initial_learning_rate, decay_steps, power

    def __call__(self, step):
        return self.initial * (self.steps / (self.steps + step)) ** self.power


class InverseTimeDecay:
    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial, self.steps, self.rate, self.stairs = initial_learning_rate, decay_steps, decay_rate, staircase

    def __call__(self, step):
        return self.initial / (1 + self.rate * _times(step, self.steps, self.stairs))


class PiecewiseConstantDecay:
    def __init__(self, boundaries, values):
        self.boundaries, self.values = tuple(boundaries), tuple(values)

    def __call__(self, step):
        passed = 0
        for boundary in self.boundaries:
            if step > boundary:
                passed += 1
        return self.values[passed]


class PolynomialDecay:
    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False):
        self.initial, self.end = initial_learning_rate, end_learning_rate
        self.steps, self.power, self.cycle = decay_steps, power, cycle

    def __call__(self, step):
        length = self.steps
        if self.cycle:
            while length < step:
                length += self.steps
        elif step > length:
            return self.end
        left = ((length - step) / length) ** self.power
        return self.initial * left + self.end * (1 - left)


class CosineDecay:
    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0):
        self.warm = warmup_target is not None
        self.w = warmup_steps if self.warm else 0
        self.low = initial_learning_rate
        self.high = warmup_target if self.warm else initial_learning_rate
        self.steps, self.alpha = decay_steps, alpha

    def __call__(self, step):
        from math import cos, pi

        if step < self.w:
            return (self.low * (self.w - step) + self.high * step) / self.w
        step -= self.w
        if step >= self.steps:
            return self.alpha * self.high
        half_angle = pi * step / self.steps / 2
        return self.high * (self.alpha + (1 - self.alpha) * cos(half_angle) ** 2)


class OneCycle:
    def __init__(
        self,
        max_learning_rate,
        total_steps,
        start_learning_rate=None,
        final_steps=None,
        final_learning_rate=None,
        max_momentum=0.95,
        min_momentum=0.85,
    ):
        if start_learning_rate is None:
            start_learning_rate = 0.1 * max_learning_rate
        if final_steps is None:
            final_steps = 1 + int(total_steps / 10)
        if final_learning_rate is None:
            final_learning_rate = 1e-3 * start_learning_rate
        self.start, self.top, self.final = start_learning_rate, max_learning_rate, final_learning_rate
        self.total, self.h = total_steps, (total_steps - final_steps) // 2
        self.heavy, self.light = max_momentum, min_momentum

    @staticmethod
    def _line(step, x0, y0, x1, y1):
        return y0 + (y1 - y0) * (step - x0) / (x1 - x0)

    def __call__(self, step):
        h = self.h
        if step < h:
            return self._line(step, 0, self.start, h, self.top)
        if step < 2 * h:
            return self._line(step, h, self.top, 2 * h, self.start)
        if step < self.total:
            return self._line(step, 2 * h, self.start, self.total, self.final)
        return self.final

    def momentum(self, step):
        if step >= 2 * self.h:
            return self.heavy
        if step > self.h:
            step = 2 * self.h - step
        return self._line(step, 0, self.heavy, self.h, self.light)


class ReduceLROnPlateau:
    def __init__(self, factor=0.1, patience=10, mode="min", min_delta=1e-4, cooldown=0, min_lr=0.0):
        self.sign = {"min": -1, "max": 1}[mode]
        self.factor, self.patience, self.min_delta, self.cooldown, self.min_lr = factor, patience, min_delta, cooldown, min_lr
        self.on_train_begin()

    def on_train_begin(self):
        self.wait, self.best, self.cooldown_counter = 0, None, 0

    def on_epoch_end(self, epoch, value, learning_rate):
        if self.cooldown_counter:
            self.wait = 0
            self.cooldown_counter -= 1
        if self.best is None or self.sign * value - self.min_delta > self.sign * self.best:
            self.best = value
            self.wait = 0
            return learning_rate
        if self.cooldown_counter:
            return learning_rate
        self.wait += 1
        if self.wait < self.patience or learning_rate <= self.min_lr:
            return learning_rate
        self.wait = 0
        self.cooldown_counter = self.cooldown
        new = learning_rate * self.factor
        if new < self.min_lr:
            new = self.min_lr
        return new
