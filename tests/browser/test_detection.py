"""Detectors in the real page: boxes move while it trains, thresholds act, NMS is stepped, cells are opened."""

import numpy as np
import pytest

from engine.detection import nms
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, wait_steps
from tests.browser.test_walk import open_lab
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def tab(page, name):
    page.locator(f"[data-control=detector_tab] [data-value={name}]").click()


def test_boxes_move_while_a_detector_trains_and_thresholds_act(visit):
    page = open_lab(visit, "yolo")
    until(page, "document.querySelector('d-detector canvas') && descent.about.boxes?.grid?.join() === '8,8'")
    control(page, "confidence").fill("0.05")
    control(page, "play").click()
    until(page, "descent.state.step > 60 && descent.tensor('boxes/found')?.shape[0] > 0")
    seen = page.evaluate("Array.from(descent.tensor('boxes/found').data).join()")
    until(page, f"Array.from(descent.tensor('boxes/found').data).join() !== '{seen}'")
    until(page, "descent.state.step > 350")
    control(page, "play").click()
    until(page, "!descent.state.playing")
    many = page.evaluate("descent.tensor('boxes/found').shape[0]")
    control(page, "confidence").fill("0.9")
    until(page, f"descent.about.boxes.confidence === 0.9 && descent.tensor('boxes/found').shape[0] < {many}")
    control(page, "show_heat").check()
    assert violations(page) == []
    tab(page, "terms")
    until(page, "descent.tensor('loss_terms/table')?.shape[1] === 6")
    table = np.array(page.evaluate("Array.from(descent.tensor('loss_terms/table').data)")).reshape(-1, 6)
    assert table[-20:, 1:].sum() < 0.5 * table[:20, 1:].sum()
    tab(page, "scores")
    until(page, "descent.about.scoring?.map50 > 0.3 && document.querySelector('[data-slot=map50]')")
    page.locator(".mistakes canvas").first.wait_for()


def test_suppression_stepped_to_its_end_is_the_library_call(visit, server):
    page = open_lab(visit, "nms")
    control(page, "play").click()
    wait_steps(page, 150)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    control(page, "confidence").fill("0.02")
    tab(page, "nms")
    until(page, "descent.about.suppression?.confidence === 0.02 && descent.about.suppression.rounds > 1")
    rounds = page.evaluate("descent.about.suppression.rounds")
    for _ in range(rounds):
        control(page, "nms_next").click()
    until(page, "document.querySelector('[data-control=nms_next]').disabled")
    page.locator("[data-challenge=step].done").wait_for()
    table = np.array(page.evaluate("Array.from(descent.tensor('suppression/candidates').data)")).reshape(-1, 6)
    fate = np.array(page.evaluate("Array.from(descent.tensor('suppression/fate').data)")).reshape(-1, 3)
    kept = np.flatnonzero(fate[:, 1] == np.arange(len(fate)))
    threshold = page.evaluate("descent.about.suppression.iou")
    ours = nms(table[:, :4], table[:, 5], threshold, table[:, 4])
    assert sorted(ours.tolist()) == kept.tolist()
    assert page.locator("[data-slot=round]").inner_text() == str(rounds)


def test_a_cell_is_taken_apart_with_its_numbers(visit):
    page = open_lab(visit, "yolo")
    until(page, "descent.about.boxes?.grid")
    first = page.locator("canvas[data-picture='1']")
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    until(page, "descent.about.cell?.row === 0 && descent.about.cell.column === 1 && descent.tensor('cell/raw')")
    raw = np.array(page.evaluate("Array.from(descent.tensor('cell/raw').data)")).reshape(3, -1)
    read = np.array(page.evaluate("Array.from(descent.tensor('cell/read').data)")).reshape(3, -1)
    anchors = np.array(page.evaluate("descent.about.cell.anchors"))
    np.testing.assert_allclose(read[:, :3], 1 / (1 + np.exp(-raw[:, :3])), atol=1e-5)
    np.testing.assert_allclose(read[:, 3], anchors[:, 1] * 8 * np.exp(raw[:, 3]), rtol=1e-4)
    np.testing.assert_allclose(read[:, 4], anchors[:, 0] * 8 * np.exp(raw[:, 4]), rtol=1e-4)
    shown = page.locator("[data-read='0']").inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(read[0, 0], abs=0.002)


