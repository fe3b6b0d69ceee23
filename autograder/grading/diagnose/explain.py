"""Puts a diagnosis into words: what was seen, with its number; what it means; where to look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, Observation, form_of
from autograder.grading.diagnose.known import Named, name_misconceptions
from autograder.grading.diagnose.meanings import meaning_of
from autograder.grading.diagnose.messages import known_words
from autograder.grading.diagnose.order import (
    MAY_FOLLOW,
    follows_from_exception,
    follows_from_name,
    in_order,
    may_follow,
    only_follows,
)
from autograder.grading.diagnose.sentences import (
    LONGEST_ANSWER,
    due_for_others,
    error_name,
    is_of_a_use,
    observation_words,
    of_one_part,
    place_of,
    raised_words,
    told_name,
)
from autograder.grading.diagnose.signatures import AS_HAPPENS, says_little, without_a_guess
from autograder.grading.faults import log_fault
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers
from autograder.report import Diagnosis, Example, Fix, total
from autograder.statuses import GOOD, OPEN, SENTENCES, reason_words
from autograder.text import number, of_all, plain
from autograder.wall.inside.perform import Failure

FOLLOWS = "This follows from a mistake in"
OR_ELSE = "Or else:"  # before the second of two readings
MAYBE = "It may be this:"  # an input that is changed has many causes


@dataclass(frozen=True)
class Explanation:
    """A check's diagnosis and, for a public check, its smallest failing input.

    follows: whether nothing is wrong but what follows from mistakes with a name in other exercises.
    """

    diagnosis: Diagnosis
    example: Example | None
    follows: bool = False


def explain(
    answers: Answers,
    verdicts: Sequence[Verdict],
    may_go_on: Callable[[], bool] = lambda: True,
    free: bool = False,
) -> tuple[dict[str, Explanation], list[Fix]]:
    """Explanations by check for all that failed, and the causes to mend, in their order.

    may_go_on: asked before each piece of work; where it says no, nothing more is named, and the plainest words are said.
    free: whether what only follows from a mistake elsewhere costs nothing, so that no points wait behind that.
    """
    named = name_misconceptions(answers, verdicts, may_go_on)
    raised = follows_from_exception(verdicts, named)
    sure = [n for n in named if not n.doubt]
    right_once = _right_once(verdicts)
    explanations: dict[str, Explanation] = {}
    fixes: dict[tuple[str, str | None], Fix] = {
        (n.misconception.exercise, n.misconception.name): Fix(
            n.misconception.exercise, _name(n), _meaning(n), "", 0, "", follows=follows_from_name(n, verdicts)
        )
        for n in named
    }
    for verdict in verdicts:
        if verdict.status in GOOD:
            continue
        cause = next((n for n in named if any(check == verdict.check_id for check, _ in n.explained)), None)
        exercise = raised.get(verdict.exercise, verdict.exercise)
        explanation = _explanation(cause, verdict, answers, exercise) if may_go_on() else _plainest(verdict)
        if cause is not None and only_follows(verdict, sure):
            explanation = replace(explanation, follows=True)
        if cause is None and verdict.check_id in right_once:
            explanation = _with_words(explanation, right_once[verdict.check_id])
        explanations[verdict.check_id] = explanation
        diagnosis = explanation.diagnosis
        if verdict.status not in OPEN:
            # What has no name is one thing to mend an exercise, told by its first check.
            place = (cause.misconception.exercise, cause.misconception.name) if cause else (exercise, None)
            known = fixes.get(place) or Fix(exercise, None, diagnosis.text, "", 0, "", follows=_of(exercise, raised))
            fixes[place] = _with_check(known, verdict, explanation, free and explanation.follows, retold=cause is None)
    for n in named:  # a second mistake in a check whose points already wait behind the first
        fix = fixes[place := (n.misconception.exercise, n.misconception.name)]
        if not fix.check:
            fixes[place] = msgspec.structs.replace(fix, check=min(check_id for check_id, _ in n.explained))
    behind = may_follow(fixes.values(), named, answers) if may_go_on() else {}
    return explanations, in_order(fixes.values(), verdicts, answers, behind)


def _of(exercise: str, raised: Mapping[str, str]) -> list[str]:
    return [follower for follower, cause in raised.items() if cause == exercise]


def _with_words(explanation: Explanation, words: str) -> Explanation:
    diagnosis = explanation.diagnosis
    return replace(explanation, diagnosis=msgspec.structs.replace(diagnosis, text=f"{diagnosis.text}{words}"))


def _explanation(cause: Named | None, verdict: Verdict, answers: Answers, exercise: str) -> Explanation:
    """What is said of one check. Where that fails, of an answer that nobody thought of, no other check is told less.

    exercise: in which its exception begins, if it has one and that is another than its own.
    """
    try:
        diagnosis = _named(cause, verdict) if cause else _unnamed(verdict)
        if cause is None and exercise != verdict.exercise:
            diagnosis = msgspec.structs.replace(diagnosis, text=f"{FOLLOWS} {exercise}. {diagnosis.text}")
        return Explanation(diagnosis, _example(verdict, answers))
    except Exception:
        log_fault(f"the diagnosis of {verdict.check_id} failed")
        return Explanation(Diagnosis(None, "It is wrong.", ""), None)


def _plainest(verdict: Verdict) -> Explanation:
    """What is said of a check where looking at its answers would cost more than may be spent on a submission."""
    if verdict.reason is not None or verdict.status in SENTENCES:
        return Explanation(_unnamed(verdict), None)
    return Explanation(Diagnosis(None, "It raises an exception." if verdict.status == "error" else "It is wrong.", ""), None)


def _with_check(fix: Fix, verdict: Verdict, explanation: Explanation, free: bool, retold: bool) -> Fix:
    """A fix with one more check behind it.

    The check that shows it is the first of its own exercise, best a public one, which has an example. retold: what has no name
    is told in that check's words, beside its own example, and best by one that says how its numbers are wrong.
    """
    diagnosis, example = explanation.diagnosis, explanation.example
    if not free:
        fix = msgspec.structs.replace(fix, points=total([fix.points, verdict.check.points]))
    before = (not (retold and says_little(fix.text)), fix.example is not None)
    better = verdict.exercise == fix.exercise and (not (retold and says_little(diagnosis.text)), example is not None) > before
    if fix.check and not better:
        return fix
    fix = msgspec.structs.replace(fix, check=verdict.check_id, example=example, evidence=diagnosis.evidence)
    return msgspec.structs.replace(fix, text=diagnosis.text) if retold else fix


def _meaning(named: Named) -> str:
    beside, failing = named.rest()
    meaning = f"{named.misconception.text} {named.misconception.look}"
    if named.doubt:
        meaning = f"{MAY_FOLLOW} {named.doubt}. {OR_ELSE} {meaning}"
    if named.by_acts:
        meaning = f"{MAYBE} {meaning}"
    if not beside:
        return meaning
    if beside == failing:
        return f"{meaning} {_ELSE[0].upper()}{_ELSE[1:]}"
    explained = f"{of_all(failing - beside, failing, 'failing checks')} of {named.misconception.exercise}"
    return f"{meaning} This explains {explained}; {_ELSE}"


# What is said of a mistake that explains a part of what is wrong.
_ELSE = "something else may be wrong too."
_A_REST = re.compile(rf" (?:This explains [^;]*; )?{re.escape(_ELSE)}$", re.IGNORECASE)


def without_a_rest(text: str) -> str:
    """What is said of a mistake, where it turns out that one change mends everything.

    >>> without_a_rest("It sums. Do you? This explains 4 of 5 failing checks of f; something else may be wrong too.")
    'It sums. Do you?'
    """
    return _A_REST.sub("", text)


def _named(named: Named, verdict: Verdict) -> Diagnosis:
    evidence = without_a_guess(_seen(verdict, named.names(verdict)))
    if not _case(verdict, 0):  # it was given nothing, so it has no inputs
        return Diagnosis(_name(named), _meaning(named), evidence)
    count, total = named.cases(verdict), len(verdict.observations)
    wrong = len({i for cases in verdict.wrong.values() for i in cases})  # some of them perhaps by another mistake alone
    inputs = (
        "the one input that is asked"
        if total == 1
        else ("both inputs" if total == 2 else f"all {total} inputs")
        if count == total
        else f"{of_all(count, total, 'inputs')}{', and right in the others' if count == wrong else ''}"
    )
    evidence = f"{evidence} Your answers are {'these' if named.made else 'those of this mistake'} in {inputs}."
    text = _meaning(named)
    if named.misconception.exercise != verdict.exercise:
        text = f"{FOLLOWS} {named.misconception.exercise}. {text}"
    return Diagnosis(_name(named), text, evidence)


def _name(named: Named) -> str | None:
    """By which a report knows a mistake; none for what is in doubt."""
    return None if named.doubt else named.misconception.name


def _unnamed(verdict: Verdict) -> Diagnosis:
    if verdict.reason is not None:
        return Diagnosis(None, reason_words(verdict.reason), "")
    if verdict.status in SENTENCES:
        return Diagnosis(None, SENTENCES[verdict.status], "")
    if verdict.status == "error":
        return Diagnosis(None, _error_words(verdict), "")
    return Diagnosis(None, _seen(verdict), "")


def _seen(verdict: Verdict, names: Sequence[str] = ()) -> str:
    """What was wrong in the answers, in one sentence: the first thing in the check's own order. names: of these alone."""
    if verdict.status in ("missing", "error") and names in ((), [ERROR]):
        return _error_words(verdict)
    for name, cases in verdict.wrong.items():
        if names and name not in names:
            continue
        observations = [verdict.observations[i][name] for i in cases]
        due = [{n: found.expected for n, found in case.items() if _is_compared(n, found)} for case in verdict.observations]
        others = [due_for_others(name, i, due) for i in cases]
        sentence = observation_words(name, observations, [_case(verdict, i) for i in cases], others)
        sentence += _what_is_right(verdict, name) if _is_a_part(name, observations[0]) else ""
        if len(cases) < len(verdict.observations):
            sentence += f" This is so in {of_all(len(cases), len(verdict.observations), 'inputs')}{_shared(verdict, cases)}."
        return sentence + ("" if names else _changed_too(verdict, name))
    return "It is wrong."


