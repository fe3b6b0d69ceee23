"""Slips that everybody makes, made by machine out of a reference: once for every exercise, each with a sentence.

An argument that is ignored, two that are swapped, the answer of the function beside, another axis, a mean for a sum, a term or
brackets left out. A slip is no claim about somebody's code: its sentence says whose answers these are, and that is so wherever
they are the same. So it is looked for only where no known mistake of the exercise explains what is wrong.
"""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from autograder.declare.source import Misconception

# So many edits of one kind are made of a function, and so many in all: each costs milliseconds when answers are recorded, and
# the search for a line tries all of them, and more, on what a student wrote.
MOST_OF_A_KIND = 2
MOST_EDITS = 14
# A sibling is one of so many before or behind it in the handout, or the derivative.
NEAR = 2


@dataclass(frozen=True)
class Slip:
    """One slip: what is told of it, and what it puts in the place of a definition of the reference's module."""

    about: Misconception
    anywhere: (
        bool  # whether it may show in some checks alone, as what ignores an argument does; else all ordinary inputs show it
    )
    place: str  # the dotted name that it stands for
    make: Callable[[ModuleType], Any]  # what stands there then

    def answers(self, module: ModuleType, ask: Callable[[], list[Any]]) -> list[Any]:
        """What is answered while it is in its place."""
        return answers_with(self.place, self.make, module, ask)


def answers_with(place: str, make: Callable[[ModuleType], Any], module: ModuleType, ask: Callable[[], list[Any]]) -> list[Any]:
    """What is answered while something else stands in a place of a module."""
    owners, _, name = place.rpartition(".")
    owner = _found(owners, module) if owners else module
    inherited = name not in vars(owner)
    right = inspect.getattr_static(owner, name)
    setattr(owner, name, make(module))
    try:
        return ask()
    finally:
        if inherited:
            delattr(owner, name)
        else:
            setattr(owner, name, right)


def slips_of(exercise: str, source: str, module: ModuleType, names: list[str]) -> list[Slip]:
    """The slips of one exercise. names: of the topic's exercises, among which the sibling functions are."""
    place = placed(exercise, module)
    node = definition(source, place) if place else None
    if node is None:
        return []
    found: dict[str, Slip] = {}
    for kind, words, look, make in _made(place, node, module, names):
        about = Misconception(f"{exercise}: {kind}", exercise, f"Your answers are those {words}.", look)
        found.setdefault(about.name, Slip(about, any(word in kind for word in _SHOWN_BY_SOME), place, make))
    return list(found.values())


_SHOWN_BY_SOME = ("ignored", "small number", "boundary")

# Its kind, whose answers they are, a question, and what stands in its place.
_Made = tuple[str, str, str, Callable[[ModuleType], Any]]


def placed(exercise: str, module: ModuleType) -> str:
    """What a student writes for an exercise: a function, a class or a method. ``SGD.momentum`` is a part of SGD."""
    first, _, second = exercise.partition(".")
    owner = getattr(module, first, None)
    if owner is None:
        return ""
    return exercise if second and inspect.isclass(owner) and inspect.isfunction(getattr(owner, second, None)) else first


def definition(source: str, place: str) -> ast.FunctionDef | ast.ClassDef | None:
    first, _, second = place.partition(".")
    body: list[ast.stmt] = ast.parse(source).body
    node = next((n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == first), None)
    if node is None or not second:
        return node
    return next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == second), None)


def _made(place: str, node: ast.FunctionDef | ast.ClassDef, module: ModuleType, names: list[str]) -> Iterator[_Made]:
    if isinstance(node, ast.ClassDef):
        yield from _arguments_of_class(place, module)
    else:
        yield from _siblings(place, module, names)
        yield from _arguments(place, module)
    yield from itertools.islice(_edited(place, node), MOST_EDITS)


# --- whole functions --------------------------------------------------------------------------------------------------------


def _found(place: str, module: ModuleType) -> Any:
    found: Any = module
    for name in place.split("."):
        found = getattr(found, name)
    return found


