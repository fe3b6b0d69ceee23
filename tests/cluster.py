"""A PostgreSQL server of the test's own: made in a temporary folder, reached by a socket in it, stopped and removed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian puts the newest ones; None if not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return kept[-1].parent if kept else None


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """Run a server with an empty database for as long as the context lasts; the value is the database's URL.

    It listens on no port, only on a socket in its own folder. The server refuses to be run by root, who lets the user
    ``postgres`` of the installed package run it.
    """
    # Short, as the path of a socket has at most 107 characters, and open to the user who runs the server.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        data, log = folder / "data", folder / "log"
        owner: list[str] = []
        if os.geteuid() == 0:
            runner = pwd.getpwnam("postgres")
            os.chown(folder, runner.pw_uid, runner.pw_gid)
            owner = ["setpriv", f"--reuid={runner.pw_uid}", f"--regid={runner.pw_gid}", "--clear-groups"]

        def run(program: str, *arguments: str) -> None:
            command = [*owner, str(programs / program), *arguments]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            if done.returncode:
                told = log.read_text() if log.exists() else ""
                raise RuntimeError(f"{program} ended with {done.returncode}: {done.stdout}{done.stderr}{told}")

        run("initdb", "-D", str(data), "-U", "grader", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        # pg_ctl's output goes to a file: a pipe would stay open for as long as the server runs.
        run("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "-t", "60", "start")
        try:
            run("createdb", "-h", str(folder), "-U", "grader", "gradebook")
            # With the driver named: which one SQLAlchemy takes by default depends on its version.
            yield f"postgresql+psycopg2://grader@/gradebook?host={quote(str(folder))}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
