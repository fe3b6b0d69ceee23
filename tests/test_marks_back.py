"""Marks go back in the columns that each course system wants, on the rows of its own export; nobody is lost or guessed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.classroom.extensions import Extension, matched, of_course, of_table
from autograder.classroom.marks import COLUMNS, Mark, Marks, as_csv, penalty_of, with_roster
from autograder.classroom.records import EMPTY, FAULT, GRADED, MISSING
from autograder.classroom.returning import SYSTEMS, give_back
from autograder.classroom.roster import Known, match, read_table
from autograder.course import Course
from autograder.course.settings import Late, TopicSettings
from autograder.errors import WrongUsage
from autograder.report import VERSION as REPORT_VERSION
from autograder.report import Report, SandboxReport, Timing, TopicReport
from tests.conftest import ROOT
from tests.forked import grade_command
from tests.students import mistakes, reference, stubs
from tests.test_class import COURSE

Table = list[dict[str, str]]


def mark(id_: str, name: str = "", email: str = "", final: float | None = 40, status: str = GRADED, at: str = "") -> Mark:
    """The mark of a submission that was handed in under this id."""
    told = {} if final is None else {"score": final, "penalty": 0, "final": final}
    emails = (email,) if email else ()
    return Mark(id_, name, id_, email, at, 50, status, **told, ids=(id_,), emails=emails)  # type: ignore[arg-type]


CLASS = Marks(
    1,
    50,
    [
        mark("7012", "leeanna", final=42.5),
        mark("7013", "moebo", final=0, status=EMPTY),
        mark("7014", "raycy", final=None, status=FAULT),
        mark("9999", "nobody", final=12),
        Mark("", "Di Vu", "7015", "", "", 50, MISSING, ids=("7015",)),
    ],
)


def exported(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(content: bytes, delimiter: str = ",", encoding: str = "utf-8") -> Table:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Layers (4711),Quiz (4712),Current Score
    Points Possible,,,,,50,10,(read only)
"Lee, Anna",7012,S1,alee,A,,9,90
"Moe, Bo",7013,S2,bmoe,A,,8,80
"Ray, Cy",7014,S3,cray,A,31,,
"Vu, Di",7015,S4,dvu,A,,7,
"Student, Test",7000,,,A,,,
"""


