"""Every system's download becomes one folder a student: what it looks like, whose it is, and what was taken.

A row a situation: the system, the files of its download, what each student then has, the points of that, and the words of a
notice. The points are those of one exercise, so that they tell which of several files was graded. The rest of importing is in
test_import.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.choices import LAYOUTS
from autograder.downloads import layouts
from autograder.downloads.importing import import_download
from autograder.errors import WrongUsage
from autograder.grading.engine import Grader
from autograder.submission.read import read_submission
from tests.test_bad_input import refused
from tests.test_import import files_in, unzipped, zipped
from tests.test_notebooks import notebook

# The first and the third are right, the second is not.
FIRST, SECOND = (
    b"class Flatten:\n    def forward(self, x, training=False):\n        return x.reshape(len(x), -1)\n",
    b"class Flatten:\n    def forward(self, x, training=False):\n        return x.reshape(-1)\n",
)
THIRD = FIRST + b"\n# again\n"
FIRST_BOOK, SECOND_BOOK = (json.dumps(notebook(content.decode())).encode() for content in (FIRST, SECOND))
TANH = b"import numpy as np\n\n\ndef tanh(x):\n    return np.tanh(x)\n"
ASKED = ("layers/Flatten/forward", "activations/tanh/value")
ALL, NONE = "all", "none"
BLACKBOARD_TEXT = b"Name: Jo Doe (jdoe)\nAssignment: HW1\nDate Submitted: Wednesday, October 1, 2025 12:00:00 PM CEST\n"


@dataclass(frozen=True)
class Situation:
    """One row of the table."""

    about: str
    layout: str
    download: dict[str, bytes]
    taken: dict[str, dict[str, bytes]]  # by who it is, the files
    points: dict[str, str]
    words: tuple[str, ...] = ()
    left_over: tuple[str, ...] = field(default=())


SITUATIONS = [
    Situation(
        "Sakai",
        "sakai",
        {
            "Layers/grades.csv": b'"Layers","Points"\n',
            "Layers/Doe, Jo(jdoe)/timestamp.txt": b"20251001120000123",
            "Layers/Doe, Jo(jdoe)/comments.txt": b"",
            "Layers/Doe, Jo(jdoe)/Doe, Jo(jdoe)_submissionText.html": b"<p>hello</p>",
            "Layers/Doe, Jo(jdoe)/Submission attachment(s)/layers.py": FIRST,
            "Layers/Doe, Jo(jdoe)/Feedback Attachment(s)/layers.py": b"no = 0\n",
            "Layers/Roe, Max(mroe)/timestamp.txt": b"20251001120000124",
            "Layers/Roe, Max(mroe)/Submission attachment(s)/layers.ipynb": FIRST_BOOK,
        },
        {"jdoe": {"layers.py": FIRST}, "mroe": {"layers.ipynb": FIRST_BOOK}},
        {"jdoe": ALL, "mroe": ALL},
        ("What was typed into Sakai is left out",),
    ),
    Situation(
        "Sakai, one assignment's folder, anonymous",
        "sakai",
        {
            "a1b2/timestamp.txt": b"20251001120000123",
            "a1b2/Submission attachment(s)/layers.py": FIRST,
            "c3d4/timestamp.txt": b"20251001120000123",
            "c3d4/Submission attachment(s)/layers.py": SECOND,
        },
        {"a1b2": {"layers.py": FIRST}, "c3d4": {"layers.py": SECOND}},
        {"a1b2": ALL, "c3d4": NONE},
    ),
    Situation(
        "Blackboard",
        "blackboard",
        {
            "HW1_jdoe_attempt_2025-10-01-12-00-00.txt": BLACKBOARD_TEXT,
            "HW1_jdoe_attempt_2025-10-01-12-00-00_activations.py": FIRST,
            "HW1_jdoe_attempt_2025-10-02-09-30-00.txt": BLACKBOARD_TEXT,
            "HW1_jdoe_attempt_2025-10-02-09-30-00_activations.py": SECOND,
            "HW1_mroe_attempt_2025-10-01-12-00-00_activations.py": TANH,
        },
        {"jdoe": {"activations.py": SECOND}, "mroe": {"activations.py": TANH}},
        {"jdoe": NONE, "mroe": ALL},
        ("Another attempt was left out: HW1_jdoe_attempt_2025-10-01-12-00-00",),
    ),
    Situation(
        "Blackboard, a username with an underscore",
        "blackboard",
        {
            "Home work_1_jo_doe_attempt_2025-10-01-12-00-00.txt": b"Name: Jo Doe (jo_doe)\n",
            "Home work_1_jo_doe_attempt_2025-10-01-12-00-00_layers.py": FIRST,
            "Home work_1_max_doe_attempt_2025-10-01-12-00-00.txt": b"Name: Max Doe (max_doe)\n",
            "Home work_1_max_doe_attempt_2025-10-01-12-00-00_layers.py": SECOND,
        },
        {"jo_doe": {"layers.py": FIRST}, "max_doe": {"layers.py": SECOND}},
        {"jo_doe": ALL, "max_doe": NONE},
    ),
    Situation(
        "Brightspace, two attempts and two of one name",
        "brightspace",
        {
            "index.html": b"<html>",
            "397064-2557369 - Jo Doe - Sep 24, 2024 926 PM/layers.py": SECOND,
            "397064-2557369 - Jo Doe - Sep 24, 2024 1106 AM/layers.py": FIRST,
            "397099-2557369 - Jo Doe - Sep 23, 2024 100 PM/layers.py": THIRD,
        },
        {"397064 Jo Doe": {"layers.py": SECOND}, "397099 Jo Doe": {"layers.py": THIRD}},
        {"397064 Jo Doe": NONE, "397099 Jo Doe": ALL},
        ("Another attempt was left out: 397064-2557369 - Jo Doe - Sep 24, 2024 1106 AM.",),
    ),
    Situation(
        "Brightspace, all in one folder",
        "brightspace",
        {
            "12345-678 - Jo Doe - Sep 24, 2024 926 PM - layers.py": FIRST,
            "12346-678 - Max Roe - Sep 24, 2024 926 PM - layers.py": SECOND,
        },
        {"12345 Jo Doe": {"layers.py": FIRST}, "12346 Max Roe": {"layers.py": SECOND}},
        {"12345 Jo Doe": ALL, "12346 Max Roe": NONE},
    ),
    Situation(
        "Brightspace in other languages, and a name with the sign that parts it from the date",
        "brightspace",
        {
            "397064-2557369 - Jo Doe - 24 sept. 2024 21 26/layers.py": FIRST,
            "397065-2557369 - Ana - Lena Groß - 2024-09-24 2126/layers.py": SECOND,
            "397066-2557369 - Max Roe - Sep 24, 2024 926 PM/layers.py": THIRD,
        },
        {
            "397064 Jo Doe": {"layers.py": FIRST},
            "397065 Ana - Lena Groß": {"layers.py": SECOND},
            "397066 Max Roe": {"layers.py": THIRD},
        },
        {"397064 Jo Doe": ALL, "397065 Ana - Lena Groß": NONE, "397066 Max Roe": ALL},
    ),
    Situation(
        "Teams",
        "teams",
        {
            "Submitted files/Jo Doe/Layers/Version 1/layers.py": FIRST,
            "Submitted files/Jo Doe/Layers/Version 2/layers.py": SECOND,
            "Submitted files/Max Roe/Layers/Versión 10/layers.py": THIRD,
            "Submitted files/Max Roe/Layers/Versión 9/layers.py": FIRST,
        },
        {"Jo Doe": {"layers.py": SECOND}, "Max Roe": {"layers.py": THIRD}},
        {"Jo Doe": NONE, "Max Roe": ALL},
        ("Layers: version 2 was taken, as it is the latest.",),
    ),
    Situation(
        "ILIAS",
        "ilias",
        {
            "Abgaben/Doe_Jo_jdoe_4711/20251001120000_layers.py": FIRST,
            "Abgaben/Doe_Jo_jdoe_4711/20251002120000_layers.py": SECOND,
            "Abgaben/Roe_Max_mroe_4712/20251001120000_layers.py": THIRD,
        },
        {"4711": {"layers.py": SECOND}, "4712": {"layers.py": THIRD}},
        {"4711": NONE, "4712": ALL},
        ("layers.py was handed in more than once; the latest was taken.",),
    ),
    Situation(
        "CodeGrade",
        "codegrade",
        {
            "Jo Doe - 2025-10-01T12:00:00.123/layers.py": FIRST,
            "Jo Doe - 2025-10-02T12:00:00.123/layers.py": SECOND,
            "Jo Doe - 2025-10-02T12:00:00.123/.cg-grade": b"",
            "Max Roe - 2025-10-01T12:00:00.123/layers.py": THIRD,
        },
        {"Jo Doe": {"layers.py": SECOND}, "Max Roe": {"layers.py": THIRD}},
        {"Jo Doe": NONE, "Max Roe": ALL},
        ("Another attempt was left out: Jo Doe - 2025-10-01T12:00:00.123",),
    ),
    Situation(
        "Coursemology, two of one name",
        "plain",
        {
            "Jo Doe/Question 1/layers.py": FIRST,
            "Jo Doe (1)/Question 1/layers.py": SECOND,
        },
        {"Jo Doe": {"Question 1/layers.py": FIRST}, "Jo Doe (1)": {"Question 1/layers.py": SECOND}},
        {"Jo Doe": ALL, "Jo Doe (1)": NONE},
    ),
    Situation(
        "Google Classroom",
        "google",
        {
            "Jo Doe - layers.ipynb": FIRST_BOOK,
            "layers_Max_Roe.ipynb": SECOND_BOOK,
            "Copy of layers.ipynb": FIRST_BOOK + b" ",
            "Copy of layers (1).ipynb": SECOND_BOOK + b" ",
            "Ana Roe - Copy of layers.ipynb": FIRST_BOOK,
            "محمد علي - layers.ipynb": SECOND_BOOK,
        },
        {
            "Ana Roe": {"Ana Roe - Copy of layers.ipynb": FIRST_BOOK},
            "محمد علي": {"محمد علي - layers.ipynb": SECOND_BOOK},
            "Jo Doe": {"Jo Doe - layers.ipynb": FIRST_BOOK},
            "Max Roe": {"layers_Max_Roe.ipynb": SECOND_BOOK},
            "Copy of layers.ipynb": {"Copy of layers.ipynb": FIRST_BOOK + b" "},
            # What nbgrader, Canvas and browsers number is given its own name back where it stands alone.
            "Copy of layers (1).ipynb": {"Copy of layers (1).ipynb": SECOND_BOOK + b" "},
        },
        {
            "Jo Doe": ALL,
            "Max Roe": NONE,
            "Copy of layers.ipynb": ALL,
            "Copy of layers (1).ipynb": NONE,
            "Ana Roe": ALL,
            "محمد علي": NONE,
        },
        ("The file's name does not say whose it is.",),
    ),
    Situation(
        "nbgrader, as before",
        "nbgrader",
        {
            "submitted/jo/layers/layers.ipynb": FIRST_BOOK,
            "submitted/jo/layers/timestamp.txt": b"2025-10-01 12:00:00.000000 UTC",
            "submitted/max/layers/layers.ipynb": SECOND_BOOK,
        },
        {"jo": {"layers/layers.ipynb": FIRST_BOOK}, "max": {"layers/layers.ipynb": SECOND_BOOK}},
        {"jo": ALL, "max": NONE},
    ),
]


def points_of(grader: Grader, folder: Path) -> str:
    """What a student's folder gets for the checks that are asked here."""
    report = grader.grade(read_submission(folder), None, lambda check, _: check in ASKED)
    return ALL if report.score == report.max_score > 0 else NONE


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.about)
def test_a_download_is_taken_apart(situation: Situation, tmp_path: Path, graders: Callable[[str], Grader]) -> None:
    (tmp_path / "download.zip").write_bytes(zipped(situation.download))
    found = import_download(tmp_path / "download.zip", tmp_path / "out")
    assert found.layout.name == situation.layout
    taken = {
        row.identity: {path.partition("/")[2]: content for path, content in files_in(tmp_path / "out").items()
                       if path.startswith(f"{row.key}/")}
        for row in found.rows
    }  # fmt: skip
    assert taken == situation.taken
    got = {row.identity: points_of(graders("landlock"), tmp_path / "out" / row.key) for row in found.rows}
    assert got == situation.points
    notices = [notice for row in found.rows for notice in row.notices]
    for words in situation.words:
        assert any(words in notice for notice in notices), notices
    assert found.left_over == list(situation.left_over)


