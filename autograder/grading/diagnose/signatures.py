"""General signatures of a wrong answer: what it is in relation to the right one, in plain words and with its number.

Each signature is a function that looks at all wrong pairs of one answer (observed, expected, in every case) and returns a
sentence, or None. They are tried in order; the first that holds in every wrong case is told. A sentence may name a ratio, a
shape or an argument; it holds no input and no expected value, so that it can be shown for a hidden check.
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np

from autograder.declare.compare import form_of
from autograder.text import Form, form_words, number, number_word
from autograder.wall.inside.wire import Foreign


@dataclass(frozen=True)
class Pair:
    """One wrong answer beside the right one, and the case that asked for it.

    others: what is due for all else that is asked, by where that is, as "in the second use" or "in the input before it".
    """

    observed: Any
    expected: Any
    case: Mapping[str, Any]
    others: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @cached_property
    def flat(self) -> tuple[np.ndarray, np.ndarray]:
        """All numbers of both in a row each: every signature looks at them."""
        return _numbers(self.observed), _numbers(self.expected)


@dataclass(frozen=True)
class Signature:
    """A relation that holds in every wrong case: an identifier and a sentence."""

    name: str
    sentence: str


Finder = Callable[[Sequence[Pair]], Signature | None]

# A relation must hold to this relative accuracy: right code and its constant multiple differ by rounding alone.
_CLOSE = 1e-9


# Before a cause that may be, and need not.
AS_HAPPENS = "as happens where"
_SAYS_LITTLE = re.compile(
    r"(?:^|: )(?:(?:Both|All \d+|\d+ of \d+) numbers (?:is|are) wrong|It is wrong, by |It is not the number that is due)"
)
# What is said behind that of where it is so.
_SAYS_WHERE = (" inputs, ", " should be: ", " alone is right", " right in the first")


def says_little(sentence: str) -> bool:
    """Whether a sentence tells that numbers are wrong, and nothing of how.

    >>> says_little("dx: All 12 numbers are wrong, by up to 3.5% of what is due."), says_little("It has the wrong sign.")
    (True, False)
    """
    return bool(_SAYS_LITTLE.search(sentence)) and not any(words in sentence for words in _SAYS_WHERE)


def without_a_guess(sentence: str) -> str:
    """A sentence without causes that may be: what is known needs none.

    >>> without_a_guess("They agree to five digits, as happens where a constant is rounded. This is so in 2 of 3 inputs.")
    'They agree to five digits. This is so in 2 of 3 inputs.'
    """
    return _GUESS.sub("", sentence)


_GUESS = re.compile(rf", {AS_HAPPENS} [^.]*(?=\.)")


def describe(pairs: Sequence[Pair]) -> Signature | None:
    """The first signature that holds in all pairs, or None."""
    with np.errstate(all="ignore"):  # an answer may be as large as numbers are
        for finder in _FORMS if not _same_form(pairs) else _NUMBERS:
            found = finder(pairs)
            if found is not None:
                return found
    return None


def _same_form(pairs: Sequence[Pair]) -> bool:
    return all(form_of(p.observed) == form_of(p.expected) for p in pairs)


# --- the form is wrong ----------------------------------------------------------------------------------------------------


def _nothing_returned(pairs: Sequence[Pair]) -> Signature | None:
    if all(p.observed is None for p in pairs):
        return Signature("returns_none", "It returns None: is a return statement missing?")
    return None


def _foreign(pairs: Sequence[Pair]) -> Signature | None:
    odd = [p.observed for p in pairs if isinstance(p.observed, Foreign)]
    if not odd:
        return None
    it = "It" if len(odd) == len(pairs) else "In some of these inputs it"
    return Signature("wrong_type", f"{it} returns {_with_article(odd[0])}, where {_wanted(pairs[0])} is due.")


def _due_for_another(pairs: Sequence[Pair]) -> Signature | None:
    """What is right for another question: an answer that was kept, or one that lies in memory where the next is put."""
    numbers = np.concatenate([p.flat[0] for p in pairs])
    if not np.isfinite(numbers).all():
        return None
    different = np.unique(np.round(numbers, 9))
    telling = not all(map(_is_a_share, different.tolist()))
    several = np.count_nonzero(different != np.round(different)) >= FEWEST_NUMBERS
    pattern = different.size > 1 and numbers.size >= _LONG_PATTERN
    for words in pairs[0].others:
        due = [p.others.get(words, ()) for p in pairs]
        # Counts are often alike in two inputs, and shares in one of several.
        of_inputs = "input" in words
        sure = telling or (several and not (of_inputs and _are_single(pairs) and max(map(len, due)) > 1))
        if not sure and (of_inputs or not pattern):
            continue
        if all(any(_is_the_answer(p.observed, d) for d in of) for p, of in zip(pairs, due, strict=True)):
            return Signature("due_for_another", f"It is exactly what is due {words}.")
    return None


def _is_a_share(value: float) -> bool:
    """Whether it is a whole number, or so many of so few: what two inputs may have in common."""
    return abs(value) > 1e9 or math.isclose(value, Fraction(value).limit_denominator(_MOST_OF_A_SHARE), abs_tol=1e-9)


_MOST_OF_A_SHARE = 200
# So many ones and zeros are not the same by chance.
_LONG_PATTERN = 10


def _is_the_answer(observed: Any, due: Any) -> bool:
    return form_of(observed) == form_of(due) and _near(_numbers(observed), _numbers(due))


def _list_for_array(pairs: Sequence[Pair]) -> Signature | None:
    if all(isinstance(p.observed, list) and isinstance(p.expected, np.ndarray) for p in pairs):
        return Signature("list_for_array", "It returns a list, where a float64 array is due.")
    return None


def _number_for_array(pairs: Sequence[Pair]) -> Signature | None:
    if all(form_of(p.observed) == "number" and isinstance(p.expected, np.ndarray) and p.expected.ndim for p in pairs):
        return Signature("number_for_array", f"It returns one number, where {_wanted(pairs[0])} is due.")
    return None


def _wrong_dtype(pairs: Sequence[Pair]) -> Signature | None:
    if not all(_are_arrays(p) and p.observed.shape == p.expected.shape for p in pairs):
        return None
    wrong = [p for p in pairs if p.observed.dtype != p.expected.dtype]
    if not wrong:
        return None
    there, due = wrong[0].observed.dtype.name, wrong[0].expected.dtype.name
    some = " in some inputs" if len(wrong) < len(pairs) else ""
    return Signature("wrong_dtype", f"The array that it returns has dtype {there}{some}, where {due} is due.")


def _transposed_shape(pairs: Sequence[Pair]) -> Signature | None:
    if all(_are_arrays(p) and p.observed.shape == p.expected.shape[::-1] for p in pairs):
        if all(_near(p.observed.T, p.expected) for p in pairs):
            return Signature("transposed", "It is transposed: the axes are swapped, and the numbers are right.")
        return Signature("transposed", f"{_shapes(_of_another_shape(pairs))}, {AS_HAPPENS} the axes are swapped.")
    return None


def _not_summed(pairs: Sequence[Pair]) -> Signature | None:
    if all(_are_arrays(p) and p.observed.ndim == p.expected.ndim + 1 for p in pairs):
        for axis, words in ((0, "first axis"), (-1, "last axis")):
            if all(_near(p.observed.sum(axis=axis), p.expected) for p in pairs):
                summed = f"summed over the {words}, its numbers are right"
                if all(p.observed.shape[axis] == 1 for p in pairs):
                    summed = f"the {words} has size 1, and without it all is right"
                return Signature("not_summed", f"It has one axis too many: {summed}.")
    return None


def _extra_axis(pairs: Sequence[Pair]) -> Signature | None:
    if all(_are_arrays(p) and p.observed.size == p.expected.size for p in pairs):
        same = all(_near(p.observed.ravel(), p.expected.ravel()) for p in pairs)
        tail = "; the numbers are right" if same else ""
        return Signature("wrong_shape", f"{_shapes(_of_another_shape(pairs))}{tail}.")
    return None


def _wrong_form(pairs: Sequence[Pair]) -> Signature | None:
    pair = next(p for p in pairs if form_of(p.observed) != form_of(p.expected))
    if _are_arrays(pair) and pair.observed.shape != pair.expected.shape:
        return Signature("wrong_shape", f"{_shapes(pair)}.")
    place, words = forms_part(form_of(pair.observed), form_of(pair.expected))
    return Signature("wrong_form", f"In what it returns, {place} is {words}." if place else f"It returns {words}.")


def forms_part(observed: Form, expected: Form, place: str = "") -> tuple[str, str]:
    """The innermost place, counted from 1, at which two forms part, and in words what is there and what is due.

    >>> forms_part(["number", ["text"]], ["number", ["number"]])
    ('entry 1 of entry 2', 'text, where a number is due')
    """
    if isinstance(observed, list) and isinstance(expected, list) and len(observed) == len(expected):
        for i, (o, e) in enumerate(zip(observed, expected, strict=True), 1):
            if o != e:
                return forms_part(o, e, f"entry {i}" + (f" of {place}" if place else ""))
    there, due = _form_with_article(observed), _form_with_article(expected)
    if there == due:  # the keys of a dict, or a type that may not be told
        return place, f"{there}, with other entries than are due"
    return place, f"{there}, where {due} is due"


_FORMS: tuple[Finder, ...] = (
    _nothing_returned, _foreign, _due_for_another, _list_for_array, _number_for_array, _wrong_dtype, _not_summed,
    _transposed_shape, _extra_axis, _wrong_form,
)  # fmt: skip


def _are_arrays(pair: Pair) -> bool:
    return isinstance(pair.observed, np.ndarray) and isinstance(pair.expected, np.ndarray)


def _of_another_shape(pairs: Sequence[Pair]) -> Pair:
    """The first pair whose shapes part; the first of all, where none do."""
    return next((p for p in pairs if p.observed.shape != p.expected.shape), pairs[0])


def _shapes(pair: Pair) -> str:
    return f"The array that it returns has shape {pair.observed.shape}, where {pair.expected.shape} is due"


def _wanted(pair: Pair) -> str:
    return _with_article(pair.expected)


def _with_article(value: Any) -> str:
    return _form_with_article(form_of(value))


def _form_with_article(form: Form) -> str:
    words = form_words(form)
    if words in ("None", "text") or words.startswith("a "):
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


# --- the numbers are wrong ------------------------------------------------------------------------------------------------


def _text(pairs: Sequence[Pair]) -> Signature | None:
    """Answers that are not numbers alone: what an attempt came to, or entries with text among them."""
    if not any(isinstance(leaf, str) for p in pairs for leaf in _leaves(p.expected)):
        return None
    observed, expected = pairs[0].observed, pairs[0].expected
    if not isinstance(observed, str) or not isinstance(expected, str):
        wrong = sum(a != b for p in pairs for a, b in zip(_leaves(p.observed), _leaves(p.expected), strict=False))
        total = sum(len(_leaves(p.expected)) for p in pairs)
        return Signature("differs", f"{wrong} of the {total} entries {_verb(wrong)} wrong.")
    if observed == "returned" and is_error(expected):
        return Signature("no_error", f"It answers, where {expected} should be raised.")
    if expected == "returned" and is_error(observed):
        return Signature("an_error", f"It raises {observed}, where an answer is due.")
    if is_error(observed) and is_error(expected):
        return Signature("other_error", f"It raises {observed}, where {expected} is due.")
    return Signature("other_text", "It is another text than is due.")


def _leaves(value: Any) -> list[Any]:
    """All that is in a value and is no list and no dict; an array's numbers as plain ones."""
    if isinstance(value, np.ndarray):
        return list(value.ravel().tolist())
    if isinstance(value, Mapping):
        return [leaf for key in sorted(value) for leaf in _leaves(value[key])]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def is_error(name: str) -> bool:
    """Whether this is the name of one of Python's or NumPy's own exceptions; any other could hold a hidden input."""
    return name in _KNOWN_ERRORS


