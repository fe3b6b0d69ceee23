"""Imports a download into a folder: one folder a submission, and the table. Nothing is written anywhere else.

What arrives is first laid down in .incoming in that folder, a student at a time; then the table is written, and the folders
are moved to their places. An import that is interrupted leaves what was there as it was, and can be made again.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.archive import Source, is_archive, open_download, without_suffix
from autograder.downloads.collect import Collected, collect
from autograder.downloads.layouts import GOOGLE, PLAIN, Attempt, Layout, recognise, view_of, without_files
from autograder.downloads.names import folded, key_for, spelled
from autograder.downloads.table import (
    ATTEMPTS,
    CHANGED,
    CSV_NAME,
    JSON_NAME,
    KEPT,
    MISSED,
    NEW,
    NUMBERED,
    SAME,
    VERSION,
    Record,
    Row,
    Tried,
    as_csv,
    as_json,
)
from autograder.errors import GraderFault, WrongUsage
from autograder.submission.read import read_folder
from autograder.text import plain

# Five hundred students who all hand in the 8 MiB that they may come to this. More would fill an instructor's disk.
LARGEST_IMPORT = 4 * 2**30
# Names and addresses are shown in one line of a table.
LONGEST_SHOWN = 200
# A file's name is no longer on any system.
LONGEST_PLACE = 255
INCOMING = ".incoming"

Advance = Callable[[str, int, int], None]


@dataclass
class Imported:
    """What an import came to: all rows of the table, what became of each by its key, and what belonged to nobody.

    came: this download's own rows, those among them that were left out as well.
    """

    layout: Layout
    rows: list[Row]
    states: dict[str, str]
    left_over: list[str]
    came: list[Row]


@dataclass
class _Import:
    """An import under way."""

    out: Path | None
    incoming: Path
    earlier: dict[tuple[str, str], Row]
    layout: Layout
    topics: Sequence[str]
    catalogue: Catalogue
    attempts: bool
    came: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    size: int = 0


def import_download(
    download: Path,
    out: Path | None,
    layout: str | None = None,
    update: bool = False,
    topics: Sequence[str] = (),
    advance: Advance = lambda what, done, total: None,
    dry_run: bool = False,
    catalogue: Catalogue = OURS,
    attempts: bool = False,
    accept: Callable[[Imported], None] = lambda imported: None,
) -> Imported:
    """Import a download into the folder out; with dry_run nothing is written there.

    topics: those that a submission should hold; what lacks is told. catalogue: the topics that there are.
    attempts: keep earlier attempts of a student too, beside the last. accept: is told what the import comes to before anything
    takes its place, and may raise. Raises WrongUsage where the download cannot be read, its layout is not clear, or the folder
    holds anything but an earlier import of the same assignment.
    """
    if out is None and not dry_run:
        raise WrongUsage("Say with --out which folder the submissions go to, or --dry-run.")
    earlier = _earlier(out, update) if out else []
    if out and os.path.isdir(download) and out.resolve().is_relative_to(download.resolve()):
        raise WrongUsage(f"{plain(str(out))} lies in the download {plain(str(download))}: choose a folder outside it.")
    with open_download(download) as source:
        name = download.resolve().name
        recognised, view = recognise(view_of(without_suffix(name) if is_archive(name) else name, source, catalogue), layout)
        unnamed = layout is None and recognised in (PLAIN, GOOGLE)  # no system's names say whose it is
        if unnamed and len(source.items) == 1 and is_archive(source.items[0].parts[-1]):
            inner = plain(source.items[0].parts[-1])
            raise WrongUsage(
                f"{plain(name)} holds nothing but {inner}: unpack it once, and import {inner}. If one student handed it in, "
                f"say --layout {PLAIN.name}."
            )
        found = recognised.read(view)
        found.attempts += without_files(recognised, view, found)
        if not found.attempts:
            raise WrongUsage(f"No submission was found in {plain(str(download))}, read as {recognised.name}.")
        with _incoming(None if dry_run else out) as incoming:
            known = {(row.layout, row.identity): row for row in earlier}
            work = _Import(out, incoming, known, recognised, topics, catalogue, attempts)
            _lay_down(work, _latest(found.attempts, attempts), source, advance)
            _keep_the_rest(work, earlier)
            imported = Imported(recognised, work.rows, work.states, [*source.refused, *found.left_over], work.came)
            accept(imported)
            if both := two_assignments(earlier, work.came):
                raise WrongUsage(
                    f"{plain(str(out))} holds submissions of {both[0]}, and {plain(str(download))} holds {both[1]}: import "
                    "another assignment into a folder of its own, with another --out."
                )
            if out and not dry_run:
                _settle(work, out)
    return imported


def _earlier(out: Path, update: bool) -> list[Row]:
    """The table of an earlier import into this folder. Raises WrongUsage where it holds anything else, or must not change."""
    shown = plain(str(out))
    if not os.path.lexists(out):
        return []
    if not out.is_dir():
        raise WrongUsage(f"{shown} is not a folder: --out names the folder that the submissions go to.")
    if not any(path.name != INCOMING for path in out.iterdir()):
        return []
    table = out / JSON_NAME
    if not table.is_file():
        raise WrongUsage(f"The folder {shown} is not empty and holds no earlier import: choose another, or empty it.")
    if not update:
        raise WrongUsage(f"The folder {shown} holds an earlier import: say --update to add to it, or choose another.")
    try:
        record = msgspec.json.decode(table.read_bytes(), type=Record)
    except (OSError, msgspec.MsgspecError) as error:
        raise WrongUsage(f"{plain(str(table))} cannot be read as the table of an import ({error}).") from None
    if record.version != VERSION:
        raise WrongUsage(f"{plain(str(table))} is of another version of this package: import into a new folder.")
    if any(key_for(row.key) != row.key for row in record.submissions):
        raise WrongUsage(f"{plain(str(table))} names folders that no import makes: it was edited. Import into a new folder.")
    return record.submissions


@contextmanager
def _incoming(out: Path | None) -> Iterator[Path]:
    """Where submissions are laid down first; None for a dry run, which leaves nothing."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="nablagrade-import-") as folder:
            yield Path(folder)
        return
    incoming = out / INCOMING
    try:
        out.mkdir(parents=True, exist_ok=True)
        if incoming.is_symlink():
            raise WrongUsage(f"{plain(str(incoming))} is a link; remove it.")
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir()
        yield incoming
    except OSError as error:
        # A disk that is full, or that fails, is the machine's fault and not the command's.
        kind = GraderFault if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else WrongUsage
        raise kind(f"{plain(str(error.filename or out))} cannot be written ({error.strerror}).") from None
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _latest(attempts: Sequence[Attempt], keep: bool) -> list[Attempt]:
    """Of the attempts of each student the latest, by its time where that is known, else by its number."""
    by_student: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        attempt.identity = spelled(attempt.identity)
        by_student.setdefault(attempt.identity, []).append(attempt)
    latest = []
    for _, tried in sorted(by_student.items()):
        *before, last = sorted(tried, key=lambda a: (_comparable(a.submitted_at), a.order, a.shown))
        for attempt in before:
            told = attempt.submitted_at and attempt.submitted_at.tzinfo  # one without a zone stands in the name
            when = f" ({attempt.submitted_at.isoformat()})" if attempt.submitted_at and told else ""
            said = "An earlier attempt was kept" if keep else "Another attempt was left out"
            last.notices.append(f"{said}: {plain(attempt.shown, 120)}{when}.")
        last.earlier = before if keep else []
        latest.append(last)
    return latest


