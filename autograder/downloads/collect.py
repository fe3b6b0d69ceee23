"""Collects one student's files out of a download: names made safe, sizes counted, an archive among them unpacked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.archive import (
    FOREIGN_ARCHIVES,
    LARGEST_NESTED,
    Item,
    Source,
    is_archive,
    open_nested,
    without_suffix,
)
from autograder.downloads.layouts import Entry, is_module, restored
from autograder.downloads.names import Parts, folded, problem_of
from autograder.errors import Unreadable
from autograder.submission.names import NOTEBOOK, rank
from autograder.submission.notebook import LARGEST_NOTEBOOK, without_outputs
from autograder.submission.read import LARGEST_FILE, LARGEST_SUBMISSION, MOST_FILES, MOST_NOTICES
from autograder.text import plain

# What is too large is read as far as is needed to know that. An archive of the largest size, and as much again out of it, is
# more than any student means to hand in.
MOST_READ = 2 * LARGEST_NESTED
# A notebook that is larger is kept without its outputs, which are no work of the student's: a class must not fill a disk.
LARGEST_WITH_OUTPUTS = 2 * 2**20


@dataclass
class Collected:
    """One student's files by path (with / between folders), and what a person should know."""

    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    size: int = 0
    catalogue: Catalogue = OURS
    _read: int = 0
    _folded: dict[str, str] = field(default_factory=dict)

    def leave_out(self, path: str, why: str) -> None:
        self.notices.append(f"{plain(path, 120)} was left out: {why}.")

    def take(self, parts: Parts, item: Item, source: Source) -> None:
        """Keep a file if its name, its kind and its size allow it, and say why if not."""
        path = "/".join(parts)
        most = LARGEST_NOTEBOOK if path.lower().endswith(NOTEBOOK) else LARGEST_FILE
        if problem := item.problem or problem_of(parts):
            self.leave_out(path, problem)
            return
        content = self.read(path, item, source, most)
        if content is None:
            return
        if len(content) > LARGEST_WITH_OUTPUTS and path.lower().endswith(NOTEBOOK):
            content = self._without_outputs(path, content)
        if len(content) > LARGEST_FILE and not is_module(parts[-1], self.catalogue):
            self.leave_out(path, f"it has more than {LARGEST_FILE // 2**20} MiB")
            return
        if len(self.files) >= MOST_FILES or self.size > LARGEST_SUBMISSION:
            mebibytes = LARGEST_SUBMISSION // 2**20
            self.leave_out(path, f"a submission has at most {MOST_FILES} files, of {mebibytes} MiB together")
            return
        if clash := self._clash(parts):
            self.leave_out(path, f"{plain(clash, 120)} has the same name on some systems")
            return
        self.files[path] = content
        self.size += len(content)

    def read(self, path: str, item: Item, source: Source, most: int) -> bytes | None:
        """A file's content, or None and a notice."""
        problem = item.problem
        if problem is None and item.size > most:
            problem = f"it has more than {most // 2**20} MiB"
        if problem is None and self._read > MOST_READ:
            problem = f"more than {MOST_READ // 2**20} MiB were read of this submission already"
        if problem is not None:
            self.leave_out(path, problem)
            return None
        try:
            content = source.read(item, most)
        except Unreadable as error:
            self.leave_out(path, str(error))
            return None
        self._read += len(content)
        if len(content) > most:
            self.leave_out(path, f"it has more than {most // 2**20} MiB, whatever its archive says")
            return None
        return content

    def _without_outputs(self, path: str, content: bytes) -> bytes:
        cut = without_outputs(content)
        if cut is None:
            return content
        self.notices.append(
            f"{plain(path, 120)} is kept without its outputs: with them it has {len(content) // 2**20} MiB. Its code is whole."
        )
        return cut

    def _clash(self, parts: Parts) -> str | None:
        """A file that is there already and stands where this one or a folder of it would, be it in other capitals."""
        path = folded("/".join(parts))
        for depth in range(1, len(parts) + 1):
            above = folded("/".join(parts[:depth]))
            if above in self._folded and (depth == len(parts) or self._folded[above] in self.files):
                return self._folded[above]
        for depth in range(1, len(parts)):
            self._folded.setdefault(folded("/".join(parts[:depth])), "/".join(parts[:depth]))
        self._folded[path] = "/".join(parts)
        return None


