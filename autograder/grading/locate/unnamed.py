"""For which exercises a line is searched, and what comes of it: those that answer wrongly, for a reason that has no name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from autograder.course.settings import Course
from autograder.declare.catalogue import Catalogue
from autograder.grading.budget import Budget
from autograder.grading.faults import log_fault
from autograder.grading.locate.place import place_of
from autograder.grading.locate.search import Search
from autograder.grading.topic_run import TopicResult
from autograder.recording.answers import Answers
from autograder.report import Fix, Place, TopicReport
from autograder.submission.read import Submission
from autograder.wall.protocol import Sandbox


class Asked(Protocol):
    """What a search needs of whoever grades."""

    @property
    def course(self) -> Course:
        """The settings."""
        ...

    def sandbox_for(self, topic: str) -> Sandbox:
        """The sandbox in which a topic's workers run."""
        ...

    def answers(self, topic: str) -> Answers:
        """A topic's recorded answers."""
        ...

    def may_edit(self, submission: Submission, topic: str) -> bool:
        """Whether a topic's module may be run with edits in it."""
        ...


def with_places(
    grader: Asked, submission: Submission, results: Sequence[TopicResult], reports: Sequence[TopicReport], deadline: float
) -> tuple[list[TopicReport], list[str]]:
    """The reports with the lines of mistakes that have no name, where they are found, and what ended a search.

    One exercise after the other, in the order of the reports: however many jobs there are, the same ones are searched.
    """
    found = {result.topic: result for result in results}
    places: dict[tuple[str, str], Place | None] = {}
    notices: list[str] = []
    waiting = [entry for entry in searchable(grader.course.catalogue, reports, found) if grader.may_edit(submission, entry[0])]
    for topic, exercise in waiting[: grader.course.locate_exercises]:
        try:
            located = locate(grader, submission, found[topic], exercise, deadline)
        except Exception:  # a search that fails must cost nobody a mark
            log_fault(f"the search for the line in {topic}/{exercise} failed")
            continue
        places[topic, exercise] = located.place
        notices += [located.notice] if located.notice else []

    def told(topic: str, fix: Fix) -> Fix:
        return fix if fix.misconception else msgspec.structs.replace(fix, place=places.get((topic, fix.exercise)))

    with_them = [
        msgspec.structs.replace(report, fix_first=[told(report.name, fix) for fix in report.fix_first]) for report in reports
    ]
    return with_them, notices


def searchable(
    catalogue: Catalogue, reports: Sequence[TopicReport], results: Mapping[str, TopicResult]
) -> list[tuple[str, str]]:
    """Topics and exercises to search, in the order in which they are to be mended.

    A topic that needs libraries is left out: one training takes as long as all candidates of another topic together.
    """
    found = []
    for report in reports:
        if catalogue.topic(report.name).needs.libraries:
            continue
        named = {fix.exercise for fix in report.fix_first if fix.misconception}
        wrong = {v.exercise for v in results[report.name].verdicts if v.status in ("failed", "error") and any(v.cases)}
        faulty = {v.exercise for v in results[report.name].verdicts if v.status == "grader_error"}
        for fix in report.fix_first:
            if fix.misconception is None and fix.exercise in wrong - named - faulty:
                found.append((-fix.points, report.name, fix.exercise))
    return [(topic, exercise) for _, topic, exercise in sorted(found, key=lambda entry: entry[0])]


@dataclass(frozen=True)
class Located:
    """What a search came to: a place or none, how much it took, and a sentence where it did not come to its end.

    clears: other exercises that failed and are right with the repair.
    """

    place: Place | None
    candidates: int
    seconds: float
    notice: str = ""
    clears: tuple[str, ...] = ()


def locate(grader: Asked, submission: Submission, result: TopicResult, exercise: str, deadline: float) -> Located:
    """Search for the line of one exercise's mistake. Its budget is its own, and takes nothing from grading's."""
    topic, course = result.topic, grader.course
    module = submission.modules[topic]
    budget = Budget(course.limits)
    budget.begin()
    search = Search(
        course,
        submission,
        module,
        grader.sandbox_for(topic),
        grader.answers(topic),
        result.verdicts,
        exercise,
        deadline,
        budget,
    )
    searched = search.run()
    asked = {verdict.check_id for verdict in result.verdicts}
    whole = {check_id for check_id, own, _ in course.catalogue.topic(topic).checks() if own.name == exercise}
    place = place_of(module, searched.repairs, sure=whole <= asked)
    notice = f"{exercise}: the search for its line was ended, as {searched.stopped}." if searched.stopped else ""
    return Located(place, searched.candidates, searched.seconds, notice, tuple(searched.clears))
