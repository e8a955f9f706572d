"""The course page and the glossary; the panels that look inside, against numbers computed elsewhere."""

import re

import numpy as np
import pytest

from app.labs import LABS, glossary
from tests.browser.solutions import race
from tests.browser.test_accessibility import violations
from tests.browser.test_journey import control, wait_steps
from tests.browser.test_walk import open_lab
from tests.browser.waiting import settled, until
from tests.reading import unisolated

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def painted(page, selector):
    """What a canvas shows, as a picture in text."""
    return page.evaluate(f"document.querySelector('{selector}').toDataURL()")


def inked(page, selector):
    """How many colours a canvas shows."""
    return page.evaluate(
        """(selector) => { const canvas = document.querySelector(selector);
          const to = canvas.getContext('2d', {willReadFrequently: true});
          const {data} = to.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size; }""",
        selector,
    )


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_course_shows_every_lab_with_a_live_picture(plain, server, language):
    page = plain(f"/labs?lang={language}")
    assert page.locator(".lab-card").count() == len(LABS)
    assert page.locator(".questions details").count() == 11
    assert violations(page) == []
    card = ".lab-card[data-lab=feature-scaling]"
    page.locator(f"{card}[data-live=now]").wait_for(state="attached")
    seen = set()
    until(page, lambda: seen.add(painted(page, f"{card} canvas")) or len(seen) > 4)  # it moves: the run trains
    assert page.locator("#progress-text").inner_text() == f"0 / {len(LABS)}"
    solved = {f"{lab.id}/{c.id}": True for lab in list(LABS.values())[:2] for c in lab.challenges}
    page.evaluate("(solved) => localStorage.setItem('descent-solved', JSON.stringify(solved))", solved)
    page.reload()
    assert page.locator("#progress-text").inner_text() == f"2 / {len(LABS)}"
    assert page.locator(".lab-card.finished").count() == 2


def test_the_glossary_is_searched_and_read_in_both_languages(plain):
    for language in ("en", "he"):
        page = plain(f"/glossary?lang={language}#gradient")
        assert page.locator(".glossary > div").count() == len(glossary())
        assert violations(page) == []
        page.locator("#search").fill("dropout")
        assert 1 <= page.locator(".glossary > div:visible").count() < 6


def test_a_symbol_of_a_formula_lights_up_and_says_its_number(visit):
    page = open_lab(visit, "gradient-descent")
    until(page, "descent.tensor('surface/here')")
    page.locator(".lesson .math mi[data-lights=learning_rate]").first.hover()
    page.locator("[data-control=learning_rate].lit").wait_for()
    assert page.locator(".present").inner_text() == "α = 0.050"
    page.locator(".lesson [data-lights=cost]").first.hover()
    page.locator("d-cost.lit").wait_for()
    shown = float(page.locator(".present").inner_text().split("= ")[1])
    assert shown == pytest.approx(page.evaluate("descent.tensor('cost/parts').data[0]"), rel=0.01)


def test_a_term_of_a_lesson_is_explained_in_place(visit):
    page = open_lab(visit, "optimisers", "he")
    page.locator("a.term").first.click()
    note = page.locator(".meaning")
    assert glossary()["momentum"].text["he"] in unisolated(note.inner_text())
    assert violations(page) == []
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")


def test_an_embedded_lesson_leaves_out_what_leads_away(visit):
    page = visit("/labs/cost-function?lang=en&embed=1")
    until(page, "document.querySelector('.lesson-text p')")
    for name in ("course", "presets", "panels", "language"):
        assert control(page, name).count() == 0
    assert control(page, "play").count() == 1


def test_the_ball_is_dragged_on_map_and_hills_and_the_run_goes_on_from_there(visit):
    page = open_lab(visit, "cost-function")
    until(page, "descent.about.surface?.done === 1")
    assert inked(page, "canvas.flat") > 50
    canvas = page.locator("canvas.flat")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    before = page.evaluate("descent.tensor('surface/here').data[0]")
    page.keyboard.press("ArrowRight")
    until(page, f"descent.tensor('surface/here').data[0] > {before} + 0.01")
    j = page.evaluate("descent.tensor('cost/parts').data[0]")
    shown = float(page.locator("d-surface [data-slot=j]").inner_text().replace("−", "-"))
    assert shown == pytest.approx(j, rel=0.02)
    page.locator("[data-control=surface_view] [data-value=deep]").click()
    page.locator("canvas.hills:not([hidden])").wait_for()
    turn = page.evaluate("document.querySelector('d-surface').hills?.works")
    assert turn is True
    until(page, "document.querySelector('d-surface').hills.count > 0")
    page.locator("canvas.flat").focus()
    angle = page.evaluate("document.querySelector('d-surface').hills.turn")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('d-surface').hills.turn") > angle
    assert violations(page) == []