def two_assignments(before: Sequence[Row], now: Sequence[Row]) -> tuple[str, str] | None:
    """The topics of two downloads, in words, where most of one hand in nothing of what most of the other do; else None."""
    both = [_topics_of_most(rows) for rows in (before, now)]
    if not all(both) or set(both[0]) & set(both[1]):
        return None
    return ", ".join(both[0]), ", ".join(both[1])


def _topics_of_most(rows: Sequence[Row]) -> list[str]:
    """What at least half of those hand in who hand in anything: one who sends the wrong week makes no other assignment."""
    counts = Counter(topic for row in rows for topic in row.topics)
    return sorted(topic for topic, count in counts.items() if 2 * count >= sum(bool(row.topics) for row in rows))


def _comparable(when: datetime | None) -> datetime:
    """A time as it is compared with others of its layout, none of which has a zone if one has not; none is the earliest."""
    return datetime.min.replace(tzinfo=UTC) if when is None else when if when.tzinfo else when.replace(tzinfo=UTC)


def _lay_down(work: _Import, attempts: Sequence[Attempt], source: Source, advance: Advance) -> None:
    """Collect each student's files, write them into incoming, and say what became of them."""
    taken = {folded(row.key) for row in work.earlier.values()}
    taken |= {folded(path.name) for path in work.out.iterdir()} if work.out and work.out.is_dir() else set()
    for number, attempt in enumerate(attempts):
        advance("submissions", number, len(attempts))
        before = work.earlier.get((work.layout.name, attempt.identity))
        key = before.key if before else key_for(attempt.identity, taken)
        taken.add(folded(key))
        if work.size > LARGEST_IMPORT:
            attempt.notices.append(f"It was left out: the import has {LARGEST_IMPORT // 2**30} GiB already. Import it apart.")
            attempt.files = []
        is_submission = work.layout is PLAIN and is_archive(attempt.shown) and len(attempt.files) == 1
        collected = collect(attempt.files, source, is_submission, work.catalogue)
        work.size += collected.size
        write_files(work.incoming / key, collected.files)
        row = _row(work, key, attempt, collected)
        row.attempts = [_earlier_one(work, f"{key}{NUMBERED}{i}", one, source) for i, one in enumerate(attempt.earlier, 1)]
        work.came.append(row)
        if before and _is_older(row, before):
            older = f"An older one, of {row.submitted_at}, came and was left out."
            before.notices = [*(notice for notice in before.notices if notice != older), older]
            row, work.states[key] = before, MISSED
        else:
            work.states[key] = _state(work, before, row)
        work.rows.append(row)
    advance("submissions", len(attempts), len(attempts))


