"""TensorFlow Playground's job in the real page: epochs and frames drawn a second, and what the stream takes.

250 training points, batch 10. TensorFlow Playground is in no registry, so its figures are the published ones of such a
machine (57, 29 and 11 epochs/s, one epoch a drawn frame); ours are measured here, drawing included. Beside the frames
drawn stand the pictures that the browser could have shown meanwhile; a long task is one of more than 50 ms.
"""

import json
import tempfile

from bench.chromium import page
from bench.table import show
from tests.server import Server

ALL = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
NETS = {"4-2, circle": ([4, 2], "circle", None, 57), "8-8, spiral": ([8, 8], "spiral", ALL, 29),
        "6 × 8, spiral": ([8] * 6, "spiral", ALL, 11)}  # fmt: skip
COUNT = """() => new Promise((done) => {
  let [frames, pictures, long] = [0, 0, 0];
  const count = () => frames++;
  const show = () => { pictures++; if (pictures > 0) requestAnimationFrame(show); };
  const watch = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) long = Math.max(long, entry.duration);
  });
  watch.observe({ type: "longtask" });
  requestAnimationFrame(show);
  const start = [performance.now(), descent.state.epoch];
  descent.addEventListener("frame", count);
  setTimeout(() => {
    descent.removeEventListener("frame", count);
    const seconds = (performance.now() - start[0]) / 1000;
    watch.disconnect();
    done([(descent.state.epoch - start[1]) / seconds, frames / seconds, pictures / seconds, long]);
    pictures = -Infinity;
  }, 6000);
})"""


def measure(p, start):
    """Of the run that `start` begins: epochs, frames and pictures a second, the longest task in ms, Mbit/s."""
    p.wait_for_timeout(1500)
    p.evaluate(start)
    p.wait_for_timeout(800)
    p.click("[data-control=play]")
    p.wait_for_timeout(1500)
    wire, received = p.context.new_cdp_session(p), []
    wire.send("Network.enable")
    wire.on("Network.webSocketFrameReceived", lambda e: received.append(e["response"]))
    epochs, fps, pictures, long = p.evaluate(COUNT)
    p.click("[data-control=play]")
    p.wait_for_timeout(200)
    size = sum(len(r["payloadData"]) * (3 / 4 if r["opcode"] == 2 else 1) for r in received)  # binary comes in base64
    return epochs, fps, pictures, long, size * 8 / 6e6


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder, Server(folder) as server:
        for name, (units, data, features, peer) in NETS.items():
            layers = [{"id": f"h{i}", "units": n, "activation": "tanh"} for i, n in enumerate(units)]
            layers.append({"id": "out", "units": "auto"})
            spec = {"layers": layers, "data": {"name": data, "samples": 500, "features": features}, "batch_size": 10}
            with page(server.url) as p:
                epochs, *rest = measure(p, f"descent.begin({{spec: {json.dumps(spec)}}})")
            rows.append([name, f"{epochs:.0f}", *written(*rest), peer, f"{epochs / peer:.0f}×"])
        with page(server.url) as p:
            epochs, *rest = measure(p, "descent.begin({lab: 'lenet'})")
        rows.append(["LeNet, all views", f"{epochs:.2g}", *written(*rest), "", ""])
    heads = ["net", "epochs/s", "frames drawn/s", "pictures/s", "longest task", "stream"]
    show([*heads, "TF Playground epochs/s (published)", "ratio"], rows)


def written(fps, pictures, long, mbits):
    return f"{fps:.0f}", f"{pictures:.0f}", f"{long:.0f} ms", f"{mbits:.2f} Mbit/s"


if __name__ == "__main__":
    main()
