"""Stands in for modules that a notebook plots and shows with: importing and using one has no effect, and costs nothing.

A handout asks its readers to plot and to try. Where student code is run there is nothing to draw on, and on a student's own
machine a window would keep a check waiting. A file of the student's of the same name comes first.
"""

from __future__ import annotations

import importlib.machinery
import opcode
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from types import FunctionType, ModuleType
from typing import Any

# What is named here is a stand-in, with all below it. Of google only google.colab: protobuf is google's as well.
STAND_INS = frozenset({"matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm", "google.colab"})
_UNPACKS = opcode.opmap["UNPACK_SEQUENCE"]


class Nothing(ModuleType):
    """Takes whatever is done with it, and answers with the like of it."""

    __path__: list[str] = []  # it has submodules

    def __init__(self, name: str = "nothing", *_: Any, **__: Any) -> None:
        super().__init__(str(name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(name)

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        """As a decorator it leaves what it decorates as it is."""
        if len(arguments) == 1 and isinstance(arguments[0], (FunctionType, type)):
            return arguments[0]
        return Nothing()

    def __getitem__(self, _: Any) -> Any:
        return Nothing()

    def __setitem__(self, _: Any, __: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        """As many as it is unpacked into, ``figure, axes = plt.subplots()``; none in a loop."""
        frame = sys._getframe(1)
        code, at = frame.f_code.co_code, frame.f_lasti
        return iter([Nothing() for _ in range(code[at + 1] if code[at] == _UNPACKS else 0)])

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __mro_entries__(self, _: Any) -> tuple[type, ...]:
        return (object,)  # a class derived from it is a plain one


class _Progress(Nothing):
    """A progress bar without the bar: what is looped over, and methods without effect."""

    def __init__(self, over: Any = (), *_: Any, **__: Any) -> None:
        super().__init__("progress")
        self._over = over

    def __iter__(self) -> Iterator[Any]:
        return iter(self._over)

    def __len__(self) -> int:
        return len(self._over)


class _StandIns(MetaPathFinder, Loader):
    """Finds the stand-ins, unless the student's own folders have a module of that name."""

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = list(folders)
        self.taken: list[str] = []  # names of stand-ins that were imported and not told yet

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        known = next((known for known in STAND_INS if name == known or name.startswith(f"{known}.")), None)
        above = name == "google"  # the package around google.colab, where there is no real one
        if known is None and not above:
            return None
        find = importlib.machinery.PathFinder.find_spec
        if find(name.partition(".")[0], self._folders) or (above and find(name)):
            return None
        if known is not None and known not in self.taken:
            self.taken.append(known)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = Nothing(spec.name)
        if spec.name.partition(".")[0] == "tqdm":
            module.__dict__.update(tqdm=_Progress, trange=lambda *bounds, **_: _Progress(range(*bounds)))
        return module

    def exec_module(self, module: ModuleType) -> None:
        pass


def stand_in(folders: Sequence[str]) -> None:
    """From now on a module named here can be imported in this process. folders: the student's own, which come first."""
    sys.meta_path.insert(0, _StandIns(folders))


def newly_taken() -> list[str]:
    """Which stand-ins were imported since this was last asked."""
    finder = next((finder for finder in sys.meta_path if isinstance(finder, _StandIns)), None)
    if finder is None:
        return []
    names, finder.taken = finder.taken, []
    return names
