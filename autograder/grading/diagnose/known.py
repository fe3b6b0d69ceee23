"""Finds the known misconceptions, or the slips made by machine, that a submission's wrong answers agree with.

A misconception was recorded with all that it answers wrongly, in every check of its topic. A name is a claim about somebody's
code, so it needs evidence: a whole failing check of its own exercise, in which the values are the misconception's, input for
input; and no answer in that exercise that is wrong in another way than the misconception's. What many mistakes share (an
exception, a warning, one statistic) goes with a name and never makes one. The misconception that explains most is named first,
if it has the evidence; then the next, for what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, Observation, alike, form_of, is_one_number
from autograder.declare.source import Misconception
from autograder.grading.diagnose.families import with_a_number
from autograder.grading.diagnose.signatures import is_error
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers, RecordedCheck

# What was wrong: (check, name of the observation).
Key = tuple[str, str]

# One statistic is shared by many mistakes: the variance of fan_out for fan_in, and that of a wrong constant, may both be .6 of
# what is due. Two that agree, of other shapes or other moments, are not chance.
FEWEST_STATISTICS = 2

# Where every number is right, and what a call does or returns is not: one such act (a call that is not refused, memory that is
# shared, another form) has many causes. Two or more with nothing else wrong are a pattern; a changed input is seen as it is.
FEWEST_ACTS = 2


@dataclass(frozen=True)
class Named:
    """A misconception that is named, with what it explains, and what in its exercise nothing that is named explains."""

    misconception: Misconception
    explained: frozenset[Key]
    unexplained: frozenset[Key] = frozenset()
    made: bool = False  # whether it is a slip, which was made by machine
    by_acts: bool = False  # whether every number is right, so that what is told is one way to do what is seen
    doubt: str = ""  # an exercise that this one uses, wrong without a name: all of this may follow from it

    def names(self, verdict: Verdict) -> list[str]:
        """What of a check's wrong answers it explains, in the check's own order."""
        return [name for name in verdict.wrong if (verdict.check_id, name) in self.explained]

    def cases(self, verdict: Verdict) -> int:
        """In how many inputs of a check the answers agree with the misconception's."""
        return len({i for name in self.names(verdict) for i in verdict.wrong[name]})

    def rest(self) -> tuple[int, int]:
        """How many checks of its exercise fail for another reason too, of how many that fail for this one or another."""
        beside = {check_id for check_id, _ in self.unexplained}
        return len(beside), len(beside | {check_id for check_id, _ in _of(self.misconception.exercise, self.explained)})


def name_misconceptions(
    answers: Answers, verdicts: Iterable[Verdict], may_go_on: Callable[[], bool] = lambda: True
) -> list[Named]:
    """The misconceptions that explain what is wrong, the one that explains most first.

    may_go_on: asked before each misconception is held against the answers; where it says no, none is named.
    """
    with np.errstate(all="ignore"):  # infinities are held against each other
        return _named(answers, verdicts, may_go_on)


def _named(answers: Answers, verdicts: Iterable[Verdict], may_go_on: Callable[[], bool]) -> list[Named]:
    seen = {verdict.check_id: verdict for verdict in verdicts if verdict.status in ("passed", "failed", "error")}
    wrong = {(check_id, name) for check_id, verdict in seen.items() for name in verdict.wrong}
    if not wrong:
        return []
    candidates = []
    failing = {check_id for check_id, _ in wrong}
    for m in answers.misconceptions.values():
        if not may_go_on():
            return []  # half of them could name the wrong one
        checks = answers.wrong_in[m.name]
        if failing.isdisjoint(check.id for check in checks):
            continue
        if found := _candidate(m, checks, lambda check_id: answers.part(check_id, "mistaken"), seen, wrong):
            candidates.append(found)
    left, chosen = set(wrong), []
    while candidates:
        ranked = sorted(candidates, key=lambda c: c.strength(left), reverse=True)
        best = ranked[0]
        if not best.explained & left & best.own:
            break
        rivals = [c for c in ranked[1:] if c.strength(left) == best.strength(left) and c.own & left & best.own]
        if not rivals:
            chosen.append((best, best.explained & left))
        left -= best.explained
        candidates = [c for c in candidates if c is not best and c not in rivals and c.explained & left & c.own]
    explained = frozenset[Key]().union(*(found for _, found in chosen))
    named = [
        Named(c.misconception, found, frozenset(_of(c.misconception.exercise, wrong) - explained), by_acts=c.by_acts)
        for c, found in chosen
        if c.has_a_whole_check(wrong, explained)
    ]
    told = {n.misconception.exercise for n in named} | {c.misconception.exercise for c, _ in chosen}
    return _in_doubt([*named, *_slips(answers, seen, wrong - explained, told, may_go_on)], answers, seen, wrong)


