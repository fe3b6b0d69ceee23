"""The edits of a function that are tried, each with its kind: text in the place of one part of the student's own text.

What each kind paid in a trial decides the order. None of a replacement's text is ever told: a report has a line, and
sometimes the kind.
"""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from autograder.grading.locate.given import NOTHING, Given, defaults_of, lines_of

Kind = Literal[
    "constant", "flag", "term", "comparison", "strictness", "function", "operator", "sign", "condition", "logic", "axis",
    "memory", "order", "arguments", "return", "statement", "placement", "missing", "name",
]  # fmt: skip

# What a report calls each kind of edit; None where the kind leaves one alternative, so that the line alone is told.
KINDS: dict[Kind, str | None] = {
    "operator": "an operator in this line",
    "comparison": "a comparison in this line",
    "strictness": None,  # < and <=
    "flag": None,  # True and False
    "logic": None,  # and and or
    "sign": None,  # a minus more or less
    "axis": "an axis in this line",
    "function": "a function that this line calls",
    "constant": "a constant in this line",
    "condition": "a condition in this line",
    "return": "what is returned at this line",
    "memory": "what this line does with an array: a copy, or a change of one that others hold",
    "term": "a term or a call in this line",
    "arguments": "the arguments in this line",
    "order": "the order in which this line computes",
    "statement": "whether this line belongs here",
    "placement": "whether this line belongs in the loop",
    "missing": "a term or a call in this line",  # one that is not there
    "name": "a name in this line",
}
# In which order the kinds are tried.
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
# Each of these is tried after all others, and counts where no other mends: what they mend is more often luck.
_LATE: dict[Kind, int] = {"missing": 1, "name": 2}

# Constants that are tried everywhere, beside those that stand elsewhere in the file.
_COMMON = (0, 1, -1, 2, 0.5)
# So many of the constants that stand elsewhere in the file are tried.
_MOST_FOUND = 8
# The longest functions of ours have 1,500 edits; of another only so many are made, and none of an expression of more bytes.
MOST_EDITS, LONGEST_EXPRESSION = 5000, 2000
# So many names of a statement are tried in each other's place.
_MOST_SWAPPED = 5

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult, ast.Div),
    ast.Mult: (ast.Div, ast.Pow, ast.MatMult, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
_STRICT: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.Gt, ast.GtE),
    ast.LtE: (ast.Gt, ast.GtE),
    ast.Gt: (ast.Lt, ast.LtE),
    ast.GtE: (ast.Lt, ast.LtE),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NEAR = [
    ("sum", "mean"), ("max", "min"), ("argmax", "argmin"), ("maximum", "minimum", "clip"), ("floor", "ceil", "round"),
    ("log", "log1p", "log10", "log2"), ("exp", "expm1"), ("sqrt", "square", "abs"), ("zeros", "ones"),
    ("zeros_like", "ones_like"), ("var", "std"), ("tanh", "sinh", "arctan"), ("normal", "uniform"), ("sign", "abs"),
    ("all", "any"), ("cos", "sin"), ("sum", "prod"), ("append", "extend"), ("hstack", "vstack"),
    ("pop", "get"), ("int", "round"), ("mean", "median"),
]  # fmt: skip
# Functions that take an axis and keepdims.
_REDUCTIONS = frozenset({"sum", "mean", "max", "min", "var", "std", "argmax", "argmin", "prod", "all", "any", "norm"})
_AXES = (0, 1, -1, None)
# Of these, a part of a formula is often forgotten: the square of what is summed, or its absolute value.
_SUMS = frozenset({"sum", "mean", "max"})
_PRODUCTS = frozenset({"dot", "matmul"})


@dataclass(frozen=True)
class Edit:
    """One edit: these bytes of a text give way to others. line: of the text, in which what is edited begins.

    lines: the first and the last of the statement that is edited, or of its head; none for what is always run.
    """

    kind: Kind
    line: int
    start: int
    end: int
    text: bytes
    lines: tuple[int, int] = (0, 0)

    def applied(self, source: bytes) -> bytes:
        """The text with the edit in it."""
        return source[: self.start] + self.text + source[self.end :]