def test_a_surface_of_a_larger_net_is_drawn_over_random_directions_while_it_trains(visit):
    page = visit("/?lang=en&preset=xor")
    control(page, "panels").select_option("surface")
    page.locator("[data-control=surface_mode] [data-value=random]").click()
    until(page, "descent.about.surface?.mode === 'random' && descent.about.surface.done === 1")
    control(page, "play").click()
    wait_steps(page, 100)
    until(page, "descent.tensor('surface/path').shape[0] > 20")
    page.locator("[data-control=surface_mode] [data-value=path]").click()
    until(page, "descent.about.surface?.mode === 'path' && descent.about.surface.done === 1")
    control(page, "play").click()


def test_races_share_one_surface_and_end_alike_every_time(visit):
    page = open_lab(visit, "gradient-descent")
    page.locator("button.attempt", has_text="Race four").click()
    ends = []
    for _ in range(2):
        race(page)
        control(page, "compare_step_10").click()
        runners = "document.querySelector('d-compare').race.runners"
        until(page, f"{runners}.every((r) => r.state.step === 11 && r.path?.length === 36)")
        ends.append(page.evaluate(f"{runners}.map((r) => Array.from(r.path))"))
        control(page, "compare_reset").click()
        until(page, f"{runners}.every((r) => r.state.step === 0)")
    assert ends[0] == ends[1]
    paths = np.array(ends[0]).reshape(4, 12, 3)
    assert np.abs(paths[1] - paths[2]).max() > 0.1  # together, and one after the other


def test_a_race_goes_by_the_unit_of_its_lab_and_the_quick_ones_wait(visit):
    page = open_lab(visit, "epochs-batches")
    until(page, "document.querySelectorAll('[data-runner]').length === 3")
    the_race = "document.querySelector('d-compare').race"
    control(page, "compare_run").click()
    until(page, f"{the_race}.runners.every((r) => r.state.step * {the_race}.worth(r) > 4)")
    control(page, "compare_run").click()
    until(page, f"!{the_race}.playing && {the_race}.runners.every((r) => !r.stream.waiting.size)")
    full, tens, ones = page.evaluate(
        f"{the_race}.runners.map((r) => [r.state.step, r.state.step * {the_race}.worth(r)])"
    )
    assert full[0] < tens[0] < ones[0]
    assert max(full[1], tens[1], ones[1]) - min(full[1], tens[1], ones[1]) < 1, "nobody is an epoch ahead"
    assert page.evaluate("document.querySelector('d-compare').plot.axes[0].label") == "Epoch"


def test_a_setting_is_chosen_by_cross_validation_and_the_test_part_opens_once(visit):
    page = open_lab(visit, "split")
    visit.expected.append("409 (Conflict)")
    control(page, "sweep_run").click()
    control(page, "sweep_reveal").wait_for()
    progress = page.locator("d-sweep [data-slot=progress]").inner_text()
    assert progress.startswith("75/75")
    means = page.evaluate("""() => { const s = document.querySelector('d-sweep').sweep;
      return s.points.map((_, i) => [s.band(i, 'train').mean, s.band(i, 'cv').mean]); }""")
    cv = np.array(means)[:, 1]
    assert page.locator("[data-control=sweep_choice]").input_value() == str(cv.argmin())
    assert page.locator("[data-slot=chosen_test]").inner_text() == "?"
    control(page, "sweep_reveal").click()
    until(page, "Number(document.querySelector('[data-slot=chosen_test]').textContent) > 0")
    refused = page.evaluate("() => document.querySelector('d-sweep').sweep.reveal(0).then(() => '', (e) => e.message)")
    assert f"test set was opened for setting {cv.argmin()}" in unisolated(refused)
    control(page, "sweep_apply").click()
    until(page, f"descent.spec.data.degree === {cv.argmin() + 1}")
    control(page, "sweep_kind").select_option("l2")
    assert violations(page) == []


def test_a_sweep_is_cancelled(visit):
    page = visit("/?lang=en")
    control(page, "panels").select_option("sweep")
    control(page, "sweep_steps").fill("10000")
    control(page, "sweep_run").click()
    control(page, "sweep_cancel").click()
    until(page, "document.querySelector('d-sweep').sweep.state === 'cancelled'")


