"""Makes the student kit: a folder, and the same as a zip, with everything that students need and nothing they must not see.

The same sources give the same bytes: names are sorted, times and permissions fixed, and nothing tells when or where it was
made. What is written has been looked through by :mod:`autograder.handing_out.leaks`
first; a kit that is refused leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder._version import __version__
from autograder.at_home.public import FILE_NAME, ROOT_FILE, TABLES, public_bytes, public_record
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, Catalogue, reference_folder
from autograder.declare.table import Topic
from autograder.errors import GraderFault, WrongUsage
from autograder.grading.locate.given import IN_KIT, given_bytes
from autograder.handing_out.guide import GUIDE, guide_page
from autograder.handing_out.leaks import Leak, Sought, leaks_in_kit, leaks_in_zip, sought_in_kit
from autograder.handing_out.new_course import render
from autograder.handing_out.packing import SMALL, zipped
from autograder.handing_out.wheel import own_wheel, wheel_name, wheels_in
from autograder.recording.record import Progress
from autograder.report import total

# What everybody may read.
_FILE, _FOLDER = 0o644, 0o755
# Where a kit has the wheels of what the package requires.
WHEELS = "wheels"
# Twelve topics come to some hundred files; so many leaks are told one by one.
_TOLD = 12


@dataclass(frozen=True)
class Kit:
    """What was written: the folder, the zip, and how much is in them."""

    folder: Path
    zip: Path
    files: int
    bytes_: int
    zip_bytes: int


def write_kit(
    course: Course, topics: Sequence[str], out: Path, progress: Progress | None = None, wheels: Path | None = None
) -> Kit:
    """Write a course's kit to the folder out and to out.zip. No topics: those of the course, else all.

    wheels: a folder of wheels of all that the package requires, which the kit then carries, to be installed without a network.
    Raises WrongUsage where out holds something else, and GraderFault where the kit would hold what it must not.
    """
    chosen = chosen_topics(course, topics)
    folder = out.absolute()
    archive = folder.with_name(f"{folder.name}.zip")
    _make_way(folder, archive)
    files = kit_files(course, chosen, progress, wheels)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
            new, new_zip = Path(made) / folder.name, Path(made) / archive.name
            _write(files, new)
            new_zip.write_bytes(zip_of(files, folder.name))
            os.chmod(new_zip, _FILE)
            refuse_leaks(new, new_zip, sought_in_kit(course.secret, course.catalogue), progress)
            if folder.exists():
                folder.rename(Path(made) / "before")
            new.rename(folder)
            os.replace(new_zip, archive)
    except OSError as error:
        raise WrongUsage(f"The kit cannot be written to {out} ({error.strerror}).") from None
    return Kit(out, out.with_name(archive.name), len(files), sum(map(len, files.values())), archive.stat().st_size)


def chosen_topics(course: Course, topics: Sequence[str]) -> list[str]:
    """A kit's topics in their order: those given, else the course's, else all. Raises GraderFault without their sources."""
    catalogue = course.catalogue
    for name in topics:
        catalogue.topic(name)
    wanted = topics or (course.topics if isinstance(course.topics, list) else catalogue.names)
    chosen = [name for name in catalogue.names if name in wanted]
    if missing := [name for name in chosen if not catalogue.has_reference(name)]:
        raise GraderFault(f"The source of {missing[0]} is not here, and a kit is made from it: clone the repository.")
    return chosen


# --- what is in a kit -------------------------------------------------------------------------------------------------------


def kit_files(
    course: Course, topics: Sequence[str], progress: Progress | None = None, wheels: Path | None = None
) -> dict[str, bytes]:
    """The files of a kit by their paths in it. wheels: as for :func:`write_kit`."""
    from autograder.handing_out.assignments import handed_out

    said = progress or (lambda *_: None)
    tables = [course.table(name) for name in topics]
    files = {
        "README.md": readme(course, tables, offline=wheels is not None).encode(),
        "LICENSE": _licence(),
        GUIDE: guide_page(),
    }
    if _installed(tables):
        name, wheel = own_wheel()
        files[name] = wheel
        files |= {f"{WHEELS}/{name}": content for name, content in wheels_in(wheels).items()} if wheels else {}
    for done, table in enumerate(tables):
        said("writing topics", done, len(tables))
        for name, text in handed_out(table.name, table, course.catalogue).items():
            files[f"{table.name}/{name}"] = without_links_out(text, topics).encode()
        if table.name not in OURS.names:
            files |= _table_of(table.name, course.catalogue)
        if _checked_at_home(table):
            files[f"{table.name}/{FILE_NAME}"] = public_bytes(public_record(table.name, table, course.catalogue))
    said("writing topics", len(tables), len(tables))
    files[ROOT_FILE] = manifest(course, tables, files)
    return dict(sorted(files.items()))


# How a handout, a notebook and a module name another topic's handout; and how the handout's page does.
_LINKS_OUT = (
    re.compile(r"\[([^][]+)\]\(\.\./(\w+)/handout\.md\)"),
    re.compile(r'<a href="\.\./(\w+)/handout\.html">(.*?)</a>', re.S),
)


def without_links_out(text: str, topics: Sequence[str]) -> str:
    """What is handed out of a topic, where a link to a topic that the kit does not hold is its words alone."""
    in_markdown, in_page = _LINKS_OUT
    text = in_markdown.sub(lambda link: link[0] if link[2] in topics else link[1], text)
    return in_page.sub(lambda link: link[0] if link[1] in topics else link[2], text)


def _table_of(topic: str, catalogue: Catalogue) -> dict[str, bytes]:
    """The files of the table of a topic of a course's own, what such tables share, and what is given: students ask it at home.

    The tables of our topics are in the wheel. As there, hidden checks are in it, and no inputs and no answers of theirs.
    """
    folder = catalogue.tables(topic)
    shared = (path for path in folder.glob("_*.py") if path.is_file())
    files = (*catalogue.table_files(topic), *shared)
    tables = {f"{TABLES}/checks/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in sorted(files)}
    return {**tables, f"{TABLES}/{IN_KIT}/{topic}.json": given_bytes(topic, catalogue)}


def _checked_at_home(table: Topic) -> bool:
    """Whether students can check it: it has public checks."""
    return any(check.public for _, _, check in table.checks())


def _installed(tables: Sequence[Topic]) -> bool:
    """Whether a kit is worth installing for: there is something to check at home, or a quiz to be asked."""
    return any(_checked_at_home(table) or table.source is not None for table in tables)


def _licence() -> bytes:
    folder = reference_folder()
    if folder is None:
        raise GraderFault("There is no LICENSE here to put into the kit: clone the repository.")
    return (folder.parent / "LICENSE").read_bytes()


def manifest(course: Course, tables: Sequence[Topic], files: Mapping[str, bytes]) -> bytes:
    """kit.json, which marks a kit's root: what made it, what each exercise is worth, and the digest of every other file."""
    content: dict[str, Any] = {
        "kit": 1,
        "version": __version__,
        "title": course.title,
        "topics": [
            {
                "name": table.name,
                "title": table.title,
                "due": _due(course, table),
                "points": {exercise.name: exercise.max_score for exercise in table.exercises},
                "left_out": _left_out(table, course.catalogue),
            }
            for table in tables
        ],
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _due(course: Course, table: Topic) -> str | None:
    due = course.due.get(table.name)
    return due.isoformat(" ", "minutes") if due else None


def _left_out(table: Topic, catalogue: Catalogue) -> list[str]:
    kept = {exercise.name for exercise in table.exercises}
    return [exercise.name for exercise in catalogue.topic(table.name).exercises if exercise.name not in kept]


def readme(course: Course, tables: Sequence[Topic], offline: bool = False) -> str:
    """The first page of a kit: what is in it, how to install, the first steps, what to hand in."""
    coded = [table for table in tables if _checked_at_home(table)]
    return render(
        "kit_readme",
        title=course.title or "Nablagrade",
        install=f"install {f'--no-index --find-links {WHEELS} ' if offline else ''}./{wheel_name()}",
        wheel=wheel_name(),
        offline=offline,
        topics=[
            {
                "name": table.name,
                "title": table.title,
                "points": total(exercise.max_score for exercise in table.exercises),
                "due": _due(course, table),
            }
            for table in tables
        ],
        libraries=[{"name": name, "topic": table.name} for table in tables for name in table.needs.libraries],
        coded=coded[0].name if coded else "",
        exercise=coded[0].exercises[0].name if coded else "",
        own=[table.name for table in tables if not _checked_at_home(table) and table.source is None],
        quiz=next((table.name for table in tables if table.source is not None), ""),
        files=_one_or_other(tables[0].name) + (", and so on" if len(tables) > 1 else ""),
        left_out=[f"{name} ({table.name})" for table in tables for name in _left_out(table, course.catalogue)],
    )


def _one_or_other(topic: str) -> str:
    return f"`{topic}.py` or `{topic}.ipynb`"


# --- writing it -------------------------------------------------------------------------------------------------------------


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.chmod(path, _FILE)
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        os.chmod(path, _FOLDER)


def zip_of(files: Mapping[str, bytes], name: str) -> bytes:
    """The zip of these files in a folder of this name."""
    return zipped({f"{name}/{path}": content for path, content in files.items()}, level=SMALL)


def _make_way(folder: Path, archive: Path) -> None:
    """Raises WrongUsage where the kit would overwrite what no kit wrote, or what somebody has changed since."""
    if folder.exists():
        if not folder.is_dir():
            raise WrongUsage(f"{folder} is a file, and a kit is a folder: give another name.")
        if any(folder.iterdir()) and (changed := _not_the_kits(folder)):
            raise WrongUsage(f"{folder} holds what no kit wrote, or what was changed since: {changed}. Give another folder.")
    if archive.exists() and not _is_kit(archive):
        raise WrongUsage(f"{archive} is no kit's zip, and is not overwritten: give another name.")


def _not_the_kits(folder: Path) -> str:
    """The first thing in a folder that is not as its kit.json says; empty where all of it is."""
    try:
        digests = json.loads((folder / ROOT_FILE).read_bytes())["files"]
        written = {**digests, ROOT_FILE: None}
    except (OSError, ValueError, KeyError, TypeError):
        return next(path.name for path in sorted(folder.iterdir()))
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_file() and name not in written):
            return name
        if path.is_file() and written[name] not in (None, hashlib.sha256(path.read_bytes()).hexdigest()):
            return name
    return ""


def _is_kit(archive: Path) -> bool:
    try:
        with zipfile.ZipFile(archive) as content:
            return any(name.endswith(f"/{ROOT_FILE}") for name in content.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


# --- looking it through -----------------------------------------------------------------------------------------------------


def refuse_leaks(folder: Path, archive: Path, sought: Sought, progress: Progress | None = None) -> None:
    """Look through a finished kit, as it lies on the disk. Raises GraderFault with every leak that is found."""
    files, found = _read(folder)
    topics = [name for name in sought.catalogue.names if any(path.startswith(f"{name}/") for path in files)]
    found += leaks_in_kit(files, topics, sought, progress)
    found += leaks_in_zip(archive.read_bytes(), zip_of(files, folder.name), files, sought)
    if found:
        told = "\n".join(f"  {leak}" for leak in found[:_TOLD])
        more = f"\n  and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
        raise GraderFault(
            f"The kit is refused, and nothing was written: it would hold what students must not see.\n{told}{more}"
        )


def _read(folder: Path) -> tuple[dict[str, bytes], list[Leak]]:
    files, found = {}, []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found.append(Leak(name, "", "a kit holds plain files only"))
        elif path.is_file():
            files[name] = path.read_bytes()
    return files, found
