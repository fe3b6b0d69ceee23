"""The last step of a container's set-up: its answers can be read and a wall can be put up, or its image is not built."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.errors import GradeError
from autograder.gradescope.layout import Container
from autograder.gradescope.run import sandbox_of
from autograder.recording.record import answers_for
from autograder.wall.sandbox import start_sandbox


def main(root: Path) -> None:
    """Say what this container will grade and behind which wall. Raises GradeError where it cannot grade."""
    container = Container(root)
    course = container.course()
    for topic in container.topics():
        answers_for(topic, course.secret, catalogue=course.catalogue)
    with start_sandbox(sandbox_of(course), course.limits) as sandbox:
        print(f"Ready: {', '.join(container.topics())}; the wall here is {sandbox.backend}.")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except GradeError as error:
        sys.exit(f"This container cannot grade: {error}")
