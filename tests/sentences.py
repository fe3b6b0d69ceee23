"""What a report says in all sorts of failures, held against what no sentence may say.

    python -m tests.sentences [TOPIC...] [--count N] [--seed S] [--show N]

Of every known mistake and every slip: what is said of each thing that it gets wrong. Of random mutants, graded through the
wall: all diagnoses and all things to fix. Prints how many sentences these are and each that says what none may; exit 1 if
any does.
--show: so many, drawn from all, to be read aloud.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

import click

from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, topic_names
from autograder.declare.compare import Observation, form_of
from autograder.grading.diagnose.explain import explain
from autograder.grading.diagnose.sentences import UNKNOWN, due_for_others, observation_words
from autograder.grading.engine import Grader, warm_grader
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.record import answers_for
from tests.conftest import submission_of
from tests.random_mutants import LIMITS, RandomMutant, sample

# What no sentence may say, each with why.
NEVER = {
    r"is (.+), where \1 is due": "what is there and what is due are told in the same words",
    r"returns (.+), where \1 is due": "what is there and what is due are told in the same words",
    r"it is (\S+), and should be \1[.]": "what is there and what is due are told in the same words",
    r": (yes|no), and it should be \1": "what is there and what is due are told in the same words",
    r"(exactly|about) -\S+ times too": "a negative number is no number of times",
    r"\b(exactly|about) (0|1) times|is 0 times": "once too large is right, and nothing is 0 times anything",
    r"off by 0%": "what is off is not off by nothing",
    r"chance allows": "a deterministic function has nothing to do with chance",
    r"\b(\d+) of (its )?\1 numbers|\b(\d+) of \3 (checks|inputs|failing)": "all of them are all",
    r"\b1 of (its )?\d+ numbers are|\bAll [012] |\bnumber are\b": "one is, and two are both",
    r"return statement missing\?.*\w+: |^\w+: .*return statement": "an attribute is not returned",
    r"<locals>|object at 0x|Foreign|\bnan\b|\binf\b|formula_function|no attribute 'tolist'": "a word of Python's innards",
    r"\.\.$|  |\?\.$|\{\}| [.,;:](\s|$)|,,|\bNone\.None": "not a sentence",
    r"(the list that was given), \1": "the same thing twice",
    r"exception of your own": "a library's exception is not a student's",
}  # fmt: skip

LONGEST = 600

# Where it was said, and what.
Said = tuple[str, str]


def faults(said: Iterable[Said]) -> list[str]:
    """Of these sentences those that say what none may, each with why."""
    found = []
    for where, sentence in said:
        whys = [why for pattern, why in NEVER.items() if re.search(pattern, sentence)]
        if sentence[-1:] not in (".", "?"):
            whys.append("it has no end")
        if len(sentence) > LONGEST:
            whys.append("nobody reads that much")
        found += [f"{where}: {sentence} ({why})" for why in whys]
    return found


def of_mistakes(topic: str, every: int = 1) -> Iterator[Said]:
    """What is said of everything that known mistakes and slips of a topic get wrong, from what was recorded.

    every: of both, one in so many.
    """
    answers = answers_for(topic, DEFAULT_SECRET)
    some = {about.name for about in (*answers.record.misconceptions[::every], *answers.record.slips[::every])}
    for check_id, _, _ in OURS.topic(topic).checks():
        for mistake, wrong in (answers.part(check_id, "mistaken") | (answers.part(check_id, "slips") or {})).items():
            for sentence in _of_recorded(answers, check_id, wrong) if mistake in some else ():
                yield f"{check_id}, {mistake}", sentence
    for slip in answers.record.slips:
        yield slip.name, f"{slip.text} {slip.look}"
    for family in answers.record.families:
        yield family.name, f"{family.text.format(0.25)} {family.look}"


def _of_recorded(answers: Answers, check_id: str, mistaken: list[dict[str, object]]) -> Iterator[str]:
    expected, forms, cases = (answers.part(check_id, part) for part in ("expected", "forms", "cases"))
    for name in dict.fromkeys(name for case in mistaken for name in case):
        wrong = [i for i, case in enumerate(mistaken) if name in case]
        seen = [Observation(mistaken[i][name], _due(name, expected[i], forms[i]), False) for i in wrong]
        yield observation_words(name, seen, [cases[i] for i in wrong], [due_for_others(name, i, expected) for i in wrong])


def _due(name: str, expected: dict[str, object], forms: dict[str, object]) -> object:
    form = name.removeprefix("form of ")
    if form == name:
        return expected.get(name, UNKNOWN)
    return forms[form] if form in forms else form_of(expected[form])  # a measure that judges forms itself


def of_mutant(grader: Grader, mutant: RandomMutant) -> Iterator[Said]:
    """What a report says of a random mutant: every diagnosis, and every thing to fix."""
    (result,) = grader.verdicts(submission_of(**{mutant.topic: mutant.source()}), [mutant.topic])
    explanations, fixes = explain(grader.answers(mutant.topic), result.verdicts)
    for check_id, explanation in explanations.items():
        for sentence in (explanation.diagnosis.text, explanation.diagnosis.evidence):
            if sentence:
                yield f"{mutant.name}, {check_id}", sentence
    for fix in fixes:
        for sentence in (fix.text, fix.evidence):
            if sentence:
                yield f"{mutant.name}, {fix.exercise}", sentence


@click.command()
@click.argument("topics", nargs=-1)
@click.option("--count", default=300, help="How many random mutants, over all topics.")
@click.option("--seed", default=1, help="Which of them, and which sentences are shown.")
@click.option("--show", default=0, help="So many sentences, to be read aloud.")
def main(topics: tuple[str, ...], count: int, seed: int, show: int) -> None:
    """Render every sentence and print those that say what none may."""
    asked = [topic for topic in topics or topic_names() if topic != "concepts"]
    said = [one for topic in asked for one in of_mistakes(topic)]
    with warm_grader(Course(limits=LIMITS), jobs=1) as grader:
        grader.shrinks = False
        trained = tuple(topic for topic in asked if not OURS.topic(topic).needs.libraries)
        for mutant in sample(trained, count, seed):
            said += of_mutant(grader, mutant)
    found = faults(said)
    for fault in dict.fromkeys(found):
        click.echo(fault)
    different = dict.fromkeys(sentence for _, sentence in said)
    for sentence in random.Random(seed).sample(list(different), min(show, len(different))):
        click.echo(f"- {sentence}")
    click.echo(f"{len(said)} sentences, {len(different)} different ones, {len(found)} say what none may")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
