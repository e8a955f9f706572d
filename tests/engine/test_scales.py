"""One number has one scale: in the network's maps, on the plane, under a window and in propagation."""

import numpy as np
import pytest

from app.specs import parse_spec
from app.specs.presets import PRESETS, dense
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views

SPREADS = ("map", "layer", "net")
LENET = PRESETS["lenet"].spec


def look(trainer, name, exact=False, **parameters):
    context = ViewContext(trainer, exact=exact, inspection=Inspection.of(trainer))
    return views.get(name).compute(context, **check_parameters(name, parameters))


def trained(steps=40, **parts):
    trainer = Trainer(parse_spec({"layers": dense(4), **parts}))
    trainer.run_for(60, steps)
    return trainer


def numbers(tensor, scale):
    """What a map's bytes stand for."""
    return scale["middle"] + (tensor.astype(float) - 128) / 127 * scale["reach"]


@pytest.mark.parametrize("parts", [
    {"data": {"name": "circle"}},
    {"data": {"name": "circle"}, "loss": {"name": "hinge"}},
    {"data": {"name": "circle"}, "loss": {"name": "perceptron"}},
], ids=["cross-entropy", "hinge", "perceptron"])  # fmt: skip
def test_a_probability_has_the_same_place_on_the_scale_in_the_tile_and_on_the_plane(parts):
    trainer = trained(**parts)
    tile, plane = look(trainer, "neurons", size=20), look(trainer, "boundary", size=20)
    scale, shown = tile.about["scales"]["out"], plane.about["scale"]
    assert (shown["kind"], shown["middle"], shown["reach"]) == ("signed", 0.5, 0.5)
    place = (numbers(tile.tensors["out"][0], scale) - scale["middle"]) / scale["reach"]
    np.testing.assert_allclose(place, (plane.tensors["p"] / 255 - 0.5) / 0.5, atol=0.012)
    assert np.ptp(place) > 0.05


def test_the_share_of_the_winner_is_the_number_of_its_tile():
    trainer = trained(data={"name": "blobs5"})
    tile, plane = look(trainer, "neurons", size=20), look(trainer, "boundary", size=20)
    assert tile.about["scales"]["out"] == plane.about["scale"] == {"kind": "classes", "middle": 0.0, "reach": 1.0}
    shares = numbers(tile.tensors["out"], tile.about["scales"]["out"])
    won = np.take_along_axis(shares, plane.tensors["winner"][None].astype(int), 0)[0]
    np.testing.assert_allclose(won, plane.tensors["share"] / 255, atol=0.008)


@pytest.mark.parametrize("scaling", ["none", "zscore"])
def test_a_number_is_on_one_scale_in_the_target_s_unit_and_in_the_model_s(scaling):
    trainer = trained(data={"name": "cottages", "scaling": scaling})
    tile, plane = look(trainer, "neurons", size=12), look(trainer, "boundary", size=12)
    model, target = tile.about["scales"]["out"], plane.about["scale"]
    y = trainer.data.answers(trainer.data.y)
    assert target["middle"] == pytest.approx(np.median(y))  # all are above 0
    assert target["reach"] == pytest.approx(np.abs(y - np.median(y)).max())
    np.testing.assert_allclose(
        trainer.data.answers(np.array([model["middle"], model["middle"] + model["reach"]])),
        [target["middle"], target["middle"] + target["reach"]],
    )
    both = [(numbers(tile.tensors["out"][0], model) - model["middle"]) / model["reach"],
            plane.tensors["value"] / 127.5 - 1]  # fmt: skip
    np.testing.assert_allclose(*both, atol=0.012)
    exact = look(trainer, "boundary", exact=True, size=12).tensors["value"]
    shown = target["middle"] + target["reach"] * both[1]
    np.testing.assert_allclose(shown, np.clip(exact, shown.min(), shown.max()), atol=0.02 * target["reach"])


def test_targets_on_both_sides_of_zero_have_zero_on_the_ground():
    trainer = trained(data={"name": "plane"})
    assert look(trainer, "boundary").about["scale"]["middle"] == 0


