"""The handouts' figures: how all of them look. ``reference/figures/<topic>.py`` draws those of a topic.

Every public function of such a file takes no argument, draws one figure with the topic's own reference, and returns it. Its
name is the file's name in ``assignments/<topic>/figures/``. ``make assignments`` draws them all.

The look has reasons. The background is transparent and all text a mid-grey, so that a figure is legible on a light page and on
a dark one. Every colour has a contrast of 3 or more against both; lines differ in their style too, for whoever does not see
the colours. A figure is 5.6 inches wide with letters of 11 points and more, which a phone of 360 pixels shows 10 pixels high.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

GREY = "#808080"
BLUE, ORANGE, GREEN, PURPLE, OCHRE = "#2f86d1", "#e0641c", "#169b76", "#b862c4", "#a87f0c"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, OCHRE)
STYLES = ("-", "--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)))

# Applied while a figure is drawn and while it is written. Text becomes paths of the font that Matplotlib ships, and the ids
# inside the file come from a fixed salt, so that the bytes depend neither on the machine's fonts nor on the day.
LOOK: dict[str, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "nablagrade",
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 12,
    "legend.frameon": False,
    "legend.handlelength": 2.0,
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "axes.titlecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "savefig.edgecolor": "none",
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
    "axes.formatter.use_mathtext": True,
    "axes.formatter.useoffset": False,
}


def panels(columns: int = 1, rows: int = 1, height: float = 2.6, **options: Any) -> tuple[Figure, np.ndarray]:
    """A figure of 5.6 inches' width and this height, and its axes as an array of shape (rows, columns)."""
    figure = Figure(figsize=(5.6, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def zero_lines(axes: Axes) -> None:
    """Faint lines through the origin."""
    axes.axhline(0.0, color=GREY, linewidth=0.7, alpha=0.6)
    axes.axvline(0.0, color=GREY, linewidth=0.7, alpha=0.6)


def bare(axes: Axes) -> None:
    """An axes for a drawing: no frame, no ticks, equal scales."""
    axes.set_axis_off()
    axes.set_aspect("equal")


def legend_below(figure: Figure, axes: Axes | Iterable[Axes], columns: int = 2) -> None:
    """One legend for all of a figure's axes, under them."""
    found: dict[str, Any] = {}
    for part in [axes] if isinstance(axes, Axes) else axes:
        for handle, label in zip(*part.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    figure.legend(list(found.values()), list(found), loc="outside lower center", ncols=columns)
