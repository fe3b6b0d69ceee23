"""A whole term with nbgrader, with no mock: ``make course``, or ``python -m tests.term [FOLDER]``.

A course is begun, its notebooks released, fetched and handed in through nbgrader's exchange by twelve students, collected,
graded, looked at and graded by hand in nbgrader's own page, and exported; every step is a command of nbgrader's or of ours, in
a process of its own. In the end each cell's score is held against what ``grade`` gives the same code.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from tests.conftest import ROOT
from tests.forked import nbgrader
from tests.formgrader import Formgrader, chromium, opened, served
from tests.students import CLASS, Student

TOPICS = ("activations", "layers", "concepts")
COURSE = "deep_learning"
PICTURES = ROOT / "build" / "course"

# Late by 26 hours: two days have begun.
LATE = timedelta(hours=26)
PERCENT_PER_DAY = 12.5

# A part of the class, in whom most can go wrong: several mistakes, one who cheats, one who is late, one who threw test cells
# away. They share one course in the tests.
FEW = ("finn", "gita", "iris", "jens")

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


def run(command: Sequence[str], place: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command in a process of its own; its exit code, and what it said."""
    if command[0] == "nbgrader":
        return nbgrader(command[1:], place, environment)
    done = subprocess.run(
        command,
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@dataclass
class Term:
    """The places of a term, and the commands that are run in them.

    folder: holds the course, the exchange, a folder for each student and everything that nbgrader or Jupyter would keep in a
    user's home, so that nothing of this machine plays a part. answers: where answers are recorded, if not in it. secret: the
    course's, if not one that ``grade init`` draws.
    """

    folder: Path
    topics: tuple[str, ...] = TOPICS
    students: Sequence[Student] = CLASS
    due: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(days=1))
    answers: Path | None = None
    secret: str | None = None

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
        code, said = run(command, place or self.course, self.environment)
        if code not in codes:
            raise Broken(f"$ {' '.join(command)}\nended with {code} and said:\n{said[-6000:]}")
        return said

    def part(self, topics: tuple[str, ...], students: Sequence[Student] | None = None) -> Term:
        """The same course, of which only these topics, and the work of these students, are looked at."""
        return replace(self, topics=topics, students=self.students if students is None else students)

    # --- the instructor's part before the term --------------------------------------------------------------------------

    def begin(self) -> None:
        """Make the course's folder, write its settings, and make it one that nbgrader runs."""
        for name in ("home", "exchange"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "exchange").chmod(0o777)  # nbgrader demands that everybody can write there
        chosen = [word for topic in self.topics for word in ("-t", topic)]
        self.run("grade", "init", str(self.course), "--title", "Deep learning", *chosen, place=self.folder)
        self._edit_settings()
        if self.secret is not None:
            (self.course / "secret").write_text(self.secret, encoding="utf-8")
        self.run("grade", "nbgrader", str(self.course), place=self.folder)
        with (self.course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(self._exchange(self.folder / "home" / "cache"))

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

    def _exchange(self, cache: Path) -> str:
        """Settings that say where notebooks are exchanged; in the cache everybody keeps what was handed in."""
        return EXCHANGE.format(course=COURSE, exchange=str(self.folder / "exchange"), cache=str(cache))

    def generate(self, *options: str) -> None:
        """Let nbgrader make what students get of every source notebook."""
        for topic in self.topics:
            self.run("nbgrader", "generate_assignment", topic, *options)

    def release(self) -> None:
        """Put every assignment into the exchange."""
        for topic in self.topics:
            self.run("nbgrader", "release_assignment", topic)

    # --- the students' part ---------------------------------------------------------------------------------------------

    def hand_in(self, student: Student) -> None:
        """Fetch every assignment, fill the notebooks in and submit them, in a folder of the student's own.

        All are one user of the system here, so each says the name: nbgrader's --student. Who is late hands in at a time that
        is written into the form of the time stamp.
        """
        place = self.folder / "students" / student.name
        place.mkdir(parents=True)
        settings = f"c = get_config()\n{self._exchange(place / 'cache')}"
        (place / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        self.run("nbgrader", "fetch_assignment", *self.topics, place=place)
        stamp = [f"--Exchange.timestamp_format={(self.due + LATE):%Y-%m-%d %H:%M:%S.%f UTC}"] if student.late else []
        for topic in self.topics:
            notebook = place / topic / f"{topic}.ipynb"
            notebook.write_bytes(student.notebook(notebook.read_bytes(), topic))
            self.run("nbgrader", "submit", topic, f"--student={student.name}", *stamp, place=place)

    def put_down(self, student: Student) -> None:
        """Put a student's notebooks where ``nbgrader collect`` would, for a class that hands in by other ways."""
        for topic in self.topics:
            released = (self.course / "release" / topic / f"{topic}.ipynb").read_bytes()
            place = self.course / "submitted" / student.name / topic
            place.mkdir(parents=True)
            (place / f"{topic}.ipynb").write_bytes(student.notebook(released, topic))
            when = self.due + LATE if student.late else self.due - LATE
            (place / "timestamp.txt").write_text(f"{when:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")

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
        from autograder.nbgrader_course.names import is_answer

        found: dict[tuple[str, str], dict[str, float | None]] = {}
        with self.gradebook() as gradebook:
            for topic in self.topics:
                for submission in gradebook.assignment_submissions(topic):
                    (notebook,) = submission.notebooks
                    found[topic, submission.student_id] = {
                        grade.name: grade.auto_score for grade in notebook.grades if not is_answer(grade.name)
                    }
        return found

    def reports(self) -> dict[str, Any]:
        """What ``grade`` reports on the module of each student: its JSON."""
        found = {}
        for student in self.students:
            place = self.folder / "modules" / student.name
            place.mkdir(parents=True, exist_ok=True)
            for topic in self.topics:
                (place / f"{topic}.py").write_text(student.module(topic), encoding="utf-8")
            report = self.folder / "modules" / f"{student.name}.json"
            self.run("grade", str(place), "--course", "course.toml", "--json", str(report), codes=(0, 1))
            found[student.name] = json.loads(report.read_text(encoding="utf-8"))
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
    from autograder.nbgrader_course.names import grade_id_of

    scores, reports = term.scores(), term.reports()
    rows = []
    for student in term.students:
        for topic in term.topics:
            (report,) = [found for found in reports[student.name]["topics"] if found["name"] == topic]
            # What a person grades has no test cell, and no points in a report.
            right = {grade_id_of(e["name"]): e["score"] for e in report["exercises"] if e["max_score"]}
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


def table(rows: Sequence[Row], students: Sequence[Student]) -> str:
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


# --- in the browser ---------------------------------------------------------------------------------------------------

# What the instructor gives and writes for one free text; the second is Markdown that students read in their feedback.
GIVEN, COMMENT = 3.5, "Say *why*: what is a stack of lines?"


@dataclass(frozen=True)
class ByHand:
    """Points that a person gave: whose, in which cell."""

    student: str
    topic: str
    grade_id: str


def look(term: Term, page: Formgrader) -> list[str]:
    """Look at the whole course in nbgrader's page, keep pictures of it, and say what is not as the gradebook has it."""
    wrong = []
    with term.gradebook() as gradebook:
        submissions = {(topic, s.student_id): s for topic in term.topics for s in gradebook.assignment_submissions(topic)}
        scores = {key: (round(s.score, 2), round(s.max_score, 2)) for key, s in submissions.items()}
        notebooks = {key: s.notebooks[0].id for key, s in submissions.items()}
    handed_in = page.assignments()
    page.picture("assignments", whole=True)
    page.averages()
    page.picture("gradebook", whole=True)
    for topic in term.topics:
        if handed_in.get(topic) != len(term.students):
            wrong.append(f"{topic} shows {handed_in.get(topic)} submissions")
        shown = page.submissions(topic)
        page.picture(f"submissions_{topic}", whole=True)
        for student in term.students:
            score, most = scores[topic, student.name]
            status, text = shown.get(student.name, ("not shown", ""))
            if text != f"{score:g} / {most:g}":
                wrong.append(f"{topic} of {student.name} shows {text!r} ({status}) and has {score:g} of {most:g}")
    automatic = term.scores()
    for (topic, student), notebook in notebooks.items():
        page.open_submission(notebook)
        wrong += _wrong_cells(page, automatic[topic, student], f"{topic} of {student}")
        page.bring_feedback()
        page.picture(f"{topic}_{student}")
    return wrong


def _wrong_cells(page: Formgrader, automatic: dict[str, float | None], whose: str) -> list[str]:
    """What is wrong in the notebook that is open: scores, feedback, pictures, a script that ran."""
    wrong = []
    shown = page.shown_scores()
    for grade_id, score in automatic.items():
        placeholder, by_hand = shown.get(grade_id, ("", ""))
        if placeholder == "" or float(placeholder) != score or by_hand:
            wrong.append(f"{whose}: {grade_id} shows {placeholder!r} and has {score}")
    first = next(iter(automatic))
    exercise = first.removeprefix("test-").replace("-", ".")
    if exercise not in page.feedback_of(first):
        wrong.append(f"{whose}: there is no feedback in {first}")
    pictures, broken = page.broken_pictures()
    if not pictures or broken:
        wrong.append(f"{whose}: of {pictures} pictures {len(broken)} do not show: {broken}")
    if page.title() != whose.split(maxsplit=1)[0]:
        wrong.append(f"{whose}: a script of the student's ran, and the title is {page.title()!r}")
    return wrong


def grade_by_hand(term: Term, page: Formgrader, whose: ByHand) -> None:
    """Give points and a comment for one free text in nbgrader's page."""
    with term.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook(whose.topic, whose.topic, whose.student).id
    page.open_submission(notebook)
    page.give(whose.grade_id, f"{GIVEN:g}", COMMENT)
    page.bring(f"#{whose.grade_id}")
    page.picture("by_hand")


def kept_by_hand(term: Term, whose: ByHand) -> tuple[float | None, str | None]:
    """The points and the comment that the gradebook has of a free text."""
    with term.gradebook() as gradebook:
        place = (whose.grade_id, whose.topic, whose.topic, whose.student)
        return gradebook.find_grade(*place).manual_score, gradebook.find_comment(*place).manual_comment


# --- the end of the term ----------------------------------------------------------------------------------------------


def wrong_in_export(term: Term, rows: Sequence[Row], exported: Sequence[dict[str, str]], by_hand: ByHand) -> list[str]:
    """What the exported grades do not have as they should: automatic points, those given by hand, less the late penalty."""
    from autograder.course.settings import read_course

    late = read_course(term.course / "course.toml").late
    found = {(row["student_id"], row["assignment"]): row for row in exported}
    is_late = {student.name: student.late for student in term.students}
    wrong = []
    for row in rows:
        raw = row.by_grade + (GIVEN if (row.student, row.topic) == (by_hand.student, by_hand.topic) else 0)
        penalty = late.penalty(raw, LATE.total_seconds()) if is_late[row.student] else 0
        said = found.get((row.student, row.topic), {})
        told = [float(said.get(name) or "nan") for name in ("raw_score", "late_submission_penalty", "score")]
        if [round(number, 2) for number in told] != [round(number, 2) for number in (raw, penalty, raw - penalty)]:
            wrong.append(f"{row.topic} of {row.student} is exported as {told}, not {[raw, penalty, raw - penalty]}")
    return wrong


def wrong_in_feedback(term: Term, by_hand: ByHand) -> list[str]:
    """What the pages that students get lack: one for each notebook, the comment, and no script of anybody's."""
    wrong = []
    for student in term.students:
        for topic in term.topics:
            page = term.course / "feedback" / student.name / topic / f"{topic}.html"
            text = page.read_text(encoding="utf-8") if page.is_file() else ""
            if "nablagrade-head" not in text:
                wrong.append(f"{topic} of {student.name} has no feedback")
            if "<script>document.title" in text or "<b onclick" in text:
                wrong.append(f"{topic} of {student.name} has a script in its feedback")
            if (student.name, topic) == (by_hand.student, by_hand.topic) and "what is a stack of lines?" not in text:
                wrong.append(f"{topic} of {student.name} lacks the comment")
    first = term.folder / "students" / term.students[0].name
    for topic in term.topics:
        if not list((first / topic / "feedback").glob(f"*/{topic}.html")):
            wrong.append(f"{term.students[0].name} could not fetch the feedback on {topic}")
    return wrong


class Steps:
    """Runs the steps of a term, and tells how long each took."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, name: str, action: Callable[[], Any]) -> Any:
        """Run a step; what it returns."""
        begun = time.monotonic()
        click.echo(f"{name:52}", nl=False)
        sys.stdout.flush()
        result = action()
        click.echo(f"{time.monotonic() - begun:7.1f} s")
        return result

    def whole(self) -> float:
        """Seconds since the first step."""
        return time.monotonic() - self._begun


def whole_term(term: Term, pictures: Path) -> list[str]:
    """Run a term from the first step to the last, print what came of it, and return what was not as it should be."""
    from autograder.nbgrader_course.names import answer_id

    by_hand = ByHand(term.students[-1].name, "concepts", answer_id("why_bend"))
    step = Steps()
    step("grade init, course.toml edited, grade nbgrader", term.begin)
    step("generate_assignment", term.generate)
    step("release_assignment", term.release)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        step(
            f"fetch_assignment, submit: {len(term.students)} students, {len(term.topics)} each",
            lambda: list(pool.map(term.hand_in, term.students)),
        )
    step("collect", term.collect)
    step("autograde", term.autograde)
    wrong = step("formgrader in a browser, a grade given by hand", lambda: _in_browser(term, pictures, by_hand))
    step("generate_feedback, release_feedback, fetch_feedback", term.feedback)
    exported = step("export", term.export)
    rows = step("grade on the same code, cell by cell", lambda: compare(term))
    click.echo(f"{'together':52}{step.whole():7.1f} s\n\n{table(rows, term.students)}\n")
    kept = kept_by_hand(term, by_hand)
    if kept != (GIVEN, COMMENT):
        wrong.append(f"by hand were given {GIVEN} points and {COMMENT!r}, and kept are {kept}")
    wrong += [f"{row.topic} of {row.student}: {difference}" for row in rows for difference in row.differences]
    return wrong + wrong_in_export(term, rows, exported, by_hand) + wrong_in_feedback(term, by_hand)


def _in_browser(term: Term, pictures: Path, by_hand: ByHand) -> list[str]:
    """Look at everything and give the points by hand; without a browser that is said, and counts as wrong."""
    browser = chromium()
    if browser is None:
        return ["there is no Chromium here: the formgrader was NOT opened (see .ci/install-browser)"]
    with served(term.course, term.environment) as (address, token), opened(address, token, browser, pictures) as page:
        wrong = look(term, page)
        grade_by_hand(term, page, by_hand)
        return wrong + page.problems


@click.command()
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for the term; default: a temporary one.")
@click.option("--pictures", type=click.Path(path_type=Path), default=PICTURES, help="Where pictures are kept.")
def main(keep: Path | None, pictures: Path) -> None:
    """Run a whole term with nbgrader, and hold every score against grade's."""
    with tempfile.TemporaryDirectory(prefix="term-") as name:
        folder = Path(name)
        if keep is not None:
            keep.mkdir(parents=True)
            folder = keep.resolve()
        wrong = whole_term(Term(folder), pictures)
    for sentence in wrong:
        click.echo(f"wrong: {sentence}")
    kept = len(list(pictures.glob("*.png")))
    click.echo("All is as it should be." if not wrong else f"{len(wrong)} things are wrong.")
    click.echo(f"{kept} pictures: {pictures}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
