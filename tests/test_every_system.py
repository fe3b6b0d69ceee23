"""Every system's download becomes one folder a student: what it looks like, whose it is, and what was taken.

A row a situation: the system, the files of its download, what each student then has, and the words of a notice. The rest of
importing is in test_import.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.choices import LAYOUTS
from autograder.downloads import layouts
from autograder.downloads.importing import import_download
from autograder.errors import WrongUsage
from tests.test_bad_input import refused
from tests.test_import import TANH, files_in, unzipped, zipped

FIRST, SECOND = b"first = 1\n", b"second = 2\n"
BLACKBOARD_TEXT = b"Name: Jo Doe (jdoe)\nAssignment: HW1\nDate Submitted: Wednesday, October 1, 2025 12:00:00 PM CEST\n"


@dataclass(frozen=True)
class Situation:
    """One row of the table."""

    about: str
    layout: str
    download: dict[str, bytes]
    taken: dict[str, dict[str, bytes]]  # by who it is, the files
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
            "Layers/Roe, Max(mroe)/Submission attachment(s)/layers.ipynb": b"{}",
        },
        {"jdoe": {"layers.py": FIRST}, "mroe": {"layers.ipynb": b"{}"}},
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
    ),
    Situation(
        "Brightspace, two attempts and two of one name",
        "brightspace",
        {
            "index.html": b"<html>",
            "397064-2557369 - Jo Doe - Sep 24, 2024 926 PM/layers.py": SECOND,
            "397064-2557369 - Jo Doe - Sep 24, 2024 1106 AM/layers.py": FIRST,
            "397099-2557369 - Jo Doe - Sep 23, 2024 100 PM/layers.py": TANH,
        },
        {"397064 Jo Doe": {"layers.py": SECOND}, "397099 Jo Doe": {"layers.py": TANH}},
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
    ),
    Situation(
        "Teams",
        "teams",
        {
            "Submitted files/Jo Doe/Layers/Version 1/layers.py": FIRST,
            "Submitted files/Jo Doe/Layers/Version 2/layers.py": SECOND,
            "Submitted files/Max Roe/Layers/Versión 10/layers.py": TANH,
            "Submitted files/Max Roe/Layers/Versión 9/layers.py": FIRST,
        },
        {"Jo Doe": {"layers.py": SECOND}, "Max Roe": {"layers.py": TANH}},
        ("Layers: version 2 was taken, as it is the latest.",),
    ),
    Situation(
        "ILIAS",
        "ilias",
        {
            "Abgaben/Doe_Jo_jdoe_4711/20251001120000_layers.py": FIRST,
            "Abgaben/Doe_Jo_jdoe_4711/20251002120000_layers.py": SECOND,
            "Abgaben/Roe_Max_mroe_4712/20251001120000_layers.py": TANH,
        },
        {"4711": {"layers.py": SECOND}, "4712": {"layers.py": TANH}},
        ("layers.py was handed in more than once; the latest was taken.",),
    ),
    Situation(
        "CodeGrade",
        "codegrade",
        {
            "Jo Doe - 2025-10-01T12:00:00.123/layers.py": FIRST,
            "Jo Doe - 2025-10-02T12:00:00.123/layers.py": SECOND,
            "Jo Doe - 2025-10-02T12:00:00.123/.cg-grade": b"",
            "Max Roe - 2025-10-01T12:00:00.123/layers.py": TANH,
        },
        {"Jo Doe": {"layers.py": SECOND}, "Max Roe": {"layers.py": TANH}},
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
    ),
    Situation(
        "Google Classroom",
        "google",
        {
            "Jo Doe - layers.ipynb": b"{}",
            "layers_Max_Roe.ipynb": b"{ }",
            "Copy of layers.ipynb": b"{  }",
            "Copy of layers (1).ipynb": b"{   }",
        },
        {
            "Jo Doe": {"Jo Doe - layers.ipynb": b"{}"},
            "Max Roe": {"layers_Max_Roe.ipynb": b"{ }"},
            "Copy of layers.ipynb": {"Copy of layers.ipynb": b"{  }"},
            # What nbgrader, Canvas and browsers number is given its own name back where it stands alone.
            "Copy of layers (1).ipynb": {"Copy of layers (1).ipynb": b"{   }"},
        },
        ("The file's name does not say whose it is.",),
    ),
    Situation(
        "nbgrader, as before",
        "nbgrader",
        {
            "submitted/jo/layers/layers.ipynb": b"{}",
            "submitted/jo/layers/timestamp.txt": b"2025-10-01 12:00:00.000000 UTC",
            "submitted/max/layers/layers.ipynb": b"{ }",
        },
        {"jo": {"layers/layers.ipynb": b"{}"}, "max": {"layers/layers.ipynb": b"{ }"}},
    ),
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.about)
def test_a_download_is_taken_apart(situation: Situation, tmp_path: Path) -> None:
    (tmp_path / "download.zip").write_bytes(zipped(situation.download))
    found = import_download(tmp_path / "download.zip", tmp_path / "out")
    assert found.layout.name == situation.layout
    taken = {
        row.identity: {path.partition("/")[2]: content for path, content in files_in(tmp_path / "out").items()
                       if path.startswith(f"{row.key}/")}
        for row in found.rows
    }  # fmt: skip
    assert taken == situation.taken
    notices = [notice for row in found.rows for notice in row.notices]
    for words in situation.words:
        assert any(words in notice for notice in notices), notices
    assert found.left_over == list(situation.left_over)


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
