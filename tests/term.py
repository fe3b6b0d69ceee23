"""A whole term with nbgrader, with no mock: ``make course``, or ``python -m tests.term [FOLDER]``.

A course is begun, its notebooks released, fetched and handed in through nbgrader's exchange by twelve students, collected,
graded, looked at and graded by hand in nbgrader's own page, and exported; every step is a command of nbgrader's or of ours, in a
process of its own. In the end each cell's score is held against what ``grade`` gives the same code.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.students import CLASS, Student

TOPICS = ("activations", "layers", "concepts")
COURSE = "deep_learning"

# Late by 26 hours: two days have begun.
LATE = timedelta(hours=26)
PERCENT_PER_DAY = 12.5

# What a course may decide for itself: when a topic is due, other points, an exercise that does not count.
OWN_SETTINGS = {
    "activations": 'leave_out = ["max_gradient_through"]',
    "layers": 'points = { "Dense.backward" = 20, "Flatten" = 2.5 }',
}
MANUAL_POINTS = 4

# Beside what `grade nbgrader` wrote: where the notebooks are exchanged.
EXCHANGE = """
c.CourseDirectory.course_id = "{course}"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
"""


class Broken(Exception):
    """A command of the term did not end well; the message holds what it said."""


@dataclass
class Term:
    """The places of a term, and the commands that are run in them.

    folder: holds the course, the exchange, a folder for each student and everything that nbgrader or Jupyter would keep in a
    user's home, so that nothing of this machine plays a part.
    """

    folder: Path
    topics: tuple[str, ...] = TOPICS
    students: Sequence[Student] = CLASS
    due: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(days=1))
    answers: Path | None = None

    @property
    def course(self) -> Path:
        """The instructor's folder."""
        return self.folder / COURSE

    @property
    def environment(self) -> dict[str, str]:
        """For every command: this Python's programs first, and a home of the term's own."""
        home = self.folder / "home"
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "NABLAGRADE_CACHE": str(self.answers or self.folder / "answers"),
            "JUPYTER_PLATFORM_DIRS": "1",
        }

    def run(self, *command: str, place: Path | None = None, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command in the course, or in another place; what it said. Raises Broken for another exit code."""
        done = subprocess.run(
            command,
            cwd=place or self.course,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode not in codes:
            raise Broken(f"$ {' '.join(command)}\nended with {done.returncode} and said:\n{done.stdout[-6000:]}")
        return done.stdout

    # --- the instructor's part before the term --------------------------------------------------------------------------

    def begin(self) -> None:
        """Make the course's folder, write its settings, and make it one that nbgrader runs."""
        for name in ("home", "exchange"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "exchange").chmod(0o777)  # nbgrader demands that everybody can write there
        chosen = [word for topic in self.topics for word in ("-t", topic)]
        self.run("grade", "init", str(self.course), "--title", "Deep learning", *chosen, place=self.folder)
        self._edit_settings()
        self.run("grade", "nbgrader", str(self.course), place=self.folder)
        with (self.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(self._exchange())

    def _edit_settings(self) -> None:
        """What an instructor changes in the file that ``grade init`` wrote."""
        file = self.course / "course.toml"
        edits = {
            "# manual_points = 2\n": f"manual_points = {MANUAL_POINTS}\n",
            'before_due = "diagnosis"\n': 'before_due = "full"\n',
            "penalty_percent_per_day = 10\n": f"penalty_percent_per_day = {PERCENT_PER_DAY}\n",
            **{
                f"[topic.{topic}]\n": f"[topic.{topic}]\ndue = {self.due.isoformat()}\n{OWN_SETTINGS.get(topic, '')}\n"
                for topic in self.topics
            },
        }
        settings = file.read_text(encoding="utf-8")
        for found, wanted in edits.items():
            if found not in settings:
                raise Broken(f"{file} does not say {found!r}, which was to be edited:\n{settings}")
            settings = settings.replace(found, wanted)
        file.write_text(settings, encoding="utf-8")

    def _exchange(self) -> str:
        return EXCHANGE.format(
            course=COURSE, exchange=str(self.folder / "exchange"), cache=str(self.folder / "home" / "exchange_cache")
        )

    def release(self) -> None:
        """Generate and release every assignment."""
        for topic in self.topics:
            self.run("nbgrader", "generate_assignment", topic)
            self.run("nbgrader", "release_assignment", topic)

    # --- the students' part ---------------------------------------------------------------------------------------------

    def hand_in(self, student: Student) -> None:
        """Fetch every assignment, fill the notebooks in and submit them, in a folder of the student's own.

        All are one user of the system here, so each says the name: nbgrader's --student. Who is late hands in at a time that is
        written into the form of the time stamp.
        """
        place = self.folder / "students" / student.name
        place.mkdir(parents=True)
        (place / "nbgrader_config.py").write_text(f"c = get_config()\n{self._exchange()}", encoding="utf-8")
        self.run("nbgrader", "fetch_assignment", *self.topics, place=place)
        stamp = [f"--Exchange.timestamp_format={(self.due + LATE):%Y-%m-%d %H:%M:%S.%f UTC}"] if student.late else []
        for topic in self.topics:
            notebook = place / topic / f"{topic}.ipynb"
            notebook.write_bytes(student.notebook(notebook.read_bytes(), topic))
            self.run("nbgrader", "submit", topic, f"--student={student.name}", *stamp, place=place)

    # --- the instructor's part after it ---------------------------------------------------------------------------------

    def collect(self) -> None:
        """Collect what was handed in. As the students are one user here, nbgrader is told not to ask who owns it."""
        for topic in self.topics:
            self.run("nbgrader", "collect", topic, "--ExchangeCollect.check_owner=False")

    def autograde(self, *options: str) -> None:
        """Let nbgrader grade all submissions, with our preprocessor in place of its own."""
        for topic in self.topics:
            self.run("nbgrader", "autograde", topic, *options)

    def feedback(self) -> None:
        """Generate the feedback, release it, and let the first student fetch it."""
        for topic in self.topics:
            self.run("nbgrader", "generate_feedback", topic)
            self.run("nbgrader", "release_feedback", topic)
        first = self.students[0].name
        place = self.folder / "students" / first
        for topic in self.topics:
            self.run("nbgrader", "fetch_feedback", topic, f"--student={first}", place=place)

    def export(self) -> list[dict[str, str]]:
        """Export the grades; the rows of the file."""
        self.run("nbgrader", "export", "--to", "grades.csv")
        with (self.course / "grades.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    # --- what came of it ------------------------------------------------------------------------------------------------

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """nbgrader's own gradebook of the course."""
        from nbgrader.api import Gradebook

        from autograder.nbgrader_course.config import read_config

        url = read_config(self.course).CourseDirectory.get("db_url", f"sqlite:///{self.course / 'gradebook.db'}")
        with _path_of(self.environment), Gradebook(url, COURSE) as gradebook:
            yield gradebook

    def scores(self) -> dict[tuple[str, str], dict[str, float | None]]:
        """The automatic score of every test cell by its grade_id, for each topic and student."""
        found: dict[tuple[str, str], dict[str, float | None]] = {}
        with self.gradebook() as gradebook:
            for topic in self.topics:
                for submission in gradebook.assignment_submissions(topic):
                    (notebook,) = submission.notebooks
                    tests = {grade.name: grade.auto_score for grade in notebook.grades if not grade.cell.name.startswith("answer-")}
                    found[topic, submission.student_id] = tests
        return found

    def reports(self) -> dict[str, Any]:
        """What ``grade`` reports on the module of each student: its JSON."""
        found = {}
        for student in self.students:
            place = self.folder / "modules" / student.name
            place.mkdir(parents=True, exist_ok=True)
            for topic in self.topics:
                (place / f"{topic}.py").write_text(student.module(topic), encoding="utf-8")
            told = self.folder / "modules" / f"{student.name}.json"
            self.run("grade", str(place), "--course", "course.toml", "--json", str(told), codes=(0, 1))
            found[student.name] = json.loads(told.read_text(encoding="utf-8"))
        return found


@contextmanager
def _path_of(environment: dict[str, str]) -> Iterator[None]:
    """nbgrader calls alembic by its name, so this process needs the path on which that is."""
    before, os.environ["PATH"] = os.environ["PATH"], environment["PATH"]
    try:
        yield
    finally:
        os.environ["PATH"] = before


# --- nbgrader against grade -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One assignment of one student: its score twice, how many cells were compared, and where the two differ."""

    student: str
    topic: str
    by_nbgrader: float
    by_grade: float
    most: float
    cells: int
    differences: list[str]


def compare(term: Term) -> list[Row]:
    """Hold the score of every test cell against the exercise's in the report of ``grade``."""
    from autograder.nbgrader_course.names import test_id

    scores, reports = term.scores(), term.reports()
    rows = []
    for student in term.students:
        for topic in term.topics:
            (report,) = [found for found in reports[student.name]["topics"] if found["name"] == topic]
            # What a person grades has no test cell, and no points in a report.
            right = {test_id(e["name"]): e["score"] for e in report["exercises"] if e["max_score"]}
            given = scores.get((topic, student.name), {})
            different = [
                f"{name}: {given.get(name)} in nbgrader, {right.get(name)} by grade"
                for name in sorted({*right, *given})
                if name not in given or name not in right or given[name] != right[name]
            ]
            rows.append(
                Row(
                    student.name,
                    topic,
                    round(sum(score or 0 for score in given.values()), 2),
                    report["score"],
                    report["max_score"],
                    len({*right, *given}),
                    different,
                )
            )
    return rows


def told(rows: Sequence[Row], students: Sequence[Student]) -> str:
    """The comparison as a table."""
    what = {student.name: student.what for student in students}
    lines = [f"{'student':8} {'what':44} {'assignment':12} {'nbgrader':>8} {'grade':>8} {'of':>7} {'cells':>6} {'differ':>7}"]
    for row in rows:
        lines.append(
            f"{row.student:8} {what[row.student]:44} {row.topic:12} {row.by_nbgrader:8g} {row.by_grade:8g} {row.most:7g} "
            f"{row.cells:6} {len(row.differences):7}"
        )
        lines += [f"         {difference}" for difference in row.differences]
    cells, different = sum(row.cells for row in rows), sum(len(row.differences) for row in rows)
    lines.append(f"{len(rows)} notebooks, {cells} cells compared, {different} differences")
    return "\n".join(lines)
