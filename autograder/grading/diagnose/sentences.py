"""What was seen of one thing that a check looks at, in a sentence: for a report, and for the pages of known mistakes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, Observation, form_of
from autograder.grading.diagnose.meanings import meaning_of
from autograder.grading.diagnose.signatures import Pair, describe, forms_part, is_error
from autograder.text import number, plain
from autograder.wall.inside.lent import WRITTEN_OVER
from autograder.wall.inside.perform import Failure

LONGEST_ANSWER = 4000

# What is expected of something measured, where nothing was recorded but what a known mistake makes of it.
UNKNOWN = object()


def observation_words(
    name: str,
    seen: Sequence[Observation],
    cases: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Sequence[Any]]] = (),
) -> str:
    """What is wrong with an observation of this name, from all cases in which it is.

    others: of each of these cases what is due for all else, see :func:`due_for_others`.
    """
    cases = [_given_for(name, case) for case in cases]
    first, name = seen[0], told_name(name)
    if first.said:
        said = plain(first.said, LONGEST_ANSWER)
        meaning = meaning_of(said.rpartition(": ")[2].rstrip(".")) if name == WARNINGS else ""
        return f"{said} {meaning}".rstrip()
    if name == ERROR:
        return f"{raised_words(first.observed)}."
    if name == INPUTS:
        return _changed_words(list(dict.fromkeys(first.observed)))
    if name == WARNINGS:
        why = "on the way a number overflows, is divided by 0, or has no value, as 0/0 and log(0) have none"
        return f"NumPy warned ({plain(str(first.observed[0]))}): {why}."
    if isinstance(first.expected, bool) and form_of(first.observed) == "bool":
        return _so_or_not(name, bool(first.expected))
    if first.expected is UNKNOWN:
        return f"{name}: {_yes(first.observed) if form_of(first.observed) == 'bool' else 'it is not as it should be'}."
    if name.startswith("form of "):
        place, words = forms_part(first.observed, first.expected)
        return f"{told_name(name.removeprefix('form of '))}: {place or 'it'} is {words}."
    if np.any(np.asarray(first.within)):
        return f"{name}: {_slope(name.removeprefix(SLOPE), first) if name.startswith(SLOPE) else _measured(first)}."
    if all(_is_written_over(observation.observed) for observation in seen):
        return f"{name}: {_HANDED_OUT_AGAIN}"
    subject = "" if name == "result" else f"{name}: "
    pairs = zip(seen, cases, others or [{}] * len(seen), strict=True)
    signature = describe([Pair(o.observed, o.expected, case, due) for o, case, due in pairs])
    sentence = signature.sentence if signature else "It is not what is due."
    return sentence if not subject else subject + _of_a_part(sentence)


# What a check of uses that take turns calls them.
_USES = {
    "first": "the first use",
    "second": "the second use",
    "third": "the third use",
    "again": "the first use, asked again",
}


_HANDED_OUT_AGAIN = (
    "it answers with what the caller has written into an earlier answer. Is an answer kept, and handed out again?"
)


def _is_written_over(answer: Any) -> bool:
    return isinstance(answer, np.ndarray) and answer.size > 0 and bool(np.all(answer == WRITTEN_OVER))


# Of more names than these so many are told.
_MOST_NAMES = 4


def _changed_words(names: Sequence[str]) -> str:
    """That what was given is changed: by its name, or as the list or dict that it is."""
    told = ", ".join(names) if len(names) <= _MOST_NAMES else f"{', '.join(names[:2])} and {len(names) - 2} more"
    return (
        f"It changes {told}." if all(name.startswith("the ") for name in names) else f"It changes what it was given: {told}."
    )


# The first use is asked again with other numbers in its arrays: an answer that is such an array is then what is due for those.
_LATER = "for the numbers that were written into its arrays later"
# Of which use the numbers are given where the first is asked again: its arrays then hold those of the second.
_AGAIN_GIVEN = {"again": "second"}


def _given_for(name: str, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was given for this answer alone, where a case holds what is given for several."""
    use = name.partition(", ")[0]
    given = case.get(_AGAIN_GIVEN.get(use, use) if is_of_a_use(name) else name)
    return given if isinstance(given, Mapping) else case


