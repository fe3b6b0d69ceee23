"""Builds the submission; see ../README.md."""

from pathlib import Path

import os


def make(folder: Path, settings: dict[str, str]) -> None:
    """A very deep folder."""
    (folder / "activations.py").write_text(settings["reference"])
    here = os.getcwd()
    os.chdir(folder)
    for _ in range(800):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(here)
