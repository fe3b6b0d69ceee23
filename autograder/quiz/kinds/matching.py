"""Rows to match with one choice of each column. For each row all or nothing: every column must be right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from autograder.declare.table import Check, Claim
from autograder.errors import BadForm, Skipped
from autograder.quiz.kinds.checking import Claims, check_of
from autograder.quiz.kinds.question import Asker, Choice, Id, Item, KeyedQuestion, Mistake, Part, Question, Text, listed, mixed
from autograder.quiz.kinds.reading import called, read_choice
from autograder.wall.inside.wire import is_open


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be matched with every row."""

    id: str
    title: str
    choices: list[Choice]


class MatchingQuestion(Question, frozen=True):
    """Every row is to be matched with a choice of each column."""

    rows: list[Choice] = []
    columns: list[Column] = []

    words = "match"

    def read(self, value: Any) -> dict[str, list[str]]:
        """What each row that is answered is matched with. Raises BadForm."""
        if not isinstance(value, dict):
            raise BadForm(f"A dict with an entry for each row is expected, and this is {called(value)}.")
        unknown = [str(key) for key in value if key not in [row.id for row in self.rows]]
        if unknown:
            raise BadForm(f'There is no row "{unknown[0][:60]}"; the rows are {", ".join(row.id for row in self.rows)}.')
        return {row.id: self.read_row(value[row.id]) for row in self.rows if not is_open(value.get(row.id, ...))}

    def read_row(self, value: Any) -> list[str]:
        """What one row is matched with: an id for each column; a text alone where there is one column. Raises BadForm."""
        titles = " and ".join(column.title for column in self.columns)
        if type(value) is str:
            value = [value]
        if not isinstance(value, list | tuple) or len(value) != len(self.columns):
            raise BadForm(f"For every row a list is expected: {titles}. This is {called(value)}.")
        return [read_choice(item, column.choices) for item, column in zip(value, self.columns, strict=True)]

    def is_whole(self, answer: Any) -> bool:
        return all(row.id in answer for row in self.rows)

    def checks(self) -> tuple[Check, ...]:
        def measure(given: Any, right: Any) -> Claims:
            found, due = self.read_row(given), self.read_row(right)
            said = f"You match it with {' and '.join(found)}."
            return {
                column.id: Claim(mine, key, 0.0, said=said) for column, mine, key in zip(self.columns, found, due, strict=True)
            }

        each = self.points // len(self.rows)
        return tuple(
            check_of(row.id, f"{self.title}: {_plain(row.text)}.", each, (self.id, row.id), measure) for row in self.rows
        )

    def lists(self) -> list[tuple[str, str, list[Choice]]]:
        return [(column.id, column.title, column.choices) for column in self.columns]

    def told(self) -> list[str]:
        lines = ["Rows:", "", *listed(self.rows)] if self.rows else []
        for column in self.columns:
            lines += [f"{column.title[0].upper()}{column.title[1:]}:", "", *listed(column.choices)]
        return lines

    def ask(self, asker: Asker, before: Any, anew: bool) -> Iterator[Any]:
        """An answer that grows row by row."""
        known = before if isinstance(before, dict) else {}
        found = {row.id: known.get(row.id, ...) for row in self.rows}
        for row in self.rows:
            if anew or not self._fits(row, found[row.id]):
                with suppress(Skipped):
                    found[row.id] = self._ask_row(row, asker)
                    yield dict(found)

    def _fits(self, row: Choice, value: Any) -> bool:
        try:
            return row.id in self.read({row.id: value})
        except BadForm:
            return False

    def _ask_row(self, row: Choice, asker: Asker) -> str | list[str]:
        asker.heading(row.text)
        found = []
        for column in self.columns:

            def read(line: str, column: Column = column) -> str:
                return read_choice(asker.named(line.strip(), column.choices, column.id), column.choices)

            found.append(asker.line(f"  {column.title}", read))
        return found[0] if len(found) == 1 else found


class MatchColumn(Part, frozen=True, kw_only=True):
    """What every row is matched with."""

    id: Id
    title: Text
    choice: list[Item]


class WrongPair(Part, frozen=True, kw_only=True):
    """A known wrong match: in this row, this choice of this column."""

    row: Id
    column: Id
    choice: Id
    explanation: Text
    look: Text


class Matching(KeyedQuestion, tag="matching", frozen=True, kw_only=True):
    """Rows to match with one choice of each column; ``match`` has for each row a list, a choice a column."""

    row: list[Item]
    column: list[MatchColumn]
    match: dict[str, list[Id]]
    wrong: list[WrongPair]

    published_as = MatchingQuestion

    def key(self) -> dict[str, str | list[str]]:
        one = len(self.column) == 1
        return {row.id: self.match[row.id][0] if one else list(self.match[row.id]) for row in self.row}

    def mistakes(self) -> list[Mistake]:
        columns = [column.id for column in self.column]
        found = []
        for wrong in self.wrong:
            match = [
                wrong.choice if column == wrong.column else one
                for column, one in zip(columns, self.match[wrong.row], strict=True)
            ]
            name = f"{wrong.row}__{wrong.column}__{wrong.choice}" if len(columns) > 1 else f"{wrong.row}__{wrong.choice}"
            found.append(Mistake(name, {**self.key(), wrong.row: match}, wrong.explanation, wrong.look))
        return found

    def shown(self) -> dict[str, Any]:
        columns = [Column(c.id, c.title, mixed(f"{self.id}/{c.id}", c.choice)) for c in self.column]
        rows = [Choice(row.id, " ".join(row.text.split())) for row in self.row]
        return {"points": len(rows), "rows": rows, "columns": columns}

    def refuse_mistakes(self) -> None:
        super().refuse_mistakes()
        rows = [row.id for row in self.row]
        self.refuse_twice("row", rows)
        self.refuse_twice("column", (column.id for column in self.column))
        choices = {column.id: [choice.id for choice in column.choice] for column in self.column}
        for column, ids in choices.items():
            self.refuse_twice("choice", ids, f", column {column}")
        if sorted(self.match) != sorted(rows):
            raise self.fault("`match` must have an entry for every row")
        for row, match in self.match.items():
            if len(match) != len(choices) or any(one not in ids for one, ids in zip(match, choices.values(), strict=False)):
                raise self.fault(f"row {row!r} must be matched with one choice of each column")
        if len(self.wrong) < 2:
            raise self.fault("there must be two wrong pairs or more")
        self.refuse_twice("wrong pair", (f"{w.row}, {w.column}, {w.choice}" for w in self.wrong))
        for wrong in self.wrong:
            if wrong.row not in rows or wrong.choice not in choices.get(wrong.column, ()):
                raise self.fault(f"the wrong pair {wrong.row}, {wrong.column}, {wrong.choice} is not one of its own")
            if wrong.choice == self.match[wrong.row][list(choices).index(wrong.column)]:
                raise self.fault(f"the wrong pair {wrong.row}, {wrong.column}, {wrong.choice} is right")


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
