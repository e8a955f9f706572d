"""The propagation panel: what it shows is what the engine sent, of the number that was picked.

That what the engine sends is right is the matter of tests/engine/test_terms.py.
"""

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

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

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

TOLD = "document.querySelector('d-propagation').told"
"""The engine has answered about the number that is picked."""
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
def test_every_stage_shows_what_the_engine_sent(visit, name):
    spec, _ = NETS[name]
    page = open_net(visit, spec)
    found = page.evaluate(CHECK, None)
    assert found["wrong"] == []
    assert found["seen"]["stages"] >= 2 * len(spec["layers"]) + 3
    assert found["seen"]["numbers"] > 10 * len(spec["layers"])
    control(page, "prop_example").select_option("1")
    found = page.evaluate(CHECK, ["forward", "backward"])
    assert found["wrong"] == []


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


def test_every_loss_and_its_slope_are_shown(visit):
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
        found = page.evaluate(CHECK, ["loss", "backward"])
        assert found["wrong"] == [], (data, loss, activation)
        assert found["seen"]["values"] >= 6
        tried.add(loss)
    assert tried == {name for name in losses.names() if name not in ("yolo", "localisation")}


OPTIMIZERS = [
    {"name": "SGD"}, {"name": "SGD", "momentum": 0.9}, {"name": "SGD", "momentum": 0.9, "nesterov": True},
    {"name": "Adagrad"}, {"name": "RMSprop"}, {"name": "RMSprop", "momentum": 0.5}, {"name": "Adam"}, {"name": "AdamW"},
    {"name": "Adam", "global_clipnorm": 0.01},
]  # fmt: skip


def test_every_optimiser_s_step_is_shown(visit):
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
        found = page.evaluate(CHECK, ["update"])
        assert found["wrong"] == [], given
        assert found["seen"]["numbers"] > 2
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
    until(page, TOLD)
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
    until(page, TOLD)
    told = page.locator("d-propagation .derivation b").first.inner_text().replace("−", "-")
    assert float(told) == pytest.approx(z, rel=0.02, abs=6e-4), shape


def test_a_unit_and_one_of_its_weights_are_picked(visit):
    page = open_net(visit, {"data": {"name": "circle"}, "layers": dense(4, 3)})
    page.evaluate(
        "document.querySelector('d-propagation').go(document.querySelector('d-propagation').stages.length - 3)"
    )
    assert page.evaluate("document.querySelector('d-propagation').shown.kind") == "backward"
    page.locator("d-propagation [data-unit='2']").first.click()
    until(page, f"{TOLD}?.picked.number === 2")
    control(page, "prop_from").select_option("3")
    until(page, f"JSON.stringify({TOLD}?.place) === '[3,2]'")
    page.evaluate("document.querySelector('d-propagation').updateComplete")
    shown = page.locator("d-propagation [data-gradient]").inner_text()
    gradient, stage = page.evaluate("""() => {
      const { terms } = descent.about.propagation;
      return [descent.tensor(`propagation/${terms.picked.stage}/dw/kernel`).data[3 * 3 + 2], terms.picked.stage];
    }""")
    assert stage == "h2"
    assert float(shown.replace("−", "-")) == pytest.approx(gradient, rel=0.02, abs=6e-4)
    control(page, "prop_parameter").select_option("bias")
    until(page, f"{TOLD}?.picked.weight === 'bias' && {TOLD}.place[0] === 2")
    page.evaluate("document.querySelector('d-propagation').go(99)")
    until(page, f"{TOLD}?.update.length === 1")
    until(page, "document.querySelector('d-propagation .derivation').innerText.includes('h2 b[3]')")


def test_a_filter_s_number_is_picked_along_the_axes_that_are_open(visit):
    page = open_net(visit, NETS["depthwise and separable"][0])
    for stage, controls, place in (("c1", 3, [2, 1, 0]), ("w1", 2, [2, 1])):
        page.evaluate("""(id) => {
          const panel = document.querySelector('d-propagation');
          panel.go(panel.stages.findIndex((s) => s.kind === 'backward' && panel.about.layers[s.layer].id === id));
        }""", stage)  # fmt: skip
        until(page, f"{TOLD}?.picked.stage === '{stage}'")
        names = ["prop_tap_row", "prop_tap_column", "prop_tap_channel"]
        there = [1] * controls + [0] * (3 - controls)
        until(page, lambda names=names, there=there: [control(page, name).count() for name in names] == there)
        for name, at in zip(names, place, strict=False):
            control(page, name).select_option(str(at))
        until(
            page,
            f"JSON.stringify({TOLD}?.place.slice(0, {len(place)})) === '{json.dumps(place, separators=(',', ':'))}'",
        )


def test_numbers_stay_together_while_it_trains(visit):
    """Arrays and terms are of one moment: z shown is what its terms add up to, in every frame."""
    page = open_net(visit, {"data": {"name": "circle"}, "layers": dense(4), "batch_size": 8})
    page.evaluate("document.querySelector('d-propagation').go(1)")
    until(page, TOLD)
    page.evaluate("descent.command({op: 'play'})")
    seen = page.evaluate("""async () => {
      const seen = [];
      for (let i = 0; i < 600 && new Set(seen.map(([z]) => z)).size < 8; i++) {
        await new Promise((done) => setTimeout(done, 30));
        const { terms } = descent.about.propagation;
        if (terms) seen.push([terms.forward.value, descent.tensor('propagation/h1/z').data[terms.picked.number]]);
      }
      return seen;
    }""")
    page.evaluate("descent.command({op: 'pause'})")
    assert len({z for _, z in seen}) > 5
    for value, z in seen:
        assert value == pytest.approx(z, rel=1e-4, abs=1e-5)


def test_the_weight_s_menu_says_what_is_looked_at_from_layer_to_layer(visit):
    page = open_net(visit, NETS["softmax, with penalties and batch normalisation"][0])
    for stage, letter in (("n1", "γ"), ("h1", "W"), ("n1", "γ")):
        page.evaluate("""(id) => {
          const panel = document.querySelector('d-propagation');
          panel.go(panel.stages.findIndex((s) => s.kind === 'backward' && panel.about.layers[s.layer].id === id));
        }""", stage)  # fmt: skip
        until(page, f"{TOLD}?.picked.stage === '{stage}'")
        page.evaluate("document.querySelector('d-propagation').updateComplete")
        chosen = control(page, "prop_parameter").evaluate("(menu) => menu.selectedOptions[0]?.innerText")
        assert chosen == letter, stage