def _in_doubt(named: list[Named], answers: Answers, seen: dict[str, Verdict], wrong: set[Key]) -> list[Named]:
    """The same, each told in doubt where an exercise that its own uses is wrong, and has neither a name nor one's explanation.

    What is wrong there makes this exercise wrong too, whatever stands in it, and may well give the same answers. A dear check
    says nothing here: what mistakes of other exercises answer in it is not recorded.
    """
    explained = frozenset[Key]().union(*(n.explained for n in named))
    exercises = {n.misconception.exercise for n in named}
    unnamed = {check_id.split("/")[1] for check_id, _ in wrong - explained if not seen[check_id].check.dear} - exercises
    if not named or not unnamed:
        return named
    users = users_of(answers)
    in_order = [e for e in dict.fromkeys(r.id.split("/")[1] for r in answers.record.checks) if e in unnamed]

    def cause_of(exercise: str) -> str:
        """The first of those; of Model.fit and its part Model.fit.callbacks neither is a cause of the other."""
        return next((e for e in in_order if exercise in users.get(e, ()) and not is_part(e, exercise)), "")

    return [replace(n, doubt=cause_of(n.misconception.exercise)) for n in named]


def is_part(one: str, other: str) -> bool:
    """Whether one of two exercises is a part of the other, as ``Model.fit.callbacks`` is of ``Model.fit``."""
    return one.startswith(f"{other}.") or other.startswith(f"{one}.")


def users_of(answers: Answers) -> dict[str, set[str]]:
    """For each exercise those others that a known mistake in it makes wrong: they call it, or their checks do."""
    found: dict[str, set[str]] = {}
    for recorded in answers.record.checks:
        user = recorded.id.split("/")[1]
        for name in answers.part(recorded.id, "mistaken"):
            exercise = answers.misconceptions[name].exercise
            if exercise != user:
                found.setdefault(exercise, set()).add(user)
    return found


def _slips(
    answers: Answers, seen: dict[str, Verdict], wrong: set[Key], told: set[str], may_go_on: Callable[[], bool]
) -> list[Named]:
    """Slips that explain all that their checks see wrong in an exercise which no known mistake has a part in.

    Of two that explain it alike the first is told: whose answers these are is true of either.
    """
    named = []
    for exercise in dict.fromkeys(check_id.split("/")[1] for check_id in seen):
        asked = [r for r in answers.record.checks if r.slips and r.id in seen and r.id.split("/")[1] == exercise]
        failing = {key for key in wrong if key[0] in {r.id for r in asked}}
        if exercise in told or not failing or not may_go_on():
            continue
        for slip in _slips_for(answers, exercise, failing):
            if _undone(slip, failing, seen):
                continue
            found = _candidate(slip, asked, lambda check_id: answers.part(check_id, "slips"), seen, wrong)
            if found and found.evidence and failing <= found.explained and found.has_a_whole_check(wrong, found.explained):
                named.append(Named(slip, found.explained, made=True))
                break
        else:
            named += _families(answers, exercise, seen, _of(exercise, wrong))
    return named


