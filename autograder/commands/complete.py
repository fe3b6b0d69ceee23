"""Tab completion of what commands are given."""

from __future__ import annotations

import click


def topic(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare.catalogue import topic_names

    return [name for name in topic_names() if name.startswith(incomplete)]


def public_check(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare.catalogue import load_topic, topic_names

    found = [check_id for name in topic_names() for check_id, _, check in load_topic(name).checks() if check.public]
    return [check_id for check_id in found if check_id.startswith(incomplete)]


def question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.quiz.questions import read_quiz

    return [asked.id for asked in read_quiz("concepts").questions if asked.id.startswith(incomplete)]
