"""Builds the submission; see ../README.md."""

from pathlib import Path

import zipfile


def make(folder: Path, settings: dict[str, str]) -> None:
    """A zip file with a path that climbs out."""
    with zipfile.ZipFile(folder / "activations.zip", "w") as archive:
        archive.writestr("../../activations.py", "x = 1")
        archive.writestr("/tmp/nablagrade-test-leak", "x = 1")
