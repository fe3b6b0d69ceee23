"""Downloads of course systems become one folder a submission; no name, link or archive in them leads anywhere else."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shlex
import stat
import struct
import subprocess
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.declare.catalogue import OURS
from autograder.downloads.archive import ALL_HEADERS_SQUARED, LONG_HEADERS, LONGEST_HEADER, open_nested
from autograder.downloads.gradescope_metadata import read_metadata
from autograder.downloads.importing import Imported, import_download
from autograder.downloads.names import LONGEST_KEY, folded, key_for, problem_of, split_path
from autograder.downloads.table import safe_cell
from autograder.errors import Unreadable, WrongUsage
from autograder.grading.engine import Grader
from autograder.submission.notebook import LARGEST_NOTEBOOK
from autograder.submission.read import LARGEST_FILE, LARGEST_SUBMISSION, MOST_FILES, read_submission
from tests.conftest import ROOT
from tests.forked import grade_command
from tests.test_bad_input import refused

TANH = b"import numpy as np\ndef tanh(x):\n    return np.tanh(x)\n"
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A real zip of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(*members: tarfile.TarInfo | tuple[str, bytes], mode: str = "w") -> bytes:
    """A real tar of these members; a pair is a plain file."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        for member in members:
            if isinstance(member, tuple):
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
            else:
                archive.addfile(member)
    return packed.getvalue()


