"""Tells a whole class from a submission, so that nobody grades thirty students as one."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.archive import Folder
from autograder.downloads.layouts import class_in, view_of
from autograder.downloads.table import JSON_NAME
from autograder.errors import WrongUsage
from autograder.submission.names import meaning_of
from autograder.text import plain


def refuse_class(path: Path, catalogue: Catalogue = OURS) -> None:
    """Raises WrongUsage where a folder holds the submissions of several students, with what to do with them."""
    if not path.is_dir():
        return
    shown = plain(str(path))
    if (path / JSON_NAME).is_file():
        raise WrongUsage(
            f"{shown} holds the submissions of a whole class, not one: `grade class {shown}` grades them all, and "
            f"`grade {shown}/KEY` one of them."
        )
    names = os.listdir(path)
    if any((meaning := meaning_of(name, catalogue)) and meaning.exact for name in names):
        return  # somebody's own folder; and no folder need be walked through
    layout = class_in(view_of(path.resolve().name, Folder(path), catalogue))
    if layout is not None:
        raise WrongUsage(
            f"{shown} looks like a download of {layout.title} with several students in it, not like one submission: "
            f"`grade import {shown} --out FOLDER` takes it apart, and `grade class FOLDER` grades them all."
        )
