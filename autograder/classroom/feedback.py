"""Gives reports back to students: a zip with a page for each, under the names by which a course system knows whose it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import msgspec

from autograder.classroom.attempts import whose
from autograder.classroom.grading import REPORTS, finished
from autograder.classroom.marks import Mark
from autograder.downloads.table import Row
from autograder.errors import WrongUsage
from autograder.handing_out.packing import zipped
from autograder.render import gradescope
from autograder.report import Report
from autograder.text import counted, plain

PAGE = "report.html"

Files = dict[str, bytes]


@dataclass
class Feedback:
    """A zip for a course system, of how many submissions, and whose reports it cannot hold."""

    content: bytes
    given: int
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Returned:
    """A submission's report on its way back. people: the rows of marks of whoever handed it in."""

    row: Row
    page: bytes
    report: Report
    people: Sequence[Mark]


def feedback(out: Path, system: str) -> Feedback:
    """The zip of all reports of a class's results, for this system.

    Raises WrongUsage where out holds no results, or the system cannot know whose any of the reports is.
    """
    asked, marks = finished(out)
    people: dict[str, list[Mark]] = {}
    for mark in marks.marks:
        if mark.submission and mark.score is not None:
            people.setdefault(mark.submission, []).append(mark)
    rows = {row.key: row for row in asked.rows(out)}
    returned, left_out = [], []
    for name, own in people.items():
        row = rows.get(whose(name), Row(name, name, "plain"))
        known = row.layout == system and Path(row.place).name == row.place != ""
        if system not in (PLAIN, GRADESCOPE) and not known:
            left_out.append(f"{own[0].name or name} ({name})")
            continue
        returned.append(_Returned(row, *report_of(out, name), own))
    if not returned:
        raise WrongUsage(
            f"No report can be given back to {system}: it finds students by the names of its own download, and none of these "
            f"submissions was imported from one. Import the download again and grade it, or say --for {PLAIN}."
        )
    files, executable = _FORMS[system](returned)
    return Feedback(zipped(files, executable), len(returned), left_out)


def report_of(out: Path, name: str) -> tuple[bytes, Report]:
    """A submission's page, and the report that it shows: what the course tells students, and no more."""
    try:
        page = (out / REPORTS / f"{name}.html").read_bytes()
        return page, msgspec.json.decode((out / REPORTS / f"{name}.json").read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError):
        raise WrongUsage(f"The report of {plain(name)} in {plain(str(out))} cannot be read: grade the class again.") from None


Form = tuple[Files, list[str]]


def _as_canvas_named(returned: Sequence[_Returned]) -> Form:
    """Canvas finds by <user id>_<attachment id> in a file's name, as its download had it, to whom a comment goes."""
    return {re.sub(r"(_\d+_\d+)_.*", rf"\1_{PAGE}", one.row.place, flags=re.DOTALL): one.page for one in returned}, []


def _as_folders(returned: Sequence[_Returned]) -> Form:
    """Moodle and Brightspace find by a folder's name, as their download had it, whose files are in it."""
    return {f"{one.row.place}/{PAGE}": one.page for one in returned}, []


def _plain(returned: Sequence[_Returned]) -> Form:
    return {f"{one.row.key}/{PAGE}": one.page for one in returned}, []


def _for_gradescope(returned: Sequence[_Returned]) -> Form:
    """An autograder that grades nothing: it finds whose submission it is given, and hands back what is in the zip for it.

    Gradescope takes neither scores nor files but from an autograder. No student code runs in it.
    """
    files: Files = {}
    whose: dict[str, str] = {}
    for one in returned:
        path = f"reports/{one.row.key}.json"
        content = msgspec.json.decode(gradescope.render(one.report))
        final = one.people[0].final
        if "score" in content:
            content["score"] = final
        told = any("taken off" in notice for notice in one.report.notices)
        if (penalty := one.people[0].penalty) and not told:
            content["output"] = f"{counted(penalty, 'points')} taken off for lateness.\n\n{content['output']}"
        files[path] = msgspec.json.encode(content)
        number = re.fullmatch(r"submission_(\d+)", one.row.place) if one.row.layout == GRADESCOPE else None
        if number:
            whose[f"submission {number[1]}"] = path
        else:
            whose.update((f"email {mail.casefold()}", path) for mark in one.people for mail in mark.emails)
    scripts = resources.files("autograder.classroom").joinpath("templates")
    for name in ("setup.sh", "run_autograder"):
        files[name] = scripts.joinpath(f"gradescope_{name}").read_bytes()
    files["whose.json"] = msgspec.json.encode(dict(sorted(whose.items())))
    return files, ["setup.sh", "run_autograder"]


PLAIN, GRADESCOPE = "plain", "gradescope"
_FORMS: dict[str, Callable[[Sequence[_Returned]], Form]] = {
    "canvas": _as_canvas_named,
    "moodle": _as_folders,
    "brightspace": _as_folders,
    GRADESCOPE: _for_gradescope,
    PLAIN: _plain,
}
SYSTEMS = tuple(_FORMS)

__all__ = ["SYSTEMS", "Feedback", "feedback"]
