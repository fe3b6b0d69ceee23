"""Builds the submission; see ../README.md."""

from pathlib import Path

EVIL = """
import os, sys
open(@MARKER@, "a").write("ran")
print("STUDENT CODE IN THE GRADER")
"""


def make(folder: Path, settings: dict[str, str]) -> None:
    """A right submission but for one function, and every file by which a tool may be told what to do."""
    evil = EVIL.replace("@MARKER@", repr(settings["marker"]))
    source = settings["reference"] + "\n\ndef relu_derivative(x):\n    return np.full_like(x, 0.3)\n"
    (folder / "activations.py").write_text(source)
    for name in ("conftest", "sitecustomize", "usercustomize", "numpy", "msgspec", "click", "json", "pytest", "hypothesis",
                 "_pytest", "noxfile", "setup", "inside", "worker", "random", "plugin"):
        (folder / f"{name}.py").write_text(evil)
    for name in ("autograder", "reference"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(evil)
    (folder / "evil.pth").write_text("import conftest\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p plugin\npython_files = *.py\n")
    (folder / "setup.cfg").write_text("[tool:pytest]\naddopts = -p plugin\n")
    (folder / "tox.ini").write_text("[pytest]\naddopts = -p plugin\n")
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "-p plugin"\n')
    (folder / "course.toml").write_text('sandbox = "none"\nhints = "full"\n[limits]\ncall_seconds = 1000\n')