def _row(work: _Import, key: str, attempt: Attempt, collected: Collected) -> Row:
    seen = read_folder(work.incoming / key, work.catalogue)
    problems = [f"{module.problem}" for module in seen.modules.values() if module.problem]
    topics = sorted(seen.modules)
    return Row(
        key,
        attempt.identity,
        work.layout.name,
        plain(attempt.name, LONGEST_SHOWN),
        plain(attempt.id, LONGEST_SHOWN),
        plain(attempt.email, LONGEST_SHOWN),
        attempt.submitted_at.isoformat() if attempt.submitted_at else "",
        attempt.late,
        sorted(collected.files),
        topics,
        [topic for topic in work.topics if topic not in topics],
        [*attempt.notices, *collected.notices, *problems, *seen.notices],
        plain(attempt.place, LONGEST_PLACE),
    )


def _earlier_one(work: _Import, name: str, attempt: Attempt, source: Source) -> Tried:
    """Lay an earlier attempt down beside the last ones."""
    collected = collect(attempt.files if work.size <= LARGEST_IMPORT else [], source, False, work.catalogue)
    work.size += collected.size
    (work.incoming / ATTEMPTS).mkdir(exist_ok=True)
    write_files(work.incoming / ATTEMPTS / name, collected.files)
    return Tried(name, attempt.submitted_at.isoformat() if attempt.submitted_at else "", attempt.late)


def _is_older(row: Row, before: Row) -> bool:
    """Whether a submission was handed in before the one that is there; not if either time is unknown."""
    try:
        return datetime.fromisoformat(row.submitted_at) < datetime.fromisoformat(before.submitted_at)
    except (ValueError, TypeError):
        return False


def _state(work: _Import, before: Row | None, row: Row) -> str:
    if before is None or work.out is None:
        return NEW
    old, new = work.out / row.key, work.incoming / row.key
    same = before.files == row.files and all(_is_same(old / path, new / path) for path in row.files)
    return SAME if same else CHANGED


def _is_same(old: Path, new: Path) -> bool:
    return old.is_file() and not old.is_symlink() and old.read_bytes() == new.read_bytes()


def _keep_the_rest(work: _Import, earlier: Sequence[Row]) -> None:
    """Rows of the earlier import that this download has nothing about stay, and so do their folders."""
    for row in earlier:
        if row.key not in work.states:
            work.rows.append(row)
            work.states[row.key] = KEPT
    work.rows.sort(key=lambda row: row.key)


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write a student's files below a folder that is ours alone: never through a link, never to be executed."""
    folder.mkdir()
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(target, flags, 0o644), "wb") as file:
            file.write(content)
        target.chmod(0o644)


def _settle(work: _Import, out: Path) -> None:
    """Write the table, then move what came to its place. The table is first: what it names and is not there comes again."""
    for name, content in ((JSON_NAME, as_json(work.rows)), (CSV_NAME, as_csv(work.rows))):
        write_files(work.incoming / f"table {name}", {name: content})
        os.replace(work.incoming / f"table {name}" / name, out / name)
    earlier = {row.key: row for row in work.earlier.values()}
    if (out / ATTEMPTS).is_symlink():
        raise WrongUsage(f"{plain(str(out / ATTEMPTS))} is a link; remove it.")
    for row in work.rows:
        if work.states[row.key] not in (KEPT, MISSED):
            _move_attempts(work.incoming / ATTEMPTS, out / ATTEMPTS, row)
        if work.states[row.key] in (NEW, CHANGED):
            _move(work.incoming / row.key, out / row.key, row.files, earlier[row.key].files if row.key in earlier else [])


def _move_attempts(incoming: Path, folder: Path, row: Row) -> None:
    """Put a student's earlier attempts in their place; those of an earlier import are no more, as all came again."""
    for old in folder.glob(f"{row.key}{NUMBERED}*"):
        shutil.rmtree(old)
    for one in row.attempts:
        folder.mkdir(exist_ok=True)
        os.replace(incoming / one.folder, folder / one.folder)


def _move(incoming: Path, folder: Path, files: Sequence[str], before: Sequence[str]) -> None:
    """Put a submission in its place. Of an earlier one its own files are replaced, and what others put beside them stays."""
    if not os.path.lexists(folder):
        os.replace(incoming, folder)
        return
    for path in before:
        if path not in files and _is_inside(folder, path):
            (folder / path).unlink(missing_ok=True)
    for path in files:
        if not _is_inside(folder, path):
            raise WrongUsage(f"{plain(str(folder / path))} lies behind a link or a file; remove that, and import again.")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(incoming / path, folder / path)


def _is_inside(folder: Path, path: str) -> bool:
    """Whether only real folders lead to a path, as far as they are there. Paths of an earlier table may be forged."""
    if ".." in Path(path).parts or Path(path).is_absolute():
        return False
    ways = [folder, *((folder / path).parents[: len(Path(path).parts) - 1])]
    return all(not way.is_symlink() and (way.is_dir() or not way.exists()) for way in ways)
