"""Views of the cost surface and of the way a run takes over it."""

import time
from typing import Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array, Config
from engine.training.inspection import next_step
from engine.training.surface import CENTRES, MODES, Surface, first_names, parameter_places
from engine.views.base import (
    EXACT,
    READ_SECONDS,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    view,
    when_shown,
)

MOST_NAMES = 400
FIRST_SECONDS = 0.002
REST = 8.0
"""A surface whose net goes on changing is measured again after so many times what it took."""
ARGUMENTS = (
    Argument(
        "mode", "choice", "weights", choices=MODES, doc="two parameters, two random directions, or the path's own"
    ),
    Argument("first", "text", "", doc="the parameter along u, such as out/kernel[0,0]; empty: the first"),
    Argument("second", "text", "", doc="the parameter along v; empty: the second"),
    Argument("centre", "choice", "now", choices=CENTRES, doc="through which moment the directions go"),
    Argument("seed", "int", 0, minimum=0, maximum=2**32 - 1, doc="of the random directions"),
    Argument("at_u", "float", 0.0, minimum=-1e6, maximum=1e6, doc="middle of the drawing"),
    Argument("at_v", "float", 0.0, minimum=-1e6, maximum=1e6, doc="middle of the drawing"),
    Argument("span", "float", 1.0, minimum=1e-6, maximum=1e6, doc="half the width in u"),
    Argument("span_v", "float", 0.0, minimum=0, maximum=1e6, doc="half the height in v; 0: as in u"),
    Argument("size", "int", 33, minimum=5, maximum=81, doc="points on a side"),
    Argument(
        "finest",
        "int",
        0,
        minimum=0,
        maximum=161,
        doc="points on a side, at most, once more are measured where contours would change; below size: none are",
    ),
)


@view(
    "surface",
    "J over two directions of parameter space, with the path of the run over it",
    Tensor("j", "S, S", EXACT, "J over the plane, top row first; NaN where it is still to be measured", "J"),
    Tensor("path", "n, 3", EXACT, "u, v and the step of the run’s way", "u, v, steps"),
    Tensor("here", "2", EXACT, "u and v of now", "u, v"),
    *ARGUMENTS,
    when_shown("u", list[float], "bounds of the horizontal axis"),
    when_shown("v", list[float], "bounds of the vertical axis"),
    Fact("done", float, "how much of it is measured", "0 … 1"),
    Fact("settled", bool, "contours between the places are what J is like there; else draw it place by place"),
    Fact("names", list[str], "parameters to choose from, of large networks the first"),
    Fact("axes", list[str], "what lies along u and v"),
    Fact("exact", bool, "whether these two are all there is"),
)
def surface(context: ViewContext, **parameters: Any) -> ViewResult:
    """j (S, S), top row first; path (n, 3): u, v and the step; here (2,). It fills up over several frames.

    S is `size`, or up to `finest` where more places were wanted. about.settled: contours between the places are what J
    is like there; else it is to be drawn place by place.
    """
    trainer = context.trainer
    if not trainer.model.store.places:
        return ViewResult({}, {"names": [], "axes": [], "done": 1.0, "settled": True, "exact": False})
    key = repr(sorted(parameters.items()))
    drawn = _drawn(context, parameters, context.inspection.surfaces.get(key))
    context.inspection.keep_surface(key, drawn)
    path = _path(context, drawn)
    about = {
        "u": [float(drawn.u[0]), float(drawn.u[-1])],
        "v": [float(drawn.v[0]), float(drawn.v[-1])],
        "done": drawn.share,
        "settled": drawn.settled,
        "names": _names(context),
        "axes": list(_axes(context, parameters)),
        "exact": parameters["mode"] == "weights" and trainer.model.store.values.size <= 2,
    }
    with np.errstate(over="ignore"):
        return ViewResult({"j": drawn.filled().astype(np.float32), "path": path, "here": path[-1, :2].copy()}, about)


def _names(context: ViewContext) -> list[str]:
    """The parameters one can choose from; of large nets the first ones."""
    if context.trainer.model.store.values.size <= MOST_NAMES:
        return [name for name, _ in parameter_places(context.trainer)]
    return list(first_names(context.trainer))


def _axes(context: ViewContext, parameters: Config) -> tuple[str, str]:
    if parameters["mode"] != "weights":
        return ("u", "v")
    names = first_names(context.trainer)
    return parameters["first"] or names[0], parameters["second"] or names[1]


def _drawn(context: ViewContext, parameters: Config, known: Surface | None) -> Surface:
    """The surface that is being made, or a new one if there is none or the net is another one now."""
    trainer, trace = context.trainer, context.inspection.trace_of(context.trainer)
    if known is None or known.model is not trainer.model:
        fresh = Surface(trainer, parameters, trace)
        fresh.advance(FIRST_SECONDS)
        return fresh
    rested = time.perf_counter() - known.began > REST * known.seconds
    if known.shown and rested and known.stale:
        fresh = Surface(trainer, parameters, trace)
        fresh.advance(FIRST_SECONDS)
        every = (known.size - 1) // (fresh.size - 1)
        old = known.filled()[::every, ::every]
        fresh.j = np.where(np.isnan(fresh.j), old, fresh.j)  # the old one shows where there is no number yet
        fresh.settled = known.settled
        return fresh
    known.shown = known.finished  # once it has been seen whole, the next one may begin
    return known


def _path(context: ViewContext, drawn: Surface) -> Array:
    """u, v and step of what is kept of the way, and of now."""
    trainer = context.trainer
    steps, places = drawn.way(context.inspection.trace_of(trainer), trainer.step_count - 1)
    with np.errstate(all="ignore"):
        here = drawn.plane.project(np.nan_to_num(trainer.model.store.values[None]))
    places, steps = np.concatenate([places, here]), np.append(steps, trainer.step_count)
    return np.ascontiguousarray(np.concatenate([places, steps[:, None]], axis=1), np.float32)


@view(
    "effective_steps",
    "how far each parameter moved at the last step, in units of α·|gradient| and of α: what an adaptive optimiser does",
    Tensor("step", "n", EXACT, "how far each parameter would move", "α"),
    Tensor(
        "agreement", "n", EXACT, "|Σ g|/Σ |g| over the last steps: 1 the gradient keeps its sign, 0 it flips", "0 … 1"
    ),
    Tensor("gradient", "n", EXACT, "∂J/∂w of the last step", "J per w"),
    Argument("most", "int", 24, minimum=1, maximum=512, doc="parameters that are sent"),
    Fact("names", list[str], "names of the parameters"),
    Fact("rate", float, "α of the coming step"),
    every=READ_SECONDS,
)
def effective_steps(context: ViewContext, most: int) -> ViewResult:
    """ratio (n,): |Δp|/α of the next step were the gradient the last one again; agreement (n,): |Σ g|/Σ |g| over the

    last steps (1: the gradient keeps its sign, 0: it flips); gradient (n,).
    """
    trainer = context.trainer
    store = trainer.model.store
    agreement, gradient = store.whole(context.inspection.memory_of(trainer).agreement()), store.whole(store.gradients)
    step = next_step(trainer.model)
    named = list(parameter_places(trainer, most))
    chosen = [place for _, place in named]
    rate = trainer.model.optimizer.current_rate() if trainer.model.optimizer else 1.0
    return ViewResult(
        {
            "step": (np.abs(step[chosen]) / (rate or 1.0)).astype(np.float32),
            "agreement": agreement[chosen].astype(np.float32),
            "gradient": gradient[chosen].astype(np.float32),
        },
        {"names": [name for name, _ in named], "rate": rate},
    )
