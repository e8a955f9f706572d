"""The page itself: first paint, first frame, bytes over the wire."""

import statistics
import tempfile

from bench.chromium import page
from bench.table import show
from tests.server import Server

TIMES = """() => new Promise((done) => {
  const ready = () => {
    if (!window.__frameAt) return setTimeout(ready, 20);
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN;
    const bytes = performance.getEntriesByType("resource").filter((r) => /\\.(js|css)$/.test(r.name))
      .reduce((sum, r) => sum + r.encodedBodySize, 0);
    done([paint, window.__frameAt, bytes]);
  };
  if (window.descent?.frame) window.__frameAt ??= performance.now();
  window.descent?.addEventListener("frame", () => { window.__frameAt ??= performance.now(); });
  ready();
})"""


def main():
    paints, frames, size = [], [], 0
    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        for _ in range(5):
            with page(server.url) as p:
                paint, frame, size = p.evaluate(TIMES)
                paints.append(paint)
                frames.append(frame)
    rows = [
        ["first contentful paint", f"{statistics.median(paints):.0f} ms", "< 1,000 ms"],
        ["first frame drawn", f"{statistics.median(frames):.0f} ms", "< 1,500 ms"],
        ["script and style, gzip", f"{size / 1000:.0f} kB", "≤ 250 kB"],
    ]
    show(["what", "measured (median of 5)", "to reach"], rows)


if __name__ == "__main__":
    main()
