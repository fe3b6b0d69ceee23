"""Reads a submission from disk: a folder or one module, trusted in nothing. Links are not followed; sizes are bounded."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.declare.catalogue import OURS, Catalogue
from autograder.errors import UnreadableNotebook, WrongUsage
from autograder.submission.notebook import LARGEST_NOTEBOOK, Cell, as_text, read_cells
from autograder.text import plain

# A module of ours takes 10 KiB; data files that a student reads by relative path come along up to these bounds.
LARGEST_FILE = 2**20
LARGEST_SUBMISSION = 8 * 2**20
MOST_FILES = 500
DEEPEST = 5
MOST_NAMES = 20_000
MOST_NOTICES = 12
MODULE, NOTEBOOK = ".py", ".ipynb"
SKIPPED = frozenset({"__pycache__", "node_modules", "venv", "site-packages"})


@dataclass(frozen=True)
class Module:
    """One topic's module in a submission; problem: why it cannot be used, if so; cells: what it consists of, if a notebook."""

    topic: str
    path: str
    problem: str | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def file(self) -> str:
        """The file's own name, without the folders that it lies in."""
        return PurePosixPath(self.path).name


@dataclass
class Submission:
    """What was found: modules by topic, contents of files by path (with / between folders), and what a person should know."""

    name: str
    modules: dict[str, Module] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    cells: dict[str, list[Cell]] = field(default_factory=dict)  # of notebooks, by path; files holds their text
    broken: list[Module] = field(default_factory=list)  # modules of ours that cannot be used, each with its problem
    catalogue: Catalogue = OURS  # the topics whose modules were looked for

    def topic_of(self, name: str) -> str | None:
        """The topic whose module or notebook a file is, by its name; None for any other file."""
        stem, dot, kind = PurePosixPath(name).name.rpartition(".")
        return stem if dot + kind in (MODULE, NOTEBOOK) and stem in self.catalogue.names else None


def read_submission(path: Path, catalogue: Catalogue = OURS) -> Submission:
    """Read a folder or a single module, of topics of this catalogue. Raises WrongUsage where there is nothing to grade."""
    shown = plain(str(path))
    if not os.path.lexists(path):
        raise WrongUsage(f"There is no file or folder {shown}.")
    known = ", ".join(f"{name}.py" for name in catalogue.names)
    if path.is_dir():
        submission = read_folder(path, catalogue)
        if not submission.files and not submission.notices and not submission.modules:
            raise WrongUsage(f"The folder {shown} is empty; it should hold one or more of {known}.")
        if not submission.modules:
            notices = " ".join(submission.notices)
            raise WrongUsage(
                f"The folder {shown} holds no module of ours; it should hold one or more of {known}. {notices}".strip()
            )
        return submission
    if path.suffix == ".zip":
        raise WrongUsage(f"{shown} is a zip file; unpack it and give the folder.")
    submission = Submission(plain(path.name), catalogue=catalogue)
    if submission.topic_of(path.name) is None:
        raise WrongUsage(f"{shown} is not a module of ours; those are {known}, or notebooks with those names.")
    _take_file(submission, path, path.name)
    _find_module(submission, path.stem)
    return submission


def submission_of_cells(topic: str, cells: Sequence[Cell], name: str) -> Submission:
    """A submission of one notebook, whose cells are at hand already."""
    path = f"{topic}.ipynb"
    return Submission(name, {topic: Module(topic, path, None, tuple(cells))}, {path: as_text(cells).encode()})


def read_folder(folder: Path, catalogue: Catalogue = OURS) -> Submission:
    """What there is in a folder, be it nothing to grade."""
    submission = Submission(plain(folder.resolve().name), catalogue=catalogue)
    total = 0
    for name in _names_in(folder, submission):
        if len(submission.files) >= MOST_FILES or total > LARGEST_SUBMISSION:
            submission.notices.append(
                f"Only the first {len(submission.files)} files were read; a submission has at most {MOST_FILES}, "
                f"of {LARGEST_SUBMISSION // 2**20} MiB together."
            )
            break
        total += _take_file(submission, folder / name, name)
    for topic in submission.catalogue.names:
        _find_module(submission, topic)
    if len(submission.notices) > MOST_NOTICES:
        more = len(submission.notices) - MOST_NOTICES
        submission.notices[MOST_NOTICES:] = [f"And {more} more files were left out."]
    return submission


def read_modules(folder: Path) -> Submission:
    """The modules and notebooks of ours in a folder, and nothing else: what a student checks stands among much else."""
    submission = Submission(plain(folder.resolve().name))
    for name in _names_in(folder, submission):
        if submission.topic_of(name):
            _take_file(submission, folder / name, name)
    for topic in submission.catalogue.names:
        _find_module(submission, topic, tell_choice=False)  # a kit has both of every topic
    return submission


