"""One run in a worker: its trainer, whether it plays, the commands that steer it, and who hears of it."""

import time
from collections.abc import Callable, Iterator
from typing import assert_never

import numpy as np

from app.errors import Fault, Refused, diverged
from app.ipc import commands
from app.ipc.messages import Diverged, Frame, RunState, Solution, Standing, StateNews, Steer, Stopped, Views
from app.ipc.pace import Pace
from app.ipc.tensors import decode_weights
from app.worker.frames import Frames
from app.worker.measuring import Measuring
from app.worker.pacing import Pacing, paced
from app.worker.post import Post
from app.worker.probes import pixels
from app.worker.rate import Rate
from app.worker.telling import Telling
from app.worker.turns import Turns
from engine.training import Trainer
from engine.training.inspection import Inspection
from engine.training.measurement import QUICK_SECONDS
from engine.training.spec import RunSpec
from engine.training.surface import Surface
from engine.training.survey import Survey

ENDED = Refused("run-ended", "the run has ended")


class Run:
    """Steps the trainer in slices, obeys commands between two steps, and says what changed."""

    def __init__(
        self, run: str, trainer: Trainer, post: Post, turns: Turns, checkpoint_seconds: float = 1.0,
        measure_share: float = 0.2,
    ) -> None:  # fmt: skip
        self.id, self.trainer, self.post, self.turns = run, trainer, post, turns
        self.inspection = Inspection.of(trainer)
        self.measuring = Measuring(trainer, self.inspection, measure_share)
        self.frames = Frames(trainer, post)
        self.telling = Telling(run, trainer, post, checkpoint_seconds)
        self.playing = False
        self.pacing = Pacing()
        self.version = 1
        """Goes up with every change a frame could show."""
        self.spent = 0.0
        self.failed: str | None = None
        self.stepping: Iterator[None] | None = None
        """The steps that were asked for and are still to be made."""
        self.asked: int | None = None
        """The question that is answered when they are."""
        self._steering = Steer(run, 0, commands.Pause())
        """The command that is carried out, or was last."""
        self._began = 0
        """The step at which it began."""
        self._replaced: float | None = None  # the number that it took away
        self._replaying: Iterator[None] | None = None
        self._replayed: Callable[[], None] = lambda: None
        self.settled: list[tuple[int, int, int]] = []  # commands whose end nobody knew: number, began, ended
        self._rate = Rate()
        self._sliced = time.perf_counter()

    # -- time ----------------------------------------------------------------------------------------------------
    def wait(self, now: float) -> float | None:
        """Seconds until this run wants its turn; None while it rests."""
        if self._replaying is not None or self.drawing is not None or self.stepping is not None:
            return 0.0
        if not self.playing:
            return 0.0 if self.measuring.unfinished else None
        return 0.0 if self.measuring.wants else self.pacing.rest(now, self.trainer.step_count)

    @property
    def busy(self) -> bool:
        """Whether its numbers change by themselves."""
        return self.playing or self.stepping is not None or self._replaying is not None

    @property
    def drawing(self) -> Surface | Survey | None:
        """A cost surface, or at rest a count of units, that is not finished; its time counts as this run's own."""
        survey = self.inspection.survey
        if survey is not None and not self.busy and not survey.finished and survey.holds(self.trainer):
            return survey
        drawings = reversed(self.inspection.surfaces.values())
        unfinished = (s for s in drawings if not s.finished and s.model is self.trainer.model)
        return next(unfinished, None)

    def take(self, seconds: float) -> bool:
        """A turn, and what came of it is told."""
        if self._replaying is not None:
            self._replay_on(seconds)
            return True
        self.slice(seconds)
        if self.asked is not None and self.stepping is None:
            self._stepped()
        else:
            self._serve()
            if self.telling.due(self.busy):
                self.telling.tell(self.state(), self.busy)
        return True

    def slice(self, seconds: float) -> None:
        """Trains for `seconds`, or as many steps as its pace allows; half of it draws what is unfinished.

        Measuring comes first at rest; in motion it has its own share.
        """
        if not self.busy and self.measuring.unfinished:
            self._measure(seconds)
            return
        surface = self.drawing
        if surface is not None:
            start = time.thread_time()
            try:
                surface.advance(seconds / 2 if self.busy else seconds)
            except Exception as error:  # a drawing that fails is given up; the run goes on
                self.failed = f"{type(error).__name__}: {error}"
                self.inspection.surfaces.clear()
                self.inspection.survey = None
            self.spent += time.thread_time() - start
            self.version += 1
        now, before = time.perf_counter(), self.spent
        if self.stepping is not None:
            self._step_on(seconds)
        elif self.playing:
            self._train(seconds)
        held = self.playing and self.pacing.rate(self.trainer.step_count) is not None
        self.measuring.earn(now - self._sliced if held else self.spent - before)
        self._sliced = now
        if self.busy:
            self._measure(seconds)

    def _measure(self, seconds: float) -> None:
        """Measures the run over whole parts for so long."""
        start = time.thread_time()
        try:
            self.version += self.measuring.move(seconds) if self.busy else self.measuring.rest(seconds)
        except Exception as error:  # a measurement that fails is given up; the run goes on
            self.failed = f"{type(error).__name__}: {error}"
            self.measuring.give_up()
        self.spent += time.thread_time() - start

    def _settle(self) -> None:
        """Before anyone hears of a run that rests: what takes but an instant is measured, the rest announced."""
        self.inspection.resting = not self.busy
        if not self.busy and self.measuring.unfinished:
            self._measure(QUICK_SECONDS)

    def _train(self, seconds: float) -> None:
        start, clock = time.thread_time(), time.perf_counter()
        most = self.pacing.most(clock, self.trainer.step_count)
        if most == 0:
            return
        try:
            steps = self.trainer.run_for(seconds, most)
        except Exception as error:  # any failure of one run must leave the others alone
            self.failed = f"{type(error).__name__}: {error}"
            self.playing, steps = False, 1
        self.spent += time.thread_time() - start
        self._rate.trained(time.perf_counter() - clock, steps, self.trainer.step_count)
        if self.trainer.early.stopped:
            self.telling.timeline_changed()  # the run went back to its best moment
        if self.trainer.diverged or self.trainer.early.stopped:
            self.playing = False
        self.version += steps > 0

    # -- the journal ---------------------------------------------------------------------------------------------
    def replay(self, steps: Iterator[None], then: Callable[[], None]) -> None:
        """Does again what the journal has, in turns with the other runs; `then` follows."""
        self._replaying, self._replayed = steps, then
        self.turns.claim(self)
        self._replay_on(self.turns.slice_seconds)

    def _replay_on(self, seconds: float) -> None:
        assert self._replaying is not None
        if self._over(self._replaying, seconds):
            self._replaying = None
            self._replayed()

    def _over(self, steps: Iterator[None], seconds: float) -> bool:
        """Makes steps until the time is over; whether that was the last of them, or one that failed."""
        start, end = time.thread_time(), time.perf_counter() + seconds
        try:
            with np.errstate(all="ignore"):
                return all(time.perf_counter() < end for _ in steps)
        except Exception as error:  # any failure of one run must leave the others alone
            self.failed = f"{type(error).__name__}: {error}"
            return True
        finally:
            self.spent += time.thread_time() - start

    def done(self, number: int) -> None:
        """A command of the journal is carried out, and a checkpoint has it in it: unless it shows the past."""
        if self.trainer.viewing is None:
            self.telling.number = number

    # -- commands ------------------------------------------------------------------------------------------------
    def steer(self, number: int, question: Steer) -> None:
        """One command between two steps; the answer carries the step at which it took effect."""
        command = question.command
        if self.asked is not None and isinstance(command, commands.Step):
            raise Refused("steps-running", "the steps asked for before are still being made")
        self._steering, self._began, self._replaced = question, self.head, None
        if isinstance(command, commands.Step):
            self._step(number, command)
            return
        solution = self.obey(command)
        self._answer(number, solution)

    def obey(self, command: commands.AnyCommand) -> Solution | None:
        """Does a command; what it found, if it looked for something."""
        trainer = self.trainer
        match command:
            case commands.Play():
                self.play()
            case commands.Pause():
                self.playing = False
            case commands.Step():
                raise TypeError("steps are made in turns")
            case commands.Speed() | commands.Pace():
                self.go_at(paced(self.pacing.pace, command, self.head))
            case commands.Reset(seed):
                self.playing = False
                trainer.reset(seed)
                self.go_at(self.pacing.pace.back_at(0))
                self.telling.rows_rewritten(0)
                self.telling.timeline_changed()
            case commands.Set(spec):
                if spec != trainer.spec or trainer.viewing is not None:
                    trainer.apply(spec)
            case commands.Edit(tensor, index, value):
                layer, _, weight = tensor.rpartition("/")
                trainer.present()
                self._replaced = trainer.edit_weight(layer, weight, index, value)
                self.telling.weights_changed()
            case commands.Seek(step):
                self.playing = False
                trainer.look_back(step)
            case commands.Solve():
                self.playing = False
                solution = Solution(**trainer.solve())
                self.telling.weights_changed()
                return solution
            case commands.Move(u, v):
                self._move(u, v)
            case commands.Load(content):
                trainer.present()
                trainer.set_weights(decode_weights(content))
                self.telling.weights_changed()
            case commands.Probe(picture):
                self.inspection.set_probe(pixels(picture, trainer.data.input_shape), trainer.data.input_shape)
            case commands.Rewind(step):
                self.playing = False
                trainer.rewind(step)
                self.go_at(self.pacing.pace.back_at(trainer.step_count))
                self.telling.rows_rewritten(trainer.history.count)
                self.telling.timeline_changed()
            case _:
                assert_never(command)
        return None

    def go_at(self, pace: Pace) -> None:
        """Another pace, from the next step on."""
        self.pacing.take(pace)
        self.pacing.begin(time.perf_counter(), self.trainer.step_count)

    def play(self) -> None:
        self.trainer.present()
        if self.trainer.diverged:
            raise diverged(self.trainer.diverged["step"], "rewind it or reset it, then play")
        self.failed = None
        if self.trainer.early.stopped:
            self.trainer.early.go_on()
        self.playing = True
        self.pacing.begin(time.perf_counter(), self.trainer.step_count)
        self._rate.begin(self.trainer.step_count)
        self.turns.claim(self)

    def _move(self, u: float, v: float) -> None:
        if self.inspection.surface is None:
            raise Refused("no-surface", "move wants a cost surface: subscribe to the view 'surface' first", "op")
        with np.errstate(over="ignore"):  # what is too large is refused by name
            weights = self.inspection.surface.plane.at(u, v)
        self.trainer.move(weights)
        self.telling.weights_changed()

    def _step(self, number: int, command: commands.Step) -> None:
        """A few steps are made at once, many in turns with the other runs; then it is answered."""
        trainer = self.trainer
        self.playing, self.failed = False, None
        trainer.present()
        if trainer.diverged:
            raise diverged(trainer.diverged["step"], "rewind or reset it first")
        self.stepping, self.asked = trainer.advancing(command.unit, command.count), number
        self.turns.claim(self)
        if self._step_on(self.turns.slice_seconds):
            self._stepped()

    def _step_on(self, seconds: float) -> bool:
        """Makes the steps that were asked for, until the time is over; whether that was the last of them."""
        assert self.stepping is not None
        before, clock = self.trainer.step_count, time.perf_counter()
        if self._over(self.stepping, seconds):
            self.stepping = None
        self._rate.trained(time.perf_counter() - clock, self.trainer.step_count - before, self.trainer.step_count)
        self.version += 1
        if self.trainer.early.stopped:
            self.telling.timeline_changed()
        return self.stepping is None

    def _stepped(self) -> None:
        """Answers the command step."""
        assert self.asked is not None
        number, self.asked = self.asked, None
        if self.failed:
            self.post.refuse(number, Fault("fault", "{why}", why=self.failed))
            self.show()
        else:
            self._answer(number)

    def _answer(self, number: int, solution: Solution | None = None) -> None:
        """Rows before the answer: who has it finds the history that belongs to it. Then everyone sees it."""
        self.done(self._steering.number)
        self._settle()
        self.telling.tell_rows()
        if isinstance(self._steering.command, commands.Move):  # the surface it moves on is gone with this process
            self.telling.tell_checkpoint()
        standing = Standing(self.state(), self.trainer.spec, self.head_spec, self._began, solution, self._replaced)
        self.post.answer(number, standing)
        self.show()

    # -- what it says --------------------------------------------------------------------------------------------
    def show(self) -> None:
        """Tells everyone at once what a command changed."""
        self.version += 1
        self._settle()
        self.telling.tell(self.state(), self.busy)
        self._serve()

    def look(self, number: int, question: Frame) -> None:
        """Someone wants a frame, now or when there is a newer one."""
        self.frames.waiting.append((number, question))
        self._serve()

    def _serve(self) -> None:
        """Frames for whom they are due; the rows that belong to them first."""
        self.inspection.resting = not self.busy
        if self._replaying is None and self.frames.due(self.version):
            self.telling.tell_rows()
            self.frames.serve(self.state(), self.busy)

    def frame(self, views: Views, exact: bool) -> bytes:
        """A frame of views as it is now."""
        return self.frames.make(views, exact, self.state(), self.busy)

    def save(self) -> None:
        """Tells everything that is unsaved."""
        self.telling.tell_rows()
        self.post.news(StateNews(self.state()))
        self.telling.tell_checkpoint()

    def end(self) -> None:
        """Who waits for something of it is told that nothing will come."""
        waiting = [number for number, _ in self.frames.waiting]
        for number in [*waiting, *([] if self.asked is None else [self.asked])]:
            self.post.refuse(number, ENDED)

    @property
    def head(self) -> int:
        """The present's step, also while an earlier moment is shown."""
        return self.trainer.viewing.step if self.trainer.viewing else self.trainer.step_count

    @property
    def head_spec(self) -> RunSpec:
        return self.trainer.viewing.meta["spec"] if self.trainer.viewing else self.trainer.spec

    def state(self) -> RunState:
        t = self.trainer
        return RunState(
            run=self.id,
            playing=self.playing,
            step=t.step_count,
            epoch=t.epoch + t.cursor / max(1, len(t.x)),
            steps_per_epoch=t.steps_per_epoch,
            head=self.head,
            viewing=t.viewing is not None,
            diverged=Diverged(**t.diverged) if t.diverged else None,
            stopped=Stopped(**t.early.stopped) if t.early.stopped else None,
            cycle=t.cycle,
            failed=self.failed,
            speed=self.pacing.pace.speed,
            pace=self.pacing.pace,
            held=self.pacing.rate(self.head),
            rate=self._rate.steps_a_second if self.playing else 0.0,
            step_ms=self._rate.step_ms,
            keyframes=t.keyframes.steps(),
            version=self.version,
            revision=t.revision,
        )
