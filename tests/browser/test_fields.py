"""Fields for a number: what cannot be is said, and the field shows again what holds."""

import pytest

from tests.browser.test_convolution import choose, open_lab
from tests.browser.test_journey import control
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def refused(page, field, typed, *said):
    """What is typed is refused in words that hold all of `said`, and the field shows what it showed before."""
    before = field.input_value()
    page.evaluate("descent.dismiss()")
    field.fill(typed)
    field.press("Enter")
    notice = page.locator("#notice, [role=alert]", has_text=typed)
    notice.first.wait_for()
    text = notice.first.inner_text()
    assert [word for word in said if word not in text] == [], text
    assert field.input_value() == before


def taken(page, field, typed, condition):
    field.fill(typed)
    field.press("Enter")
    until(page, condition)
    assert field.input_value() == typed


@pytest.mark.parametrize(("language", "label", "whole"), [("en", "Example", "whole"), ("he", "דוגמה", "שלם")])
def test_an_example_that_there_is_not_is_said_and_the_one_on_show_stands_in_the_field(visit, language, label, whole):
    page = visit(f"/?lang={language}")
    page.locator(".unit[data-layer='h1'][data-unit='0']").first.click()
    field = control(page, "example")
    count = page.evaluate("descent.data.counts.train")
    taken(page, field, "7", "descent.about.activations.index === 6")
    for typed in (str(count + 1), "0", "-3", "2.5"):
        refused(page, field, typed, label, whole, "1 ", str(count))
    assert page.evaluate("descent.about.activations.index") == 6
    taken(page, field, str(count), f"descent.about.activations.index === {count - 1}")
    page.evaluate("descent.set('data.train_rows', 20)")
    until(page, "descent.data.counts.train === 20 && descent.about.activations.index < 20")
    until(
        page, "document.querySelector('[data-control=example]').value === String(descent.about.activations.index + 1)"
    )


def test_every_other_field_for_a_number_says_what_it_takes(visit):
    page = open_lab(visit, "lenet")
    choose(page, "c3", 1)
    refused(page, control(page, "window_channel"), "9", "whole", "1 ", "6")
    refused(page, control(page, "example").first, "100000", "Example", str(page.evaluate("descent.data.counts.train")))
    cell = page.locator("d-window input[data-what=w]").first
    until(page, lambda: cell.input_value() != "")
    refused(page, cell, "a half", "a half")
    page.evaluate("dispatchEvent(new CustomEvent('descent-open', {detail: 'diagnosis'}))")
    refused(page, control(page, "baseline"), "-2", "0 or more")
    taken(page, control(page, "baseline"), "0.25", "document.querySelector('d-diagnosis').baseline === 0.25")


def test_a_weight_is_a_number(visit):
    page = visit()
    page.locator(".unit[data-layer='h1'][data-unit='0']").first.click()
    page.locator("d-inspector summary").click()
    for name in ("Weight w", "Bias b"):
        refused(page, page.locator(f"[data-control='edit_weight'][aria-label='{name}']").first, "much", name)


def test_a_shape_is_whole_numbers(visit):
    visit.expected.append("422")  # a shape of one number does not fit here
    page = open_lab(visit, "lenet")
    page.locator(".layer-card[data-layer=c1] [data-control=edit_layer]").click()
    page.locator("dialog[data-dialog=layer]").wait_for()
    page.evaluate("document.querySelector('d-layer-editor').changeType('Reshape')")
    field = page.locator("d-layer-editor input[type=text]").first
    field.fill("28, wide")
    field.press("Enter")
    page.locator("d-layer-editor [role=alert]", has_text="number").wait_for()
    assert control(page, "layer_apply").is_disabled()
    assert field.input_value() == "28, wide"
