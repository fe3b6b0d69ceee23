"""Modules under the names that they had before the rooms: a course's own checks and other people's programs import these.

Asked last of all finders, so it costs nothing where a module is found under its name of today.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

TODAY = {
    "autograder.answers": "autograder.recording.answers",
    "autograder.engine": "autograder.grading.engine",
    "autograder.keras_oracle": "autograder.declare.keras_oracle",
    "autograder.misconceptions": "autograder.recording.misconceptions",
    "autograder.oracles": "autograder.declare.oracles",
    "autograder.record": "autograder.recording.record",
    "autograder.script": "autograder.declare.script",
    "autograder.strategies": "autograder.declare.strategies",
}


class FormerNames:
    """Finds a module under a former name, and says with a DeprecationWarning what it is called today."""

    def __init__(self) -> None:
        self._specs: dict[str, ModuleSpec | None] = {}

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """A specification for a name of before; None for every other."""
        del path, target
        return ModuleSpec(name, self) if name in TODAY else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of today itself, so that both names are one module."""
        today = TODAY[spec.name]
        warnings.warn(f"{spec.name} is called {today} now", DeprecationWarning, stacklevel=2)
        module = importlib.import_module(today)
        self._specs[module.__name__] = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing but giving its specification back: it has been executed under its name of today."""
        module.__spec__ = self._specs[module.__name__]
