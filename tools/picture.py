"""Takes the README's picture of the running product: python tools/picture.py http://127.0.0.1:8000 FILE.png"""

import sys

from bench.chromium import page


def main(url, path):
    with page(f"{url}/?lang=en", color_scheme="light") as p:
        p.wait_for_timeout(1500)
        p.locator("[data-control=presets]").select_option("spiral")
        p.wait_for_timeout(1200)
        p.click("[data-control=play]")
        p.wait_for_timeout(5000)
        p.locator(".unit[data-layer=h2]").nth(3).hover()
        p.wait_for_timeout(700)
        p.screenshot(path=path)
        p.click("[data-control=play]")


if __name__ == "__main__":
    main(*sys.argv[1:])
