"""`grade check --watch`: after every save what changed is checked again, and told from red to green and from green to red."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.text import Text
from watchfiles import Change, watch

from autograder.at_home.checking import UNIT, Findings, OwnFiles, OwnGrader, check_topics
from autograder.at_home.desk import Desk
from autograder.at_home.telling import standard_console
from autograder.errors import GradeError, Superseded
from autograder.render.terminal import print_fix
from autograder.render.words import OPEN, RIGHT, WRONG, Sign, fixes_of, sign_of
from autograder.report import ExerciseReport, TopicReport
from autograder.submission.read import Submission
from autograder.text import of_all, plain

# A save may be several writes, or a new file under the old name; after so many milliseconds of silence it is over.
QUIET_MILLISECONDS = 40
# If something writes without a pause, its state is looked at after this long all the same.
MOST_MILLISECONDS = 400
# How often files are looked at though nothing was heard: of a save before the watch began, or on a file system that is silent.
LOOK_MILLISECONDS = 1000
OURS = (".py", ".ipynb")

_STYLES = {"right": "green", "wrong": "red", "open": "cyan", "manual": "cyan"}


def watch_files(
    grader: OwnGrader, files: OwnFiles, keyword: str, submission: Submission, parts: Mapping[str, Findings]
) -> None:
    """Check after every save, until Ctrl-C. parts: by topic, what has just been found in a submission."""
    watching = _Watching(grader, files, keyword, submission, parts)
    try:
        watching.run()
    except KeyboardInterrupt:
        watching.console.print()


class _Watching:
    """What was found at the last look, and what is to be checked after a save."""

    def __init__(
        self, grader: OwnGrader, files: OwnFiles, keyword: str, submission: Submission, parts: Mapping[str, Findings]
    ) -> None:
        self.console = standard_console()
        assert isinstance(grader.sandbox, Desk)
        grader.locates = False  # a save is answered at once; `grade check` without a watch looks for lines
        self._grader, self._desk, self._files, self._keyword = grader, grader.sandbox, files, keyword
        self._submission, self._parts = submission, dict(parts)
        self._waiting: set[str] = set()  # topics to check
        self._known: dict[tuple[str, str], ExerciseReport] = {}  # each exercise when it was last run
        self._lost: set[str] = set()  # topics that could not be checked at the last look
        self._asked: list[str] = []  # the checks of the topic that is looked at, in order
        self._running = ""  # what is running now: one of these, or the file that is imported
        self._desk.slow = self._say_slow
        for found in parts.values():
            for topic in found.topics:
                list(self._changes(topic))
                self._lost |= {topic.name} if topic.problem else set()

    def run(self) -> None:
        """Wait for saves, and look after each."""
        self._desk.warm()
        folders = {(self._files.root / module.path).parent for module in self._submission.modules.values()}
        self.console.print(Text(f"Watching {plain(self._files.path.resolve().name)}; Ctrl-C ends.", style="dim"))
        saves = watch(
            *folders, recursive=False, step=QUIET_MILLISECONDS, debounce=MOST_MILLISECONDS, watch_filter=_is_source,
            rust_timeout=LOOK_MILLISECONDS, yield_on_timeout=True,
        )  # fmt: skip
        seen: list[tuple[int, int]] = []
        for changes in saves:
            now = stamps(self._files, self._submission)
            if changes or now != seen:
                seen = now
                self._after_save({Path(path) for _, path in changes})
                self._desk.warm()

    def _after_save(self, paths: set[Path]) -> None:
        try:
            submission = self._files.read()
        except GradeError as error:  # the file was deleted, or is being replaced
            self.console.print(Text(plain(str(error), 300), style="yellow"))
            self._lost |= set(self._submission.modules)
            self._waiting |= set(self._submission.modules)
            return
        self._waiting |= _changed(self._submission, submission, paths)
        self._say_gone(submission)
        self._submission = submission
        self._parts = {topic: found for topic, found in self._parts.items() if topic in submission.modules}
        topics = [topic for topic in submission.modules if topic in self._waiting]
        if not topics:
            return
        seen = stamps(self._files, submission)  # before a word is said: who answers it with another save is noticed
        names = ", ".join(plain(submission.modules[topic].path) for topic in topics)
        self.console.print(Text(f"{time.strftime('%H:%M:%S')}  {names}", style="dim"))
        self._desk.outdated = lambda: stamps(self._files, submission) != seen
        self._grader.watch = self._say_at
        try:
            for topic in topics:
                self._running = plain(submission.modules[topic].path)
                ((_, found),) = check_topics(self._grader, submission, [topic], self._keyword)
                self._waiting.discard(topic)
                self._parts[topic] = found
                self._tell(found, submission)
        except Superseded:  # the next look is at what was saved meanwhile
            self.console.print(Text("It was saved again; what was running is ended.", style="dim"))
            return
        self.console.print(Text(Findings.together(self._parts.values()).summary(), style="bold"))

    def _say_gone(self, submission: Submission) -> None:
        """Which files are not there any more, in a folder that holds others; they are looked for all the same."""
        for topic in self._submission.modules.keys() - submission.modules.keys():
            words = f"{plain(self._submission.modules[topic].path)} is not there any more."
            self.console.print(Text(words, style="yellow"))
            self._lost.add(topic)

    def _say_at(self, topic: str, done: int, total: int) -> None:
        """Remember which check is running."""
        if done == 0:
            near = self._files.root / self._submission.modules[topic].path
            self._asked = self._grader.asked_in_order(topic, near, self._keyword)
        self._running = self._asked[done].partition("/")[2] if len(self._asked) == total else topic

    def _say_slow(self, seconds: float, over: bool) -> None:
        """Say what is running for long, and what then becomes of it: nobody sees a loop without end."""
        given = f"{round(seconds, 1):g} s"
        words = (
            f"is out of time: it was ended after {given}."
            if over
            else f"is still running; it is ended after {given}, or by your next save."
        )
        self.console.print(Text(f"{self._running} {words}", style="red" if over else "yellow"))

    def _tell(self, found: Findings, submission: Submission) -> None:
        """What a save changed in a topic, and one thing to mend."""
        for topic in found.topics:
            if topic.problem:
                self.console.print(Text(plain(topic.problem, 500), style="red"))
                self._lost.add(topic.name)
                continue
            changes = list(self._changes(topic))
            if topic.name in self._lost:
                self._lost.discard(topic.name)
                as_before = "" if changes else ", and every check is as it was before"
                self.console.print(Text(f"{plain(submission.modules[topic.name].path)} can be checked again{as_before}."))
            elif not changes:
                self.console.print(Text("No check changed.", style="dim"))
            for sign, name, words in changes:
                self.console.print(Text(f"{sign.mark} {name} {words}", style=_STYLES[sign.meaning]))
            self._show_one(found, {name for _, name, _ in changes}, submission)
        for said in (*found.quizzes, *found.notices, *found.faults):
            self.console.print(Text(plain(said, 2000)))

    def _changes(self, topic: TopicReport) -> Iterator[tuple[Sign, str, str]]:
        """Each exercise that is another than when it was last run, with its sign now and what it did; remembers it."""
        for exercise in topic.exercises:
            if all(check.status == "not_imported" for check in exercise.checks):
                continue
            before = self._known.get((topic.name, exercise.name))
            self._known[topic.name, exercise.name] = exercise
            if words := _change(before, exercise):
                yield sign_of(exercise), exercise.name, words

    def _show_one(self, found: Findings, changed: set[str], submission: Submission) -> None:
        """The first thing to mend, best in what this save has touched."""
        merged = found.merged()
        fixes = fixes_of(merged) if merged else []
        fixes.sort(key=lambda entry: entry[1].exercise not in changed)
        for topic, fix in fixes[:1]:
            print_fix("", topic, fix, self.console, UNIT, files=submission.file_names)


def _change(before: ExerciseReport | None, now: ExerciseReport) -> str:
    """What a save did to an exercise, in words; none where it did nothing to be told. before: None where it never ran."""
    is_, count = sign_of(now), of_all(now.score, now.max_score, UNIT)
    was = sign_of(before) if before else OPEN
    if is_ is RIGHT:
        return "" if was is RIGHT else "is right now."
    hangs = _hangs(now)
    if hangs and (before is None or hangs != _hangs(before)):
        return f"is out of time in {of_all(hangs, now.max_score, UNIT)}."
    if was is RIGHT:
        return "was right before this save."
    if before is None:
        return f"is at {count}." if is_ is WRONG else ""
    if is_ is not was:
        return f"is begun: {count} right." if is_ is WRONG else "is to do again."
    if now.score == before.score:
        return ""
    return f"is at {count} now, and was at {before.score:g}."


def _hangs(exercise: ExerciseReport) -> int:
    return sum(check.status == "timeout" for check in exercise.checks)


def _changed(before: Submission, now: Submission, paths: set[Path]) -> set[str]:
    """The topics to check again: those whose text is another, or all where a file changed that they may import."""
    helper = any(path.stem not in now.modules and path.suffix == ".py" for path in paths)

    def text(submission: Submission, topic: str) -> tuple[object, bytes | None]:
        module = submission.modules.get(topic)
        return module, submission.files.get(module.path) if module else None

    return {topic for topic in now.modules if helper or text(before, topic) != text(now, topic)}


def _is_source(_: Change, path: str) -> bool:
    name = os.path.basename(path)
    return name.endswith(OURS) and not name.startswith(".")


def stamps(files: OwnFiles, submission: Submission) -> list[tuple[int, int]]:
    """What tells whether a module was saved since: time and size, 0 where it is not there."""
    found = []
    for module in submission.modules.values():
        try:
            about = os.stat(files.root / module.path)
            found.append((about.st_mtime_ns, about.st_size))
        except OSError:
            found.append((0, 0))
    return found
