"""On a real Dask cluster a class is graded to the same bytes as on one machine, also where a worker is killed meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.grading import grade_class
from autograder.classroom.worker import Done, Task
from autograder.errors import WrongUsage
from tests.conftest import ROOT, needs
from tests.students import mistakes, reference, stubs
from tests.test_class import NOW, activations, content_of, written

needs("distributed", or_else="grading on a cluster was NOT tested")

WORKERS = 2
# A worker says that it has joined; nobody asks the clock whether it has.
JOINED = "Registered to"


class Processes:
    """A scheduler and two workers on the loopback, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        self.address = self._said(self.scheduler, "Scheduler at:").split("Scheduler at:")[1].strip()
        self.workers = [
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
            for _ in range(WORKERS)
        ]
        for worker in self.workers:
            self._said(worker, JOINED)

    def _start(self, what: str, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *options]
        process = subprocess.Popen(
            command, cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment()
        )
        self.running.append(process)
        return process

    @staticmethod
    def _said(process: subprocess.Popen[str], words: str) -> str:
        assert process.stderr is not None
        heard = []
        for line in process.stderr:
            heard.append(line)
            if words in line:
                return line
        raise AssertionError("".join(heard))

    def end(self) -> None:
        for process in reversed(self.running):
            process.kill()
            process.communicate()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "info"}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.end()


def test_a_cluster_ends_with_the_same_bytes_though_a_worker_is_killed(cluster: Processes, tmp_path: Path) -> None:
    given = written(
        tmp_path / "in",
        {
            "ada": activations(reference("activations")),
            "bo": activations(mistakes(0.1)("activations")),
            "cy": activations(mistakes(0.4, 0.8)("activations")),
            "di": activations(stubs("activations")),
            "eve": activations("def sigmoid(x:\n"),
            "fay": {"notes.txt": b"I was ill."},
        },
    )
    heard: list[str] = []

    def watch(done: Done, count: int, of: int, seconds: float) -> None:
        heard.append(done.name)
        if len(heard) == 1:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    options: dict[str, Any] = {"topics": ["activations"], "layout": "plain", "now": NOW}
    there = grade_class(given, tmp_path / "there", dask=cluster.address, watch=watch, **options)
    here = grade_class(given, tmp_path / "here", jobs=1, **options)
    assert sorted(heard) == sorted(mark.submission for mark in there.marks)
    assert len(heard) == 6
    assert there.marks == here.marks
    assert content_of(tmp_path / "there") == content_of(tmp_path / "here")
    kept: dict[str, bool] = {}
    grade_class(given, tmp_path / "there", dask=cluster.address, watch=lambda d, *_: kept.update({d.name: d.kept}), **options)
    assert set(kept.values()) == {True}


def test_where_no_scheduler_answers_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.classroom.cluster import Cluster

    monkeypatch.setattr("autograder.classroom.cluster.ANSWER_SECONDS", 0.1)
    task = Task(None, tmp_path, None, None, None, (), tmp_path, tmp_path, NOW)
    with pytest.raises(WrongUsage, match="No Dask scheduler answers at"):
        Cluster(task, "tcp://127.0.0.1:9")._client()
