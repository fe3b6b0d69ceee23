"""Builds the submission; see ../README.md."""

from pathlib import Path

import os


def make(folder: Path, settings: dict[str, str]) -> None:
    """Files whose names are attacks."""
    (folder / "activations.py").write_text(settings["reference"])
    for name in (b"a\nscore: 1000", b"\x1b[2J\x1b[31mred", "\u202eyp.snoitavitca".encode(), b"\xff\xfe", b"x" * 250, b"=cmd|' calc'!A1",
                 b"<script>alert(1)<script>", b"[bold]", b"--json", b"$(touch pwned)", b"back\\slash", b"\x07bell"):
        with open(os.path.join(os.fsencode(folder), name), "w") as file:
            file.write("x")
    os.mkdir(os.path.join(os.fsencode(folder), b"folder\n\x1b[31m"))
