"""Runs the exported PyTorch code of every preset against the engine, where torch is installed. Not part of the tests.

PYTHONPATH=. python tests/parity/check_torch_export.py
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from app.export import EXPORTERS
from engine.training import Trainer
from tests.app.test_export import SPECS, checked

for name in SPECS:
    result = checked(name)
    trainer = Trainer(SPECS[name])
    trainer.run_for(60, 12)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "weights.safetensors")
        save_file(trainer.weights(), path)
        space: dict = {"__name__": "exported"}
        exec(EXPORTERS["pytorch"](result.resolved, result.report()), space)
        space["load_weights"](path)
        model = space["model"].eval()
        y = model(torch.tensor(trainer.x[:8])).detach().numpy()
        np.testing.assert_allclose(y, trainer.model.predict(trainer.x[:8]), rtol=1e-4, atol=1e-5)
        model.train()
        target = torch.tensor(trainer.data.part("train")[1][:32])
        space["fit"](torch.tensor(trainer.x[:32]), target, epochs=2, batch_size=16)
        print("agrees:", name)
