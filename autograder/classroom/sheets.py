"""The sheet on which a person grades a class's free text: written with the answers, filled in, and read back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.by_hand import (
    KEPT,
    LONGEST_COMMENT,
    VERSION,
    ByHand,
    ReadAnswer,
    as_json,
    digest_of,
    read_by_hand,
    texts_of,
    waiting_in,
)
from autograder.classroom.grading import RECORDS, finished
from autograder.classroom.records import read_record, write_whole
from autograder.classroom.roster import read_table
from autograder.course import Course, read_course
from autograder.downloads.table import folder_of, quoted
from autograder.errors import WrongUsage
from autograder.submission.read import read_folder
from autograder.text import plain

COLUMNS = ("submission", "question", "answer", "points", "of", "comment")


@dataclass(frozen=True)
class Answer:
    """An answer that a person reads. text: empty where only running the file would tell it."""

    submission: str
    place: str
    text: str


def answers_in(out: Path) -> tuple[Course, list[Answer]]:
    """The course, and all answers of a class that a person reads: one question after the other, nobody's name beside them.

    Raises WrongUsage where out holds no results.
    """
    asked, marks = finished(out)
    course = read_course(asked.course_file(out)).for_assignment(asked.assignment)
    folder = asked.folder(out)
    found = []
    for name in dict.fromkeys(mark.submission for mark in marks.marks if mark.submission and mark.score is not None):
        record = read_record(out / RECORDS / f"{name}.json")
        places = waiting_in(record.report) if record is not None and record.report is not None else []
        if places:
            texts = texts_of(read_folder(folder_of(folder, name), course.catalogue), places)
            found += [Answer(name, place, texts.get(place, "")) for place in places]
    return course, sorted(found, key=lambda answer: (answer.place, answer.submission))


def sheet(out: Path) -> bytes:
    """The sheet, with what was given already in it. Raises WrongUsage where there is nothing to read."""
    course, answers = answers_in(out)
    if not answers:
        raise WrongUsage(f"No submission in {plain(str(out))} has an answer that a person reads.")
    kept = read_by_hand(out)
    rows = [list(COLUMNS)]
    for answer in answers:
        given = kept.given.get(answer.submission, {}).get(answer.place) if kept else None
        stands = given is not None and given.answer == digest_of(answer.text)
        told = [f"{given.points:g}", given.comment] if given is not None and stands else ["", ""]
        text = answer.text or "(written in a way that only running the file would tell: look into it)"
        rows.append([answer.submission, answer.place, text, told[0], f"{course.manual_points:g}", told[1]])
    return quoted(rows).encode("utf-8-sig")  # with the mark by which spreadsheets know UTF-8


def take_back(out: Path, path: Path) -> tuple[int, int]:
    """Keep what a sheet says, and tell of how many answers it gives points, and how many are open.

    Raises WrongUsage, naming the row, where a row is of no answer, of another one than is there now, or its points are none.
    """
    course, answers = answers_in(out)
    known = {(answer.submission, answer.place): answer for answer in answers}
    table = read_table(path)
    places = {title: table.column(title) for title in COLUMNS}
    if lacking := [title for title in ("submission", "question", "answer", "points") if places[title] is None]:
        raise WrongUsage(f"{plain(str(path))} is no sheet of `grade sheet`: it has no column {lacking[0]!r}.")
    kept: dict[str, dict[str, ReadAnswer]] = {}
    for row in range(len(table.rows)):
        told = {title: table.cell(row, place) for title, place in places.items()}
        where = f"{plain(str(path))}, row {row + 2}"
        answer = known.get((told["submission"].removeprefix("'"), told["question"]))
        if answer is None:
            raise WrongUsage(f"{where}: {plain(told['submission'])} has no answer to {plain(told['question'])}.")
        if not told["points"]:
            continue
        if answer.text and digest_of(told["answer"].removeprefix("'")) != digest_of(answer.text.removeprefix("'")):
            raise WrongUsage(f"{where}: the answer is another one now than on this sheet; write a new sheet.")
        points = _points(told["points"], course.manual_points, where)
        given = ReadAnswer(points, told["comment"].removeprefix("'")[:LONGEST_COMMENT], digest_of(answer.text))
        kept.setdefault(answer.submission, {})[answer.place] = given
    count = sum(map(len, kept.values()))
    write_whole(out / KEPT, as_json(ByHand(VERSION, kept)))
    return count, len(answers) - count


def _points(told: str, most: float, where: str) -> float:
    try:
        points = round(float(told.replace(",", ".")), 2)
    except ValueError:
        raise WrongUsage(f"{where}: points are {plain(told, 40)!r}, which is no number.") from None
    if not 0 <= points <= most:
        raise WrongUsage(f"{where}: give from 0 to {most:g} points, not {points:g}; that is manual_points in course.toml.")
    return points
