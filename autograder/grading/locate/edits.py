"""The edits of a function that are tried, each with its kind: text in the place of one part of the student's own text.

What each kind paid in a trial decides the order. None of a replacement's text is ever told: a report has a line, and
sometimes the kind.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

from autograder.grading.locate.given import NOTHING, Given, defaults_of, lines_of

Kind = Literal[
    "constant", "flag", "term", "comparison", "strictness", "function", "operator", "sign", "condition", "logic", "axis",
    "memory", "order", "arguments", "return", "statement", "placement", "name",
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
    "name": "a name in this line",
}
# In which order the kinds are tried. Names come last: what another name mends is mostly luck.
_ORDER = {kind: place for place, kind in enumerate(KINDS)}
LAST: Kind = "name"

# Constants that are tried everywhere, beside those that stand elsewhere in the file.
_COMMON = (0, 1, -1, 2, 0.5)
# So many of the constants that stand elsewhere in the file are tried.
_MOST_FOUND = 8

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
]  # fmt: skip
# Functions that take an axis and keepdims.
_REDUCTIONS = frozenset({"sum", "mean", "max", "min", "var", "std", "argmax", "argmin", "prod", "all", "any", "norm"})
_AXES = (0, 1, -1, None)


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


def edits_of(
    function: ast.FunctionDef, text: Text, numbers: list[int | float], attributes: list[str], given: Given = NOTHING
) -> list[Edit]:
    """All edits of a function, the telling ones first, and none of what was given.

    numbers, attributes: that stand elsewhere in the file. given: what the assignment gives of the function.
    """
    found: dict[tuple[int, int, bytes], Edit] = {}
    lines = given.lines(function)
    for edit in _Function(function, text, numbers, attributes, given).edits():
        if edit.line not in lines:
            found.setdefault((edit.start, edit.end, edit.text), edit)
    return sorted(found.values(), key=lambda edit: _ORDER[edit.kind])


class _Function:
    def __init__(
        self, function: ast.FunctionDef, text: Text, numbers: list[int | float], attributes: list[str], given: Given
    ) -> None:
        self._function, self._text, self._numbers, self._attributes = function, text, numbers, attributes
        self._given = given
        arguments = function.args
        taken = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        bound = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self._names = [name for name in dict.fromkeys([*taken, *bound]) if name != "self"]
        self._lines = (0, 0)

    def edits(self) -> Iterator[Edit]:
        changed = [(name, value) for name, value in defaults_of(self._function) if not self._given.is_given(name, value)]
        yield from self._as_given([(name, value) for name, value in changed if name in self._given.defaults])
        for _, value in changed:
            yield from self._expression(value)
        yield from self._block(self._function.body, None)
        yield from self._return()

    # --- text ---

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
            begin, end = self._text.span(changed[0][1])[0], self._text.span(changed[-1][1])[1]
            words, place = b"", begin
            for name, value in changed:
                first, last = self._text.span(value)
                words += self._text.source[place:first] + self._given.defaults[name].encode()
                place = last
            yield Edit("arguments", changed[0][1].lineno, begin, end, words, self._lines)

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
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.Return) and isinstance(value, ast.expr):
            if not isinstance(value, ast.Constant | ast.UnaryOp | ast.Tuple | ast.List | ast.Dict):
                yield from self._for("sign", value, ast.UnaryOp(ast.USub(), value))
            if isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
                yield from self._for("memory", value, f"{ast.unparse(value)}.copy()")
            if isinstance(value, ast.Tuple) and len(value.elts) == 2:
                yield from self._for("order", value, ast.Tuple(value.elts[::-1], ast.Load()))
        if isinstance(statement, ast.If | ast.While):
            test = statement.test
            yield from self._for("condition", test, ast.UnaryOp(ast.Not(), test))
            for constant in (True, False) if isinstance(statement, ast.If) else ():
                yield from self._for("condition", test, ast.Constant(constant))
        for part in ("body", "orelse", "finalbody"):
            yield from self._block(getattr(statement, part, []), statement)
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
        elif isinstance(last, ast.Assign | ast.AugAssign):
            target = last.targets[0] if isinstance(last, ast.Assign) else last.target
            yield from self._statements("return", last, last, [last, ast.Return(target)])

    # --- expressions ---

    def _expression(self, node: ast.expr) -> Iterator[Edit]:
        if isinstance(node, ast.JoinedStr):
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
            case ast.Subscript(slice=ast.Slice(), ctx=ast.Load()):
                yield from self._for("term", node, node.value)  # layers[:-1] as layers
            case ast.Name(ctx=ast.Load()):
                for other in _relatives(node.id):
                    yield from self._for("function", node, other)
                if node.id in self._names:
                    for other in self._names:
                        yield from self._for("name", node, other)

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

    def _binary(self, node: ast.BinOp) -> Iterator[Edit]:
        left, right = node.left, node.right
        for other in _OPERATORS.get(type(node.op), ()):
            yield from self._for("operator", node, _with(node, op=other()))
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
        for place, argument in enumerate(node.args):
            if isinstance(argument, ast.Name | ast.Attribute) and name in ("append", "extend", "update"):
                yield from self._for("memory", argument, f"{ast.unparse(argument)}.copy()")
            if (
                isinstance(argument, ast.BinOp | ast.Name | ast.Attribute | ast.Call)
                and place == 0
                and name not in ("append", "extend")
            ):
                yield from self._for("sign", argument, ast.UnaryOp(ast.USub(), argument))


def _of_one(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether it is a call of one argument, such as a square root."""
    return isinstance(node, ast.Call) and len(node.args) == 1 and not (node.keywords or isinstance(node.args[0], ast.Starred))


def _relatives(name: str) -> list[str]:
    return [other for group in _NEAR if name in group for other in group if other != name]


def _with(node: Any, **changes: Any) -> Any:
    return type(node)(**{**dict(ast.iter_fields(node)), **changes}, lineno=getattr(node, "lineno", 1), col_offset=0)
