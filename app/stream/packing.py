"""Frames for a link that is dear: each as what differs from the one before it, deflated. A client asks for it.

A packed message begins with eight bytes: the length of what is packed (4, little-endian), 0, 0, the kind, and 80. Then
comes raw DEFLATE (RFC 1951). The eighth byte of a safetensors file is 0, so a client sees which of the two it has; what
packing makes no smaller comes as it is.

Kind 0 is a message as others get it. Kind 1 is a frame as the difference from the frame this socket was sent before:
the length of a text (4 bytes, little-endian), the text, and every byte of all tensors less the byte in its place
before, modulo 256. Names, shapes and places of the tensors stay. The text is a JSON object: the values of
`__metadata__` that are others now; of "views" the views alone whose facts are others.

Numbers move little from one frame to the next, so that most of the bytes are 0 and 1.
"""

import zlib
from functools import lru_cache

import numpy as np
import orjson

WHOLE, DIFFERENCE = 0, 1
MARK = 80
LEVEL = 5
LARGE = 100_000
"""Bytes from which speed counts for more than size."""
SHARED = 16
"""Messages that are kept: viewers of one run that keep pace with each other are sent the same ones."""


def _deflated(kind: int, body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL if len(body) < LARGE else 1, zlib.DEFLATED, -15)
    return len(body).to_bytes(4, "little") + bytes((0, 0, kind, MARK)) + packer.compress(body) + packer.flush()


@lru_cache(maxsize=SHARED)
def whole(message: bytes) -> bytes:
    """The message packed by itself, or as it is."""
    packed = _deflated(WHOLE, message)
    return packed if len(packed) < len(message) else message


def _parts(frame: bytes) -> tuple[dict[str, object], dict[str, str], bytes]:
    """Where each tensor lies, the metadata, and the tensors' bytes."""
    size = int.from_bytes(frame[:8], "little")
    layout = orjson.loads(frame[8 : 8 + size])
    return layout, layout.pop("__metadata__"), frame[8 + size :]


@lru_cache(maxsize=SHARED)
def difference(before: bytes, frame: bytes) -> bytes:
    """The frame by what differs from the one before; whole where other tensors are in it."""
    old_layout, old_meta, old = _parts(before)
    layout, meta, new = _parts(frame)
    if layout != old_layout or set(meta) != set(old_meta):
        return whole(frame)
    changed: dict[str, object] = {name: text for name, text in meta.items() if text != old_meta[name]}
    if "views" in changed:
        facts, old_facts = orjson.loads(meta["views"]), orjson.loads(old_meta["views"])
        if list(facts) != list(old_facts):
            return whole(frame)
        changed["views"] = {name: about for name, about in facts.items() if about != old_facts[name]}
    text = orjson.dumps(changed)
    less = np.frombuffer(new, np.uint8) - np.frombuffer(old, np.uint8)
    return _deflated(DIFFERENCE, len(text).to_bytes(4, "little") + text + less.tobytes())


class Packer:
    """What one socket is sent, in order."""

    def __init__(self) -> None:
        self._before: bytes | None = None

    def frame(self, frame: bytes) -> bytes:
        before, self._before = self._before, frame
        return whole(frame) if before is None else difference(before, frame)
