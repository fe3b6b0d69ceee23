"""Grades a class again as it was graded, after a check, a weight or a policy changed: whose mark is another, and why."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from autograder.classroom.difference import Difference, differences
from autograder.classroom.grading import REPORTS, Graded, finished, grade_class
from autograder.classroom.marks import JSON_NAME
from autograder.classroom.pool import Watch
from autograder.classroom.records import write_whole
from autograder.course import read_course
from autograder.downloads.table import safe_cell
from autograder.errors import WrongUsage
from autograder.recording.record import Progress
from autograder.text import plain

TABLE = "regraded.csv"
BEFORE = "before"  # the old marks and reports, kept until it is told what is different


def regrade(
    out: Path,
    names: Sequence[str] = (),
    *,
    course: Path | None = None,
    jobs: int = 0,
    dask: str | None = None,
    now: datetime | None = None,
    recording: Progress | None = None,
    watch: Watch = lambda done, count, of, seconds: None,
) -> tuple[Graded, list[Difference]]:
    """Grade a class's results again, or some of its submissions alone, and tell what is different.

    out: the folder of the results. names: of submissions; the marks of all others then stay as they are. course: another
    course.toml than the one it was graded with. Raises WrongUsage where out holds no finished results, and GraderFault where
    the machine cannot grade.
    """
    if course is not None:
        read_course(course)  # refused at once
    asked, marks = finished(out)
    course = course or asked.course_file(out)
    known = [mark.submission for mark in marks.marks if mark.submission]
    for name in names:
        if name not in known:
            raise WrongUsage(f"{plain(str(out))} has no submission {plain(name)!r}: their names stand in marks.csv.")
    _keep_before(out)
    graded = grade_class(
        asked.place(out, asked.submissions),
        out,
        course=course,
        assignment=asked.assignment,
        topics=asked.topics,
        jobs=jobs,
        roster=asked.place(out, asked.roster),
        extensions=asked.place(out, asked.extensions),
        layout=asked.layout,
        sandbox=asked.sandbox,
        hints=asked.hints,
        dask=dask,
        similar=asked.similar,
        again=names,
        now=now,
        recording=recording,
        watch=watch,
    )
    found = differences(out / BEFORE, out)
    if found or not (out / TABLE).is_file():  # what the last change made different stands until another one does
        write_whole(out / TABLE, _table(found))
    shutil.rmtree(out / BEFORE)
    return graded, found


def _keep_before(out: Path) -> None:
    """Keep the old marks and reports beside the new ones; those before a regrading that was interrupted are kept already."""
    if (out / BEFORE).is_dir():
        return
    half = out / f".{BEFORE}.half"
    shutil.rmtree(half, ignore_errors=True)
    (half / REPORTS).mkdir(parents=True)
    shutil.copy(out / JSON_NAME, half)
    for path in (out / REPORTS).glob("*.json"):
        shutil.copy(path, half / REPORTS)
    os.rename(half, out / BEFORE)


def _table(found: Sequence[Difference]) -> bytes:
    """Whose mark or checks are others, with the old and the new points, and why."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(("student", "before", "after", "why"))
    for one in found:
        why = "; ".join([*one.also, *map(str, one.checks)])
        points = ["" if told is None else f"{told}" for told in (one.before, one.after)]
        writer.writerow([safe_cell(one.name), *points, safe_cell(why)])
    return file.getvalue().encode()
