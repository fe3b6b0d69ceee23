"""How course systems hand out submissions: for each a recogniser, and a reader of who handed in which files.

A layout is recognised from names alone, at the top of a download or below its single folder. What a layout is, is told by the
source of the system that writes it; each class says where.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.archive import Item, Source, is_archive, without_suffix
from autograder.downloads.gradescope_metadata import Handed, as_time, read_metadata
from autograder.downloads.names import Parts
from autograder.errors import Unreadable, WrongUsage
from autograder.submission.names import meaning_of
from autograder.text import plain

# Gradescope's metadata holds all that autograders printed: some 10 KiB a submission, and this is for thousands.
LARGEST_METADATA = 64 * 2**20
# How deep below single folders a layout is looked for: a zip of a folder of a folder.
DEEPEST_VIEW = 3
# Canvas puts -1 before the suffix of a file that is handed in again; browsers put (1) there.
AGAIN = re.compile(r"(?P<stem>\w+?)(?:-(?P<canvas>\d{1,3})|[ _]\((?P<browser>\d{1,3})\))(?P<suffix>\.py|\.ipynb)")


@dataclass(frozen=True)
class Entry:
    """A file of a download, by the path that it has in a view."""

    parts: Parts
    item: Item


@dataclass(frozen=True)
class View:
    """A download, or one folder of it: the folder's name, and the files below it. catalogue: what may have been handed in."""

    name: str
    source: Source
    entries: tuple[Entry, ...]
    above: Parts = ()
    catalogue: Catalogue = OURS

    def groups(self) -> dict[str, list[Entry]]:
        """Files by the first part of their path: a folder with what is in it, or a single file."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.entries:
            groups.setdefault(entry.parts[0], []).append(entry)
        return groups

    def inside(self, folder: str) -> View:
        """This view from one of its folders."""
        below = tuple(Entry(e.parts[1:], e.item) for e in self.entries if e.parts[0] == folder and len(e.parts) > 1)
        return View(folder, self.source, below, (*self.above, folder), self.catalogue)

    def files(self) -> list[Entry]:
        """The files that stand here and in no folder."""
        return [entry for entry in self.entries if len(entry.parts) == 1]

    def repositories(self) -> set[str]:
        """The folders here that are clones of a repository."""
        depth = len(self.above)
        return {r[depth] for r in self.source.repositories if len(r) == depth + 1 and r[:depth] == self.above}

    def empty_folders(self) -> list[str]:
        """The folders here below which there is no file that could be handed in."""
        depth = len(self.above)
        inside = {folder[depth] for folder in self.source.folders if len(folder) > depth and folder[:depth] == self.above}
        return sorted(inside - self.groups().keys())

    def text(self, entry: Entry, most: int) -> str:
        """A file's text, as far as it goes; nothing where it cannot be read."""
        if entry.item.problem:
            return ""
        try:
            return self.source.read(entry.item, most)[:most].decode("utf-8-sig", "replace")
        except Unreadable:
            return ""


@dataclass
class Attempt:
    """One submission as a system hands it out. The identity tells whose it is; order, which of two is the later.

    submitted_at has a zone where it is known; elsewhere it is the time on the course's clock, as the system wrote it.
    """

    identity: str
    shown: str
    name: str = ""
    id: str = ""
    email: str = ""
    submitted_at: datetime | None = None
    late: bool | None = None
    order: int = 0
    files: list[Entry] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    place: str = ""  # the name under which its system takes files back for it, where it does
    earlier: list[Attempt] = field(default_factory=list)  # of the same student, the earliest first


@dataclass
class Found:
    """What a layout found: the attempts, and what belongs to none of them."""

    attempts: list[Attempt]
    left_over: list[str] = field(default_factory=list)


class Layout(Protocol):
    """A system's way to hand out submissions."""

    name: str
    title: str
    looks: str  # what its names look like, for messages

    def fits(self, view: View) -> bool:
        """Whether the names in this view are those of the layout."""
        ...

    def read(self, view: View) -> Found:
        """Who handed in what."""
        ...


