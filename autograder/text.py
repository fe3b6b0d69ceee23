"""Words and numbers fit to be shown: what every sentence of ours is made with, and what tames a student's."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """A number as a person writes it: whole where it is whole, four digits elsewhere.

    >>> number(5.000000000001), number(0.31622776), number(-2.0)
    ('5', '0.3162', '-2')
    """
    if math.isfinite(value) and abs(value - round(value)) < 1e-6 and abs(value) < 1e6:
        return str(round(value))
    return f"{value:.4g}"


def plain(text: str, longest: int = 200) -> str:
    """Text from a submission, fit to be shown: no control or direction characters, no line breaks, not too long."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: longest + 1])
    return shown if len(shown) <= longest else shown[:longest] + "..."
