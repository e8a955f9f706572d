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
        raise Refused("picture-base64", "picture wants base64: {why}", "picture", why=str(error)) from error
    expected = int(np.prod(shape))
    if len(shape) != 3 or len(raw) != expected:
        words = "×".join(map(str, shape))
        raise Refused(
            "picture-bytes",
            f"picture wants {{wanted:d}} bytes ({words} pixels), got {{got}}",
            "picture",
            wanted=expected,
            shape=shape,
            got=len(raw),
        )
    return np.frombuffer(raw, np.uint8).reshape(shape)