def test_anchors_are_clustered_and_used(visit):
    page = open_lab(visit, "anchors")
    tab(page, "anchors")
    control(page, "kmeans_k").fill("4")
    until(page, "descent.tensor('anchors/centres')?.shape[1] === 4")
    control(page, "kmeans_play").click()
    until(page, "document.querySelector('d-detector-lab').step > 0")
    control(page, "anchors_use").click()
    until(page, "descent.spec.loss.anchors.length === 4 && descent.report.layers.at(-1).output_shape[2] === 4 * 11")
    page.locator("[data-challenge=cluster].done").wait_for()


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_two_boxes_are_dragged(visit, way):
    page = open_lab(visit, "iou", has_touch=way == "touch")
    slot = page.locator("d-iou [data-slot=iou]")
    before = float(slot.inner_text())
    box = page.locator("[data-box='0']")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    if way == "keyboard":
        box.focus()
        for _ in range(30):
            page.keyboard.press("ArrowLeft")
            page.keyboard.press("ArrowUp")
        for _ in range(30):
            page.keyboard.press("Shift+ArrowLeft")
    elif way == "mouse":
        page.mouse.move(at["x"] + 15, at["y"] + 15)
        page.mouse.down()
        page.mouse.move(at["x"] + 400, at["y"] - 300, steps=5)
        page.mouse.up()
    else:
        finger = page.context.new_cdp_session(page)
        for kind, moved in (("touchStart", 0), ("touchMove", -15), ("touchMove", -90), ("touchEnd", None)):
            points = [] if moved is None else [{"x": at["x"] + 20 + moved, "y": at["y"] + 20 + moved}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    until(page, f"Number(document.querySelector('d-iou [data-slot=iou]').innerText) !== {before}")
    a, b = page.evaluate("document.querySelector('d-iou').boxes")
    shared = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - shared
    assert float(slot.inner_text()) == pytest.approx(shared / union, abs=0.006)


def test_a_window_sweeps_and_one_pass_says_the_same(visit):
    page = open_lab(visit, "sliding-window")
    control(page, "play").click()
    until(page, "descent.tensor('cost/parts')?.data[1] < 0.1 && descent.state.step > 200")
    control(page, "play").click()
    until(page, "!descent.state.playing")
    control(page, "sliding_stride").fill("4")
    until(page, "descent.about.sliding?.windows === 289 && descent.about.sliding.difference < 1e-3")
    assert page.evaluate("descent.about.sliding.crop_multiplications / descent.about.sliding.pass_multiplications") > 5
    until(page, "descent.tensor('sliding/hits').shape[0] > 0")
    control(page, "sweep").click()
    until(page, "document.querySelector('d-sliding').at > 20")
    until(page, "document.querySelector('d-sliding').at === -1")
    page.locator("[data-slot=saving]").wait_for()


def test_landmarks_home_in(visit):
    page = open_lab(visit, "landmarks")
    until(page, "descent.tensor('points/error')")
    before = page.evaluate("descent.tensor('points/error').data[0]")
    control(page, "play").click()
    until(page, f"Math.max(...descent.tensor('points/error').data) < {min(0.06, before)}")
    assert violations(page) == []


def test_the_trained_face_detector_finds_the_astronaut_and_no_cat(visit):
    page = visit("/?lang=en&preset=faces")
    until(page, "descent.about.boxes?.grid && descent.tensor('boxes/found')")
    control(page, "confidence").fill("0.5")
    until(page, "descent.about.boxes.confidence === 0.5")
    found = np.array(page.evaluate("Array.from(descent.tensor('boxes/found').data)")).reshape(-1, 7)
    rows = page.evaluate("descent.about.boxes.rows")
    names = ["astronaut", "cat", "coffee", "camera", "rocket", "coins"]
    assert {names[rows[int(line[0])]] for line in found} == {"astronaut", "camera"}
    until(page, "descent.about.face_landmarks?.faces === 2")
    until(page, "document.querySelector('d-detector canvas')")
    page.locator("canvas[data-picture='0']").click(position={"x": 50, "y": 35})
    until(page, "descent.tensor('cell/raw')?.shape.join() === '5,6'")
    assert violations(page) == []


def test_boxes_are_drawn_kept_and_brought_back(visit, server, tmp_path):
    from tests.app.test_boxes import BOXES, picture

    page = visit("/?lang=en&preset=yolo")
    until(page, "descent.about.boxes?.grid")
    for i, box in enumerate(BOXES):
        (tmp_path / f"{i}.png").write_bytes(picture(box))
    control(page, "boxes").click()
    control(page, "boxes_files").set_input_files([tmp_path / f"{i}.png" for i in range(4)])
    canvas = page.locator("canvas.draw-boxes")
    canvas.wait_for()
    for i, (x, y, w, h) in enumerate(BOXES):
        place = canvas.bounding_box()
        scale = place["width"] / 80
        if i == 3:  # by keyboard
            control(page, "box_add").click()
            for _ in range(3):
                page.keyboard.press("ArrowRight")
            page.keyboard.press("Shift+ArrowDown")
        else:
            page.mouse.move(place["x"] + x * scale, place["y"] + y * scale)
            page.mouse.down()
            page.mouse.move(place["x"] + (x + w) * scale, place["y"] + (y + h) * scale, steps=4)
            page.mouse.up()
        if i < 3:
            control(page, "boxes_after").click()
    assert violations(page) == []
    drawn = page.evaluate(
        "document.querySelector('d-boxes').pictures.map((p) => p.boxes.map((b) => [b.x, b.y, b.w, b.h]))"
    )
    for (found,), wanted in zip(drawn[:3], BOXES, strict=False):
        np.testing.assert_allclose(found, wanted, atol=1.1)
    control(page, "boxes_keep").click()
    until(page, "document.querySelector('d-boxes').upload || document.querySelector('d-boxes').error")
    assert page.evaluate("document.querySelector('d-boxes').error") == ""
    control(page, "save_coco").wait_for()
    upload = page.evaluate("document.querySelector('d-boxes').upload")
    kept = server.api.get(f"/datasets/{upload}/boxes").json()
    assert len(kept["annotations"]) == 4
    control(page, "boxes_use").click()
    until(page, "descent.spec.data.name === 'own_boxes' && !document.querySelector('dialog[open]')")
    # and from a file
    (tmp_path / "boxes.json").write_text(server.api.get(f"/datasets/{upload}/boxes").text)
    control(page, "play").click()
    wait_steps(page, 10)
    control(page, "boxes").click()
    page.evaluate("() => { document.querySelector('d-boxes').pictures = []; }")
    control(page, "boxes_files").set_input_files([*(tmp_path / f"{i}.png" for i in range(4)), tmp_path / "boxes.json"])
    until(page, "document.querySelector('d-boxes').pictures.every((p) => p.boxes.length === 1)")
