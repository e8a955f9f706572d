"""Frames of one run: views computed when they are due, and the questions that wait for a newer frame."""

import time

from app.ipc.messages import Frame, FrameMade, RunState, Views
from app.ipc.tensors import encode_tensors
from app.worker.post import Post
from engine.core.types import Array, Config
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.views import ViewContext, ViewResult, views

VIEW_SHARE = 60.0
"""While training, a view that took t is computed again after 60·t at the earliest: a few cost a tenth at most."""
FREE_VIEW_SECONDS = 0.003


class Frames:
    """Answers a question for a frame as soon as there is something newer than the asker has."""

    def __init__(self, trainer: Trainer, post: Post) -> None:
        self.trainer, self.post = trainer, post
        self.waiting: list[tuple[int, Frame]] = []
        self._results: dict[str, tuple[int, float, float, ViewResult]] = {}

    def due(self, version: int) -> bool:
        """Whether somebody waits for this version."""
        return any(question.after < version for _, question in self.waiting)

    def serve(self, state: RunState, busy: bool) -> None:
        """Answers who wanted something newer than they had."""
        ready = [asked for asked in self.waiting if asked[1].after < state.version]
        self.waiting = [asked for asked in self.waiting if asked[1].after >= state.version]
        for number, question in ready:
            try:
                frame = self.make(question.views, question.exact, state, busy)
            except Exception as error:  # a fault of ours in one view must not end the other runs
                self.post.refuse(number, error)
                continue
            self.post.answer(number, FrameMade(state.version, frame))

    def make(self, requested: Views, exact: bool, state: RunState, busy: bool) -> bytes:
        """A frame of the requested views as safetensors."""
        context = ViewContext(self.trainer, exact, inspection=Inspection.of(self.trainer))
        tensors: dict[str, Array] = {}
        about: Views = {}
        for name, parameters in requested.items():
            result = self._view(name, parameters, context, state.version, busy)
            tensors |= {f"{name}/{key}": array for key, array in result.tensors.items()}
            about[name] = {**parameters, **result.about}
        return encode_tensors(
            tensors,
            {
                "kind": "frame",
                "run": state.run,
                "step": str(state.step),
                "epoch": f"{state.epoch:.6f}",
                "time": f"{time.time():.6f}",
                "frame": str(state.version),
                "views": about,
                "state": {key: getattr(state, key) for key in ("playing", "head", "viewing", "rate", "step_ms")},
            },
        )

    def _view(self, name: str, parameters: Config, context: ViewContext, version: int, busy: bool) -> ViewResult:
        key = f"{name} {sorted(parameters.items())} {context.exact}"
        last = self._results.get(key)
        now = time.perf_counter()
        if last is not None:
            computed, at, took, result = last
            rest = max(views.get(name).every, VIEW_SHARE * took if took > FREE_VIEW_SECONDS else 0.0)
            if computed == version or (busy and now - at < rest):
                return result
        result = views.get(name).compute(context, **parameters)
        if len(self._results) > 64:
            self._results.clear()
        self._results[key] = (version, now, time.perf_counter() - now, result)
        return result
