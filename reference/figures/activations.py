"""Figures of the activations: value and derivative side by side, softmax, and what a deep chain lets through."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reference import activations
from reference.figures import BLUE, GREEN, GREY, ORANGE, STYLES, legend_below, panels, zero_lines

X = np.linspace(-4.0, 4.0, 161)
LEFT, RIGHT = X[X < 0], X[X > 0]


def _derivative(axes: Axes, function: Callable[[np.ndarray], np.ndarray], jump: bool) -> None:
    """A derivative; at a jump the line is interrupted, and a dot shows the convention at 0."""
    if not jump:
        axes.plot(X, function(X), STYLES[1], color=ORANGE)
        return
    for side in (LEFT, RIGHT):
        axes.plot(side, function(side), STYLES[1], color=ORANGE)
    axes.plot([0.0], function(np.zeros(1)), "o", color=ORANGE)


def _side_by_side(name: str, formula: str, jump: bool = False) -> Figure:
    """An activation on the left, its derivative on the right."""
    value, derivative = getattr(activations, name), getattr(activations, f"{name}_derivative")
    figure, ((left, right),) = panels(2, height=2.2)
    left.plot(X, value(X), color=BLUE)
    _derivative(right, derivative, jump)
    for axes in (left, right):
        zero_lines(axes)
        axes.set_xticks([-4, -2, 0, 2, 4])
        axes.set_xlabel("x")
    left.set_title(formula)
    right.set_title("its derivative")
    right.set_ylim(-0.08, max(1.12, right.get_ylim()[1]))
    return figure


def gallery() -> Figure:
    """All activations of one number, each with its derivative."""
    names = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus")
    figure, grid = panels(3, 3, height=5.0, sharex=True, sharey=True)
    for axes, name in zip(grid.flat, names, strict=False):
        zero_lines(axes)
        axes.plot(X, getattr(activations, name)(X), color=BLUE, label="value")
        _derivative(axes, getattr(activations, f"{name}_derivative"), jump=name in ("relu", "leaky_relu", "selu"))
        axes.set_title(name)
        axes.set_ylim(-2.0, 3.0)
        axes.set_xticks([-4, 0, 4])
    last = grid[2, 2]
    last.set_axis_off()
    last.plot([], [], color=BLUE, label="value")
    last.plot([], [], STYLES[1], color=ORANGE, label="derivative")
    last.legend(loc="center")
    return figure


def sigmoid() -> Figure:
    """The sigmoid and its derivative, whose height is marked."""
    figure = _side_by_side("sigmoid", "sigmoid")
    right = figure.axes[1]
    right.axhline(0.25, color=GREY, linewidth=1, linestyle=":")
    right.text(-4.0, 0.33, "never above 0.25")
    return figure


def tanh() -> Figure:
    """Tanh and its derivative."""
    return _side_by_side("tanh", "tanh")


def relu() -> Figure:
    """The ReLU and its derivative, with the convention at 0."""
    return _side_by_side("relu", "relu", jump=True)


def leaky_relu() -> Figure:
    """The leaky ReLU and its derivative, with the convention at 0."""
    return _side_by_side("leaky_relu", "leaky_relu, slope 0.2", jump=True)


def elu() -> Figure:
    """The ELU for two values of alpha."""
    figure, ((left, right),) = panels(2, height=2.5)
    for alpha, colour, style in ((1.0, BLUE, "-"), (2.0, ORANGE, "--")):
        left.plot(X, activations.elu(X, alpha), style, color=colour, label=rf"$\alpha = {alpha:.0f}$")
        for side in (LEFT, RIGHT):
            right.plot(side, activations.elu_derivative(side, alpha), style, color=colour)
        right.plot([0.0], activations.elu_derivative(np.zeros(1), alpha), "o", color=colour)
    for axes, title in ((left, "elu"), (right, "its derivative")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xticks([-4, -2, 0, 2, 4])
        axes.set_xlabel("x")
    legend_below(figure, left)
    return figure


def selu() -> Figure:
    """What twenty layers do to mean and standard deviation: SELU with LeCun's weights, against the ReLU with the same."""
    rng = np.random.default_rng(3)
    width, depth = 200, 20
    kernels = [rng.normal(0.0, width**-0.5, (width, width)) for _ in range(depth)]
    figure, ((left, right),) = panels(2, height=2.5)
    for name, colour, style in (("selu", BLUE, "-"), ("relu", ORANGE, "--")):
        signal, means, deviations = np.random.default_rng(4).standard_normal((300, width)), [], []
        for kernel in kernels:
            signal = getattr(activations, name)(signal @ kernel)
            means.append(signal.mean())
            deviations.append(signal.std())
        layers = np.arange(1, depth + 1)
        left.plot(layers, means, style, color=colour, label=name)
        right.plot(layers, deviations, style, color=colour)
    left.set_title("mean")
    right.set_title("standard deviation")
    left.set_ylim(-0.5, 1.3)
    right.set_ylim(-0.05, 1.3)
    for axes in (left, right):
        axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
        axes.set_xticks([1, 5, 10, 15, 20])
        axes.set_xlabel("layer")
    legend_below(figure, left)
    return figure