class Canvas:
    """Canvas, "Download Submissions": a flat zip.

    A file is called <name>[_LATE]_<user id>_<attachment id>_<file>, its name being the sortable one in small letters without
    anything but letters and digits; with anonymous grading [LATE_]anon_<anonymous id> stands in front. In a group assignment
    name and id are one member's. What was typed in ends with _text.html, a link with _link.html. Source:
    instructure/canvas-lms, lib/content_zipper.rb (get_filename, add_upload_submission, add_text_or_url) and
    app/models/attachment.rb (make_unique_filename: -1 before the suffix, for a file that is handed in again).
    """

    name, title = "canvas", "Canvas"
    looks = "leeanna_LATE_7012_88123_layers.py"
    _file = re.compile(
        r"(?:(?P<name>\w+?)(?P<late>_LATE)?_(?P<id>\d+)|(?P<anonymous_late>LATE_)?anon_(?P<anonymous>[A-Za-z0-9]+))"
        r"_(?:(?P<number>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)(?:-\d+)?\.html))",
        re.DOTALL,
    )

    def fits(self, view: View) -> bool:
        tops = view.groups()
        return sum(self._file.fullmatch(name) is not None for name in tops) * 2 > len(tops)

    def read(self, view: View) -> Found:
        attempts: dict[str, Attempt] = {}
        left_over = []
        numbered = [(self._file.fullmatch(entry.parts[0]), entry) for entry in view.entries]
        for match, entry in sorted(numbered, key=lambda pair: int(pair[0]["number"] or 0) if pair[0] else 0):
            if match is None or len(entry.parts) > 1:
                left_over.append(_left_over(entry, self))
                continue
            student = match["id"] or f"anon_{match['anonymous']}"
            late = bool(match["late"] or match["anonymous_late"])
            attempt = attempts.setdefault(student, Attempt(student, student, match["name"] or "", student))
            attempt.late = bool(attempt.late) or late
            if match["number"] and match["id"]:
                attempt.place = match.string  # of several files the latest
            if match["typed"]:
                attempt.notices.append(f"What was typed into Canvas is kept as {match['typed']}, and is not graded.")
            self._take(attempt, match["file"] or match["typed"], entry, view.catalogue)
        return Found(list(attempts.values()), left_over)

    def _take(self, attempt: Attempt, name: str, entry: Entry, catalogue: Catalogue) -> None:
        """Add a file under the name that it had before Canvas numbered it, in place of one that was attached earlier."""
        meant = (restored(name, catalogue)[0],)
        earlier = [file for file in attempt.files if file.parts == meant]
        if earlier:
            attempt.files = [file for file in attempt.files if file.parts != meant]
            attempt.notices.append(f"{plain(meant[0], 120)} was handed in more than once; {plain(name, 120)} is the latest.")
        elif meant[0] != name:
            attempt.notices.append(f"{plain(name, 120)} was taken for {plain(meant[0], 120)}.")
        attempt.files.append(Entry(meant, entry.item))


class Moodle:
    """Moodle, "Download all submissions": a folder for each student and kind of submission, or all files in one folder.

    A folder is called <name>_<participant id>_assignsubmission_file_ (or _onlinetext_), older and newer versions without the
    last underscore; without "Download submissions in folders" the file's name stands behind it. With blind marking the name is
    the word Participant in the site's language; a group's folder bears the group's name and id, the default group's no id.
    Underscores of a name became spaces. Source: moodle/moodle, mod/assign/classes/downloader.php (get_student_prefix,
    load_submissionplugin_filelist).
    """

    name, title = "moodle", "Moodle"
    looks = "Anna Lee_1234_assignsubmission_file_/layers.py"
    _top = re.compile(
        r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z0-9]+)(?:_(?P<file>.*))?",
        re.DOTALL,
    )

    def fits(self, view: View) -> bool:
        tops = view.groups()
        return sum(self._top.fullmatch(name) is not None for name in tops) * 2 > len(tops)

    def read(self, view: View) -> Found:
        attempts: dict[str, Attempt] = {}
        left_over = []
        for top, entries in sorted(view.groups().items()):
            match = self._top.fullmatch(top)
            if match is None:
                left_over += [_left_over(entry, self) for entry in entries]
                continue
            student = match["id"] or match["name"]
            attempt = attempts.setdefault(student, Attempt(student, top, match["name"], match["id"] or ""))
            for entry in entries:
                inner = entry.parts[1:] or ((match["file"],) if match["file"] else ())
                if inner:
                    attempt.files.append(Entry(inner, entry.item))
            if match["id"] and match["kind"] == "file":
                attempt.place = f"{match['name']}_{match['id']}_assignsubmission_file_"
            if match["kind"] == "onlinetext":
                attempt.notices.append("What was typed into Moodle is kept as it came, and is not graded.")
        return Found(list(attempts.values()), left_over)


