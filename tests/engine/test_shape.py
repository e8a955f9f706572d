"""The shape of the engine: no module needs one that needs it, the core stands on nothing, views write nowhere."""

import ast
from pathlib import Path

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
LONG = {"engine/losses.py", "engine/optimizers.py", "engine/activations.py"}
"""Files that are longer still: nothing joins them."""


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in (ROOT / "engine").rglob("*.py")}


def needed(path, modules):
    """The modules a file imports, wherever it does: inside functions and for types alone, too."""
    out = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by dots"
            out |= {
                f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in modules else node.module for a in node.names
            }
    return {name for name in out if name in modules}


def circles(graph):
    """Modules that can be reached from themselves."""

    def reached(start):
        seen, open_ = set(), [start]
        while open_:
            new = graph[open_.pop()] - seen
            seen |= new
            open_ += new
        return seen

    return sorted(name for name in graph if name in reached(name))


def test_no_module_of_the_engine_needs_one_that_needs_it():
    graph = {name: needed(path, MODULES) - {name} for name, path in MODULES.items()}
    assert circles(graph) == []
    assert circles(graph | {"engine.core.plan": graph["engine.core.plan"] | {"engine.layers.base"}}), "it would tell"


def test_no_room_of_the_engine_needs_one_that_needs_it():
    def room(name):
        return ".".join(name.split(".")[:2])

    graph = {room(name): set() for name in MODULES}
    for name, path in MODULES.items():
        graph[room(name)] |= {room(other) for other in needed(path, MODULES)} - {room(name), "engine"}
    assert circles(graph) == []


def test_the_core_stands_on_nothing():
    for name, path in MODULES.items():
        if name.startswith("engine.core"):
            above = {other for other in needed(path, MODULES) if not other.startswith("engine.core")}
            assert not above, f"{name} imports {above}"


def test_no_file_of_the_engine_is_long():
    long = {str(path.relative_to(ROOT)) for path in MODULES.values() if len(path.read_text().splitlines()) > MOST_LINES}
    assert long <= LONG


class Watched(Trainer):
    """A trainer that notes who writes to it."""

    def __setattr__(self, name, value):
        if self.__dict__.get("watched"):
            self.__dict__["written"].append(name)
        super().__setattr__(name, value)


def state_of(trainer):
    """What each attribute of a trainer and of its parts is, and the numbers of its model."""
    parts = {"": trainer} | {n: getattr(trainer, n) for n in ("batches", "costs", "timeline", "early", "cycle_watch")}
    out = {
        (part, name): (id(value), len(value) if hasattr(value, "__len__") else None)
        for part, one in parts.items()
        for name, value in vars(one).items()
    }
    store = trainer.model.store
    arrays = {"values": store.values, "gradients": store.gradients, "state": store.state, **store.slots}
    arrays["rows"] = trainer.history.rows()
    return out, {name: array.tobytes() for name, array in arrays.items()}, trainer.model.rng.bit_generator.state


@pytest.mark.parametrize("preset", ["spiral", "houses", "digits", "localisation", "autoencoder"])
def test_views_write_nothing_of_the_trainer(preset):
    trainer = Watched(PRESETS[preset].spec)
    trainer.run_for(60, 3)
    inspection = Inspection.of(trainer)
    assert trainer.model.optimizer is not None
    trainer.model.optimizer.prepare(trainer.model.store)
    before = state_of(trainer)
    trainer.__dict__.update(watched=True, written=[])
    for name in views.names():
        for _ in range(2):
            context = ViewContext(trainer, inspection=inspection)
            with np.errstate(all="ignore"):
                views.get(name).compute(context, **check_parameters(name, {}))
            assert trainer.written == [], f"{name} writes {trainer.written}"
    del trainer.__dict__["watched"], trainer.__dict__["written"]
    assert state_of(trainer) == before


def test_the_trainer_knows_no_viewer():
    names = set(vars(Trainer(PRESETS["xor"].spec))) | set(dir(Trainer))
    assert not names & {"surface", "surfaces", "trace", "memory", "grid_cache", "probe", "companion", "set_probe"}
    seen = needed(MODULES["engine.training.trainer"], MODULES)
    assert not {
        n for n in seen if n.startswith("engine.views") or n.split(".")[-1] in ("inspection", "surface", "trace")
    }


def test_an_inspection_hears_of_steps_moves_resets_and_other_data():
    trainer = Trainer(PRESETS["spiral"].spec)
    inspection = Inspection.of(trainer)
    assert Inspection.of(trainer) is inspection
    inspection.trace_of(trainer)
    inspection.memory_of(trainer)
    trainer.run_for(60, 4)
    assert inspection.trace.steps == [0, 1, 2, 3, 4]
    trainer.move(trainer.model.store.values * 0.5)
    assert inspection.trace.steps == [4]
    inspection.set_probe(np.zeros(trainer.data.input_shape, np.uint8), trainer.data.input_shape)
    trainer.apply({**trainer.spec, "data": {**trainer.spec["data"], "features": ["x1"]}})
    assert inspection.probe is None, "it had another shape"
    trainer.reset()
    assert inspection.trace is inspection.memory is None
