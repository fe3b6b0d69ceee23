"""Reports go back to students under the names by which course systems know whose they are."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from autograder.choices import FEEDBACK_SYSTEMS
from autograder.classroom import feedback as giving
from autograder.classroom.grading import ASKED, ASKED_VERSION, REPORTS, Asked, finished
from autograder.classroom.marks import JSON_NAME, VERSION, Mark, Marks, as_json
from autograder.classroom.records import GRADED, MISSING
from autograder.downloads.importing import import_download
from autograder.downloads.table import JSON_NAME as TABLE
from autograder.downloads.table import Row
from autograder.errors import WrongUsage
from autograder.render.html import report_html
from autograder.report import Report, to_json
from tests.test_class_page import record_of

DOWNLOADS = {
    "canvas": ["leeanna_7012_881_layers.py", "moebo_LATE_7013_882_layers-1.py", "moebo_LATE_7013_880_layers.py"],
    "moodle": ["Anna Lee_7012_assignsubmission_file_/layers.py", "Bo Moe_7013_assignsubmission_file_/src/layers.py"],
    "brightspace": [
        "7012-255 - Anna Lee - Sep 24, 2026 926 PM/layers.py", "7013-255 - Bo Moe - Sep 24, 2026 927 PM/layers.py",
    ],
    "gradescope": ["submission_81/layers.py", "submission_82/layers.py"],
}  # fmt: skip
# What each finds the feedback of Anna and of Bo by.
NAMES = {
    "canvas": ["leeanna_7012_881_report.html", "moebo_LATE_7013_882_report.html"],
    "moodle": ["Anna Lee_7012_assignsubmission_file_/report.html", "Bo Moe_7013_assignsubmission_file_/report.html"],
    "brightspace": [
        "7012-255 - Anna Lee - Sep 24, 2026 926 PM/report.html", "7013-255 - Bo Moe - Sep 24, 2026 927 PM/report.html",
    ],
}  # fmt: skip


def report(points: int) -> Report:
    found = record_of({"easy": 4, "hard": points}).report
    assert found is not None
    return found


def results(folder: Path, system: str | None = None) -> Path:
    """A class's results: of two who handed in, and one who did not."""
    out = folder / "results"
    (out / REPORTS).mkdir(parents=True)
    rows = [Row("7012", "7012", "plain"), Row("7013", "7013", "plain")]
    if system is not None:
        with zipfile.ZipFile(folder / "download.zip", "w") as download:
            for name in DOWNLOADS[system]:
                download.writestr(f"export/{name}" if system == "gradescope" else name, "x = 1\n")
        rows = import_download(folder / "download.zip", out / "submissions", system).rows
    marks = [Mark("", "Di", "7015", "", "", 8, MISSING)]
    for number, row in enumerate(rows):
        shown = report(2 * number)
        (out / REPORTS / f"{row.key}.json").write_bytes(to_json(shown))
        (out / REPORTS / f"{row.key}.html").write_text(report_html(shown, row.key), encoding="utf-8")
        final = shown.score - number
        email = f"s{number}@example.org"
        at = "2026-12-01T10:00:00+00:00"
        marks.append(
            Mark(row.key, f"Student {number}", row.id or row.key, email, at, 8, GRADED, shown.score, number, final,
                 ids=(row.key,), emails=(email,))
        )  # fmt: skip
    (out / JSON_NAME).write_bytes(as_json(Marks(VERSION, 8, marks)))
    asked = Asked(ASKED_VERSION, "../download.zip", None, None, ["layers"], None, None, None, None, None)
    (out / ASKED).write_bytes(msgspec.json.encode(asked))
    return out


def unpacked(content: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "feedback.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("system", NAMES)
def test_a_system_finds_whose_a_report_is_by_the_names_of_its_own_download(system: str, tmp_path: Path) -> None:
    out = results(tmp_path, system)
    made = giving.feedback(out, system)
    files = unpacked(made.content, tmp_path)
    assert sorted(files) == NAMES[system]
    assert (made.given, made.left_out) == (2, [])
    assert made.content == giving.feedback(out, system).content
    # Read as a download, the zip's files are those of the same students.
    again = import_download(tmp_path / "feedback.zip", tmp_path / "again", system).rows
    before = json.loads((out / "submissions" / TABLE).read_bytes())["submissions"]
    assert [row.identity for row in again] == [row["identity"] for row in before]
    for row, content in zip(before, files.values(), strict=True):
        assert content == (out / REPORTS / f"{row['key']}.html").read_bytes()


def test_a_report_that_a_system_cannot_place_is_told_and_a_forged_name_leads_nowhere(tmp_path: Path) -> None:
    out = results(tmp_path, "moodle")
    table = out / "submissions" / TABLE
    told = json.loads(table.read_bytes())
    told["submissions"][0]["place"] = "../../etc"
    table.write_text(json.dumps(told), encoding="utf-8")
    made = giving.feedback(out, "moodle")
    assert (made.given, made.left_out) == (1, ["Student 0 (7012)"])
    with pytest.raises(WrongUsage, match="No report can be given back to canvas"):
        giving.feedback(out, "canvas")
    assert sorted(unpacked(giving.feedback(out, "plain").content, tmp_path)) == ["7012/report.html", "7013/report.html"]


def test_gradescope_gets_marks_and_reports_by_an_autograder_that_runs_nothing(tmp_path: Path) -> None:
    files = unpacked(giving.feedback(results(tmp_path, "gradescope"), "gradescope").content, tmp_path)
    root = tmp_path / "autograder"
    for name, content in files.items():
        path = root / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def handed_back(metadata: object) -> dict[str, object]:
        (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        command = [sys.executable, "-I", str(root / "source" / "run_autograder")]
        subprocess.run(command, check=True, env={"AUTOGRADER_ROOT": str(root)})
        found: dict[str, object] = json.loads((root / "results" / "results.json").read_bytes())
        return found

    second = handed_back({"id": 82, "users": [{"email": "who@example.org"}]})
    assert second["score"] == 5  # of six points one is taken off
    assert str(second["output"]).startswith("1 point taken off for lateness.")
    assert handed_back({"id": 81, "users": []})["score"] == 4
    assert "score" not in handed_back({"id": 99, "users": [{"email": "new@example.org"}]})


def test_gradescope_tells_once_what_lateness_cost(tmp_path: Path) -> None:
    out = results(tmp_path, "gradescope")
    said = "Handed in 1 day late (each day begun counts): 1 point is taken off, 5 remain."
    path = out / REPORTS / f"{finished(out)[1].marks[2].submission}.json"
    shown = msgspec.json.decode(path.read_bytes(), type=Report)
    path.write_bytes(to_json(msgspec.structs.replace(shown, notices=[said])))
    files = unpacked(giving.feedback(out, "gradescope").content, tmp_path)
    told = json.loads(files[f"reports/{path.stem}.json"])["output"]
    assert said in told
    assert told.count("taken off") == 1


def test_gradescope_finds_by_the_address_who_handed_in_elsewhere(tmp_path: Path) -> None:
    files = unpacked(giving.feedback(results(tmp_path), "gradescope").content, tmp_path)
    assert json.loads(files["whose.json"]) == {
        "email s0@example.org": "reports/7012.json", "email s1@example.org": "reports/7013.json",
    }  # fmt: skip


@pytest.mark.parametrize("system", FEEDBACK_SYSTEMS)
def test_where_there_are_no_results_it_is_said(system: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="holds no finished results"):
        giving.feedback(tmp_path, system)
