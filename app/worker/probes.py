"""Pictures that visitors show a run."""

import base64
import binascii

import numpy as np

from app.errors import Refused
from engine.core.types import Array


def pixels(text: str | None, shape: tuple[int, ...]) -> Array | None:
    """A probe's pixels."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused(f"picture wants base64: {error}", "picture") from error
    expected = int(np.prod(shape))
    if len(shape) != 3 or len(raw) != expected:
        words = "×".join(map(str, shape))
        raise Refused(f"picture wants {expected} bytes ({words} pixels), got {len(raw)}", "picture")
    return np.frombuffer(raw, np.uint8).reshape(shape)
