"""Labs in the real page: their texts, buttons and challenges; comparisons, full-size nets, own pictures, zoom."""

import io

import numpy as np
import pytest
from PIL import Image

from app.labs import LABS
from tests.browser.solutions import SOLUTIONS, attempt, play
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, wait_steps
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def open_lab(visit, lab, language="en", **options):
    page = visit(f"/labs/{lab}?lang={language}", **options)
    until(page, f"descent.lab?.id === '{lab}' && document.querySelector('.lesson-text p')")
    return page


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("lab", list(LABS))
def test_every_lab_opens_its_buttons_work_and_a_challenge_is_solved(visit, lab, language):
    """The challenge in English alone: its steps are the same controls."""
    page = open_lab(visit, lab, language, permissions=["clipboard-read", "clipboard-write"])
    if language == "en":
        challenge, steps = SOLUTIONS[lab]
        steps(page)
        page.locator(f"[data-challenge={challenge}].done").wait_for(timeout=240_000)
    else:
        page.wait_for_timeout(300)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out of the page"
    for i in range(page.locator("button.attempt").count()):
        page.locator("button.attempt").nth(i).click()
        page.wait_for_timeout(120)
    assert page.evaluate("descent.notice?.kind ?? null") != "error", page.evaluate("descent.notice")
    assert page.locator(".lesson math").count() + page.locator(".lesson .live").count() > 0


def test_numbers_of_the_text_are_the_runs(visit):
    page = open_lab(visit, "lenet")
    control(page, "play").click()
    wait_steps(page, 60)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    page.wait_for_timeout(500)
    shown = page.locator("[data-figure='cost.cv']").inner_text()
    known = page.evaluate("descent.tensor('cost/parts').data[1]")
    assert float(shown) == pytest.approx(known, rel=0.02)
    page.locator("button.symbol").first.hover()
    page.locator(".lit").first.wait_for(state="attached")


def test_a_challenge_is_solved_by_real_training_and_kept(visit):
    page = open_lab(visit, "parameter-sharing")
    page.locator("[data-challenge=few] [data-control=hint]").click()
    spec = {
        "c1": {"id": "c1", "type": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"},
        "p": {"id": "p1", "type": "MaxPooling2D"},
        "c2": {"id": "c2", "type": "Conv2D", "filters": 14, "kernel_size": 3, "padding": "same", "activation": "relu"},
        "m": {"id": "mean", "type": "GlobalAveragePooling2D"},
        "out": {"id": "out", "type": "Dense", "units": "auto", "activation": "auto"},
    }
    page.evaluate("(layers) => descent.set('layers', layers)", list(spec.values()))
    page.evaluate("() => descent.set('optimizer.learning_rate', 0.01)")
    control(page, "play").click()
    page.locator("[data-challenge=few].done").wait_for(timeout=180_000)
    page.reload()
    page.locator("[data-challenge=few].done").wait_for()


def test_a_challenge_is_not_solved_on_other_data_than_it_names(visit):
    page = open_lab(visit, "softmax-regression")  # three clouds, and the challenge wants five
    control(page, "play").click()
    reached = "import('/static/lesson/figures.js').then(({figure}) => figure(descent, 'accuracy.cv') >= 0.97)"
    for _ in range(200):
        if page.evaluate(reached):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(reached)
    page.wait_for_timeout(500)
    assert page.locator("[data-challenge=five].done").count() == 0
    attempt(page, "Five clouds")
    play(page)
    page.locator("[data-challenge=five].done").wait_for(timeout=120_000)


def test_deep_plain_nets_learn_worse_than_residual_ones(visit):
    """D8, by real runs side by side in the page: each is given the same number of steps."""
    page = open_lab(visit, "resnet")
    until(page, "document.querySelectorAll('[data-runner]').length === 6", timeout=60_000)
    runners = "document.querySelector('d-compare').race.runners"
    page.evaluate(f"() => Promise.all({runners}.map((r) => r.stream.send({{op: 'step', unit: 'epoch', count: 8}})))")
    until(page, f"{runners}.every((r) => r.state.step === 320)", timeout=240_000)
    page.wait_for_timeout(1500)
    errors = [1 - v for v in page.evaluate(f"{runners}.map((r) => r.figures['accuracy.train'])")]
    plain_5, plain_17, plain_33, residual_5, residual_17, residual_33 = errors
    assert plain_5 < plain_17 < plain_33, errors
    assert plain_33 > 0.4, errors
    assert max(residual_17, residual_33) <= residual_5 + 0.02, errors
    control(page, "compare_run").click()
    page.locator("[data-challenge=race].done").wait_for()
    until(page, f"{runners}.every((r) => r.state.step_ms > 0)", timeout=60_000)
    control(page, "compare_close").click()


def test_the_split_convolution_costs_less_in_multiplications_and_time(visit):
    """D10: the ratio 1/c_out + 1/k² as counts, and a shorter measured step."""
    page = open_lab(visit, "mobilenet")
    until(page, "document.querySelectorAll('[data-runner]').length === 3", timeout=60_000)
    control(page, "compare_run").click()
    runners = "document.querySelector('d-compare').race.runners"
    until(page, f"{runners}.every((r) => r.state.step_ms > 0 && r.state.step > 40)", timeout=120_000)
    second = "r.report.layers.find((y) => y.id === 's2').multiplications"
    ordinary, split = page.evaluate(f"{runners}.slice(0, 2).map((r) => [{second}, r.state.step_ms])")
    assert split[0] / ordinary[0] == pytest.approx(1 / 64 + 1 / 9, rel=0.05)  # and batch normalisation's
    assert split[1] < ordinary[1]
    control(page, "compare_run").click()


def test_the_page_of_full_size_nets_runs_a_photograph_through_one(visit, chromium, server):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{server.url}/architectures?lang=en")
    control(page, "architecture").select_option("mobilenet_v2")
    page.get_by_text("3,504,872").first.wait_for()
    control(page, "photograph").select_option("astronaut")
    control(page, "walk").click()
    page.locator("canvas[data-row='5']").wait_for(timeout=120_000)
    page.locator("[data-slot=seconds]").wait_for()
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


def test_the_picture_zooms_and_pans(visit):
    page = open_lab(visit, "lenet")
    width = "document.querySelector('d-network canvas').clientWidth"
    before = page.evaluate(width)
    control(page, "zoom_in").click()
    control(page, "zoom_in").click()
    until(page, f"{width} > {before} * 1.5")
    region = page.locator(".network-scroll")
    region.focus()
    page.keyboard.press("-")
    until(page, f"{width} < {before} * 1.5")
    control(page, "zoom_fit").click()
    until(page, f"{width} === {before}")


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
    until(page, "descent.tensor('cost/parts')?.data[0] < 0.2", timeout=120_000)
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
        page.wait_for_timeout(700)
        page.mouse.up()
    page.wait_for_timeout(300)
    control(page, "pictures_use").click()
    until(page, "descent.spec.data.name === 'pictures' && descent.data?.classes.length === 2")