class Gradescope:
    """Gradescope, "Export Submissions": assignment_<id>_export with a folder submission_<id> each, and their metadata.

    submission_metadata.yml tells of each folder :submitters: with :name:, :sid: and :email:, and :created_at:; a group's
    submission has several submitters. Gradescope publishes no form. Source: what reads such exports in public, among them
    otter-grader's GradescopeParser, and their tests.
    """

    name, title = "gradescope", "Gradescope"
    looks = "submission_123456789/layers.py beside submission_metadata.yml"
    _top = re.compile(r"submission_(\d+)(?:\.zip)?")

    def fits(self, view: View) -> bool:
        tops = view.groups()
        matching = sum(self._top.fullmatch(name) is not None for name in tops)
        return matching > 0 and ("submission_metadata.yml" in tops or matching * 2 > len(tops))

    def read(self, view: View) -> Found:
        told: dict[str, Handed] = {}
        found = Found([])
        for top, entries in sorted(view.groups().items()):
            if top == "submission_metadata.yml" and len(entries[0].parts) == 1:
                told = read_metadata(view.text(entries[0], LARGEST_METADATA))
        for top, entries in sorted(view.groups().items()):
            match = self._top.fullmatch(top)
            if match is None:
                found.left_over += [_left_over(e, self) for e in entries if e.parts != ("submission_metadata.yml",)]
                continue
            found.attempts.append(self._attempt(top, int(match[1]), told.get(top, Handed()), entries))
        return found

    def _attempt(self, top: str, number: int, handed: Handed, entries: list[Entry]) -> Attempt:
        people = handed.submitters
        first = next((p.sid or p.email for p in people), "") or f"submission-{number}"
        attempt = Attempt(
            first,
            top,
            name="; ".join(p.name for p in people),
            id="; ".join(p.sid for p in people if p.sid),
            email="; ".join(p.email for p in people if p.email),
            submitted_at=handed.created_at,
            order=number,
            files=_below(entries),
            place=f"submission_{number}",
        )
        if not people:
            attempt.notices.append("The metadata do not say whose submission this is.")
        return attempt


class GitHub:
    """GitHub Classroom: a folder of clones, <assignment>-<login> each, and perhaps the CSV of grades.

    ``gh classroom clone student-repos`` puts them into <assignment>-submissions; ``gh classroom assignment-grades`` writes a
    CSV with github_username, roster_identifier, student_repository_name and submission_timestamp. Source: github/gh-classroom,
    cmd/gh-classroom/clone/student-repos/student-repos.go and cmd/gh-classroom/assignment-grades/assignment_grades.go.
    """

    name, title = "github", "GitHub Classroom"
    looks = "layers-anna/layers.py with layers-anna/.git, in a folder layers-submissions"
    _columns = frozenset({"github_username", "student_repository_name"})

    def fits(self, view: View) -> bool:
        folders = {entry.parts[0] for entry in view.entries if len(entry.parts) > 1} | view.repositories()
        slug = self._slug(view)
        named = sum(slug is not None and name.startswith(slug) for name in folders)
        return max(len(view.repositories()), named) * 2 > len(folders) or bool(folders and self._roster(view))

    def read(self, view: View) -> Found:
        roster, slug = self._roster(view), self._slug(view) or ""
        found = Found([])
        groups = {name: entries for name, entries in view.groups().items() if len(entries[0].parts) > 1}
        for top in sorted(groups.keys() | view.repositories()):
            told = roster.get(top, {})
            login = told.get("github_username") or (top[len(slug) :] if slug and top.startswith(slug) else top)
            attempt = Attempt(
                login.lower(),
                top,
                name=told.get("group_name", ""),
                id=told.get("roster_identifier", "") or login,
                submitted_at=as_time(told.get("submission_timestamp", "")),
                files=_below(groups.get(top, [])),
            )
            if login == top:
                attempt.notices.append(
                    "The login could not be told from the assignment's name; the repository's stands for it."
                )
            found.attempts.append(attempt)
        found.left_over = [_left_over(e, self) for e in view.files() if not e.parts[0].lower().endswith(".csv")]
        return found

    def _slug(self, view: View) -> str | None:
        return view.name.removesuffix("submissions") if view.name.endswith("-submissions") else None

    def _roster(self, view: View) -> dict[str, dict[str, str]]:
        """Rows of the CSV of grades, by the repository's name."""
        for entry in view.files():
            if entry.parts[0].lower().endswith(".csv"):
                try:
                    rows = list(csv.DictReader(io.StringIO(view.text(entry, LARGEST_METADATA), newline="")))
                except csv.Error:
                    continue
                if rows and self._columns <= rows[0].keys():
                    return {r["student_repository_name"]: {k: v for k, v in r.items() if k and v} for r in rows}
        return {}


