"""Writes answers as the text of a Python module."""

from __future__ import annotations

from typing import Any


def answers_text(answers: dict[str, Any]) -> str:
    """An assignment to `answers`, a line an answer."""
    return "answers = {\n" + "".join(f"    {_quoted(name)}: {literal(value)},\n" for name, value in answers.items()) + "}\n"


def literal(value: Any) -> str:
    """An answer as Python text on one line, in the quotes that formatters prefer.

    >>> print(literal({"a": ["b", 1.5]}), literal('say "no"'), literal(...))
    {"a": ["b", 1.5]} 'say "no"' ...
    """
    if value is ...:
        return "..."
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)}: {literal(item)}" for name, item in value.items()) + "}"
    return repr(value)


def _quoted(text: str) -> str:
    shown = repr(text)
    return f'"{shown[1:-1]}"' if shown[0] == "'" and '"' not in shown and "\\" not in shown else shown