def _names_in(folder: Path, submission: Submission) -> list[str]:
    """Names of the files worth reading, relative to the folder: our modules first, so that nothing can push them out."""
    names: list[str] = []
    for place, folders, found in os.walk(folder):
        relative = PurePosixPath(*Path(place).relative_to(folder).parts)
        for name in [*folders, *found]:
            if not _is_plain_name(name):
                told = plain(name.encode("utf-8", "replace").decode())
                submission.notices.append(f"Something was left out because of its name: {told}.")
        folders[:] = sorted(f for f in folders if _is_plain_name(f) and f not in SKIPPED and not f.startswith("."))
        if len(relative.parts) >= DEEPEST:
            folders.clear()
        names += [
            (relative / name).as_posix()
            for name in sorted(found)
            if _is_plain_name(name) and not name.startswith(".") and not name.endswith(".pyc")
        ]
        if len(names) > MOST_NAMES:
            folders.clear()
    return sorted(names, key=lambda name: (submission.topic_of(name) is None, name.count("/"), name))


def _is_plain_name(name: str) -> bool:
    try:
        return name.isprintable() and len(name.encode()) <= 200
    except UnicodeEncodeError:
        return False


def _take_file(submission: Submission, path: Path, name: str) -> int:
    """Read one file if it is a plain one of a sensible size; what is wrong with a module of ours is noted on the module."""
    problem, content = None, b""
    most = LARGEST_NOTEBOOK if name.endswith(NOTEBOOK) and submission.topic_of(name) else LARGEST_FILE
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            problem = "is a link, and links are not followed: put the file itself there"
        elif not stat.S_ISREG(about.st_mode):
            problem = "is not a plain file"
        elif about.st_nlink > 1:
            problem = "is a hard link to a file that also stands elsewhere: put a copy there"
        elif about.st_size > most:
            problem = f"has {about.st_size} bytes; at most {most} are read"
        else:
            content = path.read_bytes()[: most + 1]
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    topic = submission.topic_of(name)
    if topic and problem is None and name.endswith(NOTEBOOK):
        try:
            submission.cells[name] = read_cells(content)
            content = as_text(submission.cells[name]).encode()
        except UnreadableNotebook as why:
            problem = str(why)
    elif topic and problem is None:
        problem = _problem_of(content)
    if problem is None:
        submission.files[name] = content
    elif topic:
        submission.broken.append(Module(topic, name, f"{PurePosixPath(name).name} {problem}."))
    else:
        submission.notices.append(f"{plain(name)} was left out: it {problem}.")
    return len(content)


def _problem_of(content: bytes) -> str | None:
    """What is wrong with a module's text that Python would report in a puzzling way, or not at all."""
    if not content.strip():
        return "is empty"
    if b"\0" in content:
        return "holds null bytes, so it is not Python text: save it as UTF-8"
    if content.lstrip().startswith(b"{") and b'"nbformat"' in content:
        return "is a notebook saved as .py: give it its own ending, .ipynb"
    head = b"".join(content.splitlines()[:2])
    if b"coding" not in head:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            return f"is not UTF-8 (line {line}): save it as UTF-8"
    return None


def _find_module(submission: Submission, topic: str, tell_choice: bool = True) -> None:
    """The module of a topic: the one nearest to the top; of a module and a notebook the one in which more is written."""
    places = sorted((p for p in submission.files if submission.topic_of(p) == topic), key=lambda p: (p.count("/"), p))
    if not places:
        broken = next((module for module in submission.broken if module.topic == topic), None)
        if broken:
            submission.modules[topic] = broken
            return
        alike = [p for p in submission.files if PurePosixPath(p).name.lower() == topic + MODULE]
        if alike:
            submission.notices.append(f"{plain(alike[0])} must be named {topic}.py, in small letters.")
        return
    nearest = [p for p in places if p.count("/") == places[0].count("/")]
    kinds = {kind: [p for p in nearest if p.endswith(kind)] for kind in (MODULE, NOTEBOOK)}
    for kind, found in kinds.items():
        if len({submission.files[p] for p in found}) > 1:
            problem = f"There are {len(found)} different copies of {topic}{kind} ({', '.join(map(plain, found))}): keep one."
            submission.modules[topic] = Module(topic, found[0], problem)
            return
    still_open = {found[0]: _open_stubs(submission.files[found[0]]) for found in kinds.values() if found}
    chosen = min(still_open, key=lambda p: still_open[p])
    if len(still_open) > 1 and tell_choice:
        why = "only one of them can be" if len(set(still_open.values())) == 1 else "more is written in it"
        submission.notices.append(f"There are {topic}.py and {topic}.ipynb; {plain(chosen)} was graded, as {why}.")
    if len(places) > len(nearest) or any(len(found) > 1 for found in kinds.values()):
        submission.notices.append(f"{topic}.py stands in {len(places)} places; {plain(chosen)} was graded.")
    submission.modules[topic] = Module(topic, chosen, None, tuple(submission.cells.get(chosen, ())))


def _open_stubs(content: bytes) -> int:
    """How much of a topic's text is not written yet: stubs as they were handed out, and questions left open."""
    return content.count(b"raise NotImplementedError()") + content.count(b": ...,")
