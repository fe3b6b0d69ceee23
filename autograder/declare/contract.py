"""Asks what the page for students demands of every exercise, by checks that are made from those which an exercise has.

Of an exercise's own check (what it answers on ordinary inputs) two more are made:

- ``apart``: three uses of it, two of the same sizes and one of others, take turns, a step of each at a time. All answer as if
  they were alone, and what they answered stays: no class attribute, no default argument, no global, no buffer used again.
  Where answers are compared, what the second answered is then written into, as a caller may do; the arrays of the first are
  filled with the numbers of the second, and it is asked once more: an answer that is kept, be it under an array's ``id`` or
  under its numbers, or that is the array itself, shows.
- ``memory``: the arrays lie in memory in Fortran's order, or with gaps, and may not be written to; they stay as they are,
  and so do the lists and dicts that hold them.

And what most is lost by is public in every exercise that asks it, so that a student meets it at home first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from autograder.declare.script import fill, interleaved, kept_and_written_over
from autograder.declare.table import Answers, Check, Claim, Draw, Exercise, Inputs, arrays_in

APART = "Uses that take turns share nothing: each answers as if it were alone, and what it answered stays as it was."
MEMORY = (
    "Arrays may lie in memory in any order, or with gaps, and may be read-only; they, and the lists and dicts that hold them, "
    "stay as they were."
)
MEMORY_IN_PLACE = (
    "Arrays may lie in memory in any order, or with gaps: the answers, and what is updated in place, are the same."
)

# Half a point: who has the formula right has most of an exercise, and what its answers share is one slip.
POINTS = 0.5
# Each of two layouts once; of an exercise with two branches, both by the second.
CASES = 2
USES = ("first", "second", "third")
TRIES = 5  # a size out of four primes is another one in most draws, and so are nearly all of them in the best of five
# What most is lost by at hand-in: defaults, what is given staying as it was, extremes. It is asked at home as well; and where
# an exercise has nothing of its own that asks whether its input is changed, "memory" asks it there.
AS_IT_WAS = ("new_array", "new_arrays", "kept", "untouched")
AT_HOME = (*AS_IT_WAS, "default", "defaults", "default_momentum", "edges", "extremes", "no_alpha", "no_power", "no_target",
           "options")  # fmt: skip
READ_ONLY = ("fortran, read-only", "strided, read-only")
WRITABLE = ("fortran", "strided")


def with_contract(
    exercises: tuple[Exercise, ...],
    *,
    base: Mapping[str, str] | None = None,
    given_nothing: Collection[str] = (),
    in_place: Collection[str] = (),
    dear: bool = False,
) -> tuple[Exercise, ...]:
    """These exercises, each with the checks of the contract.

    base: the check to make them from, by the exercise's name; by default its first. given_nothing: exercises that are handed
    numbers and texts alone, so that there is no memory to look at. in_place: exercises that update the arrays they are given.
    dear: whether what is made is asked of mistakes in its own exercise alone, as in a topic that trains.
    """
    base = base or {}
    if unknown := {*base, *given_nothing, *in_place} - {exercise.name for exercise in exercises}:
        raise ValueError(f"no such exercise: {', '.join(sorted(unknown))}")
    found = []
    for exercise in exercises:
        wanted = base.get(exercise.name, exercise.checks[0].name)
        names = [check.name for check in exercise.checks]
        if len(set(names)) < len(names) or wanted not in names:
            wrong = next((name for name in names if names.count(name) > 1), wanted)
            raise ValueError(f"{exercise.name} has {'no' if wrong not in names else 'two'} checks of the name {wrong!r}")
        check = exercise.checks[names.index(wanted)]
        updates = exercise.name in in_place
        own = tuple(replace(each, public=each.public or each.name in AT_HOME) for each in exercise.checks)
        asks = any(each.name in AS_IT_WAS for each in own)
        memory = replace(_memory(check, updates), public=not (updates or asks or dear or check.dear))
        made = [_apart(check, updates)] + [memory] * (exercise.name not in given_nothing)
        made = [replace(each, dear=dear or each.dear) for each in made]
        found.append(replace(exercise, checks=(*own, *made)))
    return tuple(found)


def _memory(check: Check, in_place: bool) -> Check:
    """The same check on arrays that lie otherwise in memory."""
    return _asking(
        check,
        name="memory",
        sentence=MEMORY_IN_PLACE if in_place else MEMORY,
        layouts=WRITABLE if in_place else READ_ONLY,
        untouched=not in_place,
    )


def _asking(check: Check, **changes: Any) -> Check:
    """A check made from another: hidden, of the contract's weight, of drawn cases; without Keras, which was asked already."""
    made = {"keras": None, "cases": CASES, "points": POINTS, "public": False, "quiet": False, "worked": None, **changes}
    return replace(check, **made)


