"""For which exercises a line is searched, and what a report tells of it: the line, what follows from it, a name in doubt."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from autograder.course.settings import Course
from autograder.grading.assembling import GIVEN_BACK
from autograder.grading.budget import Budget
from autograder.grading.diagnose.explain import FOLLOWS, OR_ELSE, without_a_rest
from autograder.grading.diagnose.order import without_another_cause
from autograder.grading.faults import log_fault
from autograder.grading.locate.place import place_of
from autograder.grading.locate.search import Repair, Search, uses_library
from autograder.grading.topic_run import TopicResult
from autograder.recording.answers import Answers
from autograder.report import CheckReport, Diagnosis, ExerciseReport, Fix, Place, TopicReport, total
from autograder.statuses import GOOD
from autograder.submission.read import Submission
from autograder.wall.protocol import Sandbox

# Of an exercise whose mistake has a name, so much less is tried: its line is known by the name, more or less.
LESS_IF_NAMED = 2


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

    def to_edit(self, submission: Submission, topic: str) -> Submission | None:
        """The submission with what of a topic's module may be run with edits in it; None where nothing may."""
        ...


@dataclass(frozen=True)
class Located:
    """What a search came to: a place or none, how much it took, and a sentence where it did not come to its end.

    function: in which it is, if all of it is in one. clears: other exercises that failed and are right with the repair.
    methods: those of the class that it is in.
    """

    place: Place | None
    candidates: int
    seconds: float
    notice: str = ""
    function: str = ""
    clears: tuple[str, ...] = ()
    edits: int = 0
    methods: frozenset[str] = frozenset()

    @property
    def one_line(self) -> bool:
        """Whether one line mends the whole exercise, every check of it asked."""
        return self.place is not None and self.place.sure and self.place.second is None and not self.place.whole


def with_places(
    grader: Asked,
    submission: Submission,
    results: Sequence[TopicResult],
    reports: Sequence[TopicReport],
    deadline: float,
    budget: Budget,
) -> tuple[list[TopicReport], list[str]]:
    """The reports with the lines of mistakes, where they are found, and what ended a search.

    One exercise after the other, in the order of the reports: however many jobs there are, the same ones are searched. What
    the repair of one line clears is folded under it, and not searched any more.
    """
    course = grader.course
    found = {result.topic: result for result in results}
    told = {report.name: report for report in reports}
    notices: list[str] = []
    waiting = searchable(grader, reports, found)
    left = course.locate_exercises if not course.one_edit else len(waiting)
    for topic, exercise, named in waiting:
        if not left or not budget.left():
            continue
        if not any(fix.exercise == exercise for fix in told[topic].fix_first):
            continue  # it follows from a line that was found
        try:
            edited = grader.to_edit(submission, topic)
            if edited is None:
                continue
            left -= 1
            less = LESS_IF_NAMED if named and not course.one_edit else 1
            most = course.locate_candidates // less
            located = locate(grader, edited, found[topic], exercise, most, deadline, budget)
            told[topic] = with_place(told[topic], exercise, located, course.consequences == "free")
            if course.one_edit and located.one_line:
                told[topic] = with_part_given_back(told[topic], {exercise, *located.clears}, course.one_edit)
        except Exception:  # a search that fails must cost nobody a mark
            log_fault(f"the search for the line in {topic}/{exercise} failed")
            continue
        notices += [located.notice] if located.notice and not named else []
    return list(told.values()), notices


def searchable(
    grader: Asked, reports: Sequence[TopicReport], results: Mapping[str, TopicResult]
) -> list[tuple[str, str, bool]]:
    """Topics and exercises to search, and whether one has a name: first those that have none.

    Of each topic what is to be mended first, then what is second. What works with Keras is left out, and an exercise whose
    checks use a library: one call of it, such as a training or a search over parameters, takes as long as all candidates of
    another exercise together.
    """
    found: list[tuple[bool, int, str, str]] = []
    for report in reports:
        needs = grader.course.catalogue.topic(report.name).needs
        if needs.threads:
            continue
        verdicts = results[report.name].verdicts
        wrong = {v.exercise for v in verdicts if v.status in ("failed", "error") and any(v.cases)}
        faulty = {v.exercise for v in verdicts if v.status == "grader_error"}
        named = {fix.exercise for fix in report.fix_first if fix.misconception}
        to_fix = {fix.exercise for fix in report.fix_first} & wrong - faulty
        waiting = list(dict.fromkeys(fix.exercise for fix in report.fix_first if fix.exercise in to_fix))
        if needs.libraries:
            answers = grader.answers(report.name)
            dear = {v.exercise for v in verdicts if v.exercise in to_fix and uses_library(answers[v.check_id].request)}
            waiting = [exercise for exercise in waiting if exercise not in dear]
        found += [(exercise in named, place, report.name, exercise) for place, exercise in enumerate(waiting)]
    found.sort(key=lambda entry: entry[:2])
    return [(topic, exercise, named) for named, _, topic, exercise in found]


