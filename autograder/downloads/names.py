"""Names from a download: which can stand in a folder of ours, and what a student's folder is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

from autograder.submission.read import DEEPEST, SKIPPED

# A name of 200 bytes fits every file system with room for a suffix; submission.py reads none that is longer.
LONGEST_NAME = 200
LONGEST_PATH = 4096  # what Linux takes; as many names as a path may have, of LONGEST_NAME each, are a third of it
# A folder of 80 characters with a path of files below it stays within the 260 of Windows.
LONGEST_KEY = 80
# Eight hexadecimal digits tell 300 students apart with a chance of 1e-5 that two share them; if so, more are taken.
SHORT_HASH = 8

# What systems and editors leave behind. Names that begin with a dot are left out too: .git, .DS_Store, .ipynb_checkpoints.
LEFT_BEHIND = SKIPPED | {"__macosx", "thumbs.db", "desktop.ini"}
# What Windows takes for a device, whatever stands behind a dot.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")})
NOT_ON_WINDOWS = frozenset('<>:"|?*')
# What stands beside the students' folders, and so can be none.
TAKEN = frozenset({"submissions.csv", "submissions.json"})

Parts = tuple[str, ...]


def is_left_behind(parts: Parts) -> bool:
    """Whether a path is what a system or an editor leaves behind, and no work of a student's.

    >>> is_left_behind(("hw", "__MACOSX", "x.py")), is_left_behind(("hw", ".git", "config")), is_left_behind(("hw", "x.py"))
    (True, True, False)
    """
    return any(part.startswith(".") or part.lower() in LEFT_BEHIND for part in parts) or parts[-1].endswith(".pyc")


def split_path(name: str) -> Parts:
    """The parts of a path in an archive, in one normal form. Some archives from Windows part them with backslashes.

    Raises ValueError, with what is wrong, where the path would lead out of the folder that it is unpacked in.
    """
    if len(name) > LONGEST_PATH:  # before work: to normalise 64 KiB of combining marks takes a second
        raise ValueError(f"its path is longer than {LONGEST_PATH} characters")
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        raise ValueError("its path is absolute, and would lead out of the folder")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if ".." in parts:
        raise ValueError("its path holds .. and would lead out of the folder")
    if not parts:
        raise ValueError("it has no name")
    return parts


def problem_of(parts: Parts) -> str | None:
    """Why a path cannot stand in a student's folder, on any system; None if it can."""
    if len(parts) > DEEPEST + 1:
        return f"it lies more than {DEEPEST} folders deep"
    for part in parts:
        if not part.isprintable():
            return "its name holds characters that cannot be shown"
        if "/" in part or "\\" in part or part in ("", ".", ".."):
            return "its name holds what parts folders"
        if len(part.encode()) > LONGEST_NAME:
            return f"its name is longer than {LONGEST_NAME} bytes"
        if part[-1] in ". " or part[0] == " ":
            return "its name begins with a space, or ends with a space or a dot, which Windows loses"
        if NOT_ON_WINDOWS & set(part) or part.split(".")[0].rstrip().lower() in DEVICES:
            return "its name cannot stand on Windows"
    return None


def folded(name: str) -> str:
    """What file systems that do not tell capitals from small letters take a name for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def spelled(name: str) -> str:
    r"""A name in one normal form that any file can hold: bytes that are no UTF-8 are spelled out, so that none are lost.

    >>> spelled("caf\udce9"), spelled("e\u0301") == "\u00e9"
    ('caf\\udce9', True)
    """
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode())


def key_for(identity: str, taken: Collection[str] = ()) -> str:
    """The name of a student's folder: the identity itself where it is a plain name, else made from it and a hash of it.

    No two identities get one name, whatever the file system: a name that is taken is told apart by the hash, which is
    the identity's own, so that the order of students does not matter to most. taken: folded names.

    >>> key_for("7012"), key_for("anna-lee"), key_for("Zoë Müller"), key_for("../x")
    ('7012', 'anna-lee', 'Zoe-Muller-d6e575a6', 'x-d6b96a97')
    """
    ascii_ = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9._@-]+", "-", ascii_)
    slug = re.sub(r"^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "", slug)
    is_device = slug.split(".")[0].lower() in DEVICES
    is_plain = slug == identity != "" and len(slug) <= LONGEST_KEY and not is_device
    if is_plain and folded(slug) not in taken and folded(slug) not in TAKEN:
        return slug
    digest = hashlib.sha256(spelled(identity).encode()).hexdigest()
    stem = "student" if is_device or not slug else slug
    for length in range(SHORT_HASH, len(digest) + 1, SHORT_HASH):
        # With a whole hash of 64 digits 15 characters of the name are left.
        key = f"{stem[: LONGEST_KEY - length - 1].rstrip('.-_@')}-{digest[:length]}"
        if folded(key) not in taken:
            return key
    raise AssertionError("two identities with one hash")
