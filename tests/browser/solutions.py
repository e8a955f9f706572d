"""How a visitor solves one challenge of each lab, with the page's own controls; id of the lab → (challenge, steps)."""

from tests.browser.test_journey import control
from tests.browser.waiting import until

OUT = {"id": "out", "type": "Dense", "units": "auto", "activation": "auto"}


def press(page, name):
    control(page, name).first.click()


def attempt(page, words):
    page.locator("button.attempt", has_text=words).first.click()


def play(page):
    if not page.evaluate("descent.state.playing"):
        press(page, "play")


def change(page, path, value):
    """What a visitor does in the settings."""
    assert page.evaluate("([path, value]) => descent.set(path, value)", [path, value])


def race(page):
    until(page, "document.querySelectorAll('[data-runner]').length > 1")
    press(page, "compare_step_1")


def drag_to_the_bottom(page):
    until(page, "descent.tensor('surface/j') && descent.about.surface.done === 1")
    canvas = page.locator("canvas.flat")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    at = page.evaluate(
        """() => {
          const j = Array.from(descent.tensor('surface/j').data);
          const n = Math.sqrt(j.length);
          const k = j.indexOf(Math.min(...j));
          return [(k % n) / (n - 1), Math.floor(k / n) / (n - 1)];
        }"""
    )
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * at[0], box["y"] + box["height"] * at[1], steps=6)
    page.mouse.up()


def descend_quickly(page):
    change(page, "optimizer.learning_rate", 0.1)
    attempt(page, "Back to the start")
    until(page, "descent.state.step === 0")
    page.evaluate("() => descent.command({op: 'step', unit: 'batch', count: 50})")


def solve(page):
    press(page, "solve")


def solve_houses(page):
    page.evaluate("() => descent.command({op: 'step', unit: 'batch', count: 1})")
    solve(page)


def sweep(page):
    press(page, "sweep_run")


def sweep_and_reveal(page):
    sweep(page)
    until(page, "document.querySelector('[data-control=sweep_reveal]')")
    press(page, "sweep_reveal")
    until(page, "Number(document.querySelector('[data-slot=chosen_test]').textContent) > 0")


def squares(page):
    attempt(page, "x₁², x₂²")
    play(page)


def five_clouds(page):
    attempt(page, "Five clouds")
    play(page)


def three_neurons(page):
    attempt(page, "3")
    play(page)


def step_through(page):
    for _ in range(20):
        if control(page, "prop_next").is_disabled():
            return
        press(page, "prop_next")


def absolute(page):
    attempt(page, "Back to the line")
    until(page, "descent.spec.data.name === 'line_outliers'")
    attempt(page, "Absolute")


def diagnose(page):
    play(page)
    until(page, "descent.state.step > 200")
    press(page, "diagnose")
    page.locator("[data-verdict]").wait_for()


def tag(page):
    play(page)
    until(page, "descent.state.step > 60")
    press(page, "play")
    until(page, "!descent.state.playing")
    control(page, "tag_name").fill("slanted")
    press(page, "tag_add")
    press(page, "tag")
    assert page.locator("[data-tag=slanted] td").first.inner_text().startswith("1 ")


def walk_the_plane(page):
    canvas = page.locator("canvas.latent")
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 40, "y": 60})


def set_filter(page):
    control(page, "filter_preset").wait_for()
    control(page, "filter_preset").select_option("edge_h")


def few_weights(page):
    conv = {"type": "Conv2D", "kernel_size": 3, "padding": "same", "activation": "relu"}
    layers = [{"id": "c1", **conv, "filters": 8}, {"id": "p1", "type": "MaxPooling2D"},
              {"id": "c2", **conv, "filters": 14}, {"id": "mean", "type": "GlobalAveragePooling2D"}, OUT]  # fmt: skip
    change(page, "layers", layers)
    change(page, "optimizer.learning_rate", 0.01)
    play(page)


def draw(page):
    canvas = page.locator(".digit canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 100, steps=8)
    page.mouse.up()


def walk_full(page):
    press(page, "walk")


def slide_windows(page):
    play(page)
    press(page, "sweep")


def slide_once(page):
    press(page, "sweep")


def part_boxes(page):
    """Both boxes are pushed into opposite corners with the arrow keys."""
    for box, keys in ((1, ("ArrowRight", "ArrowDown")), (0, ("ArrowLeft", "ArrowUp"))):
        page.locator(f"d-iou [data-box='{box}']").focus()
        for _ in range(14):
            for key in keys:
                page.keyboard.press(key)


def cluster(page):
    page.locator("[data-control=detector_tab] [data-value=anchors]").click()
    press(page, "kmeans_play")


def step_suppression(page):
    control(page, "confidence").first.fill("0.02")
    page.locator("[data-control=detector_tab] [data-value=nms]").click()
    until(page, "descent.about.suppression?.confidence === 0.02 && descent.about.suppression.rounds > 0")
    for _ in range(page.evaluate("descent.about.suppression.rounds")):
        press(page, "nms_next")


SOLUTIONS = {
    "cost-function": ("bottom", drag_to_the_bottom),
    "gradient-descent": ("down", descend_quickly),
    "feature-scaling": ("race", race),
    "normal-equation": ("solve", solve),
    "multiple-regression": ("fit", solve_houses),
    "polynomial-regression": ("sweep", sweep),
    "logistic-regression": ("train", play),
    "why-not-squared-error": ("race", race),
    "polynomial-boundary": ("ring", squares),
    "perceptron": ("and", play),
    "softmax-regression": ("five", five_clouds),
    "layers-and-neurons": ("three", three_neurons),
    "activations": ("race", race),
    "propagation": ("through", step_through),
    "define-compile-fit": ("fit", play),
    "epochs-batches": ("race", race),
    "optimisers": ("race", race),
    "initialisation": ("race", race),
    "losses": ("robust", absolute),
    "autoencoder": ("walk", walk_the_plane),
    "split": ("reveal", sweep_and_reveal),
    "bias-variance": ("diagnose", diagnose),
    "regularisation": ("sweep", sweep),
    "learning-curves": ("curve", sweep),
    "error-analysis": ("tag", tag),
    "augmentation": ("race", race),
    "convolution": ("edges", set_filter),
    "parameter-sharing": ("few", few_weights),
    "pooling": ("race", race),
    "lenet": ("draw", draw),
    "alexnet": ("pass", walk_full),
    "vgg": ("pass", walk_full),
    "resnet": ("race", race),
    "inception": ("race", race),
    "mobilenet": ("race", race),
    "one-by-one": ("cheap", play),
    "localisation": ("near", play),
    "landmarks": ("near", play),
    "sliding-window": ("sweep", slide_windows),
    "convolutional-window": ("fine", slide_once),
    "iou": ("apart", part_boxes),
    "anchors": ("cluster", cluster),
    "scoring": ("both", play),
    "nms": ("step", step_suppression),
    "yolo": ("map", play),
}
