"""One run inside a host: a trainer, whether it plays, and what has been told about it."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from app.ipc.tensors import encode_checkpoint, encode_tensors
from engine.core.numbers import in_dtype
from engine.core.types import Array
from engine.training import Checkpoint, Trainer
from engine.training.inspection import Inspection
from engine.training.surface import Surface
from engine.views import ViewContext, ViewResult, views

VIEW_SHARE = 60.0
"""While training, a view that took t is computed again after 60·t at the earliest: a few cost a tenth at most."""
FREE_VIEW_SECONDS = 0.003


class HostedRun:
    """Steps the trainer in slices, makes frames, and says what changed."""

    def __init__(self, run: str, trainer: Trainer) -> None:
        self.id = run
        self.trainer, self.inspection = trainer, Inspection.of(trainer)
        self.playing = False
        self.speed: float | None = None
        """Steps a second, or None for as fast as it goes."""
        self.version = 1
        """Goes up with every change a frame could show."""
        self.spent = 0.0
        """Seconds of processor time this run has had."""
        self.failed: str | None = None
        self.stepping: Iterator[None] | None = None
        """The steps that were asked for and are still to be made."""
        self.asked: int | None = None
        """The question that is answered when they are."""
        self._sent_rows = 0
        self._due = 0.0
        self._started = time.perf_counter()
        self._rate = 0.0
        self._step_ms = 0.0
        self._trained = [0.0, 0]
        """Seconds of its own turns and steps made in them, since the rate was last measured."""
        self._rate_from = (time.perf_counter(), 0)
        self._results: dict[str, tuple[int, float, float, ViewResult]] = {}
        self.saved_step = -1
        self.saved_spec: Any = None
        self.saved_at = time.perf_counter()
        self._saved_frames: set[int] = set()

    # -- time ----------------------------------------------------------------------------------------------------
    def wait(self, now: float) -> float | None:
        """Seconds until this run wants its turn; None while it rests."""
        if self.drawing is not None or self.stepping is not None:
            return 0.0
        if not self.playing:
            return None
        return 0.0 if self.speed is None else max(0.0, self._due - now)

    @property
    def busy(self) -> bool:
        """Whether its numbers change by themselves."""
        return self.playing or self.stepping is not None

    @property
    def drawing(self) -> Surface | None:
        """A cost surface that is not finished; its time counts as this run's own, so no other run waits for it."""
        drawings = reversed(self.inspection.surfaces.values())
        mine = (s for s in drawings if not s.finished and s.model is self.trainer.model)
        return next(mine, None)

    def slice(self, seconds: float) -> None:
        """A turn: trains for `seconds`, or as many steps as its speed allows; half of it draws what is unfinished."""
        surface = self.drawing
        if surface is not None:
            start = time.thread_time()
            try:
                surface.advance(seconds / 2 if self.busy else seconds)
            except Exception as error:  # a drawing that fails is given up; the run goes on
                self.failed = f"{type(error).__name__}: {error}"
                self.inspection.surfaces.clear()
            self.spent += time.thread_time() - start
            self.version += 1
        now = time.perf_counter()
        if self.stepping is not None:
            self.step_on(seconds)
        elif self.playing and (self.speed is None or self._due <= now):
            self._train(seconds)

    def step_on(self, seconds: float) -> bool:
        """Makes the steps that were asked for, until the time is over; whether that was the last of them."""
        assert self.stepping is not None
        start, end = time.thread_time(), time.perf_counter() + seconds
        try:
            with np.errstate(all="ignore"):
                for _ in self.stepping:
                    if time.perf_counter() >= end:
                        break
                else:
                    self.stepping = None
        except Exception as error:  # any failure of one run must leave the others alone
            self.failed, self.stepping = f"{type(error).__name__}: {error}", None
        self.spent += time.thread_time() - start
        self.version += 1
        if self.trainer.early.stopped:
            self.forget_saved()
        return self.stepping is None

    def _train(self, seconds: float) -> None:
        most = None
        if self.speed is not None:
            now = time.perf_counter()
            self._due = max(self._due, now - 0.05)
            most = max(1, int((now - self._due) * self.speed))
            self._due += most / self.speed
        start, clock = time.thread_time(), time.perf_counter()
        try:
            made = self.trainer.run_for(seconds, most)
        except Exception as error:  # any failure of one run must leave the others alone
            self.failed = f"{type(error).__name__}: {error}"
            self.playing, made = False, 1
        self.spent += time.thread_time() - start
        self._trained[0] += time.perf_counter() - clock
        self._trained[1] += made
        if self.trainer.early.stopped:
            self.forget_saved()  # the run went back to its best moment
        if self.trainer.diverged or self.trainer.early.stopped:
            self.playing = False
        if made:
            self.version += 1
            self._measure_rate()

    def _measure_rate(self) -> None:
        now = time.perf_counter()
        then, step = self._rate_from
        if now - then > 0.5:
            self._rate = (self.trainer.step_count - step) / (now - then)
            seconds, steps = self._trained
            if steps:
                self._step_ms = 1000 * seconds / steps
            self._trained = [0.0, 0]
            self._rate_from = (now, self.trainer.step_count)

    def play(self) -> None:
        self.trainer.present()
        if self.trainer.diverged:
            raise ValueError(
                f"the run diverged at step {self.trainer.diverged['step']}: rewind it or reset it, then play"
            )
        self.failed = None
        if self.trainer.early.stopped:
            self.trainer.early.go_on()
        self.playing = True
        self._due = time.perf_counter()
        self._rate_from = (time.perf_counter(), self.trainer.step_count)

    # -- what it says --------------------------------------------------------------------------------------------
    def state(self) -> dict[str, Any]:
        t = self.trainer
        return {
            "run": self.id,
            "playing": self.playing,
            "step": t.step_count,
            "epoch": t.epoch + t.cursor / max(1, len(t.x)),
            "steps_per_epoch": t.steps_per_epoch,
            "head": t.viewing.step if t.viewing else t.step_count,
            "viewing": t.viewing is not None,
            "diverged": t.diverged,
            "stopped": t.early.stopped,
            "cycle": t.cycle,
            "failed": self.failed,
            "speed": self.speed,
            "rate": self._rate if self.playing else 0.0,
            "step_ms": self._step_ms,
            "keyframes": t.keyframes.steps(),
            "version": self.version,
        }

    def new_rows(self) -> tuple[int, Array]:
        """History rows that have not been told yet, and the number of rows that stay before them."""
        start = min(self._sent_rows, self.trainer.history.take_changed())
        rows = self.trainer.history.rows(start)
        self._sent_rows = self.trainer.history.count
        return start, rows

    def rows_known(self, count: int) -> None:
        """The first `count` rows need no telling."""
        self._sent_rows = count

    def rewrite_history(self, kept: int) -> None:
        """After a rewind or reset: rows from `kept` on will be told again."""
        self._sent_rows = min(self._sent_rows, kept)

    def frame(self, wanted: dict[str, dict[str, Any]], exact: bool) -> bytes:
        """A frame of the wanted views as safetensors."""
        context = ViewContext(self.trainer, exact, inspection=self.inspection)
        tensors: dict[str, Array] = {}
        about: dict[str, Any] = {}
        for name, parameters in wanted.items():
            result = self._view(name, parameters, context)
            tensors |= {f"{name}/{key}": array for key, array in result.tensors.items()}
            about[name] = {**parameters, **result.about}
        state = self.state()
        return encode_tensors(
            tensors,
            {
                "kind": "frame",
                "run": self.id,
                "step": str(state["step"]),
                "epoch": f"{state['epoch']:.6f}",
                "time": f"{time.time():.6f}",
                "frame": str(self.version),
                "views": about,
                "state": {k: state[k] for k in ("playing", "head", "viewing", "rate", "step_ms")},
            },
        )

    def _view(self, name: str, parameters: dict[str, Any], context: ViewContext) -> ViewResult:
        key = f"{name} {sorted(parameters.items())} {context.exact}"
        known = self._results.get(key)
        now = time.perf_counter()
        if known is not None:
            version, at, took, result = known
            rest = max(views.get(name).every, VIEW_SHARE * took if took > FREE_VIEW_SECONDS else 0.0)
            if version == self.version or (self.busy and now - at < rest):
                return result
        result = views.get(name).compute(context, **parameters)
        if len(self._results) > 64:
            self._results.clear()
        self._results[key] = (self.version, now, time.perf_counter() - now, result)
        return result

    def checkpoint(self, step: int | None = None) -> Checkpoint:
        """The shown moment, or the keyframe nearest to `step`."""
        if step is None or step >= self.trainer.step_count:
            return self.trainer.checkpoint()
        found = self.trainer.keyframes.at(step)
        return found if found is not None else self.trainer.checkpoint()

    def unsaved(self) -> tuple[bytes, list[tuple[int, bytes]], list[int]] | None:
        """What storage lacks: latest checkpoint, new keyframes, the steps of all kept ones; None if nothing."""
        trainer = self.trainer
        head = trainer.viewing or trainer.checkpoint()
        if head.step == self.saved_step and trainer.spec == self.saved_spec:
            return None
        if trainer.diverged:
            return None
        self.saved_step, self.saved_spec, self.saved_at = head.step, trainer.spec, time.perf_counter()
        frames = trainer.keyframes.frames
        fresh = [(f.step, encode_checkpoint(f)) for f in frames if f.step not in self._saved_frames]
        self._saved_frames = {f.step for f in frames}
        return encode_checkpoint(head), fresh, trainer.keyframes.steps()

    def forget_saved(self) -> None:
        """After a rewind or reset: keyframes are told again."""
        self._saved_frames.clear()
        self.saved_step = -1

    def predict(self, rows: list[Any], activations: bool) -> tuple[dict[str, Array], dict[str, Any]]:
        """Model outputs for raw inputs, in raw units; with every layer's z and a if asked."""
        data = self.trainer.data
        raw = in_dtype(rows, np.float64, "inputs")
        if raw.shape[1:] != data.dataset.shape:
            wanted = ", ".join(map(str, ("B", *data.dataset.shape)))
            raise ValueError(f"inputs wants shape ({wanted}), got {raw.shape}")
        found = ViewContext(self.trainer).forward("predict", data.encode(raw))
        last = self.trainer.model.layers[-1].name
        out = np.ascontiguousarray(np.moveaxis(found.outputs[last], -1, 0))
        if data.task == "regression":
            out = data.answers(out)
        tensors = {"outputs": out}
        if activations:
            tensors |= {f"{k}/a": np.ascontiguousarray(np.moveaxis(a, -1, 0)) for k, a in found.outputs.items()}
            tensors |= {f"{k}/z": np.ascontiguousarray(np.moveaxis(z, -1, 0)) for k, z in found.z.items()}
        return tensors, {"classes": list(data.dataset.classes)}
