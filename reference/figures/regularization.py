"""Figures of regularization: penalties, clipping, what dropout does to a unit, how sure a prediction is, and when to stop."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import regularization
from reference.figures import BLUE, COLOURS, GREEN, GREY, ORANGE, STYLES, legend_below, panels, zero_lines


def penalties() -> Figure:
    """Three weights that nothing but a penalty moves: L1 takes off the same at every step, L2 the same share."""
    figure, grid = panels(2, height=2.6, sharey=True)
    rules = (("L1", lambda w: regularization.l1_gradient(w, 0.2)), ("L2", lambda w: regularization.l2_gradient(w, 0.2)))
    for axes, (title, gradient) in zip(grid[0], rules, strict=True):
        weights, path = np.array([1.0, 0.6, 0.2]), []
        for _ in range(61):
            path.append(weights)
            moved = weights - 0.1 * gradient(weights)
            weights = np.where(np.abs(moved) < 1e-9, 0.0, moved)  # 50 steps of 0.02 leave rounding, not 0
        for entry, values in enumerate(np.array(path).T):
            axes.plot(values, linestyle=STYLES[entry], color=COLOURS[entry])
        axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
        axes.set_title(title)
        axes.set_xlabel("step")
    grid[0, 0].set_ylabel("weight")
    return figure


def clipping() -> Figure:
    """One gradient of two entries, clipped by value and by norm."""
    gradient = np.array([4.0, 1.5])
    answers = (
        ("by value", regularization.clip_by_value([gradient], 2.0)[0], ORANGE),
        ("by norm", regularization.clip_by_norm([gradient], 2.0)[0], GREEN),
    )
    figure, grid = panels(2, height=2.6, sharey=True)
    angle = np.linspace(0, 2 * np.pi, 200)
    for axes, (title, clipped, colour) in zip(grid[0], answers, strict=True):
        zero_lines(axes)
        if title == "by norm":
            axes.plot(2 * np.cos(angle), 2 * np.sin(angle), ":", color=GREY, linewidth=1.2)
        else:
            axes.plot([-2, 2, 2, -2, -2], [-2, -2, 2, 2, -2], ":", color=GREY, linewidth=1.2)
        for vector, shade, width in ((gradient, BLUE, 0.02), (clipped, colour, 0.03)):
            axes.quiver(0, 0, *vector, angles="xy", scale_units="xy", scale=1, color=shade, width=width)
        axes.text(3.3, 1.65, "before", color=BLUE, ha="center", va="bottom", fontsize=11)
        axes.text(0.85, 0.95, "after", color=colour, ha="right", va="bottom", fontsize=11)
        axes.set_title(title)
        axes.set_xlim(-2.3, 4.3)
        axes.set_ylim(-2.3, 2.3)
        axes.set_aspect("equal")
        axes.set_xticks([-2, 0, 2, 4])
        axes.set_yticks([-2, 0, 2])
    return figure


def dropout() -> Figure:
    """Mean and standard deviation of a unit behind dropout on its 100 inputs, by the rate: scaled and not."""
    rates = np.linspace(0.0, 0.9, 10)
    x = np.ones((4000, 100))
    weights = np.full(100, 0.01)
    outputs = {"scaled": [], "not scaled": []}
    for rate in rates:
        unit = regularization.Dropout(rate, np.random.default_rng(1)).forward(x, training=True) @ weights
        outputs["scaled"].append(unit)
        outputs["not scaled"].append(unit * (1.0 - rate))
    figure, grid = panels(2, height=2.8)
    for (label, found), colour, style, marker in zip(outputs.items(), (BLUE, ORANGE), ("-", "--"), "os", strict=True):
        grid[0, 0].plot(rates, np.mean(found, axis=1), style, marker=marker, color=colour, label=label)
        grid[0, 1].plot(rates, np.std(found, axis=1), style, marker=marker, color=colour)
    grid[0, 0].axhline(1.0, color=GREY, linewidth=1, linestyle=":")
    grid[0, 0].set_title("mean of the unit")
    grid[0, 1].set_title("standard deviation")
    grid[0, 0].set_ylim(0, 1.15)
    grid[0, 1].set_ylim(0, None)
    for axes in grid[0]:
        axes.set_xlabel("rate")
        axes.set_xticks([0, 0.3, 0.6, 0.9])
    legend_below(figure, grid[0, 0])
    return figure


def alpha_dropout() -> Figure:
    """Standardized numbers after ordinary and after alpha dropout at rate 0.2."""
    x = np.random.default_rng(2).standard_normal((400, 100))
    figure, grid = panels(2, height=2.6, sharey=True, sharex=True)
    for axes, name, colour in zip(grid[0], ("Dropout", "AlphaDropout"), (ORANGE, BLUE), strict=True):
        y = getattr(regularization, name)(0.2, np.random.default_rng(3)).forward(x, training=True)
        axes.hist(y.ravel(), bins=np.linspace(-4, 4, 49), color=colour, histtype="stepfilled", alpha=0.7)
        axes.set_title(name)
        axes.set_yticks([])
        axes.set_ylim(0, 9900)
        axes.spines["left"].set_visible(False)
        told = f"mean {abs(y.mean()):.2f}\nstd {y.std():.2f}"
        axes.text(0.98, 0.84, told, transform=axes.transAxes, ha="right", va="center", fontsize=11)
    return figure


def mc_dropout() -> Figure:
    """Mean and spread of 100 passes through a linear model with dropout on its two inputs, x and 1, with the closed form."""
    line = np.linspace(-3, 3, 61)
    inputs = np.column_stack([line, np.ones_like(line)])
    kernel, rate = np.array([[1.0], [0.8]]), 0.2
    mean, std = regularization.mc_dropout(inputs, kernel, np.zeros(1), rate, 100, np.random.default_rng(5))
    mean, std = mean[:, 0], std[:, 0]
    exact = (inputs @ kernel)[:, 0]
    spread = np.sqrt(rate / (1 - rate) * (inputs**2 @ kernel**2))[:, 0]
    figure, ((axes,),) = panels(height=2.9)
    zero_lines(axes)
    axes.fill_between(line, mean - std, mean + std, color=BLUE, alpha=0.3, linewidth=0, label="mean ± std")
    axes.plot(line, mean, color=BLUE, label="mean")
    axes.plot(line, exact - spread, "--", color=ORANGE, linewidth=1.5, label="closed form")
    axes.plot(line, exact + spread, "--", color=ORANGE, linewidth=1.5)
    axes.set_xlabel("x")
    legend_below(figure, axes, columns=3)
    return figure


def early_stopping() -> Figure:
    """A validation loss that falls and rises again: the best epoch, and where training stops with a patience of 5."""
    epochs = np.arange(26)
    rng = np.random.default_rng(6)
    training = 0.9 * np.exp(-epochs / 7) + 0.06
    validation = 0.8 * np.exp(-epochs / 4) + 0.3 + 0.0006 * epochs**2 + 0.012 * rng.standard_normal(26)
    stopping = regularization.EarlyStopping(patience=5)
    stopped = next(int(epoch) for epoch in epochs if stopping.on_epoch_end(int(epoch), float(validation[epoch])))
    figure, ((axes,),) = panels(height=2.9)
    axes.plot(epochs, training, "--", color=GREEN, label="training")
    axes.plot(epochs, validation, "-", color=BLUE, label="validation")
    best = stopping.best_epoch
    axes.plot(best, validation[best], "o", color=ORANGE, markersize=9)
    axes.annotate("best", (best, validation[best]), xytext=(best, validation[best] + 0.16), ha="center", color=ORANGE)
    axes.axvline(stopped, color=GREY, linewidth=1.2, linestyle=":")
    axes.text(stopped + 0.4, 0.95, "stop", va="center")
    axes.set_ylim(0, 1.15)
    axes.set_xlabel("epoch")
    axes.set_title("loss")
    legend_below(figure, axes)
    return figure
