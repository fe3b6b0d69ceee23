"""Records answers that are good for verdicts and name no mistake: ``python -m tests.verdicts_alone TOPIC...``.

What the known mistakes of the topics with libraries answer takes minutes to record, a tenth of all that `make test` may
take. Where the tests are divided among processes these two topics' answers are therefore recorded so, by this program beside
them; their mistakes are recorded and named in `make exactness`.
"""

from __future__ import annotations

import contextlib
import sys

from autograder.recording import answers as store
from autograder.recording.answers import DEFAULT_SECRET
from autograder.recording.record import record_topic
from tests.conftest import TRAINING


def main(topics: tuple[str, ...]) -> None:
    """Record these topics. Whoever asks for one of them meanwhile waits for it."""
    paths = {topic: store.record_path(topic, DEFAULT_SECRET) for topic in topics}
    with contextlib.ExitStack() as held:
        for path in paths.values():
            held.enter_context(store.recording(path))
        for topic, path in paths.items():
            store.save(record_topic(topic, DEFAULT_SECRET, with_keras=False, with_misconceptions=False), path)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or TRAINING)
