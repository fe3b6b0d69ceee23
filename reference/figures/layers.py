"""Figures of the layers: the shapes in a Dense layer, where paths meet, and what a skip connection does for the gradient."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from reference import layers
from reference.figures import BLUE, GREEN, GREY, ORANGE, PURPLE, STYLES, bare, legend_below, panels

NAMES = {5: "N", 4: "D", 3: "M"}  # a size for the batch, the features and the units


def _matrix(axes: Axes, x: float, y: float, shape: tuple[int, int], label: str, colour: str) -> float:
    """Draw a matrix to scale, centred at height y, with its sizes beside it; return where the next thing may stand."""
    rows, columns = shape
    height, width = 0.34 * rows, 0.34 * columns
    axes.add_patch(Rectangle((x, y - height / 2), width, height, facecolor=colour, alpha=0.16, edgecolor="none"))
    axes.add_patch(Rectangle((x, y - height / 2), width, height, facecolor="none", edgecolor=colour, linewidth=1.5))
    axes.text(x + width / 2, y, label, ha="center", va="center")
    axes.text(x + width / 2, y + height / 2 + 0.1, NAMES[columns], ha="center", va="bottom", fontsize=11, style="italic")
    axes.text(x - 0.09, y, NAMES[rows], ha="right", va="center", fontsize=11, style="italic")
    return x + width


def dense_shapes() -> Figure:
    """The three products of a Dense layer, drawn to scale with N = 5, D = 4 and M = 3."""
    layer = layers.Dense(3, use_bias=False, rng=np.random.default_rng(0))
    x = np.ones((5, 4))
    upstream = np.ones_like(layer.forward(x))
    for_x = layer.backward(upstream)
    kernel, for_kernel = layer.parameters["kernel"], layer.gradients["kernel"]
    figure, ((axes,),) = panels(height=4.7)
    bare(axes)
    products = (
        ("forward", (x, "$X$", BLUE), (kernel, "$W$", GREEN), (upstream, "$Y$", BLUE)),
        ("for $X$", (upstream, "$U$", ORANGE), (kernel.T, "$W^T$", GREEN), (for_x, r"$\partial X$", ORANGE)),
        ("for $W$", (x.T, "$X^T$", BLUE), (upstream, "$U$", ORANGE), (for_kernel, r"$\partial W$", PURPLE)),
    )
    for row, (name, left, right, result) in enumerate(products):
        y = -2.55 * row
        axes.text(0.0, y, name, va="center")
        end = _matrix(axes, 1.75, y, left[0].shape, *left[1:])
        end = _matrix(axes, end + 0.6, y, right[0].shape, *right[1:])
        axes.text(end + 0.25, y, "=", ha="center", va="center", fontsize=14)
        _matrix(axes, end + 0.8, y, result[0].shape, *result[1:])
    axes.set_xlim(-0.1, 7.1)
    axes.set_ylim(-6.3, 1.4)
    return figure


def paths_meet() -> Figure:
    """A skip connection: two paths forward, and on the way back the sum of two gradients."""
    figure, ((axes,),) = panels(height=2.9)
    bare(axes)
    places = {"x": 0.0, "hidden": 1.75, "tanh": 3.5, "output": 5.25, "+": 6.8, "y": 7.9}
    for name, x in places.items():
        if name in ("hidden", "tanh", "output"):
            box = FancyBboxPatch(
                (x - 0.62, -0.3), 1.24, 0.6, boxstyle="round,pad=0.03", facecolor=BLUE, alpha=0.16, linewidth=0
            )
            axes.add_patch(box)
            axes.text(x, 0.0, name, ha="center", va="center")
        else:
            axes.text(x, 0.0, f"${name}$", ha="center", va="center", fontsize=14)

    def arrow(start: tuple[float, float], end: tuple[float, float], colour: str, style: str = "-", bend: float = 0.0) -> None:
        look = {"arrowstyle": "-|>", "mutation_scale": 13, "color": colour, "linestyle": style, "linewidth": 1.6}
        axes.add_patch(FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={bend}", **look))

    for start, end in ((0.2, 1.1), (2.4, 2.85), (4.15, 4.6), (5.9, 6.6), (7.0, 7.7)):
        arrow((start, 0.12), (end, 0.12), BLUE)
        arrow((end, -0.12), (start, -0.12), ORANGE, "--")
    arrow((0.1, 0.3), (6.7, 0.3), BLUE, bend=-0.26)
    arrow((6.7, -0.3), (0.1, -0.3), ORANGE, "--", bend=-0.26)
    axes.text(3.4, 1.3, "forward: the values are added at +", ha="center", color=BLUE)
    axes.text(3.4, -1.3, "backward: the gradients are added at $x$", ha="center", va="top", color=ORANGE)
    axes.set_xlim(-0.4, 8.2)
    axes.set_ylim(-1.8, 1.8)
    return figure


def skip_connections() -> Figure:
    """The size of the gradient that arrives after some number of blocks, with and without skip connections."""
    units, depth = 16, 40
    figure, ((axes,),) = panels(height=3.0)
    for with_skip, colour, label in ((True, BLUE, "with a skip connection"), (False, ORANGE, "without")):
        rng = np.random.default_rng(2)
        blocks = [layers.SkipNetwork(units, units, rng=rng) for _ in range(depth)]
        if not with_skip:
            blocks = [layers.Sequential([block.hidden, block.activation, block.output]) for block in blocks]
        signal = np.random.default_rng(3).standard_normal((32, units))
        for block in blocks:
            signal = block.forward(signal)
        gradient = np.random.default_rng(4).standard_normal((32, units))
        start, sizes = np.linalg.norm(gradient), [1.0]
        for block in reversed(blocks):
            gradient = block.backward(gradient)
            sizes.append(float(np.linalg.norm(gradient) / start))
        axes.semilogy(sizes, STYLES[0 if with_skip else 1], color=colour, label=label)
    axes.axhline(1.0, color=GREY, linewidth=0.7, alpha=0.6)
    axes.set_xlabel("blocks on the way back")
    axes.set_title("size of the gradient")
    legend_below(figure, axes)
    return figure


def activation_backward() -> Figure:
    """The ReLU layer on a small batch: what it lets through forwards is where it lets gradients through backwards."""
    rng = np.random.default_rng(21)
    layer = layers.Activation("relu")
    x, upstream = rng.normal(size=(3, 4)).round(1), rng.normal(size=(3, 4)).round(1)
    grids = (("x", x), ("forward", layer.forward(x)), ("upstream", upstream), ("backward", layer.backward(upstream)))
    figure, places = panels(2, 2, height=3.6)
    for axes, (title, numbers) in zip(places.flat, grids, strict=True):
        for i, j in np.ndindex(*numbers.shape):
            passes = x[i, j] > 0
            colour = (BLUE if title in ("x", "forward") else ORANGE) if passes else "none"
            axes.add_patch(Rectangle((j, -i), 1, 1, facecolor=colour, alpha=0.18, edgecolor="none"))
            axes.add_patch(Rectangle((j, -i), 1, 1, facecolor="none", edgecolor=GREY, linewidth=0.8))
            axes.text(j + 0.5, -i + 0.5, f"{numbers[i, j] + 0.0:.1f}".replace("-", "−"), ha="center", va="center", fontsize=11)
        axes.set_title(title)
        axes.set_xlim(-0.05, 4.05)
        axes.set_ylim(-2.05, 1.05)
        axes.set_axis_off()
    return figure
