"""What colours say in the real page: one number has one colour in every place that shows it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from tests.browser.waiting import settled, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CORNERS = {"north-west": (0, 0), "north-east": (1, 0), "south-west": (0, 1), "south-east": (1, 1)}
NEAR = 26
"""Of 255, by colour: pictures are of different sizes and smoothed; from white to orange it is 230."""


def picture_of(page, selector):
    """The pixels of a canvas, as the page has painted it."""
    page.locator(selector).scroll_into_view_if_needed()
    address = page.evaluate(f"document.querySelector({selector!r}).toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGB"), int)


def corners(picture, margin=0.06):
    rows, columns = picture.shape[:2]
    return {
        name: picture[round((rows - 1) * (margin + (1 - 2 * margin) * y)),
                      round((columns - 1) * (margin + (1 - 2 * margin) * x))]
        for name, (x, y) in CORNERS.items()
    }  # fmt: skip


def tile_in(page, unit, picture):
    node = page.evaluate(
        f"document.querySelector('d-network').plan.columns.at(-1).nodes.find((n) => n.unit === {unit})"
    )
    x, y, size = (round(node[key]) for key in ("x", "y", "size"))
    return picture[y : y + size, x : x + size]


def exported(page, unit):
    """The tile of an output in the SVG file."""
    page.locator("[data-control=share]").click()
    with page.expect_download() as told:
        page.locator("[data-control=save_svg]").click()
    text = told.value.path().read_text()
    page.keyboard.press("Escape")
    images = re.findall(r'href="data:image/png;base64,([^"]+)"', text)
    units = page.evaluate("document.querySelector('d-network').plan.columns.at(-1).nodes.length")
    image = Image.open(io.BytesIO(base64.b64decode(images[len(images) - units + unit])))
    return np.asarray(image.convert("RGB"), int)


@pytest.mark.parametrize(("data", "steps"), [("circle", 400), ("blobs3", 400), ("hill", 300)])
def test_an_answer_has_one_colour_in_tile_inspector_output_and_file(visit, data, steps):
    """The corners of the plane are the same inputs in each; no example lies there."""
    page = visit("/?lang=en")
    if data != "circle":
        page.evaluate(f"descent.set('data', {{...descent.spec.data, name: '{data}', samples: 20}})")
        until(page, f"descent.data.name === '{data}' || descent.spec.data.name === '{data}'")
    page.evaluate(f"descent.command({{op: 'step', count: {steps}}})")
    until(page, f"descent.state.step >= {steps} && Number(descent.frame.meta.step) >= {steps}")
    kind = page.evaluate("descent.about.boundary.scale.kind")
    unit = 1 if kind == "classes" else 0
    page.evaluate(f"descent.pick({{layer: descent.layers.at(-1).id, unit: {unit}}}, true)")
    settled(page)
    tile = corners(tile_in(page, unit, picture_of(page, "d-network .picture > canvas")), 0.12)
    glass = corners(picture_of(page, "d-inspector canvas"))
    plane = corners(picture_of(page, "d-output canvas.main"))
    file = corners(exported(page, unit))
    winners = page.evaluate("descent.tensor('boundary/winner') && Array.from(descent.tensor('boundary/winner').data)")
    seen = 0
    for name, (x, y) in CORNERS.items():
        for other, what in ((glass, "inspector"), (file, "file")):
            assert np.abs(tile[name] - other[name]).max() <= NEAR, f"{name}: {tile[name]}, {what} {other[name]}"
        if winners and winners[63 * 64 * y + 63 * x] != unit:
            continue
        seen += 1
        assert np.abs(tile[name] - plane[name]).max() <= NEAR, f"{name}: {tile[name]}, output {plane[name]}"
    assert seen
    ends = page.locator("d-inspector .scale bdi").all_inner_texts()
    scale = page.evaluate("descent.about.neurons.scales[descent.layers.at(-1).id]")
    low = 0 if kind == "classes" else scale["middle"] - scale["reach"]
    assert [float(text.replace("−", "-")) for text in ends] == pytest.approx(
        [low, scale["middle"] + scale["reach"]], rel=0.01, abs=0.01
    )


def test_a_unit_that_is_pointed_at_is_enlarged_in_the_output(visit):
    page = visit("/?lang=en")
    page.evaluate("descent.set('data', {...descent.spec.data, samples: 20})")
    page.evaluate("descent.command({op: 'step', count: 200})")
    until(page, "descent.state.step >= 200 && Number(descent.frame.meta.step) >= 200")
    settled(page)
    answer = corners(picture_of(page, "d-output canvas.main"))
    unit = page.locator(".unit[data-layer=h1][data-unit='2']")
    unit.hover()
    until(page, "descent.picked?.unit === 2 && document.querySelector('d-inspector')")
    settled(page)
    box = unit.bounding_box()
    canvas = page.locator("d-network .picture > canvas").bounding_box()
    x, y, side = (round(v) for v in (box["x"] - canvas["x"], box["y"] - canvas["y"], box["width"]))
    shown = page.evaluate("document.querySelector('d-network .picture > canvas').toDataURL()")
    drawn = np.asarray(Image.open(io.BytesIO(base64.b64decode(shown.split(",")[1]))).convert("RGB"), int)
    tile = corners(drawn[y : y + side, x : x + side], 0.12)
    shown = page.evaluate("document.querySelector('d-output canvas.main').toDataURL()")
    large = corners(np.asarray(Image.open(io.BytesIO(base64.b64decode(shown.split(",")[1]))).convert("RGB"), int), 0.12)
    assert max(np.abs(tile[name] - large[name]).max() for name in CORNERS) <= 2 * NEAR
    assert max(np.abs(answer[name] - large[name]).max() for name in CORNERS) > 4 * NEAR
    page.mouse.move(5, 5)
    until(page, "!descent.picked")
    settled(page)
    back = corners(picture_of(page, "d-output canvas.main"))
    assert max(np.abs(answer[name] - back[name]).max() for name in CORNERS) <= 1