def _families(answers: Answers, exercise: str, seen: dict[str, Verdict], failing: set[Key]) -> list[Named]:
    """The first number of an exercise which, being another one, explains all that is wrong in it."""
    for family in answers.record.families:
        if family.exercise == exercise and (found := with_a_number(family, answers, seen, failing)):
            return [Named(found, frozenset(failing), made=True)]
    return []


def _undone(slip: Misconception, failing: set[Key], seen: dict[str, Verdict]) -> bool:
    """Whether a difference that is turned round is right in most of what is wrong in part.

    Something behind it then undoes the sign, as a cosine or a square does, and what is wrong may be quite another thing.
    """
    if SIDES not in slip.name:
        return False
    asked = [
        found for check_id in {key[0] for key in failing} for case in seen[check_id].observations for found in case.values()
    ]
    return 2 * sum(found.right for found in asked) > len(asked)


SIDES = "sides exchanged"


def _slips_for(answers: Answers, exercise: str, failing: set[Key]) -> list[Misconception]:
    """Those slips of an exercise that get wrong whatever is wrong: by names of checks alone, which costs nothing."""
    checks = {check_id for check_id, _ in failing}
    return [
        slip
        for slip in answers.record.slips
        if slip.exercise == exercise and all(slip.name in (answers.part(check_id, "slips") or ()) for check_id in checks)
    ]


def _of(exercise: str, keys: Iterable[Key]) -> set[Key]:
    return {key for key in keys if key[0].split("/")[1] == exercise}


@dataclass(frozen=True)
class _Candidate:
    misconception: Misconception
    own: frozenset[Key]  # what it gets wrong in its own exercise
    evidence: frozenset[Key]  # of that, what is the student's too, and says more than that something is wrong
    explained: frozenset[Key]  # what of the student's errors it answers for
    predicted: int  # how much it gets wrong in all
    chosen: bool  # whether it is an answer that was chosen in a quiz
    by_acts: bool  # whether no number is evidence

    def strength(self, left: set[Key]) -> tuple[int, int, int]:
        return (len(self.explained & left), len(self.explained & left & self.own), -self.predicted)

    def has_a_whole_check(self, wrong: set[Key], explained: frozenset[Key]) -> bool:
        """Whether all that is wrong in a check of its own is explained, by it alone or with others, with evidence there.

        A wrong choice in a quiz is seen as what it is, whatever else was chosen.
        """
        if self.chosen:
            return bool(self.evidence)
        checks = {check_id for check_id, _ in self.evidence}
        return any({key for key in wrong if key[0] == check_id} <= explained for check_id in checks)


class _Agreement(Enum):
    """How what a student's answers show under one name in a check is to what a misconception's show."""

    WHOLE = "wrong alike in every input in which the misconception is wrong, and right in the others"
    NOT_WHOLE = "some inputs are right where the misconception is wrong, or ended in an error"
    OTHERWISE = "wrong in another way, or right wherever the misconception is wrong"


class _Kind(Enum):
    """What an observation that agrees is worth as evidence."""

    VALUE = "an answer compared with the right one, or many numbers measured"
    STATISTIC = "one number measured within what chance allows"
    ACT = "what a call does or returns apart from numbers: an input that is changed, a yes for a no, a form, None"
    SIGN = "an exception or a warning: many mistakes share it"


