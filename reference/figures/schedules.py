"""Figures of the schedules: all of them, 1cycle with its momentum, and the plateau."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reference import schedules
from reference.figures import BLUE, GREEN, GREY, ORANGE, legend_below, panels

STEPS = 101


def gallery() -> Figure:
    """Six schedules over 100 steps, all with a largest rate of 0.1."""
    shown = (
        ("exponential", (schedules.ExponentialDecay(0.1, 25, 0.5), schedules.ExponentialDecay(0.1, 25, 0.5, staircase=True))),
        ("power", (schedules.PowerDecay(0.1, 25), schedules.InverseTimeDecay(0.1, 25, 1.0, staircase=True))),
        ("piecewise", (schedules.PiecewiseConstantDecay([30, 70], [0.1, 0.05, 0.01]),)),
        ("cosine", (schedules.CosineDecay(0.1, 100),)),
        ("with warm-up", (schedules.CosineDecay(0.0, 80, warmup_target=0.1, warmup_steps=20),)),
        ("1cycle", (schedules.OneCycle(0.1, 100),)),
    )
    figure, grid = panels(3, 2, height=4.2, sharex=True, sharey=True)
    for axes, (name, kinds) in zip(grid.flat, shown, strict=True):
        for schedule, colour, style, label in zip(kinds, (BLUE, ORANGE), ("-", "--"), ("smooth", "staircase"), strict=False):
            axes.plot(schedules.learning_rates(schedule, STEPS), style, color=colour, label=label, linewidth=1.8)
        axes.set_title(name)
        axes.set_xticks([0, 50, 100])
        axes.set_yticks([0, 0.05, 0.1])
        axes.set_ylim(-0.004, 0.108)
    grid[1, 1].set_xlabel("step")
    legend_below(figure, grid[0, 0])
    return figure


def one_cycle() -> Figure:
    """The 1cycle policy over 100 steps: the learning rate and, mirrored, the momentum."""
    schedule = schedules.OneCycle(0.5, 100)
    figure, grid = panels(2, height=2.5)
    grid[0, 0].plot(schedules.learning_rates(schedule, STEPS), color=BLUE)
    grid[0, 1].plot([schedule.momentum(step) for step in range(STEPS)], "--", color=ORANGE)
    for axes, title in zip(grid[0], ("learning rate", "momentum"), strict=True):
        axes.set_title(title)
        axes.set_xlabel("step")
        axes.set_xticks([0, 50, 100])
    return figure


def plateau() -> Figure:
    """A validation loss that levels off, and the learning rate that ReduceLROnPlateau makes of it with a patience of 4."""
    rng = np.random.default_rng(5)
    watcher, rate = schedules.ReduceLROnPlateau(factor=0.3, patience=4), 0.1
    floor, loss = 0.5, 1.0
    losses, rates = [], []
    for epoch in range(45):
        floor = 0.25 + 2.5 * rate  # a large rate bounces about at some height
        loss = floor + (loss - floor) * 0.7
        losses.append(loss + 0.008 * float(rng.standard_normal()))
        rates.append(rate)
        rate = watcher.on_epoch_end(epoch, losses[-1], rate)
    figure, grid = panels(1, 2, height=3.4, sharex=True)
    grid[0, 0].plot(losses, color=BLUE)
    grid[1, 0].step(range(45), rates, where="post", color=ORANGE)
    grid[1, 0].set_yscale("log")
    for drop in np.flatnonzero(np.diff(rates)) + 1:
        for axes in grid[:, 0]:
            axes.axvline(drop, color=GREY, linewidth=1, linestyle=":")
    grid[0, 0].set_title("validation loss")
    grid[1, 0].set_title("learning rate")
    grid[1, 0].set_xlabel("epoch")
    return figure


def descent() -> Figure:
    """How far from the minimum of a bowl noisy gradients keep a weight: with a large rate, a small one, and a schedule."""
    weights, steps = 200, 100  # of 200 weights that see different noise, so that the figure shows what is typical
    bowl = 0.3 * np.eye(weights)
    noise = 0.3 * np.random.default_rng(6).standard_normal((steps, weights))
    kinds = (
        ("large", schedules.ListedRates([1.0]), ORANGE, "--"),
        ("small", schedules.ListedRates([0.06]), GREEN, "-."),
        ("schedule", schedules.ExponentialDecay(1.0, 20, 0.5), BLUE, "-"),
    )
    figure, ((axes,),) = panels(height=2.9)
    for name, schedule, colour, style in kinds:
        place = np.ones(weights)
        distance = [1.0]
        for step, shake in enumerate(noise):
            rates = schedules.ListedRates([schedule(step)])
            place = schedules.scheduled_descent(place, bowl, rates, 1)[-1] + schedule(step) * shake
            distance.append(float(np.sqrt(np.mean(place**2))))
        axes.semilogy(distance, style, color=colour, label=name)
    axes.set_xlabel("step")
    axes.set_title("distance to the minimum")
    axes.set_yticks([0.1, 0.3, 1], ["0.1", "0.3", "1"])
    axes.minorticks_off()
    legend_below(figure, axes, columns=3)
    return figure
