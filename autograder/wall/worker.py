"""The grader's end of a worker: requests go out, replies come back before a deadline, and whatever else comes is a loss."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from autograder.errors import NoSandbox, WorkerLost
from autograder.wall.inside import wire
from autograder.wall.inside.load import CellToRun, Load
from autograder.wall.inside.perform import Failure, Outcome, honest
from autograder.wall.inside.trial import Definition, Ran, Request, Trial
from autograder.wall.inside.worker import SHUT_IN
from autograder.wall.limits import Limits

T = TypeVar("T")

# How often a wait is interrupted to see whether the worker fills its scratch folder meanwhile.
LOOK_SECONDS = 0.1


class Line(Protocol):
    """Carries bytes to a worker and back; both ways raise TimeoutError at the deadline, OSError where nobody is there."""

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        """Take what has arrived; 0 bytes where the other end is closed."""
        ...

    def send(self, data: bytes, deadline: float) -> None:
        """Have all of this written."""
        ...


class Exchange:
    """Asks over a line, and takes the replies. Every fault of the other end is a WorkerLost; NoSandbox is the machine's."""

    def __init__(self, line: Line, arrived: Callable[[], None] = lambda: None) -> None:
        """arrived: called before a reply is read; raises OSError where the worker is to be given up."""
        self._line = line
        self._arrived = arrived
        self._deadline = self.given = 0.0  # given: how many seconds what is asked has
        self._replies = wire.Frames(self)

    def allow(self, seconds: float) -> None:
        """Begin to count: what is sent and received from now on has so many seconds together."""
        self._deadline, self.given = time.monotonic() + seconds, seconds

    def load(self, asked: Load, seconds: float) -> list[Failure]:
        """Have a module run, as :meth:`autograder.wall.protocol.Worker.load` says."""
        self.ask(wire.encode(("load", asked)), seconds)
        return self._reply(_failures)

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        """Have cells of a notebook run, as :meth:`autograder.wall.protocol.Worker.run_cells` says."""
        self.ask(wire.encode(("cells", wire.encode(list(cells)))), seconds)
        return self._reply(_failures)

    def hold(self, definitions: Sequence[Definition], seconds: float) -> list[Failure]:
        """Have definitions kept, as :meth:`autograder.wall.protocol.Worker.hold` says."""
        self.ask(wire.encode(("hold", wire.encode(list(definitions)))), seconds)
        return self._reply(_failures)

    def lines(self, request: Request, seconds: float) -> list[Ran]:
        """Have the lines told that cases run, as :meth:`autograder.wall.protocol.Worker.lines` says."""
        self.ask(wire.encode(("lines", wire.encode(request))), seconds)
        return self._reply(_lines)

    def try_out(self, trials: Sequence[Trial], seconds: float) -> Iterator[list[Outcome]]:
        """Have candidates tried, as :meth:`autograder.wall.protocol.Worker.try_out` says."""
        for trial in trials:
            self.ask(wire.encode(("try", wire.encode(trial))), seconds)
        for _ in trials:
            self.allow(seconds)
            yield self.outcomes()

    def ask(self, request: bytes, seconds: float) -> None:
        """Send a request, whose reply must have come after so many seconds."""
        self.allow(seconds)
        self.send(request)

    def send(self, *requests: bytes) -> None:
        """Send requests in the time of the one before them."""
        try:
            wire.send(self, *requests)
        except TimeoutError:
            raise WorkerLost("timeout") from None
        except OSError:
            raise WorkerLost("crashed") from None

    def outcomes(self) -> list[Outcome]:
        """The reply to a request to perform."""
        outcomes = self._reply(_outcomes)
        if not honest(outcomes):
            raise WorkerLost("garbled")
        return outcomes

    def _reply(self, form: msgspec.msgpack.Decoder[T]) -> T:
        try:
            frame = self.receive(wire.LARGEST_REPLY)
            self._arrived()
            return form.decode(frame)
        except NoSandbox:
            raise
        except TimeoutError:
            raise WorkerLost("timeout") from None
        except (OSError, EOFError):
            raise WorkerLost("crashed") from None
        except Exception:  # whatever hostile bytes do to a decoder, they are not an answer
            raise WorkerLost("garbled") from None

    def receive(self, largest: int) -> bytes:
        """The next frame. Raises EOFError, OSError or WireError where there is none, or none of at most so many bytes."""
        return self._replies.receive(largest)

    def recv_into(self, buffer: memoryview) -> int:
        """Read what is there, waiting no longer than the deadline."""
        return self._line.receive_into(buffer, self._deadline)

    def sendall(self, data: bytes) -> None:
        """Write it all before the deadline."""
        self._line.send(data, self._deadline)


_failures = wire.decoder(list[Failure])
_outcomes = wire.decoder(list[Outcome])
_lines = wire.decoder(list[Ran])