def test_canvas_gets_its_own_columns_with_the_marks_in_one_of_them(tmp_path: Path) -> None:
    returned = give_back(CLASS, exported(tmp_path / "gradebook.csv", CANVAS), "canvas", "Layers")
    table = read(returned.content)
    assert list(table[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Layers (4711)"]
    assert [(row["ID"], row["Layers (4711)"]) for row in table] == [
        ("", "50"), ("7012", "42.5"), ("7013", "0"), ("7014", "31"), ("7015", ""), ("7000", ""),
    ]  # fmt: skip
    assert table[0]["Student"] == "    Points Possible"
    assert returned.given == 2
    assert returned.without == ["Ray, Cy", "Vu, Di"]
    assert returned.unknown == ["nobody (9999, 12 of 50)"]
    assert any("raycy has no mark" in notice for notice in returned.notices)


def test_what_full_marks_are_worth_elsewhere_is_asked_for_and_never_guessed(tmp_path: Path) -> None:
    export = exported(tmp_path / "gradebook.csv", CANVAS.replace(",50,10,", ",100,10,"))
    with pytest.raises(WrongUsage, match="worth 100 points in Canvas, and full marks are 50 here"):
        give_back(CLASS, export, "canvas", "Layers")
    scaled = read(give_back(CLASS, export, "canvas", "Layers", points=100).content)
    assert scaled[1]["Layers (4711)"] == "85"
    kept = read(give_back(CLASS, export, "canvas", "Layers", points=50).content)
    assert kept[1]["Layers (4711)"] == "42.5"


def test_which_column_is_asked_for_where_it_is_not_clear(tmp_path: Path) -> None:
    export = exported(tmp_path / "gradebook.csv", CANVAS)
    with pytest.raises(WrongUsage, match=r"'Layers \(4711\)', 'Quiz \(4712\)'"):
        give_back(CLASS, export, "canvas")
    with pytest.raises(WrongUsage, match="a column for marks that holds 'Losses'"):
        give_back(CLASS, export, "canvas", "Losses")


MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 7012,Anna Lee,a@example.org,Submitted for grading,,50.00,Yes,-,
Participant 7013,Bo Moe,b@example.org,Submitted for grading,,50.00,Yes,-,well done
Participant 7014,Cy Ray,c@example.org,No submission,12.00,50.00,Yes,-,
"""


def test_moodles_worksheet_comes_back_whole_with_its_grades(tmp_path: Path) -> None:
    returned = give_back(CLASS, exported(tmp_path / "worksheet.csv", "\ufeff" + MOODLE), "moodle")
    table = read(returned.content)
    assert list(table[0]) == MOODLE.splitlines()[0].split(",")
    assert [(row["Identifier"], row["Grade"]) for row in table] == [
        ("Participant 7012", "42.5"), ("Participant 7013", "0"), ("Participant 7014", "12.00"),
    ]  # fmt: skip
    assert table[1]["Feedback comments"] == "well done"
    assert returned.without == ["Cy Ray"]


BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t'
    '"Layers [Total Pts: 50 Score] |1281892"\t"Total [Total Pts: up to 60 Score] |1281000"\n'
    '"Lee"\t"Anna"\t"7012"\t"S1"\t"2026-06-01"\t"Yes"\t""\t""\n'
    '"Moe"\t"Bo"\t"7013"\t"S2"\t"2026-06-01"\t"Yes"\t""\t""\n'
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_blackboard_gets_the_column_with_its_number_in_the_form_it_came_in(tmp_path: Path, encoding: str) -> None:
    returned = give_back(CLASS, exported(tmp_path / "gc.xls", BLACKBOARD, encoding), "blackboard", "Layers")
    assert returned.content.startswith(b"\xff\xfe") == (encoding == "utf-16")
    table = read(returned.content, "\t", encoding)
    assert list(table[0]) == ["Last Name", "First Name", "Username", "Student ID", "Layers [Total Pts: 50 Score] |1281892"]
    assert [row["Layers [Total Pts: 50 Score] |1281892"] for row in table] == ["42.5", "0"]


BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Layers Points Grade <Numeric MaxPoints:50 Weight:10>,End-of-Line Indicator
#7012,#alee,Lee,Anna,,#
#7013,#bmoe,Moe,Bo,,#
#7099,#evu,Vu,Eve,3,#
"""


def test_brightspace_gets_ids_the_grade_and_the_end_of_each_line(tmp_path: Path) -> None:
    returned = give_back(CLASS, exported(tmp_path / "grades.csv", BRIGHTSPACE), "brightspace")
    assert list(csv.reader(io.StringIO(returned.content.decode()))) == [
        ["OrgDefinedId", "Username", "Layers Points Grade <Numeric MaxPoints:50 Weight:10>", "End-of-Line Indicator"],
        ["#7012", "#alee", "42.5", "#"],
        ["#7013", "#bmoe", "0", "#"],
        ["#7099", "#evu", "3", "#"],
    ]
    made = give_back(CLASS, tmp_path / "grades.csv", "brightspace", "Week 3")
    assert made.content.decode().splitlines()[0].split(",")[2] == '"Week 3 Points Grade"'


def test_gradescopes_form_has_its_columns(tmp_path: Path) -> None:
    roster = "First Name,Last Name,SID,Email\nAnna,Lee,7012,a@example.org\nDi,Vu,7015,d@example.org\n"
    table = read(give_back(CLASS, exported(tmp_path / "roster.csv", roster), "gradescope").content)
    assert [(row["Last Name"], row["SID"], row["Total Score"], row["Max Points"], row["Status"]) for row in table] == [
        ("Lee", "7012", "42.5", "50", "Graded"), ("Vu", "7015", "", "", "Missing"),
    ]  # fmt: skip


def test_any_table_of_the_class_gets_the_marks_behind_it(tmp_path: Path) -> None:
    roster = "Name;Matr;E-Mail;id\nAnna Lee;0042;a@example.org;7012\nDi Vu;0043;d@example.org;7015\n"
    returned = give_back(CLASS, exported(tmp_path / "class.csv", roster), "csv")
    table = read(returned.content, ";")
    assert [(row["Matr"], row["final"], row["status"]) for row in table] == [
        ("0042", "42.5", "graded"),
        ("0043", "", "missing"),
    ]


def test_a_row_of_canvas_that_is_nobody_is_no_student_in_a_table_of_the_class(tmp_path: Path) -> None:
    hidden = "    Points Possible,,,,,50,10,(read only)"
    export = exported(tmp_path / "gradebook.csv", CANVAS.replace(hidden, f",,,,,Manual Posting,,\n{hidden}"))
    table = read(give_back(CLASS, export, "csv").content)
    assert [(row["Student"].strip(), row["final"], row["status"]) for row in table] == [
        ("", "", ""), ("Points Possible", "", ""), ("Lee, Anna", "42.5", "graded"), ("Moe, Bo", "0", "empty"),
        ("Ray, Cy", "", "grader_error"), ("Vu, Di", "", "missing"), ("Student, Test", "", ""),
    ]  # fmt: skip
    assert table[1]["Layers (4711)"] == "50"  # as it came


def test_nothing_in_a_file_for_a_system_is_a_formula(tmp_path: Path) -> None:
    roster = 'Name,id,Note\n"=1+1",7012,"@SUM(A1)"\n'
    returned = give_back(CLASS, exported(tmp_path / "class.csv", roster), "csv")
    (row,) = read(returned.content)
    assert (row["Name"], row["Note"], row["final"]) == ("'=1+1", "'@SUM(A1)", "42.5")
    assert any("began like a formula" in notice for notice in returned.notices)


GUARDED = ["-1+2", "-A1", "- x", "--", "-1", "-\tx", "=-", "+", "@"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_lone_sign_for_no_grade_stands_as_it_came_and_what_begins_with_it_is_text(system: str, tmp_path: Path) -> None:
    header, row = {
        "canvas": ("Student,ID,Section,Layers (4711)", "A{0},{0},{cell},"),
        "moodle": ("Identifier,Full name,Grade,Last modified (grade)", "Participant {0},A{0},,{cell}"),
        "blackboard": ("Username,Last Name,Layers [Total Pts: 50 Score] |1281892", "{0},{cell},"),
        "brightspace": ("OrgDefinedId,Layers Points Grade", "#{0},{cell}"),
        "gradescope": ("First Name,Last Name,SID", "A{0},{cell},{0}"),
        "csv": ("Name,id,Note", "A{0},{0},{cell}"),
    }[system]
    cells = ["-", *GUARDED]
    text = "\n".join([header, *(row.format(place, cell=f'"{cell}"') for place, cell in enumerate(cells))]) + "\n"
    returned = give_back(CLASS, exported(tmp_path / "export.csv", text), system)
    written = [cell for line in csv.reader(io.StringIO(returned.content.decode(), newline="")) for cell in line]
    assert "-" in written
    assert "'-" not in written
    assert not [cell for cell in written if cell != "-" and cell.startswith(("=", "+", "-", "@"))]
    assert returned.notices[-1].startswith(f"In {len(GUARDED)} rows a cell began like a formula")


def test_pandas_reads_what_every_system_takes_and_our_own_table(tmp_path: Path) -> None:
    """An instructor's own way to look into a table: no cell moves, numbers are numbers, and no mark is no zero."""
    import pandas

    exports = {
        "canvas": (CANVAS, ",", "utf-8", "Layers (4711)", [50, 42.5, 0, 31, None, None]),
        "moodle": (MOODLE, ",", "utf-8", "Grade", [42.5, 0, 12]),
        "blackboard": (BLACKBOARD, "\t", "utf-16", "Layers [Total Pts: 50 Score] |1281892", [42.5, 0]),
        "brightspace": (BRIGHTSPACE, ",", "utf-8", "Layers Points Grade <Numeric MaxPoints:50 Weight:10>", [42.5, 0, 3]),
        "gradescope": ("First Name,Last Name,SID\nAnna,Lee,7012\nDi,Vu,7015\n", ",", "utf-8", "Total Score", [42.5, None]),
        "csv": ('Name,id\n"Lee, =1+1",7012\n=Vu,7015\n', ",", "utf-8", "final", [42.5, None]),
    }
    assert set(exports) == set(SYSTEMS)
    for system, (text, delimiter, encoding, column, expected) in exports.items():
        returned = give_back(
            CLASS,
            exported(tmp_path / system, text, encoding),
            system,
            "Layers" if system in ("canvas", "blackboard", "brightspace") else None,
        )
        frame = pandas.read_csv(io.BytesIO(returned.content), sep=delimiter, encoding=encoding)
        assert [None if pandas.isna(value) else value for value in frame[column]] == expected, system
        cells = frame.select_dtypes(exclude="number").stack()
        assert not cells.astype(str).str.match(r"[=+@\t\r]").any(), system
    frame = pandas.read_csv(io.BytesIO(as_csv(CLASS.marks)), dtype={"submission": str, "id": str})
    assert list(frame.columns) == list(COLUMNS)
    assert frame["final"].tolist()[:2] == [42.5, 0]
    assert frame["final"].isna().tolist() == [False, False, True, False, True]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\xfe\x00", b"a,b\n", b"Colour,Size\nred,3\n", "Größe\né\n".encode("latin-1")]
)
def test_an_export_that_is_none_is_refused_in_words(tmp_path: Path, system: str, content: bytes) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(WrongUsage, match=r"export\.csv"):
        give_back(CLASS, path, system)


# --- who is who -----------------------------------------------------------------------------------------------------------

ROSTER = """\
Name,ID,SIS Login ID,Email
"Lee, Anna",1,alee,anna@example.org
"Moe, Bo",2,3,bo@example.org
"Ray, Cy",3,,CY@example.org
"Vu, Di",,,
"Kim, Jo",5,,
"Jo Kim",6,,
"""


@pytest.mark.parametrize(
    ("known", "who"),
    [
        (Known("a", ("1",), (), ()), "Lee, Anna"),
        (Known("a", ("ALEE",), (), ()), "Lee, Anna"),
        (Known("a", ("3",), (), ()), "Ray, Cy"),  # the first column of ids counts, and Bo's login is no id
        (Known("a", ("unheard",), ("cy@EXAMPLE.org",), ()), "Ray, Cy"),
        (Known("a", (), (), ("Di Vu",)), "Vu, Di"),
        (Known("a", (), (), ("Jo Kim",)), None),  # there are two
        (Known("a", ("5",), (), ("Jo Kim",)), "Kim, Jo"),
        (Known("a", ("nobody",), ("x@example.org",), ("No Body",)), None),
    ],
)
def test_a_student_is_found_by_what_is_known_and_nobody_is_guessed(tmp_path: Path, known: Known, who: str | None) -> None:
    students = read_table(exported(tmp_path / "roster.csv", ROSTER)).students()
    found = match(students, [known])
    named = {student.row: student.name for student in students}
    assert [named[row] for row in found.by_student] == ([who] if who else [])
    assert found.unknown == ([] if who else ["a"])
    assert len(found.missing) == len(students) - bool(who)


def test_a_groups_submission_is_everybodys_who_is_in_it(tmp_path: Path) -> None:
    path = exported(tmp_path / "roster.csv", ROSTER)
    group = Mark("1", "Anna Lee; Bo Moe", "1; 2", "", "", 50, GRADED, 40, 0, 40, "", ("1", "2"), ())
    rows, found = with_roster([group], path)
    assert [(row.submission, row.name, row.id, row.final) for row in rows[:2]] == [
        ("1", "Lee, Anna", "1", 40), ("1", "Moe, Bo", "2", 40),
    ]  # fmt: skip
    assert len(found.missing) == 4
    back = give_back(Marks(1, 50, rows), path, "csv")
    assert [row["final"] for row in read(back.content)] == ["40", "40", "", "", "", ""]


def test_of_two_submissions_of_one_student_the_second_is_told_and_kept(tmp_path: Path) -> None:
    path = exported(tmp_path / "roster.csv", ROSTER)
    rows, found = with_roster([mark("1"), mark("alee", final=30)], path)
    assert found.unknown == ["alee"]
    assert [(row.submission, row.final) for row in rows if row.submission] == [("1", 40), ("alee", 30)]
    assert "of one student" in found.notices[0]


def test_each_topic_is_late_by_its_own_day() -> None:
    topics = [TopicReport(name, name, score, 50, []) for name, score in (("activations", 50), ("losses", 30), ("layers", 20))]
    walls = SandboxReport(True, 1, 1, 1, 1, 1)
    report = Report(REPORT_VERSION, 100, 150, "full", topics, [], [], walls, Timing(0, {}, "", 1, {}))
    due = {"activations": datetime(2026, 12, 1, tzinfo=UTC), "losses": datetime(2026, 12, 3, tzinfo=UTC)}
    settings = {name: TopicSettings(due=day) for name, day in due.items()}
    course = Course(late=Late(penalty_percent_per_day=10), settings=settings)
    assert penalty_of(report, course, "2026-12-02T12:00:00+00:00") == 10  # two days begun of fifty points, and nothing else
    assert penalty_of(report, course, "2026-12-02T12:00:00") == 10
    assert penalty_of(report, course, "") == 0
    three_days, earlier = (
        Extension("ada", ("ada",), "", "", days=3),
        Extension("a", (), "", "", until=datetime(2020, 1, 1, tzinfo=UTC)),
    )
    assert penalty_of(report, course, "2026-12-02T12:00:00+00:00", [three_days]) == 0
    assert penalty_of(report, course, "2026-12-02T12:00:00+00:00", [earlier]) == 10, "an extension never makes it earlier"


def test_extensions_find_their_students_as_a_roster_does_and_none_is_lost(tmp_path: Path) -> None:
    table = exported(
        tmp_path / "later.csv", "Student ID,Name,Days,Due\n7012,,3,\n,Bo Moe,,2026-12-10T23:59+01:00\n7777,Gone,2,\n7013,,,\n"
    )
    extensions = [*of_table(table), *of_course({"cy@x.org": 1.5})]
    group = Known("pair", ("7012", "7020"), (), (), group=True)
    found, nobodys = matched(
        extensions, [Known("a", ("7012",), (), ()), Known("b", (), (), ("Moe, Bo",)), Known("c", (), ("CY@x.org",), ()), group]
    )
    told = {name: [(one.days, one.until and one.until.isoformat()) for one in own] for name, own in found.items()}
    assert told == {"a": [(3, None)], "b": [(0, "2026-12-10T23:59:00+01:00")], "c": [(1.5, None)], "pair": [(3, None)]}
    assert nobodys == ["Gone"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Name,Grade\nAda,3\n", "no column Days or Due"),
        ("Name,Days\nAda,soon\n", "give days, such as 3"),
        ("Name,Days\nAda,-1\n", "above 0"),
        ("Name,Due\nAda,2026-12-04T23:59\n", "no time zone"),
    ],
)
def test_an_extension_that_says_nothing_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=said):
        of_table(exported(tmp_path / "later.csv", text))