def _named(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    found = inspect.signature(function).parameters
    return {name: p for name, p in found.items() if p.kind is p.POSITIONAL_OR_KEYWORD and name != "self"}


def _wrapped(place: str, change: Callable[[Callable[..., Any], dict[str, Any]], Any]) -> Callable[[ModuleType], Any]:
    """What calls the right function in another way. change: gets it, and the arguments by name."""

    def make(module: ModuleType) -> Any:
        right = _found(place, module)

        @functools.wraps(right)
        def wrong(*args: Any, **kwargs: Any) -> Any:
            return change(right, _named(right, args, kwargs))

        return wrong

    return make


def _siblings(place: str, module: ModuleType, names: list[str]) -> Iterator[_Made]:
    """The answer of another function of the topic that takes the same arguments, or fewer."""
    if "." in place:
        return
    own = _parameters(getattr(module, place))
    listed = list(dict.fromkeys(name.partition(".")[0] for name in names))
    here = listed.index(place)
    for distance, other in enumerate(listed, -here):
        akin = other.startswith(place) or place.startswith(other)
        derived = any(place == f"{other}{end}" or other == f"{place}{end}" for end in _OF_A_DERIVATIVE)
        sibling = getattr(module, other, None)
        if other == place or not inspect.isfunction(sibling) or (abs(distance) > NEAR and not akin):
            continue
        theirs = list(_parameters(sibling))
        if not theirs or not set(theirs) <= set(own) or next(iter(own)) not in theirs:
            continue

        def change(right: Any, given: dict[str, Any], theirs: list[str] = theirs, sibling: Any = sibling) -> Any:
            return sibling(**{name: given[name] for name in theirs})

        look = "Which of the two does the docstring ask for: the function or its derivative?" if derived else ""
        yield f"answers of {other}", f"of {other}, and not of {place}", look or _WHICH, _wrapped(place, change)


_OF_A_DERIVATIVE = ("_derivative", "_gradient", "_backward")
_WHICH = "Which formula does the handout give for this one?"
_USE = "Where does your code use this argument?"
_FALSE = "What does Python make of `0 or 1`, and of `if not 0`?"


def _zero_words(name: str, value: Any) -> str:
    return f"for {name}={value!r}, its default, where {name} is given as 0"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _differs_from_zero(default: Any) -> bool:
    """Whether an option with this default tells a 0 from none given."""
    return default is None or (_is_number(default) and bool(default))


# What becomes of the arguments that are given, by their names.
_Change = Callable[[dict[str, Any]], dict[str, Any]]


def _fixed(name: str, value: Any) -> _Change:
    return lambda given: {**given, name: value}


def _none_for_zero(name: str, default: Any) -> _Change:
    def change(given: dict[str, Any]) -> dict[str, Any]:
        return {**given, name: default if _is_number(given[name]) and given[name] == 0 else given[name]}

    return change


def _given_otherwise(place: str, module: ModuleType, change: _Change) -> Callable[[ModuleType], Any]:
    """A function that is called, or a class that is made, with other arguments than those that it is given."""
    if inspect.isclass(_found(place, module)):
        return _made_with(place, change)
    return _wrapped(place, lambda right, given: right(**change(given)))


def _arguments(place: str, module: ModuleType) -> Iterator[_Made]:
    parameters = _parameters(_found(place, module))

    def swapped(first: str, second: str) -> Callable[[ModuleType], Any]:
        def change(right: Any, given: dict[str, Any]) -> Any:
            if isinstance(given[first], np.ndarray) != isinstance(given[second], np.ndarray):
                raise TypeError("an array is not taken for an option")
            return right(**{**given, first: given[second], second: given[first]})

        return _wrapped(place, change)

    def upstream(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[ModuleType], Any]:
        return _wrapped(place, lambda right, given: right(**{**given, "upstream": change(given["upstream"])}))

    for name, parameter in parameters.items():
        if parameter.default is not parameter.empty:
            value = parameter.default
            if isinstance(value, bool):
                yield (
                    f"{name} ignored",
                    f"for {name}={value}, whatever is given",
                    _USE,
                    _given_otherwise(place, module, _fixed(name, value)),
                )
                yield f"{name} turned", f"of the other branch: {name} has the opposite meaning", _USE, _turned(place, name)
            else:
                yield (
                    f"{name} ignored",
                    f"for {name}={value!r}, its default, whatever is given",
                    _USE,
                    _given_otherwise(place, module, _fixed(name, value)),
                )
                if _differs_from_zero(value):
                    yield (
                        f"{name} of 0 ignored",
                        _zero_words(name, value),
                        _FALSE,
                        _given_otherwise(place, module, _none_for_zero(name, value)),
                    )
        else:
            for value, words in ((1.0, "1"), (0.0, "0")):
                yield f"{name} as {words}", f"for {name} = {words}, whatever is given", _USE, _number_as(place, name, value)
        for axis in (0, -1):
            yield (
                f"first of {name}" if axis == 0 else f"last of {name}",
                f"for the {'first' if axis == 0 else 'last'} entry of {name} alone, as if it stood for all",
                "Which of its entries does your code go through?",
                _entry_alone(place, name, axis),
            )
    listed = list(parameters)
    for first, second in ((a, b) for i, a in enumerate(listed) for b in listed[i + 1 :]):
        yield (
            f"{first} and {second} swapped",
            f"of a call in which {first} and {second} are swapped",
            "In which order does your code take them?",
            swapped(first, second),
        )
    if "upstream" in parameters:
        where = "Where does the chain rule put the upstream gradient?"
        yield (
            "upstream ignored",
            "for an upstream gradient of ones: the one that is given changes nothing",
            where,
            upstream(np.ones_like),
        )
        yield (
            "upstream squared",
            "for the upstream gradient multiplied by itself: it is taken twice",
            where,
            upstream(np.square),
        )


def _entry_alone(place: str, name: str, axis: int) -> Callable[[ModuleType], Any]:
    """Of a list one entry alone. What is done to one row of an array is seen in the answer's rows."""

    def change(right: Any, given: dict[str, Any]) -> Any:
        value = given[name]
        if isinstance(value, list) and value:
            return right(**{**given, name: [value[axis]]})
        return right(**given)

    return _wrapped(place, change)


def _number_as(place: str, name: str, number: float) -> Callable[[ModuleType], Any]:
    """An argument as this number, where it is one."""

    def change(right: Any, given: dict[str, Any]) -> Any:
        value = given[name]
        if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
            value = type(value)(number)
        return right(**{**given, name: value})

    return _wrapped(place, change)


def _turned(place: str, name: str) -> Callable[[ModuleType], Any]:
    return _wrapped(place, lambda right, given: right(**{**given, name: not given[name]}))


def _made_with(place: str, change: _Change) -> Callable[[ModuleType], Any]:
    """A class that is made with other arguments than those that it is given."""

    def make(module: ModuleType) -> Any:
        right = getattr(module, place)

        class Wrong(right):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                given = _named(right.__init__, (self, *args), kwargs)
                given.pop("self", None)
                super().__init__(**change(given))

        return Wrong

    return make


def with_option(place: str, module: ModuleType) -> Iterator[tuple[str, Callable[[float], Callable[[ModuleType], Any]]]]:
    """The arguments of a function or a class, each with what takes a fixed number for it, where a number is given."""
    owner = _found(place, module)
    try:
        parameters = _parameters(owner.__init__ if inspect.isclass(owner) else owner)
    except (TypeError, ValueError):
        return
    for name in parameters:

        def fix(number: float, name: str = name) -> Callable[[ModuleType], Any]:
            def change(given: dict[str, Any]) -> dict[str, Any]:
                if not _is_number(given[name]):
                    raise TypeError("a number is not taken for an array")
                return {**given, name: number}

            return _given_otherwise(place, module, change)

        yield name, fix


def _arguments_of_class(place: str, module: ModuleType) -> Iterator[_Made]:
    """A class that ignores an argument of its own, or swaps two."""
    cls = getattr(module, place)
    try:
        parameters = _parameters(cls.__init__)
    except (TypeError, ValueError):
        return

    def swapped(first: str, second: str) -> _Change:
        return lambda given: {**given, first: given[second], second: given[first]}

    for name, parameter in parameters.items():
        if parameter.default is not parameter.empty:
            value = parameter.default
            words = f"for {name}={value!r}, its default, whatever is given"
            yield f"{name} ignored", words, _USE, _made_with(place, _fixed(name, value))
            if _differs_from_zero(value):
                yield f"{name} of 0 ignored", _zero_words(name, value), _FALSE, _made_with(place, _none_for_zero(name, value))
    listed = list(parameters)
    for first, second in ((a, b) for i, a in enumerate(listed) for b in listed[i + 1 :]):
        words = f"for {first} and {second} swapped"
        yield f"{first} and {second} swapped", words, "Which of the two is which?", _made_with(place, swapped(first, second))


# --- one edit of the reference -----------------------------------------------------------------------------------------------


def _edited(place: str, node: ast.FunctionDef | ast.ClassDef) -> Iterator[_Made]:
    """One edit of what the reference does; its words say what is other in the formula, and not where."""
    counts: dict[str, int] = {}
    spots = [inner for inner in ast.walk(node) if isinstance(inner, ast.expr)]
    for index, spot in enumerate(spots):
        for kind, words, look, replacement in _edits(spot):
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] > MOST_OF_A_KIND:
                continue
            number = f" {counts[kind]}" if counts[kind] > 1 else ""
            changed = _with(node, spots, index, replacement)
            if changed is not None:
                yield f"{kind}{number}", f"of the right formula with {words}", look, _compiled(place, changed)


