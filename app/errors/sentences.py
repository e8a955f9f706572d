"""Codes and sentences that several places say, or that would be long where they are said."""

Sentence = tuple[str, str]
"""A code and its sentence."""
RECOVERING: Sentence = ("worker-ended", "the training process ended; the run is being recovered")
DEEP: Sentence = ("too-deep", "expected lists that are less deep")
RESTARTING: Sentence = ("restarting", "the server is being restarted; try again in a few seconds")
NO_WORKER: Sentence = ("no-worker", "no training process is up yet; try again in a second")
NO_PLACE: Sentence = ("runs-full", "all {most} places are taken; try again in a few minutes, or watch a run")
NO_PLACE_FOR_CLIENT: Sentence = (
    "client-runs-full",
    "{runs} runs of this address are active; end one (DELETE /api/v1/runs/ID), then try again",
)
RUN_TOKEN: Sentence = (
    "run-token",
    "steering this run wants its token (Authorization: Bearer …); watching needs none",
)
MANY_INPUTS: Sentence = ("inputs-many", "inputs wants at most {most:,} rows, got {got:,}")