class Text:
    """A text that was parsed: where each node of it stands, in bytes."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: Any) -> tuple[int, int]:
        """First byte of a node, and the one behind its last."""
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        begin = self._starts[first - 1] + node.col_offset  # an @ stands where its function does
        return begin, self._starts[node.end_lineno - 1] + node.end_col_offset

    def line(self, number: int) -> str:
        """A line, without what surrounds it."""
        return self.source[self._starts[number - 1] : self._starts[number]].decode("utf-8", "replace").strip()


def constants_of(tree: ast.AST) -> list[int | float]:
    """The numbers that stand in a text, in its order and each once: where a wrong constant's right one may stand."""
    found: dict[tuple[type, int | float], int | float] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            found.setdefault((type(node.value), node.value), node.value)
    return list(found.values())


def late(edit: Edit) -> int:
    """Whether an edit counts only where no other mends, and after which of these."""
    return _LATE.get(edit.kind, 0)


@dataclass(frozen=True)
class Around:
    """What stands around a function: in its file, in its class, and in the assignment.

    numbers, constants: numbers that stand in the file, and names that it gives one. attributes: that an object of the class
    gets; read: that its methods ask for. methods: of the class. parameters: of the file's functions, classes and methods, by
    their names. values: names of arguments by the numbers that these have by default. given: what the assignment gives of it.
    """

    numbers: Sequence[int | float] = ()
    constants: Sequence[str] = ()
    attributes: Sequence[str] = ()
    read: Sequence[str] = ()
    methods: Sequence[str] = ()
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[float, Sequence[str]] = field(default_factory=dict)
    given: Given = NOTHING


def edits_of(function: ast.FunctionDef, text: Text, around: Around) -> list[Edit]:
    """All edits of a function, the telling ones first, and none of what was given."""
    found: dict[tuple[int, int, bytes], Edit] = {}
    lines = around.given.lines(function)
    for edit in itertools.islice(_Function(function, text, around).edits(), MOST_EDITS):
        if edit.line not in lines:
            found.setdefault((edit.start, edit.end, edit.text), edit)
    return sorted(found.values(), key=lambda edit: _ORDER[edit.kind])


