"""Moments of a run as bytes: what a fork begins with, and what a run that comes back is put into."""

from app.ipc.messages import Kept, Moment
from app.ipc.tensors import decode_checkpoint, decode_rows, encode_checkpoint
from engine.training import Trainer
from engine.training.checkpoint import Keyframes


def moment_of(trainer: Trainer, step: int | None) -> Moment:
    """The shown moment, or the keyframe nearest to `step`, with the history and keyframes up to it."""
    near = None if step is None or step >= trainer.step_count else trainer.keyframes.at(step)
    moment = trainer.whole(near or trainer.checkpoint())
    rows = trainer.history.rows()
    rows = rows[rows[:, 0] <= moment.step]
    frames = [encode_checkpoint(f) for f in trainer.keyframes.checkpoints if f.step <= moment.step]
    return Moment(moment.step, moment.meta["spec"], Kept(encode_checkpoint(moment), rows.tobytes(), frames))


def resume(trainer: Trainer, kept: Kept) -> None:
    """Puts a fresh trainer into a kept moment, whole."""
    moment = decode_checkpoint(kept.latest)
    trainer.history.load(decode_rows(kept.rows))
    trainer.history.truncate(moment.step)
    keyframes = Keyframes(trainer.keyframes.most)
    for blob in kept.frames:
        frame = decode_checkpoint(blob)
        if frame.step <= moment.step:
            keyframes.add(frame)
    if keyframes.checkpoints:
        trainer.keyframes = keyframes
    trainer.restore(moment)