def unzipped(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """What students' folders hold, by path; the tables stand beside them."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()}
    assert not any(path.is_symlink() for path in found.values())
    return {name: path.read_bytes() for name, path in found.items() if "/" in name}


def imported(content: bytes, folder: Path, name: str = "download.zip", **options: object) -> Imported:
    """Import a download of these bytes into folder/out."""
    (folder / name).write_bytes(content)
    return import_download(folder / name, folder / "out", **options)  # type: ignore[arg-type]


# --- the layouts ------------------------------------------------------------------------------------------------------------

CANVAS = {
    "leeanna_7012_88123_layers.py": TANH,
    "müllerzoë_LATE_7013_88130_layers-1.py": b"first = 1\n",
    "müllerzoë_LATE_7013_88131_losses.py": TANH,
    "müllerzoë_LATE_7013_88140_layers-2.py": b"second = 2\n",
    "ofori_kay_7014_88150_hw 3.zip": zipped({"hw/layers.py": TANH, "__MACOSX/hw/._layers.py": b"x", "hw/.DS_Store": b"x"}),
    "lee2_7015_text.html": b"<p>see my mail</p>",
    "anon_aB3dE_88160_layers.py": TANH,
    "LATE_anon_Zz9_88161_layers.py": TANH,
    "group7_7020_88170_layers.py": TANH,
}


def test_canvas(tmp_path: Path) -> None:
    found = imported(zipped(CANVAS), tmp_path)
    rows = {row.key: row for row in found.rows}
    assert found.layout.name == "canvas"
    assert files_in(tmp_path / "out") == {
        "7012/layers.py": TANH,
        "7013/layers.py": b"second = 2\n",
        "7013/losses.py": TANH,
        "7014/hw/layers.py": TANH,
        "7015/text.html": CANVAS["lee2_7015_text.html"],
        "anon_aB3dE/layers.py": TANH,
        "anon_Zz9/layers.py": TANH,
        "7020/layers.py": TANH,
    }
    assert rows["7013"].name == "müllerzoë"
    assert [rows[key].late for key in ("7012", "7013", "anon_Zz9", "anon_aB3dE")] == [False, True, True, False]
    assert rows["7014"].name == "ofori_kay"
    assert rows["7013"].topics == ["layers", "losses"]
    assert "layers-2.py is the latest" in " ".join(rows["7013"].notices)
    assert rows["7015"].topics == []
    assert "is not graded" in rows["7015"].notices[0]


MOODLE = {
    "Anna Lee_1234_assignsubmission_file_/layers.py": TANH,
    "Anna Lee_1234_assignsubmission_file_/data/table.csv": b"1,2\n",
    "Zoë Müller_1235_assignsubmission_file/losses.py": TANH,
    "Zoë Müller_1235_assignsubmission_onlinetext/onlinetext.html": b"<p>hello</p>",
    "Participant_1236_assignsubmission_file_/layers.py": TANH,
    "Default group_assignsubmission_file_/layers.py": TANH,
}


def test_moodle(tmp_path: Path) -> None:
    found = imported(zipped(MOODLE), tmp_path)
    assert found.layout.name == "moodle"
    group = key_for("Default group")
    assert sorted(files_in(tmp_path / "out")) == sorted(
        [
            "1234/layers.py",
            "1234/data/table.csv",
            "1235/losses.py",
            "1235/onlinetext.html",
            "1236/layers.py",
            f"{group}/layers.py",
        ]
    )
    assert {row.key: row.name for row in found.rows} == {
        "1234": "Anna Lee",
        "1235": "Zoë Müller",
        "1236": "Participant",
        group: "Default group",
    }


def test_moodle_without_folders(tmp_path: Path) -> None:
    flat = {
        "Anna Lee_1234_assignsubmission_file_layers.py": TANH,
        "Anna Lee_1234_assignsubmission_file_losses.py": TANH,
        "Participant_55_assignsubmission_file_my_layers.py": TANH,
    }
    assert imported(zipped(flat), tmp_path).layout.name == "moodle"
    assert sorted(files_in(tmp_path / "out")) == ["1234/layers.py", "1234/losses.py", "55/my_layers.py"]


METADATA = """---
submission_111:
  :submitters:
  - :name: Anna Lee
    :sid: '2001'
    :email: anna@example.org
  :created_at: 2024-03-01 18:52:01.123456789 Z
  :score: 1.0
  :results:
    output: "submission_112:\\n  :submitters:\\n  - :name: Somebody\\n    :sid: '9'\\n\\
      \\  :created_at: 1999-01-01 00:00:00 Z\\n"
  :history:
  - :id: 100
    :created_at: 2024-02-01 10:00:00.000000000 Z
submission_112:
  :submitters:
  - :name: "Zo\\xEB M\\xFCller"
    :sid: '2002'
    :email: zoe@example.org
  - :name: 'O''Neil: Pat'
    :sid: '2003'
    :email: pat@example.org
  :created_at: 2024-03-02 01:00:00.000000000 -08:00
submission_113:
  :submitters:
  - :name: Anna Lee
    :sid: '2001'
    :email: anna@example.org
  :created_at: 2024-03-03 18:52:01.000000000 Z
submission_114:
  :submitters:
  - :name: No Number
    :sid:
    :email: none@example.org
  :created_at: 2024-03-03 18:52:01.000000000 Z
"""


def test_gradescope(tmp_path: Path) -> None:
    root = "assignment_9100_export"
    found = imported(
        zipped(
            {
                f"{root}/submission_metadata.yml": METADATA.encode(),
                f"{root}/.DS_Store": b"x",
                f"{root}/submission_111/layers.py": b"old = 1\n",
                f"{root}/submission_112/layers.py": TANH,
                f"{root}/submission_113/layers.py": TANH,
                f"{root}/submission_114/layers.py": TANH,
                f"{root}/submission_115/layers.py": TANH,
            }
        ),
        tmp_path,
    )
    rows = {row.key: row for row in found.rows}
    assert found.layout.name == "gradescope"
    assert files_in(tmp_path / "out") == {
        f"{key}/layers.py": TANH for key in ("2001", "2002", "none@example.org", "submission-115")
    }
    assert rows["2001"].submitted_at == "2024-03-03T18:52:01+00:00"
    assert "submission_111 (2024-03-01T18:52:01.123456+00:00)" in rows["2001"].notices[0]
    assert (rows["2002"].name, rows["2002"].id) == ("Zoë Müller; O'Neil: Pat", "2002; 2003")
    assert rows["2002"].submitted_at == "2024-03-02T01:00:00-08:00"
    assert "do not say whose" in rows["submission-115"].notices[0]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])),
            st.text("0123456789", min_size=1),
        ),
        min_size=1,
        max_size=6,
    ),
    st.text(),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_the_metadata_are_read_as_yaml_would_be(people: list[tuple[str, str]], output: str, unicode: bool) -> None:
    people = [(re.sub(r"\s+", " ", name).strip(), sid) for name, sid in people]
    forged = "submission_0:\n  :submitters:\n  - :name: Forged\n    :sid: '0'\n" + output
    told = {
        f"submission_{number}": {
            ":submitters": [{":name": name, ":sid": sid, ":email": f"{sid}@x.org"}],
            ":created_at": datetime(2024, 1, 2, 3, 4, 5),
            ":results": {"output": forged, "tests": [forged, output]},
        }
        for number, (name, sid) in enumerate(people)
    }
    read = read_metadata(yaml.safe_dump(told, allow_unicode=unicode, sort_keys=False))
    assert list(read) == list(told)
    for (name, sid), handed in zip(people, read.values(), strict=True):
        assert [(p.name, p.sid, p.email) for p in handed.submitters] == [(name, sid, f"{sid}@x.org")]
        assert handed.created_at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


GRADES = (
    "assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,"
    "student_repository_url,submission_timestamp,points_awarded,points_available\n"
    "Layers,u,s,Anna-Lee,=2001,layers-anna-lee,u,2024-03-01 18:52:01 UTC,0,10\n"
)


def test_github_classroom(tmp_path: Path) -> None:
    clones = tmp_path / "layers-submissions"
    for login in ("anna-lee", "bo"):
        clone = clones / f"layers-{login}"
        clone.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", str(clone)], check=True)
        (clone / "layers.py").write_bytes(TANH)
        (clone / ".github").mkdir()
        (clone / ".github" / "workflow.yml").write_text("on: push")
    (clones / "grades.csv").write_text(GRADES)
    found = import_download(clones, tmp_path / "out")
    rows = {row.key: row for row in found.rows}
    assert found.layout.name == "github"
    assert files_in(tmp_path / "out") == {"anna-lee/layers.py": TANH, "bo/layers.py": TANH}
    assert (rows["anna-lee"].id, rows["anna-lee"].submitted_at) == ("=2001", "2024-03-01T18:52:01+00:00")
    assert '"\'=2001"' in (tmp_path / "out" / "submissions.csv").read_text()
    # Moved into a folder of another name and without the CSV, the repositories' names are all that there is.
    (clones / "grades.csv").unlink()
    clones.rename(tmp_path / "clones")
    assert [row.key for row in import_download(tmp_path / "clones", tmp_path / "again").rows] == [
        "layers-anna-lee",
        "layers-bo",
    ]


def test_nbgrader(tmp_path: Path) -> None:
    from nbgrader.utils import parse_utc

    stamp = "2024-05-06 15:58:23.948203 America/Los_Angeles"
    course = {
        "submitted/anna/layers/layers.ipynb": NOTEBOOK,
        "submitted/anna/layers/timestamp.txt": stamp.encode(),
        "submitted/anna/losses/losses.ipynb": NOTEBOOK,
        "submitted/anna/layers/.ipynb_checkpoints/layers-checkpoint.ipynb": NOTEBOOK,
        "submitted/bo/layers/layers.ipynb": NOTEBOOK,
        "submitted/bo/layers/timestamp.txt": b"2024-05-06 15:58:23.948203 UTC",
        "source/layers/layers.ipynb": NOTEBOOK,
        "gradebook.db": b"SQLite format 3",
    }
    unzipped(zipped(course), tmp_path / "course")
    for number, download in enumerate((tmp_path / "course", tmp_path / "course" / "submitted")):
        found = import_download(download, tmp_path / f"out{number}")
        rows = {row.key: row for row in found.rows}
        assert found.layout.name == "nbgrader"
        assert sorted(files_in(tmp_path / f"out{number}")) == [
            "anna/layers/layers.ipynb",
            "anna/losses/losses.ipynb",
            "bo/layers/layers.ipynb",
        ]
        assert rows["anna"].topics == ["layers", "losses"]
        when = datetime.fromisoformat(rows["anna"].submitted_at)
        assert when.astimezone(UTC).replace(tzinfo=None) == parse_utc(stamp)


def test_plain_folders_and_archives(tmp_path: Path) -> None:
    found = imported(
        zipped(
            {
                "all/anna/layers.py": TANH,
                "all/anna/sub.zip": zipped({"losses.py": TANH}),
                "all/bo.zip": zipped({"bo/layers.py": TANH, "inner.zip": zipped({"losses.py": TANH})}),
                "all/cy.tar.gz": tarred(("layers.py", TANH), mode="w:gz"),
                "all/readme.txt": b"",
            }
        ),
        tmp_path,
    )
    assert found.layout.name == "plain"
    assert sorted(files_in(tmp_path / "out")) == [
        "anna/layers.py",
        "anna/sub/losses.py",
        "bo/bo/layers.py",
        "bo/inner/losses.py",
        "cy/layers.py",
    ]
    assert found.left_over == ["readme.txt was left out: the layout plain has no such name."]


@pytest.mark.parametrize("pack", ["zip", "folder", "tar.gz"])
def test_a_download_may_be_packed_or_not_and_stand_in_folders(pack: str, tmp_path: Path) -> None:
    wrapped = {f"a/b/{name}": content for name, content in MOODLE.items()}
    if pack == "zip":
        imported(zipped(wrapped), tmp_path)
    elif pack == "folder":
        import_download(unzipped(zipped(wrapped), tmp_path / "download"), tmp_path / "out")
    else:
        imported(tarred(*wrapped.items(), mode="w:gz"), tmp_path, "download.tar.gz")
    assert "1234/layers.py" in files_in(tmp_path / "out")


EMPTY_FOLDERS: dict[str, tuple[dict[str, bytes], str, tuple[str, ...]]] = {
    "moodle": (MOODLE, "Cy Ray_1299_assignsubmission_file_", ("1299", "Cy Ray", "1299")),
    "gradescope": (
        {"submission_111/layers.py": TANH, "submission_112/layers.py": TANH, "submission_metadata.yml": METADATA.encode()},
        "submission_114",
        ("none@example.org", "No Number", ""),
    ),
    "brightspace": (
        {f"{n}-1 - Jo Doe - Sep 24, 2024 926 PM/layers.py": TANH for n in (1, 2)},
        "3-1 - Bo Roe - Sep 24, 2024 926 PM",
        (key_for("3 Bo Roe"), "Bo Roe", "3"),
    ),
    "ilias": (
        {f"Doe_Jo_jdoe_{n}/20251001120000_layers.py": TANH for n in (1, 2)}, "Roe_Bo_broe_3", ("3", "Roe, Bo", "broe"),
    ),
    "codegrade": (
        {f"Jo {n} - 2025-10-01T12.00.00/layers.py": TANH for n in "AB"},
        "Bo Roe - 2025-10-01T12.00.00",
        (key_for("Bo Roe"), "Bo Roe", ""),
    ),
    "nbgrader": (
        {f"{who}/layers/{name}": NOTEBOOK for who in ("a", "b") for name in ("layers.ipynb", "timestamp.txt")},
        "cy",
        ("cy", "", "cy"),
    ),
    "plain": ({"a/layers.py": TANH, "b.zip": zipped({"layers.py": TANH})}, "cy", ("cy", "cy", "")),
}  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("system", EMPTY_FOLDERS)
def test_an_empty_folder_has_the_row_that_a_file_in_it_would_have(system: str, packed: bool, tmp_path: Path) -> None:
    files, folder, (key, name, id_) = EMPTY_FOLDERS[system]
    content = zipped({**files, f"{folder}/": b""})
    if packed:
        found = imported(content, tmp_path, "submitted.zip")
    else:
        found = import_download(unzipped(content, tmp_path / "download"), tmp_path / "out")
    row = next(row for row in found.rows if row.key == key)
    assert (found.layout.name, row.name, row.id, row.files, row.topics) == (system, name, id_, [], [])
    assert (tmp_path / "out" / key).is_dir()
    assert not any("nothing" in notice for notice in [*row.notices, *found.left_over])


def test_a_folder_of_a_zip_of_windows_is_no_file(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {"ada\\": b"", "ada\\layers.py": TANH, "bo\\layers.py": TANH, "cy\\": b""}.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    found = imported(packed.getvalue(), tmp_path)
    assert {row.key: row.files for row in found.rows} == {"ada": ["layers.py"], "bo": ["layers.py"], "cy": []}
    assert found.left_over == []


def test_an_empty_folder_takes_no_work_from_its_student(tmp_path: Path) -> None:
    jo = "1-1 - Jo Doe - Sep {0}, 2024 926 PM"
    files = {f"{jo.format(24)}/layers.py": TANH, f"{jo.format(25)}/": b"", "2-1 - A B - Sep 24, 2024 926 PM/x": b""}
    (row, _) = imported(zipped(files), tmp_path).rows
    assert (row.files, row.submitted_at) == (["layers.py"], "2024-09-24T21:26:00")


def test_an_imported_reference_gets_full_marks(any_grader: Grader, tmp_path: Path) -> None:
    source = OURS.reference_source("activations").encode()
    imported(zipped({"leeanna_7012_1_hw.zip": zipped({"hw/activations.py": source})}), tmp_path)
    report = any_grader.grade(read_submission(tmp_path / "out" / "7012"), ["activations"])
    assert report.score == report.max_score > 0


# --- which layout it is -----------------------------------------------------------------------------------------------------


def test_two_layouts_in_one_download_are_a_question(tmp_path: Path) -> None:
    # Of four names three fit each: an instructor has unpacked two downloads into one folder.
    both = {
        "a_1_assignsubmission_file_b_2_3_layers.py": TANH,
        "c_4_assignsubmission_file_d_5_6_layers.py": TANH,
    }
    (tmp_path / "both.zip").write_bytes(zipped(both))
    said = refused("import", tmp_path / "both.zip", "--out", tmp_path / "out")
    assert said == "grade: The names fit Canvas and Moodle: which is it? Say --layout canvas or --layout moodle."
    found = import_download(tmp_path / "both.zip", tmp_path / "out", "moodle")
    assert [row.key for row in found.rows] == ["1", "4"]


@pytest.mark.parametrize(
    ("content", "layout", "words"),
    [
        (zipped({"layers.py": TANH}), None, "looks like a single submission"),
        (zipped({"notes.txt": b"x"}), None, "The layout plain has anna/layers.py, or anna.zip; the download has notes.txt."),
        (zipped(MOODLE), "canvas", "The layout canvas has leeanna_LATE_7012_88123_layers.py"),
        (zipped({}), None, "no file that could be a submission"),
        (b"", None, "it is not a zip, or a damaged one"),
        (zipped(MOODLE)[:-30], None, "it is not a zip, or a damaged one"),
    ],
)
def test_what_is_no_download_is_refused_in_a_sentence(content: bytes, layout: str | None, words: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=re.escape(words)):
        imported(content, tmp_path, layout=layout)
    assert not (tmp_path / "out" / "submissions.csv").exists()


# --- the folder -------------------------------------------------------------------------------------------------------------


def test_a_folder_that_holds_anything_else_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("mine")
    with pytest.raises(WrongUsage, match="not empty and holds no earlier import"):
        imported(zipped(MOODLE), tmp_path, update=True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


def test_nothing_of_an_earlier_import_is_lost(tmp_path: Path) -> None:
    first = {"anna/layers.py": TANH, "anna/old.py": b"x", "bo/layers.py": TANH, "Bo/layers.py": TANH, "zoë/losses.py": TANH}
    before = imported(zipped(first), tmp_path)
    keys = {row.identity: row.key for row in before.rows}
    assert set(before.states.values()) == {"new"}
    with pytest.raises(WrongUsage, match="say --update"):
        imported(zipped(first), tmp_path)
    (tmp_path / "out" / "anna" / "remark.md").write_text("seen by the tutor")
    (tmp_path / "out" / "cy").mkdir()
    (tmp_path / "out" / "cy" / "mine.txt").write_text("not of an import")
    second = {"anna/layers.py": b"better = 1\n", "bo/layers.py": TANH, "cy/layers.py": TANH, "zoë/losses.py": TANH}
    after = imported(zipped(second), tmp_path, update=True)
    again = {row.identity: row.key for row in after.rows}
    assert {who: again[who] for who in keys} == keys
    assert {row.identity: after.states[row.key] for row in after.rows} == {
        "anna": "changed",
        "bo": "unchanged",
        "Bo": "kept",
        "cy": "new",
        "zoë": "unchanged",
    }
    files = files_in(tmp_path / "out")
    assert files["anna/layers.py"] == b"better = 1\n"
    assert "anna/old.py" not in files
    assert files["anna/remark.md"] == b"seen by the tutor"
    assert files["cy/mine.txt"] == b"not of an import"
    assert files[f"{again['cy']}/layers.py"] == TANH
    assert files[f"{keys['Bo']}/layers.py"] == TANH


def test_another_assignment_does_not_replace_an_import(tmp_path: Path) -> None:
    imported(zipped({"anna/layers.py": TANH, "bo/layers.py": TANH, "cy/losses.py": TANH}), tmp_path)
    before = files_in(tmp_path / "out")
    with pytest.raises(WrongUsage, match=r"out holds submissions of layers, and .*week2\.zip holds losses: import another"):
        imported(zipped({"anna/losses.py": TANH, "di/losses.py": TANH}), tmp_path, "week2.zip", update=True)
    assert files_in(tmp_path / "out") == before
    assert not (tmp_path / "out" / ".incoming").exists()
    more = zipped({"anna/layers.py": TANH, "anna/losses.py": TANH})
    assert imported(more, tmp_path, "more.zip", update=True).states == {"anna": "changed", "bo": "kept", "cy": "kept"}


def test_an_older_download_does_not_replace_a_newer_submission(tmp_path: Path) -> None:
    def download(day: int, content: bytes) -> bytes:
        stamp = f"2024-05-0{day} 12:00:00.000000 UTC".encode()
        return zipped({"submitted/anna/layers/layers.ipynb": content, "submitted/anna/layers/timestamp.txt": stamp})

    imported(download(5, NOTEBOOK), tmp_path)
    after = imported(download(4, b"{}"), tmp_path, update=True)
    assert after.states == {"anna": "left out"}
    assert "An older one, of 2024-05-04T12:00:00+00:00" in after.rows[0].notices[-1]
    assert files_in(tmp_path / "out")["anna/layers/layers.ipynb"] == NOTEBOOK


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(zipped(CANVAS))
    there = set(tmp_path.rglob("*"))
    done = grade_command("import", tmp_path / "d.zip", "--dry-run", "-t", "layers", "-t", "losses")
    assert done.returncode == 0, done.stderr
    assert "Nothing was written." in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["submission", "who", "handed", "in", "files", "topics", "missing", "state"]
    assert re.search(r"^7012 +leeanna +1 +layers +losses +new *$", done.stdout, re.MULTILINE)
    assert re.search(r"^7013 +müllerzoë +LATE +2 +layers, losses +new *$", done.stdout, re.MULTILINE)
    assert re.search(r"^7015 +lee2 +1 +nothing to grade +layers, losses +new *$", done.stdout, re.MULTILINE)
    assert "Layout: Canvas. 7 submissions: 7 new. 1 with nothing to grade. 6 without all the topics." in done.stdout
    assert set(tmp_path.rglob("*")) == there
    assert "Say with --out" in refused("import", tmp_path / "d.zip")


def test_the_command_writes_the_table(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(zipped({"=1+1/layers.py": TANH, "@SUM(A1)/layers.py": TANH, "anna/none.txt": b"x"}))
    done = grade_command("import", tmp_path / "d.zip", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "submissions.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["name"] for row in rows} == {"'=1+1", "'@SUM(A1)", "anna"}
    assert all(
        cell.startswith('"') and cell.endswith('"') for line in text.splitlines() for cell in re.split(r",(?=\")", line)
    )
    record = json.loads((tmp_path / "out" / "submissions.json").read_bytes())
    assert record["version"] == 1
    assert [row["name"] for row in record["submissions"]] == sorted(("=1+1", "@SUM(A1)", "anna"), key=key_for)


def test_the_commands_of_the_page_work(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "instructors" / "importing.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert block
    (tmp_path / "submissions.zip").write_bytes(zipped(CANVAS))
    (tmp_path / "newer.zip").write_bytes(zipped({**CANVAS, "new_7099_9_layers.py": TANH}))
    said = []
    for line in block[1].splitlines():
        program, *arguments = shlex.split(line, comments=True)
        assert program == "grade"
        done = grade_command(*arguments, cwd=tmp_path)
        assert done.returncode == (0 if arguments[0] in ("import", "class") else 1), done.stderr
        said.append(done.stdout)
    assert "8 submissions: 1 new, 7 unchanged." in said[2]
    assert re.search(r"7012  0 of [1-9]\d* points", said[3])


def test_an_interrupted_import_can_be_made_again(tmp_path: Path) -> None:
    (tmp_path / "out" / ".incoming" / "anna").mkdir(parents=True)
    (tmp_path / "out" / ".incoming" / "anna" / "layers.py").write_text("half")
    imported(zipped(MOODLE), tmp_path)
    assert not (tmp_path / "out" / ".incoming").exists()
    # The table is there and a folder is not: it comes again.
    (tmp_path / "out" / "1234" / "layers.py").unlink()
    assert imported(zipped(MOODLE), tmp_path, update=True).states["1234"] == "changed"
    assert "1234/layers.py" in files_in(tmp_path / "out")


@pytest.mark.parametrize("forged", ["../victim", "/etc", "a/b", "", "..", "con"])
def test_a_forged_table_leads_nowhere(forged: str, tmp_path: Path) -> None:
    imported(zipped({"anna/layers.py": TANH, "bo/layers.py": TANH}), tmp_path)
    table = tmp_path / "out" / "submissions.json"
    record = json.loads(table.read_bytes())
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "layers.py").write_text("precious")
    record["submissions"][0]["key"] = forged
    table.write_text(json.dumps(record))
    with pytest.raises(WrongUsage, match="it was edited"):
        imported(zipped({"anna/layers.py": b"x"}), tmp_path, update=True)
    record["submissions"][0].update(key="anna", files=["../../victim/layers.py", "/etc/passwd"])
    table.write_text(json.dumps(record))
    imported(zipped({"anna/layers.py": b"x", "bo/layers.py": TANH}), tmp_path, update=True)
    assert (victim / "layers.py").read_text() == "precious"


def test_a_link_in_an_earlier_import_is_not_followed(tmp_path: Path) -> None:
    imported(zipped({"anna/data/layers.py": TANH, "bo/layers.py": TANH}), tmp_path)
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / "out" / "anna" / "data" / "layers.py").unlink()
    (tmp_path / "out" / "anna" / "data").rmdir()
    (tmp_path / "out" / "anna" / "data").symlink_to(victim)
    with pytest.raises(WrongUsage, match="behind a link"):
        imported(zipped({"anna/data/layers.py": b"x", "bo/layers.py": TANH}), tmp_path, update=True)
    assert list(victim.iterdir()) == []


# --- hostile archives -------------------------------------------------------------------------------------------------------


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_with_mode(name: str, mode: int, content: bytes) -> bytes:
    """A zip whose one file claims to be of some kind, beside a good module."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = mode << 16
        archive.writestr(info, content)
        archive.writestr("layers.py", TANH)
    return packed.getvalue()


def zip_named(*names: str) -> bytes:
    """A zip with names that zipfile would not write of itself, beside a good module."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that comes twice
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, b"evil = 1\n")
        archive.writestr("layers.py", TANH)
    return packed.getvalue()


def zip_compressed(method: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("evil.py", b"\0" * LARGEST_FILE, method)
        archive.writestr("layers.py", TANH)
    return packed.getvalue()


def encrypted() -> bytes:
    """A zip whose first file claims to be encrypted, in both of its headers."""
    content = bytearray(zipped({"evil.py": b"x = 1\n", "layers.py": TANH}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def lying(claimed: int) -> bytes:
    """A zip whose first file holds 32 MiB of zeros and claims another size, in both of its headers."""
    content = bytearray(zipped({"evil.py": bytes(2**25), "layers.py": TANH}))
    content[22:26] = struct.pack("<I", claimed)
    directory = content.index(b"PK\1\2")
    content[directory + 24 : directory + 28] = struct.pack("<I", claimed)
    return bytes(content)


def overlapping() -> bytes:
    """A zip whose directory names one file twice, so that it counts twice and takes no more room."""
    content = zipped({"evil_a.py": bytes(2**19), "layers.py": TANH})
    start = content.index(b"PK\1\2")
    first = content[start : content.index(b"PK\1\2", start + 1)]
    end = content.index(b"PK\5\6")
    tail = bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", 3, 3)
    tail[12:16] = struct.pack("<I", end - start + len(first))
    return content[:start] + first + content[start:end] + bytes(tail)


def not_utf8() -> bytes:
    """A zip with a name in Latin-1, which says that it is UTF-8 in one file and not in the other."""
    return zipped({"xyz1.py": b"x", "layers.py": TANH}).replace(b"xyz1", b"\xff\xfe\xe91")


def damaged() -> bytes:
    """A zip in the middle of whose first file a byte is wrong."""
    content = bytearray(zipped({"evil.py": os.urandom(2000), "layers.py": TANH}))
    content[500] ^= 0xFF
    return bytes(content)


HOSTILE_ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "absolute": (lambda: zip_named("/tmp/evil.py"), "its path is absolute"),
    "up": (lambda: zip_named("../evil.py"), "its path holds .."),
    "up from within": (lambda: zip_named("a/../../../evil.py"), "its path holds .."),
    "up in Windows": (lambda: zip_named("..\\..\\evil.py"), "its path holds .."),
    "a drive": (lambda: zip_named("C:\\evil.py"), "its path is absolute"),
    "a drive without a slash": (lambda: zip_named("C:evil.py"), "its path is absolute"),
    "a share": (lambda: zip_named("\\\\server\\share\\evil.py"), "its path is absolute"),
    "a stream": (lambda: zip_named("evil.py:hidden"), "cannot stand on Windows"),
    "a null byte": (lambda: zip_named("evil.py\0.txt"), "cannot be shown"),
    "a line break": (lambda: zip_named("evil\n.py"), "cannot be shown"),
    "an escape": (lambda: zip_named("\x1b[2Jevil.py"), "cannot be shown"),
    "right to left": (lambda: zip_named("evil\u202eyp.txt"), "cannot be shown"),
    "too long": (lambda: zip_named("e" * 300), "longer than 200 bytes"),
    "too long in UTF-8": (lambda: zip_named("é" * 150), "longer than 200 bytes"),
    "trailing dot": (lambda: zip_named("evil.py."), "which Windows loses"),
    "trailing space": (lambda: zip_named("evil.py "), "which Windows loses"),
    "a device's name": (lambda: zip_named("NUL.py"), "cannot stand on Windows"),
    "deep": (lambda: zip_named("a/" * 50 + "evil.py"), "folders deep"),
    "not UTF-8": (not_utf8, ""),
    "a link": (lambda: zip_with_mode("evil.py", stat.S_IFLNK | 0o777, b"/etc/passwd"), "links are not followed"),
    "a pipe": (lambda: zip_with_mode("evil.py", stat.S_IFIFO | 0o777, b""), "not a plain file"),
    "a device": (lambda: zip_with_mode("evil.py", stat.S_IFCHR | 0o777, b""), "not a plain file"),
    "setuid": (lambda: zip_with_mode("evil.py", stat.S_IFREG | 0o6777, b"x = 1\n"), ""),
    "encrypted": (encrypted, "encrypted"),
    "bzip2": (lambda: zip_compressed(zipfile.ZIP_BZIP2), "packed in a way that is not read"),
    "lzma": (lambda: zip_compressed(zipfile.ZIP_LZMA), "packed in a way that is not read"),
    "large": (lambda: zipped({"evil.py": bytes(2**21), "layers.py": TANH}), "more than 1 MiB"),
    "claims to be small": (lambda: lying(10), "damaged"),
    "claims to be a MiB": (lambda: lying(LARGEST_FILE), "damaged"),
    "a wrong byte": (damaged, "damaged"),
    "one file twice": (lambda: zip_named("evil.py", "evil.py"), "same name on some systems"),
    "other capitals": (lambda: zip_named("LAYERS.PY"), "same name on some systems"),
    "a file and a folder": (lambda: zip_named("data", "data/evil.py"), "same name on some systems"),
    "many files": (lambda: zip_named(*(f"evil{n}.py" for n in range(MOST_FILES + 100))), "at most 500 files"),
    "archives in archives in it": (
        lambda: zipped({"good.zip": zipped({"evil.zip": zipped({"evil.py": b"x"})}), "layers.py": TANH}),
        "an archive in an archive",
    ),
}


# Those of which nothing is taken.
TRAPS_IN_ZIP: dict[str, tuple[Callable[[], bytes], str]] = {
    "overlapping": (overlapping, "files overlap"),
    "a bomb": (lambda: zipped({f"{n}.txt": bytes(2**20) for n in range(70)}), "as a zip bomb does"),
    "cut off": (lambda: zipped({"layers.py": TANH})[:60], "a damaged one"),
    "no zip at all": (lambda: b"MZ\x90\0" * 1000, "a damaged one"),
    "more names than any": (lambda: zipped({str(n): b"" for n in range(20_001)}), "more than 20000 files"),
}


def tar_bomb() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for number in range(65):
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = 2**20
            archive.addfile(info, io.BytesIO(bytes(2**20)))
    return packed.getvalue()


def with_long_header(size: int, times: int = 1) -> bytes:
    """A tar with a header of digits, which tarfile's own expression searches in quadratic time."""
    packed = io.BytesIO()
    for _ in range(times):
        info = tarfile.TarInfo("././@PaxHeader")
        info.type, info.size = tarfile.XHDTYPE, size
        packed.write(info.tobuf(tarfile.USTAR_FORMAT))
        packed.write(b"1" * size + b"\0" * (-size % 512))
    return packed.getvalue() + tarred(("layers.py", TANH))


HOSTILE_TARS: dict[str, tuple[Callable[[], bytes], str]] = {
    "absolute": (lambda: tarred(("/tmp/evil.py", b"x"), ("layers.py", TANH)), "its path is absolute"),
    "up": (lambda: tarred(("../evil.py", b"x"), ("layers.py", TANH)), "its path holds .."),
    "a link": (
        lambda: tarred(member("evil.py", tarfile.SYMTYPE, "/etc/passwd"), ("layers.py", TANH)),
        "links are not followed",
    ),
    "a hard link": (lambda: tarred(member("evil.py", tarfile.LNKTYPE, "/etc/passwd"), ("layers.py", TANH)), "links are not"),
    "through a link": (
        lambda: tarred(member("way", tarfile.SYMTYPE, ".."), ("way/evil.py", b"x"), ("layers.py", TANH)),
        "links are not followed",
    ),
    "a pipe": (lambda: tarred(member("evil.py", tarfile.FIFOTYPE), ("layers.py", TANH)), "not a plain file"),
    "a device": (lambda: tarred(member("evil.py", tarfile.CHRTYPE), ("layers.py", TANH)), "not a plain file"),
    "large": (lambda: tarred(("evil.py", bytes(2**21)), ("layers.py", TANH), mode="w:gz"), "more than 1 MiB"),
}


TRAPS_IN_TAR: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (tar_bomb, "as a bomb does"),
    "cut off": (lambda: tarred(("layers.py", TANH * 100))[:700], "a damaged one"),
    "no tar at all": (lambda: b"MZ\x90\0" * 1000, "a damaged one"),
    "a long header": (lambda: with_long_header(2**16), "longer than any name needs"),
    "many long headers": (lambda: with_long_header(2**12, 70), "longer than any name needs"),
}


