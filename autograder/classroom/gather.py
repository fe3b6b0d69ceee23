"""Whose submissions there are, and in which folders: what an import left, or a download, which is imported first."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.course import Course
from autograder.declare.catalogue import Catalogue
from autograder.downloads.importing import Imported, import_download
from autograder.downloads.names import key_for
from autograder.downloads.table import ATTEMPTS, JSON_NAME, KEPT, NUMBERED, SAME, VERSION, Record, Row
from autograder.errors import WrongUsage
from autograder.submission.read import read_folder
from autograder.text import plain

Advance = Callable[[str, int, int], None]
# Is told all rows, those of what was given, and whether anything among these is new; and may raise before anything is kept.
Accept = Callable[[Sequence[Row], Sequence[Row], bool], None]


@dataclass
class Gathered:
    """All submissions of a class: the folder that they lie in, a row each, and what a person should know.

    kept: how many are of an earlier download, and not in this one.
    """

    folder: Path
    rows: list[Row]
    notices: list[str] = field(default_factory=list)
    kept: int = 0


def gather(
    given: Path,
    imported_to: Path,
    layout: str | None,
    topics: Sequence[str],
    advance: Advance,
    course: Course,
    accept: Accept,
) -> Gathered:
    """The submissions in what was given: an import's folder as it is; anything else is imported into a folder of its own.

    Raises WrongUsage where nothing is there, or it cannot be read.
    """
    if not os.path.lexists(given):
        raise WrongUsage(f"There is no file or folder {plain(str(given))}.")
    if is_import(given, layout):
        gathered = _of_import(given, course.catalogue)
        accept(gathered.rows, gathered.rows, True)
        return gathered

    def imported(found: Imported) -> None:
        new = any(found.states[row.key] != SAME for row in found.came)
        accept(found.rows, found.came, new)

    found = import_download(
        given,
        imported_to,
        layout,
        update=True,
        topics=topics,
        advance=advance,
        catalogue=course.catalogue,
        attempts=course.attempts == "best",
        accept=imported,
    )
    kept = sum(state == KEPT for state in found.states.values())
    return Gathered(imported_to, found.rows, [f"download: {notice}" for notice in found.left_over], kept)


def is_import(given: Path, layout: str | None) -> bool:
    """Whether a folder is an import's, and is graded where it lies; what is read as a layout is imported first."""
    return layout is None and (given / JSON_NAME).is_file()


def _of_import(folder: Path, catalogue: Catalogue) -> Gathered:
    """What the table of an import lists, and whatever folder somebody put beside them."""
    table = folder / JSON_NAME
    try:
        record = msgspec.json.decode(table.read_bytes(), type=Record)
    except (OSError, msgspec.MsgspecError) as error:
        raise WrongUsage(f"{plain(str(table))} cannot be read as the table of an import ({error}).") from None
    if record.version != VERSION:
        raise WrongUsage(f"{plain(str(table))} is of another version of this package: import into a new folder.")
    numbered = [(one.folder, f"{row.key}{NUMBERED}{i}") for row in record.submissions for i, one in enumerate(row.attempts, 1)]
    if any(key_for(row.key) != row.key for row in record.submissions) or any(told != due for told, due in numbered):
        raise WrongUsage(f"{plain(str(table))} names folders that no import makes: it was edited. Import into a new folder.")
    gone = [row.key for row in record.submissions if row.files and not (folder / row.key).is_dir()]
    gone += [one.folder for row in record.submissions for one in row.attempts if not (folder / ATTEMPTS / one.folder).is_dir()]
    if gone:
        raise WrongUsage(f"{plain(str(table))} lists {gone[0]}, whose folder is not there: import again with --update.")
    gathered = Gathered(folder, list(record.submissions))
    known = {row.key for row in record.submissions}
    for path in sorted(folder.iterdir()):
        if path.name in known or path.name.startswith(".") or not path.is_dir() or path.is_symlink():
            continue
        if key_for(path.name) != path.name:
            gathered.notices.append(f"{plain(path.name)} was left out: give the folder a plain name.")
            continue
        topics = sorted(read_folder(path, catalogue).modules)
        gathered.rows.append(Row(path.name, path.name, "plain", name=path.name, topics=topics))
        gathered.notices.append(f"{path.name} stands in no table of an import; it is graded by its folder's name.")
    gathered.rows.sort(key=lambda row: row.key)
    return gathered


def topics_of_class(course: Course, rows: Sequence[Row], chosen: Sequence[str]) -> list[str]:
    """The topics that everybody is marked against: those chosen, else the course's, else those that all hand in.

    A class has one number of points. Raises WrongUsage where the submissions alone do not say which.
    """
    known = course.catalogue.names
    if chosen:
        return [name for name in known if name in chosen]
    if course.topics == "all":
        return list(known)
    if course.topics != "found":
        return [name for name in known if name in course.topics]
    sets = {frozenset(row.topics) for row in rows if row.topics}
    if len(sets) == 1:
        return [name for name in known if name in next(iter(sets))]
    if not sets:
        raise WrongUsage("No submission holds a module of ours: say with -t which topics are graded.")
    counts = Counter(topic for row in rows for topic in row.topics)
    seen = ", ".join(f"{topic} in {counts[topic]}" for topic in known if counts[topic])
    raise WrongUsage(
        f"The {len(rows)} submissions hold different topics ({seen}): say which are graded, with -t, "
        "with -a and an assignment of course.toml, or with topics in course.toml."
    )
