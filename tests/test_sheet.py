"""Free text of a class: a sheet with the answers, filled in by a person and read back; an answer that changes is read anew."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.by_hand import KEPT, counted, digest_of, read_by_hand, texts_of, waiting_in
from autograder.classroom.grading import Graded, grade_class
from autograder.classroom.records import read_record
from autograder.classroom.regrading import regrade
from autograder.classroom.sheets import COLUMNS, sheet, take_back
from autograder.declare.catalogue import OURS
from autograder.errors import WrongUsage
from autograder.quiz.writing import answers_text
from autograder.recording.misconceptions import make_module
from autograder.submission.read import Module, Submission, read_folder
from tests.test_class import NOW, written

TOPIC = "concepts"
COURSE = """\
manual_points = 3
[late]
penalty_percent_per_day = 10
[topic.concepts]
due = 2026-12-04T22:00:00+00:00
"""
EVIL = "=HYPERLINK('evil')\nand <script>more</script>, gr\u00f6\u00dfer"


def answered(**others: Any) -> dict[str, bytes]:
    """A quiz with every answer right, but for these."""
    key = make_module(TOPIC, OURS.reference_source(TOPIC)).answers
    return {f"{TOPIC}.py": answers_text({**key, **others}).encode()}


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("term")
    (folder / "course.toml").write_text(COURSE, encoding="utf-8")
    written(folder / "in", {"ada": answered(why_bend=EVIL), "bo": answered(why_bend=..., what_next=...), "cy": answered()})
    return folder


def graded(term: Path, out: Path) -> Graded:
    options: dict[str, Any] = {"topics": [TOPIC], "layout": "plain", "jobs": 1, "now": NOW}
    return grade_class(term / "in", out, course=term / "course.toml", **options)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def filled(path: Path, rows: list[dict[str, str]]) -> Path:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(file.getvalue(), encoding="utf-8")
    return path


def test_a_person_reads_gives_points_and_they_count_until_the_answer_changes(term: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    before = {mark.submission: mark for mark in graded(term, out).marks}
    rows = rows_of(sheet(out))
    asked = [row["question"] for row in rows if row["submission"] == "cy"]
    assert len(asked) == len(set(asked)) == 3
    assert len(rows) == 3 * len(asked) - 2  # bo left two open
    assert [(row["question"], row["submission"]) for row in rows] == sorted((r["question"], r["submission"]) for r in rows)
    evil = next(row for row in rows if row["submission"] == "ada" and row["question"] == f"{TOPIC}/why_bend")
    assert (evil["answer"], evil["points"], evil["of"]) == (f"'{EVIL}", "", "3")

    for row in rows:
        row["points"], row["comment"] = {"ada": ("2,5", "Where is <the collapse>?"), "cy": ("3", "")}.get(
            row["submission"], ("", "")
        )
    given, still_open = take_back(out, filled(tmp_path / "sheet.csv", rows))
    assert (given, still_open) == (2 * len(asked), len(asked) - 2)
    after, _ = regrade(out, now=NOW)
    marks = {mark.submission: mark for mark in after.marks}
    assert marks["cy"].max_score == before["cy"].max_score + 3 * len(asked)
    assert marks["cy"].score == (before["cy"].score or 0) + 3 * len(asked)
    assert marks["ada"].score == (before["ada"].score or 0) + 2.5 * len(asked)
    assert marks["bo"].score == before["bo"].score
    assert marks["bo"].notice.endswith("1 answer still to be read by a person.")
    report = json.loads((out / "reports" / "ada.json").read_bytes())
    assert "why_bend: 2.5 of 3 points, read by a person. Where is <the collapse>?" in report["notices"]
    assert b"Where is &lt;the collapse&gt;?" in (out / "reports" / "ada.html").read_bytes()
    assert next(row for row in rows_of(sheet(out)) if row["submission"] == "ada")["points"] == "2.5"

    kept = read_by_hand(out)
    record = read_record(out / "records" / "ada.json")
    assert kept is not None
    assert record is not None
    assert record.report is not None
    own = texts_of(read_folder(term / "in" / "ada"), waiting_in(record.report))
    whole = counted(kept.given["ada"], record.report, own, 3)
    assert (sum(whole.points.values()), whole.waiting) == (2.5 * len(asked), 0)
    changed = counted(kept.given["ada"], record.report, {**own, f"{TOPIC}/why_bend": "Another one."}, 3)
    assert (sum(changed.points.values()), changed.waiting) == (2.5 * (len(asked) - 1), 1)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("points", "4", "row 2: give from 0 to 3 points, not 4"),
        ("points", "-1", "row 2: give from 0 to 3 points, not -1"),
        ("points", "good", "row 2: points are 'good', which is no number"),
        ("submission", "nobody", "row 2: nobody has no answer to"),
        ("question", "concepts/other", "row 2: ada has no answer to concepts/other"),
        ("answer", "What was never said.", "row 2: the answer is another one now"),
    ],
)
def test_a_row_that_cannot_count_is_named_and_nothing_is_kept(
    term: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, column: str, value: str, said: str
) -> None:
    out = term / "results"
    if not out.exists():
        graded(term, out)
    rows = rows_of(sheet(out))
    rows[0] |= {"points": "1", column: value}
    with pytest.raises(WrongUsage, match=said):
        take_back(out, filled(tmp_path / "sheet.csv", rows))
    assert not (out / KEPT).exists()


def test_an_answer_is_read_from_the_text_and_nothing_of_it_is_run() -> None:
    def texts(text: str) -> dict[str, str]:
        path = f"{TOPIC}.py"
        return texts_of(Submission("", {TOPIC: Module(TOPIC, path)}, {path: text.encode()}), [f"{TOPIC}/why_bend"])

    assert texts('answers = {" Why_Bend": "Because."}') == {f"{TOPIC}/why_bend": "Because."}
    for odd in (
        'answers = {"why_bend": open("x").read()}',
        "answers = 1",
        "answers = {",
        "(" * 5000,
        'answers = {"why_bend": 3}',
    ):
        assert texts(odd) == {}
    assert digest_of("a  b\n") == digest_of("a b")