def _with(node: Any, spots: list[ast.expr], index: int, replacement: ast.expr) -> Any:
    """The definition with one of its expressions replaced."""
    wanted = spots[index]

    class Put(ast.NodeTransformer):
        def visit(self, inner: ast.AST) -> Any:
            return replacement if inner is wanted else self.generic_visit(_shallow(inner))

    return ast.fix_missing_locations(ast.copy_location(Put().visit(node), node))


def _shallow(node: ast.AST) -> ast.AST:
    made = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(made, name, list(value))
    return made


def with_spot(place: str, node: Any, spots: list[ast.expr], index: int, replacement: ast.expr) -> Callable[[ModuleType], Any]:
    """The definition with one of its expressions replaced, to be put in its place."""
    return _compiled(place, _with(node, spots, index, replacement))


def _compiled(place: str, changed: Any) -> Callable[[ModuleType], Any]:
    def make(module: ModuleType) -> Any:
        made: dict[str, Any] = {}  # its names are the module's, and the module keeps its own definition
        exec(compile(ast.Module([changed], []), f"{module.__name__}.py", "exec", dont_inherit=True), vars(module), made)
        return made[changed.name]

    return make


_Edit = tuple[str, str, str, ast.expr]

_SIGN = "Go through the formula term by term: which sign has each?"
_TERM = "Go through the formula term by term: is each of them there?"
_BRACKETS = "What does Python compute first here: a product, a quotient, a power or a sum?"
_AXIS = "Which axis is the batch, and which one does the formula run over?"

