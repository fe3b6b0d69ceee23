"""Records answers: draws every check's cases by Hypothesis, and asks reference, Keras and misconceptions, once a secret."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from autograder.declare.catalogue import OURS, Catalogue
from autograder.declare.compare import ERROR, INPUTS, WARNINGS, agree, form_of, observe
from autograder.declare.script import written
from autograder.declare.source import Family, Misconception
from autograder.declare.table import Check, Draw, Inputs, arrays_in
from autograder.errors import GraderFault, NotInstalled, Unfit
from autograder.recording import answers as store
from autograder.recording.answers import Answers, Record, RecordedCheck
from autograder.recording.depends import versions_of
from autograder.recording.families import Number, compared, differ, family_of, form_through, in_a_row, numbers_of
from autograder.recording.misconceptions import (
    ANYTHING,
    can_run,
    functions_of,
    make_module,
    mutant_tree,
    mutants,
    parsed,
    runs,
)
from autograder.recording.slips import Slip, answers_with, slips_of
from autograder.text import did_you_mean, line_of, mistake_in
from autograder.wall.inside import wire
from autograder.wall.inside.perform import Case, Outcome, Script, perform_all, request

Progress = Callable[[str, int, int], None]


def keras_is_here() -> bool:
    """Whether Keras and TensorFlow are installed; found without importing them."""
    return all(importlib.util.find_spec(name) for name in ("keras", "tensorflow"))


def not_installed(libraries: Collection[str]) -> list[str]:
    """Those of these distributions that are not installed here."""
    here = versions_of(libraries)
    return [name for name in libraries if name not in here]


def answers_for(topic: str, secret: bytes, progress: Progress | None = None, catalogue: Catalogue = OURS) -> Answers:
    """A topic's recorded answers, rebuilt without Keras where they are missing or unfit and the reference is at hand.

    Raises GraderFault where they cannot be had.
    """
    path = store.record_path(topic, secret)
    wanted = store.made_from(topic, secret, catalogue)
    try:
        return store.load(path, wanted)
    except Unfit as why:
        if not catalogue.has_reference(topic):
            raise store.refuse(topic, why) from None
    with store.recording(path):
        with contextlib.suppress(Unfit):
            return store.load(path, wanted)  # another process has recorded it meanwhile
        record = record_topic(topic, secret, with_keras=False, progress=progress, catalogue=catalogue)
        _keep(record, path)
    return Answers(record)


def _keep(record: Record, path: Path) -> None:
    with contextlib.suppress(OSError):  # a machine without a writable cache records each time; slower, and no less right
        store.save(record, path)


def draw_cases(check: Check, seed: int) -> list[dict[str, Any]]:
    """A check's cases for a seed: a worked example, then what Hypothesis generates, the smallest first, without repeats."""
    import hypothesis

    found: dict[bytes, dict[str, Any]] = {}

    @hypothesis.seed(seed)
    @hypothesis.settings(search_settings(check.cases), phases=[hypothesis.Phase.generate])
    @hypothesis.given(case_strategy(check, seed))
    def collect(case: dict[str, Any]) -> None:
        found.setdefault(wire.encode(case), case)

    collect()
    drawn = sorted(list(found.values())[: check.cases], key=lambda case: sum(a.size for a in arrays_in(case)))
    return [dict(check.worked(Draw(_drawn_of_example, seed))), *drawn] if check.worked else drawn


def _drawn_of_example(strategy: Any) -> Any:
    raise ValueError(f"a worked example draws {strategy}: its numbers are the same for everybody")


def case_strategy(check: Check, seed: int) -> Any:
    """The Hypothesis strategy of a check's cases, for the seed that its course gives it."""
    from hypothesis import strategies as st

    @st.composite
    def drawn(draw: Callable[[Any], Any]) -> Inputs:
        draw(st.none())  # Hypothesis warns of a composite that draws nothing, as one does whose numbers are fixed
        return check.inputs(Draw(draw, seed))

    return drawn()


def search_settings(most: int) -> Any:
    """Hypothesis's settings: as many examples at most, and nothing that depends on the clock, the disk or other modules."""
    import hypothesis

    _register_provider()
    return hypothesis.settings(
        max_examples=most,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        backend=_PROVIDER,
    )


_PROVIDER = "nablagrade"