# Looked up here and not believed of the worker.
_KNOWN_ERRORS = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
_KNOWN_ERRORS |= {"AxisError", "LinAlgError", "_ArrayMemoryError", "UFuncTypeError", "_UFuncNoLoopError"}


def _not_finite(pairs: Sequence[Pair]) -> Signature | None:
    bad = total = 0
    kinds: set[str] = set()
    for pair in pairs:
        observed, expected = pair.flat
        spoiled = ~np.isfinite(observed) & np.isfinite(expected)
        if not spoiled.any():
            return None
        bad, total = bad + int(spoiled.sum()), total + observed.size
        kinds |= {"NaN" if nan else "infinite" for nan in np.isnan(observed[spoiled])}
    what = " or ".join(sorted(kinds))
    if "NaN" in kinds:
        why = "something overflows, is 0/0 or 0 times infinity, or is the root or the logarithm of a negative number"
    else:
        why = "something overflows, is divided by 0, or is the logarithm of 0"
    single = _are_single(pairs)
    subject = _so_many(bad, total, "its ", single=single)
    return Signature(
        "not_finite", f"{subject} {what} where {'it' if bad == 1 or single else 'they'} should be finite, {AS_HAPPENS} {why}."
    )


def _are_single(pairs: Sequence[Pair]) -> bool:
    """Whether every answer is one number, so that nothing can be said of its entries."""
    return all(pair.flat[1].size == 1 for pair in pairs)


