"""Builds the submission; see ../README.md."""

from pathlib import Path


def make(folder: Path, settings: dict[str, str]) -> None:
    """No way through them ends."""
    (folder / "activations.py").write_text(settings["reference"])
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    (folder / "inner").mkdir()
    (folder / "inner" / "outer").symlink_to("..")
