"""The view `propagation` says what a number that is picked is made of, at the moment of its arrays."""

import numpy as np
import orjson
import pytest

from app.specs.presets import dense
from engine.views import check_parameters
from tests.engine.test_inside import look, trainer_of

NET = [{"id": "c1", "type": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu"},
       {"id": "w1", "type": "DepthwiseConv2D", "depth_multiplier": 2, "kernel_size": 3},
       {"id": "f1", "type": "Flatten"}, {"id": "d1", "units": 4, "activation": "tanh"},
       {"id": "out", "units": "auto", "activation": "auto"}]  # fmt: skip


def taught(**parts):
    trainer = trainer_of(NET, data={"name": "digits", "samples": 60}, optimizer={"name": "Adam"}, **parts)
    trainer.run_for(60, 3)
    return trainer


def test_each_term_is_that_of_the_arrays_in_the_same_frame():
    trainer = taught(regularization={"l2": 0.01})
    for stage, number, weight in (("c1", 20, "kernel"), ("w1", 33, "kernel"), ("d1", 2, "bias"), ("out", 7, "kernel")):
        found = look(trainer, "propagation", index=4, count=3, stage=stage, number=number, example=2, weight=weight)
        t, terms = found.tensors, found.about["terms"]
        at = {kind: t[f"{stage}/{kind}"][2].flat[number] for kind in ("a", "z", "dz")}
        assert terms["forward"]["value"] == pytest.approx(at["z"], rel=1e-4, abs=1e-6)
        assert terms["activation"]["value"] == pytest.approx(at["a"], rel=1e-4, abs=1e-6)
        if stage == "out":
            assert terms["loss"]["slope"]["value"] == pytest.approx(at["dz"], rel=1e-4, abs=1e-6)
            assert terms["backward"] == []
        else:
            assert terms["loss"] is None
            assert terms["activation_slope"]["value"] == pytest.approx(at["dz"], rel=1e-4, abs=1e-6)
            back = sum(part["value"] for part in terms["backward"])
            assert back == pytest.approx(t[f"{stage}/da"][2].flat[number], rel=1e-4, abs=1e-6)
        place = tuple(terms["place"])
        assert terms["gradient"]["value"] == pytest.approx(t[f"{stage}/dw/{weight}"][place], rel=1e-3, abs=1e-6)
        assert terms["update"][-1]["value"] == pytest.approx(t[f"{stage}/new/{weight}"][place], rel=1e-5)
    trainer.run_for(60, 1)
    later = look(trainer, "propagation", index=4, count=3, stage="out", number=7, example=2)
    assert later.about["terms"]["forward"]["value"] != terms["forward"]["value"]


@pytest.mark.parametrize(("stage", "number", "place", "open_axes", "whole"), [
    ("c1", 3 * 4 + 1, [2, 1, 0], [None, None, None, 1], [2, 1, 0, 1]),
    ("c1", 1, [99, -1], [None, None, None, 1], [2, 0, 0, 1]),
    ("w1", 5, [1, 2], [None, None, 2, 1], [1, 2, 2, 1]),
    ("d1", 3, [7], [None, 3], [7, 3]),
    ("d1", -1, [7, 2], None, [7, 2]),
    ("d1", 99, [], [None, 3], [0, 3]),
])  # fmt: skip
def test_a_number_fixes_its_weight_along_some_axes_and_leaves_others_open(stage, number, place, open_axes, whole):
    trainer = taught()
    terms = look(trainer, "propagation", stage=stage, number=number, weight="kernel", place=place).about["terms"]
    assert terms["picked"] == {"stage": stage, "number": number, "example": 0, "weight": "kernel", "place": place}
    assert terms["place"] == whole
    assert list(terms["open"].get("kernel", [])) == (open_axes or [])
    assert ("forward" in terms) == (number >= 0)


def test_what_is_not_there_is_no_error():
    """A page may ask for what was there a moment ago."""
    trainer = taught()
    assert look(trainer, "propagation").about["terms"] is None
    assert look(trainer, "propagation", stage="gone", number=3).about["terms"] is None
    terms = look(trainer, "propagation", stage="f1", number=0, weight="kernel", example=7, place=[3]).about["terms"]
    assert "gradient" not in terms
    assert terms["forward"]["kind"] == "same"


def test_what_is_no_pick_is_refused():
    for wrong, words in (({"number": -2}, "number"), ({"stage": 3}, "stage"), ({"place": "x"}, "place"),
                         ({"example": 8}, "example")):  # fmt: skip
        with pytest.raises(ValueError, match=f"views.propagation wants {words}"):
            check_parameters("propagation", wrong)


def test_an_answer_is_small_however_large_the_net():
    trainer = trainer_of([{"id": "d1", "units": 3000}, *NET[-1:]], data={"name": "digits", "samples": 60})
    found = look(trainer, "propagation", count=8, stage="out", number=0, weight="kernel", place=[5], limit=100)
    assert "out/a" in found.tensors
    assert "d1/a" in found.about["left_out"]
    terms = found.about["terms"]
    assert (terms["forward"]["count"], len(terms["forward"]["values"])) == (3000, 12)
    assert terms["gradient"]["count"] == 8


def test_the_memory_of_an_optimiser_is_read_at_its_places_behind_frozen_layers():
    trainer = trainer_of(dense(4, 3), data={"name": "circle"}, optimizer={"name": "Adam"})
    trainer.model.layers[0].trainable = False
    trainer.run_for(60, 3)
    found = look(trainer, "propagation", stage="h2", number=-1, weight="kernel", place=[1, 2])
    store, layer = trainer.model.store, trainer.model.layers[1]
    np.testing.assert_array_equal(found.tensors["h2/m/kernel"], store.placed(layer.weights[0], store.slots["m"]))
    assert "h1/m/kernel" not in found.tensors
    new = found.tensors["h2/new/kernel"][1, 2]
    assert found.about["terms"]["update"][-1]["value"] == pytest.approx(new, rel=1e-5)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38, 0.0])