def _candidate(
    m: Misconception,
    checks: Iterable[RecordedCheck],
    mistakes: Callable[[str], Mapping[str, list[dict[str, Any]]]],
    seen: dict[str, Verdict],
    wrong: set[Key],
) -> _Candidate | None:
    own: set[Key] = set()
    explained: set[Key] = set()
    evidence: dict[_Kind, set[Key]] = {kind: set() for kind in _Kind}
    predicted = 0
    for recorded in checks:
        mistaken = mistakes(recorded.id).get(m.name)
        if mistaken is None:
            continue
        names = {name for case in mistaken for name in case}
        predicted += len(names)
        mine = recorded.id.split("/")[1] == m.exercise
        if mine:
            own |= {(recorded.id, name) for name in names}
        verdict = seen.get(recorded.id)
        if verdict is None:
            continue
        for name in names:
            agreement = _agreement(name, verdict, mistaken)
            if mine and agreement is _Agreement.OTHERWISE:
                return None
            if agreement is _Agreement.WHOLE:
                explained.add((recorded.id, name))
                if mine:
                    evidence[_kind(name, verdict)].add((recorded.id, name))
    counted = evidence[_Kind.VALUE]
    if len(evidence[_Kind.STATISTIC]) >= FEWEST_STATISTICS:
        counted |= evidence[_Kind.STATISTIC]
    acts, by_acts = evidence[_Kind.ACT], not counted
    if own <= explained and own == _of(m.exercise, wrong) and (len(acts) >= FEWEST_ACTS or any(n == INPUTS for _, n in acts)):
        counted |= acts
    chosen = not any(case for check_id, _ in own if check_id in seen for case in seen[check_id].cases)
    return _Candidate(m, frozenset(own), frozenset(counted), frozenset(explained), predicted, chosen, by_acts)


def _agreement(name: str, verdict: Verdict, mistaken: list[dict[str, Any]]) -> _Agreement:
    alike_in = right_in = hidden = guarded = 0
    for seen, wrong in zip(verdict.observations, mistaken, strict=True):
        observation = seen.get(name)
        if name not in wrong:
            if observation is not None and not observation.right:
                return _Agreement.OTHERWISE
        elif observation is None:
            hidden += 1  # an error ends a case: what would have been is unknown
        elif observation.right:
            if _is_guarded(wrong[name], observation.expected):
                guarded += 1
            else:
                right_in += 1
        elif alike(observation.observed, wrong[name], observation, verdict.check.tolerance):
            alike_in += 1
        elif _is_guarded(observation.observed, wrong[name]):
            guarded += 1  # the same mistake in a form that overflows besides
        else:
            return _Agreement.OTHERWISE
    if right_in and not alike_in and not hidden:
        return _Agreement.OTHERWISE
    return _Agreement.NOT_WHOLE if right_in or hidden or guarded else _Agreement.WHOLE


def _is_guarded(wrong: Any, expected: Any) -> bool:
    """Whether one answer differs from another by NaN or infinity alone.

    So does a misconception's from what is right where 0/0 can be kept off, as by ``max(n - 1, 1)`` for a batch of one; and a
    student's from a misconception's where the same wrong formula is written so that it overflows.
    """
    if not isinstance(wrong, float | np.ndarray) or form_of(wrong) != form_of(expected):
        return False
    given, due = np.asarray(wrong), np.asarray(expected)
    if given.dtype.kind != "f" or due.dtype.kind != "f":
        return False
    spoiled = ~np.isfinite(given)
    # Both come from the same inputs, by two ways of computing: they differ by rounding, which leaves some ten digits.
    return bool(np.any(spoiled & np.isfinite(due)) and np.allclose(given[~spoiled], due[~spoiled], 1e-9, 1e-12))


def _kind(name: str, verdict: Verdict) -> _Kind:
    seen = [found for case in verdict.observations if (found := case.get(name)) is not None and not found.right]
    if name == INPUTS:
        return _Kind.ACT
    if name in (ERROR, WARNINGS):
        return _Kind.SIGN
    if not any(verdict.cases):  # a question of a quiz is given nothing: what is seen is the answer that was chosen
        return _Kind.VALUE
    if name.startswith("form of "):
        return _Kind.ACT
    words = [found.observed for found in seen if isinstance(found.observed, bool | str) or found.observed is None]
    if any(isinstance(word, str) and is_error(word) for word in words):
        return _Kind.SIGN
    if words:
        return _Kind.ACT if all(word in (True, False, None, "returned") for word in words) else _Kind.VALUE
    return _Kind.STATISTIC if all(map(_is_statistic, seen)) else _Kind.VALUE


def _is_statistic(found: Observation) -> bool:
    return bool(np.any(np.asarray(found.within))) and is_one_number(found.observed)
