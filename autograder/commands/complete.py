"""Tab completion of what commands are given."""

from __future__ import annotations

import click


def topic(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare.catalogue import topic_names

    return [name for name in topic_names() if name.startswith(incomplete)]


def assignment(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Assignments of the course that --course names, or of the working folder's."""
    from autograder.course.settings import read_course
    from autograder.errors import GradeError

    try:
        known = read_course(ctx.params.get("course")).assignments
    except GradeError:
        return []
    return [name for name in known if name.startswith(incomplete)]


def submission(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Submissions of the results that are given before."""
    from autograder.classroom.marks import JSON_NAME, marks_read

    results = ctx.params.get("results")
    marks = marks_read(results / JSON_NAME) if results is not None else None
    known = dict.fromkeys(mark.submission for mark in marks.marks if mark.submission) if marks else ()
    return [name for name in known if name.startswith(incomplete)]


def public_check(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.declare.catalogue import load_topic, topic_names

    found = [check_id for name in topic_names() for check_id, _, check in load_topic(name).checks() if check.public]
    return [check_id for check_id in found if check_id.startswith(incomplete)]


def question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from autograder.quiz.questions import read_quiz

    return [asked.id for asked in read_quiz("concepts").questions if asked.id.startswith(incomplete)]
