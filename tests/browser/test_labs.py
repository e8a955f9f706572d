"""What single labs show in the real page: comparisons, full-size nets, own pictures, zoom."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load

from tests.browser.conftest import page_in
from tests.browser.solutions import SOLUTIONS, attempt, play
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, wait_steps
from tests.browser.test_walk import open_lab
from tests.browser.waiting import settled, solved, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def test_numbers_of_the_text_are_the_runs(visit):
    page = open_lab(visit, "lenet")
    control(page, "play").click()
    wait_steps(page, 60)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    shown = lambda: float(page.locator("[data-figure='cost.cv']").inner_text())  # noqa: E731
    known = lambda: page.evaluate("descent.tensor('cost/parts').data[1]")  # noqa: E731
    until(page, lambda: shown() == pytest.approx(known(), rel=0.02))
    page.locator("button.symbol").first.hover()
    page.locator(".lit").first.wait_for(state="attached")


def test_a_solved_challenge_is_kept(visit):
    page = open_lab(visit, "iou")
    challenge, steps = SOLUTIONS["iou"]
    page.locator(f"[data-challenge={challenge}] [data-control=hint]").click()
    steps(page)
    solved(page, challenge)
    page.reload()
    solved(page, challenge)


def test_a_challenge_is_not_solved_on_other_data_than_it_names(visit):
    page = open_lab(visit, "softmax-regression")  # three clouds, and the challenge wants five
    control(page, "play").click()
    reached = "import('/static/lesson/figures.js').then(({figure}) => figure(descent, 'accuracy.cv') >= 0.97)"
    until(page, lambda: page.evaluate(reached))
    wait_steps(page, 200)
    settled(page)
    assert page.locator("[data-challenge=five].done").count() == 0
    attempt(page, "Five clouds")
    play(page)
    solved(page, "five")


def accuracy(server, run):
    """A resting run's accuracy on its training part, asked of the server; None while it is being measured."""
    frame = server.api.get(f"/runs/{run}/frame", params={"views": "metrics"}).content
    size = int.from_bytes(frame[:8], "little")
    about = json.loads(json.loads(frame[8 : 8 + size])["__metadata__"]["views"])["metrics"]
    if about["measuring"]:
        return None
    table = load(frame)["metrics/table"].reshape(len(about["parts"]), len(about["names"]))
    return float(table[about["parts"].index("train"), about["names"].index("accuracy")])


def test_deep_plain_nets_learn_worse_than_residual_ones(visit, server):
    """D8, by real runs side by side in the page: each is given the same number of steps."""
    page = open_lab(visit, "resnet")
    until(page, "document.querySelectorAll('[data-runner]').length === 6")
    runners = "document.querySelector('d-compare').race.runners"
    until(page, f"{runners}.every((r) => r.stream.connected)")
    page.evaluate(f"() => Promise.all({runners}.map((r) => r.stream.send({{op: 'step', unit: 'epoch', count: 8}})))")
    until(page, f"{runners}.every((r) => r.state.step === 320)")
    runs = page.evaluate(f"{runners}.map((r) => r.run)")
    until(page, lambda: None not in [accuracy(server, run) for run in runs])
    known = [accuracy(server, run) for run in runs]
    shown = lambda: page.evaluate(f"{runners}.map((r) => r.figures['accuracy.train'])")  # noqa: E731
    until(page, lambda: shown() == pytest.approx(known, abs=1e-3))
    errors = [1 - v for v in known]
    plain_5, plain_17, plain_33, residual_5, residual_17, residual_33 = errors
    assert plain_5 < plain_17 < plain_33, errors
    assert plain_33 > 0.4, errors
    assert max(residual_17, residual_33) <= residual_5 + 0.02, errors
    control(page, "compare_run").click()
    page.locator("[data-challenge=race].done").wait_for()
    until(page, f"{runners}.every((r) => r.state.step_ms > 0)")
    control(page, "compare_close").click()


def test_the_split_convolution_costs_less_in_multiplications_and_time(visit):
    """D10: the ratio 1/c_out + 1/k² as counts, and a shorter measured step."""
    page = open_lab(visit, "mobilenet")
    until(page, "document.querySelectorAll('[data-runner]').length === 3")
    control(page, "compare_run").click()
    runners = "document.querySelector('d-compare').race.runners"
    until(page, f"{runners}.every((r) => r.state.step_ms > 0 && r.state.step > 15)")
    second = "r.report.layers.find((y) => y.id === 's2').multiplications"
    ordinary, split = page.evaluate(f"{runners}.slice(0, 2).map((r) => [{second}, r.state.step_ms])")
    assert split[0] / ordinary[0] == pytest.approx(1 / 64 + 1 / 9, rel=0.05)  # and batch normalisation's
    assert split[1] < ordinary[1]
    control(page, "compare_run").click()