def _register_provider() -> None:
    """Hypothesis also draws constants found in whatever local modules are imported; our inputs must not depend on that."""
    from hypothesis.internal.conjecture import providers

    if _PROVIDER in providers.AVAILABLE_PROVIDERS:
        return

    class Provider(providers.HypothesisProvider):
        def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
            return None

    providers.AVAILABLE_PROVIDERS[_PROVIDER] = Provider


@dataclass(frozen=True)
class Right:
    """What the reference answers to a check, case by case: what is compared, forms of what is measured, and all in bytes."""

    expected: list[dict[str, Any]]
    forms: list[dict[str, Any]]
    keras: list[dict[str, Any]] | None
    outcomes: list[bytes]
    idle: frozenset[str]  # functions of the reference that were not called: another in such a one's place changes nothing


class _Asked:
    """One check with its cases traced into scripts."""

    def __init__(self, check_id: str, exercise: str, check: Check, secret: bytes) -> None:
        self.id, self.exercise, self.check = check_id, exercise, check
        self.cases = draw_cases(check, store.seed_for(secret, check_id))
        self.scripts, self.script_cases, self.names = written(check.program, self.cases, check.layout)
        self.uses = names_used(self.scripts)

    def ask(self, module: Any) -> list[bytes]:
        """The outcome of each case, in the wire's bytes, as a submission's answers come: a tuple is a list on the far side."""
        return [wire.encode(outcome) for outcome in perform_all(module, self.scripts, self.script_cases)]


_outcome = wire.decoder(Outcome)