def hand_in(name: str, content: bytes, folder: Path) -> Imported:
    """Import a course in which one of two students hands in this archive; the other must not suffer."""
    inside = folder / "home" / "course"
    inside.mkdir(parents=True)
    there = set(folder.rglob("*"))
    found = imported(zipped({f"bad_666_1_{name}": content, "good_7_2_layers.py": TANH}), inside)
    written = {path for path in folder.rglob("*") if path not in there}
    assert all(path.is_relative_to(inside / "out") or path == inside / "download.zip" for path in written)
    for path in (inside / "out").rglob("*"):
        assert not path.is_symlink()
        if path.is_file() and path.parent != inside / "out":
            assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert files_in(inside / "out")["7/layers.py"] == TANH
    return found


@pytest.mark.parametrize("case", HOSTILE_ZIPS)
def test_a_hostile_zip_costs_its_bad_file_alone(case: str, tmp_path: Path) -> None:
    make, words = HOSTILE_ZIPS[case]
    found = hand_in("hw.zip", make(), tmp_path)
    files = files_in(tmp_path / "home" / "course" / "out")
    row = next(row for row in found.rows if row.key == "666")
    assert files["666/layers.py"] == TANH
    assert row.topics == ["layers"]
    assert words in " ".join(row.notices)
    assert sum(name.startswith("666/") for name in files) <= MOST_FILES
    assert all(notice.isprintable() for notice in row.notices)
    if words and not case.startswith(("many", "a file and", "one file")):
        assert [name for name in files if "evil" in name] == []


