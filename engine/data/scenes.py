"""Scenes with exact boxes: emoji on photographs and textures, digits on a canvas, plain shapes; faces with landmarks.

Everything follows from the settings and their seed. A box is the smallest one around an object's ink. Truth is
(M, N, 5): class, x, y, w, h of each box's centre and size in parts of the picture; class −1 where there is no object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.core.arguments import Argument
from engine.core.types import Array, Config
from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.generated import SAMPLES, SEED
from engine.data.real import FILES, load
from engine.data.settings import DataSettings
from engine.detection.boxes import iou

ARRANGEMENTS = ("free", "one_cell", "same_shape")
SCENE = (
    SAMPLES,
    SEED,
    Argument("objects", "int", 3, minimum=1, maximum=12, doc="at most so many objects"),
    Argument("smallest", "float", 0.2, minimum=0.08, maximum=0.9, doc="smallest object, in parts of the side"),
    Argument("largest", "float", 0.45, minimum=0.1, maximum=0.95, doc="largest object"),
    Argument("overlap", "float", 0.1, minimum=0, maximum=1, doc="largest IoU of two objects"),
    Argument("clutter", "float", 0.3, minimum=0, maximum=1, doc="scraps that are no objects"),
    Argument("arrangement", "choice", "free", choices=ARRANGEMENTS,
             doc="one_cell: centres close together; same_shape: several of one shape at one place"),
)  # fmt: skip
SIDES = (48, 64, 96)
TRIES = 30
INK = 0.25
"""An object's ink is where it covers so much of a pixel."""
SHAPES = ("disc", "square", "triangle", "ring", "cross", "bar")


@dataclass(frozen=True)
class Part:
    """Something to paste: colour (h, w, C) and cover (h, w), both 0 … 1."""

    colour: Array
    cover: Array


Maker = Callable[[int, int, np.random.Generator], Part]
"""(class, pixels a side, rng) → what is pasted."""


