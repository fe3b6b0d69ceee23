"""Figures of the optimizers: paths down a valley, sizes of steps, and momentum in its forms."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import optimizers
from reference.figures import BLUE, COLOURS, GREEN, GREY, ORANGE, PURPLE, STYLES, legend_below, panels

CURVATURE = np.array([0.08, 2.0])  # a valley: shallow along the first axis, steep along the second
START = np.array([-8.0, 2.0])


def _path(optimizer: optimizers.Optimizer, steps: int) -> np.ndarray:
    """Where an optimizer goes on the valley ``sum(CURVATURE * w**2) / 2``."""
    place = START.copy()
    path = [place.copy()]
    for _ in range(steps):
        optimizer.apply([CURVATURE * place], [place])
        path.append(place.copy())
    return np.array(path)


def _steps(optimizer: optimizers.Optimizer, gradients: np.ndarray) -> np.ndarray:
    """The sizes of an optimizer's steps under these gradients, in learning rates."""
    place = np.zeros(1)
    path = [0.0]
    for gradient in gradients:
        optimizer.apply([np.array([gradient])], [place])
        path.append(float(place[0]))
    return -np.diff(path) / optimizer.learning_rate


def valley() -> Figure:
    """Thirty steps of six rules down one valley."""
    rules = (
        ("SGD", optimizers.SGD(0.9)),
        ("momentum", optimizers.SGD(0.2, momentum=0.9)),
        ("Nesterov", optimizers.SGD(0.2, momentum=0.9, nesterov=True)),
        ("Adagrad", optimizers.Adagrad(0.8)),
        ("RMSprop", optimizers.RMSprop(0.3)),
        ("Adam", optimizers.Adam(0.4)),
    )
    figure, grid = panels(2, 3, height=5.2, sharex=True, sharey=True)
    across, up = np.meshgrid(np.linspace(-9, 4, 80), np.linspace(-2.6, 2.6, 60))
    height = (CURVATURE[0] * across**2 + CURVATURE[1] * up**2) / 2
    for axes, (name, rule) in zip(grid.flat, rules, strict=True):
        axes.contour(across, up, height, levels=[0.05, 0.4, 1.2, 2.6, 4.5], colors=GREY, linewidths=0.7, alpha=0.55)
        path = _path(rule, 30)
        axes.plot(*path.T, "-", color=BLUE, linewidth=1.4)
        axes.plot(*path.T, "o", color=BLUE, markersize=2.6)
        axes.plot(*path[-1], "s", color=ORANGE, markersize=6)
        axes.plot(0, 0, "+", color=GREEN, markersize=11, markeredgewidth=2)
        axes.set_title(name)
        axes.set_xlim(-9, 4)
        axes.set_ylim(-2.6, 2.6)
        axes.set_xticks([-8, -4, 0, 4])
        axes.set_yticks([-2, 0, 2])
    return figure


