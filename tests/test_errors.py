"""Exceptions have one place and one tree."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator

import autograder
from autograder import errors

# What starts something when it is imported, and what is imported behind the wall alone.
NOT_IMPORTED = ("autograder.checks", "autograder.quiz.__main__", "autograder.wall.inside.worker")


def exceptions() -> Iterator[type[BaseException]]:
    for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
        if not module.name.startswith(NOT_IMPORTED):
            for value in vars(pkgutil.resolve_name(module.name)).values():
                if inspect.isclass(value) and issubclass(value, BaseException) and value.__module__ == module.name:
                    yield value


def test_exceptions_are_defined_in_one_module_but_for_those_behind_the_wall() -> None:
    elsewhere = {kind.__name__ for kind in exceptions() if kind.__module__ != errors.__name__}
    assert elsewhere == {"Missing", "CannotHarden", "WireError", "TooLong"}
    assert all(name in (errors.__doc__ or "") for name in elsewhere)


def test_exceptions_are_one_tree() -> None:
    own = {kind for kind in exceptions() if kind.__module__ == errors.__name__}
    assert {kind for kind in own if not issubclass(kind, errors.NablagradeError)} == {errors.Superseded}
    assert all(kind.__doc__ for kind in own)