def _case(verdict: Verdict, index: int) -> dict[str, Any]:
    return verdict.cases[index] if index < len(verdict.cases) else {}


def _changed_too(verdict: Verdict, told: str) -> str:
    """What was given and is changed, where something else was told: what is wrong may come from that."""
    cases = verdict.wrong.get(INPUTS, [])
    if told == INPUTS or not cases:
        return ""
    words = observation_words(INPUTS, [verdict.observations[i][INPUTS] for i in cases], [{}] * len(cases))
    return f" {words.replace('It changes', 'It also changes', 1)}"


# Names of answers that are no part of one: the whole of it, or those to right and wrong predictions.
_NO_PARTS = ("result", "again", "right", "wrong")
# Of more parts than these the ones that are right are not counted up.
MOST_PARTS = 4


def _what_is_right(verdict: Verdict, told: str) -> str:
    """Those parts of an answer that are right in all inputs, where others are wrong: the mistake lies behind them."""
    seen: dict[str, bool] = {}
    for case in verdict.observations:
        for name, found in case.items():
            if _is_a_part(name, found) and of_one_part(name, told):
                seen[name] = seen.get(name, True) and found.right
    right = [
        told_name(name.partition(", ")[0] + ", result" if is_of_a_use(name) else name) for name, fine in seen.items() if fine
    ]
    if not right or any(failure is not None for failure in verdict.failures):
        return ""
    first_alone = list(seen.values()) == [True] + [False] * (len(seen) - 1)
    if first_alone and is_of_a_use(told):
        return " It is right in the first use, and not in those after it."
    if len(seen) <= MOST_PARTS:
        listed = right[0] if len(right) == 1 else f"{', '.join(right[:-1])} and {right[-1]}"
        return f" Nothing is wrong with {listed}."
    if first_alone:
        return f" Only {right[0]}, the first of {len(seen)}, is as it should be."
    return ""


