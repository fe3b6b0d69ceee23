"""nbgrader's own commands, each in a process of its own, forked from one that has imported nbgrader already.

To import it takes longer than most of its commands do: three seconds of processor time, some thirty times in the tests.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path


def nbgrader(arguments: Sequence[str], place: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run ``nbgrader ARGUMENTS`` in a folder, as its program does; its exit code, and what it said."""
    with tempfile.NamedTemporaryFile() as said:
        process = _forking().Process(target=_command, args=(list(arguments), str(place), dict(environment), said.name))
        process.start()
        process.join()
        assert process.exitcode is not None
        return process.exitcode, Path(said.name).read_text(encoding="utf-8")


@cache
def _forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nbgrader.apps.nbgraderapp"])
    return context


def _command(arguments: list[str], place: str, environment: dict[str, str], said: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(said, os.O_WRONLY | os.O_APPEND)
    for standard, to in ((0, nothing), (1, output), (2, output)):
        os.dup2(to, standard)
    sys.argv = ["nbgrader", *arguments]
    from nbgrader.apps.nbgraderapp import main

    sys.exit(main())
