"""A host: a process that trains many runs in turn and answers the web process between two steps.

Started as `python -m app.worker.process FD SETTINGS`. Fair by account: the next slice goes to the playing run that has
had least processor time, whoever asks what; commands and frames are served between slices and change no account.
"""

import base64
import binascii
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson

from app.export.onnx import onnx_bytes
from app.ipc.framing import BlockingWire
from app.ipc.tensors import (
    decode_checkpoint,
    decode_weights,
    encode_checkpoint,
    encode_tensors,
    join_blobs,
    split_blobs,
)
from app.pretrained import companion_of, pretrained_weights
from app.worker.run import HostedRun
from app.worker.trial import MeasuredRun
from engine.core.numbers import compact
from engine.core.shards import set_threads
from engine.data import prepare
from engine.data.uploads import keep_upload, parse_csv
from engine.training import Trainer
from engine.training.checkpoint import Keyframes
from engine.training.inspection import Inspection

TELL_SECONDS = 0.4
"""News of a training run; frames and commands bring theirs at once."""
HOST_NICENESS = 5
"""Training yields to the web process (and to a browser on the same machine), so that what is seen stays smooth."""
Reply = tuple[dict[str, Any], bytes]
Later = Reply | None
"""None: the handler sends its answer itself, now or later."""


