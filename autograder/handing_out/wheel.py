"""A wheel of this package as it is installed: from a clone or from a registry, with no network and no build tool.

A wheel is a zip of the package's files with three files about them, so it can be put together from what runs at this moment: a
student checks, and a container grades, with the code that made the kit or the zip. As a command it writes the wheel to a
folder: ``python -m autograder.handing_out.wheel dist``.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import sys
from pathlib import Path

from autograder._version import __version__
from autograder.errors import GraderFault, WrongUsage
from autograder.handing_out.packing import zipped

NAME = "nablagrade"
TAG = "py3-none-any"


def own_wheel() -> tuple[str, bytes]:
    """File name and content of the wheel. Raises GraderFault where the package runs without being installed."""
    try:
        installed = importlib.metadata.distribution(NAME)
    except importlib.metadata.PackageNotFoundError:
        raise GraderFault(
            f"{NAME} is not installed, only on the path: pip install --no-deps --editable . in its clone."
        ) from None
    about = f"{NAME}-{__version__}.dist-info"
    files = _package_files() | {f"{about}/{name}": _metadata(installed, name) for name in ("METADATA", "entry_points.txt")}
    wheel = f"Wheel-Version: 1.0\nGenerator: {NAME} {__version__}\nRoot-Is-Purelib: true\nTag: {TAG}\n"
    return wheel_name(), zip_of_wheel(files | {f"{about}/WHEEL": wheel.encode()}, about)


def wheel_name() -> str:
    """What the wheel of this package is called."""
    return f"{NAME}-{__version__}-{TAG}.whl"


def wheels_in(folder: Path) -> dict[str, bytes]:
    """The wheels in a folder, by name, but not this package's. Raises WrongUsage where there are none."""
    found = [path for path in sorted(folder.glob("*.whl")) if not path.name.startswith(f"{NAME}-")]
    if not found:
        raise WrongUsage(f"There are no wheels in {folder}: pip download -r requirements.txt -d {folder}")
    return {path.name: path.read_bytes() for path in found}


def zip_of_wheel(files: dict[str, bytes], about: str) -> bytes:
    """A wheel of these files and their record, which stands in the folder that is about them."""
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in sorted(files.items())]
    record = "\n".join([*lines, f"{about}/RECORD,,"]) + "\n"
    return zipped(files | {f"{about}/RECORD": record.encode()})


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _package_files() -> dict[str, bytes]:
    home = Path(__file__).resolve().parent.parent
    return {
        path.relative_to(home.parent).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def _metadata(installed: importlib.metadata.Distribution, name: str) -> bytes:
    return (installed.read_text(name) or "").encode()


def main(folder: Path) -> None:
    """Write the wheel to a folder, and say where it is."""
    name, content = own_wheel()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