class Nbgrader:
    """nbgrader: submitted/<student>/<assignment>/<notebook>.ipynb, with a timestamp.txt.

    The assignment's folder is kept, as a student may have handed in several. Source: nbgrader's own documentation of the
    directory_structure option, and nbgrader/exchange (timestamp_format "%Y-%m-%d %H:%M:%S.%f %Z").
    """

    name, title = "nbgrader", "nbgrader"
    looks = "submitted/anna/layers/layers.ipynb beside timestamp.txt"

    def fits(self, view: View) -> bool:
        view = self._submitted(view)
        # Sakai has a timestamp.txt in the same place, and a student's files one folder deeper.
        notebooks = {e.parts[:2] for e in view.entries if len(e.parts) == 3 and e.parts[2].endswith(".ipynb")}
        stamps = {e.parts[:2] for e in view.entries if len(e.parts) == 3 and e.parts[2] == "timestamp.txt"}
        return bool(stamps & notebooks) or (view.name == "submitted" and bool(stamps | notebooks))

    def read(self, view: View) -> Found:
        view = self._submitted(view)
        found = Found([])
        for student, entries in sorted(view.groups().items()):
            if len(entries[0].parts) == 1:
                found.left_over += [_left_over(entry, self) for entry in entries]
                continue
            stamps = [e for e in entries if len(e.parts) == 3 and e.parts[2] == "timestamp.txt"]
            times = [time for e in stamps if (time := _nbgrader_time(view.text(e, 200)))]
            files = [e for e in _below(entries) if not (len(e.parts) == 2 and e.parts[1] == "timestamp.txt")]
            found.attempts.append(Attempt(student, student, id=student, submitted_at=max(times, default=None), files=files))
        return found

    def _submitted(self, view: View) -> View:
        """The folder submitted/ itself, be it the download or a part of a whole course."""
        return view.inside("submitted") if "submitted" in view.groups() else view


class Sakai:
    """Sakai, "Download All": <assignment>/<last, first(eid)>/Submission attachment(s)/<file>, with grades.csv at the top.

    Beside the attachments stand timestamp.txt (yyyyMMddHHmmssSSS, in newer versions 2025-10-01T12:00:00Z; UTC in both),
    <...>_submissionText.html, comments.txt and Feedback Attachment(s). With anonymous grading the folder bears an id of
    Sakai's, without brackets. Source: scripts in public that read such downloads, in several languages, all of which agree on
    the folder's names; and sakaiproject/sakai, AssignmentServiceImpl.java (zipSubmissions).
    """

    name, title = "sakai", "Sakai"
    looks = "Doe, Jo(jdoe)/Submission attachment(s)/layers.py"
    ATTACHED = "Submission attachment(s)"
    _top = re.compile(r"(?P<name>.+)\((?P<id>[^()]+)\)")

    def fits(self, view: View) -> bool:
        return any(len(e.parts) > 2 and e.parts[1] == self.ATTACHED for e in view.entries)

    def read(self, view: View) -> Found:
        found = Found([])
        for top, entries in sorted(view.groups().items()):
            if len(entries[0].parts) == 1:
                found.left_over += [
                    _left_over(e, self) for e in entries if e.parts[0].lower() not in ("grades.csv", "grades.xls")
                ]
                continue
            match = self._top.fullmatch(top)
            student = match["id"] if match else top
            stamps = [view.text(e, 200) for e in entries if e.parts[1:] == ("timestamp.txt",)]
            attempt = Attempt(student, top, match["name"].strip() if match else "", student)
            attempt.submitted_at = clock_time(" ".join(stamps), UTC)
            attempt.files = [Entry(e.parts[2:], e.item) for e in entries if len(e.parts) > 2 and e.parts[1] == self.ATTACHED]
            if any(e.parts[-1].endswith("submissionText.html") and e.item.size for e in entries):
                attempt.notices.append("What was typed into Sakai is left out, and is not graded.")
            found.attempts.append(attempt)
        return found