def locate(
    grader: Asked, submission: Submission, result: TopicResult, exercise: str, most: int, deadline: float, budget: Budget
) -> Located:
    """Search for the line of one exercise's mistake, among so many edits. budget: what grading has left."""
    topic, course = result.topic, grader.course
    module = submission.modules[topic]
    sandbox, answers = grader.sandbox_for(topic), grader.answers(topic)
    search = Search(course, submission, module, sandbox, answers, result.verdicts, exercise, most, deadline, budget)
    searched = search.run()
    asked = {verdict.check_id for verdict in result.verdicts}
    whole = {check_id for check_id, own, _ in course.catalogue.topic(topic).checks() if own.name == exercise}
    place = place_of(module, searched.repairs, sure=whole <= asked)
    notice = f"{exercise}: the search for its line was ended, as {searched.stopped}." if searched.stopped else ""
    functions = {repair.function.name for repair in searched.repairs}
    function = functions.pop() if len(functions) == 1 else ""
    clears, methods = tuple(searched.clears), _methods_beside(searched.repairs[0]) if function else frozenset()
    return Located(place, searched.candidates, searched.seconds, notice, function, clears, searched.edits, methods)


def _methods_beside(repair: Repair) -> frozenset[str]:
    """The methods of the class that a repair is in; none where it is in a function."""
    owner = repair.function.statement.node
    if not isinstance(owner, ast.ClassDef):
        return frozenset()
    return frozenset(f"{owner.name}.{inner.name}" for inner in owner.body if isinstance(inner, ast.FunctionDef))


# --- what is told of it -------------------------------------------------------------------------------------------------


def with_place(report: TopicReport, exercise: str, located: Located, free: bool = False) -> TopicReport:
    """The report with the place of an exercise's mistake, and with what its repair clears folded under it.

    The thing to fix is the exercise in whose own function the line lies, where that one is cleared too. free: whether what
    follows from a line costs nothing.
    """
    if located.place is None:
        near = [
            msgspec.structs.replace(f, edits=located.edits or None) if f.exercise == exercise else f for f in report.fix_first
        ]
        return msgspec.structs.replace(report, fix_first=near)
    cleared = (exercise, *located.clears)
    report = _without_a_rest(report, cleared) if located.one_line else report
    report = _without_another_cause(report, exercise)
    to_fix = {fix.exercise for fix in report.fix_first}
    cause = next((name for name in cleared if name == located.function and name in to_fix), exercise)
    doubted = {name for name in cleared if is_doubted(name, located.function, report, located.methods)}
    fixes = [_in_doubt(fix, located) if fix.exercise in doubted else fix for fix in report.fix_first]
    named = {fix.exercise for fix in fixes if fix.misconception}
    follow = [name for name in cleared if name != cause and name in to_fix and name not in named]
    free = free and located.one_line
    points = total(fix.points for fix in fixes if fix.exercise in follow and not free)
    first = next(fix for fix in fixes if fix.exercise == cause)
    told = msgspec.structs.replace(
        first, place=located.place, edits=1, follows=[*first.follows, *follow], points=total([first.points, points])
    )
    report = msgspec.structs.replace(
        report,
        fix_first=[told if fix is first else fix for fix in fixes if fix.exercise not in follow],
        exercises=[_told_of(e, cause if e.name in follow else "", e.name in doubted, located) for e in report.exercises],
    )
    return _given_back(report, set(follow), 1, GIVEN_BACK) if free else report


def is_doubted(exercise: str, function: str, report: TopicReport, methods: frozenset[str] = frozenset()) -> bool:
    """Whether a name given to an exercise is in doubt, where one edit of this function mends it: another exercise's own.

    What an option does is its function's own: ``binary_crossentropy.from_logits`` stands in binary_crossentropy. A method that
    has no exercise of its own is its class's: ``Optimizer.apply`` the exercise Optimizer's, and not SGD's. And what is no
    method, as ``BatchNormalization.moving``, is a part of what its class's methods do. methods: of the class of the function.
    """
    names = {entry.name for entry in report.exercises}
    if _names_itself(exercise, function, report):
        return False
    if function in methods and exercise not in methods and exercise.startswith(f"{function.partition('.')[0]}."):
        return False
    if function in names:
        return exercise != function and not exercise.startswith(f"{function}.")
    owner = function.partition(".")[0]
    return owner in names and owner != exercise.partition(".")[0]


