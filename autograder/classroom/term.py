"""Adds up a term: from several classes' results a mark a student. Assignments count alike, and the lowest may be dropped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.classroom.marks import JSON_NAME, VERSION, Mark, Marks, marks_read
from autograder.classroom.records import FAULT, GRADED, MISSING
from autograder.classroom.roster import folded
from autograder.downloads.table import quoted
from autograder.errors import WrongUsage
from autograder.text import plain

TABLE = "term.csv"


@dataclass
class Student:
    """A student of a term. marks: by the place of the assignment."""

    mark: Mark
    marks: dict[int, Mark] = field(default_factory=dict)


@dataclass
class Term:
    """A term added up: the marks as `grade marks` takes them, the table with a column an assignment, and what to know."""

    marks: Marks
    table: bytes
    notices: list[str]


def add_up(results: Sequence[Path], points: float = 100, drop: int = 0) -> Term:
    """The marks of a term, of so many points. results: the folders of classes' results, an assignment each.

    drop: how many of a student's lowest assignments do not count. What was not handed in counts as none of its points. Raises
    WrongUsage where a folder holds no results, and where nothing would be left.
    """
    if not 0 <= drop < len(results):
        raise WrongUsage(f"Of {len(results)} assignments {drop} cannot be dropped: at least one must count.")
    names = [path.resolve().name for path in results]
    if len(set(names)) < len(names):
        raise WrongUsage("Two of the folders have one name, which is the assignment's in the table: rename one.")
    read = []
    for path in results:
        found = marks_read(path / JSON_NAME)
        if found is None:
            raise WrongUsage(f"{plain(str(path))} holds no marks of a class that can be read: run `grade class` for it.")
        read.append(found)
    students, notices = _students(read, names)
    total, rows = [], []
    for student in students:
        parts = [_part(student.marks.get(place)) for place in range(len(results))]
        dropped = _lowest(parts, drop)
        kept = [part for place, part in enumerate(parts) if place not in dropped]
        final = None if None in kept else round(points * math.fsum(filter(None, kept)) / len(kept), 2)
        status = FAULT if final is None else GRADED if any(mark.submission for mark in student.marks.values()) else MISSING
        notice = f"Not counted: {', '.join(names[place] for place in dropped)}." if dropped else ""
        number = int(final) if final is not None and final == int(final) else final
        known = {"max_score": points, "status": status, "notice": notice, "submitted_at": "", "submission": student.mark.id}
        told = {"score": number, "penalty": None if number is None else 0, "final": number}
        total.append(msgspec.structs.replace(student.mark, **known, **told))
        shown = [_told(student.marks.get(place), place in dropped) for place in range(len(results))]
        rows.append([student.mark.name, student.mark.id, student.mark.email, *shown, "" if number is None else f"{number}"])
    return Term(Marks(VERSION, points, total), quoted([["name", "id", "email", *names, "total"], *rows]).encode(), notices)


def _students(read: Sequence[Marks], names: Sequence[str]) -> tuple[list[Student], list[str]]:
    """Who is who: the same id in two assignments is one student, else the same address; names alone join nobody."""
    students: list[Student] = []
    known: dict[str, Student] = {}
    notices = []
    for place, marks in enumerate(read):
        for mark in marks.marks:
            keys = [f"id {folded(one)}" for one in (mark.id, *mark.ids) if one]
            keys += [f"email {folded(one)}" for one in (mark.email, *mark.emails) if one]
            keys = keys or [f"name {folded(mark.name)}"]
            student = next((known[key] for key in keys if key in known), None)
            if student is None:
                student = Student(mark)
                students.append(student)
            if place in student.marks:
                notices.append(f"{names[place]}: {mark.name or mark.id} has two marks; the first counts.")
                continue
            student.marks[place] = mark
            for key in keys:
                known.setdefault(key, student)
    return sorted(students, key=lambda one: (one.mark.name, one.mark.id, one.mark.email)), notices


def _part(mark: Mark | None) -> float | None:
    """The part of the points that a mark is; none of them for what was not handed in; None where the grader failed."""
    if mark is None or mark.status == MISSING:
        return 0.0
    return None if mark.final is None else mark.final / mark.max_score if mark.max_score else 0.0


def _lowest(parts: Sequence[float | None], drop: int) -> list[int]:
    """The places of the lowest parts; of equals the later. What nobody knows is never the lowest."""
    known = [place for place, part in enumerate(parts) if part is not None]
    return sorted(sorted(known, key=lambda place: (parts[place], -place))[:drop])


def _told(mark: Mark | None, dropped: bool) -> str:
    told = "" if mark is None or mark.final is None else f"{mark.final} of {mark.max_score:g}"
    return f"({told or 'none'})" if dropped else told