class AskedWorker:
    """What a worker is asked over its exchange once a module is loaded, as :class:`autograder.wall.protocol.Worker` says.

    It is the same whatever carries the bytes. Raises WorkerLost, and what the line raises of its own.
    """

    def __init__(self, exchange: Exchange, limits: Limits) -> None:
        self._exchange, self._limits = exchange, limits
        self._sent: deque[bytes] = deque()  # ahead, and not begun yet

    def run_cells(self, cells: Sequence[CellToRun], seconds: float) -> list[Failure]:
        """Run cells of the notebook that was loaded, in so many seconds; what they raised."""
        return self._exchange.run_cells(cells, seconds)

    def begin(self, request: bytes, seconds: float | None = None) -> None:
        """Ask for what is to be performed, unless it was sent ahead; the clock runs from here."""
        if self._sent and self._sent[0] is request:
            self._sent.popleft()
            self._exchange.allow(seconds or self._limits.call_seconds)
        else:
            self._exchange.ask(request, seconds or self._limits.call_seconds)

    def ahead(self, requests: Sequence[bytes]) -> None:
        """Send nothing ahead: of this line it is not known what it holds."""

    def finish(self) -> list[Outcome]:
        """The outcomes of what was begun."""
        return self._exchange.outcomes()

    def perform(self, request: bytes, seconds: float | None = None) -> list[Outcome]:
        """Begin and finish."""
        self.begin(request, seconds)
        return self.finish()

    def hold(self, definitions: Sequence[Definition], seconds: float) -> list[Failure]:
        """Keep definitions, for candidates to change."""
        return self._exchange.hold(definitions, seconds)

    def lines(self, request: Request, seconds: float) -> list[Ran]:
        """The lines that cases run, of what is held."""
        return self._exchange.lines(request, seconds)

    def try_out(self, trials: Sequence[Trial], seconds: float) -> Iterator[list[Outcome]]:
        """Try candidates."""
        return self._exchange.try_out(trials, seconds)


class ForkedWorker(AskedWorker):
    """One process behind the wall."""

    def __init__(self, channel: socket.socket, limits: Limits, end: Callable[[], None], scratch: Path | None) -> None:
        """end: has the process killed. scratch: its scratch folder, where that is to be weighed from here."""
        super().__init__(Exchange(self, self._weigh_scratch), limits)
        self._channel, self._end, self._scratch = channel, end, scratch
        self._shut_in = False
        # So much fits beside what the system itself needs for each message: nobody waits for a worker that waits to be read.
        self._holds = channel.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 4

    def load(self, module: str, path: str, files: dict[str, bytes], notebook: bool = False) -> list[Failure]:
        """Run one module of a submission, as :meth:`autograder.wall.protocol.Worker.load` says."""
        return self._exchange.load(Load(module, path, files, notebook), self._limits.import_seconds)

    def ahead(self, requests: Sequence[bytes]) -> None:
        """Send what the channel holds, half of them at a time; a worker that is lost is noticed by whoever asks next."""
        waiting = len(self._sent)
        if waiting > len(requests) // 2:
            return  # several go with one message
        room = self._holds - sum(map(len, self._sent))
        further = requests[waiting:]
        fitting = [request for request, end in zip(further, accumulate(map(len, further)), strict=True) if end <= room]
        if fitting:
            with contextlib.suppress(WorkerLost):
                self._exchange.send(*fitting)
                self._sent += fitting

    def close(self) -> None:
        """Kill the process and remove its scratch folder."""
        self._channel.close()
        self._end()

    def receive_into(self, buffer: memoryview, deadline: float) -> int:
        """Take what has arrived, and weigh the scratch folder as long as nothing has.

        Raises NoSandbox where the worker could not be shut in: nothing of the student's has run then.
        """
        if not self._shut_in:
            self._hear_that_it_is_shut_in(deadline)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(min(left, LOOK_SECONDS))
            try:
                return self._channel.recv_into(buffer)
            except TimeoutError:
                self._weigh_scratch()

    def send(self, data: bytes, deadline: float) -> None:
        """Write it all. Raises NoSandbox where nobody reads it since the worker could not be shut in."""
        self._channel.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            self._channel.sendall(data)
        except OSError:
            if not self._shut_in:
                self._hear_that_it_is_shut_in(deadline)
            raise

    def _hear_that_it_is_shut_in(self, deadline: float) -> None:
        self._channel.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            said = self._channel.recv(1)
            if said == SHUT_IN:
                self._shut_in = True
                return
            reason = self._channel.recv(1000).decode("utf-8", "replace") if said else "its process ended"
        except OSError as error:
            reason = str(error)
        raise NoSandbox(f"A worker cannot shut itself in on this machine ({reason}): nothing was run.")

    def _weigh_scratch(self) -> None:
        """Raise OSError where the scratch folder holds too much.

        A folder of the worker's own in memory bounds itself, and seems empty from here; this is for machines that allow none.
        RLIMIT_FSIZE bounds each file there.
        """
        if self._scratch is None:
            return
        files, size = _weight(self._scratch, self._limits.files)
        if size > self._limits.disk_mebibytes * 2**20 or files > self._limits.files:
            raise OSError("the scratch folder is full")


def _weight(folder: Path, most: int) -> tuple[int, int]:
    """Number and total size of the files in a folder; counting ends where there are more than enough."""
    files = size = 0
    for place, folders, names in os.walk(folder):
        files += len(folders) + len(names)
        for name in names[:most]:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(place, name)).st_size
        if files > most or place.count("/") > most:
            break
    return files, size
