"""TensorFlow Playground's job in the real page: epochs a second and frames drawn a second, headless Chromium.

250 training points, batch 10. TensorFlow Playground is in no registry, so its figures are the published ones of such a
machine (57, 29 and 11 epochs/s, one epoch a drawn frame); ours are measured here, drawing included.
"""

import tempfile

from bench.chromium import page
from bench.table import show
from tests.server import Server

ALL = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
NETS = {"4-2, circle": ([4, 2], "circle", None, 57), "8-8, spiral": ([8, 8], "spiral", ALL, 29),
        "6 × 8, spiral": ([8] * 6, "spiral", ALL, 11)}  # fmt: skip
COUNT = """() => new Promise((done) => {
  let frames = 0;
  const count = () => frames++;
  const start = [performance.now(), descent.state.epoch];
  descent.addEventListener("frame", count);
  setTimeout(() => {
    descent.removeEventListener("frame", count);
    const seconds = (performance.now() - start[0]) / 1000;
    done([(descent.state.epoch - start[1]) / seconds, frames / seconds]);
  }, 6000);
})"""


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        for name, (units, data, features, peer) in NETS.items():
            layers = [{"id": f"h{i}", "units": n, "activation": "tanh"} for i, n in enumerate(units)]
            layers.append({"id": "out", "units": "auto"})
            spec = {"layers": layers, "data": {"name": data, "samples": 500, "features": features}, "batch_size": 10}
            with page(server.url) as p:
                p.wait_for_timeout(1500)
                p.evaluate("(spec) => descent.begin({spec})", spec)
                p.wait_for_timeout(800)
                p.click("[data-control=play]")
                p.wait_for_timeout(1500)
                epochs, fps = p.evaluate(COUNT)
                p.click("[data-control=play]")
                p.wait_for_timeout(200)
            rows.append([name, f"{epochs:.0f}", f"{fps:.0f}", peer, f"{epochs / peer:.0f}×"])
    show(["net", "epochs/s", "frames drawn/s", "TF Playground epochs/s (published)", "ratio"], rows)


if __name__ == "__main__":
    main()
