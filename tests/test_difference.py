"""Two gradings are told apart: who has other points, and which checks are why; what is the same is not told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.classroom.difference import differences
from autograder.classroom.marks import JSON_NAME, Mark, Marks
from autograder.classroom.marks import as_json as marks_json
from autograder.classroom.records import FAULT, GRADED, MISSING
from autograder.errors import WrongUsage
from autograder.report import CheckReport, Diagnosis, Report, to_json
from tests.test_class_page import record_of
from tests.test_grading import grade_command


def report_of(**points: int) -> Report:
    report = record_of(points).report
    assert report is not None
    return report


def with_check(report: Report, place: int, **changed: object) -> Report:
    """The report with its first exercise's check at this place changed."""
    exercise = report.topics[0].exercises[0]
    exercise.checks[place] = msgspec.structs.replace(exercise.checks[place], **changed)
    return report


def files(folder: Path, *reports: Report) -> list[Path]:
    paths = [folder / f"{place}.json" for place in range(len(reports))]
    for path, report in zip(paths, reports, strict=True):
        path.write_bytes(to_json(report))
    return paths


def results(folder: Path, *marks: Mark, **reports: Report) -> Path:
    """A folder of a class's results, with these marks and reports."""
    (folder / "reports").mkdir(parents=True)
    (folder / JSON_NAME).write_bytes(marks_json(Marks(1, 8, list(marks))))
    for name, report in reports.items():
        (folder / "reports" / f"{name}.json").write_bytes(to_json(report))
    return folder


def mark(name: str, final: int | None, status: str = GRADED, penalty: int = 0) -> Mark:
    told = {} if final is None else {"score": final + penalty, "penalty": penalty, "final": final}
    return Mark(name if status != MISSING else "", name, name, "", "", 8, status, **told)  # type: ignore[arg-type]


def test_the_same_report_twice_has_no_difference(tmp_path: Path) -> None:
    assert differences(*files(tmp_path, report_of(easy=3), report_of(easy=3))) == []


def test_a_check_that_is_judged_otherwise_is_told_with_its_points(tmp_path: Path) -> None:
    (found,) = differences(*files(tmp_path, report_of(easy=3, hard=0), report_of(easy=4, hard=0)))
    assert str(found) == "1.json: 3 → 4"
    assert [str(changed) for changed in found.checks] == ["layers/easy/check3: failed 0/1 → passed 1/1"]


def test_one_of_each_is_refused_and_what_is_neither_is_told_first(tmp_path: Path) -> None:
    report, _ = files(tmp_path, report_of(easy=3), report_of(easy=3))
    folder, text = tmp_path / "results", tmp_path / "course.toml"
    folder.mkdir()
    text.write_text("title = 'x'")
    for other, said in ((report, "one of each"), (text, "course.toml is no report"), (tmp_path / "no", "no cannot be read")):
        for pair in ((folder, other), (other, folder)):
            with pytest.raises(WrongUsage, match=said):
                differences(*pair)


def test_another_name_for_a_failure_is_a_difference_and_other_words_are_none(tmp_path: Path) -> None:
    named = with_check(report_of(easy=3), 3, diagnosis=Diagnosis("forgets", "It forgets.", ""))
    (found,) = differences(*files(tmp_path, report_of(easy=3), named))
    assert [str(changed) for changed in found.checks] == ["layers/easy/check3: failed 0/1 → failed 0/1 [forgets]"]
    worded = with_check(report_of(easy=3), 3, sentence="It says it otherwise.")
    assert differences(*files(tmp_path, report_of(easy=3), worded)) == []


def test_a_check_that_comes_or_goes_is_told(tmp_path: Path) -> None:
    (found,) = differences(*files(tmp_path, report_of(easy=4), report_of(easy=4, hard=1)))
    assert (found.before, found.after, found.also) == (4, 5, ["max_score: 4 → 8"])
    assert str(found.checks[0]) == "layers/hard/check0: not there → passed 1/1"
    (back,) = differences(*files(tmp_path, report_of(easy=4, hard=1), report_of(easy=4)))
    assert str(back.checks[0]) == "layers/hard/check0: passed 1/1 → not there"


def test_of_a_class_those_are_told_whose_mark_changed_with_the_reason(tmp_path: Path) -> None:
    before = results(
        tmp_path / "before",
        mark("ada", 4), mark("bo", 3), mark("cy", 4), mark("di", None, FAULT), mark("eve", None, MISSING), mark("gone", 1),
        ada=report_of(easy=4), bo=report_of(easy=3), cy=report_of(easy=4), gone=report_of(easy=1),
    )  # fmt: skip
    after = results(
        tmp_path / "after",
        mark("ada", 4), mark("bo", 4), mark("cy", 3, penalty=1), mark("di", 2), mark("eve", None, MISSING), mark("new", 1),
        ada=report_of(easy=4), bo=report_of(easy=4), cy=report_of(easy=4), di=report_of(easy=2), new=report_of(easy=1),
    )  # fmt: skip
    told = {found.name: (str(found), found.also, len(found.checks)) for found in differences(before, after)}
    assert told == {
        "bo": ("bo: 3 → 4", [], 1),
        "cy": ("cy: 4 → 3", ["penalty: 0 → 1"], 0),
        "di": ("di: no mark → 2", ["status: grader_error → graded", "penalty: None → 0"], 0),
        "gone": ("gone: 1 → no mark", ["is not there any more"], 0),
        "new": ("new: no mark → 1", ["was not there"], 0),
    }


@pytest.mark.parametrize(("second", "code", "said"), [(3, 0, "Nothing is different."), (4, 1, "Different: 1 submission.")])
def test_the_command_says_so_and_its_exit_code_too(tmp_path: Path, second: int, code: int, said: str) -> None:
    done = grade_command("diff", *files(tmp_path, report_of(easy=3), report_of(easy=second)))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, said)


def test_of_many_checks_the_first_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    names = [f"e{place}" for place in range(5)]
    pair = files(tmp_path, report_of(**dict.fromkeys(names, 0)), report_of(**dict.fromkeys(names, 4)))
    assert "and 8 more checks" in grade_command("diff", *pair).stdout
    assert grade_command("diff", *pair, "--all").stdout.count("failed 0/1 → passed 1/1") == 20


def test_no_text_of_a_report_reaches_the_terminal_as_it_came(tmp_path: Path) -> None:
    hostile = "evil\x1b[31m\u202e"
    named = with_check(report_of(easy=3), 3, diagnosis=Diagnosis(hostile, "", ""), status="error")
    assert isinstance(named.topics[0].exercises[0].checks[3], CheckReport)
    done = grade_command("diff", *files(tmp_path, report_of(easy=3), named))
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