@pytest.mark.parametrize("case", TRAPS_IN_ZIP)
def test_of_a_zip_that_is_a_trap_nothing_is_taken(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, words = TRAPS_IN_ZIP[case]
    content, unpacked, read = make(), [0], zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, *most: int) -> bytes:
        piece = read(self, *most)
        unpacked[0] += len(piece)
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    row = next(row for row in hand_in("hw.zip", content, tmp_path).rows if row.key == "666")
    assert words in " ".join(row.notices)
    assert row.files == []
    assert unpacked == [len(content) + len(TANH)]  # the two files of the download; nothing that is in the trap


@pytest.mark.parametrize("case", HOSTILE_TARS)
def test_a_hostile_tar_costs_its_bad_file_alone(case: str, tmp_path: Path) -> None:
    make, words = HOSTILE_TARS[case]
    found = hand_in("hw.tar.gz", make(), tmp_path)
    row = next(row for row in found.rows if row.key == "666")
    assert files_in(tmp_path / "home" / "course" / "out")["666/layers.py"] == TANH
    assert words in " ".join(row.notices)


@pytest.mark.parametrize("case", TRAPS_IN_TAR)
def test_of_a_tar_that_is_a_trap_nothing_is_taken(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, words = TRAPS_IN_TAR[case]
    searched: list[int] = []
    search = tarfile.TarInfo._proc_member  # type: ignore[attr-defined]

    def noted(self: tarfile.TarInfo, tar: tarfile.TarFile) -> tarfile.TarInfo:
        searched.extend([self.size] if self.type in LONG_HEADERS else [])
        found: tarfile.TarInfo = search(self, tar)
        return found

    monkeypatch.setattr(tarfile.TarInfo, "_proc_member", noted)
    row = next(row for row in hand_in("hw.tgz", make(), tmp_path).rows if row.key == "666")
    assert words in " ".join(row.notices)
    assert row.files == []
    # What tarfile searches in a time that grows with the square is not handed to it.
    assert max(searched, default=0) <= LONGEST_HEADER
    assert sum(size**2 for size in searched) <= ALL_HEADERS_SQUARED


def test_a_bomb_within_a_bomb_is_not_opened(tmp_path: Path) -> None:
    inner = zipped({f"{n}.txt": bytes(2**20) for n in range(70)})
    row = next(row for row in hand_in("hw.zip", zipped({"a.zip": inner}), tmp_path).rows if row.key == "666")
    assert row.files == []
    assert "as a zip bomb does" in " ".join(row.notices)


def test_a_submission_is_bounded_as_a_whole(tmp_path: Path) -> None:
    noise = {f"{n}.txt": os.urandom(LARGEST_FILE) for n in range(12)}
    row = next(row for row in hand_in("hw.zip", zipped({**noise, "layers.py": TANH}), tmp_path).rows if row.key == "666")
    assert "layers.py" in row.files
    kept = files_in(tmp_path / "home" / "course" / "out")
    assert sum(len(c) for name, c in kept.items() if name.startswith("666/")) <= LARGEST_SUBMISSION + LARGEST_FILE
    assert "of 8 MiB together" in " ".join(row.notices)


def test_a_notebook_may_be_larger_than_a_module(tmp_path: Path) -> None:
    large = NOTEBOOK + b" " * (2 * LARGEST_FILE)
    found = imported(zipped({"a_1_2_layers.ipynb": large, "b_2_3_layers.ipynb": NOTEBOOK + b" " * LARGEST_NOTEBOOK}), tmp_path)
    assert {row.key: row.topics for row in found.rows} == {"1": ["layers"], "2": []}
    assert "more than 32 MiB" in found.rows[1].notices[0]


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(zipped(MOODLE))
    (tmp_path / "file").write_text("x")
    assert "is not a folder" in refused("import", tmp_path / "d.zip", "--out", tmp_path / "file")
    assert "cannot be written (Not a directory)" in refused("import", tmp_path / "d.zip", "--out", tmp_path / "file" / "out")
    assert "There is no file or folder" in refused("import", tmp_path / ("x" * 300), "--out", tmp_path / "out")
    unzipped(zipped(MOODLE), tmp_path / "d")
    assert "choose a folder outside it" in refused("import", tmp_path / "d", "--out", tmp_path / "d" / "out")


def test_other_kinds_of_archives_are_asked_for_as_a_zip(tmp_path: Path) -> None:
    found = imported(zipped({"a_1_2_hw.7z": b"7z\xbc\xaf", "b_2_3_layers.py": TANH}), tmp_path)
    assert "ask for a zip" in found.rows[0].notices[0]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("precious = 1\n")
    course = unzipped(zipped({"anna/layers.py": TANH, "bo/layers.py": TANH}), tmp_path / "course")
    (course / "anna" / "losses.py").symlink_to(secret)
    (course / "anna" / "way").symlink_to(tmp_path)
    (course / "cy").symlink_to(tmp_path)
    os.link(secret, course / "bo" / "losses.py")
    os.mkfifo(course / "bo" / "optimizers.py")
    (course / "bo" / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    for name in (b"caf\xe9", b"caf\xe8"):
        (course / os.fsdecode(name)).mkdir()
        (course / os.fsdecode(name) / "layers.py").write_bytes(name)
    found = import_download(course, tmp_path / "out")
    rows = {row.key: " ".join(row.notices) for row in found.rows}
    keys = {row.identity: row.key for row in found.rows}
    assert files_in(tmp_path / "out") == {
        "anna/layers.py": TANH,
        "bo/layers.py": TANH,
        f"{keys['caf' + chr(92) + 'udce9']}/layers.py": b"caf\xe9",
        f"{keys['caf' + chr(92) + 'udce8']}/layers.py": b"caf\xe8",
    }
    assert "losses.py was left out: it is a link" in rows["anna"]
    assert "way was left out: it is a link" in rows["anna"]
    assert "hard link" in rows["bo"]
    assert "optimizers.py was left out: it is not a plain file" in rows["bo"]
    assert "characters that cannot be shown" in rows["bo"]
    assert found.left_over == ["cy was left out: the layout plain has no such name."]


def test_what_leads_out_of_the_download_belongs_to_nobody(tmp_path: Path) -> None:
    found = imported(
        zip_named("../up_1_2_layers.py", "/abs_1_2_layers.py", "good_7_2_layers.py", "good_8_3_losses.py"), tmp_path
    )
    assert sorted(files_in(tmp_path / "out")) == ["7/layers.py", "8/losses.py"]
    assert len(found.left_over) == 3
    assert not list(tmp_path.rglob("*up_1*"))


# --- names ------------------------------------------------------------------------------------------------------------------

ODD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30) | st.sampled_from(
    ["..", ".", "con", "CON", "nul.txt", "a", "A", "á", "a\u0301", "ﬁ", "fi", "ß", "ss", "SS", "İ", "\u202e", "-rf", "=1",
     "submissions.csv", ".incoming", "x" * 300, "C:", "~", "a.", "a ", "\\", "a\\b", "../a", "/a"]
)  # fmt: skip


@given(st.lists(ODD, min_size=1, max_size=12, unique=True))
@settings(max_examples=300, deadline=None)
def test_two_students_never_share_a_key_and_a_key_is_a_safe_name(identities: list[str]) -> None:
    taken: set[str] = set()
    for identity in identities:
        key = key_for(identity, taken)
        assert folded(key) not in taken
        taken.add(folded(key))
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]*", key)
        assert len(key) <= LONGEST_KEY
        assert problem_of((key,)) is None
        assert key not in ("submissions.csv", "submissions.json")
        # Once it is a key it stays the same, so that a later import finds it again.
        assert key_for(key) == key


