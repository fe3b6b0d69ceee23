"""Makes the beginning of a misconception from a group of the unnamed: the mistake as one of them wrote it, without its text.

What is written is a student's code, which whoever records answers will run without a wall. So it is made only of code that
computes and does nothing else, it is tried behind the wall, and a person reads it before it joins a list.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.at_home.harmless import only_computes
from autograder.classroom.fingerprint import fingerprint
from autograder.classroom.grading import RECORDS, finished
from autograder.classroom.records import Record, read_record
from autograder.classroom.summary import Gathering, Group
from autograder.course import Course, read_course
from autograder.declare.catalogue import Catalogue
from autograder.declare.source import Misconception, Mutant
from autograder.downloads.table import folder_of
from autograder.errors import GraderFault, WrongUsage
from autograder.grading.engine import Grader, warm_grader
from autograder.recording.misconceptions import mutant_source, mutants
from autograder.submission.read import Module, Submission, read_folder
from autograder.text import counted, plain

# Beyond the tenth of a group the code is no plainer, and each that is tried is graded.
MOST_TRIED = 10
# The longest text that is parsed on this side of the wall, as where lines are searched.
LONGEST_PARSED = 100_000
# Deeper than this, code is no example of anything.
DEEPEST_NAMES = 50

TEXT = (
    '    # text="What the student believes or forgot, and what that does; it follows a sentence that says what was seen.",\n'
)
LOOK = '    # look="Where to look, best as a question; it must not hold the answer.",\n'


@dataclass(frozen=True)
class Learned:
    """The beginning of a misconception. alike, of: in how many of the group's checks it answers as the group does."""

    topic: str
    exercise: str
    name: str
    text: str
    group: Group
    alike: int
    of: int


@dataclass(frozen=True)
class _Draft:
    """A mistake taken out of a student's module: as a definition, and what it replaces in the reference."""

    node: ast.FunctionDef | ast.ClassDef
    replaces: str


def learn(out: Path, number: int) -> Learned:
    """Make the beginning of a misconception from the group of this number, as the class's page counts them from 1.

    out: the folder of a class's results. Raises WrongUsage where there is no such group, or nothing can be made of its code.
    """
    asked, marks = finished(out)
    course = read_course(asked.course_file(out)).but(asked.sandbox, None).for_assignment(asked.assignment)
    groups = _groups(out, list(dict.fromkeys(mark.submission for mark in marks.marks if mark.submission)))
    if not 1 <= number <= len(groups):
        there = f"the page has {counted(len(groups), 'groups')}" if groups else "there is no group without a name"
        raise WrongUsage(f"There is no group {number}: {there}.")
    group = groups[number - 1]
    if course.catalogue.is_quiz(group.topic):
        raise WrongUsage(
            f"{group.topic} is a quiz: a wrong choice is written into its bank of questions, with its explanation."
        )
    if not course.catalogue.has_reference(group.topic):
        raise WrongUsage(
            f"The reference of {group.topic} is not here, and a misconception is a part of it: clone the repository."
        )
    folder = asked.folder(out)
    return _learned(course, group, [(folder_of(folder, name), _record(out, name)) for name in group.who])


def _groups(out: Path, names: Sequence[str]) -> list[Group]:
    """The groups of a class, as its page has them."""
    gathering = Gathering()
    for name in names:
        gathering.take(name, _record(out, name))
    return gathering.summary().groups


def _record(out: Path, name: str) -> Record:
    record = read_record(out / RECORDS / f"{name}.json")
    if record is None:
        raise WrongUsage(f"The record of {plain(name)} in {plain(str(out))} cannot be read: grade the class again.")
    return record


def _learned(course: Course, group: Group, members: Sequence[tuple[Path, Record]]) -> Learned:
    """What the plainest code of a group comes to that answers as the group does; else the best that there is."""
    catalogue = course.catalogue
    name = _new_name(group, [mutant.about.name for mutant in mutants(group.topic, catalogue)])
    found: list[Learned] = []
    with warm_grader(course, 1, topics=[group.topic]) as grader:
        for draft, record in _drafts(group, members, catalogue):
            text = _written(group, name, draft)
            wanted = {
                id_: record.wrong[id_]
                for check, _ in group.checks
                if (id_ := f"{group.topic}/{group.exercise}/{check}") in record.wrong
            }
            if not wanted or not _computes(group.topic, text):
                continue
            answered = _answered(grader, group, draft, catalogue)
            alike = sum(answered.get(id_) == mark for id_, mark in wanted.items())
            found.append(Learned(group.topic, group.exercise, name, text, group, alike, len(wanted)))
            if alike == len(wanted):
                break
    best = max(found, key=lambda one: one.alike, default=None)
    if best is None or not best.alike:
        raise WrongUsage(
            f"None of this group's codes for {group.exercise}, put alone into the reference, answers as the group does: "
            "the mistake is in another place, or the code does more than compute. Write it by hand, from what the page shows."
        )
    return best