class Blackboard:
    """Blackboard, "Assignment File Download": a flat zip, <column>_<username>_attempt_<yyyy-mm-dd-hh-mm-ss>_<file>.

    Beside the files of each attempt stands the same name without a file, as .txt, whose first line is Name: Jo Doe (jdoe). A
    username with an underscore can only be told from the column's name by it. Source: CodeGrade's reader of such downloads
    (psef/files.py), and scripts in public that clean them up.
    """

    name, title = "blackboard", "Blackboard"
    looks = "HW1_jdoe_attempt_2025-10-01-12-00-00_layers.py"
    _file = re.compile(r"(?P<who>.+?)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?:\.txt|_(?P<file>.+))", re.DOTALL)
    _name = re.compile(r"\s*Name:\s*(?P<name>.*?)\s*\((?P<id>[^()]+)\)\s*(?:\n|\r|\Z)")

    def fits(self, view: View) -> bool:
        tops = view.groups()
        return sum(self._file.fullmatch(name) is not None for name in tops) * 2 > len(tops)

    def read(self, view: View) -> Found:
        attempts: dict[tuple[str, str], Attempt] = {}
        left_over = []
        for entry in view.entries:
            match = self._file.fullmatch(entry.parts[0])
            if match is None or len(entry.parts) > 1:
                left_over.append(_left_over(entry, self))
                continue
            shown = f"{match['who']}_attempt_{match['when']}"
            guessed = match["who"].rpartition("_")[2]
            attempt = attempts.setdefault((match["who"], match["when"]), Attempt(guessed, shown, id=guessed))
            attempt.submitted_at = clock_time(match["when"])
            if match["file"]:
                attempt.files.append(Entry((match["file"],), entry.item))
            elif told := self._name.match(view.text(entry, 2000)):
                attempt.name = told["name"]
                if match["who"].endswith(f"_{told['id']}"):
                    attempt.identity = attempt.id = told["id"]
        return Found(list(attempts.values()), left_over)


class Brightspace:
    """Brightspace (D2L): a folder an attempt, <user>-<folder> - <first last> - <Mon D, YYYY hmm AM>.

    In an older form the files are in one folder, with their names behind. index.html lists them. The date is written as in
    the site's language; any with a year is taken for one. Source: scripts in public that sort such downloads. A student is
    told by the first number and the name together, as neither alone is sure to be one's own.
    """

    name, title = "brightspace", "Brightspace"
    looks = "397064-2557369 - Jo Doe - Sep 24, 2024 926 PM/layers.py"
    _top = re.compile(
        r"(?P<user>\d+)-\d+ ?- (?P<name>.+?) ?- "
        r"(?P<when>\d{4}-\d{2}-\d{2}[^-]*?|[^-]*?\b(?:19|20)\d{2}\b[^-]*?)(?: - (?P<file>.+))?",
        re.DOTALL,
    )

    def fits(self, view: View) -> bool:
        tops = [name for name in view.groups() if name != "index.html"]
        return sum(self._top.fullmatch(name) is not None for name in tops) * 2 > len(tops)

    def read(self, view: View) -> Found:
        attempts: dict[tuple[str, str, str], Attempt] = {}
        left_over = []
        for entry in view.entries:
            match = self._top.fullmatch(entry.parts[0])
            inner = entry.parts[1:] or ((match["file"],) if match and match["file"] else ())
            if match is None or not inner:
                if entry.parts != ("index.html",):
                    left_over.append(_left_over(entry, self))
                continue
            user, name, when = match["user"], match["name"], match["when"]
            attempt = attempts.setdefault((user, name, when), Attempt(f"{user} {name}", entry.parts[0], name, user))
            attempt.submitted_at = _brightspace_time(when)
            attempt.place = entry.parts[0].removesuffix(f" - {match['file']}")
            attempt.files.append(Entry(inner, entry.item))
        return Found(list(attempts.values()), left_over)


class Teams:
    """Microsoft Teams, the class's folder in SharePoint: <name>/<assignment>/Version <n>/<file>, one version a hand-in.

    The word for version is the language's of whoever made the class. Source: scripts in public that read this folder, in
    English, German and Japanese.
    """

    name, title = "teams", "Microsoft Teams"
    looks = "Jo Doe/Layers/Version 2/layers.py"
    _version = re.compile(r"(?:Ver[a-zéãóíø]{3,8}|Wers[a-z]{2,4}|バージョン|版本|버전)[ _]?(?P<number>\d{1,4})", re.IGNORECASE)

    def fits(self, view: View) -> bool:
        versions = [e for e in view.entries if len(e.parts) > 3 and self._version.fullmatch(e.parts[2])]
        return len(versions) * 2 > len(view.entries)

    def read(self, view: View) -> Found:
        found = Found([])
        for student, entries in sorted(view.groups().items()):
            versions: dict[str, dict[int, list[Entry]]] = {}
            for entry in entries:
                match = self._version.fullmatch(entry.parts[2]) if len(entry.parts) > 3 else None
                if match is None:
                    found.left_over.append(_left_over(entry, self))
                else:
                    versions.setdefault(entry.parts[1], {}).setdefault(int(match["number"]), []).append(entry)
            if not versions:
                continue
            attempt = Attempt(student, student, student)
            for assignment, numbered in versions.items():
                *earlier, latest = sorted(numbered)
                above = (assignment,) if len(versions) > 1 else ()
                attempt.files += [Entry((*above, *e.parts[3:]), e.item) for e in numbered[latest]]
                if earlier:
                    attempt.notices.append(f"{plain(assignment, 60)}: version {latest} was taken, as it is the latest.")
            found.attempts.append(attempt)
        return found