def _so_many(bad: int, total: int, its: str = "", single: bool = False) -> str:
    """So many of all numbers, with the verb. its: "its ", where they are an answer's own.

    >>> _so_many(2, 2), _so_many(5, 5, "its "), _so_many(1, 3, "its "), _so_many(3, 3, single=True)
    ('Both numbers are', 'All 5 of its numbers are', '1 of its 3 numbers is', 'The number is')
    """
    if single:
        return "The number is"
    if bad < total:
        return f"{bad} of {its}{total} numbers {_verb(bad)}"
    return f"{'Both' if total == 2 else f'All {total}'} {f'of {its}' if its else ''}numbers {_verb(total)}"


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _nearly(pairs: Sequence[Pair]) -> Signature | None:
    """Closer than a signature can tell from what is due, and yet beyond the check's tolerance."""
    if all(_same_digits(*p.flat, _CLOSE) for p in pairs):
        return Signature(
            "rounding",
            "It agrees with what is due to nine digits, but not to the eleven that are asked for, "
            f"{AS_HAPPENS} something small is added, or a slope is taken by differences.",
        )
    return None


def _logarithm_of_more(pairs: Sequence[Pair]) -> Signature | None:
    """Logarithms, or minus those, of numbers that are too large by one small number: it was added to what may be 0."""
    observed, expected = (np.concatenate(found) for found in zip(*(p.flat for p in pairs), strict=True))
    if np.unique(np.round(expected, 6)).size < FEWEST_NUMBERS or not np.isfinite(observed).all():
        return None
    for sign in (1, -1):
        if (sign * expected).max() > 0:
            continue
        more = np.exp(sign * observed) - np.exp(sign * expected)
        added = float(np.median(more))
        if 1e-14 < added < 1e-2 and (np.abs(more - added) <= 1e-3 * added + 4e-16).all():
            whose = f"{'minus ' * (sign < 0)}the logarithm of numbers that are {number(added)} too large"
            return Signature("logarithm", f"It is {whose}, {AS_HAPPENS} something small is added before the logarithm.")
    return None


# float32 keeps seven digits, of which a computation loses one or two.
_FIVE_DIGITS = 1e-5


def _to_five_digits(pairs: Sequence[Pair]) -> Signature | None:
    """What float32 and constants with six or seven digits do: as near as that everywhere, and nowhere exact."""
    for pair in pairs:
        observed, expected = pair.flat
        if not _same_digits(observed, expected, _FIVE_DIGITS):
            return None
    why = f"{AS_HAPPENS} something is computed in float32, a constant is rounded, or something small is added"
    return Signature(
        "five_digits", f"It agrees with what is due to five digits or more, but not to the eleven that are asked for, {why}."
    )


def _rounded(pairs: Sequence[Pair]) -> Signature | None:
    """The right answer with so many decimal places."""
    for places in range(9):
        rounded = [(p.flat[0], np.round(p.flat[1], places)) for p in pairs]
        if all(o.shape == e.shape and _all_close(o, e, 1e-14, 0.0) for o, e in rounded):
            if sum(np.unique(e).size for _, e in rounded) < 3:
                return None
            how = f"to {places} decimal place{'s' if places != 1 else ''}" if places else "to a whole number"
            return Signature("rounded", f"It is what is due, rounded {how}.")
    return None


def _opposite_sign(pairs: Sequence[Pair]) -> Signature | None:
    # Of a number that is next to nothing neither sign is far from the other.
    if all(_near(-np.concatenate(p.flat[:1]), p.flat[1]) and np.abs(p.flat[1]).max(initial=0) > 1e-8 for p in pairs):
        if _are_single(pairs):
            return Signature("sign", "It has the wrong sign, and is right apart from that.")
        which = "Every number" if all(p.flat[1].all() for p in pairs) else "Every number that is not 0"
        return Signature("sign", f"{which} has the wrong sign, and is right apart from that.")
    return None


def _constant_ratio(pairs: Sequence[Pair]) -> Signature | None:
    """The same ratio in all entries of a case; it may differ from case to case if it is then a size or an argument."""
    ratios = []
    for pair in pairs:
        ratio = _ratio(pair)
        if ratio is None:
            return None
        ratios.append(ratio)
    known = _name_of(ratios, [p.case for p in pairs])
    if known is None and sum(np.count_nonzero(p.flat[1]) for p in pairs) < 2:
        return None  # of one number anything is a ratio
    if known is None and len(set(np.round(ratios, 9))) > 1:
        return None
    if any(ratio < 0 for ratio in ratios):
        if len(set(np.round(ratios, 9))) > 1:
            return None
        each = "It" if _are_single(pairs) else "Every number"
        return Signature("ratio", f"{each} has the wrong sign, and is {_too(-ratios[0])}.")
    if not known:
        return Signature("ratio", f"It is {_too(ratios[0])}, in every {'input' if _are_single(pairs) else 'number'}.")
    return Signature("ratio", f"It is {_known_ratio(ratios, known)}.")


def _known_ratio(ratios: Sequence[float], known: str) -> str:
    """Ratios that have a name, the same or not."""
    words = _two_ratios(ratios)
    return f"{words}, and that is {known}" if " in another" not in words else f"{words}: that is {known}"


def _two_ratios(ratios: Sequence[float]) -> str:
    """The ratio of the smallest input, and that of another if there is another."""
    first = _too(ratios[0])
    others = [found for found in map(_too, ratios) if found != first]
    if not others:
        return first
    how, _, rest = first.partition(" ")
    size = rest.partition(" times ")[2]
    other = others[-1].removeprefix(f"{how} ").removesuffix(f" {size}") if size else others[-1]
    return f"{first} in the smallest input and {other} in another"


