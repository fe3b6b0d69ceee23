"""Which topics there are: ours in the order of the curriculum, and a course's own."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from autograder.declare.table import Topic
from autograder.errors import WrongUsage


@cache
def topic_names() -> tuple[str, ...]:
    """Names of all topics that have checks, in the order of the curriculum; a course's own ones come last."""
    import autograder.checks

    names = [module.name for module in pkgutil.iter_modules(autograder.checks.__path__)]
    order = {name: i for i, name in enumerate(CURRICULUM)}
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


CURRICULUM = (
    "gradient_descent", "activations", "losses", "layers", "initializers", "optimizers", "schedules", "regularization",
    "normalization", "training", "keras_models", "concepts",
)  # fmt: skip


def add_topics(folder: Path) -> None:
    """From now on the tables in this folder are topics too: a course's own. Raises WrongUsage for a name that is taken."""
    import autograder.checks

    if str(folder) in autograder.checks.__path__:
        return
    for module in pkgutil.iter_modules([str(folder)]):
        if module.name in topic_names():
            raise WrongUsage(f"{folder / module.name}.py: there is a topic {module.name!r} already; give yours another name.")
    autograder.checks.__path__.append(str(folder))
    topic_names.cache_clear()


def table_files(topic: str) -> list[Path]:
    """The files of a topic's table: the module of its checks, and beside a quiz's its questions."""
    import autograder.checks

    return [path for folder in autograder.checks.__path__ for path in sorted(Path(folder).glob(f"{topic}.*"))]


@cache
def load_topic(name: str) -> Topic:
    """The topic's table of checks. Raises WrongUsage for a name that is none, and for a table that cannot be loaded."""
    if name not in topic_names():
        raise WrongUsage(f"There is no topic {name!r}; the topics are {', '.join(topic_names())}.")
    try:
        topic = importlib.import_module(f"autograder.checks.{name}").TOPIC
    except Exception as error:
        if name in CURRICULUM:
            raise  # ours: a fault, and not somebody's usage
        raise WrongUsage(f"checks/{name}.py cannot be loaded: {type(error).__name__}: {error}.") from error
    if not isinstance(topic, Topic) or topic.name != name:
        raise WrongUsage(f"checks/{name}.py must have TOPIC = Topic(name={name!r}, ...).")
    return topic