class Refused(ValueError):
    """A request that cannot be done; `field` says which part was wrong."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Host:
    """The loop: receive, train a slice, serve frames, tell news."""

    def __init__(self, wire: BlockingWire, settings: dict[str, Any]) -> None:
        self.wire = wire
        self.slice_seconds = settings["slice_ms"] / 1000
        self.checkpoint_seconds = settings["checkpoint_seconds"]
        self.keyframe_bytes = settings["keyframe_bytes"]
        self.runs: dict[str, HostedRun] = {}
        self.measured: list[MeasuredRun] = []
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.told: dict[str, float] = {}
        self.handlers: dict[str, Callable[[dict[str, Any], bytes], Later]] = {
            "create": self.create,
            "frame": self.frame,
            "measure": self.measure,
            "close": self.close,
            "command": self.command,
            "checkpoint": self.checkpoint,
            "predict": self.predict,
            "weights": self.weights,
            "set_weights": self.set_weights,
            "data": self.data,
            "csv": self.csv,
            "pictures": self.pictures,
            "inspect": self.inspect,
            "save": self.save,
            "upload": self.upload,
            "threads": self.threads,
            "onnx": self.onnx,
            "cancel": self.cancel,
        }

    def serve(self) -> None:
        """Until the web process closes its end."""
        while not self.wire.closed:
            for head, body in self.wire.receive(self.pause()):
                self.handle(head, body)
            run = self.next_run()
            if isinstance(run, HostedRun):
                run.slice(self.slice_seconds)
                if run.asked is not None and run.stepping is None:
                    self.stepped(run)
                else:
                    self.serve_frames(run)
                    self.tell(run)
            elif run is not None:
                self.measure_on(run)

    def onnx(self, head: dict[str, Any], _: bytes) -> Reply:
        return {}, onnx_bytes(self._run(head).trainer.model)

    def threads(self, head: dict[str, Any], _: bytes) -> Reply:
        """Two while a lone run has the machine to itself."""
        set_threads(int(head["number"]))
        return {}, b""

    def pause(self) -> float | None:
        """How long nothing wants to be done; None for ever."""
        now = time.perf_counter()
        waits = [w for run in self.runs.values() if (w := run.wait(now)) is not None]
        return min([*waits, *(0.0 for _ in self.measured)], default=None)

    def next_run(self) -> HostedRun | MeasuredRun | None:
        """Of the runs whose turn it is, those of sweeps included, the one that has had least processor time."""
        now = time.perf_counter()
        mine: list[HostedRun | MeasuredRun] = [r for r in self.runs.values() if r.wait(now) == 0.0]
        return min([*mine, *self.measured], key=lambda r: r.spent, default=None)

    def join(self, run: HostedRun | MeasuredRun) -> None:
        """A run that starts to play claims no time for the past."""
        others = [r.spent for r in self.runs.values() if r.busy and r is not run]
        others += [r.spent for r in self.measured if r is not run]
        run.spent = max(run.spent, min(others, default=run.spent))

    def handle(self, head: dict[str, Any], body: bytes) -> None:
        """Answers one request; whatever goes wrong becomes an answer too."""
        try:
            answer = self.handlers[head["do"]](head, body)
        except (ValueError, MemoryError, OverflowError) as error:
            field = getattr(error, "field", None)
            self.wire.send({"q": head["q"], "error": str(error) or type(error).__name__, "field": field})
            return
        except Exception as error:  # a fault of ours must not end the other runs
            self.wire.send({"q": head["q"], "error": f"{type(error).__name__}: {error}", "fault": True})
            return
        if answer is None:
            return
        reply, out = answer
        run = self.runs.get(head.get("run", ""))
        if run is not None and head["do"] == "command":
            self.tell_rows(run)  # before the answer: who has it finds the history that belongs to it
        self.wire.send({"q": head["q"], **reply}, out)
        if run is not None and head["do"] in ("command", "set_weights", "create"):
            self.show(run)

    def show(self, run: HostedRun) -> None:
        """Tells everyone at once what a command changed."""
        run.version += 1
        self.tell(run, now=True)
        self.serve_frames(run)

    # -- sweeps --------------------------------------------------------------------------------------------------
    def measure(self, head: dict[str, Any], body: bytes) -> Later:
        """A run of a sweep begins; the answer comes when it is over."""
        if head.get("upload"):
            keep_upload(head["upload"], body)
        run = MeasuredRun(head["q"], head["task"], head["spec"], head["steps"], head["method"])
        self.measured.append(run)
        self.join(run)
        return None

    def measure_on(self, run: MeasuredRun) -> None:
        """Its turn; a failure is an answer too."""
        before = run.spent
        try:
            run.slice(self.slice_seconds)
        except Exception as error:  # any failure of one run must leave the others alone
            self.measured.remove(run)
            self.wire.send({"q": run.question, "error": str(error) or type(error).__name__, "field": None})
            return
        if run.spent == before:  # a clock too coarse to see the turn
            run.spent += self.slice_seconds / 100
        if run.result is not None:
            self.measured.remove(run)
            self.wire.send({"q": run.question, "result": run.result})

    def cancel(self, head: dict[str, Any], body: bytes) -> Reply:
        """Ends the runs of a sweep that are here."""
        mine = [run for run in self.measured if run.task == head["task"]]
        for run in mine:
            self.measured.remove(run)
            self.wire.send({"q": run.question, "error": "the sweep was cancelled", "field": None})
        return {"cancelled": len(mine)}, b""

    # -- frames and news -----------------------------------------------------------------------------------------
    def frame(self, head: dict[str, Any], body: bytes) -> Later:
        """Answered as soon as there is something newer than the asker has."""
        run = self._run(head)
        self.waiting.setdefault(run.id, []).append(head)
        self.serve_frames(run)
        return None

    def serve_frames(self, run: HostedRun) -> None:
        """Answers the frame requests that wanted something newer than they had."""
        waiting = self.waiting.get(run.id)
        if not waiting:
            return
        still = []
        for head in waiting:
            if head["after"] >= run.version:
                still.append(head)
                continue
            try:
                frame = run.frame(head["views"], head.get("exact", False))
            except (ValueError, FloatingPointError) as error:
                self.wire.send({"q": head["q"], "error": str(error)})
                continue
            except Exception as error:  # a fault of ours in one view must not end the other runs
                self.wire.send({"q": head["q"], "error": f"{type(error).__name__}: {error}", "fault": True})
                continue
            self.tell_rows(run)
            self.wire.send({"q": head["q"], "seq": run.version}, frame)
        self.waiting[run.id] = still

    def tell_rows(self, run: HostedRun) -> None:
        start, rows = run.new_rows()
        if len(rows) or start == 0:
            self.wire.send({"event": "rows", "run": run.id, "from": start}, rows.tobytes())

    def tell(self, run: HostedRun, now: bool = False) -> None:
        """State and rows, a few times a second; a checkpoint when it is due."""
        clock = time.perf_counter()
        last = self.told.get(run.id, 0.0)
        if not now and run.busy and clock - last < TELL_SECONDS:
            return
        self.told[run.id] = clock
        self.tell_rows(run)
        self.wire.send({"event": "state", **run.state()})
        size = max(1, run.trainer.model.store.values.nbytes * 3)
        patience = max(self.checkpoint_seconds, size / 8e6)
        if not run.busy or clock - run.saved_at > patience:
            self.tell_checkpoint(run)

    def tell_checkpoint(self, run: HostedRun) -> None:
        unsaved = run.unsaved()
        if unsaved is None:
            return
        latest, fresh, kept = unsaved
        sizes, body = join_blobs([latest, *(blob for _, blob in fresh)])
        self.wire.send(
            {
                "event": "checkpoint",
                "run": run.id,
                "step": run.saved_step,
                "frames": [step for step, _ in fresh],
                "kept": kept,
                "sizes": sizes,
                "spec": run.trainer.spec if run.trainer.viewing is None else run.trainer.viewing.meta["spec"],
            },
            body,
        )

    # -- requests ------------------------------------------------------------------------------------------------
    def _run(self, head: dict[str, Any]) -> HostedRun:
        run = self.runs.get(head["run"])
        if run is None:
            raise Refused("the run is not here")
        return run

    def create(self, head: dict[str, Any], body: bytes) -> Reply:
        """Idempotent on the run's id. Body: latest checkpoint, keyframes and history rows of a resumed run."""
        run_id = head["run"]
        if head.get("upload"):
            keep_upload(head["upload"], body[: head["upload_size"]])
            body = body[head["upload_size"] :]
        if run_id not in self.runs:
            trainer = Trainer(
                head["spec"],
                keyframe_bytes=self.keyframe_bytes,
                initial=pretrained_weights(head["spec"].get("pretrained")),
            )
            Inspection.of(trainer).companion = companion_of(head["spec"].get("pretrained"))
            run = HostedRun(run_id, trainer)
            if head.get("sizes"):
                latest, rows, *frames = split_blobs(head["sizes"], body)
                resume(trainer, latest, rows, frames)
                run.rows_known(trainer.history.count)
            run.speed, run.version = head.get("speed"), head.get("version", 1)
            self.runs[run_id] = run
            if head.get("playing") and not trainer.diverged:
                run.play()
                self.join(run)
        return {"state": self.runs[run_id].state()}, b""

    def close(self, head: dict[str, Any], body: bytes) -> Reply:
        run = self.runs.pop(head["run"], None)
        if run is not None:
            questions = [waiting["q"] for waiting in self.waiting.pop(run.id, [])]
            for question in [*questions, *([] if run.asked is None else [run.asked])]:
                self.wire.send({"q": question, "error": "the run has ended"})
            self.told.pop(run.id, None)
        return {}, b""

    def command(self, head: dict[str, Any], body: bytes) -> Later:
        """One command between two steps; the answer carries the step at which it took effect."""
        run, command = self._run(head), head["command"]
        trainer = run.trainer
        extra: dict[str, Any] = {}
        match command["op"]:
            case "play":
                run.play()
                self.join(run)
            case "pause":
                run.playing = False
            case "step":
                self.step(run, command, head["q"])
                return None
            case "speed":
                run.speed = command["steps_per_second"]
                run._due = time.perf_counter()
            case "reset":
                run.playing = False
                trainer.reset(command["seed"])
                run.rewrite_history(0)
                run.forget_saved()
            case "set":
                if head["spec"] != trainer.spec or trainer.viewing is not None:
                    trainer.apply(head["spec"])
            case "edit":
                layer, _, weight = command["tensor"].rpartition("/")
                trainer.present()
                trainer.edit_weight(layer, weight, command["index"], command["value"])
                run.saved_step = -1
            case "seek":
                run.playing = False
                trainer.look_back(command["step"])
            case "solve":
                run.playing = False
                extra = {"solution": trainer.solve()}
                run.saved_step = -1
            case "move":
                if run.inspection.surface is None:
                    raise Refused("move wants a cost surface: subscribe to the view 'surface' first", "op")
                with np.errstate(over="ignore"):  # what is too large is refused by name
                    wanted = run.inspection.surface.plane.at(command["u"], command["v"])
                trainer.move(wanted)
                run.saved_step = -1
            case "probe":
                run.inspection.set_probe(
                    _pixels(command["picture"], trainer.data.input_shape), trainer.data.input_shape
                )
            case "rewind":
                run.playing = False
                trainer.rewind(command["step"])
                run.rewrite_history(trainer.history.count)
                run.forget_saved()
        return {**self.standing(run), **extra}, b""

    def standing(self, run: HostedRun) -> dict[str, Any]:
        """What the answer to a command says of the run."""
        trainer = run.trainer
        head_spec = trainer.viewing.meta["spec"] if trainer.viewing else trainer.spec
        return {"step": trainer.step_count, "state": run.state(), "spec": trainer.spec, "head_spec": head_spec}

    def step(self, run: HostedRun, command: dict[str, Any], question: int) -> None:
        """The command step: a few steps are made at once, many in turns with the other runs; then it is answered."""
        trainer = run.trainer
        if run.asked is not None:
            raise Refused("the steps asked for before are still being made")
        run.playing, run.failed = False, None
        trainer.present()
        if trainer.diverged:
            raise Refused(f"the run diverged at step {trainer.diverged['step']}: rewind or reset it first")
        run.stepping, run.asked = trainer.advancing(command["unit"], command["count"]), question
        self.join(run)
        if run.step_on(self.slice_seconds):
            self.stepped(run)

    def stepped(self, run: HostedRun) -> None:
        """Answers the command step."""
        question, run.asked = run.asked, None
        if run.failed:
            self.wire.send({"q": question, "error": run.failed, "fault": True})
        else:
            self.tell_rows(run)
            self.wire.send({"q": question, **self.standing(run)})
        self.show(run)

    def checkpoint(self, head: dict[str, Any], body: bytes) -> Reply:
        """A moment with the history up to it, for a fork."""
        run = self._run(head)
        frame = run.checkpoint(head.get("step"))
        rows = run.trainer.history.rows()
        rows = rows[rows[:, 0] <= frame.step]
        frames = [encode_checkpoint(f) for f in run.trainer.keyframes.frames if f.step <= frame.step]
        sizes, out = join_blobs([encode_checkpoint(frame), rows.tobytes(), *frames])
        return {"step": frame.step, "sizes": sizes, "spec": frame.meta["spec"], "rows": len(rows)}, out

    def save(self, head: dict[str, Any], body: bytes) -> Reply:
        """Tells everything unsaved of all runs; before a shutdown."""
        for run in self.runs.values():
            self.tell_rows(run)
            self.wire.send({"event": "state", **run.state()})
            self.tell_checkpoint(run)
        return {}, b""

    def predict(self, head: dict[str, Any], body: bytes) -> Reply:
        tensors, about = self._run(head).predict(head["inputs"], head["activations"])
        plain = {k: v.tolist() for k, v in tensors.items()}
        return {"tensors": plain, "step": self._run(head).trainer.step_count, **about}, b""

    def weights(self, head: dict[str, Any], body: bytes) -> Reply:
        trainer = self._run(head).trainer
        about = {"step": str(trainer.step_count), "spec": trainer.spec}
        return {}, encode_tensors(trainer.weights(), about)

    def set_weights(self, head: dict[str, Any], body: bytes) -> Reply:
        run = self._run(head)
        arrays = decode_weights(body)
        run.trainer.present()
        run.trainer.set_weights(arrays)
        run.saved_step = -1
        return {"step": run.trainer.step_count}, b""

    def data(self, head: dict[str, Any], body: bytes) -> Reply:
        """The examples as measured, in order, with their parts; at most `most` of them."""
        data = self._run(head).trainer.data
        most = head["most"]
        part = np.zeros(len(data.y), np.uint8)
        for number, name in enumerate(("train", "cv", "test")):
            part[data.index[name]] = number
        one = data.y.shape[1:] == (1,)
        y = data.answers(data.y[:, 0]) if one else data.y
        image = data.dataset.kind == "image"
        x = np.rint(data.dataset.x[:most] * 255).astype(np.uint8) if image else compact(data.dataset.x[:most])
        about = {
            "kind": data.dataset.kind,
            "task": data.task,
            "inputs": list(data.dataset.inputs),
            "features": data.input_names,
            "target": data.dataset.target,
            "classes": list(data.dataset.classes),
            "examples": len(data.y),
            "counts": {name: len(rows) for name, rows in data.index.items()},
            "shape": list(data.dataset.shape),
            "bounds": [] if image else [data.bounds(i) for i in range(len(data.dataset.inputs))],
        }
        tensors = {"x": x, "y": compact(y[:most]), "part": part[:most]}
        return {}, encode_tensors(tensors, {"kind": "data", "run": head["run"], "about": about})

    def csv(self, head: dict[str, Any], body: bytes) -> Reply:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused(f"the file is not UTF-8 text: byte {error.start} cannot be read", "file") from error
        return {"table": parse_csv(text).describe()}, b""

    def inspect(self, head: dict[str, Any], body: bytes) -> Reply:
        """Facts of the data set that an uploaded file holds."""
        keep_upload(head["data"]["upload"], body)
        data = prepare(head["data"]).dataset
        facts = {"task": data.task, "kind": data.kind, "outputs": data.outputs, "inputs": list(data.inputs),
                    "classes": list(data.classes), "examples": len(data.y), "shape": list(data.shape)}  # fmt: skip
        return facts, b""

    def upload(self, head: dict[str, Any], body: bytes) -> Reply:
        """Keeps a file that a spec is about to name."""
        keep_upload(head["upload"], body)
        return {}, b""

    def pictures(self, head: dict[str, Any], body: bytes) -> Reply:
        """Reads an archive of pictures, in folders or with boxes. Pillow is loaded here: a tenth of a host's memory."""
        from app.uploads import PictureError, holds_boxes, read_boxes, read_pictures  # noqa: PLC0415

        read = read_boxes if holds_boxes(body) else read_pictures
        try:
            packed, about = read(body, head["most_bytes"], head["most_pictures"])
        except PictureError as error:
            raise Refused(str(error), "file") from error
        return {"about": about}, packed


