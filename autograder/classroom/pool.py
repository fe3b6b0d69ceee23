"""The processes that grade a class, one submission each at a time. Whoever falls is replaced, and costs one submission a try.

A fault of the machine is no student's: a submission at which one shows is tried once more, in a fresh process, and stands
apart if it shows again.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from autograder.classroom.records import FAULT, VERSION, Record, write_record
from autograder.classroom.worker import Done, Stopped, Task, work
from autograder.errors import GraderFault

TRIES = 2
# A process that has nothing left to do takes down its wall, which takes a tenth of a second.
LONGEST_END_SECONDS = 10
# How often it is looked whether one takes too long, where none says anything.
LOOK_SECONDS = 1.0

Watch = Callable[[Done, int, int, float], None]


@dataclass
class _Worker:
    """A process, the connection to it, and the submission that it has."""

    process: BaseProcess
    connection: Connection
    name: str | None = None
    ready: bool = False
    since: float = 0.0  # when it was given that submission


class Pool:
    """As many processes as there are jobs. A process is started afresh, and shares nothing with the one that starts it."""

    def __init__(
        self,
        task: Task,
        jobs: int,
        target: Callable[[Task, Connection], None] = work,
        longest: float | None = None,
    ) -> None:
        """longest: how many seconds a submission may take before its process is ended, whatever it does; None for any time."""
        self._task, self._jobs, self._target, self._longest = task, jobs, target, longest
        # A fork would take along threads' locks and the grader's open sockets.
        self._context: Any = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._tries: dict[str, int] = {}
        self._false_starts = 0

    def run(self, names: Sequence[str], watch: Watch) -> None:
        """Complete these submissions, in any order. Raises GraderFault where no process can: no wall, no room on the disk.

        watch: told of each that is done, with how many are, of how many, and the seconds since the first began.
        """
        waiting = deque(names)
        done, begun = 0, time.monotonic()
        try:
            while done < len(names):
                while len(self._workers) < min(self._jobs, len(waiting) + sum(w.name is not None for w in self._workers)):
                    self._start()
                ready = wait([worker.connection for worker in self._workers], LOOK_SECONDS)
                self._end_what_takes_too_long()
                for worker in [w for w in self._workers if w.connection in ready]:
                    finished = self._hear(worker, waiting)
                    if finished is not None:
                        done += 1
                        watch(finished, done, len(names), time.monotonic() - begun)
                    if worker in self._workers and worker.ready and worker.name is None and waiting:
                        self._give(worker, waiting)
        finally:
            self._end()

    def _end_what_takes_too_long(self) -> None:
        """Kill each process that has had its submission for longer than any can take; its end is heard as every other."""
        for worker in self._workers:
            if self._longest is not None and worker.name is not None and time.monotonic() - worker.since > self._longest:
                worker.process.kill()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=self._target, args=(self._task, theirs), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _give(self, worker: _Worker, waiting: deque[str]) -> None:
        name = waiting.popleft()
        try:
            worker.connection.send(name)
            worker.name, worker.since = name, time.monotonic()
        except OSError:  # it has just fallen; its end is heard next
            waiting.appendleft(name)

    def _hear(self, worker: _Worker, waiting: deque[str]) -> Done | None:
        """What a process says, or that it has ended; what is done with its submission, if that is so."""
        try:
            said = worker.connection.recv()
        except (EOFError, OSError):
            return self._fallen(worker, waiting)
        if isinstance(said, Stopped):
            raise GraderFault(said.why)
        if said is None:
            worker.ready = True
            return None
        name, worker.name = worker.name, None
        assert isinstance(said, Done)
        assert said.name == name
        if said.status == FAULT and self._may_try_again(said.name):
            self._drop(worker)
            waiting.append(said.name)
            return None
        return said

    def _fallen(self, worker: _Worker, waiting: deque[str]) -> Done | None:
        self._drop(worker)
        name = worker.name
        if name is None:
            self._false_starts += 1
            if self._false_starts > self._jobs * TRIES:
                raise GraderFault("Each process that should grade ends as soon as it is started; its log says why.")
            return None
        if self._may_try_again(name):
            waiting.append(name)
            return None
        words = f"The process that graded it ended, {TRIES} times: it was killed, took far too long, or had too little memory."
        write_record(self._task.record(name), Record(VERSION, "", FAULT, fault=words))
        return Done(name, FAULT, False, 0.0)

    def _may_try_again(self, name: str) -> bool:
        self._tries[name] = self._tries.get(name, 1) + 1
        return self._tries[name] <= TRIES

    def _drop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join(LONGEST_END_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

    def _end(self) -> None:
        """Have all end: those that wait at once, since their connection closes, and those that are at work by a signal."""
        for worker in self._workers:
            worker.connection.close()
            if worker.name is not None:
                worker.process.terminate()
        while self._workers:
            self._drop(self._workers[0])
