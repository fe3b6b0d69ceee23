"""Builds the submission; see ../README.md."""

from pathlib import Path

def make(folder: Path, settings: dict[str, str]) -> None:
    """Latin-1."""
    (folder / "notes.txt").write_text("It stands beside.")
    (folder / "activations.py").write_bytes(("# caf\u00e9\n" + settings["reference"]).encode("latin-1", "replace"))