def softplus() -> Figure:
    """Softplus beside the ReLU, and the derivatives of both."""
    figure, ((left, right),) = panels(2, height=2.5)
    left.plot(X, activations.softplus(X), color=BLUE, label="softplus")
    left.plot(X, activations.relu(X), "--", color=GREEN, label="relu")
    right.plot(X, activations.softplus_derivative(X), color=BLUE)
    for side in (LEFT, RIGHT):
        right.plot(side, activations.relu_derivative(side), "--", color=GREEN)
    for axes, title in ((left, "value"), (right, "derivative")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xticks([-4, -2, 0, 2, 4])
        axes.set_xlabel("x")
    legend_below(figure, left)
    return figure


def softmax() -> Figure:
    """The probabilities of three classes while one logit moves."""
    first = np.linspace(-4.0, 6.0, 161)
    logits = np.column_stack([first, np.full_like(first, 2.0), np.full_like(first, 0.0)])
    figure, ((axes,),) = panels(height=2.7)
    for i, (colour, label) in enumerate(((BLUE, r"$z_1$, moving"), (ORANGE, r"$z_2 = 2$"), (GREEN, r"$z_3 = 0$"))):
        axes.plot(first, activations.softmax(logits)[:, i], linestyle=STYLES[i], color=colour, label=label)
    axes.set_xlabel(r"$z_1$")
    axes.set_ylabel("probability")
    axes.set_ylim(-0.03, 1.03)
    legend_below(figure, axes, columns=3)
    return figure


def vanishing() -> Figure:
    """The largest gradient that a chain can pass on, and a typical one."""
    rng = np.random.default_rng(1)
    depths = np.arange(21)
    figure, ((axes,),) = panels(height=3.2)
    for name, colour, style in (("tanh", BLUE, "-"), ("sigmoid", ORANGE, "--")):
        derivative = getattr(activations, f"{name}_derivative")
        bound = [activations.max_gradient_through(int(depth), name) for depth in depths]
        chains = derivative(rng.standard_normal((101, 20)))
        typical = [np.median([activations.chain_gradient(chain[:depth]) for chain in chains]) for depth in depths]
        axes.semilogy(depths, bound, style, color=colour, label=f"{name}, largest")
        axes.semilogy(depths, typical, "o" if name == "tanh" else "s", color=colour, markersize=4, label=f"{name}, typical")
    axes.set_xlabel("activations in the chain")
    axes.set_title("gradient that arrives")
    axes.set_xticks([0, 5, 10, 15, 20])
    axes.set_yticks([1e-12, 1e-8, 1e-4, 1.0])
    legend_below(figure, axes)
    return figure
