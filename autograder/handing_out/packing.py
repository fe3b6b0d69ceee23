"""Zip files that are the same to the byte whenever they are made of the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

# One day for all: nothing in a zip then tells when or where it was made. The earliest that a zip can hold, in 1980, looks like
# a fault to whoever unpacks it, and some systems refuse it.
_TIME = (2025, 1, 1, 0, 0, 0)
_UNIX = 3
# How hard deflate tries: its quickest is a tenth larger than its best, in a third of the time.
QUICK, SMALL = 1, 9


def zipped(files: Mapping[str, bytes], executable: Collection[str] = (), level: int = QUICK) -> bytes:
    """A zip of these files, sorted by name. executable: the names of those that may be run. A wheel in it is a zip already."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            kind = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, kind, level)
    return written.getvalue()