def collect(entries: Iterable[Entry], source: Source, is_submission: bool = False, catalogue: Catalogue = OURS) -> Collected:
    """A student's files. Our modules come first, so that nothing can push them out; is_submission: the one file is all.

    One archive in a submission is unpacked where it stands; of several each is unpacked into a folder of its name.
    """
    collected = Collected(catalogue=catalogue)
    files = sorted(entries, key=lambda entry: _rank(entry.parts, catalogue))
    archives = [entry for entry in files if is_archive(entry.parts[-1])]
    others = [entry for entry in files if not is_archive(entry.parts[-1])]
    for entry in others:
        collected.take(entry.parts, entry.item, source)
        if entry.parts[-1].lower().endswith(FOREIGN_ARCHIVES):
            name = plain(entry.parts[-1], 120)
            collected.notices.append(f"{name} is an archive of a kind that is not unpacked: ask for a zip.")
    for entry in archives:
        alone = len(archives) == 1 and not collected.files
        into = entry.parts[:-1] if alone else (*entry.parts[:-1], without_suffix(entry.parts[-1]))
        _unpack(collected, entry, source, () if is_submission else into, 2 if is_submission else 1)
    _restore_names(collected)
    if len(collected.notices) > MOST_NOTICES:
        more = len(collected.notices) - MOST_NOTICES
        collected.notices[MOST_NOTICES:] = [f"And {more} more notices."]
    return collected


def _unpack(collected: Collected, entry: Entry, source: Source, into: Parts, deeper: int) -> None:
    """Take the files of an archive. deeper: so many archives in archives are unpacked too; what lies deeper is left out."""
    path = "/".join(entry.parts)
    content = collected.read(path, entry.item, source, LARGEST_NESTED)
    if content is None:
        return
    try:
        inner = open_nested(entry.parts[-1], content)
    except Unreadable as error:
        collected.leave_out(path, str(error))
        return
    collected.notices += inner.refused
    for item in sorted(inner.items, key=lambda item: _rank(item.parts, collected.catalogue)):
        below = Entry((*into, *item.parts), item)
        if not is_archive(item.parts[-1]):
            collected.take(below.parts, item, inner)
        elif deeper:
            _unpack(collected, below, inner, (*into, *item.parts[:-1], without_suffix(item.parts[-1])), deeper - 1)
        else:
            collected.leave_out(
                "/".join(below.parts), "it is an archive in an archive, and these are not unpacked without end"
            )


def _rank(parts: Parts, catalogue: Catalogue) -> tuple[int, int, Parts]:
    return rank(parts[-1], catalogue), len(parts), parts


def _restore_names(collected: Collected) -> None:
    """Give layers-1.py its name back where there is no layers.py. Of several the one with the highest number counts."""
    again: dict[str, list[tuple[int, str]]] = {}
    for path in collected.files:
        folder, slash, name = path.rpartition("/")
        meant, number = restored(name, collected.catalogue)
        if number:
            again.setdefault(folder + slash + meant, []).append((number, path))
    for meant, numbered in again.items():
        *earlier, latest = [path for _, path in sorted(numbered)]
        if meant in collected.files:
            earlier.append(latest)
        else:
            collected.files[meant] = collected.files.pop(latest)
            collected.notices.append(f"{plain(latest, 120)} was taken for {plain(meant, 120)}.")
        if earlier:
            names = ", ".join(plain(path, 120) for path in earlier)
            collected.notices.append(f"{names} stands beside {plain(meant, 120)}, which is the one that is graded.")