class Ilias:
    """ILIAS, an exercise's "Download All": <last>_<first>_<login>_<id>/<yyyymmddhhmmss>_<file>.

    Every upload stays, so of one name the latest counts. Source: scripts in public that read such downloads.
    """

    name, title = "ilias", "ILIAS"
    looks = "Doe_Jo_jdoe_4711/20251001120000_layers.py"
    _top = re.compile(r"(?P<name>.+)_(?P<login>[^_]+)_(?P<id>\d+)")
    _stamped = re.compile(r"(?P<when>\d{14})_(?P<file>.+)", re.DOTALL)

    def fits(self, view: View) -> bool:
        stamped = [e for e in view.entries if len(e.parts) > 1 and self._stamped.fullmatch(e.parts[1])]
        named = [e for e in stamped if self._top.fullmatch(e.parts[0])]
        return len(named) * 2 > len(view.entries)

    def read(self, view: View) -> Found:
        found = Found([])
        for top, entries in sorted(view.groups().items()):
            match = self._top.fullmatch(top)
            if match is None or len(entries[0].parts) == 1:
                found.left_over += [_left_over(entry, self) for entry in entries]
                continue
            name = match["name"].replace("_", ", ", 1).replace("_", " ")
            attempt = Attempt(match["id"], top, name, match["login"])
            latest: dict[Parts, tuple[str, Entry]] = {}
            for entry in entries:
                stamped = self._stamped.fullmatch(entry.parts[1])
                when, file = (stamped["when"], stamped["file"]) if stamped else ("", entry.parts[1])
                meant = (file, *entry.parts[2:])
                if meant in latest:
                    attempt.notices.append(f"{plain(file, 120)} was handed in more than once; the latest was taken.")
                if meant not in latest or when >= latest[meant][0]:
                    latest[meant] = when, Entry(meant, entry.item)
            attempt.files = [entry for _, entry in latest.values()]
            attempt.submitted_at = clock_time(max(when for when, _ in latest.values()))
            found.attempts.append(attempt)
        return found


class CodeGrade:
    """CodeGrade, its file system: <course>/<assignment>/<name> - <time of submission>/<file>, a folder a submission.

    Source: CodeGra.fs, README.md ("Available files") and utils.py (format_datestring: the interface's time, which is UTC).
    """

    name, title = "codegrade", "CodeGrade"
    looks = "Jo Doe - 2025-10-01T12:00:00/layers.py"
    _top = re.compile(r"(?P<name>.+) - (?P<when>\d{4}-\d{2}-\d{2}[T _]\d{2}.\d{2}.*)")

    def fits(self, view: View) -> bool:
        tops = view.groups()
        matching = sum(self._top.fullmatch(name) is not None and len(e[0].parts) > 1 for name, e in tops.items())
        return matching * 2 > len(tops)

    def read(self, view: View) -> Found:
        found = Found([])
        for top, entries in sorted(view.groups().items()):
            match = self._top.fullmatch(top)
            if match is None or len(entries[0].parts) == 1:
                found.left_over += [_left_over(entry, self) for entry in entries]
                continue
            when = clock_time(match["when"], UTC)
            found.attempts.append(Attempt(match["name"], top, match["name"], submitted_at=when, files=_below(entries)))
        return found


class GoogleClassroom:
    """Google Classroom, the assignment's folder in Drive: all files of a class in one folder, with what names students gave.

    Drive's "Copy of" says nothing about whose a file is. What stands in a file's name beside the topic's is taken for its
    owner; a file that has nothing there is a submission of its own, so that nobody's is put to another's. No form is
    published, and there is no other mark of this system, so any folder is read so in which files of one topic stand side by
    side.
    """

    name, title = "google", "Google Classroom"
    looks = "Jo Doe - layers.ipynb and Copy of layers (1).ipynb side by side"

    def fits(self, view: View) -> bool:
        topics = [meaning.topic for entry in view.files() if (meaning := meaning_of(entry.parts[0], view.catalogue))]
        return len(topics) == len(view.entries) - self._others(view) and len(topics) > len(set(topics))

    def read(self, view: View) -> Found:
        attempts: dict[str, Attempt] = {}
        left_over = []
        for entry in view.entries:
            meaning = meaning_of(entry.parts[0], view.catalogue) if len(entry.parts) == 1 else None
            if meaning is None:
                left_over.append(_left_over(entry, self))
                continue
            who = "" if meaning.sure else owner_in(entry.parts[0], meaning.topic)
            attempt = attempts.setdefault(who or entry.parts[0], Attempt(who or entry.parts[0], entry.parts[0], who))
            attempt.files.append(Entry(entry.parts, entry.item))
            if not who:
                attempt.notices.append("The file's name does not say whose it is.")
        return Found(list(attempts.values()), left_over)

    def _others(self, view: View) -> int:
        return sum(meaning_of(e.parts[0], view.catalogue) is None for e in view.files())


