"""Builds the submission; see ../README.md."""

from pathlib import Path

def make(folder: Path, settings: dict[str, str]) -> None:
    """A right module and its helpers."""
    (folder / "helpers.py").write_text("import numpy as np\n\n\ndef tanh(x):\n    return np.tanh(x)\n")
    (folder / "random.py").write_text("raise RuntimeError('not this one')\n")
    (folder / "activations.py").write_text(settings["reference"] + "\nimport random\n\nfrom helpers import tanh\n\nrandom.random()\n")
