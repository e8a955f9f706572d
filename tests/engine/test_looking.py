"""Looking and training are apart: views write nothing of the trainer, and the trainer knows no viewer."""

import numpy as np
import pytest

from app.specs.presets import PRESETS
from engine.stages import stages_of
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views
from tests.modules import graph


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
    seen = graph("engine")["engine.training.trainer"]
    viewers = {name for name in seen if name.split(".")[-1] in ("inspection", "surface", "trace") or ".views" in name}
    assert not viewers


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


@pytest.mark.parametrize("part", ["train", "cv"])
def test_maps_window_and_outputs_are_of_the_same_example(part):
    """A mistake of cross-validation that is looked at goes through the whole picture, not through the outputs alone."""
    trainer = Trainer(PRESETS["lenet"].spec)
    context = ViewContext(trainer)

    def shown(name, **more):
        return views.get(name).compute(context, **check_parameters(name, {"index": 7, "part": part, **more}))

    outputs = shown("activations", limit=10_000)
    assert outputs.about["row"] == trainer.data.index[part][7]
    own = outputs.tensors["c1/a"]
    window = shown("window", layer="c1", channel=2, row=9, column=11)
    assert window.about["a"] == pytest.approx(float(own[9, 11, 2]), rel=1e-5)
    picture = shown("neurons", spread="map").tensors["c1"][2]
    assert np.corrcoef(picture.ravel(), own[..., 2].ravel())[0, 1] > 0.999
    assert shown("neurons", show="gradients").about["kinds"]["c1"] == "gradients"


def test_the_stages_of_an_open_block_have_the_maps_that_they_make():
    """Of a residual block: relu(what its body gives + what it is given); nothing of blocks that are not asked for."""
    trainer = Trainer(PRESETS["resnet"].spec)
    context = ViewContext(trainer)
    ask = {"index": 3, "part": "train", "spread": "net", "most": 8}
    names = [y.name for y in trainer.model.layers]
    block = [y for y in trainer.model.layers if type(y).__name__ == "ResidualBlock"][1]
    before = names[names.index(block.name) - 1]
    shown = views.get("neurons").compute(context, **check_parameters("neurons", ask | {"inside": block.name}))
    stages = list(stages_of([block]))
    joint = stages[-1]
    sources = [before if name == "input" else name for name in joint.sources]
    assert len(sources) == 2
    given = [shown.tensors[name].astype(int) - 128 for name in sources]
    answer = shown.tensors[block.name].astype(int) - 128
    np.testing.assert_allclose(np.maximum(sum(given), 0), answer, atol=2)
    assert answer.any()
    inner = {stage.name for stage in stages[:-1]}
    assert inner <= set(shown.tensors)
    assert inner <= set(shown.about["scales"])
    closed = views.get("neurons").compute(context, **check_parameters("neurons", ask))
    assert set(closed.tensors) == set(shown.tensors) - inner