def test_a_name_too_long_for_any_system_is_refused() -> None:
    # To normalise it would take a second.
    with pytest.raises(ValueError, match="longer than 4096 characters"):
        split_path("a/" + "\u0301" * 65_000)


def test_a_file_without_a_name_costs_nobody_the_import(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        archive.writestr(nameless, b"1")
        archive.writestr("anna/layers.py", b"x = 1")
        archive.writestr("bo/layers.py", b"x = 2")
    found = imported(packed.getvalue(), tmp_path, layout="plain")
    assert [row.key for row in found.rows] == ["anna", "bo"]


@given(st.lists(st.lists(ODD, min_size=2, max_size=4), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_name_whatever_leads_out_of_the_folder_or_into_anothers(paths: list[list[str]]) -> None:
    names = ["/".join(path) for path in paths]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in dict.fromkeys([*names, "zz/layers.py"]):
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, name.encode())
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder, "a", "b")
        inside.mkdir(parents=True)
        found = imported(packed.getvalue(), inside, layout="plain")
        assert {path.name for path in Path(folder).iterdir()} == {"a"}
        assert {path.name for path in Path(folder, "a").iterdir()} == {"b"}
        assert {path.name for path in inside.iterdir()} == {"download.zip", "out"}
        owners: dict[str, set[str]] = {}
        for path, content in files_in(inside / "out").items():
            owners.setdefault(path.split("/")[0], set()).add(split_path(content.decode())[0])
        assert all(len(owner) == 1 for owner in owners.values())
        assert len({folded(row.key) for row in found.rows}) == len(found.rows)


@pytest.mark.parametrize(
    "pack", [lambda: zipped({"a/layers.py": TANH * 20, "b.py": b"x"}), lambda: tarred(("a", TANH), ("b", b"x"))]
)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_mutated_archive_is_read_or_refused(pack: Callable[[], bytes], data: st.DataObject) -> None:
    content = bytearray(pack())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    name = "a.zip" if content[:1] == b"P" else "a.tar"
    try:
        source = open_nested(name, bytes(content[: data.draw(st.integers(0, len(content)))]))
    except Unreadable:
        return
    for item in source.items:
        with contextlib.suppress(Unreadable):
            assert len(source.read(item, 100)) <= 101


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