def _names_itself(exercise: str, function: str, report: TopicReport) -> bool:
    """Whether the sentence of a name says that the mistake is in this method, of the class that the exercise is of.

    What ``forward`` keeps for ``backward`` is wrong in the second and stands in the first.
    """
    owner, _, method = function.partition(".")
    told = [fix.text for fix in report.fix_first if fix.exercise == exercise and fix.misconception]
    return bool(method) and owner == exercise.partition(".")[0] and any(re.search(rf"\b{method}\b", text) for text in told)


def _in_doubt(fix: Fix, located: Located) -> Fix:
    if fix.misconception is None:
        return fix
    return msgspec.structs.replace(fix, misconception=None, text=_two_readings(fix.text, located))


def _two_readings(text: str, located: Located) -> str:
    if text.startswith(f"{FOLLOWS} {located.function}. "):
        return text  # both readings are the same
    return f"One change of {located.function} mends all of this. {OR_ELSE} {text}"


def _without_a_rest(report: TopicReport, exercises: Collection[str]) -> TopicReport:
    """The report without the words that something else is wrong, in exercises that one line mends."""

    def shorter(told: Diagnosis) -> Diagnosis:
        return msgspec.structs.replace(told, text=without_a_rest(told.text))

    return msgspec.structs.replace(
        report,
        fix_first=[
            msgspec.structs.replace(fix, text=without_a_rest(fix.text)) if fix.exercise in exercises else fix
            for fix in report.fix_first
        ],
        exercises=[_retold(e, shorter) if e.name in exercises else e for e in report.exercises],
    )


def _without_another_cause(report: TopicReport, exercise: str) -> TopicReport:
    """The report that does not put an exercise down to another one any more, since its own place was found."""
    fixes = [
        msgspec.structs.replace(fix, text=without_another_cause(fix.text)) if fix.exercise == exercise else fix
        for fix in report.fix_first
    ]
    return msgspec.structs.replace(report, fix_first=fixes)


def _retold(exercise: ExerciseReport, retell: Callable[[Diagnosis], Diagnosis]) -> ExerciseReport:
    """An exercise of which every diagnosis is told otherwise."""
    checks = [
        msgspec.structs.replace(told, diagnosis=retell(told.diagnosis)) if told.diagnosis else told for told in exercise.checks
    ]
    return msgspec.structs.replace(exercise, checks=checks)


def _told_of(exercise: ExerciseReport, cause: str, doubted: bool, located: Located) -> ExerciseReport:
    """An exercise whose diagnoses say from where they follow, and withhold a name that is in doubt."""

    def diagnosis(told: Diagnosis) -> Diagnosis:
        text = told.text
        if doubted and told.misconception is not None:
            told, text = msgspec.structs.replace(told, misconception=None), _two_readings(text, located)
        if cause and not text.startswith(FOLLOWS):
            text = f"{FOLLOWS} {cause}. {text}"
        return msgspec.structs.replace(told, text=text)

    return _retold(exercise, diagnosis) if cause or doubted else exercise


# --- [marking] ----------------------------------------------------------------------------------------------------------

PART_GIVEN_BACK = "{percent:g}% of its points is given back: one edit of one line mends the exercise."


def with_part_given_back(report: TopicReport, exercises: set[str], part: float) -> TopicReport:
    """The report with this part of the points that these exercises have lost, and each check told so."""
    fixes = [
        msgspec.structs.replace(fix, points=total([(1 - part) * fix.points])) if fix.exercise in exercises else fix
        for fix in report.fix_first
    ]
    words = PART_GIVEN_BACK.format(percent=100 * part)
    return _given_back(msgspec.structs.replace(report, fix_first=fixes), exercises, part, words)


def _given_back(report: TopicReport, exercises: set[str], part: float, words: str) -> TopicReport:
    def check(told: CheckReport) -> CheckReport:
        lost = told.max_points - told.points
        if told.status in GOOD or not lost:
            return told
        diagnosis = told.diagnosis
        if diagnosis is not None:
            diagnosis = msgspec.structs.replace(diagnosis, text=f"{diagnosis.text} {words}")
        points = total([told.points, part * lost])
        return msgspec.structs.replace(told, points=points, given_back=points == told.max_points, diagnosis=diagnosis)

    def exercise(told: ExerciseReport) -> ExerciseReport:
        if told.name not in exercises:
            return told
        checks = [check(one) for one in told.checks]
        return msgspec.structs.replace(told, checks=checks, score=total(one.points for one in checks))

    given = [exercise(told) for told in report.exercises]
    return msgspec.structs.replace(report, exercises=given, score=total(e.score for e in given))