def test_high_variance_is_diagnosed_and_a_remedy_tried(visit):
    page = open_lab(visit, "bias-variance")
    control(page, "play").click()
    wait_steps(page, 800)
    control(page, "play").click()
    until(page, "!descent.state.playing")
    control(page, "diagnose").click()
    page.locator("[data-verdict=variance]").wait_for()
    page.locator("[data-remedy=all_rows] [data-control=try]").click()
    until(page, "document.querySelector('[data-remedy=all_rows] .before-after .better')")
    assert violations(page) == []
    page.locator("[data-remedy=all_rows] [data-control=adopt]").click()
    until(page, "descent.spec.data.train_rows === null")


def test_early_stopping_is_said(visit):
    page = visit("/?lang=en")
    page.evaluate("() => descent.set('data', {...descent.spec.data, noise: 0.6, samples: 60})")
    page.evaluate("() => descent.set('layers.0.units', 32)")
    page.evaluate("() => descent.set('optimizer.learning_rate', 0.3)")
    control(page, "early_stopping").select_option("5")
    control(page, "play").click()
    until(page, "document.querySelector('[data-notice=stopped]')")
    until(page, "!descent.state.playing")


@pytest.mark.parametrize("language", ["en", "he"])
def test_an_optimiser_that_takes_over_says_so_and_one_click_helps(visit, language):
    page = visit(f"/?lang={language}")
    control(page, "step").click()
    until(page, "descent.state.step > 0")
    control(page, "optimizer").select_option("Adam")
    notice = page.locator("[data-notice=rate_of_optimizer]")
    notice.wait_for()
    assert "Adam" in notice.inner_text()
    assert violations(page) == []
    notice.locator("[data-control=take_advice]").click()
    until(page, "Math.abs(descent.spec.optimizer.learning_rate - 0.003) < 1e-9")
    notice.wait_for(state="detached")


ADAM = "descent.set('optimizer', {name: 'Adam', learning_rate: 0.003})"
SURPRISES = {
    "rate_too_small": (
        "descent.set('optimizer', {name: 'SGD', learning_rate: 0.003})",
        "SGD",
        "Math.abs(descent.spec.optimizer.learning_rate - 0.03) < 1e-9",
    ),
    "output_no_probability": (
        "descent.set('layers.2.activation', 'linear')",
        "0",
        "descent.spec.layers[2].activation === 'sigmoid'",
    ),
    "batch_beyond_data": (
        "descent.set('batch_size', 1000)",
        "1000",
        "descent.spec.batch_size === descent.data.counts.train",
    ),
}


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_change_that_surprises_says_so_and_one_click_helps(visit, language):
    page = visit(f"/?lang={language}")
    page.evaluate(f"() => {ADAM}")
    control(page, "step").click()
    until(page, "descent.state.step > 0")
    for code, (change, word, helped) in SURPRISES.items():
        page.evaluate(f"() => {change}")
        notice = page.locator(f"[data-notice={code}]")
        notice.wait_for()
        assert word in notice.inner_text()
        assert not re.search(r"warning_|advice_|[{}]|undefined", notice.inner_text())
        notice.locator("[data-control=take_advice]").click()
        until(page, helped)
        notice.wait_for(state="detached")
    assert violations(page) == []


def test_units_that_are_switched_off_are_seen(visit):
    page = visit("/?lang=en")
    page.evaluate("() => descent.set('dropout', 0.5)")
    control(page, "step").click()
    until(page, "descent.tensor('dropout/h1')?.data.length === 4")


def test_a_number_mistake_goes_through_the_net_as_its_example(visit):
    page = visit("/?lang=en&preset=iris")
    control(page, "panels").select_option("errors")
    until(page, "descent.about.mistakes?.found > 0")
    control(page, "look").first.click()
    until(
        page,
        "descent.about.activations?.part === 'cv' && descent.about.activations.row === descent.about.mistakes.rows[0]",
    )
    assert violations(page) == []


def test_every_panel_opens_without_a_lesson(visit):
    page = visit("/?lang=he")
    for name in page.locator("[data-control=panels] option").evaluate_all(
        "(o) => o.map((x) => x.value).filter(Boolean)"
    ):
        control(page, "panels").select_option(name)
        until(page, f"document.querySelectorAll('d-{name} .card').length === 1")
    settled(page)
    assert violations(page) == []