# --- the walk -------------------------------------------------------------------------------------------------------------


def test_from_a_canvas_download_to_a_canvas_upload_in_three_commands(tmp_path: Path) -> None:
    """A week's hand-ins; in the gradebook two have handed nothing in, and one who handed in is not in it."""
    handed_in: dict[str, Callable[[str], str]] = {
        "leeanna_7012_881_activations.py": reference,
        "moebo_LATE_7013_882_activations-1.py": mistakes(0.1),
        "raycy_7014_883_activations.py": stubs,
        "strangereve_9999_884_activations.py": reference,
    }
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as download:
        for name, made in handed_in.items():
            download.writestr(name, made("activations"))
    exported(
        tmp_path / "gradebook.csv",
        "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (4711)\n    Points Possible,,,,,100\n"
        + "".join(f'"{name}",{number},,,A,\n' for name, number in (
            ("Lee, Anna", 7012), ("Moe, Bo", 7013), ("Ray, Cy", 7014), ("Vu, Di", 7015), ("Zed, Ed", 7016),
        )),
    )  # fmt: skip
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    at = {"cwd": tmp_path, "PYTHONPATH": str(ROOT)}
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## A whole class\n")[2]
    commands = [line.split() for line in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0].splitlines()]
    assert [words[:2] for words in commands] == [["grade", "import"], ["grade", "class"], ["grade", "marks"]]
    said = ""
    for command in commands:
        done = grade_command(*command[1:], **at)  # type: ignore[arg-type]
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout
    assert "Vu, Di; Zed, Ed" in said
    assert "9999" in said
    assert "3 marks for canvas" in said
    table = {row["Student"].strip(): row["Week 1 (4711)"] for row in read((tmp_path / "upload.csv").read_bytes())}
    assert {name: table[name] for name in ("Points Possible", "Lee, Anna", "Ray, Cy", "Vu, Di", "Zed, Ed")} == {
        "Points Possible": "100", "Lee, Anna": "100", "Ray, Cy": "0", "Vu, Di": "", "Zed, Ed": "",
    }  # fmt: skip
    assert 0 < float(table["Moe, Bo"]) < 100
    marks = {row["submission"] or row["id"]: row for row in read((tmp_path / "results" / "marks.csv").read_bytes())}
    assert marks["7015"]["status"] == marks["7016"]["status"] == "missing"
    assert marks["9999"]["notice"] == "Not in the roster."
    assert "by how much is not told" in marks["7013"]["notice"]


def test_marks_that_are_not_there_are_told_as_such(tmp_path: Path) -> None:
    exported(tmp_path / "gradebook.csv", CANVAS)
    done = grade_command("marks", tmp_path, "--for", "canvas", "--roster", tmp_path / "gradebook.csv", "--out", tmp_path / "o")
    assert done.returncode == 2
    assert "run `grade class`" in done.stderr
