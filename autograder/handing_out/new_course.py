"""Makes the folder of a course: course.toml with every setting and its meaning, a secret, and what comes next."""

from __future__ import annotations

import ast
import inspect
import os
import secrets
import textwrap
from dataclasses import fields
from pathlib import Path

from autograder.choices import HINTS
from autograder.declare.catalogue import load_topic, topic_names
from autograder.errors import WrongUsage
from autograder.wall import sandbox

# 32 hexadecimal digits: 128 random bits, more than anybody can try.
SECRET_BYTES = 16

# So many topics that are named are taken for what is handed in together.
MOST_OF_A_WEEK = 3


def make_course(folder: Path, title: str, topics: list[str]) -> list[Path]:
    """Write a course's files, and tell which. Raises WrongUsage where there is a course already, or no such topic."""
    if (folder / "course.toml").exists():
        raise WrongUsage(f"{folder / 'course.toml'} is there already; a course is never overwritten.")
    chosen = [load_topic(name).name for name in topics] or list(topic_names())
    # Who names a few begins with these; of a whole term the first is a week's.
    week = chosen if topics and len(chosen) <= MOST_OF_A_WEEK else chosen[:1]
    values = {"title": title, "topics": chosen, "week": week, "limits": _limits(), "hints": _hints()}
    files = {
        "course.toml": render("course.toml", **values, examples=_examples(chosen)),
        "README.md": render("course_readme", title=title),
        ".gitignore": render("gitignore"),
        "secret": secrets.token_hex(SECRET_BYTES) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if taken := [name for name in files if (folder / name).exists()]:
            raise WrongUsage(f"{folder / taken[0]} is there already, and nothing is overwritten: give a new folder.")
        for name, text in files.items():
            _write(folder / name, text)
    except OSError as error:
        raise WrongUsage(f"The course cannot be written to {folder} ({error.strerror}).") from None
    return [folder / name for name in files]


def _hints() -> str:
    """The comment on the hint levels, with what each shows."""
    *others, most = (f'"{level}" ({shows.about})' for level, shows in HINTS.items())
    said = f"How much students are told, before a topic is due and after: {', '.join(others)} or {most}."
    return textwrap.fill(f'{said} One level for both: hints = "diagnosis".', 127, initial_indent="# ", subsequent_indent="# ")


def _write(path: Path, text: str) -> None:
    """Write a new file; the secret for its owner alone."""
    mode = 0o600 if path.name == "secret" else 0o644
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def render(name: str, **values: object) -> str:
    """The text that ``autograder/handing_out/templates/<name>.jinja`` comes to with these values."""
    import jinja2

    # These are files for people and for TOML, not HTML; what comes from outside goes through tojson.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.handing_out"),
        autoescape=False,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(f"{name}.jinja").render(**values)


def _limits() -> list[tuple[str, str, str]]:
    """Every limit with its default and the comment beside it."""
    comments = limit_comments()
    return [(f.name, f"{f.default:g}", comments.get(f.name, "")) for f in fields(sandbox.Limits)]


def limit_comments() -> dict[str, str]:
    """What the source says beside each limit."""
    source = inspect.getsource(sandbox.Limits)
    lines = source.splitlines()
    (declared,) = ast.parse(source).body
    assert isinstance(declared, ast.ClassDef)
    return {
        node.target.id: lines[node.lineno - 1].partition("  # ")[2]
        for node in declared.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def _examples(topics: list[str]) -> list[tuple[str, str, str]]:
    """For each topic an exercise to give other points, and one to leave out."""
    graded = {topic: [exercise.name for exercise in load_topic(topic).exercises if exercise.max_score] for topic in topics}
    return [(topic, names[0], names[-1]) for topic, names in graded.items()]