@pytest.mark.parametrize(("layers", "loss"), [
    (NET, "auto"),
    ([{"id": "c1", "type": "Conv2D", "filters": 3, "kernel_size": 3}, {"id": "n1", "type": "BatchNormalization"},
      {"id": "p1", "type": "AveragePooling2D"}, {"id": "m1", "type": "MaxPooling2D"}, {"id": "f1", "type": "Flatten"},
      {"id": "a1", "units": 10}, {"id": "out", "type": "ReLU"}],
     "categorical_crossentropy"),
])  # fmt: skip
def test_numbers_that_are_none_are_told_as_such(layers, loss, number):
    """A net that diverges, or whose outputs are all 0, is looked at like any other."""
    trainer = trainer_of(layers, data={"name": "digits", "samples": 60}, loss={"name": loss})
    for layer in trainer.model.layers:
        for weight in layer.weights:
            weight.array[...] = number
    for layer in layers:
        for weight in ("kernel", "bias", "gamma"):
            found = look(trainer, "propagation", count=2, stage=layer["id"], number=0, weight=weight)
            assert found.about["terms"]["picked"]["stage"] == layer["id"]
            assert orjson.dumps(found.about, option=orjson.OPT_SERIALIZE_NUMPY)


def test_a_detector_s_loss_is_told_cell_by_cell():
    layers = [{"id": "c1", "type": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 4, "activation": "relu"},
              {"id": "out", "units": "auto"}]  # fmt: skip
    trainer = trainer_of(layers, data={"name": "one_emoji", "samples": 40})
    trainer.run_for(60, 2)
    for number in range(5):
        found = look(trainer, "propagation", count=2, stage="out", number=number)
        slope = found.tensors["out/da" if "out/da" in found.tensors else "out/dz"][0, number]
        assert found.about["terms"]["loss"]["slope"]["value"] == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_asking_changes_no_bit_of_the_run():
    watched, alone = taught(), taught()
    look(watched, "propagation", count=4, stage="c1", number=9, weight="kernel", place=[1, 1, 0])
    for trainer in (watched, alone):
        trainer.run_for(60, 3)
    assert watched.model.store.values.tobytes() == alone.model.store.values.tobytes()
