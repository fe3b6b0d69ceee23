"""What a check lends to student code beside plain values: functions, recorders of calls, and a library's classes."""

from __future__ import annotations

import contextlib
import copy
import importlib
import operator
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from .wire import portable

# What a function that a check hands to a student may do: Python's operators, and these of NumPy's functions.
OPERATORS = {
    name: getattr(operator, name)
    for name in ("add", "sub", "mul", "truediv", "pow", "matmul", "neg", "abs", "getitem", "lt", "le", "gt", "ge")
}
NUMPY_FUNCTIONS = {
    name: getattr(np, name)
    for name in (
        "sin", "cos", "tan", "exp", "log", "log1p", "tanh", "sqrt", "square", "absolute", "maximum", "minimum", "where", "sum",
        "mean", "dot", "prod", "add", "subtract", "multiply", "divide", "true_divide", "power", "negative", "matmul", "ravel",
        "less", "greater",
    )
}  # fmt: skip


# What a term of a formula is, where it is no plain expression of a script.
FormulaTag = Literal["argument", "apply", "list", "tuple"]


def formula_function(value: Callable[[list[Any]], Any], body: list[Any], arity: int) -> Callable[..., Any]:
    """A function from its formula: nested ``["apply", [name, operands]]`` over its arguments and the case's constants.

    value: evaluates what is no argument. A constant is copied when first used, so that the function stays what it was whatever
    a student does to the arrays of the case.
    """
    constants: dict[int, Any] = {}

    def evaluate(term: list[Any], arguments: tuple[Any, ...]) -> Any:
        tag, content = term
        if tag == "argument":
            return arguments[content]
        if tag == "apply":
            name, operands = content
            return (OPERATORS.get(name) or NUMPY_FUNCTIONS[name])(*[evaluate(operand, arguments) for operand in operands])
        if tag in ("list", "tuple"):
            return (list if tag == "list" else tuple)(evaluate(item, arguments) for item in content)
        return constants[id(term)]

    def keep(term: list[Any]) -> None:
        tag, content = term
        if tag in ("apply", "list", "tuple"):
            for item in content[1] if tag == "apply" else content:
                keep(item)
        elif tag != "argument":
            constants[id(term)] = copied(value(term))

    keep(body)

    def function(*arguments: Any) -> Any:
        if len(arguments) != arity:
            raise TypeError(f"f takes {arity} argument{'s' * (arity != 1)}, and was given {len(arguments)}")
        answer = evaluate(body, arguments)
        return answer.copy() if type(answer) is np.ndarray else answer  # new memory each time, even of a constant

    return function


class Recorder:
    """Takes every call of a public method of any name, and keeps the method's name with a copy of its arguments.

    A check hands one to student code that promises to call something: a callback, say. Attributes may be set on it.
    """

    def __init__(self) -> None:
        self._calls: list[list[Any]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "calls":
            return self._calls
        return lambda *arguments, **keywords: self._calls.append([name, *map(_kept, arguments), _kept(keywords)])


class Probe:
    """A layer without parameters that shows what it was told: in training it adds 1 to every entry, at inference nothing."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}
        self.gradients: dict[str, Any] = {}
        self.state: dict[str, Any] = {}

    def build(self, input_shape: Any) -> None:
        """It has nothing to make."""

    def forward(self, x: Any, training: bool = False) -> Any:
        """``x + 1`` in training, else ``x``, in new memory."""
        return x + (1.0 if training else 0.0)

    def backward(self, upstream: Any) -> Any:
        """The slope of both is 1."""
        return upstream + 0.0


def answers_as_probe(layer: Any) -> None:
    """Have a layer's forward answer as a :class:`Probe` does, also where its class lets nobody set what it does not name."""

    def forward(x: Any, training: bool = False) -> Any:  # the Probe's own, written out for who copies this text alone
        return x + (1.0 if training else 0.0)

    try:
        layer.forward = forward
    except AttributeError:
        kind: Any = type(layer)
        spied = type(kind)(kind.__name__, (kind,), {"__slots__": (), "forward": staticmethod(forward)})
        object.__setattr__(layer, "__class__", spied)


def _kept(value: Any) -> Any:
    try:
        return portable(copied(value))
    except Exception:
        return portable(value)


def copied(value: Any) -> Any:
    """A copy that shares nothing with the value."""
    return value.copy("K") if type(value) is np.ndarray else copy.deepcopy(value)  # K: in the same order in memory


# What a caller writes into answers that it was given: no exercise answers with this number.
WRITTEN_OVER = -86420.75


def kept(answer: Any) -> Any:
    """An answer as it is now: arrays, also in lists, tuples and dicts, are copied, and all else is what it was."""
    return _rebuilt(answer, copied)


def write_over(answer: Any) -> None:
    """Do with an answer what whoever received it may do: write into its arrays, where they can be written to."""
    _rebuilt(answer, _written_over)


def _rebuilt(answer: Any, made: Callable[[np.ndarray], Any]) -> Any:
    if type(answer) is np.ndarray:
        return made(answer)
    if type(answer) is list or type(answer) is tuple:
        return type(answer)([_rebuilt(entry, made) for entry in answer])
    if type(answer) is dict:
        return {name: _rebuilt(entry, made) for name, entry in answer.items()}
    return answer


def _written_over(array: np.ndarray) -> None:
    with contextlib.suppress(ValueError, TypeError, OverflowError):  # it is read-only, or holds no such numbers
        array[...] = WRITTEN_OVER


_libraries: frozenset[str] | None = None


def allow_libraries(names: frozenset[str]) -> None:
    """Bound what :func:`from_library` may reach in this process, for good; the grader's own process has no bound."""
    global _libraries  # noqa: PLW0603
    _libraries = names if _libraries is None else _libraries & names


def from_library(module: str, name: str) -> Any:
    """A library's module, or what stands in it under a dotted name. A leading dot is a module of ours, beside this one."""
    if _libraries is not None and module[0] != "." and module.split(".", maxsplit=1)[0] not in _libraries:
        raise ValueError(f"no such library here: {module}")
    found: Any = importlib.import_module(module, __package__)
    for part in name.split(".") if name else ():
        found = getattr(found, part)
    return found
