"""Figures of the initializers: their shapes, the two fans, symmetry, and what becomes of a signal through depth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from reference import initializers
from reference.figures import BLUE, COLOURS, GREEN, GREY, ORANGE, STYLES, legend_below, panels


def distributions() -> Figure:
    """Three ways to draw weights of standard deviation 0.05."""
    figure, grid = panels(3, height=2.5, sharey=True)
    names = ("random_normal", "truncated_normal", "random_uniform")
    for axes, name, colour in zip(grid[0], names, COLOURS, strict=False):
        weights = getattr(initializers, name)((20000,), np.random.default_rng(0))
        axes.hist(weights, bins=np.linspace(-0.2, 0.2, 41), color=colour, histtype="stepfilled", alpha=0.7)
        axes.set_title(name.replace("_", "\n"))
        axes.set_xticks([-0.1, 0.0, 0.1], ["−.1", "0", ".1"])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.text(0.98, 0.86, f"std\n{weights.std():.3f}", transform=axes.transAxes, ha="right", va="center", fontsize=11)
    return figure


def fans() -> Figure:
    """A signal through narrowing layers of ReLU: He's variance by fan in, and by fan out."""
    widths = [512, 256, 128, 64, 32, 16]
    figure, ((axes,),) = panels(height=3.0)
    rng = np.random.default_rng(5)
    x = rng.standard_normal((400, widths[0]))
    for by, colour, style in (("fan in", BLUE, "-"), ("fan out", ORANGE, "--")):
        kernels = []
        for shape in pairwise(widths):
            kernel = initializers.he_normal(shape, rng)
            fan_in, fan_out = initializers.compute_fans(shape)
            kernels.append(kernel if by == "fan in" else kernel * np.sqrt(fan_in / fan_out))
        layers = np.arange(1, len(widths))
        axes.semilogy(layers, initializers.signal_propagation(x, kernels, "relu"), style, marker="o", color=colour, label=by)
    axes.set_xticks(layers, [f"{a}→{b}" for a, b in pairwise(widths)])
    axes.set_yticks([1, 2, 4], ["1", "2", "4"])
    axes.minorticks_off()
    axes.set_title("standard deviation after the layer")
    legend_below(figure, axes)
    return figure


def symmetry() -> Figure:
    """The weights of four hidden units while they are trained, from equal and from random kernels."""
    rng = np.random.default_rng(7)
    x = rng.standard_normal((64, 2))
    targets = np.tanh(x @ np.array([[2.0, -1.0], [0.5, 1.5]])).sum(axis=1, keepdims=True)
    starts = {
        "from equal weights": (initializers.constant((2, 4), 0.3), initializers.constant((4, 1), 0.3)),
        "from random weights": (initializers.glorot_uniform((2, 4), rng), initializers.glorot_uniform((4, 1), rng)),
    }
    figure, grid = panels(2, height=2.7, sharey=True)
    for axes, (title, (kernel, output_kernel)) in zip(grid[0], starts.items(), strict=True):
        steps, path = range(0, 201, 10), []
        for _ in steps:
            path.append(kernel[0])
            kernel, output_kernel = initializers.train_two_layers(x, targets, kernel, output_kernel, 0.1, steps=10)
        for unit, weights in enumerate(np.array(path).T):
            axes.plot(steps, weights, linestyle=STYLES[unit], color=COLOURS[unit], label=f"unit {unit + 1}")
        axes.set_title(title)
        axes.set_xlabel("step")
    grid[0, 0].set_ylabel("first weight")
    legend_below(figure, grid[0, 0], columns=4)
    return figure


def propagation() -> Figure:
    """The standard deviation of the activations through 20 layers of ReLU, measured and predicted."""
    width, depth = 256, 20
    rng = np.random.default_rng(1)
    x = rng.standard_normal((500, width))
    rules = (
        (initializers.he_normal, 2 / width, "he_normal"),
        (initializers.glorot_normal, 1 / width, "glorot_normal"),
        (initializers.random_normal, 0.05**2, "random_normal"),
    )
    figure, ((axes,),) = panels(height=3.3)
    layers = np.arange(1, depth + 1)
    for (initializer, variance, name), colour, marker in zip(rules, COLOURS, "os^", strict=False):
        kernels = [initializer((width, width), rng) for _ in range(depth)]
        axes.semilogy(layers, initializers.signal_propagation(x, kernels, "relu"), marker, color=colour, label=name)
        axes.semilogy(layers, initializers.signal_theory(variance, width, depth, "relu"), "-", color=colour, linewidth=1.2)
    axes.set_xticks([1, 5, 10, 15, 20])
    axes.set_xlabel("layer")
    axes.set_title("standard deviation, with theory as lines")
    legend_below(figure, axes, columns=3)
    return figure


def saturation() -> Figure:
    """Histograms of tanh activations in layers 1, 5 and 20 for three sizes of the weights."""
    width = 200
    rules = (
        ("too small", lambda rng: initializers.random_normal((width, width), rng, stddev=0.03), ORANGE),
        ("glorot_normal", lambda rng: initializers.glorot_normal((width, width), rng), BLUE),
        ("too large", lambda rng: initializers.random_normal((width, width), rng, stddev=0.3), GREEN),
    )
    figure, grid = panels(3, 3, height=4.4, sharex=True)
    for column, (title, draw, colour) in enumerate(rules):
        rng = np.random.default_rng(9)
        signal = rng.standard_normal((200, width))
        for layer in range(1, 21):
            signal = np.tanh(signal @ draw(rng))
            if layer not in (1, 5, 20):
                continue
            axes = grid[(1, 5, 20).index(layer), column]
            axes.hist(signal.ravel(), bins=np.linspace(-1, 1, 42), color=colour, histtype="stepfilled", alpha=0.7)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.set_xticks([-1, 0, 1])
            if layer == 1:
                axes.set_title(title)
            if column == 0:
                axes.set_ylabel(f"layer {layer}")
    figure.supxlabel("activation", color=GREY, fontsize=12)
    return figure
