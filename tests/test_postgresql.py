"""The gradebook in PostgreSQL: a real server, started, used by nbgrader's own commands, and stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cluster import postgresql, server_programs
from tests.students import of_class
from tests.term import SECRET, Term

for needed in ("nbgrader", "psycopg2"):
    pytest.importorskip(needed, reason=f"{needed} is not installed: a gradebook in PostgreSQL was NOT tested")

pytestmark = pytest.mark.slow

NAMES = ("finn", "iris")


def test_scores_and_late_penalties_are_the_same_in_postgresql_as_in_sqlite(tmp_path: Path) -> None:
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: a gradebook in it was NOT tested (see .ci/install-postgresql)")
    students = of_class(NAMES)
    term = Term(tmp_path, ("layers",), students, answers=Path(os.environ["NABLAGRADE_CACHE"]), secret=SECRET)
    term.begin()
    term.generate()
    for student in students:
        term.put_down(student)
    term.autograde()
    in_sqlite = term.scores(), exported(term)
    with postgresql(programs) as url:
        with (term.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"c.CourseDirectory.db_url = {url!r}\n")
        (term.course / "gradebook.db").unlink()
        # Due dates are written into the gradebook too, which is a new one.
        term.run("grade", "nbgrader", str(term.course))
        term.generate("--force")
        term.autograde("--force")
        in_postgresql = term.scores(), exported(term)
    assert not (term.course / "gradebook.db").exists()
    assert in_postgresql == in_sqlite
    scores, rows = in_sqlite
    assert len(scores["layers", "finn"]) == 16
    assert [row["student_id"] for row in rows if float(row["late_submission_penalty"]) > 0] == ["iris"]


def exported(term: Term) -> list[dict[str, str]]:
    """The exported grades in the order of the students, which no database promises."""
    return sorted(term.export(), key=lambda row: row["student_id"])
