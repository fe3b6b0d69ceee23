"""nbgrader's own page for grading, the formgrader, served by a real Jupyter server and opened in a real browser."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Nobody waits so long: a server, which imports nbgrader and JupyterLab, takes some seconds, and a minute on a busy machine.
START_SECONDS = 600
# Pages of sixty cells with formulas take some seconds, and on a busy machine a minute.
PAGE_MILLISECONDS = 300_000

# nbgrader's template asks for MathJax at this address and does without it badly: its page stops half-way through being set up.
# No network is used here, so the same MathJax comes from the server, which has it of the package jupyter-server-mathjax.
MATHJAX = re.compile(r"https://cdnjs\.cloudflare\.com/ajax/libs/mathjax/2\.[\d.]+/latest\.js\?.*")
OWN_MATHJAX = "/static/jupyter_server_mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"
# Of MathJax's fonts the package has this one, as Jupyter's notebook had. A font that is meant not to be there is looked for
# among the system's: MathJax looks for it at about:blank, which Chromium calls an error.
FONT = """{"HTML-CSS": {
  availableFonts: [], imageFont: null, preferredFont: null, webFont: "STIX-Web",
  styles: {"@font-face": {"font-family": "MathJax_Blank", src: "local('none')"}}}}"""


@contextmanager
def served(course: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Run a Jupyter server in a course's folder for as long as the context lasts; its address and its token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        "jupyter-server", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
    ]  # fmt: skip
    log = course / "jupyter_server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            command, cwd=course, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(server, f"{address}/api/status?token={token}", log)
        yield address, token
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError(f"The Jupyter server did not answer within {START_SECONDS} s:\n{log.read_text()[-4000:]}")


def chromium() -> str | None:
    """The browser of this machine, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def opened(address: str, token: str, browser: str, pictures: Path) -> Iterator[Formgrader]:
    """The formgrader in a browser, logged in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        context = started.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PAGE_MILLISECONDS)
        try:
            page = Formgrader(context, address, pictures)
            page.log_in(token)
            yield page
        finally:
            started.close()


class Formgrader:
    """The page in a browser. Whatever goes wrong in it is kept in ``problems``; what it asks of elsewhere in ``elsewhere``."""

    def __init__(self, context: Any, address: str, pictures: Path) -> None:
        self.problems: list[str] = []
        self.elsewhere: set[str] = set()
        self._address, self._pictures = address, pictures
        pictures.mkdir(parents=True, exist_ok=True)
        context.route(lambda url: not url.startswith((address, "data:", "blob:")), self._answer_elsewhere)
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def _answer_elsewhere(self, route: Any) -> None:
        asked = route.request.url
        self.elsewhere.add(asked)
        if MATHJAX.fullmatch(asked):
            tag = f'<script src="{self._address}{OWN_MATHJAX}"><\\/script>'
            route.fulfill(content_type="text/javascript", body=f"window.MathJax = {FONT}; document.write('{tag}');")
        else:
            route.abort()

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{self.page.url}: {message.type}: {message.text}")

    def _failed(self, request: Any) -> None:
        # What is on its way while the page is left is given up by the browser, and by nobody else.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.url}: {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.url}: status {response.status}")

    # --- going about ----------------------------------------------------------------------------------------------------

    def log_in(self, token: str) -> None:
        """Log in with the server's token, as a person does who was not given the whole address."""
        self.page.goto(f"{self._address}/login?next=%2Fformgrader")
        self.page.fill("input[name=password]", token)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{self._address}/formgrader/manage_assignments")

    def picture(self, name: str, *, whole: bool = False) -> Path:
        """Keep what is to be seen."""
        path = self._pictures / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    def _table(self, place: str, *columns: str) -> list[dict[str, str]]:
        """The rows of one of the page's tables: the text of these columns, which go by their class."""
        self.page.goto(f"{self._address}/formgrader/{place}")
        self.page.wait_for_selector(f"#main-table tr .{columns[0]} >> visible=true")
        self.page.wait_for_function("models !== undefined && models.loaded")
        rows = self.page.locator("#main-table tr").all()
        return [{column: row.locator(f".{column}").first.inner_text().strip() for column in columns} for row in rows]

    def assignments(self) -> dict[str, int]:
        """How many submissions each assignment has, as "Manage Assignments" shows it."""
        rows = self._table("manage_assignments", "name", "num-submissions")
        return {row["name"]: int(row["num-submissions"]) for row in rows}

    def submissions(self, assignment: str) -> dict[str, tuple[str, str]]:
        """The status and the score of each student's submission, as they are shown."""
        rows = self._table(f"manage_submissions/{assignment}", "student-id", "status", "score")
        return {row["student-id"]: (row["status"], row["score"]) for row in rows}

    def averages(self) -> dict[str, str]:
        """The average score of each assignment, as "Gradebook" shows it."""
        return {row["name"]: row["score"] for row in self._table("gradebook", "name", "score")}

    def open_submission(self, submission_id: str) -> None:
        """Open a notebook to be graded, and wait until its scores, its comments and its formulas are there."""
        self.page.goto(f"{self._address}/formgrader/submissions/{submission_id}/")
        self.page.wait_for_function(
            "formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded && MathJax.loaded"
        )

    def bring(self, selector: str) -> None:
        """Bring the first of these into the middle of the window; the page's own scrolling is ended."""
        self.page.evaluate(
            "s => { $('body, html').stop(true); document.querySelector(s).scrollIntoView({block: 'center'}) }", selector
        )

    def bring_feedback(self) -> None:
        """Bring feedback on something wrong into the middle of the window, or any where nothing is wrong."""
        wrong = "#notebook div.nablagrade-wrong"
        self.bring(wrong if self.page.locator(wrong).count() else "#notebook div.nablagrade")

    def shown_scores(self) -> dict[str, tuple[str, str]]:
        """For each graded cell of the notebook that is open, what it shows as automatic score and as one given by hand."""
        return {
            field.get_attribute("id"): (field.get_attribute("placeholder") or "", field.input_value())
            for field in self.page.locator("input.score").all()
        }

    def feedback_of(self, grade_id: str) -> str:
        """The text that stands below a cell of the notebook that is open."""
        cell = self.page.locator("div.cell", has=self.page.locator(f"#{grade_id}"))
        cell.scroll_into_view_if_needed()
        return str(cell.locator(".output").first.inner_text())

    def give(self, grade_id: str, points: str, comment: str) -> None:
        """Enter points and a comment in a cell of the notebook that is open, and wait until the server has kept both."""
        for selector, words, asked in ((f"#{grade_id}", points, "grade"), (f"#{grade_id}-comment", comment, "comment")):
            field = self.page.locator(selector)
            field.scroll_into_view_if_needed()
            with self.page.expect_response(
                lambda answer, asked=asked: f"/api/{asked}/" in answer.url and answer.request.method == "PUT"
            ) as saved:
                field.fill(words)
                field.press("Tab")
            assert saved.value.status == 200, saved.value.text()

    def broken_pictures(self) -> tuple[int, list[str]]:
        """How many pictures the notebook that is open has, and which of them do not show."""
        found = self.page.evaluate(
            "() => [...document.querySelectorAll('#notebook img')].map(i => [i.src, i.complete && i.naturalWidth > 0])"
        )
        return len(found), [address for address, shows in found if not shows]

    def title(self) -> str:
        """The page's title, which scripts of a student's would change."""
        return str(self.page.title())
