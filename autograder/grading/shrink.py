"""Lets Hypothesis shrink a public check's failing input, where the recorded cases do not hold the smallest one already.

The first recorded case is the simplest that the strategies can draw, so there is nothing to shrink where it fails. Where
only later cases fail, Hypothesis searches for the smallest that does: the student's code behind the wall, the reference here.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

from autograder.declare.catalogue import Catalogue
from autograder.declare.compare import Observation, observe
from autograder.declare.script import trace
from autograder.declare.table import Check
from autograder.grading.judge import Shown, Verdict
from autograder.recording.answers import seed_for
from autograder.recording.misconceptions import make_module
from autograder.recording.record import case_strategy, compared_and_measured, search_settings
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Case, Failure, Outcome, perform, request

Ask = Callable[[bytes], list[Outcome]]

# Two hundred inputs find a failure that one in twenty inputs shows, all but surely; each costs some .3 ms.
MOST_EXAMPLES = 200


def worth_shrinking(verdict: Verdict, catalogue: Catalogue) -> bool:
    """Whether a smaller failing input than the recorded ones may exist and may be shown."""
    deterministic = verdict.check.measure is None or verdict.check.compare is not None
    return bool(
        verdict.check.public
        and deterministic
        and verdict.status in ("failed", "error")
        and verdict.first_wrong
        and catalogue.has_reference(verdict.check_id.split("/")[0])
    )


def shrink(verdict: Verdict, secret: bytes, ask: Ask, catalogue: Catalogue) -> None:
    """Put the smallest failing case that Hypothesis finds into the verdict as what is shown. Raises what asking raises."""
    import hypothesis
    from hypothesis.errors import NoSuchExample

    topic, check = verdict.check_id.split("/")[0], verdict.check
    reference = make_module(topic, catalogue.reference_source(topic))
    smallest: list[Shown] = []

    def fails(case: dict[str, Any]) -> bool:
        seen, failure = _observed(check, reference, case, ask)
        wrong = {name: observation for name, observation in seen.items() if not observation.right}
        if wrong:
            smallest[:] = [Shown(case, wrong, failure)]
        return bool(wrong)

    seed = seed_for(secret, verdict.check_id)
    settings, source = search_settings(MOST_EXAMPLES), random.Random(seed)
    try:
        case = hypothesis.find(case_strategy(check, seed), fails, settings=settings, random=source)
    except NoSuchExample:
        return
    fails(case)
    verdict.shown = smallest[0]


def _observed(
    check: Check, reference: ModuleType, case: dict[str, Any], ask: Ask
) -> tuple[dict[str, Observation], Failure | None]:
    script, constants, names = trace(check.program, case, check.layout())
    right = _outcome.decode(wire.encode(perform(reference, script, constants)))
    expected, forms = compared_and_measured(check, right)
    (outcome,) = ask(request([script], [Case(0, constants)]))
    return observe(check, case, names, outcome, expected, forms), outcome.failure


_outcome = wire.decoder(Outcome)
