"""Builds the submission; see ../README.md."""

from pathlib import Path


def make(folder: Path, settings: dict[str, str]) -> None:
    """Names at the longest that a file may have."""
    (folder / "activations.py").write_text(settings["reference"])
    for number in range(30):
        (folder / ("\u0344\u0327" * 60 + f"{number}.py")).write_text("x = 1")
