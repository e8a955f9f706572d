"""Image nets in the real page: LeNet learns, a filter is edited, a number is recomputed, a cell opens its pictures."""

import json

import numpy as np
import pytest
from safetensors.numpy import load

from tests.browser.test_journey import control, pick, step, wait_steps
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def open_lab(visit, lab):
    page = visit()
    pick(page, "presets", lab)
    until(page, "descent.report.layers.some((r) => r.output_shape.length === 3) && descent.frame")
    return page


def choose(page, layer, unit=0):
    page.keyboard.press("Escape")  # the card beside another unit may lie over this one
    page.locator(f".unit[data-layer='{layer}'][data-unit='{unit}']").click()
    page.locator("d-window canvas.pick").wait_for()
    until(page, f"descent.about.window?.layer === '{layer}' && descent.about.window.channel === {unit}")


def weights(server, page):
    return load(server.api.get(f"/runs/{page.evaluate('descent.run')}/weights").content)


def test_lenet_trains_and_its_filters_and_maps_change(visit, server):
    page = open_lab(visit, "lenet")
    until(page, "descent.tensor('neurons/c1')?.shape.join() === '6,28,28'")
    maps = page.evaluate("Array.from(descent.tensor('neurons/c3').data)")
    page.locator("[data-control='show'] [data-value='filters']").click()
    until(page, "descent.tensor('neurons/c1')?.shape.join() === '6,5,5'")
    filters = page.evaluate("Array.from(descent.tensor('neurons/c1').data)")
    control(page, "play").click()
    wait_steps(page, 150)
    assert page.evaluate("Array.from(descent.tensor('neurons/c1').data)") != filters
    page.locator("[data-control='show'] [data-value='gradients']").click()
    until(
        page, "descent.about.neurons.show === 'gradients' && descent.tensor('neurons/c1')?.shape.join() === '6,28,28'"
    )
    page.locator("[data-control='show'] [data-value='maps']").click()
    until(page, "descent.about.neurons.show === 'maps'")
    assert page.evaluate("Array.from(descent.tensor('neurons/c3').data)") != maps
    # the confusion matrix opens its pictures
    page.locator("d-metrics details summary").first.click()
    until(page, "descent.tensor('confusion/counts')")
    page.locator("[data-cell='3-3']").click()
    until(page, "descent.tensor('gallery/pictures')?.shape[0] > 3")
    assert page.evaluate("descent.about.gallery.truths.every((v) => v === 3)")
    page.locator(".gallery canvas").nth(2).wait_for()
    pixels = "c.getContext('2d', {willReadFrequently: true}).getImageData(0, 0, 28, 28).data"
    painted = f"{pixels}.some((v, i) => i % 4 < 3 && v > 128)"
    assert page.evaluate(f"[...document.querySelectorAll('.gallery canvas')].every((c) => {painted})")


def test_a_drawn_digit_is_answered_right(visit, server):
    page = open_lab(visit, "lenet")
    control(page, "play").click()
    until(page, "descent.state.step > 500")
    pad = page.locator(".digit canvas")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 30)
    page.mouse.down()
    for i in range(20):
        page.mouse.move(box["x"] + 100 - i * 0.4, box["y"] + 30 + 7 * i)
    page.mouse.up()
    until(page, "document.querySelector('.bars .best')?.textContent.trim().startsWith('1')")


