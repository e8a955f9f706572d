"""The propagation panel: what it says every number is made of, against the numbers the engine sent."""

import json
from pathlib import Path

import pytest

from app.specs.presets import dense
from engine.layers import layers as known_layers
from engine.losses import losses
from engine.optimizers import optimizers
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control
from tests.browser.test_labs import open_lab
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

OUT = {"id": "out", "units": "auto", "activation": "auto"}
PICTURES = {"data": {"name": "digits", "samples": 200}, "regularization": {"l2": 0.01}}


def conv(id, filters=3, kernel_size=3, **more):
    return {"id": id, "type": "Conv2D", "filters": filters, "kernel_size": kernel_size, **more}


NETS = {
    "dense": ({"data": {"name": "circle"}, "layers": dense(4, 3)}, ["Dense"]),
    "softmax, with penalties and batch normalisation": (
        {"data": {"name": "rings"}, "regularization": {"l1": 0.002, "l2": 0.01},
         "layers": [{"id": "h1", "units": 5}, {"id": "n1", "type": "BatchNormalization"},
                    {"id": "r1", "type": "LeakyReLU", "negative_slope": 0.2}, {"id": "h2", "units": 4},
                    {"id": "a2", "type": "Activation", "activation": "softmax"},
                    {"id": "d1", "type": "Dropout", "rate": 0.3}, OUT]},
        ["BatchNormalization", "LeakyReLU", "Activation", "Dropout"],
    ),
    "convolutions and pooling": (
        {**PICTURES, "layers": [conv("c1", padding="same", activation="relu"), {"id": "p1", "type": "MaxPooling2D"},
                                conv("c2", 4, 2, strides=2, activation="swish"), {"id": "f1", "type": "Flatten"}, OUT]},
        ["Conv2D", "MaxPooling2D", "Flatten"],
    ),
    "overlapping windows, padding and enlarging": (
        {**PICTURES, "layers": [{"id": "z1", "type": "ZeroPadding2D", "padding": [[1, 0], [2, 1]]}, conv("c1", 2, 2),
                                {"id": "z2", "type": "ZeroPadding2D", "padding": 1},
                                {"id": "p1", "type": "MaxPooling2D", "pool_size": 3, "strides": 2},
                                {"id": "u1", "type": "UpSampling2D"},
                                {"id": "p2", "type": "AveragePooling2D", "pool_size": 3, "strides": 2,
                                 "padding": "same"},
                                {"id": "r1", "type": "Reshape", "target_shape": [-1]}, OUT]},
        ["ZeroPadding2D", "UpSampling2D", "AveragePooling2D", "Reshape"],
    ),
    "a ReLU with three corners, a global maximum": (
        {**PICTURES, "layers": [conv("c1"), {"id": "r1", "type": "ReLU", "max_value": 0.8, "threshold": 0.1,
                                             "negative_slope": 0.2},
                                {"id": "g1", "type": "GlobalMaxPooling2D"}, {"id": "r2", "type": "ReLU"}, OUT]},
        ["ReLU", "GlobalMaxPooling2D"],
    ),
    "depthwise and separable": (
        {**PICTURES, "layers": [conv("c1"), {"id": "w1", "type": "DepthwiseConv2D", "depth_multiplier": 2,
                                             "padding": "same", "activation": "relu"},
                                {"id": "s1", "type": "SeparableConv2D", "filters": 3, "activation": "tanh"},
                                {"id": "g1", "type": "GlobalAveragePooling2D"}, OUT]},
        ["DepthwiseConv2D", "SeparableConv2D", "GlobalAveragePooling2D"],
    ),
    "residual blocks": (
        {**PICTURES, "layers": [conv("c1"), {"id": "b1", "type": "ResidualBlock", "filters": 3},
                                {"id": "b2", "type": "BottleneckBlock", "filters": 2, "strides": 2},
                                {"id": "g1", "type": "GlobalAveragePooling2D"}, OUT]},
        ["ResidualBlock", "BottleneckBlock"],
    ),
    "inception, MobileNet blocks and a side branch": (
        {**PICTURES, "layers": [conv("c1"), {"id": "i1", "type": "InceptionBlock"},
                                {"id": "x1", "type": "SideClassifier"},
                                {"id": "m1", "type": "InvertedResidual"}, {"id": "s1", "type": "SeparableBlock"},
                                {"id": "g1", "type": "GlobalAveragePooling2D"}, OUT]},
        ["InceptionBlock", "SideClassifier", "InvertedResidual", "SeparableBlock"],
    ),
}  # fmt: skip

