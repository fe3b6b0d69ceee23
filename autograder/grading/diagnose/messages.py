"""Which words of an exception are told of a hidden check: Python's and NumPy's own, in which nothing of the input can stand.

A message may hold the input of a hidden check, be it that its author wrote it so. What is told has the form of a message of
Python's or NumPy's, in which there is room for sizes of two digits and for names of types, and for nothing else.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from autograder.declare.compare import UFUNCS

# What may vary: a size, a shape, the name of a type, of an operator, of one of NumPy's functions, of an attribute that a
# standard type has and another has not, of a key that the page for students speaks of.
_TYPES = (
    "ndarray float64 float32 int64 bool_ bool int float complex str bytes list tuple dict set NoneType function method module "
    "range zip map filter generator enumerate reversed type object slice ellipsis builtin_function_or_method dict_keys "
    "dict_values dict_items ufunc"
).split()
_KINDS = (np.ndarray, list, dict, tuple, str, set, float)
# What is taken for a method of an array: functions of NumPy's, and methods of other libraries' tensors.
_NO_METHODS = "append|concatenate|stack|where|outer|zeros_like|ones_like|len|unsqueeze|permute|detach|numpy|cpu|clone|expand"
_OPERATORS = ["+", "-", "*", "/", "//", "%", "@", "**", "<", ">", "<=", ">=", "&", "|", "^", "+=", "-=", "*=", "/=", "@=",
              r"** or pow()", r"** or pow"]  # fmt: skip
_PARTS = {
    "N": r"-?\d{1,2}",
    "S": r"\((?:\d{1,2}(?:, ?\d{1,2})*,?)?\)",
    "T": rf"['\"]?(?:numpy\.)?(?:{'|'.join(_TYPES)})['\"]?",
    "O": "|".join(re.escape(sign) for sign in sorted(_OPERATORS, key=len, reverse=True)),
    "F": UFUNCS,
    "K": "kernel|bias|gamma|beta|moving_mean|moving_variance|learning_rate|loss|val_loss|accuracy|val_accuracy",
    "A": "|".join(sorted({name for kind in _KINDS for name in dir(kind) if not name.startswith("_")})),
    "G": f"{UFUNCS}|{_NO_METHODS}",
    "M": "sum|mean|max|min|prod|var|std|argmax|argmin|cumsum|cumprod|any|all|amax|amin|sort|concatenate|stack|clip",
    "W": "axis|dim|dims|keepdim|keepdims|dtype|out|where|size|shape|ddof|correction",
}

# <N> stands for one of the parts; all else is as it is written. By the library that says it.
_PYTHON = """
    list index out of range
    tuple index out of range
    string index out of range
    list assignment index out of range
    '<K>'
    pop from empty list
    pop from an empty deque
    popitem(): dictionary is empty
    list.remove(x): x not in list
    division by zero
    float division by zero
    integer division or modulo by zero
    integer modulo by zero
    float modulo
    0.0 cannot be raised to a negative power
    math domain error
    math range error
    cannot convert float NaN to integer
    cannot convert float infinity to integer
    int too large to convert to float
    maximum recursion depth exceeded
    maximum recursion depth exceeded in comparison
    maximum recursion depth exceeded while calling a Python object
    not enough values to unpack (expected <N>, got <N>)
    too many values to unpack (expected <N>)
    max() arg is an empty sequence
    min() arg is an empty sequence
    range() arg 3 must not be zero
    zip() argument <N> is shorter than argument <N>
    zip() argument <N> is longer than argument <N>
    unsupported operand type(s) for <O>: <T> and <T>
    '<O>' not supported between instances of <T> and <T>
    bad operand type for unary -: <T>
    bad operand type for abs(): <T>
    <T> object is not callable
    <T> object is not iterable
    <T> object is not subscriptable
    <T> object is not an iterator
    <T> object is not reversible
    <T> object does not support item assignment
    <T> object cannot be interpreted as an integer
    <T> object has no attribute '<A>'
    cannot unpack non-iterable <T> object
    object of type <T> has no len()
    list indices must be integers or slices, not <T>
    tuple indices must be integers or slices, not <T>
    slice indices must be integers or None or have an __index__ method
    can only concatenate list (not <T>) to list
    can only concatenate tuple (not <T>) to tuple
    can't multiply sequence by non-int of type <T>
    must be real number, not <T>
    float() argument must be a string or a real number, not <T>
    int() argument must be a string, a bytes-like object or a real number, not <T>
    unhashable type: <T>
    '<W>' is an invalid keyword argument for <M>()
    dictionary changed size during iteration
