"""The page of a class: how it did, what was hard, what was misunderstood by whom, and every student's row. One file, offline.

Every text is escaped by Jinja2, and made plain before that. The page's own script is the only one that a browser runs: it is
named by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from autograder.classroom import attempts
from autograder.classroom.attempts import Attempts
from autograder.classroom.excerpt import excerpt
from autograder.classroom.lecture import Known, meaning, sentence
from autograder.classroom.marks import Mark
from autograder.classroom.records import EMPTY, FAULT, GRADED, MISSING, Record
from autograder.classroom.summary import BINS, FEWEST_TO_CORRELATE, Exercise, Group, Misconception, Summary
from autograder.declare.catalogue import OURS, Catalogue
from autograder.downloads.table import folder_of
from autograder.render import words
from autograder.render.html import LONGEST_TEXT, prose
from autograder.report import CheckReport, Place, Report
from autograder.submission.read import read_folder
from autograder.text import counted, plain

if TYPE_CHECKING:
    import jinja2

    from autograder.classroom.similarity import Pair

STATUS_WORDS = {GRADED: "graded", EMPTY: "nothing of it", FAULT: "the machine's fault", MISSING: "nothing handed in"}
# Groups come with code and inputs; what is shown beyond these is smaller than they are, and told in a line each.
GROUPS_WITH_CODE = 20
WIDTH, HEIGHT, GROUND = 640, 210, 160


@dataclass(frozen=True)
class About:
    """What a class's page says of itself: course and assignment, topics and their points, and what a person should know."""

    title: str
    assignment: str
    topics: list[str]
    max_score: int | float
    unknown: list[str]
    notices: list[str]

    @property
    def heading(self) -> str:
        """Course and assignment, as far as they have names."""
        return ": ".join(part for part in (self.title, self.assignment or ", ".join(self.topics)) if part)


@dataclass(frozen=True)
class Bar:
    """A bar of the distribution: from which to which part of the points, how many, and where it stands."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shown:
    """A group with what there is to look at: a check that shows it, and two of its codes with the place of the mistake."""

    group: Group
    check: CheckReport | None
    codes: list[tuple[str, str, Place | None]]


def class_page(
    about: About,
    marks: Sequence[Mark],
    summary: Summary,
    record_of: Callable[[str], Record],
    folder: Path,
    catalogue: Catalogue = OURS,
    recorded: Known = MappingProxyType({}),
    tried: Attempts | None = None,
    pairs: Sequence[Pair] | None = None,
) -> str:
    """The page. record_of: reads a submission's record again, for the few that are shown. folder: where submissions lie.
    catalogue: the topics that there are. recorded: what is recorded of misconceptions. tried: how several attempts went.
    pairs: whose code is alike, where that was looked for.
    """
    shown = [_shown(group, record_of, folder, catalogue) for group in summary.groups[:GROUPS_WITH_CODE]]
    script = resources.files("autograder.classroom").joinpath("templates/class.js").read_text(encoding="utf-8")
    called: dict[str, str] = {}
    for mark in marks:
        if mark.submission:
            called[mark.submission] = ", ".join(filter(None, (called.get(mark.submission), mark.name))) or mark.submission
    return (
        _templates()
        .get_template("class.html")
        .render(
            about=about,
            marks=marks,
            summary=summary,
            misconceptions=[(found, meaning(found, recorded), sentence(found, recorded)) for found in summary.misconceptions],
            pairs=pairs,
            tried=tried,
            tried_width=attempts.WIDTH,
            tried_height=attempts.HEIGHT,
            groups=shown,
            more_groups=summary.groups[GROUPS_WITH_CODE:],
            counts=Counter(mark.status for mark in marks),
            bars=bars(summary.bins),
            width=WIDTH,
            height=HEIGHT,
            ground=GROUND,
            called=called,
            reported={mark.submission for mark in marks if mark.score is not None},
            fewest=FEWEST_TO_CORRELATE,
            script=_trusted(script),
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def bars(bins: Sequence[int]) -> list[Bar]:
    """The bars of a distribution; the tallest fills the picture."""
    tallest, step = max(max(bins, default=0), 1), WIDTH / BINS
    made = []
    for place, count in enumerate(bins):
        height = round((GROUND - 24) * count / tallest, 1)  # 24 for the number above the tallest
        label = f"{100 * place // BINS} to {100 * (place + 1) // BINS} %"
        made.append(Bar(label, count, round(place * step + 4, 1), round(GROUND - height, 1), round(step - 8, 1), height))
    return made


def _shown(group: Group, record_of: Callable[[str], Record], folder: Path, catalogue: Catalogue) -> Shown:
    reports = [record_of(name).report for name in group.who[:2]]
    wanted = {f"{group.topic}/{group.exercise}/{check}" for check, _ in group.checks}
    topics = reports[0].topics if reports[0] is not None else []
    checks = [c for t in topics for e in t.exercises for c in e.checks if c.id in wanted]
    shortest = min((c for c in checks if c.example is not None), key=lambda c: len(str(c.example)), default=None)
    codes = [
        (name, _code(folder_of(folder, name), group, catalogue), _place(report, group))
        for name, report in zip(group.who, reports, strict=False)
    ]
    return Shown(group, shortest or next(iter(checks), None), [shown for shown in codes if shown[1]])


def _place(report: Report | None, group: Group) -> Place | None:
    """Where the mistake of a group's exercise stands in one of its codes, as far as that was found."""
    topic = next((topic for topic in report.topics if topic.name == group.topic), None) if report else None
    return words.place_in(topic, group.exercise) if topic else None


def _code(folder: Path, group: Group, catalogue: Catalogue) -> str:
    submission = read_folder(folder, catalogue)
    module = submission.modules.get(group.topic)
    content = submission.files.get(module.path, b"") if module is not None else b""
    return excerpt(content.decode("utf-8", "replace"), group.exercise)


def percent(part: float) -> str:
    """A part as a whole percentage.

    >>> percent(0.256), percent(0.999), percent(1.0)
    ('26 %', '99 %', '100 %')
    """
    # What is not all is never told as all, nor what is something as nothing.
    return f"{min(99, max(1, round(100 * part))) if 0 < part < 1 else round(100 * part)} %"


def number(value: float | None) -> str:
    """Points, to the hundredth; a dash where there are none."""
    return "–" if value is None else f"{round(value, 2):.10g}"


def discrimination_words(exercise: Exercise) -> str:
    """How an exercise tells strong from weak, with its sign."""
    return "–" if exercise.discrimination is None else f"{exercise.discrimination:+.2f}"


def people(who: Sequence[Any]) -> str:
    """How many students.

    >>> people(["a"]), people(["a", "b"])
    ('1 student', '2 students')
    """
    return counted(len(who), "students")


def _trusted(script: str) -> Any:
    from markupsafe import Markup

    return Markup(script)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.classroom"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        plain=lambda text: plain(text, LONGEST_TEXT),
        prose=prose,
        percent=percent,
        number=number,
        people=people,
        modules=lambda names: counted(len(names), "modules"),
        rows=words.example_rows,
        place_rows=words.place_rows,
        discrimination=discrimination_words,
    )
    environment.globals.update(status_words=STATUS_WORDS)
    return environment


__all__ = ["About", "Misconception", "bars", "class_page"]
