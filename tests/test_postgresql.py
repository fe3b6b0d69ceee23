"""The gradebook in PostgreSQL: a real server, started, used by nbgrader's own commands, and stopped."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster import postgresql, server_programs
from tests.conftest import needs
from tests.term import COURSE, Term

needs("nbgrader", "psycopg2", or_else="a gradebook in PostgreSQL was NOT tested")

pytestmark = pytest.mark.slow

NAMES = ("finn", "iris")


def test_scores_and_late_penalties_are_the_same_in_postgresql_as_in_sqlite(small_term: Term, tmp_path: Path) -> None:
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: a gradebook in it was NOT tested (see .ci/install-postgresql)")
    term = copied(small_term, tmp_path)
    in_sqlite = scores(term), exported(term)
    with postgresql(programs) as url:
        with (term.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"c.CourseDirectory.db_url = {url!r}\n")
        (term.course / "gradebook.db").unlink()
        # Due dates are written into the gradebook too, which is a new one.
        term.run("grade", "nbgrader", str(term.course))
        term.generate("--force")
        term.autograde("--force")
        in_postgresql = scores(term), exported(term)
    assert not (term.course / "gradebook.db").exists()
    assert in_postgresql == in_sqlite
    given, rows = in_sqlite
    assert len(given["finn"]) == 16
    assert [row["student_id"] for row in rows if float(row["late_submission_penalty"]) > 0] == ["iris"]


def copied(term: Term, folder: Path) -> Term:
    """A copy of the shared course, to be changed, in which two students have handed layers in."""
    shutil.copytree(term.folder / "home", folder / "home")
    shutil.copytree(term.course, folder / COURSE)
    for handed_in in (folder / COURSE / "submitted").iterdir():
        if handed_in.name not in NAMES:
            shutil.rmtree(handed_in)
    students = [student for student in term.students if student.name in NAMES]
    return replace(term, folder=folder, topics=("layers",), students=students)


def scores(term: Term) -> dict[str, dict[str, float | None]]:
    """The two students' score in every test cell."""
    return {student: given for (_, student), given in term.scores().items() if student in NAMES}


def exported(term: Term) -> list[dict[str, str]]:
    """The two students' exported grades in their order, which no database promises."""
    rows = [row for row in term.export() if row["student_id"] in NAMES and row["assignment"] == "layers"]
    return sorted(rows, key=lambda row: row["student_id"])
