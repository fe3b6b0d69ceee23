"""Finds the known misconceptions that a submission's wrong answers agree with.

A misconception was recorded with all that it answers wrongly, in every check of its topic. It is named where the student's
answers are its answers, input for input, in at least one failing check of its own exercise, and where all that it gets wrong
in its own exercise is not right in the student's. The one that explains most is named first; then the next, for what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.declare.compare import ERROR, INPUTS, WARNINGS, alike
from autograder.declare.source import Misconception
from autograder.grading.judge import Verdict
from autograder.recording.answers import Answers

# What was wrong: (check, name of the observation).
Key = tuple[str, str]


@dataclass(frozen=True)
class Named:
    """A misconception that is named, with what it explains."""

    misconception: Misconception
    explained: frozenset[Key]

    def cases(self, verdict: Verdict) -> int:
        """In how many inputs of a check the answers agree with the misconception's."""
        return len({i for check, name in self.explained if check == verdict.check_id for i in verdict.wrong.get(name, ())})


def name_misconceptions(answers: Answers, verdicts: Iterable[Verdict]) -> list[Named]:
    """The misconceptions that explain what is wrong, the one that explains most first."""
    seen = {verdict.check_id: verdict for verdict in verdicts if verdict.status in ("passed", "failed", "error")}
    left = {(check_id, name) for check_id, verdict in seen.items() for name in verdict.wrong}
    if not left:
        return []
    candidates = [found for m in answers.misconceptions.values() if (found := _candidate(m, answers, seen, left))]
    named = []
    while candidates:
        ranked = sorted(candidates, key=lambda c: c.strength(left), reverse=True)
        best = ranked[0]
        if not best.explained & left & best.own:
            break
        rivals = [c for c in ranked[1:] if c.strength(left) == best.strength(left) and c.own & left & best.own]
        if not rivals:
            named.append(Named(best.misconception, frozenset(best.explained & left)))
        left -= best.explained
        candidates = [c for c in candidates if c is not best and c not in rivals and c.explained & left & c.own]
    return named


_WEAK = (ERROR, INPUTS, WARNINGS)


@dataclass(frozen=True)
class _Candidate:
    misconception: Misconception
    own: frozenset[Key]  # what it gets wrong in its own exercise
    explained: frozenset[Key]  # what of the student's errors it answers for
    predicted: int  # how much it gets wrong in all

    def strength(self, left: set[Key]) -> tuple[int, int, int]:
        return (len(self.explained & left), len(self.explained & left & self.own), -self.predicted)


def _candidate(m: Misconception, answers: Answers, seen: dict[str, Verdict], left: set[Key]) -> _Candidate | None:
    own, explained, predicted = set(), set(), 0
    for recorded in answers.record.checks:
        mistaken = answers.part(recorded.id, "mistaken").get(m.name)
        if mistaken is None:
            continue
        names = {name for case in mistaken for name in case}
        predicted += len(names)
        mine = recorded.id.split("/")[1] == m.exercise
        verdict = seen.get(recorded.id)
        if mine:
            own |= {(recorded.id, name) for name in names}
            if verdict is not None and _contradicts(verdict, mistaken):
                return None
        if verdict is not None:
            explained |= {(recorded.id, name) for name in names if _matches(name, verdict, mistaken)}
    # That something warns, fails or changes its input is a weak sign: many mistakes share it. It counts where nothing else is
    # wrong with the misconception.
    strong = {key for key in own if key[1] not in _WEAK}
    if not (strong or own) & explained:
        return None
    return _Candidate(m, frozenset(own), frozenset(explained & left), predicted)


def _contradicts(verdict: Verdict, mistaken: list[dict[str, object]]) -> bool:
    """Whether something is right that the misconception gets wrong. What another mistake hides, by an error, is unknown."""
    right = {name for wrong in mistaken for name in wrong} - verdict.wrong.keys()
    return any(name in seen for name in right for seen in verdict.observations)


def _matches(name: str, verdict: Verdict, mistaken: list[dict[str, object]]) -> bool:
    """Whether one observation is the misconception's in every case: wrong alike where it is wrong, right where it is right."""
    for seen, wrong in zip(verdict.observations, mistaken, strict=True):
        observation = seen.get(name)
        if name not in wrong:
            if observation is not None and not observation.right:
                return False
        elif (
            observation is None
            or observation.right
            or not alike(observation.observed, wrong[name], observation, verdict.check.tolerance)
        ):
            return False
    return any(name in wrong for wrong in mistaken)
