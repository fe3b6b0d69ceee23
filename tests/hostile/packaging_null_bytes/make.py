"""Builds the submission; see ../README.md."""

from pathlib import Path

def make(folder: Path, settings: dict[str, str]) -> None:
    """As a cut copy of UTF-16 without its mark has them."""
    (folder / "notes.txt").write_text("It stands beside.")
    (folder / "activations.py").write_bytes(settings["reference"].encode("utf-16-le"))
