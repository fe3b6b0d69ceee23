"""Words and numbers fit to be shown: what every sentence of ours is made with, and what tames a student's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FRACTIONS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth"}


def plain(text: str, longest: int = 200) -> str:
    r"""Text from a submission, fit to be shown: no control or direction characters, no line breaks, not too long.

    >>> plain("a\tb"), plain("abc", longest=2)
    ('a\ufffdb', 'ab...')
    """
    shown = text[: longest + 1]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return shown if len(shown) <= longest else shown[:longest] + "..."


def number(value: float) -> str:
    """A number as a person writes it: whole where it is whole, four digits elsewhere. Only 0 is written as 0.

    >>> number(5.000000000001), number(0.31622776), number(-2.0), number(3e-10)
    ('5', '0.3162', '-2', '3e-10')
    """
    if math.isfinite(value) and abs(value - round(value)) < 1e-6 and abs(value) < 1e6 and (round(value) or not value):
        return str(round(value))
    return f"{value:.4g}"


def number_word(count: int) -> str:
    """A small count in words, as in the running text of a sentence.

    >>> number_word(3), number_word(13)
    ('three', '13')
    """
    return _WORDS[count] if 0 <= count < len(_WORDS) else str(count)


def fraction(share: float) -> str:
    """A part of a whole in words; one that has no usual word, in percent.

    >>> fraction(0.2), fraction(0.35)
    ('a fifth', '35%')
    """
    parts = round(1 / share) if share > 0 else 0
    if parts in _FRACTIONS and math.isclose(share * parts, 1):
        return _FRACTIONS[parts]
    return f"{number(100 * share)}%"


def counted(count: float, unit: str) -> str:
    """A number with its unit, which is given in the plural.

    >>> counted(1, "points"), counted(1.5, "points")
    ('1 point', '1.5 points')
    """
    return f"{count:g} {unit.removesuffix('s') if count == 1 else unit}"


def of_all(part: float, whole: float, unit: str = "") -> str:
    """``2 of 3 points``; whole numbers as such.

    >>> of_all(2.0, 2.5, "points"), of_all(1, 1, "points"), of_all(2, 3)
    ('2 of 2.5 points', '1 of 1 point', '2 of 3')
    """
    return f"{part:g} of {counted(whole, unit) if unit else f'{whole:g}'}"


# --- the forms of values ----------------------------------------------------------------------------------------------------

# A form: in words, and of a list or a dict the forms of what is in it, likewise.
Form = str | list[Any] | dict[str, Any]

# Types that are told by name. Any other name is the student's own choice, and could hold a hidden input.
_KNOWN_TYPES = frozenset(
    ("MaskedArray", "matrix", "recarray", "bytes", "bytearray", "set", "frozenset", "range", "function", "method", "generator",
     "builtin_function_or_method", "module", "type", "slice", "complex", "Generator", "map", "zip", "filter", "dict_values",
     "Fraction", "Decimal")
)  # fmt: skip
# No types: what the wall says of a value that it does not let through.
_NOT_RETURNED = ("int beyond 64 bits", "array too large to return", "value beyond those that may be returned")


def form_words(form: Form) -> str:
    """A form (see ``compare.form_of``) as it may be told: a list or a dict by its length, an unknown type not by its name.

    >>> form_words(["number", "number"]), form_words("object of type Secret"), form_words("float64 array of shape (2,)")
    ('a list of 2', 'object of another type than ndarray', 'float64 array of shape (2,)')
    >>> form_words("object of type array too large to return")
    'array too large to return'
    """
    if isinstance(form, list | dict):
        return f"a {type(form).__name__} of {len(form)}"
    name = form.removeprefix("object of type ")
    if name in _NOT_RETURNED:
        return name
    if name == form or name in _KNOWN_TYPES:
        return form
    if name.startswith("array of dtype ") and name.removeprefix("array of dtype ").isalnum():
        return name
    return "object of another type than ndarray"


# --- where in a file a mistake is, for whoever writes exercises -------------------------------------------------------------


def line_of(error: BaseException, path: Path | str) -> int:
    """The line of a file at which an exception arose, 0 where it did not; a syntax error in that file knows its own."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def mistake_in(file: str, line: int, error: BaseException) -> str:
    """A mistake in a file of ours or of a course, in one sentence: where it is, and what Python says of it."""
    what = str(error.msg if isinstance(error, SyntaxError) else error).partition("\n")[0].rstrip(".")
    where = f"{file}, line {line}" if line else file
    return f"{where}: {type(error).__name__}: {what}." if what else f"{where}: {type(error).__name__}."


def line_with(text: str, words: str) -> int:
    """The first line of a text that holds these words, 0 where none does."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if words in line), 0)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the name that is nearly this one; empty where none is.

    >>> did_you_mean("sigmoid_deriv", ["sigmoid", "sigmoid_derivative"]), did_you_mean("x", ["sigmoid"])
    (' Did you mean sigmoid_derivative?', '')
    """
    import difflib

    near = difflib.get_close_matches(name, list(known), 1, 0.7)
    return f" Did you mean {near[0]}?" if near else ""
