"""Pictures of an example, where they say more than its numbers: own answers beside the right ones, over an input or as a path.

A picture is drawn of what the example tells as text, and of nothing else: where a hint level shows no right answer, there is
none to draw. Only numbers are read from it, so nothing of a student's can become markup.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from autograder.report import Example

WIDTH, HEIGHT, EDGE = 320, 150, 14
LEFT = 44  # for the numbers beside a picture
BELOW = 24  # for what stands under a picture
FEWEST_POINTS = 4  # of fewer, the numbers say as much
MOST_ROWS = 24  # of a matrix: a larger one has cells too small to be seen
# A function that turns more often between so few points is no curve: its points stand alone.
MOST_TURNS = 2
# Texts tell six digits: what differs by less is one number that two roundings wrote.
SAME = 2e-6

OWN, DUE = "own", "due"
Grid = list[Any]
Point = tuple[float, float]


@dataclass
class Picture:
    """A drawing: lines and dots of two kinds, own and due; cells of a matrix with how wrong each is; words around them."""

    title: str
    width: int = WIDTH
    height: int = HEIGHT + BELOW
    lines: list[tuple[str, str]] = field(default_factory=list)
    dots: list[tuple[str, float, float]] = field(default_factory=list)
    cells: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    labels: list[tuple[float, float, str, str]] = field(default_factory=list)
    legend: bool = True


def picture(example: Example) -> Picture | None:
    """The picture of an example; None where it has no right answer, or its numbers say as much."""
    answers, expected = _named(example.answer), _named(example.expected)
    if not expected:
        return None
    steps = _steps(example.inputs.get("steps", ""))
    if steps and (points := _over_steps(steps, answers, expected)) is not None:
        return _curve("step", *points)
    arrays = {name: value for name, text in example.inputs.items() if isinstance(value := _numbers(text), list)}
    for name, due in expected.items():
        own = answers.get(name)
        if not isinstance(due, list) or not isinstance(own, list) or _shape(own) != _shape(due) or _shape(due) is None:
            continue
        drawn = _of_arrays(name, own, due, arrays)
        if drawn is not None:
            return drawn
    return None


def _of_arrays(name: str, own: Grid, due: Grid, inputs: Mapping[str, Grid]) -> Picture | None:
    shape = _shape(due)
    assert shape is not None
    if len(inputs) == 1:
        ((given, values),) = inputs.items()
        if _shape(values) == shape and len(set(_flat(values))) >= FEWEST_POINTS:
            return _curve(
                given, list(zip(_flat(values), _flat(own), strict=True)), list(zip(_flat(values), _flat(due), strict=True))
            )
    if len(shape) == 2 and name.startswith("path") and shape[0] >= FEWEST_POINTS:
        return _path(own, due) if shape[1] == 2 else _coordinate(own, due)
    if len(shape) == 1 and shape[0] > FEWEST_POINTS:
        return _curve("place", list(enumerate(own)), list(enumerate(due)))
    if len(shape) == 2 and 2 <= shape[0] <= MOST_ROWS and 2 <= shape[1] <= MOST_ROWS:
        return _matrix(own, due)
    return None


# --- reading ----------------------------------------------------------------------------------------------------------------


def _named(text: str) -> dict[str, Any]:
    """The values of an answer by their names; one without a name stands under ""."""
    found: dict[str, Any] = {}
    for part in text.split("; "):
        name, equals, value = part.rpartition(" = ")
        numbers = _numbers(value if equals else part)
        if numbers is not None:
            found[name] = numbers
    return found


def _numbers(text: str) -> Any:
    """A number, or lists of them, as a text tells it; None for anything else."""
    if not re.fullmatch(r"[\s\[\],.+\-0-9eEnaif]+", text):
        return None
    spelled = re.sub(r"(\d)\.(?!\d)", r"\1.0", text)
    spelled = re.sub(r"\bnan\b", "NaN", re.sub(r"\binf\b", "Infinity", spelled))
    try:
        return json.loads(spelled)
    except (ValueError, RecursionError):
        return None


def _steps(text: str) -> dict[str, float]:
    """Steps by the names under which answers tell them, as a text like {'at step 0': 0} does."""
    if not text.startswith("{"):
        return {}
    return {name: float(step) for name, step in re.findall(r"'([^'{}:]+)': (\d+)", text)}


def _shape(value: Grid) -> tuple[int, ...] | None:
    """The shape of an array of one axis or two; None for any other."""
    if not value:
        return None
    if all(isinstance(entry, int | float) for entry in value):
        return (len(value),)
    widths = {len(row) if isinstance(row, list) else -1 for row in value}
    if len(widths) == 1 and all(
        isinstance(row, list) and row and all(isinstance(e, int | float) for e in row) for row in value
    ):
        return (len(value), widths.pop())
    return None


def _flat(value: Grid) -> list[float]:
    return [float(entry) for row in value for entry in (row if isinstance(row, list) else [row])]


def _over_steps(
    steps: Mapping[str, float], answers: Mapping[str, Any], expected: Mapping[str, Any]
) -> tuple[list[Point], list[Point]] | None:
    """Own and right rates at named steps, as far as the example tells both."""
    names = [
        n for n in expected if n in steps and isinstance(answers.get(n), int | float) and isinstance(expected[n], int | float)
    ]
    if len(names) < 2:
        return None
    return [(steps[n], float(answers[n])) for n in names], [(steps[n], float(expected[n])) for n in names]


# --- drawing ----------------------------------------------------------------------------------------------------------------


def _curve(over: str, own: Sequence[Point], due: Sequence[Point]) -> Picture | None:
    """Own and right values over an input."""
    kinds = {kind: sorted(p for p in points if _finite(p)) for kind, points in ((DUE, due), (OWN, own))}
    every = [*kinds[OWN], *kinds[DUE]]
    if len(kinds[DUE]) < 2 or not kinds[OWN]:
        return None
    pairs = [(x, a, b) for (x, a), (_, b) in zip(own, due, strict=True) if math.isfinite(a) and math.isfinite(b)]
    if not any(_apart(a, b) for _, a, b in pairs):
        return None
    x, mine, right = max(pairs, key=lambda pair: abs(pair[1] - pair[2]))
    picture = Picture(
        f"Your answers and the right ones over {over}, from {_number(every, 0, min)} to {_number(every, 0, max)}. "
        f"They differ most at {over} = {x:.4g}: yours is {mine:.4g}, and {right:.4g} is right."
    )
    place = _placer(every)
    for kind, points in kinds.items():
        placed = [place(point) for point in points]
        if _turns(kinds[DUE]) <= MOST_TURNS and len({p[0] for p in points}) == len(points):
            picture.lines.append((kind, _joined(placed)))
        picture.dots += [(kind, *point) for point in placed]
    _label(picture, every, over)
    return picture


def _path(own: Grid, due: Grid) -> Picture | None:
    """A path in the plane beside the right one."""
    kinds = {DUE: [(float(a), float(b)) for a, b in due], OWN: [(float(a), float(b)) for a, b in own]}
    every = [point for points in kinds.values() for point in points if _finite(point)]
    if len(every) < 2 * FEWEST_POINTS:
        return None
    parts = next((i for i, (a, b) in enumerate(zip(kinds[OWN], kinds[DUE], strict=True)) if not _alike(a, b)), 0)
    end, goal = kinds[OWN][-1], kinds[DUE][-1]
    picture = Picture(
        f"Your path of {len(own)} points beside the right one. They part at point {parts + 1}; yours ends at "
        f"({end[0]:.4g}, {end[1]:.4g}), and the right one at ({goal[0]:.4g}, {goal[1]:.4g})."
    )
    place = _placer(every)
    for kind, points in kinds.items():
        placed = [place(point) for point in points if _finite(point)]
        picture.lines.append((kind, _joined(placed)))
        picture.dots += [(kind, *point) for point in placed]
    _label(picture, every, "first coordinate")
    return picture


def _coordinate(own: Grid, due: Grid) -> Picture | None:
    """Of a path with other than two coordinates the one that differs most, over the steps."""
    apart = [max(_apart(a[i], b[i]) for a, b in zip(own, due, strict=True)) for i in range(len(due[0]))]
    i = apart.index(max(apart))
    drawn = _curve(
        "step", [(n, float(row[i])) for n, row in enumerate(own)], [(n, float(row[i])) for n, row in enumerate(due)]
    )
    if drawn is not None and len(due[0]) > 1:
        drawn.title = f"Coordinate {i + 1} of {len(due[0])}. {drawn.title}"
    return drawn


def _matrix(own: Grid, due: Grid) -> Picture | None:
    """Where in a matrix the error sits; nothing where it sits everywhere, or nowhere that the text tells."""
    rows, columns = len(due), len(due[0])
    apart = [[_apart(a, b) for a, b in zip(mine, right, strict=True)] for mine, right in zip(own, due, strict=True)]
    wrong = [(i, j) for i in range(rows) for j in range(columns) if apart[i][j] > 0]
    if not wrong or len(wrong) == rows * columns:
        return None
    finite = [apart[i][j] for i, j in wrong if math.isfinite(apart[i][j])]
    most = max(finite, default=1.0)
    side = min((WIDTH - 2 * EDGE) / columns, (HEIGHT - 2 * EDGE) / rows, 28.0)
    told = [f"row {i + 1}, column {j + 1}" for i, j in wrong[:6]] + (["and more"] if len(wrong) > 6 else [])
    picture = Picture(f"{len(wrong)} of {rows * columns} numbers are wrong: {'; '.join(told)}.", legend=False)
    picture.height = round(rows * side + 2 * EDGE)
    for i in range(rows):
        for j in range(columns):
            part = min(1.0, apart[i][j] / most) if math.isfinite(apart[i][j]) else 1.0
            shade = round(0.25 + 0.75 * part, 2) if apart[i][j] > 0 else 0.0
            picture.cells.append(
                (round(EDGE + j * side, 1), round(EDGE + i * side, 1), round(side - 2, 1), round(side - 2, 1), shade)
            )
    return picture


def _placer(points: Sequence[Point]) -> Any:
    """From values to places in the picture; what is all the same stands in the middle."""
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    low, high = min(p[1] for p in points), max(p[1] for p in points)

    def place(point: Point) -> Point:
        x = (point[0] - left) / (right - left) if right > left else 0.5
        y = (point[1] - low) / (high - low) if high > low else 0.5
        return round(LEFT + x * (WIDTH - LEFT - EDGE), 1), round(HEIGHT - EDGE - y * (HEIGHT - 2 * EDGE), 1)

    return place


def _label(picture: Picture, points: Sequence[Point], over: str) -> None:
    """The ends of both axes, and over what it goes."""
    picture.labels = [
        (LEFT, HEIGHT + 12, "start", _number(points, 0, min)),
        ((WIDTH + LEFT) / 2, HEIGHT + 12, "middle", over),
        (WIDTH - EDGE, HEIGHT + 12, "end", _number(points, 0, max)),
        (2, EDGE + 4, "start", _number(points, 1, max)),
        (2, HEIGHT - EDGE + 4, "start", _number(points, 1, min)),
    ]


def _number(points: Sequence[Point], axis: int, which: Any) -> str:
    return f"{which(point[axis] for point in points):.3g}"


def _joined(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _turns(points: Sequence[Point]) -> int:
    """How often a sequence of values turns from rising to falling or back."""
    slopes = [b[1] - a[1] for a, b in pairwise(points) if b[1] != a[1]]
    return sum(a * b < 0 for a, b in pairwise(slopes))


def _finite(point: Sequence[float]) -> bool:
    return all(map(math.isfinite, point))


def _alike(a: Point, b: Point) -> bool:
    return not any(_differences(a, b))


def _differences(a: Point, b: Point) -> Iterator[float]:
    yield from (_apart(x, y) for x, y in zip(a, b, strict=True))


def _apart(own: float, due: float) -> float:
    """How far a number is from the right one; not at all where rounding alone parts them, infinitely where one has no end."""
    if own == due or (math.isnan(own) and math.isnan(due)):
        return 0.0
    if not (math.isfinite(own) and math.isfinite(due)):
        return math.inf
    return 0.0 if abs(own - due) <= SAME * max(abs(own), abs(due)) else abs(own - due)


__all__ = ["Picture", "picture"]
