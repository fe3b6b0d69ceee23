"""Same every time: grades a half-wrong submission again and again, each time in other circumstances, and compares the reports.

    python -m tests.repeat [COUNT]

Backend, number of jobs, hash seed, working folder, clock and time zone differ; the JSON outside ``timing`` must not.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
SUBMISSION = ROOT / "docs" / "examples" / "first_try"

# Runs the command with a clock that is years ahead and runs at another pace.
OTHER_CLOCK = (
    "import sys, time; now = time.time; time.time = lambda: now() * 1.01 + 3e8;"
    "from autograder.cli import main; main(sys.argv[1:])"
)


def circumstances(count: int) -> list[dict[str, str]]:
    """So many different ones, backends alternating fastest."""
    backends = [name for name in ("landlock", "bubblewrap") if name != "bubblewrap" or shutil.which("bwrap")]
    every = itertools.product(range(count), ("1", "2"), ("0", "1234567", "random"), ("UTC", "Asia/Tokyo"), backends)
    chosen = [
        {"backend": backend, "jobs": jobs, "PYTHONHASHSEED": seed, "TZ": zone, "clock": str((index + round_) % 2)}
        for index, (round_, jobs, seed, zone, backend) in enumerate(every)
    ]
    # A stride that shares no factor with 2, 3 or the backends visits all combinations evenly, however few are asked for.
    return [chosen[(i * 7) % len(chosen)] for i in range(count)]


def report_in(circumstance: dict[str, str], folder: str, submission: Path) -> bytes:
    """The JSON of one grading, without ``timing``."""
    start = ["-c", OTHER_CLOCK] if circumstance["clock"] == "1" else ["-m", "autograder.cli"]
    command = [sys.executable, *start, str(submission), "--json", "-"]
    command += ["--sandbox", circumstance["backend"], "--jobs", circumstance["jobs"]]
    environment = {**os.environ, **{name: circumstance[name] for name in ("PYTHONHASHSEED", "TZ")}}
    done = subprocess.run(command, capture_output=True, cwd=folder, env=environment, check=False)
    if done.returncode != 1:
        raise AssertionError(f"exit code {done.returncode} in {circumstance}: {done.stderr.decode()}")
    report = json.loads(done.stdout)
    del report["timing"]
    return json.dumps(report, indent=1).encode()


def different_reports(count: int, submission: Path = SUBMISSION) -> dict[str, list[dict[str, str]]]:
    """Digests of the reports that were seen, each with the circumstances in which it was."""
    seen: dict[str, list[dict[str, str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for i, circumstance in enumerate(circumstances(count)):
            digest = hashlib.sha256(report_in(circumstance, folder if i // 2 % 2 else str(ROOT), submission)).hexdigest()
            seen.setdefault(digest, []).append(circumstance)
    return seen


@click.command()
@click.argument("count", default=200)
def main(count: int) -> None:
    """Grade COUNT times; exit 1 if two reports differ."""
    seen = different_reports(count)
    click.echo(f"{count} gradings, {len(seen)} different {'report' if len(seen) == 1 else 'reports'}")
    for digest, where in list(seen.items())[1:]:
        click.echo(f"{digest[:12]}: {len(where)} times, first in {where[0]}")
    raise SystemExit(len(seen) != 1)


if __name__ == "__main__":
    main()