@pytest.mark.parametrize(
    ("about", "times"),
    [
        ("Sakai", {"jdoe": "2025-10-01T12:00:00+00:00", "mroe": "2025-10-01T12:00:00+00:00"}),
        ("Blackboard", {"jdoe": "2025-10-02T09:30:00", "mroe": "2025-10-01T12:00:00"}),
        ("Brightspace, two attempts and two of one name", {"397064": "2024-09-24T21:26:00", "397099": "2024-09-23T13:00:00"}),
        (
            "Brightspace in other languages, and a name with the sign that parts it from the date",
            {"397064": "", "397065": "2024-09-24T21:26:00", "397066": "2024-09-24T21:26:00"},
        ),
        ("ILIAS", {"jdoe": "2025-10-02T12:00:00", "mroe": "2025-10-01T12:00:00"}),
        ("CodeGrade", {"Jo Doe": "2025-10-02T12:00:00+00:00", "Max Roe": "2025-10-01T12:00:00+00:00"}),
        ("nbgrader, as before", {"jo": "2025-10-01T12:00:00+00:00", "max": ""}),
        ("Teams", {"Jo Doe": "", "Max Roe": ""}),
    ],
)
def test_the_time_in_a_name_is_when_it_was_handed_in_with_a_zone_where_that_is_known(
    about: str, times: dict[str, str], tmp_path: Path
) -> None:
    download = next(situation.download for situation in SITUATIONS if situation.about == about)
    (tmp_path / "download.zip").write_bytes(zipped(download))
    rows = import_download(tmp_path / "download.zip", tmp_path / "out", attempts=True).rows
    assert {row.id or row.identity: row.submitted_at for row in rows} == times
    assert all(one.submitted_at < row.submitted_at for row in rows for one in row.attempts)


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        (b"2025-10-01T12:00:00.123Z\n", "2025-10-01T12:00:00+00:00"),
        (b"20259901120000123", ""),
        (b"no time", ""),
    ],
)
def test_sakai_writes_its_time_in_two_ways_and_what_is_no_time_tells_none(stamp: bytes, time: str, tmp_path: Path) -> None:
    files = {"a/timestamp.txt": stamp, "a/Submission attachment(s)/layers.py": FIRST}
    (tmp_path / "download.zip").write_bytes(zipped({**files, "b/Submission attachment(s)/layers.py": FIRST}))
    rows = import_download(tmp_path / "download.zip", tmp_path / "out").rows
    assert {row.identity: row.submitted_at for row in rows} == {"a": time, "b": ""}