def _apart(check: Check, in_place: bool) -> Check:
    """Uses that take turns; where answers are compared one more, on the arrays of the first with the numbers of the second."""
    # A measure looks at the case, whose numbers are then other ones; and where arrays are updated, they are the answer.
    again = check.measure is None and not in_place

    def inputs(draw: Draw) -> Inputs:
        first, second = alike(check.inputs, draw)
        return {"first": first, "second": second, "third": of_other_sizes(check.inputs, draw, first)}

    def program(student: Any, **cases: Mapping[str, Any]) -> dict[str, Any]:
        def use(case: Mapping[str, Any]) -> Callable[[], Any]:
            return lambda: check.program(student, **case)

        answers: dict[str, Any] = {}
        for name, found in zip(USES, interleaved(*[use(cases[name]) for name in USES]), strict=True):
            answers |= _called(name, found)
        if again:
            of_second = [name for name in answers if name.startswith("second, ")]
            answers |= kept_and_written_over({name: answers[name] for name in of_second})
            first, second = cases["first"], cases["second"]
            for array, content in zip(arrays_in(first), arrays_in(second), strict=True):
                fill(array, content.copy())  # the numbers that the second was given, whatever became of its array
            answers |= _called("again", check.program(student, **first))
        return answers

    measure = check.measure
    compare = None if check.compare is None else tuple(f"{use}, {name}" for use in USES for name in check.compare)
    return _asking(
        check,
        name="apart",
        sentence=APART,
        inputs=inputs,
        program=program,
        measure=_of_each(measure) if measure is not None else None,
        compare=compare,
        untouched=False,
    )


def _called(which: str, answers: Any) -> dict[str, Any]:
    named = answers if isinstance(answers, dict) else {"result": answers}
    return {f"{which}, {name}": answer for name, answer in named.items()}


def _of_each(measure: Callable[..., Mapping[str, Claim]]) -> Callable[..., Mapping[str, Claim]]:
    """A measure of all uses from the measure of one."""

    def of_each(case: Inputs, answers: Answers, *right: Answers) -> dict[str, Claim]:
        claims: dict[str, Claim] = {}
        for which in USES:
            parts = [
                {name.removeprefix(f"{which}, "): answer for name, answer in part.items() if name.startswith(f"{which}, ")}
                for part in (answers, *right)
            ]
            claims |= {f"{which}, {name}": claim for name, claim in measure(case[which], *parts).items()}
        return claims

    return of_each


class _Remembering(Draw):
    """Draws, and remembers what Hypothesis chose."""

    def __init__(self, draw: Draw) -> None:
        self._drawing = draw
        self.chosen: list[Any] = []

    def __call__(self, strategy: Any) -> Any:
        self.chosen.append(self._drawing(strategy))
        return self.chosen[-1]

    def seed(self, drawn: int) -> int:
        return self._drawing.seed(drawn)


class _Repeating(_Remembering):
    """Draws what was drawn before; seeds go on, so that arrays have the same shapes and other numbers."""

    def __init__(self, draw: Draw, chosen: list[Any]) -> None:
        super().__init__(draw)
        self._left = iter(chosen)

    def __call__(self, strategy: Any) -> Any:
        return next(self._left)


def alike(inputs: Callable[[Draw], Inputs], draw: Draw) -> tuple[Inputs, Inputs]:
    """Two cases of the same sizes and options, with other numbers."""
    remembering = _Remembering(draw)
    first = inputs(remembering)
    second = inputs(_Repeating(draw, remembering.chosen))
    if _shapes(first) != _shapes(second):
        raise ValueError("sizes hang on a seed; draw them from Hypothesis")
    return first, second


def of_other_sizes(inputs: Callable[[Draw], Inputs], draw: Draw, first: Inputs) -> Inputs:
    """Another case: of several the one with the most sizes that are others, as a class may remember any one of them."""
    due = [size for shape in _shapes(first) for size in shape]

    def differences(case: Inputs) -> int:
        found = [size for shape in _shapes(case) for size in shape]
        return abs(len(found) - len(due)) + sum(size != before for size, before in zip(found, due, strict=False))

    return max((inputs(draw) for _ in range(TRIES)), key=differences)


def _shapes(case: Inputs) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays_in(case)]