def owner_in(name: str, topic: str) -> str:
    """What stands in a file's name beside the topic's: whose it is.

    >>> owner_in("Jo Doe - layers (1).ipynb", "layers"), owner_in("gradient_descent_jdoe.py", "gradient_descent")
    ('Jo Doe', 'jdoe')
    >>> owner_in("Jo Doe - Copy of layers.ipynb", "layers")
    'Jo Doe'
    """
    stem = re.sub(r"(?i)\.(?:py|ipynb)\b.*", "", name)
    rest = re.sub(f"(?i){topic.replace('_', '[^a-z0-9]?')}", " ", re.sub(r"\(\d+\)", " ", stem))
    return re.sub(r"[\s_]+", " ", re.sub(r"(?i)\bcopy(?: of|\d*)\b", " ", rest)).strip(" -_.,")


class Plain:
    """A folder or an archive for each student, named as the instructor likes."""

    name, title = "plain", "a folder or an archive for each student"
    looks = "anna/layers.py, or anna.zip"

    def fits(self, view: View) -> bool:
        return any(len(entries[0].parts) > 1 or is_archive(name) for name, entries in view.groups().items())

    def read(self, view: View) -> Found:
        found = Found([])
        for top, entries in sorted(view.groups().items()):
            if len(entries[0].parts) > 1:
                found.attempts.append(Attempt(top, top, name=top, order=1, files=_below(entries)))
            elif is_archive(top):
                # Of a folder and an archive of one name the folder is taken: somebody unpacked the archive.
                name = without_suffix(top)
                found.attempts.append(Attempt(name, top, name=name, files=[Entry((top,), entries[0].item)]))
            else:
                found.left_over.append(_left_over(entries[0], self))
        return found


SYSTEMS: tuple[Layout, ...] = (
    Canvas(), Moodle(), Gradescope(), GitHub(), Nbgrader(), Sakai(), Blackboard(), Brightspace(), Teams(), Ilias(),
    CodeGrade(),
)  # fmt: skip
# What has no mark of its own is only asked about where no system's names are seen.
GOOGLE, PLAIN = GoogleClassroom(), Plain()
LAYOUTS: tuple[Layout, ...] = (*SYSTEMS, GOOGLE, PLAIN)


def view_of(name: str, source: Source, catalogue: Catalogue = OURS) -> View:
    """A whole download, seen from its top; name is that of its folder, or of its archive without the suffix."""
    return View(name, source, tuple(Entry(item.parts, item) for item in source.items), catalogue=catalogue)


def recognise(view: View, wanted: str | None = None) -> tuple[Layout, View]:
    """The layout of a download, and the folder of it where the layout begins.

    Raises WrongUsage where no layout fits, or two do, or the one that was asked for does not.
    """
    views = list(_views(view))
    if wanted is not None:
        layout = next(layout for layout in LAYOUTS if layout.name == wanted)
        return layout, _view_that_fits(layout, views)
    for seen in views:
        fitting = [layout for layout in SYSTEMS if layout.fits(seen)]
        if len(fitting) == 1:
            return fitting[0], seen
        if fitting:
            titles = " and ".join(layout.title for layout in fitting)
            options = " or ".join(f"--layout {layout.name}" for layout in fitting)
            raise WrongUsage(f"The names fit {titles}: which is it? Say {options}.")
    for seen in views:
        if GOOGLE.fits(seen):
            return GOOGLE, seen
    return PLAIN, _view_that_fits(PLAIN, views)


def class_in(view: View) -> Layout | None:
    """The system whose download of several students this is, if it is one; a single submission is none."""
    for seen in _views(view):
        for layout in (*SYSTEMS, GOOGLE):
            if layout.fits(seen) and len({each.identity for each in layout.read(seen).attempts if each.name or each.id}) > 1:
                return layout
    return None