def test_an_older_attempt_in_another_download_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    for day, content in (("02", SECOND), ("01", FIRST)):
        files = {f"HW1_{who}_attempt_2025-10-{day}-12-00-00_layers.py": content for who in ("jdoe", "mroe")}
        (tmp_path / "download.zip").write_bytes(zipped(files))
        found = import_download(tmp_path / "download.zip", tmp_path / "out", update=True)
    assert [row.notices for row in found.rows] == [["An older one, of 2025-10-01T12:00:00, came and was left out."]] * 2
    assert (tmp_path / "out" / "jdoe" / "layers.py").read_bytes() == SECOND


@pytest.mark.parametrize("situation", [s for s in SITUATIONS if s.layout not in ("plain",)], ids=lambda s: s.about)
def test_grading_a_whole_download_as_one_submission_is_refused(situation: Situation, tmp_path: Path) -> None:
    from autograder.downloads.whole_class import refuse_class

    unzipped(zipped(situation.download), tmp_path / "download")
    with pytest.raises(WrongUsage, match=r"grade import .* --out FOLDER.* grade class FOLDER|`grade class FOLDER` grades"):
        refuse_class(tmp_path / "download")


def test_grading_an_imported_folder_points_to_the_class(tmp_path: Path) -> None:
    (tmp_path / "download.zip").write_bytes(zipped(SITUATIONS[0].download))
    import_download(tmp_path / "download.zip", tmp_path / "out")
    said = refused(tmp_path / "out")
    assert "holds the submissions of a whole class" in said
    assert f"grade class {tmp_path / 'out'}" in " ".join(said.split())


@pytest.mark.parametrize(
    "files",
    [
        {"layers.py": b"", "Doe_Jo_jdoe_4711/20251001120000_layers.py": b""},
        {"hw/layers.py": b"", "hw/data/table.csv": b""},
        {"layers (1).py": b"", "layers_final.py": b""},
        {"mine/layers.py": b"", "yours/layers.py": b""},
    ],
)
def test_one_student_s_own_folder_is_no_class(files: dict[str, bytes], tmp_path: Path) -> None:
    from autograder.downloads.whole_class import refuse_class

    unzipped(zipped(files), tmp_path / "mine")
    refuse_class(tmp_path / "mine")


def test_every_layout_can_be_asked_for() -> None:
    assert tuple(layout.name for layout in layouts.LAYOUTS) == LAYOUTS
