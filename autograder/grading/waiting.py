"""Says what an exercise waits for: a function that it uses and that is a stub, a line of the stub that is left in it, or a
name that is nearly the one asked for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from autograder.declare.table import Topic
from autograder.grading.judge import Verdict
from autograder.grading.written import MOST_DEFINITIONS, Body, body_at, body_from, definitions, name_at
from autograder.submission.read import MOST_NOTICES, Module
from autograder.text import plain
from autograder.wall.inside.perform import Failure

# A name is told as nearly ours only where so much of it is the same; "relu" and "elu" are two exercises.
ALIKE = 0.75

_DEFINED = re.compile(r"^[ \t]*(?:def|class)[ \t]+(\w{1,80})", re.MULTILINE)


def waiting_words(verdicts: Sequence[Verdict], module: Module, text: str) -> dict[str, str]:
    """For each check that is to do and waits for more than to be written, what that is, in a sentence. text: the module's."""
    found = {}
    behind = stubs_behind(verdicts, module, text)
    for verdict in verdicts:
        failure = _raised(verdict) if verdict.status == "todo" else None
        if failure is None:
            continue
        lines = _lines(module, text, failure.cell)
        name, place = name_at(lines, failure.line), _line_words(failure)
        body = body_at(lines, failure.line)
        if verdict.check_id in behind:
            left = f", where {_left(body, failure.line, place)}" if body.code else ", which is not written yet"
            found[verdict.check_id] = f"It uses {plain(behind[verdict.check_id])}{left}."
        elif _is_its_own(name, verdict.exercise) and body.code:
            found[verdict.check_id] = f"Your code is there, and {_left(body, failure.line, place)}."
    return found


def _left(body: Body, line: int, place: str) -> str:
    """What is to be done about a line that raises though code stands beside it; one that is indented may be a branch's."""
    if line not in body.raising:
        return f"`NotImplementedError` is raised at {place}"
    deeper = line not in body.outermost
    return f"a `raise NotImplementedError` is left at {place}: {'write what belongs there' if deeper else 'take it out'}"


def _raised(verdict: Verdict) -> Failure | None:
    return next((failure for failure in verdict.failures if failure is not None and failure.line), None)


def _line_words(failure: Failure) -> str:
    return f"cell {failure.cell}, line {failure.line}" if failure.cell else f"line {failure.line}"


def leave_stubs_to_do(verdicts: Sequence[Verdict], text: str) -> None:
    """Call to do, and not wrong, what raised for another's mistake before it came to its own body, which is a stub."""
    lines = text.splitlines()
    begins: dict[str, list[int]] = {}
    passed = {verdict.exercise for verdict in verdicts if verdict.status == "passed"}
    for verdict in verdicts:
        if verdict.status == "error" and verdict.exercise not in passed:
            begins = begins or definitions(lines)
            found = begins.get(verdict.exercise, [])
            if len(found) == 1 and body_from(lines, found[0]).is_stub:
                verdict.status = "todo"


def stubs_behind(verdicts: Sequence[Verdict], module: Module, text: str) -> dict[str, str]:
    """For each check that is to do though its own exercise is written, the name of what it came to that is still a stub.

    text: the module's, of a notebook its cells'.
    """
    found: dict[str, str] = {}
    waiting = [verdict for verdict in verdicts if verdict.status == "todo"]
    stubs = _stubs(text) if waiting else set()
    for verdict in waiting:
        failure = _raised(verdict)
        if failure is None or any(_is_its_own(name, verdict.exercise) for name in stubs):
            continue
        name = name_at(_lines(module, text, failure.cell), failure.line)
        if name and not _is_its_own(name, verdict.exercise):
            found[verdict.check_id] = name
    return found


def _lines(module: Module, text: str, cell: int) -> list[str]:
    source = module.source_of(cell)
    return (text if source is None else source).splitlines()


def _is_its_own(name: str, exercise: str) -> bool:
    """Whether a definition is the exercise itself, or a part of it: of ``Model.fit.shuffle`` also ``Model.fit``."""
    return name == exercise or exercise.startswith(f"{name}.") or name.startswith(f"{exercise}.")


def _stubs(text: str) -> set[str]:
    """The names of what still raises as stubs do."""
    lines = text.splitlines()
    raising = [number for number, line in enumerate(lines, 1) if "NotImplementedError" in line]
    return {name_at(lines, number) for number in raising[:MOST_DEFINITIONS]}


