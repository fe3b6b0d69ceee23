"""Of several attempts the one counts that the course says; over a term the lowest may be dropped; nobody is lost in either."""

from __future__ import annotations

import csv
import errno
import io
import zipfile
from pathlib import Path

import pytest

from autograder.classroom.attempts import attempts_of, best_of, over_time
from autograder.classroom.grading import Graded, grade_class
from autograder.classroom.marks import JSON_NAME, VERSION, Mark, Marks, as_json
from autograder.classroom.records import FAULT, GRADED, MISSING
from autograder.classroom.regrading import regrade
from autograder.classroom.returning import give_back
from autograder.classroom.term import add_up
from autograder.declare.catalogue import load_topic
from autograder.downloads.importing import import_download
from autograder.downloads.table import Row, Tried
from autograder.errors import GraderFault, WrongUsage
from autograder.report import total
from tests.forked import grade_command
from tests.students import reference, stubs
from tests.test_class import NOW, content_of
from tests.test_html import Tags

WHOLE = total(exercise.max_score for exercise in load_topic("activations").exercises)
COURSE = """\
[marking]
attempts = "best"
"""


def handed_in(folder: Path) -> Path:
    """A download in which one has three attempts, the second the best, and another one has one."""
    half = stubs("activations") + "\n\ndef linear(x):\n    return x.copy()\n"
    tried = {
        "HW1_jdoe_attempt_2025-10-01-12-00-00_activations.py": half,
        "HW1_jdoe_attempt_2025-10-02-11-00-00_activations.py": reference("activations"),
        "HW1_jdoe_attempt_2025-10-03-12-00-00_activations.py": stubs("activations"),
        "HW1_alee_attempt_2025-10-01-10-00-00_activations.py": reference("activations"),
    }
    with zipfile.ZipFile(folder / "download.zip", "w") as download:
        for name, text in tried.items():
            download.writestr(name, text)
    return folder / "download.zip"


def told(graded: Graded) -> dict[str, tuple[str, object, str]]:
    return {mark.id: (mark.submission, mark.final, mark.notice) for mark in graded.marks}