_OPERATORS: dict[type[ast.operator], tuple[tuple[type[ast.operator], str, str, str], ...]] = {
    ast.Add: ((ast.Sub, "minus", "one sign turned round, as where a minus stands for a plus", _SIGN),),
    ast.Sub: ((ast.Add, "plus", "one sign turned round, as where a plus stands for a minus", _SIGN),),
    ast.Mult: ((ast.Div, "divided", "a division where a product belongs", _TERM),),
    ast.Div: (
        (ast.Mult, "multiplied", "a product where a division belongs", _TERM),
        (ast.FloorDiv, "whole division", "`//` for `/`: the quotient is rounded down", "What is 3 // 2?"),
    ),
    ast.FloorDiv: ((ast.Div, "division", "`/` for `//`: the quotient is not rounded down", "What is 3 // 2?"),),
    ast.Mod: ((ast.FloorDiv, "whole division", "`//` for `%`", "What is 7 // 3, and what is 7 % 3?"),),
}
_LEFT_OUT = {ast.Add: "a term", ast.Sub: "a term", ast.Mult: "a factor", ast.Div: "a division", ast.Pow: "a power"}
_RELATIVES = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "var": "std",
    "std": "var", "floor": "ceil", "ceil": "floor", "argmax": "argmin", "sqrt": "square", "square": "sqrt", "sin": "cos",
    "cos": "sin", "any": "all", "all": "any", "log": "log10", "log1p": "log", "expm1": "exp", "round": "floor",
}  # fmt: skip
_STRICT: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
# What is added or clipped at to keep from dividing by 0: other books have other ones.
_SMALL, _OTHER_SMALL = 1e-4, (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 0.0)