def _is_a_part(name: str, found: Observation) -> bool:
    """Whether this is a part of an answer, as dx and dgamma are, or one of several answers."""
    return name not in _NO_PARTS and _is_compared(name, found) and isinstance(found.expected, float | np.ndarray)


def _is_compared(name: str, found: Observation) -> bool:
    """Whether this is an answer that is compared with what is due, and not measured."""
    return name not in (ERROR, INPUTS, WARNINGS) and not (
        name.startswith("form of ") or np.any(np.asarray(found.within)) or found.said
    )


# So many inputs after the first are wrong by no chance, where that is right.
FEWEST_AFTER = 3


def _right_once(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """What is said of exercises that are right when they are asked for the first time and never again, by first failed check.

    What comes later may be wrong because of what was before.
    """
    asked: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        asked.setdefault(verdict.exercise, []).append(verdict)
    found = {}
    for exercise, of_it in asked.items():
        failed = [verdict for verdict in of_it if verdict.status not in GOOD]
        if not failed or any(verdict.status != "failed" for verdict in failed):
            continue
        right = [all(seen.right for seen in case.values()) for verdict in of_it for case in verdict.observations]
        if len(right) > 2 * FEWEST_AFTER and right == [True] + [False] * (len(right) - 1):
            found[failed[0].check_id] = (
                f" Of all {len(right)} inputs of {exercise} the first alone is right, {AS_HAPPENS} something is kept from one "
                "call to the next."
            )
    return found


# An option may be told, for these say nothing of a hidden input but which branch it takes.
_TELLING = (True, False, None, 0, 1)

# Arguments whose first axis is the batch, in every topic.
_BATCHES = ("x", "upstream", "targets")


def _shared(verdict: Verdict, wrong: Sequence[int]) -> str:
    """What sets the inputs in which something is wrong apart from all others: an option, a batch of one, a square.

    Of two or more on either side. Of one input anything may be said, so there it is an option, where only one is another.
    """
    apart = [i for i in range(len(verdict.observations)) if i not in wrong]
    if apart == [0] and len(wrong) >= FEWEST_AFTER and verdict.failures[0] is None:
        return ", all but the first"
    if any(verdict.failures[i] is not None for i in apart):
        return ""
    few = min(len(wrong), len(apart)) < 2
    traits = [_traits(_case(verdict, i), options_alone=few) for i in range(len(verdict.observations))]
    here, there = _only_in(wrong, apart, traits), _only_in(apart, wrong, traits)
    if here and not (few and len(here) > 1):
        return f", {'all' if len(wrong) > 1 else 'the one'} {here[0]}"
    if there and not (few and len(there) > 1):
        return f", and not in {'those' if len(apart) > 1 else 'the one'} {there[0]}"
    return ""


def _only_in(some: Sequence[int], others: Sequence[int], traits: Sequence[Sequence[str]]) -> list[str]:
    """The traits that all of some inputs have, and none of the others."""
    return [
        words
        for words in (traits[some[0]] if some else ())
        if all(words in traits[i] for i in some) and not any(words in traits[i] for i in others)
    ]


def _traits(case: Mapping[str, Any], options_alone: bool = False) -> list[str]:
    found = []
    for name, value in case.items():
        if options_alone and isinstance(value, np.ndarray):
            continue
        if isinstance(value, np.ndarray):
            if value.ndim and value.shape[0] == 1:
                several = "is a batch of one" if name in _BATCHES else "has one row"
                found.append(f"in which {name} {'has length 1' if value.ndim == 1 else several}")
            if value.ndim == 2 and value.shape[1] == 1:
                found.append(f"in which {name} has one column")
            if value.ndim == 2 and value.shape[0] == value.shape[1]:
                found.append(f"in which {name} is square")
        elif any(value is option for option in _TELLING[:3]) or isinstance(value, str):
            found.append(f"with {name} {value}")
        elif isinstance(value, int | float) and value in (0, 1):
            found.append(f"with {name} {number(float(value))}")
    return found


def _error_words(verdict: Verdict) -> str:
    failure = next(failure for failure in verdict.failures if failure is not None)
    count = sum(f is not None for f in verdict.failures)
    if failure.kind == "Missing":
        return f"There is no {plain(failure.message)} in your module."
    # A message may hold the input, so one that anybody may have written is shown only where the input may be shown too.
    message = plain(failure.message).strip() if verdict.check.public else known_words(failure.message)
    if failure.line:
        words = f"{raised_words(failure.kind)} at {place_of(failure)}"
    elif message and (filled := _FILLED.fullmatch(message)):
        words, message = f"An array that it makes has shape {filled['there']}, where one of shape {filled['due']} is due", ""
    else:
        words = _outside(failure)
    words += f": {message}" if message else ""
    if count < len(verdict.failures):
        words += f" (in {of_all(count, len(verdict.failures), 'inputs')})"
    sentences = [words + ("" if words.endswith(".") else "."), meaning_of(message)]
    return " ".join(sentence for sentence in sentences if sentence)


def _outside(failure: Failure) -> str:
    """What is said of an exception without a line: it arose where a check calls the module, or uses what it gives."""
    raised = raised_words(failure.kind)
    if failure.kind == "TypeError" and _NOT_TAKEN.search(failure.message):
        return f"{raised} where it is called as the docstring says"
    return _OUTSIDE.get(failure.kind, "{error}, outside of your module").format(error=raised)


# NumPy's own words where a check fills an array of the module's, in place, with what it is given.
_FILLED = re.compile(r"could not broadcast input array from shape (?P<due>\([\d,]*\)) into shape (?P<there>\([\d,]*\))")
# Python's own words for arguments that a function does not take.
_NOT_TAKEN = re.compile(r"\w\(\) (?:got|missing|takes) .*\bargument")
_OUTSIDE = {
    "KeyError": "An entry is missing in what it gives or fills",
    "IndexError": "Entries are missing in what it gives or fills",
    "TypeError": "What it gives cannot be used as the docstring says (TypeError)",
    "AttributeError": "What it gives lacks what the docstring says (AttributeError)",
}


def _example(verdict: Verdict, answers: Answers) -> Example | None:
    index = verdict.first_wrong
    if not verdict.check.public or index is None or verdict.status in ("todo", "missing"):
        return None
    recorded = (_case(verdict, index), verdict.observations[index], verdict.failures[index])
    case, seen, failure = verdict.shown or recorded
    if failure is not None:
        right = "" if verdict.shown else _joined(answers.part(verdict.check_id, "expected")[index])
        return Example(_texts(case), f"{error_name(failure.kind)}: {plain(failure.message)}", _bounded(right))
    wrong = {name: observation for name, observation in seen.items() if not observation.right and name not in _NO_ANSWERS}
    observed = {name: observation.observed for name, observation in wrong.items()}
    expected = {name: observation.expected for name, observation in wrong.items()}
    answer, right = _joined(observed), _joined(expected)
    if answer == right:  # they part where a short number ends
        answer, right = _joined(observed, ALL_DIGITS), _joined(expected, ALL_DIGITS)
    return Example(_texts(case), _bounded(answer), _bounded(right))


# What is seen beside what is answered: the check's sentence tells it.
_NO_ANSWERS = (ERROR, INPUTS, WARNINGS)


def _bounded(text: str) -> str:
    """Text no longer than anybody reads: an answer may be a list of ten thousand lists."""
    return text if len(text) <= LONGEST_ANSWER else text[:LONGEST_ANSWER] + " ..."


def _joined(values: dict[str, Any], digits: int = 6) -> str:
    if list(values) == ["result"]:
        return value_text(values["result"], digits)
    return "; ".join(f"{name} = {value_text(value, digits)}" for name, value in values.items())


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: _bounded(value_text(value)) for name, value in values.items()}


# A float64 is told from every other by so many.
ALL_DIGITS = 17


def value_text(value: Any, digits: int = 6) -> str:
    """A value as one would type it; a large array by its form. Of a long one no more than is shown is written at all."""
    text, length = [], 0
    for piece in _pieces(value, digits):
        text.append(piece)
        length += len(piece)
        if length > LONGEST_ANSWER:
            break
    return "".join(text)


def _pieces(value: Any, digits: int) -> Iterator[str]:
    if isinstance(value, np.ndarray):
        if value.size > 60:
            yield f"({form_of(value)})"
            return
        text = np.array2string(
            value, separator=", ", precision=digits, suppress_small=False, max_line_width=10_000, threshold=100
        )
        yield " ".join(text.split())
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield ", " if number else "["
            yield from _pieces(item, digits)
        yield "]" if value else "[]"
    elif isinstance(value, dict):
        for number, (key, item) in enumerate(value.items()):
            yield f"{', ' if number else '{'}{key!r}: "
            yield from _pieces(item, digits)
        yield "}" if value else "{}"
    elif isinstance(value, float):
        yield f"{value:.{digits}g}"
    else:
        yield plain(repr(value))
