"""Writes a report for other systems: JUnit, a step on GitHub, PrairieLearn."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import GraderFault, WrongUsage

if TYPE_CHECKING:
    from autograder.report import Report


def write_file(path: Path, content: bytes) -> None:
    """Write a file. Raises WrongUsage where that is not possible, and GraderFault where there is no room for it."""
    try:
        path.write_bytes(content)
    except OSError as error:
        kind = GraderFault if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else WrongUsage
        raise kind(f"The file {path} cannot be written ({error.strerror}).") from None


def refuse_unwritable(path: Path) -> None:
    """Say at once, before anything that takes long, that a file cannot be written. Raises WrongUsage."""
    if not path.parent.is_dir() or path.is_dir():
        raise WrongUsage(
            f"The file {path} cannot be written: {'it is a folder' if path.is_dir() else 'its folder is not there'}."
        )


def refuse_code(*paths: Path | None) -> None:
    """Say at once that no report is written over somebody's code. Raises WrongUsage."""
    for path in paths:
        if path is not None and path.suffix.lower() in (".py", ".ipynb"):
            raise WrongUsage(
                f"A report is not written into {path}, which is the name of code, and code would be lost: name another file "
                "for it, such as report.html."
            )


def write_renderings(report: Report, junit: Path | None, classroom: bool, prairielearn: Path | None) -> None:
    """Write those of these that were asked for."""
    if junit:
        from autograder.render.junit import render as junit_xml

        write_file(junit, junit_xml(report))
    if prairielearn:
        from autograder.render.prairielearn import render as prairielearn_json

        write_file(prairielearn, prairielearn_json(report))
    if classroom:
        write_step(report)


def write_step(report: Report) -> None:
    """Give a step on GitHub its output ``result`` and its summary; elsewhere the output goes to standard error."""
    from autograder.render.classroom import result, step_summary

    line = f"result={result(report)}"
    if output := os.environ.get("GITHUB_OUTPUT"):
        _append(Path(output), f"{line}\n")
    else:
        click.echo(line, err=True)  # standard output may be a report
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        _append(Path(page), step_summary(report))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise WrongUsage(f"The step's file {path} cannot be written ({error.strerror}).") from None


@contextmanager
def told_to_prairielearn(path: Path | None) -> Iterator[None]:
    """Write the file of PrairieLearn for whatever ends the grading before there is a report: it is not gradable, and why."""
    if path is None:
        yield
        return
    from autograder.render import prairielearn

    try:
        path.parent.mkdir(parents=True, exist_ok=True)  # PrairieLearn does not make the folder of the results
    except OSError as error:
        raise WrongUsage(f"The report cannot be written to {path} ({error.strerror}).") from None
    try:
        yield
    except WrongUsage as error:
        write_file(path, prairielearn.not_gradable([f"Nothing could be graded. {error}"]))
        raise
    except Exception:
        write_file(path, prairielearn.fault())
        raise