class _Function:
    def __init__(self, function: ast.FunctionDef, text: Text, around: Around) -> None:
        self._function, self._text, self._around = function, text, around
        self._numbers, self._attributes, self._given = around.numbers, around.attributes, around.given
        arguments = function.args
        taken = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        bound = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self._names = [name for name in dict.fromkeys([*taken, *bound]) if name != "self"]
        self._arguments, self._bound = taken, Counter(bound)
        self._lines = (0, 0)
        self._in_loop = False

    def edits(self) -> Iterator[Edit]:
        changed = [(name, value) for name, value in defaults_of(self._function) if not self._given.is_given(name, value)]
        yield from self._as_given([(name, value) for name, value in changed if name in self._given.defaults])
        for _, value in changed:
            yield from self._expression(value)
        yield from self._block(self._function.body, None)
        yield from self._return()

    # --- text ---

    def _is_long(self, node: Any) -> bool:
        start, end = self._text.span(node)
        return end - start > LONGEST_EXPRESSION

    def _for(self, kind: Kind, node: Any, replacement: ast.expr | str) -> Iterator[Edit]:
        """An expression in the place of another. In brackets it means the same wherever it stands."""
        start, end = self._text.span(node)
        words = replacement if isinstance(replacement, str) else ast.unparse(replacement)
        if words != ast.unparse(node):
            yield Edit(kind, node.lineno, start, end, f"({words})".encode("utf-8", "replace"), self._lines)

    def _statements(self, kind: Kind, node: Any, last: Any, replacement: list[ast.stmt], line: int = 0) -> Iterator[Edit]:
        """Statements in the place of those from node to last, which stand in one block."""
        start, end = self._text.span(node)[0], self._text.span(last)[1]
        words = "\n".join(ast.unparse(ast.fix_missing_locations(statement)) for statement in replacement)
        indented = textwrap.indent(words, " " * node.col_offset).lstrip()
        yield Edit(kind, line or node.lineno, start, end, indented.encode("utf-8", "replace"), self._lines)

    # --- arguments ---

    def _as_given(self, changed: list[tuple[str, ast.expr]]) -> Iterator[Edit]:
        """The default values that the assignment gives, in the place of others."""
        if changed:
            pieces = {self._text.span(value): self._given.defaults[name] for name, value in changed}
            begin, end = self._text.span(changed[0][1])[0], self._text.span(changed[-1][1])[1]
            yield Edit("arguments", changed[0][1].lineno, begin, end, self._with_pieces(begin, end, pieces), self._lines)

    # --- statements ---

    def _block(self, body: list[ast.stmt], loop: ast.stmt | None) -> Iterator[Edit]:
        for place, statement in enumerate(body):
            following = body[place + 1] if place + 1 < len(body) else None
            yield from self._statement(statement, following, place == 0 and loop is None)

    def _statement(self, statement: ast.stmt, following: ast.stmt | None, opening: bool) -> Iterator[Edit]:
        if isinstance(statement, ast.FunctionDef):
            yield from self._block(statement.body, None)  # its own lines are run, whenever it is called
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass):
            return
        if opening and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return  # the docstring
        self._lines = own = lines_of(statement)
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                yield from self._expression(child)
        simple = isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.Raise | ast.Assert | ast.Delete)
        if simple:
            yield from self._statements("statement", statement, statement, [ast.Pass()])
        if isinstance(statement, ast.AugAssign):
            yield from self._augmented(statement)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            yield from self._assigned(statement)
            yield from self._kept(statement)
        whole = isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr | ast.Assert | ast.Raise)
        if whole and not self._is_long(statement):
            yield from self._in_whole(statement)
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Return) and value is not None:
            yield from self._statements("return", statement, statement, [ast.Return()])
        if isinstance(statement, ast.Assign | ast.Return) and isinstance(value, ast.expr):
            if not isinstance(value, ast.Constant | ast.UnaryOp | ast.Tuple | ast.List | ast.Dict):
                yield from self._for("sign", value, ast.UnaryOp(ast.USub(), value))
            if isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
                yield from self._for("memory", value, f"{ast.unparse(value)}.copy()")
            yield from self._copies(value.elts if isinstance(value, ast.Tuple) else ())
            if isinstance(value, ast.Tuple) and len(value.elts) == 2:
                yield from self._for("order", value, ast.Tuple(value.elts[::-1], ast.Load()))
        if isinstance(statement, ast.If | ast.While):
            test = statement.test
            yield from self._for("condition", test, ast.UnaryOp(ast.Not(), test))
            for constant in (True, False) if isinstance(statement, ast.If) else ():
                yield from self._for("condition", test, ast.Constant(constant))
        inside = self._in_loop
        self._in_loop = inside or isinstance(statement, ast.For | ast.While)
        for part in ("body", "orelse", "finalbody"):
            yield from self._block(getattr(statement, part, []), statement)
        self._in_loop = inside
        for handler in getattr(statement, "handlers", []):
            yield from self._block(handler.body, statement)
        self._lines = own
        if isinstance(statement, ast.For | ast.While) and not statement.orelse:
            yield from self._loop(statement, following)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        """``a += b`` as ``a = a + b``, and with other operators."""
        loaded = ast.parse(ast.unparse(node.target), mode="eval").body
        yield from self._statements(
            "memory", node, node, [ast.Assign([node.target], ast.BinOp(loaded, node.op, node.value), lineno=node.lineno)]
        )
        for other in _OPERATORS.get(type(node.op), ()):
            yield from self._statements("operator", node, node, [ast.AugAssign(node.target, other(), node.value)])
        yield from self._statements("term", node, node, [ast.Assign([node.target], node.value, lineno=node.lineno)])

    def _assigned(self, node: ast.Assign) -> Iterator[Edit]:
        """``a = a + b`` as ``a += b``, ``a = b`` as ``a += b`` and as ``a[...] = b``."""
        target, value = node.targets[0], node.value
        if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
            return
        if isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(target):
            yield from self._statements("memory", node, node, [ast.AugAssign(target, value.op, value.right)])
            filled = f"{ast.unparse(target)}[...]"
            yield from self._statements("memory", node, node, [*ast.parse(f"{filled} = {ast.unparse(value)}").body])
        elif not isinstance(target, ast.Name):
            yield from self._statements("memory", node, node, [ast.AugAssign(target, ast.Add(), value)])

    def _kept(self, node: ast.Assign) -> Iterator[Edit]:
        """``a = b`` as ``self.a = b`` where a method reads that; in a loop as ``a += b`` and ``a *= b``."""
        target = node.targets[0]
        if not isinstance(target, ast.Name):
            return
        for attribute in self._around.read:
            if attribute.strip("_") == target.id.strip("_"):
                kept = ast.Attribute(ast.Name("self", ast.Load()), attribute, ast.Store())
                yield from self._statements("name", node, node, [ast.Assign([kept], node.value, lineno=node.lineno)])
        if self._in_loop and (self._bound[target.id] > 1 or target.id in self._arguments):
            for operator in (ast.Add(), ast.Mult()):
                yield from self._statements("term", node, node, [ast.AugAssign(target, operator, node.value)])

    def _in_whole(self, statement: ast.stmt) -> Iterator[Edit]:
        """Two names of a statement for each other; in the place of an argument what a function makes of it beside it."""
        nodes = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        called = {id(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
        modules = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
        nodes = [node for node in nodes if id(node) not in called | modules]
        names = [name for name in dict.fromkeys(node.id for node in nodes) if name in (*self._names, *self._around.constants)]
        for first, second in itertools.combinations(names[:_MOST_SWAPPED], 2):
            places = {self._text.span(node): {first: second, second: first}.get(node.id, node.id) for node in nodes}
            start, end = self._text.span(statement)
            yield Edit("name", statement.lineno, start, end, self._with_pieces(start, end, places), self._lines)
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and _of_one(call) and isinstance(argument := call.args[0], ast.Name):
                for node in nodes:
                    if node.id == argument.id and node is not argument:
                        yield from self._for("missing", node, call)

    def _with_pieces(self, start: int, end: int, pieces: Mapping[tuple[int, int], str]) -> bytes:
        """A part of the text with other words in several places of it."""
        words, place = b"", start
        for (first, last), text in sorted(pieces.items()):
            words += self._text.source[place:first] + text.encode()
            place = last
        return words + self._text.source[place:end]

    def _loop(self, loop: ast.For | ast.While, following: ast.stmt | None) -> Iterator[Edit]:
        """The last statement of a loop behind it, and the one behind it into it."""
        if len(loop.body) > 1:
            last = loop.body[-1]
            shorter = _with(loop, body=loop.body[:-1])
            yield from self._statements("placement", loop, loop, [shorter, last], last.lineno)
        if following is not None and not isinstance(following, ast.For | ast.While | ast.FunctionDef):
            longer = _with(loop, body=[*loop.body, following])
            yield from self._statements("placement", loop, following, [longer], following.lineno)

    def _return(self) -> Iterator[Edit]:
        last = self._function.body[-1]
        self._lines = lines_of(last)
        if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
            yield from self._statements("return", last, last, [ast.Return(last.value)])
            if _of_one(last.value) and ast.unparse(last.value.func) == "print":
                yield from self._statements("return", last, last, [ast.Return(last.value.args[0])])
        elif isinstance(last, ast.Assign | ast.AugAssign):
            target = last.targets[0] if isinstance(last, ast.Assign) else last.target
            yield from self._statements("return", last, last, [last, ast.Return(target)])

    # --- expressions ---

    def _expression(self, node: ast.expr) -> Iterator[Edit]:
        if isinstance(node, ast.JoinedStr) or self._is_long(node):
            return  # text is not what is wrong
        yield from self._edits_of(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self._expression(child)
            elif isinstance(child, ast.keyword):
                axis = child.arg in ("axis", "axes") and isinstance(child.value, ast.Constant | ast.UnaryOp)
                yield from self._axis(child.value) if axis else self._expression(child.value)
            elif isinstance(child, ast.comprehension):
                for part in (child.iter, *child.ifs):
                    yield from self._expression(part)

    def _edits_of(self, node: ast.expr) -> Iterator[Edit]:
        match node:
            case ast.Constant():
                yield from self._constant(node)
            case ast.UnaryOp(
                op=ast.USub(), operand=ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=over), op=ast.FloorDiv()) as rounded
            ):
                yield from self._for("operator", node, _with(rounded, left=over))  # -(-a // b) as a // b
            case ast.UnaryOp(op=ast.USub() | ast.Not()):
                yield from self._for("sign" if isinstance(node.op, ast.USub) else "condition", node, node.operand)
            case ast.BinOp():
                yield from self._binary(node)
            case ast.Compare():
                yield from self._compare(node)
            case ast.BoolOp():
                turned = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield from self._for("logic", node, _with(node, op=turned))
                for place in range(len(node.values)):
                    rest = node.values[:place] + node.values[place + 1 :]
                    kept = rest[0] if len(rest) == 1 else _with(node, values=rest)
                    yield from self._for("condition", node, kept)
            case ast.IfExp():
                yield from self._for("condition", node, _with(node, body=node.orelse, orelse=node.body))
                yield from self._for("condition", node, node.body)
                yield from self._for("condition", node, node.orelse)
                yield from self._copies([node.body, node.orelse])
            case ast.Call():
                yield from self._call(node)
            case ast.Attribute(ctx=ast.Load()):
                for other in _relatives(node.attr):
                    yield from self._for("function", node, _with(node, attr=other))
                if node.attr == "T":
                    yield from self._for("term", node, node.value)
                if isinstance(node.value, ast.Name) and node.value.id == "self":
                    for other in (*self._attributes, *self._names):
                        named = f"self.{other}" if other in self._attributes else other
                        yield from self._for("name", node, named)
            case ast.Subscript(ctx=ast.Load()) if not isinstance(getattr(node.slice, "value", 0), str):
                yield from self._for("term", node, node.value)  # layers[:-1] as layers, and shape[0] as shape
            case ast.Name(ctx=ast.Load()):
                for other in _relatives(node.id):
                    yield from self._for("function", node, other)
                if node.id in self._names:
                    for other in self._names:
                        yield from self._for("name", node, other)
                if node.id in self._around.constants:
                    for other in self._around.constants:
                        yield from self._for("name", node, other)
            case ast.List(ctx=ast.Load()):
                yield from self._copies(node.elts)
            case ast.Dict():
                yield from self._copies(node.values)
                for place in range(len(node.values)):
                    keys, values = node.keys, node.values
                    fewer = {"keys": keys[:place] + keys[place + 1 :], "values": values[:place] + values[place + 1 :]}
                    yield from self._for("term", node, _with(node, **fewer))
            case ast.ListComp():
                yield from self._copies([node.elt])

    def _copies(self, nodes: Iterable[ast.expr]) -> Iterator[Edit]:
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
                yield from self._for("memory", node, f"{ast.unparse(node)}.copy()")

    def _forgotten(self, nodes: Iterable[ast.expr]) -> Iterator[Edit]:
        """What is often left out around a part of a formula: a square, and what it lacks of 1."""
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
                yield from self._for("missing", node, f"{ast.unparse(node)} ** 2")
                if not isinstance(node, ast.Call):
                    yield from self._for("missing", node, f"1 - {ast.unparse(node)}")

    def _axis(self, node: ast.expr) -> Iterator[Edit]:
        for axis in _AXES:
            yield from self._for("axis", node, repr(axis))

    def _constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if isinstance(value, bool):
            yield from self._for("flag", node, repr(not value))
        elif isinstance(value, int | float):
            near = [-value, value + 1, value - 1, value * 2, value // 2 if isinstance(value, int) else value / 2]
            for other in dict.fromkeys([*near, *_COMMON, *self._numbers[:_MOST_FOUND]]):
                yield from self._for("constant", node, repr(other))
            for name in self._around.values.get(value, ()):  # 0.9 as momentum, which is 0.9 by default
                known = name in self._arguments or name.startswith("self.")
                yield from self._for("constant", node, name) if known else ()

    def _binary(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right = node.left, node.right
        for other in _OPERATORS.get(type(node.op), ()):
            yield from self._for("operator", node, _with(node, op=other()))
        if isinstance(node.op, ast.FloorDiv):
            yield from self._for("operator", node, f"-(-({ast.unparse(left)}) // ({ast.unparse(right)}))")
        yield from self._forgotten((left, right))
        if isinstance(node.op, ast.Div):
            yield from self._for("missing", right, f"({ast.unparse(right)}) ** 0.5")
        yield from self._for("term", node, left)
        yield from self._for("term", node, right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            yield from self._for("order", node, _with(node, left=right, right=left))
        if isinstance(right, ast.BinOp):  # a - (b - c) as (a - b) - c
            yield from self._for("order", node, ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right))
        if isinstance(left, ast.BinOp):
            yield from self._for("order", node, ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right)))
        if _of_one(left):  # f(a) / b as f(a / b)
            yield from self._for("order", node, _with(left, args=[ast.BinOp(left.args[0], node.op, right)]))
        if isinstance(node.op, ast.MatMult):
            for side in ("left", "right"):
                turned = ast.Attribute(getattr(node, side), "T", ast.Load())
                yield from self._for("term", node, _with(node, **{side: turned}))

    def _compare(self, node: ast.Compare) -> Iterator[Edit]:
        yield from self._forgotten(node.comparators)
        for place, operator in enumerate(node.ops):
            strict = _STRICT.get(type(operator))
            for kind, others in (("strictness", (strict,) if strict else ()), ("comparison", _COMPARISONS[type(operator)])):
                for other in others:
                    changed = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                    yield from self._for(kind, node, _with(node, ops=changed))  # type: ignore[arg-type]

    def _call(self, node: ast.Call) -> Iterator[Edit]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        library = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        if node.args and not starred:
            yield from self._for("term", node, node.args[0])
        if isinstance(node.func, ast.Attribute) and not (library and node.func.value.id in ("np", "numpy", "math")):  # type: ignore[attr-defined]
            yield from self._for("memory" if name == "copy" else "term", node, node.func.value)
        if _of_one(node) and isinstance(inner := node.args[0], ast.BinOp):  # f(a / b) as f(a) / b, and as a / f(b)
            yield from self._for("order", node, ast.BinOp(_with(node, args=[inner.left]), inner.op, inner.right))
            yield from self._for("order", node, ast.BinOp(inner.left, inner.op, _with(node, args=[inner.right])))
        for place in range(len(node.args) - 1 if not starred else 0):
            first, second = node.args[place : place + 2]
            swapped = [*node.args[:place], second, first, *node.args[place + 2 :]]
            yield from self._for("arguments", node, _with(node, args=swapped))
        yield from self._handed_on(node, name)
        yield from self._called(node, name)
        for place, keyword in enumerate(node.keywords):
            rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
            kind: Kind = "axis" if keyword.arg == "axis" else "flag" if keyword.arg == "keepdims" else "arguments"
            yield from self._for(kind, node, _with(node, keywords=rest))
            if keyword.arg in self._names and isinstance(keyword.value, ast.Constant):  # training=True as training=training
                yield from self._for("arguments", keyword.value, keyword.arg)
        if name in _REDUCTIONS:
            given = {keyword.arg for keyword in node.keywords}
            for kind, word, values in (("axis", "axis", (0, 1, -1)), ("flag", "keepdims", (True,))):
                for value in values if word not in given else ():
                    more = [*node.keywords, ast.keyword(word, ast.Constant(value))]
                    yield from self._for(kind, node, _with(node, keywords=more))
            for value in (1, -1, 0) if given.isdisjoint(("axis", "keepdims")) else ():
                more = [*node.keywords, ast.keyword("axis", ast.Constant(value)), ast.keyword("keepdims", ast.Constant(True))]
                yield from self._for("axis", node, _with(node, keywords=more))
            if name in ("var", "std") and "ddof" not in given:
                more = [*node.keywords, ast.keyword("ddof", ast.Constant(1))]
                yield from self._for("arguments", node, _with(node, keywords=more))
        for place, argument in enumerate(node.args):
            if isinstance(argument, ast.Name | ast.Attribute) and name in ("append", "extend", "update"):
                yield from self._for("memory", argument, f"{ast.unparse(argument)}.copy()")
            if (
                isinstance(argument, ast.BinOp | ast.Name | ast.Attribute | ast.Call)
                and place == 0
                and name not in ("append", "extend")
            ):
                yield from self._for("sign", argument, ast.UnaryOp(ast.USub(), argument))

    def _handed_on(self, node: ast.Call, name: str) -> Iterator[Edit]:
        """A call of the file's own with an argument more, which the function has itself, or its object."""
        known = self._around.parameters.get(name, ())
        given = {keyword.arg for keyword in node.keywords}
        if None in given or any(isinstance(argument, ast.Starred) for argument in node.args):
            return
        for parameter in known[len(node.args) :]:
            value = parameter if parameter in self._names else f"self.{parameter}" if parameter in self._attributes else ""
            if value and parameter not in given:
                more = [*node.keywords, ast.keyword(parameter, ast.parse(value, mode="eval").body)]
                yield from self._for("arguments", node, _with(node, keywords=more))

    def _called(self, node: ast.Call, name: str) -> Iterator[Edit]:
        """Another function, or the same of something else: what the function's name tells."""
        first, second = (*node.args, None, None)[:2]
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "self":
            for other in self._around.methods if name in self._around.methods else ():
                yield from self._for("function", node.func, f"self.{other}") if not other.startswith("__") else ()
        if name in _PRODUCTS and len(node.args) == 2 and first and second:
            yield from self._for("function", node, ast.BinOp(first, ast.Mult(), second))
        if name == "clip":
            for bound in node.args[1:]:
                yield from self._for("constant", bound, "None")
        if name == "list" and isinstance(first, ast.Name):
            yield from self._for("memory", node, f"[entry.copy() for entry in {first.id}]")
        if name == "range" and node.args:
            yield from self._ranges(node)
        if name in _SUMS and isinstance(first, ast.Name | ast.Attribute | ast.BinOp | ast.Call | ast.Subscript):
            yield from self._for("missing", first, f"({ast.unparse(first)}) ** 2")
            yield from self._for("missing", first, f"abs({ast.unparse(first)})")
        if _of_one(node) and isinstance(first, ast.Call) and _of_one(_with(first, keywords=[])):  # abs(sum(a)) as sum(abs(a))
            yield from self._for("order", node, _with(first, args=[_with(node, args=first.args)]))

    def _ranges(self, node: ast.Call) -> Iterator[Edit]:
        """A range that begins or ends one earlier or later."""
        for place, argument in enumerate(node.args[:2]):
            for operator in (ast.Add(), ast.Sub()) if not isinstance(argument, ast.Constant) else ():
                moved = ast.BinOp(argument, operator, ast.Constant(1))
                yield from self._for("arguments", node, _with(node, args=[*node.args[:place], moved, *node.args[place + 1 :]]))
        if len(node.args) == 1:
            yield from self._for("arguments", node, _with(node, args=[ast.Constant(1), *node.args]))


def _of_one(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether it is a call of one argument, such as a square root."""
    return isinstance(node, ast.Call) and len(node.args) == 1 and not (node.keywords or isinstance(node.args[0], ast.Starred))


def _relatives(name: str) -> list[str]:
    return [other for group in _NEAR if name in group for other in group if other != name]


def _with(node: Any, **changes: Any) -> Any:
    return type(node)(**{**dict(ast.iter_fields(node)), **changes}, lineno=getattr(node, "lineno", 1), col_offset=0)
