"""Figures of the losses: squared against absolute errors, cross-entropy, and why it goes with the sigmoid."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import losses
from reference.figures import BLUE, GREEN, GREY, ORANGE, legend_below, panels, zero_lines

ZERO, ONE = np.zeros(1), np.ones(1)


def squared_and_absolute() -> Figure:
    """Squared and absolute error of one prediction, and their gradients."""
    errors = np.linspace(-3, 3, 121)
    figure, ((left, right),) = panels(2, height=2.7)
    for name, label, colour, style in (
        ("mean_squared_error", "squared", BLUE, "-"),
        ("mean_absolute_error", "absolute", ORANGE, "--"),
    ):
        value, gradient = getattr(losses, name), getattr(losses, f"{name}_gradient")
        left.plot(errors, [value(ZERO, np.array([error])) for error in errors], style, color=colour, label=label)
        for side in (errors[errors < -1e-9], errors[errors > 1e-9]):
            right.plot(side, [gradient(ZERO, np.array([error]))[0] for error in side], style, color=colour)
    right.plot(0, losses.mean_absolute_error_gradient(ZERO, ZERO)[0], "o", color=ORANGE)
    for axes, title in ((left, "loss"), (right, "gradient")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xlabel("prediction − truth")
        axes.set_xticks([-3, 0, 3])
    legend_below(figure, left)
    return figure


def crossentropy() -> Figure:
    """Binary cross-entropy against the predicted probability, for both labels."""
    probabilities = np.linspace(0.005, 0.995, 199)
    figure, ((axes,),) = panels(height=2.9)
    for label, colour, style in ((ONE, BLUE, "-"), (ZERO, ORANGE, "--")):
        found = [losses.binary_crossentropy(label, np.array([p])) for p in probabilities]
        axes.plot(probabilities, found, style, color=colour, label=f"label {label[0]:.0f}")
    axes.set_xlabel("predicted probability of 1")
    axes.set_title("loss")
    axes.set_ylim(0, 5.2)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    legend_below(figure, axes)
    return figure


def sure_and_wrong() -> Figure:
    """Loss and gradient by the logit where the label is 1: cross-entropy from logits, and the squared error of a sigmoid."""
    logits = np.linspace(-8, 8, 161)
    # From logits the gradient is p - 1 where the label is 1, so p, the sigmoid, is that plus 1.
    slopes = np.array([losses.binary_crossentropy_gradient(ONE, np.array([z]), from_logits=True)[0] for z in logits])
    probabilities = 1.0 + slopes
    crossentropy = [losses.binary_crossentropy(ONE, np.array([z]), from_logits=True) for z in logits]
    squared = [losses.mean_squared_error(ONE, np.array([p])) for p in probabilities]
    figure, ((left, right),) = panels(2, height=2.7)
    left.plot(logits, crossentropy, color=BLUE, label="cross-entropy")
    left.plot(logits, squared, "--", color=ORANGE, label="squared error")
    right.plot(logits, slopes, color=BLUE)
    through = [losses.mean_squared_error_gradient(ONE, np.array([p]))[0] * p * (1 - p) for p in probabilities]
    right.plot(logits, through, "--", color=ORANGE)
    for axes, title in ((left, "loss"), (right, "gradient")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xlabel("logit")
        axes.set_xticks([-8, -4, 0, 4, 8])
    right.set_ylim(-1.1, 0.15)
    legend_below(figure, left)
    return figure


def surprise() -> Figure:
    """Cross-entropy of three classes from logits while the true class's logit moves: the loss and the three gradients."""
    moving = np.linspace(-6, 8, 141)
    label = np.array([[1.0, 0.0, 0.0]])
    rows = [np.array([[z, 1.0, 0.0]]) for z in moving]
    gradients = np.array([losses.categorical_crossentropy_gradient(label, row, from_logits=True)[0] for row in rows])
    figure, ((left, right),) = panels(2, height=2.8)
    left.plot(moving, [losses.categorical_crossentropy(label, row, from_logits=True) for row in rows], color=GREY)
    shown = ((BLUE, "-", "true class"), (ORANGE, "--", "logit 1"), (GREEN, "-.", "logit 0"))
    for entry, (colour, style, name) in enumerate(shown):
        right.plot(moving, gradients[:, entry], style, color=colour, label=name)
    for axes, title in ((left, "loss"), (right, "gradient")):
        zero_lines(axes)
        axes.set_title(title)
        axes.set_xlabel("logit of the true class")
        axes.set_xticks([-6, 0, 6])
    legend_below(figure, right, columns=3)
    return figure
