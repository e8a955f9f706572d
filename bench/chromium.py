"""A headless Chromium, as the tests start it."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS


@contextmanager
def page(url, **options):
    path = next(p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 860}, **options)
        made = context.new_page()
        made.goto(url)
        yield made
        browser.close()
