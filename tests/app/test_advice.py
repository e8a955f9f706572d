"""A change that is allowed and likely to surprise is warned of, and what is advised helps."""

import pytest

from app.specs import parse_spec
from app.specs.presets import DEFAULT
from engine.training import Trainer

ADAM, SGD = {"name": "Adam", "learning_rate": 0.003}, {"name": "SGD", "learning_rate": 0.003}


def ask_of(server, **spec):
    """Commands to a run of its own."""
    run_id, key = server.run(spec={**DEFAULT, **spec})
    return lambda **command: server.api.post(f"/runs/{run_id}/commands", json=command, headers=key).json()


def test_a_rate_that_was_right_for_adam_and_is_small_for_sgd(server):
    ask = ask_of(server, optimizer=ADAM)
    assert ask(op="set", path="optimizer", value=SGD)["warnings"] == []  # nothing has been learnt yet
    ask(op="set", path="optimizer", value=ADAM)
    ask(op="step", count=5)
    (warning,) = ask(op="set", path="optimizer", value=SGD)["warnings"]
    assert (warning["code"], warning["params"]["before"]) == ("rate_too_small", "Adam")
    after = ask(op="set", path=warning["path"], value=warning["value"])
    assert after["warnings"] == []
    assert after["spec"]["optimizer"]["learning_rate"] == pytest.approx(0.03)
    ask(op="set", path="optimizer", value=ADAM)
    assert ask(op="set", path="optimizer", value={**SGD, "momentum": 0.9})["warnings"] == []  # ten times as far


def test_sgd_hardly_moves_with_adam_s_rate_and_goes_on_like_adam_with_the_one_advised():
    falls = {}
    for optimizer in (ADAM, SGD, {**SGD, "learning_rate": 0.03}):
        trainer = Trainer(parse_spec({**DEFAULT, "optimizer": ADAM}))
        trainer.run_for(600, 300)
        trainer.apply(parse_spec({**DEFAULT, "optimizer": optimizer}))
        begun = trainer.costs.of("train")
        trainer.run_for(600, 500)
        falls[optimizer["name"], optimizer["learning_rate"]] = begun - trainer.costs.of("train")
    assert falls["SGD", 0.003] < 0.2 * falls["Adam", 0.003]
    assert 0.7 < falls["SGD", 0.03] / falls["Adam", 0.003] < 1.5


def test_an_output_that_is_no_probability(server):
    ask = ask_of(server)
    (warning,) = ask(op="set", path="layers.2.activation", value="linear")["warnings"]
    assert (warning["code"], warning["value"]) == ("output_no_probability", "sigmoid")
    after = ask(op="set", path=warning["path"], value=warning["value"])
    assert after["warnings"] == after["report"]["warnings"] == []
    ask(op="set", path="layers.2.activation", value="linear")
    assert ask(op="set", path="loss", value={"name": "mse"})["warnings"] == []
    assert ask(op="set", path="loss", value={"name": "binary_crossentropy"})["warnings"]
    assert ask(op="set", path="optimizer.learning_rate", value=0.02)["warnings"] == []  # it was said


def test_an_output_that_is_no_probability_learns_badly():
    ends = {}
    for activation in ("sigmoid", "linear"):
        layers = [*DEFAULT["layers"][:-1], {"id": "out", "units": "auto", "activation": activation}]
        trainer = Trainer(parse_spec({**DEFAULT, "layers": layers}))
        trainer.run_for(600, 1000)
        ends[activation] = trainer.costs.of("train")
    assert ends["linear"] > 3 * ends["sigmoid"]


def test_a_batch_beyond_the_data(server):
    ask = ask_of(server)
    (warning,) = ask(op="set", path="batch_size", value=1000)["warnings"]
    assert (warning["code"], warning["path"]) == ("batch_beyond_data", "batch_size")
    assert ask(op="step", count=1)["state"]["epoch"] == 1
    assert ask(op="set", path="batch_size", value=warning["value"])["warnings"] == []
    assert ask(op="step", count=1)["state"]["epoch"] == 2
    ask(op="set", path="batch_size", value=warning["value"] - 1)
    assert 2 < ask(op="step", count=1)["state"]["epoch"] < 3, "the number of examples is right"
    (warning,) = ask(op="set", path="data.train_rows", value=8)["warnings"]
    assert warning["value"] == 8
    ask(op="set", path="data.train_rows", value=None)
    drawn = {**DEFAULT["data"], "name": "points", "classes": 2, "points": [[-2, 0, 0], [2, 0, 1]]}
    assert ask(op="set", path="data", value=drawn)["warnings"] == [], (
        "of data that are only being drawn nothing is said"
    )
