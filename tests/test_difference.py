"""Two gradings are told apart: who has other points, and which checks are why; what is the same is not told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from autograder.classroom.difference import differences, told_once
from autograder.classroom.marks import JSON_NAME, Mark, Marks
from autograder.classroom.marks import as_json as marks_json
from autograder.classroom.records import FAULT, GRADED, MISSING
from autograder.errors import WrongUsage
from autograder.report import CheckReport, Diagnosis, Report, to_json
from tests.forked import grade_command
from tests.test_class_page import record_of


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


def worth_twice(report: Report) -> Report:
    """The report with its first exercise worth twice the points."""
    exercises = report.topics[0].exercises
    doubled = {"score": 2 * exercises[0].score, "max_score": 2 * exercises[0].max_score}
    checks = [msgspec.structs.replace(c, points=2 * c.points, max_points=2 * c.max_points) for c in exercises[0].checks]
    exercises[0] = msgspec.structs.replace(exercises[0], checks=checks, **doubled)
    return report


def test_whom_a_roster_calls_otherwise_is_the_same_student(tmp_path: Path) -> None:
    before = results(
        tmp_path / "before", mark("1205", 3), mark("1206", 2), **{"1205": report_of(easy=3), "1206": report_of(easy=2)}
    )
    named = msgspec.structs.replace(mark("1205", 3), id="Participant 1205", name="Emil")
    after = results(tmp_path / "after", named, mark("1206", 2), mark("fay", None, MISSING), **{
        "1205": report_of(easy=3), "1206": report_of(easy=2),
    })  # fmt: skip
    (found,) = differences(before, after)
    assert (found.name, found.also) == ("fay", ["was not there"])


def test_what_is_the_same_for_a_whole_class_is_told_once_and_of_each_what_is_its_own(tmp_path: Path) -> None:
    easy = {f"s{place}": place % 5 for place in range(10)}
    before = results(
        tmp_path / "before", *(mark(name, got) for name, got in easy.items()), mark("gone", 1), mark("late", None, MISSING),
        gone=report_of(easy=1), **{name: report_of(easy=got) for name, got in easy.items()},
    )  # fmt: skip
    reports = {name: worth_twice(report_of(easy=got)) for name, got in easy.items()}
    with_check(reports["s3"], 0, status="failed", points=0)
    finals = {**{name: 2 * got for name, got in easy.items()}, "s3": 4}
    marks = [mark(name, got) for name, got in finals.items()] + [mark("late", None, MISSING), mark("new", 1)]
    after = results(
        tmp_path / "after",
        *(msgspec.structs.replace(one, max_score=16) for one in marks), new=report_of(easy=1), **reports,
    )  # fmt: skip
    found = differences(before, after)
    assert len(found) == 13
    assert {len(one.checks) for one in found if one.compared} == {4}  # the table for programs has each of them
    own = [[f"{name}: {got} → {finals[name]}"] for name, got in easy.items() if got]
    own[2].append("  layers/easy/check0: passed 1/1 → failed 0/2")
    assert grade_command("diff", before, after).stdout.splitlines() == [
        "The same for 11 students:",
        "  max_score: 8 → 16",
        "The same for 10 students:",
        "  layers/easy: worth 4 → 8 points",
        "gone: 1 → no mark",
        "  is not there any more",
        "new: no mark → 1",
        "  was not there",
        *(line for lines in own for line in lines),
        "Different: 13 submissions.",
    ]


def test_what_is_the_same_for_nearly_all_says_for_whom_it_is_not_and_what_is_for_some_stays_with_each(tmp_path: Path) -> None:
    names = [f"s{place}" for place in range(10)]
    before = results(
        tmp_path / "before", *(mark(name, 2) for name in names), **{name: report_of(easy=2, hard=0) for name in names}
    )
    changed = {name: report_of(easy=3, hard=int(name < "s5")) for name in names} | {"s9": report_of(easy=2, hard=1)}
    after = results(tmp_path / "after", *(mark(name, 3 + (name < "s5")) for name in names), **changed)
    common, own = told_once(differences(before, after))
    assert [(str(same), same.lines) for same in common] == [
        ("The same for 9 students, not for s9:", ["layers/easy/check2: failed 0/1 → passed 1/1"])
    ]
    assert [one.name for one in own] == names
    some = ["layers/hard/check0: failed 0/1 → passed 1/1"]
    assert {one.name for one in own if [str(check) for check in one.checks] == some} == {*names[:5], "s9"}
    assert [one.checks for one in own if one.name in names[5:9]] == [[]] * 4
    alone, none = told_once(differences(before, after)[:1]), told_once([])
    assert (alone[0], len(alone[1][0].checks), none) == ([], 2, ([], []))


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