@contextlib.contextmanager
def called_in(file: str) -> Iterator[set[str]]:
    """The functions and methods of a module, by their dotted names, that are called meanwhile, in whatever thread."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename == file:
            called.add(frame.f_code.co_qualname)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def names_asked(scripts: list[Script]) -> set[str]:
    """The names of the module that scripts use."""
    return {step[3] for script in scripts for step in script.steps if step[0] == "attribute" and step[2] == ["slot", 0]}


def names_used(scripts: list[Script]) -> frozenset[str]:
    """The names that scripts use, of the module and of its objects: what cannot run then changes nothing that they answer."""
    names = {step[3] for script in scripts for step in script.steps if step[0] in ("attribute", "assign")}
    # What a library is handed, it uses by names of its own.
    return frozenset(names | {ANYTHING for script in scripts for step in script.steps if step[0] == "library"})


def calls_in(scripts: list[Script], cases: list[Case]) -> int:
    """How many calls these cases make."""
    calls = [sum(step[0] in ("call", "attempt") for step in script.steps) for script in scripts]
    return sum(calls[case.script] for case in cases)


def record_topic(
    topic: str,
    secret: bytes,
    *,
    with_keras: bool,
    with_misconceptions: bool = True,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
    catalogue: Catalogue = OURS,
) -> Record:
    """Ask everyone everything about a topic. Raises GraderFault where reference, Keras and checks do not agree.

    Without misconceptions a record is good for verdicts, and names nothing. only: identifiers of the checks to ask, for tests.
    """
    table = catalogue.topic(topic)
    checks = [entry for entry in table.checks() if only is None or entry[0] in only]
    if "keras" in table.needs.imports:
        _start_keras(topic)
    if missing := not_installed(table.needs.libraries):
        raise NotInstalled(topic, missing)
    said = progress or (lambda *_: None)
    source = catalogue.reference_source(topic)
    reference, functions = _reference(topic, source), functions_of(source)
    wrong = mutants(topic, catalogue) if with_misconceptions else []
    steps = len(checks) + len(wrong)
    asked, parts = [], []
    for done, (check_id, exercise, check) in enumerate(checks):
        said(topic, done, steps)
        try:
            question = _Asked(check_id, exercise.name, check, secret)
        except Exception as error:
            path = catalogue.tables(topic) / f"{topic}.py"
            said_of = mistake_in(catalogue.table_file(topic), line_of(error, path), error)
            raise GraderFault(f"{said_of} The check is {check_id}.") from error
        asked.append(question)
        _look_for_names(question, reference, topic, catalogue)
        parts.append(_right_answers(question, reference, functions, with_keras))
    running = [runs(source, question.uses) for question in asked]
    mistaken: list[dict[str, list[dict[str, Any]]]] = [{} for _ in asked]
    for done, mutant in enumerate(wrong, len(asked)):
        said(topic, done, steps)
        where = f"reference/misconceptions/{topic}.py, line {getattr(mutant.node, 'lineno', 0)}: {mutant.about.name}"
        tree = mutant_tree(topic, mutant, catalogue)
        try:
            module = make_module(topic, tree)
        except Exception as error:
            raise GraderFault(f"{where} cannot be put into the reference: {type(error).__name__}: {error}.") from error
        for question, right, wrongs, can in zip(asked, parts, mistaken, running, strict=True):
            if mutant.replaces in right.idle or not can_run(mutant.replaces, can):
                continue
            if question.check.dear and question.exercise != mutant.about.exercise:
                continue
            seen = _wrong(question, question.ask(module), right)
            if any(case.get(ERROR) == "NameError" for case in seen):
                raise GraderFault(f"{where} uses a name that reference/{topic}.py does not have.")
            if any(seen):
                wrongs[mutant.about.name] = [wire_safe(case) for case in seen]
    told, slipped = _slips(topic, asked, parts, mistaken, reference, catalogue) if wrong else ([], [{} for _ in asked])
    families, varied = _families(topic, asked, parts, reference, catalogue) if wrong else ([], [{} for _ in asked])
    said(topic, steps, steps)
    return Record(
        topic=topic,
        made_from=store.made_from(topic, secret, catalogue),
        keras_version=_keras_version() if with_keras else "",
        misconceptions=[mutant.about for mutant in wrong],
        checks=[
            RecordedCheck(
                id=question.id,
                request=request(question.scripts, question.script_cases),
                names=question.names,
                cases=wire.encode(question.cases),
                expected=wire.encode(right.expected),
                forms=wire.encode(right.forms),
                keras=wire.encode(right.keras) if right.keras is not None else b"",
                mistaken=wire.encode(wrongs),
                calls=calls_in(question.scripts, question.script_cases),
                slips=wire.encode(slips) if slips else b"",
                families=wire.encode(numbers) if numbers else b"",
            )
            for question, right, wrongs, slips, numbers in zip(asked, parts, mistaken, slipped, varied, strict=True)
        ],
        slips=told,
        families=families,
    )


_Wrong = dict[str, list[dict[str, Any]]]

# So many bytes of answers are kept of one slip: what answers with thousands of numbers draws them, and is told by statistics.
LARGEST_SLIP = 20_000
# Of a family three times as much is kept: it is of two numbers, and another number shows in most checks.
LARGEST_FAMILY = 60_000


def _slips(
    topic: str, asked: list[_Asked], parts: list[Right], mistaken: list[_Wrong], reference: ModuleType, catalogue: Catalogue
) -> tuple[list[Misconception], list[_Wrong]]:
    """The slips that are told apart by what they answer, and what each answers wrongly in every check of its exercise.

    Of several that answer alike the first is kept; one that answers as a known mistake does is that mistake.
    """
    table, source = catalogue.topic(topic), catalogue.reference_source(topic)
    told: list[Misconception] = []
    slipped: list[_Wrong] = [{} for _ in asked]
    if table.source is not None or table.needs.libraries:  # a quiz computes nothing, and a training takes seconds
        return told, slipped
    names = [exercise.name for exercise in table.exercises]
    for exercise in names:
        own = [place for place, question in enumerate(asked) if question.exercise == exercise and not question.check.dear]
        questions = [(asked[place], parts[place]) for place in own]
        known = {name for place in own for name in mistaken[place]}
        seen = {wire.encode([mistaken[place].get(name) for place in own]) for name in known}
        firsts = {wire.encode(mistaken[own[0]].get(name)) for name in known} if own else set()
        for slip in slips_of(exercise, source, reference, names) if own else ():
            answers = _slip_answers(slip, reference, questions, firsts)
            content = wire.encode(answers)
            if answers is None or content in seen or len(content) > LARGEST_SLIP:
                continue
            seen.add(content)
            firsts.add(wire.encode(answers[0]))
            told.append(slip.about)
            for place, wrong in zip(own, answers, strict=True):
                if wrong is not None:
                    slipped[place][slip.about.name] = wrong
    return told, slipped


def _slip_answers(
    slip: Slip, reference: ModuleType, questions: list[tuple[_Asked, Right]], firsts: set[bytes]
) -> list[list[dict[str, Any]] | None] | None:
    """What a slip answers wrongly, a list of cases for each check; None where no value is wrong.

    firsts: what is known to be answered to the first check. What answers that alike, or nothing, or rightly, is asked no more.
    """
    found: list[list[dict[str, Any]] | None] = []
    values = False
    for question, right in questions:
        try:
            answered = (
                right.outcomes
                if slip.place in right.idle
                else slip.answers(reference, lambda question=question: question.ask(reference))  # type: ignore[misc]
            )
        except Exception:  # it cannot be put there
            return None
        wrong = [wire_safe(case) for case in _wrong(question, answered, right)]
        if not found and (all(ERROR in case for case in wrong) or (any(wrong) and wire.encode(wrong) in firsts)):
            return None
        if not found and not slip.anywhere and not any(map(_of_the_right_form, wrong, right.expected)):
            return None
        values = values or any(set(case) - {ERROR, INPUTS, WARNINGS} for case in wrong)
        found.append(wrong if any(wrong) else None)
    return found if values else None


_Pair = tuple[list[dict[str, Any]], list[dict[str, Any]]]  # what is answered wrongly in each case, for two numbers
_Varied = dict[str, _Pair]


def _families(
    topic: str, asked: list[_Asked], parts: list[Right], reference: ModuleType, catalogue: Catalogue
) -> tuple[list[Family], list[_Varied]]:
    """The numbers on which an exercise's answers depend in a known way, and what two other numbers answer to its checks."""
    table, source = catalogue.topic(topic), catalogue.reference_source(topic)
    told: list[Family] = []
    varied: list[_Varied] = [{} for _ in asked]
    if table.source is not None or table.needs.libraries:
        return told, varied
    for exercise in [exercise.name for exercise in table.exercises]:
        own = [place for place, question in enumerate(asked) if question.exercise == exercise and not question.check.dear]
        seen: set[bytes] = set()
        for number in numbers_of(exercise, source, reference) if own else ():
            found = _variation(number, reference, [(asked[place], parts[place]) for place in own])
            if found is None:
                continue
            form, answers = found
            content = wire.encode(answers)
            if content in seen or len(content) > LARGEST_FAMILY:
                continue
            seen.add(content)
            family = family_of(number, exercise, form)
            told.append(family)
            for place, pair in zip(own, answers, strict=True):
                if any(map(any, pair)):
                    varied[place][family.name] = pair
    return told, varied


