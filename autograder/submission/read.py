"""Reads a submission from disk: a folder or one module, trusted in nothing. Links are not followed; sizes are bounded."""

from __future__ import annotations

import itertools
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from autograder.declare.catalogue import OURS, Catalogue
from autograder.errors import UnreadableNotebook, WrongUsage
from autograder.submission.names import MODULE, NOTEBOOK, defines, meaning_of, rank
from autograder.submission.notebook import (
    LARGEST_NOTEBOOK,
    Cell,
    as_text,
    as_utf8,
    looks_like_notebook,
    read_cells,
    with_own_files,
)
from autograder.text import plain

# A module of ours takes 10 KiB; data files that a student reads by relative path come along up to these bounds.
LARGEST_FILE = 2**20
LARGEST_SUBMISSION = 8 * 2**20
MOST_FILES = 500
DEEPEST = 5
MOST_NAMES = 20_000
MOST_NOTICES = 12
# Notebooks are large by their outputs, which do not count; so many bytes of them are read at all.
MOST_READ = 128 * 2**20
# So many names of other files are told where there is nothing to grade.
MOST_TOLD = 5
# How archives begin: zip, rar, 7z and what gzip packs.
ARCHIVES_BEGIN = (b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
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

    def source_of(self, number: int) -> str | None:
        """The text of the cell of this number."""
        return self._sources.get(number)

    @cached_property
    def _sources(self) -> dict[int, str]:
        return {cell.number: cell.source for cell in self.cells}


@dataclass
class Submission:
    """What was found: modules by topic, contents of files by path (with / between folders), and what a person should know."""

    name: str
    modules: dict[str, Module] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    cells: dict[str, list[Cell]] = field(default_factory=dict)  # of notebooks, by path; files holds their text
    broken: list[Module] = field(default_factory=list)  # modules of ours that cannot be used, each with its problem
    written: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # files that cells write, and of which notebook
    read: int = 0  # bytes
    catalogue: Catalogue = OURS  # the topics whose modules were looked for

    def topic_of(self, name: str) -> str | None:
        """The topic whose module or notebook a file is meant to be, by its name; None for any other file."""
        meaning = meaning_of(name, self.catalogue)
        return meaning.topic if meaning else None

    @property
    def file_names(self) -> dict[str, str]:
        """The name of each topic's file."""
        return {topic: PurePosixPath(module.path).name for topic, module in self.modules.items()}

    def text_of(self, module: Module) -> str:
        """The text of a module; of a notebook its cells, one after the other."""
        if module.cells:
            return "\n".join(cell.source for cell in module.cells)
        return self.files.get(module.path, b"").decode("utf-8", "replace")


def read_submission(path: Path, catalogue: Catalogue = OURS) -> Submission:
    """Read a folder or a single module, of topics of this catalogue. Raises WrongUsage where there is nothing to grade."""
    shown = plain(str(path))
    if not os.path.lexists(path):
        raise WrongUsage(f"There is no file or folder {shown}.")
    known = ", ".join(f"{name}.py" for name in catalogue.names)
    if path.is_dir():
        submission = read_folder(path, catalogue)
        if not submission.files and not submission.notices and not submission.modules and not _packed(path):
            raise WrongUsage(f"The folder {shown} is empty; it should hold one or more of {known}.")
        if not submission.modules:
            raise WrongUsage(
                f"The folder {shown} holds no module of ours; it should hold one or more of {known}. "
                f"{' '.join([*what_it_seems(submission), *_packed(path), *submission.notices])}".strip()
            )
        return submission
    if path.suffix == ".zip":
        raise WrongUsage(f"{shown} is a zip file; unpack it and give the folder.")
    submission = Submission(plain(path.name), catalogue=catalogue)
    _take_file(submission, path, path.name)
    _take_written(submission)
    topic = submission.topic_of(path.name)
    if topic is not None:
        _find_module(submission, topic, surely=True)
    elif submission.files:
        for written in catalogue.names:
            _find_module(submission, written)
    if not submission.modules:
        others = " ".join([*what_it_seems(submission), *submission.notices])
        raise WrongUsage(
            f"{shown} is not a module of ours; those are {known}, or notebooks with those names. {others}".strip()
        )
    return submission


def submission_of_cells(topic: str, cells: Sequence[Cell], name: str) -> Submission:
    """A submission of one notebook, whose cells are at hand already."""
    path = f"{topic}.ipynb"
    kept, written = with_own_files(cells, topic)
    files = {own: text.encode("utf-8", "replace") for own, text in written.items()}
    return Submission(
        name, {topic: Module(topic, path, None, tuple(kept))}, {**files, path: as_text(kept).encode("utf-8", "replace")}
    )


def read_folder(folder: Path, catalogue: Catalogue = OURS) -> Submission:
    """What there is in a folder, be it nothing to grade."""
    submission = Submission(plain(folder.resolve().name), catalogue=catalogue)
    total = 0
    for name in _names_in(folder, submission):
        if len(submission.files) >= MOST_FILES or total > LARGEST_SUBMISSION or submission.read > MOST_READ:
            submission.notices.append(
                f"Only the first {len(submission.files)} files were read; a submission has at most {MOST_FILES}, "
                f"of {LARGEST_SUBMISSION // 2**20} MiB together."
            )
            break
        total += _take_file(submission, folder / name, name)
    _take_written(submission)
    for topic in submission.catalogue.names:
        _find_module(submission, topic)
    if len(submission.notices) > MOST_NOTICES:
        more = len(submission.notices) - MOST_NOTICES
        submission.notices[MOST_NOTICES:] = [f"And {more} more files were left out."]
    return submission


def read_modules(folder: Path, catalogue: Catalogue = OURS) -> Submission:
    """The modules and notebooks of ours in a folder, and nothing else: what a student checks stands among much else."""
    submission = Submission(plain(folder.resolve().name), catalogue=catalogue)
    for name in _names_in(folder, submission):
        if submission.topic_of(name):
            _take_file(submission, folder / name, name)
    _take_written(submission)
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
    return sorted(names, key=lambda name: (rank(name, submission.catalogue), name.count("/"), name))


def _is_plain_name(name: str) -> bool:
    try:
        return name.isprintable() and len(name.encode()) <= 200
    except UnicodeEncodeError:
        return False


def _take_file(submission: Submission, path: Path, name: str) -> int:
    """Read one file if it is a plain one of a sensible size; what is wrong with a module of ours is noted on the module.

    How much it counts: of a notebook, its code.
    """
    problem, content = None, b""
    topic = submission.topic_of(name)
    most = LARGEST_NOTEBOOK if topic or name.lower().endswith(NOTEBOOK) else LARGEST_FILE
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
    submission.read += len(content)
    if problem is None and (name.lower().endswith(NOTEBOOK) or (topic and looks_like_notebook(content))):
        content, problem = _take_notebook(submission, name, content, topic)
    elif topic and problem is None:
        content, problem = as_utf8(content), _problem_of(as_utf8(content))
    if problem is None and len(content) > LARGEST_FILE:
        problem = f"has {len(content)} bytes; at most {LARGEST_FILE} are read"
    if problem is None:
        submission.files[name] = content
    elif topic:
        submission.broken.append(Module(topic, name, f"{PurePosixPath(name).name} {problem}."))
    else:
        submission.notices.append(f"{plain(name)} was left out: it {problem}.")
    return len(content)


def _take_notebook(submission: Submission, name: str, content: bytes, topic: str | None) -> tuple[bytes, str | None]:
    """The code of a notebook, and what is wrong with it; the files that its cells write are files of the submission.

    A notebook that is none of ours stays as it is, as does what only looks like one.
    """
    try:
        kept, written = with_own_files(read_cells(content), topic)
    except UnreadableNotebook as why:
        return content, str(why) if topic else None
    for own, text in written.items():
        place = (PurePosixPath(name).parent / own).as_posix()
        submission.written.setdefault(place, (name, text.encode("utf-8", "replace")))
    if topic is None:
        return content, None
    if not kept:
        return content, "holds no cell with code in it: your functions belong into code cells"
    submission.cells[name] = kept
    return as_text(kept).encode("utf-8", "replace"), None


def _take_written(submission: Submission) -> None:
    """Take the files that cells of a notebook write, where the submission has none of that name."""
    left = LARGEST_FILE
    for place, (notebook, text) in submission.written.items():
        left -= len(text)
        if place not in submission.files and left >= 0 and len(submission.files) < MOST_FILES and _is_plain_name(place):
            submission.files[place] = text
            if submission.topic_of(place):
                submission.notices.append(f"{plain(place)} was taken out of a cell of {plain(notebook)} that writes it.")


def what_it_seems(submission: Submission) -> list[str]:
    """Says what there is instead of a module of ours, and what each file seems to be."""
    found = [name for name in submission.files if name.lower().endswith((MODULE, NOTEBOOK))]
    said = []
    for name in found[:MOST_TOLD]:
        tables = map(submission.catalogue.topic, submission.catalogue.names)
        alike = {table.name: names for table in tables if (names := defines(submission.files[name], table))}
        if len(alike) == 1:
            ((topic, names),) = alike.items()
            kind = NOTEBOOK if name.lower().endswith(NOTEBOOK) else MODULE
            said.append(f"{plain(name)} defines {', '.join(names[:3])}: if it is your {topic}{kind}, give it that name.")
        else:
            said.append(f"{plain(name)} could be any of them: give it its topic's name.")
    if len(found) > MOST_TOLD:
        said.append(f"There are {len(found) - MOST_TOLD} more.")
    return said


def _packed(folder: Path) -> list[str]:
    """Says which files of a folder are archives, in which the module may be."""
    found = sorted(
        name for name in os.listdir(folder) if name.lower().endswith((".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar"))
    )
    return [f"{plain(name)} {_packed_words(folder / name)}." for name in found[:MOST_TOLD]]


def _packed_words(path: Path) -> str:
    """What a file with an archive's name is, by how it begins."""
    try:
        with path.open("rb") if stat.S_ISREG(path.lstat().st_mode) else open(os.devnull, "rb") as file:
            begins = file.read(512)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if begins.startswith(ARCHIVES_BEGIN) or begins[257:262] == b"ustar":
        return "is an archive: unpack it first"
    if begins.lstrip()[:1] == b"<":
        return "has an archive's name, and is a web page: the download was not the file itself"
    return "has an archive's name, and is none: it is damaged, or another file"


def _problem_of(content: bytes) -> str | None:
    """What is wrong with a module's text that Python would report in a puzzling way, or not at all."""
    if not content.strip():
        return "is empty"
    if b"\0" in content:
        return "holds null bytes, so it is not Python text: save it as UTF-8"
    head = b"".join(content.splitlines()[:2])
    if b"coding" not in head:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            return f"is not UTF-8 (line {line}): save it as UTF-8"
    return None


def _find_module(submission: Submission, topic: str, tell_choice: bool = True, surely: bool = False) -> None:
    """The module of a topic: the one nearest to the top; of a module and a notebook the one in which more is written.

    A file with another name is taken where it is the only one that can be meant, or the only one in which more is written.
    surely: the file was named by whoever grades it.
    """
    meant = {
        path: meaning
        for path in submission.files
        if (meaning := meaning_of(path, submission.catalogue)) and meaning.topic == topic
    }
    exact = _nearest([path for path, meaning in meant.items() if meaning.exact])
    renamed = _nearest(
        [
            path
            for path, meaning in meant.items()
            if not meaning.exact
            and (surely or meaning.sure or defines(submission.files[path], submission.catalogue.topic(topic)))
        ]
    )
    if exact:
        chosen = _of_right_name(submission, topic, exact, tell_choice)
        _look_at_renamed(submission, topic, chosen, renamed)
    elif renamed:
        _take_renamed(submission, topic, renamed)
    else:
        broken = next((module for module in submission.broken if module.topic == topic), None)
        if broken:
            submission.modules[topic] = broken


def _nearest(paths: Sequence[str]) -> list[str]:
    """Those of these files that stand nearest to the top."""
    top = min((path.count("/") for path in paths), default=0)
    return sorted(path for path in paths if path.count("/") == top)


def _of_right_name(submission: Submission, topic: str, nearest: Sequence[str], tell_choice: bool) -> str | None:
    """Take the module among files of the right name; its path, or None where there is a problem with them."""
    kinds = {kind: [p for p in nearest if p.endswith(kind)] for kind in (MODULE, NOTEBOOK)}
    for kind, found in kinds.items():
        if len({submission.files[p] for p in found}) > 1:
            problem = f"There are {len(found)} different copies of {topic}{kind} ({', '.join(map(plain, found))}): keep one."
            submission.modules[topic] = Module(topic, found[0], problem)
            return None
    still_open = {found[0]: _open_stubs(submission.files[found[0]]) for found in kinds.values() if found}
    chosen = min(still_open, key=lambda p: still_open[p])
    if len(still_open) > 1 and tell_choice:
        why = "only one of them can be" if len(set(still_open.values())) == 1 else "more is written in it"
        submission.notices.append(f"There are {topic}.py and {topic}.ipynb; {plain(chosen)} was graded, as {why}.")
    places = [
        p
        for p in submission.files
        if (meaning := meaning_of(p, submission.catalogue)) and meaning.exact and meaning.topic == topic
    ]
    if len(places) > len(nearest) or any(len(found) > 1 for found in kinds.values()):
        submission.notices.append(f"{topic}.py stands in {len(places)} places; {plain(chosen)} was graded.")
    _take(submission, topic, chosen)
    return chosen


def _look_at_renamed(submission: Submission, topic: str, chosen: str | None, renamed: Sequence[str]) -> None:
    """Beside a file of the right name: take the one of another name in which more is written, else say which was graded."""
    if chosen is None:
        return
    beside = [p for p in renamed if p.count("/") <= chosen.count("/") and submission.files[p] != submission.files[chosen]]
    fuller = [p for p in beside if _open_stubs(submission.files[p]) < _open_stubs(submission.files[chosen])]
    if len({submission.files[p] for p in fuller}) == 1:
        _take(submission, topic, fuller[0])
        submission.notices.append(f"{plain(fuller[0])} was graded, as more is written in it than in {plain(chosen)}.")
    elif beside:
        stands = "stands" if len(beside) == 1 else "stand"
        names = ", ".join(map(plain, beside[:MOST_TOLD]))
        submission.notices.append(f"{names} {stands} beside {plain(chosen)}, which is the one that was graded.")


def _take_renamed(submission: Submission, topic: str, renamed: Sequence[str]) -> None:
    """Take the one file that can be meant, where none has the right name; where several can, say so."""
    fewest = min(_open_stubs(submission.files[p]) for p in renamed)
    fullest = [p for p in renamed if _open_stubs(submission.files[p]) == fewest]
    if len({submission.files[p] for p in fullest}) > 1:
        names = ", ".join(map(plain, fullest[:MOST_TOLD]))
        problem = f"Each of {len(fullest)} files could be {topic}.py ({names}): keep one, and give it that name."
        submission.modules[topic] = Module(topic, fullest[0], problem)
        return
    why = ", as more is written in it than in the others" if len(fullest) < len(renamed) else ""
    kind = NOTEBOOK if fullest[0] in submission.cells else MODULE
    _take(submission, topic, fullest[0])
    submission.notices.append(f"{plain(fullest[0])} was taken for {topic}{kind}{why}.")


def _take(submission: Submission, topic: str, path: str) -> None:
    submission.modules[topic] = Module(topic, path, None, tuple(submission.cells.get(path, ())))
    if path in submission.cells and path.endswith(MODULE):
        submission.notices.append(f"{plain(path)} is a notebook, and was read as one.")


def _open_stubs(content: bytes) -> int:
    """How much of a topic's text is not written yet: stubs as they were handed out, and questions left open.

    Where a name is defined once more below its stub, the stub is none.
    """
    begin = list(_DEFINED.finditer(content))
    parts = {b"": content[: begin[0].start()] if begin else content}
    for this, after in itertools.zip_longest(begin, begin[1:]):
        parts[this[1]] = content[this.start() : after.start() if after else None]
    return sum(part.count(b"raise NotImplementedError()") + part.count(b": ...,") for part in parts.values())


_DEFINED = re.compile(rb"^(?:def|class) +(\w+)", re.MULTILINE)
