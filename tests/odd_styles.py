"""Right code in odd styles, made by machine from tests/alternatives: all of it is within the contract, and must cost nothing.

    python -m tests.odd_styles TOPIC...     which checks fail, style by style; all topics without a name

Each style is text that is put behind a module, so that it can be graded in this process or through the wall.
"""

from __future__ import annotations

import click

from autograder.declare.catalogue import topic_names
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.misconceptions import make_module
from autograder.recording.record import answers_for
from autograder.statuses import GOOD
from tests.conftest import ALTERNATIVES
from tests.proof import verdicts_in_process

# Wraps every function of the module, and what layers answer with.
_EVERYWHERE = """
import functools as _functools, types as _types
import numpy as _np

def _odd_function(function):
    @_functools.wraps(function)
    def wrapped(*arguments, **keywords):
        return _odd(function(*arguments, **keywords))
    return wrapped

for _name, _value in list(globals().items()):
    if isinstance(_value, _types.FunctionType) and not _name.startswith("_") and _value.__module__ == __name__:
        globals()[_name] = _odd_function(_value)
    elif isinstance(_value, type) and _value.__module__ == __name__:
        for _method in ("forward", "backward"):
            if _method in vars(_value):
                setattr(_value, _method, _odd_function(vars(_value)[_method]))
"""

_EACH_ARRAY = """
def _odd(value):
    if type(value) is _np.ndarray and value.ndim:
        return _laid(value)
    if type(value) is tuple:
        return tuple(map(_odd, value))
    return value
"""

# By name: what it does, in words, and its text.
STYLES = {
    "strided": ("arrays that are returned have gaps in memory", _EACH_ARRAY + """
def _laid(value):
    wide = _np.full([2 * n for n in value.shape], 7, value.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in value.shape)]
    view[...] = value
    return view
"""),
    "fortran": ("arrays that are returned lie column by column", _EACH_ARRAY + """
def _laid(value):
    return _np.array(value, order="F")
"""),
    "numbers": ("numbers that are returned are arrays without axes", """
def _odd(value):
    return _np.array(value) if type(value) in (float, _np.float64) else value
"""),
    "named_tuples": ("tuples that are returned have names", """
import collections as _collections

def _odd(value):
    if type(value) is not tuple:
        return value
    return _collections.namedtuple("Answer", [f"part_{i}" for i in range(len(value))])(*value)
"""),
    "callables": ("functions are objects that can be called", """
class _Callable:
    def __init__(self, function):
        self.function = function
    def __call__(self, *arguments, **keywords):
        return self.function(*arguments, **keywords)

def _odd(value):
    return value
""" + _EVERYWHERE + """
for _name, _value in list(globals().items()):
    if isinstance(_value, _types.FunctionType) and not _name.startswith("_"):
        globals()[_name] = _Callable(_value)
"""),
    "slots": ("objects take no attribute but their own", """
import dis as _dis, types as _types

def _functions(kind):
    for value in vars(kind).values():
        value = getattr(value, "fget", None) or getattr(value, "__func__", value)
        if isinstance(value, _types.FunctionType):
            yield value

_made = {}
for _name, _value in list(globals().items()):
    if isinstance(_value, type) and _value.__module__ == __name__ and not issubclass(_value, BaseException):
        _body = {key: value for key, value in vars(_value).items() if key not in ("__dict__", "__weakref__")}
        _own = {step.argval for function in _functions(_value) for step in _dis.get_instructions(function)
                if step.opname == "STORE_ATTR"}
        _defaults = any(own in vars(base) for own in _own for base in _value.__mro__ if base is not object)
        # A base that has a __dict__ may look into it.
        _bare = all(base is object or "__slots__" in vars(_made.get(base, base)) for base in _value.__bases__)
        if _bare and not _defaults and not any("__dict__" in function.__code__.co_names for function in _functions(_value)):
            _body["__slots__"] = tuple(sorted(_own))
        _made[_value] = type(_value)(_value.__name__, tuple(_made.get(base, base) for base in _value.__bases__), _body)
        globals()[_name] = _made[_value]
        for _function in _functions(_value):
            for _free, _cell in zip(_function.__code__.co_freevars, _function.__closure__ or ()):
                if _free == "__class__":
                    _cell.cell_contents = _made[_value]
"""),
}  # fmt: skip
# These go through the whole module by themselves.
_ALONE = ("callables", "slots")


def in_style(source: str, style: str) -> str:
    """A module's text in one of the styles."""
    return f"{source}\n\n{STYLES[style][1]}\n{_EVERYWHERE if style not in _ALONE else ''}"


def odd_modules(topic: str) -> list[tuple[str, str, str]]:
    """Each right implementation of a topic in each style: the file, the style, the text."""
    files = [path for path in ALTERNATIVES if path.name.startswith(f"{topic}_")]
    return [(path.name, style, in_style(path.read_text(encoding="utf-8"), style)) for path in files for style in STYLES]


def failures(topic: str, source: str) -> list[str]:
    """The checks that a module fails in this process."""
    verdicts = verdicts_in_process(topic, make_module(topic, source), answers_for(topic, DEFAULT_SECRET))
    return [verdict.check_id for verdict in verdicts if verdict.status not in GOOD]


@click.command()
@click.argument("topics", nargs=-1)
def main(topics: tuple[str, ...]) -> None:
    """Grade right code in odd styles."""
    for topic in topics or topic_names():
        for file, style, text in odd_modules(topic):
            click.echo(f"{file} {style}: {', '.join(failures(topic, text)) or 'full marks'}")


if __name__ == "__main__":
    main()
