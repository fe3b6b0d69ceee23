"""A class of a thousand, with everything going wrong: ``python -m tests.class_faults [SUBMISSIONS] [KILLS]``.

Among the submissions are hangs, crashes, broken archives and empty ones. The command is killed at random moments, so are the
processes that grade, and once no file may grow as if the disk were full. In the end nobody is lost, nobody is there twice, and
all is the same to the byte as without any of it. Then the memory that the largest process took, for ten and for all.
"""

from __future__ import annotations

import csv
import io
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tests.students import another_style, mistakes, reference, stubs
from tests.test_class import COURSE, Command, Files, activations, children_of, content_of, written

SEED = 14
# Of so many submissions one is of a hostile or broken kind; a hang costs a second of its import.
ODD = 12
SMALL = 10


def hand_ins(count: int) -> Iterator[tuple[str, Files]]:
    """Submissions, no two of the same content: right, wrong in one place or two, open, and now and then an odd one."""
    right, style, open_ = reference("activations"), another_style(0)("activations"), stubs("activations")
    odd: list[Files | bytes] = [
        activations("while True:\n    pass\n"),
        activations("import os\nos._exit(0)\n"),
        activations("def sigmoid(x:\n"),
        {"notes.txt": b"I was ill."},
        b"PK\x03\x04 and then nothing",
    ]
    plain = [right, style, open_]
    wrong = [mistakes(i / 60)("activations") for i in range(60)] + [
        mistakes(i / 20, 1 - i / 40)("activations") for i in range(20)
    ]
    for number in range(count):
        name = f"s{number:04}"
        if number % ODD == ODD - 1:
            kind = odd[number // ODD % len(odd)]
            if isinstance(kind, bytes):
                yield f"{name}.zip", {"": kind + str(number).encode()}
            else:
                yield name, {path: content + f"\n# {number}\n".encode() for path, content in kind.items()}
        else:
            text = (plain + wrong)[number % (len(plain) + len(wrong))]
            yield name, activations(f"{text}\n# {number}\n")


def peak(given: Path, out: Path) -> float:
    """MiB of the largest process that graded a class, of those that have ended."""
    pid = os.fork()
    if pid == 0:
        code, _ = Command(given, out, "--jobs", "2").end()
        mebibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        (given / "peak").write_text(f"{code} {mebibytes}", encoding="utf-8")
        os._exit(0)
    os.waitpid(pid, 0)
    code, mebibytes = (given / "peak").read_text(encoding="utf-8").split()
    assert code == "0"
    return float(mebibytes)


def no_room() -> None:
    """No file may grow beyond what a small record takes, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def interrupted(given: Path, out: Path, kills: int, count: int, chance: random.Random) -> list[str]:
    """Grade with everything going wrong, and go on until it is done; what happened."""
    happened = []
    for number in range(kills):
        full = number == kills // 2
        command = Command(given, out, "--jobs", str(1 + number % 2), preexec_fn=no_room if full else None)
        due = command.records() + chance.randrange(1, max(2, count // kills))
        command.until(lambda: command.records() >= due)  # noqa: B023
        if full:
            code, said = command.end()
            assert code in (2, 3), said
            assert "cannot be written" in said
            assert "Traceback" not in said
            happened.append("no room on the disk")
            continue
        if number % 3 == 2:
            for pid in children_of(command.process.pid):
                os.kill(pid, signal.SIGKILL)
            further = command.records() + chance.randrange(1, 9)
            command.until(lambda: command.records() >= further)  # noqa: B023
            happened.append("its processes killed")
        command.process.kill()
        command.end()
        happened.append(f"killed at {command.records()} records")
    code, said = Command(given, out, "--jobs", "2").end()
    assert code == 0, said
    return happened


def _size(files: dict[str, bytes]) -> int:
    return sum(len(content) for path, content in files.items() if path.startswith(("records/", "reports/")))


@click.command()
@click.argument("count", default=1000)
@click.argument("kills", default=20)
def main(count: int, kills: int) -> None:
    """Grade a class without and with faults, and compare."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="class-faults-") as name:
        folders = {size: Path(name) / f"of-{size}" for size in (SMALL, count)}
        for size, folder in folders.items():
            folder.mkdir()
            (folder / "course.toml").write_text(COURSE, encoding="utf-8")
            written(folder / "hand-ins", dict(hand_ins(size)))
        begun = time.monotonic()
        small = peak(folders[SMALL], folders[SMALL] / "whole")
        large = peak(folders[count], folders[count] / "whole")
        seconds = time.monotonic() - begun
        happened = interrupted(folders[count], folders[count] / "interrupted", kills, count, chance)
        whole, again = (content_of(folders[count] / place) for place in ("whole", "interrupted"))
        rows = [row["submission"] for row in csv.DictReader(io.StringIO(whole["marks.csv"].decode()))]
    click.echo("\n".join(happened))
    differ = sorted(path for path in whole.keys() | again.keys() if whole.get(path) != again.get(path))
    click.echo(f"{count} submissions, {len(rows)} rows, {len(set(rows))} of them different")
    click.echo(f"files that differ: {len(differ)} of {len(whole)}; KiB a submission: {_size(whole) / count / 1024:.0f}")
    click.echo(
        f"Peak memory of a process: {small:.0f} MiB for {SMALL} submissions, {large:.0f} MiB for {count}, in {seconds:.0f} s"
    )
    sys.exit(bool(differ) or len(rows) != count or len(set(rows)) != count)


if __name__ == "__main__":
    main()