def test_the_page_of_full_size_nets_runs_a_photograph_through_one(visit, chromium, server):
    page = page_in(chromium)
    page.goto(f"{server.url}/architectures?lang=en")
    control(page, "architecture").select_option("mobilenet_v2")
    page.get_by_text("3,504,872").first.wait_for()
    control(page, "photograph").select_option("astronaut")
    control(page, "walk").click()
    until(page, "document.querySelector('canvas[data-row=\"5\"]') && document.querySelector('[data-slot=seconds]')")
    assert violations(page) == []
    page.context.close()


def test_an_autoencoders_plane_is_walked_through(visit):
    page = open_lab(visit, "autoencoder")
    control(page, "play").click()
    wait_steps(page, 300)
    first = page.evaluate("Array.from(descent.tensor('latent/decoded').data).join()")
    page.locator("canvas.latent").hover(position={"x": 40, "y": 60})
    until(page, f"Array.from(descent.tensor('latent/decoded').data).join() !== '{first}'")
    control(page, "play").click()
    until(page, "!descent.state.playing")
    x = page.evaluate("descent.about.latent.x")
    page.locator("canvas.latent").focus()
    page.keyboard.press("ArrowRight")
    until(page, f"descent.about.latent.x > {x}")
    page.locator("[data-challenge=walk].done").wait_for()
    control(page, "latent_grid").check()
    until(page, "descent.tensor('latent/pictures')?.shape[0] === 9")
    before = page.evaluate("descent.report.totals.parameters")
    control(page, "bottleneck").fill("12")
    until(page, f"descent.report.totals.parameters > {before}")


def test_a_drawn_digit_is_answered_by_every_layer(visit):
    page = open_lab(visit, "lenet")
    maps = page.evaluate("Array.from(descent.tensor('neurons/c1').data).join()")
    box = page.locator(".digit canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 100, steps=8)
    page.mouse.up()
    until(page, "descent.example === -1 && descent.about.activations.index === -1")
    until(page, f"Array.from(descent.tensor('neurons/c1').data).join() !== '{maps}'")
    until(page, "Math.max(...descent.tensor('activations/input').data) > 200")
    page.locator(".bars .best").wait_for()
    control(page, "digit_clear").click()
    until(page, "descent.example === 0 && descent.about.activations.index === 0")


def test_softmax_is_walked_through_term_by_term(visit):
    page = open_lab(visit, "lenet")
    page.locator(".unit[data-layer=out][data-unit='2']").click()
    until(page, "document.querySelector('[data-live=sum]')?.textContent > 0")
    z = np.array(page.evaluate("Array.from(descent.tensor('activations/out/z').data)"))
    shown = page.locator("[data-live=sum]").inner_text()
    assert float(shown) == pytest.approx(np.exp(z).sum(), rel=0.01)
    assert float(page.locator("b[data-live=a]").last.inner_text()) == pytest.approx(
        np.exp(z[2]) / np.exp(z).sum(), abs=0.002
    )


def test_a_window_slides_in_the_sandbox(visit):
    page = open_lab(visit, "convolution")
    slot = page.locator("d-sandbox [data-slot=out]")
    assert slot.inner_text() == "5"
    control(page, "sandbox_s").fill("2")
    assert slot.inner_text() == "3"
    control(page, "sandbox_p").fill("1")
    assert slot.inner_text() == "4"
    control(page, "sandbox_scan").click()
    until(page, "document.querySelector('d-sandbox').at > 1")


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (48, 48), colour).save(out, "PNG")
    return out.getvalue()


def test_own_folders_and_snapshots_become_classes(chromium, server, tmp_path, visit):
    page = visit("/?lang=en&preset=emoji")
    for name, base in (("apples", (200, 30, 30)), ("leaves", (30, 180, 40))):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for i in range(10):
            (tmp_path / "mine" / name / f"{i}.png").write_bytes(picture(tuple(min(255, v + 4 * i) for v in base)))
    control(page, "pictures").click()
    control(page, "pictures_folder").set_input_files(tmp_path / "mine")
    until(page, "descent.spec.data.name === 'pictures' && descent.data?.classes.join() === 'apples,leaves'")
    control(page, "play").click()
    until(page, "descent.tensor('cost/parts')?.data[0] < 0.2")
    # a file of the visitor's is answered
    control(page, "probe_file").set_input_files(tmp_path / "mine" / "leaves" / "3.png")
    until(page, "document.querySelector('.bars .best')?.textContent.includes('leaves')")
    control(page, "play").click()


def test_a_webcam_becomes_two_classes(visit):
    page = visit("/?lang=en&preset=emoji", permissions=["camera"])
    until(page, "descent.data?.kind === 'image' && descent.frame")
    control(page, "probe_camera").click()
    until(page, "descent.example === -1 && descent.picture?.some((v) => v > 0)")
    control(page, "probe_camera").click()
    control(page, "pictures").click()
    control(page, "pictures_camera").click()
    page.locator(".camera video").wait_for()
    for i in range(2):
        control(page, "shoot").nth(i).hover()
        page.mouse.down()
        until(page, f"document.querySelector('d-pictures').classes[{i}].shots.length > 4")
        page.mouse.up()
    control(page, "pictures_use").click()
    until(page, "descent.spec.data.name === 'pictures' && descent.data?.classes.length === 2")