def test_a_number_of_a_map_is_what_its_window_and_filter_make(visit, server):
    page = open_lab(visit, "lenet")
    choose(page, "c3", 4)
    map_canvas = control(page, "window_map")
    map_canvas.hover(position={"x": 150 * 0.45, "y": 150 * 0.55})
    until(page, "descent.about.window.row === 5 && descent.about.window.column === 4")
    about = page.evaluate("descent.about.window")
    run = page.evaluate("descent.run")
    arrays = weights(server, page)
    frame = server.api.get(f"/runs/{run}/data?most=1000").content
    tensors = load(frame)
    picture = next(v for k, v in tensors.items() if k.endswith("x"))[0].reshape(28, 28) / 255.0
    # recomputed by plain loops from the REST weights: convolution, ReLU, pooling, convolution
    k1, b1, k3, b3 = (arrays[n] for n in ("c1/kernel", "c1/bias", "c3/kernel", "c3/bias"))
    padded = np.pad(picture, 2)
    first = np.array(
        [[np.tensordot(padded[i : i + 5, j : j + 5], k1[:, :, 0], 2) + b1 for j in range(28)] for i in range(28)]
    )
    pooled = np.maximum(first, 0).reshape(14, 2, 14, 2, 6).max(axis=(1, 3))
    row, column = about["row"], about["column"]
    z = (pooled[row : row + 5, column : column + 5] * k3[..., 4]).sum() + b3[4]
    assert about["z"] == pytest.approx(z, abs=2e-3)
    assert about["a"] == pytest.approx(max(z, 0), abs=2e-3)
    shown = page.locator("d-window [data-slot='z']").inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(z, abs=0.01 + 0.01 * abs(z))
    # its receptive field: 5×5 of a pooled map, each of 2×2, each of 5×5
    assert about["field"] == [2 * row - 2, 2 * row + 11 - 0, 2 * column - 2, 2 * column + 11]
    # keyboard and scan
    map_canvas.focus()
    page.keyboard.press("ArrowRight")
    until(page, "descent.about.window.column === 5")
    control(page, "scan").click()
    until(page, "descent.about.window.column > 6 || descent.about.window.row > 5")
    control(page, "scan").click()
    choose(page, "s2", 1)
    until(page, "descent.about.window.kind === 'pool'")
    page.locator("d-window .cells .winner").wait_for()


def test_a_filter_is_edited_by_hand(visit, server):
    page = open_lab(visit, "lenet")
    choose(page, "c1", 2)
    before = page.evaluate("Array.from(descent.tensor('window/map').data)")
    field = page.locator("d-window input[data-cell='7']")
    field.fill("2.5")
    field.press("Enter")
    until(page, "Math.abs(descent.tensor('window/kernel').data[7] - 2.5) < 1e-6")
    assert weights(server, page)["c1/kernel"][1, 2, 0, 2] == 2.5
    assert page.evaluate("Array.from(descent.tensor('window/map').data)") != before


def test_a_residual_net_is_built_in_the_editor(visit, server):
    page = open_lab(visit, "lenet")
    visit.expected.append("422")
    known = page.evaluate("descent.spec.layers.map((l) => l.id)")
    control(page, "add_convolution").click()
    until(page, f"descent.spec.layers.length === {len(known) + 1}")
    added = next(i for i in page.evaluate("descent.spec.layers.map((l) => l.id)") if i not in known)
    page.locator(f".layer-card[data-layer='{added}'] [data-control='edit_layer']").click()
    page.locator("[data-control='layer_type']").select_option("ResidualBlock")
    page.locator("[data-control='layer_filters']").fill("12")
    page.locator("details.inside summary").click()
    assert page.locator("details.inside tr").count() >= 6
    # what cannot be is said in place
    page.locator("[data-control='layer_filters']").fill("0")
    page.locator("dialog [role='alert']").wait_for()
    page.locator("[data-control='layer_filters']").fill("12")
    control(page, "layer_apply").click()
    until(page, "descent.report.layers.some((r) => r.type === 'ResidualBlock')")
    row = page.evaluate("descent.report.layers.find((r) => r.type === 'ResidualBlock')")
    assert row["output_shape"][2] == 12
    assert row["multiplications"] > 0
    control(page, "play").click()
    wait_steps(page, 20)
    assert json.dumps(page.evaluate("descent.state.diverged")) == "null"
    page.locator(f".unit[data-layer='{added}'][data-unit='0']").click()
    control(page, "inner").wait_for()
    assert step(page) > 20


def test_augmentation_is_seen_before_it_is_trained_on(visit, server):
    page = open_lab(visit, "lenet")
    page.locator("details.augment summary").click()
    control(page, "augmentation").nth(2).focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    until(page, "descent.spec.augmentation.rotate >= 10")
    until(page, "descent.tensor('augmented/pictures')?.shape.join() === '2,6,28,28,1'")
    assert page.evaluate(
        "(() => { const p = descent.tensor('augmented/pictures').data; "
        "return p.slice(0, 784).join() !== p.slice(784, 1568).join(); })()"
    )
    control(page, "play").click()
    wait_steps(page, 30)