def resized(picture: Array, height: int, width: int) -> Array:
    """Means of the pixels that fall into each new one (growing: the nearest), for (H, W) and (H, W, C)."""
    out = picture
    for axis, size in ((0, height), (1, width)):
        before = out.shape[axis]
        if size >= before:
            out = out.take(np.arange(size) * before // size, axis=axis)
            continue
        edges = np.arange(size + 1) * before / size
        sums = np.concatenate([np.zeros_like(out.take([0], axis=axis)), np.cumsum(out, axis=axis)], axis=axis)
        low = np.floor(edges).astype(np.int64)
        part = (edges - low).reshape([-1 if i == axis else 1 for i in range(out.ndim)])
        upper = np.minimum(low + 1, before)
        at = sums.take(low, axis=axis) * (1 - part) + sums.take(upper, axis=axis) * part
        out = np.diff(at, axis=axis) * (size / before)
    return out


@lru_cache(maxsize=1)
def _glyphs() -> tuple[Array, tuple[str, ...]]:
    with np.load(FILES / "glyphs.npz", allow_pickle=False) as data:
        return data["x"].astype(np.float32) / np.float32(255), tuple(str(c) for c in data["classes"])


GLYPH_NAMES = ("smile", "heart", "star", "apple", "car", "cat", "tree", "fish", "ball", "flower", "ghost", "banana")
DIGIT_NAMES = tuple(str(i) for i in range(10))


@lru_cache(maxsize=2048)
def _small_glyph(label: int, height: int, width: int) -> Array:
    """Scenes ask for the same few sizes thousands of times; forgotten when a data set is made."""
    return resized(_glyphs()[0][label], height, width)


def _glyph(label: int, side: int, rng: np.random.Generator) -> Part:
    tall = float(rng.uniform(0.85, 1.18))
    height, width = max(4, round(side * min(1.0, tall))), max(4, round(side / max(1.0, tall)))
    small = _small_glyph(label, height, width)
    if label != GLYPH_NAMES.index("car") and rng.random() < 0.5:
        small = small[:, ::-1]
    return Part(small[..., :3], small[..., 3])


def _digit(label: int, side: int, rng: np.random.Generator) -> Part:
    data = load("mnist")
    rows = np.flatnonzero(data.y == label)
    picture = data.x[rows[rng.integers(len(rows))], :, :, 0]
    inked = np.flatnonzero(picture.max(axis=1) > INK), np.flatnonzero(picture.max(axis=0) > INK)
    cut = picture[inked[0][0] : inked[0][-1] + 1, inked[1][0] : inked[1][-1] + 1]
    scale = side / max(cut.shape)
    cover = resized(cut, max(3, round(cut.shape[0] * scale)), max(3, round(cut.shape[1] * scale)))
    return Part(np.ones((*cover.shape, 1), np.float32), cover)


def _shape(label: int, side: int, rng: np.random.Generator) -> Part:
    """Drawn four times as fine, then averaged."""
    fine = 4 * side
    y, x = (np.mgrid[:fine, :fine] + 0.5) / fine * 2 - 1
    radius = np.hypot(x, y)
    inside = {
        "disc": radius < 1,
        "square": np.ones_like(radius, bool),
        "triangle": np.abs(x) < (y + 1) / 2,
        "ring": (radius < 1) & (radius > 0.55),
        "cross": (np.abs(x) < 0.3) | (np.abs(y) < 0.3),
        "bar": np.abs(y) < 0.4,
    }[SHAPES[label]]
    if SHAPES[label] == "bar" and rng.random() < 0.5:
        inside = inside.T
    cover = inside.reshape(side, 4, side, 4).mean(axis=(1, 3)).astype(np.float32)
    colour = rng.uniform(0, 1, 3).astype(np.float32)
    colour[rng.integers(3)] = rng.choice((0.0, 1.0))
    return Part(np.broadcast_to(colour, (*cover.shape, 3)), cover)


def _ground(side: int, channels: int, rng: np.random.Generator) -> Array:
    """Part of a photograph, a texture, or a plain slope of colour."""
    if channels == 1:
        return np.full((side, side, 1), 0.02, np.float32)
    kind = rng.random()
    if kind < 0.5:
        picture = load("photographs").x[rng.integers(6)]
        cut = int(rng.integers(side, 200))
        top, left = rng.integers(0, 256 - cut, 2)
        ground = resized(picture[top : top + cut, left : left + cut], side, side)
    elif kind < 0.75:
        data = load("textures")
        patch = data.x[rng.integers(len(data.x))]
        ground = resized(np.repeat(patch, 3, axis=2), side, side) * rng.uniform(0.5, 1, 3)
    else:
        first, last = rng.uniform(0.1, 0.9, (2, 3))
        slope = np.linspace(0, 1, side)[:, None, None]
        ground = np.broadcast_to(first + (last - first) * slope, (side, side, 3))
    return np.asarray(0.15 + 0.7 * ground, np.float32)


def _scraps(picture: Array, count: int, rng: np.random.Generator) -> None:
    """Bars and spots of one colour, in place."""
    side, _, channels = picture.shape
    for _ in range(count):
        high, wide = rng.integers(2, max(3, side // 6), 2)
        if rng.random() < 0.5:
            high, wide = (1, wide * 2) if rng.random() < 0.5 else (high * 2, 1)
        top, left = int(rng.integers(0, side - 1)), int(rng.integers(0, side - 1))
        picture[top : top + high, left : left + wide] = rng.uniform(0.1, 0.9, channels)


def _box(part: Part, top: int, left: int, side: int) -> tuple[float, float, float, float] | None:
    """Corners of the ink of a part at a place, in parts of the picture."""
    rows, columns = np.flatnonzero(part.cover.max(axis=1) > INK), np.flatnonzero(part.cover.max(axis=0) > INK)
    if not len(rows):
        return None
    return ((left + columns[0]) / side, (top + rows[0]) / side, (left + columns[-1] + 1) / side,
            (top + rows[-1] + 1) / side)  # fmt: skip


def _place(part: Part, side: int, centre: Array | None, rng: np.random.Generator) -> tuple[int, int]:
    """Top and left: anywhere inside, or about a centre."""
    high, wide = part.cover.shape
    if centre is None:
        return int(rng.integers(0, side - high + 1)), int(rng.integers(0, side - wide + 1))
    moved = centre * side + rng.uniform(-1.5, 1.5, 2) - np.array([high, wide]) / 2
    return int(np.clip(moved[0], 0, side - high)), int(np.clip(moved[1], 0, side - wide))


def scene(settings: Config, side: int, channels: int, classes: int, make: Maker, rng: np.random.Generator,
          least: int = 1) -> tuple[Array, list[tuple[int, float, float, float, float]]]:  # fmt: skip
    """One picture (side, side, C) in 0 … 1 and its objects (class, x1, y1, x2, y2)."""
    picture = np.array(_ground(side, channels, rng))
    _scraps(picture, rng.poisson(8 * settings["clutter"]), rng)
    objects: list[tuple[int, float, float, float, float]] = []
    arrangement = settings["arrangement"]
    count = int(rng.integers(least, settings["objects"] + 1)) if arrangement == "free" else settings["objects"]
    centre = None if arrangement == "free" else rng.uniform(0.3, 0.7, 2)
    same = int(rng.integers(classes)), float(rng.uniform(settings["smallest"], settings["largest"]))
    for _ in range(count):
        for _ in range(TRIES):
            label, part_of_side = (
                int(rng.integers(classes)),
                float(rng.uniform(settings["smallest"], settings["largest"])),
            )
            if arrangement == "same_shape":
                label, part_of_side = same
            part = make(label, max(4, round(part_of_side * side)), rng)
            top, left = _place(part, side, centre, rng)
            box = _box(part, top, left, side)
            if box is None:
                continue
            others = np.array([o[1:] for o in objects]).reshape(-1, 4)
            most = 1.0 if arrangement != "free" else settings["overlap"]
            if len(others) and iou(np.array([box]), others).max() > most:
                continue
            high, wide = part.cover.shape
            under = picture[top : top + high, left : left + wide]
            under += (part.colour - under) * part.cover[..., None]
            objects.append((label, *box))
            break
    return picture, objects


def truth_of(objects: list[list[tuple[int, float, float, float, float]]], most: int) -> Array:
    """(M, most, 5) from lists of (class, x1, y1, x2, y2)."""
    out = np.zeros((len(objects), most, 5), np.float32)
    out[..., 0] = -1
    for i, inside in enumerate(objects):
        for n, (label, x1, y1, x2, y2) in enumerate(inside[:most]):
            out[i, n] = label, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    return out


@lru_cache(maxsize=3)
def _made(name: str, key: tuple[tuple[str, Any], ...], side: int) -> tuple[Array, Array]:
    """Pictures and truth; kept, since several runs (and edits of one) ask for the same."""
    settings = dict(key)
    channels, classes, make, least, most = _RECIPES[name]
    rng = np.random.default_rng([settings["seed"], 7])
    if most == 1:
        settings["objects"] = 1
    made = [scene(settings, side, channels, classes, make, rng, least) for _ in range(settings["samples"])]
    _small_glyph.cache_clear()
    x = np.stack([picture for picture, _ in made])
    y = truth_of([objects for _, objects in made], settings["objects"])
    x.flags.writeable = y.flags.writeable = False
    return x, y


_RECIPES: dict[str, tuple[int, int, Maker, int, int]] = {}


def _add(name: str, task: str, channels: int, names: tuple[str, ...], make: Maker, doc: str, least: int = 1,
         most: int = 12) -> None:  # fmt: skip
    _RECIPES[name] = (channels, len(names), make, least, most)
    arguments = tuple(a for a in SCENE if most > 1 or a.name not in ("objects", "overlap", "arrangement"))

    def build(given: DataSettings) -> Dataset:
        wanted: Config = {**(given.get("scene") or {}), **{k: v for k, v in given.items() if k in ("samples", "seed")}}
        settings = {a.name: a.check(name, wanted.get(a.name, a.default)) for a in SCENE}
        settings["largest"] = max(settings["largest"], settings["smallest"])
        side = datasets.get(name).shape_at(given)[0]
        x, y = _made(name, tuple(sorted(settings.items())), side)
        return Dataset(name, task, "image", x, y, ("pixels",), "boxes", names)

    datasets.add(name, DatasetKind(name, task, "image", build, arguments, doc, len(names), ("pixels",),
                                   (64, 64, channels), sides=SIDES, classes=names))  # fmt: skip


_add("scenes_emoji", "detection", 3, GLYPH_NAMES[:8], _glyph, "emoji on photographs, textures and slopes of colour")
_add("scenes_digits", "detection", 1, DIGIT_NAMES, _digit, "handwritten digits on a canvas")
_add("scenes_shapes", "detection", 3, SHAPES, _shape, "plain shapes")
_add("one_emoji", "localisation", 3, GLYPH_NAMES[:4], _glyph, "one emoji, or none", least=0, most=1)


def _build_windows(given: DataSettings) -> Dataset:
    """Windows with one object that fills most of them, or without any: what a sliding classifier learns from."""
    names = ("nothing", *GLYPH_NAMES[:4])
    samples, seed = (a.check("windows_emoji", given.get(a.name, a.default)) for a in (SAMPLES, SEED))
    x, y = _windows(samples, seed)
    return Dataset("windows_emoji", "multiclass", "image", x, y, ("pixels",), "object", names)


WINDOW = 32


@lru_cache(maxsize=2)
def _windows(samples: int, seed: int) -> tuple[Array, Array]:
    """Half of the windows hold no object, or one of which the window has seen only a corner."""
    rng = np.random.default_rng([seed, 9])
    side = 2 * WINDOW
    x = np.empty((samples, WINDOW, WINDOW, 3), np.float32)
    y = np.zeros(samples, np.float32)
    settings = {"clutter": 0.3, "objects": 1, "smallest": 0.3, "largest": 0.45, "overlap": 0.0, "arrangement": "free"}
    for i in range(samples):
        picture, objects = scene(settings, side, 3, 4, _glyph, rng, least=0 if i % 4 == 0 else 1)
        top, left = rng.integers(0, side - WINDOW + 1, 2)
        if objects:
            label, x1, y1, x2, y2 = objects[0]
            centre = np.array([(y1 + y2) / 2, (x1 + x2) / 2]) * side
            if i % 4 == 1:  # beside the object: less than half of it is seen
                off = rng.choice((-1, 1), 2) * rng.uniform(0.45, 0.8, 2) * WINDOW * rng.permutation([1.0, 0.6])
            else:
                off, y[i] = rng.uniform(-4, 4, 2), label + 1
            top, left = np.clip(np.rint(centre + off - WINDOW / 2), 0, side - WINDOW).astype(np.int64)
            if i % 4 == 1 and np.abs(centre - (np.array([top, left]) + WINDOW / 2)).max() < 8:
                y[i] = label + 1  # the picture's edge pushed the window back over it
        x[i] = picture[top : top + WINDOW, left : left + WINDOW]
    _small_glyph.cache_clear()
    return x, y


datasets.add("windows_emoji", DatasetKind("windows_emoji", "multiclass", "image", _build_windows, (SAMPLES, SEED),
             "32×32 windows: one of four emoji, or nothing", 5, ("pixels",), (WINDOW, WINDOW, 3),
             classes=("nothing", *GLYPH_NAMES[:4])))  # fmt: skip

LANDMARKS = ("left eye", "right eye", "nose", "left mouth corner", "right mouth corner")


def _face(side: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """A drawn face: (side, side, 3) and its landmarks (5, 2) as x, y in parts of the picture."""
    picture = np.array(_ground(side, 3, rng))
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    centre, size, turn = rng.uniform(0.36, 0.64, 2), rng.uniform(0.2, 0.34), rng.uniform(-0.4, 0.4)
    tall = rng.uniform(1.1, 1.35)
    cos, sin = np.cos(turn), np.sin(turn)

    def place(u: float, v: float) -> Array:
        return np.array([centre[0] + size * (cos * u - sin * v), centre[1] + size * (sin * u + cos * v)])

    def blob(at: Array, across: float, up: float, colour: Array, soft: float = 1.5) -> None:
        dx, dy = x - at[0], y - at[1]
        u, v = (cos * dx + sin * dy) / (size * across), (-sin * dx + cos * dy) / (size * up)
        cover = np.clip((1 - np.hypot(u, v)) * side * size * min(across, up) / soft + 0.5, 0, 1)[..., None]
        picture[...] += (colour - picture) * cover

    skin = np.array([0.95, 0.8, 0.65]) * rng.uniform(0.35, 1.0)
    dark = rng.uniform(0.0, 0.25, 3)
    blob(place(0, 0), 1.05, 1.05 * tall, dark * 1.4 + 0.05)  # hair
    blob(place(0, 0.12), 0.88, 0.92 * tall, skin)
    eyes, lips = rng.uniform(0.32, 0.42), rng.uniform(0.22, 0.42)
    brow, nose, mouth = rng.uniform(-0.25, -0.1), rng.uniform(0.14, 0.3), rng.uniform(0.5, 0.66)
    smile = rng.uniform(-0.12, 0.12)
    points = [place(-eyes, brow), place(eyes, brow), place(0, nose), place(-lips, mouth), place(lips, mouth)]
    for eye in points[:2]:
        blob(eye, 0.2, 0.12, np.full(3, 0.97))
        blob(eye, 0.08, 0.09, dark)
    blob(points[2], 0.09, 0.12, skin * 0.72)
    for t in np.linspace(-1, 1, 17):
        blob(place(float(t * lips), float(mouth + smile * (1 - t * t))), 0.06, 0.05, np.array([0.72, 0.2, 0.22]))
    picture += rng.normal(0, 0.015, picture.shape)
    return np.clip(picture, 0, 1).astype(np.float32), np.array(points, np.float32)


@lru_cache(maxsize=2)
def _faces(samples: int, seed: int, side: int) -> tuple[Array, Array]:
    rng = np.random.default_rng([seed, 8])
    made = [_face(side, rng) for _ in range(samples)]
    return np.stack([picture for picture, _ in made]), np.stack([points.reshape(-1) for _, points in made])


def _build_faces(given: DataSettings) -> Dataset:
    samples, seed = (a.check("faces", given.get(a.name, a.default)) for a in (SAMPLES, SEED))
    x, y = _faces(samples, seed, datasets.get("faces").shape_at(given)[0])
    return Dataset("faces", "landmarks", "image", x, y, ("pixels",), "landmarks", LANDMARKS)


datasets.add("faces", DatasetKind("faces", "landmarks", "image", _build_faces, (SAMPLES, SEED),
             "drawn faces with eyes, nose and mouth corners", 2 * len(LANDMARKS), ("pixels",), (48, 48, 3),
             sides=(32, 48, 64), classes=LANDMARKS))  # fmt: skip
