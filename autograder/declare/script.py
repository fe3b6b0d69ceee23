"""Writes scripts: a check's program is plain Python over stand-ins, and each thing it does to them becomes a step.

>>> import numpy as np
>>> def program(student, x):
...     return {"y": student.sigmoid(x)}
>>> script, constants, names = trace(program, {"x": np.array([0.5])})
>>> [step[0] for step in script.steps]
['attribute', 'call']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from itertools import zip_longest
from typing import Any, NoReturn

import numpy as np

from autograder.wall.inside import wire
from autograder.wall.inside.lent import NUMPY_FUNCTIONS, OPERATORS, FormulaTag
from autograder.wall.inside.perform import Case, Script, Tag, Word

__all__ = [
    "Symbol",
    "assign",
    "attempt",
    "entry",
    "fill",
    "function",
    "interleaved",
    "kept_and_written_over",
    "length",
    "library",
    "may_fail",
    "recorder",
    "rng",
    "same_memory",
    "same_object",
    "snapshot",
    "sorted_keys",
    "trace",
]


# Tag and body, see the module that performs them. A list, as it is on the other side of the wall.
Expression = list[Any]


def _tagged(tag: Tag | FormulaTag, body: Any) -> Expression:
    return [tag, body]


class _Tracer:
    def __init__(self, case: Mapping[str, Any]) -> None:
        self.steps: list[list[Any]] = []
        self.constants: list[np.ndarray] = []
        self.names: list[str] = []
        self._index: dict[int, int] = {}
        # Lists and dicts that the program passes, each with its name: held here, so that no other gets the id of one of them.
        self._containers: dict[int, tuple[int, list[Any] | dict[str, Any]]] = {}
        self.container_names: list[str] = []
        self.due = -1
        for name, value in case.items():
            self._name(name, value)

    def _name(self, name: str, value: Any) -> None:
        if isinstance(value, list | dict):
            self._container(value, name)
        if isinstance(value, np.ndarray):
            self._constant(value, name)
        elif isinstance(value, list | tuple):
            for i, item in enumerate(value):
                self._name(f"{name}[{i}]", item)
        elif isinstance(value, dict):
            for key, item in value.items():
                self._name(f"{name}[{key!r}]", item)

    def _constant(self, array: np.ndarray, name: str = "") -> int:
        # One array object is one constant, so that a program that passes x twice passes the same object twice.
        if id(array) not in self._index:
            self._index[id(array)] = len(self.constants)
            self.constants.append(array)
            self.names.append(name)
        return self._index[id(array)]

    def _container(self, container: list[Any] | dict[str, Any], name: str = "") -> int:
        if id(container) not in self._containers:
            self._containers[id(container)] = (len(self.container_names), container)
            self.container_names.append(name or f"the {type(container).__name__} that was given")
        return self._containers[id(container)][0]

    def _held(self, container: list[Any] | dict[str, Any], content: Expression) -> Expression:
        return _tagged("held", [self._container(container), content])

    def expression(self, value: Any) -> Expression:
        if isinstance(value, Symbol):
            return _tagged("slot", value._slot)
        if isinstance(value, np.ndarray):
            return _tagged("constant", self._constant(value))
        if isinstance(value, np.generic):
            return _tagged("value", value.item())
        if isinstance(value, list):
            return self._held(value, _tagged("list", [self.expression(item) for item in value]))
        if isinstance(value, tuple):
            return _tagged("tuple", [self.expression(item) for item in value])
        if isinstance(value, dict):
            return self._held(value, _tagged("dict", {key: self.expression(item) for key, item in value.items()}))
        if value is None or isinstance(value, bool | int | float | str):
            return _tagged("value", value)
        raise TypeError(f"a check's program passed a {type(value).__name__}, which does not cross the wall")

    def step(self, word: Word, *operands: Any) -> Symbol:
        slot = len(self.steps) + 1
        self.steps.append([word, slot, *operands])
        return Symbol(slot)


_tracer: ContextVar[_Tracer] = ContextVar("tracer")


class Symbol:
    """Stands for a value on the other side of the wall; using it writes a step."""

    def __init__(self, slot: int) -> None:
        self._slot = slot

    def __getattr__(self, name: str) -> Symbol:
        if name.startswith("_"):
            raise AttributeError(name)
        tracer = _tracer.get()
        return tracer.step("attribute", tracer.expression(self), name)

    def __call__(self, *arguments: Any, **keywords: Any) -> Symbol:
        return _call("call", self, arguments, keywords)

    def __getitem__(self, key: Any) -> Symbol:
        tracer = _tracer.get()
        return tracer.step("item", tracer.expression(self), tracer.expression(key))

    def __iter__(self) -> NoReturn:
        raise TypeError("a stand-in cannot be iterated: its length is not known here; index it instead")

    def __bool__(self) -> bool:
        raise TypeError("a stand-in has no truth value: a program cannot branch on a student's answer")


def _call(word: Word, function: Symbol, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Symbol:
    tracer = _tracer.get()
    return tracer.step(
        word,
        tracer.expression(function),
        [tracer.expression(item) for item in arguments],
        {key: tracer.expression(item) for key, item in keywords.items()},
    )


class Term:
    """Stands for a number or an array in a function that a program makes; computing with it writes the function's formula."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, formula: Expression) -> None:
        self._formula = formula

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Term:
        if method != "__call__" or options:
            raise TypeError(f"a function for students cannot use {ufunc.__name__} like that")
        return _apply(ufunc.__name__, *operands)

    def __array_function__(self, function: Any, _: Any, operands: Any, options: Any) -> Term:
        if options:
            raise TypeError(f"a function for students cannot give options to {function.__name__}")
        return _apply(function.__name__, *operands)

    def __bool__(self) -> bool:
        raise TypeError("a function for students has no branches; use np.where")

    def __iter__(self) -> NoReturn:
        raise TypeError("a function for students cannot iterate over its argument; index it")