def test_hidden_units_of_a_layer_are_around_zero_as_far_as_the_largest_even_if_one_is_asked_for():
    trainer = trained(data={"name": "circle"})
    whole, one = look(trainer, "neurons"), look(trainer, "neurons", layer=0, unit=2)
    scale = whole.about["scales"]["h1"]
    assert (scale["kind"], scale["middle"]) == ("signed", 0)
    assert one.about["scales"] == {"h1": scale}
    np.testing.assert_array_equal(one.tensors["h1"][0], whole.tensors["h1"][2])
    assert np.abs(whole.tensors["h1"].astype(int) - 128).max() == 127
    assert look(trainer, "propagation").about["scale"] == whole.about["scales"]["out"]


def test_no_number_is_on_the_ground():
    trainer = trained(data={"name": "circle"}, steps=1)
    trainer.model.store.values[:] = np.nan
    assert (look(trainer, "neurons").tensors["out"] == 128).all()
    assert (look(trainer, "boundary").tensors["p"] == 128).all()


def test_digits_answers_are_shares_and_weights_drawn_as_pictures_are_weights():
    deep = Trainer(parse_spec({"layers": dense(6), "data": {"name": "digits"}}))
    told = look(deep, "neurons").about
    assert (told["kinds"]["h1"], told["scales"]["h1"]["kind"]) == ("weights", "signed")
    assert (told["kinds"]["out"], told["scales"]["out"]) == (
        "samples", {"kind": "classes", "middle": 0.0, "reach": 1.0},
    )  # fmt: skip
    flat = Trainer(parse_spec({"layers": dense(), "data": {"name": "digits"}}))
    assert look(flat, "neurons").about["scales"]["out"]["kind"] == "signed", "its weights, not its answers"


@pytest.fixture(scope="module")
def lenet():
    trainer = Trainer(LENET)
    trainer.run_for(60, 2)
    return trainer


@pytest.mark.parametrize("spread", SPREADS)
def test_a_map_looks_under_the_window_as_it_does_in_the_network(lenet, spread):
    tiles = look(lenet, "neurons", spread=spread, side=512)
    second = look(lenet, "window", layer="c3", channel=3, source=2, spread=spread)
    np.testing.assert_array_equal(second.tensors["map"][0], tiles.tensors["c3"][3])
    before = lenet.model.layers[[y.name for y in lenet.model.layers].index("c3") - 1].name
    np.testing.assert_array_equal(second.tensors["inputs"][0], tiles.tensors[before][2])
    if spread != "map":
        assert second.about["scales"]["map"] == tiles.about["scales"]["c3"]
    filters = look(lenet, "neurons", spread=spread, show="filters")
    kernel = second.tensors["kernel"][:, :, 0] / second.about["scales"]["kernel"]["reach"]
    tile = (filters.tensors["c3"][3].astype(float) - 128) / 127
    if spread == "map":  # a tile holds all channels of a filter, of which this window shows one
        kernel *= second.about["scales"]["kernel"]["reach"] / np.abs(second.tensors["kernel"]).max()
    np.testing.assert_allclose(kernel, tile[: kernel.shape[0], : kernel.shape[1]], atol=0.01)


def test_a_coarser_map_keeps_its_colours(lenet):
    fine, coarse = look(lenet, "neurons", side=512), look(lenet, "neurons", side=14)
    assert coarse.tensors["c1"].shape[1] < fine.tensors["c1"].shape[1]
    assert coarse.about["scales"] == fine.about["scales"]
    np.testing.assert_array_equal(coarse.tensors["c1"], fine.tensors["c1"][:, ::2, ::2])


def test_the_picture_under_the_first_window_is_on_the_scale_of_pictures(lenet):
    assert look(lenet, "window", layer="c1").about["scales"]["inputs"] == {
        "kind": "signed", "middle": 0.0, "reach": 1.0,
    }  # fmt: skip
