"""Which topics there are, with their tables and references: ours in the order of the curriculum, and a course's own."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import sys
from functools import cached_property
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path

from autograder.declare.table import Topic
from autograder.errors import GradeError, GraderFault, WrongUsage
from autograder.text import did_you_mean, line_of, line_with, mistake_in

CURRICULUM = (
    "gradient_descent", "activations", "losses", "layers", "initializers", "optimizers", "schedules", "regularization",
    "normalization", "training", "keras_models", "concepts",
)  # fmt: skip

_PACKAGE = Path(__file__).resolve().parent.parent
_TABLES = _PACKAGE / "checks"


def reference_folder() -> Path | None:
    """The folder of references, in a clone of the repository; None where only the package is installed."""
    folder = _PACKAGE.parent / "reference"
    return folder if folder.is_dir() else None


class Catalogue:
    """Topics, by their names: their tables of checks, and what they are recorded from where that is at hand.

    folder: a course's, with tables of its own in ``checks/`` and what these are recorded from in ``reference/``. No catalogue
    changes what another one holds: two courses may each have a topic of one name. Raises WrongUsage for a name of ours.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder.absolute() if folder else None
        self._own = _tables_in(self.folder / "checks") if self.folder else ()
        for name in self._own:
            if name in OURS.names:
                path = f"{self.folder}/checks/{name}.py"
                raise WrongUsage(f"{path}: there is a topic {name!r} already; give yours another name.")
        self._loaded: dict[str, Topic] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Catalogue) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    def __reduce__(self) -> tuple[type[Catalogue], tuple[Path | None]]:
        return Catalogue, (self.folder,)  # what was loaded is loaded again where it arrives

    def __repr__(self) -> str:
        return f"Catalogue({str(self.folder)!r})" if self.folder else "Catalogue()"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all topics that have checks, in the order of the curriculum; a course's own ones come last."""
        if self._own:
            return (*OURS.names, *self._own)
        order = {name: i for i, name in enumerate(CURRICULUM)}
        return tuple(sorted(_tables_in(_TABLES), key=lambda name: (order.get(name, len(order)), name)))

    def topic(self, name: str) -> Topic:
        """The topic's table of checks. Raises WrongUsage for a name that is none, and for a table that cannot be loaded."""
        if name not in self._loaded:
            if name not in self.names:
                near = did_you_mean(name, self.names)
                raise WrongUsage(f"There is no topic {name!r}; the topics are {', '.join(self.names)}.{near}")
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Topic:
        try:
            package = _package_of(self.tables(name)) if name in self._own else "autograder.checks"
            topic = importlib.import_module(f"{package}.{name}").TOPIC
        except Exception as error:
            raise self._bad_table(name, error) from error
        if not isinstance(topic, Topic) or topic.name != name:
            raise WrongUsage(f"checks/{name}.py must have TOPIC = Topic(name={name!r}, ...).")
        return topic

    def _bad_table(self, name: str, error: Exception) -> GradeError:
        """What to say of a table that cannot be loaded: one of ours is a fault, a course's own is its author's usage."""
        file, kind = self.table_file(name), WrongUsage if name in self._own else GraderFault
        path = self.tables(name) / (f"{name}.py" if (self.tables(name) / f"{name}.py").is_file() else f"{name}/__init__.py")
        return kind(mistake_in(file, line_of(error, path), error))

    def table_file(self, name: str) -> str:
        """How a topic's table is called where it is written."""
        return f"checks/{name}.py" if name in self._own else f"autograder/checks/{name}.py"

    def table_line(self, name: str, words: str) -> str:
        """A topic's table as a place: the file, and the first line in it that holds these words, where one does."""
        path = self.tables(name) / f"{name}.py"
        line = line_with(path.read_text(encoding="utf-8"), words) if path.is_file() else 0
        return f"{self.table_file(name)}, line {line}" if line else self.table_file(name)

    def tables(self, name: str) -> Path:
        """The folder in which a topic's table lies."""
        return self.folder / "checks" if self.folder and name in self._own else _TABLES

    def table_files(self, name: str) -> list[Path]:
        """The files of a topic's table: the module of its checks, or all of a package's, and beside a quiz's its questions."""
        folder = self.tables(name)
        inside = (path for path in (folder / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted((*folder.glob(f"{name}.*"), *inside))

    def is_quiz(self, name: str) -> bool:
        """Whether a topic's reference is made from a bank of questions, and not written as Python."""
        return self.topic(name).source is not None

    def has_reference(self, name: str) -> bool:
        """Whether a topic's reference is at hand, so that its answers can be recorded."""
        return self._find(self._reference(name)) is not None

    def reference_source(self, name: str) -> str:
        """Text of a topic's reference, which for a quiz is made from its bank. Raises GraderFault where it is not at hand."""
        source, text = self.topic(name).source, self._text(name, self._reference(name))
        return source.reference(text) if source else text

    def misconceptions_source(self, name: str) -> str:
        """Text of a topic's misconceptions, for a quiz its bank. Raises GraderFault where it is not at hand."""
        return self._text(name, self._reference(name) if self.is_quiz(name) else f"misconceptions/{name}.py")

    def _reference(self, name: str) -> str:
        source = self.topic(name).source
        return f"{name}{source.suffix if source else '.py'}"

    def _find(self, file: str) -> Path | None:
        """A file among the references: in the repository, or in the course."""
        folders = (reference_folder(), self.folder and self.folder / "reference")
        return next((folder / file for folder in folders if folder and (folder / file).is_file()), None)

    def _text(self, name: str, file: str) -> str:
        path = self._find(file)
        if path is None:
            raise GraderFault(f"reference/{file} is not here, and {name} cannot be recorded without it: clone the repository.")
        return path.read_text(encoding="utf-8")


def _tables_in(folder: Path) -> tuple[str, ...]:
    """Names of the tables in a folder; what begins with an underscore is a help to others, and none."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules([str(folder)]) if not module.name.startswith("_")))


def _package_of(folder: Path) -> str:
    """The package in which a course's tables are loaded: one for each folder, so that no two courses share a module."""
    name = f"tables_of_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = module_from_spec(spec)
    return name


# What there is without a course.
OURS = Catalogue()


def topic_names() -> tuple[str, ...]:
    """Names of our own topics; a course may have more (``course.catalogue.names``)."""
    return OURS.names


def load_topic(name: str) -> Topic:
    """One of our own topics; a course may have more (``course.catalogue.topic``)."""
    return OURS.topic(name)