def _pixels(text: str | None, shape: tuple[int, ...]) -> np.ndarray[Any, Any] | None:
    """A probe's pixels."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused(f"picture wants base64: {error}", "picture") from error
    wanted = int(np.prod(shape))
    if len(shape) != 3 or len(raw) != wanted:
        words = "×".join(map(str, shape))
        raise Refused(f"picture wants {wanted} bytes ({words} pixels), got {len(raw)}", "picture")
    return np.frombuffer(raw, np.uint8).reshape(shape)


def resume(trainer: Trainer, latest: bytes, rows: bytes, frames: list[bytes]) -> None:
    """Puts a fresh trainer into a stored moment, whole."""
    head = decode_checkpoint(latest)
    trainer.history.load(np.frombuffer(rows, np.float64).reshape(-1, 6))
    trainer.history.truncate(head.step)
    kept = Keyframes(trainer.keyframes.most)
    for blob in frames:
        frame = decode_checkpoint(blob)
        if frame.step <= head.step:
            kept.add(frame)
    if kept.frames:
        trainer.keyframes = kept
    trainer.restore(head)


def main() -> None:
    """The process: its end of the socket pair is the descriptor in argv."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(HOST_NICENESS)
    sock = socket.socket(fileno=int(sys.argv[1]))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    set_threads(1)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the web process went first
        Host(BlockingWire(sock), orjson.loads(sys.argv[2])).serve()


if __name__ == "__main__":
    main()
