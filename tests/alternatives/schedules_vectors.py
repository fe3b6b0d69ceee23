"""Schedules with NumPy throughout: logarithms, searchsorted, interpolation, arrays of corners, generators of state."""

import numpy as np


class ListedRates:
    def __init__(self, rates):
        self.rates = rates

    def __call__(self, step):
        return self.rates[min(step, len(self.rates) - 1)]


def learning_rates(schedule, steps, steps_per_epoch=1):
    epochs = -(-steps // steps_per_epoch)
    by_epoch = np.fromiter(map(schedule, range(epochs)), dtype=float, count=epochs)
    return np.repeat(by_epoch, steps_per_epoch)[:steps]


def scheduled_descent(theta, hessian, schedule, steps):
    path = np.empty((steps + 1, theta.size))
    path[0] = theta
    for t, rate in enumerate(learning_rates(schedule, steps)):
        step_matrix = np.eye(theta.size) - rate * hessian
        np.einsum("ij,j->i", step_matrix, path[t], out=path[t + 1])
    return path


class _Schedule:
    def __init__(self, *arguments, **keywords):
        names = list(self.defaults)
        settings = dict(self.defaults)
        settings.update(zip(names, arguments))
        settings.update(keywords)
        self.__dict__.update(settings)


class _Decay(_Schedule):
    defaults = {"initial_learning_rate": None, "decay_steps": None, "decay_rate": None, "staircase": False}

    def time(self, step):
        t = np.true_divide(step, self.decay_steps)
        return np.floor(t) if self.staircase else t


class ExponentialDecay(_Decay):
    def __call__(self, step):
        return np.exp(np.log(self.initial_learning_rate) + self.time(step) * np.log(self.decay_rate))


class InverseTimeDecay(_Decay):
    def __call__(self, step):
        return np.reciprocal(1 / self.initial_learning_rate + self.decay_rate / self.initial_learning_rate * self.time(step))


def exponential_decay(initial_learning_rate, decay_epochs):
    return ExponentialDecay(initial_learning_rate, decay_epochs, 0.1)


class PowerDecay(_Schedule):
    defaults = {"initial_learning_rate": None, "decay_steps": None, "power": 1.0}

    def __call__(self, step):
        return self.initial_learning_rate * np.exp(-self.power * np.log1p(step / self.decay_steps))


class PiecewiseConstantDecay(_Schedule):
    defaults = {"boundaries": None, "values": None}

    def __call__(self, step):
        return np.array(self.values)[np.searchsorted(self.boundaries, step, side="left")]


class PolynomialDecay(_Schedule):
    defaults = {
        "initial_learning_rate": None,
        "decay_steps": None,
        "end_learning_rate": 1e-4,
        "power": 1.0,
        "cycle": False,
    }

    def __call__(self, step):
        cycles = np.maximum(1, -(-step // self.decay_steps)) if self.cycle else 1
        left = np.clip(1 - step / (cycles * self.decay_steps), 0, 1)
        return np.float64(
            self.end_learning_rate + np.power(left, self.power) * (self.initial_learning_rate - self.end_learning_rate)
        )


class CosineDecay(_Schedule):
    defaults = {
        "initial_learning_rate": None,
        "decay_steps": None,
        "alpha": 0.0,
        "warmup_target": None,
        "warmup_steps": 0,
    }

    def __call__(self, step):
        peak, start = (
            (self.initial_learning_rate, 0) if self.warmup_target is None else (self.warmup_target, self.warmup_steps)
        )
        if step < start:
            return np.interp(step, [0, start], [self.initial_learning_rate, peak])
        angle = np.linspace(0, np.pi, self.decay_steps + 1)[min(step - start, self.decay_steps)]
        mean, swing = peak * (1 + self.alpha) / 2, peak * (1 - self.alpha) / 2
        return mean + swing * np.cos(angle)


class OneCycle(_Schedule):
    defaults = {
        "max_learning_rate": None,
        "total_steps": None,
        "start_learning_rate": None,
        "final_steps": None,
        "final_learning_rate": None,
        "max_momentum": 0.95,
        "min_momentum": 0.85,
    }

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        if self.start_learning_rate is None:
            self.start_learning_rate = self.max_learning_rate / 10.0
        self.final_steps = self.final_steps or self.total_steps // 10 + 1
        if self.final_learning_rate is None:
            self.final_learning_rate = self.start_learning_rate / 1000.0
        half = (self.total_steps - self.final_steps) // 2
        up = np.linspace(self.start_learning_rate, self.max_learning_rate, half + 1)
        tail = np.linspace(self.start_learning_rate, self.final_learning_rate, self.total_steps - 2 * half + 1)
        self.rates = np.concatenate([up, up[-2::-1], tail[1:]])
        down = np.linspace(self.max_momentum, self.min_momentum, half + 1)
        self.momenta = np.concatenate([down, down[-2::-1]])

    def __call__(self, step):
        return self.rates[min(step, len(self.rates) - 1)]

    def momentum(self, step):
        return self.momenta[min(step, len(self.momenta) - 1)]


class ReduceLROnPlateau(_Schedule):
    """Keeps the number of epochs in a small state machine and compares by the distance to the best."""

    defaults = {"factor": 0.1, "patience": 10, "mode": "min", "min_delta": 1e-4, "cooldown": 0, "min_lr": 0.0}

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.on_train_begin()

    def on_train_begin(self):
        self.best = None
        self.state = np.zeros(2, dtype=int)

    @property
    def wait(self):
        return int(self.state[0])

    @property
    def cooldown_counter(self):
        return int(self.state[1])

    def on_epoch_end(self, epoch, value, learning_rate):
        wait, cooling = self.state
        if cooling:
            wait, cooling = 0, cooling - 1
        gain = np.inf if self.best is None else (self.best - value if self.mode == "min" else value - self.best)
        if gain > self.min_delta:
            self.best, wait = value, 0
        elif cooling == 0:
            wait += 1
            if wait >= self.patience and learning_rate > self.min_lr:
                learning_rate = np.maximum(self.min_lr, self.factor * learning_rate)
                wait, cooling = 0, self.cooldown
        self.state = np.array([wait, cooling])
        return learning_rate
