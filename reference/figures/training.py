"""Figures of training: the curves of a network that is too small, one that is right, and one that learns by heart."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import training
from reference.figures import BLUE, GREY, ORANGE, legend_below, panels


def fitting() -> Figure:
    """Loss on the training rows and on others over 40 epochs: 2 hidden units, 32, and 200 that see no more than 60 rows."""
    (x, y), (x_test, y_test) = training.load_data()
    networks = (("too small", 2, 400), ("right", 32, 400), ("by heart", 200, 60))
    figure, grid = panels(3, height=2.9, sharey=True)
    for axes, (title, units, rows) in zip(grid[0], networks, strict=True):
        rng = np.random.default_rng(1)
        layers = [training.Dense(units, rng=rng), training.Activation("relu"), training.Dense(10, rng=rng)]
        model = training.Model(layers, training.Adam(0.01), training.SparseCategoricalCrossentropy())
        history = model.fit(
            x[:rows], y[:rows], batch_size=32, epochs=40, validation_data=(x_test, y_test), rng=np.random.default_rng(2)
        ).history
        epochs = np.arange(1, 41)
        # Rounded, so that the last digits, which depend on the processor, do not reach the file.
        axes.plot(epochs, np.round(history["loss"], 3), "--", color=ORANGE, label="training")
        axes.plot(epochs, np.round(history["val_loss"], 3), "-", color=BLUE, label="validation")
        axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.set_xticks([1, 20, 40])
        axes.set_ylim(-0.05, 2.5)
    grid[0, 0].set_ylabel("loss")
    legend_below(figure, grid[0, 0])
    return figure


def batch_sizes() -> Figure:
    """Loss on other rows against the rows seen, for batches of 1, 32 and all 400 rows, with one learning rate."""
    (x, y), (x_test, y_test) = training.load_data()
    figure, ((axes,),) = panels(height=2.9)
    for size, colour, style in ((400, ORANGE, "--"), (32, BLUE, "-"), (1, GREY, ":")):
        rng = np.random.default_rng(1)
        layers = [training.Dense(32, rng=rng), training.Activation("relu"), training.Dense(10, rng=rng)]
        model = training.Model(layers, training.SGD(0.1), training.SparseCategoricalCrossentropy())
        history = model.fit(
            x[:400], y[:400], batch_size=size, epochs=15, validation_data=(x_test, y_test), rng=np.random.default_rng(2)
        ).history
        axes.plot(
            np.arange(1, 16), np.round(history["val_loss"], 3), linestyle=style, color=colour, label=f"batches of {size}"
        )
    axes.set_xlabel("epoch")
    axes.set_title("validation loss")
    axes.set_ylim(0, 2.5)
    legend_below(figure, axes, columns=3)
    return figure
