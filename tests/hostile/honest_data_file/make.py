"""Builds the submission; see ../README.md."""

from pathlib import Path

import json


def make(folder: Path, settings: dict[str, str]) -> None:
    """A module with its data."""
    home = folder / "homework"
    (home / "data").mkdir(parents=True)
    (home / "data" / "constants.json").write_text(json.dumps({"alpha": 1.6732632423543772}))
    source = settings["reference"] + '''
    import json
    from pathlib import Path

    SELU_ALPHA = json.load(open("data/constants.json"))["alpha"]


    def elu(x, alpha=1.0):
        json.loads((Path(__file__).parent / "data" / "constants.json").read_text())
        return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))
    '''
    (home / "activations.py").write_text(source)
