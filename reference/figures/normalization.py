"""Figures of normalization: along which axis, before and after, and how the moving statistics follow."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reference import normalization
from reference.figures import BLUE, COLOURS, GREEN, GREY, ORANGE, STYLES, legend_below, panels, zero_lines


def axes_of_normalization() -> Figure:
    """Which entries of a batch share a mean and a variance: a column in batch normalization, a row in layer normalization."""
    figure, grid = panels(2, height=2.9)
    for axes, title, colour in zip(grid[0], ("batch norm", "layer norm"), (BLUE, ORANGE), strict=True):
        for i, j in np.ndindex(5, 4):
            together = j == 1 if title == "batch norm" else i == 1
            axes.add_patch(Rectangle((j, -i), 1, 1, facecolor=colour if together else "none", alpha=0.55, edgecolor="none"))
            axes.add_patch(Rectangle((j, -i), 1, 1, facecolor="none", edgecolor=GREY, linewidth=0.9))
        axes.set_title(title)
        axes.text(2, -4.25, "features", ha="center", va="top")
        axes.text(-0.2, -1.5, "batch", ha="right", va="center", rotation=90)
        axes.set_xlim(-0.9, 4.1)
        axes.set_ylim(-5.0, 1.1)
        axes.set_aspect("equal")
        axes.set_axis_off()
    return figure


def before_and_after() -> Figure:
    """A batch of two features of unlike size and place, before and after batch normalization."""
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(6.0, 3.0, 120), rng.normal(-3.0, 0.7, 120)])
    y = normalization.BatchNormalization().forward(x, training=True)
    figure, grid = panels(2, height=2.3, sharex=True, sharey=True)
    for axes, (title, points, colour) in zip(grid[0], (("before", x, ORANGE), ("after", y, BLUE)), strict=True):
        zero_lines(axes)
        axes.plot(*points.T, "o", color=colour, markersize=3.5, alpha=0.8, markeredgewidth=0)
        axes.set_title(title)
        axes.set_xlabel("feature 1")
        axes.set_aspect("equal")
        axes.set_xlim(-4, 14)
        axes.set_ylim(-6, 4)
        axes.set_xticks([0, 5, 10])
        axes.set_yticks([-5, 0])
    grid[0, 0].set_ylabel("feature 2")
    return figure


def moving_statistics() -> Figure:
    """How the moving mean follows batches whose mean is 4, for three momenta."""
    rng = np.random.default_rng(2)
    batches = [rng.normal(4.0, 2.0, (16, 1)) for _ in range(200)]
    figure, grid = panels(2, height=2.9)
    for momentum, colour, style in ((0.5, GREEN, ":"), (0.9, ORANGE, "--"), (0.99, BLUE, "-")):
        layer = normalization.BatchNormalization(momentum=momentum)
        means, variances = [0.0], [1.0]
        for batch in batches:
            layer.forward(batch, training=True)
            means.append(float(layer.state["moving_mean"][0]))
            variances.append(float(layer.state["moving_variance"][0]))
        grid[0, 0].plot(means, style, color=colour, linewidth=1.6, label=f"{momentum}")
        grid[0, 1].plot(variances, style, color=colour, linewidth=1.6)
    for axes, title in zip(grid[0], ("moving mean", "moving variance"), strict=True):
        axes.axhline(4.0, color=GREY, linewidth=1, linestyle="-", alpha=0.7)
        axes.set_title(title)
        axes.set_xlabel("training step")
        axes.set_ylim(0, 7.2)
    legend_below(figure, grid[0, 0], columns=3)
    return figure


def weight_normalization() -> Figure:
    """The gradient for v stands at a right angle to v, wherever the upstream gradient points."""
    v, g = np.array([[1.5], [2.0]]), np.array([2.0])
    figure, ((axes,),) = panels(height=3.0)
    zero_lines(axes)
    vectors = [(v[:, 0], "v", BLUE)]
    for upstream, colour in ((np.array([[2.0], [0.4]]), ORANGE), (np.array([[-1.2], [1.6]]), GREEN)):
        dv, _ = normalization.weight_norm_backward(v, g, upstream)
        axes.quiver(*v[:, 0], *upstream[:, 0], angles="xy", scale_units="xy", scale=1, color=colour, width=0.006, alpha=0.75)
        axes.quiver(*v[:, 0], *dv[:, 0], angles="xy", scale_units="xy", scale=1, color=colour, width=0.014)
        tip = v[:, 0] + upstream[:, 0]
        axes.text(*(tip + np.array([0.08, 0.08])), "$u$", color=colour, va="bottom")
        end = v[:, 0] + dv[:, 0]
        axes.text(*(end + np.array([-0.12, -0.12])), r"$\partial v$", color=colour, va="top", ha="right")
    for vector, name, colour in vectors:
        axes.quiver(0, 0, *vector, angles="xy", scale_units="xy", scale=1, color=colour, width=0.01)
        axes.text(*(vector / 2 + np.array([-0.1, 0.15])), f"${name}$", color=colour, ha="right")
    across = np.array([-2.0, 1.5]) / 2.5
    line = v[:, 0] + np.outer([-1.9, 1.9], across)
    axes.plot(*line.T, ":", color=GREY, linewidth=1.2)
    axes.set_aspect("equal")
    axes.set_xlim(-0.6, 4.2)
    axes.set_ylim(-0.4, 4.2)
    axes.set_axis_off()
    return figure


def folding() -> Figure:
    """A dense layer with a batch norm, and the one dense layer that it folds into: the same line."""
    rng = np.random.default_rng(3)
    kernel = np.array([[1.0, -0.6, 0.4]])
    layer = normalization.BatchNormalization(momentum=0.8)
    layer.build((None, 3))
    layer.parameters["gamma"][...] = [1.5, 0.8, 2.0]
    layer.parameters["beta"][...] = [0.5, -0.5, 1.0]
    for _ in range(40):
        layer.forward(rng.normal(1.0, 2.0, (32, 1)) @ kernel, training=True)
    vectors = (*layer.parameters.values(), *layer.state.values())
    folded, bias = normalization.fold_batch_norm(kernel, *vectors, epsilon=layer.epsilon)
    x = np.linspace(-4, 6, 9)[:, None]
    figure, ((axes,),) = panels(height=2.8)
    zero_lines(axes)
    apart, together = layer.forward(x @ kernel), x @ folded + bias
    for unit in range(3):
        axes.plot(x[:, 0], together[:, unit], linestyle=STYLES[unit], color=COLOURS[unit], label=f"unit {unit + 1}")
        axes.plot(x[:, 0], apart[:, unit], "o", color=COLOURS[unit], markerfacecolor="none", markersize=8)
    axes.set_xlabel("input")
    legend_below(figure, axes, columns=3)
    return figure
