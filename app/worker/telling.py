"""What has been told of one run, and what is still to be: its state, history rows and checkpoints."""

import time

from app.ipc.messages import CheckpointNews, RowsNews, RunState, StateNews
from app.ipc.tensors import encode_checkpoint
from app.worker.post import Post
from engine.core.types import Array
from engine.training import Trainer
from engine.training.spec import RunSpec

TELL_SECONDS = 0.4
"""News of a training run; frames and commands bring theirs at once."""
CHECKPOINT_BYTES_A_SECOND = 8e6
"""A large run is kept more seldom."""
MOST_COMMANDS = 200
"""Commands that change no weights are in a new checkpoint, too, once so many have come: the journal stays short."""


class Telling:
    """Remembers what the server and storage know, so that they are told the rest and nothing twice."""

    def __init__(self, run: str, trainer: Trainer, post: Post, checkpoint_seconds: float) -> None:
        self.run, self.trainer, self.post = run, trainer, post
        self.checkpoint_seconds = checkpoint_seconds
        self._told_at = 0.0
        self._rows_told = 0
        self._saved_at = time.perf_counter()
        self._saved_step = -1
        self._saved_spec: RunSpec | None = None
        self._saved_frames: set[int] = set()
        self._saved_number = 0
        self.number = 0
        """The last command that a checkpoint of now would have in it."""

    def due(self, busy: bool) -> bool:
        """Of a run that trains a few times a second; of one that rests whatever there is."""
        return not busy or time.perf_counter() - self._told_at >= TELL_SECONDS

    def tell(self, state: RunState, busy: bool) -> None:
        """State and rows; a checkpoint when it is due."""
        clock = self._told_at = time.perf_counter()
        self.tell_rows()
        self.post.news(StateNews(state))
        size = max(1, self.trainer.model.store.values.nbytes * 3)
        if not busy or clock - self._saved_at > max(self.checkpoint_seconds, size / CHECKPOINT_BYTES_A_SECOND):
            self.tell_checkpoint()

    # -- history -------------------------------------------------------------------------------------------------
    def tell_rows(self) -> None:
        start, rows = self.new_rows()
        if len(rows) or start == 0:
            self.post.news(RowsNews(self.run, start, rows.tobytes()))

    def new_rows(self) -> tuple[int, Array]:
        """History rows that have not been told yet, and the number of rows that stay before them."""
        history = self.trainer.history
        start = min(self._rows_told, history.take_changed())
        self._rows_told = history.count
        return start, history.rows(start)

    def rows_known(self, count: int) -> None:
        """The first `count` rows need no telling."""
        self._rows_told = count

    def rows_rewritten(self, count: int) -> None:
        """After a rewind or reset: rows from `count` on will be told again."""
        self._rows_told = min(self._rows_told, count)

    # -- checkpoints ---------------------------------------------------------------------------------------------
    def tell_checkpoint(self) -> None:
        """What storage lacks, unless that is nothing or the run has diverged."""
        trainer = self.trainer
        moment = trainer.whole(trainer.viewing or trainer.checkpoint())
        known = moment.step == self._saved_step and trainer.spec == self._saved_spec
        if trainer.diverged or (known and self.number - self._saved_number < MOST_COMMANDS):
            return
        self._saved_number = self.number
        self._saved_step, self._saved_spec, self._saved_at = moment.step, trainer.spec, time.perf_counter()
        frames = trainer.keyframes.checkpoints
        fresh = [(f.step, encode_checkpoint(f)) for f in frames if f.step not in self._saved_frames]
        self._saved_frames = {f.step for f in frames}
        latest = encode_checkpoint(moment)
        self.post.news(CheckpointNews(self.run, self.number, moment.step, latest, fresh, trainer.keyframes.steps()))

    def weights_changed(self) -> None:
        """Other weights at the same step: the checkpoint is told again."""
        self._saved_step = -1

    def timeline_changed(self) -> None:
        """After a rewind or reset: keyframes are told again."""
        self._saved_frames.clear()
        self._saved_step = -1
