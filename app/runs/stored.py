"""What storage holds of a run, in the words of today: an earlier version may have written it.

A spec that lacks a field gets that field's default, as a visitor's would; one that cannot be read any more is a
problem which says so, and nothing that is stored is touched. Checkpoints and journals carry specs, too: they are read
the same way, so that a run goes on from the bits it had.
"""

import functools
import json
from collections.abc import Sequence

import orjson
from msgspec import structs

from app.errors import SpecProblem
from app.ipc import commands
from app.ipc.commands import Entry
from app.ipc.tensors import meta_of, with_meta
from app.runs.edits import Edits, Taken
from app.specs import parse_spec
from engine.training.spec import RunSpec


def spec_of_today(stored: RunSpec) -> RunSpec:
    """A stored spec as a visitor's would be read now."""
    try:
        return parse_spec(stored)
    except SpecProblem as problem:
        raise SpecProblem(
            problem.field,
            "run-of-another-version",
            "this run was stored by another version of Descent and cannot be read by this one: {why}",
            why=str(problem),
        ) from problem


def checkpoints_of_today(blobs: Sequence[bytes]) -> list[bytes]:
    """Stored checkpoints; those whose spec reads otherwise today get that spec."""
    return [_checkpoint_of_today(blob) for blob in blobs]


def _checkpoint_of_today(blob: bytes) -> bytes:
    meta = meta_of(blob)
    spec = orjson.loads(_read(json.dumps(meta["spec"])))
    return blob if spec == meta["spec"] else with_meta(blob, {**meta, "spec": spec})


@functools.lru_cache(maxsize=16)
def _read(spec: str) -> bytes:
    """The keyframes of a run have few specs between them."""
    return orjson.dumps(spec_of_today(json.loads(spec)))


def journal_of_today(journal: Sequence[Entry]) -> list[Entry]:
    return [structs.replace(entry, command=_command_of_today(entry.command)) for entry in journal]


def edits_of_today(edits: Edits) -> Edits:
    """What can be undone; what nobody could bring back any more is left out."""
    return Edits(_pile_of_today(edits.undo), _pile_of_today(edits.redo))


def _pile_of_today(pile: list[Taken]) -> list[Taken]:
    """The pile down to the first that cannot be read: what lies below it can be reached through it alone."""
    out: list[Taken] = []
    for taken in reversed(pile):
        try:
            command = _command_of_today(taken.command)
        except SpecProblem:
            break
        assert isinstance(command, commands.Set | commands.Edit)
        out.append(Taken(command, taken.path))
    return out[::-1]


def _command_of_today(command: commands.AnyCommand) -> commands.AnyCommand:
    return commands.Set(spec_of_today(command.spec)) if isinstance(command, commands.Set) else command