def _too(ratio: float) -> str:
    """How much too large or too small; exactly, where the number that is printed is the ratio itself.

    >>> _too(5.0), _too(1 / 3), _too(1.00005), _too(3.14159265)
    ('exactly 5 times too large', 'exactly 3 times too small', '0.005% too large', 'about 3.142 times too large')
    """
    times, size = (ratio, "large") if ratio >= 1 else (1 / ratio, "small")
    if times < 1.001:  # four digits would say once
        return f"{number(100 * abs(ratio - 1))}% too {size}"
    exact = math.isclose(float(number(times)), times, rel_tol=_CLOSE)
    return f"{'exactly' if exact else 'about'} {number(times)} times too {size}"


def _ratio(pair: Pair) -> float | None:
    observed, expected = pair.flat
    solid = np.abs(expected) > 1e-8
    if not solid.any() or not np.isfinite(observed).all():
        return None
    ratio = float(np.median(observed[solid] / expected[solid]))
    # -1 and 0 have sentences of their own; 1 would be right.
    if ratio == 0 or abs(ratio - 1) < 1e-6 or not _near(observed, ratio * expected):
        return None
    return ratio


# Twice and half, and their squares, have so many causes that a size of 2 says nothing where it is the same in every input.
_COMMON = frozenset((2.0, 4.0, 0.5, 0.25))


def _name_of(ratios: Sequence[float], cases: Sequence[Mapping[str, Any]]) -> str | None:
    """What the ratios are in the terms of their cases: the batch size, a number of features, 1 / (1 - rate), ..."""
    names = [_numbers_in(case) for case in cases]
    fitting = []
    for name, value in names[0].items():
        if value in _COMMON and all(found.get(name) == value for found in names):
            continue
        for of in (lambda n: n, lambda n: 1 / n if n else math.inf):
            if all(
                name in found and math.isclose(ratio, of(found[name]), rel_tol=_CLOSE)
                for ratio, found in zip(ratios, names, strict=True)
            ):
                # So many times too large or too small is never less than once.
                fitting.append(_one_through(name) if all(abs(found[name]) < 1 for found in names) else name)
    # Where two sizes are equal in every input, nobody knows which of them it is. The length of an array says least.
    telling = [name for name in fitting if "the length of" not in name] or fitting[:1]
    return ", or ".join(telling[:2]) or None


def _one_through(name: str) -> str:
    return f"1 / {name}" if name.isidentifier() else f"1 divided by {name}" if name.startswith("the ") else f"1 / ({name})"