def out_of_reach(verdicts: Sequence[Verdict], module: Module, text: str) -> list[str]:
    """A sentence for what is written and not there all the same: inside of another definition, or in a cell that failed."""
    wanted = {exercise.partition(".")[0] for exercise in _missing(verdicts)}
    if not wanted:
        return []
    said = []
    for cell in module.cells:
        names = [name for name in definitions(cell.source.splitlines()) if name in wanted]
        if names:
            are = "is" if len(names) == 1 else "are"
            said.append(
                f"{module.file}, cell {cell.number}: it was not run to its end, so {', '.join(names)} {are} not there."
            )
    for path, lines in definitions([] if module.cells else text.splitlines()).items():
        around, _, name = path.rpartition(".")
        if around and name in wanted:
            where = f"inside of {plain(around)}, at line {lines[-1]}"
            said.append(f"{module.file} has {name} {where}, so it is not there: let its `def` begin at the left margin.")
    return said[:MOST_NOTICES]


def _missing(verdicts: Sequence[Verdict]) -> set[str]:
    """The exercises of which nothing is there."""
    return {verdict.exercise for verdict in verdicts} - {v.exercise for v in verdicts if v.status != "missing"}


def nearly_ours(verdicts: Sequence[Verdict], module: Module, text: str, table: Topic) -> list[str]:
    """A sentence for each exercise that is not there while something of nearly its name is; the names are a student's own."""
    missing = _missing(verdicts)
    if not missing:
        return []
    defined = list(dict.fromkeys(_DEFINED.findall(text)))[:MOST_DEFINITIONS]
    ours = {part for exercise in table.exercises for part in exercise.name.split(".")}
    others = [name for name in defined if name not in ours]
    said = {}
    for exercise in (exercise.name for exercise in table.exercises if exercise.name in missing):
        owner, _, method = exercise.partition(".")
        wanted = method if method and owner in defined else owner
        near = difflib.get_close_matches(wanted, others, 1, ALIKE) if wanted not in defined else []
        if near:
            also = plain(near[0])
            said[wanted] = f"{module.file} has {also}, and no {wanted}: did you mean {wanted}? Then rename it."
    return list(said.values())[:MOST_NOTICES]


_ENTRY = re.compile(r"[\"'](\w{1,80})[\"']\s*(?::|\]\s*=)")
_ENTRY_OF_ENTRIES = re.compile(_ENTRY.pattern + r"\s*\{")


def nearly_answered(verdicts: Sequence[Verdict], module: Module, text: str) -> list[str]:
    """A sentence for each question of a quiz, or row of one, that is open while an entry of nearly its name is answered."""
    questions: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        questions.setdefault(verdict.exercise, []).append(verdict)
    rows = {question: [row for v in own if (row := _row(v))] for question, own in questions.items()}
    entries = list(dict.fromkeys(_ENTRY.findall(text)))[:MOST_DEFINITIONS]
    ours = set(questions).union(*rows.values())
    others = {entry.casefold(): entry for entry in entries if entry.casefold() not in ours}
    dicts = _ENTRY_OF_ENTRIES.findall(text)
    said = []
    for question, own in questions.items():
        waiting = [verdict for verdict in own if verdict.status == "todo"]
        if waiting == own and rows[question] and question in dicts and not set(rows[question]) & set(entries):
            said.append(f"{module.file} answers {question} by none of its rows, which are {', '.join(rows[question])}.")
            continue
        for name in [*([question] if waiting == own else []), *filter(None, map(_row, waiting))]:
            if near := difflib.get_close_matches(name, others, 1, ALIKE):
                also = plain(others[near[0]])
                said.append(f"{module.file} has {also}, and no {name}: did you mean {name}? Then rename it.")
    return said[:MOST_NOTICES]


def _row(verdict: Verdict) -> str:
    """The row of a question that a check is about; empty where it is about the whole of it."""
    name = verdict.check_id.rpartition("/")[2]
    return "" if re.fullmatch(r"choice|number|read|point_\d+", name) else name


__all__ = ["leave_stubs_to_do", "nearly_answered", "nearly_ours", "out_of_reach", "stubs_behind", "waiting_words"]
