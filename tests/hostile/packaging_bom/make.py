"""Builds the submission; see ../README.md."""

from pathlib import Path

def make(folder: Path, settings: dict[str, str]) -> None:
    """UTF-8 with a mark, CRLF."""
    (folder / "activations.py").write_bytes(b"\xef\xbb\xbf" + settings["reference"].replace("\n", "\r\n").encode())