def _numbers_in(case: Mapping[str, Any]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, value in case.items():
        if isinstance(value, np.ndarray) and value.ndim >= 1:
            first = "the batch size" if value.ndim > 1 and name in ("x", "upstream", "targets") else f"the length of {name}"
            numbers.setdefault(first, value.shape[0])
            if value.ndim > 1:
                last = {"x": "the number of features", "upstream": "the number of outputs"}.get(
                    name, f"the last axis of {name}"
                )
                numbers.setdefault(last, value.shape[-1])
                numbers.setdefault(f"the number of entries of {name}", value.size)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[name] = value
            if 0 < value < 1:
                numbers[f"1 - {name}"] = 1 - value
                numbers[f"the square root of 1 - {name}"] = math.sqrt(1 - value)
            if value > 0:
                numbers[f"the square of {name}"] = value**2
    for name, value in list(numbers.items()):
        if value > 2 and name.startswith("the batch"):
            numbers["n / (n - 1) with n the batch size"] = value / (value - 1)
            numbers["the square root of n / (n - 1) with n the batch size"] = math.sqrt(value / (value - 1))
    # A size of 1 changes nothing, so that no ratio is that.
    return {name: value for name, value in numbers.items() if abs(value - 1) > 1e-6}


def _constant_offset(pairs: Sequence[Pair]) -> Signature | None:
    offsets = []
    for pair in pairs:
        observed, expected = pair.flat
        if observed.size < 2 or not np.isfinite(observed).all():
            return None
        offset = float(np.median(observed - expected))
        # A small one could be what rounding leaves of another relation; where 0 is due nothing is rounded.
        if abs(offset) < (1e-8 if expected.any() else 1e-12) or not _near(observed, expected + offset):
            return None
        offsets.append(offset)
    if max(offsets) - min(offsets) < min(1e-9, 1e-3 * abs(offsets[0])):
        return Signature("offset", f"Every number is off by the same amount, {number(offsets[0])}.")
    known = _offset_words(offsets, [p.case for p in pairs])
    return Signature("offset", f"In each case every number is off by one and the same amount{known}.")


def _offset_words(offsets: Sequence[float], cases: Sequence[Mapping[str, Any]]) -> str:
    """What amounts that differ are, in the terms of their cases."""
    names = [_numbers_in(case) for case in cases]
    for of, words in ((lambda n: n, ""), (lambda n: 1 / n if n else math.inf, "1 divided by ")):
        for name in names[0]:
            if all(
                name in found and math.isclose(abs(offset), of(found[name]), rel_tol=_CLOSE)
                for offset, found in zip(offsets, names, strict=True)
            ):
                return f", and that is {words}{name}"
    return ""


def _is_input(pairs: Sequence[Pair]) -> Signature | None:
    starts = [dict(_starts(p.case)) for p in pairs]
    for name in starts[0]:
        given = [(p, of.get(name)) for p, of in zip(pairs, starts, strict=True)]
        if all(_is_array_like(value, p) and _near(p.observed, value) for p, value in given):
            return Signature("input_returned", f"It is the same as {name}, unchanged.")
        rows = all(_is_row_of(value, p) and _near(p.observed, _in_every_row(p, value)) for p, value in given)
        # One number everywhere, as 0 or 1, is what it is for many a reason.
        if rows and np.unique(np.concatenate([_numbers(value) for _, value in given])).size > 1:
            return Signature("input_returned", f"Every row of it is the same as {name}, unchanged.")
    return None


def _in_every_row(pair: Pair, row: Any) -> np.ndarray:
    return np.broadcast_to(row, pair.observed.shape)


def _is_row_of(value: Any, pair: Pair) -> bool:
    if not isinstance(value, np.ndarray) or not _are_arrays(pair) or value.dtype.kind != "f":
        return False
    return value.shape == pair.observed.shape[1:]


# A change is a difference of numbers that may be a million times as large, so that its ratio has fewer digits than they.
_SURE_RATIO = 1e-8


def _starts(case: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What an answer may be a change of: numbers and arrays that are given, and the arrays of lists."""
    for name, value in case.items():
        if isinstance(value, list):
            yield from ((name if len(value) == 1 else f"{name}[{i}]", item) for i, item in enumerate(value))
        else:
            yield name, value


@dataclass(frozen=True)
class _Changes:
    """What an answer changes of a number or an array that is given, and what it should change.

    size: of the numbers whose differences these are. path: whether a row of the answer is one state of what changes.
    from_something: whether that is not 0.
    """

    made: np.ndarray
    due: np.ndarray
    size: float
    path: bool
    from_something: bool

    def ratio(self) -> float | None:
        """By what the change is another times as large as it should be; None where that is not one number, or is unsure."""
        rounding = 1e-13 * self.size
        solid = self._solid()
        if not solid.any():
            return None
        ratio = float(np.median(self.made[solid] / self.due[solid]))
        within = (_CLOSE * np.abs(self.due) + rounding) * max(1.0, abs(ratio))
        return ratio if bool((np.abs(self.made - ratio * self.due) <= within).all()) else None

    def sure(self) -> np.ndarray:
        """What is due where it is so much that it is no rounding."""
        return self.due[self._solid()]

    def first(self) -> _Changes:
        """The first change of a path; nothing where a row before it is wrong."""
        rows = self._solid().reshape(len(self.due), -1).any(axis=1)
        first = int(np.argmax(rows)) if rows.any() else 0
        if not np.allclose(self.made[:first], self.due[:first], 0.0, 1e-13 * self.size):
            return replace(self, made=self.made[:0], due=self.due[:0])
        return replace(self, made=self.made[first], due=self.due[first])

    def _solid(self) -> np.ndarray:
        return np.abs(self.due) > 1e-7 * self.size


def _changes_from(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[_Changes]]]:
    """Of everything given that the answers may be a change of: what they change and should change, first as a whole.

    Of a path, whose later changes may depend on the first, that is told by itself as well.
    """
    starts = [dict(_starts(p.case)) for p in pairs]
    for name in starts[0]:
        found = [_changes(p, of.get(name)) for p, of in zip(pairs, starts, strict=True)]
        changes = [each for each in found if each is not None]
        if len(changes) < len(pairs) or len({each.path for each in changes}) > 1:
            continue
        if not any(each.from_something for each in changes):
            continue  # from 0, the change is the answer
        if changes[0].path:
            yield f"In every row the change from {name}", changes
            yield f"The first change from {name}", [each.first() for each in changes]
        else:
            yield f"The change from {name}", changes


def _changes(pair: Pair, start: Any) -> _Changes | None:
    given = (pair.observed, pair.expected, start)
    if not all(isinstance(value, int | float | np.ndarray) for value in given):
        return None
    observed, expected, start = map(np.asarray, given)
    if observed.dtype.kind != "f" or expected.dtype.kind != "f" or start.dtype.kind not in "fi":
        return None
    if observed.shape != expected.shape or start.shape not in (expected.shape, expected.shape[1:]) or not observed.size:
        return None
    size = max(float(np.abs(value).max(initial=0.0)) for value in (observed, expected, start))
    if not math.isfinite(size):
        return None
    return _Changes(observed - start, expected - start, size, start.shape != expected.shape, bool(np.any(start)))


def _are_enough(changes: Sequence[_Changes]) -> bool:
    """Whether so many numbers change that a relation is no chance; where all change alike, an answer is off by that."""
    due = np.concatenate([each.sure() for each in changes])
    return due.size >= FEWEST_NUMBERS and not np.allclose(due, due[0], _CLOSE, 0.0)


def _change_turned_round(pairs: Sequence[Pair]) -> Signature | None:
    for subject, changes in _changes_from(pairs):
        if not _are_enough(changes):
            continue
        ratios = [each.ratio() for each in changes]
        if all(ratio is not None and math.isclose(ratio, -1, rel_tol=_SURE_RATIO) for ratio in ratios):
            return Signature("change", f"{subject} is as large as it should be, in the opposite direction.")
    return None


def _change_of_another(pairs: Sequence[Pair]) -> Signature | None:
    """A change that is due for another of several that are given, as where their gradients are taken for one another."""
    starts = [dict(_starts(p.case)) for p in pairs]
    for name in starts[0]:
        found = [_changes(p, of.get(name)) for p, of in zip(pairs, starts, strict=True)]
        made = [each for each in found if each is not None]
        if len(made) < len(pairs) or not _are_enough(made):
            continue
        for other in starts[0]:
            for words in pairs[0].others if other != name and isinstance(starts[0][other], np.ndarray) else ():
                if "input" not in words and all(
                    _is_the_change(each, p, words, of.get(other)) for each, p, of in zip(made, pairs, starts, strict=True)
                ):
                    return Signature("change", f"The change from {name} is the one that is due from {other}.")
    return None


def _is_the_change(made: _Changes, pair: Pair, where: str, start: Any) -> bool:
    for due in pair.others.get(where, ()):
        other = _changes(replace(pair, observed=due, expected=due), start)
        if other and other.path == made.path and np.unique(other.due).size >= FEWEST_NUMBERS and _near(made.made, other.due):
            return True
    return False


def _change_ratio(pairs: Sequence[Pair]) -> Signature | None:
    """A change that is always as many times too large or too small, or so many times as a size or an argument says."""
    for subject, changes in _changes_from(pairs):
        ratios = [each.ratio() for each in changes]
        found = [ratio for ratio in ratios if ratio and abs(ratio) > 1e-6]
        if not _are_enough(changes) or len(found) < len(pairs):
            continue
        if words := _change_words(found, [_with_options(p.case) for p in pairs]):
            return Signature("change", f"{subject} {words}.")
    return None


def _with_options(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case in which the options that it holds under one name stand beside all else."""
    held = [value for value in case.values() if isinstance(value, Mapping)]
    return {option: value for options in held for option, value in options.items()} | dict(case)


def _change_words(ratios: Sequence[float], cases: Sequence[Mapping[str, Any]]) -> str | None:
    if any(math.isclose(abs(ratio), 1, rel_tol=_SURE_RATIO) for ratio in ratios):
        return None
    known = _name_of(ratios, cases)
    alike = max(ratios) - min(ratios) <= _SURE_RATIO * abs(ratios[0])
    # So many steps, in every input, is as likely a number that has nothing to do with them.
    if known and ratios[0] > 0 and not (alike and known.startswith(("the length", "the last", "the number"))):
        return f"is {_known_ratio(ratios, known)}"
    if not alike:
        return None
    turned = "goes in the opposite direction, and " if ratios[0] < 0 else ""
    return f"{turned}is {_too(abs(ratios[0]))}"


def _missing_term(pairs: Sequence[Pair]) -> Signature | None:
    for name in pairs[0].case:
        if all(_is_array_like(p.case.get(name), p) for p in pairs):
            for sign, words in ((1, "less"), (-1, "more")):
                if all(_near(p.observed + sign * p.case[name], p.expected) for p in pairs):
                    return Signature("term", f"It is exactly {name} {words} than what is due.")
    return None


# What an answer may be of the right one, where the answer has two numbers or more that differ.
_OF_WHAT_IS_DUE: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the square of what is due", np.square),
    ("the square root of what is due", np.sqrt),
    ("1 divided by what is due", np.reciprocal),
    ("1 minus what is due", lambda due: 1 - due),
    ("what is due without its sign", np.abs),
    ("the exponential of what is due", np.exp),
    ("the logarithm of what is due", np.log),
    ("minus the logarithm of what is due", lambda due: -np.log(due)),
)


def _of_what_is_due(pairs: Sequence[Pair]) -> Signature | None:
    if sum(np.unique(p.flat[1]).size for p in pairs) < FEWEST_NUMBERS:
        return None
    with np.errstate(all="ignore"):
        for words, function in _OF_WHAT_IS_DUE:
            if all(_near(p.flat[0], function(p.flat[1])) for p in pairs):
                return Signature("function", f"It is {words}.")
    return None


# A relation between so many numbers or more is no chance.
FEWEST_NUMBERS = 3


def _factor(pairs: Sequence[Pair]) -> Signature | None:
    """An argument, entry by entry, too much or too little as a factor."""
    if sum(p.flat[1].size for p in pairs) < FEWEST_NUMBERS:
        return None
    for name in pairs[0].case:
        if all(_is_array_like(p.case.get(name), p) for p in pairs):
            with np.errstate(all="ignore"):
                if all(_near(p.observed, p.expected * p.case[name]) for p in pairs):
                    return Signature("factor", f"It is what is due times {name}, entry by entry: a factor too many.")
                if all(_near(p.observed * p.case[name], p.expected) for p in pairs):
                    return Signature("factor", f"It is what is due without the factor {name}, entry by entry.")
    return None


def _one_number(pairs: Sequence[Pair]) -> Signature | None:
    """The same number everywhere, where others are due."""
    observed = np.concatenate([p.flat[0] for p in pairs])
    expected = np.concatenate([p.flat[1] for p in pairs])
    if observed.size < FEWEST_NUMBERS or not np.isfinite(observed).all() or np.unique(expected).size < 2:
        return None
    if not _near(observed, np.full(observed.shape, observed[0])):
        return None
    return Signature("constant", f"It is {number(float(observed[0]))} everywhere, where other numbers are due.")


def _cut_off(pairs: Sequence[Pair]) -> Signature | None:
    """Wrong only where it has reached a number that it does not go beyond."""
    limits = []
    for pair in pairs:
        observed, expected = pair.flat
        wrong = ~_same(observed, expected)
        if wrong.all() or not np.isfinite(observed).all():
            return None
        limits.append((observed[wrong], expected[wrong]))
    observed = np.concatenate([found for found, _ in limits])
    expected = np.concatenate([found for _, found in limits])
    sides = [(observed[beyond], expected[beyond]) for beyond in (expected < observed, expected > observed)]
    found = [(at, due, words) for (at, due), words in zip(sides, ("smaller", "larger"), strict=True) if at.size]
    if not all(at.size > 1 and _near(at, np.full(at.shape, at[0])) for at, _, _ in found) or np.unique(expected).size < 2:
        return None
    if len(found) == 1:
        ((at, _, words),) = found
        return Signature("cut_off", f"Where it is wrong it is always {number(float(at[0]))}, and {words} numbers are due.")
    (low, _, _), (high, _, _) = found
    if low[0] >= high[0]:
        return None
    lowest, highest = number(float(low[0])), number(float(high[0]))
    return Signature(
        "cut_off", f"Where it is wrong it is {lowest} where smaller numbers are due, and {highest} where larger ones are."
    )


# What an answer may be of two arrays that are given.
_OF_TWO: tuple[tuple[str, str, Callable[[np.ndarray, np.ndarray], np.ndarray]], ...] = (
    ("plus", "", np.add),
    ("minus", "", np.subtract),
    ("times", ", entry by entry", np.multiply),
)


def _of_two_inputs(pairs: Sequence[Pair]) -> Signature | None:
    """The sum, the difference or the product of two that are given, where something else is due."""
    if sum(np.unique(p.flat[0]).size for p in pairs) < FEWEST_NUMBERS:
        return None
    given = [{name: value for name, value in _starts(p.case) if _is_array_like(value, p) and np.any(value)} for p in pairs]
    for word, how, function in _OF_TWO:
        for first, second in permutations(given[0], 2):
            if all(
                first in of and second in of and _near(p.observed, function(of[first], of[second]))
                for p, of in zip(pairs, given, strict=True)
            ):
                return Signature("of_two", f"It is exactly {first} {word} {second}{how}.")
    return None


def _of_all_so_far(pairs: Sequence[Pair]) -> Signature | None:
    """One number that goes on from input to input, or becomes the mean of all: something is kept between calls."""
    if len(pairs) < FEWEST_NUMBERS or not _are_single(pairs):
        return None
    so_far = [np.concatenate([_numbers(due) for due in (*p.others.get(_EARLIER, ()), p.expected)]) for p in pairs]
    for word, function in (("sum", np.sum), ("mean", np.mean)):
        if all(_near(p.flat[0], np.full(1, function(due))) for p, due in zip(pairs, so_far, strict=True)):
            return Signature("so_far", f"It is the {word} of what is due in this input and in all before it.")
    return None


# Among what is due elsewhere: in the inputs of the check that come before.
_EARLIER = "in an earlier input"


def _repeated(pairs: Sequence[Pair]) -> Signature | None:
    """One row over and over, where others are due: the last that is right, or what is due at the end."""
    if not all(_are_arrays(p) and p.observed.ndim >= 2 and len(p.observed) > 1 for p in pairs):
        return None
    if sum(p.observed.size for p in pairs) < FEWEST_NUMBERS:
        return None
    why = f"{AS_HAPPENS} one and the same array is put into every row and changed afterwards"
    if all(_near(p.observed, _in_every_row(p, p.expected[-1])) for p in pairs):
        return Signature("repeated", f"Every row of it is what is due in the last, {why}.")
    if all(_is_the_end_from_its_second_row(p) for p in pairs):
        return Signature("repeated", f"Its first row is right, and every other is what is due in the last, {why}.")
    begin = {_rows_that_begin(p) for p in pairs}
    if 0 in begin or not all(_repeats_from(p, _rows_that_begin(p) - 1) for p in pairs):
        return None
    if begin == {1}:
        others = "all others repeat" if any(len(p.observed) > 2 for p in pairs) else "the other repeats"
        return Signature("repeated", f"Its first row is right, and {others} it.")
    first = f"{number_word(begin.pop())} " if len(begin) == 1 else ""
    return Signature("repeated", f"Its first {first}rows are right, and those behind them repeat the last of these.")


def _is_the_end_from_its_second_row(pair: Pair) -> bool:
    end = np.concatenate([pair.expected[:1], _in_every_row(pair, pair.expected[-1])[1:]])
    return len(end) > 2 and _near(pair.observed, end) and not _near(pair.observed[1], pair.observed[0])


def _rows_that_begin(pair: Pair) -> int:
    """How many rows at the beginning of an answer are right."""
    right = np.asarray(_same(pair.observed, pair.expected).reshape(len(pair.observed), -1).all(axis=1))
    return len(right) if right.all() else int(np.argmin(right))


def _repeats_from(pair: Pair, row: int) -> bool:
    behind = pair.observed[row + 1 :]
    return len(behind) > 0 and _near(behind, np.broadcast_to(pair.observed[row], behind.shape))


def _rows(pairs: Sequence[Pair]) -> Signature | None:
    """Which rows or columns are right, where that is one and the same in all answers."""
    if not all(_are_arrays(p) and p.observed.ndim >= 2 and p.observed.shape == p.expected.shape for p in pairs):
        return None
    right = [_same(p.observed, p.expected) for p in pairs]
    for axis, word in ((0, "row"), (-1, "column")):
        lines = [np.asarray(np.moveaxis(found, axis, 0).reshape(found.shape[axis], -1).all(axis=1)) for found in right]
        if any(len(line) < 2 for line in lines):
            continue
        if found := _which(lines, word):
            return found
    return None


def _own_factors(pairs: Sequence[Pair]) -> Signature | None:
    """Right but for a factor in every input, every row or every column: it belongs to something else."""
    ratios = _ratios(pairs)
    if ratios and min(ratios) > 0:
        return Signature("own_factors", f"It is {_two_ratios(ratios)}.")
    if not all(_are_arrays(p) and p.observed.ndim == 2 for p in pairs):
        return None
    for word, turned in (("row", np.asarray), ("column", np.transpose)):
        lines = [[Pair(*line, p.case) for line in zip(turned(p.observed), turned(p.expected), strict=True)] for p in pairs]
        if all(len(of) > 1 and _ratios(of) for of in lines):
            return Signature("own_factors", f"Every {word} is what is due, but for a factor of its own.")
    return None


def _ratios(pairs: Sequence[Pair]) -> list[float] | None:
    """By what each is too large or too small, 1 where it is right; None where that is no factor, or of one number alone."""
    ratios: list[float] = []
    for pair in pairs:
        observed, expected = pair.flat
        ratio = 1.0 if _near(observed, expected) else _ratio(pair)
        if ratio is None or np.count_nonzero(expected) < 2:
            return None
        ratios.append(ratio)
    return ratios


def _which(lines: Sequence[np.ndarray], word: str) -> Signature | None:
    if all(line[0] and not line[1:].any() for line in lines):
        return Signature("lines", f"Its first {word} is right, and no other.")
    if all(line[-1] and not line[:-1].any() for line in lines):
        return Signature("lines", f"Its last {word} is right, and no other.")
    if all(not line[0] and line[1:].all() for line in lines):
        return Signature("lines", f"Its first {word} is wrong, and no other.")
    if all(not line[-1] and line[:-1].all() for line in lines):
        return Signature("lines", f"Its last {word} is wrong, and no other.")
    begin = {int(np.argmin(line)) for line in lines}
    if len(begin) == 1 and (first := begin.pop()) > 1 and all(not line[first:].any() for line in lines):
        return Signature("lines", f"Its first {number_word(first)} {word}s are right, and those behind them wrong.")
    return None


def _shifted(pairs: Sequence[Pair]) -> Signature | None:
    """Right, and an entry too early or too late along the first axis."""
    found = [p.flat if not _are_arrays(p) else (p.observed, p.expected) for p in pairs]
    if not all(o.ndim and o.shape == e.shape and len(o) > FEWEST_NUMBERS for o, e in found):
        return None
    if any(_near(e[1:], e[:-1]) for _, e in found):
        return None
    what = "row" if all(o.ndim > 1 for o, _ in found) else "entry"
    if all(_near(o[1:], e[:-1]) for o, e in found):
        return Signature("shifted", f"What is due comes one {what} too late.")
    if all(_near(o[:-1], e[1:]) for o, e in found):
        return Signature("shifted", f"What is due comes one {what} too early.")
    if all(_near(o[::-1], e) for o, e in found):
        return Signature("reversed", f"The numbers are right, and stand in reverse order: the last {what} comes first.")
    return None


def _is_array_like(value: Any, pair: Pair) -> bool:
    return (
        isinstance(value, np.ndarray) and _are_arrays(pair) and value.shape == pair.observed.shape and value.dtype.kind == "f"
    )


def _transposed(pairs: Sequence[Pair]) -> Signature | None:
    if all(_are_arrays(p) and p.observed.ndim == 2 and p.observed.size > 1 and _near(p.observed.T, p.expected) for p in pairs):
        return Signature("transposed", "It is transposed: the axes are swapped, and the numbers are right.")
    return None


def _permuted(pairs: Sequence[Pair]) -> Signature | None:
    if all(_are_arrays(p) and _differ(p.flat[1]) and _near(np.sort(p.flat[0]), np.sort(p.flat[1])) for p in pairs):
        return Signature("permuted", "The numbers are right, but they stand in other places.")
    return None


def _differ(numbers: np.ndarray) -> bool:
    """Whether so many of the numbers are different that the same ones in other places are no chance, as ones and zeros are."""
    return numbers.size > 2 and 2 * np.unique(numbers).size > numbers.size


def _all_zero(pairs: Sequence[Pair]) -> Signature | None:
    if all(not np.any(p.flat[0]) for p in pairs):
        answers = [leaf for p in pairs for leaf in _leaves(p.observed)]
        words = "False" if all(isinstance(leaf, bool) for leaf in answers) else "zero"
        several = len(answers) > len(pairs)
        return Signature("zero", f"It is {words}{' everywhere' if several else ''}.")
    return None


def _only_where_negative(pairs: Sequence[Pair]) -> Signature | None:
    """Wrong only where an input of the same shape is negative (or positive)."""
    for name in pairs[0].case:
        if not all(_is_array_like(p.case.get(name), p) for p in pairs):
            continue
        for which, words in ((lambda x: x < 0, "negative"), (lambda x: x > 0, "positive"), (lambda x: x == 0, "0")):
            inside = [which(p.case[name]) for p in pairs]
            wrong = [_off(p.observed, p.expected) for p in pairs]
            if all(w.any() and not (w & ~i).any() and i.any() and not i.all() for w, i in zip(wrong, inside, strict=True)):
                ratios = [_ratio(Pair(p.observed[i], p.expected[i], p.case)) for p, i in zip(pairs, inside, strict=True)]
                tail = ""
                if None not in ratios and len(set(np.round(np.array(ratios, float), 9))) == 1:
                    tail = f", where it is {number(ratios[0] or 0)} times what is due"
                return Signature("where", f"Here it is wrong only where {name} is {words}{tail}.")
    return None


def _only_far_out(pairs: Sequence[Pair]) -> Signature | None:
    """Right near 0, and wrong beyond, or the reverse."""
    for name in pairs[0].case:
        if not all(_is_array_like(p.case.get(name), p) for p in pairs):
            continue
        wrong = np.concatenate([_off(p.observed, p.expected).ravel() for p in pairs])
        size = np.concatenate([np.abs(p.case[name]).ravel() for p in pairs])
        if wrong.all() or min(wrong.sum(), (~wrong).sum()) < FEWEST_NUMBERS:
            continue
        if size[wrong].min() > size[~wrong].max():
            return Signature("where", f"It is right where {name} is near 0, and wrong farther out.")
        if size[wrong].max() < size[~wrong].min():
            return Signature("where", f"It is wrong where {name} is near 0, and right farther out.")
    return None


def _some_entries(pairs: Sequence[Pair]) -> Signature | None:
    wrong = total = 0
    worst = 0.0
    for pair in pairs:
        observed, expected = pair.flat
        bad = _off(observed, expected)
        wrong, total = wrong + int(bad.sum()), total + bad.size
        with np.errstate(all="ignore"):
            gap = np.abs(observed - expected)[bad] / np.maximum(np.abs(expected[bad]), 1e-300)
        worst = max(worst, float(np.max(gap, initial=0.0)))
    far = f"{number(100 * worst)}% of what is due" if 1e-6 < worst < 10 else ""
    if _are_single(pairs):
        most = "by up to" if len(pairs) > 1 else "by"
        return Signature("differs", f"It is wrong, {most} {far}." if far else "It is not the number that is due.")
    if total < 2:
        return None
    return Signature("differs", f"{_so_many(wrong, total)} wrong{f', by up to {far}' if far else ''}.")


def _numbers(value: Any) -> np.ndarray:
    """All numbers of an answer in a row, however deep they lie."""
    if isinstance(value, list | tuple):
        return np.concatenate([_numbers(item) for item in value]) if value else np.zeros(0)
    if isinstance(value, Mapping):
        return np.concatenate([_numbers(value[key]) for key in sorted(value)]) if value else np.zeros(0)
    array = np.asarray(value)
    return array.ravel().astype(np.float64) if array.dtype.kind in "biuf" else np.full(1, np.nan)


def _same_digits(observed: np.ndarray, expected: np.ndarray, relative: float) -> bool:
    """Whether every number agrees in its first digits: 0 in the place of 1e-14 does not, however near they are."""
    with np.errstate(all="ignore"):
        if observed.shape != expected.shape or not _all_close(observed, expected, relative, 1e-12):
            return False
        small = (np.abs(expected) < 1e-12) & (expected != 0)
        return _all_close(observed[small], expected[small], relative, 0.0)


def _off(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Which numbers are wrong. Where none is by what is usual, small ones are, as where a check asks for them exactly."""
    usual = ~_same(observed, expected)
    return usual if usual.any() else ~_same(observed, expected, 0.0)


def _same(observed: Any, expected: Any, absolute: float = 1e-12) -> np.ndarray:
    """Which numbers are as they should be; NaN, where NaN is due."""
    observed, expected = np.asarray(observed), np.asarray(expected)
    return np.asarray(_close(observed, expected, _CLOSE, absolute) | (np.isnan(observed) & np.isnan(expected)))


def _near(observed: Any, expected: Any) -> bool:
    observed, expected = np.asarray(observed), np.asarray(expected)
    if observed.shape != expected.shape:
        return False
    with np.errstate(all="ignore"):
        # Far below one any two numbers lie within 1e-12 of each other.
        largest = max(np.abs(observed).max(initial=0.0), np.abs(expected).max(initial=0.0))
        return _all_close(observed, expected, _CLOSE, 1e-12 * min(1.0, largest))


def _all_close(observed: np.ndarray, expected: np.ndarray, relative: float, absolute: float) -> bool:
    """As np.allclose says, at a third of what that costs for the few numbers of an answer."""
    return bool(_close(observed, expected, relative, absolute).all())


def _close(observed: np.ndarray, expected: np.ndarray, relative: float, absolute: float) -> np.ndarray:
    if observed.dtype != np.float64 or expected.dtype != np.float64:
        return np.isclose(observed, expected, relative, absolute)
    size = np.abs(expected)
    near = (np.abs(observed - expected) <= absolute + relative * size) & (size < np.inf)
    return near | (observed == expected)


_NUMBERS: tuple[Finder, ...] = (
    _text, _not_finite, _logarithm_of_more, _nearly, _all_zero, _opposite_sign, _is_input, _repeated, _of_what_is_due,
    _change_turned_round, _rounded, _to_five_digits, _constant_ratio, _due_for_another, _of_all_so_far, _constant_offset,
    _missing_term, _factor, _one_number, _transposed, _shifted, _permuted, _cut_off, _only_where_negative, _change_ratio,
    _change_of_another, _of_two_inputs, _rows, _own_factors, _only_far_out, _some_entries,
)  # fmt: skip