def _variation(number: Number, reference: ModuleType, questions: list[tuple[_Asked, Right]]) -> tuple[str, list[_Pair]] | None:
    """By which function of a number answers change, and the answers to each check for two of it; None where by none."""
    form, found = "", []
    for question, right in questions:
        nothing: list[dict[str, Any]] = [{} for _ in question.cases]
        if number.place in right.idle:
            found.append((nothing, nothing))
            continue
        due = compared(question.check, right.expected)
        first = _varied_answers(number, number.values[0], reference, question, right) if number.option else nothing
        second = _varied_answers(number, number.values[1], reference, question, right)
        if first is None or second is None:
            return None
        rows = [in_a_row(due, first), in_a_row(due, second)]
        if not form and differ(*rows):
            third = _varied_answers(number, number.values[2], reference, question, right)
            rows.append(None if third is None else in_a_row(due, third))
            form = form_through(number.values, rows, fixed=not number.option)
            if not form:
                return None
        found.append((first, second))
    return (form, found) if form else None


def _varied_answers(
    number: Number, value: float, reference: ModuleType, question: _Asked, right: Right
) -> list[dict[str, Any]] | None:
    """What is answered wrongly with another number; None where it cannot be put there, or a case ends in an error."""
    try:
        answered = answers_with(number.place, number.make(value), reference, lambda: question.ask(reference))
    except Exception:
        return None
    wrong = _wrong(question, answered, right)
    return None if any(ERROR in case for case in wrong) else [wire_safe(case) for case in wrong]


