"""Figures of gradient descent: a step and a sigmoid, the size of a step, a neuron that learns, scale, and what collapses."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import gradient_descent
from reference.figures import BLUE, COLOURS, GREEN, GREY, ORANGE, STYLES, legend_below, panels, zero_lines


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """The sigmoid: what a neuron with one input and the weight 1 answers."""
    return gradient_descent.predict_proba(z[:, None], np.ones(1), 0.0)


def step_functions() -> Figure:
    """Heaviside's step and the sigmoid, and the slopes of both, measured."""
    x = np.linspace(-4, 4, 160)  # without 0, where the step has no slope
    figure, ((left, right),) = panels(2, height=2.6)
    for function, name, colour, style in (
        (gradient_descent.heaviside, "step", ORANGE, "--"),
        (_sigmoid, "sigmoid", BLUE, "-"),
    ):
        for part in (x[x < 0], x[x > 0]):
            label = name if part[0] < 0 else None
            left.plot(part, function(part), style, color=colour, label=label)
            slope = gradient_descent.numerical_gradient(lambda z, f=function: float(f(z).sum()), part)
            right.plot(part, slope, style, color=colour)
    for axes, title in ((left, "value"), (right, "slope")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_ylim(-0.08, 1.12)
        axes.set_xticks([-4, 0, 4])
        axes.set_xlabel("x")
    legend_below(figure, left)
    return figure


def step_size() -> Figure:
    """Steps down the parabola (2w - 4)²: too small, right, too large."""
    figure, grid = panels(3, height=2.8, sharey=True)
    weights = np.linspace(-2.2, 6.2, 85)
    for axes, (title, rate, steps, colour) in zip(
        grid[0], (("too small", 0.005, 10, ORANGE), ("right", 0.1, 10, BLUE), ("too large", 0.262, 5, GREEN)), strict=True
    ):
        axes.plot(weights, gradient_descent.squared_error(weights, 2.0, 4.0), color=GREY, linewidth=1.2)
        path = gradient_descent.gradient_descent(
            lambda w: gradient_descent.squared_error_derivative(w, 2.0, 4.0), np.array([-0.5]), rate, steps
        )[:, 0]
        axes.plot(path, gradient_descent.squared_error(path, 2.0, 4.0), "-o", color=colour, linewidth=1.4, markersize=5)
        axes.set_title(f"{title}\n$\\eta = {rate}$")
        axes.set_xlabel("$w$")
        axes.set_xticks([-2, 2, 6])
        axes.set_ylim(-3, 66)
    grid[0, 0].set_ylabel("error")
    return figure


def logistic() -> Figure:
    """A neuron with one input on 40 examples: its probability before training, after 5 steps and after 200."""
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(-1.2, 1.0, 20), rng.normal(1.4, 1.0, 20)])[:, None]
    y = np.repeat([0.0, 1.0], 20)
    line = np.linspace(-4, 4, 81)[:, None]
    weights, bias = np.zeros(1), 0.0
    figure, ((axes,),) = panels(height=2.9)
    for step in range(201):
        if step in (0, 5, 200):
            which = (0, 5, 200).index(step)
            label = "at first" if step == 0 else f"{step} steps"
            probability = gradient_descent.predict_proba(line, weights, bias)
            axes.plot(line[:, 0], probability, linestyle=STYLES[2 - which], color=COLOURS[2 - which], label=label)
        weights, bias = gradient_descent.train_step(x, y, weights, bias, 0.02)
    axes.plot(x[:, 0], y, "o", color=GREY, markersize=4, alpha=0.8)
    axes.set_xlabel("input")
    axes.set_title("probability of the label 1")
    axes.set_yticks([0, 0.5, 1])
    legend_below(figure, axes, columns=3)
    return figure


def standardized() -> Figure:
    """The squared error of a neuron with two weights, before and after its inputs are standardized, each with 12 steps."""
    rng = np.random.default_rng(4)
    raw = np.column_stack([rng.normal(0.0, 3.0, 100), rng.normal(0.0, 0.8, 100)])
    targets = raw @ np.array([0.5, 1.875])
    scaled = gradient_descent.standardize(raw, *gradient_descent.mean_and_std(raw))
    figure, grid = panels(2, height=3.0)
    for axes, (title, x, rate, reach) in zip(
        grid[0], (("as they came", raw, 0.1, 3.4), ("standardized", scaled, 0.3, 3.4)), strict=True
    ):
        best = np.linalg.lstsq(x, targets, rcond=None)[0].round(6)  # rounded: the last digits depend on the processor
        across, up = np.meshgrid(best[0] + np.linspace(-reach, reach, 60), best[1] + np.linspace(-reach, reach, 60))
        errors = (
            np.mean((x @ np.array([across.ravel(), up.ravel()]) - targets[:, None]) ** 2, axis=0)
            .round(6)
            .reshape(across.shape)
        )
        axes.contour(across, up, errors, levels=[0.1, 0.6, 2, 5, 12, 25], colors=GREY, linewidths=0.7, alpha=0.6)
        start = best + np.array([-1.0, -2.6]) if title == "as they came" else best + np.array([-2.6, -2.0])
        path = gradient_descent.gradient_descent(lambda w, x=x: 2 * x.T @ (x @ w - targets) / len(x), start, rate, 12)
        axes.plot(*path.T, "-o", color=ORANGE if x is raw else BLUE, linewidth=1.4, markersize=4)
        axes.plot(*best, "+", color=GREEN, markersize=12, markeredgewidth=2)
        axes.set_title(title)
        axes.set_xlabel("$w_1$")
        axes.set_aspect("equal")
    grid[0, 0].set_ylabel("$w_2$")
    return figure


def collapse() -> Figure:
    """Two layers of four units: without an activation between them one line, with a sigmoid between them not."""
    rng = np.random.default_rng(12)
    first, second = rng.normal(0.0, 2.5, (1, 4)), rng.normal(0.0, 2.5, (4, 1))
    x = np.linspace(-2, 2, 81)[:, None]
    figure, grid = panels(2, height=2.7)
    straight = x @ gradient_descent.collapse([first, second])
    bent = _sigmoid((x @ first).ravel()).reshape(-1, 4) @ second
    grid[0, 0].plot(x[:, 0], (x @ first @ second)[:, 0], "-", color=BLUE, label="two layers")
    grid[0, 0].plot(x[::8, 0], straight[::8, 0], "o", color=ORANGE, label="one layer")
    grid[0, 1].plot(x[:, 0], bent[:, 0], "-", color=BLUE)
    line = np.polynomial.Polynomial.fit(x[:, 0], bent[:, 0], 1)
    grid[0, 1].plot(x[::8, 0], line(x[::8, 0]), "o", color=ORANGE)
    for axes, title in zip(grid[0], ("linear", "with a sigmoid between"), strict=True):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xlabel("x")
    legend_below(figure, grid[0, 0])
    return figure
