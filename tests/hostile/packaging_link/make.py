"""Builds the submission; see ../README.md."""

from pathlib import Path

def make(folder: Path, settings: dict[str, str]) -> None:
    """A link to the canary."""
    (folder / "notes.txt").write_text("It stands beside.")
    (folder / "activations.py").symlink_to(settings["canary_file"])
