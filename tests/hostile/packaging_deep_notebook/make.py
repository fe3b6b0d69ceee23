"""Builds the submission; see ../README.md."""

import json
from pathlib import Path


def cell(source: str, number: int = 0) -> dict[str, object]:
    """A code cell."""
    return {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def make(folder: Path, settings: dict[str, str]) -> None:
    """A notebook."""
    reference = settings["reference"]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell(reference)]}
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    book["metadata"] = {"deep": deep}
    (folder / "activations.ipynb").write_text(json.dumps(book))