def _apply(name: str, *operands: Any) -> Term:
    if name not in OPERATORS and name not in NUMPY_FUNCTIONS:
        raise TypeError(f"a function for students cannot use {name}")
    return Term(_tagged("apply", [name, [_formula(operand) for operand in operands]]))


def _formula(value: Any) -> Expression:
    if isinstance(value, Term):
        return value._formula
    if isinstance(value, list | tuple):
        return _tagged("list" if isinstance(value, list) else "tuple", [_formula(item) for item in value])
    return _tracer.get().expression(value)


def _operator(name: str, reflected: bool) -> Callable[..., Term]:
    return lambda *operands: _apply(name, *(reversed(operands) if reflected else operands))


for _name in OPERATORS:
    setattr(Term, f"__{_name}__", _operator(_name, False))
    if _name in ("add", "sub", "mul", "truediv", "pow", "matmul"):
        setattr(Term, f"__r{_name}__", _operator(_name, True))


def function(body: Callable[..., Any]) -> Symbol:
    """A function that the program hands to student code, written over stand-ins: ``function(lambda x: np.sum(x**2))``.

    It may use Python's operators, indexing and a table of NumPy's functions; see ``lent.NUMPY_FUNCTIONS``.
    """
    arity = body.__code__.co_argcount
    formula = _formula(body(*[Term(_tagged("argument", i)) for i in range(arity)]))
    return _tracer.get().step("function", formula, arity)


def library(module: str, name: str = "") -> Symbol:
    """A function or class of a library that the topic declares: ``library("sklearn.model_selection", "GridSearchCV")``."""
    return _tracer.get().step("library", module, name)


def recorder() -> Symbol:
    """An object that takes every call of a method of any name; ``.calls`` lists them as ``[name, *arguments, keywords]``."""
    return _tracer.get().step("recorder")


def attempt(function: Symbol, *arguments: Any, **keywords: Any) -> Symbol:
    """Call and go on whatever happens; the answer is "returned", or the name of the exception.

    A class of the student's own goes by the name of what it is a kind of.
    """
    return _call("attempt", function, arguments, keywords)


def fill(array: Symbol | np.ndarray, content: Any) -> None:
    """Put content into an array in place: ``array[...] = content``."""
    tracer = _tracer.get()
    tracer.step("fill", tracer.expression(array), tracer.expression(content))


def assign(owner: Symbol, name: str, value: Any) -> None:
    """Set an attribute: ``owner.name = value``."""
    tracer = _tracer.get()
    tracer.step("assign", tracer.expression(owner), name, tracer.expression(value))


