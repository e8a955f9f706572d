"""Autoencoders: the inputs are the target; the code can be decoded by itself; a probe is looked at by every view."""

import numpy as np
import pytest

from app.specs.model import Spec
from engine.data import prepare
from engine.training import Trainer
from engine.training.blueprint import LayerError
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views


def spec_of(layers, **more):
    return Spec.model_validate(
        {"data": {"name": "digits", "goal": "inputs"}, "layers": layers,
         "optimizer": {"name": "Adam", "learning_rate": 0.01}, "batch_size": 32, **more}
    ).plain()  # fmt: skip


def code(width=2):
    return [
        {"id": "e", "units": 32, "activation": "tanh"},
        {"id": "code", "units": width, "activation": "linear"},
        {"id": "d", "units": 32, "activation": "tanh"},
        {"id": "out", "units": "auto", "activation": "auto"},
    ]


CONVOLUTIONAL = [
    {"id": "c", "type": "Conv2D", "filters": 4, "strides": 2, "padding": "same", "activation": "relu"},
    {"id": "u", "type": "UpSampling2D", "size": 2},
    {"id": "out", "type": "Conv2D", "filters": 1, "padding": "same", "activation": "auto"},
]


def compute(trainer, name, **parameters):
    context = ViewContext(trainer, inspection=Inspection.of(trainer))
    return views.get(name).compute(context, **check_parameters(name, parameters))


@pytest.mark.parametrize("layers", [code(), CONVOLUTIONAL])
def test_an_autoencoder_learns_to_give_its_input_back(layers):
    trainer = Trainer(spec_of(layers))
    before = trainer.cost("cv")
    trainer.advance("epoch", 12)
    assert trainer.cost("cv") < 0.6 * before
    found = compute(trainer, "reconstruction", count=5)
    assert found.tensors["inputs"].shape == found.tensors["outputs"].shape == (5, 8, 8, 1)
    x = trainer.data.x[found.about["rows"]]
    back = trainer.model.predict(x).reshape(x.shape)
    np.testing.assert_allclose(found.tensors["error"], ((back - x) ** 2).mean(axis=(1, 2, 3)), rtol=1e-5)
    table = compute(trainer, "metrics")
    row = table.tensors["table"][table.about["parts"].index("cv")]
    assert row[table.about["names"].index("mse")] == pytest.approx(trainer.cost("cv"), rel=0.1)  # of 300 examples


def test_a_wider_code_loses_less():
    costs = []
    for width in (1, 8):
        trainer = Trainer(spec_of(code(width)))
        trainer.advance("epoch", 15)
        costs.append(trainer.cost("cv"))
    assert costs[1] < 0.7 * costs[0]


def test_the_code_decoded_by_itself_is_the_models_answer():
    trainer = Trainer(spec_of(code()))
    trainer.advance("epoch", 2)
    x = trainer.data.x[:6]
    codes = ViewContext(trainer).forward("x", x).outputs["code"].T
    np.testing.assert_allclose(trainer.model.run_from("code", codes), trainer.model.predict(x), atol=1e-6)
    found = compute(trainer, "latent", x=float(codes[0, 0]), y=float(codes[0, 1]), grid=4)
    assert found.about["layer"] == "code"
    shown = np.rint(trainer.model.predict(x[:1]).reshape(8, 8, 1) * 255)
    assert np.abs(found.tensors["decoded"].astype(int) - shown).max() <= 1
    assert found.tensors["pictures"].shape == (4, 4, 8, 8, 1)
    with pytest.raises(ValueError, match=r"run_from wants a layer with layers behind it, got 'out'"):
        trainer.model.run_from("out", x)
    with pytest.raises(ValueError, match=r"run_from wants \(B, \(2,\)\), got \(6, 3\)"):
        trainer.model.run_from("code", np.zeros((6, 3)))


def test_a_net_that_answers_with_another_shape_is_refused():
    with pytest.raises(LayerError, match=r"the input itself, 8×8×1 or as a vector, got \(5,\)"):
        Trainer(spec_of([{"id": "out", "units": 5, "activation": "linear"}]))


def test_views_look_at_the_probe():
    trainer = Trainer(spec_of(CONVOLUTIONAL))
    picture = np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * 4
    plain = compute(trainer, "neurons", index=0).tensors["c"]
    np.testing.assert_array_equal(compute(trainer, "neurons", index=-1).tensors["c"], plain)  # there is none yet
    Inspection.of(trainer).set_probe(picture, (8, 8, 1))
    found = compute(trainer, "activations", index=-1)
    np.testing.assert_array_equal(found.tensors["input"], picture)
    assert found.about["row"] is None
    assert (compute(trainer, "neurons", index=-1).tensors["c"] != plain).any()
    window = compute(trainer, "window", layer="c", index=-1, row=1, column=1)
    np.testing.assert_allclose(window.tensors["window"][..., 0], (picture / 255)[2:5, 2:5, 0], atol=1e-6)
    assert compute(trainer, "reconstruction").about["probe"]
    with pytest.raises(ValueError, match=r"the probe wants shape \(8, 8, 1\), got \(3, 3, 1\)"):
        Inspection.of(trainer).set_probe(picture[:3, :3], (8, 8, 1))
    Inspection.of(trainer).set_probe(None, (8, 8, 1))
    np.testing.assert_array_equal(compute(trainer, "neurons", index=-1).tensors["c"], plain)


def test_photographs_come_in_several_sizes():
    large = prepare({"name": "photographs", "size": 256}).x
    small = prepare({"name": "photographs", "size": 64}).x
    assert large.shape == (6, 256, 256, 3)
    np.testing.assert_allclose(small[0, 0, 0], large[0, :4, :4].mean(axis=(0, 1)), atol=1e-6)
    with pytest.raises(ValueError, match="size to be one of 32, 64, 128, 256, got 100"):
        prepare({"name": "photographs", "size": 100})
