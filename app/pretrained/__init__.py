"""Networks that others have trained, read from the packages that carry them."""

from app.pretrained.face_api import PRETRAINED, companion_of, pretrained_weights

__all__ = ["PRETRAINED", "companion_of", "pretrained_weights"]
