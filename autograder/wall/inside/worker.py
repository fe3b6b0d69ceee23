"""The process behind the wall: loads NumPy once, and forks a worker for each request; a worker loads one module and performs.

Started by :mod:`autograder.wall.sandbox` as a program of its own: ``worker.py CONTROL_FD SETTINGS``. This first process, the
zygote, never runs a line of a student's. Every worker is shut in before it is told which module to load.
"""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import signal
import socket
import sys
from types import ModuleType
from typing import Any


def _prepare_imports(settings: dict[str, Any]) -> None:
    """Load all that a worker may need, from the folders given, and leave only the standard library on the path."""
    import random
    import secrets

    # NumPy seeds a generator that was given no seed from secrets.randbits. Bound to Python's own generator, which is seeded
    # before every case, a submission that forgets its rng is graded the same every time.
    secrets.randbits = random.getrandbits  # type: ignore[assignment]
    sys.path[:0] = [settings["inside"], *settings["packages"]]
    for module in ("numpy", "numpy.linalg", "numpy.random", "msgspec", "inside.harden", "inside.wire", "inside.perform"):
        importlib.import_module(module)

    for path in (settings["inside"], *settings["packages"]):
        sys.path.remove(path)


def main() -> None:
    """Serve the grader until it closes the control socket."""
    import json

    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    _prepare_imports(settings)
    from inside import harden

    # No PR_SET_PDEATHSIG here: it fires when the grader's *thread* ends. The control socket's end is what ends this process.
    if settings["landlock"]:
        harden.confine_files(settings["readable"], [settings["scratch"], "/dev/null"])
    gc.collect()
    gc.freeze()  # what is loaded by now is shared with every fork, and stays so
    control.sendall(b"!")
    _serve(control, settings)


def _serve(control: socket.socket, settings: dict[str, Any]) -> None:
    """One request a message: ``s`` with a socket starts a worker on it, ``k`` + its number kills that worker."""
    workers: dict[int, tuple[int, str]] = {}
    count = 0
    while True:
        message, handles, _, _ = socket.recv_fds(control, 16, 1)
        if not message:
            for number in list(workers):
                _bury(workers, number)
            return
        if message[:1] == b"s":
            count += 1
            scratch = os.path.join(settings["scratch"], f"{settings['name']}{count}")
            os.mkdir(scratch)
            pid = os.fork()
            if pid == 0:
                try:
                    control.close()
                    _work(socket.socket(fileno=handles[0]), scratch, settings)
                finally:
                    os._exit(0)
            os.close(handles[0])
            workers[count] = (pid, scratch)
            control.sendall(count.to_bytes(4, "little"))
        else:
            _bury(workers, int.from_bytes(message[1:5], "little"))
            control.sendall(b"\0\0\0\0")


def _bury(workers: dict[int, tuple[int, str]], number: int) -> None:
    pid, scratch = workers.pop(number)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    shutil.rmtree(scratch, ignore_errors=True)


def _work(channel: socket.socket, scratch: str, settings: dict[str, Any]) -> None:
    """A worker's life: shut the door, load the module, perform what is asked until the channel closes."""
    from inside import harden, wire

    os.chdir(scratch)
    if settings["walled"]:
        os.setsid()
        harden.die_with_parent()
        harden.limit_resources(settings["memory"], settings["file_size"], settings["cpu_seconds"])
        if settings["landlock"]:
            harden.confine_files(settings["readable"], [scratch, "/dev/null"])
        harden.deny_system_calls()
    from inside.perform import Case, Script, describe, perform_all

    asked = wire.decoder(tuple[str, Any])
    to_perform = wire.decoder(tuple[list[Script], list[Case]])
    module, source_name = ModuleType("nothing"), ""
    while True:
        try:
            word, body = asked.decode(wire.receive(channel))
        except EOFError:
            return
        if word == "load":
            source_name = f"{body['module']}.py"
            try:
                module = _load(body["module"], body["path"], body["files"], scratch)
                answer: Any = None
            except BaseException as error:
                answer = describe(error, source_name)
        else:
            scripts, cases = to_perform.decode(body)
            answer = perform_all(module, scripts, cases, source_name)
        wire.send(channel, wire.encode(answer))


def _load(name: str, home: str, files: dict[str, bytes], scratch: str) -> ModuleType:
    """Write the submission into the scratch folder and import one module; it comes last on the path, so it shadows nothing."""
    import random

    import numpy

    for path, content in files.items():
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    folder = os.path.join(scratch, os.path.dirname(home))
    os.chdir(folder)  # a student reads data by a path relative to the module
    sys.path += dict.fromkeys((folder, scratch))
    module = ModuleType(name)
    module.__file__ = os.path.join(scratch, home)
    sys.modules[name] = module
    random.seed(0)
    numpy.random.seed(0)
    exec(compile(files[home], f"{name}.py", "exec", dont_inherit=True), module.__dict__)
    return module


if __name__ == "__main__":
    main()
