"""A worker: a process that trains many runs in turn and answers the server between two slices.

Started as `python -m app.worker.process FD LIMITS`. Questions come typed (app/ipc/messages.py) and are told apart here;
what belongs to one run is in run.py, whose turn it is in turns.py.
"""

import contextlib
import os
import signal
import socket
import sys
from typing import assert_never

import msgspec

from app.errors import Refused
from app.export.onnx import onnx_bytes
from app.ipc import messages
from app.ipc.framing import BlockingWire
from app.ipc.messages import Asked, Limits
from app.pretrained import companion_of, pretrained_weights
from app.worker import answers
from app.worker.moments import moment_of, resume
from app.worker.post import Post
from app.worker.replay import replay
from app.worker.run import Run
from app.worker.trial import TrialRun
from app.worker.turns import Turns
from engine.core.shards import set_threads
from engine.data.uploads import keep_upload
from engine.training import Trainer
from engine.training.inspection import Inspection

NICENESS = 5
"""Training yields to the server (and to a browser on the same machine), so that what is seen stays smooth."""


class Worker:
    """The loop: receive, answer, give one turn."""

    def __init__(self, wire: BlockingWire, limits: Limits) -> None:
        self.wire, self.limits = wire, limits
        self.post = Post(wire.send)
        self.turns = Turns(limits.slice_ms / 1000)
        self.runs: dict[str, Run] = {}

    def serve(self) -> None:
        """Until the server closes its end."""
        while not self.wire.closed:
            for asked in self.wire.receive(self.turns.pause()):
                self.hear(asked)
            self.turns.give()

    def hear(self, asked: Asked) -> None:
        """Answers one question, now or later; whatever goes wrong becomes an answer too."""
        try:
            answer = self.answer(asked.number, asked.question)
        except Exception as error:  # a fault of ours must not end the other runs
            self.post.refuse(asked.number, error)
            return
        if answer is not None:
            self.post.answer(asked.number, answer)

    def answer(self, number: int, question: messages.AnyQuestion) -> messages.AnyAnswer | None:
        """The answer; None where whoever does the work answers, now or later."""
        if isinstance(question, messages.AnyOfRun):
            return self.answer_of_run(number, question)
        match question:
            case messages.Trial():
                self.begin_trial(number, question)
                return None
            case messages.Cancel():
                return messages.Cancelled(self.cancel(question.sweep))
            case messages.Csv():
                return answers.table(question.content)
            case messages.Pictures():
                return answers.pictures(question)
            case messages.Inspect():
                return answers.inspected(question)
            case messages.Save():
                for run in self.runs.values():
                    run.save()
            case messages.Threads():
                set_threads(question.number)  # two while a lone run has the machine to itself
            case _:
                assert_never(question)
        return messages.Done()

    def answer_of_run(self, number: int, question: messages.AnyOfRun) -> messages.AnyAnswer | None:
        """Of a question to one run."""
        match question:
            case messages.Create():
                self.create(number, question)
                return None
            case messages.Close():
                self.close(question.run)
                return messages.Done()
            case messages.KeepUpload():
                keep_upload(question.upload.id, question.upload.content)
                return messages.Done()
        run = self.run(question.run)
        match question:
            case messages.Steer():
                run.steer(number, question)
                return None
            case messages.Frame():
                run.look(number, question)
                return None
            case messages.Checkpoint():
                return moment_of(run.trainer, question.step)
            case messages.Predict():
                return answers.predicted(run.trainer, question)
            case messages.Weights():
                return answers.weights(run.trainer)
            case messages.Data():
                return answers.examples(run.id, run.trainer, question.most)
            case messages.Onnx():
                return messages.File(onnx_bytes(run.trainer.model))
            case _:
                assert_never(question)

    def run(self, name: str) -> Run:
        run = self.runs.get(name)
        if run is None:
            raise Refused("run-elsewhere", "the run is not here")
        return run

    def create(self, number: int, question: messages.Create) -> None:
        """A new run, or one that comes back; asked twice, it is there once."""
        for upload in question.uploads:
            keep_upload(upload.id, upload.content)
        run = self.runs.get(question.run)
        if run is not None:
            self.created(number, run)
            return
        run = self.begin(question)
        run.asked = number
        run.replay(replay(run, question), lambda: self.created(number, run))

    def created(self, number: int, run: Run) -> None:
        """It is there; whether it plays was told with the question."""
        run.asked = None
        if run.playing:
            run.playing = False
            if not run.trainer.diverged:
                run.play()
        self.post.answer(number, messages.Created(run.state(), run.trainer.spec, run.head_spec, run.settled))
        run.show()
        run.telling.tell_checkpoint()  # what was done again needs no third time

    def begin(self, question: messages.Create) -> Run:
        spec = question.spec
        trainer = Trainer(
            spec, None, self.limits.keyframe_bytes, pretrained_weights(spec.get("pretrained")), beside=True
        )
        Inspection.of(trainer).companion = companion_of(spec.get("pretrained"))
        limits = self.limits
        run = Run(question.run, trainer, self.post, self.turns, limits.checkpoint_seconds, limits.measure_share)
        if question.kept is not None:
            resume(trainer, question.kept)
            run.telling.rows_known(trainer.history.count)
        run.version = question.version
        run.telling.number = question.journal[0].number - 1 if question.journal else question.number
        self.runs[run.id] = run
        self.turns.add(run)
        return run

    def close(self, name: str) -> None:
        run = self.runs.pop(name, None)
        if run is not None:
            self.turns.leave(run)
            run.end()

    def begin_trial(self, number: int, question: messages.Trial) -> None:
        """Answered when it is over."""
        for upload in question.uploads:
            keep_upload(upload.id, upload.content)
        trial = TrialRun(number, question, self.post)
        self.turns.add(trial)
        self.turns.claim(trial)

    def cancel(self, sweep: str) -> int:
        """Ends the trials of a sweep that are here; how many."""
        trials = [m for m in self.turns.members if isinstance(m, TrialRun) and m.sweep == sweep]
        for trial in trials:
            trial.cancel()
            self.turns.leave(trial)
        return len(trials)


def main() -> None:
    """The process: its end of the socket pair is the descriptor in argv."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    sock = socket.socket(fileno=int(sys.argv[1]))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    set_threads(1)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the server went first
        Worker(BlockingWire(sock), msgspec.json.decode(sys.argv[2], type=Limits)).serve()


if __name__ == "__main__":
    main()
