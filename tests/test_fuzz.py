"""Random input for what reads a stranger's: a result or one clear error. A small part of `make fuzz`, the same every time."""

from __future__ import annotations

import pytest

from tests import fuzz

# Of each target so many inputs; `make fuzz` tries some thousands.
INPUTS = 3
SEED = 20261128


@pytest.mark.parametrize("target", list(fuzz.TARGETS))
def test_a_result_or_one_clear_error(target: str) -> None:
    ran = fuzz.run(fuzz.TARGETS[target], INPUTS, SEED)
    assert ran.inputs >= INPUTS


def test_what_fails_is_told() -> None:
    def fails(draw: object) -> int:
        raise ValueError("not an error for a person")

    with pytest.raises(ValueError, match="not an error for a person"):
        fuzz.run(fails, 3, SEED)