CHECK = (Path(__file__).parent / "propagation.js").read_text().rstrip().rstrip(";")


def open_net(visit, spec, count=2):
    """The panel over a net of one's own, after a few steps of training."""
    page = visit("/?lang=en")
    page.evaluate("(spec) => descent.command({op: 'set', path: '', value: spec})", spec)
    until(page, f"descent.spec.layers.length === {len(spec['layers'])}")
    page.evaluate("descent.command({op: 'step', unit: 'batch', count: 3})")
    until(page, "descent.state.step >= 3")
    control(page, "panels").select_option("propagation")
    control(page, "prop_count").select_option(str(count))
    shown = "descent.about.propagation?.layers.map((l) => l.id.split('/')[0])"
    until(page, f"descent.about.propagation?.count === {count} && {json.dumps([y['id'] for y in spec['layers']])}"
                f".every((id) => {shown}.includes(id))")  # fmt: skip
    return page


@pytest.mark.parametrize("name", NETS)
def test_every_number_is_the_sum_that_is_shown_for_it(visit, name):
    spec, _ = NETS[name]
    page = open_net(visit, spec)
    found = page.evaluate(CHECK, "numbers")
    assert found["wrong"] == []
    assert min(found["seen"].get(way, 0) for way in ("forward", "backward", "weight")) > 12
    texts = page.evaluate("""async () => {
      const [panel, texts] = [document.querySelector('d-propagation'), []];
      for (let i = 0; i < panel.stages.length; i++) {
        panel.go(i);
        await panel.updateComplete;
        texts.push(panel.innerText);
      }
      return texts;
    }""")
    assert len(texts) >= 2 * len(spec["layers"]) + 3
    assert [text for text in texts if "undefined" in text or "NaN" in text or "–" in text] == []


def test_the_nets_above_have_every_layer_of_the_workbench():
    shown = {kind for _, kinds in NETS.values() for kind in kinds}
    assert {name for name in known_layers.names() if not known_layers.get(name).nested} == shown


APART = {"id": "d1", "type": "Dropout", "rate": 0.5}
"""Behind the last activation: the loss is then not joined with it."""
ANSWERS = [
    ("plane", "mse", "linear"), ("plane", "half_mse", "tanh"), ("plane", "mae", "linear"), ("plane", "huber", "linear"),
    ("circle", "binary_crossentropy", "sigmoid"), ("circle", "binary_crossentropy", "sigmoid", APART),
    ("circle", "hinge", "linear"), ("circle", "perceptron", "step"), ("circle", "mse", "sigmoid"),
    ("rings", "sparse_categorical_crossentropy", "softmax"),
    ("rings", "sparse_categorical_crossentropy", "softmax", APART),
    ("rings", "categorical_crossentropy", "softmax"), ("rings", "categorical_crossentropy", "softmax", APART),
]  # fmt: skip


