"""A run that comes back does again what was done after its last checkpoint: the same commands at the same steps."""

import logging
from collections.abc import Iterator

from app.ipc import commands
from app.ipc.commands import Entry
from app.ipc.messages import Create
from app.worker.post import OURS_TO_SAY
from app.worker.run import Run
from engine.training import Trainer

log = logging.getLogger("descent.worker")


def replay(run: Run, question: Create) -> Iterator[None]:
    """Carries the journal out on a run that is at its checkpoint; pauses after each step.

    The steps between two commands are made, so that each command meets the weights that it met before, bit for bit.
    A command whose end nobody knows is done wherever the run is then: it was written down, so it may have been
    acknowledged. Where that was is told (`run.settled`), so that it is done there the next time, too.
    """
    unknown = False
    for entry in question.journal:
        if entry.began is None and not unknown:
            unknown, run.playing = True, question.playing
            run.go_at(question.pace)
        yield from _carry_out(run, entry)
    if not unknown:
        run.playing = question.playing
        run.go_at(question.pace)


def _carry_out(run: Run, entry: Entry) -> Iterator[None]:
    again = not isinstance(entry.command, commands.Probe)  # a picture belongs to no step
    if again and entry.began is not None and run.trainer.viewing is None:
        yield from _up_to(run.trainer, entry.began)
    began = run.head
    try:
        if isinstance(entry.command, commands.Step):
            yield from _steps(run, entry.command, entry.ended)
        else:
            run.obey(entry.command)
    except OURS_TO_SAY as error:  # it was refused then as it is now, or it asks for what only a visitor's page had
        log.info("run %s: command %d of the journal is left out: %s", run.id, entry.number, error)
    if entry.began is None:
        run.settled.append((entry.number, began, run.head))
    run.done(entry.number)


def _up_to(trainer: Trainer, step: int) -> Iterator[None]:
    while trainer.step_count < step and not trainer.diverged and not trainer.early.stopped:
        trainer.step()
        yield


def _steps(run: Run, command: commands.Step, ended: int | None) -> Iterator[None]:
    """The steps that a visitor asked for; the checkpoint may be from among them."""
    trainer = run.trainer
    run.playing = False
    trainer.present()
    if ended is not None and trainer.step_count >= ended:
        return
    for _ in trainer.advancing(command.unit, command.count):
        yield
        if trainer.step_count == ended:
            return
