"""Figures of the quiz. They are drawn from formulas, not from a training, so that what can be read from them is exact."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference.figures import BLUE, GREEN, GREY, ORANGE, PURPLE, STYLES, legend_below, panels

SIZE = (6.4, 4.0)


def _training_error(epoch: np.ndarray) -> np.ndarray:
    """Mean squared error on the training rows: it falls fast, then slowly, and never rises."""
    return 0.57 * np.exp(-epoch / 6.0) + 0.43 * np.exp(-epoch / 50.0)


def _validation_error(epoch: np.ndarray) -> np.ndarray:
    """Mean squared error on the validation rows: the same, and a gap that grows."""
    return _training_error(epoch) + 0.05 + 0.000662 * epoch**1.444


def overfitting_curve() -> Figure:
    """Mean squared error against the epoch, on the training and on the validation rows."""
    figure, ((axes,),) = panels()
    figure.set_size_inches(SIZE)
    epoch = np.linspace(0.0, 100.0, 201)
    axes.plot(epoch, _training_error(epoch), STYLES[0], color=BLUE, label="training rows")
    axes.plot(epoch, _validation_error(epoch), STYLES[1], color=ORANGE, label="validation rows")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 1.1)
    axes.set_xticks(range(0, 101, 10))
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean squared error")
    legend_below(figure, axes)
    return figure


def learning_rates() -> Figure:
    """Training loss against the epoch for four learning rates."""
    figure, ((axes,),) = panels()
    figure.set_size_inches(SIZE)
    epoch = np.arange(41)
    jumps = np.where(epoch % 2, 2.5, 1.0)
    curves = (
        ("A", 0.67 ** (epoch / 40), BLUE, 30, (0, 8)),
        ("B", 1e-4 ** (epoch / 36), ORANGE, 24, (10, 4)),
        ("C", 0.02 ** (epoch / 40) * jumps, GREEN, 36, (0, -20)),
        ("D", 100.0 ** (epoch / 22), PURPLE, 12, (-16, 4)),
    )
    for (name, loss, colour, place, offset), style in zip(curves, STYLES, strict=False):
        axes.plot(epoch, loss, linestyle=style, color=colour)
        axes.annotate(name, (epoch[place], loss[place]), offset, textcoords="offset points", color=colour, weight="bold")
    axes.set_yscale("log")
    axes.set_xlim(0, 40)
    axes.set_ylim(1e-4, 1e2)
    axes.set_xlabel("epoch")
    axes.set_ylabel("training loss")
    return figure


def _points() -> tuple[np.ndarray, np.ndarray]:
    """Sixty points of two classes, -1 and 1, that overlap a little."""
    rng = np.random.default_rng(77)
    label = np.repeat([-1.0, 1.0], 30)
    x = np.column_stack([label * 0.95 + rng.normal(0.0, 0.8, 60), rng.uniform(-1.9, 1.9, 60)])
    x[:, 0] += 0.5 * np.sin(1.2 * x[:, 1])
    return x, label


def _gentle(x: np.ndarray) -> np.ndarray:
    return x[..., 0] - 0.5 * np.sin(1.2 * x[..., 1])


def _twisted(x: np.ndarray) -> np.ndarray:
    points, label = _points()
    squared = ((x[..., None, :] - points) ** 2).sum(axis=-1)
    return (label * np.exp(-squared / (2 * 0.2**2))).sum(axis=-1) + 1e-3 * _gentle(x)


def decision_boundaries() -> Figure:
    """The same points with a gently bent boundary and with a twisted one."""
    figure, (axes_row,) = panels(2, sharey=True)
    figure.set_size_inches(SIZE)
    points, label = _points()
    grid = np.stack(np.meshgrid(np.linspace(-3, 3, 241), np.linspace(-2, 2, 161)), axis=-1)
    for axes, boundary, name in zip(axes_row, (_gentle, _twisted), ("left", "right"), strict=True):
        for value, marker, colour in ((-1.0, "o", BLUE), (1.0, "x", ORANGE)):
            axes.plot(*points[label == value].T, marker, color=colour)
        axes.contour(grid[..., 0], grid[..., 1], boundary(grid), levels=[0.0], colors=GREY, linewidths=2.0)
        axes.set_title(name)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[["top", "right"]].set_visible(True)
        axes.set_xlim(-3, 3)
        axes.set_ylim(-2, 2)
    return figure
