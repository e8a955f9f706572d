"""What a run is at its moment, as REST tells it, and the nets that tests of moments train."""

import numpy as np
from safetensors.numpy import load

from app.specs.presets import PRESETS

PIECE = 1000
"""Examples that are asked for in one question."""


def small(name, samples):
    """A preset on so few examples that it can be measured at once."""
    spec = PRESETS[name].spec
    return spec | {"data": spec["data"] | {"samples": samples, "train_rows": samples // 2}}


class Told:
    """GET /runs/{id} and what lies below it."""

    def __init__(self, server, run):
        self.server, self.run = server, run
        self.classes = []
        """Names of the classes, once answers have been asked for."""

    def public(self):
        return self.server.state(self.run)

    def history(self):
        return self.server.api.get(f"/runs/{self.run}/history").json()["rows"]

    def weights(self):
        return load(self.server.api.get(f"/runs/{self.run}/weights").content)

    def examples(self):
        """Inputs (pictures in 0 … 1), targets (B, …) and parts of every example."""
        data = load(self.server.api.get(f"/runs/{self.run}/data", params={"most": 20_000}).content)
        x = np.float32(data["x"]) / np.float32(255) if data["x"].dtype == np.uint8 else data["x"]
        y = data["y"].astype(np.float64)
        return x, y[:, None] if y.ndim == 1 else y, data["part"]

    def answers(self, x):
        """The model's outputs, by /predict."""
        pieces = [
            self.server.api.post(f"/runs/{self.run}/predict", json={"inputs": x[i : i + PIECE].tolist()}).json()
            for i in range(0, len(x), PIECE)
        ]
        self.classes = pieces[0]["classes"]
        return np.concatenate([np.array(piece["outputs"], np.float64) for piece in pieces])
