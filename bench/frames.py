"""What a frame costs: server milliseconds and bytes, with all views the page subscribes to."""

import statistics
import time

from app.specs import parse_spec
from app.specs.presets import ALL_INPUTS, dense
from app.worker.post import Post
from app.worker.run import Run
from app.worker.turns import Turns
from bench.table import show
from engine.training import Trainer
from engine.views import check_parameters


def views(size):
    given = {name: {} for name in ("weights", "health", "activations", "cost", "metrics")}
    given |= {"neurons": {"size": size, "most": 64}, "boundary": {"size": 64}}
    return {name: check_parameters(name, parameters) for name, parameters in given.items()}


def main():
    rows = []
    for name, units, data, size, limit in (
        ("default, 4-2", (4, 2), {"name": "circle"}, 28, "3 ms, 15 kB"),
        ("6 × 8", (8,) * 6, {"name": "spiral", "features": ALL_INPUTS}, 15, "10 ms, 25 kB"),
    ):
        run = Run("bench", Trainer(parse_spec({"layers": dense(*units), "data": data})), Post(print), Turns(0.004))
        run.trainer.run_for(0.5)
        run.playing = True
        took = []
        for _ in range(200):
            run.version += 1
            run.trainer.run_for(0.012)
            start = time.perf_counter()
            frame = run.frame(views(size), exact=False)
            took.append(time.perf_counter() - start)
        rows.append([name, f"{statistics.mean(took) * 1e3:.2f}", f"{len(frame) / 1000:.1f}", limit])
    show(["net", "ms a frame (mean)", "kB a frame", "to reach"], rows)


if __name__ == "__main__":
    main()
