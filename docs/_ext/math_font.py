"""Makes the font of the formulas: the part of DejaVu Math TeX Gyre that they need, as docs/_static/nablagrade-math.woff.

    python docs/_ext/math_font.py DejaVuMathTeXGyre.ttf

Phones have no font that knows where an exponent stands, so the site brings its own, of 80 kB. Its licence (beside it) asks for
another name after a change. Run it again when a test says that a character of a formula is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

MADE = Path(__file__).resolve().parent.parent / "_static" / "nablagrade-math.woff"
RANGES = (
    (0x20, 0x7E),  # ASCII
    (0x391, 0x3C9),  # Greek
    (0x2010, 0x2015),  # dashes
    (0x2190, 0x2194),  # arrows
    (0x1D400, 0x1D467),  # bold and italic Latin
    (0x1D49C, 0x1D4CF),  # script
    (0x1D538, 0x1D56B),  # double-struck
    (0x1D6A8, 0x1D70F),  # bold and italic Greek
)
# Operators, brackets, accents, dots, and letters of other blocks, as mathematics uses them.
CHARACTERS = (
    "\u00a0\u00af±·×÷¬ˆ˜ϑϕϖϱϵ‖…′″\u20d7\u0302\u0303\u0304\u0305\u0307\u0308\u030c\u2061\u2062\u2063"
    "ℂℍℕℙℚℝℤℬℰℱℋℐℒℳℛℎℓ↦⇐⇒⇔∂∇∈∉∏∑−∓∗∘√∝∞∠∣∥∧∨∩∪∫∼≃≈≠≡≤≥≪≫⊂⊆⊕⊗⊙⊤⊥⋅⋮⋯⋱⌈⌉⌊⌋⏞⏟⟨⟩"
)


def make(source: str) -> None:
    """Write the font."""
    font = TTFont(source)
    options = subset.Options(
        layout_features=["ssty", "dtls", "flac"], hinting=False, drop_tables=["FFTM"], notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=CHARACTERS, unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16):
            record.string = "Nablagrade Math"
        elif record.nameID == 6:
            record.string = "NablagradeMath"
    font.flavor = "woff"
    font.save(MADE)


if __name__ == "__main__":
    make(sys.argv[1])
