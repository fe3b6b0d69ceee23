"""Tells a whole class from a submission, so that nobody grades thirty students as one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.archive import Folder
from autograder.downloads.layouts import class_in, view_of
from autograder.downloads.table import JSON_NAME
from autograder.errors import WrongUsage
from autograder.submission.names import meaning_of
from autograder.text import plain

# Two folders with one module may be a student's new work and old; three are a class.
SEVERAL = 3


def _same_in(path: Path, names: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The folders of this one that hold a module or a notebook of one and the same topic, if they are several; else none."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        folder = path / name
        if name.startswith(".") or folder.is_symlink() or not folder.is_dir():
            continue
        meant = {meaning.topic for file in os.listdir(folder) if (meaning := meaning_of(file, catalogue)) and meaning.exact}
        for topic in meant:
            found.setdefault(topic, []).append(name)
    return next((folders for folders in found.values() if len(folders) >= SEVERAL), [])


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
    if layout is None and (students := _same_in(path, names, catalogue)):
        raise WrongUsage(
            f"{shown} looks like the submissions of several students ({', '.join(map(plain, students[:3]))}), not like one: "
            f"`grade class {shown}` grades them all, and `grade {shown}/{plain(students[0])}` one of them."
        )
    if layout is not None:
        raise WrongUsage(
            f"{shown} looks like a download of {layout.title} with several students in it, not like one submission: "
            f"`grade import {shown} --out FOLDER` takes it apart, and `grade class FOLDER` grades them all."
        )