def constant_gradient() -> Figure:
    """The steps of SGD and its two kinds of momentum under a gradient that stays 1."""
    gradients = np.ones(30)
    figure, ((axes,),) = panels(height=2.8)
    rules = (
        ("Nesterov", optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
        ("momentum 0.9", optimizers.SGD(0.1, momentum=0.9)),
        ("SGD", optimizers.SGD(0.1)),
    )
    for (name, rule), colour, style in zip(rules, COLOURS, STYLES, strict=False):
        axes.plot(np.arange(1, 31), _steps(rule, gradients), linestyle=style, color=colour, label=name)
    axes.axhline(10.0, color=GREY, linewidth=1, linestyle=":")
    axes.set_ylim(0, 10.8)
    axes.set_xlabel("step")
    axes.set_title("size of the step, in learning rates")
    legend_below(figure, axes, columns=3)
    return figure


def adaptive_steps() -> Figure:
    """The steps of the rules that divide by past gradients, before and after the gradient falls to a tenth."""
    gradients = np.where(np.arange(120) < 60, 1.0, 0.1)
    rules = (("Adagrad", optimizers.Adagrad(0.1)), ("RMSprop", optimizers.RMSprop(0.1)), ("Adam", optimizers.Adam(0.1)))
    figure, ((axes,),) = panels(height=3.0)
    for (name, rule), colour, style in zip(rules, COLOURS, STYLES, strict=False):
        axes.semilogy(np.arange(1, 121), _steps(rule, gradients), linestyle=style, color=colour, label=name)
    axes.axvline(60.5, color=GREY, linewidth=1, linestyle=":")
    axes.text(62, 2.2, "gradient 0.1", va="center")
    axes.text(58, 2.2, "gradient 1", va="center", ha="right")
    axes.set_yticks([0.01, 0.1, 1])
    axes.set_xlabel("step")
    axes.set_title("size of the step, in learning rates")
    legend_below(figure, axes, columns=3)
    return figure


def adam_first_steps() -> Figure:
    """Adam's first steps under a constant gradient, as they are and as they would be without the correction."""
    count = np.arange(1, 41)
    adam = optimizers.Adam(0.1)
    steps = _steps(adam, np.ones(40))
    raw = steps * (1 - adam.beta_1**count) / np.sqrt(1 - adam.beta_2**count)  # the correction taken back
    figure, ((axes,),) = panels(height=2.8)
    axes.plot(count, steps, "-", color=BLUE, label="Adam")
    axes.plot(count, raw, "--", color=ORANGE, label="without the correction")
    axes.plot(count[:3], raw[:3], "o", color=ORANGE)
    axes.set_ylim(0, 7.5)
    axes.set_xlabel("step")
    axes.set_title("size of the step, in learning rates")
    legend_below(figure, axes)
    return figure


def weight_decay() -> Figure:
    """Two weights with gradients of mean 0, one loud and one quiet, under AdamW and under an L2 penalty in Adam's gradient."""
    decay, steps = 0.5, 300
    noise = np.random.default_rng(6).standard_normal((steps, 2)) * np.array([3.0, 0.1])
    figure, grid = panels(2, height=2.8, sharey=True)
    for axes, title in zip(grid[0], ("L2 penalty in Adam", "AdamW"), strict=True):
        rule = optimizers.Adam(0.01) if title != "AdamW" else optimizers.AdamW(0.01, weight_decay=decay)
        weights = np.array([1.0, 1.0])
        path = [weights.copy()]
        for gradient in noise:
            rule.apply([gradient if title == "AdamW" else gradient + decay * weights], [weights])
            path.append(weights.copy())
        for entry, (colour, style, label) in enumerate(((BLUE, "-", "large gradients"), (ORANGE, "--", "small gradients"))):
            axes.plot(np.array(path)[:, entry], style, color=colour, label=label)
        axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
        axes.set_title(title)
        axes.set_xlabel("step")
    grid[0, 0].set_ylabel("weight")
    legend_below(figure, grid[0, 0])
    return figure


def momentum_forms() -> Figure:
    """Velocity and accumulator on one bowl: at a constant learning rate, and where it falls to a tenth."""
    steps = 40
    bowl, b, start = np.array([[1.0]]), np.array([0.0]), np.array([1.0])
    schedules = {
        "constant rate": np.full(steps, 0.1),
        "a tenth from step 8 on": np.where(np.arange(steps) < 8, 0.1, 0.01),
    }
    figure, grid = panels(2, height=2.8, sharey=True)
    for axes, (title, rates) in zip(grid[0], schedules.items(), strict=True):
        velocity = optimizers.velocity_momentum(start, bowl, b, rates)
        accumulator = optimizers.accumulator_momentum(start, bowl, b, rates)
        axes.plot(velocity[:, 0], "-", color=BLUE, label="velocity (Keras)")
        axes.plot(accumulator[:, 0], "--", color=ORANGE, label="accumulator")
        axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
        if "tenth" in title:
            axes.axvline(8, color=GREY, linewidth=1, linestyle=":")
        axes.set_title(title)
        axes.set_xlabel("step")
    grid[0, 0].set_ylabel(r"$\theta$")
    legend_below(figure, grid[0, 0])
    return figure


def sparse_weights() -> Figure:
    """Five weights under Ftrl without and with an L1 strength: which of them are exactly 0."""
    rng = np.random.default_rng(8)
    x = rng.standard_normal((200, 5))
    true = np.array([2.0, -1.0, 0.2, 0.0, -0.05])
    y = (x @ true + 0.3 * rng.standard_normal(200))[:, None]
    figure, grid = panels(2, height=2.8, sharey=True)
    for axes, strength in zip(grid[0], (0.0, 20.0), strict=True):
        kernel, path = np.zeros((5, 1)), []
        rule = optimizers.Ftrl(0.5, l1_regularization_strength=strength)
        for _ in range(100):
            rule.apply([x.T @ (x @ kernel - y) / len(x)], [kernel])
            path.append(kernel[:, 0].copy())
        for entry, weights in enumerate(np.array(path).T):
            axes.plot(weights, linestyle=STYLES[entry], color=(*COLOURS[:3], PURPLE, GREY)[entry])
        zeros = int((path[-1] == 0).sum())
        axes.set_title(rf"$\lambda_1 = {strength:.0f}$: {zeros} of 5 are 0")
        axes.set_xlabel("step")
    grid[0, 0].set_ylabel("weight")
    return figure
