"""Commands, each in a process of its own, forked from one that has imported what they import: `grade`, and nbgrader's.

To import takes longer than most of these commands do, and the tests run hundreds of them. What depends on how Python is
started, on its hash seed or its encoding, is run by a Python of its own.
"""

from __future__ import annotations

import atexit
import importlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


# --- grade ------------------------------------------------------------------------------------------------------------------

# What most commands import; a topic's table of checks, answers and the walls are each command's own.
_MODULES = (
    "autograder.grading.engine", "autograder.commands.run", "autograder.render.terminal", "autograder.render.html",
    "autograder.recording.record",
)  # fmt: skip
# Python asks them once, when it is started.
_ASKED_AT_THE_START = ("PYTHONHASHSEED", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONWARNINGS", "LANG", "LC_ALL")


def grade_command(
    *arguments: object, cwd: Path | None = None, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``grade ARGUMENTS`` in a folder, as its program does, with more in its environment."""
    words, place, whole = [str(argument) for argument in arguments], cwd or ROOT, {**os.environ, **environment}
    if sys.platform != "linux" or any(name in environment for name in _ASKED_AT_THE_START):
        command = [sys.executable, "-m", "autograder.cli", *words]
        return subprocess.run(command, input=typed, capture_output=True, text=True, cwd=place, env=whole, check=False)
    return grade_as_of(ROOT, words, place, whole, typed)


def grade_as_of(
    package: Path, words: Sequence[str], place: Path, environment: Mapping[str, str], typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same with the package that stands in a folder, and nothing else in the environment."""
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder, name) for name in ("in", "out", "err"))
        given.write_text(typed, encoding="utf-8")
        server = _serving(package)
        assert server.stdin is not None
        assert server.stdout is not None
        asked = [list(words), str(place), dict(environment), [str(path) for path in (given, out, err)]]
        print(json.dumps(asked), file=server.stdin, flush=True)
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(list(words), code, *(path.read_text(encoding="utf-8") for path in (out, err)))


@cache
def _serving(package: Path) -> subprocess.Popen[str]:
    """The process that forks. It ends where nobody writes to it any more."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    return subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=package, env=environment
    )


def serve() -> None:
    """Fork for each line that is read, one after the other, and answer with the exit code."""
    for name in _MODULES:
        importlib.import_module(name)
    for line in sys.stdin:
        words, place, environment, standard = json.loads(line)
        child = os.fork()
        if not child:
            _become(place, environment, standard)
            sys.argv = ["grade", *words]
            from autograder.cli import main

            _end(main)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _end(main: Callable[[], object]) -> None:
    """End a forked process as Python ends: with the code that was asked for, and all that was said."""
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _become(place: str, environment: Mapping[str, str], standard: Sequence[str]) -> None:
    """Stand in a folder with an environment, and with files for what is read and said."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    sys.path[0] = place
    modes = (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT | os.O_APPEND] * 2)
    for number, (path, mode) in enumerate(zip(standard, modes, strict=True)):
        os.dup2(os.open(path, mode), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)  # the server's has read ahead


# --- nbgrader ---------------------------------------------------------------------------------------------------------------


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
    _become(place, environment, (os.devnull, said, said))
    sys.argv = ["nbgrader", *arguments]
    from nbgrader.apps.nbgraderapp import main

    sys.exit(main())


if __name__ == "__main__":
    serve()
