"""Checkpoints and frames as safetensors bytes."""

import json
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import load, save

from engine.core.types import Array
from engine.training import Checkpoint


def encode_checkpoint(frame: Checkpoint) -> bytes:
    return save(dict(frame.arrays), {"meta": json.dumps(frame.meta)})


def metadata_of(data: bytes) -> dict[str, str]:
    """The `__metadata__` of a safetensors file."""
    size = int.from_bytes(data[:8], "little")
    head: dict[str, Any] = orjson.loads(data[8 : 8 + size])
    return dict(head.get("__metadata__", {}))


def meta_of(data: bytes) -> dict[str, Any]:
    """A stored checkpoint's meta. json, not orjson: the generator's state is a 128-bit number."""
    meta: dict[str, Any] = json.loads(metadata_of(data)["meta"])
    return meta


def decode_checkpoint(data: bytes) -> Checkpoint:
    arrays = {name: np.array(a) for name, a in load(data).items()}
    return Checkpoint(arrays, meta_of(data))


def encode_tensors(tensors: dict[str, Array], metadata: dict[str, Any]) -> bytes:
    """safetensors; metadata values that are not text become JSON."""
    text = {
        k: v if isinstance(v, str) else orjson.dumps(v, option=orjson.OPT_SERIALIZE_NUMPY).decode()
        for k, v in metadata.items()
    }
    return save({k: np.ascontiguousarray(a) for k, a in tensors.items()}, text)


def join_blobs(blobs: list[bytes]) -> tuple[list[int], bytes]:
    """Several bodies in one message: their sizes for the head, and the bytes."""
    return [len(b) for b in blobs], b"".join(blobs)


def split_blobs(sizes: list[int], body: bytes) -> list[bytes]:
    out, at = [], 0
    for size in sizes:
        out.append(body[at : at + size])
        at += size
    return out
