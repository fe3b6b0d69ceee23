"""What the commonest messages of Python and NumPy mean: a sentence for whoever meets one for the first time.

Each is true wherever its message can arise, and says nothing of the exercise: it explains the language, not the solution.
"""

from __future__ import annotations

import re

# A message's form, and the sentence; the first that fits is told.
MEANINGS = [
    (
        r"The truth value of an array with more than one element is ambiguous.*",
        "Python's `if`, `and`, `or`, `not`, `max` and `min` ask for one truth value, and an array holds many; NumPy's"
        " `where`, `maximum`, `minimum` and the sign `&` go entry by entry.",
    ),
    (
        r"ufunc 'bitwise_xor' not supported.*|unsupported operand type\(s\) for \^.*",
        "In Python `^` is the exclusive or of bits; a power is written `**`.",
    ),
    (
        r"ufunc 'bitwise_(?:and|or)' not supported.*|unsupported operand type\(s\) for [&|].*",
        "`&` and `|` bind more tightly than comparisons, so each of these needs brackets of its own: `(a < x) & (x < b)`.",
    ),
    (
        r"only integer scalar arrays can be converted to a scalar index",
        "An array stands where one whole number is due, such as an axis: the second argument of `np.max`, `np.sum` "
        "and `np.concatenate` is one. The larger of two entry by entry is `np.maximum(a, b)`, and what is joined is "
        "given as a list, `np.concatenate([a, b])`.",
    ),
    (
        r"Cannot interpret '-?\d+' as a data type",
        "A number stands where a dtype is due. A shape is given as one tuple: `np.zeros((3, 2))`.",
    ),
    (
        r"only (?:length-1|0-dimensional) arrays can be converted to Python scalars",
        "Python's `float`, `int` and the functions of `math` take one number; NumPy's own, such as `np.exp`, take a "
        "whole array.",
    ),
    (
        r"'(?:numpy\.ndarray|numpy\.float64|tuple|list|int|float)' object is not callable",
        "Round brackets behind a value call it as a function. Entries are taken with square ones, a product needs its"
        " `*`, and `.shape`, `.size`, `.ndim` and `.T` have none.",
    ),
    (
        r".*'(?:builtin_function_or_method|function|method|ufunc)'(?: object is not (?:subscriptable|iterable)|"
        r" has no len\(\)| and .*)?",
        "A function stands where its result is due: round brackets call it, `x.sum()`.",
    ),
    (
        r".*'?NoneType'?.*",
        "Something here is `None`. A function without `return` gives that, and so do the methods of a list that "
        "change it, such as `append` and `sort`.",
    ),
    (
        r"'(?:list|tuple)' object has no attribute '(?:shape|ndim|size|T|dtype|mean|sum|max|min|dot|reshape|astype|std|"
        r"var|item|flatten|ravel|argmax|argmin|cumsum|prod|clip|round|any|all|transpose|squeeze|fill|repeat|tolist)'",
        "Arrays have this, lists and tuples do not: `np.asarray` makes an array of one.",
    ),
    (
        r"can't multiply sequence by non-int of type .*",
        "`*` repeats a list, a tuple or a text, so many times; an array is multiplied entry by entry, and "
        "`np.asarray` makes one.",
    ),
    (
        r"unsupported operand type\(s\) for [^:]*: (?:'(?:list|tuple)' and .*|.* and '(?:list|tuple)')",
        "Lists and tuples, `x.shape` among them, cannot be calculated with; arrays can, and `np.asarray` makes one.",
    ),
    (
        r"can only concatenate (?:list|tuple) .*",
        "`+` puts lists and tuples, `x.shape` among them, one behind the other; arrays are added entry by entry.",
    ),
    (
        r"Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to dtype\('u?int\d+'\).*",
        "An array of whole numbers is changed in place, and can hold no fractions. `x = x + y` makes a new array, "
        "where `x += y` does not.",
    ),
    (
        r"(?:assignment destination|output array) is read-only",
        "This array may only be read. Make a new one, or change a copy of it, `x.copy()`.",
    ),
    (
        r"operands could not be broadcast together with shapes .*",
        "Shapes are held against each other from the right: two sizes must be equal, or one of them 1. A sum, mean or"
        " max over an axis keeps it, with size 1, where `keepdims=True` is said.",
    ),
    (
        r"matmul: Input operand \d has a mismatch in its core dimension .*|shapes .* not aligned: .*",
        "A matrix product sums over the last axis of its first factor and the last but one, or the only one, of its "
        "second; these have to be equally long.",
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions .*",
        "`@` multiplies vectors and matrices; a single number is multiplied with `*`.",
    ),
    (
        r"too many indices for array: .*",
        "An array takes one index for each of its axes at most; `x[:, None]` gives it one axis more.",
    ),
    (
        r"arrays used as indices must be of integer \(or boolean\) type",
        "Numbers with a decimal point are no indices; `.astype(int)` makes whole ones of them.",
    ),
    (
        r"only integers, slices .* are valid indices|(?:list|tuple) indices must be integers or slices, not float|"
        r"'float' object cannot be interpreted as an integer",
        "A whole number is due here. `/` always gives one with a decimal point, `6 / 2` is 3.0; `//` divides whole numbers.",
    ),
    (
        r"(?:list|tuple) indices must be integers or slices, not tuple",
        "A list of lists takes one index behind the other, `rows[i][j]`; an array takes both, `x[i, j]`.",
    ),
    (
        r"'tuple' object cannot be interpreted as an integer",
        "One whole number is due, and a tuple holds several: `x.shape[0]` is one of a shape's.",
    ),
    (
        r"axis -?\d+ is out of bounds for array of dimension \d+",
        "Axes are counted from 0: the two of a matrix are 0 and 1, and -1 is the last.",
    ),
    (
        r"index -?\d+ is out of bounds for (?:axis \d+ with )?size \d+|(?:list|tuple) index out of range",
        "Entries are counted from 0, so the last of n is n - 1.",
    ),
    (
        r"\w+\(\) got an unexpected keyword argument 'keepdim'",
        "NumPy writes `keepdims`, with an s.",
    ),
    (
        r"\w+\(\) got an unexpected keyword argument 'dim'",
        "NumPy calls it `axis`.",
    ),
    (
        r"'axis' is an invalid keyword argument for \w+\(\)",
        "This is Python's own function, which knows no axes; NumPy's, such as `np.sum`, does.",
    ),
    (
        r"'numpy\.ndarray' object has no attribute '(?:exp|log|sqrt|tanh|abs|maximum|minimum|where|square|sign|power|"
        r"outer|log1p|expm1|sin|cos|concatenate|stack|zeros_like|ones_like)'",
        "This is a function of NumPy's, not a method of an array: `np.exp(x)`.",
    ),
    (
        r"'numpy\.ndarray' object has no attribute 'append'",
        "An array does not grow: what is yet to come is gathered in a list, and `np.stack` or `np.concatenate` makes "
        "one array.",
    ),
    (
        r"'numpy\.ndarray' object has no attribute 'len'|'list' object has no attribute 'len'",
        "`len(x)` is a function, not a method.",
    ),
    (
        r"'numpy\.ndarray' object has no attribute '(?:unsqueeze|permute|detach|numpy|cpu|clone|expand)'",
        "This belongs to another library's tensors; NumPy's arrays have `x[:, None]`, `transpose` and `copy`.",
    ),
    (
        r"maximum recursion depth exceeded.*",
        "Calls stand in each other more deeply than Python allows, as where a function calls itself without an end.",
    ),
    (
        r"cannot access local variable '\w+' where it is not associated with a value|"
        r"local variable '\w+' referenced before assignment",
        "A name to which a function assigns anywhere is its own in all of it, and nothing had been assigned to it here.",
    ),
    (
        r"\w+(?:\.\w+)+\(\) takes \d+ positional arguments? but \d+ (?:was|were) given",
        "A method's object is its first argument, `self`, and counts as one.",
    ),
    (
        r"setting an array element with a sequence\. The requested array has an inhomogeneous shape.*",
        "The rows of an array are all equally long.",
    ),
    (
        r"setting an array element with a sequence\.",
        "An entry of an array is one number, and it is given several.",
    ),
    (
        r"invalid index to scalar variable\.|'(?:int|float|numpy\.float64|numpy\.float32)' object is not subscriptable",
        "A single number has no entries. NumPy's `sum`, `mean` and `max` give one for a whole array where no axis is said.",
    ),
    (
        r"'int' object is not iterable",
        "A number is not a row of numbers; `range(n)` counts from 0 up to n - 1.",
    ),
    (
        r"boolean index did not match .*",
        "A mask has the shape of the array from which it chooses.",
    ),
    (
        r"name '(?:exp|log|sqrt|tanh|abs|maximum|minimum|where|square|sign|power|outer|log1p|expm1|sum|mean|zeros|ones|array|"
        r"dot|argmax|concatenate|stack|pi|inf|nan|newaxis)' is not defined.*",
        "NumPy's functions and numbers are called by their module's name: `np.exp(x)`.",
    ),
    (
        r"name 'np' is not defined.*",
        "`import numpy as np`, at the head of the file or in a cell that was run, makes this name.",
    ),
    (
        r"name 'math' is not defined.*",
        "`import math` makes this name; of arrays NumPy has what `math` has of numbers, `np.exp`.",
    ),
    (r"name 'self' is not defined.*", "`self` is the first argument of a method: `def forward(self, x)`."),
    (
        r"name '\w+' is not defined.*",
        "No such name is known where this line runs. What an object keeps is read as `self.name`, what a function is given "
        "stands between its brackets, and what another file defines is imported.",
    ),
    (
        r"overflow encountered in (?:exp|exp2|expm1|sinh|cosh)",
        "Of numbers above 709 the exponential is too large for a float64. Exponentials of numbers up to 0 never are; and "
        "where `np.where` chooses, both of its branches have been computed for all entries.",
    ),
    (r"overflow encountered in \w+", "A number has become too large for its type, and inf stands in its place."),
    (r"divide by zero encountered in log\w*", "The logarithm of 0 is -inf."),
    (
        r"divide by zero encountered in \w+",
        "What is divided by 0 becomes inf. Where `np.where` chooses, both of its branches have been computed for all entries.",
    ),
    (r"invalid value encountered in log\w*", "The logarithm of a negative number is NaN."),
    (r"invalid value encountered in sqrt", "The root of a negative number is NaN."),
    (r"invalid value encountered in (?:divide|true_divide|floor_divide)", "0 / 0 and inf / inf are NaN."),
    (r"invalid value encountered in (?:add|subtract|reduce)", "inf - inf is NaN."),
    (r"invalid value encountered in (?:multiply|dot|matmul)", "0 times inf is NaN, and so is inf - inf."),
    (r"invalid value encountered in power", "A power that is no whole number has no value for a negative number: it is NaN."),
]
_FORMS = [(re.compile(form, re.DOTALL), sentence) for form, sentence in MEANINGS]


def meaning_of(message: str) -> str:
    """What a message of Python's or NumPy's means, in a sentence or two; nothing where it is none of the commonest.

    >>> meaning_of("unsupported operand type(s) for ^: 'float' and 'int'")
    'In Python `^` is the exclusive or of bits; a power is written `**`.'
    >>> meaning_of("3.14159 is not allowed")
    ''
    """
    return next((sentence for form, sentence in _FORMS if form.fullmatch(message)), "")
