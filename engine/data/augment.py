"""Augmentation: every picture of a training batch is mirrored, zoomed, turned, shifted and coloured at random.

Each picture gets its own draw. The output pixel at p takes its value from A⁻¹(p − c − t) + c of the picture, between
pixels by bilinear interpolation, and zero outside; c is the centre. Other parts of the data stay as they are.
"""

from dataclasses import dataclass

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array
from engine.data.settings import AugmentationSettings

CHANGES = (
    Argument("mirror", "bool", False, doc="left and right change places in half of them"),
    Argument("zoom", "float", 0.0, minimum=0, maximum=0.9, doc="sizes times 1 − zoom to 1 + zoom"),
    Argument("rotate", "float", 0.0, minimum=0, maximum=180, doc="± degrees"),
    Argument("shift", "float", 0.0, minimum=0, maximum=0.5, doc="± a part of the side"),
    Argument("colour", "float", 0.0, minimum=0, maximum=1, doc="contrast, brightness and tint"),
)
"""What a spec may ask for."""


@dataclass(frozen=True)
class Augmentation:
    """mirror: left and right change places in half of the pictures. zoom z: sizes × (1 − z … 1 + z).

    rotate: ± degrees. shift: ± a part of the side. colour c: contrast × (1 − c … 1 + c), brightness ± c / 2, each
    channel ± c / 4 more.
    """

    mirror: bool = False
    zoom: float = 0.0
    rotate: float = 0.0
    shift: float = 0.0
    colour: float = 0.0

    @classmethod
    def of(cls, settings: AugmentationSettings | None) -> "Augmentation | None":
        """From a spec's `augmentation`; None when it changes nothing."""
        made = cls(**settings) if settings else cls()
        return made if made != cls() else None

    @property
    def moves(self) -> bool:
        return bool(self.zoom or self.rotate or self.shift)

    def __call__(self, x: Array, rng: np.random.Generator) -> Array:
        """Pictures (B, H, W, C) in 0 … 1, changed; the same generator gives the same pictures."""
        out = np.array(x)
        count = len(out)
        if self.mirror:
            flipped = rng.random(count) < 0.5
            out[flipped] = out[flipped, :, ::-1]
        if self.moves:
            out = self._moved(out, rng)
        if self.colour:
            c, channels = self.colour, out.shape[3]
            contrast = rng.uniform(1 - c, 1 + c, (count, 1, 1, 1))
            brightness = rng.uniform(-c / 2, c / 2, (count, 1, 1, 1))
            tint = rng.uniform(-c / 4, c / 4, (count, 1, 1, channels)) if channels > 1 else 0.0
            out = np.clip((out - 0.5) * contrast + 0.5 + brightness + tint, 0, 1)
        return np.asarray(out, x.dtype)

    def _moved(self, x: Array, rng: np.random.Generator) -> Array:
        count, height, width, channels = x.shape
        angle = np.deg2rad(rng.uniform(-self.rotate, self.rotate, count))
        size = rng.uniform(1 - self.zoom, 1 + self.zoom, count)
        down = rng.uniform(-self.shift, self.shift, count) * height
        right = rng.uniform(-self.shift, self.shift, count) * width
        middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
        rows, columns = np.mgrid[:height, :width].astype(np.float32).reshape(2, 1, -1)
        y, z = rows - middle_y - down[:, None], columns - middle_x - right[:, None]
        cos, sin = (np.cos(angle) / size)[:, None], (np.sin(angle) / size)[:, None]
        source_y, source_x = (cos * y + sin * z + middle_y), (cos * z - sin * y + middle_x)
        top, left = np.floor(source_y).astype(np.int64), np.floor(source_x).astype(np.int64)
        part_y, part_x = (source_y - top)[..., None], (source_x - left)[..., None]
        padded = np.pad(x, ((0, 0), (1, 2), (1, 2), (0, 0))).reshape(count, -1, channels)
        wide = width + 3
        top, left = np.clip(top + 1, 0, height + 1), np.clip(left + 1, 0, width + 1)
        at, picture = top * wide + left, np.arange(count)[:, None]
        upper = padded[picture, at] * (1 - part_x) + padded[picture, at + 1] * part_x
        lower = padded[picture, at + wide] * (1 - part_x) + padded[picture, at + wide + 1] * part_x
        moved = upper * (1 - part_y) + lower * part_y
        outside = (source_y <= -1) | (source_y >= height) | (source_x <= -1) | (source_x >= width)
        moved[outside] = 0
        return np.asarray(moved.reshape(x.shape))
