"""Frames of one run: views computed when they are due, and the questions that wait for a newer frame."""

import time
from collections.abc import Hashable
from typing import NamedTuple

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
OF_STATE = ("playing", "head", "viewing", "rate", "step_ms", "revision")
"""What a frame says of its run."""


class Made(NamedTuple):
    """A view as it was computed: for which version, revision and measurement of the run, when, how long it took."""

    version: int
    revision: int
    of: Hashable
    made: float
    took: float
    result: ViewResult


TOLD = ("playing", "head", "viewing", "rate", "held", "step_ms", "revision")
"""What a frame says of its run."""


class Frames:
    """Answers a question for a frame as soon as there is something newer than the asker has."""

    def __init__(self, trainer: Trainer, post: Post) -> None:
        self.trainer, self.post = trainer, post
        self.waiting: list[tuple[int, Frame]] = []
        self._results: dict[str, Made] = {}

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
                "state": {key: getattr(state, key) for key in TOLD},
            },
        )

    def _view(self, name: str, parameters: Config, context: ViewContext, version: int, busy: bool) -> ViewResult:
        """The view, with the moment it is of; of a run that trains an earlier one may stand, but for an edit."""
        key = f"{name} {sorted(parameters.items())} {context.exact}"
        last, view = self._results.get(key), views.get(name)
        now, revision = time.perf_counter(), self.trainer.revision
        of = context.measurement if view.measured else None
        if last is not None and last.version == version:
            return last.result
        if last is not None and busy and last.revision == revision:
            rest = max(view.every, VIEW_SHARE * last.took if last.took > FREE_VIEW_SECONDS else 0.0)
            if last.of == of if view.measured else now - last.made < rest:
                return last.result
        start = time.thread_time()
        result = view.compute(context, **parameters)
        took = time.thread_time() - start if last is not None else 0.0  # the first time plans are made
        if len(self._results) > 64:
            self._results.clear()
        self._results[key] = Made(version, revision, of, now, took, result)
        return result
