"""Where class 0 turns into class 1 follows from the loss and from what the output can say; everybody reads it there."""

import numpy as np
import pytest

from app.specs import parse_spec
from app.specs.presets import dense
from engine.decision import shares, turn
from engine.losses import get
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.views import ViewContext, check_parameters, views

TURNS = {
    ("binary_crossentropy", "sigmoid"): 0.5,
    ("mse", "sigmoid"): 0.5,
    ("mse", "tanh"): 0.5,
    ("mse", "linear"): 0.5,
    ("hinge", "linear"): 0.0,
    ("hinge", "tanh"): 0.0,
    ("hinge", "sigmoid"): 0.5,
    ("hinge", "relu"): 0.5,
    ("hinge", "softplus"): 0.5,
    ("hinge", "hard_sigmoid"): 0.5,
    ("perceptron", "step"): 0.5,
    ("perceptron", "linear"): 0.0,
    ("logits", "linear"): 0.0,
    ("logits", "tanh"): 0.0,
}


def trained(loss, activation, data="circle"):
    about = {"name": "binary_crossentropy", "from_logits": True} if loss == "logits" else {"name": loss}
    layers = [*dense(6)[:-1], {"id": "out", "units": "auto", "activation": activation}]
    trainer = Trainer(parse_spec({
        "data": {"name": data, "noise": 0.0}, "layers": layers, "loss": about,
        "optimizer": {"name": "Adam", "learning_rate": 0.02},
    }))  # fmt: skip
    trainer.run_for(60, 600)
    return trainer


def look(trainer, name, **parameters):
    context = ViewContext(trainer, exact=True, inspection=Inspection.of(trainer))
    return views.get(name).compute(context, **check_parameters(name, parameters))


@pytest.mark.parametrize(("loss", "activation"), [pair for pair in TURNS if pair[0] not in ("perceptron", "logits")])
def test_the_turn_is_halfway_between_the_least_loss_of_either_class(loss, activation):
    trainer = trained(loss, activation)
    least, most = trainer.model.layers[-1].activation.range
    y = np.linspace(-3 if least is None else least, 3 if most is None else most, 601)
    cost = get(loss)
    zero, one = (np.array([cost(np.array([[t]]), np.array([[v]])) for v in y]) for t in (0.0, 1.0))
    best = y[zero <= zero.min() + 1e-9].max(), y[one <= one.min() + 1e-9].min()
    assert turn(trainer.model)[0] == pytest.approx(np.mean(best), abs=0.01)


@pytest.mark.parametrize(("loss", "activation"), TURNS)
def test_metrics_confusion_mistakes_and_plane_read_one_turn(loss, activation):
    trainer = trained(loss, activation)
    cut = TURNS[loss, activation]
    assert turn(trainer.model)[0] == cut
    metrics = look(trainer, "metrics")
    for row, part in enumerate(("train", "cv", "test")):
        x, y = trainer.data.part(part)
        raw = trainer.model.predict(x)[:, 0]
        right = (raw >= cut) == (y[:, 0] == 1)
        assert metrics.tensors["table"][row, metrics.about["names"].index("accuracy")] == pytest.approx(right.mean())
        counts = look(trainer, "confusion", part=part).tensors["counts"]
        assert np.trace(counts) == right.sum()
        found = look(trainer, "mistakes", part=part, most=200)
        assert sorted(found.about["places"]) == np.flatnonzero(~right).tolist()
        assert all(share >= 0.5 for share in found.about["shares"])
    plane = look(trainer, "boundary", size=24).tensors["p"]
    tile = look(trainer, "neurons", size=24)
    scale = tile.about["scales"]["out"]
    assert scale["middle"] == cut
    np.testing.assert_array_equal(plane >= 0.5, tile.tensors["out"][0] >= cut)
    answers = look(trainer, "predictions").tensors["y"]
    np.testing.assert_allclose(answers, shares(trainer.model, trainer.model.predict(trainer.data.x)[:1000, 0]))


def test_hinge_behind_a_sigmoid_separates_what_it_has_learnt_to_separate():
    trainer = trained("hinge", "sigmoid", data="gaussians")
    metrics = look(trainer, "metrics")
    assert metrics.tensors["table"][0, metrics.about["names"].index("accuracy")] > 0.95


def test_a_threshold_moves_the_mistakes_as_it_moves_the_numbers():
    trainer = trained("mse", "sigmoid")
    for threshold in (0.1, 0.9):
        metrics = look(trainer, "metrics", threshold=threshold)
        right = metrics.tensors["table"][1, metrics.about["names"].index("accuracy")]
        found = look(trainer, "mistakes", part="cv", threshold=threshold)
        assert found.about["found"] == round((1 - right) * found.about["examples"])
        x, y = trainer.data.part("cv")
        assert found.about["found"] == ((trainer.model.predict(x)[:, 0] >= threshold) != (y[:, 0] == 1)).sum()