def due_for_others(name: str, index: int, due: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What is due for all else than the answer of this name in the case of this index, by where that is.

    due: of every case of the check the answers that are compared with what is due.
    """
    own = [case.get(name) for case in due]
    found: dict[str, list[Any]] = {}
    for other, answer in due[index].items():
        if other != name and (where := _elsewhere(name, other)):
            found[where] = [answer]
    if index:
        found["in the input before it"], found["in the first input"] = [own[index - 1]], own[:1]
    found["in an earlier input"], found["in a later input"] = own[:index], own[index + 1 :]
    found["in another input"] = own[:index] + own[index + 1 :]
    return found


def _elsewhere(name: str, other: str) -> str:
    """Where another answer belongs, seen from the first; of uses that take turns either the use is another or the part."""
    use, _, part = name.partition(", ")
    other_use, _, other_part = other.partition(", ")
    if not is_of_a_use(name) or not is_of_a_use(other):
        return _as_due_for(other)
    if part == other_part:
        if (use, other_use) == ("first", "again"):
            return _LATER
        # An answer that is what a later use should give was given before anybody knew that one.
        after = list(_USES).index(other_use) > list(_USES).index(use)
        return f"in {_USES[other_use]}{', which wrote over it' if after else ''}"
    return _as_due_for(other_part) if use == other_use else ""


def _as_due_for(other: str) -> str:
    """Of a name that begins as "at step 1" does, the name itself."""
    return other if other.startswith(("after ", "at ", "before ", "in ", "with ", "without ")) else f"for {other}"


def told_name(name: str) -> str:
    """The name of what is looked at, as it is told: of uses that take turns which one it is."""
    use, _, rest = name.partition(", ")
    if not is_of_a_use(name):
        return name
    return _USES[use] if rest == "result" else f"{_USES[use]}, {rest}"


def is_of_a_use(name: str) -> bool:
    """Whether an answer is one of uses that take turns."""
    use, _, rest = name.partition(", ")
    return bool(rest) and use in _USES


def of_one_part(name: str, other: str) -> bool:
    """Whether one may stand beside the other: of uses that take turns the same part of two."""
    if not is_of_a_use(name) or not is_of_a_use(other):
        return True
    return name.partition(", ")[2] == other.partition(", ")[2]


def _of_a_part(sentence: str) -> str:
    """A sentence on what is returned, told of one part of it or of an attribute: it is there, and nothing returns it."""
    for whole, part in (
        ("It returns None: is a return statement missing?", "It is None."),
        ("It returns ", "It is "),
        ("In some of these inputs it returns ", "In some of these inputs it is "),
        ("The array that it returns has ", "It has "),
        ("In what it returns, ", "In it, "),
    ):
        if sentence.startswith(whole):
            return part + sentence.removeprefix(whole)
    return sentence


def _measured(seen: Observation) -> str:
    observed, expected = np.asarray(seen.observed), np.asarray(seen.expected)
    if observed.ndim == 0 and not np.isfinite(observed):
        return f"it is {'NaN' if np.isnan(observed) else 'infinite'}, where a finite number is due"
    if observed.ndim == 0 and not np.all(np.isfinite(expected)):  # it is held against the student's own function
        return f"it is {number(float(observed))}, and what it is held against is no finite number"
    if observed.ndim == 0 and abs(expected) > NOTHING:
        return _times(float(observed / expected))
    if observed.ndim == 0:
        return f"it is {number(float(observed))}, and should be {number(float(expected))}"
    far = np.abs(np.subtract(observed, expected)) > np.asarray(seen.within) if observed.shape == expected.shape else None
    if far is None:
        return "it is of another shape than is due"
    if far.size == 1:
        return "it is too far from what is due"
    count = int(np.count_nonzero(far))
    who = ("both" if far.size == 2 else f"all {far.size}") if 1 < count == far.size else f"{count} of {far.size}"
    return f"{who} numbers {'is' if count == 1 else 'are'} too far from what is due"


# What a measure calls what a gradient says of a function's change along a variable, beside the change itself.
SLOPE = "slope along "


def _slope(variable: str, seen: Observation) -> str:
    """What a gradient says beside what happens: the student's own function is asked at both ends of a short step.

    >>> _slope("x", Observation(0.5, 2.0, False, within=1e-6))
    'your gradient says 0.25 times what happens where x is moved a little'
    >>> _slope("x", Observation(-2.0, 2.0, False, within=1e-6))
    'your gradient says the opposite of what happens where x is moved a little'
    """
    said, happens = float(np.asarray(seen.observed)), float(np.asarray(seen.expected))
    where = f"where {variable} is moved a little"
    if not (math.isfinite(said) and math.isfinite(happens)):
        return _measured(seen)
    if abs(happens) <= NOTHING:
        return f"your gradient says that something changes, and nothing does {where}"
    ratio = said / happens
    if abs(ratio) < NEARLY_NOTHING:
        return f"your gradient says that {'nothing' if not ratio else 'next to nothing'} changes, and something does {where}"
    if ratio < 0:
        strength = "" if number(-ratio) == "1" else f"{number(-ratio)} times "
        return f"your gradient says {strength}the opposite of what happens {where}"
    if number(ratio) == "1":  # four digits would say once
        return f"your gradient says {number(100 * abs(ratio - 1))}% {'more' if ratio > 1 else 'less'} than happens {where}"
    return f"your gradient says {number(ratio)} times what happens {where}"


def _times(ratio: float) -> str:
    """A statistic beside the one that is due; a hidden one is not told."""
    if abs(ratio) < NEARLY_NOTHING:
        return "it is 0, and should not be" if not ratio else "it is nearly 0, and should not be"
    if ratio < 0 and number(-ratio) == "1":
        return "it has the wrong sign, and is right apart from that"
    if ratio < 0:
        return f"it has the wrong sign, and is {number(-ratio)} times as large as it should be"
    if number(ratio) == "1" and ratio != 1:  # four digits would say once
        return f"it is {number(100 * abs(ratio - 1))}% too {'large' if ratio > 1 else 'small'}"
    return f"it is {number(ratio)} times what it should be"


NEARLY_NOTHING = 1e-3
NOTHING = 1e-12


def _so_or_not(name: str, due: bool) -> str:
    """That something is so and should not be, or the other way round. name: a sentence, or the name of a value."""
    if " " not in name:
        return f"{name}: it is {not due}, and should be {due}."
    clause = f"it {name}" if name.startswith(("shares ", "has ", "is ")) else name
    return f"This does not hold: {clause}." if due else f"This holds, and should not: {clause}."


def _yes(value: Any) -> str:
    return "yes" if bool(value) else "no"


def raised_words(kind: str) -> str:
    """That an exception was raised; the sentence may go on."""
    return f"It raises {error_name(kind)}"


def error_name(kind: str) -> str:
    """Name of an exception's type; a class of the student's own is not named, as its name may hold anything."""
    return kind if is_error(kind) else "an exception that is neither Python's nor NumPy's"


def place_of(failure: Failure) -> str:
    """Where in the submission it was raised: the line, and of a notebook the cell, counted from 1."""
    return f"cell {failure.cell}, line {failure.line}" if failure.cell else f"line {failure.line}"