def _edits(node: ast.expr) -> Iterator[_Edit]:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for other, kind, words, look in _OPERATORS.get(type(op), ()):
                yield kind, words, look, ast.BinOp(left, other(), right)
            if type(op) in _LEFT_OUT:
                what = _LEFT_OUT[type(op)]
                yield f"{what} left out", f"{what} left out", _TERM, left
                if isinstance(op, ast.Add | ast.Sub | ast.Mult):
                    kept = ast.UnaryOp(ast.USub(), right) if isinstance(op, ast.Sub) else right
                    yield f"{what} left out", f"{what} left out", _TERM, kept
            words = "brackets in another place, left out or too many"
            if isinstance(right, ast.BinOp):
                yield "brackets", words, _BRACKETS, ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
            if isinstance(left, ast.BinOp):
                yield "brackets", words, _BRACKETS, ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
            if isinstance(op, ast.Sub | ast.Div | ast.MatMult):
                sides = "the two sides of a difference, a division or a matrix product exchanged"
                yield "sides exchanged", sides, "Which of the two comes first?", ast.BinOp(right, op, left)
        case ast.UnaryOp(op=ast.USub()):
            yield "minus left out", "a minus left out", _SIGN, node.operand
        case ast.Constant():
            yield from _other_constants(node)
        case ast.Compare(ops=[operator]):
            if strict := _STRICT.get(type(operator)):
                words = "a boundary that is counted on the other side, as by < for <="
                yield "boundary", words, "What is due where both sides are equal?", _compared(node, strict)
            if turned := _TURNED.get(type(operator)):
                yield "comparison", "a comparison turned round", "Which side is which?", _compared(node, turned)
        case ast.Call():
            yield from _other_calls(node)
        case ast.Attribute(attr="T"):
            yield "transpose left out", "a transpose left out", "Which shapes meet there?", node.value


def _compared(node: ast.Compare, operator: type[ast.cmpop]) -> ast.expr:
    return ast.Compare(node.left, [operator()], node.comparators)


def _other_constants(node: ast.Constant) -> Iterator[_Edit]:
    value = node.value
    if isinstance(value, float) and 0 < value < _SMALL:
        for other in _OTHER_SMALL:
            if other != value:
                words = "another small number to divide by or to clip at than the one that is asked for"
                yield f"small number {other:g}", words, "Which epsilon does the docstring name?", ast.Constant(other)


def _other_calls(node: ast.Call) -> Iterator[_Edit]:
    if not isinstance(node.func, ast.Attribute):
        return
    name, numpy_ = node.func.attr, isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
    if other := _RELATIVES.get(name):
        words = f"`{other}` for `{name}`"
        called = ast.Attribute(node.func.value, other, ast.Load())
        yield words, words, "What does each of the two compute?", ast.Call(called, node.args, node.keywords)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg != "axis":
            continue
        for axis in (0, -1, None):
            other_axis = [*node.keywords[:place], ast.keyword("axis", ast.Constant(axis)), *node.keywords[place + 1 :]]
            words = f"`{name}` over {'all axes' if axis is None else 'another axis'}"
            yield f"{name} over axis {axis}", words, _AXIS, ast.Call(node.func, node.args, other_axis)
    if numpy_ and node.args and name not in ("where", "array", "asarray", "zeros", "ones", "empty"):
        yield f"{name} left out", f"`np.{name}` left out", _TERM, node.args[0]
    if numpy_ and name == "where" and len(node.args) == 3:
        sides = [node.args[0], node.args[2], node.args[1]]
        words = "the two branches of a condition exchanged"
        yield "branches exchanged", words, "Which one belongs to which side?", ast.Call(node.func, sides, node.keywords)
