"""An environment as `make demo` makes it: what the package requires and nothing of its extras, with the command `grade`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.wall.libraries import places_of
from tests.conftest import ROOT

COMMANDS = (("grade", "autograder.cli", "main"), ("pytest", "pytest", "console_main"))


def light_environment(folder: Path, more: tuple[str, ...] = ()) -> Path:
    """Make it in a folder, without a network; its folder of programs. more: distributions that are there as well.

    The distributions are those of the environment that runs the tests, linked file by file: neither an installer nor a
    registry is asked.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for place in map(Path, places_of(("nablagrade", *more))):
        target = packages / place.name
        if place.is_dir():
            shutil.copytree(place, target, copy_function=_link, ignore=shutil.ignore_patterns("tests", "__pycache__"))
        elif place.suffix != ".pth":
            _link(str(place), str(target))
    (packages / "nablagrade.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    for name, module, function in COMMANDS:
        command = programs / name
        # As an installer writes it: what starts processes imports this file again.
        text = f'import sys\nfrom {module} import {function}\n\nif __name__ == "__main__":\n    sys.exit({function}())\n'
        command.write_text(f"#!{programs / 'python'}\n{text}", encoding="utf-8")
        command.chmod(0o755)
    return programs


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
    return target