def test_the_loss_and_its_slope_are_the_engines(visit):
    tried = set()
    page = visit("/?lang=en")
    control(page, "panels").select_option("propagation")
    control(page, "prop_count").select_option("4")
    for data, loss, activation, *more in ANSWERS:
        units = 3 if data == "rings" else 1
        layers = [{"id": "h1", "units": 3}, {"id": "out", "units": units, "activation": activation}, *more]
        spec = {"data": {"name": data}, "loss": {"name": loss}, "layers": layers}
        page.evaluate("(spec) => descent.command({op: 'set', path: '', value: spec})", spec)
        until(page, f"descent.about.propagation?.loss.name === '{loss}' && descent.spec.data.name === '{data}' && "
                    f"descent.about.propagation.layers.find((l) => l.id === 'out').activation === '{activation}' && "
                    f"descent.about.propagation.layers.length === {len(layers)}")  # fmt: skip
        found = page.evaluate(CHECK, "loss")
        assert found["J"] == pytest.approx(found["cost"], rel=1e-4, abs=1e-6), (data, loss, activation)
        assert found["worst"] < 2e-3, (data, loss, activation)
        tried.add(loss)
    assert tried == {name for name in losses.names() if name not in ("yolo", "localisation")}


OPTIMIZERS = [
    {"name": "SGD"}, {"name": "SGD", "momentum": 0.9}, {"name": "SGD", "momentum": 0.9, "nesterov": True},
    {"name": "Adagrad"}, {"name": "RMSprop"}, {"name": "RMSprop", "momentum": 0.5}, {"name": "Adam"}, {"name": "AdamW"},
    {"name": "Adam", "global_clipnorm": 0.01},
]  # fmt: skip


def test_the_update_is_the_optimisers(visit):
    page = visit("/?lang=en")
    control(page, "panels").select_option("propagation")
    for given in OPTIMIZERS:
        spec = {"data": {"name": "circle"}, "layers": dense(3), "optimizer": {**given, "learning_rate": 0.02}}
        page.evaluate("(spec) => descent.command({op: 'set', path: '', value: spec})", spec)
        before = page.evaluate("descent.state.step")
        page.evaluate("descent.command({op: 'step', unit: 'batch', count: 4})")
        until(page, f"descent.state.step >= {before + 4}")
        settings = json.dumps(given)
        until(page, f"Object.entries({settings}).every(([k, v]) => descent.about.propagation?.optimizer[k] === v)"
                    f" && descent.about.propagation.step === descent.state.step + 1")  # fmt: skip
        worst = page.evaluate(CHECK, "update")
        assert worst < 5e-3, given
    assert {given["name"] for given in OPTIMIZERS} == set(optimizers.names())


def test_it_is_stepped_and_the_update_at_the_end_is_shown(visit):
    page = open_lab(visit, "propagation")
    for _ in range(6):
        control(page, "prop_next").click()
    page.locator("[data-challenge=through].done").wait_for()
    rows = page.locator(".updates tbody tr").all_inner_texts()
    for row in rows:
        p, slope, new = (float(v.replace("−", "-")) for v in row.split("\t")[1:])
        assert new == pytest.approx(p - 0.1 * slope, abs=2e-3)
    page.locator(".updates tbody tr").nth(2).locator("button").click()
    chosen = page.locator(".updates tr[aria-current=true]").inner_text().split("\t")
    assert chosen[0] in page.locator("d-propagation .derivation").inner_text()
    assert page.locator("d-propagation .derivation b").last.inner_text() == chosen[-1]
    assert violations(page) == []


def test_a_number_of_a_picture_is_chosen_by_keys(visit):
    page = visit("/?lang=en&preset=lenet")
    control(page, "panels").select_option("propagation")
    until(page, "descent.about.propagation?.layers.length > 4")
    control(page, "prop_next").click()
    page.locator(".prop-map canvas").focus()
    for _ in range(9):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    z, shape = page.evaluate("""() => {
      const { id, shape } = descent.about.propagation.layers[0];
      const [row, column] = shape.map((n) => Math.min(n - 1, (n >> 1) + 9));
      return [descent.tensor(`propagation/${id}/z`).data[(row * shape[1] + column) * shape[2]], shape];
    }""")
    told = page.locator("d-propagation .derivation b").first.inner_text().replace("−", "-")
    assert float(told) == pytest.approx(z, rel=0.02, abs=6e-4), shape
