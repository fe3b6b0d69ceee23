"""The vocabulary of checks: what a topic's table is written in, how its programs become scripts, what counts as equal.

Files of checks and of misconceptions, a course's own too, need this package alone. What is named in ``__all__`` stays.

=================  ===============================================================================
``table``          Topic, Exercise, Check, Claim, Tolerance: the table itself
``strategies``     what inputs look like
``contract``       what the page for students demands, asked of every exercise
``weights``        what a check is worth beside the usual point, and why
``oracles``        numerical gradients and statistics
``script``         how a check's program becomes a script of steps
``keras_oracle``   Keras in float64, to be held against
``mistakes``       the mark on a wrong implementation
``compare``        what counts as equal
``catalogue``      which topics there are
``source``         what a topic is recorded from: its reference and its misconceptions
=================  ===============================================================================
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.declare import strategies as strategies
    from autograder.declare.contract import with_contract as with_contract
    from autograder.declare.keras_oracle import gradients as gradients
    from autograder.declare.keras_oracle import keras as keras
    from autograder.declare.keras_oracle import value as value
    from autograder.declare.mistakes import misconception as misconception
    from autograder.declare.oracles import SLOPE_TOLERANCE as SLOPE_TOLERANCE
    from autograder.declare.oracles import STEP as STEP
    from autograder.declare.oracles import Z as Z
    from autograder.declare.oracles import mean_claim as mean_claim
    from autograder.declare.oracles import share_claim as share_claim
    from autograder.declare.oracles import slope_claims as slope_claims
    from autograder.declare.oracles import slopes as slopes
    from autograder.declare.oracles import unless_right as unless_right
    from autograder.declare.oracles import variance_claim as variance_claim
    from autograder.declare.script import assign as assign
    from autograder.declare.script import attempt as attempt
    from autograder.declare.script import entry as entry
    from autograder.declare.script import fill as fill
    from autograder.declare.script import function as function
    from autograder.declare.script import length as length
    from autograder.declare.script import library as library
    from autograder.declare.script import may_fail as may_fail
    from autograder.declare.script import recorder as recorder
    from autograder.declare.script import rng as rng
    from autograder.declare.script import same_memory as same_memory
    from autograder.declare.script import same_object as same_object
    from autograder.declare.script import snapshot as snapshot
    from autograder.declare.script import sorted_keys as sorted_keys
    from autograder.declare.strategies import direction as direction
    from autograder.declare.table import EXACT as EXACT
    from autograder.declare.table import KERAS as KERAS
    from autograder.declare.table import KERAS_EXACT as KERAS_EXACT
    from autograder.declare.table import Answers as Answers
    from autograder.declare.table import Check as Check
    from autograder.declare.table import Claim as Claim
    from autograder.declare.table import Draw as Draw
    from autograder.declare.table import Exercise as Exercise
    from autograder.declare.table import Inputs as Inputs
    from autograder.declare.table import Needs as Needs
    from autograder.declare.table import Tolerance as Tolerance
    from autograder.declare.table import Topic as Topic
    from autograder.declare.table import worked_example as worked_example
    from autograder.declare.weights import Weight as Weight
    from autograder.declare.weights import weighed as weighed

# Where each lives. They are loaded when asked for: only a table of checks needs them all.
_HOMES = {
    "Topic": "table", "Exercise": "table", "Check": "table", "Claim": "table", "Needs": "table", "Draw": "table",
    "Inputs": "table", "Answers": "table", "Tolerance": "table", "EXACT": "table", "KERAS": "table", "KERAS_EXACT": "table",
    "worked_example": "table", "with_contract": "contract", "weighed": "weights", "Weight": "weights",
    "direction": "strategies",
    "slopes": "oracles", "slope_claims": "oracles", "unless_right": "oracles", "STEP": "oracles", "SLOPE_TOLERANCE": "oracles",
    "mean_claim": "oracles", "variance_claim": "oracles", "share_claim": "oracles", "Z": "oracles",
    "snapshot": "script", "fill": "script", "assign": "script", "attempt": "script", "rng": "script", "function": "script",
    "recorder": "script", "library": "script", "entry": "script", "length": "script", "sorted_keys": "script",
    "may_fail": "script", "same_memory": "script", "same_object": "script",
    "keras": "keras_oracle", "value": "keras_oracle", "gradients": "keras_oracle",
    "misconception": "mistakes",
}  # fmt: skip

__all__ = ["strategies", *_HOMES]  # noqa: PLE0604 - they are strings


def __getattr__(name: str) -> Any:
    if name == "strategies":
        return importlib.import_module("autograder.declare.strategies")
    if name in _HOMES:
        return getattr(importlib.import_module(f"autograder.declare.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