def test_the_best_attempt_counts_where_the_course_says_so_and_the_page_shows_them(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    out = tmp_path / "results"
    graded = grade_class(handed_in(tmp_path), out, course=tmp_path / "course.toml", topics=["activations"], jobs=1, now=NOW)
    assert told(graded) == {
        "alee": ("alee", WHOLE, ""),
        "jdoe": ("jdoe~2", WHOLE, "Attempt 2 of 3 counts, the best."),
    }
    assert (out / "reports" / "jdoe~2.html").is_file()
    page = Tags((out / "index.html").read_text(encoding="utf-8")).text
    assert "Attempts over time" in page
    assert "mean part of the points" in page
    before = content_of(out)
    graded, found = regrade(out, ["jdoe~2"], now=NOW)
    assert found == []
    assert {name: content for name, content in content_of(out).items() if name in before} == before
    row = Row("jdoe", "jdoe", "plain", attempts=[Tried("jdoe~1", "2025-10-01")])
    assert [one.key for one in attempts_of(row, every=False)] == ["jdoe"]
    assert [(one.key, one.submitted_at) for one in attempts_of(row, every=True)] == [("jdoe~1", "2025-10-01"), ("jdoe", "")]


def test_earlier_attempts_are_kept_beside_the_last_and_come_and_go_with_a_newer_download(tmp_path: Path) -> None:
    download = handed_in(tmp_path)
    first = import_download(download, tmp_path / "in", attempts=True)
    kept = {row.key: [one.folder for one in row.attempts] for row in first.rows}
    assert kept == {"alee": [], "jdoe": ["jdoe~1", "jdoe~2"]}
    assert sorted(path.name for path in (tmp_path / "in" / ".attempts").iterdir()) == ["jdoe~1", "jdoe~2"]
    assert "def linear" in (tmp_path / "in" / ".attempts" / "jdoe~1" / "activations.py").read_text(encoding="utf-8")
    import_download(download, tmp_path / "in", update=True)
    assert list((tmp_path / "in" / ".attempts").iterdir()) == []


def test_a_full_disk_is_the_machines_fault_and_the_same_import_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    download = handed_in(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("autograder.downloads.importing.write_files", full)
        with pytest.raises(GraderFault, match=r"cannot be written \(No space left on device\)"):
            import_download(download, tmp_path / "in")
    assert [row.key for row in import_download(download, tmp_path / "in").rows] == ["alee", "jdoe"]


def mark(final: float | None, at: str = "", status: str = GRADED, name: str = "x", most: float = 10) -> Mark:
    return Mark(name, name, name, "", at, most, status, final, 0, final, ids=(name,))


def test_of_equal_attempts_the_earliest_counts_and_where_the_machine_failed_none_does() -> None:
    assert best_of([mark(3, "a"), mark(5, "b"), mark(5, "c")]).submitted_at == "b"
    assert best_of([mark(3, "a"), mark(None, "b", FAULT), mark(5, "c")]).status == FAULT
    assert best_of([mark(3, "a")]).notice == ""
    assert over_time([[mark(3)], [mark(4)]]) is None
    found = over_time([[mark(0, "2026-12-01T10:00:00+00:00"), mark(10, "2026-12-03T10:00:00+00:00")], [mark(1)]])
    assert found is not None
    assert (found.lines, found.means, found.timed) == (["8.0,162.0 632.0,8.0"], [(1, 1, 0.0), (2, 1, 1.0)], True)


# --- a term -----------------------------------------------------------------------------------------------------------------


def assignment(folder: Path, *marks: Mark) -> Path:
    folder.mkdir()
    (folder / JSON_NAME).write_bytes(as_json(Marks(VERSION, marks[0].max_score, list(marks))))
    return folder


def test_each_assignment_counts_alike_and_the_lowest_is_dropped(tmp_path: Path) -> None:
    weeks = [
        assignment(tmp_path / "week1", mark(10, name="ada"), mark(2, name="bo")),
        assignment(tmp_path / "week2", mark(25, name="ada", most=50), mark(50, name="bo", most=50)),
        assignment(tmp_path / "week3", mark(4, name="bo"), Mark("", "ada", "ada", "", "", 10, MISSING, ids=("ada",))),
    ]
    totals = {one.id: one.final for one in add_up(weeks).marks.marks}
    assert totals == {"ada": 50, "bo": round(100 * (0.2 + 1 + 0.4) / 3, 2)}
    term = add_up(weeks, points=30, drop=1)
    assert [(one.id, one.final, one.max_score, one.notice) for one in term.marks.marks] == [
        ("ada", 22.5, 30, "Not counted: week3."), ("bo", 21, 30, "Not counted: week1."),
    ]  # fmt: skip
    table = list(csv.DictReader(io.StringIO(term.table.decode())))
    assert table[0] == {
        "name": "ada", "id": "ada", "email": "", "week1": "10 of 10", "week2": "25 of 50", "week3": "(none)", "total": "22.5",
    }  # fmt: skip


def test_what_the_machine_failed_at_is_no_zero_in_a_term_and_two_marks_of_one_are_told(tmp_path: Path) -> None:
    weeks = [
        assignment(tmp_path / "week1", mark(10, name="ada"), mark(9, name="ada")),
        assignment(tmp_path / "week2", mark(None, status=FAULT, name="ada")),
    ]
    term = add_up(weeks)
    assert [(one.final, one.status) for one in term.marks.marks] == [(None, FAULT)]
    assert term.notices == ["week1: ada has two marks; the first counts."]
    with pytest.raises(WrongUsage, match="2 cannot be dropped"):
        add_up(weeks, drop=2)


def test_a_terms_marks_go_back_like_a_classs(tmp_path: Path) -> None:
    assignment(tmp_path / "week1", mark(10, name="7012"), mark(5, name="7013"))
    assignment(tmp_path / "week2", mark(5, name="7012"))
    done = grade_command(
        "total", "week1", "week2", "--out", "term", cwd=tmp_path, PYTHONPATH=str(Path(__file__).parent.parent)
    )
    assert done.returncode == 0, done.stderr
    assert "2 students in 2 assignments" in done.stdout
    roster = tmp_path / "class.csv"
    roster.write_text("Name,ID\nAda,7012\nBo,7013\n", encoding="utf-8")
    from autograder.classroom.marks import marks_read

    found = marks_read(tmp_path / "term" / JSON_NAME)
    assert found is not None
    back = list(csv.DictReader(io.StringIO(give_back(found, roster, "csv").content.decode())))
    assert [(row["Name"], row["final"]) for row in back] == [("Ada", "75"), ("Bo", "25")]