def snapshot(value: Any) -> Symbol:
    """A copy of a value as it is now, for what is updated in place later on."""
    tracer = _tracer.get()
    return tracer.step("snapshot", tracer.expression(value))


def kept_and_written_over(answers: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """Answers as they are now; then their arrays are written into, as whoever received them may do."""
    tracer = _tracer.get()
    kept = {name: tracer.step("kept", tracer.expression(answer)) for name, answer in answers.items()}
    for answer in answers.values():
        tracer.step("write_over", tracer.expression(answer))
    return kept


def rng(seed: int) -> Symbol:
    """A fresh ``numpy.random.Generator`` from this seed; use the same symbol twice to share it."""
    return _tracer.get().step("random", seed)


def same_memory(first: Any, second: Any) -> Symbol:
    """Whether two arrays share memory."""
    tracer = _tracer.get()
    return tracer.step("same_memory", tracer.expression(first), tracer.expression(second))


def same_object(first: Any, second: Any) -> Symbol:
    """Whether two values are one object."""
    tracer = _tracer.get()
    return tracer.step("same_object", tracer.expression(first), tracer.expression(second))


def entry(table: Symbol, key: str, sets: bool = True) -> Symbol:
    """What stands under a key of a dict; an Ellipsis where nothing does, or where the table is itself one.

    Capitals of the key, and spaces around it, do not matter. A set is answered as a sorted list, or as the type "set" where
    order counts (sets=False). What is no dict has no entries: the answer is then of the type "entry of no dict".
    """
    tracer = _tracer.get()
    return tracer.step("entry", tracer.expression(table), key, sets)


def length(value: Symbol) -> Symbol:
    """``len(value)``."""
    tracer = _tracer.get()
    return tracer.step("length", tracer.expression(value))


def sorted_keys(value: Symbol) -> Symbol:
    """``sorted(value)`` of a dict: its keys in order."""
    tracer = _tracer.get()
    return tracer.step("sorted_keys", tracer.expression(value))


def may_fail() -> None:
    """From here on an exception is no failure, as another exercise is asked: answers that would have come are left out."""
    tracer = _tracer.get()
    if tracer.due < 0:
        tracer.due = len(tracer.steps)


def interleaved(*parts: Callable[[], Any]) -> list[Any]:
    """What these parts of a program answer when they take turns, a step of each at a time: none may notice the others."""
    tracer = _tracer.get()
    begin, written, answers = len(tracer.steps), [], []
    for part in parts:
        # Slots count on, so that a step knows its own operands whatever comes between.
        so_far = len(tracer.steps)
        answers.append(part())
        written.append(tracer.steps[so_far:])
    tracer.due = -1  # steps are mixed
    tracer.steps[begin:] = [step for turn in zip_longest(*written) for step in turn if step is not None]
    return answers


def trace(
    program: Callable[..., Any], case: Mapping[str, Any], layout: str = ""
) -> tuple[Script, list[np.ndarray], list[str]]:
    """The script that a program writes for one case, its constant arrays, and what may not change by name.

    The names are those of the arrays (empty if unnamed) and then of the lists and dicts. layout: how the arrays of the case
    lie in memory, see ``Script``.
    """
    tracer = _Tracer(case)
    token = _tracer.set(tracer)
    try:
        answers = program(Symbol(0), **case)
    finally:
        _tracer.reset(token)
    if not isinstance(answers, dict):
        answers = {"result": answers}
    outputs = {name: tracer.expression(value) for name, value in answers.items()}
    script = Script(tracer.steps, outputs, layout, sum(bool(name) for name in tracer.names), tracer.due)
    return script, tracer.constants, [*tracer.names, *tracer.container_names]


def written(
    program: Callable[..., Any], cases: Sequence[Mapping[str, Any]], layout: Callable[[int], str]
) -> tuple[list[Script], list[Case], list[list[str]]]:
    """The scripts that a program writes for its cases, each of them once; which of them each case takes; each case's names."""
    scripts: list[Script] = []
    taken: list[Case] = []
    names: list[list[str]] = []
    known: dict[bytes, int] = {}
    for number, case in enumerate(cases):
        script, constants, named = trace(program, case, layout(number))
        index = known.setdefault(wire.encode(script), len(scripts))
        if index == len(scripts):
            scripts.append(script)
        taken.append(Case(index, constants))
        names.append(named)
    return scripts, taken, names
