"""Checkpoints, frames and weights as safetensors bytes, history rows as they lie in memory."""

import json
from typing import Any

import numpy as np
import orjson
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.core.errors import EngineError
from engine.core.types import Array
from engine.training import Checkpoint
from engine.training.history import COLUMNS

WEIGHT_KINDS = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")


def encode_checkpoint(frame: Checkpoint) -> bytes:
    rows_first = {name: np.ascontiguousarray(a) for name, a in frame.arrays.items()}  # as safetensors takes them to be
    return save(rows_first, {"meta": json.dumps(frame.meta)})


def metadata_of(data: bytes) -> dict[str, str]:
    """The `__metadata__` of a safetensors file."""
    size = int.from_bytes(data[:8], "little")
    head: dict[str, Any] = orjson.loads(data[8 : 8 + size])
    return dict(head.get("__metadata__", {}))


def meta_of(data: bytes) -> dict[str, Any]:
    """A stored checkpoint's meta. json, not orjson: the generator's state is a 128-bit number."""
    meta: dict[str, Any] = json.loads(metadata_of(data)["meta"])
    return meta


def with_meta(data: bytes, meta: dict[str, Any]) -> bytes:
    """A stored checkpoint with another meta; its arrays stay the bytes they are."""
    size = int.from_bytes(data[:8], "little")
    head: dict[str, Any] = orjson.loads(data[8 : 8 + size])
    head["__metadata__"] = {**head.get("__metadata__", {}), "meta": json.dumps(meta)}
    text = orjson.dumps(head)
    text += b" " * (-len(text) % 8)  # the arrays lie at multiples of eight, as safetensors has them
    return len(text).to_bytes(8, "little") + text + data[8 + size :]


def decode_checkpoint(data: bytes) -> Checkpoint:
    arrays = {name: np.array(a) for name, a in load(data).items()}
    return Checkpoint(arrays, meta_of(data))


def decode_weights(data: bytes) -> dict[str, Array]:
    """The tensors of somebody's safetensors file: F64, F32, F16 or whole numbers; ValueError for anything else."""
    try:
        size = int.from_bytes(data[:8], "little")
        head: dict[str, Any] = json.loads(data[8 : 8 + size])
        kinds = {name: part["dtype"] for name, part in head.items() if name != "__metadata__"}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EngineError(
            "weights-not-safetensors", "this is not a safetensors file: its header cannot be read"
        ) from error
    for name, kind in kinds.items():
        if kind not in WEIGHT_KINDS:
            raise EngineError(
                "weights-kind",
                "{name!r:.80} expected numbers as {kinds}, got {got!r:.20}",
                name=name,
                kinds=tuple(WEIGHT_KINDS),
                got=kind,
            )
    try:
        return load(data)
    except (SafetensorError, ValueError, KeyError) as error:
        raise EngineError("weights-not-safetensors", "this is not a safetensors file: {why}", why=str(error)) from error


def encode_tensors(tensors: dict[str, Array], metadata: dict[str, Any]) -> bytes:
    """safetensors; metadata values that are not text become JSON."""
    text = {
        k: v if isinstance(v, str) else orjson.dumps(v, option=orjson.OPT_SERIALIZE_NUMPY).decode()
        for k, v in metadata.items()
    }
    return save({k: np.ascontiguousarray(a) for k, a in tensors.items()}, text)


def decode_rows(data: bytes) -> Array:
    """Rows of the cost history."""
    return np.frombuffer(data, np.float64).reshape(-1, len(COLUMNS))
