"""Training a spec: the model it describes, its steps, history, checkpoints and health."""

from engine.training.blueprint import build_model, model_layers, resolve
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer

__all__ = ["Checkpoint", "Trainer", "build_model", "model_layers", "resolve"]
