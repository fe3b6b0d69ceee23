"""`grade learn`: the beginning of a misconception, from students who are wrong alike and have no name for it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("group", type=click.IntRange(min=1))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The list that it is written behind, such as reference/misconceptions/layers.py; default: it is printed.",
)
def learn(results: Path, group: int, out: Path | None) -> None:
    """Begin an entry in the list of known mistakes, from a group of students who answer alike.

    RESULTS is the folder of a class's results, and GROUP the number that its page tells. The plainest code of the group is put
    alone into the reference and asked behind the wall whether it answers as the group does. It is a student's code: read it
    before it joins the list. Its text is yours to write; until then the list cannot be recorded.

    \b
    Examples:
      grade learn results 1
      grade learn results 1 --out reference/misconceptions/layers.py

    Exit code: 0 it is written, 2 wrong usage or nothing can be made of the group's code, 3 the grader's own fault.
    """
    from autograder.classroom.learning import learn
    from autograder.commands.renderings import refuse_unwritable, write_file
    from autograder.text import counted, of_all

    if out is not None:
        refuse_unwritable(out)
    made = learn(results, group)
    if out is None:
        click.echo(made.text, nl=False)
    else:
        before = out.read_text(encoding="utf-8") if out.is_file() else _HEAD
        write_file(out, f"{before.rstrip()}\n\n\n{made.text}".encode())
    where = f"{made.name} is written to {out}" if out else f"This belongs in reference/misconceptions/{made.topic}.py"
    click.echo(
        f"{where}. It answers as {counted(len(made.group.who), 'students')} do in {of_all(made.alike, made.of, 'checks')} of "
        f"{made.exercise}. Read it first: it is a student's code, and recording runs it without a wall. "
        "Then give it a name, a text and where to look.",
        err=True,
    )


_HEAD = '''"""Misconceptions: what students write instead, and why it is wrong."""

import numpy as np

from autograder.declare import misconception
'''
