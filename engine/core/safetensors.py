"""The safetensors format, as far as NumPy's numbers go: eight bytes of length, a JSON header, the bytes of all tensors.

https://github.com/huggingface/safetensors: header {name: {dtype, shape, data_offsets}}, and `__metadata__` of texts.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.core.types import Array

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}
MOST_HEADER_BYTES = 100_000_000


def pack(tensors: Mapping[str, Array], metadata: Mapping[str, str]) -> bytes:
    """The file's bytes."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    parts, at = [], 0
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor).reshape(np.shape(tensor))
        code = NAMES[array.dtype.newbyteorder("<") if array.dtype.itemsize > 1 else array.dtype]
        data = array.astype(DTYPES[code], copy=False).tobytes()
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def unpack(data: bytes, who: str) -> tuple[dict[str, Array], dict[str, str]]:
    """(tensors, metadata), or a ValueError that says what is wrong with the file."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > min(MOST_HEADER_BYTES, len(data) - 8):
        raise ValueError(f"{who} is no safetensors file, or its end is missing")
    try:
        header = json.loads(data[8 : 8 + size])
        metadata = {str(k): str(v) for k, v in header.pop("__metadata__", {}).items()}
        body = memoryview(data)[8 + size :]
        return {name: _tensor(body, **entry) for name, entry in header.items()}, metadata
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{who} is no safetensors file that can be read: {error}") from error


def _tensor(body: memoryview, dtype: str, shape: list[int], data_offsets: list[int]) -> Array:
    if dtype not in DTYPES:
        raise ValueError(f"numbers of kind {dtype}")
    start, stop = data_offsets
    kind = np.dtype(DTYPES[dtype])
    if not 0 <= start <= stop <= len(body) or stop - start != kind.itemsize * math.prod(shape):
        raise ValueError("sizes that do not fit the data")
    return np.frombuffer(body[start:stop], kind).reshape(shape).copy()