def _of_the_right_form(wrong: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether a value is wrong that could be a right one: a form says itself what it is."""
    return any(
        name not in expected or form_of(value) == form_of(expected[name]) for name, value in wrong.items() if name != ERROR
    )


def _reference(topic: str, source: str) -> ModuleType:
    """The reference as a module. Raises GraderFault with its line where it is no Python, or cannot be run."""
    file = f"reference/{topic}.py"
    parsed(source, file)
    try:
        return make_module(topic, source)
    except Exception as error:
        raise GraderFault(mistake_in(file, line_of(error, f"{topic}.py"), error)) from error


def _look_for_names(question: _Asked, reference: ModuleType, topic: str, catalogue: Catalogue) -> None:
    """Raises GraderFault where a check asks for what the reference does not define."""
    for name in sorted(names_asked(question.scripts)):
        if not hasattr(reference, name):
            near = did_you_mean(name, vars(reference))
            where = catalogue.table_line(topic, f'"{name}"')
            raise GraderFault(f"{where}: {question.id} asks for {name}, which reference/{topic}.py does not define.{near}")


def wire_safe(case: Mapping[str, Any]) -> dict[str, Any]:
    """Observations in the wire's types."""
    return {name: wire.portable(value) for name, value in case.items()}


def compared_and_measured(check: Check, right: Outcome) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a case is held against: the reference's answers to compare, and the forms of its answers that are measured.

    Compared is what the check declares; where it declares nothing, all of them, or none if there is a measure. A measure that
    is against the reference's answers has all of them.
    """
    everything = () if check.measure and not check.against else tuple(right.outputs)
    names = everything if check.compare is None else check.compare
    expected = {name: value for name, value in right.outputs.items() if name in names}
    return expected, {name: form_of(value) for name, value in right.outputs.items() if name not in names}


def _start_keras(topic: str) -> None:
    """Load Keras before a reference that is itself written in it does, quiet and set as behind the wall."""
    if not keras_is_here():
        raise NotInstalled(topic, ["keras", "tensorflow"])
    from autograder.declare.keras_oracle import keras

    keras()


def _right_answers(question: _Asked, reference: Any, functions: frozenset[str], with_keras: bool) -> Right:
    """What to compare with and the forms of what is measured; the reference must pass, and agree with Keras."""
    check = question.check
    with called_in(f"{reference.__name__}.py") as called:
        answered = question.ask(reference)
    outcomes = [_outcome.decode(answer) for answer in answered]
    for case, outcome in zip(question.cases, outcomes, strict=True):
        if outcome.failure is not None:
            raise GraderFault(f"{question.id}: the reference fails: {outcome.failure} on {case}")
    held = [compared_and_measured(check, outcome) for outcome in outcomes]
    expected, forms = [right for right, _ in held], [form for _, form in held]
    right = Right(expected, forms, None, answered, idle=functions - called)
    for place, case in enumerate(question.cases):
        for name, observation in _observed(question, place, outcomes[place], right).items():
            if not observation.right:
                raise GraderFault(f"{question.id}: the reference fails {name}: {observation} on {case}")
    if check.keras is None or not with_keras:
        return right
    from autograder.declare.keras_oracle import keras

    keras()
    keras_answers = [_named_arrays(check.keras(**case)) for case in question.cases]
    for case, answer, outcome in zip(question.cases, keras_answers, outcomes, strict=True):
        for name, value in answer.items():
            ours = outcome.outputs[name]
            if not agree(_plain(ours), _plain(value), check.keras_tolerance):
                raise GraderFault(f"{question.id}: the reference answers {name} = {ours}, Keras {value}, on {case}")
    return replace(right, keras=keras_answers)


def _named_arrays(answers: Any) -> dict[str, Any]:
    named = answers if isinstance(answers, dict) else {"result": answers}
    return {name: _as_array(value) for name, value in named.items()}


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list) else _as_array(value)


def _as_array(value: Any) -> Any:
    """Keras's answer as float64 arrays; lists of tensors stay lists."""
    import numpy as np

    if isinstance(value, list | tuple):
        return [_as_array(item) for item in value]
    return np.asarray(value, dtype="float64")


def _observed(question: _Asked, place: int, outcome: Outcome, right: Right) -> dict[str, Any]:
    case, names = question.cases[place], question.names[place]
    return observe(question.check, case, names, outcome, right.expected[place], right.forms[place])


def _wrong(question: _Asked, answered: list[bytes], right: Right) -> list[dict[str, Any]]:
    """What is answered wrongly, for each case. The reference has been held against the check: what is its answer is right."""
    found: list[dict[str, Any]] = []
    for place, (answer, due) in enumerate(zip(answered, right.outcomes, strict=True)):
        seen = {} if answer == due else _observed(question, place, _outcome.decode(answer), right)
        found.append({name: one.observed for name, one in seen.items() if not one.right})
    return found


def _keras_version() -> str:
    from importlib.metadata import version

    return version("keras")
