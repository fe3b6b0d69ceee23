"""Grades a class on a Dask cluster that is there: submissions go out, records come back, and here alone they are written.

A worker of the cluster needs this package as `pip install nablagrade` brings it, a wall, and no files of ours: the course and
answers come to it once, when it joins, and each submission with its task. Whoever is killed there loses nothing: Dask gives
the submission to another, and here the same command goes on, as without a cluster.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec
from distributed import Client, KilledWorker, WorkerPlugin, as_completed, get_worker

from autograder._version import __version__
from autograder.classroom.pool import TRIES, Watch
from autograder.classroom.records import FAULT, VERSION, Record, engine_digest, key_of, read_record, write_record
from autograder.classroom.worker import Done, Task, graded, write_reports
from autograder.course import Course
from autograder.downloads.table import folder_of
from autograder.errors import GradeError, GraderFault, WrongUsage
from autograder.grading.engine import Grader, warm_grader
from autograder.recording import answers
from autograder.submission.read import Submission, read_folder
from autograder.text import counted, plain

# So many submissions are on their way for each of the cluster's threads: one is graded, and the next is there when it is done.
AHEAD = 2
ANSWER_SECONDS = 30
PLUGIN = "nablagrade"


class Grading(WorkerPlugin):
    """What a worker of the cluster is given once: the course, and the answers. Its wall is up from the first task on."""

    name = PLUGIN

    def __init__(self, course: Course, topics: Sequence[str], recorded: Mapping[str, bytes], engine: str) -> None:
        self.course, self.topics, self.recorded, self.engine = course, list(topics), dict(recorded), engine
        self._alone, self._stack = Lock(), ExitStack()
        self._grader: Grader | None = None

    def __getstate__(self) -> tuple[Course, list[str], dict[str, bytes], str]:
        return self.course, self.topics, self.recorded, self.engine

    def __setstate__(self, state: tuple[Course, list[str], dict[str, bytes], str]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def teardown(self, worker: Any) -> None:
        """Take the wall down."""
        with self._alone:
            self._stack.close()
            self._grader = None

    def grade(self, submission: Submission, key: str) -> bytes:
        """A submission's record. One at a time in a process: a grader has one wall."""
        with self._alone:
            if engine_digest() != self.engine:
                raise GraderFault(
                    f"a worker has another version of this package than {__version__} here: install the same there."
                )
            if self._grader is None:
                self._grader = self._stack.enter_context(
                    warm_grader(self.course, 1, topics=self.topics, recorded=self._answers_of)
                )
            return msgspec.json.encode(graded(self._grader, submission, self.topics, key))

    def _answers_of(self, topic: str) -> answers.Answers:
        return answers.Answers(msgspec.msgpack.decode(self.recorded[topic], type=answers.Record))


def grade_there(submission: Submission, key: str) -> tuple[bytes, float]:
    """A task of the cluster: grade a submission with what its worker has; the record, and in how many seconds."""
    begun = time.monotonic()
    plugin: Any = get_worker().plugins[PLUGIN]
    return plugin.grade(submission, key), time.monotonic() - begun


@dataclass
class Cluster:
    """A Dask cluster in place of processes of this machine. address: its scheduler's."""

    task: Task
    address: str
    _tries: dict[str, int] = field(default_factory=dict)

    def run(self, names: Sequence[str], watch: Watch) -> None:
        """Complete these submissions, in any order. Raises GraderFault where no worker can grade."""
        course, topics = self.task.settings(), list(self.task.topics)
        known = [answers_of(course, topic) for topic in topics]
        recorded = {topic: msgspec.msgpack.encode(one.record) for topic, one in zip(topics, known, strict=True)}
        done, begun = 0, time.monotonic()

        def say(finished: Done) -> None:
            nonlocal done
            done += 1
            watch(finished, done, len(names), time.monotonic() - begun)

        waiting: list[tuple[str, str]] = []
        for name in names:
            key = key_of(self._read(name, course), course, topics, known)
            record = read_record(self.task.record(name))
            if record is not None and record.key == key and record.status != FAULT:
                write_reports(self.task, course, name, record)
                say(Done(name, record.status, True, 0.0))
            else:
                waiting.append((name, key))
        if not waiting:
            return
        with self._client() as client:
            client.register_plugin(Grading(course, topics, recorded, engine_digest()))
            for name, record, seconds in self._graded(client, waiting, course):
                write_record(self.task.record(name), record)
                write_reports(self.task, course, name, record)
                say(Done(name, record.status, False, seconds))
            client.unregister_worker_plugin(PLUGIN)

    def _client(self) -> Client:
        try:
            return Client(self.address, timeout=ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise WrongUsage(
                f"No Dask scheduler answers at {plain(self.address)} ({type(error).__name__}): is it running?"
            ) from None

    def _graded(
        self, client: Client, waiting: Sequence[tuple[str, str]], course: Course
    ) -> Iterator[tuple[str, Record, float]]:
        """Each submission's record as it comes back; so many are on their way that no worker waits, and memory stays flat."""
        left = iter(waiting)
        under_way: dict[Any, tuple[str, str]] = {}
        arriving = as_completed(loop=client.loop)

        def send(name: str, key: str) -> None:
            number = self._tries[name] = self._tries.get(name, 0) + 1
            future = client.submit(
                grade_there, self._read(name, course), key, key=f"nablagrade-{key}-{name}-{number}", pure=False
            )
            under_way[future.key] = (name, key)
            arriving.add(future)

        def fill() -> None:
            threads = max(1, sum(client.nthreads().values()))
            while len(under_way) < AHEAD * threads:
                following = next(left, None)
                if following is None:
                    return
                send(*following)

        fill()
        while under_way:
            future = next(arriving)
            name, key = under_way.pop(future.key)
            record, seconds = self._record(future)
            if record.status == FAULT and self._tries[name] < TRIES:
                send(name, key)
            else:
                yield name, record, seconds
            del future  # lest the cluster keeps what was answered
            fill()

    def _record(self, future: Any) -> tuple[Record, float]:
        try:
            content, seconds = future.result()
            return msgspec.json.decode(content, type=Record), seconds
        except KilledWorker as error:
            words = f"The workers that graded it ended, {counted(error.allowed_failures + 1, 'times')}: they were killed."
            return Record(VERSION, "", FAULT, fault=words), 0.0
        except GradeError as error:
            raise GraderFault(f"The cluster cannot grade: {error}") from None
        except ModuleNotFoundError as error:
            raise GraderFault(
                f"The cluster's workers have no {plain(error.name or 'module')}: pip install nablagrade=={__version__} there."
            ) from None
        except KeyError:
            raise GraderFault(
                "A worker of the cluster has not got the course: it fell while it joined. Say it again."
            ) from None

    def _read(self, name: str, course: Course) -> Submission:
        return read_folder(folder_of(self.task.folder, name), course.catalogue)


def answers_of(course: Course, topic: str) -> answers.Answers:
    """A topic's recorded answers, which are at hand already."""
    from autograder.recording.record import answers_for

    return answers_for(topic, course.secret, None, course.catalogue)