def _view_that_fits(layout: Layout, views: Sequence[View]) -> View:
    """The first folder that has the layout. A folder around all students' folders is a wrapping, and no student."""
    fitting = [seen for seen in views if layout.fits(seen)]
    if layout is PLAIN:
        if any(is_module(entry.parts[0], views[0].catalogue) for entry in views[0].files()):
            raise WrongUsage("The download looks like a single submission, as modules stand at its top: grade it with grade.")
        fitting = [seen for seen in fitting if len(seen.groups()) > 1] or fitting
    if fitting:
        return fitting[0]
    if not views[0].entries:
        raise WrongUsage("The download holds no file that could be a submission.")
    names = ", ".join(plain(name, 60) for name in sorted(views[0].groups())[:3])
    raise WrongUsage(
        f"The layout {layout.name} has {layout.looks}; the download has {names}. "
        f"Say --layout with one of {', '.join(layout.name for layout in LAYOUTS)}, or grade a single submission with grade."
    )


def without_files(layout: Layout, view: View, found: Found) -> list[Attempt]:
    """Whoever handed in an empty folder, and nothing else: of the class all the same. Whose it is, a file in it would tell."""
    nothing = Item(("nothing",), 0)
    inside = tuple(Entry((folder, *nothing.parts), nothing) for folder in view.empty_folders())
    known = {attempt.identity for attempt in found.attempts}
    empty = []
    for attempt in layout.read(replace(view, entries=(*view.entries, *inside))).attempts if inside else ():
        if attempt.identity not in known and any(entry.item is nothing for entry in attempt.files):
            known.add(attempt.identity)
            empty.append(replace(attempt, files=[]))
    return empty


def _views(view: View) -> Iterator[View]:
    """A download from its top, then from its folder if that is all it has, and so on."""
    yield view
    for _ in range(DEEPEST_VIEW):
        tops = {entry.parts[0] for entry in view.entries}
        if len(tops) != 1 or view.files():
            return
        view = view.inside(tops.pop())
        yield view


def _below(entries: Sequence[Entry]) -> list[Entry]:
    """A student's files by their paths in the student's folder; an archive in the folder's place stays what it is."""
    return [replace(entry, parts=entry.parts[1:] or entry.parts) for entry in entries]


def is_module(name: str, catalogue: Catalogue = OURS) -> bool:
    """Whether a file's name is that of a topic's module or notebook, or could be meant for one."""
    return meaning_of(name, catalogue) is not None


def restored(name: str, catalogue: Catalogue = OURS) -> tuple[str, int]:
    """The name that a module of ours had before it was numbered, and the number; 0 for a name that was not numbered.

    >>> restored("layers-1.py"), restored("layers (2).ipynb"), restored("layers.py"), restored("notes-1.py")
    (('layers.py', 1), ('layers.ipynb', 2), ('layers.py', 0), ('notes-1.py', 0))
    """
    match = AGAIN.fullmatch(name)
    if match and match["stem"] in catalogue.names:
        return match["stem"] + match["suffix"], int(match["canvas"] or match["browser"])
    return name, 0


def _left_over(entry: Entry, layout: Layout) -> str:
    return f"{plain('/'.join(entry.parts), 120)} was left out: the layout {layout.name} has no such name."


def clock_time(text: str, zone: tzinfo | None = None) -> datetime | None:
    """A time as systems write it, year first, in the zone that is meant, where that is known. None where it is no time.

    >>> clock_time("2025-10-01-12-00-00").isoformat(), clock_time("20251001120000123").isoformat(), clock_time("2025-10-01")
    ('2025-10-01T12:00:00', '2025-10-01T12:00:00', None)
    """
    digits = re.sub(r"\D", "", text)[:14]
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=zone) if len(digits) == 14 else None
    except ValueError:
        return None


def _brightspace_time(text: str) -> datetime | None:
    """Sep 24, 2024 926 PM, or 2024-09-24 2126, without a zone; None for a month in another language."""
    if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2}) (\d{3,4})", text):
        return clock_time(f"{match[1]}{match[2]:0>4}00")
    day, _, clock = text.rpartition(" ")[0].rpartition(" ")
    half = text.rpartition(" ")[2]
    for form in ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(f"{day} {clock.zfill(4)} {half}", form)
    return None


def _nbgrader_time(text: str) -> datetime | None:
    """The time in a timestamp.txt, such as 2024-05-06 15:58:23.948203 America/Los_Angeles."""
    date, _, zone = text.strip().rpartition(" ")
    try:
        when = datetime.fromisoformat(date)
        if when.tzinfo is None:
            return when.replace(tzinfo=UTC if zone in ("UTC", "Z") else ZoneInfo(zone))
    except (ValueError, OSError, LookupError):
        pass
    return as_time(text)
