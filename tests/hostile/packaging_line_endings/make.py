"""Builds the submission; see ../README.md."""

from pathlib import Path


def make(folder: Path, settings: dict[str, str]) -> None:
    """Every other line ends otherwise."""
    lines = settings["reference"].split("\n")
    text = "".join(line + ("\r\n" if number % 2 else "\n") for number, line in enumerate(lines))
    (folder / "activations.py").write_bytes(text.encode())