def _drafts(group: Group, members: Sequence[tuple[Path, Record]], catalogue: Catalogue) -> Iterator[tuple[_Draft, Record]]:
    """The mistake as each member wrote it, the shortest first; of a method also with all of its class, as it may call that."""
    known = _names_of(ast.parse(catalogue.reference_source(group.topic)).body)
    found = []
    for folder, record in members:
        submission = read_folder(folder, catalogue)
        module = submission.modules.get(group.topic)
        if module is None:
            continue
        body = _parsed(submission, module)
        for place, replaces in enumerate(_places(group.exercise)):
            node = _definition(body, replaces)
            if node is not None and (draft := _drafted(node, replaces, body, known)) is not None:
                found.append((place, len(ast.unparse(draft.node)), draft, record))
    found.sort(key=lambda entry: entry[:2])
    for _, _, draft, record in found[:MOST_TRIED]:
        yield draft, record


def _places(exercise: str) -> list[str]:
    """What may be replaced in the reference: the exercise, and where it is a method, its class."""
    owner, _, name = exercise.rpartition(".")
    return [exercise, owner] if owner and name else [exercise]


def _parsed(submission: Submission, module: Module) -> list[ast.stmt]:
    """The statements of a module; of a notebook those of all cells that are Python."""
    texts = [cell.source for cell in module.cells] if module.cells else [submission.text_of(module)]
    body: list[ast.stmt] = []
    for text in texts:
        if len(text) <= LONGEST_PARSED:
            try:
                body += ast.parse(text).body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return body


def _definition(body: Sequence[ast.stmt], dotted: str) -> ast.FunctionDef | ast.ClassDef | None:
    """The last definition of this name, as in Python."""
    found: ast.FunctionDef | ast.ClassDef | None = None
    for name in dotted.split("."):
        found = next(
            (node for node in reversed(body) if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name), None
        )
        if found is None:
            return None
        body = found.body
    return found


def _drafted(
    node: ast.FunctionDef | ast.ClassDef, replaces: str, body: Sequence[ast.stmt], known: frozenset[str]
) -> _Draft | None:
    """A definition with what it needs of its module inside of it; None where it is too deep to be read."""
    try:
        copied = ast.parse(ast.unparse(node)).body[0]
        assert isinstance(copied, ast.FunctionDef | ast.ClassDef)
        copied.decorator_list = []
        if len(copied.body) > 1 and ast.get_docstring(copied, clean=False) is not None:
            del copied.body[0]
        needed = _needed(copied, body, known)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if needed and isinstance(copied, ast.ClassDef):
        return None  # what stands in a class's body, its methods do not see
    copied.body[:0] = needed
    return _Draft(copied, replaces)


def _needed(node: ast.stmt, body: Sequence[ast.stmt], known: frozenset[str]) -> list[ast.stmt]:
    """The imports, constants and helpers of a module that a definition uses and the reference does not have."""
    there = known | frozenset(dir(builtins))
    wanted: list[ast.stmt] = [node]
    found: list[ast.stmt] = []
    while wanted and len(found) < DEEPEST_NAMES:
        used = _used(wanted.pop()) - there
        for statement in body:
            if statement not in found and not used.isdisjoint(_names_of([statement])):
                found.append(statement)
                wanted.append(statement)
    return [statement for statement in body if statement in found]


def _used(node: ast.AST) -> frozenset[str]:
    return frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load))


def _names_of(body: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that statements define."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names.update(
                inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
            )
    return frozenset(names)


def _new_name(group: Group, known: Sequence[str]) -> str:
    """A name for the misconception that its list does not have; a person gives it a better one."""
    base = re.sub(r"\W", "_", group.exercise).lower() + "_as_some_wrote_it"
    numbered = (f"{base}_{i}" if i > 1 else base for i in range(1, len(known) + 2))
    return next(name for name in numbered if name not in known)


def _written(group: Group, name: str, draft: _Draft) -> str:
    """The beginning of a misconception, as a list of them holds it; without its words it cannot be recorded."""
    node = ast.parse(ast.unparse(draft.node)).body[0]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    node.name = name
    replaces = f'    replaces="{draft.replaces}",\n' if draft.replaces != group.exercise else ""
    return f'@misconception(\n    exercise="{group.exercise}",\n{TEXT}{LOOK}{replaces})\n{ast.unparse(node)}\n'


def _computes(topic: str, text: str) -> bool:
    """Whether the code reaches nothing beyond itself, as far as its text tells."""
    path = f"{topic}.py"
    return only_computes(Submission("", files={path: text.encode()}), Module(topic, path))


def _answered(grader: Grader, group: Group, draft: _Draft, catalogue: Catalogue) -> dict[str, str]:
    """What the reference with this mistake in it answers wrongly, behind the wall; nothing where it cannot be put there."""
    mutant = Mutant(Misconception("learned", group.exercise, "", ""), draft.replaces, draft.node, ())
    try:
        text = mutant_source(group.topic, mutant, catalogue)
    except GraderFault:
        return {}
    path = f"{group.topic}.py"
    submission = Submission("", {group.topic: Module(group.topic, path)}, {path: text.encode()})
    ids = {f"{group.topic}/{group.exercise}/{check}" for check, _ in group.checks}
    results = grader.verdicts(submission, [group.topic], lambda id_, check: id_ in ids)
    return {verdict.check_id: fingerprint(verdict) for result in results for verdict in result.verdicts}


__all__ = ["Learned", "learn"]