"""
_NUMPY = """
    index <N> is out of bounds for axis <N> with size <N>
    index <N> is out of bounds for size <N>
    too many indices for array: array is <N>-dimensional, but <N> were indexed
    boolean index did not match indexed array along axis <N>; size of axis is <N> but size of corresponding boolean axis is <N>
    shape mismatch: indexing arrays could not be broadcast together with shapes <S> <S>
    invalid index to scalar variable.
    only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices
    arrays used as indices must be of integer (or boolean) type
    axis <N> is out of bounds for array of dimension <N>
    'numpy.ndarray' object has no attribute '<G>'
    <M>() got an unexpected keyword argument '<W>'
    <F>() got an unexpected keyword argument '<W>'
    Cannot interpret '<N>' as a data type
    either both or neither of x and y should be given
    operands could not be broadcast together with shapes <S> <S>
    operands could not be broadcast together with shapes <S> <S> <S>
    could not broadcast input array from shape <S> into shape <S>
    non-broadcastable output operand with shape <S> doesn't match the broadcast shape <S>
    input operand has more dimensions than allowed by the axis remapping
    cannot reshape array of size <N> into shape <S>
    shapes <S> and <S> not aligned: <N> (dim <N>) != <N> (dim <N>)
    matmul: Input operand <N> has a mismatch in its core dimension <N>, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size <N> is different from <N>)
    matmul: Input operand <N> does not have enough dimensions (has <N>, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires <N>)
    The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
    The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.
    assignment destination is read-only
    output array is read-only
    setting an array element with a sequence.
    setting an array element with a sequence. The requested array has an inhomogeneous shape after <N> dimensions. The detected shape was <S> + inhomogeneous part.
    zero-size array to reduction operation <F> which has no identity
    attempt to get argmax of an empty sequence
    attempt to get argmin of an empty sequence
    need at least one array to concatenate
    need at least one array to stack
    zero-dimensional arrays cannot be concatenated
    all input arrays must have the same shape
    all the input array dimensions except for the concatenation axis must match exactly, but along dimension <N>, the array at index <N> has size <N> and the array at index <N> has size <N>
    all the input arrays must have same number of dimensions, but the array at index <N> has <N> dimension(s) and the array at index <N> has <N> dimension(s)
    axes don't match array
    repeated axis
    cannot select an axis to squeeze out which has size not equal to one
    Expecting at least two arrays.
    Improper number of dimensions to norm.
    Singular matrix
    only length-1 arrays can be converted to Python scalars
    only 0-dimensional arrays can be converted to Python scalars
    only integer scalar arrays can be converted to a scalar index
    can only convert an array of size 1 to a Python scalar
    operands are not aligned
    iteration over a 0-d array
    einstein sum subscripts string contains too many subscripts for operand <N>
    operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the extra dimensions.
    len() of unsized object
    Integers to negative integer powers are not allowed.
    high <= low
    scale < 0
    probabilities do not sum to 1
    <F>() takes from <N> to <N> positional arguments but <N> were given
    ufunc '<F>' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''
    ufunc '<F>' did not contain a loop with signature matching types
    Cannot cast ufunc '<F>' output from dtype('<T>') to dtype('<T>') with casting rule 'same_kind'
    loop of ufunc does not support argument <N> of type <T> which has no callable <F> method
"""  # noqa: E501


def _form(line: str) -> str:
    parts = re.split(r"<([A-Z])>", line)
    return "".join(f"(?:{_PARTS[part]})" if number % 2 else re.escape(part) for number, part in enumerate(parts))


@cache
def _known() -> re.Pattern[str]:
    """All of them. It takes a tenth of a second to compile, which few gradings need."""
    return re.compile("|".join(_form(line.strip()) for line in (_PYTHON + _NUMPY).splitlines() if line.strip()))


def known_words(message: str) -> str:
    """A message if it is one of Python's or NumPy's own that can hold nothing of an input, else nothing.

    >>> known_words("operands could not be broadcast together with shapes (3,2) (3,) ")
    'operands could not be broadcast together with shapes (3,2) (3,)'
    >>> known_words("'list' object has no attribute 'shape'"), known_words("pop from empty list")
    ("'list' object has no attribute 'shape'", 'pop from empty list')
    >>> known_words("3.14159 is not allowed"), known_words("index 314159 is out of bounds for axis 0 with size 3")
    ('', '')
    """
    words = message.strip()
    return words if _known().fullmatch(words) else ""
