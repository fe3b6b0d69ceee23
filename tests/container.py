"""A clean root like a container's: a system, a Python without packages, /autograder, and nothing of this repository."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.handing_out.wheel import zip_of_wheel

PYTHON = Path(sys.base_prefix)
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", str(PYTHON))


@dataclass
class Container:
    """A folder that is /autograder to whatever runs in it: as root, with an empty environment, without a network.

    No user namespaces can be made in it, as in Gradescope's containers. inside: whether there is a container at all; where
    there is none, the folder is told to the scripts by the one variable that they know.
    """

    folder: Path
    inside: bool = True

    def unpack(self, content: Path) -> None:
        """Lay a zip out as Gradescope does: its files in source/, and run_autograder beside that."""
        with zipfile.ZipFile(content) as archive:
            for entry in archive.infolist():
                place = Path(archive.extract(entry, self.folder / "source"))
                place.chmod(entry.external_attr >> 16)
        run = self.folder / "run_autograder"
        run.write_bytes((self.folder / "source" / "run_autograder").read_bytes())
        run.chmod(0o755)
        for name in ("submission", "results"):
            (self.folder / name).mkdir()

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command there to its end. more: variables of its environment."""
        running = self.start(*command, **more)
        said, complained = running.communicate()
        return subprocess.CompletedProcess(command, running.returncode, said, complained)

    def start(self, *command: str, **more: str) -> subprocess.Popen[str]:
        """Begin to run a command there."""
        root = "/autograder" if self.inside else str(self.folder)
        told = {
            "PATH": f"{PYTHON}/bin:/usr/bin:/bin",
            "HOME": f"{root}/home",
            "LANG": "C.UTF-8",
            "PIP_NO_COMPILE": "1",
            **more,
        }
        if not self.inside:
            told["AUTOGRADER_ROOT"] = root
        started = [*self._walls(), *command] if self.inside else list(command)
        pipe = subprocess.PIPE
        return subprocess.Popen(started, env=told, cwd=self.folder, stdout=pipe, stderr=pipe, text=True, errors="replace")

    def _walls(self) -> list[str]:
        walls = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
        walls += ["--uid", "0", "--gid", "0"]
        for path in SYSTEM:
            if os.path.islink(path):
                walls += ["--symlink", os.readlink(path), path]
            elif os.path.isdir(path):
                walls += ["--ro-bind", path, path]
        walls += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", str(self.folder), "/autograder"]
        return [*walls, "--chdir", "/autograder", "--"]

    def results(self) -> dict[str, Any]:
        """What run_autograder left for Gradescope."""
        read: dict[str, Any] = json.loads((self.folder / "results" / "results.json").read_bytes())
        return read


def packed_wheels(requirements: str, folder: Path) -> None:
    """Wheels of what a requirements.txt asks for, put together from what is installed here, so that no network is needed."""
    from packaging.requirements import Requirement

    folder.mkdir()
    for line in requirements.splitlines():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate():
            name, content = _wheel_of(importlib.metadata.distribution(wanted.name))
            (folder / name).write_bytes(content)


def _wheel_of(installed: importlib.metadata.Distribution) -> tuple[str, bytes]:
    paths = [path for path in installed.files or () if ".." not in path.parts and not path.name.endswith(".pyc")]
    about = next(path.parts[0] for path in paths if path.parts[0].endswith(".dist-info"))
    ours = {f"{about}/{name}" for name in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")}
    files = {str(path): Path(str(path.locate())).read_bytes() for path in paths if str(path) not in ours}
    tags = [line.split(": ")[1] for line in (installed.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    python, abi, platforms = (".".join(dict.fromkeys(part)) for part in zip(*(tag.split("-") for tag in tags), strict=True))
    return f"{about.removesuffix('.dist-info')}-{python}-{abi}-{platforms}.whl", zip_of_wheel(files, about)
